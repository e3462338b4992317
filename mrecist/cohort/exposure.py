"""What many lines of therapy are to their agents: what `patient/exposure.py` is for one line."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._base.arrays import BLANK, Array, distinct
from ..rulebook.decision_table import firing
from ..rulebook.drugs import inn
from ..rulebook.therapy import EXPOSURE, UNRECORDED
from .chart import Charts

__all__ = ["exposures"]


def exposures(charts: Charts, computed_pd: Array) -> tuple[Array, Array]:
    """The rule for each line, and the number of the latest earlier line that shares an agent."""
    lines = charts.lines
    earlier = _shared(charts)
    again = earlier >= 0
    reason = np.where(again, lines.end_reason[earlier], UNRECORDED.code)
    recorded = again & (reason != BLANK)
    reason = np.where(reason == BLANK, UNRECORDED.code, reason).astype(np.uint8)
    rule = firing(EXPOSURE, again, recorded, reason, again & computed_pd[earlier])
    number = earlier - np.searchsorted(charts.line_patient, charts.line_patient) + 1
    return rule, np.where(again, number, -1)


def _shared(charts: Charts) -> Array:
    """The latest earlier line of the patient that has an agent of the line; -1: none.

    A line whose agents are left out has none in common with any (RD-TABLE-AGENTS).
    """
    lines, patient = charts.lines, charts.line_patient
    found = np.full(len(lines), -1)
    known = np.flatnonzero(lines.agents >= 0)
    patient, agents = patient[known], lines.agents[known]
    for gap in range(1, len(known)):
        later = np.flatnonzero(patient[gap:] == patient[:-gap]) + gap
        if not len(later):
            break
        later = later[found[known[later]] < 0]
        pairs = agents[later] * len(lines.agents_named) + agents[later - gap]
        used, place = distinct(pairs)
        each = [divmod(pair, len(lines.agents_named)) for pair in used.tolist()]
        share = np.array([_share(lines.agents_named, *pair) for pair in each], np.bool_)
        again = later[share[place]]
        found[known[again]] = known[again - gap]
    return found


def _share(agents_named: Any, one: int, other: int) -> bool:
    """Whether two lists of agents, by their places, have one in common."""
    had = {inn(agent) for agent in agents_named[other]}
    return any(inn(agent) in had for agent in agents_named[one])
