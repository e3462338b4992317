"""The follow-up of many lines of therapy, as arrays."""

from __future__ import annotations

from typing import Any

import attrs

from .._base.arrays import Array
from ..rulebook.criteria import Criteria

__all__ = ["History"]

OF_FOLLOW_UPS = ("line", "day", "response", "reported", "total_um", "complete")
"""The columns with one element per follow-up; the others have one per line."""


@attrs.frozen(eq=False, repr=False, kw_only=True)
class History:
    """Lines of therapy by patient and start, and their follow-ups by line and day.

    Partial examinations are left out (`History.of`). `NO_DAY`: no date, no baseline; `BLANK`: no
    reported verdict. `total_um` is -1 where no target was seen, `baseline_um` -1
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
    reported: Array
    total_um: Array
    complete: Array
    criteria: Criteria

    @classmethod
    def of(cls, *, partial: Array, **columns: Any) -> History:
        """The history without partial examinations, as if they were not there (K4)."""
        if partial.any():
            keep = ~partial
            columns |= {name: columns[name][keep] for name in OF_FOLLOW_UPS}
        return cls(**columns)

    @property
    def count(self) -> int:
        """How many lines."""
        return len(self.patient)
