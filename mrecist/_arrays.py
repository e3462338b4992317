"""Small tools for whole columns: look a table up, list ranges, find runs.

Nothing here knows about tumours. Codes are `uint8`, places `int64`, lengths and days `int32`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from ._tables import DecisionTable

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = [
    "BLANK",
    "NO_DAY",
    "all_at",
    "distinct",
    "firing",
    "members",
    "of",
    "ranges",
    "running",
    "runs",
    "spread",
    "sums",
    "verdicts",
]

Array = Any
"""A NumPy array of one axis, or a scalar that stands for a column of one value."""

BLANK = 255
"""The code of a word that a cell does not give."""

NO_DAY = -(1 << 31)
"""The day of a date that is not given."""


def firing(table: DecisionTable[Any], *inputs: Array) -> Array:
    """The index of the rule that fires, for columns of codes in the order of the table's inputs."""
    # One flat place a cell: words that all rows share say where to begin, columns how far from
    # there. A column of codes needs no more than the bytes that count the cells.
    cells, small = table.grid.ravel(), np.uint8 if table.grid.size <= 1 << 8 else np.uint16
    begin, place, step = 0, None, table.grid.size
    for size, words in zip(table.grid.shape, inputs, strict=True):
        step //= size
        if not isinstance(words, np.ndarray):
            begin += int(words) * step
            continue
        codes = words.view(np.uint8) if words.dtype == np.bool_ else words
        codes = codes.astype(small, copy=False)
        codes = codes if step == 1 else codes * small(step)
        place = codes if place is None else place + codes
    return cells[begin] if place is None else cells[begin:].take(place)


def verdicts(table: DecisionTable[Any], rules: Array) -> Array:
    """The codes of the verdicts of rules given by their index."""
    return table.verdicts.take(rules)


def members(kind: Iterable[Any], of: Iterable[Any]) -> npt.NDArray[np.bool_]:
    """For the codes of a word, whether each is one `of` some: to be indexed with codes."""
    inside = frozenset(of)
    return np.array([word in inside for word in kind])


def ranges(starts: Array, counts: Array) -> Array:
    """The places `start, start + 1, ...` of each range, one range after the other."""
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    places: Array = np.repeat(starts - (ends - counts), counts)
    places += np.arange(total)
    return places


def runs(keys: Array) -> Array:
    """Where each run of equal keys begins."""
    if not len(keys):
        return np.zeros(0, np.int64)
    begins = np.empty(len(keys), np.bool_)
    begins[0] = True
    np.not_equal(keys[1:], keys[:-1], out=begins[1:])
    return np.flatnonzero(begins)


def running(join: np.ufunc, rows: Array) -> Array:
    """Each row joined with all rows before it, by `minimum`, `logical_or` and the like."""
    # `join.accumulate` goes down column by column, which takes ten times as long.
    joined = rows.copy()
    for row in range(1, len(rows)):
        join(joined[row - 1], joined[row], out=joined[row])
    return joined


def spread(values: Array, places: Array) -> Array:
    """`values[places]`, or the one value that all of them are."""
    if not isinstance(values, np.ndarray):
        return values
    if len(values) and (values == values[0]).all():
        return values[0]
    return values[places]


def sums(values: Array, starts: Array) -> Array:
    """Sums of `int64` or flags over runs that begin at `starts` and lie end to end."""
    # Differences of a running sum take a third of the time of `np.add.reduceat`.
    ends = np.append(starts[1:], len(values)) - 1
    return np.diff(np.cumsum(values)[ends], prepend=0)


def of(values: Array, places: Array) -> Array:
    """`values[places]` of a column, or the one value that stands for all of it."""
    return values[places] if np.ndim(values) else values


def all_at(where: Array) -> Array:
    """The places where a column is true; a slice of all where it is true everywhere."""
    return slice(None) if where.all() else np.flatnonzero(where)


def distinct(keys: Array) -> tuple[Array, Array]:
    """The distinct values of non-negative integers (and -1), and the place of each among them."""
    low, high = (int(keys.min()), int(keys.max())) if len(keys) else (0, 0)
    if high - low <= max(4 * len(keys), 1 << 10):
        used = np.flatnonzero(np.bincount(keys - low, minlength=high - low + 1))
        place = np.zeros(high - low + 1, np.int32)
        place[used] = np.arange(len(used))
        return used + low, place[keys - low]
    if len(keys) and (keys >= 0).any() and (keys < 0).any():
        shifted = np.where(keys < 0, keys.max(initial=0) + 1, keys)
        return _nulls_first(*distinct(shifted))
    used, codes = np.unique(keys, return_inverse=True)
    return used, codes.ravel()


def _nulls_first(used: Array, codes: Array) -> tuple[Array, Array]:
    last = len(used) - 1
    return np.append([-1], used[:-1]), np.where(codes == last, 0, codes + 1)
