"""The library and the oracle agree on generated charts that hold all that a chart can say.

`MRECIST_SEEDS=20000` tries more of them. `python -m tests.support.compare` shows the smallest chart
of every kind of difference.
"""

from __future__ import annotations

import os
import random

import pytest
from support.charts import chart
from support.compare import CRITERIA, answer, found
from support.oracle import oracle
from support.rows import Row, chart_of, wrong
from support.second_edition_file import conformance_cases
from support.second_edition_rows import ROWS

from mrecist.conformance import cases

SEEDS = int(os.environ.get("MRECIST_SEEDS", "300"))
SHARE = 50


every_row = pytest.mark.parametrize(
    ("row", "criteria"),
    [(row, criteria) for row in ROWS for criteria in row.expect],
    ids=lambda value: value.id if isinstance(value, Row) else value,
)


@every_row
class TestRows:
    """The small charts have the responses and problems that were worked out by hand."""

    def test_oracle(self, row: Row, criteria: str) -> None:
        assert not wrong(row, criteria, oracle(chart_of(row), criteria))

    def test_library(self, row: Row, criteria: str) -> None:
        assert not wrong(row, criteria, answer(chart_of(row), criteria))


def test_conformance_file() -> None:
    """The conformance suite holds the small charts with the oracle's answers."""
    suite = {case.id: case for case in cases()}
    for each in conformance_cases():
        case = suite[each["id"]]
        assert case.document == each["case"], case.id
        assert case.expect == each["expect"], case.id


@pytest.mark.parametrize("criteria", CRITERIA)
@pytest.mark.parametrize("first", range(0, SEEDS, SHARE))
def test_agreement(first: int, criteria: str) -> None:
    """`assess` gives every generated chart the oracle's answers."""
    for seed in range(first, min(first + SHARE, SEEDS)):
        case = chart(random.Random(seed))
        assert not found(case, criteria), f"seed {seed}: {case}"
