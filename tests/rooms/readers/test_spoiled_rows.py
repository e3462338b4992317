"""A row of the tables of readers that cannot be read costs its patient, or its decision, alone."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from mrecist.readers.files import readings_files
from mrecist.tables.files import TableFileError

pytest.importorskip("narwhals")
pytest.importorskip("pyarrow")

PATIENTS = ("P0", "P1", "P2")
TABLES: dict[str, list[str]] = {
    "findings": ["patient,date,lesion,viable_mm,organ,reader"]
    + [f"{who},{day},S8,{size},liver,{reader}" for who in PATIENTS for reader in ("R1", "R2")
       for day, size in ((0, 40), (60, 20))],
    "lines": ["patient,start,agents,stop"] + [f"{who},1,SOR,90" for who in PATIENTS],
    "procedures": ["patient,date,kind,text"] + [f"{who},70,TACE,x" for who in PATIENTS],
    "decisions": ["patient,line,accepted,by,reason"] + [f"{who},1,R1,R3,x" for who in PATIENTS],
}  # fmt: skip
SPOIL: dict[str, tuple[Any, str]] = {
    "more": (lambda row: row + b",9", "values, the header"),
    "fewer": (lambda row: row.rpartition(b",")[0], "values, the header"),
    "the patient alone": (lambda row: row[:2], "has 1 values, the header"),
    "no UTF-8": (lambda row: row.rpartition(b",")[0] + b",\xff", "must be"),
}


def run(folder: Path, tables: dict[str, list[bytes]]) -> tuple[Any, dict[str, list[Any]]]:
    """The summary, and the rows that were written."""
    paths = {}
    for name, rows in tables.items():
        paths[name] = folder / f"{name}.csv"
        paths[name].write_bytes(b"\n".join(rows) + b"\n")
    summary = readings_files(paths.pop("findings"), folder / "out", **paths)
    out = {}
    for name in ("lines", "errors", "timepoints"):
        with (folder / "out" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            out[name] = list(csv.DictReader(file))
    return summary, out


def encoded() -> dict[str, list[bytes]]:
    return {name: [row.encode() for row in rows] for name, rows in TABLES.items()}


@pytest.mark.parametrize("how", SPOIL)
@pytest.mark.parametrize("name", TABLES)
def test_others_are_judged(name: str, how: str, tmp_path: Path) -> None:
    """The row is told by its place; the others come out as if it were not there."""
    _, whole = run(tmp_path, encoded())
    assert whole["errors"] == []
    tables = encoded()
    where = next(at for at, row in enumerate(tables[name]) if row.startswith(b"P1"))
    spoil, message = SPOIL[how]
    tables[name][where] = spoil(tables[name][where])
    summary, found = run(tmp_path, tables)
    told = [row for row in found["errors"] if row["row"] == str(where - 1)]
    assert [row["patient"] for row in told if message in row["error"]] == ["P1"]
    if how != "no UTF-8":
        assert f"(line {where + 1})" in told[0]["error"]
        assert told[0]["column"] == f"{'' if name == 'findings' else name + '.'}columns"
    spared = PATIENTS if name == "decisions" else ("P0", "P2")
    accepted = {row["patient"] for row in found["lines"] if row["accepted"] == "true"}
    assert accepted == {"P0", "P2"} | ({"P1"} & set(spared))
    for table in ("lines", "timepoints"):
        rows = [row for row in found[table] if row["patient"] != "P1"]
        assert rows == [row for row in whole[table] if row["patient"] != "P1"]
    assert summary.invalid == (name != "decisions")
    assert summary.untaken == sum(row["column"].startswith("decisions") for row in found["errors"])


def test_nobody(tmp_path: Path) -> None:
    """A row of which not even the patient can be read is of nobody; a bare one of its patient."""
    tables = encoded()
    tables["findings"] += [b"\xff,1", b"P\xff,1,S8,4,liver,R1", b"P9", b"P0,1,S8,4,liver,\xff"]
    summary, found = run(tmp_path, tables)
    rows = [(row["patient"], row["row"], row["column"]) for row in found["errors"]]
    assert {row for row in rows if not row[2].startswith("decisions")} == {
        ("", "12", "columns"),
        ("", "13", "patient"),
        ("P9", "14", "columns"),
        ("P0", "15", "reader"),
    }
    assert summary.unowned == 2
    assert {row["patient"] for row in found["lines"] if row["accepted"] == "true"} == {"P1", "P2"}


def test_no_reader(tmp_path: Path) -> None:
    """A sound row without a reader ends the run: nobody could say whose it is."""
    tables = encoded()
    tables["findings"].append(b"P0,90,S8,4,liver,")
    with pytest.raises(TableFileError, match="reader: must be given for every row, row 12"):
        run(tmp_path, tables)


def test_decision_of_nobody(tmp_path: Path) -> None:
    """A decision for a patient whose name cannot be read is of nobody."""
    tables = encoded()
    tables["decisions"].append(b"\xff,1,R1,R3,x")
    summary, found = run(tmp_path, tables)
    assert [(row["patient"], row["column"]) for row in found["errors"]] == [
        ("", "decisions.patient")
    ]
    assert summary.untaken == 1
