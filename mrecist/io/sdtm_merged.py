"""Lesions that have merged into others, as findings of the examinations that show it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .._base.arrays import Array
from ..tables.column_schema import SIZES
from .problems import Notes
from .sdtm_lesions import Merging

__all__ = ["merge"]

_VISIT_DAYS = 21
"""The examinations of one visit are that far apart at most."""

_OF_LESION = ("organ", "kind", "hilar", "enhancement", "treated", "part_of")
_OF_EXAMINATION = (
    "patient",
    "reader",
    "date",
    "visit",
    "arterial_phase",
    "unmentioned",
    "modality",
)
Rows = Mapping[tuple[Any, ...], Sequence[int]]


def merge(
    columns: Mapping[str, Array], mergings: Iterable[Merging], notes: Notes
) -> list[dict[str, Any]]:
    """Write into the findings which lesions have merged: such a finding has no size.

    Returns further findings, of merged lesions that the examination does not record any more. A
    merging without an examination of the surviving lesion near its date is noted.
    """
    mergings = list(mergings)
    rows = _rows(columns) if mergings else {}
    added = []
    for each in mergings:
        survivor = _nearest(columns, rows.get((*each.key[:2], each.survivor), ()), each)
        own = rows.get(each.key, ())
        if survivor is None or not own:
            told = f"lesion {each.key[2]}: no examination near {each.date} shows {each.survivor}"
            notes.note("OTHER_TEST", each.key[0], "tu", each.row, told)
            continue
        at = next((row for row in own if _is_one_visit(columns, row, survivor)), None)
        if at is None:
            made = {name: columns[name][survivor] for name in _OF_EXAMINATION}
            made |= {name: columns[name][own[0]] for name in _OF_LESION}
            added.append(
                made | {"lesion": each.key[2], "into": each.survivor, "source": f"tu:{each.row}"}
            )
        else:
            columns["into"][at] = each.survivor
            for name in ("status", *SIZES):
                columns[name][at] = None
    return added


def _rows(columns: Mapping[str, Array]) -> dict[tuple[Any, ...], list[int]]:
    """The findings of each lesion, by patient, reader and id."""
    found: dict[tuple[Any, ...], list[int]] = {}
    names = ("patient", "reader", "lesion")
    for at, key in enumerate(zip(*(columns[name].tolist() for name in names), strict=True)):
        found.setdefault(key, []).append(at)
    return found


def _nearest(columns: Mapping[str, Array], rows: Sequence[int], merging: Merging) -> int | None:
    """The finding nearest to the date of a merging: within a visit, or in its month."""
    date = merging.date
    if date is None:
        return None
    dates = {row: columns["date"][row] for row in rows if columns["date"][row] is not None}
    apart = {row: abs((each - date).days) for row, each in dates.items()}
    near = [
        row
        for row, each in dates.items()
        if apart[row] <= _VISIT_DAYS
        or (merging.in_month and (each.year, each.month) == (date.year, date.month))
    ]
    return min(near, key=apart.__getitem__, default=None)


def _is_one_visit(columns: Mapping[str, Array], row: int, other: int) -> bool:
    """Whether two findings are of one date, or of one visit."""
    visit = columns["visit"][row]
    return bool(columns["date"][row] == columns["date"][other]) or (
        visit is not None and bool(visit == columns["visit"][other])
    )
