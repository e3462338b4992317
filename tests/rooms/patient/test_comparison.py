"""Criteria side by side: every follow-up under each of them, and where they differ."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
from hypothesis import given

import mrecist
from mrecist import (
    CRITERIA,
    MRECIST,
    RECIST_1_1,
    CriteriaError,
    Finding,
    Lesion,
    Patient,
    TherapyLine,
    Timepoint,
    assess,
    compare,
)
from mrecist.testing.strategies import case_documents

FOOTNOTE = "* as reported: the criteria reach no graded verdict there"


def patient(*, reported: str | None = None) -> Patient:
    """Necrosis: the viable diameter falls, the whole one does not; then a scan without sizes."""
    scans: list[tuple[int, dict[str, Any]]] = [
        (-7, {"viable_mm": 50, "longest_mm": 50}),
        (60, {"viable_mm": 20, "longest_mm": 50}),
        (120, {"status": "not evaluable"}),
    ]
    return Patient(
        "P-001",
        [Lesion("S8", "liver", "nodule")],
        [
            Timepoint(day, [Finding("S8", **said)], reported=reported if day == 120 else None)
            for day, said in scans
        ],
        [TherapyLine(["lenvatinib"], 0)],
    )


class TestTable:
    """`str` gives one row a follow-up, and one for the best response of each line."""

    def test_stand_in(self) -> None:
        """A reported verdict that stands in is marked, and the mark is explained."""
        assert str(compare(patient(reported="PD"), "mrecist", "recist-1.1")).splitlines() == [
            "P-001",
            "line  date  mrecist  recist-1.1",
            "1     60    PR       SD          differ",
            "1     120   PD*      PD*",
            "1     best  PR       SD          differ",
            FOOTNOTE,
        ]

    def test_nothing_stands_in(self) -> None:
        """Without a mark there is nothing to explain; a verdict only compared is not marked."""
        for found in (compare(patient()), compare(patient(reported="NE"))):
            assert "*" not in str(found)
            assert str(found).splitlines()[3] == "1     120   NE       NE"

    def test_under_one_of_them(self) -> None:
        """Where only one of the criteria reaches no graded verdict, only that one is marked."""
        found = Patient(
            "P",
            [Lesion("S8", "liver", "nodule")],
            [
                Timepoint(0, [Finding("S8", viable_mm=50)]),
                Timepoint(60, [Finding("S8", viable_mm=20)], reported="SD"),
            ],
            [TherapyLine(["x"], 0, targets=["S8"])],
        )
        told = str(compare(found, "mrecist", "recist-1.1")).splitlines()
        assert told[2] == "1     60    PR       SD*         differ"
        assert told[-1] == FOOTNOTE

    def test_no_line(self) -> None:
        """A patient without a line has a head and no rows."""
        found = compare(Patient("P", [], [], []))
        assert found.rows == ()
        assert str(found) == "P\nline  date  mrecist  recist-1.1"

    def test_repr(self) -> None:
        assert repr(compare(patient())) == "<Comparison P-001: mrecist, recist-1.1>"


class TestChoice:
    """Any criteria, by name or as they are; HCC mRECIST and RECIST 1.1 by default."""

    def test_default(self) -> None:
        found = compare(patient())
        assert [each.criteria for each in found.assessments] == [MRECIST, RECIST_1_1]
        assert compare(patient(), "mrecist", RECIST_1_1) == found

    def test_all(self) -> None:
        found = compare(patient(), *CRITERIA)
        assert [each.criteria for each in found.assessments] == [*CRITERIA.values()]
        assert all(len(row.responses) == len(row.reported) == len(CRITERIA) for row in found.rows)

    def test_unknown(self) -> None:
        with pytest.raises(CriteriaError, match=r'"mrecist", "mrecist-5mm", "recist-1.1"'):
            compare(patient(), "mrecist", "recist")

    def test_copies(self) -> None:
        """A comparison is a value."""
        found = compare(patient(reported="PD"))
        for same in (copy.deepcopy(found), pickle.loads(pickle.dumps(found))):
            assert same == found
            assert str(same) == str(found)


class TestRows:
    """The rows as data are what each assessment says by itself."""

    @given(case=case_documents())
    def test_each(self, case: dict[str, Any]) -> None:
        chart = mrecist.from_case(case)
        rows = iter(compare(chart, *CRITERIA).rows)
        assessments = [assess(chart, criteria=name) for name in CRITERIA]
        for number, line in enumerate(assessments[0].lines, 1):
            for timepoint in line.timepoints:
                row = next(rows)
                each = [assessment.at(number, timepoint.date) for assessment in assessments]
                assert (row.line, row.date) == (number, timepoint.date)
                assert row.responses == tuple(one.response for one in each)
                assert row.reported == tuple(one.source == "reported" for one in each)
                assert row.differ == (len({one.response for one in each}) > 1)
            row = next(rows)
            best = [assessment.lines[number - 1].best_response for assessment in assessments]
            assert (row.line, row.date, row.responses) == (number, None, tuple(best))
        assert next(rows, None) is None
