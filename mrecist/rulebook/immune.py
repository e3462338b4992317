"""iRECIST: a first progression is unconfirmed, and only what comes after it tells what it was.

Which kinds of progression are there now and which are pending gives a signal for each; the three
signals tell whether a scan confirms; and that, with the response by the criteria beneath, gives the
word of the time point.
"""

from __future__ import annotations

from typing import Any

from .._base.words import (
    Further,
    ImmuneResponse,
    NewLesion,
    NonTarget,
    Response,
    Signal,
    Target,
    YesNo,
)
from . import readings
from .decision_table import DecisionTable, Rule
from .papers import ADMIRALONCO, IRECIST_2017, RECALLED, VERIFIED, recist_at

__all__ = [
    "AS_COUNTED",
    "COUNTS_FOR_TIMES",
    "FURTHER_NEW",
    "FURTHER_WORDS",
    "IMMUNE",
    "IMMUNE_BEST",
    "IMMUNE_REPORTED",
    "NEW_TARGET",
    "SIGNAL",
    "WITH_I",
    "signs_of",
]

_TABLE_2 = IRECIST_2017.at("time point responses", VERIFIED)
_FROM_MEMORY = IRECIST_2017.at("confirmation of progression", RECALLED)

WITH_I = tuple(ImmuneResponse)[: len(Response)]
"""The word with an i for each response, by its code; progression is unconfirmed at first."""

# ---- new lesions that are measured


NEW_TARGET = DecisionTable(
    "immune-new-target",
    "Whether a new lesion is measured, iRECIST",
    inputs={"measurable": bool, "room": bool},
    rules=(
        Rule(
            "IR-NLT", YesNo.YES,
            when={"measurable": True, "room": True},
            sentence="a new lesion that could be a target is measured from its first scan on",
            source=_FROM_MEMORY,
            readings=(readings.IR_NEW_TARGETS,),
        ),
        Rule(
            "IR-NLT-SMALL", YesNo.NO,
            when={"measurable": False},
            sentence="a new lesion that could not be a target is not measured",
            source=_FROM_MEMORY,
            readings=(readings.IR_NEW_TARGETS,),
        ),
        Rule(
            "IR-NLT-FULL", YesNo.NO,
            when={"measurable": True, "room": False},
            sentence="enough new lesions of the organ, or in all, are measured already",
            source=_FROM_MEMORY,
        ),
    ),
)  # fmt: skip

FURTHER_NEW = DecisionTable(
    "immune-new-further",
    "Whether new lesions have progressed further, iRECIST",
    inputs={"more": bool, "grew": bool, "progressed": bool},
    rules=(
        Rule(
            "IR-NL-MORE", YesNo.YES,
            when={"more": True},
            sentence="one more new lesion: {more_new}",
            source=_TABLE_2,
        ),
        Rule(
            "IR-NL-GREW", YesNo.YES,
            when={"more": False, "grew": True},
            sentence="the new lesions that are measured rose from {new_reference} to {new_total}, "
            "by {further} or more",
            source=_TABLE_2,
            readings=(readings.IR_AT_LEAST,),
        ),
        Rule(
            "IR-NL-PROGRESSED", YesNo.YES,
            when={"more": False, "grew": False, "progressed": True},
            sentence="a new lesion that is not measured has progressed",
            source=_TABLE_2,
        ),
        Rule(
            "IR-NL-SAME", YesNo.NO,
            when={"more": False, "grew": False, "progressed": False},
            sentence="no further new lesion, and no growth of {further} of those that are measured",
            source=_TABLE_2,
        ),
    ),
)  # fmt: skip

# ---- what a scan adds to a pending progression

SIGNAL = DecisionTable(
    "immune-signal",
    "A kind of progression beside the one that is pending, iRECIST",
    inputs={"now": bool, "pending": bool, "further": bool},
    rules=(
        Rule(
            "IR-SIGNAL-NO", Signal.NO,
            when={"now": False},
            sentence="not there now",
            source=_TABLE_2,
        ),
        Rule(
            "IR-SIGNAL-OTHER", Signal.OTHER,
            when={"now": True, "pending": False},
            sentence="there now, and not pending",
            source=_FROM_MEMORY,
        ),
        Rule(
            "IR-SIGNAL-FURTHER", Signal.FURTHER,
            when={"now": True, "pending": True, "further": True},
            sentence="pending, and further now",
            source=_TABLE_2,
        ),
        Rule(
            "IR-SIGNAL-SAME", Signal.SAME,
            when={"now": True, "pending": True, "further": False},
            sentence="pending, and not further",
            source=_TABLE_2,
        ),
    ),
)  # fmt: skip

FURTHER_WORDS = DecisionTable(
    "immune-further",
    "What confirms a pending progression, iRECIST",
    inputs={"target": Signal, "nontarget": Signal, "new": Signal},
    rules=(
        Rule(
            "IR-CONFIRM-TARGET", Further.TARGET,
            when={"target": Signal.FURTHER},
            sentence="the targets rose from {target_reference} to {target_total}, by {further} or "
            "more",
            source=_TABLE_2,
            readings=(readings.IR_AT_LEAST,),
        ),
        Rule(
            "IR-CONFIRM-NONTARGET", Further.NONTARGET,
            when={"target": set(Signal) - {Signal.FURTHER}, "nontarget": Signal.FURTHER},
            sentence="a non-target is called progressed again",
            source=_TABLE_2,
        ),
        Rule(
            "IR-CONFIRM-NEW", Further.NEW_LESION,
            when={
                "target": set(Signal) - {Signal.FURTHER},
                "nontarget": set(Signal) - {Signal.FURTHER}, "new": Signal.FURTHER,
            },
            sentence="{new_words}",
            source=_TABLE_2,
        ),
        Rule(
            "IR-CONFIRM-OTHER", Further.OTHER,
            when={
                "target": Signal.OTHER, "nontarget": set(Signal) - {Signal.FURTHER},
                "new": set(Signal) - {Signal.FURTHER},
            },
            sentence="the targets progressed, which was not pending",
            source=_FROM_MEMORY,
        ),
        Rule(
            "IR-CONFIRM-OTHER-NONTARGET", Further.OTHER,
            when={
                "target": {Signal.NO, Signal.SAME}, "nontarget": Signal.OTHER,
                "new": set(Signal) - {Signal.FURTHER},
            },
            sentence="a non-target progressed, which was not pending",
            source=_FROM_MEMORY,
        ),
        Rule(
            "IR-CONFIRM-OTHER-NEW", Further.OTHER,
            when={
                "target": {Signal.NO, Signal.SAME}, "nontarget": {Signal.NO, Signal.SAME},
                "new": Signal.OTHER,
            },
            sentence="a new lesion, which was not pending",
            source=_FROM_MEMORY,
        ),
        Rule(
            "IR-CONFIRM-NOT", Further.NO,
            when={
                "target": {Signal.NO, Signal.SAME}, "nontarget": {Signal.NO, Signal.SAME},
                "new": {Signal.NO, Signal.SAME},
            },
            sentence="nothing is further by {further} or more, and nothing else came",
            source=_TABLE_2,
            readings=(readings.IR_AT_LEAST,),
        ),
    ),
)  # fmt: skip

# ---- the word of a time point

_BEFORE = {"confirmed": False}
_CLEARS = "no sign of progression{clears}"

IMMUNE = DecisionTable(
    "immune",
    "Response at a time point, iRECIST",
    inputs={
        "confirmed": bool, "response": Response, "pending": bool, "late": bool, "further": Further,
    },
    rules=(
        Rule(
            "IR-EVER", ImmuneResponse.CPD,
            when={"confirmed": True},
            sentence="progression was confirmed on {confirmed_date}",
            source=_TABLE_2,
        ),
        Rule(
            "IR-CR", ImmuneResponse.CR,
            when={**_BEFORE, "response": Response.CR},
            sentence=_CLEARS, source=_TABLE_2, readings=(readings.IR_RESET,),
        ),
        Rule(
            "IR-PR", ImmuneResponse.PR,
            when={**_BEFORE, "response": Response.PR},
            sentence=_CLEARS, source=_TABLE_2, readings=(readings.IR_RESET,),
        ),
        Rule(
            "IR-SD", ImmuneResponse.SD,
            when={**_BEFORE, "response": Response.SD},
            sentence=_CLEARS, source=_TABLE_2, readings=(readings.IR_RESET,),
        ),
        Rule(
            "IR-NN", ImmuneResponse.NON_CR_NON_UPD,
            when={**_BEFORE, "response": Response.NON_CR_NON_PD},
            sentence=_CLEARS, source=_TABLE_2, readings=(readings.IR_RESET,),
        ),
        Rule(
            "IR-NED", ImmuneResponse.NED,
            when={**_BEFORE, "response": Response.NED},
            sentence=_CLEARS, source=readings.NED,
        ),
        Rule(
            "IR-NE", ImmuneResponse.NE,
            when={**_BEFORE, "response": {Response.NE, Response.ND}},
            sentence="no sign of progression, and not evaluable{keeps}",
            source=readings.IR_NE,
        ),
        Rule(
            "IR-UPD", ImmuneResponse.UPD,
            when={**_BEFORE, "response": Response.PD, "pending": False},
            sentence="a first progression is unconfirmed",
            source=_TABLE_2,
        ),
        Rule(
            "IR-UPD-SOON", ImmuneResponse.UPD,
            when={**_BEFORE, "response": Response.PD, "pending": True, "late": False},
            sentence="sooner than {confirmation_days} after that of {pending_date}, so neither "
            "confirmation nor what is compared with",
            source=readings.IR_SOON,
        ),
        Rule(
            "IR-UPD-STAYS", ImmuneResponse.UPD,
            when={
                **_BEFORE, "response": Response.PD, "pending": True, "late": True,
                "further": Further.NO,
            },
            sentence="that of {pending_date} is still unconfirmed: {further_words}",
            source=_TABLE_2,
        ),
        Rule(
            "IR-CPD", ImmuneResponse.CPD,
            when={
                **_BEFORE, "response": Response.PD, "pending": True, "late": True,
                "further": set(Further) - {Further.NO},
            },
            sentence="confirms that of {pending_date}: {further_words}",
            source=_TABLE_2,
        ),
    ),
)  # fmt: skip
"""`response`: by the criteria beneath, with the new lesions that are still there."""

IMMUNE_REPORTED: dict[ImmuneResponse, Response] = {
    each: tuple(Response)[min(each.code, ImmuneResponse.ND.code)] for each in ImmuneResponse
} | {ImmuneResponse.CPD: Response.PD}
"""As what a verdict counts in the table of reported ones."""


def signs_of(target: Any, nontarget: Any, new_lesion: Any) -> tuple[Any, Any, Any]:
    """Which kinds of progression are there, from codes: a truth or an array of them each."""
    return (
        target == Target.PD.code,
        nontarget == NonTarget.PD.code,
        new_lesion == NewLesion.YES.code,
    )


AS_COUNTED: dict[ImmuneResponse, int] = {each: each.code for each in ImmuneResponse} | {
    ImmuneResponse.CPD: Response.PD.code,
    ImmuneResponse.UPD: len(Response),
}
"""The code by which a word confirms a response: iUPD interrupts it, iCPD ends the line."""

COUNTS_FOR_TIMES: dict[ImmuneResponse, Response] = {
    **IMMUNE_REPORTED, ImmuneResponse.UPD: Response.SD,
}  # fmt: skip
"""As what a word counts for times to events, the first of a confirmed progression apart."""

# ---- the best of a line

_NONE_BETTER = {"cr": False, "pr": False, "sd": False, "nn": False, "ned": False}
_BEST = IRECIST_2017.at("best overall response", RECALLED)
_AS_RECIST = recist_at("best overall response", VERIFIED, ADMIRALONCO)

IMMUNE_BEST = DecisionTable(
    "immune-best",
    "Best response of a line, iRECIST",
    inputs={
        "cr": bool, "pr": bool, "sd": bool, "nn": bool, "ned": bool, "cpd": bool, "upd": bool,
        "any": bool,
    },
    rules=(
        Rule(
            "IR-BEST-CR", ImmuneResponse.CR,
            when={"cr": True},
            sentence="iCR{confirmed} before any confirmed progression",
            source=_BEST, readings=(readings.IR_BEST,),
        ),
        Rule(
            "IR-BEST-PR", ImmuneResponse.PR,
            when={"cr": False, "pr": True},
            sentence="iPR{confirmed} before any confirmed progression",
            source=_BEST, readings=(readings.IR_BEST,),
        ),
        Rule(
            "IR-BEST-SD", ImmuneResponse.SD,
            when={"cr": False, "pr": False, "sd": True},
            sentence="iSD on day {stable_days} or later",
            source=_BEST, readings=(readings.STABLE_42,),
        ),
        Rule(
            "IR-BEST-NN", ImmuneResponse.NON_CR_NON_UPD,
            when={"cr": False, "pr": False, "sd": False, "nn": True},
            sentence="non-iCR/non-iUPD on day {stable_days} or later",
            source=_AS_RECIST, readings=(readings.IR_BEST,),
        ),
        Rule(
            "IR-BEST-NED", ImmuneResponse.NED,
            when={"cr": False, "pr": False, "sd": False, "nn": False, "ned": True},
            sentence="no evidence of disease",
            source=readings.NED,
        ),
        Rule(
            "IR-BEST-CPD", ImmuneResponse.CPD,
            when={**_NONE_BETTER, "cpd": True},
            sentence="progression, confirmed, and nothing better before",
            source=_BEST,
        ),
        Rule(
            "IR-BEST-UPD", ImmuneResponse.UPD,
            when={**_NONE_BETTER, "cpd": False, "upd": True},
            sentence="progression, never confirmed, and nothing better",
            source=_BEST,
        ),
        Rule(
            "IR-BEST-NE", ImmuneResponse.NE,
            when={**_NONE_BETTER, "cpd": False, "upd": False, "any": True},
            sentence="nothing that counts at any follow-up",
            source=_AS_RECIST,
        ),
        Rule(
            "IR-BEST-ND", ImmuneResponse.ND,
            when={**_NONE_BETTER, "cpd": False, "upd": False, "any": False},
            sentence="no follow-up",
            source=_AS_RECIST,
        ),
    ),
)  # fmt: skip
"""Unconfirmed and confirmed: `cr` and `pr` are then those that a later scan confirms."""
