"""One table through every door: the same sizes, the same empty cells, the same mistakes."""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mrecist
from mrecist._base.converters import micrometres
from mrecist.cohort.files import assess_files

Columns = dict[str, list[Any]]

# What `pandas.read_csv` takes for an empty cell, by its documentation; below, what is like it.
NOTHING = ["", " ", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND",
           "1.#QNAN", "<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null"]  # fmt: skip
SOMETHING = ["NONE", "na", "N.A.", "nothing", "-", "?", "Null"]

# ---- the doors


def as_given(columns: Columns) -> Any:
    return columns


def as_arrays(columns: Columns) -> Any:
    return {name: np.array(cells, object) for name, cells in columns.items()}


def as_pandas(columns: Columns) -> Any:
    pytest.importorskip("narwhals")
    pytest.importorskip("pyarrow")
    return pytest.importorskip("pandas").DataFrame(columns)


def as_polars(columns: Columns) -> Any:
    pytest.importorskip("narwhals")
    pytest.importorskip("pyarrow")
    return pytest.importorskip("polars").DataFrame(columns)


def as_arrow(columns: Columns) -> Any:
    pytest.importorskip("narwhals")
    return pytest.importorskip("pyarrow").table(columns)


def as_duckdb(columns: Columns) -> Any:
    return pytest.importorskip("duckdb").from_arrow(as_arrow(columns))


def as_read_by_pandas(columns: Columns) -> Any:
    pytest.importorskip("narwhals")
    pytest.importorskip("pyarrow")
    return pytest.importorskip("pandas").read_csv(io.StringIO(as_csv(columns)))


DOORS: list[Callable[[Columns], Any]] = [
    as_given,
    as_arrays,
    as_pandas,
    as_polars,
    as_arrow,
    as_duckdb,
]
every_door = pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)


def as_csv(columns: Columns) -> str:
    rows = zip(*columns.values(), strict=True)
    lines = [",".join("" if cell is None else f'"{cell}"' for cell in row) for row in rows]
    return "\n".join([",".join(columns), *lines]) + "\n"


def cells(table: Any) -> list[Any]:
    """Two columns of a table of mistakes, of any kind: which row and which column."""
    for name in ("to_arrow_table", "to_pylist"):
        if hasattr(table, name):
            table = getattr(table, name)()
    rows = (
        table
        if isinstance(table, list)
        else [
            {name: table[name][at] for name in ("row", "column")} for at in range(len(table["row"]))
        ]
    )
    return sorted((int(row["row"]), str(row["column"])) for row in rows)


# ---- sizes

FOUR_DECIMALS = st.integers(0, 10_000_000)
HALVES = st.integers(0, 999_999).map(lambda um: 10 * um + 5)
LENGTHS = st.lists(FOUR_DECIMALS | HALVES, min_size=1, max_size=40, unique=True)


def written(tenths: int) -> str:
    return f"{tenths // 10_000}.{tenths % 10_000:04d}"


def findings_of(sizes: list[Any]) -> Columns:
    count = len(sizes)
    return {
        "patient": ["P"] * count,
        "date": [1] * count,
        "lesion": [f"L{at:03}" for at in range(count)],
        "viable_mm": sizes,
    }


def sizes_of(responses: mrecist.Responses) -> list[int | None]:
    return [each.viable_um for each in responses.patient("P").timepoints[0].findings]


def rounded(tenths: list[int]) -> list[int]:
    return [round(Fraction(each, 10)) for each in tenths]


class TestSizes:
    """A float and the decimal text of the same number are one size, whatever the door."""

    @every_door
    @given(tenths=LENGTHS)
    @settings(max_examples=settings().max_examples // 5)
    def test_tables(self, door: Callable[[Columns], Any], tenths: list[int]) -> None:
        """Floats of four decimals, halves of a micrometre above all."""
        floats = [each / 10_000 for each in tenths]
        found = sizes_of(mrecist.assess_cohort(door(findings_of(floats))))
        assert found == rounded(tenths)
        text = sizes_of(mrecist.assess_cohort(door(findings_of(list(map(written, tenths))))))
        assert text == found

    @given(LENGTHS)
    def test_scalar_and_document(self, tenths: list[int]) -> None:
        """One value, and a number of a document."""
        for each, um in zip(tenths, rounded(tenths), strict=True):
            assert micrometres(each / 10_000) == um == micrometres(written(each))
            assert micrometres(np.float64(each / 10_000)) == um
            parsed = mrecist.Finding("A", viable_mm=json.loads(repr(each / 10_000)))
            assert parsed.viable_um == um

    @given(st.lists(st.integers(0, 999_999), min_size=1, max_size=40))
    def test_single_precision(self, tenths: list[int]) -> None:
        """Floats of 32 bits too, of as many digits as they have."""
        floats = np.array([each / 10_000 for each in tenths], np.float32)
        found = mrecist.assess_cohort(findings_of(floats))  # type: ignore[arg-type]
        assert sizes_of(found) == rounded(tenths)
        assert [int(micrometres(each)) for each in floats] == rounded(tenths)

    @given(st.lists(st.integers(0, 999), min_size=1, max_size=40))
    def test_half_precision(self, tenths: list[int]) -> None:
        """And floats of 16 bits, which hold three digits."""
        floats = np.array([each / 10 for each in tenths], np.float16)
        found = mrecist.assess_cohort(findings_of(floats))  # type: ignore[arg-type]
        assert sizes_of(found) == [100 * each for each in tenths]

    @given(tenths=LENGTHS)
    @settings(max_examples=settings().max_examples // 10)
    def test_files(self, tenths: list[int]) -> None:
        """A file of text and one of floats give the same totals."""
        pytest.importorskip("narwhals")
        pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
        floats = [each / 10_000 for each in tenths]
        table = findings_of(floats)
        table = {name: [*column, *column] for name, column in table.items()}
        table["patient"] = table["lesion"]
        table["date"] = [1] * len(floats) + [50] * len(floats)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder)
            (path / "f.csv").write_text(as_csv(table), "utf-8")
            pq.write_table(pa.table(table), path / "f.parquet")
            for ending in ("csv", "parquet"):
                assess_files(path / f"f.{ending}", path / ending)
            total = pq.read_table(path / "parquet" / "timepoints.parquet")["total_mm"].to_pylist()
            again = pytest.importorskip("pyarrow.csv").read_csv(path / "csv" / "timepoints.csv")
        assert [
            None if each is None else float(each) for each in again["total_mm"].to_pylist()
        ] == total


# ---- empty cells

FINDINGS: Columns = {
    "patient": ["P", "P", "Q", "Q"],
    "date": ["2024-01-03", "2024-03-06"] * 2,
    "lesion": ["S8", "S8", "S2", "S2"],
    "organ": ["liver"] * 4,
    "kind": ["nodule"] * 4,
    "hilar": ["no"] * 4,
    "status": ["measured", None, "measured", None],
    "viable_mm": ["30", "20", "40", "60"],
    "longest_mm": ["31", None, "41", "61"],
    "pattern": ["typical"] * 4,
    "visit": [None, "two", None, "two"],
    "reported": [None, "PR", None, "PD"],
}


def with_cell(name: str, text: Any) -> Columns:
    return FINDINGS | {name: [*FINDINGS[name][:1], text, *FINDINGS[name][2:]]}


def told(findings: Any) -> Any:
    """Where the mistakes are, and the charts of the sound patients."""
    found = mrecist.assess_cohort(findings, errors="collect")
    charts = {}
    for patient in found.patients:
        try:
            charts[str(patient)] = found.patient(patient)
        except mrecist.CaseError:
            charts[str(patient)] = None
    return cells(found.errors), charts


class TestNothing:
    """What pandas takes for an empty cell is one at every door, in every column."""

    @pytest.mark.parametrize("door", [*DOORS, as_read_by_pandas], ids=lambda door: door.__name__)
    @pytest.mark.parametrize("name", FINDINGS)
    def test_every_spelling(self, door: Callable[[Columns], Any], name: str) -> None:
        """In place of a cell, and in place of `None`."""
        empty = told(with_cell(name, None))
        spellings = NOTHING[2:] if door is as_read_by_pandas else NOTHING
        for text in spellings:
            assert told(door(with_cell(name, text))) == empty, text

    @every_door
    def test_something(self, door: Callable[[Columns], Any]) -> None:
        """What is not among them is a name where a name stands, and a mistake elsewhere."""
        for text in SOMETHING:
            where, charts = told(door(with_cell("lesion", text)))
            assert where == []
            assert text in {lesion.id for lesion in charts["P"].lesions}
            where, _ = told(door(with_cell("viable_mm", text)))
            assert where == [(1, "viable_mm")]

    def test_files(self, tmp_path: Path) -> None:
        """A patient so spelt is nobody, in a file as in memory; with all rows of `Q` after it."""
        pytest.importorskip("narwhals")
        pytest.importorskip("pyarrow")
        for at, text in enumerate(NOTHING):
            table = with_cell("patient", text)
            path = tmp_path / f"{at}.csv"
            path.write_text(as_csv(table), "utf-8")
            summary = assess_files(path, tmp_path / str(at))
            assert (summary.patients, summary.unowned) == (2, 1), text
            told = (tmp_path / str(at) / "errors.csv").read_text("utf-8").splitlines()
            assert told[1:] == [",1,patient,must be given"], text

    @every_door
    def test_not_a_number(self, door: Callable[[Columns], Any]) -> None:
        """NaN among numbers is an empty cell in every kind of table."""
        table = {"patient": ["P", "P"], "date": [1, 50], "lesion": ["A", "A"],
                 "viable_mm": [20.0, float("nan")], "status": [None, "present"]}  # fmt: skip
        where, charts = told(door(table))
        assert where == []
        assert charts["P"].timepoints[1].findings[0].viable_um is None
        for name in ("date", "patient"):
            numbers = {**table, name: [1.0, float("nan")]}
            assert told(door(numbers))[0] == [(1, name)]
