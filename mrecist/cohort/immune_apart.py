"""Patients whose words by iRECIST the arrays do not follow, judged one by one.

Charts that are read line by line, and lines with more lesions than bits of a mask; by imRECIST all.
"""

from __future__ import annotations

import attrs
import numpy as np

from .._base.arrays import BLANK, Array
from ..patient.engine import assess
from ..patient.immune import Scan
from ..patient.immune_assessment import ImmuneAssessment, ImmuneLine, ImmuneTimepoint
from ..rulebook.criteria import CRITERIA
from ..rulebook.immune import IMMUNE, IMMUNE_BEST
from ..rulebook.immune_criteria import ImmuneCriteria
from ..rulebook.immune_joined import JOINED
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
    answers = _Answers(panel, criteria, *panel.immune)
    for patient in _apart(data, criteria, panel, panel.immune[1]):
        answers.put(patient, assess(patient_of(data, patient), criteria=criteria))
    partial = answers.timepoints.partial
    found = attrs.evolve(panel.timepoints, partial=partial, **answers.totals)
    return attrs.evolve(panel, timepoints=found)


def _apart(data: Read, criteria: ImmuneCriteria, panel: Panel, lines: ImmuneLines) -> list[int]:
    found = [lines.apart, *([panel.lines.patient] if criteria.joined else [])]
    if is_compound(data, panel):
        found.append(np.array(compound_patients(data, panel), np.int64))
    patients = np.unique(np.concatenate(found))
    each: list[int] = patients[np.isin(patients, panel.lines.patient)].tolist()
    return each


_TOTALS = ("total_um", "nadir_um", "complete", "target_rule")


class _Answers:
    """Answers of the engine for one patient, written into the columns by iRECIST."""

    def __init__(
        self,
        panel: Panel,
        criteria: ImmuneCriteria,
        timepoints: ImmuneTimepoints,
        lines: ImmuneLines,
    ) -> None:
        self.timepoints, self._lines = timepoints, lines
        names = _TOTALS if criteria.joined else ()
        self.totals = {name: np.array(getattr(panel.timepoints, name)) for name in names}
        self._patient = panel.lines.patient
        counts: Array = panel.lines.timepoints
        self._begin = np.cumsum(counts) - counts
        self._rules = places_in(JOINED if criteria.joined else IMMUNE)
        self._targets = places_in(CRITERIA[criteria.base].rules.target)
        self._best = {rule.verdict.code: place for place, rule in enumerate(IMMUNE_BEST.rules)}
        self._exposures = places_in(EXPOSURE)

    def put(self, patient: int, assessment: ImmuneAssessment) -> None:
        """Write the answer for one patient."""
        first = int(np.searchsorted(self._patient, patient))
        for at, line in enumerate(assessment.lines, first):
            self._put_line(at, line)

    def _put_line(self, at: int, line: ImmuneLine) -> None:
        columns, begin = self._lines, int(self._begin[at])
        columns.best_rule[at] = self._best[line.best_response.code]
        columns.confirmed_rule[at] = self._best[line.confirmed_best_response.code]
        columns.exposure_rule[at] = self._exposures[line.re_exposure.rule.id]
        earlier = line.re_exposure.earlier
        columns.rechallenge_of[at] = -1 if earlier is None else earlier
        day = {each.day: place for place, each in enumerate(line.timepoints, begin)}
        found, pending = line.progression, line.pending
        columns.progression[at] = -1 if found is None else day[found.day]
        sure = None if found is None else found.confirmed_day
        columns.confirmed_at[at] = -1 if sure is None else day[sure]
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
        if self.totals:
            self._put_total(at, timepoint.scan)

    def _put_total(self, at: int, scan: Scan) -> None:
        """Write the total of targets and new lesions, where it is that of the criteria."""
        base = scan.base
        for name, um in (("total_um", base.total_um), ("nadir_um", base.nadir_um)):
            self.totals[name][at] = -1 if um is None else um
        self.totals["complete"][at] = base.complete and scan.new_complete
        self.totals["target_rule"][at] = self._targets[base.target_rule.id]
