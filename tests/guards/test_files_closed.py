"""Every file that the package opens is closed by a `with`.

A file that is left open is told of when memory is swept, in the name of whatever runs then: such a
warning cannot say whose file it was, so the code is looked at instead.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OPENERS = {"open", "fdopen", "ParquetFile", "ZipFile", "TemporaryDirectory"}


def name_of(call: ast.Call) -> str:
    return getattr(call.func, "id", None) or getattr(call.func, "attr", "")


def left_open(source: str) -> Iterator[str]:
    """The calls that open a file outside `with`, `enter_context` and a function that opens."""
    tree = ast.parse(source)
    closed: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.withitem):
            closed.add(node.context_expr)
        elif isinstance(node, ast.Call) and name_of(node) == "enter_context":
            closed.update(node.args)
        elif isinstance(node, ast.FunctionDef) and node.name == "_open":
            returns = (each.value for each in ast.walk(node) if isinstance(each, ast.Return))
            closed.update(value for value in returns if value)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and name_of(node) in OPENERS and node not in closed:
            yield f"line {node.lineno}: {ast.unparse(node)}"


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("with open(path) as file: pass", 0),
        ("stack.enter_context(path.open())", 0),
        ("def _open(path):\n    return ParquetFile(path)", 0),
        ("file = open(path)", 1),
        ("text = path.open().read()", 1),
        ("def read(path):\n    return ParquetFile(path)", 1),
    ],
)
def test_bites(source: str, found: int) -> None:
    assert len(list(left_open(source))) == found


def test_closed() -> None:
    found = [
        f"{path.relative_to(ROOT)}, {call}"
        for path in sorted((ROOT / "mrecist").rglob("*.py"))
        for call in left_open(path.read_text("utf-8"))
    ]
    # Kept until the process ends, in the place of a closed pipe.
    assert [call for call in found if "os.open(os.devnull" not in call] == []
