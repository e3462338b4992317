"""Every decision table by name, in the order in which a chart is read.

HCC mRECIST (Lencioni & Llovet 2010), not the mesothelioma or the mouse criteria of that name.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from .area_responses import (
    EASL_NONTARGET,
    EASL_OVERALL,
    EASL_TARGET,
    WHO_NONTARGET,
    WHO_OVERALL,
    WHO_TARGET,
)
from .areas import AREA, EASL_NONTARGET_LESION, ENTERS
from .baseline import BASELINE, KNOWN, TARGET_FIT
from .best_response import BEST
from .confirmation import CONFIRMED
from .decision_table import DecisionTable
from .examinations import PARTIAL
from .immune import FURTHER_NEW, FURTHER_WORDS, IMMUNE, IMMUNE_BEST, NEW_TARGET, SIGNAL
from .immune_joined import JOINED, JOINS, UPHELD
from .lesions import SORT
from .markers import DISCORDANCE, FLARE
from .new_lesions import DETECTED, LEAP_012_NEW_LESION, NEW_LESION, RECURRENCE
from .nodule_grades import RECICL_TABLE
from .nontargets import MRECIST_NONTARGET, NONTARGET_LESION, RECIST_NONTARGET, RECURS
from .overall import MRECIST_OVERALL, RECIST_OVERALL, REPORTED
from .parts import MERGED, PARTS, TREATED, UNMENTIONED
from .patterns import COMPARTMENT, DOMINANT, INVASION, PATTERN, UPON_PROGRESSION
from .sizes import SIZE
from .targets import MRECIST_5MM_TARGET, MRECIST_TARGET, RECIST_TARGET
from .therapy import BEGINNING, EXPOSURE
from .times import GROWTH, SITUATION
from .treated_lesions import (
    APHE,
    CHANGE,
    LR_TR_2018_TABLE,
    LR_TR_2024_TABLE,
    NEWLY,
    RADIATION_TABLE,
)

__all__ = ["TABLES"]

TABLES: Mapping[str, tuple[DecisionTable[Any], ...]] = MappingProxyType(
    {
        "sort": (SORT,),
        "size": (SIZE,),
        "unmentioned": (UNMENTIONED,),
        "merged": (MERGED,),
        "parts": (PARTS,),
        "treated": (TREATED,),
        "partial": (PARTIAL,),
        "baseline": (BASELINE,),
        "known": (KNOWN,),
        "target-fit": (TARGET_FIT,),
        "target": (MRECIST_TARGET, MRECIST_5MM_TARGET, RECIST_TARGET),
        "nontarget-lesion": (NONTARGET_LESION,),
        "nontarget": (MRECIST_NONTARGET, RECIST_NONTARGET),
        "detected": (DETECTED,),
        "new-lesion": (NEW_LESION,),
        "new-lesion-leap012": (LEAP_012_NEW_LESION,),
        "overall": (MRECIST_OVERALL, RECIST_OVERALL),
        "reported": (REPORTED,),
        "recurrence": (RECURRENCE,),
        "recurs": (RECURS,),
        "best": (BEST,),
        "confirmed": (CONFIRMED,),
        "exposure": (EXPOSURE,),
        "immune-new-target": (NEW_TARGET,),
        "immune-new-further": (FURTHER_NEW,),
        "immune-signal": (SIGNAL,),
        "immune-further": (FURTHER_WORDS,),
        "immune": (IMMUNE,),
        "immune-best": (IMMUNE_BEST,),
        "immune-joins": (JOINS,),
        "immune-joined": (JOINED,),
        "immune-upheld": (UPHELD,),
        "area": (AREA,),
        "target-fit-area": (ENTERS,),
        "nontarget-lesion-easl": (EASL_NONTARGET_LESION,),
        "target-easl": (EASL_TARGET,),
        "nontarget-easl": (EASL_NONTARGET,),
        "overall-easl": (EASL_OVERALL,),
        "target-who": (WHO_TARGET,),
        "nontarget-who": (WHO_NONTARGET,),
        "overall-who": (WHO_OVERALL,),
        "recicl": (RECICL_TABLE,),
        "lr-tr-2018": (LR_TR_2018_TABLE,),
        "lr-tr-2024": (LR_TR_2024_TABLE,),
        "lr-tr-2024-radiation": (RADIATION_TABLE,),
        "lr-tr-aphe": (APHE,),
        "lr-tr-change": (CHANGE,),
        "lr-tr-newly": (NEWLY,),
        "compartment": (COMPARTMENT,),
        "pattern": (PATTERN,),
        "pattern-dominant": (DOMINANT,),
        "pattern-vein": (INVASION,),
        "pattern-bclc": (UPON_PROGRESSION,),
        "beginning": (BEGINNING,),
        "situation": (SITUATION,),
        "growth": (GROWTH,),
        "marker-imaging": (DISCORDANCE,),
        "marker-flare": (FLARE,),
    }
)
"""Every table by name, one for each criteria that has its own."""
