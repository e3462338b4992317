"""Array tools hold in the few bytes that columns are kept in."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mrecist._base.arrays import distinct, first_by, run_lengths, runs, switched_on


class TestDistinct:
    """Distinct values, whatever the bytes of the keys."""

    @pytest.mark.parametrize("kind", [np.int8, np.int16, np.int32, np.int64])
    def test_ends_of_a_type(self, kind: Any) -> None:
        """The difference of two keys may need more bits than either."""
        keys = np.array([np.iinfo(np.int8).max, -1, np.iinfo(np.int8).max, 0], kind)
        used, place = distinct(keys)
        assert used.tolist() == [-1, 0, 127]
        assert used[place].tolist() == keys.tolist()


owners = st.lists(st.integers(0, 5), max_size=12)


@given(owners)
def test_first_by(owner: list[int]) -> None:
    """The place of the first row of each owner, as `list.index` finds it."""
    found = first_by(np.array(owner, np.int64), np.arange(len(owner)), 6, -1)
    assert found.tolist() == [owner.index(i) if i in owner else -1 for i in range(6)]


@given(owners)
def test_run_lengths(keys: list[int]) -> None:
    """Runs and their lengths put together give the keys again."""
    starts = runs(np.array(keys, np.int64))
    lengths = run_lengths(starts, len(keys))
    assert [keys[at] for at in starts for _ in range(lengths[starts.tolist().index(at)])] == keys


@pytest.mark.parametrize("columns", [1, 3, 40])
@given(rows=st.integers(1, 9), seed=st.integers(0, 1 << 32))
def test_switched_on(columns: int, rows: int, seed: int) -> None:
    """Each row by itself, the one before it known."""
    begins, holds = np.random.default_rng(seed).random((2, rows, columns)) < 0.5
    found = switched_on(begins, holds)
    on = np.zeros(columns, np.bool_)
    for row in range(rows):
        assert found[row].tolist() == on.tolist()
        on = np.where(on, holds[row], begins[row])
