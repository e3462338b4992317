"""What fuzzing found once stays found: seeds and findings, and a little chance, without a fuzzer.

`python tests/fuzz/run.py` is the long search (`tests/fuzz/__init__.py`).
"""

from __future__ import annotations

import random
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest
from fuzz import mutators, seeds

KEPT = [
    pytest.param(target, path, id=f"{target}-{folder}-{path.name}")
    for target in seeds.TARGETS
    for folder in ("seeds", "findings")
    for path in seeds.kept(target, folder)
]
# Tables take a tenth of a second each.
TRIES = {"documents": 100, "streams": 40, "table_files": 40, "cohorts": 3, "command_line": 15,
         "parquet": 15, "worksheets": 30}  # fmt: skip


def check_of(target: str) -> Callable[[bytes], None]:
    if target not in ("documents", "streams"):
        pytest.importorskip("pyarrow")
        pytest.importorskip("narwhals")
    if target == "worksheets":
        pytest.importorskip("xlsxwriter")
        pytest.importorskip("python_calamine")
    check: Callable[[bytes], None] = import_module(f"fuzz.{target}").check
    return check


@pytest.mark.parametrize(("target", "path"), KEPT)
def test_kept(target: str, path: Path) -> None:
    """An input that was kept is read as its target demands."""
    check_of(target)(path.read_bytes())


@pytest.mark.parametrize("target", seeds.TARGETS)
def test_by_chance(target: str) -> None:
    """So are the same few changes of what each target starts from."""
    check, chance, starts = check_of(target), random.Random(20100201), seeds.seeds(target)
    for _ in range(TRIES[target]):
        data = mutators.MUTATORS[target](chance.choice(starts), chance)
        try:
            check(data)
        except Exception as error:
            error.add_note(f"{target}: {data!r}")
            raise


def test_kept_inputs_are_small() -> None:
    """What is kept weighs little: no more than 300 kB in all."""
    paths = [path for target in seeds.TARGETS for path in seeds.kept(target)]
    assert sum(path.stat().st_size for path in paths) < 300_000
