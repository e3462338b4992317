"""What a progression shows in each compartment, and what the baseline shows beyond the liver."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import attrs

from .._base.exact import below, rise
from .._base.text import percent, when
from .._base.words import Compartment, Rise, Role, Sign, State, Targets
from ..rulebook.patterns import GROWN
from .assessment import TimepointAssessment
from .facts import LineFacts
from .numbers import criteria_numbers, how_worse, listed, of_single_lesions, size_words

__all__ = ["Shown", "lesions_beyond", "signs_of"]

RISES = tuple(Rise)


def lesions_beyond(facts: LineFacts) -> list[int]:
    """The tumour in vein and outside the liver that the baseline of a line shows, as places."""
    if facts.baseline is None:
        return []
    roles, candidates = facts.roles, set(facts.roles.candidates)
    return [
        i
        for i in facts.chart.whole
        if i not in candidates
        and roles.records.baseline[i] is not None
        and roles.at_baseline[i].verdict not in (Role.NOT_EVALUABLE, Role.NO_PART, Role.MERGED)
        and facts.chart.traits[i].compartment is not Compartment.INTRAHEPATIC
    ]


Shown = tuple[Compartment, Sign, dict[str, Any]]


def signs_of(timepoint: TimepointAssessment, places: Sequence[int]) -> Iterator[Shown]:
    """Each compartment with each sign of progression in it, and the numbers of its sentence."""
    facts = timepoint.line
    if facts.baseline is None:
        return
    every = (_Sum.of(timepoint, places, compartment) for compartment in Compartment)
    sums = [each for each in every if each is not None]
    alone = [each for each in sums if each.grown]
    for each in alone:
        yield each.compartment, Sign.TOTAL, each.numbers
    if timepoint.target in GROWN and not alone:
        for each in sums:
            if below(each.nadir_um, each.total_um):
                yield each.compartment, Sign.TOGETHER, each.numbers
    states = zip(timepoint.nontargets, timepoint.states, strict=True)
    found = {
        Sign.NONTARGET: [i for i, state in states if state is State.PROGRESSED],
        Sign.AGAIN: timepoint.recurrences,
        Sign.NEW: [new.lesion for new in facts.news if new.counts_at(timepoint.place)],
    }
    for sign, lesions in found.items():
        for compartment in Compartment:
            here = [i for i in lesions if facts.chart.traits[i].compartment is compartment]
            if here:
                told = {"lesions": listed(facts.chart, here), "how": how_worse(timepoint, here)}
                yield compartment, sign, told


@attrs.frozen(kw_only=True)
class _Sum:
    """The targets of a compartment at a time point, against their own nadir."""

    compartment: Compartment
    nadir_um: int
    total_um: int
    grown: bool
    numbers: dict[str, Any]

    @classmethod
    def of(
        cls, timepoint: TimepointAssessment, places: Sequence[int], compartment: Compartment
    ) -> _Sum | None:
        """Sum what is evaluable; `None` where the compartment has no total at baseline."""
        facts, chart = timepoint.line, timepoint.line.chart
        targets = [i for i in facts.roles.targets if chart.traits[i].compartment is compartment]
        before = [facts.at_baseline(i) for i in targets]
        if not targets or not all(sight.summed for sight in before):
            return None
        totals = [(sum(sight.summand for sight in before), facts.baseline or 0)]
        for place in (place for place in places if place < timepoint.place):
            then = [facts.sights(place, i) for i in targets]
            if all(sight.summed for sight in then):
                totals.append((sum(sight.summand for sight in then), place))
        nadir, at = min(totals)
        sights = [facts.sights(timepoint.place, i) for i in targets]
        total = sum(sight.summand for sight in sights if sight.summed)
        unseen = [i for i, sight in zip(targets, sights, strict=True) if not sight.summed]
        criteria = chart.criteria
        share, floor = criteria.progression_share, criteria.progression_floor_um
        risen = RISES[rise(total, nadir, share, floor, criteria.above)]
        alone = [i for i in timepoint.grown_targets if i in targets]
        if criteria.progression_by_lesion:
            risen = Rise.YES if alone else Rise.NO
        back = [i for i in timepoint.back if i in targets]
        rule = criteria.rules.target.decide(
            Targets.IN_PART if unseen else Targets.ALL,
            all(sight.gone for sight in sights if sight.summed),
            risen,
            False,
            *((bool(back),) if criteria.new_enhancement else ()),
        )
        numbers = {
            **criteria_numbers(criteria),
            "lesions": listed(chart, targets),
            "nadir": size_words(criteria, nadir),
            "nadir_date": when(chart.date(at)),
            "total": size_words(criteria, total),
            "change": of_single_lesions(timepoint, alone, back) + _change(total, nadir),
            "unseen": f" ({listed(chart, unseen)} not evaluable)" if unseen else "",
        }
        return cls(
            compartment=compartment,
            nadir_um=nadir,
            total_um=total,
            grown=rule.verdict in GROWN,
            numbers=numbers,
        )


def _change(total: int, nadir: int) -> str:
    """The change of a sum over its nadir, which it may be below where single lesions count."""
    if not nadir:
        return "up from nothing,"
    share = percent(abs(total - nadir), nadir)
    return f"-{share} against" if total < nadir else f"+{share} over"
