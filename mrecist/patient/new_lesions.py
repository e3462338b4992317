"""New lesions: which candidates a line detects, and which of them a time point proves.

A candidate that is proved counts from the scan that first showed it, whenever it was proved.
"""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from .._base.exact import at_least
from .._base.words import Pattern, Proof, Status, Verdict, YesNo
from ..model import Finding
from ..rulebook.criteria import Criteria
from ..rulebook.decision_table import Rule
from ..rulebook.new_lesions import DETECTED, PROVED_BY, nodule_size
from .baseline import Roles
from .chart import Chart

__all__ = ["NewLesionRecord", "adjudication", "detection", "new_lesions", "whole_size"]


@attrs.frozen(eq=False, repr=False)
class NewLesionRecord:
    """A candidate that was detected in a line: where, and where it was proved to be new, if ever.

    `detected` and `proved` are places in the chart's time points. A new lesion counts from its
    first detection on, whenever it was proved.
    """

    lesion: int
    detected: tuple[int, ...]
    proved: int | None

    @property
    def first(self) -> int:
        """The place of the first detection."""
        return self.detected[0]

    def counts_at(self, place: int) -> bool:
        """Whether it is a new lesion that counts at a time point."""
        return self.proved is not None and self.first <= place

    def speaks_at(self, place: int) -> bool:
        """Whether it has a say at a time point: it counts there, or is detected there."""
        return self.counts_at(place) or place in self.detected


def new_lesions(
    chart: Chart, baseline: int, window: range, roles: Roles
) -> Iterator[NewLesionRecord]:
    """Every candidate that is detected in the line, and where it was proved to be new."""
    for lesion in roles.candidates:
        detected = tuple(
            place
            for place in window
            if chart.sights[place][lesion].recorded
            and detection(chart, baseline, place, lesion).verdict is YesNo.YES
        )
        if detected:
            found = NewLesionRecord(lesion, detected, None)
            after = (place for place in window if place >= found.first)
            proofs = (p for p in after if adjudication(chart, found, p).verdict is Verdict.NEW)
            yield attrs.evolve(found, proved=next(proofs, None))


def detection(chart: Chart, baseline: int, place: int, lesion: int) -> Rule[YesNo]:
    """Whether a candidate is detected at a follow-up, and by which rule."""
    sight, trait = chart.sights[place][lesion], chart.traits[lesion]
    before = chart.sights[baseline][lesion]
    was_there = before.recorded and before.status is not Status.ABSENT
    old_effusion = trait.needs_cytology and was_there
    extent, strict_hilum = chart.extent(lesion, place), trait.strict_hilum
    return DETECTED.decide(
        sight.recorded, sight.status, trait.group, extent, strict_hilum, old_effusion
    )


def adjudication(chart: Chart, new: NewLesionRecord, place: int) -> Rule[Verdict]:
    """What a time point says of a detected candidate, whatever its status there."""
    criteria, trait = chart.criteria, chart.traits[new.lesion]
    finding = chart.sights[place][new.lesion].finding
    detected = place in new.detected
    equivocal = typical = large = grown = proven = False
    first = chart.sights[new.first][new.lesion].finding
    if finding is not None and first is not None:
        size, first_size = whole_size(criteria, finding), whole_size(criteria, first)
        equivocal = finding.equivocal
        typical = finding.pattern is Pattern.TYPICAL
        large = size is not None and at_least(size, criteria.new_nodule_um)
        if size is not None and first_size is not None:
            grown = at_least(size - first_size, criteria.new_nodule_growth_um)
        proven = getattr(finding, PROVED_BY[trait.new_rule]) is Proof.POSITIVE
    return criteria.rules.new_lesion.decide(
        trait.new_rule, detected, equivocal, typical, large, grown, proven
    )


def whole_size(criteria: Criteria, finding: Finding) -> int | None:
    """The size of a new liver nodule: the longest diameter, else the viable one."""
    longest, viable = finding.longest_um, finding.viable_um
    size: int = nodule_size(
        -1 if longest is None else longest,
        -1 if viable is None else viable,
        finding.status is Status.TOO_SMALL,
        criteria.too_small_um,
        where=_chosen,
    )
    return None if size < 0 else size


def _chosen(condition: bool, yes: int, no: int) -> int:
    return yes if condition else no
