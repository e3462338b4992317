"""Columns of any kind in two forms: codes into a list of values, or numbers as NumPy holds them.

`as_column` turns NumPy arrays and lists into these; frames are read by `frames_in.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal
from typing import Any

import attrs
import numpy as np

from .._base import converters
from .._base.arrays import Array
from .._base.converters import shown
from .grouping import Grouped
from .mistakes import CohortError

__all__ = ["NOTHING", "Coded", "Column", "Plain", "as_column", "is_nothing", "of_floats"]

NOTHING = frozenset((
    "", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN",
    "<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null",
))  # fmt: skip
"""The texts of an empty cell: those that pandas takes for one, so that every reader of a file gives
the same table."""


@attrs.frozen(eq=False)
class Coded:
    """A column as an index per row into a list of distinct values; -1: an empty cell.

    `ranked`: the values stand in an order that their owner gave them, as categories do.
    """

    codes: Array
    values: Sequence[Any]
    ranked: bool = attrs.field(default=False, kw_only=True)

    def __len__(self) -> int:
        return len(self.codes)


@attrs.frozen(eq=False)
class Plain:
    """A column of numbers, flags or `datetime64`; `null` marks the empty rows."""

    values: Array
    null: Array = None

    def __len__(self) -> int:
        return len(self.values)

    def coded(self) -> Coded:
        """The same column as indices into its distinct values, which become Python values."""
        values = self.values
        if values.dtype.kind == "M":
            values = values.astype("datetime64[us]")
        distinct, codes = np.unique(values, return_inverse=True)
        codes = codes.ravel()
        if self.null is not None:
            codes = np.where(self.null, -1, codes)
        return Coded(codes, distinct.tolist())


Column = Any


def as_column(values: Any, name: str) -> Column:
    """Convert a column to the form that `Reader` takes; `CohortError` where it is none."""
    if isinstance(values, (Coded, Plain, Grouped)):
        return values
    if isinstance(values, np.ndarray):
        if values.ndim != 1:
            raise CohortError([(None, None, name, "must be a column of one axis")])
        if isinstance(values, np.ma.MaskedArray):
            return _masked(values)
        if values.dtype.kind in "biu":
            return Plain(values)
        if values.dtype.kind == "f":
            return of_floats(values)
        if values.dtype.kind == "M":
            return Plain(values, np.isnat(values))
        values = values.tolist()
    unordered = isinstance(values, (str, bytes, Mapping, AbstractSet))
    if unordered or not hasattr(values, "__len__"):
        raise CohortError([(None, None, name, f"must be a column, got {shown(values)}")])
    return _coded(list(values))


def _masked(values: np.ma.MaskedArray[Any, Any]) -> Column:
    """A masked column; a masked cell is empty whatever its value."""
    null, kind = np.ma.getmaskarray(values), values.dtype.kind
    if kind in "biu":
        return Plain(values.data, null)
    if kind == "f":
        data = values.filled(np.nan)
        return Plain(data, np.isnan(data))
    if kind == "M":
        data = values.filled(np.datetime64("NaT", "D"))
        return Plain(data, np.isnat(data))
    return _coded(values.tolist())


def _coded(values: list[Any]) -> Coded:
    """Dictionary-code Python values; values of different types are different."""
    keys: list[Any] = values
    if not set(map(type, values)) <= {str, type(None)}:
        values = [None if is_nothing(value) else _hashable(value) for value in values]
        keys = [(type(value), value) for value in values]
    place = {key: i for i, key in enumerate(dict.fromkeys(keys))}
    codes = np.fromiter(map(place.__getitem__, keys), np.int64, len(keys))
    if keys is values:
        return Coded(codes, list(place))
    first = dict(zip(reversed(keys), reversed(values), strict=True))
    return Coded(codes, [first[key] for key in place])


def of_floats(values: Array) -> Plain:
    """A column of floats; NaN is an empty cell."""
    null = np.isnan(values)
    return Plain(values, null if null.any() else None)


def is_nothing(value: Any) -> bool:
    """Whether a cell is empty: null, NaN in any type, or text that stands for it."""
    if isinstance(value, str):
        return value.strip() in NOTHING
    return (
        value is None
        or type(value).__name__ in {"NAType", "NaTType"}
        or value is np.ma.masked
        or (isinstance(value, (float, np.floating)) and value != value)
        or (isinstance(value, Decimal) and value.is_nan())
    )


def _hashable(value: Any) -> Any:
    try:
        hash(value)
    except TypeError:
        return converters.Nonsense(shown(value))
    return value.item() if isinstance(value, np.generic) else value
