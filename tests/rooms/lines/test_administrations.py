"""Raw administrations become lines of therapy by LINE-10, every row and boundary of it."""

from __future__ import annotations

import datetime
from typing import Any

import attrs
import pytest

import mrecist
from mrecist import (
    LINE_BOUNDARIES,
    Administration,
    CaseError,
    CriteriaError,
    LineBoundaries,
    TherapyLine,
    line_beginnings,
    lines_from_administrations,
)

SEED = [
    Administration("lenvatinib", 0, stop=28, dose="full dose"),
    Administration("lenvatinib", 42, stop=91, dose="reduced dose"),
    Administration("sorafenib", 112, stop=204, dose="400 mg/day"),
    Administration("sorafenib", 204, stop=264, dose="800 mg/day"),
    Administration("regorafenib", 264, stop=355, dose="80 mg/day"),
    Administration("regorafenib", 355, stop=447, dose="160 mg/day"),
    Administration("sorafenib", 475, stop=536),
    Administration("regorafenib", 536),
]
"""The published case, day by day."""


def given(*spans: tuple[Any, ...]) -> list[Administration]:
    """Administrations as (agent, start[, stop[, dose]])."""
    return [
        Administration(agent, start, **dict(zip(("stop", "dose"), more, strict=False)))
        for agent, start, *more in spans
    ]


def lines(*spans: tuple[Any, ...], **options: Any) -> list[tuple[str, Any, Any]]:
    """The lines of administrations as (agents, start, stop)."""
    return [
        ("+".join(line.agents), line.start, line.stop)
        for line in lines_from_administrations(given(*spans), **options)
    ]


def rules(*spans: tuple[Any, ...], **options: Any) -> list[str]:
    return [each.rule.id for each in line_beginnings(given(*spans), **options)]


def doses(*spans: tuple[Any, ...], **options: Any) -> list[list[tuple[Any, str]]]:
    return [
        [(event.date, event.text) for event in line.doses]
        for line in lines_from_administrations(given(*spans), **options)
    ]


class TestPublishedCase:
    """The lines 1 to 5 of the published case come out of its raw administrations."""

    def test_lines(self) -> None:
        found = lines_from_administrations(SEED, progressions=[91, 264, 447])
        chart = mrecist.example_case("ikeda-2021")
        told = [(line.agents, line.start, line.stop) for line in found]
        assert told == [(line.agents, line.start, line.stop) for line in chart.lines]

    def test_hold_stays_inside(self) -> None:
        """Lenvatinib held for two weeks is one line, with the doses and the hold as events."""
        first = lines_from_administrations(SEED)[0]
        assert [(event.date, event.text) for event in first.doses] == [
            (0, "lenvatinib full dose"),
            (28, "lenvatinib held"),
            (42, "lenvatinib again reduced dose"),
        ]

    def test_changes_of_dose(self) -> None:
        second = lines_from_administrations(SEED)[1]
        assert [(event.date, event.text) for event in second.doses] == [
            (112, "sorafenib 400 mg/day"),
            (204, "sorafenib 800 mg/day"),
        ]

    def test_reasons(self) -> None:
        found = line_beginnings(SEED)
        assert [each.rule.id for each in found] == ["LINE-10-FIRST"] + ["LINE-10-REGIMEN"] * 4
        assert str(found[3]) == (
            "sorafenib from day 475: new regimen; sorafenib, which the line before did not have "
            "[LINE-10-REGIMEN]"
        )
        assert repr(found[0]) == "<LineBeginning lenvatinib 0: first line>"

    def test_in_a_chart(self) -> None:
        """The lines go into a chart as they are."""
        assessment = mrecist.assess(mrecist.Patient("P", [], [], lines_from_administrations(SEED)))
        told = mrecist.sequence_text(assessment)
        assert told == "LEN ND > SOR ND > REG ND > SOR(re) ND > REG(re) ND"


class TestGap:
    """A gap longer than max_gap_days starts a line; one of exactly that many days does not."""

    @pytest.mark.parametrize(("days", "count"), [(60, 1), (61, 2)])
    def test_default(self, days: int, count: int) -> None:
        spans = ("sorafenib", 0, 100), ("sorafenib", 100 + days)
        assert len(lines(*spans)) == count
        assert rules(*spans)[-1] == ("LINE-10-FIRST" if count == 1 else "LINE-10-GAP")

    @pytest.mark.parametrize(("days", "count"), [(14, 1), (15, 2)])
    def test_of_ones_own(self, days: int, count: int) -> None:
        rule = attrs.evolve(LINE_BOUNDARIES, max_gap_days=14)
        assert len(lines(("sorafenib", 0, 100), ("sorafenib", 100 + days), rule=rule)) == count

    def test_sentence(self) -> None:
        found = line_beginnings(given(("sorafenib", 0, 100), ("sorafenib", 161)))
        assert str(found[1].word) == "restart after a gap"
        assert found[1].why == "sorafenib again after 61 days without it, more than 60"

    def test_of_the_regimen(self) -> None:
        """What counts is the time without any agent of the regimen."""
        spans = ("atezolizumab", 0, 200), ("bevacizumab", 0, 50), ("bevacizumab", 150, 200)
        assert lines(*spans) == [("atezolizumab+bevacizumab", 0, 200)]

    def test_from_the_latest_stop(self) -> None:
        spans = ("atezolizumab", 0, 100), ("bevacizumab", 0, 50), ("bevacizumab", 160, 200)
        assert lines(*spans) == [("atezolizumab+bevacizumab", 0, 200)]
        spans = ("atezolizumab", 0, 100), ("bevacizumab", 0, 50), ("bevacizumab", 161, 200)
        assert lines(*spans)[1] == ("bevacizumab", 161, 200)

    def test_calendar(self) -> None:
        found = lines(("sorafenib", "2024-01-01", "2024-02-01"), ("sorafenib", "2024-04-01"))
        assert found == [("sorafenib", datetime.date(2024, 1, 1), None)]
        found = lines(("sorafenib", "2024-01-01", "2024-02-01"), ("sorafenib", "2024-04-02"))
        assert [start for _, start, _ in found] == [
            datetime.date(2024, 1, 1),
            datetime.date(2024, 4, 2),
        ]


class TestProgression:
    """Restart of the same regimen after documented PD starts a line, a change of dose does not."""

    @pytest.mark.parametrize(
        ("progression", "count"), [(0, 1), (1, 2), (90, 2), (100, 2), (115, 2), (116, 1)]
    )
    def test_when(self, progression: int, count: int) -> None:
        """After the line's start, and up to the day of the restart."""
        spans = ("sorafenib", 0, 100), ("sorafenib", 115, 200)
        assert len(lines(*spans, progressions=[progression])) == count

    def test_sentence(self) -> None:
        spans = given(("sorafenib", 0, 100), ("sorafenib", 115))
        found = line_beginnings(spans, progressions=[90])[1]
        assert (found.rule.id, str(found.word)) == ("LINE-10-PD", "restart after progression")
        assert found.why == "sorafenib again after documented progression"

    @pytest.mark.parametrize(("start", "count"), [(100, 1), (101, 1), (102, 2)])
    def test_no_restart(self, start: int, count: int) -> None:
        """RD-ADMINISTRATIONS: what begins on the day of the stop or the next is no restart."""
        spans = ("sorafenib", 0, 100, "400 mg"), ("sorafenib", start, 200, "800 mg")
        assert len(lines(*spans, progressions=[90])) == count

    def test_dates(self) -> None:
        found = lines(
            ("sorafenib", "2024-01-01", "2024-02-01"),
            ("sorafenib", "2024-02-10"),
            progressions=["2024-02-05"],
        )
        assert len(found) == 2

    def test_another_line(self) -> None:
        """A progression before a line's start is that of the line before."""
        spans = ("lenvatinib", 0, 90), ("sorafenib", 91, 120), ("sorafenib", 130)
        assert len(lines(*spans, progressions=[90, 91])) == 2

    def test_infusions_go_on(self) -> None:
        """Infusions in their cycles go on beyond progression."""
        spans = [("nivolumab", day, day) for day in (0, 14, 28, 42)]
        assert lines(*spans, progressions=[20]) == [("nivolumab", 0, 42)]


class TestRegimen:
    """A line starts at the first dose of a new regimen; adding a drug is one, unless planned."""

    def test_switch(self) -> None:
        assert lines(("sorafenib", 0, 100), ("lenvatinib", 100, 200)) == [
            ("sorafenib", 0, 100),
            ("lenvatinib", 100, 200),
        ]

    def test_and_back(self) -> None:
        """Another line between ends a regimen, however short it is."""
        spans = ("sorafenib", 0, 100), ("lenvatinib", 101, 110), ("sorafenib", 111, 200)
        assert [agents for agents, _, _ in lines(*spans)] == [
            "sorafenib",
            "lenvatinib",
            "sorafenib",
        ]

    def test_nonproprietary_names(self) -> None:
        assert lines(("Nexavar", 0, 100), ("SORAFENIB", 100)) == [("Nexavar", 0, None)]

    @pytest.mark.parametrize(("start", "count"), [(0, 1), (1, 1), (21, 1), (22, 2)])
    def test_joint_start(self, start: int, count: int) -> None:
        """An agent that starts within joint_start_days, while the regimen is given, belongs."""
        spans = ("atezolizumab", 0), ("bevacizumab", start)
        found = lines(*spans)
        assert len(found) == count
        assert found[-1][0] == "atezolizumab+bevacizumab"

    def test_added(self) -> None:
        """The line before ends where the drug is added, and its agents go on in the new one."""
        found = line_beginnings(given(("lenvatinib", 0, 200, "12 mg"), ("pembrolizumab", 90, 180)))
        assert [each.rule.id for each in found] == ["LINE-10-FIRST", "LINE-10-ADDED"]
        assert str(found[1].word) == "drug added"
        assert found[1].why == "pembrolizumab added to lenvatinib"
        assert [each.line.stop for each in found] == [90, 200]
        assert [each.line.agents for each in found] == [
            ("lenvatinib",),
            ("lenvatinib", "pembrolizumab"),
        ]
        assert [(event.date, event.text) for event in found[1].line.doses] == [
            (90, "lenvatinib 12 mg"),
            (180, "pembrolizumab stopped"),
        ]

    def test_added_with_a_change_of_dose(self) -> None:
        """A record that begins on the very day goes on with the one before."""
        for start in (90, 91):
            spans = ("lenvatinib", 0, 90), ("lenvatinib", start, 200), ("pembrolizumab", 90, 200)
            found = line_beginnings(given(*spans))
            assert [each.rule.id for each in found] == ["LINE-10-FIRST", "LINE-10-ADDED"]
            assert found[1].why == "pembrolizumab added to lenvatinib"

    def test_added_to_one_that_goes_on(self) -> None:
        assert lines(("lenvatinib", 0), ("pembrolizumab", 90)) == [
            ("lenvatinib", 0, 90),
            ("lenvatinib+pembrolizumab", 90, None),
        ]

    def test_replaced_early(self) -> None:
        """A drug that replaces another in the first weeks does not join it."""
        assert rules(("lenvatinib", 0, 10), ("sorafenib", 12, 90))[1] == "LINE-10-REGIMEN"
        assert rules(("lenvatinib", 0, 10), ("sorafenib", 10, 90))[1] == "LINE-10-REGIMEN"

    def test_together_after_a_hold(self) -> None:
        """An agent that starts with the regimen's restart in the first weeks joins it."""
        spans = ("lenvatinib", 0, 5), ("lenvatinib", 15, 90), ("pembrolizumab", 15, 90)
        assert lines(*spans) == [("lenvatinib+pembrolizumab", 0, 90)]
        assert len(lines(*spans, progressions=[10])) == 2

    def test_joins_during_a_change_of_dose(self) -> None:
        spans = ("lenvatinib", 0, 15), ("lenvatinib", 16, 90), ("pembrolizumab", 15, 90)
        assert lines(*spans) == [("lenvatinib+pembrolizumab", 0, 90)]

    def test_dropped(self) -> None:
        """Dropping one agent of a combination stays in the line: tremelimumab once."""
        spans = ("durvalumab", 0, 300, "1500 mg"), ("tremelimumab", 0, 0, "300 mg")
        assert lines(*spans) == [("durvalumab+tremelimumab", 0, 300)]
        assert doses(*spans) == [
            [(0, "durvalumab 1500 mg"), (0, "tremelimumab 300 mg"), (0, "tremelimumab stopped")]
        ]

    def test_given_again_alone(self) -> None:
        """An agent of the regimen again, while another goes on, stays in the line."""
        spans = ("durvalumab", 0, 300), ("tremelimumab", 0, 0), ("tremelimumab", 200, 200)
        assert lines(*spans, progressions=[150]) == [("durvalumab+tremelimumab", 0, 300)]

    def test_dropped_before_one_is_added(self) -> None:
        """A drug that was dropped is not carried into the next line."""
        spans = ("atezolizumab", 0), ("bevacizumab", 0, 50), ("cabozantinib", 100)
        assert lines(*spans)[1] == ("atezolizumab+cabozantinib", 100, None)

    @pytest.mark.parametrize(
        "planned", [[["tremelimumab", "Imfinzi"]], [{"tremelimumab", "Imfinzi"}]]
    )
    def test_planned(self, planned: Any) -> None:
        """A planned regimen may come one agent after the other; a gap and PD still end a line."""
        spans = ("tremelimumab", 0, 0), ("durvalumab", 40, 100)
        rule = LineBoundaries(planned=planned)
        assert len(lines(*spans)) == 2
        assert lines(*spans, rule=rule) == [("tremelimumab+durvalumab", 0, 100)]
        late = ("tremelimumab", 0, 0), ("durvalumab", 60, 100)
        assert len(lines(*late, rule=rule)) == 1
        assert len(lines(*late, rule=rule, progressions=[30])) == 2
        later = ("tremelimumab", 0, 0), ("durvalumab", 61, 100)
        assert rules(*later, rule=rule)[1] == "LINE-10-GAP"
        other = ("tremelimumab", 0, 0), ("nivolumab", 40, 100)
        assert len(lines(*other, rule=rule)) == 2


class TestInfusions:
    """RD-ADMINISTRATIONS: an infusion is of one day, and reaches to the next in cycle_days."""

    def test_given_over_an_addition(self) -> None:
        """What is infused before and after a drug is added goes on in the new line."""
        spans = [("atezolizumab", day, day) for day in (0, 21, 42, 84)]
        found = line_beginnings(given(*spans, ("cabozantinib", 50, 120)))
        assert [each.line.agents for each in found] == [
            ("atezolizumab",),
            ("atezolizumab", "cabozantinib"),
        ]
        assert [(each.line.start, each.line.stop) for each in found] == [(0, 42), (50, 120)]
        assert [event.text for event in found[1].line.doses] == ["atezolizumab stopped"]
        assert [event.date for event in found[1].line.doses] == [84]

    def test_no_longer(self) -> None:
        """One infusion more than cycle_days later is not going on."""
        for day, word in ((84, "LINE-10-ADDED"), (85, "LINE-10-REGIMEN")):
            spans = ("atezolizumab", 42, 42), ("cabozantinib", 50, 120), ("atezolizumab", day, day)
            assert rules(*spans, rule=LineBoundaries(joint_start_days=0))[1] == word

    def test_carried_and_cut_again(self) -> None:
        """An agent that goes on is of a line, even if the next begins before its next infusion."""
        spans = ("atezolizumab", 0, 0), ("atezolizumab", 40, 40)
        found = lines(
            *spans,
            ("cabozantinib", 30, 90),
            ("ramucirumab", 35, 90),
            rule=LineBoundaries(joint_start_days=0),
        )
        assert [agents for agents, _, _ in found] == [
            "atezolizumab",
            "atezolizumab+cabozantinib",
            "atezolizumab+cabozantinib+ramucirumab",
        ]

    def test_cycles_of_ones_own(self) -> None:
        """Without cycles each infusion after progression is a restart."""
        spans = [("nivolumab", day, day) for day in (0, 14, 28)]
        assert len(lines(*spans, progressions=[7], rule=LineBoundaries(cycle_days=0))) == 2
        assert len(lines(*spans, progressions=[7], rule=LineBoundaries(cycle_days=13))) == 2
        assert len(lines(*spans, progressions=[7], rule=LineBoundaries(cycle_days=14))) == 1

    @pytest.mark.parametrize(("start", "count"), [(1, 1), (2, 2)])
    def test_day_by_day(self, start: int, count: int) -> None:
        """Days that follow one another are no restart, whatever the cycles."""
        spans = ("a", 0, 0), ("a", start, start)
        assert len(lines(*spans, progressions=[1], rule=LineBoundaries(cycle_days=0))) == count

    def test_last_one_reaches_nowhere(self) -> None:
        """An infusion that none of its agent follows does not bridge the hold of another."""
        spans = ("durvalumab", 0, 10), ("tremelimumab", 0, 0), ("durvalumab", 30, 90)
        assert rules(*spans, progressions=[20]) == ["LINE-10-FIRST", "LINE-10-PD"]
        assert lines(*spans) == [("durvalumab+tremelimumab", 0, 90)]
        again = (*spans, ("tremelimumab", 35, 35))
        assert rules(*again, progressions=[20]) == ["LINE-10-FIRST"]

    def test_doses(self) -> None:
        """The same dose again is no event, another is; a missed cycle is a hold."""
        spans = [("nivolumab", day, day, "240 mg") for day in (0, 14, 28)]
        spans += [("nivolumab", 42, 42, "480 mg"), ("nivolumab", 56, 56), ("nivolumab", 100, 100)]
        assert doses(*spans) == [
            [
                (0, "nivolumab 240 mg"),
                (42, "nivolumab 480 mg"),
                (56, "nivolumab held"),
                (100, "nivolumab again"),
            ]
        ]


def test_late_start_is_told() -> None:
    """An agent that joins later has the day of its start among the doses."""
    assert doses(("atezolizumab", 0), ("bevacizumab", 10)) == [[(10, "bevacizumab started")]]
    assert doses(("atezolizumab", 0), ("bevacizumab", 10, None, "15 mg/kg")) == [
        [(10, "bevacizumab 15 mg/kg")]
    ]


def test_none() -> None:
    """Without administrations there is no line."""
    assert lines_from_administrations([]) == ()


class TestRecord:
    """A record that cannot be is refused with its name and the cure."""

    def test_stop_before_start(self) -> None:
        told = "administration of sorafenib: stop: must not be before the start 10, got 9"
        with pytest.raises(CaseError) as error:
            Administration("sorafenib", 10, stop=9)
        assert str(error.value) == told
        assert Administration("sorafenib", 10, stop=10).stop == 10

    def test_values(self) -> None:
        with pytest.raises(CaseError, match=r"^administration: agent: must be text, not empty"):
            Administration("", 0)
        with pytest.raises(CaseError, match=r"^administration of a: start: must be a date like"):
            Administration("a", "soon")
        with pytest.raises(CaseError, match=r"^administration of a: dose: must be text"):
            Administration("a", 0, dose=400)  # type: ignore[arg-type]

    def test_by_name(self) -> None:
        """What comes after the start is named."""
        with pytest.raises(TypeError):
            Administration("sorafenib", 0, 10)  # type: ignore[misc]

    @pytest.mark.parametrize(
        "told",
        [
            "Administration('sorafenib', 0)",
            "Administration('sorafenib', \"2024-01-31\", stop=\"2024-02-01\", dose='400 mg')",
        ],
    )
    def test_repr(self, told: str) -> None:
        """A record prints as the expression that builds it."""
        assert repr(eval(told)) == told


def mistakes(spans: Any, **options: Any) -> list[str]:
    with pytest.raises(CaseError) as error:
        lines_from_administrations(spans, **options)
    return error.value.lines


class TestMistakes:
    """What records cannot say together is refused, all at once, with the path of each."""

    def test_overlap(self) -> None:
        spans = given(("sorafenib", 50, 90), ("Nexavar", 0, 51), ("lenvatinib", 0, 60))
        assert mistakes(spans) == [
            "administrations[0].start: must not be before 51, the stop of sorafenib in "
            "administrations[1], got 50"
        ]

    def test_inside_another(self) -> None:
        """Each record is held against the one that lasts longest."""
        spans = given(("a", 0, 100), ("a", 10, 20), ("a", 50, 60), ("a", 100, 120))
        assert [each.partition(":")[0] for each in mistakes(spans)] == [
            "administrations[1].start",
            "administrations[2].start",
        ]
        spans = given(("a", 0, 100), ("a", 10, None), ("a", 110, 120))
        assert [each.partition(":")[0] for each in mistakes(spans)] == [
            "administrations[1].start",
            "administrations[2].start",
        ]

    def test_open(self) -> None:
        spans = given(("sorafenib", 0), ("sorafenib", 100), ("lenvatinib", 0), ("lenvatinib", 7))
        assert mistakes(spans) == [
            "administrations[3].start: must not follow lenvatinib in administrations[2], which "
            "has no stop, got 7; give that one its stop",
            "administrations[1].start: must not follow sorafenib in administrations[0], which "
            "has no stop, got 100; give that one its stop",
        ]

    def test_same_start(self) -> None:
        assert mistakes(given(("sorafenib", 0, 0), ("sorafenib", 0, 50))) == [
            "administrations[1].start: must not be that of sorafenib in administrations[0], got "
            "0; give one record"
        ]

    def test_kinds_of_dates(self) -> None:
        spans = given(("a", 0, "2024-01-01"), ("b", "2024-01-01"))
        assert mistakes(spans, progressions=[5, "2024-01-02", "soon"]) == [
            "progressions[2]: must be a date like \"2024-01-31\" or a study day, got 'soon'",
            "administrations[0].stop: must be a study day as administrations[0].start is, got "
            "2024-01-01",
            "administrations[1].start: must be a study day as administrations[0].start is, got "
            "2024-01-01",
            "progressions[1]: must be a study day as administrations[0].start is, got 2024-01-02",
        ]
        spans = given(("b", "2024-01-01"))
        assert mistakes(spans, progressions=[5]) == [
            "progressions[0]: must be a calendar date as administrations[0].start is, got 5"
        ]

    def test_other_things(self) -> None:
        assert mistakes([TherapyLine(["a"], 0)]) == [
            "administrations[0]: must be of type Administration, got TherapyLine(['a'], 0)"
        ]
        assert mistakes("sorafenib") == ["administrations: must be a list, got 'sorafenib'"]


class TestBoundaries:
    """The numbers of the boundary are stated, frozen and checked."""

    def test_defaults(self) -> None:
        assert LineBoundaries() == LINE_BOUNDARIES
        found = attrs.astuple(LINE_BOUNDARIES)
        assert found == (60, 21, 42, ())

    def test_by_name(self) -> None:
        """A bare number does not tell which days it is."""
        with pytest.raises(TypeError):
            LineBoundaries(60)  # type: ignore[misc]

    def test_evolved(self) -> None:
        rule = LineBoundaries(planned=[["Imjudo", "durvalumab"]])
        assert rule.planned == (frozenset({"tremelimumab", "durvalumab"}),)
        assert attrs.evolve(rule, max_gap_days=0).planned == rule.planned

    @pytest.mark.parametrize(
        ("change", "told"),
        [
            (
                {"max_gap_days": -1},
                "max_gap_days must be a whole number of days, at least 0, got -1",
            ),
            ({"cycle_days": 1.5}, "cycle_days must be a whole number of days, at least 0, got 1.5"),
            ({"joint_start_days": True}, "joint_start_days must be a whole number"),
            ({"planned": "atezolizumab"}, "planned must be a list of regimens, each a list of"),
            ({"planned": 7}, "planned must be a list of regimens, each a list of agents, got 7"),
            ({"planned": ["atezolizumab"]}, "planned must be a list, got 'atezolizumab'"),
            ({"planned": [[""]]}, "planned[0] must be text, not empty, got ''"),
        ],
    )
    def test_refused(self, change: dict[str, Any], told: str) -> None:
        with pytest.raises(CriteriaError) as error:
            LineBoundaries(**change)
        assert str(error.value).startswith(f"line boundaries: {told}")
