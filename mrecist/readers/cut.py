"""Some lines of judged tables as tables by themselves.

Readings are judged as if each were a patient. Here chosen lines of them become the lines of real
patients: those of one reader, or those that are accepted.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import attrs
import numpy as np

from .._base.arrays import NO_DAY, Array, ranges
from .._base.errors import Problem
from .._base.words import Response
from ..cohort.new_lesions import News
from ..cohort.panel import LineColumns, Panel, TimepointColumns
from ..rulebook.best_response import BEST
from ..rulebook.confirmation import CONFIRMED
from ..tables.by_reading import taken_rows
from ..tables.clean import Lines
from ..tables.intake import Read
from ..tables.mistakes import Mistakes

__all__ = ["cut_panel", "cut_patients", "table_rows", "without_reading"]


def table_rows(lines: Lines, refused: Array) -> Array:
    """The row of the clean lines that each judged line is; `refused` are patients not judged."""
    return np.flatnonzero(~refused[lines.patient])


def cut_patients(data: Read, chosen: Array, lines: Array = None, owner: Array = None) -> Read:
    """The tables of chosen patients, in this order.

    `lines` are the rows of the clean lines that belong to them, and `owner` the patient, among the
    chosen, of each; left out, all that the chosen patients have.
    """
    patients = data.patients
    place = np.full(len(patients) + 1, -1)
    place[chosen] = np.arange(len(chosen))
    rows = [np.r_[patients.rows(each, each + 1)] for each in chosen.tolist()]
    counts = [len(each) for each in rows]
    ids = patients.ids[chosen]
    table, done = data.lines, data.procedures
    if table is not None:
        if lines is None:
            lines = np.flatnonzero(place[table.patient] >= 0)
            owner = place[table.patient[lines]]
            order = np.argsort(owner, kind="stable")
            lines, owner = lines[order], owner[order]
        table = attrs.evolve(table.taken(lines), patient=owner)
    if done is not None:
        kept = np.flatnonzero(place[done.patient] >= 0)
        kept = kept[np.argsort(place[done.patient[kept]], kind="stable")]
        columns = {
            name: getattr(done, name)[kept] for name in ("day", "kind", "lesions", "text", "row")
        }
        done = attrs.evolve(done, patient=place[done.patient[kept]], unread=None, **columns)
    whose, mistakes = data.owner, Mistakes()
    for at, column, told in data.mistakes.found:
        own = np.flatnonzero(place[whose(column, at)] >= 0)
        each = told if isinstance(told, str) else [told[row] for row in own.tolist()]
        mistakes.add(at[own], column, each)
    return attrs.evolve(
        data,
        lines=table,
        procedures=done,
        mistakes=mistakes,
        patients=attrs.evolve(
            patients,
            ids=ids,
            bounds=np.cumsum([0, *counts]),
            order=np.concatenate([np.zeros(0, np.int64), *rows]),
            refused=patients.refused[chosen],
            calendar=patients.calendar[chosen],
        ),
        owner=partial(_placed, place, whose),
    )


def _placed(place: Array, whose: Callable[[str, Array], Array], column: str, at: Array) -> Array:
    """The place of the patients of some rows among those chosen."""
    return place[whose(column, at)]


def cut_panel(panel: Panel, lines: Array, patient: Array) -> Panel:
    """The verdicts of some lines, in this order; `patient` is that of each."""
    counts = panel.lines.timepoints[lines]
    begin = np.cumsum(panel.lines.timepoints) - panel.lines.timepoints
    at = ranges(begin[lines], counts)
    place = _places(at, len(panel.timepoints.line))
    line = _places(lines, len(panel.lines.patient))
    columns: dict[str, Any] = {
        field.name: getattr(panel.lines, field.name)[lines] for field in attrs.fields(LineColumns)
    }
    columns |= {"patient": patient, "progression": place[columns["progression"]]}
    found = {
        field.name: getattr(panel.timepoints, field.name)[at]
        for field in attrs.fields(TimepointColumns)
    }
    found["line"] = line[found["line"]]
    order, news = _kept(place, panel.news.timepoint)
    lines_of, roles = _kept(line, panel.roles[0])
    return Panel(
        lines=LineColumns(**columns),
        timepoints=TimepointColumns(**found),
        news=News(timepoint=order, lesion=panel.news.lesion[news], rule=panel.news.rule[news]),
        roles=(lines_of, panel.roles[1][roles], panel.roles[2][roles]),
        apart=np.unique(patient[np.isin(panel.lines.patient[lines], panel.apart)]),
        kept={name: taken_rows(column, lines) for name, column in panel.kept.items()},
    )


def _places(taken: Array, count: int) -> Array:
    """Where each of so many elements stands among those taken; -1: nowhere, as for -1 itself."""
    place = np.full(count + 1, -1)
    place[taken] = np.arange(len(taken))
    return place


def _kept(place: Array, owner: Array) -> tuple[Array, Array]:
    """The new owners of what belongs to something taken, in their order; and the rows of it."""
    rows = np.flatnonzero(place[owner] >= 0)
    rows = rows[np.argsort(place[owner[rows]], kind="stable")]
    return place[owner[rows]], rows


def without_reading(panel: Panel, lines: Array) -> Panel:
    """The panel with these lines as if nobody had read them: no baseline, no follow-up."""
    bare = np.zeros(len(panel.lines.patient), np.bool_)
    bare[lines] = True
    kept = np.flatnonzero(~bare[panel.timepoints.line])
    place = _places(kept, len(panel.timepoints.line))
    timepoint, news = _kept(place, panel.news.timepoint)
    mine = np.flatnonzero(~bare[panel.roles[0]])
    blank = {
        "baseline": NO_DAY, "baseline_um": -1, "timepoints": 0, "progression": -1, "causes": 0,
        "best_rule": _nothing(BEST), "confirmed_rule": _nothing(CONFIRMED),
        "problems": Problem.NO_BASELINE.value,
    }  # fmt: skip
    columns = {
        name: np.where(bare, value, getattr(panel.lines, name)).astype(
            getattr(panel.lines, name).dtype
        )
        for name, value in blank.items()
    }
    columns["progression"] = place[columns["progression"]]
    found = {
        field.name: getattr(panel.timepoints, field.name)[kept]
        for field in attrs.fields(TimepointColumns)
    }
    return attrs.evolve(
        panel,
        lines=attrs.evolve(panel.lines, **columns),
        timepoints=TimepointColumns(**found),
        news=News(timepoint=timepoint, lesion=panel.news.lesion[news], rule=panel.news.rule[news]),
        roles=tuple(each[mine] for each in panel.roles),
    )


def _nothing(table: Any) -> int:
    """The rule of a line without follow-up."""
    return next(i for i, rule in enumerate(table.rules) if rule.verdict is Response.ND)
