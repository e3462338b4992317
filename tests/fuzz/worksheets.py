"""Worksheets in text and in workbooks: a study, a question or a refusal, the same of both."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import xlsxwriter

from mrecist.io import AskError, IntakeError, Study, read_worksheet
from mrecist.io.sheet_files import read_sheets
from mrecist.io.sheet_words import is_known_word

from .documents import SHARED_MEMORY, are_lines, is_a_line

_FOLDER = TemporaryDirectory(prefix="mrecist-fuzz-", dir=SHARED_MEMORY)
_TEXT, _BOOK = (Path(_FOLDER.name) / name for name in ("sheet.csv", "sheet.xlsx"))
WIDEST = 40


def check(data: bytes) -> None:
    """A sheet is refused or asked about in lines, or is a study that can be judged.

    Every patient of it has a chart or a mistake. The same cells in a workbook give the same
    findings. Bytes that begin a workbook stand in one as they are.
    """
    if data.startswith(b"PK"):
        _BOOK.write_bytes(data)
        answer(_BOOK)
        return
    _TEXT.write_bytes(data)
    study = answer(_TEXT)
    if study is None or not is_plain(data) or "NOT_A_ROW" in map(str, study.errors["code"]):
        return  # a workbook has no rows that are too long
    read = read_sheets(_TEXT, is_known_word)
    rows = read.sheets[0].rows
    # Another separator tells that a comma in a number is a decimal mark; a workbook has none.
    if max(map(len, rows)) <= WIDEST and read.separator == ",":
        save(rows)
        other = answer(_BOOK)
        assert other is not None, "a workbook is refused, the same text is read"
        assert findings(other) == findings(study), "a workbook is read otherwise than the same text"


def is_plain(data: bytes) -> bool:
    """Whether the cells can stand in a workbook as they are: no control characters."""
    return (
        all(byte >= 32 or byte in b"\n\r\t" for byte in data)
        and b"'" not in data
        and b"_x" not in data
    )


def answer(path: Path) -> Study | None:
    """The study of a file, judged; `None` where it is refused or asked about."""
    try:
        study = read_worksheet(path, errors="collect", measures="viable")
    except AskError as error:
        is_a_line(error.on_command_line)
        return None
    except IntakeError as error:
        are_lines(error.lines)
        return None
    for told in study.errors["error"]:
        is_a_line(told)
    try:
        responses = study.assess(errors="collect")
    except AskError as error:
        is_a_line(error.on_command_line)
        return study
    charts = {case["patient"] for case in study.cases()}
    refused = set(map(str, responses.errors["patient"]))
    assert set(map(str, responses.patients)) <= charts | refused
    assert not charts & refused, "a patient is refused, and has a chart"
    return study


def save(rows: Any) -> None:
    """The cells of a sheet in a workbook, each as text."""
    with xlsxwriter.Workbook(str(_BOOK), {"strings_to_numbers": False}) as book:
        sheet = book.add_worksheet("sheet")
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                if cell is not None:
                    sheet.write_string(at, column, cell)


def findings(study: Study) -> list[Any]:
    names = [name for name in study.findings if name != "source"]
    return [names, *(list(map(str, study.findings[name])) for name in names)]
