"""The rows of a study: of one reader, of one patient."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np

from .._base.arrays import Array
from ..model import Patient
from ..tables.plain_columns import columns_of

__all__ = ["Frame", "labelled", "of_reader", "whose"]

Frame = Mapping[str, Any]


def labelled(patient: Patient, labels: Mapping[str, str]) -> Patient:
    """A chart whose lesions have their labels."""
    lesions = [attrs.evolve(each, label=labels.get(each.id)) for each in patient.lesions]
    return attrs.evolve(patient, lesions=lesions)


def whose(patients: Any) -> dict[str, Any]:
    """The columns of a table of patients, by USUBJID where there is no column `patient`."""
    columns = columns_of(patients)
    if "patient" not in columns and "USUBJID" in columns:
        columns["patient"] = columns.pop("USUBJID")
    return columns


def of_reader(columns: Any, reader: str, *, shared: bool = False, or_none: bool = False) -> Any:
    """The rows of a reader without the column.

    `shared`: what all readers share is added to them; `or_none`: rows without a reader too.
    """
    if columns is None or "reader" not in columns:
        return columns
    each = np.asarray(columns["reader"], object)
    nobody = each == np.array(None)
    own = np.flatnonzero((each == reader) | (nobody & or_none))
    if shared:
        facts = np.flatnonzero(nobody)
        return _joined_lines(columns, own, facts)
    return {
        name: np.asarray(cells, object)[own] for name, cells in columns.items() if name != "reader"
    }


def _joined_lines(columns: Frame, own: Array, facts: Array) -> dict[str, Array]:
    """The lines that all readers share, with what one reader says of them."""
    keys = list(zip(columns["patient"], columns["start"], strict=True))
    said = {keys[row]: row for row in own.tolist()}
    rows = facts.tolist()
    made = {}
    for name in columns:
        if name != "reader":
            cells = columns[name]
            values = [cells[row] for row in rows]
            for at, row in enumerate(rows):
                if values[at] is None and keys[row] in said:
                    values[at] = cells[said[keys[row]]]
            made[name] = np.empty(len(rows), object)
            made[name][:] = values
    return made
