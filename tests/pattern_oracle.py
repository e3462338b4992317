"""A second answer to how a line progressed: if-ladders over the case document, fractions of mm.

It shares the reading of charts with `oracle.py` and no code with the library. `patterns_of` gives
one row a line: `None` without a progression.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from oracle import (
    assess_line,
    baseline_of,
    becomes_new,
    day_of,
    first_detection,
    followups_of,
    is_gone,
    is_known,
    is_recorded_not_evaluable,
    nontarget_state,
    organ_of,
    roles_of,
    size_at,
    target_response,
)

Document = dict[str, Any]
ORDER = ["IHG", "NIH", "EHG", "NEH"]


def place_of(lesion: Document) -> str:
    """`liver`, `beyond` or `vein`."""
    if lesion["kind"] == "thrombus":
        return "vein"
    if lesion["kind"] in ("node", "effusion"):
        return "beyond"
    return "liver" if organ_of(lesion) == "liver" else "beyond"


def patterns_of(
    case: Document, criteria: str = "mrecist", stage_before: str | None = None
) -> list[Document | None]:
    """How each line progressed: codes, dominant code, tumour in vein, BCLC stage."""
    timepoints = sorted(case["timepoints"], key=lambda timepoint: day_of(timepoint["date"]))
    lines = sorted(case["lines"], key=lambda line: day_of(line["start"]))
    return [
        pattern_of(case, criteria, timepoints, lines, index, stage_before)
        for index in range(len(lines))
    ]


def pattern_of(
    case: Document,
    criteria: str,
    timepoints: list[Document],
    lines: list[Document],
    index: int,
    stage_before: str | None,
) -> Document | None:
    assessed = assess_line(case, criteria, timepoints, lines, index)
    if assessed["progression"] is None:
        return None
    date = assessed["progression"]["date"]
    baseline = baseline_of(lines[index], timepoints)
    followups = followups_of(lines, index, baseline, timepoints)
    (now,) = [timepoint for timepoint in followups if timepoint["date"] == date]
    earlier = followups[: followups.index(now)]
    targets, nontargets = roles_of(case, lines[index], baseline, timepoints, criteria)
    found: set[tuple[str, str]] = set()
    advanced = False
    if baseline is not None:
        by_target = "target" in assessed["progression"]["causes"]
        found |= growth_of(targets, baseline, earlier, now, criteria, by_target)
        for lesion in nontargets:
            if nontarget_state(lesion, now, timepoints, criteria) == "progressed":
                found.add((place_of(lesion), "growth"))
        if "recurrence" in assessed["progression"]["causes"]:
            for lesion in targets:
                word, size = size_at(lesion, now, criteria)
                if word == "known" and not is_gone(lesion, size):
                    found.add((place_of(lesion), "growth"))
            for lesion in nontargets:
                state = nontarget_state(lesion, now, timepoints, criteria)
                if state in ("progressed", "persisting"):
                    found.add((place_of(lesion), "growth"))
        for lesion in case["lesions"]:
            known = is_known(lesion, baseline, timepoints, criteria)
            if lesion in targets or lesion in nontargets or known:
                seen = not is_recorded_not_evaluable(lesion, baseline)
                advanced = advanced or (seen and place_of(lesion) != "liver")
                continue
            first = first_detection(lesion, followups, baseline, timepoints, criteria)
            if first is None or day_of(first["date"]) > day_of(now["date"]):
                continue
            if becomes_new(lesion, first, followups, baseline, timepoints, criteria):
                found.add((place_of(lesion), "new"))
    return told(found, date, advanced, stage_before)


def growth_of(
    targets: list[Document],
    baseline: Document,
    earlier: list[Document],
    now: Document,
    criteria: str,
    by_target: bool,
) -> set[tuple[str, str]]:
    """The places whose targets progressed by themselves, else those that rose at all."""
    alone, rose = set(), set()
    for place in ("liver", "beyond", "vein"):
        own = [lesion for lesion in targets if place_of(lesion) == place]
        start = whole(own, baseline, criteria)
        if not own or start is None:
            continue
        nadir = start
        for timepoint in earlier:
            total = whole(own, timepoint, criteria)
            if total is not None and total < nadir:
                nadir = total
        if target_response(own, now, start, nadir, criteria) == "PD":
            alone.add((place, "growth"))
        sizes = [size_at(lesion, now, criteria)[1] for lesion in own]
        if sum((size for size in sizes if size is not None), Fraction(0)) > nadir:
            rose.add((place, "growth"))
    if by_target and not alone:
        return rose
    return alone


def whole(targets: list[Document], timepoint: Document, criteria: str) -> Fraction | None:
    """The total, where every target is evaluable."""
    total = Fraction(0)
    for lesion in targets:
        word, size = size_at(lesion, timepoint, criteria)
        if word != "known":
            return None
        total += size
    return total


def told(
    found: set[tuple[str, str]], date: Any, advanced: bool, stage_before: str | None
) -> Document:
    """What the signs come to."""
    codes = set()
    for place, how in found:
        if how == "new":
            codes.add("NIH" if place == "liver" else "NEH")
        else:
            codes.add("EHG" if place == "beyond" else "IHG")
    dominant = "unknown"
    for code in ORDER:
        if code in codes:
            dominant = code
    vein = "none"
    if ("vein", "growth") in found:
        vein = "grown"
    if ("vein", "new") in found:
        vein = "new"
    if not codes:
        stage = "unknown"
    elif "NEH" in codes:
        stage = "BCLCp-C2"
    elif "EHG" in codes or vein == "grown" or advanced or stage_before == "C":
        stage = "BCLCp-C1"
    elif stage_before == "B":
        stage = "BCLCp-B"
    else:
        stage = "unknown"
    return {
        "date": date,
        "codes": [code for code in ORDER if code in codes],
        "dominant": dominant,
        "vein": vein,
        "bclc": stage,
        "advanced": advanced,
    }
