"""One patient's course: each clause of each policy by a case worked by hand, and its boundaries."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import pytest
from support.time_policies import verdicts_only

import mrecist
from mrecist import EMA_ITT, FDA_A, CriteriaError, Effect, Growth, Schedule
from mrecist._base.text import months

SIX_WEEKS = Schedule.every(42, window_days=7)
SCHEDULED = attrs.evolve(FDA_A, schedule=SIX_WEEKS)
PASSING = attrs.evolve(EMA_ITT, schedule=SIX_WEEKS)

BRIEF = tuple[int, bool, str]


def brief(time: mrecist.TimeToEvent | None) -> BRIEF | None:
    return None if time is None else (time.days, time.event, time.clause.id)


def pfs(assessment: mrecist.Assessment, policy: Any, line: int = 1) -> BRIEF | None:
    return brief(mrecist.course(assessment, policy).lines[line - 1].pfs)


# name: scans, lines, dates of the patient; then policy: days, event, clause, reason
WORKED: dict[str, tuple[Any, Any, Any, dict[Any, tuple[int, bool, str, str]]]] = {
    "no baseline": (
        {50: "NE"}, [{"start": 0}], {"no_first": True},
        {"fda-a": (0, False, "TTE-FDA-01", "no baseline: censored at the start, day 0"),
         "ema-itt": (0, False, "TTE-EMA-03", "no baseline: censored at the start, day 0")},
    ),
    "no assessment": (
        {50: "NE"}, [0], {},
        {"fda-a": (0, False, "TTE-FDA-01",
                   "no adequate assessment: censored at the start, day 0"),
         "ema-itt": (0, False, "TTE-EMA-03",
                     "no adequate assessment: censored at the start, day 0")},
    ),
    "progression": (
        {42: "SD", 84: "PD"}, [0], {},
        {"fda-a": (84, True, "TTE-FDA-02", "progression on day 84"),
         "ema-itt": (84, True, "TTE-EMA-01", "progression on day 84")},
    ),
    "ongoing": (
        {42: "SD", 84: "PR", 126: "NE"}, [0], {},
        {"fda-a": (84, False, "TTE-FDA-03",
                   "no progression: censored at the last adequate assessment, day 84"),
         "ema-itt": (84, False, "TTE-EMA-03",
                     "no progression by the baseline of any line: censored at the last adequate "
                     "assessment, day 84")},
    ),
    "stopped for progression that no image shows": (
        {42: "SD", 84: "SD"}, [{"start": 0, "stop": 60, "end_reason": "progression"}], {},
        {"fda-a": (84, False, "TTE-FDA-04",
                   "stopped for progression that no image shows: censored at the last adequate "
                   "assessment, day 84"),
         "ema-itt": (84, False, "TTE-EMA-03",
                     "no progression by the baseline of any line: censored at the last adequate "
                     "assessment, day 84")},
    ),
    "stopped for toxicity": (
        {42: "SD"}, [{"start": 0, "stop": 60, "end_reason": "toxicity"}], {},
        {"fda-a": (42, False, "TTE-FDA-05",
                   "stopped on day 60: censored at the last adequate assessment, day 42"),
         "ema-itt": (42, False, "TTE-EMA-03",
                     "no progression by the baseline of any line: censored at the last adequate "
                     "assessment, day 42")},
    ),
    "progression after the stop": (
        {42: "SD", 84: "PD"}, [{"start": 0, "stop": 60, "end_reason": "toxicity"}], {},
        {"fda-a": (84, True, "TTE-FDA-02", "progression on day 84"),
         "ema-itt": (84, True, "TTE-EMA-01", "progression on day 84")},
    ),
    "new therapy": (
        {42: "SD", 84: "SD", 126: "PD"}, [0, 60], {},
        {"fda-a": (42, False, "TTE-FDA-06",
                   "new therapy on day 60: censored at the last adequate assessment before, "
                   "day 42"),
         "ema-itt": (126, True, "TTE-EMA-01", "progression on day 126")},
    ),
    "new therapy, stable on the later line": (
        {42: "SD", 84: "SD", 126: "SD"}, [0, 60], {},
        {"fda-a": (42, False, "TTE-FDA-06",
                   "new therapy on day 60: censored at the last adequate assessment before, "
                   "day 42"),
         "ema-itt": (126, False, "TTE-EMA-03",
                     "no progression by the baseline of any line: censored at the last adequate "
                     "assessment, day 126")},
    ),
    "a scan on the first day of the next line": (
        {42: "SD", 84: "PR"}, [0, 84], {},
        {"fda-a": (84, False, "TTE-FDA-06",
                   "new therapy on day 84: censored at the last adequate assessment before, "
                   "day 84"),
         "ema-itt": (84, False, "TTE-EMA-03",
                     "no progression by the baseline of any line: censored at the last adequate "
                     "assessment, day 84")},
    ),
    "progression on the first day of the next line": (
        {42: "SD", 84: "PD"}, [0, 84], {},
        {"fda-a": (84, True, "TTE-FDA-02", "progression on day 84"),
         "ema-itt": (84, True, "TTE-EMA-01", "progression on day 84")},
    ),
    "a scan on the day after the next line began": (
        {42: "SD", 84: "PD"}, [0, 83], {},
        {"fda-a": (42, False, "TTE-FDA-06",
                   "new therapy on day 83: censored at the last adequate assessment before, "
                   "day 42"),
         "ema-itt": (84, True, "TTE-EMA-01", "progression on day 84")},
    ),
    "new therapy without an assessment": (
        {}, [0, 60], {},
        {"fda-a": (0, False, "TTE-FDA-01",
                   "no adequate assessment: censored at the start, day 0"),
         "ema-itt": (0, False, "TTE-EMA-03",
                     "no adequate assessment: censored at the start, day 0")},
    ),
    "death": (
        {42: "SD"}, [0], {"death": 100},
        {"fda-a": (100, True, "TTE-FDA-07", "death on day 100"),
         "ema-itt": (100, True, "TTE-EMA-02", "death on day 100")},
    ),
    "death on the day of a scan": (
        {42: "SD"}, [0], {"death": 42},
        {"fda-a": (42, True, "TTE-FDA-07", "death on day 42"),
         "ema-itt": (42, True, "TTE-EMA-02", "death on day 42")},
    ),
    "death on the day that progression is shown": (
        {42: "PD"}, [0], {"death": 42},
        {"fda-a": (42, True, "TTE-FDA-02", "progression on day 42"),
         "ema-itt": (42, True, "TTE-EMA-01", "progression on day 42")},
    ),
    "death before any assessment": (
        {}, [0], {"death": 30},
        {"fda-a": (30, True, "TTE-FDA-10", "death on day 30, before any adequate assessment"),
         "ema-itt": (30, True, "TTE-EMA-02", "death on day 30")},
    ),
    "death on the first day of the next line": (
        {42: "SD"}, [0, 60], {"death": 60},
        {"fda-a": (60, True, "TTE-FDA-07", "death on day 60"),
         "ema-itt": (60, True, "TTE-EMA-02", "death on day 60")},
    ),
    "death on the day after the next line began": (
        {42: "SD"}, [0, 60], {"death": 61},
        {"fda-a": (42, False, "TTE-FDA-06",
                   "new therapy on day 60: censored at the last adequate assessment before, "
                   "day 42"),
         "ema-itt": (61, True, "TTE-EMA-02", "death on day 61")},
    ),
    "progression, 91 days after: no more than twice six weeks and a week": (
        {42: "SD", 133: "PD"}, [0], {},
        {SCHEDULED: (133, True, "TTE-FDA-02", "progression on day 133"),
         PASSING: (133, True, "TTE-EMA-01", "progression on day 133")},
    ),
    "progression, 92 days after": (
        {42: "SD", 134: "PD"}, [0], {},
        {SCHEDULED: (42, False, "TTE-FDA-09",
                     "progression on day 134, 92 days after the last adequate assessment; 2 or "
                     "more assessments were missed or not adequate: censored there, day 42"),
         PASSING: (134, True, "TTE-EMA-01", "progression on day 134")},
    ),
    "progression after a gap that a scan not evaluable does not fill": (
        {42: "SD", 84: "NE", 134: "PD"}, [0], {},
        {SCHEDULED: (42, False, "TTE-FDA-09",
                     "progression on day 134, 92 days after the last adequate assessment; 2 or "
                     "more assessments were missed or not adequate: censored there, day 42")},
    ),
    "death, 91 days after": (
        {42: "SD"}, [0], {"death": 133},
        {SCHEDULED: (133, True, "TTE-FDA-07", "death on day 133"),
         PASSING: (133, True, "TTE-EMA-02", "death on day 133")},
    ),
    "death, 92 days after": (
        {42: "SD"}, [0], {"death": 134},
        {SCHEDULED: (42, False, "TTE-FDA-08",
                     "death on day 134, 92 days after the last adequate assessment; 2 or "
                     "more assessments were missed or not adequate: censored there, day 42"),
         PASSING: (134, True, "TTE-EMA-02", "death on day 134")},
    ),
    "death without an assessment, in time": (
        {}, [0], {"death": 91},
        {SCHEDULED: (91, True, "TTE-FDA-10", "death on day 91, before any adequate assessment")},
    ),
    "death without an assessment, after a gap from the start": (
        {}, [0], {"death": 92},
        {SCHEDULED: (0, False, "TTE-FDA-08",
                     "death on day 92, 92 days after the start; 2 or more assessments were "
                     "missed or not adequate: censored there, day 0")},
    ),
}  # fmt: skip


class TestClauses:
    """Each clause decides the situation that it is for, on the days that it names."""

    @pytest.mark.parametrize(
        ("name", "policy"),
        [(name, policy) for name, (*_, told) in WORKED.items() for policy in told],
        ids=lambda each: each if isinstance(each, str) else each.name,
    )
    def test_worked(self, name: str, policy: Any) -> None:
        scans, lines, dates, told = WORKED[name]
        dates = dict(dates)
        assessment = (
            verdicts_only(scans, *lines, **dates)
            if not dates.pop("no_first", None)
            else (without_baseline(scans, *lines))
        )
        time = mrecist.course(assessment, policy).lines[0].pfs
        assert (*brief(time), time.reason) == told[policy]

    def test_every_clause(self) -> None:
        """There is a case for each clause; that of new therapy passed over ends no time."""
        ids = {told[2] for *_, by_policy in WORKED.values() for told in by_policy.values()}
        clauses = {clause.id for policy in (FDA_A, EMA_ITT) for clause in policy.clauses}
        assert clauses - ids == {"TTE-EMA-04"}


def without_baseline(scans: dict[int, str | None], line: dict[str, Any]) -> mrecist.Assessment:
    case = {
        "format": "mrecist-case/1", "patient": "P-001", "lesions": [],
        "timepoints": [
            {"date": day, "findings": [], "reported": verdict} for day, verdict in scans.items()
        ],
        "lines": [{"agents": ["a"], **line}],
    }  # fmt: skip
    return mrecist.assess(mrecist.from_case(case))


class TestMissed:
    """Two or more consecutive assessments were missed iff g > 2*k + w."""

    @pytest.mark.parametrize(
        ("missed", "window", "day", "event"),
        [
            (1, 0, 84, True), (1, 0, 85, False), (2, 0, 126, True), (2, 0, 127, False),
            (2, 7, 133, True), (2, 7, 134, False), (3, 7, 175, True), (3, 7, 176, False),
        ],
    )  # fmt: skip
    def test_gap(self, missed: int, window: int, day: int, event: bool) -> None:
        schedule = Schedule.every(42, window_days=window)
        policy = attrs.evolve(FDA_A, schedule=schedule, missed=missed)
        assert pfs(verdicts_only({42: "SD", day: "PD"}, 0), policy)[1] is event

    @pytest.mark.parametrize(
        ("last", "day", "event"),
        [
            (83, 83 + 84, True), (83, 83 + 85, False),
            (84, 84 + 126, True), (84, 84 + 127, False),
            (200, 200 + 126, True), (200, 200 + 127, False),
        ],
    )  # fmt: skip
    def test_changing_intervals(self, last: int, day: int, event: bool) -> None:
        """The schedule valid at the last adequate assessment: q6w, then q9w from day 84 on."""
        policy = attrs.evolve(FDA_A, schedule=Schedule([(0, 42), (84, 63)]))
        found = pfs(verdicts_only({last: "SD", day: "PD"}, 0), policy)
        # The first scan is itself after a gap; what counts is the last before the progression.
        assert found == ((day, True, "TTE-FDA-02") if event else (last, False, "TTE-FDA-09"))

    def test_counted_from_the_line(self) -> None:
        """Days of the schedule count from the start of the line, whatever the first day is."""
        policy = attrs.evolve(FDA_A, schedule=Schedule([(0, 42), (84, 63)]))
        later = verdicts_only({1084: "SD", 1084 + 126: "PD"}, 1000)
        assert pfs(later, policy) == (210, True, "TTE-FDA-02")

    def test_without_a_schedule(self) -> None:
        """Without a schedule nothing is known to be missed."""
        assert pfs(verdicts_only({42: "SD", 4000: "PD"}, 0), FDA_A) == (4000, True, "TTE-FDA-02")


class TestScanAfterDeath:
    """What a scan after the death shows was not survived."""

    def test_no_survival_after_it(self) -> None:
        line = mrecist.course(verdicts_only({112: "PD"}, 0, death=100)).lines[0]
        assert line.pps is None
        assert brief(line.pfs) == (100, True, "TTE-FDA-10")

    def test_day_of_death(self) -> None:
        """A time that would end before it starts still tells the day of death."""
        line = mrecist.course(verdicts_only({}, 0, 120, death=100)).lines[1]
        assert (line.tot.days, line.tot.reason) == (0, "treated until death on day 100")


class TestLinesCompared:
    """RD-GMI-WITHIN: a time of a later line does not count in both parts of the ratio."""

    def test_passed_over(self) -> None:
        found = verdicts_only({56: "SD", 75: "SD", 131: "SD", 187: "PD"}, 0, 80)
        by = {
            policy: mrecist.course(found, policy).lines[1].growth for policy in ("fda-a", "ema-itt")
        }
        assert by["fda-a"].days_before == by["ema-itt"].days_before == 75
        assert by["ema-itt"].verdict is Growth.UNDETERMINED


class TestScheduledDates:
    """RD-VISIT-DAY: a progression counts from the day of its visit."""

    POLICY = attrs.evolve(FDA_A, schedule=Schedule.every(42), scheduled_dates=True)
    LATE = attrs.evolve(POLICY, schedule=Schedule.every(42, window_days=3))

    @pytest.mark.parametrize(("day", "due"), [(42, 42), (43, 84), (80, 84), (84, 84)])
    def test_due(self, day: int, due: int) -> None:
        found = verdicts_only({day: "PD"}, 0, last_contact=200)
        time = mrecist.course(found, self.POLICY).lines[0].pfs
        assert brief(time) == (due, True, "TTE-FDA-02")
        counted = "" if day == due else f", counted from day {due}"
        assert time.reason == f"progression on day {day}{counted}"

    @pytest.mark.parametrize(("day", "due"), [(2, 0), (45, 42), (46, 84)])
    def test_window(self, day: int, due: int) -> None:
        """An assessment within the window after its day is that of the day."""
        assert pfs(verdicts_only({day: "PD"}, 0, last_contact=200), self.LATE)[0] == due

    def test_no_other_date_is_passed(self) -> None:
        """Neither death, nor new therapy, nor the last day known; nor the assessment before."""
        assert pfs(verdicts_only({43: "PD"}, 0, death=60), self.POLICY)[0] == 60
        assert pfs(verdicts_only({43: "PD"}, 0, 50, last_contact=90), self.POLICY)[0] == 50
        assert pfs(verdicts_only({43: "PD"}, 0), self.POLICY)[0] == 43
        assert pfs(verdicts_only({43: "SD", 45: "PD"}, 0, last_contact=200), self.LATE)[0] == 43

    def test_other_events(self) -> None:
        """Only progression is moved: a death counts on its day."""
        found = verdicts_only({42: "SD"}, 0, death=60)
        assert pfs(found, self.POLICY) == (60, True, "TTE-FDA-07")

    def test_gap_is_that_to_the_scan(self) -> None:
        found = mrecist.course(verdicts_only({42: "SD", 130: "PD"}, 0), self.POLICY).lines[0].pfs
        assert brief(found) == (42, False, "TTE-FDA-09")
        assert found.reason.startswith("progression on day 130, 88 days after")


class TestOwnClauses:
    """A policy of one's own may count stops and new therapy as events."""

    CLINICAL = attrs.evolve(
        FDA_A,
        name="mine",
        clinical_progression=attrs.evolve(FDA_A.clinical_progression, effect=Effect.EVENT),
    )
    NEW = attrs.evolve(
        FDA_A, name="mine", new_therapy=attrs.evolve(FDA_A.new_therapy, effect=Effect.EVENT)
    )

    @pytest.mark.parametrize(
        ("scans", "death", "expected"),
        [
            ({42: "SD"}, {}, (60, True, "TTE-FDA-04")),
            ({42: "SD", 61: "PD"}, {}, (60, True, "TTE-FDA-04")),
            ({42: "SD", 60: "PD"}, {}, (60, True, "TTE-FDA-02")),
            ({42: "SD"}, {"death": 60}, (60, True, "TTE-FDA-07")),
            ({42: "SD"}, {"death": 61}, (60, True, "TTE-FDA-04")),
            ({}, {}, (60, True, "TTE-FDA-04")),
        ],
    )
    def test_clinical(self, scans: Any, death: Any, expected: BRIEF) -> None:
        line = {"start": 0, "stop": 60, "end_reason": "progression"}
        assert pfs(verdicts_only(scans, line, **death), self.CLINICAL) == expected

    @pytest.mark.parametrize("reason", ["toxicity", None])
    def test_stopped_otherwise(self, reason: str | None) -> None:
        line = {"start": 0, "stop": 60, "end_reason": reason}
        assert pfs(verdicts_only({42: "SD"}, line), self.CLINICAL) == (42, False, "TTE-FDA-05")

    def test_no_stop(self) -> None:
        """A reason without a day tells no event."""
        line = {"start": 0, "end_reason": "progression"}
        assert pfs(verdicts_only({42: "SD"}, line), self.CLINICAL) == (42, False, "TTE-FDA-03")

    @pytest.mark.parametrize(
        ("scans", "death", "expected"),
        [
            ({42: "SD"}, {}, (60, True, "TTE-FDA-06")),
            ({42: "SD", 60: "PD"}, {}, (60, True, "TTE-FDA-02")),
            ({42: "SD"}, {"death": 60}, (60, True, "TTE-FDA-07")),
            ({}, {}, (60, True, "TTE-FDA-06")),
        ],
    )
    def test_new_therapy(self, scans: Any, death: Any, expected: BRIEF) -> None:
        assert pfs(verdicts_only(scans, 0, 60, **death), self.NEW) == expected

    def test_clinical_on_the_day_of_new_therapy(self) -> None:
        both = attrs.evolve(self.CLINICAL, new_therapy=self.NEW.new_therapy)
        line = {"start": 0, "stop": 60, "end_reason": "progression"}
        assert pfs(verdicts_only({42: "SD"}, line, 60), both) == (60, True, "TTE-FDA-04")


class TestProgression:
    """TTP: same start, to objective PD only; deaths before PD are censored."""

    @pytest.mark.parametrize("policy", ["fda-a", "ema-itt", SCHEDULED])
    @pytest.mark.parametrize(
        ("scans", "death", "expected"),
        [
            ({42: "SD"}, 100, (42, False, "TTE-TTP")),
            ({42: "SD"}, 400, (42, False, "TTE-TTP")),
            ({}, 30, (0, False, "TTE-TTP")),
            ({42: "SD", 84: "NE"}, 100, (42, False, "TTE-TTP")),
        ],
    )
    def test_death(self, scans: Any, death: int, expected: BRIEF, policy: Any) -> None:
        line = mrecist.course(verdicts_only(scans, 0, death=death), policy).lines[0]
        assert brief(line.ttp) == expected
        since = "the last adequate assessment" if 42 in scans else "the start"
        assert line.ttp.reason == (
            f"death on day {death} without progression: censored at {since}, day {expected[0]}"
        )


class TestResponse:
    """Durations are of responders only, from the day on which the response was first met."""

    def test_response(self) -> None:
        scans = {28: "SD", 56: "PR", 84: "CR", 112: "CR", 140: "PD"}
        line = mrecist.course(verdicts_only(scans, 0)).lines[0]
        assert line.objective_response
        assert line.confirmed_objective_response
        assert brief(line.ttr) == (56, True, "TTE-TTR")
        assert brief(line.dor) == (84, True, "TTE-FDA-02")
        assert brief(line.docr) == (56, True, "TTE-FDA-02")
        assert line.dosd is None
        assert (line.dor.start, line.docr.start) == (56, 84)

    def test_death_ends_a_response(self) -> None:
        line = mrecist.course(verdicts_only({42: "PR"}, 0, death=100)).lines[0]
        assert brief(line.dor) == (58, True, "TTE-FDA-07")

    def test_after_progression(self) -> None:
        """A response after the first progression is none of the line's."""
        line = mrecist.course(verdicts_only({42: "PD", 84: "PR", 126: "CR"}, 0)).lines[0]
        assert (line.ttr, line.dor, line.docr) == (None, None, None)
        assert not line.objective_response
        assert not line.disease_control

    @pytest.mark.parametrize(
        ("scans", "ttr", "docr"),
        [
            ({28: "PR", 55: "PR"}, None, None),
            ({28: "PR", 56: "PR"}, 28, None),
            ({28: "PR", 56: "SD", 84: "PR", 112: "CR"}, 84, None),
            ({28: "CR", 56: "CR"}, 28, 28),
            ({28: "PR", 56: "NE", 84: "CR", 112: "CR"}, 28, 84),
            ({28: "PR", 56: "NE", 84: "NE", 112: "PR"}, None, None),
            ({28: "CR", 56: "PR", 84: "PR"}, 56, None),
        ],
    )
    def test_confirmed(self, scans: Any, ttr: int | None, docr: int | None) -> None:
        """Only a response that a later scan confirmed counts, from its own first day."""
        policy = attrs.evolve(FDA_A, confirmed=True)
        line = mrecist.course(verdicts_only(scans, 0), policy).lines[0]
        assert (line.ttr and line.ttr.end) == ttr
        assert (line.dor and line.dor.start) == ttr
        assert (line.docr and line.docr.start) == docr

    def test_stable(self) -> None:
        """RD-STABLE-TIME: duration of stable disease is TTP where the best response is SD."""
        line = mrecist.course(verdicts_only({42: "SD", 84: "SD"}, 0, death=100)).lines[0]
        assert brief(line.dosd) == brief(line.ttp) == (84, False, "TTE-TTP")
        assert line.disease_control
        assert not line.objective_response

    def test_stable_for_want_of_confirmation(self) -> None:
        scans = {42: "PR", 84: "PD"}
        counted = (FDA_A, attrs.evolve(FDA_A, confirmed=True))
        lines = [mrecist.course(verdicts_only(scans, 0), each).lines[0] for each in counted]
        assert [brief(line.dosd) for line in lines] == [None, (84, True, "TTE-FDA-02")]
        assert lines[0].confirmed_disease_control
        assert not lines[0].confirmed_objective_response


class TestTreatment:
    """What ends treatment, and what a line without a recorded stop is taken to end with."""

    @pytest.mark.parametrize(
        ("lines", "dates", "tot", "ttnt", "ttf"),
        [
            ([{"start": 0, "stop": 30}], {}, (30, "stopped on day 30"), (42, None),
             (30, "stopped on day 30")),
            ([0], {"death": 50}, (50, "treated until death on day 50"),
             (50, "death on day 50 before any next line"), (50, "death on day 50")),
            ([0, 45], {}, (45, "no stop recorded; the next line began on day 45"),
             (45, "the next line began on day 45"),
             (45, "no stop recorded; the next line began on day 45")),
            ([{"start": 0, "stop": 30}, 45], {"death": 60}, (30, "stopped on day 30"),
             (45, "the next line began on day 45"), (30, "stopped on day 30")),
            ([0], {"last_contact": 70}, (70, None), (70, None), (70, None)),
            ([0], {"last_contact": 41}, (42, None), (42, None), (42, None)),
        ],
    )  # fmt: skip
    def test_times(self, lines: Any, dates: Any, tot: Any, ttnt: Any, ttf: Any) -> None:
        """TTE-TOT, TTE-TTNT, TTE-TTF: to the stop, to the next line, to failure, and why."""
        line = mrecist.course(verdicts_only({42: "SD"}, *lines, **dates)).lines[0]
        for time, (days, reason) in ((line.tot, tot), (line.ttnt, ttnt), (line.ttf, ttf)):
            assert (time.days, time.event) == (days, reason is not None)
            known = f"censored on the last day known, day {days}"
            assert time.reason == reason if reason else time.reason.endswith(known)

    def test_progression_fails(self) -> None:
        """TTF: stopping for any reason: PD, toxicity, death."""
        line = mrecist.course(verdicts_only({42: "PD"}, {"start": 0, "stop": 42})).lines[0]
        assert line.ttf.reason == "progression on day 42"
        assert str(line.ttf.clause.source) == "Reading RD-TTF-PD"

    @pytest.mark.parametrize(
        ("scans", "line", "dates"),
        [
            ({42: "SD", 90: "NE"}, 0, {}), ({42: "SD"}, 0, {"last_contact": 90}),
            ({42: "SD"}, {"start": 0, "stop": 90}, {}),
            ({42: "SD"}, {"start": 0, "stop": 90}, {"last_contact": 80}),
            ({90: "SD"}, {"start": 0, "baseline": 90}, {}),
        ],
    )  # fmt: skip
    def test_last_day_known(self, scans: Any, line: Any, dates: Any) -> None:
        """RD-LAST-KNOWN: scans, baselines, stops and contacts are days of a patient alive."""
        found = mrecist.course(verdicts_only(scans, line, **dates)).lines[0]
        assert brief(found.os) == (90, False, "TTE-OS")

    def test_last_day_of_another_line(self) -> None:
        found = mrecist.course(verdicts_only({42: "SD"}, 0, {"start": 60, "stop": 90}))
        assert [line.os.end for line in found.lines] == [90, 90]


class TestSurvival:
    """PPS from the date of PD, PFS2 to progression on the next line, or to death from any cause."""

    def test_died(self) -> None:
        found = mrecist.course(verdicts_only({42: "PD", 84: "SD", 126: "PD"}, 0, 50, death=200))
        one, two = found.lines
        assert brief(one.pps) == (158, True, "TTE-PPS")
        assert brief(one.os) == (200, True, "TTE-OS")
        assert (brief(one.pfs2), one.pfs2.reason) == (
            (126, True, "TTE-FDA-02"),
            "line 2: progression on day 126",
        )
        assert brief(two.pfs2) == (150, True, "TTE-PFS2")
        assert two.pfs2.reason == "death on day 200 without a next line"

    def test_alive(self) -> None:
        line = mrecist.course(verdicts_only({42: "SD"}, 0, last_contact=100)).lines[0]
        assert line.pps is None
        assert (brief(line.pfs2), line.pfs2.reason) == (
            (100, False, "TTE-PFS2"),
            "no next line: censored on the last day known, day 100",
        )
        assert line.os.reason == "alive: censored on the last day known, day 100"

    def test_reason_is_of_the_next_line(self) -> None:
        found = mrecist.course(verdicts_only({84: "SD"}, 0, 60, 100))
        assert found.lines[0].pfs2.reason == (
            "line 2: new therapy on day 100: censored at the last adequate assessment before, "
            "day 84"
        )

    def test_reason_is_of_the_last_line(self) -> None:
        last = {"start": 60, "stop": 130, "end_reason": "toxicity"}
        found = mrecist.course(verdicts_only({84: "SD"}, {"start": 0, "stop": 20}, last))
        assert found.lines[0].pfs2.reason == (
            "line 2: stopped on day 130: censored at the last adequate assessment, day 84"
        )

    def test_death_before_the_next_line(self) -> None:
        """PFS2 does not outlast survival, odd as the dates are."""
        line = mrecist.course(verdicts_only({42: "SD"}, 0, 100, death=70)).lines[0]
        assert brief(line.pfs2) == (70, True, "TTE-FDA-10")


class TestGrowthModulation:
    """Classical cut: the ratio reaches 1.33; a censored later time gives a lower bound."""

    @pytest.mark.parametrize(
        ("days", "verdict", "shown", "id"),
        [
            (133, Growth.MET, "1.33", "TTE-GMI"),
            (132, Growth.NOT_MET, "1.32", "TTE-GMI-BELOW"),
            (134, Growth.MET, "1.34", "TTE-GMI"),
        ],
    )
    def test_threshold(self, days: int, verdict: Growth, shown: str, id: str) -> None:
        line = mrecist.course(verdicts_only({100: "PD", 100 + days: "PD"}, 0, 100)).lines[1]
        growth = line.growth
        assert (growth.verdict, growth.shown, growth.rule.id) == (verdict, shown, id)
        assert growth.low == growth.high == Fraction(days, 100)
        relation = "reaches" if verdict is Growth.MET else "is below"
        assert str(growth) == f"growth modulation index {verdict}: {shown} {relation} 1.33 [{id}]"
        assert growth.threshold == Fraction(133, 100)

    @pytest.mark.parametrize(
        ("scans", "verdict", "told", "bounds"),
        [
            ({100: "PD", 233: "SD"}, Growth.MET,
             "the later time is censored: >= 1.33, which reaches 1.33 [TTE-GMI-LOWER]",
             (Fraction(133, 100), None)),
            ({100: "PD", 232: "SD"}, Growth.UNDETERMINED,
             "the later time is censored: >= 1.32, and 1.33 is not reached yet [TTE-GMI-OPEN]",
             (Fraction(132, 100), None)),
            ({100: "SD", 300: "PD"}, Growth.UNDETERMINED,
             "the earlier time is censored: <= 2.00 [TTE-GMI-BEFORE]",
             (None, Fraction(2))),
            ({100: "SD", 300: "SD"}, Growth.UNDETERMINED,
             "both times are censored [TTE-GMI-BOTH]",
             (None, None)),
        ],
    )  # fmt: skip
    def test_censored(self, scans: Any, verdict: Growth, told: str, bounds: Any) -> None:
        growth = mrecist.course(verdicts_only(scans, 0, 100)).lines[1].growth
        assert growth.verdict is verdict
        assert str(growth) == f"growth modulation index {verdict}: {told}"
        assert (growth.low, growth.high) == bounds

    def test_none(self) -> None:
        """No line before, or one that lasted no day, gives no ratio."""
        found = mrecist.course(verdicts_only({100: "PD"}, 0, 50))
        assert [line.growth for line in found.lines] == [None, None]

    def test_own_threshold(self) -> None:
        policy = attrs.evolve(FDA_A, growth_ratio=Fraction(3, 2))
        scans = verdicts_only({100: "PD", 249: "PD"}, 0, 100)
        assert mrecist.course(scans, policy).lines[1].growth.verdict is Growth.NOT_MET


def measured(*sizes: float | None, start: int = 0) -> mrecist.Assessment:
    """One liver nodule, measured every six weeks; `None` is not seen."""
    timepoints = []
    for i, size in enumerate(sizes):
        finding: dict[str, Any] = {"lesion": "A"}
        finding |= {"status": "not evaluable"} if size is None else {"viable_mm": size}
        timepoints.append({"date": 42 * i, "findings": [finding]})
    case = {
        "format": "mrecist-case/1", "patient": "P-001",
        "lesions": [{"id": "A", "organ": "liver", "kind": "nodule"}],
        "timepoints": timepoints, "lines": [{"agents": ["a"], "start": start}],
    }  # fmt: skip
    return mrecist.assess(mrecist.from_case(case))


class TestShrinkage:
    """TTE-ETS: 20 % or more down at the first follow-up; RD-DEPTH: depth up to the first PD."""

    @pytest.mark.parametrize(
        ("sizes", "early"),
        [
            ((50, 40), True), ((50, 40.001), False), ((50, 39.999), True), ((50, None, 10), None),
            ((50,), None), ((50, 60), False), ((5, 1), None),
        ],
    )  # fmt: skip
    def test_early(self, sizes: tuple[float, ...], early: bool | None) -> None:
        assert mrecist.course(measured(*sizes)).lines[0].early_shrinkage is early

    def test_own_share(self) -> None:
        policy = attrs.evolve(FDA_A, early_share=Fraction(3, 10))
        assert mrecist.course(measured(50, 35.001), policy).lines[0].early_shrinkage is False
        assert mrecist.course(measured(50, 35), policy).lines[0].early_shrinkage is True

    @pytest.mark.parametrize(
        ("sizes", "depth", "shown"),
        [
            ((30, 20, 21), Fraction(1, 3), "-33.33 %"),
            ((50, 55), Fraction(-1, 10), "+10 %"),
            ((50, 50), Fraction(0), "0 %"),
            ((50, 0), Fraction(1), "-100 %"),
            ((50, 25, 40, 10), Fraction(1, 2), "-50 %"),
            ((50, 60, 10), Fraction(-1, 5), "+20 %"),
            ((50, None, 45), Fraction(1, 10), "-10 %"),
            ((50, None), None, "unknown"),
            ((50,), None, "unknown"),
            ((5, 1), None, "unknown"),
        ],
    )
    def test_depth(self, sizes: Any, depth: Fraction | None, shown: str) -> None:
        line = mrecist.course(measured(*sizes)).lines[0]
        assert line.depth == depth
        assert line.depth_percent == shown

    def test_no_baseline(self) -> None:
        line = mrecist.course(measured(50, 25, start=-1)).lines[0]
        assert (line.depth, line.early_shrinkage) == (None, None)


class TestOddDates:
    """What is odd about the dates is told by name; nothing is dropped."""

    @pytest.mark.parametrize(
        ("lines", "dates", "names"),
        [
            ([{"start": 0, "stop": 60}, 60], {}, [[], []]),
            ([{"start": 0, "stop": 61}, 60], {}, [["STOP_AFTER_NEXT_START"], []]),
            ([{"start": 0, "stop": 50}], {"death": 50}, [[]]),
            ([{"start": 0, "stop": 51}], {"death": 50}, [["STOP_AFTER_DEATH"]]),
            ([0, 60], {"death": 60}, [[], []]),
            ([0, 60], {"death": 59}, [[], ["START_AFTER_DEATH"]]),
            ([0], {"death": 42}, [[]]),
            ([0], {"death": 41}, [["SCAN_AFTER_DEATH"]]),
            ([0], {"death": 50, "last_contact": 50}, [[]]),
            ([0], {"death": 50, "last_contact": 51}, [["CONTACT_AFTER_DEATH"]]),
            ([{"start": 0, "stop": 70}, 60], {"death": 41, "last_contact": 80},
             [["STOP_AFTER_NEXT_START", "STOP_AFTER_DEATH", "SCAN_AFTER_DEATH",
               "CONTACT_AFTER_DEATH"],
              ["START_AFTER_DEATH", "CONTACT_AFTER_DEATH"]]),
        ],
    )  # fmt: skip
    def test_names(self, lines: Any, dates: Any, names: list[list[str]]) -> None:
        found = mrecist.course(verdicts_only({42: "SD"}, *lines, **dates))
        assert [[each.name for each in line.problems] for line in found.lines] == names
        for line in found.lines:
            assert {"pfs", "ttp", "tot", "ttnt", "ttf", "pfs2", "os"} <= line.times.keys()
            assert all(time.days >= 0 for time in line.times.values())
            told = str(line)
            assert all(f"odd: {problem.name}" in told for problem in line.problems)


@pytest.fixture(name="lines")
def published_lines() -> tuple[mrecist.LineCourse, ...]:
    assessment = mrecist.assess(mrecist.example_case("ikeda-2021"))
    return mrecist.course(assessment, "fda-a").lines


class TestPublishedCase:
    """The published case (Ikeda 2021): line by line the months that the report gives."""

    def test_progression(self, lines: Any) -> None:
        assert [line.ttp.short for line in lines] == ["3.0", "5.0", "6.0", "1.0+", "0.0+"]
        assert [line.ttp.days for line in lines[:3]] == [91, 152, 183]

    def test_growth(self, lines: Any) -> None:
        told = [(line.growth.shown, line.growth.verdict) for line in lines[1:4]]
        assert told == [
            ("1.67", Growth.MET),
            ("1.20", Growth.NOT_MET),
            (">= 0.16", Growth.UNDETERMINED),
        ]

    def test_response(self, lines: Any) -> None:
        assert lines[1].dor.short == "2.0"
        assert [line.objective_response for line in lines] == [False, True, False, True, False]
        assert not any(line.confirmed_objective_response for line in lines)

    def test_fourth_line(self, lines: Any) -> None:
        """No radiological PD: censored at month 1, as a new drug came at month 2."""
        assert brief(lines[3].pfs) == (31, False, "TTE-FDA-06")
        assert (lines[3].number, lines[3].agents) == (4, "sorafenib")


class TestText:
    """A course tells each time with its days, months, status, reason and clause."""

    COURSE = mrecist.course(verdicts_only({42: "PR", 91: "PD"}, {"start": 0, "stop": 100}))

    def test_time(self) -> None:
        assert str(self.COURSE.lines[0].pfs) == (
            "progression-free survival: 91 days (3.0 months), event: progression on day 91 "
            "[TTE-FDA-02]"
        )
        assert str(self.COURSE.lines[0].os) == (
            "survival from the start of the line: 100 days (3.3 months), censored: alive: "
            "censored on the last day known, day 100 [TTE-OS]"
        )

    def test_course(self) -> None:
        told = str(self.COURSE).split("\n")
        assert told == [
            "P-001, HCC mRECIST (Lencioni & Llovet 2010)",
            "DRU PR",
            "times in months of 30.4375 days by fda-a (+ censored); assessments: no schedule "
            "given, so none is known to be missed",
            "",
            "line  agents  best  confirmed  depth  to response  response  TTP  PFS  PFS2  treated  "
            "survival  ratio",
            "1     drug 0  PR    SD         -      1.4          1.6       3.0  3.0  3.3+  3.3      "
            "3.3+      -",
            "",
            "line 1  PFS: progression on day 91 [TTE-FDA-02]",
            "        PD day 91: pattern unknown; BCLC upon progression: unknown",
        ]
        assert str(self.COURSE.lines[0]).split("\n")[0] == "line 1, drug 0"
        assert len(str(self.COURSE.lines[0]).split("\n")) == 1 + len(self.COURSE.lines[0].times)
        assert repr(self.COURSE) == "<Course P-001 by fda-a: 1 lines>"
        assert repr(self.COURSE.lines[0]) == "<LineCourse 1 drug 0>"

    def test_growth_is_told(self) -> None:
        found = mrecist.course(verdicts_only({100: "PD", 233: "PD"}, 0, 100))
        assert "  growth modulation index met: 1.33 reaches 1.33 [TTE-GMI]" in str(found)
        assert str(found.lines[1]).endswith("index met: 1.33 reaches 1.33 [TTE-GMI]")

    def test_odd_dates_are_told(self) -> None:
        found = mrecist.course(verdicts_only({42: "SD"}, {"start": 0, "stop": 60}, death=50))
        assert str(found).endswith(
            "\n        odd: STOP_AFTER_DEATH: the line stopped after the death"
        )

    def test_markers_are_told(self) -> None:
        """Each marker of the patient; one that cannot be read is told with its cure."""
        case = mrecist.to_case(mrecist.example_case())
        assert "PIVKA-II in mAU/mL" in str(mrecist.course(mrecist.assess(mrecist.from_case(case))))
        case["markers"] = [{"date": "2023-01-02", "name": "AFP", "value": 5, "unit": "drops"}]
        told = str(mrecist.course(mrecist.assess(mrecist.from_case(case))))
        assert "marker AFP 2023-01-02: unit must be" in told

    def test_calendar(self) -> None:
        case = {
            "format": "mrecist-case/1", "patient": "P", "lesions": [],
            "timepoints": [
                {"date": "2024-01-01", "findings": []},
                {"date": "2024-03-01", "findings": [], "reported": "PD"},
            ],
            "lines": [{"agents": ["a"], "start": "2024-01-01"}],
        }  # fmt: skip
        time = mrecist.course(mrecist.assess(mrecist.from_case(case))).lines[0].pfs
        assert (time.end.isoformat(), time.days) == ("2024-03-01", 60)
        assert time.reason == "progression on 2024-03-01"

    def test_no_lines(self) -> None:
        case = {
            "format": "mrecist-case/1", "patient": "P", "lesions": [], "timepoints": [],
            "lines": [],
        }  # fmt: skip
        found = mrecist.course(mrecist.assess(mrecist.from_case(case)))
        assert found.lines == ()
        assert str(found).startswith("P, HCC mRECIST")

    @pytest.mark.parametrize(
        ("days", "shown"),
        [(91, "3.0"), (0, "0.0"), (30, "1.0"), (1, "0.0"), (2, "0.1"), (365, "12.0"), (15, "0.5")],
    )
    def test_months(self, days: int, shown: str) -> None:
        """One month is 30.4375 days."""
        assert months(days) == Decimal(shown)

    def test_takes_an_assessment(self) -> None:
        with pytest.raises(TypeError, match="takes what assess\\(\\) gives, got Patient"):
            mrecist.course(self.COURSE.assessment.patient)  # type: ignore[arg-type]

    def test_unknown_policy(self) -> None:
        with pytest.raises(CriteriaError, match='must be one of "fda-a", "ema-itt" or a Policy'):
            mrecist.course(self.COURSE.assessment, "fda-b")


class TestComparison:
    """Every time on which policies differ, and why."""

    def test_one_policy(self) -> None:
        """One alone, by name or itself, agrees with itself."""
        found = verdicts_only({42: "SD"}, 0)
        agree = "the policies agree on every time of every line"
        assert mrecist.compare_policies(found, "fda-a") == agree
        assert mrecist.compare_policies(found, FDA_A) == agree

    def test_differ(self) -> None:
        told = mrecist.compare_policies(verdicts_only({42: "SD", 84: "SD", 126: "PD"}, 0, 60))
        rows = [row.split() for row in told.split("\n")]
        assert [row[:6] for row in rows if row[0] == "1"] == [
            ["1", "drug", "0", "PFS", "fda-a", "1.4+"],
            ["1", "drug", "0", "PFS", "ema-itt", "4.1"],
            ["1", "drug", "0", "TTP", "fda-a", "1.4+"],
            ["1", "drug", "0", "TTP", "ema-itt", "4.1"],
            ["1", "drug", "0", "DOSD", "fda-a", "1.4+"],
            ["1", "drug", "0", "DOSD", "ema-itt", "4.1"],
        ]
        assert "new therapy on day 60: censored" in told
        assert "progression on day 126 [TTE-EMA-01]" in told

    def test_agree(self) -> None:
        told = mrecist.compare_policies(verdicts_only({42: "SD", 84: "PD"}, 0))
        assert told == "the policies agree on every time of every line"

    def test_none_of_one(self) -> None:
        """A duration that one policy gives and the other does not is a difference."""
        confirmed = attrs.evolve(FDA_A, name="confirmed", confirmed=True)
        told = mrecist.compare_policies(verdicts_only({42: "PR", 84: "PD"}, 0), [FDA_A, confirmed])
        rows = [" ".join(row.split()) for row in told.split("\n")]
        assert "1 drug 0 TTR confirmed none" in rows
        assert "1 drug 0 DOSD fda-a none" in rows

    def test_from_another_day(self) -> None:
        """A duration that starts later is another, though it ends on the same day."""
        confirmed = attrs.evolve(FDA_A, name="confirmed", confirmed=True)
        scans = {28: "PR", 42: "SD", 84: "PR", 112: "PR", 140: "PD"}
        told = mrecist.compare_policies(verdicts_only(scans, 0), [FDA_A, confirmed])
        assert "DOR" in told
