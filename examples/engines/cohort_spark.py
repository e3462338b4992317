"""A cohort judged by Apache Spark where its tables lie: best responses counted, mistakes listed.

    python cohort_spark.py [FOLDER]

FOLDER holds the tables `findings` and `lines` as Parquet; left out, a small cohort is made up. The
same script runs on a cluster by `spark-submit`, where `mrecist[spark]` is installed on each worker.

A Python worker holds a partition as a whole: 0.2 GB, and 0.3 GB for each million findings in it,
measured in one process without Spark's own copies; give it several times that beside the JVM
(`spark.executor.memoryOverhead`). Where partitions are too large, give `partitions`.
"""

import os
import sys
import tempfile
from pathlib import Path

from pyspark.sql import SparkSession

from mrecist.distributed import spark_cohort

os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
spark = SparkSession.builder.appName("cohort").getOrCreate()


def make_up(folder: Path) -> None:
    """A thousand patients of eight visits, one of whom has a size below zero."""
    size = "if(id = 7 and visit = 3, -1.0, round(20 + 10 * sin(id + visit / 2), 1))"
    findings = (
        spark.range(1000)
        .selectExpr("id", "explode(sequence(0, 7)) as visit")
        .selectExpr(
            "concat('P-', id) as patient",
            "date_add(date '2024-01-03', 56 * visit) as date",
            "'S8' as lesion",
            f"{size} as viable_mm",
        )
    )
    lines = spark.range(1000).selectExpr(
        "concat('P-', id) as patient", "date '2024-01-10' as start"
    )
    findings.write.parquet(f"{folder}/findings")
    lines.write.parquet(f"{folder}/lines")


with tempfile.TemporaryDirectory() as made_up:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else made_up)
    if len(sys.argv) < 2:
        make_up(folder)
    findings = spark.read.parquet(f"{folder}/findings")
    lines = spark.read.parquet(f"{folder}/lines")

    judged = spark_cohort(findings, lines)
    judged.whole.persist()  # all three tables are cut from it: judge once
    judged.lines.groupBy("best_response").count().orderBy("best_response").show()
    judged.errors.show(truncate=False)
    judged.timepoints.write.mode("overwrite").parquet(f"{folder}/timepoints")
spark.stop()
