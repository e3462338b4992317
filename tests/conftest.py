"""What every run of the tests begins with; how much Hypothesis tries: `support/profiles.py`."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest
import support.profiles  # noqa: F401  # loads the profile

if TYPE_CHECKING:
    from collections.abc import Iterator

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


@pytest.fixture(scope="class")
def plain_apart() -> Iterator[None]:
    """By compiled loops plain patients are judged by themselves, however few they are."""
    from mrecist.cohort import compiled_blocks

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiled_blocks, "MOST_APART", 1)
        yield
