"""What a structured report says: its groups of measurements, whatever order and form they have."""

from __future__ import annotations

import datetime
import warnings
from collections.abc import Iterator
from typing import Any

import attrs

from . import dicom_codes as codes
from .dicom_codes import Concept, concept_of, items_of, text_of
from .dicom_files import Opened

__all__ = ["Length", "MeasurementGroup", "Report", "report_of"]

_DEEPEST = 50


@attrs.frozen
class Length:
    """A length as the report writes it: what it is of, its name, its value and unit."""

    axis: str
    name: str
    value: str | None
    unit: str | None


@attrs.frozen(kw_only=True)
class MeasurementGroup:
    """What a report says of one thing that was measured.

    `finding` and `site` are the words for what it is and where; `finding_code` and `site_code`
    their codes as `SCT:27925004`. `lengths` are as written. `date` is that of the study.
    """

    patient: str | None
    date: datetime.date | None
    reader: str | None
    tracking_id: str | None
    tracking_uid: str | None
    finding: str | None
    finding_code: str | None
    site: str | None
    site_code: str | None
    lengths: tuple[Length, ...]
    study_uid: str | None
    source: str
    row: int
    findings: tuple[Concept, ...] = attrs.field(default=(), repr=False)
    sites: tuple[Concept, ...] = attrs.field(default=(), repr=False)
    words: frozenset[str] = attrs.field(default=frozenset(), repr=False)


@attrs.frozen(kw_only=True)
class Report:
    """A report: whose, of which study, and its groups; `responses` are those outside of groups."""

    source: str
    patient: str | None
    date: datetime.date | None
    sop_uid: str | None
    is_measured: bool
    groups: tuple[MeasurementGroup, ...]
    responses: tuple[tuple[str, str], ...]
    criteria: str | None


def report_of(opened: Opened) -> Report:
    """Read a report. Whatever the library raises of a file that is not sound comes through."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _Reading(opened).report()


class _Reading:
    """One report, item by item."""

    def __init__(self, opened: Opened) -> None:
        self.source, self.data = opened.name, opened.data
        self.patient = text_of(self.data, "PatientID")
        self.study_uid = text_of(self.data, "StudyInstanceUID")
        self.header_date = _date(text_of(self.data, "StudyDate"))
        self.image_dates: dict[str, datetime.date] = {}
        self.library_dates: list[datetime.date] = []
        self.reader: str | None = None
        self.criteria: str | None = None
        self.responses: list[tuple[str, str]] = []
        self.is_measured = False
        self.found: list[Any] = []

    def report(self) -> Report:
        self._walk(self.data, inside=False, depth=0)
        groups = tuple(self._group(row, item) for row, item in enumerate(self.found))
        return Report(
            source=self.source,
            patient=self.patient,
            date=self._date_of(()),
            sop_uid=text_of(self.data, "SOPInstanceUID"),
            is_measured=self.is_measured,
            groups=groups,
            responses=tuple(self.responses),
            criteria=self.criteria,
        )

    def _walk(self, data: Any, *, inside: bool, depth: int, within: bool = False) -> None:
        """Find the groups, the observer, and the dates of the image library.

        `inside` is whether the items are below the measurements, `within` whether in a group.
        """
        for item in _content(data, depth):
            name = _name(item)
            concept = concept_of(item, "ConceptCodeSequence")
            if name == codes.IMAGE_LIBRARY:
                self._read_library(item, None, depth + 1)
                continue
            if name == codes.OBSERVER and self.reader is None:
                self.reader = text_of(item, "PersonName")
            if name in codes.CRITERIA and concept is not None:
                self.criteria = concept.meaning
            if concept is not None and concept.code in codes.RESPONSES and not within:
                test = _meaning(concept_of(item, "ConceptNameCodeSequence")) or "response"
                self.responses.append((test, codes.RESPONSES[concept.code]))
            is_group = inside and name == codes.GROUP
            if is_group:
                self.found.append(item)
            is_measured = name == codes.MEASUREMENTS
            self.is_measured |= is_measured
            self._walk(
                item, inside=inside or is_measured, depth=depth + 1, within=within or is_group
            )

    def _read_library(self, data: Any, above: datetime.date | None, depth: int) -> None:
        """Read the dates of studies: of a group of images, or of one."""
        items = _content(data, depth)
        dates = [_date(text_of(item, "Date")) for item in items if _name(item) == codes.STUDY_DATE]
        own = next((date for date in dates if date is not None), above)
        if own is not None and own != above:
            self.library_dates.append(own)
        for image in _images(data):
            if own is not None:
                self.image_dates[image] = own
        for item in items:
            self._read_library(item, own, depth + 1)

    def _group(self, row: int, group: Any) -> MeasurementGroup:
        own = list(_below(group, 0))
        coded = [(item.code, concept_of(item.data, "ConceptCodeSequence")) for item in own]
        findings = [each for name, each in coded if name == codes.FINDING and each is not None]
        sites = [each for name, each in coded if name == codes.SITE and each is not None]
        first = next(iter(findings), None)
        site = next(iter(sites), None)
        images = tuple(uid for item in own for uid in _images(item.data))
        return MeasurementGroup(
            patient=self.patient,
            date=self._date_of(images),
            reader=self.reader,
            tracking_id=_said(own, codes.TRACKING_ID, "TextValue"),
            tracking_uid=_said(own, codes.TRACKING_UID, "UID"),
            finding=_meaning(first),
            finding_code=_code(first),
            site=_meaning(site),
            site_code=_code(site),
            lengths=tuple(each for item in own for each in _lengths(item)),
            study_uid=self.study_uid,
            source=self.source,
            row=row,
            findings=tuple(findings),
            sites=tuple(sites),
            words=frozenset(each.code for _, each in coded if each is not None),
        )

    def _date_of(self, images: tuple[str, ...]) -> datetime.date | None:
        """The date of the study: of the images measured, of the library, of the report's study.

        A library of several studies, none of them that of the images, leaves the date open.
        """
        dates = {self.image_dates[image] for image in images if image in self.image_dates}
        dates = dates or set(self.library_dates)
        if not dates:
            return self.header_date
        return dates.pop() if len(dates) == 1 else None


def _content(data: Any, depth: int) -> list[Any]:
    return items_of(data, "ContentSequence") if depth < _DEEPEST else []


@attrs.frozen(eq=False)
class _Item:
    """An item of a group, how deep it lies, and what it is called."""

    data: Any
    depth: int
    name: Concept | None

    @property
    def code(self) -> str | None:
        return _code(self.name)


def _below(data: Any, depth: int) -> Iterator[_Item]:
    """Every item of a group, those of groups inside it left out."""
    for each in _content(data, depth):
        item = _Item(each, depth, concept_of(each, "ConceptNameCodeSequence"))
        if item.code != codes.GROUP:
            yield item
            yield from _below(each, depth + 1)


def _name(item: Any) -> str | None:
    return _code(concept_of(item, "ConceptNameCodeSequence"))


def _code(concept: Concept | None) -> str | None:
    return None if concept is None else concept.code


def _meaning(concept: Concept | None) -> str | None:
    return None if concept is None else concept.meaning


def _said(items: list[_Item], name: str, value: str) -> str | None:
    """What the first item of a name says that lies directly in the group."""
    own = (each for each in items if each.depth == 0 and each.code == name)
    return next((text_of(each.data, value) for each in own), None)


def _lengths(item: _Item) -> Iterator[Length]:
    """The lengths of an item: one for each value, or one without where there is none."""
    name = item.name
    if name is None or name.code not in codes.LENGTHS or item.data.get("ValueType") != "NUM":
        return
    axis = codes.LENGTHS[name.code]
    values = items_of(item.data, "MeasuredValueSequence")
    for value in values:
        unit = concept_of(value, "MeasurementUnitsCodeSequence")
        told = (_code(unit) or "").removeprefix("UCUM:") or None
        yield Length(axis, name.meaning, text_of(value, "NumericValue"), told)
    if not values:
        yield Length(axis, name.meaning, None, None)


def _images(item: Any) -> Iterator[str]:
    for each in items_of(item, "ReferencedSOPSequence"):
        uid = text_of(each, "ReferencedSOPInstanceUID")
        if uid is not None:
            yield uid


def _date(text: str | None) -> datetime.date | None:
    """A date of DICOM, YYYYMMDD; `None` where it is none."""
    if text is None or len(text) != 8 or not (text.isascii() and text.isdigit()):
        return None
    try:
        return datetime.date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None
