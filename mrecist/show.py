"""Assessments as text tables for a terminal: one patient, criteria side by side, the demo."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from ._doors import Date, day_number
from ._numbers import ids, mm, percent, when, wrapped
from .codes import Exposure, NewLesion, Response, State
from .model import Marker
from .reasons import new_lesions

if TYPE_CHECKING:
    from .assessment import Assessment, LineAssessment, TimepointAssessment

__all__ = [
    "coloured",
    "course",
    "grid",
    "legend",
    "line_rows",
    "line_words",
    "summary",
    "summary_rows",
    "timepoint_rows",
]

Style = Response | Literal["head"] | None
"""How a row may be coloured: by its response, as a heading, or not at all."""

Row = tuple[str, Style]

_COLOURS: dict[Style, str] = {
    "head": "1",
    Response.CR: "32",
    Response.PR: "32",
    Response.SD: "33",
    Response.NON_CR_NON_PD: "33",
    Response.PD: "31",
}
_BARS = "▁▂▃▄▅▆▇█"


def coloured(text: str, style: Style) -> str:
    """Text in the colour of its style, for a terminal."""
    return f"\033[{_COLOURS[style]}m{text}\033[0m" if style in _COLOURS else text


def grid(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows as aligned columns."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _length(um: int | None) -> str:
    return "-" if um is None else mm(um).removesuffix(" mm")


def summary(assessment: Assessment) -> str:
    """One patient as a person reads it: each line with its time points and what it came to."""
    return "\n".join(text for text, _ in summary_rows(assessment))


def summary_rows(assessment: Assessment) -> list[Row]:
    """The rows of `summary`, each with its style."""
    rows: list[Row] = [(f"{assessment.patient.id}: {assessment.criteria.label}", "head")]
    for line in assessment.lines:
        rows += [("", None), *line_rows(line)]
    if not assessment.lines:
        rows.append(("  no line of therapy", None))
    rows += [(f"! {sentence}", None) for sentence in assessment.problems.sentences]
    return rows + [(f"note: {note}", None) for note in assessment.notes]


_HEAD = (
    "date", "day", "total", "change", "nadir", "from nadir", "target", "non-target", "new",
    "response", "",
)  # fmt: skip


def line_rows(line: LineAssessment) -> list[Row]:
    """One line of therapy: its baseline, its time points as a table, what it came to."""
    head, baseline, outcome = line_words(line)
    rows: list[Row] = [(head, "head"), (f"  {baseline}", None)]
    if line.timepoints:
        table = grid(timepoint_rows(line))
        styles: list[Style] = [None, *(timepoint.response for timepoint in line.timepoints)]
        rows += [(f"  {text}", style) for text, style in zip(table, styles, strict=True)]
    return rows + [(f"  {text}", None) for text in outcome]


def line_words(line: LineAssessment) -> tuple[str, str, list[str]]:
    """A line in words: what it is, its baseline, and what it came to with all that is odd."""
    head = f"Line {line.number}: {' + '.join(line.line.agents)} from {when(line.line.start)}"
    baseline = "no baseline"
    if line.baseline is not None:
        targets = f"targets {', '.join(line.targets) or 'none'}"
        nontargets = f"non-targets {', '.join(line.nontargets) or 'none'}"
        total = f", total {mm(line.baseline_total_um)}" if line.baseline_total_um else ""
        baseline = f"baseline {when(line.baseline)}{total}; {targets}; {nontargets}"
    best = f"best response {line.best_response}, confirmed {line.confirmed_best_response}"
    if line.progression is not None:
        causes = ", ".join(str(cause) for cause in line.progression.causes)
        best += f"; progression on {when(line.progression.date)} ({causes})"
    problems = line.problems
    for timepoint in line.timepoints:
        problems |= timepoint.problems
    odd = [f"! {sentence}" for sentence in problems.sentences]
    return f"{head} ({exposure_words(line)})", baseline, [best, *odd]


def timepoint_rows(line: LineAssessment) -> list[tuple[str, ...]]:
    """The time points of a line as a table, its head first."""
    return [_HEAD, *(_row(timepoint) for timepoint in line.timepoints)]


def exposure_words(line: LineAssessment) -> str:
    """What a line is to its agents, with the line before and the days between."""
    if line.exposure is Exposure.FIRST:
        return str(line.exposure)
    days = "" if line.drug_free_days is None else f", {line.drug_free_days} days off it"
    return f"{line.exposure} of line {line.rechallenge_of}{days}"


def _row(timepoint: TimepointAssessment) -> tuple[str, ...]:
    reported = ""
    if timepoint.source == "reported":
        reported = f"as reported (computed {timepoint.computed})"
    elif timepoint.agrees is False:
        reported = f"reported {timepoint.reported}"
    return (
        str(timepoint.date),
        str(timepoint.day),
        _length(timepoint.total_um),
        _change(timepoint.total_um, timepoint.line.roles.baseline_um),
        _length(timepoint.nadir_um),
        _change(timepoint.total_um, timepoint.nadir_um),
        str(timepoint.target),
        str(timepoint.nontarget),
        str(timepoint.new_lesion) if timepoint.new_lesion is not NewLesion.NO else "-",
        str(timepoint.response),
        reported,
    )


def _change(um: int | None, reference: int | None) -> str:
    """A change against a reference as a signed percentage, cut, for display."""
    if um is None or not reference:
        return "-"
    sign = "-" if um < reference else "+"
    return sign + percent(abs(um - reference), reference).replace(" ", "")


# ---- the course of a patient on one screen


def course(assessment: Assessment, *, marker: str = "AFP", bars: bool = True) -> str:
    """Every line on one screen: therapy and doses, verdicts with their ground, a marker's course.

    A line's time points are shown up to its first progression. `bars` draws the marker on a
    logarithmic scale.
    """
    lines = assessment.lines
    values = [each for each in assessment.patient.markers if each.name == marker]
    parts = []
    for line, following in zip(lines, [*lines[1:], None], strict=True):
        again = "" if line.exposure is Exposure.FIRST else f", AGAIN: {exposure_words(line)}"
        why = "" if line.line.end_reason is None else f" ({line.line.end_reason})"
        stop = f"to {line.line.stop}{why}" if line.line.stop is not None else "on"
        head = f"line {line.number}  {' + '.join(line.line.agents)}{again}"
        parts += wrapped(f"{head:<58}  {when(line.line.start)} {stop}", " " * 10)
        told = [_doses(line)] if line.line.doses else []
        told += [_verdict(timepoint) for timepoint in _until_progression(line)]
        until = line.line.stop if following is None else line.line.stop or following.line.start
        mine = [each for each in values if _within(each, line.line.start, until)]
        if mine:
            drawn = "  " + "".join(_bar(each, values) for each in mine) if bars else ""
            numbers = " ".join(_number(each) for each in mine)
            told.append(f"{marker} {numbers} {mine[0].unit}{drawn}")
        after = _then(assessment, line, following)
        told += [f"then {after}"] if after else []
        for text in told:
            parts += wrapped(" " * 8 + text, " " * 10)
    return "\n".join(parts)


def _then(assessment: Assessment, line: LineAssessment, following: LineAssessment | None) -> str:
    """What happened between the stop of a line and the start of the next."""
    if following is None or line.line.stop is None:
        return ""
    events = [
        event.text.partition(" (")[0]
        for event in assessment.patient.events
        if day_number(line.line.stop) <= day_number(event.date) <= day_number(following.line.start)
    ]
    return "; ".join(events)


def legend(assessment: Assessment) -> str:
    """The lesions of a case by their labels, up to the first comma."""
    told = [
        f"{lesion.id} {(lesion.label or lesion.organ).partition(',')[0]}"
        for lesion in assessment.patient.lesions
    ]
    return "; ".join(told)


def _within(value: Marker, start: Date, until: Date | None) -> bool:
    day = day_number(value.date)
    return day_number(start) <= day and (until is None or day <= day_number(until))


def _number(value: Marker) -> str:
    return value.value if isinstance(value.value, str) else f"{value.value:f}"


def _bar(value: Marker, values: Sequence[Marker]) -> str:
    """A marker value as a bar, on a logarithmic scale over the whole course."""
    logs = [float(_decimal(each).log10()) for each in values]
    low, high = min(logs), max(logs)
    share = (float(_decimal(value).log10()) - low) / (high - low) if high > low else 0
    return _BARS[round(share * (len(_BARS) - 1))]


def _decimal(value: Marker) -> Decimal:
    if isinstance(value.value, Decimal):
        return value.value
    return Decimal(value.value.strip(" \t\n\r<>="))


def _doses(line: LineAssessment) -> str:
    """The doses of a line in turn, without what stands in brackets."""
    return " > ".join(dose.text.partition(" (")[0] for dose in line.line.doses)


def _until_progression(line: LineAssessment) -> list[TimepointAssessment]:
    shown = []
    for timepoint in line.timepoints:
        shown.append(timepoint)
        if timepoint.response is Response.PD:
            break
    return shown


def _verdict(timepoint: TimepointAssessment) -> str:
    """A verdict with its ground, in one sentence."""
    at = when(timepoint.date)
    return f"{timepoint.response} on {at}, {timepoint.source}: {_ground(timepoint)}"


def _ground(timepoint: TimepointAssessment) -> str:
    """What a verdict rests on, in a few words."""
    if timepoint.source == "reported":
        return f"the rules alone reach {timepoint.computed}"
    grounds = []
    if timepoint.total_um is not None and timepoint.nadir_um is not None:
        told = f"total {mm(timepoint.total_um)}, nadir {mm(timepoint.nadir_um)}"
        grounds.append(f"{told}, baseline {mm(timepoint.line.roles.baseline_um)}")
    roles, states = timepoint.line.roles, timepoint.states
    for state in (State.PROGRESSED, State.NOT_EVALUABLE):
        found = [i for i, each in zip(roles.nontargets, states, strict=True) if each is state]
        if found:
            grounds.append(f"{', '.join(ids(timepoint.line.chart, found))} {state}")
    for words, lesions in new_lesions(timepoint).items():
        grounds.append(f"{', '.join(lesions)} new ({words})")
    if timepoint.recurrences:
        again = ", ".join(ids(timepoint.line.chart, timepoint.recurrences))
        grounds.append(f"{again} again after complete response")
    return "; ".join(grounds) or f"target {timepoint.target}, non-target {timepoint.nontarget}"
