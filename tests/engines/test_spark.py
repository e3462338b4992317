"""Apache Spark says what `assess_cohort` says: `pytest tests/engines`, with `mrecist[spark]`."""

from __future__ import annotations

import datetime
import os
import sys
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import attrs
import pytest
from engines.worked import KEPT, RARE, Answers, answers, ordered, tables, with_kept

import mrecist
from mrecist.distributed import TABLES, Judged, spark_cohort

pytest.importorskip("pyspark")
pytestmark = pytest.mark.filterwarnings("default")

FINDINGS = {
    "patient": "string", "date": "date", "lesion": "string", "organ": "string", "kind": "string",
    "hilar": "boolean", "enhancement": "string", "treated": "boolean", "status": "string",
    "viable_mm": "double", "longest_mm": "double", "short_axis_mm": "double",
    "pattern": "string", "cytology": "string", "biopsy": "string", "equivocal": "boolean",
    "arterial_phase": "boolean", "reported": "string", "part_of": "string", "into": "string",
    "visit": "string", "unmentioned": "string", "reported:recist-1.1": "string",
    "reported:mrecist": "string", "masslike": "string", "aphe": "string", "washout": "string",
    "like_before": "string", "diffusion_restriction": "string", "t2_mild_moderate": "string",
    "change": "string", "modality": "string",
}  # fmt: skip
LINES = {
    "patient": "string", "start": "date", "stop": "date", "end_reason": "string",
    "agents": "string", "baseline": "date", "targets": "string", "nontargets": "string",
    "death": "date", "last_contact": "date",
}  # fmt: skip
PATIENTS = {
    "patient": "string", "arm": "string", "age": "smallint", "score": "float", "ill": "boolean",
    "born": "date", "unread": "int",
}  # fmt: skip
PROCEDURES = {"patient": "string", "date": "date", "kind": "string", "lesions": "string"}


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    built = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    for name in ("host", "bindAddress"):
        built = built.config(f"spark.driver.{name}", "127.0.0.1")
    # Batches of five rows: every patient with more straddles them.
    built = built.config("spark.sql.execution.arrow.maxRecordsPerBatch", "5")
    session = built.config("spark.sql.shuffle.partitions", "3").getOrCreate()
    yield session
    session.stop()


def frame(
    spark: Any, columns: dict[str, list[Any]], kinds: dict[str, str], date: str = "date"
) -> Any:
    """A Spark DataFrame of four partitions that patients straddle; its dates are of a type."""
    made = {"date": "date", "timestamp": "date", "int": "int", "string": "string"}[date]
    # Verdicts by criteria, of any name, are text.
    types = {name: kinds.get(name, "string") for name in columns}
    schema = ", ".join(
        f"`{name}` {made if kind == 'date' else kind}" for name, kind in types.items()
    )
    table = spark.createDataFrame(list(zip(*columns.values(), strict=True)), schema)
    casts = [
        f"cast(`{name}` as {date if kind == 'date' else kind}) as `{name}`"
        for name, kind in types.items()
    ]
    return table.selectExpr(*casts).repartition(4)


def collected(judged: Judged) -> Answers:
    """All three tables; errors without the date and lesion, which tell the row."""
    errors = judged.errors.select("patient", "column", "error")
    return ordered(*(table.collect() for table in (judged.timepoints, judged.lines, errors)))


class TestSameAnswers:
    """What comes out of Spark is what comes out in one process."""

    @pytest.mark.parametrize(
        ("dates", "kind"),
        [("date", "date"), ("day", "int"), ("text", "string"), ("date", "timestamp")],
    )
    def test_kinds_of_dates(self, spark: Any, dates: str, kind: str) -> None:
        """Straddled batches, patients with mistakes, dates of every kind."""
        findings, lines = tables(dates)
        judged = spark_cohort(
            frame(spark, findings, FINDINGS, date=kind), frame(spark, lines, LINES, date=kind)
        )
        assert collected(judged) == answers(findings, lines)
        out = {"int": "bigint", "timestamp": "date"}.get(kind, kind)
        assert dict(judged.lines.dtypes)["progression_date"] == out

    @pytest.mark.parametrize("criteria", ["irecist"])
    def test_immune(self, spark: Any, criteria: str) -> None:
        """Criteria of immunotherapy, with their own words and columns."""
        findings, lines = tables()
        judged = spark_cohort(
            frame(spark, findings, FINDINGS), frame(spark, lines, LINES), criteria=criteria
        )
        assert collected(judged) == answers(findings, lines, criteria=criteria)

    def test_without_lines(self, spark: Any) -> None:
        """No lines table: one line a patient."""
        findings, _ = tables()
        assert collected(spark_cohort(frame(spark, findings, FINDINGS))) == answers(findings, None)

    @pytest.mark.parametrize("partitions", [1, 7])
    def test_partitions(self, spark: Any, partitions: int) -> None:
        """However many partitions; also those into which no line of therapy falls."""
        findings, lines = tables()
        lines = {name: cells[:3] for name, cells in lines.items()}
        judged = spark_cohort(
            frame(spark, findings, FINDINGS), frame(spark, lines, LINES), partitions=partitions
        )
        assert collected(judged) == answers(findings, lines)
        assert judged.whole.rdd.getNumPartitions() == partitions

    @pytest.mark.parametrize("rows", ["findings", "lines", "neither"])
    def test_empty(self, spark: Any, rows: str) -> None:
        """Tables without rows."""
        findings, lines = tables()
        findings = findings if rows == "findings" else {name: [] for name in findings}
        lines = lines if rows == "lines" else {name: [] for name in lines}
        judged = spark_cohort(frame(spark, findings, FINDINGS), frame(spark, lines, LINES))
        assert collected(judged) == answers(findings, lines)

    @pytest.mark.parametrize("criteria", ["mrecist", "recist-1.1"])
    def test_procedures(self, spark: Any, criteria: str) -> None:
        """Procedures go with their patients, space around an id or not."""
        findings, done = RARE
        judged = spark_cohort(
            frame(spark, findings, FINDINGS),
            procedures=frame(spark, done, PROCEDURES),
            criteria=criteria,
        )
        assert collected(judged) == answers(findings, procedures=done, criteria=criteria)

    @pytest.mark.parametrize("partitions", [1, 7])
    def test_kept(self, spark: Any, partitions: int) -> None:
        """Columns of the lines and of the patients go with them, of every type."""
        findings, lines = tables()
        lines, patients = with_kept(findings, lines)
        judged = spark_cohort(
            frame(spark, findings, FINDINGS),
            frame(spark, lines, LINES),
            partitions=partitions,
            keep=KEPT,
            patients=frame(spark, patients, PATIENTS),
        )
        assert collected(judged) == answers(findings, lines, keep=KEPT, patients=patients)
        types = dict(judged.lines.dtypes)
        assert [types[name] for name in KEPT] == [
            "string",
            "bigint",
            "double",
            "boolean",
            "date",
            "string",
        ]

    def test_kept_refused(self, spark: Any) -> None:
        """What cannot be kept is refused before anything runs."""
        findings, lines = tables(bad=False)
        one, other = frame(spark, findings, FINDINGS), frame(spark, lines, LINES)
        with pytest.raises(ValueError, match="columns of the lines, got 'arm'"):
            spark_cohort(one, other, keep=["arm"])
        timed = one.selectExpr("patient", "current_timestamp() as seen").distinct()
        with pytest.raises(TypeError, match="keep: seen is of type timestamp: cast it to string"):
            spark_cohort(one, other, keep=["seen"], patients=timed)

    def test_criteria(self, spark: Any) -> None:
        """Criteria of one's own go to the workers."""
        findings, lines = tables(bad=False)
        mine = attrs.evolve(mrecist.MRECIST, name="mine", response_share="1/2", stable_days=7)
        judged = spark_cohort(
            frame(spark, findings, FINDINGS), frame(spark, lines, LINES), criteria=mine
        )
        assert collected(judged) == answers(findings, lines, criteria=mine)
        assert answers(findings, lines, criteria=mine) != answers(findings, lines)

    def test_types(self, spark: Any) -> None:
        """Patients as numbers, sizes as decimals."""
        findings, lines = tables(bad=False)
        number = {name: place for place, name in enumerate(dict.fromkeys(findings["patient"]))}
        for columns in (findings, lines):
            columns["patient"] = [
                number.setdefault(each, len(number)) for each in columns["patient"]
            ]
        sizes = [None if size is None else Decimal(str(size)) for size in findings["viable_mm"]]
        kinds = {"patient": "int", "viable_mm": "decimal(12, 6)"}
        judged = spark_cohort(
            frame(spark, findings | {"viable_mm": sizes}, FINDINGS | kinds),
            frame(spark, lines, LINES | {"patient": "int"}),
        )
        told = collected(judged)
        assert dict(judged.timepoints.dtypes)["patient"] == "bigint"
        texts = [{**each, "patient": list(map(str, each["patient"]))} for each in (findings, lines)]
        plain = answers(texts[0], texts[1])
        assert ordered(*([(str(row[0]), *row[1:]) for row in rows] for rows in told)) == plain


class TestTables:
    """The tables of Spark: their columns, where a mistake is, and when anything runs."""

    def test_columns(self, spark: Any) -> None:
        """Columns and types are stated."""
        findings, lines = tables()
        judged = spark_cohort(frame(spark, findings, FINDINGS), frame(spark, lines, LINES))
        for name, columns in TABLES.items():
            kinds = {each: {"patient": "string"}.get(kind, kind) for each, kind in columns.items()}
            assert dict(getattr(judged, name).dtypes) == kinds
        told = mrecist.assess_cohort(findings, lines, errors="collect")
        assert list(TABLES["timepoints"]) == list(told.timepoints)
        assert list(TABLES["lines"]) == list(told.lines)

    def test_places_of_mistakes(self, spark: Any) -> None:
        """A mistake tells the date and the lesion of its row, or the start of its line."""
        findings, lines = tables()
        judged = spark_cohort(frame(spark, findings, FINDINGS), frame(spark, lines, LINES))
        told = {
            (row.patient, row.column): (row.date, row.lesion) for row in judged.errors.collect()
        }
        assert told["bad size", "viable_mm"] == ("2024-03-01", "S8")
        assert told["bad line", "lines.start"] == (None, None)
        assert told[None, "patient"] == ("2024-01-01", "S8")
        assert len(told) == 5

    def test_nothing_runs(self, spark: Any) -> None:
        """No job runs before a table is asked for."""
        findings, lines = tables()
        these, those = frame(spark, findings, FINDINGS), frame(spark, lines, LINES)
        spark.sparkContext.setJobGroup("lazy", "nothing should run")
        spark_cohort(these, those)
        assert list(spark.sparkContext.statusTracker().getJobIdsForGroup("lazy")) == []

    def test_misspelt(self, spark: Any) -> None:
        """A misspelt column is refused at once."""
        findings, _ = tables()
        wrong = frame(spark, findings, FINDINGS).withColumnRenamed("viable_mm", "viable_m")
        with pytest.raises(mrecist.CohortError, match="did you mean viable_mm"):
            spark_cohort(wrong)

    def test_other_columns(self, spark: Any) -> None:
        """Columns that are not known stay where they are."""
        findings, _ = tables(bad=False)
        more = frame(spark, findings, FINDINGS).selectExpr("*", "map(1, 2) as note")
        assert collected(spark_cohort(more)) == answers(findings, None)

    def test_not_pulled_to_the_driver(self, spark: Any) -> None:
        """`assess_cohort` does not take a Spark table, and says what does."""
        findings, _ = tables()
        with pytest.raises(TypeError, match="spark_cohort"):
            mrecist.assess_cohort(frame(spark, findings, FINDINGS))

    def test_a_zone(self, spark: Any) -> None:
        """Timestamps are dates of the session's zone."""
        before = spark.conf.get("spark.sql.session.timeZone")
        spark.conf.set("spark.sql.session.timeZone", "America/New_York")
        try:
            rows = spark.sql(
                "select 'P' as patient, timestamp '2024-01-03' as date, 'S8' as lesion, "
                "20.0d as viable_mm union all "
                "select 'P', timestamp '2024-03-06', 'S8', 30.0d"
            )
            (row,) = spark_cohort(rows).timepoints.collect()
        finally:
            spark.conf.set("spark.sql.session.timeZone", before)
        assert (row.date, row.response) == (datetime.date(2024, 3, 6), "PD")
