"""`mrecist convert`, and `mrecist cohort` of SDTM and worksheets: the formats of others."""

from __future__ import annotations

import argparse
import json
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .._base.outputs import together
from .._base.text import several
from ..rulebook.lesion_criteria import LESION_CRITERIA
from .exchange import kind_of, study_of, takes_exchange, write_bundles
from .messages import COULD_NOT_RUN, FINE, INVALID, harmless, say
from .options import may_write, takes_choice, takes_criteria
from .own_tables import holds_tables, study_of_tables
from .sheets import MEASURES, study_of_sheet, takes_sheet
from .standards import KINDS as FILES
from .standards import adam_paths, adsl_of, write_adam
from .study_writing import settings_file, write_study
from .summaries import Counts, takes_quiet, tell
from .viewers import KINDS

if TYPE_CHECKING:
    from ..io.study import Study

__all__ = ["COMMANDS", "is_of_others", "judge", "takes_study"]

_CONVERT = """\
Read a study in the format of others, and write it as the tables that `mrecist cohort` takes, as
case documents, as SDTM data sets or as FHIR. SOURCE is a worksheet with a row for each lesion and a
column for each visit, or a row for each lesion and day (.xlsx, .xls, .ods, .csv, .tsv; `mrecist
template` writes one); or a folder with the data sets of SDTM (TU, TR, RS, EX or EC, CM, DM, DS, SS,
LB, PR, SUPPTU, SUPPTR) as CSV, Parquet, SAS transport or data files, or Dataset-JSON 1.1; or FHIR
(a Bundle, .ndjson, or a folder of such); or a raw export of REDCap (.csv); or DICOM structured
reports (TID 1500); or an export of OHIF (.csv); or case documents; or a folder that this command
has written.
"""

_FILES = """\
FOLDER receives findings, lines, procedures, markers and reported as far as there are any, problems
(what was left out, or read in a way to know about) and, where a patient has mistakes, errors; with
--as cases the file cases.jsonl instead of the first four. With --to sdtm it receives the data sets
DM, EX, DS, PR, LB, SS, TU, TR, RS, SUPPTU and SUPPTR as far as there are any, of what was collected
alone, and unsaid.csv, which lists what they cannot say. With --computed-rs RS also holds the
response of each follow-up of a line (RSGRPID) by --criteria, flagged as derived (RSDRVFL) and of no
evaluator; read again, these rows are left out.

With --to fhir SOURCE may also be case documents (.json, .jsonl), and FOLDER receives one Bundle per
patient, with the verdicts by --criteria: bundle-1.json and so on, and errors.csv.

FILE.json of --map holds more settings by name: names, locations, kinds, responses, cm, pr; of FHIR
drugs, kinds, locations, procedures; of REDCap fields, missing, procedures.

exit status: 0 fine; 1 some patient was invalid, or --check found problems; 2 could not run, or
there is a question: the message ends in the flag that answers it
"""

_OF_SDTM = ("reader", "dates", "names", "responses", "map")
_OF_OTHERS = ("dictionary", "instrument", "lesion_key", "study_date", "place")
_OF_SHEETS = ("sheet", "unit", "decimal", "date_format", "column")


def _takes_convert(command: argparse.ArgumentParser) -> None:
    command.description, command.epilog = _CONVERT, _FILES
    command.add_argument(
        "file", metavar="SOURCE", help="A folder, or a file, in the format of others."
    )
    takes_choice(
        command,
        "--from",
        ["sdtm", "worksheet", "redcap", "fhir", *KINDS, "cases", "tables"],
        "The format of SOURCE: {known}. Default: fhir for resources, dicom-sr for files of DICOM, "
        "redcap and ohif-csv by their columns, cases for documents, worksheet for a file .xlsx, "
        ".xls, .ods, .csv or .tsv, tables for a folder with findings.csv or findings.parquet, else "
        "sdtm.",
        metavar="FORMAT",
        dest="kind",
    )
    takes_choice(
        command,
        "--to",
        ["fhir", "sdtm"],
        "Write the verdicts as FHIR, or what was collected as SDTM. Default: tables, or what --as "
        "says.",
        metavar="FORMAT",
    )
    takes_criteria(command)
    takes_quiet(command)
    takes_study(command)
    takes_sheet(command, measures=False)
    takes_exchange(command, responses=False)
    where = command.add_mutually_exclusive_group(required=True)
    where.add_argument(
        "--out",
        metavar="FOLDER",
        help="The folder to write to, which is made where it is not. It must be given, or --check.",
    )
    where.add_argument(
        "--check",
        action="store_true",
        help="Write nothing, and count mistakes and problems. Default: FOLDER is written.",
    )
    takes_choice(
        command,
        "--as",
        ["tables", "cases"],
        "Write tables as `mrecist cohort` takes them, or case documents. Default: tables.",
        default="tables",
        metavar="FORM",
        dest="form",
    )
    takes_choice(
        command,
        "--files",
        FILES,
        "The kind of files of --to sdtm: {known}. Default: xpt.",
        default="xpt",
        metavar="KIND",
    )
    command.add_argument(
        "--computed-rs",
        action="store_true",
        help="Add the responses by --criteria to RS of --to sdtm, flagged as derived. Default: "
        "only what was collected.",
    )
    command.set_defaults(run=_convert)


COMMANDS = {"convert": _takes_convert}
"""What adds the arguments of each command."""


def takes_study(command: argparse.ArgumentParser) -> None:
    """The options on how a study is read."""
    group = command.add_argument_group("how a study is read")
    group.add_argument(
        "--reader",
        metavar="R",
        help="The reader whose reading is taken, each, or accepted (--ACPTFL). "
        "Default: it is asked for where there are several.",
    )
    takes_choice(group, "--measures", ["viable", "whole"], MEASURES, metavar="WHAT")
    takes_choice(
        group,
        "--dates",
        ["last", "first", "refuse"],
        "How a date without a day is completed: by the last or the first day that it can be, or "
        "not at all. Default: last.",
        metavar="HOW",
    )
    group.add_argument(
        "--names",
        metavar="TU=FILE",
        action="append",
        default=[],
        type=_pair,
        help="The file of a domain, without its ending; it may be repeated. Default: the name of "
        "the domain.",
    )
    group.add_argument(
        "--responses",
        metavar="RSCAT=CRITERIA",
        action="append",
        default=[],
        type=_pair,
        help="The criteria that a category of verdicts is of; it may be repeated. Default: known "
        "by its words, else asked for.",
    )
    group.add_argument(
        "--map", metavar="FILE.json", help="A file of more settings by name. Default: none."
    )


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals and value):
        raise argparse.ArgumentTypeError(f"must be NAME=VALUE, got {text!r}")
    return name, value


def _settings(options: argparse.Namespace) -> dict[str, Any]:
    """The arguments of the reader by the options."""
    settings = {} if options.map is None else _mapped(options.map)
    for name in ("names", "responses"):
        if getattr(options, name):
            settings[name] = dict(getattr(options, name))
    plain = {"reader": options.reader, "measures": options.measures}
    return settings | plain | {"dates": options.dates or "last", "errors": "collect"}


def _mapped(path: str) -> dict[str, Any]:
    from ..io.sdtm_settings import SETTINGS, SettingsError, check_settings

    try:
        settings = json.loads(Path(path).read_text("utf-8"))
    except (ValueError, RecursionError) as error:
        raise SettingsError([f"{path}: not JSON: {error}"]) from None
    if not isinstance(settings, dict) or not settings.keys() <= {*SETTINGS}:
        known = ", ".join(SETTINGS)
        raise SettingsError([f"{path}: must be an object with some of {known}"])
    try:
        check_settings(settings)
    except SettingsError as error:
        raise SettingsError([f"{path}: {line}" for line in error.lines]) from None
    return settings


def is_of_others(options: argparse.Namespace, source: str, *, sheet: bool, sdtm: bool) -> bool:
    """Whether flags are given that are not of the source, which is said.

    `sheet` and `sdtm` are whether the source has the flags of worksheets and of SDTM studies.
    """
    names = (
        *_OF_OTHERS,
        *(() if sheet else _OF_SHEETS),
        *(() if sdtm else _OF_SDTM),
        *(() if sheet or sdtm else ("measures",)),
    )
    given = [f"--{name.replace('_', '-')}" for name in names if getattr(options, name, None)]
    if not given or not os.path.exists(options.file):
        return False
    say(f"{options.file}: this is read as {source}, which has no {', '.join(given)}")
    return True


def _read(options: argparse.Namespace) -> Study | None:
    """The study, or nothing where it cannot be read, which has been said."""
    from ..io import AskError, IntakeError, read_sdtm
    from ..io.sdtm_settings import SettingsError

    kind = options.kind or kind_of(options.file) or _kind_of(options.file)
    if kind not in ("worksheet", "sdtm", "cases", "tables"):
        return study_of(options, kind)
    if kind == "worksheet":
        if is_of_others(options, "a worksheet", sheet=True, sdtm=False):
            return None
        return study_of_sheet(options)
    if kind == "cases":
        if is_of_others(options, "case documents", sheet=False, sdtm=False):
            return None
        from .case_study import study_of_cases

        return study_of_cases(options.file)
    is_own = kind == "tables"
    what = "tables" if is_own else "an SDTM study"
    if is_of_others(options, what, sheet=False, sdtm=not is_own):
        return None
    try:
        if is_own:
            return study_of_tables(options.file)
        return read_sdtm(options.file, **_settings(options))
    except AskError as error:
        say(f"{options.file}: {error.on_command_line}")
    except IntakeError as error:
        for line in error.lines:
            say(line)
    except SettingsError as error:
        for line in error.lines:
            say(line)
    except ImportError as error:
        say(f"{error}")
    return None


def _kind_of(path: str) -> str:
    """Whether a file holds case documents: by their format, or the ending of a stream."""
    if not os.path.isfile(path):
        return "tables" if holds_tables(path) else "sdtm"
    with Path(path).open("rb") as file:
        is_case = b'"mrecist-case/' in file.read(1 << 16)
    return "cases" if is_case or path.lower().endswith(".jsonl") else "sdtm"


@together()
def _convert(options: argparse.Namespace) -> int:
    if options.computed_rs and options.to != "sdtm":
        return say("--computed-rs is of --to sdtm")
    if options.to == "fhir" and options.out is not None:
        return write_bundles(options, lambda: _read(options))
    study = _read(options)
    if study is None:
        return COULD_NOT_RUN
    errors = len(study.errors["patient"])
    if options.check:
        for line in _counted(study):
            print(harmless(line))
        tell(options, _read_counts(study))
        return INVALID if errors or set(study.problems["code"]) - {"READ_AS"} else FINE
    status = write_study(study, options)
    if status is not None:
        return status
    for line in _told(study, options.out):
        say(f"{options.file}: {line}")
    tell(options, _read_counts(study), written=options.out)
    return INVALID if errors else FINE


def _read_counts(study: Study) -> Counts:
    """How much of a study was read."""
    lines = None if study.lines is None else len(study.lines["patient"])
    who = (str(each) for each in study.findings["patient"])
    dated = zip(study.findings["patient"], study.findings["date"], strict=True)
    return Counts(
        patients=len(set(who)),
        lines=lines,
        timepoints=len({(str(patient), str(date)) for patient, date in dated}),
        errors=len(study.errors["patient"]),
        problems=len(study.problems["patient"]),
    )


def _counted(study: Study) -> Iterator[str]:
    """The study, and how many mistakes and problems of each code it has."""
    yield repr(study)[1:-1]
    for title, codes in (("errors", study.errors["code"]), ("problems", study.problems["code"])):
        for code, count in sorted(Counter(codes.tolist()).items()):
            yield f"{title}: {code} {count}"


def _told(study: Study, folder: str) -> Iterator[str]:
    """What is to be said of a study that was read."""
    for name, noun in (("errors", "mistake"), ("problems", "problem")):
        count = len(getattr(study, name)["patient"])
        if count:
            yield f"{several(count, noun)}: see {os.path.join(folder, name)}.csv"


@together()
def judge(options: argparse.Namespace) -> int:
    """Read a study, judge it, and write the verdicts."""
    from ..io import AskError
    from ..io.tables_out import write_tables

    if options.procedures or (options.lines and options.kind == "sdtm"):
        return say("--lines and --procedures are of tables: a study has its own")
    study = _read(options)
    if study is None:
        return COULD_NOT_RUN
    graded = ("lesions",) if options.criteria in LESION_CRITERIA else ()
    names = ("timepoints", "lines", *graded, "notes", "errors", "problems")
    written = {name: os.path.join(options.out, f"{name}.csv") for name in names}
    beside = [each for each in (options.lines, options.patients) if each]
    read = (*study.files, *settings_file(options), *beside)
    if not may_write([*written.values(), *adam_paths(options)], [*read, *adsl_of(options)]):
        return COULD_NOT_RUN
    try:
        responses = _assessed(study, options)
    except AskError as error:
        return say(f"{options.file}: {error.on_command_line}")
    except ValueError as error:
        return say(f"{options.file}: {error}")
    os.makedirs(options.out, exist_ok=True)
    errors = _all_errors(study, responses.errors)
    made = {"errors": errors, "problems": study.problems}
    made |= {name: getattr(responses, name) for name in names if name not in made}
    write_tables({path: made[name] for name, path in written.items()})
    write_adam(responses, study, options)
    for line in _told(study, options.out):
        say(f"{options.file}: {line}")
    mistakes = len(errors["patient"])
    counts = Counts(
        patients=len(responses.patients),
        lines=len(responses.lines["patient"]),
        timepoints=len(responses.timepoints["patient"]),
        errors=mistakes,
        problems=len(study.problems["patient"]),
        notes=len(responses.notes["patient"]),
    )
    tell(options, counts, written=options.out)
    return INVALID if mistakes else FINE


def _assessed(study: Study, options: argparse.Namespace) -> Any:
    """The answer of the kind that the criteria give, with the columns that are kept."""
    keep = options.keep or ()
    patients = None if options.patients is None else _patients(options.patients, keep)
    return study.assess(options.criteria, errors="collect", keep=keep, patients=patients)


def _patients(path: str, keep: Sequence[str]) -> dict[str, Any]:
    """The columns of a file of patients, those to be kept spelt as they are asked for.

    Names of variables are the same in capitals and without, as in data sets of SDTM.
    """
    from ..io.subjects import read_subjects
    from ..tables.plain_columns import columns_of

    spelt = {each.upper(): each for each in ("patient", *keep)}
    columns = columns_of(read_subjects(path))
    return {spelt.get(name.upper(), name): cells for name, cells in columns.items()}


def _all_errors(study: Study, errors: dict[str, Any]) -> dict[str, list[Any]]:
    """The mistakes of the data as they came, with their cells, and those of the tables."""
    names = ("patient", "row", "column", "error")
    came = list(zip(*(study.errors[name] for name in names), strict=True))
    columns = (study.errors[name] for name in ("error", "source", "row"))
    again = {
        f"{error} ({source if row is None else f'{source} row {row}'})"
        for error, source, row in zip(*columns, strict=True)
    }
    of_tables = zip(*(errors[name] for name in names), strict=True)
    rows = [*came, *(row for row in of_tables if row[-1] not in again)]
    return {name: [row[at] for row in rows] for at, name in enumerate(names)}
