"""The oracle with some places of its source changed: `faulty(("<=", "<"))`."""

from __future__ import annotations

import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

Document = dict[str, Any]

MODULES = (
    *("oracle_words", "oracle_chart", "oracle_line", "oracle_sizes", "oracle_roles"),
    *("oracle_new", "oracle_responses", "oracle_areas", "oracle"),
)
"""The modules of the oracle, each after those that it imports."""

SOURCES = {name: (Path(__file__).parent / f"{name}.py").read_text("utf-8") for name in MODULES}


def faulty(*changes: tuple[str, str]) -> Callable[..., Document]:
    """An oracle with every change made; what is changed occurs once in all of its source."""
    sources = dict(SOURCES)
    for right, wrong in changes:
        places = [name for name, source in sources.items() if right in source]
        assert len(places) == 1, f"in {places}: {right}"
        source = sources[places[0]]
        assert source.count(right) == 1, right
        sources[places[0]] = source.replace(right, wrong)
    return loaded(sources)


def loaded(sources: dict[str, str]) -> Callable[..., Document]:
    """The function `oracle` of modules with these sources."""
    package = "faulty_oracle"
    names = [package, *(f"{package}.{name}" for name in MODULES)]
    try:
        sys.modules[package] = types.ModuleType(package)
        sys.modules[package].__path__ = []
        for name in MODULES:
            module = types.ModuleType(f"{package}.{name}")
            module.__package__ = package
            sys.modules[module.__name__] = module
            exec(compile(sources[name], f"<faulty {name}>", "exec"), module.__dict__)
        return sys.modules[names[-1]].oracle
    finally:
        for name in names:
            sys.modules.pop(name, None)
