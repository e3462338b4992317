"""What each agent of a patient did each time it was given: exposures, rechallenge, the sequence.

    import mrecist
    assessment = mrecist.assess(patient)
    print(*mrecist.exposures_by_agent(assessment), sep="\\n")
    print(mrecist.sequence_text(assessment))

An exposure is one agent in one line of therapy. What it is (first exposure, rechallenge,
resumption, reintroduction, repeat of a procedure) is decided by the table
`rulebook.therapy.EXPOSURE`, for that agent alone. Another drug of the same class is named beside
it, never as rechallenge. Nothing here enters a verdict.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cached_property
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np

from .._base.arrays import BLANK, NO_DAY
from .._base.converters import Date, day_number
from .._base.errors import check_type
from .._base.text import several, when, wrapped
from .._base.words import EndReason, Exposure, Response
from ..endpoints.on_treatment import UNLIMITED, days_on_treatment
from ..patient.assessment import Assessment
from ..patient.exposure import ExposureFacts, exposure
from ..patient.reasons import unread
from ..rulebook.decision_table import Rule
from ..rulebook.drugs import abbreviations, drug, named

if TYPE_CHECKING:
    from ..patient.assessment import LineAssessment


__all__ = ["AgentExposure", "AgentExposures", "Bounds", "exposures_by_agent", "sequence_text"]


@attrs.frozen
class Bounds:
    """What is known of a number: at least `low` and at most `high` (`None`: without limit)."""

    low: int | Fraction
    high: int | Fraction | None

    @property
    def exact(self) -> int | Fraction | None:
        """The number where it is known exactly, else `None`: undetermined."""
        return self.low if self.low == self.high else None

    def __str__(self) -> str:
        """The number, or its bounds: `61`, `at least 61`, `0 to 91`."""
        if self.exact is not None:
            return str(self.exact)
        return f"at least {self.low}" if self.high is None else f"{self.low} to {self.high}"


def _days_on_treatment(lines: Sequence[LineAssessment]) -> list[Bounds]:
    """The days from start to stop of each line, or what is known of them (RD-ON-TREATMENT)."""
    if not lines:
        return []
    patient = lines[0].facts.chart.patient
    seen = [
        max([_day(patient.last_contact), *(_day(each.date) for each in line.timepoints)])
        for line in lines
    ]
    reasons = [line.line.end_reason for line in lines]
    columns = {
        "patient": [0] * len(lines),
        "start": [_day(line.line.start) for line in lines],
        "stop": [_day(line.line.stop) for line in lines],
        "end_reason": [BLANK if reason is None else reason.code for reason in reasons],
        "death": [_day(patient.death)] * len(lines),
        "seen": seen,
    }
    low, high = days_on_treatment(**{name: np.array(each) for name, each in columns.items()})
    bounds = zip(low.tolist(), high.tolist(), strict=True)
    return [Bounds(least, None if most == UNLIMITED else most) for least, most in bounds]


def _day(date: Date | None) -> int:
    return NO_DAY if date is None else day_number(date)


def _beyond_progression(line: LineAssessment, following: LineAssessment | None) -> bool | None:
    """Whether a line went on past its first PD; `None` where that is not known (RD-BEYOND)."""
    first = line.progression
    if first is None:
        return False
    later = [timepoint for timepoint in line.timepoints if timepoint.day > first.day]
    if line.line.stop is not None:
        days = day_number(line.line.stop) - day_number(line.line.start)
        return any(timepoint.day <= days for timepoint in later)
    went_on = following is None and line.line.end_reason is None
    return bool(later) if went_on or not later else None


@attrs.frozen(eq=False, repr=False, kw_only=True, slots=False)
class AgentExposure:
    """One agent in one line of therapy, beside the latest earlier line that had it.

    `agent` is named as the line names it; `facts` holds the rule and the days; `class_mates` are
    other drugs of its class in earlier lines, as `(name, line number)`. `days` on treatment are
    bounds: exact where the stop is recorded (Reading RD-ON-TREATMENT). `beyond_progression` tells
    whether treatment went on past the line's first PD (RC-BEYOND), `None` where it is not known.
    """

    agent: str
    line: LineAssessment
    facts: ExposureFacts
    earlier: AgentExposure | None
    class_mates: tuple[tuple[str, int], ...]
    days: Bounds
    ongoing: bool
    beyond_progression: bool | None

    @property
    def number(self) -> int:
        """The number of the line, from 1."""
        return self.line.number

    @property
    def start(self) -> Date:
        """The start of the line."""
        return self.line.line.start

    @property
    def stop(self) -> Date | None:
        """The stop of the line, where recorded."""
        return self.line.line.stop

    @property
    def exposure(self) -> Exposure:
        """What the line is to this agent."""
        return self.facts.rule.verdict

    @property
    def rule(self) -> Rule[Exposure]:
        """The rule that says so."""
        return self.facts.rule

    @property
    def why(self) -> str:
        """The sentence of that rule."""
        return self.rule.sentence.format(agents=self.agent, earlier=self.facts.earlier)

    @property
    def again(self) -> bool:
        """Whether an earlier line had the agent."""
        return self.earlier is not None

    @property
    def drug_free_days(self) -> int | None:
        """The days from the stop of the earlier line to the start of this one, where recorded."""
        return self.facts.drug_free_days

    @property
    def lines_between(self) -> int | None:
        """How many lines lie between the earlier one and this one."""
        return self.facts.lines_between

    @property
    def earlier_end_reason(self) -> EndReason | None:
        """Why the earlier line ended: as recorded, else progression where that decided."""
        if self.earlier is None:
            return None
        recorded = self.earlier.line.line.end_reason
        inferred = EndReason.PROGRESSION if self.exposure is Exposure.RECHALLENGE else None
        return inferred if recorded is None else recorded

    @property
    def end_reason_recorded(self) -> bool | None:
        """Whether that reason is recorded, not inferred; `None` where there is none."""
        if self.earlier is None or self.earlier_end_reason is None:
            return None
        return self.earlier.line.line.end_reason is not None

    @property
    def best_response(self) -> Response:
        """The best response of the line, each time point counting by itself."""
        return self.line.best_response

    @property
    def confirmed_best_response(self) -> Response:
        """The best response of the line, CR and PR only when confirmed."""
        return self.line.confirmed_best_response

    @cached_property
    def ratio(self) -> Bounds | None:
        """Days on treatment again by those before, exact or in bounds.

        `None` for a first exposure, and where nothing is known: no day on treatment before.
        """
        if self.earlier is None:
            return None
        return _ratio(self.days, self.earlier.days)

    def __str__(self) -> str:
        return "; ".join(_told(self))

    def __repr__(self) -> str:
        return f"<AgentExposure {self.agent} line {self.number}: {self.exposure}>"


def _ratio(again: Bounds, before: Bounds) -> Bounds | None:
    """What is known of one number of days by another."""
    if not before.high:
        return None
    low = Fraction(again.low) / before.high
    limited = again.high is not None and before.low > 0
    high = Fraction(again.high or 0) / before.low if limited else None
    return None if high is None and low == 0 else Bounds(low, high)


def _off(days: int | None) -> str:
    """The time without the agent, in words."""
    if days is None:
        return "an unknown time off it"
    return f"{days} days off it" if days >= 0 else f"overlapping by {-days} days"


def _told(each: AgentExposure) -> Iterator[str]:
    """An exposure in words, one after the other."""
    stop = (
        "on" if each.ongoing else "to an unknown stop" if each.stop is None else f"to {each.stop}"
    )
    yield f"line {each.number}, {when(each.start)} {stop}: {each.exposure}"
    between = each.lines_between
    if between is None:  # no earlier line had the agent
        if each.class_mates:
            mates = ", ".join(f"{name} (line {line})" for name, line in each.class_mates)
            yield f"after {mates}: same class, not rechallenge"
    else:
        yield f"{each.why} [{each.rule.id}]"
        off = _off(each.drug_free_days)
        yield f"{off}, {several(between, 'line')} between"
    yield f"best response {each.best_response}, confirmed {each.confirmed_best_response}"
    yield f"{each.days} days on treatment"
    if each.again:
        yield f"exposure ratio {_ratio_told(each.ratio)}"
    if each.beyond_progression:
        yield "continued beyond progression [RC-BEYOND]"


def _ratio_told(ratio: Bounds | None) -> str:
    """A ratio as the fraction that it is, with its value."""
    if ratio is None:
        return "undetermined"
    low = f"{ratio.low} ({float(ratio.low):.2f})"
    if ratio.exact is not None:
        return low
    if ratio.high is None:
        return f"undetermined, at least {low}"
    return f"undetermined, {low} to {ratio.high} ({float(ratio.high):.2f})"


@attrs.frozen(eq=False, repr=False)
class AgentExposures:
    """All exposures to one agent, by its nonproprietary name, in the order of the lines."""

    agent: str
    exposures: tuple[AgentExposure, ...]

    @property
    def drug_class(self) -> str | None:
        """The class of the drug; `None` where the library does not know it."""
        known = drug(self.agent)
        return known.drug_class if known else None

    @property
    def again(self) -> tuple[AgentExposure, ...]:
        """Every exposure but the first."""
        return self.exposures[1:]

    def __str__(self) -> str:
        head = self.agent if self.drug_class is None else f"{self.agent} ({self.drug_class})"
        rows = [head, *(f"  {each}" for each in self.exposures)]
        return "\n".join(text for row in rows for text in wrapped(row, " " * 4))

    def __repr__(self) -> str:
        return f"<AgentExposures {self.agent}: lines {[each.number for each in self.exposures]}>"


def exposures_by_agent(assessment: Assessment) -> tuple[AgentExposures, ...]:
    """Every agent that a patient was given, with all exposures to it, in the order of first use.

    Agents are told apart by canonical name (Reading RD-DRUG-NAMES). Each exposure is compared with
    the latest earlier one of its agent (Reading RD-EARLIER-EXPOSURE).

    Args:
        assessment: What `assess` returns.

    Returns:
        One element per agent; printed, one row per exposure.

    Raises:
        TypeError: Anything but an assessment.

    Example:
        >>> from mrecist import assess, example_case
        >>> agents = exposures_by_agent(assess(example_case()))
        >>> agents[0]
        <AgentExposures lenvatinib: lines [1, 3]>
    """
    check_type(assessment, Assessment, "exposures_by_agent() takes what assess() gives")
    found: dict[str, list[AgentExposure]] = {}
    lines = assessment.lines
    pairs = zip_longest(lines, lines[1:])
    for (line, following), bounds in zip(pairs, _days_on_treatment(lines), strict=True):
        shared: dict[str, Any] = {
            "line": line,
            "days": bounds,
            "ongoing": _is_ongoing(line, following),
            "beyond_progression": _beyond_progression(line, following),
        }
        earlier = lines[: line.number - 1]
        for agent, name in named(line.line.agents).items():
            before = found.setdefault(agent, [])
            before.append(
                AgentExposure(
                    agent=name,
                    facts=exposure(line.line, earlier, agent),
                    earlier=before[-1] if before else None,
                    class_mates=tuple(_class_mates(agent, earlier)),
                    **shared,
                )
            )
    return tuple(AgentExposures(agent, tuple(each)) for agent, each in found.items())


def _is_ongoing(line: LineAssessment, following: LineAssessment | None) -> bool:
    open_ended = line.line.stop is None and line.line.end_reason is None
    return following is None and open_ended and line.facts.chart.patient.death is None


def _class_mates(agent: str, earlier: tuple[LineAssessment, ...]) -> Iterator[tuple[str, int]]:
    """Other drugs of an agent's class in earlier lines, with their numbers (RD-CLASS-MATES)."""
    known = drug(agent)
    for line in earlier if known else ():
        for other_agent, name in named(line.line.agents).items():
            other = drug(other_agent)
            if other and other is not known and known and other.drug_class == known.drug_class:
                yield name, line.number


def sequence_text(assessment: Assessment, *, confirmed: bool = False) -> str:
    """The whole course in a row: `LEN PD > SOR PR > REG SD > SOR(re) PR > REG(re) SD`.

    Each line as its agents in short (Reading RD-ABBREVIATIONS), `(re)` after one that an earlier
    line had, and its best response. NE (not evaluable) and ND (no follow-up) stand as they are;
    `PD (NE before)` where follow-ups before the progression were not evaluable.

    Args:
        assessment: What `assess` returns.
        confirmed: Whether to give confirmed best responses.

    Returns:
        One line of text; empty for a patient without a line.

    Raises:
        TypeError: Anything but an assessment.

    Example:
        >>> from mrecist import assess, example_case
        >>> sequence_text(assess(example_case()))
        'LEN PR > ATE+BEV SD > LEN(re) PR'
    """
    check_type(assessment, Assessment, "sequence_text() takes what assess() gives")
    short = abbreviations(agent for line in assessment.lines for agent in named(line.line.agents))
    before: set[str] = set()
    told = []
    for line in assessment.lines:
        agents = named(line.line.agents)
        names = "+".join(short[agent] + "(re)" * (agent in before) for agent in agents)
        before |= agents.keys()
        best = line.confirmed_best_response if confirmed else line.best_response
        unread_before = " (NE before)" if unread(best, line.timepoints) else ""
        told.append(f"{names} {best}{unread_before}")
    return " > ".join(told)
