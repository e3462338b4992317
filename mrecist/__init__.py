"""Tumour response in hepatocellular carcinoma: HCC mRECIST and RECIST 1.1, exact and explained.

    import mrecist
    patient = mrecist.read_case("case.json")
    assessment = mrecist.assess(patient)
    print(mrecist.explain(assessment))

HCC mRECIST is that of Lencioni and Llovet (2010), not the mesothelioma criteria of Byrne and Nowak
and not the mouse xenograft rules that go by the same name. Research software, not a medical
device.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ._explain import explain
from .assessment import Assessment, LineAssessment, Progression, TimepointAssessment
from .codes import (
    Cause,
    EndReason,
    Enhancement,
    Exposure,
    Kind,
    NewLesion,
    NonTarget,
    Pattern,
    Proof,
    Response,
    Status,
    Target,
)
from .criteria import CRITERIA, MRECIST, MRECIST_5MM, RECIST_1_1, Criteria
from .engine import assess
from .errors import CaseError, CriteriaError, MrecistError, NotThereError, Problem
from .model import Event, Finding, Lesion, Marker, Patient, TherapyLine, Timepoint
from .reasons import LesionNote, Reason
from .sources import READINGS, Citation, Evidence, Paper, Reading

if TYPE_CHECKING:
    from ._json import DocumentError
    from .audit import Crosstab
    from .cohort import assess_cohort
    from .comparison import Comparison, ComparisonRow, compare
    from .documents import (
        InvalidCase,
        example_case,
        from_case,
        schema,
        to_assessment,
        to_case,
        to_error,
    )
    from .gates import RAMUCIRUMAB, Check, Gate
    from .levels import AFP, PIVKA_II, Analyte, doubling_days, marker_series
    from .liver import albi, child_pugh
    from .livers import albi_columns, child_pugh_columns
    from .marker_columns import MarkerColumns, marker_changes
    from .marker_rules import MARKER_RULES, Cut, MarkerRule
    from .markers import MarkerCourse, marker_course
    from .responses import Responses
    from .robustness import PRESETS, ReadingError, Robustness, how_sure
    from .streams import parse_case, read_case, read_cases, write_documents
    from .tables import CohortError

__version__ = "0.1.0"

__all__ = [
    "AFP",
    "CRITERIA",
    "MARKER_RULES",
    "MRECIST",
    "MRECIST_5MM",
    "PIVKA_II",
    "PRESETS",
    "RAMUCIRUMAB",
    "READINGS",
    "RECIST_1_1",
    "Analyte",
    "Assessment",
    "CaseError",
    "Cause",
    "Check",
    "Citation",
    "CohortError",
    "Comparison",
    "ComparisonRow",
    "Criteria",
    "CriteriaError",
    "Crosstab",
    "Cut",
    "DocumentError",
    "EndReason",
    "Enhancement",
    "Event",
    "Evidence",
    "Exposure",
    "Finding",
    "Gate",
    "InvalidCase",
    "Kind",
    "Lesion",
    "LesionNote",
    "LineAssessment",
    "Marker",
    "MarkerColumns",
    "MarkerCourse",
    "MarkerRule",
    "MrecistError",
    "NewLesion",
    "NonTarget",
    "NotThereError",
    "Paper",
    "Patient",
    "Pattern",
    "Problem",
    "Progression",
    "Proof",
    "Reading",
    "ReadingError",
    "Reason",
    "Response",
    "Responses",
    "Robustness",
    "Status",
    "Target",
    "TherapyLine",
    "Timepoint",
    "TimepointAssessment",
    "albi",
    "albi_columns",
    "assess",
    "assess_cohort",
    "child_pugh",
    "child_pugh_columns",
    "compare",
    "doubling_days",
    "example_case",
    "explain",
    "from_case",
    "how_sure",
    "marker_changes",
    "marker_course",
    "marker_series",
    "parse_case",
    "read_case",
    "read_cases",
    "schema",
    "to_assessment",
    "to_case",
    "to_error",
    "write_documents",
]


# Formats and comparisons sit at the rim: their modules are loaded when first asked for.
_AT_THE_RIM = {
    "CohortError": "tables",
    "Crosstab": "audit",
    "Comparison": "comparison",
    "ComparisonRow": "comparison",
    "PRESETS": "reading_errors",
    "ReadingError": "reading_errors",
    "Responses": "responses",
    "Robustness": "robustness",
    "assess_cohort": "cohort",
    "compare": "comparison",
    "DocumentError": "_json",
    "InvalidCase": "documents",
    "example_case": "documents",
    "from_case": "documents",
    "how_sure": "robustness",
    "parse_case": "streams",
    "read_case": "streams",
    "read_cases": "streams",
    "schema": "documents",
    "to_assessment": "documents",
    "to_case": "documents",
    "to_error": "documents",
    "write_documents": "streams",
    "RAMUCIRUMAB": "gates",
    "Check": "gates",
    "Gate": "gates",
    "AFP": "levels",
    "PIVKA_II": "levels",
    "Analyte": "levels",
    "doubling_days": "levels",
    "marker_series": "levels",
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
