"""What the default run leaves to thorough ones."""

from __future__ import annotations

from hypothesis import settings
from support.profiles import THOROUGH, thorough_only


def test_left_out() -> None:
    """Long tests are left out exactly where fewer examples are tried than in a thorough run."""
    assert thorough_only.args == (settings().max_examples < THOROUGH,)
    assert settings.get_profile("dev").max_examples < THOROUGH
