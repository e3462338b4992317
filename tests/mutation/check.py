"""What one mutant meets: the quick sample, then the tests of its module.

    python tests/mutation/check.py serve KIT SOCKET quick|full|again [MODULE ...]
    python tests/mutation/check.py ask SOCKET

The first, one a copy of the project, has loaded all that mutants do not change, and forks for each;
the second is what cosmic-ray runs, which takes an exit status other than zero for noticed. KIT
holds the sample and the package as it was; the module that differs from it is the mutant's. The
last line printed says who noticed, after how many seconds. With no mutant the MODULEs' tests must
all pass; `quick` asks for the sample only. `again` draws as many examples as the tests say.
"""

from __future__ import annotations

import ast
import contextlib
import os
import pickle
import resource
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

SAMPLE_SECONDS, TESTS_SECONDS, FAST_SECONDS = 60, 200, 80
"""Of work, not of waiting: a mutant that takes longer hangs. Four times as long by the clock."""
MEMORY = 6 << 30
EXAMPLES = 30
"""How many a property of the tests draws for a mutant, which the sample has not noticed."""

NOT_PYTHON, SAME_PROGRAM, UNNOTICED = "not Python", "same program", "nobody"

_IMMUNE = [
    "rooms/patient/test_immune.py",
    "rooms/cohort/test_immune.py",
    "test_immune_counts.py",
    "test_immune_courses.py",
    "laws/test_immune.py",
]
_TREATED = ["rooms/patient/test_treated_lesions.py", "rooms/cohort/test_treated_lesions.py"]
_NODULES = ["test_nodule_grades.py"]
_AREAS = ["test_areas.py", "laws/test_monotonicity.py", "laws/test_cohort.py"]
_PATTERNS = ["rooms/lines/test_patterns.py", "test_pattern_columns.py", "laws/test_patterns.py"]
_TIMES = [
    "test_policies.py",
    "test_endpoints.py",
    "test_confirming.py",
    "test_untreatable.py",
    "test_courses.py",
    "rooms/endpoints/test_times.py",
    "test_cohort_times.py",
    "rooms/cohort/test_immune.py",
    "laws/test_times.py",
]
_RECHALLENGE = ["test_rechallenge.py", "test_rechallenges.py", "laws/test_rechallenges.py"]
TESTS = {
    "_base/exact": ["test_exact.py", "test_engine.py"],
    "rulebook/decision_table": ["test_tables.py", "test_rules.py"],
    "rulebook/criteria": ["test_criteria.py", "test_presets.py", "test_assessment.py"],
    "rulebook/organs": ["test_organs.py", "test_chart.py"],
    "rulebook/therapy": ["test_therapy.py", "test_rules.py", "test_drugs.py"],
    "rulebook/confirmation": ["test_endpoints.py", "test_survival.py", "test_assessment.py"],
    "rulebook/areas": ["test_rules.py", *_AREAS],
    "rulebook/area_responses": ["test_rules.py", *_AREAS],
    "rulebook/immune": ["test_rules.py", *_IMMUNE],
    "rulebook/immune_joined": ["test_rules.py", *_IMMUNE],
    "rulebook/immune_criteria": ["test_criteria.py", "test_presets.py", *_IMMUNE],
    "rulebook/lesion_criteria": ["test_criteria.py", *_TREATED, *_NODULES],
    "rulebook/treated_lesions": ["test_rules.py", *_TREATED],
    "rulebook/nodule_grades": ["test_rules.py", *_NODULES],
    "rulebook/patterns": ["test_rules.py", *_PATTERNS],
    "rulebook/times": ["test_rules.py", *_TIMES],
    "rulebook/drugs": ["test_drugs.py", "test_therapy.py"],
    "rulebook/volumes": ["test_volumes.py"],
    "rulebook/policies": _TIMES,
    "patient/areas": _AREAS,
    "patient/immune": _IMMUNE,
    "patient/immune_lines": _IMMUNE,
    "patient/joined": _IMMUNE,
    "patient/nodule_grades": _NODULES,
    "patient/treated_lesions": _TREATED,
    "patient/dated": ["test_engine.py", "test_show.py", "test_assessment.py", *_IMMUNE],
    "patient/best_response": ["test_endpoints.py", "test_survival.py", "test_assessment.py"],
    "patient/exposure": ["test_therapy.py", "test_assessment.py"],
    "patient/signs": _PATTERNS,
    "cohort/areas": _AREAS,
    "cohort/each_alone": _AREAS,
    "cohort/immune": _IMMUNE,
    "cohort/immune_apart": _IMMUNE,
    "cohort/immune_lines": _IMMUNE,
    "cohort/immune_news": _IMMUNE,
    "cohort/treated_lesions": _TREATED,
    "cohort/parts": ["test_compiled.py", "test_cohort.py"],
    "cohort/patterns": _PATTERNS,
    "cohort/rechallenge": _RECHALLENGE,
    "cohort/compound": [
        "test_cohort_charts.py", "test_pattern_columns.py", "laws/test_patterns.py",
    ],
    "cohort/engine": [
        "test_cohort.py", "test_cohort_columns.py", "test_workers.py",
        "laws/test_cohort.py::TestBatches", "test_frames.py::TestFramesOut",
        "test_frames.py::TestRefused",
    ],
    "endpoints/best": ["test_adam.py", *_TIMES],
    "endpoints/on_treatment": _RECHALLENGE,
    "endpoints/survival": ["test_survival.py", "test_kaplan_meier.py"],
    "endpoints/untreatable": ["test_untreatable.py", "laws/test_patterns.py"],
    "lines/boundaries": ["test_administrations.py", "test_courses.py", *_PATTERNS],
    "lines/administrations": ["test_administrations.py"],
    "lines/timing": _TIMES,
    "lines/rechallenge": _RECHALLENGE,
}  # fmt: skip
"""The tests that a module's mutants meet; of other modules, those of their room."""
OF_ROOM = {
    "rulebook": ["test_rules.py", "test_criteria.py", "test_sources.py", "test_assessment.py"],
    "patient": [
        "test_engine.py", "test_assessment.py", "test_errors.py", "test_sights.py",
        "test_baseline.py", "test_new_lesions.py", "test_chart.py", "test_lesions.py",
        "test_cohort_times.py",
    ],
    "cohort": [
        "test_cohort.py", "test_cohort_columns.py", "test_chart_tables.py", "test_cohort_times.py",
        "test_cohort_notes.py", "test_workers.py", "test_cohort_charts.py", "test_new_nodes.py",
        "test_cohort_files.py::TestAgreement::test_recorded_twice",
    ],
    "endpoints": _TIMES,
}  # fmt: skip


def main() -> int:
    what, *words = sys.argv[1:]
    if what == "ask":
        return ask(words[0])
    kit, path, extent, *modules = words
    serve(Path(kit), path, extent, modules)
    return 0


def ask(path: str) -> int:
    """Print what the server of this copy says of the mutant that now stands there."""
    with socket.socket(socket.AF_UNIX) as asking:
        asking.connect(path)
        with asking.makefile("r", encoding="utf-8", errors="replace") as answer:
            told = answer.read()
    print(told)
    noticed = told.strip().splitlines()[-1].rpartition(" ")[0]
    return 0 if noticed in (UNNOTICED, SAME_PROGRAM) else 1


def serve(kit: Path, path: str, extent: str, modules: list[str]) -> None:
    """Answer who notices a mutant, until this process is ended."""
    import attrs  # noqa: F401
    import hypothesis  # noqa: F401
    import numpy  # noqa: F401
    import pytest  # noqa: F401

    sys.path[:0] = [os.getcwd(), os.path.join(os.getcwd(), "tests")]
    sample = pickle.loads((kit / "sample.pickle").read_bytes())
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(path)
        listening.listen()
        while True:
            asking, _ = listening.accept()
            with asking:
                started = time.perf_counter()
                noticed = judged(kit, sample, extent, modules, asking.fileno())
                told = f"\n{noticed} {time.perf_counter() - started:.2f}"
                asking.sendall(told.encode())


def judged(kit: Path, sample: Any, extent: str, modules: list[str], output: int) -> str:
    """Who notices: `import`, `sample`, `cohort`, `tests`, or one of the words above."""
    changed = list(_changed(kit / "pristine", Path("mrecist")))
    for path in changed:
        before, after = _parsed(kit / "pristine" / path.relative_to("mrecist")), _parsed(path)
        if after is None:
            return NOT_PYTHON
        if before is not None and ast.dump(before) == ast.dump(after):
            return SAME_PROGRAM
    names = [_module(path) for path in changed]
    who = _apart(lambda: sample_notices(sample, names), SAMPLE_SECONDS, output, broken="sample")
    if who != UNNOTICED or (extent == "quick" and not changed):
        return who
    names = names or modules
    met = tests_notice if extent == "again" else tests_notice_briefly
    seconds = FAST_SECONDS if extent == "quick" else TESTS_SECONDS
    return _apart(lambda: met(names), seconds, output, broken="tests")


def _apart(stage: Callable[[], str], seconds: int, output: int, broken: str) -> str:
    """Who notices in a stage, run in a process of its own that it may break, hang or fill."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setsid()
            signal.alarm(4 * seconds)
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            os.dup2(output, 1)
            os.dup2(output, 2)
            os.write(writing, stage().encode())
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(0)
    os.waitpid(child, 0)
    with contextlib.suppress(ProcessLookupError):  # processes that it began and left
        os.killpg(child, signal.SIGKILL)
    os.write(writing, b".")
    os.close(writing)
    told = os.read(reading, 100).decode()
    os.close(reading)
    return told[:-1] or broken


PARTS = {
    "cohort": ("cohort",),
    "endpoints": ("times", "cohort"),
    "lines": ("times",),
}
"""Of a mutant in such a room, the parts of the sample that it can change; of any other, all."""


def sample_notices(sample: dict[str, Any], modules: Iterable[str] = ()) -> str:
    """Who of the import, the charts and the cohorts notices a change of some modules."""
    try:
        import mrecist.cohort.engine
        import mrecist.documents.case  # noqa: F401
    except Exception:
        return "import"
    every = ("charts", "times", "cohort")
    rooms = [name.partition("/")[0] for name in modules] or [""]
    parts = {part for room in rooms for part in PARTS.get(room, every)}
    if "charts" in parts and not charts_hold(sample["charts"]):
        return "sample"
    if "times" in parts and not times_hold(sample["times"]):
        return "sample"
    return UNNOTICED if "cohort" not in parts or cohorts_hold(sample) else "cohort"


def _changed(pristine: Path, package: Path) -> Iterator[Path]:
    for path in sorted(pristine.rglob("*.py")):
        here = package / path.relative_to(pristine)
        if here.read_bytes() != path.read_bytes():
            yield here


def _module(path: Path) -> str:
    """The module of a path, such as `_base/exact`."""
    return path.relative_to("mrecist").with_suffix("").as_posix()


def _parsed(path: Path) -> ast.Module | None:
    """A module without what changes no run: annotations, and whether a member is or equals."""
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
        elif isinstance(node, ast.Compare) and all(map(_is_member, node.comparators)):
            node.ops = [EQUALITIES.get(type(each), type(each))() for each in node.ops]
    return tree


EQUALITIES: dict[type, Any] = {ast.Eq: ast.Is, ast.NotEq: ast.IsNot}


def _is_member(node: ast.expr) -> bool:
    """Whether an expression reads as a member of an enumeration, such as `YesNo.YES`."""
    if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)):
        return False
    return node.attr.isupper() and node.value.id[0].isupper() and not node.value.id.isupper()


def charts_hold(charts: list[Any]) -> bool:
    """Whether `assess` gives every chart the answers of the oracle."""
    import mrecist
    from mrecist.documents import answer as answer_
    from mrecist.patient.assessment import TimepointAssessment
    from mrecist.patient.immune_assessment import ImmuneTimepoint

    # Sentences are most of the time and no verdict; the tests of the module read them.
    for kind in TimepointAssessment, ImmuneTimepoint:
        kind.why = property(lambda self: "")  # type: ignore[assignment]
        kind.rules = property(lambda self: ())  # type: ignore[assignment]
    for document, answers in charts:
        patient = mrecist.from_case(document)
        for name, expected in answers.items():
            found = mrecist.assess(patient, criteria=name)
            if not holds(expected, answer_.to_assessment(found)):
                return False
    return True


def times_hold(times: list[Any]) -> bool:
    """Whether `course` gives every chart the times of the oracle."""
    return all(times_of(document, words) == answer for document, words, answer in times)


def times_of(document: Any, words: Any) -> Any:
    """The course of a chart by a policy in words, in plain values."""
    from support.time_policies import as_policy, told

    import mrecist

    assessment = mrecist.assess(mrecist.from_case(document))
    return told(mrecist.course(assessment, as_policy(words)))


def holds(expected: Any, found: Any) -> bool:
    """Whether what is expected stands in what was found."""
    if isinstance(expected, dict):
        return all(key in found and holds(value, found[key]) for key, value in expected.items())
    if isinstance(expected, list):
        return len(expected) == len(found) and all(map(holds, expected, found))
    return bool(expected == found)


def cohorts_hold(sample: dict[str, Any]) -> bool:
    """Whether `assess_cohort` gives the rows that it gave; in one block and in many."""
    import mrecist
    from mrecist.cohort import engine as module

    for cohort in sample["cohorts"]:
        for name, answers in cohort["answers"].items():
            found = mrecist.assess_cohort(**cohort["tables"], criteria=name)
            if answers_of(found, cohort["lesions"]) != answers:
                return False
    timed = sample["timed"]
    responses = mrecist.assess_cohort(**timed["tables"])
    if endpoints_of(responses, timed["policies"]) != timed["answers"]:
        return False
    whole, module.BLOCK_ROWS = module.BLOCK_ROWS, 500
    first = sample["cohorts"][0]
    found = mrecist.assess_cohort(**first["tables"])
    module.BLOCK_ROWS = whole
    return answers_of(found) == first["answers"]["mrecist"]


def answers_of(responses: Any, lesions: bool = False) -> dict[str, str]:
    """What `assess_cohort` gave, each column as text: 1 is not 1.0, and NaN is NaN."""
    tables = {"timepoints": responses.timepoints, "lines": responses.lines}
    if lesions:
        tables["lesions"] = responses.lesions
    return {
        f"{name}.{key}": repr(column.tolist())
        for name, table in tables.items()
        for key, column in table.items()
    }


def endpoints_of(responses: Any, policies: Iterable[Any]) -> list[dict[str, str]]:
    """The times of all lines by some policies in words, each column as text."""
    from support.time_policies import as_policy

    tables = [responses.endpoints(as_policy(words)).table for words in policies]
    return [{key: repr(column.tolist()) for key, column in table.items()} for table in tables]


def tests_notice_briefly(modules: list[str]) -> str:
    """Whether the tests of the modules notice, each property with few examples, none shrunk."""
    from hypothesis import HealthCheck, Phase, settings

    settings.register_profile(
        "mutant",
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    return tests_notice(modules, "--hypothesis-profile=mutant")


def _tests_of(module: str) -> list[str]:
    return TESTS.get(module) or OF_ROOM[module.partition("/")[0]]


def _found(name: str) -> str:
    """The path of a module of tests, given its name; what follows `::` is kept."""
    file, *inside = name.split("::")
    inside_rooms = Path("tests/rooms").glob(f"*/{file}")
    (path,) = [path for path in (Path("tests", file), *inside_rooms) if path.exists()]
    return "::".join([str(path), *inside])


def tests_notice(modules: list[str], *options: str) -> str:
    """Whether the tests of the modules notice, the first failure ending them."""
    import pytest

    names = dict.fromkeys(name for module in modules for name in _tests_of(module))
    files = [_found(name) for name in names]
    plain = ["-x", "-q", "--assert=plain", "-p", "no:cacheprovider"]
    return UNNOTICED if pytest.main([*plain, *options, *files]) == 0 else "tests"


if __name__ == "__main__":
    sys.exit(main())
