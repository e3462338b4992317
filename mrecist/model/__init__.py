"""The patient's chart: lesions, time points with their findings, lines of therapy, markers.

Every record is frozen and holds what a case document can say, and no more. Sizes are given in
millimetres (`viable_mm=41.5`) and kept in whole micrometres (`viable_um`). Dates are calendar
dates or whole study days. A record that no sound chart can contain is refused with a `CaseError`.
"""

from .._base.reported import ReportedBy
from .chart_mistakes import mistakes_in_patient
from .record_mistakes import (
    MISSING,
    mistakes_in_finding,
    mistakes_in_line,
    mistakes_in_timepoint,
)
from .records import Event, Finding, Lesion, Marker, Patient, Procedure, TherapyLine, Timepoint

__all__ = [
    "MISSING",
    "Event",
    "Finding",
    "Lesion",
    "Marker",
    "Patient",
    "Procedure",
    "ReportedBy",
    "TherapyLine",
    "Timepoint",
    "mistakes_in_finding",
    "mistakes_in_line",
    "mistakes_in_patient",
    "mistakes_in_timepoint",
]
