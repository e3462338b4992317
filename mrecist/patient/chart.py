"""A chart as the criteria see it, for all lines of the patient: visits, lesions, records.

A `Trait` is what the criteria make of a lesion; a `Record` is a finding with its examination.
Lesions, visits and lines are spoken of by their places.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter, itemgetter

import attrs

from .._base.converters import Date, day_number
from .._base.words import (
    Compartment,
    Group,
    Kind,
    Measure,
    Modality,
    NewRule,
    Proof,
    Response,
    Status,
    Unmentioned,
)
from ..model import Finding, Lesion, Patient, ReportedBy, TherapyLine, Timepoint
from ..rulebook.criteria import Criteria
from ..rulebook.lesions import PROPERTIES, SORT
from ..rulebook.organs import LIVER, organ
from ..rulebook.patterns import COMPARTMENT
from ..rulebook.sizes import SHOWN

__all__ = ["ACROSS_UM", "RECORDED_UM", "Chart", "Record", "Trait", "Visit"]

_NODES = "NODES"  # all nodes are one organ; in capitals no organ text is read so

RECORDED_UM: dict[Measure, Callable[[Finding], int | None]] = {
    Measure.VIABLE: attrgetter("viable_um"),
    Measure.LONGEST: attrgetter("longest_um"),
    Measure.SHORT: attrgetter("short_axis_um"),
}
"""The size that a finding records, by measure."""

ACROSS_UM: dict[Measure, Callable[[Finding], int | None]] = {
    Measure.VIABLE: attrgetter("viable_perp_um"),
    Measure.LONGEST: attrgetter("longest_perp_um"),
}
"""The diameter that a finding records across that of a measure."""


@attrs.frozen(eq=False, repr=False)
class Trait:
    """What the criteria make of a lesion, whatever a time point says.

    `measure_where_viable` counts where a finding records a viable size. A fragment has the traits
    of its parent.
    """

    lesion: Lesion
    is_liver_nodule: bool
    organ: str
    group: Group
    measure: Measure
    measure_where_viable: Measure
    smallest_diseased_um: int
    smallest_target_um: int
    most_targets: int
    strict_hilum: bool
    smallest_left_um: int
    needs_cytology: bool
    barred: bool
    new_rule: NewRule
    enters_total: bool
    compartment: Compartment

    @classmethod
    def of(cls, lesion: Lesion, whole: Lesion, criteria: Criteria) -> Trait:
        """Read a lesion under the criteria, as a part of the `whole` one (itself, mostly)."""
        where = organ(whole.organ)
        liver = where == LIVER
        sort = SORT.decide(
            whole.kind, liver, whole.hilar, whole.enhancement, criteria.effusions_need_cytology
        ).verdict
        made = PROPERTIES[sort]
        among = _NODES if made.is_one_organ else where
        return cls(
            lesion=lesion,
            is_liver_nodule=liver and whole.kind is Kind.NODULE,
            organ=among,
            group=made.group,
            measure=made.measured_by(criteria),
            measure_where_viable=made.measured_by(criteria, viable_recorded=True),
            smallest_diseased_um=made.smallest_diseased_um(criteria),
            smallest_target_um=made.smallest_target_um(criteria),
            most_targets=criteria.most_targets(among),
            strict_hilum=made.is_hilar and criteria.hilar_nodes_differ,
            smallest_left_um=made.smallest_left_um(criteria),
            needs_cytology=made.needs_cytology,
            barred=whole.treated and not criteria.treated_targets,
            new_rule=made.new_by(criteria),
            enters_total=made.enters_total(criteria),
            compartment=COMPARTMENT.decide(whole.kind, liver).verdict,
        )

    @property
    def keeps_measure(self) -> bool:
        """Whether it is measured by what a finding records, unless it is a target."""
        return self.measure is not self.measure_where_viable

    def measure_of(self, finding: Finding) -> Measure:
        """The size that counts in a finding."""
        return self.measure if finding.viable_um is None else self.measure_where_viable


@attrs.frozen(eq=False, repr=False, slots=False)  # by far the most, and made faster so
class Record:
    """A finding with what its examination says: the arterial phase, the day, CT or MRI."""

    finding: Finding
    arterial: bool
    day: int
    modality: Modality | None = None

    def size_um(self, measure: Measure) -> int | None:
        """The size recorded in a measure; a viable one only where an arterial phase shows it."""
        if measure is Measure.VIABLE and not self.arterial:
            return None
        return RECORDED_UM[measure](self.finding)

    @property
    def status(self) -> Status:
        """What the finding says; one that says only what it merged into says nothing else."""
        said = self.finding.status
        return Status.PRESENT if said is None else said

    @property
    def exceeds_whole(self) -> bool:
        """Whether the viable diameter is larger than the whole, which is odd but recorded."""
        viable, whole = self.finding.viable_um, self.finding.longest_um
        return viable is not None and whole is not None and viable > whole

    @property
    def wider_than_long(self) -> bool:
        """Whether a perpendicular diameter is larger than the one that it stands across."""
        pairs = ((RECORDED_UM[each](self.finding), ACROSS_UM[each](self.finding))
                 for each in ACROSS_UM)  # fmt: skip
        return any(
            long is not None and across is not None and across > long for long, across in pairs
        )


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Visit:
    """The examinations of one visit, read as one time point, by the date of the earliest."""

    date: Date
    day: int
    days: frozenset[int]
    records: dict[int, Record]
    unchanged: bool
    reported: Response | None
    note: str | None

    @classmethod
    def of(cls, timepoints: Iterable[Timepoint], chart: Chart) -> Visit:
        """One visit of its examinations."""
        dated = [(day_number(timepoint.date), timepoint) for timepoint in timepoints]
        if len(dated) > 1:
            dated.sort(key=itemgetter(0))
        each = [timepoint for _, timepoint in dated]
        notes = [timepoint.note for timepoint in each if timepoint.note is not None]
        index = chart.index
        return cls(
            date=each[0].date,
            day=dated[0][0],
            days=frozenset([day for day, _ in dated]),
            records={
                index[finding.lesion]: Record(
                    finding, timepoint.arterial_phase, day, timepoint.modality
                )
                for day, timepoint in dated
                for finding in timepoint.findings
            },
            unchanged=any(each.unmentioned is Unmentioned.UNCHANGED for each in each),
            reported=_reported(each, chart.criteria),
            note="\n".join(notes) or None,
        )


def _reported(timepoints: list[Timepoint], criteria: Criteria) -> Response | None:
    """The word that a reader gave for the criteria (Reading RD-REPORTED-BY).

    A word with an i is that of iRECIST, and no other criteria's (Reading RD-IR-REPORTED).
    """
    given = [each.reported for each in timepoints if each.reported is not None]
    if not given:
        return None
    for name in criteria.reported_as:
        for reported in given:
            word = reported.get(name) if isinstance(reported, ReportedBy) else reported
            if isinstance(word, Response):
                return word
    return None


def _visits(patient: Patient) -> Iterator[list[Timepoint]]:
    """The examinations of each visit; one without a visit is one by itself."""
    named: dict[str, list[Timepoint]] = {}
    for timepoint in patient.timepoints:
        if timepoint.visit is None:
            yield [timepoint]
        else:
            named.setdefault(timepoint.visit, []).append(timepoint)
    yield from named.values()


class Chart:
    """One patient under one set of criteria: visits and lines in order, lesions read.

    `index` gives the place of a lesion by its id. `fragments[i]` are the lesions that are parts of
    lesion `i`, and `root[i]` the lesion that `i` is a part of, mostly itself. `reads_by_role`:
    some lesion splits, merges or is passed over in silence, which targets read in their own way.
    """

    def __init__(self, patient: Patient, criteria: Criteria) -> None:
        self.patient = patient
        self.criteria = criteria
        self.index = {lesion.id: i for i, lesion in enumerate(patient.lesions)}
        visits = [Visit.of(timepoints, self) for timepoints in _visits(patient)]
        self.visits = sorted(visits, key=attrgetter("day"))
        self.days = [visit.day for visit in self.visits]
        self.lines = sorted(patient.lines, key=lambda line: day_number(line.start))
        self.root = [
            i if lesion.part_of is None else self.index[lesion.part_of]
            for i, lesion in enumerate(patient.lesions)
        ]
        self.traits = [
            Trait.of(lesion, patient.lesions[root], criteria)
            for lesion, root in zip(patient.lesions, self.root, strict=True)
        ]
        parts: list[list[int]] = [[] for _ in self.root]
        for i, root in enumerate(self.root):
            if root != i:
                parts[root].append(i)
        self.fragments = list(map(tuple, parts))
        self._first_seen: dict[int, int] = {}
        self._proven_from: dict[int, int] = {}
        self.reads_by_role = self.root != list(range(len(self.root)))
        for place, visit in enumerate(self.visits):
            self.reads_by_role |= visit.unchanged
            for i, record in visit.records.items():
                self._first_seen.setdefault(i, place)
                finding = record.finding
                if finding.cytology is Proof.POSITIVE:
                    self._proven_from.setdefault(i, place)
                if finding.into is not None:
                    self.reads_by_role = True

    @property
    def whole(self) -> Iterator[int]:
        """The lesions that are no fragments."""
        return (i for i, root in enumerate(self.root) if root == i)

    # ---- lines and their time points

    def baseline(self, line: TherapyLine) -> int | None:
        """The visit that a line starts from, if there is one (Reading RD-BASELINE)."""
        if line.baseline is not None:
            named = day_number(line.baseline)
            return next(place for place, visit in enumerate(self.visits) if named in visit.days)
        before = range(bisect_right(self.days, day_number(line.start)))
        showing = (place for place in reversed(before) if self._shows_something(place))
        return next(showing, before[-1] if before else None)

    def _shows_something(self, place: int) -> bool:
        return any(each.status in SHOWN for each in self.visits[place].records.values())

    def window(self, number: int, baseline: int | None) -> range:
        """The follow-ups of a line: after its baseline, up to the start of the next line."""
        if baseline is None:
            first = bisect_right(self.days, day_number(self.lines[number].start))
        else:
            first = baseline + 1
        if number + 1 == len(self.lines):
            return range(first, len(self.days))
        return range(first, bisect_right(self.days, day_number(self.lines[number + 1].start)))

    def date(self, place: int) -> Date:
        """The date of a visit, as the case gives it."""
        return self.visits[place].date

    def proven(self, lesion: int, place: int) -> bool:
        """Whether cytology has proved an effusion by this visit, in any line."""
        return self._proven_from.get(lesion, place + 1) <= place

    # ---- what visits record of a lesion and its parts

    def record(self, place: int, lesion: int) -> Record | None:
        """What a visit records of a lesion itself."""
        return self.visits[place].records.get(lesion)

    def parts(self, place: int, lesion: int) -> tuple[int, ...]:
        """The fragments of a lesion that some visit up to this one records."""
        found = self.fragments[lesion]
        return found and tuple(k for k in found if self._first_seen.get(k, place + 1) <= place)

    def records(self, place: int, lesion: int) -> list[Record]:
        """What a visit records of a lesion and of its fragments."""
        every, parts = self.visits[place].records, self.fragments[lesion]
        if not parts:
            return [every[lesion]] if lesion in every else []
        return [every[i] for i in (lesion, *parts) if i in every]

    def not_seen(self, place: int, lesion: int) -> bool:
        """Whether a visit records a lesion only as not evaluable, or not at all."""
        for record in self.records(place, lesion):
            if record.finding.status is not Status.NOT_EVALUABLE:
                return False
        return True

    def merged(self, place: int, lesion: int) -> int | None:
        """The lesion that a visit records this one only as merged into."""
        if not self.reads_by_role:
            return None
        into = [record.finding.into for record in self.records(place, lesion)]
        return self.index[into[0]] if into and into[0] and all(into) else None

    def merged_into(self, place: int, lesion: int) -> int | None:
        """The lesion that this one has merged into by a visit (Reading RD-INTO-HOLDS)."""
        record = self.record(place, lesion)
        if record is not None:
            into = record.finding.into
            return None if into is None else self.index[into]
        for earlier in range(place - 1, -1, -1):
            record = self.record(earlier, lesion)
            if record is not None and record.finding.status is not Status.NOT_EVALUABLE:
                into = record.finding.into
                if into is not None and self.records(place, self.index[into]):
                    return self.index[into]
                return None
        return None

    def says_something(self, place: int, lesion: int) -> bool:
        """Whether a visit records some part of a lesion, or what nothing but the rest merged into.

        A fragment that merged at an earlier visit does not speak for a lesion that was last
        recorded beside it (Reading RD-SILENCE).
        """
        if self.records(place, lesion) or self.merged_into(place, lesion) is not None:
            return True
        held = any(self.merged_into(place, k) is not None for k in self.parts(place, lesion))
        return held and not self._stood_apart(place, lesion)

    def _stood_apart(self, place: int, lesion: int) -> bool:
        """Whether the latest record of a lesion and its parts before a visit is of it itself."""
        last = next(p for p in range(place - 1, -1, -1) if self.records(p, lesion))
        own = self.record(last, lesion)
        return own is not None and own.finding.into is None and own.status is not Status.ABSENT

    def shows(self, place: int, lesion: int) -> bool:
        """Whether some part of a lesion is seen there, of any size but zero."""
        return any(self._is_seen(lesion, record) for record in self.records(place, lesion))

    def _is_seen(self, lesion: int, record: Record) -> bool:
        finding = record.finding
        if finding.status not in SHOWN:
            return False
        recorded = RECORDED_UM[self.traits[lesion].measure_of(finding)](finding)
        return finding.status is Status.TOO_SMALL or recorded != 0

    def is_blind(self, place: int, lesion: int) -> bool:
        """Whether all that is recorded of a lesion is nothing, without an arterial phase to tell.

        In whole or in part: of a lesion in parts every part must be recorded as nothing.
        """
        each = self.records(place, lesion)
        if all(record.arterial for record in each):
            return False
        if not any(self.lacks_arterial(lesion, record) for record in each):
            return False
        every = self.visits[place].records
        if any(k not in every for k in self.parts(place, lesion)):
            return False
        return all(self._is_nothing(lesion, record) for record in each)

    def _is_nothing(self, lesion: int, record: Record) -> bool:
        finding = record.finding
        if finding.into is not None or finding.status is Status.NOT_EVALUABLE:
            return False
        return not self._is_seen(lesion, record)

    def lacks_arterial(self, lesion: int, record: Record) -> bool:
        """Whether a record measured by viable diameter is of an examination without one."""
        if record.arterial:
            return False
        return self.traits[lesion].measure_of(record.finding) is Measure.VIABLE
