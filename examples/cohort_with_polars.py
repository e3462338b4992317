"""A cohort from CSV files with polars: every verdict as a table, and which rules decided."""

from pathlib import Path

import polars as pl

import mrecist

folder = Path(__file__).parent / "cohort"
findings = pl.read_csv(folder / "findings.csv", try_parse_dates=True)
lines = pl.read_csv(folder / "lines.csv", try_parse_dates=True)

responses = mrecist.assess_cohort(findings, lines, errors="collect")
with pl.Config(tbl_rows=-1, tbl_cols=-1, tbl_hide_dataframe_shape=True):
    print(responses.timepoints.select("patient", "line", "date", "day", "total_mm", "response"))
    print(responses.lines.select("patient", "agents", "best_response", "progression_date"))
    print(responses.fired().filter(pl.col("times") > 0).select("table", "rule", "times"))
    print(responses.errors)

# The tables are polars': go on as with any other.
print(responses.timepoints.group_by("response").len().sort("response"))
