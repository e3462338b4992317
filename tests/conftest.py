"""How much Hypothesis tries: `dev` by default, `ci` (repeatable) under CI, more when asked for.

`HYPOTHESIS_PROFILE=long pytest` is the long search, `thorough` what coverage is measured with.
Tests that want more or fewer examples than the profile say so as a multiple of
`settings().max_examples`.
"""

from __future__ import annotations

import os
import signal

from hypothesis import HealthCheck, settings

# Shared machines pause at random, and a property of, say, non-targets passes over cases without
# any: neither is a fault of the code under test.
_TOLERATED = [HealthCheck.too_slow, HealthCheck.filter_too_much]
_COMMON = {"deadline": None, "suppress_health_check": _TOLERATED}

settings.register_profile("dev", max_examples=20, **_COMMON)
settings.register_profile("ci", max_examples=20, derandomize=True, print_blob=True, **_COMMON)
settings.register_profile("thorough", settings.get_profile("ci"), max_examples=75)
settings.register_profile("long", max_examples=5_000, print_blob=True, **_COMMON)
settings.load_profile(
    os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev")
)

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell's background job begins so, and processes inherit it: tests of Ctrl-C would wait.
    signal.signal(signal.SIGINT, signal.default_int_handler)
