"""What later visits may do to an earlier verdict, and what they may not.

Nadir, progression, windows and best response are laws: see `tests/rooms/testing/test_laws.py`.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

import mrecist
from mrecist import Criteria, LineAssessment
from mrecist.testing.strategies import case_documents

Document = dict[str, Any]

criteria_values = st.sampled_from([mrecist.CRITERIA[name] for name in sorted(mrecist.CRITERIA)])
TOTALS = ("date", "day", "total_mm", "nadir_mm", "target", "nontarget")


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


def visits(case: Document, when: Callable[[Any], bool]) -> set[str]:
    """The visits that have an examination on some dates."""
    named = (each["visit"].strip() for each in case["timepoints"]
             if when(each["date"]) and each.get("visit"))  # fmt: skip
    return set(named)


def until(case: Document, date: Any) -> Document:
    """The case as it was known on a date: no time point after it."""
    kept = [each for each in case["timepoints"] if each["date"] <= date]
    case = copy.deepcopy({**case, "timepoints": kept})
    known = days(case)
    case["lines"] = [line for line in case["lines"] if line.get("baseline") in [None, *known]]
    return case


class TestLaterVisits:
    """A later time point changes an earlier verdict only by proving a new lesion, from t0 on."""

    @given(case=case_documents(), criteria=criteria_values, data=st.data())
    def test_truncated(self, case: Document, criteria: Criteria, data: st.DataObject) -> None:
        assume(case["timepoints"])
        date = data.draw(st.sampled_from(days(case)))
        assume(not visits(case, lambda each: each <= date) & visits(case, lambda each: each > date))
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
            t
            for t in range(shared)
            if verdict(before["timepoints"][t]) != verdict(after["timepoints"][t])
        ]
        if not changed:
            return
        first = changed[0]
        # A recurrence of the day on which it was first seen hides that it is equivocal.
        assert before["timepoints"][first]["new_lesion"] == "EQUIVOCAL" or any(
            each["new_lesion"] == "YES" for each in before["timepoints"][:first]
        )
        for timepoint in after["timepoints"][first:]:
            assert timepoint["new_lesion"] == "YES"
            assert timepoint["response"] == "PD"
        # dated to the scan that first showed it, and proven only after the cut
        last_known = known.timepoints[-1].place
        proven = [new for new in line.facts.news if new.proved is not None]
        assert any(
            new.first <= line.timepoints[first].place and new.proved > last_known for new in proven
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
