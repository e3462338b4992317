"""Many charts as the criteria see them: what `patient/chart.py` is for one patient, for a block.

Rows, time points, lesions and lines of the block are spoken of by their places.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .._base.arrays import NO_DAY, Array, ranges
from .._base.converters import shown
from .._base.words import Status
from ..rulebook.decision_table import members
from ..rulebook.sizes import SHOWN
from ..tables.clean import Findings, Lines, Patients
from .lesions import Traits
from .sights import Sights

__all__ = ["Charts"]

IS_SHOWN = members(Status, SHOWN)


class Charts(Sights):
    """A block of whole patients, every finding read once, and the lines of therapy.

    Of each line: `baseline`, the time point that it starts from, -1 without; `window`, its first
    follow-up, and how many `follow_ups` it has.
    """

    def __init__(
        self,
        findings: Findings,
        lines: Lines | None,
        patients: Patients,
        span: tuple[int, int],
        traits: Traits,
        without: Array = None,
    ) -> None:
        super().__init__(findings, patients, span, traits, without)
        self._read_lines(lines, span, without)

    def _read_lines(self, lines: Lines | None, span: tuple[int, int], without: Array) -> None:
        """The lines of the patients, each with its baseline and its window of time points."""
        if lines is None:
            self.lines = self._one_line_each()
        else:
            first, last = np.searchsorted(lines.patient, span)
            self.lines = lines.taken(slice(first, last))
            if without is not None:
                self.lines = self.lines.taken(~without[self.lines.patient])
        patient = self.lines.patient - self.first
        self.line_patient = patient
        begin, end = self.patient_visit[patient], self.patient_visit[patient + 1]
        self.baseline = begin.copy()
        if lines is not None:
            self.baseline = self._visit_by(patient, self.lines.start)
            self.baseline[self.baseline < begin] = -1
            self._choose_baselines(begin)
        named = np.flatnonzero(self.lines.baseline != NO_DAY)
        if len(named):
            self._read_named_baselines(named)
        place = np.flatnonzero(patient[1:] == patient[:-1])
        if len(place):
            end[place] = self._visit_by(patient[place], self.lines.start[place + 1]) + 1
        self.window = np.where(self.baseline < 0, begin, self.baseline + 1)
        self.follow_ups = np.maximum(end - self.window, 0)
        width = np.diff(self.patient_lesion)[patient]
        self.line_role = np.cumsum(width) - width
        self.named_targets = self._read_named("targets")
        self.named_nontargets = self._read_named("nontargets")

    def _refuse_lines(self, lines: Array, column: str, told: Any) -> None:
        self.wrong.add(self.lines.row[lines], f"lines.{column}", told)
        self.refused[self.line_patient[lines]] = True

    def _one_line_each(self) -> Lines:
        """One line for each patient, from the first time point on."""
        starts = np.flatnonzero(np.diff(self.patient_visit) > 0)
        return Lines.plain(starts + self.first, self.visit_day[self.patient_visit[starts]])

    def _visit_by(self, patient: Array, day: Array) -> Array:
        """The last time point by a day; that of an earlier patient where there is none."""
        return _last_by(self.visit_patient, self.visit_day, patient, day)

    def _choose_baselines(self, begin: Array) -> None:
        """Go back to the latest time point that shows some lesion, where there is one."""
        by_start = np.flatnonzero(self.baseline > begin)
        blank = by_start[~self._shows(self.baseline[by_start])]
        if len(blank):
            visits = np.arange(self.visits)
            last = np.maximum.accumulate(np.where(self._shows(visits), visits, -1))
            last = last[self.baseline[blank]]
            self.baseline[blank] = np.where(last < begin[blank], self.baseline[blank], last)

    def _shows(self, visits: Array) -> Array:
        """Whether time points record some lesion as more than absent or not evaluable."""
        begin, end = self.visit_row[visits], self.visit_row[visits + 1]
        shown = end > begin
        if np.ndim(self.status):
            # As a rule the first row shows some lesion.
            shown[shown] = IS_SHOWN[self.status[begin[shown]]]
            more = np.flatnonzero(~shown & (end - begin > 1))
            rows = ranges(begin[more], (end - begin)[more])
            if len(rows):
                starts = np.cumsum((end - begin)[more]) - (end - begin)[more]
                shown[more] = np.logical_or.reduceat(IS_SHOWN[self.status[rows]], starts)
        else:
            shown &= IS_SHOWN[self.status]
        return shown

    def _read_named_baselines(self, named: Array) -> None:
        patient, day = self.line_patient[named], self.lines.baseline[named]
        patients, days, visits = self.examinations or (self.visit_patient, self.visit_day, None)
        at = _last_by(patients, days, patient, day)
        there = (at >= 0) & (len(days) > 0)
        there[there] = (patients[at[there]] == patient[there]) & (days[at[there]] == day[there])
        self._refuse_lines(named[~there], "baseline", "must be the date of a time point")
        self.baseline[named] = np.where(there, at if visits is None else visits[at], -1)

    def _read_named(self, name: str) -> tuple[Array, Array]:
        """The lesions that lines name, as lines and lesions."""
        lines, named = self.lines, getattr(self.lines, name)
        naming = np.flatnonzero(named >= 0)
        if not len(naming):
            return naming, naming
        codes = lines.codes_named
        counts = np.array([len(each) for each in codes])
        begins = np.cumsum(counts) - counts
        line = np.repeat(naming, counts[named[naming]])
        place = ranges(begins[named[naming]], counts[named[naming]])
        lesion = self.lesion_of(self.line_patient[line], np.concatenate(codes)[place])
        ids = [each for text in lines.lesions_named for each in text]
        lost = np.flatnonzero(lesion < 0)
        told = [
            f"must be the id of a lesion of this patient, got {shown(ids[place[i]])}" for i in lost
        ]
        self._refuse_lines(line[lost], name, told)
        return line, lesion


def _last_by(patients: Array, days: Array, patient: Array, day: Array) -> Array:
    """The last place by a day, in columns by patient and day; -1 where none lies before."""
    low = int(days.min()) if len(days) else 0
    high = int(days.max()) if len(days) else 0
    span = high - low + 2
    keys = patients.astype(np.int64) * span + (days - low + 1)
    asked = patient.astype(np.int64) * span + np.clip(day - low + 1, 0, span - 1)
    return np.searchsorted(keys, asked, side="right") - 1
