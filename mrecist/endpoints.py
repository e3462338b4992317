"""What a line comes to: best response, unconfirmed and confirmed, over its time points.

One pass over the follow-ups in date order with a few registers ("so far" days). The body is
written with operators and two functions, so that it serves one line (`int`) as well as an array
of lines, one element a line (pass NumPy's `where` and `minimum`).
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

__all__ = ["NEVER", "Course", "best", "confirmations", "confirmed", "course", "first_days"]

CR, PR, SD, NN, PD, NE, NED, _ = (response.code for response in Response)

NEVER = 1 << 28
"""A day that never comes: what a register holds before anything has happened."""

_EMPTY = (NEVER, NEVER, NEVER)


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


def _either(condition: Any, one: Any, other: Any) -> Any:
    return one if condition else other


def course(responses: Iterable[Any], days: Iterable[Any], criteria: Criteria) -> Course:
    """Follow one line through its follow-ups, given by response code and day, ascending in days."""
    follow_ups = list(zip(responses, days, strict=True))
    return Course(**first_days(follow_ups, criteria), **confirmations(follow_ups, criteria))


def first_days(
    follow_ups: Iterable[tuple[Any, Any]],
    criteria: Criteria,
    *,
    where: Callable[[Any, Any, Any], Any] = _either,
    minimum: Callable[[Any, Any], Any] = min,
) -> dict[str, Any]:
    """The first day of each response up to the first progression.

    `follow_ups` gives response code and day, ascending in days; or arrays of them over lines, with
    code -1 after the last follow-up of a line.
    """
    cr = pr = sd = nn = ned = pd = seen = lasting = NEVER
    for response, day in follow_ups:
        # Days ascend, so the smallest day of each kind is the first.
        counts = (response >= 0) & (pd == NEVER)
        on = where(counts, day, NEVER)
        lasts = where(at_least(day, criteria.stable_days), on, NEVER)
        is_cr, is_pr, is_sd = response == CR, response == PR, response == SD
        seen = minimum(seen, on)
        cr = minimum(cr, where(is_cr, on, NEVER))
        pr = minimum(pr, where(is_pr, on, NEVER))
        sd = minimum(sd, where(is_sd, lasts, NEVER))
        lasting = minimum(lasting, where(is_cr | is_pr | is_sd, lasts, NEVER))
        nn = minimum(nn, where(response == NN, lasts, NEVER))
        ned = minimum(ned, where(response == NED, on, NEVER))
        pd = minimum(pd, where(response == PD, on, NEVER))
    return {
        "cr": cr, "pr": pr, "sd": sd, "nn": nn, "ned": ned, "pd": pd, "seen": seen,
        "lasting": lasting,
    }  # fmt: skip


def confirmations(
    follow_ups: Iterable[tuple[Any, Any]],
    criteria: Criteria,
    *,
    where: Callable[[Any, Any, Any], Any] = _either,
    minimum: Callable[[Any, Any], Any] = min,
) -> dict[str, Any]:
    """The first confirmed CR and PR before any progression, and when they began.

    Takes what `first_days` takes. Without a CR or PR there is nothing to confirm: all are `NEVER`.
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
        is_ne = response == NE

        # BOR-03 and BOR-08: the same or better, late enough, with few enough NE between.
        oldest_cr = reduce(minimum, cr_open)
        now = is_cr & at_least(day - oldest_cr, criteria.confirmation_days)
        now = now & (confirmed_cr == NEVER)
        confirmed_cr, from_cr = where(now, day, confirmed_cr), where(now, oldest_cr, from_cr)
        oldest_pr = reduce(minimum, pr_open)
        oldest_pr = where(is_cr, reduce(minimum, pr_then_cr, oldest_pr), oldest_pr)
        now = (is_cr | is_pr) & at_least(day - oldest_pr, criteria.confirmation_days)
        now = now & (confirmed_pr == NEVER)
        confirmed_pr, from_pr = where(now, day, confirmed_pr), where(now, oldest_pr, from_pr)

        # One NE moves a register on, what keeps it open leaves it, anything else empties it.
        for k in gaps:
            moved = (pr_then_cr[k - 1], pr_open[k - 1], cr_open[k - 1]) if k else _EMPTY
            # BOR-T02: a PR after a CR confirms nothing, so a PR empties this one.
            turned = where(is_cr, minimum(pr_then_cr[k], pr_open[k]), NEVER)
            pr_then_cr[k] = where(is_ne, moved[0], turned)
            pr_open[k] = where(is_ne, moved[1], where(is_pr, pr_open[k], NEVER))
            cr_open[k] = where(is_ne, moved[2], where(is_cr, cr_open[k], NEVER))
        pr_open[0] = minimum(pr_open[0], where(is_pr, day, NEVER))
        cr_open[0] = minimum(cr_open[0], where(is_cr, day, NEVER))

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
