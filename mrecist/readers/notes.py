"""Notes on several readings: those of each reader's charts, told once where readings share them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import attrs
import numpy as np

from .._base.arrays import Array
from ..cohort.notes import Told, columns_of_notes, notes_on_charts, notes_on_tables
from ..rulebook.criteria import Criteria
from ..rulebook.notes import NOTES
from ..tables.column import Coded
from ..tables.intake import Read

__all__ = ["note_columns"]


def note_columns(
    data: Read,
    criteria: Criteria,
    ids: Array,
    patient: Array,
    reader: Array,
    readers: Sequence[str],
    names: Mapping[str, Sequence[str]],
) -> dict[str, Any]:
    """The table of notes with the reader of each; none where it holds for several, or for all.

    `patient` and `reader` are those of each reading. `names` are those of all columns of each
    table.
    """
    told, largest = notes_on_charts(data, criteria)
    whose: dict[Told, set[int]] = {}
    for each in told:
        rows = data.rows[each.table]
        own = tuple(sorted({int(rows[row]) for row in each.rows}))
        note = attrs.evolve(each, patient=int(patient[each.patient]), rows=own)
        whose.setdefault(note, set()).add(int(reader[each.patient]))
    rank = {code: place for place, code in enumerate(NOTES)}
    found = sorted(whose, key=lambda each: (each.patient, rank[each.note.code], each.rows))
    of = [readers[min(whose[each])] if len(whose[each]) == 1 else None for each in found]
    most = np.zeros(len(ids), np.int64)
    np.maximum.at(most, patient, largest)
    beside = notes_on_tables(list(map(str, ids.tolist())), most, names)
    columns = columns_of_notes([*found, *beside], ids)
    by = Coded(np.arange(len(found) + len(beside)), [*of, *[None] * len(beside)])
    return {"patient": columns.pop("patient"), "reader": by, **columns}
