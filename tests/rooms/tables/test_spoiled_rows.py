"""A row that cannot be read is a mistake of its patient: all others are judged as ever."""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mrecist
from mrecist.cohort.files import Summary, assess_files

pytest.importorskip("narwhals")
pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

HEAD = {
    "findings": "patient,date,lesion,viable_mm,note",
    "lines": "patient,start,agents",
    "procedures": "patient,date,kind",
}
PATIENTS = range(6)
Rows = list[bytes]


def sound(name: str) -> Rows:
    """The rows of a table: each patient has four findings, two lines and a procedure."""
    each = {
        "findings": [f"P{p},2024-0{m}-03,S{s},{20 + p + m * s}.5,{'x' * p}"
                     for p in PATIENTS for m in (1, 3) for s in (1, 2)],
        "lines": [f"P{p},2024-0{m}-04,{a}" for p in PATIENTS for m, a in ((1, "SOR"), (3, "REG"))],
        "procedures": [f"P{p},2024-02-01,TACE" for p in PATIENTS],
    }  # fmt: skip
    return [row.encode() for row in each[name]]


SPOIL = {
    "one more": lambda row: row + b",9",
    "many more": lambda row: row + b",9" * 40,
    "one less": lambda row: row.rpartition(b",")[0],
    "the patient alone": lambda row: row.partition(b",")[0],
    "no UTF-8": lambda row: row.replace(b",S", b",\xff").replace(b"OR", b"\xc3(").replace(
        b"EG", b"\xf0").replace(b"TA", b"\x80"),
}  # fmt: skip


def written(path: Path, name: str, rows: Rows, end: bytes = b"\n") -> str:
    path.write_bytes(end.join([HEAD[name].encode(), *rows, b""]))
    return str(path)


def judged(folder: Path, tables: dict[str, Rows], rows: int = 1 << 18, end: bytes = b"\n") -> Any:
    paths = {
        name: written(folder / f"{name}.csv", name, each, end) for name, each in tables.items()
    }
    summary = assess_files(paths.pop("findings"), folder / "out", chunk_rows=rows, **paths)
    out = {}
    for name in ("timepoints", "lines", "errors"):
        with (folder / "out" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            out[name] = list(csv.DictReader(file))
    return summary, out


@st.composite
def spoiled(draw: st.DrawFn) -> tuple[str, dict[int, str], list[int]]:
    """Which table, which rows in which way, and the order of the findings."""
    name = draw(st.sampled_from(sorted(HEAD)))
    count = len(sound(name))
    where = st.dictionaries(st.integers(0, count - 1), st.sampled_from(sorted(SPOIL)), min_size=1)
    order = draw(st.sampled_from(["together", "scattered"]))
    places = list(range(len(sound("findings"))))
    return (
        name,
        draw(where),
        places if order == "together" else places[::3] + places[1::3] + places[2::3],
    )


class TestSpoiled:
    """Rows of another width, and bytes that are not UTF-8."""

    @given(spoiled(), st.sampled_from([3, 1 << 18]), st.sampled_from([b"\n", b"\r\n", b"\n\n"]))
    @settings(max_examples=settings().max_examples // 2)
    def test_others_are_judged(
        self, what: tuple[str, dict[int, str], list[int]], chunk: int, end: bytes
    ) -> None:
        """Every spoiled row is told once, by row; the others come out as if it were not there."""
        name, where, order = what
        tables = {each: sound(each) for each in HEAD}
        tables["findings"] = [tables["findings"][at] for at in order]
        ill = {tables[name][at].partition(b",")[0].decode() for at in where}
        with tempfile.TemporaryDirectory() as folder:
            _, before = judged(Path(folder), tables)
        for at, how in where.items():
            tables[name][at] = SPOIL[how](tables[name][at])
        with tempfile.TemporaryDirectory() as folder:
            summary, after = judged(Path(folder), tables, chunk, end)
        for table in ("timepoints", "lines"):
            assert after[table] == [row for row in before[table] if row["patient"] not in ill]
        told = {(row["patient"], row["row"]) for row in after["errors"]}
        patients = [row.partition(b",")[0].decode() for row in tables[name]]
        assert told == {(patients[at], str(at)) for at in where}
        assert summary.invalid == len(ill)
        assert summary.patients == len(PATIENTS)

    def test_words(self, tmp_path: Path) -> None:
        """A message names what is wrong, and the line where the file is opened as text."""
        rows = [b"P,1,A,20,x", b'P,2,A,"10",\n', b"Q,1,A,20,x,y", b"R,1,A"]
        summary, out = judged(tmp_path, {"findings": rows})
        assert [row["error"] for row in out["errors"]] == [
            "has 6 values, the header 5 (line 5)",
            "has 3 values, the header 5 (line 6)",
        ]
        assert {row["column"] for row in out["errors"]} == {"columns"}
        assert attrs.evolve(summary, notes=0) == Summary(
            rows=4,
            patients=3,
            invalid=2,
            untreated=0,
            mistakes=2,
            unowned=0,
            lines=1,
            timepoints=1,
            notes=0,
        )

    def test_nobody(self, tmp_path: Path) -> None:
        """Where even the patient cannot be read, the row is told of nobody."""
        rows = [b"P,1,A,20,x", b"P\xff,1,A,20,x", b",1", b"P,50,A,20,x"]
        summary, out = judged(tmp_path, {"findings": rows})
        assert [(row["patient"], row["row"], row["column"]) for row in out["errors"]] == [
            ("", "1", "patient"),
            ("", "2", "columns"),
        ]
        assert summary.unowned == 2
        assert len(out["timepoints"]) == 1

    def test_quote(self, tmp_path: Path) -> None:
        """A quote that is never closed takes all that follows: then nothing can be told apart."""
        rows = [b"P,1,A,20,x,y", b'P,2,"A,20,x']
        with pytest.raises(mrecist.MrecistError, match=r"row 1 \(line 3\): a quote is not closed"):
            judged(tmp_path, {"findings": rows})


class TestFrames:
    """Text in Arrow that is not UTF-8, as Parquet may hold it."""

    @pytest.mark.parametrize("name", ["patient", "lesion", "viable_mm", "organ", "visit"])
    @pytest.mark.parametrize("kind", ["string", "large_string", "dictionary"])
    def test_row(self, tmp_path: Path, name: str, kind: str) -> None:
        """Only its patient is not judged, in memory and in a file."""
        table = {
            "patient": ["P", "P", "Q", "Q"], "date": [1, 50] * 2, "lesion": ["A"] * 4,
            "viable_mm": ["20", "10"] * 2, "organ": ["liver"] * 4, "visit": ["one", "two"] * 2,
        }  # fmt: skip
        made = {each: pa.array(cells) for each, cells in table.items()}
        raw = [each.encode() for each in table[name]]
        cells = pa.array([b"\xff\xfe", *raw[1:]], pa.binary())
        text = (
            cells.cast(pa.large_binary()).view(pa.large_string())
            if kind == "large_string"
            else cells.view(pa.string())
        )
        made[name] = text.dictionary_encode() if kind == "dictionary" else text
        frame = pa.table(made)
        found = mrecist.assess_cohort(frame, errors="collect")
        errors = found.errors.to_pylist()
        assert [(each["row"], each["column"]) for each in errors] == [(0, name)]
        judged = {"P", "Q"} if name == "patient" else {"Q"}
        assert set(found.lines["patient"].to_pylist()) == judged
        pq.write_table(frame, tmp_path / "f.parquet")
        summary = assess_files(tmp_path / "f.parquet", tmp_path / "out")
        assert (summary.mistakes, summary.lines) == (1, len(judged))
