"""A chart as a notebook shows it: what each scan recorded of each lesion, and the lines."""

from __future__ import annotations

from typing import Any

from .._base import html
from .._base.converters import day_number
from .._base.text import mm, several, when

__all__ = ["shown_chart"]

_SIZES = {"viable_um": "viable", "longest_um": "whole", "short_axis_um": "short axis"}


def shown_chart(patient: Any) -> str:
    """The scans as rows and the lesions as columns; lines of therapy below."""
    ids = [lesion.id for lesion in patient.lesions]
    scans = sorted(patient.timepoints, key=lambda each: day_number(each.date))
    rows = []
    for scan in scans:
        told = {each.lesion: _finding(each) for each in scan.findings}
        reported = "" if scan.reported is None else str(scan.reported)
        rows.append((when(scan.date), *(told.get(each, "") for each in ids), reported))
    counted = f"{several(len(ids), 'lesion')}, {several(len(scans), 'time point')}"
    head = ("date", *(f"{each.id} ({each.organ})" for each in patient.lesions), "reported")
    lines = [
        f"Line {number}: {' + '.join(line.agents)} from {when(line.start)}"
        + ("" if line.stop is None else f" to {when(line.stop)}")
        for number, line in enumerate(
            sorted(patient.lines, key=lambda each: day_number(each.start)), 1
        )
    ]
    return html.table(f"{patient.id}: {counted}", head, rows) + html.paragraphs(lines)


def _finding(finding: Any) -> str:
    """The sizes of a finding, or the word that stands for them."""
    sizes = [
        f"{mm(size)} {called}"
        for name, called in _SIZES.items()
        if (size := getattr(finding, name)) is not None
    ]
    return ", ".join(sizes) or str(finding.status)
