"""Array tools hold in the few bytes that columns are kept in."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mrecist._base.arrays import distinct


class TestDistinct:
    """Distinct values, whatever the bytes of the keys."""

    @pytest.mark.parametrize("kind", [np.int8, np.int16, np.int32, np.int64])
    def test_ends_of_a_type(self, kind: Any) -> None:
        """The difference of two keys may need more bits than either."""
        keys = np.array([np.iinfo(np.int8).max, -1, np.iinfo(np.int8).max, 0], kind)
        used, place = distinct(keys)
        assert used.tolist() == [-1, 0, 127]
        assert used[place].tolist() == keys.tolist()
