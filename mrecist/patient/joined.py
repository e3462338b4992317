"""One line followed by imRECIST: new lesions join the total, and later scans refute a progression.

Every word is looked up in `rulebook/immune_joined.py`. Targets, non-targets and new lesions are
those of the criteria beneath, as `over_time.py` found them, without any reported verdict.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import attrs

from .._base.converters import day_number
from .._base.errors import Problem
from .._base.exact import at_least, fell_by, rise
from .._base.reported import ReportedBy, Word
from .._base.words import Response, Rise, Standing, Target, Targets, YesNo
from ..model import Patient
from ..rulebook.best_response import ADEQUATE, is_progression
from ..rulebook.decision_table import Rule
from ..rulebook.immune_criteria import ImmuneCriteria
from ..rulebook.immune_joined import JOINED, JOINS, REFUTED_COUNTS_AS, UPHELD
from ..rulebook.overall import REPORTED
from . import best_response
from .assessment import LineAssessment, TimepointAssessment
from .best_response import Course
from .facts import LineFacts
from .immune import Scan, is_measurable, is_there, new_word, shows_disease, without_partial
from .new_lesions import NewLesionRecord
from .sights import Sight

__all__ = ["End", "JoinedCourse", "follow_joined", "joined_course", "spoken_plainly"]

RISES = tuple(Rise)


@attrs.frozen(eq=False, repr=False)
class End:
    """Whether a PD is the progression of its line, and the scan that confirms it, if one does."""

    scan: Scan
    rule: Rule[YesNo]
    confirmed: Scan | None


@attrs.frozen(eq=False, repr=False)
class JoinedCourse:
    """A line as its best responses see it: a refuted PD counts as another word.

    `counted` are the follow-ups with the words that they count as; `ends` tells of each PD, up to
    the first that no later scan refutes, what later scans say of it.
    """

    course: Course
    counted: tuple[TimepointAssessment, ...]
    ends: tuple[End, ...]
    confirmation_days: int

    @property
    def end(self) -> End | None:
        """The PD that is the progression of the line."""
        upheld = (end for end in self.ends if end.rule.verdict is YesNo.YES)
        return next(upheld, None)


def spoken_plainly(
    patient: Patient, criteria: ImmuneCriteria, days: Iterable[frozenset[int]]
) -> list[Response | None]:
    """The word of a reader at each visit, by the days of its examinations; none with an i."""
    said = {day_number(each.date): each.reported for each in patient.timepoints}
    return [_word([said.get(day) for day in sorted(visit)], criteria) for visit in days]


def _word(given: Sequence[Word | ReportedBy | None], criteria: ImmuneCriteria) -> Response | None:
    for name in criteria.reported_as:
        for said in given:
            word = said.get(name) if isinstance(said, ReportedBy) else said
            if isinstance(word, Response):
                return word
    return None


class _Past:
    """The smallest complete total so far, and which new lesions have joined."""

    def __init__(self, facts: LineFacts) -> None:
        self.facts = facts
        self.new = tuple(each for each in facts.news if each.proved is not None)
        self.joined: list[NewLesionRecord] = []
        self.nadir_um, self.nadir_place = facts.roles.baseline_um, facts.baseline

    def look(self, place: int) -> tuple[Sight, ...]:
        """What a visit says of all that the total has: new lesions join here from now on."""
        facts = self.facts
        for each in self.new:
            known = each not in self.joined and each.first <= place
            fits = known and is_measurable(facts, each.lesion, place)
            if known and JOINS.decide(fits).verdict is YesNo.YES:
                self.joined.append(each)
        targets = [facts.sights(place, i) for i in facts.roles.targets]
        return (*targets, *(facts.plain(place, each.lesion) for each in self.joined))

    def add(self, place: int, total: int) -> None:
        """Look back on one more complete total."""
        if self.nadir_um is not None and total < self.nadir_um:
            self.nadir_um, self.nadir_place = total, place


def follow_joined(
    line: LineAssessment, criteria: ImmuneCriteria, said: Mapping[int, Response | None]
) -> tuple[Scan, ...]:
    """The follow-ups of a line in date order; what looks back does so only inside the line."""
    past = _Past(line.facts)
    return tuple(_judged(past, each, said.get(each.place)) for each in line.timepoints)


def _judged(past: _Past, base: TimepointAssessment, said: Response | None) -> Scan:
    """One scan by imRECIST; with a complete total it is looked back on from now on."""
    facts, place = past.facts, base.place
    has_total = facts.baseline is not None and bool(facts.roles.targets)
    sights = past.look(place) if has_total else ()
    seen = [sight for sight in sights if sight.known]
    targets = len(facts.roles.targets)
    total = sum(sight.um for sight in seen)
    target_rule = _target(past, base, sights, seen) if has_total else base.target_rule
    news = frozenset(each.lesion for each in past.new if is_there(facts, each, place))
    new = new_word(facts, place, counts=bool(news))
    rule = JOINED.decide(target_rule.verdict, base.nontarget, new)
    judged = attrs.evolve(
        base,
        total_um=total if seen else None,
        nadir_um=past.nadir_um,
        nadir_place=past.nadir_place,
        target_rule=target_rule,
        new_lesion=new,
        recurrences=(),
        overall_rule=rule,
        joined=tuple(each.lesion for each in past.joined),
    )
    if has_total and len(seen) == len(sights):
        past.add(place, total)
    partial = base.is_partial and said is None
    scan = Scan(
        base=judged,
        news=news,
        back=(),
        new_um=sum(sight.um for sight in sights[targets:] if sight.known),
        new_complete=all(sight.known for sight in sights[targets:]),
        new_lesion=new,
        overall=rule,
        rule=rule,
        reported=said,
        standing=REPORTED.rules[0],
        response=rule.verdict,
        problems=without_partial(base, partial),
        partial=partial,
        block=None,
        further=None,
        new_rule=None,
        confirmed_on=None,
        alone=True,
    )
    return _concluded(scan, said)


def _target(
    past: _Past, base: TimepointAssessment, sights: Sequence[Sight], seen: Sequence[Sight]
) -> Rule[Target]:
    """The total of targets and joined new lesions against baseline and nadir."""
    facts = past.facts
    criteria, baseline, nadir = facts.chart.criteria, facts.roles.baseline_um, past.nadir_um
    if baseline is None or nadir is None:
        return base.target_rule
    total = sum(sight.um for sight in seen)
    floor = criteria.progression_floor_um
    return criteria.rules.target.decide(
        Targets.ALL if len(seen) == len(sights) else Targets.IN_PART,
        all(sight.gone for sight in seen),
        RISES[rise(total, nadir, criteria.progression_share, floor)],
        fell_by(total, baseline, criteria.response_share),
    )


def _concluded(scan: Scan, said: Response | None) -> Scan:
    """The scan with its response: the computed word, or the reader's in its place."""
    computed = scan.base.computed
    standing = REPORTED.decide(
        said is not None, computed, said or computed, said is computed, shows_disease(scan)
    )
    stands_in = standing.verdict is Standing.STANDS_IN
    response = said if stands_in and said is not None else computed
    problems = scan.problems
    if standing.verdict is Standing.OVER_DISEASE:
        problems |= Problem.CR_OVER_DISEASE
    base = attrs.evolve(scan.base, reported=said, standing=standing, response=response)
    return attrs.evolve(scan, base=base, standing=standing, response=response, problems=problems)


def _deciding(scans: Sequence[Scan], at: int, criteria: ImmuneCriteria) -> Scan | None:
    """The first evaluable scan late enough after one to confirm or refute it."""
    for later in scans[at + 1 :]:
        late = at_least(later.day - scans[at].day, criteria.confirmation_days)
        if late and later.base.response in ADEQUATE:
            return later
    return None


def _upheld(scans: Sequence[Scan], at: int, criteria: ImmuneCriteria) -> End:
    deciding = _deciding(scans, at, criteria)
    again = deciding is not None and is_progression(deciding.response.code)
    rule = UPHELD.decide(deciding is not None, again)
    return End(scans[at], rule, deciding if again else None)


def joined_course(
    scans: Sequence[Scan], line: LineAssessment, criteria: ImmuneCriteria
) -> JoinedCourse:
    """What a line comes to: a PD that a later scan refutes counts as another word.

    `scans` are its follow-ups without partial examinations.
    """
    ends: list[End] = []
    counted = [scan.base for scan in scans]
    for at, scan in enumerate(scans):
        if is_progression(scan.response.code):
            ends.append(_upheld(scans, at, criteria))
            if ends[-1].rule.verdict is YesNo.YES:
                break
            counted[at] = attrs.evolve(scan.base, response=REFUTED_COUNTS_AS)
    codes, days = [each.response.code for each in counted], [each.day for each in counted]
    course = best_response.course(codes, days, line.facts.chart.criteria)
    return JoinedCourse(course, tuple(counted), tuple(ends), criteria.confirmation_days)
