"""LI-RADS treatment response: what a lesion shows after local treatment, lesion by lesion.

It grades lesions, never a patient, and compares no percentage. Version 2018 has one table; version
2024 has one for treatment by radiation, which looks for growth, and one for all other treatment.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from .._base.words import Answer, Category, Change, Masslike, Move, Treatment, Trend, YesNo
from . import readings
from .decision_table import DecisionTable, Rule
from .drugs import procedure_kinds
from .lesion_criteria import LR_TR_2018, LR_TR_2024
from .papers import DERIVED, LI_RADS_2018, LI_RADS_2024, RESTATED

__all__ = [
    "APHE",
    "BY_ANCILLARY",
    "CHANGE",
    "EVALUABLE",
    "LR_TR_2018_TABLE",
    "LR_TR_2024_TABLE",
    "NEEDS_TWO_SCANS",
    "NEWLY",
    "RADIATION_TABLE",
    "RANKED",
    "SIZED",
    "TABLES_OF",
    "TREND_OF",
    "is_comparable",
    "is_unassessable",
    "treatment_of",
]

_V2018 = LI_RADS_2018.at("treatment response", RESTATED)
_V2024 = LI_RADS_2024.at("treatment response, no radiation", RESTATED)
_RADIATION = LI_RADS_2024.at("treatment response, radiation", RESTATED)
# bool, or array of them: the same operators either way.
Flags = Any
_NOT_YES = {Answer.NO, Answer.UNKNOWN}

# ---- what was done to the lesion

_KINDS: Mapping[str, Treatment] = MappingProxyType({
    **dict.fromkeys(
        ("RFA", "MWA", "ablation", "cryoablation", "PEI", "ethanol", "TAE", "TACE"),
        Treatment.NON_RADIATION,
    ),
    **dict.fromkeys(("TARE", "SBRT", "radiotherapy"), Treatment.RADIATION),
    "resection margin": Treatment.MARGIN,
})  # fmt: skip


RANKED = (Treatment.RADIATION, Treatment.NON_RADIATION, Treatment.MARGIN)
"""Which of several treatments of one day a lesion is graded by, the first of them."""


def treatment_of(kind: str) -> Treatment:
    """The kind of local treatment that a procedure is, by its text (Reading RD-LRTR-KINDS).

    Of several in one text radiation counts first: its lesions must be watched for growth.
    """
    found = {_KINDS.get(each, Treatment.NONE) for each in procedure_kinds(kind)}
    return next((each for each in RANKED if each in found), Treatment.NONE)


# ---- what the findings say

APHE = DecisionTable(
    "lr-tr-aphe",
    "Whether a treated lesion shows arterial hyperenhancement",
    inputs={"said": Answer, "viable": bool},
    rules=(
        Rule(
            "LRTR-APHE-SAID", Answer.YES,
            when={"said": Answer.YES},
            sentence="arterial hyperenhancement recorded",
            source=_V2018,
        ),
        Rule(
            "LRTR-APHE-DENIED", Answer.NO,
            when={"said": Answer.NO},
            sentence="no arterial hyperenhancement recorded",
            source=_V2018,
        ),
        Rule(
            "LRTR-APHE-VIABLE", Answer.YES,
            when={"said": Answer.UNKNOWN, "viable": True},
            sentence="a viable size above 0 in the arterial phase",
            source=readings.LRTR_APHE,
        ),
        Rule(
            "LRTR-APHE-UNKNOWN", Answer.UNKNOWN,
            when={"said": Answer.UNKNOWN, "viable": False},
            sentence="arterial hyperenhancement not recorded",
            source=_V2018,
        ),
    ),
)  # fmt: skip
"""`viable`: a viable size above 0 is recorded at an examination with arterial phase."""

TREND_OF: Mapping[Change | None, Trend] = MappingProxyType({
    None: Trend.NOT_SAID,
    Change.NEW: Trend.UP,
    Change.INCREASED: Trend.UP,
    Change.NEW_OR_INCREASED: Trend.UP,
    Change.STABLE: Trend.DOWN,
    Change.DECREASED: Trend.DOWN,
    Change.STABLE_OR_DECREASED: Trend.DOWN,
    Change.UNCERTAIN: Trend.UNCERTAIN,
})  # fmt: skip
"""What each word of a reader on change says; `None`: no word."""

CHANGE = DecisionTable(
    "lr-tr-change",
    "How mass-like enhancement changed since the examination before",
    inputs={"said": Trend, "absent_before": bool, "size": Move},
    rules=(
        Rule(
            "LRTR-CHANGE-UP", Trend.UP,
            when={"said": Trend.UP},
            sentence="new or increased in the reader's word",
            source=_RADIATION,
        ),
        Rule(
            "LRTR-CHANGE-DOWN", Trend.DOWN,
            when={"said": Trend.DOWN},
            sentence="stable or decreased in the reader's word",
            source=_RADIATION,
        ),
        Rule(
            "LRTR-CHANGE-UNCERTAIN", Trend.UNCERTAIN,
            when={"said": Trend.UNCERTAIN},
            sentence="uncertain in the reader's word",
            source=_RADIATION,
        ),
        Rule(
            "LRTR-CHANGE-NEW", Trend.UP,
            when={"said": Trend.NOT_SAID, "absent_before": True},
            sentence="nothing mass-like before",
            source=readings.LRTR_NEW,
        ),
        Rule(
            "LRTR-CHANGE-GREW", Trend.UP,
            when={"said": Trend.NOT_SAID, "absent_before": False, "size": Move.ROSE},
            sentence="a larger viable diameter than before",
            source=readings.LRTR_CHANGE,
        ),
        Rule(
            "LRTR-CHANGE-NOT-LARGER", Trend.DOWN,
            when={
                "said": Trend.NOT_SAID, "absent_before": False,
                "size": {Move.FELL, Move.NEITHER},
            },
            sentence="a viable diameter that is not larger than before",
            source=readings.LRTR_CHANGE,
        ),
        Rule(
            "LRTR-CHANGE-UNKNOWN", Trend.UNCERTAIN,
            when={"said": Trend.NOT_SAID, "absent_before": False, "size": Move.UNKNOWN},
            sentence="neither a word nor two viable diameters to compare",
            source=readings.LRTR_CHANGE,
        ),
    ),
)  # fmt: skip

NEWLY = DecisionTable(
    "lr-tr-newly",
    "Whether a sign on MRI is new since the examination before",
    inputs={"now": Answer, "before": Answer},
    rules=(
        Rule(
            "LRTR-NEWLY", YesNo.YES,
            when={"now": Answer.YES, "before": Answer.NO},
            sentence="there now, and not before",
            source=readings.LRTR_NEWLY,
        ),
        Rule(
            "LRTR-NEWLY-NOT", YesNo.NO,
            when={"now": _NOT_YES},
            sentence="not recorded",
            source=readings.LRTR_NEWLY,
        ),
        Rule(
            "LRTR-NEWLY-BEFORE", YesNo.NO,
            when={"before": {Answer.YES, Answer.UNKNOWN}},
            sentence="there before, or not looked for",
            source=readings.LRTR_NEWLY,
        ),
    ),
)  # fmt: skip

# ---- the categories

LR_TR_2018_TABLE = DecisionTable(
    "lr-tr-2018",
    "LI-RADS treatment response v2018 of a lesion",
    inputs={
        "masslike": Masslike, "arterial": bool, "aphe": Answer, "washout": Answer,
        "like_before": Answer,
    },
    rules=(
        Rule(
            "LR18-PHASE", Category.NONEVALUABLE,
            when={"arterial": False},
            sentence="no arterial phase",
            source=_V2018,
        ),
        Rule(
            "LR18-NE", Category.NONEVALUABLE,
            when={"masslike": Masslike.NOT_EVALUABLE},
            sentence="not assessable",
            source=_V2018,
        ),
        Rule(
            "LR18-APHE", Category.VIABLE,
            when={"masslike": Masslike.PRESENT, "arterial": True, "aphe": Answer.YES},
            sentence="mass-like tissue with arterial hyperenhancement",
            source=_V2018,
        ),
        Rule(
            "LR18-WASHOUT", Category.VIABLE,
            when={"masslike": Masslike.PRESENT, "arterial": True, "washout": Answer.YES},
            sentence="mass-like tissue with washout",
            source=_V2018,
        ),
        Rule(
            "LR18-LIKE-BEFORE", Category.VIABLE,
            when={"masslike": Masslike.PRESENT, "arterial": True, "like_before": Answer.YES},
            sentence="mass-like tissue that enhances like before treatment",
            source=_V2018,
        ),
        Rule(
            "LR18-TISSUE", Category.EQUIVOCAL,
            when={
                "masslike": Masslike.PRESENT, "arterial": True, "aphe": _NOT_YES,
                "washout": _NOT_YES, "like_before": _NOT_YES,
            },
            sentence="mass-like tissue with neither arterial hyperenhancement, nor washout, nor "
            "enhancement like before treatment",
            source=_V2018,
        ),
        Rule(
            "LR18-UNCERTAIN", Category.EQUIVOCAL,
            when={"masslike": Masslike.UNCERTAIN, "arterial": True},
            sentence="enhancement that is atypical for the treatment, not surely mass-like",
            source=_V2018,
        ),
        Rule(
            "LR18-ABSENT", Category.NONVIABLE,
            when={"masslike": Masslike.ABSENT, "arterial": True},
            sentence="no mass-like enhancement, or what is expected after the treatment",
            source=_V2018,
        ),
    ),
)  # fmt: skip

LR_TR_2024_TABLE = DecisionTable(
    "lr-tr-2024",
    "LI-RADS treatment response v2024 of a lesion treated without radiation",
    inputs={"masslike": Masslike, "mri": bool, "diffusion": Answer, "t2": Answer},
    rules=(
        Rule(
            "LR24-NE", Category.NONEVALUABLE,
            when={"masslike": Masslike.NOT_EVALUABLE},
            sentence="not evaluable",
            source=_V2024,
        ),
        Rule(
            "LR24-ABSENT", Category.NONVIABLE,
            when={"masslike": Masslike.ABSENT},
            sentence="no mass-like enhancement",
            source=_V2024,
        ),
        Rule(
            "LR24-PRESENT", Category.VIABLE,
            when={"masslike": Masslike.PRESENT},
            sentence="mass-like enhancement, of any degree in any phase",
            source=_V2024,
        ),
        Rule(
            "LR24-DIFFUSION", Category.VIABLE,
            when={"masslike": Masslike.UNCERTAIN, "mri": True, "diffusion": Answer.YES},
            sentence="mass-like enhancement uncertain, with restricted diffusion",
            source=_V2024,
        ),
        Rule(
            "LR24-T2", Category.VIABLE,
            when={"masslike": Masslike.UNCERTAIN, "mri": True, "t2": Answer.YES},
            sentence="mass-like enhancement uncertain, with mild to moderate T2 hyperintensity",
            source=_V2024,
        ),
        Rule(
            "LR24-UNCERTAIN", Category.EQUIVOCAL,
            when={
                "masslike": Masslike.UNCERTAIN, "mri": True, "diffusion": _NOT_YES, "t2": _NOT_YES,
            },
            sentence="mass-like enhancement uncertain, no sign on MRI that decides",
            source=_V2024,
        ),
        Rule(
            "LR24-UNCERTAIN-CT", Category.EQUIVOCAL,
            when={"masslike": Masslike.UNCERTAIN, "mri": False},
            sentence="mass-like enhancement uncertain, and no MRI",
            source=_V2024,
        ),
    ),
)  # fmt: skip

RADIATION_TABLE = DecisionTable(
    "lr-tr-2024-radiation",
    "LI-RADS treatment response v2024 of a lesion treated by radiation",
    inputs={"masslike": Masslike, "change": Trend, "newly": bool},
    rules=(
        Rule(
            "LR24R-NE", Category.NONEVALUABLE,
            when={"masslike": Masslike.NOT_EVALUABLE},
            sentence="not evaluable",
            source=_RADIATION,
        ),
        Rule(
            "LR24R-ABSENT", Category.NONVIABLE,
            when={"masslike": Masslike.ABSENT},
            sentence="no mass-like enhancement",
            source=_RADIATION,
        ),
        Rule(
            "LR24R-UNCERTAIN", Category.NONPROGRESSING,
            when={"masslike": Masslike.UNCERTAIN},
            sentence="mass-like enhancement uncertain",
            source=_RADIATION,
        ),
        Rule(
            "LR24R-GREW", Category.VIABLE,
            when={"masslike": Masslike.PRESENT, "change": Trend.UP},
            sentence="mass-like enhancement, new or increased: {change}",
            source=_RADIATION,
        ),
        Rule(
            "LR24R-ANCILLARY", Category.VIABLE,
            when={"masslike": Masslike.PRESENT, "change": Trend.DOWN, "newly": True},
            sentence="mass-like enhancement, not larger, with restricted diffusion or T2 "
            "hyperintensity that is new",
            source=_RADIATION,
            readings=(readings.LRTR_NEWLY,),
        ),
        Rule(
            "LR24R-STABLE", Category.NONPROGRESSING,
            when={"masslike": Masslike.PRESENT, "change": Trend.DOWN, "newly": False},
            sentence="mass-like enhancement, stable or decreased: {change}",
            source=_RADIATION,
            readings=(readings.LRTR_FIRST,),
        ),
        Rule(
            "LR24R-CHANGE-UNCERTAIN", Category.NONPROGRESSING,
            when={
                "masslike": Masslike.PRESENT, "change": {Trend.UNCERTAIN, Trend.NOT_SAID},
            },
            sentence="mass-like enhancement, its change uncertain: {change}",
            source=LI_RADS_2024.at("treatment response, radiation, tie-break", DERIVED),
        ),
    ),
)  # fmt: skip

BY_ANCILLARY = frozenset({"LR24-DIFFUSION", "LR24-T2", "LR24R-ANCILLARY"})
"""The rules by which a lesion is viable for a sign on MRI alone."""

EVALUABLE = frozenset({Masslike.PRESENT, Masslike.ABSENT, Masslike.UNCERTAIN})
"""What an examination says that a later one can be compared with."""


def is_unassessable(unsaid: Flags, unseen: Flags) -> Flags:
    """Whether a lesion is not assessable: unseen, and nothing is said of mass-like enhancement.

    That is part of Reading RD-LRTR-SILENT.
    """
    return unsaid & unseen


def is_comparable(evaluable: Flags, unsaid: Flags, sized: Flags) -> Flags:
    """Whether later examinations are compared with one after the treatment.

    It says whether mass-like enhancement is there (`evaluable`), or says nothing of it and has a
    viable diameter (Reading RD-LRTR-CHANGE).
    """
    return evaluable | (unsaid & sized)


NEEDS_TWO_SCANS = frozenset({Category.VIABLE})
"""What one examination after radiation seldom proves."""

SIZED = frozenset({Category.VIABLE, Category.EQUIVOCAL, Category.NONPROGRESSING})
"""The categories with which the diameter of the enhancing part is told."""


# ---- the two versions

TABLES_OF: Mapping[str, Mapping[Treatment, DecisionTable[Category]]] = MappingProxyType({
    LR_TR_2018.name: MappingProxyType({
        Treatment.NON_RADIATION: LR_TR_2018_TABLE,
        Treatment.RADIATION: LR_TR_2018_TABLE,
    }),
    LR_TR_2024.name: MappingProxyType({
        Treatment.NON_RADIATION: LR_TR_2024_TABLE,
        Treatment.MARGIN: LR_TR_2024_TABLE,
        Treatment.RADIATION: RADIATION_TABLE,
    }),
})  # fmt: skip
"""The table that grades a lesion, by version and kind of treatment; without one it has no grade."""
