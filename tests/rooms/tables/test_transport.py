"""SAS transport files: read back by other libraries, and refused where they would cut off."""

from __future__ import annotations

import datetime
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mrecist.tables.column import Coded, Plain
from mrecist.tables.transport import TransportError, _number, write_transports
from mrecist.tables.values import values_of

DAYS = np.array(["2024-02-29", "1959-12-31", "NaT"], "datetime64[D]")
TIMES = np.array(["2024-02-29T12:30:00", "1960-01-01", "NaT"], "datetime64[s]")
COLUMNS: dict[str, Any] = {
    "USUBJID": Coded(np.array([0, 1, 0]), ["P-001", "P-2"]),
    "AVALC": Coded(np.array([0, -1, 0]), ["NON-CR/NON-PD"]),
    "EMPTY": Coded(np.array([-1, -1, -1]), []),
    "AVAL": Plain(np.array([-9.8, 0.0, np.nan]), np.array([False, False, True])),
    "N": Plain(np.array([1, 2, 1 << 52])),
    "ADT": Plain(DAYS, np.isnat(DAYS)),
    "ADTM": Plain(TIMES, np.isnat(TIMES)),
}
LABELS = {"USUBJID": "Unique Subject Identifier", "ADT": "Analysis Date"}


def written(path: Path, columns: Any = COLUMNS) -> Path:
    file = path / "adrs.xpt"
    assert write_transports({str(file): ("ADRS", "Responses", columns, LABELS)}) == [str(file)]
    return file


class TestRead:
    """What is written is what others read."""

    def test_records(self, tmp_path: Path) -> None:
        """Whole records of 80 bytes, alike on every day."""
        data = written(tmp_path).read_bytes()
        assert len(data) % 80 == 0
        assert data.startswith(b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!")
        assert data == written(tmp_path).read_bytes()

    def test_pyreadstat(self, tmp_path: Path) -> None:
        """Texts, numbers, dates, times and labels."""
        sas = pytest.importorskip("pyreadstat")
        found, meta = sas.read_xport(str(written(tmp_path)), output_format="dict")
        assert meta.table_name == "ADRS"
        assert meta.file_label == "Responses"
        assert meta.column_names_to_labels["USUBJID"] == "Unique Subject Identifier"
        assert meta.column_names_to_labels["AVALC"] == "AVALC"
        assert list(found["USUBJID"]) == ["P-001", "P-2", "P-001"]
        assert list(found["AVALC"]) == ["NON-CR/NON-PD", "", "NON-CR/NON-PD"]
        assert list(found["EMPTY"]) == [""] * 3
        assert found["AVAL"][0] == -9.8
        assert found["AVAL"][1] == 0
        assert found["AVAL"][2] is None or math.isnan(found["AVAL"][2])
        assert list(found["N"]) == [1, 2, 1 << 52]
        assert list(found["ADT"])[:2] == [datetime.date(2024, 2, 29), datetime.date(1959, 12, 31)]
        assert found["ADTM"][0] == datetime.datetime(2024, 2, 29, 12, 30)

    def test_pandas(self, tmp_path: Path) -> None:
        """The other reader of the format says the same."""
        pd = pytest.importorskip("pandas")
        frame = pd.read_sas(written(tmp_path), encoding="ascii")
        assert list(frame.columns) == list(COLUMNS)
        assert frame["USUBJID"].tolist() == ["P-001", "P-2", "P-001"]
        assert frame["AVAL"].tolist()[:2] == [-9.8, pytest.approx(0, abs=1e-70)]
        assert frame["N"].tolist() == [1, 2, 1 << 52]

    def test_empty(self, tmp_path: Path) -> None:
        """A data set without rows has its columns."""
        none = {name: Coded(np.zeros(0, np.int64), []) for name in COLUMNS}
        sas = pytest.importorskip("pyreadstat")
        found, _ = sas.read_xport(str(written(tmp_path, none)), output_format="dict")
        assert list(found) == list(COLUMNS)

    @settings(max_examples=4 * settings().max_examples)
    @given(st.floats(min_value=-1e70, max_value=1e70).filter(lambda x: not 0 < abs(x) < 1e-70))
    def test_numbers(self, value: float) -> None:
        """A number is sign, power of sixteen and a fraction of it, exactly."""
        data = _number(value)
        power = 16.0 ** ((data[0] & 0x7F) - 64)
        fraction = int.from_bytes(data[1:], "big") / (1 << 56)
        assert (-1 if data[0] & 0x80 else 1) * fraction * power == value

    def test_no_numbers(self) -> None:
        """What is no finite number is missing."""
        for value in (None, math.nan, math.inf):
            assert _number(value) == b"." + bytes(7)


class TestRefused:
    """Everything that does not fit is told, and nothing is written."""

    def test_all_at_once(self, tmp_path: Path) -> None:
        """Names, labels, long texts, characters; the first row of each column."""
        columns = {
            "BESTRESPONSE": Plain(np.array([1, 2])),
            "1ST": Plain(np.array([1, 2])),
            "AGENTS": Coded(np.array([0, 1]), ["x" * 201, "y" * 202]),
            "ID": Coded(np.array([0, 1]), ["ok", "Müller"]),
            "TWICE": Coded(np.array([1, 0]), ["é", "ü"]),
        }
        paths = {str(tmp_path / f"{name}.xpt"): (name, label, columns, {"1ST": "z" * 41})
                 for name, label in (("ADRS", "Responses"), ("ADTR", "Größen"))}  # fmt: skip
        with pytest.raises(TransportError) as raised:
            write_transports(paths)
        told = [
            "BESTRESPONSE: a name must have at most 8 letters, digits and _, got 'BESTRESPONSE'",
            "1ST: a name must have at most 8 letters, digits and _, got '1ST'",
            f"1ST: a label must have at most 40 characters of ASCII, got '{'z' * 41}'",
            "AGENTS, row 0: must have at most 200 bytes, got 201",
            "ID, row 1: must be ASCII, got 'Müller'",
            "TWICE, row 0: must be ASCII, got 'ü'",
        ]
        label = "ADTR: a label must have at most 40 characters of ASCII, got 'Größen'"
        assert list(raised.value.lines) == [
            *(f"ADRS.{each}" for each in told),
            label,
            *(f"ADTR.{each}" for each in told),
            "csv and parquet have no such limits",
        ]
        assert str(raised.value).splitlines() == list(raised.value.lines)
        assert list(tmp_path.iterdir()) == []


def test_values() -> None:
    """Columns as plain values, `None` where they are empty."""
    assert values_of(COLUMNS["AVALC"]) == ["NON-CR/NON-PD", None, "NON-CR/NON-PD"]
    assert values_of(COLUMNS["N"]) == [1, 2, 1 << 52]
    assert values_of(COLUMNS["ADTM"])[1:] == [datetime.datetime(1960, 1, 1), None]
