"""Targets whose areas are summed: EASL and WHO, by if-ladders over one lesion after the other.

Written from the specification alone. Areas are whole square micrometres.
"""

from __future__ import annotations

from .oracle_chart import Chart, Visit
from .oracle_line import Line
from .oracle_sizes import Judge, State


def response_by_area(
    chart: Chart,
    line: Line,
    visit: Visit,
    states: dict[str, State],
    baseline: int | None,
    nadir: int | None,
) -> str:
    """The response of the targets of a line, by the states of those whose area is known."""
    if not line.targets:
        return "NONE"
    if baseline is None:
        return "NE"
    if any(is_lit_again(chart, line, name, visit) for name in line.targets):
        return "PD"
    total = sum(each.area for each in states.values())
    left = [name for name, state in states.items() if not state.gone]
    if not left:
        return "CR" if len(states) == len(line.targets) else "NE"
    if chart.criteria.each_alone:
        progressed = any(grew(chart, line, name, visit, states[name].area) for name in states)
    else:
        progressed = is_up(chart, total, nadir)
    if progressed:
        return "PD"
    if len(states) < len(line.targets):
        return "NE"
    return "PR" if 2 * total <= baseline else "SD"


def is_up(chart: Chart, area: int, before: int) -> bool:
    """Whether an area is larger by a quarter (by more than that, where the protocol says so)."""
    if area <= before:
        return False
    return 4 * area > 5 * before or (4 * area == 5 * before and not chart.criteria.more_than)


def looks_before(line: Line, name: str, visit: Visit) -> list[Visit]:
    """Where the line looked at a lesion before: its baseline, and its earlier follow-ups."""
    first = [] if line.base_record.get(name) is None else [line.base_record[name]]
    return first + [each for each in line.followups if each.day < visit.day]


def grew(chart: Chart, line: Line, name: str, visit: Visit, area: int) -> bool:
    """Whether one target is larger by a quarter than it ever was before."""
    judge = Judge(chart, line)
    before = [judge.target(name, each) for each in looks_before(line, name, visit)]
    known = [each.area for each in before if each is not None]
    return bool(known) and is_up(chart, area, min(known))


def is_lit_again(chart: Chart, line: Line, name: str, visit: Visit) -> bool:
    """Whether a nodule without viable tissue at an earlier look has some now, of any size.

    What is too small to measure, or has no second diameter, is viable tissue without an area. What
    has merged into another lesion has none of its own.
    """
    if not chart.criteria.comes_back or not chart.has_area(name):
        return False
    judge = Judge(chart, line)
    read = judge.targets if name in line.targets else judge.nontargets
    now = read.whole(name, visit)
    if now is None or not now.evaluable or now.size is None or now.gone or now.merged:
        return False
    earlier = [read.whole(name, each) for each in looks_before(line, name, visit)]
    return any(each is not None and each.evaluable and each.gone for each in earlier)
