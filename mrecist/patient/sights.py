"""What visits say of lesions: parts together, merged ones, silence, treatment on study.

A `Sight` is what one visit says of one lesion. Most lesions are read alike for every line; targets
and non-targets that are merged, passed over in silence or treated are read line by line.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

import attrs

from .._base.errors import Problem
from .._base.exact import below
from .._base.text import when
from .._base.words import Last, Measure, Size, Status, YesNo
from ..model import Finding, Procedure
from ..rulebook.decision_table import Rule
from ..rulebook.parts import MERGED, PARTS, TREATED, UNMENTIONED, status_of_parts
from ..rulebook.sizes import KNOWN, SAYS_A_SIZE, SIZE
from .areas import area_of
from .chart import RECORDED_UM, Chart, Record

__all__ = ["UNRECORDED", "OnStudy", "Plan", "Sight", "Sights", "lacks_own_size", "own_sight"]


_NO_NUMBERS: Mapping[str, Any] = {}


@attrs.frozen(kw_only=True, eq=False, repr=False, slots=False)  # so many are made faster
class Sight:
    """What a visit says of one lesion, in the size that counts for it.

    `record` is the lesion's own; a lesion in parts may be recorded without one. `measures` are
    those of its parts, none where it is absent or merged. `said` is its status as a non-target
    reads it: a part that is measured without its size says nothing. `silent`: no part of it is
    recorded. `numbers` fill the rule's sentence.

    `um2` is the area, where criteria sum areas, and `area_rule` what says it; `None`: not known.
    There, it `enhances` where some part shows viable tissue of its own.
    """

    rule: Rule[Any]
    size: Size
    status: Status
    said: Status
    record: Record | None = None
    recorded: bool = True
    silent: bool = False
    um: int = 0
    gone: bool = False
    measures: frozenset[Measure] = frozenset()
    by_area: bool = False
    enhances: bool = False
    um2: int | None = 0
    area_rule: Rule[Size] | None = None
    numbers: Mapping[str, Any] = _NO_NUMBERS

    @property
    def finding(self) -> Finding | None:
        """The lesion's own finding."""
        return None if self.record is None else self.record.finding

    @property
    def known(self) -> bool:
        """Whether its size is known."""
        return self.size in KNOWN

    @property
    def summed(self) -> bool:
        """Whether it has the size that a total is made of: the area, where criteria sum areas."""
        return self.size in KNOWN and not (self.by_area and self.um2 is None)

    @property
    def summand(self) -> int:
        """What it adds to a total."""
        return (self.um2 or 0) if self.by_area else self.um

    @property
    def area_mm2(self) -> float | None:
        """Its area in mm2, where the criteria sum areas and it is known."""
        return (
            self.um2 / 1_000_000 if self.by_area and self.known and self.um2 is not None else None
        )

    @property
    def lacks_perpendicular(self) -> bool:
        """Whether its diameter is known, and the area that the criteria sum is not."""
        return self.by_area and self.um2 is None and self.known

    @property
    def lacks_size(self) -> bool:
        """Whether it was recorded as there, but without the size that counts."""
        return self.size is Size.UNKNOWN

    @property
    def problem_bits(self) -> int:
        """What a target lacks for a total: its size, or the diameter across it."""
        if self.lacks_size:
            return Problem.NO_SIZE
        return Problem.NO_PERP if self.lacks_perpendicular else 0


_SILENT = UNMENTIONED.decide(False, False, Last.NEVER)
UNRECORDED = Sight(
    rule=_SILENT,
    size=Size.NOT_EVALUABLE,
    status=Status.NOT_EVALUABLE,
    said=Status.NOT_EVALUABLE,
    recorded=False,
)
_NOTHING_OF_ITSELF = attrs.evolve(UNRECORDED, size=Size.ZERO, gone=True, status=Status.ABSENT)
"""The part that a lesion itself is where only fragments of it are recorded."""


_ONE = {measure: frozenset({measure}) for measure in Measure}
_NO_MEASURE: frozenset[Measure] = frozenset()


def own_sight(
    chart: Chart, place: int, lesion: int, record: Record, kept: Measure | None = None
) -> Sight:
    """What a record says of its lesion by itself, in the measure that is `kept`, or its own."""
    trait, status = chart.traits[lesion], record.status
    measure = kept or trait.measure_of(record.finding)
    recorded = RECORDED_UM[measure](record.finding)
    rule = SIZE.decide(status, measure, record.arterial, recorded is not None)
    size, um, measures = rule.verdict, 0, _ONE[measure]
    if size is Size.RECORDED and recorded is not None:
        um = recorded
    elif size is Size.SMALL:
        um = min([chart.criteria.too_small_um, *_last_size(chart, place, lesion, measure, kept)])
    elif size is Size.ZERO:
        measures = _NO_MEASURE
    gone = size in KNOWN and below(um, trait.smallest_left_um)
    sight = Sight(
        rule=rule,
        size=size,
        status=status,
        said=status,
        record=record,
        um=um,
        gone=gone,
        measures=measures,
    )
    by = chart.criteria.area
    if by is None or not trait.enters_total:
        return sight
    um2, area_rule = area_of(record, by)
    nothing = gone or (size in KNOWN and um2 == 0)
    there = size in KNOWN and not nothing
    area: dict[str, Any] = {"by_area": True, "um2": um2, "area_rule": area_rule}
    return attrs.evolve(sight, enhances=there, gone=nothing, **area)


def lacks_own_size(chart: Chart, lesion: int, record: Record) -> bool:
    """Whether a record lacks the size that counts for its lesion: `own_sight(...).lacks_size`."""
    measure = chart.traits[lesion].measure_of(record.finding)
    recorded = RECORDED_UM[measure](record.finding) is not None
    return SIZE.decide(record.status, measure, record.arterial, recorded).verdict is Size.UNKNOWN


def _last_size(
    chart: Chart, place: int, lesion: int, measure: Measure, kept: Measure | None
) -> list[int]:
    """The last size above zero that an earlier visit gave a lesion by the same measure."""
    for earlier in range(place - 1, -1, -1):
        record = chart.record(earlier, lesion)
        if record is None or record.finding.status not in SAYS_A_SIZE:
            continue
        if kept is None and chart.traits[lesion].measure_of(record.finding) is not measure:
            continue
        um = record.size_um(measure)
        if um:
            return [um]
    return []


@attrs.frozen(kw_only=True, eq=False, repr=False)
class OnStudy:
    """A procedure after the baseline of a line, and whether it is the line's own treatment."""

    procedure: Procedure
    day: int
    under_test: bool


def _none(place: int) -> Collection[int]:
    return ()


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Plan:
    """What reading depends on a line: its targets, its non-targets, what was treated on study.

    `nontargets(place)` are those of a visit. `records[i]` is the visit that says what lesion `i`
    is at baseline, and `kept` the measures that targets keep from there.
    """

    targets: frozenset[int] = frozenset()
    nontargets: Callable[[int], Collection[int]] = _none
    window: Sequence[int] = ()
    baseline_day: int | None = None
    records: Mapping[int, int | None] = attrs.field(factory=dict)
    kept: Mapping[int, Measure] = attrs.field(factory=dict)
    on_study: Mapping[int, tuple[OnStudy, ...]] = attrs.field(factory=dict)


class Sights:
    """What visits say of lesions, as one plan reads them. `sights(place, lesion)` is a `Sight`."""

    def __init__(self, chart: Chart, plan: Plan | None = None) -> None:
        self.chart = chart
        self.plan = plan or Plan()
        self._made: dict[tuple[int, int], Sight] = {}
        self._plain = plan is None and not chart.reads_by_role

    def __call__(self, place: int, lesion: int) -> Sight:
        """What a visit says of a lesion, to a line that has these targets and non-targets."""
        key = (place, lesion)
        sight = self._made.get(key)
        if sight is None:
            sight = self._by_itself(place, lesion) if self._plain else self._of_line(*key, ())
            self._made[key] = sight
        return sight

    def _by_itself(self, place: int, lesion: int) -> Sight:
        """A lesion of a chart in which none splits, merges or is passed over in silence."""
        record = self.chart.visits[place].records.get(lesion)
        return UNRECORDED if record is None else own_sight(self.chart, place, lesion, record)

    # ---- a lesion as a target, as a non-target, or as any other

    def _of_line(self, place: int, lesion: int, seen: tuple[int, ...]) -> Sight:
        target = lesion in self.plan.targets
        nontarget = lesion in self.plan.nontargets(place)
        sight = self._read(place, lesion, nontarget=nontarget, seen=seen)
        if not target and not nontarget:
            return sight or UNRECORDED
        treated = self._treated_itself(place, lesion, sight, target=target)
        if treated is not None:
            return treated
        return sight or attrs.evolve(self._unmentioned(place, lesion, nontarget, seen), silent=True)

    def _read(
        self, place: int, lesion: int, *, nontarget: bool, seen: tuple[int, ...]
    ) -> Sight | None:
        """A lesion with its fragments; nothing where no part of it is recorded."""
        parts = self.chart.parts(place, lesion)
        own = self._part(place, lesion, nontarget=nontarget, seen=seen)
        if not parts:
            return own
        if not self.chart.says_something(place, lesion):
            return None
        seen = (*seen, lesion)
        found = [self._part(place, k, nontarget=nontarget, seen=seen) for k in parts]
        each = [own or _NOTHING_OF_ITSELF]
        for k, sight in zip(parts, found, strict=True):
            each.append(sight or self._silent_part(place, k, nontarget, seen))
        return self._together(place, lesion, [lesion, *parts], each)

    def _part(
        self, place: int, part: int, *, nontarget: bool, seen: tuple[int, ...]
    ) -> Sight | None:
        """One part of a lesion by itself; nothing where the visit neither records nor holds it."""
        into = self.chart.merged_into(place, part)
        if into is not None:
            return self._merged(place, into, nontarget, (*seen, part))
        record = self.chart.record(place, part)
        if record is None:
            return None
        kept = self.plan.kept.get(self.chart.root[part])
        return own_sight(self.chart, place, part, record, kept)

    def _together(
        self, place: int, lesion: int, parts: Sequence[int], each: Sequence[Sight]
    ) -> Sight:
        """Several parts as one lesion (R11-TS-03)."""
        unseen = [part for part, sight in zip(parts, each, strict=True) if _is_unseen(sight)]
        unsized = [part for part, sight in zip(parts, each, strict=True) if sight.lacks_size]
        rule = PARTS.decide(bool(unseen), bool(unsized))
        sized = all(sight.known for sight in each)
        status = status_of_parts({sight.status for sight in each}, sized)
        silent = any(sight.lacks_size and sight.said is Status.MEASURED for sight in each)
        return Sight(
            rule=rule,
            size=rule.verdict,
            status=Status.NOT_EVALUABLE if self.chart.not_seen(place, lesion) else status,
            said=Status.MEASURED if silent else status,
            record=self.chart.record(place, lesion),
            um=sum(sight.um for sight in each),
            by_area=any(sight.by_area for sight in each),
            enhances=any(sight.enhances for sight in each),
            um2=_together([sight.um2 for sight in each]),
            gone=sized and all(sight.gone for sight in each),
            measures=frozenset().union(*(sight.measures for sight in each)),
            numbers={"unseen_parts": self._named(unseen), "unsized_parts": self._named(unsized)},
        )

    def _named(self, lesions: Iterable[int]) -> str:
        return ", ".join(self.chart.patient.lesions[i].id for i in lesions)

    # ---- merging

    def _merged(self, place: int, into: int, nontarget: bool, seen: tuple[int, ...]) -> Sight:
        """The lesion that comes last in `seen`, whose tissue another one holds (MG-INTO)."""
        chart, plan = self.chart, self.plan
        lesion, root = chart.root[seen[-1]], chart.root[into]
        target, in_sum = lesion in plan.targets, root in plan.targets
        other = _NOTHING_OF_ITSELF
        if into not in seen:
            as_nontarget = nontarget and not in_sum
            read = self._read(place, into, nontarget=as_nontarget, seen=seen)
            other = read or UNRECORDED
            if root != lesion and (target or nontarget):
                whole = other
                if root != into:
                    whole = self._read(place, root, nontarget=as_nontarget, seen=seen) or other
                other = self._treated_itself(place, root, whole, target=in_sum) or other
        rule = MERGED.decide(target, in_sum, other.size, other.gone)
        return self._other_sight(rule, place, seen[-1], other=chart.patient.lesions[into].id)

    def _other_sight(self, rule: Rule[Size], place: int, part: int, **numbers: Any) -> Sight:
        """A sight whose size another lesion or an earlier visit gives."""
        size = rule.verdict
        unknown = size is Size.NOT_EVALUABLE
        record = self.chart.record(place, part)
        return Sight(
            rule=rule,
            size=size,
            status=Status.NOT_EVALUABLE if unknown else Status.PRESENT,
            said=Status.NOT_EVALUABLE if unknown else Status.PRESENT,
            record=record,
            recorded=record is not None,
            gone=size is Size.ZERO,
            numbers=numbers,
        )

    # ---- silence

    def _unmentioned(
        self, place: int, lesion: int, nontarget: bool, seen: tuple[int, ...]
    ) -> Sight:
        """A target or non-target that a visit does not record (RD-SILENCE, RD-UNMENTIONED)."""
        unchanged = self.chart.visits[place].unchanged
        if not unchanged:
            return UNRECORDED
        last, into = self._last(place, lesion) if nontarget else (Last.NEVER, None)
        rule = UNMENTIONED.decide(unchanged, nontarget, last)
        if into is not None:
            return self._as_other(place, into, (*seen, lesion))
        return self._other_sight(rule, place, lesion)

    def _last(self, place: int, lesion: int) -> tuple[Last, int | None]:
        """What the latest record of the line said of a non-target, and what it merged into."""
        places = [earlier for earlier in reversed(self.plan.window) if earlier < place]
        at_baseline = self.plan.records.get(lesion)
        for earlier in places if at_baseline is None else [*places, at_baseline]:
            if self.chart.not_seen(earlier, lesion):
                continue
            into = self.chart.merged(earlier, lesion)
            if into is not None:
                return Last.MERGED, into
            return (Last.GONE if self(earlier, lesion).gone else Last.THERE), None
        return Last.NEVER, None

    def _as_other(self, place: int, into: int, seen: tuple[int, ...]) -> Sight:
        """The lesion that comes last in `seen`, merged earlier and passed over, as the other is."""
        chart, root = self.chart, self.chart.root[into]
        if into in seen:
            return UNRECORDED
        if chart.merged_into(place, into) is not None:
            return self._merged(place, into, True, seen)
        if root in self.plan.targets or root not in self.plan.nontargets(place):
            return UNRECORDED
        if root != into and chart.says_something(place, root):
            other = self._silent_part(place, into, True, seen)
        else:
            other = self._of_line(place, root, seen)
        rule = MERGED.decide(False, False, other.size, other.gone)
        return self._other_sight(rule, place, seen[-1], other=chart.patient.lesions[into].id)

    def _silent_part(self, place: int, part: int, nontarget: bool, seen: tuple[int, ...]) -> Sight:
        """A fragment that a visit does not record, though earlier ones did."""
        if not nontarget or not self.chart.visits[place].unchanged:
            return UNRECORDED
        before = ((p, self.chart.record(p, part)) for p in range(place - 1, -1, -1))
        earlier, record = next((p, found) for p, found in before if found is not None)
        if record.finding.into is not None:
            into = self.chart.index[record.finding.into]
            return self._as_other(place, into, (*seen, part))
        sight = own_sight(self.chart, earlier, part, record)
        if sight.status is Status.PROGRESSED:
            return attrs.evolve(sight, status=Status.PRESENT, said=Status.PRESENT)
        return sight

    # ---- treatment on study

    def treated(self, place: int, lesion: int, seen: tuple[int, ...] = ()) -> bool:
        """Whether a lesion, or one that it merged into, was treated on study before a visit."""
        root = self.chart.root[lesion]
        if root in seen or not self.plan.on_study:
            return False
        if any(
            TREATED.decide(each.under_test, True, False).verdict is YesNo.YES
            for each in self._procedures(place, root)
        ):
            return True
        merged = (self.chart.merged_into(place, k) for k in (root, *self.chart.parts(place, root)))
        return any(into is not None and self.treated(place, into, (*seen, root)) for into in merged)

    def _procedures(self, place: int, lesion: int) -> list[OnStudy]:
        """The procedures on study after which a visit looks at a lesion."""
        visit, plan = self.chart.visits[place], self.plan
        if plan.baseline_day is None or visit.day <= plan.baseline_day:
            return []
        days = [record.day for record in self.chart.records(place, lesion)] or [visit.day]
        return [each for each in plan.on_study.get(lesion, ()) if max(days) > each.day]

    def _treated_itself(
        self, place: int, lesion: int, sight: Sight | None, *, target: bool
    ) -> Sight | None:
        """A lesion that can no longer show response (R11-TS-05); nothing where it can."""
        before = sight or UNRECORDED
        progressed = before.status is Status.PROGRESSED
        for each in self._procedures(place, lesion):
            rule = TREATED.decide(each.under_test, target, progressed)
            if rule.verdict is YesNo.YES:
                told = {
                    "procedure": each.procedure.kind,
                    "procedure_date": when(each.procedure.date),
                }
                size = Size.NOT_EVALUABLE
                return attrs.evolve(before, rule=rule, size=size, gone=False, numbers=told)
        return None


def _together(areas: Sequence[int | None]) -> int | None:
    """The area of several parts; not known where that of one is not."""
    known = [each for each in areas if each is not None]
    return sum(known) if len(known) == len(areas) else None


def _is_unseen(sight: Sight) -> bool:
    return not sight.known and not sight.lacks_size
