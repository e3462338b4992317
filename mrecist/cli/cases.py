"""`mrecist assess`, `explain`, `course` and `check`: cases in, text or documents out."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

import attrs

from .._base.errors import DocumentError, NotThereError
from .._base.json_text import dumps
from .._base.processes import in_chunks
from ..documents.answer import to_assessment, to_error
from ..documents.case import InvalidCase
from ..documents.streams import Whole, checked, documents, parse_case
from ..model import Patient
from ..patient import assessment as assessment_
from ..patient.assessment import Assessment
from ..patient.engine import assess
from ..rulebook.criteria import CRITERIA
from ..rulebook.immune_criteria import IMMUNE_CRITERIA
from ..rulebook.lesion_criteria import LESION_CRITERIA
from . import colours
from .exchange import kind_of, study_of, takes_exchange
from .messages import FINE, INVALID, harmless, say
from .meter import metered
from .options import policy_of, takes_cases, takes_jobs, takes_policy
from .screen import close_table, columns, folded
from .sheets import (
    cases_of_sheet,
    problems_of,
    takes_sheet,
    tell_problems,
)
from .summaries import Counts, takes_quiet, tell

if TYPE_CHECKING:
    from ..patient.immune_assessment import ImmuneAssessment
    from ..patient.lesion_assessment import LesionAssessment
    from ..rulebook.policies import Policy

__all__ = ["COMMANDS"]

CHUNK = 256
"""Cases handed to a worker at once; a few chunks a worker are under way, never the whole file."""


def _takes_assess(command: argparse.ArgumentParser) -> None:
    takes_cases(command, grades=True)
    command.add_argument(
        "--json",
        action="store_true",
        help="Write assessment documents, one on each line for a stream. Default: tables for "
        "people.",
    )
    takes_jobs(command, "The number of processes for a long stream")
    takes_quiet(command)
    takes_sheet(command)
    takes_exchange(command)
    command.set_defaults(run=_assess)


def _takes_explain(command: argparse.ArgumentParser) -> None:
    takes_cases(command, grades=True)
    command.add_argument(
        "--line",
        type=_line,
        metavar="N",
        help="Explain only this line of therapy, counted from 1. Default: all lines.",
    )
    command.add_argument(
        "--date",
        metavar="DATE",
        help="Explain only the time point of this date (2024-03-06), or study day. Default: all.",
    )
    takes_quiet(command)
    takes_sheet(command)
    takes_exchange(command)
    command.set_defaults(run=_explain)


def _takes_course(command: argparse.ArgumentParser) -> None:
    takes_cases(command)
    takes_policy(command)
    takes_quiet(command)
    takes_sheet(command)
    takes_exchange(command)
    command.set_defaults(run=_course)


def _takes_check(command: argparse.ArgumentParser) -> None:
    takes_cases(command, grades=True)
    takes_quiet(command)
    takes_sheet(command)
    takes_exchange(command)
    command.set_defaults(run=_check)


COMMANDS = {
    "assess": _takes_assess,
    "explain": _takes_explain,
    "course": _takes_course,
    "check": _takes_check,
}
"""What adds the arguments of each command."""


def _line(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not int(text[:9]):
        raise argparse.ArgumentTypeError(f"must be a whole number from 1, got {text!r}")
    return int(text[:9])


def _assess(options: argparse.Namespace) -> int:
    if options.json:
        return _run(options, _Task("json", options.criteria), options.jobs)
    task = _Task("table", options.criteria, colour=_colour(), columns=columns())
    return _run(options, task, options.jobs)


def _explain(options: argparse.Namespace) -> int:
    task = _Task("why", options.criteria, line=options.line, date=options.date, columns=columns())
    return _run(options, task)


def _course(options: argparse.Namespace) -> int:
    policy = policy_of(options)
    return _run(options, _Task("course", options.criteria, policy=policy, columns=columns()))


def _check(options: argparse.Namespace) -> int:
    return _run(options, _Task("check", options.criteria, columns=columns()))


# ---- cases in, text out


@attrs.frozen
class _Answer:
    """What one case comes to: text for stdout, messages for stderr, whether it is fine, counts."""

    out: str
    messages: tuple[str, ...]
    fine: bool
    counts: Counts


@attrs.frozen
class _Task:
    """What to do with each case; sent to worker processes as it is."""

    kind: str
    criteria: str
    indent: int | None = None
    colour: bool = False
    line: int | None = None
    date: str | None = None
    policy: Policy | None = None
    columns: int | None = None

    def __call__(self, case: Patient | InvalidCase) -> _Answer:
        if isinstance(case, InvalidCase):
            who = "" if case.patient is None else f"patient {case.patient}: "
            out = dumps(to_error(case), indent=self.indent) if self.kind == "json" else ""
            counts = Counts(patients=1, lines=0, timepoints=0, errors=len(case.errors), notes=0)
            return _Answer(out, tuple(f"{who}{error}" for error in case.errors), False, counts)
        by_lesion = LESION_CRITERIA.get(self.criteria)
        if by_lesion is not None:
            return self._graded(assess(case, criteria=by_lesion))
        immune = IMMUNE_CRITERIA.get(self.criteria)
        if immune is not None:
            return self._immune(assess(case, criteria=immune))
        assessment = assess(case, criteria=CRITERIA[self.criteria])
        if self.kind == "json":
            document = to_assessment(assessment)
            counts = _counts(assessment, len(document["notes"]))
            return _Answer(dumps(document, indent=self.indent), (), True, counts)
        if self.kind == "table":
            return self._table(assessment)
        if self.kind == "why":
            return self._why(assessment)
        if self.kind == "course" and self.policy is not None:
            return self._timed(assessment, self.policy)
        return self._checked(assessment)

    def _timed(self, assessment: Assessment | ImmuneAssessment, policy: Policy) -> _Answer:
        from ..lines.timing import course

        counts = _counts(assessment, len(assessment.notes))
        return _Answer(self._fit(str(course(assessment, policy))), (), True, counts)

    def _fit(self, text: str) -> str:
        """Text that no terminal obeys, folded where the terminal is narrower."""
        rows = harmless(text).split("\n")
        shown = rows if self.columns is None else folded(rows, self.columns)
        return "\n".join(shown) + "\n"

    def _table(self, assessment: Assessment) -> _Answer:
        paint = colours.coloured if self.colour else _uncoloured
        laid_out = partial(close_table, width=self.columns)
        found = assessment_.summary_rows(assessment, laid_out)
        notes = sum(text.startswith("note: ") for text, _ in found)
        rows = [
            paint(row, style) for text, style in found for row in self._fit(text)[:-1].split("\n")
        ]
        return _Answer("\n".join(rows) + "\n", (), True, _counts(assessment, notes))

    def _graded(self, found: LesionAssessment) -> _Answer:
        """The treated lesions of a case, which have a category and no response."""
        counts = _counts(found)
        if self.kind == "json":
            return _Answer(dumps(to_assessment(found), indent=self.indent), (), True, counts)
        if self.kind == "check":
            return self._graded_problems(found)
        try:
            text = found.told(line=self.line, date=self.date)
            return _Answer(self._fit(text), (), True, counts)
        except NotThereError as error:
            return _not_there(found, error, counts)

    def _immune(self, found: ImmuneAssessment) -> _Answer:
        """A case by criteria whose words have an i."""
        if self.kind == "json":
            document = to_assessment(found)
            counts = _counts(found, len(document["notes"]))
            return _Answer(dumps(document, indent=self.indent), (), True, counts)
        if self.kind == "check":
            return self._checked(found)
        if self.kind == "course" and self.policy is not None:
            return self._timed(found, self.policy)
        if self.kind == "table":
            return _Answer(self._fit(str(found)), (), True, _counts(found, len(found.notes)))
        return self._why(found)

    def _why(self, assessment: Assessment | ImmuneAssessment) -> _Answer:
        from ..patient.explanation import explain  # tables and documents do without

        counts = _counts(assessment, len(assessment.notes))
        try:
            text = explain(assessment, line=self.line, date=self.date)
            return _Answer(self._fit(text), (), True, counts)
        except NotThereError as error:
            return _not_there(assessment, error, counts)

    def _checked(self, assessment: Assessment | ImmuneAssessment) -> _Answer:
        who = f"patient {assessment.patient.id}"
        found = []
        for line in assessment.lines:
            where = f"{who}, line {line.number}"
            found += [f"{where}: {sentence}" for sentence in line.problems.sentences]
            for timepoint in line.timepoints:
                at = f"{where}, {timepoint.date}"
                found += [f"{at}: {sentence}" for sentence in timepoint.problems.sentences]
        found += [f"{who}: {sentence}" for sentence in assessment.problems.sentences]
        notes = assessment.notes
        told = found + [f"{who}: note: {note}" for note in notes]
        counts = attrs.evolve(_counts(assessment, len(notes)), problems=len(found))
        return _Answer(self._fit("\n".join(told))[:-1], (), not found, counts)

    def _graded_problems(self, found: LesionAssessment) -> _Answer:
        told = [
            f"patient {found.patient.id}, line {line.number}, {timepoint.date}, lesion "
            f"{graded.lesion}: {sentence}"
            for line in found.lines
            for timepoint in line.timepoints
            for graded in timepoint.lesions
            for sentence in graded.problems.sentences
        ]
        counts = attrs.evolve(_counts(found), problems=len(told))
        return _Answer(self._fit("\n".join(told))[:-1], (), not told, counts)


def _counts(
    found: Assessment | LesionAssessment | ImmuneAssessment, notes: int | None = None
) -> Counts:
    """What was judged of one patient."""
    timepoints = sum(len(line.timepoints) for line in found.lines)
    return Counts(patients=1, lines=len(found.lines), timepoints=timepoints, notes=notes)


def _not_there(
    found: Assessment | LesionAssessment | ImmuneAssessment, error: NotThereError, counts: Counts
) -> _Answer:
    told = (f"patient {found.patient.id}: {error}",)
    return _Answer("", told, False, attrs.evolve(counts, errors=1))


def _uncoloured(text: str, style: assessment_.Style) -> str:
    return text


def _colour() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def _run(options: argparse.Namespace, task: _Task, jobs: int = 1) -> int:
    """Answer every case of a file; one document is indented, a stream is one document a line."""
    if kind_of(options.file) is not None:
        return _run_study(options, task)
    if options.file == "-" and sys.stdin is None:
        raise DocumentError("there is no standard input")
    source = sys.stdin.buffer if options.file == "-" else options.file
    texts = documents(source)
    first = next(texts, None)
    if first is None:
        return FINE
    if isinstance(first, Whole):
        alone = attrs.evolve(task, indent=2)
        return _print([alone(checked(first.document))], _literal(options.file), options)
    lines = (text for text in _chained(first, texts) if isinstance(text, bytes))
    answers = in_chunks(partial(_answered, task), lines, jobs, size=CHUNK)
    return _print(metered(answers, "cases", options), _literal(options.file) + ": case {}", options)


def _run_study(options: argparse.Namespace, task: _Task) -> int:
    """Answer every patient of a worksheet, of FHIR or of REDCap; problems in reading are told."""
    study = study_of(options)
    charts = list(cases_of_sheet(options, study))
    if len(charts) == 1:
        task = attrs.evolve(task, indent=2)
    problems = list(problems_of(study)) if task.kind == "check" else []
    status = _print(map(task, charts), _literal(options.file), options, problems)
    if task.kind != "check":
        tell_problems(options, study)
    return INVALID if problems else status


def _answered(task: _Task, text: bytes) -> _Answer:
    return task(parse_case(text))


def _chained(first: bytes, others: Iterable[bytes | Whole]) -> Iterator[bytes | Whole]:
    yield first
    yield from others


def _print(
    answers: Iterable[_Answer], where: str, options: argparse.Namespace, more: Sequence[str] = ()
) -> int:
    """Write answers out, then `more` problems; messages name the file, and the place of the case.

    Last comes the summary.
    """
    status, counts = FINE, None
    for number, answer in enumerate(answers, 1):
        if answer.out:
            print(answer.out)
        for message in answer.messages:
            say(f"{where.format(number)}: {message}")
        if not answer.fine:
            status = INVALID
        counts = answer.counts if counts is None else counts + answer.counts
    for problem in more:
        print(harmless(problem))
    if counts is not None:
        problems = len(more) + (counts.problems or 0) if options.run is _check else None
        tell(options, attrs.evolve(counts, problems=problems))
    return status


def _literal(text: str) -> str:
    """Text that `str.format` leaves as it is."""
    return text.replace("{", "{{").replace("}", "}}")
