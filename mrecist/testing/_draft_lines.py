"""The lesions, dates and lines of a draft, before anything is said of them."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from ._choices import INDICES, ONE_IN_4, ONE_IN_6, ONE_IN_12, Document, Draw
from ._course_choices import (
    AGENTS,
    ENDS,
    FOLLOWUPS,
    IDS,
    LINES,
    MORE_FOLLOWUPS,
    NAMED,
    NAMED_MOSTLY,
    OPENINGS,
    ROLES,
    STEPS,
    STOPS,
    TIGHT_STEPS,
)  # fmt: skip
from ._draft_findings import DraftLesion
from ._lesion_choices import (
    CROWD,
    ENTRY,
    ENTRY_LATE,
    FEW,
    FIVE_OR_SO,
    LESIONS,
    MANY,
    MEASURED,
    NEWCOMERS,
    NODES,
    ORGANS,
    SAME_ORGAN,
    SEVERAL,
    SOME,
    UNMEASURED,
    WHOLE,
    Sort,
)  # fmt: skip

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

__all__ = [
    "DraftLine", "date_of", "draw_days", "draw_lesions", "draw_lines", "line_document",
    "open_line", "opens_next",
]  # fmt: skip

Sizes = dict[str, int | None]
"""The size of each lesion at a time point, where it has one (micrometres)."""


class DraftLine:
    """A line of the draft: days, and the rough idea of its targets and totals."""

    def __init__(self, start: int) -> None:
        self.start = start
        self.named_baseline: int | None = None  # index of a time point
        self.named: dict[str, list[str]] = {}
        self.targets: list[DraftLesion] | None = None  # not yet looked at
        self.total_at_baseline = 0
        self.nadir = 0
        self.total = 0

    def follow(self, sizes: Sizes) -> None:
        """Take a time point into account: its total, where every target has a size."""
        measured = [sizes.get(lesion.id) for lesion in self.targets or []]
        if None not in measured:
            self.total = sum(size or 0 for size in measured)
            self.nadir = min(self.nadir, self.total)


# How many lesions a flavour of case has, and of which kinds; any other: some, of every kind.
_CROWDS: dict[str, tuple[SearchStrategy[int], SearchStrategy[Sort]]] = {
    "crowd": (MANY, CROWD),
    "same organ": (SEVERAL, SAME_ORGAN),
    "many organs": (FIVE_OR_SO, CROWD),
    "unmeasured": (FEW, UNMEASURED),
    "responding": (FEW, LESIONS),
    "candidates": (FEW, LESIONS),
    "clean": (FEW, LESIONS),
}


def draw_lesions(draw: Draw, flavour: str, most: int, scans: int) -> list[DraftLesion]:
    """The lesions of the case, with the time point at which each is first seen."""
    numbers, _ = _crowd(flavour)
    number = draw(numbers)
    if flavour == "clean" and draw(ONE_IN_4):
        number = 0
    names = draw(IDS)
    lesions = []
    for index in range(min(number, most, len(names))):
        kind, text, organ, more = _sort(draw, flavour, index)
        entry = {"id": names[index], "organ": text, "kind": kind, **more}
        lesion = DraftLesion(entry, organ, draw(WHOLE) if organ == "liver" else "equal")
        late = (flavour == "candidates" and index == 0) or flavour == "clean"
        when = draw(ENTRY_LATE if late else ENTRY)
        if when != "at once" and scans > 1:
            lesion.first_index = 1 + draw(INDICES[min(scans - 2, 4)])
            lesion.absent_before = when == "later, absent before"
        lesions.append(lesion)
    return lesions


def _crowd(flavour: str) -> tuple[SearchStrategy[int], SearchStrategy[Sort]]:
    return _CROWDS.get(flavour, (SOME, LESIONS))


_EFFUSION: Sort = ("effusion", "pleura", "pleura", {})
_LEADERS = {"candidates": NEWCOMERS, "nodes": NODES, "steered": MEASURED, "responding": MEASURED}


def _sort(draw: Draw, flavour: str, index: int) -> Sort:
    """What the lesion at this place of the list is: the first is what the flavour is about."""
    if flavour == "many organs":
        return ORGANS[index]
    if index > 0 or flavour not in {*_LEADERS, "effusions"}:
        return draw(_crowd(flavour)[1])
    return _EFFUSION if flavour == "effusions" else draw(_LEADERS[flavour])


def draw_days(
    draw: Draw, flavour: str, most_lines: int, most_scans: int
) -> tuple[list[int], list[int]]:
    """The days of the time points and of the lines' starts, counted from the first event."""
    followups, steps = FOLLOWUPS, STEPS
    if flavour in ("responding", "reported"):
        followups, steps = MORE_FOLLOWUPS, TIGHT_STEPS
    scans: list[int] = []
    starts: list[int] = []
    number = min(draw(LINES), most_lines)
    if draw(ONE_IN_12):
        starts.append(0)  # no time point on or before the first start
    else:
        scans.append(0)
        starts.append(draw(OPENINGS)[0])
    for index in range(number):
        if index > 0:
            wait, own_scan = draw(OPENINGS)
            latest = max([*scans, starts[-1]])
            if own_scan and len(scans) < most_scans:
                scans.append(latest + 20)
                latest = scans[-1]
            starts.append(latest + wait if latest + wait > starts[-1] else starts[-1] + 21)
        for _ in range(draw(followups)):
            if len(scans) >= most_scans:
                break
            since, days = draw(steps)
            previous = scans[-1] if scans else starts[-1]
            day = starts[-1] + days if since == "start" else previous + days
            scans.append(day if day > previous else previous + 28)
    return scans, starts


def draw_lines(
    draw: Draw, flavour: str, scans: list[int], starts: list[int], lesions: list[DraftLesion]
) -> list[DraftLine]:
    """The lines, with what they name: their baseline, targets, non-targets."""
    lines = []
    for index, start in enumerate(starts):
        line = DraftLine(start)
        lines.append(line)
        if scans != [] and draw(ONE_IN_6):
            following = starts[index + 1] if index + 1 < len(starts) else None
            allowed = [
                scan for scan, day in enumerate(scans) if following is None or day <= following
            ]
            if allowed:
                back = draw(INDICES[min(len(allowed) - 1, 4)])
                line.named_baseline = allowed[len(allowed) - 1 - back]
        how = draw(NAMED_MOSTLY if flavour == "many organs" else NAMED)
        if how is not None:
            line.named = _named(draw, how, lesions)
    return lines


def _named(draw: Draw, how: str, lesions: list[DraftLesion]) -> dict[str, list[str]]:
    """The targets and non-targets that a line names."""
    if how in ("empty", "all targets"):
        return {"targets": [] if how == "empty" else [lesion.id for lesion in lesions]}
    roles = {lesion.id: draw(ROLES) for lesion in lesions}
    lists = {
        f"{role}s": [name for name, each in roles.items() if each == role]
        for role in ("target", "nontarget")
    }
    return lists if how == "both" else {how: lists[how]}


def _likely_targets(line: DraftLine, lesions: list[DraftLesion], sizes: Sizes) -> list[DraftLesion]:
    """A rough idea of the line's targets; a wrong one only spoils the aim."""
    if "targets" in line.named:
        return [lesion for lesion in lesions if lesion.id in line.named["targets"]]
    fit = []
    for lesion in lesions:
        size = sizes.get(lesion.id)
        if lesion.id in line.named.get("nontargets", []):
            continue
        if lesion.measurable and size is not None and size >= lesion.smallest_target:
            fit.append((-size, lesion.id, lesion))
    fit.sort(key=lambda item: item[:2])
    chosen: list[list[DraftLesion]] = [[], []]
    seen: dict[str, int] = {}
    for _, _, lesion in fit:
        count = seen.get(lesion.organ, 0)
        seen[lesion.organ] = count + 1
        if count < 2:
            chosen[count].append(lesion)
    return (chosen[0][:5] + chosen[1])[:5]


def open_line(
    line: DraftLine,
    lesions: list[DraftLesion],
    scans: list[int],
    seen: list[Sizes],
) -> None:
    """Look at the line's baseline, once it lies behind, for targets, B and N."""
    baseline = line.named_baseline
    if baseline is None:
        before = [scan for scan in range(len(seen)) if scans[scan] <= line.start]
        baseline = before[-1] if before else 0
    if baseline >= len(seen):
        return  # named late: not yet drawn
    sizes = seen[baseline]
    line.targets = _likely_targets(line, lesions, sizes)
    total = sum(sizes.get(lesion.id) or 0 for lesion in line.targets)
    line.total_at_baseline = line.nadir = line.total = total


def opens_next(index: int, scans: list[int], starts: list[int]) -> bool:
    """Whether a line starts between this time point and the next."""
    following = scans[index + 1] if index + 1 < len(scans) else None
    for start in starts:
        if scans[index] <= start and (following is None or start < following):
            return True
    return False


def date_of(origin: int | str, day: int) -> int | str:
    """The day as the document writes dates: from an ISO origin, or a study day."""
    if isinstance(origin, str):
        return (datetime.date.fromisoformat(origin) + datetime.timedelta(days=day)).isoformat()
    return origin + day


def line_document(
    draw: Draw, line: DraftLine, following: int | None, scans: list[int], origin: int | str
) -> Document:
    """A line as the document has it."""
    document: Document = {"agents": list(draw(AGENTS)), "start": date_of(origin, line.start)}
    stop = draw(STOPS)
    if stop is not None:
        if following is not None and stop == 30:
            stop = min(stop, following - line.start)
        document["stop"] = date_of(origin, line.start + stop)
    reason = draw(ENDS)
    if reason is not None:
        document["end_reason"] = reason
    if line.named_baseline is not None:
        document["baseline"] = date_of(origin, scans[line.named_baseline])
    for key, ids in line.named.items():
        document[key] = list(ids)
    return document
