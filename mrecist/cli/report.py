"""`mrecist report`: a file or a folder of cases in, a page or a folder of pages out."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from .._base.errors import DocumentError
from .._base.outputs import write_text
from ..documents.case import InvalidCase
from ..documents.packaged import example_case
from ..documents.streams import Whole, checked, documents
from ..model import Patient
from ..report._entry import INDEX, PATIENTS, Entry
from ..report._folders import Case, write_cases
from ..report._immune import judged
from ..report._pages import page
from ..report._wording import harmless
from .exchange import kind_of, study_of, takes_exchange
from .messages import COULD_NOT_RUN, FINE, INVALID, say
from .meter import Meter
from .options import may_write, takes_criteria, takes_jobs
from .sheets import cases_of_sheet, takes_sheet, tell_problems
from .summaries import Counts, takes_quiet, tell

__all__ = ["COMMANDS"]

DEMO = ("ikeda-2021", "synthetic")
ENDINGS = (".json", ".jsonl", ".ndjson")

_ABOUT = """\
Write a page for a patient, or a folder of pages with an index for many: self-contained HTML with
the verdicts and times of each line, the course as a figure, every size, the reasons with their
sources, and the criteria side by side. By irecist, imrecist-hcc and imrecist it is the page of
RECIST 1.1 or mRECIST, on which they rest, with the words, progression and times of immunotherapy
beside.
CASE is a .json file, a .jsonl file, - for stdin, a folder of such files, a worksheet (.xlsx, .xls,
.ods, .csv, .tsv), FHIR, a raw export of REDCap, reports of DICOM or of OHIF.
"""
_NOTE = """\
A case that is not valid has no page: its mistakes are reported here and in the index; so is a file
that cannot be read. In a folder index.html and the folder patients, whose pages are named by
patient, replace those of an earlier run once all is done; what else it holds is left.

exit status: 0 fine; 1 some case was invalid, all others are done; 2 could not run
"""


def _takes_report(command: argparse.ArgumentParser) -> None:
    command.description, command.epilog = _ABOUT, _NOTE
    command.add_argument(
        "file", metavar="CASE", nargs="?", help="A file or a folder of cases, or - for stdin."
    )
    command.add_argument(
        "-o",
        "--out",
        metavar="OUT",
        help="The page to write, or for many patients the folder. Default: report.html, or the "
        "folder report.",
    )
    takes_criteria(command, immune=True)
    takes_jobs(command, "The number of processes for many patients")
    takes_quiet(command)
    command.add_argument(
        "--brief",
        action="store_true",
        help="Write one sheet per patient: verdicts, times, course and problems, on one page of A4 "
        "with up to eight follow-ups. Default: the whole page.",
    )
    command.add_argument(
        "--whys",
        action="store_true",
        help="Print the reasons with the page. Default: those that are folded are left out in "
        "print; on the screen they are all there.",
    )
    command.add_argument(
        "--demo",
        action="store_true",
        help="Write the pages of the published case and the invented patient, in place of CASE. "
        "Default: CASE is read.",
    )
    takes_sheet(command)
    takes_exchange(command)
    command.set_defaults(run=run)


COMMANDS = {"report": _takes_report}
"""What adds the arguments of each command."""


def run(options: argparse.Namespace) -> int:
    """Write the pages that were asked for; returns the exit status."""
    if options.demo == (options.file is not None):
        return _say("report: give a case, or --demo; see mrecist report --help")
    if options.demo:
        options.file = "demo"
    try:
        if not options.demo and kind_of(options.file) is not None:
            return _of_study(options)
        cases = _demo() if options.demo else _cases(options.file)
        first = next(cases, None)
        if first is None:
            return _say(f"{options.file}: there is no case in it")
        if isinstance(first.given, Whole) and not _is_folder(options.file):
            return _one(first, options)
        return _many(chain([first], cases), options)
    except ImportError as error:
        return _say(str(error))


def _one(case: Case, options: argparse.Namespace) -> int:
    """One patient on one page."""
    return _page_of(checked(case.given.document), options)  # type: ignore[union-attr]


def _of_study(options: argparse.Namespace) -> int:
    """The patients of a worksheet, of FHIR or of REDCap: one on one page, many in a folder."""
    study = study_of(options)
    charts = list(cases_of_sheet(options, study))
    tell_problems(options, study)
    if not charts:
        return _say(f"{options.file}: there is no patient in it")
    if len(charts) == 1:
        return _page_of(charts[0], options)
    return _many((Case("", each) for each in charts), options)


def _page_of(found: Patient | InvalidCase, options: argparse.Namespace) -> int:
    if isinstance(found, InvalidCase):
        return _told(options.file, Entry(where="", patient=found.patient, errors=found.errors))
    out = Path(options.out or "report.html")
    if not may_write([out], _read(options)):
        return COULD_NOT_RUN
    assessment = judged(found, options.criteria)
    write_text(out, page(assessment, brief=options.brief, whys=options.whys))
    print(harmless(str(out)))
    timepoints = sum(len(line.timepoints) for line in assessment.lines)
    counts = Counts(
        patients=1, lines=len(assessment.lines), timepoints=timepoints, notes=len(assessment.notes)
    )
    tell(options, counts, written=str(out))
    return FINE


def _many(cases: Iterator[Case], options: argparse.Namespace) -> int:
    """Many patients in a folder, with an index."""
    out = Path(options.out or "report")
    if not may_write([out / INDEX, *(out / PATIENTS).glob("*")], _read(options)):
        return COULD_NOT_RUN
    by = options.criteria
    made = write_cases(cases, out, by, options.jobs, brief=options.brief, whys=options.whys)
    told, counts = [], Counts(patients=0, lines=0, timepoints=0)
    with Meter("patients", quiet=options.quiet) as meter:
        for entry in made:
            told.append(_told(options.file, entry))
            counts += Counts(
                patients=1,
                lines=len(entry.lines),
                timepoints=entry.follow_ups,
                errors=len(entry.errors),
            )
            meter(len(told))
    print(harmless(str(out / INDEX)))
    tell(options, counts, written=str(out))
    return max(told)


def _read(options: argparse.Namespace) -> list[str]:
    """The file or the folder that the cases are of; stdin and the demo are none."""
    return [] if options.demo or options.file == "-" else [options.file]


def _told(source: str, entry: Entry) -> int:
    """Tell every mistake of a case on stderr, with the case that it is in."""
    who = "" if entry.patient is None else f"patient {entry.patient}: "
    where = f"{entry.where}: " if entry.where else ""
    for error in entry.errors:
        _say(f"{source}: {where}{who}{error}")
    return INVALID if entry.errors else FINE


def _say(message: str) -> int:
    """Print a message with names spelled as the pages spell them."""
    return say(message, spelled=harmless)


# ---- where cases come from


def _is_folder(source: str | None) -> bool:
    return source is not None and source != "-" and Path(source).is_dir()


def _demo() -> Iterator[Case]:
    yield from (Case(name, example_case(name)) for name in DEMO)


def _cases(source: str) -> Iterator[Case]:
    """The cases of a file, of stdin, or of all files of a folder in the order of their names."""
    if source == "-":
        if sys.stdin is None:
            raise DocumentError("there is no standard input")
        yield from _of(documents(sys.stdin.buffer), "")
    elif not _is_folder(source):
        yield from _of(documents(source), "")
    else:
        for path in sorted(Path(source).iterdir()):
            if path.name.lower().endswith(ENDINGS):
                yield from _of_file(path)


def _of_file(path: Path) -> Iterator[Case]:
    """The cases of one file of a folder; one that cannot be read is an invalid case."""
    try:
        if path.exists() and not path.is_file():
            raise DocumentError("is no file on a disk, and was left out")
        yield from _of(documents(path), path.name)
    except DocumentError as error:
        yield Case(path.name, InvalidCase(None, (str(error),)))
    except OSError as error:
        yield Case(path.name, InvalidCase(None, (error.strerror or str(error),)))


def _of(texts: Iterator[bytes | Whole], name: str) -> Iterator[Case]:
    for number, text in enumerate(texts, 1):
        place = name if isinstance(text, Whole) else f"case {number}"
        yield Case(f"{name}, {place}" if name and place != name else place, text)
