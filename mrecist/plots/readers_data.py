"""The numbers behind the figures of several readers, as plain tables.

Each has the columns of the table of the same figure for one cohort, with `reader` beside them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .._base.arrays import NO_DAY
from .._base.converters import shown
from ..readers.discrepancies import paired_totals
from ..readers.readings import Readings
from ._cohort import objects
from .data import Table, spider_data, waterfall_data

__all__ = [
    "bland_altman_data",
    "readers_progression_data",
    "readers_spider_data",
    "readers_waterfall_data",
    "readings_only",
]


def readings_only(given: Any) -> Readings:
    """What `assess_readings` gives; anything else is refused with the cure."""
    if not isinstance(given, Readings):
        told = f"readers are drawn of Readings, got {type(given).__name__}"
        raise TypeError(f"{told}; such as mrecist.assess_readings(findings, lines)")
    return given


def readers_waterfall_data(readings: Readings, *, line: int | None = None) -> Table:
    """One row per line and reader: `waterfall_data` of each reader, in the order of readers.

    Args:
        readings: What `assess_readings` returns.
        line: The number of the lines that count; left out, all.

    Returns:
        The columns of `waterfall_data` after `reader`.
    """
    return _by_reader(readings, [waterfall_data(each, line=line) for each in _each(readings)])


def readers_spider_data(readings: Readings, *, line: int | None = None) -> Table:
    """One row per total and reader: `spider_data` of each reader, in the order of readers.

    Args:
        readings: What `assess_readings` returns.
        line: The number of the lines that count; left out, all.

    Returns:
        The columns of `spider_data` after `reader`.
    """
    return _by_reader(readings, [spider_data(each, line=line) for each in _each(readings)])


def _each(readings: Readings) -> list[Any]:
    return [readings.of(reader) for reader in readings_only(readings).readers]


def _by_reader(readings: Readings, tables: list[Table]) -> Table:
    """Tables of all readers, one after the other, with a column that says whose each row is."""
    names = [
        name for name, table in zip(readings.readers, tables, strict=True) for _ in table["patient"]
    ]
    joined = {name: np.concatenate([table[name] for table in tables]) for name in tables[0]}
    return {"reader": objects(names)} | joined


def readers_progression_data(readings: Readings) -> Table:
    """One row per line and reader with a progression.

    Args:
        readings: What `assess_readings` returns.

    Returns:
        `day` counts from the start of the patient's first line.
    """
    of, ids = readings_only(readings)._compared, readings._parted.ids
    row, reader = np.nonzero(of.at >= 0)
    at = of.at[row, reader]
    some = of.facts.progression[at] != NO_DAY
    row, reader, at = row[some], reader[some], at[some]
    first = np.full(len(ids), np.iinfo(np.int64).max)
    np.minimum.at(first, of.patient, of.panel.lines.start[of.donor])
    return {
        "patient": ids[of.patient[row]],
        "line": of.number[row],
        "reader": objects(of.readers[each] for each in reader.tolist()),
        "day": of.facts.progression[at] - first[of.patient[row]],
    }


def bland_altman_data(
    readings: Readings, one: str, other: str, *, at: Any = "baseline"
) -> dict[str, Table]:
    """The totals of two readers side by side, and the limits of their agreement.

    Args:
        readings: What `assess_readings` returns.
        one: The name of the first reader.
        other: The name of the second reader.
        at: Which totals, as for `Readings.sums`.

    Returns:
        `pairs` has one row per line of which both have a complete total: the two totals, `mean` and
        `difference` (first less second), in mm or, where `at` is `"change"`, in per cent. `limits`
        is `Readings.sums`.

    Raises:
        NotThereError: There is no such reader.
        ValueError: One reader named twice, or another word for `at`.
    """
    places = [readings_only(readings)._place(name) for name in (one, other)]
    if places[0] == places[1]:
        raise ValueError(f"two readers must be given, got {shown(one)} twice")
    of = readings._compared
    rows, values = paired_totals(of, at, (places[0], places[1]))
    first, second = values.T
    sums = readings.sums(one, other, at)
    return {
        "pairs": {
            "patient": readings._parted.ids[of.patient[rows]],
            "line": of.number[rows],
            "first": first,
            "second": second,
            "mean": (first + second) / 2,
            "difference": first - second,
        },
        "limits": {name: np.array([_number(sums[name])]) for name in _LIMITS},
    }


_LIMITS = ("n", "bias", "sd", "low", "high")


def _number(column: Any) -> float:
    """The one number of a column of any kind of table; NaN where it is empty."""
    (value,) = list(column)
    return float("nan") if value is None else float(value)
