"""Readings accepted date by date: a sequence of words, and what follows from it."""

from __future__ import annotations

import csv
import datetime
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mrecist
from mrecist import DOUBLE_READ, CohortError, assess_readings
from mrecist.cli.parser import main

DAYS = (56, 112, 168)
SIZES = {"CR": 0, "PR": 20, "SD": 22, "PD": 60}
BY_DATE = attrs.evolve(DOUBLE_READ, level="time point")
WORDS = {"CR", "PR", "SD", "PD", "NE", "-"}


def findings(**charts: str) -> dict[str, Any]:
    """One patient; by reader the words of the follow-ups, `-` where there is none."""
    rows: list[tuple[Any, ...]] = []
    for reader, words in charts.items():
        rows.append(("P", reader, 0, "T1", 30, None))
        for day, word in zip(DAYS, words.split(), strict=False):
            if word == "NE":
                rows.append(("P", reader, day, "T1", None, "not evaluable"))
            elif word != "-":
                rows.append(("P", reader, day, "T1", SIZES[word], None))
    names = ("patient", "reader", "date", "lesion", "viable_mm", "status")
    return {name: list(cells) for name, cells in zip(names, zip(*rows, strict=True), strict=True)}


def decided(*rows: tuple[Any, str], **more: Any) -> dict[str, list[Any]]:
    """Decisions of (date, accepted)."""
    table = {
        "patient": ["P"] * len(rows),
        "date": [row[0] for row in rows],
        "accepted": [row[1] for row in rows],
    }
    return table | {name: [value] * len(rows) for name, value in more.items()}


def told(readings: Any, *names: str) -> list[Any]:
    return [readings.discordance[name][0] for name in names]


class TestMixture:
    """The accepted response at a date is that of the reader accepted for it."""

    def test_worked(self) -> None:
        """R1 has a progression that is not accepted: from day 112 on R2 stands."""
        readings = assess_readings(
            findings(R1="PR PD -", R2="SD PR PD"),
            review=BY_DATE,
            decisions=decided((112, "R2"), by="R3", reason="artefact"),
        )
        assert told(readings, "state", "accepted", "by", "reason", "problems") == [
            "adjudicated",
            "R1;R2",
            "R3",
            "artefact",
            "ACCEPTED_MIXED",
        ]
        found = readings.accepted
        assert found.timepoints["response"].tolist() == ["PR", "PR", "PD"]
        lines = found.lines
        assert lines["best_response"].tolist() == ["PR"]
        assert lines["confirmed_best_response"].tolist() == ["PR"]
        assert lines["progression_date"].tolist() == [168]
        assert lines["progression_causes"].tolist() == ["target"]
        assert found.endpoints().table["pfs_days"].tolist() == [168]

    def test_no_sums(self) -> None:
        """A mixture has no totals (RD-READER-MIXED); those of the readers stay theirs."""
        readings = assess_readings(
            findings(R1="PR PD -", R2="SD PR PD"), review=BY_DATE, decisions=decided((112, "R2"))
        )
        for name in ("total_mm", "nadir_mm", "baseline_total_mm"):
            assert np.isnan(np.array(readings.accepted.timepoints[name], float)).all()
        assert np.isnan(readings.accepted.endpoints().table["depth_percent"]).all()
        table = readings.timepoints
        rows = [
            *zip(
                *(table[name].tolist() for name in ("reader", "date", "total_mm", "accepted")),
                strict=True,
            )
        ]
        assert rows == [
            ("R1", 56, 20, True),
            ("R1", 112, 60, False),
            ("R2", 56, 22, False),
            ("R2", 112, 20, True),
            ("R2", 168, 60, True),
        ]
        assert readings.lines["accepted"].tolist() == [False, False]

    def test_default(self) -> None:
        """Before the first decided date the first reader stands, or who is accepted as a whole."""
        charts = findings(R1="PR PR PR", R2="SD SD SD")
        late = assess_readings(charts, review=BY_DATE, decisions=decided((168, "R2"))).accepted
        assert late.timepoints["response"].tolist() == ["PR", "PR", "SD"]
        both = decided((None, "R2"), (168, "R1"))
        whole = assess_readings(charts, review=BY_DATE, decisions=both).accepted
        assert whole.timepoints["response"].tolist() == ["SD", "SD", "PR"]

    def test_one_reader(self) -> None:
        """Every date by one reader is the reading of that reader, sums included."""
        charts = findings(R1="PR PR PD", R2="SD SD SD")
        readings = assess_readings(
            charts, review=BY_DATE, decisions=decided(*((day, "R2") for day in DAYS))
        )
        assert told(readings, "accepted", "problems") == ["R2", ""]
        assert readings.lines["accepted"].tolist() == [False, True]
        found = readings.accepted.lines
        assert found["best_response"].tolist() == ["SD"]
        by_line = assess_readings(charts, review=BY_DATE, decisions=decided((None, "R2"))).accepted
        for name in ("total_mm", "nadir_mm", "response"):
            expected = by_line.timepoints[name].tolist()
            assert readings.accepted.timepoints[name].tolist() == expected
        assert readings.why("P").startswith("Line 1: adjudicated")

    def test_gaps(self) -> None:
        """A date that the accepted reader did not read is none of the accepted."""
        charts = findings(R1="PR - PR", R2="SD SD SD")
        readings = assess_readings(charts, review=BY_DATE, decisions=decided((56, "R1")))
        assert readings.accepted.timepoints["date"].tolist() == [56, 168]

    def test_pending(self) -> None:
        """Without a decision a line that differs stays pending."""
        readings = assess_readings(findings(R1="PR PR PR", R2="SD SD SD"), review=BY_DATE)
        assert told(readings, "state") == ["pending"]

    def test_unasked(self) -> None:
        """A decision that no trigger called for is kept."""
        charts = findings(R1="PR PR PR", R2="PR PR PR")
        readings = assess_readings(charts, review=BY_DATE, decisions=decided((112, "R2")))
        assert told(readings, "problems") == ["DECISION_UNASKED;ACCEPTED_MIXED"]

    def test_against(self) -> None:
        """Local readers are held against the sequence, not against one of its readers."""
        charts = findings(R1="PR PD -", R2="SD PR PD", INV="PR PR PD")
        review = attrs.evolve(BY_DATE, local=["INV"])
        readings = assess_readings(charts, review=review, decisions=decided((112, "R2")))
        assert readings.against("INV")["triggers"].tolist() == [""]
        assert readings.discrepancy("INV")["a1"].tolist() == [1]

    def test_several_lines(self) -> None:
        """A date decides the line whose follow-up it is; rows of one reader stand beside it."""
        lines = {"patient": ["P", "P"], "start": [0, 112]}
        readings = assess_readings(
            findings(R1="PR PD PR", R2="SD SD SD"), lines, review=BY_DATE,
            decisions={"patient": ["P", "P"], "line": [None, 2], "date": [112, None],
                       "accepted": ["R2", "R1"]},
        )  # fmt: skip
        assert readings.discordance["accepted"].tolist() == ["R1;R2", "R1"]
        assert readings.accepted.lines["best_response"].tolist() == ["PR", "PR"]
        with pytest.raises(mrecist.NotThereError, match="are accepted of R1 and R2"):
            readings.accepted.patient("P")
        assert len(readings.accepted.patterns()["patient"]) == 2

    def test_new_lesions(self) -> None:
        """A new lesion comes with the follow-up of the reader who saw it, and is the cause."""
        table = findings(R1="PR PR PR", R2="PR PR PR")
        more = ("P", "R2", 112, "N1", 30, None)
        table = {
            name: [*cells, cell] for (name, cells), cell in zip(table.items(), more, strict=True)
        }
        table["pattern"] = [None] * (len(table["date"]) - 1) + ["typical"]
        readings = assess_readings(table, review=BY_DATE, decisions=decided((112, "R2")))
        found = readings.accepted
        assert found.lines["progression_causes"].tolist() == ["new lesion"]
        fired = found.fired()
        rules = dict(zip(fired["rule"].tolist(), fired["times"].tolist(), strict=True))
        assert rules["NL-HCC-10"] == 2

    def test_not_the_first(self) -> None:
        """The cause of a progression that is not the first of its reader is told as well."""
        charts = findings(R1="PR PR -", R2="PD PD PD")
        found = assess_readings(
            charts, review=BY_DATE, decisions=decided((56, "R1"), (112, "R2"))
        ).accepted.lines
        assert found["progression_date"].tolist() == [112]
        assert found["progression_causes"].tolist() == ["target"]

    @given(
        st.lists(st.sampled_from(sorted(WORDS)), min_size=3, max_size=3),
        st.lists(st.sampled_from(sorted(WORDS)), min_size=3, max_size=3),
        st.dictionaries(st.sampled_from(DAYS), st.sampled_from(["R1", "R2"]), min_size=1),
    )
    @settings(max_examples=settings().max_examples)
    def test_words(self, one: list[str], two: list[str], chosen: dict[int, str]) -> None:
        """Best response and progression are those of the words, found by hand."""
        charts = {"R1": one, "R2": two}
        rows = [(day, who) for day, who in chosen.items() if charts[who][DAYS.index(day)] != "-"]
        if not rows:
            return
        table = findings(**{who: " ".join(words) for who, words in charts.items()})
        readings = assess_readings(table, review=BY_DATE, decisions=decided(*rows))
        response = dict(
            zip(
                zip(
                    readings.timepoints["reader"].tolist(),
                    readings.timepoints["date"].tolist(),
                    strict=True,
                ),
                readings.timepoints["response"].tolist(),
                strict=True,
            )
        )
        who, words = "R1", []
        for day in DAYS:
            who = dict(rows).get(day, who)
            words += [(day, response[who, day])] if (who, day) in response else []
        found = readings.accepted
        assert found.timepoints["response"].tolist() == [word for _, word in words]
        assert found.timepoints["date"].tolist() == [day for day, _ in words]
        progression = next((day for day, word in words if word == "PD"), None)
        assert found.lines["progression_date"].tolist() == [progression]
        before = [word for day, word in words if progression is None or day <= progression]
        best = next((word for word in ("CR", "PR", "SD", "PD", "NE") if word in before), "ND")
        assert found.lines["best_response"].tolist() == [best]


class TestFiles:
    """The command line takes decisions by date from a file."""

    @pytest.mark.parametrize("level", [["--level", "time point"], []])
    def test_command(self, tmp_path: Path, level: list[str]) -> None:
        """Where the level is not asked for, a date is a mistake."""
        pytest.importorskip("pyarrow")
        pytest.importorskip("narwhals")
        for name, table in (
            ("findings", findings(R1="PR PD -", R2="SD PR PD")),
            ("decisions", decided((112, "R2"))),
        ):
            with (tmp_path / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
                rows = csv.writer(file)
                rows.writerow(table)
                rows.writerows(zip(*table.values(), strict=True))
        out = tmp_path / "out"
        command = ["readings", str(tmp_path / "findings.csv"), "--out", str(out), *level,
                   "--decisions", str(tmp_path / "decisions.csv")]  # fmt: skip
        assert main(command) == (0 if level else 1)
        with (out / "discordance.csv").open(encoding="utf-8") as file:
            (row,) = csv.DictReader(file)
        assert row["accepted"] == ("R1;R2" if level else "")


class TestRefused:
    """Decisions by date need a review that takes them, and a date that was read."""

    @pytest.mark.parametrize(
        ("review", "rows", "told"),
        [
            (DOUBLE_READ, [(112, "R2")], 'date: must be left out, unless the review has level="ti'),
            (BY_DATE, [(113, "R2")], "date: must be the date of a follow-up by R2, got 113"),
            (BY_DATE, [("soon", "R2")], "date: must be"),
            (BY_DATE, [(112, "R2"), (112, "R1")], "patient: must have one row per line and date"),
            (BY_DATE, [(112, "R9")], "accepted: must be one of R1, R2, got R9"),
        ],
    )
    def test_told(self, review: Any, rows: Any, told: str) -> None:
        with pytest.raises(CohortError, match=told):
            assess_readings(
                findings(R1="PR PR PR", R2="SD SD SD"), review=review, decisions=decided(*rows)
            )

    def test_level(self) -> None:
        """The review prints its level where it is not the line, and refuses another."""
        assert "level: time point [our choice]" in str(BY_DATE)
        with pytest.raises(ValueError, match=r'level must be "line" or "time point", got .date.'):
            attrs.evolve(DOUBLE_READ, level="date")

    @pytest.mark.parametrize("written", ["2024-03-01", "2024-03-01 00:00:00",
                                         "2024-03-01T00:00:00", datetime.date(2024, 3, 1),
                                         np.datetime64("2024-03-01")])  # fmt: skip
    def test_calendar(self, written: Any) -> None:
        """Dates are written as those of the findings."""
        table = findings(R1="PR PR PR", R2="SD SD SD")
        table["date"] = [f"2024-0{1 + day // 56}-01" for day in table["date"]]
        readings = assess_readings(table, review=BY_DATE, decisions=decided((written, "R2")))
        assert readings.accepted.timepoints["response"].tolist() == ["PR", "SD", "SD"]
