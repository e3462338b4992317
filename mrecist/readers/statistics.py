"""Agreement of readers: kappa, Fleiss' kappa, Gwet's AC1 and AC2, and of sums.

Two readers are a table `counts[i, j]`: rows to which the first gave word `i` and the second `j`.
Any number of readers are `ratings[row, word]`: how many readers gave the word to the row, so that a
missing reading is a reader less; each row has one or more. Weights are 1 for agreement and less the
further two words lie apart. What cannot be computed is NaN.
"""

from __future__ import annotations

from math import isnan, nan, sqrt
from statistics import NormalDist
from typing import Any, NamedTuple

import numpy as np

from .._base.arrays import Array
from .quantiles import beta_quantile, t_quantile

__all__ = [
    "NO_ESTIMATE",
    "WEIGHTS",
    "Estimate",
    "bland_altman",
    "cohen",
    "concordance",
    "exact_share",
    "fleiss",
    "fleiss_chance",
    "gwet",
    "gwet_chance",
    "kappas",
    "positive_agreement",
    "redrawn",
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


def cohen(counts: Array, weights: Array, level: float = 0.95) -> Estimate:
    """Cohen's kappa of two readers; NaN where chance alone agrees on all.

    Cohen, Educ Psychol Meas 1960;20:37-46, and Psychol Bull 1968;70:213-220. The standard error is
    that of Fleiss, Cohen and Everitt, Psychol Bull 1969;72:323-327; the interval is normal.
    """
    total = int(counts.sum())
    kappa = float(kappas(counts, weights)) if total else nan
    if isnan(kappa):
        return NO_ESTIMATE
    shares = counts / total
    first, second = shares.sum(axis=1), shares.sum(axis=0)
    chance = float(first @ weights @ second)
    apart = (weights @ second)[:, None] + (first @ weights)[None, :]
    spread = float((shares * (weights - apart * (1 - kappa)) ** 2).sum())
    variance = (spread - (kappa - chance * (1 - kappa)) ** 2) / total / (1 - chance) ** 2
    se = sqrt(max(variance, 0.0))
    reach = NormalDist().inv_cdf((1 + level) / 2) * se
    return Estimate(kappa, se, max(kappa - reach, -1.0), min(kappa + reach, 1.0))


def kappas(counts: Array, weights: Array) -> Array:
    """Cohen's kappa of each of many tables, which are not empty."""
    shares = counts / counts.sum(axis=(-2, -1), keepdims=True)
    seen = (weights * shares).sum(axis=(-2, -1))
    chance = np.einsum("...i,ij,...j", shares.sum(axis=-1), weights, shares.sum(axis=-2))
    return _beyond(seen, chance)


def _beyond(seen: Array, chance: Array) -> Array:
    """Agreement beyond chance; NaN where chance alone agrees on all."""
    all_by_chance = 1 - chance < _ROUNDING
    return np.where(all_by_chance, nan, (seen - chance) / np.where(all_by_chance, 1, 1 - chance))


_ROUNDING = 1e-12


def fleiss_chance(shares: Array, weights: Array) -> Array:
    """The agreement by chance of Fleiss' kappa, of the mean shares of the words."""
    return np.einsum("...i,ij,...j", shares, weights, shares)


def gwet_chance(shares: Array, weights: Array) -> Array:
    """The agreement by chance of AC1 and AC2, of the mean shares of the words."""
    return _gwet_part(weights) * (shares * (1 - shares)).sum(axis=-1)


def _gwet_part(weights: Array) -> float:
    words = len(weights)
    return float(weights.sum()) / (words * (words - 1))


def fleiss(ratings: Array, weights: Array, level: float = 0.95) -> Estimate:
    """Fleiss' kappa of two or more readers, missing readings allowed."""
    own = own_shares(ratings)
    shares = _mean(own)
    each = own @ (weights @ shares + shares @ weights) / 2
    return _corrected(ratings, weights, fleiss_chance(shares, weights), each, level)


def gwet(ratings: Array, weights: Array, level: float = 0.95) -> Estimate:
    """Gwet's AC1 (unweighted) or AC2 of two or more readers, missing readings allowed.

    Gwet, Br J Math Stat Psychol 2008;61:29-48.
    """
    own = own_shares(ratings)
    shares = _mean(own)
    each = _gwet_part(weights) * (own @ (1 - shares))
    return _corrected(ratings, weights, gwet_chance(shares, weights), each, level)


def own_shares(ratings: Array) -> Array:
    """The share of each word in each row."""
    return ratings / ratings.sum(axis=1, keepdims=True)


def _mean(own: Array) -> Array:
    return own.mean(axis=0) if len(own) else np.full(own.shape[1], nan)


def pair_agreement(ratings: Array, weights: Array) -> tuple[Array, Array]:
    """The agreement of the pairs of readers in each row (0: no pair), and whether it has a pair."""
    given = ratings.sum(axis=1)
    several = given >= 2
    same = (ratings * (ratings @ weights - 1)).sum(axis=1)
    return np.where(several, same / np.maximum(given * (given - 1), 1), 0.0), several


def _corrected(
    ratings: Array, weights: Array, chance: Array, each: Array, level: float
) -> Estimate:
    """Agreement beyond `chance`, with the variance by Gwet's linearisation.

    `each` is the chance term of each row. The interval is of t with one degree of freedom less than
    there are rows.
    """
    seen, several = pair_agreement(ratings, weights)
    rows, pairs = len(ratings), int(several.sum())
    value = float(_beyond(seen.sum() / pairs, chance)) if pairs else nan
    if rows == 1 or isnan(value):
        return Estimate(value, nan, nan, nan)
    row = rows / pairs * (seen - chance * several) / (1 - chance)
    row = row - 2 * (1 - value) * (each - chance) / (1 - chance)
    se = sqrt(float(((row - value) ** 2).sum()) / (rows * (rows - 1)))
    reach = t_quantile((1 + level) / 2, rows - 1) * se
    return Estimate(value, se, max(value - reach, -1.0), min(value + reach, 1.0))


def redrawn(ratings: Array, weights: Array, times: Array, patient: Array, chance: Any) -> Array:
    """Agreement beyond chance of many cohorts: patient `p` is in cohort `i` `times[i, p]` times."""
    seen, several = pair_agreement(ratings, weights)
    of_patient = np.zeros((times.shape[1], 3 + ratings.shape[1]))
    rows = np.column_stack([seen, several, np.ones(len(seen)), own_shares(ratings)])
    np.add.at(of_patient, patient, rows)
    sums = times @ of_patient
    shares = sums[:, 3:] / sums[:, 2:3]
    with np.errstate(invalid="ignore"):
        return _beyond(sums[:, 0] / sums[:, 1], chance(shares, weights))


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
