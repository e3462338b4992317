"""`mrecist cohort` and `endpoints`: tables of many patients in, tables of verdicts or times out."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Self

from .._base.text import several
from .._base.words import PendingIs
from ..rulebook.criteria import CRITERIA
from .exchange import kind_of, takes_exchange
from .messages import COULD_NOT_RUN, FINE, INVALID, say
from .meter import Meter
from .options import policy_of, takes_choice, takes_criteria, takes_engine, takes_jobs, takes_policy
from .sheets import is_sheet, is_table, says_sheet, takes_sheet
from .standards import takes_adam, wants_adam
from .studies import is_of_others, judge, takes_study
from .summaries import Counts, takes_quiet, tell

if TYPE_CHECKING:
    from ..cohort.files import Summary
    from ..readers.files import ReadingsSummary

__all__ = ["COMMANDS", "counts_of", "of_cohort", "takes_kept"]


_COHORT = """\
Judge the patients of a table, which may be larger than memory. FINDINGS has one row per finding:
patient, date, lesion, and what is known of where the lesion lies, its sizes, like viable_mm, and
its status. LINES has one row per line of therapy: patient, start, and what is known of stop,
end_reason, agents, baseline, targets and nontargets. Without LINES each patient has one line, which
starts on the first date. PROCEDURES has one row per local treatment: patient, date, kind, and what
is known of lesions and text. PATIENTS has one row per patient, with columns such as an arm that
--keep names: the tables carry them on. A patient who is not in it has no value. `mrecist columns
--in` lists every column, and what an empty cell of it means.
"""

_COHORT_FILES = """\
Files are CSV (.csv, .csv.gz; UTF-8, commas, a header) or Parquet (.parquet), all of one format.
FOLDER receives in that format
  timepoints   the verdict on every time point of every line, with the rules that fired
  lines        targets, best responses and progression of every line
  lesions      the category or grade of every lesion, by criteria that give one
  notes        what is probably misread (mrecist rules --notes)
and errors.csv: patient, row, column and error of every mistake, or its header alone. Rows count
from 0, the first below the header; columns of LINES are written like lines.start, those of
PROCEDURES like procedures.date. A patient with a mistake is not judged, all others are. Earlier
results are replaced once all is done.

By irecist, imrecist-hcc and imrecist the words and the progression are those of immunotherapy, with
what confirmed it or is pending. lr-tr-2018, lr-tr-2024 and recicl grade lesions: no time point or
line then has a response.

Rows may come in any order, and patients come out in the order of their first rows. Those whose
rows lie together are read as they come; otherwise the table is first sorted into temporary files
in FOLDER, which take about as much space as it.

With --sdtm FINDINGS is a folder with the data sets of an SDTM study, which `mrecist convert --help`
describes; FOLDER receives the same tables as CSV, and problems.csv. So it does where FINDINGS is a
worksheet (.xlsx, .xls, .ods, .tsv, or .csv without those columns or with a flag of worksheets),
FHIR (a Bundle, .ndjson, or a folder of such), a raw export of REDCap, reports of DICOM (TID 1500)
or an export of OHIF. With --adam it also receives the data sets adrs, adtr and adtte, with the
parameters of admiralonco.

exit status: 0 fine; 1 some patient was invalid, see errors.csv; 2 could not run
"""

_DEATHS = """\
For times to events LINES may also hold death and last_contact, dates of the patient that all of
the patient's lines give alike; what a line leaves out, another may say.
"""

_ENDPOINT_FILES = """\
FOLDER receives in the format that came in (CSV or Parquet)
  endpoints    one row per line of therapy: responses, depth of response, and for each time (pfs,
               ttp, ttr, dor, docr, dosd, tot, ttnt, ttf, pfs2, pps, os) its days, 1 for an event
               or 0 for a censored time, its end, and the rule of the policy that decided
  adtte        one row per line and kind of time, in the columns of ADaM: AVAL in days, CNSR 0 for
               an event
and notes and errors.csv as `mrecist cohort` writes them.

By irecist, imrecist-hcc and imrecist progression is what a later scan confirmed, dated to the first
scan that showed it; criteria that grade lesions have no times. In R:
survfit(Surv(pfs_days, pfs_event) ~ arm, ...). `mrecist rules fda-a` prints a policy.

exit status: 0 fine; 1 some patient was invalid, see errors.csv; 2 could not run
"""


def _takes_cohort(command: argparse.ArgumentParser) -> None:
    command.description, command.epilog = _COHORT, _COHORT_FILES
    _takes_tables(command)
    takes_criteria(command, immune=True, grades=True)
    command.add_argument(
        "--sdtm",
        action="store_true",
        help="Read FINDINGS as a study, a folder with SDTM data sets. Default: a table.",
    )
    takes_study(command)
    takes_sheet(command, measures=False)
    takes_adam(command)
    takes_exchange(command, responses=False)
    command.set_defaults(run=_cohort, policy=None)


def _takes_endpoints(command: argparse.ArgumentParser) -> None:
    command.description, command.epilog = _COHORT + _DEATHS, _ENDPOINT_FILES
    _takes_tables(command)
    takes_criteria(command, immune=True)
    takes_policy(command)
    takes_choice(
        command,
        "--pending",
        [str(each).replace(" ", "-") for each in PendingIs],
        "What a progression by irecist or imrecist-hcc is that no later scan confirmed: {known}. "
        "By its course it is an event where the line stopped, the patient died or no later scan "
        "exists, else censored on its day. Default: by-course.",
        metavar="HOW",
    )
    command.set_defaults(run=_cohort, sdtm=False)


COMMANDS = {"cohort": _takes_cohort, "endpoints": _takes_endpoints}
"""What adds the arguments of each command."""


def _takes_tables(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "file", metavar="FINDINGS", help="The table of findings, a .csv, .csv.gz or .parquet file."
    )
    command.add_argument(
        "--lines",
        metavar="LINES",
        help="The table of lines of therapy, in the same format. Default: each patient has one "
        "line, from the first date on.",
    )
    command.add_argument(
        "--procedures",
        metavar="PROCEDURES",
        help="The table of local treatment, in the same format. Default: none was given.",
    )
    takes_kept(command)
    command.add_argument(
        "--out",
        metavar="FOLDER",
        required=True,
        help="The folder to write to, which is made where it is not; it must be given.",
    )
    takes_jobs(command, "The number of processes for a long table")
    takes_engine(command)
    takes_quiet(command)


def takes_kept(command: argparse.ArgumentParser) -> None:
    """The options that name further columns, and the table of patients that may hold them."""
    command.add_argument(
        "--keep",
        type=names_of,
        metavar="NAMES",
        help="The columns of LINES or PATIENTS to carry through every table, like arm,site. "
        "Default: none.",
    )
    command.add_argument(
        "--patients",
        metavar="PATIENTS",
        help="The table of patients, one row per patient, with columns to --keep. Default: none.",
    )


def names_of(text: str) -> tuple[str, ...]:
    """Names of columns to keep, separated by commas, as an argument."""
    from ..cohort.kept import asked_names

    try:
        return asked_names([name.strip() for name in text.split(",")])
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _cohort(options: argparse.Namespace) -> int:
    kind = None if options.policy else "sdtm" if options.sdtm else _kind(options)
    if kind is not None:
        if options.keep and not (options.lines or options.patients):
            told = "which a study or a worksheet does not have: name a file of --patients"
            return say(f"--keep names columns of LINES, {told}")
        if options.engine != "auto":
            return say("--engine is for tables of findings, which may be long")
        if wants_adam(options) and options.criteria not in CRITERIA:
            return say(f"--adam has no parameters for the answers by {options.criteria}")
        options.kind = kind
        return judge(options)
    if options.policy is None and wants_adam(options):
        return say(f"{options.file}: --adam is of a study (--sdtm), a worksheet, FHIR or REDCap")
    if is_of_others(options, "a table of findings", sheet=False, sdtm=False):
        return COULD_NOT_RUN

    from ..cohort.files import assess_files
    from ..tables.files import TableFileError, ending

    ended = _Ended()

    def progress(done: int, rows: int | None) -> None:
        ended.check()
        meter(done, rows)

    try:
        with ended, Meter(quiet=options.quiet) as meter:
            summary = assess_files(
                options.file,
                options.out,
                lines=options.lines,
                procedures=options.procedures,
                patients=options.patients,
                criteria=options.criteria,
                policy=policy_of(options) if options.policy else None,
                pending=_pending(options),
                keep=options.keep or (),
                jobs=options.jobs,
                engine=options.engine,
                progress=progress,
            )
    except (TableFileError, ImportError) as error:
        for line in str(error).splitlines():
            say(line)
        return COULD_NOT_RUN
    except OSError as error:
        return say(f"{error.filename or options.out}: {error.strerror or error}")
    errors, notes = (os.path.join(options.out, name) for name in ("errors.csv", "notes"))
    for message in of_cohort(summary, errors, notes + ending(options.file)):
        say(f"{options.file}: {message}")
    tell(options, counts_of(summary), written=options.out)
    return INVALID if summary.mistakes else FINE


def _pending(options: argparse.Namespace) -> str | None:
    """What an unconfirmed progression is, as the library calls it."""
    asked: str | None = getattr(options, "pending", None)
    return asked and asked.replace("-", " ")


def counts_of(summary: Summary | ReadingsSummary) -> Counts:
    """How much was read and judged of tables."""
    return Counts(
        patients=summary.patients,
        lines=summary.lines,
        errors=summary.mistakes,
        notes=summary.notes,
        timepoints=getattr(summary, "timepoints", None),
    )


def _kind(options: argparse.Namespace) -> str | None:
    """What a source of the formats of others is; a table of findings is none."""
    kind = kind_of(options.file)
    return None if kind == "worksheet" and not _is_worksheet(options) else kind


def _is_worksheet(options: argparse.Namespace) -> bool:
    """Whether a file is a worksheet: a table of findings is one where a flag says so."""
    path = options.file
    is_plain = path.lower().endswith(".csv") and not says_sheet(options)
    return is_sheet(path) and not (is_plain and is_table(path))


def of_cohort(
    summary: Summary | ReadingsSummary, errors: str, notes: str, units: str = "rows"
) -> Iterator[str]:
    """What is to be said of a cohort: who has no verdict, and where it stands why.

    `units` are what the source is made of.
    """
    of = f"of {several(summary.patients, 'patient')}"
    if summary.invalid:
        yield f"{summary.invalid} {of} invalid, so not assessed: every mistake is in {errors}"
    if summary.unowned:
        yield f"{several(summary.unowned, 'mistake')} in {units} that name no patient: see {errors}"
    if summary.untreated:
        yield f"{summary.untreated} {of} without a line of therapy, so without a verdict"
    if summary.notes:
        told = several(summary.notes, "note")
        yield f"{told} on what is probably misread: see {notes}"


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
