"""Days on treatment of lines of therapy, as bounds where the stop is not recorded, as arrays."""

from __future__ import annotations

import numpy as np

from .._base.arrays import BLANK, NO_DAY, Array
from ..rulebook.confirmation import NEVER

__all__ = ["UNLIMITED", "days_on_treatment"]

UNLIMITED = -1
"""Marks a missing upper bound."""


def days_on_treatment(
    *, patient: Array, start: Array, stop: Array, end_reason: Array, death: Array, seen: Array
) -> tuple[Array, Array]:
    """The least and the most days on treatment of each line (Reading RD-ON-TREATMENT).

    Lines lie by patient and start. `stop` and `death` are `NO_DAY`, `end_reason` is `BLANK` where
    not recorded; `seen` is the last day known of the line: its latest time point, or a last contact
    after it; `NO_DAY` where there is neither.
    """
    count = len(start)
    last = np.append(patient[1:] != patient[:-1], True)[:count]
    following = np.append(start[1:], NEVER)[:count]
    end = np.where(last, NEVER, following)
    end = np.minimum(end, np.where(death == NO_DAY, NEVER, np.maximum(death, start)))
    known = stop != NO_DAY
    ongoing = last & (end_reason == BLANK)
    latest = np.minimum(np.maximum(seen, start), end)
    low = np.where(known, stop, np.where(ongoing, latest, start)) - start
    high = np.where(known, stop, end)
    return low, np.where(high == NEVER, UNLIMITED, high - start)
