"""One patient across the lines: how long each line held, and what it brought.

The times are those of `endpoints/engine.py`, with their dates, and the clause of the policy that
decided.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction
from functools import cached_property

import attrs
import numpy as np

from .._base.arrays import BLANK, NO_DAY, Array
from .._base.converters import Date, date, day_number
from .._base.errors import CourseProblem
from .._base.text import grid, months, percent, when
from .._base.words import Growth
from ..endpoints.definitions import TIMES
from ..endpoints.engine import Timed, Times, timed
from ..endpoints.history import History
from ..endpoints.untreatable import (
    UNTREATABLE,
    UNTREATABLE_TIME,
    Untreatable,
    code_bits,
    until_untreatable,
)
from ..laboratory.marker_levels import AFP, Analyte, number
from ..laboratory.markers import MarkerCourse, marker_course
from ..patient.assessment import Assessment, LineAssessment
from ..rulebook.confirmation import NEVER
from ..rulebook.decision_table import Rule
from ..rulebook.policies import FDA_A, Clause, Policy, policy_named
from ..rulebook.times import GROWTH
from .patterns import ProgressionPattern, progression_pattern
from .rechallenge import AgentExposures, exposures_by_agent, sequence_text
from .records_text import course_text

__all__ = [
    "Course",
    "GrowthModulation",
    "LineCourse",
    "TimeToEvent",
    "compare_policies",
    "course",
    "time_to_untreatable",
]


@attrs.frozen(kw_only=True)
class TimeToEvent:
    """A time with its start and end: an event or a censoring, by which clause, and why.

    `name` is the short name of its column (`"pfs"`), `clause` the row of the policy or the
    definition with its id and source, `reason` its sentence with the dates of this line.
    """

    name: str
    start: Date
    end: Date
    days: int
    event: bool
    clause: Clause
    reason: str

    @property
    def label(self) -> str:
        """The name in full."""
        return UNTREATABLE_TIME.get(self.name) or TIMES[self.name]

    @property
    def months(self) -> Decimal:
        """The days as months, for display."""
        return months(self.days)

    @property
    def short(self) -> str:
        """Months, with a plus where the time is censored."""
        return f"{self.months}{'' if self.event else '+'}"

    def __str__(self) -> str:
        status = "event" if self.event else "censored"
        return (
            f"{self.label}: {self.days} days ({self.months} months), {status}: {self.reason} "
            f"[{self.clause.id}]"
        )


@attrs.frozen(kw_only=True)
class GrowthModulation:
    """The ratio of a line's time to progression to that of the line before.

    `low` and `high` are what the ratio is at least and at most; `None` is no bound. Where both
    times are events they are equal.
    """

    days: int
    days_before: int
    low: Fraction | None
    high: Fraction | None
    rule: Rule[Growth]
    threshold: Fraction

    @property
    def verdict(self) -> Growth:
        """Whether the ratio reaches the threshold, as far as that is determined."""
        return self.rule.verdict

    @property
    def shown(self) -> str:
        """The ratio cut at two decimals, for display."""
        ratio = Decimal(self.days) / Decimal(self.days_before)
        sign = {(True, True): "", (True, False): ">= ", (False, True): "<= "}
        bound = sign.get((self.low is not None, self.high is not None), "about ")
        return f"{bound}{ratio.quantize(Decimal('0.01'), ROUND_FLOOR)}"

    def __str__(self) -> str:
        told = self.rule.sentence.format(ratio=self.shown, threshold=number(self.threshold))
        return f"growth modulation index {self.verdict}: {told} [{self.rule.id}]"


@attrs.frozen(kw_only=True, eq=False, repr=False)
class LineCourse:
    """What one line of therapy came to, in time.

    `depth` is the largest fall of the total as a share of the baseline total, negative where it
    only grew, `None` where there is no complete total. `times` holds the times that the line has,
    by name; `pfs` and the others are `None` where it has none.
    """

    assessed: LineAssessment
    objective_response: bool
    confirmed_objective_response: bool
    disease_control: bool
    confirmed_disease_control: bool
    depth: Fraction | None
    early_shrinkage: bool | None
    times: Mapping[str, TimeToEvent]
    growth: GrowthModulation | None
    problems: CourseProblem

    @property
    def number(self) -> int:
        """The place of the line in the sequence of therapies, from 1."""
        return self.assessed.number

    @property
    def agents(self) -> str:
        """The agents of the line as one text."""
        return "+".join(self.assessed.line.agents)

    @property
    def pattern(self) -> ProgressionPattern | None:
        """Where the line progressed, by growth or by spread."""
        return progression_pattern(self.assessed)

    @property
    def pfs(self) -> TimeToEvent | None:
        """Progression-free survival."""
        return self.times.get("pfs")

    @property
    def ttp(self) -> TimeToEvent | None:
        """Time to progression."""
        return self.times.get("ttp")

    @property
    def ttr(self) -> TimeToEvent | None:
        """Time to response, of responders."""
        return self.times.get("ttr")

    @property
    def dor(self) -> TimeToEvent | None:
        """Duration of response, of responders."""
        return self.times.get("dor")

    @property
    def docr(self) -> TimeToEvent | None:
        """Duration of complete response."""
        return self.times.get("docr")

    @property
    def dosd(self) -> TimeToEvent | None:
        """Duration of stable disease, of lines whose best response that is."""
        return self.times.get("dosd")

    @property
    def tot(self) -> TimeToEvent | None:
        """Time on treatment."""
        return self.times.get("tot")

    @property
    def ttnt(self) -> TimeToEvent | None:
        """Time to next treatment."""
        return self.times.get("ttnt")

    @property
    def ttf(self) -> TimeToEvent | None:
        """Time to treatment failure."""
        return self.times.get("ttf")

    @property
    def pfs2(self) -> TimeToEvent | None:
        """Progression-free survival on the next line."""
        return self.times.get("pfs2")

    @property
    def pps(self) -> TimeToEvent | None:
        """Post-progression survival."""
        return self.times.get("pps")

    @property
    def os(self) -> TimeToEvent | None:
        """Survival from the start of the line."""
        return self.times.get("os")

    @property
    def depth_percent(self) -> str:
        """The depth for display, cut at two decimals."""
        if self.depth is None:
            return "unknown"
        sign = "-" if self.depth > 0 else "+" if self.depth < 0 else ""
        return sign + percent(abs(self.depth.numerator), self.depth.denominator)

    def __str__(self) -> str:
        rows = [f"line {self.number}, {self.agents}"]
        rows += [f"  {time}" for time in self.times.values()]
        rows += [f"  {self.growth}"] if self.growth else []
        rows += [f"  odd: {sentence}" for sentence in self.problems.sentences]
        return "\n".join(rows)

    def __repr__(self) -> str:
        return f"<LineCourse {self.number} {self.agents}>"


@attrs.frozen(kw_only=True, eq=False, repr=False, slots=False)
class Course:
    """A patient's course across the lines, timed by a policy."""

    assessment: Assessment
    policy: Policy
    lines: tuple[LineCourse, ...]

    def __repr__(self) -> str:
        return (
            f"<Course {self.assessment.patient.id} by {self.policy.name}: {len(self.lines)} lines>"
        )

    def __str__(self) -> str:
        return course_text(self)

    @property
    def sequence(self) -> str:
        """The agents and best responses in a row: `LEN PD > SOR PR > ...`."""
        return sequence_text(self.assessment)

    @cached_property
    def exposures(self) -> tuple[AgentExposures, ...]:
        """Every agent with all exposures to it, and what each brought."""
        return exposures_by_agent(self.assessment)

    def markers(self, name: Analyte | str = AFP) -> tuple[MarkerCourse, ...]:
        """One marker over each line, beside its images. Raises `CaseError` as `marker_series`."""
        return tuple(marker_course(line.assessed, name) for line in self.lines)


def course(assessment: Assessment, policy: Policy | str = FDA_A) -> Course:
    """The course of one patient: for each line its times, responses and growth modulation index.

    `policy` is `FDA_A`, `EMA_ITT`, the name of one of them or a `Policy` of one's own. Raises
    `CriteriaError` for a policy that there is not.
    """
    if not isinstance(assessment, Assessment):
        told = f"course() takes what assess() gives, got {type(assessment).__name__}"
        raise TypeError(told)
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
    return History(
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
                "lacking": "baseline" if line.baseline is None else "adequate assessment",
            }
        return words

    def date(self, day: int) -> Date:
        return datetime.date.fromordinal(int(day)) if self.calendar else int(day)


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

    `declined` are the dates on which decline of the liver or of performance was noted; for each
    line the first on or after its start counts. What else counts is looked for in the line and in
    all later ones.
    """
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
        np.array([min((day for day in noted if day >= start), default=NO_DAY)
                  for start in starts]),
    )  # fmt: skip
    teller = _Teller(assessment, _has_dates(assessment))
    return tuple(teller.time("ttup", times, i) for i in range(len(lines)))


def compare_policies(
    assessment: Assessment,
    policies: Policy | str | Iterable[Policy | str] = ("fda-a", "ema-itt"),
) -> str:
    """What each policy makes of a patient's lines: every time on which they differ, and why."""
    several = [policies] if isinstance(policies, (str, Policy)) else policies
    courses = [course(assessment, policy) for policy in several]
    rows = []
    for lines in zip(*(each.lines for each in courses), strict=True):
        for name in TIMES:
            times = [line.times.get(name) for line in lines]
            if len({(time.start, time.end, time.event) if time else None for time in times}) > 1:
                rows += [
                    (str(lines[0].number), lines[0].agents, name.upper(), each.policy.name,
                     *_told(time))
                    for each, time in zip(courses, times, strict=True)
                ]  # fmt: skip
    if not rows:
        return "the policies agree on every time of every line"
    return "\n".join(grid([("line", "agents", "time", "policy", "months", "why"), *rows]))


def _told(time: TimeToEvent | None) -> tuple[str, str]:
    return (time.short, f"{time.reason} [{time.clause.id}]") if time else ("none", "")
