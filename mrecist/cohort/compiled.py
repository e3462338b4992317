"""The longest steps of a block by compiled loops, where `engine="numba"` is asked for or pays."""

from __future__ import annotations

from functools import partial

from .._base.compiler import Compiler
from .._base.exact import at_least, below, fell_by, rise
from ..rulebook.best_response import is_objective, is_progression
from . import follow_up_loops, row_loops
from .compiled_charts import CompiledCharts, Kernels, find_none
from .compiled_lines import CompiledFollowUps, CompiledSequences
from .panel import Steps, nothing

__all__ = ["COMPILER", "INTERPRETED", "compiled_steps"]

KERNELS = (
    row_loops.read_sizes,
    row_loops.find_lesions,
    follow_up_loops.see_follow_ups,
    follow_up_loops.respond,
)

CALLED = (
    at_least, below, fell_by, rise, is_objective, is_progression, row_loops.kind_of, row_loops.of,
    follow_up_loops.has_grown,
)  # fmt: skip
"""What the loops call, compiled from where it is written."""

RECORDS = (
    row_loops.SizeColumns, row_loops.SizeGrids, follow_up_loops.RowColumns,
    follow_up_loops.LineWindows, follow_up_loops.Places, follow_up_loops.Codes,
    follow_up_loops.Growth, follow_up_loops.FollowUpColumns, follow_up_loops.Seen,
    follow_up_loops.Numbers, follow_up_loops.Share, follow_up_loops.ResponseGrids,
    follow_up_loops.ResponseColumns,
)  # fmt: skip
"""What the loops take."""

COMPILER = Compiler("cohort", KERNELS, CALLED, RECORDS)

INTERPRETED: Kernels = {function.__name__: function for function in KERNELS}
"""The same loops as Python runs them: for tests."""


def compiled_steps() -> Steps:
    """The steps of `panel.py`, with those that compiled loops take over."""
    kernels = COMPILER.compiled()
    find_none(kernels)
    return Steps(
        partial(CompiledCharts, kernels=kernels),
        partial(CompiledFollowUps, kernels=kernels),
        partial(CompiledSequences, kernels=kernels),
        nothing,
        COMPILER.keep,
    )
