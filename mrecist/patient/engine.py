"""One patient, judged: `assess` reads a chart as the papers tell it to be read.

For each line of therapy: the baseline and what each lesion is there; at each follow-up the
targets against baseline and nadir, the non-targets, new lesions (also those that only a later
scan proves), recurrence, the response, and a reported verdict beside it; then the best response
and what the line is to its agents. Every verdict is looked up in a table of the rulebook; the
numbers are in `rulebook/criteria.py`, the arithmetic is in `_base/exact.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, overload

import attrs

from .._base.converters import day_number
from .._base.errors import Problem, got
from .._base.words import Kind, Measure
from ..model import Patient, TherapyLine
from ..rulebook.criteria import CRITERIA, MRECIST, Criteria, criteria_named
from ..rulebook.drugs import named, procedure_kinds
from ..rulebook.immune_criteria import ImmuneCriteria, immune_criteria
from ..rulebook.lesion_criteria import LesionCriteria, lesion_criteria
from . import best_response
from . import exposure as therapy
from .assessment import Assessment, LineAssessment
from .baseline import Roles
from .chart import Chart
from .facts import LineFacts
from .new_lesions import NewLesionRecord, new_lesions
from .over_time import follow
from .sights import OnStudy, Plan, Sights

if TYPE_CHECKING:
    from .immune_assessment import ImmuneAssessment
    from .lesion_assessment import LesionAssessment

__all__ = ["assess", "assessment_of"]


@overload
def assess(  # type: ignore[overload-overlap]
    patient: Patient, *, criteria: LesionCriteria | Literal["lr-tr-2018", "lr-tr-2024", "recicl"]
) -> LesionAssessment: ...


@overload
def assess(  # type: ignore[overload-overlap]
    patient: Patient, *, criteria: ImmuneCriteria | Literal["irecist", "imrecist-hcc", "imrecist"]
) -> ImmuneAssessment: ...


@overload
def assess(patient: Patient, *, criteria: Criteria | str = MRECIST) -> Assessment: ...


def assess(
    patient: Patient, *, criteria: Criteria | LesionCriteria | ImmuneCriteria | str = MRECIST
) -> Assessment | LesionAssessment | ImmuneAssessment:
    """Judge a patient: CR, PR, SD or PD at every time point and across every line, and why.

    Args:
        patient: The chart; every `Patient` that exists can be assessed.
        criteria: HCC mRECIST (Lencioni & Llovet 2010) unless others are given: `MRECIST_5MM`,
            `RECIST_1_1` (or their names, such as `"recist-1.1"`), or a custom protocol made with
            `attrs.evolve`. `"lr-tr-2018"` and `"lr-tr-2024"`, LI-RADS treatment response, and
            `"recicl"` grade lesions; `"irecist"`, `"imrecist-hcc"` and `"imrecist"` are for
            immunotherapy.

    Returns:
        The verdicts of every line; a `LesionAssessment` for criteria that grade lesions, an
        `ImmuneAssessment` for those of immunotherapy.

    Raises:
        TypeError: Anything but a `Patient`.
        CriteriaError: A name of criteria that is not known.

    Example:
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
    by_lesion = lesion_criteria(criteria)
    if by_lesion is not None:
        from .lesion_assessment import assess_lesions  # few ask for it

        return assess_lesions(patient, by_lesion)
    immune = immune_criteria(criteria)
    if immune is not None:
        from .immune_lines import immune_assessment  # few ask for it

        base = _assessed(patient, CRITERIA[immune.base], reported=False)
        return immune_assessment(base, immune)
    return _assessed(patient, criteria_named(criteria))


def _assessed(patient: Patient, criteria: Criteria, *, reported: bool = True) -> Assessment:
    """A patient by criteria that give responses, with the verdicts of readers or without."""
    chart = Chart(patient, criteria)
    if not reported:
        chart.visits = [attrs.evolve(visit, reported=None) for visit in chart.visits]
    plain = Sights(chart)
    lines: list[LineAssessment] = []
    for number in range(len(chart.lines)):
        lines.append(_assess_line(chart, plain, number, lines))
    problems = Problem.VIABLE_OUTSIDE_LIVER.value if _viable_elsewhere(chart) else 0
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
        raise TypeError(f"this takes a Patient or an Assessment, got {got(given)}")
    return assess(given, criteria=MRECIST if criteria is None else criteria_named(criteria))


def _viable_elsewhere(chart: Chart) -> bool:
    """Whether a viable size is recorded for a nodule outside the liver."""
    elsewhere = [
        i
        for i, trait in enumerate(chart.traits)
        if trait.lesion.kind is Kind.NODULE and not trait.is_liver_nodule
    ]
    records = (visit.records.get(i) for i in elsewhere for visit in chart.visits)
    return any(each is not None and each.finding.viable_um is not None for each in records)


def _assess_line(
    chart: Chart, plain: Sights, number: int, earlier: list[LineAssessment]
) -> LineAssessment:
    line = chart.lines[number]
    baseline = chart.baseline(line)
    window = chart.window(number, baseline)
    sights = plain
    if baseline is None:
        roles = Roles.without_baseline(chart, line)
        news: tuple[NewLesionRecord, ...] = ()
    else:
        roles = Roles.at(chart, line, baseline, window, plain)
        sights = _sights(chart, plain, line, baseline, window, roles)
        roles = roles.with_total(sights)
        news = tuple(new_lesions(chart, plain, window, roles))
    facts = LineFacts(chart, number + 1, line, baseline, roles, news, window, sights, plain)
    timepoints = follow(facts, window)
    counted = [timepoint for timepoint in timepoints if not timepoint.is_partial]
    course = best_response.course(
        [timepoint.response.code for timepoint in counted],
        [timepoint.day for timepoint in counted],
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


def _sights(
    chart: Chart, plain: Sights, line: TherapyLine, baseline: int, window: range, roles: Roles
) -> Sights:
    """The sights of a line: those of the chart, where nothing is read by the line's roles."""
    on_study = _on_study(chart, line, baseline)
    kept = {
        i: _kept(chart, i, roles.records.baseline[i])
        for i in roles.targets
        if chart.traits[i].keeps_measure
    }
    if not (on_study or kept or chart.reads_by_role):
        return plain
    plan = Plan(
        targets=frozenset(roles.targets),
        nontargets=roles.nontargets_at,
        window=window,
        baseline_day=chart.days[baseline],
        records=dict(enumerate(roles.records.baseline)),
        kept=kept,
        on_study=on_study,
    )
    return Sights(chart, plan)


def _kept(chart: Chart, lesion: int, baseline: int | None) -> Measure:
    """The measure that a target keeps from its baseline record (Reading RD-VIABLE-OTHER)."""
    trait = chart.traits[lesion]
    records = [] if baseline is None else chart.records(baseline, lesion)
    viable = any(record.finding.viable_um is not None for record in records)
    return trait.measure_where_viable if viable else trait.measure


def _on_study(chart: Chart, line: TherapyLine, baseline: int) -> dict[int, tuple[OnStudy, ...]]:
    """The procedures since the baseline of a line, by the lesions that they name."""
    agents = named(line.agents).keys()
    found: dict[int, tuple[OnStudy, ...]] = {}
    for procedure in chart.patient.procedures:
        day = day_number(procedure.date)
        if day < chart.days[baseline]:
            continue
        under_test = bool(procedure_kinds(procedure.kind) & agents)
        each = OnStudy(procedure=procedure, day=day, under_test=under_test)
        for lesion in {chart.root[chart.index[id]] for id in procedure.lesions}:
            found[lesion] = (*found.get(lesion, ()), each)
    return found
