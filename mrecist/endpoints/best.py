"""The day of the follow-up that shows the best response of a line."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np

from .._base.arrays import NO_DAY, Array
from .._base.exact import at_least
from .._base.words import Response
from ..rulebook.best_response import COUNTS_AS, OBJECTIVE, SHOWN_BY
from ..rulebook.confirmation import CONFIRMED_BY, NEVER
from ..rulebook.decision_table import members
from .engine import confirmed_days, first_days
from .history import History
from .scans import Scans

__all__ = ["BestDays"]

IS_COMPLETE = members(Response, {Response.CR})
IS_OBJECTIVE = members(Response, OBJECTIVE)


class BestDays:
    """Days of responses by line; `NO_DAY` where a line has none.

    `best` and `confirmed` are those of the first follow-up that shows the best response, of a
    confirmed CR or PR that of the response that was confirmed later. `response` and
    `confirmed_response` are those of the first CR or PR, `benefit` and `confirmed_benefit` those of
    the first CR or PR, or of the first CR, PR, SD or NON-CR/NON-PD on the day from which stable
    disease counts or later. Nothing after the first progression counts.
    """

    def __init__(self, history: History) -> None:
        self._scans = scans = Scans(history)
        days = history.day - np.repeat(history.start, scans.counts)
        late = at_least(days, history.criteria.stable_days)
        self._what = late * np.uint8(len(Response)) + history.response
        self._until = np.where(scans.pd >= 0, scans.pd + 1, scans.end)
        self._both, complete = confirmed_days(scans)
        self.best = _told(self._shown(history.best, SHOWN_BY))
        shown = self._shown(history.confirmed, CONFIRMED_BY)
        from_day = np.where(IS_COMPLETE[history.confirmed], complete, self._both)
        self.confirmed = _told(np.where(IS_OBJECTIVE[history.confirmed], from_day, shown))

    @cached_property
    def _response(self) -> Array:
        return first_days(self._scans)[0]

    @cached_property
    def _lasting(self) -> Array:
        return np.minimum(self._first("lasting"), self._first("nn"))

    @property
    def response(self) -> Array:
        """The day of the first CR or PR."""
        return _told(self._response)

    @property
    def confirmed_response(self) -> Array:
        """The day from which the first confirmed CR or PR held."""
        return _told(self._both)

    @property
    def benefit(self) -> Array:
        """The day of the first CR or PR, or of the first that counts as lasting."""
        return _told(np.minimum(self._response, self._lasting))

    @property
    def confirmed_benefit(self) -> Array:
        """The same, CR and PR only when confirmed."""
        return _told(np.minimum(self._both, self._lasting))

    def _shown(self, verdict: Array, by: Mapping[Response, str]) -> Array:
        """The day of the first follow-up that counts as what each verdict is shown by."""
        counts = np.array([_counts_as(by.get(response)) for response in Response])
        row = verdict * np.int16(counts.shape[1])
        return self._first_where(counts.take(np.repeat(row, self._scans.counts) + self._what))

    def _first(self, name: str) -> Array:
        """The day of the first follow-up of each line that counts as this."""
        return self._first_where(np.array(_counts_as(name)).take(self._what))

    def _first_where(self, shows: Array) -> Array:
        """The day of the first of some follow-ups of each line, up to its first progression."""
        scans = self._scans
        return scans.day_of(scans.first(np.flatnonzero(shows), self._until))


def _counts_as(name: str | None) -> list[bool]:
    """Whether each response, early and then late, counts as this."""
    return [name in names for late in (False, True) for names in COUNTS_AS[late]]


def _told(day: Array) -> Array:
    return np.where(day < NEVER, day, NO_DAY)
