"""A cohort audited: how often each rule decided, the rates of response, and two side by side.

The tables are columns as `written.py` makes them. An interval needs SciPy, `mrecist[stats]`, which
is not loaded before one is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from math import nan
from typing import Any, NamedTuple

import attrs
import numpy as np

from .._base import html
from .._base.arrays import Array, distinct
from .._base.converters import shown, word
from .._base.extras import extra
from .._base.text import percent
from .._base.words import Response
from ..rulebook.best_response import BEST, CONTROLLED, OBJECTIVE
from ..rulebook.confirmation import CONFIRMED
from ..rulebook.criteria import Criteria
from ..rulebook.decision_table import DecisionTable, members, verdicts
from ..rulebook.drugs import inn
from ..rulebook.index import TABLES
from ..rulebook.new_lesions import RECURRENCE
from ..rulebook.overall import REPORTED
from ..rulebook.therapy import EXPOSURE
from ..tables.clean import Lines
from ..tables.column import Coded, Plain
from ..tables.intake import Read
from .panel import Panel

__all__ = [
    "Crosstab",
    "Judged",
    "clopper_pearson",
    "crosstab",
    "fired_columns",
    "rate_columns",
    "shares",
    "tail_of",
]

RESPONSES = tuple(Response)
STARTS_WATCH = RECURRENCE.decide(Response.CR).id
"""The rule by which disease after complete response is a recurrence."""


class Judged(NamedTuple):
    """A cohort as `Responses` holds it: what was read, the criteria, the verdicts."""

    data: Read
    criteria: Criteria
    panel: Panel


# ---- how often each rule decided


def fired_columns(criteria: Criteria, panel: Panel) -> dict[str, Any]:
    """One row a rule of each table that decides at follow-ups and lines: how often it decided."""
    counts = _counts(criteria, panel)
    rows = [
        (name, rule, times)
        for name in TABLES
        if name in counts
        for rule, times in zip(counts[name][0].rules, counts[name][1].tolist(), strict=True)
        if name != "recurrence" or rule.id == STARTS_WATCH
    ]
    return {
        "table": _texts(name for name, _, _ in rows),
        "rule": _texts(rule.id for _, rule, _ in rows),
        "verdict": _texts(str(rule.verdict) for _, rule, _ in rows),
        "times": Plain(np.array([times for _, _, times in rows], np.int64)),
        "source": _texts("; ".join(map(str, (rule.source, *rule.readings))) for _, rule, _ in rows),
    }


def _counts(criteria: Criteria, panel: Panel) -> dict[str, tuple[DecisionTable[Any], Array]]:
    """By the name of each table: the table, and how often each of its rules decided."""
    found, lines, rules = panel.timepoints, panel.lines, criteria.rules
    again = np.flatnonzero(found.recurrence)
    fired: dict[str, tuple[DecisionTable[Any], Array]] = {
        "target": (rules.target, found.target_rule),
        "nontarget": (rules.nontarget, found.nontarget_rule),
        "new-lesion": (rules.new_lesion, panel.news.rule),
        "overall": (rules.overall, found.overall_rule),
        "reported": (REPORTED, found.standing_rule),
        "recurrence": (RECURRENCE, np.full(len(again), RECURRENCE.grid[Response.CR.code])),
        "best": (BEST, lines.best_rule),
        "confirmed": (CONFIRMED, lines.confirmed_rule),
        "exposure": (EXPOSURE, lines.exposure_rule),
    }
    return {
        name: (table, np.bincount(each, minlength=len(table.rules)))
        for name, (table, each) in fired.items()
    }


def _texts(texts: Iterable[str]) -> Coded:
    """A column of texts, each value once."""
    each = list(texts)
    place = {text: i for i, text in enumerate(dict.fromkeys(each))}
    return Coded(np.array([place[text] for text in each], np.int64), list(place))


# ---- rates of response


def rate_columns(
    data: Read, criteria: Criteria, panel: Panel, by: str | Iterable[str] | None, *,
    confirmed: bool, level: str | Fraction | float | None,
) -> dict[str, Any]:  # fmt: skip
    """One row a group of lines: objective response and disease control, with their intervals."""
    tail = None if level is None else tail_of(level)
    groups, group, count = line_groups(data, panel, by)
    rule = panel.lines.confirmed_rule if confirmed else panel.lines.best_rule
    best = verdicts(CONFIRMED if confirmed else BEST, rule)
    lines = np.bincount(group, minlength=count)
    columns: dict[str, Any] = {"criteria": Coded(np.zeros(count, np.int8), [criteria.name])}
    columns |= groups | {"lines": Plain(lines)}
    for counted, rate, words in (
        ("responders", "response", OBJECTIVE), ("controlled", "control", CONTROLLED),
    ):  # fmt: skip
        hits = np.bincount(group[members(Response, words)[best]], minlength=count)
        columns[counted] = Plain(hits)
        columns |= shares(rate, hits, lines, tail)
    return columns


def line_groups(
    data: Read, panel: Panel, by: str | Iterable[str] | None
) -> tuple[dict[str, Any], Array, int]:
    """Lines in groups: the columns that tell the groups, the group of each line, and how many."""
    names = _asked(by)
    keys = [_grouping(name, data, panel) for name in names]
    used, group = _groups([key.codes for key in keys], len(panel.lines.patient))
    columns = {
        name: _column(key, codes) for name, key, codes in zip(names, keys, used, strict=True)
    }
    return columns, group, len(used[0]) if used else 1


def _asked(by: str | Iterable[str] | None) -> tuple[str, ...]:
    """The names of the columns to group by."""
    names = () if by is None else (by,) if isinstance(by, str) else tuple(by)
    if not set(names) <= {"line", "agents"} or len(set(names)) < len(names):
        raise ValueError(f'by must be "line", "agents", both or None, got {shown(by)}')
    return names


def _grouping(name: str, data: Read, panel: Panel) -> Coded:
    """What to group lines by: codes in the order of the groups, and what they stand for."""
    if name == "agents":
        return _regimens(data.lines, panel.lines.agents)
    number = panel.lines.number
    return Coded(number, range(int(number.max(initial=0)) + 1))


def _regimens(lines: Lines | None, agents: Array) -> Coded:
    """The agents of each line by nonproprietary name; the same ones in any order are the same.

    They are told in the order in which they come first. A line without agents comes last.
    """
    given = [] if lines is None else [tuple(map(inn, each)) for each in lines.agents_named]
    told: dict[frozenset[str], str] = {}
    for each in given:
        told.setdefault(frozenset(each), "+".join(dict.fromkeys(each)))
    values = sorted(told.values())
    place = {text: i for i, text in enumerate(values)}
    codes = [place[told[frozenset(each)]] for each in given]
    return Coded(np.array([*codes, len(values)])[agents], [*values, None])


def _groups(codes: Sequence[Array], count: int) -> tuple[tuple[Array, ...], Array]:
    """The codes of each group that there is, and the group of each line; all lines are one."""
    if not codes:
        return (), np.zeros(count, np.int64)
    sizes = [int(each.max(initial=0)) + 1 for each in codes]
    keys, group = distinct(np.ravel_multi_index(tuple(codes), sizes))
    return np.unravel_index(keys, sizes), group


def _column(key: Coded, codes: Array) -> Coded | Plain:
    """The groups as a column of the table: numbers of lines as they are, agents as text."""
    if isinstance(key.values, range):
        return Plain(codes)
    last = len(key.values) - 1
    return Coded(np.where(codes == last, -1, codes), key.values[:last])


def shares(name: str, hits: Array, lines: Array, tail: float | None) -> dict[str, Plain]:
    """The share of hits with its interval, where there are any lines."""
    none = lines == 0
    ends = {"rate": hits / np.maximum(lines, 1)}
    if tail is not None:
        ends["low"], ends["high"] = clopper_pearson(hits, lines, tail)
    return {
        f"{name}_{end}": Plain(np.where(none, nan, values), none) for end, values in ends.items()
    }


def tail_of(level: str | Fraction | float) -> float:
    """How much of the probability an interval of this level leaves out on each side."""
    try:
        share = Fraction(str(level) if isinstance(level, float) else level)
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        share = Fraction(0)
    if not 0 < share < 1:
        raise ValueError(f'level must be between 0 and 1, such as "0.95", got {shown(level)}')
    return float((1 - share) / 2)


def clopper_pearson(hits: Array, lines: Array, tail: float) -> tuple[Array, Array]:
    """The exact interval of each share `hits / lines`, from both tails of the binomial.

    Clopper and Pearson, Biometrika 1934;26:404-413, through quantiles of the beta distribution.
    `tail` is left out on either side: 0.025 for 95 %. Needs SciPy.
    """
    beta = _stats().beta
    low = beta.ppf(tail, np.maximum(hits, 1), lines - hits + 1)
    high = beta.isf(tail, hits + 1, np.maximum(lines - hits, 1))
    return np.where(hits > 0, low, 0.0), np.where(hits < lines, high, 1.0)


def _stats() -> Any:
    """SciPy's statistics, the extra `stats`."""
    other = "; level=None gives rates alone"
    return extra("scipy.stats", of="stats", purpose="an interval needs", else_=other)


# ---- two judgements of one cohort side by side


@attrs.frozen(eq=False, repr=False, kw_only=True)
class Crosstab:
    """How two judgements of one cohort agree: `counts[i, j]` rows are `rows[i]` and `columns[j]`.

    `rows` are the words of the first, `columns` those of the second: the same words, each that
    occurs on either side. `unmatched` counts what only the first has, and what only the second.
    """

    of: str
    criteria: tuple[Criteria, Criteria]
    words: tuple[Response, ...]
    counts: Array
    unmatched: tuple[int, int]
    _cells: Array
    _patient: Array
    _ids: Array

    @property
    def rows(self) -> tuple[Response, ...]:
        """The words of the first judgement, in the order of `Response`."""
        return self.words

    @property
    def columns(self) -> tuple[Response, ...]:
        """The words of the second judgement, in the order of `Response`."""
        return self.words

    @property
    def matched(self) -> int:
        """How many rows both judgements have: what is counted."""
        return int(self.counts.sum())

    @property
    def agreement(self) -> float:
        """The share of rows on which both agree; NaN where there is none."""
        return _ratio(int(self.counts.trace()), self.matched)

    @property
    def kappa(self) -> float:
        """Cohen's kappa: agreement beyond chance, 1 at best; NaN where chance alone agrees on all.

        Cohen, Educ Psychol Meas 1960;20:37-46; unweighted.
        """
        sums = zip(self.counts.sum(axis=1).tolist(), self.counts.sum(axis=0).tolist(), strict=True)
        chance = sum(row * column for row, column in sums)
        rows, agreed = self.matched, int(self.counts.trace())
        return _ratio(agreed * rows - chance, rows * rows - chance)

    def patients(self, row: Response | str, column: Response | str) -> Array:
        """The ids of the patients behind a cell, each once, in the order of the first judgement."""
        cell = len(RESPONSES) * _word("row", row).code + _word("column", column).code
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
        """How far both agree, after what stands before that, and what only one of them has."""
        first, second = (each.name for each in self.criteria)
        agreed, told = int(self.counts.trace()), []
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
        "  ".join([
            head.ljust(widths[0]),
            *(cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True)),
        ])
        for head, *cells in rows
    ]  # fmt: skip


def _word(name: str, value: Response | str) -> Response:
    try:
        return word(Response)(value)
    except ValueError as error:
        raise ValueError(f"{name} {error}") from None


def crosstab(first: Judged, second: Judged, of: str) -> Crosstab:
    """What the second judgement says of the time points or lines of which the first says `of`."""
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
    rows, columns = (_VERDICTS[of](each.panel) for each in (first, second))
    cells = rows[here] * np.uint8(len(RESPONSES)) + columns[there]
    used, counts = _counted(cells)
    return Crosstab(
        of=of, criteria=(first.criteria, second.criteria), words=used, counts=counts,
        unmatched=(len(patient) - len(here), len(place) - len(there)),
        cells=cells, patient=patient[here], ids=first.data.patients.ids,
    )  # fmt: skip


_VERDICTS: dict[str, Callable[[Panel], Array]] = {
    "response": lambda panel: panel.timepoints.response,
    "best_response": lambda panel: verdicts(BEST, panel.lines.best_rule),
    "confirmed_best_response": lambda panel: verdicts(CONFIRMED, panel.lines.confirmed_rule),
}


def _counted(cells: Array) -> tuple[tuple[Response, ...], Array]:
    """The words that occur on either side, and the counts of each by each."""
    size = len(RESPONSES)
    counts = np.bincount(cells, minlength=size * size).reshape(size, size)
    used = np.flatnonzero(counts.sum(axis=0) + counts.sum(axis=1))
    counts = counts[np.ix_(used, used)]
    counts.flags.writeable = False
    return tuple(RESPONSES[code] for code in used.tolist()), counts


def _shared_lines(first: Judged, second: Judged) -> Array:
    """The place of each line of the second among those of the first; -1: it is not there."""
    patient = _shared_patients(first, second)
    mine, others = first.panel.lines, second.panel.lines
    width = max(int(each.number.max(initial=0)) for each in (mine, others)) + 1
    owner = patient[others.patient]
    keys = np.where(owner < 0, -1, owner * width + others.number)
    return _places(keys, mine.patient * width + mine.number)


def _shared_patients(first: Judged, second: Judged) -> Array:
    """The place of each patient of the second among those of the first, by the text of the id."""
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
    """The place of each time point of the second among those of the first; -1: it is not there.

    `line` is the place of each line of the second. A calendar date is never a study day.
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
    """The time point at the same step of the same line: where most are, or nearly all."""
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
    """The place of each key among ascending ones, none of which is there twice; -1: nowhere."""
    if np.array_equal(keys, among):
        return np.arange(len(keys))
    if not len(among):
        return np.full(len(keys), -1)
    place = np.minimum(np.searchsorted(among, keys), len(among) - 1)
    return np.where(among[place] == keys, place, -1)
