"""Dates in worksheets: date cells, ISO text, months by name; `03/06/2024` is a question."""

from __future__ import annotations

import datetime
import re
import warnings
from collections.abc import Iterator
from typing import Any

from .._base.converters import shown
from .sheet_words import folded

__all__ = ["AmbiguousDateError", "DateReader", "is_month"]

_ISO = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})(?:[T ][0-9]{2}:[0-9]{2}.*)?")
_JAPANESE = re.compile(r"([0-9]{4}) ?年 ?([0-9]{1,2}) ?月 ?([0-9]{1,2}) ?日")
_NUMBERS = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
_NAMED = re.compile(r"([0-9]{1,2})[-. /]*([^\W\d_]{3,12})\.?[-. /,]*([0-9]{4})")
_NAMED_FIRST = re.compile(r"([^\W\d_]{3,12})\.? ([0-9]{1,2}),? ([0-9]{4})")
_MONTH = re.compile(r"[0-9]{4}[-/.](?:0?[1-9]|1[0-2])|(?:0?[1-9]|1[0-2])[-/.][0-9]{4}")
_NAMED_MONTH = re.compile(r"([^\W\d_]{3,12})\.?[- /]*(?:[0-9]{4}|'?[0-9]{2})")
_STUDY_DAY = re.compile(r"(?:study )?(?:day|tag|jour|dia|d) ?([+-]?[0-9]{1,5})", re.I)
_WHOLE = re.compile(r"[+-]?[0-9]{1,5}")
_MOST_DAYS = 20_000
"""More days than any patient is observed, and less than a spreadsheet counts to any scan."""
_SOME_DAY = datetime.date(2024, 11, 23)
_SERIAL_0 = datetime.date(1899, 12, 30)
_INSIDE = (_ISO, _JAPANESE, _NUMBERS, _NAMED)

_MONTH_WORDS = (
    "jan,january,januar,janvier,janv,enero,ene,gennaio,gen",
    "feb,february,februar,fevrier,fev,fevr,febrero,febbraio",
    "mar,march,marz,mars,marzo,mrz,maerz",
    "apr,april,avril,avr,abril,abr,aprile",
    "may,mai,mayo,maggio,mag",
    "jun,june,juni,juin,junio,giugno,giu",
    "jul,july,juli,juillet,juil,julio,luglio,lug",
    "aug,august,aout,agosto,ago",
    "sep,sept,september,septembre,septiembre,settembre,set",
    "oct,october,oktober,okt,octobre,octubre,ottobre,ott",
    "nov,november,novembre,noviembre",
    "dec,december,dezember,dez,decembre,diciembre,dic,dicembre",
)
_MONTHS = {word: at for at, words in enumerate(_MONTH_WORDS, 1) for word in words.split(",")}


class AmbiguousDateError(ValueError):
    """A date of which nobody can tell the day from the month."""


class DateReader:
    """Read dates; `date_format`, as `strptime` takes it, is tried first."""

    def __init__(self, date_format: str | None = None) -> None:
        if date_format is not None and not _tells_dates(date_format):
            told = "date_format must write day, month and year as `datetime.strptime` takes it"
            raise ValueError(f'{told}, like "%d/%m/%Y", got {shown(date_format)}')
        self.date_format = date_format

    def __call__(self, value: Any, *, days: bool = False) -> datetime.date | int | None:
        """The date that a cell holds, whole; `None` where it is none. The time of day is left out.

        `days`: whole numbers are study days. Raises `AmbiguousDateError` for `03/06/2024`,
        `ValueError` for what looks like a date and is none.
        """
        if isinstance(value, datetime.datetime):
            return value.date()
        if isinstance(value, datetime.date):
            return value
        if isinstance(value, bool) or value is None:
            return None
        if isinstance(value, int):
            return _study_day(value) if days else None
        return self._of_text(value.strip(), days) if isinstance(value, str) else None

    def inside(self, text: str) -> tuple[datetime.date | int | None, str]:
        """The date that stands in a text, and the rest of the text."""
        whole = self(text)
        if whole is not None:
            return whole, ""
        for pattern in _INSIDE:
            found = pattern.search(text)
            if found:
                return self(found[0]), (text[: found.start()] + " " + text[found.end() :]).strip()
        return None, text

    def _of_text(self, text: str, days: bool) -> datetime.date | int | None:
        if self.date_format is not None:
            try:
                return datetime.datetime.strptime(text, self.date_format).date()
            except ValueError:
                pass
        found = _STUDY_DAY.fullmatch(text)
        if found or (days and (found := _WHOLE.fullmatch(text))):
            return _study_day(int(found[found.re.groups]))
        for parts in _ymd(text):
            return _calendar(*parts, text)
        found = _NUMBERS.fullmatch(text)
        return None if found is None else _of_numbers(found, text)


def is_month(text: str) -> bool:
    """Whether a text is a date without its day: 2024-01, 01/2024, Jan 2024."""
    named = _NAMED_MONTH.fullmatch(text.strip())
    return _MONTH.fullmatch(text.strip()) is not None or (
        named is not None and folded(named[1]) in _MONTHS
    )


def _tells_dates(date_format: Any) -> bool:
    """Whether a date can be written in a format and read again."""
    if not isinstance(date_format, str):
        return False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of a day without its year
        try:
            text = _SOME_DAY.strftime(date_format)
            return datetime.datetime.strptime(text, date_format).date() == _SOME_DAY
        except ValueError:
            return False


def _study_day(number: int) -> int | None:
    """A study day; a number that spreadsheets keep instead of a date is refused."""
    if abs(number) < _MOST_DAYS:
        return number
    try:
        date = _SERIAL_0 + datetime.timedelta(number)
    except OverflowError:
        return None
    raise ValueError(
        f"must be a date: {number} is how a spreadsheet keeps {date}, so format the cells as dates"
    )


def _ymd(text: str) -> Iterator[tuple[int, int, int]]:
    """Year, month and day of a text in which nothing is ambiguous."""
    if found := _ISO.fullmatch(text):
        yield int(found[1]), int(found[3]), int(found[4])
    elif found := _JAPANESE.fullmatch(text):
        yield int(found[1]), int(found[2]), int(found[3])
    elif (found := _NAMED.fullmatch(text)) and (month := _MONTHS.get(folded(found[2]))):
        yield int(found[3]), month, int(found[1])
    elif (found := _NAMED_FIRST.fullmatch(text)) and (month := _MONTHS.get(folded(found[1]))):
        yield int(found[3]), month, int(found[2])


def _of_numbers(found: re.Match[str], text: str) -> datetime.date:
    """A date of three numbers, the year last: told only where one number is above 12."""
    one, other, year = int(found[1]), int(found[3]), found[4]
    if len(year) < len("2024"):
        raise AmbiguousDateError(text)
    if one == other or one > 12 >= other:
        return _calendar(int(year), other, one, text)
    if other > 12 >= one:
        return _calendar(int(year), one, other, text)
    if one > 12:
        raise ValueError(f"must be a date of the calendar, got {shown(text)}")
    raise AmbiguousDateError(text)


def _calendar(year: int, month: int, day: int, text: str) -> datetime.date:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        raise ValueError(f"must be a date of the calendar, got {shown(text)}") from None
