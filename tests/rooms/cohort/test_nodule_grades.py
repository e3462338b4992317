"""RECICL of one patient and of a cohort: the oracle, `assess` and `assess_cohort` agree."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.cohort_tables import Cohort, cohorts, rows_of
from support.oracle_nodules import nodules_graded

import mrecist
from mrecist import CriteriaError
from mrecist.conformance import differences
from mrecist.testing.strategies import case_documents

jsonschema = pytest.importorskip("jsonschema")
VALIDATOR = jsonschema.Draft202012Validator(mrecist.schema("assessment"))
EXAMPLES = settings().max_examples
SHOWN = ("lesion", "category", "grade", "read_as", "baseline_area_mm2", "area_mm2",
         "viable_area_mm2", "problems")  # fmt: skip


def graded(case: dict[str, Any]) -> dict[str, Any]:
    return mrecist.to_assessment(mrecist.assess(mrecist.from_case(case), criteria="recicl"))


def nodule(*visits: dict[str, Any], **lesion: Any) -> dict[str, Any]:
    return {
        "format": "mrecist-case/1",
        "patient": "P",
        "lesions": [{"id": "S8", "organ": "liver", "kind": "nodule", **lesion}],
        "timepoints": [
            {"date": 56 * at, "findings": [{"lesion": "S8", **each}]}
            for at, each in enumerate(visits)
        ],
        "lines": [{"agents": ["TACE"], "start": 0}],
    }


def sized(whole: Any, viable: Any, **others: Any) -> dict[str, Any]:
    return {
        "longest_mm": whole,
        "longest_perp_mm": 10,
        "viable_mm": viable,
        "viable_perp_mm": 10,
        **others,
    }


LUNG = {"id": "X", "organ": "lung", "kind": "nodule"}


@pytest.mark.parametrize(
    ("other", "first", "later", "overall"),
    [
        (LUNG, {"longest_mm": 20}, {"longest_mm": 40}, None),
        (LUNG, None, {"longest_mm": 20}, None),
        ({**LUNG, "organ": "liver", "enhancement": "none"},
         {"longest_mm": 20}, {"longest_mm": 20}, None),
        (LUNG, None, {"status": "absent"}, "TE4"),
        ({**LUNG, "kind": "effusion"}, {"status": "present"}, {"status": "present"}, "TE4"),
    ],
)  # fmt: skip
def test_other_nodules(other: Any, first: Any, later: Any, overall: str | None) -> None:
    """No overall TE4 over a nodule that has none, wherever it is."""
    case = nodule(sized(40, 40), sized(40, 0))
    case["lesions"].append(other)
    for timepoint, says in zip(case["timepoints"], (first, later), strict=True):
        timepoint["findings"] += [] if says is None else [{"lesion": "X", **says}]
    for told in (graded(case), nodules_graded(case)):
        assert told["lines"][0]["timepoints"][0].get("overall") == overall


class TestAgreement:
    """Two independent people who implement the page must agree on every chart."""

    @settings(max_examples=2 * EXAMPLES)
    @given(case=case_documents())
    def test_charts(self, case: dict[str, Any]) -> None:
        assert not differences(nodules_graded(case), graded(case))
        assert VALIDATOR.is_valid(graded(case))

    @settings(max_examples=max(EXAMPLES // 4, 1))
    @given(cohort=cohorts(max_patients=3))
    def test_cohorts(self, cohort: Cohort) -> None:
        """The table has a row for each nodule of each follow-up, as `assess` gives them."""
        responses = mrecist.assess_cohort(**cohort.tables, criteria="recicl")
        expected, overall = [], []
        for document in cohort.told:
            for line in graded(document)["lines"]:
                for timepoint in line["timepoints"]:
                    overall.append(timepoint.get("overall"))
                    expected += [
                        {
                            "patient": document["patient"],
                            "line": line["line"],
                            **{name: each[name] for name in SHOWN},
                            "problems": ";".join(each["problems"]),
                        }
                        for each in timepoint["lesions"]
                    ]
        rows = [
            {key: cell for key, cell in row.items() if key != "date"}
            for row in rows_of(responses.lesions)
        ]
        assert rows == expected
        assert [row["overall"] for row in rows_of(responses.timepoints)] == overall


class TestThresholds:
    """More than a quarter enlarges, half is enough, one micrometre decides."""

    @settings(max_examples=EXAMPLES)
    @given(tenths=st.integers(1_000, 100_000))
    def test_limits(self, tenths: int) -> None:
        def grade(whole: int, viable: int) -> str:
            before = sized(f"{4 * tenths / 1000:.3f}", f"{4 * tenths / 1000:.3f}")
            now = sized(f"{whole / 1000:.3f}", f"{viable / 1000:.3f}")
            (line,) = graded(nodule(before, now))["lines"]
            return str(line["timepoints"][0]["lesions"][0]["grade"])

        assert grade(5 * tenths, 5 * tenths) == "TE2"
        assert grade(5 * tenths + 1, 0) == "TE1"
        assert grade(4 * tenths, 2 * tenths) == "TE3"
        assert grade(4 * tenths, 2 * tenths + 1) == "TE2"
        assert grade(2 * tenths, 2 * tenths) == "TE3"
        assert grade(2 * tenths + 1, 2 * tenths + 1) == "TE2"
        assert grade(4 * tenths, 0) == "TE4b"


class TestAnswers:
    """What the answer holds, and what it does not."""

    def test_words(self) -> None:
        """Of all nodules only that each is TE4 is said (RD-RECICL-OVERALL)."""
        found = mrecist.assess(
            mrecist.from_case(nodule(sized(40, 40), sized(40, 0, margin="enough"))),
            criteria=mrecist.RECICL,
        )
        timepoint = found.at(1, 56)
        assert (timepoint.response, timepoint.overall) == (None, "TE4")
        (lesion,) = timepoint.lesions
        assert (lesion.category, lesion.read_as) == ("TE4a", "CR")
        assert lesion.treatment is lesion.treated_on is lesion.size_mm is None
        assert lesion.reasons[0].rule == "TE4a"
        assert str(lesion) == (
            "S8: TE4a, as CR; no viable area left, with an ablative margin all round"
        )
        assert "TE4a" in mrecist.explain(found)
        assert "TE4a" in found._repr_html_()

    def test_left_out(self) -> None:
        """Only enhancing nodules of the liver that the baseline shows are graded."""
        for lesion in ({"organ": "lung"}, {"enhancement": "none"}):
            (line,) = graded(nodule(sized(40, 40), sized(40, 0), **lesion))["lines"]
            assert line["timepoints"][0]["lesions"] == []
        (line,) = graded(nodule({"status": "absent"}, sized(40, 0)))["lines"]
        assert line["timepoints"][0]["lesions"] == []
        case = nodule(sized(40, 40), sized(40, 0))
        case["lines"][0]["start"] = -10
        (line,) = graded(case)["lines"]
        assert [each["lesions"] for each in line["timepoints"]] == [[], []]

    def test_missing(self) -> None:
        without = {"longest_mm": 40, "longest_perp_mm": 10}
        (line,) = graded(nodule(sized(40, 40), without))["lines"]
        (lesion,) = line["timepoints"][0]["lesions"]
        assert (lesion["grade"], lesion["problems"]) == ("NE", ["NO_SIZE"])

    def test_no_response(self) -> None:
        """Where a response is asked for, grades are refused."""
        with pytest.raises(CriteriaError, match="criteria recicl grade treated lesions"):
            mrecist.compare(mrecist.from_case(nodule(sized(40, 40))), "recicl")

    def test_why(self) -> None:
        table = {"patient": ["P", "P"], "date": [0, 56], "lesion": ["S8", "S8"],
                 "longest_mm": [40, 40], "longest_perp_mm": [30, 30],
                 "viable_mm": [40, 20], "viable_perp_mm": [30, 30]}  # fmt: skip
        responses = mrecist.assess_cohort(table, criteria="recicl")
        assert responses.lesions["grade"].tolist() == ["TE3"]
        assert "necrosis of half or more" in responses.why("P")
        assert attrs.asdict(mrecist.RECICL)["name"] == "recicl"


def test_impossible_diameters() -> None:
    """What cannot be of two diameters is told beside any grade, in documents and tables."""
    case = mrecist.from_case(nodule(sized(40, 40), sized(40, 0, viable_mm=50, longest_perp_mm=60)))
    wanted = {"VIABLE_EXCEEDS_WHOLE", "PERP_EXCEEDS_LONGEST"}
    (lesion,) = mrecist.assess(case, criteria=mrecist.RECICL).at(1, 56).lesions
    assert wanted <= set(lesion.problems.words)
