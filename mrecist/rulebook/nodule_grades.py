"""RECICL: the therapeutic effect on one nodule, by its areas; no patient has a grade but TE4."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType

from .._base.words import Answer, Kind, Response, TherapeuticEffect
from . import readings
from .decision_table import DecisionTable, Rule
from .papers import RECICL_2009, RESTATED

__all__ = ["ENLARGED_BY", "HALF", "READ_AS", "RECICL_TABLE", "TE4", "TO_BE_DONE"]

ENLARGED_BY = Fraction(1, 4)
"""A nodule is enlarged by more than this share of its area at baseline."""
HALF = Fraction(1, 2)
"""Necrosis of this share of the nodule, or reduction of its area by it, is TE3."""

_ABOUT = RECICL_2009.at("therapeutic effect", RESTATED)
_NOT_SAID = {Answer.NO, Answer.UNKNOWN}

RECICL_TABLE = DecisionTable(
    "recicl",
    "Therapeutic effect on one nodule, RECICL 2009",
    inputs={
        "single": bool, "arterial": bool, "whole": bool, "viable": bool, "enlarged": bool,
        "none_left": bool, "necrotic": bool, "shrunk": bool, "margin": Answer,
    },
    rules=(
        Rule(
            "TE-PARTS", TherapeuticEffect.NE,
            when={"single": False},
            sentence="split, or merged into another nodule",
            source=readings.RECICL_PARTS,
        ),
        Rule(
            "TE-PHASE", TherapeuticEffect.NE,
            when={"single": True, "arterial": False},
            sentence="no arterial phase",
            source=_ABOUT,
        ),
        Rule(
            "TE-WHOLE", TherapeuticEffect.NE,
            when={"single": True, "arterial": True, "whole": False},
            sentence="its whole area is not known, here or at baseline",
            source=readings.AREA,
        ),
        Rule(
            "TE1", TherapeuticEffect.TE1,
            when={"single": True, "arterial": True, "whole": True, "enlarged": True},
            sentence="whole area {now} against {before} at baseline: enlarged by more than 25 %",
            source=_ABOUT,
        ),
        Rule(
            "TE-VIABLE", TherapeuticEffect.NE,
            when={
                "single": True, "arterial": True, "whole": True, "enlarged": False,
                "viable": False,
            },
            sentence="its viable area is not known",
            source=readings.AREA,
        ),
        Rule(
            "TE4a", TherapeuticEffect.TE4A,
            when={
                "single": True, "arterial": True, "whole": True, "enlarged": False, "viable": True,
                "none_left": True, "margin": Answer.YES,
            },
            sentence="no viable area left, with an ablative margin all round",
            source=_ABOUT,
        ),
        Rule(
            "TE4b", TherapeuticEffect.TE4B,
            when={
                "single": True, "arterial": True, "whole": True, "enlarged": False, "viable": True,
                "none_left": True, "margin": _NOT_SAID,
            },
            sentence="no viable area left, without an ablative margin on record",
            source=_ABOUT,
        ),
        Rule(
            "TE3", TherapeuticEffect.TE3,
            when={
                "single": True, "arterial": True, "whole": True, "enlarged": False, "viable": True,
                "none_left": False, "necrotic": True,
            },
            sentence="viable area {left} of {now}: necrosis of half or more",
            source=_ABOUT,
            readings=(readings.RECICL_EITHER,),
        ),
        Rule(
            "TE3-REDUCED", TherapeuticEffect.TE3,
            when={
                "single": True, "arterial": True, "whole": True, "enlarged": False, "viable": True,
                "none_left": False, "necrotic": False, "shrunk": True,
            },
            sentence="whole area {now} against {before} at baseline: reduced by half or more",
            source=_ABOUT,
            readings=(readings.RECICL_EITHER,),
        ),
        Rule(
            "TE2", TherapeuticEffect.TE2,
            when={
                "single": True, "arterial": True, "whole": True, "enlarged": False, "viable": True,
                "none_left": False, "necrotic": False, "shrunk": False,
            },
            sentence="viable area {left} of {now}, {before} at baseline: neither necrosis nor "
            "reduction of half, nor enlarged by more than 25 %",
            source=_ABOUT,
        ),
    ),
)  # fmt: skip

TE4 = frozenset({TherapeuticEffect.TE4A, TherapeuticEffect.TE4B})
"""No viable area left, with or without a margin."""
TO_BE_DONE = frozenset({Kind.NODULE})
"""The kinds of lesion of which each must have TE4, graded or not (Reading RD-RECICL-OVERALL)."""

READ_AS: Mapping[TherapeuticEffect, Response] = MappingProxyType(
    {
        TherapeuticEffect.TE1: Response.PD,
        TherapeuticEffect.TE2: Response.SD,
        TherapeuticEffect.TE3: Response.PR,
        TherapeuticEffect.TE4A: Response.CR,
        TherapeuticEffect.TE4B: Response.CR,
        TherapeuticEffect.NE: Response.NE,
    }
)
"""The word of other criteria that is printed beside a grade; never a response of the patient."""
