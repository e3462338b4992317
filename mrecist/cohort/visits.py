"""The rows of a block of charts, and the time points that they make up.

Rows lie by patient and date; those of time point `t` are `visit_row[t]` up to `visit_row[t + 1]`.
Examinations of one visit are one time point, dated to the earliest of them (Reading RD-VISIT-DATE).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .._base.arrays import BLANK, Array, of, spread, taken
from .._base.reported import VERDICTS
from .._base.words import Measure, Response, Said
from ..rulebook.criteria import Criteria
from ..tables.clean import Findings, Patients
from ..tables.column_schema import REPORTED_BY
from ..tables.mistakes import Mistakes
from .cells import agreed, blank, column_of, spelt

__all__ = ["ACROSS", "BESIDE", "SIZES", "Visits"]

_CODES = np.arange(BLANK + 1, dtype=np.uint8)
AS_PLAIN = np.where(len(Response) > _CODES, _CODES, BLANK).astype(np.uint8)
"""The response that a reader's word stands for; one with an i stands for none."""
AS_IMMUNE = AS_PLAIN.copy()
AS_IMMUNE[len(Response) : len(Said)] = [each.code for each in VERDICTS[len(Response) :]]
"""The same by iRECIST: a plain word is read with the i (Reading RD-IR-REPORTED)."""

SIZES = {
    Measure.VIABLE: "viable_um",
    Measure.LONGEST: "longest_um",
    Measure.SHORT: "short_axis_um",
}

ACROSS = {Measure.VIABLE: "viable_perp_um", Measure.LONGEST: "longest_perp_um"}
BESIDE = (*ACROSS.values(), "volume_viable_ul")
"""What is recorded beside a size, and refused where a size is."""
"""The diameter across that of a measure."""


class Visits:
    """The rows of a block of whole patients, and their time points.

    `wrong` holds what no sound chart can contain, and `refused` tells whose charts: they must be
    left out (`without`) before anything is judged.

    `arterial` is that of each row's own examination. `examinations` are the patient, the day and
    the time point of each, `None` where every examination is a time point by itself.
    """

    def __init__(
        self,
        criteria: Criteria,
        findings: Findings,
        patients: Patients,
        span: tuple[int, int],
        without: Array = None,
    ) -> None:
        self.criteria = criteria
        self.findings = findings
        self.first = span[0]
        self.wrong = Mistakes()
        self.refused = np.zeros(span[1] - span[0], np.bool_)
        self.examinations: tuple[Array, Array, Array] | None = None
        self._read: Any = None  # the rows whose records are at hand
        self._records: Array = None
        rows, patient = self._rows(patients, span, without)
        self._read_visits(rows, patient, span)

    def _rows(self, patients: Patients, span: tuple[int, int], without: Array) -> tuple[Any, Array]:
        """The rows of the patients and the patient of each, from 0 within the block."""
        first, last = span
        rows = patients.rows(first, last)
        counts = np.diff(patients.bounds[first : last + 1])
        patient = np.repeat(np.arange(last - first, dtype=np.int32), counts)
        if without is not None and without[first:last].any():
            keep = np.flatnonzero(~without[first:last][patient])
            rows = keep + rows.start if isinstance(rows, slice) else rows[keep]
            patient = patient[keep]
        return rows, patient

    def _read_visits(self, rows: Any, patient: Array, span: tuple[int, int]) -> None:
        """Find the time points: rows of one patient and one date, or of one visit."""
        findings = self.findings
        self.rows, self.row_patient = rows, patient
        day = self._column("day", None)
        begins = np.ones(len(patient), np.bool_)
        np.not_equal(day[1:], day[:-1], out=begins[1:])
        begins[1:] |= patient[1:] != patient[:-1]
        firsts = np.flatnonzero(begins)
        self.visits = len(firsts)
        self.visit_patient, self.visit_day = patient[firsts], day[firsts].astype(np.int64)
        visit = np.cumsum(begins, dtype=np.int32)
        visit -= 1
        self.row_visit: Array = visit
        arterial = self._of_dates("arterial_phase", True, begins, firsts)
        self.arterial = spread(arterial != 0, visit)
        reported = {
            name: self._of_dates(name, BLANK, begins, firsts)
            for name in ("reported", *(REPORTED_BY + each for each in findings.reported_by))
        }
        for column in ("unmentioned", "modality"):
            self._of_dates(column, BLANK, begins, firsts)
        name = self._of_dates("visit", -1, begins, firsts)
        if np.any(name >= 0):
            firsts = self._join_examinations(name, firsts, reported)
        self._said_by_name = reported
        self.reported = AS_PLAIN[self._preferred(self.criteria.reported_as)]
        lesion = self._column("lesion", None).astype(np.int32, copy=False)
        if len(lesion) and lesion.min() < 0:
            lesion, firsts = self._keep_findings(lesion, firsts)
        self.lesion = lesion
        self.visit_row = np.append(firsts, len(lesion))
        self.patient_visit = np.searchsorted(self.visit_patient, np.arange(span[1] - span[0] + 1))

    def spoken(self, names: Sequence[str]) -> Array:
        """The verdict of each time point by iRECIST under some names, as the code of its word."""
        return AS_IMMUNE[self._preferred(names)]

    def _preferred(self, names: Sequence[str]) -> Array:
        """The verdict of each time point for criteria: a word for any, else one by name."""
        said: Array = self._said_by_name["reported"]
        for name in names:
            by_name = self._said_by_name.get(REPORTED_BY + name)
            if by_name is not None:
                said = np.asarray(np.where(said == BLANK, by_name, said), np.uint8)
        return said

    def _join_examinations(self, name: Array, firsts: Array, reported: dict[str, Array]) -> Array:
        """Make the examinations of each visit one time point; give the first row of each."""
        patient, day = self.visit_patient, self.visit_day
        alone = -1 - np.arange(self.visits)
        keys = np.where(name >= 0, patient.astype(np.int64) << 32 | name, alone)
        _, earliest, each = np.unique(keys, return_index=True, return_inverse=True)
        if len(earliest) == self.visits:
            return firsts
        order = np.argsort(earliest)
        rank = np.empty(len(order), np.int32)
        rank[order] = np.arange(len(order))
        visit: Array = rank[each.ravel()]
        earliest = earliest[order]
        self.examinations = patient, day, visit
        self.visits = len(earliest)
        self.visit_patient, self.visit_day = patient[earliest], day[earliest]
        for column, said in reported.items():
            if np.ndim(said):
                given = np.flatnonzero(said != BLANK)
                reported[column] = np.full(self.visits, BLANK, np.uint8)
                reported[column][visit[given]] = said[given]
        self.row_visit = visit[self.row_visit]
        if (self.row_visit[1:] < self.row_visit[:-1]).any():
            lie = np.argsort(self.row_visit, kind="stable")
            self.rows, self.row_visit = self._at(lie), self.row_visit[lie]
            self.row_patient, self.arterial = self.row_patient[lie], of(self.arterial, lie)
        return np.searchsorted(self.row_visit, np.arange(self.visits))

    def _keep_findings(self, lesion: Array, firsts: Array) -> tuple[Array, Array]:
        """Leave out the rows that say only that there was a time point."""
        named = lesion >= 0
        empty = np.flatnonzero(~named)
        given = np.zeros(len(empty), np.bool_)
        for name in ("status", "into", *SIZES.values(), *BESIDE):
            said = self.said(name, empty)
            if said is not None:
                given |= said != (BLANK if name == "status" else -1)
        odd = empty[given & self._readable(empty)]
        self._refuse(odd, "lesion", "must be given where the row has a finding")
        keep = np.flatnonzero(named)
        self.arterial = of(self.arterial, keep)
        self.rows = self._at(keep)
        self.row_patient, self.row_visit = self.row_patient[keep], self.row_visit[keep]
        return lesion[keep], np.concatenate([[0], np.cumsum(named)])[firsts]

    def _at(self, places: Array) -> Array:
        """The rows of the table that rows of the block are."""
        return places + self.rows.start if isinstance(self.rows, slice) else self.rows[places]

    def _readable(self, places: Array) -> Array:
        """Whether every cell of the rows could be read: of others no further mistake is told."""
        unreadable = self.said("unreadable", places)
        return np.ones(len(places), np.bool_) if unreadable is None else ~unreadable

    def _refuse(self, places: Array, column: str, told: Any) -> None:
        """Note what is wrong with rows."""
        self.wrong.add(self._at(places), column, told)
        self.refused[self.row_patient[places]] = True

    def _of_dates(self, name: str, default: Any, begins: Array, firsts: Array) -> Array:
        """What the rows of each date say together."""
        said = self._column(name, None)
        if said is None:
            return default
        if not ((said[1:] != said[:-1]) & ~begins[1:]).any():
            # All rows of a time point say the same, as in most tables.
            said = said[firsts]
            return np.where(said == blank(said), said.dtype.type(default), said)
        together, wrong = agreed(said, self.row_visit, self.visits, default)
        self._disagree(wrong, name, "all rows of a date", said, together, self.row_visit)
        return together

    def _disagree(
        self, wrong: Array, name: str, where: str, said: Array, together: Array, owner: Array
    ) -> None:
        told = [
            f"must agree in {where}, got {spelt(self.findings, name, said[row])} and "
            f"{spelt(self.findings, name, together[owner[row]])}"
            for row in wrong
        ]
        self._refuse(wrong, name, told)

    def said(self, name: str, rows: Array) -> Array:
        """A column of findings for some rows of the block; `None` where the table lacks it."""
        column = column_of(self.findings, name)
        return None if column is None else taken(column, self._at(rows))

    def _column(self, name: str, absent: Any) -> Array:
        column = column_of(self.findings, name)
        if column is None:
            return absent
        records = self.findings.records
        if records is None or name not in records.dtype.names:
            return taken(column, self.rows)
        if self._read is not self.rows:
            self._read, self._records = self.rows, taken(records, self.rows)
        return np.ascontiguousarray(self._records[name])

    def size_said(self, measure: Measure, rows: Array) -> Array:
        """The sizes that some rows record in a measure; -1: none."""
        said = self.said(SIZES[measure], rows)
        return np.full(len(rows), -1, np.int32) if said is None else said
