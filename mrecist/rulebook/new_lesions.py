"""When a lesion is new, and when disease that was gone has come back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from .._base.words import (
    Extent,
    Group,
    NewRule,
    Response,
    Status,
    Verdict,
    Watch,
    YesNo,
)
from . import readings
from .decision_table import DecisionTable, Rule
from .papers import (
    DERIVED,
    EORTC_FAQ,
    RECALLED,
    RESTATED,
    VERIFIED,
    mrecist_at,
    recist_at,
)
from .sizes import NOT_ZERO, SEEN

__all__ = [
    "DETECTED",
    "IS_RECURRENCE",
    "PROVED_BY",
    "RECURRENCE",
    "nodule_size",
]

# ---- New lesions: is it there, and is it one

DETECTED = DecisionTable(
    "detected",
    "Whether a lesion that was not known at baseline is detected at a follow-up",
    inputs={
        "recorded": bool, "status": Status, "group": Group, "extent": Extent,
        "strict_hilum": bool, "old_effusion": bool,
    },
    rules=(
        Rule(
            "DT-UNRECORDED", YesNo.NO,
            when={"recorded": False},
            sentence="not recorded",
            source=readings.SILENCE,
        ),
        Rule(
            "DT-NOT-SEEN", YesNo.NO,
            when={"recorded": True, "status": {Status.ABSENT, Status.NOT_EVALUABLE}},
            sentence="not seen",
            source=recist_at("new lesions", DERIVED),
        ),
        Rule(
            "DT-ZERO", YesNo.NO,
            when={"recorded": True, "status": SEEN, "extent": Extent.ZERO},
            sentence="nothing of it to measure",
            source=mrecist_at("new lesions", DERIVED),
        ),
        Rule(
            "DT-NODE-SMALL", YesNo.NO,
            when={
                "recorded": True, "status": SEEN, "group": Group.NODE,
                "extent": Extent.BELOW, "strict_hilum": False,
            },
            sentence="short axis {size}, below {diseased_node}: a normal node",
            source=recist_at("abnormal lymph node", VERIFIED, EORTC_FAQ),
        ),
        Rule(
            "LN-HILUM-NEW", YesNo.NO,
            when={
                "recorded": True, "status": SEEN, "group": Group.NODE,
                "extent": Extent.BELOW, "strict_hilum": True,
            },
            sentence="short axis {size}, below {diseased_node}: not taken as malignant at the "
            "porta hepatis",
            source=mrecist_at("porta hepatis lymph nodes", DERIVED),
        ),
        Rule(
            "DT-HILUM-UNKNOWN", YesNo.NO,
            when={
                "recorded": True, "status": SEEN, "group": Group.NODE,
                "extent": Extent.UNKNOWN, "strict_hilum": True,
            },
            sentence="a porta hepatis node needs a short axis of {diseased_node}, none is known",
            source=readings.UNKNOWN_NODE,
        ),
        Rule(
            "R11-NL-04", YesNo.YES,
            when={
                "recorded": True, "status": SEEN, "group": Group.NODE,
                "extent": Extent.ENOUGH, "strict_hilum": False,
            },
            sentence="short axis {size}, {diseased_node} or more",
            source=recist_at("abnormal lymph node", VERIFIED, EORTC_FAQ),
            readings=(readings.NODE_CROSSED,),
        ),
        Rule(
            "DT-HILUM", YesNo.YES,
            when={
                "recorded": True, "status": SEEN, "group": Group.NODE,
                "extent": Extent.ENOUGH, "strict_hilum": True,
            },
            sentence="short axis {size}, {diseased_node} or more at the porta hepatis",
            source=mrecist_at("porta hepatis lymph nodes", RESTATED),
            readings=(readings.NODE_CROSSED,),
        ),
        Rule(
            "DT-NODE-SAID", YesNo.YES,
            when={
                "recorded": True, "status": SEEN, "group": Group.NODE,
                "extent": Extent.UNKNOWN, "strict_hilum": False,
            },
            sentence="a node of unknown size that is recorded as there",
            source=readings.UNKNOWN_NODE,
        ),
        Rule(
            "DT-EFFUSION-GREW", YesNo.YES,
            when={
                "recorded": True, "status": Status.PROGRESSED, "group": Group.EFFUSION,
                "extent": NOT_ZERO, "old_effusion": True,
            },
            sentence="an effusion known at baseline without proof that grew",
            source=readings.OLD_EFFUSION,
        ),
        Rule(
            "DT-EFFUSION-SAME", YesNo.NO,
            when={
                "recorded": True,
                "status": {Status.MEASURED, Status.TOO_SMALL, Status.PRESENT},
                "group": Group.EFFUSION, "extent": NOT_ZERO, "old_effusion": True,
            },
            sentence="an effusion known at baseline without proof that did not grow",
            source=readings.OLD_EFFUSION,
        ),
        Rule(
            "DT-EFFUSION", YesNo.YES,
            when={
                "recorded": True, "status": SEEN, "group": Group.EFFUSION,
                "extent": NOT_ZERO, "old_effusion": False,
            },
            sentence="an effusion that was not there at baseline",
            source=recist_at("new lesions"),
        ),
        Rule(
            "DT-LESION", YesNo.YES,
            when={"recorded": True, "status": SEEN, "group": Group.OTHER, "extent": NOT_ZERO},
            sentence="seen for the first time",
            source=recist_at("new lesions"),
        ),
    ),
)  # fmt: skip

NEW_LESION = DecisionTable(
    "new-lesion",
    "Whether what a time point says makes a candidate a new lesion, from its first detection on",
    inputs={
        "rule": NewRule, "detected": bool, "equivocal": bool, "typical": bool, "large": bool,
        "grown": bool, "proven": bool,
    },
    rules=(
        Rule(
            "NL-HCC-10", Verdict.NEW,
            when={"rule": NewRule.HCC, "large": True, "typical": True},
            sentence="{size}, {new_nodule} or more, with arterial enhancement and washout",
            source=mrecist_at("new lesions", RECALLED),
        ),
        Rule(
            "NL-HCC-GROW", Verdict.NEW,
            when={"rule": NewRule.HCC, "grown": True},
            sentence="{size}, {new_nodule_growth} or more above the {first_size} of "
            "{first_date}",
            source=mrecist_at("new lesions", RECALLED),
            readings=(readings.GROWTH_FROM_FIRST,),
        ),
        Rule(
            "NL-HCC-BIOPSY", Verdict.NEW,
            when={"rule": NewRule.HCC, "proven": True},
            sentence="positive biopsy",
            source=readings.BIOPSY,
        ),
        Rule(
            "NL-HCC-LT10", Verdict.NOT_YET,
            when={"rule": NewRule.HCC, "large": False, "grown": False, "proven": False},
            sentence="a liver nodule under {new_nodule}, or of unknown size, is followed",
            source=mrecist_at("new lesions", DERIVED),
        ),
        Rule(
            "NL-HCC-GREY", Verdict.NOT_YET,
            when={"rule": NewRule.HCC, "typical": False, "grown": False, "proven": False},
            sentence="a liver nodule without the typical pattern is followed",
            source=mrecist_at("new lesions", RESTATED),
        ),
        Rule(
            "NL-EFF-CYTO", Verdict.NEW,
            when={"rule": NewRule.CYTOLOGY, "proven": True},
            sentence="positive cytology",
            source=mrecist_at("pleural effusion and ascites", RESTATED),
            readings=(readings.PROOF_STAYS,),
        ),
        Rule(
            "NL-EFF-UNPROVEN", Verdict.NOT_YET,
            when={"rule": NewRule.CYTOLOGY, "proven": False},
            sentence="an effusion counts only with positive cytology",
            source=mrecist_at("pleural effusion and ascites", RESTATED),
        ),
        Rule(
            "R11-NL-01", Verdict.NEW,
            when={"rule": NewRule.UNEQUIVOCAL, "detected": True, "equivocal": False},
            sentence="not flagged equivocal",
            source=recist_at("new lesions"),
            readings=(readings.WINDOW,),
        ),
        Rule(
            "R11-NL-02", Verdict.NOT_YET,
            when={"rule": NewRule.UNEQUIVOCAL, "equivocal": True},
            sentence="flagged equivocal",
            source=recist_at("new lesions"),
        ),
        Rule(
            "NL-UNSEEN", Verdict.NOT_YET,
            when={"rule": NewRule.UNEQUIVOCAL, "detected": False, "equivocal": False},
            sentence="not seen",
            source=recist_at("new lesions", DERIVED),
        ),
    ),
)  # fmt: skip

# ---- Recurrence: what a response means for the time points after it

RECURRENCE = DecisionTable(
    "recurrence",
    "Whether disease at the next time point is a recurrence",
    inputs={"response": Response},
    rules=(
        Rule(
            "BOR-09", Watch.ON,
            when={"response": Response.CR},
            sentence="after complete response any disease is a recurrence",
            source=recist_at("recurrence after complete response"),
            readings=(readings.AFTER_CR,),
        ),
        Rule(
            "BOR-09-NE", Watch.UNCHANGED,
            when={"response": Response.NE},
            sentence="a time point that is not evaluable changes nothing",
            source=recist_at("recurrence after complete response", DERIVED),
        ),
        Rule(
            "BOR-09-OFF", Watch.OFF,
            when={
                "response": {
                    Response.PR, Response.SD, Response.NON_CR_NON_PD, Response.PD, Response.NED,
                    Response.ND,
                },
            },
            sentence="not in complete response",
            source=recist_at("recurrence after complete response", DERIVED),
        ),
    ),
)  # fmt: skip

IS_RECURRENCE = RECURRENCE.decide(Response.CR)
"""The rule by which disease after complete response is a recurrence."""

PROVED_BY: Mapping[NewRule, str] = MappingProxyType(
    {NewRule.HCC: "biopsy", NewRule.CYTOLOGY: "cytology", NewRule.UNEQUIVOCAL: "biopsy"}
)
"""Which examination proves a candidate that a rule judges."""


def nodule_size(
    longest: Any, viable: Any, is_too_small: Any, too_small: int, *, where: Callable[..., Any]
) -> Any:
    """The size of a new liver nodule: the longest diameter, else the viable one; -1: neither.

    In micrometres, an int or an array each. `where(condition, yes, no)` chooses.
    """
    return where(is_too_small, too_small, where(longest < 0, viable, longest))
