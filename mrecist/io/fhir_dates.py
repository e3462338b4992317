"""Whether the dates of a chart are of the calendar, as FHIR needs them."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from ..model import Patient

__all__ = ["calendar_mistakes"]


def calendar_mistakes(chart: Patient) -> Iterator[tuple[str, str]]:
    """The first date of a chart that is a study day: all are, or none is."""
    dates = [(f"timepoints[{at}].date", each.date) for at, each in enumerate(chart.timepoints)]
    dates += [(f"lines[{at}].start", each.start) for at, each in enumerate(chart.lines)]
    for path, date in dates[:1]:
        if not isinstance(date, datetime.date):
            yield path, f"must be a calendar date to be written as FHIR, got study day {date}"
