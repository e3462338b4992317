"""Agreement of readers, against published and independent figures.

The table is that of two radiologists of HCC-TACE-Seg (10.7937/TCIA.5FNA-0924) by mRECIST, after
chemoembolization; kappa and its standard errors are those of R 4.2.2 (`vcd::Kappa`) and statsmodels
0.15, AC1 those of irrCAC 0.4.4. Four raters with missing readings: Gwet, Handbook of Inter-Rater
Reliability, 4th edition, with the figures of the R package irrCAC.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mrecist.readers.quantiles import beta_quantile, beta_share, t_quantile
from mrecist.readers.statistics import (
    WEIGHTS,
    bland_altman,
    cohen,
    concordance,
    exact_share,
    fleiss,
    fleiss_chance,
    gwet,
    gwet_chance,
    positive_agreement,
    redrawn,
    two_by_two,
    weights_of,
)

TABLE = np.array([[17, 2, 2, 0], [6, 24, 10, 0], [3, 13, 11, 1], [0, 1, 2, 3]])
SAME = np.eye(4)
FOUR_RATERS = (
    "111.", "2223", "3333", "3333", "2222", "1234", "4444", "1121", "2222", "555.", "11..", "3...",
)  # fmt: skip


def ratings(table: np.ndarray) -> np.ndarray:
    """What two readers gave to each row of their table."""
    size = len(table)
    pairs = [(i, j) for i in range(size) for j in range(size) for _ in range(table[i, j])]
    return np.array([np.bincount(pair, minlength=size) for pair in pairs])


class TestPublished:
    """The figures of others come out, to the last decimal that they print."""

    @pytest.mark.parametrize(
        ("weights", "kappa", "se"),
        [
            ("unweighted", 0.38262, 0.07576),
            ("linear", 0.47273, 0.07382),
            ("quadratic", 0.57726, 0.07942),
        ],
    )
    def test_kappa(self, weights: str, kappa: float, se: float) -> None:
        """Cohen's kappa with the standard error of Fleiss, Cohen and Everitt."""
        found = cohen(TABLE, weights_of(weights, 4))
        assert found[:2] == pytest.approx((kappa, se), abs=5e-6)
        assert found.high - found.low == pytest.approx(2 * 1.959964 * found.se)

    def test_interval(self) -> None:
        """The normal interval, to five decimals."""
        assert cohen(TABLE, SAME)[2:] == pytest.approx((0.23413, 0.53110), abs=5e-6)

    def test_two_by_two(self) -> None:
        """Objective response against the rest."""
        objective = two_by_two(TABLE, np.array([True, True, False, False]))
        assert objective.tolist() == [[49, 12], [17, 17]]
        assert cohen(objective, np.eye(2)).value == pytest.approx(0.31348, abs=5e-6)

    def test_agreement(self) -> None:
        """55 of 95, with the interval of Clopper and Pearson."""
        share, low, high = exact_share(int(TABLE.trace()), int(TABLE.sum()))
        assert (round(share, 5), round(low, 3), round(high, 3)) == (0.57895, 0.473, 0.680)

    def test_words(self) -> None:
        """Positive agreement of each word."""
        assert positive_agreement(TABLE) == pytest.approx([0.7234, 0.6, 0.4151, 0.6], abs=5e-5)

    def test_ac1(self) -> None:
        """AC1 of two readers."""
        found = gwet(ratings(TABLE), SAME)
        assert found[:2] == pytest.approx((0.45531, 0.06599), abs=5e-6)

    def test_missing_readings(self) -> None:
        """Four raters and five words, some of them missing: Fleiss' kappa and AC1."""
        words = np.array([[row.count(word) for word in "12345"] for row in FOUR_RATERS])
        assert fleiss(words, np.eye(5))[:2] == pytest.approx((0.76117, 0.15302), abs=5e-6)
        found = gwet(words, np.eye(5))
        assert found[:2] == pytest.approx((0.77544, 0.14295), abs=5e-6)
        assert (round(found.low, 3), found.high) == (0.461, 1.0)


class TestDrawn:
    """Cohorts of patients drawn anew, many at a time."""

    @pytest.mark.parametrize(("of", "chance"), [(gwet, gwet_chance), (fleiss, fleiss_chance)])
    def test_rows(self, of: Any, chance: Any) -> None:
        """A patient who is drawn twice counts twice; each once is the cohort itself."""
        words = np.array([[row.count(word) for word in "12345"] for row in FOUR_RATERS])
        patient = np.arange(len(words)) // 2
        times = np.array([[1] * 6, [2, 0, 1, 0, 3, 0]])
        for name in WEIGHTS:
            weights = weights_of(name, 5)
            drawn = redrawn(words, weights, times, patient, chance)
            expected = [of(np.repeat(words, each[patient], axis=0), weights) for each in times]
            assert drawn == pytest.approx([each.value for each in expected])


class TestWeights:
    """Words that lie further apart weigh less."""

    def test_of_four(self) -> None:
        """The first row of each kind."""
        rows = {name: weights_of(name, 4)[0].tolist() for name in WEIGHTS}
        assert rows == {
            "unweighted": [1, 0, 0, 0],
            "linear": pytest.approx([1, 2 / 3, 1 / 3, 0]),
            "quadratic": pytest.approx([1, 8 / 9, 5 / 9, 0]),
            "ordinal": pytest.approx([1, 5 / 6, 1 / 2, 0]),
        }

    @pytest.mark.parametrize("name", WEIGHTS)
    def test_of_two(self, name: str) -> None:
        """Of two words all weights are those of agreement."""
        assert weights_of(name, 2).tolist() == [[1, 0], [0, 1]]


class TestNothing:
    """What cannot be computed is NaN, never zero and never an exception."""

    def test_no_rows(self) -> None:
        """No row at all."""
        none = np.zeros((0, 4), np.int64)
        found = [cohen(np.zeros((4, 4), np.int64), SAME), fleiss(none, SAME), gwet(none, SAME)]
        numbers = [*np.ravel(found), *exact_share(0, 0), *bland_altman(none[:, 0], none[:, 0])]
        assert all(map(math.isnan, [*numbers, concordance(none[:, 0], none[:, 0])]))

    def test_one_word(self) -> None:
        """Chance alone agrees on all: no kappa; AC1 is 1, as it should be."""
        table = np.diag([0, 30, 0, 0])
        assert math.isnan(cohen(table, SAME).value)
        assert math.isnan(fleiss(ratings(table), SAME).value)
        assert gwet(ratings(table), SAME) == (1, 0, 1, 1)
        assert np.isnan(positive_agreement(table)).tolist() == [True, False, True, True]

    def test_one_row(self) -> None:
        """A value of one row has no error; nor has a difference of one pair."""
        found = gwet(np.array([[1, 1]]), np.eye(2))
        assert found.value == -1
        assert math.isnan(found.se)
        bias, *others = bland_altman(np.array([3.0]), np.array([1.0]))
        assert bias == 2
        assert all(map(math.isnan, others))

    def test_single_readings(self) -> None:
        """Rows that one reader read: nothing to compare."""
        assert math.isnan(gwet(np.array([[1, 0], [0, 1]]), np.eye(2)).value)

    def test_no_spread(self) -> None:
        """All sums equal: no concordance."""
        assert math.isnan(concordance(np.ones(4), np.ones(4)))


class TestSums:
    """Limits of agreement, and concordance with n in its denominators."""

    def test_by_hand(self) -> None:
        """Four pairs, worked by hand."""
        first, second = np.array([10.0, 20.0, 30.0, 40.0]), np.array([12.0, 18.0, 33.0, 41.0])
        bias, sd, low, high = bland_altman(first, second)
        assert bias == -1
        assert sd == pytest.approx(math.sqrt(14 / 3))
        assert (low, high) == pytest.approx((-1 - 1.96 * sd, -1 + 1.96 * sd))
        assert concordance(first, second) == pytest.approx(2 * 127.5 / (125 + 133.5 + 1))


TABLES = st.lists(st.integers(0, 12), min_size=16, max_size=16).map(
    lambda cells: np.array(cells).reshape(4, 4)
)


def same(one: object, other: object) -> bool:
    """Equal estimates; NaN equals NaN."""
    return bool(np.allclose(one, other, rtol=1e-7, atol=1e-7, equal_nan=True))  # type: ignore[arg-type]


class TestLaws:
    """What holds of any two readers."""

    @given(TABLES)
    @settings(max_examples=settings.default.max_examples // 3)
    def test_exchanged(self, table: np.ndarray) -> None:
        """RL-2: the order of readers changes nothing."""
        for name in WEIGHTS:
            weights = weights_of(name, 4)
            assert same(cohen(table, weights), cohen(table.T, weights))
            assert same(gwet(ratings(table + 1), weights), gwet(ratings(table.T + 1), weights))

    @given(TABLES, st.permutations(range(4)))
    def test_relabelled(self, table: np.ndarray, order: list[int]) -> None:
        """RL-8: what the words are called, and in which order, is nothing to the unweighted."""
        other = table[np.ix_(order, order)]
        assert same(cohen(table, SAME), cohen(other, SAME))
        for statistic in (gwet, fleiss):
            assert same(statistic(ratings(table + 1), SAME), statistic(ratings(other + 1), SAME))

    @given(TABLES)
    def test_reversed(self, table: np.ndarray) -> None:
        """RL-8: nor is the direction of their order to the weighted."""
        for name in WEIGHTS:
            weights = weights_of(name, 4)
            assert same(cohen(table, weights), cohen(table[::-1, ::-1], weights))

    @given(st.lists(st.integers(1, 12), min_size=4, max_size=4))
    def test_identical(self, counts: list[int]) -> None:
        """RL-3: identical readers agree wholly."""
        table = np.diag(counts)
        assert same(cohen(table, SAME), (1, 0, 1, 1))
        assert same(gwet(ratings(table), SAME), (1, 0, 1, 1))
        assert same(fleiss(ratings(table), SAME), (1, 0, 1, 1))


class TestQuantiles:
    """The quantiles are those of SciPy."""

    @given(
        st.one_of(st.just(0.5), st.integers(1, 2000).map(float)),
        st.one_of(st.just(0.5), st.integers(1, 2000).map(float)),
        st.sampled_from([0.005, 0.025, 0.5, 0.975]),
    )
    @settings(max_examples=settings.default.max_examples // 3)
    def test_beta(self, a: float, b: float, share: float) -> None:
        """Of the beta distribution."""
        beta = pytest.importorskip("scipy.stats").beta
        assert beta_quantile(share, a, b) == pytest.approx(beta.ppf(share, a, b), abs=1e-11)

    @pytest.mark.parametrize("degrees", [1, 2, 12, 98, 5000])
    def test_t(self, degrees: int) -> None:
        """Of Student's t."""
        student = pytest.importorskip("scipy.stats").t
        assert t_quantile(0.975, degrees) == pytest.approx(student.ppf(0.975, degrees), abs=1e-9)

    def test_edges(self) -> None:
        """Nothing lies below 0 and everything below 1; none and all of many have a bound."""
        assert (beta_share(0, 2, 3), beta_share(1, 2, 3)) == (0, 1)
        assert exact_share(0, 10) == (0, 0, pytest.approx(1 - 0.025**0.1))
        assert exact_share(10, 10) == (1, pytest.approx(0.025**0.1), 1)
