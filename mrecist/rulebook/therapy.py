"""What a line of therapy is to its agents, and where a line begins."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from .._base.words import (
    Beginning,
    EndReason,
    Exposure,
    Newcomers,
    Pause,
    Shared,
)
from . import readings
from .decision_table import DecisionTable, Rule
from .drugs import PROCEDURES
from .papers import (
    DERIVED,
    IKEDA_2021,
    REEXPOSURE_REVIEW_2022,
    VERIFIED,
)

__all__ = ["BEGINNING", "EXPOSURE", "UNRECORDED", "shared_kind"]

# ---- What a line is to its agents

_VOCABULARY = REEXPOSURE_REVIEW_2022.at("words for re-exposure, there of immunotherapy", DERIVED)

_ANYTHING_ELSE = frozenset(EndReason) - {EndReason.PROGRESSION, EndReason.TOXICITY}

EXPOSURE = DecisionTable(
    "exposure",
    "What a line is, given the earlier lines with one of its agents",
    inputs={"shared": Shared, "recorded": bool, "reason": EndReason, "progressed": bool},
    rules=(
        Rule(
            "RC-FIRST", Exposure.FIRST,
            when={"shared": Shared.NOTHING},
            sentence="no earlier line had one of its agents",
            source=_VOCABULARY,
            readings=(readings.DRUG_NAMES,),
        ),
        Rule(
            "RC-REPEAT", Exposure.REPEAT,
            when={"shared": Shared.PROCEDURES},
            sentence="{agents} again, a local procedure that line {earlier} had",
            source=readings.PROCEDURES_AGAIN,
        ),
        Rule(
            "RC-RECHALLENGE", Exposure.RECHALLENGE,
            when={"shared": Shared.DRUGS, "recorded": True, "reason": EndReason.PROGRESSION},
            sentence="{agents} again after progression in line {earlier}",
            source=_VOCABULARY,
        ),
        Rule(
            "RC-RECHALLENGE-PD", Exposure.RECHALLENGE,
            when={"shared": Shared.DRUGS, "recorded": False, "progressed": True},
            sentence="{agents} again after progression seen in line {earlier}",
            source=readings.ENDED,
        ),
        Rule(
            "RC-RESUMPTION", Exposure.RESUMPTION,
            when={"shared": Shared.DRUGS, "recorded": True, "reason": EndReason.TOXICITY},
            sentence="{agents} again after toxicity in line {earlier}",
            source=_VOCABULARY,
        ),
        Rule(
            "RC-REINTRO", Exposure.REINTRODUCTION,
            when={
                "shared": Shared.DRUGS, "recorded": True,
                "reason": _ANYTHING_ELSE,
            },
            sentence="{agents} again, after line {earlier} ended without progression or toxicity",
            source=readings.EXPOSURE_WORDS,
        ),
        Rule(
            "RC-REINTRO-UNKNOWN", Exposure.REINTRODUCTION,
            when={"shared": Shared.DRUGS, "recorded": False, "progressed": False},
            sentence="{agents} again; why line {earlier} ended is not recorded",
            source=readings.EXPOSURE_WORDS,
        ),
    ),
)  # fmt: skip

UNRECORDED = EndReason.OTHER
"""Stands for an end reason that is not recorded, or of no line: no rule looks at it then."""


def shared_kind(agents: AbstractSet[str]) -> Shared:
    """What lines share whose common agents have these canonical names."""
    if not agents:
        return Shared.NOTHING
    return Shared.PROCEDURES if agents <= PROCEDURES.keys() else Shared.DRUGS


# ---- Where a line of therapy begins

BEGINNING = DecisionTable(
    "beginning",
    "Whether a line of therapy begins on a day on which something is given",
    inputs={
        "first": bool, "newcomers": Newcomers, "goes_on": bool, "pause": Pause, "progressed": bool,
    },
    rules=(
        Rule(
            "LINE-10-FIRST", Beginning.FIRST,
            when={"first": True},
            sentence="nothing was given before",
            source=readings.LINE_BOUNDARY,
        ),
        Rule(
            "LINE-10-REGIMEN", Beginning.REGIMEN,
            when={"first": False, "newcomers": Newcomers.UNPLANNED, "goes_on": False},
            sentence="{newcomers}, which the line before did not have",
            source=readings.LINE_BOUNDARY,
        ),
        Rule(
            "LINE-10-ADDED", Beginning.ADDED,
            when={"first": False, "newcomers": Newcomers.UNPLANNED, "goes_on": True},
            sentence="{newcomers} added to {going_on}",
            source=readings.LINE_BOUNDARY,
            readings=(readings.JOINT_START,),
        ),
        Rule(
            "LINE-10-GAP", Beginning.GAP,
            when={
                "first": False, "newcomers": {Newcomers.NONE, Newcomers.PLANNED},
                "pause": Pause.GAP,
            },
            sentence="{again} again after {days} days without it, more than {max_gap_days}",
            source=readings.LINE_BOUNDARY,
        ),
        Rule(
            "LINE-10-PD", Beginning.PROGRESSION,
            when={
                "first": False, "newcomers": {Newcomers.NONE, Newcomers.PLANNED},
                "pause": Pause.HOLD, "progressed": True,
            },
            sentence="{again} again after documented progression",
            source=readings.LINE_BOUNDARY,
            readings=(readings.RESTART,),
        ),
        Rule(
            "LINE-10-JOINT", Beginning.SAME,
            when={"first": False, "newcomers": Newcomers.PLANNED, "pause": Pause.NONE},
            sentence="{newcomers} joins the regimen",
            source=readings.JOINT_START,
        ),
        Rule(
            "LINE-10-PLANNED", Beginning.SAME,
            when={
                "first": False, "newcomers": Newcomers.PLANNED, "pause": Pause.HOLD,
                "progressed": False,
            },
            sentence="{newcomers} joins the regimen after a hold",
            source=readings.JOINT_START,
        ),
        Rule(
            "LINE-08-DOSE", Beginning.SAME,
            when={"first": False, "newcomers": Newcomers.NONE, "pause": Pause.NONE},
            sentence="a dose of the regimen, which goes on",
            source=IKEDA_2021.at("doses of lenvatinib and sorafenib in lines 1 and 2", DERIVED),
            readings=(readings.DROPPED,),
        ),
        Rule(
            "LINE-08-HOLD", Beginning.SAME,
            when={
                "first": False, "newcomers": Newcomers.NONE, "pause": Pause.HOLD,
                "progressed": False,
            },
            sentence="the regimen again after a hold",
            source=IKEDA_2021.at("lenvatinib held for two weeks in line 1", VERIFIED),
        ),
    ),
)  # fmt: skip
