"""Which tables each of the criteria decides by."""

from __future__ import annotations

import attrs

from .._base.words import NonTarget, Pattern, Response, State, Target, Verdict
from .area_responses import (
    EASL_NONTARGET,
    EASL_OVERALL,
    EASL_TARGET,
    WHO_NONTARGET,
    WHO_OVERALL,
    WHO_TARGET,
)
from .areas import EASL_NONTARGET_LESION
from .decision_table import DecisionTable
from .new_lesions import LEAP_012_NEW_LESION, NEW_LESION, PROVING, PROVING_BY
from .nontargets import MRECIST_NONTARGET, NONTARGET_LESION, RECIST_NONTARGET
from .overall import MRECIST_OVERALL, RECIST_OVERALL
from .targets import MRECIST_5MM_TARGET, MRECIST_TARGET, RECIST_TARGET

__all__ = [
    "EASL_RULES",
    "LEAP_012_RULES",
    "MRECIST_5MM_RULES",
    "MRECIST_RULES",
    "RECIST_RULES",
    "WHO_RULES",
    "Rulebook",
]


@attrs.frozen(kw_only=True)
class Rulebook:
    """The tables in which criteria may differ; all the others are common to them."""

    target: DecisionTable[Target]
    nontarget: DecisionTable[NonTarget]
    overall: DecisionTable[Response]
    new_lesion: DecisionTable[Verdict] = NEW_LESION
    nontarget_lesion: DecisionTable[State] = NONTARGET_LESION

    @property
    def looks_back(self) -> bool:
        """Whether the tables ask what of a lesion enhances again."""
        return "back" in self.target.inputs

    @property
    def proving(self) -> frozenset[Pattern]:
        """The patterns that prove a new liver nodule."""
        return PROVING_BY.get(self.new_lesion.name, PROVING)


MRECIST_RULES = Rulebook(
    target=MRECIST_TARGET, nontarget=MRECIST_NONTARGET, overall=MRECIST_OVERALL
)
MRECIST_5MM_RULES = attrs.evolve(MRECIST_RULES, target=MRECIST_5MM_TARGET)
RECIST_RULES = Rulebook(target=RECIST_TARGET, nontarget=RECIST_NONTARGET, overall=RECIST_OVERALL)
LEAP_012_RULES = attrs.evolve(RECIST_RULES, new_lesion=LEAP_012_NEW_LESION)
EASL_RULES = Rulebook(
    target=EASL_TARGET,
    nontarget=EASL_NONTARGET,
    overall=EASL_OVERALL,
    nontarget_lesion=EASL_NONTARGET_LESION,
)
WHO_RULES = Rulebook(target=WHO_TARGET, nontarget=WHO_NONTARGET, overall=WHO_OVERALL)
