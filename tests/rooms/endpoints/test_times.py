"""The body of the times: arrays over many lines, and what overlapping lines must not disturb."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.lines import judged
from support.time_policies import verdicts_only

import mrecist
from mrecist import EMA_ITT, FDA_A, Effect, Schedule
from mrecist._base.arrays import BLANK, NO_DAY
from mrecist._base.words import Response
from mrecist.endpoints.definitions import TIMES
from mrecist.endpoints.engine import timed
from mrecist.endpoints.history import History

PD, SD, PR, NE = (Response[name].code for name in ("PD", "SD", "PR", "NE"))


def history(lines: list[dict[str, Any]], scans: list[tuple[int, int, int]], **more: Any) -> History:
    """Lines of therapy, and follow-ups as (line, day, response)."""
    empty = {
        "patient": 0, "start": 0, "stop": NO_DAY, "end_reason": BLANK, "death": NO_DAY,
        "last_contact": NO_DAY, "baseline": 0, "baseline_um": -1, "best": SD, "confirmed": SD,
    }  # fmt: skip
    columns = {
        name: np.array([line.get(name, default) for line in lines], np.int64)
        for name, default in empty.items()
    }
    line, day, response = (np.array([scan[i] for scan in scans], np.int64) for i in range(3))
    nothing = np.full(len(scans), -1)
    return History.of(
        **columns,
        line=line,
        day=day,
        response=response,
        partial=more.get("partial", np.zeros(len(scans), np.bool_)),
        reported=more.get("reported", np.full(len(scans), BLANK)),
        total_um=more.get("total", nothing),
        complete=more.get("complete", np.ones(len(scans), np.bool_)),
        criteria=mrecist.MRECIST,
    )


class TestShapes:
    """One element a line, whatever the lines are."""

    @pytest.mark.parametrize("policy", [FDA_A, EMA_ITT, attrs.evolve(FDA_A, confirmed=True)])
    def test_nothing(self, policy: mrecist.Policy) -> None:
        found = timed(history([], []), policy)
        assert [*found.times] == [*TIMES]
        assert all(len(times.days) == len(times.event) == 0 for times in found.times.values())
        assert len(found.problems) == len(found.deepest_um) == len(found.growth_rule) == 0

    @pytest.mark.parametrize("policy", [FDA_A, EMA_ITT, attrs.evolve(FDA_A, confirmed=True)])
    def test_no_follow_ups(self, policy: mrecist.Policy) -> None:
        found = timed(history([{}, {"start": 60}, {"patient": 1}], []), policy)
        assert found.times["pfs"].days.tolist() == [0, 0, 0]
        assert found.times["ttnt"].days.tolist() == [60, 0, 0]
        assert found.deepest_um.tolist() == [-1, -1, -1]
        assert found.early_shrinkage.tolist() == [255, 255, 255]

    def test_patients_are_apart(self) -> None:
        """The next patient's line is not this one's next."""
        lines = [{"patient": 0}, {"patient": 1, "start": 20}]
        found = timed(history(lines, [(1, 42, PD)]), EMA_ITT)
        assert found.times["pfs"].event.tolist() == [False, True]
        assert found.times["pfs"].days.tolist() == [0, 22]
        assert found.growth_rule.tolist() == [-1, -1]
        assert found.times["os"].end.tolist() == [0, 42]


class TestPartial:
    """A partial examination is passed over by every time, as if it were not there."""

    def test_left_out(self) -> None:
        scans = [(0, 42, SD), (0, 84, PD), (1, 42, PR)]
        lines = [{}, {"patient": 1}]
        partial = np.array([False, True, False])
        columns = {"total": np.arange(3), "reported": np.arange(3), "complete": partial}
        left = history(lines, scans, partial=partial, **columns)
        assert left.line.tolist() == [0, 1]
        assert left.response.tolist() == [SD, PR]
        assert (left.total_um.tolist(), left.reported.tolist()) == ([0, 2], [0, 2])
        assert left.complete.tolist() == [False, False]
        assert timed(left, FDA_A).times["pfs"].event.tolist() == [False, False]
        whole = history(lines, scans, **columns)
        assert whole.day.tolist() == [42, 84, 42]
        assert timed(whole, FDA_A).times["pfs"].event.tolist() == [True, False]


class TestReported:
    """A verdict other than NE makes an assessment adequate, and stands for a baseline (K3)."""

    @pytest.mark.parametrize(
        ("baseline", "response", "reported", "days"),
        [
            (0, SD, BLANK, 42),
            (0, NE, BLANK, 0),
            (0, NE, NE, 0),
            (0, NE, SD, 42),
            (NO_DAY, NE, SD, 42),
            (NO_DAY, NE, NE, 0),
            (NO_DAY, SD, BLANK, 0),
            (NO_DAY, SD, SD, 42),
        ],
    )
    def test_adequate(self, baseline: int, response: int, reported: int, days: int) -> None:
        """Up to when a line without an event was followed."""
        found = timed(
            history(
                [{"baseline": baseline}, {"patient": 1}],
                [(0, 42, response)],
                reported=np.array([reported]),
            ),
            FDA_A,
        )
        assert found.times["pfs"].days.tolist() == [days, 0]

    @pytest.mark.parametrize(
        ("visits", "told"),
        [
            ({60: "!reported=SD", 120: "!reported=PD"}, (120, True)),
            ({60: "!reported=SD", 120: "A=9"}, (60, False)),
            ({60: "!reported=NE", 120: "!reported=NE"}, (0, False)),
            ({60: "A=9", 120: "A=30"}, (0, False)),
            ({0: "A=30", 60: "A=30", 75: "Y=absent"}, (60, False)),
        ],
    )
    def test_one_patient(self, visits: dict[int, str], told: tuple[int, bool]) -> None:
        """Verdicts stand for a baseline; a partial examination is no assessment."""
        found = mrecist.course(judged("A:brain Y:lung", visits)).lines[0].pfs
        assert found is not None
        assert (found.days, found.event) == told

    def test_event(self) -> None:
        """A reported PD counts without a baseline."""
        one = history([{"baseline": NO_DAY}], [(0, 42, PD)], reported=np.array([PD]))
        assert timed(one, FDA_A).times["pfs"].event.tolist() == [True]


class TestConfirmed:
    """What confirms a response of a line is a follow-up of that line."""

    def test_not_by_the_next_line(self) -> None:
        cr = Response.CR.code
        lines = [
            {"start": -30, "best": cr, "confirmed": PR},
            {"start": 80, "best": cr, "confirmed": cr},
        ]
        scans = [(0, 28, PR), (0, 56, PR), (0, 70, cr)]
        scans += [(1, day, cr) for day in (112, 140, 168, 196)]
        found = timed(history(lines, scans), attrs.evolve(FDA_A, confirmed=True))
        assert found.times["docr"].there.tolist() == [False, True]
        assert found.times["dor"].start.tolist() == [28, 112]


class TestDepth:
    """The smallest complete total up to the first progression."""

    def test_smallest(self) -> None:
        lines = [{"baseline_um": 50_000}, {"baseline_um": 50_000, "patient": 1},
                 {"patient": 2}, {"patient": 3, "baseline_um": 0}]  # fmt: skip
        scans = [(0, 42, SD), (0, 84, PD), (0, 126, SD), (1, 42, SD), (1, 84, SD),
                 (2, 42, SD), (3, 42, SD)]  # fmt: skip
        total = np.array([40_000, 39_000, 10_000, -1, 45_000, 10_000, 10_000])
        complete = np.array([True, True, True, True, False, True, True])
        found = timed(history(lines, scans, total=total, complete=complete), FDA_A)
        assert found.deepest_um.tolist() == [39_000, -1, -1, -1]
        assert found.early_shrinkage.tolist() == [1, 255, 255, 255]


class TestOverlappingLines:
    """A later line's follow-ups may be of days that an earlier line has too."""

    LINES = (0, {"start": 60, "baseline": 28})

    def test_no_assessment_after_the_death(self) -> None:
        """The last adequate assessment is one before the death, also where dates are odd."""
        scans = {28: "SD", 55: "SD", 60: "SD", 98: "SD"}
        line = mrecist.course(verdicts_only(scans, *self.LINES, death=57)).lines[0]
        assert (line.ttp.days, line.ttp.clause.id) == (55, "TTE-TTP")

    def test_no_assessment_before_the_death(self) -> None:
        scans = {28: "NE", 55: "NE", 60: "SD", 98: "SD"}
        line = mrecist.course(verdicts_only(scans, *self.LINES, death=57)).lines[0]
        assert (line.pfs.days, line.pfs.clause.id) == (57, "TTE-FDA-10")

    def test_no_progression_of_the_later_line(self) -> None:
        """A follow-up of the later line alone says nothing of the line, early as it is."""
        lines = ({"start": 0, "baseline": 50}, {"start": 60, "baseline": 28})
        scans = verdicts_only({28: "SD", 42: "PD", 50: "SD", 56: "SD"}, *lines)
        found = mrecist.course(scans, "fda-a").lines[0]
        assert (found.pfs.end, found.pfs.clause.id) == (56, "TTE-FDA-06")

    def test_no_assessment_of_the_later_line(self) -> None:
        lines = ({"start": 0, "baseline": 50}, {"start": 60, "baseline": 28})
        found = mrecist.course(verdicts_only({28: "SD", 42: "SD", 50: "SD"}, *lines), "fda-a")
        assert found.lines[0].pfs.clause.id == "TTE-FDA-01"

    def test_no_assessment_after_the_progression(self) -> None:
        """Where new therapy is passed over, nothing after a progression censors it."""
        policy = attrs.evolve(
            EMA_ITT,
            name="mine",
            schedule=Schedule.every(10),
            progression_after_gap=attrs.evolve(EMA_ITT.ongoing, effect=Effect.LAST),
        )
        scans = {31: "SD", 50: "SD", 83: "SD", 90: "PD", 145: "NE"}
        line = mrecist.course(verdicts_only(scans, 1, {"start": 100, "baseline": 50}), policy)
        assert (line.lines[0].pfs.end, line.lines[0].pfs.event) == (90, True)


class TestLaterLines:
    """RD-LATER-LINES: new therapy passed over, later lines' PDs and scans are the line's."""

    @pytest.mark.parametrize(
        ("scans", "ends"),
        [
            ({42: "SD", 100: "SD", 150: "PD"}, [(150, True), (150, True), (150, True)]),
            ({42: "SD", 100: "PD", 150: "SD"}, [(100, True), (100, True), (150, False)]),
            ({42: "PD", 100: "SD", 150: "NE"}, [(42, True), (100, False), (120, False)]),
            ({42: "SD", 100: "NE", 150: "NE"}, [(42, False), (60, False), (120, False)]),
        ],
    )
    def test_first_of_all(self, scans: Any, ends: list[tuple[int, bool]]) -> None:
        found = mrecist.course(verdicts_only(scans, 0, 60, 120), "ema-itt")
        assert [(line.pfs.end, line.pfs.event) for line in found.lines] == ends

    def test_not_those_of_earlier_lines(self) -> None:
        found = mrecist.course(verdicts_only({42: "PD", 100: "SD"}, 0, 60), "ema-itt")
        assert (found.lines[1].pfs.end, found.lines[1].pfs.event) == (100, False)

    def test_latest_of_all(self) -> None:
        """Not the last scan of the last line: that line may go back to an early baseline."""
        lines = [{}, {"start": 60}, {"start": 120, "baseline": -10}]
        scans = [(0, 28, SD), (1, 100, SD), (2, 28, SD), (2, 100, NE)]
        pfs = timed(history(lines, scans), EMA_ITT).times["pfs"]
        assert (pfs.days.tolist(), pfs.event.any()) == ([100, 40, 0], False)

    @given(
        starts=st.lists(st.integers(0, 60), min_size=1, max_size=4, unique=True).map(sorted),
        scans=st.sets(st.tuples(st.integers(0, 3), st.integers(-9, 99)), max_size=12).map(sorted),
        said=st.lists(st.sampled_from([SD, NE]), min_size=12, max_size=12),
        patients=st.sampled_from([[0, 0, 0, 0], [0, 0, 1, 1]]),
    )
    @example([10], [(0, 10)], [SD] * 12, [0] * 4)
    def test_latest_by_day(
        self, starts: list[int], scans: list[Any], said: list[int], patients: list[int]
    ) -> None:
        """Without an event a line ends on the latest day that it or a later line saw."""
        lines = [
            {"start": start, "patient": patient, "baseline": 0}
            for start, patient in zip(starts, patients, strict=False)
        ]
        rows = [
            (*scan, word) for scan, word in zip(scans, said, strict=False) if scan[0] < len(lines)
        ]
        found = timed(history(lines, rows), EMA_ITT).times["pfs"]
        for at, line in enumerate(lines):
            seen = [
                day
                for of, day, word in rows
                if of >= at and lines[of]["patient"] == line["patient"] and word == SD
            ]
            assert found.days[at] == max([0, *(day - line["start"] for day in seen)])


class TestMissed:
    """RD-MISSED: nothing is due before the start of a line, so nothing was missed there."""

    @pytest.mark.parametrize("missed_by", ["days", "visits"])
    @given(
        before=st.sets(st.integers(-200, -1), max_size=2).map(sorted),
        after=st.sets(st.integers(0, 200), max_size=3).map(sorted),
        event=st.integers(0, 300),
        missed=st.integers(1, 2),
        died=st.booleans(),
    )
    @example([-49], [], 21, 1, False)
    def test_nothing_before_the_start(
        self,
        missed_by: str,
        before: list[int],
        after: list[int],
        event: int,
        missed: int,
        died: bool,
    ) -> None:
        """A scan before the start, after a baseline named early, changes no end."""
        schedule = Schedule([(0, 42), (100, 63)], window_days=7)
        policy = attrs.evolve(FDA_A, schedule=schedule, missed=missed, missed_by=missed_by)
        line = {"baseline": -300, "death": event if died else NO_DAY}
        scans = [(0, day, SD) for day in after if day < event]
        scans += [] if died else [(0, event, PD)]
        with_and_without = [
            timed(history([line], [(0, day, SD) for day in days] + scans), policy).times["pfs"]
            for days in (before, [])
        ]
        assert len({(*pfs.days, *pfs.event) for pfs in with_and_without}) == 1


class TestNeverBefore:
    """No time ends before it starts, however odd the dates or early the baseline."""

    def test_progression_before_the_start(self) -> None:
        found = mrecist.course(verdicts_only({0: None, 28: "PD"}, {"start": 50, "baseline": 0}))
        assert (found.lines[0].pfs.days, found.lines[0].pfs.event) == (0, True)
        assert (found.lines[0].ttf.days, found.lines[0].pps.days) == (0, 22)

    def test_assessment_before_the_start(self) -> None:
        found = mrecist.course(verdicts_only({0: None, 28: "SD"}, {"start": 50, "baseline": 0}))
        assert (found.lines[0].pfs.days, found.lines[0].pfs.event) == (0, False)
        assert found.lines[0].pfs.clause.id == "TTE-FDA-03"
