"""`assess` and the oracle, written apart from the same page, agree on every case."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from support.compare import found

import mrecist
from mrecist.testing.strategies import case_documents

EXAMPLES = 4 * settings().max_examples


@pytest.mark.parametrize("criteria", sorted({**mrecist.CRITERIA, **mrecist.IMMUNE_CRITERIA}))
class TestAgreement:
    """Two independent people who implement the page must agree on every case."""

    @settings(max_examples=EXAMPLES)
    @given(case=case_documents())
    def test_whole_document(self, criteria: str, case: dict[str, Any]) -> None:
        assert not found(case, criteria)

    @settings(max_examples=max(EXAMPLES // 4, 1))
    @given(case=case_documents(max_lesions=3, max_timepoints=5, max_lines=2, extras=False))
    def test_small_cases(self, criteria: str, case: dict[str, Any]) -> None:
        assert not found(case, criteria)
