"""Tables in: the columns of findings and of lines, read through the doors of the scalar model.

A column comes as a NumPy array, a list, or `Coded` (a place for each row in a list of values, as
dictionaries of frames have it). A value passes its door once, however many rows hold it; every
value that a door refuses is a mistake with its row and column, and the other rows are read on.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from itertools import repeat
from typing import Any

import attrs
import numpy as np

from .._base import converters
from .._base.arrays import BLANK, NO_DAY, Array, distinct, first_rows, slices
from .._base.converters import shown
from .._base.errors import CaseError
from .._base.threads import shared
from .._base.words import EndReason, Response
from .clean import WORDS, Findings, Lines, Mistakes, Patients
from .grouping import PART_ROWS, Grouped, grouped, ordered

__all__ = [
    "FINDING_COLUMNS",
    "LINE_COLUMNS",
    "Coded",
    "CohortError",
    "Plain",
    "Read",
    "as_column",
    "read",
    "told",
    "where_in",
]

REQUIRED = ("patient", "date", "lesion")
FINDING_COLUMNS = (
    *REQUIRED, "organ", "kind", "hilar", "enhancement", "treated", "status", "viable_mm",
    "longest_mm", "short_axis_mm", "pattern", "cytology", "biopsy", "equivocal",
    "arterial_phase", "reported",
)  # fmt: skip
LINE_COLUMNS = (
    "patient", "start", "stop", "end_reason", "agents", "baseline", "targets", "nontargets",
    "death", "last_contact",
)  # fmt: skip
LINES_REQUIRED = ("patient", "start")
FLAGS = ("hilar", "treated", "equivocal", "arterial_phase")
SIZES = {"viable_mm": "viable_um", "longest_mm": "longest_um", "short_axis_mm": "short_axis_um"}
DEFAULTS = {"pattern": 2, "cytology": 2, "biopsy": 2}

_WHOLE = re.compile(r"\s*[+-]?[0-9]+\s*")
_DAY_1970 = datetime.date(1970, 1, 1).toordinal()
_LAST_DAY = datetime.date.max.toordinal()
_MOST_DAYS = 3_652_058


class CohortError(CaseError):
    """Tables with mistakes: `mistakes` holds `(patient, row, column, message)` for each.

    Rows count from 0. A column of the lines table is written `lines.start`; the row is then one of
    that table.
    """

    def __init__(self, mistakes: Sequence[tuple[Any, int | None, str, str]]) -> None:
        self.rows = tuple(mistakes)
        told = [(where_in(row, column), message) for _, row, column, message in self.rows]
        super().__init__("", told)

    def __str__(self) -> str:
        shown_lines = [
            f"patient {patient}, {line}" if patient is not None else line
            for (patient, *_), line in zip(self.rows[:20], self.lines[:20], strict=True)
        ]
        more = len(self.rows) - len(shown_lines)
        return "\n".join([*shown_lines, *([f"... and {more} more"] if more else [])])


def where_in(row: int | None, column: str) -> str:
    """A cell of the tables, as a path."""
    return column if row is None else f"row {row}, {column}"


@attrs.frozen(eq=False)
class Coded:
    """A column as a place for each row in a list of distinct values; -1 gives nothing."""

    codes: Array
    values: Sequence[Any]

    def __len__(self) -> int:
        return len(self.codes)


@attrs.frozen(eq=False)
class Plain:
    """A column of numbers, flags or `datetime64`; `null` tells which rows give nothing."""

    values: Array
    null: Array = None

    def __len__(self) -> int:
        return len(self.values)

    def coded(self) -> Coded:
        """The same column as places in its distinct values, as Python values."""
        values = self.values
        if values.dtype.kind == "M":
            values = values.astype("datetime64[us]")
        distinct, codes = np.unique(values, return_inverse=True)
        codes = codes.ravel()
        if self.null is not None:
            codes = np.where(self.null, -1, codes)
        return Coded(codes, distinct.tolist())


Column = Any


def as_column(values: Any, name: str) -> Column:
    """A column of a table as its doors take it."""
    if isinstance(values, (Coded, Plain, Grouped)):
        return values
    if isinstance(values, np.ndarray):
        if values.ndim != 1:
            raise CohortError([(None, None, name, "must be a column of one axis")])
        if isinstance(values, np.ma.MaskedArray):
            return _masked(values)
        if values.dtype.kind in "biu":
            return Plain(values)
        if values.dtype.kind == "f":
            return Plain(values, np.isnan(values))
        if values.dtype.kind == "M":
            return Plain(values, np.isnat(values))
        values = values.tolist()
    if isinstance(values, (str, bytes, Mapping)) or not hasattr(values, "__len__"):
        raise CohortError([(None, None, name, f"must be a column, got {shown(values)}")])
    return _coded(list(values))


def _masked(values: np.ma.MaskedArray[Any, Any]) -> Column:
    """A masked column: what its mask hides gives nothing, whatever stands there."""
    null, kind = np.ma.getmaskarray(values), values.dtype.kind
    if kind in "biu":
        return Plain(values.data, null)
    if kind == "f":
        data = values.filled(np.nan)
        return Plain(data, np.isnan(data))
    if kind == "M":
        data = values.filled(np.datetime64("NaT", "D"))
        return Plain(data, np.isnat(data))
    return _coded(values.tolist())


def _coded(values: list[Any]) -> Coded:
    """Dictionary-code Python values; values of different types are different."""
    if not set(map(type, values)) <= {str, type(None)}:
        values = [None if _is_null(value) else _hashable(value) for value in values]
        keys: list[Any] = [(type(value), value) for value in values]
    else:
        keys = values
    first = dict(zip(reversed(keys), reversed(values), strict=True))
    place = {key: i for i, key in enumerate(dict.fromkeys(keys))}
    codes = np.fromiter(map(place.__getitem__, keys), np.int64, len(keys))
    return Coded(codes, [first[key] for key in place])


def _is_null(value: Any) -> bool:
    return (
        value is None
        or type(value).__name__ in {"NAType", "NaTType"}
        or value is np.ma.masked
        or (isinstance(value, (float, np.floating)) and value != value)
    )


def _hashable(value: Any) -> Any:
    try:
        hash(value)
    except TypeError:
        return converters.Nonsense(shown(value))
    return value.item() if isinstance(value, np.generic) else value


# ---- doors for columns


class _Reader:
    """Reads the columns of one table, gathering mistakes."""

    def __init__(self, table: Mapping[str, Any], known: Sequence[str], prefix: str = "") -> None:
        self.prefix = prefix
        self.columns = {name: as_column(table[name], prefix + name) for name in table
                        if name in known}  # fmt: skip
        lengths = {name: len(column) for name, column in self.columns.items()}
        if len(set(lengths.values())) > 1:
            told = ", ".join(f"{name} {length}" for name, length in lengths.items())
            what = f"the columns must be of one length, got {told}"
            raise CohortError([(None, None, f"{prefix}patient", what)])
        self.count = lengths["patient"]
        self.mistakes = Mistakes()
        self.unreadable = np.zeros(self.count, np.bool_)

    def refuse(self, rows: Array, name: str, told: Sequence[str] | str) -> None:
        self.unreadable[rows] = True
        self.mistakes.add(rows, self.prefix + name, told)

    def through(self, name: str, door: Callable[[Any], Any], blank: Any, kind: Any) -> Array:
        """Each row's value through a door; `blank` where the row gives nothing or is refused."""
        return self.through_coded(name, self._coded(name), door, blank, kind)

    def through_coded(
        self, name: str, column: Coded, door: Callable[[Any], Any], blank: Any, kind: Any
    ) -> Array:
        """The same for a column that is coded already."""
        return _looked_up(self._read(name, column, door, blank, kind), column.codes)

    def places(self, name: str, door: Callable[[Any], int]) -> Array:
        """The same for a door that gives places, in as few bytes as hold them; blank is -1."""
        column = self._coded(name)
        read = self._read(name, column, door, -1, np.int64)
        return _looked_up(read.astype(_place_type(int(read.max()))), column.codes)

    def _coded(self, name: str) -> Coded:
        column = self.columns[name]
        return column.coded() if isinstance(column, Plain) else column

    def _read(
        self, name: str, column: Coded, door: Callable[[Any], Any], blank: Any, kind: Any
    ) -> Array:
        """What the door makes of each value, and at last `blank`, for the places of rows."""
        read = np.full(len(column.values) + 1, blank, kind)
        refused: dict[int, str] = {}
        for place, value in enumerate(column.values):
            if value is None or value == "":
                continue
            try:
                read[place] = door(value)
            except ValueError as error:
                refused[place] = str(error)
        if refused:
            wrong = np.zeros(len(read), np.bool_)
            wrong[list(refused)] = True
            rows = np.flatnonzero(wrong[column.codes])
            self.refuse(rows, name, [refused[int(place)] for place in column.codes[rows]])
        return read

    def require(self, name: str, lacking: Array) -> None:
        """Refuse rows that give nothing; those whose value was refused have been told."""
        if lacking.any():
            self.refuse(np.flatnonzero(lacking & ~self._told(name)), name, "must be given")

    def _told(self, name: str) -> Array:
        told = np.zeros(self.count, np.bool_)
        for rows, column, _ in self.mistakes.found:
            if column == self.prefix + name:
                told[rows] = True
        return told

    def sizes(self, name: str) -> Array:
        """Lengths in whole micrometres."""
        column = self.columns[name]
        if isinstance(column, Coded) or column.values.dtype.kind not in "fiu":
            return self.through(name, converters.micrometres, -1, np.int32)
        um = np.empty(len(column), np.int32)
        for part in slices(len(column)):
            mm = column.values[part].astype(np.float64, copy=False)
            sound = (mm >= 0) & (mm <= 1000)
            # The scalar door rounds `value * 1000` half to even as well.
            exact = mm * 1000
            if not sound.all():
                exact = np.where(sound, exact, -1.0)
                wrong = ~sound if column.null is None else ~sound & ~column.null[part]
                rows = np.flatnonzero(wrong) + part.start
                self.refuse(rows, name, [_refusal(column.values[row]) for row in rows])
            um[part] = np.rint(exact, out=exact)
            if column.null is not None:
                um[part][column.null[part]] = -1
        return um

    def words(self, name: str) -> Array:
        """The codes of words."""
        without = (Response.NED, Response.ND) if name == "reported" else ()
        kind = EndReason if name == "end_reason" else WORDS[name]
        door = converters.word(kind, without=without)
        return self.through(name, lambda value: door(value).code, BLANK, np.uint8)

    def flags(self, name: str) -> Array:
        """Flags as 0 and 1."""
        column = self.columns[name]
        if isinstance(column, Plain) and column.values.dtype.kind == "b":
            read = column.values.view(np.uint8)
            return read if column.null is None else np.where(column.null, np.uint8(BLANK), read)
        return self.through(name, _flag, BLANK, np.uint8)

    def dates(self, name: str) -> tuple[Array, Array]:
        """Whole days, and whether each is a date of the calendar (one value where all are)."""
        column = self.columns[name]
        if isinstance(column, Plain) and column.values.dtype.kind == "M":
            return self._datetimes(name, column), True
        if isinstance(column, Plain) and column.values.dtype.kind in "iu":
            low, high = column.values.min(initial=0), column.values.max(initial=0)
            if low >= -_MOST_DAYS and high <= _MOST_DAYS:
                day = column.values.astype(np.int64, copy=False)
                return day if column.null is None else np.where(column.null, NO_DAY, day), False

        def door(value: Any) -> int:
            date = _table_date(value)
            return 2 * converters.day_number(date) + (not isinstance(date, int))

        both = self.through(name, door, 2 * NO_DAY, np.int64)
        return both >> 1, (both & 1).astype(np.bool_)

    def _datetimes(self, name: str, column: Plain) -> Array:
        days = column.values.astype("datetime64[D]", copy=False)
        null = np.isnat(days)
        if column.null is not None:
            null |= column.null
        if days.dtype != column.values.dtype:
            odd = np.flatnonzero((days != column.values) & ~null)
            told = [f"must be a date without a time of day, got {column.values[i]}" for i in odd]
            self.refuse(odd, name, told)
            null[odd] = True
        day = np.empty(len(days), np.int32)
        for part in slices(len(days)):
            number = days[part].view(np.int64) + _DAY_1970
            lost = (number < 1) | (number > _LAST_DAY) | null[part]
            if lost.any():
                rows = np.flatnonzero(lost & ~null[part]) + part.start
                told = [f"must be a date of the years 1 to 9999, got {days[row]}" for row in rows]
                self.refuse(rows, name, told)
                number[lost] = NO_DAY
            day[part] = number
        return day

    def names(self, name: str) -> tuple[Array, list[str]]:
        """Texts as places in a list of them; -1 where a row gives nothing."""
        column = self.columns[name]
        if isinstance(column, Plain) and column.values.dtype.kind in "iu" and column.null is None:
            low = int(column.values.min()) if len(column) else 0
            if len(column) and (high := int(column.values.max()) - low) <= 1 << 16:
                # In the few bits of the column's own type the difference may come out negative.
                above = column.values - column.values.dtype.type(low)
                codes = above.view(f"u{above.itemsize}").astype(_place_type(high))
                used = np.flatnonzero(np.bincount(codes))
                place = np.zeros(used[-1] + 1, codes.dtype)
                place[used] = np.arange(len(used))
                same = len(used) == len(place)
                return codes if same else place[codes], [str(low + int(code)) for code in used]
        names: dict[str, int] = {}

        def door(value: Any) -> int:
            return names.setdefault(_name(value), len(names))

        return self.places(name, door), list(names)

    def organs(self) -> tuple[Array, list[str]]:
        """Organs as places in a list of them, the first of which is `liver` (RD-TABLE-LIVER)."""
        organs = {"liver": 0}

        def door(value: Any) -> int:
            return organs.setdefault(converters.text(value), len(organs))

        return self.places("organ", door), list(organs)

    def lists(self, name: str, mark: str) -> tuple[Array, list[tuple[str, ...]]]:
        """Texts that list names, as places in the lists; -1 where a row gives nothing."""
        lists: dict[tuple[str, ...], int] = {}

        def door(value: Any) -> int:
            each = [part.strip() for part in _name(value).split(mark)]
            return lists.setdefault(converters.names([part for part in each if part],
                                                 unique=mark == ";"), len(lists))  # fmt: skip

        return self.through(name, door, -1, np.int64), list(lists)


def _place_type(most: int) -> Any:
    """The type of places up to `most`, of -1, and of the next place (`grouping` counts from 1)."""
    return np.int8 if most < 126 else np.int16 if most < 32766 else np.int32


def _looked_up(values: Array, codes: Array) -> Array:
    """`values[codes]`, some rows at a time: codes that are not of 64 bits are made so first."""
    found = np.empty(len(codes), values.dtype)

    def look(part: slice) -> None:
        found[part] = values.take(codes[part])

    shared(look, slices(len(codes), PART_ROWS))
    return found


def _refusal(value: Any) -> str:
    try:
        converters.micrometres(value.item())
    except ValueError as error:
        return str(error)
    raise AssertionError(f"{value} mm was refused without a reason")  # pragma: no cover


def _flag(value: Any) -> bool:
    """A flag as tables hold it: true or false, 1 or 0, or these as text."""
    if isinstance(value, str) and value.strip().lower() in _FLAGS:
        return _FLAGS[value.strip().lower()]
    if isinstance(value, (int, float)) and value in (0, 1):
        return bool(value)
    return converters.flag(value)


_FLAGS = {"true": True, "false": False, "1": True, "0": False}


def _table_date(value: Any) -> converters.Date:
    """A date as tables hold it: as anywhere, or a study day as text."""
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        return converters.date(int(value))
    return converters.date(value.strip() if isinstance(value, str) else value)


def _name(value: Any) -> str:
    """Text that is not empty, or a whole number as its text."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return converters.name(value)


# ---- whole tables


@attrs.frozen
class Dates:
    """How a table writes dates: of the calendar as `text`, `date` or `datetime64`; study days as
    `number` or `text`. Empty: it has none."""

    calendar: str
    days: str


@attrs.frozen(eq=False, kw_only=True)
class Read:
    """Two tables, read: clean columns, whose rows are whose, and the mistakes of single cells.

    `mistakes` names the rows of findings, or (columns `lines....`) those of the lines table.
    `dates` is how dates came, and are to be given back.
    """

    findings: Findings
    lines: Lines | None
    patients: Patients
    mistakes: Mistakes
    owner: Callable[[str, Array], Array]
    dates: Dates

    def judged_lines(self, patient: Array, start: Array) -> Lines:
        """What the table says of the lines that were judged, given by patient and start."""
        if self.lines is None:
            return Lines.plain(patient, start)
        return self.lines.taken(np.flatnonzero(~self.patients.refused[self.lines.patient]))


def check_columns(names: Sequence[Any], known: Sequence[str], required: Sequence[str],
                  prefix: str = "") -> None:  # fmt: skip
    """Refuse a table that lacks a column, or has one that is probably a known one misspelt."""
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
    rows = _Reader(findings, FINDING_COLUMNS)
    line_rows = None if lines is None else _Reader(lines, LINE_COLUMNS, "lines.")
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
                owner=owner, dates=_style(rows, line_rows))  # fmt: skip


def _lazily(make: Callable[[], Array]) -> Callable[[], Array]:
    made: list[Array] = []

    def get() -> Array:
        if not made:
            made.append(make())
        return made[0]

    return get


def _style(rows: _Reader, line_rows: _Reader | None) -> Dates:
    """How dates are to be written: as those of the findings are, else as those of the lines."""
    styles = [_written(rows.columns["date"])]
    if line_rows is not None:
        styles.append(_written(line_rows.columns["start"]))
    calendar = [style.calendar for style in styles if style.calendar]
    days = [style.days for style in styles if style.days]
    return Dates(calendar[0] if calendar else "", days[0] if days else "")


def _written(column: Column) -> Dates:
    """How a column writes calendar dates, and how study days."""
    if isinstance(column, Plain):
        dated = column.values.dtype.kind == "M"
        return Dates("datetime64" if dated else "", "" if dated else "number")
    kinds = {type(value) for value in column.values if value is not None}
    texts = [value for value in column.values if isinstance(value, str) and value]
    in_days = [value for value in texts if _WHOLE.fullmatch(value)]
    calendar = "date" if any(issubclass(kind, datetime.date) for kind in kinds) else ""
    calendar = calendar or ("text" if len(in_days) < len(texts) else "")
    number = any(not issubclass(kind, (str, datetime.date)) for kind in kinds)
    return Dates(calendar, "number" if number else "text" if in_days else "")


def _read_findings(rows: _Reader) -> tuple[Findings, Array]:
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


def _grouped(rows: _Reader) -> Grouped:
    """The patients of a table; rows that name none are mistakes and belong to nobody."""
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
        name = _name(value)
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
    """Where texts are among those known; -1 for those that are not."""
    both = known + texts
    # Looked up by their hashes and then compared: a dictionary of many texts takes thrice as long.
    first, place = first_rows(np.fromiter(map(hash, both), np.int64, len(both)))
    at = first[place[len(known) :]]
    there = at < len(known)
    each = np.array([*both, None], object)[:-1]
    if np.array_equal(each[at[there]], each[len(known) :][there]):
        return np.where(there, at, -1)
    of_text = dict(zip(known, range(len(known)), strict=True))
    return np.fromiter(map(of_text.get, texts, repeat(-1)), np.int64, len(texts))


def _texts(ids: Array) -> Iterable[str]:
    """Ids as text, whatever they are: a patient is the same in both tables where the text is."""
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
    """Whether the dates of each patient are calendar dates: all are, or none is."""

    def __init__(self, count: int) -> None:
        self.of_patient = np.full(count, -1, np.int8)

    def add(self, rows: _Reader, name: str, calendar: Array, owner: Callable[[], Array],
            day: Array) -> None:  # fmt: skip
        """Read the dates of one more column; those of another kind than before are mistakes."""
        place = np.flatnonzero((day != NO_DAY) & (owner() >= 0))
        who, here = owner()[place], np.broadcast_to(calendar, len(day))[place]
        new = np.flatnonzero(self.of_patient[who] < 0)[::-1]
        self.of_patient[who[new]] = here[new]
        wrong = self.of_patient[who] != here
        told = [f"must be a {'study day' if is_date else 'calendar date'} as the other dates of "
                "the patient are" for is_date in here[wrong]]  # fmt: skip
        rows.refuse(place[wrong], name, told)


def _read_lines(rows: _Reader, patient: Array, lesion_ids: Sequence[str], kinds: _Kinds) -> Lines:
    """The clean lines by patient and start."""
    dates = {}
    for name in ("start", "stop", "baseline", "death", "last_contact"):
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
    for name in ("targets", "nontargets"):
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
    death, last_contact = (
        _of_patient(rows, patient, name, dates[name]) for name in ("death", "last_contact")
    )
    return Lines(
        death=death[order], last_contact=last_contact[order],
        patient=patient[order], start=start[order], stop=stop[order], end_reason=reason[order],
        baseline=dates["baseline"][order], agents=agents[order],
        targets=lists["targets"][order], nontargets=lists["nontargets"][order], row=order,
        agents_named=agents_named, lesions_named=named,
        codes_named=[np.array([place.get(each, -1) for each in ids], np.int64) for ids in named],
    )  # fmt: skip


def _of_patient(rows: _Reader, patient: Array, name: str, day: Array) -> Array:
    """A date of the patient, in every line where one of them gives it; all that do must agree."""
    given = np.flatnonzero((day != NO_DAY) & (patient >= 0))
    if not len(given):
        return day
    first = np.full(int(patient.max()) + 1, NO_DAY)
    first[patient[given[::-1]]] = day[given[::-1]]
    wrong = given[day[given] != first[patient[given]]]
    rows.refuse(wrong, name, "must be the same in all lines of the patient")
    return np.where(patient >= 0, first[patient], NO_DAY)


def _refuse_overlap(
    rows: _Reader, targets: Array, nontargets: Array, named: Sequence[tuple[str, ...]]
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
    """Every mistake of the tables: patient, row, column, and what is wrong; by row."""
    rows = []
    for at, column, messages in data.mistakes.found:
        patients = data.owner(column, at)
        each = [messages] * len(at) if isinstance(messages, str) else messages
        rows += list(zip(column.startswith("lines.") + np.zeros(len(at), int), at.tolist(),
                         patients.tolist(), [column] * len(at), each, strict=True))  # fmt: skip
    for _, row, patient, column, message in sorted(rows, key=lambda row: row[:2]):
        yield None if patient < 0 else data.patients.ids[patient], row, column, message
