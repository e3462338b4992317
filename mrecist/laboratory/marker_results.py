"""What is said of a tumour marker: a value of a line, a response, a flare, a value beside an image.

Each is a record with the rule that fired and the numbers it saw; `markers.py` makes them.
"""

from __future__ import annotations

import math

import attrs

from .._base.converters import Date
from .._base.text import when
from .._base.words import Discordance, Flare, Met, Move, Response
from ..rulebook import papers
from ..rulebook.decision_table import Rule
from ..rulebook.markers import DISCORDANT
from .marker_levels import MarkerValue, Range, signed
from .marker_rules import Cut, MarkerRule

__all__ = ["CutResult", "MarkerFlare", "MarkerImaging", "MarkerPoint", "MarkerResponse"]


@attrs.frozen(kw_only=True)
class MarkerPoint:
    """One value of a line: its day in the line, its change from reference and nadir, its pace.

    Changes are ranges of exact shares. `nadir` is the lowest level before this value, the
    reference included; `None` where nothing was known before. `doubling_days` (a float, for
    display; negative: halving) is from the value before.
    """

    value: MarkerValue
    day: int
    change: Range | None
    nadir: Range | None
    change_from_nadir: Range | None
    doubling_days: float | None

    def __str__(self) -> str:
        told = f"day {self.day}: {self.value.level} {self.value.unit}"
        if self.change is not None:
            told += f", {signed(self.change)}"
        if self.change_from_nadir is not None:
            told += f", {signed(self.change_from_nadir)} from the nadir {self.nadir}"
        if self.doubling_days is not None and math.isfinite(self.doubling_days):
            way = "doubling" if self.doubling_days > 0 else "halving"
            told += f", {way} in {abs(self.doubling_days):.0f} days"
        return told


@attrs.frozen
class CutResult:
    """One cut of a rule, and whether it was met."""

    cut: Cut
    verdict: Met

    def __str__(self) -> str:
        return f"{self.cut.name} ({self.cut}): {self.verdict}"


@attrs.frozen(kw_only=True)
class MarkerResponse:
    """What a rule of marker response says of a line: `verdict`, `word`, and the numbers it saw.

    `verdict` is that of the rule's first cut. `word` names the first cut that is met, or what lies
    between them; `None` where that cannot be told. `point` is the value judged.
    """

    rule: MarkerRule
    analyte: str
    verdict: Met
    cuts: tuple[CutResult, ...]
    reference: MarkerValue | None
    point: MarkerPoint | None
    why: str

    @property
    def word(self) -> str | None:
        """The name of the first cut that is met, in the order of the rule."""
        for result in self.cuts:
            if result.verdict is Met.MET:
                return result.cut.name
            if result.verdict is not Met.NOT_MET:
                return None
        return self.rule.between if self.cuts else None

    @property
    def source(self) -> papers.Citation:
        """Where the rule comes from."""
        return self.rule.source

    def __str__(self) -> str:
        named = self.word if len(self.rule.cuts) > 1 and self.word else self.verdict
        return f"{self.rule.id} {named}: {self.why} [{self.rule.source}]"


@attrs.frozen(kw_only=True)
class MarkerFlare:
    """Whether an early rise of a marker was a flare: verdict, rule and sentence."""

    rule: Rule[Flare]
    risen: MarkerValue | None
    why: str

    @property
    def verdict(self) -> Flare:
        """What the table says."""
        return self.rule.verdict

    def __str__(self) -> str:
        return f"{self.verdict}: {self.why} [{self.rule.source}]"


@attrs.frozen(kw_only=True)
class MarkerImaging:
    """Marker and imaging of one time point, compared. Never part of the response."""

    date: Date
    response: Response
    rule: Rule[Discordance]
    now: Move
    before: Met
    point: MarkerPoint | None
    why: str

    @property
    def verdict(self) -> Discordance:
        """What the table says."""
        return self.rule.verdict

    @property
    def discordant(self) -> bool:
        """Whether the two are known to disagree."""
        return self.verdict in DISCORDANT

    def __str__(self) -> str:
        return f"{when(self.date)}: {self.verdict}: {self.why}"
