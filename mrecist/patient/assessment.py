"""The answer: what `assess` says of a patient, line by line and time point by time point.

Records hold the rule that fired in each table and the numbers it saw; words, reasons and
sentences are made from them when they are asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Literal

import attrs

from .._base import html
from .._base.converters import Date
from .._base.errors import NotThereError, Problem
from .._base.text import grid, when
from .._base.words import Cause, Exposure, NewLesion, Response, Standing
from ..model import Patient, TherapyLine
from ..rulebook.best_response import is_progression
from ..rulebook.criteria import Criteria
from ..rulebook.decision_table import Rule
from . import reasons as why_
from .best_response import Course
from .chart import Chart
from .dated import is_on, not_there
from .exposure import ExposureFacts
from .facts import LineFacts, TimepointFacts
from .notes import notes
from .numbers import change_words, ids, in_mm, in_mm2, of_part, size_words, total_words
from .reasons import Reason

if TYPE_CHECKING:
    from .lesion_notes import LesionNote

__all__ = [
    "Assessment",
    "LineAssessment",
    "TimepointAssessment",
    "line_rows",
    "line_words",
    "summary",
    "summary_rows",
    "timepoint_rows",
    "whose",
]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class TimepointAssessment(TimepointFacts):
    """One follow-up of a line, judged.

    Totals are whole micrometres (`total_um`, `nadir_um`; `None` where there is none), with `..._mm`
    beside them for display; of criteria that sum areas they are whole square micrometres, with
    `..._mm2` beside them. `day` counts from the line's start.
    """

    @property
    def source(self) -> str:
        """`"reported"` where a reported verdict stands in, else `"computed"`."""
        return "reported" if self.standing.verdict is Standing.STANDS_IN else "computed"

    @property
    def agrees(self) -> bool | None:
        """Whether a reported verdict agrees; `None` where there is none, or where it stands in."""
        verdict = self.standing.verdict
        if verdict is Standing.AGREES:
            return True
        return False if verdict in (Standing.DIFFERS, Standing.OVER_DISEASE) else None

    @property
    def total_mm(self) -> float | None:
        """The total of the evaluable targets in mm; of areas there is none in mm."""
        return in_mm(self.line, self.total_um)

    @property
    def total_mm2(self) -> float | None:
        """The total area of the evaluable targets in mm2, where the criteria sum areas."""
        return in_mm2(self.line, self.total_um)

    @property
    def complete(self) -> bool:
        """Whether every target of the line was seen, so that the total is that of the line."""
        facts = self.line
        return all(facts.sights(self.place, target).summed for target in facts.roles.targets)

    @property
    def nadir_mm(self) -> float | None:
        """The smallest complete total before this time point in mm: the reference for growth."""
        return in_mm(self.line, self.nadir_um)

    @property
    def nadir_mm2(self) -> float | None:
        """The smallest complete total area before this time point in mm2."""
        return in_mm2(self.line, self.nadir_um)

    @property
    def response_word(self) -> str:
        """The response as its criteria call it: stable disease is `NC` under WHO."""
        return self.line.chart.criteria.word(self.response)

    @property
    def problems(self) -> Problem:
        """What is odd at this time point."""
        return Problem(self.problem_bits)

    @property
    def causes(self) -> tuple[Cause, ...]:
        """What a progression at this time point rests on; empty where there is none."""
        return why_.causes(self)

    @property
    def lesions(self) -> tuple[LesionNote, ...]:
        """What this time point says of each lesion, whether it counted, and why or why not."""
        from .lesion_notes import lesions  # few ask for them

        return lesions(self)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The rule that fired at each step, with its sentence, numbers and source."""
        return why_.timepoint_reasons(self)

    @property
    def rules(self) -> tuple[str, ...]:
        """The ids of the rules that fired."""
        return tuple(rule.id for _, rule in why_.timepoint_rules(self))

    @property
    def why(self) -> str:
        """The verdict and its reasons, in one paragraph."""
        return why_.timepoint_sentence(self)

    def __str__(self) -> str:
        return f"{self.date}: {self.why}"

    def __repr__(self) -> str:
        return f"<TimepointAssessment {self.date} {self.response}>"

    def _repr_html_(self) -> str:
        rows = [(each.step, each.verdict, each.sentence, each.reference) for each in self.reasons]
        told = f"{when(self.date)}: {self.response}, {self.source}"
        return html.table(told, ("step", "verdict", "why", "rule and source"), rows) + (
            html.paragraphs(self.problems.sentences)
        )


@attrs.frozen
class Progression:
    """The first progression of a line: when, and what it rests on."""

    date: Date
    day: int
    causes: tuple[Cause, ...]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class LineAssessment:
    """One line of therapy, judged: its time points, best responses, progression and exposure."""

    facts: LineFacts
    timepoints: tuple[TimepointAssessment, ...]
    course: Course
    best_rule: Rule[Response]
    confirmed_rule: Rule[Response]
    re_exposure: ExposureFacts
    problem_bits: int

    @property
    def number(self) -> int:
        """The place of the line in the sequence of therapies, from 1."""
        return self.facts.number

    @property
    def line(self) -> TherapyLine:
        """The line as the chart gives it."""
        return self.facts.line

    @property
    def baseline(self) -> Date | None:
        """The date of the baseline time point."""
        facts = self.facts
        return None if facts.baseline is None else facts.chart.date(facts.baseline)

    @property
    def baseline_total_um(self) -> int | None:
        """The total of the targets at baseline, in micrometres."""
        return self.facts.roles.baseline_um

    @property
    def baseline_total_mm(self) -> float | None:
        """The total of the targets at baseline, in mm; of areas there is none in mm."""
        return in_mm(self.facts, self.baseline_total_um)

    @property
    def baseline_total_mm2(self) -> float | None:
        """The total area of the targets at baseline in mm2, where the criteria sum areas."""
        return in_mm2(self.facts, self.baseline_total_um)

    @property
    def targets(self) -> tuple[str, ...]:
        """The ids of the targets, in the order of the case."""
        return ids(self.facts.chart, self.facts.roles.targets)

    @property
    def nontargets(self) -> tuple[str, ...]:
        """The ids of the non-targets, in the order of the case."""
        return ids(self.facts.chart, self.facts.roles.nontargets)

    @property
    def best_response(self) -> Response:
        """The best response up to the first progression, each time point counting by itself."""
        return self.best_rule.verdict

    @property
    def confirmed_best_response(self) -> Response:
        """The best response up to the first progression, CR and PR only when confirmed."""
        return self.confirmed_rule.verdict

    @property
    def exposure(self) -> Exposure:
        """What the line is to its agents, given the lines before it."""
        return self.re_exposure.rule.verdict

    @property
    def rechallenge_of(self) -> int | None:
        """The latest earlier line (from 1) that had one of the agents."""
        return self.re_exposure.earlier

    @property
    def drug_free_days(self) -> int | None:
        """The days from the stop of that line to the start of this one, where recorded."""
        return self.re_exposure.drug_free_days

    @property
    def lines_between(self) -> int | None:
        """How many lines lie between that line and this one."""
        return self.re_exposure.lines_between

    @property
    def progressed(self) -> bool:
        """Whether some follow-up is a progression."""
        return any(is_progression(each.response.code) for each in self.timepoints)

    @property
    def progression(self) -> Progression | None:
        """The first progression, or `None`."""
        for timepoint in self.timepoints:
            if is_progression(timepoint.response.code) and not timepoint.is_partial:
                return Progression(timepoint.date, timepoint.day, timepoint.causes)
        return None

    @property
    def problems(self) -> Problem:
        """What is odd about the line as a whole."""
        return Problem(self.problem_bits)

    @property
    def lesions(self) -> tuple[LesionNote, ...]:
        """What each lesion is to this line, and why."""
        from .lesion_notes import roles

        return roles(self.facts)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The rules behind the verdicts on the line as a whole."""
        return why_.line_reasons(
            self.facts,
            self.course,
            best=self.best_rule,
            confirmed=self.confirmed_rule,
            exposure=self.re_exposure,
            timepoints=self.timepoints,
        )

    def __str__(self) -> str:
        return "\n".join(text for text, _ in line_rows(self))

    def _repr_html_(self) -> str:
        caption, baseline, outcome = line_words(self)
        head, *rows = timepoint_rows(self)
        return html.table(caption, head, rows) + html.paragraphs([baseline, *outcome])

    def __repr__(self) -> str:
        return f"<LineAssessment {self.number} {'+'.join(self.line.agents)} {self.best_response}>"


@attrs.frozen(repr=False)
class Assessment:
    """What one set of criteria says of a patient: look into `lines`, or `explain` it.

    Equal when patient and criteria are: they determine all the rest.
    """

    patient: Patient
    criteria: Criteria
    lines: tuple[LineAssessment, ...] = attrs.field(eq=False)
    problem_bits: int = attrs.field(eq=False)

    @property
    def problems(self) -> Problem:
        """What is odd about the chart itself, and stands on none of its lines and time points."""
        return Problem(self.problem_bits)

    @property
    def notes(self) -> tuple[str, ...]:
        """What the chart probably means otherwise than it is read, such as a size not used."""
        charts = (line.facts.chart for line in self.lines)
        chart = next(charts, None) or Chart(self.patient, self.criteria)
        return tuple(map(str, notes(chart)))

    def at(self, line: int, date: Date | str) -> TimepointAssessment:
        """The verdict of one line at one date.

        Args:
            line: The number of the line, from 1.
            date: The date of the time point.

        Returns:
            The time point with its verdict and reasons.

        Raises:
            NotThereError: There is no such line or date; the message names what there is.
        """
        for assessed in self.lines:
            for timepoint in assessed.timepoints:
                if assessed.number == line and is_on(timepoint, date):
                    return timepoint
        raise NotThereError(not_there(self, line, date))

    def __repr__(self) -> str:
        best = ", ".join(f"{'+'.join(a.line.agents)} {a.best_response}" for a in self.lines)
        return f"<Assessment {self.patient.id} by {self.criteria.name}: {best}>"

    def __str__(self) -> str:
        return summary(self)

    def _repr_html_(self) -> str:
        told = [*(f"! {sentence}" for sentence in self.problems.sentences), *self.notes]
        head = [f"{whose(self.patient)}: {self.criteria.label}"]
        lines = "".join(line._repr_html_() for line in self.lines)
        return html.paragraphs(head) + lines + html.paragraphs(told)


Style = Response | Literal["head"] | None
"""How a row may be coloured: by its response, as a heading, or not at all."""

Row = tuple[str, Style]
Layout = Callable[[Sequence[Sequence[str]]], list[str]]


def summary(assessment: Assessment) -> str:
    """One patient as a person reads it: each line with its time points and what it came to."""
    return "\n".join(text for text, _ in summary_rows(assessment))


def whose(patient: Patient) -> str:
    """The patient, and the reader where the chart names one: `P-001 read by R1`."""
    return patient.id if patient.reader is None else f"{patient.id} read by {patient.reader}"


def summary_rows(assessment: Assessment, table: Layout = grid) -> list[Row]:
    """The rows of `summary`, each with its style; `table` lays the cells of tables out in rows."""
    rows: list[Row] = [(f"{whose(assessment.patient)}: {assessment.criteria.label}", "head")]
    for line in assessment.lines:
        rows += [("", None), *line_rows(line, table)]
    if not assessment.lines:
        rows.append(("  no line of therapy", None))
    rows += [(f"! {sentence}", None) for sentence in assessment.problems.sentences]
    return rows + [(f"note: {note}", None) for note in assessment.notes]


_HEAD = (
    "date", "day", "total", "change", "nadir", "from nadir", "target", "non-target", "new",
    "response", "",
)  # fmt: skip
_HEAD_OF_AREAS = (*_HEAD[:2], "total mm2", *_HEAD[3:])


def line_rows(line: LineAssessment, table: Layout = grid) -> list[Row]:
    """One line of therapy: its baseline, its time points as a table, what it came to."""
    head, baseline, outcome = line_words(line)
    rows: list[Row] = [(head, "head"), (f"  {baseline}", None)]
    if line.timepoints:
        styles: list[Style] = [None, *(timepoint.response for timepoint in line.timepoints)]
        laid_out = table(timepoint_rows(line))
        rows += [(f"  {text}", style) for text, style in zip(laid_out, styles, strict=True)]
    return rows + [(f"  {text}", None) for text in outcome]


def line_words(line: LineAssessment) -> tuple[str, str, list[str]]:
    """A line in words: what it is, its baseline, and what it came to with all that is odd."""
    head = f"Line {line.number}: {' + '.join(line.line.agents)} from {when(line.line.start)}"
    baseline = "no baseline"
    if line.baseline is not None:
        targets = f"targets {', '.join(line.targets) or 'none'}"
        nontargets = f"non-targets {', '.join(line.nontargets) or 'none'}"
        um, criteria = line.baseline_total_um, line.facts.chart.criteria
        total = f", total {size_words(criteria, um)}" if um else ""
        baseline = f"baseline {when(line.baseline)}{total}; {targets}; {nontargets}"
    best = f"best response {line.best_response}, confirmed {line.confirmed_best_response}"
    if unread := why_.unread(line.best_response, line.timepoints):
        best += f"; {unread}"
    if line.progression is not None:
        causes = ", ".join(str(cause) for cause in line.progression.causes)
        best += f"; progression on {when(line.progression.date)} ({causes})"
    problems = reduce(or_, (each.problems for each in line.timepoints), line.problems)
    odd = [f"! {sentence}" for sentence in problems.sentences]
    return f"{head} ({exposure_words(line)})", baseline, [best, *odd]


def timepoint_rows(line: LineAssessment) -> list[tuple[str, ...]]:
    """The time points of a line as a table, its head first."""
    head = _HEAD if line.facts.chart.criteria.area is None else _HEAD_OF_AREAS
    return [head, *(_row(timepoint) for timepoint in line.timepoints)]


def exposure_words(line: LineAssessment) -> str:
    """What a line is to its agents, with the line before and the days between."""
    if line.exposure is Exposure.FIRST:
        return str(line.exposure)
    days = "" if line.drug_free_days is None else f", {line.drug_free_days} days off it"
    return f"{line.exposure} of line {line.rechallenge_of}{days}"


def _row(timepoint: TimepointAssessment) -> tuple[str, ...]:
    reported, word = "", timepoint.line.chart.criteria.word
    if timepoint.source == "reported":
        reported = f"as reported (computed {word(timepoint.computed)})"
    elif timepoint.agrees is False and timepoint.reported is not None:
        reported = f"reported {word(timepoint.reported)}"
    part = of_part(timepoint)
    whole = None if part else timepoint.total_um
    return (
        str(timepoint.date),
        str(timepoint.day),
        total_words(timepoint.line, timepoint.total_um) + part,
        change_words(whole, timepoint.line.roles.baseline_um),
        total_words(timepoint.line, timepoint.nadir_um),
        change_words(whole, timepoint.nadir_um),
        str(timepoint.target),
        str(timepoint.nontarget),
        str(timepoint.new_lesion) if timepoint.new_lesion is not NewLesion.NO else "-",
        timepoint.response_word,
        reported,
    )
