"""How often each rule decided in a cohort: one row per rule."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from .._base.arrays import Array
from ..rulebook.best_response import BEST
from ..rulebook.confirmation import CONFIRMED
from ..rulebook.criteria import Criteria
from ..rulebook.decision_table import DecisionTable
from ..rulebook.index import TABLES
from ..rulebook.new_lesions import IS_RECURRENCE, RECURRENCE
from ..rulebook.overall import REPORTED
from ..rulebook.therapy import EXPOSURE
from ..tables.column import Coded, Plain
from .panel import Panel

__all__ = ["Fired", "fired_columns", "rows_fired"]

Fired = dict[str, tuple[DecisionTable[Any], Array]]
"""By the name of each table: the table, and the place of the rule of each decision."""


def fired_columns(criteria: Criteria, panel: Panel) -> dict[str, Any]:
    """One row per rule of the tables that decide at follow-ups and lines: how often it decided."""
    return rows_fired(_fired(criteria, panel))


def rows_fired(fired: Fired) -> dict[str, Any]:
    """One row per rule of these tables, by the name of each: how often it decided."""
    counts = {
        name: (table, np.bincount(each, minlength=len(table.rules)))
        for name, (table, each) in fired.items()
    }
    rows = [
        (name, rule, times)
        for name in TABLES
        if name in counts
        for rule, times in zip(counts[name][0].rules, counts[name][1].tolist(), strict=True)
        if name != "recurrence" or rule is IS_RECURRENCE
    ]
    return {
        "table": _texts(name for name, _, _ in rows),
        "rule": _texts(rule.id for _, rule, _ in rows),
        "verdict": _texts(str(rule.verdict) for _, rule, _ in rows),
        "times": Plain(np.array([times for _, _, times in rows], np.int64)),
        "source": _texts("; ".join(map(str, (rule.source, *rule.readings))) for _, rule, _ in rows),
    }


def _fired(criteria: Criteria, panel: Panel) -> Fired:
    """By the name of each table: the table, and the rules that decided."""
    found, lines, rules = panel.timepoints, panel.lines, criteria.rules
    again = np.flatnonzero(found.recurrence)
    return {
        "target": (rules.target, found.target_rule),
        "nontarget": (rules.nontarget, found.nontarget_rule),
        rules.new_lesion.name: (rules.new_lesion, panel.news.rule),
        "overall": (rules.overall, found.overall_rule),
        "reported": (REPORTED, found.standing_rule),
        "recurrence": (
            RECURRENCE,
            np.full(len(again), RECURRENCE.rules.index(IS_RECURRENCE)),
        ),
        "best": (BEST, lines.best_rule),
        "confirmed": (CONFIRMED, lines.confirmed_rule),
        "exposure": (EXPOSURE, lines.exposure_rule),
    }


def _texts(texts: Iterable[str]) -> Coded:
    """A column of texts, each value once."""
    each = list(texts)
    place = {text: i for i, text in enumerate(dict.fromkeys(each))}
    return Coded(np.array([place[text] for text in each], np.int64), list(place))
