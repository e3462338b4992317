"""Non-targets that grew, in many lines at once (Reading RD-GREW): flagged, never judged."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .._base.arrays import Array, of, run_lengths, running, runs
from .._base.errors import Problem
from .._base.exact import at_least, rise
from .._base.words import Measure, Rise, State, Status
from .baseline import NONTARGET, Baselines
from .chart import Charts
from .follow_ups import FollowUps

__all__ = ["flag_growth"]


def flag_growth(charts: Charts, lines: Baselines, follow_ups: FollowUps) -> None:
    """Flag non-targets that are larger than before by enough, and not called progressed."""
    large = at_least(charts.um[follow_ups.nontarget_rows], charts.criteria.growth_um)
    if large.any():
        _Growth(charts, lines, follow_ups).flag()


class _Growth:
    """The known sizes of the non-targets of the lines, side by side.

    `keys` are those of rows of follow-ups and `first_keys` those of rows of baselines: the cells of
    a grid with a row for the baseline, one for the first follow-up, and so on. Those with the most
    follow-ups lie first in each row, so that no row is longer than it must be.
    """

    def __init__(self, charts: Charts, lines: Baselines, follow_ups: FollowUps) -> None:
        self._charts, self._follow_ups = charts, follow_ups
        self._lay_out(lines)
        self._find_rows(lines)

    def _lay_out(self, lines: Baselines) -> None:
        charts, follow_ups = self._charts, self._follow_ups
        listed = lines.role == NONTARGET
        listed[lines.late] = True
        lesions = np.flatnonzero(listed)
        lesions = lesions[lines.has_baseline[lines.owner[lesions]]]
        length = charts.follow_ups[lines.owner[lesions]]
        order = np.argsort(-length, kind="stable")
        lesions, length = lesions[order], length[order]
        steps = np.arange(int(length.max(initial=0)) + 1)
        self._widths = np.searchsorted(-length, -steps, side="right")
        self._offsets = np.cumsum(self._widths) - self._widths
        self._begin = follow_ups.begin[lines.owner[lesions]] - 1
        self._column = np.full(len(lines.role), -1, np.int32)
        self._column[lesions] = np.arange(len(lesions))

    def _find_rows(self, lines: Baselines) -> None:
        """Find the rows with a known size, and their cells."""
        follow_ups = self._follow_ups
        rows, at = follow_ups.nontarget_rows, follow_ups.nontarget_at
        keys = self._cells(follow_ups.place[follow_ups.nontarget], at)
        self._untested = keys[follow_ups.state == State.PROGRESSED.code]
        if follow_ups.proved is not None:
            # What was measured before the proof is something to compare with.
            late = follow_ups.proved[follow_ups.place] > follow_ups.row_follow_up
            some = np.flatnonzero(late & (lines.role[follow_ups.place] != NONTARGET))
            early = self._cells(follow_ups.place[some], follow_ups.row_follow_up[some])
            rows, keys = np.append(rows, follow_ups.rows[some]), np.append(keys, early)
            self._untested = np.append(self._untested, early)
        self.rows, self.keys = self._known(rows, keys)
        column = self._column[lines.place]
        first = np.flatnonzero(column >= 0)
        self.first_rows, self.first_keys = self._known(lines.rows[first], column[first])

    def _known(self, rows: Array, keys: Array) -> tuple[Array, Array]:
        known = of(self._charts.known, rows) & (keys >= 0)
        return (rows, keys) if known.all() else (rows[known], keys[known])

    def _cells(self, place: Array, at: Array) -> Array:
        """The cells of lesions of lines at follow-ups; -1: none."""
        follow_ups = self._follow_ups
        step = np.arange(1, follow_ups.count + 1) - follow_ups.begin[follow_ups.line]
        begins = np.append(self._offsets, 0)[np.minimum(step, len(self._offsets))]
        column = self._column[place]
        return np.where(column < 0, -1, begins[at] + column)

    def flag(self) -> None:
        """Flag what grew, like compared with like."""
        charts = self._charts
        columns = charts.traits.columns
        keeps = columns.measure != columns.measure_where_viable
        if not keeps.any():
            self._compare(slice(None), slice(None))
            return
        varies, first_varies = (
            np.broadcast_to(of(keeps[charts.trait], charts.place[rows]), rows.shape)
            for rows in (self.rows, self.first_rows)
        )
        self._compare(~varies, ~first_varies)
        for measure in Measure:
            self._compare(
                varies & self._is_like(self.rows, measure),
                first_varies & self._is_like(self.first_rows, measure),
            )

    def _is_like(self, rows: Array, measure: Measure) -> Array:
        """Whether sizes are in a measure; nothing is nothing in each."""
        charts = self._charts
        absent = of(charts.status, rows) == Status.ABSENT.code
        return (of(charts.measure, rows) == measure.code) | absent

    def _compare(self, some: Array, first: Array) -> None:
        """Flag sizes that are above the smallest before by enough, among some of the rows."""
        criteria, um = self._charts.criteria, self._charts.um
        sizes = np.full(int(self._widths.sum()), -1, np.int32)
        sizes[self.first_keys[first]] = um[self.first_rows[first]]
        sizes[self.keys[some]] = um[self.rows[some]]
        smallest = sizes[: self._widths[0]].copy()
        found = []
        for begin, now in self._steps(sizes):
            before = self._before(now, smallest).ravel()
            now = now.ravel()
            large = np.flatnonzero(at_least(now - before, criteria.growth_um))
            large = large[before[large] >= 0]
            rose = rise(
                now[large].astype(np.int64),
                before[large],
                criteria.growth_share,
                criteria.growth_um,
            )
            found.append(large[rose == Rise.YES.code] + begin)
        self._note(np.concatenate([np.zeros(0, np.int64), *found]))

    def _steps(self, sizes: Array) -> Iterator[tuple[int, Array]]:
        """The rows of the grid after the first, those of one width together, and their place."""
        widths = self._widths[1:]
        begins = runs(widths)
        for first, last in zip(begins, begins + run_lengths(begins, len(widths)), strict=True):
            width, begin = int(widths[first]), int(self._offsets[first + 1])
            rows = sizes[begin : begin + width * int(last - first)]
            yield begin, rows.reshape(-1, width)

    @staticmethod
    def _before(now: Array, smallest: Array) -> Array:
        """For each size the smallest before it; `smallest` goes on to that of all."""
        # As unsigned numbers, what is not known, -1, is larger than all sizes.
        before, each = smallest[: now.shape[1]].view(np.uint32), now.view(np.uint32)
        least = running(np.minimum, np.concatenate([before[None], each]))
        before[:] = least[-1]
        return least[:-1].view(np.int32)

    def _note(self, cells: Array) -> None:
        """Flag the follow-ups of cells, but for those that may not be tested."""
        cells = cells[~np.isin(cells, self._untested)]
        step = np.searchsorted(self._offsets, cells, side="right") - 1
        at = self._begin[cells - self._offsets[step]] + step
        self._follow_ups.problems[at] |= Problem.NONTARGET_GREW.value
