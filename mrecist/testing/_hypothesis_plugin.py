"""Tells Hypothesis which strategy makes a record of ours, so that `st.from_type` knows.

Hypothesis calls `register` whenever it is imported, in every project of an environment that has
this package, so it must cost next to nothing: a record is registered once it is used, by this entry
point where that was before, else by `mrecist` when the name is first asked for.
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
    """Register a strategy for each record that was asked of `mrecist`."""
    used = [kind for name, kind in vars(sys.modules["mrecist"]).items() if name in _STRATEGIES]
    if used:
        from hypothesis.strategies import register_type_strategy

        for kind in used:
            register_type_strategy(kind, _strategy)


def _strategy(kind: type) -> Any:
    """The strategy for one of our records, which is imported when it is first asked for."""
    return getattr(import_module("mrecist.testing.strategies"), _STRATEGIES[kind.__name__])()
