"""Lines of one patient as arrays for the times to events, and those times in dates and words."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import attrs
import numpy as np

from .._base.arrays import BLANK, NO_DAY, Array
from .._base.converters import Date, day_number
from .._base.errors import CourseProblem
from .._base.text import when
from ..endpoints.engine import Timed, Times
from ..patient.assessment import Assessment, LineAssessment
from ..rulebook.best_response import ADEQUATE
from ..rulebook.confirmation import NEVER
from ..rulebook.policies import FDA_A, Clause, Policy
from ..rulebook.times import GROWTH
from .records import GrowthModulation, LineCourse, TimeToEvent

__all__ = ["Teller", "has_dates", "history_columns", "teller_of"]


def history_columns(assessment: Assessment) -> dict[str, Any]:
    """The lines and follow-ups of one patient, as the columns of a `History`."""
    lines, patient = assessment.lines, assessment.patient
    scans = [(i, t) for i, line in enumerate(lines) for t in line.timepoints]
    count = len(lines)

    def whole(values: Iterable[int]) -> Array:
        return np.array(list(values), np.int64)

    def days(dates: Iterable[Date | None]) -> Array:
        return whole(NO_DAY if date is None else day_number(date) for date in dates)

    reasons = (line.line.end_reason for line in lines)
    totals = (line.baseline_total_um for line in lines)
    return {
        "partial": np.array([t.is_partial for _, t in scans], np.bool_),
        "patient": np.zeros(count, np.int64),
        "start": days(line.line.start for line in lines),
        "stop": days(line.line.stop for line in lines),
        "end_reason": whole(BLANK if reason is None else reason.code for reason in reasons),
        "death": days([patient.death] * count),
        "last_contact": days([patient.last_contact] * count),
        "baseline": days(line.baseline for line in lines),
        "baseline_um": whole(-1 if total is None else total for total in totals),
        "best": whole(line.best_response.code for line in lines),
        "confirmed": whole(line.confirmed_best_response.code for line in lines),
        "line": whole(i for i, _ in scans),
        "day": days(t.date for _, t in scans),
        "response": whole(t.response.code for _, t in scans),
        "reported": whole(BLANK if t.reported is None else t.reported.code for _, t in scans),
        "total_um": whole(-1 if t.total_um is None else t.total_um for _, t in scans),
        "complete": np.array([t.complete for _, t in scans], np.bool_),
        "criteria": assessment.criteria,
    }


def has_dates(assessment: Assessment) -> bool:
    """Whether the dates of a patient are calendar dates, not study days."""
    return any(not isinstance(line.line.start, int) for line in assessment.lines)


@attrs.frozen(eq=False, repr=False)
class Teller:
    """Arrays of one patient's lines back into dates and words.

    `compared` tells which lines have a baseline, or a reported verdict that stands for one (K3).
    """

    assessment: Assessment
    calendar: bool
    policy: Policy
    compared: tuple[bool, ...]

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
                "lacking": "adequate assessment" if self.compared[line.number - 1] else "baseline",
            }
        return words

    def date(self, day: int) -> Date:
        return datetime.date.fromordinal(int(day)) if self.calendar else int(day)


def teller_of(assessment: Assessment, policy: Policy = FDA_A) -> Teller:
    """What tells of the lines of an assessment."""
    compared = tuple(
        line.baseline is not None or any(each.reported in ADEQUATE for each in line.timepoints)
        for line in assessment.lines
    )
    return Teller(assessment, has_dates(assessment), policy, compared)


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
