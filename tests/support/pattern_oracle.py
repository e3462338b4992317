"""A second answer to how a line progressed: if-ladders over what the oracle found out.

`patterns_of` gives one row for each line: `None` without a progression.
"""

from __future__ import annotations

from dataclasses import replace

from .oracle import assessed_lines, counted_visits, total_of
from .oracle_areas import is_lit_again, response_by_area
from .oracle_chart import Chart, Document, Visit
from .oracle_line import Line
from .oracle_responses import recurring, target_response
from .oracle_roles import KNOWN
from .oracle_sizes import Judge, State

NOT_SHOWN = ("unseen", "unsized", "set apart", "into")
"""What a baseline does not show, though it is known of."""

ORDER = ["IHG", "NIH", "EHG", "NEH"]

Sign = tuple[str, str]
"""A place (`liver`, `beyond` or `vein`), and `growth` or `new`."""


def place_of(chart: Chart, name: str) -> str:
    """`liver`, `beyond` or `vein`."""
    kind = chart.lesions[chart.root(name)].kind
    if kind == "thrombus":
        return "vein"
    if kind in ("node", "effusion"):
        return "beyond"
    return "liver" if chart.lesions[chart.root(name)].organ == "liver" else "beyond"


def patterns_of(
    case: Document, criteria: str = "mrecist", stage_before: str | None = None
) -> list[Document | None]:
    """How each line progressed: codes, dominant code, tumour in vein, BCLC stage."""
    chart, lines = assessed_lines(case, criteria)
    return [pattern_of(chart, line, stage_before) for line in lines]


def pattern_of(chart: Chart, line: Line, stage_before: str | None) -> Document | None:
    if line.progression is None:
        return None
    date = line.progression["date"]
    if line.baseline is None:
        return told(set(), date, False, stage_before)
    now = next(visit for visit in line.followups if visit.date == date)
    return told(signs_of(chart, line, now), date, is_advanced(chart, line), stage_before)


def signs_of(chart: Chart, line: Line, now: Visit) -> set[Sign]:
    """All that shows that the line progressed."""
    words = {name: Judge(chart, line).nontarget(name, now) for name in line.nontargets_at(now)}
    grown = [
        name
        for name, word in words.items()
        if word == "PROGRESSED" or is_lit_again(chart, line, name, now)
    ]
    if "recurrence" in line.progression["causes"]:
        states = evaluable(chart, line, line.targets, now)
        grown += recurring(chart, line, states, words, counted_visits(line, now))
    signs = {(place_of(chart, name), "growth") for name in grown}
    signs |= {
        (place_of(chart, name), "new") for name, day in line.new_from.items() if day <= now.day
    }
    return signs | growth_of_targets(chart, line, now)


def is_advanced(chart: Chart, line: Line) -> bool:
    """Whether the baseline shows disease beyond the liver or in a vein."""
    known = [name for name, word in line.meanings.items() if word in KNOWN]
    return any(
        place_of(chart, name) != "liver"
        and line.meanings.get(name) not in NOT_SHOWN
        and line.base_record[name] is not None
        and chart.says_something(name, line.base_record[name])
        for name in {*line.targets, *line.nontargets, *known}
    )


def growth_of_targets(chart: Chart, line: Line, now: Visit) -> set[Sign]:
    """The places whose targets progressed by themselves, else those that rose at all."""
    alone, rose = set(), set()
    for place in ("liver", "beyond", "vein"):
        own = [name for name in line.targets if place_of(chart, name) == place]
        nadir = nadir_of(chart, line, own, now)
        if not own or nadir is None:
            continue
        states = evaluable(chart, line, own, now)
        if by_themselves(chart, replace(line, targets=own), now, states, nadir) == "PD":
            alone.add((place, "growth"))
        if total_of(chart, states) > nadir:
            rose.add((place, "growth"))
    if "target" in line.progression["causes"]:
        return alone or rose
    return alone


def by_themselves(
    chart: Chart, line: Line, now: Visit, states: dict[str, State], nadir: int
) -> str:
    """The response of the targets of a line that are all in one place."""
    if chart.criteria.area is not None:
        return response_by_area(chart, line, now, states, nadir, nadir)
    return target_response(
        len(line.targets), list(states.values()), nadir, nadir, chart.criteria.floor
    )


def evaluable(chart: Chart, line: Line, names: list[str], visit: Visit) -> dict[str, State]:
    """The states of the evaluable ones of some targets."""
    states = {name: Judge(chart, line).target(name, visit) for name in names}
    return {name: state for name, state in states.items() if state is not None}


def nadir_of(chart: Chart, line: Line, names: list[str], now: Visit) -> int | None:
    """The smallest total of some targets before a visit; None where the baseline has none."""
    judge = Judge(chart, line)
    records = [line.base_record[name] for name in names]
    if any(visit is None for visit in records):
        return None
    start = {
        name: judge.targets.whole(name, each) for name, each in zip(names, records, strict=True)
    }
    if any(not each.evaluable or each.size is None for each in start.values()):
        return None
    if chart.criteria.area is not None and any(each.area is None for each in start.values()):
        return None
    totals = [total_of(chart, start)]
    for visit in line.followups:
        states = evaluable(chart, line, names, visit)
        if visit.day < now.day and len(states) == len(names):
            totals.append(total_of(chart, states))
    return min(totals)


def told(signs: set[Sign], date: str | int, advanced: bool, stage_before: str | None) -> Document:
    """What the signs come to."""
    codes = {code_of(*sign) for sign in signs}
    vein = "none"
    if ("vein", "growth") in signs:
        vein = "grown"
    if ("vein", "new") in signs:
        vein = "new"
    return {
        "date": date,
        "codes": [code for code in ORDER if code in codes],
        "dominant": max(codes, key=ORDER.index, default="unknown"),
        "vein": vein,
        "bclc": stage_of(codes, vein, advanced or stage_before == "C", stage_before),
        "advanced": advanced,
    }


def code_of(place: str, how: str) -> str:
    if how == "new":
        return "NIH" if place == "liver" else "NEH"
    return "EHG" if place == "beyond" else "IHG"


def stage_of(codes: set[str], vein: str, advanced: bool, stage_before: str | None) -> str:
    if not codes:
        return "unknown"
    if "NEH" in codes:
        return "BCLCp-C2"
    if "EHG" in codes or vein == "grown" or advanced:
        return "BCLCp-C1"
    return "BCLCp-B" if stage_before == "B" else "unknown"
