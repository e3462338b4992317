"""Areas: what a finding says of the area of a lesion, and what of it a total takes in."""

from __future__ import annotations

import attrs

from .._base.words import Size, State, Status, YesNo
from . import readings
from .decision_table import DecisionTable, Rule
from .nontargets import NONTARGET_LESION
from .papers import EASL_2001, RESTATED, VERIFIED, recist_at
from .sizes import KNOWN, SAYS_A_SIZE

__all__ = ["AREA", "EASL_NONTARGET_LESION", "ENTERS"]

AREA = DecisionTable(
    "area",
    "What a finding says about the area of a lesion",
    inputs={"status": Status, "sized": bool, "nothing": bool, "across": bool},
    rules=(
        Rule(
            "AR-NE", Size.NOT_EVALUABLE,
            when={"status": Status.NOT_EVALUABLE},
            sentence="recorded as not evaluable",
            source=recist_at("time point response", VERIFIED),
        ),
        Rule(
            "AR-ABSENT", Size.ZERO,
            when={"status": Status.ABSENT},
            sentence="no area left",
            source=readings.AREA,
        ),
        Rule(
            "AR-SMALL", Size.UNKNOWN,
            when={"status": Status.TOO_SMALL},
            sentence="too small to measure, so without an area",
            source=readings.AREA_SMALL,
        ),
        Rule(
            "AR-NO-SIZE", Size.UNKNOWN,
            when={"status": SAYS_A_SIZE, "sized": False},
            sentence="no {diameter} recorded, so no area",
            source=readings.AREA,
        ),
        Rule(
            "AR-NOTHING", Size.ZERO,
            when={"status": SAYS_A_SIZE, "sized": True, "nothing": True},
            sentence="no area left",
            source=readings.AREA,
        ),
        Rule(
            "AR-NO-PERP", Size.UNKNOWN,
            when={"status": SAYS_A_SIZE, "sized": True, "nothing": False, "across": False},
            sentence="no perpendicular of the {diameter} recorded, so no area",
            source=readings.AREA,
        ),
        Rule(
            "AR-PRODUCT", Size.RECORDED,
            when={"status": SAYS_A_SIZE, "sized": True, "nothing": False, "across": True},
            sentence="area {area}",
            source=readings.AREA,
        ),
    ),
)  # fmt: skip
"""`sized`: the diameter is recorded, `nothing`: as 0; `across`: its perpendicular is recorded."""

ENTERS = DecisionTable(
    "target-fit-area",
    "Whether a measurable lesion may be a target of criteria that sum areas",
    inputs={"enters": bool},
    rules=(
        Rule(
            "AR-FIT", YesNo.YES,
            when={"enters": True},
            sentence="measurable",
            source=readings.AREA_ROLES,
            readings=(readings.SELECTION, readings.SHARED_SCAN, readings.EMPTY_LIST),
        ),
        Rule(
            "AR-BESIDE", YesNo.NO,
            when={"enters": False},
            sentence="judged by its diameter, which no total of areas takes in",
            source=readings.AREA_REST,
        ),
    ),
)  # fmt: skip
"""`enters`: its area is one that the total takes in."""

_UNLESS_BACK = {"EFF-CYTO", "NTL-PERSISTS"}

EASL_NONTARGET_LESION = DecisionTable(
    "nontarget-lesion-easl",
    "One non-target lesion at a time point, EASL",
    inputs={**NONTARGET_LESION.inputs, "back": bool},
    rules=(
        Rule(
            "EASL-NT-AGAIN", State.PROGRESSED,
            when={"size": KNOWN, "gone": False, "back": True},
            sentence="enhances again ({says}), without viable tissue before",
            source=EASL_2001.at("progression", RESTATED),
            readings=(readings.ENHANCES_AGAIN,),
        ),
        *(
            attrs.evolve(
                rule,
                id=f"EASL-{rule.id}",
                when={**rule.when, **({"back": False} if rule.id in _UNLESS_BACK else {})},
            )
            for rule in NONTARGET_LESION.rules
        ),
    ),
)  # fmt: skip
"""`back`: without viable tissue at an earlier look of the line, and with some now."""
