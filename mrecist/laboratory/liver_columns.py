"""Liver function of a cohort, one array an item, by the cuts that decide for one patient."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np

from .._base.converters import shown
from .albi_score import ALBI_CUTS, LOG_BILIRUBIN, PER_ALBUMIN, albi, grade_place
from .child_pugh_points import CLASSES, CUTS, ITEMS, WORDS
from .liver_values import FACTORS, MOST_ALBUMIN_G_DL, one_unit

__all__ = ["AlbiColumns", "ChildPughColumns", "albi_columns", "child_pugh_columns"]

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
    """Child-Pugh of a cohort, by the tables that `child_pugh` uses: one array an item.

    Numbers are arrays of float64 or integers, NaN where not known; `encephalopathy` likewise, and
    `ascites` an array of words, `""` or `None` where not known. A column left out is not known.
    Raises `ValueError` naming column and row for what cannot be.
    """
    bilirubin = {"bilirubin_mg_dl": bilirubin_mg_dl, "bilirubin_umol_l": bilirubin_umol_l}
    albumin = {"albumin_g_dl": albumin_g_dl, "albumin_g_l": albumin_g_l}
    points = []
    for given in (bilirubin, albumin, {"inr": inr}):
        name = one_unit(given)
        if name is not None:
            values = _floats(name, given[name])
            points.append((name, np.where(np.isnan(values), 0, CUTS[name].points(values))))
    for item, column in (("ascites", ascites), ("encephalopathy", encephalopathy)):
        if column is not None:
            points.append((item, _pointed(item, column)))
    rows = _rows(points)
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


def _floats(name: str, column: Any) -> Any:
    """A column of float64, numbers above zero or NaN."""
    values = np.asarray(column)
    if values.ndim != 1 or not (values.dtype == np.float64 or values.dtype.kind in "iu"):
        told = f"{values.dtype} of {values.ndim} axes"
        raise ValueError(f"{name} must be one column of float64 or whole numbers, got {told}")
    values = values.astype(np.float64, copy=False)
    if (none := np.isnan(values)).any():
        values = np.where(none, np.nan, values)  # R's NA is a NaN that warns where it is used
    wrong = np.flatnonzero((values <= 0) | np.isinf(values))
    if len(wrong):
        row = int(wrong[0])
        raise ValueError(f"{name}, row {row}: must be a number above 0, got {values[row]}")
    if name == "albumin_g_dl" and (values > MOST_ALBUMIN_G_DL).any():
        row = int(np.flatnonzero(values > MOST_ALBUMIN_G_DL)[0])
        told = f"must be at most {MOST_ALBUMIN_G_DL}, got {values[row]}; g/L go into albumin_g_l"
        raise ValueError(f"{name}, row {row}: {told}")
    return values


def _pointed(item: str, column: Any) -> Any:
    """The points of a column of words or grades; 0 where not known."""
    values = np.asarray(column)
    if values.ndim != 1 or values.dtype == np.bool_:
        told = f"{values.dtype} of {values.ndim} axes"
        raise ValueError(
            f"{item} must be one column of {', '.join(map(str, WORDS[item]))}, got {told}"
        )
    points = np.zeros(len(values), np.int64)
    known = values == values  # not NaN
    if values.dtype.kind not in "iuf":
        known = known & (values != "") & (values != None)  # noqa: E711  # elementwise
    left = np.asarray(known, np.bool_).copy()
    for word, each in WORDS[item].items():
        found = values == word
        points[np.flatnonzero(found)] = each
        left &= ~found
    wrong = np.flatnonzero(left)
    if len(wrong):
        row, words = int(wrong[0]), ", ".join(map(str, WORDS[item]))
        raise ValueError(f"{item}, row {row}: must be one of {words}, got {shown(values[row])}")
    return points


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
    """ALBI of a cohort: arrays of float64 or integers, NaN where not known.

    Grades are those of `albi`: a score that lies too near to a cut for floats is decided in
    decimals. Raises `ValueError` as `child_pugh_columns` does.
    """
    bilirubin = {"bilirubin_umol_l": bilirubin_umol_l, "bilirubin_mg_dl": bilirubin_mg_dl}
    albumin = {"albumin_g_l": albumin_g_l, "albumin_g_dl": albumin_g_dl}
    columns = []
    for given in (bilirubin, albumin):
        name = one_unit(given)
        if name is None:
            raise ValueError(f"give one of {' and '.join(given)}")
        columns.append((name, _floats(name, given[name])))
    _rows(columns)
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
