"""Several readings in files: tables in, what each reader found and what stands out.

The tables are held in memory, unlike those of one reader's cohort, which may be larger.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs

from .._base.outputs import work_folder
from ..rulebook.criteria import MRECIST, Criteria
from ..tables import files
from ..tables.column_schema import READER, SCHEMA
from ..tables.files import TableFileError, Writer, ending
from ..tables.mistakes import TABLES, CohortError
from .decisions import DECISION_COLUMNS
from .decisions import REQUIRED as DECISIONS_REQUIRED
from .engine import assess_readings
from .readings import Readings
from .review import DOUBLE_READ, Review

__all__ = ["ReadingsSummary", "readings_files"]

_SCHEMA = {
    name: ((*known, READER), (*required, *[READER] * (name == TABLES[0])), prefix)
    for name, (known, required, prefix) in SCHEMA.items()
} | {"decisions": (DECISION_COLUMNS, DECISIONS_REQUIRED, "decisions.")}
"""The tables of one reader with the column of readers, which findings must have; decisions."""
_NAMES = ("timepoints", "lines", "discordance", "notes", "agreement")
AGREEMENT_ON = ("best_response", "confirmed_best_response", "response")
"""The verdicts of which the agreement is written."""


@attrs.frozen(kw_only=True)
class ReadingsSummary:
    """Counts of a run.

    `patients` are all; `invalid` of them have no accepted reading, for a mistake in some row;
    `untreated` have no line of therapy. `pending` are lines that await a decision. `mistakes` are
    all rows of `errors.csv`, of which `unowned` name no patient and `untaken` are of decisions,
    which are not taken. `notes` are the rows of the table of notes.
    """

    readers: int
    patients: int
    invalid: int
    untreated: int
    lines: int
    pending: int
    mistakes: int
    unowned: int
    untaken: int
    notes: int


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

    The folder `out` receives `timepoints`, `lines`, `discordance`, `notes` and, of two readers or
    more, `agreement` in the format of the findings (CSV or Parquet), and `errors.csv`. Files of
    these names are replaced, all at the end.

    Raises `TableFileError` for a file that is no such table or a table without readers,
    `ValueError` for a review that the readers do not fit, `OSError`, and `ImportError` without
    `mrecist[tables]`.
    """
    for module in ("pyarrow", "narwhals"):
        files.extra(module)
    files.check_path(os.fspath(out))
    kind = ending(os.fspath(findings))
    folder = Path(out)
    given = {"findings": findings, "lines": lines, "procedures": procedures, "decisions": decisions}
    sources = {
        name: files.opened(os.fspath(path), *_SCHEMA[name])
        for name, path in given.items()
        if path is not None
    }
    names = (*(f"{name}{kind}" for name in _NAMES), "errors.csv")
    files.spare_inputs(
        (folder / name for name in names), (source.path for source in sources.values())
    )
    tables = {name: _table(source) for name, source in sources.items()}
    try:
        readings = assess_readings(
            tables["findings"], tables.get("lines"), procedures=tables.get("procedures"),
            review=review, decisions=tables.get("decisions"), criteria=criteria, errors="collect",
        )  # fmt: skip
    except CohortError as error:
        raise TableFileError([f"{os.fspath(findings)}: {line}" for line in error.lines]) from None
    folder.mkdir(parents=True, exist_ok=True)
    columns = {name: sources[name].names for name in TABLES if name in sources}
    made = {f"{name}{kind}": each for name, each in _tables(readings, columns).items()}
    of_tables = [each for each in readings.mistakes if not each[2].startswith("decisions.")]
    made["errors.csv"] = readings.errors
    with work_folder(folder) as within:
        for name, each in made.items():
            with Writer(str(within / name), each.schema) as writer:
                writer.write(each)
        for name in made:
            (within / name).replace(folder / name)
    return ReadingsSummary(
        readers=len(readings.readers), patients=len(readings.patients),
        invalid=len(readings.refused), lines=len(readings.discordance),
        pending=readings.pending, untreated=len(readings.untreated),
        mistakes=len(readings.mistakes), untaken=len(readings.mistakes) - len(of_tables),
        unowned=sum(patient is None for patient, *_ in of_tables),
        notes=len(made[f"notes{kind}"]),
    )  # fmt: skip


def _table(source: Any) -> Any:
    """The known columns of a file."""
    batches = list(source.batches(source.schema.names))
    return files.extra("pyarrow").Table.from_batches(batches, source.schema)


def _tables(readings: Readings, columns: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The tables that are written, by name."""
    tables = {
        "timepoints": readings.timepoints,
        "lines": readings.lines,
        "discordance": readings.discordance,
        "notes": readings.notes_beside(columns),
    }
    if len(readings.central) > 1:
        each = [readings.agreement(of).table for of in AGREEMENT_ON]
        tables["agreement"] = files.extra("pyarrow").concat_tables(each)
    return tables
