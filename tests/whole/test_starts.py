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
from mrecist.cli.parser import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
print(*(name for name in sys.modules if "." not in name), file=sys.stderr)
"""
SLOW = {"numpy", "multiprocessing", "concurrent", "pyarrow", "narwhals", "scipy", "matplotlib"}


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("case") / "case.json"
    path.write_text(json.dumps(mrecist.to_case(mrecist.example_case())), "utf-8")
    return path


@pytest.mark.parametrize("words", [
    ["--version"], ["--help"], ["assess"], ["assess", "--json"], ["explain"], ["check"],
], ids=" ".join)  # fmt: skip
def test_loaded(words: list[str], case: Path) -> None:
    """No arrays, no processes, no library of an extra."""
    named = [] if words[0].startswith("-") else [str(case)]
    watched = {name: value for name, value in os.environ.items() if "COVERAGE" not in name}
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, *words, *named], capture_output=True, text=True, check=True,
        env=watched,
    )  # fmt: skip
    assert done.stdout or "check" in words
    assert not SLOW & set(done.stderr.split())
