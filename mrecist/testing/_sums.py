"""Courses of totals alone: a baseline and what follows, in millimetres."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from hypothesis import strategies as st

from ..rulebook.criteria import MRECIST, Criteria
from ._choices import Draw, pick
from ._lesion_choices import LARGE

__all__ = ["SumCourse", "sum_courses"]

_LARGEST = 1_000_000
_BESIDE = pick((3, 0), (1, 1), (1, -1))
_ANCHORS = pick(
    (3, "baseline"),
    (3, "fell"),
    (3, "rose"),
    (2, "floor"),
    (2, "nadir"),
    (2, "zero"),
    (1, "latest"),
    (1, "half the baseline"),
    (1, "twice the nadir"),
)
_BASELINES = LARGE | st.integers(1, _LARGEST)


class SumCourse(NamedTuple):
    """A total at baseline and the totals after it, in millimetres, exact to the micrometre."""

    baseline_mm: Decimal
    totals_mm: tuple[Decimal, ...]


@st.composite
def sum_courses(draw: Draw, *, criteria: Criteria = MRECIST, max_totals: int = 6) -> SumCourse:
    """Courses of totals: a baseline above 0 and one or more later totals, as exact decimals.

    Most later totals lie on a threshold of `criteria` (the fall from baseline, the rise from the
    smallest total so far, its floor in millimetres), on that smallest total, the baseline or 0,
    or one micrometre beside; after a 0 the smallest total is 0. For tests of target response by
    itself, or of any reader of sums.

        >>> from hypothesis import find
        >>> course = find(sum_courses(), lambda course: min(course.totals_mm) < course.baseline_mm)
        >>> course.baseline_mm.as_tuple().exponent  # to the micrometre
        -3
    """
    baseline = draw(_BASELINES)
    totals: list[int] = []
    for _ in range(draw(st.integers(1, max_totals))):
        lowest = min([baseline, *totals])
        anchors = _anchors(baseline, lowest, criteria)
        anchors["latest"] = [baseline, *totals][-1]
        total = anchors[draw(_ANCHORS)] + draw(_BESIDE)
        totals.append(max(0, min(total, _LARGEST)))
    return SumCourse(_mm(baseline), tuple(map(_mm, totals)))


def _anchors(baseline: int, nadir: int, criteria: Criteria) -> dict[str, int]:
    """The totals, in micrometres, about which a course is drawn."""
    fall, rise = 1 - criteria.response_share, 1 + criteria.progression_share
    return {
        "baseline": baseline,
        "fell": int(baseline * fall),  # the largest total that fell by the share
        "rose": -int(-(nadir * rise) // 1),  # the smallest that rose by it
        "floor": nadir + criteria.progression_floor_um,
        "nadir": nadir,
        "zero": 0,
        "half the baseline": baseline // 2,
        "twice the nadir": 2 * nadir,
    }


def _mm(micrometres: int) -> Decimal:
    return Decimal(micrometres).scaleb(-3)
