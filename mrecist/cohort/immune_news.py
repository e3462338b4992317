"""New lesions of many lines at once as iRECIST sees them: which are still there, which measured.

What `patient/immune.py` asks of the sights of one line, for all lines, by follow-up.
"""

from __future__ import annotations

import numpy as np

from .._base.arrays import Array, of, ranges, runs, spread
from .._base.exact import at_least
from .._base.words import Kind, Size, Status, YesNo
from ..rulebook.baseline import MEASURABLE
from ..rulebook.decision_table import firing, members, verdicts
from ..rulebook.immune import NEW_TARGET
from ..rulebook.immune_criteria import ImmuneCriteria
from .baseline import Baselines
from .chart import Charts
from .follow_ups import FollowUps
from .sights import IS_KNOWN

__all__ = ["NewLesions"]

IS_MEASURABLE = members(Kind, MEASURABLE)
MOST_NEW = 60
"""Lines with more new lesions than bits of a mask are judged one by one."""


class NewLesions:
    """By follow-up: the new lesions that are still there, and the totals of those measured.

    `mask` has one bit for each new lesion of the line that is there; `um` is the total of the
    measured ones that have a size, `complete` whether all have; `progressed`: one that is not
    measured is called so. `apart` are lines that the arrays do not follow.
    """

    def __init__(
        self, charts: Charts, lines: Baselines, follow_ups: FollowUps, criteria: ImmuneCriteria
    ) -> None:
        self.charts, self.lines, self.follow_ups = charts, lines, follow_ups
        self.criteria = criteria
        count = follow_ups.count
        self.mask = np.zeros(count, np.uint64)
        self.um = np.zeros(count, np.int64)
        self.complete = np.ones(count, np.bool_)
        self.progressed = np.zeros(count, np.bool_)
        self.apart = lines.owner[lines.late]
        if follow_ups.news is not None:
            self._read()

    def _read(self) -> None:
        charts, follow_ups, news = self.charts, self.follow_ups, self.follow_ups.news
        counting = news.counting
        owner, begin = self.lines.owner[counting], news.first[counting]
        length = follow_ups.begin[owner] + charts.follow_ups[owner] - begin
        start = np.cumsum(length) - length
        self.at = ranges(begin, length)
        each = np.repeat(np.arange(len(counting)), length)
        status, size, um, seen, gone = self._sights(counting, start, begin)
        there = _last_known(seen, gone, start, length)
        measured = self._measured(counting, owner, begin, status[start], size[start], um[start])
        known, mine = IS_KNOWN[size], measured[each]
        total = np.bincount(self.at, np.where(known & mine, um, 0), minlength=follow_ups.count)
        self.um = np.rint(total).astype(np.int64)
        self.complete = np.bincount(self.at[mine & ~known], minlength=follow_ups.count) == 0
        self.progressed[self.at[there & ~mine & (status == Status.PROGRESSED.code)]] = True
        self._mark(owner, each, there)

    def _sights(
        self, counting: Array, start: Array, begin: Array
    ) -> tuple[Array, Array, Array, Array, Array]:
        """What each follow-up from its first on says of a new lesion: not evaluable if nothing."""
        charts, news = self.charts, self.follow_ups.news
        index = np.full(len(self.lines.role), -1)
        index[counting] = np.arange(len(counting))
        some = np.flatnonzero(index[news.place] >= 0)
        rows, mine = news.rows[some], index[news.place[some]]
        to = start[mine] + news.at[some] - begin[mine]
        entries = len(self.at)
        status = np.full(entries, Status.NOT_EVALUABLE.code, np.uint8)
        size = np.full(entries, Size.NOT_EVALUABLE.code, np.uint8)
        um, (detected, gone) = np.zeros(entries, np.int64), np.zeros((2, entries), np.bool_)
        status[to], size[to] = of(charts.status, rows), of(charts.size, rows)
        um[to], gone[to], detected[to] = charts.um[rows], charts.gone[rows], news.detected[some]
        seen = detected | (size != Size.NOT_EVALUABLE.code)
        return status, size, np.where(IS_KNOWN[size], um, 0), seen, gone

    def _measured(
        self, counting: Array, owner: Array, begin: Array, status: Array, size: Array, um: Array
    ) -> Array:
        """Which new lesions are measured, chosen at their first scans (RD-IR-NEW-TARGETS)."""
        charts, columns = self.charts, self.charts.traits.columns
        lesion = self.lines.lesion[counting]
        trait = of(charts.trait, lesion)
        limit = np.broadcast_to(spread(columns.smallest_target_um, trait), um.shape)
        organ = np.broadcast_to(spread(columns.organ, trait), um.shape)
        kind = np.broadcast_to(spread(columns.kind, trait), um.shape)
        fit = IS_MEASURABLE[kind] & (status == Status.MEASURED.code) & IS_KNOWN[size]
        fit &= at_least(um, limit)
        rank = charts.traits.ranks(charts.lesion_code[lesion])
        order = np.lexsort((rank, -um, begin, owner))
        order = order[fit[order]]
        room = np.zeros(len(um), np.bool_)
        of_organ = _rank_in(owner[order] * (int(organ.max(initial=0)) + 1) + organ[order])
        order = order[of_organ < self.criteria.new_targets_per_organ]
        room[order] = _rank_in(owner[order]) < self.criteria.new_targets_in_all
        rule = firing(NEW_TARGET, fit, room)
        return np.equal(verdicts(NEW_TARGET, rule), YesNo.YES.code)

    def _mark(self, owner: Array, each: Array, there: Array) -> None:
        """Give each new lesion of a line a bit, and set it where the lesion is there."""
        bit = _rank_in(owner)
        self.apart = np.append(self.apart, owner[bit >= MOST_NEW])
        value = np.left_shift(np.uint64(1), np.minimum(bit, MOST_NEW).astype(np.uint64))
        some = np.flatnonzero(there)
        np.bitwise_or.at(self.mask, self.at[some], value[each[some]])


def _last_known(seen: Array, gone: Array, start: Array, length: Array) -> Array:
    """Whether the last look at each new lesion, if there was one, shows it."""
    each = np.arange(len(seen))
    last = np.maximum.accumulate(np.where(seen, each, -1)) if len(seen) else each
    before = np.repeat(start, length)
    return (last < before) | ~gone[np.maximum(last, 0)]


def _rank_in(keys: Array) -> Array:
    """The rank of each element among those of its key, in the order in which they lie."""
    order = np.argsort(keys, kind="stable")
    starts = runs(keys[order])
    rank = np.empty(len(keys), np.int64)
    counts = np.diff(np.append(starts, len(keys)))
    rank[order] = np.arange(len(keys)) - np.repeat(starts, counts)
    return rank
