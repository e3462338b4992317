"""Columns that a caller declares, such as an arm: read once, and carried through every table.

A kept column comes from the lines table, one value per line, or from a table of patients, one value
per patient. No verdict depends on it.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any

import attrs
import numpy as np

from .._base.arrays import Array
from .._base.converters import shown
from .._base.nearest import did_you_mean
from ..endpoints.definitions import TIMES
from ..tables.by_reading import coded, taken_rows
from ..tables.column import Coded, Column, Plain, as_column
from ..tables.column_schema import LINE_COLUMNS, is_column
from ..tables.intake import Read
from ..tables.mistakes import CohortError
from ..tables.reader import name_of
from .panel import Panel

__all__ = ["Kept", "asked_names", "carried", "homes_of", "read_kept", "without_kept"]

_OURS = """
patient line lines date day total_mm nadir_mm baseline_total_mm target nontarget new_lesion computed
reported agrees response source rules problems agents start baseline targets nontargets
best_response confirmed_best_response best_response_date confirmed_best_response_date
progression_date progression_causes exposure rechallenge_of
objective_response confirmed_objective_response disease_control confirmed_disease_control
deepest_total_mm depth_percent early_shrinkage growth_ratio growth growth_rule days event events
median_days median_days_low median_days_high criteria without_disease responders response_rate
response_low response_high controlled control_rate control_low control_high response_before patients
pattern progressed shown pattern_rate pattern_low pattern_high reader accepted
USUBJID LINE PARAMCD PARAM STARTDT ADT AVAL CNSR EVNTDESC
"""
_WRITTEN = frozenset(_OURS.split()) | {
    f"{name}_{part}" for name in TIMES for part in ("days", "event", "end", "rule")
}
"""Columns of the tables that kept columns go into, so that no kept column may have the name."""

_KINDS = (str, int, float, bool, datetime.date, Decimal)


@attrs.frozen(eq=False, kw_only=True)
class Kept:
    """Kept columns as read: by row of the lines table, and by row of the table of patients.

    `places` is the row of each patient, by the text of the id; `unread` are the other columns of
    the table of patients.
    """

    names: tuple[str, ...] = ()
    of_lines: Mapping[str, Column] = attrs.field(factory=dict)
    of_patients: Mapping[str, Column] = attrs.field(factory=dict)
    places: Mapping[str, int] = attrs.field(factory=dict)
    unread: tuple[str, ...] = ()

    def noted(self, data: Read) -> Read:
        """The tables as read, with the columns of the patients that are not, to be told of."""
        return attrs.evolve(data, columns={**data.columns, "patients": self.unread})


def asked_names(keep: Iterable[str] | str) -> tuple[str, ...]:
    """The names of columns to keep; `ValueError` for what cannot be one."""
    names = (keep,) if isinstance(keep, str) else tuple(keep)
    for name in names:
        if not isinstance(name, str) or not name:
            raise ValueError(f"keep must name columns, got {shown(name)}")
        if name in _WRITTEN:
            told = f"keep must not name {name}, a column that the tables write: rename it"
            raise ValueError(told)
    if len(set(names)) < len(names):
        raise ValueError(f"keep must name each column once, got {shown(names)}")
    return names


def read_kept(
    lines: Mapping[str, Any] | None, patients: Mapping[str, Any] | None, keep: tuple[str, ...]
) -> Kept:
    """Read the kept columns of both tables.

    Raises `ValueError` for a column that neither table has, or both have, and `CohortError` for a
    table of patients that contradicts itself.
    """
    found: dict[str, dict[str, Column]] = {"lines": {}, "patients": {}}
    for name, home in homes_of(keep, lines, patients).items():
        table = {"lines": lines, "patients": patients}[home] or {}
        found[home][name] = _clean(table[name], f"{home}.{name}", _length(table, home))
    places = {} if patients is None else _places(patients, found["patients"])
    read = ("patient", *keep)
    unread = tuple(each for each in patients or () if isinstance(each, str) and each not in read)
    return Kept(
        names=keep,
        of_lines=found["lines"],
        of_patients=found["patients"],
        places=places,
        unread=unread,
    )


def homes_of(
    keep: Iterable[str], lines: Collection[str] | None, patients: Collection[str] | None
) -> dict[str, str]:
    """The table, `lines` or `patients`, of each column to keep, given the columns of both.

    Raises `ValueError` for a column that neither has, or both have.
    """
    keep = tuple(keep)
    if patients is not None and not keep:
        raise ValueError("patients holds columns to keep: name them, like keep=['arm']")
    found = {}
    for name in keep:
        homes = [
            home
            for home, columns in (("lines", lines), ("patients", patients))
            if columns is not None and name in columns
        ]
        if len(homes) != 1:
            raise ValueError(_not_one(name, lines, patients, len(homes)))
        found[name] = homes[0]
    return found


def without_kept(lines: Mapping[str, Any] | None, keep: tuple[str, ...]) -> Any:
    """The lines table without kept columns that nothing else reads."""
    if lines is None or not keep:
        return lines
    return {
        name: column
        for name, column in lines.items()
        if name not in keep or is_column(name, LINE_COLUMNS)
    }


def _not_one(name: str, lines: Any, patients: Any, homes: int) -> str:
    if homes:
        return f"keep: the lines and the patients both have a column {name}; leave one out"
    tables = {"lines": lines, "patients": patients}
    there = [home for home, table in tables.items() if table is not None]
    if not there:
        return f"keep: there are no lines or patients to take {shown(name)} from"
    told = f"keep must name columns of the {' or '.join(there)}, got {shown(name)}"
    known = [str(each) for home in there for each in tables[home]]
    return f"{told}; there are {', '.join(known)}{did_you_mean(name, known)}"


def _length(table: Mapping[str, Any], home: str) -> int:
    if "patient" not in table:
        raise CohortError([(None, None, f"{home}.patient", "this column is required")])
    return len(as_column(table["patient"], f"{home}.patient"))


def _clean(column: Any, name: str, length: int) -> Column:
    """A column without surrounding space; empty text is an empty cell."""
    column = as_column(column, name)
    if len(column) != length:
        told = f"must be as long as the column patient, {length}, got {len(column)}"
        raise CohortError([(None, None, name, told)])
    if isinstance(column, Plain):
        return column
    column = coded(column)
    values: dict[Any, int] = {}
    place = np.full(len(column.values) + 1, -1)
    for code, value in enumerate(column.values):
        value = value.strip() if isinstance(value, str) else value
        if value is None or value == "":
            continue
        if not isinstance(value, _KINDS):
            rows = np.flatnonzero(column.codes == code)[:1].tolist() or [None]
            told = f"must be text, a number, a flag or a date, got {shown(value)}"
            raise CohortError([(None, rows[0], name, told)])
        place[code] = values.setdefault((type(value), value), len(values))
    return Coded(place[column.codes], [value for _, value in values], ranked=column.ranked)


def _places(patients: Mapping[str, Any], columns: Mapping[str, Column]) -> dict[str, int]:
    """The first row of each patient; rows of one patient must agree."""
    ids = coded(as_column(patients["patient"], "patients.patient"))
    texts = [None if each is None else name_of(each) for each in ids.values]
    texts.append(None)
    places: dict[str, int] = {}
    again: list[tuple[str, int]] = []
    for row, code in enumerate(ids.codes.tolist()):
        if (text := texts[code]) is not None and places.setdefault(text, row) != row:
            again.append((text, row))
    wrong = [
        (text, row, f"patients.{name}", "must be the same in all rows of the patient")
        for name, column in columns.items()
        for codes in (coded(column).codes,)
        for text, row in again
        if codes[row] != codes[places[text]]
    ]
    if wrong:
        raise CohortError(wrong)
    return places


def carried(kept: Kept, data: Read, panel: Panel) -> Panel:
    """The panel with the kept columns, one value per judged line; empty where there is none."""
    if not kept.names:
        return panel
    rows = panel.lines.row
    if (stood := data.rows.get("lines")) is not None:
        rows = np.where(rows < 0, -1, np.append(stood, -1)[rows])
    columns = {name: _taken(column, rows) for name, column in kept.of_lines.items()}
    if kept.of_patients:
        at = [kept.places.get(str(each), -1) for each in data.patients.ids.tolist()]
        place = np.array(at, np.int64)[panel.lines.patient]
        columns |= {name: _taken(column, place) for name, column in kept.of_patients.items()}
    return attrs.evolve(panel, kept={name: columns[name] for name in kept.names})


def _taken(column: Column, rows: Array) -> Column:
    """Some rows of a column; -1 is an empty cell."""
    none = rows < 0
    if not none.any():
        return taken_rows(column, rows)
    if not len(column):
        return Coded(np.full(len(rows), -1), [])
    taken = taken_rows(column, np.maximum(rows, 0))
    if isinstance(taken, Plain):
        values, kind = taken.values, taken.values.dtype
        if kind.kind in "fM":
            values = values.copy()
            values[none] = np.nan if kind.kind == "f" else np.datetime64("NaT", "us")
        return Plain(values, none if taken.null is None else none | taken.null)
    return attrs.evolve(taken, codes=np.where(none, -1, taken.codes))
