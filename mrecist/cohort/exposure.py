"""What many lines of therapy are to their agents: what `patient/exposure.py` is for one line."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._base.arrays import BLANK, Array, distinct
from .._base.words import Shared
from ..rulebook.decision_table import firing
from ..rulebook.drugs import named
from ..rulebook.therapy import EXPOSURE, UNRECORDED, shared_kind
from .chart import Charts

__all__ = ["exposures"]


def exposures(charts: Charts, progressed: Array) -> tuple[Array, Array]:
    """The rule for each line, and the number of the latest earlier line that shares an agent.

    `progressed` tells whether a line has a progression.
    """
    lines = charts.lines
    kind, earlier = _shared(charts)
    again = earlier >= 0
    reason = np.where(again, lines.end_reason[earlier], UNRECORDED.code)
    recorded = again & (reason != BLANK)
    reason = np.where(reason == BLANK, UNRECORDED.code, reason).astype(np.uint8)
    rule = firing(EXPOSURE, kind, recorded, reason, again & progressed[earlier])
    number = earlier - np.searchsorted(charts.line_patient, charts.line_patient) + 1
    return rule, np.where(again, number, -1)


def _shared(charts: Charts) -> tuple[Array, Array]:
    """What each line shares with earlier ones of the patient, and the latest that has it; -1: none.

    A line whose agents are left out has none in common with any (RD-TABLE-AGENTS).
    """
    lines, patient = charts.lines, charts.line_patient
    kind = np.full(len(lines), Shared.NOTHING.code, np.uint8)
    found = np.full(len(lines), -1)
    known = np.flatnonzero(lines.agents >= 0)
    patient, agents = patient[known], lines.agents[known]
    for gap in range(1, len(known)):
        later = np.flatnonzero(patient[gap:] == patient[:-gap]) + gap
        if not len(later):
            break
        later = later[kind[known[later]] != Shared.DRUGS.code]
        pairs = agents[later] * len(lines.agents_named) + agents[later - gap]
        used, place = distinct(pairs)
        each = [divmod(pair, len(lines.agents_named)) for pair in used.tolist()]
        share = np.array([_share(lines.agents_named, *pair) for pair in each], np.uint8)[place]
        more = share > kind[known[later]]
        again = later[more]
        kind[known[again]] = share[more]
        found[known[again]] = known[again - gap]
    return kind, found


def _share(agents_named: Any, one: int, other: int) -> int:
    """What two lists of agents, by their places, have in common, as a code."""
    return shared_kind(named(agents_named[one]).keys() & named(agents_named[other]).keys()).code
