"""Whether a time point is the one of a date, and what there is where none is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from .._base import converters
from .._base.converters import Date

__all__ = ["is_on", "not_there"]


class _Dated(Protocol):
    """Anything of one date."""

    @property
    def date(self) -> Date: ...


class _Numbered(Protocol):
    """A line by its number, with its follow-ups."""

    @property
    def number(self) -> int: ...

    @property
    def timepoints(self) -> Sequence[_Dated]: ...


class _Lined(Protocol):
    """An answer, line by line."""

    @property
    def lines(self) -> Sequence[_Numbered]: ...


def is_on(timepoint: _Dated, date: Date | str) -> bool:
    """Whether a time point is the one of a date, given as any door of the library takes it."""
    try:
        wanted = converters.date(date)
    except ValueError:
        return str(timepoint.date) == date
    return wanted == timepoint.date


def not_there(assessment: _Lined, line: int | None, date: Date | str | None) -> str:
    """That there is no such line or date, and what there is."""
    numbers = [each.number for each in assessment.lines]
    if line is not None and line not in numbers:
        return f"there is no line {line}; there are {', '.join(map(str, numbers)) or 'none'}"
    asked = [each for each in assessment.lines if line in (None, each.number)]
    dates = [str(timepoint.date) for each in asked for timepoint in each.timepoints]
    where = "any line" if line is None else f"line {line}"
    return f"no follow-up of {where} on {date}; there are {', '.join(dates) or 'none'}"
