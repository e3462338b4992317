"""Endpoints of a cohort: the table, arrays for survival libraries, ADaM, and the lines' dates."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

import attrs
import numpy as np
import pytest
from support.cohort_tables import rows_of

import mrecist
from mrecist import (
    EMA_ITT,
    FDA_A,
    CohortError,
    CriteriaError,
    Endpoints,
    NotThereError,
    Schedule,
    assess_cohort,
)
from mrecist.cohort.one_patient import patient_of, read_of
from mrecist.endpoints.definitions import TIMES

FINDINGS: dict[str, Any] = {
    "patient": ["A"] * 4 + ["B"] * 2 + ["C"],
    "date": [0, 42, 84, 126, 0, 42, 0],
    "lesion": ["L"] * 7,
    "viable_mm": [50.0, 30.0, 30.0, 40.0, 40.0, 40.0, 30.0],
}
LINES: dict[str, Any] = {
    "patient": ["A", "A", "B", "C"],
    "start": [0, 126, 0, 0],
    "stop": [130, None, None, None],
    "end_reason": ["progression", None, None, None],
    "agents": ["sorafenib", "regorafenib", "lenvatinib", "sorafenib"],
    "death": [None, None, 90, None],
    "last_contact": [200, None, None, 30],
}


def endpoints(
    policy: mrecist.Policy | str = FDA_A,
    lines: dict[str, Any] | None = LINES,
    findings: dict[str, Any] = FINDINGS,
) -> Endpoints:
    return assess_cohort(findings, lines).endpoints(policy)


def cells(table: Any, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in rows_of(table)]


class TestTable:
    """One row a line, in the order of the lines that come out."""

    def test_columns(self) -> None:
        times = [f"{name}_{part}" for name in TIMES for part in ("days", "event", "end", "rule")]
        assert list(endpoints().table) == [
            "patient",
            "line",
            "objective_response",
            "confirmed_objective_response",
            "disease_control",
            "confirmed_disease_control",
            "baseline_total_mm",
            "deepest_total_mm",
            "depth_percent",
            "early_shrinkage",
            *times,
            "growth_ratio",
            "growth",
            "growth_rule",
            "problems",
        ]

    def test_order(self) -> None:
        responses = assess_cohort(FINDINGS, LINES)
        keys = cells(responses.lines, "patient", "line")
        assert cells(responses.endpoints().table, "patient", "line") == keys

    def test_progression(self) -> None:
        found = cells(endpoints().table, "pfs_days", "pfs_event", "pfs_end", "pfs_rule")
        assert found == [
            (126, True, 126, "TTE-FDA-02"),
            (0, False, 126, "TTE-FDA-01"),
            (90, True, 90, "TTE-FDA-07"),
            (0, False, 0, "TTE-FDA-01"),
        ]

    def test_response(self) -> None:
        table = endpoints().table
        assert cells(table, "ttr_days", "dor_days", "dor_rule", "docr_end", "dosd_rule") == [
            (42, 84, "TTE-FDA-02", None, None),
            (None,) * 5,
            (None, None, None, None, "TTE-TTP"),
            (None,) * 5,
        ]
        assert cells(
            table, "objective_response", "confirmed_objective_response", "disease_control"
        ) == [
            (True, True, True),
            (False, False, False),
            (False, False, True),
            (False, False, False),
        ]

    def test_depth(self) -> None:
        assert cells(
            endpoints().table,
            "baseline_total_mm",
            "deepest_total_mm",
            "depth_percent",
            "early_shrinkage",
        ) == [
            (50.0, 30.0, -40.0, True),
            (40.0, None, None, None),
            (40.0, 40.0, 0.0, False),
            (30.0, None, None, None),
        ]

    def test_growth(self) -> None:
        assert cells(endpoints().table, "growth_ratio", "growth", "growth_rule") == [
            (None, None, None),
            (0.0, "undetermined", "TTE-GMI-OPEN"),
            (None, None, None),
            (None, None, None),
        ]

    def test_complete_response_and_growth_that_is_met(self) -> None:
        """A total of nothing is a fall by all; the first rule of growth is one like the others."""
        findings = {
            "patient": ["D"] * 4, "date": [0, 42, 84, 200], "lesion": ["L"] * 4,
            "viable_mm": [40.0, 0.0, 30.0, 60.0],
        }  # fmt: skip
        lines = {"patient": ["D", "D"], "start": [0, 84]}
        table = endpoints(lines=lines, findings=findings).table
        assert cells(table, "deepest_total_mm", "depth_percent")[0] == (0.0, -100.0)
        ratio = 116 / 84
        assert cells(table, "growth_ratio", "growth", "growth_rule")[1] == (ratio, "met", "TTE-GMI")

    def test_survival(self) -> None:
        """Death and last contact are the patient's: one line that gives them is enough."""
        assert cells(endpoints().table, "os_days", "os_event", "os_rule") == [
            (200, False, "TTE-OS"),
            (74, False, "TTE-OS"),
            (90, True, "TTE-OS"),
            (30, False, "TTE-OS"),
        ]

    def test_problems(self) -> None:
        lines = LINES | {"death": [100, 100, 90, None]}
        assert cells(endpoints(lines=lines).table, "problems") == [
            ("STOP_AFTER_NEXT_START;STOP_AFTER_DEATH;SCAN_AFTER_DEATH;CONTACT_AFTER_DEATH",),
            ("START_AFTER_DEATH;CONTACT_AFTER_DEATH",),
            ("",),
            ("",),
        ]

    def test_no_lines_table(self) -> None:
        """Without a lines table nobody is known to have died."""
        found = endpoints("ema-itt", None)
        assert cells(found.table, "patient", "pfs_days", "os_event", "os_days") == [
            ("A", 126, False, 126),
            ("B", 42, False, 42),
            ("C", 0, False, 0),
        ]

    def test_nobody(self) -> None:
        found = endpoints(findings={name: [] for name in FINDINGS}, lines=None)
        assert rows_of(found.table) == rows_of(found.adtte) == []
        assert [len(each) for each in found.of("pfs")] == [0, 0]

    def test_calendar(self) -> None:
        start = datetime.date(2024, 1, 1)
        findings = FINDINGS | {
            "date": [start + datetime.timedelta(day) for day in FINDINGS["date"]]
        }
        found = endpoints(findings=findings, lines=None)
        ends = cells(found.table, "pfs_end", "dor_end", "docr_end")
        assert ends[0] == (datetime.date(2024, 5, 6), datetime.date(2024, 5, 6), None)

    def test_frame(self) -> None:
        """The table is of the kind that came in."""
        pytest.importorskip("narwhals")
        pytest.importorskip("pyarrow")
        pd = pytest.importorskip("pandas")
        found = assess_cohort(pd.DataFrame(FINDINGS), pd.DataFrame(LINES)).endpoints()
        assert isinstance(found.table, pd.DataFrame)
        assert isinstance(found.adtte, pd.DataFrame)
        assert found.table["pfs_days"].tolist() == [126, 0, 90, 0]

    def test_policy(self) -> None:
        assert endpoints("EMA_ITT").policy is EMA_ITT
        assert repr(endpoints()) == "<Endpoints by fda-a: 4 lines>"
        scheduled = attrs.evolve(FDA_A, schedule=Schedule.every(20))
        assert endpoints(scheduled).policy is scheduled
        assert cells(endpoints(scheduled).table, "pfs_rule")[2] == ("TTE-FDA-08",)
        with pytest.raises(CriteriaError, match='one of "fda-a", "ema-itt"'):
            endpoints("fda")


class TestArrays:
    """Days and events, as survival libraries take them."""

    def test_all(self) -> None:
        days, events = endpoints().of("pfs")
        assert days.tolist() == [126, 0, 90, 0]
        assert events.tolist() == [True, False, True, False]
        assert events.dtype == np.bool_

    def test_of_one_line(self) -> None:
        days, events = endpoints().of("pfs", line=2)
        assert (days.tolist(), events.tolist()) == ([0], [False])
        assert endpoints().lines_with("pfs", line=2).tolist() == [1]

    def test_only_those_that_have_it(self) -> None:
        days, _ = endpoints().of("dor")
        assert days.tolist() == [84]
        assert endpoints().lines_with("dor").tolist() == [0]
        assert endpoints().lines_with("dor", line=2).tolist() == []
        assert endpoints().of("dor", line=2)[0].tolist() == []

    @pytest.mark.parametrize("line", ["1", 0, -1, 1.5, (1, 2), True])
    @pytest.mark.parametrize("method", ["of", "lines_with", "tidy"])
    def test_no_line(self, method: str, line: Any) -> None:
        """A line is a whole number from 1 on: nothing else picks lines in silence."""
        with pytest.raises(ValueError, match="line"):
            getattr(endpoints(), method)("pfs", line=line)

    @pytest.mark.parametrize("method", ["of", "lines_with"])
    def test_unknown(self, method: str) -> None:
        with pytest.raises(NotThereError) as caught:
            getattr(endpoints(), method)("PFS")
        assert str(caught.value) == f"there is no time 'PFS'; there are {', '.join(TIMES)}"


class TestAdam:
    """The ADaM table: one row a line and time; CNSR is 0 for an event."""

    def test_rows(self) -> None:
        found = rows_of(endpoints().adtte)
        assert [*found[0]] == [
            "USUBJID",
            "LINE",
            "PARAMCD",
            "PARAM",
            "STARTDT",
            "ADT",
            "AVAL",
            "CNSR",
            "EVNTDESC",
        ]
        assert [row["PARAMCD"] for row in found if row["USUBJID"] == "C"] == [
            "PFS",
            "TTP",
            "TOT",
            "TTNT",
            "TTF",
            "PFS2",
            "OS",
        ]
        assert found[0] == {
            "USUBJID": "A",
            "LINE": 1,
            "PARAMCD": "PFS",
            "PARAM": "progression-free survival",
            "STARTDT": 0,
            "ADT": 126,
            "AVAL": 126,
            "CNSR": 0,
            "EVNTDESC": "TTE-FDA-02",
        }

    def test_is_the_table(self) -> None:
        """The same times in another shape."""
        found = endpoints("ema-itt")
        wide = {(row["patient"], row["line"]): row for row in rows_of(found.table)}
        long = rows_of(found.adtte)
        for row in long:
            name, line = row["PARAMCD"].lower(), wide[row["USUBJID"], row["LINE"]]
            assert row["AVAL"] == line[f"{name}_days"] == row["ADT"] - row["STARTDT"]
            assert row["CNSR"] == 1 - line[f"{name}_event"]
            assert row["ADT"] == line[f"{name}_end"]
            assert row["EVNTDESC"] == line[f"{name}_rule"]
            assert row["PARAM"] == TIMES[name]
        there = sum(row[f"{name}_days"] is not None for row in wide.values() for name in TIMES)
        assert len(long) == there


def mistakes(**columns: Iterable[Any]) -> list[tuple[Any, ...]]:
    errors = assess_cohort(FINDINGS, LINES | columns, errors="collect").errors
    return cells(errors, "patient", "row", "column", "error")


class TestLinesTable:
    """Death and last contact stand in the lines table, and agree in all lines of a patient."""

    @pytest.mark.parametrize("name", ["death", "last_contact"])
    def test_disagree(self, name: str) -> None:
        assert mistakes(**{name: [300, 301, None, None]}) == [
            ("A", 1, f"lines.{name}", "must be the same in all lines of the patient")
        ]

    @pytest.mark.parametrize("days", [[300, 300], [300, None], [None, 300]])
    def test_agree(self, days: list[int | None]) -> None:
        lines = LINES | {"death": [*days, None, None]}
        assert mistakes(**lines) == []
        assert cells(endpoints(lines=lines).table, "os_days")[:2] == [(300,), (174,)]

    @pytest.mark.parametrize("name", ["death", "last_contact"])
    def test_another_kind(self, name: str) -> None:
        ((patient, row, column, error),) = mistakes(**{name: [None, None, None, "2024-01-03"]})
        assert (patient, row, column) == ("C", 3, f"lines.{name}")
        assert "calendar date" in error or "study day" in error

    def test_no_date(self) -> None:
        ((patient, row, column, error),) = mistakes(death=[None, None, "soon", None])
        assert (patient, row, column) == ("B", 2, "lines.death")
        assert "soon" in error

    def test_stop_before_start(self) -> None:
        assert mistakes(stop=[-1, None, None, None]) == [
            ("A", 0, "lines.stop", "must not be before the start")
        ]

    def test_others_are_assessed(self) -> None:
        """A patient with a mistake is left out; all others have their times."""
        lines = LINES | {"death": [300, 301, 90, None]}
        found = assess_cohort(FINDINGS, lines, errors="collect").endpoints()
        assert cells(found.table, "patient", "os_days") == [("B", 90), ("C", 30)]
        with pytest.raises(CohortError, match="death: must be the same in all lines"):
            assess_cohort(FINDINGS, lines)

    def test_nobodys_line(self) -> None:
        lines = LINES | {"patient": ["A", "A", None, "C"], "death": [None, 300, 90, None]}
        found = assess_cohort(FINDINGS, lines, errors="collect")
        assert cells(found.endpoints().table, "patient", "os_days", "os_event") == [
            ("A", 300, True),
            ("A", 174, True),
            ("C", 30, False),
        ]

    def test_patient(self) -> None:
        """The patient that a cohort gives back has both dates."""
        responses = assess_cohort(FINDINGS, LINES)
        read = [(each.death, each.last_contact) for each in map(responses.patient, "ABC")]
        assert read == [(None, 200), (90, None), (None, 30)]

    def test_patient_without_lines(self) -> None:
        responses = assess_cohort(FINDINGS, {"patient": ["A"], "start": [0], "death": [300]})
        assert [responses.patient(name).death for name in "AB"] == [300, None]
        assert assess_cohort(FINDINGS).patient("A").death is None

    def test_there_and_back(self) -> None:
        """One patient as a cohort of one, and that as a patient again."""
        for name in "ABC":
            patient = assess_cohort(FINDINGS, LINES).patient(name)
            again = patient_of(read_of(patient), 0)
            assert (again.death, again.last_contact) == (patient.death, patient.last_contact)


class TestMedians:
    """Medians are those of the Kaplan-Meier estimate, group by group."""

    def test_by_agents(self) -> None:
        """One row a group; what is not reached is empty."""
        found = endpoints().medians("pfs", "agents")
        assert found["agents"].tolist() == ["lenvatinib", "regorafenib", "sorafenib"]
        assert found["lines"].tolist() == [1, 1, 2]
        assert found["events"].tolist() == [1, 0, 1]
        assert found["median_days"][0] == 90
        assert np.isnan(found["median_days"][1])

    @pytest.mark.parametrize("interval", ["log-log", "log"])
    def test_all(self, interval: str) -> None:
        """All lines of one number are one group; the curve is of the times that `of` gives."""
        found = endpoints()
        curve = found.kaplan_meier("os", line=1, interval=interval, level=0.9)
        (median,) = found.medians("os", line=1, interval=interval, level=0.9)["median_days"]
        assert median == curve.median_days
        days, event = found.of("os", line=1)
        assert curve.at_risk[0] == len(days)
        assert curve.events.sum() == event.sum()

    def test_line(self) -> None:
        """Of one number of line."""
        assert endpoints().kaplan_meier("os", line=2).at_risk.tolist() == [1]

    def test_no_lines(self) -> None:
        """A cohort without lines has no group of them."""
        none = {name: column[:0] for name, column in FINDINGS.items()}
        empty = {name: column[:0] for name, column in LINES.items()}
        found = assess_cohort(none, empty).endpoints().medians("pfs", "line")
        assert [len(column) for column in found.values()] == [0] * 6

    def test_unknown(self) -> None:
        with pytest.raises(NotThereError, match="there is no time 'tto'"):
            endpoints().medians("tto")


class TestBesideTheTimes:
    """Patterns, rechallenges and rates are tables of the kind that came in."""

    def test_patterns(self) -> None:
        """One row a line; `stage_before` is passed on."""
        found = assess_cohort(FINDINGS, LINES).patterns(stage_before="B")
        assert found["codes"].tolist() == ["IHG", None, None, None]
        assert found["bclc"].tolist() == ["BCLCp-B", None, None, None]

    def test_untreatable(self) -> None:
        """Nobody's later line is another patient's."""
        findings = {name: column[4:] for name, column in FINDINGS.items()}
        lines = {name: column[2:] for name, column in LINES.items()}
        found = assess_cohort(findings, lines).untreatable()
        assert found["ttup_part"].tolist() == ["death", "censored"]
