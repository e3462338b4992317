"""Facts of a line that its time points share."""

from __future__ import annotations

import attrs

from ..model import TherapyLine
from .baseline import Roles
from .chart import Chart
from .new_lesions import NewLesionRecord

__all__ = []


@attrs.frozen(eq=False, repr=False)
class LineFacts:
    """What the time points of one line share: the chart, the line, its baseline and roles."""

    chart: Chart
    number: int
    line: TherapyLine
    baseline: int | None
    roles: Roles
    news: tuple[NewLesionRecord, ...]
