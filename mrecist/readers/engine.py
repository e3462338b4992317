"""Tables of several readers in, their readings side by side out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from .._base.arrays import Array, first_by
from .._base.converters import look_up
from ..cohort.engine import assess_read, opened
from ..cohort.kept import asked_names, carried, read_kept, without_kept
from ..cohort.responses import Responses
from ..rulebook.criteria import MRECIST, Criteria, criteria_named
from ..tables import intake
from ..tables.by_reading import ByReading, by_reading, place_of_reader, read_as
from ..tables.column_schema import FAULT, READER
from ..tables.intake import Read
from ..tables.mistakes import CohortError
from .decisions import DECISION_COLUMNS
from .readings import Readings
from .review import DOUBLE_READ, REVIEWS, Review

__all__ = ["assess_readings"]


def assess_readings(
    findings: Any,
    lines: Any = None,
    *,
    procedures: Any = None,
    review: Review | str = DOUBLE_READ,
    decisions: Any = None,
    criteria: Criteria | str = MRECIST,
    errors: str = "raise",
    keep: Iterable[str] = (),
    patients: Any = None,
) -> Readings:
    """Judge the readings of several readers, and accept one per line as a review has it.

    Each reader's chart of a patient is judged alone: nothing of one reader has any influence on
    another. A line on which readers differ and nobody has decided is pending, and has no accepted
    reading; nor has a patient with a mistake in some reading. Otherwise as `assess_cohort`.

    Args:
        findings: One row per finding; the column `reader` says who recorded it.
        lines: Rows without a reader hold for every reader; one with a reader repeats the start and
            gives the baseline and the targets of this reader.
        procedures: One row per local treatment; those without a reader hold for every reader.
        review: Who reads, what counts as a difference and who decides; one of `"double"`,
            `"single"` and `"all"`, or a `Review`.
        decisions: Columns `patient`, `line` (empty: all lines), `accepted` (a reader), `by` and
            `reason`, and `date` where the review decides by time point.
        criteria: As for `assess`; those of lesions and of immunotherapy are refused.
        errors: `"raise"` raises every mistake; `"collect"` lists them in `Readings.errors`.
        keep: Further columns of `lines` or `patients`, such as an arm: the tables carry them on,
            and `by=` groups by them.
        patients: One row per patient, for `keep`.

    Returns:
        All readings side by side, and the accepted ones as a cohort.

    Raises:
        CohortError: Mistakes, every one, by row and column; also no column `reader`.
        CriteriaError: Criteria that are not known.
        ValueError: An argument is not possible, or the review names somebody who read nothing.

    Example:
        >>> rows = [("R1", 0, 30), ("R1", 56, 15), ("R2", 0, 30), ("R2", 56, 30)]
        >>> readings = assess_readings({
        ...     "patient": ["P-001"] * 4, "lesion": ["S8"] * 4,
        ...     "reader": [row[0] for row in rows], "date": [row[1] for row in rows],
        ...     "viable_mm": [row[2] for row in rows],
        ... })
        >>> readings
        <Readings by mrecist: R1 and R2, 1 line: 1 pending>
        >>> readings.discordance["triggers"].tolist()
        ['best response']
    """
    criteria = criteria_named(criteria)
    if not isinstance(review, Review):
        review = look_up("review", review, REVIEWS, "a Review", ValueError)
    if errors not in ("raise", "collect"):
        raise ValueError(f'errors must be "raise" or "collect", got {errors!r}')
    names = asked_names(keep)
    tables, restore = opened(findings, lines, procedures, patients, keep=names)
    carried_on = read_kept(tables[1], tables.pop(), names)
    tables[1] = without_kept(tables[1], names)
    if READER not in tables[0]:
        raise CohortError([(None, None, READER, "this column is required")])
    parted = by_reading(tables)
    _refuse_unknown(review, parted.readers)
    data, reading = read_as(carried_on.noted(intake.read(*parted.tables)), parted)
    _refuse_mixed_dates(data, parted, reading)
    panel = carried(carried_on, data, assess_read(data, criteria))
    given = decisions
    if decisions is not None and not isinstance(decisions, Mapping):
        from ..tables.frames_in import columns_of

        given = columns_of(decisions, (*DECISION_COLUMNS, FAULT))
    whole = Responses(data, criteria, panel, restore)
    readings = Readings(whole, parted, reading, review, given)
    if errors == "raise" and readings.mistakes:
        raise CohortError(list(readings.mistakes))
    return readings


def _refuse_unknown(review: Review, readers: tuple[str, ...]) -> None:
    """Refuse a name that read nobody beside one that the review does not know: it is misspelt.

    Where all who read are known, the others may not have read yet.
    """
    third = () if review.adjudicator is None else (review.adjudicator,)
    known = {name.casefold() for name in (*review.readers, *third, *review.local)}
    if known.issuperset(each.casefold() for each in readers):
        return
    for name in (*review.readers, *review.local):
        if place_of_reader(readers, name) < 0:
            told = f"the review names {name}, and the findings hold readings of"
            cure = "name its readers, Review(readers=(...)) (--readers)"
            raise ValueError(f"{told} {', '.join(readers)}: {cure}")


def _refuse_mixed_dates(data: Read, parted: ByReading, reading: Array) -> None:
    """Refuse readings of one patient of which some have calendar dates and others study days."""
    calendar, patient = data.patients.calendar, parted.patient[reading]
    dated = np.flatnonzero((calendar >= 0) & (np.diff(data.patients.bounds) > 0))
    kind = first_by(patient[dated], calendar[dated], len(parted.ids), -1)
    for place in dated[kind[patient[dated]] != calendar[dated]].tolist():
        row = np.r_[data.patients.rows(place, place + 1)][0]
        word = "study day" if calendar[place] else "calendar date"
        told = f"must be a {word} as in the other readings of the patient"
        row = int(parted.rows["findings"][row])
        parted.mistakes.append((int(patient[place]), row, "date", told))
