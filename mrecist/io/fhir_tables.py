"""The table of findings out of resources, once all is known of each lesion."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np

from .._base.arrays import Array
from .._base.converters import Date
from .._base.text import several
from .._base.words import Enhancement, Kind
from ..rulebook.organs import LIVER
from ..tables.column_schema import FINDING_COLUMNS, REPORTED_BY, SIZES
from .errors import AskError
from .fhir_findings import OTHER, PLAIN, Exam, Facts, Gathered
from .problems import table
from .sdtm_findings import phase_of
from .visits import settle_visits

__all__ = ["findings_table", "settle_assessments", "settle_phases", "settle_sizes"]

_ALWAYS = ("patient", "date", "lesion", "organ", "kind")
Lesion = tuple[str, str]


def settle_sizes(gathered: Gathered, measures: str | None, kinds: Mapping[str, str]) -> None:
    """Give every size its column, now that the kinds of all lesions are known.

    Raises `AskError` where a liver nodule has a plain diameter, and nobody says what it measures.
    """
    _settle_kinds(gathered, kinds)
    open_ones: set[Lesion] = set()
    for key, cells in gathered.cells.items():
        patient, _, name = key
        facts = gathered.facts[patient, name]
        if OTHER in cells:
            other = cells.pop(OTHER)
            if facts.kind is Kind.NODE:
                cells.setdefault("short_axis_mm", other)
            else:
                told = f"{name}: {other} mm"
                gathered.reading.note("SECOND_DIAMETER", patient, gathered.rows[key], told)
        if PLAIN in cells:
            if measures is None and _is_open(facts) and "viable_mm" not in cells:
                open_ones.add((patient, name))
            viable = measures == "viable" and _is_open(facts) and "viable_mm" not in cells
            cells.setdefault("viable_mm" if viable else "longest_mm", cells.pop(PLAIN))
    if open_ones:
        _ask(open_ones)
    _note_not_viable(gathered)


def _settle_kinds(gathered: Gathered, kinds: Mapping[str, str]) -> None:
    """Give every lesion a kind: as it is said, else by its place, else by whether it has a size."""
    from .._base.record_values import kind as kind_of

    sizes = {PLAIN, OTHER, *SIZES}
    sized = {
        (patient, name)
        for (patient, _, name), cells in gathered.cells.items()
        if not sizes.isdisjoint(cells)
    }
    seen = {(patient, name) for patient, _, name in gathered.cells}
    for lesion, facts in gathered.facts.items():
        if lesion not in seen:
            continue
        if lesion[1] in kinds:
            facts.kind = kind_of(kinds[lesion[1]])
        elif facts.kind is None:
            by_size = Kind.NODULE if lesion in sized else Kind.OTHER
            facts.kind = facts.place.kind or by_size
        if not facts.located:
            detail = f"lesion {lesion[1]}"
            gathered.reading.note("NO_LOCATION", lesion[0], facts.resource, detail)
        if facts.place.unsure:
            detail = f"lesion {lesion[1]}: {facts.place.organ}"
            gathered.reading.note("NODE_HILUM_UNSURE", lesion[0], facts.resource, detail)


def _is_open(facts: Facts) -> bool:
    """Whether a plain diameter of the lesion may be of the viable part or of all."""
    return (
        facts.place.organ == LIVER
        and facts.kind is Kind.NODULE
        and facts.others.get("enhancement") != str(Enhancement.NONE)
    )


def _ask(lesions: set[Lesion]) -> None:
    what = f"{several(len(lesions), 'liver nodule')} of "
    what += several(len({patient for patient, _ in lesions}), "patient")
    verb = "has a plain diameter" if len(lesions) == 1 else "have plain diameters"
    raise AskError(
        f'{what} {verb}: "viable" if of the enhancing part, "whole" if of all',
        'measures="viable" or measures="whole"',
        "--measures viable or --measures whole",
    )


def _note_not_viable(gathered: Gathered) -> None:
    """Name patients whose liver nodules have no viable size, where those of others have."""
    having: set[str] = set()
    plain: dict[str, Any] = {}
    for key, cells in gathered.cells.items():
        if not _is_open(gathered.facts[key[0], key[2]]):
            continue
        if "viable_mm" in cells:
            having.add(key[0])
        elif "longest_mm" in cells:
            plain.setdefault(key[0], gathered.rows[key])
    for patient, resource in plain.items():
        if having and patient not in having:
            gathered.reading.note("NO_VIABLE_SIZE", patient, resource, "plain diameters only")


def settle_phases(gathered: Gathered, arterial: Any) -> None:
    """Say of every examination whether it has an arterial phase, as far as anything tells it."""
    livers = {
        (patient, date)
        for patient, date, name in gathered.cells
        if gathered.facts[patient, name].place.organ == LIVER
    }
    assumed: dict[str, list[Exam]] = {}
    for exam, said in gathered.exams.items():
        if "arterial_phase" in said:
            continue
        given = arterial
        if isinstance(arterial, Mapping):
            given = arterial.get(exam, arterial.get((exam[0], str(exam[1]))))
        if given is not None and given != "method":
            said["arterial_phase"] = bool(given)
        else:
            phases = {phase_of(method) for method in gathered.methods.get(exam, [None])}
            if True in phases or phases == {False}:
                said["arterial_phase"] = True in phases
            elif exam in livers:
                assumed.setdefault(exam[0], []).append(exam)
    for patient, exams in assumed.items():
        methods = sorted({each for exam in exams for each in gathered.methods.get(exam, [])})
        told = f"{several(len(exams), 'examination')}: {', '.join(methods) or 'no method'}"
        gathered.reading.notes.note("PHASE_ASSUMED", patient, "FHIR", None, told)


@attrs.define
class _Seen:
    """A lesion at an examination of one assessment."""

    row: int
    patient: str
    lesion: str
    day: Date
    visit: str | None


def settle_assessments(gathered: Gathered) -> None:
    """Make the examinations of one Kenyan assessment one visit, unless they cannot be."""
    seen = []
    for (patient, date, name), resource in gathered.rows.items():
        named = list(gathered.assessments.get((patient, date), ()))
        seen.append(_Seen(resource.row, patient, name, date, named[0] if len(named) == 1 else None))
    settle_visits(seen, "FHIR", gathered.reading.notes)
    for each in seen:
        if each.visit is not None and isinstance(each.day, datetime.date):
            gathered.exams[each.patient, each.day].setdefault("visit", each.visit)


def findings_table(gathered: Gathered) -> dict[str, Array]:
    """One row per finding; an examination without findings is one row."""
    rows: list[dict[str, Any]] = []
    with_findings = set()
    for key, cells in gathered.cells.items():
        patient, date, name = key
        facts = gathered.facts[patient, name]
        with_findings.add((patient, date))
        rows.append({
            "patient": patient, "date": date, "lesion": name, "organ": facts.place.organ,
            "kind": str(facts.kind), "hilar": (facts.hilar and facts.kind is Kind.NODE) or None,
            "label": facts.place.label, "source": gathered.rows[key].name,
            **facts.others, **gathered.exams[patient, date], **cells,
        })  # fmt: skip
    for (patient, date), said in gathered.exams.items():
        if (patient, date) not in with_findings:
            rows.append({"patient": patient, "date": date, **said})
    order = {
        patient: at for at, patient in enumerate(dict.fromkeys(row["patient"] for row in rows))
    }
    rows.sort(key=lambda row: (order[row["patient"]], row["date"]))
    return _table(rows)


def _table(rows: list[dict[str, Any]]) -> dict[str, Array]:
    """Rows as columns: those that are always there, and those in which anything stands."""
    said = {name for row in rows for name, value in row.items() if value is not None}
    reported = sorted(name for name in said if name.startswith(REPORTED_BY))
    names = [name for name in FINDING_COLUMNS if name in _ALWAYS or name in said]
    more = (*reported, *(("label",) if "label" in said else ()), "source")
    cells = [tuple(row.get(name) for name in (*names, *more)) for row in rows]
    made = table((*names, *more), cells)
    return made if rows else {name: np.empty(0, object) for name in made}
