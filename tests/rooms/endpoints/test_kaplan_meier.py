"""Kaplan-Meier estimates and medians against published values."""

from __future__ import annotations

import numpy as np
import pytest

import mrecist
from mrecist.endpoints.survival import INTERVALS, kaplan_meier

# Acute myelogenous leukaemia (Miller, Survival Analysis, 1997), as in R's survival package.
MAINTAINED = ([9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161], [1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0])
NOT_MAINTAINED = (
    [5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45],
    [1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1],
)


class TestPublished:
    """Estimates are those of R's `survfit`."""

    @pytest.mark.parametrize(
        ("arm", "interval", "medians"),
        [
            (MAINTAINED, "log", (31, 18, None)),
            (NOT_MAINTAINED, "log", (23, 8, None)),
            (MAINTAINED, "log-log", (31, 13, None)),
            (NOT_MAINTAINED, "log-log", (23, 5, 33)),
        ],
    )
    def test_medians(
        self,
        arm: tuple[list[int], list[int]],
        interval: str,
        medians: tuple[float | None, float | None, float | None],
    ) -> None:
        """Medians and their bounds; one that is not reached is none."""
        found = kaplan_meier(*arm, interval=interval)
        assert (found.median_days, found.median_days_low, found.median_days_high) == medians

    def test_curve(self) -> None:
        """The survivors, those at risk and the events at each time."""
        found = kaplan_meier(*MAINTAINED, interval="log")
        assert found.days.tolist() == [9, 13, 18, 23, 28, 31, 34, 45, 48, 161]
        assert found.at_risk.tolist() == [11, 10, 8, 7, 6, 5, 4, 3, 2, 1]
        assert found.events.tolist() == [1, 1, 1, 1, 0, 1, 1, 0, 1, 0]
        assert found.surviving.round(4).tolist() == [
            0.9091,
            0.8182,
            0.7159,
            0.6136,
            0.6136,
            0.4909,
            0.3682,
            0.3682,
            0.1841,
            0.1841,
        ]
        assert found.low.round(3).tolist()[:4] == [0.754, 0.619, 0.488, 0.377]
        assert found.high.round(3).tolist()[:4] == [1.0, 1.0, 1.0, 0.999]

    @pytest.mark.parametrize("interval", INTERVALS)
    def test_beside_lifelines(self, interval: str) -> None:
        """Where lifelines is installed it gives the same."""
        lifelines = pytest.importorskip("lifelines")
        rng = np.random.default_rng(5)
        days, event = rng.integers(1, 60, 300), rng.random(300) < 0.6
        theirs = lifelines.KaplanMeierFitter().fit(days, event)
        ours = kaplan_meier(days, event, interval=interval)
        assert np.allclose(theirs.survival_function_.iloc[1:, 0], ours.surviving)
        assert ours.median_days == theirs.median_survival_time_
        if interval == "log-log":
            assert np.allclose(
                theirs.confidence_interval_.iloc[1:], np.array([ours.low, ours.high]).T
            )


class TestMedian:
    """The median is where half survive."""

    def test_flat_at_a_half(self) -> None:
        """A step at just a half counts by its middle, as in R and SAS; a last one by its start."""
        assert kaplan_meier([10, 20, 30, 40], [True] * 4).median_days == 25
        assert kaplan_meier([10, 20, 30, 40], [True, True, False, False]).median_days == 20
        assert kaplan_meier([10, 20, 30], [True] * 3).median_days == 20

    def test_not_reached(self) -> None:
        """Without events enough there is none; the survivors of none are all, for certain."""
        found = kaplan_meier([5, 6], [False, False])
        assert (found.median_days, found.median_days_low, found.median_days_high) == (
            None,
            None,
            None,
        )
        assert found.low.tolist() == found.high.tolist() == found.surviving.tolist() == [1, 1]

    def test_nobody(self) -> None:
        """Nobody has no median."""
        assert kaplan_meier([], []).median_days is None
        assert repr(mrecist.kaplan_meier([], [])) == (
            "<Survival of 0, 0 events: median none days (none to none)>"
        )

    def test_all_gone(self) -> None:
        """When nobody survives, there is no interval about that."""
        found = kaplan_meier([1, 2], [True, True])
        assert found.surviving.tolist() == [0.5, 0]
        assert np.isnan(found.low[1])
        assert np.isnan(found.high[1])

    def test_at_risk_on_the_day(self) -> None:
        """Who is censored on the day of an event is at risk on it."""
        assert kaplan_meier([5, 5], [True, False]).surviving.tolist() == [0.5]

    def test_level(self) -> None:
        """A higher level asks for a wider interval."""
        wide, narrow = (kaplan_meier(*NOT_MAINTAINED, level=level) for level in (0.99, 0.8))
        assert (wide.low[:-1] < narrow.low[:-1]).all()
        assert (wide.high[:-1] > narrow.high[:-1]).all()


@pytest.mark.parametrize(
    ("days", "event", "options", "told"),
    [
        ([1, 2], [True], {}, r"days and event must be of one length, got \(2,\) and \(1,\)"),
        ([[1]], [[True]], {}, "days and event must be of one length"),
        ([-1], [True], {}, "days must be at least 0 and finite"),
        ([np.nan], [True], {}, "days must be at least 0 and finite"),
        ([1], [True], {"level": 1}, "level must be between 0 and 1, got 1"),
        ([1], [True], {"level": 0}, "level must be between 0 and 1, got 0"),
        ([1], [True], {"interval": "linear"}, "interval must be one of log-log, log, plain, "),
    ],
)
def test_refused(days: object, event: object, options: dict[str, object], told: str) -> None:
    """What cannot be is refused."""
    with pytest.raises(ValueError, match=told):
        kaplan_meier(days, event, **options)  # type: ignore[arg-type]
