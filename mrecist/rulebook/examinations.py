"""Which examinations count: partial ones say nothing of the line."""

from __future__ import annotations

from .._base.words import YesNo
from . import readings
from .decision_table import DecisionTable, Rule

__all__ = ["PARTIAL"]

PARTIAL = DecisionTable(
    "partial",
    "Whether a follow-up is a partial examination, which is passed over",
    inputs={
        "lesions": bool, "findings": bool, "ours": bool, "reported": bool, "unchanged": bool,
        "detected": bool,
    },
    rules=(
        Rule(
            "K4-NOTHING", YesNo.NO,
            when={"lesions": False},
            sentence="the line has no baseline, or no lesion to look for",
            source=readings.PARTIAL_EXAMINATION,
        ),
        Rule(
            "K4-EMPTY", YesNo.NO,
            when={"findings": False},
            sentence="nothing is recorded at all",
            source=readings.PARTIAL_EXAMINATION,
        ),
        Rule(
            "K4-OURS", YesNo.NO,
            when={"ours": True},
            sentence="a target or non-target is recorded",
            source=readings.PARTIAL_EXAMINATION,
        ),
        Rule(
            "K4-SAID", YesNo.NO,
            when={"reported": True},
            sentence="a reader gave a verdict",
            source=readings.PARTIAL_EXAMINATION,
        ),
        Rule(
            "K4-UNCHANGED", YesNo.NO,
            when={"unchanged": True},
            sentence="what is not mentioned is said to be unchanged",
            source=readings.PARTIAL_EXAMINATION,
        ),
        Rule(
            "K4-NEW", YesNo.NO,
            when={"detected": True},
            sentence="a lesion that was not known is detected",
            source=readings.PARTIAL_EXAMINATION,
        ),
        Rule(
            "K4-PARTIAL", YesNo.YES,
            when={
                "lesions": True, "findings": True, "ours": False, "reported": False,
                "unchanged": False, "detected": False,
            },
            sentence="a partial examination: no target and no non-target is recorded",
            source=readings.PARTIAL_EXAMINATION,
        ),
    ),
)  # fmt: skip
"""`lesions`: the line has a baseline, and targets or non-targets. `ours`: one of them, or a
fragment of one, is recorded."""
