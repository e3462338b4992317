"""Worksheets: `read_worksheet` takes a spreadsheet or a file of text with one row per lesion.

    study = mrecist.io.read_worksheet("lesions.xlsx", measures="viable")

Sheets are found in `sheet_files`, their columns in `sheet_layout`, rows in `sheet_rows`, cells in
`sheet_cells`, and findings are made in `sheet_findings`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from .._base.converters import shown
from .._base.nearest import did_you_mean
from ..tables.column_schema import FINDING_COLUMNS
from .errors import AskError, IntakeError
from .problems import Notes, table
from .role_lines import lines_with_roles
from .sheet_dates import AmbiguousDateError, DateReader
from .sheet_files import Sheet, SheetFile, read_sheets
from .sheet_findings import Gathered
from .sheet_layout import Day, Layout, ask_for_format, layout_at, layout_of, says_date
from .sheet_readers import refuse_several_readers
from .sheet_rows import Options, RowReader
from .sheet_units import ask_which_unit, note_units
from .sheet_words import MEASURES, folded, heading_meaning, is_known_word
from .study import Study

__all__ = ["EACH", "read_worksheet", "roles_of"]

EACH = "each"
"""What `sheet` is for every sheet of a workbook: one per patient, by the sheet's name."""

EXAMPLE = "Example (not read)"
EXPLANATION = "How to fill in"
"""The first cell of a sheet that is passed over unless it is asked for by name."""

_COLUMNS = frozenset({*FINDING_COLUMNS, "role", "type", "measure", "size", "unit", "segment",
                      "start", "agents"})  # fmt: skip
_COMMA = re.compile(r"-?[0-9]+,[0-9]+")
_POINT = re.compile(r"-?[0-9]+\.[0-9]+")


def read_worksheet(
    path: str | os.PathLike[str],
    *,
    sheet: str | None = None,
    columns: Mapping[str, str] | None = None,
    measures: str | None = None,
    unit: str | None = None,
    decimal: str | None = None,
    date_format: str | None = None,
    lines: Any = None,
    errors: str = "raise",
) -> Study:
    """The study of a worksheet with a row per lesion, or a row per lesion and day.

    Args:
        path: A file .xlsx, .xlsm, .xlsb, .xls or .ods (extra `excel`), .csv, .tsv or .txt.
        sheet: The sheet to read; `"each"` reads all, a sheet without patients is one patient.
        columns: Headings by the names of our columns, `{"lesion": "Herd"}`; `"=liver"` holds for
            all rows.
        measures: What a plain diameter of a liver nodule measures, `"viable"` or `"whole"`.
        unit: Of numbers without a unit, `"mm"` or `"cm"`; left out, mm, unless they look like cm.
        decimal: The decimal mark; left out, a point, or the comma where a text file separated by
            semicolons has commas only.
        date_format: How dates that are text are written, as `datetime.strptime` takes it.
        lines: A table of the lines of therapy, as `assess_cohort` takes it.
        errors: `"raise"` or `"collect"`: what to do with mistakes.

    Returns:
        The study; `problems` lists what was read how, and what was not.

    Raises:
        AskError: Something that the sheet does not say, with the argument that answers it.
        IntakeError: Every mistake, with its cell.
    """
    _check_choice("measures", measures, ("viable", "whole"))
    _check_choice("unit", unit, ("mm", "cm"))
    _check_choice("decimal", decimal, (".", ","))
    columns = _checked_columns(columns or {})
    if not isinstance(path, (str, os.PathLike)):
        raise TypeError(f"path must be that of a file, got {shown(path)}")
    notes = Notes()
    file = read_sheets(path, is_known_word)
    dates = DateReader(date_format)
    chosen = _chosen(file, sheet, columns, dates)
    _note_sheets(file, sheet, chosen, columns, dates, notes)
    gathered = Gathered(file.name, notes, measures)
    for each in chosen:
        _read_sheet(each, file, gathered, columns, dates, unit, decimal)
    gathered.ask_what_is_measured()
    gathered.settle()
    line_table = _lines(gathered, lines, file.name)
    notes.settle(errors)
    return Study(
        f"worksheet {file.name}",
        gathered.table(),
        line_table,
        problems=notes.problem_table(),
        errors=notes.error_table(),
        files=(os.fspath(path),),
    )


def _check_choice(name: str, value: Any, choices: tuple[str, ...]) -> None:
    if value is not None and value not in choices:
        known = " or ".join(f'"{choice}"' for choice in choices)
        raise ValueError(f"{name} must be {known}, got {shown(value)}")


def _checked_columns(columns: Mapping[str, str]) -> Mapping[str, str]:
    unknown = [name for name in columns if name not in _COLUMNS]
    if unknown:
        known = ", ".join(sorted(_COLUMNS))
        near = did_you_mean(unknown[0], _COLUMNS)
        raise ValueError(f"columns must be named {known}, got {shown(unknown[0])}{near}")
    return columns


# ---- which sheets


@attrs.frozen
class _Chosen:
    sheet: Sheet
    layout: Layout
    patient: str | None
    says: Mapping[str, str]

    @property
    def is_filled(self) -> bool:
        """Whether a row below the header holds anything but the label of the row of dates."""
        rows = self.sheet.rows[self.layout.header + 1 :]
        return any(cell is not None and not says_date(cell) for row in rows for cell in row)


def _chosen(
    file: SheetFile, name: str | None, columns: Mapping[str, str], dates: DateReader
) -> list[_Chosen]:
    """The sheets to read, each with its layout. A sheet without a header is none."""
    sheets = list(file.sheets)
    if name is not None and name != EACH:
        sheets = [each for each in sheets if each.name == name]
        if not sheets:
            known = ", ".join(each.name for each in file.sheets)
            raise ValueError(f"sheet must be one of {known} or {EACH!r}, got {shown(name)}")
    else:
        sheets = [each for each in sheets if each.cell(0, 0) != EXAMPLE]
    found = []
    for each in sheets:
        layout = layout_of(each, columns, dates)
        if layout is not None:
            says = dict(_preamble(each, layout.header))
            patient = says.get("patient")
            if patient is None and name == EACH and "patient" not in layout.fields:
                patient = each.name
            found.append(_Chosen(each, layout, patient, says))
    if not found:
        raise _no_header(file)
    found = [each for each in found if each.is_filled]
    if not found:
        told = "NOT_A_TABLE: no row below the headings holds anything"
        raise IntakeError([(None, file.name, None, "", told)])
    if len(found) > 1 and name is None and not all(each.patient for each in found):
        names = ", ".join(each.sheet.name for each in found)
        raise AskError(
            f"{file.name} has several sheets with lesions: {names}",
            f'sheet="{found[0].sheet.name}", or sheet="each"',
            f"--sheet '{found[0].sheet.name}' or --sheet each",
        )
    for chosen in found:
        _check_columns(file, chosen, columns)
    return found


def _note_sheets(
    file: SheetFile,
    name: str | None,
    chosen: list[_Chosen],
    columns: Mapping[str, str],
    dates: DateReader,
    notes: Notes,
) -> None:
    """Name the sheets that hold something and have no headings, where all were looked at."""
    known = {each.sheet.name for each in chosen} | {EXPLANATION}
    for sheet in file.sheets if name in (None, EACH) else ():
        is_empty = all(cell is None for row in sheet.rows for cell in row)
        if sheet.name in known or is_empty or sheet.cell(0, 0) == EXAMPLE:
            continue
        if layout_of(sheet, columns, dates) is None:
            told = f"{sheet.name}: no row has three known headings, among them the lesion"
            notes.note("SHEET_NOT_READ", None, file.name, None, told)


def _no_header(file: SheetFile) -> AskError:
    what = (
        f"{file.name} has no row of headings with at least three known ones, among them the lesion"
    )
    return AskError(what, 'columns={"patient": "...", "lesion": "..."}', "--column lesion=HEADING")


def _check_columns(file: SheetFile, chosen: _Chosen, columns: Mapping[str, str]) -> None:
    """Every heading that the caller gave is there, the lesion has a column, and so has a size."""
    layout, sheet = chosen.layout, chosen.sheet
    head = {folded(str(cell)) for cell in sheet.rows[layout.header] if cell is not None}
    lost = [text for text in columns.values() if text[:1] != "=" and folded(text) not in head]
    if lost:
        there = ", ".join(str(cell) for cell in sheet.rows[layout.header] if cell is not None)
        raise ValueError(f"columns: no heading is {shown(lost[0])} among {there[:300]}")
    if "lesion" not in layout.fields:
        told = (
            "NOT_A_TABLE: no column names the lesion: a table with one row per patient and its "
            'totals holds no lesions; else say columns={"lesion": the heading} '
            "(--column lesion=HEADING)"
        )
        where = sheet.address(layout.header, 0)
        raise IntakeError([(None, file.name, layout.header, where, told)])
    has_patient = "patient" in layout.fields or "patient" in layout.constants or chosen.patient
    if not has_patient:
        raise AskError(
            f"no column of {sheet.name} names the patient",
            'columns={"patient": "the heading"}, or sheet="each" for one sheet per patient',
            '--column patient="the heading", or --sheet each for one sheet per patient',
        )
    if not layout.sizes and "status" not in layout.fields:
        where = sheet.address(layout.header, 0)
        told = (
            "NOT_A_TABLE: no column holds sizes: the column of a visit needs its date in the "
            'heading, or in a row whose lesion cell says "Date of scan"'
        )
        raise IntakeError([(None, file.name, layout.header, where, told)])


def _preamble(sheet: Sheet, header: int) -> Iterator[tuple[str, str]]:
    """What the lines above the header say: `Patient: P-001`, or a label and its cell."""
    for row in range(header):
        cells = [cell for cell in sheet.rows[row] if cell is not None]
        for at, cell in enumerate(cells):
            label, mark, rest = str(cell).partition(":")
            means = heading_meaning(label)
            name = "patient" if means == "patient" else _SAID.get(folded(label))
            text = rest.strip() or (str(cells[at + 1]).strip() if at + 1 < len(cells) else "")
            if name and text and (rest.strip() or at == 0 or mark):
                yield name, text


_SAID = {
    **dict.fromkeys(("unit", "units", "einheit", "unite", "unidad", "unita"), "unit"),
    **dict.fromkeys(("measures", "sizes measure", "sizes are"), "measures"),
}


# ---- one sheet


def _read_sheet(
    chosen: _Chosen,
    file: SheetFile,
    gathered: Gathered,
    columns: Mapping[str, str],
    dates: DateReader,
    unit: str | None,
    decimal: str | None,
) -> None:
    sheet, layout, notes = chosen.sheet, chosen.layout, gathered.notes
    said = folded(chosen.says.get("unit", ""))
    unit = unit or (said if said in ("mm", "cm") else None)
    mark = decimal or _mark_of(file, sheet)
    _note_reading(chosen, file, gathered, mark)
    options = Options(dates, unit, mark)

    def laid_out(row: int) -> Layout:
        return layout_at(sheet, row, columns, dates)

    rows = RowReader(sheet, layout, file.name, options, notes, chosen.patient, laid_out)
    rows.read()
    refuse_several_readers(rows, file.name, notes)
    if unit is None:
        ask_which_unit(rows.records)
        note_units(rows.records, notes, file.name)

    def address(row: int, name: str) -> str:
        return sheet.address(row, layout.fields[name]) if name in layout.fields else name

    gathered.has_roles |= "role" in layout.fields or "type" in layout.fields
    if "status" in layout.fields:
        gathered.has_our_status |= sheet.cell(layout.header, layout.fields["status"]) == "status"
    gathered.lesions.add(rows.lesions, "segment" in layout.fields, address)
    measures = MEASURES.get(folded(chosen.says.get("measures", "")))
    before, gathered.measures = gathered.measures, gathered.measures or _BY_FIELD.get(str(measures))
    gathered.add(rows.records, address)
    gathered.measures = before
    _starts(rows, gathered, dates, address)


_BY_FIELD = {"viable_mm": "viable", "longest_mm": "whole"}


def _mark_of(file: SheetFile, sheet: Sheet) -> str:
    """The decimal mark: a comma where a file separated by semicolons has no other in its numbers.

    Excel writes semicolons exactly where the decimal mark is a comma.
    """
    if file.separator != ";":
        return "."
    texts = [cell for row in sheet.rows for cell in row if isinstance(cell, str)]
    commas = any(map(_COMMA.match, texts))
    return "," if commas and not any(map(_POINT.fullmatch, texts)) else "."


def _note_reading(chosen: _Chosen, file: SheetFile, gathered: Gathered, mark: str) -> None:
    """Note how a sheet is read, and which of its columns are not."""
    sheet, layout = chosen.sheet, chosen.layout
    kind = (
        "one row per lesion and day"
        if layout.is_long
        else "one row per lesion, one column per visit"
    )
    told = [f"{sheet.name}: {kind}, header in row {layout.header + 1}, decimal mark {mark!r}"]
    if file.encoding is not None:
        told.append(f"separator {file.separator!r}, {file.encoding}")
    gathered.notes.note("READ_AS", None, file.name, layout.header, ", ".join(told))
    for heading in layout.unread:
        gathered.notes.note("COLUMN_NOT_READ", None, file.name, layout.header, heading)


# ---- lines of therapy


def _starts(rows: RowReader, gathered: Gathered, dates: DateReader, address: Any) -> None:
    """What rows say of the treatment: its start and its agents, the same in all of a patient."""
    for (patient, _), said in rows.lesions.items():
        for row, texts in said:
            for name in ("start", "agents"):
                value = texts.get(name)
                if value is None:
                    continue
                read = str(value).strip() if name == "agents" else _start(rows, row, value, dates)
                before = gathered.starts.setdefault(patient, {}).setdefault(name, read)
                if before != read and read is not None:
                    told = (
                        f"{name} of the patient is {before}, and {read} here: several lines of "
                        "therapy are a table of their own, lines= (mrecist cohort --lines)"
                    )
                    gathered.notes.refuse(
                        "CONFLICTING_RESULT", patient, rows.source, row, address(row, name), told
                    )


def _start(rows: RowReader, row: int, value: Any, dates: DateReader) -> Day | None:
    column = rows.layout.fields.get("start", 0)
    try:
        day = dates(value, days=True)
    except AmbiguousDateError as error:
        raise ask_for_format(rows.sheet, row, column, str(error)) from None
    except ValueError:
        day = None
    if day is None:
        told = f'must be a date like "2024-01-31", got {shown(value)}'
        rows.notes.refuse("NO_DATE", None, rows.source, row, rows.sheet.address(row, column), told)
    return day


def _lines(gathered: Gathered, lines: Any, source: str) -> dict[str, Any] | None:
    """The table of lines: the caller's, with the roles of the sheet; else one line per patient."""
    roles = roles_of(gathered)
    if lines is not None:
        return lines_with_roles(gathered.table(), lines, roles, gathered.source, gathered.notes)
    if not gathered.has_roles and not gathered.starts:
        return None
    first: dict[str, Any] = {}
    for patient, day, _ in gathered.findings:
        first[patient] = min(first.get(patient, day), day, key=lambda d: (str(type(d)), d))
    rows = []
    for patient, day in first.items():
        said = gathered.starts.get(patient, {})
        start = said.get("start") or day
        targets, nontargets = roles.get(patient, (None, None))
        rows.append((patient, start, said.get("agents"), targets, nontargets, source))
    return dict(table(("patient", "start", "agents", "targets", "nontargets", "source"), rows))


def roles_of(gathered: Gathered) -> dict[str, tuple[str, str]]:
    """Targets and non-targets of each patient with a role; `;` where it has none of them."""
    found: dict[str, dict[str, list[str]]] = {}
    recorded = {(patient, lesion) for patient, _, lesion in gathered.findings}
    for (patient, lesion), facts in gathered.facts.items():
        if facts.role is not None and (patient, lesion) in recorded:
            found.setdefault(patient, {}).setdefault(facts.role, []).append(lesion)
    return {
        patient: (";".join(of.get("target", ())) or ";", ";".join(of.get("nontarget", ())) or ";")
        for patient, of in found.items()
    }
