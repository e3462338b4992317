"""The tables behind the figures: every number is one that the assessment has."""

from __future__ import annotations

import math
import subprocess
import sys
from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from support.plot_checks import cohort

import mrecist
from mrecist import Event, Finding, Lesion, Marker, Patient, Procedure, TherapyLine, Timepoint
from mrecist._base.converters import day_number
from mrecist.plots import data
from mrecist.testing.strategies import timed_documents

WHOLE = cohort(30, seed=5)
PATIENTS = [WHOLE.patient(each) for each in WHOLE.patients]
ASSESSMENTS = [mrecist.assess(each) for each in PATIENTS]
SYNTHETIC = mrecist.assess(mrecist.example_case())
PUBLISHED = mrecist.assess(mrecist.example_case("ikeda-2021"))


def rows(table: dict[str, Any]) -> list[dict[str, Any]]:
    return [dict(zip(table, each, strict=True)) for each in zip(*table.values(), strict=True)]


def same(one: Any, other: Any) -> bool:
    """Equal as tables, however nested; NaN is itself."""
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[name], other[name]) for name in one)
    return [repr(each) for each in one.tolist()] == [repr(each) for each in other.tolist()]


def lines() -> list[Any]:
    return [line for each in ASSESSMENTS for line in mrecist.course(each).lines]


class TestCohort:
    """Responses of a cohort and assessments of its patients give the same tables."""

    @pytest.mark.parametrize(
        "table", [data.waterfall_data, data.spider_data, data.swimmer_data, data.sequence_data]
    )
    def test_same(self, table: Any) -> None:
        assert same(table(WHOLE), table(ASSESSMENTS))
        one = cohort(1)
        assert same(table(one), table(mrecist.assess(one.patient("P-001"))))

    @pytest.mark.parametrize("given", ["P-001", 3, [mrecist.example_case()]])
    def test_refused(self, given: Any) -> None:
        with pytest.raises(TypeError, match=r"takes Responses, or Assessments, got (str|int|Pat)"):
            data.waterfall_data(given)

    def test_one_criteria(self) -> None:
        other = mrecist.assess(mrecist.example_case(), criteria="recist-1.1")
        with pytest.raises(ValueError, match="same criteria, got 'mrecist', 'recist"):
            data.spider_data([SYNTHETIC, other])

    def test_one_name_each(self) -> None:
        """Two patients of one name would share a row."""
        with pytest.raises(ValueError, match=r"names of their own, got twice: 'Synthetic patient"):
            data.swimmer_data([SYNTHETIC, SYNTHETIC])

    def test_empty(self) -> None:
        assert len(data.waterfall_data([])["patient"]) == 0
        assert len(data.spider_data([])["day"]) == 0
        assert len(data.swimmer_data([])["patients"]["patient"]) == 0
        assert len(data.sequence_data([])["flows"]["line"]) == 0

    def test_no_agents(self) -> None:
        found = mrecist.assess_cohort({"patient": ["a", "a"], "date": [0, 60], "lesion": ["x"] * 2,
                                       "viable_mm": [20, 10]})  # fmt: skip
        assert data.waterfall_data(found)["agents"].tolist() == [""]

    def test_light(self) -> None:
        """The tables need no matplotlib."""
        script = (
            "import sys, mrecist; from mrecist.plots import course_data;"
            "course_data(mrecist.example_case()); print('matplotlib' in sys.modules)"
        )
        command = [sys.executable, "-c", script]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert done.stdout == "False\n"


class TestChange:
    """Bars and threads are the depth of response and the totals, in per cent of the baseline."""

    def test_waterfall(self) -> None:
        found = {(row["patient"], row["line"]): row for row in rows(data.waterfall_data(WHOLE))}
        assert len(found) == len(lines())
        for line in lines():
            row = found[line.assessed.facts.chart.patient.id, line.number]
            assert row["best_response"] == line.assessed.best_response
            assert row["agents"] == line.agents
            assert row["baseline_total_mm"] == line.assessed.baseline_total_mm
            if line.depth is None:
                assert math.isnan(row["change_percent"])
                assert math.isnan(row["best_total_mm"])
            else:
                assert row["change_percent"] == pytest.approx(float(-100 * line.depth))

    @pytest.mark.parametrize("line", ["1", 0, (1, 2)])
    def test_no_line(self, line: Any) -> None:
        """A line is a whole number from 1 on."""
        for found in (data.waterfall_data, data.spider_data):
            with pytest.raises(ValueError, match="line"):
                found(WHOLE, line=line)

    def test_order(self) -> None:
        """The largest rise is first; lines without a total are last."""
        change = data.waterfall_data(WHOLE)["change_percent"]
        there = change[~np.isnan(change)]
        assert (np.diff(there) <= 0).all()
        assert np.isnan(change[len(there) :]).all()
        assert 0 < len(there) < len(change)

    def test_exact(self) -> None:
        """A fall of exactly three tenths is -30."""
        found = mrecist.assess_cohort({"patient": ["a", "a"], "date": [0, 60], "lesion": ["x"] * 2,
                                       "viable_mm": ["14.0", "9.8"]})  # fmt: skip
        table = data.waterfall_data(found)
        assert table["change_percent"].tolist() == [-30]
        assert table["best_response"].tolist() == ["PR"]

    def test_one_line(self) -> None:
        assert set(data.waterfall_data(WHOLE, line=2)["line"].tolist()) == {2}
        assert set(data.spider_data(WHOLE, line=2)["line"].tolist()) == {2}

    def test_spider(self) -> None:
        expected = []
        for each in ASSESSMENTS:
            for line in each.lines:
                base = line.baseline_total_um
                if not base or line.baseline is None:
                    continue
                start = day_number(line.line.start)
                expected.append(
                    (
                        each.patient.id,
                        line.number,
                        day_number(line.baseline) - start,
                        base / 1000,
                        0.0,
                        "",
                    )
                )
                expected += [
                    (
                        each.patient.id,
                        line.number,
                        t.day,
                        t.total_um / 1000,
                        100 * (t.total_um - base) / base,
                        str(t.response),
                    )
                    for t in line.timepoints
                    if t.total_um is not None
                ]
        names = ("patient", "line", "day", "total_mm", "change_percent", "response")
        table = data.spider_data(WHOLE)
        assert list(zip(*(table[name].tolist() for name in names), strict=True)) == expected

    def test_incomplete(self) -> None:
        """A total without one of the targets is told as not complete."""
        sizes = [("A", 0, 30), ("B", 0, 20), ("A", 60, 15)]
        patient = Patient(
            "P", [Lesion("A", "liver", "nodule"), Lesion("B", "lung", "nodule")],
            [Timepoint(day, [Finding(name, viable_mm=mm, longest_mm=mm)
                             for name, at, mm in sizes if at == day]) for day in (0, 60)],
            [TherapyLine(["x"], 1)],
        )  # fmt: skip
        found = mrecist.assess(patient)
        assert data.spider_data(found)["complete"].tolist() == [True, False]
        assert data.course_data(found)["totals"]["complete"].tolist() == [True, False]


class TestTime:
    """Bars of a swimmer plot and curves are the times of the endpoints."""

    def test_bars(self) -> None:
        bars = rows(data.swimmer_data(WHOLE)["bars"])
        first = {each.patient.id: day_number(each.lines[0].line.start) for each in ASSESSMENTS}
        for row, line in zip(bars, lines(), strict=True):
            patient = line.assessed.facts.chart.patient.id
            start, treated = first[patient], line.tot
            assert (row["patient"], row["line"]) == (patient, line.number)
            assert row["day"] == day_number(line.assessed.line.start) - start
            assert row["end_day"] == day_number(treated.end) - start
            assert row["ongoing"] == (not treated.event)
            assert row["again"] == (line.assessed.exposure != "first exposure")
            if line.dor is None:
                assert math.isnan(row["response_day"])
                assert not row["response_ended"]
            else:
                assert row["response_day"] == day_number(line.dor.start) - start
                assert row["response_end_day"] == day_number(line.dor.end) - start
                assert row["response_ended"] == line.dor.event
        assert {row["again"] for row in bars} == {row["ongoing"] for row in bars} == {True, False}

    def test_patients(self) -> None:
        """The longest followed is last; who died is told."""
        table = data.swimmer_data(WHOLE)["patients"]
        assert (np.diff(table["last_day"]) >= 0).all()
        dead = {each.id for each in PATIENTS if each.death is not None}
        assert set(table["patient"][table["died"]].tolist()) == dead
        assert 0 < len(dead) < len(PATIENTS)

    def test_responses(self) -> None:
        told = data.swimmer_data(WHOLE)["responses"]
        each = [str(t.response) for a in ASSESSMENTS for line in a.lines for t in line.timepoints]
        assert told["response"].tolist() == each

    def test_curves(self) -> None:
        endpoints = WHOLE.endpoints()
        found = endpoints.kaplan_meier("tot", line=1)
        for source in (WHOLE, endpoints):
            tables = data.kaplan_meier_data(source, "tot", line=1)
            curve = tables["curves"]
            assert curve["day"].tolist() == [0, *found.days]
            assert curve["surviving"].tolist() == [1, *found.surviving]
            assert curve["at_risk"].tolist() == [found.at_risk[0], *found.at_risk]
            assert int(curve["events"].sum()) == int(found.events.sum())
            assert int((curve["events"] + curve["censored"]).sum()) == found.at_risk[0]
            assert tables["groups"]["group"].tolist() == ["all lines"]
            assert tables["groups"]["median_days"].tolist() == [found.median_days]

    def test_from_day_0(self) -> None:
        """A time of no days is the curve's first row: none is put before it."""
        tables = data.kaplan_meier_data(mrecist.assess_cohort(
            {"patient": ["a", "b", "b"], "date": [0, 0, 56], "lesion": ["x"] * 3,
             "viable_mm": [20, 20, 30]}
        ))  # fmt: skip
        assert tables["curves"]["day"].tolist() == [0, 56]
        assert tables["curves"]["censored"].tolist() == [1, 0]

    def test_groups(self) -> None:
        medians = WHOLE.endpoints().medians("ttp", by=("line", "agents"))
        table = data.kaplan_meier_data(WHOLE, "ttp", by=("line", "agents"))["groups"]
        some = medians["lines"] > 0
        assert table["lines"].tolist() == medians["lines"][some].tolist()
        assert table["events"].tolist() == medians["events"][some].tolist()
        first = f"line {medians['line'][0]}, {medians['agents'][0]}"
        assert table["group"][0] == first

    def test_group_without(self) -> None:
        """A group without such a time has no curve."""
        table = data.kaplan_meier_data(WHOLE, "dor", line=1, by="line")
        assert table["groups"]["group"].tolist() == ["line 1"]

    def test_none(self) -> None:
        tables = data.kaplan_meier_data(WHOLE, "pfs", line=99)
        assert len(tables["curves"]["day"]) == len(tables["groups"]["group"]) == 0

    def test_refused(self) -> None:
        with pytest.raises(TypeError, match="takes Responses, got list"):
            data.kaplan_meier_data([SYNTHETIC])  # type: ignore[arg-type]


class TestSideBySide:
    """Flows and cells count the lines and time points that they name."""

    @pytest.mark.parametrize("confirmed", [False, True])
    def test_sequence(self, confirmed: bool) -> None:
        nodes: Counter[Any] = Counter()
        flows: Counter[Any] = Counter()
        for each in ASSESSMENTS:
            words = [
                str(line.confirmed_best_response if confirmed else line.best_response)
                for line in each.lines
            ]
            nodes.update(enumerate(words, 1))
            flows.update(
                (i, *pair) for i, pair in enumerate(zip(words, [*words[1:], ""], strict=True), 1)
            )
        tables = data.sequence_data(WHOLE, confirmed=confirmed)
        *keys, counts = (each.tolist() for each in tables["nodes"].values())
        assert dict(zip(zip(*keys, strict=True), counts, strict=True)) == nodes
        *keys, counts = (each.tolist() for each in tables["flows"].values())
        assert dict(zip(zip(*keys, strict=True), counts, strict=True)) == flows

    def test_agreement(self) -> None:
        other = cohort(30, seed=5, criteria="recist-1.1")
        found = WHOLE.crosstab(other)
        table = data.agreement_data(WHOLE, other)
        for row, column, count in zip(*table.values(), strict=True):
            place = found.words.index(row), found.words.index(column)
            assert count == found.counts[place]
        assert int(table["count"].sum()) == found.matched

    def test_robustness(self) -> None:
        several = [
            mrecist.how_sure(mrecist.example_case(), draws=40, error=each)
            for each in ("mrecist_nonexpert", "independent_recist")
        ]
        table = data.robustness_data(several)
        assert len(table["line"]) == 2 * (9 + 2 * 3)
        assert table["error"].tolist()[:15] == ["mrecist_nonexpert"] * 15
        assert table["verdict"].tolist()[:6] == [
            "2023-03-13",
            "2023-05-15",
            "2023-07-17",
            "2023-09-18",
            "best",
            "confirmed best",
        ]
        assert table["PR"][0] == several[0].timepoints["PR"][0]
        assert table["sure"][4] == several[0].lines["sure"][0]
        assert table["PD"][5] == several[0].lines["confirmed_PD"][0]
        shares = sum(table[word] for word in data.WORDS)
        assert shares == pytest.approx(np.ones(30))

    def test_robustness_refused(self) -> None:
        both = mrecist.how_sure({"patient": ["a", "b"], "date": [0, 0], "lesion": ["x", "x"],
                                 "viable_mm": [20, 30]}, draws=2)  # fmt: skip
        with pytest.raises(ValueError, match="one patient, got 2; ask"):
            data.robustness_data(both)
        with pytest.raises(TypeError, match="takes what how_sure"):
            data.robustness_data([SYNTHETIC])  # type: ignore[list-item]
        assert len(data.robustness_data([])["line"]) == 0


class TestCourse:
    """The tables of a course are the chart and the assessment, row by row."""

    def test_responses(self) -> None:
        table = data.course_data(PUBLISHED)["responses"]
        each = [t for line in PUBLISHED.lines for t in line.timepoints]
        assert table["response"].tolist() == [t.response for t in each]
        assert table["source"].tolist() == [t.source for t in each]
        assert table["agrees"].tolist() == [t.agrees for t in each]
        assert table["causes"].tolist() == [", ".join(t.causes) for t in each]
        assert table["day"][table["first_progression"]].tolist() == [91, 264, 447]

    def test_lanes(self) -> None:
        """One row an agent and line; ends are known or bounded as `exposures_by_agent` says."""
        found = rows(data.course_data(PUBLISHED)["lanes"])
        told = [(row["agent"], row["line"], row["exposure"]) for row in found]
        assert told == [
            ("lenvatinib", 1, "first exposure"),
            ("sorafenib", 2, "first exposure"),
            ("sorafenib", 4, "rechallenge"),
            ("regorafenib", 3, "first exposure"),
            ("regorafenib", 5, "rechallenge"),
        ]
        assert [(row["day"], row["end_day"], row["ongoing"]) for row in found] == [
            (0, 91, False),
            (112, 264, False),
            (475, 536, False),
            (264, 447, False),
            (536, 597, True),
        ]

    def test_stop_not_known(self) -> None:
        """Where no stop is recorded the bar is open up to the next line."""
        patient = Patient("P", [], [], [TherapyLine(["a"], 0), TherapyLine(["b"], 50)])
        row = rows(data.course_data(patient)["lanes"])[0]
        assert (row["end_day"], row["latest_end_day"], row["ongoing"]) == (0, 50, False)

    def test_doses(self) -> None:
        """A dose that says that the drug was held is marked."""
        table = data.course_data(PUBLISHED)["doses"]
        assert table["text"][table["hold"]].tolist() == [
            "held 2 weeks for grade 3 proteinuria (stated; day inferred)"
        ]

    @pytest.mark.parametrize(
        ("text", "hold"),
        [("on hold", True), ("Paused for surgery", True), ("interrupted", True),
         ("8 mg/day", False), ("threshold dose", False), ("withheld?", False)],
    )  # fmt: skip
    def test_hold(self, text: str, hold: bool) -> None:
        line = TherapyLine(["a"], 0, doses=[Event(0, text)])
        table = data.course_data(Patient("P", [], [], [line]))["doses"]
        assert table["hold"].tolist() == [hold]

    def test_totals(self) -> None:
        table = rows(data.course_data(SYNTHETIC)["totals"])
        expected = []
        for line in SYNTHETIC.lines:
            expected.append((line.number, str(line.baseline), line.baseline_total_mm, True))
            expected += [(line.number, str(t.date), t.total_mm, False) for t in line.timepoints]
        assert [
            tuple(row[name] for name in ("line", "date", "total_mm", "baseline")) for row in table
        ] == expected

    def test_thresholds(self) -> None:
        """PR lies at seven tenths of the baseline; PD at six fifths of each follow-up's nadir."""
        table = rows(data.course_data(SYNTHETIC)["thresholds"])
        for line in SYNTHETIC.lines:
            mine = [row for row in table if row["line"] == line.number]
            steps = [row for row in mine if row["response"] == "PD"]
            assert mine[0]["total_mm"] == pytest.approx(line.baseline_total_mm * 0.7)
            assert [row["total_mm"] for row in steps] == pytest.approx(
                [t.nadir_mm * 1.2 for t in line.timepoints]
            )
            ends = [day_number(t.date) for t in line.timepoints]
            assert [row["end_day"] for row in steps] == ends
            assert [row["day"] for row in steps] == [day_number(line.baseline), *ends[:-1]]

    def test_floor(self) -> None:
        """Where growth must also reach 5 mm, the step says so."""
        sizes = [Timepoint(day, [Finding("S", viable_mm=mm)]) for day, mm in ((0, 15), (60, 15))]
        patient = Patient("P", [Lesion("S", "liver", "nodule")], sizes, [TherapyLine(["a"], 1)])
        for criteria, limit in (("mrecist", 18), ("mrecist-5mm", 20)):
            table = data.course_data(patient, criteria=criteria)["thresholds"]
            assert table["total_mm"].tolist() == [10.5, limit]

    def test_no_sizes(self) -> None:
        """The published case has no sizes: its tables of sizes have no rows.

        A lesion that is recorded as absent only is none to draw.
        """
        tables = data.course_data(PUBLISHED)
        assert {len(tables[name]["day"]) for name in ("totals", "thresholds", "lesions")} == {0}

    def test_lesions(self) -> None:
        """Sizes are those that the criteria measure: viable for HCC mRECIST, whole for RECIST."""
        patient = mrecist.example_case()
        for criteria, size in (("mrecist", 62.4), ("recist-1.1", 65.0)):
            table = data.course_data(patient, criteria=criteria)["lesions"]
            assert (table["lesion"][0], table["size_mm"][0]) == ("S8", size)
            assert "PV" not in table["lesion"]

    def test_markers(self) -> None:
        """A limit of quantitation is a sign, its number and its text."""
        table = data.course_data(SYNTHETIC, markers=["AFP", "PIVKA-II"])["markers"]
        limit = rows(table)[2]
        assert (limit["sign"], limit["value"], limit["text"]) == ("<", 3, "<3")
        assert Counter(table["marker"].tolist()) == {"AFP": 10, "PIVKA-II": 4}
        assert len(data.course_data(SYNTHETIC, markers=())["markers"]["day"]) == 0

    def test_units(self) -> None:
        """Values in a unit that does not convert are shown as they are written."""
        marks = [Marker(3, "AFP", ">100", "IU/mL"), Marker(1, "AFP", 7, "ng/mL"),
                 Marker(2, "CEA", 7, "ng/mL")]  # fmt: skip
        table = data.course_data(Patient("P", [], [], [], markers=marks))["markers"]
        assert list(zip(table["text"], table["unit"], table["sign"], strict=True)) == [
            ("7", "ng/mL", ""),
            (">100", "IU/mL", ">"),
        ]

    def test_events(self) -> None:
        for death, kind in ((None, "last contact"), (9, "death")):
            patient = Patient("P", [], [], [], events=[Event(5, "b"), Event(-2, "a")],
                              procedures=[Procedure(2, "RFA", text="of segment 6")],
                              death=death, last_contact=8)  # fmt: skip
            table = data.course_data(patient)["events"]
            assert table["text"].tolist() == ["a", "RFA: of segment 6", "b", kind]
            assert table["kind"].tolist() == ["event", "procedure", "event", kind]

    def test_refused(self) -> None:
        with pytest.raises(TypeError, match="takes a Patient or an Assessment, got str"):
            data.course_data("P")  # type: ignore[arg-type]

    def test_criteria_beside_an_assessment(self) -> None:
        """An assessment has its criteria; others beside it are refused, not passed over."""
        assessment = mrecist.assess(mrecist.example_case("ikeda-2021"))
        with pytest.raises(TypeError, match="an Assessment has its criteria, mrecist"):
            data.course_data(assessment, criteria="recist-1.1")

    @settings(max_examples=max(settings().max_examples // 5, 1))
    @given(timed_documents())
    def test_lines(self, document: Any) -> None:
        """Whatever the chart, the lines follow one another and hold their own days."""
        assessment = mrecist.assess(mrecist.from_case(document))
        table = data.course_data(assessment)["lines"]
        assert table["line"].tolist() == [line.number for line in assessment.lines]
        assert table["best_response"].tolist() == [str(x.best_response) for x in assessment.lines]
        assert (table["end_day"][:-1] == table["day"][1:]).all()
        assert (table["end_day"] >= table["day"]).all()
