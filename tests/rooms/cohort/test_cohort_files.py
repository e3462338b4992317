"""Cohorts in files: whatever the chunks, the tables are those of `assess_cohort` in memory."""

from __future__ import annotations

import csv
import datetime
import gzip
import io
import os
import random
import tempfile
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from support.cohort_tables import Columns, Form, cohort_of, cohorts, sayable_documents

import mrecist
from mrecist.cohort import files as cohort_files
from mrecist.cohort.files import Summary, assess_files
from mrecist.tables import chunks
from mrecist.tables import files as table_files
from mrecist.tables.files import TableFileError

pa = pytest.importorskip("pyarrow")
pytest.importorskip("narwhals")
pq = pytest.importorskip("pyarrow.parquet")
pa_csv = pytest.importorskip("pyarrow.csv")

Rows = list[dict[str, Any]]
EXAMPLES = settings().max_examples // 4
NONSENSE = {"viable_mm": "-3", "date": "2024-02-31", "lesion": "", "patient": "", "kind": "lump"}


def texts(columns: Columns) -> dict[str, list[str]]:
    """Columns as a CSV file has them."""
    return {name: [_text(cell) for cell in columns[name]] for name in columns}


def _text(cell: Any) -> str:
    if cell is None or cell != cell:
        return ""
    return str(cell).lower() if isinstance(cell, bool) else str(cell)


def write_csv(path: Path, columns: Columns) -> str:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
    return str(path)


def write(path: Path, columns: Columns) -> str:
    """Columns as a file of the format that its ending says."""
    if path.suffix == ".parquet":
        pq.write_table(pa.table(columns), path)
        return str(path)
    return write_csv(path, columns)


def read(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".parquet":
        rows: Rows = pq.read_table(path).to_pylist()
        return rows
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def as_csv(table: Any) -> Rows:
    """A table in memory as rows of text."""
    file = io.BytesIO()
    pa_csv.write_csv(table, file)
    return list(csv.DictReader(io.StringIO(file.getvalue().decode(), newline="")))


def frame(columns: Columns, kind: str) -> Any:
    """Columns as the table that a file of them holds."""
    if kind == ".csv":
        columns = {name: pa.array(cells, pa.string()) for name, cells in columns.items()}
    return pa.table(columns)


def by_row(rows: Rows) -> list[Any]:
    return sorted([tuple(map(str, row.values())) for row in rows])


def check(
    findings: Columns,
    lines: Columns | None,
    kind: str = ".csv",
    procedures: Columns | None = None,
    **options: Any,
) -> tuple[Summary, list[Rows]]:
    """Judge files, and see that they come to what the tables in memory come to.

    So does a CSV file that is not held in memory, to the byte.
    """
    beside = {"lines": lines, "procedures": procedures}
    told = {name: table for name, table in beside.items() if table is not None}
    with tempfile.TemporaryDirectory() as folder:
        paths = {name: write(Path(folder) / f"{name}{kind}", each) for name, each in told.items()}
        path = write(Path(folder) / f"findings{kind}", findings)
        out = Path(folder) / "out"
        summary = assess_files(path, out, **paths, **options)
        graded = procedures is not None and "masslike" in findings
        names = (
            f"timepoints{kind}",
            f"lines{kind}",
            "errors.csv",
            f"notes{kind}",
            *([f"lesions{kind}"] if graded else []),
        )
        assert sorted(each.name for each in out.iterdir()) == sorted(names)
        found = [read(out / name) for name in names]
        if kind == ".csv":
            with mock.patch.object(table_files, "HELD_BYTES", 0):
                assess_files(path, Path(folder) / "again", **paths, **options)
            for name in names:
                assert (Path(folder) / "again" / name).read_bytes() == (out / name).read_bytes()
    frames = {name: frame(each, kind) for name, each in told.items()}
    expected = mrecist.assess_cohort(frame(findings, kind), **frames, errors="collect")
    out_of = as_csv if kind == ".csv" else lambda table: table.to_pylist()
    assert found[0] == out_of(expected.timepoints)
    assert found[1] == out_of(expected.lines)
    assert by_row(found[2]) == by_row(as_csv(expected.errors))
    assert by_row(found[3]) == by_row(out_of(expected.notes))
    if graded:
        assert found.pop() == out_of(expected.lesions)
    assert summary.notes == len(found[3])
    assert summary.patients == len(expected.patients)
    assert summary.untreated == len(expected.untreated)
    assert summary.mistakes == len(found[2])
    invalid = {row["patient"] for row in found[2]} - {""}
    assert (summary.invalid, summary.rows) == (len(invalid), len(findings["patient"]))
    assert (summary.timepoints, summary.lines) == (len(found[0]), len(found[1]))
    return summary, found


CHUNKS = st.sampled_from([1, 2, 5, 40, 10_000])


class TestAgreement:
    """A cohort in files comes to what it comes to in memory, however it is cut."""

    @pytest.mark.parametrize("kind", [".csv", ".parquet"])
    @pytest.mark.parametrize("chunk_rows", [1, 3, 100])
    def test_recorded_twice(self, kind: str, chunk_rows: int) -> None:
        """The row where a lesion stands first is the row of the file too."""
        patients = ["A", "A", "B", "B", "C", "C", "C"]
        days = ["2024-01-01", "2024-02-01"] * 2 + ["2024-01-01", "2024-02-01", "2024-02-01"]
        sizes = [str(20 + row) for row in range(7)]
        findings = {"patient": patients, "date": days, "lesion": ["S8"] * 7, "viable_mm": sizes}
        _, (_, _, errors, _) = check(findings, None, kind, chunk_rows=chunk_rows)
        assert [(row["row"], row["error"]) for row in errors] == [
            ("6", "must be recorded once a date, is in row 5 as well")
        ]

    @given(cohorts(), CHUNKS, st.data())
    @settings(max_examples=EXAMPLES)
    def test_csv(self, cohort: Any, chunk_rows: int, data: st.DataObject) -> None:
        """Texts, sorted or not, with mistakes or without."""
        findings = texts(cohort.findings)
        lines, procedures = (
            None if each is None else texts(each) for each in (cohort.lines, cohort.procedures)
        )
        assume(not any("\0" in cell for each in findings.values() for cell in each))
        count = len(findings["patient"])
        for name in data.draw(st.lists(st.sampled_from(sorted(NONSENSE)), max_size=3)):
            if count and name in findings:
                findings[name][data.draw(st.integers(0, count - 1))] = NONSENSE[name]
        if lines and len(lines["start"]) and data.draw(st.booleans()):
            row = data.draw(st.integers(0, len(lines["start"]) - 1))
            lines[data.draw(st.sampled_from(["start", "patient"]))][row] = ""
        check(findings, lines, procedures=procedures, chunk_rows=chunk_rows)

    @given(
        st.sampled_from(["calendar", "study"]).flatmap(
            lambda days: sayable_documents(days=days, max_patients=6)
        ),
        st.sampled_from(["in order", "shuffled"]),
        st.sampled_from(["text", "date"]),
        st.sampled_from(["told", "left out"]),
        CHUNKS,
    )
    @settings(max_examples=EXAMPLES)
    def test_parquet(
        self, documents: Any, rows: str, dates: str, lines: str, chunk_rows: int
    ) -> None:
        """Numbers, flags, dates as text, dates and study days."""
        form = Form(rows=rows, dates=dates, sizes="float")
        cohort = cohort_of(documents, form, lines=lines)
        assume(len(cohort.findings["patient"]))
        assume(cohort.lines is None or len(cohort.lines["patient"]))
        check(**cohort.tables, kind=".parquet", chunk_rows=chunk_rows)


def simple(patients: int, visits: int = 3) -> Columns:
    """Patients with one lesion that shrinks."""
    rows = [(patient, visit) for patient in range(patients) for visit in range(visits)]
    return {
        "patient": [f"P-{patient}" for patient, _ in rows],
        "date": [str(42 * visit) for _, visit in rows],
        "lesion": ["S8" for _ in rows],
        "viable_mm": [str(40 - 5 * visit - patient % 3) for patient, visit in rows],
    }


def reordered(columns: Columns, order: list[int]) -> Columns:
    return {name: [cells[place] for place in order] for name, cells in columns.items()}


class TestChunks:
    """RD-TABLE-ORDER: patients are judged whole, in the order of their first rows."""

    @pytest.mark.parametrize("kind", [".csv", ".parquet"])
    def test_far_apart(self, kind: str) -> None:
        """A patient who turns up again after thousands of rows is judged in one piece."""
        findings = simple(700)
        order = [*range(1, len(findings["patient"])), 0]
        summary, found = check(reordered(findings, order), None, kind, chunk_rows=100)
        assert summary.timepoints == 1400
        assert found[0][0]["patient"] == "P-0"

    @pytest.mark.parametrize("jobs", [1, 2])
    def test_jobs(self, jobs: int) -> None:
        """Several processes give the same in the same order."""
        findings = simple(90)
        order = list(range(270))
        random.Random(1).shuffle(order)
        lines = {"patient": ["P-3", "P-200", "P-88"], "start": ["1", "2", "3"]}
        for table in (findings, reordered(findings, order)):
            summary, _ = check(table, lines, chunk_rows=50, jobs=jobs)
            assert (summary.patients, summary.untreated) == (91, 88)

    def test_one_large_patient(self) -> None:
        """A patient with more rows than a chunk is a chunk."""
        check(simple(3, 30), None, chunk_rows=7)

    def test_nobodys_rows(self) -> None:
        """Rows that name nobody part no patient from himself, wherever they are."""
        findings = simple(4)
        for row in (0, 1, 4, 6, 11):
            findings["patient"][row] = ""
        for chunk_rows in (1, 3, 100):
            summary, found = check(findings, None, chunk_rows=chunk_rows)
            assert summary.unowned == 5
            assert [row["row"] for row in found[2]] == ["0", "1", "4", "6", "11"]

    def test_settling(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The count is right however often it is added up."""
        monkeypatch.setattr(chunks, "_SETTLED_AT", 2)
        monkeypatch.setattr(table_files, "BLOCK_BYTES", 200)
        findings = simple(60)
        check(findings, None, chunk_rows=10)
        check(reordered(findings, list(range(0, 180, 2)) + list(range(1, 180, 2))), None)

    def test_errors(self) -> None:
        """Rows are those of the whole file, and those of lines come last."""
        findings = simple(30)
        findings["viable_mm"][50] = "x"
        findings["viable_mm"][7] = "-1"
        lines = {
            "patient": ["P-20", "P-1", "P-20", "nobody", "", "P-2"],
            "start": ["1", "", "1", "x", "3", "2"],
        }
        _, found = check(findings, lines, chunk_rows=5)
        told = [(row["patient"], row["row"], row["column"]) for row in found[2]]
        assert told == [
            ("P-2", "7", "viable_mm"),
            ("P-16", "50", "viable_mm"),
            ("P-1", "1", "lines.start"),
            ("P-20", "2", "lines.start"),
            ("nobody", "3", "lines.start"),
            ("", "4", "lines.patient"),
        ]

    @pytest.mark.parametrize("chunk_rows", [1, 40, 1000])
    def test_procedures(self, chunk_rows: int) -> None:
        """Procedures go with their patients; mistakes in them come after those in lines."""
        procedures = {
            "patient": ["P-20", "P-1 ", "", "P-20", "nobody", ""],
            "date": ["60", "60", "60", "60", "soon", ""],
            "kind": ["TACE", "RFA", "RFA", "", "RFA", ""],
            "lesions": ["S8", "S9;S8", "S8", "", "", ""],
        }
        lines = {"patient": ["P-1", "P-3", "P-20"], "start": ["", "1", "1"]}
        for told in (None, lines):
            _, found = check(simple(30), told, procedures=procedures, chunk_rows=chunk_rows)
            rows = [(row["patient"], row["row"], row["column"]) for row in found[2]]
            assert rows == [
                *([] if told is None else [("P-1", "0", "lines.start")]),
                ("P-1", "1", "procedures.lesions"),
                ("", "2", "procedures.patient"),
                ("P-20", "3", "procedures.kind"),
                ("nobody", "4", "procedures.date"),
            ]

    @pytest.mark.parametrize("chunk_rows", [3, 1000])
    def test_ids_with_space(self, chunk_rows: int) -> None:
        """Space around an id parts no patient, wherever the rows are."""
        findings = simple(5)
        findings["patient"] = [
            f" {name}\t" if place % 2 else name for place, name in enumerate(findings["patient"])
        ]
        for order in (list(range(15)), list(range(14, -1, -1))):
            summary, found = check(reordered(findings, order), None, chunk_rows=chunk_rows)
            assert summary.patients == 5
            assert {row["patient"] for row in found[1]} == {f"P-{place}" for place in range(5)}

    def test_progress(self, tmp_path: Path) -> None:
        """It is told of the rows counted, and then of those done."""
        told: list[tuple[int, int | None]] = []
        path = write(tmp_path / "f.csv", simple(10))
        assess_files(path, tmp_path, progress=lambda *each: told.append(each), chunk_rows=15)
        assert told == [(30, None), (15, 30), (30, 30)]

    def test_a_file_that_changes(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Rows that come or go between the passes are noticed, in either kind of file."""
        monkeypatch.setattr(table_files, "HELD_BYTES", 0)
        counted = cohort_files.counted
        sorted_rows, others = simple(10), simple(9)
        mixed = reordered(sorted_rows, [*range(1, 30), 0])
        other_names = {**mixed, "patient": [f"Q{each}" for each in mixed["patient"]]}
        for before, after in (
            (sorted_rows, others),
            (others, sorted_rows),
            (mixed, others),
            (mixed, other_names),
        ):
            path = tmp_path / "f.csv"
            write(path, before)

            def altered(source: Any, progress: Any, after: Columns = after) -> Any:
                census = counted(source, progress)
                write(Path(source.path), after)
                return census

            monkeypatch.setattr(cohort_files, "counted", altered)
            with pytest.raises(TableFileError, match="the file changed while it was read"):
                assess_files(path, tmp_path / "out", chunk_rows=7)
            assert list((tmp_path / "out").iterdir()) == []


class TestParquet:
    """Types stay what they are, in all chunks alike."""

    @pytest.mark.parametrize("patient", [[[1], [1], [2]], [{"a": 1}] * 3, [b"a", b"a", b"b"]])
    def test_odd_patients(self, tmp_path: Path, patient: list[Any]) -> None:
        """Patients that are lists, structs or bytes: a mistake in every row."""
        findings = {"patient": patient, "date": [0, 50, 0], "lesion": ["A"] * 3}
        path = write(tmp_path / "f.parquet", findings | {"viable_mm": [20, 10, 20]})
        summary = assess_files(path, tmp_path / "out", lines=None, chunk_rows=1)
        assert (summary.patients, summary.mistakes, summary.unowned) == (0, 3, 3)

    def types(
        self, tmp_path: Path, findings: Columns, lines: Columns | None = None, **options: Any
    ) -> dict[str, str]:
        """The types of the columns that come out."""
        told = {} if lines is None else {"lines": write(tmp_path / "in.parquet", lines)}
        path = write(tmp_path / "f.parquet", findings)
        assess_files(path, tmp_path / "out", **told, **options)
        schema = pq.read_schema(tmp_path / "out" / "timepoints.parquet")
        also = pq.read_schema(tmp_path / "out" / "lines.parquet")
        assert also.field("start").type == schema.field("date").type
        return {field.name: str(field.type) for field in schema}

    def test_dates(self, tmp_path: Path) -> None:
        """Dates are dates, words dictionaries, numbers numbers."""
        findings = simple(3)
        findings["date"] = [datetime.date(2024, 1, 1 + int(day) // 3) for day in findings["date"]]
        types = self.types(tmp_path, findings, chunk_rows=3)
        assert types["date"] == "date32[day]"
        assert types["patient"] == "large_string"
        assert types["response"].startswith("dictionary")
        assert (types["line"], types["total_mm"], types["agrees"]) == ("int64", "double", "bool")

    def test_study_days(self, tmp_path: Path) -> None:
        """Study days are whole numbers, patients of the type that they have."""
        findings = simple(3)
        findings["date"] = [int(day) for day in findings["date"]]
        findings["patient"] = pa.array([int(name[2:]) for name in findings["patient"]], pa.int32())
        types = self.types(tmp_path, findings, chunk_rows=3)
        assert (types["date"], types["patient"]) == ("int64", "int32")
        lines = {"patient": [1, 5], "start": [3, 3]}
        assert self.types(tmp_path, findings, lines)["patient"] == "int64"
        lines = {"patient": ["1", "x"], "start": ["3", "2024-01-01"]}
        types = self.types(tmp_path, findings, lines, chunk_rows=3)
        assert (types["date"], types["patient"]) == ("large_string", "large_string")

    def test_other_types_of_patients(self) -> None:
        """Categories are read as their texts, numbers of any kind by what they say."""
        findings = simple(40)
        order = [*range(1, 120), 0]
        names = pa.array(findings["patient"]).dictionary_encode()
        words = pa.array(["absent"] * 120).dictionary_encode()
        findings |= {"patient": names.to_pylist()}
        coded = {**reordered(findings, order), "status": words.take(pa.array(order))}
        coded["patient"] = names.take(pa.array(order))
        coded["viable_mm"] = [None] * 120
        check(coded, None, ".parquet", chunk_rows=10)
        floats = [float(name[2:]) for name in findings["patient"]]
        check({**findings, "patient": floats}, None, ".parquet", chunk_rows=10)
        summary, _ = check({**findings, "patient": [1.5, *floats[1:]]}, None, ".parquet")
        assert (summary.patients, summary.unowned) == (40, 1)

    def test_no_rows(self, tmp_path: Path) -> None:
        """A table without rows gives tables without rows."""
        schema = pa.schema([(name, pa.string()) for name in ("patient", "date", "lesion")])
        pq.write_table(schema.empty_table(), tmp_path / "f.parquet")
        summary = assess_files(tmp_path / "f.parquet", tmp_path / "out")
        assert (summary.rows, summary.patients, summary.mistakes) == (0, 0, 0)
        assert pq.read_table(tmp_path / "out" / "timepoints.parquet").num_rows == 0

    def test_unsound(self, tmp_path: Path) -> None:
        """A file that is no Parquet, or damaged, is told as such."""
        path = tmp_path / "f.parquet"
        path.write_bytes(b"PAR1, it is not")
        with pytest.raises(TableFileError, match=r"f\.parquet: not a sound Parquet file: "):
            assess_files(path, tmp_path)
        write(path, simple(3000))
        told = bytearray(path.read_bytes())
        told[4:2000] = bytes(1996)
        path.write_bytes(told)
        with pytest.raises(TableFileError, match=r"f\.parquet: not a sound Parquet file: "):
            assess_files(path, tmp_path)


HEAD = "patient,date,lesion,viable_mm\n"


class TestCsv:
    """CSV files are read as they are written, or refused with the row that is unsound."""

    def judged(self, folder: Path, told: bytes, name: str = "f.csv") -> Rows:
        path = folder / name
        path.write_bytes(told)
        assess_files(path, folder / "out")
        return read(folder / "out" / "timepoints.csv")

    @pytest.mark.parametrize(
        "told",
        [
            f"{HEAD}P,0,S8,40\nP,42,S8,20\n",
            f"\ufeff{HEAD}P,0,S8,40\n\nP,42,S8,20",
            f"\r\n\r\n{HEAD}P,0,S8,40\r\nP,42,S8,20\r\n".replace("\r\n", "\n").replace(
                "\n", "\r\n"
            ),
            f"{HEAD}P,0,S8,40\nP,42,S8,20\n".replace("\n", "\r"),
            'patient,"date",lesion,viable_mm,"a\nnote"\n"P",0,"S8",40,\nP,42,S8,20,"a\n""b"",\nc"',
        ],
    )
    def test_ways_to_write_it(self, tmp_path: Path, told: str) -> None:
        """Any line ends, blank lines, quotes, line ends in quotes, a byte order mark."""
        assert [row["total_mm"] for row in self.judged(tmp_path, told.encode())] == ["20"]

    def test_a_column_of_no_interest(self, tmp_path: Path) -> None:
        """Columns that are not known are not read: they may hold anything, even be there twice."""
        told = b"patient,date,lesion,viable_mm,,\nP,0,S8,40,\xff,\nP,42,S8,20,,\xff\n"
        assert len(self.judged(tmp_path, told)) == 1

    def test_text_as_it_is(self, tmp_path: Path) -> None:
        """Nothing is taken for a number, nor for nothing but what pandas takes for it too."""
        told = f"{HEAD}007,0,Na,40\n007,42,Na,20\nna,0,1e3,45\nna,1,1e3,44.0010\n"
        rows = self.judged(tmp_path, told.encode())
        assert [(row["patient"], row["total_mm"]) for row in rows] == [
            ("007", "20"),
            ("na", "44.001"),
        ]

    def test_compressed(self, tmp_path: Path) -> None:
        """A compressed file comes out compressed."""
        path = tmp_path / "f.csv.gz"
        path.write_bytes(gzip.compress(f"{HEAD}P,0,S8,40\nP,42,S8,20\n".encode()))
        assess_files(path, tmp_path / "out")
        told = gzip.decompress((tmp_path / "out" / "timepoints.csv.gz").read_bytes())
        assert len(told.splitlines()) == 2

    @pytest.mark.parametrize("told", [HEAD, HEAD.strip(), HEAD + "\n\r\n"])
    def test_no_rows(self, tmp_path: Path, told: str) -> None:
        """A header alone gives tables with headers alone; errors too."""
        assert self.judged(tmp_path, told.encode()) == []
        told = (tmp_path / "out" / "errors.csv").read_text("utf-8")
        assert told == "patient,row,column,error\n"
        assert (tmp_path / "out" / "lines.csv").read_text("utf-8").count("\n") == 1

    @pytest.mark.parametrize(
        ("told", "message"),
        [
            (b"", "the file is empty; it needs a header"),
            (b"\n\n", "the file is empty; it needs a header"),
            (b"patient;date;lesion\n", "the columns must be separated by commas"),
            (b"patient,date\nP,0\n", "lesion: this column is required"),
            (
                b"patient,date,lesion,viabel_mm\n",
                "viabel_mm: unknown column; did you mean viable_mm?",
            ),
            (b"patient,date,lesion,date\n", "date: this column is there twice"),
            (b"patient,date,lesion,\xff\n", "the header is not UTF-8"),
            (HEAD.encode("utf-16"), "the header is not UTF-8"),
            (HEAD.encode() + b'P,0,S8,"1\nP,1,S8,1\n', "row 0 (line 2): a quote is not closed"),
            (HEAD.encode() + b'P,0,"S8,1\nP,1,S8,1\n', "row 0 (line 2): a quote is not closed"),
            (
                b"x,patient,date,lesion,x\n" + b'x,P,0,,x\n' * 9 + b'x,P,0,,"x\nx,P,1,,x\n',
                "row 9 (line 11): a quote is not closed",
            ),
            (
                HEAD.encode() + b'P,0,"S8,1\n' + b"P,1,S8,1\n" * 20_000,
                "row 0 (line 2): field larger than field limit (131072); is a quote not closed?",
            ),
        ],
    )  # fmt: skip
    def test_unsound(self, tmp_path: Path, told: bytes, message: str) -> None:
        """The file, the row and the line are told; nothing is written."""
        with pytest.raises(TableFileError) as raised:
            self.judged(tmp_path, told)
        assert str(raised.value) == f"{tmp_path / 'f.csv'}: {message}"
        assert not (tmp_path / "out").exists() or list((tmp_path / "out").iterdir()) == []

    @pytest.mark.parametrize("told", [b"no gzip", gzip.compress(HEAD.encode() * 99)[:-20]])
    def test_broken_compression(self, tmp_path: Path, told: bytes) -> None:
        """A compressed file that is broken, from the start or later."""
        with pytest.raises(TableFileError, match=r"f\.csv\.gz: "):
            self.judged(tmp_path, told, "f.csv.gz")

    def test_broken_late(self, tmp_path: Path) -> None:
        """The message of the library is given where the rows themselves are sound."""
        rows = "".join(
            f"P-{number},0,S8,{random.Random(number).random()}\n" for number in range(9999)
        )
        told = gzip.compress((HEAD + rows).encode())[:-9000]
        with pytest.raises(TableFileError, match=r"f\.csv\.gz: .*[Tt]runcated"):
            self.judged(tmp_path, told, "f.csv.gz")

    def test_a_row_longer_than_a_block(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What the reader itself cannot take is told in its words."""
        monkeypatch.setattr(table_files, "BLOCK_BYTES", 64)
        with pytest.raises(TableFileError, match="block"):
            self.judged(tmp_path, f"{HEAD}P,0,S8,1\nP,1,{'S' * 500},1\nP,2,S8,1\n".encode())


class TestFiles:
    """What is read is spared, what is written is whole."""

    def test_not_over_what_is_read(self, tmp_path: Path) -> None:
        """An input is never replaced."""
        path = write(tmp_path / "f.csv", simple(2))
        lines = write(tmp_path / "lines.csv", {"patient": ["P-1"], "start": ["1"]})
        with pytest.raises(TableFileError, match=r"lines\.csv: would be written over, but is read"):
            assess_files(path, tmp_path, lines=lines)
        assert len(read(tmp_path / "lines.csv")) == 1

    def test_one_format(self, tmp_path: Path) -> None:
        """All tables are of one format, and it is known."""
        path = write(tmp_path / "f.csv", simple(2))
        lines = write(tmp_path / "in.parquet", {"patient": ["P-1"], "start": ["1"]})
        done = {"patient": ["P-1"], "date": ["1"], "kind": ["RFA"]}
        procedures = write(tmp_path / "done.parquet", done)
        with pytest.raises(TableFileError) as raised:
            assess_files(path, tmp_path, lines=lines, procedures=procedures)
        told = f"must be of the same format as {path}, .csv"
        assert raised.value.lines == (f"{lines}: {told}", f"{procedures}: {told}")
        with pytest.raises(TableFileError, match=r"must end in \.csv, \.csv\.gz or \.parquet"):
            assess_files(tmp_path / "f.xlsx", tmp_path)

    def test_columns_of_lines(self, tmp_path: Path) -> None:
        """Columns of the lines table are told as such."""
        path = write(tmp_path / "f.csv", simple(2))
        lines = write(tmp_path / "in.csv", {"patient": ["P-1"], "begin": ["1"]})
        with pytest.raises(TableFileError) as raised:
            assess_files(path, tmp_path, lines=lines)
        assert str(raised.value) == f"{lines}: lines.start: this column is required"

    def test_not_a_file(self, tmp_path: Path) -> None:
        """A file that lacks is an `OSError` as ever; a pipe cannot be read twice."""
        with pytest.raises(FileNotFoundError):
            assess_files(tmp_path / "f.csv", tmp_path)
        (tmp_path / "f.csv").symlink_to("/dev/null")
        with pytest.raises(TableFileError, match="must be a file on a disk"):
            assess_files(tmp_path / "f.csv", tmp_path)

    def test_pipe(self, tmp_path: Path) -> None:
        """A pipe is refused before it is opened, which would wait for a writer for ever."""
        os.mkfifo(tmp_path / "f.csv")
        with pytest.raises(TableFileError, match="must be a file on a disk"):
            assess_files(tmp_path / "f.csv", tmp_path)

    @pytest.mark.parametrize("ending", ["csv", "csv.gz"])
    @pytest.mark.parametrize(
        ("content", "told"),
        [
            ('patient,date,lesion,"organ\nP,1,A,liver\n', "the header: a quote is not closed"),
            ('patient,date,lesion\nP,1,A\nP,2,"A', r"row 1 \(line 3\): a quote is not closed"),
            ('patient,date,lesion\nP,1,A\nP,2,"', r"row 1 \(line 3\): a quote is not closed"),
            ('patient,date,lesion\nP,1,"A""', r"row 0 \(line 2\): a quote is not closed"),
            ('patient,date,lesion\rP,1,"A\r', r"row 0 \(line 2\): a quote is not closed"),
        ],
        ids=["header", "last value", "empty", "quoted quote", "CR"],
    )
    def test_quote_at_the_end(self, content: str, told: str, ending: str, tmp_path: Path) -> None:
        """A quote that is not closed is refused wherever it stands: what follows was lost."""
        path = tmp_path / f"f.{ending}"
        path.write_bytes(
            gzip.compress(content.encode()) if ending == "csv.gz" else content.encode()
        )
        with pytest.raises(TableFileError, match=told):
            assess_files(path, tmp_path / "out")

    def test_quotes_that_are_closed(self, tmp_path: Path) -> None:
        """A last value in quotes, without a line end, is read."""
        path = tmp_path / "f.csv"
        for last in ('"A"', '""', 'A"', '"A"""'):
            path.write_text(f'patient,date,lesion,"organ"\nP,1,A,{last}')
            assert assess_files(path, tmp_path / "out").rows == 1

    def test_name_of_many_lines(self, tmp_path: Path) -> None:
        """A column whose name holds line ends is told in one line."""
        path = tmp_path / "f.csv"
        path.write_text('"patien\nt\x0c",date,lesion\nP,1,A\n')
        with pytest.raises(TableFileError) as raised:
            assess_files(path, tmp_path / "out")
        assert len(str(raised.value).splitlines()) == len(raised.value.lines)

    def test_names_that_are_not_utf_8(self, tmp_path: Path) -> None:
        """Files and folders have names that are text."""
        path = write(tmp_path / "f.csv", simple(2))
        for findings, out in ((path, "o\udcff"), (tmp_path / "f\udcff.csv", "out")):
            with pytest.raises(TableFileError, match="must have a name in UTF-8"):
                assess_files(findings, tmp_path / out)

    def test_folder_in_the_way(self, tmp_path: Path) -> None:
        """Where a result cannot be put, none of the earlier ones is replaced."""
        path = write(tmp_path / "f.csv", simple(2))
        out = tmp_path / "out"
        (out / "lines.csv").mkdir(parents=True)
        (out / "timepoints.csv").write_text("earlier")
        with pytest.raises(TableFileError, match=r"lines\.csv: must be free for a file"):
            assess_files(path, out)
        assert (out / "timepoints.csv").read_text() == "earlier"

    @pytest.mark.parametrize("options", [{"jobs": 0}, {"chunk_rows": 1.5}])
    def test_knobs(self, tmp_path: Path, options: dict[str, Any]) -> None:
        """Whole numbers from 1."""
        with pytest.raises(ValueError, match="must be a whole number from 1, got"):
            assess_files(tmp_path / "f.csv", tmp_path, **options)

    def test_interrupted(self, tmp_path: Path) -> None:
        """A run that ends early leaves the earlier results, and nothing else."""
        path = write(tmp_path / "f.csv", simple(9))
        out = tmp_path / "out"
        assess_files(path, out)
        before = {each.name: each.read_bytes() for each in out.iterdir()}

        def interrupt(done: int, rows: int | None) -> None:
            if rows is not None:
                raise KeyboardInterrupt

        for columns in (simple(20), reordered(simple(20), list(range(59, -1, -1)))):
            write(tmp_path / "f.csv", columns)
            with pytest.raises(KeyboardInterrupt):
                assess_files(path, out, progress=interrupt, chunk_rows=9)
            assert {each.name: each.read_bytes() for each in out.iterdir()} == before
        assess_files(path, out)
        assert len(read(out / "timepoints.csv")) == 40
