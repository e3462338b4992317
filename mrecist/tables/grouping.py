"""Group rows by patient and sort them by date.

Text is never compared here: it is already coded. Rows in the right order are left alone. Others
are first assigned to chunks of neighbouring patients and then sorted chunk by chunk, so that each
sort handles few rows with small keys. No column is moved: the order is applied on reading.
"""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np

from .._base.arrays import Array, first_rows, runs, slices, sorted_rows, taken
from .._base.threads import shared
from .clean import Findings

__all__ = ["Grouped", "grouped", "ordered"]

CHUNK_ROWS = 1 << 16
"""Rows of whole patients that are sorted at a time."""

PART_ROWS = 1 << 20
"""Rows of the table that are assigned to chunks at a time."""


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
    keys = _Keys(findings, groups)
    chunks = _chunks(bounds)
    if keys.of_day + keys.of_lesion + len(groups.ids).bit_length() > 64:
        return _compared(findings, groups)
    order = np.empty(int(bounds[-1]), _row_type(len(findings)))
    lying = None if groups.owner is None else _by_chunk(groups.owner, chunks)

    def sort(number: int) -> None:
        begin, end = (int(bounds[patient]) for patient in chunks[number])
        if lying is None:
            rows = np.arange(begin, end)
        else:
            rows = np.concatenate([order[:0], *(part[number] for part in lying)])
        place = sorted_rows(*keys.of(rows, chunks[number]))
        order[begin:end] = rows.take(place)

    shared(sort, range(len(chunks)))
    return order


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


def _chunks(bounds: Array) -> list[tuple[int, int]]:
    """Whole patients, about `CHUNK_ROWS` rows at a time."""
    begins = np.arange(CHUNK_ROWS, int(bounds[-1]), CHUNK_ROWS)
    cuts = np.searchsorted(bounds, begins, side="right") - 1
    cuts = np.unique(np.concatenate([[0], cuts, [len(bounds) - 1]]))
    return list(zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True))


def _by_chunk(owner: Array, chunks: list[tuple[int, int]]) -> list[list[Array]]:
    """For each part of the table the rows of each chunk in table order; last, those of nobody."""
    last = len(chunks)
    chunk_of = np.repeat(np.arange(last), [end - begin for begin, end in chunks])
    chunk_of = np.append(chunk_of, last).astype(np.min_scalar_type(last))  # at -1: of nobody

    def told_apart(part: slice) -> list[Array]:
        chunk = chunk_of.take(owner[part])
        order = sorted_rows(chunk, last.bit_length())
        ends = np.searchsorted(chunk, np.arange(last), side="right", sorter=order)
        order += part.start
        return np.split(order.astype(_row_type(len(owner))), ends)

    return shared(told_apart, slices(len(owner), PART_ROWS))


class _Keys:
    """Patient, date and lesion of rows packed into one number: days and lesions in so many bits."""

    def __init__(self, findings: Findings, groups: Grouped) -> None:
        self.owner, self.day, self.lesion = groups.owners(), findings.day, findings.lesion
        dated = self.day if groups.bounds[-1] == len(self.day) else self.day[self.owner >= 0]
        self.first_day = int(dated.min()) if len(dated) else 0
        self.of_day = (int(dated.max(initial=self.first_day)) - self.first_day).bit_length()
        self.of_lesion = (int(self.lesion.max(initial=0)) + 1).bit_length()

    def of(self, rows: Array, patients: tuple[int, int]) -> tuple[Array, int]:
        """The keys of rows of some neighbouring patients, and their bits."""
        first, last = patients
        bits = self.of_day + self.of_lesion + (last - first).bit_length()
        kind = np.dtype(np.uint32 if bits <= 32 else np.uint64)
        keys = (taken(self.owner, rows) - first).astype(kind)
        keys <<= kind.type(self.of_day)
        keys |= (taken(self.day, rows) - self.first_day).astype(kind)
        keys <<= kind.type(self.of_lesion)
        keys |= (taken(self.lesion, rows) + 1).astype(kind)
        return keys, bits
