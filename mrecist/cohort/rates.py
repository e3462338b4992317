"""Rates of objective response and disease control, by groups of lines.

An interval needs SciPy, `mrecist[stats]`, which is imported only then.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import nan
from typing import Any

import numpy as np

from .._base.arrays import Array
from .._base.converters import shown
from .._base.errors import Problem
from .._base.extras import extra
from .._base.words import Response
from ..rulebook.best_response import BEST, CONTROLLED, OBJECTIVE
from ..rulebook.confirmation import CONFIRMED
from ..rulebook.criteria import Criteria
from ..rulebook.decision_table import members, verdicts
from ..rulebook.immune_criteria import ImmuneCriteria
from ..tables.column import Coded, Plain
from ..tables.intake import Read
from .groups import line_groups, of_line, refuse_several
from .panel import Panel

__all__ = [
    "clopper_pearson",
    "rate_columns",
    "shares",
    "tail_of",
    "without_disease",
]


def rate_columns(
    data: Read,
    criteria: Criteria | ImmuneCriteria,
    panel: Panel,
    by: str | Iterable[str] | None,
    *,
    line: int | None,
    confirmed: bool,
    level: str | Fraction | float | None,
) -> dict[str, Any]:
    """One row per group of lines: objective response and disease control, with their intervals.

    Lines without disease at baseline are told apart, and count in no rate.
    """
    tail = None if level is None else tail_of(level)
    some = of_line(panel, line)
    found = line_groups(data, panel, by, some)
    without = without_disease(panel)
    refuse_several(data, panel, found, some & ~without, "rates")
    rule = panel.lines.confirmed_rule if confirmed else panel.lines.best_rule
    best = verdicts(CONFIRMED if confirmed else BEST, rule)[some]
    without, group, count = without[some], found.group[some], found.number
    diseased = np.bincount(group[~without], minlength=count)
    columns: dict[str, Any] = {"criteria": Coded(np.zeros(count, np.int8), [criteria.name])}
    columns |= found.columns | {
        "lines": Plain(diseased),
        "without_disease": Plain(np.bincount(group[without], minlength=count)),
    }
    for counted, rate, words in (
        ("responders", "response", OBJECTIVE),
        ("controlled", "control", CONTROLLED),
    ):
        hits = np.bincount(group[members(Response, words)[best] & ~without], minlength=count)
        columns[counted] = Plain(hits)
        columns |= shares(rate, hits, diseased, tail)
    return columns


def without_disease(panel: Panel) -> Array:
    """Which lines have no disease at baseline to respond."""
    return panel.lines.problems & Problem.NO_DISEASE_AT_BASELINE.value > 0


def shares(name: str, hits: Array, lines: Array, tail: float | None) -> dict[str, Plain]:
    """The share of hits with its interval, where there are any lines."""
    none = lines == 0
    ends = {"rate": hits / np.maximum(lines, 1)}
    if tail is not None:
        ends["low"], ends["high"] = clopper_pearson(hits, lines, tail)
    return {
        f"{name}_{end}": Plain(np.where(none, nan, values), none) for end, values in ends.items()
    }


def tail_of(level: str | Fraction | float) -> float:
    """The probability that an interval of this level leaves out on each side."""
    try:
        share = Fraction(str(level) if isinstance(level, float) else level)
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        share = Fraction(0)
    if not 0 < share < 1:
        raise ValueError(f'level must be between 0 and 1, such as "0.95", got {shown(level)}')
    return float((1 - share) / 2)


def clopper_pearson(hits: Array, lines: Array, tail: float) -> tuple[Array, Array]:
    """The exact interval of each share `hits / lines`, from both tails of the binomial.

    Clopper and Pearson, Biometrika 1934;26:404-413, through quantiles of the beta distribution.
    `tail` is left out on either side: 0.025 for 95 %. Needs SciPy.
    """
    beta = _stats().beta
    low = beta.ppf(tail, np.maximum(hits, 1), lines - hits + 1)
    high = beta.isf(tail, hits + 1, np.maximum(lines - hits, 1))
    return np.where(hits > 0, low, 0.0), np.where(hits < lines, high, 1.0)


def _stats() -> Any:
    """SciPy's statistics, the extra `stats`."""
    other = "; level=None gives rates alone"
    return extra("scipy.stats", of="stats", purpose="an interval needs", else_=other)
