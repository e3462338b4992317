"""What a page says by criteria of immunotherapy, which stand beside those that it is of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs

from .._base.converters import day_number
from .._base.text import DAYS_A_MONTH, when
from .._base.words import ImmuneResponse, PendingIs, Response
from ..lines.immune_records import ImmuneLineTimes
from ..lines.timing import course
from ..model import Patient
from ..patient.assessment import Assessment
from ..patient.engine import assess, assessment_of
from ..patient.immune_assessment import ImmuneAssessment, ImmuneLine, ImmuneTimepoint
from ..patient.immune_reasons import immune_steps
from ..patient.reasons import Reason
from ..rulebook.criteria import Criteria
from ..rulebook.decision_table import Rule
from ..rulebook.immune_criteria import ImmuneCriteria, immune_criteria
from ..rulebook.papers import Citation
from ..rulebook.policies import FDA_A
from ..rulebook.readings import IR_DAY, Reading
from ._outcomes import TIMES_SHOWN
from ._sizes import NOTHING

__all__ = ["Beside", "beside_of", "both", "judged", "label_of", "sources_beside", "summary_beside"]


@attrs.frozen(kw_only=True)
class ImmuneScan:
    """A follow-up: its word, whether a reader gave it, and why."""

    date: Any
    day: int
    word: Response | ImmuneResponse
    note: str
    reasons: tuple[Reason, ...]


@attrs.frozen(kw_only=True)
class BesideLine:
    """One line: its best responses, its progression in words, its times in months."""

    number: int
    agents: str
    best: Response | ImmuneResponse
    confirmed: Response | ImmuneResponse
    progression: str
    months: tuple[str, ...]
    why: str
    rule: str
    scans: tuple[ImmuneScan, ...]
    reasons: tuple[Reason, ...]


@attrs.frozen(kw_only=True)
class Beside:
    """All of it, for one patient."""

    assessment: ImmuneAssessment
    name: str
    label: str
    policy: str
    lines: tuple[BesideLine, ...]


def judged(
    given: Patient | Assessment | ImmuneAssessment, criteria: Any = None
) -> Assessment | ImmuneAssessment:
    """What a page is of: an assessment as it is, or that of a chart by the criteria asked for."""
    if isinstance(given, ImmuneAssessment):
        if criteria is not None:
            told = f"an assessment has its criteria, {given.criteria.name}; give no other"
            raise TypeError(told)
        return given
    asked = immune_criteria(criteria)
    if isinstance(given, Patient) and asked is not None:
        return assess(given, criteria=asked)
    return assessment_of(given, criteria)


def both(found: Assessment | ImmuneAssessment) -> tuple[Assessment, ImmuneAssessment | None]:
    """The assessment that a page is of, and that by criteria of immunotherapy, if there is one.

    A page by iRECIST is one by the criteria beneath it, with iRECIST beside.
    """
    if isinstance(found, ImmuneAssessment):
        return assess(found.patient, criteria=found.criteria.base), found
    return found, None


def label_of(criteria: Criteria, beside: ImmuneCriteria | None) -> str:
    """What a page says that it is by."""
    return criteria.label if beside is None else f"{criteria.label}, with {beside.label} beside"


def summary_beside(immune: ImmuneAssessment | None) -> Iterator[str]:
    """The latest word by criteria of immunotherapy."""
    visits = [t for line in immune.lines for t in line.timepoints] if immune is not None else []
    if immune is not None and visits:
        last = max(visits, key=lambda each: day_number(each.date))
        yield f"by {immune.criteria.name} {last.response} on {when(last.date)}"


def beside_of(assessment: ImmuneAssessment) -> Beside:
    """The words, progression and times of a patient by criteria of immunotherapy."""
    made, criteria = course(assessment, FDA_A), assessment.criteria
    ends = (
        "progression is a PD that no later scan refutes"
        if criteria.joined
        else "progression is what a later scan confirmed, dated to the first scan that showed it; "
        f"pending at the end: {PendingIs.BY_COURSE}"
    )
    title = made.policy.title.partition(":")[0]
    return Beside(
        assessment=assessment,
        name=criteria.name,
        label=criteria.label,
        policy=f"In months of {DAYS_A_MONTH} days by {title}; {ends}. + is censored.",
        lines=tuple(map(_line, made.lines)),
    )


def _line(timed: ImmuneLineTimes) -> BesideLine:
    line, pfs = timed.assessed, timed.times["pfs"]
    return BesideLine(
        number=line.number,
        agents=" + ".join(line.line.agents),
        best=line.best_response,
        confirmed=line.confirmed_best_response,
        progression=_progression(line),
        months=tuple(
            timed.times[name].short if name in timed.times else NOTHING for name in TIMES_SHOWN
        ),
        why=pfs.reason,
        rule=pfs.clause.id,
        scans=tuple(map(_scan, line.timepoints)),
        reasons=line.reasons,
    )


def _scan(timepoint: ImmuneTimepoint) -> ImmuneScan:
    note = "as reported" if timepoint.source == "reported" else ""
    return ImmuneScan(
        date=timepoint.date,
        day=timepoint.day,
        word=timepoint.response,
        note=note,
        reasons=timepoint.reasons,
    )


def _progression(line: ImmuneLine) -> str:
    """The progression of a line, what confirmed it, or what is pending."""
    if (found := line.progression) is not None:
        told = "" if found.confirmed is None else f", confirmed {when(found.confirmed)}"
        return when(found.date) + told
    if line.pending is not None:
        return f"none; that of {when(line.pending.date)} is unconfirmed"
    return "none"


def sources_beside(assessment: ImmuneAssessment) -> Iterator[Citation | Reading]:
    """Every paper and reading that a word rests on, beyond those of the criteria beneath."""
    rules: list[Rule[Any]] = []
    for line in assessment.lines:
        rules += [line.best_rule, line.confirmed_rule]
        rules += [end.rule for end in line.joined.ends] if line.joined is not None else []
        for timepoint in line.timepoints:
            rules += [timepoint.scan.overall, *(rule for _, rule in immune_steps(timepoint.scan))]
    if not assessment.criteria.joined:
        yield IR_DAY
    for rule in rules:
        yield from (rule.source, *rule.readings)
