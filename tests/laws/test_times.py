"""Times to events: of one patient what the oracle says, of a cohort what one patient says."""

from __future__ import annotations

import copy
import datetime
import math
from collections import Counter
from fractions import Fraction
from typing import Any

import hypothesis
import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from support.cohort_tables import (
    FINDINGS,
    FORMS,
    LINE_TABLES,
    LINES,
    Cohort,
    Document,
    Form,
    Row,
    cohort_of,
    cohorts,
    columns_of,
    finding_rows,
    line_rows,
    rows_of,
    sayable_documents,
)
from support.oracle_times import PUBLISHED, Words, in_words, oracle_times
from support.time_policies import as_policy, day, policies_for, told, verdicts_only

import mrecist
from mrecist.endpoints.definitions import TIMES
from mrecist.testing.strategies import timed_documents

EXAMPLES = settings().max_examples
SOME = EXAMPLES // 2
FEW = EXAMPLES // 5

any_criteria = st.sampled_from(tuple(mrecist.CRITERIA))
published = st.sampled_from(tuple(mrecist.POLICIES))


@st.composite
def charts_and_policies(draw: Any, **options: Any) -> tuple[Document, Words]:
    case = draw(timed_documents())
    return case, draw(policies_for(case, **options))


def course(
    case: Document, policy: mrecist.Policy | str, criteria: str = "mrecist"
) -> mrecist.Course:
    return mrecist.course(mrecist.assess(mrecist.from_case(case), criteria=criteria), policy)


class TestAgreement:
    """Two independent people who implement the page must agree on every case."""

    @given(drawn=charts_and_policies(), criteria=any_criteria)
    def test_course_is_oracle(self, drawn: tuple[Document, Words], criteria: str) -> None:
        case, words = drawn
        assessment = mrecist.assess(mrecist.from_case(case), criteria=criteria)
        expected = oracle_times(case, mrecist.to_assessment(assessment), words)
        assert told(mrecist.course(assessment, as_policy(words))) == expected

    def test_every_clause_occurs(self) -> None:
        """The charts that are drawn reach every clause of both policies."""
        seen: Counter[str] = Counter()
        problems: Counter[str] = Counter()
        growth: Counter[str] = Counter()

        @settings(max_examples=50, database=None, phases=[Phase.generate])
        @given(drawn=charts_and_policies(published=True))
        def count(drawn: tuple[Document, Words]) -> None:
            case, words = drawn
            for clauses in PUBLISHED.values():
                for line in told(course(case, as_policy(words | {"clauses": clauses}))):
                    seen.update({line["times"]["pfs"][3]})
                    problems.update(line["problems"])
                    growth.update(line["growth"][1:] if line["growth"] else [])

        # New therapy is passed over by the other policy: no time ends with that clause.
        clauses = {id for clauses in PUBLISHED.values() for _, id in clauses.values()}
        clauses.remove("TTE-EMA-04")
        for batch in range(60):
            hypothesis.seed(batch)(count)()
            told_of = len(problems) == len(mrecist.CourseProblem.__members__)
            if clauses == seen.keys() and told_of and len(growth) > 3:
                break
        assert clauses == seen.keys()
        assert problems.keys() == set(mrecist.CourseProblem.__members__)
        assert len(growth) > 3, growth


class TestCohort:
    """A cohort has the times of every line that `course` gives of one patient."""

    @settings(max_examples=FEW)
    @given(cohort=cohorts(make=timed_documents), criteria=any_criteria, data=st.data())
    def test_endpoints_are_courses(
        self, cohort: Cohort, criteria: str, data: st.DataObject
    ) -> None:
        policy = as_policy(data.draw(policies_for(first_of(cohort.documents))))
        endpoints = assessed(cohort, criteria).endpoints(policy)
        rows = rows_of(endpoints.table)
        courses = [course(document, policy, criteria) for document in cohort.told]
        lines = [(each, line) for each in courses for line in each.lines]
        assert len(rows) == len(lines)
        for row, (each, line) in zip(rows, lines, strict=True):
            assert row["patient"] == each.assessment.patient.id
            same_line(row, line)
        for name in TIMES:
            days, events = endpoints.of(name)
            times = [line.times[name] for _, line in lines if name in line.times]
            assert days.tolist() == [time.days for time in times]
            assert events.tolist() == [time.event for time in times]

    @settings(max_examples=FEW)
    @given(documents=sayable_documents(make=timed_documents), form=FORMS, data=st.data())
    def test_order_of_rows(
        self, documents: list[Document], form: Form, data: st.DataObject
    ) -> None:
        """Row order is free."""
        policy = as_policy(data.draw(policies_for(first_of(documents))))
        findings, lines = finding_rows(documents, form), line_rows(documents, form)
        tables = []
        for _ in range(2):
            responses = mrecist.assess_cohort(
                columns_of(findings, FINDINGS, form), columns_of(lines, LINES, form)
            )
            tables.append(by_line(responses.endpoints(policy).table))
            findings = data.draw(st.permutations(findings))
            lines = data.draw(st.permutations(lines))
        assert tables[0] == tables[1]

    @settings(max_examples=FEW)
    @given(
        documents=sayable_documents(make=timed_documents),
        form=FORMS,
        lines=LINE_TABLES,
        data=st.data(),
    )
    def test_parts(
        self, documents: list[Document], form: Form, lines: str, data: st.DataObject
    ) -> None:
        """Patients have nothing to do with each other: a cohort is its parts put together."""
        policy = as_policy(data.draw(policies_for(first_of(documents))))
        at = data.draw(st.integers(0, len(documents)))
        whole, *parts = (
            by_line(assessed(cohort_of(some, form, lines=lines)).endpoints(policy).table)
            for some in (documents, documents[:at], documents[at:])
        )
        assert whole == parts[0] | parts[1]


def first_of(documents: list[Document]) -> Document:
    """The first case of a cohort, by whose days a schedule is drawn; one without days of none."""
    return documents[0] if documents else {"timepoints": [], "lines": []}


def assessed(cohort: Cohort, criteria: str = "mrecist") -> mrecist.Responses:
    return mrecist.assess_cohort(**cohort.tables, criteria=criteria)


def by_line(table: Any) -> dict[tuple[str, int], Row]:
    """The rows of a table by patient and line, dates as days."""
    rows = {}
    for row in rows_of(table):
        told = {key: dated(cell) if key.endswith("_end") else cell for key, cell in row.items()}
        rows[row["patient"], row["line"]] = told
    return rows


def dated(cell: Any) -> int | None:
    return None if cell is None else day(cell)


def same_line(row: Row, line: mrecist.LineCourse) -> None:
    """A row of the table says what a line of a course does."""
    assert row["line"] == line.number
    for key in ("objective_response", "disease_control"):
        assert row[key] == getattr(line, key)
        assert row[f"confirmed_{key}"] == getattr(line, f"confirmed_{key}")
    assert row["early_shrinkage"] == line.early_shrinkage
    assert row["problems"] == ";".join(str(problem.name) for problem in line.problems)
    assert row["baseline_total_mm"] == line.assessed.baseline_total_mm
    if line.depth is None:
        assert row["depth_percent"] is None
        assert row["deepest_total_mm"] is None
    else:
        assert math.isclose(row["depth_percent"], -100 * line.depth, abs_tol=1e-12)
    if line.depth is not None and line.assessed.facts.chart.criteria.area is None:
        fall = line.assessed.baseline_total_um - round(row["deepest_total_mm"] * 1000)
        assert Fraction(fall, line.assessed.baseline_total_um) == line.depth
    for name in TIMES:
        time = line.times.get(name)
        found = tuple(row[f"{name}_{key}"] for key in ("days", "event", "rule"))
        if time is None:
            assert found == (None, None, None)
            assert row[f"{name}_end"] is None
        else:
            assert found == (time.days, time.event, time.clause.id)
            assert day(row[f"{name}_end"]) == day(time.end)
    growth = line.growth
    if growth is None:
        assert (row["growth_ratio"], row["growth"], row["growth_rule"]) == (None, None, None)
    else:
        assert (row["growth"], row["growth_rule"]) == (str(growth.verdict), growth.rule.id)
        assert math.isclose(row["growth_ratio"], growth.days / growth.days_before)


class TestCensoring:
    """A time is censored at the last adequate assessment, never later."""

    @settings(max_examples=SOME)
    @given(drawn=charts_and_policies())
    def test_at_an_assessment(self, drawn: tuple[Document, Words]) -> None:
        """Where a policy censors, the end is the start or an assessment that was judged."""
        case, words = drawn
        found = course(case, as_policy(words))
        passes = words["clauses"]["new_therapy"][0] == "passed over"
        for at, line in enumerate(found.lines):
            judging = found.lines[at:] if passes else [line]
            adequate = {
                day(timepoint.date)
                for each in judging
                for timepoint in each.assessed.timepoints
                if {timepoint.response, timepoint.reported} - {mrecist.Response.NE, None}
            }
            for time in (line.pfs, line.ttp):
                if not time.event:
                    assert day(time.end) in adequate | {day(time.start)}
                    assert time.days >= 0

    @settings(max_examples=SOME)
    @given(drawn=charts_and_policies())
    def test_deaths_are_all_the_difference(self, drawn: tuple[Document, Words]) -> None:
        """TTP has PFS's start; deaths before PD are censored, and PD is the event of both."""
        case, words = drawn
        for line in course(case, as_policy(words)).lines:
            pfs, ttp = line.pfs, line.ttp
            if pfs.event and ttp.event:
                assert pfs.days <= ttp.days
            if ttp.clause.id != "TTE-TTP":
                assert (pfs.end, pfs.event, pfs.clause) == (ttp.end, ttp.event, ttp.clause)
            else:
                assert not ttp.event
                assert case["death"] is not None

    @settings(max_examples=SOME)
    @given(case=timed_documents(), policy=published)
    def test_within_survival(self, case: Document, policy: str) -> None:
        """Who progressed or died is followed to death: no event of a line outlasts survival."""
        for line in course(case, policy).lines:
            problems = mrecist.CourseProblem.SCAN_AFTER_DEATH
            for time in (line.pfs, line.pfs2, line.tot, line.ttnt, line.ttf):
                if not line.problems & problems and "death" in case:
                    assert day(time.end) <= day(line.os.end)

    @settings(max_examples=SOME)
    @given(drawn=charts_and_policies(published=True))
    def test_published_policies(self, drawn: tuple[Document, Words]) -> None:
        """No event is counted by FDA_A that EMA_ITT lacks; it may be the other way round."""
        case, words = drawn
        schedule = as_policy(words).schedule
        strict, observed = (
            course(case, in_schedule(name, schedule)) for name in ("fda-a", "ema-itt")
        )
        for a, b in zip(strict.lines, observed.lines, strict=True):
            for one, other in ((a.pfs, b.pfs), (a.ttp, b.ttp)):
                if one.event:
                    assert other.event
                    assert day(other.end) <= day(one.end)

    @settings(max_examples=SOME)
    @given(case=timed_documents())
    def test_policies_agree(self, case: Document) -> None:
        """On a last line policies differ in nothing but names where no assessment is missing."""
        strict, observed = (course(case, name).lines[-1] for name in ("fda-a", "ema-itt"))
        assert strict.times.keys() == observed.times.keys()
        for name, time in strict.times.items():
            other = observed.times[name]
            assert (time.start, time.end, time.event) == (other.start, other.end, other.event)


def in_schedule(name: str, schedule: mrecist.Schedule | None) -> mrecist.Policy:
    words = in_words(name)
    if schedule is not None:
        words |= {"intervals": list(schedule.intervals), "window": schedule.window_days}
    return as_policy(words)


OWN = ("pfs", "ttp", "ttr", "dor", "docr", "dosd", "tot", "ttnt", "ttf")
"""The times of a line with a next one that nothing after the start of that can change."""


class TestLaterLines:
    """Each line is assessed independently: what comes after the next one's start is not its own."""

    @settings(max_examples=SOME)
    @given(drawn=charts_and_policies(), data=st.data())
    def test_never_change_an_earlier(
        self, drawn: tuple[Document, Words], data: st.DataObject
    ) -> None:
        """Lines up to one, with the start of the next, have the times that they have in all.

        So it is where new therapy is not passed over. Left away are all later lines, all time
        points after that start, and what the next line itself says but its start.
        """
        case, words = drawn
        if words["clauses"]["new_therapy"][0] == "passed over":
            words["clauses"]["new_therapy"] = PUBLISHED["fda-a"]["new_therapy"]
        policy = as_policy(words)
        before = course(case, policy)
        kept = data.draw(st.integers(1, len(before.lines)))
        earlier = copy.deepcopy(case)
        lines = sorted(earlier["lines"], key=lambda line: day(line["start"]))
        earlier["lines"] = lines[:kept]
        if lines[kept:]:
            following = lines[kept]["start"]
            earlier["lines"].append({"agents": ["another"], "start": following})
            earlier["timepoints"] = [
                each for each in case["timepoints"] if day(each["date"]) <= day(following)
            ]
        after = course(earlier, policy)
        for one, other in zip(before.lines[:kept], after.lines[:kept], strict=True):
            for name in OWN if lines[kept:] else TIMES:
                assert one.times.get(name) == other.times.get(name), name
            assert (one.depth, one.early_shrinkage) == (other.depth, other.early_shrinkage)
            assert one.growth == other.growth


class TestShift:
    """Days count from the start of the line: on which date it was makes no difference."""

    @settings(max_examples=SOME)
    @given(drawn=charts_and_policies(), days=st.sampled_from([1, -1, 365, -4000]))
    def test_of_all_dates(self, drawn: tuple[Document, Words], days: int) -> None:
        case, words = drawn
        policy = as_policy(words)
        before, after = told(course(case, policy)), told(course(shifted(case, days), policy))
        for line in after:
            line["times"] = {
                name: (start - days, end - days, *rest)
                for name, (start, end, *rest) in line["times"].items()
            }
        assert after == before

    @settings(max_examples=SOME)
    @given(case=timed_documents(iso_dates=False), policy=published)
    def test_of_calendar_dates(self, case: Document, policy: str) -> None:
        """Study days and calendar dates tell the same times."""
        calendar = shifted(case, np.datetime64("2020-02-29").astype(int) + 719163, calendar=True)
        for one, other in zip(
            course(case, policy).lines, course(calendar, policy).lines, strict=True
        ):
            assert one.times.keys() == other.times.keys()
            for name, time in one.times.items():
                again = other.times[name]
                assert (time.days, time.event, time.clause) == (
                    again.days,
                    again.event,
                    again.clause,
                )


def shifted(case: Document, days: int, *, calendar: bool = False) -> Document:
    """The case with all its dates moved; with `calendar`, study days written as dates."""

    def moved(date: Any) -> Any:
        if isinstance(date, str) or calendar:
            return datetime.date.fromordinal(day(date) + int(days)).isoformat()
        return date + int(days)

    case = copy.deepcopy(case)
    records = [case, *case["timepoints"], *case["lines"], *(case.get("procedures") or ())]
    for record in records:
        for key in ("date", "start", "stop", "baseline", "death", "last_contact"):
            if record.get(key) is not None:
                record[key] = moved(record[key])
    return case


class TestOverlap:
    """Lines by their order, follow-ups by their day, also where a baseline is named early."""

    @pytest.mark.parametrize("policy", mrecist.POLICIES)
    @pytest.mark.parametrize("death", [57, 58, 70, None])
    @given(
        responses=st.lists(st.sampled_from(["SD", "PR", "NE", "PD"]), min_size=5, max_size=5),
        baseline=st.sampled_from([0, 28, 55]),
    )
    @settings(max_examples=FEW)
    def test_named_early(
        self, policy: str, death: int | None, responses: list[str], baseline: int
    ) -> None:
        scans = dict(zip([0, 28, 55, 60, 98], responses, strict=True))
        lines = [0, {"start": 60, "baseline": baseline}]
        dates = {} if death is None else {"death": death}
        assessment = verdicts_only(scans, *lines, **dates)
        case = mrecist.to_case(assessment.patient)
        words = in_words(policy, [(0, 14)], 3)
        expected = oracle_times(case, mrecist.to_assessment(assessment), words)
        assert told(mrecist.course(assessment, as_policy(words))) == expected
