"""A patient by iRECIST: every line followed, its best responses, and how it ended."""

from __future__ import annotations

import attrs

from .._base.words import ImmuneResponse
from ..rulebook.confirmation import NEVER, confirmations
from ..rulebook.criteria import Criteria
from ..rulebook.decision_table import Rule
from ..rulebook.immune import AS_COUNTED, IMMUNE_BEST
from ..rulebook.immune_criteria import ImmuneCriteria
from . import best_response
from . import exposure as therapy
from .assessment import Assessment, LineAssessment
from .immune import Scan, follow_immune, spoken, with_i
from .immune_assessment import (
    ImmuneAssessment,
    ImmuneLine,
    ImmunePending,
    ImmuneProgression,
    ImmuneTimepoint,
)
from .joined import follow_joined, joined_course, spoken_plainly

__all__ = ["best_of", "immune_assessment"]


def immune_assessment(base: Assessment, criteria: ImmuneCriteria) -> ImmuneAssessment:
    """The answer by iRECIST, over an assessment that was made without reported verdicts."""
    if not base.lines:
        return ImmuneAssessment(base.patient, criteria, (), base)
    days = [visit.days for visit in base.lines[0].facts.chart.visits]
    lines: list[ImmuneLine] = []
    if criteria.joined:
        words = dict(enumerate(spoken_plainly(base.patient, criteria, days)))
        for line in base.lines:
            lines.append(_joined_line(line, follow_joined(line, criteria, words), criteria, lines))
        return ImmuneAssessment(base.patient, criteria, tuple(lines), base)
    said = dict(enumerate(spoken(base.patient, criteria, days)))
    for line in base.lines:
        scans = follow_immune(line, criteria, said)
        timepoints = tuple(ImmuneTimepoint(scan, criteria) for scan in scans)
        lines.append(_line(line, scans, timepoints, lines))
    return ImmuneAssessment(base.patient, criteria, tuple(lines), base)


def _joined_line(
    base: LineAssessment,
    scans: tuple[Scan, ...],
    criteria: ImmuneCriteria,
    earlier: list[ImmuneLine],
) -> ImmuneLine:
    """One line by imRECIST: the first PD that no later scan refutes is its progression."""
    counted = [scan for scan in scans if not scan.partial]
    joined = joined_course(counted, base, criteria)
    end = joined.end
    return ImmuneLine(
        base,
        tuple(ImmuneTimepoint(scan, criteria) for scan in scans),
        best_response.best(joined.course),
        best_response.confirmed(joined.course),
        None if end is None else _progression(end.scan, end.confirmed),
        None,
        therapy.exposure(base.line, earlier),
        joined,
    )


def _progression(first: Scan, confirmed: Scan | None) -> ImmuneProgression:
    found = ImmuneProgression(first.base.date, first.day, first.causes)
    if confirmed is None:
        return found
    return attrs.evolve(found, confirmed=confirmed.base.date, confirmed_day=confirmed.day)


def _line(
    base: LineAssessment,
    scans: tuple[Scan, ...],
    timepoints: tuple[ImmuneTimepoint, ...],
    earlier: list[ImmuneLine],
) -> ImmuneLine:
    counted = [scan for scan in scans if not scan.partial]
    best, confirmed = best_of(
        [with_i(scan.response) for scan in counted],
        [scan.day for scan in counted],
        base.facts.chart.criteria,
    )
    progression, pending = _ends(counted)
    exposure = therapy.exposure(base.line, earlier)
    return ImmuneLine(base, timepoints, best, confirmed, progression, pending, exposure)


def best_of(
    words: list[ImmuneResponse], days: list[int], criteria: Criteria
) -> tuple[Rule[ImmuneResponse], Rule[ImmuneResponse]]:
    """The rules of the best response of a line, unconfirmed and confirmed (RD-IR-BEST)."""
    late = {word for word, day in zip(words, days, strict=True) if day >= criteria.stable_days}
    rest = (
        ImmuneResponse.NON_CR_NON_UPD in late,
        ImmuneResponse.NED in words,
        ImmuneResponse.CPD in words,
        ImmuneResponse.UPD in words,
        bool(words),
    )
    alone = (ImmuneResponse.CR in words, ImmuneResponse.PR in words, ImmuneResponse.SD in late)
    codes = [AS_COUNTED[word] for word in words]
    twice = confirmations(zip(codes, days, strict=True), criteria)
    sure = (
        twice["confirmed_cr"] < NEVER,
        twice["confirmed_pr"] < NEVER,
        bool(late & {ImmuneResponse.CR, ImmuneResponse.PR, ImmuneResponse.SD}),
    )
    return IMMUNE_BEST.decide(*alone, *rest), IMMUNE_BEST.decide(*sure, *rest)


def _ends(counted: list[Scan]) -> tuple[ImmuneProgression | None, ImmunePending | None]:
    """The confirmed progression of a line, else what is pending at its end."""
    first: Scan | None = None
    for scan in counted:
        if scan.response is ImmuneResponse.CPD:
            begun = first or scan
            return _progression(begun, scan), None
        if scan.response is ImmuneResponse.UPD:
            first = first or scan
        elif scan.response is not ImmuneResponse.NE:
            first = None
    return None, None if first is None else ImmunePending(first.base.date, first.day, first.causes)
