"""How much Hypothesis tries: `dev` by default, `ci` (repeatable) under CI, more when asked for.

`HYPOTHESIS_PROFILE=long pytest` is the long search, `thorough` what coverage is measured with;
`hunt` looks where no run has looked, and makes nothing smaller, which takes long.
Tests that want more or fewer examples than the profile say so as a multiple of
`settings().max_examples`.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, Phase, settings

__all__ = ["THOROUGH", "thorough_only"]

THOROUGH = 75
"""The examples of each property in a thorough run."""

# Shared machines pause at random, and a property of, say, non-targets passes over cases without
# any: neither is a fault of the code under test.
_TOLERATED = [HealthCheck.too_slow, HealthCheck.filter_too_much]
_COMMON = {"deadline": None, "suppress_health_check": _TOLERATED}

settings.register_profile("dev", max_examples=15, **_COMMON)
settings.register_profile("ci", max_examples=15, derandomize=True, print_blob=True, **_COMMON)
settings.register_profile("thorough", settings.get_profile("ci"), max_examples=THOROUGH)
settings.register_profile("long", max_examples=5_000, print_blob=True, **_COMMON)
settings.register_profile(
    "hunt", max_examples=60, database=None, phases=[Phase.explicit, Phase.generate], **_COMMON
)
settings.load_profile(
    os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev")
)

# Asked after a profile is loaded: Hypothesis itself would try a hundred.
thorough_only = pytest.mark.skipif(
    settings().max_examples < THOROUGH, reason="of the profile thorough"
)
"""For what takes ten seconds and more, and no version of a dependency changes."""
