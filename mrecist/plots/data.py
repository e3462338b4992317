"""The numbers behind each figure, as plain tables: dicts of NumPy arrays, one element per row.

Nothing here needs matplotlib. Days are whole days, lengths millimetres, shares of change per cent,
each as the assessment has it; names are whole, however a figure clips them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from .._base.arrays import Array, first_by
from .._base.converters import shown, whole_from
from .._base.words import Response
from ..cohort import tables_out
from ..cohort.endpoints import Endpoints
from ..cohort.groups import line_groups
from ..cohort.immune_responses import ImmuneResponses
from ..cohort.responses import Responses
from ..endpoints.survival import kaplan_meier
from ..rulebook.drugs import named
from ..rulebook.policies import FDA_A, Policy
from ._cohort import Cohort, cohort_of, objects
from ._course_data import course_data
from .side_by_side import WORDS, Table, agreement_data, responses_of, robustness_data, sequence_data

__all__ = [
    "Table",
    "agreement_data",
    "course_data",
    "forest_data",
    "kaplan_meier_data",
    "robustness_data",
    "sequence_data",
    "spider_data",
    "swimmer_data",
    "waterfall_data",
]


def _percent(um: Array, baseline_um: Array) -> Array:
    """The change from baseline in per cent, for display; nothing is decided by it."""
    return 100 * (um - baseline_um) / baseline_um


def _lines(cohort: Cohort, line: int | None) -> Array:
    """The places of all lines, or of those with one number."""
    if line is None:
        return np.arange(len(cohort.number))
    return np.flatnonzero(cohort.number == whole_from("line", line, 1))


# ---- change of the total


def waterfall_data(given: Any, *, line: int | None = None) -> Table:
    """One row per line: best change of the total up to the first progression, largest rise first.

    Args:
        given: What `assess_cohort` returns, or assessments of patients.
        line: The number of the lines that count; left out, all.

    Returns:
        `change_percent` is the depth of response as `Endpoints.table` has it; NaN, and last, where
        a line has no complete total. Totals of areas are not in mm, and only their change is given.
    """
    cohort = cohort_of(given)
    some = _lines(cohort, line)
    baseline, deepest = cohort.baseline_um[some], cohort.deepest_um[some]
    none = deepest < 0
    change = _percent(deepest, np.where(none, 1, baseline))
    change[none] = np.nan
    order = np.lexsort((np.where(none, 0, -change), none))
    millimetres = _mm(cohort, deepest)
    there = some[order]
    return {
        "patient": cohort.patient[there],
        "line": cohort.number[there],
        "agents": cohort.agents[there],
        "baseline_total_mm": _mm(cohort, cohort.baseline_um[there]),
        "best_total_mm": millimetres[order],
        "change_percent": change[order],
        "best_response": cohort.best[there],
    }


def _mm(cohort: Cohort, um: Array) -> Array:
    """Totals in mm; NaN where there is none, or where they are areas."""
    none = (um < 0) | (cohort.criteria.area is not None)
    return np.where(none, np.nan, um / 1000)


def spider_data(given: Any, *, line: int | None = None) -> Table:
    """One row per total: the baseline of each line, then each follow-up that has a total.

    Args:
        given: What `assess_cohort` returns, or assessments of patients.
        line: The number of the lines that count; left out, all.

    Returns:
        `day` counts from the line's start. `complete` is false where a target was not seen, so that
        the total is only that of the others. Lines without a baseline total have no row.
    """
    cohort = cohort_of(given)
    based = np.zeros(len(cohort.number), np.bool_)
    based[_lines(cohort, line)] = True
    based &= cohort.baseline_um > 0
    first = np.flatnonzero(based)
    later = np.flatnonzero(based[cohort.line] & (cohort.total_um >= 0))
    owner = np.concatenate([first, cohort.line[later]])
    day = np.concatenate([cohort.baseline[first], cohort.day[later]])
    um = np.concatenate([cohort.baseline_um[first], cohort.total_um[later]])
    response = np.concatenate([objects([""] * len(first)), cohort.response[later]])
    complete = np.concatenate([np.ones(len(first), np.bool_), cohort.complete[later]])
    order = np.lexsort((day, owner))
    owner, day, um = owner[order], day[order], um[order]
    return {
        "patient": cohort.patient[owner],
        "line": cohort.number[owner],
        "agents": cohort.agents[owner],
        "day": day - cohort.start[owner],
        "total_mm": _mm(cohort, um),
        "change_percent": _percent(um, cohort.baseline_um[owner]),
        "complete": complete[order],
        "response": response[order],
        "best_response": cohort.best[owner],
    }


# ---- time


def _regimen(agents: str) -> str:
    return "+".join(named(agents.split("+")))


def swimmer_data(
    given: Any,
    *,
    policy: Policy | str = FDA_A,
    sort: str = "followed",
    top: int | None = None,
    by: str | None = None,
) -> dict[str, Table]:
    """The bars of a swimmer plot, and what stands on them; days count from a patient's first line.

    Args:
        given: What `assess_cohort` returns, or assessments of patients.
        policy: When a response ends, as for `Responses.endpoints`.
        sort: Puts on top those longest `"followed"`, those of the best `"response"`, or the first
            `"patient"`.
        top: Keeps so many patients from the top, in all groups together; left out, all.
        by: The column that groups patients, as in `Responses.rates` (that of the first line; the
            first group on top).

    Returns:
        `bars` has one row per line: `regimen`, its agents by nonproprietary name, whatever the
        chart calls them; `day` to `end_day` on treatment, `ongoing` where no stop is known; its
        best response; `response_day` to `response_end_day` where it has one (NaN elsewhere),
        `response_ended` where that end is an event; `progression_day` of its first PD. `responses`
        has one row per follow-up. `patients` has one row per patient, the one on top last:
        `last_day` known, `died`, and the `group`.
    """
    cohort = cohort_of(given, policy)
    first = np.full(cohort.patients, np.iinfo(np.int64).max)
    np.minimum.at(first, cohort.owner, cohort.start)
    origin = first[cohort.owner]
    treated, held, survival = cohort.times["tot"], cohort.times["dor"], cohort.times["os"]
    last = np.full(cohort.patients, np.iinfo(np.int64).min)
    np.maximum.at(last, cohort.owner, np.maximum(survival.end, treated.end) - origin)
    died = np.zeros(cohort.patients, np.bool_)
    np.logical_or.at(died, cohort.owner, survival.event)
    head = np.unique(cohort.owner, return_index=True)[1]
    groups = _patient_groups(given, by, head)
    order = _sorted(cohort, sort, last)
    if groups is not None:
        order = order[np.argsort(-groups[0][order], kind="stable")]
    if top is not None:
        order = order[len(order) - min(whole_from("top", top, 1), len(order)) :]
    shown_owner = np.zeros(cohort.patients, np.bool_)
    shown_owner[order] = True
    bar, seen = shown_owner[cohort.owner], cohort.line
    some = bar[seen]
    pd = np.flatnonzero(cohort.response == Response.PD)
    since = (cohort.day - origin[seen])[pd].astype(np.float64)
    pd_day = first_by(seen[pd], since, len(cohort.number), np.nan)
    tables: dict[str, Table] = {
        "bars": {
            "patient": cohort.patient,
            "line": cohort.number,
            "agents": cohort.agents,
            "regimen": objects(map(_regimen, cohort.agents.tolist())),
            "day": cohort.start - origin,
            "end_day": treated.end - origin,
            "ongoing": ~treated.event,
            "exposure": cohort.exposure,
            "again": cohort.again,
            "best_response": cohort.best,
            "response_day": _days(held.there, held.start - origin),
            "response_end_day": _days(held.there, held.end - origin),
            "response_ended": held.there & held.event,
            "progression_day": pd_day,
        },
        "responses": {
            "patient": cohort.patient[seen],
            "line": cohort.number[seen],
            "day": cohort.day - origin[seen],
            "response": cohort.response,
            "source": cohort.source,
        },
        "patients": {
            "patient": cohort.patient[head][order],
            "last_day": last[order],
            "died": died[order],
        },
    }
    if groups is not None:
        tables["patients"]["group"] = objects(groups[1][place] for place in groups[0][order])
    for name, rows in (("bars", bar), ("responses", some)):
        tables[name] = {column: each[rows] for column, each in tables[name].items()}
    return tables


_SORTS = ("followed", "response", "patient")


def _sorted(cohort: Cohort, sort: str, last: Array) -> Array:
    """The patients from the bottom to the top of the figure."""
    if sort not in _SORTS:
        raise ValueError(f"sort must be one of {', '.join(_SORTS)}, got {shown(sort)}")
    if sort == "followed":
        return np.argsort(last, kind="stable")
    if sort == "patient":
        return np.arange(len(last))[::-1]
    rank = np.full(len(last), len(WORDS))
    codes = np.array([WORDS.index(word) for word in cohort.best.tolist()], np.int64)
    np.minimum.at(rank, cohort.owner, codes)
    return np.lexsort((last, -rank))


def _patient_groups(given: Any, by: str | None, head: Array) -> tuple[Array, list[str]] | None:
    """The group of each patient, that of the first line, and what groups are called."""
    if by is None:
        return None
    found = responses_of(given)
    groups = line_groups(found._data, found.panel, by)
    return groups.group[head], _labels(tables_out.as_arrays(groups.columns), groups.number)


def _days(there: Array, days: Array) -> Array:
    return np.where(there, days, np.nan)


def kaplan_meier_data(
    given: Responses | ImmuneResponses | Endpoints,
    name: str = "pfs",
    *,
    line: int | None = None,
    by: str | Iterable[str] | None = None,
    policy: Policy | str = FDA_A,
    level: float = 0.95,
) -> dict[str, Table]:
    """The product-limit estimate of one kind of time, for all lines or for groups of them.

    In each group a patient counts once, so several lines of one patient take `line=1` or
    `by="line"`.

    Args:
        given: What `assess_cohort` returns, or its endpoints.
        name: The kind of time, such as `"pfs"`.
        line: The number of the lines that count; left out, all.
        by: The groups, as for `Endpoints.medians`.
        policy: When a time ends; not for endpoints, which have their own.
        level: The level of the intervals, between 0 and 1.

    Returns:
        `curves` has one row per distinct time and group, after one for day 0: `at_risk`, `events`,
        `censored`, `surviving` with `low` and `high`. `groups` has one row per group: `lines`,
        `events` and the median in days with its interval, NaN where it is not reached.
    """
    if isinstance(given, Endpoints):
        endpoints = given
    else:
        judged = given if isinstance(given, ImmuneResponses) else responses_of(given)
        endpoints = judged.endpoints(policy)
    split, counted = endpoints.groups_with(name, by, line)
    group, labels = split.group, _labels(tables_out.as_arrays(split.columns), split.number)
    rows = np.flatnonzero(counted)
    days, event = endpoints.of(name, line=line)
    curves: list[Table] = []
    groups: list[tuple[Any, ...]] = []
    for place, label in enumerate(labels):
        some = group[rows] == place
        if not some.any():
            continue
        found = kaplan_meier(days[some], event[some], level=level)
        curves.append(_curve(label, found))
        medians = (found.median_days, found.median_days_low, found.median_days_high)
        groups.append((label, int(some.sum()), int(found.events.sum()), *medians))
    return {"curves": _joined(curves, _CURVE), "groups": _group_table(groups)}


_CURVE = ("group", "day", "at_risk", "events", "censored", "surviving", "low", "high")


def _labels(columns: Mapping[str, Array], count: int) -> list[str]:
    """What each group is called."""
    if not columns:
        return ["all lines"] * count
    told = []
    for each in zip(*(column.tolist() for column in columns.values()), strict=True):
        named = zip(columns, each, strict=True)
        told.append(", ".join(_label(name, value) for name, value in named))
    return told


def _label(name: str, value: Any) -> str:
    if name == "line":
        return f"line {value}"
    if value is None or value == "" or value != value:
        return f"no {name}"
    return f"{name} {value}" if isinstance(value, (bool, int, float)) else str(value)


def _curve(label: str, found: Any) -> Table:
    """One group's rows, from day 0 on."""
    zero = [] if found.days[0] == 0 else [0]
    ones = [1.0] * len(zero)
    gone = -np.diff(found.at_risk, append=0) - found.events
    return {
        "group": objects([label] * (len(zero) + len(found.days))),
        "day": np.concatenate([zero, found.days]),
        "at_risk": np.concatenate([found.at_risk[:1] * ones, found.at_risk]).astype(np.int64),
        "events": np.concatenate([zero, found.events]).astype(np.int64),
        "censored": np.concatenate([zero, gone]).astype(np.int64),
        "surviving": np.concatenate([ones, found.surviving]),
        "low": np.concatenate([ones, found.low]),
        "high": np.concatenate([ones, found.high]),
    }


def _joined(tables: Sequence[Table], names: Iterable[str]) -> Table:
    return {
        name: np.concatenate([each[name] for each in tables]) if tables else np.zeros(0)
        for name in names
    }


def _group_table(groups: Sequence[tuple[Any, ...]]) -> Table:
    names = ("group", "lines", "events", "median_days", "median_days_low", "median_days_high")
    columns = list(zip(*groups, strict=True)) or [()] * len(names)
    kinds: tuple[Any, ...] = (object, np.int64, np.int64, float, float, float)
    return {
        name: np.array(column, kind)
        for name, column, kind in zip(names, columns, kinds, strict=True)
    }


# ---- rates by subgroup


def forest_data(
    given: Responses,
    by: Iterable[str] | str = (),
    *,
    of: str = "response",
    line: int | None = None,
    confirmed: bool = False,
    level: Any = "0.95",
) -> Table:
    """One row for all lines, then one per group of each column: the rate with its exact interval.

    Args:
        given: What `assess_cohort` returns.
        by: Columns, as for `Responses.subgroups`.
        of: `"response"` or `"control"`.
        line: The number of the lines that count; left out, all.
        confirmed: Whether to count confirmed best responses.
        level: The level of the intervals, between 0 and 1.

    Returns:
        `hits` of `lines` have it; `rate`, `low` and `high` are shares, NaN where a group has no
        line.
    """
    if of not in _HITS:
        raise ValueError(f'of must be "response" or "control", got {shown(of)}')
    columns = responses_of(given)._subgroup_columns(by, line, confirmed, level)
    table = tables_out.as_arrays(columns)
    names = {"lines": "lines", "hits": _HITS[of]}
    names |= {end: f"{of}_{end}" for end in ("rate", "low", "high")}
    return {
        "subgroup": table["subgroup"],
        "value": table["value"],
        **{name: table[column] for name, column in names.items()},
    }


_HITS = {"response": "responders", "control": "controlled"}
