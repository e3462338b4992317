"""A cohort judged in two parts: some of its patients, and the panels of both parts as one."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np

from .._base.arrays import Array, ranges
from ..tables.clean import Lines, Patients
from .new_lesions import News
from .panel import LineColumns, Panel, TimepointColumns

__all__ = ["merged", "of_patients", "some_of"]


def some_of(patients: Patients, lines: Lines | None, some: Array) -> tuple[Patients, Lines | None]:
    """Some of the patients, given by ascending place, and their lines."""
    counts = np.diff(patients.bounds)[some]
    rows = ranges(patients.bounds[some], counts)
    part = Patients(
        ids=patients.ids[some],
        bounds=np.append(0, np.cumsum(counts)),
        order=rows if patients.order is None else patients.order[rows],
        refused=patients.refused[some],
        calendar=patients.calendar[some],
    )
    if lines is None:
        return part, None
    place = np.full(len(patients), -1)
    place[some] = np.arange(len(some))
    own = lines.taken(np.flatnonzero(place[lines.patient] >= 0))
    return part, attrs.evolve(own, patient=place[own.patient])


def of_patients(panel: Panel, places: Array) -> Panel:
    """The panel of some patients with their places among all."""
    return attrs.evolve(
        panel,
        lines=attrs.evolve(panel.lines, patient=places[panel.lines.patient]),
        apart=places[panel.apart],
    )


def merged(one: Panel, other: Panel) -> Panel:
    """Two panels of different patients as one, by patient."""
    count = len(one.lines.patient) + len(other.lines.patient)
    before: Array = np.searchsorted(one.lines.patient, other.lines.patient)
    line = before + np.arange(len(before))
    lines = _Places(line, count)
    is_other = np.zeros(count, np.bool_)
    is_other[line] = True
    lengths = lines.both(one.lines.timepoints, other.lines.timepoints)
    at = np.flatnonzero(np.repeat(is_other, lengths))
    timepoints = _Places(at, int(lengths.sum()))
    moves = {"line": lines, "progression": timepoints}

    def columns(kind: Any, places: _Places, record: Any, more: Any) -> Any:
        return kind(
            **{
                field.name: places.both(
                    *moves[field.name].moved(*pair) if field.name in moves else pair
                )
                for field in attrs.fields(kind)
                for pair in [(getattr(record, field.name), getattr(more, field.name))]
            }
        )

    role_line = np.concatenate(lines.moved(one.roles[0], other.roles[0]))
    lie = np.argsort(role_line, kind="stable")
    roles = (
        role_line[lie],
        *(np.concatenate(pair)[lie] for pair in zip(one.roles[1:], other.roles[1:], strict=True)),
    )
    new_at = timepoints.moved(one.news.timepoint, other.news.timepoint)
    return Panel(
        timepoints=columns(TimepointColumns, timepoints, one.timepoints, other.timepoints),
        lines=columns(LineColumns, lines, one.lines, other.lines),
        news=News(
            timepoint=np.concatenate(new_at),
            lesion=np.concatenate([one.news.lesion, other.news.lesion]),
            rule=np.concatenate([one.news.rule, other.news.rule]),
        ),
        roles=(roles[0], roles[1], roles[2]),
        apart=np.concatenate([one.apart, other.apart]),
    )


class _Places:
    """Where the elements of two columns lie once they are one: those of the other at `at`."""

    def __init__(self, at: Array, count: int) -> None:
        self._other = at
        mine = np.ones(count, np.bool_)
        mine[at] = False
        self._one = np.flatnonzero(mine)
        self._count = count

    def both(self, one: Array, other: Array) -> Array:
        """The elements of both columns."""
        whole = np.empty(self._count, one.dtype)
        whole[self._one], whole[self._other] = one, other
        return whole

    def moved(self, one: Array, other: Array) -> tuple[Array, Array]:
        """Two columns of places in the columns before, as places after; -1 stays."""
        return tuple(
            np.where(column < 0, -1, np.append(places, -1)[column])
            for places, column in ((self._one, one), (self._other, other))
        )  # type: ignore[return-value]
