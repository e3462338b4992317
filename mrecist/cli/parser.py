"""The command line: `mrecist assess`, `explain`, `course`, `check`, `cohort`, `endpoints`, `rules`,
`report`, `conformance`, `demo`.

Exit status: 0 fine; 1 the input was read, and some case or patient in it was invalid (or `check`
found problems); 2 the command could not run. Messages go to stderr, one line each.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, NoReturn, Self

import attrs

from .. import __version__
from .._base.converters import spelt
from .._base.errors import CriteriaError, NotThereError
from .._base.json_text import DocumentError, dumps
from .._base.text import several, wrapped
from .._base.words import Situation
from ..documents.case import InvalidCase, example_case, to_assessment, to_case, to_error
from ..documents.streams import Whole, checked, documents, parse_case
from ..endpoints import untreatable
from ..endpoints.definitions import DEFINITIONS
from ..laboratory.marker_rules import MARKER_RULES
from ..lines.timing import course
from ..model import Patient
from ..patient import assessment as assessment_
from ..patient.assessment import Assessment
from ..patient.engine import assess
from ..patient.explanation import explain
from ..rulebook.criteria import CRITERIA, MRECIST
from ..rulebook.index import TABLES
from ..rulebook.policies import POLICIES, Policy, Schedule
from ..rulebook.readings import READINGS, Reading
from . import colours, demo_screen
from .conformance import add_command as add_conformance
from .report import add_command as add_report

if TYPE_CHECKING:
    from ..cohort.files import Summary


__all__ = ["main"]

FINE, INVALID, COULD_NOT_RUN = 0, 1, 2
INTERRUPTED, BROKEN_PIPE = 130, 141
MOST_JOBS = 61  # the most that a process pool takes on Windows
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
CHUNK = 256
"""Cases handed to a worker at once; a few chunks a worker are under way, never the whole file."""

_EXAMPLES = """\
examples:
  mrecist demo                                  the published case on one screen
  mrecist demo --synthetic --case > case.json   a case document, as a pattern for your own
  mrecist assess case.json                 verdicts as a table
  mrecist assess cases.jsonl --json        one assessment document a line
  mrecist explain case.json --line 1       why, with the rule, the numbers and the paper
  mrecist course case.json                 how long each line held, and why
  mrecist check cases.jsonl                mistakes and problems only
  mrecist cohort findings.csv --out verdicts    tables of many patients, CSV or Parquet
  mrecist endpoints findings.csv --policy fda-a --every 56 --window 14 --out times
  mrecist report case.json -o report.html  a page to read, print and hand on
  mrecist report --demo                    the same of two examples, in the folder report
  mrecist rules overall                    a decision table (or fda-a: a policy)
  mrecist conformance --command 'node mine.mjs {case}'    another implementation, on our cases
  mrecist rules --readings                 what this project decided where the papers are silent
  mrecist rules TL-PD-20 --trace           where a rule stands, its source, tests and cases

exit status: 0 fine; 1 some case was invalid (or `check` found problems); 2 could not run

HCC mRECIST (Lencioni & Llovet 2010). Research software, not a medical device.
"""

_COHORT = """\
Judge the patients of a table, which may be larger than memory. FINDINGS has one row a finding:
patient, date, lesion, and what is known of organ, kind, hilar, enhancement, treated, status,
viable_mm, longest_mm, short_axis_mm, pattern, cytology, biopsy, equivocal, arterial_phase and
reported. LINES has one row a line of therapy: patient, start, and what is known of stop,
end_reason, agents, baseline, targets and nontargets. Without LINES each patient has one line,
which starts on the first date.
"""

_COHORT_FILES = """\
Files are CSV (.csv, .csv.gz; UTF-8, commas, a header) or Parquet (.parquet), both of one format.
FOLDER receives in that format
  timepoints   the verdict on every time point of every line, with the rules that fired
  lines        targets, best responses and progression of every line
and errors.csv: patient, row, column and error of every mistake, or its header alone. Rows count
from 0, the first below the header; columns of LINES are written like lines.start. A patient with
a mistake is not judged, all others are. Earlier results are replaced once all is done.

Rows may come in any order, and patients come out in the order of their first rows. Those whose
rows lie together are read as they come; otherwise the table is first sorted into temporary files
in FOLDER, which take about as much space as it.

exit status: 0 fine; 1 some patient was invalid, see errors.csv; 2 could not run
"""

_DEATHS = """\
For times to events LINES may also hold death and last_contact, dates of the patient that all of
the patient's lines give alike; what a line leaves out, another may say.
"""

_ENDPOINT_FILES = """\
FOLDER receives in the format that came in (CSV or Parquet) the table endpoints, one row a line:
responses, depth of response, and for each time (pfs, ttp, ttr, dor, docr, dosd, tot, ttnt, ttf,
pfs2, pps, os) its days, whether it is an event, its end, and the rule of the policy that decided;
and errors.csv as `mrecist cohort` writes it. `mrecist rules fda-a` prints a policy.

exit status: 0 fine; 1 some patient was invalid, see errors.csv; 2 could not run
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    if sys.stdout is None or sys.stderr is None:
        return COULD_NOT_RUN
    options = _parser().parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        status: int = options.run(options)
        sys.stdout.flush()
    except (DocumentError, CriteriaError) as error:
        return _say(f"{options.file}: {error}")
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            return _broken_pipe()
        return _say(f"{error.filename or options.file}: {error.strerror or error}")
    except BrokenProcessPool:
        return _say("a worker process died; try fewer jobs")
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # a bug of ours: say so in a line, never as a traceback
        told = f"unexpected {type(error).__name__}: {error}"
        return _say(f"{options.file}: {told}; please report it")
    return status


def _say(message: str) -> int:
    print(_on_a_line(f"mrecist: {message}"), file=sys.stderr)
    return COULD_NOT_RUN


def _on_a_line(message: str) -> str:
    """A message as one line that no terminal obeys, whatever names it quotes."""
    return _harmless(" ".join(message.splitlines()))


def _broken_pipe() -> int:
    """The reader went away: nothing more can be said, not even by the interpreter at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return BROKEN_PIPE


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        told = _on_a_line(f"{self.prog}: {message}; see {self.prog} --help")
        self.exit(COULD_NOT_RUN, f"{told}\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="mrecist",
        description="Tumour response in hepatocellular carcinoma by HCC mRECIST and RECIST 1.1.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"mrecist {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    command = commands.add_parser("assess", help="verdicts, as a table or as documents")
    _takes_cases(command)
    command.add_argument("--json", action="store_true", help="write assessment documents")
    command.add_argument(
        "--jobs", type=_jobs, default=1, metavar="N", help="processes for a long stream (0: all)"
    )
    command.set_defaults(run=_assess)

    command = commands.add_parser("explain", help="the reasons, each with rule and source")
    _takes_cases(command)
    command.add_argument("--line", type=_line, metavar="N", help="only this line of therapy")
    command.add_argument("--date", metavar="DATE", help="only this date, or study day")
    command.set_defaults(run=_explain)

    command = commands.add_parser("course", help="how long each line held: times to events")
    _takes_cases(command)
    _takes_policy(command)
    command.set_defaults(run=_course)

    command = commands.add_parser("check", help="mistakes and problems only")
    _takes_cases(command)
    command.set_defaults(run=_check)

    command = commands.add_parser(
        "cohort",
        help="tables of many patients, CSV or Parquet",
        description=_COHORT,
        epilog=_COHORT_FILES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _takes_tables(command)
    command.set_defaults(run=_cohort, policy=None)

    command = commands.add_parser(
        "endpoints",
        help="times to events of many patients, CSV or Parquet",
        description=_COHORT + _DEATHS,
        epilog=_ENDPOINT_FILES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _takes_tables(command)
    _takes_policy(command)
    command.set_defaults(run=_cohort)

    command = commands.add_parser("rules", help="the decision tables and the project's readings")
    command.add_argument(
        "table",
        nargs="?",
        metavar="TABLE",
        help="a table or policy, or the id of a rule or reading: "
        + ", ".join([*TABLES, *POLICIES]),
    )
    command.add_argument("--readings", action="store_true", help="decisions of this project")
    command.add_argument(
        "--trace",
        action="store_true",
        help="where each stands in the code, which tests and cases show it, source and evidence",
    )
    command.set_defaults(run=_rules, file="rules")

    add_report(commands, _takes_criteria, _jobs)
    add_conformance(commands, _jobs)

    command = commands.add_parser("demo", help="the published case, end to end")
    command.add_argument("--synthetic", action="store_true", help="a measured, invented patient")
    shown = command.add_mutually_exclusive_group()
    shown.add_argument("--why", action="store_true", help="the reasons for every verdict")
    shown.add_argument("--case", action="store_true", help="the case document itself")
    command.set_defaults(run=_demo, file="demo")
    return parser


def _takes_tables(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", metavar="FINDINGS", help="a .csv, .csv.gz or .parquet file")
    command.add_argument("--lines", metavar="LINES", help="lines of therapy, in the same format")
    _takes_criteria(command)
    command.add_argument("--out", metavar="FOLDER", required=True, help="made where it is not")
    command.add_argument(
        "--jobs", type=_jobs, default=1, metavar="N", help="processes for a long table (0: all)"
    )


def _takes_policy(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--policy",
        type=partial(spelt, choices=POLICIES),
        choices=list(POLICIES),
        default="fda-a",
        help="of censoring; default: fda-a",
    )
    command.add_argument(
        "--every", type=_days, metavar="DAYS", help="assessments were due every so many days"
    )
    command.add_argument(
        "--window", type=_days, metavar="DAYS", help="and could be so many days late"
    )
    command.add_argument(
        "--confirmed", action="store_true", help="times of confirmed responses only"
    )


def _takes_cases(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", metavar="FILE", help="a .json or .jsonl file, or - for stdin")
    _takes_criteria(command)


def _takes_criteria(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--criteria",
        type=partial(spelt, choices=CRITERIA),
        choices=list(CRITERIA),
        default="mrecist",
        help="default: mrecist",
    )


def _jobs(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f"must be a whole number, 0 for all cores, got {text!r}")
    return min(int(text[:9]) or os.cpu_count() or 1, MOST_JOBS)


def _days(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f"must be a whole number of days, got {text!r}")
    return int(text[:9])


def _policy(options: argparse.Namespace) -> Policy:
    """The policy that was asked for, with its schedule."""
    policy = POLICIES[options.policy]
    if options.every is None and options.window is not None:
        raise CriteriaError("--window needs --every")
    if options.every is not None:
        schedule = Schedule.every(options.every, window_days=options.window or 0)
        policy = attrs.evolve(policy, schedule=schedule)
    return attrs.evolve(policy, confirmed=True) if options.confirmed else policy


def _line(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not int(text[:9]):
        raise argparse.ArgumentTypeError(f"must be a whole number from 1, got {text!r}")
    return int(text[:9])


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
        assessment = assess(case, criteria=CRITERIA[self.criteria])
        if self.kind == "json":
            return _Answer(dumps(to_assessment(assessment), indent=self.indent), (), True)
        if self.kind == "table":
            rows = [
                (_harmless(text), style) for text, style in assessment_.summary_rows(assessment)
            ]
            paint = colours.coloured if self.colour else _uncoloured
            return _Answer("\n".join(paint(*row) for row in rows) + "\n", (), True)
        if self.kind == "why":
            return self._why(assessment)
        if self.kind == "course" and self.policy is not None:
            return _Answer(_harmless(str(course(assessment, self.policy))) + "\n", (), True)
        return _checked_problems(assessment)

    def _why(self, assessment: Assessment) -> _Answer:
        try:
            text = explain(assessment, line=self.line, date=self.date)
            return _Answer(_harmless(text) + "\n", (), True)
        except NotThereError as error:
            return _Answer("", (f"patient {assessment.patient.id}: {error}",), False)


def _checked_problems(assessment: Assessment) -> _Answer:
    who = f"patient {assessment.patient.id}"
    found = []
    for line in assessment.lines:
        where = f"{who}, line {line.number}"
        found += [f"{where}: {sentence}" for sentence in line.problems.sentences]
        for timepoint in line.timepoints:
            at = f"{where}, {timepoint.date}"
            found += [f"{at}: {sentence}" for sentence in timepoint.problems.sentences]
    found = found or [f"{who}: {sentence}" for sentence in assessment.problems.sentences]
    told = found + [f"{who}: note: {note}" for note in assessment.notes]
    return _Answer(_harmless("\n".join(told)), (), not found)


def _many(task: _Task, texts: Sequence[bytes]) -> list[_Answer]:
    return [task(parse_case(text)) for text in texts]


def _answers(task: _Task, texts: Iterator[bytes], jobs: int) -> Iterator[_Answer]:
    """The answers in the order of the cases, on one core or several; memory stays flat."""
    chunks = iter(lambda: list(islice(texts, CHUNK)), [])
    first = next(chunks, [])
    if jobs == 1 or len(first) < CHUNK:
        yield from (task(parse_case(text)) for text in first)
        for chunk in chunks:
            yield from (task(parse_case(text)) for text in chunk)
        return
    waiting: deque[Future[list[_Answer]]] = deque()
    before = signal.signal(signal.SIGTERM, _terminated)
    pool = ProcessPoolExecutor(jobs, initializer=_ignore_interrupts)
    try:
        waiting.append(pool.submit(_many, task, first))
        for chunk in chunks:
            waiting.append(pool.submit(_many, task, chunk))
            if len(waiting) > 2 * jobs:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        signal.signal(signal.SIGTERM, before)


def _ignore_interrupts() -> None:
    """Ctrl-C reaches every process of the group; the parent alone answers it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _terminated(number: int, frame: object) -> NoReturn:
    """SIGTERM ends the workers too, and then this process with the usual status."""
    sys.exit(128 + number)


def _run(options: argparse.Namespace, task: _Task, jobs: int = 1) -> int:
    """Answer every case of a file; one document is indented, a stream is one document a line."""
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
    return _print(_with_progress(_answers(task, lines, jobs)), _literal(options.file) + ": case {}")


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
            _say(f"{where.format(number)}: {message}")
        if not answer.fine:
            status = INVALID
    return status


def _harmless(text: str) -> str:
    """Text without control characters that a terminal would obey; line ends are left."""
    return _CONTROLS.sub(lambda found: ascii(found[0])[1:-1], text)


def _uncoloured(text: str, style: assessment_.Style) -> str:
    return text


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


def _colour() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


# ---- the commands


def _assess(options: argparse.Namespace) -> int:
    if options.json:
        return _run(options, _Task("json", options.criteria), options.jobs)
    return _run(options, _Task("table", options.criteria, colour=_colour()), options.jobs)


def _explain(options: argparse.Namespace) -> int:
    return _run(options, _Task("why", options.criteria, line=options.line, date=options.date))


def _course(options: argparse.Namespace) -> int:
    return _run(options, _Task("course", options.criteria, policy=_policy(options)))


def _check(options: argparse.Namespace) -> int:
    return _run(options, _Task("check", options.criteria))


def _cohort(options: argparse.Namespace) -> int:
    from ..cohort.files import assess_files
    from ..tables.files import TableFileError

    ended = _Ended()

    def progress(done: int, rows: int | None) -> None:
        ended.check()
        meter(done, rows)

    try:
        with ended, _Meter() as meter:
            summary = assess_files(
                options.file,
                options.out,
                lines=options.lines,
                criteria=options.criteria,
                policy=_policy(options) if options.policy else None,
                jobs=options.jobs,
                progress=progress,
            )
    except (TableFileError, ImportError) as error:
        for line in str(error).splitlines():
            _say(line)
        return COULD_NOT_RUN
    except OSError as error:
        return _say(f"{error.filename or options.out}: {error.strerror or error}")
    for message in _of_cohort(summary, os.path.join(options.out, "errors.csv")):
        _say(f"{options.file}: {message}")
    return INVALID if summary.mistakes else FINE


def _of_cohort(summary: Summary, errors: str) -> Iterator[str]:
    """What is to be said of a cohort: who has no verdict, and where it stands why."""
    of = f"of {several(summary.patients, 'patient')}"
    if summary.invalid:
        yield f"{summary.invalid} {of} invalid, so not assessed: every mistake is in {errors}"
    if summary.unowned:
        yield f"{several(summary.unowned, 'mistake')} in rows that name no patient: see {errors}"
    if summary.untreated:
        yield f"{summary.untreated} {of} without a line of therapy, so without a verdict"


class _Ended:
    """Ctrl-C and SIGTERM, heard where the work can be left; the second one ends it at once.

    An exception raised by a signal comes anywhere, even where Python swallows it (as a generator
    is closed), and the work would go on.
    """

    def __init__(self) -> None:
        self._number: int | None = None
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Self:
        for number in (signal.SIGINT, signal.SIGTERM):
            if signal.getsignal(number) != signal.SIG_IGN:
                self._before[number] = signal.signal(number, self._hear)
        return self

    def __exit__(self, *error: object) -> None:
        for number, before in self._before.items():
            signal.signal(number, before)

    def _hear(self, number: int, frame: object) -> None:
        if self._number is not None:
            self.check()
        self._number = number

    def check(self) -> None:
        """End the work here if that was asked for."""
        if self._number is not None:
            sys.exit(128 + self._number)


class _Meter:
    """A line on stderr that counts rows, on a terminal and after two seconds only."""

    def __init__(self) -> None:
        self._shows = sys.stderr.isatty()
        self._begun = self._last = time.monotonic()

    def __call__(self, done: int, rows: int | None) -> None:
        now = time.monotonic()
        if not self._shows or now - self._begun < 2 or now - self._last < 0.5:
            return
        self._last = now
        told = f"{done} rows read" if rows is None else f"{done} of {rows} rows"
        share = 0 if rows is None else _BAR * done // rows
        bar = "#" * share + "." * (_BAR - share)
        print(f"\r{bar} {told:40}", end="", file=sys.stderr, flush=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._last != self._begun:
            print("\r" + " " * (_BAR + 41) + "\r", end="", file=sys.stderr, flush=True)


_BAR = 30


def _rules(options: argparse.Namespace) -> int:
    if options.trace:
        return _trace(options)
    if options.readings:
        for reading in READINGS:
            print(_told(reading), end="\n\n")
        return FINE
    if options.table in POLICIES:
        print(POLICIES[options.table])
        return FINE
    if options.table is not None and options.table not in TABLES:
        found = _one_rule(options.table)
        if not found:
            told = f"no table, rule, policy or reading {options.table!r}"
            known = ", ".join([*TABLES, *POLICIES])
            return _say(f"{told}; the tables and policies are {known}")
        print("\n\n".join(found))
        return FINE
    names = TABLES if options.table is None else [options.table]
    print("\n\n".join(str(table) for name in names for table in TABLES[name]))
    return FINE


def _trace(options: argparse.Namespace) -> int:
    from ..conformance import trace  # reads the source of the package, only where asked for

    try:
        print(trace.told("readings" if options.readings else options.table))
    except NotThereError as error:
        return _say(str(error))
    return FINE


def _one_rule(name: str) -> list[str]:
    """A rule or a reading by its id, wherever it stands."""
    found = [
        f"{rule.id}: {rule.verdict}\n  {table.title}\n  {rule.sentence}\n"
        + "\n".join(f"  {source}" for source in (rule.source, *rule.readings))
        for tables in TABLES.values()
        for table in tables
        for rule in table.rules
        if rule.id == name
    ]
    found += [
        f"{clause.id}: {situation}, {clause.effect}\n  {policy.title}\n  {clause.sentence}\n"
        f"  {clause.source}"
        for policy in POLICIES.values()
        for situation, clause in zip(Situation, policy.clauses, strict=True)
        if clause.id == name
    ]
    found += [
        f"{clause.id}: {clause.effect}\n  {clause.sentence}\n  {clause.source}"
        for clause in (*DEFINITIONS, *untreatable.CLAUSES)
        if clause.id == name
    ]
    found += [f"{rule}\n  {rule.source}" for rule in MARKER_RULES.values() if rule.id == name]
    return found + [_told(reading) for reading in READINGS if reading.id == name]


def _told(reading: Reading) -> str:
    return f"{reading.id}\n  {reading.decision}\n  because {reading.reason}"


_ABBREVIATIONS = (
    "CR, PR: complete, partial response; SD: stable, PD: progressive disease; NE: not evaluable."
)
_DEMOS = {
    "ikeda-2021": (
        "Five lines of therapy and two rechallenges in one patient with hepatocellular carcinoma\n"
        "spread to the lung (Ikeda et al., Intern Med 2021;60:403-407), by HCC mRECIST.\n"
        "Days count from the start of line 1; most are reconstructed from months."
    ),
    "synthetic": (
        "An invented patient, fully measured: viable and whole diameters, a porta hepatis node,\n"
        "tumour in the portal vein, a nodule proved by a later scan, a rechallenge. By HCC mRECIST."
    ),
}


def _encoding() -> str:
    return sys.stdout.encoding or "ascii"


def _demo(options: argparse.Namespace) -> int:
    name = "synthetic" if options.synthetic else "ikeda-2021"
    flag = " --synthetic" if options.synthetic else ""
    patient = example_case(name)
    if options.case:
        print(dumps(to_case(patient), indent=1))
        return FINE
    assessment = assess(patient, criteria=MRECIST)
    if options.why:
        print(explain(assessment))
        return FINE
    bars = "utf" in _encoding().lower()
    lesions = wrapped(f"Lesions: {demo_screen.legend(assessment)}.", "")
    print(
        *[
            _DEMOS[name],
            _ABBREVIATIONS,
            *lesions,
            "",
            demo_screen.course(assessment, bars=bars),
            "",
        ],
        "computed: by the rules, from the findings; reported: the reader's verdict stands in where",
        "the rules reach none. AFP is shown beside (bars: logarithmic), never part of a verdict.",
        "",
        f"why, rule by rule:   mrecist demo{flag} --why",
        "your own case:       mrecist demo --synthetic --case > case.json    (edit it, then)",
        "                     mrecist assess case.json",
        sep="\n",
    )
    return FINE
