"""Findings, lines and procedures of many patients as clean columns: codes, micrometres, days.

`intake.py` makes them of tables; the cohort reads them. A column that the table lacks is `None`.
An empty cell holds `BLANK` (words, flags), -1 (lengths, indices) or `NO_DAY`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import attrs
import numpy as np

from .._base.arrays import BLANK, NO_DAY, Array

__all__ = ["Findings", "Lines", "Patients", "Procedures"]


@attrs.frozen(eq=False, repr=False, kw_only=True)
class Findings:
    """One element per row. `lesion` is an index into `lesion_ids`, `organ` one into `organs`.

    `part_of` and `into` are indices into `lesion_ids` too, `visit` is one into `visits`; -1: none.
    """

    day: Array
    lesion: Array
    organ: Array = None
    kind: Array = None
    hilar: Array = None
    enhancement: Array = None
    treated: Array = None
    part_of: Array = None
    status: Array = None
    viable_um: Array = None
    longest_um: Array = None
    short_axis_um: Array = None
    viable_perp_um: Array = None
    longest_perp_um: Array = None
    volume_viable_ul: Array = None
    pattern: Array = None
    cytology: Array = None
    biopsy: Array = None
    equivocal: Array = None
    into: Array = None
    masslike: Array = None
    aphe: Array = None
    washout: Array = None
    like_before: Array = None
    diffusion_restriction: Array = None
    t2_mild_moderate: Array = None
    change: Array = None
    margin: Array = None
    visit: Array = None
    arterial_phase: Array = None
    unmentioned: Array = None
    reported: Array = None
    modality: Array = None
    reported_by: Mapping[str, Array] = attrs.field(factory=dict)
    """The verdicts under one criteria each, by the name of the criteria."""
    unreadable: Array = None
    """Rows with a cell that was refused: no further mistake follows from them."""
    records: Array = None
    """Some of the columns once more, side by side: to read rows out of order (`packed.py`)."""
    lesion_ids: Sequence[str] = ()
    organs: Sequence[str] = ("liver",)
    visits: Sequence[str] = ()

    def __len__(self) -> int:
        return len(self.day)


@attrs.frozen(eq=False, repr=False, kw_only=True)
class Lines:
    """One element per line of therapy, by patient and start. Text is an index into `..._named`.

    `row` is the line's row in the table that it came from. `targets` and `nontargets` are -1 where
    the line names none of them; `agents` is -1 where it has none. `death` and `last_contact` are
    the patient's, repeated in each line.
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
    """The lesions named, as indices into the findings' `lesion_ids`; -1: absent."""

    def __len__(self) -> int:
        return len(self.patient)

    @classmethod
    def plain(cls, patient: Array, start: Array) -> Lines:
        """Lines of which only the patient and the start are known."""
        count = len(patient)
        none, no_day = np.full(count, -1), np.full(count, NO_DAY)
        return cls(
            patient=patient,
            start=start,
            stop=no_day,
            death=no_day,
            last_contact=no_day,
            end_reason=np.full(count, BLANK, np.uint8),
            baseline=no_day,
            agents=none,
            targets=none,
            nontargets=none,
            row=none,
        )

    def taken(self, places: Any) -> Lines:
        """The lines at these indices."""
        each = {
            field.name: getattr(self, field.name)[places]
            for field in attrs.fields(Lines)
            if not field.name.endswith("_named")
        }
        return attrs.evolve(self, **each)


@attrs.frozen(eq=False, repr=False, kw_only=True)
class Procedures:
    """One element per procedure, by patient and date. Text is an index into `..._named`.

    `row` is its row in the table that it came from. `lesions` is -1 where it names none, `text`
    where it has none.
    """

    patient: Array
    day: Array
    kind: Array
    lesions: Array
    text: Array
    row: Array
    kinds_named: Sequence[str] = ()
    texts_named: Sequence[str] = ()
    lesions_named: Sequence[tuple[str, ...]] = ()
    codes_named: Sequence[Array] = ()
    """The lesions named, as indices into the findings' `lesion_ids`; -1: absent."""
    unread: tuple[Array, Array, Array] | None = None
    """Patient, row and lesions of rows that are no procedure for another mistake."""


@attrs.frozen(eq=False, repr=False, kw_only=True)
class Patients:
    """The patients, with the rows of each in order of date.

    By patient and date the rows of the table are those that `order` lists (`None`: as they lie),
    and of these patient `p` has `bounds[p]` up to `bounds[p + 1]`. `refused` marks patients
    with a cell that could not be read. `calendar` is 1 where a patient's dates are calendar dates,
    0 where they are study days, -1 where the patient has none.
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

        A slice where the table is in this order, to avoid copies; `np.r_` expands it.
        """
        part = slice(int(self.bounds[first]), int(self.bounds[last]))
        return part if self.order is None else self.order[part].astype(np.intp)
