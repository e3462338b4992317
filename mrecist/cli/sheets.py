"""Worksheets on the command line: the flags that say how to read one, and its cases."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from .._base.errors import CaseError, DocumentError
from .._base.text import several
from .messages import say
from .options import takes_choice

if TYPE_CHECKING:
    from ..documents.case import InvalidCase
    from ..io.study import Study
    from ..model import Patient

__all__ = [
    "MEASURES",
    "cases_of_sheet",
    "is_sheet",
    "is_table",
    "lines_of",
    "problems_of",
    "says_sheet",
    "study_of_sheet",
    "takes_sheet",
]

ENDINGS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".csv", ".tsv", ".txt")
"""How names of worksheets end."""


MEASURES = (
    "What the diameters of liver nodules are of: viable tumour, or the whole lesion. Default: it "
    "is asked for where it matters."
)
"""What `--measures` is for, wherever it is an option."""


def takes_sheet(command: argparse.ArgumentParser, *, measures: bool = True) -> None:
    """Add the flags that answer what a worksheet does not say; `--measures` may be there."""
    group = command.add_argument_group(
        "worksheets",
        "How to read .xlsx, .xls, .ods, .csv or .tsv, where it does not say so.",
    )
    group.add_argument(
        "--sheet",
        metavar="NAME",
        help="The sheet to read, or each for all of them. Default: the first that holds lesions.",
    )
    if measures:
        takes_choice(group, "--measures", ["viable", "whole"], MEASURES, metavar="WHAT")
    takes_choice(
        group,
        "--unit",
        ["mm", "cm"],
        "The unit of numbers that have none: mm or cm. Default: it is asked for where it matters.",
        metavar="UNIT",
    )
    takes_choice(
        group,
        "--decimal",
        [".", ","],
        "The decimal mark of numbers that are text. "
        "Default: it is asked for where both could be meant.",
        metavar="MARK",
    )
    group.add_argument(
        "--date-format",
        metavar="FORMAT",
        help="The form of dates that are text, like "
        "'%%d/%%m/%%Y'. Default: it is asked for where two could be meant.",
    )
    group.add_argument(
        "--column",
        action="append",
        default=[],
        type=_column,
        metavar="NAME=HEADING",
        help="The heading that the worksheet has for one of our columns, which `mrecist columns "
        "--in` lists; NAME==TEXT is a text for all rows. It may be repeated. Default: headings are "
        "known by their words.",
    )


def _column(text: str) -> tuple[str, str]:
    name, mark, heading = text.partition("=")
    if not mark or not heading:
        raise argparse.ArgumentTypeError(f"must be NAME=HEADING, got {text!r}")
    return name.strip(), heading


def is_sheet(path: str) -> bool:
    """Whether a file is a worksheet: by its name, and text not JSON by its first character."""
    if not path.lower().endswith(ENDINGS) or not os.path.isfile(path):
        return False
    try:
        with open(path, "rb") as file:
            return not file.read(4096).lstrip(b"\xef\xbb\xbf \r\n\t").startswith((b"{", b"["))
    except OSError:
        return False


def is_table(path: str) -> bool:
    """Whether a file of text has columns of a table of findings, or is no sound text at all."""
    import csv  # few cases are tables

    from ..tables.column_schema import REQUIRED

    try:
        with open(path, encoding="utf-8-sig", errors="replace", newline="") as file:
            names = next(csv.reader(file), [])
    except (OSError, csv.Error):
        return True
    return len({*REQUIRED} & {*names}) >= len(REQUIRED) - 1 and "date" in names


def says_sheet(options: argparse.Namespace) -> bool:
    """Whether some flag is given that only worksheets have."""
    flags = (options.sheet, options.unit, options.decimal, options.date_format, options.measures)
    return any(flag is not None for flag in flags) or bool(options.column)


def study_of_sheet(options: argparse.Namespace) -> Study:
    """The study of a worksheet, its mistakes collected.

    Raises `DocumentError` where it cannot be read: a question, whose flag is named, a file that is
    no table, or an extra that is absent.
    """
    from ..io.errors import AskError, IntakeError
    from ..io.worksheet import read_worksheet

    try:
        return read_worksheet(
            options.file,
            sheet=options.sheet,
            columns=dict(options.column),
            measures=options.measures,
            unit=options.unit,
            decimal=options.decimal,
            date_format=options.date_format,
            lines=lines_of(options),
            errors="collect",
        )
    except AskError as error:
        raise DocumentError(error.on_command_line) from None
    except IntakeError as error:
        raise DocumentError("; ".join(message for *_, message in error.rows)) from None
    except (ValueError, ImportError) as error:
        raise DocumentError(str(error)) from None


def lines_of(options: argparse.Namespace) -> dict[str, list[str]] | None:
    """The table of lines of `mrecist cohort`, where it is given."""
    path = getattr(options, "lines", None)
    if path is None:
        return None
    import csv

    with open(path, encoding="utf-8-sig", newline="") as file:
        head, *rows = list(csv.reader(file)) or [[]]
    return {
        name: [row[at] if at < len(row) else "" for row in rows] for at, name in enumerate(head)
    }


def cases_of_sheet(options: argparse.Namespace, study: Study) -> Iterator[Patient | InvalidCase]:
    """The chart of each patient of a worksheet, in their order; those with a mistake as such."""
    from ..documents.case import InvalidCase
    from ..io.errors import AskError
    from ..tables.reader import named

    try:
        responses = study.assess(options.criteria, errors="collect")
    except AskError as error:
        raise DocumentError(error.on_command_line) from None
    wrong: dict[str | None, list[str]] = {}
    columns = (study.errors[name] for name in ("patient", "column", "source", "error"))
    for patient, column, source, mistake in zip(*columns, strict=True):
        wrong.setdefault(named(patient), []).append(f"{column or source}: {mistake}")
    for each in map(str, responses.patients):
        if each not in wrong:
            yield _chart(responses, each)
    names = (responses.errors[name] for name in ("patient", "column", "error"))
    for patient, column, mistake in zip(*names, strict=True):
        if patient is None:
            wrong.setdefault(None, []).append(f"{column}: {mistake}")
    for patient, mistakes in wrong.items():
        yield InvalidCase(patient, tuple(mistakes))


def problems_of(study: Study) -> Iterator[str]:
    """Each problem of a study as a line; how it is laid out is none."""
    columns = (study.problems[name] for name in ("patient", "code", "detail"))
    for patient, code, detail in zip(*columns, strict=True):
        if code != "READ_AS":
            yield f"{'' if patient is None else f'patient {patient}: '}{code}: {detail}"


def tell_problems(options: argparse.Namespace, study: Study) -> None:
    """Say how many problems there were in reading, where there were any."""
    count = sum(1 for _ in problems_of(study))
    if count:
        told = several(count, "problem")
        say(f"{options.file}: {told} in reading it, which mrecist check names")


def _chart(responses: Any, patient: str) -> Patient | InvalidCase:
    from ..documents.case import InvalidCase

    try:
        chart: Patient = responses.patient(patient)
    except CaseError as error:
        return InvalidCase(patient, tuple(error.lines))
    return chart
