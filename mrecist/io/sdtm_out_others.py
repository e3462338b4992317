"""What is of the subject and of no reader: treatment, its end, procedures, markers, death."""

from __future__ import annotations

import datetime
import re
from types import MappingProxyType
from typing import Any

from .._base.words import EndReason
from ..model import Marker, Patient, TherapyLine
from .sdtm_rows import Rows
from .sdtm_variables import TESTS

__all__ = ["write_subject"]

_REASONS = MappingProxyType({
    EndReason.PROGRESSION: "PROGRESSIVE DISEASE",
    EndReason.TOXICITY: "ADVERSE EVENT",
    EndReason.COMPLETED: "COMPLETED",
    EndReason.DEATH: "DEATH",
})  # fmt: skip
_MARKERS = MappingProxyType({"AFP": "AFP", "PIVKAII": "PIVKAII", "AFPL3": "AFPL3AFP"})
_NUMBERED = re.compile(r"line \d+", re.ASCII)
"""What the agents of a line are called that nobody tells."""


def write_subject(rows: Rows, chart: Patient) -> None:
    """The rows of DM, EX, DS, PR, LB and SS of a patient."""
    lines = sorted(chart.lines, key=lambda line: str(line.start))
    if not chart.timepoints:
        rows.leave(chart.id, "timepoints", "there is none: the patient is not read")
    if not lines:
        rows.leave(chart.id, "lines", "there is none: one is read, from the first date on")
    first = str(lines[0].start) if lines else None
    death = None if chart.death is None else str(chart.death)
    rows.add("DM", chart.id, RFSTDTC=first, RFXSTDTC=first, DTHDTC=death, DTHFL=death and "Y")
    for number, line in enumerate(lines, 1):
        _write_line(rows, chart.id, number, line)
    for done in chart.procedures:
        for lesion in done.lesions or (None,):
            rows.add(
                "PR",
                chart.id,
                lnkid=lesion,
                trt=done.text or done.kind,
                decod=done.kind,
                stdtc=str(done.date),
            )
    for marker in chart.markers:
        _write_marker(rows, chart.id, marker)
    if chart.last_contact is not None:
        date = str(chart.last_contact)
        rows.add(
            "SS",
            chart.id,
            testcd="LSCFADTC",
            test=TESTS["LSCFADTC"],
            orres=date,
            stresc=date,
            dtc=date,
        )


def _write_line(rows: Rows, patient: str, number: int, line: TherapyLine) -> None:
    group, stop = f"LINE {number}", None if line.stop is None else str(line.stop)
    told: tuple[str | None, ...] = line.agents
    if len(line.agents) == 1 and _NUMBERED.fullmatch(line.agents[0]):
        told = (None,)
    for agent in told:
        rows.add("EX", patient, grpid=group, trt=agent, stdtc=str(line.start), endtc=stop)
    if line.end_reason is not None:
        rows.add(
            "DS",
            patient,
            grpid=group,
            term=str(line.end_reason).upper(),
            decod=_REASONS.get(line.end_reason, "OTHER"),
            cat="DISPOSITION EVENT",
            stdtc=stop,
        )


def _write_marker(rows: Rows, patient: str, marker: Marker) -> None:
    test = _MARKERS.get(re.sub(r"[^A-Z0-9]", "", marker.name.upper()))
    if test is None or not isinstance(marker.date, datetime.date):
        rows.leave(patient, "marker", f"{marker.name} has no test of the terminology")
        return
    text = str(marker.value).strip()
    cells: dict[str, Any] = {"orres": text, "stresc": text}
    if not text.startswith(("<", ">")):
        cells["stresn"] = float(marker.value)
    rows.add(
        "LB",
        patient,
        testcd=test,
        test=TESTS[test],
        orresu=marker.unit,
        stresu=marker.unit,
        dtc=str(marker.date),
        **cells,
    )
