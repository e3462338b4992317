"""Lesions that split, merge, are passed over in silence, or are treated on study."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from .._base.words import Last, Size, Status, YesNo
from . import readings
from .decision_table import DecisionTable, Rule
from .papers import DERIVED, recist_at

__all__ = ["CALLED", "MERGED", "PARTS", "REMOVES", "TREATED", "UNMENTIONED", "status_of_parts"]

UNMENTIONED = DecisionTable(
    "unmentioned",
    "What a lesion of the line is at a time point that does not record it",
    inputs={"unchanged": bool, "nontarget": bool, "last": Last},
    rules=(
        Rule(
            "NE-01", Size.NOT_EVALUABLE,
            when={"unchanged": False},
            sentence="not recorded",
            source=readings.SILENCE,
        ),
        Rule(
            "NE-01-TARGET", Size.NOT_EVALUABLE,
            when={"unchanged": True, "nontarget": False},
            sentence="not recorded; unchanged gives a target no size",
            source=readings.UNMENTIONED,
        ),
        Rule(
            "UM-GONE", Size.ZERO,
            when={"unchanged": True, "nontarget": True, "last": Last.GONE},
            sentence="unchanged, gone before",
            source=readings.UNMENTIONED,
        ),
        Rule(
            "UM-THERE", Size.UNKNOWN,
            when={"unchanged": True, "nontarget": True, "last": {Last.THERE, Last.NEVER}},
            sentence="unchanged, still there",
            source=readings.UNMENTIONED,
        ),
        Rule(
            "UM-MERGED", Size.MERGED,
            when={"unchanged": True, "nontarget": True, "last": Last.MERGED},
            sentence="unchanged, as the lesion that it merged into",
            source=readings.UNMENTIONED,
        ),
    ),
)  # fmt: skip

KNOWN_OR_THERE = {Size.SMALL, Size.RECORDED, Size.MERGED}

MERGED = DecisionTable(
    "merged",
    "What a lesion that merged into another is, by that other one at the same time point",
    inputs={"target": bool, "in_sum": bool, "size": Size, "gone": bool},
    rules=(
        Rule(
            "MG-LEFT", Size.NOT_EVALUABLE,
            when={"target": True, "in_sum": False},
            sentence="merged into {other}, which is no target: its tissue has left the total",
            source=readings.MERGED_OUT,
        ),
        Rule(
            "MG-NE", Size.NOT_EVALUABLE,
            when={"size": Size.NOT_EVALUABLE},
            sentence="merged into {other}, which is not evaluable",
            source=recist_at("lesions that coalesce", DERIVED),
        ),
        Rule(
            "MG-UNSIZED", Size.NOT_EVALUABLE,
            when={"target": True, "size": Size.UNKNOWN},
            sentence="merged into {other}, which is of unknown size",
            source=recist_at("lesions that coalesce", DERIVED),
        ),
        Rule(
            "MG-GONE", Size.ZERO,
            when={"target": False, "size": {Size.ZERO} | KNOWN_OR_THERE, "gone": True},
            sentence="merged into {other}, which is gone",
            source=recist_at("lesions that coalesce", DERIVED),
        ),
        Rule(
            "MG-GONE-TARGET", Size.ZERO,
            when={
                "target": True, "in_sum": True, "size": {Size.ZERO} | KNOWN_OR_THERE, "gone": True,
            },
            sentence="merged into {other}, which is gone",
            source=recist_at("lesions that coalesce", DERIVED),
        ),
        Rule(
            "MG-INTO", Size.MERGED,
            when={
                "target": True, "in_sum": True, "size": {Size.ZERO} | KNOWN_OR_THERE,
                "gone": False,
            },
            sentence="merged into {other}, whose size holds it",
            source=recist_at("lesions that coalesce"),
        ),
        Rule(
            "MG-INTO-NT", Size.MERGED,
            when={
                "target": False, "size": {Size.ZERO} | KNOWN_OR_THERE, "gone": False,
            },
            sentence="merged into {other}, which persists",
            source=recist_at("lesions that coalesce", DERIVED),
        ),
        Rule(
            "MG-UNSIZED-NT", Size.MERGED,
            when={"target": False, "size": Size.UNKNOWN},
            sentence="merged into {other}, which persists",
            source=recist_at("lesions that coalesce", DERIVED),
        ),
    ),
)  # fmt: skip

PARTS = DecisionTable(
    "parts",
    "What a lesion in parts is, by its own record and those of its fragments",
    inputs={"unseen": bool, "unsized": bool},
    rules=(
        Rule(
            "R11-TS-03-NE", Size.NOT_EVALUABLE,
            when={"unseen": True},
            sentence="in parts, of which {unseen_parts} not evaluable",
            source=recist_at("lesions that split", DERIVED),
        ),
        Rule(
            "R11-TS-03-UNSIZED", Size.UNKNOWN,
            when={"unseen": False, "unsized": True},
            sentence="in parts, of which {unsized_parts} without the size that counts",
            source=recist_at("lesions that split", DERIVED),
        ),
        Rule(
            "R11-TS-03", Size.RECORDED,
            when={"unseen": False, "unsized": False},
            sentence="in parts, together {size}",
            source=recist_at("lesions that split"),
        ),
    ),
)  # fmt: skip

TREATED = DecisionTable(
    "treated",
    "Whether a lesion that was treated on study can no longer be judged",
    inputs={"under_test": bool, "target": bool, "progressed": bool},
    rules=(
        Rule(
            "LINE-06", YesNo.NO,
            when={"under_test": True},
            sentence="the procedure is the treatment of the line",
            source=readings.TREATED,
        ),
        Rule(
            "R11-TS-05", YesNo.YES,
            when={"under_test": False, "target": True},
            sentence="treated on {procedure_date} ({procedure}): can no longer show response",
            source=readings.TREATED,
        ),
        Rule(
            "R11-TS-05-NT", YesNo.YES,
            when={"under_test": False, "target": False, "progressed": False},
            sentence="treated on {procedure_date} ({procedure}): can no longer show response",
            source=readings.TREATED,
        ),
        Rule(
            "R11-TS-05-PD", YesNo.NO,
            when={"under_test": False, "target": False, "progressed": True},
            sentence="treated, and progressed all the same",
            source=readings.TREATED,
        ),
    ),
)  # fmt: skip

CALLED: Mapping[str, str] = MappingProxyType(
    {
        "MEAS-14": "no arterial phase",
        "UM-GONE": "unchanged",
        "UM-THERE": "unchanged",
        "R11-TS-03-NE": "not evaluable",
        "R11-TS-05": "treated",
        "R11-TS-05-NT": "treated",
        **{rule.id: "in {other}" for rule in MERGED.rules},
    }
)
"""What a table prints in place of a size, by the rule that says that there is none of its own."""

REMOVES = frozenset({"resection", "transplantation"})
"""The procedures after which a lesion that they name may be new again (Reading RD-KNOWN)."""


def status_of_parts(statuses: Any, sized: bool) -> Status:
    """The status of a lesion in parts: progressed where one is, measured where all have a size."""
    if Status.PROGRESSED in statuses:
        return Status.PROGRESSED
    return Status.MEASURED if sized else Status.PRESENT
