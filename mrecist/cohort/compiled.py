"""The longest steps of a block by compiled loops, where `engine="numba"` is asked for or pays."""

from __future__ import annotations

from functools import partial

import numpy as np

from .._base.compiler import Compiler
from .._base.exact import at_least, below, extent, fell_by, rise
from ..rulebook.best_response import is_objective, is_progression
from ..rulebook.criteria import MRECIST
from ..tables.clean import Findings, Patients
from . import (
    chart_loops,
    follow_up_loops,
    line_loops,
    line_records,
    row_loops,
    target_loops,
)
from .compiled_blocks import PlainBlocks
from .compiled_charts import CompiledCharts, Kernels, find_none
from .compiled_lines import CompiledFollowUps, CompiledSequences
from .lesions import Traits
from .panel import Steps, judged_span, nothing

__all__ = ["COMPILER", "INTERPRETED", "compiled_steps"]

KERNELS = (
    row_loops.read_sizes,
    row_loops.find_lesions,
    follow_up_loops.see_follow_ups,
    follow_up_loops.respond,
    chart_loops.read_charts,
    line_loops.judge_lines,
)

CALLED = (
    at_least, below, extent, fell_by, rise, is_objective, is_progression, row_loops.kind_of,
    row_loops.of, row_loops.recorded_in, row_loops.um_of, follow_up_loops.has_grown,
    follow_up_loops.grew_over, chart_loops.or_default, target_loops.last_by, target_loops.shows,
    target_loops.find, target_loops.choose,
)  # fmt: skip
"""What the loops call, compiled from where it is written."""

RECORDS = (
    row_loops.SizeColumns, row_loops.SizeGrids, follow_up_loops.RowColumns,
    follow_up_loops.LineWindows, follow_up_loops.Places, follow_up_loops.Codes,
    follow_up_loops.Growth, follow_up_loops.FollowUpColumns, follow_up_loops.Seen,
    follow_up_loops.Numbers, follow_up_loops.Share, follow_up_loops.ResponseGrids,
    follow_up_loops.ResponseColumns, chart_loops.BlockColumns, chart_loops.ChartGrids,
    chart_loops.VisitColumns, chart_loops.LesionColumns, chart_loops.SightColumns,
    line_records.AskedLines, line_records.SaidColumns, line_records.TraitColumns,
    line_records.LineGrids,
    line_records.LineNumbers, line_records.JudgedLines, line_records.Extras, line_records.Noted,
    line_records.LineScratch,
)  # fmt: skip
"""What the loops take."""

COMPILER = Compiler("cohort", KERNELS, CALLED, RECORDS)

INTERPRETED: Kernels = {function.__name__: function for function in KERNELS}
"""The same loops as Python runs them: for tests."""


_STEPS: dict[int, Steps] = {}
"""The steps by whose loops they take."""


def compiled_steps() -> Steps:
    """The steps of `panel.py`, with those that compiled loops take over."""
    kernels = COMPILER.compiled()
    if id(kernels) not in _STEPS:
        steps = Steps(
            partial(CompiledCharts, kernels=kernels),
            partial(CompiledFollowUps, kernels=kernels),
            partial(CompiledSequences, kernels=kernels),
            nothing,
            COMPILER.keep,
            partial(PlainBlocks, kernels=kernels),
        )
        _meet(steps, kernels)
        _STEPS[id(kernels)] = steps
    return _STEPS[id(kernels)]


def _meet(steps: Steps, kernels: Kernels) -> None:
    """Judge one finding by the loops for patients who are not plain: few cohorts need them all.

    So all loops are compiled, and kept, together.
    """
    find_none(kernels)
    findings = Findings(
        day=np.zeros(1, np.int32),
        lesion=np.zeros(1, np.int8),
        viable_um=np.ones(1, np.int32),
        lesion_ids=("lesion",),
    )
    patients = Patients(
        ids=np.zeros(1, np.int64),
        bounds=np.arange(2),
        refused=np.zeros(1, np.bool_),
        calendar=np.zeros(1, np.int8),
    )
    traits = Traits(MRECIST, findings.organs, findings.lesion_ids)
    judged_span(findings, None, patients, (0, 1), traits, steps=steps)
