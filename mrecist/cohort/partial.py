"""Which follow-ups of many lines are partial examinations, which are passed over."""

from __future__ import annotations

import numpy as np

from .._base.arrays import BLANK
from .._base.errors import Problem
from .._base.words import YesNo
from ..rulebook.decision_table import firing, verdicts
from ..rulebook.examinations import PARTIAL
from .baseline import Baselines
from .follow_ups import FollowUps

__all__ = ["find_partial"]


def find_partial(lines: Baselines, follow_ups: FollowUps) -> None:
    """Find the partial examinations, once new lesions have been looked for."""
    some = np.flatnonzero(~follow_ups.ours & (follow_ups.widths > 0))
    line = follow_ups.line[some]
    known = (lines.targets[line] + follow_ups.nontargets[some] > 0) & lines.has_baseline[line]
    given = follow_ups.reported[some] != BLANK
    rule = firing(PARTIAL, known, True, False, given, False, follow_ups.detected[some])
    partial = some[verdicts(PARTIAL, rule) == YesNo.YES.code]
    follow_ups.partial[partial] = True
    follow_ups.problems[partial] |= Problem.PARTIAL_EXAMINATION.value
