"""Frames at the rim: every kind is read as the mapping it tells, and the same kind comes out."""

from __future__ import annotations

import datetime
import math
import subprocess
import sys
import types
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from support.cohort_tables import (
    Columns,
    Form,
    Row,
    cohort_of,
    sayable_documents,
)

import mrecist
from mrecist.tables import frames_in
from mrecist.tables.column import Coded, Plain
from mrecist.tables.frames_in import columns_of
from mrecist.tables.grouping import Grouped
from mrecist.tables.mistakes import CohortError

D = datetime.date
EXAMPLES = settings().max_examples // 5

# ---- the kinds of tables, and what makes one of a mapping


def library(name: str) -> Any:
    return pytest.importorskip(name)


def arrow(columns: Columns) -> Any:
    pytest.importorskip("narwhals")
    return library("pyarrow").table(columns)


def polars(columns: Columns) -> Any:
    pytest.importorskip("narwhals")
    library("pyarrow")
    return library("polars").DataFrame(columns)


def pandas(columns: Columns) -> Any:
    pytest.importorskip("narwhals")
    library("pyarrow")
    return library("pandas").DataFrame(columns)


def pandas_of_objects(columns: Columns) -> Any:
    pd = library("pandas")
    return pandas({name: pd.Series(each, dtype=object) for name, each in columns.items()})


def pandas_of_arrow(columns: Columns) -> Any:
    pd = library("pandas")
    table = arrow(columns)
    return table.to_pandas(types_mapper=pd.ArrowDtype)


def pandas_nullable(columns: Columns) -> Any:
    return pandas(columns).convert_dtypes()


def pandas_categories(columns: Columns) -> Any:
    frame = pandas(columns)
    texts = [name for name in frame if any(isinstance(cell, str) for cell in columns[name])]
    return frame.astype(dict.fromkeys(texts, "category"))


def polars_lazy(columns: Columns) -> Any:
    return polars(columns).lazy()


def polars_categories(columns: Columns) -> Any:
    pl = library("polars")
    return polars(columns).with_columns(pl.col(pl.String).cast(pl.Categorical))


def polars_enums(columns: Columns) -> Any:
    pl = library("polars")
    frame = polars(columns)
    texts = [name for name, dtype in frame.schema.items() if dtype == pl.String]
    return frame.with_columns(
        frame[name].cast(pl.Enum(["unused", *frame[name].unique().drop_nulls()])) for name in texts
    )


def arrow_dictionaries(columns: Columns) -> Any:
    return _with_dictionaries(arrow(columns))


def arrow_in_pieces(columns: Columns) -> Any:
    """Chunks of three rows, each with a dictionary of its own."""
    table = arrow(columns)
    pieces = [_with_dictionaries(table.slice(at, 3)) for at in range(0, len(table), 3)]
    return library("pyarrow").concat_tables(pieces or [table])


def _with_dictionaries(table: Any) -> Any:
    for place, field in enumerate(table.schema):
        if str(field.type) == "string":
            table = table.set_column(place, field.name, table[field.name].dictionary_encode())
    return table


def batch(columns: Columns) -> Any:
    return arrow(columns).combine_chunks().to_batches()[0]


def stream(columns: Columns) -> Any:
    """What can be read but once."""
    return arrow(columns).to_reader()


def relation(columns: Columns) -> Any:
    table = arrow(columns)
    return library("duckdb").from_arrow(table)


KINDS: list[Callable[[Columns], Any]] = [
    pandas, pandas_of_objects, pandas_of_arrow, pandas_nullable, pandas_categories, polars,
    polars_lazy, polars_categories, polars_enums, arrow, arrow_dictionaries, arrow_in_pieces,
    batch, stream, relation,
]  # fmt: skip
every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)


def cells_of(frame: Any) -> Columns:
    """A frame as a mapping of lists of plain values, dates as text, `None` where null."""
    if hasattr(frame, "collect"):
        frame = frame.collect()
    if hasattr(frame, "to_arrow_table"):
        frame = frame.to_arrow_table()
    if type(frame).__module__.startswith("polars"):
        columns = frame.to_dict(as_series=False)
    elif hasattr(frame, "to_pydict"):
        columns = frame.to_pydict()
    elif isinstance(frame, dict):
        columns = {name: column.tolist() for name, column in frame.items()}
    else:
        columns = {name: frame[name].tolist() for name in frame}
    return {name: [_plain(cell) for cell in column] for name, column in columns.items()}


def _plain(cell: Any) -> Any:
    if type(cell).__name__ in ("NAType", "NaTType") or (cell != cell):
        return None
    if isinstance(cell, datetime.datetime):
        assert cell.time() == datetime.time(0)
        cell = cell.date()
    return cell.isoformat() if isinstance(cell, D) else cell


def answers(responses: Any) -> list[Columns]:
    return [cells_of(table) for table in (responses.timepoints, responses.lines, responses.errors)]


# ---- a cohort with something of everything

FINDING_ROWS: list[Row] = [
    {"patient": "P-1", "date": "2024-01-03", "lesion": "S8", "viable_mm": 14.0, "organ": "liver"},
    {"patient": "P-1", "date": "2024-01-03", "lesion": "PV", "status": "present",
     "organ": "portal vein", "kind": "thrombus"},
    {"patient": "P-1", "date": "2024-03-06", "lesion": "S8", "viable_mm": 9.8, "reported": "SD"},
    {"patient": "P-1", "date": "2024-03-06", "lesion": "PV", "status": "present"},
    {"patient": "P-1", "date": "2024-05-01", "lesion": "S8", "viable_mm": 9.9, "reported": "PR"},
    {"patient": "P-1", "date": "2024-05-01", "lesion": "PV", "status": "present",
     "equivocal": False},
    {"patient": "P-2", "date": "2024-01-03", "lesion": "S5", "viable_mm": 20.5, "treated": True},
    {"patient": "P-2", "date": "2024-03-06", "lesion": "S5", "viable_mm": 31.0},
    {"patient": "P-2", "date": "2024-03-06", "lesion": "S2", "viable_mm": 12.0, "equivocal": True},
    {"patient": "P-3", "date": "2024-01-03", "lesion": "S5", "viable_mm": 18.0},
    {"patient": "P-3", "date": "2024-03-06", "lesion": None},
]  # fmt: skip
LINE_ROWS: list[Row] = [
    {"patient": "P-1", "start": "2024-01-10", "agents": "lenvatinib", "stop": "2024-04-01",
     "end_reason": "toxicity", "targets": "S8"},
    {"patient": "P-1", "start": "2024-04-10", "agents": "sorafenib+lenvatinib"},
    {"patient": "P-2", "start": "2024-01-10", "baseline": "2024-01-03"},
    {"patient": "P-3", "start": "2024-01-10"},
]  # fmt: skip


def mapping(rows: list[Row], *, dates: Callable[[str], Any] = str) -> Columns:
    columns: Columns = {name: [] for name in dict.fromkeys(name for row in rows for name in row)}
    for row in rows:
        for name, column in columns.items():
            cell = row.get(name)
            dated = name in ("date", "start", "stop", "baseline") and cell is not None
            column.append(dates(cell) if dated else cell)
    return columns


FORMS = {"text": str, "date": D.fromisoformat}
every_form = pytest.mark.parametrize("dates", FORMS.values(), ids=FORMS.keys())


class TestSameAnswers:
    """A frame of any kind is judged as the mapping that it tells."""

    @every_form
    @every_kind
    def test_grouped(self, kind: Callable[[Columns], Any], dates: Callable[[str], Any]) -> None:
        """Rows of each patient together."""
        findings, lines = mapping(FINDING_ROWS, dates=dates), mapping(LINE_ROWS, dates=dates)
        told = mrecist.assess_cohort(kind(findings), kind(lines))
        assert answers(told) == answers(mrecist.assess_cohort(findings, lines))

    @every_form
    @every_kind
    def test_unsorted(self, kind: Callable[[Columns], Any], dates: Callable[[str], Any]) -> None:
        """Rows of the patients in turn."""
        findings = mapping(FINDING_ROWS[::3] + FINDING_ROWS[1::3] + FINDING_ROWS[2::3], dates=dates)
        lines = mapping(LINE_ROWS[::-1], dates=dates)
        told = mrecist.assess_cohort(kind(findings), kind(lines))
        assert answers(told) == answers(mrecist.assess_cohort(findings, lines))

    @every_kind
    def test_without_lines(self, kind: Callable[[Columns], Any]) -> None:
        """No lines table."""
        findings = mapping(FINDING_ROWS)
        told = mrecist.assess_cohort(kind(findings))
        assert answers(told) == answers(mrecist.assess_cohort(findings))

    @every_kind
    def test_study_days(self, kind: Callable[[Columns], Any]) -> None:
        """Dates that are whole days."""

        def day(date: str) -> int:
            return (D.fromisoformat(date) - D(2024, 1, 1)).days

        findings, lines = mapping(FINDING_ROWS, dates=day), mapping(LINE_ROWS, dates=day)
        told = mrecist.assess_cohort(kind(findings), kind(lines))
        assert answers(told) == answers(mrecist.assess_cohort(findings, lines))

    @every_kind
    def test_numbers_as_patients(self, kind: Callable[[Columns], Any]) -> None:
        """Patients that are whole numbers stay numbers."""
        findings, lines = mapping(FINDING_ROWS), mapping(LINE_ROWS)
        for table in (findings, lines):
            table["patient"] = [int(name[2:]) for name in table["patient"]]
        told = answers(mrecist.assess_cohort(kind(findings), kind(lines)))
        assert set(told[0]["patient"]) == {1, 2, 3}
        arrays = {"patient": np.array(findings["patient"])}
        assert told == answers(mrecist.assess_cohort(findings | arrays, lines))

    @every_kind
    def test_decimals(self, kind: Callable[[Columns], Any]) -> None:
        """Sizes that are decimal numbers are exact."""
        findings = mapping(FINDING_ROWS)
        exact = [None if size is None else Decimal(str(size)) for size in findings["viable_mm"]]
        told = mrecist.assess_cohort(kind(findings | {"viable_mm": exact}))
        assert answers(told) == answers(mrecist.assess_cohort(findings))

    @every_kind
    def test_mistakes(self, kind: Callable[[Columns], Any]) -> None:
        """Mistakes are those of the mapping, row by row, also where a row names no patient."""
        findings, lines = mapping(FINDING_ROWS), mapping(LINE_ROWS)
        findings["patient"] = [*findings["patient"][:-1], None]
        findings["viable_mm"] = [-1.0, *findings["viable_mm"][1:]]
        findings["organ"] = ["spleen", "liver", *findings["organ"][2:]]
        lines["start"] = ["2024-02-30", *lines["start"][1:-1], None]
        told = mrecist.assess_cohort(kind(findings), kind(lines), errors="collect")
        plain = mrecist.assess_cohort(findings, lines, errors="collect")
        assert len(plain.errors["row"]) >= 4
        assert answers(told) == answers(plain)

    @every_kind
    @pytest.mark.parametrize("nobody", ["", None])
    def test_nobody(self, kind: Callable[[Columns], Any], nobody: str | None) -> None:
        """A row without a patient is a mistake of that row, in whatever order the rows are."""
        findings = mapping(FINDING_ROWS)
        findings["patient"] = [*findings["patient"][:4], nobody, *findings["patient"][5:]]
        told = mrecist.assess_cohort(kind(findings), errors="collect")
        assert cells_of(told.errors)["row"] == [4]
        assert answers(told) == answers(mrecist.assess_cohort(findings, errors="collect"))

    @every_kind
    def test_empty(self, kind: Callable[[Columns], Any]) -> None:
        """A table without rows gives tables without rows, of the same columns."""
        if kind is batch:
            pytest.skip("a table without rows has no batch")
        pa = library("pyarrow")
        findings = {name: pa.array([], pa.string()) for name in ("patient", "date", "lesion")}
        told = mrecist.assess_cohort(kind(findings))
        plain = mrecist.assess_cohort({name: [] for name in findings})
        assert answers(told) == answers(plain)

    @settings(max_examples=EXAMPLES)
    @given(data=st.data())
    @every_kind
    def test_drawn(self, kind: Callable[[Columns], Any], data: st.DataObject) -> None:
        """Any cohort, in any order of rows, whose columns are each of one type."""
        form = Form(
            rows=data.draw(st.sampled_from(["in order", "reversed", "shuffled"])),
            sizes=data.draw(st.sampled_from(["float", "text", "Decimal"])),
            dates=data.draw(st.sampled_from(["text", "date"])),
            empty=data.draw(st.sampled_from([None, ""])),
            defaults="in some rows",
            facts="in some rows",
        )
        days = data.draw(st.sampled_from(["study", "calendar"]))
        documents = data.draw(sayable_documents(max_patients=3, days=days))
        cohort = cohort_of(documents, form)
        findings, lines = _of_one_type(cohort.findings), _of_one_type(cohort.lines)
        assume(findings["patient"] and lines["patient"])
        done = None if cohort.procedures is None else _of_one_type(cohort.procedures)
        told = mrecist.assess_cohort(
            kind(findings), kind(lines), procedures=None if done is None else kind(done)
        )
        assert answers(told) == answers(mrecist.assess_cohort(findings, lines, procedures=done))


def _of_one_type(columns: Columns | None) -> Columns:
    """Columns whose empty cells are null where others are no text."""
    return {
        name: column
        if {type(cell) for cell in column} <= {str, type(None)}
        else [None if cell == "" else cell for cell in column]
        for name, column in (columns or {}).items()
    }


def read_column(frame: Any, name: str = "organ") -> Any:
    """A column as plain Python values, however it was read."""
    column = columns_of(frame)[name]
    if isinstance(column, Coded):
        values = [*column.values, None]
        return [values[code] for code in column.codes]
    if isinstance(column, Plain):
        null = [False] * len(column) if column.null is None else column.null
        return [None if empty else value for value, empty in zip(column.values, null, strict=True)]
    return column


class TestColumnsIn:
    """Columns of each type are read by what their values mean."""

    @every_kind
    def test_unknown(self, kind: Callable[[Columns], Any]) -> None:
        """Names that are no column of ours are told, their values are not read."""
        columns = columns_of(kind({"patient": ["P-1"], "note": ["x"], "dose": [8.5]}))
        assert list(columns) == ["patient", "note", "dose"]
        assert columns["note"] is columns["dose"] is None

    @every_kind
    def test_misspelt(self, kind: Callable[[Columns], Any]) -> None:
        """A misspelt column is refused with the name that is meant."""
        findings = mapping(FINDING_ROWS)
        findings["viable_m"] = findings.pop("viable_mm")
        with pytest.raises(CohortError, match="did you mean viable_mm"):
            mrecist.assess_cohort(kind(findings))

    @pytest.mark.parametrize("kind", [pandas, polars, arrow, relation], ids=lambda k: k.__name__)
    def test_patients_by_runs(self, kind: Callable[[Columns], Any]) -> None:
        """Patients whose rows lie together are found without sorting."""
        grouped = columns_of(kind({"patient": ["b"] * 3 + ["a"] * 2}))["patient"]
        if isinstance(grouped, Grouped):
            assert grouped.owner is None
            assert grouped.ids.tolist() == ["b", "a"]
            assert grouped.bounds.tolist() == [0, 3, 5]
        else:  # pandas without a column type for text
            assert int(library("pandas").__version__[0]) < 3

    @pytest.mark.parametrize("kind", [pandas, polars, arrow, relation], ids=lambda k: k.__name__)
    @pytest.mark.parametrize("lacking", ["", None])
    def test_patients_apart(self, kind: Callable[[Columns], Any], lacking: str | None) -> None:
        """Rows of patients in any order are told apart; those that name none are mistakes."""
        ids = ["b", "a", "b", "c", "a", "b"]
        table = {"date": [0, 0, 56, 0, 56, 112], "lesion": ["S8"] * 6, "viable_mm": [20] * 6}
        out = mrecist.assess_cohort(kind({"patient": ids, **table}))
        assert out.patients.tolist() == ["b", "a", "c"]
        out = mrecist.assess_cohort(
            kind({"patient": [*ids[:2], lacking, *ids[3:]], **table}), errors="collect"
        )
        assert out.patients.tolist() == ["b", "a", "c"]
        errors = cells_of(out.errors)
        assert (errors["row"], errors["error"]) == ([2], ["must be given"])

    def test_polars_patients(self) -> None:
        """polars groups the rows of patients in any order, the first to appear first."""
        grouped = columns_of(polars({"patient": list("bababc")}))["patient"]
        assert grouped.ids.tolist() == ["b", "a", "c"]
        assert grouped.owner.tolist() == [0, 1, 0, 1, 0, 2]
        assert grouped.bounds.tolist() == [0, 3, 5, 6]

    def test_polars_rows_apart(self) -> None:
        """Runs of one patient that lie apart are one patient's rows."""
        grouped = columns_of(polars({"patient": list("aaabbbaaa")}))["patient"]
        assert grouped.ids.tolist() == ["a", "b"]
        assert grouped.owner.tolist() == [0, 0, 0, 1, 1, 1, 0, 0, 0]

    @pytest.mark.parametrize("make", [pandas, pandas_nullable, polars, arrow])
    def test_mistakes_of_nobody(self, make: Callable[[Columns], Any]) -> None:
        """Patients are numbers, and a row names none: it has a mistake of nobody."""
        table = {
            "patient": [1, 2, None], "date": ["2024-01-01", "x", "2024-03-01"],
            "lesion": ["S8"] * 3, "viable_mm": [30.0, 10.0, 5.0],
        }  # fmt: skip
        out = cells_of(mrecist.assess_cohort(make(table), errors="collect").errors)
        assert out["patient"] == [2, None]
        assert out["row"] == [1, 2]

    @pytest.mark.parametrize("mask", [0, 1, 3])
    def test_polars_hashes_that_meet(self, mask: int, monkeypatch: pytest.MonkeyPatch) -> None:
        """Different patients are never one, though their hashes be."""
        pl = library("polars")
        hashed = pl.Series.hash
        monkeypatch.setattr(pl.Series, "hash", lambda texts: hashed(texts) & mask)
        ids = [f"P-{number * 7 % 11}" for number in range(40)]
        for each in (ids, sorted(ids), [*sorted(ids), "P-1"]):
            grouped = columns_of(polars({"patient": each}))["patient"]
            assert grouped.ids.tolist() == list(dict.fromkeys(each))
            assert [grouped.ids[place] for place in grouped.owners()] == each
        lesions = [*ids, None, "", None]
        coded = columns_of(polars({"lesion": lesions}))["lesion"]
        assert [coded.values[code] for code in coded.codes] == lesions
        assert len(coded.values) == 13

    @pytest.mark.parametrize("words", [0, 1, 6, 7])
    def test_polars_words(self, words: int, monkeypatch: pytest.MonkeyPatch) -> None:
        """Few words or many, none, and words that only later rows have: each row keeps its own."""
        monkeypatch.setattr(frames_in, "MANY_ROWS", 30)
        monkeypatch.setattr(frames_in, "PART_ROWS", 7)
        some: list[str | None] = [f"word {row % words}" if words else None for row in range(40)]
        some[5:8] = None, "", None
        for each in (some, some[::-1], [*some, "late"], [*some, None], [None, *some], []):
            coded = columns_of(polars({"patient": ["P"] * len(each), "status": each}))["status"]
            assert [coded.values[code] if code >= 0 else None for code in coded.codes] == each

    def test_not_a_number(self) -> None:
        """NaN is nothing, whatever holds it."""
        findings = {"patient": ["P"] * 2, "date": ["2024-01-03"] * 2, "lesion": ["a", "b"]}
        findings |= {"status": ["present", "measured"]}
        sizes = library("numpy").array([math.nan, 20.0])
        frame = pandas(findings | {"viable_mm": sizes})
        for each in (frame, frame.astype({"viable_mm": "Float64"})):
            assert mrecist.assess_cohort(each).patients.tolist() == ["P"]
        pa = library("pyarrow")
        in_arrow = frame.assign(
            viable_mm=library("pandas").array(pa.array(sizes), "double[pyarrow]")
        )
        assert mrecist.assess_cohort(in_arrow).patients.tolist() == ["P"]
        for each in (
            arrow(findings | {"viable_mm": pa.array(sizes)}),
            polars(frame.to_dict("list")),
        ):
            assert mrecist.assess_cohort(each).patients.tolist() == ["P"]

    @pytest.mark.parametrize("kind", [pandas, polars, arrow], ids=lambda kind: kind.__name__)
    def test_date_with_a_zone(self, kind: Callable[[Columns], Any]) -> None:
        """The date is that of the wall clock there."""
        pa = library("pyarrow")
        hours = pa.array([datetime.datetime(2024, 1, 2, 19)], pa.timestamp("us", "Asia/Karachi"))
        table = arrow({"date": hours})
        frames = [table]
        if kind is pandas:
            frames = [table.to_pandas(), table.to_pandas(types_mapper=library("pandas").ArrowDtype)]
        elif kind is polars:
            frames = [library("polars").from_arrow(table)]
        for frame in frames:
            (date,) = read_column(frame, "date")
            assert date == np.datetime64("2024-01-03")

    @pytest.mark.parametrize(
        ("values", "options"),
        [
            ([1, True, "1", None], {"dtype": object}),
            ([True, None, False], {"dtype": object}),
            ([7, None, 8], {"dtype": object}),
            ([7, None, 8], {"dtype": "UInt8"}),
            ([7, None, 2**63], {"dtype": "UInt64"}),
            ([7, None, 8], {"dtype": "category"}),
            (["a", None, "b"], {"dtype": "string"}),
            (["a", None, "b"], {"dtype": "string[python]"}),
            (["a", None, "\ud800"], {"dtype": object}),
            ([D(2024, 1, 3), None], {"dtype": object}),
            ([1.5, 2.5], {"dtype": "float32"}),
            (["x", "y"], {"dtype": "Sparse[object]"}),
        ],
        ids=repr,
    )
    def test_pandas_types(self, values: list[Any], options: Any) -> None:
        """What pandas holds in one way or another."""
        series = pytest.importorskip("pandas").Series(values, **options)
        found = read_column(pandas({"organ": series}))
        assert [(type(each), each) for each in map(_python, found)] == [
            (type(each), each) for each in values
        ]

    def test_pandas_period(self) -> None:
        """A period is left to the doors, which refuse it: it is no number."""
        (found,) = read_column(pandas({"organ": library("pandas").period_range("2024", periods=1)}))
        assert type(found).__name__ == "Period"

    @pytest.mark.parametrize(
        ("values", "kind"),
        [
            ([1, None], "Int8"),
            ([1, None, 2**63], "UInt64"),
            ([1, 2**63], "UInt64"),
            ([1, None], "Int128"),
            ([None, None], "Null"),
            ([D(2024, 1, 3), "x", 3, None], "Object"),
            ([["a"], None], "List"),
            ([datetime.time(1), None], "Time"),
            ([Decimal("1.50"), None], "Decimal"),
        ],
        ids=repr,
    )
    def test_polars_types(self, values: list[Any], kind: str) -> None:
        """What polars holds in one way or another."""
        pl = pytest.importorskip("polars")
        dtype = None if kind in ("List", "Decimal") else getattr(pl, kind)
        found = read_column(polars({"organ": pl.Series(values, dtype=dtype)}))
        assert list(map(_python, found)) == values

    def test_polars_shared_categories(self) -> None:
        """Columns that share their categories are read apart from each other."""
        pl = library("polars")
        many = pl.Series([str(number) for number in range(1000)], dtype=pl.Categorical)
        few = pl.Series(["999", None, "3"], dtype=pl.Categorical)
        assert len(many) == 1000
        column = columns_of(polars({"organ": few}))["organ"]
        assert len(column.values) <= 3
        assert read_column(polars({"organ": few})) == ["999", None, "3"]

    @pytest.mark.parametrize(
        ("values", "kind"),
        [
            ([1, None], "uint8"),
            ([1, None, 2**63], "uint64"),
            ([None, None], "null"),
            (["a", None], "large_string"),
            (["a", None], "string_view"),
            ([b"a", None], "binary"),
            ([["a"], None], "list"),
            ([np.float16(1.5)], "float16"),
            ([Decimal("1.50"), None], "decimal"),
            ([12, None], "whole decimal"),
        ],
        ids=repr,
    )
    def test_arrow_types(self, values: list[Any], kind: str) -> None:
        """What Arrow holds in one way or another; decimals without decimals are whole numbers."""
        pa = pytest.importorskip("pyarrow")
        makers = {
            "list": lambda: pa.list_(pa.string()),
            "decimal": lambda: pa.decimal128(9, 2),
            "whole decimal": lambda: pa.decimal128(38, 0),
        }
        dtype = makers.get(kind) or getattr(pa, kind)
        found = read_column(arrow({"organ": pa.array(values, dtype())}))
        assert list(map(_python, found)) == values

    def test_arrow_date64(self) -> None:
        """Dates that count milliseconds."""
        pa = pytest.importorskip("pyarrow")
        found = read_column(arrow({"date": pa.array([D(2024, 1, 3), None], pa.date64())}), "date")
        assert found == [np.datetime64("2024-01-03"), None]

    def test_arrow_dictionary_with_repeats(self) -> None:
        """Values that a dictionary has twice are one value; a null among them is a null."""
        pa = pytest.importorskip("pyarrow")
        places, values = pa.array([0, 1, 2, None], pa.uint8()), pa.array(["a", "a", None])
        column = arrow({"organ": pa.DictionaryArray.from_arrays(places, values)})
        assert read_column(column) == ["a", "a", None, None]
        assert columns_of(column)["organ"].codes.tolist()[:2] == [0, 0]

    def test_arrow_dictionaries_longer_than_their_chunks(self) -> None:
        """Chunks of one row that each carry all words."""
        pa = pytest.importorskip("pyarrow")
        words = pa.array(["a", "b", "c", "d"])
        chunks = [pa.DictionaryArray.from_arrays(pa.array([at]), words) for at in (3, 0, 3)]
        assert read_column(arrow({"organ": pa.chunked_array(chunks)})) == ["d", "a", "d"]


def _python(cell: Any) -> Any:
    return cell.item() if isinstance(cell, np.generic) else cell


# ---- out


def out_types(kind: Callable[[Columns], Any], **options: Any) -> tuple[Any, Any]:
    findings, lines = mapping(FINDING_ROWS, **options), mapping(LINE_ROWS, **options)
    told = mrecist.assess_cohort(kind(findings), kind(lines))
    return told.timepoints, told.lines


class Backend(str):
    """The name of a kind of frame, as narwhals takes it, that is none of those we ask for."""

    def __getattr__(self, name: str) -> Callable[[], bool]:
        if not name.startswith("is_"):
            raise AttributeError(name)
        return lambda: False


class Unheard:
    """A polars frame of narwhals that does not say it is one."""

    implementation = Backend("polars")

    def __init__(self, table: Any) -> None:
        self._table = table

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._table, name)
        return (lambda *told: Unheard(found(*told))) if name in ("select", "collect") else found


class TestFramesOut:
    """What comes out is of the kind that came in, with the types that its library has for it."""

    @every_kind
    def test_kind(self, kind: Callable[[Columns], Any]) -> None:
        """The type of the table; of what can only be read, a table of pyarrow."""
        frame = kind(mapping(FINDING_ROWS))
        made = type(mrecist.assess_cohort(frame).timepoints)
        assert made is (library("pyarrow").Table if kind in (batch, stream) else type(frame))

    def test_pandas(self) -> None:
        """Words are categories, all of them; nulls are nulls."""
        timepoints, lines = out_types(pandas, dates=D.fromisoformat)
        pd = library("pandas")
        text = pd.Series(["a"]).dtype
        types = timepoints.dtypes.to_dict()
        for name in ("target", "nontarget", "new_lesion", "computed", "reported", "source"):
            assert isinstance(types[name], pd.CategoricalDtype)
        words = types["response"].categories.tolist()
        assert words == [str(each) for each in mrecist.Response]
        assert types["patient"] == types["rules"] == types["problems"] == text
        assert (types["agrees"], types["total_mm"], types["day"]) == ("boolean", float, np.int64)
        assert lines["rechallenge_of"].dtype == "Int64"
        assert timepoints["date"].tolist()[0] == D(2024, 3, 6)

    def test_pandas_dates(self) -> None:
        """Dates of pandas and NumPy stay such."""
        pd = library("pandas")
        findings = mapping(FINDING_ROWS)
        frame = pandas(findings | {"date": pd.to_datetime(findings["date"])})
        responses = mrecist.assess_cohort(frame)
        assert responses.timepoints["date"].dtype.kind == "M"
        assert responses.lines["progression_date"].isna().any()

    @pytest.mark.parametrize("kind", [polars, polars_lazy], ids=lambda kind: kind.__name__)
    def test_polars(self, kind: Callable[[Columns], Any]) -> None:
        """Words are an Enum of all of them, dates are dates."""
        pl = library("polars")
        timepoints, lines = (
            table.lazy().collect_schema() for table in out_types(kind, dates=D.fromisoformat)
        )
        assert timepoints["response"] == pl.Enum([str(each) for each in mrecist.Response])
        assert timepoints["patient"] == timepoints["rules"] == pl.String
        assert timepoints["date"] == lines["start"] == lines["progression_date"] == pl.Date
        assert (timepoints["agrees"], timepoints["total_mm"]) == (pl.Boolean, pl.Float64)
        assert lines["rechallenge_of"] == pl.Int64

    def test_arrow(self) -> None:
        """Words are dictionaries, dates are days."""
        pa = library("pyarrow")
        timepoints, lines = (table.schema for table in out_types(arrow, dates=D.fromisoformat))
        assert pa.types.is_dictionary(timepoints.field("response").type)
        assert timepoints.field("rules").type == pa.large_string()
        assert timepoints.field("date").type == pa.date32()
        assert lines.field("progression_date").type == pa.date32()
        assert timepoints.field("agrees").type == pa.bool_()

    def test_relation_of_the_same_connection(self) -> None:
        """What comes out joins with what is there."""
        duckdb, table = library("duckdb"), arrow(mapping(FINDING_ROWS))
        with duckdb.connect() as there:
            there.register("rows", table)
            there.execute("create table findings as from rows")
            found = mrecist.assess_cohort(there.table("findings"))
            tables = {"timepoints": found.timepoints, "lines": found.lines}
            for name, made in tables.items():
                joined = made.query(
                    "made", "select count(*) from made join findings using (patient)"
                )
                assert joined.fetchall() == [({"timepoints": 17, "lines": 11}[name],)]

    @pytest.mark.parametrize("kind", [polars, polars_lazy], ids=lambda kind: kind.__name__)
    def test_others(self, kind: Callable[[Columns], Any], monkeypatch: pytest.MonkeyPatch) -> None:
        """Kinds that only narwhals knows are read and made by it, lazy where they are lazy."""
        frame = kind(mapping(FINDING_ROWS))
        nw = pytest.importorskip("narwhals.stable.v2")
        known = nw.from_native

        def from_native(native: Any) -> Any:
            return Unheard(known(native)) if type(native) is type(frame) else known(native)

        monkeypatch.setattr(nw, "from_native", from_native)
        told = mrecist.assess_cohort(frame)
        assert type(told.timepoints) is type(frame)
        assert answers(told) == answers(mrecist.assess_cohort(mapping(FINDING_ROWS)))

    def test_no_dates(self) -> None:
        """A table that has no dates at all tells no type of them."""
        with pytest.raises(CohortError, match="date: this column is required"):
            mrecist.assess_cohort(arrow({"patient": ["P"]}))

    @pytest.mark.parametrize("kind", [polars, arrow], ids=lambda kind: kind.__name__)
    @pytest.mark.parametrize("dates", ["day", "date", "text"])
    def test_dates_without_any(self, kind: Callable[[Columns], Any], dates: str) -> None:
        """A column of dates without any date has the type of those that came in."""
        findings = mapping([row for row in FINDING_ROWS if row["patient"] == "P-3"])
        if dates == "day":
            findings["date"] = list(range(len(findings["date"])))
        elif dates == "date":
            findings["date"] = [D.fromisoformat(each) for each in findings["date"]]
        lines = mrecist.assess_cohort(kind(findings)).lines
        assert cells_of(lines)["progression_date"] == [None]
        start, end = (
            lines[name].type if kind is arrow else lines[name].dtype
            for name in ("start", "progression_date")
        )
        assert start == end

    def test_mixed_dates(self) -> None:
        """Study days beside calendar dates are told as text where a column has but one type."""
        findings = {"patient": ["a", "a", "b", "b"], "lesion": ["x"] * 4}
        findings |= {"date": ["2024-01-03", "2024-03-06", "3", "60"], "viable_mm": [20.0] * 4}
        pd, pl = pandas(findings), polars(findings)
        found = [cells_of(mrecist.assess_cohort(each).timepoints)["date"] for each in (pd, pl)]
        assert found == [["2024-03-06", "60"]] * 2


# ---- what is refused


class TestRefused:
    """What is no table, and a library that is not there, are told in one sentence."""

    @pytest.mark.parametrize("thing", [[1, 2], "findings.csv", None, np.zeros(3), object()])
    def test_no_table(self, thing: Any) -> None:
        """A `TypeError` that names what is accepted."""
        with pytest.raises(TypeError, match="a table is a mapping of columns, or a pandas, polars"):
            mrecist.assess_cohort(thing)

    @pytest.mark.parametrize("name", ["narwhals.stable.v2", "pyarrow"])
    def test_no_library(self, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """An `ImportError` that names the extra to install."""
        if name == "pyarrow":
            pytest.importorskip("narwhals")
        monkeypatch.setitem(sys.modules, name, None)
        frame = type("Frame", (), {"__module__": "somewhere"})()
        told = rf'need {name.partition(".")[0]}: pip install "mrecist\[tables\]"'
        with pytest.raises(ImportError, match=told):
            mrecist.assess_cohort(frame)

    def test_unknown_frame(self) -> None:
        """An object of a stranger's class is no table."""
        pytest.importorskip("narwhals")
        library("pyarrow")
        with pytest.raises(TypeError, match="got Frame"):
            columns_of(type("Frame", (), {"__module__": "somewhere"})())

    def test_spark(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A Spark table is not pulled to the driver: what to use instead is told."""
        nw = pytest.importorskip("narwhals.stable.v2")
        frame = arrow({"patient": ["P"]})
        spark = types.SimpleNamespace(
            is_spark_like=lambda: True, is_duckdb=lambda: False, is_polars=lambda: False
        )
        table = types.SimpleNamespace(implementation=spark, collect_schema=dict)
        monkeypatch.setattr(nw, "from_native", lambda frame: table)
        with pytest.raises(TypeError, match="spark_cohort"):
            columns_of(frame)

    def test_single_column(self) -> None:
        """A column alone is no table, though Arrow can stream it."""
        with pytest.raises(TypeError, match="a table is a mapping of columns"):
            columns_of(polars({"organ": ["liver"]})["organ"])

    def test_twice_in_pandas(self) -> None:
        """A name that stands for two columns."""
        pd = library("pandas")
        pandas({})
        frame = pd.DataFrame([["P", "Q"]], columns=["patient", "patient"])
        with pytest.raises(CohortError, match=r"the columns: must have names that differ.*patient"):
            columns_of(frame)

    def test_twice_in_duckdb(self) -> None:
        """A name that stands for two columns."""
        duckdb = library("duckdb")
        relation({"patient": ["P"]})
        with pytest.raises(CohortError, match=r"the columns: must have names that differ.*patient"):
            columns_of(duckdb.sql("select 'P' as patient, 'Q' as patient"))

    def test_nothing_loaded(self) -> None:
        """A mapping is judged without any of these libraries."""
        script = (
            "import sys, mrecist; mrecist.assess_cohort("
            "{'patient': ['P'], 'date': ['2024-01-03'], 'lesion': ['a'], 'viable_mm': [20]});"
            "print(*{'narwhals', 'pyarrow', 'pandas', 'polars'} & set(sys.modules))"
        )
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
        assert (done.stdout.split(), done.stderr) == ([], "")


def test_lines_of_another_kind() -> None:
    """Findings of a mapping and lines of a frame, or the other way about; findings decide."""
    pl = pytest.importorskip("polars")
    pytest.importorskip("narwhals")
    pytest.importorskip("pyarrow")
    findings = {"patient": ["P", "P"], "date": [0, 56], "lesion": ["a", "a"], "viable_mm": [20, 9]}
    lines = {"patient": ["P"], "start": [7]}
    one = mrecist.assess_cohort(findings, pl.DataFrame(lines))
    other = mrecist.assess_cohort(pl.DataFrame(findings), lines)
    assert one.timepoints["day"].tolist() == [49]
    assert other.timepoints["day"].to_list() == [49]
