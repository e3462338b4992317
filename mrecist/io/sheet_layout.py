"""Where a sheet keeps what: its header, the columns of each row, and those of each visit.

Wide: one row per lesion and one column per visit, whose date stands in the heading, above it, in a
row below it, or in a column before it. Long: one row per lesion and day.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from .._base.converters import shown
from .errors import AskError, IntakeError
from .sheet_cells import size_cell
from .sheet_dates import AmbiguousDateError, DateReader, is_month
from .sheet_files import Sheet
from .sheet_words import ROLES, VISIT, folded, heading_meaning, unit_said

__all__ = ["ON_A_DAY", "PLAIN", "SIZES", "Layout", "SizeColumn", "ask_for_format", "layout_at",
           "layout_of", "patient_said", "says_date"]  # fmt: skip

SIZES = ("size", "viable_mm", "longest_mm", "short_axis_mm", "viable_perp_mm", "longest_perp_mm")
PLAIN = "size"
"""A size of which nobody says what it measures."""
_BY_OTHERS = ("date", *SIZES)
LOOKS = ("masslike", "aphe", "washout", "like_before", "diffusion_restriction",
         "t2_mild_moderate", "change", "margin", "volume_viable_ml")  # fmt: skip
"""What a treated lesion looks like, and its volume."""
ON_A_DAY = ("status", "equivocal", "into", "visit", "arterial_phase", "unmentioned", "reported",
            "modality", *LOOKS)  # fmt: skip
"""Fields of one examination: only rows of one day can say them."""
_LOOKED_AT = 200
_ENOUGH = 3
Day = datetime.date | int


@attrs.frozen
class Heading:
    """What a heading says: the column it names, a date, a visit, a unit."""

    means: str | None = None
    date: Day | None = None
    visit: str | None = None
    unit: str | None = None

    @property
    def is_known(self) -> bool:
        return bool(self.means or self.date is not None or self.visit)


@attrs.frozen
class SizeColumn:
    """A column of sizes: what they measure and in which unit, where the sheet says so, and when.

    `date_column` holds the dates of the rows; without it and without `date`, rows of dates do.
    """

    column: int
    measure: str
    unit: str | None = None
    date: Day | None = None
    date_column: int | None = None
    visit: str | None = None


@attrs.frozen
class Layout:
    """The header of a sheet (its row), the column of each field, and the columns of sizes.

    `constants` are fields that the caller gives for all rows, `unread` the headings of columns that
    are not read. `is_long`: each row has its date.
    """

    header: int
    fields: Mapping[str, int]
    sizes: tuple[SizeColumn, ...]
    constants: Mapping[str, str]
    unread: tuple[str, ...]
    is_long: bool


def says_date(value: Any) -> bool:
    """Whether a cell is the label of a row of dates."""
    return isinstance(value, str) and heading_meaning(value.rstrip(":")) == "date"


def patient_said(cells: Sequence[Any]) -> str | None:
    """The patient that a row names outside of any column: `Patient: P-001`, in one cell or two."""
    filled = [cell for cell in cells if cell is not None]
    if not filled or len(filled) > len(("label", "patient")):
        return None
    label, _, rest = str(filled[0]).partition(":")
    if heading_meaning(label) != "patient" or (rest.strip() and filled[1:]):
        return None
    return rest.strip() or (str(filled[1]).strip() if filled[1:] else None)


def ask_for_format(sheet: Sheet, row: int, column: int, text: str) -> AskError:
    """The question which number of a date is the month."""
    what = f"{sheet.address(row, column)}: in {shown(text)} nobody can tell the day from the month"
    mark = next(each for each in text if not each.isdigit())
    year = "%y" if len(text.rpartition(mark)[2]) == len("24") else "%Y"
    formats = [mark.join((*parts, year)) for parts in (("%d", "%m"), ("%m", "%d"))]
    return AskError(
        what,
        " or ".join(f'date_format="{each}"' for each in formats),
        " or ".join(f"--date-format {each}" for each in formats),
    )


def layout_of(sheet: Sheet, columns: Mapping[str, str], dates: DateReader) -> Layout | None:
    """The layout of a sheet; `None` where it has no header.

    `columns` are headings, or `=text` for all rows, by the names of our columns. Raises `AskError`
    where a date in a heading is ambiguous.
    """
    given, _ = _given(columns)
    header = _header_row(sheet, given, dates)
    return None if header is None else layout_at(sheet, header, columns, dates)


def layout_at(sheet: Sheet, header: int, columns: Mapping[str, str], dates: DateReader) -> Layout:
    """The layout of a sheet below one of its rows, which is a header."""
    given, constants = _given(columns)
    headings = [_heading(sheet, header, at, given, dates) for at in range(_width(sheet, header))]
    fields: dict[str, int] = {}
    date_columns = _date_columns(sheet, header, headings, given)
    for at, each in enumerate(headings):
        if each.means and each.means not in _BY_OTHERS:
            fields.setdefault(each.means, at)
    _settle(sheet, header, fields)
    has_visits = any(
        _is_visit(each) and _is_seen(sheet, header, at, each) for at, each in enumerate(headings)
    )
    is_long = len(date_columns) == 1 and not has_visits
    if is_long:
        fields["date"] = date_columns[0]
        sizes = _long_sizes(headings)
    else:
        labelled = _labelled_dates(sheet, header, fields, dates)
        sizes = _wide_sizes(sheet, header, headings, date_columns, labelled, dates)
    read = {at for name, at in fields.items() if is_long or name.partition(":")[0] not in ON_A_DAY}
    used = {*read, *(each.column for each in sizes)}
    used |= {each.date_column for each in sizes if each.date_column is not None}
    unread = tuple(
        f"{sheet.address(header, at)} {_called(sheet.cell(header, at))}"
        for at in range(len(headings))
        if at not in used and _is_filled(sheet, header, at)
    )
    return Layout(header, fields, sizes, constants, unread, is_long)


def _called(heading: Any) -> str:
    return "without a heading" if heading is None else shown(heading)


def _settle(sheet: Sheet, header: int, fields: dict[str, int]) -> None:
    """Read two headings by what stands below them.

    A column Target names the lesions where no other does and it holds no roles; a column Unit that
    holds no unit of length is one of a hospital.
    """
    if "lesion" not in fields and "role" in fields:
        said = _below(sheet, header, fields["role"])
        if said and not any(folded(str(each)) in ROLES for each in said):
            fields["lesion"] = fields.pop("role")
    if "unit" in fields:
        said = _below(sheet, header, fields["unit"])
        if not any(unit_said(str(each)) for each in said):
            del fields["unit"]


def _below(sheet: Sheet, header: int, column: int) -> list[Any]:
    """The filled cells below a heading."""
    cells = (sheet.cell(row, column) for row in range(header + 1, len(sheet.rows)))
    return [each for each in cells if each is not None]


def _given(columns: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Our names by the headings that the caller gives, and texts for all rows by our names."""
    given = {folded(heading): name for name, heading in columns.items() if heading[:1] != "="}
    return given, {name: text[1:].strip() for name, text in columns.items() if text[:1] == "="}


def _date_columns(
    sheet: Sheet, header: int, headings: list[Heading], given: Mapping[str, str]
) -> list[int]:
    """The columns of dates: one for all rows, or one before the sizes of each visit.

    Raises `AskError` where there are several and no size belongs to one of them.
    """
    found = [at for at, each in enumerate(headings) if each.means == "date"]
    if "date" in given.values():
        return [at for at in found if folded(str(sheet.cell(header, at))) in given]
    if len(found) <= 1:
        return found
    for at, after in zip(found, [*found[1:], len(headings)], strict=True):
        sized = any(each.means in SIZES or _is_visit(each) for each in headings[at:after])
        if not sized:
            names = [str(sheet.cell(header, each)) for each in found]
            what = f"{sheet.name} has several columns of dates: {', '.join(names)}"
            flag = f"--column 'date={names[0]}'"
            raise AskError(what, f'columns={{"date": "{names[0]}"}}', flag)
    return found


def _width(sheet: Sheet, header: int) -> int:
    below = sheet.rows[header : header + 4]
    return max(map(len, below))


def _header_row(sheet: Sheet, given: Mapping[str, str], dates: DateReader) -> int | None:
    """The first row with three known words, among them the lesion; else with the patient."""
    second = None
    for row in range(min(len(sheet.rows), _LOOKED_AT)):
        found = [_loose(sheet.cell(row, at), given, dates) for at in range(len(sheet.rows[row]))]
        means = {each.means for each in found}
        enough = sum(each.is_known for each in found) >= _ENOUGH
        enough = enough or (bool(given) and set(given.values()) <= means)
        if enough and "lesion" in means:
            return row
        if enough and "patient" in means and second is None:
            second = row
    return second


def _loose(value: Any, given: Mapping[str, str], dates: DateReader) -> Heading:
    """A heading in a row that may be no header: dates that cannot be read count as dates."""
    try:
        return _read(value, given, dates)
    except AmbiguousDateError:
        return Heading(visit="?")
    except ValueError:
        return Heading()


def _heading(
    sheet: Sheet, row: int, column: int, given: Mapping[str, str], dates: DateReader
) -> Heading:
    value = sheet.cell(row, column)
    try:
        return _read(value, given, dates)
    except AmbiguousDateError as error:
        raise ask_for_format(sheet, row, column, str(error)) from None
    except ValueError as error:
        where = sheet.address(row, column)
        raise IntakeError([(None, sheet.name, row, where, f"NO_DATE: {error}")]) from None


def _read(value: Any, given: Mapping[str, str], dates: DateReader) -> Heading:
    """What a heading says."""
    if not isinstance(value, str):
        return Heading(date=dates(value))
    if folded(value) in given:
        return Heading(given[folded(value)], unit=unit_said(value))
    unit = unit_said(value)
    date, rest = dates.inside(value)
    if date is not None:
        means = heading_meaning(rest)
        return Heading(means if means in SIZES else None, date, rest.strip(" :,-()") or None, unit)
    means = heading_meaning(value)
    if means:
        return Heading(means, unit=unit)
    if VISIT.fullmatch(folded(value)) or is_month(value):
        return Heading(visit=value, unit=unit)
    return attrs.evolve(_of_two(value), unit=unit)


MOST_WORDS = 20
"""More words than a heading has that names a visit and a column."""


def _of_two(value: str) -> Heading:
    """A heading of a visit and a column: `Baseline date`, `size week 8`."""
    words = value.replace("_", " ").split()
    for at in range(1, len(words) if len(words) <= MOST_WORDS else 0):
        for visit, other in ((words[:at], words[at:]), (words[at:], words[:at])):
            means = heading_meaning(" ".join(other))
            if means in _BY_OTHERS and VISIT.fullmatch(folded(" ".join(visit))):
                return Heading(means, visit=" ".join(visit))
    return Heading()


def _is_visit(heading: Heading) -> bool:
    """Whether a column is one visit's."""
    has_when = heading.date is not None or heading.visit is not None
    return has_when and heading.means in (None, *SIZES)


def _long_sizes(headings: list[Heading]) -> tuple[SizeColumn, ...]:
    found: dict[str, SizeColumn] = {}
    for at, each in enumerate(headings):
        if each.means in SIZES:
            found.setdefault(str(each.means), SizeColumn(at, str(each.means), each.unit))
    return tuple(found.values())


def _labelled_dates(
    sheet: Sheet, header: int, fields: Mapping[str, int], dates: DateReader
) -> frozenset[int]:
    """The columns that have a date in some row of dates."""
    found = set()
    for row in range(header + 1, len(sheet.rows)):
        if any(says_date(sheet.cell(row, at)) for at in fields.values()):
            for at, value in enumerate(sheet.rows[row]):
                if at not in fields.values() and _is_date(value, dates):
                    found.add(at)
    return frozenset(found)


def _is_date(value: Any, dates: DateReader) -> bool:
    try:
        return dates(value, days=True) is not None
    except ValueError:
        return True


def _wide_sizes(
    sheet: Sheet,
    header: int,
    headings: list[Heading],
    date_columns: list[int],
    labelled: frozenset[int],
    dates: DateReader,
) -> tuple[SizeColumn, ...]:
    """The columns of sizes, each with what says when they were measured."""
    above = _above(sheet, header, len(headings), dates)
    found = []
    for at, each in enumerate(headings):
        if each.means not in (None, *SIZES):
            continue
        if not (_is_visit(each) or each.means or at in labelled):
            continue
        is_named = each.means is None and each.date is None and at not in labelled
        before = max((column for column in date_columns if column < at), default=None)
        when, visit = each.date, each.visit
        if when is None and visit is None and above[at].is_known:
            when, visit = above[at].date, above[at].visit
        elif when is None and above[at].date is not None:
            when = above[at].date
        if when is not None:
            before = None
        elif before is None and is_named and not _holds_sizes(sheet, header, at):
            continue
        if visit is None and each.means is None and isinstance(sheet.cell(header, at), str):
            visit = str(sheet.cell(header, at)) if each.date is None else None
        found.append(SizeColumn(at, each.means or PLAIN, each.unit, when, before, visit))
    return tuple(found)


def _is_seen(sheet: Sheet, header: int, column: int, heading: Heading) -> bool:
    """Whether the column of a visit has sizes: a flag `Baseline` of a lesion is no such column."""
    named = heading.date is not None or heading.means is not None
    return named or _holds_sizes(sheet, header, column)


def _is_filled(sheet: Sheet, header: int, column: int) -> bool:
    """Whether some cell below a heading holds anything."""
    return bool(_below(sheet, header, column))


def _holds_sizes(sheet: Sheet, header: int, column: int) -> bool:
    """Whether some cell below a heading can be read as a size, or as a word for one."""
    for row in range(header + 1, len(sheet.rows)):
        try:
            if size_cell(sheet.cell(row, column)) is not None:
                return True
        except ValueError:
            continue
    return False


def _above(sheet: Sheet, header: int, width: int, dates: DateReader) -> list[Heading]:
    """What stands above the header, each cell also for the empty ones to its right."""
    found, last = [], Heading()
    for at in range(width):
        value = sheet.cell(header - 1, at)
        if value is not None:
            read = _heading(sheet, header - 1, at, {}, dates)
            last = read if read.means in (None, *SIZES) else Heading()
        found.append(last)
    return found
