"""The shape of the package: imports point down, clinical knowledge stays where it belongs."""

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

# Lowest first. A module may import from the layers below its own; new modules are entered here.
LAYERS: tuple[frozenset[str], ...] = tuple(
    frozenset(names.split())
    for names in (
        "errors sources codes drugs _exact _extras _html workers",
        "_doors _tables",
        "pattern_rules time_rules marker_tables",
        "_arrays rules liver",
        "criteria model columns reading_errors policies survival _json livers",
        "chart endpoints therapy grouping _numbers",
        "baseline charts notes tables levels administrations rechallenge",
        "new_lesions baselines exposures frames table_files gates marker_rules marker_columns",
        "reasons follow_ups times chunks",
        "sequences untreatable",
        "panel",
        "audit written rebuilt",
        "_explain show pattern_columns rechallenges",
        "cohort_times",
        "assessment",
        "engine documents patterns",
        "markers course_text",
        "courses",
        "streams responses",
        "cohort comparison",
        "cohort_files robustness distributed",
        "__init__",
        "testing conformance plots",
        "trace report",
        "cli demo",
        "__main__",
    )
)
OPTIONAL = frozenset({"cli", "demo", "__main__", "distributed", "cohort_files", "chunks"})
HEIGHT = {name: height for height, names in enumerate(LAYERS) for name in names}
MODULES = sorted(path.stem for path in PACKAGE.glob("*.py"))

SUBPACKAGES = ("conformance", "plots", "report", "testing")
"""Packages of the rim, each a layer as a whole."""
SUBMODULES = sorted(
    f"{name}.{path.stem}" for name in SUBPACKAGES for path in (PACKAGE / name).glob("*.py")
)


def tree(module: str) -> ast.Module:
    return ast.parse((PACKAGE / f"{module.replace('.', '/')}.py").read_text("utf-8"))


def running(node: ast.AST) -> Iterator[ast.AST]:
    """Every node that can run: all but those under `if TYPE_CHECKING:`."""
    yield node
    if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
        children: list[ast.AST] = [*node.orelse]
    else:
        children = [*ast.iter_child_nodes(node)]
    for child in children:
        yield from running(child)


def imported(source: ast.Module, within: str = "") -> Iterator[str]:
    """The modules of this package that a module imports; its own name stands for `__init__`.

    `within`: the sub-package that the module is in; one of its own is told as `testing._records`.
    """
    for node in running(source):
        if isinstance(node, ast.Import):
            for alias in node.names:
                top, _, rest = alias.name.partition(".")
                if top == "mrecist":
                    yield rest or "__init__"
        elif isinstance(node, ast.ImportFrom):
            if within and node.level == 1:
                modules = [node.module] if node.module else [each.name for each in node.names]
                yield from (f"{within}.{each}" for each in modules)
                continue
            named = (node.module or "").removeprefix("mrecist").lstrip(".")
            if node.level == 0 and (node.module or "").partition(".")[0] != "mrecist":
                continue
            if named:
                yield named
            else:
                yield from (a.name if a.name in HEIGHT else "__init__" for a in node.names)


class TestLayers:
    """Imports between modules point to lower layers only."""

    def test_every_module(self) -> None:
        """Each module has one layer, and each entry is a module."""
        assert sum(len(names) for names in LAYERS) == len(HEIGHT)
        assert set(MODULES) - set(HEIGHT) == set()
        assert set(HEIGHT) - set(MODULES) - set(SUBPACKAGES) <= OPTIONAL

    @pytest.mark.parametrize("module", MODULES)
    def test_downward(self, module: str) -> None:
        """Nothing that runs is imported from the same layer or from above."""
        for below in imported(tree(module)):
            top = below.partition(".")[0]
            assert HEIGHT[top] < HEIGHT[module], f"{module} imports {below}"

    @pytest.mark.parametrize("module", SUBMODULES)
    def test_downward_from_a_subpackage(self, module: str) -> None:
        """A sub-package imports its own modules, and layers below the whole of it."""
        within = module.partition(".")[0]
        for below in imported(tree(module), within):
            top = below.partition(".")[0]
            assert top == within or HEIGHT[top] < HEIGHT[within], f"{module} imports {below}"

    @pytest.mark.parametrize("within", SUBPACKAGES)
    def test_no_circle_in_a_subpackage(self, within: str) -> None:
        """Its modules can be put in an order in which each imports from earlier ones only."""
        own = [module for module in SUBMODULES if module.startswith(f"{within}.")]
        graph = {
            module: {below for below in imported(tree(module), within) if below in own}
            for module in own
        }
        assert set(TopologicalSorter(graph).static_order()) == set(own)

    @pytest.mark.parametrize(
        ("source", "found"),
        [
            ("from ._choices import pick", ["testing._choices"]),
            ("from . import _choices", ["testing._choices"]),
            ("from .. import engine", ["engine"]),
            ("from ..engine import assess", ["engine"]),
            ("from mrecist.conformance import cases", ["conformance"]),
        ],
    )
    def test_reader_in_a_subpackage(self, source: str, found: list[str]) -> None:
        """There one dot is the sub-package and two are the package."""
        assert list(imported(ast.parse(source), "testing")) == found

    @pytest.mark.parametrize(
        ("source", "found"),
        [
            ("from .engine import assess", ["engine"]),
            ("from . import engine, __version__", ["engine", "__init__"]),
            ("import mrecist.engine", ["engine"]),
            ("import mrecist", ["__init__"]),
            ("from mrecist import assess", ["__init__"]),
            ("from mrecist.engine import assess", ["engine"]),
            ("def f():\n    from .engine import assess", ["engine"]),
            ("if TYPE_CHECKING:\n    from .engine import assess", []),
            ("if typing.TYPE_CHECKING:\n    pass\nelse:\n    from . import show", ["show"]),
            ("import attrs, json\nfrom collections import abc", []),
        ],
    )
    def test_reader(self, source: str, found: list[str]) -> None:
        """The reader of imports finds each form of them."""
        assert list(imported(ast.parse(source))) == found


# The generators that are written from the documents alone, so that tests by them stay independent.
INDEPENDENT = frozenset(
    f"testing.{name}"
    for name in [
        "_case_documents",
        "_choices",
        "_cohorts",
        "_course_choices",
        "_document_tables",
        "_draft_findings",
        "_draft_lines",
        "_draft_timepoints",
        "_finding_choices",
        "_invalid_documents",
        "_lesion_choices",
        "_timed_documents",
    ]
)


class TestIndependence:
    """What generates documents and tables shares no code with what judges them."""

    @pytest.mark.parametrize("module", sorted(INDEPENDENT))
    def test_nothing_of_the_package(self, module: str) -> None:
        """Imports from its own kind only."""
        assert set(imported(tree(module), "testing")) <= INDEPENDENT


RESPONSES = frozenset({"Response", "Target", "NonTarget"})


def clinical(source: ast.Module) -> Iterator[str]:
    """The numbers other than 0 and 1, and the responses by name, that a source holds."""
    for node in ast.walk(source):
        if isinstance(node, ast.Constant) and isinstance(node.value, (int, float, complex)):
            if node.value not in (0, 1):
                yield str(node.value)
        elif isinstance(node, ast.Attribute):
            owner = node.value
            name = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
            if name in RESPONSES:
                yield f"{name}.{node.attr}"


class TestDrivers:
    """The drivers hold no clinical knowledge: numbers are criteria, case analysis is rules."""

    @pytest.mark.parametrize("module", ["engine", "baseline", "new_lesions"])
    def test_no_number_no_response(self, module: str) -> None:
        """No number but 0 and 1, and no response by name."""
        assert list(clinical(tree(module))) == []

    @pytest.mark.parametrize("source", ["x = 28", "x = 0.3", "Response.PD", "codes.Target.CR"])
    def test_reader(self, source: str) -> None:
        """The reader finds a number and a response by name."""
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
        [
            *(name for name in MODULES if name != "__main__"),
            *(name for name in SUBMODULES if "._" not in name),
        ],
    )
    def test_all(self, module: str) -> None:
        """`__all__` is sorted, has no name twice, and every name exists."""
        loaded = importlib.import_module("mrecist" if module == "__init__" else f"mrecist.{module}")
        names = loaded.__all__
        assert names == sorted(set(names), key=group_and_name)
        assert [name for name in names if not hasattr(loaded, name)] == []

    def test_dir(self) -> None:
        """The package shows its names, those at the rim before they are loaded too."""
        assert set(mrecist.__all__) <= set(dir(mrecist))
        assert "__version__" in dir(mrecist)
