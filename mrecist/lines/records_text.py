"""A patient's course across the lines as text: one screen, a row a line in months."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._base.errors import CaseError
from .._base.text import DAYS_A_MONTH, grid, when, wrapped
from ..laboratory.marker_levels import AFP, PIVKA_II, signed
from ..laboratory.marker_rules import AFP_R50R20_AB

if TYPE_CHECKING:
    from ..laboratory.markers import MarkerCourse
    from .records import Course, LineCourse


__all__ = ["course_text"]

_HEAD = (
    "line", "agents", "best", "confirmed", "depth", "to response", "response", "TTP", "PFS", "PFS2",
    "treated", "survival", "ratio",
)  # fmt: skip
_TIMES = ("ttr", "dor", "ttp", "pfs", "pfs2", "tot", "os")


def course_text(course: Course) -> str:
    """A row a line, why each held as long, agents that were given again, and the markers."""
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
    times = (line.times[name].short if name in line.times else "-" for name in _TIMES)
    assessed = line.assessed
    return (
        str(line.number), line.agents, str(assessed.best_response),
        str(assessed.confirmed_best_response), line.depth_percent.replace("unknown", "-"),
        *times, line.growth.shown if line.growth and line.growth.days else "-",
    )  # fmt: skip


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
    """Every marker that the patient has, one row a line; what could not be read is told."""
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
