"""The tables of the rulebook, and the facts of lesions, as the loops for plain charts take them."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from .._base.arrays import BLANK, Array, taken
from .._base.words import (
    Group,
    NewRule,
    Pattern,
    Proof,
    Role,
    Verdict,
    YesNo,
)
from ..rulebook.baseline import BASELINE, TARGET_FIT
from ..rulebook.criteria import Criteria
from ..rulebook.decision_table import DecisionTable, members
from ..rulebook.examinations import PARTIAL
from ..rulebook.new_lesions import DETECTED
from ..tables.clean import Findings
from .baseline import IS_UNSIZED, PART
from .chart import IS_SHOWN
from .compiled_charts import one_type
from .compiled_lines import CODES
from .lesions import FACT_DEFAULTS
from .line_problems import IS_MEASURABLE
from .line_records import LineGrids, TraitColumns
from .nodules import NEEDS_ARTERIAL
from .visits import AS_PLAIN

__all__ = ["AS_PLAIN_HERE", "DEFAULTS", "FACTS", "line_grids", "records_of", "trait_columns"]


def records_of(findings: Findings, rows: Any) -> Array:
    """Some rows of the findings as records; `None` where rows lie in order and none were made."""
    return None if findings.records is None else taken(findings.records, rows)


AS_PLAIN_HERE = AS_PLAIN.copy()
"""Loops take arrays that may be written to: a copy."""
FACTS = tuple(FACT_DEFAULTS)
DEFAULTS = tuple(FACT_DEFAULTS.values())


def _words(kind: Any, of: Any) -> Array:
    """Whether each code of a word is one `of` some; none is where a cell says nothing."""
    inside = np.zeros(BLANK + 1, np.bool_)
    inside[: len(kind)] = members(kind, of)
    return inside


def _is(table: DecisionTable[Any], verdict: Any) -> Array:
    """Whether each rule of a table gives a verdict."""
    return np.equal(table.verdicts, verdict.code)


@cache
def line_grids(criteria: Criteria) -> LineGrids:
    """The tables that a line asks, each cut to the questions that plain charts leave open."""
    new = criteria.rules.new_lesion
    return LineGrids(
        is_shown=IS_SHOWN.copy(),
        baseline=BASELINE.grid[1, 0, ..., 1].copy(),  # recorded, not merged, proven where it must
        role_of=BASELINE.verdicts.copy(),
        part_of=PART.copy(),
        is_diseased=members(Role, {Role.DISEASED}),
        is_unsized=IS_UNSIZED.copy(),
        is_measurable=IS_MEASURABLE.copy(),
        fit=TARGET_FIT.grid.copy(),
        is_fit=_is(TARGET_FIT, YesNo.YES),
        is_atypical=_words(Pattern, {Pattern.ATYPICAL}),
        nontarget=CODES.grid,
        state_of=CODES.states,
        recurs=CODES.recurs,
        still_there=CODES.still_there,
        detected=DETECTED.grid[0, ..., 0, 0].copy(),  # not merged, no effusion that was known
        is_detected=_is(DETECTED, YesNo.YES),
        needs_arterial=_words(Pattern, [each for each in Pattern if NEEDS_ARTERIAL[each.code]]),
        is_doubted=_words(Proof, {Proof.NEGATIVE}),
        is_proof=_words(Proof, {Proof.POSITIVE}),
        new=new.grid[:, :, :, 0, 0, 0, 0].copy(),  # what is judged by its size is left to arrays
        is_new=_is(new, Verdict.NEW),
        partial=PARTIAL.grid[:, 1, 0, :, 0].copy(),  # something is recorded, none of it ours
        is_partial=_is(PARTIAL, YesNo.YES),
    )


def trait_columns(columns: Any) -> TraitColumns:
    """The columns of traits in the types that the loops are compiled for."""
    kinds = {
        "group": np.uint8, "kind": np.uint8, "organ": np.int64, "most_targets": np.int64,
        "smallest_diseased_um": np.int32, "smallest_target_um": np.int32,
        "strict_hilum": np.bool_, "barred": np.bool_, "treated": np.bool_, "outside": np.bool_,
    }  # fmt: skip
    return TraitColumns._make(
        [
            *(one_type(getattr(columns, name), kind) for name, kind in kinds.items()),
            np.equal(columns.group, Group.NODE.code),
            one_type(columns.new_rule, np.uint8),
            np.equal(columns.new_rule, NewRule.HCC.code),
        ]
    )
