"""Follow-ups and responses of a block by compiled loops (`follow_up_loops.py`).

The classes are those of the array engine with their longest steps replaced, so that all around
them is the same code: what they fill in is equal, element by element.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cache

import numpy as np

from .._base.arrays import Array, of
from .._base.exact import at_least
from .._base.words import Group, Measure, State, Status
from ..endpoints.confirming import alike
from ..rulebook import confirmation
from ..rulebook.criteria import MRECIST_5MM, Criteria
from ..rulebook.decision_table import members
from ..rulebook.nontargets import NONTARGET_LESION, STILL_THERE
from ..rulebook.overall import REPORTED
from .baseline import NONTARGET, Baselines
from .chart import Charts
from .compiled_charts import Kernels, one_type
from .follow_up_loops import (
    Codes,
    FollowUpColumns,
    Growth,
    LineWindows,
    Numbers,
    Places,
    ResponseColumns,
    ResponseGrids,
    RowColumns,
    Seen,
    Share,
)
from .follow_ups import RECURS_AS, FollowUps
from .over_time import (
    BIT,
    COUNTS_AS,
    IS_DOUBTFUL,
    IS_GROWN,
    WATCH,
    Sequences,
    best_rules,
    confirmed,
    not_compared,
)

__all__ = ["CODES", "CompiledFollowUps", "CompiledSequences", "share_of"]

RECURS = np.array(RECURS_AS) & members(State, STILL_THERE)[:, None]


CODES = Codes(
    grid=np.array(NONTARGET_LESION.grid),
    states=np.array(NONTARGET_LESION.verdicts),
    recurs=RECURS,
    still_there=members(State, STILL_THERE),
)
"""The tables for one non-target as the kernels take them."""

CONFIRMABLE = ("confirmed_cr", "confirmed_pr")


class CompiledFollowUps(FollowUps):
    """`FollowUps` by a compiled loop; of the rows those of non-targets and candidates are kept."""

    def __init__(self, charts: Charts, lines: Baselines, kernels: Kernels) -> None:
        self._kernels = kernels
        super().__init__(charts, lines)

    def _read_rows(self, charts: Charts, lines: Baselines, begin: Array) -> None:
        count = self.count
        self.windows = _windows(charts, lines, self.begin)
        self.columns = FollowUpColumns(
            nontargets=one_type(self.nontargets, np.int64),
            total=np.full(count, -1),
            seen=np.zeros(count, np.int64),
            left=np.zeros(count, np.bool_),
            ours=np.zeros(count, np.bool_),
            complete=np.zeros(count, np.bool_),
            worst=np.zeros(count, np.uint8),
            left_beside=np.zeros(count, np.bool_),
            recurs=np.zeros(count, np.bool_),
            recurs_since=np.full(0 if self.proved is None else count, count),
            problems=self.problems,
        )
        columns = self.columns
        self.total, self.seen, self.left, self.ours = columns[1:5]
        self.complete, self.worst, self.left_beside, self.recurs = columns[5:9]
        self.recurs_since: Array = None if self.proved is None else columns.recurs_since
        self._note(*self._look(charts, lines))

    def _look(self, charts: Charts, lines: Baselines) -> list[Seen]:
        """The rows of non-targets and those of candidates."""
        most = int(self.widths.sum())
        noted = [
            Seen(*(np.empty(most, kind) for kind in (np.int64, np.int64, np.int64, np.uint8)))
            for _ in range(2)
        ]
        counts = self._kernels["see_follow_ups"](
            _rows(charts),
            one_type(charts.visit_row, np.int64),
            self.windows,
            _places(charts, lines, self.proved),
            CODES,
            _growth(charts, lines),
            self.columns,
            *noted,
        )
        return [
            Seen(*(column[:count] for column in each))
            for each, count in zip(noted, counts, strict=True)
        ]

    def _note(self, nontargets: Seen, candidates: Seen) -> None:
        """Keep the rows that others look at: first the non-targets, then the candidates."""
        self.nontarget_rows, self.nontarget_at, _, self.state = nontargets
        self.rows, self.row_follow_up, self.place = (
            np.concatenate([one, other])
            for one, other in zip(nontargets[:3], candidates[:3], strict=True)
        )
        self.nontarget = np.arange(len(nontargets.row))
        self.candidate = np.arange(len(nontargets.row), len(self.rows))


def _windows(charts: Charts, lines: Baselines, begin: Array) -> LineWindows:
    shift = charts.line_role - charts.patient_lesion[charts.line_patient]
    return LineWindows(
        begin=one_type(begin, np.int64),
        window=one_type(charts.window, np.int64),
        follow_ups=one_type(charts.follow_ups, np.int64),
        shift=one_type(shift, np.int64),
        has_baseline=one_type(lines.has_baseline, np.bool_),
        targets=one_type(lines.targets, np.int64),
        baseline_um=one_type(lines.baseline_um, np.int64),
        not_compared=one_type(not_compared(lines, slice(None)), np.int64),
    )


def _rows(charts: Charts) -> RowColumns:
    return RowColumns(
        place=one_type(charts.place, np.int64),
        um=one_type(charts.um, np.int32),
        size=one_type(charts.size, np.uint8),
        status=one_type(charts.status, np.uint8),
        known=one_type(charts.known, np.bool_),
        gone=one_type(charts.gone, np.bool_),
    )


def _places(charts: Charts, lines: Baselines, proved: Array) -> Places:
    needs, none = charts.of_lesion("needs_cytology"), np.zeros(0, np.int64)
    until = none
    if np.any(needs):
        until = np.broadcast_to(np.where(needs, charts.proven_from, 0), charts.lesions)
    is_node = np.equal(charts.of_lesion("group"), Group.NODE.code)
    return Places(
        role=one_type(lines.role, np.uint8),
        proved=none if proved is None else one_type(proved, np.int64),
        unproven_until=one_type(until, np.int64),
        is_node=one_type(is_node, np.bool_),
    )


def _growth(charts: Charts, lines: Baselines) -> Growth:
    """What non-targets are compared with at first: their sizes at baseline."""
    columns, criteria = charts.traits.columns, charts.criteria
    varies = columns.measure != columns.measure_where_viable
    keeps = one_type(varies[charts.trait] if varies.any() else False, np.bool_)
    smallest = np.full((len(lines.role), len(Measure)), -1, np.int32)
    listed = lines.role == NONTARGET
    listed[lines.late] = True
    some = np.flatnonzero(listed[lines.place] & of(charts.known, lines.rows))
    rows, place = lines.rows[some], lines.place[some]
    kept = keeps[charts.place[rows]] if len(keeps) > 1 else keeps
    absent = of(charts.status, rows) == Status.ABSENT.code
    for measure in Measure:
        like = (of(charts.measure, rows) == measure.code) | absent
        like = np.broadcast_to(np.where(kept, like, measure.code == 0), rows.shape)
        smallest[place[like], measure.code] = charts.um[rows[like]]
    return Growth(
        smallest=smallest,
        measure=one_type(charts.measure, np.uint8),
        keeps=keeps,
        share=share_of(criteria.growth_share),
        least_um=criteria.growth_um,
    )


class CompiledSequences(Sequences):
    """`Sequences` by a compiled loop; what was confirmed is asked of the lines that can have it."""

    def __init__(
        self, charts: Charts, lines: Baselines, follow_ups: CompiledFollowUps, kernels: Kernels
    ) -> None:
        self._seen, self._kernels = follow_ups, kernels
        super().__init__(charts, lines, follow_ups)

    def _conclude_all(self, charts: Charts, lines: Baselines) -> None:
        """Respond to all follow-ups, then tell the best responses."""
        follow_ups, columns = self._seen, self.columns
        columns["new_lesion"] = follow_ups.new_lesion.copy()
        found = ResponseColumns(
            reported=one_type(
                charts.reported if np.ndim(charts.reported) == 0 else follow_ups.reported, np.uint8
            ),
            partial=follow_ups.partial,
            days=follow_ups.since_start,
            occurred=np.zeros(lines.count, np.uint8),
            objective=np.zeros(lines.count, np.int64),
            progression=self.progression,
            **{name: column for name, column in columns.items() if name != "problems"},
        )
        self._kernels["respond"](
            follow_ups.windows,
            follow_ups.columns,
            _grids(self.criteria),
            _numbers(self.criteria),
            found,
        )
        came = {name: found.occurred & bit > 0 for name, bit in BIT.items()}
        came |= self._confirmed(charts, came, found.objective)
        self.best_rule, self.confirmed_rule = best_rules(came)

    def _confirmed(
        self, charts: Charts, came: Mapping[str, Array], objective: Array
    ) -> dict[str, Array]:
        """Which lines have a CR and a PR that was confirmed."""
        found = {name: np.zeros(len(objective), np.bool_) for name in CONFIRMABLE}
        enough = objective >= confirmation.responses_to_confirm(self.criteria)
        some = np.flatnonzero(enough & (came["cr"] | came["pr"]))
        for group in alike(charts.follow_ups[some]):
            lines = some[group]
            counts, begin = charts.follow_ups[lines], self.follow_ups.begin[lines]
            step = np.arange(int(counts.max()))[:, None]
            place = begin + np.minimum(step, counts - 1)
            there = (step < counts) & ~self.follow_ups.partial[place]
            shown = confirmed(
                {name: came[name][lines] for name in ("cr", "pr")},
                self.columns["response"][place],
                there,
                self.follow_ups.since_start[place],
                self.criteria,
            )
            for name in CONFIRMABLE:
                found[name][lines] = shown[name]
        return found


@cache
def _grids(criteria: Criteria) -> ResponseGrids:
    """The tables of a time point as the kernels take them."""
    rules = criteria.rules
    tables = (rules.target, rules.nontarget, rules.overall, REPORTED)
    grids = [array for table in tables for array in (table.grid, table.verdicts)]
    words = [WATCH, IS_GROWN, IS_DOUBTFUL, COUNTS_AS]
    return ResponseGrids._make(map(np.array, grids + words))


@cache
def _numbers(criteria: Criteria) -> Numbers:
    """The numbers of the criteria as the kernels take them."""
    floor = MRECIST_5MM.progression_floor_um
    has_floor = at_least(criteria.progression_floor_um, floor)
    return Numbers(
        response_share=share_of(criteria.response_share),
        progression_share=share_of(criteria.progression_share),
        progression_floor_um=criteria.progression_floor_um,
        floor_um=0 if has_floor else floor,
        stable_days=criteria.stable_days,
    )


def share_of(share: Fraction) -> Share:
    """A share as the kernels take it."""
    return Share(share.numerator, share.denominator)
