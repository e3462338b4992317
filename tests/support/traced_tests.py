"""Which tests name each id, and which make it fire: the record that `mrecist rules --trace` shows.

    python tests/support/traced_tests.py

runs the tests but for properties and engines (some minutes), writes `conformance/trace.json` and
with it the page `conformance/TRACE.md`. To write both in seconds, with what fired as it was:

    MRECIST_WRITE_TRACE=1 python -m pytest tests/rooms/conformance/test_trace.py
"""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path
from typing import Any, Self

import numpy as np
import pytest

from mrecist.conformance import trace, trace_code, trace_page
from mrecist.rulebook import decision_table
from mrecist.rulebook.decision_table import DecisionTable

TESTS = Path(__file__).parents[1]
FOLDER = Path(trace.__file__).parent
MOST = 3
"""So many tests are kept of those that make a rule fire: those that make the fewest others fire."""
NOT_RECORDED = (
    "test_trace", "test_conformance", "TestFrozen", "TestEveryRowCounts", "test_distributed",
    "test_examples", "test_readme", "test_workers", "test_layers", "test_cli_cohort",
)  # fmt: skip
"""Modules and classes of tests: of the record itself; of cases, which are counted by themselves; of
tables as a whole, row by row; of other processes."""

LISTING = {"test_trace", "test_conformance", "test_strategies"}
"""Modules that list ids, also of rules that they leave out: to be in a list is not to be tested."""


# ---- named: read in the tests


def named(ids: Iterable[str]) -> dict[str, list[str]]:
    """The tests that name each id: in their text, their class's, or what they take from there."""
    wanted, found = set(ids), dict[str, list[str]]()
    for path in sorted(TESTS.rglob("test_*.py")):
        if path.stem in LISTING:
            continue
        for test, said in _tests_of(path):
            for id in sorted(wanted & said):
                found.setdefault(id, []).append(test)
    return {id: found[id] for id in sorted(found)}


def existing() -> set[str]:
    """Every test function there is."""
    return {test for path in TESTS.rglob("test_*.py") for test, _ in _tests_of(path)}


def _tests_of(path: Path) -> Iterator[tuple[str, set[str]]]:
    """The tests of a module, each with the ids that it names."""
    tree = ast.parse(path.read_text("utf-8"))
    where = path.relative_to(TESTS.parent).as_posix()
    shared = {trace_code.name_of(node): node for node in tree.body if trace_code.name_of(node)}
    helpers = {name: node for name, node in shared.items() if not name.lower().startswith("test")}
    for name, node in shared.items():
        if isinstance(node, ast.ClassDef) and name.startswith("Test"):
            own = [each for each in node.body if not _is_test(each)]
            about = _ids([*own, *node.decorator_list], helpers)
            for each in filter(_is_test, node.body):
                yield f"{where}::{name}::{trace_code.name_of(each)}", about | _ids([each], helpers)
        elif _is_test(node):
            yield f"{where}::{name}", _ids([node], helpers)


def _is_test(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef) and node.name.startswith("test")


def _ids(nodes: Iterable[ast.AST], helpers: dict[str, Any]) -> set[str]:
    """The ids in some text and in the helpers that it uses, and those that they use."""
    found, seen, ahead = set(), set(), [*nodes]
    while ahead:
        for each in ast.walk(ahead.pop()):
            if isinstance(each, ast.Constant) and isinstance(each.value, str):
                found |= set(trace_code.ID.findall(each.value))
            elif isinstance(each, ast.Name) and each.id in helpers and each.id not in seen:
                seen.add(each.id)
                ahead.append(helpers[each.id])
    return found


# ---- fired: measured while the tests run


class Recorder:
    """Notes which rules of which tables each test makes fire, for one patient or for arrays."""

    def __init__(self) -> None:
        self.fired: dict[str, set[str]] = {}
        self.now: set[str] = set()
        self._decide = DecisionTable.decide
        self._firing = decision_table.firing

    def __enter__(self) -> Self:
        recorder = self

        def decide(table: Any, *inputs: Any) -> Any:
            rule = recorder._decide(table, *inputs)
            recorder.now.add(rule.id)
            return rule

        def firing(table: Any, *inputs: Any) -> Any:
            found = recorder._firing(table, *inputs)
            recorder.now |= {table.rules[at].id for at in np.unique(found)}
            return found

        DecisionTable.decide = decide  # type: ignore[method-assign]
        self._replace(firing)
        return self

    def __exit__(self, *error: object) -> None:
        DecisionTable.decide = self._decide  # type: ignore[method-assign]
        self._replace(self._firing)

    @staticmethod
    def _replace(firing: Any) -> None:
        """Every module that takes `firing` takes this one from now on."""
        now = decision_table.firing
        for name, module in [*sys.modules.items()]:
            if name.startswith("mrecist.") and getattr(module, "firing", None) is now:
                module.firing = firing  # type: ignore[attr-defined]

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Random examples would write another record each time, so they are passed over."""
        items[:] = [
            item
            for item in items
            if not hasattr(getattr(item, "obj", None), "is_hypothesis_test")
            and not any(name in item.nodeid for name in NOT_RECORDED)
        ]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """What fires while a test runs."""
        self.now = set()
        result = yield
        if self.now:
            self.fired[item.nodeid] = self.now
        return result

    def most_specific(self) -> dict[str, list[str]]:
        """The tests of each id that make the fewest others fire."""
        found: dict[str, list[str]] = {}
        for node, ids in sorted(self.fired.items(), key=lambda each: (len(each[1]), each[0])):
            test = re.sub(r"\[.*", "", node, flags=re.DOTALL)
            for id in ids:
                tests = found.setdefault(id, [])
                if len(tests) < MOST and test not in tests:
                    tests.append(test)
        return {id: found[id] for id in sorted(found)}


# ---- written


def record(fired: dict[str, list[str]] | None = None) -> dict[str, Any]:
    """What `trace.json` holds: the names as they are now, what fired as it was measured."""
    path = FOLDER / "trace.json"
    if fired is None:
        fired = json.loads(path.read_bytes())["fired"] if path.exists() else {}
    there = existing()
    ids = {each.id for each in trace._listed()}
    kept = {id: [test for test in tests if test in there] for id, tests in fired.items()}
    return {
        "named": named(ids),
        "fired": {id: tests for id, tests in kept.items() if tests and id in ids},
    }


def write(fired: dict[str, list[str]] | None = None) -> None:
    """Write the record, and the page that shows it."""
    text = json.dumps(record(fired), indent=0) + "\n"
    (FOLDER / "trace.json").write_text(text, "utf-8", newline="\n")
    for cached in (trace._tests, trace.traces):
        cached.cache_clear()
    (FOLDER / "TRACE.md").write_text(trace_page.page(), "utf-8", newline="\n")


def main(arguments: list[str]) -> int:
    """Run the tests, note what fires, and write both files where the tests passed."""
    chosen = arguments or [str(path) for path in sorted(TESTS.glob("test_*.py"))]
    with Recorder() as recorder:
        status = pytest.main(["-q", "-p", "no:cacheprovider", *chosen], plugins=[recorder])
    if status == pytest.ExitCode.OK:
        write(recorder.most_specific())
    return int(status)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
