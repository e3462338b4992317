"""One patient across the lines: how long each line held, by a policy or by several.

The arrays of `endpoints` hold the answer; one patient is a few rows of them.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from fractions import Fraction

import attrs
import numpy as np

from .._base.arrays import BLANK, NO_DAY, Array
from .._base.converters import Date, date, day_number
from .._base.errors import CourseProblem, check_type
from .._base.text import Text, grid, when
from ..endpoints.definitions import TIMES
from ..endpoints.engine import Timed, Times, timed
from ..endpoints.history import History
from ..endpoints.untreatable import UNTREATABLE, Untreatable, code_bits, until_untreatable
from ..patient.assessment import Assessment, LineAssessment
from ..rulebook.best_response import ADEQUATE
from ..rulebook.confirmation import NEVER
from ..rulebook.policies import FDA_A, Clause, Policy, policy_named
from ..rulebook.times import GROWTH
from .patterns import progression_pattern
from .records import Course, GrowthModulation, LineCourse, TimeToEvent

__all__ = ["compare_policies", "course", "time_to_untreatable"]


def course(assessment: Assessment, policy: Policy | str = FDA_A) -> Course:
    """The course of one patient: for each line its times, responses and growth modulation index.

    Args:
        assessment: What `assess` returns.
        policy: `FDA_A`, `EMA_ITT`, the name of one of them or a custom `Policy`: when a time ends,
            and whether by an event or censored.

    Returns:
        The lines with their times in days, and exposures by agent; printed, one page.

    Raises:
        CriteriaError: A policy that is not known.
        TypeError: Anything but an assessment.

    Example:
        >>> from mrecist import assess, example_case
        >>> course(assess(example_case())).lines[0].times["pfs"].days
        182
    """
    check_type(assessment, Assessment, "course() takes what assess() gives")
    policy = policy_named(policy)
    found = timed(_history(assessment), policy)
    teller = _Teller(assessment, _has_dates(assessment), policy)
    return Course(
        assessment=assessment,
        policy=policy,
        lines=tuple(teller.line(found, policy, i) for i in range(len(assessment.lines))),
    )


def _has_dates(assessment: Assessment) -> bool:
    """Whether the dates of a patient are calendar dates, not study days."""
    return any(not isinstance(line.line.start, int) for line in assessment.lines)


def _history(assessment: Assessment) -> History:
    """The lines and follow-ups of one patient as arrays."""
    lines, patient = assessment.lines, assessment.patient
    scans = [(i, t) for i, line in enumerate(lines) for t in line.timepoints]
    count = len(lines)

    def whole(values: Iterable[int]) -> Array:
        return np.array(list(values), np.int64)

    def days(dates: Iterable[Date | None]) -> Array:
        return whole(NO_DAY if date is None else day_number(date) for date in dates)

    reasons = (line.line.end_reason for line in lines)
    totals = (line.baseline_total_um for line in lines)
    return History.of(
        partial=np.array([t.is_partial for _, t in scans], np.bool_),
        patient=np.zeros(count, np.int64),
        start=days(line.line.start for line in lines),
        stop=days(line.line.stop for line in lines),
        end_reason=whole(BLANK if reason is None else reason.code for reason in reasons),
        death=days([patient.death] * count),
        last_contact=days([patient.last_contact] * count),
        baseline=days(line.baseline for line in lines),
        baseline_um=whole(-1 if total is None else total for total in totals),
        best=whole(line.best_response.code for line in lines),
        confirmed=whole(line.confirmed_best_response.code for line in lines),
        line=whole(i for i, _ in scans),
        day=days(t.date for _, t in scans),
        response=whole(t.response.code for _, t in scans),
        reported=whole(BLANK if t.reported is None else t.reported.code for _, t in scans),
        total_um=whole(-1 if t.total_um is None else t.total_um for _, t in scans),
        complete=np.array([t.complete for _, t in scans], np.bool_),
        criteria=assessment.criteria,
    )


@attrs.frozen(eq=False, repr=False)
class _Teller:
    """Arrays of one patient's lines back into dates and words."""

    assessment: Assessment
    calendar: bool
    policy: Policy = FDA_A

    def line(self, found: Timed, policy: Policy, i: int) -> LineCourse:
        early = int(found.early_shrinkage[i])
        return LineCourse(
            assessed=self.assessment.lines[i],
            objective_response=bool(found.objective[i]),
            confirmed_objective_response=bool(found.confirmed_objective[i]),
            disease_control=bool(found.controlled[i]),
            confirmed_disease_control=bool(found.confirmed_controlled[i]),
            depth=self.depth(found, i),
            early_shrinkage=None if early == BLANK else bool(early),
            times={
                name: self.time(name, times, i)
                for name, times in found.times.items()
                if times.there[i]
            },
            growth=_growth(found, policy, i),
            problems=CourseProblem(int(found.problems[i])),
        )

    def depth(self, found: Timed, i: int) -> Fraction | None:
        deepest = int(found.deepest_um[i])
        baseline = self.assessment.lines[i].baseline_total_um
        return None if deepest < 0 or not baseline else Fraction(baseline - deepest, baseline)

    def time(self, name: str, times: Times, i: int) -> TimeToEvent:
        clause = times.clauses[times.clause[i]]
        next_line = name == "pfs2" and i + 1 < len(self.assessment.lines)
        line = self.assessment.lines[i + next_line]
        return TimeToEvent(
            name=name,
            start=self.date(times.start[i]),
            end=self.date(times.end[i]),
            days=int(times.days[i]),
            event=bool(times.event[i]),
            clause=clause,
            reason=(f"line {line.number}: " if next_line else "")
            + clause.sentence.format(**self.words(times, line, i))
            + self.visit(times, clause, i),
        )

    def visit(self, times: Times, clause: Clause, i: int) -> str:
        """The day from which a progression counts, where that is not the day of its scan."""
        if not self.policy.scheduled_dates or clause is not self.policy.progression:
            return ""
        counted = times.end[i]
        return "" if counted == times.first[i] else f", counted from {when(self.date(counted))}"

    def words(self, times: Times, line: LineAssessment, i: int) -> dict[str, object]:
        """What the sentences of clauses speak of: dates, and the days of a gap."""
        after = line.number
        words: dict[str, object] = {"end": when(self.date(times.end[i]))}
        if times.first is not None:
            first, last = int(times.first[i]), int(times.last[i])
            since = day_number(line.line.start) if last == NO_DAY else last
            known = self.assessment.lines[after:]
            words |= {
                "first": when(self.date(first)) if first < NEVER else "",
                "gap": first - since,
                "missed": self.policy.missed,
                "since": "the start" if last == NO_DAY else "the last adequate assessment",
                "stop": "" if line.line.stop is None else when(line.line.stop),
                "new": when(known[0].line.start) if known else "",
                "lacking": "adequate assessment" if _is_compared(line) else "baseline",
            }
        return words

    def date(self, day: int) -> Date:
        return datetime.date.fromordinal(int(day)) if self.calendar else int(day)


def _is_compared(line: LineAssessment) -> bool:
    """Whether a line has a baseline, or a reported verdict that stands for one (K3)."""
    said = (timepoint.reported in ADEQUATE for timepoint in line.timepoints)
    return line.baseline is not None or any(said)


def _growth(found: Timed, policy: Policy, i: int) -> GrowthModulation | None:
    rule = int(found.growth_rule[i])
    if rule < 0:
        return None
    ttp = found.within
    days, before = int(ttp.days[i]), int(found.days_before[i])
    ratio = Fraction(days, before)
    return GrowthModulation(
        days=days,
        days_before=before,
        low=ratio if ttp.event[i - 1] else None,
        high=ratio if ttp.event[i] else None,
        rule=GROWTH.rules[rule],
        threshold=policy.growth_ratio,
    )


def time_to_untreatable(
    assessment: Assessment,
    *,
    definition: Untreatable = UNTREATABLE,
    declined: Iterable[Date | str] = (),
) -> tuple[TimeToEvent, ...]:
    """For each line the time to untreatable progression, by a definition that names its parts.

    What counts is looked for in the line and in all later ones.

    Args:
        assessment: What `assess` returns.
        definition: The patterns of progression, tumour in vein, reasons and death that count.
        declined: Dates on which decline of the liver or of performance was noted; for each line the
            first on or after its start counts.

    Returns:
        One time per line, in days; censored on the last day known where nothing counts.

    Raises:
        TypeError: Anything but an assessment and a definition.
        ValueError: A date that is not possible, or is not of the kind of those of the lines.

    Example:
        >>> from mrecist import assess, example_case
        >>> [time.days for time in time_to_untreatable(assess(example_case("ikeda-2021")))]
        [91, 152, 183, 122, 61]
    """
    check_type(assessment, Assessment, "time_to_untreatable() takes what assess() gives")
    check_type(definition, Untreatable, "definition must be an Untreatable")
    history, lines = _history(assessment), assessment.lines
    dates = [date(each) for each in declined]
    for each in dates:
        if isinstance(each, int) == _has_dates(assessment):
            kind = "calendar dates" if _has_dates(assessment) else "study days"
            raise ValueError(f"declined must be {kind} as those of the lines are, got {each}")
    patterns = [progression_pattern(line) for line in lines]
    noted = sorted(map(day_number, dates))
    starts = history.start.tolist()
    times = until_untreatable(
        history,
        np.array([NO_DAY if each is None else day_number(each.date) for each in patterns]),
        np.array([0 if each is None else code_bits(each.codes) for each in patterns]),
        np.array([BLANK if each is None else each.invasion.code for each in patterns]),
        definition,
        np.array([min((day for day in noted if day >= start), default=NO_DAY) for start in starts]),
    )
    teller = _Teller(assessment, _has_dates(assessment))
    return tuple(teller.time("ttup", times, i) for i in range(len(lines)))


def compare_policies(
    assessment: Assessment,
    policies: Policy | str | Iterable[Policy | str] = ("fda-a", "ema-itt"),
) -> str:
    """What each policy makes of a patient's lines: every time on which they differ, and why.

    Args:
        assessment: What `assess` returns.
        policies: Policies or their names, in the order of the rows.

    Returns:
        A table as text, one row per policy of each time that differs, or one sentence if none does.

    Raises:
        CriteriaError: A policy that is not known.
        TypeError: Anything but an assessment.

    Example:
        >>> from mrecist import assess, example_case
        >>> print(compare_policies(assess(example_case())))
        the policies agree on every time of every line
    """
    several = [policies] if isinstance(policies, (str, Policy)) else policies
    courses = [course(assessment, policy) for policy in several]
    rows = []
    for lines in zip(*(each.lines for each in courses), strict=True):
        for name in TIMES:
            times = [line.times.get(name) for line in lines]
            if len({(time.start, time.end, time.event) if time else None for time in times}) > 1:
                rows += [
                    (
                        str(lines[0].number),
                        lines[0].agents,
                        name.upper(),
                        each.policy.name,
                        *_told(time),
                    )
                    for each, time in zip(courses, times, strict=True)
                ]
    if not rows:
        return Text("the policies agree on every time of every line")
    return Text("\n".join(grid([("line", "agents", "time", "policy", "months", "why"), *rows])))


def _told(time: TimeToEvent | None) -> tuple[str, str]:
    return (time.short, f"{time.reason} [{time.clause.id}]") if time else ("none", "")
