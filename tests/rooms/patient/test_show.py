"""What prints: assessments, lines and time points as tables that a person reads."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import mrecist
from mrecist import (
    MRECIST,
    RECIST_1_1,
    Assessment,
    Event,
    Finding,
    Lesion,
    Marker,
    Patient,
    Problem,
    Procedure,
    TherapyLine,
    Timepoint,
    assess,
)
from mrecist.cli import demo_screen
from mrecist.testing.strategies import case_documents


def judged(**line: Any) -> Assessment:
    """A nodule that responds, is reported where it was not seen, and grows."""
    scans: list[tuple[int, dict[str, Any], str | None]] = [
        (-7, {"viable_mm": 50}, None),
        (60, {"viable_mm": 30}, "SD"),
        (120, {"status": "not evaluable"}, "PR"),
        (180, {"viable_mm": 45}, None),
    ]
    return assess(
        Patient(
            "P-001",
            [Lesion("S8", "liver", "nodule")],
            [
                Timepoint(day, [Finding("S8", **said)], reported=reported)
                for day, said, reported in scans
            ],
            [TherapyLine(["lenvatinib"], 0, **line)],
        )
    )


class TestLine:
    """`str` of a line: its baseline, its follow-ups as a table, and what it came to."""

    def test_in_full(self) -> None:
        assert str(judged().lines[0]).splitlines() == [
            "Line 1: lenvatinib from day 0 (first exposure)",
            "  baseline day -7, total 50.0 mm; targets S8; non-targets none",
            "  date  day  total  change  nadir  from nadir  target  non-target  new  response",
            "  60    60   30.0   -40%    50.0   -40%        PR      NONE        -    PR"
            "        reported SD",
            "  120   120  -      -       30.0   -           NE      NONE        -    PR"
            "        as reported (computed NE)",
            "  180   180  45.0   -10%    30.0   +50%        PD      NONE        -    PD",
            "  best response PR, confirmed PR; progression on day 180 (target)",
        ]

    def test_part_of_the_whole(self) -> None:
        """`str` of the assessment holds each of its lines as it is."""
        assessment = assess(mrecist.example_case("ikeda-2021"))
        told = str(assessment)
        assert len(assessment.lines) == 5
        for line in assessment.lines:
            assert f"\n\n{line}" in told

    def test_without_baseline(self) -> None:
        line = assess(Patient("P", [], [], [TherapyLine(["x"], "2024-01-10")])).lines[0]
        assert str(line).splitlines() == [
            "Line 1: x from 2024-01-10 (first exposure)",
            "  no baseline",
            "  best response ND, confirmed ND",
            f"  ! {Problem.NO_BASELINE.sentences[0]}",
        ]

    def test_exposure(self) -> None:
        """A line given before names that line, and the days off it where they are known."""
        lines = [
            TherapyLine(["Nexavar"], 0, stop=30, end_reason="progression"),
            TherapyLine(["x"], 40),
            TherapyLine(["sorafenib"], 100),
            TherapyLine(["x"], 200),
        ]
        told = [str(line).splitlines()[0] for line in assess(Patient("P", [], [], lines)).lines]
        assert told == [
            "Line 1: Nexavar from day 0 (first exposure)",
            "Line 2: x from day 40 (first exposure)",
            "Line 3: sorafenib from day 100 (rechallenge of line 1, 70 days off it)",
            "Line 4: x from day 200 (reintroduction of line 2)",
        ]

    @given(case=case_documents(), criteria=st.sampled_from(sorted(mrecist.CRITERIA)))
    def test_any(self, case: dict[str, Any], criteria: str) -> None:
        """Each line has a row for each follow-up, with its verdict."""
        for line in assess(mrecist.from_case(case), criteria=criteria).lines:
            rows = [row.split() for row in str(line).splitlines()]
            for each in line.timepoints:
                start = [str(each.date), str(each.day)]
                (found,) = [row for row in rows if row[:2] == start]
                assert each.response_word in found


class TestTimepoint:
    """`str` of a time point: its date, its verdict and its reasons."""

    def test_in_full(self) -> None:
        first, second, last = judged().lines[0].timepoints
        assert str(last) == (
            "180: PD. target PD: total 45.0 mm is 15.0 mm (50 %) above the nadir 30.0 mm of day "
            "60; progression needs 20 %, a total of 36.0 mm or more, reached with 9.0 mm to spare "
            "(TL-PD-20); non-target NONE: this line has no non-target (NT-NONE); together PD "
            "(OR-05)."
        )
        assert str(second) == (
            "120: PR. target NE: S8 not evaluable; no target is seen, which proves no "
            "progression (NE-02); non-target NONE: this line has no non-target (NT-NONE); "
            "reported stands in: the reported PR stands in, as the rules reach no graded verdict "
            "(NE) (REP-STANDS-IN); together NE (R11-OR-06)."
        )
        assert str(first) == f"60: {first.why}"

    def test_calendar_date(self) -> None:
        chart = Patient(
            "P",
            [],
            [Timepoint(f"2024-0{month}-01", []) for month in (1, 3)],
            [TherapyLine(["x"], "2024-01-10")],
        )
        told = str(assess(chart).lines[0].timepoints[0])
        assert told.startswith("2024-03-01: NED. target NONE: ")


class TestProblems:
    """`str` of problems: their names."""

    def test_names(self) -> None:
        assert str(Problem(0)) == "none"
        assert str(Problem.NO_SIZE) == "NO_SIZE"
        assert str(Problem.OLD_BASELINE | Problem.NO_SIZE) == "NO_SIZE, OLD_BASELINE"
        assert f"{judged().problems}" == "none"

    @given(bits=st.integers(0, ~Problem(0)))
    def test_any(self, bits: int) -> None:
        problems = Problem(bits)
        assert str(problems) == (", ".join(problems.words) or "none")


class TestCriteria:
    """`str` of criteria: the title, and every number under the name that sets it."""

    def test_in_full(self) -> None:
        assert str(RECIST_1_1).splitlines() == [
            "RECIST 1.1 (Eisenhauer 2009)",
            "  liver_nodule_size = longest diameter",
            "  too_small_mm = 5",
            "  gone_node_mm = 10",
            "  diseased_node_mm = 10",
            "  diseased_hilar_node_mm = 10",
            "  target_nodule_mm = 10",
            "  target_node_mm = 15",
            "  target_hilar_node_mm = 15",
            "  treated_targets = False",
            "  effusions_need_cytology = False",
            "  targets_per_organ = 2",
            "  targets_in_all = 5",
            "  response_share = 3/10",
            "  progression_share = 1/5",
            "  progression_floor_mm = 5",
            "  new_liver_nodule = any other lesion",
            "  new_nodule_mm = 10",
            "  new_nodule_growth_mm = 10",
            "  new_node_growth_mm = 5",
            "  growth_share = 1/5",
            "  growth_mm = 5",
            "  baseline_days = 28",
            "  stable_days = 42",
            "  confirmation_days = 28",
            "  confirmation_gaps = 1",
        ]

    @pytest.mark.parametrize("criteria", mrecist.CRITERIA.values(), ids=lambda each: each.name)
    def test_every_number(
        self, criteria: mrecist.Criteria, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """`print(criteria)` names every field once by which it can be evolved."""
        print(criteria)
        title, *rows = capsys.readouterr().out.splitlines()
        assert title == criteria.title
        names = [row.strip().partition(" = ")[0] for row in rows]
        fields = [field.alias for field in attrs.fields(type(criteria))]
        untold = {"name", "title", "rules"}
        untold |= {
            field.alias
            for field in attrs.fields(type(criteria))
            if getattr(criteria, field.name) in (None, field.default)
        }
        assert names == [name for name in fields if name not in untold]
        assert repr(criteria) == f"<Criteria {criteria.name}>"

    def test_of_ones_own(self) -> None:
        """A protocol of one's own is headed by its own name."""
        amended = attrs.evolve(MRECIST, stable_days=49, too_small_mm="4.125")
        told = str(amended).splitlines()
        assert told[0] == "mrecist-amended, after HCC mRECIST (Lencioni & Llovet 2010)"
        assert "  stable_days = 49" in told
        assert "  too_small_mm = 4.125" in told
        named = attrs.evolve(MRECIST, name="mine", stable_days=49)
        assert str(named).startswith("mine, after HCC mRECIST (Lencioni & Llovet 2010)\n")
        patient = Patient("P", [], [], [])
        assert str(assess(patient, criteria=named)).startswith("P: mine, after HCC mRECIST ")


class TestCourse:
    """`course`: what `mrecist demo` shows of any patient."""

    def test_without_markers_or_labels(self) -> None:
        """What a chart does not hold is left out."""
        told = demo_screen.course(judged(stop=200)).splitlines()
        assert told == [
            "line 1  lenvatinib" + " " * 50 + "day 0 to 200",
            "        PR on day 60, computed: total 30.0, nadir 50.0, baseline 50.0 mm",
            "        PR on day 120, reported: the rules alone reach NE (S8 not evaluable)",
            "        PD on day 180, computed: total 45.0, nadir 30.0, baseline 50.0 mm",
        ]
        assert demo_screen.legend(judged()) == "S8 liver"
        assert demo_screen.course(assess(Patient("P", [], [], []))) == ""

    def test_before(self) -> None:
        """What happened before the first line, events and procedures in the order of their days."""
        patient = attrs.evolve(
            judged().patient,
            events=[Event(-1, "recurrence (seen)"), Event(0, "at the start"), Event(-9, "HCC")],
            procedures=[Procedure(-5, "RFA", lesions=["S8"], text="whole (say)")],
        )
        rows = demo_screen.course(assess(patient)).splitlines()
        assert rows[0] == "before  HCC; RFA of S8: whole; recurrence"

    def test_reader(self) -> None:
        """What the reader wrote of a scan that reached no verdict."""
        scans = {30: "shrunk (says the reader)", 60: None}
        timepoints = [Timepoint(-7, [Finding("S8", viable_mm=50)], note="large")]
        timepoints += [
            Timepoint(day, [Finding("S8", status="not evaluable")], note=note)
            for day, note in scans.items()
        ]
        timepoints += [Timepoint(90, [Finding("S8", viable_mm=50)], note="as before")]
        lesions = [Lesion("S8", "liver", "nodule")]
        told = demo_screen.course(
            assess(Patient("P", lesions, timepoints, [TherapyLine(["x"], 0)]))
        )
        ground = "target NE, non-target NONE"
        assert told.splitlines()[1:3] == [
            f"        NE on day 30, computed: {ground}; written: shrunk",
            f"        NE on day 60, computed: {ground}",
        ]
        assert "as before" not in told

    def test_recurrence(self) -> None:
        """Disease again after complete response is said to be so."""
        timepoints = [
            Timepoint(day, [Finding("S8", viable_mm=size)])
            for day, size in ((0, 50), (60, 0), (120, 3))
        ]
        lesions = [Lesion("S8", "liver", "nodule")]
        told = demo_screen.course(
            assess(Patient("P", lesions, timepoints, [TherapyLine(["x"], 0)]))
        )
        assert "; S8 again after complete response" in " ".join(told.split())

    def test_one_value(self) -> None:
        """A marker that never changes, or is known as a limit only, has a bar too."""
        markers = [Marker(day, "AFP", "<3", "ng/mL") for day in (0, 30)]
        patient = attrs.evolve(judged().patient, markers=markers)
        assert "AFP <3 <3 ng/mL" in demo_screen.course(assess(patient))
