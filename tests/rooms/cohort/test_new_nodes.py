"""Nodes that were normal at baseline, over arrays: new by size and by growth, to the micrometre."""

from __future__ import annotations

from itertools import product

import attrs
import pytest

import mrecist
from mrecist import Criteria, Finding, Lesion, Patient, TherapyLine, Timepoint

FIRST = ("2", "4.999", "5.001", "6", "7.5", "9.999")
LATER = ("9.998", "10", "10.001", "10.999", "11", "12.499", "12.5", "14.999", "15", "20")
PAIRS = list(product(FIRST, LATER))
STRICT = attrs.evolve(mrecist.MRECIST, name="growth of 8", new_node_growth_mm=8)
SAME = Finding("S8", viable_mm=30, longest_mm=30)


def alone(first: str, later: str, criteria: Criteria) -> str:
    """Whether the node is a new lesion, for one patient."""
    patient = Patient(
        "P",
        [Lesion("S8", "liver", "nodule"), Lesion("N", "mediastinum", "node")],
        [
            Timepoint(0, [SAME, Finding("N", short_axis_mm=first)]),
            Timepoint(56, [SAME, Finding("N", short_axis_mm=later)]),
        ],
        [TherapyLine(["sorafenib"], 0)],
    )
    return str(mrecist.assess(patient, criteria=criteria).lines[0].timepoints[0].new_lesion)


@pytest.mark.parametrize("criteria", [mrecist.MRECIST, mrecist.RECIST_1_1, STRICT], ids=repr)
def test_like_one(criteria: Criteria) -> None:
    """The growth that makes it new is a difference, whatever the two sizes."""
    names = [f"P{i}" for i in range(len(PAIRS))]
    rows = len(PAIRS)
    found = mrecist.assess_cohort(
        {
            "patient": names * 4,
            "date": [0] * (2 * rows) + [56] * (2 * rows),
            "lesion": (["S8"] * rows + ["N"] * rows) * 2,
            "organ": (["liver"] * rows + ["mediastinum"] * rows) * 2,
            "kind": (["nodule"] * rows + ["node"] * rows) * 2,
            "viable_mm": ([30] * rows + [None] * rows) * 2,
            "longest_mm": ([30] * rows + [None] * rows) * 2,
            "short_axis_mm": [
                *[None] * rows,
                *(first for first, _ in PAIRS),
                *[None] * rows,
                *(later for _, later in PAIRS),
            ],
        },
        criteria=criteria,
    )
    wanted = [alone(first, later, criteria) for first, later in PAIRS]
    assert found.timepoints["new_lesion"].tolist() == wanted
    assert {*wanted} >= {"NO", "YES"}
