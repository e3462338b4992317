"""The reasons as text for people: `explain`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from .._base.converters import Date
from .._base.errors import NotThereError, Problem
from .._base.text import Text, when, wrapped
from .._base.words import Standing, Status
from ..rulebook.decision_table import Rule
from ..rulebook.papers import Citation, Evidence
from ..rulebook.readings import Reading
from .assessment import Assessment, LineAssessment, TimepointAssessment, whose
from .dated import is_on, not_there
from .facts import LineFacts
from .lesion_notes import lesions
from .numbers import size_words
from .reasons import timepoint_reasons, timepoint_rules, unread
from .sights import UNRECORDED

if TYPE_CHECKING:
    from .immune_assessment import ImmuneAssessment
    from .lesion_assessment import LesionAssessment

__all__ = ["explain"]


def explain(
    assessment: Assessment | LesionAssessment | ImmuneAssessment,
    *,
    line: int | None = None,
    date: Date | str | None = None,
) -> str:
    """The reasons for every verdict as text, or for one line (from 1), or for one date.

    For each verdict: the rule with its id, the sizes and totals it saw, the share that was reached
    or missed and by how many millimetres, and the source with its evidence level. The same facts as
    data: `reasons` and `lesions` of a line or a time point.

    Args:
        assessment: What `assess` returns.
        line: The number of the line, from 1; left out, all lines.
        date: The date of a time point; left out, all time points and what holds for the line.

    Returns:
        Text of several lines, at most 100 characters wide.

    Raises:
        NotThereError: There is no such line or date; the message names what there is.
        TypeError: Anything but an assessment.

    Example:
        >>> from mrecist import assess, example_case
        >>> explain(assess(example_case()), line=2).splitlines()[2]
        'Line 2: atezolizumab + bevacizumab, from 2023-10-02'
    """
    if not isinstance(assessment, Assessment):
        if hasattr(assessment, "told"):
            return Text(assessment.told(line=line, date=date))
        told = type(assessment).__name__
        raise TypeError(f"explain() takes an Assessment, got {told}; call assess() first")
    parts = [f"{whose(assessment.patient)}, by {assessment.criteria.label}"]
    parts += _problem_lines(assessment.problems, "")
    parts += [f"note: {note}" for note in assessment.notes]
    wanted = [each for each in assessment.lines if line in (None, each.number)]
    rules: list[Rule[Any]] = []
    for each in wanted:
        timepoints = [t for t in each.timepoints if date is None or is_on(t, date)]
        if date is None:
            parts += ["", *_line_text(each)]
            rules += [each.best_rule, each.confirmed_rule, each.re_exposure.rule]
        elif timepoints:
            parts += ["", _line_head(each)]
        for timepoint in timepoints:
            parts += ["", *_timepoint_text(timepoint)]
            rules += [rule for _, rule in timepoint_rules(timepoint)]
    if (line is not None and not wanted) or (date is not None and not rules):
        raise NotThereError(not_there(assessment, line, date))
    return Text("\n".join(_wrapped([*parts, "", *_sources(rules)])))


def _wrapped(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        indent = " " * (len(line) - len(line.lstrip()) + 2)
        yield from wrapped(line, indent)


def _sources(rules: Iterable[Rule[Any]]) -> list[str]:
    """The papers and readings behind some rules in full, and what the evidence levels mean."""
    found = dict.fromkeys(source for rule in rules for source in (rule.source, *rule.readings))
    cited = [source for source in found if isinstance(source, Citation)]
    papers = sorted({str(citation.paper) for citation in cited})
    levels = sorted({citation.evidence for citation in cited}, key=list(Evidence).index)
    parts = ["Sources", *(f"  {paper}" for paper in papers)]
    parts += [f"  [{level.name.lower()}]: {level.value}" for level in levels]
    readings = sorted((each.id, each.decision) for each in found if isinstance(each, Reading))
    return [
        *parts,
        *(f"  Reading {name}, a decision of this project: {told}" for name, told in readings),
    ]


def _problem_lines(problems: Problem, indent: str) -> list[str]:
    return [f"{indent}! {sentence}" for sentence in problems.sentences]


def _was_there(facts: LineFacts) -> list[bool]:
    """Which lesions the baseline, or else their prior record, records as anything but absent."""
    prior = enumerate(facts.roles.records.prior)
    sights = [UNRECORDED if place is None else facts.plain(place, i) for i, place in prior]
    return [sight.recorded and sight.status is not Status.ABSENT for sight in sights]


def _line_head(line: LineAssessment) -> str:
    return f"Line {line.number}: {' + '.join(line.line.agents)}, from {when(line.line.start)}"


def _line_text(line: LineAssessment) -> list[str]:
    parts = [_line_head(line), "  no baseline"]
    if line.baseline is not None:
        total = line.baseline_total_um
        with_total = (
            ""
            if total is None
            else f", total of the targets {size_words(line.facts.chart.criteria, total)}"
        )
        parts[-1] = f"  baseline {when(line.baseline)}{with_total}"
        each = zip(line.lesions, _was_there(line.facts), strict=True)
        parts += [f"    {note}" for note, there in each if there or note.counted]
    for reason in line.reasons:
        parts += [f"  {reason.step}: {reason.verdict}; {reason.sentence}"]
        parts += [f"    [{reason.reference}]"]
    if unread_days := unread(line.best_response, line.timepoints):
        parts.append(f"  {unread_days}")
    if line.progression is not None:
        causes = ", ".join(str(cause) for cause in line.progression.causes)
        at = f"{when(line.progression.date)}, day {line.progression.day} of the line"
        parts.append(f"  progression on {at}: {causes}")
    return parts + _problem_lines(line.problems, "  ")


def _timepoint_text(timepoint: TimepointAssessment) -> list[str]:
    source = ", reported" if timepoint.standing.verdict is Standing.STANDS_IN else ""
    at = f"{when(timepoint.date)} (day {timepoint.day} of the line)"
    parts = [f"  {at}: {timepoint.response_word}{source}"]
    for reason in timepoint_reasons(timepoint):
        parts.append(f"    {reason.step} {reason.verdict}: {reason.sentence}")
        parts.append(f"      [{reason.reference}]")
    facts = timepoint.line
    for i, note in enumerate(lesions(timepoint)):
        recorded = facts.sights(timepoint.place, i).recorded
        if note.counted or recorded or note.role in {"target", "non-target"}:
            parts.append(f"    - {note}")
    remark = facts.chart.visits[timepoint.place].note
    parts += [] if remark is None else [f"    remark: {' '.join(remark.split())}"]
    return parts + _problem_lines(timepoint.problems, "    ")
