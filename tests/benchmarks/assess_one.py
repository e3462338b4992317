"""How long one patient takes: 2 lines x 6 time points x 6 lesions.

    python tests/benchmarks/assess_one.py

Prints medians in microseconds, measured in turn in one process, and the ratio to a bare-bones
ladder of ifs that does target response only, in floats.
"""

from __future__ import annotations

import json
import random
import statistics
import time
from collections.abc import Callable
from typing import Any

import mrecist
from mrecist._base.json_text import parse


def typical() -> mrecist.Patient:
    """Two lines, twelve scans, six lesions: three in the liver, two in the lung, one node."""
    chance = random.Random(20100210)
    lesions = [
        mrecist.Lesion("S8", "liver", "nodule"),
        mrecist.Lesion("S4", "liver", "nodule"),
        mrecist.Lesion("PV", "portal vein", "thrombus"),
        mrecist.Lesion("L1", "lung", "nodule"),
        mrecist.Lesion("L2", "lung", "nodule"),
        mrecist.Lesion("N1", "lymph node", "node"),
    ]

    def millimetres(low: float, high: float) -> float:
        return round(chance.uniform(low, high), 1)

    timepoints = []
    for scan in range(12):
        findings = [
            mrecist.Finding("S8", viable_mm=millimetres(20, 50), longest_mm=60),
            mrecist.Finding("S4", viable_mm=millimetres(15, 40), longest_mm=45),
            mrecist.Finding("PV", status="present"),
            mrecist.Finding("L1", longest_mm=millimetres(10, 30)),
            mrecist.Finding("L2", longest_mm=millimetres(10, 30)),
            mrecist.Finding("N1", short_axis_mm=millimetres(15, 25)),
        ]
        timepoints.append(mrecist.Timepoint(56 * scan - 5, findings))
    lines = [mrecist.TherapyLine(["sorafenib"], 0), mrecist.TherapyLine(["regorafenib"], 6 * 56)]
    return mrecist.Patient("P", lesions, timepoints, lines)


def bare_bones(totals: list[list[float]]) -> list[str]:
    """Target response only, as a script would do it: float percentages, one total a visit."""
    verdicts = []
    baseline = nadir = sum(totals[0])
    for visit in totals[1:]:
        total = sum(visit)
        if total == 0:
            verdicts.append("CR")
        elif (total - nadir) / nadir * 100 >= 20:
            verdicts.append("PD")
        elif (total - baseline) / baseline * 100 <= -30:
            verdicts.append("PR")
        else:
            verdicts.append("SD")
        nadir = min(nadir, total)
    return verdicts


def microseconds(runs: dict[str, Callable[[], Any]], rounds: int = 400) -> dict[str, float]:
    """The median of each, measured in turn (A B C A B C ...)."""
    taken: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            begun = time.perf_counter()
            run()
            taken[name].append(time.perf_counter() - begun)
    return {name: statistics.median(times) * 1e6 for name, times in taken.items()}


def main() -> None:
    """Measure and print."""
    patient = typical()
    assessment = mrecist.assess(patient)
    text = json.dumps(mrecist.to_case(patient))
    sizes = [
        [(f.viable_um or f.longest_um or f.short_axis_um or 0) / 1000 for f in t.findings]
        for t in patient.timepoints
    ]
    lines = [sizes[:7], sizes[6:]]
    found = microseconds(
        {
            "bare bones, target response only": lambda: [bare_bones(line) for line in lines],
            "assess": lambda: mrecist.assess(patient),
            "parse a case document": lambda: mrecist.from_case(parse(text)),
            "write the assessment document": lambda: mrecist.to_assessment(assessment),
        }
    )
    ladder = next(iter(found.values()))
    for name, taken in found.items():
        print(f"{name:34} {taken:8.1f} us   {taken / ladder:6.1f} x bare bones")


if __name__ == "__main__":
    main()
