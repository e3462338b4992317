"""Rows in their places: those of a patient together, by date.

Text is never compared here: frames and dictionaries have coded it. Rows that already lie so are
left alone; others are moved once, all their columns together, since each jump through memory costs
more than anything that is done with what it fetches.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import attrs
import numpy as np

from ._arrays import Array, runs
from .columns import Findings
from .workers import shared

__all__ = ["Grouped", "arranged", "grouped"]

CHUNK_ROWS = 1 << 16
SORTED_AT_A_TIME = 1 << 11


@attrs.frozen(eq=False)
class Grouped:
    """A column of patients: their ids in the order of first appearance, and the rows of each.

    Those of patient `p` are `order[bounds[p] : bounds[p + 1]]`; no `order`: the rows lie so.
    """

    ids: Array
    bounds: Array
    order: Array = None

    def __len__(self) -> int:
        return len(self.order) if self.order is not None else int(self.bounds[-1])


def grouped(keys: Array, values: Any) -> Grouped:
    """Group rows by an integer key; `values` are what the keys stand for (`None`: themselves)."""
    starts = runs(keys)
    heads = keys[starts]
    if np.all(heads[1:] > heads[:-1]) or len(np.unique(heads)) == len(heads):
        return Grouped(_taken(values, heads), np.append(starts, len(keys)))
    if values is None:
        values, keys = np.unique(keys, return_inverse=True)
    first = np.full(len(values), len(keys))
    first[keys[::-1]] = np.arange(len(keys) - 1, -1, -1)
    used = np.flatnonzero(first < len(keys))
    used = used[np.argsort(first[used])]
    rank = np.zeros(len(values), np.int32)
    rank[used] = np.arange(len(used))
    keys = rank[keys]
    bounds = np.concatenate([[0], np.cumsum(np.bincount(keys, minlength=len(used)))])
    return Grouped(_taken(values, used), bounds, _stable_order(keys, len(used)))


def _taken(values: Any, places: Array) -> Array:
    """Some of the values, as an array of them."""
    if values is None:
        return places
    if isinstance(values, np.ndarray):
        return values[places]
    taken = np.empty(len(places), object)
    taken[:] = [values[place] for place in places.tolist()]
    return taken


def _stable_order(keys: Array, count: int) -> Array:
    """The places of keys in ascending order, equal ones as they lie; by 16 bits at a time."""
    order = np.argsort((keys & 0xFFFF).astype(np.uint16), kind="stable")
    if count > 1 << 16:
        order = order[np.argsort((keys >> 16).astype(np.uint16)[order], kind="stable")]
    return order


def arranged(
    findings: Findings, order: Array, bounds: Array, workers: int = 1
) -> tuple[Findings, Array]:
    """The findings by patient, date and lesion, and the row that each came from.

    `order` and `bounds` are those of `Grouped`. The rows are `None` where all lie so already.
    `workers` threads share the chunks.
    """
    if order is None and _is_by_date(findings.day, bounds):
        return findings, None
    columns = findings.by_row()
    records = _records(columns, len(findings))
    made: dict[str, Any] = {
        name: np.empty(int(bounds[-1]), column.dtype) for name, column in columns.items()
    }
    origin = np.empty(int(bounds[-1]), np.int64)

    def arrange(chunk_of: tuple[int, int]) -> None:
        first, last = chunk_of
        begin, end = int(bounds[first]), int(bounds[last])
        rows = np.arange(begin, end) if order is None else order[begin:end]
        chunk = records[begin:end] if order is None else records.take(rows)
        place = _by_date(chunk, bounds[first : last + 1] - begin)
        origin[begin:end] = rows[place]
        chunk = chunk.take(place)
        for name, column in made.items():
            column[begin:end] = chunk[name]

    for _ in shared(arrange, _chunks(bounds), workers):
        pass
    return attrs.evolve(findings, **made), origin


def _is_by_date(day: Array, bounds: Array) -> bool:
    """Whether the days of each patient ascend."""
    back = day[1:] < day[:-1]
    ends = bounds[1:-1]
    back[ends[(ends > 0) & (ends < len(day))] - 1] = False
    return not back.any()


def _records(columns: dict[str, Array], count: int) -> Array:
    """Columns as one array of records, so that a row is fetched at one go."""
    records = np.empty(count, [(name, column.dtype) for name, column in columns.items()])
    for begin in range(0, count, CHUNK_ROWS // 4):
        part = slice(begin, begin + CHUNK_ROWS // 4)
        for name, column in columns.items():
            records[name][part] = column[part]
    return records


def _chunks(bounds: Array) -> list[tuple[int, int]]:
    """Whole patients, about `CHUNK_ROWS` rows at a time."""
    cuts = np.searchsorted(bounds, np.arange(0, int(bounds[-1]), CHUNK_ROWS), side="right") - 1
    cuts = np.unique(np.append(cuts, len(bounds) - 1))
    return list(zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True))


def _by_date(records: Array, bounds: Array) -> Array:
    """The places of the records of a chunk by patient, date and lesion.

    Patients are sorted a few at a time: then patient, date, lesion and place fit into one small
    number, and short stretches of small numbers are sorted quickest.
    """
    counts, begins = np.diff(bounds), bounds[:-1]
    part = begins // SORTED_AT_A_TIME
    firsts = runs(part)
    first = np.repeat(firsts, np.diff(np.append(firsts, len(part))))
    patient = np.repeat(np.arange(len(part)) - first, counts)
    shift = np.repeat(begins[first], counts)
    place = np.arange(len(records)) - shift
    keys = [patient, records["day"] - records["day"].min(initial=0), records["lesion"] + 1, place]
    bits = [int(key.max(initial=0)).bit_length() for key in keys]
    if sum(bits) > 63:
        return np.lexsort(keys[::-1])
    kind: Any = np.uint32 if sum(bits) <= 32 else np.int64
    packed = np.zeros(len(records), kind)
    for key, width in zip(keys, bits, strict=True):
        packed <<= kind(width)
        packed |= key.astype(kind)
    edges = [*begins[firsts].tolist(), len(records)]
    for begin, end in pairwise(edges):
        packed[begin:end].sort()
    packed &= kind((1 << bits[-1]) - 1)
    return packed + shift
