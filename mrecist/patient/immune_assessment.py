"""The answer by criteria of immunotherapy: per line and time point, beside the criteria beneath.

`ImmuneAssessment` tells words with an i (by imRECIST without); `base` is the same patient by the
criteria whose sizes, targets and baseline it uses.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from operator import or_
from typing import ClassVar

import attrs

from .._base import html
from .._base.converters import Date
from .._base.errors import NotThereError, Problem
from .._base.reported import Word
from .._base.text import grid, mm, when, wrapped
from .._base.words import (
    Cause,
    Exposure,
    Further,
    ImmuneResponse,
    NewLesion,
    NonTarget,
    Response,
    Standing,
    Target,
)
from ..model import Patient, TherapyLine
from ..rulebook.decision_table import Rule
from ..rulebook.immune_criteria import ImmuneCriteria
from .assessment import Assessment, LineAssessment, whose
from .dated import is_on, not_there
from .exposure import ExposureFacts
from .immune import Scan, with_i
from .immune_reasons import immune_reasons
from .joined import JoinedCourse
from .joined_reasons import joined_reasons
from .lesion_notes import LesionNote
from .numbers import criteria_numbers
from .reasons import Reason, reason_of

__all__ = [
    "ImmuneAssessment",
    "ImmuneLine",
    "ImmunePending",
    "ImmuneProgression",
    "ImmuneTimepoint",
]


@attrs.frozen(repr=False, eq=False)
class ImmuneTimepoint:
    """One follow-up of a line by criteria of immunotherapy: its word, and why.

    Sums, targets and non-targets are those of the criteria beneath (`base`).
    """

    scan: Scan
    criteria: ImmuneCriteria

    @property
    def date(self) -> Date:
        """The date of the visit."""
        return self.scan.base.date

    @property
    def day(self) -> int:
        """The day from the line's start."""
        return self.scan.base.day

    @property
    def total_mm(self) -> float | None:
        """The total of the evaluable targets in mm; by imRECIST with the new lesions in it."""
        return self.scan.base.total_mm

    @property
    def nadir_mm(self) -> float | None:
        """The smallest complete total before this time point in mm."""
        return self.scan.base.nadir_mm

    @property
    def new_total_mm(self) -> float | None:
        """The total of the new lesions that are measured in mm; `None` where none was seen."""
        return self.scan.new_um / 1000 if self.scan.new_um else None

    @property
    def target(self) -> Target:
        """The response of the target lesions, by the criteria beneath."""
        return self.scan.base.target

    @property
    def nontarget(self) -> NonTarget:
        """The response of the non-target lesions, by the criteria beneath."""
        return self.scan.base.nontarget

    @property
    def new_lesion(self) -> NewLesion:
        """Whether a new lesion, or one that is back after iCR, is there now."""
        return self.scan.new_lesion

    @property
    def computed(self) -> Word:
        """The response by the rules alone."""
        return self.scan.rule.verdict

    @property
    def reported(self) -> Word | None:
        """The verdict that a reader gave; by iRECIST with its i."""
        return self.scan.reported

    @property
    def response(self) -> Word:
        """The response: the computed one, or a reported one that stands in for it."""
        return self.scan.response

    @property
    def source(self) -> str:
        """`"reported"` where a reported verdict stands in, else `"computed"`."""
        stands_in = self.scan.standing.verdict is Standing.STANDS_IN
        return "reported" if stands_in else "computed"

    @property
    def agrees(self) -> bool | None:
        """Whether a reported verdict agrees; `None` where there is none, or where it stands in."""
        verdict = self.scan.standing.verdict
        if verdict is Standing.AGREES:
            return True
        return False if verdict in (Standing.DIFFERS, Standing.OVER_DISEASE) else None

    @property
    def is_partial(self) -> bool:
        """Whether it is a partial examination, which everything that looks back passes over."""
        return self.scan.partial

    @property
    def causes(self) -> tuple[Cause, ...]:
        """The signs of progression that are there; empty where the response is none."""
        progressing = with_i(self.response) in (ImmuneResponse.UPD, ImmuneResponse.CPD)
        return self.scan.causes if progressing else ()

    @property
    def confirmed_by(self) -> Further | None:
        """What confirmed a pending progression here; `None` where nothing did."""
        further = self.scan.further
        confirms = self.scan.rule.id == "IR-CPD" and further is not None
        return further.verdict if confirms and further is not None else None

    @property
    def problems(self) -> Problem:
        """What is odd at this time point."""
        return self.scan.problems

    @property
    def lesions(self) -> tuple[LesionNote, ...]:
        """What the time point says of each lesion, by the criteria beneath."""
        return self.scan.base.lesions

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The rule that fired at each step, those of the criteria beneath first."""
        return immune_reasons(self.scan, self.criteria)

    @property
    def rules(self) -> tuple[str, ...]:
        """The ids of the rules that fired."""
        return tuple(each.rule for each in self.reasons)

    @property
    def why(self) -> str:
        """The verdict and its reasons, in one paragraph."""
        told = [
            f"{each.step} {each.verdict}: {each.sentence} ({each.rule})" for each in self.reasons
        ]
        return f"{self.response}. " + "; ".join(told) + "."

    def __str__(self) -> str:
        return f"{self.date}: {self.why}"

    def __repr__(self) -> str:
        return f"<ImmuneTimepoint {self.date} {self.response}>"


@attrs.frozen
class ImmuneProgression:
    """The progression of a line: by iRECIST the first scan of a confirmed one (RD-IR-DAY).

    By imRECIST the first PD that no later scan refutes; nothing may confirm it (`None`).
    """

    date: Date
    day: int
    causes: tuple[Cause, ...]
    confirmed: Date | None = None
    confirmed_day: int | None = None


@attrs.frozen
class ImmunePending:
    """A progression that is still unconfirmed at the end of the line, by its first scan."""

    date: Date
    day: int
    causes: tuple[Cause, ...]


@attrs.frozen(repr=False, eq=False)
class ImmuneLine:
    """One line of therapy by criteria of immunotherapy."""

    base: LineAssessment
    timepoints: tuple[ImmuneTimepoint, ...]
    best_rule: Rule[Response] | Rule[ImmuneResponse]
    confirmed_rule: Rule[Response] | Rule[ImmuneResponse]
    progression: ImmuneProgression | None
    pending: ImmunePending | None
    re_exposure: ExposureFacts
    joined: JoinedCourse | None = None

    @property
    def number(self) -> int:
        """The place of the line in the sequence of therapies, from 1."""
        return self.base.number

    @property
    def line(self) -> TherapyLine:
        """The line as the chart gives it."""
        return self.base.line

    @property
    def baseline(self) -> Date | None:
        """The date of the baseline time point."""
        return self.base.baseline

    @property
    def targets(self) -> tuple[str, ...]:
        """The ids of the targets."""
        return self.base.targets

    @property
    def nontargets(self) -> tuple[str, ...]:
        """The ids of the non-targets."""
        return self.base.nontargets

    @property
    def best_response(self) -> Word:
        """The best response up to the first confirmed progression (iBOR)."""
        return self.best_rule.verdict

    @property
    def confirmed_best_response(self) -> Word:
        """The same, iCR and iPR only when a later scan confirms them."""
        return self.confirmed_rule.verdict

    @property
    def exposure(self) -> Exposure:
        """What the line is to its agents, given the lines before it."""
        return self.re_exposure.rule.verdict

    @property
    def progressed(self) -> bool:
        """Whether a progression was confirmed."""
        return self.progression is not None

    @property
    def problems(self) -> Problem:
        """What is odd about the line as a whole."""
        return self.base.problems

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The rules behind the best responses, and by imRECIST behind the progression."""
        if self.joined is not None:
            return joined_reasons(self.base.facts, self.joined, self.re_exposure)
        numbers = dict(criteria_numbers(self.base.facts.chart.criteria))
        steps = (
            ("best response", self.best_rule, ""),
            ("confirmed best response", self.confirmed_rule, ", confirmed,"),
        )
        return tuple(
            reason_of(
                step,
                str(rule.verdict),
                rule,
                rule.sentence.format_map({**numbers, "confirmed": told}),
            )
            for step, rule, told in steps
        )

    def __repr__(self) -> str:
        agents = "+".join(self.line.agents)
        return f"<ImmuneLine {self.number} {agents} {self.best_response}>"


@attrs.frozen(repr=False)
class ImmuneAssessment:
    """What criteria of immunotherapy say of a patient: look into `lines`, or `explain` it.

    `base` is the assessment by the criteria beneath, without any reported verdict.
    """

    _INSTEAD: ClassVar[str] = (
        "give assess() the criteria beneath, which these stand beside, or take mrecist.course() "
        "and mrecist.compare()"
    )

    patient: Patient
    criteria: ImmuneCriteria
    lines: tuple[ImmuneLine, ...] = attrs.field(eq=False)
    base: Assessment = attrs.field(eq=False)

    @property
    def problems(self) -> Problem:
        """What is odd about the chart itself."""
        return self.base.problems

    @property
    def notes(self) -> tuple[str, ...]:
        """What the chart probably means otherwise than it is read."""
        return self.base.notes

    def at(self, line: int, date: Date | str) -> ImmuneTimepoint:
        """The verdict of one line at one date.

        Args:
            line: The number of the line, from 1.
            date: The date of the time point.

        Returns:
            The time point with its verdict and reasons.

        Raises:
            NotThereError: There is no such line or date; the message names what there is.
        """
        for each in self.lines:
            for timepoint in each.timepoints:
                if each.number == line and is_on(timepoint, date):
                    return timepoint
        raise NotThereError(not_there(self, line, date))

    def __repr__(self) -> str:
        best = ", ".join(f"{'+'.join(a.line.agents)} {a.best_response}" for a in self.lines)
        return f"<ImmuneAssessment {self.patient.id} by {self.criteria.name}: {best}>"

    def __str__(self) -> str:
        parts = [self._head]
        for line in self.lines:
            parts += ["", *_line_head(line), *(f"  {row}" for row in grid(_rows(line)))]
            parts += _line_end(line)
        return "\n".join(parts if self.lines else [*parts, "  no line of therapy"])

    @property
    def _head(self) -> str:
        return f"{whose(self.patient)}: {self.criteria.label}"

    def told(self, *, line: int | None = None, date: Date | str | None = None) -> str:
        """Every verdict with the rules behind it and their sources, or those of a line or date.

        Args:
            line: The number of the line, from 1; left out, all lines.
            date: The date of a time point; left out, all.

        Returns:
            Text of several lines.

        Raises:
            NotThereError: There is no such line or date; the message names what there is.
        """
        parts, found = [self._head], False
        for each in self.lines:
            asked = [t for t in each.timepoints if date is None or is_on(t, date)]
            if line not in (None, each.number) or (date is not None and not asked):
                continue
            found = True
            parts += ["", *_line_head(each)]
            if date is None:
                parts += _reasons(each.reasons, "  ")
            for timepoint in asked:
                at = f"{when(timepoint.date)} (day {timepoint.day} of the line)"
                parts += ["", f"  {at}: {timepoint.response}{_said(timepoint)}"]
                parts += _reasons(timepoint.reasons, "    ")
                parts += [f"    ! {told}" for told in timepoint.problems.sentences]
            if date is None:
                parts += ["", *_line_end(each)]
        if not found and (line is not None or date is not None):
            raise NotThereError(not_there(self, line, date))
        return "\n".join(row for part in parts for row in _wrapped(part))

    def _repr_html_(self) -> str:
        tables = []
        for line in self.lines:
            head, *rows = _rows(line)
            tables.append(html.table(" ".join(_line_head(line)), head, rows))
            tables.append(html.paragraphs(_line_end(line)))
        return html.paragraphs([self._head]) + "".join(tables)


def _wrapped(text: str) -> Iterator[str]:
    yield from wrapped(text, " " * (len(text) - len(text.lstrip()) + 2))


def _reasons(reasons: tuple[Reason, ...], indent: str) -> list[str]:
    told = []
    for each in reasons:
        told += [f"{indent}{each.step} {each.verdict}: {each.sentence}"]
        told += [f"{indent}  [{each.reference}]"]
    return told


def _said(timepoint: ImmuneTimepoint) -> str:
    return ", reported" if timepoint.source == "reported" else ""


def _line_head(line: ImmuneLine) -> list[str]:
    agents = " + ".join(line.line.agents)
    return [f"Line {line.number}: {agents} from {when(line.line.start)}"]


def _line_end(line: ImmuneLine) -> list[str]:
    told = f"best response {line.best_response}, confirmed {line.confirmed_best_response}"
    if (found := line.progression) is not None:
        causes = ", ".join(map(str, found.causes))
        told += f"; progression on {when(found.date)} ({causes})"
        if found.confirmed is not None:
            told += f", confirmed on {when(found.confirmed)}"
    elif (pending := line.pending) is not None:
        causes = ", ".join(map(str, pending.causes))
        told += f"; unconfirmed progression of {when(pending.date)} ({causes}) pending at the end"
    every = reduce(or_, (each.problems for each in line.timepoints), line.problems)
    return [f"  {told}", *(f"  ! {sentence}" for sentence in every.sentences)]


def _rows(line: ImmuneLine) -> list[tuple[str, ...]]:
    head = ("date", "day", "total", "target", "non-target", "new", "response", "")
    rows: list[tuple[str, ...]] = [head]
    for each in line.timepoints:
        um, end = each.scan.base.total_um, ""
        if each.source == "reported":
            end = f"as reported (computed {each.computed})"
        elif each.agrees is False:
            end = f"reported {each.reported}"
        new = "-" if each.new_lesion is NewLesion.NO else str(each.new_lesion)
        total = "-" if um is None else mm(um).removesuffix(" mm")
        row = (str(each.date), str(each.day), total, str(each.target), str(each.nontarget), new)
        rows.append((*row, str(each.response), end))
    return rows
