"""Results are nobody else's: a table changed later changes nothing, and arrays are read-only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs
import numpy as np
import pytest

import mrecist

TABLES: dict[str, dict[str, Any]] = {
    "findings": {
        "patient": np.array([1, 1, 2, 2]), "date": np.array([0, 60, 0, 60]),
        "lesion": np.array([8, 8, 2, 2]), "viable_mm": np.array([20.0, 10.0, 30.0, 40.0]),
        "longest_mm": np.array([21, 11, 31, 41]), "hilar": np.array([False] * 4),
        "treated": np.zeros(4, np.bool_), "equivocal": np.zeros(4, np.bool_),
        "arterial_phase": np.ones(4, np.bool_), "visit": np.array([1, 2, 1, 2]),
        "status": np.array(["measured"] * 4), "organ": np.array(["liver"] * 4, object),
    },
    "lines": {
        "patient": np.array([1, 2]), "start": np.array([1, 1]), "stop": np.array([70, 70]),
        "baseline": np.array([0, 0]), "death": np.array([90, 90]),
    },
    "procedures": {"patient": np.array([1]), "date": np.array([30]), "kind": np.array(["RFA"])},
}  # fmt: skip
OTHER: dict[str, Any] = {"b": True, "i": 77, "f": 77.0, "U": "absent", "O": "lung"}


def tables(kind: str) -> dict[str, Any]:
    made: dict[str, Any] = {
        name: {each: column.copy() for each, column in table.items()}
        for name, table in TABLES.items()
    }
    if kind == "masked":
        made["findings"]["date"] = np.ma.array(made["findings"]["date"], mask=[False] * 4)
    if kind == "pandas":
        pytest.importorskip("narwhals")
        pytest.importorskip("pyarrow")
        pd = pytest.importorskip("pandas")
        return {name: pd.DataFrame(table, copy=False) for name, table in made.items()}
    return made


def spoil(table: Any) -> None:
    """Change every cell of a table, in place."""
    for name in list(table):
        column = table[name]
        if isinstance(column, np.ndarray):
            column[:] = OTHER[column.dtype.kind]
        else:
            table.loc[:, name] = OTHER["U" if column.dtype.kind not in "bif" else column.dtype.kind]


def all_of(found: mrecist.Responses) -> str:
    """Everything that responses say, as text."""
    told = [found.timepoints, found.lines, found.notes, found.errors, found.fired(),
            found.endpoints().table, found.patterns(), found.rechallenges()]  # fmt: skip
    told += [found.patient(each) for each in (1, 2)]
    return "\n".join(map(str, told)) + found.why(1)


@pytest.mark.parametrize("kind", ["arrays", "masked", "pandas"])
def test_tables_of_the_caller(kind: str) -> None:
    """Whatever is asked for first after the tables were changed, in place, all is as before."""
    given = tables(kind)
    wanted = all_of(mrecist.assess_cohort(**given))
    found = mrecist.assess_cohort(**given)
    for table in given.values():
        spoil(table)
    assert all_of(found) == wanted


def arrays_of(value: Any) -> Iterator[np.ndarray[Any, Any]]:
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from arrays_of(each)
    elif isinstance(value, tuple):
        for each in value:
            yield from arrays_of(each)
    elif attrs.has(type(value)):
        for field in attrs.fields(type(value)):
            yield from arrays_of(getattr(value, field.name))


def test_read_only() -> None:
    """No array that is handed out can be written to."""
    found = mrecist.assess_cohort(**tables("arrays"))
    handed = (found.timepoints, found.lines, found.notes, found.errors, found.patients,
              found.untreated, found.panel, found.fired(), found.patterns(), found.rechallenges(),
              found.endpoints().table)  # fmt: skip
    every = list(arrays_of(handed))
    assert len(every) > 100
    assert not any(array.flags.writeable for array in every)
    with pytest.raises(ValueError, match="read-only"):
        found.timepoints["response"][0] = "CR"


@pytest.mark.parametrize("column", [{"A", "B"}, frozenset("AB"), {"A": 1}.keys(), {"A": 1}, "AB"])
def test_no_column(column: Any) -> None:
    """What has no order is no column."""
    findings = {"patient": ["P", "P"], "date": [0, 60], "lesion": column, "viable_mm": [1, 2]}
    with pytest.raises(mrecist.CohortError, match="lesion: must be a column, got"):
        mrecist.assess_cohort(findings)
