"""The Kaplan-Meier estimate, and medians with their intervals, of times to events.

Small on purpose: for curves, tests and models take `Endpoints.of` to lifelines, scikit-survival
or R.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import Any

import attrs
import numpy as np

from .._base.arrays import Array

__all__ = ["INTERVALS", "Survival", "kaplan_meier"]

INTERVALS = ("log-log", "log")
"""How an interval may be formed: as in SAS and lifelines, or as R's `survfit` does by default."""


@attrs.frozen(eq=False, repr=False, kw_only=True)
class Survival:
    """The estimate at each distinct time, with a pointwise interval.

    `days` are the distinct times, `at_risk` and `events` what is counted at each, `surviving` the
    share that survives it, from `low` to `high`. Medians are `None` where the curve, or that edge
    of its interval, never comes down to a half.
    """

    days: Array
    at_risk: Array
    events: Array
    surviving: Array
    low: Array
    high: Array

    @property
    def median_days(self) -> float | None:
        """The median in days."""
        return self._at_half(self.surviving)

    @property
    def median_days_low(self) -> float | None:
        """The lower bound of the median."""
        return self._at_half(self.low)

    @property
    def median_days_high(self) -> float | None:
        """The upper bound of the median."""
        return self._at_half(self.high)

    def _at_half(self, curve: Array) -> float | None:
        """Where a curve comes down to a half; the middle of a step that lies at just a half."""
        below = np.flatnonzero(curve <= 0.5 + _ROUNDING)
        if not len(below):
            return None
        first = below[0]
        after = np.flatnonzero(curve < 0.5 - _ROUNDING)
        if curve[first] >= 0.5 - _ROUNDING and len(after):
            return float(self.days[first] + self.days[after[0]]) / 2
        return float(self.days[first])

    def __repr__(self) -> str:
        total = int(self.at_risk[0]) if len(self.days) else 0
        medians = (self.median_days, self.median_days_low, self.median_days_high)
        told = ["none" if each is None else f"{each:g}" for each in medians]
        return (
            f"<Survival of {total}, {int(self.events.sum())} events: median {told[0]} days "
            f"({told[1]} to {told[2]})>"
        )


_ROUNDING = 1e-9


def kaplan_meier(
    days: Any, event: Any, *, level: float = 0.95, interval: str = "log-log"
) -> Survival:
    """The product-limit estimate of times in days, with Greenwood's variance.

    `days` and `event` are as `Endpoints.of` gives them: one element a line, `event` false where
    the time is censored. Who is censored on a day is still at risk on it. `interval` is one of
    `INTERVALS`. Raises `ValueError`.

    >>> kaplan_meier([9, 13, 13, 18, 23, 28], [True, True, False, True, True, False])
    <Survival of 6, 4 events: median 18 days (9 to none)>
    """
    days, event = np.asarray(days, np.float64), np.asarray(event, np.bool_)
    if days.shape != event.shape or days.ndim != 1:
        raise ValueError(
            f"days and event must be of one length, got {days.shape} and {event.shape}"
        )
    if not np.isfinite(days).all() or (days < 0).any():
        raise ValueError("days must be at least 0 and finite")
    if not 0 < level < 1:
        raise ValueError(f"level must be between 0 and 1, got {level}")
    if interval not in INTERVALS:
        raise ValueError(f"interval must be one of {', '.join(INTERVALS)}, got {interval!r}")
    times, place = np.unique(days, return_inverse=True)
    leaving = np.bincount(place, minlength=len(times))
    events = np.bincount(place[event], minlength=len(times))
    at_risk = len(days) - np.cumsum(leaving) + leaving
    surviving = np.cumprod(1 - events / np.maximum(at_risk, 1))
    low, high = _interval(surviving, events, at_risk, NormalDist().inv_cdf((1 + level) / 2),
                          interval)  # fmt: skip
    return Survival(
        days=times, at_risk=at_risk, events=events, surviving=surviving, low=low, high=high
    )


def _interval(
    surviving: Array, events: Array, at_risk: Array, z: float, interval: str
) -> tuple[Array, Array]:
    """The bounds of the survivors by Greenwood's variance; one with no event is certain."""
    with np.errstate(divide="ignore", invalid="ignore"):
        error = z * np.sqrt(np.cumsum(events / (at_risk * (at_risk - events))))
        logs = np.log(surviving)
        if interval == "log":
            bounds = np.exp(logs - error), np.exp(logs + error)
        else:
            double = np.log(-logs)
            error = error / -logs
            bounds = np.exp(-np.exp(double + error)), np.exp(-np.exp(double - error))
    low, high = (np.where(surviving > 0, np.clip(bound, 0, 1), np.nan) for bound in bounds)
    certain = surviving == 1
    return np.where(certain, 1, low), np.where(certain, 1, high)
