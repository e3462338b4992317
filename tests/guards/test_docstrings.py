"""Docstrings of public functions: every argument by name, the result, and an example."""

from __future__ import annotations

import builtins
import inspect
import re
from collections.abc import Callable, Iterator
from importlib import import_module
from textwrap import dedent
from typing import Any

import pytest

import mrecist
import mrecist.io
import mrecist.simulate
from mrecist.tables.files import TableFileError

PACKAGES = ("io", "plots", "report", "simulate", "distributed", "conformance")
KINDS = (
    mrecist.Adam, mrecist.Agreement, mrecist.Assessment, mrecist.Course, mrecist.Crosstab,
    mrecist.Endpoints, mrecist.Gate, mrecist.ImmuneAssessment, mrecist.ImmuneResponses,
    mrecist.LesionAssessment, mrecist.LesionResponses, mrecist.MarkerCourse, mrecist.Readings,
    mrecist.Responses, mrecist.Robustness, mrecist.Survival, mrecist.io.Sdtm,
    mrecist.io.Study, mrecist.simulate.Trial,
)  # fmt: skip
"""The classes whose methods are what most of a script calls."""
SECTIONS = ("Args", "Returns", "Raises", "Example")
HEADING = re.compile(rf"^({'|'.join(SECTIONS)}):\n", re.MULTILINE)


def functions(module: Any) -> dict[str, Callable[..., Any]]:
    """The public functions of a module."""
    each = {name: getattr(module, name) for name in module.__all__}
    return {name: value for name, value in each.items() if inspect.isfunction(value)}


def methods(kind: type) -> Iterator[tuple[str, Callable[..., Any]]]:
    ours = [base for base in kind.__mro__ if base.__module__.startswith("mrecist.")]
    for name in {name: None for base in ours for name in vars(base)}:
        value = getattr(kind, name)
        if (inspect.isfunction(value) or inspect.ismethod(value)) and not name.startswith("_"):
            yield f"{kind.__name__}.{name}", value


PUBLIC = functions(mrecist)
DESCRIBED = {
    **PUBLIC,
    **{
        f"{name}.{each}": value
        for name in PACKAGES
        for each, value in functions(import_module(f"mrecist.{name}")).items()
    },
    **{name: value for kind in KINDS for name, value in methods(kind)},
}


ERRORS = {
    **vars(builtins),
    **{name: getattr(mrecist, name) for name in mrecist.__all__},
    **vars(mrecist.io),
    "TableFileError": TableFileError,
}


def sections(function: Callable[..., Any]) -> dict[str, str]:
    """The sections of a docstring, in their order, without the indent."""
    _, *parts = HEADING.split(inspect.getdoc(function) or "")
    return dict(zip(parts[::2], map(dedent, parts[1::2]), strict=True))


def items(section: str) -> dict[str, str]:
    """The names that a section defines: one at the beginning of each item."""
    each = (item.partition(": ") for item in re.split(r"\n(?! )", section.strip()))
    return {name: " ".join(told.split()) for name, _, told in each if name}


def parameters(function: Callable[..., Any]) -> list[str]:
    return [name for name in inspect.signature(function).parameters if name != "self"]


@pytest.mark.parametrize("name", DESCRIBED)
def test_arguments(name: str) -> None:
    """Each argument is named once, in its order, with a sentence; and so is the result."""
    function = DESCRIBED[name]
    found = sections(function)
    arguments = items(found.get("Args", ""))
    assert list(arguments) == parameters(function)
    assert all(told.endswith(".") for told in arguments.values())
    returns = inspect.signature(function).return_annotation
    assert ("Returns" in found) or not arguments or returns in (None, "None")


@pytest.mark.parametrize("name", DESCRIBED)
def test_sections(name: str) -> None:
    """Sections stand in one order at the end, and errors are classes that there are."""
    found = sections(DESCRIBED[name])
    assert list(found) == [each for each in SECTIONS if each in found]
    assert all(body.strip() for body in found.values())
    for error in items(found.get("Raises", "")):
        assert issubclass(ERRORS[error], Exception)


@pytest.mark.parametrize("name", PUBLIC)
def test_example(name: str) -> None:
    """Each function of `mrecist` shows a call of itself."""
    assert f"{name}(" in sections(PUBLIC[name])["Example"]
