"""The table of treated lesions: one row per follow-up and lesion that is graded there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .._base.arrays import BLANK, Array
from .._base.errors import Problem
from .._base.words import Category
from ..patient.treated_lesions import BY_ANCILLARY_FLAG
from ..rulebook.lesion_criteria import LR_TR, LR_TR_2024, LesionCriteria
from ..tables.column import Coded, Plain
from ..tables.intake import Read
from . import tables_out
from .panel import Panel
from .treated_lesions import Grades, Treated, at_follow_ups, systemic_lines

__all__ = ["graded_beside", "lesion_columns"]


def graded_beside(data: Read, panel: Panel) -> dict[str, Any]:
    """The table of treated lesions beside other criteria: a category by each version.

    A lesion without any category has no row.
    """
    treated = Treated(data)
    found = {name: treated.grades(each) for name, each in LR_TR.items()}
    some = np.zeros(len(treated.rows), np.bool_)
    for each in found.values():
        some |= each.category != BLANK
    latest = found[LR_TR_2024.name]
    names = {name.replace("-", "_"): each for name, each in found.items()}
    return _columns(data, panel, treated, np.flatnonzero(some), names, latest)


def lesion_columns(data: Read, panel: Panel, criteria: LesionCriteria) -> dict[str, Any]:
    """The table of treated lesions by one version; `category` is empty where none is known."""
    treated = Treated(data)
    found = treated.grades(criteria)
    return _columns(data, panel, treated, np.flatnonzero(found.graded), {"category": found}, found)


def _columns(
    data: Read,
    panel: Panel,
    treated: Treated,
    some: Array,
    names: Mapping[str, Grades],
    told: Grades,
) -> dict[str, Any]:
    timepoint, row = at_follow_ups(treated, panel, some)
    line = panel.timepoints.line[timepoint]
    patient = panel.lines.patient[line]
    code = treated.lesion[row]
    order = np.lexsort((tables_out.ranks_of(data, code), timepoint))
    timepoint, row, line, patient, code = (
        each[order] for each in (timepoint, row, line, patient, code)
    )
    problems = told.problems[row] | _systemic(data, panel)[line]
    done, which = data.procedures, treated.treatment[row]
    kinds = [] if done is None else done.kinds_named
    kind = np.full(0, -1) if done is None else done.kind[which]
    on = np.zeros(0, np.int64) if done is None else done.day[which]
    return {
        "patient": tables_out.patients(data, patient),
        "line": Plain(panel.lines.number[line]),
        "date": tables_out.dates(data, panel.timepoints.day[timepoint], patient),
        "lesion": tables_out.used(Coded(code, data.findings.lesion_ids)),
        **{
            name: tables_out.words(tuple(Category), each.category[row])
            for name, each in names.items()
        },
        "treatment": Coded(kind, kinds),
        "treated_on": tables_out.dates(data, on, patient),
        "size_mm": tables_out.millimetres(told.size_um[row]),
        "flags": Coded(told.ancillary[row].astype(np.int8), ["", BY_ANCILLARY_FLAG]),
        "problems": tables_out.problems_of(problems),
        **tables_out.kept_of(panel, line),
    }


def _systemic(data: Read, panel: Panel) -> Array:
    """Of each line, that it has a drug beside what its lesions are treated by, as bits."""
    named = () if data.lines is None else data.lines.agents_named
    return systemic_lines(panel, named) * Problem.LR_TR_WITH_SYSTEMIC.value
