"""Treated lesions in assessment documents: graded alone, or beside a response."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from .._base.errors import Problem
from ..patient.assessment import TimepointAssessment
from ..patient.lesion_assessment import (
    GradedLesion,
    GradedLine,
    GradedTimepoint,
    LesionAssessment,
)
from ..patient.nodule_grades import NoduleGrade
from ..patient.treated_lesions import Grade, beside, has_systemic
from ..rulebook.lesion_criteria import LR_TR
from .case import plain_value

__all__ = ["graded_beside", "graded_lines"]


def graded_lines(assessment: LesionAssessment) -> list[dict[str, Any]]:
    """The lines of criteria that grade lesions: no response, a category for each lesion."""
    return [_graded_line(line) for line in assessment.lines]


def _graded_line(line: GradedLine) -> dict[str, Any]:
    return {
        "line": line.number,
        "agents": list(line.line.agents),
        "start": plain_value(line.line.start),
        "baseline": plain_value(line.baseline),
        "timepoints": [_graded_timepoint(timepoint) for timepoint in line.timepoints],
        "best_response": None,
        "confirmed_best_response": None,
        "progression": None,
    }


def _graded_timepoint(timepoint: GradedTimepoint) -> dict[str, Any]:
    return {
        "date": plain_value(timepoint.date),
        "day": timepoint.day,
        "response": None,
        **({} if timepoint.overall is None else {"overall": timepoint.overall}),
        "lesions": [_graded_lesion(each) for each in timepoint.lesions],
        "problems": timepoint.problems.words,
    }


def _graded_lesion(graded: GradedLesion) -> dict[str, Any]:
    return {
        "lesion": graded.lesion,
        "category": None if graded.category is None else str(graded.category),
        **_recicl(graded),
        "flags": list(graded.flags),
        "size_mm": graded.size_mm,
        **_treatment(graded),
        "rules": [reason.rule for reason in graded.reasons],
        "why": graded.grade.sentence,
        "problems": graded.problems.words,
    }


def _treatment(graded: GradedLesion) -> dict[str, Any]:
    """The latest treatment of a lesion; RECICL asks for none."""
    if graded.treated_on is None:
        return {}
    return {"treatment": graded.treatment, "treated_on": plain_value(graded.treated_on)}


def _recicl(graded: GradedLesion) -> dict[str, Any]:
    """What a grade of RECICL has beside: its areas, and the word printed beside it."""
    grade = graded.grade
    if not isinstance(grade, NoduleGrade):
        return {}
    areas = {
        "baseline_area_mm2": grade.before_um2,
        "area_mm2": grade.now_um2,
        "viable_area_mm2": grade.viable_um2,
    }
    return {
        "grade": str(grade.category),
        "read_as": str(grade.read_as),
        **{name: None if um2 is None else um2 / 1_000_000 for name, um2 in areas.items()},
    }


def graded_beside(timepoint: TimepointAssessment) -> list[dict[str, Any]]:
    """The treated lesions of a time point that have a category by some version."""
    line = timepoint.line
    systemic = Problem.LR_TR_WITH_SYSTEMIC if has_systemic(line.line) else Problem(0)

    def problems(grades: Iterable[Grade]) -> list[str]:
        return reduce(or_, (each.problems for each in grades), systemic).words

    return [
        {
            "lesion": lesion,
            **{
                name.replace("-", "_"): str(found[name].category) if name in found else None
                for name in LR_TR
            },
            "flags": [flag for each in found.values() for flag in each.flags],
            "problems": problems(found.values()),
        }
        for lesion, found in beside(line.chart, timepoint.place).items()
    ]
