"""Read the tables of findings and of lines into clean columns.

Every cell goes through the same converters as one chart's fields (`reader.py`). Rows are then
grouped by patient, and what only a whole table shows is checked: dates of two kinds, a line given
twice, a lesion that is a target and a non-target.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from itertools import repeat
from typing import Any

import attrs
import numpy as np

from .._base.arrays import BLANK, NO_DAY, Array, distinct, first_rows
from .._base.converters import shown
from .clean import Findings, Lines, Patients
from .column import Column, Plain
from .column_schema import (
    DEFAULTS,
    FINDING_COLUMNS,
    FLAGS,
    LESION_LISTS,
    LINE_COLUMNS,
    LINE_DATES,
    LINES_REQUIRED,
    REQUIRED,
    SIZES,
    VITAL_DATES,
    WORDS,
)
from .grouping import Grouped, grouped, ordered
from .mistakes import CohortError, Mistakes
from .reader import WHOLE_NUMBER, Reader, name_of

__all__ = ["Dates", "Read", "check_columns", "read", "told"]


@attrs.frozen
class Dates:
    """How a table writes dates: calendar dates as `text`, `date` or `datetime64`, study days as
    `number` or `text`; empty where there are none."""

    calendar: str
    days: str


@attrs.frozen(eq=False, kw_only=True)
class Read:
    """Result of reading both tables: clean columns, the rows of each patient, the mistakes.

    `mistakes` names the rows of findings, or (columns `lines....`) those of the lines table.
    `dates` is how dates were written, and how results write them. `columns` are the names of all
    columns of the findings, and of the lines.
    """

    findings: Findings
    lines: Lines | None
    patients: Patients
    mistakes: Mistakes
    owner: Callable[[str, Array], Array]
    dates: Dates
    columns: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())

    def judged_lines(self, patient: Array, start: Array) -> Lines:
        """The lines table for the judged lines, which are given by patient and start."""
        if self.lines is None:
            return Lines.plain(patient, start)
        return self.lines.taken(np.flatnonzero(~self.patients.refused[self.lines.patient]))


def check_columns(names: Sequence[Any], known: Sequence[str], required: Sequence[str],
                  prefix: str = "") -> None:  # fmt: skip
    """Raise `CohortError` for a missing column, or one that looks like a misspelt known column."""
    wrong = [(None, None, prefix + name, "this column is required") for name in required
             if name not in names]  # fmt: skip
    for name in names:
        lacking = [each for each in known if each not in names]
        near = get_close_matches(str(name), lacking, 1, 0.75) if name not in known else []
        if near:
            told = f"unknown column; did you mean {near[0]}?"
            wrong.append((None, None, f"{prefix}{name}", told))
    if wrong:
        raise CohortError(wrong)


def read(findings: Mapping[str, Any], lines: Mapping[str, Any] | None) -> Read:
    """Read both tables; `CohortError` where a whole column is missing or of another length."""
    check_columns(list(findings), FINDING_COLUMNS, REQUIRED)
    if lines is not None:
        check_columns(list(lines), LINE_COLUMNS, LINES_REQUIRED, "lines.")
    rows = Reader(findings, FINDING_COLUMNS)
    line_rows = None if lines is None else Reader(lines, LINE_COLUMNS, "lines.")
    groups = _grouped(rows)
    line_groups = None if line_rows is None else _grouped(line_rows)
    ids, line_patient = _joined(groups.ids, line_groups)
    clean, calendar = _read_findings(rows)
    dated = _dated(groups, clean.day, ids)
    refused = np.zeros(len(ids), np.bool_)
    kinds = _Kinds(len(ids))
    row_patient = _lazily(groups.owners)
    if np.ndim(calendar) == 0 and not len(rows.mistakes):
        kinds.of_patient[np.diff(dated.bounds) > 0] = calendar
    else:
        kinds.add(rows, "date", calendar, row_patient, clean.day)
    clean_lines = None
    if line_rows is not None:
        clean_lines = _read_lines(line_rows, line_patient, clean.lesion_ids, kinds)

    def owner(column: str, at: Array) -> Array:
        return line_patient[at] if column.startswith("lines.") else row_patient()[at]

    mistakes = rows.mistakes
    if line_rows is not None:
        mistakes.found += line_rows.mistakes.found
    for at, column, _ in mistakes.found:
        who = owner(column, at)
        refused[who[who >= 0]] = True
    patients = Patients(
        ids=ids, bounds=dated.bounds, order=ordered(clean, dated), refused=refused,
        calendar=kinds.of_patient,
    )  # fmt: skip
    return Read(findings=clean, lines=clean_lines, patients=patients, mistakes=mistakes,
                owner=owner, dates=_style(rows, line_rows),
                columns=(tuple(map(str, findings)), tuple(map(str, lines or ()))))  # fmt: skip


def _lazily(make: Callable[[], Array]) -> Callable[[], Array]:
    made: list[Array] = []

    def get() -> Array:
        if not made:
            made.append(make())
        return made[0]

    return get


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
    kinds = {type(value) for value in column.values if value is not None}
    texts = [value for value in column.values if isinstance(value, str) and value]
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
    for name in [each for each in WORDS if each in there]:
        clean[name] = rows.words(name)
    for name in [each for each in FLAGS if each in there]:
        clean[name] = rows.flags(name)
    for name, um in SIZES.items():
        if name in there:
            clean[um] = rows.sizes(name)
    for name, default in DEFAULTS.items():
        if name in clean:
            clean[name][clean[name] == BLANK] = default
    if "equivocal" in clean:
        clean["equivocal"] = clean["equivocal"] == 1
    unreadable = rows.unreadable if len(rows.mistakes) else None
    return Findings(**clean, unreadable=unreadable), calendar


def _grouped(rows: Reader) -> Grouped:
    """Group a table by patient; a row without a patient is a mistake and belongs to nobody."""
    column = rows.columns["patient"]
    if isinstance(column, Grouped):
        return column
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
            ids.append(int(value) if isinstance(value, float) else value)
        return places[name]

    codes = rows.through_coded("patient", column, door, -1, np.int64)
    rows.require("patient", codes < 0)
    return grouped(codes, ids)


def _joined(ids: Array, lines: Grouped | None) -> tuple[Array, Array]:
    """All patients of both tables, and the patient of each row of the lines table (-1: none)."""
    if lines is None:
        return ids, np.zeros(0, np.int64)
    new = np.zeros(len(lines.ids), np.bool_)
    if np.array_equal(ids, lines.ids):
        patient = np.arange(len(ids))
    else:
        patient = _places(list(_texts(ids)), list(_texts(lines.ids)))
        new = patient < 0
        patient[new] = np.arange(len(ids), len(ids) + int(new.sum()))
    owner = np.append(patient, -1)[lines.owners()]
    if new.any():
        ids = np.concatenate([ids.astype(object), lines.ids[new].astype(object)])
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


class _Kinds:
    """Whether a patient's dates are calendar dates; a patient may not mix them with study days."""

    def __init__(self, count: int) -> None:
        self.of_patient = np.full(count, -1, np.int8)

    def add(self, rows: Reader, name: str, calendar: Array, owner: Callable[[], Array],
            day: Array) -> None:  # fmt: skip
        """Record the dates of one more column; those of another kind than before are mistakes."""
        place = np.flatnonzero((day != NO_DAY) & (owner() >= 0))
        who, here = owner()[place], np.broadcast_to(calendar, len(day))[place]
        new = np.flatnonzero(self.of_patient[who] < 0)[::-1]
        self.of_patient[who[new]] = here[new]
        wrong = self.of_patient[who] != here
        told = [f"must be a {'study day' if is_date else 'calendar date'} as the other dates of "
                "the patient are" for is_date in here[wrong]]  # fmt: skip
        rows.refuse(place[wrong], name, told)


def _read_lines(rows: Reader, patient: Array, lesion_ids: Sequence[str], kinds: _Kinds) -> Lines:
    """The clean lines by patient and start."""
    dates = {}
    for name in LINE_DATES:
        if name in rows.columns:
            day, calendar = rows.dates(name)
            dates[name] = day.astype(np.int64, copy=False)
            kinds.add(rows, name, calendar, lambda: patient, dates[name])
        else:
            dates[name] = np.full(rows.count, NO_DAY)
    rows.require("start", dates["start"] == NO_DAY)
    start, stop = dates["start"], dates["stop"]
    early = (stop != NO_DAY) & (start != NO_DAY) & (stop < start)
    rows.refuse(np.flatnonzero(early), "stop", "must not be before the start")
    none = np.full(rows.count, -1)
    reason = rows.words("end_reason") if "end_reason" in rows.columns else np.full(
        rows.count, BLANK, np.uint8)  # fmt: skip
    agents, agents_named = rows.lists("agents", "+") if "agents" in rows.columns else (none, [])
    named: list[tuple[str, ...]] = []
    lists = {}
    for name in LESION_LISTS:
        lists[name] = none
        if name in rows.columns:
            codes, texts = rows.lists(name, ";")
            lists[name] = np.where(codes < 0, -1, codes + len(named))
            named += texts
    _refuse_overlap(rows, lists["targets"], lists["nontargets"], named)
    place = {name: i for i, name in enumerate(lesion_ids)}
    sound = np.flatnonzero((patient >= 0) & (start != NO_DAY))
    order = sound[np.lexsort((start[sound], patient[sound]))]
    again = (np.diff(patient[order]) == 0) & (np.diff(start[order]) == 0)
    rows.refuse(order[1:][again], "start", "must be unique among the lines of the patient")
    order = order[np.append([True], ~again)] if len(order) else order
    death, last_contact = (_of_patient(rows, patient, name, dates[name]) for name in VITAL_DATES)
    return Lines(
        death=death[order], last_contact=last_contact[order],
        patient=patient[order], start=start[order], stop=stop[order], end_reason=reason[order],
        baseline=dates["baseline"][order], agents=agents[order],
        targets=lists["targets"][order], nontargets=lists["nontargets"][order], row=order,
        agents_named=agents_named, lesions_named=named,
        codes_named=[np.array([place.get(each, -1) for each in ids], np.int64) for ids in named],
    )  # fmt: skip


def _of_patient(rows: Reader, patient: Array, name: str, day: Array) -> Array:
    """A date of the patient, copied to all lines of the patient; those that give it must agree."""
    given = np.flatnonzero((day != NO_DAY) & (patient >= 0))
    if not len(given):
        return day
    first = np.full(int(patient.max()) + 1, NO_DAY)
    first[patient[given[::-1]]] = day[given[::-1]]
    wrong = given[day[given] != first[patient[given]]]
    rows.refuse(wrong, name, "must be the same in all lines of the patient")
    return np.where(patient >= 0, first[patient], NO_DAY)


def _refuse_overlap(
    rows: Reader, targets: Array, nontargets: Array, named: Sequence[tuple[str, ...]]
) -> None:
    """A lesion is a target or a non-target of a line, never both."""
    both = np.flatnonzero((targets >= 0) & (nontargets >= 0))
    count = max(len(named), 1)
    pairs, place = distinct(targets[both] * count + nontargets[both])
    shared = [set(named[pair // count]) & set(named[pair % count]) for pair in pairs.tolist()]
    for pair, lesions in enumerate(shared):
        if lesions:
            told = f"must not be a target as well, got {shown(min(lesions))}"
            rows.refuse(both[place == pair], "nontargets", told)


def told(data: Read) -> Iterator[tuple[Any, int | None, str, str]]:
    """Every mistake in the tables by row: patient, row, column and message."""
    rows = []
    for at, column, messages in data.mistakes.found:
        patients = data.owner(column, at)
        each = [messages] * len(at) if isinstance(messages, str) else messages
        rows += list(zip(column.startswith("lines.") + np.zeros(len(at), int), at.tolist(),
                         patients.tolist(), [column] * len(at), each, strict=True))  # fmt: skip
    for _, row, patient, column, message in sorted(rows, key=lambda row: row[:2]):
        yield None if patient < 0 else data.patients.ids[patient], row, column, message
