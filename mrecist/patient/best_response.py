"""Best response of a line, unconfirmed and confirmed, from its responses in order.

One body for an `int` and for an array over lines.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile
from typing import Any

import attrs

from .._base.exact import at_least
from .._base.words import Response
from ..rulebook.best_response import BEST, COUNTABLE, COUNTS_AS, is_objective, is_progression
from ..rulebook.confirmation import CONFIRMED, NEVER, confirmations, responses_to_confirm
from ..rulebook.criteria import Criteria
from ..rulebook.decision_table import DecisionTable, Rule

__all__ = ["Course", "best", "confirmed", "course", "first_days"]


@attrs.frozen(kw_only=True, eq=False)
class Course:
    """Up to and including the first progression, the first day of each thing that can count.

    Days count from the line's start; `NEVER` where it did not occur. `confirmed_cr` and
    `confirmed_pr` are the days that confirmed, `from_cr` and `from_pr` the days of the responses
    that they confirmed. `lasting` is the first CR, PR or SD late enough to count as stable.
    """

    cr: Any
    pr: Any
    sd: Any
    nn: Any
    ned: Any
    pd: Any
    seen: Any
    lasting: Any
    confirmed_cr: Any
    from_cr: Any
    confirmed_pr: Any
    from_pr: Any


def course(responses: Iterable[Any], days: Iterable[Any], criteria: Criteria) -> Course:
    """Follow one line through its follow-ups, given by response code and day, ascending in days."""
    follow_ups = list(zip(responses, days, strict=True))
    # Nothing is confirmed after a progression, nor by fewer responses than that takes.
    before = list(takewhile(lambda each: not is_progression(each[0]), follow_ups))
    answers = sum(is_objective(response) for response, _ in before)
    confirming = before if answers >= responses_to_confirm(criteria) else []
    return Course(**first_days(follow_ups, criteria), **confirmations(confirming, criteria))


def first_days(follow_ups: Iterable[tuple[int, int]], criteria: Criteria) -> dict[str, int]:
    """The first day of each thing that a response counts as, up to the first progression.

    `follow_ups` gives response code and day, ascending in days.
    """
    first: dict[str, int] = {}
    for response, day in follow_ups:
        for name in COUNTS_AS[at_least(day, criteria.stable_days)][response]:
            first.setdefault(name, day)
        if is_progression(response):
            break
    return dict.fromkeys(COUNTABLE, NEVER) | first


def best(course: Course) -> Rule[Response]:
    """The rule that gives the best response of one line, each time point counting by itself."""
    return _decided(BEST, course, course.cr, course.pr, course.sd)


def confirmed(course: Course) -> Rule[Response]:
    """The rule that gives the best response of one line, CR and PR only when confirmed."""
    return _decided(CONFIRMED, course, course.confirmed_cr, course.confirmed_pr, course.lasting)


def _decided(
    table: DecisionTable[Response], course: Course, cr: int, pr: int, sd: int
) -> Rule[Response]:
    days = (cr, pr, sd, course.nn, course.ned, course.pd, course.seen)
    return table.decide(*(day < NEVER for day in days))
