"""Assessments by criteria of immunotherapy in documents: words with an i, and what is pending."""

from __future__ import annotations

from typing import Any

from ..patient.immune_assessment import (
    ImmuneAssessment,
    ImmuneLine,
    ImmunePending,
    ImmuneProgression,
    ImmuneTimepoint,
)
from .case import plain_value

__all__ = ["immune_lines"]


def immune_lines(assessment: ImmuneAssessment) -> list[dict[str, Any]]:
    """The lines of an assessment by iRECIST, as its document has them."""
    return [_line(line) for line in assessment.lines]


def _line(line: ImmuneLine) -> dict[str, Any]:
    exposure = line.re_exposure
    return {
        "line": line.number,
        "agents": list(line.line.agents),
        "start": plain_value(line.line.start),
        "baseline": plain_value(line.baseline),
        "targets": list(line.targets),
        "nontargets": list(line.nontargets),
        "baseline_total_mm": line.base.baseline_total_mm,
        "timepoints": [_timepoint(each) for each in line.timepoints],
        "best_response": str(line.best_response),
        "confirmed_best_response": str(line.confirmed_best_response),
        "progression": None if line.progression is None else _progression(line.progression),
        "pending": None if line.pending is None else _dated(line.pending),
        "exposure": str(line.exposure),
        "rechallenge_of": exposure.earlier,
        "drug_free_days": exposure.drug_free_days,
        "lines_between": exposure.lines_between,
        "problems": line.problems.words,
    }


def _dated(found: ImmunePending | ImmuneProgression) -> dict[str, Any]:
    causes = [str(cause) for cause in found.causes]
    return {"date": plain_value(found.date), "causes": causes}


def _progression(progression: ImmuneProgression) -> dict[str, Any]:
    return _dated(progression) | {"confirmed": plain_value(progression.confirmed)}


def _timepoint(timepoint: ImmuneTimepoint) -> dict[str, Any]:
    return {
        "date": plain_value(timepoint.date),
        "day": timepoint.day,
        "total_mm": timepoint.total_mm,
        "nadir_mm": timepoint.nadir_mm,
        "new_total_mm": timepoint.new_total_mm,
        "target": str(timepoint.target),
        "nontarget": str(timepoint.nontarget),
        "new_lesion": str(timepoint.new_lesion),
        "computed": str(timepoint.computed),
        "reported": None if timepoint.reported is None else str(timepoint.reported),
        "agrees": timepoint.agrees,
        "response": str(timepoint.response),
        "source": timepoint.source,
        "rules": list(timepoint.rules),
        "why": timepoint.why,
        "problems": timepoint.problems.words,
    }
