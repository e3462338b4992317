"""What the baseline of each line says of each lesion, and what was known of the others before.

A baseline that does not record a lesion, or only as not evaluable, is completed by the records of
the work-up (Reading RD-WORKUP); of a lesion that these do not record either, the latest earlier
record says whether it is known (Reading RD-KNOWN).
"""

from __future__ import annotations

import numpy as np

from .._base.arrays import Array, first_by, of, ranges
from .._base.exact import at_least
from .._base.words import Status
from .chart import Charts

__all__ = ["Records"]


class Records:
    """Rows by line and lesion: those that a baseline rests on, and the prior ones of other lesions.

    `line`, `rows` and `place` are those of the baselines, line by line; `prior_line`,
    `prior_rows` and `prior_place` those of lesions that a baseline does not mention. `spread`
    are the lines whose baseline rests on more than one time point.
    """

    def __init__(self, charts: Charts, owner: Array, lesion: Array) -> None:
        line = np.flatnonzero(charts.baseline >= 0)
        visit = charts.baseline[line]
        counts = charts.visit_row[visit + 1] - charts.visit_row[visit]
        self._charts, self._owner, self._lesion = charts, owner, lesion
        self.line = np.repeat(line, counts)
        self.rows = ranges(charts.visit_row[visit], counts)
        self.place = self._at(self.line, charts.place[self.rows])
        self.prior_line = self.prior_rows = self.prior_place = self.spread = line[:0]
        early = line[visit > charts.patient_visit[charts.line_patient[line]]]
        if len(early):
            self._look_back(early)

    def _at(self, line: Array, lesion: Array) -> Array:
        charts = self._charts
        shift = charts.line_role - charts.patient_lesion[charts.line_patient]
        return lesion + shift[line] if shift.any() else lesion

    def _look_back(self, early: Array) -> None:
        """Find earlier records of lesions that the baselines of some lines do not show."""
        charts = self._charts
        unseen = np.broadcast_to(
            of(charts.status, self.rows) == Status.NOT_EVALUABLE.code, self.rows.shape
        )
        shown = np.zeros(len(self._owner), np.bool_)
        shown[self.place[~unseen]] = True
        width = np.diff(charts.patient_lesion)[charts.line_patient[early]]
        missing = ranges(charts.line_role[early], width)
        missing = missing[~shown[missing]]
        missing = missing[self._is_known(missing)]
        if not len(missing):
            return
        line, lesion = self._owner[missing], self._lesion[missing]
        visit = charts.baseline[line]
        row = charts.latest(lesion, visit, charts.status != Status.NOT_EVALUABLE.code)
        age = charts.lines.start[line] - charts.visit_day[charts.row_visit[row]]
        used = (row >= 0) & at_least(charts.criteria.baseline_days, age)
        recorded = np.full(len(self._owner), -1)
        recorded[self.place] = np.arange(len(self.place))
        at = recorded[missing]
        prior = ~used & (at < 0)
        self.prior_line, self.prior_place = line[prior], missing[prior]
        self.prior_rows = charts.latest(lesion[prior], visit[prior], np.True_)
        self.spread = line[used]
        again, more = used & (at >= 0), used & (at < 0)
        self.rows[at[again]] = row[again]
        if more.any():
            self._add(line[more], row[more], missing[more])

    def _is_known(self, places: Array) -> Array:
        """Whether the lesions are recorded before the baseline of their lines."""
        charts = self._charts
        begun = first_by(charts.place, charts.row_visit, charts.lesions, charts.visits)
        return begun[self._lesion[places]] < charts.baseline[self._owner[places]]

    def _add(self, line: Array, rows: Array, place: Array) -> None:
        """Add rows of the work-up to those of the baselines."""
        line = np.append(self.line, line)
        lie = np.argsort(line, kind="stable")
        self.line = line[lie]
        self.rows = np.append(self.rows, rows)[lie]
        self.place = np.append(self.place, place)[lie]
