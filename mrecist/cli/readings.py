"""`mrecist readings`: tables of several readers in, agreement and what is accepted out."""

from __future__ import annotations

import argparse
import os
from typing import Any

import attrs

from .._base.text import several
from .cohort import counts_of, of_cohort, takes_kept
from .messages import COULD_NOT_RUN, FINE, INVALID, say
from .options import takes_criteria
from .summaries import takes_quiet, tell

__all__ = ["COMMANDS"]

_READINGS = """\
Judge the readings of several readers, each by itself, and accept one per line by a review.
FINDINGS is as for `mrecist cohort`, with the reader of each row in the column reader. Rows of LINES
and PROCEDURES without a reader hold for every reader; a row of LINES with one repeats the start and
gives this reader's baseline, targets and nontargets. DECISIONS has one row per line decided:
patient, accepted (a reader), and what is known of line (empty: all lines), by and reason.
FINDINGS may also be case documents (.jsonl or .ndjson with one on each line, .json), each with the
key reader; they hold lines and procedures, in which all readers of a patient agree.
"""

_FILES = """\
reviews: double (R1 and R2; decisions by table), single (R1), all (agreement only). A line on which
the readers differ in a trigger, and nobody has decided, is pending and has no accepted reading.

Files are CSV (.csv, .csv.gz; UTF-8, commas, a header) or Parquet (.parquet). FOLDER receives
  timepoints    the verdict of every reader on every time point, and which are accepted
  lines         targets, best responses and progression of every line by every reader
  discordance   one row per line: its state, the triggers that fired, what each reader found
  agreement     of two readers or more: kappa, AC1, AC2, Fleiss' kappa, with intervals
  notes         what is probably misread (mrecist rules --notes)
in the format of FINDINGS (CSV for documents), and errors.csv as `mrecist cohort` writes it. The
agreement on time points has intervals over patients drawn anew.

exit status: 0 fine; 1 some patient was invalid, see errors.csv; 2 could not run
"""


def _takes_readings(command: argparse.ArgumentParser) -> None:
    command.description, command.epilog = _READINGS, _FILES
    command.add_argument(
        "file",
        metavar="FINDINGS",
        help="The table of findings of all readers (.csv, .csv.gz, .parquet), or case documents "
        "(.json, .jsonl, .ndjson).",
    )
    for name, told in (
        ("lines", "The table of lines of therapy. Default: one line per patient."),
        ("procedures", "The table of local treatment. Default: none was given."),
        ("decisions", "The table of whose reading is accepted. Default: nobody decided."),
    ):
        command.add_argument(f"--{name}", metavar=name.upper(), help=told)
    takes_kept(command)
    of_review = "Default: as the review has it."
    for flag, metavar, told in (
        ("--readers", "NAMES", "The primary readers, like R1,R2."),
        ("--adjudicator", "NAME", "The reader who decides between them."),
        ("--local", "NAMES", "The readers who read beside them, like INV."),
        (
            "--triggers",
            "NAMES",
            "What calls for a decision, like 'best response,progression date'.",
        ),
        ("--decides", "HOW", "How a decision is reached: choice, 'third reading' or majority."),
        ("--one-reader", "WHAT", "What becomes of a line that one reader read: accept or pending."),
        (
            "--level",
            "WHAT",
            "What a decision is on: line, or 'time point', where it may have a date.",
        ),
    ):
        command.add_argument(flag, metavar=metavar, help=f"{told} {of_review}")
    command.add_argument(
        "--review",
        metavar="NAME",
        default="double",
        help="The review that was fixed beforehand: double, single or all. Default: double.",
    )
    command.add_argument(
        "--window",
        metavar="DAYS",
        type=int,
        help=f"The days within which two dates count as one. {of_review}",
    )
    command.add_argument(
        "--confirmed",
        action="store_true",
        help="Compare confirmed responses. Default: every response counts.",
    )
    takes_criteria(command)
    command.add_argument(
        "--out",
        metavar="FOLDER",
        required=True,
        help="The folder to write to, which is made where it is not; it must be given.",
    )
    takes_quiet(command)
    command.set_defaults(run=_readings)


_DOCUMENTS = (".json", ".jsonl", ".ndjson")

COMMANDS = {"readings": _takes_readings}
"""What adds the arguments of each command."""


def _readings(options: argparse.Namespace) -> int:
    from ..readers.files import readings_files
    from ..tables.files import TableFileError, ending

    try:
        is_cases = options.file.lower().endswith(_DOCUMENTS)
        summary = readings_files(
            _cases(options) if is_cases else options.file,
            options.out,
            lines=options.lines,
            procedures=options.procedures,
            decisions=options.decisions,
            patients=options.patients,
            review=_review(options),
            criteria=options.criteria,
            keep=options.keep or (),
        )
    except (TableFileError, ImportError) as error:
        for line in str(error).splitlines():
            say(line)
        return COULD_NOT_RUN
    except ValueError as error:
        return say(str(error))
    kind, units = (".csv", "documents") if is_cases else (ending(options.file), "rows")
    errors, notes = (os.path.join(options.out, name) for name in ("errors.csv", "notes"))
    for message in of_cohort(summary, errors, notes + kind, units):
        say(f"{options.file}: {message}")
    if summary.untaken:
        mistakes = several(summary.untaken, "mistake")
        say(f"{options.file}: {mistakes} in decisions, which are not taken: see {errors}")
    if summary.pending:
        of = f"{summary.pending} of {several(summary.lines, 'line')}"
        say(f"{options.file}: {of} pending, without an accepted reading: see discordance")
    tell(options, counts_of(summary), written=options.out)
    return INVALID if summary.mistakes else FINE


def _cases(options: argparse.Namespace) -> Any:
    """The tables of case documents, beside which there are none of lines and procedures."""
    from ..tables.files import TableFileError
    from .case_readings import case_tables

    told = [f"--{name}" for name in ("lines", "procedures") if getattr(options, name) is not None]
    if told:
        given = " and ".join(told)
        raise TableFileError([f"{options.file}: case documents hold their own; leave out {given}"])
    return case_tables(options.file)


def _review(options: argparse.Namespace) -> Any:
    """The review that is named, with what else is said of it."""
    from .._base.converters import look_up
    from ..readers.review import REVIEWS

    review = look_up("--review", options.review, REVIEWS, "a review", ValueError)
    said: dict[str, Any] = {
        name: tuple(getattr(options, name).split(","))
        for name in ("readers", "local", "triggers")
        if getattr(options, name) is not None
    }
    said |= {
        name: getattr(options, name)
        for name in ("adjudicator", "decides", "one_reader", "level")
        if getattr(options, name) is not None
    }
    if options.window is not None:
        said["window_days"] = options.window
    return attrs.evolve(review, confirmed=options.confirmed, **said)
