"""Warnings are errors where they are ours, and only there."""

from __future__ import annotations

import warnings

import numpy as np
import pytest


def warned(module: str, kind: type[Warning] = DeprecationWarning) -> None:
    """Warn as code of a module does, or as what it calls does on its behalf."""
    warnings.warn_explicit("old", kind, f"{module}.py", 1, module)


@pytest.mark.parametrize("module", ["mrecist", "mrecist.plots._svg"])
@pytest.mark.parametrize("kind", [DeprecationWarning, FutureWarning, UserWarning])
def test_ours(module: str, kind: type[Warning]) -> None:
    with pytest.raises(kind):
        warned(module, kind)


def test_arithmetic_of_numpy() -> None:
    """NumPy warns of an overflow in the name of whoever computes, here and in functions of its."""
    with pytest.raises(RuntimeWarning):
        warned("numpy.lib._function_base_impl", RuntimeWarning)
    compute = compile("numpy.int8(127) + numpy.int8(1)", "intake.py", "eval")
    with pytest.raises(RuntimeWarning):
        eval(compute, {"__name__": "mrecist.tables.intake", "numpy": np})


def test_memory() -> None:
    """A file of others that is swept from memory is told of whoever runs then."""
    with warnings.catch_warnings(record=True) as told:
        warned("mrecist", ResourceWarning)
    assert len(told) == 1


def test_of_others() -> None:
    """What a dependency deprecates within itself or another stops nothing."""
    with warnings.catch_warnings(record=True) as told:
        warned("pyparsing")
        warned("matplotlib._mathtext")
    assert len(told) == 2
