"""What the rows of a block of findings say together, and how a cell is spelt in a message."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np

from .._base.arrays import BLANK, Array, slices
from .._base.converters import shown
from ..tables.clean import Findings
from ..tables.column_schema import REPORTED_BY, WORDS

__all__ = ["agreed", "blank", "chosen", "column_of", "side_by_side", "spelt"]


def column_of(findings: Findings, name: str) -> Array:
    """A column of findings by its name in the table; `None` where the table lacks it."""
    if name.startswith(REPORTED_BY):
        return findings.reported_by[name.removeprefix(REPORTED_BY)]
    return getattr(findings, name)


def side_by_side(findings: Findings) -> Findings:
    """The findings with their columns also as records, one element per row.

    Rows that lie far apart are then found once for all columns; each finding costs memory that
    the processor has to wait for.
    """
    names = [field.name for field in attrs.fields(Findings) if field.name != "reported_by"]
    names += [REPORTED_BY + name for name in findings.reported_by]
    columns = {name: column_of(findings, name) for name in names}
    there = [(name, each) for name, each in columns.items() if isinstance(each, np.ndarray)]
    columns = dict(sorted(there, key=lambda column: -column[1].itemsize))  # aligned
    ends = np.cumsum([each.itemsize for each in columns.values()])
    kind = np.dtype({
        "names": list(columns), "formats": [each.dtype for each in columns.values()],
        "offsets": [0, *ends[:-1].tolist()], "itemsize": _record_width(int(ends[-1])),
    })  # fmt: skip
    records = np.empty(len(findings), kind)
    for part in slices(len(findings), 1 << 14):
        for name, column in columns.items():
            records[name][part] = column[part]
    return attrs.evolve(findings, records=records)


def _record_width(needed: int) -> int:
    """The bytes of a record: NumPy moves 16 or 32 in half the time of what lies between."""
    return next((width for width in (16, 32) if needed <= width), -8 * (-needed // 8))


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


def chosen(measure: Array, columns: list[Array]) -> Array:
    """The size that is measured, row by row."""
    if np.ndim(measure) == 0:
        return columns[int(measure)]
    first, *others = columns
    sizes = first
    for code, column in enumerate(others, 1):
        sizes = np.where(measure == code, column, sizes)
    return sizes
