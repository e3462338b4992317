"""What one mutant meets: the quick sample, then the tests of its module.

    python tests/mutation/check.py KIT quick|full [MODULE ...]

Run in a copy of the project by cosmic-ray, which takes an exit status other than zero for noticed.
KIT holds the sample and the package as it was; the module that differs from it is the mutant's.
The last line printed says who noticed, after how many seconds. With no mutant, the MODULEs' tests
must all pass.
"""

from __future__ import annotations

import ast
import os
import pickle
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

QUICK_SECONDS = 60
MEMORY = 6 << 30

NOT_PYTHON, SAME_PROGRAM, UNNOTICED = "not Python", "same program", "nobody"

TESTS = {
    "_exact": ["test_exact.py", "test_engine.py"],
    "_tables": ["test_tables.py", "test_rules.py"],
    "rules": ["test_rules.py", "test_tables.py", "test_sources.py", "test_assessment.py"],
    "criteria": ["test_criteria.py", "test_assessment.py"],
    "engine": ["test_engine.py", "test_assessment.py", "test_errors.py"],
    "cohort": [
        "test_cohort_columns.py", "test_workers.py", "properties/test_cohort.py::TestBatches",
        "test_frames.py::TestFramesOut", "test_frames.py::TestRefused",
    ],
    "endpoints": ["test_endpoints.py", "test_survival.py", "test_assessment.py"],
}  # fmt: skip
"""The tests that a module's mutants meet; of other modules, those of the same name."""


def main() -> int:
    kit, extent, *modules = sys.argv[1:]
    started = time.perf_counter()
    noticed = judged(Path(kit), extent, modules)
    print(f"\n{noticed} {time.perf_counter() - started:.2f}")
    return 0 if noticed in (UNNOTICED, SAME_PROGRAM) else 1


def judged(kit: Path, extent: str, modules: list[str]) -> str:
    """Who notices: `sample`, `cohort`, `tests`, or one of the words above."""
    changed = list(_changed(kit / "pristine", Path("mrecist")))
    for path in changed:
        before, after = _parsed(kit / "pristine" / path.name), _parsed(path)
        if after is None:
            return NOT_PYTHON
        if before is not None and ast.dump(before) == ast.dump(after):
            return SAME_PROGRAM
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.alarm(QUICK_SECONDS)
    sys.path.insert(0, os.getcwd())
    with open(kit / "sample.pickle", "rb") as file:
        sample = pickle.load(file)
    try:
        import mrecist  # noqa: F401
    except Exception:
        return "import"
    try:
        if not charts_hold(sample["charts"]):
            return "sample"
        if not cohort_holds(sample["cohort"]):
            return "cohort"
    except Exception:
        return "sample"
    signal.alarm(0)
    if extent == "quick" and not changed:
        return UNNOTICED
    return UNNOTICED if tests_pass([path.stem for path in changed] or modules) else "tests"


def _changed(pristine: Path, package: Path) -> Iterator[Path]:
    for path in sorted(pristine.glob("*.py")):
        if (package / path.name).read_bytes() != path.read_bytes():
            yield package / path.name


def _parsed(path: Path) -> ast.Module | None:
    """A module without its annotations, which no run evaluates and mypy checks."""
    try:
        tree = ast.parse(path.read_text("utf-8"))
        compile(tree, str(path), "exec")
    except SyntaxError:
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            node.returns = None
        elif isinstance(node, ast.AnnAssign):
            node.annotation = ast.Constant(None)
        elif isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body = [ast.Pass()]
    return tree


def charts_hold(charts: list[Any]) -> bool:
    """Whether `assess` gives every chart the answers of the oracle."""
    import mrecist
    from mrecist import assessment, documents

    # Sentences are most of the time and no verdict; the tests of the module read them.
    assessment.TimepointAssessment.why = property(lambda self: "")  # type: ignore[assignment]
    assessment.TimepointAssessment.rules = property(lambda self: ())  # type: ignore[assignment]
    for document, answers in charts:
        patient = mrecist.from_case(document)
        for name, expected in answers.items():
            found = mrecist.assess(patient, criteria=mrecist.CRITERIA[name])
            if not holds(expected, documents.to_assessment(found)):
                return False
    return True


def holds(expected: Any, found: Any) -> bool:
    """Whether what is expected stands in what was found."""
    if isinstance(expected, dict):
        return all(key in found and holds(value, found[key]) for key, value in expected.items())
    if isinstance(expected, list):
        return len(expected) == len(found) and all(map(holds, expected, found))
    return bool(expected == found)


def cohort_holds(cohort: dict[str, Any]) -> bool:
    """Whether `assess_cohort` gives the rows that it gave; in one block and in many."""
    import mrecist
    from mrecist import cohort as module

    for name, answers in cohort["answers"].items():
        found = mrecist.assess_cohort(cohort["findings"], cohort["lines"], criteria=name)
        if columns(found) != answers:
            return False
    whole, module.BLOCK_ROWS = module.BLOCK_ROWS, 500
    found = mrecist.assess_cohort(cohort["findings"], cohort["lines"])
    module.BLOCK_ROWS = whole
    return columns(found) == cohort["answers"]["mrecist"]


def columns(responses: Any) -> dict[str, str]:
    """What `assess_cohort` gave, each column as text: 1 is not 1.0, and NaN is NaN."""
    tables = {"timepoints": responses.timepoints, "lines": responses.lines}
    return {
        f"{name}.{key}": repr(column.tolist())
        for name, table in tables.items()
        for key, column in table.items()
    }


def tests_pass(modules: list[str]) -> bool:
    """Whether the tests of the modules pass, the first failure ending them."""
    names = dict.fromkeys(
        name for module in modules for name in TESTS.get(module, [f"test_{module.strip('_')}.py"])
    )
    files = [f"tests/{name}" for name in names]
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *files]
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    print(done.stdout.decode("utf-8", "replace")[-1500:])
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
