"""Columns of text of other people's tables: codes into distinct texts, and work by the distinct.

Whatever a table holds becomes text without surrounding space; an empty text, null and NaN say
nothing (code -1). Whole numbers lose their point: 3.0 is "3".
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import attrs
import numpy as np

from .._base.arrays import Array, first_by
from ..tables.column import Coded

__all__ = [
    "Fault",
    "Table",
    "coded",
    "first_of",
    "joint",
    "objects",
    "recoded",
    "texts_of",
    "uncollected",
]


def coded(values: Sequence[Any], empty: Iterable[str] = ("",)) -> Coded:
    """A column of any values as codes into its distinct texts; `empty` texts say nothing."""
    if not set(map(type, values)) <= {str, type(None), float, int}:
        values = [*map(_hashable, values)]
    place = {value: at for at, value in enumerate(dict.fromkeys(values))}
    codes = np.fromiter(map(place.__getitem__, values), np.int64, len(values))
    return recoded(Coded(codes, list(place)), _text, empty)


def recoded(
    column: Coded, read: Callable[[Any], str | None], empty: Iterable[str] = ("",)
) -> Coded:
    """A column with each distinct value read again; `None` and `empty` texts are empty cells."""
    texts: dict[str, int] = {}
    nothing = frozenset(empty)
    found = np.full(len(column.values) + 1, -1, np.int64)
    for at, value in enumerate(column.values):
        text = read(value)
        if text is not None and text not in nothing:
            found[at] = texts.setdefault(text, len(texts))
    return Coded(found[column.codes], list(texts))


def _hashable(value: Any) -> Any:
    return value if value is None or isinstance(value, (str, int, float)) else str(value)


def _text(value: Any) -> str | None:
    if isinstance(value, str):
        return value.strip()
    if value is None or value != value:
        return None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return repr(value)


def texts_of(column: Coded) -> Array:
    """The text of each row, `None` where the cell is empty."""
    values = np.empty(len(column.values) + 1, object)
    values[:-1] = column.values
    return values[column.codes]


def joint(*columns: Coded) -> Coded:
    """Several columns as one, whose values are the distinct tuples of theirs."""
    codes, tuples = columns[0].codes, [(value,) for value in columns[0].values]
    codes, tuples = _with_empty(codes, tuples)
    for column in columns[1:]:
        width = len(column.values) + 1
        both, codes = _compressed(codes * width + column.codes + 1, len(tuples) * width)
        others = [None, *column.values]
        tuples = [(*tuples[one // width], others[one % width]) for one in both.tolist()]
    return Coded(codes, tuples)


def _with_empty(codes: Array, tuples: list[Any]) -> tuple[Array, list[Any]]:
    if not (codes < 0).any():
        return codes, tuples
    return np.where(codes < 0, len(tuples), codes), [*tuples, (None,)]


def _compressed(keys: Array, most: int) -> tuple[Array, Array]:
    """The distinct keys, ascending, and for each key its place among them."""
    if most > 4 * len(keys) + (1 << 16):
        distinct, place = np.unique(keys, return_inverse=True)
        return distinct, place.ravel()
    distinct = np.flatnonzero(np.bincount(keys, minlength=1))
    place = np.zeros(most + 1, np.int64)
    place[distinct] = np.arange(len(distinct))
    return distinct, place[keys]


def first_of(group: Array, groups: int) -> Array:
    """For each group the first of its rows; -1: the group has none."""
    return first_by(group, np.arange(len(group)), groups, -1)


@contextmanager
def uncollected() -> Iterator[None]:
    """Pause the collection of garbage: many small records take it half of the time."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def objects(values: Sequence[Any]) -> Array:
    """Values of any kind as an array."""
    made = np.empty(len(values), object)
    made[:] = values
    return made


@attrs.frozen
class Fault:
    """A row of a file that is no row of its table: whose it is, where it stood, what is wrong."""

    patient: str | None
    row: int
    told: str


class Table:
    """A table of another format: its columns by their names in capitals, read when asked for.

    `faults` are rows of the file that are not in the table, `places` where the others stood
    (`None`: where they stand).
    """

    def __init__(
        self,
        source: str,
        count: int,
        columns: Mapping[str, Callable[[], Coded]],
        faults: Sequence[Fault] = (),
        places: Sequence[int] | None = None,
    ) -> None:
        self.source, self.count = source, count
        self.faults, self.places = faults, places
        self._columns = {name.strip().upper(): read for name, read in columns.items()}
        self._read: dict[str, Coded] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._columns

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, in their order."""
        return tuple(self._columns)

    def __len__(self) -> int:
        return self.count

    def column(self, name: str) -> Coded:
        """A column; where the table lacks it, one of empty cells."""
        if name not in self._columns:
            return Coded(np.full(self.count, -1, np.int64), [])
        if name not in self._read:
            self._read[name] = self._columns[name]()
        return self._read[name]

    def without_blank_rows(self) -> Table:
        """The same table without the rows in which no cell says anything."""
        first = next(iter(self._columns), None)
        if first is None:
            return self
        blank = np.flatnonzero(self.column(first).codes < 0)
        for name in self.names:
            blank = blank[self.column(name).codes[blank] < 0] if len(blank) else blank
        if not len(blank):
            return self
        kept = np.delete(np.arange(self.count), blank)
        stood = range(self.count) if self.places is None else self.places
        columns = {name: partial(self._some, name, kept) for name in self.names}
        places = [stood[row] for row in kept.tolist()]
        return Table(self.source, len(kept), columns, self.faults, places)

    def _some(self, name: str, rows: Array) -> Coded:
        column = self.column(name)
        return Coded(column.codes[rows], column.values)

    def rows(self, *names: str) -> Iterable[tuple[str | None, ...]]:
        """The texts of some columns, row by row."""
        return zip(*(texts_of(self.column(name)).tolist() for name in names), strict=True)
