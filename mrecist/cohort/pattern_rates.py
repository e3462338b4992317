"""How often progressions show each pattern, by groups of lines."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import numpy as np

from .._base.arrays import Array
from ..rulebook.criteria import Criteria
from ..rulebook.patterns import CODES
from ..tables.by_reading import taken_rows
from ..tables.column import Coded, Plain
from ..tables.intake import Read
from .groups import line_groups, of_line, refuse_several
from .panel import Panel
from .rates import shares, tail_of

__all__ = ["pattern_rate_columns"]

NO_PATTERN = "none"
"""What a progression shows that no lesion tells the place of."""


def pattern_rate_columns(
    data: Read,
    criteria: Criteria,
    panel: Panel,
    codes: Array,
    by: str | Iterable[str] | None,
    *,
    line: int | None,
    level: str | Fraction | float | None,
) -> dict[str, Any]:
    """One row per group of lines and pattern, of the lines that progressed.

    `codes` are the bits of `PatternColumns`, one element per line.
    """
    tail = None if level is None else tail_of(level)
    counted = of_line(panel, line) & (panel.lines.progression >= 0)
    groups = line_groups(data, panel, by, of_line(panel, line))
    refuse_several(data, panel, groups, counted, "rates")
    bits = codes[counted]
    group, count = groups.group[counted], groups.number
    shows = [*(bits >> place & 1 for place in range(len(CODES))), bits == 0]
    shown = np.stack(
        [np.bincount(group[each > 0], minlength=count) for each in shows], axis=1
    ).ravel()
    each = np.repeat(np.arange(count), len(shows))
    progressed = np.bincount(group, minlength=count)[each]
    return {
        "criteria": Coded(np.zeros(len(each), np.int8), [criteria.name]),
        **{name: taken_rows(column, each) for name, column in groups.columns.items()},
        "pattern": Coded(np.tile(np.arange(len(shows)), count), [*map(str, CODES), NO_PATTERN]),
        "progressed": Plain(progressed),
        "shown": Plain(shown),
        **shares("pattern", shown, progressed, tail),
    }
