"""Rechallenges of a cohort: the table, and response to them by the response before."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from support.cohort_tables import rows_of

import mrecist
from mrecist import MRECIST, Response
from mrecist.rulebook.best_response import OBJECTIVE, RESPONSE_GROUPS

COLUMNS = (
    "patient", "line", "agents", "exposure", "rule", "earlier_line", "earlier_end_reason",
    "end_reason_recorded", "drug_free_days", "lines_between", "best_response_before",
    "best_response_again", "confirmed_best_response_before", "confirmed_best_response_again",
    "days_before_low", "days_before_high", "days_again_low", "days_again_high", "ratio_low",
    "ratio_high",
)  # fmt: skip

BASELINE, ANSWER = 20.0, {"CR": 0.0, "PR": 10.0, "SD": 20.0, "PD": 30.0}


def cohort(courses: dict[Any, list[tuple[Any, ...]]], **options: Any) -> mrecist.Responses:
    """Patients by their lines: (agents, response or None[, end reason]), 200 days apart.

    Each line has a baseline of 20 mm at its start, and its answer is read 100 days later. A line
    without an answer has no follow-up, so the next one has no scan at its start.
    """
    findings: dict[str, list[Any]] = {name: [] for name in ("patient", "date", "viable_mm")}
    lines: dict[str, list[Any]] = {
        name: [] for name in ("patient", "start", "stop", "end_reason", "agents")
    }
    for who, course in courses.items():
        for number, (agents, answer, *reason) in enumerate(course):
            start = 200 * number
            sizes = {start: BASELINE} if number == 0 or course[number - 1][1] else {}
            sizes |= {start + 100: ANSWER[answer]} if answer else {}
            for day, size in sizes.items():
                for name, cell in zip(findings, (who, day, size), strict=True):
                    findings[name].append(cell)
            row = (who, start, start + 100, reason[0] if reason else "progression", agents)
            for name, cell in zip(lines, row, strict=True):
                lines[name].append(cell)
    findings["lesion"] = ["S8"] * len(findings["date"])
    return mrecist.assess_cohort(findings, lines, **options)


def table(responses: mrecist.Responses) -> Any:
    return responses.rechallenges()


def rates(responses: mrecist.Responses, **options: Any) -> dict[str, dict[str, Any]]:
    options = {"level": None} | options
    found = rows_of(responses.rechallenge_rates(**options))
    return {row["response_before"]: row for row in found}


class TestTable:
    """One row a line that shares an agent with an earlier one."""

    def test_published_case(self) -> None:
        """SEED-E, SEED-F: two rechallenges; regorafenib after sorafenib is none."""
        chart = mrecist.example_case("ikeda-2021")
        lines = {
            "patient": [chart.id] * 5,
            "start": [line.start for line in chart.lines],
            "stop": [line.stop for line in chart.lines],
            "end_reason": [line.end_reason for line in chart.lines],
            "agents": ["+".join(line.agents) for line in chart.lines],
        }
        seen = [(t.date, t.reported) for t in chart.timepoints]
        findings = {
            "patient": [chart.id] * len(seen),
            "date": [date for date, _ in seen],
            "lesion": [None] * len(seen),
            "reported": [reported for _, reported in seen],
        }
        found = rows_of(table(mrecist.assess_cohort(findings, lines)))
        assert [(row["line"], row["agents"], row["earlier_line"]) for row in found] == [
            (4, "sorafenib", 2),
            (5, "regorafenib", 3),
        ]
        assert found[0] == {
            "patient": chart.id,
            "line": 4,
            "agents": "sorafenib",
            "exposure": "rechallenge",
            "rule": "RC-RECHALLENGE",
            "earlier_line": 2,
            "earlier_end_reason": "progression",
            "end_reason_recorded": True,
            "drug_free_days": 211,
            "lines_between": 1,
            "best_response_before": "PR",
            "best_response_again": "PR",
            "confirmed_best_response_before": "SD",
            "confirmed_best_response_again": "NE",
            "days_before_low": 152,
            "days_before_high": 152,
            "days_again_low": 61,
            "days_again_high": 61,
            "ratio_low": 61 / 152,
            "ratio_high": 61 / 152,
        }
        assert (found[1]["days_again_low"], found[1]["days_again_high"]) == (61, None)
        assert (found[1]["ratio_low"], found[1]["ratio_high"]) == (61 / 183, None)

    def test_columns(self) -> None:
        """The columns are there, and of one kind, also without a row."""
        for courses in ({}, {"P": [("a", "PR")]}, {"P": [("a", "PR"), ("a", "PR")]}):
            found = table(cohort(courses))
            assert tuple(found) == COLUMNS
            assert {len(column) for column in found.values()} == {len(courses.get("P", [1])) - 1}
            assert found["line"].dtype == np.int64
            assert found["ratio_low"].dtype == np.float64

    def test_numbers_as_patients(self) -> None:
        findings = {"patient": np.array([7]), "date": [0], "lesion": [None]}
        lines = {"patient": np.array([7, 7]), "start": [0, 9], "agents": ["a", "a"]}
        found = table(mrecist.assess_cohort(findings, lines))
        assert found["patient"].dtype.kind == "i"
        assert found["patient"].tolist() == [7]

    @pytest.mark.parametrize(
        ("before", "again", "low", "high"),
        [
            (1, 3, 3.0, 3.0),
            (2, 3, 1.5, 1.5),
            (2, 0, 0.0, 0.0),
            (0, 3, None, None),
            (0, None, None, None),
            (1, None, 5.0, None),
            (None, 3, 0.03, None),
            (None, 0, None, None),
        ],
    )
    def test_ratio(self, before: Any, again: Any, low: Any, high: Any) -> None:
        """Days again by days before, with a bound wherever there is one."""
        given = ((0, before), (100, again))
        stops = [None if days is None else start + days for start, days in given]
        lines = {"patient": ["P", "P"], "start": [0, 100], "stop": stops, "agents": ["a", "a"]}
        findings = {"patient": ["P", "P"], "date": [0, 105], "lesion": [None, None]}
        (row,) = rows_of(table(mrecist.assess_cohort(findings, lines)))
        assert (row["ratio_low"], row["ratio_high"]) == (low, high)

    def test_shared_agents(self) -> None:
        """Those of both lines, as the later one names them."""
        found = table(cohort({"P": [("Nexavar+nivolumab", "PD"), ("ramucirumab+SORAFENIB", "PR")]}))
        assert found["agents"].tolist() == ["SORAFENIB"]

    def test_without_agents(self) -> None:
        """RD-TABLE-AGENTS: lines without agents share none."""
        assert len(table(cohort({"P": [(None, "PD"), (None, "PR")]}))["line"]) == 0
        no_lines = mrecist.assess_cohort({"patient": ["P"], "date": [0], "lesion": [None]})
        assert len(table(no_lines)["line"]) == 0

    def test_patients_with_mistakes(self) -> None:
        """Who is not judged has no row, and the rows of the others are their own."""
        courses: dict[Any, Any] = {
            "P-1": [("a", "PD", "nonsense"), ("a", "PR")],
            "P-2": [("b", "PD", "toxicity"), ("b", "PR")],
        }
        responses = cohort(courses, errors="collect")
        found = table(responses)
        assert found["patient"].tolist() == ["P-2"]
        assert found["exposure"].tolist() == ["resumption"]
        assert found["drug_free_days"].tolist() == [100]


MIXED = {
    "A": [("x", "PR"), ("x", "PR"), ("x", "PD")],
    "B": [("x", "SD"), ("x", "PR")],
    "C": [("x", "SD"), ("x", "SD")],
    "D": [("x", "PD"), ("x", "PD")],
    "E": [("x", None), ("x", "CR")],
    "F": [("x", "CR", "toxicity"), ("x", "CR")],
}


class TestRates:
    """RD-FIRST-RESPONSES: response to the same agent again, by the response before."""

    def test_counts(self) -> None:
        found = rates(cohort(MIXED))
        told = [
            (name, row["lines"], row["patients"], row["responders"], row["controlled"])
            for name, row in found.items()
        ]
        assert told == [
            ("CR/PR", 2, 1, 1, 1),
            ("SD", 2, 2, 1, 2),
            ("PD", 1, 1, 0, 0),
            ("other", 1, 1, 1, 1),
            ("all", 6, 5, 3, 4),
        ]
        assert found["SD"]["response_rate"] == 0.5
        assert found["SD"]["criteria"] == "mrecist"

    def test_words(self) -> None:
        """Which words of exposure count can be said; by default rechallenge alone."""
        responses = cohort(MIXED)
        assert rates(responses, exposures="resumption")["CR/PR"]["responders"] == 1
        assert rates(responses, exposures=["resumption"])["all"]["lines"] == 1
        every = rates(responses, exposures=["rechallenge", "resumption", "reintroduction"])
        assert every["all"]["lines"] == 7

    def test_confirmed(self) -> None:
        """Both responses are confirmed ones: here none is, and a CR or PR on day 100 is SD."""
        found = rates(cohort(MIXED), confirmed=True)
        assert [row["lines"] for row in found.values()] == [0, 4, 1, 1, 6]
        assert found["all"]["responders"] == 0
        assert found["SD"]["controlled"] == 3

    def test_empty(self) -> None:
        """No rechallenge: no rate, and every row is there."""
        found = rates(cohort({"P": [("a", "PR")]}))
        assert list(found) == ["CR/PR", "SD", "PD", "other", "all"]
        assert [row["response_rate"] for row in found.values()] == [None] * 5

    def test_intervals(self) -> None:
        """Clopper and Pearson: 1 of 2 is 1.26 % to 98.74 %."""
        pytest.importorskip("scipy")
        row = rates(cohort(MIXED), level="0.95")["SD"]
        assert math.isclose(row["response_low"], 0.012579117, rel_tol=1e-6)
        assert math.isclose(row["response_high"], 1 - 0.012579117, rel_tol=1e-6)
        narrow = rates(cohort(MIXED), level="0.5")["SD"]
        assert narrow["response_low"] > row["response_low"]

    @pytest.mark.parametrize(
        ("options", "told"),
        [
            (
                {"exposures": "first exposure"},
                'exposures must be one of "rechallenge", "resumption"',
            ),
            ({"exposures": ["again"]}, "exposures must be one of"),
            ({"exposures": []}, "exposures must name at least one word, got []"),
            ({"level": 95}, "level must be between 0 and 1"),
        ],
    )
    def test_refused(self, options: dict[str, Any], told: str) -> None:
        with pytest.raises(ValueError, match="must") as error:
            rates(cohort(MIXED), **options)
        assert str(error.value).startswith(told)

    def test_groups(self) -> None:
        """The groups hold every response once."""
        inside = [response for words in RESPONSE_GROUPS.values() for response in words]
        assert sorted(inside) == sorted(Response)
        assert RESPONSE_GROUPS["CR/PR"] == OBJECTIVE
        assert RESPONSE_GROUPS["other"] == {"NON-CR/NON-PD", "NE", "NED", "ND"}

    def test_criteria(self) -> None:
        assert rates(cohort(MIXED, criteria=MRECIST))["all"]["criteria"] == "mrecist"
