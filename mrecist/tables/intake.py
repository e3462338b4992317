"""Read the tables of findings, lines and procedures into clean columns.

Every cell goes through the same converters as one chart's fields (`reader.py`). Rows are then
grouped by patient, and what only a whole table shows is checked: dates of two kinds, a line given
twice, a lesion that is a target and a non-target (`line_columns.py`).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from typing import Any

import attrs
import numpy as np

from .._base.arrays import BLANK, NO_DAY, Array, first_rows
from .._base.converters import is_sound
from .._base.nearest import nearest
from .clean import Findings, Lines, Patients, Procedures
from .column import NOTHING, Coded, Column, Plain, is_nothing
from .column_schema import (
    DEFAULTS,
    FAULT,
    FLAGS,
    REPORTED_BY,
    SCHEMA,
    SIZES,
    VOLUMES,
    WORDS,
    is_column,
)
from .grouping import Grouped, grouped, ordered
from .line_columns import Kinds, read_lines, read_procedures
from .mistakes import TABLES, CohortError, Mistakes, table_of
from .reader import WHOLE_NUMBER, Reader, name_of
from .spreadsheet import as_meant

__all__ = ["Dates", "Read", "check_columns", "patients_of", "read", "told"]


@attrs.frozen
class Dates:
    """How a table writes dates: calendar dates as `text`, `date` or `datetime64`, study days as
    `number` or `text`; empty where there are none."""

    calendar: str
    days: str


@attrs.frozen(eq=False, kw_only=True)
class Read:
    """Result of reading the tables: clean columns, the rows of each patient, the mistakes.

    `mistakes` names the rows of findings, or (columns `lines....` and `procedures....`) those of
    the other tables. `dates` is how dates were written, and how results write them. `columns` are
    the names of all columns of each table, also of those that are not read. `rows` are, by
    table or column, the rows of the caller's tables that were read, where not all were as they lie.
    `checked`: the charts are known to be sound.
    """

    findings: Findings
    lines: Lines | None
    patients: Patients
    mistakes: Mistakes
    owner: Callable[[str, Array], Array]
    dates: Dates
    procedures: Procedures | None = None
    columns: Mapping[str, Sequence[str]] = attrs.field(factory=dict)
    rows: Mapping[str, Array] = attrs.field(factory=dict)
    checked: bool = False

    def judged_lines(self, patient: Array, start: Array) -> Lines:
        """The lines table for the judged lines, which are given by patient and start."""
        if self.lines is None:
            return Lines.plain(patient, start)
        return self.lines.taken(np.flatnonzero(~self.patients.refused[self.lines.patient]))


def check_columns(
    names: Sequence[Any], known: Sequence[str], required: Sequence[str], prefix: str = ""
) -> None:
    """Raise `CohortError` for a missing column, or one that looks like a misspelt known column."""
    wrong = [
        (None, None, prefix + name, "this column is required")
        for name in required
        if name not in names
    ]
    lacking = [each for each in known if each not in names]
    for name in names:
        known_one = is_column(name, known)
        near = None if known_one else nearest(str(name).strip().casefold(), lacking, 0.76)
        if near is not None:
            told = f"unknown column; did you mean {near}?"
            wrong.append((None, None, f"{prefix}{name}", told))
        if known_one and name == REPORTED_BY:
            told = f"must name the criteria, like {REPORTED_BY}mrecist"
            wrong.append((None, None, name, told))
    if wrong:
        raise CohortError(wrong)


def read(
    findings: Mapping[str, Any],
    lines: Mapping[str, Any] | None,
    procedures: Mapping[str, Any] | None = None,
) -> Read:
    """Read the tables; `CohortError` where a whole column is missing or of another length."""
    given = {"findings": findings, "lines": lines, "procedures": procedures}
    there = {name: table for name, table in given.items() if table is not None}
    for name, table in there.items():
        check_columns(list(table), *SCHEMA[name])
    readers = {
        name: Reader(table, SCHEMA[name][0], SCHEMA[name][2]) for name, table in there.items()
    }
    rows, line_rows, done = readers["findings"], readers.get("lines"), readers.get("procedures")
    groups = patients_of(rows)
    ids, line_patient = _joined(groups.ids, None if line_rows is None else patients_of(line_rows))
    ids, done_patient = _joined(ids, None if done is None else patients_of(done))
    clean, calendar = _read_findings(rows)
    dated = _dated(groups, clean.day, ids)
    kinds = Kinds(len(ids))
    row_patient = _Lazily(groups)
    if np.ndim(calendar) == 0 and not len(rows.mistakes):
        kinds.of_patient[np.diff(dated.bounds) > 0] = calendar
    else:
        kinds.add(rows, "date", calendar, row_patient, clean.day)
    clean_lines = clean_procedures = None
    if line_rows is not None:
        clean_lines = read_lines(line_rows, line_patient, clean.lesion_ids, kinds)
    if done is not None:
        clean_procedures = read_procedures(done, done_patient, clean.lesion_ids, kinds)

    owner = _Owners(row_patient, line_patient, done_patient)
    mistakes = rows.mistakes
    for more in (line_rows, done):
        mistakes.found += [] if more is None else more.mistakes.found
    refused = np.zeros(len(ids), np.bool_)
    for at, column, _ in mistakes.found:
        who = owner(column, at)
        refused[who[who >= 0]] = True
    patients = Patients(
        ids=ids,
        bounds=dated.bounds,
        order=ordered(clean, dated),
        refused=refused,
        calendar=kinds.of_patient,
    )
    columns = {
        table: [name for name in columns or () if isinstance(name, str) and name != FAULT]
        for table, columns in zip(TABLES, (findings, lines, procedures), strict=True)
    }
    return Read(
        findings=clean,
        lines=clean_lines,
        procedures=clean_procedures,
        patients=patients,
        mistakes=mistakes,
        owner=owner,
        dates=_style(rows, line_rows),
        columns=columns,
    )


class _Lazily:
    """The patient of each row of a table, found when first asked for."""

    def __init__(self, groups: Grouped) -> None:
        self._groups: Grouped = groups
        self._made: Array = None

    def __call__(self) -> Array:
        if self._made is None:
            self._made = self._groups.owners()
        return self._made


class _Owners:
    """The patient of rows, given the column of a mistake in them; -1: nobody."""

    def __init__(self, findings: Callable[[], Array], lines: Array, procedures: Array) -> None:
        self._findings, self._lines, self._procedures = findings, lines, procedures

    def __call__(self, column: str, at: Array) -> Array:
        table = table_of(column)
        if table == "findings":
            return self._findings()[at]
        return (self._lines if table == "lines" else self._procedures)[at]


def _style(rows: Reader, line_rows: Reader | None) -> Dates:
    """How to write dates: as in the findings, else as in the lines."""
    styles = [_written(rows.columns["date"])]
    if line_rows is not None:
        styles.append(_written(line_rows.columns["start"]))
    calendar = [style.calendar for style in styles if style.calendar]
    days = [style.days for style in styles if style.days]
    return Dates(calendar[0] if calendar else "", days[0] if days else "")


def _written(column: Column) -> Dates:
    """How a column writes calendar dates and study days."""
    if isinstance(column, Plain):
        dated = column.values.dtype.kind == "M"
        return Dates("datetime64" if dated else "", "" if dated else "number")
    told = [value for value in column.values if not is_nothing(value)]
    kinds = set(map(type, told))
    texts = [value for value in told if isinstance(value, str)]
    in_days = [value for value in texts if WHOLE_NUMBER.fullmatch(value)]
    calendar = "date" if any(issubclass(kind, datetime.date) for kind in kinds) else ""
    calendar = calendar or ("text" if len(in_days) < len(texts) else "")
    number = any(not issubclass(kind, (str, datetime.date)) for kind in kinds)
    return Dates(calendar, "number" if number else "text" if in_days else "")


def _read_findings(rows: Reader) -> tuple[Findings, Array]:
    """The clean columns of findings, and which of their dates are calendar dates."""
    there = rows.columns
    day, calendar = rows.dates("date")
    rows.require("date", day == NO_DAY)
    clean: dict[str, Any] = {"day": day}
    clean["lesion"], clean["lesion_ids"] = rows.names("lesion")
    if "organ" in there:
        clean["organ"], clean["organs"] = rows.organs()
    for name in ("part_of", "into"):
        if name in there:
            clean[name] = rows.lesions(name, clean["lesion_ids"])
    if "visit" in there:
        visit, clean["visits"] = rows.names("visit")
        clean["visit"] = visit.astype(np.int32, copy=False)
    for name in [each for each in WORDS if each in there]:
        clean[name] = rows.words(name)
    by_criteria = [each for each in there if each.startswith(REPORTED_BY)]
    clean["reported_by"] = {
        name.removeprefix(REPORTED_BY): rows.words(name) for name in by_criteria
    }
    for name in [each for each in FLAGS if each in there]:
        clean[name] = rows.flags(name)
    for name, um in SIZES.items():
        if name in there:
            clean[um] = rows.sizes(name)
    for name, ul in VOLUMES.items():
        if name in there:
            clean[ul] = rows.volumes(name)
    for name, default in DEFAULTS.items():
        if name in clean:
            clean[name][clean[name] == BLANK] = default
    if "equivocal" in clean:
        clean["equivocal"] = clean["equivocal"] == 1
    unreadable = rows.unreadable if len(rows.mistakes) else None
    return Findings(**clean, unreadable=unreadable), calendar


def patients_of(rows: Reader) -> Grouped:
    """Group a table by patient; a row without a patient is a mistake and belongs to nobody."""
    column = rows.columns["patient"]
    if isinstance(column, Grouped):
        names = column.ids.tolist()
        plain = list(map(str.strip, names)) == names and NOTHING.isdisjoint(names)
        joined = "".join(names)
        if plain and is_sound(joined) and "'" not in joined:
            return column
        column = Coded(column.owners(), names)
    if isinstance(column, Plain) and (
        column.values.dtype.kind not in "iu" or column.null is not None
    ):
        column = column.coded()
    if isinstance(column, Plain):
        return grouped(column.values, None)
    places: dict[str, int] = {}
    ids: list[Any] = []

    def door(value: Any) -> int:
        name = name_of(value)
        if name not in places:
            places[name] = len(ids)
            ids.append(int(value) if isinstance(value, float) else _stripped(value))
        return places[name]

    codes = rows.through_coded("patient", column, door, -1, np.int64)
    rows.require("patient", codes < 0)
    return grouped(codes, ids)


def _stripped(value: Any) -> Any:
    return as_meant(value.strip()) if isinstance(value, str) else value


def _joined(ids: Array, more: Grouped | None) -> tuple[Array, Array]:
    """The patients with those of one more table, and the patient of each of its rows (-1: none)."""
    if more is None:
        return ids, np.zeros(0, np.int64)
    new = np.zeros(len(more.ids), np.bool_)
    if np.array_equal(ids, more.ids):
        patient = np.arange(len(ids))
    else:
        patient = _places(list(_texts(ids)), list(_texts(more.ids)))
        new = patient < 0
        patient[new] = np.arange(len(ids), len(ids) + int(new.sum()))
    owner = np.append(patient, -1)[more.owners()]
    if new.any():
        ids = np.concatenate([ids.astype(object), more.ids[new].astype(object)])
    return ids, owner


def _places(known: list[str], texts: list[str]) -> Array:
    """The index of each text among the known ones; -1: unknown."""
    both = known + texts
    # Look up by hash, then compare: a dictionary of many texts takes three times as long.
    first, place = first_rows(np.fromiter(map(hash, both), np.int64, len(both)))
    at = first[place[len(known) :]]
    there = at < len(known)
    each = np.array([*both, None], object)[:-1]
    if np.array_equal(each[at[there]], each[len(known) :][there]):
        return np.where(there, at, -1)
    of_text = dict(zip(known, range(len(known)), strict=True))
    return np.fromiter(map(of_text.get, texts, repeat(-1)), np.int64, len(texts))


def _texts(ids: Array) -> Iterable[str]:
    """Ids as text: a patient is the same in both tables where the text is equal."""
    each = ids.tolist()
    return each if set(map(type, each)) <= {str} else map(str, each)


def _dated(groups: Grouped, day: Array, ids: Array) -> Grouped:
    """The rows of each patient that have a date; patients without findings have none."""
    lost = day == NO_DAY
    if lost.any():
        groups = groups.without(lost)
    more = np.full(len(ids) - len(groups.ids), groups.bounds[-1])
    return attrs.evolve(groups, ids=ids, bounds=np.concatenate([groups.bounds, more]))


def told(data: Read) -> Iterator[tuple[Any, int | None, str, str]]:
    """Every mistake in the tables by row, each once: patient, row, column and message."""
    rows = []
    for at, column, messages in data.mistakes.found:
        patients = data.owner(column, at)
        table = table_of(column)
        each = [messages] * len(at) if isinstance(messages, str) else messages
        stood = data.rows.get(column, data.rows.get(table))
        own = at if stood is None else stood[at]
        rows += list(
            zip(
                [TABLES.index(table)] * len(at),
                own.tolist(),
                patients.tolist(),
                [column] * len(at),
                each,
                strict=True,
            )
        )
    told = [
        (None if patient < 0 else data.patients.ids[patient], row, column, message)
        for _, row, patient, column, message in sorted(rows, key=lambda row: row[:2])
    ]
    yield from dict.fromkeys(told)
