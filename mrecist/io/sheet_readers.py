"""Who has measured the lesions of a worksheet: at each examination of a patient one reader."""

from __future__ import annotations

from .._base.converters import shown
from .problems import Notes
from .sheet_rows import RowReader
from .sheet_words import READERS, folded

__all__ = ["refuse_several_readers"]


def refuse_several_readers(rows: RowReader, source: str, notes: Notes) -> None:
    """Refuse each patient of whom several readers read one examination.

    Their sizes are no one course. That another reads the next scan is how hospitals work.
    """
    sheet, header = rows.sheet, rows.layout.header
    for column, cell in enumerate(sheet.rows[header]):
        if folded(str(cell)) in READERS:
            where = sheet.address(header, column)
            for patient, readers in _several(rows, column).items():
                told = (
                    f"rows of {' and '.join(readers)} on one date, and each reading is judged by "
                    "itself: keep the rows of one reader, or give the table to `mrecist readings` "
                    "(assess_readings)"
                )
                notes.refuse("SEVERAL_READERS", patient, source, header, where, told)


def _several(rows: RowReader, column: int) -> dict[str, list[str]]:
    """The readers of each patient who has several on one date."""
    readers: dict[tuple[str, str], dict[str, str]] = {}
    for record in rows.records:
        cell = rows.sheet.cell(record.row, column)
        if cell is not None:
            own = readers.setdefault((record.patient, str(record.day)), {})
            own.setdefault(folded(str(cell)), shown(str(cell)))
    return {patient: sorted(own.values()) for (patient, _), own in readers.items() if len(own) > 1}
