"""A file of case documents as a study, which `mrecist convert` writes in other formats."""

from __future__ import annotations

from itertools import chain

import attrs

from ..documents.case import InvalidCase
from ..documents.streams import read_cases
from ..io import Study
from ..io.of_readings import odd_charts, unrecorded
from ..io.problems import Notes

__all__ = ["study_of_cases"]


def study_of_cases(path: str) -> Study:
    """The study of case documents; those that no table can hold are its mistakes.

    They are not valid, come twice, or name a lesion without a finding. A patient of one of them is
    left out whole.
    """
    charts, notes, wrong = [], Notes(), set()
    for each in read_cases(path):
        if isinstance(each, InvalidCase):
            wrong.add(each.patient)
            for told in each.errors:
                notes.refuse("NOT_A_CASE", each.patient, path, None, "", told)
        else:
            charts.append(each)
    lost = ((chart, *mistake) for chart in charts for mistake in unrecorded(chart))
    for chart, where, told in chain(odd_charts(charts), lost):
        wrong.add(chart.id)
        notes.refuse("NOT_A_CASE", chart.id, path, None, where, told)
    study = Study.of_cases(chart for chart in charts if chart.id not in wrong)
    return attrs.evolve(study, errors=notes.error_table(), files=[path])
