"""One line of therapy followed in the order of dates: a verdict for each time point.

Nadir, recurrence and reported complete response look back, and only inside the line. Every verdict
is looked up in a table of the rulebook; the arithmetic is in `_base/exact.py`.
"""

from __future__ import annotations

from .._base.converters import day_number
from .._base.errors import Problem
from .._base.exact import fell_by, rise
from .._base.words import NewLesion, Rise, Standing, State, Target, Targets, Watch
from ..rulebook.decision_table import Rule
from ..rulebook.new_lesions import RECURRENCE
from ..rulebook.nontargets import NONTARGET_LESION, STILL_THERE
from ..rulebook.overall import DOUBTFUL_AFTER_CR, REPORTED
from .assessment import TimepointAssessment
from .chart import Chart
from .facts import LineFacts

__all__ = ["follow"]

RISES = tuple(Rise)


def _rank(state: State) -> int:
    return state.code


def follow(facts: LineFacts, window: range) -> tuple[TimepointAssessment, ...]:
    """The follow-ups in date order: nadir and recurrence look back, and only inside the line."""
    chart, roles, rules = facts.chart, facts.roles, facts.chart.criteria.rules
    start = day_number(facts.line.start)
    judged = () if facts.baseline is None else roles.targets
    nadir, nadir_place = roles.baseline_um, facts.baseline
    watch, cr_reported = Watch.OFF, False
    timepoints: list[TimepointAssessment] = []
    for place in window:
        timepoint = chart.timepoints[place]
        sights = chart.sights[place]
        seen = [sights[i] for i in judged if sights[i].known]
        total = sum(sight.um for sight in seen)
        complete = len(seen) == len(judged)
        target_rule = _target(facts, total, nadir, complete, all(sight.gone for sight in seen))
        each = tuple(_nontarget(chart, place, i) for i in roles.nontargets)
        worst = max((rule.verdict for rule in each), key=_rank, default=State.NONE)
        if facts.baseline is None:
            worst = State.NO_BASELINE
        nontarget_rule = rules.nontarget.decide(worst)
        again = watch is Watch.ON and facts.baseline is not None
        recurrences = _still_there(facts, place, each) if again else ()
        new_lesion = NewLesion.YES if recurrences else _new_lesion(facts, place)
        overall_rule = rules.overall.decide(target_rule.verdict, nontarget_rule.verdict, new_lesion)
        computed, reported = overall_rule.verdict, timepoint.reported
        standing = REPORTED.decide(
            reported is not None, computed, reported or computed, reported is computed
        )
        stands_in = standing.verdict is Standing.STANDS_IN
        response = reported if stands_in and reported is not None else computed

        problems = 0
        if not complete and any(sights[i].lacks_size for i in judged):
            problems |= Problem.NO_SIZE.value
        if chart.odd_sizes[place]:
            problems |= Problem.VIABLE_EXCEEDS_WHOLE.value
        if stands_in and cr_reported and response in DOUBTFUL_AFTER_CR:
            problems |= Problem.RESPONSE_AFTER_CR.value
        timepoints.append(
            TimepointAssessment(
                date=timepoint.date,
                day=chart.days[place] - start,
                place=place,
                total_um=total if seen else None,
                nadir_um=nadir,
                nadir_place=nadir_place,
                nontarget_lesion_rules=each,
                recurrences=recurrences,
                new_lesion=new_lesion,
                target_rule=target_rule,
                nontarget_rule=nontarget_rule,
                overall_rule=overall_rule,
                reported=reported,
                standing=standing,
                response=response,
                problem_bits=problems,
                line=facts,
            )
        )
        if nadir is not None and complete and total < nadir:
            nadir, nadir_place = total, place
        after = RECURRENCE.decide(response).verdict
        watch = watch if after is Watch.UNCHANGED else after
        if reported is not None and RECURRENCE.decide(reported).verdict is Watch.ON:
            cr_reported = True
    return tuple(timepoints)


def _target(
    facts: LineFacts, total: int, nadir: int | None, complete: bool, gone: bool
) -> Rule[Target]:
    """The targets together, against baseline and nadir."""
    criteria, roles = facts.chart.criteria, facts.roles
    table = criteria.rules.target
    if facts.baseline is None:
        return table.decide(Targets.NO_BASELINE, False, Rise.NO, False)
    if not roles.targets:
        return table.decide(Targets.NONE, False, Rise.NO, False)
    if nadir is None or roles.baseline_um is None:
        return table.decide(Targets.NO_BASELINE_TOTAL, False, Rise.NO, False)
    floor = criteria.progression_floor_um
    rose = RISES[rise(total, nadir, criteria.progression_share, floor)]
    fell = fell_by(total, roles.baseline_um, criteria.response_share)
    return table.decide(Targets.ALL if complete else Targets.IN_PART, gone, rose, fell)


def _nontarget(chart: Chart, place: int, lesion: int) -> Rule[State]:
    """One non-target at one time point."""
    sight = chart.sights[place][lesion]
    unproven = chart.traits[lesion].needs_cytology and not chart.proven(lesion, place)
    size = sight.rule.verdict
    return NONTARGET_LESION.decide(size, sight.status, sight.gone, unproven)


def _still_there(facts: LineFacts, place: int, each: tuple[Rule[State], ...]) -> tuple[int, ...]:
    """The targets and non-targets that are evaluable and not gone: recurrences after CR."""
    sights = facts.chart.sights[place]
    targets = [i for i in facts.roles.targets if sights[i].known and not sights[i].gone]
    nontargets = [
        i
        for i, rule in zip(facts.roles.nontargets, each, strict=True)
        if rule.verdict in STILL_THERE
    ]
    return tuple(targets + nontargets)


def _new_lesion(facts: LineFacts, place: int) -> NewLesion:
    """Whether a new lesion counts here; one counts from its first detection on."""
    speaking = [new for new in facts.news if new.speaks_at(place)]
    if not speaking:
        return NewLesion.NO
    counts = any(new.counts_at(place) for new in speaking)
    return NewLesion.YES if counts else NewLesion.EQUIVOCAL
