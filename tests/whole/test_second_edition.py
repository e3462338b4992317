"""The library and the oracle agree on generated charts that hold all that a chart can say.

`MRECIST_SEEDS=20000` tries more of them. `python -m tests.support.compare` shows the smallest chart
of every kind of difference.
"""

from __future__ import annotations

import os
import random

import pytest
from support.charts import chart
from support.compare import CRITERIA, found

SEEDS = int(os.environ.get("MRECIST_SEEDS", "300"))
SHARE = 50


@pytest.mark.parametrize("criteria", CRITERIA)
@pytest.mark.parametrize("first", range(0, SEEDS, SHARE))
def test_agreement(first: int, criteria: str) -> None:
    """`assess` gives every generated chart the oracle's answers."""
    for seed in range(first, min(first + SHARE, SEEDS)):
        case = chart(random.Random(seed))
        assert not found(case, criteria), f"seed {seed}: {case}"
