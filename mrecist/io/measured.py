"""Measurements of viewers and reports into tables: one record per lesion and examination.

A record says where its lesion lies and holds diameters as they came: the long axis, the short axis,
or a diameter of which nobody says which. Nothing clinical is decided: what a plain diameter of a
liver nodule is of, the caller says.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Context, Decimal
from typing import Any

import attrs

from .._base import converters
from .._base.converters import shown
from .._base.text import several
from .._base.words import Kind, Status
from ..rulebook.organs import LIVER
from .errors import AskError
from .locations import UNKNOWN, Location, location
from .problems import Notes, table
from .role_lines import lines_with_roles

__all__ = [
    "DIAMETER",
    "LONG",
    "SHORT",
    "Measured",
    "Record",
    "Sites",
    "given_location",
    "millimetres",
    "study_dates",
    "with_roles",
]

LONG, SHORT, DIAMETER = "long axis", "short axis", "diameter"
"""What a length is of."""

Sites = str | Mapping["str | None", "str | tuple[str, str]"]
"""Where lesions lie, as a caller says it: a place by lesion, with its kind; one for all others."""

_MOST_MM = 1000
_FACTORS = {"mm": Decimal(1), "cm": Decimal(10)}
_NUMBER = re.compile(r"[0-9]{0,30}(?:[0-9]\.?|\.[0-9])[0-9]{0,30}(?:[eE][+-]?0?[0-9])?", re.ASCII)
_EXACT = Context(prec=80)
_COLUMNS = ("patient", "reader", "date", "lesion", "organ", "kind", "hilar", "status", "viable_mm",
            "longest_mm", "short_axis_mm", "source", "row")  # fmt: skip
_SIZES = ("viable_mm", "longest_mm", "short_axis_mm")


@attrs.frozen(kw_only=True)
class Record:
    """One lesion at one examination; `status` is what is said of it without a number."""

    patient: str
    reader: str | None = None
    date: datetime.date
    lesion: str
    location: Location
    lengths: tuple[tuple[str, Decimal], ...] = ()
    status: Status | None = None
    source: str
    row: int


def millimetres(text: str | None, unit: str | None, name: str) -> Decimal:
    """A length in millimetres, exactly as it is written; `ValueError` where it is none."""
    number = Decimal(text) if text is not None and _NUMBER.fullmatch(text) else None
    if number is None or unit not in _FACTORS:
        said = "nothing" if text is None else f"{shown(text)} {unit or 'without a unit'}"
        raise ValueError(f"{name} must be a number of mm or cm, got {said}")
    number = _EXACT.multiply(number, _FACTORS[unit])
    if number > _MOST_MM:
        raise ValueError(f"{name} must be at most {_MOST_MM} mm, got {shown(text)} {unit}")
    return number


def given_location(value: str | tuple[str, str]) -> Location:
    """A place as a caller gives it: the words for it, or an organ and a kind of lesion."""
    if isinstance(value, str):
        return location(value)
    organ, kind = value
    kinds = {str(each): each for each in Kind}
    if kind not in kinds:
        raise ValueError(f"a kind must be {', '.join(kinds)}, got {shown(kind)}")
    return attrs.evolve(location(organ), kind=kinds[kind])


def study_dates(dates: Mapping[str, Any] | None) -> dict[str, datetime.date]:
    """The dates of studies that a caller gives, by StudyInstanceUID."""
    found = {}
    for uid, value in (dates or {}).items():
        date = converters.argument(f"dates[{uid!r}]", converters.date, value)
        if not isinstance(date, datetime.date):
            raise ValueError(f"dates[{uid!r}] must be a date of the calendar, got {shown(value)}")
        found[uid] = date
    return found


class Measured:
    """The findings of a study, record by record."""

    def __init__(self, measures: str | None, locations: Sites | None, notes: Notes) -> None:
        if measures not in (None, "viable", "whole"):
            raise ValueError(f'measures must be "viable" or "whole", got {shown(measures)}')
        self.notes, self.measures = notes, measures
        self.rows: dict[tuple[str, str | None, datetime.date, str], dict[str, Any]] = {}
        each = {None: locations} if isinstance(locations, str) else locations or {}
        self._given = {lesion: given_location(place) for lesion, place in each.items()}
        self._place: dict[tuple[str, str | None, str], Location] = {}
        self._plain: list[Record] = []

    def add(self, record: Record) -> None:
        """Keep what a record says; the same again is noted, another value is a mistake."""
        place = self._located(record)
        kind = place.kind or Kind.NODULE
        key = (record.patient, record.reader, record.date, record.lesion)
        row = self.rows.setdefault(key, {
            "organ": place.organ, "kind": str(kind), "hilar": place.hilar,
            "source": record.source, "row": record.row,
        })  # fmt: skip
        for name, mm in self._sizes(record, place, kind):
            self._set(row, record, name, _decimal(mm))
        if record.status is not None:
            self._set(row, record, "status", str(record.status))

    def _located(self, record: Record) -> Location:
        """The place of the lesion: as the caller says, else as the first record with one says."""
        key = (record.patient, record.reader, record.lesion)
        place = self._given.get(record.lesion) or record.location
        if place.organ == UNKNOWN:
            place = self._given.get(None, place)
        before = self._place.get(key)
        if before is None:
            self._place[key] = place
            code = "NO_LOCATION" if place.organ == UNKNOWN else "NODE_HILUM_UNSURE"
            if place.organ == UNKNOWN or place.unsure:
                self._note(code, record, f"{record.lesion}: {place.organ}")
            return place
        if place not in (before, Location(UNKNOWN)):
            told = f"{record.lesion} is in {before.organ}, then in {place.organ}"
            self._note("LOCATION_CHANGES", record, told)
        return before

    def _sizes(self, record: Record, place: Location, kind: Kind) -> Iterator[tuple[str, Decimal]]:
        """Each length with its column."""
        there = {axis for axis, _ in record.lengths}
        for axis, mm in record.lengths:
            if axis == SHORT:
                yield "short_axis_mm", mm
            elif axis == DIAMETER and (LONG in there or (kind is Kind.NODE and SHORT in there)):
                told = (
                    f"{record.lesion}: a diameter of {_decimal(mm)} mm beside an axis is not read"
                )
                self._note("SECOND_DIAMETER", record, told)
            elif axis == DIAMETER and kind is Kind.NODE:
                told = f"{record.lesion}: the diameter of a node is read as its short axis"
                self._note("DIAMETER_AXIS", record, told)
                yield "short_axis_mm", mm
            else:
                yield self._longest(record, place, kind), mm

    def _longest(self, record: Record, place: Location, kind: Kind) -> str:
        if place.organ != LIVER or kind is not Kind.NODULE:
            return "longest_mm"
        if self.measures is None:
            self._plain.append(record)
        return "viable_mm" if self.measures == "viable" else "longest_mm"

    def _set(self, row: dict[str, Any], record: Record, name: str, value: str) -> None:
        before = row.setdefault(name, value)
        told = f"{name} of {record.lesion} on {record.date} is {before}"
        if before != value:
            self.notes.refuse(
                "CONFLICTING_RESULT",
                record.patient,
                record.source,
                record.row,
                name,
                f"{told}, and {value} here",
            )
        elif (row["source"], row["row"]) != (record.source, record.row):
            self._note("DUPLICATE_RESULT", record, f"{told} again")

    def _note(self, code: str, record: Record, detail: str) -> None:
        self.notes.note(code, record.patient, record.source, record.row, detail)

    def ask_what_is_measured(self) -> None:
        """Ask what plain diameters of liver nodules measure, where nobody has said it."""
        if self._plain:
            nodules = len({(each.patient, each.reader, each.lesion) for each in self._plain})
            patients = len({each.patient for each in self._plain})
            verb = "has a plain diameter" if nodules == 1 else "have plain diameters"
            raise AskError(
                f"{several(nodules, 'liver nodule')} of {several(patients, 'patient')} {verb}: of "
                "the enhancing part or of the whole",
                'measures="viable" or measures="whole"',
                "--measures viable or --measures whole",
            )

    def table(self) -> dict[str, Any]:
        """The findings as a table, by patient (in the order of the source) and date."""
        order = {patient: at for at, patient in enumerate(dict.fromkeys(k[0] for k in self.rows))}
        keys = sorted(self.rows, key=lambda key: (order[key[0]], key[2]))
        names = [name for name in _COLUMNS if name != "reader" or any(key[1] for key in keys)]
        rows = [
            {
                "patient": key[0],
                "reader": key[1],
                "date": key[2],
                "lesion": key[3],
                **self.rows[key],
            }
            for key in keys
        ]
        for row in rows:
            _drop_word(row)
        return dict(table(names, [tuple(row.get(name) for name in names) for row in rows]))


def _drop_word(row: dict[str, Any]) -> None:
    """A size says more than the word present."""
    if row.get("status") == str(Status.PRESENT) and any(name in row for name in _SIZES):
        del row["status"]


def _decimal(mm: Decimal) -> str:
    """A length as decimal text, without an exponent and without zeros that say nothing."""
    text = f"{mm:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


# ---- lines of therapy


def with_roles(
    findings: Mapping[str, Any],
    lines: Any,
    roles: Mapping[str, Mapping[str, Iterable[str]]],
    source: str,
    notes: Notes,
) -> dict[str, Any] | None:
    """The table of lines: the caller's, with the roles where a patient has one line.

    Without one, patients with roles have a line that starts on their first date. `roles` holds
    lesions by role (`targets`, `nontargets`) and patient.
    """
    texts = {
        patient: (_listed(of.get("targets", ())), _listed(of.get("nontargets", ())))
        for patient, of in roles.items()
    }
    if lines is not None:
        return lines_with_roles(findings, lines, texts, source, notes)
    if not texts:
        return None
    first: dict[str, Any] = {}
    for patient, date in zip(findings["patient"], findings["date"], strict=True):
        first[patient] = min(date, first.get(patient, date))
    rows = [(patient, date, *texts.get(patient, (None, None))) for patient, date in first.items()]
    return dict(table(("patient", "start", "targets", "nontargets"), rows))


def _listed(lesions: Iterable[str]) -> str:
    return ";".join(lesions) or ";"
