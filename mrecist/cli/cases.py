"""`mrecist assess`, `explain`, `course` and `check`: cases in, text or documents out."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING

import attrs

from .._base.errors import NotThereError
from .._base.json_text import DocumentError, dumps
from .._base.processes import in_chunks
from ..documents.answer import to_assessment, to_error
from ..documents.case import InvalidCase
from ..documents.streams import Whole, checked, documents, parse_case
from ..model import Patient
from ..patient import assessment as assessment_
from ..patient.assessment import Assessment
from ..patient.engine import assess
from ..patient.explanation import explain
from ..rulebook.criteria import CRITERIA
from ..rulebook.immune_criteria import IMMUNE_CRITERIA
from ..rulebook.lesion_criteria import LESION_CRITERIA
from ..rulebook.policies import Policy
from . import colours
from .exchange import kind_of, study_of, takes_exchange
from .messages import FINE, INVALID, harmless, say
from .options import policy_of, takes_cases, takes_jobs, takes_policy
from .sheets import (
    cases_of_sheet,
    problems_of,
    takes_sheet,
    tell_problems,
)

if TYPE_CHECKING:
    from ..patient.immune_assessment import ImmuneAssessment
    from ..patient.lesion_assessment import LesionAssessment

__all__ = ["COMMANDS"]

CHUNK = 256
"""Cases handed to a worker at once; a few chunks a worker are under way, never the whole file."""


def _takes_assess(command: argparse.ArgumentParser) -> None:
    takes_cases(command, grades=True)
    command.add_argument("--json", action="store_true", help="write assessment documents")
    takes_jobs(command, "processes for a long stream (0: all)")
    takes_sheet(command)
    takes_exchange(command)
    command.set_defaults(run=_assess)


def _takes_explain(command: argparse.ArgumentParser) -> None:
    takes_cases(command, grades=True)
    command.add_argument("--line", type=_line, metavar="N", help="only this line of therapy")
    command.add_argument("--date", metavar="DATE", help="only this date, or study day")
    takes_sheet(command)
    takes_exchange(command)
    command.set_defaults(run=_explain)


def _takes_course(command: argparse.ArgumentParser) -> None:
    takes_cases(command)
    takes_policy(command)
    takes_sheet(command)
    takes_exchange(command)
    command.set_defaults(run=_course)


def _takes_check(command: argparse.ArgumentParser) -> None:
    takes_cases(command, grades=True)
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
    return _run(options, _Task("table", options.criteria, colour=_colour()), options.jobs)


def _explain(options: argparse.Namespace) -> int:
    return _run(options, _Task("why", options.criteria, line=options.line, date=options.date))


def _course(options: argparse.Namespace) -> int:
    return _run(options, _Task("course", options.criteria, policy=policy_of(options)))


def _check(options: argparse.Namespace) -> int:
    return _run(options, _Task("check", options.criteria))


# ---- cases in, text out


@attrs.frozen
class _Answer:
    """What one case comes to: text for stdout, messages for stderr, and whether it is fine."""

    out: str
    messages: tuple[str, ...]
    fine: bool


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

    def __call__(self, case: Patient | InvalidCase) -> _Answer:
        if isinstance(case, InvalidCase):
            who = "" if case.patient is None else f"patient {case.patient}: "
            out = dumps(to_error(case), indent=self.indent) if self.kind == "json" else ""
            return _Answer(out, tuple(f"{who}{error}" for error in case.errors), False)
        by_lesion = LESION_CRITERIA.get(self.criteria)
        if by_lesion is not None:
            return self._graded(assess(case, criteria=by_lesion))
        immune = IMMUNE_CRITERIA.get(self.criteria)
        if immune is not None:
            return self._immune(assess(case, criteria=immune))
        assessment = assess(case, criteria=CRITERIA[self.criteria])
        if self.kind == "json":
            return _Answer(dumps(to_assessment(assessment), indent=self.indent), (), True)
        if self.kind == "table":
            rows = [(harmless(text), style) for text, style in assessment_.summary_rows(assessment)]
            paint = colours.coloured if self.colour else _uncoloured
            return _Answer("\n".join(paint(*row) for row in rows) + "\n", (), True)
        if self.kind == "why":
            return self._why(assessment)
        if self.kind == "course" and self.policy is not None:
            from ..lines.timing import course

            return _Answer(harmless(str(course(assessment, self.policy))) + "\n", (), True)
        return _checked_problems(assessment)

    def _graded(self, found: LesionAssessment) -> _Answer:
        """The treated lesions of a case, which have a category and no response."""
        if self.kind == "json":
            return _Answer(dumps(to_assessment(found), indent=self.indent), (), True)
        if self.kind == "check":
            return _graded_problems(found)
        try:
            text = found.told(line=self.line, date=self.date)
            return _Answer(harmless(text) + "\n", (), True)
        except NotThereError as error:
            return _Answer("", (f"patient {found.patient.id}: {error}",), False)

    def _immune(self, found: ImmuneAssessment) -> _Answer:
        """A case by criteria whose words have an i."""
        if self.kind == "json":
            return _Answer(dumps(to_assessment(found), indent=self.indent), (), True)
        if self.kind == "check":
            return _checked_problems(found)
        if self.kind == "table":
            return _Answer(harmless(str(found)) + "\n", (), True)
        return self._why(found)

    def _why(self, assessment: Assessment | ImmuneAssessment) -> _Answer:
        try:
            text = explain(assessment, line=self.line, date=self.date)
            return _Answer(harmless(text) + "\n", (), True)
        except NotThereError as error:
            return _Answer("", (f"patient {assessment.patient.id}: {error}",), False)


def _checked_problems(assessment: Assessment | ImmuneAssessment) -> _Answer:
    who = f"patient {assessment.patient.id}"
    found = []
    for line in assessment.lines:
        where = f"{who}, line {line.number}"
        found += [f"{where}: {sentence}" for sentence in line.problems.sentences]
        for timepoint in line.timepoints:
            at = f"{where}, {timepoint.date}"
            found += [f"{at}: {sentence}" for sentence in timepoint.problems.sentences]
    found += [f"{who}: {sentence}" for sentence in assessment.problems.sentences]
    told = found + [f"{who}: note: {note}" for note in assessment.notes]
    return _Answer(harmless("\n".join(told)), (), not found)


def _graded_problems(found: LesionAssessment) -> _Answer:
    told = [
        f"patient {found.patient.id}, line {line.number}, {timepoint.date}, lesion "
        f"{graded.lesion}: {sentence}"
        for line in found.lines
        for timepoint in line.timepoints
        for graded in timepoint.lesions
        for sentence in graded.problems.sentences
    ]
    return _Answer(harmless("\n".join(told)), (), not told)


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
        return _print([alone(checked(first.document))], _literal(options.file))
    lines = (text for text in _chained(first, texts) if isinstance(text, bytes))
    answers = in_chunks(partial(_answered, task), lines, jobs, size=CHUNK)
    return _print(_with_progress(answers), _literal(options.file) + ": case {}")


def _run_study(options: argparse.Namespace, task: _Task) -> int:
    """Answer every patient of a worksheet, of FHIR or of REDCap; problems in reading are told."""
    study = study_of(options)
    charts = list(cases_of_sheet(options, study))
    if len(charts) == 1:
        task = attrs.evolve(task, indent=2)
    status = _print(map(task, charts), _literal(options.file))
    if task.kind != "check":
        tell_problems(options, study)
        return status
    problems = list(problems_of(study))
    for problem in problems:
        print(harmless(problem))
    return INVALID if problems else status


def _answered(task: _Task, text: bytes) -> _Answer:
    return task(parse_case(text))


def _chained(first: bytes, others: Iterable[bytes | Whole]) -> Iterator[bytes | Whole]:
    yield first
    yield from others


def _print(answers: Iterable[_Answer], where: str) -> int:
    """Write answers out; messages name the file, and the place of the case in a stream."""
    status = FINE
    for number, answer in enumerate(answers, 1):
        if answer.out:
            print(answer.out)
        for message in answer.messages:
            say(f"{where.format(number)}: {message}")
        if not answer.fine:
            status = INVALID
    return status


def _literal(text: str) -> str:
    """Text that `str.format` leaves as it is."""
    return text.replace("{", "{{").replace("}", "}}")


def _with_progress(answers: Iterator[_Answer]) -> Iterator[_Answer]:
    """A line on stderr that counts the cases, on a terminal and after two seconds only."""
    shows = sys.stderr.isatty() and not sys.stdout.isatty()
    begun = last = time.monotonic()
    for count, answer in enumerate(answers, 1):
        yield answer
        now = time.monotonic()
        if shows and now - begun > 2 and now - last > 0.5:
            last = now
            rate = count / (now - begun)
            print(f"\r{count} cases, {rate:.0f} a second ", end="", file=sys.stderr, flush=True)
    if last != begun:
        print("\r" + " " * 40 + "\r", end="", file=sys.stderr, flush=True)
