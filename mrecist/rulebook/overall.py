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

__all__ = ["DOUBTFUL_AFTER_CR", "NO_PART", "REPORTED", "causes_of"]

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
FREE_OF_DISEASE = {Response.CR, Response.NED}
WITH_DISEASE = set(Response) - {Response.NE} - FREE_OF_DISEASE

REPORTED = DecisionTable(
    "reported",
    "What a reported verdict does beside the computed one",
    inputs={
        "given": bool, "computed": Response, "reported": Response, "same": bool, "disease": bool,
    },
    rules=(
        Rule(
            "REP-NONE", Standing.ALONE,
            when={"given": False},
            sentence="no reported verdict",
            source=readings.STAND_IN,
        ),
        Rule(
            "REP-AGREES", Standing.AGREES,
            when={"given": True, "same": True},
            sentence="the reported {reported} agrees",
            source=readings.STAND_IN,
            readings=(readings.REPORTED_BY,),
        ),
        Rule(
            "REP-DIFFERS", Standing.DIFFERS,
            when={"given": True, "same": False, "computed": GRADED},
            sentence="the reported {reported} differs from the computed {computed}, which holds",
            source=readings.STAND_IN,
            readings=(readings.REPORTED_BY,),
        ),
        Rule(
            "REP-STANDS-IN", Standing.STANDS_IN,
            when={"given": True, "same": False, "computed": UNGRADED, "reported": WITH_DISEASE},
            sentence="the reported {reported} stands in, as the rules reach no graded verdict "
            "({computed})",
            source=readings.STAND_IN,
            readings=(readings.REPORTED_BY,),
        ),
        Rule(
            "REP-FREE", Standing.STANDS_IN,
            when={
                "given": True, "same": False, "computed": UNGRADED, "reported": FREE_OF_DISEASE,
                "disease": False,
            },
            sentence="the reported {reported} stands in, as the rules reach no graded verdict "
            "({computed}) and no disease of the line is recorded",
            source=readings.STAND_IN,
            readings=(readings.SAID_ABOUT_NOTHING,),
        ),
        Rule(
            "REP-OVER-DISEASE", Standing.OVER_DISEASE,
            when={
                "given": True, "same": False, "computed": UNGRADED, "reported": FREE_OF_DISEASE,
                "disease": True,
            },
            sentence="the reported {reported} does not go with disease that is recorded "
            "({disease}); the computed {computed} holds",
            source=readings.SAID_ABOUT_NOTHING,
        ),
        Rule(
            "REP-NE-NED", Standing.STANDS_IN,
            when={
                "given": True, "same": False, "computed": Response.NED, "reported": Response.NE,
            },
            sentence="the reported NE stands in: a reader who could not tell has not seen that "
            "there is no disease",
            source=readings.STAND_IN,
        ),
        Rule(
            "REP-NE-DIFFERS", Standing.DIFFERS,
            when={
                "given": True, "same": False, "computed": UNGRADED - {Response.NED},
                "reported": Response.NE,
            },
            sentence="the reported NE does not stand in; the computed {computed} holds",
            source=readings.STAND_IN,
        ),
    ),
)  # fmt: skip
"""`disease`: the line has a baseline, and a target or non-target of it is seen and not gone."""

DOUBTFUL_AFTER_CR = frozenset({Response.PR, Response.SD})
"""Reported verdicts that do not go with a CR before them (Reading RD-AFTER-CR)."""


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


NO_PART = frozenset({Target.NONE, NonTarget.NONE})
"""What a line without targets, or without non-targets, has in their place: nothing rests on it."""
