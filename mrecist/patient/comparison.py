"""One patient under several criteria, side by side, as trials report mRECIST beside RECIST 1.1."""

from __future__ import annotations

import attrs

from .._base import html, text
from .._base.converters import Date
from .._base.words import Response
from ..model import Patient
from ..rulebook.criteria import MRECIST, RECIST_1_1, Criteria, criteria_named
from .assessment import Assessment
from .engine import assess

__all__ = ["Comparison", "ComparisonRow", "compare"]


@attrs.frozen
class ComparisonRow:
    """One follow-up (or, with `date` None, the best response of a line) under each criteria.

    `reported` tells where a reported verdict stands in for the computed one.
    """

    line: int
    date: Date | None
    responses: tuple[Response, ...]
    reported: tuple[bool, ...]

    @property
    def differ(self) -> bool:
        """Whether the criteria disagree."""
        return len(set(self.responses)) > 1


@attrs.frozen(repr=False)
class Comparison:
    """The assessments of one patient under several criteria. `str()` gives the table."""

    assessments: tuple[Assessment, ...]

    @property
    def rows(self) -> tuple[ComparisonRow, ...]:
        """Every follow-up of every line, and after them the best response of the line."""
        rows = []
        for lines in zip(*(each.lines for each in self.assessments), strict=True):
            number = lines[0].number
            for timepoints in zip(*(line.timepoints for line in lines), strict=True):
                told = tuple(timepoint.response for timepoint in timepoints)
                reported = tuple(timepoint.source == "reported" for timepoint in timepoints)
                rows.append(ComparisonRow(number, timepoints[0].date, told, reported))
            best = tuple(line.best_response for line in lines)
            rows.append(ComparisonRow(number, None, best, (False,) * len(best)))
        return tuple(rows)

    def __str__(self) -> str:
        told = [self.assessments[0].patient.id, *text.grid(self._grid())]
        return "\n".join([*told, *self._footnotes()])

    def _repr_html_(self) -> str:
        head, *rows = self._grid()
        told = html.table(self.assessments[0].patient.id, head, rows)
        return told + html.paragraphs(self._footnotes())

    def _grid(self) -> list[tuple[str, ...]]:
        head = ("line", "date", *(each.criteria.name for each in self.assessments), "")
        rows = [
            (
                str(row.line),
                "best" if row.date is None else str(row.date),
                *map(_marked, row.responses, row.reported),
                "differ" if row.differ else "",
            )
            for row in self.rows
        ]
        return [head, *rows]

    def _footnotes(self) -> list[str]:
        reported = any(any(row.reported) for row in self.rows)
        return ["* as reported: the criteria reach no graded verdict there"] if reported else []

    def __repr__(self) -> str:
        names = ", ".join(each.criteria.name for each in self.assessments)
        return f"<Comparison {self.assessments[0].patient.id}: {names}>"


def _marked(response: Response, reported: bool) -> str:
    return f"{response}*" if reported else str(response)


def compare(patient: Patient, *criteria: Criteria | str) -> Comparison:
    """Judge one patient by several criteria; HCC mRECIST and RECIST 1.1 where none are named.

    The windows of the lines do not depend on the criteria, so every row has all verdicts.
    """
    chosen = [criteria_named(each) for each in criteria or (MRECIST, RECIST_1_1)]
    return Comparison(tuple(assess(patient, criteria=each) for each in chosen))
