"""Decisions between readings, as a table: whose reading of a line is accepted, by whom and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import attrs
import numpy as np

from .._base.arrays import Array
from .._base.converters import date as date_of
from .._base.converters import day_number, shown
from ..tables.by_reading import coded, place_of_reader
from ..tables.column import as_column, is_nothing
from ..tables.column_schema import FAULT
from ..tables.intake import check_columns
from ..tables.reader import FAULT_COLUMN, name_of, rows_with, text_of
from .compared import Compared
from .review import Review

__all__ = ["DECISION_COLUMNS", "Decisions", "read_decisions"]

DECISION_COLUMNS = ("patient", "line", "date", "accepted", "by", "reason")
REQUIRED = ("patient", "accepted")


Decision = tuple[int, str | None, str | None]
"""The reader, who decided, and why."""


@attrs.frozen(eq=False)
class Decisions:
    """By line of `Compared` the reader accepted, who decided and why; and what is wrong, by row.

    `of_date` holds by line the reader of each day that was decided by itself.
    """

    of_line: Mapping[int, Decision]
    of_date: Mapping[int, Mapping[int, Decision]]
    mistakes: Sequence[tuple[Any, int, str, str]]

    @property
    def readers(self) -> dict[int, int]:
        """The reader of each line that was decided as a whole."""
        return {line: reader for line, (reader, _, _) in self.of_line.items()}

    @property
    def readers_by_date(self) -> dict[int, dict[int, int]]:
        """The reader of each day, of lines that were decided date by date."""
        return {
            line: {day: reader for day, (reader, _, _) in days.items()}
            for line, days in self.of_date.items()
        }


def read_decisions(
    table: Mapping[str, Any] | None, of: Compared, ids: Array, review: Review, refused: Array
) -> Decisions:
    """Read the table of decisions. A row without a line decides all lines of the patient.

    Of a patient who is refused, and has no line for that, nothing is decided, which is no mistake.

    A line that a row names is decided by this row. The accepted reader is one who read the line;
    of all lines, those that the reader read are decided. A row with a date decides the lines of
    which it is the date of a follow-up by this reader, where the review decides by time point.
    """
    if table is None:
        return Decisions({}, {}, ())
    check_columns(
        [each for each in table if each != FAULT], DECISION_COLUMNS, REQUIRED, "decisions."
    )
    reading = _Reading(of, ids, review, refused)
    columns = {name: _cells(table[name], name) for name in DECISION_COLUMNS if name in table}
    faults = dict(zip(*map(list, rows_with(table.get(FAULT))), strict=True))
    for row, each in enumerate(zip(*columns.values(), strict=True)):
        cells = dict(zip(columns, each, strict=True))
        wrong = [(FAULT_COLUMN, faults[row])] if row in faults else _unsound(cells)
        if wrong:
            who = None if any(name == "patient" for name, _ in wrong) else cells["patient"]
            reading.mistakes += [(who, row, f"decisions.{name}", told) for name, told in wrong]
        else:
            reading.read(row, cells)
    return Decisions(reading.of_all | reading.of_one, reading.of_date, reading.mistakes)


def _cells(values: Any, name: str) -> list[Any]:
    """The cells of a column; `None` where one is empty."""
    column = coded(as_column(values, f"decisions.{name}"))
    each = [*column.values, None]
    cells = [each[code] for code in column.codes.tolist()]
    return [None if is_nothing(cell) else cell for cell in cells]


def _unsound(cells: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The cells of a row that hold no text which can be written."""
    found = []
    for name, cell in cells.items():
        try:
            text_of(_text(cell))
        except ValueError as error:
            found.append((name, str(error)))
    return found


class _Reading:
    """The rows of the table of decisions, one after the other."""

    def __init__(self, of: Compared, ids: Array, review: Review, refused: Array) -> None:
        self.of, self.adjudicator = of, review.adjudicator
        self.by_date = review.level == "time point"
        self.of_all: dict[int, Decision] = {}
        self.of_one: dict[int, Decision] = {}
        self.of_date: dict[int, dict[int, Decision]] = {}
        self.mistakes: list[tuple[Any, int, str, str]] = []
        self._patients = {str(each): i for i, each in enumerate(ids.tolist())}
        self._ids = ids
        self._refused = set(refused.tolist())
        self._seen: set[tuple[int, int | None, str]] = set()

    def read(self, row: int, cells: Mapping[str, Any]) -> None:
        """Read one row."""

        def refuse(column: str, told: str) -> None:
            self.mistakes.append((cells["patient"], row, f"decisions.{column}", told))

        patient = self._patients.get(_text(cells["patient"]), -1)
        lines = np.flatnonzero(self.of.patient == patient)
        if not len(lines) and patient in self._refused:
            return None  # whose own mistakes say why there is nothing to decide
        if not len(lines):
            told = f"must be a patient with lines, got {shown(cells['patient'])}"
            return refuse("patient", told)
        number = _text(cells.get("line"))
        if number:
            lines = lines[[str(each) == number for each in self.of.number[lines].tolist()]]
            if not len(lines):
                return refuse("line", f"must be a line of the patient, got {number}")
        date = _text(cells.get("date"))
        key = (patient, int(lines[0]) if number else None, date)
        if key in self._seen:
            return refuse("patient", "must have one row per line" + " and date" * bool(date))
        self._seen.add(key)
        read = (self.of.at[lines] >= 0).any(axis=0)
        names = [name for name, there in zip(self.of.readers, read, strict=True) if there]
        reader = place_of_reader(self.of.readers, cells["accepted"])
        if reader < 0 or not read[reader]:
            told = f"must be one of {', '.join(names)}, got {_text(cells['accepted']) or 'none'}"
            return refuse("accepted", told)
        by = _text(cells.get("by")) or self.adjudicator
        reason = _text(cells.get("reason")) or None
        lines = lines[self.of.at[lines, reader] >= 0]
        if date:
            told = self._decide_date(lines, cells["date"], (reader, by, reason))
            return refuse("date", told) if told else None
        into = self.of_one if number else self.of_all
        for line in lines.tolist():
            into[line] = reader, by, reason
        return None

    def _decide_date(self, lines: Array, cell: Any, decision: Decision) -> str:
        """Decide one date of some lines; what is wrong with it, or nothing."""
        if not self.by_date:
            return 'must be left out, unless the review has level="time point"'
        try:
            day = _day(_text(cell))
        except ValueError as error:
            return str(error)
        found, decided = self.of.panel.timepoints, False
        for line in lines.tolist():
            own = found.line == self.of.at[line, decision[0]]
            if day in found.day[own].tolist():
                self.of_date.setdefault(line, {})[day] = decision
                decided = True
        reader = self.of.readers[decision[0]]
        return "" if decided else f"must be the date of a follow-up by {reader}, got {_text(cell)}"


def _text(value: Any) -> str:
    """A cell as text, empty where it is; a whole number without a point."""
    if value is None:
        return ""
    try:
        return name_of(value)
    except ValueError:
        return str(value)


def _day(text: str) -> int:
    """The day that a cell names: a study day, or a calendar date with or without a time."""
    if text.removeprefix("-").isdecimal():
        return int(text)
    return day_number(date_of(text.partition(" ")[0].partition("T")[0]))
