"""Lines of which readings are accepted date by date: a sequence of words of several readers.

The response at a date is that of the reader who is accepted for it. Best response, confirmation and
progression follow from the sequence as from that of one reader. A total of one reader has no nadir
of another, so that such a line has neither totals nor a baseline total (Reading RD-READER-MIXED).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import attrs
import numpy as np

from .._base.arrays import Array
from .._base.words import NewLesion
from ..cohort.over_time import causes_at, concluded
from ..cohort.panel import LineColumns, Panel, TimepointColumns, joined
from ..rulebook.criteria import Criteria
from .compared import Compared, facts_of
from .cut import cut_panel

__all__ = ["Mixture", "accepted_lines", "accepted_timepoints", "mixtures"]


@attrs.frozen(eq=False, kw_only=True)
class Mixture:
    """The accepted follow-ups of a line: places of the panel, and the reader of each.

    `reader` stands for the line where one must: who is accepted at its progression, else last.
    """

    line: int
    places: Array
    readers: Array
    reader: int

    @property
    def is_mixed(self) -> bool:
        """Whether several readers are accepted."""
        return len(np.unique(self.readers)) > 1


def mixtures(
    of: Compared,
    decided: Mapping[int, Mapping[int, int]],
    default: Mapping[int, int],
    order: Sequence[int],
    criteria: Criteria,
) -> list[Mixture]:
    """The accepted follow-ups of each line that is decided date by date.

    `decided` holds by line the reader of each decided day; before the first of these the reader is
    that of `default`, else the first in `order` who read the line.
    """
    found = []
    for line, days in sorted(decided.items()):
        first = next((each for each in order if of.at[line, each] >= 0), -1)
        some = _sequence(of, line, days, default.get(line, first))
        places, readers = np.array(some, np.int64).reshape(-1, 2).T
        last = _first_progression(of.panel, places, criteria)
        reader = int(readers[last]) if len(readers) else default.get(line, first)
        found.append(Mixture(line=line, places=places, readers=readers, reader=reader))
    return found


def _sequence(
    of: Compared, line: int, days: Mapping[int, int], reader: int
) -> list[tuple[int, int]]:
    """The place and the reader of each accepted follow-up, in the order of dates."""
    panel = of.panel
    begin = np.cumsum(panel.lines.timepoints) - panel.lines.timepoints
    at: dict[int, dict[int, int]] = {}
    for each in np.flatnonzero(of.at[line] >= 0).tolist():
        own = of.at[line, each]
        for place in range(begin[own], begin[own] + panel.lines.timepoints[own]):
            at.setdefault(int(panel.timepoints.day[place]), {})[each] = place
    sequence = []
    for day in sorted(at):
        reader = days.get(day, reader)
        if reader in at[day]:
            sequence.append((at[day][reader], reader))
    return sequence


def _first_progression(panel: Panel, places: Array, criteria: Criteria) -> int:
    """Which of some follow-ups of one line is its first progression; -1: none."""
    return int(_concluded(panel, places, criteria)[2][0])


def _concluded(panel: Panel, places: Array, criteria: Criteria) -> tuple[Array, Array, Array]:
    found, column = panel.timepoints, places[:, None]
    start = panel.lines.start[found.line[places]]
    days = (found.day[places] - start)[:, None]
    return concluded(found.response[column], ~found.partial[column], days, criteria)


def accepted_lines(
    of: Compared, reader: Array, mixed: Mapping[int, Mixture], criteria: Criteria
) -> tuple[Compared, Array]:
    """The judged line that stands for each line, -1 where none does; mixtures are added to them."""
    lines = np.append(of.at, np.full((len(of.at), 1), -1), axis=1)[np.arange(len(of.at)), reader]
    some = [each for each in mixed.values() if not _is_whole(of, each)]
    if not some:
        return of, lines
    count = len(of.panel.lines.patient)
    panel = joined([of.panel, *(_line(of.panel, of, each, criteria) for each in some)])
    lines[[each.line for each in some]] = count + np.arange(len(some))
    return attrs.evolve(of, panel=panel, facts=facts_of(panel)), lines


def _is_whole(of: Compared, each: Mixture) -> bool:
    """Whether the accepted follow-ups are the line of one reader, whole: its totals are its own."""
    if each.is_mixed or each.reader < 0:
        return False
    return bool(len(each.places) == of.panel.lines.timepoints[of.at[each.line, each.reader]])


def accepted_timepoints(of: Compared, lines: Array, mixed: Iterable[Mixture]) -> Array:
    """Which follow-ups are accepted: those of accepted `lines`, and of mixtures their own."""
    accepted = lines[of.panel.timepoints.line]
    for each in mixed:
        own = of.at[each.line][of.at[each.line] >= 0]
        accepted[np.isin(of.panel.timepoints.line, own)] = False
        accepted[each.places] = True
    return accepted


def _line(panel: Panel, of: Compared, mixture: Mixture, criteria: Criteria) -> Panel:
    """One line made of follow-ups of several readers."""
    own = int(of.at[mixture.line, mixture.reader])
    alone = cut_panel(panel, np.array([own]), panel.lines.patient[[own]])
    places, count = mixture.places, len(mixture.places)
    best, confirmed, first = _concluded(panel, places, criteria)
    causes = _causes(panel, int(places[first[0]]), criteria) if first[0] >= 0 else [0]
    changed: dict[str, Any] = {
        "baseline_um": [-1], "timepoints": [count], "best_rule": best, "confirmed_rule": confirmed,
        "progression": first, "causes": causes,
    }  # fmt: skip
    lines = {
        field.name: np.asarray(
            changed.get(field.name, getattr(alone.lines, field.name)),
            getattr(alone.lines, field.name).dtype,
        )
        for field in attrs.fields(LineColumns)
    }
    found = {
        field.name: getattr(panel.timepoints, field.name)[places]
        for field in attrs.fields(TimepointColumns)
    }
    for name, value in (("line", 0), ("total_um", -1), ("nadir_um", -1), ("complete", False)):
        found[name] = np.full(count, value, found[name].dtype)
    news = np.flatnonzero(np.isin(panel.news.timepoint, places))
    where = {place: i for i, place in enumerate(places.tolist())}
    timepoint = np.array([where[each] for each in panel.news.timepoint[news].tolist()], np.int64)
    order = np.argsort(timepoint, kind="stable")
    return attrs.evolve(
        alone,
        lines=LineColumns(**lines),
        timepoints=TimepointColumns(**found),
        news=attrs.evolve(
            panel.news,
            timepoint=timepoint[order],
            lesion=panel.news.lesion[news[order]],
            rule=panel.news.rule[news[order]],
        ),
        apart=alone.apart[:0],
    )


def _causes(panel: Panel, place: int, criteria: Criteria) -> Array:
    """The causes of the progression at a follow-up, which may be the first one of its reader."""
    own = int(panel.timepoints.line[place])
    if panel.lines.progression[own] == place:
        return panel.lines.causes[[own]]
    names = ("target_rule", "nontarget_rule", "new_lesion", "recurrence", "standing_rule")
    columns = {name: getattr(panel.timepoints, name) for name in names}
    # What is back after complete response counts as a new lesion, but is another cause.
    columns["new_lesion"] = np.where(
        columns["recurrence"], NewLesion.NO.code, columns["new_lesion"]
    )
    return causes_at(columns, np.array([place]), criteria)
