"""Tells Hypothesis which strategy makes a record of ours, so that `st.from_type` knows.

Hypothesis calls `register` whenever it is imported, in every project of an environment that has
this package. So this file imports nothing of ours until one of our classes is asked for, and it is
installed once more as a module of its own, `_mrecist_hypothesis_plugin`: to import it from within
the package would import `mrecist` and with it NumPy.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__all__ = ["register"]

_STRATEGIES = {
    ("mrecist.criteria", "Criteria"): "criteria",
    ("mrecist.model", "Finding"): "findings",
    ("mrecist.model", "Lesion"): "lesions",
    ("mrecist.model", "Patient"): "patients",
    ("mrecist.model", "TherapyLine"): "therapy_lines",
    ("mrecist.model", "Timepoint"): "timepoints",
}


def register() -> None:
    """Register a strategy for each record, without importing the records.

    Hypothesis keeps a table of resolvers for NumPy and the like, which is not of its public
    interface; where it is not found, the records are imported and registered in the public way.
    """
    from hypothesis.strategies import register_type_strategy
    from hypothesis.strategies._internal import types

    lookup = getattr(types, "_global_extra_lookup", None)
    if lookup is not None:
        lookup["mrecist"] = _strategy
        return
    for module, name in _STRATEGIES:
        register_type_strategy(getattr(import_module(module), name), _strategy)


def _strategy(kind: Any) -> Any:
    """The strategy for one of our records; none for anything else."""
    where = getattr(kind, "__module__", ""), getattr(kind, "__name__", "")
    if where not in _STRATEGIES:
        return None
    return getattr(import_module("mrecist.testing.strategies"), _STRATEGIES[where])()
