"""Assessment and error documents: what was decided of a case, or what is wrong with it.

`mrecist-assessment/1` holds every verdict with its rules and reasons. `mrecist-error/1` stands in
the place of a case that is not valid, with every mistake and its path.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._base.errors import CaseError
from ..patient.assessment import Assessment, LineAssessment, TimepointAssessment
from ..tables.mistakes import CohortError
from .case import InvalidCase, plain_value

if TYPE_CHECKING:
    from ..patient.immune_assessment import ImmuneAssessment
    from ..patient.lesion_assessment import LesionAssessment

__all__ = ["ASSESSMENT", "ERROR", "to_assessment", "to_error"]

ASSESSMENT, ERROR = "mrecist-assessment/1", "mrecist-error/1"


def to_assessment(assessment: Assessment | LesionAssessment | ImmuneAssessment) -> dict[str, Any]:
    """The assessment document: every verdict, with its rules and its reasons."""
    if not isinstance(assessment, Assessment):
        return _other_document(assessment)
    return _document(assessment) | {
        "lines": [_line(line) for line in assessment.lines],
        "problems": assessment.problems.words,
        "notes": list(assessment.notes),
    }


def _other_document(assessment: LesionAssessment | ImmuneAssessment) -> dict[str, Any]:
    """The document of criteria that grade lesions, or whose words have an i."""
    from ..patient import immune_assessment, lesion_assessment  # few ask for them
    from .graded import graded_lines
    from .immune import immune_lines

    if isinstance(assessment, lesion_assessment.LesionAssessment):
        return _document(assessment) | {"lines": graded_lines(assessment), "problems": []}
    if not isinstance(assessment, immune_assessment.ImmuneAssessment):
        told = f"to_assessment() takes an Assessment, got {type(assessment).__name__}"
        raise TypeError(f"{told}; call assess() first")
    return _document(assessment) | {
        "lines": immune_lines(assessment),
        "problems": assessment.problems.words,
        "notes": list(assessment.notes),
    }


def _document(assessment: Assessment | LesionAssessment | ImmuneAssessment) -> dict[str, Any]:
    return {
        "format": ASSESSMENT,
        "patient": assessment.patient.id,
        "reader": assessment.patient.reader,
        "criteria": assessment.criteria.name,
    }


def _line(line: LineAssessment) -> dict[str, Any]:
    progression = line.progression
    by_length = line.facts.chart.criteria.area is None
    return {
        "line": line.number,
        "agents": list(line.line.agents),
        "start": plain_value(line.line.start),
        "baseline": plain_value(line.baseline),
        "targets": list(line.targets),
        "nontargets": list(line.nontargets),
        "baseline_total_mm": line.baseline_total_mm,
        **({} if by_length else {"baseline_total_mm2": line.baseline_total_mm2}),
        "timepoints": [_timepoint(timepoint) for timepoint in line.timepoints],
        "best_response": str(line.best_response),
        "confirmed_best_response": str(line.confirmed_best_response),
        "progression": None
        if progression is None
        else {
            "date": plain_value(progression.date),
            "causes": [str(cause) for cause in progression.causes],
        },
        "exposure": str(line.exposure),
        "rechallenge_of": line.rechallenge_of,
        "drug_free_days": line.drug_free_days,
        "lines_between": line.lines_between,
        "problems": line.problems.words,
    }


def _timepoint(timepoint: TimepointAssessment) -> dict[str, Any]:
    criteria = timepoint.line.chart.criteria
    word = criteria.word
    document = {
        "date": plain_value(timepoint.date),
        "day": timepoint.day,
        "total_mm": timepoint.total_mm,
        "nadir_mm": timepoint.nadir_mm,
        "target": str(timepoint.target),
        "nontarget": str(timepoint.nontarget),
        "new_lesion": str(timepoint.new_lesion),
        "computed": word(timepoint.computed),
        "reported": None if timepoint.reported is None else word(timepoint.reported),
        "agrees": timepoint.agrees,
        "response": word(timepoint.response),
        "source": timepoint.source,
        "rules": list(timepoint.rules),
        "why": timepoint.why,
        "problems": timepoint.problems.words,
    }
    if criteria.area is not None:
        document |= {"total_mm2": timepoint.total_mm2, "nadir_mm2": timepoint.nadir_mm2}
    if timepoint.line.chart.patient.procedures:
        from .graded import graded_beside  # few charts have treated lesions

        if lesions := graded_beside(timepoint):
            return document | {"lesions": lesions}
    return document


def to_error(case: InvalidCase | CaseError) -> dict[str, Any]:
    """The document that stands in the place of a case that is not valid.

    Of an error that was raised (`CaseError`, `CohortError`) it holds every mistake; `patient` is
    empty where it does not name one patient. Raises `TypeError` for anything else.
    """
    if isinstance(case, CohortError):
        patient, errors = _of_tables(case)
    elif isinstance(case, CaseError):
        _, named, patient = case.where.rpartition("patient ")
        patient, errors = patient if named else None, case.lines
    elif isinstance(case, InvalidCase):
        patient, errors = case.patient, list(case.errors)
    else:
        told = "to_error() takes an InvalidCase or an error that mrecist raised"
        raise TypeError(f"{told} (CaseError, CohortError), got {type(case).__name__}")
    return {"format": ERROR, "patient": patient, "errors": errors}


def _of_tables(error: CohortError) -> tuple[str | None, list[str]]:
    """The patient of mistakes in tables, if it is one, and each mistake with its patient if not."""
    patients = [row[0] for row in error.rows]
    if len(set(patients)) == 1 and patients[0] is not None:
        return str(patients[0]), error.lines
    each = zip(patients, error.lines, strict=True)
    return None, [line if who is None else f"patient {who}, {line}" for who, line in each]
