"""Measurements that the OHIF viewer exports as text: `read_ohif_csv` takes files and folders.

    study = mrecist.io.read_ohif_csv("MeasurementReport.csv", dates={"1.2.840...": "2024-01-03"},
                                     locations="liver", measures="viable")

Such a file holds no date and no place, and writes cells without quotes.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs

from .._base.converters import shown
from ..tables.ragged import width_fault
from .errors import AskError, IntakeError
from .locations import UNKNOWN, Location
from .measured import (
    DIAMETER,
    LONG,
    SHORT,
    Measured,
    Record,
    Sites,
    millimetres,
    study_dates,
    with_roles,
)
from .problems import Notes
from .sheet_files import Sheet, read_sheets
from .study import Study

__all__ = ["read_ohif_csv"]

_PATIENT, _STUDY = "patient id", "studyinstanceuid"
_LENGTH, _WIDTH, _UNIT = "length", "width", "unit"
_IN_MM = " (mm)"
_TOOL = "annotationtype"
_SOURCE = "OHIF CSV"


def read_ohif_csv(
    path: Any,
    *,
    dates: Mapping[str, Any] | None = None,
    measures: str | None = None,
    lesion: str = "Label",
    locations: Sites | None = None,
    lines: Any = None,
    errors: str = "raise",
) -> Study:
    """The study that exports of OHIF hold: one finding for each length or pair of axes.

    Args:
        path: A file, a folder with files .csv, or several of them.
        dates: The date of each study by its StudyInstanceUID: the file holds none.
        measures: What a plain diameter of a liver nodule measures, `"viable"` or `"whole"`.
        lesion: The heading of the column that names the lesion.
        locations: Places by lesion, or one of all (in a mapping, of all others, by `None`): words,
            or an organ and a kind of lesion. A lesion without one is in an unknown organ.
        lines: A table of the lines of therapy, as `assess_cohort` takes it.
        errors: `"raise"` or `"collect"`: what to do with mistakes.

    Returns:
        The study; `problems` names every row that is not used, and why.

    Raises:
        AskError: Something that the file does not say, with the argument that answers it.
        IntakeError: Every mistake, with its cell.
    """
    notes = Notes()
    measured = Measured(measures, locations, notes)
    reading = _Reading(measured, notes, study_dates(dates), lesion)
    files = list(_files(path))
    for file in files:
        reading.read(file)
    reading.ask_for_dates(dates)
    reading.add()
    measured.ask_what_is_measured()
    findings = measured.table()
    line_table = with_roles(findings, lines, {}, _SOURCE, notes)
    notes.settle(errors)
    return Study(
        _SOURCE,
        findings,
        line_table,
        problems=notes.problem_table(),
        errors=notes.error_table(),
        files=list(map(os.fspath, files)),
    )


def _files(path: Any) -> Iterator[Path]:
    each: Iterable[Any] = [path] if isinstance(path, (str, os.PathLike)) else path
    if not isinstance(each, Iterable):
        raise TypeError(f"path must be a path or several, got {shown(path)}")
    for one in map(Path, each):
        yield from sorted(one.glob("*.csv")) if one.is_dir() else [one]


@attrs.frozen
class _Row:
    """A row of a file with its cells by heading; `row` counts the lines of the file from 0."""

    source: str
    row: int
    patient: str | None
    study: str | None
    lesion: str | None
    lengths: tuple[tuple[str, Decimal], ...]


class _Reading:
    """Files into rows, and rows into findings."""

    def __init__(
        self,
        measured: Measured,
        notes: Notes,
        dates: Mapping[str, datetime.date],
        lesion: str,
    ) -> None:
        self.measured, self.notes, self.dates = measured, notes, dates
        self.lesion = lesion.strip().lower()
        self.rows: list[_Row] = []

    def read(self, path: Path) -> None:
        """Read a file; one that cannot be read is a mistake, and costs no other."""
        try:
            file = read_sheets(path, lambda text: text.strip().lower() in (_PATIENT, _STUDY))
        except IntakeError as error:
            self.notes.mistakes += error.rows
            return
        for sheet in file.sheets:
            self._read_sheet(sheet, file.name)

    def _read_sheet(self, sheet: Sheet, source: str) -> None:
        heads = [[str(cell or "").strip().lower() for cell in row] for row in sheet.rows]
        head = next((at for at, row in enumerate(heads) if {_PATIENT, _STUDY} <= set(row)), None)
        if head is None or self.lesion not in heads[head]:
            told = f"must have the columns Patient ID, StudyInstanceUID and {self.lesion}"
            self.notes.refuse("NOT_A_TABLE", None, source, None, "", told)
            return
        for at in range(head + 1, len(sheet.rows)):
            cells = [None if cell is None else str(cell) for cell in sheet.rows[at]]
            if any(cells):
                self._read_row(sheet, source, at, heads[head], cells)

    def _read_row(
        self, sheet: Sheet, source: str, row: int, heads: list[str], cells: Sequence[str | None]
    ) -> None:
        patient = cells[heads.index(_PATIENT)] if len(cells) > heads.index(_PATIENT) else None
        if len(cells) > len(heads):
            told = "the viewer writes a comma of a label as it is; take it out"
            told = f"{width_fault(cells, heads)}: {told}"
            self.notes.refuse("NOT_A_ROW", patient, source, row, sheet.address(row, 0), told)
            return
        said: dict[str, tuple[str, str]] = {}
        for at, (head, cell) in enumerate(zip(heads, cells, strict=False)):
            if cell is not None:
                said.setdefault(head, (cell, sheet.address(row, at)))
        if patient is None:
            where = sheet.address(row, heads.index(_PATIENT))
            self.notes.refuse("NO_PATIENT", None, source, row, where, "the row names no patient")
        lengths, is_sound = self._lengths(patient, source, row, said)
        name = said.get(self.lesion, (None, ""))[0]
        if is_sound and not lengths:
            tool = said.get(_TOOL, ("a measurement", ""))[0]
            self.notes.note("NO_LENGTH", patient, source, row, f"{tool} has no length")
        elif is_sound and name is None:
            where = sheet.address(row, heads.index(self.lesion))
            told = "the measurement has no label: give each lesion one, the same at every date"
            self.notes.refuse("LESION_NOT_TRACKED", patient, source, row, where, told)
        elif is_sound:
            study = said.get(_STUDY, (None, ""))[0]
            self.rows.append(_Row(source, row, patient, study, name, lengths))

    def _lengths(
        self, patient: str | None, source: str, row: int, said: Mapping[str, tuple[str, str]]
    ) -> tuple[tuple[tuple[str, Decimal], ...], bool]:
        """The lengths of a row in mm, and whether none of them is a mistake."""
        found = []
        is_sound = True
        for name in (_LENGTH, _WIDTH):
            for head, unit in ((name, said.get(_UNIT, (None, ""))[0]), (f"{name}{_IN_MM}", "mm")):
                if head not in said:
                    continue
                text, where = said[head]
                try:
                    found.append(millimetres(text, unit, name))
                except ValueError as error:
                    is_sound = False
                    self.notes.refuse("NOT_A_LENGTH", patient, source, row, where, str(error))
        if len(found) < 2:
            return tuple((DIAMETER, mm) for mm in found), is_sound
        return ((LONG, max(found)), (SHORT, min(found))), is_sound

    def ask_for_dates(self, dates: Mapping[str, Any] | None) -> None:
        """Ask for the dates of the studies, where none is given."""
        studies = list(dict.fromkeys(row.study for row in self.rows if row.study is not None))
        if studies and not dates:
            listed = ", ".join(f'"{uid}": "YYYY-MM-DD"' for uid in studies)
            raise AskError(
                "the file says no date of its studies",
                f"dates={{{listed}}}",
                " ".join(f"--study-date {uid}=YYYY-MM-DD" for uid in studies),
            )

    def add(self) -> None:
        """Make a finding of each row with a patient, a lesion and a date."""
        undated: set[tuple[Any, ...]] = set()
        for row in self.rows:
            date = self.dates.get(row.study or "")
            if date is None:
                if (row.source, row.patient, row.study) not in undated:
                    undated.add((row.source, row.patient, row.study))
                    told = f"dates (--study-date) has no date of the study {row.study}"
                    self.notes.refuse(
                        "NO_DATE", row.patient, row.source, row.row, "StudyInstanceUID", told
                    )
            elif row.patient is not None and row.lesion is not None:
                self.measured.add(
                    Record(
                        patient=row.patient,
                        date=date,
                        lesion=row.lesion,
                        location=Location(UNKNOWN),
                        lengths=row.lengths,
                        source=row.source,
                        row=row.row,
                    )
                )
