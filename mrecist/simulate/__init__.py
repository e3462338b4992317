"""Simulated trials: tables as a real trial gives them, and the truth beside them.

    from mrecist import assess_cohort, simulate
    trial = simulate.reflect_like(1_000, seed=1)
    responses = assess_cohort(trial.findings, trial.lines, keep=["arm"])
    responses.rates(by="arm", line=1)

`print(simulate.REFLECT_LIKE)` lists every setting of a design with its source. Nothing here judges:
verdicts come from `assess_cohort`. The figures say nothing of any drug.
"""

from __future__ import annotations

from ..rulebook.trial_designs import CHOICE, REFLECT_LIKE, Arm, Design
from .tables import Trial, reflect_like, trial

__all__ = ["CHOICE", "REFLECT_LIKE", "Arm", "Design", "Trial", "reflect_like", "trial"]
