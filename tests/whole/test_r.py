"""From R: the example script, whose figures are those that Python computes."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import mrecist

EXAMPLES = Path(__file__).parents[2] / "examples"


def table(name: str) -> dict[str, list[str]]:
    """A table of the example cohort, as text."""
    with (EXAMPLES / "cohort" / name).open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    return {column: [row[at] for row in rows] for at, column in enumerate(head)}


@pytest.fixture(name="rscript")
def found() -> str:
    """The interpreter, where R and its package survival are there."""
    rscript = shutil.which("Rscript")
    if rscript is None:
        pytest.skip("there is no Rscript")
    there = subprocess.run(
        [rscript, "-e", "library(survival)"], capture_output=True, check=False
    ).returncode
    if there:
        pytest.skip("R has no package survival")
    return rscript


def test_script(rscript: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Best responses, the events, the median and the depths are those of `assess_cohort`."""
    pytest.importorskip("pyarrow")
    monkeypatch.setenv("MRECIST", f"{sys.executable} -m mrecist")
    out = tmp_path / "with space"
    ran = subprocess.run(
        [rscript, str(EXAMPLES / "r" / "survival.R"), str(out)],
        capture_output=True, text=True, check=True, cwd=Path(mrecist.__file__).parents[1],
    )  # fmt: skip
    responses = mrecist.assess_cohort(table("findings.csv"), table("lines.csv"), errors="collect")
    endpoints = responses.endpoints("fda-a")
    days, event = endpoints.of("pfs", line=1)
    median = endpoints.kaplan_meier("pfs", line=1).median_days
    (told,) = re.findall(r"first line: (\d+) lines, (\d+) events, median (\S+) days", ran.stdout)
    assert told == (str(len(days)), str(event.sum()), "NA" if median is None else f"{median:g}")
    lines: Any = endpoints.table
    depths = [
        depth
        for depth, line in zip(lines["depth_percent"], lines["line"], strict=True)
        if line == 1 and depth == depth
    ]
    (printed,) = re.findall(r"depth in per cent: (.*)", ran.stdout)
    assert [float(each) for each in printed.split()] == pytest.approx(
        sorted(depths, reverse=True), abs=0.051
    )
    assert (out / "figures.pdf").stat().st_size > 1000
