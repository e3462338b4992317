"""The findings of one time point after the other, steered to where the rules decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._choices import EVENLY, INDICES, ONE_IN_4, Document, Draw
from ._course_choices import PAUSE_BEGINS, PAUSES
from ._draft_findings import DraftLesion, Writer, effusion_finding, finding
from ._draft_lines import DraftLine, Sizes
from ._finding_choices import (
    ACTIONS,
    EFFUSIONS,
    EFFUSIONS_AT_FIRST,
    EXCEPTIONS,
    GOALS,
    HOW_GONE,
    IN_PART,
    NODE_AT_FIRST,
    NODULE_SEEN,
    NODULE_THEN,
    OTHER_SEEN,
    OTHER_THEN,
    OTHERS,
    PLANS,
    RESPONDING,
    Action,
    EffusionState,
)
from ._lesion_choices import LARGE, LARGE_OR_ODD, SIZES, SIZES_OR_ODD

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

__all__ = ["DraftTimepoints"]


def total_at(anchor: str, *, baseline: int, nadir: int, latest: int) -> int:
    """The total, in micrometres, that an anchor stands for."""
    return {
        "0.7 B": 7 * baseline // 10,
        "0.4 B": 4 * baseline // 10,
        "1.2 N": -(-6 * nadir // 5),
        "1.1 N": 11 * nadir // 10,
        "1.6 N": 16 * nadir // 10,
        "N + 5": nadir + 5_000,
        "N": nadir,
        "B": baseline,
        "tiny": 3_000,
        "zero": 0,
        "same": latest,
    }[anchor]


def _share(total: int, lesions: list[DraftLesion]) -> dict[str, int]:
    """The total spread over the lesions in proportion to their latest sizes, to the micrometre."""
    whole = sum(lesion.size for lesion in lesions)
    shares: dict[str, int] = {}
    left = total
    for lesion in lesions[1:]:
        # On a 0.1 mm grid, so that only the first carries the odd micrometres.
        shares[lesion.id] = total * lesion.size // whole // 100 * 100
        left -= shares[lesion.id]
    shares[lesions[0].id] = left
    return shares


class DraftTimepoints:
    """Draws one time point after the other, keeping the totals of the line it steers."""

    def __init__(self, draw: Draw, flavour: str, write: Writer) -> None:
        self.draw = draw
        self.flavour = flavour
        self.lesions: list[DraftLesion] = []
        self.write = write
        self._first_sizes: SearchStrategy[int | None] = SIZES_OR_ODD
        if flavour in ("steered", "responding", "reported"):
            self._first_sizes = LARGE if flavour == "steered" else LARGE_OR_ODD
        self.targets: list[DraftLesion] = []  # of the line that is steered
        # A run of time points without findings, between responses.
        self.pause = range(0)
        length = draw(PAUSES) if flavour in ("responding", "reported") else 0
        if length:
            begin = draw(PAUSE_BEGINS)
            self.pause = range(begin, begin + length)

    def enter(self, lesion: DraftLesion, findings: list[Document], sizes: Sizes) -> None:
        """One more lesion, and what the first time point says of it: mostly a target's size."""
        draw = self.draw
        self.lesions.append(lesion)
        if lesion.first_index > 0:
            self._before(lesion, findings)
            return
        found: Document | None
        if lesion.kind == "effusion":
            found = effusion_finding(lesion, draw(EFFUSIONS_AT_FIRST), self.write)
        elif not lesion.measurable:
            found = {"lesion": lesion.id, "status": "present"}
        elif lesion.kind == "node" and self.flavour == "nodes":
            action = draw(NODE_AT_FIRST)
            found, sizes[lesion.id] = finding(draw, lesion, action, self.write)
            lesion.size = sizes[lesion.id] or lesion.size
        else:
            size = draw(self._first_sizes)
            action = "keep" if size is not None else draw(ACTIONS)
            lesion.size = size or lesion.size
            found, sizes[lesion.id] = finding(draw, lesion, action, self.write)
        self._add(findings, found)

    def later(
        self, index: int, line: DraftLine, opens_next: bool
    ) -> tuple[list[Document], Sizes, bool]:
        """The findings of a later time point, the sizes by them, and the arterial phase."""
        draw = self.draw
        if index in self.pause:
            return [], {}, True
        plan = draw(PLANS[self.flavour])
        if opens_next and draw(EVENLY):
            plan = "fresh"  # as a rule there is disease at the next line's baseline
        findings: list[Document] = []
        sizes: Sizes = {}
        if plan == "empty":
            return findings, sizes, True
        self.targets = line.targets or []
        actions, others, how = self._planned(plan, line)
        for lesion in self.lesions:
            if index < lesion.first_index:
                self._before(lesion, findings)
                continue
            if plan == "unseen":
                findings.append({"lesion": lesion.id, "status": "not evaluable"})
                continue
            action = actions.get(lesion.id)
            if lesion.kind == "effusion" and action is None:
                self._add(findings, self._effusion(lesion, others))
                continue
            if action is None:
                action = self._own_action(lesion, plan) or self._other_action(lesion, others, how)
            found, size = finding(draw, lesion, action, self.write)
            self._add(findings, found)
            if found is None:
                continue
            if lesion.size_at_first is None and size is not None:
                lesion.size_at_first = size
            sizes[lesion.id] = None if plan == "portal" and lesion.by_viable else size
            if size:
                lesion.size = size
        return findings, sizes, plan != "portal"

    def _planned(self, plan: str, line: DraftLine) -> tuple[dict[str, Action], str, str]:
        """What the plan has targets do, what all others do, and how a lesion goes."""
        draw, targets = self.draw, self.targets
        actions: dict[str, Action] = {}
        if plan in ("steer", "portal"):
            others = draw(OTHERS)
            if draw(ONE_IN_4) and self.lesions:
                exception = self._any_lesion()
                actions[exception] = draw(EXCEPTIONS)
            measured = [lesion for lesion in targets if lesion.id not in actions]
            if measured:
                actions.update(self._steered(line, measured))
            return actions, others, "absent"
        if not plan.startswith("gone"):
            return actions, "keep", "absent"
        how = draw(HOW_GONE)
        actions.update({lesion.id: how for lesion in targets})
        if plan in ("gone but one", "gone, one unseen") and self.lesions:
            actions[self._any_lesion()] = "keep" if plan == "gone but one" else "skip"
        return actions, "skip" if plan == "gone, others unseen" else "gone", how

    def _steered(self, line: DraftLine, lesions: list[DraftLesion]) -> dict[str, Action]:
        """Sizes of the lesions that bring the line's total where it is to be."""
        goals = RESPONDING if self.flavour == "responding" else GOALS
        anchor, beside = self.draw(goals if len(lesions) == len(self.targets) else IN_PART)
        total = total_at(
            anchor, baseline=line.total_at_baseline, nadir=line.nadir, latest=line.total
        )
        shares = _share(max(0, total + beside), lesions)
        return {name: ("set", size) for name, size in shares.items()}

    def _any_lesion(self) -> str:
        return self.lesions[self.draw(INDICES[len(self.lesions) - 1])].id

    def _effusion(self, lesion: DraftLesion, others: str) -> Document | None:
        if others == "gone":
            state: EffusionState = ("absent", None)
        elif others == "keep" and self.flavour in ("steered", "responding"):
            state = ("present", None)
        else:
            state = self.draw(EFFUSIONS)
        return effusion_finding(lesion, state, self.write)

    def _own_action(self, lesion: DraftLesion, plan: str) -> Action | None:
        """What a lesion does by itself, whatever the plan has the others do."""
        if plan == "fresh" and lesion.measurable:
            return "size"
        if plan == "mixed":
            return self.draw(ACTIONS)
        if lesion.first_index == 0 or lesion in self.targets:
            return None
        first = lesion.size_at_first is None
        if first:
            lesion.size = self.draw(SIZES)
        if lesion.is_liver_nodule:
            return self.draw(NODULE_SEEN if first else NODULE_THEN)
        return self.draw(OTHER_SEEN if first else OTHER_THEN)

    @staticmethod
    def _other_action(lesion: DraftLesion, others: str, how: str) -> str:
        """What a lesion that is no target does."""
        if others == "gone":
            return how if lesion.measurable else "absent"
        if others == "keep":
            return "keep" if lesion.measurable else "present"
        return others

    @staticmethod
    def _before(lesion: DraftLesion, findings: list[Document]) -> None:
        """A time point before the lesion is first seen."""
        if lesion.absent_before:
            findings.append({"lesion": lesion.id, "status": "absent"})

    @staticmethod
    def _add(findings: list[Document], found: Document | None) -> None:
        if found is not None:
            findings.append(found)
