"""How fast a whole cohort is assessed, beside what an analyst writes by hand in polars and pandas.

    python tests/benchmarks/cohort.py [WHAT] [--patients N] [--runs R]

WHAT is one of: frames (shuffled polars and pandas frames in, tables out), grouped (the same,
sorted), arrays (integers in and out, beside a bare sum), full (plain data, then the whole
semantics), across (endpoints, patterns and rechallenges beside judging), loop (`assess` patient
by patient), memory, curve (ns a row by size), workers (1 or 2).

Contestants run in turn in one process (A B A B ...); medians, least times, and processor seconds
of all threads. Wherever two answer the same question, their counts of responses must be equal, or
the script stops with both. Needs polars, pandas and pyarrow. `curve --patients 855000` goes up to
1e7.5 rows.
"""

from __future__ import annotations

import argparse
import gc
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import polars as pl
from cohort_data import Cohort, arrays, cohort, full
from cohort_peers import pandas_responses, polars_responses

import mrecist

RECIST = mrecist.RECIST_1_1
HERE = str(Path(__file__).parent)


# ---- measuring


class Measured(NamedTuple):
    """Seconds of every run, processor seconds of every run, and the answer of the last."""

    seconds: list[float]
    processor: list[float]
    answer: Any

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)


def in_turn(contestants: Mapping[str, Callable[[], Any]], runs: int) -> dict[str, Measured]:
    """Run each once, then each again, and so on."""
    taken: dict[str, Measured] = {}
    for _ in range(runs):
        for name, contestant in contestants.items():
            before = taken.pop(name, Measured([], [], None))
            before = before._replace(answer=None)
            gc.collect()
            processor, begun = time.process_time(), time.perf_counter()
            answer = contestant()
            ended = time.perf_counter(), time.process_time()
            seconds = [*before.seconds, ended[0] - begun]
            taken[name] = Measured(seconds, [*before.processor, ended[1] - processor], answer)
    return taken


def show(taken: Mapping[str, Measured], rows: Mapping[str, int]) -> None:
    """A line a contestant; rows a second are findings a second."""
    print(f"{'':30} {'median s':>9} {'least s':>9} {'cpu s':>9} {'rows/s':>12}")
    for name, found in taken.items():
        processor = statistics.median(found.processor)
        told = f"{name:30} {found.median:9.3f} {min(found.seconds):9.3f} {processor:9.3f}"
        print(f"{told} {rows[name] / found.median:12,.0f}")


def ratio(taken: Mapping[str, Measured], one: str, other: str) -> None:
    """The ratio of the medians, and the median of the ratios of runs next to each other."""
    pairs = zip(taken[one].seconds, taken[other].seconds, strict=True)
    by_run = statistics.median(mine / theirs for mine, theirs in pairs)
    told = f"{one} / {other}"
    print(f"{told:55} {taken[one].median / taken[other].median:7.2f}   by run {by_run:.2f}")


# ---- who runs


class Tables(NamedTuple):
    """Both tables of an answer, made."""

    timepoints: Any
    lines: Any


def assessed(findings: Any, lines: Any = None, **options: Any) -> Tables:
    """The library, until both tables are there."""
    responses = mrecist.assess_cohort(findings, lines, **options)
    return Tables(responses.timepoints, responses.lines)


def contestants(data: Cohort, kind: str) -> dict[str, Callable[[], Any]]:
    """The library and the script by hand, on frames of one kind."""
    frames = data if kind == "polars" else Cohort(*(frame.to_pandas() for frame in data))
    by_hand = polars_responses if kind == "polars" else pandas_responses
    return {
        f"mrecist, {kind}": partial(assessed, frames.findings, frames.lines, criteria=RECIST),
        f"by hand, {kind}": partial(by_hand, frames.tr, frames.vis, frames.adsl),
    }


def tally(column: Any) -> dict[str, int]:
    """How often each word is in a column."""
    polars = isinstance(column, pl.Series)
    text = column.cast(pl.String) if polars else pd.Series(column).astype(str)
    values = text.value_counts()
    pairs = values.iter_rows() if isinstance(values, pl.DataFrame) else values.items()
    return dict(sorted(pairs))


def tallies(answer: Any) -> tuple[dict[str, int], ...]:
    """Counts of responses, best responses and confirmed best responses."""
    if isinstance(answer, Tables):
        words = answer.lines["best_response"], answer.lines["confirmed_best_response"]
        return tuple(map(tally, (answer.timepoints["response"], *words)))
    words = answer.patients["BEST"], answer.patients["CONFIRMED"]
    return tuple(map(tally, (answer.timepoints["RESPONSE"], *words)))


def agree(taken: Mapping[str, Measured]) -> None:
    """Stop where two count differently."""
    (first, counts), *others = ((name, tallies(found.answer)) for name, found in taken.items())
    for name, other in others:
        if other != counts:
            sys.exit(f"counts differ:\n{first}: {counts}\n{name}: {other}")
    words = ("responses", "best", "confirmed")
    for word, count in zip(words, counts, strict=True):
        print(f"  {word:10} {', '.join(f'{key} {value}' for key, value in count.items())}")


# ---- what is measured


def frames(patients: int, runs: int) -> None:
    """Shuffled frames in, two tables out, against both scripts."""
    _against(cohort(patients), runs)


def grouped(patients: int, runs: int) -> None:
    """The same rows sorted by patient and date."""
    _against(cohort(patients, grouped=True), runs)


def _against(data: Cohort, runs: int) -> None:
    who = contestants(data, "polars") | contestants(data, "pandas")
    taken = in_turn(who, runs)
    show(taken, dict.fromkeys(taken, data.findings.height))
    for kind in ("polars", "pandas"):
        ratio(taken, f"mrecist, {kind}", f"by hand, {kind}")
    agree(taken)


def over_arrays(patients: int, runs: int) -> None:
    """Integers in, arrays out, on one core, against the mere sums of the same diameters."""
    columns = arrays(patients)
    keys = np.stack([columns["patient"], columns["date"]])
    starts = np.flatnonzero(np.r_[True, (keys[:, 1:] != keys[:, :-1]).any(axis=0)])
    who = {
        "mrecist, arrays": partial(assessed, columns),
        "np.add.reduceat": partial(np.add.reduceat, columns["viable_mm"], starts),
    }
    taken = in_turn(who, runs)
    show(taken, dict.fromkeys(taken, len(columns["patient"])))
    ratio(taken, *who)


def whole(patients: int, runs: int) -> None:
    """Plain data under RECIST 1.1, then the whole semantics under mRECIST."""
    plain, everything = cohort(patients), full(patients)
    who = {
        "plain": partial(assessed, plain.findings, plain.lines, criteria=RECIST),
        "whole semantics": partial(assessed, everything.findings, everything.lines),
    }
    taken = in_turn(who, runs)
    rows = {"plain": plain.findings.height, "whole semantics": everything.findings.height}
    show(taken, rows)
    rates = [rows[name] / found.median for name, found in taken.items()]
    print(f"rows/s, whole semantics / plain: {rates[1] / rates[0]:.2f}")


def by_size(patients: int, runs: int) -> None:
    """Nanoseconds a row, from 1e5 rows by half decades to about the rows of all patients."""
    print(
        f"{'rows':>10} {'mrecist':>9} {'by hand':>9} {'rows':>10} {'arrays':>9}   ns a row, medians"
    )
    for exponent in np.arange(5, np.log10(patients * 37) + 0.1, 0.5):
        _one_size(round(10**exponent / 37), runs)


def _one_size(patients: int, runs: int) -> None:
    data, columns = cohort(patients), arrays(patients)
    who = {**contestants(data, "polars"), "arrays": partial(assessed, columns)}
    taken = in_turn(who, runs)
    rows = data.findings.height, data.findings.height, len(columns["patient"])
    medians = (found.median for found in taken.values())
    ns = [1e9 * median / count for median, count in zip(medians, rows, strict=True)]
    print(f"{rows[0]:10} {ns[0]:9.1f} {ns[1]:9.1f} {rows[2]:10} {ns[2]:9.1f}", flush=True)


def workers(patients: int, runs: int) -> None:
    """The same frames with one worker and with two."""
    data = cohort(patients)
    one = partial(assessed, data.findings, data.lines, criteria=RECIST)
    taken = in_turn({"1 worker": one, "2 workers": partial(one, workers=2)}, runs)
    show(taken, dict.fromkeys(taken, data.findings.height))
    ratio(taken, "1 worker", "2 workers")
    agree(taken)


# ---- across the lines


def across(patients: int, runs: int) -> None:
    """What lies beyond the verdicts, beside the judging that it rests on."""
    data = full(patients)
    judge = partial(mrecist.assess_cohort, data.findings, data.lines)
    found = judge()
    who: dict[str, Callable[[], Any]] = {
        "assess_cohort": judge,
        "endpoints": lambda: found.endpoints().table,
        "patterns": found.patterns,
        "rechallenges": found.rechallenges,
        "untreatable": found.untreatable,
    }
    taken = in_turn(who, runs)
    lines = len(found.panel.lines.patient)
    print(f"{lines} lines of therapy, {data.findings.height} findings")
    show(taken, dict.fromkeys(taken, lines))
    for name in list(who)[1:]:
        ratio(taken, name, "assess_cohort")


# ---- patient by patient

_LESION = ("organ", "kind", "hilar", "enhancement", "treated")
_TIMEPOINT = ("arterial_phase", "reported")


def loop(patients: int, runs: int) -> None:
    """The whole semantics by `assess` on at most 1000 patients, made before, and by tables."""
    data = full(min(patients, 1000))
    charts = list(_patients(data.findings, data.lines))
    who = {
        "assess_cohort": partial(assessed, data.findings, data.lines),
        "assess, patient by patient": partial(_one_by_one, charts),
    }
    taken = in_turn(who, runs)
    show(taken, dict.fromkeys(taken, data.findings.height))
    ratio(taken, *who)
    agree(taken)


def _one_by_one(charts: list[mrecist.Patient]) -> Tables:
    lines = [line for chart in charts for line in mrecist.assess(chart).lines]
    timepoints = [timepoint for line in lines for timepoint in line.timepoints]
    best = {
        "best_response": [line.best_response for line in lines],
        "confirmed_best_response": [line.confirmed_best_response for line in lines],
    }
    return Tables({"response": [timepoint.response for timepoint in timepoints]}, best)


def _patients(findings: pl.DataFrame, lines: pl.DataFrame) -> Iterator[mrecist.Patient]:
    """The case document of each patient, read."""
    therapy = {key: rows.to_dicts() for (key,), rows in lines.group_by("patient")}
    for (patient,), rows in findings.group_by("patient", maintain_order=True):
        lesions: dict[str, dict[str, Any]] = {}
        timepoints: dict[str, dict[str, Any]] = {}
        for row in rows.to_dicts():
            said = {key: value for key, value in row.items() if value is not None}
            _enter(said, lesions, timepoints)
        yield mrecist.from_case(
            {
                "format": "mrecist-case/1",
                "patient": str(patient),
                "lesions": list(lesions.values()),
                "timepoints": list(timepoints.values()),
                "lines": [_line(line) for line in therapy[patient]],
            }
        )


def _enter(said: dict[str, Any], lesions: dict[str, Any], timepoints: dict[str, Any]) -> None:
    """One row: its lesion and its time point, once each, and its finding."""
    del said["patient"]
    date = str(said.pop("date"))
    described = {key: said.pop(key) for key in _TIMEPOINT if key in said}
    timepoint = timepoints.setdefault(date, {"date": date, "findings": [], **described})
    lesion = {key: said.pop(key) for key in _LESION if key in said}
    if "lesion" in said:
        lesions.setdefault(said["lesion"], {"id": said["lesion"], **lesion})
        timepoint["findings"].append(said)


def _line(row: dict[str, Any]) -> dict[str, Any]:
    line = {key: value for key, value in row.items() if value is not None and key != "patient"}
    line |= {key: str(line[key]) for key in ("start", "stop") if key in line}
    line |= {key: line[key].split(";") for key in ("targets", "nontargets") if key in line}
    return line | {"agents": line["agents"].split("+")}


# ---- memory

CHILD = """
import sys
sys.path.insert(0, sys.argv[1])
import cohort
print(*cohort.peak(*sys.argv[2:]))
"""


def memory(patients: int, runs: int) -> None:
    """Peak memory of one contestant in a process of its own, beside the bytes of its tables."""
    del runs  # memory is not noisy
    data = cohort(patients)
    print(f"{'':30} {'input MB':>9} {'before':>9} {'peak':>9} {'rise / input':>13}")
    with tempfile.TemporaryDirectory() as folder:
        for name, frame in data._asdict().items():
            frame.write_parquet(Path(folder) / f"{name}.parquet")
        for kind in ("polars", "pandas"):
            for who in ("mrecist", "by hand"):
                _one_peak(data, f"{who}, {kind}", kind, folder)


def _one_peak(data: Cohort, name: str, kind: str, folder: str) -> None:
    parts = (data.findings, data.lines) if name.startswith("mrecist") else data[:3]
    size = sum(part.to_arrow().nbytes for part in parts) / 1e6
    words = [sys.executable, "-c", CHILD, HERE, name, kind, folder]
    done = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True)
    before, most = map(float, done.stdout.split())
    print(f"{name:30} {size:9.1f} {before:9.1f} {most:9.1f} {(most - before) / size:13.2f}")


def peak(name: str, kind: str, folder: str) -> tuple[float, float]:
    """Megabytes held with the tables read, and at the most while one contestant runs."""
    mine = {"findings", "lines"} if name.startswith("mrecist") else {"tr", "vis", "adsl"}
    empty = pl.DataFrame()
    tables = (
        pl.read_parquet(Path(folder) / f"{field}.parquet") if field in mine else empty
        for field in Cohort._fields
    )
    contestant = contestants(Cohort(*tables), kind)[name]
    gc.collect()
    before = _forget_peak()
    contestant()
    return before, _peak_now()


def _forget_peak() -> float:
    """What is held now; on Linux the peak counts from here."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return _peak_now()
    return _peak_now()


def _peak_now() -> float:
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        unit = 1e6 if sys.platform == "darwin" else 1e3
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
    (held,) = (row.split()[1] for row in status.splitlines() if row.startswith("VmHWM"))
    return int(held) * 1024 / 1e6


WHAT: Mapping[str, Callable[[int, int], None]] = {
    "frames": frames,
    "grouped": grouped,
    "arrays": over_arrays,
    "full": whole,
    "loop": loop,
    "memory": memory,
    "curve": by_size,
    "workers": workers,
    "across": across,
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", nargs="?", choices=WHAT, default="frames")
    parser.add_argument("--patients", type=int, default=50_000)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    print(f"{options.what}: {options.patients} patients, {options.runs} runs")
    WHAT[options.what](options.patients, options.runs)


if __name__ == "__main__":
    main()
