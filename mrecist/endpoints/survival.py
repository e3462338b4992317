"""The Kaplan-Meier estimate with its intervals: curves, quantiles, survival at a day, follow-up.

Small on purpose: for tests and models take `Endpoints.of` to lifelines, scikit-survival or R.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import NormalDist
from typing import Any, NamedTuple

import attrs
import numpy as np

from .._base import html
from .._base.arrays import Array
from .._base.converters import shown
from .._base.text import DAYS_A_MONTH

__all__ = ["INTERVALS", "Quantile", "Survival", "Surviving", "kaplan_meier"]


class Surviving(NamedTuple):
    """The share that survives a day, with its interval; `None` where it is not known."""

    surviving: float | None
    low: float | None
    high: float | None


class Quantile(NamedTuple):
    """The day by which a share has had the event, with its interval; `None`: not reached."""

    days: float | None
    low: float | None
    high: float | None


@attrs.frozen(eq=False, repr=False, kw_only=True)
class Survival:
    """The estimate at each distinct time, with a pointwise interval.

    `days` are the distinct times, `at_risk` and `events` what is counted at each, `surviving` the
    share that survives it, from `low` to `high` at that `level` by that kind of `interval`. Before
    the first event all survive, for certain; where nobody does, there is no interval. Medians are
    `None` where the curve, or that edge of its interval, never comes down to a half.
    """

    days: Array
    at_risk: Array
    events: Array
    surviving: Array
    low: Array
    high: Array
    level: float = 0.95
    interval: str = "log-log"

    @property
    def median_days(self) -> float | None:
        """The median in days."""
        return self.quantile(0.5).days

    @property
    def median_days_low(self) -> float | None:
        """The lower bound of the median."""
        return self.quantile(0.5).low

    @property
    def median_days_high(self) -> float | None:
        """The upper bound of the median."""
        return self.quantile(0.5).high

    def quantile(self, share: float) -> Quantile:
        """The day by which `share` have had the event: `quantile(0.5)` is the median.

        It is where the curve comes down to `1 - share`; its bounds are where the edges of the
        interval do. A curve that lies at just that height for some time counts by the middle of the
        stretch, as in R and SAS; one that stays there to the end by its first day, as in lifelines
        (R takes the middle up to the last day).

        Args:
            share: Between 0 and 1.

        Returns:
            The day and its bounds; `None` what is not reached.

        Raises:
            ValueError: A share that is not between 0 and 1.
        """
        if not _is_number(share) or not 0 < share < 1:
            raise ValueError(f"share must be between 0 and 1, got {shown(share)}")
        curves = (self.surviving, self.low, self.high)
        return Quantile(*(self._down_to(1 - share, curve) for curve in curves))

    def _down_to(self, height: float, curve: Array) -> float | None:
        """The day on which a curve comes down to a height; the middle of a step just at it."""
        below = np.flatnonzero(curve <= height + _ROUNDING)
        if not len(below):
            return None
        first = below[0]
        after = np.flatnonzero(self.surviving < self.surviving[first] - _ROUNDING)
        if curve[first] >= height - _ROUNDING and len(after):
            return float(self.days[first] + self.days[after[0]]) / 2
        return float(self.days[first])

    def at(self, days: float) -> Surviving:
        """The share that survives a day, that day included, with its interval.

        Six-month progression-free survival is `endpoints.kaplan_meier("pfs").at(183)`.

        Args:
            days: The day, at least 0 and finite.

        Returns:
            The share and its bounds; `None` past the last day of anybody who still survived.

        Raises:
            ValueError: A day that is not possible.
        """
        if not _is_number(days) or not 0 <= days < float("inf"):
            raise ValueError(f"days must be at least 0 and finite, got {shown(days)}")
        place = int(np.searchsorted(self.days, days, side="right")) - 1
        if not len(self.days) or (days > self.days[-1] and self.surviving[-1] > 0):
            return Surviving(None, None, None)
        if place < 0:
            return Surviving(1.0, 1.0, 1.0)
        edges = (float(self.low[place]), float(self.high[place]))
        low, high = (None if np.isnan(edge) else edge for edge in edges)
        return Surviving(float(self.surviving[place]), low, high)

    @property
    def follow_up(self) -> Survival:
        """How long the lines were followed: the reverse estimate, in which events are censored.

        `follow_up.median_days` is the median follow-up (Schemper and Smith, Control Clin Trials
        1996;17:343-346). Who has the event on a day on which another is censored is at risk on it,
        as in R's `survfit(Surv(days, 1 - event) ~ 1)`.
        """
        leaving = -np.diff(self.at_risk, append=0)
        return _estimated(self.days, self.at_risk, leaving - self.events, self.level, self.interval)

    def __repr__(self) -> str:
        total = int(self.at_risk[0]) if len(self.days) else 0
        medians = (self.median_days, self.median_days_low, self.median_days_high)
        told = ["none" if each is None else f"{each:g}" for each in medians]
        return (
            f"<Survival of {total}, {int(self.events.sum())} events: median {told[0]} days "
            f"({told[1]} to {told[2]})>"
        )

    def _repr_html_(self) -> str:
        rows = [("median, days", *map(_day, self.quantile(0.5)))]
        rows += [
            (f"surviving {months} months", *map(_share, self.at(round(months * DAYS_A_MONTH))))
            for months in _MONTHS
        ]
        low = f"{100 * self.level:g} % interval, {self.interval}"
        return html.table(repr(self)[1:-1], ("", "estimate", f"{low}: from", "to"), rows)


_MONTHS = (6, 12, 24)
"""Where a notebook reads the curve."""


def _day(day: float | None) -> str:
    return "not reached" if day is None else f"{day:g}"


def _share(share: float | None) -> str:
    return "unknown" if share is None else f"{100 * share:.1f} %"


_ROUNDING = 1e-9


def kaplan_meier(
    days: Any, event: Any, *, level: float = 0.95, interval: str = "log-log"
) -> Survival:
    """The product-limit estimate of times in days, with Greenwood's variance.

    Who is censored on a day is still at risk on it.

    Args:
        days: Times, one per line or patient, as `Endpoints.of` gives them; at least 0, finite.
        event: Whether each time is an event; false (or 0) where it is censored.
        level: The level of the intervals, between 0 and 1.
        interval: One of `INTERVALS`: `"log-log"` as in SAS and lifelines, `"log"` as R's `survfit`
            does by default, `"plain"`, `"logit"` or `"arcsine"`.

    Returns:
        The curve at each distinct time, with intervals, and its quantiles.

    Raises:
        ValueError: A value is not possible; the message names the row.

    Example:
        >>> kaplan_meier([9, 13, 13, 18, 23, 28], [True, True, False, True, True, False])
        <Survival of 6, 4 events: median 18 days (9 to none)>
    """
    days, event = _cells(days), _events(_cells(event))
    if days.shape != event.shape or days.ndim != 1:
        raise ValueError(
            f"days and event must be of one length, got {days.shape} and {event.shape}"
        )
    days = _days(days)
    if not 0 < level < 1:
        raise ValueError(f"level must be between 0 and 1, got {level}")
    if interval not in INTERVALS:
        raise ValueError(f"interval must be one of {', '.join(INTERVALS)}, got {interval!r}")
    times, place = np.unique(days, return_inverse=True)
    leaving = np.bincount(place, minlength=len(times))
    events = np.bincount(place[event], minlength=len(times))
    at_risk = len(days) - np.cumsum(leaving) + leaving
    return _estimated(times, at_risk, events, level, interval)


def _estimated(
    times: Array, at_risk: Array, events: Array, level: float, interval: str
) -> Survival:
    surviving = np.cumprod(1 - events / np.maximum(at_risk, 1))
    low, high = _interval(
        surviving, events, at_risk, NormalDist().inv_cdf((1 + level) / 2), interval
    )
    return Survival(
        days=times,
        at_risk=at_risk,
        events=events,
        surviving=surviving,
        low=low,
        high=high,
        level=level,
        interval=interval,
    )


def _is_number(value: Any) -> bool:
    numbers = (int, float, np.integer, np.floating)
    return isinstance(value, numbers) and not isinstance(value, bool)


def _days(days: Array) -> Array:
    """Times as floats; the first that cannot be is named."""
    if days.dtype.kind not in "iuf":
        for row, value in enumerate(days.tolist()):
            if not _is_number(value):
                raise ValueError(f"{_DAYS}, row {row} is {shown(value)}")
    with np.errstate(invalid="ignore"):  # a signalling NaN, as R writes NA
        days = days.astype(np.float64)
    wrong = np.flatnonzero(~(np.isfinite(days) & (days >= 0)))
    if len(wrong):
        raise ValueError(f"{_DAYS}, row {wrong[0]} is {days[wrong[0]]:g}")
    return days


_DAYS = "days must be at least 0 and finite"


def _events(event: Array) -> Array:
    """Flags as booleans: true or false, 1 or 0; the first that is neither is named."""
    if event.dtype.kind == "b":
        return event
    told = event.ravel().tolist()
    for row, value in enumerate(told):
        if not (isinstance(value, (bool, np.bool_)) or _is_number(value)) or value not in (0, 1):
            raise ValueError(
                "event must be true or false, or 1 (event) or 0 (censored), "
                f"row {row} is {shown(value)}"
            )
    return np.array(told, np.bool_).reshape(event.shape)


def _cells(column: Any) -> Array:
    """A column as an array; a masked cell is `None`."""
    if np.ma.isMaskedArray(column):
        return np.array(column.tolist(), object)
    return np.asarray(column)


# ---- intervals


def _plain(surviving: Array, error: Array) -> tuple[Array, Array]:
    return surviving - surviving * error, surviving + surviving * error


def _log(surviving: Array, error: Array) -> tuple[Array, Array]:
    return surviving * np.exp(-error), surviving * np.exp(error)


def _log_log(surviving: Array, error: Array) -> tuple[Array, Array]:
    logs = np.log(surviving)
    double, error = np.log(-logs), error / -logs
    return np.exp(-np.exp(double + error)), np.exp(-np.exp(double - error))


def _logit(surviving: Array, error: Array) -> tuple[Array, Array]:
    odds, error = np.log(surviving / (1 - surviving)), error / (1 - surviving)
    return 1 / (1 + np.exp(error - odds)), 1 / (1 + np.exp(-error - odds))


def _arcsine(surviving: Array, error: Array) -> tuple[Array, Array]:
    angle, error = np.arcsin(np.sqrt(surviving)), error / 2 / np.sqrt((1 - surviving) / surviving)
    edges = np.clip(angle - error, 0, np.pi / 2), np.clip(angle + error, 0, np.pi / 2)
    return np.sin(edges[0]) ** 2, np.sin(edges[1]) ** 2


_KINDS: dict[str, Callable[[Array, Array], tuple[Array, Array]]] = {
    "log-log": _log_log, "log": _log, "plain": _plain, "logit": _logit, "arcsine": _arcsine,
}  # fmt: skip
INTERVALS = tuple(_KINDS)
"""How an interval may be formed: on the scale of the share itself, or of a transform of it."""


def _interval(
    surviving: Array, events: Array, at_risk: Array, z: float, interval: str
) -> tuple[Array, Array]:
    """The bounds of the survivors by Greenwood's variance; one with no event is certain."""
    with np.errstate(all="ignore"):
        error = z * np.sqrt(np.cumsum(events / (at_risk * (at_risk - events))))
        bounds = _KINDS[interval](surviving, error)
    low, high = (np.where(surviving > 0, np.clip(bound, 0, 1), np.nan) for bound in bounds)
    certain = surviving == 1
    return np.where(certain, 1, low), np.where(certain, 1, high)
