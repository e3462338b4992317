"""Everything public goes to another process and comes back as it was."""

from __future__ import annotations

import copy
import enum
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from support.cohort_tables import rows_of

import mrecist
from mrecist._base.pickling import ReadOnly

TABLE = {
    "patient": ["A", "A", "B", "B"], "date": [0, 50, 0, 50], "lesion": ["L"] * 4,
    "viable_mm": [30, 10, 30, 50],
}  # fmt: skip
READ = {name: cells * 2 for name, cells in TABLE.items()} | {"reader": ["R1"] * 4 + ["R2"] * 4}


def again(value: Any) -> Any:
    return pickle.loads(pickle.dumps(value))


@pytest.mark.parametrize("name", mrecist.__all__)
def test_public(name: str) -> None:
    """Every public name: a class or function is found again by name, a value is equal."""
    value = getattr(mrecist, name)
    found = again(value)
    if isinstance(value, type) or callable(value):
        assert found is value
    else:
        assert type(found) is type(value)
        assert repr(found) == repr(value)
        assert found == value


def responses() -> mrecist.Responses:
    return mrecist.assess_cohort(TABLE, {"patient": ["A", "B"], "start": [1, 1]})


def readings() -> mrecist.Readings:
    return mrecist.assess_readings(READ)


def refused() -> mrecist.CohortError:
    with pytest.raises(mrecist.CohortError) as caught:
        mrecist.assess_cohort(TABLE | {"viable_mm": [-1, 10, 30, "wide"]})
    return caught.value


def refused_case() -> mrecist.CaseError:
    with pytest.raises(mrecist.CaseError) as caught:
        mrecist.Timepoint(0, [mrecist.Finding("L", viable_mm=1), mrecist.Finding("L", viable_mm=2)])
    return caught.value


RESULTS: dict[str, Callable[[], Any]] = {
    "Agreement": lambda: readings().agreement(),
    "Assessment": lambda: mrecist.assess(mrecist.example_case()),
    "CaseError": refused_case,
    "CohortError": refused,
    "Comparison": lambda: mrecist.compare(mrecist.example_case()),
    "Course": lambda: mrecist.course(mrecist.assess(mrecist.example_case())),
    "Crosstab": lambda: responses().crosstab(responses()),
    "Endpoints": lambda: responses().endpoints(),
    "Patient": mrecist.example_case,
    "Policy": lambda: mrecist.FDA_A,
    "Readings": readings,
    "Responses": responses,
    "accepted": lambda: readings().accepted,
    "endpoints of accepted": lambda: readings().accepted.endpoints(),
    "Robustness": lambda: mrecist.how_sure(TABLE, error="independent_recist", draws=3),
    "robustness of a patient": lambda: mrecist.how_sure(
        mrecist.example_case(), error="independent_recist", draws=3
    ),
    "Survival": lambda: mrecist.kaplan_meier([1, 2], [True, False]),
}


@pytest.mark.parametrize("name", RESULTS)
def test_results(name: str) -> None:
    """Results of every kind, by pickle and by copy; tables that were made are made again."""
    value = RESULTS[name]()
    for table in ("lines", "timepoints", "table", "discordance"):
        getattr(value, table, None)
    for found in (again(value), copy.deepcopy(value)):
        assert type(found) is type(value)
        assert str(found) == str(value)
        for table in ("lines", "timepoints", "table", "errors"):
            if isinstance(mine := getattr(value, table, None), dict):
                np.testing.assert_equal(getattr(found, table), mine)


def test_mistakes_are_told_again() -> None:
    """A cohort with mistakes tells them, and its charts, in another process too."""
    bad = mrecist.assess_cohort(TABLE | {"viable_mm": [-1, 10, 30, 20]}, errors="collect")
    found = again(bad)
    assert rows_of(found.errors) == rows_of(bad.errors)
    assert found.why("B") == bad.why("B")
    error = again(refused())
    assert error.rows == refused().rows
    assert str(error) == str(refused())


@pytest.mark.parametrize("kind", ["pandas", "polars", "lazy", "pyarrow", "duckdb"])
def test_frames(kind: str) -> None:
    """Tables stay of their kind; a relation of duckdb, whose connection stays, becomes pyarrow."""
    module = pytest.importorskip("polars" if kind == "lazy" else kind)
    pytest.importorskip("narwhals")
    pa = pytest.importorskip("pyarrow")
    made = {
        "pandas": lambda: module.DataFrame(TABLE), "polars": lambda: module.DataFrame(TABLE),
        "lazy": lambda: module.DataFrame(TABLE).lazy(), "pyarrow": lambda: module.table(TABLE),
        "duckdb": lambda: module.from_arrow(pa.table(TABLE)),
    }[kind]()  # fmt: skip
    value = mrecist.assess_cohort(made)
    table = value.lines
    found = again(value).lines
    assert type(found) is (pa.Table if kind == "duckdb" else type(table))


class TestReadOnly:
    """A mapping that cannot be changed."""

    def test_as_a_mapping(self) -> None:
        found: Any = ReadOnly({"a": 1})
        assert dict(found) == {"a": 1} == found
        assert (len(found), repr(found), list(found)) == (1, "{'a': 1}", ["a"])
        with pytest.raises(TypeError):
            found["b"] = 2
        with pytest.raises(AttributeError):
            found.clear()

    def test_every_public_mapping(self) -> None:
        for name in mrecist.__all__:
            value = getattr(mrecist, name)
            if hasattr(value, "keys") and not isinstance(value, (type, enum.Enum)):
                assert isinstance(value, ReadOnly), name
