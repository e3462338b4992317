"""What is printed is the same in every process: no order of a set shows in it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SCRIPT = """
import gc
import attrs
import mrecist
from whole.test_pickling import RESULTS

each = [getattr(mrecist, name) for name in mrecist.__all__]
each += [make() for make in RESULTS.values()]
planned = [["tremelimumab", "durvalumab"], ["atezolizumab", "bevacizumab", "cabozantinib"]]
each.append(attrs.evolve(mrecist.LINE_BOUNDARIES, planned=planned))
for value in each:
    print(ascii(repr(value) + str(value)))
for value in gc.get_objects():
    if str(type(value).__module__).startswith("mrecist.") and attrs.has(type(value)):
        print(ascii(repr(value)))
"""


def printed(seed: int) -> set[str]:
    """Every public value, every result, and every record that the package holds, by one seed."""
    tests = str(Path(__file__).parents[1])
    path = os.pathsep.join([tests, *filter(None, sys.path)])
    environment = os.environ | {"PYTHONHASHSEED": str(seed), "PYTHONPATH": path, "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=environment, capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    return {line for line in done.stdout.splitlines() if " at 0x" not in line}


def test_hash_seeds() -> None:
    """`ProgressionCode.EHG` hashes by its name: the first place of a set differs by process."""
    first = printed(1)
    assert len(first) > 1000
    for seed in (2, 3):
        assert sorted(first ^ printed(seed)) == []
