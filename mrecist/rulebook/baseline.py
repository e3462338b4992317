"""What a lesion is at baseline, and which lesions may be targets."""

from __future__ import annotations

from .._base.words import (
    Extent,
    Group,
    Kind,
    Role,
    Status,
    YesNo,
)
from . import readings
from .decision_table import DecisionTable, Rule
from .papers import (
    DERIVED,
    RECALLED,
    RESTATED,
    mrecist_at,
    recist_at,
)
from .sizes import NOT_ZERO, SEEN

__all__ = [
    "BASELINE",
    "KNOWN",
    "MEASURABLE",
    "TARGET_FIT",
    "UNMENTIONED_BUT_KNOWN",
    "UNSIZED",
]

BASELINE = DecisionTable(
    "baseline",
    "What a lesion is at the baseline of a line",
    inputs={
        "recorded": bool, "merged": bool, "status": Status, "group": Group, "extent": Extent,
        "blind": bool, "strict_hilum": bool, "proven": bool,
    },
    rules=(
        Rule(
            "BL-UNRECORDED", Role.NOT_DISEASED,
            when={"recorded": False},
            sentence="not recorded at baseline",
            source=recist_at("baseline documentation", DERIVED),
        ),
        Rule(
            "BL-MERGED", Role.MERGED,
            when={"recorded": True, "merged": True},
            sentence="merged into another at baseline",
            source=readings.INTO_HOLDS,
        ),
        Rule(
            "BL-NE", Role.NOT_EVALUABLE,
            when={"recorded": True, "merged": False, "status": Status.NOT_EVALUABLE},
            sentence="known at baseline, but not evaluable there",
            source=recist_at("baseline documentation", DERIVED),
        ),
        Rule(
            "BL-ABSENT", Role.NOT_DISEASED,
            when={"recorded": True, "merged": False, "status": Status.ABSENT, "blind": False},
            sentence="absent at baseline",
            source=recist_at("baseline documentation", DERIVED),
        ),
        Rule(
            "BL-ABSENT-BLIND", Role.NOT_EVALUABLE,
            when={"recorded": True, "merged": False, "status": Status.ABSENT, "blind": True},
            sentence="said to be absent, without an arterial phase to tell",
            source=mrecist_at("image acquisition", DERIVED),
        ),
        Rule(
            "BL-ZERO-BLIND", Role.NOT_EVALUABLE,
            when={
                "recorded": True, "merged": False, "status": SEEN, "extent": Extent.ZERO,
                "blind": True,
            },
            sentence="said to have nothing left, without an arterial phase to tell",
            source=mrecist_at("image acquisition", DERIVED),
        ),
        Rule(
            "BL-ZERO", Role.NOT_DISEASED,
            when={
                "recorded": True, "merged": False, "status": SEEN, "extent": Extent.ZERO,
                "blind": False,
            },
            sentence="nothing of it left at baseline",
            source=mrecist_at("target lesions", DERIVED),
        ),
        Rule(
            "R11-MEAS-02", Role.NOT_DISEASED,
            when={
                "recorded": True, "merged": False, "status": SEEN, "group": Group.NODE,
                "extent": Extent.BELOW, "strict_hilum": False,
            },
            sentence="short axis {size}, below {diseased_node}: a normal node",
            source=recist_at("lymph nodes"),
        ),
        Rule(
            "LN-HILUM-20", Role.NOT_DISEASED,
            when={
                "recorded": True, "merged": False, "status": SEEN, "group": Group.NODE,
                "extent": Extent.BELOW, "strict_hilum": True,
            },
            sentence="short axis {size}, below {diseased_node}: not taken as malignant at the "
            "porta hepatis",
            source=mrecist_at("porta hepatis lymph nodes", RESTATED),
        ),
        Rule(
            "LN-OTHER-10", Role.DISEASED,
            when={
                "recorded": True, "merged": False, "status": SEEN, "group": Group.NODE,
                "extent": Extent.ENOUGH, "strict_hilum": False,
            },
            sentence="short axis {size}, {diseased_node} or more",
            source=recist_at("lymph nodes"),
            readings=(readings.NODE_10,),
        ),
        Rule(
            "LN-HILUM-20-DISEASED", Role.DISEASED,
            when={
                "recorded": True, "merged": False, "status": SEEN, "group": Group.NODE,
                "extent": Extent.ENOUGH, "strict_hilum": True,
            },
            sentence="short axis {size}, {diseased_node} or more at the porta hepatis",
            source=mrecist_at("porta hepatis lymph nodes", RESTATED),
        ),
        Rule(
            "LN-SAID", Role.DISEASED,
            when={
                "recorded": True, "merged": False, "status": {Status.PRESENT, Status.PROGRESSED},
                "group": Group.NODE, "extent": Extent.UNKNOWN, "strict_hilum": False,
            },
            sentence="a node of unknown size that is said to be there",
            source=readings.UNKNOWN_NODE,
        ),
        Rule(
            "LN-HILUM-UNKNOWN", Role.NO_PART,
            when={
                "recorded": True, "merged": False, "status": SEEN,
                "group": Group.NODE, "extent": Extent.UNKNOWN, "strict_hilum": True,
            },
            sentence="a porta hepatis node needs a short axis of {diseased_node}, none is known",
            source=readings.UNKNOWN_NODE,
        ),
        Rule(
            "LN-UNMEASURED", Role.NOT_EVALUABLE,
            when={
                "recorded": True, "merged": False,
                "status": {Status.MEASURED, Status.TOO_SMALL},
                "group": Group.NODE, "extent": Extent.UNKNOWN, "strict_hilum": False,
            },
            sentence="nobody can tell disease from a normal node",
            source=readings.UNKNOWN_NODE,
        ),
        Rule(
            "EFF-PROVEN", Role.DISEASED,
            when={
                "recorded": True, "merged": False, "status": SEEN, "group": Group.EFFUSION,
                "extent": NOT_ZERO, "proven": True,
            },
            sentence="an effusion that counts",
            source=recist_at("non-measurable disease"),
            readings=(readings.PROOF_STAYS,),
        ),
        Rule(
            "EFF-UNPROVEN", Role.UNPROVEN,
            when={
                "recorded": True, "merged": False, "status": SEEN, "group": Group.EFFUSION,
                "extent": NOT_ZERO, "proven": False,
            },
            sentence="an effusion without cytological proof",
            source=mrecist_at("pleural effusion and ascites", RESTATED),
            readings=(readings.EFF_LATE,),
        ),
        Rule(
            "BL-DISEASED", Role.DISEASED,
            when={
                "recorded": True, "merged": False, "status": SEEN, "group": Group.OTHER,
                "extent": NOT_ZERO,
            },
            sentence="present at baseline",
            source=recist_at("baseline documentation"),
        ),
    ),
)  # fmt: skip

KNOWN = DecisionTable(
    "known",
    "What a lesion that the baseline does not mention is there, by its prior record",
    inputs={"reads": Role, "removed": bool},
    rules=(
        Rule(
            "KN-SHOWN-NOTHING", Role.NOT_DISEASED,
            when={"reads": Role.NOT_DISEASED},
            sentence="not mentioned at baseline, and no disease as recorded last ({says})",
            source=readings.KNOWN,
        ),
        Rule(
            "KN-REMOVED", Role.NOT_DISEASED,
            when={
                "reads": {Role.DISEASED, Role.NOT_EVALUABLE, Role.NO_PART}, "removed": True,
            },
            sentence="not mentioned at baseline, and removed since it was recorded last ({says}): "
            "{procedure} on {procedure_date}",
            source=readings.KNOWN,
        ),
        Rule(
            "KN-UNSEEN", Role.NOT_EVALUABLE,
            when={"reads": {Role.DISEASED, Role.NOT_EVALUABLE}, "removed": False},
            sentence="not mentioned at baseline, but known from before ({says})",
            source=readings.KNOWN,
        ),
        Rule(
            "KN-NO-PART", Role.NO_PART,
            when={"reads": Role.NO_PART, "removed": False},
            sentence="not mentioned at baseline, known from before ({says}), and no part of "
            "the line",
            source=readings.KNOWN,
        ),
        Rule(
            "KN-MERGED", Role.MERGED,
            when={"reads": Role.MERGED},
            sentence="not mentioned at baseline, merged into another before",
            source=readings.INTO_HOLDS,
        ),
        Rule(
            "KN-UNPROVEN", Role.UNPROVEN,
            when={"reads": Role.UNPROVEN},
            sentence="not mentioned at baseline, known from before without proof ({says})",
            source=readings.KNOWN,
        ),
    ),
)  # fmt: skip
"""`removed`: resected or transplanted between the prior record and the baseline."""

UNSIZED = frozenset({"LN-UNMEASURED", "LN-HILUM-UNKNOWN"})
"""The rules of `BASELINE` by which a node without its short axis is known and no more."""

UNMENTIONED_BUT_KNOWN = frozenset({"KN-UNSEEN", "KN-NO-PART"})
"""The rules of `KNOWN` by which a lesion that the baseline does not mention is known there."""

MEASURABLE = frozenset({Kind.NODULE, Kind.NODE})
"""The kinds of lesion of which a baseline that measures them must give the size that counts."""

# ---- Which lesions may be targets, where the reader does not name them

TARGET_FIT = DecisionTable(
    "target-fit",
    "Whether a lesion may be chosen as a target",
    inputs={
        "kind": Kind, "diseased": bool, "equivocal": bool, "measured": bool, "large": bool,
        "barred": bool, "unsuited": bool,
    },
    rules=(
        Rule(
            "FIT-NOT-DISEASED", YesNo.NO,
            when={"diseased": False},
            sentence="not diseased at baseline",
            source=recist_at("baseline documentation", DERIVED),
        ),
        Rule(
            "TS-11", YesNo.NO,
            when={"kind": Kind.INFILTRATIVE},
            sentence="infiltrative, not suited to repeat measurement",
            source=mrecist_at("measurable disease", RECALLED),
        ),
        Rule(
            "PVT-NT", YesNo.NO,
            when={"kind": Kind.THROMBUS},
            sentence="tumour in vein is not measurable",
            source=mrecist_at("portal vein thrombosis", RECALLED),
        ),
        Rule(
            "R11-MEAS-05", YesNo.NO,
            when={"kind": {Kind.EFFUSION, Kind.OTHER}},
            sentence="not measurable",
            source=recist_at("non-measurable disease"),
        ),
        Rule(
            "TSEL-01", YesNo.NO,
            when={"equivocal": True},
            sentence="flagged equivocal",
            source=recist_at("choice of targets", DERIVED),
        ),
        Rule(
            "FIT-UNMEASURED", YesNo.NO,
            when={"measured": False},
            sentence="not measured at baseline",
            source=recist_at("measurable disease"),
        ),
        Rule(
            "MEAS-10", YesNo.NO,
            when={"large": False},
            sentence="{measure} below {smallest_target}",
            source=recist_at("measurable disease"),
        ),
        Rule(
            "TS-13", YesNo.NO,
            when={"barred": True},
            sentence="lies in a locally treated area and has not progressed since",
            source=recist_at("measurable disease"),
        ),
        Rule(
            "TS-12-ATYPICAL", YesNo.NO,
            when={"unsuited": True},
            sentence="treated before, and enhancing atypically",
            source=mrecist_at("target lesions", RECALLED),
        ),
        Rule(
            "TS-16", YesNo.YES,
            when={
                "kind": {Kind.NODULE, Kind.NODE}, "diseased": True, "equivocal": False,
                "measured": True, "large": True, "barred": False, "unsuited": False,
            },
            sentence="measurable",
            source=recist_at("choice of targets"),
            readings=(readings.SELECTION, readings.SHARED_SCAN, readings.EMPTY_LIST),
        ),
    ),
)  # fmt: skip
