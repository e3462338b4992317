"""Many follow-ups at once: what each says of the targets and the non-targets.

Follow-ups lie by line and date; the responses, which look back in time, are for `over_time.py`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .._base.arrays import Array, all_at, of, ranges, runs, spread
from .._base.errors import Problem
from .._base.words import Group, NewLesion, State, YesNo
from ..rulebook.decision_table import firing, verdicts
from ..rulebook.nontargets import RECURS, STILL_THERE
from .baseline import CANDIDATE, NONTARGET, TARGET, Baselines
from .chart import Charts
from .each_alone import enhanced_again, grown_alone

__all__ = ["FollowUps"]

BY_RANK = tuple(State)
"""The states of a non-target: the last of those that a follow-up has is the one that counts."""

RECURS_AS = [
    [RECURS.decide(state, node, True).verdict is YesNo.YES for node in (False, True)]
    for state in State
]
"""Whether a non-target in a state is a recurrence once proved, and whether a node is."""


class FollowUps:
    """The follow-ups of the lines, and the rows of each: those of line `k` lie together.

    `nontarget` and `candidate` are the rows of either, as places among the rows; an effusion that
    is proved late is a candidate up to that follow-up and a non-target from it on. `proved` is the
    follow-up of that proof for each lesion of a line, `count` without; `None` where there is none.
    `detected` and `partial` are told by `new_lesions.py` and `partial.py`; `news` are the rows of
    candidates that have been detected, `None` where there are none.

    Of each of `nontarget` there are `nontarget_rows`, `nontarget_at` and `state`.
    """

    def __init__(self, charts: Charts, lines: Baselines) -> None:
        self.begin = np.cumsum(charts.follow_ups) - charts.follow_ups
        self.count = int(charts.follow_ups.sum())
        self.line = np.repeat(np.arange(lines.count), charts.follow_ups)
        self.visit = ranges(charts.window, charts.follow_ups)
        begin = charts.visit_row[self.visit]
        self.widths = charts.visit_row[self.visit + 1] - begin
        day = charts.visit_day[self.visit]
        self.day = day
        self.since_start = (day - charts.lines.start[self.line]).astype(np.int32)
        self.reported = np.broadcast_to(np.uint8(of(charts.reported, self.visit)), day.shape)
        self.detected = np.zeros(self.count, np.bool_)
        self.partial = np.zeros(self.count, np.bool_)
        self.news: Any = None
        self.nontargets = lines.nontargets[self.line]
        self.proved: Array = None
        if len(lines.late):
            self._prove_late(lines)
        self.new_lesion = np.full(self.count, NewLesion.NO.code, np.uint8)
        self.problems = np.zeros(self.count, np.uint32)
        self._read_rows(charts, lines, begin)

    def _read_rows(self, charts: Charts, lines: Baselines, begin: Array) -> None:
        """Read the rows of each follow-up, of which the first is at `begin`."""
        self.rows = ranges(begin, self.widths)
        self.row_follow_up = np.repeat(np.arange(self.count), self.widths)
        self.place = lines.at(self.line, charts.place[self.rows], self.row_follow_up)
        self.role = lines.role[self.place]
        self.nontarget = np.flatnonzero(self.role == NONTARGET)
        self.candidate = np.flatnonzero(self.role == CANDIDATE)
        if self.proved is not None:
            since = self.proved[self.place[self.candidate]]
            at = self.row_follow_up[self.candidate]
            self.nontarget = np.sort(np.append(self.nontarget, self.candidate[at >= since]))
            self.candidate = self.candidate[at <= since]
        self._see_each(charts, lines)
        self._see_targets(charts, lines)
        self._see_nontargets(charts, lines)

    def _prove_late(self, lines: Baselines) -> None:
        """Make effusions non-targets from their proof on."""
        proof = self.begin[lines.owner[lines.late]] + lines.late_at
        self.proved = np.full(len(lines.role), self.count)
        self.proved[lines.late] = proof
        line = lines.owner[lines.late]
        end = self.begin[line] + np.bincount(self.line, minlength=lines.count)[line]
        more = np.bincount(ranges(proof, end - proof), minlength=self.count)
        self.nontargets = self.nontargets + more

    def _see_each(self, charts: Charts, lines: Baselines) -> None:
        """Look at each lesion by itself, where the criteria do: what grew, what enhances again."""
        criteria, target = charts.criteria, self.role == TARGET
        self.grown = np.zeros(self.count, np.bool_)
        self.back = np.zeros(self.count, np.bool_)
        self.row_grown: Array = None
        self.row_back: Array = None
        if criteria.progression_by_lesion:
            self.row_grown = grown_alone(charts, lines, self)
            self.grown[self.row_follow_up[self.row_grown & target]] = True
        if criteria.new_enhancement:
            self.row_back = enhanced_again(charts, lines, self)
            self.back[self.row_follow_up[self.row_back & target]] = True

    def _see_targets(self, charts: Charts, lines: Baselines) -> None:
        """The total of the targets that are evaluable, how many are, whether some are left."""
        target = self.role == TARGET
        if not lines.has_baseline.all():
            target &= lines.has_baseline[self.line][self.row_follow_up]
        some = all_at(target)
        rows, at = self.rows[some], self.row_follow_up[some]
        starts = runs(at)
        self.total = np.full(self.count, -1)
        self.seen = np.zeros(self.count, np.int64)
        self.left = np.zeros(self.count, np.bool_)
        self.ours = np.zeros(self.count, np.bool_)
        if len(starts):
            total, seen, left = charts.summed(rows, starts)
            at_start = at[starts]
            self.seen[at_start] = seen
            self.total[at_start] = np.where(seen > 0, total, -1)
            self.left[at_start] = left > 0
            self.ours[at_start] = True
        if charts.lacking:
            self.problems[at[charts.lacks_size(rows)]] |= Problem.NO_SIZE.value
        if charts.criteria.area is not None:
            self.problems[at[charts.lacks_perpendicular(rows)]] |= Problem.NO_PERP.value
        self.complete = self.seen == lines.targets[self.line]

    def _see_nontargets(self, charts: Charts, lines: Baselines) -> None:
        """The state of the non-targets that is worst, and whether some are still there.

        `recurs` tells where one is a recurrence after a complete response. One that was proved late
        is one only after a complete response at its proof or later: `recurs_since` is the follow-up
        of the first such proof, `count` where there is none.
        """
        some = self.nontarget
        self.nontarget_rows = rows = self.rows[some]
        self.nontarget_at = at = self.row_follow_up[some]
        unproven = charts.unproven(rows)
        table = charts.criteria.rules.nontarget_lesion
        rule = firing(
            table,
            of(charts.size, rows),
            of(charts.status, rows),
            charts.gone[rows],
            unproven,
            *(() if self.row_back is None else (self.row_back[some],)),
        )
        self.state = state = verdicts(table, rule)
        self.worst = np.full(self.count, State.NONE.code, np.uint8)
        self.left_beside = np.zeros(self.count, np.bool_)
        self.recurs = np.zeros(self.count, np.bool_)
        self.recurs_since: Array = None
        for each in BY_RANK:
            here = np.flatnonzero(state == each.code)
            self.worst[at[here]] = each.code
            if each in STILL_THERE:
                self.left_beside[at[here]] = True
                self._recur(charts, here, each)
        recorded = np.bincount(at, minlength=self.count)
        self.ours |= recorded > 0
        silent = recorded < self.nontargets
        unseen = np.uint8(State.NOT_EVALUABLE.code)
        self.worst[silent] = np.maximum(self.worst[silent], unseen)
        self.worst[~lines.has_baseline[self.line]] = State.NO_BASELINE.code

    def _recur(self, charts: Charts, here: Array, state: State) -> None:
        """Note which non-targets in a state are a recurrence after a complete response."""
        plain, node = RECURS_AS[state.code]
        again = here if plain else here[:0]
        if plain != node:
            group = spread(charts.traits.columns.group, charts.trait_of(self.nontarget_rows[here]))
            is_node = np.broadcast_to(group == Group.NODE.code, here.shape)
            again = here[np.where(is_node, node, plain)]
        at = self.nontarget_at[again]
        if self.proved is not None:
            since = self.proved[self.place[self.nontarget[again]]]
            late = since < self.count
            if self.recurs_since is None:
                self.recurs_since = np.full(self.count, self.count)
            np.minimum.at(self.recurs_since, at[late], since[late])
            at = at[~late]
        self.recurs[at] = True
