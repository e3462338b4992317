"""Several readings of a cohort: what is accepted, on the cases that were worked by hand."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.readers_tables import readings_of

import mrecist
from mrecist import ALL_READERS, DOUBLE_READ, SINGLE_READ, CohortError, Review, assess_readings
from mrecist.plots.data import forest_data
from mrecist.readers.review import TRIGGERS

C1 = {"C1": {"R1": "SD PD -", "R2": "SD SD PD"}}


def told(readings: Any, *names: str) -> list[tuple[Any, ...]]:
    """Some columns of the discordance, row by row."""
    table = readings.discordance
    return list(zip(*(table[name].tolist() for name in names), strict=True))


def state(charts: Any, **given: Any) -> list[Any]:
    """State, accepted reader and triggers of the one line of the one patient."""
    review = {name: given.pop(name) for name in list(given) if name in attrs.fields_dict(Review)}
    days = given.pop("days", None)
    made = attrs.evolve(DOUBLE_READ, **review)
    readings = assess_readings(readings_of({"P": charts}, days), review=made, **given)
    ((*each,),) = told(readings, "state", "accepted", "by", "triggers")
    return each


class TestWorked:
    """The cases worked by hand."""

    def test_pending(self) -> None:
        """C1: a progression at two dates awaits a decision, and rates refuse."""
        readings = assess_readings(readings_of(C1))
        row = told(readings, "state", "accepted", "triggers", "problems")
        assert row == [("pending", None, "progression date", "NOT_ADJUDICATED")]
        accepted = readings.accepted
        assert (accepted.pending, len(accepted.lines["line"])) == (1, 0)
        message = "1 line awaits adjudication: see readings.discordance"
        for ask in (accepted.rates, accepted.endpoints, accepted.rechallenge_rates):
            with pytest.raises(ValueError, match=message):
                ask()

    def test_decided(self) -> None:
        """C2: the decision names R2, whose progression stands."""
        decisions = {"patient": ["C1"], "accepted": ["r2"], "by": ["R3"], "reason": ["lung"]}
        readings = assess_readings(readings_of(C1), decisions=decisions)
        assert told(readings, "state", "accepted", "by", "reason", "problems") == [
            ("adjudicated", "R2", "R3", "lung", "")
        ]
        assert readings.accepted.lines["progression_date"].tolist() == [168]
        head = readings.why("C1").splitlines()[0]
        assert head == (
            "Line 1: adjudicated, readers differ in progression date; R2 accepted, by R3 (lung)"
        )

    def test_agreed(self) -> None:
        """C3: nothing differs; the first reader's reading stands (RD-READER-FIRST)."""
        assert state({"R1": "PR PR PD", "R2": "PR PR PD"}) == ["agreed", "R1", None, ""]

    @pytest.mark.parametrize(
        ("triggers", "fired"),
        [
            ("best response", ""),
            ("response date", "response date"),
            ("time point", "time point"),
        ],
    )
    def test_response_date(self, triggers: str, fired: str) -> None:
        """C4: the same best response, first seen at two dates."""
        found = state({"R1": "PR PR SD", "R2": "SD PR PR"}, triggers=triggers)
        assert found[0] == ("pending" if fired else "agreed")
        assert found[3] == fired

    def test_best_response(self) -> None:
        """C5: CR against PR is a best response of another kind, and no other objective response."""
        charts = {"R1": "CR CR -", "R2": "PR PR -"}
        assert state(charts, triggers="best response")[0] == "pending"
        assert state(charts, triggers="objective response")[0] == "agreed"

    def test_not_evaluable(self) -> None:
        """C6: NE is a word that differs."""
        charts = {"R1": "NE NE NE", "R2": "SD SD SD"}
        assert state(charts) == ["pending", None, None, "best response"]

    def test_one_reader(self) -> None:
        """C7: one reader is accepted, or not, as the review says."""
        others = {"P": {"R2": "PR PR PR"}, "Q": {"R1": "SD SD SD", "R2": "SD SD SD"}}
        for word, expected in (("accept", ("one reader", "R2")), ("pending", ("pending", None))):
            review = attrs.evolve(DOUBLE_READ, one_reader=word)
            readings = assess_readings(readings_of(others), review=review)
            assert told(readings, "state", "accepted")[0] == expected

    @pytest.mark.parametrize("trigger", TRIGGERS)
    def test_after_progression(self, trigger: str) -> None:
        """C8: what follows a reader's progression is not compared."""
        charts = {"R1": "SD PD SD", "R2": "SD PD PD"}
        assert state(charts, triggers=trigger) == ["agreed", "R1", None, ""]

    def test_third_reading(self) -> None:
        """C9: the third reading bears out the first reader."""
        charts = {"R1": "SD PD -", "R2": "SD SD SD", "R3": "SD PD -"}
        found = state(charts, adjudicator="R3", decides="third reading")
        assert found == ["adjudicated", "R1", "R3", "progression date"]

    def test_third_opinion(self) -> None:
        """C10: the third reading agrees with neither, and stands itself."""
        charts = {"R1": "CR CR CR", "R2": "SD SD SD", "R3": "PR PR PR"}
        found = state(charts, adjudicator="R3", decides="third reading")
        assert found == ["adjudicated", "R3", "R3", "best response"]

    def test_no_third_reading(self) -> None:
        """Nobody read the line a third time, or ever: it is pending."""
        charts = {"R1": "CR CR CR", "R2": "SD SD SD"}
        third = attrs.evolve(DOUBLE_READ, adjudicator="R3", decides="third reading")
        assert told(assess_readings(readings_of({"P": charts}), review=third), "state") == [
            ("pending",)
        ]
        more = {"P": charts, "Q": charts | {"R3": "SD SD SD"}}
        readings = assess_readings(readings_of(more), review=third)
        assert told(readings, "state", "accepted") == [("pending", None), ("adjudicated", "R2")]

    def test_window(self) -> None:
        """C11: two dates within the window are one; the first reader's stands."""
        charts = {"R1": "SD PD", "R2": "SD PD"}
        days = {"R1": (56, 112), "R2": (56, 118)}
        assert state(charts, days=days, window_days=7)[:2] == ["agreed", "R1"]
        assert state(charts, days=days, window_days=5)[0] == "pending"

    def test_unknown_reader(self) -> None:
        """C12: a decision names somebody who did not read."""
        with pytest.raises(CohortError, match="accepted: must be one of R1, R2, got R9") as error:
            assess_readings(readings_of(C1), decisions={"patient": ["C1"], "accepted": ["R9"]})
        assert error.value.rows == (
            ("C1", 0, "decisions.accepted", "must be one of R1, R2, got R9"),
        )


class TestTriggers:
    """What fires each trigger."""

    @pytest.mark.parametrize(
        ("one", "other", "fired"),
        [
            ("SD PD", "SD SD", {"progression", "progression date", "time point"}),
            ("PD -", "SD PD", {"best response", "progression date", "time point"}),
            ("PR PR", "SD SD", {"best response", "objective response", "response date",
                                "time point"}),
            ("SD SD", "SD SD", set()),
        ],
    )  # fmt: skip
    def test_of_words(self, one: str, other: str, fired: set[str]) -> None:
        """By the words of two readers, whichever comes first."""
        for pair in ((one, other), (other, one)):
            charts = dict(zip(("R1", "R2"), pair, strict=True))
            assert set(state(charts, triggers=TRIGGERS)[3].split(";")) - {""} == fired

    def test_of_lesions(self) -> None:
        """A target by one reader alone; a new lesion by one alone."""
        table = readings_of({"P": {"R1": "SD SD SD", "R2": "SD SD SD"}})
        table["viable_mm"][0] = 9
        table = {name: [*cells, cells[1]] for name, cells in table.items()}
        table["lesion"][-1], table["viable_mm"][-1] = "N1", 30
        table["organ"] = [*[None] * (len(table["date"]) - 1), "lung"]
        table["longest_mm"] = [*[None] * (len(table["date"]) - 1), 30]
        review = attrs.evolve(DOUBLE_READ, triggers=("eligibility", "new lesion"))
        readings = assess_readings(table, review=review)
        assert told(readings, "triggers") == [("eligibility;new lesion",)]

    def test_confirmed(self) -> None:
        """The best response that the review names: confirmed or not."""
        charts = {"R1": "PR SD SD", "R2": "PR PR SD"}
        assert state(charts)[0] == "agreed"
        assert state(charts, confirmed=True)[3] == "best response"

    def test_any_pair(self) -> None:
        """Of three readers any pair that differs fires."""
        charts = {"R1": "SD SD SD", "R2": "SD SD SD", "R3": "PR PR PR"}
        found = state(charts, readers=("R1", "R2", "R3"))
        assert found[0] == "pending"


class TestMajority:
    """Three readers, two of whom agree."""

    @pytest.mark.parametrize(
        ("words", "accepted"),
        [
            (("SD SD SD", "PR PR PR", "PR PR PR"), "R2"),
            (("PR PR PD", "SD SD SD", "PR PD -"), "R3"),
            (("SD SD PD", "SD SD SD", "SD PD -"), "R1"),
            (("SD SD SD", "PR PR PR", "CR CR CR"), None),
        ],
    )
    def test_of_three(self, words: tuple[str, ...], accepted: str | None) -> None:
        """The word that most gave, and of those the median progression, the lower of two."""
        charts = dict(zip(("R1", "R2", "R3"), words, strict=True))
        for readers, adjudicator in ((("R1", "R2", "R3"), None), (("R1", "R2"), "R3")):
            found = state(
                charts,
                readers=readers,
                adjudicator=adjudicator,
                decides="majority",
                triggers=("best response", "progression date"),
            )
            if accepted is None or len(set(words[:2])) > 1 or len(readers) == 3:
                expected = ["pending", None] if accepted is None else ["adjudicated", accepted]
                assert found[:2] == expected

    def test_one_of_three(self) -> None:
        """One of three read the line, and one is not enough."""
        charts = {"P": {"R3": "SD SD SD"}, "Q": {"R1": "SD SD SD", "R2": "SD SD SD"}}
        review = Review(readers=("R1", "R2", "R3"), decides="majority", one_reader="pending")
        readings = assess_readings(readings_of(charts), review=review)
        assert told(readings, "state")[0] == ("pending",)


class TestReview:
    """A review that cannot be is refused."""

    @pytest.mark.parametrize(
        ("wrong", "message"),
        [
            ({"readers": ("R1",)}, "readers must be two or more where triggers compare them"),
            ({"readers": 3}, "readers must be names of readers, got 3"),
            ({"readers": ("R1", "")}, "readers must be the name of a reader, got ''"),
            ({"adjudicator": 3}, "adjudicator must be the name of a reader, got 3"),
            ({"adjudicator": " r1"}, "a reader has one part in a review, got twice r1"),
            ({"local": "R2"}, "a reader has one part in a review, got twice r2"),
            ({"triggers": ("pfs",)}, "triggers must be of progression, .*; got 'pfs'"),
            ({"decides": "vote"}, 'decides must be "choice" or "third reading" or "majority"'),
            ({"decides": "third reading"}, "adjudicator must be given where a third reading"),
            ({"decides": "majority"}, "an odd number of readers, the adjudicator included, got 2"),
            ({"one_reader": "drop"}, 'one_reader must be "accept" or "pending", got \'drop\''),
            ({"window_days": -1}, "window_days must be"),
        ],
    )
    def test_refused(self, wrong: dict[str, Any], message: str) -> None:
        """With the setting and the value."""
        with pytest.raises(ValueError, match=message):
            Review(**wrong)

    def test_printed(self) -> None:
        """Every setting is printed with its source, the triggers in one order."""
        text = str(attrs.evolve(DOUBLE_READ, adjudicator="R3", local="INV", confirmed=True))
        assert [line.partition(" [")[0] for line in text.splitlines()] == [
            "readers: R1, R2",
            "adjudicator: R3",
            "local: INV",
            "triggers: progression date, best response",
            "confirmed: yes",
            "window_days: 0",
            "decides: choice",
            "one_reader: accept",
            "level: line",
        ]
        assert "readers: all, none of them accepted" in str(ALL_READERS)
        assert "triggers: none" in str(SINGLE_READ)

    def test_by_name(self) -> None:
        """The named reviews by their names; any other is refused."""
        one = readings_of({"P": {"R1": "SD SD SD"}})
        assert told(assess_readings(one, review="single"), "state") == [("one reader",)]
        assert told(assess_readings(readings_of(C1), review="all"), "state") == [("none",)]
        with pytest.raises(ValueError, match="review must be"):
            assess_readings(one, review="triple")

    def test_nobody(self) -> None:
        """A review by somebody who read nobody, beside somebody it does not know, names who did."""
        with pytest.raises(
            ValueError, match=r"the review names R2, and .* of R1, R3: name its readers"
        ):
            assess_readings(readings_of({"P": {"R1": "SD SD SD", "R3": "SD SD SD"}}))

    @pytest.mark.parametrize("reader", ["R1", "R2", "r2", "INV"])
    def test_not_yet(self, reader: str) -> None:
        """Where all who read are known, the others may read later."""
        review = attrs.evolve(mrecist.DOUBLE_READ, local=("INV",))
        found = assess_readings(readings_of({"P": {reader: "PR PR PR"}}), review=review)
        state = "none" if reader == "INV" else "one reader"
        assert told(found, "state") == [(state,)]
        assert found.readers == (reader,)


TWO_LINES = {
    "patient": ["P", "P"], "start": [0, 120], "agents": ["sorafenib", "lenvatinib"],
    "stop": [100, None], "death": [None, 400],
}  # fmt: skip
MIXED = {"P": {"R1": "SD PD SD", "R2": "SD SD SD"}}


class TestAccepted:
    """The accepted readings are a cohort."""

    def test_of_several_readers(self) -> None:
        """Each line by its reader: endpoints go over all of them, the chart is nobody's."""
        decisions = {"patient": ["P", "P"], "line": [1, 2], "accepted": ["R1", "R2"]}
        readings = assess_readings(readings_of(MIXED), TWO_LINES, decisions=decisions)
        accepted = readings.accepted
        assert accepted.lines["progression_date"].tolist() == [112, None]
        assert accepted.endpoints().table["pfs_days"].tolist() == [112, 280]
        assert accepted.patterns()["codes"].tolist() == ["IHG", None]
        assert accepted.untreatable()["ttup_days"].tolist() == [400, 280]
        assert accepted.rates("line", level=None)["lines"].tolist() == [1, 1]
        shown = accepted.pattern_rates("line", level=None)
        assert shown["shown"].tolist() == [1, 0, 0, 0, 0] + [0] * 5
        assert shown["progressed"].tolist() == [1] * 5 + [0] * 5
        assert accepted.subgroups("line", line=2, level=None)["lines"].tolist() == [1, 1]
        assert accepted.rechallenge_rates(level=None)["lines"].sum() == 0
        with pytest.raises(mrecist.NotThereError, match="are accepted of R1 and R2: take the"):
            accepted.patient("P")
        with pytest.raises(mrecist.NotThereError, match="no one accepted reader"):
            readings.why("P")
        assert readings.why("P", line=2).startswith("Line 2: adjudicated")
        assert readings.accepted.patterns(stage_before=["B", None])["codes"].tolist() == [
            "IHG",
            None,
        ]
        with pytest.raises(ValueError, match="one value per line, 2, got 1"):
            accepted.patterns(stage_before=["B"])

    def test_left_out(self) -> None:
        """What rests on a pending line is left out with it, and what does not stays."""
        readings = assess_readings(
            readings_of(MIXED | {"Q": {"R1": "PR PR PR", "R2": "PR PR PR"}}),
            {name: [*cells, cells[0], cells[1]] for name, cells in TWO_LINES.items()}
            | {"patient": ["P", "P", "Q", "Q"]},
            decisions={"patient": ["P"], "line": [1], "accepted": ["R1"]},
        )
        assert told(readings, "state") == [("adjudicated",), ("pending",), ("agreed",), ("agreed",)]
        accepted = readings.accepted
        table = accepted.endpoints(pending="leave out").table
        assert table["patient"].tolist() == ["P", "Q", "Q"]
        assert table["ttnt_days"].tolist() == [120, 120, 280]
        assert [each is None for each in table["pfs2_days"].tolist()] == [True, False, False]
        assert accepted.rates(line=1, level=None, pending="leave out")["lines"].tolist() == [2]
        for ask in (accepted.pattern_rates, accepted.subgroups, forest_data):
            of = {forest_data: (accepted,), accepted.subgroups: ("line",)}.get(ask, ())
            with pytest.raises(ValueError, match="1 line awaits adjudication"):
                ask(*of, line=1, level=None)  # type: ignore[operator]
        left = accepted.pattern_rates(line=1, level=None, pending="leave out")
        assert left["progressed"].tolist() == [1] * 5
        left = accepted.subgroups("line", line=1, level=None, pending="leave out")
        assert left["lines"].tolist() == [2, 2]
        assert accepted.lines["line"].tolist() == [1, 1, 2]
        assert accepted.untreated.tolist() == []
        assert accepted.patient("Q").id == "Q"
        with pytest.raises(ValueError, match='pending must be "refuse" or "leave out"'):
            accepted.rates(pending="drop")

    def test_growth_after_pending(self) -> None:
        """No growth modulation over a line before that awaits a decision."""
        decisions = {"patient": ["P"], "line": [2], "accepted": ["R2"]}
        readings = assess_readings(readings_of(MIXED), TWO_LINES, decisions=decisions)
        table = readings.accepted.endpoints(pending="leave out").table
        assert np.isnan(table["growth_ratio"]).tolist() == [True]

    def test_nobody_read(self) -> None:
        """A line that no primary reader read counts, with ND."""
        charts = MIXED | {"L": {"INV": "PR PR PD"}}
        lines = {"patient": ["P", "L", "Z"], "start": [0, 0, 0]}
        review = attrs.evolve(DOUBLE_READ, local="INV")
        decisions = {"patient": ["P"], "accepted": ["R2"]}
        readings = assess_readings(readings_of(charts), lines, review=review, decisions=decisions)
        assert told(readings, "patient", "state") == [
            ("P", "adjudicated"),
            ("L", "none"),
            ("Z", "none"),
        ]
        accepted = readings.accepted
        assert accepted.lines["best_response"].tolist() == ["SD", "ND", "ND"]
        assert accepted.rates(level=None)["lines"].tolist() == [3]
        assert accepted.patterns()["codes"].tolist() == [None, None, None]
        assert len(accepted.timepoints["line"]) == 3
        assert readings.readers == ("R1", "R2", "INV")
        assert readings.of("inv").lines["best_response"].tolist() == ["PR"]

    def test_unasked(self) -> None:
        """A decision that nothing called for stands, and is told."""
        charts = {"P": {"R1": "SD SD SD", "R2": "SD SD SD"}}
        decisions = {"patient": ["P", "P"], "line": ["", "1"], "accepted": ["R1", "R2"]}
        readings = assess_readings(readings_of(charts), decisions=decisions)
        assert told(readings, "state", "accepted", "problems") == [
            ("adjudicated", "R2", "DECISION_UNASKED")
        ]

    def test_read(self) -> None:
        """A reader who stops at the scan that opens a line has ND for it (RD-READER-READ)."""
        charts = {"P": {"R1": "SD SD -", "R2": "SD SD SD"}}
        lines = {"patient": ["P", "P"], "start": [0, 112]}
        readings = assess_readings(readings_of(charts), lines)
        assert told(readings, "best_response_R1", "best_response_R2", "state") == [
            ("SD", "SD", "agreed"),
            ("ND", "SD", "pending"),
        ]

    def test_no_line(self) -> None:
        """A patient without a line is untreated, whoever read the images."""
        charts = {"P": {"R1": "SD SD SD", "R2": "SD SD SD"}, "Q": {"R2": "SD SD SD"}}
        readings = assess_readings(readings_of(charts), {"patient": ["P"], "start": [0]})
        assert readings.accepted.untreated.tolist() == ["Q"]
        assert repr(readings) == "<Readings by mrecist: R1 and R2, 1 line: 1 agreed>"
        assert readings.accepted.patients.tolist() == ["P", "Q"]


class TestMistakes:
    """What is wrong with readers is told, with its row."""

    def test_several_readers(self) -> None:
        """One door takes one reader, and says so; the other takes all."""
        message = r'readings of R1 and R2; take one \(reader="R1"\) or assess_readings'
        with pytest.raises(CohortError, match=message):
            mrecist.assess_cohort(readings_of(C1))
        with pytest.raises(CohortError, match=message):
            mrecist.how_sure(readings_of(C1), draws=1)
        with pytest.raises(ValueError, match="reader must be one of R1, R2, got 'R3'"):
            mrecist.assess_cohort(readings_of(C1), reader="R3")
        bare = {name: cells for name, cells in readings_of(C1).items() if name != "reader"}
        with pytest.raises(ValueError, match="no column reader, so none is 'R1'"):
            mrecist.assess_cohort(bare, reader="R1")
        with pytest.raises(CohortError, match="reader: this column is required"):
            assess_readings(bare)

    def test_one_name(self) -> None:
        """One reader's table needs no choice; case and spaces do not make another reader."""
        table = readings_of({"P": {"R1": "SD SD", " r1": "- -"}})
        table["date"][-1] = 168
        assert mrecist.assess_cohort(table).timepoints["date"].tolist() == [56, 112, 168]

    @pytest.mark.parametrize(
        ("cell", "message"),
        [
            (None, "reader: must be given for every row, row 1 is empty"),
            (" ", "reader: must be given for every row, row 1 is empty"),
            (True, "row 1, reader"),
        ],
    )
    def test_no_reader(self, cell: Any, message: str) -> None:
        """Every row names its reader."""
        table = readings_of(C1)
        table["reader"][1] = cell
        with pytest.raises(CohortError, match=message):
            assess_readings(table)

    def test_rows(self) -> None:
        """A mistake is told by its row in the caller's table; the patient is not accepted."""
        table = readings_of(C1 | {"Q": {"R1": "SD SD SD", "R2": "SD SD SD"}})
        table["viable_mm"][5] = -3
        readings = assess_readings(table, errors="collect")
        assert readings.errors["row"].tolist() == [5]
        assert told(readings, "patient", "state") == [("Q", "agreed")]
        assert readings.accepted.patients.tolist() == ["C1", "Q"]
        with pytest.raises(mrecist.CaseError, match="viable_mm"):
            readings.accepted.patient("C1")
        assert readings.of("R1").errors["row"].tolist() == []
        assert readings.of("R2").errors["row"].tolist() == [5]
        one = mrecist.assess_cohort(table, reader="R2", errors="collect")
        assert one.errors["row"].tolist() == [5]
        with pytest.raises(CohortError, match="row 5, viable_mm"):
            assess_readings(table)
        with pytest.raises(ValueError, match='errors must be "raise" or "collect"'):
            assess_readings(table, errors="ignore")

    def test_mixed_dates(self) -> None:
        """One reader's study days are not to be held against another's dates."""
        table = readings_of({"P": {"R1": "SD SD -", "R2": "SD SD -"}})
        table["date"][3:] = ["2024-01-01", "2024-02-26", "2024-04-22"]
        told = "must be a study day as in the other readings of the patient"
        with pytest.raises(CohortError, match=told) as error:
            assess_readings(table)
        assert [row[:3] for row in error.value.rows] == [("P", 3, "date")]
        readings = assess_readings(table, errors="collect")
        assert len(readings.discordance["line"]) == 0
        assert readings.refused.tolist() == ["P"]

    def test_nobodys_row(self) -> None:
        """A row without a patient, or with what is no id, is told once."""
        table = readings_of(C1)
        table["patient"][2], table["patient"][3] = None, False
        with pytest.raises(CohortError) as error:
            assess_readings(table)
        assert [row[1] for row in error.value.rows] == [2, 3]

    @pytest.mark.parametrize(
        ("decision", "message"),
        [
            ({"patient": ["Q"], "accepted": ["R1"]}, "must be a patient with lines, got 'Q'"),
            ({"patient": ["C1"], "line": [2], "accepted": ["R1"]}, "must be a line of the patient"),
            ({"patient": ["C1"] * 2, "accepted": ["R1"] * 2}, "must have one row per line"),
            ({"patient": ["C1"], "accepted": [""]}, "must be one of R1, R2, got none"),
            ({"patient": ["C1"], "line": [True], "accepted": ["R1"]}, "a line of the patient"),
            ({"patient": ["C1"]}, "decisions.accepted: this column is required"),
        ],
    )
    def test_decisions(self, decision: dict[str, Any], message: str) -> None:
        """A decision on nobody, on no line, twice, or for nobody."""
        with pytest.raises(CohortError, match=message):
            assess_readings(readings_of(C1), decisions=decision)

    @pytest.mark.parametrize(
        ("row", "column", "message"),
        [
            ({"reader": "R3", "start": 0}, "lines.reader", "must have findings of the patient"),
            ({"reader": "R2", "start": 9}, "lines.start", "must be that of a row of the patient"),
            ({"reader": "R1", "start": 0}, "lines.start", "must be unique among the rows of the"),
            ({"reader": "R2", "start": 0, "agents": "sorafenib"}, "lines.agents", "must agree"),
            ({"reader": "R2", "start": 0, "targets": "T7"}, "lines.targets", "must be the id of"),
        ],
    )
    def test_lines(self, row: dict[str, Any], column: str, message: str) -> None:
        """A reader's row of lines repeats a start, agrees in facts, and comes once."""
        lines: dict[str, list[Any]] = {
            "patient": ["C1"] * 3, "reader": [None, "R1", row["reader"]],
            "start": [0, 0, row["start"]], "agents": ["TACE", None, row.get("agents")],
            "targets": [None, "T1", row.get("targets")],
        }  # fmt: skip
        with pytest.raises(CohortError, match=message) as error:
            assess_readings(readings_of(C1), lines)
        assert error.value.rows[0][:3] == ("C1", 2, column)

    def test_procedures(self) -> None:
        """A procedure holds for every reader, or for the one that it names."""
        done = {"patient": ["C1", "C1"], "reader": [None, "R2"], "date": [90, 90],
                "kind": ["RFA", "resection"], "lesions": [None, "T1"]}  # fmt: skip
        readings = assess_readings(readings_of(C1), procedures=done)
        assert readings.of("R1").timepoints["response"].tolist() == ["SD", "PD"]
        assert readings.of("R2").timepoints["response"].tolist() == ["SD", "NE", "NE"]
        assert len(readings.of("R2").patient("C1").procedures) == 2
        one = mrecist.assess_cohort(readings_of(C1), procedures=done, reader="R1")
        assert len(one.patient("C1").procedures) == 1
        done["reader"][1] = "R9"
        with pytest.raises(CohortError, match=r"procedures\.reader: must have findings"):
            mrecist.assess_cohort(readings_of(C1), procedures=done, reader="R1")
        assert len(readings.accepted.lines["line"]) == 0

    def test_own_baseline(self) -> None:
        """What a reader's row of lines says is that reader's own."""
        lines = {"patient": ["C1", "C1"], "reader": ["", "R2"], "start": [0, 0],
                 "baseline": [None, 56], "targets": [None, None]}  # fmt: skip
        readings = assess_readings(readings_of(C1), lines)
        assert readings.lines["baseline"].tolist() == [0, 56]
        assert readings.lines["reader"].tolist() == ["R1", "R2"]

    def test_not_there(self) -> None:
        """Nobody of that name, and no such patient."""
        readings = assess_readings(readings_of(C1))
        with pytest.raises(mrecist.NotThereError, match="there is no reader R9 among R1, R2"):
            readings.of("R9")
        with pytest.raises(mrecist.NotThereError, match="patient Q has no one accepted reader"):
            readings.why("Q")
        assert readings.why("C1", reader="R1").startswith("Line 1: pending")
        same = assess_readings(readings_of({"P": {"R1": "SD SD SD", "R2": "SD SD SD"}}))
        assert same.why("P").startswith("Line 1: agreed; R1 accepted")


class TestFrames:
    """Frames in give frames out."""

    def test_arrow(self) -> None:
        """Texts of patients, grouped as Arrow gives them."""
        pa = pytest.importorskip("pyarrow")
        pytest.importorskip("narwhals")
        readings = assess_readings(
            pa.table(readings_of(C1)), pa.table(TWO_LINES | {"patient": ["C1"] * 2})
        )
        assert readings.discordance["state"].to_pylist() == ["pending", "pending"]

    def test_pandas(self) -> None:
        """Tables of the caller's kind, numbers as ids."""
        pd = pytest.importorskip("pandas")
        pytest.importorskip("narwhals")
        table = pd.DataFrame(readings_of(C1)).assign(patient=7)
        decisions = pd.DataFrame({"patient": [7], "accepted": ["R2"], "other": [1]})
        readings = assess_readings(table, decisions=decisions)
        assert readings.discordance["patient"].tolist() == [7]
        assert readings.timepoints["accepted"].tolist() == [False, False, True, True, True]
        assert readings.accepted.lines["patient"].tolist() == [7]
        assert readings.errors.empty
        untreated = assess_readings(table, decisions=decisions).accepted.untreatable(declined=[60])
        assert untreated["ttup_days"].tolist() == [60]


WORDS = st.sampled_from(["CR", "PR", "SD", "PD", "NE", "-"])
CHART = st.lists(WORDS, min_size=3, max_size=3).map(" ".join)
COHORTS = st.dictionaries(
    st.sampled_from(["A", "B", "C", "D"]),
    st.fixed_dictionaries({"R1": CHART, "R2": CHART}, optional={"R3": CHART, "INV": CHART}),
    min_size=1,
)
REVIEWS = st.builds(
    Review,
    adjudicator=st.just("R3"),
    triggers=st.sets(st.sampled_from(sorted(TRIGGERS)), min_size=1),
    confirmed=st.booleans(),
    window_days=st.sampled_from([0, 60]),
    decides=st.sampled_from(["choice", "third reading", "majority"]),
    one_reader=st.sampled_from(["accept", "pending"]),
)


def same(one: Any, other: Any) -> bool:
    """Equal tables."""
    return one.keys() == other.keys() and all(
        list(map(str, one[name].tolist())) == list(map(str, other[name].tolist())) for name in one
    )


class TestNotes:
    """Notes on every reading, each with rows of the tables that came in."""

    @pytest.mark.parametrize("names", [("p", "P"), (7, 8)])
    def test_whose(self, names: tuple[Any, Any]) -> None:
        """What one reader's rows show has the reader; what holds for several is told once."""
        one, two = names
        findings = {
            "patient": [two, one, one, one, one], "reader": ["R1", "R2", "R1", "R2", "R1"],
            "date": [0, 0, 0, 90, 90], "lesion": ["S8"] * 5, "viable_mm": [40, 20, 20, 21, 2],
            "size": [None] * 5, "colour": ["red"] * 5,
        }  # fmt: skip
        lines = {"patient": [two, one], "start": [1, 1], "agents": ["lenvatinib", "lenvatinb"],
                 "dod": [None, None]}  # fmt: skip
        done = {"patient": [two, one], "date": [9, 46000], "kind": ["RFA"] * 2}
        notes = assess_readings(findings, lines, procedures=done, review="all").notes
        columns = ("patient", "reader", "rows", "code")
        found = [*zip(*(notes[name].tolist() for name in columns), strict=True)]
        similar = [(None, "", "SIMILAR_PATIENTS")] * (one == "p")
        assert found[:3] == [
            (one, "R1", "2;4", "TEN_FOLD_JUMP"),
            (one, None, "procedures.1", "SPREADSHEET_DAY"),
            (one, None, "lines.1", "UNKNOWN_AGENT"),
        ]
        assert [each[1:] for each in found[3:]] == [
            *similar,
            *[(None, "", "LIKE_A_COLUMN")] * 2,
            (None, "", "UNREAD_COLUMN"),
        ]
        assert {each[0] for each in found[-3:]} == {None}

    def test_none(self) -> None:
        """Tables in which nothing is odd."""
        notes = assess_readings(readings_of(C1), review="all").notes
        assert notes["code"].tolist() == notes["reader"].tolist() == []


class TestLaws:
    """What holds of any readings and any review."""

    @given(COHORTS)
    @settings(max_examples=settings.default.max_examples // 4)
    def test_alone(self, charts: Any) -> None:
        """RL-1: a reading alone is as it is in a set (RD-READER-LESIONS)."""
        table = readings_of(charts)
        readings = assess_readings(table, review=ALL_READERS)
        for reader in readings.readers:
            rows = [i for i, each in enumerate(table["reader"]) if each == reader]
            bare = {
                name: [cells[i] for i in rows] for name, cells in table.items() if name != "reader"
            }
            alone, one = mrecist.assess_cohort(bare), readings.of(reader)
            door = mrecist.assess_cohort(table, reader=reader)
            for name in ("timepoints", "lines", "errors", "notes"):
                assert same(getattr(alone, name), getattr(one, name))
                assert same(getattr(alone, name), getattr(door, name)) or name == "notes"
            assert same(alone.endpoints().table, one.endpoints().table)
            assert same(alone.patterns(), one.patterns())

    @given(COHORTS, REVIEWS, st.randoms())
    @settings(max_examples=settings.default.max_examples // 3)
    def test_order(self, charts: Any, review: Review, random: Any) -> None:
        """RL-2: the order of readers, of rows and of patients changes no state and no trigger."""
        table = readings_of(charts)
        rows = list(range(len(table["date"])))
        random.shuffle(rows)
        shuffled = {name: [cells[i] for i in rows] for name, cells in table.items()}
        other = attrs.evolve(review, readers=("R2", "R1"))
        columns = ("patient", "state", "triggers")
        one, two = (
            sorted(told(assess_readings(given, review=each), *columns))
            for given, each in ((table, review), (shuffled, other))
        )
        assert one == two

    @given(st.dictionaries(st.sampled_from("ABCD"), CHART, min_size=1), REVIEWS)
    @settings(max_examples=settings.default.max_examples // 3)
    def test_identical(self, charts: Any, review: Review) -> None:
        """RL-3: identical readings fire no trigger."""
        both = {patient: {"R1": words, "R2": words} for patient, words in charts.items()}
        readings = assess_readings(readings_of(both), review=review)
        assert set(told(readings, "state", "triggers")) <= {("agreed", "")}

    @given(COHORTS, REVIEWS)
    @settings(max_examples=settings.default.max_examples // 3)
    def test_more_triggers(self, charts: Any, review: Review) -> None:
        """RL-4: more triggers never make fewer lines discordant; a progression has a date."""
        table = readings_of(charts)
        few, all_of_them = (
            assess_readings(table, review=each)
            for each in (review, attrs.evolve(review, triggers=TRIGGERS))
        )
        for (some,), (more,) in zip(
            told(few, "triggers"), told(all_of_them, "triggers"), strict=True
        ):
            assert set(some.split(";")) - {""} <= set(more.split(";"))
            assert "progression" not in more.split(";") or "progression date" in more.split(";")

    @given(COHORTS, REVIEWS)
    @settings(max_examples=settings.default.max_examples // 3)
    def test_states(self, charts: Any, review: Review) -> None:
        """RL-5 and RL-6: one state a line, and accepted is one who read it, or nobody."""
        readings = assess_readings(readings_of(charts), review=review)
        rows = told(readings, "patient", "state", "accepted")
        assert [row[0] for row in rows] == list(charts)
        for patient, state, accepted in rows:
            assert (accepted is None) == (state in ("none", "pending"))
            assert accepted is None or accepted in charts[patient]
        assert readings.accepted.pending == [row[1] for row in rows].count("pending")

    @given(COHORTS, REVIEWS)
    @settings(max_examples=settings.default.max_examples // 3)
    def test_local(self, charts: Any, review: Review) -> None:
        """RL-7: a local reader changes nothing that is accepted."""
        without = {
            patient: {reader: words for reader, words in readers.items() if reader != "INV"}
            for patient, readers in charts.items()
        }
        there = any("INV" in readers for readers in charts.values())
        local = attrs.evolve(review, local=("INV",) if there else ())
        one = assess_readings(readings_of(charts), review=local)
        two = assess_readings(readings_of(without), review=review)
        assert same(one.accepted.lines, two.accepted.lines)
        assert same(one.accepted.timepoints, two.accepted.timepoints)
