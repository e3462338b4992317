"""Quantiles of the beta and of Student's t distribution, by the standard library alone."""

from __future__ import annotations

from math import exp, lgamma, log, log1p, sqrt

__all__ = ["beta_quantile", "beta_share", "t_quantile"]

_CLOSE = 4e-16


def beta_share(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function: the share of Beta(a, b) up to `x`."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - beta_share(1 - x, b, a)
    front = lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)
    return exp(front) * _continued(x, a, b) / a


def _continued(x: float, a: float, b: float) -> float:
    """The continued fraction of the incomplete beta function, from its head (Lentz)."""
    upper = 1.0
    value = lower = 1 / (1 - (a + b) * x / (a + 1))
    before, step = 0.0, 0
    while abs(value - before) > _CLOSE * value:
        before, step = value, step + 1
        for part in (
            step * (b - step) * x / ((a + 2 * step - 1) * (a + 2 * step)),
            -(a + step) * (a + b + step) * x / ((a + 2 * step) * (a + 2 * step + 1)),
        ):
            lower = 1 / (1 + part * lower)
            upper = 1 + part / upper
            value *= lower * upper
    return value


def beta_quantile(share: float, a: float, b: float) -> float:
    """Where Beta(a, b) has this share below: halving, down to neighbouring numbers."""
    low, high = 0.0, 1.0
    while True:
        middle = (low + high) / 2
        if middle in (low, high):
            return middle
        if beta_share(middle, a, b) < share:
            low = middle
        else:
            high = middle


def t_quantile(share: float, degrees: int) -> float:
    """Where Student's t has this share (above one half) below."""
    x = beta_quantile(2 * (1 - share), degrees / 2, 0.5)
    return sqrt(degrees * (1 - x) / x)
