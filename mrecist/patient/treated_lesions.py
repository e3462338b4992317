"""Grades of treated lesions: what LI-RADS treatment response says of each, scan by scan.

A lesion is graded by its latest treatment on or before the examination, whatever the line.
`Grade` is what one examination says of one lesion by one version.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import attrs

from .._base.converters import day_number
from .._base.errors import Problem
from .._base.exact import at_least, below
from .._base.text import mm, when
from .._base.words import Answer, Category, Masslike, Modality, Move, Status, Treatment, Trend
from ..model import Procedure, TherapyLine
from ..rulebook.decision_table import Rule
from ..rulebook.drugs import drug, named
from ..rulebook.lesion_criteria import LR_TR, LesionCriteria
from ..rulebook.treated_lesions import (
    APHE,
    BY_ANCILLARY,
    CHANGE,
    EVALUABLE,
    LR_TR_2018_TABLE,
    NEEDS_TWO_SCANS,
    NEWLY,
    RADIATION_TABLE,
    RANKED,
    SIZED,
    TABLES_OF,
    TREND_OF,
    is_comparable,
    is_unassessable,
    treatment_of,
)
from .chart import Chart, Record

__all__ = ["Grade", "beside", "grades", "has_systemic"]

BY_ANCILLARY_FLAG = "by ancillary"
RESTS_ON_CHANGE = "{change}"
"""What the sentence of a rule holds that rests on a change since the examination before."""


@attrs.frozen(kw_only=True)
class Grade:
    """What one examination says of one treated lesion.

    `category` is `None` where nobody recorded what the grade rests on. `size_um` is the diameter
    of the enhancing part, where the category is told with one. `compared_with` is the day of the
    examination that a change is measured from.
    """

    lesion: str
    category: Category | None
    treatment: Procedure
    rule: Rule[Category] | None
    change: Rule[Trend] | None = None
    compared_with: int | None = None
    size_um: int | None = None
    problem_bits: int = 0

    @property
    def problems(self) -> Problem:
        """What is odd about the grade, whatever the line of therapy."""
        return Problem(self.problem_bits)

    @property
    def flags(self) -> tuple[str, ...]:
        """How the category came about, where a reader should know."""
        return (BY_ANCILLARY_FLAG,) if self.rule and self.rule.id in BY_ANCILLARY else ()

    @property
    def sentence(self) -> str:
        """Why, after what treatment."""
        after = f"after {self.treatment.kind} of {when(self.treatment.date)}"
        if self.rule is None:
            return f"{after}: not recorded whether mass-like enhancement is there"
        change = "" if self.change is None else self.change.sentence
        told = self.rule.sentence.format(change=change)
        size = "" if self.size_um is None else f", {mm(self.size_um)}"
        return f"{after}: {told}{size}"

    def __str__(self) -> str:
        return f"{self.lesion}: {self.category or 'no category'}; {self.sentence}"


@attrs.frozen(eq=False, repr=False)
class _Exam:
    """A lesion at one examination, with its latest treatment and the examination before it."""

    place: int
    record: Record
    treatment: Procedure | None
    kind: Treatment
    before: Record | None


def grades(chart: Chart, criteria: LesionCriteria) -> dict[int, tuple[Grade, ...]]:
    """The grades by the place of the visit, in each the lesions in the order of the case."""
    found: dict[int, list[Grade]] = {}
    for lesion in range(len(chart.traits)):
        treatments = _treatments(chart, lesion)
        if not treatments:
            continue
        warned: set[int] = set()
        for exam in _exams(chart, lesion, treatments):
            if exam.treatment is not None and exam.kind in TABLES_OF[criteria.name]:
                grade = _grade(chart, criteria, lesion, exam, warned)
                found.setdefault(exam.place, []).append(grade)
    return {place: tuple(each) for place, each in found.items()}


def beside(chart: Chart, place: int) -> dict[str, dict[str, Grade]]:
    """The grades of a visit by lesion and version, without those that have no category."""
    found: dict[str, dict[str, Grade]] = {}
    for name, criteria in LR_TR.items():
        for grade in grades(chart, criteria).get(place, ()):
            if grade.category is not None:
                found.setdefault(grade.lesion, {})[name] = grade
    return found


def _treatments(chart: Chart, lesion: int) -> list[Procedure]:
    """The treatments of a lesion, or of what it is a part of, that LI-RADS reads; by date."""
    root = chart.root[lesion]
    return sorted(
        (
            each
            for each in chart.patient.procedures
            if treatment_of(each.kind) is not Treatment.NONE
            and any(chart.root[chart.index[name]] == root for name in each.lesions)
        ),
        key=lambda each: day_number(each.date),
    )


def _exams(chart: Chart, lesion: int, treatments: Sequence[Procedure]) -> Iterator[_Exam]:
    """The examinations that record a lesion by itself, by date."""
    records = [
        (place, visit.records[lesion])
        for place, visit in enumerate(chart.visits)
        if lesion in visit.records and visit.records[lesion].finding.into is None
    ]
    records.sort(key=lambda each: each[1].day)
    for at, (place, record) in enumerate(records):
        earlier = [each for _, each in records[:at]]
        latest = _latest(treatments, record.day)
        if latest is None:
            yield _Exam(place, record, None, Treatment.NONE, None)
            continue
        since = day_number(latest.date)
        kind = treatment_of(latest.kind)
        yield _Exam(place, record, latest, kind, _compared(earlier, since))


def _latest(treatments: Sequence[Procedure], day: int) -> Procedure | None:
    """The latest treatment on or before a day; of one day the kind that ranks first."""
    done = [each for each in treatments if day_number(each.date) <= day]
    last = [each for each in done if each.date == done[-1].date]
    return min(last, key=lambda each: RANKED.index(treatment_of(each.kind)), default=None)


def _compared(earlier: Sequence[Record], since: int) -> Record | None:
    """The last evaluable examination since the treatment, else the last one before it."""
    after = [each for each in earlier if at_least(each.day, since)]
    evaluable = [each for each in after if _is_comparable(each)]
    before = [
        each
        for each in earlier
        if below(each.day, since) and each.finding.status is not Status.NOT_EVALUABLE
    ]
    return next(reversed(evaluable or before), None)


def _is_comparable(record: Record) -> bool:
    word, sized = _masslike(record), _viable_um(record) is not None
    return bool(is_comparable(word in EVALUABLE, word is None, sized))


def _masslike(record: Record) -> Masslike | None:
    """What an examination says of mass-like enhancement; `None`: nothing."""
    word, unseen = record.finding.masslike, record.finding.status is Status.NOT_EVALUABLE
    return Masslike.NOT_EVALUABLE if is_unassessable(word is None, unseen) else word


def _grade(
    chart: Chart, criteria: LesionCriteria, lesion: int, exam: _Exam, warned: set[int]
) -> Grade:
    """Grade one lesion at one examination; `warned` are the treatments already viable after."""
    assert exam.treatment is not None
    name, masslike = chart.traits[lesion].lesion.id, _masslike(exam.record)
    if masslike is None:
        bits = int(Problem.NO_MASSLIKE)
        return Grade(
            lesion=name, category=None, treatment=exam.treatment, rule=None, problem_bits=bits
        )
    rule, change = _decided(criteria, exam, masslike)
    bits, since = 0, day_number(exam.treatment.date)
    by_growth = TABLES_OF[criteria.name][exam.kind] is RADIATION_TABLE
    if by_growth and rule.verdict in NEEDS_TWO_SCANS and since not in warned:
        warned.add(since)
        bits |= Problem.ONE_SCAN_AFTER_RADIATION
    return Grade(
        lesion=name,
        category=rule.verdict,
        treatment=exam.treatment,
        rule=rule,
        change=change,
        compared_with=None if change is None or exam.before is None else exam.before.day,
        size_um=exam.record.finding.viable_um if rule.verdict in SIZED else None,
        problem_bits=bits,
    )


def _decided(
    criteria: LesionCriteria, exam: _Exam, masslike: Masslike
) -> tuple[Rule[Category], Rule[Trend] | None]:
    """The rule that gives the category, and that which gives a change it rests on."""
    record, finding = exam.record, exam.record.finding
    table = TABLES_OF[criteria.name][exam.kind]
    if table is LR_TR_2018_TABLE:
        viable = record.arterial and _is_above_zero(record)
        aphe = APHE.decide(finding.aphe, viable).verdict
        inputs = (masslike, record.arterial, aphe, finding.washout, finding.like_before)
        return table.decide(*inputs), None
    if table is RADIATION_TABLE:
        change = _change(exam)
        rule = table.decide(masslike, change.verdict, _newly(exam))
        return rule, change if RESTS_ON_CHANGE in rule.sentence else None
    mri = record.modality is Modality.MRI
    signs = (finding.diffusion_restriction, finding.t2_mild_moderate)
    return table.decide(masslike, mri, *signs), None


def _is_above_zero(record: Record) -> bool:
    size = _viable_um(record)
    return size is not None and below(0, size)


def _viable_um(record: Record) -> int | None:
    """The viable diameter that an examination records, of any phase; absent is 0."""
    status = record.finding.status
    if status is Status.ABSENT:
        return 0
    unread = status in (Status.TOO_SMALL, Status.NOT_EVALUABLE)
    return None if unread else record.finding.viable_um


def _change(exam: _Exam) -> Rule[Trend]:
    before = exam.before
    absent = before is not None and before.finding.masslike is Masslike.ABSENT
    return CHANGE.decide(TREND_OF[exam.record.finding.change], absent, _move(exam))


def _move(exam: _Exam) -> Move:
    """How the viable diameter moved since the examination before."""
    now = _viable_um(exam.record)
    then = None if exam.before is None else _viable_um(exam.before)
    if now is None or then is None:
        return Move.UNKNOWN
    return Move.ROSE if below(then, now) else Move.FELL if below(now, then) else Move.NEITHER


def _newly(exam: _Exam) -> bool:
    """Whether a sign on MRI is new since the examination before."""
    pairs = zip(_signs(exam.record), _signs(exam.before), strict=True)
    return any(NEWLY.decide(now, then).verdict.code for now, then in pairs)


def _signs(record: Record | None) -> tuple[Answer, Answer]:
    """Restricted diffusion and T2 hyperintensity, which only an MRI shows."""
    if record is None or record.modality is not Modality.MRI:
        return Answer.UNKNOWN, Answer.UNKNOWN
    return record.finding.diffusion_restriction, record.finding.t2_mild_moderate


def has_systemic(line: TherapyLine) -> bool:
    """Whether a line has a drug among its agents."""
    return any(drug(name) is not None for name in named(line.agents))
