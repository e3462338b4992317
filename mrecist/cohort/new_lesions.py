"""New lesions of many lines at once: what `patient/new_lesions.py` is for one.

Which candidates each line detects, which of them are proved, and from when they count.
"""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np

from .._base.arrays import Array, first_by, of, ranges, spread
from .._base.errors import Problem
from .._base.exact import at_least, rise
from .._base.words import (
    Extent,
    Group,
    NewLesion,
    NewRule,
    Proof,
    Rise,
    Status,
    Verdict,
    YesNo,
)
from ..rulebook.decision_table import firing, members, verdicts
from ..rulebook.new_lesions import ALONE, DETECTED, PROVED_BY
from .baseline import Baselines
from .chart import Charts
from .follow_ups import FollowUps
from .nodules import NEEDS_ARTERIAL, Nodules

__all__ = ["News", "new_lesions"]

BY_CYTOLOGY = members(NewRule, [rule for rule, proof in PROVED_BY.items() if proof == "cytology"])
"""For each rule for new lesions, whether cytology proves them; a biopsy proves the others."""

WAS_NORMAL = members(Extent, {Extent.ZERO, Extent.BELOW})


@attrs.frozen(eq=False, repr=False, kw_only=True)
class News:
    """What each candidate that has a say does at a follow-up: the rule that decides there."""

    timepoint: Array
    lesion: Array
    rule: Array


@attrs.frozen(eq=False, repr=False, kw_only=True)
class Followed:
    """Rows of detected candidates, from their first detection on: their `place` and follow-up `at`.

    `detected`: which rows detect theirs. `counting` are the places of those that are proved,
    `first` the first detection of each place, `held` the follow-ups at which one is detected that
    is never proved.
    """

    place: Array
    rows: Array
    at: Array
    detected: Array
    counting: Array
    first: Array
    held: Array


def new_lesions(charts: Charts, lines: Baselines, follow_ups: FollowUps) -> News:
    """Which candidates each line detects, which of them are proved, and from when they count."""
    seen = _Candidates(charts, lines, follow_ups, follow_ups.candidate)
    seen.flag()
    detected = seen.detected()
    found = np.flatnonzero(detected)
    follow_ups.detected[seen.at[found]] = True
    if not len(found):
        none = found[:0]
        return News(timepoint=none, lesion=none, rule=none.astype(np.uint8))

    first = first_by(seen.place[found], seen.at[found], len(lines.role), follow_ups.count)
    some = np.flatnonzero(seen.at >= first[seen.place])
    later = _Candidates(charts, lines, follow_ups, follow_ups.candidate[some])
    detected, place, at = detected[some], later.place, later.at
    rule = later.adjudicated(detected, first)
    new = verdicts(charts.criteria.rules.new_lesion, rule) == Verdict.NEW.code
    proofs = np.flatnonzero(new)
    proof = first_by(place[proofs], rule[proofs].astype(np.int64), len(lines.role), -1)

    counting = np.flatnonzero(proof >= 0)
    begin, owner = first[counting], lines.owner[counting]
    length = follow_ups.begin[owner] + charts.follow_ups[owner] - begin
    counts_at = ranges(begin, length)
    held = np.flatnonzero(detected & (proof[place] < 0))
    follow_ups.news = Followed(
        place=place,
        rows=later.rows,
        at=at,
        detected=detected,
        counting=counting,
        first=first,
        held=at[held],
    )
    follow_ups.new_lesion[at[held]] = NewLesion.EQUIVOCAL.code
    follow_ups.new_lesion[counts_at] = NewLesion.YES.code
    doubtful = np.repeat(later.doubtful(rule, new)[counting], length)
    follow_ups.problems[counts_at[doubtful]] |= Problem.BIOPSY_NEGATIVE.value
    return News(
        timepoint=np.concatenate([counts_at, at[held]]),
        lesion=charts.lesion_code[
            lines.lesion[np.concatenate([np.repeat(counting, length), place[held]])]
        ],
        rule=np.concatenate([np.repeat(proof[counting], length), rule[held]]).astype(np.uint8),
    )


class _Candidates:
    """Rows of candidates in order of time: `rows` of the charts, follow-ups `at`, and `place`."""

    def __init__(
        self, charts: Charts, lines: Baselines, follow_ups: FollowUps, some: Array
    ) -> None:
        self.charts, self.lines, self.follow_ups = charts, lines, follow_ups
        self.rows, self.at = follow_ups.rows[some], follow_ups.row_follow_up[some]
        self.place = follow_ups.place[some]
        self.trait = charts.trait_of(self.rows)
        self.status = of(charts.status, self.rows)

    def _of_trait(self, name: str) -> Array:
        return spread(getattr(self.charts.traits.columns, name), self.trait)

    def _said(self, name: str, absent: Any) -> Array:
        """A column of findings for the rows, or the one value that stands for it."""
        said = self.charts.said(name, self.rows)
        return np.full(len(self.rows), absent) if said is None else said

    def flag(self) -> None:
        """Flag patterns that nobody can have seen, and nodes measured by another axis."""
        charts, problems = self.charts, self.follow_ups.problems
        pattern = charts.said("pattern", self.rows)
        if pattern is not None and not np.all(charts.arterial):
            by_pattern = self._of_trait("new_rule") == NewRule.HCC.code
            unseen = NEEDS_ARTERIAL[pattern] & ~of(charts.arterial, self.rows) & by_pattern
            problems[self.at[unseen]] |= Problem.PATTERN_WITHOUT_ARTERIAL.value
        if charts.lacking:
            lacking = charts.lacks_size(self.rows) & (self.status == Status.MEASURED.code)
            node = self._of_trait("group") == Group.NODE.code
            problems[self.at[lacking & node]] |= Problem.UNSIZED_NODE.value

    def detected(self) -> Array:
        """Whether each row detects its candidate."""
        charts, lines = self.charts, self.lines
        old = grew = np.zeros(1, np.bool_)[0]
        if len(lines.unproven):
            known = np.zeros(len(lines.role), np.bool_)
            known[lines.unproven] = True
            old = known[self.place]
            grew = self._grew(np.flatnonzero(old))
        rule = firing(
            DETECTED,
            False,
            self.status,
            self._of_trait("group"),
            charts.reach(self.rows),
            self._of_trait("strict_hilum"),
            old,
            grew,
        )
        return np.broadcast_to(verdicts(DETECTED, rule) == YesNo.YES.code, self.rows.shape)

    def _grew(self, some: Array) -> Array:
        """Whether the effusions of some rows are larger than before by enough."""
        charts, criteria = self.charts, self.charts.criteria
        rows, before = self.rows[some], self.lines.prior_rows(self.place[some])
        known = of(charts.known, rows) & of(charts.known, before)
        rose = rise(
            charts.um[rows].astype(np.int64),
            charts.um[before],
            criteria.growth_share,
            criteria.growth_um,
        )
        grew = np.zeros(len(self.rows), np.bool_)
        grew[some] = known & (rose == Rise.YES.code)
        return grew

    # ---- what a row says of its candidate, given the first detection

    def adjudicated(self, detected: Array, first: Array) -> Array:
        """The rule that decides what each row says of its candidate."""
        charts, criteria = self.charts, self.charts.criteria
        each = np.arange(len(self.rows))
        rule = np.broadcast_to(self._of_trait("new_rule"), each.shape)
        proven = np.where(
            BY_CYTOLOGY[rule],
            self._said("cytology", Proof.NOT_DONE.code) == Proof.POSITIVE.code,
            self._said("biopsy", Proof.NOT_DONE.code) == Proof.POSITIVE.code,
        )
        prior = self.lines.prior_rows(self.place)
        normal = self._was_normal(prior)
        hcc = rule == NewRule.HCC.code
        typical, cavity, large, grown = (np.zeros(len(each), np.bool_) for _ in range(4))
        some = np.flatnonzero(hcc)
        if len(some):
            nodules = Nodules(
                charts, self.rows[some], self.place[some], prior[some], detected[some]
            )
            typical[some], cavity[some] = nodules.is_proving(), nodules.cavity
            large[some], grown[some] = nodules.is_large(), nodules.has_grown()
        some = np.flatnonzero(normal)
        if len(some):
            um, known = charts.um[self.rows[some]], of(charts.known, self.rows[some])
            target = spread(self._of_trait("smallest_target_um"), some)
            large[some] = known & at_least(um, target)
            growth = um - charts.um[prior[some]]
            grown[some] = known & at_least(growth, criteria.new_node_growth_um)
        rule = np.where(normal, np.uint8(NewRule.NODE.code), rule)
        return firing(
            criteria.rules.new_lesion,
            rule,
            detected,
            self._said("equivocal", False),
            typical,
            cavity,
            large,
            grown,
            proven,
            self.at > first[self.place],
        )

    def _was_normal(self, prior: Array) -> Array:
        """Whether the candidates are nodes that were known to be below the limit."""
        charts = self.charts
        normal = np.zeros(len(self.rows), np.bool_)
        node = np.broadcast_to(self._of_trait("group") == Group.NODE.code, normal.shape)
        some = np.flatnonzero(node & (prior >= 0))
        if len(some):
            before = prior[some]
            seen = of(charts.status, before) != Status.ABSENT.code
            normal[some] = WAS_NORMAL[charts.reach(before)] & seen
        return normal

    def doubtful(self, rule: Array, new: Array) -> Array:
        """The lesions that nothing but growth proves, in spite of a negative biopsy."""
        doubtful = np.zeros(len(self.lines.role), np.bool_)
        biopsy = self.charts.said("biopsy", self.rows)
        if biopsy is not None:
            table = self.charts.criteria.rules.new_lesion
            alone = np.array([each.id in ALONE for each in table.rules])
            doubtful[self.place[biopsy == Proof.NEGATIVE.code]] = True
            doubtful[self.place[new & ~alone[rule]]] = False
        return doubtful
