"""Several readings in files: tables in, what each reader found and what stands out.

The tables are held in memory, unlike those of one reader's cohort, which may be larger.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs

from .._base.outputs import put_in_place, work_folder
from ..cohort.file_columns import require_kept, with_kept
from ..cohort.kept import asked_names
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

__all__ = ["CaseTables", "ReadingsSummary", "readings_files"]

_SCHEMA = {
    name: ((*known, READER), (*required, *[READER] * (name == TABLES[0])), prefix)
    for name, (known, required, prefix) in SCHEMA.items()
} | {"decisions": (DECISION_COLUMNS, DECISIONS_REQUIRED, "decisions.")}
"""The tables of one reader with the column of readers, which findings must have; decisions."""
_NAMES = ("timepoints", "lines", "discordance", "notes", "agreement")
AGREEMENT_ON = ("best_response", "confirmed_best_response", "response")
"""The verdicts of which the agreement is written."""


@attrs.frozen(kw_only=True)
class CaseTables:
    """The tables of the case documents of a file, every cell a text or `None`.

    `mistakes` are those of documents, by patient (`None`: a document without one); no reading of
    such a patient is in the tables.
    """

    path: str
    tables: Mapping[str, Mapping[str, Sequence[str | None]]]
    mistakes: tuple[tuple[str | None, str], ...] = ()


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
    findings: str | os.PathLike[str] | CaseTables,
    out: str | os.PathLike[str],
    *,
    lines: str | os.PathLike[str] | None = None,
    procedures: str | os.PathLike[str] | None = None,
    decisions: str | os.PathLike[str] | None = None,
    patients: str | os.PathLike[str] | None = None,
    review: Review | str = DOUBLE_READ,
    criteria: Criteria | str = MRECIST,
    keep: Iterable[str] = (),
) -> ReadingsSummary:
    """Judge the readings of files as `assess_readings` does.

    The folder `out` receives `timepoints`, `lines`, `discordance`, `notes` and, of two readers or
    more, `agreement` in the format of the findings (CSV or Parquet), and `errors.csv`. Files of
    these names are replaced, all at the end. `CaseTables` are findings, lines and procedures at
    once, and give CSV; their mistakes are the first rows of `errors.csv`, and rows told of are
    those that `mrecist convert` writes. `keep` names further columns of `lines`, or of the
    file `patients`.

    Raises `TableFileError` for a file that is no such table or a table without readers,
    `ValueError` for a review that the readers do not fit, `OSError`, and `ImportError` without
    `mrecist[tables]`.
    """
    for module in ("pyarrow", "narwhals"):
        files.extra(module)
    files.check_path(os.fspath(out))
    kept, folder = asked_names(keep), Path(out)
    if isinstance(findings, CaseTables):
        cases, path, kind = findings, findings.path, ".csv"
    else:
        cases, path = None, os.fspath(findings)
        kind = ending(path)
    given = {"findings": path if cases is None else None, "lines": lines, "procedures": procedures,
             "decisions": decisions, "patients": patients}  # fmt: skip
    sources = {
        name: files.opened(os.fspath(each), *_with_kept(name, kept))
        for name, each in given.items()
        if each is not None
    }
    require_kept(kept, sources.get("lines"), sources.get("patients"))
    names = (*(f"{name}{kind}" for name in _NAMES), "errors.csv")
    files.spare_inputs(
        (folder / name for name in names), [path, *(source.path for source in sources.values())]
    )
    tables = {name: _table(source) for name, source in sources.items()}
    if cases is not None:
        tables |= {name: _of_texts(columns) for name, columns in cases.tables.items()}
    try:
        readings = assess_readings(
            tables["findings"],
            tables.get("lines"),
            procedures=tables.get("procedures"),
            review=review,
            decisions=tables.get("decisions"),
            criteria=criteria,
            errors="collect",
            keep=kept,
            patients=tables.get("patients"),
        )
    except CohortError as error:
        raise TableFileError([f"{path}: {line}" for line in error.lines]) from None
    columns = {name: sources[name].names for name in TABLES if name in sources}
    if "patients" in sources:
        read = ("patient", *kept)
        columns["patients"] = [each for each in sources["patients"].names if each not in read]
    made = {f"{name}{kind}": each for name, each in _tables(readings, columns).items()}
    earlier = () if cases is None else cases.mistakes
    made["errors.csv"] = _errors(earlier, readings.errors)
    _write(folder, made)
    return _summary(readings, earlier, len(made[f"notes{kind}"]))


def _with_kept(
    table: str, keep: Sequence[str]
) -> tuple[Sequence[str], Sequence[str], str, Sequence[str]]:
    """What is to be read of a file: the schema of its table, and the columns to keep."""
    if table == "patients":
        return with_kept(table, keep)
    return *_SCHEMA[table], keep if table == "lines" else ()


def _table(source: Any) -> Any:
    """The known columns of a file; a row of another width is a mistake of its patient."""

    def read() -> Any:
        batches = list(source.batches(source.schema.names))
        return files.extra("pyarrow").Table.from_batches(batches, source.schema)

    return files.sparing(source, read)


def _of_texts(columns: Mapping[str, Sequence[str | None]]) -> Any:
    pa = files.extra("pyarrow")
    return pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})


def _errors(earlier: Sequence[tuple[str | None, str]], errors: Any) -> Any:
    """The table of mistakes with those of documents before it, which have no row."""
    if not earlier:
        return errors
    nothing = [None] * len(earlier)
    patients, told = zip(*earlier, strict=True)
    cells = {"patient": patients, "row": nothing, "column": nothing, "error": told}
    pa = files.extra("pyarrow")
    first = pa.table(
        [pa.array(cells[each.name], each.type) for each in errors.schema], errors.schema
    )
    return pa.concat_tables([first, errors])


def _write(folder: Path, made: Mapping[str, Any]) -> None:
    """Write every table, and put all in place at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    with work_folder(folder) as within:
        for name, each in made.items():
            with Writer(str(within / name), each.schema) as writer:
                writer.write(each)
        put_in_place((within / name, folder / name) for name in made)


def _summary(
    readings: Readings, earlier: Sequence[tuple[str | None, str]], notes: int
) -> ReadingsSummary:
    """The counts of a run; patients of documents with a mistake are in none of the readings."""
    of_tables = [each for each in readings.mistakes if not each[2].startswith("decisions.")]
    owners = [*(patient for patient, _ in earlier), *(each[0] for each in of_tables)]
    refused = len({patient for patient, _ in earlier} - {None})
    mistakes = len(readings.mistakes) + len(earlier)
    return ReadingsSummary(
        readers=len(readings.readers),
        patients=len(readings.patients) + refused,
        invalid=len(readings.refused) + refused,
        lines=len(readings.discordance),
        pending=readings.pending,
        untreated=len(readings.untreated),
        mistakes=mistakes,
        untaken=len(readings.mistakes) - len(of_tables),
        unowned=sum(patient is None for patient in owners),
        notes=notes,
    )


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
