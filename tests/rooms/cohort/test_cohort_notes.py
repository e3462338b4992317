"""Notes on many patients: the notes of one patient, and those that only a table shows."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.cohort_tables import (
    FORMS,
    LINE_TABLES,
    Cohort,
    Document,
    cohort_of,
    cohorts,
    rows_of,
    sayable_cohort,
)

import mrecist
from mrecist.cohort import notes as cohort_notes
from mrecist.cohort.engine import assess_read
from mrecist.cohort.one_patient import read_of
from mrecist.patient.chart import Chart
from mrecist.patient.notes import notes as notes_on
from mrecist.rulebook.criteria import Criteria
from mrecist.rulebook.notes import NOTES
from mrecist.tables import intake
from mrecist.tables.column_schema import COLUMNS
from mrecist.tables.other_names import OTHER_NAMES, like_ours

EXAMPLES = settings().max_examples // 4
TODAY = datetime.date(2026, 2, 28)
UNTOLD = "an agent that the lines table"
CRITERIA = st.sampled_from([*mrecist.CRITERIA.values()])
Draw = Callable[[st.SearchStrategy[Any]], Any]


@st.composite
def odd_documents(draw: Draw) -> Document:
    """Charts of which much may be meant otherwise."""
    ids = draw(st.lists(st.sampled_from(["S8", "s8", "S 8", "PV"]), unique=True))
    organs = st.sampled_from(["liver", "segment 8", "hepatic hilum", "Porta hepatis", "lung"])
    kinds = st.sampled_from(["nodule", "node", "thrombus"])
    sizes = st.sampled_from([None, None, 0, 4, 4.1, 9, 40, 41])
    words = st.sampled_from([None, "CR", "SD"])
    base: Any = draw(st.sampled_from([
        0, 44_990, 59_980, datetime.date(1989, 12, 1), datetime.date(2024, 1, 1),
        datetime.date(2026, 2, 1),
    ]))  # fmt: skip
    step = 1 if isinstance(base, int) else datetime.timedelta(1)
    dates = st.integers(0, 60).map(lambda days: base + days * step)
    lesions = [
        mrecist.Lesion(name, draw(organs), draw(kinds), hilar=draw(st.booleans())) for name in ids
    ]
    timepoints = []
    for date in draw(st.lists(dates, unique=True, max_size=5)):
        findings = []
        for name in ids if draw(st.integers(0, 9)) else []:
            given_mm = {key: draw(sizes) for key in ("viable_mm", "longest_mm", "short_axis_mm")}
            bare = not any(size is not None for size in given_mm.values())
            status = "present" if bare else draw(st.sampled_from([None, "present", "progressed"]))
            findings.append(mrecist.Finding(name, status=status, **given_mm))
        arterial = draw(st.integers(0, 4)) > 0
        timepoints.append(
            mrecist.Timepoint(date, findings, reported=draw(words), arterial_phase=arterial)
        )
    lines = []
    for start in draw(st.lists(dates, unique=True, max_size=3)):
        agents = draw(
            st.lists(
                st.sampled_from(["sorafnib", "lenvatinib", "TACE", "x"]), unique=True, min_size=1
            )
        )
        stop = draw(st.sampled_from([None, start, start + 9 * step]))
        lines.append(mrecist.TherapyLine(agents, start, stop=stop))
    last = {"last_contact": draw(st.none() | dates), "death": draw(st.none() | dates)}
    some = st.lists(st.sampled_from(ids), unique=True) if ids else st.just([])
    done = [
        mrecist.Procedure(date, draw(st.sampled_from(["TACE", "RFA"])), lesions=draw(some))
        for date in draw(st.lists(dates, unique=True, max_size=2))
    ]
    patient = mrecist.Patient("P", lesions, timepoints, lines, procedures=done, **last)
    return mrecist.to_case(patient)


def kept(told: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(each for each in told if UNTOLD not in each[1])


def by_assess(cohort: Cohort, criteria: Criteria) -> dict[str, list[tuple[str, str]]]:
    """The notes on each document, by the scalar engine."""
    found = {}
    for document in cohort.documents:
        chart = Chart(mrecist.from_case(document), criteria)
        found[document["patient"]] = kept(
            [(note.code, str(note)) for note in notes_on(chart, TODAY)]
        )
    return found


def by_cohort(cohort: Cohort, criteria: Criteria) -> dict[str, list[tuple[str, str]]]:
    """The notes on each patient of the tables."""
    data = intake.read(cohort.findings, cohort.lines, cohort.procedures)
    assess_read(data, criteria)
    told, _ = cohort_notes.notes_on_charts(data, criteria, TODAY)
    found: dict[str, list[tuple[str, str]]] = {str(each): [] for each in data.patients.ids}
    places = [each.patient for each in told]
    assert places == sorted(places)
    for each in told:
        found[str(data.patients.ids[each.patient])].append((each.note.code, str(each.note)))
    return {patient: kept(notes) for patient, notes in found.items()}


class TestAgreement:
    """The notes of a patient are the same through `assess` and through a cohort."""

    @given(st.lists(odd_documents(), min_size=1, max_size=4), FORMS, LINE_TABLES, CRITERIA)
    @settings(max_examples=2 * EXAMPLES)
    def test_odd(self, documents: list[Document], form: Any, lines: str, criteria: Any) -> None:
        """On charts that are full of them, however the tables are written."""
        cohort = cohort_of(sayable_cohort(documents), form, lines=lines)
        if cohort.documents:
            assert by_cohort(cohort, criteria) == by_assess(cohort, criteria)

    @given(cohorts(), CRITERIA)
    @settings(max_examples=EXAMPLES)
    def test_any(self, cohort: Cohort, criteria: Any) -> None:
        """On any cohort."""
        assert by_cohort(cohort, criteria) == by_assess(cohort, criteria)

    @given(st.lists(odd_documents(), min_size=2, max_size=4), st.sampled_from([1, 3, 1 << 18]))
    @settings(max_examples=EXAMPLES)
    def test_blocks(self, documents: list[Document], rows: int) -> None:
        """However many rows are looked at together."""
        cohort = cohort_of(sayable_cohort(documents))
        before = cohort_notes.BLOCK_ROWS
        cohort_notes.BLOCK_ROWS = rows
        try:
            found = by_cohort(cohort, mrecist.MRECIST) if cohort.documents else {}
        finally:
            cohort_notes.BLOCK_ROWS = before
        assert found == (by_assess(cohort, mrecist.MRECIST) if cohort.documents else {})

    @given(odd_documents())
    @settings(max_examples=EXAMPLES)
    def test_columns(self, document: Document) -> None:
        """The columns of one patient give the patient's notes too."""
        patient = mrecist.from_case(
            sayable_cohort([document | {"patient": "P"}])[0]
            if document["timepoints"] or document["lines"]
            else document
        )
        told, _ = cohort_notes.notes_on_charts(read_of(patient), mrecist.MRECIST, TODAY)
        expected = notes_on(Chart(patient, mrecist.MRECIST), TODAY)
        found = sorted(str(each.note) for each in told)
        if patient.lines:
            assert found == sorted(map(str, expected))


def notes_of(findings: dict[str, Any], lines: Any = None, **options: Any) -> list[tuple[Any, ...]]:
    """The table of notes as rows: patient, rows, code, what and probably meant."""
    table = mrecist.assess_cohort(findings, lines, **options).notes
    assert list(table) == ["patient", "rows", "code", "what", "probably_meant"]
    return [tuple(row.values()) for row in rows_of(table)]


class TestVisits:
    """Examinations of one visit are one time point; a size has the date of its own examination."""

    def test_dates(self) -> None:
        """Through both engines."""
        findings = {
            "patient": ["a"] * 4, "date": [0, 2, 30, 33], "lesion": ["A", "B", "A", "B"],
            "visit": ["1", "1", "2", "2"], "viable_mm": [40, 30, 20, 3],
            "longest_mm": [40, 30, 20, 20], "reported": [None, "SD", None, None],
        }  # fmt: skip
        responses = mrecist.assess_cohort(findings, {"patient": ["a"], "start": [5]})
        found = [
            " ".join(row)
            for row in zip(
                *(responses.notes[name] for name in ("rows", "code", "what")), strict=True
            )
        ]
        told = mrecist.assess(responses.patient("a")).notes
        assert found == [
            "1;3 TEN_FOLD_JUMP lesion B: viable_mm is 30.0 mm on day 2 and 3.0 mm on day 33, "
            "about ten times apart",
            "0;1 REPORTED_ON_BASELINE time point 0: the reported SD is not used, as the time point "
            "is the baseline of line 1",
        ]
        assert [each.split("; probably")[0] for each in told] == [
            each.split(" ", 2)[2] for each in found
        ]


class TestRows:
    """Each note names its patient and the rows that it concerns."""

    def test_each(self) -> None:
        """Rows of findings and of lines, from 0 in the table that came in."""
        findings = {
            "patient": ["b", "a", "a", "a", "a"],
            "date": [0, 45060, 45000, 45000, 45060],
            "lesion": ["T", "S8", "S8", "s8", "N"],
            "organ": ["lung", None, None, None, "Porta hepatis"],
            "kind": ["nodule", None, None, None, "node"],
            "viable_mm": [None, 4, 40, None, None],
            "longest_mm": [30, None, None, 20, None],
            "short_axis_mm": [None, None, None, None, 20],
            "reported": [None, None, "SD", "SD", None],
        }
        lines = {"patient": ["b", "a"], "start": [0, 45003], "agents": ["TACE", "xx+lenvatinb"]}
        rows = {row[2]: row[:2] for row in notes_of(findings, lines)}
        assert rows == {
            "SIMILAR_IDS": ("a", "2;3"),
            "HILAR_NODE": ("a", "4"),
            "SIZE_NOT_USED": ("a", "3"),
            "TEN_FOLD_JUMP": ("a", "1;2"),
            "SPREADSHEET_DAY": ("a", "1;2;3;4"),
            "UNKNOWN_AGENT": ("a", "lines.1"),
            "REPORTED_ON_BASELINE": ("a", "2;3"),
        }
        what = [row[3] for row in notes_of(findings, lines) if row[2] == "UNKNOWN_AGENT"]
        assert what == [
            "line of 45003: agent 'xx' is no known drug or procedure",
            "line of 45003: agent 'lenvatinb' is no known drug or procedure",
        ]

    def test_dates_of_lines(self) -> None:
        """Where only lines have odd dates, their rows."""
        findings = {"patient": ["a"], "date": ["2024-01-01"], "lesion": ["T"], "viable_mm": [20]}
        lines = {
            "patient": ["a", "a"],
            "start": ["2024-01-02", "1924-01-02"],
            "death": ["1925-01-01", None],
        }
        assert [row[1:4] for row in notes_of(findings, lines)] == [
            ("lines.1", "ODD_YEAR", "start of line 1, 1924-01-02 and 1 other date: before 1990")
        ]

    @pytest.mark.parametrize("lines", [None, {"patient": ["b"], "start": ["2024-01-02"]}])
    def test_dates_of_procedures(self, lines: Any) -> None:
        """A treatment in a year that cannot be takes no lesion out of the response."""
        findings = {"patient": ["a"], "date": ["2024-01-01"], "lesion": ["T"], "viable_mm": [20]}
        procedures = {
            "patient": ["b", "a", "a"],
            "date": ["2024-01-03", "2024-01-04", "1924-02-01"],
            "kind": ["RFA", "RFA", "RFA"],
            "lesions": [None, "T", "T"],
        }
        assert [row[:4] for row in notes_of(findings, lines, procedures=procedures)] == [
            ("a", "procedures.2", "ODD_YEAR", "procedure, 1924-02-01: before 1990")
        ]

    def test_none(self) -> None:
        """Without a note an empty table, also of no rows at all."""
        findings = {"patient": [1], "date": [0], "lesion": ["T"], "viable_mm": [20]}
        assert notes_of(findings) == []
        assert notes_of({name: [] for name in findings}) == []
        assert notes_of({"patient": [], "date": [], "lesion": []}) == []

    def test_verdicts_alone(self) -> None:
        """A verdict on a baseline without any finding, in a table without sizes."""
        findings = {"patient": ["a", "a"], "date": [0, 30], "lesion": [None, None]}
        told = notes_of(findings | {"reported": ["SD", "PR"]}, {"patient": ["a"], "start": [5]})
        assert [row[:3] for row in told] == [("a", "0", "REPORTED_ON_BASELINE")]

    def test_invalid(self) -> None:
        """Patients with a mistake have no notes on their charts; others have."""
        findings = {
            "patient": [1, 2], "date": [45000, 45000], "lesion": ["T", "T"], "viable_mm": [-1, 20],
        }  # fmt: skip
        table = mrecist.assess_cohort(findings, errors="collect").notes
        assert (table["patient"].tolist(), table["code"].tolist()) == ([2], ["SPREADSHEET_DAY"])

    def test_frames(self) -> None:
        """The table is of the kind that came in."""
        pa = pytest.importorskip("pyarrow")
        pytest.importorskip("narwhals")
        findings = {"patient": [1, 1], "date": [45000, 45001], "lesion": ["T", "t"],
                    "viable_mm": [9.0, 20.0], "size": [1, 1]}  # fmt: skip
        table = mrecist.assess_cohort(pa.table(findings)).notes
        assert table.column_names == ["patient", "rows", "code", "what", "probably_meant"]
        assert table["patient"].to_pylist() == [1, 1, None]
        assert table["rows"].to_pylist() == ["0;1", "0;1", ""]
        assert table["code"].to_pylist() == ["SIMILAR_IDS", "SPREADSHEET_DAY", "LIKE_A_COLUMN"]


def sizes(**each: list[Any]) -> dict[str, Any]:
    """A table of patients by their viable sizes, one a month."""
    rows = [(name, 30 * i, "T", mm) for name, all_mm in each.items() for i, mm in enumerate(all_mm)]
    return dict(
        zip(("patient", "date", "lesion", "viable_mm"), zip(*rows, strict=True), strict=True)
    )


class TestPatients:
    """What shows beside other patients only."""

    def test_ids(self) -> None:
        """Patients whose ids differ only by how they are spelt; the first of them is named."""
        rows = sizes(a=[20], **{"B 1": [20], "b1": [30], "A": [40], "007": [20], "7": [20]})
        found = notes_of(rows)
        assert found == [
            (
                first,
                "",
                "SIMILAR_PATIENTS",
                f"patients {ids} differ only by case, space, encoding or leading zeros",
                "one patient, under one id",
            )
            for first, ids in (
                ("a", "'a' and 'A'"),
                ("B 1", "'B 1' and 'b1'"),
                ("007", "'007' and '7'"),
            )
        ]

    def test_centimetres(self) -> None:
        """A patient whose largest size is small beside that of most."""
        found = notes_of(sizes(a=[4.1, 3.8], b=[41, 38], c=[0], d=[60, 9]))
        what = "the largest size is 4.1 mm, where it is 41.0 mm in the median of the patients"
        meant = "41.0 mm, if it was given in centimetres"
        assert found == [("a", "", "LOOKS_LIKE_CM", what, meant)]
        assert notes_of(sizes(a=[9.9], b=[30], c=[30])) == []
        assert notes_of(sizes(a=[10], b=[90], c=[90])) == []
        assert notes_of(sizes(a=[4.1])) == []
        assert notes_of(sizes(a=[0], b=[0])) == []

    def test_all(self) -> None:
        """Where no patient has a size of 10 mm the note is on the table."""
        what = "no patient has a size of 10.0 mm or more, the largest is 9.9 mm"
        found = notes_of(sizes(a=[4.1], b=[9.9]))
        assert found == [(None, "", "ALL_LIKE_CM", what, "99.0 mm, if it was given in centimetres")]
        assert notes_of(sizes(a=[4.1], b=[10])) == []

    def test_any_measure(self) -> None:
        """The largest size is that of any measure."""
        table = sizes(a=[4.1], b=[41], c=[41])
        assert notes_of(table | {"longest_mm": [None, 41, 41]})[-1][2] == "LOOKS_LIKE_CM"
        assert notes_of(table | {"longest_mm": [20, 41, 41]}) == []


class TestColumns:
    """Columns that are not ours and whose names mean one."""

    @pytest.mark.parametrize("ours", OTHER_NAMES)
    def test_table(self, ours: str) -> None:
        """Each stands for a column of ours, none is one, none stands for two."""
        known = [field.name for field in COLUMNS]
        every = [name for names in OTHER_NAMES.values() for name in names]
        assert ours in known
        assert not set(OTHER_NAMES[ours]) & set(known)
        assert all(every.count(name) == 1 for name in OTHER_NAMES[ours])

    @pytest.mark.parametrize(
        ("findings", "lines", "told"),
        [
            (["location", "Size (mm)"], [],
             [("location", "findings", "organ"), ("Size (mm)", "findings", "longest_mm")]),
            (["location", "organ", "weight", "patient", "reported:mrecist"], ["patient"], []),
            (["death_date", "agents"], [],
             [("death_date", "findings", "death of the lines"),
              ("agents", "findings", "agents of the lines")]),
            (["death_date", "agents"], ["death", "agents"], []),
            ([], ["DOD", "organ"], [("DOD", "lines", "death"),
                                    ("organ", "lines", "organ of the findings")]),
            (["part_of"], ["part_of"], []),
        ],
    )  # fmt: skip
    def test_each(self, findings: list[str], lines: list[str], told: list[Any]) -> None:
        """Unless the column that is meant is there; of another table too."""
        assert list(like_ours({"findings": findings, "lines": lines})) == told

    def test_kind_of_procedures(self) -> None:
        """A name that columns of two tables have means that of its own table."""
        columns = {"findings": [], "procedures": ["type"]}
        assert list(like_ours(columns)) == [("type", "procedures", "kind")]

    def test_notes(self) -> None:
        """They are notes on the table."""
        table = sizes(a=[20], b=[30]) | {"location": ["x", "y"], 7: [1, 2]}
        what = 'column "location" of the findings is not read'
        assert notes_of(table) == [(None, "", "LIKE_A_COLUMN", what, "the column organ")]


def test_of_tables() -> None:
    """The kinds that only tables show are those marked so."""
    assert [code for code, kind in NOTES.items() if kind.of_tables] == [
        "SIMILAR_PATIENTS",
        "LOOKS_LIKE_CM",
        "ALL_LIKE_CM",
        "LIKE_A_COLUMN",
        "UNREAD_COLUMN",
    ]


def test_many() -> None:
    """A plain table of many rows is looked through in a moment, and without a note."""
    count = 100_000
    patient = np.repeat(np.arange(count // 5), 5)
    findings = {
        "patient": patient, "date": np.tile(np.arange(5) * 60, count // 5),
        "lesion": np.full(count, "T"), "viable_mm": np.tile([40.0, 30, 25, 27, 31], count // 5),
    }  # fmt: skip
    assert len(mrecist.assess_cohort(findings).notes["patient"]) == 0
