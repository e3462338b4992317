"""Rows in their places: those of a patient together, by date.

Text is never compared here: frames and dictionaries have coded it. Rows that already lie so are
left alone; others are told first which stretch of patients they belong to, and then moved a stretch
at a time, so that the sorting is done on few rows with small numbers.
"""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np

from ._arrays import Array, first_rows, runs, slices, sorted_rows
from .columns import Findings
from .workers import shared

__all__ = ["Grouped", "arranged", "grouped"]

CHUNK_ROWS = 1 << 16


@attrs.frozen(eq=False)
class Grouped:
    """A column of patients: their ids in the order of first appearance, and whose each row is.

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
    """Where the rows of each patient would begin and end, were they sorted."""
    named = owner if not len(owner) or owner.min() >= 0 else owner[owner >= 0]
    return np.append(0, np.cumsum(np.bincount(named, minlength=count)))


def grouped(keys: Array, values: Any) -> Grouped:
    """Group rows by an integer key; `values` are what the keys stand for (`None`: themselves).

    With `values` a key of -1 is that of a row which names no patient.
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


def arranged(findings: Findings, groups: Grouped) -> tuple[Findings, Array]:
    """The findings by patient, date and lesion, and the row that each came from.

    The rows are `None` where all lie so already. Rows of nobody are left out.
    """
    bounds = groups.bounds
    if groups.owner is None and _is_by_date(findings.day, bounds):
        return findings, None
    keys = _Keys(findings, groups)
    if keys.bits > 64:
        return _compared(findings, groups)
    columns = findings.by_row()
    made: dict[str, Any] = {
        name: np.empty(int(bounds[-1]), column.dtype) for name, column in columns.items()
    }
    origin = np.empty(int(bounds[-1]), np.int64)
    del columns["day"], columns["lesion"]
    records = _records(keys, columns)
    chunks = _chunks(bounds)
    lying = None if groups.owner is None else _by_chunk(groups.owner, chunks)

    def move(number: int) -> None:
        begin, end = (int(bounds[patient]) for patient in chunks[number])
        rows = np.arange(begin, end) if lying is None else np.concatenate(lying[number])
        chunk_records = records[begin:end] if lying is None else records.take(rows)
        place = sorted_rows(*keys.within(chunk_records["key"], chunks[number]))
        rows.take(place, out=origin[begin:end], mode="clip")
        chunk_records = chunk_records.take(place)
        for name in columns:
            made[name][begin:end] = chunk_records[name]
        made["day"][begin:end], made["lesion"][begin:end] = keys.unpacked(chunk_records["key"])

    shared(move, range(len(chunks)))
    return attrs.evolve(findings, **made), origin


def _compared(findings: Findings, groups: Grouped) -> tuple[Findings, Array]:
    """The same as `arranged` for keys too wide for one number: slower, by comparisons."""
    owner = groups.owners()
    order = np.lexsort([findings.lesion, findings.day, owner])
    origin = order[len(order) - int(groups.bounds[-1]) :]  # those of nobody, -1, come first
    moved = {name: column.take(origin) for name, column in findings.by_row().items()}
    return attrs.evolve(findings, **moved), origin


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


def _by_chunk(owner: Array, chunks: list[tuple[int, int]]) -> list[tuple[Array, ...]]:
    """The rows of the patients of each chunk as they lie: those of the first half, of the second.

    Rows of nobody come last.
    """
    last = len(chunks)
    chunk_of = np.repeat(np.arange(last), [end - begin for begin, end in chunks])
    chunk_of = np.append(chunk_of, last).astype(np.min_scalar_type(last))  # at -1: of nobody

    def told_apart(half: slice) -> list[Array]:
        chunk = chunk_of.take(owner[half])
        order = sorted_rows(chunk, last.bit_length())
        ends = np.searchsorted(chunk, np.arange(last), side="right", sorter=order)
        order += half.start
        return np.split(order, ends)

    middle = len(owner) // 2
    halves = shared(told_apart, [slice(0, middle), slice(middle, len(owner))])
    return list(zip(*halves, strict=True))


class _Keys:
    """Patient, date and lesion of each row packed into one number of so many `bits`."""

    def __init__(self, findings: Findings, groups: Grouped) -> None:
        self.owner, self.day, self.lesion = groups.owners(), findings.day, findings.lesion
        dated = self.day if groups.bounds[-1] == len(self.day) else self.day[self.owner >= 0]
        self.first_day = int(dated.min()) if len(dated) else 0
        self.of_day = (int(dated.max(initial=self.first_day)) - self.first_day).bit_length()
        self.of_lesion = (int(self.lesion.max(initial=0)) + 1).bit_length()
        self.bits = len(groups.ids).bit_length() + self.of_day + self.of_lesion

    def packed(self, part: slice) -> Array:
        """The keys of some rows; those of rows of nobody mean nothing."""
        keys = self.owner[part].astype(np.uint64)
        keys <<= np.uint64(self.of_day)
        keys |= (self.day[part] - self.first_day).astype(np.uint64)
        keys <<= np.uint64(self.of_lesion)
        keys |= (self.lesion[part] + 1).astype(np.uint64)
        return keys

    def unpacked(self, keys: Array) -> tuple[Array, Array]:
        """Days and lesions of packed keys."""
        day = keys >> np.uint64(self.of_lesion) & np.uint64((1 << self.of_day) - 1)
        lesion = keys & np.uint64((1 << self.of_lesion) - 1)
        return day.astype(np.int64) + self.first_day, lesion.astype(np.int64) - 1

    def within(self, keys: Array, patients: tuple[int, int]) -> tuple[Array, int]:
        """The keys of rows of some neighbouring patients as smaller numbers, and their bits."""
        first, last = patients
        bits = self.of_day + self.of_lesion
        keys = keys - np.uint64(first << bits)
        bits += (last - first).bit_length()
        return (keys.astype(np.uint32) if bits <= 32 else keys), bits


def _records(keys: _Keys, columns: dict[str, Array]) -> Array:
    """Keys and columns as one array of records, so that a row is fetched at one go."""
    kinds = [("key", np.dtype(np.uint64)), *((name, each.dtype) for name, each in columns.items())]
    lengths = [kind.itemsize for _, kind in kinds]
    # NumPy fetches records of 16 or 32 bytes faster than shorter ones.
    size = next((size for size in (16, 32) if size >= sum(lengths)), sum(lengths))
    records = np.empty(len(keys.day), {
        "names": [name for name, _ in kinds], "formats": [kind for _, kind in kinds],
        "offsets": np.cumsum([0, *lengths[:-1]]).tolist(), "itemsize": size,
    })  # fmt: skip

    def fill(part: slice) -> None:
        records["key"][part] = keys.packed(part)
        for name, column in columns.items():
            records[name][part] = column[part]

    shared(fill, slices(len(records)))
    return records
