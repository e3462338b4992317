"""Modules of the optional extras, with one clear message where they are absent."""

from __future__ import annotations

from importlib import import_module
from typing import Any

__all__ = ["ENGINES", "extra"]

ENGINES = ("auto", "numpy", "numba")
"""What may judge a cohort: arrays, or loops that numba compiles; or whichever is quicker."""


def extra(module: str, *, of: str, purpose: str, else_: str = "") -> Any:
    """A module of the extra `of`; the `ImportError` says what needs it and how to get it."""
    try:
        return import_module(module)
    except ImportError as error:
        name = module.partition(".")[0]
        told = f'{purpose} {name}: pip install "mrecist[{of}]"{else_}'
        raise ImportError(told, name=name) from error
