"""The day of the follow-up that shows the best response of a line."""

from __future__ import annotations

from collections.abc import Mapping

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
        first, _ = first_days(scans)
        both, complete = confirmed_days(scans)
        days = history.day - history.start[history.line]
        self._late = at_least(days, history.criteria.stable_days).astype(np.int8)
        self.best = _told(self._shown(history.best, SHOWN_BY))
        shown = self._shown(history.confirmed, CONFIRMED_BY)
        from_day = np.where(IS_COMPLETE[history.confirmed], complete, both)
        self.confirmed = _told(np.where(IS_OBJECTIVE[history.confirmed], from_day, shown))
        lasting = np.minimum(self._first("lasting"), self._first("nn"))
        self.response, self.confirmed_response = _told(first), _told(both)
        self.benefit = _told(np.minimum(first, lasting))
        self.confirmed_benefit = _told(np.minimum(both, lasting))

    def _shown(self, verdict: Array, by: Mapping[Response, str]) -> Array:
        """The day of the first follow-up that counts as what each verdict is shown by."""
        shown = np.full(len(verdict), NEVER)
        for response, name in by.items():
            some = verdict == response.code
            if some.any():
                shown[some] = self._first(name)[some]
        return shown

    def _first(self, name: str) -> Array:
        """The day of the first follow-up of each line that counts as this."""
        scans = self._scans
        counts = np.array([[name in names for names in COUNTS_AS[late]] for late in (False, True)])
        until = np.where(scans.pd >= 0, scans.pd + 1, scans.end)
        places = np.flatnonzero(counts[self._late, scans.history.response])
        return scans.day_of(scans.first(places, until))


def _told(day: Array) -> Array:
    return np.where(day < NEVER, day, NO_DAY)
