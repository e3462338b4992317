"""Exposures of one patient, agent by agent, and the sequence of the whole course."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import attrs
import pytest

import mrecist
from mrecist import (
    AgentExposure,
    AgentExposures,
    Assessment,
    Bounds,
    Finding,
    Lesion,
    Patient,
    TherapyLine,
    Timepoint,
    assess,
    exposures_by_agent,
    sequence_text,
)


def line(agents: str, start: Any, **more: Any) -> TherapyLine:
    return TherapyLine(agents.split("+"), start, **more)


def assessed(*lines: TherapyLine, **sizes: float) -> Assessment:
    """A chart with one target of these sizes by day (`d30=20`)."""
    timepoints = [
        Timepoint(int(day[1:]), [Finding("S8", viable_mm=size)]) for day, size in sizes.items()
    ]
    return assess(Patient("P", [Lesion("S8", "liver", "nodule")], timepoints, lines))


def exposures(*lines: TherapyLine, **sizes: float) -> dict[str, tuple[AgentExposure, ...]]:
    found = exposures_by_agent(assessed(*lines, **sizes))
    return {each.agent: each.exposures for each in found}


@pytest.fixture(scope="module")
def seed() -> dict[str, AgentExposures]:
    found = exposures_by_agent(assess(mrecist.example_case("ikeda-2021")))
    return {each.agent: each for each in found}


class TestPublishedCase:
    """SEED-E, SEED-F: sorafenib and regorafenib are rechallenged, regorafenib first is not."""

    def test_rechallenges(self, seed: dict[str, AgentExposures]) -> None:
        """Line 4 is rechallenge of sorafenib of line 2, line 5 of regorafenib of line 3."""
        assert list(seed) == ["lenvatinib", "sorafenib", "regorafenib"]
        again = [each for agent in seed.values() for each in agent.again]
        assert [(each.agent, each.number, str(each.exposure)) for each in again] == [
            ("sorafenib", 4, "rechallenge"),
            ("regorafenib", 5, "rechallenge"),
        ]
        sorafenib, regorafenib = again
        assert sorafenib.earlier is seed["sorafenib"].exposures[0]
        assert (sorafenib.drug_free_days, sorafenib.lines_between) == (211, 1)
        assert (regorafenib.drug_free_days, regorafenib.lines_between) == (89, 1)
        assert str(sorafenib.earlier_end_reason) == "progression"
        assert sorafenib.end_reason_recorded is True

    def test_responses(self, seed: dict[str, AgentExposures]) -> None:
        """PR by each time point, confirmed SD at first and NE again: the 30 days are too few."""
        told = [
            (str(each.best_response), str(each.confirmed_best_response))
            for each in seed["sorafenib"].exposures
        ]
        assert told == [("PR", "SD"), ("PR", "NE")]

    def test_ratio(self, seed: dict[str, AgentExposures]) -> None:
        """Two months by five: 61 days by 152, as the dates are recorded; exact."""
        again = seed["sorafenib"].exposures[1]
        assert again.ratio == Bounds(Fraction(61, 152), Fraction(61, 152))
        assert again.ratio.exact == Fraction(61, 152)
        assert abs(Fraction(61, 152) - Fraction(2, 5)) < Fraction(1, 500)

    def test_ongoing(self, seed: dict[str, AgentExposures]) -> None:
        """Line 5 goes on: at least 61 days by 183."""
        again = seed["regorafenib"].exposures[1]
        assert again.ongoing
        assert again.days == Bounds(61, None)
        assert again.ratio == Bounds(Fraction(1, 3), None)
        assert again.ratio.exact is None

    def test_class_mates(self, seed: dict[str, AgentExposures]) -> None:
        """Regorafenib after sorafenib is related by class only."""
        first = seed["regorafenib"].exposures[0]
        assert str(first.exposure) == "first exposure"
        assert first.class_mates == (("lenvatinib", 1), ("sorafenib", 2))
        assert "sorafenib (line 2): same class, not rechallenge" in str(first)
        assert (first.again, first.earlier, first.ratio) == (False, None, None)
        assert (first.earlier_end_reason, first.end_reason_recorded) == (None, None)
        assert (first.drug_free_days, first.lines_between) == (None, None)

    def test_text(self, seed: dict[str, AgentExposures]) -> None:
        assert str(seed["sorafenib"]) == (
            "sorafenib (multikinase inhibitor)\n"
            "  line 2, day 112 to 264: first exposure; after lenvatinib (line 1): same class, not "
            "rechallenge;\n"
            "    best response PR, confirmed SD; 152 days on treatment\n"
            "  line 4, day 475 to 536: rechallenge; sorafenib again after progression in line 2 "
            "[RC-RECHALLENGE];\n"
            "    211 days off it, 1 line between; best response PR, confirmed NE; 61 days on "
            "treatment; exposure\n"
            "    ratio 61/152 (0.40)"
        )
        assert "exposure ratio undetermined, at least 1/3 (0.33)" in " ".join(
            str(seed["regorafenib"]).split()
        )
        assert str(seed["lenvatinib"].exposures[0]) == (
            "line 1, day 0 to 91: first exposure; best response PD, confirmed PD; "
            "91 days on treatment"
        )
        assert repr(seed["sorafenib"]) == "<AgentExposures sorafenib: lines [2, 4]>"
        told = "<AgentExposure sorafenib line 4: rechallenge>"
        assert repr(seed["sorafenib"].exposures[1]) == told

    def test_sequence(self) -> None:
        assessment = assess(mrecist.example_case("ikeda-2021"))
        told = "LEN PD > SOR PR > REG PD (NE before) > SOR(re) PR > REG(re) NE"
        assert sequence_text(assessment) == told
        told = "LEN PD > SOR SD > REG PD (NE before) > SOR(re) NE > REG(re) NE"
        assert sequence_text(assessment, confirmed=True) == told


class TestWords:
    """Each agent by itself: rechallenge, resumption or reintroduction by how its line ended."""

    @pytest.mark.parametrize(
        ("reason", "word", "rule", "told"),
        [
            ("progression", "rechallenge", "RC-RECHALLENGE", "progression"),
            ("toxicity", "resumption", "RC-RESUMPTION", "toxicity"),
            ("completed", "reintroduction", "RC-REINTRO", "completed"),
            ("choice", "reintroduction", "RC-REINTRO", "choice"),
            ("other", "reintroduction", "RC-REINTRO", "other"),
        ],
    )
    def test_recorded(self, reason: str, word: str, rule: str, told: str) -> None:
        again = exposures(line("sorafenib", 0, end_reason=reason), line("Nexavar", 100))[
            "sorafenib"
        ][1]
        assert (str(again.exposure), again.rule.id) == (word, rule)
        assert (str(again.earlier_end_reason), again.end_reason_recorded) == (told, True)

    def test_inferred(self) -> None:
        """A progression stands for a reason that is not recorded."""
        lines = line("sorafenib", 0), line("sorafenib", 100)
        again = exposures(*lines, d0=20, d50=30)["sorafenib"][1]
        assert (again.rule.id, str(again.earlier_end_reason)) == (
            "RC-RECHALLENGE-PD",
            "progression",
        )
        assert again.end_reason_recorded is False
        assert again.why == "sorafenib again after progression seen in line 1"

    def test_unknown(self) -> None:
        again = exposures(line("sorafenib", 0), line("sorafenib", 100))["sorafenib"][1]
        assert again.rule.id == "RC-REINTRO-UNKNOWN"
        assert (again.earlier_end_reason, again.end_reason_recorded) == (None, None)
        assert "an unknown time off it, 0 lines between" in str(again)

    def test_each_agent_by_its_own_line(self) -> None:
        """Two agents of a line may have ended differently: each is judged by its own last line."""
        lines = (
            line("atezolizumab+bevacizumab", 0, stop=50, end_reason="toxicity"),
            line("sorafenib", 100, stop=150, end_reason="progression"),
            line("SORAFENIB+Tecentriq", 200),
        )
        found = exposures(*lines)
        assert list(found) == ["atezolizumab", "bevacizumab", "sorafenib"]
        atezolizumab, sorafenib = found["atezolizumab"][1], found["sorafenib"][1]
        assert str(atezolizumab.exposure) == "resumption"
        assert (atezolizumab.agent, atezolizumab.drug_free_days) == ("Tecentriq", 150)
        assert atezolizumab.lines_between == 1
        assert atezolizumab.why == "Tecentriq again after toxicity in line 1"
        assert str(sorafenib.exposure) == "rechallenge"
        assert (sorafenib.drug_free_days, sorafenib.lines_between) == (50, 0)
        assert sequence_text(assessed(*lines)) == "ATE+BEV ND > SOR ND > SOR(re)+ATE(re) ND"

    def test_latest_earlier_exposure(self) -> None:
        """RD-EARLIER-EXPOSURE: a third exposure is compared with the second."""
        first, second, third = exposures(
            line("sorafenib", 0, stop=100, end_reason="progression"),
            line("sorafenib", 200, stop=250, end_reason="toxicity"),
            line("sorafenib", 300, stop=310),
        )["sorafenib"]
        assert (third.earlier, second.earlier) == (second, first)
        assert str(third.exposure) == "resumption"
        assert third.ratio.exact == Fraction(1, 5)
        assert second.ratio.exact == Fraction(1, 2)

    def test_named_twice(self) -> None:
        """An agent that a line names twice is one exposure, under its first name."""
        found = exposures(line("Cyramza+ramucirumab", 0))
        assert [each.agent for each in found["ramucirumab"]] == ["Cyramza"]

    def test_none(self) -> None:
        assert exposures_by_agent(assessed()) == ()
        assert sequence_text(assessed()) == ""


class TestClassMates:
    """RD-CLASS-MATES: another drug of the class before, not the agent itself, none unknown."""

    def test_each(self) -> None:
        found = exposures(
            line("nivolumab+trial drug 7", 0),
            line("pembrolizumab+nivolumab", 100),
            line("trial drug 8+atezolizumab", 200),
        )
        assert found["pembrolizumab"][0].class_mates == (("nivolumab", 1),)
        assert found["nivolumab"][1].class_mates == ()
        assert found["trial drug 8"][0].class_mates == ()
        assert found["atezolizumab"][0].class_mates == ()

    def test_beside_a_rechallenge(self) -> None:
        """They are told of a first exposure only, and are there as data for each."""
        again = exposures(line("sorafenib", 0), line("Lenvima", 9), line("sorafenib", 90))[
            "sorafenib"
        ][1]
        assert again.class_mates == (("Lenvima", 2),)
        assert "same class" not in str(again)

    def test_class(self) -> None:
        found = exposures_by_agent(assessed(line("sorafenib+trial drug 7", 0)))
        assert [each.drug_class for each in found] == ["multikinase inhibitor", None]
        assert [str(each).split("\n")[0] for each in found] == [
            "sorafenib (multikinase inhibitor)",
            "trial drug 7",
        ]


class TestDays:
    """Days on treatment: exact by the stop; else bounds by the next line or the last time point."""

    def test_recorded(self) -> None:
        only = exposures(line("sorafenib", 5, stop=5))["sorafenib"][0]
        assert only.days == Bounds(0, 0)
        assert (only.start, only.stop, only.ongoing) == (5, 5, False)

    def test_not_recorded(self) -> None:
        """RD-ON-TREATMENT: a line that another follows ended at the latest at its start."""
        first, again = exposures(line("sorafenib", 0), line("sorafenib", 91), d30=20)["sorafenib"]
        assert first.days == Bounds(0, 91)
        assert not first.ongoing
        assert again.ongoing
        assert "day 0 to an unknown stop:" in str(first)
        assert "0 to 91 days on treatment" in str(first)

    def test_ongoing(self) -> None:
        """The last line without a stop goes on at its latest time point."""
        only = exposures(line("sorafenib", 10), d0=20, d50=20, d71=20)["sorafenib"][0]
        assert (only.days, only.ongoing) == (Bounds(61, None), True)
        assert "day 10 on:" in str(only)
        assert "at least 61 days on treatment" in str(only)
        assert exposures(line("sorafenib", 10))["sorafenib"][0].days == Bounds(0, None)

    def test_ended(self) -> None:
        """A reason for its end says that it ended, not when."""
        only = exposures(line("sorafenib", 0, end_reason="other"), d0=20, d61=20)["sorafenib"][0]
        assert (only.days, only.ongoing) == (Bounds(0, None), False)

    @pytest.mark.parametrize(
        ("vital", "days", "ongoing"),
        [
            ({"last_contact": 70}, Bounds(70, None), True),
            ({"last_contact": 40}, Bounds(50, None), True),
            ({"last_contact": -9}, Bounds(50, None), True),
            ({"death": 80}, Bounds(50, 80), False),
            ({"death": 80, "last_contact": 80}, Bounds(80, 80), False),
            ({"death": 80, "last_contact": 90}, Bounds(80, 80), False),
            ({"death": 30}, Bounds(30, 30), False),
            ({"death": -1}, Bounds(0, 0), False),
        ],
    )
    def test_vital_dates(self, vital: Any, days: Bounds, ongoing: bool) -> None:
        """A line without a stop goes on to the last contact, and ends with death."""
        chart = attrs.evolve(assessed(line("a", 0), d0=20, d50=20).patient, **vital)
        only = exposures_by_agent(assess(chart))[0].exposures[0]
        assert (only.days, only.ongoing) == (days, ongoing)

    @pytest.mark.parametrize(("death", "high"), [(50, 50), (90, 90), (91, 91), (99, 91), (-9, 0)])
    def test_death_before_the_next_line(self, death: int, high: int) -> None:
        """An odd chart: whichever comes first."""
        chart = attrs.evolve(assessed(line("a", 0), line("b", 91)).patient, death=death)
        assert exposures_by_agent(assess(chart))[0].exposures[0].days == Bounds(0, high)

    def test_ended_before_death(self) -> None:
        chart = assessed(line("a", 0, end_reason="other"), d0=20, d50=20).patient
        chart = attrs.evolve(chart, death=80, last_contact=70)
        assert exposures_by_agent(assess(chart))[0].exposures[0].days == Bounds(0, 80)

    def test_dates(self) -> None:
        """Calendar dates count as whole days."""
        lines = line("a", "2024-02-28", stop="2024-03-01"), line("a", "2024-03-11")
        first, again = exposures(*lines)["a"]
        assert (first.days.exact, again.drug_free_days) == (2, 10)


class TestRatio:
    """Days again by days before, as an exact fraction or as bounds."""

    @pytest.mark.parametrize(
        ("before", "again", "low", "high"),
        [
            ({"stop": 50}, {"stop": 130}, Fraction(3, 5), Fraction(3, 5)),
            ({"stop": 50}, {"stop": 100}, Fraction(0), Fraction(0)),
            ({"stop": 1}, {"stop": 103}, Fraction(3), Fraction(3)),
            ({}, {"stop": 130}, Fraction(3, 10), None),
            ({"stop": 50}, {}, Fraction(4, 5), None),
            ({}, {}, Fraction(2, 5), None),
        ],
    )
    def test_bounds(self, before: Any, again: Any, low: Fraction, high: Any) -> None:
        lines = line("a", 0, **before), line("a", 100, **again)
        found = exposures(*lines, d0=20, d140=20)["a"][1].ratio
        assert found == Bounds(low, high)
        assert isinstance(found.low, Fraction)

    @pytest.mark.parametrize(
        ("before", "again"),
        [
            ({"stop": 0}, {"stop": 130}),
            ({"stop": 0}, {}),
            ({"stop": 50}, {"end_reason": "other"}),
            ({}, {"stop": 100}),
        ],
    )
    def test_unknown(self, before: Any, again: Any) -> None:
        """Nothing is known without a day on treatment before, or with bounds that bound nothing."""
        found = exposures(line("a", 0, **before), line("a", 100, **again))["a"][1]
        assert found.ratio is None
        assert str(found).endswith("exposure ratio undetermined")

    def test_between(self) -> None:
        """An exposure that a later line ends has both bounds."""
        lines = line("a", 0, stop=50), line("a", 100), line("b", 125)
        found = exposures(*lines)["a"][1]
        assert found.ratio == Bounds(Fraction(0), Fraction(1, 2))
        assert found.ratio.exact is None
        assert str(found).endswith("exposure ratio undetermined, 0 (0.00) to 1/2 (0.50)")

    def test_told(self) -> None:
        assert [str(each) for each in (Bounds(3, 3), Bounds(3, None), Bounds(3, 4))] == [
            "3",
            "at least 3",
            "3 to 4",
        ]


class TestBeyondProgression:
    """RC-BEYOND, RD-BEYOND: treatment went on past the first PD, shown by a later time point."""

    SIZES = {"d0": 20.0, "d50": 30.0, "d90": 31.0}  # noqa: RUF012

    @pytest.mark.parametrize(
        ("more", "beyond"),
        [
            ({"stop": 49}, False),
            ({"stop": 50}, False),
            ({"stop": 89}, False),
            ({"stop": 90}, True),
            ({"stop": 95}, True),
            ({}, True),
            ({"end_reason": "progression"}, None),
        ],
    )
    def test_last_line(self, more: Any, beyond: bool | None) -> None:
        only = exposures(line("a", 0, **more), **self.SIZES)["a"][0]
        assert only.beyond_progression is beyond
        assert ("continued beyond progression [RC-BEYOND]" in str(only)) is (beyond is True)

    @pytest.mark.parametrize(
        ("more", "beyond"), [({"stop": 90}, True), ({"stop": 89}, False), ({}, None)]
    )
    def test_earlier_line(self, more: Any, beyond: bool | None) -> None:
        """Without a stop it is not known of a line that another follows."""
        first = exposures(line("a", 0, **more), line("b", 100), **self.SIZES)["a"][0]
        assert first.beyond_progression is beyond

    @pytest.mark.parametrize(("stop", "beyond"), [(89, False), (90, True)])
    def test_from_another_day(self, stop: int, beyond: bool) -> None:
        """Days count from the line's start."""
        only = exposures(line("a", 10, stop=stop), **self.SIZES)["a"][0]
        assert only.beyond_progression is beyond

    def test_no_progression(self) -> None:
        assert exposures(line("a", 0), d0=20, d50=20)["a"][0].beyond_progression is False

    def test_nothing_later(self) -> None:
        assert exposures(line("a", 0), d0=20, d50=30)["a"][0].beyond_progression is False
        first = exposures(line("a", 0), line("b", 60), d0=20, d50=30)["a"][0]
        assert first.beyond_progression is False


class TestSequence:
    """The course in a row: agents in short, (re) for those given before, the best response."""

    def test_words(self) -> None:
        lines = line("Tecentriq+Avastin", 0), line("trial drug 7", 100), line("trial drug 8", 200)
        told = sequence_text(assessed(*lines, d0=20, d50=10, d150=10, d190=20))
        assert told == "ATE+BEV PR > TRIALDRUG7 SD > TRIALDRUG8 ND"

    def test_within_a_line(self) -> None:
        """Two names of one agent in a line are one, and not again."""
        assert sequence_text(assessed(line("Nexavar+sorafenib", 0))) == "SOR ND"
