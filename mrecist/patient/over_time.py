"""One line of therapy followed in the order of dates: a verdict for each time point.

Nadir, recurrence and what was said before look back, and only inside the line. Every verdict is
looked up in a table of the rulebook; the arithmetic is in `_base/exact.py`.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from .._base.converters import day_number
from .._base.errors import Problem
from .._base.exact import below, fell_by, rise
from .._base.words import (
    Group,
    Measure,
    NewLesion,
    NewRule,
    Rise,
    Standing,
    State,
    Status,
    Target,
    Targets,
    Watch,
    YesNo,
)
from ..rulebook.criteria import MRECIST_5MM
from ..rulebook.decision_table import Rule
from ..rulebook.examinations import PARTIAL
from ..rulebook.new_lesions import RECURRENCE
from ..rulebook.nontargets import RECURS, STILL_THERE
from ..rulebook.overall import DOUBTFUL_AFTER_CR, REPORTED
from ..rulebook.patterns import GROWN
from .assessment import TimepointAssessment
from .facts import LineFacts
from .new_lesions import needs_arterial

__all__ = ["follow", "recurring"]

RISES = tuple(Rise)
_NOT_COMPARED = {State.PROGRESSED, State.NOT_EVALUABLE}


def _rank(state: State) -> int:
    return state.code


class _Smallest:
    """The smallest sizes of one non-target before a visit, by what they are measured in."""

    def __init__(self, facts: LineFacts, lesion: int) -> None:
        self.facts, self.lesion = facts, lesion
        at_baseline = facts.roles.records.baseline[lesion]
        window = facts.window
        self.ahead = iter(window if at_baseline is None else (at_baseline, *window))
        self.next = next(self.ahead, None)
        self.least: dict[frozenset[Measure], tuple[int, int]] = {}

    def before(self, place: int, measures: frozenset[Measure]) -> tuple[int, int] | None:
        """The smallest size before a visit that is like these measures, and where it was.

        Visits are asked for in ascending order.
        """
        while self.next is not None and self.next < place:
            self._add(self.next)
            self.next = next(self.ahead, None)
        like = (self.least.get(measures), self.least.get(frozenset()))
        return min((each for each in like if each is not None), default=None)

    def _add(self, place: int) -> None:
        sight = self.facts.sights(place, self.lesion)
        if sight.known and not sight.silent:
            found = (sight.um, place)
            self.least[sight.measures] = min(self.least.get(sight.measures, found), found)


@attrs.define(eq=False, repr=False)
class _Past:
    """What earlier time points of the line leave behind.

    `since` is the visit of the complete response after which disease is a recurrence, `smallest`
    the sizes that non-targets have had. `smallest_targets` gives the smallest size of each target
    and where it was, which only some criteria ask for.
    """

    nadir_um: int | None
    nadir_place: int | None
    smallest_targets: dict[int, tuple[int, int]]
    watch: Watch = Watch.OFF
    since: int = -1
    smallest: dict[int, _Smallest] = attrs.field(factory=dict)

    def add(self, timepoint: TimepointAssessment, total: int, *, complete: bool) -> None:
        """Look back on one more time point."""
        if self.nadir_um is not None and complete and total < self.nadir_um:
            self.nadir_um, self.nadir_place = total, timepoint.place
        if timepoint.is_partial:
            return
        after = RECURRENCE.decide(timepoint.response).verdict
        if after is not Watch.UNCHANGED:
            self.watch, self.since = after, timepoint.place


def follow(facts: LineFacts, window: range) -> tuple[TimepointAssessment, ...]:
    """The follow-ups in date order: what looks back does so only inside the line."""
    by_lesion = facts.chart.criteria.progression_by_lesion
    smallest = _smallest_at_first(facts) if by_lesion else {}
    past = _Past(facts.roles.baseline_um, facts.baseline, smallest)
    timepoints: list[TimepointAssessment] = []
    for place in window:
        at = _FollowUp(facts, place, past)
        timepoint = at.judge()
        timepoints.append(timepoint)
        past.add(timepoint, at.total, complete=at.complete)
        if by_lesion:
            at.lower(past.smallest_targets)
    return tuple(timepoints)


def _smallest_at_first(facts: LineFacts) -> dict[int, tuple[int, int]]:
    """The sizes of the targets at baseline, and where they were recorded."""
    records = facts.roles.records.baseline
    places = [(i, records[i]) for i in facts.roles.targets if records]
    seen = [(i, facts.sights(place, i), place) for i, place in places if place is not None]
    return {i: (sight.summand, place) for i, sight, place in seen if sight.summed}


class _FollowUp:
    """One follow-up of a line, judged step by step."""

    def __init__(self, facts: LineFacts, place: int, past: _Past) -> None:
        self.facts, self.place, self.past = facts, place, past
        chart, roles = facts.chart, facts.roles
        self.visit = chart.visits[place]
        self.has_baseline = facts.baseline is not None
        self.targets = roles.targets if self.has_baseline else ()
        self.nontargets = roles.nontargets_at(place)
        sights = facts.sights
        self.sights = [sights(place, i) for i in self.targets]
        self.seen = [sight for sight in self.sights if sight.summed]
        self.total = sum(sight.summand for sight in self.seen)
        self.complete = len(self.seen) == len(self.targets)
        self.back = self._back() if chart.criteria.new_enhancement else ()
        self.grown_targets = self._grown_targets() if chart.criteria.progression_by_lesion else {}
        self.each = tuple(self._nontarget(i) for i in self.nontargets)
        self.partial = self._partial()
        self.grown = self._grown()

    def judge(self) -> TimepointAssessment:
        """The verdict, with the rule of each step."""
        facts, past = self.facts, self.past
        rules = facts.chart.criteria.rules
        target_rule = self._target()
        nontarget_rule = rules.nontarget.decide(self._worst())
        recurrences = self._recurrences()
        new_lesion = NewLesion.YES if recurrences else self._new_lesion()
        overall_rule = rules.overall.decide(target_rule.verdict, nontarget_rule.verdict, new_lesion)
        computed, reported = overall_rule.verdict, self.visit.reported
        standing = REPORTED.decide(
            reported is not None,
            computed,
            reported or computed,
            reported is computed,
            self._shows_disease(),
        )
        stands_in = standing.verdict is Standing.STANDS_IN
        response = reported if stands_in and reported is not None else computed
        problems = self._problems(target_rule.verdict)
        if standing.verdict is Standing.OVER_DISEASE:
            problems |= Problem.CR_OVER_DISEASE
        if stands_in and past.watch is Watch.ON and response in DOUBTFUL_AFTER_CR:
            problems |= Problem.RESPONSE_AFTER_CR
        return TimepointAssessment(
            date=self.visit.date,
            day=self.visit.day - day_number(facts.line.start),
            place=self.place,
            total_um=self.total if self.seen else None,
            nadir_um=past.nadir_um,
            nadir_place=past.nadir_place,
            partial=self.partial,
            nontargets=self.nontargets,
            nontarget_lesion_rules=self.each,
            grown=self.grown,
            recurrences=recurrences,
            new_lesion=new_lesion,
            target_rule=target_rule,
            nontarget_rule=nontarget_rule,
            overall_rule=overall_rule,
            reported=reported,
            standing=standing,
            response=response,
            problem_bits=int(problems),
            line=facts,
            grown_targets=self.grown_targets,
            back=self.back,
        )

    def lower(self, smallest: dict[int, tuple[int, int]]) -> None:
        """Note the sizes of targets that are smaller than ever before."""
        for i, sight in zip(self.targets, self.sights, strict=True):
            if sight.summed and (i not in smallest or sight.summand < smallest[i][0]):
                smallest[i] = sight.summand, self.place

    # ---- targets and non-targets, lesion by lesion

    def _back(self) -> tuple[int, ...]:
        """The lesions that show viable tissue, and showed none at an earlier look of the line."""
        ours = () if not self.has_baseline else (*self.targets, *self.nontargets)
        return tuple(i for i in ours if _is_back(self.facts, self.place, i))

    def _grown_targets(self) -> dict[int, tuple[int, int]]:
        """The targets that rose enough over their own smallest size, with that and its place."""
        each = zip(self.targets, self.sights, strict=True)
        seen = [(i, sight) for i, sight in each if sight.summed and i in self.past.smallest_targets]
        found = ((i, sight.summand, self.past.smallest_targets[i]) for i, sight in seen)
        return {i: before for i, now, before in found if self._rose(now, before[0]) is Rise.YES}

    def _rose(self, now: int, before: int) -> Rise:
        criteria = self.facts.chart.criteria
        share, floor = criteria.progression_share, criteria.progression_floor_um
        return RISES[rise(now, before, share, floor, criteria.above)]

    def _nontarget(self, lesion: int) -> Rule[State]:
        """One non-target at one time point."""
        facts = self.facts
        chart, sight = facts.chart, facts.sights(self.place, lesion)
        unproven = chart.traits[lesion].needs_cytology and not chart.proven(lesion, self.place)
        back = (lesion in self.back,) if chart.criteria.new_enhancement else ()
        table = chart.criteria.rules.nontarget_lesion
        return table.decide(sight.size, sight.said, sight.gone, unproven, *back)

    # ---- targets and non-targets

    def _target(self) -> Rule[Target]:
        """The targets together, against baseline and nadir."""
        criteria, roles, nadir = self.facts.chart.criteria, self.facts.roles, self.past.nadir_um
        table = criteria.rules.target
        back = (not {*self.back}.isdisjoint(roles.targets),) if criteria.new_enhancement else ()
        if not self.has_baseline:
            return table.decide(Targets.NO_BASELINE, False, Rise.NO, False, *back)
        if not roles.targets:
            return table.decide(Targets.NONE, False, Rise.NO, False, *back)
        if nadir is None or roles.baseline_um is None:
            return table.decide(Targets.NO_BASELINE_TOTAL, False, Rise.NO, False, *back)
        rose = self._rose(self.total, nadir)
        if criteria.progression_by_lesion:
            rose = Rise.YES if self.grown_targets else Rise.NO
        fell = fell_by(self.total, roles.baseline_um, criteria.response_share)
        gone = all(sight.gone for sight in self.seen)
        seen = Targets.ALL if self.complete else Targets.IN_PART
        return table.decide(seen, gone, rose, fell, *back)

    def _worst(self) -> State:
        if not self.has_baseline:
            return State.NO_BASELINE
        return max((rule.verdict for rule in self.each), key=_rank, default=State.NONE)

    def _shows_disease(self) -> bool:
        """Whether a target or non-target of a line with a baseline is seen and not gone."""
        left = any(not sight.gone for sight in self.seen)
        return self.has_baseline and (
            left or any(rule.verdict in STILL_THERE for rule in self.each)
        )

    # ---- new lesions and recurrence

    def _new_lesion(self) -> NewLesion:
        """Whether a new lesion counts here; one counts from its first detection on."""
        speaking = [new for new in self.facts.news if new.speaks_at(self.place)]
        if not speaking:
            return NewLesion.NO
        counts = any(new.counts_at(self.place) for new in speaking)
        return NewLesion.YES if counts else NewLesion.EQUIVOCAL

    def _recurrences(self) -> tuple[int, ...]:
        """The lesions of the line that are back after complete response."""
        partial = self.partial.verdict is YesNo.YES
        if self.past.watch is not Watch.ON or partial or not self.has_baseline:
            return ()
        return recurring(self.facts, self.place, self.nontargets, self.each, self.past.since)

    # ---- which examinations count, and what is odd

    def _partial(self) -> Rule[YesNo]:
        """Whether this is a partial examination (K4)."""
        facts, visit, root = self.facts, self.visit, self.facts.chart.root
        ours = {*self.targets, *self.nontargets}
        return PARTIAL.decide(
            self.has_baseline and bool(ours),
            bool(visit.records),
            not ours.isdisjoint([root[i] for i in visit.records]),
            visit.reported is not None,
            visit.unchanged,
            any(self.place in new.detected for new in facts.news),
        )

    def _problems(self, target: Target) -> int:
        problems = 0
        for record in self.visit.records.values():
            problems |= record.problem_bits
        if not self.has_baseline:
            return problems
        sights, place = self.facts.sights, self.place
        if self.partial.verdict is YesNo.YES:
            problems |= Problem.PARTIAL_EXAMINATION
        for sight in self.sights:
            problems |= sight.problem_bits
        if sights.plan.on_study and any(
            sights.treated(place, i) for i in (*self.targets, *self.nontargets)
        ):
            problems |= Problem.TREATED_ON_STUDY
        if target in GROWN and self._rose_little():
            problems |= Problem.RISE_UNDER_5MM
        if self.grown:
            problems |= Problem.NONTARGET_GREW
        return problems | self._problems_of_candidates()

    def _rose_little(self) -> bool:
        """Whether a progression is too small for criteria that ask for it in millimetres."""
        nadir = self.past.nadir_um
        if self.facts.chart.criteria.area is not None:
            return False
        return nadir is not None and below(self.total - nadir, MRECIST_5MM.progression_floor_um)

    def _grown(self) -> dict[int, tuple[int, int]]:
        """From where the non-targets have grown that are evaluable and not called progressed."""
        if not self.has_baseline:
            return {}
        found = {}
        for i, rule in zip(self.nontargets, self.each, strict=True):
            if rule.verdict not in _NOT_COMPARED:
                before = self._grown_from(i)
                if before is not None:
                    found[i] = before
        return found

    def _grown_from(self, lesion: int) -> tuple[int, int] | None:
        """The smallest size before of a non-target that has grown enough, and where (RD-GREW)."""
        facts, smallest = self.facts, self.past.smallest
        sight = facts.sights(self.place, lesion)
        if not sight.known or len(sight.measures) != 1:
            return None
        if lesion not in smallest:
            smallest[lesion] = _Smallest(facts, lesion)
        before = smallest[lesion].before(self.place, sight.measures)
        if before is None:
            return None
        criteria = facts.chart.criteria
        rose = rise(sight.um, before[0], criteria.growth_share, criteria.growth_um)
        return before if RISES[rose] is Rise.YES else None

    def _problems_of_candidates(self) -> int:
        facts, place, problems = self.facts, self.place, 0
        chart = facts.chart
        for lesion in facts.roles.candidates:
            if not facts.roles.is_candidate(lesion, place):
                continue
            trait, record = chart.traits[lesion], chart.record(place, lesion)
            by_pattern = trait.new_rule is NewRule.HCC
            if by_pattern and record is not None and needs_arterial(record):
                problems |= Problem.PATTERN_WITHOUT_ARTERIAL
            sight = facts.plain(place, lesion)
            unsized = sight.lacks_size and sight.status is Status.MEASURED
            if trait.group is Group.NODE and unsized:
                problems |= Problem.UNSIZED_NODE
        if any(new.by_growth and new.counts_at(place) for new in facts.news):
            problems |= Problem.BIOPSY_NEGATIVE
        return problems


def recurring(
    facts: LineFacts,
    place: int,
    nontargets: Sequence[int],
    states: Sequence[Rule[State]],
    since: int,
) -> tuple[int, ...]:
    """The targets and non-targets that are there at a visit, after a complete response before it.

    `states` are those of `nontargets`; `since` is the visit of the complete response.
    """
    targets = [i for i in facts.roles.targets if _is_left(facts, place, i)]
    back = [
        i
        for i, rule in zip(nontargets, states, strict=True)
        if RECURS.decide(
            rule.verdict,
            facts.chart.traits[i].group is Group.NODE,
            facts.roles.proved.get(i, since) <= since,
        ).verdict
        is YesNo.YES
    ]
    return tuple(targets + back)


def _is_left(facts: LineFacts, place: int, target: int) -> bool:
    sight = facts.sights(place, target)
    return sight.summed and not sight.gone


def _is_back(facts: LineFacts, place: int, lesion: int) -> bool:
    """Whether a nodule shows viable tissue, and showed none at an earlier look of the line."""
    now = facts.sights(place, lesion)
    if not now.enhances or not now.known:
        return False
    at_baseline = facts.roles.records.baseline[lesion]
    looks = [earlier for earlier in facts.window if earlier < place]
    looks += [] if at_baseline is None else [at_baseline]
    before = (facts.sights(earlier, lesion) for earlier in looks)
    return any(sight.known and sight.gone for sight in before)
