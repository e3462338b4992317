"""One patient, judged: `assess` reads a chart as the papers tell it to be read.

For each line of therapy: the baseline and what each lesion is there; at each follow-up the
targets against baseline and nadir, the non-targets, new lesions (also those that only a later
scan proves), recurrence, the response, and a reported verdict beside it; then the best response
and what the line is to its agents. Every verdict is looked up in a table of `rulebook/`; the
numbers are in `rulebook/criteria.py`, the arithmetic is in `_base/exact.py`.
"""

from __future__ import annotations

from .._base.converters import day_number
from .._base.errors import Problem
from .._base.exact import fell_by, rise
from .._base.words import NewLesion, Rise, Standing, State, Target, Targets, Watch
from ..model import Patient
from ..rulebook.criteria import MRECIST, Criteria, criteria_named
from ..rulebook.decision_table import Rule
from ..rulebook.new_lesions import RECURRENCE
from ..rulebook.nontargets import NONTARGET_LESION, STILL_THERE
from ..rulebook.overall import DOUBTFUL_AFTER_CR, REPORTED
from . import best_response
from . import exposure as therapy
from .assessment import Assessment, LineAssessment, TimepointAssessment
from .baseline import Roles
from .chart import Chart
from .facts import LineFacts
from .new_lesions import NewLesionRecord, new_lesions

__all__ = ["assess", "assessment_of"]

RISES = tuple(Rise)


def _rank(state: State) -> int:
    return state.code


def assess(patient: Patient, *, criteria: Criteria | str = MRECIST) -> Assessment:
    """Judge a patient: CR, PR, SD or PD at every time point and across every line, and why.

    By HCC mRECIST (Lencioni & Llovet 2010) unless other `criteria` are given: `MRECIST_5MM`,
    `RECIST_1_1` (or their names, such as `"recist-1.1"`), or a protocol of your own made with
    `attrs.evolve`. Raises `TypeError` for anything but a `Patient`, `CriteriaError` for a name
    that is not known; a `Patient` that exists can always be assessed.

    >>> from mrecist import Finding, Lesion, Patient, TherapyLine, Timepoint, assess
    >>> patient = Patient(
    ...     "P-001",
    ...     [Lesion("S8", "liver", "nodule")],
    ...     [
    ...         Timepoint("2024-01-03", [Finding("S8", viable_mm="14.0")]),
    ...         Timepoint("2024-03-06", [Finding("S8", viable_mm="9.8")]),
    ...     ],
    ...     [TherapyLine(["lenvatinib"], "2024-01-10")],
    ... )
    >>> assess(patient)
    <Assessment P-001 by mrecist: lenvatinib PR>
    """
    if not isinstance(patient, Patient):
        raise TypeError(
            f"assess() takes a Patient, got {type(patient).__name__}; "
            "read a case document with mrecist.read_case() or mrecist.from_case()"
        )
    criteria = criteria_named(criteria)
    chart = Chart(patient, criteria)
    lines: list[LineAssessment] = []
    for number in range(len(chart.lines)):
        lines.append(_assess_line(chart, number, lines))
    problems = Problem.VIABLE_EXCEEDS_WHOLE.value if any(chart.odd_sizes) else 0
    return Assessment(patient, criteria, tuple(lines), problems)


def assessment_of(
    given: Patient | Assessment, criteria: Criteria | str | None = None
) -> Assessment:
    """An assessment as it is; of a patient the one by `criteria` (`None`: HCC mRECIST)."""
    if isinstance(given, Assessment):
        if criteria is not None:
            raise TypeError(f"an Assessment has its criteria, {given.criteria.name}; give no other")
        return given
    if not isinstance(given, Patient):
        raise TypeError(f"this takes a Patient or an Assessment, got {type(given).__name__}")
    return assess(given, criteria=MRECIST if criteria is None else criteria)


def _assess_line(chart: Chart, number: int, earlier: list[LineAssessment]) -> LineAssessment:
    line = chart.lines[number]
    baseline = chart.baseline(line)
    window = chart.window(number)
    if baseline is None:
        roles = Roles.without_baseline(chart, line)
        news: tuple[NewLesionRecord, ...] = ()
    else:
        roles = Roles.at(chart, line, baseline)
        news = tuple(new_lesions(chart, baseline, window, roles))
    facts = LineFacts(chart, number + 1, line, baseline, roles, news)
    timepoints = _follow(facts, window)
    course = best_response.course(
        [timepoint.response.code for timepoint in timepoints],
        [timepoint.day for timepoint in timepoints],
        chart.criteria,
    )
    exposure = therapy.exposure(line, earlier)
    return LineAssessment(
        facts=facts,
        timepoints=timepoints,
        course=course,
        best_rule=best_response.best(course),
        confirmed_rule=best_response.confirmed(course),
        re_exposure=exposure,
        problem_bits=roles.problem_bits,
    )


def _follow(facts: LineFacts, window: range) -> tuple[TimepointAssessment, ...]:
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
