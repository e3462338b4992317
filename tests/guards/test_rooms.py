"""The house: which room may import which, no circles, and clinical knowledge in one room."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import mrecist

PACKAGE = Path(mrecist.__file__).parent

FLOORS: dict[str, int] = {
    room: floor
    for floor, rooms in enumerate(
        (
            "_base",
            "rulebook model tables",
            "patient endpoints",
            "documents laboratory cohort",
            "lines robustness distributed conformance testing readers simulate",
            "io plots",
            "report",
            "cli",
        ),
        start=1,
    )
    for room in rooms.split()
}
"""The floor of each room. A room imports rooms of lower floors only."""
BESIDE = frozenset({"__init__", "__main__"})
"""What stands beside the rooms: the list of public names, and the start of the command line."""
ONE_FLOOR = {("cohort", "documents"), ("cohort", "laboratory"), ("endpoints", "patient")}
"""Rooms of one floor that still may not meet: none of them imports the other."""
MOST_LINES = 450
LONG = frozenset({"_base.words", "rulebook.readings"})
"""Lists that read best as one file, whatever their length."""


def name_of(path: Path) -> str:
    """The dotted name of a file inside the package; a room's `__init__` is the room itself."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if len(parts) > 1 and parts[-1] == "__init__" else parts)


FILES = {name_of(path): path for path in sorted(PACKAGE.rglob("*.py"))}
MODULES = sorted(FILES)


def tree(module: str) -> ast.Module:
    return ast.parse(FILES[module].read_text("utf-8"))


def room(module: str) -> str:
    return module.partition(".")[0]


def imported(source: ast.Module, module: str) -> Iterator[str]:
    """Every module of the package that a source imports, wherever: type-only imports count too."""
    is_room = FILES[module].name == "__init__.py" if module in FILES else False
    here = module.split(".") if is_room and module != "__init__" else module.split(".")[:-1]
    for node in ast.walk(source):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
            yield from (_known(n.removeprefix("mrecist.")) for n in names if n[:8] == "mrecist.")
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                start = here[: len(here) - (node.level - 1)]
            elif (node.module or "").partition(".")[0] == "mrecist":
                start = []
            else:
                continue
            named = (node.module or "").removeprefix("mrecist").strip(".")
            base = ".".join([*start, *named.split(".")] if named else start)
            yield from (_known(f"{base}.{alias.name}".strip(".")) for alias in node.names)
        elif (
            isinstance(node, ast.Call)
            and ast.unparse(node.func).endswith("import_module")
            and node.args
            and isinstance(node.args[0], ast.Constant)
            and str(node.args[0].value).startswith("mrecist.")
        ):
            yield _known(str(node.args[0].value).removeprefix("mrecist."))


def _known(name: str) -> str:
    """The module that a dotted name lies in: the name itself, or what it is taken from."""
    while name and name not in FILES:
        name = name.rpartition(".")[0]
    return name or "__init__"


IMPORTS = {module: set(imported(tree(module), module)) - {module} for module in MODULES}


class TestRooms:
    """Imports point down, type-only imports counted."""

    def test_every_room(self) -> None:
        """Each file stands in a room, and each room has a floor."""
        assert {room(module) for module in MODULES} - BESIDE == set(FLOORS)

    @pytest.mark.parametrize("module", [each for each in MODULES if each not in BESIDE])
    def test_downward(self, module: str) -> None:
        """A room imports lower floors only; of its own floor, itself."""
        own = room(module)
        for other in sorted(IMPORTS[module]):
            if (
                room(other) == "__init__"
            ):  # the public names, for what embeds the package as users do
                assert FLOORS[own] >= FLOORS["testing"], f"{module} imports mrecist"
                continue
            assert room(other) == own or FLOORS[room(other)] < FLOORS[own], (
                f"{module} imports {other}"
            )

    def test_no_circle(self) -> None:
        """Files can be put in an order in which each imports from earlier ones only."""
        graph = {module: IMPORTS[module] - BESIDE for module in MODULES if module not in BESIDE}
        rooms = {module for module in graph if FILES[module].name == "__init__.py"}
        # Whoever imports a module runs the __init__ of its room, which may import its files.
        assert set(TopologicalSorter(graph).static_order()) >= set(graph) - rooms

    def test_no_public_name(self) -> None:
        """No module bears the name of a public function: `mrecist.x` means one thing."""
        functions = {name for name in mrecist.__all__ if name.islower()}
        assert {module.rpartition(".")[2] for module in MODULES} & functions == set()

    @pytest.mark.parametrize("module", [each for each in MODULES if each not in LONG])
    def test_length(self, module: str) -> None:
        """A file past this length has a seam, and is split along it."""
        assert len(FILES[module].read_text("utf-8").splitlines()) <= MOST_LINES

    @pytest.mark.parametrize(
        "twin",
        sorted(
            path.name
            for path in (PACKAGE / "cohort").glob("*.py")
            if path.name != "__init__.py" and (PACKAGE / "patient" / path.name).exists()
        ),
    )
    def test_twins(self, twin: str) -> None:
        """`cohort/X.py` takes its decision tables from where `patient/X.py` does, or from fewer."""
        stem = twin.removesuffix(".py")
        one, many = (
            {each for each in IMPORTS[f"{side}.{stem}"] if room(each) == "rulebook"}
            for side in ("patient", "cohort")
        )
        engines = {
            each
            for each in many - one
            if each not in {"rulebook.criteria", "rulebook.decision_table"}
        }
        assert engines <= ALLOWED_TWINS.get(stem, set())

    @pytest.mark.parametrize(
        ("source", "within", "found"),
        [
            ("from ..patient.engine import assess", "cohort.engine", ["patient.engine"]),
            ("from ..patient import engine", "cohort.engine", ["patient.engine"]),
            ("from . import chart", "cohort.engine", ["cohort.chart"]),
            ("from .chart import Chart", "cohort.engine", ["cohort.chart"]),
            ("import mrecist.patient.engine", "cli.parser", ["patient.engine"]),
            ("import mrecist", "cli.parser", []),
            ("from mrecist import assess", "cli.parser", ["__init__"]),
            ("from mrecist.patient.engine import assess", "cli.parser", ["patient.engine"]),
            ("def f():\n    from ..model import Patient", "cli.parser", ["model"]),
            ("if TYPE_CHECKING:\n    from ..model import Patient", "cli.parser", ["model"]),
            ("import_module('mrecist.model')", "cli.parser", ["model"]),
            ("import attrs, json\nfrom collections import abc", "cli.parser", []),
        ],
    )
    def test_reader(self, source: str, within: str, found: list[str]) -> None:
        """The reader of imports finds each form of them."""
        assert list(imported(ast.parse(source), within)) == found


ALLOWED_TWINS = {"over_time": {"rulebook.best_response", "rulebook.confirmation"}}
"""Steps beside those of the sibling: the best response of one patient stands in `engine.py`."""


# The generators that are written from the documents alone, so that tests by them stay independent.
INDEPENDENT = frozenset(
    f"testing.{name}"
    for name in [
        "_case_documents",
        "_choices",
        "_cohorts",
        "_course_choices",
        "_dangling",
        "_document_tables",
        "_forms",
        "_draft_additions",
        "_draft_findings",
        "_draft_lines",
        "_draft_timepoints",
        "_finding_choices",
        "_invalid_documents",
        "_draft_sights",
        "_lesion_choices",
        "_mistake",
        "_odd_parts",
        "_timed_documents",
    ]
)


class TestIndependence:
    """What generates documents and tables shares no code with what judges them."""

    @pytest.mark.parametrize("module", sorted(INDEPENDENT))
    def test_nothing_of_the_package(self, module: str) -> None:
        """Imports from its own kind only."""
        assert IMPORTS[module] <= INDEPENDENT


RESPONSES = frozenset({"Response", "Target", "NonTarget"})


def parts(node: ast.AST) -> Iterator[ast.AST]:
    """A node and all inside it, but for what tells a place in a list."""
    yield node
    inside = [node.value] if isinstance(node, ast.Subscript) else ast.iter_child_nodes(node)
    for each in inside:
        yield from parts(each)


def clinical(source: ast.Module) -> Iterator[str]:
    """Responses by name, and comparisons with a number other than 0 and 1, that a source holds."""
    for node in ast.walk(source):
        if isinstance(node, ast.Compare):
            inside = [each for side in (node.left, *node.comparators) for each in parts(side)]
            numbers = [each.value for each in inside if isinstance(each, ast.Constant)]
            if any(isinstance(each, (int, float)) and each not in (0, 1) for each in numbers):
                yield ast.unparse(node)
        elif isinstance(node, ast.Attribute):
            owner = node.value
            name = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
            if name in RESPONSES:
                yield f"{name}.{node.attr}"


DRIVERS = [module for module in MODULES if module.startswith(("patient.", "cohort."))]
NOT_CLINICAL = {
    "cohort.baseline": ["bits > 63"],
    "cohort.lesions": ["0 < codes * count <= 2 * len(lesion)", "bounds[-1] <= 2 * len(lesion)"],
    "cohort.tables_out": ["base ** min(max(longest, 1), 62) >= 1 << 62"],
}
"""Comparisons that are no medicine: whether keys fit into 64 bits, whether a table is worth it."""


class TestDrivers:
    """The drivers hold no clinical knowledge: numbers are criteria, case analysis is rules."""

    @pytest.mark.parametrize("module", DRIVERS)
    def test_no_number_no_response(self, module: str) -> None:
        """No response by name, and no comparison with a number but 0 and 1."""
        assert list(clinical(tree(module))) == NOT_CLINICAL.get(module, [])

    @pytest.mark.parametrize(
        "module", ["patient.engine", "patient.baseline", "patient.new_lesions", "patient.over_time"]
    )
    def test_no_number_at_all(self, module: str) -> None:
        """Where one patient is judged no number but 0 and 1 stands at all."""
        numbers = [
            node.value
            for node in ast.walk(tree(module))
            if isinstance(node, ast.Constant) and isinstance(node.value, (int, float))
        ]
        assert set(numbers) <= {0, 1}

    @pytest.mark.parametrize(
        "source", ["x >= 28", "0.3 < x", "x - 28 >= y", "Response.PD", "words.Target.CR"]
    )
    def test_reader(self, source: str) -> None:
        """The reader finds a comparison with a number and a response by name."""
        assert len(list(clinical(ast.parse(source)))) == 1


def fresh(script: str) -> str:
    """What a script prints in a fresh interpreter."""
    ours = "import warnings; warnings.filterwarnings('error', module='mrecist')\n"
    command = [sys.executable, "-c", ours + script]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


class TestImport:
    """`import mrecist` loads nothing but NumPy and attrs."""

    def test_third_parties(self) -> None:
        """In a fresh interpreter no other module comes in but those that the two bring along."""
        printed = fresh(
            "import sys, attrs, numpy; before = set(sys.modules); import mrecist;"
            "print(*{name.partition('.')[0] for name in set(sys.modules) - before})"
        )
        loaded = set(printed.split()) - set(sys.stdlib_module_names)
        assert loaded - {"numpy", "attr", "attrs"} == {"mrecist"}

    def test_names_are_no_modules(self) -> None:
        """No name of the package turns into a module when another was asked for before it."""
        printed = fresh(
            "import mrecist, types; found = {n: getattr(mrecist, n) for n in mrecist.__all__};"
            "print(*(n for n, value in found.items() if isinstance(value, types.ModuleType)))"
        )
        assert printed.split() == []


def group_and_name(name: str) -> tuple[int, str]:
    """Constants first, then classes, then functions, each by name."""
    if name.isupper():
        return 0, name
    return (1 if name[:1].isupper() else 2), name


class TestNames:
    """Every module says what it offers."""

    @pytest.mark.parametrize(
        "module",
        [each for each in MODULES if each not in BESIDE and "._" not in each],
    )
    def test_all(self, module: str) -> None:
        """`__all__` is sorted, has no name twice, and every name exists."""
        loaded = importlib.import_module(f"mrecist.{module}")
        names = getattr(loaded, "__all__", [])
        assert names == sorted(set(names), key=group_and_name)
        assert [name for name in names if not hasattr(loaded, name)] == []

    def test_public(self) -> None:
        """The public names are sorted, every one is there, and `dir` shows them and no other."""
        assert mrecist.__all__ == sorted(set(mrecist.__all__))
        assert [name for name in mrecist.__all__ if not hasattr(mrecist, name)] == []
        assert set(dir(mrecist)) - {"__version__", *mrecist._PACKAGES} == set(mrecist.__all__)

    @pytest.mark.parametrize("package", mrecist._PACKAGES)
    def test_packages(self, package: str) -> None:
        """Public packages are there when first asked for."""
        printed = fresh(f"import mrecist; print(mrecist.{package}.__name__)")
        assert printed.strip() == f"mrecist.{package}"

    def test_no_other(self) -> None:
        """Any other name is refused as Python refuses it."""
        with pytest.raises(AttributeError, match="module 'mrecist' has no attribute 'asess'"):
            mrecist.asess  # noqa: B018

    def test_stub(self) -> None:
        """Type checkers see the same names, from the same modules."""
        stub = ast.parse((PACKAGE / "__init__.pyi").read_text("utf-8"))
        seen = {
            alias.name: node.module
            for node in stub.body
            if isinstance(node, ast.ImportFrom) and node.module
            for alias in node.names
        }
        assert seen == mrecist._MODULES
        packages = {
            alias.name
            for node in stub.body
            if isinstance(node, ast.ImportFrom) and not node.module
            for alias in node.names
        }
        assert packages == {*mrecist._PACKAGES}
