"""iRECIST: laws, and that a cohort says of every patient what `assess` says of one.

That `assess` and the oracle agree is in `test_agreement.py`.
"""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.cohort_tables import Cohort, cohort_of, cohorts, rows_of, sayable_cohort
from support.compare import found as differing
from support.immune_charts import charts
from support.oracle_immune import immune_oracle, without_reported
from support.profiles import thorough_only

import mrecist
from mrecist import conformance
from mrecist._base import converters
from mrecist._base.converters import day_number
from mrecist.testing.strategies import case_documents

EXAMPLES = settings().max_examples
NAMES = tuple(mrecist.IMMUNE_CRITERIA)
BASES = {"irecist": "recist-1.1", "imrecist-hcc": "mrecist", "imrecist": "recist-1.1"}
WORDS = ("iCR", "iPR", "iSD", "non-iCR/non-iUPD", "iUPD", "iCPD", "NE", "NED", "PD", "SD")

Document = dict[str, Any]
Row = dict[str, Any]

by_criteria = pytest.mark.parametrize("criteria", NAMES)


@st.composite
def spoken_cases(draw: st.DrawFn, **options: Any) -> Document:
    """Cases with words that a reader reported, with the i and without."""
    case = copy.deepcopy(draw(case_documents(**options)))
    for timepoint in case["timepoints"]:
        if timepoint.get("visit") is None and draw(st.booleans()):
            word = draw(st.sampled_from((None, *WORDS)))
            named = (
                {"irecist": word, "imrecist": word, "recist-1.1": "PR"}
                if draw(st.booleans())
                else word
            )
            timepoint["reported"] = named
    return case


def told(value: Any) -> Any:
    return value if value is None or isinstance(value, (int, float)) else str(value)


def by_assess(case: Document, criteria: str) -> tuple[list[Row], list[Row]]:
    """The rows that a cohort must have for a patient."""
    assessment: Any = mrecist.assess(mrecist.from_case(case), criteria=criteria)
    timepoints: list[Row] = []
    lines: list[Row] = []
    for line in assessment.lines:
        found, pending = line.progression, line.pending
        begun = found or pending
        lines.append({
            "best_response": str(line.best_response),
            "confirmed_best_response": str(line.confirmed_best_response),
            "progression_date": None if found is None else told(found.date),
            "progression_causes": ";".join(map(str, begun.causes)) if begun else None,
            "confirmed_date": None if found is None else told(found.confirmed),
            "pending_date": None if pending is None else told(pending.date),
            "exposure": str(line.exposure),
            "rechallenge_of": line.re_exposure.earlier,
        })  # fmt: skip
        for each in line.timepoints:
            names = ("total_mm", "nadir_mm", "new_total_mm", "target", "nontarget", "new_lesion",
                     "computed", "reported", "agrees", "response", "source")  # fmt: skip
            timepoints.append(
                {
                    **{name: told(getattr(each, name)) for name in names},
                    "problems": ";".join(each.problems.words) or None,
                }
            )
    return timepoints, lines


def by_cohort(cohort: Cohort, criteria: str) -> Any:
    return mrecist.assess_cohort(**cohort.tables, criteria=criteria)


def picked(table: Any, names: Any) -> list[Row]:
    """Rows with some columns; what is empty is `None`."""
    return [
        {name: None if row[name] == "" else told(row[name]) for name in names}
        for row in rows_of(table)
    ]


def check_cohort(cohort: Cohort, criteria: str) -> None:
    responses = by_cohort(cohort, criteria)
    each = [by_assess(case, criteria) for case in cohort.told]
    for table, place in ((responses.timepoints, 0), (responses.lines, 1)):
        right = [row for tables in each for row in tables[place]]
        assert picked(table, right[0] if right else ()) == right


@by_criteria
class TestCohort:
    """Two engines over one rulebook."""

    @settings(max_examples=EXAMPLES)
    @given(cohort=cohorts())
    def test_cohort_is_assess(self, criteria: str, cohort: Cohort) -> None:
        check_cohort(cohort, criteria)

    @settings(max_examples=EXAMPLES)
    @given(cohort=cohorts(make=spoken_cases))
    def test_spoken(self, criteria: str, cohort: Cohort) -> None:
        check_cohort(cohort, criteria)

    @settings(max_examples=EXAMPLES)
    @given(cases=st.lists(charts(), min_size=1, max_size=4))
    def test_pending(self, criteria: str, cases: list[Document]) -> None:
        check_cohort(cohort_of(sayable_cohort(cases)), criteria)

    @thorough_only
    def test_worked_cases(self, criteria: str) -> None:
        cases = [case.document for case in conformance.cases() if case.valid]
        check_cohort(cohort_of(sayable_cohort(cases)), criteria)

    @settings(max_examples=max(EXAMPLES // 4, 1))
    @given(cohort=cohorts())
    def test_times(self, criteria: str, cohort: Cohort) -> None:
        """A time to progression ends on the day of one, confirmed or pending, or the start."""
        responses = by_cohort(cohort, criteria)
        for pending in ("by course", "event", "censored"):
            rows = rows_of(responses.endpoints(pending=pending).table)
            for row, line in zip(rows, rows_of(responses.lines), strict=True):
                if row["ttp_event"]:
                    days = (line["progression_date"], line["pending_date"], line["start"])
                    assert row["ttp_end"] in days
                if pending == "censored" and line["progression_date"] is None:
                    assert not row["ttp_event"]


@by_criteria
class TestLaws:
    """What holds whatever the chart."""

    @settings(max_examples=EXAMPLES)
    @given(case=spoken_cases())
    def test_oracle(self, criteria: str, case: Document) -> None:
        """The oracle agrees where readers reported words with an i."""
        answer = mrecist.to_assessment(mrecist.assess(mrecist.from_case(case), criteria=criteria))
        right = immune_oracle(case, criteria)
        for ours, line in zip(answer["lines"], right["lines"], strict=True):
            for row, other in zip(ours["timepoints"], line["timepoints"], strict=True):
                assert {key: row[key] for key in other} == {**other, "problems": row["problems"]}
                assert set(row["problems"]) == set(other["problems"])

    @settings(max_examples=2 * EXAMPLES)
    @given(case=charts())
    def test_pending(self, criteria: str, case: Document) -> None:
        """The oracle agrees on scans about the days and sizes that confirm."""
        assert not differing(case, criteria)

    @settings(max_examples=EXAMPLES)
    @given(case=case_documents())
    def test_no_progression(self, criteria: str, case: Document) -> None:
        """Without progression every word is that of the criteria beneath, with an i."""
        case = without_reported(case)
        patient = mrecist.from_case(case)
        plain = mrecist.assess(patient, criteria=BASES[criteria])
        immune = mrecist.assess(patient, criteria=criteria)
        for one, other in zip(plain.lines, immune.lines, strict=True):
            words = [each.response for each in one.timepoints]
            if "PD" not in words:
                assert [each.response.code for each in other.timepoints] == [
                    word.code for word in words
                ]
                assert other.best_response.code == one.best_response.code
                assert other.confirmed_best_response.code == one.confirmed_best_response.code
                assert other.progression is None
                assert other.pending is None

    @settings(max_examples=EXAMPLES)
    @given(case=spoken_cases())
    def test_confirmed_for_ever(self, criteria: str, case: Document) -> None:
        """After iCPD the response is iCPD, and a confirmation is never first."""
        for line in mrecist.assess(mrecist.from_case(case), criteria=criteria).lines:
            words = [each.response for each in line.timepoints if not each.is_partial]
            if "iCPD" in words:
                assert set(words[words.index("iCPD") :]) == {mrecist.ImmuneResponse.CPD}
                assert line.progression is not None
                assert line.pending is None

    @settings(max_examples=EXAMPLES)
    @given(case=case_documents(), data=st.data())
    def test_no_look_ahead(self, criteria: str, case: Document, data: st.DataObject) -> None:
        """Without new lesions, what comes later changes no word."""
        case = without_reported(case)
        whole = mrecist.assess(mrecist.from_case(case), criteria=criteria)
        for line in whole.lines:
            if not line.timepoints or line.base.facts.news or line.number < len(whole.lines):
                continue
            end = data.draw(st.integers(0, len(line.timepoints) - 1))
            last = line.timepoints[end].scan.base.place
            dates = {
                day for visit in line.base.facts.chart.visits[: last + 1] for day in visit.days
            }
            kept = [
                t for t in case["timepoints"] if day_number(converters.date(t["date"])) in dates
            ]
            part = {**case, "timepoints": kept}
            try:
                patient = mrecist.from_case(part)
            except mrecist.CaseError:  # a line may name a baseline, or a visit a lesion, of later
                continue
            words = [each.response for each in line.timepoints[: end + 1]]
            again = mrecist.assess(patient, criteria=criteria).lines[-1]
            assert [each.response for each in again.timepoints] == words

    @settings(max_examples=EXAMPLES)
    @given(case=spoken_cases())
    def test_told(self, criteria: str, case: Document) -> None:
        """Every word is explained, without a brace left over, and can be written."""
        assessment = mrecist.assess(mrecist.from_case(case), criteria=criteria)
        text = mrecist.explain(assessment) + str(assessment) + assessment._repr_html_()
        text += "".join(str(reason) for line in assessment.lines for reason in line.reasons)
        assert not set("{}") & set(text)
        assert mrecist.to_assessment(assessment)["criteria"] == criteria


class TestJoined:
    """imRECIST: what holds whatever the chart."""

    @settings(max_examples=2 * EXAMPLES)
    @given(case=spoken_cases())
    def test_total_alone(self, case: Document) -> None:
        """Only a total that rose by a fifth and 5 mm is PD, whatever new lesions there are."""
        for line in mrecist.assess(mrecist.from_case(case), criteria="imrecist").lines:
            for each in line.timepoints:
                if each.computed is mrecist.Response.PD:
                    now, before = each.scan.base.total_um, each.scan.base.nadir_um
                    assert 5 * now >= 6 * before
                    assert now - before >= 5000
                    assert set(each.causes) <= {"target", "reported"}

    @settings(max_examples=2 * EXAMPLES)
    @given(case=spoken_cases())
    def test_first_that_stands(self, case: Document) -> None:
        """No PD before the progression of a line is confirmed, and it is PD itself."""
        for line in mrecist.assess(mrecist.from_case(case), criteria="imrecist").lines:
            words = {each.day: each.response for each in line.timepoints if not each.is_partial}
            end = None if line.progression is None else line.progression.day
            assert end is None or words[end] == "PD"
            for day, word in words.items():
                if word == "PD" and (end is None or day < end):
                    later = [words[at] for at in words if at - day >= 28 and words[at] != "NE"]
                    assert later
                    assert later[0] != "PD"

    @settings(max_examples=EXAMPLES)
    @given(case=case_documents())
    def test_without_new_lesions(self, case: Document) -> None:
        """Where nothing is new and no non-target progresses, totals and words are RECIST 1.1's."""
        patient = mrecist.from_case(without_reported(case))
        plain = mrecist.assess(patient, criteria="recist-1.1")
        joined = mrecist.assess(patient, criteria="imrecist")
        for one, other in zip(plain.lines, joined.lines, strict=True):
            if one.facts.news or any(each.recurrences for each in one.timepoints):
                continue
            for row, word in zip(one.timepoints, other.timepoints, strict=True):
                assert (row.total_mm, row.nadir_mm) == (word.total_mm, word.nadir_mm)
                if row.nontarget != "PD":
                    assert row.computed == word.computed
