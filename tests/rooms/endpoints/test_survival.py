"""Intervals, quantiles, survival at a day and follow-up, held against R's `survfit`.

`survfit.csv` holds what R gives, and `survfit.R` beside it says how it was made.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mrecist import Survival, kaplan_meier
from mrecist.endpoints.survival import INTERVALS

ROWS = list(csv.DictReader(Path(__file__).with_name("survfit.csv").read_text("utf-8").splitlines()))
SETS: dict[str, tuple[list[int], list[int]]] = {
    "trial": (
        [3, 3, 7, 7, 12, 15, 15, 21, 28, 28, 28, 35, 42, 42, 56, 56, 63, 70, 84, 84, 91, 98,
         112, 126, 140, 140, 168, 196, 210, 224],
        [1, 0, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 0, 1, 1, 1, 0, 0, 1, 1, 0, 1, 0, 0, 1,
         0, 0],
    ),
    "small": ([0, 0, 4, 9], [1, 0, 1, 0]),
    "gone": ([10, 20, 30, 40], [1, 1, 1, 1]),
}  # fmt: skip


def cases() -> list[tuple[str, str, str]]:
    return list(dict.fromkeys((row["set"], row["interval"], row["level"]) for row in ROWS))


def ours(case: tuple[str, str, str]) -> Survival:
    name, interval, level = case
    return kaplan_meier(*SETS[name], interval=interval, level=float(level))


def told(case: tuple[str, str, str], what: str) -> list[dict[str, str]]:
    keys = ("set", "interval", "level", "what")
    return [row for row in ROWS if tuple(row[key] for key in keys) == (*case, what)]


def same(found: tuple[Any, ...], row: dict[str, str]) -> None:
    """Equal to fourteen digits, and known where R knows it."""
    theirs = [row[name] for name in ("estimate", "low", "high")]
    assert [each is None for each in found] == [text == "" for text in theirs], row
    for mine, text in zip(found, theirs, strict=True):
        if text:
            assert mine == pytest.approx(float(text), rel=1e-13, abs=1e-13), row


class TestAsInR:
    """Every number is the one of R's `survfit`."""

    def test_every_kind(self) -> None:
        assert {row["interval"] for row in ROWS} == set(INTERVALS)

    @pytest.mark.parametrize("case", cases(), ids="-".join)
    def test_at(self, case: tuple[str, str, str]) -> None:
        """The share that survives each day with its interval.

        Where all survive for certain, some kinds have no interval in R: here it is 1 to 1.
        """
        found = ours(case)
        for row in told(case, "at"):
            same(found.at(float(row["at"])), row)

    @pytest.mark.parametrize("case", cases(), ids="-".join)
    def test_quantiles(self, case: tuple[str, str, str]) -> None:
        found = ours(case)
        rows = told(case, "quantile")
        assert len(rows) == 4
        for row in rows:
            same(found.quantile(float(row["at"])), row)

    @pytest.mark.parametrize("case", cases(), ids="-".join)
    def test_follow_up(self, case: tuple[str, str, str]) -> None:
        (row,) = told(case, "follow-up")
        same(ours(case).follow_up.quantile(0.5), row)


class TestAt:
    """What survives a day."""

    def test_between_and_before(self) -> None:
        """The curve is flat between two times; before the first, all survive for certain."""
        found = kaplan_meier(*SETS["trial"])
        assert found.at(30) == found.at(28)
        assert found.at(2.5) == (1, 1, 1)

    def test_past_the_last(self) -> None:
        """Past the last day of a survivor nothing is known; where nobody survives, that is."""
        assert kaplan_meier(*SETS["trial"]).at(225) == (None, None, None)
        assert kaplan_meier(*SETS["gone"]).at(400) == (0, None, None)
        assert kaplan_meier([], []).at(0) == (None, None, None)

    def test_named(self) -> None:
        found = kaplan_meier(*SETS["gone"]).at(np.int64(10))
        assert found.surviving == 0.75
        assert found.low is not None
        assert found.high is not None
        assert found.low < 0.75 < found.high

    @pytest.mark.parametrize("days", [-1, float("nan"), float("inf"), "30", True, None])
    def test_refused(self, days: Any) -> None:
        with pytest.raises(ValueError, match="days must be at least 0 and finite, got"):
            kaplan_meier(*SETS["gone"]).at(days)

    @pytest.mark.parametrize("share", [0, 1, -0.5, float("nan"), "0.5", True])
    def test_share_refused(self, share: Any) -> None:
        with pytest.raises(ValueError, match="share must be between 0 and 1, got"):
            kaplan_meier(*SETS["gone"]).quantile(share)


class TestFlat:
    """A curve that lies at just the height asked for."""

    def test_to_the_end(self) -> None:
        """Where no event ends the stretch, its first day counts (R: the middle to the last)."""
        found = kaplan_meier([10, 20, 30, 40], [1, 1, 0, 0])
        assert found.quantile(0.5).days == 20

    def test_ended_by_an_event(self) -> None:
        assert kaplan_meier([10, 20, 25, 30], [1, 1, 0, 1]).quantile(0.5).days == 25


class TestFollowUp:
    """Events and censored times change places."""

    def test_counts(self) -> None:
        found = kaplan_meier(*SETS["trial"], level=0.9, interval="logit")
        back = found.follow_up
        assert (back.level, back.interval) == (0.9, "logit")
        leaving = len(SETS["trial"][0])
        assert back.events.sum() + found.events.sum() == leaving
        assert back.follow_up.surviving.tolist() == found.surviving.tolist()

    def test_nobody(self) -> None:
        assert kaplan_meier([], []).follow_up.median_days is None


NULLABLE = (
    [True, False, True], [1, 0, 1], [1.0, 0.0, 1.0], np.array([1, 0, 1], np.uint8),
    np.array([True, False, True], object), [np.True_, 0, 1.0],
    np.ma.array([1, 0, 1], mask=[False] * 3),
)  # fmt: skip


class TestEvents:
    """An event is true or false, or 1 or 0, and nothing else."""

    @pytest.mark.parametrize("event", NULLABLE)
    def test_taken(self, event: Any) -> None:
        assert kaplan_meier([1, 2, 3], event).events.tolist() == [1, 0, 1]

    @pytest.mark.parametrize(
        ("event", "row"),
        [
            (["false", "true", "false"], "row 0 is 'false'"),
            ([1, 2, 1], "row 1 is 2"),
            ([1.0, 0.0, float("nan")], "row 2 is nan"),
            ([True, None, True], "row 1 is None"),
            ([0, 1, 0.5], "row 2 is 0.5"),
            (np.ma.array([1, 0, 1], mask=[False, True, False]), "row 1 is None"),
            (np.ma.array([True, False, True], mask=[False, False, True]), "row 2 is None"),
        ],
    )
    def test_refused(self, event: Any, row: str) -> None:
        with pytest.raises(ValueError, match=f"event must be true or false, .*{row}"):
            kaplan_meier([1, 2, 3], event)

    def test_pandas(self) -> None:
        pd = pytest.importorskip("pandas")
        for kind in ("boolean", "Int64", "bool", "int8"):
            column = pd.Series([1, 0, 1]).astype(kind)
            assert kaplan_meier(pd.Series([1, 2, 3]), column).events.tolist() == [1, 0, 1]
        holes = pd.Series([True, None, True], dtype="boolean")
        with pytest.raises(ValueError, match="row 1 is <NA>"):
            kaplan_meier([1, 2, 3], holes)

    def test_days_as_objects(self) -> None:
        """Numbers of any kind are days."""
        days = np.array([1, 2.0, np.int64(3)], object)
        assert kaplan_meier(days, [1, 0, 1]).days.tolist() == [1, 2, 3]

    def test_polars(self) -> None:
        pl = pytest.importorskip("polars")
        days = pl.Series([1, 2, 3])
        assert kaplan_meier(days, pl.Series([True, False, True])).events.tolist() == [1, 0, 1]
        with pytest.raises(ValueError, match="row 1 is None"):
            kaplan_meier(days, pl.Series([True, None, True]))

    @pytest.mark.parametrize(
        ("days", "row"),
        [
            ([1, -2, 3], "row 1 is -2"), ([1, 2, float("inf")], "row 2 is inf"),
            (["1", "2", "3"], "row 0 is '1'"), ([1, None, 3], "row 1 is None"),
            (np.ma.array([1, 2, 3], mask=[True, False, False]), "row 0 is None"),
        ],
    )  # fmt: skip
    def test_days_refused(self, days: Any, row: str) -> None:
        with pytest.raises(ValueError, match=f"days must be at least 0 and finite, {row}"):
            kaplan_meier(days, [1, 0, 1])
