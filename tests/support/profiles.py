"""Tests that only a longer run has."""

from __future__ import annotations

import pytest
from hypothesis import settings

__all__ = ["THOROUGH", "thorough_only"]

THOROUGH = 75
"""The examples of each property in a thorough run."""

thorough_only = pytest.mark.skipif(
    settings().max_examples < THOROUGH,
    reason="of the profile thorough",
)
"""For what takes ten seconds and more, and no version of a dependency changes."""
