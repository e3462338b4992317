"""Confirmed best response of a line, and the days on which responses are confirmed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from types import MappingProxyType
from typing import Any

from .._base.exact import at_least
from .._base.words import (
    Response,
)
from . import readings
from .best_response import _BEST_INPUTS, _BOR, _NONE_BETTER, CR, NE, OBJECTIVE, PD, PR, SHOWN_BY
from .criteria import Criteria
from .decision_table import DecisionTable, Rule
from .papers import ADMIRALONCO, VERIFIED, recist_at

__all__ = ["CONFIRMED", "CONFIRMED_BY", "NEVER", "confirmations", "responses_to_confirm"]


NEVER = 1 << 28
"""A day that never comes: what a register holds before anything has happened."""


def _unless(condition: Any) -> Any:
    return -NEVER if condition else NEVER


def responses_to_confirm(criteria: Criteria) -> int:
    """How many responses a confirmed one takes: one where no confirmation is asked for."""
    return 2 if criteria.confirmation_days else 1


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

    Without two responses of CR or PR there is nothing to confirm: all are `NEVER`. Where the
    criteria ask for no confirmation, a response confirms itself.
    """
    gaps = range(criteria.confirmation_gaps, -1, -1)
    confirmed_cr = from_cr = confirmed_pr = from_pr = NEVER
    # The earliest response that could still be confirmed, by how many NE have come since; any
    # other response empties them, so that nothing is confirmed across a progression:
    cr_open: list[Any] = [NEVER for _ in gaps]  # a CR with only CR and NE since
    pr_open: list[Any] = [NEVER for _ in gaps]  # a PR with only PR and NE since
    pr_then_cr: list[Any] = [NEVER for _ in gaps]  # a PR with a CR since, and no PR after it
    goes_on: Any = True
    alone = responses_to_confirm(criteria) == 1

    for response, day in follow_ups:
        goes_on = goes_on & (response != PD)
        is_cr, is_pr = goes_on & (response == CR), goes_on & (response == PR)
        if_cr, if_pr, if_ne = map(never_unless, (is_cr, is_pr, response == NE))

        # BOR-03 and BOR-08: the same or better, late enough, with few enough NE between. Days
        # ascend, so the smallest day is the first, and so is that of the response it confirms.
        oldest_cr = reduce(minimum, cr_open)
        oldest_pr = minimum(reduce(minimum, pr_open), maximum(reduce(minimum, pr_then_cr), if_cr))
        if alone:
            oldest_cr = minimum(oldest_cr, maximum(day, if_cr))
            oldest_pr = minimum(oldest_pr, maximum(day, if_pr))
        now = never_unless(is_cr & at_least(day - oldest_cr, criteria.confirmation_days))
        confirmed_cr = minimum(confirmed_cr, maximum(day, now))
        from_cr = minimum(from_cr, maximum(oldest_cr, now))
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


_CBOR_CODE = recist_at("confirmed best overall response", VERIFIED, ADMIRALONCO)

CONFIRMED = DecisionTable(
    "confirmed",
    "Best response of a line, CR and PR only when confirmed",
    inputs=_BEST_INPUTS,
    rules=(
        Rule(
            "BOR-03-CR", Response.CR,
            when={"cr": True},
            sentence="CR on day {cr_day}, confirmed on day {cr_confirmed}, "
            "{confirmation_days} or more later",
            source=_CBOR_CODE,
            readings=(readings.NO_LATEST,),
        ),
        Rule(
            "BOR-03-PR", Response.PR,
            when={"cr": False, "pr": True},
            sentence="PR on day {pr_day}, confirmed on day {pr_confirmed}, "
            "{confirmation_days} or more later",
            source=_CBOR_CODE,
            readings=(readings.NO_LATEST,),
        ),
        Rule(
            "BOR-T-SD", Response.SD,
            when={"cr": False, "pr": False, "sd": True},
            sentence="{lasting} on day {sd_day} (day {stable_days} or later); no response was "
            "confirmed",
            source=_BOR,
            readings=(readings.STABLE_42,),
        ),
        Rule(
            "BOR-T-NN", Response.NON_CR_NON_PD,
            when={"cr": False, "pr": False, "sd": False, "nn": True},
            sentence="NON-CR/NON-PD on day {nn_day} (day {stable_days} or later)",
            source=_CBOR_CODE,
        ),
        Rule(
            "BOR-T-NED", Response.NED,
            when={"cr": False, "pr": False, "sd": False, "nn": False, "ned": True},
            sentence="no evidence of disease, on day {ned_day}",
            source=readings.NED,
        ),
        Rule(
            "BOR-T-PD", Response.PD,
            when={**_NONE_BETTER, "pd": True},
            sentence="progression on day {pd_day}, and no response or stable disease that "
            "counts before",
            source=_CBOR_CODE,
        ),
        Rule(
            "BOR-T-NE", Response.NE,
            when={**_NONE_BETTER, "pd": False, "any": True},
            sentence="nothing confirmed, and nothing stable on day {stable_days} or later",
            source=_CBOR_CODE,
        ),
        Rule(
            "BOR-T-ND", Response.ND,
            when={**_NONE_BETTER, "pd": False, "any": False},
            sentence="no follow-up",
            source=_CBOR_CODE,
        ),
    ),
)  # fmt: skip

CONFIRMED_BY: Mapping[Response, str] = MappingProxyType({
    response: name for response, name in SHOWN_BY.items() if response not in OBJECTIVE
} | {Response.SD: "lasting"})  # fmt: skip
"""The same of a confirmed best response; CR and PR are shown by the response that was confirmed."""
