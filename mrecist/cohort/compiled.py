"""The hot steps of a block by compiled loops (`kernels.py`), where `engine="numba"` is asked for.

The classes are those of the array engine with their longest steps replaced, so that all around
them is the same code: what they fill in is equal, element by element.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache, partial
from itertools import product
from types import SimpleNamespace
from typing import Any

import numpy as np

from .._base.arrays import Array
from .._base.compiler import Compiler
from .._base.exact import at_least
from .._base.words import Group, Measure, Size, State, Status
from ..model import mistakes_in_finding
from ..rulebook import confirmation
from ..rulebook.criteria import MRECIST_5MM, Criteria
from ..rulebook.decision_table import members
from ..rulebook.nontargets import NONTARGET_LESION, STILL_THERE
from ..rulebook.overall import REPORTED
from ..rulebook.sizes import SIZE
from .baseline import Baselines
from .chart import Charts
from .follow_ups import RECURS_AS, FollowUps
from .kernels import (
    CALLED,
    KERNELS,
    RECORDS,
    Codes,
    FollowUpColumns,
    LineWindows,
    Numbers,
    Places,
    ResponseColumns,
    ResponseGrids,
    RowColumns,
    Seen,
    Share,
    SizeColumns,
    SizeGrids,
)
from .over_time import (
    BIT,
    COUNTS_AS,
    IS_DOUBTFUL,
    IS_GROWN,
    WATCH,
    Sequences,
    alike,
    best_rules,
    confirmed,
    not_compared,
)
from .panel import Steps
from .sights import IS_KNOWN, SAYS_SIZE
from .visits import SIZES

__all__ = [
    "COMPILER",
    "INTERPRETED",
    "CompiledFollowUps",
    "CompiledSequences",
    "compiled_steps",
]

Kernels = Mapping[str, Callable[..., Any]]

COMPILER = Compiler("cohort", KERNELS, CALLED, RECORDS)

INTERPRETED: Kernels = {function.__name__: function for function in KERNELS}
"""The same loops as Python runs them: for tests, and where nothing compiles."""

RECURS = np.array(RECURS_AS) & members(State, STILL_THERE)[:, None]


def _one_type(values: Any, kind: Any) -> Array:
    """A column as the kernels take it: of one type, writable, of one element where it is one."""
    return np.array(values, kind, ndmin=1, copy=None if _is_own(values) else True)


def _is_own(values: Any) -> bool:
    return isinstance(values, np.ndarray) and values.flags.carray


CODES = Codes(
    grid=np.array(NONTARGET_LESION.grid),
    states=np.array(NONTARGET_LESION.verdicts),
    recurs=RECURS,
    still_there=members(State, STILL_THERE),
)
"""The tables for one non-target as the kernels take them."""

CONFIRMABLE = ("confirmed_cr", "confirmed_pr")


@cache
def _impossible() -> Array:
    """Whether no finding can have a status (the last: none) with such sizes, by their kinds."""
    kinds = (None, 0, 1)  # lacking, zero, above: as `kind_of` counts them
    shape = (len(Status) + 1, *[len(kinds)] * len(SIZES))
    cells = [
        any(mistakes_in_finding(SimpleNamespace(
            status=status, into=None, **dict(zip(SIZES.values(), sizes, strict=True)))))
        for status in (*Status, None)
        for sizes in product(kinds, repeat=len(SIZES))
    ]  # fmt: skip
    return np.array(cells, np.bool_).reshape(shape)


class CompiledCharts(Charts):
    """`Charts` with sizes read by a compiled loop, where no chart holds what only arrays name."""

    def __init__(self, *table: Any, kernels: Kernels) -> None:
        self._kernels = kernels
        super().__init__(*table)

    def _read_sizes(self) -> None:
        """What every finding says about size."""
        if self.examinations is not None or self._column("into", None) is not None:
            super()._read_sizes()
            return
        found = self._sizes_to_fill()
        columns = self.traits.columns
        grids = SizeGrids(
            _impossible(), *SIZE_TABLES,
            measure=_one_type(columns.measure, np.uint8),
            measure_where_viable=_one_type(columns.measure_where_viable, np.uint8),
            smallest_left_um=_one_type(columns.smallest_left_um, np.int32),
            last_um=np.full((self.lesions, len(Measure)), -1, np.int32),
        )  # fmt: skip
        if not self._kernels["read_sizes"](found, grids, self.criteria.too_small_um):
            super()._read_sizes()
            return
        self._take_sizes(found)

    def _sizes_to_fill(self) -> SizeColumns:
        none, count = np.zeros(0, np.bool_), len(self.place)
        viable, longest, short = (
            _one_type(self._column(name, np.zeros(0)), np.int32) for name in SIZES.values()
        )
        blind = none if np.all(self.arterial) else np.empty(count, np.bool_)
        return SizeColumns(
            place=_one_type(self.place, np.int64),
            trait=_one_type(self.trait, np.int64),
            arterial=_one_type(self.arterial, np.bool_),
            given=_one_type(self._column("status", np.zeros(0)), np.uint8),
            viable=viable, longest=longest, short=short,
            measure=np.empty(count, np.uint8),
            recorded=np.empty(count, np.int32),
            status=np.empty(count, np.uint8),
            size=np.empty(count, np.uint8),
            um=np.empty(count, np.int32),
            known=np.empty(count, np.bool_),
            gone=np.empty(count, np.bool_),
            blind=blind,
            hidden=np.empty(len(blind), np.bool_),
            odd=np.empty(count, np.bool_) if len(viable) and len(longest) else none,
        )  # fmt: skip

    def _take_sizes(self, found: SizeColumns) -> None:
        for name in ("measure", "recorded", "status", "size", "um", "known", "gone"):
            setattr(self, name, getattr(found, name))
        self.lacking = bool((self.size == Size.UNKNOWN.code).any())
        self.blind, self.hidden = (
            each if len(each) else False for each in (found.blind, found.hidden)
        )
        self.odd = self.odd_visit = False
        if len(found.odd):
            self.odd = found.odd
            self.odd_visit = np.zeros(self.visits, np.bool_)
            self.odd_visit[self.row_visit[self.odd]] = True

    def lesion_of(self, patient: Array, code: Array) -> Array:
        """The lesion of a patient (from 0 within the block) by its code; -1 where not recorded."""
        seen = np.zeros(self.lesions, np.bool_)
        seen[self.place] = True
        at = np.empty(len(patient), np.int64)
        self._kernels["find_lesions"](
            *(_one_type(each, np.int64) for each in (patient, code, self.patient_lesion,
                                                     self.lesion_code)), seen, at,
        )  # fmt: skip
        return at


SIZE_TABLES = (np.array(SIZE.grid), np.array(SIZE.verdicts), IS_KNOWN, SAYS_SIZE)


class CompiledFollowUps(FollowUps):
    """`FollowUps` by a compiled loop; of the rows those of non-targets and candidates are kept."""

    def __init__(self, charts: Charts, lines: Baselines, kernels: Kernels) -> None:
        self._kernels = kernels
        super().__init__(charts, lines)

    def _read_rows(self, charts: Charts, lines: Baselines, begin: Array) -> None:
        count = self.count
        self.windows = _windows(charts, lines, self.begin)
        self.columns = FollowUpColumns(
            nontargets=_one_type(self.nontargets, np.int64),
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
            _rows(charts), _one_type(charts.visit_row, np.int64), self.windows,
            _places(charts, lines, self.proved), CODES, self.columns, *noted,
        )  # fmt: skip
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
        begin=_one_type(begin, np.int64),
        window=_one_type(charts.window, np.int64),
        follow_ups=_one_type(charts.follow_ups, np.int64),
        shift=_one_type(shift, np.int64),
        has_baseline=_one_type(lines.has_baseline, np.bool_),
        targets=_one_type(lines.targets, np.int64),
        baseline_um=_one_type(lines.baseline_um, np.int64),
        not_compared=_one_type(not_compared(lines, slice(None)), np.int64),
    )


def _rows(charts: Charts) -> RowColumns:
    return RowColumns(
        place=_one_type(charts.place, np.int64),
        um=_one_type(charts.um, np.int32),
        size=_one_type(charts.size, np.uint8),
        status=_one_type(charts.status, np.uint8),
        known=_one_type(charts.known, np.bool_),
        gone=_one_type(charts.gone, np.bool_),
    )


def _places(charts: Charts, lines: Baselines, proved: Array) -> Places:
    needs, none = charts.of_lesion("needs_cytology"), np.zeros(0, np.int64)
    until = none
    if np.any(needs):
        until = np.broadcast_to(np.where(needs, charts.proven_from, 0), charts.lesions)
    is_node = np.equal(charts.of_lesion("group"), Group.NODE.code)
    return Places(
        role=_one_type(lines.role, np.uint8),
        proved=none if proved is None else _one_type(proved, np.int64),
        unproven_until=_one_type(until, np.int64),
        is_node=_one_type(is_node, np.bool_),
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
            reported=_one_type(charts.reported if np.ndim(charts.reported) == 0
                               else follow_ups.reported, np.uint8),
            partial=follow_ups.partial,
            days=follow_ups.since_start,
            occurred=np.zeros(lines.count, np.uint8),
            objective=np.zeros(lines.count, np.int64),
            progression=self.progression,
            **{name: column for name, column in columns.items() if name != "problems"},
        )  # fmt: skip
        self._kernels["respond"](
            follow_ups.windows, follow_ups.columns, _grids(self.criteria),
            _numbers(self.criteria), found,
        )  # fmt: skip
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
                self.columns["response"][place], there, self.follow_ups.since_start[place],
                self.criteria,
            )  # fmt: skip
            for name in CONFIRMABLE:
                found[name][lines] = shown[name]
        return found


@cache
def _grids(criteria: Criteria) -> ResponseGrids:
    """The tables of a time point as the kernels take them."""
    rules = criteria.rules
    tables = (rules.target, rules.nontarget, rules.overall, REPORTED)
    return ResponseGrids(
        *(np.array(each, np.uint8) for table in tables for each in (table.grid, table.verdicts)),
        np.array(WATCH, np.uint8),
        np.array(IS_GROWN),
        np.array(IS_DOUBTFUL),
        np.array(COUNTS_AS),
    )


@cache
def _numbers(criteria: Criteria) -> Numbers:
    """The numbers of the criteria as the kernels take them."""
    floor = MRECIST_5MM.progression_floor_um
    has_floor = at_least(criteria.progression_floor_um, floor)
    return Numbers(
        response_share=_share(criteria.response_share),
        progression_share=_share(criteria.progression_share),
        progression_floor_um=criteria.progression_floor_um,
        floor_um=0 if has_floor else floor,
        stable_days=criteria.stable_days,
    )


def _share(share: Fraction) -> Share:
    return Share(share.numerator, share.denominator)


def compiled_steps() -> Steps:
    """The steps of `panel.py`, with those that compiled loops take over."""
    kernels = COMPILER.compiled()
    return Steps(
        partial(CompiledCharts, kernels=kernels),
        partial(CompiledFollowUps, kernels=kernels),
        partial(CompiledSequences, kernels=kernels),
        COMPILER.keep,
    )
