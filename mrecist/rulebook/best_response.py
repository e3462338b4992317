"""Best response of a line without confirmation, and the groups that rates count."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

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

__all__ = ["ADEQUATE", "BEST", "CONTROLLED", "OBJECTIVE", "RESPONSE_GROUPS"]

OBJECTIVE = frozenset({Response.CR, Response.PR})
"""Best responses that are an objective response: the numerator of the objective response rate.

RECIST 1.1's response rate, from memory: of all patients in the analysis set, the others count as
non-responders, also those who cannot be evaluated (TTE-ORR).
"""

ADEQUATE = frozenset(Response) - {Response.NE, Response.ND}
"""The responses of an adequate assessment (Reading RD-ADEQUATE)."""

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
