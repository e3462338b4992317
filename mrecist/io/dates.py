"""Dates as SDTM writes them: whole, with a time of day, or without a day."""

from __future__ import annotations

import calendar
import datetime
import re

import attrs

__all__ = ["Completion", "Dated"]

COMPLETIONS = ("last", "first", "refuse")
"""How a date without a day may be completed: the last or the first day of its month, or not."""

_NOTHING = "must be given"
_WRITTEN = re.compile(r"(\d{4})-(\d\d)(?:-(\d\d)(?:[T ].*)?)?", re.ASCII)


@attrs.frozen
class Dated:
    """A date and whether its day was completed; without a date, why there is none."""

    date: datetime.date | None
    partial: bool = False
    told: str = _NOTHING

    @property
    def is_written(self) -> bool:
        """Whether a text stood there at all."""
        return self.date is not None or self.told != _NOTHING


class Completion:
    """Read dates; one without a day is completed inside its month."""

    def __init__(self, dates: str) -> None:
        if dates not in COMPLETIONS:
            raise ValueError(f'dates must be "last", "first" or "refuse", got {dates!r}')
        self.dates = dates
        self._read: dict[str, Dated] = {}

    def __call__(self, text: str | None) -> Dated:
        """The date that a text writes."""
        if text is None:
            return Dated(None)
        if text not in self._read:
            self._read[text] = self._dated(text)
        return self._read[text]

    def date(self, text: str | None) -> datetime.date | None:
        """The date alone."""
        return self(text).date

    def _dated(self, text: str) -> Dated:
        written = _WRITTEN.fullmatch(text)
        if written is None:
            return Dated(None, told=f"must be a date, at least a year and a month, got {text!r}")
        year, month, day = (int(part or 0) for part in written.groups())
        partial = not written[3]
        try:
            first = datetime.date(year, month, day or 1)
        except ValueError:
            return Dated(None, told=f"must be a date of the calendar, got {text!r}")
        if not partial:
            return Dated(first)
        if self.dates == "refuse":
            return Dated(None, told=f"must have a day, got {text!r}")
        last = calendar.monthrange(year, month)[1]
        return Dated(first.replace(day=last) if self.dates == "last" else first, partial=True)
