"""The follow-ups of many lines by what they are and by day, and what follows each line.

Days are whole and count from anywhere; a day that never comes is `NEVER`, so that the minimum of
several days is the first of them.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from .._base.arrays import BLANK, NO_DAY, Array, run_lengths, runs
from .._base.words import Response
from ..rulebook.best_response import ADEQUATE
from ..rulebook.confirmation import NEVER
from ..rulebook.decision_table import members
from .history import History

__all__ = ["Scans", "given_days"]

IS_ADEQUATE = members(Response, ADEQUATE)
SAYS_ADEQUATE = np.append(IS_ADEQUATE, np.zeros(BLANK + 1 - len(Response), np.bool_))
"""Whether a reported verdict makes an assessment adequate (K3); `BLANK` does not."""
PD = Response.PD.code


class Scans:
    """The follow-ups by line, found by what they are and by their day; what follows each line.

    The follow-ups of a line are those from `begin` up to `end`, those of it and all later lines
    of the patient up to `close`. Days that never come are `NEVER`.
    """

    def __init__(self, history: History) -> None:
        self.history = history
        lines = np.arange(history.count)
        self.counts = np.bincount(history.line, minlength=history.count)
        self.end = np.cumsum(self.counts)
        self.begin = np.append(0, self.end)[:-1]
        of_patient = history.patient
        self._last_line: Array = np.searchsorted(of_patient, of_patient, side="right") - 1
        self.has_next = lines < self._last_line
        self.close = self.end[self._last_line]
        self.stop, self.death = (given_days(each) for each in (history.stop, history.death))
        following = np.append(history.start[1:], NEVER)
        self.new = np.where(self.has_next, following, NEVER)
        self.progressions = np.flatnonzero(history.response == PD)
        self.pd = self.first(self.progressions, self.end)
        self.pd_day = self.day_of(self.pd)

    @cached_property
    def adequate(self) -> Array:
        """The follow-ups with an adequate assessment, by place."""
        history = self.history
        said = SAYS_ADEQUATE[history.reported]
        return np.flatnonzero(IS_ADEQUATE[history.response] | said)

    @cached_property
    def compared(self) -> Array:
        """Whether a line has a baseline, or a reported verdict that stands for one."""
        history = self.history
        compared = history.baseline != NO_DAY
        compared[history.line[SAYS_ADEQUATE[history.reported]]] = True
        return compared

    def first(self, places: Array, close: Array) -> Array:
        """The first of some follow-ups, given by place, of each line up to `close`; -1: none."""
        of_line = np.bincount(self.history.line[places], minlength=self.history.count)
        before = np.append(0, np.cumsum(of_line))[:-1]  # the places of all earlier lines
        found = np.append(places, len(self.history.line) + 1)[before]
        return np.where(found < close, found, -1)

    def until(self, places: Array, day: Array, *, passes: bool) -> Array:
        """The latest of some follow-ups of each line up to a day, that day included; -1: none.

        With `passes` of the line and all later ones of the patient (Reading RD-LATER-LINES). Of
        two on one day that of the earlier line.
        """
        history = self.history
        lines = np.arange(history.count)
        last = self._last_line if passes else lines
        keys = _by_line_and_day(history.line[places], history.day[places])
        found = np.full(history.count, -1)
        # A later line whose baseline is named early has follow-ups of days that an earlier line
        # has too, so days ascend only within one line: each is asked by itself.
        ahead = 0
        while len(lines := lines[lines + ahead <= last[lines]]):
            asked = lines + ahead
            at = np.searchsorted(keys, _by_line_and_day(asked, day[lines]), side="right") - 1
            place = np.append(places, -1)[at]
            place = np.where(place >= self.begin[asked], place, -1)
            later = self._day_or_before(place) > self._day_or_before(found[lines])
            found[lines[later]] = place[later]
            ahead += 1
        return found

    def _day_or_before(self, place: Array) -> Array:
        """The day of a follow-up; where there is none, a day before all others."""
        return np.append(self.history.day, -NEVER)[place]

    def day_of(self, place: Array) -> Array:
        """The day of a follow-up; `NEVER` where there is none."""
        return np.append(self.history.day, NEVER)[place]

    @cached_property
    def known(self) -> Array:
        """The last day of which anything is known; that of death for who died (RD-LAST-KNOWN)."""
        history = self.history
        known = np.maximum(history.start, history.last_contact)
        # A baseline that is named may lie after the start.
        known = np.maximum(np.maximum(known, history.stop), history.baseline)
        known = np.maximum(known, np.where(self.end > self.begin, self.day_of(self.end - 1), known))
        firsts = runs(history.patient)
        known = np.maximum.reduceat(known, firsts) if len(firsts) else known
        counts = run_lengths(firsts, history.count)
        return np.minimum(np.repeat(known, counts), self.death)


def given_days(day: Array) -> Array:
    """Days, `NEVER` where none is given."""
    return np.where(day == NO_DAY, NEVER, day)


def _by_line_and_day(line: Array, day: Array) -> Array:
    """One number that orders by line, then by day."""
    return line.astype(np.int64) * (NEVER << 2) + (day + NEVER)
