"""The columns of the tables that come out of Spark and Dask, by their types."""

from __future__ import annotations

from importlib import import_module
from typing import Any

__all__ = ["TABLES", "arrow_schema", "ddl", "spark_kind", "spark_schema", "with_areas"]

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
        "best_response_date": "date", "confirmed_best_response_date": "date",
        "progression_date": "date", "progression_causes": "string", "exposure": "string",
        "rechallenge_of": "bigint", "problems": "string",
    },
    "errors": {
        "patient": "patient", "column": "string", "date": "string", "lesion": "string",
        "error": "string",
    },
}  # fmt: skip
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


def spark_schema(types: dict[str, str]) -> dict[str, dict[str, str]]:
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
