"""Best response of a line without confirmation, and the groups that rates count."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from .._base.words import (
    Response,
)
from . import readings
from .decision_table import DecisionTable, Rule
from .papers import (
    ADMIRALONCO,
    VERIFIED,
    recist_at,
)

__all__ = [
    "ADEQUATE",
    "BEST",
    "CONTROLLED",
    "COUNTABLE",
    "COUNTS_AS",
    "OBJECTIVE",
    "RESPONSE_GROUPS",
    "SHOWN_BY",
    "counts_as",
    "is_objective",
    "is_progression",
]

OBJECTIVE = frozenset({Response.CR, Response.PR})
"""Best responses that are an objective response: the numerator of the objective response rate.

RECIST 1.1's response rate, from memory: of all patients in the analysis set, the others count as
non-responders, also those who cannot be evaluated (TTE-ORR).
"""

ADEQUATE = frozenset(Response) - {Response.NE, Response.ND}
"""The responses, computed or reported, of an adequate assessment (Reading RD-ADEQUATE)."""

CONTROLLED = OBJECTIVE | {Response.SD, Response.NON_CR_NON_PD}
"""Best responses that are disease control: the numerator of the disease control rate.

Response or stable disease that lasted long enough (TTE-DCR). Without targets NON-CR/NON-PD takes
the place of SD; protocols differ in whether it counts, and it does as in admiralonco's clinical
benefit. No evidence of disease (NED) is not counted: there was none to control.
"""

RESPONSE_GROUPS: Mapping[str, frozenset[Response]] = MappingProxyType(
    {
        "CR/PR": OBJECTIVE,
        "SD": frozenset({Response.SD}),
        "PD": frozenset({Response.PD}),
        "other": frozenset(Response) - OBJECTIVE - {Response.SD, Response.PD},
    }
)
"""The best responses before, by which those to a rechallenge are told (RD-FIRST-RESPONSES)."""

# ---- The best response of a line: what occurred up to the first progression, best first

_BEST_INPUTS = {
    "cr": bool, "pr": bool, "sd": bool, "nn": bool, "ned": bool, "pd": bool, "any": bool,
}  # fmt: skip
_BOR = recist_at("best overall response")
_BOR_CODE = recist_at("best overall response without confirmation", VERIFIED, ADMIRALONCO)
_NONE_BETTER = {"cr": False, "pr": False, "sd": False, "nn": False, "ned": False}

BEST = DecisionTable(
    "best",
    "Best response of a line, each time point counting by itself",
    inputs=_BEST_INPUTS,
    rules=(
        Rule(
            "BOR-05-CR", Response.CR,
            when={"cr": True},
            sentence="CR on day {cr_day}",
            source=_BOR_CODE,
        ),
        Rule(
            "BOR-05-PR", Response.PR,
            when={"cr": False, "pr": True},
            sentence="PR on day {pr_day}",
            source=_BOR_CODE,
        ),
        Rule(
            "BOR-04-SD", Response.SD,
            when={"cr": False, "pr": False, "sd": True},
            sentence="SD on day {sd_day} (day {stable_days} or later)",
            source=_BOR,
            readings=(readings.STABLE_42,),
        ),
        Rule(
            "BOR-04-NN", Response.NON_CR_NON_PD,
            when={"cr": False, "pr": False, "sd": False, "nn": True},
            sentence="NON-CR/NON-PD on day {nn_day} (day {stable_days} or later)",
            source=_BOR_CODE,
        ),
        Rule(
            "BOR-05-NED", Response.NED,
            when={"cr": False, "pr": False, "sd": False, "nn": False, "ned": True},
            sentence="no evidence of disease, on day {ned_day}",
            source=readings.NED,
        ),
        Rule(
            "BOR-05-PD", Response.PD,
            when={**_NONE_BETTER, "pd": True},
            sentence="progression on day {pd_day}, and no response or stable disease that "
            "counts before",
            source=_BOR_CODE,
        ),
        Rule(
            "BOR-05-NE", Response.NE,
            when={**_NONE_BETTER, "pd": False, "any": True},
            sentence="nothing that counts at any follow-up",
            source=_BOR_CODE,
        ),
        Rule(
            "BOR-05-ND", Response.ND,
            when={**_NONE_BETTER, "pd": False, "any": False},
            sentence="no follow-up",
            source=_BOR_CODE,
        ),
    ),
)  # fmt: skip

# ---- What a response counts as, by its code: one body for an int and for an array

CR, PR, SD, NN, PD, NE, NED, _ = (response.code for response in Response)


def is_objective(response: Any) -> Any:
    """Whether a response is one of `OBJECTIVE`, which a later one can confirm."""
    return (response == CR) | (response == PR)


def is_progression(response: Any) -> Any:
    """Whether a response is progression, after which nothing counts for the line."""
    return response == PD


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

COUNTABLE = tuple(counts_as(PD, late=True))
"""The names of what a response can count as."""

SHOWN_BY: Mapping[Response, str] = MappingProxyType({
    Response.CR: "cr", Response.PR: "pr", Response.SD: "sd", Response.NON_CR_NON_PD: "nn",
    Response.NED: "ned", Response.PD: "pd", Response.NE: "seen",
})  # fmt: skip
"""What the first follow-up that shows a best response counts as; no follow-up shows ND."""
