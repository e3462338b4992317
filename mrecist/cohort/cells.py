"""What the rows of a block of findings say together, and how a cell is spelt in a message."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._base.arrays import BLANK, Array
from .._base.converters import shown
from ..rulebook.organs import spelling
from ..tables.clean import Findings
from ..tables.column_schema import REPORTED_BY, WORDS

__all__ = ["agreed", "blank", "chosen", "column_of", "elsewhere", "spelt"]


def column_of(findings: Findings, name: str) -> Array:
    """A column of findings by its name in the table; `None` where the table lacks it."""
    if name.startswith(REPORTED_BY):
        return findings.reported_by[name.removeprefix(REPORTED_BY)]
    return getattr(findings, name)


def spelt(findings: Findings, name: str, code: Any) -> str:
    """A value of a column as a message quotes it."""
    texts = {"organ": findings.organs, "visit": findings.visits, "part_of": findings.lesion_ids}
    if name in texts:
        return shown(texts[name][code])
    name = name.partition(":")[0]
    return f'"{tuple(WORDS[name])[code]}"' if name in WORDS else str(bool(code)).lower()


def blank(said: Array) -> int:
    """What a column holds where a cell gives nothing."""
    return BLANK if said.dtype == np.uint8 else -1


def agreed(said: Array, owner: Array, count: int, default: Any) -> tuple[Array, Array]:
    """What the rows of each owner say, and those that say otherwise (RD-TABLE-EMPTY)."""
    rows = np.flatnonzero(said != blank(said))
    together = np.full(count, default, said.dtype)
    if len(rows) == len(said):
        together[owner] = said
        return together, np.flatnonzero(together[owner] != said)
    together[owner[rows]] = said[rows]
    return together, rows[together[owner[rows]] != said[rows]]


def elsewhere(findings: Findings, one: Array, other: Array) -> Array:
    """Whether organs, by their codes, are more than two spellings of one place."""
    organs = findings.organs
    pairs = zip(one.tolist(), other.tolist(), strict=True)
    return np.array([spelling(organs[a]) != spelling(organs[b]) for a, b in pairs], np.bool_)


def chosen(measure: Array, columns: list[Array]) -> Array:
    """The size that is measured, row by row."""
    if np.ndim(measure) == 0:
        return columns[int(measure)]
    first, *others = columns
    sizes = first
    for code, column in enumerate(others, 1):
        sizes = np.where(measure == code, column, sizes)
    return sizes
