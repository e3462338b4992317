"""Nothing of ours is looked up by name in the catalogue of a caller; nothing is left there."""

from __future__ import annotations

import ast
import inspect
from typing import Any

import pytest

import mrecist
from mrecist.tables import frames_in, frames_out

pytest.importorskip("narwhals")
pytest.importorskip("pyarrow")
duckdb = pytest.importorskip("duckdb")

FINDINGS = """
    select 'P' as patient, date '2024-01-03' as date, 'A' as lesion, 14.0 as viable_mm
    union all select 'P', date '2024-03-06', 'A', 9.8
"""


def names_of_ours() -> list[str]:
    """Every variable that the code which reads and makes frames has, as a table may be called."""
    trees = [ast.parse(inspect.getsource(module)) for module in (frames_in, frames_out)]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    return sorted(
        {
            *names,
            *(node.arg for node in nodes if isinstance(node, ast.arg)),
            "mrecist_findings",
            "made",
        }
    )


def catalogue(connection: Any) -> list[Any]:
    found: list[Any] = connection.sql(
        "select view_name from duckdb_views() where not internal "
        "union all select table_name from duckdb_tables() order by all"
    ).fetchall()
    return found


def judged(connection: Any) -> list[Any]:
    responses = mrecist.assess_cohort(connection.sql(FINDINGS))
    return [
        responses.timepoints.project("response").fetchall(),
        responses.lines.project("best_response").fetchall(),
    ]


@pytest.mark.parametrize("what", ["table", "temp table", "view", "temp view"])
def test_tables_of_the_caller(what: str) -> None:
    """Whatever the caller's tables are called, the verdicts come back, and the tables stay."""
    with duckdb.connect() as there:
        for name in names_of_ours():
            there.execute(f'create or replace {what} "{name}" as select 1 as x')
        before = catalogue(there)
        assert judged(there) == [[("PR",)], [("PR",)]]
        assert catalogue(there) == before
        assert there.sql("select * from made").fetchall() == [(1,)]


def test_no_look_at_variables() -> None:
    """A connection that looks for no variables of Python gives verdicts, and stays as it is."""
    with duckdb.connect() as there:
        there.execute("set python_enable_replacements = false")
        assert judged(there) == [[("PR",)], [("PR",)]]
        setting = there.sql("select current_setting('python_enable_replacements')").fetchall()
        assert setting == [(False,)]
        assert catalogue(there) == []


@pytest.mark.parametrize(
    "closed",
    [
        ("set python_enable_replacements = false", "set lock_configuration = true"),
        ("set enable_external_access = false",),
    ],
    ids=["locked", "no access"],
)
def test_closed(closed: tuple[str, ...]) -> None:
    """A connection that takes no table at all is told of, with what does work."""
    with duckdb.connect() as there:
        for statement in closed:
            there.execute(statement)
        findings = there.sql(FINDINGS)
        with pytest.raises(TypeError, match=r"takes no table from Python; its findings\.arrow\(\)"):
            _ = mrecist.assess_cohort(findings).timepoints
        assert mrecist.assess_cohort(findings.arrow()).timepoints["response"].to_pylist() == ["PR"]
