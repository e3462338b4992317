"""Ids as tables write them."""

from __future__ import annotations

from typing import Any

import pytest

from mrecist.tables.reader import named


@pytest.mark.parametrize(("cell", "name"), [
    (" P ", "P"), (7, "7"), (7.0, "7"), (None, None), ("NA", None), (True, None), (2.0**53, None),
])  # fmt: skip
def test_named(cell: Any, name: str | None) -> None:
    """Who a cell names; nobody where it is empty or no name."""
    assert named(cell) == name
