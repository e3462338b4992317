"""R writes NA as a signalling NaN, at which NumPy warns whenever it computes with it."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from typing import Any

import attrs
import numpy as np
import pytest
from support.cohort_tables import rows_of

import mrecist

NAN = float("nan")
KINDS = ((np.float64, np.uint64, 0x7FF00000000007A2), (np.float32, np.uint32, 0x7F8007A2))


@pytest.fixture(autouse=True)
def no_warning() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def column(values: list[float], kind: Any) -> Any:
    """Floats whose NaN are signalling; written as bits, since a copy by value may quieten them."""
    real, bits, pattern = kind
    made = np.array(values, real)
    made.view(bits)[np.isnan(values)] = pattern
    return made


def tables(kind: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    findings = {
        "patient": np.array(["A", "A", "B", "B"], object),
        "date": column([0, 50, 0, 50], kind),
        "lesion": np.array(["L"] * 4, object),
        "viable_mm": column([30, 10, NAN, 50], kind),
        "longest_mm": column([40, 20, 30, NAN], kind),
        "short_axis_mm": column([NAN] * 4, kind),
        "status": np.array([None, None, "present", None], object),
        "arterial_phase": column([NAN, 1, 1, NAN], kind),
    }
    lines = {
        "patient": np.array(["A", "B"], object), "start": column([1, 1], kind),
        "stop": column([NAN, 60], kind), "death": column([NAN, 100], kind),
        "last_contact": column([200, NAN], kind), "arm": column([1, NAN], kind),
    }  # fmt: skip
    return findings, lines


@pytest.mark.parametrize("kind", KINDS, ids=["float64", "float32"])
@pytest.mark.parametrize("form", ["arrays", "lists", "pandas"])
def test_cohort(form: str, kind: Any) -> None:
    """Every table comes as with empty cells, and without a warning."""
    findings, lines = tables(kind)
    make: Callable[[dict[str, Any]], Any] = dict
    if form == "pandas":
        pytest.importorskip("narwhals")
        pytest.importorskip("pyarrow")
        make = pytest.importorskip("pandas").DataFrame
    if form == "lists":
        findings, lines = (
            {name: list(cells) for name, cells in table.items()} for table in (findings, lines)
        )
    found = mrecist.assess_cohort(make(findings), make(lines), keep=["arm"])
    endpoints = found.endpoints()
    for made in (
        found.lines,
        found.timepoints,
        found.notes,
        endpoints.table,
        endpoints.adtte,
        endpoints.tidy("dor"),
        found.patterns(),
    ):
        assert len(made["patient" if "patient" in made else "USUBJID"]) > 0
    rates = rows_of(found.rates("arm", level=None)) if form != "pandas" else []
    assert [row["lines"] for row in rates] in ([1, 1], [])


@pytest.mark.parametrize("kind", KINDS, ids=["float64", "float32"])
def test_times(kind: Any) -> None:
    with pytest.raises(ValueError, match="days must be at least 0 and finite, row 1 is nan"):
        mrecist.kaplan_meier(column([1, NAN], kind), [1, 0])
    with pytest.raises(ValueError, match="row 0 is nan"):
        mrecist.kaplan_meier([1, 2], column([NAN, 1], kind))


def test_laboratory() -> None:
    some = column([4, NAN], KINDS[0])
    plain = np.array([4, NAN])
    for found in (
        lambda each: mrecist.albi_columns(albumin_g_dl=each, bilirubin_mg_dl=each),
        lambda each: mrecist.child_pugh_columns(albumin_g_dl=each, inr=each),
    ):
        pairs = zip(*(attrs.astuple(found(each)) for each in (some, plain)), strict=True)
        for mine, quiet in pairs:
            np.testing.assert_equal(mine, quiet)
    changes = mrecist.marker_changes(
        {"patient": ["a", "a"], "date": [0, 1], "name": ["AFP"] * 2, "unit": ["ng/mL"] * 2,
         "value": column([4, 5], KINDS[0])},
        {"patient": ["a"], "start": [1], "stop": column([NAN], KINDS[0])},
    )  # fmt: skip
    assert len(changes.values) == 1
