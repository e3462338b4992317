"""Small structured reports of DICOM (TID 1500), made with pydicom, item by item."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest

__all__ = ["NODULE", "code", "code_item", "container", "group", "item", "num", "report", "save"]

pydicom = pytest.importorskip("pydicom")

NODULE = ("27925004", "SCT", "Nodule")
NODE = ("59441001", "SCT", "Lymph node")
LIVER = ("10200004", "SCT", "Liver")
LONG = ("103339001", "SCT", "Long axis")
SHORT = ("103340004", "SCT", "Short axis")
DIAMETER = ("81827009", "SCT", "Diameter")
LENGTH = ("410668003", "SCT", "Length")
_FINDING, _SITE = ("121071", "DCM", "Finding"), ("363698007", "SCT", "Finding Site")
_TRACKING, _UNIQUE = ("112039", "DCM", "Tracking Identifier"), ("112040", "DCM", "Tracking UID")
Coded = tuple[str, str, str]


def code(concept: Coded) -> Any:
    """A concept: value, scheme, meaning."""
    made = pydicom.Dataset()
    made.CodeValue, made.CodingSchemeDesignator, made.CodeMeaning = concept
    return made


def item(kind: str, name: Coded | None, content: Iterable[Any] = (), **values: Any) -> Any:
    """A content item of a kind: its name, its values, the items below it."""
    made = pydicom.Dataset()
    made.RelationshipType, made.ValueType = "CONTAINS", kind
    if name is not None:
        made.ConceptNameCodeSequence = [code(name)]
    for key, value in values.items():
        setattr(made, key, value)
    below = list(content)
    if below:
        made.ContentSequence = below
    return made


def container(name: Coded, content: Iterable[Any] = ()) -> Any:
    return item("CONTAINER", name, content, ContinuityOfContent="SEPARATE")


def code_item(name: Coded, value: Coded, content: Iterable[Any] = ()) -> Any:
    return item("CODE", name, content, ConceptCodeSequence=[code(value)])


def num(name: Coded, value: str | None, unit: str = "mm", content: Iterable[Any] = ()) -> Any:
    """A number; without a value it has none, as viewers write it."""
    made = item("NUM", name, content)
    if value is not None:
        measured = pydicom.Dataset()
        measured.NumericValue = value
        measured.MeasurementUnitsCodeSequence = [code((unit, "UCUM", unit))]
        made.MeasuredValueSequence = [measured]
    return made


def group(
    tracking: str | None = "S8",
    *lengths: Any,
    uid: str | None = None,
    finding: Coded | None = NODULE,
    site: Coded | None = LIVER,
    more: Iterable[Any] = (),
) -> Any:
    """A group of measurements."""
    content = []
    if tracking is not None:
        content.append(item("TEXT", _TRACKING, TextValue=tracking))
    if uid is not None:
        content.append(item("UIDREF", _UNIQUE, UID=uid))
    if finding is not None:
        content.append(code_item(_FINDING, finding))
    if site is not None:
        content.append(code_item(_SITE, site))
    return container(("125007", "DCM", "Measurement Group"), [*content, *lengths, *more])


def report(
    *groups: Any,
    patient: str | None = "P1",
    date: str | None = "20240103",
    reader: str | None = None,
    before: Iterable[Any] = (),
    header: Mapping[str, Any] | None = None,
) -> Any:
    """A report of one study; its content date is years later, as in real ones."""
    made = pydicom.Dataset()
    made.SOPClassUID = "1.2.840.10008.5.1.4.1.1.88.33"
    made.SOPInstanceUID = f"1.2.{hash_of(*groups, patient, date, reader)}"
    made.StudyInstanceUID = f"1.3.{date or 0}"
    made.Modality, made.ContentDate, made.SeriesDate = "SR", "20391231", "20391230"
    if patient is not None:
        made.PatientID = patient
    made.PatientName = "Never^Written"
    if date is not None:
        made.StudyDate = date
    made.ValueType = "CONTAINER"
    made.ConceptNameCodeSequence = [code(("126000", "DCM", "Imaging Measurement Report"))]
    content = list(before)
    if reader is not None:
        name = ("121008", "DCM", "Person Observer Name")
        content.append(item("PNAME", name, PersonName=reader))
    content.append(container(("126010", "DCM", "Imaging Measurements"), groups))
    made.ContentSequence = content
    for key, value in (header or {}).items():
        setattr(made, key, value)
    return made


def hash_of(*parts: Any) -> int:
    """A number that differs where the text of a report does."""
    return crc32(str(parts).encode())


def save(path: Path, made: Any, syntax: str = "1.2.840.10008.1.2.1") -> Path:
    """Write a report as a file."""
    made.file_meta = pydicom.dataset.FileMetaDataset()
    made.file_meta.TransferSyntaxUID = syntax
    made.file_meta.MediaStorageSOPClassUID = made.SOPClassUID
    made.file_meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID
    pydicom.dcmwrite(path, made, enforce_file_format=True)
    return path
