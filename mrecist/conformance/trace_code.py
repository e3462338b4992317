"""Where in the code each rule and reading stands, found in the source of this package."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import resources

import attrs

from ..rulebook import readings as readings_
from ..rulebook.readings import Reading

__all__ = [
    "ID",
    "MODULES",
    "Place",
    "mentioned",
    "name_of",
    "names_by_line",
    "places_of",
    "source_of",
    "statements_of",
]


ID = re.compile(r"\b[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+\b(?!-)|\bTE[1-4][ab]?\b(?!-)")
"""An id as it is written; grades of RECICL are their own."""


ROOMS = (
    "_base", "cohort", "documents", "endpoints", "laboratory", "lines", "model", "patient",
    "readers", "robustness", "rulebook", "tables",
)  # fmt: skip
"""Rooms in which rules and readings stand."""


MODULES = sorted(
    [
        *(
            f"{room}.{entry.name.removesuffix('.py')}"
            for room in ROOMS
            for entry in resources.files("mrecist").joinpath(room).iterdir()
            if entry.name.endswith(".py")
        ),
    ]
)


@attrs.frozen(order=True)
class Place:
    """A definition of a module, and the line on which it names the id (from the source)."""

    module: str
    name: str
    line: int = attrs.field(eq=False, order=False)

    def __str__(self) -> str:
        return f"{self.module}.{self.name}" if self.name else self.module


_BEGINS = re.compile(r"[A-Z][A-Z0-9]*-[A-Z0-9-]*$|TE[1-4][ab]?$")


_NAMED_READING = re.compile(r"\breadings_?\.([A-Z][A-Z0-9_]*)\b")


@cache
def statements_of(module: str) -> list[ast.stmt]:
    return ast.parse(source_of(module)).body


@cache
def _nodes() -> tuple[tuple[str, str, ast.Call | ast.JoinedStr], ...]:
    """All calls and composed texts, each with its module and the definition that it belongs to."""
    return tuple(
        (module, name_of(statement), node)
        for module in MODULES
        for statement in statements_of(module)
        for node in ast.walk(statement)
        if isinstance(node, (ast.Call, ast.JoinedStr))
    )


@cache
def _stated() -> tuple[tuple[re.Pattern[str], Place], ...]:
    """Every definition with the ids that it states: the first argument, or the `id`, of a call."""
    return tuple(
        (re.compile(pattern), Place(module, name, line))
        for module, name, node in _nodes()
        for pattern, line in _first_or_id(node)
    )


@cache
def _built() -> tuple[tuple[re.Pattern[str], Place], ...]:
    """Every definition that puts an id together anywhere: where no call states it as a whole."""
    return tuple(
        (re.compile("".join(map(_pattern, node.values))), Place(module, name, node.lineno))
        for module, name, node in _nodes()
        if isinstance(node, ast.JoinedStr) and len(node.values) == 2 and _ends_an_id(node.values[1])
    )


def _ends_an_id(part: ast.expr) -> bool:
    return isinstance(part, ast.Constant) and bool(re.fullmatch(r"(-[A-Z0-9]+)+", str(part.value)))


def _first_or_id(node: ast.AST) -> Iterator[tuple[str, int]]:
    """What a call states as an id, as a pattern: an id may be put together from others."""
    if isinstance(node, ast.Call):
        for given in [*node.args[:1], *(key.value for key in node.keywords if key.arg == "id")]:
            parts = given.values if isinstance(given, ast.JoinedStr) else [given]
            told = [str(part.value) for part in parts if isinstance(part, ast.Constant)]
            if _BEGINS.match("".join(told)):
                yield "".join(map(_pattern, parts)), given.lineno


def _pattern(part: ast.expr) -> str:
    return re.escape(str(part.value)) if isinstance(part, ast.Constant) else "[A-Z0-9-]+"


def places_of(id: str) -> tuple[Place, ...]:
    found = {place for pattern, place in _stated() if pattern.fullmatch(id)}
    return tuple(sorted(found or {place for pattern, place in _built() if pattern.fullmatch(id)}))


@cache
def mentioned() -> Mapping[str, tuple[Place, ...]]:
    """Every definition that names an id, in code, docstring or comment."""
    readings = {
        name: value.id for name, value in vars(readings_).items() if isinstance(value, Reading)
    }
    found: dict[str, set[Place]] = {}
    for module in MODULES:
        text = source_of(module)
        names = names_by_line(statements_of(module))
        for number, line in enumerate(text.splitlines(), 1):
            ids = [*ID.findall(line), *map(readings.get, _NAMED_READING.findall(line))]
            for id in filter(None, ids):
                found.setdefault(id, set()).add(Place(module, names[number], number))
    return _sorted(found)


def _sorted(found: Mapping[str, set[Place]]) -> Mapping[str, tuple[Place, ...]]:
    return {id: tuple(sorted(places)) for id, places in found.items()}


def source_of(module: str) -> str:
    path = module.replace(".", "/")
    return resources.files("mrecist").joinpath(f"{path}.py").read_text("utf-8")


def names_by_line(body: Iterable[ast.stmt]) -> Mapping[int, str]:
    """The definition that each line belongs to; a text below a definition is its own."""
    names: defaultdict[int, str] = defaultdict(str)
    above = ""
    for statement in body:
        is_text = isinstance(statement, ast.Expr)
        above = above if is_text else name_of(statement)
        for line in range(_first_line(statement), (statement.end_lineno or 0) + 1):
            names[line] = above
    return names


def _first_line(statement: ast.stmt) -> int:
    decorators = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(int(each.lineno) for each in decorators)])


def name_of(statement: ast.stmt) -> str:
    """The name that a statement at the top of a module defines; empty where it defines none."""
    if isinstance(statement, ast.Assign):
        return ast.unparse(statement.targets[0])
    if isinstance(statement, (ast.AnnAssign, ast.AugAssign)):
        return ast.unparse(statement.target)
    return getattr(statement, "name", "")
