"""What a line comes to: best response, unconfirmed and confirmed, over its time points.

What a follow-up counts as by itself (`counts_as`), and one pass over the follow-ups in date order
with a few registers ("so far" days) for what needs several of them (`confirmations`). Both are
written with operators and a few functions, so that they serve one line (`int`) as well as an array
of lines, one element a line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import reduce
from typing import Any

import attrs

from ._exact import at_least
from ._tables import DecisionTable, Rule
from .codes import Response
from .criteria import Criteria
from .rules import BEST, CONFIRMED

__all__ = [
    "COUNTS_AS",
    "NEVER",
    "Course",
    "best",
    "confirmations",
    "confirmed",
    "counts_as",
    "course",
    "first_days",
]

CR, PR, SD, NN, PD, NE, NED, _ = (response.code for response in Response)

NEVER = 1 << 28
"""A day that never comes: what a register holds before anything has happened."""


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


def _unless(condition: Any) -> Any:
    return -NEVER if condition else NEVER


def course(responses: Iterable[Any], days: Iterable[Any], criteria: Criteria) -> Course:
    """Follow one line through its follow-ups, given by response code and day, ascending in days."""
    follow_ups = list(zip(responses, days, strict=True))
    answers = [response for response, _ in follow_ups if response in (CR, PR)]
    confirming = follow_ups if len(answers) > 1 else []
    return Course(**first_days(follow_ups, criteria), **confirmations(confirming, criteria))


def counts_as(response: Any, late: Any) -> dict[str, Any]:
    """What a response counts as; `late`: on the day from which stable disease counts, or after."""
    is_cr, is_pr, is_sd = response == CR, response == PR, response == SD
    return {
        "cr": is_cr, "pr": is_pr, "sd": is_sd & late, "nn": (response == NN) & late,
        "ned": response == NED, "pd": response == PD, "seen": response >= 0,
        "lasting": (is_cr | is_pr | is_sd) & late,
    }  # fmt: skip


COUNTS_AS = {
    late: [
        [name for name, counts in counts_as(response.code, late).items() if counts]
        for response in Response
    ]
    for late in (False, True)
}
"""What each response counts as, early and late."""


def first_days(follow_ups: Iterable[tuple[int, int]], criteria: Criteria) -> dict[str, int]:
    """The first day of each thing that a response counts as, up to the first progression.

    `follow_ups` gives response code and day, ascending in days.
    """
    first: dict[str, int] = {}
    for response, day in follow_ups:
        for name in COUNTS_AS[at_least(day, criteria.stable_days)][response]:
            first.setdefault(name, day)
        if response == PD:
            break
    return dict.fromkeys(counts_as(PD, late=True), NEVER) | first


def confirmations(
    follow_ups: Iterable[tuple[Any, Any]],
    criteria: Criteria,
    *,
    never_unless: Callable[[Any], Any] = _unless,
    minimum: Callable[[Any, Any], Any] = min,
    maximum: Callable[[Any, Any], Any] = max,
) -> dict[str, Any]:
    """The first confirmed CR and PR before any progression, and when they began.

    `follow_ups` gives response code and day, ascending in days; or arrays of them over lines, with
    code -1 after the last follow-up of a line. `never_unless` gives `-NEVER` where a condition
    holds and `NEVER` elsewhere: the later of it and a day is that day, if the condition holds.

    Without two responses of CR or PR there is nothing to confirm: all are `NEVER`.
    """
    gaps = range(criteria.confirmation_gaps, -1, -1)
    confirmed_cr = from_cr = confirmed_pr = from_pr = NEVER
    # The earliest response that could still be confirmed, by how many NE have come since; any
    # other response empties them, so that nothing is confirmed across a progression:
    cr_open: list[Any] = [NEVER for _ in gaps]  # a CR with only CR and NE since
    pr_open: list[Any] = [NEVER for _ in gaps]  # a PR with only PR and NE since
    pr_then_cr: list[Any] = [NEVER for _ in gaps]  # a PR with a CR since, and no PR after it
    goes_on: Any = True

    for response, day in follow_ups:
        goes_on = goes_on & (response != PD)
        is_cr, is_pr = goes_on & (response == CR), goes_on & (response == PR)
        if_cr, if_pr, if_ne = map(never_unless, (is_cr, is_pr, response == NE))

        # BOR-03 and BOR-08: the same or better, late enough, with few enough NE between. Days
        # ascend, so the smallest day is the first, and so is that of the response it confirms.
        oldest_cr = reduce(minimum, cr_open)
        now = never_unless(is_cr & at_least(day - oldest_cr, criteria.confirmation_days))
        confirmed_cr = minimum(confirmed_cr, maximum(day, now))
        from_cr = minimum(from_cr, maximum(oldest_cr, now))
        oldest_pr = minimum(reduce(minimum, pr_open), maximum(reduce(minimum, pr_then_cr), if_cr))
        now = (is_cr | is_pr) & at_least(day - oldest_pr, criteria.confirmation_days)
        now = never_unless(now)
        confirmed_pr = minimum(confirmed_pr, maximum(day, now))
        from_pr = minimum(from_pr, maximum(oldest_pr, now))

        # What keeps a register open leaves it, one NE moves it on, anything else empties it.
        for k in gaps:
            # BOR-T02: a PR after a CR confirms nothing, so a PR empties this one.
            turned = maximum(minimum(pr_then_cr[k], pr_open[k]), if_cr)
            stays = (turned, maximum(pr_open[k], if_pr), maximum(cr_open[k], if_cr))
            if k:
                before = (pr_then_cr[k - 1], pr_open[k - 1], cr_open[k - 1])
                moved = [maximum(day_before, if_ne) for day_before in before]
                stays = tuple(map(minimum, stays, moved))
            pr_then_cr[k], pr_open[k], cr_open[k] = stays
        pr_open[0] = minimum(pr_open[0], maximum(day, if_pr))
        cr_open[0] = minimum(cr_open[0], maximum(day, if_cr))

    return {
        "confirmed_cr": confirmed_cr, "from_cr": from_cr,
        "confirmed_pr": confirmed_pr, "from_pr": from_pr,
    }  # fmt: skip


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
