"""The records of one patient across the lines, and their text: one screen, months by line.

The times are those of `endpoints`, with their dates, and the clause of the policy that decided.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction
from functools import cached_property

import attrs

from .._base import html
from .._base.converters import Date
from .._base.errors import CaseError, CourseProblem
from .._base.text import DAYS_A_MONTH, grid, months, percent, when, wrapped
from .._base.words import Growth
from ..endpoints.definitions import TIMES
from ..endpoints.untreatable import UNTREATABLE_TIME
from ..laboratory.marker_levels import AFP, PIVKA_II, Analyte, number, signed
from ..laboratory.marker_rules import AFP_R50R20_AB
from ..laboratory.markers import MarkerCourse, marker_course
from ..patient.assessment import Assessment, LineAssessment
from ..rulebook.decision_table import Rule
from ..rulebook.policies import Clause, Policy
from .patterns import ProgressionPattern, progression_pattern
from .rechallenge import AgentExposures, exposures_by_agent, sequence_text

__all__ = ["TIMES_SHOWN", "Course", "GrowthModulation", "LineCourse", "TimeToEvent"]


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
    """One line of therapy over time: its responses, its depth and its times to events.

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
        return _text(self)

    def _repr_html_(self) -> str:
        return html.of_text(_text(self), heads=_HEAD[:1])

    @property
    def sequence(self) -> str:
        """The agents and best responses in a row: `LEN PD > SOR PR > ...`."""
        return sequence_text(self.assessment)

    @cached_property
    def exposures(self) -> tuple[AgentExposures, ...]:
        """Every agent with all exposures to it, and what each brought."""
        return exposures_by_agent(self.assessment)

    def markers(self, name: Analyte | str = AFP) -> tuple[MarkerCourse, ...]:
        """One marker over each line, beside its images.

        Args:
            name: The marker, as for `marker_series`.

        Returns:
            One element per line, in order.

        Raises:
            CaseError: As for `marker_series`.
        """
        return tuple(marker_course(line.assessed, name) for line in self.lines)


_HEAD = (
    "line", "agents", "best", "confirmed", "depth", "to response", "response", "TTP", "PFS", "PFS2",
    "treated", "survival", "ratio",
)  # fmt: skip
TIMES_SHOWN = ("ttr", "dor", "ttp", "pfs", "pfs2", "tot", "os")
"""The times of a line on the one screen, in the order of the columns."""


def _text(course: Course) -> str:
    """One row per line, why each held as long, agents that were given again, and the markers."""
    rows = [*_head(course), "", *grid([_HEAD, *map(_row, course.lines)]), ""]
    for line in course.lines:
        rows += _why(line)
    for agent in course.exposures:
        if len(agent.exposures) > 1:
            rows += ["", *str(agent).splitlines()]
    return "\n".join([*rows, *_markers(course)])


def _head(course: Course) -> list[str]:
    assessment, policy = course.assessment, course.policy
    schedule = policy.schedule or "no schedule given, so none is known to be missed"
    return [
        f"{assessment.patient.id}, {assessment.criteria.label}",
        course.sequence,
        f"times in months of {DAYS_A_MONTH} days by {policy.name} (+ censored); "
        f"assessments: {schedule}",
    ]


def _row(line: LineCourse) -> tuple[str, ...]:
    """A line in the columns of `_HEAD`."""
    times = (line.times[name].short if name in line.times else "-" for name in TIMES_SHOWN)
    assessed = line.assessed
    return (
        str(line.number),
        line.agents,
        str(assessed.best_response),
        str(assessed.confirmed_best_response),
        line.depth_percent.replace("unknown", "-"),
        *times,
        line.growth.shown if line.growth and line.growth.days else "-",
    )


def _why(line: LineCourse) -> list[str]:
    """Why a line held as long, how it progressed, and how that compares with the line before."""
    pfs = line.times["pfs"]
    told = [f"PD {pattern}"] if (pattern := line.pattern) else []
    told += [str(line.growth)] if line.growth and line.growth.days else []
    odd = [*line.assessed.problems.sentences, *line.problems.sentences]
    told += [f"odd: {sentence}" for sentence in odd]
    first = f"line {line.number}  PFS: {pfs.reason} [{pfs.clause.id}]"
    return [first, *(" " * 8 + each for each in told)]


def _markers(course: Course) -> list[str]:
    """Every marker that the patient has, one row per line, or the mistakes of its values."""
    told = []
    for analyte in (AFP, PIVKA_II):
        if any(analyte.is_called(each.name) for each in course.assessment.patient.markers):
            try:
                rows = [_marker_row(each) for each in course.markers(analyte)]
            except CaseError as error:
                rows = error.lines
            head = f"{analyte.name} in {analyte.unit}, reference first, beside the images"
            told += ["", f"{head} (cut: {AFP_R50R20_AB.cuts[0]})", *rows]
    return [text for row in told for text in wrapped(row, " " * 8) or [""]]


def _marker_row(marker: MarkerCourse) -> str:
    """A marker over one line: its reference, its values, and where it and the images disagree."""
    levels = ["none" if marker.reference is None else str(marker.reference.level)]
    for point in marker.points:
        change = "" if point.change is None else f" ({signed(point.change)})"
        levels.append(f"{point.value.level}{change}")
    progression = marker.line.progression
    odd = [
        f"; {when(each.date)}: {each.verdict}"
        for each in marker.beside_imaging()
        if each.discordant and (progression is None or each.date <= progression.date)  # type: ignore[operator]
    ]
    return f"  line {marker.line.number}  {', '.join(levels)}{''.join(odd)}"
