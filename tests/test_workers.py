"""Several processes give what one gives, in the same order."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cohort_tables import cohort_of, rows_of, sayable_cohort

import mrecist
from mrecist import cohort, workers

WORKED = sorted((Path(__file__).parent / "cases").glob("*.json"))


@pytest.fixture(scope="module")
def tables() -> tuple[Any, Any]:
    """The worked cases as one cohort, with one patient who cannot be judged."""
    cases = [case for path in WORKED for case in json.loads(path.read_text("utf-8"))]
    made = cohort_of(sayable_cohort([case["case"] for case in cases]))
    findings = {name: list(column) for name, column in made.findings.items()}
    findings["viable_mm"][10] = -1
    return findings, made.lines


class TestWorkers:
    """The work is shared by patients; the answer is the same."""

    @pytest.mark.parametrize("count", [2, 3])
    def test_same(
        self, tables: tuple[Any, Any], count: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(cohort, "BLOCK_ROWS", 200)
        one = mrecist.assess_cohort(*tables, errors="collect")
        several = mrecist.assess_cohort(*tables, errors="collect", workers=count)
        for name in ("timepoints", "lines", "errors"):
            assert rows_of(getattr(several, name)) == rows_of(getattr(one, name))
        assert len(one.errors["row"]) == 1

    def test_more_workers_than_work(self, tables: tuple[Any, Any]) -> None:
        """A cohort of one block is judged here."""
        alone = mrecist.assess_cohort(*tables, errors="collect", workers=9)
        assert repr(alone) == repr(mrecist.assess_cohort(*tables, errors="collect"))

    def test_failure(self, tables: tuple[Any, Any], monkeypatch: pytest.MonkeyPatch) -> None:
        """A worker that fails is told, with what it said."""
        monkeypatch.setattr(cohort, "BLOCK_ROWS", 200)
        monkeypatch.setattr(workers, "__name__", "mrecist.no_such_module")
        with pytest.raises(RuntimeError, match=r"a worker failed: .*no_such_module"):
            mrecist.assess_cohort(*tables, errors="collect", workers=2)

    @pytest.mark.parametrize("wrong", [0, -1, 1.0, True, "2"])
    def test_number(self, wrong: Any) -> None:
        with pytest.raises(ValueError, match="workers must be a whole number from 1"):
            mrecist.assess_cohort({}, workers=wrong)

    def test_errors_word(self) -> None:
        with pytest.raises(ValueError, match='errors must be "raise" or "collect"'):
            mrecist.assess_cohort({}, errors="ignore")
