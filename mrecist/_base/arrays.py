"""Small tools for whole columns: look a table up, list ranges, find runs.

Nothing here knows about tumours. Codes of words are `uint8`. Columns of a whole table hold places,
lengths and days in as few bytes as will do; those of a block, sums and keys have room to count in.
"""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np

__all__ = [
    "BLANK",
    "NO_DAY",
    "all_at",
    "distinct",
    "first_by",
    "first_rows",
    "frozen",
    "of",
    "ranges",
    "run_lengths",
    "running",
    "runs",
    "slices",
    "sorted_rows",
    "spread",
    "sums",
    "switched_on",
    "taken",
]

Array = Any
"""A NumPy array of one axis, or a scalar that stands for a column of one value."""

BLANK = 255
"""The code of a word that a cell does not give."""

NO_DAY = -(1 << 31)
"""The day of a date that is not given."""


_SLICE_ROWS = 1 << 16
_SPREAD = 0x9E3779B97F4A7C15
"""2**64 over the golden ratio: the high bits of its multiples lie far apart."""


def slices(count: int, rows: int | None = None) -> list[slice]:
    """Rows in slices, by default as many as the caches of a core hold, to be shared out."""
    rows = rows or _SLICE_ROWS
    return [slice(begin, begin + rows) for begin in range(0, count, rows)]


def first_rows(keys: Array) -> tuple[Array, Array]:
    """The rows where each distinct 64-bit key comes first, and for each row its key's place there.

    Some bits of a key choose its slot in a table, which holds the place of the first key that came
    there. Keys that find another in their slot are told apart by sorting; those are few.
    """
    count = len(keys)
    bits = max(count.bit_length(), min(count.bit_length() + 2, 22))
    table = np.zeros(1 << bits, np.int32 if count < 1 << 31 else np.int64)  # 0: free
    place, known, firsts, others = np.empty(count, table.dtype), np.empty(count, keys.dtype), [], []
    found = 0
    for part in slices(count):
        here = keys[part]
        slot = here.view(np.uint64) * np.uint64(_SPREAD)
        slot >>= np.uint64(64 - bits)
        slot = slot.view(np.int64)
        at = table.take(slot)
        new = np.flatnonzero(at == 0)
        if len(new):
            own = np.arange(1, len(new) + 1)
            table[slot[new[::-1]]] = own[::-1]  # what is written last stays: the first row
            new = new[table[slot[new]] == own]
            table[slot[new]] = np.arange(found + 1, found + len(new) + 1)
            known[found : found + len(new)] = here[new]
            firsts.append(new + part.start)
            found += len(new)
            at = table.take(slot)
        at -= 1
        place[part] = at
        others.append(np.flatnonzero(known.take(at) != here) + part.start)
    first = np.concatenate([np.zeros(0, np.int64), *firsts])
    other = np.concatenate([np.zeros(0, np.int64), *others])
    if not len(other):
        return first, place
    _, late, each = np.unique(keys[other], return_index=True, return_inverse=True)
    place[other] = found + each.ravel()
    first = np.append(first, other[late])
    order = np.argsort(first, kind="stable")  # quick where most lie so
    rank = np.empty(len(first), place.dtype)
    rank[order] = np.arange(len(first))
    return first[order], rank.take(place)


def sorted_rows(keys: Array, bits: int) -> Array:
    """The rows by ascending keys of so many bits, equal ones as they lie."""
    if bits <= 16:
        # For 16 bits NumPy's stable sort counts: no comparisons.
        return np.argsort(keys.astype(np.uint16), kind="stable")
    at_once = 64 - len(keys).bit_length()
    order = _sorted_by_low_bits(keys)
    for shift in range(at_once, bits, at_once):
        more = (keys >> keys.dtype.type(shift)).take(order)
        order = order.take(_sorted_by_low_bits(more))
    return order


def _sorted_by_low_bits(keys: Array) -> Array:
    """The rows by as many of the low bits of their keys as leave room for the row in 64."""
    # NumPy sorts plain 64-bit numbers several at a time, so key and row go into one.
    of_row = len(keys).bit_length()
    packed = keys.astype(np.uint64)
    packed <<= np.uint64(of_row)
    for part in slices(len(keys)):
        here = packed[part]
        here |= np.arange(part.start, part.start + len(here), dtype=np.uint64)
    packed.sort()
    packed &= np.uint64((1 << of_row) - 1)
    return packed.view(np.int64)


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


def run_lengths(starts: Array, count: int) -> Array:
    """How long the runs are that begin at `starts` and lie end to end, up to `count`."""
    return np.diff(np.append(starts, count))


def running(join: np.ufunc, rows: Array) -> Array:
    """Each row joined with all rows before it, by `minimum`, `logical_or` and the like."""
    if rows.shape[1] < 32:
        return join.accumulate(rows, axis=0)
    # With many columns `join.accumulate` goes down each of them, which takes ten times as long.
    joined = rows.copy()
    for row in range(1, len(rows)):
        join(joined[row - 1], joined[row], out=joined[row])
    return joined


def switched_on(begins: Array, holds: Array) -> Array:
    """Whether the switch of each column is on before each row; before the first it is off.

    A row turns it on where `begins` is true, if it is off; leaves it on where `holds`, if it is on.
    """
    step = 2 * np.arange(1, len(begins) + 1, dtype=np.int32)[:, None]
    turned = running(np.logical_xor, begins & ~holds)
    # Where both agree, that is the state whatever came before; elsewhere it stays or turns.
    known = running(np.maximum, np.where(begins == holds, step + (begins ^ turned), 0))
    on = np.zeros(begins.shape, np.bool_)
    on[1:] = (known & 1 ^ turned)[:-1]
    return on


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


def taken(values: Array, rows: Any) -> Array:
    """`values[rows]` of a long column, for rows that lie together or far apart in it."""
    # Without a look at each place first it takes a quarter less; they are all inside.
    return values[rows] if isinstance(rows, slice) else values.take(rows, mode="clip")


def of(values: Array, places: Array) -> Array:
    """`values[places]` of a column, or the one value that stands for all of it."""
    return values[places] if np.ndim(values) else values


def frozen(value: Any) -> Any:
    """The value, its arrays read-only: those of a record or a tuple too."""
    if isinstance(value, np.ndarray):
        value.flags.writeable = False
    elif isinstance(value, tuple):
        for each in value:
            frozen(each)
    elif attrs.has(type(value)):
        for field in attrs.fields(type(value)):
            frozen(getattr(value, field.name))
    return value


def first_by(owner: Array, values: Array, count: int, blank: Any) -> Array:
    """The value of the first row of each owner from 0 to `count`; `blank` where it has none."""
    found = np.full(count, blank, values.dtype)
    found[owner[::-1]] = values[::-1]  # what is written last stays
    return found


def all_at(where: Array) -> Array:
    """The places where a column is true; a slice of all where it is true everywhere."""
    return slice(None) if where.all() else np.flatnonzero(where)


def distinct(keys: Array) -> tuple[Array, Array]:
    """The distinct values of non-negative integers (and -1), and the place of each among them."""
    keys = keys.astype(np.int64, copy=False)  # in a few bits a difference may wrap
    low, high = (int(keys.min()), int(keys.max())) if len(keys) else (0, 0)
    if high - low <= max(4 * len(keys), 1 << 10):
        above = keys - low if low else keys
        used = np.flatnonzero(np.bincount(above, minlength=high - low + 1))
        place = np.zeros(high - low + 1, np.int32)
        place[used] = np.arange(len(used))
        return used + low, place.take(above)
    if len(keys) and (keys >= 0).any() and (keys < 0).any():
        shifted = np.where(keys < 0, keys.max(initial=0) + 1, keys)
        return _nulls_first(*distinct(shifted))
    used, codes = np.unique(keys, return_inverse=True)
    return used, codes.ravel()


def _nulls_first(used: Array, codes: Array) -> tuple[Array, Array]:
    last = len(used) - 1
    return np.append([-1], used[:-1]), np.where(codes == last, 0, codes + 1)
