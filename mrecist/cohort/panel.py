"""Many lines of therapy judged at once: what `patient/engine.py` is for one patient, for many.

The same tables, arithmetic and best responses as for one patient, looked up and run with arrays.
Only the plumbing is of its own: group, sum, the smallest so far.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import attrs
import numpy as np

from .._base.arrays import BLANK, Array, of
from ..rulebook.immune_criteria import ImmuneCriteria
from ..tables.clean import Findings, Lines, Patients
from ..tables.column import Column
from ..tables.intake import Read
from .baseline import NONTARGET, Baselines
from .chart import Charts
from .exposure import exposures
from .follow_ups import FollowUps
from .growth import flag_growth
from .lesions import Traits
from .line_problems import line_problems
from .new_lesions import News, new_lesions
from .over_time import Sequences
from .partial import find_partial

if TYPE_CHECKING:
    from .immune import ImmuneLines, ImmuneTimepoints

__all__ = [
    "BY_ARRAYS",
    "LineColumns",
    "Panel",
    "Steps",
    "TimepointColumns",
    "is_compound",
    "joined",
    "judged_span",
    "nothing",
]


@attrs.frozen(eq=False, repr=False, kw_only=True)
class TimepointColumns:
    """One element per follow-up of a line; `line` is the line's place. -1: no total, no nadir.

    `complete`: all targets were seen, so that the total is that of the line. `partial`: a partial
    examination, which recurrence, best response and times to events pass over.

    Rules are indices into their tables; `reported` is `BLANK` where no reader gave a verdict.
    """

    line: Array
    day: Array
    total_um: Array
    complete: Array
    partial: Array
    nadir_um: Array
    target_rule: Array
    nontarget_rule: Array
    overall_rule: Array
    standing_rule: Array
    new_lesion: Array
    computed: Array
    reported: Array
    response: Array
    recurrence: Array
    problems: Array


@attrs.frozen(eq=False, repr=False, kw_only=True)
class LineColumns:
    """One element per line of therapy. -1: no baseline total, no earlier line."""

    patient: Array
    number: Array
    row: Array
    agents: Array
    start: Array
    baseline: Array
    baseline_um: Array
    timepoints: Array
    best_rule: Array
    confirmed_rule: Array
    progression: Array
    causes: Array
    exposure_rule: Array
    rechallenge_of: Array
    problems: Array


@attrs.frozen(eq=False, repr=False, kw_only=True)
class Panel:
    """What a block of patients comes to. `roles` lists line, lesion code and role, in turn.

    `apart` are patients with a target that keeps the measure of its baseline record, which the
    arrays do not follow. `immune` holds the words by iRECIST, where they are asked for. `kept` are
    columns that the caller carries along, one value per line.
    """

    timepoints: TimepointColumns
    lines: LineColumns
    news: News
    roles: tuple[Array, Array, Array]
    apart: Array
    immune: tuple[ImmuneTimepoints, ImmuneLines] | None = None
    kept: Mapping[str, Column] = attrs.field(factory=dict)


def nothing(*_: Any) -> None:
    """What is to be done where nothing is."""


class PlainLines(Protocol):
    """Judges the patients of whom nothing rare is known; the others are `apart`."""

    apart: Array

    def pays(self) -> bool: ...

    def judged(self, spans: Sequence[tuple[int, int]]) -> Panel: ...


class Steps(NamedTuple):
    """What reads the charts of a block, sees the follow-ups and responds to them.

    `grow` flags non-targets that grew, where `see` does not. `done` is called once all blocks
    are judged. `plain` judges the patients of whom nothing rare is known, so that the others are
    left; `None`: nobody.
    """

    read: Callable[..., Charts]
    see: Callable[..., FollowUps]
    respond: Callable[..., Sequences]
    grow: Callable[..., None] = flag_growth
    done: Callable[[], None] = nothing
    plain: Callable[..., PlainLines] | None = None


BY_ARRAYS = Steps(Charts, FollowUps, Sequences)


def judged(charts: Charts, immune: ImmuneCriteria | None = None, steps: Steps = BY_ARRAYS) -> Panel:
    """Judge every line of a block of charts that hold no mistake.

    With `immune` no reported verdict is read: what rests on one is judged apart.
    """
    said: Array = None
    if immune is not None:
        said = charts.spoken(immune.reported_as)
        charts.reported = np.asarray(BLANK, np.uint8)
    lines = Baselines(charts)
    follow_ups = steps.see(charts, lines)
    steps.grow(charts, lines, follow_ups)
    news = new_lesions(charts, lines, follow_ups)
    find_partial(lines, follow_ups)
    found = steps.respond(charts, lines, follow_ups)
    exposure, rechallenge_of = exposures(charts, found.progression >= 0)
    code = charts.lesion_code[lines.lesion]
    part = np.flatnonzero(lines.role >= NONTARGET)
    return Panel(
        timepoints=TimepointColumns(
            line=follow_ups.line,
            day=follow_ups.day,
            total_um=follow_ups.total,
            complete=follow_ups.complete,
            partial=follow_ups.partial,
            reported=follow_ups.reported,
            **found.columns,
        ),
        lines=LineColumns(
            patient=charts.lines.patient,
            number=lines.number,
            row=charts.lines.row,
            agents=charts.lines.agents,
            start=charts.lines.start,
            baseline=lines.baseline_day,
            baseline_um=lines.baseline_um,
            timepoints=charts.follow_ups,
            best_rule=found.best_rule,
            confirmed_rule=found.confirmed_rule,
            progression=found.progression,
            causes=found.causes,
            exposure_rule=exposure,
            rechallenge_of=rechallenge_of,
            problems=line_problems(charts, lines),
        ),
        news=news,
        roles=(lines.owner[part], code[part], lines.role[part]),
        apart=_apart(charts),
        immune=_immune(charts, lines, follow_ups, found, said, immune),
    )


def _immune(
    charts: Charts,
    lines: Baselines,
    follow_ups: FollowUps,
    found: Sequences,
    said: Array,
    immune: ImmuneCriteria | None,
) -> tuple[ImmuneTimepoints, ImmuneLines] | None:
    if immune is None:
        return None
    from .immune import immune_columns  # few ask for it

    by_follow_up = np.broadcast_to(np.uint8(of(said, follow_ups.visit)), follow_ups.day.shape)
    return immune_columns(charts, lines, follow_ups, found, by_follow_up, immune)


def _apart(charts: Charts) -> Array:
    """The patients with a line that names as target what is measured by what a finding records."""
    line, lesion = charts.named_targets
    columns = charts.traits.columns
    keeps = columns.measure != columns.measure_where_viable
    some = keeps[of(charts.trait, lesion)] if keeps.any() else np.zeros(len(line), np.bool_)
    return charts.lines.patient[line[np.broadcast_to(some, line.shape)]]


def is_compound(data: Read, panel: Panel) -> bool:
    """Whether some chart may have to be judged by itself (`compound.py`)."""
    findings = data.findings
    rare = (findings.part_of, findings.into, findings.unmentioned, data.procedures)
    return len(panel.apart) > 0 or any(each is not None for each in rare)


def judged_span(
    findings: Findings,
    lines: Lines | None,
    patients: Patients,
    span: tuple[int, int],
    traits: Traits,
    immune: ImmuneCriteria | None = None,
    steps: Steps = BY_ARRAYS,
) -> tuple[Panel, list[Any]]:
    """Judge the patients of a span that hold no mistake; give what is wrong with the others."""
    charts = steps.read(findings, lines, patients, span, traits)
    wrong = charts.wrong.found
    refused = patients.refused
    if wrong or refused[span[0] : span[1]].any():
        refused = refused.copy()
        refused[span[0] : span[1]] |= charts.refused
        charts = steps.read(findings, lines, patients, span, traits, refused)
    return judged(charts, immune, steps), wrong


def joined(panels: Sequence[Panel]) -> Panel:
    """The panels of blocks, one after the other, as one."""
    at = np.cumsum([0, *(len(panel.timepoints.line) for panel in panels)]).tolist()
    on = np.cumsum([0, *(len(panel.lines.patient) for panel in panels)]).tolist()
    shifts: dict[str, list[int]] = {
        "line": on, "timepoint": at, "progression": at, "confirmed_at": at, "pending": at,
    }  # fmt: skip

    def columns(kind: Any, records: Sequence[Any]) -> Any:
        return kind(
            **{
                field.name: _end_to_end(
                    [getattr(record, field.name) for record in records], shifts.get(field.name)
                )
                for field in attrs.fields(kind)
            }
        )

    roles = tuple(
        _end_to_end([panel.roles[i] for panel in panels], on if i == 0 else None) for i in range(3)
    )
    by_immune = [panel.immune for panel in panels if panel.immune is not None]
    immune = None
    if by_immune:
        immune = tuple(
            columns(type(by_immune[0][i]), [each[i] for each in by_immune]) for i in range(2)
        )
    return Panel(
        immune=immune,
        timepoints=columns(TimepointColumns, [panel.timepoints for panel in panels]),
        lines=columns(LineColumns, [panel.lines for panel in panels]),
        news=columns(News, [panel.news for panel in panels]),
        roles=(roles[0], roles[1], roles[2]),
        apart=_end_to_end([panel.apart for panel in panels], None),
    )


def _end_to_end(parts: Sequence[Array], shifts: Sequence[int] | None) -> Array:
    """Arrays end to end; places are moved on by what comes before, -1 stays."""
    whole = np.concatenate(parts) if parts else np.zeros(0, np.int64)
    end = 0
    for part, shift in zip(parts, shifts or (), strict=False):
        begin, end = end, end + len(part)
        whole[begin:end] += shift * (part >= 0)
    return whole
