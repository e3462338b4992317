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
from typing import TYPE_CHECKING, Any

from ._explain import explain
from .assessment import Assessment, LineAssessment, Progression, TimepointAssessment
from .codes import (
    BclcProgression,
    Cause,
    Effect,
    EndReason,
    Enhancement,
    Exposure,
    Growth,
    Invasion,
    Kind,
    Met,
    NewLesion,
    NonTarget,
    Pattern,
    ProgressionCode,
    Proof,
    Response,
    Status,
    Target,
)
from .criteria import CRITERIA, MRECIST, MRECIST_5MM, RECIST_1_1, Criteria
from .engine import assess
from .errors import CaseError, CourseProblem, CriteriaError, MrecistError, NotThereError, Problem
from .model import Event, Finding, Lesion, Marker, Patient, TherapyLine, Timepoint
from .reasons import LesionNote, Reason
from .sources import READINGS, Citation, Evidence, Paper, Reading

if TYPE_CHECKING:
    from ._json import DocumentError
    from .administrations import (
        LINE_BOUNDARIES,
        Administration,
        LineBeginning,
        LineBoundaries,
        line_beginnings,
        lines_from_administrations,
    )
    from .audit import Crosstab
    from .cohort import assess_cohort
    from .cohort_times import Endpoints
    from .comparison import Comparison, ComparisonRow, compare
    from .courses import (
        Course,
        GrowthModulation,
        LineCourse,
        TimeToEvent,
        compare_policies,
        course,
        time_to_untreatable,
    )
    from .documents import (
        InvalidCase,
        example_case,
        from_case,
        schema,
        to_assessment,
        to_case,
        to_error,
    )
    from .gates import RAMUCIRUMAB, Check, Gate, GateResult
    from .levels import AFP, PIVKA_II, Analyte, MarkerSeries, doubling_days, marker_series
    from .liver import Albi, ChildPugh, albi, child_pugh
    from .livers import albi_columns, child_pugh_columns
    from .marker_columns import MarkerColumns, marker_changes
    from .marker_rules import MARKER_RULES, Cut, MarkerRule
    from .markers import MarkerCourse, MarkerResponse, marker_course
    from .patterns import ProgressionPattern, progression_pattern
    from .policies import EMA_ITT, FDA_A, POLICIES, Clause, Policy, Schedule
    from .rechallenge import (
        AgentExposure,
        AgentExposures,
        Bounds,
        exposures_by_agent,
        sequence_text,
    )
    from .responses import Responses
    from .robustness import PRESETS, ReadingError, Robustness, how_sure
    from .streams import parse_case, read_case, read_cases, write_documents
    from .survival import Survival, kaplan_meier
    from .tables import CohortError
    from .untreatable import UNTREATABLE, Untreatable

__version__ = "0.1.0"

__all__ = [
    "AFP",
    "CRITERIA",
    "EMA_ITT",
    "FDA_A",
    "LINE_BOUNDARIES",
    "MARKER_RULES",
    "MRECIST",
    "MRECIST_5MM",
    "PIVKA_II",
    "POLICIES",
    "PRESETS",
    "RAMUCIRUMAB",
    "READINGS",
    "RECIST_1_1",
    "UNTREATABLE",
    "Administration",
    "AgentExposure",
    "AgentExposures",
    "Albi",
    "Analyte",
    "Assessment",
    "BclcProgression",
    "Bounds",
    "CaseError",
    "Cause",
    "Check",
    "ChildPugh",
    "Citation",
    "Clause",
    "CohortError",
    "Comparison",
    "ComparisonRow",
    "Course",
    "CourseProblem",
    "Criteria",
    "CriteriaError",
    "Crosstab",
    "Cut",
    "DocumentError",
    "Effect",
    "EndReason",
    "Endpoints",
    "Enhancement",
    "Event",
    "Evidence",
    "Exposure",
    "Finding",
    "Gate",
    "GateResult",
    "Growth",
    "GrowthModulation",
    "InvalidCase",
    "Invasion",
    "Kind",
    "Lesion",
    "LesionNote",
    "LineAssessment",
    "LineBeginning",
    "LineBoundaries",
    "LineCourse",
    "Marker",
    "MarkerColumns",
    "MarkerCourse",
    "MarkerResponse",
    "MarkerRule",
    "MarkerSeries",
    "Met",
    "MrecistError",
    "NewLesion",
    "NonTarget",
    "NotThereError",
    "Paper",
    "Patient",
    "Pattern",
    "Policy",
    "Problem",
    "Progression",
    "ProgressionCode",
    "ProgressionPattern",
    "Proof",
    "Reading",
    "ReadingError",
    "Reason",
    "Response",
    "Responses",
    "Robustness",
    "Schedule",
    "Status",
    "Survival",
    "Target",
    "TherapyLine",
    "TimeToEvent",
    "Timepoint",
    "TimepointAssessment",
    "Untreatable",
    "albi",
    "albi_columns",
    "assess",
    "assess_cohort",
    "child_pugh",
    "child_pugh_columns",
    "compare",
    "compare_policies",
    "course",
    "doubling_days",
    "example_case",
    "explain",
    "exposures_by_agent",
    "from_case",
    "how_sure",
    "kaplan_meier",
    "line_beginnings",
    "lines_from_administrations",
    "marker_changes",
    "marker_course",
    "marker_series",
    "parse_case",
    "progression_pattern",
    "read_case",
    "read_cases",
    "schema",
    "sequence_text",
    "time_to_untreatable",
    "to_assessment",
    "to_case",
    "to_error",
    "write_documents",
]


# Formats and comparisons sit at the rim: their modules are loaded when first asked for.
_AT_THE_RIM = {
    "LINE_BOUNDARIES": "administrations",
    "Administration": "administrations",
    "AgentExposure": "rechallenge",
    "AgentExposures": "rechallenge",
    "Bounds": "rechallenge",
    "CohortError": "tables",
    "Crosstab": "audit",
    "Comparison": "comparison",
    "ComparisonRow": "comparison",
    "Clause": "policies",
    "Course": "courses",
    "EMA_ITT": "policies",
    "Endpoints": "cohort_times",
    "FDA_A": "policies",
    "GrowthModulation": "courses",
    "LineCourse": "courses",
    "POLICIES": "policies",
    "Policy": "policies",
    "Schedule": "policies",
    "Survival": "survival",
    "kaplan_meier": "survival",
    "TimeToEvent": "courses",
    "compare_policies": "courses",
    "course": "courses",
    "time_to_untreatable": "courses",
    "UNTREATABLE": "untreatable",
    "Untreatable": "untreatable",
    "PRESETS": "reading_errors",
    "ProgressionPattern": "patterns",
    "ReadingError": "reading_errors",
    "Responses": "responses",
    "Robustness": "robustness",
    "assess_cohort": "cohort",
    "compare": "comparison",
    "DocumentError": "_json",
    "InvalidCase": "documents",
    "example_case": "documents",
    "LineBeginning": "administrations",
    "LineBoundaries": "administrations",
    "exposures_by_agent": "rechallenge",
    "from_case": "documents",
    "how_sure": "robustness",
    "line_beginnings": "administrations",
    "lines_from_administrations": "administrations",
    "parse_case": "streams",
    "progression_pattern": "patterns",
    "read_case": "streams",
    "read_cases": "streams",
    "schema": "documents",
    "sequence_text": "rechallenge",
    "to_assessment": "documents",
    "to_case": "documents",
    "to_error": "documents",
    "write_documents": "streams",
    "RAMUCIRUMAB": "gates",
    "Check": "gates",
    "Gate": "gates",
    "GateResult": "gates",
    "AFP": "levels",
    "PIVKA_II": "levels",
    "Analyte": "levels",
    "MarkerSeries": "levels",
    "doubling_days": "levels",
    "marker_series": "levels",
    "Albi": "liver",
    "ChildPugh": "liver",
    "albi": "liver",
    "child_pugh": "liver",
    "albi_columns": "livers",
    "child_pugh_columns": "livers",
    "MarkerColumns": "marker_columns",
    "marker_changes": "marker_columns",
    "MARKER_RULES": "marker_rules",
    "Cut": "marker_rules",
    "MarkerRule": "marker_rules",
    "MarkerCourse": "markers",
    "MarkerResponse": "markers",
    "marker_course": "markers",
}


if (
    not TYPE_CHECKING
):  # pragma: no branch  # a type checker sees the names above, and refuses all others

    def __getattr__(name: str) -> Any:
        if name not in _AT_THE_RIM:
            raise AttributeError(f"module 'mrecist' has no attribute {name!r}")
        value = getattr(import_module(f".{_AT_THE_RIM[name]}", __name__), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


# Where Hypothesis came first, its entry point had nothing to register yet.
if (_plugin := sys.modules.get("_mrecist_hypothesis_plugin")) is not None:
    _plugin.register()
