"""Two engines on the same tables: everything that comes out must be equal, element by element."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np

import mrecist

__all__ = ["agree", "differences"]

TABLES = ("timepoints", "lines", "errors", "notes", "untreated")


def agree(
    tables: Mapping[str, Any], criteria: mrecist.Criteria = mrecist.MRECIST, **options: Any
) -> Any:
    """Judge by NumPy and by loops; what comes out is the same, or the test fails."""
    one, other = (
        mrecist.assess_cohort(
            **tables, criteria=criteria, errors="collect", engine=engine, **options
        )
        for engine in ("numpy", "numba")
    )
    assert differences(_in_order(one.panel), _in_order(other.panel)) == []
    for name in TABLES:
        table, again = getattr(one, name), getattr(other, name)
        assert differences(table, again) == [], name
    return other


def _in_order(panel: Any) -> Any:
    """The panel with its candidates by time point and lesion: their order tells nothing."""
    news = panel.news
    order = np.lexsort((news.lesion, news.timepoint))
    columns = {name: getattr(news, name)[order] for name in ("timepoint", "lesion", "rule")}
    return attrs.evolve(panel, news=attrs.evolve(news, **columns))


def differences(one: Any, other: Any, path: str = "") -> list[str]:
    """Where two records, mappings, tuples or arrays differ: in values, shapes or types."""
    if attrs.has(type(one)):
        names = [field.name for field in attrs.fields(type(one))]
        pairs = [(name, getattr(one, name), getattr(other, name)) for name in names]
    elif isinstance(one, Mapping):
        if list(one) != list(other):
            return [path]
        pairs = [(name, one[name], other[name]) for name in one]
    elif isinstance(one, tuple):
        pairs = [(str(i), *pair) for i, pair in enumerate(zip(one, other, strict=True))]
    else:
        one, other = np.asarray(one), np.asarray(other)
        same = one.dtype == other.dtype and repr(one.tolist()) == repr(other.tolist())
        return [] if same else [path]
    return [each for name, *pair in pairs for each in differences(*pair, f"{path}.{name}")]
