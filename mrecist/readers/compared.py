"""The readings of each line side by side, and in what they differ.

`at[line, reader]` is the judged line of a reader's chart, -1 where the reader did not read the
line (Reading RD-READER-READ). A reading ends with the reader's first progression: what was recorded
later is not compared.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from typing import Any

import attrs
import numpy as np

from .._base.arrays import NO_DAY, Array, first_by
from .._base.words import NewLesion, Response
from ..cohort.baseline import TARGET
from ..cohort.panel import Panel
from ..rulebook.best_response import BEST, OBJECTIVE
from ..rulebook.confirmation import CONFIRMED
from ..rulebook.decision_table import members, verdicts
from .review import TRIGGERS, Review

__all__ = [
    "Compared",
    "Facts",
    "compared",
    "differences",
    "facts_of",
    "lines_of",
    "timepoints_read",
]

IS_OBJECTIVE = members(Response, OBJECTIVE)


@attrs.frozen(eq=False, repr=False, kw_only=True)
class Facts:
    """What the rules computed of each judged line: words by code, days (`NO_DAY`: never)."""

    best: Array
    confirmed: Array
    progression: Array
    response: Array
    new_lesion: Array
    targets: Array
    within: Array
    """Of each follow-up: whether it is one up to the first progression."""


def facts_of(panel: Panel) -> Facts:
    """What is compared, of every judged line."""
    lines, found = panel.lines, panel.timepoints
    count = len(lines.patient)
    progressed = lines.progression >= 0
    progression = np.full(count, NO_DAY)
    progression[progressed] = found.day[lines.progression[progressed]]
    last = np.where(progressed, lines.progression, len(found.line))[found.line]
    step = np.arange(len(found.line))
    responded = IS_OBJECTIVE[found.response] & ~found.partial & (step < last)
    line, _, role = panel.roles
    return Facts(
        best=verdicts(BEST, lines.best_rule),
        confirmed=verdicts(CONFIRMED, lines.confirmed_rule),
        progression=progression,
        response=_first(found, responded, count),
        new_lesion=_first(found, (found.new_lesion == NewLesion.YES.code) & (step <= last), count),
        targets=np.bincount(line[role == TARGET], minlength=count),
        within=step <= last,
    )


def _first(found: Any, where: Array, count: int) -> Array:
    """The day of the first follow-up of each line at which something holds."""
    rows = np.flatnonzero(where)
    return first_by(found.line[rows], found.day[rows], count, NO_DAY)


@attrs.frozen(eq=False, repr=False, kw_only=True)
class Compared:
    """The lines of all patients with their readings; `donor` is a reading, by anyone or no one."""

    panel: Panel
    facts: Facts
    readers: tuple[str, ...]
    patient: Array
    number: Array
    at: Array
    donor: Array


def compared(
    panel: Panel, patient: Array, reader: Array, readers: tuple[str, ...], bad: Array
) -> Compared:
    """Bring the readings of each line together.

    `patient` and `reader` are those of each judged line; lines of `bad` patients are left out.
    """
    lines = panel.lines
    sound = np.flatnonzero(~np.isin(patient, bad))
    width = int(lines.number.max(initial=0)) + 1
    keys, first, row = np.unique(
        patient[sound] * width + lines.number[sound], return_index=True, return_inverse=True
    )
    at = np.full((len(keys), len(readers)), -1)
    was_read = (lines.baseline[sound] != NO_DAY) | (lines.timepoints[sound] > 0)
    some = np.flatnonzero((reader[sound] >= 0) & was_read)
    at[row.ravel()[some], reader[sound][some]] = sound[some]
    return Compared(
        panel=panel,
        facts=facts_of(panel),
        readers=readers,
        patient=keys // width,
        number=keys % width,
        at=at,
        donor=sound[first],
    )


def differences(of: Compared, who: Iterable[int], review: Review) -> dict[str, Array]:
    """For each trigger of a review the lines on which some pair of these readers differ in it."""
    found = {
        name: np.zeros(len(of.donor), np.bool_) for name in TRIGGERS if name in review.triggers
    }
    for one, other in combinations(who, 2):
        both = np.flatnonzero((of.at[:, one] >= 0) & (of.at[:, other] >= 0))
        for name, differ in found.items():
            if name == "time point":
                differ[_words_differ(of, one, other)] = True
            else:
                differ[both] |= _differ(
                    of.facts, name, of.at[both, one], of.at[both, other], review
                )
    return found


def _differ(facts: Facts, name: str, one: Array, other: Array, review: Review) -> Array:
    """Whether two readings of each line differ in what a trigger names."""
    best = facts.confirmed if review.confirmed else facts.best
    if name == "best response":
        return best[one] != best[other]
    if name == "objective response":
        return IS_OBJECTIVE[best[one]] != IS_OBJECTIVE[best[other]]
    if name == "eligibility":
        return (facts.targets[one] > 0) != (facts.targets[other] > 0)
    day = getattr(facts, _DAYS[name])
    first, second = day[one], day[other]
    never = (first == NO_DAY) != (second == NO_DAY)
    if name == "progression":
        return never
    return never | (np.abs(first - second) > review.window_days)


_DAYS = {
    "progression": "progression",
    "progression date": "progression",
    "response date": "response",
    "new lesion": "new_lesion",
}


_DAY_SPAN = 1 << 33


def lines_of(keys: Array) -> Array:
    """The lines of `timepoints_read`."""
    return keys // _DAY_SPAN


def timepoints_read(of: Compared, reader: int) -> tuple[Array, Array]:
    """A key by line and date of each follow-up of a reader that is compared, and its place.

    They are those up to and including the reader's first progression.
    """
    found = of.panel.timepoints
    row = np.full(len(of.panel.lines.patient), -1)
    read = np.flatnonzero(of.at[:, reader] >= 0)
    row[of.at[read, reader]] = read
    places = np.flatnonzero(of.facts.within & (row[found.line] >= 0))
    day = found.day[places].astype(np.int64) - NO_DAY
    return row[found.line[places]] * _DAY_SPAN + day, places


def _words_differ(of: Compared, one: int, other: int) -> Array:
    """The lines of which two readers gave different words at some shared follow-up."""
    (keys, places), (other_keys, other_places) = (
        timepoints_read(of, each) for each in (one, other)
    )
    _, first, second = np.intersect1d(keys, other_keys, assume_unique=True, return_indices=True)
    response = of.panel.timepoints.response
    differ = response[places[first]] != response[other_places[second]]
    return lines_of(keys[first[differ]])
