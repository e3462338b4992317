"""Many follow-ups at once: what each says of the targets and the non-targets.

Follow-ups lie by line and date; the responses, which look back in time, are for `over_time.py`.
"""

from __future__ import annotations

import numpy as np

from .._base.arrays import BLANK, Array, all_at, of, ranges, runs, spread
from .._base.errors import Problem
from .._base.exact import at_least, rise
from .._base.words import Group, Measure, NewLesion, Rise, State, Status, YesNo
from ..rulebook.decision_table import firing, members, verdicts
from ..rulebook.nontargets import NONTARGET_LESION, RECURS, STILL_THERE
from .baseline import CANDIDATE, NONTARGET, TARGET, Baselines
from .chart import Charts

__all__ = ["FollowUps"]

BY_RANK = tuple(State)
"""The states of a non-target: the last of those that a follow-up has is the one that counts."""

IS_STILL_THERE = members(State, STILL_THERE)


class FollowUps:
    """The follow-ups of the lines, and the rows of each: those of line `k` lie together.

    `nontarget` and `candidate` are the rows of either, as places among the rows; an effusion that
    is proved late is a candidate up to that follow-up and a non-target from it on. `proved` is the
    follow-up of that proof for each lesion of a line, `count` without; `None` where there is none.
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
        self.is_reported = self.reported != BLANK
        self.partial = np.zeros(self.count, np.bool_)
        self.rows = ranges(begin, self.widths)
        self.row_follow_up = np.repeat(np.arange(self.count), self.widths)
        self.place = lines.at(self.line, charts.place[self.rows], self.row_follow_up)
        self.role = lines.role[self.place]
        self.nontarget = np.flatnonzero(self.role == NONTARGET)
        self.candidate = np.flatnonzero(self.role == CANDIDATE)
        self.nontargets = lines.nontargets[self.line]
        self.proved: Array = None
        if len(lines.late):
            self._prove_late(lines)
        self.new_lesion = np.full(self.count, NewLesion.NO.code, np.uint8)
        self.problems = np.zeros(self.count, np.uint32)
        self._see_targets(charts, lines)
        self._see_nontargets(charts, lines)

    def _prove_late(self, lines: Baselines) -> None:
        """Make effusions non-targets from their proof on."""
        proof = self.begin[lines.owner[lines.late]] + lines.late_at
        self.proved = np.full(len(lines.role), self.count)
        self.proved[lines.late] = proof
        since = self.proved[self.place[self.candidate]]
        at = self.row_follow_up[self.candidate]
        self.nontarget = np.sort(np.append(self.nontarget, self.candidate[at >= since]))
        self.candidate = self.candidate[at <= since]
        line = lines.owner[lines.late]
        end = self.begin[line] + np.bincount(self.line, minlength=lines.count)[line]
        more = np.bincount(ranges(proof, end - proof), minlength=self.count)
        self.nontargets = self.nontargets + more

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
        self.complete = self.seen == lines.targets[self.line]

    def _see_nontargets(self, charts: Charts, lines: Baselines) -> None:
        """The state of the non-targets that is worst, and whether some are still there.

        `recurs` tells where one is a recurrence after a complete response. One that was proved late
        is one only after a complete response at its proof or later: `recurs_since` is the follow-up
        of the first such proof, `count` where there is none.
        """
        some = self.nontarget
        rows, at = self.rows[some], self.row_follow_up[some]
        unproven = charts.unproven(charts.place[rows], charts.row_visit[rows])
        rule = firing(
            NONTARGET_LESION, of(charts.size, rows), of(charts.status, rows), charts.gone[rows],
            unproven,
        )  # fmt: skip
        state = verdicts(NONTARGET_LESION, rule)
        self.worst = np.full(self.count, State.NONE.code, np.uint8)
        for each in BY_RANK:
            self.worst[at[np.flatnonzero(state == each.code)]] = each.code
        self.left_beside = np.zeros(self.count, np.bool_)
        self.recurs = np.zeros(self.count, np.bool_)
        self.recurs_since: Array = None
        there = np.flatnonzero(IS_STILL_THERE[state])
        self.left_beside[at[there]] = True
        self._find_what_recurs(charts, some[there], state[there])
        recorded = np.bincount(at, minlength=self.count)
        self.ours |= recorded > 0
        silent = recorded < self.nontargets
        unseen = np.uint8(State.NOT_EVALUABLE.code)
        self.worst[silent] = np.maximum(self.worst[silent], unseen)
        self.worst[~lines.has_baseline[self.line]] = State.NO_BASELINE.code
        self._find_growth(charts, lines, state)

    def _find_what_recurs(self, charts: Charts, some: Array, state: Array) -> None:
        """Find the non-targets that are a recurrence where a complete response came before."""
        rows, at = self.rows[some], self.row_follow_up[some]
        group = spread(charts.traits.columns.group, of(charts.trait, charts.place[rows]))
        rule = firing(RECURS, state, group == Group.NODE.code, True)
        again = verdicts(RECURS, rule) == YesNo.YES.code
        if self.proved is None:
            self.recurs[at[again]] = True
            return
        since = self.proved[self.place[some]]
        late = since < self.count
        self.recurs[at[again & ~late]] = True
        self.recurs_since = np.full(self.count, self.count)
        np.minimum.at(self.recurs_since, at[again & late], since[again & late])

    # ---- non-targets that grew

    def _find_growth(self, charts: Charts, lines: Baselines, state: Array) -> None:
        """Flag non-targets that are larger than before by enough, and not called progressed."""
        rows = self.rows[self.nontarget]
        large = of(charts.known, rows) & at_least(charts.um[rows], charts.criteria.growth_um)
        large = large & (state != State.PROGRESSED.code)
        some = self.nontarget[np.flatnonzero(large)]
        some = some[lines.has_baseline[self.line[self.row_follow_up[some]]]]
        if not len(some):
            return
        asked = np.zeros(len(lines.role), np.bool_)
        asked[self.place[some]] = True
        first, later = np.flatnonzero(asked[lines.place]), np.flatnonzero(asked[self.place])
        place = np.concatenate([lines.place[first], self.place[later]])
        at = np.concatenate([np.full(len(first), -1), self.row_follow_up[later]])
        each = np.concatenate([lines.rows[first], self.rows[later]])
        judged = np.concatenate([np.zeros(len(first), np.bool_), np.isin(later, some)])
        known = np.broadcast_to(of(charts.known, each), each.shape)
        lie = np.flatnonzero(known)
        lie = lie[np.argsort(place[lie], kind="stable")]
        place, at, each, judged = place[lie], at[lie], each[lie], judged[lie]
        absent = np.broadcast_to(of(charts.status, each) == Status.ABSENT.code, each.shape)
        by = np.broadcast_to(of(charts.measure, each), each.shape)
        for measure in Measure:
            like = np.flatnonzero((by == measure.code) | absent)
            grew = self._grew(charts, place[like], charts.um[each[like]])
            found = like[grew & judged[like] & ~absent[like]]
            self.problems[at[found]] |= Problem.NONTARGET_GREW.value

    def _grew(self, charts: Charts, place: Array, um: Array) -> Array:
        """Whether sizes in order of time are above the smallest before, each of its own lesion."""
        starts = runs(place)
        run = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(place))))
        # Each run lies below the one before, so that the smallest so far begins anew.
        span = np.int64(um.max(initial=0)) + 1
        smallest = np.minimum.accumulate(um - run * span)
        before = np.append(smallest[:1], smallest[:-1]) + run * span
        before[starts] = um[starts]
        criteria = charts.criteria
        return rise(um, before, criteria.growth_share, criteria.growth_um) == Rise.YES.code
