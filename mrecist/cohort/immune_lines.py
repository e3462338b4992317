"""The best responses of many lines by iRECIST: what `patient/immune_lines.py` finds for one."""

from __future__ import annotations

import numpy as np

from .._base.arrays import Array
from .._base.exact import at_least
from .._base.words import ImmuneResponse
from ..endpoints.confirming import confirmed_together
from ..rulebook.confirmation import NEVER
from ..rulebook.criteria import Criteria
from ..rulebook.decision_table import firing
from ..rulebook.immune import AS_COUNTED, IMMUNE_BEST
from .chart import Charts
from .follow_ups import FollowUps

__all__ = ["best_rules", "side_by_side"]

_COUNTED = np.array([AS_COUNTED[word] for word in ImmuneResponse], np.int8)


def best_rules(
    word: Array, counts: Array, confirmed: Array, follow_ups: FollowUps, charts: Charts
) -> tuple[Array, Array]:
    """The rules of the best response of each line, unconfirmed and confirmed (RD-IR-BEST).

    `word` and whether it `counts` are of follow-ups; `confirmed` is that of the first confirmed
    progression of each line, -1 without.
    """
    count, line, words = len(confirmed), follow_ups.line, ImmuneResponse
    late = counts & at_least(follow_ups.since_start, charts.criteria.stable_days)

    def has(where: Array) -> Array:
        found = np.zeros(count, np.bool_)
        found[line[where]] = True
        return found

    def is_word(which: ImmuneResponse, where: Array = counts) -> Array:
        return has((word == which.code) & where)

    rest = (
        is_word(words.NON_CR_NON_UPD, late), is_word(words.NED), confirmed >= 0,
        is_word(words.UPD), has(counts),
    )  # fmt: skip
    cr, pr, sd = is_word(words.CR), is_word(words.PR), is_word(words.SD, late)
    lasting = sd | is_word(words.CR, late) | is_word(words.PR, late)
    sure = _confirmed(np.flatnonzero(cr | pr), word, counts, follow_ups, charts)
    return firing(IMMUNE_BEST, cr, pr, sd, *rest), firing(IMMUNE_BEST, *sure, lasting, *rest)


def _confirmed(
    some: Array, word: Array, counts: Array, follow_ups: FollowUps, charts: Charts
) -> tuple[Array, Array]:
    """Which lines have an iCR and an iPR that a later follow-up confirms."""
    found = tuple(np.zeros(len(charts.follow_ups), np.bool_) for _ in range(2))
    if len(some):
        place, there = side_by_side(charts, follow_ups, some)
        there = counts[place] & there
        ends, days = _COUNTED[word[place]], follow_ups.since_start[place]
        order = np.argsort(~there, axis=0, kind="stable")
        there, ends, days = (
            np.take_along_axis(each, order, axis=0) for each in (there, ends, days)
        )
        sure = _sure(np.where(there, ends, np.int8(-1)), days, charts.criteria)
        for into, each in zip(found, sure, strict=True):
            into[some] = each
    return found[0], found[1]


def _sure(ends: Array, days: Array, criteria: Criteria) -> tuple[Array, Array]:
    sure = confirmed_together(ends, days, criteria)
    return sure["confirmed_cr"] < NEVER, sure["confirmed_pr"] < NEVER


def side_by_side(charts: Charts, follow_ups: FollowUps, some: Array) -> tuple[Array, Array]:
    """The place of each follow-up of some lines, one column per line, and whether it exists."""
    counts, begin = charts.follow_ups[some], follow_ups.begin[some]
    step = np.arange(int(counts.max(initial=0)))[:, None]
    last = begin + np.maximum(counts - 1, 0)
    return np.minimum(begin + step, last), step < counts
