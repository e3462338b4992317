"""What a line of therapy is, given the lines before it."""

from __future__ import annotations

from typing import Any

import pytest

from mrecist import Finding, Lesion, Patient, TherapyLine, Timepoint, assess
from mrecist.patient.assessment import LineAssessment
from mrecist.patient.exposure import exposure

GROWTH = {-7: 30, 90: 40}
"""A target that progresses by day 90: 30 to 40 mm."""


def last(
    *lines: TherapyLine, sizes: dict[int, int] | None = None, **reported: str
) -> LineAssessment:
    """The last line of a chart with one target of these sizes by day."""
    timepoints = [
        Timepoint(day, [Finding("S8", viable_mm=size)]) for day, size in (sizes or {}).items()
    ]
    timepoints += [Timepoint(int(day[1:]), [], reported=told) for day, told in reported.items()]
    lesions = [Lesion("S8", "liver", "nodule")]
    return assess(Patient("P", lesions, timepoints, lines)).lines[-1]


def line(agents: str, start: int, **more: Any) -> TherapyLine:
    return TherapyLine(agents.split("+"), start, **more)


class TestExposure:
    """The latest earlier line with one of the agents, and how it ended, say what a line is."""

    @pytest.mark.parametrize(
        ("reason", "expected", "rule"),
        [
            ("progression", "rechallenge", "RC-RECHALLENGE"),
            ("toxicity", "resumption", "RC-RESUMPTION"),
            ("completed", "reintroduction", "RC-REINTRO"),
            ("choice", "reintroduction", "RC-REINTRO"),
            ("other", "reintroduction", "RC-REINTRO"),
            (None, "reintroduction", "RC-REINTRO-UNKNOWN"),
        ],
        ids=str,
    )
    def test_by_reason(self, reason: str | None, expected: str, rule: str) -> None:
        """Rechallenge after progression, resumption after toxicity, else reintroduction."""
        found = last(line("sorafenib", 0, stop=60, end_reason=reason), line("sorafenib", 100))
        assert (str(found.exposure), found.re_exposure.rule.id) == (expected, rule)
        assert (found.rechallenge_of, found.drug_free_days, found.lines_between) == (1, 40, 0)

    def test_first(self) -> None:
        """Two drugs of one class are not one agent."""
        found = last(line("sorafenib", 0, stop=60), line("lenvatinib", 100))
        assert str(found.exposure) == "first exposure"
        assert (found.rechallenge_of, found.drug_free_days, found.lines_between) == (None,) * 3

    def test_computed_progression(self) -> None:
        """A progression stands for a reason that is not recorded."""
        lines = line("sorafenib", 0), line("sorafenib", 100)
        assert last(*lines, sizes=GROWTH).re_exposure.rule.id == "RC-RECHALLENGE-PD"
        assert last(*lines, sizes={-7: 30, 90: 30}).re_exposure.rule.id == "RC-REINTRO-UNKNOWN"

    def test_recorded_reason_holds(self) -> None:
        """A recorded reason outranks a computed progression."""
        lines = line("sorafenib", 0, end_reason="toxicity"), line("sorafenib", 100)
        assert str(last(*lines, sizes=GROWTH).exposure) == "resumption"

    def test_reported_progression(self) -> None:
        """A reported PD that stands in is a progression like any other."""
        found = last(line("sorafenib", 0), line("sorafenib", 100), d50="PD")
        assert found.re_exposure.rule.id == "RC-RECHALLENGE-PD"

    def test_latest_line_counts(self) -> None:
        """Of several earlier lines with one of the agents the latest decides."""
        found = last(
            line("sorafenib", 0, stop=10, end_reason="progression"),
            line("lenvatinib+sorafenib", 20, stop=50, end_reason="toxicity"),
            line("ramucirumab", 60, stop=80, end_reason="progression"),
            line("sorafenib+nivolumab", 100),
        )
        assert str(found.exposure) == "resumption"
        assert (found.rechallenge_of, found.drug_free_days, found.lines_between) == (2, 50, 1)

    def test_no_stop(self) -> None:
        """Without a stop the days between are not known."""
        found = last(line("sorafenib", 0), line("sorafenib", 100))
        assert found.drug_free_days is None

    @pytest.mark.parametrize(
        "agent", ["Nexavar", " SORAFENIB ", "sorafenib", "BAY 43-9006", "SOR", "sorafenib 400 mg"]
    )
    def test_names(self, agent: str) -> None:
        """Brand names, codes, short forms, doses, case and space are one agent."""
        found = last(line("sorafenib", 0), line(agent, 100))
        assert found.rechallenge_of == 1

    @pytest.mark.parametrize(
        ("first", "then", "shared"),
        [
            ("TACE", "DEB-TACE", ("DEB-TACE",)),
            ("cTACE+sorafenib", "TACE+lenvatinib", ("TACE",)),
            ("SIRT", "lenvatinib, Y90", ("lenvatinib, Y90",)),
        ],
    )
    @pytest.mark.parametrize("reason", [None, "progression", "toxicity"])
    def test_repeat(
        self, first: str, then: str, shared: tuple[str, ...], reason: str | None
    ) -> None:
        """RD-REPEAT: a procedure again is a repeat, however the line before ended."""
        found = last(line(first, 0, stop=10, end_reason=reason), line(then, 100), sizes=GROWTH)
        assert (str(found.exposure), found.re_exposure.rule.id) == ("repeat", "RC-REPEAT")
        assert (found.rechallenge_of, found.drug_free_days, found.lines_between) == (1, 90, 0)
        assert found.re_exposure.agents == shared

    def test_repeat_of_the_latest(self) -> None:
        """A repeat is one of the latest line with a procedure of this one."""
        lines = line("TACE", 0), line("RFA", 10), line("resection", 20), line("TACE+MWA+RFA", 30)
        found = last(*lines)
        assert (str(found.exposure), found.rechallenge_of) == ("repeat", 2)
        assert found.re_exposure.agents == ("RFA",)

    def test_drug_beside_procedure(self) -> None:
        """Where a drug is shared too, the latest line with a drug of this one decides."""
        found = last(
            line("sorafenib", 0, end_reason="toxicity"),
            line("TACE+lenvatinib", 20, end_reason="progression"),
            line("sorafenib+TACE", 40),
        )
        assert (str(found.exposure), found.rechallenge_of) == ("resumption", 1)
        assert found.re_exposure.agents == ("sorafenib",)

    def test_combination(self) -> None:
        """A short form of a combination shares each of its drugs, and is named once."""
        found = last(line("T+A", 0, end_reason="progression"), line("atezo/bev", 40))
        assert found.re_exposure.agents == ("atezo/bev",)
        assert str(last(line("STRIDE", 0), line("durvalumab", 9)).exposure) == "reintroduction"

    def test_unknown_agent(self) -> None:
        """A drug that the library does not know is compared by its name."""
        assert last(line("Trial drug 7", 0), line("trial DRUG 7", 100)).rechallenge_of == 1

    def test_order_of_the_case(self) -> None:
        """Lines are numbered by their start, not by their place in the case."""
        found = last(line("sorafenib", 100), line("sorafenib", 0, end_reason="progression"))
        assert (found.number, found.rechallenge_of, str(found.exposure)) == (2, 1, "rechallenge")


def test_called_alone() -> None:
    """Without earlier lines any line is a first exposure."""
    facts = exposure(line("sorafenib", 0), [])
    assert facts.rule.id == "RC-FIRST"
    assert (facts.earlier, facts.drug_free_days, facts.lines_between) == (None, None, None)
