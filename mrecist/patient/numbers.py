"""Numbers that the sentences about one patient are filled with.

Nothing here decides anything.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import lru_cache
from typing import Any

from .._base.text import mm, mm2, percent, when
from .._base.words import Measure, Size, State
from ..rulebook.criteria import MRECIST_5MM, Criteria
from ..rulebook.nontargets import STILL_THERE
from .chart import Chart
from .facts import LineFacts, TimepointFacts
from .sights import Sight

__all__ = [
    "Numbers",
    "change_words",
    "criteria_numbers",
    "examined",
    "growth_words",
    "how_worse",
    "ids",
    "in_mm",
    "in_mm2",
    "is_equivocal",
    "listed",
    "of_part",
    "of_single_lesions",
    "seen_on",
    "size_numbers",
    "size_words",
    "total_words",
    "unseen_lesions",
]


def name_of(chart: Chart, lesion: int) -> str:
    """The id of a lesion given by its place in the case."""
    return chart.patient.lesions[lesion].id


def ids(chart: Chart, lesions: Iterable[int]) -> tuple[str, ...]:
    """The ids of lesions given by their places in the case."""
    every = chart.patient.lesions
    return tuple([every[i].id for i in lesions])


def listed(chart: Chart, lesions: Iterable[int]) -> str:
    return ", ".join(ids(chart, lesions)) or "none"


def response_limit(baseline: int, criteria: Criteria) -> int:
    """The largest total, in micrometres, that is a partial response."""
    share = criteria.response_share
    return baseline * (share.denominator - share.numerator) // share.denominator


def by_share(nadir: int, criteria: Criteria) -> int:
    """The smallest total, in micrometres, that has risen over the nadir by the share asked for."""
    share = criteria.progression_share
    times = nadir * (share.denominator + share.numerator) + criteria.above
    return -(-times // share.denominator)


def progression_limit(nadir: int, criteria: Criteria) -> int:
    """The smallest total, in micrometres, that is a progression."""
    return max(by_share(nadir, criteria), nadir + criteria.progression_floor_um, nadir + 1)


@lru_cache(maxsize=64)
def criteria_numbers(criteria: Criteria) -> dict[str, Any]:
    """The numbers of the criteria, formatted; not to be changed by the caller."""
    floor_um = criteria.progression_floor_um
    return {
        "response_share": _share(criteria.response_share),
        "progression_share": ("more than " if criteria.above else "")
        + _share(criteria.progression_share),
        "floor": f" and {mm(floor_um)}" if floor_um else "",
        "gone_node": mm(criteria.gone_node_um),
        "new_nodule": mm(criteria.new_nodule_um),
        "new_nodule_growth": mm(criteria.new_nodule_growth_um),
        "new_node_growth": mm(criteria.new_node_growth_um),
        "growth": f"{_share(criteria.growth_share)} and {mm(criteria.growth_um)}",
        "stable_days": criteria.stable_days,
        "confirmation_days": f"{criteria.confirmation_days} days",
    }


def _share(share: Fraction) -> str:
    return f"{float(share * 100):g} %"


class Numbers(dict[str, Any]):
    """The numbers that a time point's sentences are filled with, each made when it is needed."""

    def __init__(self, timepoint: TimepointFacts) -> None:
        super().__init__()
        self.timepoint = timepoint

    def __missing__(self, name: str) -> Any:
        of_timepoint = _NUMBERS.get(name)
        if of_timepoint is not None:
            return of_timepoint(self.timepoint)
        return criteria_numbers(self.timepoint.line.chart.criteria)[name]


def _targets_unseen(timepoint: TimepointFacts) -> list[int]:
    facts, place = timepoint.line, timepoint.place
    unseen = [i for i in facts.roles.targets if not facts.sights(place, i).summed]
    return unseen + [i for i in timepoint.joined if not facts.plain(place, i).known]


def _nontargets_in(state: State, timepoint: TimepointFacts) -> list[int]:
    each = zip(timepoint.nontargets, timepoint.nontarget_lesion_rules, strict=True)
    return [i for i, rule in each if rule.verdict is state]


def unseen_lesions(timepoint: TimepointFacts) -> tuple[str, ...]:
    """The ids of the targets and non-targets that are not evaluable, targets first."""
    unseen = _targets_unseen(timepoint) + _nontargets_in(State.NOT_EVALUABLE, timepoint)
    return ids(timepoint.line.chart, unseen)


def _unseen_targets(timepoint: TimepointFacts) -> str:
    return listed(timepoint.line.chart, _targets_unseen(timepoint))


def _gone_targets(timepoint: TimepointFacts) -> str:
    """What is said of each target, one by one."""
    facts = timepoint.line
    told = []
    for i in facts.roles.targets:
        says = size_numbers(facts.chart, facts.sights(timepoint.place, i), i)["says"]
        told.append(f"{name_of(facts.chart, i)}: {says}")
    return "; ".join(told)


def of_part(timepoint: TimepointFacts) -> str:
    """Which targets a total is of, where it is not that of all; nothing where it is, or none is."""
    facts = timepoint.line
    seen = [i for i in facts.roles.targets if facts.sights(timepoint.place, i).summed]
    if timepoint.total_um is None or len(seen) == len(facts.roles.targets):
        return ""
    return f" of {listed(facts.chart, seen)}"


def examined(chart: Chart, place: int, lesion: int) -> str:
    """When a visit looked at a lesion and its parts, where not on the date of the visit."""
    visit = chart.visits[place]
    days = {record.day for record in chart.records(place, lesion)}
    if days <= {visit.day}:
        return ""
    in_days = isinstance(visit.date, int)
    dates = (day if in_days else datetime.date.fromordinal(day) for day in sorted(days))
    return " and ".join(map(when, dates))


def seen_on(chart: Chart, place: int, lesion: int) -> str:
    """When a visit looked at a lesion: the date of the visit, or that of its examination."""
    return examined(chart, place, lesion) or when(chart.date(place))


def _in_state(state: State) -> Callable[[TimepointFacts], str]:
    return lambda timepoint: listed(timepoint.line.chart, _nontargets_in(state, timepoint))


def growth_words(timepoint: TimepointFacts, lesion: int) -> str:
    """From which smallest size a non-target has grown though nobody calls it progressed."""
    if lesion not in timepoint.grown:
        return ""
    smallest, place = timepoint.grown[lesion]
    facts = timepoint.line
    now = facts.sights(timepoint.place, lesion).um
    return f"grown from {mm(smallest)} on {when(facts.chart.date(place))} to {mm(now)}"


def _progressed(timepoint: TimepointFacts) -> str:
    """The non-targets that progressed, with their sizes where they are known."""
    return _sized(timepoint, _nontargets_in(State.PROGRESSED, timepoint)) or "none"


def _worse(timepoint: TimepointFacts) -> str:
    """The non-targets that progressed, and by what."""
    found = _nontargets_in(State.PROGRESSED, timepoint)
    each = ([i for i in found if (i in timepoint.back) is again] for again in (False, True))
    told = [f"{_sized(timepoint, some)} {how_worse(timepoint, some)}" for some in each if some]
    return "; ".join(told)


def how_worse(timepoint: TimepointFacts, lesions: Iterable[int]) -> str:
    """By what non-targets progressed: as recorded, or by new enhancement."""
    told = {
        "enhancing again, without viable tissue before"
        if i in timepoint.back
        else "recorded as progressed"
        for i in lesions
    }
    return " or ".join(sorted(told, reverse=True))


def _sized(timepoint: TimepointFacts, lesions: Iterable[int]) -> str:
    """Lesions with their sizes where they are known, and whether they are flagged."""
    facts = timepoint.line
    told = []
    for i in lesions:
        sight = facts.sights(timepoint.place, i)
        words = [size_numbers(facts.chart, sight, i)["says"]] if sight.known else []
        words += ["flagged equivocal"] if is_equivocal(timepoint, i) else []
        size = f" ({', '.join(words)})" if words else ""
        told.append(f"{name_of(facts.chart, i)}{size}")
    return ", ".join(told)


def is_equivocal(timepoint: TimepointFacts, lesion: int) -> bool:
    """Whether a lesion, or a part of it, is flagged equivocal at a time point."""
    records = timepoint.line.chart.records(timepoint.place, lesion)
    return any(record.finding.equivocal for record in records)


def _disease(timepoint: TimepointFacts) -> str:
    """The targets that are seen and not gone, and the non-targets that are still there."""
    facts = timepoint.line
    seen = [(i, facts.sights(timepoint.place, i)) for i in facts.roles.targets]
    left = [i for i, sight in seen if sight.summed and not sight.gone]
    each = zip(timepoint.nontargets, timepoint.states, strict=True)
    return listed(facts.chart, [*left, *(i for i, state in each if state in STILL_THERE)])


def _persisting(timepoint: TimepointFacts) -> str:
    """The non-targets that are still there, with the sizes of those that have grown."""
    chart = timepoint.line.chart
    told = []
    for lesion in _nontargets_in(State.PERSISTS, timepoint):
        name, words = name_of(chart, lesion), growth_words(timepoint, lesion)
        told.append(f"{name} ({words})" if words else name)
    return ", ".join(told) or "none"


def _baseline(timepoint: TimepointFacts) -> int:
    return timepoint.line.roles.baseline_um or 0


def _nadir(timepoint: TimepointFacts) -> int:
    return timepoint.nadir_um or 0


def _total(timepoint: TimepointFacts) -> int:
    return timepoint.total_um or 0


def _others(timepoint: TimepointFacts) -> str:
    """The total of the targets that are evaluable, where some are not."""
    total = timepoint.total_um
    if total is None:
        return "no target is seen, which"
    return f"the total of the others, {_told(timepoint, total)},"


def _gone_others(timepoint: TimepointFacts) -> str:
    """That the targets that are evaluable are gone, where some are not evaluable."""
    none = timepoint.total_um is None
    return "no target is seen, which" if none else "of the others every one is gone, which"


def _low(timepoint: TimepointFacts) -> int:
    return response_limit(_baseline(timepoint), timepoint.line.chart.criteria)


def _high(timepoint: TimepointFacts) -> int:
    return progression_limit(_nadir(timepoint), timepoint.line.chart.criteria)


def size_words(criteria: Criteria, total: int | None) -> str:
    """A total as a person reads it: millimetres, or square millimetres of criteria of areas."""
    return mm(total) if criteria.area is None else mm2(total)


def in_mm(facts: LineFacts, total: int | None) -> float | None:
    """A total in mm; `None` where the criteria sum areas."""
    return None if total is None or facts.chart.criteria.area is not None else total / 1000


def in_mm2(facts: LineFacts, total: int | None) -> float | None:
    """A total in mm2; `None` where the criteria sum lengths."""
    return None if total is None or facts.chart.criteria.area is None else total / 1_000_000


def _told(timepoint: TimepointFacts, total: int) -> str:
    return size_words(timepoint.line.chart.criteria, total)


def _change(timepoint: TimepointFacts, um: int, reference: int) -> str:
    return f"{_told(timepoint, um)} ({percent(um, reference)})"


def _spare(timepoint: TimepointFacts, um: int) -> str:
    """By how much a limit was reached."""
    return f"reached with {_told(timepoint, um)} to spare" if um else "exactly on it"


def _progression_reached(timepoint: TimepointFacts) -> str:
    """The limit of progression, and by how much it was reached; over nothing there is no share."""
    high = _high(timepoint)
    if high == 1:
        return "any total above zero"
    spare = _spare(timepoint, _total(timepoint) - high)
    return f"a total of {_told(timepoint, high)} or more, {spare}"


def _floor_note(timepoint: TimepointFacts) -> str:
    """That growth was enough in share, but not in millimetres."""
    criteria, nadir, total = timepoint.line.chart.criteria, _nadir(timepoint), _total(timepoint)
    if not by_share(nadir, criteria) <= total < _high(timepoint) or total <= nadir:
        return ""
    risen = f"risen {percent(total - nadir, nadir)} over the nadir {mm(nadir)}"
    return f"; {risen}, but by less than {mm(criteria.progression_floor_um)}"


def _date_of(place: int | None, timepoint: TimepointFacts) -> str:
    return "" if place is None else when(timepoint.line.chart.date(place))


def _small_rise_note(timepoint: TimepointFacts) -> str:
    """A caution: growth too small for criteria that ask for it in millimetres."""
    floor = MRECIST_5MM.progression_floor_um
    risen = _total(timepoint) - _nadir(timepoint)
    return f"; under {mm(floor)}, so not by mrecist-5mm" if risen < floor else ""


def _grown_targets(timepoint: TimepointFacts) -> str:
    """The targets that rose over their own smallest size, each by how much."""
    return _grown(timepoint, timepoint.grown_targets)


def _grown(timepoint: TimepointFacts, lesions: Iterable[int]) -> str:
    """Targets that rose over their own smallest size, each by how much."""
    facts, told = timepoint.line, []
    for i in lesions:
        before, place = timepoint.grown_targets[i]
        now = facts.sights(timepoint.place, i).summand
        name, since = name_of(facts.chart, i), when(facts.chart.date(place))
        risen = _change(timepoint, now - before, before)
        smallest = f"its smallest, {_told(timepoint, before)} on {since}"
        told.append(f"{name} {_told(timepoint, now)} is {risen} above {smallest}")
    return "; ".join(told)


def of_single_lesions(timepoint: TimepointFacts, grown: list[int], back: list[int]) -> str:
    """What some targets show by themselves, where criteria ask for it, before what follows."""
    told = [_grown(timepoint, grown)] if grown else []
    if back:
        told.append(f"{listed(timepoint.line.chart, back)} enhances again")
    return "".join(f"{each}; " for each in told)


def _back_targets(timepoint: TimepointFacts) -> str:
    """The targets that enhance again."""
    facts = timepoint.line
    return listed(facts.chart, [i for i in timepoint.back if i in facts.roles.targets])


_NUMBERS: dict[str, Callable[[TimepointFacts], Any]] = {
    "unseen": _unseen_targets,
    "gone_targets": _gone_targets,
    "persisting": _persisting,
    "unseen_nontargets": _in_state(State.NOT_EVALUABLE),
    "progressed": _progressed,
    "worse": _worse,
    "disease": _disease,
    "target": lambda t: t.target,
    "nontarget": lambda t: t.nontarget,
    "new": lambda t: t.new_lesion,
    "computed": lambda t: t.computed,
    "reported": lambda t: t.reported,
    "grown_targets": _grown_targets,
    "back_targets": _back_targets,
    "total": lambda t: _told(t, _total(t)),
    "others": _others,
    "gone_others": _gone_others,
    "baseline": lambda t: _told(t, _baseline(t)),
    "baseline_date": lambda t: _date_of(t.line.baseline, t),
    "nadir": lambda t: _told(t, _nadir(t)),
    "nadir_date": lambda t: _date_of(t.nadir_place, t),
    "fall": lambda t: _change(t, _baseline(t) - _total(t), _baseline(t)),
    "rise": lambda t: _change(t, _total(t) - _nadir(t), _nadir(t)),
    "response_limit": lambda t: _told(t, _low(t)),
    "response_margin": lambda t: _told(t, abs(_low(t) - _total(t))),
    "response_reached": lambda t: _spare(t, _low(t) - _total(t)),
    "progression_limit": lambda t: _told(t, _high(t)),
    "progression_margin": lambda t: _told(t, abs(_total(t) - _high(t))),
    "progression_reached": _progression_reached,
    "floor_note": _floor_note,
    "small_rise_note": _small_rise_note,
}


_SHORT = {
    Measure.VIABLE: "viable diameter",
    Measure.LONGEST: "longest diameter",
    Measure.SHORT: "short axis",
}


def size_numbers(chart: Chart, sight: Sight, lesion: int) -> dict[str, Any]:
    """The numbers that the sentences about one lesion at one time point are filled with."""
    trait = chart.traits[lesion]
    measure = trait.measure if sight.finding is None else trait.measure_of(sight.finding)
    measures = sight.measures or {measure}
    numbers = {
        **criteria_numbers(chart.criteria),
        **sight.numbers,
        "measure": " or ".join(_SHORT[each] for each in Measure if each in measures),
        "size": mm(sight.um),
        "status": f"recorded as {sight.status}",
        "diseased_node": mm(trait.smallest_diseased_um),
        "smallest_target": mm(trait.smallest_target_um),
    }
    area = _area_words(chart, sight)
    return numbers | {"says": sight.rule.sentence.format_map(numbers) + area, "area_words": area}


def _area_words(chart: Chart, sight: Sight) -> str:
    """What is said of the area of a lesion, where the criteria sum areas."""
    rule, by = sight.area_rule, chart.criteria.area
    if rule is None or by is None or rule.verdict in (Size.ZERO, Size.NOT_EVALUABLE):
        return ""
    told = {"diameter": _SHORT[by], "area": mm2(sight.um2)}
    return f", {rule.sentence.format_map(told)}"


def total_words(facts: LineFacts, total: int | None) -> str:
    """A total as a table prints it, without its unit."""
    if total is None:
        return "-"
    return size_words(facts.chart.criteria, total).removesuffix(" mm").removesuffix(" mm2")


def change_words(um: int | None, reference: int | None) -> str:
    """A change against a reference as a signed percentage, cut, for display."""
    if um is None or not reference:
        return "-"
    sign = "-" if um < reference else "+"
    return sign + percent(abs(um - reference), reference).replace(" ", "")
