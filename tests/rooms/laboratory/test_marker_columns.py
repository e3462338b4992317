"""Markers of a cohort: the same references, nadirs and changes as line by line."""

from __future__ import annotations

import datetime
import math
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mrecist import (
    CohortError,
    Marker,
    Patient,
    TherapyLine,
    assess,
    example_case,
    marker_changes,
    marker_course,
)
from mrecist.laboratory.marker_levels import AFP, Range

NAN = math.nan


def tables(patients: list[Patient]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The markers and the lines of some charts, as tables."""
    marks = [(p.id, m.date, m.name, m.value, m.unit) for p in patients for m in p.markers]
    rows = [
        (p.id, n.start, NAN if n.stop is None else n.stop)
        for p in patients
        for n in sorted(p.lines, key=lambda n: n.start)
    ]
    markers: dict[str, Any] = {
        name: np.array([row[i] for row in marks], object)
        for i, name in enumerate(("patient", "date", "name", "value", "unit"))
    }
    markers["date"] = markers["date"].astype(np.int64)
    lines = {
        "patient": np.array([row[0] for row in rows], object),
        "start": np.array([row[1] for row in rows], np.int64),
        "stop": np.array([row[2] for row in rows], np.float64),
    }
    return markers, lines


def ends(change: Range | None) -> tuple[float, float]:
    if change is None:
        return NAN, NAN
    return float(change.least), math.inf if change.most is None else float(change.most)


def agrees(patients: list[Patient]) -> None:
    """Whether every line is told the same way by both doors."""
    markers, lines = tables(patients)
    found = marker_changes(markers, lines)
    courses = [marker_course(line) for patient in patients for line in assess(patient).lines]
    for i, course in enumerate(courses):
        assert found.values[i] == len(course.points)
        age = course.reference_age_days
        assert found.reference_age_days[i] == (-1 if age is None else age)
        points = (course.nadir, course.last)
        rows = (found.nadir_row[i], found.last_row[i])
        for point, row in zip(points, rows, strict=True):
            assert (point is None) == (row == -1)
            if point is not None:
                assert markers["date"][row] == point.value.day
                assert markers["patient"][row] == course.series.patient
        reference = course.reference
        assert (reference is None) == (found.reference_row[i] == -1)
        if reference is not None:
            assert markers["date"][found.reference_row[i]] == reference.day
        last = ends(course.last.change if course.last else None)
        best = ends(lowest(course))
        got = (found.last_change_least[i], found.last_change_most[i])
        assert got == pytest.approx(last, nan_ok=True)
        got = (found.best_change_least[i], found.best_change_most[i])
        assert got == pytest.approx(best, nan_ok=True)


def lowest(course: Any) -> Range | None:
    """The least change of a line: the least of both ends."""
    changes = [point.change for point in course.points]
    if not changes or changes[0] is None:
        return None
    tops = [change.most for change in changes if change.most is not None]
    least = min(change.least for change in changes)
    return Range(least, min(tops) if tops else None)


values = st.lists(
    st.tuples(st.integers(-40, 200), st.sampled_from(["1", "2", "30", "<3", "<=3", ">20", "4.5"])),
    unique_by=lambda each: each[0],
    max_size=8,
)
starts = st.lists(st.integers(-10, 150), unique=True, max_size=3)
gaps = st.one_of(st.none(), st.integers(0, 60))


@st.composite
def charts(draw: st.DrawFn, number: int) -> Patient:
    """A patient with AFP, some DCP, and lines that may stop before the next one."""
    lines = []
    for start in draw(starts):
        gap = draw(gaps)
        lines.append(TherapyLine(["a"], start, stop=None if gap is None else start + gap))
    markers = [Marker(day, "AFP", value, "ng/mL") for day, value in draw(values)]
    markers += [Marker(day, "DCP", value, "mAU/mL") for day, value in draw(values)]
    return Patient(f"P-{number}", [], [], lines, markers=draw(st.permutations(markers)))


class TestAgreement:
    """Each line is told as `marker_course` tells it."""

    @given(st.tuples(charts(1), charts(2), charts(3)))
    def test_charts(self, patients: tuple[Patient, ...]) -> None:
        """Any charts, limits of quantitation, gaps and other markers among them."""
        agrees(list(patients))

    def test_seed(self) -> None:
        """The published case: best falls of the five lines."""
        markers, lines = tables([example_case("ikeda-2021")])
        found = marker_changes(markers, lines)
        assert [round(100 * share, 1) for share in found.best_change_most] == [
            -69.1,
            -97.0,
            -86.0,
            -76.9,
            -21.7,
        ]
        assert found.best_change_least == pytest.approx(found.best_change_most)
        assert [round(100 * share, 1) for share in found.last_change_most] == [
            398.9,
            -66.6,
            -76.1,
            -65.0,
            -21.7,
        ]
        assert markers["value"][found.nadir_row].tolist() == [117, 165, 257, 691, 821]
        assert repr(found) == "<MarkerColumns AFP, 5 lines>"


MARKERS: dict[str, Any] = {
    "patient": ["P-1", "P-1"], "date": [0, 30], "name": ["AFP", "afp"], "value": [100.0, 50.0],
    "unit": ["ng/mL", "ug/L"],
}  # fmt: skip
LINES: dict[str, Any] = {"patient": ["P-1"], "start": [0]}


class TestDoors:
    """Columns of numbers, texts and dates, and what is refused."""

    def test_calendar(self) -> None:
        """Calendar dates, with stops that may be missing, as days."""
        markers = {**MARKERS, "date": np.array(["2024-01-01", "2024-01-31"], "datetime64[D]")}
        lines = {
            "patient": ["P-1", "P-1", "P-2"],
            "start": np.array(["2024-01-01", "2024-01-31", "2024-01-01"], "datetime64[ns]"),
            "stop": np.array(["2024-01-30", "NaT", "NaT"], "datetime64[D]"),
        }
        found = marker_changes(markers, lines)
        assert found.values.tolist() == [0, 0, 0]
        assert found.reference_row.tolist() == [0, 1, -1]
        lines["stop"] = np.array(["NaT", "NaT", "NaT"], "datetime64[D]")
        assert marker_changes(markers, lines).values.tolist() == [1, 0, 0]
        lines["stop"] = np.array(["2024-01-31"] * 3, "datetime64[D]")
        assert marker_changes(markers, lines).values.tolist() == [1, 0, 0]

    def test_numbers(self) -> None:
        """Without stops; an age that is allowed; a repeated value; a unit of one's own."""
        assert marker_changes(MARKERS, LINES).best_change_most.tolist() == [-0.5]
        late = {**LINES, "start": [29]}
        assert marker_changes(MARKERS, late).reference_age_days.tolist() == [-1]
        found = marker_changes(MARKERS, late, reference_days=29)
        assert found.reference_age_days.tolist() == [29]
        twice = {**MARKERS, "date": [0, 0], "value": ["100", "100.0"]}
        assert marker_changes(twice, LINES).reference_row.tolist() == [0]
        ours = AFP.with_unit("IU/mL", "1.21", source="our assay")
        mixed = {**MARKERS, "unit": ["IU/mL", "ng/mL"]}
        share = marker_changes(mixed, LINES, name=ours).last_change_most[0]
        assert share == pytest.approx(50 / 121 - 1)

    def test_nothing(self) -> None:
        """No markers, or no lines: nothing to tell, and no error."""
        none = {name: [] for name in MARKERS}
        found = marker_changes(none, LINES)
        assert (found.values.tolist(), found.reference_row.tolist()) == ([0], [-1])
        assert np.isnan(found.best_change_most).all()
        assert len(marker_changes(MARKERS, {"patient": [], "start": []}).values) == 0

    @pytest.mark.parametrize(
        ("markers", "lines", "told"),
        [
            ({"unit": ["ng/mL", "kIU/L"]}, {},
             "patient P-1, row 1, markers.unit: must be ng/mL or ug/L, got 'kIU/L'; international"),
            ({"value": [100.0, NAN]}, {}, "P-1, row 1, markers.value: must be given"),
            ({"value": np.array([100.0, NAN])}, {}, "P-1, row 1, markers.value: must be given"),
            ({"unit": ["ng/mL", None]}, {}, "P-1, row 1, markers.unit: must be given"),
            ({"name": ["AFP", ""]}, {}, "P-1, row 1, markers.name: must be given"),
            ({"patient": ["P-1", None]}, {}, "row 1, markers.patient: must be given"),
            ({"date": [0, None]}, {}, "row 1, markers.date: must be given"),
            ({"value": [100.0, -1.0]}, {}, "value: must be a number above 0, got -1.0"),
            ({"value": ["100", "many"]}, {}, 'value: must be .*text like "<3", got .many'),
            ({"value": [True, False]}, {}, "row 0, markers.value: must be "),
            ({"date": [0, 0]}, {}, "P-1, row 1, markers.value: must be the only one of its day, "
             "row 0 has another"),
            ({"date": [0.5, 30.0]}, {}, 'row 0, markers.date: must be a date like .*, got 0.5'),
            ({"date": [0]}, {}, "markers.patient: the columns must be of one length"),
            ({"date": np.array(["2024-01-01", "2024-01-31"], "datetime64[D]")}, {},
             "row 0, lines.start: must be a calendar date as the other dates of the patient are"),
            ({"date": np.array(["2024-01-01T12", "NaT"], "datetime64[h]")},
             {"start": np.array(["2024-01-01"], "datetime64[D]")}, "without a time of day"),
            ({}, {"patient": ["P-1", "P-1"], "start": [0, 0]},
             "row 1, lines.start: must be unique among the lines of the patient"),
            ({}, {"start": [None]}, "row 0, lines.start: must be given"),
            ({}, {"stop": [1, 2]}, "lines.patient: the columns must be of one length"),
            ({}, {"stop": [1.5]}, "lines.stop: must be a date like .* or a study day, got 1.5"),
            ({}, {"patient": [["P-1"]]}, "row 0, lines.patient: must be text"),
            ({"values": ["100", "50"], "value": None}, {}, "markers.value: must be a column"),
        ],
    )  # fmt: skip
    def test_refused(self, markers: dict[str, Any], lines: dict[str, Any], told: str) -> None:
        """Every mistake is named with its column, and its row where there is one."""
        with pytest.raises(CohortError, match=told):
            marker_changes({**MARKERS, **markers}, {**LINES, **lines})

    def test_all_mistakes(self) -> None:
        """All cells that cannot be used, in both tables, are named at once, by row."""
        markers = {**MARKERS, "unit": ["g/L", "g/L"], "date": ["soon", 3]}
        with pytest.raises(CohortError) as caught:
            marker_changes(markers, {**LINES, "start": ["then"]})
        assert [each[:3] for each in caught.value.rows] == [
            ("P-1", 0, "markers.date"),
            ("P-1", 0, "markers.unit"),
            ("P-1", 1, "markers.unit"),
            ("P-1", 0, "lines.start"),
        ]

    def test_other_markers(self) -> None:
        """What is written of another marker is no mistake."""
        more = {"name": ["AFP", "DCP"], "value": [100.0, "high"], "unit": ["ng/mL", None]}
        assert marker_changes({**MARKERS, **more}, LINES).reference_row.tolist() == [0]

    def test_columns(self) -> None:
        """A column that is not there is named, and a misspelt one; others are passed over."""
        with pytest.raises(CohortError, match=r"lines\.start: this column is required"):
            marker_changes(MARKERS, {"patient": ["P-1"]})
        with pytest.raises(CohortError, match=r"lines\.stopp: unknown column; did you mean stop"):
            marker_changes(MARKERS, {**LINES, "stopp": [1]})
        more = {**LINES, "agents": [["lenvatinib"]], "arm": [1]}
        assert marker_changes(MARKERS, more).values.tolist() == [1]

    def test_names(self) -> None:
        """A patient by a number is one by its text."""
        found = marker_changes({**MARKERS, "patient": [7, 7]}, {**LINES, "patient": ["7"]})
        assert found.values.tolist() == [1]

    @pytest.mark.parametrize("library", ["pandas", "polars", "pyarrow"])
    def test_frames(self, library: str) -> None:
        """A frame of any library is read as the mapping of its columns is."""
        module = pytest.importorskip(library)
        pytest.importorskip("narwhals")
        made = module.table if library == "pyarrow" else module.DataFrame
        markers = {**MARKERS, "date": [datetime.date(2024, 1, 1), datetime.date(2024, 1, 31)]}
        lines = {
            "patient": ["P-1", "P-1"],
            "start": [datetime.date(2024, 1, 1), datetime.date(2024, 2, 20)],
            "stop": [datetime.date(2024, 2, 1), None],
        }
        found, told = marker_changes(made(markers), made(lines)), marker_changes(markers, lines)
        for mine, theirs in zip(attrs.astuple(found)[1:], attrs.astuple(told)[1:], strict=True):
            np.testing.assert_equal(mine, theirs)
        assert found.values.tolist() == [1, 0]

    @pytest.mark.parametrize("days", [-1, 2.0])
    def test_reference_days(self, days: Any) -> None:
        """Days are whole and not negative."""
        with pytest.raises(ValueError, match="reference_days must be whole days from 0"):
            marker_changes(MARKERS, LINES, reference_days=days)
