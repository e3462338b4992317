"""More disease is never a better verdict, and a stricter floor never makes progression.

The same of any chart, of new lesions and of what is missing are laws: see
`tests/rooms/testing/test_laws.py`.
"""

from __future__ import annotations

import copy
from typing import Any

import attrs
from hypothesis import assume, given
from hypothesis import strategies as st

import mrecist
from mrecist import MRECIST, RECIST_1_1, Criteria
from mrecist.testing.strategies import case_documents

Document = dict[str, Any]

criteria_values = st.sampled_from([mrecist.CRITERIA[name] for name in sorted(mrecist.CRITERIA)])
EACH_DIAMETER = ("longest_mm", "longest_perp_mm", "viable_mm", "viable_perp_mm")
WORSE = {"CR": 0, "PR": 1, "SD": 2, "PD": 3, "NE": 4}  # NE: of a baseline of zero, always


def judged(case: Document, criteria: Criteria = MRECIST) -> list[Document]:
    """The lines of the assessment document."""
    assessed = mrecist.assess(mrecist.from_case(case), criteria=criteria)
    lines: list[Document] = mrecist.to_assessment(assessed)["lines"]
    return lines


def with_finding(case: Document, date: Any, lesion: str, finding: Document | None) -> Document:
    """The case with another finding of a lesion on a date, or (`None`) without any."""
    case = copy.deepcopy(case)
    for timepoint in case["timepoints"]:
        if timepoint["date"] == date:
            kept = [each for each in timepoint["findings"] if each["lesion"] != lesion]
            timepoint["findings"] = kept + ([] if finding is None else [finding])
    return case


def follow_ups(lines: list[Document], role: str) -> list[tuple[int, int, str]]:
    """Places of (line, follow-up, lesion) for the lesions of a role."""
    return [
        (k, t, lesion)
        for k, line in enumerate(lines)
        for t in range(len(line["timepoints"]))
        for lesion in line[role]
    ]


class TestLargerTargets:
    """A larger target at one follow-up is never a better target response there."""

    @given(
        sizes=st.lists(st.integers(0, 1_000_000), min_size=2, max_size=6),
        more=st.integers(1, 100_000),
        criteria=criteria_values,
    )
    def test_larger(self, sizes: list[int], more: int, criteria: Criteria) -> None:
        """On one nodule, named, whose last size grows, from any sizes.

        Where areas are summed it is as wide as it is long, and in the liver, as under EASL no
        other lesion has an area that counts.
        """
        by_area = criteria.area is not None
        diameters = EACH_DIAMETER if by_area else ("longest_mm",)

        def target(last: int) -> str:
            case = {
                "format": "mrecist-case/1",
                "patient": "P",
                "lesions": [
                    {"id": "S8", "organ": "liver" if by_area else "lung", "kind": "nodule"}
                ],
                "timepoints": [
                    {
                        "date": i,
                        "findings": [{"lesion": "S8", **dict.fromkeys(diameters, um / 1000)}],
                    }
                    for i, um in enumerate([*sizes[:-1], last])
                ],
                "lines": [{"agents": ["x"], "start": 0, "targets": ["S8"]}],
            }
            return str(judged(case, criteria)[0]["timepoints"][-1]["target"])

        larger = min(1_000_000, sizes[-1] + more)
        assert WORSE[target(larger)] >= WORSE[target(sizes[-1])]


class TestMissing:
    """Missing is a code, never zero: what is not recorded is not evaluable, and no response."""

    @given(case=case_documents(additions=False), criteria=criteria_values, data=st.data())
    def test_absent_is_not_missing(
        self, case: Document, criteria: Criteria, data: st.DataObject
    ) -> None:
        """`absent` is zero: with it in place of silence the total never grows, and can be told."""
        lines = judged(case, criteria)
        places = [
            place
            for place in follow_ups(lines, "targets")
            if lines[place[0]]["baseline"] is not None
        ]
        assume(places)
        k, t, lesion = data.draw(st.sampled_from(places))
        date = lines[k]["timepoints"][t]["date"]
        silent, absent = (
            judged(with_finding(case, date, lesion, finding), criteria)[k]["timepoints"][t]
            for finding in (None, {"lesion": lesion, "status": "absent"})
        )
        arterial = {each["date"]: each.get("arterial_phase") for each in case["timepoints"]}
        if arterial[date] is not False:
            total = "total_mm" if criteria.area is None else "total_mm2"
            assert absent[total] == (silent[total] or 0)


class TestFloor:
    """The absolute floor only ever takes progression away."""

    @given(
        case=case_documents(),
        criteria=st.sampled_from([MRECIST, RECIST_1_1]),
        floors=st.lists(st.sampled_from([0, 1, 4.999, 5, 6, 20]), min_size=2, max_size=2),
    )
    def test_targets(self, case: Document, criteria: Criteria, floors: list[float]) -> None:
        low, high = (attrs.evolve(criteria, progression_floor_mm=floor) for floor in sorted(floors))
        for loose, strict in zip(judged(case, low), judged(case, high), strict=True):
            for one, other in zip(loose["timepoints"], strict["timepoints"], strict=True):
                assert one["nadir_mm"] == other["nadir_mm"]
                assert one["target"] == other["target"] or one["target"] == "PD"

    @given(case=case_documents(reported=False))
    def test_responses(self, case: Document) -> None:
        """Without reported verdicts, the same holds of responses and of whole lines."""
        for loose, strict in zip(
            judged(case, MRECIST), judged(case, mrecist.MRECIST_5MM), strict=True
        ):
            for one, other in zip(loose["timepoints"], strict["timepoints"], strict=True):
                assert one["response"] == other["response"] or one["response"] == "PD"
            if strict["progression"] is not None:
                assert loose["progression"]["date"] <= strict["progression"]["date"]
