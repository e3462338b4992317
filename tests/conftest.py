"""How much Hypothesis tries: `dev` by default, `ci` (repeatable) under CI, more when asked for.

`HYPOTHESIS_PROFILE=long pytest` is the long search, `thorough` what coverage is measured with.
Tests that want more or fewer examples than the profile say so as a multiple of
`settings().max_examples`.
"""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, settings
from support.profiles import THOROUGH

if TYPE_CHECKING:
    import pytest

# Shared machines pause at random, and a property of, say, non-targets passes over cases without
# any: neither is a fault of the code under test.
_TOLERATED = [HealthCheck.too_slow, HealthCheck.filter_too_much]
_COMMON = {"deadline": None, "suppress_health_check": _TOLERATED}

settings.register_profile("dev", max_examples=15, **_COMMON)
settings.register_profile("ci", max_examples=15, derandomize=True, print_blob=True, **_COMMON)
settings.register_profile("thorough", settings.get_profile("ci"), max_examples=THOROUGH)
settings.register_profile("long", max_examples=5_000, print_blob=True, **_COMMON)
settings.load_profile(
    os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev")
)

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell's background job begins so, and processes inherit it: tests of Ctrl-C would wait.
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--engine numba`: cohorts are judged by compiled loops; `loops`: by the same, interpreted."""
    parser.addoption("--engine", choices=["auto", "numba", "loops"], default="auto")


def pytest_configure(config: pytest.Config) -> None:
    """Take the loops wherever a cohort is judged, however small, where they are asked for."""
    engine = config.getoption("--engine")
    if engine == "auto":
        return
    from mrecist.cohort import choice, compiled

    choice._pays = lambda rows: True
    if engine == "loops":
        compiled.COMPILER.compiled = lambda: compiled.INTERPRETED  # type: ignore[method-assign]
