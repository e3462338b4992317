"""What an analyst writes by hand, for the benchmarks, answers as the library does."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

import mrecist

pytest.importorskip("pandas")
pl = pytest.importorskip("polars")
pytest.importorskip("pyarrow")


@pytest.fixture
def peers(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(Path(__file__).parents[1] / "benchmarks"))
    import cohort_peers

    yield cohort_peers
    for name in ("cohort_data", "cohort_peers"):
        sys.modules.pop(name, None)


@pytest.mark.parametrize("kind", ["polars", "pandas"])
def test_responses(peers: Any, kind: str) -> None:
    """Every response, best and confirmed best response by RECIST 1.1 is the same."""
    from cohort_data import Cohort, cohort

    data = cohort(12_000)
    judged = mrecist.assess_cohort(data.findings, data.lines, criteria=mrecist.RECIST_1_1)
    if kind == "polars":
        by_hand = peers.polars_responses(data.tr, data.vis, data.adsl)
        rows, best = by_hand.timepoints, by_hand.patients
    else:
        frames = Cohort(*(frame.to_pandas() for frame in data))
        by_hand = peers.pandas_responses(frames.tr, frames.vis, frames.adsl)
        rows, best = pl.from_pandas(by_hand.timepoints), pl.from_pandas(by_hand.patients)
    told = judged.timepoints.select(pl.col("patient", "date", "response").cast(pl.String))
    lines = judged.lines.select(
        pl.col("patient", "best_response", "confirmed_best_response").cast(pl.String)
    )
    date = pl.col("ADT").cast(pl.Date)
    assert sorted(told.rows()) == sorted(
        rows.select(pl.col("USUBJID"), date, pl.col("RESPONSE")).cast(pl.String).rows()
    )
    assert sorted(lines.rows()) == sorted(
        best.select("USUBJID", "BEST", "CONFIRMED").cast(pl.String).rows()
    )
