"""What the command line loads for one case: a process starts as fast as that."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import mrecist

COMMAND = """
import sys
before = set(sys.modules)
from mrecist.cli.parser import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
print(*set(sys.modules) - before, file=sys.stderr)
"""
SLOW = {"numpy", "multiprocessing", "concurrent", "pyarrow", "narwhals", "scipy", "matplotlib"}
FRONT = {
    "mrecist", "mrecist._base", "mrecist._base.errors", "mrecist._base.nearest", "mrecist.cli",
    "mrecist.cli.messages", "mrecist.cli.parser", "mrecist.cli.screen",
}  # fmt: skip
"""All of the package that the front of the command line takes."""
VERSIONS = {"mrecist.cli.versions", "mrecist.rulebook", "mrecist.rulebook.edition"}
NOT_FOR_A_CASE = {
    "cohort", "conformance", "endpoints", "io", "laboratory", "lines", "plots", "readers", "report",
    "robustness", "rulebook.policies", "simulate", "testing",
}  # fmt: skip
"""Rooms and files that one case by the criteria of response does not need."""
NOT_WITHOUT_FILES = {"csv", "hashlib", "mrecist._base.outputs", "pathlib", "tempfile"}
"""What only tables, and files that are written, need."""


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("case") / "case.json"
    path.write_text(json.dumps(mrecist.to_case(mrecist.example_case())), "utf-8")
    return path


@pytest.mark.parametrize("words", [
    ["--version"], ["--help"], ["assess"], ["assess", "--json"], ["explain"], ["check"],
], ids=" ".join)  # fmt: skip
def test_loaded(words: list[str], case: Path) -> None:
    """No arrays, no processes, no library of an extra; nothing of a room that is not asked for."""
    loaded = _loaded(words, case)
    assert not SLOW & loaded
    assert not {f"mrecist.{name}" for name in NOT_FOR_A_CASE} & loaded
    assert not NOT_WITHOUT_FILES & loaded or words == ["--version"]


@pytest.mark.parametrize(("words", "more"), [("--help", set()), ("--version", VERSIONS)])
def test_front(words: str, more: set[str], case: Path) -> None:
    """Help and versions take eight small files, and not even attrs."""
    loaded = _loaded([words], case)
    assert {name for name in loaded if name.partition(".")[0] == "mrecist"} == FRONT | more
    assert not {"attr", "attrs", "decimal"} & loaded


def _loaded(words: list[str], case: Path) -> set[str]:
    """The modules that a command has loaded at its end."""
    named = [] if words[0].startswith("-") else [str(case)]
    watched = {name: value for name, value in os.environ.items() if "COVERAGE" not in name}
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, *words, *named],
        capture_output=True,
        text=True,
        check=True,
        env=watched,
    )
    assert done.stdout or "check" in words
    return set(done.stderr.splitlines()[-1].split())
