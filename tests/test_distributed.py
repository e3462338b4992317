"""One partition of a cohort on many machines: whole patients in, three tables out, no failure.

Spark and Dask themselves are tested in `tests/engines`.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

import mrecist
from mrecist import distributed
from mrecist.distributed import TABLES, _dask_partition, _spark_partition, _spark_schema

pa = pytest.importorskip("pyarrow")
pytest.importorskip("narwhals")

FINDINGS: dict[str, list[Any]] = {
    "patient": [f"P-{number}" for number in range(8) for _ in range(3)],
    "date": ["2024-01-03", "2024-03-06", "2024-05-01"] * 8,
    "lesion": ["S8"] * 24,
    "viable_mm": [20.0 + number * visit for number in range(8) for visit in range(3)],
}
LINES: dict[str, list[Any]] = {
    "patient": [f"P-{number}" for number in range(7)],
    "start": ["2024-01-10"] * 7,
    "agents": ["sorafenib"] * 7,
}
SCHEMA = _spark_schema({"patient": "string", "date": "string"})


def structs(table: dict[str, list[Any]]) -> Any:
    """The rows of a table as structs."""
    return pa.StructArray.from_arrays(list(map(pa.array, table.values())), names=list(table))


def batches(findings: Any, lines: Any = None, size: int = 5) -> list[Any]:
    """What Spark hands to a partition: rows of both tables as structs, cut anywhere."""
    findings = structs(findings)
    columns = {"finding": findings}
    if lines is not None:
        lines = structs(lines)
        nothing = pa.nulls(len(lines), findings.type), pa.nulls(len(findings), lines.type)
        columns["finding"] = pa.concat_arrays([findings, nothing[0]])
        columns["line"] = pa.concat_arrays([nothing[1], lines])
    return pa.table(columns).to_batches(max_chunksize=size)


def out(made: Any) -> dict[str, list[dict[str, Any]]]:
    """The rows of the three tables among the structs that go back to Spark."""
    rows = [row for batch in made for row in batch.to_pylist()]
    assert all(sum(each is not None for each in row.values()) == 1 for row in rows)
    return {name: [row[name] for row in rows if row[name] is not None] for name in TABLES}


def plain(findings: Any, lines: Any = None) -> dict[str, list[dict[str, Any]]]:
    told = mrecist.assess_cohort(pa.table(findings), lines and pa.table(lines), errors="collect")
    return {name: getattr(told, name).to_pylist() for name in TABLES}


def spark_partition(*tables: Any) -> dict[str, list[dict[str, Any]]]:
    return out(_spark_partition(batches(*tables), mrecist.MRECIST, SCHEMA))


def dask_partition(*tables: Any) -> dict[str, list[dict[str, Any]]]:
    pd = pytest.importorskip("pandas")
    frames = [pd.DataFrame(table) for table in tables]
    judge = partial(distributed._tables, criteria=mrecist.MRECIST)
    empty = [each.iloc[:0] for each in frames]
    meta = judge(empty[0], empty[1] if len(empty) > 1 else None)
    made = _dask_partition(*frames, criteria=mrecist.MRECIST, meta=meta)
    for name, table in made.items():
        assert table.dtypes.to_dict() == meta[name].dtypes.to_dict()
    return {
        name: [
            {key: None if pd.isna(cell) else cell for key, cell in row.items()}
            for row in table.to_dict("records")
        ]
        for name, table in made.items()
    }


either = pytest.mark.parametrize("partition", [spark_partition, dask_partition])


class TestPartition:
    """A partition is judged as `assess_cohort` judges its rows."""

    @either
    def test_same(self, partition: Any) -> None:
        """Patients cut by batches, lines, a patient without a line."""
        assert partition(FINDINGS, LINES) == plain(FINDINGS, LINES)

    @either
    def test_without_lines(self, partition: Any) -> None:
        """No lines table is not an empty one."""
        assert partition(FINDINGS) == plain(FINDINGS)
        none = {name: [] for name in LINES}
        assert partition(FINDINGS, none) == plain(FINDINGS, none)
        assert partition(FINDINGS) != partition(FINDINGS, none)

    def test_nothing(self) -> None:
        """A partition into which nothing fell gives nothing."""
        assert list(_spark_partition([], mrecist.MRECIST, SCHEMA)) == []

    @either
    def test_mistakes(self, partition: Any) -> None:
        """A mistake tells the date and the lesion of its row, or the start of its line."""
        findings = FINDINGS | {"viable_mm": [-1.0, *FINDINGS["viable_mm"][1:]]}
        lines = LINES | {"agents": ["+", "a+a", *LINES["agents"][2:]]}
        lines["start"] = [*LINES["start"][:-1], "soon"]
        told = partition(findings, lines)
        assert [list(row.values())[:4] for row in told["errors"]][:2] == [
            ["P-0", "viable_mm", "2024-01-03", "S8"],
            ["P-6", "lines.start", "soon", None],
        ]
        assert told["lines"] == plain(findings, lines)["lines"]

    def test_numbers_as_patients(self) -> None:
        """Patients are of the type in which they came, in every table."""
        numbers = [int(name[2:]) for name in FINDINGS["patient"]]
        sizes = [-1.0, *FINDINGS["viable_mm"][1:]]
        schema = _spark_schema({"patient": "int", "date": "string"})
        made = batches(FINDINGS | {"patient": numbers, "viable_mm": sizes})
        told = out(_spark_partition(made, mrecist.MRECIST, schema))
        assert [row["patient"] for row in told["errors"]] == [0]
        assert {row["patient"] for row in told["lines"]} == set(range(1, 8))


class TestFailure:
    """What fails unexpectedly costs the patients who cause it, never the job."""

    @pytest.fixture
    def calls(self, monkeypatch: pytest.MonkeyPatch) -> list[int]:
        """The engine fails where patient P-5, or a row of nobody, is among the rows."""
        judge, called = distributed.assess_cohort, []

        def failing(findings: Any, lines: Any, **options: Any) -> Any:
            there = [*findings["patient"]]
            called.append(len(there))
            if any(str(each) in ("P-5", "None", "nan") for each in there):
                raise RuntimeError("out of luck")
            return judge(findings, lines, **options)

        monkeypatch.setattr(distributed, "assess_cohort", failing)
        return called

    @either
    def test_one_patient(self, partition: Any, calls: list[int]) -> None:
        """Halves are tried again, down to the one patient who fails."""
        if partition is dask_partition:
            pytest.importorskip("pandas")
        told = partition(FINDINGS, LINES)
        (error,) = told["errors"]
        assert error["patient"] == "P-5"
        assert error["error"] == "RuntimeError: out of luck"
        judged = {row["patient"] for row in told["lines"]}
        assert judged == {f"P-{number}" for number in range(7)} - {"P-5"}
        whole = {row["patient"]: row for row in plain(FINDINGS, LINES)["lines"]}
        assert all(row == whole[row["patient"]] for row in told["lines"])

    @either
    def test_nobody(self, partition: Any, calls: list[int]) -> None:
        """Rows that name no patient fail by themselves."""
        told = partition(FINDINGS | {"patient": [None, *FINDINGS["patient"][1:]]}, LINES)
        assert {row["patient"] for row in told["errors"]} == {None, "P-5"}

    def test_given_up(self, monkeypatch: pytest.MonkeyPatch, calls: list[int]) -> None:
        """After so many tries all patients of the parts that still fail are given up."""
        monkeypatch.setattr(distributed, "TRIES", 2)
        told = spark_partition(FINDINGS, LINES)
        assert {row["patient"] for row in told["errors"]} >= {"P-5", "P-4"}
        both = {row["patient"] for row in told["errors"]} | {r["patient"] for r in told["lines"]}
        assert both >= {f"P-{number}" for number in range(7)}

    def test_missing_library(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A worker that lacks a library is no fault of the patients: that is raised."""

        def failing(*tables: Any, **options: Any) -> Any:
            raise ImportError("no narwhals here")

        monkeypatch.setattr(distributed, "assess_cohort", failing)
        with pytest.raises(ImportError, match="no narwhals here"):
            spark_partition(FINDINGS)


class TestSchema:
    """The types of Spark's tables follow those of the findings."""

    @pytest.mark.parametrize(
        ("came", "kind"),
        [("date", "date"), ("timestamp", "date"), ("timestamp_ntz", "date"), ("int", "bigint"),
         ("bigint", "bigint"), ("string", "string")],
    )  # fmt: skip
    def test_dates(self, came: str, kind: str) -> None:
        """Dates and timestamps are dates, whole numbers study days, all else text."""
        schema = _spark_schema({"patient": "string", "date": came})
        assert schema["lines"]["start"] == schema["timepoints"]["date"] == kind
        assert schema["errors"]["date"] == "string"
