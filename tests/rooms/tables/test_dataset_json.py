"""Dataset-JSON 1.1: what its schema requires, and that our reader and others find what is there."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mrecist.io.table_files import read_table
from mrecist.tables.column import Coded, Plain
from mrecist.tables.data_sets import KINDS, check_kind, write_data_sets

DAYS = np.array(["2024-02-29", "1959-12-31", "NaT"], "datetime64[D]")
TIMES = np.array(["2024-02-29T12:30:00", "1960-01-01", "NaT"], "datetime64[s]")
COLUMNS: dict[str, Any] = {
    "USUBJID": Coded(np.array([0, 1, 0]), ["P-001", "Ä\n2"]),
    "EMPTY": Coded(np.array([-1, -1, -1]), []),
    "AVAL": Plain(np.array([-9.8, 2.0, np.inf]), np.array([False, False, False])),
    "CHG": Plain(np.array([0.1, np.nan, 0.0]), np.array([False, True, False])),
    "N": Plain(np.array([1, 2, 1 << 52])),
    "FLAG": Plain(np.array([True, False, True])),
    "ADT": Plain(DAYS, np.isnat(DAYS)),
    "ADTM": Plain(TIMES, np.isnat(TIMES)),
}
LABELS = {"USUBJID": "Unique Subject Identifier", "ADT": "Analysis Date"}
REQUIRED = {
    "datasetJSONCreationDateTime", "datasetJSONVersion", "itemGroupOID", "records", "name", "label",
    "columns", "rows",
}  # fmt: skip
OF_COLUMN = {"itemOID", "name", "label", "dataType"}
OPTIONAL = {"targetDataType", "length", "displayFormat", "keySequence"}


def written(folder: Path, columns: Any = COLUMNS) -> Path:
    file = folder / "adrs.json"
    made = write_data_sets({str(file): ("ADRS", "Responses", columns, LABELS)}, "json")
    assert made == [str(file)]
    return file


def test_keys(tmp_path: Path) -> None:
    """Every required key is there, and none that the schema does not know."""
    document = json.loads(written(tmp_path).read_text("utf-8"))
    assert set(document) == REQUIRED
    created = datetime.datetime.fromisoformat(document["datasetJSONCreationDateTime"])
    assert created.tzinfo is None
    told = ("datasetJSONVersion", "itemGroupOID", "records", "name", "label")
    assert [document[name] for name in told] == ["1.1.0", "IG.ADRS", 3, "ADRS", "Responses"]
    for each in document["columns"]:
        assert set(each) >= OF_COLUMN
        assert set(each) <= OF_COLUMN | OPTIONAL
    first, *_, day, time = document["columns"]
    assert first == {
        "itemOID": "IT.ADRS.USUBJID",
        "name": "USUBJID",
        "label": LABELS["USUBJID"],
        "dataType": "string",
        "length": 5,
    }
    assert (day["dataType"], day["targetDataType"], day["displayFormat"]) == (
        "date",
        "integer",
        "DATE9.",
    )
    assert (time["dataType"], time["targetDataType"], time["label"]) == (
        "datetime",
        "integer",
        "ADTM",
    )
    assert [each["dataType"] for each in document["columns"]] == [
        "string",
        "string",
        "float",
        "float",
        "integer",
        "boolean",
        "date",
        "datetime",
    ]


def test_rows(tmp_path: Path) -> None:
    """A list a row; whole numbers without a point; what is empty or no number is null."""
    file = written(tmp_path)
    assert json.loads(file.read_text("utf-8"))["rows"] == [
        ["P-001", None, -9.8, 0.1, 1, True, "2024-02-29", "2024-02-29T12:30:00"],
        ["Ä\n2", None, 2, None, 2, False, "1959-12-31", "1960-01-01T00:00:00"],
        ["P-001", None, None, 0, 1 << 52, True, None, None],
    ]
    assert len(file.read_text("utf-8").splitlines()) == 1 + 3 + 1
    assert file.read_bytes() == written(tmp_path).read_bytes()


def test_empty(tmp_path: Path) -> None:
    """A data set without rows is one, and is read as one."""
    none = {"USUBJID": Coded(np.array([], np.int64), [])}
    file = written(tmp_path, none)
    assert json.loads(file.read_text("utf-8"))["rows"] == []
    assert read_table(file).names == ("USUBJID",)


@settings(max_examples=settings().max_examples)
@given(
    rows=st.lists(
        st.tuples(
            st.none()
            | st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip),
            st.none() | st.floats(allow_nan=False, allow_infinity=False),
        )
    )
)
def test_read_back(tmp_path_factory: pytest.TempPathFactory, rows: list[Any]) -> None:
    """Our reader finds every text and every number, whatever they are."""
    texts, numbers = [row[0] for row in rows], [row[1] for row in rows]
    known = list(dict.fromkeys(text for text in texts if text is not None))
    codes = [-1 if text is None else known.index(text) for text in texts]
    lost = np.array([number is None for number in numbers], np.bool_)
    columns = {
        "T": Coded(np.array(codes, np.int64), known),
        "N": Plain(np.array([0 if each is None else each for each in numbers], float), lost),
    }
    file = written(tmp_path_factory.mktemp("made"), columns)
    table = read_table(file)
    found = [[*table.column(name).values, None] for name in ("T", "N")]
    codes_of = [table.column(name).codes.tolist() for name in ("T", "N")]
    read = [[values[code] for code in each] for values, each in zip(found, codes_of, strict=True)]
    assert read[0] == [None if text is None else text.strip() for text in texts]
    assert [None if text is None else float(text) for text in read[1]] == numbers


def test_kinds(tmp_path: Path) -> None:
    """The kinds that are taken are written; others are refused by name."""
    for kind in KINDS:
        check_kind(kind)
    with pytest.raises(ValueError, match=r'^kind must be "xpt", "csv", "parquet" or "json"'):
        check_kind("x")
