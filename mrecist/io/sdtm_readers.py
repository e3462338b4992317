"""Who read the images: --EVAL and --EVALID as the name of one reader."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from ..tables.column import Coded
from .columns import Table, joint, recoded
from .errors import AskError

__all__ = ["EACH", "INVESTIGATOR", "chosen_readers", "reader_column"]

EACH = "each"
INVESTIGATOR = "INVESTIGATOR"
_INDEPENDENT = "INDEPENDENT ASSESSOR"

Reader = str | tuple[str, str]


def reader_of(evaluator: str | None, identifier: str | None) -> str:
    """The name of a reader: the identifier, else who evaluates; nobody named: the investigator."""
    return identifier or evaluator or INVESTIGATOR


def reader_column(table: Table, domain: str) -> Coded:
    """The reader of each row."""
    both = joint(table.column(f"{domain}EVAL"), table.column(f"{domain}EVALID"))
    return recoded(both, lambda pair: reader_of(*pair))


def chosen_readers(results: Coded, reader: Reader | None, pairs: Mapping[str, tuple[str, str]]) -> tuple[str, ...]:
    """The readers to read, by what the caller says; a question where several may be meant.

    `pairs` gives --EVAL and --EVALID of each reader.
    """
    counts = np.bincount(results.codes[results.codes >= 0], minlength=len(results.values))
    there = [name for name, count in zip(results.values, counts, strict=True) if count]
    if reader == EACH or (reader is None and len(there) < 2):
        return tuple(there)
    wanted = None if reader is None else _names_of(reader)
    if wanted is not None:
        found = [name for name in there if wanted in _called(name, pairs[name])]
        if len(found) == 1:
            return tuple(found)
    told = ", ".join(f"{name} ({count} results)"
                     for name, count in zip(results.values, counts, strict=True) if count)  # fmt: skip
    what = "the study has several readers" if reader is None else f"no one reader is {reader!r}"
    raise AskError(f"{what}: {told}", f'reader="{there[0] if there else ""}"',
                   f"--reader '{there[0] if there else ''}'")  # fmt: skip


def _names_of(reader: Reader) -> str:
    parts: Iterable[str] = (reader,) if isinstance(reader, str) else reader
    return "|".join(" ".join(str(part).split()).casefold() for part in parts)


def _called(name: str, pair: tuple[str, str]) -> set[str]:
    """What a reader may be called: by name, by role, by both."""
    role, identifier = pair
    return {_names_of(name), _names_of(role), _names_of((role, identifier))}
