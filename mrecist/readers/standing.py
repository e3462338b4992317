"""The readings that stand, put together as one cohort of the real patients."""

from __future__ import annotations

import attrs
import numpy as np

from .._base.arrays import Array
from ..cohort.responses import Responses
from .acceptance import NOBODY, PENDING, Accepted
from .accepted import AcceptedResponses
from .by_date import accepted_lines
from .compared import Compared
from .cut import cut_panel, cut_patients, table_rows, without_reading

__all__ = ["standing"]


def standing(
    whole: Responses, of: Compared, chosen: Accepted, ids: Array, patient: Array, bad: Array
) -> AcceptedResponses:
    """The cohort of the accepted readings.

    `patient` is that of each reading of `whole`, as an index into `ids`; `bad` are patients with a
    mistake, who stay in the cohort without a line.
    """
    state, who = chosen.state, chosen.reader
    nobody, pending = state == NOBODY, state == PENDING
    line = np.where(who < 0, of.donor, of.at[np.arange(len(who)), who])
    chart = _charts(whole, of, line, patient, len(ids))
    data = whole._data
    if data.lines is None:
        cut = cut_patients(data, chart)
    else:
        rows = table_rows(data.lines, data.patients.refused)
        cut = cut_patients(data, chart, rows[line], of.patient)
    refused = np.isin(np.arange(len(ids)), bad)
    cut = attrs.evolve(cut, patients=attrs.evolve(cut.patients, refused=refused))
    judged, own = accepted_lines(of, who, chosen.mixed, whole.criteria)
    panel = cut_panel(judged.panel, np.where(own < 0, line, own), of.patient)
    panel = without_reading(panel, np.flatnonzero(nobody | pending))
    full = Responses(cut, whole.criteria, panel, whole._restore)
    read = Responses(data, whole.criteria, without_reading(whole.panel, line[nobody]))
    return AcceptedResponses(read, line[~pending], full, pending, _mixed(of, chosen, ids))


def _charts(whole: Responses, of: Compared, line: Array, patient: Array, count: int) -> Array:
    """The reading that shows the chart of each patient.

    It is that of the first line; without a line one with a mistake, or else any.
    """
    refused = whole._data.patients.refused
    order = np.argsort(refused, kind="stable")
    chart = np.full(count, -1)
    chart[patient[order]] = order
    back = np.arange(len(line))[::-1]
    chart[of.patient[back]] = whole.panel.lines.patient[line[back]]
    return chart


def _mixed(of: Compared, chosen: Accepted, ids: Array) -> dict[str, list[str]]:
    """The patients of whom readers are accepted who differ from line to line, or date to date."""
    readers: dict[int, dict[str, None]] = {}
    for row in np.flatnonzero(chosen.reader >= 0).tolist():
        mixture = chosen.mixed.get(row)
        each = [chosen.reader[row]] if mixture is None else mixture.readers.tolist()
        names = readers.setdefault(int(of.patient[row]), {})
        names |= dict.fromkeys(of.readers[reader] for reader in each)
    return {str(ids[each]): list(names) for each, names in readers.items() if len(names) > 1}
