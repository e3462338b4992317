"""One line followed by iRECIST: what is pending, what confirms it, and the word of each scan.

Every word is looked up in `rulebook/immune.py`. Sizes, targets, non-targets and new lesions are
those of the criteria beneath, as `over_time.py` found them, without any reported verdict.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import attrs

from .._base.converters import Date, day_number
from .._base.errors import Problem
from .._base.exact import at_least
from .._base.reported import ReportedBy, Word
from .._base.words import (
    Cause,
    Further,
    ImmuneResponse,
    Kind,
    NewLesion,
    Response,
    Signal,
    Size,
    Standing,
    State,
    Status,
    YesNo,
)
from ..model import Patient
from ..rulebook.baseline import MEASURABLE
from ..rulebook.best_response import is_progression
from ..rulebook.decision_table import Rule
from ..rulebook.immune import (
    FURTHER_NEW,
    FURTHER_WORDS,
    IMMUNE,
    IMMUNE_REPORTED,
    NEW_TARGET,
    SIGNAL,
    WITH_I,
    signs_of,
)
from ..rulebook.immune_criteria import ImmuneCriteria
from ..rulebook.immune_joined import causes_by_total
from ..rulebook.nontargets import STILL_THERE
from ..rulebook.overall import REPORTED, causes_of
from .assessment import LineAssessment, TimepointAssessment
from .facts import LineFacts
from .new_lesions import NewLesionRecord
from .over_time import recurring

__all__ = [
    "Block",
    "Scan",
    "follow_immune",
    "is_measurable",
    "is_there",
    "new_word",
    "shows_disease",
    "spoken",
    "with_i",
    "without_partial",
]


@attrs.frozen(eq=False, repr=False, kw_only=True)
class Scan:
    """One follow-up by iRECIST: what it showed, the rule behind its word, and what it rested on.

    `base` is the follow-up by the criteria beneath. `news` are the new lesions that are still
    there, `back` what is back after iCR; `new_total_um` is the total of the new lesions that are
    measured, `None` where one of them has no size. `block` is the pending progression that it was
    held against, `since` the confirmed one; `further` tells what confirms and `new_rule` what the
    new lesions add, `None` where nothing was pending. `alone`: only the total makes progression.
    """

    base: TimepointAssessment
    news: frozenset[int]
    back: tuple[int, ...]
    new_um: int
    new_complete: bool
    new_lesion: NewLesion
    overall: Rule[Response]
    rule: Rule[Response] | Rule[ImmuneResponse]
    reported: Word | None
    standing: Rule[Standing]
    response: Word
    problems: Problem
    partial: bool
    block: Block | None
    further: Rule[Further] | None
    new_rule: Rule[YesNo] | None
    confirmed_on: Date | None
    alone: bool = False

    @property
    def day(self) -> int:
        """The day of the visit, from the line's start."""
        return self.base.day

    @property
    def kinds(self) -> tuple[bool, bool, bool]:
        """Whether targets, non-targets and new lesions are signs of progression here."""
        base = self.base
        return signs_of(base.target.code, base.nontarget.code, self.new_lesion.code)

    @property
    def causes(self) -> tuple[Cause, ...]:
        """What a progression at this time point rests on."""
        target, standing = self.base.target.code, self.standing.verdict.code
        if self.alone:
            holds = causes_by_total(target, standing)
        else:
            holds = causes_of(
                target=target,
                nontarget=self.base.nontarget.code,
                new_lesion=(NewLesion.YES if self.news else NewLesion.NO).code,
                recurrence=bool(self.back),
                standing=standing,
            )
        return tuple(cause for cause, true in holds.items() if true)


@attrs.frozen(eq=False, repr=False, kw_only=True)
class Block:
    """A pending progression: its first scan, its kinds, and what later ones are compared with.

    `total_um` and `new_um` are the last totals of the block at which every lesion had a size;
    `there` are the new lesions of its last evaluable scan.
    """

    first: Scan
    kinds: tuple[bool, bool, bool]
    total_um: int | None
    new_um: int | None
    there: frozenset[int]

    @classmethod
    def begun(cls, scan: Scan) -> Block:
        """The block that a first unconfirmed progression begins."""
        reported = scan.standing.verdict is Standing.STANDS_IN
        kinds = (False, False, False) if reported else scan.kinds
        empty = cls(first=scan, kinds=kinds, total_um=None, new_um=None, there=frozenset())
        return empty.moved(scan)

    def moved(self, scan: Scan) -> Block:
        """The block with what a scan of it leaves to compare with."""
        base = scan.base
        complete = base.complete and bool(base.line.roles.targets) and base.total_um is not None
        return attrs.evolve(
            self,
            total_um=base.total_um if complete else self.total_um,
            new_um=scan.new_um if scan.new_complete else self.new_um,
            there=scan.news | frozenset(scan.back),
        )


def spoken(
    patient: Patient, criteria: ImmuneCriteria, days: Iterable[frozenset[int]]
) -> list[ImmuneResponse | None]:
    """The word of a reader at each visit, by the days of its examinations (RD-IR-REPORTED)."""
    said = {
        day_number(each.date): each.reported
        for each in patient.timepoints
        if each.reported is not None
    }
    return [_word([said[day] for day in sorted(visit) if day in said], criteria) for visit in days]


def _word(
    given: Sequence[Response | ImmuneResponse | ReportedBy], criteria: ImmuneCriteria
) -> ImmuneResponse | None:
    for name in criteria.reported_as:
        for word in given:
            if not isinstance(word, ReportedBy):
                return with_i(word)
            if name in word:
                return with_i(word[name])
    return None


def with_i(word: Word) -> ImmuneResponse:
    """The word with an i that a word stands for; progression is unconfirmed at first."""
    return word if isinstance(word, ImmuneResponse) else WITH_I[word.code]


def follow_immune(
    line: LineAssessment, criteria: ImmuneCriteria, said: Mapping[int, ImmuneResponse | None]
) -> tuple[Scan, ...]:
    """The follow-ups of a line in date order; what looks back does so only inside the line."""
    past = _Past(line.facts, criteria)
    scans = []
    for timepoint in line.timepoints:
        scan = _judged(past, timepoint, said.get(timepoint.place))
        scans.append(scan)
        past.add(scan)
    return tuple(scans)


class _Past:
    """What earlier scans of the line leave behind, and the new lesions that are measured."""

    def __init__(self, facts: LineFacts, criteria: ImmuneCriteria) -> None:
        self.facts, self.criteria = facts, criteria
        self.new = tuple(each for each in facts.news if each.proved is not None)
        self.measured = _measured(facts, criteria, self.new)
        self.block: Block | None = None
        self.confirmed: Scan | None = None
        self.complete_at: int | None = None

    def add(self, scan: Scan) -> None:
        """Look back on one more scan; a partial examination leaves nothing behind."""
        if scan.partial or self.confirmed is not None:
            return
        word = scan.response
        if word is ImmuneResponse.CR:
            self.complete_at = scan.base.place
        if word is ImmuneResponse.CPD:
            self.confirmed, self.complete_at = scan, None
        elif word is ImmuneResponse.UPD:
            self._pend(scan)
        elif word is not ImmuneResponse.NE:
            self.block = None

    def _pend(self, scan: Scan) -> None:
        if self.block is None:
            self.block = Block.begun(scan)
        elif scan.standing.verdict is not Standing.STANDS_IN and self.is_late(scan.day):
            self.block = self.block.moved(scan)

    def is_late(self, day: int) -> bool:
        """Whether a scan comes late enough after the first of the block to confirm it."""
        block = self.block
        since = None if block is None else day - block.first.day
        return since is not None and at_least(since, self.criteria.confirmation_days)


def _measured(
    facts: LineFacts, criteria: ImmuneCriteria, new: Sequence[NewLesionRecord]
) -> tuple[NewLesionRecord, ...]:
    """The new lesions that are measured, chosen at their first scans (RD-IR-NEW-TARGETS)."""
    traits, taken = facts.chart.traits, list[NewLesionRecord]()
    ids = [lesion.id for lesion in facts.chart.patient.lesions]

    def order(each: NewLesionRecord) -> tuple[int, int, str]:
        return each.first, -facts.plain(each.first, each.lesion).um, ids[each.lesion]

    for each in sorted(new, key=order):
        trait = traits[each.lesion]
        measurable = is_measurable(facts, each.lesion, each.first)
        organs = [traits[other.lesion].organ for other in taken]
        room = (
            len(taken) < criteria.new_targets_in_all
            and organs.count(trait.organ) < criteria.new_targets_per_organ
        )
        if NEW_TARGET.decide(measurable, room).verdict is YesNo.YES:
            taken.append(each)
    return tuple(taken)


def is_measurable(facts: LineFacts, lesion: int, place: int) -> bool:
    """Whether a visit gives a lesion a size by which it could be a target."""
    sight, trait = facts.plain(place, lesion), facts.chart.traits[lesion]
    return bool(
        _kind(facts, lesion) in MEASURABLE
        and sight.known
        and sight.status is Status.MEASURED
        and at_least(sight.um, trait.smallest_target_um)
    )


def _kind(facts: LineFacts, lesion: int) -> Kind:
    chart = facts.chart
    return chart.patient.lesions[chart.root[lesion]].kind


def is_there(facts: LineFacts, new: NewLesionRecord, place: int) -> bool:
    """Whether the last look at a new lesion shows it (Reading RD-IR-STILL-THERE)."""
    if place < new.first:
        return False
    earlier = place
    while earlier not in new.detected:  # it is at the first
        sight = facts.plain(earlier, new.lesion)
        if sight.size is not Size.NOT_EVALUABLE:
            return not sight.gone
        earlier -= 1
    return True


def _judged(past: _Past, base: TimepointAssessment, said: ImmuneResponse | None) -> Scan:
    """One scan by iRECIST, with the rule behind each step."""
    facts, place = past.facts, base.place
    partial = base.is_partial and said is None
    news = frozenset(each.lesion for each in past.new if is_there(facts, each, place))
    back: tuple[int, ...] = ()
    if facts.baseline is not None and not partial and past.complete_at is not None:
        rules = base.nontarget_lesion_rules
        back = recurring(facts, place, base.nontargets, rules, past.complete_at)
    sights = [facts.plain(place, each.lesion) for each in past.measured if each.first <= place]
    seen = [sight.um for sight in sights if sight.known]
    new = new_word(facts, place, counts=bool(news or back))
    overall = facts.chart.criteria.rules.overall.decide(base.target, base.nontarget, new)
    scan = Scan(
        base=base,
        news=news,
        back=back,
        new_um=sum(seen),
        new_complete=len(seen) == len(sights),
        new_lesion=new,
        overall=overall,
        rule=IMMUNE.decide(False, overall.verdict, False, False, Further.NO),
        reported=said,
        standing=REPORTED.rules[0],
        response=ImmuneResponse.NE,
        problems=without_partial(base, partial),
        partial=partial,
        block=past.block,
        further=None,
        new_rule=None,
        confirmed_on=None if past.confirmed is None else past.confirmed.base.date,
    )
    return _concluded(past, _held_against(past, scan))


def without_partial(base: TimepointAssessment, partial: bool) -> Problem:
    """What is odd at a time point, which a reader's verdict makes a whole examination."""
    problems = base.problems
    return problems if partial else problems & ~Problem.PARTIAL_EXAMINATION


def new_word(facts: LineFacts, place: int, *, counts: bool) -> NewLesion:
    """Whether a new lesion is a sign of progression; equivocal: one that never counts is seen."""
    if counts:
        return NewLesion.YES
    equivocal = any(new.proved is None and place in new.detected for new in facts.news)
    return NewLesion.EQUIVOCAL if equivocal else NewLesion.NO


def _held_against(past: _Past, scan: Scan) -> Scan:
    """The scan with the rule for its word, held against what is pending."""
    block, response = past.block, scan.overall.verdict
    further: Rule[Further] | None = None
    new_rule: Rule[YesNo] | None = None
    if block is not None and past.confirmed is None and is_progression(response.code):
        further, new_rule = _further(past, block, scan)
    rule = IMMUNE.decide(
        past.confirmed is not None,
        response,
        block is not None,
        past.is_late(scan.day),
        Further.NO if further is None else further.verdict,
    )
    return attrs.evolve(scan, rule=rule, further=further, new_rule=new_rule)


def _further(past: _Past, block: Block, scan: Scan) -> tuple[Rule[Further], Rule[YesNo]]:
    """What confirms a pending progression, if anything does."""
    unmeasured = [new.lesion for new in past.new if new not in past.measured]
    new_rule = FURTHER_NEW.decide(
        bool((scan.news | frozenset(scan.back)) - block.there),
        _grew(scan.new_um, block.new_um, past.criteria),
        any(_progressed(past.facts, scan, lesion) for lesion in unmeasured),
    )
    further = (
        _grew(scan.base.total_um or 0, block.total_um, past.criteria),
        True,
        new_rule.verdict is YesNo.YES,
    )
    each = zip(scan.kinds, block.kinds, further, strict=True)
    signals: list[Signal] = [SIGNAL.decide(*facts).verdict for facts in each]
    return FURTHER_WORDS.decide(*signals), new_rule


def _grew(now: int, reference: int | None, criteria: ImmuneCriteria) -> bool:
    return reference is not None and at_least(now - reference, criteria.further_um)


def _progressed(facts: LineFacts, scan: Scan, lesion: int) -> bool:
    sight = facts.plain(scan.base.place, lesion)
    return lesion in scan.news and sight.status is Status.PROGRESSED


def _concluded(past: _Past, scan: Scan) -> Scan:
    """The scan with its response: the computed word, or the reader's in its place."""
    computed = with_i(scan.rule.verdict)
    said = None if scan.reported is None else with_i(scan.reported)
    standing = REPORTED.decide(
        said is not None,
        IMMUNE_REPORTED[computed],
        IMMUNE_REPORTED[said or computed],
        (said or computed) is computed,
        shows_disease(scan),
    )
    stands_in = standing.verdict is Standing.STANDS_IN
    response = said if stands_in and said is not None else computed
    problems = scan.problems
    if standing.verdict is Standing.OVER_DISEASE:
        problems |= Problem.CR_OVER_DISEASE
    if response is ImmuneResponse.CPD and _comes_late(past, scan):
        problems |= Problem.LATE_CONFIRMATION
    return attrs.evolve(scan, standing=standing, response=response, problems=problems)


def _comes_late(past: _Past, scan: Scan) -> bool:
    block = past.block
    if block is None or past.confirmed is not None or scan.partial:
        return False
    return bool(at_least(scan.day - block.first.day, past.criteria.late_days + 1))


def shows_disease(scan: Scan) -> bool:
    """Whether a target or non-target of a line with a baseline is seen and not gone."""
    facts, base = scan.base.line, scan.base
    if facts.baseline is None:
        return False
    states: Iterable[State] = base.states
    sights = [facts.sights(base.place, i) for i in facts.roles.targets]
    return any(sight.known and not sight.gone for sight in sights) or any(
        state in STILL_THERE for state in states
    )
