"""Response of the target lesions, for each of the published criteria."""

from __future__ import annotations

import attrs

from .._base.words import (
    Rise,
    Target,
    Targets,
)
from . import readings
from .decision_table import DecisionTable, Rule
from .papers import (
    DERIVED,
    EORTC_FAQ,
    RESTATED,
    VERIFIED,
    mrecist_at,
    recist_at,
)

__all__ = []

# ---- Target lesions

_TARGET_INPUTS = {"targets": Targets, "gone": bool, "rise": Rise, "fell": bool}

_FALL = (
    "total {total} is {fall} below the baseline total {baseline} of {baseline_date}; "
    "response needs {response_share}, a total of {response_limit} or less, "
    "{response_reached}{floor_note}"
)
_RISE = (
    "total {total} is {rise} above the nadir {nadir} of {nadir_date}; "
    "progression needs {progression_share}{floor}, {progression_reached}"
)
_BETWEEN = (
    "total {total}, against baseline {baseline} of {baseline_date} and nadir {nadir} of "
    "{nadir_date}: {response_margin} short of response ({response_limit} or less), "
    "{progression_margin} short of progression ({progression_limit} or more){floor_note}"
)
_GONE = "every target is gone ({gone_targets}); nodes count as gone below {gone_node}"
_IN_PART = "{unseen} not evaluable; {others} "
_IN_PART_RISE = (
    _IN_PART + "alone is {rise} above the nadir {nadir} of {nadir_date}; "
    "progression needs {progression_share}{floor}, {progression_reached}"
)

MRECIST_TARGET = DecisionTable(
    "target",
    "Response of the target lesions, HCC mRECIST",
    inputs=_TARGET_INPUTS,
    rules=(
        Rule(
            "TL-NONE", Target.NONE,
            when={"targets": Targets.NONE},
            sentence="this line has no target",
            source=recist_at("measurable disease", DERIVED),
        ),
        Rule(
            "TL-NO-BASELINE", Target.NE,
            when={"targets": Targets.NO_BASELINE},
            sentence="this line has no baseline to compare with",
            source=readings.NO_BASELINE,
        ),
        Rule(
            "NUM-05", Target.NE,
            when={"targets": Targets.NO_BASELINE_TOTAL},
            sentence="the targets have no total at baseline to compare with",
            source=recist_at("measurable disease", DERIVED),
        ),
        Rule(
            "NE-03", Target.PD,
            when={"targets": Targets.IN_PART, "gone": False, "rise": Rise.YES},
            sentence=_IN_PART_RISE,
            source=recist_at("missing assessments", DERIVED),
            readings=(readings.PARTIAL_PD,),
        ),
        Rule(
            "NE-02", Target.NE,
            when={"targets": Targets.IN_PART, "rise": {Rise.NO, Rise.UNDER_FLOOR}},
            sentence=_IN_PART + "proves no progression",
            source=recist_at("missing assessments"),
        ),
        Rule(
            "NE-02-GONE", Target.NE,
            when={"targets": Targets.IN_PART, "gone": True, "rise": Rise.YES},
            sentence="{unseen} not evaluable; of the others every one is gone, and normal nodes "
            "that grow prove no progression",
            source=recist_at("missing assessments", DERIVED),
            readings=(readings.PARTIAL_PD,),
        ),
        Rule(
            "TL-CR-0", Target.CR,
            when={"targets": Targets.ALL, "gone": True},
            sentence=_GONE,
            source=mrecist_at("target lesion response", RESTATED),
            readings=(readings.NODE_CR,),
        ),
        Rule(
            "TL-PD-20", Target.PD,
            when={"targets": Targets.ALL, "gone": False, "rise": Rise.YES},
            sentence=_RISE + "{small_rise_note}",
            source=mrecist_at("target lesion response", RESTATED),
            readings=(readings.NADIR_BASELINE, readings.ZERO_NADIR),
        ),
        Rule(
            "TL-PR-30", Target.PR,
            when={
                "targets": Targets.ALL, "gone": False,
                "rise": {Rise.NO, Rise.UNDER_FLOOR}, "fell": True,
            },
            sentence=_FALL,
            source=mrecist_at("target lesion response", RESTATED),
            readings=(readings.BASELINE_VIABLE,),
        ),
        Rule(
            "TL-SD", Target.SD,
            when={
                "targets": Targets.ALL, "gone": False,
                "rise": {Rise.NO, Rise.UNDER_FLOOR}, "fell": False,
            },
            sentence=_BETWEEN,
            source=mrecist_at("target lesion response", RESTATED),
            readings=(readings.NOT_STICKY,),
        ),
    ),
)  # fmt: skip

MRECIST_5MM_TARGET = DecisionTable(
    "target",
    "Response of the target lesions, HCC mRECIST with a floor of 5 mm",
    inputs=_TARGET_INPUTS,
    rules=tuple(
        attrs.evolve(
            rule, id="TL-PD-5MM", sentence=_RISE, readings=(readings.FLOOR, *rule.readings)
        )
        if rule.id == "TL-PD-20"
        else rule
        for rule in MRECIST_TARGET.rules
    ),
)

RECIST_TARGET = DecisionTable(
    "target",
    "Response of the target lesions, RECIST 1.1",
    inputs=_TARGET_INPUTS,
    rules=(
        Rule(
            "R11-TL-NONE", Target.NONE,
            when={"targets": Targets.NONE},
            sentence="this line has no target",
            source=recist_at("measurable disease", DERIVED),
        ),
        Rule(
            "R11-TL-NO-BASELINE", Target.NE,
            when={"targets": Targets.NO_BASELINE},
            sentence="this line has no baseline to compare with",
            source=readings.NO_BASELINE,
        ),
        Rule(
            "R11-NUM-05", Target.NE,
            when={"targets": Targets.NO_BASELINE_TOTAL},
            sentence="the targets have no total at baseline to compare with",
            source=recist_at("measurable disease", DERIVED),
        ),
        Rule(
            "R11-NE-03", Target.PD,
            when={"targets": Targets.IN_PART, "gone": False, "rise": Rise.YES},
            sentence=_IN_PART_RISE,
            source=recist_at("missing assessments", DERIVED),
            readings=(readings.PARTIAL_PD,),
        ),
        Rule(
            "R11-NE-02", Target.NE,
            when={"targets": Targets.IN_PART, "rise": {Rise.NO, Rise.UNDER_FLOOR}},
            sentence=_IN_PART + "proves no progression",
            source=recist_at("missing assessments"),
        ),
        Rule(
            "R11-NE-02-GONE", Target.NE,
            when={"targets": Targets.IN_PART, "gone": True, "rise": Rise.YES},
            sentence="{unseen} not evaluable; of the others every one is gone, and normal nodes "
            "that grow prove no progression",
            source=recist_at("missing assessments", DERIVED),
            readings=(readings.PARTIAL_PD,),
        ),
        Rule(
            "R11-TL-CR", Target.CR,
            when={"targets": Targets.ALL, "gone": True},
            sentence=_GONE,
            source=recist_at("target lesion response"),
        ),
        Rule(
            "R11-TL-PD", Target.PD,
            when={"targets": Targets.ALL, "gone": False, "rise": Rise.YES},
            sentence=_RISE,
            source=recist_at("target lesion response"),
            readings=(readings.ZERO_NADIR,),
        ),
        Rule(
            "R11-TL-PR", Target.PR,
            when={
                "targets": Targets.ALL, "gone": False,
                "rise": {Rise.NO, Rise.UNDER_FLOOR}, "fell": True,
            },
            sentence=_FALL,
            source=recist_at("target lesion response"),
        ),
        Rule(
            "R11-TL-SD", Target.SD,
            when={
                "targets": Targets.ALL, "gone": False,
                "rise": {Rise.NO, Rise.UNDER_FLOOR}, "fell": False,
            },
            sentence=_BETWEEN,
            source=recist_at("definition of stable disease", VERIFIED, EORTC_FAQ),
            readings=(readings.NOT_STICKY,),
        ),
    ),
)  # fmt: skip
