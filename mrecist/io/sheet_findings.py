"""Records of a sheet into tables: findings, and what roles and treatment say of the lines.

Nothing clinical is decided: a size goes where the sheet says, or the caller, and a question is
asked where nobody says it.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import attrs

from .._base.text import several
from .._base.words import Kind, Status
from ..tables.column_schema import FINDING_COLUMNS, REPORTED_BY, SIZES
from .errors import AskError
from .problems import Notes, table
from .sheet_layout import LOOKS, PLAIN, Day
from .sheet_lesions import Address, Facts, Lesions, read_field
from .sheet_rows import Record, Sized

__all__ = ["Gathered"]

_ON_A_DAY = (
    "pattern",
    "cytology",
    "biopsy",
    "equivocal",
    "into",
    "arterial_phase",
    "unmentioned",
    "reported",
    "modality",
    *LOOKS,
)
ACROSS = {"viable_mm": "viable_perp_mm", "longest_mm": "longest_perp_mm"}
"""Where the second of two diameters in a cell belongs, by what the first one is."""
_ABSENCES = (str(Status.ABSENT), str(Status.NOT_EVALUABLE))


@attrs.define
class _Finding:
    record: Record
    values: dict[str, Any] = attrs.field(factory=dict)


class Gathered:
    """The findings and lesions of a file, sheet by sheet."""

    def __init__(self, source: str, notes: Notes, measures: str | None) -> None:
        self.source, self.notes, self.measures = source, notes, measures
        self.lesions = Lesions(source, notes)
        self.facts = self.lesions.facts
        self.starts: dict[str, dict[str, Any]] = {}
        self.findings: dict[tuple[str, Day, str], _Finding] = {}
        self.has_roles = False
        self.has_our_status = False
        self._seconds: set[tuple[str, str]] = set()
        self._short: set[tuple[str, Day, str]] = set()
        self._unsaid: list[tuple[str, str, str]] = []
        self._alone: dict[tuple[str, Day], Record] = {}
        self._blank: list[Record] = []
        self._said: dict[tuple[str, Day], dict[str, Any]] = {}

    # ---- findings

    def add(self, records: Iterable[Record], address: Address) -> None:
        """Read the records of one sheet into findings."""
        records = list(records)
        self._short |= {
            (record.patient, record.day, record.lesion)
            for record in records
            for each in record.sizes
            if each.measure == "short_axis_mm" and each.cell.mm is not None
        }
        for record in records:
            key = (record.patient, record.day, record.lesion)
            values = self._values(record, address)
            if not record.lesion:
                self._said[record.patient, record.day] = values
            elif record.sizes or not values.keys().isdisjoint(("status", "into", *LOOKS)):
                found = self.findings.setdefault(key, _Finding(record))
                for each in record.sizes:
                    self._place(found, record, each)
                for name, value in values.items():
                    self._set(found, record, name, value, record.lesion)
            else:
                self._blank.append(record)
            if record.own_date:
                self._alone.setdefault((record.patient, record.day), record)

    def _values(self, record: Record, address: Address) -> dict[str, Any]:
        """What else a row says of its examination."""
        found = {}
        for name, value in record.texts.items():
            if value is None or name.partition(":")[0] not in ("status", *_ON_A_DAY):
                continue
            try:
                found[name] = read_field(name, value)
            except ValueError as error:
                self.notes.refuse(
                    "NOT_A_WORD",
                    record.patient,
                    self.source,
                    record.row,
                    address(record.row, name),
                    str(error),
                )
        return found

    def _place(self, found: _Finding, record: Record, sized: Sized) -> None:
        """Put a size where it belongs, by what it measures and by the kind of the lesion."""
        cell, facts = sized.cell, self.facts[record.patient, record.lesion]
        if cell.status is not None:
            self._set(found, record, "status", cell.status, sized.address)
            return
        name, second = self._field(sized, facts, record), None
        if cell.second_mm is not None:
            second = "short_axis_mm" if facts.what is Kind.NODE else ACROSS.get(name)
            if facts.what is Kind.NODE and name == "short_axis_mm":
                name = "longest_mm"
            if second is None:
                told = f"{sized.address}: {_decimal(cell.second_mm)} mm is not read"
                self.notes.note("SECOND_DIAMETER", record.patient, self.source, record.row, told)
        self._set(found, record, name, _decimal(cell.mm), sized.address)
        if second is not None:
            self._set(found, record, second, _decimal(cell.second_mm), sized.address)

    def _field(self, sized: Sized, facts: Facts, record: Record) -> str:
        if sized.measure != PLAIN:
            return sized.measure
        if facts.what is Kind.NODE and (record.patient, record.day, record.lesion) in self._short:
            return "longest_mm"
        if facts.what is Kind.NODE:
            key = (record.patient, record.lesion)
            if sized.cell.second_mm is None and key not in self._seconds:
                self._seconds.add(key)
                told = f"{sized.address}: the size of the node {record.lesion} is its short axis"
                self.notes.note("DIAMETER_AXIS", record.patient, self.source, record.row, told)
            return "short_axis_mm"
        if facts.is_liver_nodule:
            if self.measures is None:
                self._unsaid.append((record.patient, record.lesion, sized.address))
            return "viable_mm" if self.measures == "viable" else "longest_mm"
        return "longest_mm"

    def _set(self, found: _Finding, record: Record, name: str, value: Any, where: str) -> None:
        """Keep a value; the same again is noted, another one is a mistake."""
        before = found.values.get(name)
        if before is None:
            found.values[name] = value
        elif before != value:
            told = f"{name} of {record.lesion} on {record.day} is {before}, and {value} here"
            self.notes.refuse(
                "CONFLICTING_RESULT", record.patient, self.source, record.row, where, told
            )
        elif name != "status":
            told = f"{where}: {name} of {record.lesion} on {record.day} is {value} again"
            self.notes.note("DUPLICATE_RESULT", record.patient, self.source, record.row, told)

    # ---- the whole

    def ask_what_is_measured(self) -> None:
        """Ask what plain diameters of liver nodules measure, where nobody has said it."""
        if self._unsaid:
            nodules = len({each[:2] for each in self._unsaid})
            patients = len({each[0] for each in self._unsaid})
            what = (
                f"{several(nodules, 'liver nodule')} of {several(patients, 'patient')} have plain "
                f"diameters (first in {self._unsaid[0][2]}): of the enhancing part or of the whole"
            )
            raise AskError(
                what,
                'measures="viable" or measures="whole"',
                "--measures viable or --measures whole",
            )

    def settle(self) -> None:
        """Complete every lesion, and note what is recorded nowhere."""
        days: dict[str, set[Day]] = {}
        first: dict[tuple[str, str], Day] = {}
        for patient, day, lesion in self.findings:
            days.setdefault(patient, set()).add(day)
            key = (patient, lesion)
            first[key] = min((day, first.get(key, day)), key=_order)
        self.lesions.complete()
        self._note_blanks(days, first)
        for (patient, lesion), facts in self.facts.items():
            if (patient, lesion) not in first:
                self._never(patient, lesion, facts, days.get(patient, set()))
        for each in self.findings.values():
            self._reconcile(each)

    def _note_blanks(
        self, days: Mapping[str, set[Day]], first: Mapping[tuple[str, str], Day]
    ) -> None:
        """Note cells without a result: of a lesion seen before, or of a whole examination."""
        empty: set[tuple[str, Day]] = set()
        for record in self._blank:
            patient, day, lesion = record.patient, record.day, record.lesion
            if day not in days.get(patient, ()):
                if (patient, day) not in empty and patient in days and not record.own_date:
                    told = f"no cell of {day} is filled: it is no examination of the patient"
                    self.notes.note("NOTHING_RECORDED", patient, self.source, record.row, told)
                empty.add((patient, day))
                continue
            seen = first.get((patient, lesion))
            is_noted = seen is not None and _order(seen) < _order(day)
            role = self.facts[patient, lesion].role
            is_noted = is_noted or (seen is not None and role in ("target", "nontarget"))
            if is_noted and (patient, day, lesion) not in self.findings:
                told = f"{record.blank or lesion}: {lesion} on {day} becomes not evaluable"
                self.notes.note("NOTHING_RECORDED", patient, self.source, record.row, told)

    def _never(self, patient: str, lesion: str, facts: Facts, days: set[Day]) -> None:
        """A lesion without any result: what has a role is not evaluable at the first time point."""
        if facts.role not in ("target", "nontarget") or not days:
            told = f"{lesion} has no result at any examination"
            self.notes.note("NOTHING_RECORDED", patient, self.source, facts.row, told)
            return
        told = f"{lesion} has no result: it is not evaluable at the first examination"
        self.notes.note("TARGET_WITHOUT_RESULT", patient, self.source, facts.row, told)
        day = min(days, key=_order)
        record = Record(facts.row, patient, lesion, day, None, {}, own_date=False)
        self.findings[patient, day, lesion] = _Finding(record, {"status": _ABSENCES[1]})

    def _reconcile(self, found: _Finding) -> None:
        """A word beside a size: `present` says no more than it, `absent` contradicts it.

        Our own column `status` is taken as it is.
        """
        values, record = found.values, found.record
        sizes = [name for name in SIZES if name in values]
        status = values.get("status")
        if not sizes or status is None:
            return
        if status == str(Status.PRESENT) and not self.has_our_status:
            del values["status"]
            told = f"{record.lesion} on {record.day} is present, with {sizes[0]} {values[sizes[0]]}"
            self.notes.note("WORD_BESIDE_SIZE", record.patient, self.source, record.row, told)
        elif status in _ABSENCES and any(Decimal(values[name]) for name in sizes):
            told = (
                f"{record.lesion} on {record.day} is {status}, but has {sizes[0]} "
                f"{values[sizes[0]]}: leave one cell empty, or write 0 where nothing is viable"
            )
            self.notes.refuse(
                "CONFLICTING_RESULT", record.patient, self.source, record.row, sizes[0], told
            )

    def table(self) -> dict[str, Any]:
        """The findings as a table, patients in the order of their first rows."""
        rows = []
        for (patient, day, lesion), each in self.findings.items():
            facts = self.facts[patient, lesion]
            said: dict[str, Any] = {
                "patient": patient, "date": day, "lesion": lesion, "organ": facts.organ,
                "kind": str(facts.what), "hilar": facts.is_hilar, "visit": each.record.visit,
                **facts.others, **each.values,
            }  # fmt: skip
            rows.append((said, each.record.row))
        with_findings = {(patient, day) for patient, day, _ in self.findings}
        for (patient, day), record in self._alone.items():
            if (patient, day) not in with_findings:
                said = self._said.get((patient, day), {})
                said = {"patient": patient, "date": day, "visit": record.visit, **said}
                rows.append((said, record.row))
        patients = dict.fromkeys(patient for patient, _ in [*self.facts, *self._alone])
        places = {patient: at for at, patient in enumerate(patients)}
        rows.sort(key=lambda row: (places[row[0]["patient"]], _order(row[0]["date"])))
        said_of = {name for said, _ in rows for name, value in said.items() if value is not None}
        names = [name for name in FINDING_COLUMNS if name in _ALWAYS or name in said_of]
        names += sorted(name for name in said_of if name.startswith(REPORTED_BY))
        lists = [(*(said.get(name) for name in names), self.source, row) for said, row in rows]
        return dict(table((*names, "source", "row"), lists))


_ALWAYS = ("patient", "date", "lesion", "organ", "kind", "hilar", "status", "viable_mm",
           "longest_mm", "short_axis_mm")  # fmt: skip


def _decimal(mm: Decimal | None) -> str:
    """A length as decimal text, without an exponent and without zeros that say nothing."""
    text = f"{mm:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _order(day: Day) -> tuple[bool, int]:
    """Dates in order; study days, which no sound sheet mixes with dates, before them."""
    return (True, day.toordinal()) if isinstance(day, datetime.date) else (False, day)
