"""The pattern of progression, as tables: where a tumour progressed, and by growth or by spread.

Four codes may hold at once (Reig 2013): growth of known lesions in the liver (IHG) or outside it
(EHG), new lesions in the liver (NIH) or outside it (NEH). Beside them stand tumour in vein and the
BCLC stage upon progression. All definitions are from memory: see the evidence of each rule, and the
readings `RD-PAT-...`. No response rests on any of this.
"""

from __future__ import annotations

from typing import Any

from .._base.converters import shown
from .._base.words import (
    BclcProgression,
    Compartment,
    Invasion,
    Kind,
    ProgressionCode,
    Sign,
    StageBefore,
    Target,
)
from . import readings
from .decision_table import DecisionTable, Rule
from .papers import REIG_2013, Evidence

__all__ = [
    "CODES",
    "COMPARTMENT",
    "CONTRADICTED",
    "DOMINANT",
    "GROWN",
    "INVASION",
    "PATTERN",
    "UPON_PROGRESSION",
    "stage_given",
]

CODES = tuple(code for code in ProgressionCode if code is not ProgressionCode.UNKNOWN)
"""The codes that may hold, in the order in which a later one dominates."""

_PATTERNS = REIG_2013.at("patterns of progression", Evidence.RECALLED)
_STAGES = REIG_2013.at("BCLC upon progression", Evidence.RECALLED)

GROWN = frozenset({Target.PD})
"""What the targets of a compartment come to, by the criteria's own table, when it grew."""

# ---- Where a lesion is

_IN_AN_ORGAN = {Kind.NODULE, Kind.INFILTRATIVE, Kind.OTHER}

COMPARTMENT = DecisionTable(
    "compartment",
    "Where a lesion is, as patterns of progression tell it",
    inputs={"kind": Kind, "liver": bool},
    rules=(
        Rule(
            "PAT-LIVER", Compartment.INTRAHEPATIC,
            when={"kind": _IN_AN_ORGAN, "liver": True},
            sentence="in the liver",
            source=readings.PATTERN_PLACE,
        ),
        Rule(
            "PAT-OUTSIDE", Compartment.EXTRAHEPATIC,
            when={"kind": _IN_AN_ORGAN, "liver": False},
            sentence="outside the liver",
            source=readings.PATTERN_PLACE,
        ),
        Rule(
            "PAT-BEYOND", Compartment.EXTRAHEPATIC,
            when={"kind": {Kind.NODE, Kind.EFFUSION}},
            sentence="spread beyond the liver, whatever organ is recorded",
            source=readings.PATTERN_PLACE,
        ),
        Rule(
            "PAT-VEIN", Compartment.VASCULAR,
            when={"kind": Kind.THROMBUS},
            sentence="tumour in vein",
            source=readings.PATTERN_PLACE,
        ),
    ),
)  # fmt: skip

# ---- What a progression shows in each compartment

_SUM = "{lesions} from {nadir} ({nadir_date}) to {total}, {change} the compartment's nadir{unseen}"


def _growth(
    id: str, code: ProgressionCode, where: Compartment, words: str, *more: readings.Reading
) -> tuple[Rule[ProgressionCode], ...]:
    """The ways in which known lesions of a compartment grow."""
    signs = (
        (id, Sign.TOTAL, f"{_SUM}; growth needs {{progression_share}}{{floor}}",
         readings.PATTERN_GROWTH),
        (f"{id}-TOGETHER", Sign.TOGETHER,
         f"{_SUM}, no progression by itself, but one of all targets together",
         readings.PATTERN_TOGETHER),
        (f"{id}-NT", Sign.NONTARGET, "{lesions} {how}",
         readings.PATTERN_NONTARGET),
        (f"{id}-AGAIN", Sign.AGAIN, "{lesions} back after complete response",
         readings.PATTERN_AGAIN),
    )  # fmt: skip
    return tuple(
        Rule(
            rule, code,
            when={"compartment": where, "sign": sign},
            sentence=f"{words}: {sentence}",
            source=_PATTERNS,
            readings=(reading, *more),
        )
        for rule, sign, sentence, reading in signs
    )  # fmt: skip


PATTERN = DecisionTable(
    "pattern",
    "What a progression shows in each compartment",
    inputs={"compartment": Compartment, "sign": Sign},
    rules=(
        *_growth("PAT-IHG", ProgressionCode.IHG, Compartment.INTRAHEPATIC, "intrahepatic growth"),
        Rule(
            "PAT-NIH", ProgressionCode.NIH,
            when={"compartment": Compartment.INTRAHEPATIC, "sign": Sign.NEW},
            sentence="new intrahepatic lesion: {lesions}",
            source=_PATTERNS,
            readings=(readings.PATTERN_NEW,),
        ),
        *_growth("PAT-EHG", ProgressionCode.EHG, Compartment.EXTRAHEPATIC, "extrahepatic growth"),
        Rule(
            "PAT-NEH", ProgressionCode.NEH,
            when={"compartment": Compartment.EXTRAHEPATIC, "sign": Sign.NEW},
            sentence="new extrahepatic lesion: {lesions}",
            source=_PATTERNS,
            readings=(readings.PATTERN_NEW,),
        ),
        *_growth(
            "PAT-VEIN-G", ProgressionCode.IHG, Compartment.VASCULAR, "growth of tumour in vein",
            readings.PATTERN_VEIN,
        ),
        Rule(
            "PAT-VEIN-N", ProgressionCode.NEH,
            when={"compartment": Compartment.VASCULAR, "sign": Sign.NEW},
            sentence="new tumour in vein: {lesions}, grouped with new extrahepatic lesions",
            source=_PATTERNS,
            readings=(readings.PATTERN_NEW, readings.PATTERN_VEIN),
        ),
    ),
)  # fmt: skip

# ---- The codes together

DOMINANT = DecisionTable(
    "pattern-dominant",
    "Which of the codes of a progression dominates",
    inputs={"ihg": bool, "nih": bool, "ehg": bool, "neh": bool},
    rules=(
        Rule(
            "PAT-MULTI-NEH", ProgressionCode.NEH,
            when={"neh": True},
            sentence="of {codes}",
            source=readings.PATTERN_DOMINANT,
        ),
        Rule(
            "PAT-MULTI-EHG", ProgressionCode.EHG,
            when={"ehg": True, "neh": False},
            sentence="of {codes}",
            source=readings.PATTERN_DOMINANT,
        ),
        Rule(
            "PAT-MULTI-NIH", ProgressionCode.NIH,
            when={"nih": True, "ehg": False, "neh": False},
            sentence="of {codes}",
            source=readings.PATTERN_DOMINANT,
        ),
        Rule(
            "PAT-MULTI-IHG", ProgressionCode.IHG,
            when={"ihg": True, "nih": False, "ehg": False, "neh": False},
            sentence="of {codes}",
            source=readings.PATTERN_DOMINANT,
        ),
        Rule(
            "PAT-UNKNOWN", ProgressionCode.UNKNOWN,
            when={"ihg": False, "nih": False, "ehg": False, "neh": False},
            sentence="PD was reported, and no lesion on record tells where",
            source=readings.PATTERN_REPORTED,
        ),
    ),
)  # fmt: skip

INVASION = DecisionTable(
    "pattern-vein",
    "What a progression shows of tumour in vein",
    inputs={"grown": bool, "new": bool},
    rules=(
        Rule(
            "PAT-VI-NEW", Invasion.NEW,
            when={"new": True},
            sentence="tumour in vein is new",
            source=_PATTERNS,
            readings=(readings.PATTERN_VEIN,),
        ),
        Rule(
            "PAT-VI-GROWN", Invasion.GROWN,
            when={"grown": True, "new": False},
            sentence="tumour in vein grew",
            source=readings.PATTERN_VEIN,
        ),
        Rule(
            "PAT-VI-NONE", Invasion.NONE,
            when={"grown": False, "new": False},
            sentence="no tumour in vein on record is new or grew",
            source=readings.PATTERN_VEIN,
        ),
    ),
)  # fmt: skip

# ---- The stage upon progression

_IN_THE_LIVER = {ProgressionCode.IHG, ProgressionCode.NIH}

_OLD_VEIN_AT_MOST = {Invasion.NONE, Invasion.GROWN}

UPON_PROGRESSION = DecisionTable(
    "pattern-bclc",
    "BCLC stage upon progression",
    inputs={"dominant": ProgressionCode, "invasion": Invasion, "before": StageBefore},
    rules=(
        Rule(
            "PAT-BCLCP-C2-VEIN", BclcProgression.C2,
            when={"invasion": Invasion.NEW},
            sentence="new tumour in vein",
            source=_STAGES,
            readings=(readings.PATTERN_STAGE,),
        ),
        Rule(
            "PAT-BCLCP-C2", BclcProgression.C2,
            when={"dominant": ProgressionCode.NEH, "invasion": _OLD_VEIN_AT_MOST},
            sentence="a new extrahepatic lesion",
            source=_STAGES,
            readings=(readings.PATTERN_STAGE,),
        ),
        Rule(
            "PAT-BCLCP-C1-EHG", BclcProgression.C1,
            when={"dominant": ProgressionCode.EHG, "invasion": _OLD_VEIN_AT_MOST},
            sentence="no new site; extrahepatic disease, which grew, was there before",
            source=_STAGES,
            readings=(readings.PATTERN_STAGE,),
        ),
        Rule(
            "PAT-BCLCP-C1-VEIN", BclcProgression.C1,
            when={"dominant": _IN_THE_LIVER, "invasion": Invasion.GROWN},
            sentence="no new site; tumour in vein, which grew, was there before",
            source=_STAGES,
            readings=(readings.PATTERN_STAGE,),
        ),
        Rule(
            "PAT-BCLCP-C1", BclcProgression.C1,
            when={
                "dominant": _IN_THE_LIVER, "invasion": Invasion.NONE, "before": StageBefore.C,
            },
            sentence="no new site; stage C before ({stage_known_from})",
            source=_STAGES,
            readings=(readings.PATTERN_STAGE,),
        ),
        Rule(
            "PAT-BCLCP-B", BclcProgression.B,
            when={
                "dominant": _IN_THE_LIVER, "invasion": Invasion.NONE, "before": StageBefore.B,
            },
            sentence="no new site; stage B before ({stage_known_from})",
            source=_STAGES,
            readings=(readings.PATTERN_STAGE,),
        ),
        Rule(
            "PAT-BCLCP-STAGE", BclcProgression.UNKNOWN,
            when={
                "dominant": _IN_THE_LIVER, "invasion": Invasion.NONE,
                "before": StageBefore.UNKNOWN,
            },
            sentence="no new site, and the stage before is not known: the baseline shows the liver "
            "alone, and performance status is not in the chart (give stage_before)",
            source=readings.PATTERN_STAGE,
        ),
        Rule(
            "PAT-BCLCP-UNKNOWN", BclcProgression.UNKNOWN,
            when={"dominant": ProgressionCode.UNKNOWN, "invasion": _OLD_VEIN_AT_MOST},
            sentence="the pattern of progression is unknown",
            source=readings.PATTERN_STAGE,
        ),
    ),
)  # fmt: skip

CONTRADICTED = (
    'stage_before must be "C" or left out where the baseline shows extrahepatic disease or tumour '
    "in vein"
)
_STAGES_GIVEN = {str(stage): stage for stage in (StageBefore.B, StageBefore.C)}


def stage_given(stage: Any) -> StageBefore:
    """The stage that a caller gives, `None` for none."""
    if stage is None:
        return StageBefore.UNKNOWN
    if not isinstance(stage, str) or stage not in _STAGES_GIVEN:
        raise ValueError(
            'stage_before must be "B" or "C" (BCLC at the baseline of the line) or left out, '
            f"got {shown(stage)}"
        )
    return _STAGES_GIVEN[stage]
