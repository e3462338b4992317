"""Tables of findings and lines in CSV files, through to the verdicts of their patients."""

from __future__ import annotations

import csv
from pathlib import Path
from tempfile import TemporaryDirectory

from mrecist.cohort.files import Summary, assess_files
from mrecist.rulebook.policies import POLICIES
from mrecist.tables.files import TableFileError

from .documents import SHARED_MEMORY, are_lines, is_a_line

SEPARATOR = b"\n=== lines ===\n"
_FOLDER = TemporaryDirectory(prefix="mrecist-fuzz-", dir=SHARED_MEMORY)
_FINDINGS, _LINES, _OUT = (
    Path(_FOLDER.name) / name for name in ("findings.csv", "lines.csv", "out")
)


def check(data: bytes) -> None:
    """Every row is read; every patient has a verdict, a mistake that is told, or no therapy.

    Cutting the table into small chunks changes nothing that is written, but the order of mistakes.
    """
    findings, separator, lines = data.partition(SEPARATOR)
    _FINDINGS.write_bytes(findings)
    _LINES.write_bytes(lines)
    given = _LINES if separator else None
    try:
        summary = assess_files(_FINDINGS, _OUT, lines=given)
    except TableFileError as error:
        are_lines(error.lines)
        return
    written = results()
    is_whole(summary, written)
    again = assess_files(_FINDINGS, _OUT, lines=given, chunk_rows=2)
    assert (again, sorted_errors(results())) == (summary, sorted_errors(written))
    assess_files(_FINDINGS, _OUT, lines=given, policy=POLICIES["fda-a"])


def results() -> dict[str, list[dict[str, str]]]:
    """What was written, by file."""
    found = {}
    for name in ("timepoints", "lines", "errors"):
        with (_OUT / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            found[name] = list(csv.DictReader(file, strict=True))
    return found


def sorted_errors(written: dict[str, list[dict[str, str]]]) -> dict[str, list[dict[str, str]]]:
    errors = sorted(written["errors"], key=lambda row: tuple(row.values()))
    return {**written, "errors": errors}


def is_whole(summary: Summary, written: dict[str, list[dict[str, str]]]) -> None:
    """The numbers add up, and a patient is never both refused and judged."""
    assert (summary.lines, summary.timepoints) == (
        len(written["lines"]),
        len(written["timepoints"]),
    )
    assert summary.mistakes == len(written["errors"])
    assert summary.unowned == sum(not row["patient"] for row in written["errors"])
    refused = {row["patient"] for row in written["errors"]} - {""}
    judged = {row["patient"] for row in written["lines"]}
    assert not refused & judged, "a patient is refused, and judged"
    assert len(refused) == summary.invalid
    assert len(judged) == summary.patients - summary.invalid - summary.untreated
    for row in written["errors"]:
        assert int(row["row"]) >= 0
        is_a_line(row["error"])
