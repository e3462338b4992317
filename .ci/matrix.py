"""Run the default tests with the lowest and the newest versions, on every Python of this machine.

    python .ci/matrix.py [--at-once N]

Each cell is a fresh environment: a Python from 3.11 on, the lowest versions that pyproject.toml
allows or the newest there are, and every extra. The core alone runs at the two ends: the lowest
versions on the oldest Python, and the newest on the newest. Prints what ran, how it ended and what
was left out; the output of a cell that failed. Ends with 1 where one failed.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path
from typing import NamedTuple

import lowest

ROOT = Path(__file__).parents[1]
PYTHONS = [(3, minor) for minor in range(11, 16)]
PARTS = {
    "core": ["-e", ".[test]"],
    "every extra": ["-e", ".[test]", "--group", "frames", "--group", "formats", "--group", "pages"],
}


class Cell(NamedTuple):
    """One environment: which Python, which versions, which parts."""

    python: Path
    version: str
    versions: str
    parts: str

    def __str__(self) -> str:
        return f"Python {self.version}, {self.versions} versions, {self.parts}"


class Outcome(NamedTuple):
    """How a cell ended: status 0 where all is well, seconds, and what was printed."""

    cell: Cell
    status: int
    seconds: float
    told: str

    def __str__(self) -> str:
        last = self.told.strip().rpartition("\n")[2]
        word = "failed" if self.status else "passed"
        return f"{word} {self.seconds:4.0f} s  {self.cell}: {last}"


def pythons() -> dict[tuple[int, int], Path]:
    """Every Python from 3.11 on that can make environments, on the path or of pyenv."""
    named = [f"python{major}.{minor}" for major, minor in PYTHONS]
    folders = [Path(each) for each in os.environ.get("PATH", "").split(os.pathsep) if each]
    places = [Path(sys.executable), *(folder / name for folder in folders for name in named)]
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    places += sorted(pyenv.glob("3.*/bin/python"), reverse=True)
    found: dict[tuple[int, int], Path] = {}
    script = "import ensurepip, sys, venv; print(*sys.version_info[:2])"
    for place in places:
        if place.exists():
            asked = subprocess.run([place, "-c", script], capture_output=True, text=True)
            version = asked.stdout.split()
            if asked.returncode == 0 and len(version) == 2:
                found.setdefault((int(version[0]), int(version[1])), place)
    return {version: found[version] for version in PYTHONS if version in found}


def run(cell: Cell, folder: Path) -> Outcome:
    """Install and test one cell in a folder of its own."""
    begun = time.monotonic()
    python = folder / "venv" / "bin" / "python"
    constraints = folder / "lowest.txt"
    constraints.write_text("\n".join(lowest.lowest()), "utf-8")
    held = ["-c", str(constraints)] if cell.versions == "lowest" else []
    pip = [python, "-m", "pip", "install", "-q"]
    environment = os.environ | {
        "HYPOTHESIS_PROFILE": "ci",  # the same examples in every run
        "HYPOTHESIS_STORAGE_DIRECTORY": str(folder / "hypothesis"),
    }
    told = ""
    for command in (
        [cell.python, "-m", "venv", folder / "venv"],
        [*pip, "--upgrade", "pip"],
        [*pip, *held, *PARTS[cell.parts]],
        [python, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
    ):
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        )
        told += done.stdout
        if done.returncode:
            break
    return Outcome(cell, done.returncode, time.monotonic() - begun, told)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--at-once", type=int, default=2, metavar="N")
    options = parser.parse_args()
    known = pythons()
    ends = {(min(known), "lowest"), (max(known), "newest")}
    cells = [  # those that take longest first, so that none is alone at the end
        Cell(python, f"{version[0]}.{version[1]}", versions, parts)
        for parts, versions in product(reversed(PARTS), ("lowest", "newest"))
        for version, python in known.items()
        if parts == "every extra" or (version, versions) in ends
    ]
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(options.at_once) as pool:
        places = [Path(folder) / str(number) for number in range(len(cells))]
        for place in places:
            place.mkdir()
        outcomes = []
        for outcome in pool.map(run, cells, places):
            outcomes.append(outcome)
            print(outcome, flush=True)
    for outcome in outcomes:
        if outcome.status:
            print(f"\n== {outcome.cell}\n{outcome.told}")
    print(f"{len(cells)} cells ran, {sum(each.status != 0 for each in outcomes)} failed")
    for major, minor in PYTHONS:
        if (major, minor) not in known:
            print(f"skipped: Python {major}.{minor}, which is not on this machine")
    return int(any(each.status for each in outcomes))


if __name__ == "__main__":
    sys.exit(main())
