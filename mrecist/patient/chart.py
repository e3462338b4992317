"""A chart as the criteria see it: every finding read once, for all lines of the patient.

A `Trait` is what the criteria make of a lesion; a `Sight` is what one finding says of it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from operator import attrgetter

import attrs

from .._base.converters import Date, day_number
from .._base.exact import below, extent
from .._base.words import (
    Compartment,
    Extent,
    Group,
    Measure,
    NewRule,
    Proof,
    Size,
    Status,
)
from ..model import Finding, Lesion, Patient, TherapyLine, Timepoint
from ..rulebook.criteria import Criteria
from ..rulebook.decision_table import Rule
from ..rulebook.lesions import PROPERTIES, SORT
from ..rulebook.organs import LIVER, organ
from ..rulebook.patterns import COMPARTMENT
from ..rulebook.sizes import KNOWN, SIZE

__all__ = ["Chart", "Sight", "Trait"]

_NODES = "NODES"  # all nodes are one organ; in capitals no organ text is read so
_RECORDED: dict[Measure, Callable[[Finding], int | None]] = {
    Measure.VIABLE: attrgetter("viable_um"),
    Measure.LONGEST: attrgetter("longest_um"),
    Measure.SHORT: attrgetter("short_axis_um"),
}
EXTENTS = tuple(Extent)


@attrs.frozen(eq=False, repr=False)
class Trait:
    """What the criteria make of a lesion, whatever a time point says."""

    lesion: Lesion
    organ: str
    group: Group
    measure: Measure
    smallest_diseased_um: int
    smallest_target_um: int
    strict_hilum: bool
    smallest_left_um: int
    needs_cytology: bool
    barred: bool
    new_rule: NewRule
    compartment: Compartment
    recorded_um: Callable[[Finding], int | None]

    @classmethod
    def of(cls, lesion: Lesion, criteria: Criteria) -> Trait:
        """Read a lesion under the criteria."""
        where = organ(lesion.organ)
        liver = where == LIVER
        sort = SORT.decide(
            lesion.kind, liver, lesion.hilar, lesion.enhancement, criteria.effusions_need_cytology
        ).verdict
        made = PROPERTIES[sort]
        measure = made.measured_by(criteria)
        return cls(
            lesion=lesion,
            organ=_NODES if made.is_one_organ else where,
            group=made.group,
            measure=measure,
            smallest_diseased_um=made.smallest_diseased_um(criteria),
            smallest_target_um=made.smallest_target_um(criteria),
            strict_hilum=made.is_hilar and criteria.hilar_nodes_differ,
            smallest_left_um=made.smallest_left_um(criteria),
            needs_cytology=made.needs_cytology,
            barred=lesion.treated and not criteria.treated_targets,
            new_rule=made.new_by(criteria),
            compartment=COMPARTMENT.decide(lesion.kind, liver).verdict,
            recorded_um=_RECORDED[measure],
        )


@attrs.define(eq=False, repr=False)
class Sight:
    """What a time point says of one lesion, in the size that counts for it."""

    finding: Finding | None
    status: Status
    rule: Rule[Size]
    known: bool
    um: int
    gone: bool

    @property
    def recorded(self) -> bool:
        """Whether the time point records the lesion at all."""
        return self.finding is not None

    @property
    def lacks_size(self) -> bool:
        """Whether it was recorded as there, but without the size that counts."""
        return self.rule.verdict is Size.UNKNOWN


_SILENT = SIZE.decide(False, Status.NOT_EVALUABLE, Measure.LONGEST, False, False)
_UNRECORDED = Sight(None, Status.NOT_EVALUABLE, _SILENT, False, 0, False)


def viable_exceeds_whole(finding: Finding) -> bool:
    """Whether the viable diameter is larger than the whole, which is odd but recorded."""
    viable, whole = finding.viable_um, finding.longest_um
    return viable is not None and whole is not None and viable > whole


class Chart:
    """One patient under one set of criteria: time points and lines in order, findings read.

    Lesions, time points and lines are spoken of by their places: `sights[t][i]` is what time point
    `t` says of lesion `i`. `odd_sizes[t]` tells whether some viable diameter exceeds the whole.
    """

    def __init__(self, patient: Patient, criteria: Criteria) -> None:
        self.patient = patient
        self.criteria = criteria
        self.timepoints = sorted(patient.timepoints, key=lambda t: day_number(t.date))
        self.days = [day_number(t.date) for t in self.timepoints]
        self.lines = sorted(patient.lines, key=lambda line: day_number(line.start))
        self.traits = [Trait.of(lesion, criteria) for lesion in patient.lesions]
        self.index = {lesion.id: i for i, lesion in enumerate(patient.lesions)}
        self.sights = [self._read(timepoint) for timepoint in self.timepoints]
        self.odd_sizes = [
            any(viable_exceeds_whole(finding) for finding in timepoint.findings)
            for timepoint in self.timepoints
        ]
        self._proven_from = self._first_proofs()

    def baseline(self, line: TherapyLine) -> int | None:
        """The time point that a line starts from: the one it names, else the last by its start."""
        if line.baseline is not None:
            return self.days.index(day_number(line.baseline))
        before = bisect_right(self.days, day_number(line.start))
        return before - 1 if before else None

    def window(self, number: int) -> range:
        """The follow-ups of a line: after its baseline, up to the start of the next line."""
        baseline = self.baseline(self.lines[number])
        first = 0 if baseline is None else baseline + 1
        if number + 1 == len(self.lines):
            return range(first, len(self.days))
        return range(first, bisect_right(self.days, day_number(self.lines[number + 1].start)))

    def date(self, timepoint: int) -> Date:
        """The date of a time point, as the case gives it."""
        return self.timepoints[timepoint].date

    def proven(self, lesion: int, place: int) -> bool:
        """Whether cytology has proved an effusion by this time point, in any line."""
        return self._proven_from.get(lesion, place + 1) <= place

    def extent(self, lesion: int, place: int) -> Extent:
        """A lesion's size at a time point against the smallest that is disease, as an `Extent`."""
        sight = self.sights[place][lesion]
        return EXTENTS[extent(sight.um, sight.known, self.traits[lesion].smallest_diseased_um)]

    def _first_proofs(self) -> dict[int, int]:
        proven: dict[int, int] = {}
        for place, timepoint in enumerate(self.timepoints):
            for finding in timepoint.findings:
                if finding.cytology is Proof.POSITIVE:
                    proven.setdefault(self.index[finding.lesion], place)
        return proven

    def _read(self, timepoint: Timepoint) -> list[Sight]:
        sights = [_UNRECORDED] * len(self.traits)
        for finding in timepoint.findings:
            i = self.index[finding.lesion]
            sights[i] = self._sight(self.traits[i], finding, timepoint.arterial_phase)
        return sights

    def _sight(self, trait: Trait, finding: Finding, arterial_phase: bool) -> Sight:
        recorded, status = trait.recorded_um(finding), finding.status
        rule = SIZE.decide(True, status, trait.measure, arterial_phase, recorded is not None)
        size, um = rule.verdict, 0
        if size is Size.RECORDED and recorded is not None:
            um = recorded
        elif size is Size.SMALL:
            um = self.criteria.too_small_um
        known = size in KNOWN
        return Sight(finding, status, rule, known, um, known and below(um, trait.smallest_left_um))
