"""What came in as text goes out as text: no spreadsheet runs it, and it reads back equal."""

from __future__ import annotations

import csv
import re
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mrecist
from mrecist.cli.messages import harmless
from mrecist.cohort.files import assess_files
from mrecist.io.tables_out import write_table
from mrecist.tables.spreadsheet import as_meant, inert

BEGINS = ("=", "+", "-", "@", "\t", "\r")
TEXTS = st.text(st.sampled_from("=+-@\t\r'1a.;\" ")) | st.text()
NAMES = st.builds(
    lambda first, text: f"{first}{text}".strip().replace(";", "").replace("\r", "") or "x",
    st.sampled_from(["=", "+", "-", "@", "'", "''", "'=", "'-", ""]),
    st.text(st.sampled_from("=+-@'1aé.,\" "), max_size=5),
)


def is_number(text: str) -> bool:
    return re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?", text) is not None


@given(TEXTS)
def test_reads_back(text: str) -> None:
    """Whatever it is; and what is written begins as no formula does, but a number may."""
    written = inert(text)
    assert as_meant(written) == (text if written != text else as_meant(text))
    if written == text:
        assert as_meant(text) == text
    assert is_number(written) or not written.startswith(BEGINS)


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


@given(st.lists(NAMES, min_size=2, max_size=4, unique=True), NAMES, NAMES)
@settings(max_examples=settings().max_examples // 4)
def test_files(patients: list[str], lesion: str, agent: str) -> None:
    """Ids and agents through files, twice; the second time as the first wrote them."""
    pytest.importorskip("narwhals")
    pytest.importorskip("pyarrow")
    if set(patients) & {"NA", "nan"} or "+" in agent or not agent.strip():
        agent = "=agent"
    patients = [inert(each) for each in patients]
    visits = ((0, "20"), (60, "10"), (90, "x"))
    given_rows = [
        (inert(lesion), each, day, size)
        for each in patients
        for day, size in visits[: 2 + (each == patients[0])]
    ]
    lines = [(each, 1, inert(agent)) for each in patients]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        names = ("lesion", "patient", "date", "viable_mm")
        table: dict[str, Any] = dict(zip(names, zip(*given_rows, strict=True), strict=True))
        of_lines = dict(zip(("patient", "start", "agents"), zip(*lines, strict=True), strict=True))
        for name, columns in (("f.csv", table), ("l.csv", of_lines)):
            with (path / name).open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(columns)
                writer.writerows(zip(*columns.values(), strict=True))
        summary = assess_files(path / "f.csv", path / "out", lines=path / "l.csv")
        assert summary.patients == len(patients)
        for name in ("timepoints", "lines", "errors", "notes"):
            for row in rows(path / "out" / f"{name}.csv"):
                assert all(is_number(cell) or not cell.startswith(BEGINS) for cell in row)
        told = rows(path / "out" / "lines.csv")[1:]
        assert {row[0] for row in told} == set(patients[1:])
        assert all(as_meant(row[5]) == lesion for row in told)
    found = mrecist.assess_cohort(table, errors="collect")
    assert set(found.patients) == {as_meant(each) for each in patients}


def test_studies(tmp_path: Path) -> None:
    """Tables of studies too, their headings as well."""
    write_table(
        str(tmp_path / "a.csv"), {"=x": ["=1", "-7", None, "'@"], "b": [-7, -1.5, True, "ok"]}
    )
    assert rows(tmp_path / "a.csv") == [
        ["'=x", "b"],
        ["'=1", "-7"],
        ["-7", "-1.5"],
        ["", "true"],
        ["''@", "ok"],
    ]


@given(st.text(st.characters(codec=None)))
def test_terminal(text: str) -> None:
    """Nothing that a terminal obeys reaches one raw: no control character, nothing of direction."""
    shown = harmless(text)
    assert not re.search(
        "[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f]", shown
    )
    assert harmless(f"\x1b[31m{text}\u202e").startswith("\\x1b[31m")
