"""The answer of criteria that grade lesions: per line and time point, and never a response."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

import attrs

from .._base import html
from .._base.converters import Date, day_number
from .._base.errors import NotThereError, Problem
from .._base.text import grid, mm, when
from .._base.words import Category, Response, TherapeuticEffect
from ..model import Patient, TherapyLine
from ..rulebook.criteria import MRECIST
from ..rulebook.decision_table import Rule
from ..rulebook.lesion_criteria import RECICL, LesionCriteria
from .assessment import whose
from .chart import Chart
from .dated import is_on, not_there
from .nodule_grades import NoduleGrade, nodule_grades, overall
from .reasons import Reason, reason_of
from .treated_lesions import Grade, grades, has_systemic

__all__ = ["GradedLesion", "GradedLine", "GradedTimepoint", "LesionAssessment", "assess_lesions"]


@attrs.frozen(repr=False)
class GradedLesion:
    """A treated lesion at one time point: its category, and why.

    `category` is `None` where nobody recorded what it rests on. `treatment` is the kind of the
    latest treatment, as written, `treated_on` its date. `flags` tell how the category came about.
    """

    grade: Grade | NoduleGrade
    with_systemic: bool

    @property
    def lesion(self) -> str:
        """The id of the lesion."""
        return self.grade.lesion

    @property
    def category(self) -> Category | TherapeuticEffect | None:
        """What the criteria call it: under RECICL its grade."""
        return self.grade.category

    @property
    def read_as(self) -> Response | None:
        """The word of other criteria printed beside a grade of RECICL, never a response."""
        return self.grade.read_as if isinstance(self.grade, NoduleGrade) else None

    @property
    def treatment(self) -> str | None:
        """The kind of its latest treatment, as the chart writes it; RECICL asks for none."""
        return None if self.grade.treatment is None else self.grade.treatment.kind

    @property
    def treated_on(self) -> Date | None:
        """The date of that treatment."""
        return None if self.grade.treatment is None else self.grade.treatment.date

    @property
    def size_mm(self) -> float | None:
        """The longest diameter of the enhancing part, told where the category asks for it."""
        return None if self.grade.size_um is None else self.grade.size_um / 1000

    @property
    def flags(self) -> tuple[str, ...]:
        """How the category came about, where a reader should know."""
        return self.grade.flags

    @property
    def problems(self) -> Problem:
        """What is odd about it."""
        systemic = Problem.LR_TR_WITH_SYSTEMIC if self.with_systemic else Problem(0)
        return self.grade.problems | systemic

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The rules behind the category, with their sources."""
        steps: list[tuple[str, Rule[Any]]] = []
        if self.grade.rule is not None:
            steps.append((self.lesion, self.grade.rule))
        found = [
            reason_of(step, str(rule.verdict), rule, self.grade.sentence) for step, rule in steps
        ]
        change = self.grade.change
        if change is not None:
            found.append(reason_of("change", str(change.verdict), change, change.sentence))
        return tuple(found)

    def __str__(self) -> str:
        return str(self.grade)

    def __repr__(self) -> str:
        return f"<GradedLesion {self.lesion} {self.category}>"


@attrs.frozen(repr=False)
class GradedTimepoint:
    """One follow-up of a line: its treated lesions. `response` is `None`: lesions are graded.

    `overall` is `"TE4"` under RECICL where every nodule has TE4, else `None`.
    """

    date: Date
    day: int
    lesions: tuple[GradedLesion, ...]
    overall: str | None = None

    @property
    def response(self) -> None:
        """These criteria give no response."""
        return None

    @property
    def problems(self) -> Problem:
        """What is odd about its lesions."""
        return reduce(or_, (each.problems for each in self.lesions), Problem(0))

    def __repr__(self) -> str:
        told = ", ".join(f"{each.lesion} {each.category}" for each in self.lesions)
        return f"<GradedTimepoint {self.date}: {told or 'nothing graded'}>"


@attrs.frozen(repr=False)
class GradedLine:
    """One line of therapy with its follow-ups, each with the treated lesions that it records."""

    number: int
    line: TherapyLine
    baseline: Date | None
    timepoints: tuple[GradedTimepoint, ...]

    def __repr__(self) -> str:
        return f"<GradedLine {self.number} {'+'.join(self.line.agents)}>"


@attrs.frozen(repr=False)
class LesionAssessment:
    """What criteria that grade lesions say of a patient: look into `lines`."""

    patient: Patient
    criteria: LesionCriteria
    lines: tuple[GradedLine, ...] = attrs.field(eq=False)

    def at(self, line: int, date: Date | str) -> GradedTimepoint:
        """The follow-up of one line (numbered from 1) at one date.

        Raises `NotThereError` (a `KeyError`) naming the lines or dates there are.
        """
        for each in self.lines:
            for timepoint in each.timepoints:
                if each.number == line and is_on(timepoint, date):
                    return timepoint
        raise NotThereError(not_there(self, line, date))

    def __repr__(self) -> str:
        return f"<LesionAssessment {self.patient.id} by {self.criteria.name}>"

    def __str__(self) -> str:
        return self.told()

    def told(self, *, line: int | None = None, date: Date | str | None = None) -> str:
        """The categories as text, with rule and source, or those of one line or date.

        Raises `NotThereError` (a `KeyError`) naming what there is where there is no such line or
        date.
        """
        parts, found = [f"{whose(self.patient)}: {self.criteria.label}"], False
        for each in self.lines:
            asked = [t for t in each.timepoints if date is None or is_on(t, date)]
            if line not in (None, each.number) or (date is not None and not asked):
                continue
            found, shown = True, attrs.evolve(each, timepoints=tuple(asked))
            parts += ["", _head(shown), *(f"  {text}" for text in grid(_rows(shown)))]
            parts += [f"  ! {sentence}" for sentence in _odd(shown).sentences]
        if not found and (line is not None or date is not None):
            raise NotThereError(not_there(self, line, date))
        return "\n".join(parts if self.lines else [*parts, "  no line of therapy"])

    def _repr_html_(self) -> str:
        told = [f"{whose(self.patient)}: {self.criteria.label}"]
        tables = []
        for line in self.lines:
            head, *rows = _rows(line)
            tables.append(html.table(_head(line), head, rows))
            tables.append(html.paragraphs(_odd(line).sentences))
        return html.paragraphs(told) + "".join(tables)


_COLUMNS = ("date", "day", "lesion", "category", "size", "why", "rule and source")


def _head(line: GradedLine) -> str:
    return f"Line {line.number}: {' + '.join(line.line.agents)} from {when(line.line.start)}"


def _rows(line: GradedLine) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [_COLUMNS]
    for timepoint in line.timepoints:
        for each in timepoint.lesions:
            flags = f" ({', '.join(each.flags)})" if each.flags else ""
            size = "-" if each.grade.size_um is None else mm(each.grade.size_um)
            sources = "; ".join(dict.fromkeys(reason.reference for reason in each.reasons))
            rows.append((str(timepoint.date), str(timepoint.day), each.lesion,
                         f"{each.category or '-'}{flags}", size, each.grade.sentence,
                         sources))  # fmt: skip
    return rows


def _odd(line: GradedLine) -> Problem:
    return reduce(or_, (each.problems for each in line.timepoints), Problem(0))


def assess_lesions(patient: Patient, criteria: LesionCriteria) -> LesionAssessment:
    """Grade every treated lesion of a patient at every follow-up of every line."""
    # Visits, lines and their follow-ups are the same under all criteria.
    chart = Chart(patient, MRECIST)
    if criteria == RECICL:
        return LesionAssessment(patient, criteria, _nodule_lines(chart))
    found = grades(chart, criteria)
    lines = []
    for number, line in enumerate(chart.lines):
        baseline, start = chart.baseline(line), day_number(line.start)
        systemic = has_systemic(line)
        timepoints = tuple(
            GradedTimepoint(
                chart.date(place),
                chart.days[place] - start,
                tuple(GradedLesion(each, systemic) for each in found.get(place, ())),
            )
            for place in chart.window(number, baseline)
        )
        on = None if baseline is None else chart.date(baseline)
        lines.append(GradedLine(number + 1, line, on, timepoints))
    return LesionAssessment(patient, criteria, tuple(lines))


def _nodule_lines(chart: Chart) -> tuple[GradedLine, ...]:
    """The lines with the grades of RECICL, and `TE4` where every nodule has it."""
    lines = []
    for number, line in enumerate(chart.lines):
        baseline, start = chart.baseline(line), day_number(line.start)
        window = chart.window(number, baseline)
        found = nodule_grades(chart, line, window)
        timepoints = tuple(
            GradedTimepoint(
                chart.date(place),
                chart.days[place] - start,
                tuple(GradedLesion(each, with_systemic=False) for each in found.get(place, ())),
                "TE4" if overall(chart, line, window, place, found.get(place, ())) else None,
            )
            for place in window
        )
        on = None if baseline is None else chart.date(baseline)
        lines.append(GradedLine(number + 1, line, on, timepoints))
    return tuple(lines)
