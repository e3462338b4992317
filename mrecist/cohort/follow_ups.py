"""Many follow-ups at once: what each says of the targets, the non-targets and new lesions.

Follow-ups lie by line and date; the responses, which look back in time, are for `over_time.py`.
"""

from __future__ import annotations

import attrs
import numpy as np

from .._base.arrays import Array, all_at, of, ranges, runs, spread
from .._base.exact import at_least, extent
from .._base.words import NewLesion, NewRule, Pattern, Proof, State, Status, Verdict, YesNo
from ..rulebook.decision_table import firing, members, verdicts
from ..rulebook.new_lesions import DETECTED, PROVED_BY, nodule_size
from ..rulebook.nontargets import NONTARGET_LESION, STILL_THERE
from .baseline import CANDIDATE, NONTARGET, TARGET, Baselines
from .chart import Charts

__all__ = ["FollowUps", "News", "new_lesions"]

BY_RANK = tuple(State)
"""The states of a non-target: the last of those that a follow-up has is the one that counts."""

BY_CYTOLOGY = members(NewRule, [rule for rule, proof in PROVED_BY.items() if proof == "cytology"])
"""For each rule for new lesions, whether cytology proves them; a biopsy proves the others."""


@attrs.frozen(eq=False, repr=False, kw_only=True)
class News:
    """What each candidate that has a say does at a follow-up: the rule that decides there."""

    timepoint: Array
    lesion: Array
    rule: Array


class FollowUps:
    """The follow-ups of the lines, and the rows of each: those of line `k` lie together."""

    def __init__(self, charts: Charts, lines: Baselines) -> None:
        self.begin = np.cumsum(charts.follow_ups) - charts.follow_ups
        self.count = int(charts.follow_ups.sum())
        self.line = np.repeat(np.arange(lines.count), charts.follow_ups)
        self.visit = ranges(charts.window, charts.follow_ups)
        begin = charts.visit_row[self.visit]
        counts = charts.visit_row[self.visit + 1] - begin
        day = charts.visit_day[self.visit]
        self.day = day
        self.since_start = (day - charts.lines.start[self.line]).astype(np.int32)
        self.reported = np.broadcast_to(np.uint8(of(charts.reported, self.visit)), day.shape)
        self.rows = ranges(begin, counts)
        self.row_follow_up = np.repeat(np.arange(self.count), counts)
        self.place = lines.at(self.line, charts.place[self.rows], self.row_follow_up)
        self.role = lines.role[self.place]
        self.new_lesion = np.full(self.count, NewLesion.NO.code, np.uint8)
        self._see_targets(charts, lines)
        self._see_nontargets(charts, lines)

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
        self.lacks_size = np.zeros(self.count, np.bool_)
        if len(starts):
            total, seen, left = charts.summed(rows, starts)
            at_start = at[starts]
            self.seen[at_start] = seen
            self.total[at_start] = np.where(seen > 0, total, -1)
            self.left[at_start] = left > 0
        if charts.lacking:
            self.lacks_size[at[charts.lacks_size(rows)]] = True
        self.complete = self.seen == lines.targets[self.line]

    def _see_nontargets(self, charts: Charts, lines: Baselines) -> None:
        """The state of the non-targets that is worst, and whether some are still there."""
        some = np.flatnonzero(self.role == NONTARGET)
        rows, at = self.rows[some], self.row_follow_up[some]
        rule = firing(
            NONTARGET_LESION, of(charts.size, rows), of(charts.status, rows), charts.gone[rows],
            charts.unproven(rows),
        )  # fmt: skip
        state = verdicts(NONTARGET_LESION, rule)
        self.worst = np.full(self.count, State.NONE.code, np.uint8)
        self.left_beside = np.zeros(self.count, np.bool_)
        for each in BY_RANK:
            here = at[np.flatnonzero(state == each.code)]
            self.worst[here] = each.code
            if each in STILL_THERE:
                self.left_beside[here] = True
        recorded = np.bincount(at, minlength=self.count)
        silent = recorded < lines.nontargets[self.line]
        unseen = np.uint8(State.NOT_EVALUABLE.code)
        self.worst[silent] = np.maximum(self.worst[silent], unseen)
        self.worst[~lines.has_baseline[self.line]] = State.NO_BASELINE.code


def new_lesions(charts: Charts, lines: Baselines, follow_ups: FollowUps) -> News:
    """Which candidates each line detects, which of them are proved, and from when they count."""
    some = np.flatnonzero(follow_ups.role == CANDIDATE)
    rows, at = follow_ups.rows[some], follow_ups.row_follow_up[some]
    place, line = follow_ups.place[some], follow_ups.line[at]
    detected = _detected(charts, lines, rows, line, place)
    found = np.flatnonzero(detected)[::-1]
    never = follow_ups.count
    first = np.full(len(lines.role), never)
    first[place[found]] = at[found]
    first_row = np.zeros(len(lines.role), np.int64)
    first_row[place[found]] = rows[found]

    speaks = np.flatnonzero(at >= first[place])
    rows, at, place, detected = rows[speaks], at[speaks], place[speaks], detected[speaks]
    rule = _adjudicated(charts, rows, first_row[place], detected)
    new = verdicts(charts.criteria.rules.new_lesion, rule) == Verdict.NEW.code
    proofs = np.flatnonzero(new)[::-1]
    proof = np.full(len(lines.role), -1)
    proof[place[proofs]] = rule[proofs]

    counting = np.flatnonzero(proof >= 0)
    begin, owner = first[counting], lines.owner[counting]
    length = follow_ups.begin[owner] + charts.follow_ups[owner] - begin
    counts_at = ranges(begin, length)
    held = np.flatnonzero(detected & (proof[place] < 0))
    follow_ups.new_lesion[at[held]] = NewLesion.EQUIVOCAL.code
    follow_ups.new_lesion[counts_at] = NewLesion.YES.code
    return News(
        timepoint=np.concatenate([counts_at, at[held]]),
        lesion=charts.lesion_code[
            lines.lesion[np.concatenate([np.repeat(counting, length), place[held]])]
        ],
        rule=np.concatenate([np.repeat(proof[counting], length), rule[held]]).astype(np.uint8),
    )


def _detected(charts: Charts, lines: Baselines, rows: Array, line: Array, place: Array) -> Array:
    """Whether each row detects a candidate."""
    columns = charts.traits.columns
    trait = of(charts.trait, charts.place[rows])
    old_effusion: Array = False
    if np.any(spread(columns.needs_cytology, trait)):
        status = of(charts.status, lines.rows)
        there = np.zeros(len(lines.role), np.bool_)
        there[lines.place] = status != Status.ABSENT.code
        old_effusion = spread(columns.needs_cytology, trait) & there[place]
    reach = extent(
        charts.um[rows], of(charts.known, rows), spread(columns.smallest_diseased_um, trait)
    ).astype(np.uint8)
    rule = firing(
        DETECTED, True, of(charts.status, rows), spread(columns.group, trait), reach,
        spread(columns.strict_hilum, trait), old_effusion,
    )  # fmt: skip
    return verdicts(DETECTED, rule) == YesNo.YES.code


def _adjudicated(charts: Charts, rows: Array, first_rows: Array, detected: Array) -> Array:
    """The rule that decides what each row says of its candidate, given its first detection."""
    criteria = charts.criteria

    def is_said(column: str, code: int) -> Array:
        said = charts.said(column, rows)
        return np.zeros(len(rows), np.bool_) if said is None else said == code

    new_rule = spread(charts.traits.columns.new_rule, of(charts.trait, charts.place[rows]))
    size, first_size = _whole_size(charts, rows), _whole_size(charts, first_rows)
    sized = (size >= 0) & (first_size >= 0)
    proven = np.where(
        BY_CYTOLOGY[new_rule],
        is_said("cytology", Proof.POSITIVE.code),
        is_said("biopsy", Proof.POSITIVE.code),
    )
    return firing(
        criteria.rules.new_lesion, new_rule, detected, is_said("equivocal", True),
        is_said("pattern", Pattern.TYPICAL.code),
        (size >= 0) & at_least(size, criteria.new_nodule_um),
        sized & at_least(size - first_size, criteria.new_nodule_growth_um), proven,
    )  # fmt: skip


def _whole_size(charts: Charts, rows: Array) -> Array:
    """The size of a new liver nodule: the longest diameter, else the viable one; -1: neither."""
    longest, viable = charts.said("longest_um", rows), charts.said("viable_um", rows)
    none = np.full(len(rows), -1, np.int32)
    longest = none if longest is None else longest
    viable = none if viable is None else viable
    small = of(charts.status, rows) == Status.TOO_SMALL.code
    return nodule_size(longest, viable, small, charts.criteria.too_small_um, where=np.where)
