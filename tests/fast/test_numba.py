"""Machine code says what the arrays say: `pytest tests/fast`, with `mrecist[fast]`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rooms.cohort import test_compiled

import mrecist
from mrecist.cohort import compiled

pytest.importorskip("numba")

SCRIPT = """
import json, sys, time
import mrecist
from mrecist.cohort import choice, compiled
kept = compiled.COMPILER.is_kept
trial = mrecist.simulate.reflect_like(30, seed=1)
begun = time.process_time()
for criteria in mrecist.CRITERIA.values():
    found = mrecist.assess_cohort(trial.findings, trial.lines, engine="numba", criteria=criteria)
loops = compiled.COMPILER.compiled()
print(json.dumps({
    "kept": kept,
    "kept_after": compiled.COMPILER.is_kept,
    "hits": sum(sum(each.stats.cache_hits.values()) for each in loops.values()),
    "misses": sum(sum(each.stats.cache_misses.values()) for each in loops.values()),
    "seconds": time.process_time() - begun,
    "responses": found.timepoints["response"].tolist(),
}))
"""


@pytest.fixture(autouse=True, scope="module")
def _kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Machine code is kept in a folder of these tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NUMBA_CACHE_DIR", str(tmp_path_factory.mktemp("kept")))
        yield


def run(folder: Path, **more: str) -> Any:
    """What a fresh process tells that keeps its machine code in a folder."""
    told = os.environ | {"NUMBA_CACHE_DIR": str(folder)} | more
    done = subprocess.run(
        [sys.executable, "-W", "error:::mrecist", "-c", SCRIPT],
        env=told,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


class TestMachineCode(test_compiled.TestAgreement):
    """Every column, every problem, every new lesion, every mistake and note is the same."""


class TestOneSignature:
    """Each loop is compiled once, whatever columns a table has and whatever the criteria."""

    def test_after_all(self) -> None:
        loops = compiled.COMPILER.compiled()
        assert {name: len(each.signatures) for name, each in loops.items()} == dict.fromkeys(
            loops, 1
        )


class TestKept:
    """What was compiled once is found again."""

    def test_next_process(self, tmp_path: Path) -> None:
        first, then = run(tmp_path), run(tmp_path)
        assert (first["kept"], first["kept_after"], first["hits"]) == (False, True, 0)
        assert (then["kept"], then["misses"]) == (True, 0)
        assert then["hits"] == first["misses"] == len(compiled.KERNELS)
        assert then["responses"] == first["responses"]

    def test_another_age(self, tmp_path: Path) -> None:
        """Dates of files do not matter: an upgrade that leaves the loops finds them."""
        package = Path(mrecist.__file__).parent
        copy = tmp_path / "copy"
        copy.mkdir()
        (copy / "mrecist").symlink_to(package)
        first = run(tmp_path / "kept")
        then = run(tmp_path / "kept", PYTHONPATH=str(copy))
        assert then["misses"] == 0
        assert then["responses"] == first["responses"]

    @pytest.mark.parametrize("folder", ["file/kept", "/dev/null"])
    def test_nowhere(self, folder: str, tmp_path: Path) -> None:
        """Where nothing can be kept each process compiles, and judges."""
        (tmp_path / "file").write_text("")
        told = run(tmp_path / folder)
        assert (told["kept_after"], told["hits"]) == (False, 0)
        assert told["responses"]

    def test_damaged(self, tmp_path: Path) -> None:
        """Damaged machine code is compiled again."""
        first = run(tmp_path)
        for path in (tmp_path / "mrecist").glob("*.nb*"):
            path.write_bytes(b"no machine code")
        assert run(tmp_path)["responses"] == first["responses"]


class TestAuto:
    """Loops that are at hand judge without being asked for."""

    def test_long(self) -> None:
        trial = mrecist.simulate.reflect_like(1000, seed=3)
        mrecist.assess_cohort(trial.findings, trial.lines, engine="numba")
        assert compiled.COMPILER.is_ready
        auto, numpy = (
            mrecist.assess_cohort(trial.findings, trial.lines, engine=engine)
            for engine in ("auto", "numpy")
        )
        assert auto.timepoints["response"].tolist() == numpy.timepoints["response"].tolist()
