"""What whole charts cannot say is refused of tables as it is refused of documents."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.cohort_tables import FORMS, Form, cohort_of, rows_of

import mrecist
from mrecist.cohort.chart_mistakes import _differs
from mrecist.cohort.one_patient import patient_of, read_of
from mrecist.testing._choices import Document
from mrecist.testing._forms import PLAIN

CHART: Document = {
    "format": "mrecist-case/1",
    "patient": "P-1",
    "lesions": [
        {"id": "E", "organ": "liver", "kind": "effusion"},
        {"id": "S4", "organ": "liver", "kind": "nodule"},
        {"id": "S8", "organ": "liver", "kind": "nodule"},
        {"id": "S8a", "organ": "liver", "kind": "nodule", "part_of": "S8"},
    ],
    "timepoints": [
        {"date": 0, "findings": [
            {"lesion": "E", "status": "present"},
            {"lesion": "S4", "viable_mm": 20, "longest_mm": 20},
            {"lesion": "S8", "viable_mm": 40, "longest_mm": 40},
        ]},
        {"date": 60, "visit": "second", "reported": "SD", "findings": [
            {"lesion": "S4", "viable_mm": 12, "longest_mm": 12},
        ]},
        {"date": 63, "visit": "second", "unmentioned": "unchanged", "findings": [
            {"lesion": "S8", "viable_mm": 12, "longest_mm": 12},
            {"lesion": "S8a", "viable_mm": 12, "longest_mm": 12},
        ]},
        {"date": 120, "reported": {"mrecist": "PR", "recist-1.1": "SD"}, "findings": [
            {"lesion": "S4", "into": "S8"},
            {"lesion": "S8", "viable_mm": 12, "longest_mm": 12},
        ]},
    ],
    "lines": [{"agents": ["sorafenib"], "start": 1, "targets": ["S4", "S8"], "nontargets": ["E"]}],
    "procedures": [
        {"date": 100, "kind": "TACE", "lesions": ["S8"], "text": "of segment 8"},
        {"date": 100, "kind": "drainage"},
    ],
}  # fmt: skip
"""A sound chart with everything that is rare."""


def put(document: Document, *path: Any, value: Any) -> None:
    """Set a value in a document."""
    record: Any = document
    for step in path[:-1]:
        record = record[step]
    record[path[-1]] = value


def finding(t: int, f: int, **said: Any) -> Callable[[Document], None]:
    return lambda chart: chart["timepoints"][t]["findings"][f].update(said)


def added(t: int, **said: Any) -> Callable[[Document], None]:
    return lambda chart: chart["timepoints"][t]["findings"].append(said)


def value(*path: Any, value: Any) -> Callable[[Document], None]:
    return lambda chart: put(chart, *path, value=value)


def merged(into: str) -> Callable[[Document], None]:
    """The last lesion of the third examination, a fragment, has merged into another."""
    return value("timepoints", 2, "findings", 1, value={"lesion": "S8a", "into": into})


def parent_merged(chart: Document) -> None:
    chart["timepoints"][2]["findings"] = [
        {"lesion": "S8", "into": "S8a"}, {"lesion": "S8a", "status": "present"},
    ]  # fmt: skip


def chained(chart: Document) -> None:
    chart["timepoints"][3]["findings"][1] = {"lesion": "S8", "into": "E"}
    chart["timepoints"][3]["findings"].append({"lesion": "E", "status": "present"})


def verdicts(one: Any, other: Any) -> Callable[[Document], None]:
    def change(chart: Document) -> None:
        for t, word in ((1, one), (2, other)):
            chart["timepoints"][t]["reported"] = word

    return change


MISTAKES: dict[str, tuple[Callable[[Document], None], int]] = {
    "a fragment of nothing": (value("lesions", 3, "part_of", value="S9"), 1),
    "of itself": (value("lesions", 3, "part_of", value="S8a"), 1),
    "of another kind": (value("lesions", 3, "part_of", value="E"), 1),
    "of a fragment": (value("lesions", 1, "part_of", value="S8a"), 2),
    "a target": (value("lines", 0, "targets", value=["S4", "S8a"]), 1),
    "a non-target": (value("lines", 0, "nontargets", value=["S8a"]), 1),
    "into nothing": (value("timepoints", 3, "findings", 0, "into", value="S9"), 1),
    "into itself": (value("timepoints", 3, "findings", 0, "into", value="S4"), 1),
    "into what is not recorded": (value("timepoints", 3, "findings", 0, "into", value="E"), 1),
    "into what has merged": (chained, 1),
    "into the whole": (merged("S8"), 1),
    "into a fragment": (parent_merged, 1),
    "with a size": (finding(3, 0, longest_mm=12), 1),
    "with a size of nothing": (finding(3, 0, short_axis_mm=0), 1),
    "with a status": (finding(3, 0, status="present"), 1),
    "recorded again": (added(2, lesion="S4", status="present"), 1),
    "two verdicts": (verdicts("SD", "PR"), 1),
    "a word beside an object": (verdicts("SD", {"mrecist": "SD"}), 1),
    "an object beside a word": (verdicts({"mrecist": "SD"}, "SD"), 1),
    "two objects that differ": (verdicts({"recist-1.1": "SD"}, {"recist-1.1": "PR"}), 1),
    "a procedure on nothing": (value("procedures", 0, "lesions", value=["S9", "S8"]), 1),
}


def by_document(chart: Document) -> list[tuple[str, str]]:
    """Where the mistakes of a document lie, in the words of tables, and what they are."""
    with pytest.raises(mrecist.CaseError) as caught:
        mrecist.from_case(chart)
    days = [each["date"] for each in chart["timepoints"]]
    return sorted(
        (
            re.sub(r"^.*\.(reported|lesions?|targets|nontargets)\b.*", r"\1", path).rpartition(".")[
                2
            ],
            re.sub(r"in timepoints\[(\d)\]", lambda i: f"on {days[int(i[1])]}", told).replace(
                "this case", "this patient"
            ),
        )
        for path, told in caught.value.mistakes
    )


def by_tables(chart: Document, form: Form = PLAIN) -> list[tuple[str, str]]:
    """Where the mistakes of the same chart as tables lie, and what they are."""
    cohort = cohort_of([chart], form)
    found = mrecist.assess_cohort(**cohort.tables, errors="collect")
    assert all(each["patient"] == "P-1" for each in rows_of(found.errors))
    return sorted(
        (
            each["column"].rpartition("lines.")[2].rpartition("procedures.")[2].partition(":")[0],
            each["error"],
        )
        for each in rows_of(found.errors)
    )


class TestBothDoors:
    """A chart with a mistake is refused with one message, as a document and as tables."""

    @pytest.mark.parametrize("name", MISTAKES)
    @settings(max_examples=settings().max_examples // 3)
    @given(form=FORMS)
    def test_same(self, name: str, form: Form) -> None:
        change, count = MISTAKES[name]
        chart = copy.deepcopy(CHART)
        change(chart)
        expected = by_document(chart)
        assert len(expected) == count
        assert by_tables(chart, form) == expected

    @given(form=FORMS)
    def test_sound(self, form: Form) -> None:
        """Nothing is refused of a sound chart, and it comes back as it went in."""
        cohort = cohort_of([CHART], form)
        found = mrecist.assess_cohort(**cohort.tables)
        assert found.patient("P-1") == mrecist.from_case(CHART)

    def test_there_and_back(self) -> None:
        """One chart as a cohort of one, and that as a chart again."""
        chart = mrecist.from_case(CHART)
        data = read_of(chart)
        assert patient_of(data, 0) == chart
        assert data.findings.reported_by.keys() == {"mrecist", "recist-1.1"}
        bare = mrecist.from_case({**CHART, "lesions": CHART["lesions"][:3], "procedures": [],
                                  "timepoints": CHART["timepoints"][:1]})  # fmt: skip
        data = read_of(bare)
        assert patient_of(data, 0) == bare
        absent = ("visit", "unmentioned", "part_of", "into")
        assert [getattr(data.findings, name) for name in absent] == [None] * 4
        assert data.procedures is None
        assert data.findings.reported_by == {}

    def test_unrecorded(self) -> None:
        """A procedure on a lesion that no time point records is one on no lesion of the cohort."""
        chart = {
            **CHART,
            "lesions": [*CHART["lesions"], {"id": "S2", "organ": "liver", "kind": "nodule"}],
            "procedures": [{"date": -9, "kind": "resection", "lesions": ["S2"]}],
        }
        (procedure,) = patient_of(read_of(mrecist.from_case(chart)), 0).procedures
        assert procedure == mrecist.Procedure(-9, "resection")

    def test_only_procedures(self) -> None:
        """A chart of procedures alone has their kind of dates."""
        chart = mrecist.Patient("P", [], [], [], procedures=[mrecist.Procedure(3, "RFA")])
        assert patient_of(read_of(chart), 0) == chart

    def test_others_are_judged(self) -> None:
        """A mistake costs its own patient alone."""
        wrong = copy.deepcopy(CHART) | {"patient": "P-2"}
        wrong["lesions"][3]["part_of"] = "E"
        cohort = cohort_of([wrong, CHART])
        found = mrecist.assess_cohort(**cohort.tables, errors="collect")
        assert set(found.lines["patient"].tolist()) == {"P-1"}
        assert set(found.errors["patient"].tolist()) == {"P-2"}


def refused(findings: list[dict[str, Any]], **tables: Any) -> list[tuple[Any, ...]]:
    """The mistakes in rows of findings, each of patient P on day 0 unless it says otherwise."""
    names = dict.fromkeys(name for row in findings for name in row)
    rows = [{"patient": "P", "date": 0, "lesion": None} | row for row in findings]
    columns = {
        name: [row.get(name) for row in rows] for name in ("patient", "date", "lesion", *names)
    }
    found = mrecist.assess_cohort(columns, **tables, errors="collect")
    return [tuple(row.values()) for row in rows_of(found.errors)]


class TestRows:
    """What only tables can say wrongly."""

    @pytest.mark.parametrize(
        ("column", "one", "other", "told"),
        [
            ("visit", "a", "b", "must agree in all rows of a date, got 'b' and 'a'"),
            ("unmentioned", "unchanged", "not evaluable",
             'must agree in all rows of a date, got "not evaluable" and "unchanged"'),
            ("reported:own", "PR", "CR", 'must agree in all rows of a date, got "CR" and "PR"'),
        ],
    )  # fmt: skip
    def test_of_a_date(self, column: str, one: str, other: str, told: str) -> None:
        """The rows of a date agree on what they say of it."""
        rows = [
            {"lesion": "A", "longest_mm": 20, column: one},
            {"lesion": "B", "longest_mm": 20, column: None},
            {"lesion": "C", "longest_mm": 20, column: other},
        ]
        (wrong,) = refused(rows)
        assert wrong[0] == "P"
        assert wrong[2] == column
        assert sorted(re.findall(r"""['"]([^'"]+)['"]""", wrong[3])) == sorted([one, other])
        assert refused(rows[:2]) == []

    def test_of_a_lesion(self) -> None:
        """The rows of a lesion agree on what it is part of."""
        rows = [
            {"lesion": lesion, "date": day, "longest_mm": 20, "part_of": part_of}
            for lesion, day, part_of in [
                ("A", 0, None), ("B", 0, None), ("C", 0, "A"), ("C", 50, None), ("C", 90, "B"),
            ]
        ]  # fmt: skip
        ((_, _, column, told),) = refused(rows)
        assert column == "part_of"
        assert told.startswith("must agree in all rows of a lesion, got ")
        assert refused(rows[:4]) == []

    def test_word_beside_criteria(self) -> None:
        """One examination has a word or words by criteria."""
        rows = [
            {"lesion": "A", "longest_mm": 20, "reported": "PR"},
            {"lesion": "B", "longest_mm": 20, "reported:mrecist": "PR", "reported:own": None},
        ]
        told = "must be left out where reported:mrecist is given"
        assert refused(rows) == [("P", 0, "reported", told)]
        rows[1]["date"] = 50
        assert refused(rows) == []

    def test_merging_without_lesion(self) -> None:
        """A row that says what has merged says which lesion it was."""
        rows = [{"lesion": "A", "longest_mm": 20}, {"into": "A"}]
        told = "must be given where the row has a finding"
        assert refused(rows) == [("P", 1, "lesion", told)]

    def test_lesion_of_another(self) -> None:
        """A lesion that only other patients have is none of this one."""
        rows = [
            {"lesion": "A", "longest_mm": 20, "part_of": "B"},
            {"lesion": "A", "date": 50, "into": "B"},
            {"patient": "Q", "lesion": "B", "longest_mm": 20},
        ]
        told = "must be the id of a lesion of this patient, got 'B'"
        done = {
            "patient": ["P", "Q"],
            "date": [0, 0],
            "kind": ["RFA", "RFA"],
            "lesions": ["B", "A"],
        }
        assert refused(rows, procedures=done) == [
            ("P", 0, "part_of", told),
            ("P", 1, "into", told),
            ("P", 0, "procedures.lesions", told),
            ("Q", 1, "procedures.lesions", told.replace("B", "A")),
        ]

    def test_broken_row(self) -> None:
        """A row without a date that can be read still says that the lesion is one."""
        rows = [
            {"lesion": "A", "date": "soon", "longest_mm": 20},
            {"lesion": "B", "date": "3", "longest_mm": 20, "part_of": "A"},
        ]
        done = {"patient": ["P"], "date": [0], "kind": ["RFA"], "lesions": ["A"]}
        ((_, row, column, _),) = refused(rows, procedures=done)
        assert (row, column) == (0, "date")

    def test_dates(self) -> None:
        """Another examination of the visit is called by its date."""
        rows = [
            {"lesion": "A", "date": date, "longest_mm": 20, "visit": "1"}
            for date in ("2024-01-03", "2024-01-05")
        ]
        ((_, row, column, told),) = refused(rows)
        assert (row, column) == (1, "lesion")
        assert told == "must be recorded once in a visit, got 'A' as on 2024-01-03"

    def test_visits_in_disorder(self) -> None:
        """Rows may lie anywhere; a visit of one row that names it is one of all its rows."""
        rows = [
            {"lesion": "B", "date": 2, "longest_mm": 20},
            {"lesion": "A", "date": 0, "longest_mm": 20, "visit": "1"},
            {"lesion": "A", "date": 2, "longest_mm": 20, "visit": "1"},
            {"patient": "Q", "date": 2, "visit": "1"},
            {"patient": "Q", "date": 0, "lesion": "A", "longest_mm": 20, "visit": "1"},
            {"date": 9, "visit": None},
        ]
        ((patient, row, column, _),) = refused(rows)
        assert (patient, row, column) == ("P", 2, "lesion")

    def test_nobody(self) -> None:
        """A row of nobody is a mistake of nobody, whatever it says."""
        rows = [{"patient": None, "lesion": "A", "into": "A", "part_of": "A", "visit": "1"}]
        assert refused(rows) == [(None, 0, "patient", "must be given")]

    def test_nothing_differs(self) -> None:
        assert _differs(np.zeros(0, int), np.zeros(0, int)).tolist() == []


FINDINGS: dict[str, list[Any]] = {
    "patient": ["P", "P"], "date": [0, 50], "lesion": ["A", "A"], "longest_mm": [20, 20],
}  # fmt: skip


class TestProcedures:
    """A table of procedures."""

    def told(self, **procedures: Any) -> list[tuple[Any, ...]]:
        columns = {"patient": ["P"], "date": [0], "kind": ["RFA"]} | procedures
        found = mrecist.assess_cohort(FINDINGS, procedures=columns, errors="collect")
        return [tuple(row.values()) for row in rows_of(found.errors)]

    @pytest.mark.parametrize(
        ("column", "cell", "told"),
        [
            ("patient", None, "must be given"),
            ("date", None, "must be given"),
            ("date", "soon", "must be a date like \"2024-01-31\" or a study day, got 'soon'"),
            ("date", "2024-01-31", "must be a study day as the other dates of the patient are"),
            ("kind", " ", "must be given"),
            ("kind", True, "must be text, not empty, got True"),
            ("lesions", "A;A", "[1] must not be named twice, got 'A'"),
            ("lesions", "B", "must be the id of a lesion of this patient, got 'B'"),
            ("text", 7, "must be text, got 7"),
        ],
    )
    def test_mistakes(self, column: str, cell: Any, told: str) -> None:
        patient = None if column == "patient" else "P"
        assert self.told(**{column: [cell]}) == [(patient, 0, f"procedures.{column}", told)]

    def test_kept(self) -> None:
        """By date, those of one date as they lie in the table, which may have any order."""
        done = {
            "patient": ["P", "Q", " P ", None, "P"],
            "date": [9, 3, 2, None, 2],
            "kind": ["TACE ", "RFA", "resection", None, "drainage"],
            "lesions": [" A ", None, None, None, ";"],
            "text": [None, None, "of segment 8 ", "", " "],
        }
        found = mrecist.assess_cohort(FINDINGS, procedures=done)
        assert found.patient("P").procedures == (
            mrecist.Procedure(2, "resection", text="of segment 8 "),
            mrecist.Procedure(2, "drainage"),
            mrecist.Procedure(9, "TACE", lesions=["A"]),
        )
        assert found.patient("Q").procedures == (mrecist.Procedure(3, "RFA"),)
        assert found.untreated.tolist() == ["Q"]
        assert len(found.patients) == 2

    def test_columns(self) -> None:
        """A column that is missing or misspelt is refused at once."""
        with pytest.raises(mrecist.CohortError, match=r"procedures\.kind: this column is required"):
            mrecist.assess_cohort(FINDINGS, procedures={"patient": [], "date": []})
        with pytest.raises(mrecist.CohortError, match=r"procedures\.lesion: unknown column; did"):
            self.told(lesion=["A"])

    def test_without_rows(self) -> None:
        none: dict[str, list[Any]] = {"patient": [], "date": [], "kind": [], "lesions": []}
        assert self.told(**none) == []


class TestAsTyped:
    """Tables are read as people type them."""

    def read(self, **columns: Any) -> Any:
        count = max(len(each) for each in columns.values())
        table = {"patient": ["P"] * count, "date": [50 * i for i in range(count)],
                 "lesion": ["A"] * count, "longest_mm": [20] * count}  # fmt: skip
        return mrecist.assess_cohort(table | columns).patient("P")

    @pytest.mark.parametrize("word", ["Too_Small", " too small ", "TOO SMALL", "too_small"])
    def test_words(self, word: str) -> None:
        chart = self.read(longest_mm=[20, None], status=[" Measured", word])
        assert [each.findings[0].status for each in chart.timepoints] == ["measured", "too small"]

    def test_words_of_criteria(self) -> None:
        chart = self.read(**{"reported:recist-1.1": [None, "non-cr/non-pd"]})
        assert chart.timepoints[1].reported == {"recist-1.1": "NON-CR/NON-PD"}

    @pytest.mark.parametrize(
        ("cell", "flag"), [("Yes", True), ("y ", True), ("NO", False), ("n", False), (" ", False)]
    )
    def test_flags(self, cell: str, flag: bool) -> None:
        assert self.read(equivocal=["no", cell]).timepoints[1].findings[0].equivocal is flag

    def test_ids(self) -> None:
        chart = self.read(patient=["P", " P "], lesion=["A ", " A"], visit=[" 1", "2\t"])
        assert [lesion.id for lesion in chart.lesions] == ["A"]
        assert [each.visit for each in chart.timepoints] == ["1", "2"]

    @pytest.mark.parametrize(
        "date",
        [
            "2024-06-03 00:00:00",
            "2024-06-03T00:00:00",
            " 2024-06-03 00:00",
            "2024-06-03",
            "2024-06-03 00:00:00.000",
        ],
    )
    def test_dates(self, date: str) -> None:
        assert str(self.read(date=[date]).timepoints[0].date) == "2024-06-03"

    @pytest.mark.parametrize(
        "time", ["2024-06-03 12:30:00", "2024-06-03T00:00:01", "2024-06-03 00:00:00.001"]
    )
    def test_time_of_day(self, time: str) -> None:
        with pytest.raises(mrecist.CohortError, match="must be a date without a time of day"):
            self.read(date=[time])

    @pytest.mark.parametrize("date", ["2024-06-31 00:00:00", "x 00:00", "00:00:00"])
    def test_no_date(self, date: str) -> None:
        with pytest.raises(mrecist.CohortError, match="row 0, date: must be a date"):
            self.read(date=[date])

    @pytest.mark.parametrize("nothing", [None, "", " "])
    def test_empty_rows(self, nothing: Any) -> None:
        """Rows of nothing are skipped, in every table; rows that say anything are not."""
        table = {"patient": ["P", nothing], "date": ["0", nothing], "lesion": ["A", nothing],
                 "longest_mm": np.array([20, np.nan])}  # fmt: skip
        lines = {"patient": ["P", nothing], "start": ["0", nothing]}
        found = mrecist.assess_cohort(table, lines)
        assert len(found.patients) == 1
        table["longest_mm"] = np.array([20, 20])
        with pytest.raises(mrecist.CohortError) as caught:
            mrecist.assess_cohort(table, lines)
        assert [each[1:3] for each in caught.value.rows] == [(1, "patient"), (1, "date")]

    def test_columns_of_criteria(self) -> None:
        with pytest.raises(mrecist.CohortError, match="must name the criteria, like reported:mre"):
            self.read(**{"reported:": [None]})

    @given(st.sampled_from(["info", 7, "remarks"]))
    def test_other_columns(self, name: Any) -> None:
        """Other columns are left alone."""
        table = {"patient": ["P"], "date": [0], "lesion": ["A"], "longest_mm": [20], name: [1]}
        assert len(mrecist.assess_cohort(table).patients) == 1
