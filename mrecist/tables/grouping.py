"""Group rows by patient and sort them by date.

Text is never compared here: it is already coded. Rows in the right order are left alone. Others
are sorted by one number each. No column is moved: the order is applied on reading.
"""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np

from .._base.arrays import Array, first_rows, runs, slices, sorted_rows
from .._base.threads import shared
from .clean import Findings

__all__ = ["Grouped", "grouped", "ordered"]

PART_ROWS = 1 << 20
"""Rows of a column that are looked up at a time."""


@attrs.frozen(eq=False)
class Grouped:
    """A column of patients: ids in order of first appearance, and the patient of each row.

    `owner` is the patient of each row, -1 where it names none. Without it the rows of patient `p`
    lie together, from `bounds[p]` up to `bounds[p + 1]`; with it they would after a sort.
    """

    ids: Array
    bounds: Array
    owner: Array = None

    def __len__(self) -> int:
        return len(self.owner) if self.owner is not None else int(self.bounds[-1])

    @classmethod
    def scattered(cls, ids: Array, owner: Array) -> Grouped:
        """Patients whose rows lie anywhere."""
        return cls(ids, _bounds(owner, len(ids)), owner)

    def owners(self) -> Array:
        """The patient of each row; -1 where it names none."""
        if self.owner is not None:
            return self.owner
        return np.repeat(np.arange(len(self.ids)), np.diff(self.bounds))

    def without(self, lost: Array) -> Grouped:
        """The same patients without some of the rows."""
        return Grouped.scattered(self.ids, np.where(lost, -1, self.owners()))


def _bounds(owner: Array, count: int) -> Array:
    """The bounds of each patient's rows once sorted: patient `p` has `[p]` up to `[p + 1]`."""
    named = owner if not len(owner) or owner.min() >= 0 else owner[owner >= 0]
    return np.append(0, np.cumsum(np.bincount(named, minlength=count)))


def grouped(keys: Array, values: Any) -> Grouped:
    """Group rows by an integer key; `values` are what the keys stand for (`None`: themselves).

    With `values`, a key of -1 means that the row names no patient.
    """
    starts = runs(keys)
    heads = keys[starts]
    first, patient = first_rows(heads.astype(np.int64, copy=False))
    ids = heads[first]
    nobody = values is not None and len(ids) > 0 and ids.min() < 0
    if len(first) == len(heads) and not nobody:
        return Grouped(_taken(values, ids), np.append(starts, len(keys)))
    if nobody:
        named = ids >= 0
        ids, patient = ids[named], np.where(named, np.cumsum(named) - 1, -1)[patient]
    owner = np.repeat(patient, np.diff(np.append(starts, len(keys))))
    return Grouped.scattered(_taken(values, ids), owner)


def _taken(values: Any, places: Array) -> Array:
    """Some of the values, as an array of them."""
    if values is None:
        return places
    taken = np.empty(len(places), object)
    taken[:] = [values[place] for place in places.tolist()]
    return taken


def ordered(findings: Findings, groups: Grouped) -> Array:
    """The rows of findings by patient and date; `None` if the table is already in this order.

    Where any row moves, rows of one date are sorted by lesion. Rows of nobody are left out.
    """
    bounds = groups.bounds
    if groups.owner is None and _is_by_date(findings.day, bounds):
        return None
    dated = int(groups.bounds[-1])
    keys, bits = _keys(findings, groups)
    if keys is None:
        return _compared(findings, groups)
    return sorted_rows(keys, bits)[:dated].astype(_row_type(len(keys)), copy=False)


def _row_type(count: int) -> Any:
    """The smallest type for this many row numbers: sorting is bound by memory."""
    return np.int32 if count < 1 << 31 else np.int64


def _compared(findings: Findings, groups: Grouped) -> Array:
    """Like `ordered`, for keys too wide for one integer: slower, by comparisons."""
    order = np.lexsort([findings.lesion, findings.day, groups.owners()])
    return order[len(order) - int(groups.bounds[-1]) :]  # those of nobody, -1, come first


def _is_by_date(day: Array, bounds: Array) -> bool:
    """Whether the days of each patient ascend."""
    back = day[1:] < day[:-1]
    ends = bounds[1:-1]
    back[ends[(ends > 0) & (ends < len(day))] - 1] = False
    return not back.any()


def _keys(findings: Findings, groups: Grouped) -> tuple[Array, int]:
    """Patient, date and lesion of each row packed into one number, and its bits.

    Rows of nobody come last. `None` where 64 bits are too few.
    """
    owner, day, lesion, last = groups.owners(), findings.day, findings.lesion, len(groups.ids)
    lost = groups.bounds[-1] < len(day)
    dated = day[owner >= 0] if lost else day
    first = int(dated.min()) if len(dated) else 0
    of_day = (int(dated.max(initial=first)) - first).bit_length()
    of_lesion = (int(lesion.max(initial=0)) + 1).bit_length()
    bits = last.bit_length() + of_day + of_lesion
    if bits > 64:
        return None, bits
    keys = np.empty(len(day), np.uint64)

    def pack(part: slice) -> None:
        key = owner[part].astype(np.uint64)
        key <<= np.uint64(of_day)
        key |= (day[part] - first).astype(np.uint64)
        key <<= np.uint64(of_lesion)
        key |= (lesion[part] + 1).astype(np.uint64)
        if lost:
            key[owner[part] < 0] = last << of_day + of_lesion
        keys[part] = key

    shared(pack, slices(len(day)))
    return keys, bits
