"""Break the package in small ways, one at a time, and see whether the tests notice.

    python -m tests.mutation [MODULE ...] [--drawn N] [--jobs N] [--folder DIR]
    python -m tests.mutation --fast

Needs `pip install --group mutation`. First the tables (`table_mutants.py`): each row dropped, each
verdict swapped, each input of each `when` turned. Then the operators of the named modules, by
cosmic-ray (`operators.py`): a mutant is first held against a fixed sample of generated charts and
of the cohorts that they make, with the oracle's answers, then meets the tests of its module. Every
survivor must be explained in `survivors.toml`, and every explanation must be of a survivor.

`--fast`, for the automatic checks, takes all table mutants and a fixed sample of the operators'.
`--drawn N` takes a fixed draw of N mutants of each module, for a figure a module in little time.
`--folder` keeps the work: a run that was cut short goes on from there, and after one that came to
its end only what survived meets the tests again, as they are by then.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from . import explained, operators, sample, table_mutants
from .operators import Draw, Outcome

MODULES = (
    "_base/exact",
    "rulebook/decision_table",
    "rulebook/sizes",
    "rulebook/lesions",
    "rulebook/organs",
    "rulebook/parts",
    "rulebook/examinations",
    "rulebook/baseline",
    "rulebook/targets",
    "rulebook/nontargets",
    "rulebook/new_lesions",
    "rulebook/overall",
    "rulebook/best_response",
    "rulebook/confirmation",
    "rulebook/therapy",
    "rulebook/index",
    "rulebook/criteria",
    "rulebook/areas",
    "rulebook/area_responses",
    "rulebook/immune",
    "rulebook/immune_joined",
    "rulebook/immune_criteria",
    "rulebook/lesion_criteria",
    "rulebook/treated_lesions",
    "rulebook/nodule_grades",
    "rulebook/patterns",
    "rulebook/times",
    "rulebook/drugs",
    "rulebook/volumes",
    "rulebook/policies",
    "patient/engine",
    "patient/chart",
    "patient/sights",
    "patient/signs",
    "patient/facts",
    "patient/baseline",
    "patient/new_lesions",
    "patient/over_time",
    "patient/best_response",
    "patient/exposure",
    "patient/areas",
    "patient/immune",
    "patient/immune_lines",
    "patient/joined",
    "patient/nodule_grades",
    "patient/treated_lesions",
    "patient/dated",
    "cohort/engine",
    "cohort/panel",
    "cohort/compound",
    "cohort/lesions",
    "cohort/chart",
    "cohort/visits",
    "cohort/records",
    "cohort/sights",
    "cohort/baseline",
    "cohort/line_problems",
    "cohort/follow_ups",
    "cohort/nodules",
    "cohort/growth",
    "cohort/new_lesions",
    "cohort/partial",
    "cohort/over_time",
    "cohort/exposure",
    "cohort/areas",
    "cohort/each_alone",
    "cohort/immune",
    "cohort/immune_apart",
    "cohort/immune_lines",
    "cohort/immune_news",
    "cohort/treated_lesions",
    "cohort/parts",
    "cohort/patterns",
    "cohort/rechallenge",
    "endpoints/best",
    "endpoints/confirming",
    "endpoints/engine",
    "endpoints/immune",
    "endpoints/on_treatment",
    "endpoints/scans",
    "endpoints/survival",
    "endpoints/untreatable",
    "lines/boundaries",
    "lines/administrations",
    "lines/timing",
    "lines/rechallenge",
)
CHARTS = 200
FAST_MUTANTS = 50


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("modules", nargs="*", default=MODULES)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--fast", action="store_true")
    parser.add_argument("--drawn", type=int, help="how many mutants of each module, not all")
    parser.add_argument("--tables", action="store_true", help="the tables only")
    parser.add_argument("--folder", type=Path, help="where to keep the work")
    options = parser.parse_args()
    right = _tables()
    if not options.tables:
        with tempfile.TemporaryDirectory() as name:
            folder = (options.folder or Path(name)).resolve()
            draw = Draw(FAST_MUTANTS, brief=True) if options.fast else Draw(each=options.drawn)
            right &= _operators(folder, options.modules, options.jobs, draw)
    return 0 if right else 1


def _tables() -> bool:
    """Judge every table mutant; whether all were noticed."""
    started = time.perf_counter()
    counted, unnoticed = table_mutants.judged()
    told = ", ".join(f"{count} by {who}" for who, count in counted.most_common())
    seconds = time.perf_counter() - started
    print(f"tables: {counted.total()} mutants, noticed {told}: {seconds:.1f} s", flush=True)
    for mutant in unnoticed:
        print(f"  survived: {mutant.name}")
    return not unnoticed


def _operators(folder: Path, modules: Sequence[str], jobs: int, draw: Draw) -> bool:
    """Run the operator mutants; whether the survivors are the explained ones."""
    kit = folder / "kit"
    if not (kit / "sample.pickle").exists():
        kit.mkdir(parents=True, exist_ok=True)
        sample.written(kit / "sample.pickle", CHARTS)
    outcomes = operators.run(folder, modules, jobs=jobs, draw=draw)
    for module in modules:
        print(_line(module, [each for each in outcomes if each.module == module]))
    print(_line("all", outcomes))
    wrong = explained.wrong(outcomes, modules, complete=draw.is_all)
    for text in wrong:
        print(text)
    return not wrong


def _line(name: str, outcomes: Sequence[Outcome]) -> str:
    """What became of some mutants, with both shares: of all, and of those not explained."""
    mutants = [each for each in outcomes if each.counts]
    survivors = [each for each in mutants if each.survived]
    explained_ones = sum(map(explained.is_explained, survivors))
    killed = len(mutants) - len(survivors)
    by = Counter(each.noticed for each in mutants if not each.survived)
    told = ", ".join(f"{count} by {who}" for who, count in by.most_common())
    seconds = sum(each.seconds for each in outcomes)
    return (
        f"{name}: {len(mutants)} mutants ({len(outcomes) - len(mutants)} left out), {killed} "
        f"noticed ({told}): {_share(killed, len(mutants))}; {len(survivors)} survived, "
        f"{explained_ones} of them explained: {_share(killed, len(mutants) - explained_ones)} of "
        f"all others; {seconds:.0f} s of work"
    )


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "none"


if __name__ == "__main__":
    sys.exit(main())
