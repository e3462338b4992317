"""Which engine judges a cohort: arrays (NumPy), or compiled loops for the longest steps (numba)."""

from __future__ import annotations

from .._base.converters import shown
from .._base.extras import ENGINES
from ..rulebook.criteria import Criteria
from ..rulebook.nontargets import NONTARGET_LESION
from .panel import BY_ARRAYS, Steps

__all__ = ["engine_named", "follows", "steps_by"]

ROWS_WHEN_READY = 1 << 14
"""From so many rows on compiled loops that this process has at hand pay."""

ROWS_WHEN_KEPT = 5_000_000
"""From so many rows on they pay where they have to be loaded, which takes half a second."""


def engine_named(engine: str) -> str:
    """The engine, if it is the name of one; `ValueError` if not."""
    if engine not in ENGINES:
        raise ValueError(f'engine must be "auto", "numpy" or "numba", got {shown(engine)}')
    return engine


def follows(criteria: Criteria) -> bool:
    """Whether compiled loops follow all that criteria ask for; of areas they know nothing."""
    own = criteria.area is not None or criteria.progression_by_lesion or criteria.new_enhancement
    plain = criteria.rules.nontarget_lesion is NONTARGET_LESION
    return plain and not own and not criteria.above


def steps_by(engine: str, rows: int) -> Steps:
    """The steps by which an engine judges so many rows.

    `ImportError` says how to get numba where it is asked for and not installed.
    """
    if engine == "numpy" or (engine == "auto" and not _pays(rows)):
        return BY_ARRAYS
    from .compiled import compiled_steps

    try:
        return compiled_steps()
    except ImportError:  # as of a numba that does not go with this NumPy
        if engine == "auto":
            return BY_ARRAYS
        raise


def _pays(rows: int) -> bool:
    """Whether compiled loops are at hand and save more than they take to load."""
    if rows < ROWS_WHEN_READY:
        return False
    from .compiled import COMPILER

    if COMPILER.is_ready:
        return True
    return rows >= ROWS_WHEN_KEPT and COMPILER.is_kept
