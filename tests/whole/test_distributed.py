"""One partition of a cohort on many machines: whole patients in, three tables out, no failure.

Spark and Dask themselves are tested in `tests/engines`.
"""

from __future__ import annotations

from typing import Any, ClassVar

import pytest

import mrecist
from mrecist import distributed
from mrecist.distributed import TABLES, _dask_partition, _spark_partition
from mrecist.tables import spark_types

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
PROCEDURES: dict[str, list[Any]] = {
    "patient": ["P-0", "P-1", "P-9"],
    "date": ["2024-02-01"] * 3,
    "kind": ["TACE"] * 3,
    "lesions": ["S8", None, None],
}
SCHEMA = spark_types.spark_schema({"patient": "string", "date": "string"})


def test_columns_of_areas() -> None:
    """Criteria that sum areas have three more columns, behind the totals in mm."""
    columns = list(spark_types.with_areas(SCHEMA)["timepoints"])
    at = columns.index("baseline_total_mm")
    assert columns[at + 1 : at + 4] == ["total_mm2", "nadir_mm2", "baseline_total_mm2"]
    assert [each for each in columns if not each.endswith("mm2")] == list(SCHEMA["timepoints"])


def test_struct() -> None:
    told = spark_types.ddl({"patient": "string", "a b": "double"})
    assert told == "struct<`patient`: string, `a b`: double>"


def structs(table: dict[str, list[Any]]) -> Any:
    """The rows of a table as structs."""
    return pa.StructArray.from_arrays(list(map(pa.array, table.values())), names=list(table))


def batches(*tables: Any, size: int = 5) -> list[Any]:
    """What Spark hands to a partition: rows of all tables as structs, cut anywhere."""
    names = ("findings", "lines", "procedures", "patients")
    told = {
        name: structs(table)
        for name, table in zip(names, tables, strict=False)
        if table is not None
    }
    columns = {
        name: pa.concat_arrays(
            rows if own == name else pa.nulls(len(others), rows.type)
            for own, others in told.items()
        )
        for name, rows in told.items()
    }
    return pa.table(columns).to_batches(max_chunksize=size)


def out(made: Any) -> dict[str, list[dict[str, Any]]]:
    """The rows of the three tables among the structs that go back to Spark."""
    rows = [row for batch in made for row in batch.to_pylist()]
    assert all(sum(each is not None for each in row.values()) == 1 for row in rows)
    return {name: [row[name] for row in rows if row[name] is not None] for name in TABLES}


def plain(
    findings: Any, lines: Any = None, procedures: Any = None, criteria: Any = mrecist.MRECIST
) -> dict[str, list[dict[str, Any]]]:
    tables = [None if table is None else pa.table(table) for table in (lines, procedures)]
    told: Any = mrecist.assess_cohort(
        pa.table(findings), tables[0], procedures=tables[1], errors="collect", criteria=criteria
    )
    return {name: getattr(told, name).to_pylist() for name in TABLES}


def spark_partition(
    *tables: Any, criteria: Any = mrecist.MRECIST
) -> dict[str, list[dict[str, Any]]]:
    immune = isinstance(criteria, mrecist.ImmuneCriteria)
    schema = spark_types.spark_schema({"patient": "string", "date": "string"}, immune=immune)
    return out(_spark_partition(batches(*tables), criteria, schema))


def dask_partition(
    *tables: Any, criteria: Any = mrecist.MRECIST
) -> dict[str, list[dict[str, Any]]]:
    pd = pytest.importorskip("pandas")
    names = ("findings", "lines", "procedures")
    frames = {
        name: distributed._with_plain_patients(pd.DataFrame(table))
        for name, table in zip(names, tables, strict=False)
        if table is not None
    }
    empty = {name: each.iloc[:0] for name, each in frames.items()}
    meta = distributed._tables(empty, criteria)
    made = _dask_partition(*frames.values(), names=tuple(frames), criteria=criteria, meta=meta)
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


def test_grades_refused() -> None:
    """Criteria that grade lesions give no time points; refused before anything runs."""
    with pytest.raises(mrecist.CriteriaError, match="lr-tr-2024 grade treated lesions"):
        distributed._asked("lr-tr-2024")


class TestPartition:
    """A partition is judged as `assess_cohort` judges its rows."""

    @either
    def test_same(self, partition: Any) -> None:
        """Patients cut by batches, lines, a patient without a line."""
        assert partition(FINDINGS, LINES) == plain(FINDINGS, LINES)

    @either
    @pytest.mark.parametrize("criteria", [mrecist.IRECIST, mrecist.IMRECIST], ids=str)
    def test_immune(self, partition: Any, criteria: Any) -> None:
        """Criteria of immunotherapy have columns of their own."""
        told = partition(FINDINGS, LINES, criteria=criteria)
        assert told == plain(FINDINGS, LINES, criteria=criteria)
        assert "pending_date" in told["lines"][0]

    @either
    def test_without_lines(self, partition: Any) -> None:
        """No lines table is not an empty one."""
        assert partition(FINDINGS) == plain(FINDINGS)
        none = {name: [] for name in LINES}
        assert partition(FINDINGS, none) == plain(FINDINGS, none)
        assert partition(FINDINGS) != partition(FINDINGS, none)

    @either
    def test_procedures(self, partition: Any) -> None:
        """Procedures come with the patients, with lines or without; some patients have no other."""
        for lines in (LINES, None):
            told = partition(FINDINGS, lines, PROCEDURES)
            assert told == plain(FINDINGS, lines, PROCEDURES)
            assert told["errors"] == []

    @either
    def test_mistaken_procedure(self, partition: Any) -> None:
        """A mistake in a procedure tells its date."""
        told = partition(FINDINGS, LINES, PROCEDURES | {"lesions": ["S8", "S1", None]})
        assert [list(row.values()) for row in told["errors"]] == [
            [
                "P-1",
                "procedures.lesions",
                "2024-02-01",
                None,
                "must be the id of a lesion of this patient, got 'S1'",
            ]
        ]

    @either
    def test_spaces(self, partition: Any) -> None:
        """A patient is the same with space around the id."""
        names = [name + " " * (place % 2) for place, name in enumerate(FINDINGS["patient"])]
        assert partition(FINDINGS | {"patient": names}, LINES) == plain(FINDINGS, LINES)

    def test_categories(self) -> None:
        """Ids that are categories become plain ones, numbers stay as they are."""
        pd = pytest.importorskip("pandas")
        names = pd.DataFrame({"patient": ["a", "a ", None]})
        made = distributed._with_plain_patients(names.astype("category"))
        assert made["patient"].tolist()[:2] == ["a", "a"]
        assert pd.isna(made["patient"][2])
        numbers = pd.DataFrame({"patient": [1, 2]})
        assert distributed._with_plain_patients(numbers) is numbers

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
        schema = spark_types.spark_schema({"patient": "int", "date": "string"})
        made = batches(FINDINGS | {"patient": numbers, "viable_mm": sizes})
        told = out(_spark_partition(made, mrecist.MRECIST, schema))
        assert [row["patient"] for row in told["errors"]] == [0]
        assert {row["patient"] for row in told["lines"]} == set(range(1, 8))


class TestKept:
    """Columns to keep go with their patients, who need not all be there."""

    LINES: ClassVar[dict[str, list[Any]]] = {
        "patient": ["A", "B", "C"],
        "start": [1, 1, 1],
        "site": ["x", None, "y"],
    }
    WHO: ClassVar[dict[str, list[Any]]] = {
        "patient": ["C", "B", "nobody"],
        "age": [61, 50, 40],
        "ill": [True, False, True],
    }
    FINDINGS: ClassVar[dict[str, list[Any]]] = {
        "patient": ["A", "B", "C"], "date": [0, 0, 0], "lesion": ["S8"] * 3,
        "viable_mm": [20.0, 30.0, -1.0],
    }  # fmt: skip
    KEEP = ("site", "age", "ill")

    def pieces(self) -> dict[str, Any]:
        pd = pytest.importorskip("pandas")
        tables = {"findings": self.FINDINGS, "lines": self.LINES, "patients": self.WHO}
        return {name: pd.DataFrame(table) for name, table in tables.items()}

    def dask(self, tables: dict[str, Any]) -> dict[str, Any]:
        meta = distributed._tables(
            {name: each.iloc[:0] for name, each in tables.items()}, mrecist.MRECIST, self.KEEP
        )
        for name in ("timepoints", "lines"):
            meta[name] = distributed._with_missing(meta[name], self.KEEP)
        made = _dask_partition(
            *tables.values(),
            names=tuple(tables),
            criteria=mrecist.MRECIST,
            meta=meta,
            keep=self.KEEP,
        )
        for name, table in made.items():
            assert table.dtypes.to_dict() == meta[name].dtypes.to_dict()
        return made

    def test_dask(self) -> None:
        """Whole numbers and flags stay such, also where one has none."""
        lines = self.dask(self.pieces())["lines"].astype(object)
        rows = lines[["patient", *self.KEEP]].where(lines[["patient", *self.KEEP]].notna(), None)
        assert rows.to_numpy().tolist() == [["A", "x", None, None], ["B", None, 50, False]]

    def test_nobody(self) -> None:
        """A partition without patients, and one of which only the patients' table has rows."""
        tables = self.pieces()
        for gone in (("findings", "lines"), ("findings", "lines", "patients")):
            part = tables | {name: tables[name].iloc[:0] for name in gone}
            assert [len(each) for each in self.dask(part).values()] == [0, 0, 0]
        assert len(self.dask(tables | {"patients": tables["patients"].iloc[:0]})["lines"]) == 2

    def test_spark(self) -> None:
        """Structs hold the kept columns, of the types that were told."""
        kinds = dict(zip(self.KEEP, ("string", "bigint", "boolean"), strict=True))
        schema = SCHEMA | {name: SCHEMA[name] | kinds for name in ("timepoints", "lines")}
        told = out(
            _spark_partition(
                batches(self.FINDINGS, self.LINES, None, self.WHO),
                mrecist.MRECIST,
                schema,
                self.KEEP,
            )
        )
        rows = [tuple(row[name] for name in ("patient", *self.KEEP)) for row in told["lines"]]
        assert rows == [("A", "x", None, None), ("B", None, 50, False)]
        assert [row["patient"] for row in told["errors"]] == ["C"]

    def test_contradiction(self) -> None:
        """A patient with two ages is not judged, all others are; nobody is no patient."""
        tables = self.pieces()
        more = tables["patients"].iloc[[1, 2, 2]].assign(age=[51, 41, 42])
        tables["patients"] = pytest.importorskip("pandas").concat([tables["patients"], more])
        made = self.dask(tables)
        assert made["lines"]["patient"].tolist() == ["A"]
        told = dict(zip(made["errors"]["patient"], made["errors"]["error"], strict=True))
        assert "must be the same in all rows of the patient" in told["B"]
        assert set(told) == {"B", "C"}

    def test_kinds(self) -> None:
        """Types of Spark that a kept column may be of."""
        assert spark_types.spark_kind("age", "smallint") == "bigint"
        with pytest.raises(TypeError, match=r"keep: age is of type decimal\(3,1\): cast it"):
            spark_types.spark_kind("age", "decimal(3,1)")


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
        schema = spark_types.spark_schema({"patient": "string", "date": came})
        assert schema["lines"]["start"] == schema["timepoints"]["date"] == kind
        assert schema["errors"]["date"] == "string"
