"""Rates of objective response and disease control, by groups of lines.

An interval needs SciPy, `mrecist[stats]`, which is imported only then.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import nan
from typing import Any

import numpy as np

from .._base.arrays import Array, distinct
from .._base.converters import shown
from .._base.errors import Problem
from .._base.extras import extra
from .._base.words import Response
from ..rulebook.best_response import BEST, CONTROLLED, OBJECTIVE
from ..rulebook.confirmation import CONFIRMED
from ..rulebook.criteria import Criteria
from ..rulebook.decision_table import members, verdicts
from ..rulebook.drugs import named
from ..tables.clean import Lines
from ..tables.column import Coded, Plain
from ..tables.intake import Read
from .panel import Panel

__all__ = [
    "clopper_pearson",
    "line_groups",
    "rate_columns",
    "shares",
    "tail_of",
    "without_disease",
]


def rate_columns(
    data: Read, criteria: Criteria, panel: Panel, by: str | Iterable[str] | None, *,
    confirmed: bool, level: str | Fraction | float | None,
) -> dict[str, Any]:  # fmt: skip
    """One row per group of lines: objective response and disease control, with their intervals.

    Lines without disease at baseline are told apart, and count in no rate.
    """
    tail = None if level is None else tail_of(level)
    groups, group, count = line_groups(data, panel, by)
    rule = panel.lines.confirmed_rule if confirmed else panel.lines.best_rule
    best = verdicts(CONFIRMED if confirmed else BEST, rule)
    without = without_disease(panel)
    diseased = np.bincount(group[~without], minlength=count)
    columns: dict[str, Any] = {"criteria": Coded(np.zeros(count, np.int8), [criteria.name])}
    columns |= groups | {
        "lines": Plain(diseased),
        "without_disease": Plain(np.bincount(group[without], minlength=count)),
    }
    for counted, rate, words in (
        ("responders", "response", OBJECTIVE), ("controlled", "control", CONTROLLED),
    ):  # fmt: skip
        hits = np.bincount(group[members(Response, words)[best] & ~without], minlength=count)
        columns[counted] = Plain(hits)
        columns |= shares(rate, hits, diseased, tail)
    return columns


def without_disease(panel: Panel) -> Array:
    """Which lines have no disease at baseline to respond."""
    return panel.lines.problems & Problem.NO_DISEASE_AT_BASELINE.value > 0


def line_groups(
    data: Read, panel: Panel, by: str | Iterable[str] | None
) -> tuple[dict[str, Any], Array, int]:
    """Group lines: the columns that name the groups, each line's group, the number of groups."""
    names = _asked(by)
    keys = [_grouping(name, data, panel) for name in names]
    used, group = _groups([key.codes for key in keys], len(panel.lines.patient))
    columns = {
        name: _column(key, codes) for name, key, codes in zip(names, keys, used, strict=True)
    }
    return columns, group, len(used[0]) if used else 1


def _asked(by: str | Iterable[str] | None) -> tuple[str, ...]:
    """The names of the columns to group by."""
    names = () if by is None else (by,) if isinstance(by, str) else tuple(by)
    if not set(names) <= {"line", "agents"} or len(set(names)) < len(names):
        raise ValueError(f'by must be "line", "agents", both or None, got {shown(by)}')
    return names


def _grouping(name: str, data: Read, panel: Panel) -> Coded:
    """The key to group lines by, with codes in the order of the groups."""
    if name == "agents":
        return _regimens(data.lines, panel.lines.agents)
    number = panel.lines.number
    return Coded(number, range(int(number.max(initial=0)) + 1))


def _regimens(lines: Lines | None, agents: Array) -> Coded:
    """The agents of each line by nonproprietary name; the same ones in any order are the same.

    Agents are written in the order of first appearance. A line without agents comes last.
    """
    given = [] if lines is None else [tuple(named(each)) for each in lines.agents_named]
    told: dict[frozenset[str], str] = {}
    for each in given:
        told.setdefault(frozenset(each), "+".join(each))
    values = sorted(told.values())
    place = {text: i for i, text in enumerate(values)}
    codes = [place[told[frozenset(each)]] for each in given]
    return Coded(np.array([*codes, len(values)])[agents], [*values, None])


def _groups(codes: Sequence[Array], count: int) -> tuple[tuple[Array, ...], Array]:
    """The codes of each group, and each line's group; without codes all lines are one group."""
    if not codes:
        return (), np.zeros(count, np.int64)
    sizes = [int(each.max(initial=0)) + 1 for each in codes]
    keys, group = distinct(np.ravel_multi_index(tuple(codes), sizes))
    return np.unravel_index(keys, sizes), group


def _column(key: Coded, codes: Array) -> Coded | Plain:
    """The groups as a column of the table: numbers of lines as they are, agents as text."""
    if isinstance(key.values, range):
        return Plain(codes)
    last = len(key.values) - 1
    return Coded(np.where(codes == last, -1, codes), key.values[:last])


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
