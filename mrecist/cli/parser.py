"""The command line: `mrecist assess`, `explain`, `course`, `check`, `cohort`, `convert`,
`template`, `endpoints`, `readings`, `rules`, `report`, `conformance`, `demo`.

Exit status: 0 fine; 1 the input was read, and some case or patient in it was invalid (or `check`
found problems); 2 the command could not run. Messages go to stderr, one line each.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NoReturn

from .. import __version__
from .._base.errors import CaseError, CriteriaError
from .._base.json_text import DocumentError
from .messages import COULD_NOT_RUN, on_a_line, say

__all__ = ["main"]

INTERRUPTED, BROKEN_PIPE = 130, 141


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
  mrecist cohort study/ --sdtm --reader INVESTIGATOR --out verdicts    the same of SDTM data sets
  mrecist cohort study/ --sdtm --adam xpt --adsl adsl.xpt --out adam    and ADRS, ADTR, ADTTE
  mrecist convert study/ --from sdtm --check    what is in them, and what is left out
  mrecist convert cases.jsonl --to fhir --out bundles    a Bundle of FHIR a patient
  mrecist assess bundle.json --measures viable     a Bundle of FHIR judged
  mrecist convert cases.jsonl --to sdtm --out sdtm    TU, TR, RS and others of what was collected
  mrecist assess reports/ --measures viable    DICOM structured reports
  mrecist template lesions.xlsx            a workbook to fill in
  mrecist assess lesions.xlsx --measures viable    a worksheet with a row a lesion
  mrecist endpoints findings.csv --policy fda-a --every 56 --window 14 --out times
  mrecist readings findings.csv --review double --out readings    several readers
  mrecist report case.json -o report.html  a page to read, print and hand on
  mrecist report --demo                    the same of two examples, in the folder report
  mrecist columns findings                 what each column holds, and what an empty cell means
  mrecist rules overall                    a decision table (or fda-a: a policy)
  mrecist conformance --command 'node mine.mjs {case}'    another implementation, on our cases
  mrecist rules --readings                 what this project decided where the papers are silent
  mrecist rules --problems                 what can be odd about a chart, and what to do
  mrecist rules --to-check                 what to read in the papers, for rules from memory
  mrecist rules TL-PD-20 --trace           where a rule stands, its source, tests and cases

exit status: 0 fine; 1 some case was invalid (or `check` found problems); 2 could not run

HCC mRECIST (Lencioni & Llovet 2010). Research software, not a medical device.
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
        return say(f"{options.file}: {error}")
    except CaseError as error:  # a table that is none: a column lacks
        return [say(f"{options.file}: {line}") for line in error.lines][-1]
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            return _broken_pipe()
        return say(f"{error.filename or options.file}: {error.strerror or error}")
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:
        if _is_dead_worker(error):
            return say("a worker process died; try fewer jobs")
        # A bug of ours: say so in a line, never as a traceback.
        told = f"unexpected {type(error).__name__}: {error}"
        return say(f"{options.file}: {told}; please report it")
    return status


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
    "conformance": ("conformance", "hold any implementation against a suite of cases"),
    "demo": ("demo", "the published case, end to end"),
}
"""The commands, each with the file that knows its arguments, and what it is for."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        told = on_a_line(f"{self.prog}: {message}; see {self.prog} --help")
        self.exit(COULD_NOT_RUN, f"{told}\n")


class _Command(_Parser):
    """The parser of one command, which learns its arguments when the command is asked for."""

    def __init__(self, *, module: str, command: str, **options: Any) -> None:
        super().__init__(**options)
        self._module, self._command = module, command

    def parse_known_args(self, *given: Any, **options: Any) -> Any:
        """Import what the command needs, and read the arguments."""
        import_module(f".{self._module}", __package__).COMMANDS[self._command](self)
        return super().parse_known_args(*given, **options)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="mrecist",
        description="Tumour response in hepatocellular carcinoma by HCC mRECIST and RECIST 1.1.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"mrecist {__version__}")
    commands = parser.add_subparsers(
        title="commands", metavar="COMMAND", required=True, parser_class=_Command
    )
    for name, (module, told) in COMMANDS.items():
        commands.add_parser(
            name,
            help=told,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            module=module,
            command=name,
        )
    return parser
