"""More disease is never a better verdict, and what was not seen is never good news."""

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
SIZES = ("viable_mm", "longest_mm", "short_axis_mm")
WORSE = {"CR": 0, "PR": 1, "SD": 2, "PD": 3}
BEST_FIRST = ["CR", "PR", "SD", "NON-CR/NON-PD", "NED", "PD", "NE", "ND"]
RESPONDED = BEST_FIRST[:5]


def judged(case: Document, criteria: Criteria = MRECIST) -> list[Document]:
    """The lines of the assessment document."""
    assessed = mrecist.assess(mrecist.from_case(case), criteria=criteria)
    lines: list[Document] = mrecist.to_assessment(assessed)["lines"]
    return lines


def finding_at(case: Document, date: Any, lesion: str) -> Document | None:
    for timepoint in case["timepoints"]:
        for finding in timepoint["findings"]:
            if timepoint["date"] == date and finding["lesion"] == lesion:
                return dict(finding)
    return None


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


def rises(before: str, after: str) -> bool:
    """Whether a target response may become another when a target is larger."""
    if before in WORSE and after in WORSE:
        return WORSE[after] >= WORSE[before]
    return after == before or (before, after) == ("NE", "PD")


class TestLargerTargets:
    """A larger target at one follow-up is never a better target response there."""

    @given(case=case_documents(), criteria=criteria_values, data=st.data())
    def test_larger(self, case: Document, criteria: Criteria, data: st.DataObject) -> None:
        lines = judged(case, criteria)
        places = [
            (k, t, lesion)
            for k, t, lesion in follow_ups(lines, "targets")
            if self.sized(finding_at(case, lines[k]["timepoints"][t]["date"], lesion))
        ]
        assume(places)
        k, t, lesion = data.draw(st.sampled_from(places))
        more = data.draw(st.sampled_from([0.001, 0.1, 1, 5, 12.345, 40, 300]))
        before = lines[k]["timepoints"][t]
        finding = finding_at(case, before["date"], lesion)
        assert finding is not None
        for key in SIZES:
            if finding.get(key) is not None:
                finding[key] = min(1000, round(float(finding[key]) + more, 3))
        larger = with_finding(case, before["date"], lesion, finding)
        after = judged(larger, criteria)[k]["timepoints"][t]
        assert rises(before["target"], after["target"]), (before, after)
        assert after["nadir_mm"] == before["nadir_mm"]
        if before["computed"] == "PD":
            assert after["computed"] == "PD"

    def sized(self, finding: Document | None) -> bool:
        if finding is None or finding.get("status") in ("absent", "not evaluable"):
            return False
        return any(finding.get(key) is not None for key in SIZES)

    @given(
        sizes=st.lists(st.integers(0, 1_000_000), min_size=2, max_size=6),
        more=st.integers(1, 100_000),
        criteria=criteria_values,
    )
    def test_larger_by_hand(self, sizes: list[int], more: int, criteria: Criteria) -> None:
        """The same on one nodule, named, whose last size grows."""

        def target(last: int) -> str:
            case = {
                "format": "mrecist-case/1",
                "patient": "P",
                "lesions": [{"id": "S8", "organ": "lung", "kind": "nodule"}],
                "timepoints": [
                    {"date": i, "findings": [{"lesion": "S8", "longest_mm": um / 1000}]}
                    for i, um in enumerate([*sizes[:-1], last])
                ],
                "lines": [{"agents": ["x"], "start": 0, "targets": ["S8"]}],
            }
            return str(judged(case, criteria)[0]["timepoints"][-1]["target"])

        larger = min(1_000_000, sizes[-1] + more)
        assert rises(target(sizes[-1]), target(larger))


class TestNewLesions:
    """A new unequivocal lesion is never better: it is progression, from there on."""

    @given(case=case_documents(), criteria=criteria_values, data=st.data())
    def test_one_more(self, case: Document, criteria: Criteria, data: st.DataObject) -> None:
        lines = judged(case, criteria)
        places = [
            (k, t)
            for k, line in enumerate(lines)
            for t in range(len(line["timepoints"]))
            if line["baseline"] is not None
        ]
        assume(places)
        k, t = data.draw(st.sampled_from(places))
        before = lines[k]
        date = before["timepoints"][t]["date"]
        kind = data.draw(st.sampled_from(["other", "thrombus", "infiltrative", "node"]))
        more = {"id": "the new one", "organ": "bone", "kind": kind}
        larger = {**case, "lesions": [*case["lesions"], more]}
        larger = with_finding(larger, date, more["id"], {"lesion": more["id"], "status": "present"})
        after = judged(larger, criteria)[k]
        assert after["timepoints"][:t] == before["timepoints"][:t]
        for timepoint in after["timepoints"][t:]:
            assert timepoint["new_lesion"] == "YES"
            assert timepoint["computed"] == timepoint["response"] == "PD"
        dates = [each["date"] for each in after["timepoints"]]
        assert dates.index(after["progression"]["date"]) <= t
        if before["progression"] is not None:
            first = dates.index(before["progression"]["date"])
            assert dates.index(after["progression"]["date"]) == min(first, t)
        for key in ("best_response", "confirmed_best_response"):
            if after[key] in RESPONDED:
                assert BEST_FIRST.index(before[key]) <= BEST_FIRST.index(after[key])


class TestMissing:
    """Missing is a code, never zero: what is not recorded is not evaluable, and no response."""

    @given(case=case_documents(), criteria=criteria_values, data=st.data())
    def test_target(self, case: Document, criteria: Criteria, data: st.DataObject) -> None:
        """Without one target: NE, or progression where what is left proves it.

        It keeps a PD. It makes one only of a CR, since normal nodes may have grown by a fifth and
        CR, which outranks that, needs every target (the order of section 5's table).
        """
        lines = judged(case, criteria)
        places = follow_ups(lines, "targets")
        assume(places)
        k, t, lesion = data.draw(st.sampled_from(places))
        before = lines[k]["timepoints"][t]
        how = data.draw(st.sampled_from([None, {"lesion": lesion, "status": "not evaluable"}]))
        missing = with_finding(case, before["date"], lesion, how)
        after = judged(missing, criteria)[k]["timepoints"][t]
        assert after["target"] in ("NE", "PD")
        if after["target"] == "PD":
            assert before["target"] in ("PD", "CR"), (before, after)
        assert after["computed"] in ("NE", "PD")
        if after["total_mm"] is not None:
            assert after["total_mm"] <= before["total_mm"]

    @given(case=case_documents(), criteria=criteria_values, data=st.data())
    def test_nontarget(self, case: Document, criteria: Criteria, data: st.DataObject) -> None:
        lines = judged(case, criteria)
        places = follow_ups(lines, "nontargets")
        assume(places)
        k, t, lesion = data.draw(st.sampled_from(places))
        before = lines[k]["timepoints"][t]
        missing = with_finding(case, before["date"], lesion, None)
        after = judged(missing, criteria)[k]["timepoints"][t]
        assert after["nontarget"] == "NE" or before["nontarget"] == after["nontarget"] == "PD"
        assert after["computed"] != "CR"

    @given(case=case_documents(), criteria=criteria_values, data=st.data())
    def test_whole_time_point(
        self, case: Document, criteria: Criteria, data: st.DataObject
    ) -> None:
        """A follow-up without any finding is NE, or PD once a new lesion counts."""
        lines = judged(case, criteria)
        places = [(k, t) for k, line in enumerate(lines) for t in range(len(line["timepoints"]))]
        assume(places)
        k, t = data.draw(st.sampled_from(places))
        empty = copy.deepcopy(case)
        for timepoint in empty["timepoints"]:
            if timepoint["date"] == lines[k]["timepoints"][t]["date"]:
                timepoint["findings"] = []
        line = judged(empty, criteria)[k]
        after = line["timepoints"][t]
        assert after["total_mm"] is None
        if line["baseline"] is None or line["targets"]:
            assert after["target"] == "NE"
            expected = "PD" if after["new_lesion"] == "YES" else "NE"
            assert after["computed"] == expected
        if line["nontargets"]:
            assert after["nontarget"] == "NE"

    @given(case=case_documents(), criteria=criteria_values, data=st.data())
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
            assert absent["total_mm"] == (silent["total_mm"] or 0)


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
