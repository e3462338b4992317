"""Tests that only a longer run has."""

from __future__ import annotations

import pytest
from hypothesis import settings

__all__ = ["thorough_only"]

thorough_only = pytest.mark.skipif(
    settings().max_examples < settings.get_profile("thorough").max_examples,
    reason="of the profile thorough",
)
"""For what takes ten seconds and more, and no version of a dependency changes."""
