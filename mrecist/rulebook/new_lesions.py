"""When a lesion is new, and when disease that was gone has come back."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from .._base.words import (
    Code,
    Extent,
    Group,
    NewRule,
    Pattern,
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
    LEAP_012,
    RECALLED,
    RESTATED,
    VERIFIED,
    mrecist_at,
    recist_at,
)
from .sizes import NOT_ZERO, SEEN

__all__ = [
    "ALONE",
    "BY_SAMPLE",
    "DETECTED",
    "IS_RECURRENCE",
    "LEAP_012_NEW_LESION",
    "MERELY_SEEN",
    "PROVED_BY",
    "PROVING",
    "PROVING_BY",
    "RECURRENCE",
    "SEEN_IN_ARTERIAL",
]

# ---- New lesions: is it there, and is it one

DETECTED = DecisionTable(
    "detected",
    "Whether a lesion that was not known at baseline is detected at a follow-up",
    inputs={
        "merged": bool, "status": Status, "group": Group, "extent": Extent,
        "strict_hilum": bool, "old_effusion": bool, "grew": bool,
    },
    rules=(
        Rule(
            "DT-MERGED", YesNo.NO,
            when={"merged": True},
            sentence="merged into another",
            source=recist_at("lesions that coalesce", DERIVED),
        ),
        Rule(
            "DT-NOT-SEEN", YesNo.NO,
            when={
                "merged": False,
                "status": {Status.ABSENT, Status.NOT_EVALUABLE},
            },
            sentence="not seen",
            source=recist_at("new lesions", DERIVED),
        ),
        Rule(
            "DT-ZERO", YesNo.NO,
            when={"merged": False, "status": SEEN, "extent": Extent.ZERO},
            sentence="nothing of it to measure",
            source=mrecist_at("new lesions", DERIVED),
        ),
        Rule(
            "DT-NODE-SMALL", YesNo.NO,
            when={
                "merged": False, "status": SEEN, "group": Group.NODE,
                "extent": Extent.BELOW, "strict_hilum": False,
            },
            sentence="short axis {size}, below {diseased_node}: a normal node",
            source=recist_at("abnormal lymph node", VERIFIED, EORTC_FAQ),
        ),
        Rule(
            "LN-HILUM-NEW", YesNo.NO,
            when={
                "merged": False, "status": SEEN, "group": Group.NODE,
                "extent": Extent.BELOW, "strict_hilum": True,
            },
            sentence="short axis {size}, below {diseased_node}: not taken as malignant at the "
            "porta hepatis",
            source=mrecist_at("porta hepatis lymph nodes", DERIVED),
        ),
        Rule(
            "DT-HILUM-UNKNOWN", YesNo.NO,
            when={
                "merged": False, "status": SEEN, "group": Group.NODE,
                "extent": Extent.UNKNOWN, "strict_hilum": True,
            },
            sentence="a porta hepatis node needs a short axis of {diseased_node}, none is known",
            source=readings.UNKNOWN_NODE,
        ),
        Rule(
            "R11-NL-04", YesNo.YES,
            when={
                "merged": False, "status": SEEN, "group": Group.NODE,
                "extent": Extent.ENOUGH, "strict_hilum": False,
            },
            sentence="short axis {size}, {diseased_node} or more",
            source=recist_at("abnormal lymph node", VERIFIED, EORTC_FAQ),
        ),
        Rule(
            "DT-HILUM", YesNo.YES,
            when={
                "merged": False, "status": SEEN, "group": Group.NODE,
                "extent": Extent.ENOUGH, "strict_hilum": True,
            },
            sentence="short axis {size}, {diseased_node} or more at the porta hepatis",
            source=mrecist_at("porta hepatis lymph nodes", RESTATED),
        ),
        Rule(
            "DT-NODE-SAID", YesNo.YES,
            when={
                "merged": False, "status": {Status.PRESENT, Status.PROGRESSED},
                "group": Group.NODE, "extent": Extent.UNKNOWN, "strict_hilum": False,
            },
            sentence="a node of unknown size that is said to be there",
            source=readings.UNKNOWN_NODE,
        ),
        Rule(
            "DT-NODE-UNSIZED", YesNo.NO,
            when={
                "merged": False, "status": {Status.MEASURED, Status.TOO_SMALL},
                "group": Group.NODE, "extent": Extent.UNKNOWN, "strict_hilum": False,
            },
            sentence="a node measured without its short axis",
            source=readings.UNKNOWN_NODE,
        ),
        Rule(
            "DT-EFFUSION-GREW", YesNo.YES,
            when={
                "merged": False, "status": Status.PROGRESSED,
                "group": Group.EFFUSION, "extent": NOT_ZERO, "old_effusion": True,
            },
            sentence="an effusion known before without proof, {before}, that is said to have grown",
            source=readings.OLD_EFFUSION,
        ),
        Rule(
            "EFF-GREW", YesNo.YES,
            when={
                "merged": False,
                "status": {Status.MEASURED, Status.TOO_SMALL, Status.PRESENT},
                "group": Group.EFFUSION, "extent": NOT_ZERO, "old_effusion": True, "grew": True,
            },
            sentence="an effusion known before without proof, {before}, now {says}: larger by "
            "{growth} or more",
            source=readings.OLD_EFFUSION,
            readings=(readings.GREW,),
        ),
        Rule(
            "DT-EFFUSION-SAME", YesNo.NO,
            when={
                "merged": False,
                "status": {Status.MEASURED, Status.TOO_SMALL, Status.PRESENT},
                "group": Group.EFFUSION, "extent": NOT_ZERO, "old_effusion": True, "grew": False,
            },
            sentence="an effusion known before without proof, {before}, now {says}: not shown to "
            "be larger by {growth}",
            source=readings.OLD_EFFUSION,
        ),
        Rule(
            "DT-EFFUSION", YesNo.YES,
            when={
                "merged": False, "status": SEEN, "group": Group.EFFUSION,
                "extent": NOT_ZERO, "old_effusion": False,
            },
            sentence="an effusion that was not there before",
            source=recist_at("new lesions"),
        ),
        Rule(
            "DT-LESION", YesNo.YES,
            when={
                "merged": False, "status": SEEN, "group": Group.OTHER,
                "extent": NOT_ZERO,
            },
            sentence="seen for the first time",
            source=recist_at("new lesions"),
        ),
    ),
)  # fmt: skip

_INPUTS: dict[str, type[Code | bool]] = {
    "rule": NewRule, "detected": bool, "equivocal": bool, "typical": bool, "cavity": bool,
    "large": bool, "grown": bool, "proven": bool, "again": bool,
}  # fmt: skip

_ANY_OTHER_LESION = (
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
        sentence="{says}, not flagged equivocal",
        source=recist_at("new lesions"),
        readings=(readings.WINDOW,),
    ),
    Rule(
        "NL-NODE-5", Verdict.NEW,
        when={
            "rule": NewRule.NODE, "detected": True, "equivocal": False, "grown": True,
            "large": True,
        },
        sentence="{size}, {new_node_growth} or more above the {prior_size} of {prior_date}, "
        "and {smallest_target} or more",
        source=recist_at("abnormal lymph node", VERIFIED, EORTC_FAQ),
        readings=(readings.NODE_NEW,),
    ),
    Rule(
        "NL-NODE-AGAIN", Verdict.NEW,
        when={
            "rule": NewRule.NODE, "detected": True, "equivocal": False, "grown": True,
            "again": True,
        },
        sentence="{size}, {new_node_growth} or more above the {prior_size} of {prior_date}, "
        "and seen above the limit for the second time",
        source=recist_at("abnormal lymph node", VERIFIED, EORTC_FAQ),
        readings=(readings.NODE_NEW,),
    ),
    Rule(
        "NL-NODE-CROSSED", Verdict.NOT_YET,
        when={"rule": NewRule.NODE, "detected": True, "equivocal": False, "grown": False},
        sentence="{size}, less than {new_node_growth} above the {prior_size} of {prior_date}: "
        "looked at again",
        source=readings.NODE_NEW,
    ),
    Rule(
        "NL-NODE-ONCE", Verdict.NOT_YET,
        when={
            "rule": NewRule.NODE, "detected": True, "equivocal": False, "large": False,
            "again": False,
        },
        sentence="{size}, below {smallest_target} and above the limit for the first time: "
        "looked at again",
        source=readings.NODE_NEW,
    ),
    Rule(
        "R11-NL-02", Verdict.NOT_YET,
        when={"rule": {NewRule.UNEQUIVOCAL, NewRule.NODE}, "equivocal": True},
        sentence="flagged equivocal",
        source=recist_at("new lesions"),
    ),
    Rule(
        "NL-UNSEEN", Verdict.NOT_YET,
        when={
            "rule": {NewRule.UNEQUIVOCAL, NewRule.NODE}, "detected": False,
            "equivocal": False,
        },
        sentence="not seen",
        source=recist_at("new lesions", DERIVED),
    ),
)  # fmt: skip
"""The rules for effusions, nodes and all else that is no liver nodule."""

NEW_LESION = DecisionTable(
    "new-lesion",
    "Whether what a time point says makes a candidate a new lesion, from its first detection on",
    inputs=_INPUTS,
    rules=(
        Rule(
            "NL-HCC-10", Verdict.NEW,
            when={"rule": NewRule.HCC, "large": True, "typical": True},
            sentence="{size}, {new_nodule} or more, its pattern {pattern}",
            source=mrecist_at("new lesions", RECALLED),
            readings=(readings.PATTERN_HOLDS, readings.MALIGNANT),
        ),
        Rule(
            "NL-HCC-CAVITY", Verdict.NEW,
            when={"rule": NewRule.HCC, "large": True, "cavity": True},
            sentence="{size} of new enhancement, {new_nodule} or more, in a treated lesion or one "
            "that had none",
            source=readings.CAVITY,
        ),
        Rule(
            "NL-HCC-BIOPSY", Verdict.NEW,
            when={"rule": NewRule.HCC, "proven": True},
            sentence="positive biopsy",
            source=readings.BIOPSY,
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
            "NL-HCC-LT10", Verdict.NOT_YET,
            when={"rule": NewRule.HCC, "large": False, "grown": False, "proven": False},
            sentence="{size}; a liver nodule under {new_nodule}, or of unknown size, is followed",
            source=mrecist_at("new lesions", DERIVED),
        ),
        Rule(
            "NL-HCC-GREY", Verdict.NOT_YET,
            when={
                "rule": NewRule.HCC, "typical": False, "cavity": False, "grown": False,
                "proven": False,
            },
            sentence="{size}, its pattern {pattern}; a liver nodule without a pattern that "
            "proves it is followed",
            source=mrecist_at("new lesions", RESTATED),
        ),
        *_ANY_OTHER_LESION,
    ),
)  # fmt: skip

LEAP_012_NEW_LESION = DecisionTable(
    "new-lesion-leap012",
    "Whether a candidate is a new lesion where a liver nodule counts by its typical look only",
    inputs=_INPUTS,
    rules=(
        Rule(
            "LEAP-NL-TYPICAL", Verdict.NEW,
            when={
                "rule": NewRule.HCC, "detected": True, "equivocal": False, "typical": True,
            },
            sentence="{size}, its pattern {pattern}, not flagged equivocal",
            source=LEAP_012.at("RECIST 1.1 as modified for the trial", VERIFIED),
            readings=(readings.PATTERN_HOLDS, readings.LEAP_TYPICAL),
        ),
        Rule(
            "LEAP-NL-OTHER", Verdict.NOT_YET,
            when={"rule": NewRule.HCC, "typical": False},
            sentence="{size}, its pattern {pattern}; a liver nodule counts only with the typical "
            "one",
            source=LEAP_012.at("RECIST 1.1 as modified for the trial", VERIFIED),
            readings=(readings.LEAP_TYPICAL,),
        ),
        Rule(
            "LEAP-NL-EQUIVOCAL", Verdict.NOT_YET,
            when={"rule": NewRule.HCC, "equivocal": True},
            sentence="flagged equivocal",
            source=recist_at("new lesions"),
        ),
        Rule(
            "LEAP-NL-UNSEEN", Verdict.NOT_YET,
            when={"rule": NewRule.HCC, "detected": False, "equivocal": False},
            sentence="not seen",
            source=recist_at("new lesions", DERIVED),
        ),
        *_ANY_OTHER_LESION,
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
            when={"response": set(Response) - {Response.CR, Response.PD}},
            sentence="nothing but progression ends the watch for recurrence",
            source=recist_at("recurrence after complete response", DERIVED),
            readings=(readings.AFTER_CR,),
        ),
        Rule(
            "BOR-09-OFF", Watch.OFF,
            when={"response": Response.PD},
            sentence="progressed",
            source=recist_at("recurrence after complete response", DERIVED),
        ),
    ),
)  # fmt: skip

IS_RECURRENCE = RECURRENCE.decide(Response.CR)
"""The rule by which disease after complete response is a recurrence."""

PROVED_BY: Mapping[NewRule, str] = MappingProxyType(
    {
        NewRule.HCC: "biopsy",
        NewRule.CYTOLOGY: "cytology",
        NewRule.UNEQUIVOCAL: "biopsy",
        NewRule.NODE: "biopsy",
    }
)
"""Which examination proves a candidate that a rule judges."""


PROVING = frozenset({Pattern.TYPICAL, Pattern.MALIGNANT})
"""The patterns that prove a new liver nodule that is large enough (Reading RD-MALIGNANT)."""

PROVING_BY: Mapping[str, frozenset[Pattern]] = MappingProxyType(
    {
        NEW_LESION.name: PROVING,
        LEAP_012_NEW_LESION.name: frozenset({Pattern.TYPICAL}),
    }
)
"""The patterns that prove a new liver nodule, by the table that decides on it (LR-5: typical)."""

SEEN_IN_ARTERIAL = frozenset({Pattern.TYPICAL, Pattern.ATYPICAL})
"""The patterns that nobody sees without an arterial phase."""

ALONE = frozenset({"NL-HCC-GROW"})
"""The rules by which a new liver nodule is doubtful in spite of a negative biopsy."""

BY_SAMPLE = frozenset({"NL-HCC-BIOPSY", "NL-EFF-CYTO"})
"""The rules by which a sample proves a candidate, not what its scan shows."""

MERELY_SEEN = frozenset({"DT-LESION"})
"""The rules that detect a candidate by nothing but that it is seen."""
