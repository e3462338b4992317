"""What a chart probably means otherwise than it is read: never a verdict, never an error.

A problem says that something is odd by the rules; a note says that a word or a size which the
reader gave is not used, and which one would be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .._base.words import Kind, Measure
from ..rulebook.drugs import DRUGS, is_known
from .chart import Chart, Trait
from .sights import Sight, Sights

__all__ = ["notes"]

_LIKE_LIVER = re.compile(r"\b(liver|hepatic|hepar)\b")
_LIKE_PORTA_HEPATIS = re.compile(r"porta hepatis|hepatic hil|hepatoduodenal|periportal")
_GIVEN = {"viable_um": "viable_mm", "longest_um": "longest_mm", "short_axis_um": "short_axis_mm"}
_NEEDED = {
    Measure.VIABLE: "viable_mm",
    Measure.LONGEST: "longest_mm",
    Measure.SHORT: "short_axis_mm",
}


def notes(chart: Chart) -> tuple[str, ...]:
    """Every note on a chart, in its order: lesions, time points, lines."""
    return (*_on_lesions(chart), *_on_sizes(chart), *_on_agents(chart))


def _on_lesions(chart: Chart) -> Iterator[str]:
    for trait in chart.traits:
        lesion = trait.lesion
        told = f'lesion {lesion.id}: organ "{lesion.organ}"'
        unread = trait.organ != "liver" and _LIKE_LIVER.search(trait.organ)
        if lesion.kind is Kind.NODULE and unread:
            yield f'{told} is not read as the liver; write "liver", and the rest as label'
        at_hilum = _LIKE_PORTA_HEPATIS.search(lesion.organ.lower())
        if lesion.kind is Kind.NODE and not lesion.hilar and at_hilum:
            yield f"{told} is taken as any other node; a porta hepatis node says hilar: true"


def _on_sizes(chart: Chart) -> Iterator[str]:
    sights = Sights(chart)
    for place, timepoint in enumerate(chart.visits):
        for i, trait in enumerate(chart.traits):
            for given in _unused(trait, sights(place, i)):
                told = f"{given} is not used, {_NEEDED[trait.measure]} counts and is not recorded"
                yield f"time point {timepoint.date}, lesion {trait.lesion.id}: {told}"


def _unused(trait: Trait, sight: Sight) -> list[str]:
    if not sight.lacks_size or sight.finding is None:
        return []
    return [alias for name, alias in _GIVEN.items() if getattr(sight.finding, name) is not None]


def _on_agents(chart: Chart) -> Iterator[str]:
    for line in chart.lines:
        for agent in line.agents:
            known = [each.inn for each in DRUGS if each.inn in agent.lower()]
            if known and not is_known(agent):
                yield f'line of {line.start}: agent "{agent}" is not read as {known[0]}'
