"""What is odd at the baselines of many lines, as bits of `Problem`."""

from __future__ import annotations

import numpy as np

from .._base.arrays import Array, of, spread
from .._base.errors import Problem
from .._base.exact import at_least
from .._base.words import Kind, Status
from ..rulebook.baseline import MEASURABLE
from ..rulebook.decision_table import members
from .baseline import Baselines
from .chart import Charts

__all__ = ["line_problems"]

IS_MEASURABLE = members(Kind, MEASURABLE)


def line_problems(charts: Charts, lines: Baselines) -> Array:
    """What is odd at the baseline of each line; a line without one has that problem alone."""
    problems = np.where(lines.has_baseline, 0, Problem.NO_BASELINE.value).astype(np.uint32)
    age = charts.lines.start.astype(np.int64) - lines.baseline_day
    for problem, some in (
        (Problem.OLD_BASELINE, lines.has_baseline & ~at_least(charts.criteria.baseline_days, age)),
        (Problem.BASELINE_SPREAD, lines.records.spread),
        (Problem.UNMENTIONED_AT_BASELINE, lines.unmentioned),
        (Problem.UNSIZED_NODE, lines.unsized),
        (Problem.BASELINE_INCOMPLETE, lines.incomplete),
        (Problem.NO_DISEASE_AT_BASELINE, _is_free_of_disease(charts, lines)),
        *_from_rows(charts, lines),
        *_from_names(charts, lines),
    ):
        problems[some] |= problem.value
    if charts.traits.columns.outside.any():
        problems[_has_viable_outside(charts)] |= Problem.VIABLE_OUTSIDE_LIVER.value
    return problems


def _from_rows(charts: Charts, lines: Baselines) -> list[tuple[Problem, Array]]:
    """What the records that the baselines rest on show, by line."""
    rows, line, found = lines.rows, lines.row_line, []
    if np.any(charts.odd):
        found.append((Problem.VIABLE_EXCEEDS_WHOLE, line[charts.odd[rows]]))
    if np.any(charts.wide):
        found.append((Problem.PERP_EXCEEDS_LONGEST, line[charts.wide[rows]]))
    if np.any(charts.blind):
        blind = np.broadcast_to(of(charts.blind, rows), rows.shape)
        found.append((Problem.NO_ARTERIAL_BASELINE, line[blind]))
    measured = of(charts.status, rows) == Status.MEASURED.code
    unsized = (of(charts.recorded, rows) < 0) & measured
    some = np.flatnonzero(np.broadcast_to(unsized, rows.shape))
    if len(some):
        kind = spread(charts.traits.columns.kind, charts.trait_of(rows[some]))
        found.append(
            (Problem.NO_SIZE, line[some[np.broadcast_to(IS_MEASURABLE[kind], some.shape)]])
        )
    if charts.lacking:
        target = lines.target
        found.append((Problem.NO_SIZE, line[target[charts.lacks_size(rows[target])]]))
    if charts.criteria.area is not None:
        target = lines.target
        lacks = charts.lacks_perpendicular(rows[target])
        found.append((Problem.NO_PERP, line[target[lacks]]))
    return found


def _from_names(charts: Charts, lines: Baselines) -> list[tuple[Problem, Array]]:
    """What is odd about targets that the reader named: they are honoured all the same."""
    named = lines.named_targets
    if not len(named):
        return []
    unfit = np.ones(len(lines.role), np.bool_)
    unfit[lines.fit] = False
    owner = lines.owner[named]
    crowded = _crowded(charts, owner, lines.lesion[named])
    return [
        (Problem.UNFIT_TARGET, owner[unfit[named] & lines.has_baseline[owner]]),
        (Problem.TOO_MANY_TARGETS, crowded & lines.has_baseline),
    ]


def _is_free_of_disease(charts: Charts, lines: Baselines) -> Array:
    """Whether lines of patients with lesions have neither targets nor non-targets."""
    free = lines.has_baseline & (lines.targets + lines.nontargets == 0)
    if free.any():
        begin = charts.visit_row[charts.patient_visit[charts.line_patient]]
        end = charts.visit_row[charts.patient_visit[charts.line_patient + 1]]
        free &= end > begin
    return free


def _has_viable_outside(charts: Charts) -> Array:
    """Whether the patients of lines have a nodule outside the liver with a viable size."""
    outside = np.flatnonzero(np.broadcast_to(charts.of_row("outside"), charts.place.shape))
    viable = charts.said("viable_um", outside)
    odd = np.zeros(len(charts.patient_visit), np.bool_)
    if viable is not None:
        odd[charts.row_patient[outside[viable >= 0]]] = True
    return odd[charts.line_patient]


def _crowded(charts: Charts, line: Array, lesion: Array) -> Array:
    """Whether lines have more lesions than may be targets, in an organ or in all."""
    criteria, count = charts.criteria, len(charts.lines)
    crowded = np.bincount(line, minlength=count) > criteria.most_in_all
    columns, trait = charts.traits.columns, of(charts.trait, lesion)
    organ, most = spread(columns.organ, trait), spread(columns.most_targets, trait)
    if np.ndim(organ) == 0:
        return crowded | (np.bincount(line, minlength=count) > most)
    _keys, first, members = np.unique(
        line * (int(organ.max(initial=0)) + 1) + organ, return_index=True, return_counts=True
    )
    full = members > (most[first] if np.ndim(most) else most)
    crowded[line[first[full]]] = True
    return crowded
