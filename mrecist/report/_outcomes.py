"""What a page says beside the verdicts: times to events, patterns of progression, markers."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from .._base.errors import CaseError
from .._base.text import DAYS_A_MONTH, when
from ..laboratory.marker_levels import AFP, PIVKA_II, Analyte, signed
from ..laboratory.marker_results import MarkerPoint
from ..laboratory.markers import MarkerCourse
from ..lines.records import Course, LineCourse
from ..lines.timing import course
from ..patient.assessment import Assessment
from ..rulebook.policies import FDA_A
from ._sizes import NOTHING

__all__ = ["TIMES_SHOWN", "LineTimes", "MarkerRow", "Outcomes", "Pattern", "outcomes"]

TIMES_SHOWN = {
    "pfs": "PFS", "ttp": "TTP", "ttr": "TTR", "dor": "DOR", "tot": "Treated", "os": "Survival",
}  # fmt: skip
"""The times of a page, with the heads of their columns."""


@attrs.frozen(kw_only=True)
class LineTimes:
    """The times of one line in months, and why its progression-free survival ended."""

    number: int
    agents: str
    depth: str
    months: tuple[str, ...]
    why: str
    rule: str


@attrs.frozen(kw_only=True)
class Pattern:
    """How one line progressed, in a sentence, with the codes and what they rest on."""

    number: int
    told: str
    why: tuple[str, ...]


@attrs.frozen(kw_only=True)
class MarkerRow:
    """A marker over one line: its reference, lowest and last value, and what the images say."""

    number: int
    marker: str
    reference: str
    nadir: str
    last: str
    beside: str


@attrs.frozen(kw_only=True)
class Outcomes:
    """All of it, for one patient."""

    policy: str
    times: tuple[LineTimes, ...]
    patterns: tuple[Pattern, ...]
    markers: tuple[MarkerRow, ...]


def outcomes(assessment: Assessment) -> Outcomes:
    """The times by the policy of the FDA, the patterns and the markers of a patient."""
    made = course(assessment, FDA_A)
    by = made.policy.title.partition(":")[0]
    return Outcomes(
        policy=f"In months of {DAYS_A_MONTH} days by {by}, without a schedule of visits; + is "
        "censored. TTR is the time to response, DOR its duration.",
        times=tuple(map(_times, made.lines)),
        patterns=tuple(_patterns(made)),
        markers=tuple(_markers(made)),
    )


def _times(line: LineCourse) -> LineTimes:
    pfs = line.times["pfs"]
    return LineTimes(
        number=line.number,
        agents=" + ".join(line.assessed.line.agents),
        depth=line.depth_percent.replace("unknown", NOTHING).replace("-", "−"),
        months=tuple(
            line.times[name].short if name in line.times else NOTHING for name in TIMES_SHOWN
        ),
        why=pfs.reason,
        rule=pfs.clause.id,
    )


def _patterns(made: Course) -> Iterator[Pattern]:
    for line in made.lines:
        if (found := line.pattern) is not None:
            told = tuple(f"{each.verdict}: {each.sentence}" for each in found.reasons)
            yield Pattern(number=line.number, told=str(found), why=told)


def _markers(made: Course) -> Iterator[MarkerRow]:
    """The rows of each marker that the patient has; one that cannot be read is left to notes."""
    for analyte in (AFP, PIVKA_II):
        if any(analyte.is_called(each.name) for each in made.assessment.patient.markers):
            try:
                yield from map(_marker_row, made.markers(analyte))
            except CaseError as error:
                yield _unread(analyte, error)


def _unread(analyte: Analyte, error: CaseError) -> MarkerRow:
    return MarkerRow(
        number=0,
        marker=analyte.name,
        reference=NOTHING,
        nadir=NOTHING,
        last=NOTHING,
        beside="not read: " + "; ".join(error.lines),
    )


def _marker_row(marker: MarkerCourse) -> MarkerRow:
    progression = marker.line.progression
    beside = [
        f"{when(each.date)}: {each.verdict}"
        for each in marker.beside_imaging()
        if each.discordant and (progression is None or each.date <= progression.date)  # type: ignore[operator]
    ]
    return MarkerRow(
        number=marker.line.number,
        marker=f"{marker.analyte.name}, {marker.analyte.unit}",
        reference=NOTHING if marker.reference is None else str(marker.reference.level),
        nadir=_point(marker.nadir),
        last=_point(marker.last),
        beside="; ".join(beside) or NOTHING,
    )


def _point(point: MarkerPoint | None) -> str:
    """A value with its change from the reference, where both are known."""
    if point is None:
        return NOTHING
    level, change = point.value.level, point.change
    return str(level) if change is None else f"{level} ({signed(change)})"
