"""Arguments of a wrong type, at every public function: an error that says what is taken."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mrecist
from mrecist import conformance, io, report, simulate

WRONG: dict[str, Any] = {
    "None": None, "int": 3, "float": 2.5, "bool": True, "text": "nothing", "empty": "",
    "bytes": b"x", "list": [], "numbers": [3], "mapping": {}, "column": {"patient": 3},
    "object": object(), "array": np.zeros(3), "tuple": (1, 2), "set": {1, 2}, "nan": float("nan"),
    "large": 2**70, "half": "\ud800", "function": lambda: 1, "range": range(3),
}  # fmt: skip
EXPECTED = (TypeError, ValueError, OSError, ImportError, mrecist.MrecistError)
OF_PYTHON = ("not subscriptable", "has no len", "unsupported operand", "not supported between",
             "object is not iterable", "unhashable", "argument of type", "not callable",
             "has no attribute", "missing 1 required positional")  # fmt: skip
MADE_BY_US = ("Endpoints", "ImmuneResponses", "LesionResponses", "Readings", "Responses", "Study")
"""What functions hand out; nobody makes one."""


def functions() -> Iterator[tuple[str, Callable[..., Any]]]:
    for module in (mrecist, io, simulate, report, conformance):
        for name in module.__all__:
            each = getattr(module, name)
            is_error = inspect.isclass(each) and issubclass(each, BaseException)
            if callable(each) and not is_error and name not in MADE_BY_US:
                yield f"{module.__name__}.{name}", each


FUNCTIONS = dict(functions())


def told(call: Callable[[], Any]) -> str:
    """What the error says; empty where there is none."""
    try:
        made = call()
        if isinstance(made, Iterator):
            list(made)
    except EXPECTED as error:
        return str(error)
    return ""


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, recwarn: pytest.WarningsRecorder
) -> None:
    """No AttributeError, KeyError or IndexError, and no TypeError in the words of Python."""
    monkeypatch.chdir(tmp_path)
    function = FUNCTIONS[name]
    try:
        parameters = inspect.signature(function).parameters.values()
    except ValueError:
        pytest.skip("a class of NumPy or of Python")
    required = [
        each
        for each in parameters
        if each.default is each.empty
        and each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD)
    ]
    # Records of protocols take many keywords, each with a converter of its own.
    keywords = [
        each.name
        for each in parameters
        if not inspect.isclass(function)
        and each.kind is each.KEYWORD_ONLY
        and each.default is each.empty
    ]
    count = len(required) or int(not keywords)
    if not parameters:
        return
    for kind, value in WRONG.items():
        named = dict.fromkeys(keywords, value)
        error = told(lambda given=value, named=named: function(*[given] * count, **named))
        assert not any(words in error for words in OF_PYTHON), (kind, error)


RESPONSES = mrecist.assess_cohort(
    {"patient": ["P"] * 2, "date": [0, 60], "lesion": ["A"] * 2, "viable_mm": [20, 10]}
)


@pytest.mark.parametrize("name", [name for name in dir(RESPONSES) if not name.startswith("_")])
def test_every_method(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the answer for a cohort too."""
    monkeypatch.chdir(tmp_path)
    method = getattr(RESPONSES, name)
    if callable(method):
        for kind, value in WRONG.items():
            error = told(lambda given=value: method(given))
            assert not any(words in error for words in OF_PYTHON), (kind, error)


def test_nothing_written() -> None:
    """This file ran in folders of its own."""
    assert not Path(os.curdir, "nothing").exists()
