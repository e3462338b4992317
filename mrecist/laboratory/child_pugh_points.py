"""Child-Pugh points and class of one patient.

Every cut is stated once, in `CUTS`, `WORDS` and `CLASSES`, and serves cohorts (`liver_columns.py`)
as well. An unknown item is never guessed: the answer is then the lowest and the highest possible.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from numbers import Integral
from types import MappingProxyType
from typing import Any

import attrs
import numpy as np

from .._base import converters
from .._base.converters import shown
from .._base.words import Ascites
from ..rulebook import readings as readings_
from ..rulebook.papers import Citation
from ..rulebook.readings import Reading
from .liver_values import CHILD_PUGH_SOURCE, number_above_zero, one_unit

__all__ = ["CLASSES", "CUTS", "ITEMS", "WORDS", "ChildPugh", "ChildPughItem", "Cuts", "child_pugh"]


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
    return Cuts(
        id=id, item=item, unit=unit, low=Decimal(low), high=Decimal(high), high_is_worse=worse
    )


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

    At most one unit is given for each item; an item that is left out is not known. Numbers are
    above 0 and taken as they print (2.8 is 2.8).

    Args:
        bilirubin_mg_dl: Bilirubin in mg/dL.
        bilirubin_umol_l: Bilirubin in umol/L.
        albumin_g_dl: Albumin in g/dL.
        albumin_g_l: Albumin in g/L.
        inr: The international normalised ratio.
        ascites: One of none, mild, controlled, moderate, severe, refractory.
        encephalopathy: The grade, from 0 to 4.

    Returns:
        The items with their points, their sum and the class; bounds where an item is not known.

    Raises:
        ValueError: A value is not possible, or is given in two units.

    Example:
        >>> print(child_pugh(bilirubin_mg_dl=2, albumin_g_dl="3.6", inr=1.1, ascites="none",
        ...                  encephalopathy=0).grade)
        A
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
    value = number_above_zero(name, given[name])
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
