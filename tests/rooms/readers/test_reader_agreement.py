"""Agreement, dates, discrepancy and sums of readers, through the doors that users take.

The table of two readers and the figures of it are those of `test_reader_statistics.py`.
"""

from __future__ import annotations

import math
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.readers_tables import readings_of

from mrecist import ALL_READERS, DOUBLE_READ, ReaderVariability, Review, assess_readings
from mrecist.readers import agreement

from .test_reader_statistics import TABLE
from .test_readings import C1, COHORTS

WORDS = ("CR", "PR", "SD", "PD")


def of_table(table: np.ndarray, more: str = "") -> dict[str, Any]:
    """Findings of patients whom two readers gave the words of a table at the first follow-up."""
    charts = {}
    for i, one in enumerate(WORDS):
        for j, other in enumerate(WORDS):
            for number in range(table[i, j]):
                charts[f"{one}{other}{number}"] = {"R1": f"{one}{more}", "R2": f"{other}{more}"}
    return readings_of(charts)


def rows(table: Any) -> list[dict[str, Any]]:
    """A table row by row."""
    return [
        {name: table[name].tolist()[i] for name in table}
        for i in range(len(next(iter(table.values()))))
    ]


class TestAgreement:
    """Agreement on words."""

    def test_two_readers(self) -> None:
        """The published figures come out of tables of findings."""
        found = assess_readings(of_table(TABLE)).agreement()
        pair, everyone = rows(found.table)
        assert (pair["readers"], pair["n"], pair["patients"], pair["agree"]) == (
            "R1,R2",
            95,
            95,
            55,
        )
        expected = {
            "kappa": 0.38262, "kappa_se": 0.07576, "kappa_low": 0.23413, "kappa_high": 0.53110,
            "kappa_linear": 0.47273, "kappa_linear_se": 0.07382, "kappa_quadratic": 0.57726,
            "kappa_quadratic_se": 0.07942, "ac1": 0.45531, "ac1_se": 0.06599,
            "objective_kappa": 0.31348,
        }  # fmt: skip
        assert {name: pair[name] for name in expected} == pytest.approx(expected, abs=5e-6)
        assert [pair[f"positive_{word}"] for word in WORDS] == pytest.approx(
            [0.7234, 0.6, 0.4151, 0.6], abs=5e-5
        )
        assert everyone["readers"] == "all"
        assert everyone["ac1"] == pair["ac1"]
        assert math.isnan(everyone["kappa"])
        assert math.isnan(everyone["positive_CR"])
        assert math.isnan(everyone["objective_kappa"])
        assert found.crosstab("R1", "R2").tolist() == TABLE.tolist()
        assert found.crosstab("R2", "R1").tolist() == TABLE.T.tolist()
        with pytest.raises(ValueError, match="the pairs are R1,R2; got R1,R3"):
            found.crosstab("R1", "R3")

    def test_printed(self) -> None:
        """The counts, then every statistic; kappa never without AC1."""
        found = assess_readings(of_table(TABLE)).agreement()
        lines = str(found).splitlines()
        assert lines[:4] == [
            "agreement on best_response of R1, R2",
            "R1 (rows) by R2 (columns)",
            "    CR  PR  SD  PD",
            "CR  17  2   2   0",
        ]
        assert "  kappa 0.383 (0.234 to 0.531)" in lines
        assert any(line.startswith("  ac1 0.455") for line in lines)
        assert lines[-1] == "intervals of 95 %: as if rows were independent"
        assert repr(found) == "<Agreement on best_response of R1, R2>"

    def test_left_out(self) -> None:
        """C6: a word that is not on the scale is left out and counted; a scale may be wider."""
        charts = {"A": {"R1": "NE", "R2": "SD"}, "B": {"R1": "SD", "R2": "SD"},
                  "C": {"R1": "PR", "R2": "SD"}, "D": {"R1": "PR"}}  # fmt: skip
        readings = assess_readings(readings_of(charts), review=ALL_READERS)
        pair, everyone = rows(readings.agreement().table)
        assert (pair["n"], pair["left_out"], pair["agree"]) == (2, 1, 1)
        assert (everyone["n"], everyone["left_out"]) == (3, 1)
        assert "1 left out" in str(readings.agreement())
        wide = rows(readings.agreement(words=[*WORDS, "NE"]).table)[0]
        assert (wide["n"], wide["left_out"], wide["words"]) == (3, 0, "CR;PR;SD;PD;NE")
        complete = rows(readings.agreement(complete=True).table)[-1]
        assert complete["n"] == 2

    def test_of_three(self) -> None:
        """A row a pair and one for all, local readers apart unless they are asked for."""
        charts = {
            name: {"R1": "SD", "R2": "SD", "R3": word, "INV": "PR"}
            for name, word in zip("ABCD", ("SD", "PR", "SD", "PD"), strict=True)
        }
        readings = assess_readings(
            readings_of(charts), review=attrs.evolve(DOUBLE_READ, local="INV")
        )
        found = readings.agreement()
        assert found.table["readers"].tolist() == ["R1,R2", "R1,R3", "R2,R3", "all"]
        assert found.table["agree"].tolist() == [4, 2, 2, 2]
        text = str(found).splitlines()
        assert text[1] == ""
        assert "all: 4 rows of 4 patients" in text
        local = readings.agreement(readers=("INV", "R3")).table
        assert local["readers"].tolist() == ["INV,R3", "all"]
        assert local["agree"].tolist() == [1, 1]

    @pytest.mark.parametrize(
        ("of", "agree", "rows_read"),
        [
            ("response", 3, 5), ("target", 3, 5), ("nontarget", 0, 0), ("new_lesion", 5, 5),
            ("confirmed_best_response", 1, 2),
        ],
    )  # fmt: skip
    def test_kinds(self, of: str, agree: int, rows_read: int) -> None:
        """Time points are those that both read, up to the first progression of each."""
        charts = {
            "A": {"R1": "PR PR PD", "R2": "PR SD PD"},
            "B": {"R1": "SD PD SD", "R2": "PR PD PD"},
        }
        readings = assess_readings(readings_of(charts))
        table = readings.agreement(of, interval="exact").table
        assert (table["agree"][0], table["n"][0]) == (agree, rows_read)
        assert table["patients"][0] == min(rows_read, 2)
        assert ("objective_kappa" in table) == (of in ("response", "confirmed_best_response"))

    def test_bootstrap(self) -> None:
        """Of time points patients are drawn, always the same for a seed."""
        readings = assess_readings(of_table(np.minimum(TABLE, 3)))
        one, same, other = (
            readings.agreement("response", draws=50, seed=seed).table for seed in (0, 0, 1)
        )
        assert one["kappa_low"][0] == same["kappa_low"][0]
        assert one["kappa_low"][0] != other["kappa_low"][0]
        exact = readings.agreement("response", interval="exact").table
        assert one["kappa"][0] == exact["kappa"][0]
        assert one["kappa_low"][0] == pytest.approx(exact["kappa_low"][0], abs=0.15)
        assert one["kappa_se"][0] == pytest.approx(exact["kappa_se"][0], rel=0.5)
        assert "patients drawn anew" in str(readings.agreement("response", draws=3))

    def test_blocks(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Draws are the same however many are held at once."""
        readings = assess_readings(of_table(np.minimum(TABLE, 2)))
        whole = readings.agreement("response", draws=20).table
        monkeypatch.setattr(agreement, "CELLS", 50)
        parts = readings.agreement("response", draws=20).table
        assert parts["ac1_low"].tolist() == pytest.approx(whole["ac1_low"].tolist())

    def test_undrawable(self) -> None:
        """What no draw gives stays empty."""
        readings = assess_readings(of_table(np.diag([0, 2, 0, 0])))
        table = readings.agreement("response", draws=3).table
        assert math.isnan(table["kappa_low"][0])

    @pytest.mark.parametrize(
        ("asked", "message"),
        [
            ({"of": "size"}, "of must be one of best_response, .*, got 'size'"),
            ({"readers": ["R1"]}, "agreement needs two readers, got 1"),
            ({"interval": "wald"}, 'interval must be "exact" or "bootstrap", got \'wald\''),
            ({"words": ["CR"]}, "words must be two or more that differ"),
            ({"words": ["CR", "CR"]}, "words must be two or more that differ"),
            ({"words": ["CR", "MR"]}, r"got \['CR', 'MR'\]"),
            ({"level": 2}, "level must be between 0 and 1"),
            ({"draws": 1}, "draws must be"),
        ],
    )
    def test_refused(self, asked: dict[str, Any], message: str) -> None:
        """What cannot be asked is refused with the value."""
        with pytest.raises(ValueError, match=message):
            assess_readings(readings_of(C1)).agreement(**asked)


class TestDates:
    """Dates side by side."""

    def test_progression(self) -> None:
        """The days from the second reader's to the first one's; empty where one has none."""
        charts = C1 | {"Q": {"R1": "SD SD SD", "R2": "SD PD -"}, "L": {"R1": "PD - -"}}
        readings = assess_readings(readings_of(charts))
        assert rows(readings.dates("progression", "R1", "R2")) == [
            {"patient": "C1", "line": 1, "date_R1": 112, "date_R2": 168, "days": -56},
            {"patient": "Q", "line": 1, "date_R1": None, "date_R2": 112, "days": None},
        ]
        assert readings.dates("new_lesion", "R1", "R2")["days"].tolist() == [None, None]
        numbered = assess_readings(readings_of(C1) | {"patient": np.full(7, 4)})
        assert numbered.dates("response", "R2", "R1")["patient"].tolist() == [4]
        with pytest.raises(ValueError, match="of must be one of progression, response, new_lesion"):
            readings.dates("death", "R1", "R2")


DISCREPANT = {
    "same": {"INV": "SD PD", "R1": "SD PD"}, "later": {"INV": "SD SD PD", "R1": "SD PD -"},
    "earlier": {"INV": "PD", "R1": "SD PD"}, "early2": {"INV": "PD", "R1": "SD SD PD"},
    "alone": {"INV": "SD PD", "R1": "SD SD"}, "never": {"INV": "SD SD", "R1": "SD PD"},
    "neither": {"INV": "SD SD", "R1": "SD SD"}, "unread": {"R1": "SD PD"},
}  # fmt: skip
LOCAL = Review(readers=("R1",), local=("INV",), triggers=())


class TestDiscrepancy:
    """Early and late discrepancy of local readers."""

    def test_by_hand(self) -> None:
        """One line in each cell, and two earlier."""
        readings = assess_readings(readings_of(DISCREPANT), review=LOCAL)
        for central in (None, "R1"):
            (row,) = rows(readings.discrepancy("INV", central))
            cells = {name: row[name] for name in ("n", "a1", "a2", "a3", "b", "c", "d")}
            assert cells == {"n": 7, "a1": 1, "a2": 1, "a3": 2, "b": 1, "c": 1, "d": 1}
            assert row["group"] == "all"
            assert (row["edr"], row["ldr"]) == (3 / 5, 2 / 5)
            assert (row["event_discordance"], row["total_discordance"]) == (2 / 7, 5 / 7)
            assert row["edr_low"] < row["edr"] < row["edr_high"]
            assert (row["days_q1"], row["days_median"], row["days_q3"]) == (-70, -28, 14)

    def test_window(self) -> None:
        """Dates within the window of the review are one."""
        wide = attrs.evolve(LOCAL, window_days=56)
        readings = assess_readings(readings_of(DISCREPANT), review=wide)
        (row,) = rows(readings.discrepancy("INV"))
        assert (row["a1"], row["a2"], row["a3"]) == (3, 0, 1)

    def test_groups(self) -> None:
        """A row a group; of two the differences; nothing to divide is empty."""
        lines = {"patient": list(DISCREPANT), "start": [0] * 8,
                 "agents": ["a", "b", "a", "a", "b", "b", "b", "b"]}  # fmt: skip
        readings = assess_readings(readings_of(DISCREPANT), lines, review=LOCAL)
        first, second = rows(readings.discrepancy("INV", by="agents"))
        assert (first["group"], first["n"], first["edr"], first["ldr"]) == ("a", 3, 2 / 3, 0)
        assert (second["group"], second["n"], second["edr"], second["ldr"]) == (
            "b",
            4,
            1 / 2,
            2 / 3,
        )
        assert first["edr_difference"] == pytest.approx(1 / 6)
        assert first["ldr_difference"] == pytest.approx(-2 / 3)
        assert math.isnan(second["edr_difference"])
        none = assess_readings(readings_of({"P": DISCREPANT["neither"]}), review=LOCAL)
        (row,) = rows(none.discrepancy("INV"))
        assert math.isnan(row["edr"])
        assert math.isnan(row["days_median"])

    def test_arms(self) -> None:
        """By a column of the lines that was kept, its groups as they first occur."""
        lines = {"patient": list(DISCREPANT), "start": [0] * 8,
                 "arm": ["b", "a", "b", "b", None, "a", "a", "a"]}  # fmt: skip
        findings = readings_of(DISCREPANT)
        readings = assess_readings(findings, lines, review=LOCAL, keep=["arm"])
        table = readings.discrepancy("INV", by="arm")
        assert table["group"].tolist() == ["b", "a", ""]
        assert table["n"].tolist() == [3, 3, 1]
        assert "edr_difference" not in table
        assert readings.lines["arm"].tolist()[:4] == ["b", "b", "a", "a"]
        assert readings.timepoints["arm"].tolist()[:5] == ["b"] * 4 + ["a"]
        with pytest.raises(ValueError, match="keep must name columns of the lines, got 'site'"):
            assess_readings(findings, lines, review=LOCAL, keep=["site"])
        with pytest.raises(ValueError, match="there are no lines"):
            assess_readings(findings, review=LOCAL, keep=["arm"])
        pd = pytest.importorskip("pandas")
        frames = pd.DataFrame(findings), pd.DataFrame(lines)
        readings = assess_readings(*frames, review=LOCAL, keep=["arm"])
        assert readings.discrepancy("INV", by="arm")["n"].tolist() == [3, 3, 1]

    def test_pending(self) -> None:
        """Lines that await a decision are refused, or left out."""
        charts = {
            "P": {"R1": "SD PD", "R2": "SD SD", "INV": "SD PD"},
            "Q": {"R1": "SD PD", "R2": "SD PD", "INV": "SD SD"},
        }
        readings = assess_readings(
            readings_of(charts), review=attrs.evolve(DOUBLE_READ, local="INV")
        )
        with pytest.raises(ValueError, match="1 line awaits adjudication"):
            readings.discrepancy("INV")
        (row,) = rows(readings.discrepancy("INV", pending="leave out"))
        assert (row["n"], row["c"]) == (1, 1)

    def test_against(self) -> None:
        """Local beside accepted, in the columns of the discordance."""
        charts = {
            "P": {"R1": "SD PD", "R2": "SD PD", "INV": "SD SD"},
            "Q": {"INV": "SD SD"},
            "S": {"R1": "SD SD", "R2": "SD PD", "INV": "SD SD"},
        }
        readings = assess_readings(
            readings_of(charts), review=attrs.evolve(DOUBLE_READ, local="INV")
        )
        table = readings.against("inv")
        assert table["patient"].tolist() == ["P"]
        assert table["triggers"].tolist() == ["progression date"]
        assert table["progression_date_INV"].tolist() == [None]
        assert table["progression_date_accepted"].tolist() == [112]
        assert table["accepted"].tolist() == ["R1"]

    def test_whose_is_accepted(self) -> None:
        """The accepted reader is named among all readers, whoever stands against."""
        charts = {
            "A": {"R1": "SD PD", "R2": "SD PD", "R3": "SD SD", "INV": "SD SD"},
            "B": {"R1": "SD SD", "R2": "SD PD", "R3": "SD PD", "INV": "SD SD"},
            "C": {"R1": "SD SD", "R2": "SD PD", "R3": "PR PR", "INV": "SD SD"},
        }
        review = attrs.evolve(
            DOUBLE_READ,
            adjudicator="R3",
            decides="third reading",
            local="INV",
            triggers=("best response", "progression date"),
        )
        readings = assess_readings(readings_of(charts), review=review)
        assert readings.discordance["accepted"].tolist() == ["R1", "R2", "R3"]
        for reader in readings.readers:
            assert readings.against(reader)["accepted"].tolist() == ["R1", "R2", "R3"]

    @given(COHORTS)
    @settings(max_examples=settings.default.max_examples // 2)
    def test_laws(self, charts: Any) -> None:
        """RL-2 and RL-9: cells add up; of exchanged readers they are exchanged."""
        readings = assess_readings(readings_of(charts), review=ALL_READERS)
        (one,), (other,) = (
            rows(readings.discrepancy(*pair)) for pair in (("R1", "R2"), ("R2", "R1"))
        )
        assert sum(one[name] for name in ("a1", "a2", "a3", "b", "c", "d")) == one["n"]
        for name, exchanged in {"a1": "a1", "a2": "a3", "a3": "a2", "b": "c", "c": "b"}.items():
            assert one[name] == other[exchanged]


class TestSums:
    """Totals of two readers."""

    SIZES = ((30, 32, 20, 0), (20, 20, 10, 11), (50, 47, 30, 33), (10, 12, 0, 0))
    """By patient the baselines of two readers, and their totals at the follow-up."""

    def readings(self) -> Any:
        cells = [
            (name, reader, date, "T1", size)
            for name, sizes in zip("ABCD", self.SIZES, strict=True)
            for (reader, date), size in zip(
                (("R1", 0), ("R2", 0), ("R1", 56), ("R2", 56)), sizes, strict=True
            )
        ]
        names = ("patient", "reader", "date", "lesion", "viable_mm")
        table = {
            name: list(each) for name, each in zip(names, zip(*cells, strict=True), strict=True)
        }
        return assess_readings(table, review=ALL_READERS)

    def test_baseline(self) -> None:
        """Bias, limits, their ratio, and concordance, worked by hand."""
        (row,) = rows(self.readings().sums("R1", "R2"))
        apart = np.array([-2, 0, 3, -2])
        logs = np.log(np.array([30, 20, 50, 10]) / np.array([32, 20, 47, 12]))
        sd, log_sd = apart.std(ddof=1), logs.std(ddof=1)
        assert (row["n"], row["split_zero"]) == (4, 0)
        assert row["bias"] == apart.mean()
        assert (row["low"], row["high"]) == pytest.approx(
            (apart.mean() - 1.96 * sd, apart.mean() + 1.96 * sd)
        )
        assert (row["ratio_low"], row["ratio_high"]) == pytest.approx(
            (math.exp(logs.mean() - 1.96 * log_sd), math.exp(logs.mean() + 1.96 * log_sd))
        )
        assert 0.9 < row["ccc"] < 1

    def test_follow_up(self) -> None:
        """A zero against a size has no ratio, and is counted."""
        (row,) = rows(self.readings().sums("R1", "R2", at=1))
        assert (row["n"], row["split_zero"]) == (4, 1)
        assert row["bias"] == (20 - 1 - 3) / 4
        (none,) = rows(self.readings().sums("R1", "R2", at=2))
        assert none["n"] == 0
        assert math.isnan(none["bias"])

    def test_change(self) -> None:
        """The deepest change in per cent."""
        (row,) = rows(self.readings().sums("R1", "R2", at="change"))
        one = np.array([-100 / 3, -50, -40, -100])
        other = 100 * (np.array([0, 11, 33, 0]) / np.array([32, 20, 47, 12]) - 1)
        assert row["bias"] == pytest.approx((one - other).mean())
        assert math.isnan(row["ratio_low"])
        assert row["split_zero"] == 0

    @pytest.mark.parametrize("at", [0, "nadir", True])
    def test_refused(self, at: Any) -> None:
        """Follow-ups count from 1."""
        with pytest.raises(ValueError, match='at must be "baseline", "change" or the number of a'):
            self.readings().sums("R1", "R2", at)


class TestFitted:
    """An error of readers, fitted to their totals."""

    @staticmethod
    def readings(ratios: list[float]) -> Any:
        cells = [
            (number, reader, date, "T1", size)
            for number, ratio in enumerate(ratios)
            for reader, size in (("R1", 40.0), ("R2", 40 * ratio))
            for date in (0, 56)
        ]
        names = ("patient", "reader", "date", "lesion", "longest_mm")
        table = {
            name: list(each) for name, each in zip(names, zip(*cells, strict=True), strict=True)
        }
        return assess_readings(table | {"organ": ["lung"] * len(cells)}, review=ALL_READERS)

    def test_scale(self) -> None:
        """The most likely scale, shared by the two readers; the figure names them."""
        student = pytest.importorskip("scipy.stats").t
        logs = student.ppf((np.arange(40) + 0.5) / 40, 3) / 20
        error = ReaderVariability.fitted(self.readings(np.exp(logs).tolist()), at=1)
        *_, scale = student.fit(logs, fdf=3, floc=0)
        assert error.t_scale == pytest.approx(scale / math.sqrt(2), rel=1e-2)
        assert error.degrees == 3
        assert error.figure.startswith("40 pairs of totals above 0 (follow-up 1) by R1, R2;")
        assert ReaderVariability.fitted(self.readings([1.0] * 20), name="same").t_scale == 0

    def test_refused(self) -> None:
        """Below 20 pairs there is nothing to fit, and a change has no logarithm."""
        few = self.readings([1.1] * 19)
        with pytest.raises(ValueError, match="a fit needs 20 pairs of totals, got 19"):
            ReaderVariability.fitted(few)
        with pytest.raises(ValueError, match='"baseline" or the number of a follow-up'):
            ReaderVariability.fitted(few, at="change")


class TestLaws:
    """RL-2 and RL-3 of agreement."""

    @given(st.lists(st.integers(0, 3), min_size=16, max_size=16))
    @settings(max_examples=settings.default.max_examples // 4)
    def test_exchanged(self, cells: list[int]) -> None:
        """The order of readers changes no statistic."""
        table = np.array(cells).reshape(4, 4) + np.eye(4, dtype=np.int64)
        readings = assess_readings(of_table(table), review=ALL_READERS)
        one, other = (
            rows(readings.agreement(readers=pair).table)[0] for pair in (("R1", "R2"), ("R2", "R1"))
        )
        for name in one:
            if name != "readers":
                assert one[name] == pytest.approx(other[name], abs=1e-9, nan_ok=True)

    @given(COHORTS)
    @settings(max_examples=settings.default.max_examples // 4)
    def test_identical(self, charts: Any) -> None:
        """Identical readings agree on every row."""
        both = {name: {"R1": each["R1"], "R2": each["R1"]} for name, each in charts.items()}
        readings = assess_readings(readings_of(both), review=ALL_READERS)
        for of in ("best_response", "response"):
            (row, _) = rows(readings.agreement(of, interval="exact").table)
            assert row["agree"] == row["n"]
