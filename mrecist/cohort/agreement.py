"""Two judgements of one cohort side by side: agreement, kappa, and who differs.

Patients are matched by the text of their ids, time points by line and date.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import nan
from typing import Any, NamedTuple, Protocol

import attrs
import numpy as np

from .._base import html
from .._base.arrays import Array
from .._base.converters import shown, word
from .._base.reported import Word
from .._base.text import percent
from .._base.words import ImmuneResponse, Response
from ..rulebook.best_response import BEST
from ..rulebook.confirmation import CONFIRMED
from ..rulebook.criteria import Criteria
from ..rulebook.decision_table import verdicts
from ..rulebook.immune import IMMUNE_REPORTED
from ..rulebook.immune_criteria import ImmuneCriteria
from ..tables.intake import Read
from .panel import Panel

__all__ = ["Comparable", "Crosstab", "Judged", "crosstab", "judged_of"]

RESPONSES: tuple[Word, ...] = tuple(Response)


class Judged(NamedTuple):
    """A cohort as `Responses` holds it: what was read, the criteria, the verdicts.

    `said` gives the codes of `words` by what is compared.
    """

    data: Read
    criteria: Criteria | ImmuneCriteria
    panel: Panel
    words: tuple[Word, ...] = RESPONSES
    said: Mapping[str, Array] | None = None

    def codes(self, of: str) -> Array:
        """The verdicts `of` this judgement."""
        return _VERDICTS[of](self.panel) if self.said is None else self.said[of]


class Comparable(Protocol):
    """`Responses`, or `ImmuneResponses`."""

    @property
    def _judged(self) -> Judged: ...


def judged_of(responses: Comparable) -> Judged:
    """What `Responses` and `ImmuneResponses` hold; `TypeError` for anything else."""
    found = getattr(responses, "_judged", None)
    if not isinstance(found, Judged):
        raise TypeError(f"crosstab() takes other Responses, got {type(responses).__name__}")
    return found


@attrs.frozen(eq=False, repr=False, kw_only=True)
class Crosstab:
    """How two judgements of one cohort agree: `counts[i, j]` rows are `rows[i]` and `columns[j]`.

    `rows` are the words of the first, `columns` those of the second: the same words, those
    that occur on either side. Where only one of them has words with an i, each side has its own,
    and a word with an i agrees with the same word without it, iUPD and iCPD with PD.
    `unmatched` counts the rows that only the first or second has.
    """

    of: str
    criteria: tuple[Criteria | ImmuneCriteria, Criteria | ImmuneCriteria]
    words: tuple[Word, ...]
    """Every word that occurs on either side, those of the first judgement first."""
    counts: Array
    unmatched: tuple[int, int]
    _cells: Array
    _patient: Array
    _ids: Array
    _vocabularies: tuple[tuple[Word, ...], tuple[Word, ...]] = (RESPONSES, RESPONSES)
    _sides: tuple[tuple[Word, ...], tuple[Word, ...]] | None = None

    @property
    def rows(self) -> tuple[Word, ...]:
        """The words of the first judgement, in the order of `Response`."""
        return self.words if self._sides is None else self._sides[0]

    @property
    def columns(self) -> tuple[Word, ...]:
        """The words of the second judgement, in the order of `Response`."""
        return self.words if self._sides is None else self._sides[1]

    @property
    def matched(self) -> int:
        """The number of rows that both judgements have."""
        return int(self.counts.sum())

    @property
    def agreement(self) -> float:
        """The share of rows on which both agree; NaN where there is none."""
        return _ratio(self._agreed, self.matched)

    @property
    def kappa(self) -> float:
        """Cohen's kappa: agreement beyond chance, 1 at best; NaN where chance alone agrees on all.

        Cohen, Educ Psychol Meas 1960;20:37-46; unweighted.
        """
        first, second = self.counts.sum(axis=1).tolist(), self.counts.sum(axis=0).tolist()
        chance = sum(first[i] * second[j] for i, j in self._alike)
        rows, agreed = self.matched, self._agreed
        return _ratio(agreed * rows - chance, rows * rows - chance)

    @property
    def _alike(self) -> list[tuple[int, int]]:
        """The cells whose two words agree."""
        first, second = self.rows, self.columns
        if self._sides is not None:
            first, second = (tuple(map(_plain, each)) for each in self._sides)
        return [(i, j) for i, one in enumerate(first) for j, two in enumerate(second) if one is two]

    @property
    def _agreed(self) -> int:
        return sum(int(self.counts[cell]) for cell in self._alike)

    def patients(self, row: Word | str, column: Word | str) -> Array:
        """The ids of the patients behind a cell, each once, in the order of the first judgement.

        Args:
            row: The response by the first judgement.
            column: The response by the second.

        Returns:
            The ids.
        """
        rows, columns = self._vocabularies
        cell = len(columns) * _word("row", row, rows).code + _word("column", column, columns).code
        return self._ids[np.unique(self._patient[self._cells == cell])]

    def __str__(self) -> str:
        """The counts as a grid with totals, the first judgement downwards, the second across."""
        return "\n".join(
            [self._title(), "", *_grid(list(self._grid_rows())), *self._told_below("")]
        )

    def _repr_html_(self) -> str:
        head, *rows = self._grid_rows()
        return html.table(self._title(), head, rows) + html.paragraphs(self._told_below())

    def _title(self) -> str:
        first, second = (each.name for each in self.criteria)
        return f"{self.of} of {self._told()}: {first} (rows) by {second} (columns)"

    def _told_below(self, *before: str) -> list[str]:
        """Lines below the grid: `before`, the agreement, and the unmatched rows."""
        first, second = (each.name for each in self.criteria)
        agreed, told = self._agreed, []
        if self.matched:
            share = percent(agreed, self.matched)
            told += [
                *before,
                f"agreement {agreed} of {self.matched} ({share}), kappa {self.kappa:.2f}",
            ]
        if any(self.unmatched):
            rows, columns = self.unmatched
            told.append(f"unmatched: {rows} of {first} (rows), {columns} of {second} (columns)")
        return told

    def _grid_rows(self) -> Iterator[list[str]]:
        yield ["", *map(str, self.columns), "total"]
        for row, counts in zip(self.rows, self.counts.tolist(), strict=True):
            yield [str(row), *map(str, counts), str(sum(counts))]
        yield ["total", *map(str, self.counts.sum(axis=0).tolist()), str(self.matched)]

    def __repr__(self) -> str:
        first, second = (each.name for each in self.criteria)
        return f"<Crosstab of {self.of}: {first} by {second}, {self._told()}>"

    def _told(self) -> str:
        return f"{self.matched} {'time points' if self.of == 'response' else 'lines'}"


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else nan


def _grid(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows as columns of numbers, aligned on the right; the first names them."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            [
                head.ljust(widths[0]),
                *(cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True)),
            ]
        )
        for head, *cells in rows
    ]


def _word(name: str, value: Word | str, among: tuple[Word, ...]) -> Word:
    kind: Any = type(among[0])
    try:
        found: Word = word(kind)(value)
    except ValueError as error:
        raise ValueError(f"{name} {error}") from None
    return found


def _plain(said: Word) -> Response:
    return IMMUNE_REPORTED[said] if isinstance(said, ImmuneResponse) else said


def crosstab(first: Judged, second: Judged, of: str) -> Crosstab:
    """Count the verdicts `of` of both judgements on the time points or lines that they share."""
    if of not in _VERDICTS:
        words = ", ".join(f'"{each}"' for each in _VERDICTS)
        raise ValueError(f"of must be one of {words}, got {shown(of)}")
    place = _shared_lines(first, second)
    patient = first.panel.lines.patient
    if of == "response":
        patient = patient[first.panel.timepoints.line]
        place = _shared_timepoints(first, second, place)
    there = np.flatnonzero(place >= 0)
    here = place[there]
    said = first.codes(of)[here], second.codes(of)[there]
    cells = said[0] * np.uint8(len(second.words)) + said[1]
    rows, columns, counts = _counted(cells, first.words, second.words)
    return Crosstab(
        of=of,
        criteria=(first.criteria, second.criteria),
        words=tuple(dict.fromkeys((*rows, *columns))),
        counts=counts,
        unmatched=(len(patient) - len(here), len(place) - len(there)),
        cells=cells,
        patient=patient[here],
        ids=first.data.patients.ids,
        vocabularies=(first.words, second.words),
        sides=None if first.words == second.words else (rows, columns),
    )


_VERDICTS: dict[str, Callable[[Panel], Array]] = {
    "response": lambda panel: panel.timepoints.response,
    "best_response": lambda panel: verdicts(BEST, panel.lines.best_rule),
    "confirmed_best_response": lambda panel: verdicts(CONFIRMED, panel.lines.confirmed_rule),
}


def _counted(
    cells: Array, first: tuple[Word, ...], second: tuple[Word, ...]
) -> tuple[tuple[Word, ...], tuple[Word, ...], Array]:
    """The words that occur, and the counts of each by each; of the same words on either side."""
    size = len(first), len(second)
    counts = np.bincount(cells, minlength=size[0] * size[1]).reshape(size)
    rows, columns = counts.sum(axis=1), counts.sum(axis=0)
    if first == second:
        rows = columns = rows + columns
    used = np.flatnonzero(rows), np.flatnonzero(columns)
    counts = counts[np.ix_(*used)]
    counts.flags.writeable = False
    told = (
        tuple(words[code] for code in each.tolist())
        for words, each in zip((first, second), used, strict=True)
    )
    return (*told, counts)  # type: ignore[return-value]


def _shared_lines(first: Judged, second: Judged) -> Array:
    """The index of each line of the second among those of the first; -1: absent."""
    patient = _shared_patients(first, second)
    mine, others = first.panel.lines, second.panel.lines
    width = max(int(each.number.max(initial=0)) for each in (mine, others)) + 1
    owner = patient[others.patient]
    keys = np.where(owner < 0, -1, owner * width + others.number)
    return _places(keys, mine.patient * width + mine.number)


def _shared_patients(first: Judged, second: Judged) -> Array:
    """The index of each patient of the second among those of the first, by the text of the id."""
    mine, others = first.data.patients.ids, second.data.patients.ids
    if len(mine) and np.array_equal(mine, others):
        return np.arange(len(mine))
    known = {str(each): i for i, each in enumerate(mine.tolist())}
    place = np.array([known.get(str(each), -1) for each in others.tolist()], np.int64)
    if not (place >= 0).any():
        ids = " and ".join(f"{shown(each[0])}, ..." if len(each) else "none"
                           for each in (mine.tolist(), others.tolist()))  # fmt: skip
        raise ValueError(f"the two must share patients, got {ids}")
    return place


def _shared_timepoints(first: Judged, second: Judged, line: Array) -> Array:
    """The index of each time point of the second among those of the first; -1: absent.

    `line` is the result of `_shared_lines`. A calendar date is never a study day.
    """
    mine, others = first.panel.timepoints.line, second.panel.timepoints.line
    owner, days, other_days = line[others], _days(first), _days(second)
    place = np.full(len(owner), -1)
    if len(mine):
        guess = _same_step(first, second, line)
        same = (mine[guess] == owner) & (days[guess] == other_days)
        place[same] = guess[same]
    rest = np.flatnonzero((place < 0) & (owner >= 0))
    if len(rest):
        low = min(int(each.min(initial=0)) for each in (days, other_days))
        width = max(int(each.max(initial=0)) for each in (days, other_days)) - low + 1
        keys = owner[rest] * width + (other_days[rest] - low)
        place[rest] = _places(keys, mine * width + (days - low))
    return place


def _same_step(first: Judged, second: Judged, line: Array) -> Array:
    """The time point at the same step of the same line: a guess that is nearly always right."""
    begin, other_begin = (
        np.cumsum(each.panel.lines.timepoints) - each.panel.lines.timepoints
        for each in (first, second)
    )
    count = len(first.panel.timepoints.line)
    step = (begin[line] - other_begin)[second.panel.timepoints.line]
    return np.clip(np.arange(len(step)) + step, 0, count - 1)


def _days(judged: Judged) -> Array:
    """The day of each time point, even for a study day and odd for a calendar date."""
    found, patient = judged.panel.timepoints, judged.panel.lines.patient
    calendar = (judged.data.patients.calendar == 1)[patient]
    return 2 * found.day.astype(np.int64) + calendar[found.line]


def _places(keys: Array, among: Array) -> Array:
    """The index of each key among unique ascending ones; -1: absent."""
    if np.array_equal(keys, among):
        return np.arange(len(keys))
    if not len(among):
        return np.full(len(keys), -1)
    place = np.minimum(np.searchsorted(among, keys), len(among) - 1)
    return np.where(among[place] == keys, place, -1)
