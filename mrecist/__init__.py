"""Tumour response in hepatocellular carcinoma: HCC mRECIST and RECIST 1.1, exact and explained.

    import mrecist
    patient = mrecist.read_case("case.json")
    assessment = mrecist.assess(patient)
    print(mrecist.explain(assessment))

HCC mRECIST is that of Lencioni and Llovet (2010), not the mesothelioma criteria of Byrne and Nowak
and not the mouse xenograft rules that go by the same name. Research software, not a medical
device.
"""

import sys
from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_NAMES = {
    "_base.errors": (
        "CaseError CourseProblem CriteriaError DocumentError MrecistError NotThereError Problem"
    ),
    "_base.problems": "PROBLEMS ProblemEntry",
    "_base.words": (
        "Answer BclcProgression Category Cause Change Effect EndReason Enhancement Exposure Growth "
        "ImmuneResponse Invasion Kind Masslike Met Modality NewLesion NonTarget Pattern "
        "ProgressionCode Proof Response Status Target Unmentioned"
    ),
    "cohort.adam": "Adam",
    "cohort.agreement": "Crosstab",
    "cohort.endpoints": "Endpoints",
    "cohort.engine": "assess_cohort",
    "cohort.immune_responses": "ImmuneResponses",
    "cohort.lesion_responses": "LesionResponses",
    "cohort.responses": "Responses",
    "documents.answer": "to_assessment to_error",
    "documents.case": "InvalidCase from_case to_case",
    "documents.packaged": "example_case schema",
    "documents.streams": "parse_case read_case read_cases write_documents",
    "endpoints.survival": "Survival kaplan_meier",
    "endpoints.untreatable": "UNTREATABLE Untreatable",
    "laboratory.albi_score": "Albi albi",
    "laboratory.child_pugh_points": "ChildPugh child_pugh",
    "laboratory.gates": "Check Gate GateResult RAMUCIRUMAB",
    "laboratory.liver_columns": "albi_columns child_pugh_columns",
    "laboratory.marker_columns": "MarkerColumns marker_changes",
    "laboratory.marker_levels": "AFP Analyte MarkerSeries PIVKA_II doubling_days marker_series",
    "laboratory.marker_results": "MarkerResponse",
    "laboratory.marker_rules": "Cut MARKER_RULES MarkerRule",
    "laboratory.markers": "MarkerCourse marker_course",
    "laboratory.volumes": "LineVolumes ViableVolumes VolumePoint viable_volumes",
    "lines.administrations": "line_beginnings lines_from_administrations",
    "lines.boundaries": "Administration LINE_BOUNDARIES LineBeginning LineBoundaries",
    "lines.immune_records": "ImmuneLineTimes ImmuneTimes",
    "lines.patterns": "ProgressionPattern progression_pattern",
    "lines.rechallenge": "AgentExposure AgentExposures Bounds exposures_by_agent sequence_text",
    "lines.records": "Course GrowthModulation LineCourse TimeToEvent",
    "lines.timing": "compare_policies course time_to_untreatable",
    "model": "Event Finding Lesion Marker Patient Procedure ReportedBy TherapyLine Timepoint",
    "patient.assessment": "Assessment LineAssessment Progression TimepointAssessment",
    "patient.comparison": "Comparison ComparisonRow compare",
    "patient.engine": "assess",
    "patient.explanation": "explain",
    "patient.immune_assessment": (
        "ImmuneAssessment ImmuneLine ImmunePending ImmuneProgression ImmuneTimepoint"
    ),
    "patient.lesion_assessment": "GradedLesion GradedLine GradedTimepoint LesionAssessment",
    "patient.lesion_notes": "LesionNote",
    "patient.reasons": "Reason",
    "readers.agreement": "Agreement",
    "readers.engine": "assess_readings",
    "readers.readings": "Readings",
    "readers.review": "ALL_READERS DOUBLE_READ Review SINGLE_READ",
    "robustness.answer": "Robustness how_sure",
    "rulebook.criteria": (
        "CRITERIA Criteria EASL MRECIST MRECIST_5MM MRECIST_Q6W MRECIST_REFLECT RECIST_1_1 "
        "RECIST_1_1_LEAP_012 WHO register"
    ),
    "rulebook.immune_criteria": "IMMUNE_CRITERIA IMRECIST IMRECIST_HCC IRECIST ImmuneCriteria",
    "rulebook.lesion_criteria": "LESION_CRITERIA LR_TR_2018 LR_TR_2024 RECICL LesionCriteria",
    "rulebook.papers": "Citation Evidence Paper",
    "rulebook.policies": "Clause EMA_ITT FDA_A POLICIES Policy Schedule",
    "rulebook.reader_variability": "PRESETS ReaderVariability",
    "rulebook.readings": "READINGS Reading",
    "rulebook.to_check": "TO_CHECK ToCheck",
    "tables.mistakes": "CohortError",
    "tables.transport": "TransportError",
}
"""Every public name by the module that defines it, which is loaded when the name is first used."""

_MODULES = {name: module for module, names in _NAMES.items() for name in names.split()}
_PACKAGES = (
    "conformance", "distributed", "io", "plots", "report", "robustness", "simulate", "testing",
)  # fmt: skip
"""Public packages, loaded when first used."""

__all__ = sorted(_MODULES)


def __getattr__(name: str) -> Any:
    if name in _PACKAGES:
        return import_module(f".{name}", __name__)
    if name not in _MODULES:
        raise AttributeError(f"module 'mrecist' has no attribute {name!r}")
    value = getattr(import_module(f".{_MODULES[name]}", __name__), name)
    globals()[name] = value
    if (plugin := sys.modules.get("mrecist.testing._hypothesis_plugin")) is not None:
        plugin.register()  # Hypothesis is loaded: it learns the record
    return value


def __dir__() -> list[str]:
    return sorted([*__all__, *_PACKAGES, "__version__"])
