"""Where the fuzzers start: the conformance cases, the example tables, and the seeds kept."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

from mrecist import conformance
from mrecist._base.json_text import dumps
from mrecist.documents.case import to_case
from mrecist.documents.packaged import example_case

HERE = Path(__file__).parent
_COHORT = HERE.parents[1] / "examples" / "cohort"
SEPARATOR = b"\n=== lines ===\n"


def kept(target: str, folder: str = "seeds") -> list[Path]:
    """The inputs that are kept for a target."""
    return sorted(path for path in (HERE / folder / target).glob("*") if path.is_file())


def seeds(target: str) -> list[bytes]:
    """All inputs that a target starts from."""
    return [*_MADE[target](), *(path.read_bytes() for path in kept(target))]


def _documents() -> Iterator[bytes]:
    yield from (case.text.encode() for case in conformance.cases())
    for name in ("synthetic", "ikeda-2021"):
        yield dumps(to_case(example_case(name))).encode()


def _streams() -> Iterator[bytes]:
    cases = sorted(_documents(), key=len)[:60]
    for at in range(0, len(cases), 4):
        yield b"\n".join(cases[at : at + 4])
    yield from (cases[0], json.dumps(json.loads(cases[1]), indent=1).encode())


def _table(name: str, rows: int) -> bytes:
    lines = (_COHORT / f"{name}.csv").read_bytes().splitlines()
    return b"\n".join(lines[: rows + 1]) + b"\n"


def _table_files() -> Iterator[bytes]:
    yield from (_table("findings", rows) for rows in (0, 1, 4, 12))


def _cohorts() -> Iterator[bytes]:
    for rows in (1, 4, 12, 24):
        yield _table("findings", rows)
        yield _table("findings", rows) + SEPARATOR + _table("lines", 6)


_COMMANDS = ("assess {}", "assess {} --json", "assess {} --json --jobs 2", "explain {} --line 1",
             "explain {} --date 2024-01-01", "course {} --policy ema", "check {}",
             "course {} --policy fda-a --every 56 --window 14 --confirmed",
             "assess {} --criteria recist1.1")  # fmt: skip
_TABLES = (
    "cohort findings.csv --out out",
    "cohort findings.csv --lines lines.csv --out out",
    "endpoints findings.csv --out out --every 56 --window 14",
    "endpoints findings.csv --lines lines.csv --policy ema --out out",
    "cohort findings.csv --out cases",
    "cohort . --out out",
)
_OTHERS = (
    "rules overall",
    "rules --readings",
    "rules OR-07",
    "rules nothing",
    "demo --why",
    "demo --synthetic --case",
    "--version",
    "--help",
    "cohort --help",
    "",
    "nonsense",
)


def _command_line() -> Iterator[bytes]:
    cases = sorted(_documents(), key=len)
    contents = {"case.json": cases[3], "cases.jsonl": b"\n".join(cases[:3]), "-": cases[9]}
    for number, each in enumerate(_COMMANDS):
        file = ("case.json", "cases.jsonl", "-")[number % 3]
        yield each.format(file).replace(" ", "\t").encode() + b"\n" + contents[file]
    for each in _TABLES:
        yield (
            each.replace(" ", "\t").encode()
            + b"\n"
            + _table("findings", 6)
            + SEPARATOR
            + _table("lines", 4)
        )
    yield from (each.replace(" ", "\t").encode() + b"\n" for each in _OTHERS)


def _parquet() -> Iterator[bytes]:
    """The example's findings, as columns of text and of numbers."""
    for rows in (1, 4, 12):
        head, *cells = list(csv.reader(_table("findings", rows).decode().splitlines()))
        made = [
            (name, "string", [cell or None for cell in column])
            for name, column in zip(head, zip(*cells, strict=True), strict=True)
        ]
        yield json.dumps(made).encode()
        typed = {"date": "date32", "viable_mm": "double", "patient": "dictionary"}
        yield json.dumps(
            [(name, typed.get(name, kind), each) for name, kind, each in made]
        ).encode()
    yield b"PAR1"


_SHEETS = (
    "Patient,Lesion,Organ,Role,2024-01-03,2024-03-06\nP1,S8,liver,target,41,20\n"
    "P1,N,lymph node,non-target,12 mm,absent\nP2,S8,liver,target,3.2 cm,NE\n",
    "Patient;Lesion;Date;Viable (mm);Organ;start;agents\nP1;S8;2024-01-03;41,5;liver;2024-01-04;"
    "SOR\nP1;S8;2024-03-06;20,0;liver;;\n",
    "Patient: P7\n\nLesion\tSegment\tBaseline\tWeek 8\nDate\t\t2024-01-03\t2024-03-06\n"
    "S8\t8\t32x21\t20x10\nnew\t2\t\t11\n",
)


def _worksheets() -> Iterator[bytes]:
    yield from (each.encode() for each in _SHEETS)
    yield _SHEETS[0].encode("utf-16")
    yield _SHEETS[1].replace("liver", "Leber ä").encode("latin-1")
    yield b"PK\x03\x04"


_MADE = {
    "documents": _documents,
    "streams": _streams,
    "table_files": _table_files,
    "cohorts": _cohorts,
    "command_line": _command_line,
    "parquet": _parquet,
    "worksheets": _worksheets,
}
TARGETS = tuple(_MADE)
