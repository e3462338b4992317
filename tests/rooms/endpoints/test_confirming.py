"""Confirmed responses of lines side by side are those of each line by itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import mrecist
from mrecist._base.words import Response
from mrecist.endpoints.confirming import FEW, alike, confirmed_together
from mrecist.rulebook.confirmation import confirmations

responses = st.sampled_from([-1, *(response.code for response in Response)])


class TestTogether:
    """Few lines are followed as numbers, many as arrays: the same days."""

    @pytest.mark.parametrize("lines", [0, 1, FEW, FEW + 1, 3 * FEW])
    @given(data=st.data())
    def test_same(self, lines: int, data: st.DataObject) -> None:
        """The days of each line, whichever way it goes."""
        steps = data.draw(st.integers(0, 6))
        each = [
            data.draw(st.lists(responses, min_size=steps, max_size=steps)) for _ in range(lines)
        ]
        gaps = data.draw(st.lists(st.sampled_from([1, 27, 28, 40]), min_size=steps, max_size=steps))
        days = np.cumsum(gaps, dtype=np.int64)
        shape = np.array(each, np.int16).reshape(lines, steps).T
        side = np.broadcast_to(days[:, None], shape.shape)
        found = confirmed_together(shape, side, mrecist.MRECIST)
        for at, line in enumerate(each):
            alone = confirmations(zip(line, days.tolist(), strict=True), mrecist.MRECIST)
            assert {name: np.broadcast_to(day, lines)[at] for name, day in found.items()} == alone


class TestAlike:
    """Lines are laid beside lines of about their length."""

    @example(counts=[0, 1])
    @given(counts=st.lists(st.integers(0, 70) | st.integers(0, 3)))
    def test_groups(self, counts: list[int]) -> None:
        """Each line is in one group, in which the longest has less than twice as many."""
        groups = [group.tolist() for group in alike(np.array(counts, np.int64))]
        assert sorted(line for group in groups for line in group) == list(range(len(counts)))
        for group in groups:
            lengths = [counts[line] for line in group]
            assert max(lengths) <= 2 * min(lengths)
