"""How much compiled loops save: `engine="numba"` (`mrecist[fast]`) beside `engine="numpy"`.

    python tests/benchmarks/cohort_engines.py [--patients N] [--runs R]

Both judge the same tables in turn in one process (A B A B ...): plain data, shuffled and grouped,
under RECIST 1.1, and the whole semantics under mRECIST. Medians and least processor seconds of
judging alone (the tables are read, nothing is written) and of tables in and out, with one worker;
then wall seconds with two. Counts of responses must be equal. Needs polars and pyarrow.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import polars as pl
from cohort_data import cohort, full

import mrecist
from mrecist._base.threads import threads
from mrecist.cohort.engine import assess_read, opened, read_of_one

ENGINES = ("numpy", "numba")


def in_turn(
    contestants: dict[str, Callable[[], Any]], clock: Callable[[], float], runs: int
) -> dict[str, list[float]]:
    """Seconds of each run of each contestant, after one that is not counted."""
    taken: dict[str, list[float]] = {name: [] for name in contestants}
    for run in range(runs + 1):
        for name, contestant in contestants.items():
            begun = clock()
            contestant()
            if run:
                taken[name].append(clock() - begun)
    return taken


def told(what: str, taken: dict[str, list[float]], rows: int) -> None:
    """A line: medians, least, and the ratio of NumPy to numba."""
    medians = [statistics.median(taken[engine]) for engine in ENGINES]
    least = [min(taken[engine]) for engine in ENGINES]
    print(
        f"{what:44} {medians[0]:7.3f} {medians[1]:7.3f} {medians[0] / medians[1]:6.2f}"
        f"   least {least[0]:7.3f} {least[1]:7.3f} {least[0] / least[1]:6.2f}"
        f"   {1e9 * least[1] / rows:5.0f} ns a row"
    )


def judged(read: Any, criteria: mrecist.Criteria, engine: str, workers: int) -> None:
    """Judging alone."""
    with threads(workers):
        assess_read(read, criteria, engine=engine)


def whole(data: Any, criteria: mrecist.Criteria, engine: str, workers: int) -> Any:
    """Tables in, tables out."""
    found = mrecist.assess_cohort(
        data.findings, data.lines, criteria=criteria, engine=engine, workers=workers
    )
    return found.timepoints, found.lines


def counts(tables: Any) -> Any:
    """How often each response came out."""
    responses = tables[0]["response"].cast(pl.String).value_counts().sort("response")
    return responses.rows()


def measure(name: str, data: Any, criteria: mrecist.Criteria, runs: int) -> None:
    """Both engines on one cohort."""
    answers = [counts(whole(data, criteria, engine, 1)) for engine in ENGINES]
    if answers[0] != answers[1]:
        sys.exit(f"counts differ: {answers}")
    tables, _ = opened(data.findings, data.lines, None, None)
    read = read_of_one(tables[:3])
    for workers, clock, of in ((1, time.process_time, "cpu"), (2, time.perf_counter, "wall")):
        for what, run, given in (("judging", judged, read), ("in and out", whole, data)):
            who = {each: partial(run, given, criteria, each, workers) for each in ENGINES}
            taken = in_turn(who, clock, runs)
            told(f"{name}, {what}, {workers} worker(s), {of}", taken, data.findings.height)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--patients", type=int, default=50_000)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    print(f"{'seconds':44} {'numpy':>7} {'numba':>7} {'ratio':>6}")
    count, runs = options.patients, options.runs
    measure("plain", cohort(count), mrecist.RECIST_1_1, runs)
    measure("plain, grouped", cohort(count, grouped=True), mrecist.RECIST_1_1, runs)
    measure("whole semantics", full(count), mrecist.MRECIST, runs)


if __name__ == "__main__":
    main()
