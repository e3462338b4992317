"""imRECIST: measurable new lesions join the total, and a progression may be refuted later.

Neither a new lesion nor a non-target is progression by itself; both withhold a complete response.
"""

from __future__ import annotations

from typing import Any

from .._base.words import Cause, NewLesion, NonTarget, Response, Target, YesNo
from . import readings
from .decision_table import DecisionTable, Rule
from .overall import causes_of
from .papers import IMRECIST_2018, RECALLED, RESTATED

__all__ = ["JOINED", "JOINS", "REFUTED_COUNTS_AS", "UPHELD", "causes_by_total"]

_TOTAL = IMRECIST_2018.at("total of targets and new lesions", RESTATED)
_REFUTED = IMRECIST_2018.at("progression that is not confirmed", RESTATED)
_TOGETHER = "target {target}, non-target {nontarget}, new lesion {new}"
_NOT_NEW = {NewLesion.NO, NewLesion.EQUIVOCAL}
_ALL_GONE = {NonTarget.CR, NonTarget.NONE}
_LEFT = set(NonTarget) - _ALL_GONE

JOINS = DecisionTable(
    "immune-joins",
    "Whether a new lesion joins the total, imRECIST",
    inputs={"measurable": bool},
    rules=(
        Rule(
            "IM-JOINS", YesNo.YES,
            when={"measurable": True},
            sentence="a new lesion that could be a target joins the total",
            source=_TOTAL,
            readings=(readings.IM_JOINS,),
        ),
        Rule(
            "IM-APART", YesNo.NO,
            when={"measurable": False},
            sentence="a new lesion that could not be a target only withholds CR",
            source=_TOTAL,
        ),
    ),
)  # fmt: skip

JOINED = DecisionTable(
    "immune-joined",
    "Response at a time point, imRECIST",
    inputs={"target": Target, "nontarget": NonTarget, "new": NewLesion},
    rules=(
        Rule(
            "IM-CR", Response.CR,
            when={"target": Target.CR, "nontarget": _ALL_GONE, "new": _NOT_NEW},
            sentence=_TOGETHER, source=_TOTAL,
        ),
        Rule(
            "IM-PR-NEW", Response.PR,
            when={"target": Target.CR, "new": NewLesion.YES},
            sentence=_TOGETHER + ": a new lesion withholds CR", source=_TOTAL,
        ),
        Rule(
            "IM-PR-NONTARGET", Response.PR,
            when={"target": Target.CR, "nontarget": _LEFT, "new": _NOT_NEW},
            sentence=_TOGETHER + ": the non-targets withhold CR", source=_TOTAL,
        ),
        Rule(
            "IM-PR", Response.PR,
            when={"target": Target.PR},
            sentence=_TOGETHER, source=_TOTAL,
        ),
        Rule(
            "IM-SD", Response.SD,
            when={"target": Target.SD},
            sentence=_TOGETHER, source=_TOTAL,
        ),
        Rule(
            "IM-PD", Response.PD,
            when={"target": Target.PD},
            sentence=_TOGETHER + ": the total with new lesions rose",
            source=IMRECIST_2018.at("growth by a fifth and by 5 mm", RECALLED),
        ),
        Rule(
            "IM-NE", Response.NE,
            when={"target": Target.NE},
            sentence=_TOGETHER, source=_TOTAL,
        ),
        Rule(
            "IM-NO-TARGET-CR", Response.CR,
            when={"target": Target.NONE, "nontarget": NonTarget.CR, "new": _NOT_NEW},
            sentence=_TOGETHER, source=readings.IM_NO_TOTAL,
        ),
        Rule(
            "IM-NO-TARGET-NN", Response.NON_CR_NON_PD,
            when={
                "target": Target.NONE, "nontarget": {NonTarget.NON_CR_NON_PD, NonTarget.PD},
            },
            sentence=_TOGETHER + ": without targets there is no total that could progress",
            source=readings.IM_NO_TOTAL,
        ),
        Rule(
            "IM-NO-TARGET-NE", Response.NE,
            when={"target": Target.NONE, "nontarget": NonTarget.NE},
            sentence=_TOGETHER, source=readings.IM_NO_TOTAL,
        ),
        Rule(
            "IM-NO-TARGET-NEW", Response.NON_CR_NON_PD,
            when={"target": Target.NONE, "nontarget": NonTarget.CR, "new": NewLesion.YES},
            sentence=_TOGETHER + ": a new lesion withholds CR", source=readings.IM_NO_TOTAL,
        ),
        Rule(
            "IM-NED", Response.NED,
            when={"target": Target.NONE, "nontarget": NonTarget.NONE, "new": _NOT_NEW},
            sentence=_TOGETHER, source=readings.NED,
        ),
        Rule(
            "IM-NO-TOTAL", Response.NE,
            when={"target": Target.NONE, "nontarget": NonTarget.NONE, "new": NewLesion.YES},
            sentence=_TOGETHER + ": nothing was there that it could be compared with",
            source=readings.IM_NO_TOTAL,
        ),
    ),
)  # fmt: skip
"""`target`: of the total of targets and joined new lesions; `new`: whether one is still there."""

UPHELD = DecisionTable(
    "immune-upheld",
    "Whether a PD is the progression of its line, imRECIST",
    inputs={"later": bool, "progressive": bool},
    rules=(
        Rule(
            "IM-CONFIRMED", YesNo.YES,
            when={"later": True, "progressive": True},
            sentence="the first evaluable scan at least {confirmation_days} later is PD too",
            source=_REFUTED,
            readings=(readings.IM_REFUTED,),
        ),
        Rule(
            "IM-REFUTED", YesNo.NO,
            when={"later": True, "progressive": False},
            sentence="the first evaluable scan at least {confirmation_days} later is no PD",
            source=_REFUTED,
            readings=(readings.IM_REFUTED,),
        ),
        Rule(
            "IM-UNREFUTED", YesNo.YES,
            when={"later": False},
            sentence="no evaluable scan at least {confirmation_days} later",
            source=IMRECIST_2018.at("progression at the last scan", RECALLED),
            readings=(readings.IM_REFUTED,),
        ),
    ),
)  # fmt: skip

REFUTED_COUNTS_AS = Response.SD
"""As what a refuted PD counts for best responses and times (Reading RD-IM-REFUTED)."""


def causes_by_total(target: Any, standing: Any) -> dict[Cause, Any]:
    """What a progression rests on, from codes: the total alone, or a reader's word."""
    return causes_of(
        target=target,
        nontarget=NonTarget.NONE.code,
        new_lesion=NewLesion.NO.code,
        recurrence=False,
        standing=standing,
    )
