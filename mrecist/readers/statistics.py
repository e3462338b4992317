"""Agreement of readers: kappa, Fleiss' kappa, Gwet's AC1 and AC2, and of sums.

Two readers are a table `counts[i, j]`: rows to which the first gave word `i` and the second `j`.
Any number of readers are `ratings[row, word]`: how many readers gave the word to the row, so that a
missing reading is a reader less; each row has one or more. Weights are 1 for agreement and less the
further two words lie apart. What cannot be computed is NaN, and so are error
and interval without a level.
"""

from __future__ import annotations

from math import nan, sqrt
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from .._base.arrays import Array
from .quantiles import beta_quantile, t_quantile

__all__ = [
    "NO_ESTIMATE",
    "WEIGHTS",
    "Estimate",
    "bland_altman",
    "chance_corrected",
    "cohen",
    "concordance",
    "exact_share",
    "fleiss",
    "gwet",
    "positive_agreement",
    "two_by_two",
    "weights_of",
]


class Estimate(NamedTuple):
    """An estimate with its standard error and interval."""

    value: float
    se: float
    low: float
    high: float


NO_ESTIMATE = Estimate(nan, nan, nan, nan)
WEIGHTS = ("unweighted", "linear", "quadratic", "ordinal")
LIMITS = 1.96
"""Limits of agreement are this many standard deviations from the bias."""


def weights_of(name: str, words: int) -> Array:
    """The weight of each pair of words, which stand in order.

    `ordinal` are Gwet's: one less the share of all pairs of words that lie between the two.
    """
    place = np.arange(words)
    apart = np.abs(place[:, None] - place)
    if name == "unweighted":
        return (apart == 0).astype(np.float64)
    if name == "linear":
        return 1 - apart / (words - 1)
    if name == "quadratic":
        return 1 - (apart / (words - 1)) ** 2
    return 1 - apart * (apart + 1) / (words * (words - 1))


def cohen(counts: Array, weights: Array, level: float | None = 0.95) -> Estimate:
    """Cohen's kappa of two readers; NaN where chance alone agrees on all.

    Cohen, Educ Psychol Meas 1960;20:37-46, and Psychol Bull 1968;70:213-220. The standard error is
    that of Fleiss, Cohen and Everitt, Psychol Bull 1969;72:323-327; the interval is normal.
    """
    total = int(counts.sum())
    if not total:
        return NO_ESTIMATE
    shares = counts / total
    first, second = shares.sum(axis=1), shares.sum(axis=0)
    seen, chance = float((weights * shares).sum()), float(first @ weights @ second)
    if 1 - chance < _ROUNDING:
        return NO_ESTIMATE
    kappa = (seen - chance) / (1 - chance)
    if level is None:
        return Estimate(kappa, nan, nan, nan)
    apart = (weights @ second)[:, None] + (first @ weights)[None, :]
    spread = float((shares * (weights - apart * (1 - kappa)) ** 2).sum())
    variance = (spread - (kappa - chance * (1 - kappa)) ** 2) / total / (1 - chance) ** 2
    se = sqrt(max(variance, 0.0))
    reach = NormalDist().inv_cdf((1 + level) / 2) * se
    return Estimate(kappa, se, max(kappa - reach, -1.0), min(kappa + reach, 1.0))


_ROUNDING = 1e-12


def fleiss(ratings: Array, weights: Array, level: float | None = 0.95) -> Estimate:
    """Fleiss' kappa of two or more readers, missing readings allowed."""
    own, shares = _shares(ratings)
    chance = shares @ weights @ shares
    each = own @ (weights @ shares + shares @ weights) / 2
    return chance_corrected(ratings, weights, float(chance), each, level)


def gwet(ratings: Array, weights: Array, level: float | None = 0.95) -> Estimate:
    """Gwet's AC1 (unweighted) or AC2 of two or more readers, missing readings allowed.

    Gwet, Br J Math Stat Psychol 2008;61:29-48.
    """
    own, shares = _shares(ratings)
    words = len(shares)
    part = float(weights.sum()) / (words * (words - 1))
    chance = part * float((shares * (1 - shares)).sum())
    return chance_corrected(ratings, weights, chance, part * (own @ (1 - shares)), level)


def _shares(ratings: Array) -> tuple[Array, Array]:
    """The share of each word in each row, and its mean over all rows that were read."""
    own = ratings / ratings.sum(axis=1, keepdims=True)
    return own, own.mean(axis=0) if len(own) else np.full(ratings.shape[1], nan)


def chance_corrected(
    ratings: Array, weights: Array, chance: float, each: Array, level: float | None
) -> Estimate:
    """Agreement beyond `chance`, with the variance by Gwet's linearisation.

    `each` is the chance term of each row. The interval is of t with one degree of freedom less than
    there are rows.
    """
    rows, given = len(ratings), ratings.sum(axis=1)
    several = given >= 2
    pairs = int(several.sum())
    if not pairs or 1 - chance < _ROUNDING:
        return NO_ESTIMATE
    same = (ratings * (ratings @ weights - 1)).sum(axis=1)
    seen = np.where(several, same / np.maximum(given * (given - 1), 1), 0.0)
    value = (float(seen.sum()) / pairs - chance) / (1 - chance)
    if rows == 1 or level is None:
        return Estimate(value, nan, nan, nan)
    row = rows / pairs * (seen - chance * several) / (1 - chance)
    row = row - 2 * (1 - value) * (each - chance) / (1 - chance)
    se = sqrt(float(((row - value) ** 2).sum()) / (rows * (rows - 1)))
    reach = t_quantile((1 + level) / 2, rows - 1) * se
    return Estimate(value, se, max(value - reach, -1.0), min(value + reach, 1.0))


def positive_agreement(counts: Array) -> Array:
    """For each word twice its agreements over all that either reader gave; NaN where none did."""
    given = counts.sum(axis=0) + counts.sum(axis=1)
    return np.where(given > 0, 2 * counts.diagonal() / np.maximum(given, 1), nan)


def two_by_two(counts: Array, inside: Array) -> Array:
    """The table of two readers with the words of `inside` as one word and all others as another."""
    side = np.stack([inside, ~inside]).astype(np.int64)
    return side @ counts @ side.T


def exact_share(hits: int, total: int, level: float = 0.95) -> tuple[float, float, float]:
    """A share with the exact interval of Clopper and Pearson; NaN of nothing."""
    if not total:
        return nan, nan, nan
    tail = (1 - level) / 2
    low = beta_quantile(tail, hits, total - hits + 1) if hits else 0.0
    high = beta_quantile(1 - tail, hits + 1, total - hits) if hits < total else 1.0
    return int(hits) / int(total), low, high


def bland_altman(first: Array, second: Array) -> tuple[float, float, float, float]:
    """Bias (first less second), its standard deviation, and the limits of agreement."""
    difference = first - second
    if not len(difference):
        return nan, nan, nan, nan
    bias = float(difference.mean())
    sd = float(difference.std(ddof=1)) if len(difference) > 1 else nan
    return bias, sd, bias - LIMITS * sd, bias + LIMITS * sd


def concordance(first: Array, second: Array) -> float:
    """Lin's concordance correlation coefficient, with the number of pairs in its denominators.

    Lin, Biometrics 1989;45:255-268.
    """
    if not len(first):
        return nan
    means = float(first.mean()), float(second.mean())
    both = float(((first - means[0]) * (second - means[1])).mean())
    apart = float(first.var() + second.var()) + (means[0] - means[1]) ** 2
    return 2 * both / apart if apart else nan
