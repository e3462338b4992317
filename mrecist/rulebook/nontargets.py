"""State of one non-target lesion, and response of all of them."""

from __future__ import annotations

from .._base.words import (
    NonTarget,
    Size,
    State,
    Status,
    YesNo,
)
from . import readings
from .decision_table import DecisionTable, Rule
from .papers import (
    DERIVED,
    EORTC_FAQ,
    RESTATED,
    mrecist_at,
    recist_at,
)
from .sizes import KNOWN

__all__ = ["NONTARGET_LESION", "PROVED_LATE", "RECURS", "STILL_THERE"]

NONTARGET_LESION = DecisionTable(
    "nontarget-lesion",
    "One non-target lesion at a time point",
    inputs={"size": Size, "status": Status, "gone": bool, "unproven": bool},
    rules=(
        Rule(
            "NTL-NE", State.NOT_EVALUABLE,
            when={"size": Size.NOT_EVALUABLE},
            sentence="not evaluable ({says})",
            source=recist_at("time point response"),
        ),
        Rule(
            "NTL-NO-SIZE", State.NOT_EVALUABLE,
            when={
                "size": Size.UNKNOWN,
                "status": {
                    Status.MEASURED, Status.ABSENT, Status.TOO_SMALL, Status.NOT_EVALUABLE,
                },
            },
            sentence="not evaluable ({says})",
            source=readings.NO_STAND_IN,
        ),
        Rule(
            "NTL-GONE", State.GONE,
            when={"size": KNOWN, "gone": True},
            sentence="gone ({says})",
            source=recist_at("non-target lesion response"),
        ),
        Rule(
            "NTL-PD", State.PROGRESSED,
            when={
                "size": KNOWN, "gone": False,
                "status": Status.PROGRESSED, "unproven": False,
            },
            sentence="recorded as progressed ({says})",
            source=recist_at("non-target lesion response"),
        ),
        Rule(
            "NTL-SAID-PD", State.PROGRESSED,
            when={"size": Size.UNKNOWN, "status": Status.PROGRESSED, "unproven": False},
            sentence="recorded as progressed, not measured",
            source=recist_at("non-target lesion response"),
        ),
        Rule(
            "EFF-CYTO", State.PERSISTS,
            when={
                "size": KNOWN, "gone": False,
                "status": Status.PROGRESSED, "unproven": True,
            },
            sentence="persists: larger, but without cytological proof",
            source=mrecist_at("pleural effusion and ascites", RESTATED),
        ),
        Rule(
            "EFF-SAID-CYTO", State.PERSISTS,
            when={"size": Size.UNKNOWN, "status": Status.PROGRESSED, "unproven": True},
            sentence="persists: larger, but without cytological proof",
            source=mrecist_at("pleural effusion and ascites", RESTATED),
        ),
        Rule(
            "NTL-PERSISTS", State.PERSISTS,
            when={
                "size": KNOWN, "gone": False,
                "status": {
                    Status.MEASURED, Status.ABSENT, Status.TOO_SMALL, Status.PRESENT,
                    Status.NOT_EVALUABLE,
                },
            },
            sentence="persists ({says})",
            source=recist_at("non-target lesion response"),
        ),
        Rule(
            "NTL-SAID", State.PERSISTS,
            when={"size": Size.UNKNOWN, "status": Status.PRESENT},
            sentence="persists, not measured",
            source=recist_at("non-target lesion response"),
        ),
    ),
)  # fmt: skip

MRECIST_NONTARGET = DecisionTable(
    "nontarget",
    "Response of the non-target lesions, HCC mRECIST",
    inputs={"worst": State},
    rules=(
        Rule(
            "NT-NONE", NonTarget.NONE,
            when={"worst": State.NONE},
            sentence="this line has no non-target",
            source=readings.NO_NONTARGET,
        ),
        Rule(
            "NT-NO-BASELINE", NonTarget.NE,
            when={"worst": State.NO_BASELINE},
            sentence="this line has no baseline to compare with",
            source=readings.NO_BASELINE,
        ),
        Rule(
            "NT-CR", NonTarget.CR,
            when={"worst": State.GONE},
            sentence="every non-target is gone",
            source=mrecist_at("non-target lesion response", RESTATED),
            readings=(readings.MARKERS,),
        ),
        Rule(
            "NT-IRSD", NonTarget.NON_CR_NON_PD,
            when={"worst": State.PERSISTS},
            sentence="{persisting} still there, none recorded as progressed (the paper's IR/SD)",
            source=mrecist_at("non-target lesion response", RESTATED),
        ),
        Rule(
            "NT-NE", NonTarget.NE,
            when={"worst": State.NOT_EVALUABLE},
            sentence="{unseen_nontargets} not evaluable, none recorded as progressed",
            source=readings.UNSEEN_NONTARGET,
        ),
        Rule(
            "NT-PD", NonTarget.PD,
            when={"worst": State.PROGRESSED},
            sentence="{progressed} recorded as progressed",
            source=mrecist_at("non-target lesion response", RESTATED),
        ),
    ),
)  # fmt: skip

RECIST_NONTARGET = DecisionTable(
    "nontarget",
    "Response of the non-target lesions, RECIST 1.1",
    inputs={"worst": State},
    rules=(
        Rule(
            "R11-OR-15", NonTarget.NONE,
            when={"worst": State.NONE},
            sentence="this line has no non-target",
            source=readings.NO_NONTARGET,
        ),
        Rule(
            "R11-NT-NO-BASELINE", NonTarget.NE,
            when={"worst": State.NO_BASELINE},
            sentence="this line has no baseline to compare with",
            source=readings.NO_BASELINE,
        ),
        Rule(
            "R11-NT-CR", NonTarget.CR,
            when={"worst": State.GONE},
            sentence="every non-target is gone",
            source=recist_at("non-target lesion response"),
            readings=(readings.MARKERS,),
        ),
        Rule(
            "R11-NT-NN", NonTarget.NON_CR_NON_PD,
            when={"worst": State.PERSISTS},
            sentence="{persisting} still there, none recorded as progressed",
            source=recist_at("non-target lesion response"),
        ),
        Rule(
            "R11-NT-NE", NonTarget.NE,
            when={"worst": State.NOT_EVALUABLE},
            sentence="{unseen_nontargets} not evaluable, none recorded as progressed",
            source=readings.UNSEEN_NONTARGET,
        ),
        Rule(
            "R11-NT-PD", NonTarget.PD,
            when={"worst": State.PROGRESSED},
            sentence="{progressed} recorded as progressed",
            source=recist_at("non-target lesion response"),
        ),
    ),
)  # fmt: skip

PROVED_LATE = f"proved by cytology on {{date}}: a non-target from then on ({readings.EFF_LATE})"
"""What is said of an effusion that the line knows only without proof, once it is proved."""

STILL_THERE = frozenset({State.PERSISTS, State.PROGRESSED})
"""What a non-target is when disease of it is seen."""

RECURS = DecisionTable(
    "recurs",
    "Whether a non-target lesion counts as a recurrence after complete response",
    inputs={"state": State, "node": bool, "since_proof": bool},
    rules=(
        Rule(
            "RC-NOT-SEEN", YesNo.NO,
            when={"state": set(State) - STILL_THERE},
            sentence="not seen",
            source=recist_at("recurrence after complete response", DERIVED),
        ),
        Rule(
            "RC-THERE", YesNo.YES,
            when={"state": State.PERSISTS, "node": False, "since_proof": True},
            sentence="there again",
            source=recist_at("recurrence after complete response"),
        ),
        Rule(
            "RC-PROGRESSED", YesNo.YES,
            when={"state": State.PROGRESSED, "since_proof": True},
            sentence="progressed",
            source=recist_at("recurrence after complete response"),
        ),
        Rule(
            "RC-NODE", YesNo.NO,
            when={"state": State.PERSISTS, "node": True},
            sentence="a node that is seen again is disease only once it is said to have progressed",
            source=recist_at("abnormal lymph node", DERIVED, EORTC_FAQ),
        ),
        Rule(
            "RC-LATE", YesNo.NO,
            when={"since_proof": False},
            sentence="proved only after the complete response",
            source=readings.EFF_LATE,
        ),
    ),
)  # fmt: skip
"""`since_proof`: the complete response came at or after the proof of a late effusion."""
