"""A tumour marker beside the images of a line: change, response, flare, discordance.

Never part of a verdict (RD-MARKERS): a marker neither makes nor cancels a response on imaging.
Rules of response are data in `marker_rules.py`; case analysis is in `rulebook/markers.py`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction
from functools import reduce
from typing import Any

import attrs

from .._base.converters import Date, day_number, days_from_0
from .._base.errors import CriteriaError
from .._base.words import Imaging, Met, Move
from ..patient.assessment import LineAssessment, TimepointAssessment
from ..rulebook.markers import DISCORDANCE, FLARE, IMAGING
from .marker_levels import (
    AFP,
    Analyte,
    MarkerSeries,
    MarkerValue,
    Range,
    doubling_between,
    lower,
    marker_series,
    met,
    number,
    signed,
)
from .marker_results import CutResult, MarkerFlare, MarkerImaging, MarkerPoint, MarkerResponse
from .marker_rules import AFP_R50R20_AB, MARKER_RULES, ROSE, Cut, MarkerRule, marker_rule_named

__all__ = ["MarkerCourse", "marker_course"]

REFERENCE_DAYS, PAIRING_DAYS, EARLY_DAYS = 28, 14, 56
_NOTHING = Fraction(0)


@attrs.frozen(kw_only=True, repr=False, eq=False)
class MarkerCourse:
    """One marker over one line: its reference, its values, and what rules say of them.

    The reference is the latest value on or before the start, no older than `reference_days`;
    `reference_age_days` is its age at the start. `points` ascend in date.
    """

    line: LineAssessment
    series: MarkerSeries
    reference_days: int
    reference: MarkerValue | None
    points: tuple[MarkerPoint, ...]

    @property
    def analyte(self) -> Analyte:
        """The marker."""
        return self.series.analyte

    @property
    def reference_age_days(self) -> int | None:
        """How many days before the start of the line the reference was taken."""
        return None if self.reference is None else self._start - self.reference.day

    @property
    def nadir(self) -> MarkerPoint | None:
        """The value of the line with the lowest upper end, the first of equal ones."""
        return min(self.points, key=_height, default=None)

    @property
    def last(self) -> MarkerPoint | None:
        """The last value of the line."""
        return self.points[-1] if self.points else None

    @property
    def _start(self) -> int:
        return day_number(self.line.line.start)

    def at(self, date: Date, *, within_days: int = PAIRING_DAYS) -> MarkerPoint | None:
        """The value of the line nearest to a date (Reading RD-MARKER-PAIR).

        Args:
            date: A date of the kind of the chart's.
            within_days: How many days before or after the date the value may lie.

        Returns:
            The value with its changes; `None` where none lies near.
        """
        day = day_number(date) - self._start
        near = [point for point in self.points if abs(point.day - day) <= within_days]
        return min(near, key=lambda point: (abs(point.day - day), point.day), default=None)

    def response(self, rule: MarkerRule | str) -> MarkerResponse:
        """What one rule says of the line: met, not met, undetermined or not applicable.

        Args:
            rule: A rule, or its id in `MARKER_RULES`.

        Returns:
            The answer, with its reason.

        Raises:
            NotThereError: A rule that is not known.
        """
        return _judged(self, marker_rule_named(rule), self.points)

    def responses(self, rules: Iterable[MarkerRule | str] = ()) -> tuple[MarkerResponse, ...]:
        """What each rule says of the line.

        Args:
            rules: Rules or their ids; left out, all the published ones.

        Returns:
            One answer per rule.

        Raises:
            NotThereError: A rule that is not known.
        """
        return tuple(self.response(rule) for rule in tuple(rules) or MARKER_RULES.values())

    def flare(self, *, early_days: int = EARLY_DAYS) -> MarkerFlare:
        """Whether an early rise was passing (Reading RD-MARKER-FLARE).

        Args:
            early_days: Up to which day of the line a rise is early.

        Returns:
            The answer, with the values that it rests on.
        """
        return _flare(self, early_days)

    def beside_imaging(
        self,
        rule: MarkerRule | str = AFP_R50R20_AB,
        *,
        rose: Cut = ROSE,
        within_days: int = PAIRING_DAYS,
    ) -> tuple[MarkerImaging, ...]:
        """Each time point of the line compared with the marker, by the cut of one rule.

        Fallen: the value nearest to the scan is as far below the reference as the rule's first cut
        asks for, and the reference reaches the rule's floor. Fallen before: so was any value of the
        line up to the scan or that one, whatever day the rule names.

        Args:
            rule: A rule of response, or its id in `MARKER_RULES`.
            rose: The cut by which the marker has risen.
            within_days: How many days before or after a scan its value may lie.

        Returns:
            One element per time point.

        Raises:
            CriteriaError: The rule's first cut is a rise, or `rose` is none.
            NotThereError: A rule that is not known.
        """
        rule = marker_rule_named(rule)
        if rule.cuts[0].rise is not None:
            told = f"its first cut is {rule.cuts[0]}; give a rule of response, and its cut as rose"
            raise CriteriaError(f"marker rule {rule.id}: {told}")
        if rose.rise is None:
            raise CriteriaError(f"cut {rose.name}: rose must be a rise, got {rose}")
        return tuple(_beside(self, each, rule, rose, within_days) for each in self.line.timepoints)

    def __repr__(self) -> str:
        return f"<MarkerCourse line {self.line.number} {self.analyte.name}, {len(self.points)}>"

    def __str__(self) -> str:
        """The reference with its age, and one row a value."""
        head = f"line {self.line.number} ({'+'.join(self.line.line.agents)}), {self.analyte.name}"
        if self.reference is None:
            rows = [f"{head}: no reference within {self.reference_days} days before the start"]
        else:
            aged = f"{self.reference_age_days} days before the start"
            rows = [f"{head}: reference {self.reference}, {aged}"]
        return "\n".join([*rows, *(f"  {point}" for point in self.points)])


def marker_course(
    line: LineAssessment, name: Analyte | str = AFP, *, reference_days: int = REFERENCE_DAYS
) -> MarkerCourse:
    """One marker over one line of a patient, beside its images.

    Values belong to a line by Reading RD-MARKER-LINE, the reference by Reading RD-MARKER-REFERENCE.

    Args:
        line: A line of an assessment, such as `assess(patient).lines[0]`.
        name: The marker, as for `marker_series`.
        reference_days: How many days before the start of the line the reference may lie.

    Returns:
        The reference, and each value with its changes; printed, one row per value.

    Raises:
        CaseError: As for `marker_series`.
        NotThereError: A name that is no marker's.
        TypeError: `line` is not a line of an assessment.
        ValueError: `reference_days` is not a whole number from 0 on.

    Example:
        >>> from mrecist import assess, example_case
        >>> lines = assess(example_case("ikeda-2021")).lines
        >>> print(marker_course(lines[3]))
        line 4 (sorafenib), AFP: reference 2991 ng/mL on day 475, 0 days before the start
          day 31: 691 ng/mL, -76.89 %, -76.89 % from the nadir 2991, halving in 15 days
          day 61: 1048 ng/mL, -64.96 %, +51.66 % from the nadir 691, doubling in 50 days
    """
    if not isinstance(line, LineAssessment):
        raise TypeError(
            f"marker_course() takes one line, got {type(line).__name__}; "
            "such as mrecist.assess(patient).lines[0]"
        )
    reference_days = days_from_0("reference_days", reference_days)
    series = marker_series(line.facts.chart.patient, name)
    start = day_number(line.line.start)
    before = [value for value in series.values if value.day <= start]
    fresh = before and start - before[-1].day <= reference_days
    reference = before[-1] if fresh else None
    last = _last_day(line)
    values = [value for value in series.values if start < value.day <= last]
    return MarkerCourse(
        line=line,
        series=series,
        reference_days=reference_days,
        reference=reference,
        points=tuple(_points(start, reference, values)),
    )


def _last_day(line: LineAssessment) -> float:
    """The last day whose values belong to the line (Reading RD-MARKER-LINE)."""
    lines = line.facts.chart.lines
    if line.number == len(lines):
        return math.inf
    following = day_number(lines[line.number].start)
    stop = line.line.stop
    stopped = stop is not None and day_number(stop) < following
    return following - stopped


def _points(
    start: int, reference: MarkerValue | None, values: Iterable[MarkerValue]
) -> Iterable[MarkerPoint]:
    before, nadir = reference, None if reference is None else reference.level
    for value in values:
        yield MarkerPoint(
            value=value,
            day=value.day - start,
            change=None if reference is None else value.level.change_from(reference.level),
            nadir=nadir,
            change_from_nadir=None if nadir is None else value.level.change_from(nadir),
            doubling_days=doubling_between(before, value),
        )
        before = value
        nadir = value.level if nadir is None else lower(nadir, value.level)


def _height(point: MarkerPoint) -> tuple[Any, ...]:
    level = point.value.level
    return (level.most is None, level.most or 0, level.most_in, level.least)


# ---- a rule of response on a line


def _judged(
    course: MarkerCourse, rule: MarkerRule, points: tuple[MarkerPoint, ...]
) -> MarkerResponse:
    """What a rule says of the reference and some of the values of a line."""
    verdict, why = _fits(course, rule)
    point, change = _judged_value(course, rule, points)
    cuts: tuple[CutResult, ...] = ()
    if verdict is not Met.MET:
        point = None
    elif point is None or change is None:
        verdict, why = Met.UNDETERMINED, f"no {course.analyte.name} of this line at {rule.when}"
    else:
        cuts = tuple(CutResult(cut, cut.judge(change)) for cut in rule.cuts)
        verdict = cuts[0].verdict
        asked = "; ".join(map(str, cuts))
        why = (
            f"{_named(course, point)} is {signed(change)} from the reference {_of(course)}; {asked}"
        )
    return MarkerResponse(
        rule=rule,
        analyte=course.analyte.name,
        verdict=verdict,
        cuts=cuts,
        reference=course.reference,
        point=point,
        why=why,
    )


def _fits(course: MarkerCourse, rule: MarkerRule) -> tuple[Met, str]:
    """Whether a rule speaks of this marker from this reference, and if not, why."""
    analyte, reference = course.analyte, course.reference
    floors = dict(rule.floors)
    if analyte.name not in floors:
        return Met.NOT_APPLICABLE, f"a rule for {', '.join(floors)}, not for {analyte.name}"
    if reference is None:
        told = f"no {analyte.name} within {course.reference_days} days before the start"
        return Met.UNDETERMINED, told
    floor = floors[analyte.name]
    if floor is None:
        return Met.MET, ""
    enough = reference.level.at_least(floor, inclusive=rule.floor_inclusive)
    sign = ">=" if rule.floor_inclusive else ">"
    told = f"the reference is {_of(course)}, the rule asks for {sign} {number(floor)}"
    fits = {True: Met.MET, False: Met.NOT_APPLICABLE, None: Met.UNDETERMINED}[enough]
    return fits, told


def _of(course: MarkerCourse) -> str:
    """The reference with its unit, or that there is none."""
    reference = course.reference
    return "(none)" if reference is None else f"{reference.level} {reference.unit}"


def _named(course: MarkerCourse, point: MarkerPoint) -> str:
    value = point.value
    return f"{course.analyte.name} {value.level} {value.unit} (day {point.day} of the line)"


def _judged_value(
    course: MarkerCourse, rule: MarkerRule, points: tuple[MarkerPoint, ...]
) -> tuple[MarkerPoint | None, Range | None]:
    """The value that a rule judges, and its change (Reading RD-MARKER-WINDOW)."""
    first, last, window = rule.first_day, rule.last_day, rule.window_days
    if last is None:
        late = [point for point in points if point.day >= first]
        lowest = min(late, key=_height, default=None)
        if lowest is None or course.reference is None:
            return lowest, None
        levels = (point.value.level for point in late)
        return lowest, reduce(lower, levels).change_from(course.reference.level)

    def away(point: MarkerPoint) -> int:
        return max(first - point.day, point.day - last, 0)

    near = [point for point in points if away(point) <= window]
    nearest = min(near, key=lambda point: (away(point), point.day), default=None)
    return nearest, None if nearest is None else nearest.change


# ---- flare and discordance


def _any(answers: Iterable[bool | None]) -> Met:
    """Whether any of some answers is yes."""
    given = set(answers)
    return met(True if True in given else None if None in given else False)


def _flare(course: MarkerCourse, early_days: int) -> MarkerFlare:
    reference = course.reference
    early_days = days_from_0("early_days", early_days)
    early = [point for point in course.points if point.day <= early_days]
    rises = [_above(point) for point in early]
    rose = _any(rises) if early and reference is not None else Met.UNDETERMINED
    risen, later = None, list[Range]()
    if rose is Met.MET:
        first = early[rises.index(True)]
        after = (point for point in course.points if point.day > first.day)
        risen, later = first.value, [point.change for point in after if point.change is not None]
    fell = _any(change.at_most(_NOTHING, inclusive=False) for change in later)
    rule = FLARE.decide(rose, bool(later), fell)
    why = rule.sentence.format(early=early_days, reference=_of(course), risen=risen or "no value")
    return MarkerFlare(rule=rule, risen=risen, why=why)


def _above(point: MarkerPoint) -> bool | None:
    return None if point.change is None else point.change.at_least(_NOTHING, inclusive=False)


def _move(change: Range | None, fell: Cut, fits: Met, rose: Cut) -> Move:
    """How far a change goes: a fall by the cut of a rule that fits, a rise by the other cut."""
    if change is None:
        return Move.UNKNOWN
    down, up = fell.judge(change), rose.judge(change)
    down = fits if down is Met.MET else down
    if Met.MET in (down, up):
        return Move.FELL if down is Met.MET else Move.ROSE
    return Move.UNKNOWN if Met.UNDETERMINED in (down, up) else Move.NEITHER


def _beside(
    course: MarkerCourse,
    timepoint: TimepointAssessment,
    rule: MarkerRule,
    rose: Cut,
    within_days: int,
) -> MarkerImaging:
    """One time point compared with the marker."""
    point = course.at(timepoint.date, within_days=within_days)
    change = None if point is None else point.change
    until = tuple(each for each in course.points if each.day <= timepoint.day or each is point)
    ever = attrs.evolve(rule, first_day=0, last_day=None)
    before = _judged(course, ever, until)
    now = _move(change, rule.cuts[0], _fits(course, rule)[0], rose)
    imaging = IMAGING.get(timepoint.response, Imaging.NOT_PROGRESSED)
    fired = DISCORDANCE.decide(imaging, now, before.verdict)
    value = f"no {course.analyte.name} within {within_days} days"
    if point is not None:
        value = _named(course, point)
    earlier = (
        ""
        if before.point is None
        else (f"{_named(course, before.point)}, {signed(before.point.change)}")
    )
    why = fired.sentence.format(
        response=timepoint.response, value=value, change=signed(change), earlier=earlier
    )
    return MarkerImaging(
        date=timepoint.date,
        response=timepoint.response,
        rule=fired,
        now=now,
        before=before.verdict,
        point=point,
        why=f"{why} [{rule.id}: {rule.cuts[0]}]",
    )
