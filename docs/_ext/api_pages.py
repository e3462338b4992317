"""The public names as pages, one for each room, from signatures and docstrings."""

from __future__ import annotations

import enum
import inspect
import re
from collections.abc import Callable, Iterator
from importlib import import_module
from textwrap import dedent, indent
from types import FunctionType
from typing import Any

import attrs

import mrecist

ROOMS = {
    "model": "The chart",
    "patient": "One patient judged",
    "cohort": "Many patients judged",
    "readers": "Several readers",
    "lines": "Across the lines of therapy",
    "endpoints": "Times to events",
    "rulebook": "Criteria, policies, papers and readings",
    "documents": "Documents",
    "laboratory": "Markers and liver function",
    "robustness": "How sure a response is",
    "tables": "Tables: errors",
    "_base": "Words, problems and errors",
}
PACKAGES = {
    "io": "Other formats",
    "plots": "Figures",
    "report": "Pages",
    "simulate": "Simulated trials",
    "conformance": "Conformance cases",
    "testing.strategies": "Hypothesis strategies",
    "testing.laws": "Laws of any implementation",
    "distributed": "Spark and Dask",
}


def pages() -> dict[str, str]:
    """Every page by its name."""
    made = {room.strip("_"): _room(room) for room in ROOMS}
    made |= {f"mrecist.{name}": _package(name) for name in PACKAGES}
    return {"index": _index(), **made}


def names_of(room: str) -> list[str]:
    """The public names that a room of the package defines."""
    return [
        name
        for module, names in mrecist._NAMES.items()
        if module.partition(".")[0] == room
        for name in sorted(names.split(), key=str.lower)
    ]


def _index() -> str:
    rooms = [f"- [{title}]({room.strip('_')}.md): {_links(room)}" for room, title in ROOMS.items()]
    packages = [
        f"- [{title}](mrecist.{name}.md): `mrecist.{name}`" for name, title in PACKAGES.items()
    ]
    listed = [*(room.strip("_") for room in ROOMS), *(f"mrecist.{name}" for name in PACKAGES)]
    return "\n".join(
        [
            "# API",
            "",
            "Every public name, from its docstring. Other module paths are private and",
            "may move between two versions.",
            "",
            "## Names of `mrecist`",
            "",
            *rooms,
            "",
            "## Packages",
            "",
            *packages,
            "",
            "```{toctree}",
            ":hidden:",
            "",
            *listed,
            "```",
            "",
        ]
    )


def _links(room: str) -> str:
    return ", ".join(f"`{name}`" for name in names_of(room))


def _room(room: str) -> str:
    parts = [f"# {ROOMS[room]}"]
    parts += [_entry(f"mrecist.{name}", name, getattr(mrecist, name)) for name in names_of(room)]
    return "\n\n".join(parts) + "\n"


def _package(name: str) -> str:
    module = import_module(f"mrecist.{name}")
    parts = [f"# {PACKAGES[name]}: `mrecist.{name}`", prose(module.__doc__)]
    parts += [
        _entry(f"mrecist.{name}.{each}", each, getattr(module, each))
        for each in sorted(module.__all__, key=str.lower)
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def _entry(path: str, name: str, value: Any) -> str:
    if isinstance(value, type):
        return "\n\n".join(filter(None, [f"## {name}", *_class(path, value)]))
    if isinstance(value, FunctionType):
        return "\n\n".join([f"## {name}", signature(path, value), prose(value.__doc__)])
    return "\n\n".join(filter(None, [f"## {name}", f"`{path}`", _told(value)]))


def _told(value: Any) -> str:
    """A value: what kind it is, and its keys or its printed form where that is short."""
    kind = f"A value of type `{type(value).__name__}`."
    if hasattr(value, "keys"):
        return f"{kind} Keys: {', '.join(f'`{key}`' for key in value)}."
    shown = str(value)
    if len(shown) > 2500 or " at 0x" in shown:
        return kind
    return f"{kind}\n\n```text\n{shown}\n```"


def _class(path: str, kind: type) -> Iterator[str]:
    if issubclass(kind, enum.Enum):
        yield prose(kind.__doc__)
        yield "Values: " + ", ".join(f"`{each.name}` ({each.value!s})" for each in kind) + "."
        return
    if kind.__init__ is not object.__init__ and not issubclass(kind, (BaseException, enum.Flag)):
        yield signature(path, kind)
    yield prose(kind.__doc__)
    fields = [field.name for field in attrs.fields(kind)] if attrs.has(kind) else []
    public = [field for field in fields if not field.startswith("_")]
    if public:
        yield "Fields: " + ", ".join(f"`{field}`" for field in public) + "."
    for name, member in own_members(kind).items():
        if not name.startswith("_") and name not in fields:
            yield _member(kind, name, member)


def own_members(kind: type) -> dict[str, Any]:
    """The members of a class, and of those bases of ours that have no page of their own."""
    hidden = [
        base
        for base in kind.__mro__[1:]
        if base.__module__.startswith("mrecist.") and not hasattr(mrecist, base.__name__)
    ]
    found: dict[str, Any] = {}
    for each in (kind, *hidden):
        found = dict(vars(each)) | found
    return found


def _member(kind: type, name: str, member: Any) -> str:
    function = _function(member)
    if function is None or not function.__doc__:
        return ""
    heading = f"### {kind.__name__}.{name}"
    if isinstance(member, (FunctionType, classmethod, staticmethod)):
        return f"{heading}\n\n{signature(name, function)}\n\n{prose(function.__doc__)}"
    return f"{heading}\n\n{prose(function.__doc__)}"


def _function(member: Any) -> FunctionType | None:
    """The function behind a method or a property; None of another member."""
    found = member
    for name in ("__func__", "fget", "func"):
        found = getattr(found, name, None) or found
    return found if isinstance(found, FunctionType) else None


def signature(name: str, of: Callable[..., Any]) -> str:
    """A call as it is written, each argument on a line where one line is too short."""
    try:
        found = inspect.signature(of)
    except ValueError:
        return ""
    told = list(_arguments(found))
    returns = found.return_annotation
    tail = "" if returns in (inspect.Signature.empty, None, "None") else f" -> {_plain(returns)}"
    line = f"{name}({', '.join(told)}){tail}"
    if len(line) > 80:
        line = f"{name}(\n" + indent(",\n".join(told), "    ") + f",\n){tail}"
    return f"```text\n{line}\n```"


def _arguments(found: inspect.Signature) -> Iterator[str]:
    starred = False
    for argument in found.parameters.values():
        if argument.name in ("self", "cls"):
            continue
        if argument.kind is argument.KEYWORD_ONLY and not starred:
            yield "*"
            starred = True
        starred = starred or argument.kind is argument.VAR_POSITIONAL
        stars = {argument.VAR_POSITIONAL: "*", argument.VAR_KEYWORD: "**"}.get(argument.kind, "")
        kind = _plain(argument.annotation)
        told = f"{stars}{argument.name}" + (f": {kind}" if kind not in ("", "Any") else "")
        default = argument.default
        equals = " = " if ":" in told else "="
        yield told if default is argument.empty else f"{told}{equals}{_default(default)}"


def _plain(annotation: Any) -> str:
    if annotation is inspect.Parameter.empty:
        return ""
    return (
        annotation
        if isinstance(annotation, str)
        else getattr(annotation, "__name__", str(annotation))
    )


def _default(value: object) -> str:
    shown = repr(str(value)) if isinstance(value, enum.Enum) else repr(value)
    return shown if len(shown) < 60 and " at 0x" not in shown else "..."


SECTIONS = re.compile(r"^(Args|Returns|Raises|Example):\n", re.MULTILINE)
"""The headings of a docstring's sections, each before an indented block."""


def prose(docstring: str | None) -> str:
    """A docstring as Markdown: sections under headings, arguments and errors as definitions."""
    if not docstring:
        return ""
    text, *parts = SECTIONS.split(inspect.cleandoc(docstring))
    sections = zip(parts[::2], map(dedent, parts[1::2]), strict=True)
    told = (f"**{name}**\n\n{_section(name, body.strip())}" for name, body in sections)
    return "\n\n".join([_paragraphs(text.rstrip()), *told])


def _section(name: str, body: str) -> str:
    if name == "Example":
        return f"```python\n{body}\n```"
    if name == "Returns":
        return _paragraphs(body)
    items = (" ".join(item.split()) for item in re.split(r"\n(?! )", body))
    parts = (item.partition(": ") for item in items)
    return "\n\n".join(f"`{term}`\n: {_escaped(told)}" for term, _, told in parts)


def _paragraphs(text: str) -> str:
    """Text as Markdown: examples fenced, what would be markup made plain."""
    lines, example = [], False
    for line in text.splitlines():
        begins = line.lstrip().startswith(">>>")
        if begins and not example:
            lines += ["", "```python"]
            example = True
        if example and not line.strip():
            lines += ["```"]
            example = False
        lines.append(line.lstrip() if example and begins else line if example else _escaped(line))
    return "\n".join([*lines, "```"] if example else lines)


def _escaped(line: str) -> str:
    """Escape what Markdown would read, outside of backticks and indented code."""
    if line.startswith("    "):
        return line
    parts = re.split(r"(`[^`]*`)", line)
    return "".join(
        part if i % 2 else re.sub(r"([<>*\[\]{}$])", r"\\\1", part) for i, part in enumerate(parts)
    )
