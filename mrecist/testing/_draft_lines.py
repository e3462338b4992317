"""The lesions, dates and lines of a draft, before anything is said of them."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ._choices import MORE, ONE_IN_6, ONE_IN_12, Document, Draw
from ._course_choices import (
    AGENTS,
    ENDS,
    FOLLOWUPS,
    IDS,
    MORE_FOLLOWUPS,
    NAMED,
    NAMED_BASELINES,
    NAMED_MOSTLY,
    OPENINGS,
    PLAIN,
    ROLES,
    STEPS,
    STOPS,
    TIGHT_STEPS,
)
from ._draft_findings import DraftLesion
from ._lesion_choices import (
    CROWD,
    ENTRY,
    ENTRY_AT,
    ENTRY_LATE,
    LESIONS,
    MEASURED,
    NEWCOMERS,
    NODES,
    ORGANS,
    SAME_ORGAN,
    UNMEASURED,
    WHOLE,
    Sort,
)

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

__all__ = [
    "DraftDays",
    "DraftLine",
    "date_of",
    "draw_lesions",
    "draw_line",
    "line_document",
    "open_line",
]

Sizes = dict[str, int | None]
"""The size of each lesion at a time point, where it has one (micrometres)."""


class DraftLine:
    """A line of the draft: days, and the rough idea of its targets and totals."""

    def __init__(self, start: int) -> None:
        self.start = start
        self.agents: list[str] = []
        self.stop: int | None = None  # days from its start
        self.end_reason: str | None = None
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


# How a flavour's crowd of lesions goes on, how many it has at most, of which kinds; any other:
# some, of every kind.
_CROWDS: dict[str, tuple[int, int, SearchStrategy[Sort]]] = {
    "crowd": (15, 9, CROWD),
    "same organ": (5, 5, SAME_ORGAN),
    "many organs": (10, 9, CROWD),
    "unmeasured": (1, 3, UNMEASURED),
    "responding": (1, 3, LESIONS),
    "candidates": (1, 3, LESIONS),
    "clean": (1, 3, LESIONS),
}


def draw_lesions(draw: Draw, flavour: str, most: int) -> Iterator[DraftLesion]:
    """The lesions of the case, with the time point at which each is first seen.

    One after the other, so that the caller may draw more of a lesion before the next.
    """
    go_on, limit, _ = _crowd(flavour)
    names = draw(IDS)
    for index in range(min(limit, most)):
        # Only a clean chart may be without a lesion.
        if (index > 0 or flavour == "clean") and not draw(MORE[go_on]):
            break
        kind, text, organ, more = _sort(draw, flavour, index)
        entry = {"id": names[index], "organ": text, "kind": kind, **more}
        lesion = DraftLesion(entry, organ, draw(WHOLE) if organ == "liver" else "equal")
        late = (flavour == "candidates" and index == 0) or flavour == "clean"
        when = draw(ENTRY_LATE if late else ENTRY)
        if when != "at once":
            lesion.first_index = draw(ENTRY_AT)
            lesion.absent_before = when == "later, absent before"
        yield lesion


def _crowd(flavour: str) -> tuple[int, int, SearchStrategy[Sort]]:
    return _CROWDS.get(flavour, (3, 6, LESIONS))


_EFFUSION: Sort = ("effusion", "pleura", "pleura", {})
_LEADERS = {"candidates": NEWCOMERS, "nodes": NODES, "steered": MEASURED, "responding": MEASURED}


def _sort(draw: Draw, flavour: str, index: int) -> Sort:
    """What the lesion at this place of the list is: the first is what the flavour is about."""
    if flavour == "many organs":
        return ORGANS[index]
    if index > 0 or flavour not in {*_LEADERS, "effusions"}:
        return draw(_crowd(flavour)[2])
    return _EFFUSION if flavour == "effusions" else draw(_LEADERS[flavour])


class DraftDays:
    """The days of time points and of lines' starts, counted from the first event."""

    def __init__(self, draw: Draw, flavour: str, most: int) -> None:
        self.draw = draw
        self.scans: list[int] = []
        self.starts: list[int] = []
        self._most = most
        often = flavour in ("responding", "reported")
        self.followups = MORE_FOLLOWUPS if often else FOLLOWUPS
        self._steps = TIGHT_STEPS if often else STEPS

    @property
    def full(self) -> bool:
        """Whether there are as many time points as there may be."""
        return len(self.scans) >= self._most

    def open_first(self) -> bool:
        """The first line's start; whether a time point comes on or before it."""
        if self.draw(ONE_IN_12):
            self.starts.append(0)
            return False
        self.scans.append(0)
        self.starts.append(self.draw(OPENINGS)[0])
        return True

    def open_next(self) -> tuple[int, bool]:
        """The wait for a further line's start, and whether a time point of its own precedes it."""
        wait, own_scan = self.draw(OPENINGS)
        own_scan = own_scan and not self.full
        if own_scan:
            self.scans.append(max([*self.scans, self.starts[-1]]) + 20)
        return wait, own_scan

    def start(self, wait: int) -> None:
        """A further line's start, so long after all that came before."""
        day = max([*self.scans, self.starts[-1]]) + wait
        self.starts.append(day if day > self.starts[-1] else self.starts[-1] + 21)

    def step(self) -> None:
        """The day of the next time point."""
        since, days = self.draw(self._steps)
        previous = self.scans[-1] if self.scans else self.starts[-1]
        day = self.starts[-1] + days if since == "start" else previous + days
        self.scans.append(day if day > previous else previous + 28)


def draw_line(
    draw: Draw, flavour: str, days: DraftDays, lesions: list[DraftLesion], named: bool
) -> DraftLine:
    """A line, with its agents and its end, and what it names: baseline, targets, non-targets."""
    line = DraftLine(days.starts[-1])
    line.agents = list(draw(AGENTS))
    if draw(PLAIN):
        return line
    line.stop, line.end_reason = draw(STOPS), draw(ENDS)
    if not named:
        return line
    if draw(ONE_IN_6):
        line.named_baseline = max(0, len(days.scans) - 1 + draw(NAMED_BASELINES))
    how = draw(NAMED_MOSTLY if flavour == "many organs" else NAMED)
    if how is not None:
        line.named = _named(draw, how, lesions)
    return line


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


def date_of(origin: int | str, day: int) -> int | str:
    """The day as the document writes dates: from an ISO origin, or a study day."""
    if isinstance(origin, str):
        return (datetime.date.fromisoformat(origin) + datetime.timedelta(days=day)).isoformat()
    return origin + day


def line_document(
    line: DraftLine, following: int | None, scans: list[int], origin: int | str
) -> Document:
    """A line as the document has it."""
    document: Document = {"agents": line.agents, "start": date_of(origin, line.start)}
    stop = line.stop
    if stop is not None:
        if following is not None and stop == 30:
            stop = min(stop, following - line.start)
        document["stop"] = date_of(origin, line.start + stop)
    if line.end_reason is not None:
        document["end_reason"] = line.end_reason
    allowed = [day for day in scans if following is None or day <= following]
    if line.named_baseline is not None and line.named_baseline < len(allowed):
        document["baseline"] = date_of(origin, allowed[line.named_baseline])
    for key, ids in line.named.items():
        document[key] = list(ids)
    return document
