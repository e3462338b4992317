"""Read FHIR, R4 and R5: sizes of mCODE, the Kenyan RECIST profiles, German oncology, treatment.

    study = mrecist.io.read_fhir("bundle.json", measures="viable")
    study.assess("mrecist").lines

A clinician's trend is no verdict, and a size that pathology measured is none on an image.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from .._base.converters import shown
from .._base.text import several
from ..lines.boundaries import LineBoundaries
from . import fhir_codes as known
from .dates import Completion
from .fhir_files import Resource, Resources
from .fhir_findings import Gathered, read_exam, read_finding, read_national
from .fhir_lines import Line, Lines
from .fhir_reading import Reading
from .fhir_tables import findings_table, settle_assessments, settle_phases, settle_sizes
from .fhir_values import first_text, has_code
from .fhir_verdicts import ASK, Verdicts
from .problems import Notes, table
from .sdtm_settings import check_phase, check_settings, check_texts
from .study import MARKER_COLUMNS, REPORTED_COLUMNS, STATUS_COLUMNS, Study

__all__ = ["read_fhir"]

MEASURES = (None, "viable", "whole")
TRENDS = (None, "reported")
_LINE_COLUMNS = ("patient", "start", "stop", "end_reason", "agents", "baseline", "targets",
                 "nontargets", "death", "last_contact")  # fmt: skip
_READ = (
    "Observation",
    "Procedure",
    "MedicationAdministration",
    "MedicationStatement",
    "MedicationUsage",
    "MedicationRequest",
)


def read_fhir(
    source: Any,
    *,
    measures: str | None = None,
    arterial_phase: Any = "method",
    dates: str = "last",
    errors: str = "raise",
    responses: str | None = ASK,
    trend: str | None = None,
    procedures: Mapping[str, str] | None = None,
    drugs: Mapping[str, str] | None = None,
    locations: Mapping[str, tuple[str, str]] | None = None,
    kinds: Mapping[str, str] | None = None,
    boundaries: LineBoundaries | None = None,
) -> Study:
    """The study that resources of FHIR hold.

    Args:
        source: A Bundle, a resource, a list of either (plain values, or objects of
            `fhir.resources`), a file `.json` or `.ndjson`, several files, or a folder of them.
        measures: What the plain diameter of a liver nodule is of: `"viable"`, the enhancing part,
            or `"whole"`. Needed where a liver nodule has a plain diameter only.
        arterial_phase: True, False, a mapping of (patient, date), the others by their method, or
            `"method"`: all by it.
        dates: How a date without a day is completed in its month: `"last"`, `"first"`, `"refuse"`.
        errors: `"raise"` raises every mistake; `"collect"` lists them in `Study.errors`.
        responses: The criteria of verdicts that name none; `None` leaves such verdicts out.
        trend: `"reported"` takes a clinician's trend as a reported verdict.
        procedures: Kinds of local treatment by the codes or names of procedures.
        drugs: Agents by the names of medications, where they are not known.
        locations: Organ and kind by lesion id, or by the name of the place.
        kinds: Kinds of lesions by id, such as `{"L3": "infiltrative"}`.
        boundaries: Where a line of therapy ends and the next begins.

    Returns:
        The study; `problems` lists what was left out, and what was read how.

    Raises:
        AskError: A question that the data do not answer; the message ends in the argument to give.
        IntakeError: Mistakes in the data, every one.
    """
    if measures not in MEASURES:
        raise ValueError(f'measures must be "viable" or "whole", got {measures!r}')
    if trend not in TRENDS:
        raise ValueError(f'trend must be "reported" or None, got {trend!r}')
    if responses is not None and not isinstance(responses, str):
        raise ValueError(f"responses must be the name of criteria or None, got {shown(responses)}")
    check_settings({"kinds": kinds, "locations": locations})
    check_phase(arterial_phase)
    check_texts({"drugs": drugs, "procedures": procedures})
    notes = Notes()
    reading = Reading(Resources.read(source, notes), Completion(dates), notes)
    gathered = Gathered(reading, locations or {})
    verdicts = Verdicts(gathered, responses, trend)
    contacts: dict[str, datetime.date] = {}
    for resource in reading.resources.of("Observation"):
        _read_observation(resource, gathered, verdicts, contacts)
    for resource in reading.resources.of("Patient"):
        verdicts.read_death(resource)
    for resource in reading.resources.left_out(*_READ):
        told = str(resource.body.get("status"))
        notes.note("WITHDRAWN", None, resource.source, resource.row, f"{resource.name}: {told}")
    lines = Lines(gathered, drugs or {}, procedures)
    lines.read_plans()
    lines.read_doses()
    lines.read_procedures()
    by_patient = _lines(gathered, lines, boundaries)
    settle_sizes(gathered, measures, kinds or {})
    settle_phases(gathered, arterial_phase)
    settle_assessments(gathered)
    for patient, count in lines.counts().items():
        if patient not in by_patient:
            told = f"{several(count, 'record')} of treatment"
            notes.note("NO_EXAMINATION", patient, "FHIR", None, told)
    study = Study(
        "FHIR",
        findings_table(gathered),
        table(_LINE_COLUMNS, _line_rows(by_patient, gathered, verdicts, contacts)),
        _procedures(lines, by_patient),
        markers=table(
            MARKER_COLUMNS,
            [row for row in dict.fromkeys(verdicts.markers) if row[0] in by_patient],
        ),
        reported=table(REPORTED_COLUMNS, verdicts.reported),
        status=table(STATUS_COLUMNS, verdicts.status),
        files=reading.resources.files,
        problems=notes.problem_table(),
        errors=notes.error_table(),
    )
    notes.settle(errors)
    return study


def _read_observation(
    resource: Resource, gathered: Gathered, verdicts: Verdicts, contacts: dict[str, datetime.date]
) -> None:
    """An Observation of anything: those of no tumour are passed over."""
    code = resource.body.get("code")
    said = first_text(code)
    if read_national(resource, gathered):
        return
    if said == known.EXAMINATION:
        read_exam(resource, gathered)
    elif has_code(code, known.TUMOR_SIZE) or said == known.STATE:
        read_finding(resource, gathered)
    elif verdicts.is_response(resource):
        verdicts.read_response(resource)
    elif verdicts.is_trend(resource):
        verdicts.read_trend(resource)
    elif said == known.LAST_CONTACT:
        patient = gathered.reading.patient(resource)
        date = None if patient is None else gathered.reading.date(resource, patient)
        if patient is not None and date is not None:
            contacts[patient] = date
    else:
        verdicts.read_marker(resource)


def _lines(
    gathered: Gathered, lines: Lines, boundaries: LineBoundaries | None
) -> dict[str, list[Line]]:
    """The lines of every patient who has examinations, with the roles that are recorded."""
    first: dict[str, datetime.date] = {}
    for patient, date in gathered.exams:
        first[patient] = min(date, first.get(patient, date))
    found = {
        patient: lines.of(patient, boundaries) or [Line(date)] for patient, date in first.items()
    }
    _give_roles(found, gathered)
    seen = {(patient, name) for patient, _, name in gathered.cells}
    for patient, own in found.items():
        _complete_targets(patient, own, first[patient], gathered, seen)
    return found


def _give_roles(lines: Mapping[str, list[Line]], gathered: Gathered) -> None:
    """Give the roles of lesions to the lines of their patients."""
    by_patient: dict[str, dict[str, list[str]]] = {}
    for (patient, name), facts in gathered.facts.items():
        if facts.role in ("target", "non-target"):
            roles = by_patient.setdefault(patient, {"target": [], "non-target": []})
            roles[facts.role].append(name)
    for patient, roles in by_patient.items():
        if patient in lines:
            _give_role(patient, lines[patient], roles, gathered)


def _give_role(
    patient: str, own: list[Line], roles: Mapping[str, list[str]], gathered: Gathered
) -> None:
    """Give roles to the one line; of several lines nobody says which it is."""
    if len(own) > 1:
        told = f"{len(own)} lines: the roles of lesions are chosen"
        gathered.reading.notes.note("ROLES_NOT_READ", patient, "FHIR", None, told)
        return
    own[0].targets, own[0].nontargets = tuple(roles["target"]), tuple(roles["non-target"])


def _complete_targets(
    patient: str,
    own: Iterable[Line],
    first: datetime.date,
    gathered: Gathered,
    seen: set[tuple[str, str]],
) -> None:
    """Say of a listed lesion that nobody looked at that it is not evaluable at the baseline."""
    for line in own:
        for name in (*(line.targets or ()), *(line.nontargets or ())):
            if (patient, name) not in seen:
                seen.add((patient, name))
                key = (patient, line.baseline or first, name)
                resource = gathered.lesion(patient, name, _NOWHERE).resource
                gathered.say(key, "status", "not evaluable", resource)
                told = f"{name} of the line of {line.start}"
                gathered.reading.notes.note("TARGET_WITHOUT_RESULT", patient, "FHIR", None, told)


_NOWHERE = Resource("List", {}, "FHIR", 0)
"""Where a lesion stands that only a list names."""


def _line_rows(
    lines: Mapping[str, list[Line]],
    gathered: Gathered,
    verdicts: Verdicts,
    contacts: Mapping[str, datetime.date],
) -> list[tuple[Any, ...]]:
    rows = []
    for patient, own in lines.items():
        death = verdicts.death.get(patient)
        last = contacts.get(patient) or gathered.reading.seen.get(patient)
        if death is not None and last is not None:
            last = min(last, death)
        rows += [
            (
                patient,
                line.start,
                line.stop,
                line.end_reason,
                "+".join(line.agents) or None,
                line.baseline,
                _listed(line.targets),
                _listed(line.nontargets),
                death,
                last,
            )
            for line in own
        ]
    return rows


def _listed(lesions: tuple[str, ...] | None) -> str | None:
    """A list as a cell: an empty one names none, an empty cell leaves the choice."""
    return None if lesions is None else ";".join(lesions) or ";"


def _procedures(lines: Lines, patients: Iterable[str]) -> dict[str, Any] | None:
    """Local treatment of patients with examinations, and which lesions it was of."""
    seen = {(patient, name) for patient, _, name in lines.gathered.cells}
    known_ones, rows = set(patients), []
    for patient, date, kind, lesions, text in dict.fromkeys(lines.procedures):
        if patient not in known_ones:
            continue
        shown = [name for name in lesions if (patient, name) in seen]
        for name in lesions:
            if name not in shown:
                told = f"{kind} of {date}: no examination shows lesion {name}"
                lines.reading.notes.note("NO_IDENTIFICATION", patient, "FHIR", None, told)
        if shown or not lesions:
            rows.append((patient, date, kind, ";".join(shown) or None, text))
    names = ("patient", "date", "kind", "lesions", "text")
    return dict(table(names, rows)) if rows else None
