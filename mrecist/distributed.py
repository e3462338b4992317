"""Cohorts that no single machine holds: Apache Spark and Dask, their tables in and out.

Both engines bring all rows of a patient into one partition and hand each partition as a whole to
`assess_cohort`. Nothing runs before a table is asked for, and nothing comes to the driver. A
patient who cannot be judged is a row of `errors`, never a failed job. The package has to be
installed wherever partitions are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from importlib import import_module
from typing import Any

import attrs
import numpy as np

from .cohort.engine import assess_cohort
from .rulebook.criteria import MRECIST, Criteria, criteria_named
from .tables.column import Coded, Plain
from .tables.column_schema import FINDING_COLUMNS, LINE_COLUMNS, LINES_REQUIRED, REQUIRED
from .tables.frames_out import restorer
from .tables.intake import check_columns

__all__ = ["TABLES", "TRIES", "Judged", "dask_cohort", "spark_cohort"]

TABLES: dict[str, dict[str, str]] = {
    "timepoints": {
        "patient": "patient", "line": "bigint", "date": "date", "day": "bigint",
        "total_mm": "double", "nadir_mm": "double", "baseline_total_mm": "double",
        "target": "string", "nontarget": "string", "new_lesion": "string",
        "computed": "string", "reported": "string", "agrees": "boolean", "response": "string",
        "source": "string", "rules": "string", "problems": "string",
    },
    "lines": {
        "patient": "patient", "line": "bigint", "agents": "string", "start": "date",
        "baseline": "date", "targets": "string", "nontargets": "string",
        "best_response": "string", "confirmed_best_response": "string",
        "progression_date": "date", "progression_causes": "string", "exposure": "string",
        "rechallenge_of": "bigint", "problems": "string",
    },
    "errors": {
        "patient": "patient", "column": "string", "date": "string", "lesion": "string",
        "error": "string",
    },
}  # fmt: skip
"""The columns of each table by their types in Spark; `patient` and `date` are as they came."""

TRIES = 256
"""How often the parts of a partition that fails are tried before their patients are given up."""

Piece = dict[str, Any]


@attrs.frozen(eq=False, kw_only=True)
class Judged:
    """What a cohort comes to, as tables of the engine that have not run yet.

    `timepoints` and `lines` have the columns that those of `Responses` have. Rows have no numbers
    here: `errors` tells by `date` and `lesion` which row it is (of a line: by its start). Each
    table asked for runs everything anew unless `whole`, which all three are cut from, is kept:
    `judged.whole.persist()` in Spark, `dask.compute(judged.timepoints, judged.lines)` in Dask.
    """

    timepoints: Any
    lines: Any
    errors: Any
    whole: Any


# ---- one partition


def _judged(
    findings: Any, lines: Any, criteria: Criteria, finish: Callable[[Piece], Piece]
) -> Iterator[Piece]:
    """The tables of a partition; where it fails, those of its halves, down to single patients."""
    parts, tries = [(findings, lines)], 0
    while parts:
        part, tries = parts.pop(), tries + 1
        try:
            yield finish(_tables(*part, criteria))
        except ImportError:
            raise  # no fault of a patient
        except Exception as error:
            patients = _patients(part)
            if len(patients) < 2 or tries >= TRIES:
                told = f"{type(error).__name__}: {error}"
                lost = [(patient, "patient", None, None, told) for patient in patients]
                yield finish({"errors": _errors(findings, lost)})
            else:
                parts += _halves(part, patients[: len(patients) // 2])


def _tables(findings: Any, lines: Any, criteria: Criteria) -> Piece:
    """The three tables of a part."""
    responses = assess_cohort(findings, lines, criteria=criteria, errors="collect", workers=1)
    told = _cells(responses.errors)
    of_lines = [column.startswith("lines.") for column in told["column"]]
    here = [row for row, of_line in zip(told["row"], of_lines, strict=True) if not of_line]
    there = [row for row, of_line in zip(told["row"], of_lines, strict=True) if of_line]
    cells = _cells(findings, here, "date", "lesion")
    places = {False: zip(cells["date"], cells["lesion"], strict=True)}
    if lines is not None:
        starts = _cells(lines, there, "start")["start"]
        places[True] = zip(starts, [None] * len(starts), strict=True)
    errors = [
        (patient, column, *next(places[of_line]), error)
        for patient, column, of_line, error in zip(
            told["patient"], told["column"], of_lines, told["error"], strict=True
        )
    ]
    made = {"timepoints": responses.timepoints, "lines": responses.lines}
    return made | {"errors": _errors(findings, errors)}


def _errors(like: Any, rows: Sequence[Sequence[Any]]) -> Any:
    """The table of mistakes, of the same kind as another; patients are numbers where theirs are."""
    columns: dict[str, Any] = {}
    for place, name in enumerate(TABLES["errors"]):
        cells = [row[place] for row in rows]
        null = np.array([cell is None for cell in cells], np.bool_)
        if name == "patient" and _narwhal(like).collect_schema()[name].is_integer():
            columns[name] = Plain(np.array([cell or 0 for cell in cells], np.int64), null)
        else:
            texts = ["" if cell is None else str(cell) for cell in cells]
            columns[name] = Coded(np.where(null, -1, np.arange(len(cells))), texts)
    return restorer(like)(columns)


def _cells(table: Any, rows: list[int] | None = None, *names: str) -> dict[str, list[Any]]:
    """Cells of some rows, those of named columns as text; `None` where there is none."""
    told: dict[str, list[Any]] = {}
    table = _narwhal(table)
    for name in names or table.columns:
        cells = table[name] if rows is None else table[name][rows]
        each = zip(cells.to_list(), cells.is_null().to_list(), strict=True)
        told[name] = [
            None if null else str(cell).removesuffix(" 00:00:00") if names else cell
            for cell, null in each
        ]
    return told


def _patients(part: Sequence[Any]) -> list[Any]:
    """All patients of both tables; rows that name none count as one, the last."""
    found: dict[Any, None] = {}
    for table in part:
        if table is not None:
            ids = _narwhal(table)["patient"].unique()
            nulls = ids.is_null().to_list()
            found |= {
                None if null else each: None
                for each, null in zip(ids.to_list(), nulls, strict=True)
            }
    return sorted(found, key=lambda each: each is None)


def _halves(part: Sequence[Any], some: Sequence[Any]) -> list[tuple[Any, Any]]:
    """The rows of some patients, and those of all others."""
    halves: tuple[list[Any], list[Any]] = ([], [])
    for table in part:
        if table is None:
            halves[0].append(None)
            halves[1].append(None)
        else:
            rows = _narwhal(table)
            theirs = np.array(
                rows["patient"].is_in(some).fill_null(value=False).to_list(), np.bool_
            )
            for half, those in zip(halves, (theirs, ~theirs), strict=True):
                half.append(rows[np.flatnonzero(those)].to_native())
    return [(findings, lines) for findings, lines in halves]


def _narwhal(table: Any) -> Any:
    return import_module("narwhals.stable.v2").from_native(table)


# ---- Spark


def spark_cohort(
    findings: Any,
    lines: Any = None,
    *,
    criteria: Criteria | str = MRECIST,
    partitions: int | None = None,
) -> Judged:
    """Judge a cohort of Spark DataFrames by the rules of `assess`, without an action.

    The tables are those of `assess_cohort`. `partitions`: into how many the patients go; left to
    Spark (`spark.sql.shuffle.partitions`, joined where they are small) unless given. A worker
    holds one partition as a whole: see that its rows fit. Dates come out as `date` where they are
    dates or timestamps, `bigint` where they are whole numbers, else `string`; patients as `bigint`
    or `string`. A column that is missing or misspelt raises `CohortError` at once.
    """
    sql = import_module("pyspark.sql.functions")
    findings = findings.select(*_known(findings.columns, FINDING_COLUMNS, REQUIRED))
    schema = _spark_schema(dict(findings.dtypes))
    rows = findings.select(sql.struct(*findings.columns).alias("finding"))
    patient = sql.col("finding.patient").cast("string")
    if lines is not None:
        lines = lines.select(*_known(lines.columns, LINE_COLUMNS, LINES_REQUIRED, "lines."))
        told = lines.select(sql.struct(*lines.columns).alias("line"))
        no_finding, no_line = (
            sql.lit(None).cast(table.schema[0].dataType) for table in (rows, told)
        )
        rows = rows.withColumn("line", no_line)
        rows = rows.union(told.select(no_finding.alias("finding"), "line"))
        patient = sql.coalesce(patient, sql.col("line.patient").cast("string"))
    rows = rows.repartition(*([] if partitions is None else [partitions]), patient)
    work = partial(_spark_partition, criteria=criteria_named(criteria), schema=schema)
    whole = rows.mapInArrow(
        work, ", ".join(f"{name} {_ddl(each)}" for name, each in schema.items())
    )
    tables = {name: whole.where(f"{name} is not null").select(f"{name}.*") for name in schema}
    return Judged(**tables, whole=whole)


def _known(
    names: Iterable[Any], known: Sequence[str], required: Sequence[str], prefix: str = ""
) -> list[str]:
    """The columns to be read, after those that cannot be right have been refused."""
    names = list(names)
    check_columns(names, known, required, prefix)
    return [name for name in names if name in known]


def _spark_schema(types: dict[str, str]) -> dict[str, dict[str, str]]:
    """The columns of each table, with patients and dates of the types that they came in."""
    whole = ("tinyint", "smallint", "int", "bigint")
    kinds = dict.fromkeys(whole, "bigint") | dict.fromkeys(
        ("date", "timestamp", "timestamp_ntz"), "date"
    )
    as_came = {
        "patient": "bigint" if types["patient"] in whole else "string",
        "date": kinds.get(types["date"], "string"),
    }
    return {
        table: {name: as_came.get(kind, kind) for name, kind in columns.items()}
        for table, columns in TABLES.items()
    }


def _ddl(columns: dict[str, str]) -> str:
    return f"struct<{', '.join(f'`{name}`: {kind}' for name, kind in columns.items())}>"


def _arrow_schema(columns: dict[str, str]) -> Any:
    pa = import_module("pyarrow")
    kinds = {"bigint": pa.int64(), "double": pa.float64(), "string": pa.string(),
             "boolean": pa.bool_(), "date": pa.date32()}  # fmt: skip
    return pa.schema([(name, kinds[kind]) for name, kind in columns.items()])


def _spark_partition(
    batches: Iterable[Any], criteria: Criteria, schema: dict[str, dict[str, str]]
) -> Iterator[Any]:
    """The judged rows of a partition, whose batches may cut through patients."""
    each = list(batches)
    if not each:
        return
    schemas = {name: _arrow_schema(columns) for name, columns in schema.items()}
    findings, lines = _table_of(each, "finding"), _table_of(each, "line")

    def finish(piece: Piece) -> Piece:
        return {name: table.cast(schemas[name]) for name, table in piece.items()}

    for piece in _judged(findings, lines, criteria, finish):
        for name, table in piece.items():
            for batch in table.to_batches(max_chunksize=_BATCH_ROWS):
                yield _in_structs(name, batch, schemas)


_BATCH_ROWS = 10_000


def _table_of(batches: Iterable[Any], name: str) -> Any:
    """The rows of one of the two tables that come together; `None` if it does not come at all."""
    pa = import_module("pyarrow")
    columns = [batch.column(name) for batch in batches if name in batch.schema.names]
    if not columns:
        return None
    schema = pa.schema(list(columns[0].type))
    # Some releases of pyarrow take a slice of structs as a record batch for the whole of it.
    rows = [column.drop_null().flatten() for column in columns]
    return pa.Table.from_batches([pa.RecordBatch.from_arrays(row, schema=schema) for row in rows])


def _in_structs(name: str, batch: Any, schemas: dict[str, Any]) -> Any:
    """A batch whose rows are structs of one table; those of the others are null."""
    pa = import_module("pyarrow")
    columns = [
        batch.to_struct_array() if each == name else pa.nulls(len(batch), pa.struct(schema))
        for each, schema in schemas.items()
    ]
    return pa.RecordBatch.from_arrays(columns, names=list(schemas))


# ---- Dask


def dask_cohort(
    findings: Any,
    lines: Any = None,
    *,
    criteria: Criteria | str = MRECIST,
    partitions: int | None = None,
) -> Judged:
    """Judge a cohort of Dask DataFrames by the rules of `assess`, without computing anything.

    The tables are those of `assess_cohort`, `patient` of one type in both. `partitions`: into how
    many the patients go; as many as `findings` has unless given. A worker holds a partition as a
    whole. The types of the tables that come out are those of pandas in, pandas out. A column that
    is missing or misspelt raises `CohortError` at once.
    """
    dask, dd = import_module("dask"), import_module("dask.dataframe")
    findings = findings[_known(findings.columns, FINDING_COLUMNS, REQUIRED)]
    count = findings.npartitions if partitions is None else partitions
    tables = [findings.shuffle("patient", npartitions=count)]
    if lines is not None:
        lines = lines[_known(lines.columns, LINE_COLUMNS, LINES_REQUIRED, "lines.")]
        _refuse_unlike(findings, lines)
        tables.append(lines.shuffle("patient", npartitions=count))
    criteria = criteria_named(criteria)
    meta = _tables(findings._meta, None if lines is None else lines._meta, criteria)
    judge = partial(_dask_partition, criteria=criteria, meta=meta)
    parts = zip(*(table.to_delayed() for table in tables), strict=True)
    whole = [dask.delayed(judge, pure=True)(*part) for part in parts]
    made = {
        name: dd.from_delayed([part[name] for part in whole], meta=meta[name], verify_meta=False)
        for name in TABLES
    }
    return Judged(**made, whole=whole)


def _refuse_unlike(findings: Any, lines: Any) -> None:
    """Text and numbers that look alike go into different partitions."""
    here, there = (table.dtypes["patient"] for table in (findings, lines))
    if here != there:
        raise TypeError(f"patient must be of one type in both tables, got {here} and {there}")


def _dask_partition(findings: Any, lines: Any = None, *, criteria: Criteria, meta: Piece) -> Piece:
    """The judged tables of a partition, with the types of `meta`."""
    pd = import_module("pandas")

    def finish(piece: Piece) -> Piece:
        return {name: table.astype(meta[name].dtypes) for name, table in piece.items()}

    pieces = list(_judged(findings, lines, criteria, finish))
    whole = {}
    for name, like in meta.items():
        there = [piece[name] for piece in pieces if name in piece] or [like]
        whole[name] = there[0] if len(there) == 1 else pd.concat(there, ignore_index=True)
    return whole
