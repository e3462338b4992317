"""Two readings of a line: dates side by side, early and late discrepancy, and sums.

The two rates of discrepancy tell whether local readers call progression earlier or later than a
central one, and so whether they do in one arm more than in the other (Amit 2011, Zhang 2013).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, permutations
from math import exp, nan
from typing import Any

import numpy as np

from .._base.arrays import NO_DAY, Array
from .._base.converters import shown
from ..cohort import tables_out
from ..tables.column import Coded, Plain
from ..tables.intake import Read
from .compared import Compared
from .side_tables import or_empty
from .statistics import bland_altman, concordance, exact_share

__all__ = [
    "date_columns",
    "discrepancy_columns",
    "later_ratios",
    "log_ratios",
    "paired_totals",
    "sum_columns",
]

_DATES = ("progression", "response", "new_lesion")


def date_columns(
    data: Read, of: Compared, what: str, readers: tuple[int, int], ids: Array
) -> dict[str, Any]:
    """One row per line that both readers read: the date of each, and the days between them."""
    if what not in _DATES:
        raise ValueError(f"of must be one of {', '.join(_DATES)}, got {shown(what)}")
    at = of.at[:, readers]
    rows = np.flatnonzero((at >= 0).all(axis=1))
    day = getattr(of.facts, what)
    told = tables_out.dates(data, day, of.panel.lines.patient)
    first, second = day[at[rows, 0]], day[at[rows, 1]]
    none = (first == NO_DAY) | (second == NO_DAY)
    numbers = ids.dtype.kind in "iu"
    patient = of.patient[rows]
    return {
        "patient": Plain(ids[patient]) if numbers else Coded(patient, ids.tolist()),
        "line": Plain(of.number[rows]),
        f"date_{of.readers[readers[0]]}": or_empty(told, at[rows, 0]),
        f"date_{of.readers[readers[1]]}": or_empty(told, at[rows, 1]),
        "days": Plain(np.where(none, 0, first - second), none),
    }


def discrepancy_columns(
    local: Array, central: Array, group: Array, names: list[str], window: int, level: float
) -> dict[str, Any]:
    """One row per group of lines: how often local progression is earlier and later than central.

    `local` and `central` are days, `NO_DAY` where a line has no progression.
    """
    rows = [
        _discrepancy(local[group == i], central[group == i], window, level)
        for i in range(len(names))
    ]
    columns: dict[str, Any] = {"group": Coded(np.arange(len(names)), names)}
    for name in rows[0] if rows else ():
        values = np.array([row[name] for row in rows])
        none = np.isnan(values)
        columns[name] = Plain(values, none if values.dtype.kind == "f" else None)
    if len(rows) == 2:
        for name in ("edr", "ldr"):
            values = np.array([rows[0][name] - rows[1][name], nan])
            columns[f"{name}_difference"] = Plain(values, np.isnan(values))
    return columns


def _discrepancy(local: Array, central: Array, window: int, level: float) -> dict[str, Any]:
    """The cells of one group, and the rates that follow."""
    by_local, by_central = local != NO_DAY, central != NO_DAY
    both = by_local & by_central
    apart = (local - central)[both]
    later, earlier = int((apart > window).sum()), int((apart < -window).sum())
    only_local, only_central = int((by_local & ~both).sum()), int((by_central & ~both).sum())
    a, n = int(both.sum()), len(local)
    wrong = only_local + only_central + later + earlier
    quartiles = np.quantile(apart, [0.25, 0.5, 0.75]).tolist() if a else [nan] * 3
    row: dict[str, Any] = {
        "n": n, "a1": a - later - earlier, "a2": later, "a3": earlier, "b": only_local,
        "c": only_central, "d": n - a - only_local - only_central,
    }  # fmt: skip
    for name, hits, total in (
        ("edr", only_local + earlier, a + only_local),
        ("ldr", only_central + later, wrong),
        ("event_discordance", only_local + only_central, n),
        ("total_discordance", wrong, n),
    ):
        share, low, high = exact_share(hits, total, level)
        row |= {name: share, f"{name}_low": low, f"{name}_high": high}
    names = ("days_q1", "days_median", "days_q3")
    return row | dict(zip(names, map(float, quartiles), strict=True))


def sum_columns(of: Compared, at: Any, readers: tuple[int, int]) -> dict[str, Any]:
    """One row: bias and limits of agreement of the totals of two readers, and concordance.

    The pairs are lines of which both totals are complete.
    """
    _, values = paired_totals(of, at, readers)
    first, second = values.T
    bias, sd, low, high = bland_altman(first, second)
    above = (values > 0).all(axis=1) & (at != "change")
    _, _, *limits = bland_altman(np.log(first[above]), np.log(second[above]))
    zero = (values == 0).sum(axis=1) == 1
    row = {
        "bias": bias, "sd": sd, "low": low, "high": high, "ratio_low": exp(limits[0]),
        "ratio_high": exp(limits[1]), "ccc": concordance(first, second),
    }  # fmt: skip
    columns: dict[str, Any] = {"n": Plain(np.array([len(values)]))}
    columns |= {name: Plain(np.array([each]), np.isnan([each])) for name, each in row.items()}
    split = int(zero.sum()) if at != "change" else 0
    return columns | {"split_zero": Plain(np.array([split]))}


def paired_totals(of: Compared, at: Any, readers: tuple[int, int]) -> tuple[Array, Array]:
    """The lines of which both readers have a complete total, and the two totals of each."""
    values = np.append(_totals(of, at), nan)[of.at[:, readers]]
    rows = np.flatnonzero(~np.isnan(values).any(axis=1))
    return rows, values[rows]


def log_ratios(of: Compared, at: Any, readers: Sequence[int]) -> Array:
    """The logarithms of the ratios of totals above 0, of every pair of readers and every line."""
    return _log_ratios(np.append(_totals(of, at), nan)[of.at[:, readers]])


def later_ratios(of: Compared, readers: Sequence[int]) -> tuple[Array, Array]:
    """`log_ratios` of all follow-ups, and the shares of baseline that others see where one sees 0.

    The shares are of every ordered pair of readers and every follow-up that has both totals.
    """
    at = of.at[:, readers]
    baseline = np.append(_totals(of, "baseline"), nan)[at]
    logs, shares = [np.zeros(0)], [np.zeros(0)]
    for number in range(1, int(of.panel.lines.timepoints.max(initial=0)) + 1):
        totals = np.append(_totals(of, number), nan)[at]
        logs.append(_log_ratios(totals))
        for i, j in permutations(range(len(readers)), 2):
            some = (totals[:, i] == 0) & ~np.isnan(totals[:, j]) & (baseline[:, j] > 0)
            shares.append(totals[some, j] / baseline[some, j])
    return np.concatenate(logs), np.concatenate(shares)


def _log_ratios(totals: Array) -> Array:
    """The logarithms of the ratios of every two columns, where both are above 0."""
    logs = np.log(np.where(totals > 0, totals, nan))
    pairs = [logs[:, i] - logs[:, j] for i, j in combinations(range(totals.shape[1]), 2)]
    each = np.concatenate([np.zeros(0), *pairs])
    return each[~np.isnan(each)]


def _totals(of: Compared, at: Any) -> Array:
    """The total of each judged line in mm, or its change in per cent; NaN where not complete."""
    lines, found = of.panel.lines, of.panel.timepoints
    baseline = np.where(lines.baseline_um < 0, nan, lines.baseline_um / 1000)
    if at == "baseline":
        return baseline
    total = np.where(found.complete & (found.total_um >= 0), found.total_um / 1000, nan)
    if at == "change":
        smallest = np.full(len(baseline), np.inf)
        some = np.flatnonzero(of.facts.within & ~np.isnan(total))
        np.minimum.at(smallest, found.line[some], total[some])
        with np.errstate(divide="ignore", invalid="ignore"):
            change = 100 * (smallest - baseline) / baseline
        return np.where(np.isfinite(change), change, nan)
    if isinstance(at, bool) or not isinstance(at, int) or at < 1:
        raise ValueError(
            f'at must be "baseline", "change" or the number of a follow-up, got {shown(at)}'
        )
    begin = np.cumsum(lines.timepoints) - lines.timepoints
    there = lines.timepoints >= at
    place = np.where(there, begin + at - 1, len(total))
    return np.append(total, nan)[place]
