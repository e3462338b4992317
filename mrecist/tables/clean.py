"""Findings and lines of many patients as clean columns: codes, whole micrometres, whole days.

What `tables.py` makes of a table, and what `charts.py` reads. A column that the table lacks is
`None`. A cell that gives nothing holds `BLANK` (words, flags), -1 (lengths, places) or `NO_DAY`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs
import numpy as np

from .._base.arrays import BLANK, NO_DAY, Array

__all__ = ["Findings", "Lines", "Patients"]


@attrs.frozen(eq=False, repr=False, kw_only=True)
class Findings:
    """One element a row. `lesion` is a place in `lesion_ids`, `organ` one in `organs`."""

    day: Array
    lesion: Array
    organ: Array = None
    kind: Array = None
    hilar: Array = None
    enhancement: Array = None
    treated: Array = None
    status: Array = None
    viable_um: Array = None
    longest_um: Array = None
    short_axis_um: Array = None
    pattern: Array = None
    cytology: Array = None
    biopsy: Array = None
    equivocal: Array = None
    arterial_phase: Array = None
    reported: Array = None
    unreadable: Array = None
    """Rows with a cell that was refused: no further mistake follows from them."""
    lesion_ids: Sequence[str] = ()
    organs: Sequence[str] = ("liver",)

    def __len__(self) -> int:
        return len(self.day)


@attrs.frozen(eq=False, repr=False, kw_only=True)
class Lines:
    """One element a line of therapy, by patient and start. Text is a place in its `..._named`.

    `row` is the line's row in the table that it came from. `targets` and `nontargets` are -1 where
    the line names none of them; `agents` is -1 where it has none. `death` and `last_contact` are
    the patient's, in each line.
    """

    patient: Array
    start: Array
    stop: Array
    end_reason: Array
    baseline: Array
    agents: Array
    targets: Array
    nontargets: Array
    row: Array
    death: Array
    last_contact: Array
    agents_named: Sequence[tuple[str, ...]] = ()
    lesions_named: Sequence[tuple[str, ...]] = ()
    codes_named: Sequence[Array] = ()
    """The lesions named, as places in the `lesion_ids` of the findings; -1 for one not there."""

    def __len__(self) -> int:
        return len(self.patient)

    @classmethod
    def plain(cls, patient: Array, start: Array) -> Lines:
        """Lines of which nothing is known but whose they are and when they start."""
        count = len(patient)
        none, no_day = np.full(count, -1), np.full(count, NO_DAY)
        return cls(
            patient=patient, start=start, stop=no_day, death=no_day, last_contact=no_day,
            end_reason=np.full(count, BLANK, np.uint8), baseline=no_day,
            agents=none, targets=none, nontargets=none, row=none,
        )  # fmt: skip

    def taken(self, places: Any) -> Lines:
        """Some of the lines."""
        each = {
            field.name: getattr(self, field.name)[places]
            for field in attrs.fields(Lines)
            if not field.name.endswith("_named")
        }
        return attrs.evolve(self, **each)


@attrs.frozen(eq=False, repr=False, kw_only=True)
class Patients:
    """Which rows are whose, and in what order.

    By patient and date the rows of the table are those that `order` lists (`None`: as they lie),
    and of these patient `p` has `bounds[p]` up to `bounds[p + 1]`. `refused` are patients of whom
    some cell could not be read. `calendar` tells whose dates are calendar dates
    (1), not study days (0); -1 where a patient has none.
    """

    ids: Array
    bounds: Array
    order: Array = None
    refused: Array
    calendar: Array

    def __len__(self) -> int:
        return len(self.bounds) - 1

    def rows(self, first: int, last: int) -> Any:
        """The rows of patients `first` up to `last`, by patient and date: to index columns with.

        A slice where they lie so: columns are then looked at, not copied. `np.r_` makes it rows.
        """
        part = slice(int(self.bounds[first]), int(self.bounds[last]))
        return part if self.order is None else self.order[part].astype(np.intp)
