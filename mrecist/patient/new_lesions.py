"""New lesions: which candidates a line detects, and which of them a time point proves.

A candidate that is proved counts from the scan that first showed it, whenever it was proved.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import attrs

from .._base.exact import at_least, below, extent, rise
from .._base.words import (
    Extent,
    Group,
    Measure,
    NewRule,
    Pattern,
    Proof,
    Rise,
    Status,
    Verdict,
    YesNo,
)
from ..rulebook.decision_table import Rule
from ..rulebook.new_lesions import ALONE, DETECTED, PROVED_BY, SEEN_IN_ARTERIAL
from .baseline import Roles
from .chart import Chart, Record
from .sights import Sight, Sights, own_sight

__all__ = ["Candidate", "NewLesionRecord", "adjudication", "candidate", "detection", "new_lesions"]

EXTENTS = tuple(Extent)
RISES = tuple(Rise)
BOTH = (Measure.LONGEST, Measure.VIABLE)


@attrs.frozen(eq=False, repr=False)
class Candidate:
    """A lesion that may become new in a line, and what was known of it before.

    `prior` is its record before the first follow-up, `prior_sight` what that says. `cavity`: only
    its viable diameter counts (Reading RD-CAVITY). `was_normal_um` is the short axis of a node that
    was known and below the limit, `None` for any other lesion.
    """

    lesion: int
    prior: Record | None
    prior_sight: Sight | None
    cavity: bool
    was_normal_um: int | None
    rule: NewRule


def candidate(chart: Chart, plain: Sights, roles: Roles, lesion: int) -> Candidate:
    """What was known of a candidate before the first follow-up."""
    place, trait = roles.records.prior[lesion], chart.traits[lesion]
    if place is None:
        return Candidate(lesion, None, None, trait.lesion.treated, None, trait.new_rule)
    record = chart.record(place, lesion)
    normal = None if record is None else _normal_um(chart, place, lesion, record)
    return Candidate(
        lesion=lesion,
        prior=record,
        prior_sight=plain(place, lesion),
        cavity=trait.lesion.treated or (record is not None and _had_no_enhancement(record)),
        was_normal_um=normal,
        rule=trait.new_rule if normal is None else NewRule.NODE,
    )


def _had_no_enhancement(record: Record) -> bool:
    absent = record.finding.status is Status.ABSENT
    return not absent and record.size_um(Measure.VIABLE) == 0


def _normal_um(chart: Chart, place: int, lesion: int, record: Record) -> int | None:
    """The short axis of a node that is known to be below the limit."""
    trait, finding = chart.traits[lesion], record.finding
    if trait.group is not Group.NODE or finding.into or finding.status is Status.ABSENT:
        return None
    sight = own_sight(chart, place, lesion, record)
    normal = sight.known and below(sight.um, trait.smallest_diseased_um)
    return sight.um if normal else None


@attrs.frozen(eq=False, repr=False)
class NewLesionRecord:
    """A candidate that was detected in a line: where, and where it was proved to be new, if ever.

    `detected`, `later` and `proved` are places of visits: where it is detected, all follow-ups from
    the first detection on, and the first that proves it. A new lesion counts from its first
    detection on, whenever it was proved. `by_growth`: nothing but growth proves it, in spite of a
    negative biopsy. `rules` are those of `adjudication` at each visit of `later`.
    """

    candidate: Candidate
    detected: tuple[int, ...]
    later: tuple[int, ...]
    proved: int | None = None
    by_growth: bool = False
    rules: Mapping[int, Rule[Verdict]] = attrs.field(factory=dict)

    @property
    def lesion(self) -> int:
        """The place of the lesion in the case."""
        return self.candidate.lesion

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
    chart: Chart, plain: Sights, window: Sequence[int], roles: Roles
) -> Iterator[NewLesionRecord]:
    """Every candidate that is detected in the line, and where it was proved to be new."""
    for lesion in roles.candidates:
        each = candidate(chart, plain, roles, lesion)
        places = [place for place in window if roles.is_candidate(lesion, place)]
        detected = tuple(
            place
            for place in places
            if chart.records(place, lesion)
            and detection(chart, plain, each, place).verdict is YesNo.YES
        )
        if not detected:
            continue
        later = tuple(place for place in places if place >= detected[0])
        found = NewLesionRecord(each, detected, later)
        rules = {place: adjudication(chart, found, place) for place in later}
        proofs = [place for place, rule in rules.items() if rule.verdict is Verdict.NEW]
        alone = bool(proofs) and {rules[place].id for place in proofs} <= ALONE
        by_growth = alone and any(_biopsy(chart, lesion, p) is Proof.NEGATIVE for p in later)
        yield NewLesionRecord(
            each, detected, later, next(iter(proofs), None), by_growth=by_growth, rules=rules
        )


def _biopsy(chart: Chart, lesion: int, place: int) -> Proof | None:
    record = chart.record(place, lesion)
    return None if record is None else record.finding.biopsy


def detection(chart: Chart, plain: Sights, candidate: Candidate, place: int) -> Rule[YesNo]:
    """Whether a candidate is detected at a follow-up, and by which rule."""
    lesion, trait = candidate.lesion, chart.traits[candidate.lesion]
    sight, before = plain(place, lesion), candidate.prior_sight
    old = trait.needs_cytology and before is not None and _was_there(before)
    grew = old and before is not None and _grew(chart, sight, before)
    size = EXTENTS[extent(sight.um, sight.known, trait.smallest_diseased_um)]
    return DETECTED.decide(
        chart.merged(place, lesion) is not None,
        sight.status,
        trait.group,
        size if chart.shows(place, lesion) else Extent.ZERO,
        trait.strict_hilum,
        old,
        grew,
    )


def _was_there(before: Sight) -> bool:
    """Whether an effusion was recorded before, as more than absent or of no size."""
    return before.status is not Status.ABSENT and (not before.known or before.um > 0)


def _grew(chart: Chart, sight: Sight, before: Sight) -> bool:
    """Whether an effusion is larger than before by enough (Reading RD-GREW)."""
    if not sight.known or not before.known:
        return False
    criteria = chart.criteria
    rose = rise(sight.um, before.um, criteria.growth_share, criteria.growth_um)
    return RISES[rose] is Rise.YES


def adjudication(chart: Chart, new: NewLesionRecord, place: int) -> Rule[Verdict]:
    """What a time point says of a detected candidate, whatever its status there."""
    criteria, trait = chart.criteria, chart.traits[new.lesion]
    record = chart.record(place, new.lesion)
    equivocal = large = grown = proven = False
    if record is not None:
        finding = record.finding
        equivocal = finding.equivocal
        proven = getattr(finding, PROVED_BY[trait.new_rule]) is Proof.POSITIVE
        size = size_of(chart, new, place)
        limit = criteria.new_nodule_um
        if new.candidate.was_normal_um is not None:
            limit = trait.smallest_target_um
        large = size is not None and at_least(size, limit)
        first = first_size(chart, new, place)
        if size is not None and first is not None:
            grown = at_least(first[0] - first[1], _growth_limit(chart, new))
    return criteria.rules.new_lesion.decide(
        new.candidate.rule,
        place in new.detected,
        equivocal,
        pattern_at(chart, new, place) in criteria.rules.proving,
        new.candidate.cavity,
        large,
        grown,
        proven,
        any(earlier < place for earlier in new.detected),
    )


def _growth_limit(chart: Chart, new: NewLesionRecord) -> int:
    criteria = chart.criteria
    was_normal = new.candidate.was_normal_um is not None
    return criteria.new_node_growth_um if was_normal else criteria.new_nodule_growth_um


def pattern_at(chart: Chart, new: NewLesionRecord, place: int) -> Pattern:
    """The latest pattern recorded since the first detection (Reading RD-PATTERN-HOLDS)."""
    latest = Pattern.UNKNOWN
    for each in new.later:
        record = chart.record(each, new.lesion)
        if each > place or record is None:
            continue
        pattern = record.finding.pattern
        if pattern is not Pattern.UNKNOWN and not needs_arterial(record):
            latest = pattern
    return latest


def needs_arterial(record: Record) -> bool:
    """Whether a record gives a pattern that nobody sees without an arterial phase."""
    return record.finding.pattern in SEEN_IN_ARTERIAL and not record.arterial


def size_of(chart: Chart, new: NewLesionRecord, place: int) -> int | None:
    """The size of a candidate at a time point: of a node its short axis, else a diameter."""
    record = chart.record(place, new.lesion)
    if record is None or record.finding.into is not None:
        return None
    if new.candidate.was_normal_um is not None:
        sight = own_sight(chart, place, new.lesion, record)
        return sight.um if sight.known else None
    if record.finding.status is Status.ABSENT:
        return 0
    longest = _measured(chart, new, record, Measure.LONGEST)
    viable = _measured(chart, new, record, Measure.VIABLE)
    return viable if longest is None else longest


def first_size(chart: Chart, new: NewLesionRecord, place: int) -> tuple[int, int, int] | None:
    """Now, at first, and where that was: like compared with like (Reading RD-GROWTH)."""
    record, before = chart.record(place, new.lesion), new.candidate.was_normal_um
    if record is None or record.finding.into is not None:
        return None
    if before is not None:
        now = size_of(chart, new, place)
        return None if now is None else (now, before, new.first)
    for measure in BOTH:
        now = _measured(chart, new, record, measure)
        for earlier in new.detected if now is not None else ():
            first = chart.record(earlier, new.lesion)
            if earlier >= place or first is None or first.finding.into is not None:
                continue
            then = _measured(chart, new, first, measure)
            if now is not None and then is not None:
                return now, then, earlier
    return None


def _measured(chart: Chart, new: NewLesionRecord, record: Record, measure: Measure) -> int | None:
    """A new nodule in one measure; of a cavity only the viable diameter counts."""
    if measure is Measure.LONGEST and new.candidate.cavity:
        return None
    if record.finding.status is Status.TOO_SMALL:
        return chart.criteria.too_small_um
    return record.size_um(measure)
