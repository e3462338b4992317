"""`mrecist conformance`: hold any program that speaks the documents against the suite."""

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import shutil
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import attrs

from .._base.errors import DocumentError, NotThereError
from .._base.json_text import LONGEST_DOCUMENT, parse
from .._base.outputs import work_folder
from .._base.text import several
from ..conformance._cases import Case, cases, copy
from ..conformance._differences import ERRORS, paths_check
from ..conformance._judge import NOT_LOOKED_AT, judge, looked_at, nothing, result_of
from ..conformance._scorecard import Result, Scorecard
from .messages import FINE, INVALID, harmless, say
from .meter import Meter
from .options import takes_jobs
from .screen import show
from .summaries import takes_quiet, tell, tell_words

__all__ = ["COMMANDS", "CommandError", "Program", "run"]

SOME_FAILED = INVALID
PLACEHOLDER, CRITERIA = "{case}", "{criteria}"
_PLACES = re.compile(r"\{case\}|\{criteria\}")
WITHOUT_CRITERIA = "mrecist"
LONGEST_TOLD = 300
MOST_OUTPUT = LONGEST_DOCUMENT
"""The most that a program may print about a case, in bytes."""
_LOOK = 0.05
"""How often that is checked, in seconds."""

_DESCRIPTION = """\
Compare a program with the suite of cases and print a scorecard, by part of the assessment and by
rule id. PROGRAM is a command such as 'node mine.mjs {case} --criteria {criteria}': {case} stands
for the path of a case document, {criteria} for the name of its criteria. It is to print an
assessment document, or for a case that is not valid an error document; a command without
{criteria} is run on the cases of mrecist only. No shell is involved. Without --command the package
itself is compared. A program that takes too long, or prints more than 32 MB, is stopped.
"""
_EPILOG = """\
exit status: 0 every case that was run passed; 1 some did not; 2 the command could not run
"""


class CommandError(ValueError):
    """A command that cannot be run at all: not found, or without its placeholder."""


@attrs.frozen(kw_only=True)
class Program:
    """A program under test: its words, and how long it may take over a case, in seconds."""

    words: tuple[str, ...]
    timeout: float = 10.0

    @classmethod
    def of(cls, command: str, *, timeout: float = 10.0) -> Program:
        """A program from a command line; raises `CommandError` where it cannot be run."""
        try:
            words = tuple(shlex.split(command))
        except ValueError as error:
            raise CommandError(f"command {command!r}: {error}") from None
        if not any(PLACEHOLDER in word for word in words):
            raise CommandError(f"command {command!r}: must hold {PLACEHOLDER}")
        if shutil.which(words[0]) is None:
            raise CommandError(f"command {words[0]!r}: no such program")
        return cls(words=words, timeout=timeout)

    @property
    def takes_criteria(self) -> bool:
        """Whether the program is told the criteria."""
        return any(CRITERIA in word for word in self.words)

    def call(self, case: Case, path: str) -> list[str]:
        """The words of the call for one case."""
        values = {CRITERIA: case.criteria, PLACEHOLDER: path}
        return [_PLACES.sub(lambda found: values[found[0]], word) for word in self.words]

    def judged(self, case: Case, folder: str, parts: Sequence[str] = ()) -> Result:
        """What the program makes of one case, written into a folder of its own."""
        if not self.takes_criteria and case.criteria != WITHOUT_CRITERIA:
            return Result(case, not_run=f"the command takes no {CRITERIA}")
        if not looked_at(case, parts):
            return Result(case, not_run=NOT_LOOKED_AT)
        path = os.path.join(folder, f"{case.id}.json")
        with open(path, "w", encoding="utf-8") as file:
            file.write(case.text)
        try:
            return self._answer(case, path, parts)
        finally:
            for ending in ("", ".out", ".err"):
                with suppress(OSError):  # what it left behind may hold a file on Windows
                    os.unlink(f"{path}{ending}")

    def _answer(self, case: Case, path: str, parts: Sequence[str]) -> Result:
        """What the program makes of the case in a file."""
        import subprocess

        # Into files, not pipes: what a killed program leaves behind keeps no pipe open.
        with open(f"{path}.out", "w+b") as out, open(f"{path}.err", "w+b") as err:
            try:
                process = subprocess.Popen(
                    self.call(case, path), stdin=subprocess.DEVNULL, stdout=out, stderr=err
                )
            except OSError as error:
                return nothing(case, f"cannot be run: {error.strerror or error}", parts)
            with process:
                stopped = self._stopped(process, (out, err))
            if stopped:
                return nothing(case, stopped, parts)
            out.seek(0)
            err.seek(0)
            return _answered(case, process.returncode, out.read(), err.read(), parts)

    def _stopped(self, process: Any, files: Sequence[Any]) -> str | None:
        """Why a program had to be stopped, if so: it took too long, or said too much."""
        from subprocess import TimeoutExpired

        ends, told = time.monotonic() + self.timeout, None
        while told is None:
            try:
                process.wait(min(_LOOK, max(ends - time.monotonic(), 0)))
                return self._too_much(files)
            except TimeoutExpired:
                late = time.monotonic() >= ends
                told = f"took longer than {self.timeout:g} s" if late else self._too_much(files)
            except BaseException:
                process.kill()
                raise
        process.kill()
        return told

    def _too_much(self, files: Sequence[Any]) -> str | None:
        if max(os.fstat(file.fileno()).st_size for file in files) <= MOST_OUTPUT:
            return None
        return f"said more than {MOST_OUTPUT >> 20} MB"


def _answered(case: Case, status: int, out: bytes, err: bytes, parts: Sequence[str]) -> Result:
    """What a program said, by its exit status and its output."""
    try:
        document = parse(out)
    except DocumentError:
        document = None
    if isinstance(document, dict) and (status == 0 or "errors" in document):
        return result_of(case, document, parts)
    why = f"exit status {status}, {_last_line(err or out)}"
    if case.errors is None or status != SOME_FAILED:
        return nothing(case, why, parts)
    told = _mistakes(out)
    if told:
        return Result(case, (paths_check(case.errors, told),))
    return nothing(case, f"no paths of mistakes: {why}", absent=True)


_TOLD = re.compile(r"(?m)^[^\s:][^:\n]*: .*$")


def _mistakes(out: bytes) -> list[str]:
    """The lines that begin with the path of a mistake."""
    return _TOLD.findall(out.decode("utf-8", "replace"))


def _last_line(said: bytes) -> str:
    lines = said.decode("utf-8", "replace").split("\n")
    last = next((line for line in reversed(lines) if line.strip()), "nothing said")
    return last.strip()[:LONGEST_TOLD]


def run(
    program: Program,
    over: Sequence[Case],
    *,
    parts: Sequence[str] = (),
    jobs: int = 1,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Scorecard:
    """Hold a program against cases, several at a time; `progress` is told how many are done."""
    from concurrent.futures import ThreadPoolExecutor
    from tempfile import gettempdir

    with work_folder(Path(gettempdir())) as folder:
        pool = ThreadPoolExecutor(jobs)
        try:
            results = []
            for each in pool.map(partial(program.judged, folder=str(folder), parts=parts), over):
                results.append(each)
                progress(len(results), len(over))
            return Scorecard(tuple(results))
        finally:
            pool.shutdown(cancel_futures=True)


# ---- the command line


def _takes_conformance(command: argparse.ArgumentParser) -> None:
    command.description, command.epilog = _DESCRIPTION, _EPILOG
    command.add_argument(
        "--command",
        metavar="PROGRAM",
        help="The program to run on each {case}. Default: this package itself.",
    )
    command.add_argument(
        "--rule",
        action="append",
        default=[],
        metavar="ID",
        help="Run only the cases that exercise this rule, reading, problem or mistake; it may be "
        "repeated. Default: all cases.",
    )
    command.add_argument(
        "--parts",
        type=_parts,
        default=(),
        metavar="KEYS",
        help="Compare only these parts of an assessment, such as total_mm,target,nontarget,"
        "computed. Default: all parts.",
    )
    command.add_argument(
        "--timeout",
        type=_seconds,
        default=10.0,
        metavar="SECONDS",
        help="The seconds that the program may take over a case. Default: 10.",
    )
    takes_jobs(command, "The number of programs that run at a time")
    takes_quiet(command)
    command.add_argument(
        "-v",
        "--verbose",
        action="store_true",
        help="Print each difference. Default: only how many.",
    )
    command.add_argument(
        "--json", action="store_true", help="Write a scorecard document. Default: a table."
    )
    command.add_argument(
        "--copy",
        metavar="FOLDER",
        help="Copy the cases into this folder, and run nothing. Default: the cases are run.",
    )
    command.set_defaults(run=_main, file="conformance")


COMMANDS = {"conformance": _takes_conformance}
"""What adds the arguments of each command."""


def _parts(text: str) -> tuple[str, ...]:
    known = {ERRORS}.union(*(_known_parts(case.expect or {}) for case in cases()))
    asked = tuple(part.strip() for part in text.split(","))
    unknown = [part for part in asked if part not in known]
    if unknown:
        told = f"no part {', '.join(unknown)}; known are {', '.join(sorted(known))}"
        raise argparse.ArgumentTypeError(told)
    return asked


def _known_parts(expected: dict[str, Any]) -> set[str]:
    lines = expected.get("lines", [])
    inside = [expected, *lines, *(each for line in lines for each in line["timepoints"])]
    return {key for each in inside for key in each} - {"lines", "timepoints"}


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < 86_400:
        raise argparse.ArgumentTypeError(f"must be seconds, above 0, got {text!r}")
    return seconds


def _main(options: argparse.Namespace) -> int:
    if options.copy is not None:
        written = copy(options.copy)
        print(harmless(f"{len(written)} files in {options.copy}"))
        tell(options, written=options.copy)
        return FINE
    try:
        over = cases(rules=options.rule)
        if options.command is None:
            scorecard = judge(over=over, parts=options.parts)
        else:
            program = Program.of(options.command, timeout=options.timeout)
            with Meter("cases", quiet=options.quiet) as meter:
                scorecard = run(
                    program, over, parts=options.parts, jobs=options.jobs, progress=meter
                )
    except (CommandError, NotThereError) as error:
        return say(str(error))
    if options.json:
        print(json.dumps(scorecard.to_document(), indent=1))
    else:
        show(harmless(scorecard.told(verbose=options.verbose)))
    counted = ", ".join(f"{count} {word}" for word, count in scorecard.outcomes.items())
    tell_words(options, f"{several(len(scorecard.results), 'case')}: {counted}")
    return FINE if scorecard.passed else SOME_FAILED
