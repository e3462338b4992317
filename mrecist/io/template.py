"""A workbook to fill in: `write_template` writes sheets that `read_worksheet` reads without a flag.

One sheet for all patients with one row per lesion and scan, or a sheet for each patient with one
column per scan; a sheet that explains every column, and two examples.
"""

from __future__ import annotations

import datetime
import errno
import os
from collections.abc import Sequence
from typing import Any

import attrs

from .._base.extras import extra
from .._base.outputs import replacing
from .._base.words import Kind, Pattern, Proof, Status
from .worksheet import EXAMPLE, EXPLANATION

__all__ = ["LAYOUTS", "write_template"]

LAYOUTS = ("long", "wide")
"""One row per lesion and scan, all patients in one sheet; or a sheet for each patient, with one
column per scan."""

_ROWS, _SHEETS, _VISITS = 500, 5, 8
_MOST_MM = 1000
_YES = ("yes", "no")
_PLACES = (
    "liver", "lymph node", "porta hepatis lymph node", "portal vein", "lung", "bone",
    "adrenal gland", "peritoneum", "ascites", "pleural effusion",
)  # fmt: skip
_ROLES = ("target", "non-target", "new")


@attrs.frozen
class _Column:
    """A column to fill in: its heading, what goes into it, the words to choose from."""

    heading: str
    about: str
    words: tuple[str, ...] = ()
    kind: str = "text"
    is_open: bool = False
    width: int = 14


_PATIENT = _Column("Patient", "The patient's number or code, never a name. Empty: the one above.")
_LESION = _Column("Lesion", "A name that stays the same at every scan, like S8 or T1.")
_OF_LESION = (
    _Column("Organ", "Where the lesion lies. Other organs may be typed.", _PLACES, is_open=True),
    _Column("Kind", "What kind of lesion it is. Empty: as the organ tells, else a nodule.",
            tuple(map(str, Kind))),
    _Column("Role", "Target, non-target or new. Leave the whole column empty to have targets "
            "chosen by the criteria.", _ROLES),
)  # fmt: skip
_LONG = (
    _PATIENT,
    _Column("Date of scan", "The date of the scan.", kind="date"),
    _LESION,
    *_OF_LESION,
    _Column("Viable (mm)", "Longest diameter of the viable, arterially enhancing part; 0 where "
            "nothing is viable.", kind="size"),
    _Column("Whole (mm)", "Longest diameter of the whole lesion.", kind="size"),
    _Column("Short axis (mm)", "Short axis, of lymph nodes.", kind="size"),
    _Column("Status", "Instead of a size, or beside it: what was seen.", tuple(map(str, Status))),
    _Column("Pattern", "How the lesion enhances.", tuple(map(str, Pattern))),
    _Column("Equivocal", "Yes: it is doubtful whether a new lesion is one.", _YES),
    _Column("Cytology", "Of an effusion.", tuple(map(str, Proof))),
    _Column("Biopsy", "Of the lesion.", tuple(map(str, Proof))),
    _Column("Arterial phase", "No: the scan has no arterial phase. Empty: it has one.", _YES),
    _Column("Treatment start", "When the treatment began; once a patient is enough.", kind="date",
            width=16),
    _Column("Drugs", "What is given, joined by +, like atezolizumab+bevacizumab.", width=26),
)  # fmt: skip
_WIDE = (
    _LESION,
    *_OF_LESION,
    _Column("Pattern", "How the lesion enhances.", tuple(map(str, Pattern))),
    _Column("Measure", "What the sizes of this row measure. Empty: as the second line of the sheet "
            "says. A lesion may have a row for each.", ("viable", "whole", "short")),
)  # fmt: skip
_SIZE_ABOUT = (
    "Sizes in mm (32), with a unit (3.2 cm), or both diameters (32x21); or a word: absent, "
    "too small, present, progressed, NE. An empty cell: nothing recorded."
)


def write_template(path: str | os.PathLike[str], *, layout: str = "long") -> None:
    """Write a workbook that a radiologist can fill in.

    Args:
        path: A file .xlsx, which must not exist yet.
        layout: `"long"`, one sheet with a row per lesion and scan, or `"wide"`, a sheet per
            patient.

    Raises:
        FileExistsError: The file exists: it may have been filled in.
    """
    if layout not in LAYOUTS:
        raise ValueError(f'layout must be "long" or "wide", got {layout!r}')
    if not str(path).lower().endswith(".xlsx"):
        raise ValueError(f"path must end in .xlsx, got {str(path)!r}")
    writer = extra("xlsxwriter", of="excel", purpose="workbooks need")
    if os.path.lexists(path):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), os.fspath(path))
    with replacing(path) as new, new.open("xb") as file, writer.Workbook(file) as book:
        pen = _Pen(book)
        if layout == "long":
            _long_sheet(pen, "Lesions", ())
            for number, rows in enumerate(_LONG_EXAMPLES, 1):
                _long_sheet(pen, f"Example {number}", rows)
        else:
            for number in range(1, _SHEETS + 1):
                _wide_sheet(pen, f"Patient {number}", None)
            for number, example in enumerate(_WIDE_EXAMPLES, 1):
                _wide_sheet(pen, f"Example {number}", example)
        _explanation(pen, _LONG if layout == "long" else _WIDE, layout)


class _Pen:
    """Writes the cells of a workbook in its formats."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.head = book.add_format(
            {"bold": True, "bg_color": "#DDE7F0", "border": 1, "text_wrap": True, "valign": "top"}
        )
        self.text = book.add_format({"num_format": "@"})
        self.date = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
        self.size = book.add_format({"num_format": "General"})
        self.about = book.add_format({"text_wrap": True, "valign": "top"})
        self.formats = {"text": self.text, "date": self.date, "size": self.size}

    def put(self, sheet: Any, row: int, column: int, value: Any, kind: str = "text") -> None:
        """Write one cell by its type."""
        if isinstance(value, datetime.date):
            sheet.write_datetime(row, column, value, self.date)
        elif value is not None:
            sheet.write(row, column, value, self.formats[kind])

    def choices(self, sheet: Any, first: int, last: int, column: int, about: _Column) -> None:
        """Let the cells of a column take what they may hold, with a message that explains it."""
        told = {"input_title": about.heading, "input_message": about.about[:255]}
        rule: dict[str, Any] = {"validate": "any"}
        if about.words:
            rule = {
                "validate": "list",
                "source": list(about.words),
                "error_type": "information" if about.is_open else "stop",
            }
        elif about.kind == "date":
            rule = {"validate": "date", "criteria": ">=", "value": datetime.date(1950, 1, 1)}
        elif about.kind == "size":
            rule = {"validate": "decimal", "criteria": "between", "minimum": 0,
                    "maximum": _MOST_MM}  # fmt: skip
        sheet.data_validation(first, column, last, column, {**rule, **told})


def _long_sheet(pen: _Pen, name: str, rows: Sequence[Sequence[Any]]) -> None:
    sheet = pen.book.add_worksheet(name)
    head = 0
    if rows:
        sheet.write(0, 0, EXAMPLE)
        head = 1
    for column, each in enumerate(_LONG):
        sheet.set_column(column, column, each.width, pen.formats[each.kind])
        sheet.write(head, column, each.heading, pen.head)
        pen.choices(sheet, head + 1, head + _ROWS, column, each)
    sheet.freeze_panes(head + 1, 3)
    for row, cells in enumerate(rows, head + 1):
        for column, value in enumerate(cells):
            pen.put(sheet, row, column, value, _LONG[column].kind)


def _wide_sheet(pen: _Pen, name: str, example: _Example | None) -> None:
    sheet = pen.book.add_worksheet(name)
    top = 0
    if example is not None:
        sheet.write(0, 0, EXAMPLE)
        top = 1
    sheet.write(top, 0, "Patient", pen.head)
    sheet.write(top + 1, 0, "Sizes measure", pen.head)
    pen.put(sheet, top, 1, None if example is None else example.patient)
    pen.put(sheet, top + 1, 1, "viable")
    measured = _Column(
        "Sizes measure",
        "Viable: the arterially enhancing part of a nodule in the liver. Whole: the whole nodule.",
        ("viable", "whole"),
    )
    pen.choices(sheet, top, top, 1, _PATIENT)
    pen.choices(sheet, top + 1, top + 1, 1, measured)
    head, width = top + 3, len(_WIDE)
    sheet.set_column(0, width - 1, 16, pen.text)
    sheet.set_column(width, width + _VISITS - 1, 13, pen.size)
    for column, each in enumerate(_WIDE):
        sheet.write(head, column, each.heading, pen.head)
        pen.choices(sheet, head + 2, head + 1 + _ROWS, column, each)
    sheet.write(head + 1, 0, "Date of scan", pen.head)
    for number in range(_VISITS):
        heading = "Baseline" if number == 0 else f"Follow-up {number}"
        sheet.write(head, width + number, heading, pen.head)
        sheet.write_blank(head + 1, width + number, None, pen.date)
        pen.choices(
            sheet,
            head + 1,
            head + 1,
            width + number,
            _Column("Date of scan", "The date of the scan.", kind="date"),
        )
        pen.choices(
            sheet, head + 2, head + 1 + _ROWS, width + number, _Column(heading, _SIZE_ABOUT)
        )
    sheet.freeze_panes(head + 2, 1)
    if example is not None:
        for column, day in enumerate(example.dates, width):
            pen.put(sheet, head + 1, column, day)
        for row, cells in enumerate(example.rows, head + 2):
            for column, value in enumerate(cells):
                pen.put(sheet, row, column, value, "text" if column < width else "size")


def _explanation(pen: _Pen, columns: Sequence[_Column], layout: str) -> None:
    """The sheet that says what goes into each column."""
    sheet = pen.book.add_worksheet(EXPLANATION)
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 2, 70)
    intro = (
        "One row per lesion and scan: a lesion that is seen at three scans has three rows."
        if layout == "long"
        else "A sheet per patient, one row per lesion, one column per scan. Copy a sheet for more."
    )
    sheet.write(0, 0, intro)
    sheet.write(1, 0, "Nothing is guessed: what cannot be read is refused with the cell it is in.")
    for column, text in enumerate(("Heading", "What goes in", "Words")):
        sheet.write(3, column, text, pen.head)
    more = () if layout == "long" else (_Column("Baseline and on", _SIZE_ABOUT),)
    for row, each in enumerate((*columns, *more), 4):
        sheet.write(row, 0, each.heading, pen.about)
        sheet.write(row, 1, each.about, pen.about)
        sheet.write(
            row, 2, ", ".join(each.words) + (", or others" if each.is_open else ""), pen.about
        )


# ---- examples


@attrs.frozen
class _Example:
    patient: str
    dates: tuple[datetime.date, ...]
    rows: tuple[tuple[Any, ...], ...]


_JANUARY, _MARCH, _MAY = (datetime.date(2024, month, 8) for month in (1, 3, 5))
_START = datetime.date(2024, 1, 15)
_NO = (None,) * 5

_LONG_EXAMPLES: tuple[tuple[tuple[Any, ...], ...], ...] = (
    (
        ("P-001", _JANUARY, "S8", "liver", "nodule", "target", 41, 52, None, None, *_NO, _START,
         "atezolizumab+bevacizumab"),
        (None, _JANUARY, "S4", "liver", "nodule", "target", 22.5, 25),
        (None, _JANUARY, "PV", "portal vein", "thrombus", "non-target", None, None, None,
         "present"),
        (None, _MARCH, "S8", None, None, None, 20, 50),
        (None, _MARCH, "S4", None, None, None, 0, 24),
        (None, _MARCH, "PV", None, None, None, None, None, None, "present"),
    ),
    (
        ("P-002", _JANUARY, "S2", "liver", "nodule", "target", 35, 35, None, None, *_NO, _START,
         "lenvatinib"),
        (None, _JANUARY, "LN", "porta hepatis lymph node", "node", "target", None, 30, 22),
        (None, _MARCH, "S2", None, None, None, None, None, None, "not evaluable", *_NO[:4], "no"),
        (None, _MARCH, "LN", None, None, None, None, 24, 15),
        (None, _MAY, "S2", None, None, None, 33, 35),
        (None, _MAY, "LN", None, None, None, None, 24, 14),
        (None, _MAY, "S6 new", "liver", "nodule", "new", 14, 14, None, None, "typical", "no"),
    ),
)  # fmt: skip
_WIDE_EXAMPLES = (
    _Example("P-001", (_JANUARY, _MARCH), (
        ("S8", "liver", "nodule", "target", None, None, 41, 20),
        ("S4", "liver", "nodule", "target", None, None, 22.5, "absent"),
        ("PV", "portal vein", "thrombus", "non-target", None, None, "present", "present"),
    )),
    _Example("P-002", (_JANUARY, _MARCH, _MAY), (
        ("S2", "liver", "nodule", "target", None, "viable", 35, "NE", 33),
        ("S2", None, None, None, None, "whole", 35, None, 35),
        ("LN", "porta hepatis lymph node", "node", "target", None, None, "30x22", "24x15", "24x14"),
        ("S6 new", "liver", "nodule", "new", "typical", None, None, None, 14),
    )),
)  # fmt: skip
