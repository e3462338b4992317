"""Rates of all lines, and of each group of each of several columns, one under the other."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import numpy as np

from .._base.errors import check_type
from ..rulebook.criteria import Criteria
from ..rulebook.immune_criteria import ImmuneCriteria
from ..tables.column import Coded, Plain
from ..tables.intake import Read
from .groups import line_groups, of_line
from .panel import Panel
from .rates import rate_columns

__all__ = ["subgroup_columns"]

ALL = "all"
"""What the first row, of all lines, is called."""


def subgroup_columns(
    data: Read,
    criteria: Criteria | ImmuneCriteria,
    panel: Panel,
    columns: Iterable[str] | str,
    *,
    line: int | None,
    confirmed: bool,
    level: str | Fraction | float | None,
) -> dict[str, Any]:
    """One row for all lines, then one per group of each column, in the order given."""
    check_type(columns, Iterable, "columns must be names of columns")
    names = (columns,) if isinstance(columns, str) else tuple(columns)
    parts = [rate_columns(data, criteria, panel, None, line=line, confirmed=confirmed, level=level)]
    heads, values = [ALL], [""]
    for name in names:
        part = rate_columns(
            data, criteria, panel, name, line=line, confirmed=confirmed, level=level
        )
        groups = line_groups(data, panel, name, of_line(panel, line))
        heads += [name] * groups.number
        values += ["" if title is None else str(title) for title in groups.titles()]
        parts.append(part)
    count = len(heads)
    table: dict[str, Any] = {
        "criteria": Coded(np.zeros(count, np.int8), [criteria.name]),
        "subgroup": Coded(np.arange(count), heads),
        "value": Coded(np.arange(count), values),
    }
    numbers = [name for name in parts[0] if name != "criteria"]
    return table | {name: _end_to_end([part[name] for part in parts]) for name in numbers}


def _end_to_end(columns: list[Plain]) -> Plain:
    """Columns one under the other."""
    values = np.concatenate([column.values for column in columns])
    if all(column.null is None for column in columns):
        return Plain(values)
    return Plain(values, np.isnan(values))
