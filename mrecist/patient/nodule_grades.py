"""Grades of nodules by RECICL: areas now against the baseline of the line, nodule by nodule."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from .._base.errors import Problem
from .._base.exact import fell_by, rise
from .._base.text import mm2
from .._base.words import Answer, Margin, Measure, Response, Rise, Status, TherapeuticEffect
from ..model import TherapyLine
from ..rulebook.decision_table import Rule
from ..rulebook.nodule_grades import ENLARGED_BY, HALF, READ_AS, RECICL_TABLE, TE4, TO_BE_DONE
from .areas import area_of
from .baseline import records_of
from .chart import RECORDED_UM, Chart, Record

__all__ = ["NoduleGrade", "nodule_grades", "overall"]

RISES = tuple(Rise)
MARGINS = {None: Answer.UNKNOWN, Margin.ENOUGH: Answer.YES, Margin.NOT_ENOUGH: Answer.NO}


@attrs.frozen(kw_only=True)
class NoduleGrade:
    """What one examination says of one nodule: its therapeutic effect, and why.

    Areas are whole square micrometres: at baseline, now, and what is viable now; `None`: not known.
    """

    lesion: str
    rule: Rule[TherapeuticEffect]
    before_um2: int | None
    now_um2: int | None
    viable_um2: int | None
    problem_bits: int = 0

    treatment: None = None
    size_um: None = None
    change: None = None
    flags: tuple[str, ...] = ()

    @property
    def category(self) -> TherapeuticEffect:
        """The grade."""
        return self.rule.verdict

    @property
    def read_as(self) -> Response:
        """The word of other criteria that is printed beside the grade."""
        return READ_AS[self.category]

    @property
    def problems(self) -> Problem:
        """What is odd about the grade."""
        return Problem(self.problem_bits)

    @property
    def sentence(self) -> str:
        """Why, in areas."""
        areas = {"before": self.before_um2, "now": self.now_um2, "left": self.viable_um2}
        return self.rule.sentence.format_map({name: mm2(area) for name, area in areas.items()})

    def __str__(self) -> str:
        return f"{self.lesion}: {self.category}, as {self.read_as}; {self.sentence}"


def nodule_grades(
    chart: Chart, line: TherapyLine, window: Sequence[int]
) -> dict[int, tuple[NoduleGrade, ...]]:
    """The grades of each follow-up of a line, in each the nodules in the order of the case."""
    baseline = chart.baseline(line)
    if baseline is None:
        return {}
    at = records_of(chart, line, baseline).baseline
    found: dict[int, tuple[NoduleGrade, ...]] = {}
    for place in window:
        grades = [
            _grade(chart, lesion, first, place)
            for lesion in _nodules(chart)
            for first in [at[lesion]]
            if first is not None
            and _is_there(chart.record(first, lesion))
            and chart.records(place, lesion)
        ]
        if grades:
            found[place] = tuple(grades)
    return found


def overall(
    chart: Chart,
    line: TherapyLine,
    window: Sequence[int],
    place: int,
    grades: Sequence[NoduleGrade],
) -> bool:
    """Whether every nodule that the line recorded has TE4 there (Reading RD-RECICL-OVERALL).

    A nodule that is not graded, elsewhere or without enhancement, has no TE4.
    """
    baseline = chart.baseline(line)
    if baseline is None:
        return False
    at = records_of(chart, line, baseline).baseline
    since = [each for each in window if each <= place]
    known = {
        chart.traits[lesion].lesion.id
        for lesion in chart.whole
        if chart.traits[lesion].lesion.kind in TO_BE_DONE
        for first in [at[lesion]]
        if any(_is_there(chart.record(each, lesion)) for each in ([] if first is None else [first]))
        or any(_is_there(chart.record(each, lesion)) for each in since)
    }
    done = {grade.lesion for grade in grades if grade.category in TE4}
    return bool(known) and known <= done


def _nodules(chart: Chart) -> list[int]:
    """The nodules of the liver that enhance, which alone RECICL grades."""
    return [
        i
        for i in chart.whole
        if chart.traits[i].is_liver_nodule and chart.traits[i].measure is Measure.VIABLE
    ]


def _is_there(record: Record | None) -> bool:
    gone = (Status.ABSENT, Status.NOT_EVALUABLE)
    return record is not None and record.finding.status not in gone


def _grade(chart: Chart, lesion: int, first: int, place: int) -> NoduleGrade:
    before, record = chart.record(first, lesion), chart.record(place, lesion)
    single = record is not None and record.finding.into is None and not chart.parts(place, lesion)
    b, w, v = (
        None if each is None else area_of(each, measure)[0]
        for each, measure in (
            (before, Measure.LONGEST),
            (record, Measure.LONGEST),
            (record, Measure.VIABLE),
        )
    )
    whole = b is not None and w is not None and b > 0
    rose = RISES[rise(w or 0, b or 0, ENLARGED_BY, 0, 1)]
    rule = RECICL_TABLE.decide(
        single,
        record is not None and record.arterial,
        whole,
        v is not None,
        whole and rose is Rise.YES,
        v == 0,
        fell_by(v or 0, w or 0, HALF),
        fell_by(w or 0, b or 0, HALF),
        Answer.UNKNOWN if record is None else MARGINS[record.finding.margin],
    )
    bits = 0
    if rule.verdict is TherapeuticEffect.NE and single:
        bits |= _lacking(before, Measure.LONGEST) | _lacking(record, Measure.LONGEST)
        bits |= _lacking(record, Measure.VIABLE)
    for each in filter(None, (before, record)):
        bits |= each.problem_bits
    return NoduleGrade(
        lesion=chart.traits[lesion].lesion.id,
        rule=rule,
        before_um2=b,
        now_um2=w,
        viable_um2=v,
        problem_bits=int(bits),
    )


def _lacking(record: Record | None, measure: Measure) -> int:
    """What a record lacks for an area: the diameter, or the one across it."""
    if record is None or area_of(record, measure)[0] is not None:
        return 0
    if record.finding.status is Status.NOT_EVALUABLE:
        return 0
    recorded = RECORDED_UM[measure](record.finding) is not None
    return int(Problem.NO_PERP if recorded else Problem.NO_SIZE)
