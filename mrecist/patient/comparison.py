"""One patient under several criteria, side by side, as trials report mRECIST beside RECIST 1.1."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import attrs

from .._base import html, text
from .._base.converters import Date
from .._base.words import Cause, ImmuneResponse, Response, Verdict
from ..model import Patient
from ..rulebook.criteria import MRECIST, RECIST_1_1, Criteria, criteria_named
from ..rulebook.decision_table import Rule
from ..rulebook.immune import IMMUNE_REPORTED
from ..rulebook.immune_criteria import ImmuneCriteria, immune_criteria
from ..rulebook.overall import NO_PART
from ..rulebook.papers import Citation
from ..rulebook.readings import Reading
from .assessment import Assessment, TimepointAssessment
from .engine import assess
from .immune_assessment import ImmuneAssessment, ImmuneTimepoint
from .immune_reasons import immune_steps
from .reasons import timepoint_rules

__all__ = ["Comparison", "ComparisonRow", "compare"]


@attrs.frozen
class ComparisonRow:
    """One follow-up (or, with `date` None, the best response of a line) under each criteria.

    `reported` tells where a reported verdict stands in for the computed one. `rests_on` tells, for
    each verdict, the weakest source among the rules behind it, where that is one to look at:
    `"recalled"` (a rule known from memory) or `"reading"` (a decision of this project); else empty.
    """

    line: int
    date: Date | None
    responses: tuple[Response | ImmuneResponse, ...]
    reported: tuple[bool, ...]
    rests_on: tuple[str, ...]

    @property
    def differ(self) -> bool:
        """Whether the criteria disagree: a word with an i counts as the same word without it."""
        return len(set(map(_plain, self.responses))) > 1


@attrs.frozen(repr=False)
class Comparison:
    """The assessments of one patient under several criteria. `str()` gives the table."""

    assessments: tuple[Assessment | ImmuneAssessment, ...]

    @property
    def rows(self) -> tuple[ComparisonRow, ...]:
        """Every follow-up of every line, and after them the best response of the line."""
        rows = []
        for lines in zip(*(each.lines for each in self.assessments), strict=True):
            number = lines[0].number
            for timepoints in zip(*(line.timepoints for line in lines), strict=True):
                told = tuple(timepoint.response for timepoint in timepoints)
                reported = tuple(timepoint.source == "reported" for timepoint in timepoints)
                rests_on = tuple(map(_weakest_of, timepoints))
                rows.append(ComparisonRow(number, timepoints[0].date, told, reported, rests_on))
            best = tuple(line.best_response for line in lines)
            rests_on = tuple(_weakest([line.best_rule]) for line in lines)
            rows.append(ComparisonRow(number, None, best, (False,) * len(best), rests_on))
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
                *map(_marked, self._words(row), row.reported, row.rests_on),
                "differ" if row.differ else "",
            )
            for row in self.rows
        ]
        return [head, *rows]

    def _words(self, row: ComparisonRow) -> list[str]:
        """The responses of a row as their criteria call them, best responses alike in all."""
        if row.date is None:
            return [str(each) for each in row.responses]
        every = zip(self.assessments, row.responses, strict=True)
        return [_word(each.criteria, response) for each, response in every]

    def _footnotes(self) -> list[str]:
        rows = self.rows
        notes = [_REPORTED] if any(any(row.reported) for row in rows) else []
        found = {each for row in rows for each in row.rests_on}
        return notes + [told for word, (_, told) in _MARKS.items() if word in found]

    def __repr__(self) -> str:
        names = ", ".join(each.criteria.name for each in self.assessments)
        return f"<Comparison {self.assessments[0].patient.id}: {names}>"


_REPORTED = "* as reported: the criteria reach no graded verdict there"
_MARKS = {
    "recalled": ("?", "? rests on a rule known from memory: mrecist rules --to-check"),
    "reading": ("~", "~ rests on a decision of this project: mrecist rules --readings"),
}
"""How a verdict is marked by what it rests on, and what the mark means; the weakest first."""


def _plain(response: Response | ImmuneResponse) -> Response:
    return IMMUNE_REPORTED[response] if isinstance(response, ImmuneResponse) else response


def _word(criteria: Criteria | ImmuneCriteria, response: Response | ImmuneResponse) -> str:
    if isinstance(criteria, Criteria) and isinstance(response, Response):
        return criteria.word(response)
    return str(response)


def _marked(response: str, reported: bool, rests_on: str) -> str:
    mark = _MARKS[rests_on][0] if rests_on else ""
    return f"{response}{'*' if reported else ''}{mark}"


def _weakest_of(timepoint: TimepointAssessment | ImmuneTimepoint) -> str:
    """The weakest source of what a verdict rests on: of a progression, its causes alone."""
    if timepoint.source == "reported":
        return ""  # it rests on the reader, which has a mark of its own
    if isinstance(timepoint, ImmuneTimepoint):
        return _weakest([rule for _, rule in immune_steps(timepoint.scan)])
    steps = {str(cause) for cause in timepoint.causes}
    behind = [
        rule
        for step, rule in timepoint_rules(timepoint)
        if (step.replace("-", "") in steps and rule.verdict is not Verdict.NOT_YET)
        or (not steps and step != str(Cause.REPORTED) and rule.verdict not in NO_PART)
    ]
    return _weakest(behind)


def _weakest(rules: Iterable[Rule[Any]]) -> str:
    """The weakest of what the rules of a verdict come from, where it is one to look at."""
    found = {_known(rule.source) for rule in rules}
    return next((word for word in _MARKS if word in found), "")


def _known(source: Citation | Reading) -> str:
    return "reading" if isinstance(source, Reading) else source.evidence.name.lower()


def compare(patient: Patient, *criteria: Criteria | ImmuneCriteria | str) -> Comparison:
    """Judge one patient by any criteria, side by side; HCC mRECIST and RECIST 1.1 by default.

    Each verdict is marked by the weakest source behind it: `?` a rule known from memory, `~` a
    decision of this project. `"irecist"` stands beside the criteria beneath it: iPR agrees with PR,
    and iUPD and iCPD with PD.

    The windows of the lines do not depend on the criteria, so every row has all verdicts.
    """
    chosen = [immune_criteria(each) or criteria_named(each) for each in criteria or _BOTH]
    return Comparison(tuple(_assessed(patient, each) for each in chosen))


_BOTH: tuple[Criteria | ImmuneCriteria | str, ...] = (MRECIST, RECIST_1_1)


def _assessed(patient: Patient, by: Criteria | ImmuneCriteria) -> Assessment | ImmuneAssessment:
    if isinstance(by, ImmuneCriteria):
        return assess(patient, criteria=by)
    return assess(patient, criteria=by)
