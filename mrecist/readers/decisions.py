"""Decisions between readings, as a table: whose reading of a line is accepted, by whom and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import attrs
import numpy as np

from .._base.arrays import Array
from .._base.converters import shown
from ..tables.by_reading import coded, place_of_reader
from ..tables.column import as_column, is_nothing
from ..tables.intake import check_columns
from ..tables.reader import name_of
from .compared import Compared

__all__ = ["DECISION_COLUMNS", "Decisions", "read_decisions"]

DECISION_COLUMNS = ("patient", "line", "accepted", "by", "reason")
REQUIRED = ("patient", "accepted")


@attrs.frozen(eq=False)
class Decisions:
    """By line of `Compared` the reader accepted, who decided and why; and what is wrong, by row."""

    of_line: Mapping[int, tuple[int, str | None, str | None]]
    mistakes: Sequence[tuple[Any, int, str, str]]


def read_decisions(
    table: Mapping[str, Any] | None, of: Compared, ids: Array, adjudicator: str | None
) -> Decisions:
    """Read the table of decisions. A row without a line decides all lines of the patient.

    A line that a row names is decided by this row. The accepted reader is one who read the line;
    of all lines, those that the reader read are decided.
    """
    if table is None:
        return Decisions({}, ())
    check_columns(list(table), DECISION_COLUMNS, REQUIRED, "decisions.")
    reading = _Reading(of, ids, adjudicator)
    columns = {name: _cells(table[name], name) for name in DECISION_COLUMNS if name in table}
    for row, cells in enumerate(zip(*columns.values(), strict=True)):
        reading.read(row, dict(zip(columns, cells, strict=True)))
    return Decisions(reading.of_all | reading.of_one, reading.mistakes)


def _cells(values: Any, name: str) -> list[Any]:
    """The cells of a column; `None` where one is empty."""
    column = coded(as_column(values, f"decisions.{name}"))
    each = [*column.values, None]
    cells = [each[code] for code in column.codes.tolist()]
    return [None if is_nothing(cell) else cell for cell in cells]


class _Reading:
    """The rows of the table of decisions, one after the other."""

    def __init__(self, of: Compared, ids: Array, adjudicator: str | None) -> None:
        self.of, self.adjudicator = of, adjudicator
        self.of_all: dict[int, tuple[int, str | None, str | None]] = {}
        self.of_one: dict[int, tuple[int, str | None, str | None]] = {}
        self.mistakes: list[tuple[Any, int, str, str]] = []
        self._patients = {str(each): i for i, each in enumerate(ids.tolist())}
        self._ids = ids
        self._seen: set[tuple[int, int | None]] = set()

    def read(self, row: int, cells: Mapping[str, Any]) -> None:
        """Read one row."""

        def refuse(column: str, told: str) -> None:
            self.mistakes.append((cells["patient"], row, f"decisions.{column}", told))

        patient = self._patients.get(_text(cells["patient"]), -1)
        lines = np.flatnonzero(self.of.patient == patient)
        if not len(lines):
            told = f"must be a patient with lines, got {shown(cells['patient'])}"
            return refuse("patient", told)
        number = _text(cells.get("line"))
        if number:
            lines = lines[[str(each) == number for each in self.of.number[lines].tolist()]]
            if not len(lines):
                return refuse("line", f"must be a line of the patient, got {number}")
        key = (patient, int(lines[0]) if number else None)
        if key in self._seen:
            return refuse("patient", "must have one row a line")
        self._seen.add(key)
        read = (self.of.at[lines] >= 0).any(axis=0)
        names = [name for name, there in zip(self.of.readers, read, strict=True) if there]
        reader = place_of_reader(self.of.readers, cells["accepted"])
        if reader < 0 or not read[reader]:
            told = f"must be one of {', '.join(names)}, got {_text(cells['accepted']) or 'none'}"
            return refuse("accepted", told)
        by = _text(cells.get("by")) or self.adjudicator
        reason = _text(cells.get("reason")) or None
        into = self.of_one if number else self.of_all
        for line in lines[self.of.at[lines, reader] >= 0].tolist():
            into[line] = reader, by, reason
        return None


def _text(value: Any) -> str:
    """A cell as text, empty where it is; a whole number without a point."""
    if value is None:
        return ""
    try:
        return name_of(value)
    except ValueError:
        return str(value)
