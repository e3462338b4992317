"""What earlier and later visits may do to a verdict, and what they may not."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

import mrecist
from mrecist import Criteria, LineAssessment
from mrecist.testing.strategies import case_documents

Document = dict[str, Any]

criteria_values = st.sampled_from([mrecist.CRITERIA[name] for name in sorted(mrecist.CRITERIA)])
BEST_FIRST = ["CR", "PR", "SD", "NON-CR/NON-PD", "NED", "PD", "NE", "ND"]
TOTALS = ("date", "day", "total_mm", "nadir_mm", "target", "nontarget")
OF_THE_LINE = ("best_response", "confirmed_best_response", "progression")


def assessed(case: Document, criteria: Criteria) -> tuple[LineAssessment, ...]:
    return mrecist.assess(mrecist.from_case(case), criteria=criteria).lines


def judged(case: Document, criteria: Criteria) -> list[Document]:
    """The lines of the assessment document."""
    assessment = mrecist.assess(mrecist.from_case(case), criteria=criteria)
    lines: list[Document] = mrecist.to_assessment(assessment)["lines"]
    return lines


def verdict(timepoint: Document) -> Document:
    """A follow-up without its sentence, which may tell what a later scan showed."""
    return {key: value for key, value in timepoint.items() if key not in ("why", "rules")}


def days(case: Document) -> list[Any]:
    """The dates of the time points in order: both ISO dates and study days sort."""
    return sorted(each["date"] for each in case["timepoints"])


def until(case: Document, date: Any) -> Document:
    """The case as it was known on a date: no time point after it."""
    kept = [each for each in case["timepoints"] if each["date"] <= date]
    case = copy.deepcopy({**case, "timepoints": kept})
    known = days(case)
    case["lines"] = [line for line in case["lines"] if line.get("baseline") in [None, *known]]
    return case


class TestNadir:
    """The nadir is the smallest total among the baseline and the earlier follow-ups."""

    @given(case=case_documents(), criteria=criteria_values)
    def test_never_rises(self, case: Document, criteria: Criteria) -> None:
        for line in judged(case, criteria):
            so_far = line["baseline_total_mm"]
            for timepoint in line["timepoints"]:
                nadir = timepoint["nadir_mm"]
                assert (nadir is None) == (so_far is None)
                if so_far is not None:
                    assert nadir <= line["baseline_total_mm"]
                    assert nadir <= so_far
                    so_far = nadir

    @given(case=case_documents(), criteria=criteria_values)
    def test_is_a_total_seen_before(self, case: Document, criteria: Criteria) -> None:
        for line in judged(case, criteria):
            seen = [line["baseline_total_mm"]]
            for timepoint in line["timepoints"]:
                assert timepoint["nadir_mm"] in seen
                seen.append(timepoint["total_mm"])

    @given(case=case_documents(), criteria=criteria_values, data=st.data())
    def test_ignores_current_and_later(
        self, case: Document, criteria: Criteria, data: st.DataObject
    ) -> None:
        lines = judged(case, criteria)
        places = [(k, t) for k, line in enumerate(lines) for t in range(len(line["timepoints"]))]
        assume(places)
        k, t = data.draw(st.sampled_from(places))
        date = lines[k]["timepoints"][t]["date"]
        tiny = copy.deepcopy(case)
        for timepoint in tiny["timepoints"]:
            if timepoint["date"] >= date:
                timepoint["findings"] = [
                    {"lesion": lesion, "status": "absent"} for lesion in lines[k]["targets"]
                ]
        after = judged(tiny, criteria)[k]
        assert after["baseline_total_mm"] == lines[k]["baseline_total_mm"]
        assert after["timepoints"][t]["nadir_mm"] == lines[k]["timepoints"][t]["nadir_mm"]

    @given(case=case_documents(), criteria=criteria_values)
    def test_an_incomplete_total_never_lowers_it(self, case: Document, criteria: Criteria) -> None:
        for line in assessed(case, criteria):
            for before, after in zip(line.timepoints, line.timepoints[1:], strict=False):
                if "NE-0" in before.target_rule.id:
                    assert after.nadir_um == before.nadir_um


class TestAfterProgression:
    """Nothing after the first PD moves best response, confirmed best response or progression."""

    @given(case=case_documents(), criteria=criteria_values, data=st.data())
    def test_known_lesions(self, case: Document, criteria: Criteria, data: st.DataObject) -> None:
        """Whatever targets and non-targets do then, and whatever a reader reports."""
        lines = judged(case, criteria)
        places = [k for k, line in enumerate(lines) if line["progression"] is not None]
        assume(places)
        k = data.draw(st.sampled_from(places))
        known = {*lines[k]["targets"], *lines[k]["nontargets"]}
        progressed = lines[k]["progression"]["date"]
        other = copy.deepcopy(case)
        for timepoint in other["timepoints"]:
            if timepoint["date"] > progressed:
                timepoint["reported"] = data.draw(st.sampled_from([None, "CR", "PR", "PD"]))
                timepoint["findings"] = [
                    each for each in timepoint["findings"] if each["lesion"] not in known
                ]
                status = data.draw(st.sampled_from(["absent", "present", "not evaluable"]))
                timepoint["findings"] += [
                    {"lesion": each, "status": status} for each in sorted(known)
                ]
        after = judged(other, criteria)[k]
        assert {key: after[key] for key in OF_THE_LINE} == {
            key: lines[k][key] for key in OF_THE_LINE
        }

    @given(case=case_documents(), criteria=criteria_values, data=st.data())
    def test_later_visits_left_out(
        self, case: Document, criteria: Criteria, data: st.DataObject
    ) -> None:
        """Where the PD rests on what was known by then, all that follows can go."""
        lines = judged(case, criteria)
        places = [k for k, line in enumerate(lines) if line["progression"] is not None]
        assume(places)
        k = data.draw(st.sampled_from(places))
        progressed = lines[k]["progression"]["date"]
        shorter = until(case, progressed)
        assume(len(shorter["lines"]) == len(case["lines"]))
        after = judged(shorter, criteria)[k]
        back_dated = after["progression"] != lines[k]["progression"]
        assert not back_dated or "new lesion" in lines[k]["progression"]["causes"]
        if not back_dated:
            for key in OF_THE_LINE:
                assert after[key] == lines[k][key]


class TestLaterVisits:
    """A later time point changes an earlier verdict only by proving a new lesion, from t0 on."""

    @given(case=case_documents(), criteria=criteria_values, data=st.data())
    def test_truncated(self, case: Document, criteria: Criteria, data: st.DataObject) -> None:
        assume(case["timepoints"])
        date = data.draw(st.sampled_from(days(case)))
        shorter = until(case, date)
        assume(len(shorter["lines"]) == len(case["lines"]))
        full, short = assessed(case, criteria), assessed(shorter, criteria)
        documents = zip(judged(case, criteria), judged(shorter, criteria), full, strict=True)
        for number, (after, before, line) in enumerate(documents):
            if before["baseline"] != after["baseline"]:
                continue  # a later scan became its baseline
            self.check(before, after, line, short[number])

    def check(
        self, before: Document, after: Document, line: LineAssessment, known: LineAssessment
    ) -> None:
        shared = len(before["timepoints"])
        for one, other in zip(before["timepoints"], after["timepoints"][:shared], strict=True):
            assert {key: one[key] for key in TOTALS} == {key: other[key] for key in TOTALS}
        changed = [
            t for t in range(shared)
            if verdict(before["timepoints"][t]) != verdict(after["timepoints"][t])
        ]  # fmt: skip
        if not changed:
            return
        first = changed[0]
        assert before["timepoints"][first]["new_lesion"] == "EQUIVOCAL"
        for timepoint in after["timepoints"][first:]:
            assert timepoint["new_lesion"] == "YES"
            assert timepoint["response"] == "PD"
        # dated to the scan that first showed it, and proven only after the cut
        last_known = known.timepoints[-1].place
        proven = [new for new in line.facts.news if new.proved is not None]
        assert any(
            new.first == line.timepoints[first].place and new.proved > last_known for new in proven
        )

    @given(
        sizes=st.lists(st.integers(5, 17), min_size=1, max_size=5),
        proof=st.sampled_from(["growth", "pattern", "biopsy"]),
        more=st.integers(0, 2),
    )
    def test_back_dating(self, sizes: list[int], proof: str, more: int) -> None:
        """Progression is dated to the scan that first showed the nodule (NL-HCC-BACKDATE)."""
        last: Document = {
            "growth": {"longest_mm": sizes[0] + 10},
            "pattern": {"longest_mm": 10, "pattern": "typical"},
            "biopsy": {"status": "absent", "biopsy": "positive"},
        }[proof]
        seen = [*({"longest_mm": size} for size in sizes), last, *({"status": "absent"},) * more]
        stable = {"lesion": "S8", "viable_mm": 50}
        grown = any(size - sizes[0] >= 10 for size in sizes)
        case = {
            "format": "mrecist-case/1",
            "patient": "P",
            "lesions": [{"id": name, "organ": "liver", "kind": "nodule"} for name in ("S8", "N")],
            "timepoints": [
                {"date": 0, "findings": [stable]},
                {"date": 50, "findings": [stable]},
                *(
                    {"date": 100 + i, "findings": [stable, {"lesion": "N", **each}]}
                    for i, each in enumerate(seen)
                ),
            ],
            "lines": [{"agents": ["x"], "start": 0}],
        }
        line = judged(case, mrecist.MRECIST)[0]
        responses = [each["response"] for each in line["timepoints"]]
        assert responses == ["SD", *["PD"] * len(seen)]
        assert line["progression"] == {"date": 100, "causes": ["new lesion"]}
        assert line["best_response"] == line["confirmed_best_response"] == "SD"
        unproven = until(case, 100 + len(sizes) - 1)
        line = judged(unproven, mrecist.MRECIST)[0]
        assert (line["progression"] is None) == (not grown)


class TestWindow:
    """Nothing outside a line's window moves it, but proof by cytology."""

    @given(case=case_documents(), criteria=criteria_values, data=st.data())
    def test_all_else_rewritten(
        self, case: Document, criteria: Criteria, data: st.DataObject
    ) -> None:
        lines = judged(case, criteria)
        k = data.draw(st.integers(0, len(lines) - 1))
        window = {lines[k]["baseline"], *(each["date"] for each in lines[k]["timepoints"])}
        status = data.draw(st.sampled_from(["progressed", "absent", "not evaluable"]))
        other = copy.deepcopy(case)
        for timepoint in other["timepoints"]:
            if timepoint["date"] not in window:
                timepoint["reported"] = "PD"
                kept = {
                    each["lesion"]: each["cytology"]
                    for each in timepoint["findings"]
                    if each.get("cytology") is not None
                }
                timepoint["findings"] = [
                    {
                        "lesion": lesion["id"],
                        "status": status,
                        "biopsy": "positive",
                        "cytology": kept.get(lesion["id"]),
                    }
                    for lesion in case["lesions"]
                ]
        after = judged(other, criteria)[k]
        for key in ("exposure", "rechallenge_of", "drug_free_days", "lines_between"):
            del after[key], lines[k][key]
        assert after == lines[k]

    @given(case=case_documents(), criteria=criteria_values)
    def test_a_line_by_itself(self, case: Document, criteria: Criteria) -> None:
        """The last line is judged as if the earlier ones had never been."""
        lines = judged(case, criteria)
        last = max(case["lines"], key=lambda line: line["start"])
        alone = judged({**case, "lines": [last]}, criteria)[0]
        for key in ("line", "exposure", "rechallenge_of", "drug_free_days", "lines_between"):
            del alone[key], lines[-1][key]
        assert alone == lines[-1]


class TestBest:
    """Confirmed best response is never better than best response."""

    @given(case=case_documents(), criteria=criteria_values)
    def test_confirmed(self, case: Document, criteria: Criteria) -> None:
        for line in judged(case, criteria):
            best = BEST_FIRST.index(line["best_response"])
            confirmed = BEST_FIRST.index(line["confirmed_best_response"])
            assert best <= confirmed

    @given(case=case_documents(), criteria=criteria_values)
    def test_occurred(self, case: Document, criteria: Criteria) -> None:
        """A best response occurred, by the first PD; only ND stands for no follow-up."""
        for line in judged(case, criteria):
            responses = [each["response"] for each in line["timepoints"]]
            if "PD" in responses:
                responses = responses[: responses.index("PD") + 1]
            best = line["best_response"]
            assert best in responses or (best == "NE" and responses) or best == "ND"
            assert (best == "ND") == (not responses)
            assert ("PD" in responses) == (line["progression"] is not None)

    @given(case=case_documents(), criteria=criteria_values)
    def test_progression(self, case: Document, criteria: Criteria) -> None:
        for line in judged(case, criteria):
            found = [each for each in line["timepoints"] if each["response"] == "PD"]
            if line["progression"] is not None:
                assert line["progression"]["date"] == found[0]["date"]
                assert line["progression"]["causes"]
            else:
                assert not found
