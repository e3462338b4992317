"""Times to events of many lines of therapy at once; one patient is a few lines.

Each time has a start, an end, and a clause that says whether the end is an event or a censoring,
and why. Arrays hold one element per line; days are whole, and count from anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs
import numpy as np

from .._base.arrays import BLANK, NO_DAY, Array
from .._base.errors import CourseProblem
from .._base.exact import fell_by, reaches
from .._base.words import Effect, First, Response, Stopped
from ..rulebook.best_response import CONTROLLED, OBJECTIVE
from ..rulebook.confirmation import NEVER
from ..rulebook.decision_table import firing, members, verdicts
from ..rulebook.policies import WITHIN, Clause, Policy, to_progression
from ..rulebook.times import CLINICAL_STOPS, GROWTH, SITUATION
from .confirming import alike, confirmed_together
from .definitions import (
    FAILURE,
    NEXT_TREATMENT,
    OS,
    SINCE_PROGRESSION,
    TIMES,
    TO_RESPONSE,
    TREATED,
    WITHOUT_NEXT,
)
from .history import History
from .scans import Scans

__all__ = ["Timed", "Times", "confirmed_days", "first_days", "timed", "until"]

IS_OBJECTIVE = members(Response, OBJECTIVE)
IS_CONTROLLED = members(Response, CONTROLLED)

CR, SD = Response.CR.code, Response.SD.code


@attrs.frozen(eq=False, repr=False, kw_only=True)
class Times:
    """One kind of time of every line. `clause` is a place in `clauses`; -1: the line has none.

    `first` is the day of what came first, and `last` the last adequate assessment (`NO_DAY`:
    none), where a policy decided on them.
    """

    start: Array
    end: Array
    clause: Array
    clauses: tuple[Clause, ...]
    first: Array = None
    last: Array = None

    @property
    def there(self) -> Array:
        """Whether a line has this time at all."""
        return self.clause >= 0

    @property
    def days(self) -> Array:
        """The days from start to end."""
        return self.end - self.start

    @property
    def event(self) -> Array:
        """Whether the end is an event; of a line without this time it is not."""
        is_event = [clause.effect is Effect.EVENT for clause in self.clauses]
        return self.there & np.array([*is_event, False])[self.clause]


@attrs.frozen(eq=False, repr=False, kw_only=True)
class Timed:
    """All that is timed of every line.

    `growth_rule` is -1 where there is no line before, or one of no days.
    `within` is the time to progression on the line itself, by which lines are compared.

    Codes of a yes or no: 0, 1, `BLANK` where not known. `deepest_um` is the smallest complete total
    up to the first progression, -1 without one, or without a baseline total above zero.
    """

    times: Mapping[str, Times]
    objective: Array
    confirmed_objective: Array
    controlled: Array
    confirmed_controlled: Array
    deepest_um: Array
    early_shrinkage: Array
    within: Times
    growth_rule: Array
    days_before: Array
    problems: Array


def timed(history: History, policy: Policy) -> Timed:
    """Time every line by a policy."""
    scans = Scans(history)
    pfs = _to_first(scans, policy)
    ttp = _to_first(scans, to_progression(policy))
    times = {"pfs": pfs, "ttp": ttp, **_of_response(scans, pfs, ttp, policy), **_plain(scans)}
    times["pfs2"] = _pfs2(scans, pfs, times["os"])
    within = ttp
    if policy.new_therapy.effect is not Effect.LAST:
        within = _to_first(scans, to_progression(attrs.evolve(policy, new_therapy=WITHIN)))
    growth_rule, before = _growth(history, within, policy)
    return Timed(
        times={name: times[name] for name in TIMES},
        objective=IS_OBJECTIVE[history.best],
        confirmed_objective=IS_OBJECTIVE[history.confirmed],
        controlled=IS_CONTROLLED[history.best],
        confirmed_controlled=IS_CONTROLLED[history.confirmed],
        deepest_um=_deepest(scans),
        early_shrinkage=_early_shrinkage(scans, policy),
        within=within,
        growth_rule=growth_rule,
        days_before=before,
        problems=_problems(scans),
    )


# ---- by a policy


def _to_first(scans: Scans, policy: Policy) -> Times:
    """The time from the start to the first progression or death, as a policy has it."""
    history = scans.history
    passes = policy.new_therapy.effect is Effect.PASSED_OVER
    cut = np.full(history.count, NEVER) if passes else scans.new
    stopped = _stopped(scans)
    first, day = _earliest(_candidates(scans, policy, stopped), cut)
    is_pd = first == First.PROGRESSION.code
    # The assessment that shows progression is not one before it.
    assessment = scans.until(scans.adequate, np.minimum(day - is_pd, cut), passes=passes)
    assessed = assessment >= 0
    last = np.where(assessed, scans.day_of(assessment), history.start)
    situation = verdicts(
        SITUATION,
        firing(
            SITUATION,
            first,
            _is_gap(policy, last - history.start, day - history.start),
            assessed,
            scans.compared,
            cut < NEVER,
            stopped,
        ),
    )
    ends = {
        Effect.EVENT: np.where(is_pd, _counted(scans, policy, day, last, cut), day),
        Effect.LAST: last,
        Effect.START: history.start,
    }
    effect = np.array([clause.effect.code for clause in policy.clauses])[situation]
    end = np.select([effect == each.code for each in ends], list(ends.values()))
    return Times(
        start=history.start,
        end=np.maximum(end, history.start),
        clause=situation.astype(np.int8),
        clauses=policy.clauses,
        first=day,
        last=np.where(assessed, last, NO_DAY),
    )


def _candidates(scans: Scans, policy: Policy, stopped: Array) -> dict[First, Array]:
    """When each thing that a policy lets count came, `NEVER` where it did not."""
    passes = policy.new_therapy.effect is Effect.PASSED_OVER
    progression = scans.first(scans.progressions, scans.close if passes else scans.end)
    clinical = _counts(policy.clinical_progression) & (stopped == Stopped.CLINICAL.code)
    return {
        First.PROGRESSION: scans.day_of(progression),
        First.DEATH: scans.death,
        First.CLINICAL: np.where(clinical, scans.stop, NEVER),
        First.NEW_THERAPY: np.where(_counts(policy.new_therapy), scans.new, NEVER),
    }


def _counted(scans: Scans, policy: Policy, day: Array, last: Array, cut: Array) -> Array:
    """The day from which a progression counts: that of the visit, if asked for (RD-VISIT-DAY)."""
    if not policy.scheduled_dates or policy.schedule is None:
        return day
    start, schedule = scans.history.start, policy.schedule
    visit = start + schedule.due(np.maximum(day - start - schedule.window_days, 0))
    latest = np.minimum(np.where(scans.death < NEVER, scans.death, scans.known), cut)
    return np.maximum(np.minimum(visit, latest), last)


def _counts(clause: Clause) -> bool:
    return clause.effect is Effect.EVENT


def _stopped(scans: Scans) -> Array:
    """How each line was stopped: for progression, which is clinical where none was shown before."""
    reason = scans.history.end_reason
    clinical = np.isin(reason, [each.code for each in CLINICAL_STOPS])
    code = np.where(clinical, Stopped.CLINICAL.code, Stopped.OTHERWISE.code)
    return np.where(scans.stop < NEVER, code, Stopped.NO.code).astype(np.uint8)


def _earliest(candidates: Mapping[First, Array], cut: Array) -> tuple[Array, Array]:
    """What came first up to a day, and when; of things on one day the one that is named first."""
    first = np.full(len(cut), First.NOTHING.code, np.uint8)
    day = np.full(len(cut), NEVER)
    for word, days in candidates.items():
        sooner = (days < day) & (days <= cut)
        first[sooner] = word.code
        day = np.where(sooner, days, day)
    return first, day


def _is_gap(policy: Policy, last: Array, day: Array) -> Array:
    """Whether too many assessments were missed between the last one and what came first."""
    if policy.schedule is None:
        return np.zeros(len(last), np.bool_)
    schedule, came = policy.schedule, day < NEVER // 2
    last = np.maximum(last, 0)  # nothing is due before the start
    if policy.missed_by == "visits":
        return came & (schedule.missed(last, np.where(came, day, last)) >= policy.missed)
    longest = policy.missed * schedule.interval(last) + schedule.window_days
    return came & (day - last > longest)


# ---- of responses


def _of_response(scans: Scans, pfs: Times, ttp: Times, policy: Policy) -> dict[str, Times]:
    """Time to response, and how long response, complete response and SD last (RD-STABLE-TIME)."""
    history = scans.history
    best = history.confirmed if policy.confirmed else history.best
    response, complete = confirmed_days(scans) if policy.confirmed else first_days(scans)
    stable = np.where(best == SD, history.start, NEVER)
    return {
        "ttr": _lasting(
            history.start, response, response, np.zeros(history.count, np.int8), TO_RESPONSE
        ),
        "dor": _lasting(response, pfs.end, response, pfs.clause, pfs.clauses, pfs),
        "docr": _lasting(complete, pfs.end, complete, pfs.clause, pfs.clauses, pfs),
        "dosd": _lasting(stable, ttp.end, stable, ttp.clause, ttp.clauses, ttp),
    }


def _lasting(
    start: Array,
    end: Array,
    given: Array,
    clause: Array,
    clauses: tuple[Clause, ...],
    by: Times | None = None,
) -> Times:
    """A time that only some lines have: those where a day is given."""
    there = given < NEVER
    return Times(
        start=np.where(there, start, 0),
        end=np.where(there, np.maximum(end, start), 0),
        clause=np.where(there, clause, -1).astype(np.int8),
        clauses=clauses,
        first=None if by is None else by.first,
        last=None if by is None else by.last,
    )


def first_days(scans: Scans) -> tuple[Array, Array]:
    """The days of the first response and of the first complete response before progression."""
    response = scans.history.response
    until = np.where(scans.pd >= 0, scans.pd, scans.end)
    objective = np.flatnonzero(IS_OBJECTIVE[response])
    days = (scans.first(each, until) for each in (objective, np.flatnonzero(response == CR)))
    first, complete = (scans.day_of(place) for place in days)
    return first, complete


def confirmed_days(scans: Scans) -> tuple[Array, Array]:
    """The days from which the first confirmed response and complete response held."""
    history = scans.history
    response = np.full(history.count, NEVER)
    complete = response.copy()
    every = np.flatnonzero(IS_OBJECTIVE[history.confirmed])
    lengths = scans.end - scans.begin
    for some in (every[group] for group in alike(lengths[every])):
        counts, start = lengths[some], history.start[some]
        steps = np.arange(int(counts.max(initial=0)))[:, None]
        there = steps < counts
        place = np.where(there, scans.begin[some] + steps, 0)
        codes = np.where(there, history.response[place].astype(np.int16), -1)
        found = confirmed_together(codes, history.day[place] - start, history.criteria)
        both = np.minimum(found["from_cr"], found["from_pr"])
        for into, day in ((response, both), (complete, found["from_cr"])):
            into[some] = np.where(day < NEVER, day + start, NEVER)
    return response, complete


# ---- without a policy


def _plain(scans: Scans) -> dict[str, Times]:
    """The times that no policy decides on."""
    start, known = scans.history.start, scans.known
    unstopped = np.where(scans.stop < NEVER, NEVER, scans.new)
    survival = until(start, [scans.death], known, OS)
    progressed = (scans.pd >= 0) & (scans.pd_day <= scans.death)
    after = until(np.where(progressed, scans.pd_day, 0), [scans.death], known, SINCE_PROGRESSION)
    return {
        "os": survival,
        "pps": attrs.evolve(after, clause=np.where(progressed, after.clause, -1)),
        "tot": until(start, [scans.stop, scans.death, unstopped], known, TREATED),
        "ttnt": until(start, [scans.new, scans.death], known, NEXT_TREATMENT),
        "ttf": until(start, [scans.pd_day, scans.stop, scans.death, unstopped], known, FAILURE),
    }


def until(
    start: Array, candidates: list[Array], known: Array, clauses: tuple[Clause, ...]
) -> Times:
    """The time to the first of some days, or to the last day known; one clause for each."""
    clause = np.argmin(np.stack(candidates), axis=0)
    day = np.minimum.reduce(candidates)
    never = day == NEVER
    end = np.where(never, known, day)
    return Times(
        start=start,
        end=np.maximum(end, start),
        clause=np.where(never, len(candidates), clause).astype(np.int8),
        clauses=clauses,
        first=day,
        last=np.full(len(start), NO_DAY),
    )


def _pfs2(scans: Scans, pfs: Times, survival: Times) -> Times:
    """From the start to the end of the next line's progression-free survival."""
    place = np.where(scans.has_next, np.arange(1, len(scans.new) + 1), 0)
    # Of a next line that begins after the death, which is odd, the death is still the end.
    following = np.maximum(np.minimum(pfs.end[place], scans.death), survival.start)
    shift = len(pfs.clauses)
    return Times(
        start=survival.start,
        end=np.where(scans.has_next, following, survival.end),
        clause=np.where(scans.has_next, pfs.clause[place], survival.clause + shift),
        clauses=(*pfs.clauses, *WITHOUT_NEXT),
        first=np.where(scans.has_next, pfs.first[place], survival.first),
        last=np.where(scans.has_next, pfs.last[place], NO_DAY),
    )


# ---- beside the times


NO_TOTAL = 1 << 60
"""Stands for no total, above any of lengths or of areas."""


def _deepest(scans: Scans) -> Array:
    """The smallest complete total up to the first progression; -1: none, or no baseline total.

    What counts as complete, and what comes too late, is Reading RD-DEPTH.
    """
    history = scans.history
    last = np.where(scans.pd >= 0, scans.pd, scans.end)
    counts = history.complete & (np.arange(len(history.line)) <= last[history.line])
    total = np.where(counts & (history.total_um >= 0), history.total_um, NO_TOTAL)
    smallest = np.full(history.count, NO_TOTAL)
    some = np.flatnonzero(scans.end > scans.begin)
    if len(some):
        smallest[some] = np.minimum.reduceat(total, scans.begin[some])
    return np.where((smallest < NO_TOTAL) & (history.baseline_um > 0), smallest, -1)


def _early_shrinkage(scans: Scans, policy: Policy) -> Array:
    """Whether the total had fallen by the early share at the first follow-up."""
    history = scans.history
    some = scans.end > scans.begin
    at = np.where(some, scans.begin, -1)
    seen = np.append(history.complete & (history.total_um >= 0), False)[at]
    fell = fell_by(np.append(history.total_um, 0)[at], history.baseline_um, policy.early_share)
    return np.where(seen & (history.baseline_um > 0), fell, BLANK).astype(np.uint8)


def _growth(history: History, ttp: Times, policy: Policy) -> tuple[Array, Array]:
    """The rule for the ratio of each time to progression to that of the line before, and that."""
    rule, before = np.full(history.count, -1, np.int16), np.zeros(history.count, np.int64)
    earlier = np.flatnonzero(history.patient[1:] == history.patient[:-1])
    earlier = earlier[ttp.days[earlier] > 0]
    later = earlier + 1
    reached = reaches(ttp.days[later], ttp.days[earlier], policy.growth_ratio)
    rule[later] = firing(GROWTH, ttp.event[later], ttp.event[earlier], reached)
    before[later] = ttp.days[earlier]
    return rule, before


def _problems(scans: Scans) -> Array:
    """What is odd about the dates of each line, as bits of `CourseProblem`."""
    history = scans.history
    last = np.where(scans.end > scans.begin, scans.day_of(scans.end - 1), NO_DAY)
    odd = {
        CourseProblem.STOP_AFTER_NEXT_START: (scans.stop < NEVER) & (scans.stop > scans.new),
        CourseProblem.STOP_AFTER_DEATH: (scans.stop < NEVER) & (scans.stop > scans.death),
        CourseProblem.START_AFTER_DEATH: history.start > scans.death,
        CourseProblem.SCAN_AFTER_DEATH: last > scans.death,
        CourseProblem.CONTACT_AFTER_DEATH: history.last_contact > scans.death,
    }
    return np.bitwise_or.reduce([each * problem.value for problem, each in odd.items()])
