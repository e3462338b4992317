"""The numbers behind each figure, as plain tables: dicts of NumPy arrays, one element a row.

Nothing here needs matplotlib. Days are whole days, lengths millimetres, shares of change per cent,
each as the assessment has it; names are whole, however a figure clips them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from .._base.arrays import Array, first_by
from .._base.converters import shown, whole_from
from .._base.words import Response
from ..cohort import tables_out
from ..cohort.endpoints import Endpoints
from ..cohort.groups import line_groups
from ..cohort.responses import Responses
from ..endpoints.survival import kaplan_meier
from ..robustness.answer import Robustness
from ..rulebook.drugs import named
from ..rulebook.policies import FDA_A, Policy
from ._cohort import Cohort, cohort_of, objects
from ._course_data import course_data

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

Table = dict[str, Array]
BEST_VERDICTS = ("best", "confirmed best")
WORDS = tuple(str(each) for each in Response)


def _percent(um: Array, baseline_um: Array) -> Array:
    """The change from baseline in per cent, for display; nothing is decided by it."""
    return 100 * (um - baseline_um) / baseline_um


def _lines(cohort: Cohort, line: int | None) -> Array:
    """The places of all lines, or of those with one number."""
    if line is None:
        return np.arange(len(cohort.number))
    return np.flatnonzero(cohort.number == line)


# ---- change of the total


def waterfall_data(given: Any, *, line: int | None = None) -> Table:
    """One row a line: its best change of the total up to the first progression, largest rise first.

    `given` is what `assess_cohort` gives, or assessments of patients. `change_percent` is the depth
    of response as `Endpoints.table` has it; NaN, and last, where a line has no complete total.
    Totals of areas are not in mm, and only their change is given.
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
    """One row a total: the baseline of each line, then each follow-up that has a total.

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
    given: Any, *, policy: Policy | str = FDA_A, sort: str = "followed", top: int | None = None,
    by: str | None = None,
) -> dict[str, Table]:  # fmt: skip
    """The bars of a swimmer plot, and what stands on them; days count from a patient's first line.

    `bars` has one row a line: `regimen`, its agents by nonproprietary name, whatever the chart
    calls them; `day` to `end_day` on treatment, `ongoing` where no stop is known;
    its best response; `response_day` to `response_end_day` where it has one (NaN elsewhere),
    `response_ended` where that end is an event; `progression_day` of its first PD. `responses` has
    one row a follow-up. `patients` has one row a patient, the one on top last: `last_day` known,
    `died`, and the `group` where `by` names a column as in `Responses.rates` (that of the first
    line; the first group on top). `sort` puts on top those longest `"followed"`, those of the best
    `"response"`, or the first `"patient"`; `top` keeps so many from the top, in all groups
    together.
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
    found = _responses(given)
    groups = line_groups(found._data, found.panel, by)
    return groups.group[head], _labels(tables_out.as_arrays(groups.columns), groups.number)


def _days(there: Array, days: Array) -> Array:
    return np.where(there, days, np.nan)


def kaplan_meier_data(
    given: Responses | Endpoints, name: str = "pfs", *, line: int | None = None,
    by: str | Iterable[str] | None = None, policy: Policy | str = FDA_A, level: float = 0.95,
) -> dict[str, Table]:  # fmt: skip
    """The product-limit estimate of one kind of time, for all lines or for groups of them.

    `curves` has one row a distinct time and group, after one for day 0: `at_risk`, `events`,
    `censored`, `surviving` with `low` and `high`. `groups` has one row a group: `lines`, `events`
    and the median in days with its interval, NaN where it is not reached. `name`, `by`, `line` and
    `policy` are those of `Responses.endpoints` and `Endpoints.medians`: in each group a patient
    counts once, so several lines of one patient take `line=1` or `by="line"`.
    """
    endpoints = given if isinstance(given, Endpoints) else _responses(given).endpoints(policy)
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


def _responses(given: Any) -> Responses:
    if not isinstance(given, Responses):
        told = f"this figure takes Responses, got {type(given).__name__}"
        raise TypeError(f"{told}; such as mrecist.assess_cohort(findings, lines)")
    return given


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
    given: Responses, by: Iterable[str] | str = (), *, of: str = "response",
    line: int | None = None, confirmed: bool = False, level: Any = "0.95",
) -> Table:  # fmt: skip
    """One row for all lines, then one a group of each column: the rate with its exact interval.

    `of` is `"response"` or `"control"`; `by` and the rest are those of `Responses.subgroups`.
    `hits` of `lines` have it; `rate`, `low` and `high` are shares, NaN where a group has no line.
    """
    if of not in _HITS:
        raise ValueError(f'of must be "response" or "control", got {shown(of)}')
    columns = _responses(given)._subgroup_columns(by, line, confirmed, level)
    table = tables_out.as_arrays(columns)
    names = {"lines": "lines", "hits": _HITS[of]}
    names |= {end: f"{of}_{end}" for end in ("rate", "low", "high")}
    return {
        "subgroup": table["subgroup"], "value": table["value"],
        **{name: table[column] for name, column in names.items()},
    }  # fmt: skip


_HITS = {"response": "responders", "control": "controlled"}


# ---- responses side by side


def sequence_data(given: Any, *, confirmed: bool = False) -> dict[str, Table]:
    """How many patients had which best response in each line, and which one in the next.

    `nodes`: `line`, `response`, `patients`. `flows`: `line`, `response`, `next_response` (empty:
    there is no further line), `patients`. Of confirmed best responses if `confirmed`.
    """
    cohort = cohort_of(given)
    order = np.lexsort((cohort.number, cohort.owner))
    owner, number = cohort.owner[order], cohort.number[order]
    told = (cohort.confirmed if confirmed else cohort.best)[order]
    best = np.array([WORDS.index(each) for each in told.tolist()], np.int64)
    goes_on = np.append(owner[1:] == owner[:-1], [False] * bool(len(owner)))
    following = np.where(goes_on, np.roll(best, -1), len(WORDS))
    node, patients = np.unique(np.stack([number, best]), axis=1, return_counts=True)
    flow, moved = np.unique(np.stack([number, best, following]), axis=1, return_counts=True)
    words = objects([*WORDS, ""])
    return {
        "nodes": {"line": node[0], "response": words[node[1]], "patients": patients},
        "flows": {
            "line": flow[0], "response": words[flow[1]], "next_response": words[flow[2]],
            "patients": moved,
        },
    }  # fmt: skip


def agreement_data(given: Responses, other: Responses, *, of: str = "response") -> Table:
    """One row a cell of `Responses.crosstab`: how often `given` says `row` and `other` `column`."""
    found = _responses(given).crosstab(_responses(other), of)
    words = [str(word) for word in found.words]
    return {
        "row": objects(word for word in words for _ in words),
        "column": objects(words * len(words)),
        "count": found.counts.ravel(),
    }


def robustness_data(found: Robustness | Iterable[Robustness]) -> Table:
    """How often each response comes out of re-readings: one row a verdict and error model.

    `found` is what `how_sure` says of one patient, or several such answers, by other errors.
    `verdict` is the date of a follow-up, `best` or `confirmed best`; `response` that recorded;
    `sure` the share that gives it again (NaN where no size was read); one column a response.
    """
    several = [found] if isinstance(found, Robustness) else list(found)
    rows = [row for each in several for row in _sure_rows(each)]
    names = ("error", "patient", "line", "verdict", "response", "source", "sure", *WORDS)
    return {name: _column(row[i] for row in rows) for i, name in enumerate(names)}


def _column(values: Iterable[Any]) -> Array:
    each = list(values)
    if each and isinstance(each[0], str):
        return objects(each)
    return np.array(each)


def _sure_rows(found: Robustness) -> Iterator[tuple[Any, ...]]:
    """The verdicts of one patient, line by line, the best responses after the follow-ups."""
    if not isinstance(found, Robustness):
        told = f"robustness() takes what how_sure() gives, got {shown(found)}"
        raise TypeError(told)
    ids = found._data.patients.ids
    if len(ids) != 1:
        told = f"robustness() draws one patient, got {len(ids)}"
        raise ValueError(f"{told}; ask how_sure(responses.patient(...))")
    who, error = str(ids[0]), found.error.name
    seen, lines = found.timepoints, found.lines
    for i, line in enumerate(np.asarray(lines["line"]).tolist()):
        for j in np.flatnonzero(np.asarray(seen["line"]) == line).tolist():
            shares = [float(seen[word][j]) for word in WORDS]
            yield (error, who, line, str(seen["date"][j]), str(seen["response"][j]),
                   str(seen["source"][j]), float(seen["sure"][j]), *shares)  # fmt: skip
        for name, before in zip(BEST_VERDICTS, ("", "confirmed_"), strict=True):
            shares = [float(lines[f"{before}{word}"][i]) for word in WORDS]
            yield (error, who, line, name, str(lines[f"{before}best_response"][i]), "computed",
                   float(lines[f"{before}sure"][i]), *shares)  # fmt: skip
