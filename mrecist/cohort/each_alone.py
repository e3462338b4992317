"""Lesions that are judged one by one in many lines: what grew alone, and what enhances again.

`patient/over_time.py` asks the same of one line. Only criteria that sum areas ask for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from .._base.arrays import Array, of
from .._base.exact import rise
from .._base.words import Rise
from .baseline import Baselines
from .chart import Charts

if TYPE_CHECKING:
    from typing import Protocol

    class Rows(Protocol):
        """The rows of the follow-ups of the lines."""

        begin: Array
        line: Array
        rows: Array
        row_follow_up: Array
        place: Array


__all__ = ["enhanced_again", "grown_alone"]

UNKNOWN = 1 << 60
"""Stands for a size that is not known, where the smallest is looked for."""


def grown_alone(charts: Charts, lines: Baselines, follow_ups: Rows) -> Array:
    """Whether each row is of a lesion that rose enough over its own smallest size so far."""
    criteria = charts.criteria
    known = np.broadcast_to(of(charts.in_total, follow_ups.rows), follow_ups.rows.shape)
    now = np.where(known, charts.summand[follow_ups.rows], UNKNOWN)
    smallest = np.full(len(lines.role), UNKNOWN)
    first = np.broadcast_to(of(charts.in_total, lines.rows), lines.rows.shape)
    smallest[lines.place] = np.where(first, charts.summand[lines.rows], UNKNOWN)
    before = np.empty_like(now)
    for some in _by_step(follow_ups):
        place = follow_ups.place[some]
        before[some] = smallest[place]
        smallest[place] = np.minimum(smallest[place], now[some])
    compared = np.flatnonzero(known & (before < UNKNOWN))
    share, floor = criteria.progression_share, criteria.progression_floor_um
    rose = rise(now[compared], before[compared], share, floor, criteria.above)
    grown = np.zeros(len(now), np.bool_)
    grown[compared] = rose == Rise.YES.code
    return grown


def enhanced_again(charts: Charts, lines: Baselines, follow_ups: Rows) -> Array:
    """Whether each row is of a nodule with viable tissue that had none at an earlier look."""
    shape = follow_ups.rows.shape
    gone = charts.gone[follow_ups.rows]
    there = np.broadcast_to(of(charts.known, follow_ups.rows), shape) & ~gone
    enters = of(charts.of_lesion("enters_total"), charts.place[follow_ups.rows])
    once_gone = np.zeros(len(lines.role), np.bool_)
    once_gone[lines.place] = charts.gone[lines.rows]
    before = np.empty_like(gone)
    for some in _by_step(follow_ups):
        place = follow_ups.place[some]
        before[some] = once_gone[place]
        once_gone[place] |= gone[some]
    return there & before & enters


def _by_step(follow_ups: Rows) -> Iterator[Array]:
    """The rows of all first follow-ups of a line, then of all second ones, and so on."""
    step = (np.arange(len(follow_ups.line)) - follow_ups.begin[follow_ups.line])[
        follow_ups.row_follow_up
    ]
    order = np.argsort(step, kind="stable")
    ends = np.cumsum(np.bincount(step))
    yield from np.split(order, ends[:-1])
