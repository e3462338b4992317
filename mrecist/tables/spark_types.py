"""The columns of the tables that come out of Spark and Dask, by their types."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from .output_columns import COHORT_OUTPUTS

__all__ = ["TABLES", "arrow_schema", "ddl", "spark_kind", "spark_schema", "with_areas"]

_KINDS = {
    "id": "patient",
    "number": "bigint",
    "days": "bigint",
    "mm": "double",
    "flag": "boolean",
    "date": "date",
}
"""The type of a column by the kind of its values; of any other kind it is text."""


def _types(table: str) -> dict[str, str]:
    return {each.name: _KINDS.get(each.kind, "string") for each in COHORT_OUTPUTS[table].columns}


TABLES: dict[str, dict[str, str]] = {
    "timepoints": _types("timepoints"),
    "lines": _types("lines"),
    "errors": {
        "patient": "patient",
        "column": "string",
        "date": "string",
        "lesion": "string",
        "error": "string",
    },
}
"""The columns of each table by their types in Spark; `patient` and `date` are as they came."""


def spark_kind(name: str, kind: str) -> str:
    """The type in which a kept column comes out."""
    whole = dict.fromkeys(("tinyint", "smallint", "int", "bigint"), "bigint")
    kinds = whole | {"float": "double", "double": "double", "boolean": "boolean", "date": "date",
                     "string": "string"}  # fmt: skip
    if kind not in kinds:
        told = "cast it to string, a number, boolean or date"
        raise TypeError(f"keep: {name} is of type {kind}: {told}")
    return kinds[kind]


def spark_schema(types: dict[str, str], *, immune: bool = False) -> dict[str, dict[str, str]]:
    """The columns of each table, with patients and dates of the types that they came in.

    `immune`: of criteria of immunotherapy.
    """
    whole = ("tinyint", "smallint", "int", "bigint")
    kinds = dict.fromkeys(whole, "bigint") | dict.fromkeys(
        ("date", "timestamp", "timestamp_ntz"), "date"
    )
    as_came = {
        "patient": "bigint" if types["patient"] in whole else "string",
        "date": kinds.get(types["date"], "string"),
    }
    tables = TABLES
    if immune:
        tables = TABLES | {name: _types(f"immune_{name}") for name in ("timepoints", "lines")}
    return {
        table: {name: as_came.get(kind, kind) for name, kind in columns.items()}
        for table, columns in tables.items()
    }


_AREAS = dict.fromkeys(("total_mm2", "nadir_mm2", "baseline_total_mm2"), "double")
"""What the table of time points has besides, by criteria that sum areas."""


def with_areas(schema: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """The columns of each table, with those of areas."""
    columns = list(schema["timepoints"].items())
    at = [name for name, _ in columns].index("baseline_total_mm") + 1
    return schema | {"timepoints": dict([*columns[:at], *_AREAS.items(), *columns[at:]])}


def ddl(columns: dict[str, str]) -> str:
    return f"struct<{', '.join(f'`{name}`: {kind}' for name, kind in columns.items())}>"


def arrow_schema(columns: dict[str, str]) -> Any:
    pa = import_module("pyarrow")
    kinds = {"bigint": pa.int64(), "double": pa.float64(), "string": pa.string(),
             "boolean": pa.bool_(), "date": pa.date32()}  # fmt: skip
    return pa.schema([(name, kinds[kind]) for name, kind in columns.items()])
