"""Cohorts that no single machine holds: Apache Spark and Dask, their tables in and out.

Both engines bring all rows of a patient into one partition and hand each partition as a whole to
`assess_cohort`. Nothing runs before a table is asked for, and nothing comes to the driver. A
patient who cannot be judged is a row of `errors`, never a failed job. The package has to be
installed wherever partitions are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial, reduce
from importlib import import_module
from typing import Any

import attrs
import numpy as np

from .cohort.asked import Asked, asked_for
from .cohort.engine import assess_cohort
from .cohort.kept import asked_names, homes_of
from .rulebook.criteria import MRECIST, Criteria, criteria_named
from .rulebook.immune_criteria import ImmuneCriteria
from .tables.column import Coded, Plain
from .tables.column_schema import SCHEMA, is_column
from .tables.frames_out import restorer
from .tables.intake import check_columns
from .tables.mistakes import TABLES as TABLES_IN
from .tables.mistakes import table_of
from .tables.spark_types import TABLES, arrow_schema, ddl, spark_kind, spark_schema, with_areas

__all__ = ["TABLES", "TRIES", "Judged", "dask_cohort", "spark_cohort"]

TRIES = 256
"""How often the parts of a partition that fails are tried before their patients are given up."""

Piece = dict[str, Any]
AnyOf = Criteria | ImmuneCriteria


@attrs.frozen(eq=False, kw_only=True)
class Judged:
    """What a cohort comes to, as tables of the engine that have not run yet.

    `timepoints` and `lines` have the columns that those of `Responses` have, or of
    `ImmuneResponses`. Rows have no numbers
    here: `errors` tells by `date` and `lesion` which row it is (of a line: by its start). Each
    table asked for runs everything anew unless `whole`, which all three are cut from, is kept:
    `judged.whole.persist()` in Spark, `dask.compute(judged.timepoints, judged.lines)` in Dask.
    """

    timepoints: Any
    lines: Any
    errors: Any
    whole: Any


# ---- one partition


_ROW_DATES = {"findings": ("date", "lesion"), "lines": ("start",), "procedures": ("date",)}
"""The columns that tell which row of a table it is."""


def _judged(
    tables: Piece,
    criteria: AnyOf,
    finish: Callable[[Piece], Piece],
    keep: Sequence[str] = (),
) -> Iterator[Piece]:
    """The tables of a partition; where it fails, those of its halves, down to single patients."""
    parts, tries = [tables], 0
    while parts:
        part, tries = parts.pop(), tries + 1
        try:
            yield finish(_tables(part, criteria, keep))
        except ImportError:
            raise  # no fault of a patient
        except Exception as error:
            patients = _patients(part)
            if len(patients) < 2 or tries >= TRIES:
                told = f"{type(error).__name__}: {error}"
                lost = [(patient, "patient", None, None, told) for patient in patients]
                yield finish({"errors": _errors(part["findings"], lost)})
            else:
                parts += _halves(part, patients[: len(patients) // 2])


def _tables(part: Piece, criteria: AnyOf, keep: Sequence[str] = ()) -> Piece:
    """The three tables of a part."""
    responses = assess_cohort(**part, criteria=criteria, errors="collect", workers=1, keep=keep)
    told = _cells(responses.errors)
    tables = [table_of(column) for column in told["column"]]
    places = {}
    for table in _ROW_DATES.keys() & part.keys():
        frame = part[table]
        rows = [row for row, each in zip(told["row"], tables, strict=True) if each == table]
        cells = list(_cells(frame, rows, *_ROW_DATES[table]).values())
        lesions = cells[1] if len(cells) > 1 else [None] * len(rows)
        places[table] = zip(cells[0], lesions, strict=True)
    errors = [
        (patient, column, *next(places[table]), error)
        for patient, column, table, error in zip(
            told["patient"], told["column"], tables, told["error"], strict=True
        )
    ]
    made = {"timepoints": responses.timepoints, "lines": responses.lines}
    return made | {"errors": _errors(part["findings"], errors)}


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


def _patients(part: Piece) -> list[Any]:
    """All patients to be judged; rows that name none count as one, the last."""
    found: dict[Any, None] = {}
    for table in (part[name] for name in part if name != "patients"):
        ids = _narwhal(table)["patient"].unique()
        nulls = ids.is_null().to_list()
        found |= {
            None if null else each: None for each, null in zip(ids.to_list(), nulls, strict=True)
        }
    return sorted(found, key=lambda each: each is None)


def _halves(part: Piece, some: Sequence[Any]) -> list[Piece]:
    """The rows of some patients, and those of all others."""
    halves: tuple[Piece, Piece] = ({}, {})
    for name, table in part.items():
        rows = _narwhal(table)
        theirs = np.array(rows["patient"].is_in(some).fill_null(value=False).to_list(), np.bool_)
        for half, those in zip(halves, (theirs, ~theirs), strict=True):
            half[name] = rows[np.flatnonzero(those)].to_native()
    return list(halves)


def _narwhal(table: Any) -> Any:
    return import_module("narwhals.stable.v2").from_native(table)


# ---- Spark


def spark_cohort(
    findings: Any,
    lines: Any = None,
    *,
    procedures: Any = None,
    criteria: AnyOf | str = MRECIST,
    partitions: int | None = None,
    keep: Iterable[str] = (),
    patients: Any = None,
) -> Judged:
    """Judge a cohort of Spark DataFrames by the rules of `assess`, without an action.

    A worker holds one partition as a whole: see that its rows fit.

    Args:
        findings: The findings; this and all but `partitions` are as for `assess_cohort`.
        lines: The lines of therapy.
        procedures: The local treatments.
        criteria: By what patients are judged, those of immunotherapy too; none that grade lesions.
        partitions: Into how many the patients go; left out, as Spark has it
            (`spark.sql.shuffle.partitions`, joined where they are small).
        keep: Further columns: text, numbers, flags or dates.
        patients: One row per patient, for `keep`.

    Returns:
        Dates are `date` where they are dates or timestamps, `bigint` where they are whole numbers,
        else `string`; patients are `bigint` or `string`.

    Raises:
        CohortError: A column that is missing or misspelt, at once; other mistakes are in `errors`.
        TypeError: A kept column of another type.
    """
    sql = import_module("pyspark.sql.functions")
    tables, homes = _given((findings, lines, procedures, patients), keep)
    tables = {
        name: table.select(*map(_quoted, _known(table.columns, name, homes)))
        for name, table in tables.items()
    }
    asked = _asked(criteria)
    kinds = {name: dict(table.dtypes) for name, table in tables.items()}
    schema = spark_schema(kinds["findings"], immune=asked.immune is not None)
    if asked.beneath.area is not None:
        schema = with_areas(schema)
    kept = {name: spark_kind(name, kinds[home][name]) for name, home in homes.items()}
    schema |= {name: schema[name] | kept for name in ("timepoints", "lines")}
    told = {
        name: table.select(sql.struct(*map(_quoted, table.columns)).alias(name))
        for name, table in tables.items()
    }
    # One table of as many columns as there are tables: each row has one of them, the others null.
    parts = [
        table.select(
            *(
                sql.col(name)
                if name == own
                else sql.lit(None).cast(other.schema[0].dataType).alias(name)
                for name, other in told.items()
            )
        )
        for own, table in told.items()
    ]
    rows = reduce(lambda one, more: one.union(more), parts)
    names = [
        sql.regexp_replace(sql.col(f"{name}.patient").cast("string"), r"^\s+|\s+$", "")
        for name in tables
    ]
    rows = rows.repartition(*([] if partitions is None else [partitions]), sql.coalesce(*names))
    by = asked.immune or asked.beneath
    work = partial(_spark_partition, criteria=by, keep=tuple(homes), schema=schema)
    whole = rows.mapInArrow(work, ", ".join(f"{name} {ddl(each)}" for name, each in schema.items()))
    out = {name: whole.where(f"{name} is not null").select(f"{name}.*") for name in schema}
    return Judged(**out, whole=whole)


def _quoted(name: str) -> str:
    """A column's name as Spark reads it whatever it holds: a dot would lead into a struct."""
    return "`" + name.replace("`", "``") + "`"


def _asked(criteria: AnyOf | str) -> Asked:
    """The criteria; those that grade lesions are refused, which have no time points."""
    asked = asked_for(criteria)
    if asked.by_lesion is not None:
        criteria_named(criteria)
    return asked


def _given(frames: Sequence[Any], keep: Iterable[str]) -> tuple[Piece, dict[str, str]]:
    """The tables that are given, by name, and the table of each column to keep."""
    tables = zip((*TABLES_IN, "patients"), frames, strict=True)
    given = {name: table for name, table in tables if table is not None}
    lines, patients = (
        [*given[name].columns] if name in given else None for name in ("lines", "patients")
    )
    return given, homes_of(asked_names(keep), lines, patients)


def _known(names: Iterable[Any], table: str, homes: Mapping[str, str]) -> list[str]:
    """The columns to be read, after those that cannot be right have been refused."""
    names = list(names)
    kept = [name for name, home in homes.items() if home == table]
    known, required, prefix = SCHEMA.get(table, (("patient",), ("patient",), "patients."))
    check_columns([name for name in names if name not in kept], known, required, prefix)
    return [name for name in names if is_column(name, known) or name in kept]


def _spark_partition(
    batches: Iterable[Any],
    criteria: AnyOf,
    schema: dict[str, dict[str, str]],
    keep: Sequence[str] = (),
) -> Iterator[Any]:
    """The judged rows of a partition, whose batches may cut through patients."""
    each = list(batches)
    if not each:
        return
    schemas = {name: arrow_schema(columns) for name, columns in schema.items()}
    tables = {name: _rows_of(each, name) for name in each[0].schema.names}

    def finish(piece: Piece) -> Piece:
        return {name: table.cast(schemas[name]) for name, table in piece.items()}

    for piece in _judged(tables, criteria, finish, keep):
        for name, table in piece.items():
            for batch in table.to_batches(max_chunksize=_BATCH_ROWS):
                yield _in_structs(name, batch, schemas)


_BATCH_ROWS = 10_000


def _rows_of(batches: Iterable[Any], name: str) -> Any:
    """The rows of one of the tables that come together."""
    pa = import_module("pyarrow")
    columns = [batch.column(name) for batch in batches]
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
    procedures: Any = None,
    criteria: AnyOf | str = MRECIST,
    partitions: int | None = None,
    keep: Iterable[str] = (),
    patients: Any = None,
) -> Judged:
    """Judge a cohort of Dask DataFrames by the rules of `assess`, without computing anything.

    A worker holds one partition as a whole: see that its rows fit.

    Args:
        findings: The findings; this and all but `partitions` are as for `assess_cohort`.
        lines: The lines of therapy.
        procedures: The local treatments.
        criteria: By what patients are judged, those of immunotherapy too; none that grade lesions.
        partitions: Into how many the patients go; left out, as many as `findings` has.
        keep: Further columns.
        patients: One row per patient, for `keep`.

    Returns:
        The types are those of pandas in, pandas out; kept whole numbers and flags come out as types
        that can be missing.

    Raises:
        CohortError: A column that is missing or misspelt, at once; other mistakes are in `errors`.
        TypeError: `patient` is not of one type in all tables.
    """
    dask, dd = import_module("dask"), import_module("dask.dataframe")
    tables, homes = _given((findings, lines, procedures, patients), keep)
    tables = {name: table[_known(table.columns, name, homes)] for name, table in tables.items()}
    _refuse_unlike(tables)
    count = tables["findings"].npartitions if partitions is None else partitions
    tables = {
        name: table.map_partitions(_with_plain_patients, meta=_with_plain_patients(table._meta))
        for name, table in tables.items()
    }
    asked, kept = _asked(criteria), tuple(homes)
    by = asked.immune or asked.beneath
    meta = _tables({name: table._meta for name, table in tables.items()}, by, kept)
    meta |= {name: _with_missing(meta[name], kept) for name in ("timepoints", "lines")}
    judge = partial(_dask_partition, names=tuple(tables), criteria=by, keep=kept, meta=meta)
    shuffled = [table.shuffle("patient", npartitions=count) for table in tables.values()]
    parts = zip(*(table.to_delayed() for table in shuffled), strict=True)
    whole = [dask.delayed(judge, pure=True)(*part) for part in parts]
    made = {
        name: dd.from_delayed([part[name] for part in whole], meta=meta[name], verify_meta=False)
        for name in TABLES
    }
    return Judged(**made, whole=whole)


def _with_plain_patients(table: Any) -> Any:
    """The rows with ids of patients free of surrounding space, which decide where they go."""
    patients = table["patient"]
    if patients.dtype.kind != "O":
        return table
    if hasattr(patients.dtype, "categories"):
        patients = patients.astype(patients.dtype.categories.dtype)
    plain = patients.map(lambda each: each.strip() if isinstance(each, str) else each)
    return table.assign(patient=plain.astype(patients.dtype))


def _with_missing(table: Any, kept: Sequence[str]) -> Any:
    """The table with kept whole numbers and flags of types that can be missing."""
    kinds = {"i": "Int64", "u": "Int64", "b": "boolean"}
    types = {name: kinds.get(table[name].dtype.kind) for name in kept}
    return table.astype({name: kind for name, kind in types.items() if kind is not None})


def _refuse_unlike(tables: Piece) -> None:
    """Text and numbers that look alike go into different partitions."""
    first, *others = (table.dtypes["patient"] for table in tables.values())
    for other in others:
        if other != first:
            raise TypeError(f"patient must be of one type in all tables, got {first} and {other}")


def _dask_partition(
    *tables: Any, names: Sequence[str], criteria: AnyOf, meta: Piece, keep: Sequence[str] = ()
) -> Piece:
    """The judged tables of a partition, with the types of `meta`."""
    pd = import_module("pandas")

    def finish(piece: Piece) -> Piece:
        return {name: table.astype(meta[name].dtypes) for name, table in piece.items()}

    pieces = list(_judged(dict(zip(names, tables, strict=True)), criteria, finish, keep))
    whole = {}
    for name, like in meta.items():
        there = [piece[name] for piece in pieces if name in piece] or [like]
        whole[name] = there[0] if len(there) == 1 else pd.concat(there, ignore_index=True)
    return whole
