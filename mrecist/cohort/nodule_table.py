"""Nodules of a cohort by RECICL: what `patient/nodule_grades.py` says of each patient, as tables.

Each chart is judged by itself: few cohorts are graded by RECICL, and none is large.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .._base.arrays import Array
from .._base.words import Response, TherapeuticEffect
from ..patient.lesion_assessment import GradedLesion, assess_lesions
from ..patient.nodule_grades import NoduleGrade
from ..rulebook.lesion_criteria import RECICL
from ..tables.column import Coded, Plain
from ..tables.intake import Read
from . import tables_out
from .one_patient import patient_of
from .panel import Panel

__all__ = ["graded_nodules", "nodule_columns", "overall_column"]

Graded = list[tuple[tuple[GradedLesion, ...], str | None]]


def graded_nodules(data: Read, panel: Panel) -> Graded:
    """The grades of each follow-up of a panel, and `TE4` where every nodule has it."""
    found: Graded = []
    patients = panel.lines.patient
    first = np.flatnonzero(np.diff(patients, prepend=-1))
    for place in patients[first].tolist():
        assessed = assess_lesions(patient_of(data, int(place)), RECICL)
        found += [
            (each.lesions, each.overall) for line in assessed.lines for each in line.timepoints
        ]
    return found


def nodule_columns(data: Read, panel: Panel, found: Graded) -> dict[str, Any]:
    """One row per follow-up and nodule: its grade, the word beside it, its areas."""
    each = [(at, graded) for at, (lesions, _) in enumerate(found) for graded in lesions]
    at = np.array([place for place, _ in each], np.int64)
    line = panel.timepoints.line[at]
    patient = panel.lines.patient[line]
    grades = [graded.grade for _, graded in each if isinstance(graded.grade, NoduleGrade)]
    effects = np.array([grade.category.code for grade in grades], np.uint8)
    beside = np.array([grade.read_as.code for grade in grades], np.uint8)
    names = list(dict.fromkeys(grade.lesion for grade in grades))
    return {
        "patient": tables_out.patients(data, patient),
        "line": Plain(panel.lines.number[line]),
        "date": tables_out.dates(data, panel.timepoints.day[at], patient),
        "lesion": Coded(np.array([names.index(grade.lesion) for grade in grades], np.int64), names),
        "category": tables_out.words(tuple(TherapeuticEffect), effects),
        "grade": tables_out.words(tuple(TherapeuticEffect), effects),
        "read_as": tables_out.words(tuple(Response), beside),
        "baseline_area_mm2": _mm2([grade.before_um2 for grade in grades]),
        "area_mm2": _mm2([grade.now_um2 for grade in grades]),
        "viable_area_mm2": _mm2([grade.viable_um2 for grade in grades]),
        "problems": tables_out.problems_of(
            np.array([grade.problem_bits for grade in grades], np.uint32)
        ),
        **tables_out.kept_of(panel, line),
    }


def overall_column(found: Graded) -> Coded:
    """`TE4` for each follow-up at which every nodule has it; no other overall grade is known."""
    return Coded(np.array([-1 if told is None else 0 for _, told in found], np.int64), ["TE4"])


def _mm2(areas: list[int | None]) -> Plain:
    null: Array = np.array([area is None for area in areas], np.bool_)
    known = np.array([np.nan if area is None else area / 1_000_000 for area in areas], np.float64)
    return Plain(known, null)
