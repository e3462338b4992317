"""Candidates under the rule for new liver nodules: their pattern, size and growth, row by row."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._base.arrays import Array, of
from .._base.exact import at_least
from .._base.words import Measure, Pattern, Status
from ..rulebook.decision_table import members
from ..rulebook.new_lesions import SEEN_IN_ARTERIAL
from .chart import Charts

__all__ = ["NEEDS_ARTERIAL", "Nodules"]

NEEDS_ARTERIAL = members(Pattern, SEEN_IN_ARTERIAL)
BOTH = (Measure.LONGEST, Measure.VIABLE)


class Nodules:
    """Rows of new liver nodules in order of time; -1 stands for a size that is not recorded.

    `place` tells whose each row is, `prior` the row that was recorded before, `detected` whether
    the row detects it. `cavity`: only the viable diameter counts (Reading RD-CAVITY).
    """

    def __init__(
        self, charts: Charts, rows: Array, place: Array, prior: Array, detected: Array
    ) -> None:
        self.charts = charts
        lie = np.argsort(place, kind="stable")
        self._back = np.empty(len(lie), np.int64)
        self._back[lie] = np.arange(len(lie))
        self.rows, self.place, self.detected = rows[lie], place[lie], detected[lie]
        treated = of(charts.of_lesion("treated"), charts.place[self.rows])
        self._cavity = treated | self._had_no_enhancement(prior[lie])
        small = of(charts.status, self.rows) == Status.TOO_SMALL.code
        self._um = {}
        for measure in BOTH:
            um = self._recorded(measure, self.rows)
            um = np.where(small, charts.criteria.too_small_um, um)
            self._um[measure] = um
        whole = self._um[Measure.LONGEST]
        self._um[Measure.LONGEST] = np.where(self._cavity, -1, whole)

    @property
    def cavity(self) -> Array:
        """Whether only the viable diameter counts."""
        return self._cavity[self._back]

    def is_proving(self) -> Array:
        """Whether the latest pattern so far proves the nodule (Reading RD-PATTERN-HOLDS)."""
        pattern = self.charts.said("pattern", self.rows)
        if pattern is None:
            return np.zeros(len(self.rows), np.bool_)
        arterial = of(self.charts.arterial, self.rows)
        said = (pattern != Pattern.UNKNOWN.code) & (~NEEDS_ARTERIAL[pattern] | arterial)
        last = self._latest(said)
        is_proving = members(Pattern, self.charts.criteria.rules.proving)
        return ((last >= 0) & is_proving[pattern[last]])[self._back]

    def is_large(self) -> Array:
        """Whether it is large enough: by the whole diameter, else by the viable one."""
        whole, viable = (self._um[measure] for measure in BOTH)
        size = np.where(whole < 0, viable, whole)
        return at_least(size, self.charts.criteria.new_nodule_um)[self._back]

    def has_grown(self) -> Array:
        """Whether it grew since the first detection, like compared with like (RD-GROWTH)."""
        grown = np.zeros(len(self.rows), np.bool_)
        for measure in reversed(BOTH):
            um = self._um[measure]
            first = self._first(self.detected & (um >= 0))
            compared = (um >= 0) & (first >= 0)
            enough = at_least(um - um[first], self.charts.criteria.new_nodule_growth_um)
            grown = np.where(compared, enough, grown)
        return grown[self._back]

    def _had_no_enhancement(self, prior: Array) -> Array:
        """Whether the prior record shows the lesion, and nothing viable of it."""
        seen = of(self.charts.status, prior) != Status.ABSENT.code
        return (prior >= 0) & seen & (self._recorded(Measure.VIABLE, prior) == 0)

    def _recorded(self, measure: Any, rows: Array) -> Array:
        """The sizes recorded in a measure; viable ones only where an arterial phase shows them."""
        um = self.charts.size_said(measure, rows)
        if measure is Measure.VIABLE:
            um = np.where(of(self.charts.arterial, rows), um, -1)
        return um

    def _latest(self, where: Array) -> Array:
        """The latest row of the same nodule up to each, of the rows `where`; -1: none."""
        at = np.maximum.accumulate(np.where(where, np.arange(len(where)), -1))
        return np.where((at >= 0) & (self.place[at] == self.place), at, -1)

    def _first(self, where: Array) -> Array:
        """The first row of the same nodule before each, of the rows `where`; -1: none."""
        begins = np.searchsorted(self.place, self.place)
        some = np.append(np.flatnonzero(where), len(where))
        first = some[np.searchsorted(some, begins)]
        return np.where(first < np.arange(len(where)), first, -1)
