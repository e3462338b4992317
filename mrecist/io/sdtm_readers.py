"""Who read the images: --EVAL and --EVALID as the name of one reader."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from .._base.text import several
from ..tables.column import Coded
from .columns import Table, joint, recoded
from .errors import AskError

__all__ = [
    "ACCEPTED",
    "EACH",
    "INDEPENDENT",
    "INVESTIGATOR",
    "chosen_readers",
    "reader_column",
]

EACH = "each"
ACCEPTED = "accepted"
"""All readers, and whose reading --ACPTFL says is accepted."""
INVESTIGATOR = "INVESTIGATOR"
INDEPENDENT = "INDEPENDENT ASSESSOR"

Reader = str | tuple[str, str]


def reader_of(evaluator: str | None, identifier: str | None) -> str:
    """The name of a reader: the identifier, else who evaluates; nobody named: the investigator.

    An identifier is that of an independent assessor; beside another evaluator the name holds both,
    since a radiologist of the site is not the radiologist of the same name at the centre.
    """
    if identifier is None or evaluator is None or evaluator.upper() == INDEPENDENT:
        return identifier or evaluator or INVESTIGATOR
    return f"{evaluator} {identifier}"


def reader_column(table: Table, domain: str) -> Coded:
    """The reader of each row."""
    both = joint(table.column(f"{domain}EVAL"), table.column(f"{domain}EVALID"))
    return recoded(both, lambda pair: reader_of(*pair))


def chosen_readers(results: Table, reader: Reader | None) -> tuple[str, ...]:
    """The readers to read, by what the caller says; a question where several may be meant."""
    pairs = joint(results.column("TREVAL"), results.column("TREVALID"))
    counts = np.bincount(pairs.codes, minlength=len(pairs.values)).tolist()
    there: dict[str, int] = {}
    called: dict[str, set[str]] = {}
    for (role, identifier), count in zip(pairs.values, counts, strict=True):
        name = reader_of(role, identifier)
        there[name] = there.get(name, 0) + count
        called.setdefault(name, set()).update(
            map(_folded, ((name,), (role or "",), (identifier or "",),
                          (role or "", identifier or "")))
        )  # fmt: skip
    if reader in (EACH, ACCEPTED) or (reader is None and len(there) < 2):
        return tuple(there)
    if reader is not None:
        wanted = _folded((reader,) if isinstance(reader, str) else reader)
        exact = [name for name in there if _folded((name,)) == wanted]
        found = exact or [name for name in there if wanted in called[name]]
        if len(found) == 1:
            return tuple(found)
    told = ", ".join(f"{name} ({several(count, 'result')})" for name, count in there.items())
    first = next(iter(there), INVESTIGATOR)
    what = "the study has several readers" if reader is None else f"no one reader is {reader!r}"
    raise AskError(f"{what}: {told}", f'reader="{first}"', f"--reader '{first}'")


def _folded(parts: Iterable[str]) -> str:
    """A reader's name, or role and name, as they compare: case and space are ignored."""
    return "|".join(" ".join(str(part).split()).casefold() for part in parts)
