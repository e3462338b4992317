"""The lines and follow-ups of a cohort as times to events take them."""

from __future__ import annotations

from ..endpoints.history import History
from ..rulebook.best_response import BEST
from ..rulebook.confirmation import CONFIRMED
from ..rulebook.criteria import Criteria
from ..rulebook.decision_table import verdicts
from ..tables.intake import Read
from .panel import Panel

__all__ = ["history_of"]


def history_of(data: Read, criteria: Criteria, panel: Panel) -> History:
    """The lines and follow-ups of a cohort, by patient and start."""
    lines, found = panel.lines, panel.timepoints
    told = data.judged_lines(lines.patient, lines.start)
    return History.of(
        partial=found.partial,
        reported=found.reported,
        patient=lines.patient,
        start=lines.start,
        baseline=lines.baseline,
        baseline_um=lines.baseline_um,
        best=verdicts(BEST, lines.best_rule),
        confirmed=verdicts(CONFIRMED, lines.confirmed_rule),
        line=found.line,
        day=found.day,
        response=found.response,
        total_um=found.total_um,
        complete=found.complete,
        criteria=criteria,
        stop=told.stop,
        end_reason=told.end_reason,
        death=told.death,
        last_contact=told.last_contact,
    )
