"""Charts, or case documents, as the tables of a study."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .._base.arrays import Array
from .._base.converters import Micrometres
from .._base.volumes import Microlitres
from ..documents.case import from_case
from ..model import Finding, Lesion, Patient, TherapyLine, Timepoint
from ..tables.column_schema import (
    FACTS,
    FINDING_COLUMNS,
    IN_FINDING,
    LINE_COLUMNS,
    PROCEDURE_COLUMNS,
    READER,
    REPORTED_BY,
    SIZES,
    VOLUMES,
)
from .of_readings import facts_and_readings, refuse_odd_charts
from .problems import table

__all__ = ["tables_of"]

_MARKERS = ("patient", "date", "name", "value", "unit")
Row = dict[str, Any]


Made = dict[str, Array]


def tables_of(
    documents: Iterable[Patient | Mapping[str, Any]],
) -> tuple[Made, Made, Made | None, Made]:
    """The tables of findings, lines, procedures (`None`: there are none) and markers.

    Where a chart names its reader, the tables have a column `reader`, and what readers share is
    there once. Raises `CaseError` where two charts of a patient cannot stand together.
    """
    charts = [each if isinstance(each, Patient) else from_case(each) for each in documents]
    reader = (READER,) * any(chart.reader is not None for chart in charts)
    refuse_odd_charts(charts)
    findings: list[Row] = []
    lines: list[Row] = []
    done: list[Row] = []
    markers: list[Row] = []
    seen: set[str] = set()
    written: dict[str, str] = {}
    for chart in charts:
        is_first = not reader or chart.id not in seen
        seen.add(chart.id)
        whose: Row = {"patient": chart.id}
        if chart.reader is not None:
            whose[READER] = written.setdefault(chart.reader.casefold(), chart.reader)
        lesions = {lesion.id: lesion for lesion in chart.lesions}
        for timepoint in chart.timepoints:
            findings += [whose | row for row in _rows(timepoint, lesions)]
        for line in chart.lines:
            row = _line(chart, line)
            lines += facts_and_readings(whose, row, is_first) if reader else [row]
        done += [
            whose
            | {
                "date": each.date,
                "kind": each.kind,
                "text": each.text,
                "lesions": ";".join(each.lesions) or None,
            }
            for each in chart.procedures
        ]
        markers += [
            {"patient": chart.id} | {name: getattr(each, name) for name in _MARKERS[1:]}
            for each in (chart.markers if is_first else ())
        ]
    reported = sorted({name for row in findings for name in row if name.startswith(REPORTED_BY)})
    label = ("label",) * any("label" in row for row in findings)
    return (
        _table((*FINDING_COLUMNS, *reported, *label, *reader), findings),
        _table((*LINE_COLUMNS, *reader), lines),
        _table((*PROCEDURE_COLUMNS, *reader), done) if done else None,
        _table(_MARKERS, markers),
    )


def _table(names: Iterable[str], rows: list[Row]) -> dict[str, Array]:
    names = list(names)
    return table(names, [tuple(row.get(name) for name in names) for row in rows])


def _rows(timepoint: Timepoint, lesions: Mapping[str, Lesion]) -> list[Row]:
    """The rows of one examination; without findings it is one row."""
    row: Row = {"date": timepoint.date, "visit": timepoint.visit,
                "arterial_phase": timepoint.arterial_phase,
                "modality": _plain(timepoint.modality),
                "unmentioned": str(timepoint.unmentioned)}  # fmt: skip
    if isinstance(timepoint.reported, Mapping):
        row |= {f"{REPORTED_BY}{name}": str(word) for name, word in timepoint.reported.items()}
    elif timepoint.reported is not None:
        row["reported"] = str(timepoint.reported)
    return [row | _finding(each, lesions[each.lesion]) for each in timepoint.findings] or [row]


def _finding(finding: Finding, lesion: Lesion) -> Row:
    made: Row = {"lesion": finding.lesion}
    if lesion.label is not None:
        made["label"] = lesion.label
    for record, names in ((lesion, FACTS), (finding, IN_FINDING)):
        made |= {name: _plain(getattr(record, name)) for name in names}
    for name, field in (SIZES | VOLUMES).items():
        size: Micrometres | Microlitres | None = getattr(finding, field)
        made[name] = None if size is None else f"{size // 1000}.{size % 1000:03}"
    return made


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool) else str(value)


def _line(chart: Patient, line: TherapyLine) -> Row:
    lists = {name: _listed(getattr(line, name)) for name in ("targets", "nontargets")}
    return {
        "patient": chart.id,
        "start": line.start,
        "stop": line.stop,
        "end_reason": _plain(line.end_reason),
        "agents": "+".join(line.agents),
        "baseline": line.baseline,
        "death": chart.death,
        "last_contact": chart.last_contact,
        **lists,
    }


def _listed(lesions: tuple[str, ...] | None) -> str | None:
    """A list of lesions as a cell; an empty list names none, an empty cell leaves the choice."""
    return None if lesions is None else ";".join(lesions) or ";"
