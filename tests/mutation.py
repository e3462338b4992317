"""Break the package in small ways, one at a time, and see whether the tests notice.

    python tests/mutation.py [MODULE ...] [--jobs N]

Every comparison, boolean and arithmetic operator, whole number, truth value and condition of the
named modules (all that decide, by default) is changed in turn; of every table in `rules.py` each
row is dropped, each verdict swapped, each input of each `when` dropped. A mutant is first held
against a fixed sample of generated cases with the oracle's answers and against the worked cases;
one that survives both meets the tests of its module and of the tables. Survivors are printed.
"""

from __future__ import annotations

import argparse
import ast
import copy
import json
import os
import pickle
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue

ROOT = Path(__file__).parents[1]
MODULES = (
    "_exact", "_tables", "rules", "criteria", "chart", "baseline", "new_lesions", "engine",
    "endpoints", "therapy", "_doors", "model", "drugs", "pattern_rules", "patterns",
)  # fmt: skip
ALWAYS = ("rules", "tables", "criteria", "assessment", "engine")
SAMPLE = 1500

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.GtE: ast.Gt, ast.Gt: ast.GtE, ast.LtE: ast.Lt, ast.Lt: ast.LtE, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}  # fmt: skip

QUICK = """
import json, pickle, sys
from pathlib import Path
import mrecist
from mrecist import assessment, documents
assessment.TimepointAssessment.why = property(lambda self: "")
assessment.TimepointAssessment.rules = property(lambda self: ())
def answer(document, criteria):
    found = mrecist.assess(mrecist.from_case(document), criteria=mrecist.CRITERIA[criteria])
    return documents.to_assessment(found)
def holds(expected, found):
    if isinstance(expected, dict):
        return all(key in found and holds(value, found[key]) for key, value in expected.items())
    if isinstance(expected, list):
        return len(expected) == len(found) and all(map(holds, expected, found))
    return expected == found
for case in pickle.loads(Path(sys.argv[1]).read_bytes()):
    for criteria, expected in case["answers"].items():
        if not holds(expected, answer(case["document"], criteria)):
            sys.exit("differs from the oracle")
for case in json.loads(Path(sys.argv[2]).read_text("utf-8")):
    if not holds(case["expect"], answer(case["case"], case["criteria"])):
        sys.exit(case["id"])
"""


def mutants(module: str) -> Iterator[tuple[str, str]]:
    """What was changed, and the source that results."""
    source = (ROOT / "mrecist" / f"{module}.py").read_text("utf-8")
    tree = ast.parse(source)
    nodes = list(ast.walk(tree))
    skipped = _annotations(tree)
    for index, node in enumerate(nodes):
        if id(node) in skipped:
            continue
        for told, change in _changes(node):
            mutated = copy.deepcopy(tree)
            change(list(ast.walk(mutated))[index])
            try:
                text = ast.unparse(ast.fix_missing_locations(mutated))
            except (AttributeError, ValueError):
                continue
            yield f"{module}.py:{getattr(node, 'lineno', '?')}: {told}", text


def _annotations(tree: ast.AST) -> set[int]:
    """Nodes that no run evaluates: annotations, docstrings, `__all__`."""
    skipped: set[int] = set()
    for node in ast.walk(tree):
        inside: list[ast.AST | None] = []
        if isinstance(node, ast.AnnAssign):
            inside.append(node.annotation)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            inside += [node.returns, *(each.annotation for each in ast.walk(node.args)
                                       if isinstance(each, ast.arg))]  # fmt: skip
        elif isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            inside.append(node)
        for each in inside:
            if each is not None:
                skipped |= {id(below) for below in ast.walk(each)}
    return skipped


def _changes(node: ast.AST) -> Iterator[tuple[str, object]]:
    if isinstance(node, ast.Compare):
        for i, operator in enumerate(node.ops):
            other = COMPARISONS[type(operator)]
            yield (
                f"{type(operator).__name__} -> {other.__name__} in {ast.unparse(node)}",
                lambda n, i=i, other=other: n.ops.__setitem__(i, other()),
            )
    elif isinstance(node, ast.BoolOp):
        other_bool = ast.Or if isinstance(node.op, ast.And) else ast.And
        yield f"and/or in {ast.unparse(node)}", lambda n: setattr(n, "op", other_bool())
    elif isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        other_op = OPERATORS[type(node.op)]
        yield (
            f"{type(node.op).__name__} -> {other_op.__name__} in {ast.unparse(node)}",
            lambda n: setattr(n, "op", other_op()),
        )
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield f"not dropped in {ast.unparse(node)}", lambda n: setattr(n, "op", ast.UAdd())
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield f"{node.value} flipped", lambda n: setattr(n, "value", not n.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int):
        yield f"{node.value} + 1", lambda n: setattr(n, "value", n.value + 1)
    elif isinstance(node, (ast.If, ast.IfExp)):
        for truth in (True, False):
            yield (
                f"if {ast.unparse(node.test)} -> {truth}",
                lambda n, truth=truth: setattr(n, "test", ast.Constant(truth)),
            )
    elif isinstance(node, ast.Tuple) and any(_is_rule(each) for each in node.elts):
        for i, each in enumerate(node.elts):
            yield f"row dropped: {_rule_id(each)}", lambda n, i=i: n.elts.pop(i)
    elif isinstance(node, ast.Call) and _is_rule(node):
        yield from _rule_changes(node)


def _is_rule(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) == "Rule" and len(node.args) == 2


def _rule_id(node: ast.AST) -> str:
    assert isinstance(node, ast.Call)
    return ast.unparse(node.args[0])


def _rule_changes(node: ast.Call) -> Iterator[tuple[str, object]]:
    verdict = ast.unparse(node.args[1])
    enum, _, member = verdict.partition(".")
    other = f"[each for each in {enum} if each is not {verdict}][0]"
    yield (
        f"verdict of {_rule_id(node)}: not {member}",
        lambda n: n.args.__setitem__(1, ast.parse(other, mode="eval").body),
    )
    for keyword in node.keywords:
        if keyword.arg == "when" and isinstance(keyword.value, ast.Dict):
            for i, key in enumerate(keyword.value.keys):
                told = ast.unparse(key) if key else "**"

                def drop(n: ast.Call, i: int = i) -> None:
                    (when,) = (each.value for each in n.keywords if each.arg == "when")
                    assert isinstance(when, ast.Dict)
                    del when.keys[i], when.values[i]

                yield f"when of {_rule_id(node)} without {told}", drop


def prepare(folder: Path) -> None:
    """Generate the sample with the oracle's answers, and gather the worked cases."""
    sys.path.insert(0, str(ROOT / "tests"))
    from hypothesis import HealthCheck, Phase, given, seed, settings
    from oracle import oracle

    from mrecist.testing.strategies import case_documents

    sample = []

    @seed(20100210)
    @settings(
        max_examples=SAMPLE,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case_documents())
    def gather(document: dict[str, object]) -> None:
        answers = {}
        for criteria in ("mrecist", "mrecist-5mm", "recist-1.1"):
            answers[criteria] = oracle(document, criteria)
        sample.append({"document": document, "answers": answers})

    gather()
    (folder / "sample.pickle").write_bytes(pickle.dumps(sample))
    worked = [
        case
        for path in sorted((ROOT / "mrecist" / "conformance" / "cases").glob("*.json"))
        for case in json.loads(path.read_text("utf-8"))
        if "expect" in case
    ]
    (folder / "worked.json").write_text(json.dumps(worked), "utf-8")
    (folder / "quick.py").write_text(QUICK, "utf-8")


def survives(folder: Path, house: Path, module: str, text: str) -> bool:
    """Whether neither the quick check nor pytest notices a mutant, in a copy of the project."""
    path = house / "mrecist" / f"{module}.py"
    kept = path.read_text("utf-8")
    path.write_text(text, "utf-8")
    environment = {**os.environ, "PYTHONPATH": str(house), "PYTHONDONTWRITEBYTECODE": "1"}
    environment |= {"HYPOTHESIS_PROFILE": "ci", "CI": "true"}
    quick = [
        sys.executable, str(folder / "quick.py"), str(folder / "sample.pickle"),
        str(folder / "worked.json"),
    ]  # fmt: skip
    tests = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider"]
    own = house / "tests" / f"test_{module.strip('_')}.py"
    tests += [str(own)] if own.exists() else []
    tests += [str(house / "tests" / f"test_{name}.py") for name in ALWAYS]
    try:
        for command, limit in ((quick, 60), (tests, 600)):
            done = subprocess.run(
                command, cwd=house, env=environment, capture_output=True, timeout=limit, check=False
            )
            if done.returncode != 0:
                return False
        return True
    except subprocess.TimeoutExpired:
        return False
    finally:
        path.write_text(kept, "utf-8")


def main() -> int:
    """Run every mutant; the exit status is 1 when some survive."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("modules", nargs="*", default=MODULES)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder)
        houses: Queue[Path] = Queue()
        for i in range(options.jobs):
            house = folder / f"house{i}"
            ignored = shutil.ignore_patterns(".git", ".venv", "__pycache__", ".hypothesis")
            shutil.copytree(ROOT, house, ignore=ignored)
            houses.put(house)

        def judged(task: tuple[str, str, str]) -> str | None:
            module, told, text = task
            house = houses.get()
            try:
                return told if survives(folder, house, module, text) else None
            finally:
                houses.put(house)

        house = houses.get()
        houses.put(house)
        for module in options.modules:
            text = (ROOT / "mrecist" / f"{module}.py").read_text("utf-8")
            if not survives(folder, house, module, text):
                sys.exit(f"the tests of {module} fail without any mutation")
        tasks = [
            (module, told, text) for module in options.modules for told, text in mutants(module)
        ]
        print(f"{len(tasks)} mutants of {', '.join(options.modules)}", flush=True)
        survivors = []
        with ThreadPoolExecutor(options.jobs) as pool:
            for count, told in enumerate(pool.map(judged, tasks), 1):
                if told is not None:
                    survivors.append(told)
                    print(f"survived: {told}", flush=True)
                if count % 100 == 0:
                    print(f"{count} of {len(tasks)}", flush=True)
        killed = len(tasks) - len(survivors)
        print(f"{killed} of {len(tasks)} noticed ({100 * killed / len(tasks):.1f} %)")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
