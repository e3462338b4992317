"""Read the cells of one table through the converters of the scalar model.

A converter runs once per distinct value, however many rows hold it. Each value that it refuses is
a mistake with its rows and column, and the other rows are read on.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from .._base import converters
from .._base.arrays import BLANK, NO_DAY, Array, slices
from .._base.converters import shown
from .._base.reported import STABLE_WORDS, stable_cure
from .._base.threads import shared
from .._base.volumes import microlitres
from .._base.words import Response, Said
from .column import Coded, Plain, as_column, is_nothing
from .column_schema import BY_NAME, FAULT, REPORTED_BY, is_column
from .grouping import PART_ROWS
from .mistakes import CohortError, Mistakes
from .spreadsheet import as_meant

__all__ = [
    "FAULT_COLUMN",
    "WHOLE_NUMBER",
    "Reader",
    "empty_cells",
    "name_of",
    "named",
    "rows_with",
    "text_of",
]

FAULT_COLUMN = "columns"
"""Where a mistake is told of that a row has as a whole."""

WHOLE_NUMBER = re.compile(r"\s*+[+-]?[0-9]++\s*+")
_TIME = re.compile(r"[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?$")
_DAY_1970 = datetime.date(1970, 1, 1).toordinal()
_LAST_DAY = datetime.date.max.toordinal()
_LEAST_INEXACT = 2.0**53
_MOST_DAYS = 3_652_058


class Reader:
    """Read the columns of one table and collect the mistakes."""

    def __init__(self, table: Mapping[str, Any], known: Sequence[str], prefix: str = "") -> None:
        self.prefix = prefix
        self.columns = {
            name: as_column(table[name], prefix + name) for name in table if is_column(name, known)
        }
        lengths = {name: len(column) for name, column in self.columns.items()}
        if len(set(lengths.values())) > 1:
            told = ", ".join(f"{name} {length}" for name, length in lengths.items())
            what = f"the columns must be of one length, got {told}"
            raise CohortError([(None, None, f"{prefix}patient", what)])
        self.count = lengths["patient"]
        self.mistakes = Mistakes()
        self.unreadable = np.zeros(self.count, np.bool_)
        self.spoiled = rows_with(table.get(FAULT))
        self.refuse(self.spoiled[0], FAULT_COLUMN, self.spoiled[1])

    def refuse(self, rows: Array, name: str, told: Sequence[str] | str) -> None:
        self.unreadable[rows] = True
        self.mistakes.add(rows, self.prefix + name, told)

    def through(self, name: str, door: Callable[[Any], Any], blank: Any, kind: Any) -> Array:
        """Each row's converted value; `blank` where the cell is empty or refused."""
        return self.through_coded(name, self._coded(name), door, blank, kind)

    def through_coded(
        self, name: str, column: Coded, door: Callable[[Any], Any], blank: Any, kind: Any
    ) -> Array:
        """Like `through`, for a column that is already coded."""
        return _looked_up(self._read(name, column, door, blank, kind), column.codes)

    def places(self, name: str, door: Callable[[Any], int]) -> Array:
        """Like `through`, for a converter to indices, in the smallest type; blank is -1."""
        column = self._coded(name)
        read = self._read(name, column, door, -1, np.int64)
        return _looked_up(read.astype(_place_type(int(read.max()))), column.codes)

    def _coded(self, name: str) -> Coded:
        column = self.columns[name]
        return column.coded() if isinstance(column, Plain) else column

    def _read(
        self, name: str, column: Coded, door: Callable[[Any], Any], blank: Any, kind: Any
    ) -> Array:
        """The converted values, with `blank` last, so that a code of -1 finds it."""
        read = np.full(len(column.values) + 1, blank, kind)
        refused: dict[int, str] = {}
        for place, value in enumerate(column.values):
            if is_nothing(value):
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
        """Refuse empty cells, but for wholly empty rows and values that are already a mistake."""
        if lacking.any():
            wrong = lacking & ~self._told(name) & ~self._nothing()
            wrong[self.spoiled[0]] = False
            self.refuse(np.flatnonzero(wrong), name, "must be given")

    def _nothing(self) -> Array:
        """The rows in which every cell is empty."""
        nothing = np.ones(self.count, np.bool_)
        for column in self.columns.values():
            nothing &= empty_cells(column)
        return nothing

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
        # A signalling NaN, which R writes for NA, would warn at every step.
        with np.errstate(invalid="ignore"):
            for part in slices(len(column)):
                um[part] = self._in_micrometres(name, column, part)
        return um

    def _in_micrometres(self, name: str, column: Plain, part: slice) -> Array:
        """Some rows of a column of numbers in whole micrometres, as floats; -1: nothing."""
        mm = column.values[part]
        exact = mm.astype(np.float64)
        if column.null is not None and mm.dtype.kind != "f":
            exact[column.null[part]] = np.nan
        exact *= 1000
        # `fmin` and `fmax` pass over NaN.
        if np.fmin.reduce(exact) < 0 or np.fmax.reduce(exact) > 1000 * 1000:
            wrong = (exact < 0) | (exact > 1000 * 1000)
            exact[wrong] = np.nan
            rows = np.flatnonzero(wrong) + part.start
            self.refuse(rows, name, [_refusal(column.values[row]) for row in rows])
        nearest = np.rint(exact)
        if mm.dtype.kind == "f":
            _settle_halves(nearest, exact, mm)
        return np.fmax(nearest, -1, out=nearest)

    def volumes(self, name: str) -> Array:
        """Volumes in whole microlitres."""
        return self.through(name, microlitres, -1, np.int32)

    def words(self, name: str) -> Array:
        """Words as their codes; `BLANK` where the cell is empty.

        A column `reported:NAME` has the words of `reported`, and what criteria of that name call
        stable disease.
        """
        is_verdict = name.partition(":")[0] == "reported"
        field = BY_NAME["reported" if is_verdict else name]
        assert field.words is not None  # a column of kind "word"
        door = converters.word(field.words, without=field.without)
        known = {word.casefold(): word for word in field.words}
        by = name.removeprefix(REPORTED_BY) if name.startswith(REPORTED_BY) else ""
        if by in STABLE_WORDS:
            known[STABLE_WORDS[by].casefold()] = Said(str(Response.SD))  # type: ignore[call-arg, arg-type]

        def code(value: Any) -> int:
            word = _folded(value)
            try:
                return door(known.get(word, value)).code
            except ValueError as error:
                cure = stable_cure(word) if is_verdict else ""
                raise ValueError(f"{error}{cure}") from None

        return self.through(name, code, BLANK, np.uint8)

    def flags(self, name: str) -> Array:
        """Flags as 0 and 1."""
        column = self.columns[name]
        if isinstance(column, Plain) and column.values.dtype.kind == "b":
            read = column.values.astype(np.uint8)  # the caller may change theirs
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
                day = column.values.astype(np.int64)  # the caller may change theirs
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
        """Texts as indices into a list of them; -1: an empty cell."""
        column = self.columns[name]
        if isinstance(column, Plain) and column.values.dtype.kind in "iu" and column.null is None:
            low = int(column.values.min()) if len(column) else 0
            if len(column) and (high := int(column.values.max()) - low) <= 1 << 16:
                # The difference may overflow the column's own type; read as unsigned it is right.
                above = column.values - column.values.dtype.type(low)
                codes = above.view(f"u{above.itemsize}").astype(_place_type(high))
                used = np.flatnonzero(np.bincount(codes))
                place = np.zeros(used[-1] + 1, codes.dtype)
                place[used] = np.arange(len(used))
                same = len(used) == len(place)
                return codes if same else place[codes], [str(low + int(code)) for code in used]
        names: dict[str, int] = {}

        def door(value: Any) -> int:
            return names.setdefault(name_of(value), len(names))

        return self.places(name, door), list(names)

    def lesions(self, name: str, ids: Sequence[str]) -> Array:
        """Ids of other lesions as indices into those that some row records; -1: an empty cell."""
        places = {lesion: place for place, lesion in enumerate(ids)}

        def door(value: Any) -> int:
            lesion = name_of(value)
            if lesion not in places:
                raise ValueError(f"must be the id of a lesion of this patient, got {shown(lesion)}")
            return places[lesion]

        return self.places(name, door)

    def organs(self) -> tuple[Array, list[str]]:
        """Organs as indices into a list that begins with `liver` (RD-TABLE-LIVER)."""
        organs = {"liver": 0}

        def door(value: Any) -> int:
            return organs.setdefault(text_of(value), len(organs))

        return self.places("organ", door), list(organs)

    def lists(self, name: str, mark: str) -> tuple[Array, list[tuple[str, ...]]]:
        """Lists of names, split at `mark`, as indices into the distinct lists; -1: empty."""
        lists: dict[tuple[str, ...], int] = {}

        def door(value: Any) -> int:
            each = [part.strip() for part in name_of(value).split(mark)]
            return lists.setdefault(
                converters.names([part for part in each if part], unique=mark == ";"), len(lists)
            )

        return self.through(name, door, -1, np.int64), list(lists)


def rows_with(faults: Any) -> tuple[Array, list[str]]:
    """The rows that are unsound as a whole, and what is wrong with each."""
    if faults is None:
        return np.zeros(0, np.int64), []
    rows = np.flatnonzero(faults.codes >= 0)
    return rows, [faults.values[code] for code in faults.codes[rows].tolist()]


def empty_cells(column: Any) -> Array:
    """The empty cells of a column, in any of its forms."""
    if isinstance(column, Plain):
        return False if column.null is None else column.null
    if isinstance(column, Coded):
        empty = np.array([*map(is_nothing, column.values), True], np.bool_)
        return empty[column.codes]
    return column.owners() < 0


def _folded(value: Any) -> Any:
    """A word as tables may spell it: case, blanks of any kind and `_` for a space are ignored."""
    return " ".join(value.replace("_", " ").split()).casefold() if isinstance(value, str) else value


def _place_type(most: int) -> Any:
    """The smallest type for -1 to `most + 1` (`grouping` counts from 1)."""
    return np.int8 if most < 126 else np.int16 if most < 32766 else np.int32


def _looked_up(values: Array, codes: Array) -> Array:
    """`values[codes]` in slices: NumPy first widens codes to 64 bits, which takes memory."""
    found = np.empty(len(codes), values.dtype)

    def look(part: slice) -> None:
        found[part] = values.take(codes[part])

    shared(look, slices(len(codes), PART_ROWS))
    return found


def _settle_halves(nearest: Array, exact: Array, mm: Array) -> None:
    """Read floats near half a micrometre as the scalar converter does, by their decimal text."""
    exact -= nearest
    far = 0.5 - converters.half_within(mm.dtype.type)
    if np.fmax.reduce(np.abs(exact, out=exact)) > far:
        near = (exact > far) & (mm >= 0) & (mm <= 1000)
        values, place = np.unique(mm[near], return_inverse=True)
        settled = np.array([converters.micrometres(value) for value in values], np.float64)
        nearest[near] = settled[place]


def _refusal(value: Any) -> str:
    try:
        converters.micrometres(value.item())
    except ValueError as error:
        return str(error)
    raise AssertionError(f"{value} mm was refused without a reason")  # pragma: no cover


def _flag(value: Any) -> bool:
    """Convert a flag: true or false, 1 or 0, or these as text, or yes or no."""
    if isinstance(value, str) and value.strip().lower() in _FLAGS:
        return _FLAGS[value.strip().lower()]
    if isinstance(value, (int, float)) and value in (0, 1):
        return bool(value)
    return converters.flag(value)


_FLAGS = {
    **dict.fromkeys(("true", "1", "yes", "y"), True),
    **dict.fromkeys(("false", "0", "no", "n"), False),
}


def _table_date(value: Any) -> converters.Date:
    """Convert a date; in tables a study day may also be text, and a date may be at midnight."""
    if not isinstance(value, str):
        return converters.date(value)
    if WHOLE_NUMBER.fullmatch(value):
        return converters.date(int(value))
    text = value.strip()
    time = _TIME.search(text)
    if time is None:
        return converters.date(text)
    date = converters.date(text[: time.start()])
    if time[0].strip("T :.0"):
        raise ValueError(f"must be a date without a time of day, got {shown(value)}")
    return date


def name_of(value: Any) -> str:
    """Text without surrounding space that is not empty, or a whole number as its text."""
    if isinstance(value, str):
        return sound(converters.name(as_meant(value.strip())))
    if isinstance(value, float) and value.is_integer():
        if abs(value) >= _LEAST_INEXACT:
            told = "must be text, or a whole number that a float tells apart from the next"
            raise ValueError(f"{told}, got {shown(value)}; give it as text")
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return sound(converters.name(value))


def named(value: Any) -> str | None:
    """The id that a table takes a cell for; `None` where it names nobody."""
    try:
        return None if is_nothing(value) else name_of(value)
    except ValueError:
        return None


def text_of(value: Any) -> str:
    """Any text, as it was meant."""
    return as_meant(sound(converters.text(value)))


def sound(text: str) -> str:
    """Text that a table can hold, of whatever library it is."""
    if not converters.is_sound(text):
        raise ValueError(f"must be text that is valid UTF-8, got {shown(text)}")
    return text
