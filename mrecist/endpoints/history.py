"""The follow-up of many lines of therapy, as arrays."""

from __future__ import annotations

import attrs

from .._base.arrays import Array
from ..rulebook.criteria import Criteria

__all__ = ["History"]


@attrs.frozen(eq=False, repr=False, kw_only=True)
class History:
    """Lines of therapy by patient and start, and their follow-ups by line and day.

    `NO_DAY`: no date, no baseline. `total_um` is -1 where no target was seen, `baseline_um` -1
    without a total. `complete`: all targets of the line were seen.
    """

    patient: Array
    start: Array
    stop: Array
    end_reason: Array
    death: Array
    last_contact: Array
    baseline: Array
    baseline_um: Array
    best: Array
    confirmed: Array
    line: Array
    day: Array
    response: Array
    total_um: Array
    complete: Array
    criteria: Criteria

    @property
    def count(self) -> int:
        """How many lines."""
        return len(self.patient)
