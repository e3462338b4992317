"""Liver function of a cohort, one array an item, by the cuts that decide for one patient."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import attrs
import numpy as np

from .._base.arrays import Array
from .._base.converters import shown
from ..tables.column import Coded, Plain, as_column, is_nothing
from ..tables.mistakes import CohortError
from ..tables.reader import empty_cells
from .albi_score import ALBI_CUTS, LOG_BILIRUBIN, PER_ALBUMIN, albi, grade_place
from .child_pugh_points import CLASSES, CUTS, ITEMS, WORDS
from .liver_values import FACTORS, MOST_ALBUMIN_G_DL, number_above_zero, one_unit

__all__ = ["AlbiColumns", "ChildPughColumns", "albi_columns", "child_pugh_columns"]

_AS_FLOATS = frozenset(np.dtype(f"{kind}{size}") for kind in "iu" for size in (1, 2, 4, 8)) | {
    np.dtype("f8")
}
"""Types whose numbers are, as floats, what they print as."""
_UNDECIDED = 1e-9  # floats nearer to a cut than this are decided in decimals


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ChildPughColumns:
    """Child-Pugh of many: `least` and `most` points possible (int8), and their classes as text.

    Where every item is known both are equal, and are the answer.
    """

    least: Any
    most: Any

    @property
    def best_grade(self) -> Any:
        """The best class that is possible, `"A"` to `"C"`."""
        return _classes(self.least)

    @property
    def worst_grade(self) -> Any:
        """The worst class that is possible."""
        return _classes(self.most)

    @property
    def known(self) -> Any:
        """Whether every item is known."""
        return self.least == self.most

    def __repr__(self) -> str:
        return f"<ChildPughColumns {len(self.least)} rows, {int(self.known.sum())} complete>"


def _classes(points: Any) -> Any:
    names = np.array([name for name, _ in CLASSES])
    return names[np.searchsorted([most for _, most in CLASSES], points)]


def child_pugh_columns(
    *,
    bilirubin_mg_dl: Any = None,
    bilirubin_umol_l: Any = None,
    albumin_g_dl: Any = None,
    albumin_g_l: Any = None,
    inr: Any = None,
    ascites: Any = None,
    encephalopathy: Any = None,
) -> ChildPughColumns:
    """Child-Pugh of a cohort, by the tables that `child_pugh` uses: one array per item.

    A column is an array, a list, or one of pandas or polars. Numbers are whole or decimal, taken as
    they print, or text such as `"1.7"`. Empty cells (NaN, `None`, `""`) are not known, nor is a
    column that is left out. At most one unit is given for each item.

    Args:
        bilirubin_mg_dl: Bilirubin in mg/dL.
        bilirubin_umol_l: Bilirubin in umol/L.
        albumin_g_dl: Albumin in g/dL.
        albumin_g_l: Albumin in g/L.
        inr: The international normalised ratio.
        ascites: Words: none, mild, controlled, moderate, severe, refractory.
        encephalopathy: Grades from 0 to 4.

    Returns:
        The least and most points possible, row by row, and their classes.

    Raises:
        CohortError: Cells that are not possible, every one, by row.
        ValueError: Two units of one item, no column, or columns of different lengths.

    Example:
        >>> points = child_pugh_columns(
        ...     bilirubin_mg_dl=[1.0, 4.2], albumin_g_dl=[3.9, 2.7], inr=[1.1, 1.8],
        ...     ascites=["none", "mild"], encephalopathy=[0, None],
        ... )
        >>> points.best_grade.tolist(), points.known.tolist()
        (['A', 'C'], [True, False])
    """
    bilirubin = {"bilirubin_mg_dl": bilirubin_mg_dl, "bilirubin_umol_l": bilirubin_umol_l}
    albumin = {"albumin_g_dl": albumin_g_dl, "albumin_g_l": albumin_g_l}
    cells = _Cells()
    points = []
    for given in (bilirubin, albumin, {"inr": inr}):
        name = one_unit(given)
        if name is not None:
            values = cells.numbers(name, given[name])
            points.append((name, np.where(np.isnan(values), 0, CUTS[name].points(values))))
    for item, column in (("ascites", ascites), ("encephalopathy", encephalopathy)):
        if column is not None:
            points.append((item, cells.points(item, column)))
    rows = _rows(points)
    cells.refuse()
    least, most = np.full(rows, len(ITEMS), np.int8), np.full(rows, 3 * len(ITEMS), np.int8)
    for _, each in points:
        least += np.where(each > 0, each - 1, 0).astype(np.int8)
        most -= np.where(each > 0, 3 - each, 0).astype(np.int8)
    return ChildPughColumns(least=least, most=most)


def _rows(columns: list[tuple[str, Any]]) -> int:
    """How many rows all columns have."""
    if not columns:
        raise ValueError("give at least one column")
    first, rows = columns[0][0], len(columns[0][1])
    for name, column in columns:
        if len(column) != rows:
            raise ValueError(f"{name} must have {rows} rows as {first} has, got {len(column)}")
    return rows


class _Cells:
    """Read the columns of one call, and collect the cells that cannot be."""

    def __init__(self) -> None:
        self._mistakes: list[tuple[Any, int | None, str, str]] = []

    def numbers(self, name: str, given: Any) -> Array:
        """Numbers above zero as floats; NaN: not known."""
        column = as_column(given, name)
        if isinstance(column, Plain) and column.values.dtype in _AS_FLOATS:
            empty = empty_cells(column)
            values = np.where(empty, math.nan, column.values)  # R's NA is a NaN that warns
            most = MOST_ALBUMIN_G_DL if name == "albumin_g_dl" else math.inf
            for row in np.flatnonzero((values <= 0) | (values > most) | np.isinf(values)).tolist():
                _, told = self._number(name, values[row].item())
                self._mistakes.append((None, row, name, told))
            return values
        return self._looked_up(name, column, self._number, math.nan)

    def points(self, item: str, given: Any) -> Array:
        """The points of words or grades; 0: not known."""
        return self._looked_up(item, as_column(given, item), _pointed, 0)

    def refuse(self) -> None:
        """Raise `CohortError` where there was a mistake."""
        if self._mistakes:
            raise CohortError(sorted(self._mistakes, key=lambda each: each[1] or 0))

    def _looked_up(
        self, name: str, column: Any, door: Callable[[str, Any], tuple[Any, str]], blank: Any
    ) -> Array:
        """What `door` makes of each distinct value, for every row that has it."""
        codes, values = _distinct(column)
        read = [(blank, "") if is_nothing(value) else door(name, value) for value in values]
        for row, code in enumerate(codes.tolist()):
            if code >= 0 and read[code][1]:
                self._mistakes.append((None, row, name, read[code][1]))
        return np.array([*(each for each, _ in read), blank])[codes]

    def _number(self, name: str, value: Any) -> tuple[float, str]:
        """A number, and what is wrong with it."""
        try:
            return float(number_above_zero(name, value)), ""
        except ValueError as error:
            return math.nan, str(error).removeprefix(f"{name} ")


def _distinct(column: Any) -> tuple[Array, Sequence[Any]]:
    """A column as the place of each row's value among the distinct ones; -1: empty."""
    if isinstance(column, Plain) and column.values.dtype.kind == "f":
        values, codes = np.unique(column.values, return_inverse=True)
        return codes.ravel(), [math.nan if each != each else Decimal(str(each)) for each in values]
    coded: Coded = column.coded() if isinstance(column, Plain) else column
    return coded.codes, coded.values


def _pointed(item: str, value: Any) -> tuple[int, str]:
    """The points of a word or grade, and what is wrong with it."""
    plain = value.strip().casefold() if isinstance(value, str) else value
    if plain in WORDS[item] and not isinstance(plain, bool):
        return WORDS[item][plain], ""
    return 0, f"must be one of {', '.join(map(str, WORDS[item]))}, got {shown(value)}"


@attrs.frozen(kw_only=True, eq=False, repr=False)
class AlbiColumns:
    """ALBI of many: `score` (float64, NaN where an item is not known), and grades as text."""

    score: Any
    place: Any

    @property
    def grade(self) -> Any:
        """The grades, `""` where not known."""
        return np.array([*(grade for grade, _, _ in ALBI_CUTS), ""])[self.place]

    @property
    def modified_grade(self) -> Any:
        """The modified grades, `""` where not known."""
        return np.array([*(grade for _, grade, _ in ALBI_CUTS), ""])[self.place]

    def __repr__(self) -> str:
        return f"<AlbiColumns {len(self.score)} rows>"


def albi_columns(
    *,
    bilirubin_umol_l: Any = None,
    bilirubin_mg_dl: Any = None,
    albumin_g_l: Any = None,
    albumin_g_dl: Any = None,
) -> AlbiColumns:
    """ALBI of a cohort, from columns as `child_pugh_columns` takes them.

    Grades are those of `albi`: a score that lies too near to a cut for floats is decided in
    decimals. Exactly one unit each is given.

    Args:
        bilirubin_umol_l: Bilirubin in umol/L.
        bilirubin_mg_dl: Bilirubin in mg/dL.
        albumin_g_l: Albumin in g/L.
        albumin_g_dl: Albumin in g/dL.

    Returns:
        Scores and grades, row by row; empty where a value is not known.

    Raises:
        CohortError: Cells that are not possible, every one, by row.
        ValueError: A column is missing, given in two units, or of another length.

    Example:
        >>> albi_columns(bilirubin_umol_l=[17.1, 68.4], albumin_g_l=[42, 28]).grade.tolist()
        ['1', '3']
    """
    bilirubin = {"bilirubin_umol_l": bilirubin_umol_l, "bilirubin_mg_dl": bilirubin_mg_dl}
    albumin = {"albumin_g_l": albumin_g_l, "albumin_g_dl": albumin_g_dl}
    cells, columns = _Cells(), []
    for given in (bilirubin, albumin):
        name = one_unit(given)
        if name is None:
            raise ValueError(f"give one of {' and '.join(given)}")
        columns.append((name, cells.numbers(name, given[name])))
    _rows(columns)
    cells.refuse()
    (first, one), (second, other) = columns
    one_factor, other_factor = (float(FACTORS.get(name, 1)) for name in (first, second))
    rise = float(LOG_BILIRUBIN) * np.log10(one * one_factor)
    score = rise - float(PER_ALBUMIN) * other * other_factor
    tops = np.array([float(top) for _, _, top in ALBI_CUTS if top is not None])
    place = np.where(np.isnan(score), len(ALBI_CUTS), np.searchsorted(tops, score))
    near = np.abs(score[:, None] - tops).min(axis=1) < _UNDECIDED
    for row in np.flatnonzero(near).tolist():
        exact = albi(**{first: float(one[row]), second: float(other[row])})
        place[row] = grade_place(exact.score)
    return AlbiColumns(score=score, place=place)
