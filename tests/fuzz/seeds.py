"""Where the fuzzers start: the conformance cases, the example tables, and the seeds kept."""

from __future__ import annotations

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
_TABLES = ("cohort findings.csv --out out", "cohort findings.csv --lines lines.csv --out out",
           "endpoints findings.csv --out out --every 56 --window 14",
           "endpoints findings.csv --lines lines.csv --policy ema --out out",
           "cohort findings.csv --out cases", "cohort . --out out")  # fmt: skip
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
        yield each.replace(" ", "\t").encode() + b"\n" + _table("findings", 6) + SEPARATOR + \
            _table("lines", 4)  # fmt: skip
    yield from (each.replace(" ", "\t").encode() + b"\n" for each in _OTHERS)


_MADE = {
    "documents": _documents,
    "streams": _streams,
    "table_files": _table_files,
    "cohorts": _cohorts,
    "command_line": _command_line,
}
TARGETS = tuple(_MADE)
