"""A line of therapy: what is written of it, and what the oracle finds out about it, in order."""

from __future__ import annotations

from dataclasses import dataclass, field

from .oracle_chart import Document, Visit, day_of
from .oracle_words import agent_names


@dataclass(eq=False)
class Line:
    """One line. Everything after `baseline` is filled in step by step."""

    written: Document
    number: int
    next_start: int | None
    baseline: Visit | None = None
    followups: list[Visit] = field(default_factory=list)
    base_record: dict[str, Visit | None] = field(default_factory=dict)
    """By lesion: the visit whose record is what the baseline says of it."""
    prior: dict[str, Visit | None] = field(default_factory=dict)
    """By lesion: the visit that holds its prior record."""
    meanings: dict[str, str] = field(default_factory=dict)
    """By lesion: what its prior record makes of it."""
    targets: list[str] = field(default_factory=list)
    nontargets: list[str] = field(default_factory=list)
    candidates: list[str] = field(default_factory=list)
    proof: dict[str, int] = field(default_factory=dict)
    """By effusion proven late: the day of its proof."""
    detections: dict[str, list[Visit]] = field(default_factory=dict)
    new_from: dict[str, int] = field(default_factory=dict)
    by_growth_only: dict[str, int] = field(default_factory=dict)
    """By nodule that is new by growth in spite of a negative biopsy: the day from which."""
    problems: set[str] = field(default_factory=set)
    timepoints: list[Document] = field(default_factory=list)
    progression: Document | None = None

    @property
    def start(self) -> int:
        return day_of(self.written["start"])

    @property
    def names(self) -> set[str]:
        """The canonical names of its agents."""
        return {name for agent in self.written["agents"] for name in agent_names(agent)}

    @property
    def named(self) -> set[str]:
        """The lesions that the line names."""
        return {*(self.written.get("targets") or ()), *(self.written.get("nontargets") or ())}

    @property
    def names_nontargets(self) -> bool:
        return self.written.get("nontargets") is not None

    def nontargets_at(self, visit: Visit) -> list[str]:
        """The non-targets, with the effusions proven up to a visit."""
        if self.names_nontargets:
            return self.nontargets
        late = [name for name, day in self.proof.items() if day <= visit.day]
        return self.nontargets + late

    def is_candidate(self, name: str, visit: Visit) -> bool:
        """Whether a candidate still is one at a visit: proven effusions are up to their proof."""
        return self.names_nontargets or visit.day <= self.proof.get(name, visit.day)


def lines_of(case: Document) -> list[Line]:
    """The lines of a case by start."""
    written = sorted(case["lines"], key=lambda line: day_of(line["start"]))
    starts = [day_of(line["start"]) for line in written]
    return [
        Line(line, number, following)
        for number, (line, following) in enumerate(
            zip(written, [*starts, None][1:], strict=True), 1
        )
    ]
