"""DICOM structured reports of measurements (TID 1500): `read_dicom_sr` takes files and folders.

    study = mrecist.io.read_dicom_sr("reports/", measures="viable")

Files are found in `dicom_files`, read in `dicom_content`, lesions tracked in `dicom_tracking`, and
findings made in `measured`. A report has no line of therapy: give `lines`.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

import attrs

from .._base.text import several
from .._base.words import Kind, Status
from . import dicom_codes as codes
from .dicom_content import MeasurementGroup, Report, report_of
from .dicom_files import Opened, reports
from .dicom_tracking import KEYS, LesionKey, lesions_of
from .errors import AskError
from .locations import UNKNOWN, Location, is_nodal, location
from .measured import (
    Measured,
    Record,
    Sites,
    given_location,
    millimetres,
    study_dates,
    with_roles,
)
from .problems import Notes, table
from .study import REPORTED_COLUMNS, Study

__all__ = ["read_dicom_sr"]

Keep = Callable[[MeasurementGroup], bool]
_SOURCE = "DICOM SR"


def read_dicom_sr(
    paths: Any,
    *,
    measures: str | None = None,
    lesion_key: LesionKey | None = None,
    keep: Keep | None = None,
    reader: str | None = None,
    dates: Mapping[str, Any] | None = None,
    sites: Mapping[str, Any] | None = None,
    locations: Sites | None = None,
    lines: Any = None,
    errors: str = "raise",
) -> Study:
    """The study that structured reports hold: one finding for each group of measurements.

    Args:
        paths: A file, a folder (searched with all folders inside), or several of them.
        measures: What a plain diameter of a liver nodule measures, `"viable"` or `"whole"`.
        lesion_key: What names the lesion: `"tracking_id"`, `"tracking_uid"`, `"finding"`, or a
            function of a `MeasurementGroup` that gives its name, `None` for what is no lesion. Left
            out, a tracking identifier that is no tool's name, or a unique one that recurs.
        keep: A function of a `MeasurementGroup` that tells whether it is of a lesion; left out, its
            finding tells.
        reader: Whose measurements are read, or `"each"`; needed where two measured on one date.
        dates: The date of each study by its StudyInstanceUID, before that of the report.
        sites: Places by code (`"SCT:39607008"`) or meaning: words, or an organ and a kind.
        locations: Places by lesion, before those of the report; or one of all without a place (in
            a mapping, by `None`).
        lines: A table of the lines of therapy, as `assess_cohort` takes it.
        errors: `"raise"` or `"collect"`: what to do with mistakes.

    Returns:
        The study; `problems` names every group that is not used, and why.

    Raises:
        AskError: Something that the reports do not say, with the argument that answers it.
        IntakeError: Every mistake, with its file and group (from 0).
    """
    if isinstance(lesion_key, str) and lesion_key not in KEYS:
        known = ", ".join(KEYS)
        raise ValueError(f"lesion_key must be a function or one of {known}, got {lesion_key!r}")
    notes = Notes()
    reading = _Reading(notes, Measured(measures, locations, notes), sites or {}, study_dates(dates))
    reading.read(reports(paths, notes))
    chosen = _of_reader(reading.chosen(keep, lesion_key), reader)
    lesions = lesions_of(chosen, lesion_key)
    reading.add(chosen, lesions)
    reading.measured.ask_what_is_measured()
    reading.ask_what_is_a_lesion()
    findings = reading.measured.table()
    line_table = with_roles(findings, lines, reading.shared_roles(findings), _SOURCE, notes)
    notes.settle(errors)
    return Study(
        _SOURCE,
        findings,
        line_table,
        reported=table(REPORTED_COLUMNS, reading.reported),
        problems=notes.problem_table(),
        errors=notes.error_table(),
        readers=list(dict.fromkeys(findings.get("reader", ()))),
        files=reading.files,
    )


# ---- which groups


def _of_reader(groups: list[MeasurementGroup], reader: str | None) -> list[MeasurementGroup]:
    """The groups of a reader. Where nobody is named, two readers of one date are a question."""
    counts = Counter(group.reader for group in groups if group.reader is not None)
    if reader == "each":
        return groups if len(counts) > 1 else [attrs.evolve(each, reader=None) for each in groups]
    if reader is not None:
        own = [group for group in groups if group.reader == reader]
        if not own:
            known = ", ".join(counts) or "nobody"
            raise ValueError(f'reader must be one of {known}, or "each", got {reader!r}')
        return [attrs.evolve(group, reader=None) for group in own]
    by: dict[tuple[Any, Any], set[str]] = {}
    for group in groups:
        if group.reader is not None:
            by.setdefault((group.patient, group.date), set()).add(group.reader)
    if any(len(each) > 1 for each in by.values()):
        told = ", ".join(f"{name} ({count})" for name, count in counts.items())
        first = next(iter(counts))
        raise AskError(
            f"several readers measured on one date: {told}",
            f'reader="{first}", or reader="each"',
            f"--reader '{first}'",
        )
    return [attrs.evolve(group, reader=None) for group in groups]


class _Reading:
    """Reports into groups, and groups into findings."""

    def __init__(
        self,
        notes: Notes,
        measured: Measured,
        sites: Mapping[str, Any],
        dates: Mapping[str, datetime.date],
    ) -> None:
        self.notes, self.measured, self.dates = notes, measured, dates
        self.sites = {name.lower(): given_location(place) for name, place in sites.items()}
        self.reports: list[Report] = []
        self.files: list[str] = []
        self.reported: list[tuple[Any, ...]] = []
        self.roles: dict[str, dict[str, list[str]]] = {}
        self._unnamed: list[MeasurementGroup] = []

    def read(self, files: Iterable[Opened]) -> None:
        """Read each report; one that is not sound is a mistake, and costs no other."""
        seen: dict[str, str] = {}
        for opened in files:
            self.files.append(opened.path)
            try:
                report = report_of(opened)
            except Exception as error:
                told = f"not a sound report: {' '.join(str(error).split())[:200]}"
                self.notes.refuse("NOT_A_TABLE", None, opened.name, None, "", told)
                continue
            if report.sop_uid is not None and report.sop_uid in seen:
                told = f"the same report as {seen[report.sop_uid]}"
                self.notes.note("DUPLICATE_RESULT", report.patient, opened.name, None, told)
                continue
            if report.sop_uid is not None:
                seen[report.sop_uid] = opened.name
            self._keep(report)

    def _keep(self, report: Report) -> None:
        patient, source = report.patient, report.source
        if patient is None:
            told = "the report has no PatientID"
            self.notes.refuse("NO_PATIENT", None, source, None, "PatientID", told)
        if not report.groups:
            what = (
                "no group of them" if report.is_measured else "none of the measurements of TID 1500"
            )
            self.notes.note("NO_LENGTH", patient, source, None, f"the report holds {what}")
        groups = [self._dated(group) for group in report.groups]
        if any(group.date is None for group in groups):
            told = (
                f"no date of the study, or several: say dates={{{groups[0].study_uid!r}: date}}, "
                f"or --study-date {groups[0].study_uid}=YYYY-MM-DD"
            )
            self.notes.refuse("NO_DATE", patient, source, None, "StudyDate", told)
        for test, word in report.responses:
            self.reported.append(
                (patient, None, report.date, test, report.criteria, word, source, None)
            )
        self.reports.append(attrs.evolve(report, groups=tuple(groups)))

    def _dated(self, group: MeasurementGroup) -> MeasurementGroup:
        return attrs.evolve(group, date=self.dates.get(group.study_uid or "", group.date))

    def chosen(self, keep: Keep | None, key: LesionKey | None) -> list[MeasurementGroup]:
        """The groups that are of a lesion."""
        groups = [group for report in self.reports for group in report.groups]
        return [group for group in groups if self._is_lesion(group, keep, key)]

    def _is_lesion(self, group: MeasurementGroup, keep: Keep | None, key: LesionKey | None) -> bool:
        if keep is not None:
            if not keep(group):
                self._note("NOT_A_LESION", group, f"{_told(group)}: keep says no")
                return False
            return True
        named = {each.code for each in group.findings}
        is_no_lesion = {codes.ANATOMY, codes.NOT_A_LESION} & group.words
        if (named | group.words & codes.CATEGORIES) & codes.LESIONS and not is_no_lesion:
            return True
        if is_no_lesion or any(each.is_coded for each in group.findings):
            self._note("NOT_A_LESION", group, f"{_told(group)} is no lesion")
            return False
        if key is None:
            self._pass_over(group)
        return key is not None

    def _pass_over(self, group: MeasurementGroup) -> None:
        """A group of which no finding says what it is; its lengths are looked at all the same."""
        if self._lengths(group):
            self._unnamed.append(group)
            told = f"{_told(group)}: no finding says what it is; say lesion_key= or keep="
            self._note("NOT_A_LESION", group, told)
        elif all(each.value is None for each in group.lengths):
            self._note_empty(group)

    # ---- findings

    def add(
        self, groups: list[MeasurementGroup], lesions: Mapping[MeasurementGroup, str | None]
    ) -> None:
        """Make a finding of each group that has a lesion, a patient, a date, and says something."""
        without: list[tuple[MeasurementGroup, str]] = []
        for group in groups:
            lengths = self._lengths(group)
            state = next(
                (codes.STATES[each] for each in sorted(group.words) if each in codes.STATES), None
            )
            lesion = lesions[group]
            self._add_reported(group, lesion)
            if not lengths and state is None and not self._role(group):
                if all(each.value is None for each in group.lengths):
                    self._note_empty(group)
            elif lesion is None:
                self._refuse_untracked(group)
            elif group.patient is not None and group.date is not None:
                self._add_role(group, lesion)
                if lengths or state is not None:
                    self._record(group, lesion, lengths, state)
                else:
                    without.append((group, lesion))
        for group, lesion in without:
            self._add_missing(group, lesion)

    def _record(
        self,
        group: MeasurementGroup,
        lesion: str,
        lengths: tuple[tuple[str, Decimal], ...],
        status: Status | None,
    ) -> None:
        assert group.patient is not None
        assert group.date is not None
        self.measured.add(
            Record(
                patient=group.patient,
                reader=group.reader,
                date=group.date,
                lesion=lesion,
                location=self._location(group),
                lengths=lengths,
                status=status,
                source=group.source,
                row=group.row,
            )
        )

    def _add_missing(self, group: MeasurementGroup, lesion: str) -> None:
        """A lesion with a role and no result: not evaluable where it has none at any date."""
        own = (group.patient, group.reader, lesion)
        if any((key[0], key[1], key[3]) == own for key in self.measured.rows):
            self._note_empty(group)
            return
        told = f"{lesion} has a role and no result: it is not evaluable"
        self._note("TARGET_WITHOUT_RESULT", group, told)
        self._record(group, lesion, (), Status.NOT_EVALUABLE)

    def _lengths(self, group: MeasurementGroup) -> tuple[tuple[str, Decimal], ...]:
        """The lengths of a group in mm; what is none is a mistake."""
        found = []
        for each in group.lengths:
            if each.value is None:
                continue
            try:
                found.append((each.axis, millimetres(each.value, each.unit, each.name)))
            except ValueError as error:
                self.notes.refuse(
                    "NOT_A_LENGTH", group.patient, group.source, group.row, each.name, str(error)
                )
        return tuple(found)

    def _location(self, group: MeasurementGroup) -> Location:
        """Where the lesion lies, by the caller's sites, the site of the group, and its finding."""
        for site in group.sites:
            for name in (site.code, site.code.rpartition(":")[2], site.meaning):
                if name.lower() in self.sites:
                    return self.sites[name.lower()]
        places = [each.place for each in group.sites]
        node = any(each.code == codes.LYMPH_NODE for each in group.findings)
        if not node:
            return location(places[0]) if places else Location(UNKNOWN)
        nodal = next((place for place in places if is_nodal(place.upper())), None)
        if nodal is None:
            nodal = f"{places[0]} LYMPH NODE" if places else "LYMPH NODE"
        return attrs.evolve(location(nodal), kind=Kind.NODE)

    def _role(self, group: MeasurementGroup) -> str | None:
        return next(
            (codes.ROLES[each] for each in sorted(group.words) if each in codes.ROLES), None
        )

    def _add_role(self, group: MeasurementGroup, lesion: str) -> None:
        role = self._role(group)
        if role is None:
            return
        assert group.patient is not None
        own = self.roles.setdefault(group.patient, {})
        before = next((name for name, each in own.items() if lesion in each), None)
        if before is None:
            own.setdefault(role, []).append(lesion)
        elif before != role:
            self._note("ROLE_CHANGES", group, f"{lesion} is one of the {before}, then {role}")

    def shared_roles(self, findings: Mapping[str, Any]) -> dict[str, dict[str, list[str]]]:
        """The roles of lesions; those of several readers are not those of one line."""
        if "reader" not in findings:
            return self.roles
        for patient in self.roles:
            told = "the roles of its lesions are not read: they are of several readers"
            self.notes.note("ROLES_NOT_READ", patient, _SOURCE, None, told)
        return {}

    def _add_reported(self, group: MeasurementGroup, lesion: str | None) -> None:
        for each in sorted(group.words & codes.RESPONSES.keys()):
            test = f"lesion {lesion}" if lesion is not None else _told(group)
            self.reported.append((group.patient, group.reader, group.date, test, None,
                                  codes.RESPONSES[each], group.source, group.row))  # fmt: skip

    def _refuse_untracked(self, group: MeasurementGroup) -> None:
        told = (
            f"{_told(group)}: neither its tracking identifier nor a unique one that recurs names "
            'the lesion; say lesion_key="finding" (--lesion-key finding), "tracking_id" or a '
            "function"
        )
        self.notes.refuse(
            "LESION_NOT_TRACKED", group.patient, group.source, group.row, "TrackingIdentifier", told
        )

    def ask_what_is_a_lesion(self) -> None:
        """Ask which groups are of lesions, where none says so."""
        if self._unnamed and not self.measured.rows and not self.notes.mistakes:
            count = several(len(self._unnamed), "measurement")
            raise AskError(
                f"{count} (first in {self._unnamed[0].source}), and no finding says what was "
                "measured: if these are lesions, say what names them",
                'lesion_key="finding" (or "tracking_id", or a function)',
                "--lesion-key finding",
            )

    def _note_empty(self, group: MeasurementGroup) -> None:
        self._note("NO_LENGTH", group, f"{_told(group)}: no length with a value")

    def _note(self, code: str, group: MeasurementGroup, detail: str) -> None:
        self.notes.note(code, group.patient, group.source, group.row, detail)


def _told(group: MeasurementGroup) -> str:
    """A group as messages name it."""
    return group.finding or group.tracking_id or "a group without a name"
