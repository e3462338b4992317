"""What a verdict of a comparison rests on: a rule from memory, a reading, or neither."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

import mrecist
from mrecist import Evidence, compare, from_case
from mrecist.patient.reasons import timepoint_rules
from mrecist.rulebook.readings import Reading
from mrecist.testing.strategies import case_documents

Document = dict[str, Any]


def chart(*scans: Document, **more: Any) -> mrecist.Patient:
    """Two liver nodules, T from the first scan on; one scan every eight weeks."""
    return from_case(
        {
            "format": "mrecist-case/1",
            "patient": "P",
            "lesions": [{"id": name, "organ": "liver", "kind": "nodule"} for name in "TN"],
            "timepoints": [
                {
                    "date": 56 * place,
                    "findings": [
                        {"lesion": name} | said for name, said in scan.items() if name in "TN"
                    ],
                }
                | {key: said for key, said in scan.items() if key not in "TN"}
                for place, scan in enumerate(scans)
            ],
            "lines": [{"agents": ["lenvatinib"], "start": 0}],
        }
        | more
    )


def sized(mm: float) -> Document:
    return {"viable_mm": mm, "longest_mm": mm}


class TestMarks:
    """Each verdict is marked by the weakest source behind it."""

    @pytest.mark.parametrize(
        ("follow_up", "rests_on"),
        [
            ({"T": sized(20)}, ("", "", "")),
            ({"T": sized(20), "N": sized(12) | {"pattern": "typical"}},
             ("recalled", "", "")),
            ({"T": sized(20), "N": sized(9) | {"biopsy": "positive"}}, ("reading", "", "")),
            ({"T": {"status": "not evaluable"}, "reported": "PR"}, ("", "", "")),
            ({"T": sized(20), "reported": "PR"}, ("", "", "")),
        ],
    )  # fmt: skip
    def test_each(self, follow_up: Document, rests_on: tuple[str, ...]) -> None:
        found = compare(
            chart({"T": sized(20)}, follow_up), "mrecist", "recist-1.1", "recist-1.1-leap012"
        )
        assert found.rows[0].rests_on == rests_on

    def test_text(self) -> None:
        """The marks stand behind the verdicts, and are explained below."""
        patient = chart({"T": sized(20)}, {"T": sized(20), "N": sized(12) | {"pattern": "typical"}})
        told = str(compare(patient)).splitlines()
        assert told[2].split() == ["1", "56", "PD?", "PD"]
        assert told[-1] == "? rests on a rule known from memory: mrecist rules --to-check"
        other = chart({"T": sized(20)}, {"T": {"status": "not evaluable"}, "reported": "PR"})
        told = str(compare(other)).splitlines()
        assert told[2].split() == ["1", "56", "PR*", "PR*"]
        assert told[-1] == "* as reported: the criteria reach no graded verdict there"
        proved = chart({"T": sized(20)}, {"T": sized(20), "N": sized(9) | {"biopsy": "positive"}})
        told = str(compare(proved)).splitlines()
        assert told[2].split() == ["1", "56", "PD~", "PD"]
        assert told[-1] == "~ rests on a decision of this project: mrecist rules --readings"

    def test_any_list(self) -> None:
        """Any criteria, by name or as they are, in the order in which they are given."""
        names = [*mrecist.CRITERIA][::-1]
        found = compare(chart({"T": sized(20)}, {"T": sized(20)}), *names)
        assert [each.criteria.name for each in found.assessments] == names

    @given(case=case_documents())
    def test_of_any_chart(self, case: Document) -> None:
        """A mark is never given without a rule of that kind."""
        found = compare(from_case(case), *mrecist.CRITERIA)
        rows = iter(found.rows)
        for number, line in enumerate(found.assessments[0].lines):
            for place in range(len(line.timepoints)):
                row = next(rows)
                for assessment, mark in zip(found.assessments, row.rests_on, strict=True):
                    timepoint = assessment.lines[number].timepoints[place]
                    kinds = {kind_of(rule) for _, rule in timepoint_rules(timepoint)}
                    assert mark == "" or mark in kinds
            assert set(next(rows).rests_on) <= {"", "reading", "recalled"}


def kind_of(rule: Any) -> str:
    if isinstance(rule.source, Reading):
        return "reading"
    return "recalled" if rule.source.evidence is Evidence.RECALLED else "other"
