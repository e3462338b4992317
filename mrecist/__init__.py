"""Tumour response in hepatocellular carcinoma: HCC mRECIST and RECIST 1.1, exact and explained.

    import mrecist
    patient = mrecist.read_case("case.json")
    assessment = mrecist.assess(patient)
    print(mrecist.explain(assessment))

HCC mRECIST is that of Lencioni and Llovet (2010), not the mesothelioma criteria of Byrne and Nowak
and not the mouse xenograft rules that go by the same name. Research software, not a medical
device.
"""

from ._doors import Micrometres
from .assessment import Assessment, LineAssessment, TimepointAssessment
from .compare import Comparison, compare
from .criteria import CRITERIA, MRECIST, MRECIST_5MM, RECIST_1_1, Criteria
from .documents import (
    DocumentError,
    InvalidCase,
    from_case,
    parse_case,
    read_case,
    read_cases,
    schema,
    to_assessment,
    to_case,
    to_error,
    write_documents,
)
from .engine import assess
from .errors import CaseError, CriteriaError, MrecistError, Problem
from .model import Event, Finding, Lesion, Marker, Patient, TherapyLine, Timepoint
from .reasons import LesionNote, Reason, explain
from .sources import READINGS, Citation, Evidence, Paper, Reading

__version__ = "0.1.0"

__all__ = [
    "CRITERIA",
    "MRECIST",
    "MRECIST_5MM",
    "READINGS",
    "RECIST_1_1",
    "Assessment",
    "CaseError",
    "Citation",
    "Comparison",
    "Criteria",
    "CriteriaError",
    "DocumentError",
    "Event",
    "Evidence",
    "Finding",
    "InvalidCase",
    "Lesion",
    "LesionNote",
    "LineAssessment",
    "Marker",
    "Micrometres",
    "MrecistError",
    "Paper",
    "Patient",
    "Problem",
    "Reading",
    "Reason",
    "TherapyLine",
    "Timepoint",
    "TimepointAssessment",
    "assess",
    "compare",
    "explain",
    "from_case",
    "parse_case",
    "read_case",
    "read_cases",
    "schema",
    "to_assessment",
    "to_case",
    "to_error",
    "write_documents",
]


def __dir__() -> list[str]:
    return __all__
