"""Several readings in files: tables in, what each reader found and what stands out.

The tables are held in memory, unlike those of one reader's cohort, which may be larger.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import attrs

from ..rulebook.criteria import MRECIST, Criteria
from ..tables import files
from ..tables.column_schema import (
    FINDING_COLUMNS,
    LINE_COLUMNS,
    LINES_REQUIRED,
    PROCEDURE_COLUMNS,
    PROCEDURES_REQUIRED,
    READER,
    REQUIRED,
)
from ..tables.files import TableFileError, Writer, ending
from ..tables.mistakes import CohortError
from .decisions import DECISION_COLUMNS
from .decisions import REQUIRED as DECISIONS_REQUIRED
from .engine import assess_readings
from .readings import Readings
from .review import DOUBLE_READ, Review

__all__ = ["ReadingsSummary", "readings_files"]

_BESIDE = {
    "lines": ((*LINE_COLUMNS, READER), LINES_REQUIRED),
    "procedures": ((*PROCEDURE_COLUMNS, READER), PROCEDURES_REQUIRED),
    "decisions": (DECISION_COLUMNS, DECISIONS_REQUIRED),
}
_NAMES = ("timepoints", "lines", "discordance", "agreement")
AGREEMENT_ON = ("best_response", "confirmed_best_response", "response")
"""The verdicts of which the agreement is written."""


@attrs.frozen(kw_only=True)
class ReadingsSummary:
    """Counts of a run: readers, patients and those `invalid`, lines and those `pending`,
    mistakes."""

    readers: int
    patients: int
    invalid: int
    lines: int
    pending: int
    mistakes: int


def readings_files(
    findings: str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    lines: str | os.PathLike[str] | None = None,
    procedures: str | os.PathLike[str] | None = None,
    decisions: str | os.PathLike[str] | None = None,
    review: Review | str = DOUBLE_READ,
    criteria: Criteria | str = MRECIST,
) -> ReadingsSummary:
    """Judge the readings of files as `assess_readings` does.

    The folder `out` receives `timepoints`, `lines`, `discordance` and, of two readers or more,
    `agreement` in the format of the findings (CSV or Parquet), and `errors.csv`. Files of these
    names are replaced, all at the end.

    Raises `TableFileError` for a file that is no such table or a table without readers,
    `ValueError` for a review that the readers do not fit, `OSError`, and `ImportError` without
    `mrecist[tables]`.
    """
    for module in ("pyarrow", "narwhals"):
        files.extra(module)
    files.check_path(os.fspath(out))
    kind = ending(os.fspath(findings))
    folder = Path(out)
    given = (findings, lines, procedures, decisions)
    table = _table(findings, (*FINDING_COLUMNS, READER), (*REQUIRED, READER), "")
    beside = {
        name: None if path is None else _table(path, *_BESIDE[name], f"{name}.")
        for name, path in (("lines", lines), ("procedures", procedures), ("decisions", decisions))
    }
    names = (*(f"{name}{kind}" for name in _NAMES), "errors.csv")
    files.spare_inputs((folder / name for name in names), (each for each in given if each))
    try:
        readings = assess_readings(
            table, beside["lines"], procedures=beside["procedures"], review=review,
            decisions=beside["decisions"], criteria=criteria, errors="collect",
        )  # fmt: skip
    except CohortError as error:
        raise TableFileError([f"{os.fspath(findings)}: {line}" for line in error.lines]) from None
    folder.mkdir(parents=True, exist_ok=True)
    made = {f"{name}{kind}": each for name, each in _tables(readings).items()}
    made["errors.csv"] = readings.errors
    with tempfile.TemporaryDirectory(prefix=".mrecist-", dir=folder) as within:
        for name, each in made.items():
            with Writer(str(Path(within) / name), each.schema) as writer:
                writer.write(each)
        for name in made:
            (Path(within) / name).replace(folder / name)
    return ReadingsSummary(
        readers=len(readings.readers), patients=len(readings.patients),
        invalid=len(readings.refused), lines=len(readings.discordance),
        pending=readings.pending, mistakes=len(readings.mistakes),
    )  # fmt: skip


def _table(path: Any, known: Any, required: Any, prefix: str) -> Any:
    """The known columns of a file."""
    source = files.opened(os.fspath(path), known, required, prefix)
    batches = list(source.batches(source.schema.names))
    return files.extra("pyarrow").Table.from_batches(batches, source.schema)


def _tables(readings: Readings) -> dict[str, Any]:
    """The tables that are written, by name."""
    tables = {
        "timepoints": readings.timepoints,
        "lines": readings.lines,
        "discordance": readings.discordance,
    }
    if len(readings.central) > 1:
        each = [readings.agreement(of).table for of in AGREEMENT_ON]
        tables["agreement"] = files.extra("pyarrow").concat_tables(each)
    return tables
