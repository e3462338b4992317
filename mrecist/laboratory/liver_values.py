"""Liver function of one patient: Child-Pugh points and class, ALBI score and grade.

Every cut is stated once, in `CUTS`, `WORDS`, `CLASSES` and `ALBI_CUTS`, and serves cohorts
(`liver_columns.py`) as well.
An item that is not known is never guessed: the answer is then the lowest and the highest possible.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Context, Decimal
from numbers import Integral, Real
from types import MappingProxyType
from typing import Any

import attrs
import numpy as np

from .._base import converters
from .._base.converters import shown
from .._base.words import Ascites
from ..rulebook import readings as readings_
from ..rulebook.papers import Citation, Evidence, Paper
from ..rulebook.readings import Reading

__all__ = [
    "ALBI_CUTS",
    "CLASSES",
    "CUTS",
    "FACTORS",
    "ITEMS",
    "LOG_BILIRUBIN",
    "PER_ALBUMIN",
    "WORDS",
    "Albi",
    "ChildPugh",
    "ChildPughItem",
    "Cuts",
    "albi",
    "child_pugh",
    "grade_place",
    "one_unit",
]

PUGH_1973 = Paper(
    "Pugh 1973",
    "Pugh RN, et al. Transection of the oesophagus for bleeding oesophageal varices. "
    "Br J Surg 1973;60:646-649.",
    "10.1002/bjs.1800600817",
)
JOHNSON_2015 = Paper(
    "Johnson 2015",
    "Johnson PJ, et al. Assessment of liver function in patients with hepatocellular carcinoma: "
    "the ALBI grade. J Clin Oncol 2015;33:550-558.",
    "10.1200/JCO.2014.57.9151",
)
HIRAOKA_2017 = Paper("Hiraoka 2017", "Hiraoka A, et al. Modified ALBI grade.")

CHILD_PUGH_SOURCE = PUGH_1973.at("Child-Pugh table", Evidence.RESTATED)
ALBI_SOURCE = JOHNSON_2015.at("ALBI", Evidence.RESTATED)
MALBI_SOURCE = HIRAOKA_2017.at("grades 2a and 2b", Evidence.RECALLED)


# ---- Child-Pugh: the table


@attrs.frozen(kw_only=True)
class Cuts:
    """One item of the table: the ends of its middle column, which belong to the middle.

    `high_is_worse`: 1 point below `low`, 3 above `high`; otherwise the other way about.
    """

    id: str
    item: str
    unit: str
    low: Decimal
    high: Decimal
    high_is_worse: bool

    def points(self, value: Any) -> Any:
        """1, 2 or 3 points for a `Decimal`; or for an array of floats, whose ends are floats too.

        A float stands for the shortest decimal that reads back as it, so that 2.8 is 2.8.
        """
        low, high = self.low, self.high
        if isinstance(value, np.ndarray):
            return self._points(value, float(low), float(high)).astype(np.int8)
        return int(self._points(value, low, high))

    def _points(self, value: Any, low: Any, high: Any) -> Any:
        if self.high_is_worse:
            return 1 + 1 * (value >= low) + 1 * (value > high)
        return 1 + 1 * (value <= high) + 1 * (value < low)

    def column(self, points: int) -> str:
        """What a column of the table asks for: `2 to 3 mg/dL`."""
        unit = f" {self.unit}" if self.unit else ""
        if points == 2:
            return f"{self.low} to {self.high}{unit}"
        over = (points == 3) is self.high_is_worse
        return f"above {self.high}{unit}" if over else f"below {self.low}{unit}"


def _cuts(id: str, item: str, unit: str, low: str, high: str, *, worse: bool) -> Cuts:
    return Cuts(id=id, item=item, unit=unit, low=Decimal(low), high=Decimal(high),
                high_is_worse=worse)  # fmt: skip


SOURCES: Mapping[str, tuple[str, Citation]] = MappingProxyType(
    {
        "LF-CP-CLASS": ("class A to 6 points, B to 9, C to 15", CHILD_PUGH_SOURCE),
        "LF-ALBI": ("0.66 log10(bilirubin in umol/L) - 0.085 albumin in g/L", ALBI_SOURCE),
        "LF-ALBI-GRADE": ("grade 1 to -2.60, 2 to -1.39, 3 above", ALBI_SOURCE),
        "LF-ALBI-M": ("grade 2a to -2.270, 2b above", MALBI_SOURCE),
    }
)
"""What the points and the score come to, beside the items that bear their ids themselves."""

CUTS: Mapping[str, Cuts] = MappingProxyType(
    {
        "bilirubin_mg_dl": _cuts("LF-CP-BILI", "bilirubin", "mg/dL", "2", "3", worse=True),
        "bilirubin_umol_l": _cuts("LF-CP-BILI", "bilirubin", "umol/L", "34", "51", worse=True),
        "albumin_g_dl": _cuts("LF-CP-ALB", "albumin", "g/dL", "2.8", "3.5", worse=False),
        "albumin_g_l": _cuts("LF-CP-ALB", "albumin", "g/L", "28", "35", worse=False),
        "inr": _cuts("LF-CP-INR", "INR", "", "1.7", "2.3", worse=True),
    }
)
"""The items with numbers, each unit in its own column (Reading RD-CHILD-PUGH-UNITS)."""

WORDS: Mapping[str, Mapping[Any, int]] = MappingProxyType(
    {
        "ascites": MappingProxyType(
            {
                Ascites.NONE: 1, Ascites.MILD: 2, Ascites.CONTROLLED: 2, Ascites.MODERATE: 3,
                Ascites.SEVERE: 3, Ascites.REFRACTORY: 3,
            }
        ),
        "encephalopathy": MappingProxyType({0: 1, 1: 2, 2: 2, 3: 3, 4: 3}),
    }
)  # fmt: skip
"""The items with words or grades (LF-CP-ASC, LF-CP-HE): the points of each."""

CLASSES: tuple[tuple[str, int], ...] = (("A", 6), ("B", 9), ("C", 15))
"""The classes with their highest points (LF-CP-CLASS)."""

_IDS = {"ascites": "LF-CP-ASC", "encephalopathy": "LF-CP-HE"}
ITEMS = ("bilirubin", "albumin", "inr", "ascites", "encephalopathy")


def _class(points: int) -> str:
    return next(name for name, most in CLASSES if points <= most)


@attrs.frozen(kw_only=True)
class ChildPughItem:
    """One item: its value as given, its points (`None`: not known), and the column it falls in."""

    id: str
    item: str
    value: str | None
    points: int | None
    why: str

    def __str__(self) -> str:
        if self.points is None:
            return f"{self.item} not known (1 to 3)"
        return f"{self.item} {self.value}: {self.points} ({self.why})"


@attrs.frozen(kw_only=True)
class ChildPugh:
    """Child-Pugh points and class; with items not known, the least and most that are possible.

    `points` and `grade` (the class, `"A"` to `"C"`) are `None` where they are not decided; a class
    may be decided where the points are not.
    """

    items: tuple[ChildPughItem, ...]
    source: Citation = CHILD_PUGH_SOURCE
    readings: tuple[Reading, ...] = (readings_.CHILD_PUGH_UNITS,)

    @property
    def least(self) -> int:
        """The fewest points that are possible."""
        return sum(1 if item.points is None else item.points for item in self.items)

    @property
    def most(self) -> int:
        """The most points that are possible."""
        return sum(3 if item.points is None else item.points for item in self.items)

    @property
    def points(self) -> int | None:
        """The points, where every item is known."""
        return self.least if self.least == self.most else None

    @property
    def best_grade(self) -> str:
        """The best class that is possible."""
        return _class(self.least)

    @property
    def worst_grade(self) -> str:
        """The worst class that is possible."""
        return _class(self.most)

    @property
    def grade(self) -> str | None:
        """The class, where it is decided."""
        return self.best_grade if self.best_grade == self.worst_grade else None

    def __str__(self) -> str:
        grade = self.grade or f"{self.best_grade} to {self.worst_grade}"
        points = self.points or f"{self.least} to {self.most}"
        items = "; ".join(map(str, self.items))
        return f"Child-Pugh {grade}, {points} points: {items} [{self.source}]"


MOST_ALBUMIN_G_DL = 10
"""No albumin reaches this in g/dL: a number above it is one in g/L."""


def _number(name: str, value: Any) -> Decimal:
    """A number above zero, exact: an int, a `Decimal`, text, or a float as it prints."""
    real = isinstance(value, (Real, Decimal)) and not isinstance(value, bool)
    if not real and not isinstance(value, str):
        raise ValueError(f"{name} must be a number above 0, got {shown(value)}")
    try:
        number = Decimal(str(value).strip())
    except ArithmeticError:
        raise ValueError(f"{name} must be a number above 0, got {shown(value)}") from None
    if not number.is_finite() or number <= 0:
        raise ValueError(f"{name} must be a number above 0, got {shown(value)}")
    if name == "albumin_g_dl" and number > MOST_ALBUMIN_G_DL:
        told = f"must be at most {MOST_ALBUMIN_G_DL}, got {shown(value)}; g/L go into albumin_g_l"
        raise ValueError(f"{name} {told}")
    return number


def one_unit(given: Mapping[str, Any]) -> str | None:
    """The one name that has a value; `None` where none has."""
    named = [name for name, value in given.items() if value is not None]
    if len(named) > 1:
        raise ValueError(f"give only one of {' and '.join(named)}")
    return named[0] if named else None


_ascites = converters.word(Ascites)


def _graded(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, Integral) or int(value) not in range(5):
        raise ValueError(f"must be a grade from 0 to 4, got {shown(value)}")
    return int(value)


def child_pugh(
    *,
    bilirubin_mg_dl: Any = None,
    bilirubin_umol_l: Any = None,
    albumin_g_dl: Any = None,
    albumin_g_l: Any = None,
    inr: Any = None,
    ascites: str | None = None,
    encephalopathy: int | None = None,
) -> ChildPugh:
    """Child-Pugh points and class, each item with its points and why (LF-CP).

    >>> print(child_pugh(bilirubin_mg_dl=2, albumin_g_dl="3.6", inr=1.1, ascites="none",
    ...                  encephalopathy=0).grade)
    A

    At most one unit an item; an item left out is not known. `ascites` is one of none, mild,
    controlled, moderate, severe, refractory; `encephalopathy` a grade from 0 to 4. Numbers are
    taken as they print (2.8 is 2.8). Raises `ValueError` for what cannot be.
    """
    bilirubin = {"bilirubin_mg_dl": bilirubin_mg_dl, "bilirubin_umol_l": bilirubin_umol_l}
    albumin = {"albumin_g_dl": albumin_g_dl, "albumin_g_l": albumin_g_l}
    return ChildPugh(
        items=(
            _measured("bilirubin", bilirubin),
            _measured("albumin", albumin),
            _measured("inr", {"inr": inr}),
            _worded("ascites", ascites, _ascites),
            _worded("encephalopathy", encephalopathy, _graded),
        )
    )


def _measured(item: str, given: Mapping[str, Any]) -> ChildPughItem:
    name = one_unit(given)
    cuts = CUTS[name or next(iter(given))]
    if name is None:
        return ChildPughItem(id=cuts.id, item=cuts.item, value=None, points=None, why="not known")
    value = _number(name, given[name])
    points = cuts.points(value)
    told = f"{value:f} {cuts.unit}".strip()
    why = cuts.column(points)
    return ChildPughItem(id=cuts.id, item=cuts.item, value=told, points=points, why=why)


def _worded(item: str, value: Any, door: Any) -> ChildPughItem:
    if value is None:
        return ChildPughItem(id=_IDS[item], item=item, value=None, points=None, why="not known")
    try:
        word = door(value)
    except ValueError as error:
        raise ValueError(f"{item} {error}") from None
    points = WORDS[item][word]
    same = [str(each) for each, others in WORDS[item].items() if others == points]
    why = " or ".join(same)
    return ChildPughItem(id=_IDS[item], item=item, value=str(word), points=points, why=why)


# ---- ALBI

ALBI_CUTS: tuple[tuple[str, str, Decimal | None], ...] = (
    ("1", "1", Decimal("-2.60")),
    ("2", "2a", Decimal("-2.270")),
    ("2", "2b", Decimal("-1.39")),
    ("3", "3", None),
)
"""Grade, modified grade, and the highest score that belongs to it (LF-ALBI-GRADE, LF-ALBI-M)."""

LOG_BILIRUBIN, PER_ALBUMIN = Decimal("0.66"), Decimal("0.085")
UMOL_L_IN_MG_DL, G_L_IN_G_DL = Decimal("17.1"), Decimal(10)

_PRECISE = Context(prec=60)


@attrs.frozen(kw_only=True)
class Albi:
    """The ALBI score to 60 digits, its grade, and the modified grade (2 split into 2a and 2b)."""

    score: Decimal
    source: Citation = ALBI_SOURCE
    modified_source: Citation = MALBI_SOURCE

    @property
    def grade(self) -> str:
        """The grade: `"1"`, `"2"` or `"3"`."""
        return ALBI_CUTS[grade_place(self.score)][0]

    @property
    def modified_grade(self) -> str:
        """The modified grade: `"1"`, `"2a"`, `"2b"` or `"3"`."""
        return ALBI_CUTS[grade_place(self.score)][1]

    def __str__(self) -> str:
        graded = f"grade {self.grade} (modified {self.modified_grade})"
        return f"ALBI {_rounded(self.score)}, {graded} [{self.source}; {self.modified_source}]"


def grade_place(score: Decimal) -> int:
    """The row of `ALBI_CUTS` that a score belongs to."""
    tops = [top for _, _, top in ALBI_CUTS]
    return next(i for i, top in enumerate(tops) if top is None or score <= top)


def _rounded(score: Decimal) -> Decimal:
    """The score as it is shown: to three decimals, or to as many as keep it in its grade."""
    for places in range(3, 60):
        shorter = score.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN, _PRECISE)
        if grade_place(shorter) == grade_place(score):
            return shorter
    return score


def albi(
    *,
    bilirubin_umol_l: Any = None,
    bilirubin_mg_dl: Any = None,
    albumin_g_l: Any = None,
    albumin_g_dl: Any = None,
) -> Albi:
    """The ALBI score and grade, decided in decimals: 0.66 log10(bilirubin) - 0.085 albumin.

    >>> print(albi(bilirubin_mg_dl="1.2", albumin_g_l=35).grade)
    2

    Exactly one unit each; mg/dL x 17.1 = umol/L and g/dL x 10 = g/L (LF-UNITS). Raises `ValueError`
    for what is missing or cannot be.
    """
    bilirubin = {"bilirubin_umol_l": bilirubin_umol_l, "bilirubin_mg_dl": bilirubin_mg_dl}
    albumin = {"albumin_g_l": albumin_g_l, "albumin_g_dl": albumin_g_dl}
    numbers = []
    for given in (bilirubin, albumin):
        name = one_unit(given)
        if name is None:
            raise ValueError(f"give one of {' and '.join(given)}")
        numbers.append(_PRECISE.multiply(_number(name, given[name]), FACTORS.get(name, 1)))
    return Albi(score=_score(*numbers))


FACTORS: Mapping[str, Decimal] = {"bilirubin_mg_dl": UMOL_L_IN_MG_DL, "albumin_g_dl": G_L_IN_G_DL}


def _score(bilirubin: Decimal, albumin: Decimal) -> Decimal:
    rise = _PRECISE.multiply(LOG_BILIRUBIN, _PRECISE.log10(bilirubin))
    return _PRECISE.subtract(rise, _PRECISE.multiply(PER_ALBUMIN, albumin))
