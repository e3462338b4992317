"""Read a REDCap export: one row per lesion of a repeating instrument, events, coded choices.

    study = mrecist.io.read_redcap(
        "export.csv", "dictionary.csv", measures="viable",
        fields={"lesion": "lesion_no", "organ": "site", "size": "diameter", "date": "scan_date"},
    )

Which field says what is the caller's to tell: no two projects name them alike.
"""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from .._base.converters import shown
from .._base.errors import check_type
from ..tables.column_schema import FINDING_COLUMNS, REPORTED_BY
from .errors import AskError
from .problems import Notes, table
from .redcap_dictionary import Dictionary
from .redcap_files import INSTRUMENT, Export
from .redcap_rows import Rows
from .sdtm_settings import check_texts
from .sheet_cells import size_cell
from .sheet_dates import AmbiguousDateError, DateReader
from .sheet_findings import Gathered
from .sheet_layout import PLAIN, Day
from .sheet_rows import Record, Sized, row_unit
from .sheet_units import ask_which_unit, note_units
from .sheet_words import MEASURES, folded
from .study import Study
from .visits import settle_visits
from .worksheet import roles_of

__all__ = ["read_redcap"]

_SIZES = ("size", "viable_mm", "longest_mm", "short_axis_mm")
_OF_EVENT = ("date", "visit", "arterial_phase", "unmentioned", "reported")
_OF_RECORD = ("start", "stop", "end_reason", "agents", "death", "last_contact")
_DATES = ("start", "stop", "death", "last_contact")
_FIELDS = frozenset(
    {*FINDING_COLUMNS, *_SIZES, *_OF_RECORD, "role", "type", "measure", "unit", "segment"}
)
_PROCEDURE = frozenset({"date", "kind", "lesions", "text"})
_OTHER_MARK = {".": re.compile(r".*[0-9],[0-9].*"), ",": re.compile(r".*[0-9]\.[0-9].*")}
_COMPLETE = "2"


def read_redcap(
    source: Any,
    dictionary: Any = None,
    *,
    fields: Mapping[str, str],
    instrument: str | None = None,
    date_field: str | None = None,
    measures: str | None = None,
    unit: str | None = None,
    missing: Iterable[str] = (),
    procedures: Mapping[str, str] | None = None,
    errors: str = "raise",
) -> Study:
    """The study of a raw export (CSV) of a REDCap project.

    Args:
        source: The export: a file, a mapping of columns, or a frame. Exports of labels are refused.
        dictionary: The data dictionary of the project, likewise: what coded choices mean, which
            decimal mark and which unit a field has.
        fields: Their fields by our columns, such as `{"lesion": "les_id", "size": "diam_mm"}`;
            `"=liver"` holds for all rows. Also `role`, `type`, `measure`, `unit`, `segment`, and of
            the patient `start`, `stop`, `end_reason`, `agents`, `death`, `last_contact`.
        instrument: The repeating instrument whose rows are findings; left out, every row that names
            a lesion is one.
        date_field: The field with the date of the scan, in the row itself or in the row of its
            record and event; the same as `fields["date"]`.
        measures: What a plain diameter of a liver nodule measures, `"viable"` or `"whole"`.
        unit: Of sizes, `"mm"` or `"cm"`, where the label of the field does not say it.
        missing: Codes for missing data, such as `["-99"]`.
        procedures: Their fields of local treatment by our `date`, `kind`, `lesions` and `text`.
        errors: `"raise"` raises every mistake; `"collect"` lists them in `Study.errors`.

    Returns:
        The study; `problems` lists what was left out, and what was read how.

    Raises:
        AskError: What the export does not say; the message ends in the argument to give.
        IntakeError: Every mistake, with record, event and field.
    """
    check_type(fields, Mapping, "fields must be a mapping of our columns")
    check_texts({"fields": fields, "procedures": procedures})
    _check_choice("measures", measures, ("viable", "whole"))
    _check_choice("unit", unit, ("mm", "cm"))
    fields = _checked("fields", fields, _FIELDS)
    if date_field is not None:
        fields = {**fields, "date": date_field}
    notes = Notes()
    export = Export.read(source)
    known = Dictionary() if dictionary is None else Dictionary.read(dictionary)
    rows = Rows(export, known, fields, frozenset(missing), notes)
    rows.check(["lesion", "date"])
    rows.refuse_faults()
    if not any(name in fields for name in (*_SIZES, "status")):
        raise AskError(
            "no field says how large a lesion is", 'fields={"size": "..."}', "--column size=FIELD"
        )
    reader = _Reader(rows, notes, measures, unit, instrument)
    reader.read()
    study = reader.study(_procedures(rows, procedures, notes), errors)
    given = (each for each in (source, dictionary) if isinstance(each, (str, os.PathLike)))
    return attrs.evolve(study, files=[os.fspath(each) for each in given])


def _check_choice(name: str, value: Any, choices: tuple[str, ...]) -> None:
    if value is not None and value not in choices:
        known = " or ".join(f'"{choice}"' for choice in choices)
        raise ValueError(f"{name} must be {known}, got {shown(value)}")


def _checked(argument: str, given: Mapping[str, str], known: frozenset[str]) -> Mapping[str, str]:
    for name in given:
        if name not in known and not str(name).startswith(REPORTED_BY):
            names = ", ".join(sorted(known))
            raise ValueError(f"{argument} must be named {names}, got {shown(name)}")
    return given


class _Reader:
    """The findings of an export, row by row."""

    def __init__(
        self,
        rows: Rows,
        notes: Notes,
        measures: str | None,
        unit: str | None,
        instrument: str | None,
    ) -> None:
        self.rows, self.notes, self.unit, self.instrument = rows, notes, unit, instrument
        self.source = rows.export.source
        self.gathered = Gathered(self.source, notes, measures)
        self.gathered.has_roles = bool({"role", "type"} & rows.fields.keys())
        self.gathered.has_our_status = rows.fields.get("status") == "status"
        self.records: list[Record] = []
        self.lesions: dict[tuple[str, str], list[tuple[int, dict[str, Any]]]] = {}
        self.dates = DateReader()
        self._events: dict[tuple[str, str | None], int] = {}
        self._sizes = [name for name in _SIZES if name in rows.fields]
        self._own = [name for name in rows.fields if name not in (*_OF_RECORD, "patient")]

    def read(self) -> None:
        """Read every row into findings."""
        if self.instrument is not None:
            self._check_instrument(self.instrument)
        for row in self.rows:
            if self.instrument in (None, self.rows.cell(row, INSTRUMENT)):
                self._row(row)
            else:
                self._examination(row, {name: self._said(row, name) for name in self._own})
        self._note_empty_events()
        settle_visits(self.records, self.source, self.notes)
        if self.unit is None:
            ask_which_unit(self.records)
            note_units(self.records, self.notes, self.source)
        self.gathered.lesions.add(self.lesions, "segment" in self.rows.fields, self.rows.name)
        self.gathered.add(self.records, self.rows.name)
        self.gathered.ask_what_is_measured()
        self.gathered.settle()

    def _check_instrument(self, instrument: str) -> None:
        there = dict.fromkeys(self.rows.cell(row, INSTRUMENT) for row in self.rows)
        if instrument not in there:
            names = ", ".join(filter(None, there)) or "none"
            raise AskError(
                f"{self.source} has no repeating instrument {instrument!r}, but {names}",
                'instrument="..."',
                "--instrument NAME",
            )

    def _row(self, row: int) -> None:
        texts = {name: self._said(row, name) for name in self._own}
        lesion = texts.get("lesion")
        alone = self.rows.fields["lesion"][:1] != "=" and lesion is None
        if lesion is None:
            if alone and any(self.rows.said(row, name) is not None for name in self._sizes):
                told = "must name the lesion, in every row of sizes"
                self._refuse("LESION_NOT_TRACKED", row, "lesion", told)
            else:
                self._examination(row, texts)
            return
        patient = self.rows.patient(row)
        if patient is None:
            self._refuse("NO_PATIENT", row, "patient", "must be given")
        elif ";" in lesion:
            self._refuse("LESION_NOT_TRACKED", row, "lesion", f"must hold no ';', got {lesion!r}")
        else:
            self._lesion(row, patient, lesion, texts)

    def _said(self, row: int, name: str) -> str | None:
        """What a row says, or its event; two rows of the event that differ are a mistake."""
        if name.partition(":")[0] not in _OF_EVENT:
            return self.rows.said(row, name)
        try:
            return self.rows.of_event(row, name)[1]
        except ValueError as error:
            if name != "date":
                self._refuse("CONFLICTING_RESULT", row, name, str(error))
            return None

    def _refuse(self, code: str, row: int, name: str, told: str) -> None:
        self.notes.refuse(
            code, self.rows.patient(row), self.source, row, self.rows.name(row, name), told
        )

    # ---- findings

    def _lesion(self, row: int, patient: str, lesion: str, texts: dict[str, Any]) -> None:
        self._note_unverified(row, patient)
        self.lesions.setdefault((patient, lesion), []).append((row, texts))
        day = self._day(row)
        visit = texts.get("visit") or self.rows.event(row)
        record = Record(row, patient, lesion, day or 0, visit, texts, own_date=True)
        for name in self._sizes:
            self._size(row, name, record)
        if day is not None:
            self.records.append(record)

    def _day(self, row: int) -> Day | None:
        """The date of a row, or of its event; a mistake where there is none, or several."""
        try:
            text = self.rows.of_event(row, "date")[1]
            if text is None:
                raise ValueError("must be given, in the row or in the row of its event")
            return self._date(text)
        except ValueError as error:
            self._refuse("NO_DATE", row, "date", str(error))
            return None

    def _date(self, text: str) -> Day:
        told = f'must be a date like "2024-01-31", got {shown(text)}'
        try:
            day = self.dates(text)
        except AmbiguousDateError:
            day = None
        if day is None:
            raise ValueError(told)
        return day

    def _size(self, row: int, name: str, record: Record) -> None:
        value, field = self.rows.said(row, name), self.rows.field(name)
        where = self.rows.name(row, name)
        if value is not None and _OTHER_MARK[field.decimal].fullmatch(value):
            rule = "has number_comma_decimal" if field.decimal == "," else "has no comma"
            told = f"must have the decimal mark {field.decimal!r}, got {shown(value)}"
            self._refuse("NOT_A_LENGTH", row, name, f"{told}: its validation {rule}")
            return
        try:
            unit = row_unit(field.unit, record.texts.get("unit"))
            cell = size_cell(value, unit or self.unit or "mm", field.decimal)
        except ValueError as error:
            self._refuse("NOT_A_LENGTH", row, name, str(error))
            return
        if cell is None:
            record.blank = record.blank or where
        else:
            measure = self._measure(row, name, record)
            place = self._sizes.index(name)
            record.sizes.append(Sized(cell, measure, place, where, unit is not None))

    def _measure(self, row: int, name: str, record: Record) -> str:
        """What a size measures: as its column says, else the field for it."""
        said = record.texts.get("measure")
        if name != "size" or said is None:
            return PLAIN if name == "size" else name
        found = MEASURES.get(folded(said))
        if found is None:
            self._refuse(
                "NOT_A_WORD", row, "measure", f"must be viable, whole or short, got {shown(said)}"
            )
        return PLAIN if found in (None, "plain") else str(found)

    def _examination(self, row: int, texts: dict[str, Any]) -> None:
        """A row without a lesion: an examination where it says something of one as a whole."""
        said = [
            name
            for name in texts
            if name.partition(":")[0] in _OF_EVENT[2:]
            and self.rows.said(row, name) is not None
            and self.rows.fields[name][:1] != "="
        ]
        patient = self.rows.patient(row)
        day = self._day(row) if said else None
        if patient is not None and self.rows.said(row, "date") is not None:
            self._events.setdefault((patient, self.rows.event(row)), row)
        if patient is not None and day is not None:
            visit = texts.get("visit") or self.rows.event(row)
            own = {name: texts[name] for name in said}
            self.records.append(Record(row, patient, "", day, visit, own, own_date=True))

    def _note_empty_events(self) -> None:
        """Note each event with a date and no finding: what was seen there, nobody says."""
        filled = {(record.patient, self.rows.event(record.row)) for record in self.records}
        for (patient, event), row in self._events.items():
            if (patient, event) not in filled:
                told = f"{self.rows.name(row, 'date')}: no finding of {self.rows.said(row, 'date')}"
                self.notes.note("NOTHING_RECORDED", patient, self.source, row, told)

    def _note_unverified(self, row: int, patient: str) -> None:
        """Note a row whose form is not marked as complete."""
        form = self.rows.cell(row, INSTRUMENT) or self.rows.field("lesion").form
        state = None if form is None else self.rows.cell(row, f"{form}_complete")
        if state not in (None, _COMPLETE):
            told = f"{self.rows.name(row, f'{form}_complete')} is {state}"
            self.notes.note("UNVERIFIED", patient, self.source, row, told)

    # ---- the study

    def study(self, procedures: dict[str, Any] | None, errors: str) -> Study:
        """All of it as tables."""
        findings = self.gathered.table()
        lines = self._lines(findings)
        self.notes.settle(errors)
        return Study(
            f"REDCap {self.source}",
            findings,
            lines,
            procedures,
            problems=self.notes.problem_table(),
            errors=self.notes.error_table(),
        )

    def _lines(self, findings: Mapping[str, Any]) -> dict[str, Any] | None:
        """One line per patient, where anything is said of it."""
        named = [name for name in _OF_RECORD if name in self.rows.fields]
        if not named and not self.gathered.has_roles:
            return None
        roles = roles_of(self.gathered)
        first: dict[str, Day] = {}
        for patient, day in zip(findings["patient"], findings["date"], strict=True):
            first[patient] = min(first.get(patient, day), day)
        owned: dict[str, int] = {}
        for row in self.rows:
            owned.setdefault(str(self.rows.patient(row)), row)
        rows = []
        for patient, day in first.items():
            said = {name: self._of_patient(owned[patient], name) for name in named}
            start = said.pop("start", None) or day
            cells = [said.get(name) for name in _OF_RECORD[1:]]
            rows.append((patient, start, *cells, *roles.get(patient, (None, None))))
        return dict(table(("patient", *_OF_RECORD, "targets", "nontargets"), rows))

    def _of_patient(self, row: int, name: str) -> Any:
        """What a record says of the treatment or the survival of its patient."""
        at, text = self.rows.of_record(row, name)
        if text is None or name not in _DATES:
            return text
        try:
            return self._date(text)
        except ValueError as error:
            self._refuse("NO_DATE", at, name, str(error))
            return None


# ---- local treatment


def _procedures(
    rows: Rows, fields: Mapping[str, str] | None, notes: Notes
) -> dict[str, Any] | None:
    """The rows that name a kind of local treatment."""
    if fields is None:
        return None
    _checked("procedures", fields, _PROCEDURE)
    own = Rows(rows.export, rows.dictionary, fields, rows.missing, notes)
    own.check(["date", "kind"])
    made: list[tuple[Any, ...]] = []
    read = DateReader()
    for row in own:
        kind = own.said(row, "kind")
        if kind is None:
            continue
        patient = rows.patient(row)
        try:
            day = read(own.of_event(row, "date")[1])
        except ValueError:
            day = None
        if not isinstance(day, datetime.date):
            told = 'must be a date like "2024-01-31"'
            notes.refuse("NO_DATE", patient, rows.export.source, row, own.name(row, "date"), told)
        else:
            made.append((patient, day, kind, own.said(row, "lesions"), own.said(row, "text")))
    return dict(table(("patient", "date", "kind", "lesions", "text"), made)) if made else None
