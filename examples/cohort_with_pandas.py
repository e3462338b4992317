"""A cohort from CSV files with pandas: every verdict as a table, the rates, the reasons."""

from pathlib import Path

import pandas as pd

import mrecist

folder = Path(__file__).parent / "cohort"
findings = pd.read_csv(folder / "findings.csv", parse_dates=["date"])
lines = pd.read_csv(folder / "lines.csv", parse_dates=["start", "stop"])

# Patient P-004 has a size below zero. It is reported, and all the others are judged.
responses = mrecist.assess_cohort(findings, lines, errors="collect")
print(responses.errors.to_string(index=False))

print(responses.timepoints[["patient", "line", "date", "total_mm", "response"]].to_string())
print(responses.lines[["patient", "agents", "best_response", "confirmed_best_response"]])

print(responses.rates(by="agents", level=None).to_string(index=False))
print(
    responses.crosstab(
        mrecist.assess_cohort(findings, lines, criteria="recist-1.1", errors="collect")
    )
)

# Why progressed P-003 in March, when its total was nearly the same? In one call:
print(responses.why("P-003", line=1, date="2024-03-25"))
