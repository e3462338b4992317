"""The areas of one patient's lesions, and what grew or came back lesion by lesion.

Only criteria that sum areas, or look at each lesion alone, ask for these.
"""

from __future__ import annotations

from .._base.exact import area
from .._base.words import Measure, Size
from ..rulebook.areas import AREA
from ..rulebook.decision_table import Rule
from .chart import ACROSS_UM, RECORDED_UM, Record

__all__ = ["area_of"]


def area_of(record: Record, measure: Measure) -> tuple[int | None, Rule[Size]]:
    """The area that a record gives by a diameter and the one across it; `None`: not known."""
    long, across = RECORDED_UM[measure](record.finding), ACROSS_UM[measure](record.finding)
    rule = AREA.decide(record.status, long is not None, long == 0, across is not None)
    if rule.verdict is Size.ZERO:
        return 0, rule
    if rule.verdict is Size.RECORDED and long is not None and across is not None:
        return area(int(long), int(across)), rule
    return None, rule
