"""The command line: `mrecist assess`, `explain`, `course`, `check`, `cohort`, `convert`,
`template`, `endpoints`, `readings`, `columns`, `rules`, `report`, `conformance`, `demo`,
`completion`; `mrecist help COMMAND` tells of each.

Exit status: 0 fine; 1 the input was read, and some case or patient in it was invalid (or `check`
found problems); 2 the command could not run. Messages go to stderr, one line each.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NoReturn

from .._base.errors import CaseError, CriteriaError, DocumentError
from .._base.nearest import did_you_mean
from .messages import COULD_NOT_RUN, on_a_line, say
from .screen import flowed, help_columns

__all__ = ["main", "parser_of_all"]

INTERRUPTED, BROKEN_PIPE = 130, 141


_EXAMPLES = """\
examples:
  mrecist demo                           the published case on one screen
  mrecist demo --synthetic --case > case.json
                                         a case document to write your own by
  mrecist assess case.json               the verdicts as a table
  mrecist explain case.json --line 1     why: the rule, the numbers and the paper
  mrecist course case.json               how long each line held, and why
  mrecist check cases.jsonl              mistakes and problems only
  mrecist report case.json -o page.html  a page to read, print and hand on
  mrecist template lesions.xlsx          a workbook to fill in
  mrecist assess lesions.xlsx --measures viable
                                         the verdicts on that workbook
  mrecist cohort findings.csv --out verdicts
                                         many patients: tables in, tables out
  mrecist endpoints findings.csv --out times
                                         times to events of many patients
  mrecist convert study/ --from sdtm --check
                                         what a study holds, and what is left out
  mrecist columns findings               what each column of a table holds
  mrecist rules overall                  a decision table
  mrecist rules --problems               what can be odd, and what to do about it
  mrecist help cohort                    all about one command, with examples

exit status: 0 fine; 1 some case was invalid (or `check` found problems); 2 could not run

HCC mRECIST (Lencioni & Llovet 2010). Research software, not a medical device.
"""


FOLDER = "is a folder; a study of SDTM is judged by `mrecist cohort FOLDER --sdtm`"
"""What is said of a folder where one file is read."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    if sys.stdout is None or sys.stderr is None:
        return COULD_NOT_RUN
    words = _meant(sys.argv[1:] if arguments is None else list(arguments))
    parser = _parser()
    if words and not words[0].startswith("-") and words[0] not in COMMANDS:
        near = did_you_mean(words[0], COMMANDS)
        parser.error(f"there is no command {words[0]!r}{near}")
    try:
        options = parser.parse_args(words)
    except SystemExit as end:  # --version and --help have been printed, mistakes told
        raise SystemExit(_flushed(end.code)) from None
    except OSError as error:
        return _unsaid(error)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        status: int = options.run(options)
        sys.stdout.flush()
    except (DocumentError, CriteriaError) as error:
        return say(f"{options.file}: {error}")
    except CaseError as error:  # a table that is none: a column lacks
        return [say(f"{options.file}: {line}") for line in error.lines][-1]
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            return _broken_pipe()
        path, why = error.filename or options.file, error.strerror or error
        return say(f"{path}: {FOLDER if isinstance(error, IsADirectoryError) else why}")
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:
        if _is_dead_worker(error):
            return say("a worker process died; try fewer jobs")
        # A bug of ours: say so in a line, never as a traceback.
        told = f"unexpected {type(error).__name__}: {error}"
        return say(f"{options.file}: {told}; please report it")
    return status


def _meant(words: list[str]) -> list[str]:
    """The words, with `help` and no word at all spelt as the flag that they stand for."""
    if not words:
        return ["--help"]
    return [*words[1:2], "--help"] if words[0] == "help" else words


def _flushed(code: Any) -> Any:
    """The status of what argparse has printed, once it is written."""
    try:
        sys.stdout.flush()
    except OSError as error:
        return _unsaid(error)
    return code


def _unsaid(error: OSError) -> int:
    """What argparse prints could not be written."""
    status = _broken_pipe()
    return status if isinstance(error, BrokenPipeError) else say(f"stdout: {error.strerror}")


def _broken_pipe() -> int:
    """The reader went away: nothing more can be said, not even by the interpreter at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return BROKEN_PIPE


def _is_dead_worker(error: Exception) -> bool:
    """Whether a worker process died: of an error that only whoever started workers can know."""
    pools = sys.modules.get("concurrent.futures.process")
    return pools is not None and isinstance(error, pools.BrokenProcessPool)


COMMANDS = {
    "assess": ("cases", "verdicts, as a table or as documents"),
    "explain": ("cases", "the reasons, each with rule and source"),
    "course": ("cases", "how long each line held: times to events"),
    "check": ("cases", "mistakes and problems only"),
    "cohort": ("cohort", "tables of many patients, CSV or Parquet"),
    "convert": ("studies", "data in the formats of others, as tables, cases, SDTM or FHIR"),
    "template": ("template", "a workbook to fill in"),
    "endpoints": ("cohort", "times to events of many patients, CSV or Parquet"),
    "readings": ("readings", "several readers: agreement, and what is accepted"),
    "columns": ("columns", "every column of the tables, in and out, and every word"),
    "rules": ("rules", "the decision tables and the project's readings"),
    "report": ("report", "pages to read, print and hand on"),
    "conformance": ("conformance", "compare any implementation with a suite of cases"),
    "demo": ("demo", "the published case, end to end"),
    "completion": ("completion", "what a shell needs to complete all of this"),
}
"""The commands, each with the file that knows its arguments, and what it is for."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        end = " " if message.endswith("?") else "; "
        told = on_a_line(f"{self.prog}: {message}{end}see {self.prog} --help")
        self.exit(COULD_NOT_RUN, f"{told}\n")


class _Version(argparse.Action):
    """Print the versions, one a line, and exit."""

    def __call__(self, parser: argparse.ArgumentParser, *given: Any, **named: Any) -> None:
        """End the command with what it prints."""
        from .versions import versions  # few ask for them

        print(*(f"{name} {told}" for name, told in versions()), sep="\n")
        parser.exit()


class _Command(_Parser):
    """The parser of one command, which learns its arguments when the command is asked for."""

    def __init__(self, *, module: str, command: str, **options: Any) -> None:
        super().__init__(**options)
        self._module, self._command = module, command

    def learn(self) -> None:
        """Import what the command needs, and add its arguments."""
        import_module(f".{self._module}", __package__).COMMANDS[self._command](self)

    def format_help(self) -> str:
        """The help, its text fitted to the terminal."""
        width = help_columns()
        self.description = flowed(self.description or f"Print {COMMANDS[self._command][1]}.", width)
        self.epilog = flowed(self.epilog or "", width)
        return super().format_help()

    def parse_known_args(self, *given: Any, **options: Any) -> Any:
        """Read the arguments; one that is unknown is refused with the nearest option there is."""
        self.learn()
        found, unknown = super().parse_known_args(*given, **options)
        if unknown:
            known = re.findall(r"--[a-z][a-z-]*", self.format_usage())
            near = did_you_mean(unknown[0].partition("=")[0], known)
            self.error(f"unrecognized arguments: {' '.join(unknown)}{near}")
        return found, unknown


def parser_of_all() -> argparse.ArgumentParser:
    """The parser with the arguments of every command, for whoever lists them."""
    commands: list[_Command] = []
    parser = _parser(commands)
    for command in commands:
        command.learn()
    return parser


def _parser(made: list[_Command] | None = None) -> argparse.ArgumentParser:
    parser = _Parser(
        prog="mrecist",
        description="Tumour response in hepatocellular carcinoma by HCC mRECIST and RECIST 1.1.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "-V",
        "--version",
        action=_Version,
        nargs=0,
        help="Print the versions of what a verdict depends on, and exit.",
    )
    commands = parser.add_subparsers(
        title="commands", metavar="COMMAND", required=True, parser_class=_Command
    )
    for name, (module, told) in COMMANDS.items():
        command = commands.add_parser(
            name,
            help=told,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            module=module,
            command=name,
        )
        if made is not None:
            made.append(command)
    return parser
