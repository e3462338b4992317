"""Which reading of each line stands for the patient: the first of five states that holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import attrs
import numpy as np

from .._base.arrays import NO_DAY, Array
from .by_date import Mixture
from .compared import Compared, differences
from .decisions import Decision
from .review import Review

__all__ = [
    "ADJUDICATED",
    "AGREED",
    "NOBODY",
    "ONE",
    "PENDING",
    "STATES",
    "Accepted",
    "accept",
    "by_dates",
]

STATES = ("none", "one reader", "agreed", "adjudicated", "pending")
"""What a line comes to: nobody read it, one reader did, no trigger fired, it is decided, or not."""
NOBODY, ONE, AGREED, ADJUDICATED, PENDING = range(len(STATES))


@attrs.frozen(eq=False, kw_only=True)
class Accepted:
    """The state of each line and its accepted reader (-1: none), who decided and why.

    `fired` are the triggers that fired, by name. `unasked`: a decision where none did.
    """

    state: Array
    reader: Array
    by: list[str | None]
    reason: list[str | None]
    fired: Mapping[str, Array]
    unasked: Array
    mixed: Mapping[int, Mixture] = attrs.field(factory=dict)


def by_dates(
    accepted: Accepted, some: Sequence[Mixture], decided: Mapping[int, Mapping[int, Decision]]
) -> Accepted:
    """The accepted readings, where some lines are decided date by date.

    The last decision of a line tells who decided, and why.
    """
    state, reader, unasked = (
        each.copy() for each in (accepted.state, accepted.reader, accepted.unasked)
    )
    by, reason = list(accepted.by), list(accepted.reason)
    for each in some:
        line = each.line
        unasked[line] |= state[line] not in (PENDING, ADJUDICATED)
        state[line], reader[line] = ADJUDICATED, each.reader
        _, by[line], reason[line] = decided[line][max(decided[line])]
    return attrs.evolve(
        accepted,
        state=state,
        reader=reader,
        unasked=unasked,
        by=by,
        reason=reason,
        mixed={each.line: each for each in some},
    )


def accept(
    of: Compared,
    review: Review,
    readers_of: Sequence[int],
    adjudicator: int,
    decided: Mapping[int, Any],
) -> Accepted:
    """The accepted reading of each line.

    `readers_of` are the indices of the review's readers, `adjudicator` is that of the adjudicator
    (-1: read nothing). `decided` holds by line the reader, who decided, and the reason.
    """
    primary = np.array(readers_of, np.int64)
    count = len(of.donor)
    fired = differences(of, primary, review)
    some = np.zeros(count, np.bool_)
    for each in fired.values():
        some |= each
    read = of.at[:, primary] >= 0
    readers = read.sum(axis=1)
    first = primary[np.argmax(read, axis=1)] if len(primary) else np.full(count, -1)
    alone = (readers == 1) & (review.one_reader == "accept")
    agreed = (readers > 1) & ~some
    state = np.full(count, PENDING)
    state[readers == 0] = NOBODY
    state[alone], state[agreed] = ONE, AGREED
    reader = np.where(alone | agreed, first, -1)
    by: list[str | None] = [None] * count
    reason: list[str | None] = [None] * count
    unasked = np.zeros(count, np.bool_)
    for line, (who, whose, why) in decided.items():
        unasked[line] = state[line] != PENDING
        state[line], reader[line], by[line], reason[line] = ADJUDICATED, who, whose, why
    if review.decides != "choice":
        find = _Votes(of, review, primary, adjudicator)
        for line in np.flatnonzero((state == PENDING) & (readers > 1)).tolist():
            who = find.third(line) if review.decides == "third reading" else find.majority(line)
            if who >= 0:
                state[line], reader[line] = ADJUDICATED, who
                by[line] = review.adjudicator or "majority"
    return Accepted(state=state, reader=reader, by=by, reason=reason, fired=fired, unasked=unasked)


class _Votes:
    """Decisions that follow from a third reading or from a majority."""

    def __init__(self, of: Compared, review: Review, primary: Array, adjudicator: int) -> None:
        self.of, self.review = of, review
        self.primary: list[int] = primary.tolist()
        self.voters: list[int] = [*self.primary, *[adjudicator] * (adjudicator >= 0)]
        self.adjudicator = adjudicator
        self._apart: dict[int, Array] = {}
        asked = review.decides == "third reading" and adjudicator >= 0
        for each in self.primary if asked else ():
            pair = differences(of, np.array([self.adjudicator, each]), review)
            self._apart[each] = np.logical_or.reduce(list(pair.values()))

    def third(self, line: int) -> int:
        """The reader whom the third reading bears out, else the third reader; -1: none read."""
        if self.adjudicator < 0 or self.of.at[line, self.adjudicator] < 0:
            return -1
        for each in self.primary:
            if self.of.at[line, each] >= 0 and not self._apart[each][line]:
                return each
        return self.adjudicator

    def majority(self, line: int) -> int:
        """Of those who gave the word that most gave, who has the median progression; -1: a tie."""
        facts = self.of.facts
        best = facts.confirmed if self.review.confirmed else facts.best
        groups: dict[int, list[tuple[bool, int, int]]] = {}
        for order, each in enumerate(self.voters):
            at = int(self.of.at[line, each])
            if at >= 0:
                day = int(facts.progression[at])
                groups.setdefault(int(best[at]), []).append((day == NO_DAY, day, order))
        most = max(map(len, groups.values()))
        largest = [group for group in groups.values() if len(group) == most]
        if len(largest) > 1:
            return -1
        _, _, order = sorted(largest[0])[(most - 1) // 2]
        return self.voters[order]
