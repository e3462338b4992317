"""Policies of censoring: frozen as text, refused where wrong, and named by what they say.

Each file of `grids/times/` holds one policy as text. To write the files anew:

    MRECIST_WRITE_GRIDS=1 python -m pytest tests/rooms/rulebook/test_policies.py
"""

from __future__ import annotations

import itertools
import os
import pickle
from fractions import Fraction
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.oracle_times import missed_visits

import mrecist
from mrecist import EMA_ITT, FDA_A, Clause, CriteriaError, Effect, Policy, Schedule
from mrecist._base.errors import TableError
from mrecist._base.words import Situation
from mrecist.rulebook.decision_table import DecisionTable
from mrecist.rulebook.papers import Evidence
from mrecist.rulebook.policies import POLICIES, policy_named
from mrecist.rulebook.readings import READINGS, Reading
from mrecist.rulebook.times import GROWTH, SITUATION

GRIDS = Path(__file__).parents[2] / "grids" / "times"
WRITE = "MRECIST_WRITE_GRIDS"

TABLES: dict[str, DecisionTable[Any]] = {"situation": SITUATION, "growth": GROWTH}
BY_SCHEDULE = attrs.evolve(FDA_A, schedule=Schedule([(0, 42), (336, 63)], window_days=7))


PRINTED = {
    **{name: str(policy) for name, policy in POLICIES.items()},
    "fda-a-by-schedule": str(BY_SCHEDULE),
}


class TestClause:
    """A clause that could not be told is refused when it is made."""

    def test_effect(self) -> None:
        with pytest.raises(CriteriaError, match="effect must be one of Effect, got 'event on its"):
            attrs.evolve(FDA_A.death, effect="event on its day")

    def test_sentence(self) -> None:
        with pytest.raises(CriteriaError, match="may speak of end, first, gap"):
            attrs.evolve(FDA_A.death, sentence="see {page}")


class TestFrozen:
    """No rule and no clause changes unseen: each is kept as text."""

    @pytest.mark.parametrize("name", PRINTED)
    def test_printed(self, name: str) -> None:
        path = GRIDS / f"{name}.txt"
        if os.environ.get(WRITE):
            path.parent.mkdir(exist_ok=True)
            path.write_text(PRINTED[name] + "\n", "utf-8", newline="\n")
        assert (PRINTED[name] + "\n").split("\n") == path.read_text("utf-8").split("\n")

    def test_files(self) -> None:
        assert {path.stem for path in GRIDS.glob("*")} == PRINTED.keys()


class TestTables:
    """No row of the tables can be taken away, and each says where it is from."""

    @pytest.mark.parametrize("name", TABLES)
    def test_every_row_counts(self, name: str) -> None:
        table = TABLES[name]
        for at in range(len(table.rules)):
            rest = table.rules[:at] + table.rules[at + 1 :]
            with pytest.raises(TableError):
                DecisionTable(table.name, table.title, inputs=table.inputs, rules=rest)

    def test_every_situation(self) -> None:
        assert {rule.verdict for rule in SITUATION.rules} == set(Situation)

    def test_sources(self) -> None:
        """Where the papers are silent a Reading stands that is published among the others."""
        readings = {rule.source for rule in SITUATION.rules + GROWTH.rules} | {
            clause.source for policy in POLICIES.values() for clause in policy.clauses
        }
        ours = {source for source in readings if isinstance(source, Reading)}
        assert ours
        assert ours <= set(READINGS)


class TestPublished:
    """The two policies say of each situation what the guidance says, and on what evidence."""

    def test_by_name(self) -> None:
        assert {"fda-a": FDA_A, "ema-itt": EMA_ITT} == POLICIES
        assert mrecist.POLICIES is POLICIES

    def test_numbers(self) -> None:
        for policy in POLICIES.values():
            assert (policy.missed, policy.schedule) == (2, None)
            assert (policy.scheduled_dates, policy.confirmed) == (False, False)
            assert policy.growth_ratio == Fraction(133, 100)
            assert policy.early_share == Fraction(20, 100)

    def test_ids_and_evidence(self) -> None:
        """TTE-FDA-02, 07 and 08 were read; the other rows are recalled."""
        read = {
            clause.id
            for clause in FDA_A.clauses
            if clause.source.evidence is Evidence.VERIFIED  # type: ignore[union-attr]
        }
        assert read == {"TTE-FDA-02", "TTE-FDA-07", "TTE-FDA-08"}
        assert {clause.id for clause in FDA_A.clauses} == {
            f"TTE-FDA-{number:02}" for number in range(1, 11)
        }

    def test_effects(self) -> None:
        """PD and death whenever they come: nothing else is an event, and no gap matters."""
        assert [clause.effect.name for clause in EMA_ITT.clauses] == [
            "EVENT",
            "EVENT",
            "EVENT",
            "EVENT",
            "EVENT",
            "LAST",
            "PASSED_OVER",
            "START",
            "START",
            "LAST",
            "LAST",
        ]
        assert [clause.effect.name for clause in FDA_A.clauses] == [
            "EVENT",
            "LAST",
            "EVENT",
            "EVENT",
            "LAST",
            "LAST",
            "LAST",
            "START",
            "START",
            "LAST",
            "LAST",
        ]


class TestNames:
    """A policy is given by its name, or as it is."""

    @pytest.mark.parametrize("name", ["fda-a", "FDA_A", "Fda-A", "fda_a"])
    def test_known(self, name: str) -> None:
        assert policy_named(name) is FDA_A

    def test_itself(self) -> None:
        assert policy_named(BY_SCHEDULE) is BY_SCHEDULE

    @pytest.mark.parametrize(
        ("name", "told"), [("fda", "'fda'; did you mean \"fda-a\"?"), (3, "3"), (None, "None")]
    )
    def test_unknown(self, name: Any, told: str) -> None:
        with pytest.raises(CriteriaError) as caught:
            policy_named(name)
        assert str(caught.value) == (
            f'policy must be one of "fda-a", "ema-itt" or a Policy, got {told}'
        )

    @pytest.mark.parametrize(
        ("change", "name"),
        [
            ({"missed": 3}, "fda-a-amended"),
            ({"confirmed": True}, "fda-a-amended"),
            ({"new_therapy": EMA_ITT.new_therapy}, "fda-a-amended"),
            ({"growth_ratio": Fraction(4, 3)}, "fda-a-amended"),
            ({"schedule": Schedule.every(42), "scheduled_dates": True}, "fda-a-amended"),
            ({"schedule": Schedule.every(42)}, "fda-a"),
            ({"missed": 2}, "fda-a"),
            ({"missed": 3, "name": "mine"}, "mine"),
        ],
    )
    def test_amended(self, change: dict[str, Any], name: str) -> None:
        """A policy that says something else does not bear a published name; a schedule is free."""
        policy = attrs.evolve(FDA_A, **change)
        assert policy.name == name
        assert repr(policy) == f"<Policy {name}>"

    def test_amended_once(self) -> None:
        twice = attrs.evolve(attrs.evolve(FDA_A, missed=3), missed=4)
        assert twice.name == "fda-a-amended"

    def test_pickled(self) -> None:
        assert pickle.loads(pickle.dumps(BY_SCHEDULE)) == BY_SCHEDULE


class TestMistakes:
    """What is wrong with a policy is told: which, what it must be, what it is."""

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"scheduled_dates": True}, "scheduled_dates needs a schedule"),
            ({"death": 3}, "death must be a Clause, got 3"),
            ({"ongoing": FDA_A.death}, "ongoing must have an effect of LAST, got EVENT"),
            ({"stopped": FDA_A.death}, "stopped must have an effect of LAST, got EVENT"),
            ({"death": FDA_A.no_baseline},
             "death must have an effect of EVENT, LAST, got START"),
            ({"progression_after_gap": EMA_ITT.new_therapy},
             "progression_after_gap must have an effect of EVENT, LAST, got PASSED_OVER"),
            ({"no_baseline": FDA_A.ongoing}, "no_baseline must have an effect of START, got LAST"),
            ({"no_assessment": FDA_A.ongoing},
             "no_assessment must have an effect of START, got LAST"),
            ({"clinical_progression": EMA_ITT.new_therapy},
             "clinical_progression must have an effect of EVENT, LAST, got PASSED_OVER"),
            ({"new_therapy": FDA_A.no_baseline},
             "new_therapy must have an effect of EVENT, LAST, PASSED_OVER, got START"),
            ({"schedule": 42}, "schedule must be a Schedule, got 42"),
            ({"missed": 0}, "missed must be a whole number, at least 1, got 0"),
            ({"missed": 2.0}, "missed must be a whole number, at least 1, got 2.0"),
            ({"missed_by": "weeks"}, 'missed_by must be "days" or "visits", got \'weeks\''),
            ({"confirmed": "no"}, "confirmed must be True or False, got 'no'"),
            ({"scheduled_dates": 1, "schedule": Schedule.every(42)},
             "scheduled_dates must be True or False, got 1"),
            ({"growth_ratio": 1.33},
             'growth_ratio must be exact, a Fraction or text like "3/10", got 1.33'),
            ({"early_share": Fraction(0)}, "early_share must be above 0, got 0"),
        ],
    )  # fmt: skip
    def test_policy(self, change: dict[str, Any], message: str) -> None:
        with pytest.raises(CriteriaError) as caught:
            attrs.evolve(FDA_A, **change)
        assert str(caught.value) == f"policy fda-a: {message}"

    def test_all_at_once(self) -> None:
        with pytest.raises(CriteriaError, match=r"missed must be .*; policy mine: scheduled_dates"):
            attrs.evolve(FDA_A, name="mine", missed=0, scheduled_dates=True)

    @pytest.mark.parametrize(
        ("intervals", "window"),
        [([(0, 56)], 14), ([(0, 56)], 0), ([(0, 42), (100, 63)], 7), ([(0, 7), (20, 9)], 3)],
    )
    def test_missed_visits(self, intervals: list[tuple[int, int]], window: int) -> None:
        """RD-MISSED-VISITS: all pairs of days as they are counted one by one, also as arrays."""
        words: dict[str, Any] = {"intervals": intervals, "window": window}
        schedule = Schedule(intervals, window_days=window)
        pairs = [(last, day) for last in range(0, 260, 3) for day in range(last + 1, 400, 7)]
        counted = [missed_visits(words, last, day) for last, day in pairs]
        last, day = np.array(pairs).T
        assert schedule.missed(last, day).tolist() == counted
        assert int(schedule.missed(*pairs[50])) == counted[50]
        if len(intervals) == 1 and window:
            by_days = [day - last > 2 * intervals[0][1] + window for last, day in pairs]
            differ = [a != (b >= 2) for a, b in zip(by_days, counted, strict=True)]
            assert 0.02 < sum(differ) / len(differ) < 0.15

    def test_counted_by(self) -> None:
        assert "make a gap: 2;" in str(FDA_A)
        ours = attrs.evolve(FDA_A, missed_by="visits")
        assert (ours.name, "counted by visits;" in str(ours)) == ("fda-a-amended", True)

    @pytest.mark.parametrize("missed", [1, 2, 3])
    def test_missed(self, missed: int) -> None:
        assert attrs.evolve(FDA_A, missed=missed).missed == missed

    @pytest.mark.parametrize(
        ("intervals", "window", "message"),
        [
            ([], 0, "must have an interval, such as (0, 56)"),
            ([(7, 42)], 0, "the first interval must be from day 0, got [7]"),
            ([(-1, 42)], 0, "the first interval must be from day 0, got [-1]"),
            ([(0, 42), (84, 63), (84, 7)], 0,
             "intervals must be in order of their days, got [0, 84, 84]"),
            ([(0, 42), (84, 63), (50, 7)], 0,
             "intervals must be in order of their days, got [0, 84, 50]"),
            ([(0, 0)], 0, "an interval must be at least 1 day, got [0]"),
            ([(0, 42), (84, -1)], 0, "an interval must be at least 1 day, got [42, -1]"),
            ([(0, 42.0)], 0, "an interval must be a pair of whole numbers, got (0, 42.0)"),
            ([(0, True)], 0, "an interval must be a pair of whole numbers, got (0, True)"),
            ([(0,)], 0, "an interval must be a pair of whole numbers, got (0,)"),
            (42, 0, "must be pairs such as [(0, 56)], got 42"),
            ([0, 42], 0, "must be pairs such as [(0, 56)], got [0, 42]"),
            ([(0, 42)], -1, "window_days must be a whole number, at least 0, got -1"),
            ([(0, 42)], 1.5, "window_days must be a whole number, at least 0, got 1.5"),
            ([(0, 42)], True, "window_days must be a whole number, at least 0, got True"),
        ],
    )  # fmt: skip
    def test_schedule(self, intervals: Any, window: Any, message: str) -> None:
        with pytest.raises(CriteriaError) as caught:
            Schedule(intervals, window_days=window)
        assert str(caught.value) == f"schedule: {message}"

    def test_shortest(self) -> None:
        assert Schedule.every(1).intervals == ((0, 1),)


class TestSchedule:
    """Every so many days, from a day on; one is due where an interval takes over from another."""

    SCHEDULE = Schedule([(0, 42), (100, 63)], window_days=7)

    @pytest.mark.parametrize(
        ("day", "every"), [(0, 42), (99, 42), (100, 63), (101, 63), (-5, 42), (4000, 63)]
    )
    def test_interval(self, day: int, every: int) -> None:
        assert self.SCHEDULE.interval(day) == every

    @pytest.mark.parametrize(
        ("day", "due"),
        [
            (0, 0), (1, 42), (42, 42), (43, 84), (84, 84), (85, 100), (100, 100), (101, 163),
            (163, 163), (164, 226),
        ],
    )  # fmt: skip
    def test_due(self, day: int, due: int) -> None:
        assert self.SCHEDULE.due(day) == due

    @given(
        st.lists(st.integers(1, 9), max_size=2),
        st.lists(st.integers(1, 4), min_size=3, max_size=3),
        st.integers(-3, 30),
    )
    def test_number(self, lengths: list[int], every: list[int], day: int) -> None:
        """The days on which one is due, one by one; an interval may end on such a day."""
        begins = [0, *itertools.accumulate(lengths)]
        schedule = Schedule(list(zip(begins, every, strict=False)))
        due = [
            on
            for first, then, each in zip(begins, [*begins[1:], 99], every, strict=False)
            for on in range(first, then, each)
        ]
        expected = sum(0 < on <= day for on in due)
        assert schedule.number(day) == expected
        assert schedule.number(np.array([day, 0])).tolist() == [expected, 0]

    def test_arrays(self) -> None:
        days = np.array([1, 85, 164])
        assert self.SCHEDULE.due(days).tolist() == [42, 100, 226]
        assert self.SCHEDULE.interval(days).tolist() == [42, 42, 63]

    def test_text(self) -> None:
        assert (
            str(self.SCHEDULE) == "every 42 days, every 63 days from day 100, 7 days late at most"
        )
        assert str(Schedule.every(56)) == "every 56 days"
        assert Schedule.every(56, window_days=3) == Schedule([(0, 56)], window_days=3)


class TestOwnPolicy:
    """A policy of one's own takes clauses of others, or clauses of its own."""

    def test_clause(self) -> None:
        clause = Clause(
            "MY-01", Effect.EVENT, "new therapy on {new} is taken to be failure", FDA_A.death.source
        )
        mine = attrs.evolve(FDA_A, name="mine", new_therapy=clause)
        assert mine.clauses[Situation.NEW_THERAPY.code] is clause
        assert isinstance(mine, Policy)
        assert "new therapy                  event on its day" in str(mine)
