"""The rows of a sheet, one record a lesion and examination; what is no such row is noted."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import attrs

from .._base.converters import shown
from .problems import Notes
from .sheet_cells import NOTHING, SizeCell, size_cell
from .sheet_dates import AmbiguousDateError, DateReader
from .sheet_files import Sheet
from .sheet_layout import (
    ON_A_DAY,
    PLAIN,
    Day,
    Layout,
    SizeColumn,
    ask_for_format,
    patient_said,
    says_date,
)
from .sheet_words import DERIVED, LABORATORY, MEASURES, folded, unit_said

__all__ = ["Options", "Record", "RowReader", "Sized", "row_unit"]

_DERIVED = re.compile(
    r"(?:sum|sld|total|summe|somme|suma|somma)\b.*|.*%.*|.*\b(?:response|change)"
    r"|(?:hcc )?m?recist(?: 1[ .][01])?"
)
_IN_BRACKETS = re.compile(r"[\[(].*")


@attrs.frozen
class Options:
    """How the cells of a sheet are read. `unit` is `None` where nobody has said one."""

    dates: DateReader
    unit: str | None
    decimal: str


@attrs.frozen
class Sized:
    """A size, or a word for one: what it measures, and the cell that it stands in."""

    cell: SizeCell
    measure: str
    column: int
    address: str
    has_unit: bool


@attrs.define
class Record:
    """A lesion at one examination; without a lesion, the examination.

    `own_date`: the date was given for this patient alone. `blank` is the address of the first cell,
    in a record without any size or word.
    """

    row: int
    patient: str
    lesion: str
    day: Day
    visit: str | None
    texts: Mapping[str, Any]
    own_date: bool
    sizes: list[Sized] = attrs.field(factory=list)
    blank: str = ""


class RowReader:
    """Read the rows below the header of one sheet."""

    def __init__(
        self,
        sheet: Sheet,
        layout: Layout,
        source: str,
        options: Options,
        notes: Notes,
        patient: str | None,
        laid_out: Callable[[int], Layout],
    ) -> None:
        """`laid_out` is the layout below a row that is a header."""
        self.sheet, self.layout, self.source = sheet, layout, source
        self.options, self.notes, self.patient = options, notes, patient
        self._laid_out = laid_out
        self.records: list[Record] = []
        self.lesions: dict[tuple[str, str], list[tuple[int, Mapping[str, Any]]]] = {}
        self._shared: dict[int, Day] = {}
        self._own: dict[str, dict[int, Day]] = {}
        self._told: set[tuple[str, int]] = set()
        self._days: dict[tuple[int, int], Day | None] = {}
        self._visits = _distinct_visits(layout.sizes)
        self._bare: list[tuple[int, str]] = []

    def read(self) -> None:
        """Read every row into `records`; `lesions` are the rows of each lesion."""
        for row in range(self.layout.header + 1, len(self.sheet.rows)):
            if any(cell is not None for cell in self.sheet.rows[row]):
                self._row(row)
        owners = {record.patient for record in self.records} | {each for each, _ in self.lesions}
        for row, name in self._bare:
            if name not in owners:
                told = f"{self.sheet.name}: a row of {shown(name)} alone, who has no lesion"
                self.notes.note("ROW_NOT_READ", None, self.source, row, told)

    def _text(self, row: int, name: str) -> Any:
        """The cell of a field; `None` where it is empty."""
        if name in self.layout.constants:
            return self.layout.constants[name]
        if name not in self.layout.fields:
            return None
        value = self.sheet.cell(row, self.layout.fields[name])
        return None if isinstance(value, str) and value.strip() in NOTHING else value

    def _row(self, row: int) -> None:
        names = ("patient", "lesion", *self.layout.fields)
        labels = [value for name in names if (value := self._text(row, name)) is not None]
        if any(map(says_date, labels)):
            self._dates(row)
            return
        said = patient_said(self.sheet.rows[row])
        if said is not None and not self._is_header(row):
            self.patient = said
            return
        lesion = _name(self._text(row, "lesion"))
        first = str(labels[0]) if lesion is None and labels else lesion
        if first is not None and _is_derived(first):
            self._note("DERIVED_ROW", row, first)
            return
        if first is not None and folded(_IN_BRACKETS.sub("", first)) in LABORATORY:
            self._note("ROW_NOT_READ", row, f"{first} is no lesion")
            return
        if lesion is not None and self._is_header(row):
            self._header_again(row)
            return
        named = _name(self._text(row, "patient"))
        self.patient = named or self.patient
        if lesion is None:
            self._without_lesion(row, named)
        elif self.patient is None:
            self._refuse("NO_PATIENT", row, "patient", "must be given")
        elif ";" in lesion:
            self._refuse("LESION_NOT_TRACKED", row, "lesion", f"must hold no ';', got {lesion!r}")
        elif any(cell is not None for cell in self.sheet.rows[row][self._width :]):
            told = f"has {len(self.sheet.rows[row])} values, the header {self._width}"
            cure = "quote a cell that holds the separator, or give its column a heading"
            self._refuse("NOT_A_ROW", row, "lesion", f"{told}: {cure}")
        else:
            self._lesion(row, self.patient, lesion)

    @property
    def _width(self) -> int:
        """How many cells a row has at most: those of the header, and of columns that are read."""
        layout = self.layout
        used = [*layout.fields.values(), *(each.column for each in layout.sizes)]
        return max(len(self.sheet.rows[layout.header]), 1 + max(used))

    def _is_header(self, row: int) -> bool:
        header = self.sheet.rows[self.layout.header]
        return all(
            self.sheet.cell(row, at) == header[at]
            for name, at in self.layout.fields.items()
            if name in ("patient", "lesion")
        )

    def _header_again(self, row: int) -> None:
        """A header below the first: one of its own visits begins a new block."""
        if list(self.sheet.rows[row]) == list(self.sheet.rows[self.layout.header]):
            self._note("ROW_NOT_READ", row, "the header again")
            return
        self.layout = self._laid_out(row)
        self._shared = {}
        self._visits = _distinct_visits(self.layout.sizes)
        self._note("READ_AS", row, f"a header of its own in row {row + 1}")

    def _note(self, code: str, row: int, detail: str) -> None:
        self.notes.note(code, self.patient, self.source, row, f"{self.sheet.name}: {detail}")

    def _refuse(self, code: str, row: int, name: str, told: str) -> None:
        column = self.layout.fields.get(name)
        where = name if column is None else self.sheet.address(row, column)
        self.notes.refuse(code, self.patient, self.source, row, where, told)

    # ---- rows that are no lesion's

    def _without_lesion(self, row: int, named: str | None) -> None:
        filled = any(self.sheet.cell(row, each.column) is not None for each in self.layout.sizes)
        others = [self._text(row, name) for name in self.layout.fields if name != "patient"]
        if filled:
            told = "must name the lesion, in every row of sizes"
            self._refuse("LESION_NOT_TRACKED", row, "lesion", told)
        elif (
            self.layout.is_long and self.patient is not None and self._text(row, "date") is not None
        ):
            self._examination(row, self.patient)
        elif named is None or any(other is not None for other in others):
            self._note("ROW_NOT_READ", row, "a row without a lesion and without a size")
        else:
            self._bare.append((row, named))

    def _examination(self, row: int, patient: str) -> None:
        """An examination without findings: a row of a long sheet with a date and no lesion."""
        day = self._day(row, self.layout.fields["date"])
        if day is not None:
            texts = {name: self._text(row, name) for name in self.layout.fields}
            visit = _name(texts.get("visit"))
            self.records.append(Record(row, patient, "", day, visit, texts, own_date=True))

    def _dates(self, row: int) -> None:
        """Read a row of dates: of the patient it names or stands below, else of all patients."""
        named = self._text(row, "patient")
        if named is not None and not says_date(named):
            self.patient = _name(named)
        own = self._shared if self.patient is None else self._own.setdefault(self.patient, {})
        for each in self.layout.sizes:
            day = self._day(row, each.column)
            if day is not None:
                own[each.column] = day

    def _day(self, row: int, column: int) -> Day | None:
        """The date of a cell; what is none is a mistake, told once; an empty cell is not."""
        if (row, column) not in self._days:
            self._days[row, column] = self._day_read(row, column)
        return self._days[row, column]

    def _day_read(self, row: int, column: int) -> Day | None:
        value = self.sheet.cell(row, column)
        if value is None or (isinstance(value, str) and value in NOTHING):
            return None
        told = f'must be a date like "2024-01-31", got {shown(value)}'
        try:
            day = self.options.dates(value, days=True)
        except AmbiguousDateError as error:
            raise ask_for_format(self.sheet, row, column, str(error)) from None
        except ValueError as error:
            day, told = None, str(error)
        if day is None:
            address = self.sheet.address(row, column)
            self.notes.refuse("NO_DATE", self.patient, self.source, row, address, told)
        return day

    # ---- rows of lesions

    def _lesion(self, row: int, patient: str, lesion: str) -> None:
        texts = {
            name: self._text(row, name) for name in (*self.layout.fields, *self.layout.constants)
        }
        if not self.layout.is_long:
            texts = {
                name: text for name, text in texts.items() if name.partition(":")[0] not in ON_A_DAY
            }
        self.lesions.setdefault((patient, lesion), []).append((row, texts))
        made: dict[Day, Record] = {}
        if self.layout.is_long:
            day = self._day(row, self.layout.fields["date"])
            if day is None:
                if self.sheet.cell(row, self.layout.fields["date"]) is None:
                    self._refuse("NO_DATE", row, "date", "must be given")
                return
            visit = _name(texts.get("visit"))
            made[day] = Record(row, patient, lesion, day, visit, texts, own_date=True)
            self.records.append(made[day])
        for each in self.layout.sizes:
            self._size(row, each, patient, lesion, texts, made)

    def _size(
        self,
        row: int,
        column: SizeColumn,
        patient: str,
        lesion: str,
        texts: Mapping[str, Any],
        made: dict[Day, Record],
    ) -> None:
        value = self.sheet.cell(row, column.column)
        address = self.sheet.address(row, column.column)
        cell = None
        try:
            unit = row_unit(column.unit, texts.get("unit"))
            cell = size_cell(value, unit or self.options.unit or "mm", self.options.decimal)
        except ValueError as error:
            self.notes.refuse("NOT_A_LENGTH", patient, self.source, row, address, str(error))
            return
        if self.layout.is_long:
            record = next(iter(made.values()))
        else:
            day, own = self._when(row, column, patient)
            if day is None:
                self._refuse_undated(row, column, cell)
                return
            if day not in made:
                visit = self._visits.get(column.column)
                made[day] = Record(row, patient, lesion, day, visit, texts, own_date=own)
                self.records.append(made[day])
            record = made[day]
        if cell is None:
            record.blank = record.blank or address
            return
        measure = self._measure(row, column, texts)
        record.sizes.append(Sized(cell, measure, column.column, address, unit is not None))

    def _when(self, row: int, column: SizeColumn, patient: str) -> tuple[Day | None, bool]:
        """The date of a cell, and whether it is the patient's alone."""
        if column.date_column is not None:
            return self._day(row, column.date_column), True
        own = self._own.get(patient, {}).get(column.column)
        if own is not None:
            return own, True
        return self._shared.get(column.column, column.date), False

    def _refuse_undated(self, row: int, column: SizeColumn, cell: SizeCell | None) -> None:
        """A size without a date is a mistake, once for each patient and column."""
        key = (str(self.patient), column.column)
        dated = column.date_column
        is_told = dated is not None and self.sheet.cell(row, dated) is not None
        if cell is None or is_told or key in self._told:
            return
        self._told.add(key)
        address = self.sheet.address(row, column.column)
        told = (
            "has no date: write it in the heading, or in a row whose lesion cell says "
            '"Date of scan", like "2024-01-31"'
        )
        self.notes.refuse("NO_DATE", self.patient, self.source, row, address, told)

    def _measure(self, row: int, column: SizeColumn, texts: Mapping[str, Any]) -> str:
        """What a size measures, as its column says, else its row."""
        said = texts.get("measure")
        if column.measure != PLAIN or said is None:
            return column.measure
        found = MEASURES.get(folded(str(said)))
        if found is None:
            told = f"must be viable, whole or short, got {shown(said)}"
            self._refuse("NOT_A_WORD", row, "measure", told)
        return PLAIN if found in (None, "plain") else str(found)


def _name(value: Any) -> str | None:
    """A name as text; whole numbers are names too."""
    text = "" if value is None else str(value).strip()
    return text or None


def row_unit(of_column: str | None, said: Any) -> str | None:
    """The unit of a size by its column or its row, of which a cell says it; `None`: neither does.

    Raises `ValueError` where they differ, or the row says another unit than mm or cm.
    """
    text = _name(said)
    unit = None if text is None else unit_said(text)
    if text is not None and (unit is None or of_column not in (None, unit)):
        other = "" if unit is None else f" and {of_column} in the heading"
        raise ValueError(f"must have one unit, mm or cm, got {shown(text)} in the row{other}")
    return unit or of_column


def _is_derived(text: str) -> bool:
    plain = folded(text)
    return plain in DERIVED or _DERIVED.fullmatch(plain) is not None


def _distinct_visits(sizes: Sequence[SizeColumn]) -> dict[int, str]:
    """The names of visits, by column, that no two dates share."""
    dates: dict[str, set[Any]] = {}
    for each in sizes:
        if each.visit is not None:
            when = each.date if each.date is not None else each.date_column
            dates.setdefault(each.visit, set()).add(each.column if when is None else when)
    return {
        each.column: each.visit
        for each in sizes
        if each.visit is not None and len(dates[each.visit]) == 1
    }
