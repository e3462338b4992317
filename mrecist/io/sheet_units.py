"""Whether numbers without a unit look like centimetres: a question, or a problem."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from .errors import AskError
from .problems import Notes
from .sheet_rows import Record, Sized

__all__ = ["ask_which_unit", "note_units"]

_SMALL, _LARGE = 10, 100
"""In mm. No lesion to measure is below the first; a column below it beside sizes above the second
has probably another unit."""
_SEVERAL = 3


def ask_which_unit(records: Iterable[Record]) -> None:
    """Ask for the unit where every size without one is so small that it may be in cm."""
    bare = _bare(records)
    if _may_be_cm([each for each, _ in bare]):
        least = min(bare, key=lambda each: each[0])[1]
        what = (
            f"every size without a unit is below {_SMALL} (the smallest in {least.address}): "
            "they may be in cm"
        )
        raise AskError(what, 'unit="cm" or unit="mm"', "--unit cm or --unit mm")


def note_units(records: Sequence[Record], notes: Notes, source: str) -> None:
    """Note each patient, or column, whose sizes may be in another unit than the rest."""
    bare = _bare(records)
    by_patient: dict[str, list[Decimal]] = {}
    by_column: dict[int, list[Decimal]] = {}
    for record in records:
        for size, sized in _bare([record]):
            by_patient.setdefault(record.patient, []).append(size)
            by_column.setdefault(sized.column, []).append(size)
    if not any(size > _LARGE for size, _ in bare):
        by_column = {}
    for patient, sizes in by_patient.items():
        if len(by_patient) > 1 and _may_be_cm(sizes):
            told = f"every size of the patient is below {_SMALL} mm, if it is in mm"
            notes.note("UNIT_SUSPECT", patient, source, None, told)
    for column, sizes in by_column.items():
        if _may_be_cm(sizes):
            where = next(each.address for _, each in bare if each.column == column)
            told = f"every size of the column of {where} is below {_SMALL} mm, if it is in mm"
            notes.note("UNIT_SUSPECT", None, source, None, told)


def _bare(records: Iterable[Record]) -> list[tuple[Decimal, Sized]]:
    """The sizes above 0 of which neither the cell nor the heading says the unit."""
    return [
        (each.cell.mm, each)
        for record in records
        for each in record.sizes
        if each.cell.mm and each.cell.bare and not each.has_unit
    ]


def _may_be_cm(sizes: Sequence[Decimal]) -> bool:
    """Whether all are small, and several, or some not whole."""
    if not sizes or max(sizes) >= _SMALL:
        return False
    return len(sizes) >= _SEVERAL or any(size % 1 for size in sizes)
