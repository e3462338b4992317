"""The page of promises names a test for each, and each is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "promises.md"
ROW = re.compile(r"\| (?P<promise>.+) \| `(?P<test>tests/[^`]+)` \|")


def rows() -> list[tuple[str, str]]:
    lines = PAGE.read_text("utf-8").splitlines()
    table = [line for line in lines if line.startswith("| ") and not line.startswith("| ---")]
    found = [ROW.fullmatch(line) for line in table if line != "| promise | test |"]
    assert all(found)
    return [(each["promise"], each["test"]) for each in found if each]


@pytest.mark.parametrize("test", [test for _, test in rows()])
def test_there(test: str) -> None:
    """A file, and in it a class or a function of that name."""
    path, *names = test.split("::")
    inside = ast.parse((ROOT / path).read_text("utf-8")).body
    for name in names:
        nodes = [each for each in inside if getattr(each, "name", None) == name]
        assert nodes, f"{test}: there is no {name}"
        inside = getattr(nodes[0], "body", [])


def test_some() -> None:
    """The tables are read as tables."""
    assert len(rows()) > 15
    assert all(promise.endswith(".") for promise, _ in rows())
