"""The tables of several readings: lines side by side, and where readers differ."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._base.arrays import Array
from .._base.words import Response
from ..cohort import tables_out
from ..rulebook.criteria import Criteria
from ..tables.by_reading import coded, taken_rows
from ..tables.column import Coded, Column, Plain
from ..tables.intake import Read
from .acceptance import PENDING, STATES, Accepted
from .compared import Compared
from .review import TRIGGERS

__all__ = ["discordance_columns", "or_empty", "texts", "with_readers"]


def with_readers(
    columns: dict[str, Any], readers: tuple[str, ...], reader: Array, accepted: Array, rows: Array
) -> dict[str, Any]:
    """Some rows of a table of readings, with the reader and whether the reading is accepted."""
    patient, *others = columns
    told = {
        patient: columns[patient],
        "reader": Coded(reader, list(readers)),
        "accepted": Plain(accepted),
    } | {name: columns[name] for name in others}
    return {name: taken_rows(column, rows) for name, column in told.items()}


def discordance_columns(
    data: Read,
    criteria: Criteria,
    of: Compared,
    accepted: Accepted,
    ids: Array,
    names: tuple[str, ...],
) -> dict[str, Any]:
    """One row per line: its state, the triggers that fired, and what each reader's reading says.

    `names` are those of all readers, among whom one is accepted.
    """
    lines = tables_out.line_columns(data, criteria, of.panel)
    panel_lines = of.panel.lines
    response = tables_out.dates(data, of.facts.response, panel_lines.patient)
    kinds = {
        "best_response": tables_out.words(tuple(Response), of.facts.best),
        "confirmed_best_response": tables_out.words(tuple(Response), of.facts.confirmed),
        "progression_date": lines["progression_date"],
        "response_date": response,
        "targets": lines["targets"],
        "baseline_total_mm": tables_out.totals(criteria, panel_lines.baseline_um),
    }
    own, told, is_mixed = _accepted(accepted, names)
    numbers = ids.dtype.kind in "iu"
    columns: dict[str, Any] = {
        "patient": Plain(ids[of.patient]) if numbers else Coded(of.patient, ids.tolist()),
        "line": Plain(of.number),
        "state": Coded(accepted.state, list(STATES)),
        "accepted": Coded(own, told),
        "by": texts(accepted.by),
        "triggers": _triggers(accepted, len(of.donor)),
    }
    for place, reader in enumerate(of.readers):
        for name, column in kinds.items():
            columns[f"{name}_{reader}"] = or_empty(column, of.at[:, place])
    bits = 3 * is_mixed + 2 * (accepted.state == PENDING) + accepted.unasked
    problems = [
        "",
        "DECISION_UNASKED",
        "NOT_ADJUDICATED",
        "ACCEPTED_MIXED",
        "DECISION_UNASKED;ACCEPTED_MIXED",
    ]
    return columns | {"reason": texts(accepted.reason), "problems": Coded(bits, problems)}


def _accepted(accepted: Accepted, names: tuple[str, ...]) -> tuple[Array, list[str], Array]:
    """The accepted reader of each line as an index into texts, and whether there are several.

    Several, who are accepted date by date, are told in the order of dates, joined by `;`.
    """
    own, told = np.where(accepted.reader < 0, -1, accepted.reader), list(names)
    is_mixed = np.zeros(len(own), np.bool_)
    for line, mixture in accepted.mixed.items():
        if mixture.is_mixed:
            is_mixed[line], own[line] = True, len(told)
            told.append(";".join(names[each] for each in dict.fromkeys(mixture.readers.tolist())))
    return own, told, is_mixed


def _triggers(accepted: Accepted, count: int) -> Coded:
    """The triggers that fired on each line, joined by `;`."""
    bits = np.zeros(count, np.int64)
    names = [name for name in TRIGGERS if name in accepted.fired]
    for bit, name in enumerate(names):
        bits |= accepted.fired[name].astype(np.int64) << bit
    used, codes = np.unique(bits, return_inverse=True)
    told = [";".join(name for bit, name in enumerate(names) if each >> bit & 1) for each in used]
    return Coded(codes.ravel(), told)


def texts(each: list[str | None]) -> Coded:
    """A column of texts."""
    place = {text: i for i, text in enumerate(dict.fromkeys(text for text in each if text))}
    codes = [-1 if not text else place[text] for text in each]
    return Coded(np.array(codes, np.int64), list(place))


def or_empty(column: Column, rows: Array) -> Column:
    """Rows of a column; empty where a row is -1."""
    none = rows < 0
    if isinstance(column, Plain):
        taken = taken_rows(column, np.maximum(rows, 0))
        null = none if taken.null is None else none | taken.null
        values = (
            np.where(null, np.nan, taken.values)
            if taken.values.dtype.kind == "f"
            else (taken.values)
        )
        return Plain(values, null)
    column = coded(column)
    return Coded(np.where(none, -1, np.append(column.codes, -1)[rows]), column.values)
