"""The published case on one screen: responses, exposure and a marker over time."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import zip_longest
from typing import TYPE_CHECKING

from .._base.converters import Date, day_number
from .._base.text import mm, when, wrapped
from .._base.words import Exposure, Response, State
from ..model import Marker
from ..patient.numbers import ids, unseen_lesions
from ..patient.reasons import new_lesions

if TYPE_CHECKING:
    from ..patient.assessment import Assessment, LineAssessment, TimepointAssessment


from ..patient.assessment import exposure_words

__all__ = ["WIDTH", "course", "legend"]
WIDTH = 80
_BARS = "▁▂▃▄▅▆▇█"


# ---- the course of a patient on one screen


def course(assessment: Assessment, *, marker: str = "AFP", bars: bool = True) -> str:
    """Every line on one screen: therapy and doses, verdicts with their ground, a marker's course.

    A line's time points are shown up to its first progression. `bars` draws the marker on a
    logarithmic scale.
    """
    lines = assessment.lines
    values = [each for each in assessment.patient.markers if each.name == marker]
    before = _before(assessment)
    parts = _rows(f"before  {before}") if before else []
    for line, following in zip_longest(lines, lines[1:]):
        parts += _head(line)
        told = [each for each in [_given(line)] if each]
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
            parts += _rows(" " * 8 + text)
    return "\n".join(parts)


def _rows(text: str) -> list[str]:
    return wrapped(text, " " * 10, WIDTH)


def _head(line: LineAssessment) -> list[str]:
    """The number and drugs of a line, and at the right edge its days and why it ended."""
    again = "" if line.exposure is Exposure.FIRST else ", AGAIN"
    why = "" if line.line.end_reason is None else f" ({line.line.end_reason})"
    stop = f"to {line.line.stop}{why}" if line.line.stop is not None else "on"
    left = f"line {line.number}  {' + '.join(line.line.agents)}{again}"
    right = f"{when(line.line.start)} {stop}"
    return _rows(f"{left:<{WIDTH - len(right) - 2}}  {right}")


def _happened(assessment: Assessment, first: int | None, last: int) -> str:
    """Events and procedures of some days in turn, without what stands in brackets."""
    patient = assessment.patient
    told = [(day_number(each.date), each.text) for each in patient.events]
    told += [(day_number(each.date), str(each)) for each in patient.procedures]
    return "; ".join(
        _short(text)
        for day, text in sorted(told, key=lambda row: row[0])
        if (first is None or first <= day) and day <= last
    )


def _before(assessment: Assessment) -> str:
    """What happened before the first line."""
    starts = [day_number(line.line.start) for line in assessment.lines]
    return _happened(assessment, None, starts[0] - 1) if starts else ""


def _then(assessment: Assessment, line: LineAssessment, following: LineAssessment | None) -> str:
    """What happened between the stop of a line and the start of the next."""
    if following is None or line.line.stop is None:
        return ""
    stop, start = day_number(line.line.stop), day_number(following.line.start)
    return _happened(assessment, stop, start)


def _short(text: str) -> str:
    """A text without what stands in brackets."""
    return text.partition(" (")[0]


def legend(assessment: Assessment) -> str:
    """The lesions of a case by their labels, up to the first comma."""
    told = [
        f"{lesion.id} {_short(lesion.label or lesion.organ).partition(',')[0]}"
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


def _given(line: LineAssessment) -> str:
    """Of which line a line is the repetition, and its doses in turn."""
    again = [] if line.exposure is Exposure.FIRST else [exposure_words(line)]
    return "; ".join([*again, *([_doses(line)] if line.line.doses else [])])


def _doses(line: LineAssessment) -> str:
    return " > ".join(_short(dose.text) for dose in line.line.doses)


def _until_progression(line: LineAssessment) -> list[TimepointAssessment]:
    shown = []
    for timepoint in line.timepoints:
        shown.append(timepoint)
        if timepoint.response is Response.PD:
            break
    return shown


def _verdict(timepoint: TimepointAssessment) -> str:
    """A verdict with its ground, and what the reader wrote where it is no verdict, in a row."""
    told = f"{timepoint.response} on {when(timepoint.date)}, {timepoint.source}"
    remark = timepoint.line.chart.visits[timepoint.place].note
    if remark is None or timepoint.response is not Response.NE:
        return f"{told}: {_ground(timepoint)}"
    return f"{told}: {_ground(timepoint)}; written: {_short(remark)}"


def _ground(timepoint: TimepointAssessment) -> str:
    """What a verdict rests on, in a few words."""
    if timepoint.source == "reported":
        unseen = ", ".join(unseen_lesions(timepoint))
        why = f" ({unseen} not evaluable)" if unseen else ""
        return f"the rules alone reach {timepoint.computed}{why}"
    grounds = []
    if timepoint.total_um is not None and timepoint.nadir_um is not None:
        sizes = timepoint.total_um, timepoint.nadir_um, timepoint.line.roles.baseline_um
        total, nadir, baseline = (mm(each).removesuffix(" mm") for each in sizes)
        grounds.append(f"total {total}, nadir {nadir}, baseline {baseline} mm")
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
