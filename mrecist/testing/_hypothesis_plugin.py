"""Tells Hypothesis which strategy makes a record of ours, so that `st.from_type` knows.

Hypothesis calls `register` whenever it is imported, in every project of an environment that has
this package. A project that does not import `mrecist` must not pay for it, so nothing is registered
until both are loaded: by this entry point where `mrecist` came first, else by `mrecist` itself. For
the same reason the file is installed once more as a module of its own,
`_mrecist_hypothesis_plugin`: to import it from within the package would import the package.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

__all__ = ["register"]

_STRATEGIES = {
    "Criteria": "criteria",
    "Finding": "findings",
    "Lesion": "lesions",
    "Patient": "patients",
    "TherapyLine": "therapy_lines",
    "Timepoint": "timepoints",
}


def register() -> None:
    """Register a strategy for each record, if `mrecist` is loaded; nothing otherwise."""
    package = sys.modules.get("mrecist")
    if package is None:
        return  # it calls this again when it is loaded
    from hypothesis.strategies import register_type_strategy

    for name in _STRATEGIES:
        register_type_strategy(getattr(package, name), _strategy)


def _strategy(kind: type) -> Any:
    """The strategy for one of our records, which is imported when it is first asked for."""
    return getattr(import_module("mrecist.testing.strategies"), _STRATEGIES[kind.__name__])()
