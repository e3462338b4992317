"""Patients whose words by iRECIST the arrays do not follow, judged one by one.

Charts that are read line by line, and lines with more lesions than bits of a mask.
"""

from __future__ import annotations

import attrs
import numpy as np

from .._base.arrays import BLANK, Array
from ..patient.engine import assess
from ..patient.immune_assessment import ImmuneAssessment, ImmuneLine, ImmuneTimepoint
from ..rulebook.immune import IMMUNE, IMMUNE_BEST
from ..rulebook.immune_criteria import ImmuneCriteria
from ..rulebook.therapy import EXPOSURE
from ..tables.intake import Read
from .compound import CAUSE_BITS, compound_patients, places_in
from .immune import ImmuneLines, ImmuneTimepoints, no_immune_columns
from .one_patient import patient_of
from .panel import Panel, is_compound

__all__ = ["with_apart"]


def with_apart(data: Read, criteria: ImmuneCriteria, panel: Panel) -> Panel:
    """The panel with the words of patients that the arrays do not follow in place."""
    if panel.immune is None:
        return attrs.evolve(panel, immune=no_immune_columns())  # no patient, so no block
    answers = _Answers(panel, *panel.immune)
    for patient in _apart(data, panel, panel.immune[1]):
        answers.put(patient, assess(patient_of(data, patient), criteria=criteria))
    partial = answers.timepoints.partial
    return attrs.evolve(panel, timepoints=attrs.evolve(panel.timepoints, partial=partial))


def _apart(data: Read, panel: Panel, lines: ImmuneLines) -> list[int]:
    found = [lines.apart]
    if is_compound(data, panel):
        found.append(np.array(compound_patients(data, panel), np.int64))
    patients = np.unique(np.concatenate(found))
    each: list[int] = patients[np.isin(patients, panel.lines.patient)].tolist()
    return each


class _Answers:
    """Answers of the engine for one patient, written into the columns by iRECIST."""

    def __init__(self, panel: Panel, timepoints: ImmuneTimepoints, lines: ImmuneLines) -> None:
        self.timepoints, self._lines = timepoints, lines
        self._patient = panel.lines.patient
        counts: Array = panel.lines.timepoints
        self._begin = np.cumsum(counts) - counts
        self._rules, self._best = places_in(IMMUNE), places_in(IMMUNE_BEST)
        self._exposures = places_in(EXPOSURE)

    def put(self, patient: int, assessment: ImmuneAssessment) -> None:
        """Write the answer for one patient."""
        first = int(np.searchsorted(self._patient, patient))
        for at, line in enumerate(assessment.lines, first):
            self._put_line(at, line)

    def _put_line(self, at: int, line: ImmuneLine) -> None:
        columns, begin = self._lines, int(self._begin[at])
        columns.best_rule[at] = self._best[line.best_rule.id]
        columns.confirmed_rule[at] = self._best[line.confirmed_rule.id]
        columns.exposure_rule[at] = self._exposures[line.re_exposure.rule.id]
        earlier = line.re_exposure.earlier
        columns.rechallenge_of[at] = -1 if earlier is None else earlier
        day = {each.day: place for place, each in enumerate(line.timepoints, begin)}
        found, pending = line.progression, line.pending
        columns.progression[at] = -1 if found is None else day[found.day]
        columns.confirmed_at[at] = -1 if found is None else day[found.confirmed_day]
        columns.pending[at] = -1 if pending is None else day[pending.day]
        causes = found.causes if found is not None else pending.causes if pending else ()
        columns.causes[at] = sum(CAUSE_BITS[cause] for cause in causes)
        for place, timepoint in enumerate(line.timepoints, begin):
            self._put_timepoint(place, timepoint)

    def _put_timepoint(self, at: int, timepoint: ImmuneTimepoint) -> None:
        columns = self.timepoints
        columns.rule[at] = self._rules[timepoint.scan.rule.id]
        columns.computed[at] = timepoint.computed.code
        columns.response[at] = timepoint.response.code
        columns.new_lesion[at] = timepoint.new_lesion.code
        columns.new_um[at] = timepoint.scan.new_um
        said = timepoint.reported
        columns.reported[at] = BLANK if said is None else said.code
        columns.agrees[at] = -1 if timepoint.agrees is None else int(timepoint.agrees)
        columns.stands_in[at] = timepoint.source == "reported"
        columns.partial[at] = timepoint.is_partial
        columns.problems[at] = timepoint.scan.problems.value
