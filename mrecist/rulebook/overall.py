"""Response at a time point, and a reported verdict beside the computed one."""

from __future__ import annotations

from typing import Any

from .._base.words import (
    Cause,
    NewLesion,
    NonTarget,
    Response,
    Standing,
    Target,
)
from . import readings
from .decision_table import DecisionTable, Rule
from .papers import (
    RESTATED,
    mrecist_at,
    recist_at,
)

__all__ = ["DOUBTFUL_AFTER_CR", "REPORTED", "causes_of"]

# ---- The response at a time point

NOT_NEW = {NewLesion.NO, NewLesion.EQUIVOCAL}
NO_PD = {NonTarget.CR, NonTarget.NON_CR_NON_PD, NonTarget.NE, NonTarget.NONE}
_OVERALL_INPUTS = {"target": Target, "nontarget": NonTarget, "new": NewLesion}
_TOGETHER = "target {target}, non-target {nontarget}, new lesion {new}"

MRECIST_OVERALL = DecisionTable(
    "overall",
    "Response at a time point, HCC mRECIST",
    inputs=_OVERALL_INPUTS,
    rules=(
        Rule(
            "OR-01", Response.CR,
            when={
                "target": Target.CR, "nontarget": {NonTarget.CR, NonTarget.NONE}, "new": NOT_NEW,
            },
            sentence=_TOGETHER,
            source=mrecist_at("overall response table", RESTATED),
            readings=(readings.NO_NONTARGET,),
        ),
        Rule(
            "OR-02", Response.PR,
            when={"target": Target.CR, "nontarget": NonTarget.NON_CR_NON_PD, "new": NOT_NEW},
            sentence=_TOGETHER,
            source=mrecist_at("overall response table", RESTATED),
        ),
        Rule(
            "R11-OR-03", Response.PR,
            when={"target": Target.CR, "nontarget": NonTarget.NE, "new": NOT_NEW},
            sentence=_TOGETHER,
            source=recist_at("time point response"),
            readings=(readings.NE_ROWS,),
        ),
        Rule(
            "OR-03", Response.PR,
            when={"target": Target.PR, "nontarget": NO_PD, "new": NOT_NEW},
            sentence=_TOGETHER,
            source=mrecist_at("overall response table", RESTATED),
        ),
        Rule(
            "OR-04", Response.SD,
            when={"target": Target.SD, "nontarget": NO_PD, "new": NOT_NEW},
            sentence=_TOGETHER,
            source=mrecist_at("overall response table", RESTATED),
        ),
        Rule(
            "R11-OR-06", Response.NE,
            when={"target": Target.NE, "nontarget": NO_PD, "new": NOT_NEW},
            sentence=_TOGETHER,
            source=recist_at("time point response"),
            readings=(readings.NE_ROWS,),
        ),
        Rule(
            "OR-05", Response.PD,
            when={"target": Target.PD},
            sentence=_TOGETHER,
            source=mrecist_at("overall response table", RESTATED),
        ),
        Rule(
            "OR-06", Response.PD,
            when={"nontarget": NonTarget.PD},
            sentence=_TOGETHER,
            source=mrecist_at("overall response table", RESTATED),
        ),
        Rule(
            "OR-07", Response.PD,
            when={"new": NewLesion.YES},
            sentence=_TOGETHER,
            source=mrecist_at("overall response table", RESTATED),
        ),
        Rule(
            "R11-OR-10", Response.CR,
            when={"target": Target.NONE, "nontarget": NonTarget.CR, "new": NOT_NEW},
            sentence=_TOGETHER,
            source=recist_at("non-target disease only"),
            readings=(readings.NE_ROWS,),
        ),
        Rule(
            "R11-OR-11", Response.NON_CR_NON_PD,
            when={"target": Target.NONE, "nontarget": NonTarget.NON_CR_NON_PD, "new": NOT_NEW},
            sentence=_TOGETHER,
            source=recist_at("non-target disease only"),
            readings=(readings.NE_ROWS,),
        ),
        Rule(
            "R11-OR-12", Response.NE,
            when={"target": Target.NONE, "nontarget": NonTarget.NE, "new": NOT_NEW},
            sentence=_TOGETHER,
            source=recist_at("non-target disease only"),
            readings=(readings.NE_ROWS,),
        ),
        Rule(
            "OR-NED", Response.NED,
            when={"target": Target.NONE, "nontarget": NonTarget.NONE, "new": NOT_NEW},
            sentence=_TOGETHER,
            source=readings.NED,
        ),
    ),
)  # fmt: skip

RECIST_OVERALL = DecisionTable(
    "overall",
    "Response at a time point, RECIST 1.1",
    inputs=_OVERALL_INPUTS,
    rules=(
        Rule(
            "R11-OR-01", Response.CR,
            when={
                "target": Target.CR, "nontarget": {NonTarget.CR, NonTarget.NONE}, "new": NOT_NEW,
            },
            sentence=_TOGETHER,
            source=recist_at("time point response"),
            readings=(readings.NO_NONTARGET,),
        ),
        Rule(
            "R11-OR-02", Response.PR,
            when={"target": Target.CR, "nontarget": NonTarget.NON_CR_NON_PD, "new": NOT_NEW},
            sentence=_TOGETHER,
            source=recist_at("time point response"),
        ),
        Rule(
            "R11-OR-03", Response.PR,
            when={"target": Target.CR, "nontarget": NonTarget.NE, "new": NOT_NEW},
            sentence=_TOGETHER,
            source=recist_at("time point response"),
        ),
        Rule(
            "R11-OR-04", Response.PR,
            when={"target": Target.PR, "nontarget": NO_PD, "new": NOT_NEW},
            sentence=_TOGETHER,
            source=recist_at("time point response"),
        ),
        Rule(
            "R11-OR-05", Response.SD,
            when={"target": Target.SD, "nontarget": NO_PD, "new": NOT_NEW},
            sentence=_TOGETHER,
            source=recist_at("time point response"),
        ),
        Rule(
            "R11-OR-06", Response.NE,
            when={"target": Target.NE, "nontarget": NO_PD, "new": NOT_NEW},
            sentence=_TOGETHER,
            source=recist_at("time point response"),
        ),
        Rule(
            "R11-OR-13", Response.PD,
            when={"target": Target.NONE, "nontarget": NonTarget.PD},
            sentence=_TOGETHER,
            source=recist_at("non-target disease only"),
        ),
        Rule(
            "R11-OR-14", Response.PD,
            when={"target": Target.NONE, "new": NewLesion.YES},
            sentence=_TOGETHER,
            source=recist_at("non-target disease only"),
        ),
        Rule(
            "R11-OR-07", Response.PD,
            when={"target": Target.PD},
            sentence=_TOGETHER,
            source=recist_at("time point response"),
        ),
        Rule(
            "R11-OR-08", Response.PD,
            when={"nontarget": NonTarget.PD},
            sentence=_TOGETHER,
            source=recist_at("time point response"),
        ),
        Rule(
            "R11-OR-09", Response.PD,
            when={"new": NewLesion.YES},
            sentence=_TOGETHER,
            source=recist_at("time point response"),
        ),
        Rule(
            "R11-OR-10", Response.CR,
            when={"target": Target.NONE, "nontarget": NonTarget.CR, "new": NOT_NEW},
            sentence=_TOGETHER,
            source=recist_at("non-target disease only"),
        ),
        Rule(
            "R11-OR-11", Response.NON_CR_NON_PD,
            when={"target": Target.NONE, "nontarget": NonTarget.NON_CR_NON_PD, "new": NOT_NEW},
            sentence=_TOGETHER,
            source=recist_at("non-target disease only"),
        ),
        Rule(
            "R11-OR-12", Response.NE,
            when={"target": Target.NONE, "nontarget": NonTarget.NE, "new": NOT_NEW},
            sentence=_TOGETHER,
            source=recist_at("non-target disease only"),
        ),
        Rule(
            "R11-OR-NED", Response.NED,
            when={"target": Target.NONE, "nontarget": NonTarget.NONE, "new": NOT_NEW},
            sentence=_TOGETHER,
            source=readings.NED,
        ),
    ),
)  # fmt: skip

# ---- A verdict that a reader reported, beside the computed one

UNGRADED = {Response.NE, Response.NED, Response.NON_CR_NON_PD}
GRADED = set(Response) - UNGRADED
NOT_NE = set(Response) - {Response.NE}

REPORTED = DecisionTable(
    "reported",
    "What a reported verdict does beside the computed one",
    inputs={"given": bool, "computed": Response, "reported": Response, "same": bool},
    rules=(
        Rule(
            "REP-NONE", Standing.ALONE,
            when={"given": False},
            sentence="no reported verdict",
            source=readings.STAND_IN,
        ),
        Rule(
            "REP-STANDS-IN", Standing.STANDS_IN,
            when={"given": True, "computed": UNGRADED, "reported": NOT_NE},
            sentence="the reported {reported} stands in, as the rules reach no graded verdict "
            "({computed})",
            source=readings.STAND_IN,
        ),
        Rule(
            "REP-AGREES", Standing.AGREES,
            when={"given": True, "computed": GRADED, "same": True},
            sentence="the reported {reported} agrees",
            source=readings.STAND_IN,
        ),
        Rule(
            "REP-DIFFERS", Standing.DIFFERS,
            when={"given": True, "computed": GRADED, "same": False},
            sentence="the reported {reported} differs from the computed {computed}, which holds",
            source=readings.STAND_IN,
        ),
        Rule(
            "REP-NE-AGREES", Standing.AGREES,
            when={"given": True, "computed": UNGRADED, "reported": Response.NE, "same": True},
            sentence="the reported NE agrees",
            source=readings.STAND_IN,
        ),
        Rule(
            "REP-NE-DIFFERS", Standing.DIFFERS,
            when={"given": True, "computed": UNGRADED, "reported": Response.NE, "same": False},
            sentence="the reported NE never stands in; the computed {computed} holds",
            source=readings.STAND_IN,
        ),
    ),
)  # fmt: skip

DOUBTFUL_AFTER_CR = frozenset({Response.PR, Response.SD})
"""Reported verdicts that do not go with a reported CR before them (Reading RD-AFTER-CR)."""


def causes_of(
    *, target: Any, nontarget: Any, new_lesion: Any, recurrence: Any, standing: Any
) -> dict[Cause, Any]:
    """Which causes a progression has, from the codes of its steps: an int or an array each.

    `new_lesion` leaves recurrences out; `recurrence` tells whether there is one.
    """
    return {
        Cause.TARGET: target == Target.PD.code,
        Cause.NONTARGET: nontarget == NonTarget.PD.code,
        Cause.NEW_LESION: new_lesion == NewLesion.YES.code,
        Cause.RECURRENCE: recurrence,
        Cause.REPORTED: standing == Standing.STANDS_IN.code,
    }
