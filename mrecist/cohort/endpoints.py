"""Times to events of a cohort: tables, and arrays as survival libraries take them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, overload

import numpy as np

from .._base import html
from .._base.arrays import BLANK, NO_DAY, Array
from .._base.converters import date, day_number
from .._base.errors import CourseProblem, NotThereError
from .._base.pickling import own_state
from .._base.words import Growth
from ..endpoints.definitions import OF_EVERY_LINE, TIMES
from ..endpoints.engine import Times, timed
from ..endpoints.survival import Survival, kaplan_meier
from ..endpoints.untreatable import PARTS, Untreatable, until_untreatable
from ..rulebook.criteria import Criteria
from ..rulebook.decision_table import verdicts
from ..rulebook.policies import Policy
from ..rulebook.times import GROWTH
from ..tables.column import Coded, Plain
from ..tables.intake import Read
from . import tables_out
from .groups import Groups, line_groups, of_line, refuse_several
from .history import history_of
from .panel import Panel
from .patterns import pattern_columns

__all__ = ["Endpoints", "untreatable_columns"]


class Endpoints:
    """The times of every line of a cohort by one policy.

    `table` has one row per line; `of("pfs")` gives times and events as arrays.
    """

    def __init__(
        self,
        data: Read,
        criteria: Criteria,
        panel: Panel,
        policy: Policy,
        restore: Callable[[Mapping[str, Any]], Any],
    ) -> None:
        self.policy = policy
        self._criteria = criteria
        self.timed = timed(history_of(data, criteria, panel), policy)
        self._data, self._panel, self._restore = data, panel, restore

    def __getstate__(self) -> dict[str, Any]:
        return own_state(self)

    @cached_property
    def table(self) -> Any:
        """One row per line, in the order of `Responses.lines`.

        Responses as yes or no; the baseline total and the smallest complete one up to the first
        progression, with the depth of response as a change in per cent (negative: a fall);
        early shrinkage. For each time (`pfs`, `ttp`, ...) `..._days`, `..._event`, `..._end` and
        `..._rule`, empty where a line has none; a time that every line has by its definition (PFS,
        TTP, PFS2, TTF, survival, time on treatment and to the next) is whole numbers and booleans
        that cannot be empty, so that models take it as it is. The growth modulation index and its
        verdict; odd dates; columns that were kept.
        """
        found, lines = self.timed, self._panel.lines
        columns = {
            "patient": tables_out.patients(self._data, lines.patient),
            "line": Plain(lines.number),
            "objective_response": Plain(found.objective),
            "confirmed_objective_response": Plain(found.confirmed_objective),
            "disease_control": Plain(found.controlled),
            "confirmed_disease_control": Plain(found.confirmed_controlled),
            "baseline_total_mm": tables_out.totals(self._criteria, lines.baseline_um),
            "deepest_total_mm": tables_out.totals(self._criteria, found.deepest_um),
            "depth_percent": self._depth(),
            "early_shrinkage": _flags(found.early_shrinkage),
        }
        for name, times in found.times.items():
            columns |= self._columns(name, times)
        columns |= self._growth() | {"problems": self._problems()}
        return self._restore(columns | dict(self._panel.kept))

    def of(self, name: str, *, line: int | None = None) -> tuple[Array, Array]:
        """One kind of time as two arrays: days, and whether each is an event (`True`) or censored.

        This is the convention of lifelines and scikit-survival. ADaM's `CNSR` is the other way
        round: 0 for an event, so `cnsr = ~event`.

        Args:
            name: The kind of time, such as `"pfs"`, `"ttp"` or `"os"`.
            line: The number of the lines that count; left out, all.

        Returns:
            One element per line that has such a time, in the order of `table`.

        Raises:
            NotThereError: A kind of time that is not known.
            ValueError: `line` is no whole number from 1 on.
        """
        times = self._named(name)
        some = self.lines_with(name, line=line)
        return times.days[some], times.event[some]

    def lines_with(self, name: str, *, line: int | None = None) -> Array:
        """The rows of `table` that `of` takes, in its order.

        Args:
            name: The kind of time, as for `of`.
            line: The number of the lines that count; left out, all.

        Returns:
            Row numbers, from 0.

        Raises:
            NotThereError: A kind of time that is not known.
            ValueError: `line` is no whole number from 1 on.
        """
        times = self._named(name)
        return np.flatnonzero(times.there & of_line(self._panel, line))

    def tidy(self, name: str, *, line: int | None = None) -> Any:
        """One kind of time as a table for models: patient, line, kept columns, days, event.

        lifelines: `CoxPHFitter().fit(tidy[["days", "event", "arm"]], "days", "event")`;
        scikit-survival: `Surv.from_dataframe("event", "days", tidy)`.

        Args:
            name: The kind of time, as for `of`.
            line: The number of the lines that count; left out, all.

        Returns:
            The lines that `of` takes, in its order. Days are whole numbers and events booleans,
            never empty.

        Raises:
            NotThereError: A kind of time that is not known.
        """
        some = self.lines_with(name, line=line)
        times, lines = self._named(name), self._panel.lines
        return self._restore(
            {
                "patient": tables_out.patients(self._data, lines.patient[some]),
                "line": Plain(lines.number[some]),
                **tables_out.kept_of(self._panel, some),
                "days": Plain(times.days[some]),
                "event": Plain(times.event[some]),
            }
        )

    @overload
    def kaplan_meier(
        self,
        name: str,
        by: None = None,
        *,
        line: int | None = None,
        level: float = 0.95,
        interval: str = "log-log",
    ) -> Survival: ...

    @overload
    def kaplan_meier(
        self,
        name: str,
        by: str | Iterable[str],
        *,
        line: int | None = None,
        level: float = 0.95,
        interval: str = "log-log",
    ) -> dict[Any, Survival]: ...

    def kaplan_meier(
        self,
        name: str,
        by: str | Iterable[str] | None = None,
        *,
        line: int | None = None,
        level: float = 0.95,
        interval: str = "log-log",
    ) -> Survival | dict[Any, Survival]:
        """The Kaplan-Meier estimate of one kind of time in days, of the lines that `of` takes.

        Args:
            name: The kind of time, as for `of`.
            by: As for `Responses.rates`; left out, all lines are one group.
            line: The number of the lines that count; left out, all.
            level: The level of the intervals, between 0 and 1.
            interval: How the intervals are computed, as for `kaplan_meier`.

        Returns:
            The estimate; with `by`, a mapping from each group to its estimate: by the value of one
            column, or by tuples of several.

        Raises:
            NotThereError: A kind of time that is not known.
            ValueError: Several lines of one patient in a group (Reading RD-ONE-LINE), or an
                argument that is not possible.
        """
        groups, curves = self._curves(name, by, line, level, interval)
        if by is None:
            return curves[0]
        return dict(zip(groups.titles(), curves, strict=True))

    def medians(
        self,
        name: str,
        by: str | Iterable[str] | None = None,
        *,
        line: int | None = None,
        level: float = 0.95,
        interval: str = "log-log",
    ) -> Any:
        """The median of one kind of time in days with its interval, one row per group of lines.

        The lines counted are those that have such a time, one per patient.

        Args:
            name: The kind of time, as for `of`.
            by: As for `Responses.rates`; left out, all lines are one group.
            line: The number of the lines that count; left out, all.
            level: The level of the intervals, between 0 and 1.
            interval: How the intervals are computed, as for `kaplan_meier`.

        Returns:
            Lines, events, the median and its bounds; one that is not reached is empty.

        Raises:
            NotThereError: A kind of time that is not known.
            ValueError: As for `kaplan_meier`.
        """
        groups, curves = self._curves(name, by, line, level, interval)
        rows = []
        for found in curves:
            counts = int(found.at_risk[:1].sum()), int(found.events.sum())
            rows.append((*counts, *found.quantile(0.5)))
        return self._restore(groups.columns | _medians(rows))

    def groups_with(
        self, name: str, by: str | Iterable[str] | None, line: int | None
    ) -> tuple[Groups, Array]:
        """Groups of lines, and which lines have a time of this kind; one line per patient.

        Args:
            name: The kind of time, as for `of`.
            by: As for `Responses.rates`.
            line: The number of the lines that count; `None`: all.

        Returns:
            The groups, and for each line whether it counts.

        Raises:
            NotThereError: A kind of time that is not known.
            ValueError: Several lines of one patient in a group.
        """
        some = of_line(self._panel, line)
        groups = line_groups(self._data, self._panel, by, some)
        counted = self._named(name).there & some
        refuse_several(self._data, self._panel, groups, counted, f"the curve of {name}")
        return groups, counted

    def _curves(
        self, name: str, by: Any, line: int | None, level: float, interval: str
    ) -> tuple[Groups, list[Survival]]:
        """The estimate of each group."""
        groups, counted = self.groups_with(name, by, line)
        times = self._named(name)
        each = (np.flatnonzero(counted & (groups.group == place)) for place in range(groups.number))
        return groups, [
            kaplan_meier(times.days[some], times.event[some], level=level, interval=interval)
            for some in each
        ]

    @cached_property
    def adtte(self) -> Any:
        """The times as an ADaM time-to-event table: one row per line and time.

        `AVAL` is `ADT - STARTDT` in days (many analysis plans add one); `CNSR` is 0 for an event
        and 1 for a censored time; `EVNTDESC` the name of the clause that decided.
        """
        lines, data = self._panel.lines, self._data
        parts = [
            (name, times, np.flatnonzero(times.there)) for name, times in self.timed.times.items()
        ]
        line = np.concatenate([some for _, _, some in parts])
        names = np.repeat(np.arange(len(parts)), [len(some) for _, _, some in parts])
        order = np.lexsort((names, line))
        line, names = line[order], names[order]

        def ordered(column: str) -> Array:
            return np.concatenate([getattr(times, column)[some] for _, times, some in parts])[order]

        return self._restore(
            {
                "USUBJID": tables_out.patients(data, lines.patient[line]),
                "LINE": Plain(lines.number[line]),
                "PARAMCD": Coded(names, [name.upper() for name in TIMES]),
                "PARAM": Coded(names, list(TIMES.values())),
                "STARTDT": tables_out.dates(data, ordered("start"), lines.patient[line]),
                "ADT": tables_out.dates(data, ordered("end"), lines.patient[line]),
                "AVAL": Plain(ordered("days")),
                "CNSR": Plain((~ordered("event")).astype(np.int64)),
                "EVNTDESC": _clauses([part[1] for part in parts], names, ordered("clause")),
                **tables_out.kept_of(self._panel, line),
            }
        )

    def _named(self, name: str) -> Times:
        if name not in self.timed.times:
            told = f"there is no time {name!r}; there are {', '.join(TIMES)}"
            raise NotThereError(told)
        return self.timed.times[name]

    def _depth(self) -> Plain:
        baseline, deepest = self._panel.lines.baseline_um, self.timed.deepest_um
        none = deepest < 0
        change = 100 * (deepest - baseline) / np.where(none, 1, baseline)
        return Plain(np.where(none, np.nan, change), none)

    def _columns(self, name: str, times: Times) -> dict[str, Any]:
        none = ~times.there
        end = np.where(none, NO_DAY, times.end)
        null = None if name in OF_EVERY_LINE and not none.any() else none
        return {
            f"{name}_days": Plain(np.where(none, 0, times.days).astype(np.int64), null),
            f"{name}_event": Plain(times.event, null),
            f"{name}_end": tables_out.dates(self._data, end, self._panel.lines.patient),
            f"{name}_rule": Coded(times.clause, [clause.id for clause in times.clauses]),
        }

    def _growth(self) -> dict[str, Any]:
        rule, before = self.timed.growth_rule, self.timed.days_before
        none = rule < 0
        ratio = self.timed.within.days / np.where(none, 1, before)
        words = np.where(none, BLANK, verdicts(GROWTH, np.maximum(rule, 0)))
        return {
            "growth_ratio": Plain(np.where(none, np.nan, ratio), none),
            "growth": tables_out.words(tuple(Growth), words.astype(np.uint8)),
            "growth_rule": Coded(rule, [rule.id for rule in GROWTH.rules]),
        }

    def _problems(self) -> Coded:
        names = [
            ";".join(str(problem.name) for problem in CourseProblem(bits))
            for bits in range(2 * max(CourseProblem))
        ]
        return tables_out.used(Coded(self.timed.problems, names))

    def __repr__(self) -> str:
        return f"<Endpoints by {self.policy.name}: {len(self._panel.lines.patient)} lines>"

    def _repr_html_(self) -> str:
        rows = []
        for name, title in TIMES.items():
            days, events = self.of(name)
            median = self.kaplan_meier(name).median_days if len(days) else None
            told = "not reached" if median is None else f"{median:g}"
            rows.append((name, title, str(len(days)), str(int(events.sum())), told))
        head = ("", "time", "lines", "events", "median, days")
        return html.table(repr(self)[1:-1], head, rows)


def untreatable_columns(
    data: Read,
    criteria: Criteria,
    panel: Panel,
    *,
    definition: Untreatable,
    declined: Iterable[Any] | None,
) -> dict[str, Any]:
    """The table of times to untreatable progression, one row per line."""
    lines, found = panel.lines, pattern_columns(data, criteria, panel)
    count, progressed = len(lines.patient), lines.progression >= 0
    day = np.full(count, NO_DAY)
    day[progressed] = panel.timepoints.day[lines.progression[progressed]]
    noted = _declined(declined, lines.start, data.patients.calendar[lines.patient] == 1)
    times = until_untreatable(
        history_of(data, criteria, panel), day, found.codes, found.invasion, definition, noted
    )
    return {
        "patient": tables_out.patients(data, lines.patient),
        "line": Plain(lines.number),
        "ttup_days": Plain(times.days),
        "ttup_event": Plain(times.event),
        "ttup_end": tables_out.dates(data, times.end, lines.patient),
        "ttup_part": Coded(times.clause, PARTS),
    }


def _declined(declined: Iterable[Any] | None, start: Array, calendar: Array) -> Array:
    """The day of decline of each line; `NO_DAY` where there is none."""
    if declined is None:
        return np.full(len(start), NO_DAY)
    given = [None if each is None or each != each else date(each) for each in declined]
    days = np.array([NO_DAY if each is None else day_number(each) for each in given], np.int64)
    if len(days) != len(start):
        raise ValueError(f"declined must have one date a line, {len(start)}, got {len(days)}")
    known = np.array([each is not None for each in given], np.bool_)
    dated = np.array([each is not None and not isinstance(each, int) for each in given], np.bool_)
    other = np.flatnonzero(known & (dated != calendar))
    if len(other):
        raise ValueError(f"declined must be of the kind of the line's dates, row {other[0]} is not")
    early = np.flatnonzero((days != NO_DAY) & (days < start))
    if len(early):
        raise ValueError(f"declined must not be before the start of its line, row {early[0]} is")
    return days


def _medians(rows: Sequence[tuple[int, int, float | None, float | None, float | None]]) -> Any:
    """Counts, and medians in days; empty where one is not reached."""
    lines, events, *medians = zip(*rows, strict=True) if rows else ((),) * 5
    columns = {
        "lines": Plain(np.array(lines, np.int64)),
        "events": Plain(np.array(events, np.int64)),
    }
    for name, each in zip(
        ("median_days", "median_days_low", "median_days_high"), medians, strict=True
    ):
        values = np.array(each, np.float64)
        columns[name] = Plain(values, np.isnan(values))
    return columns


def _flags(codes: Array) -> Coded:
    shown = np.where(codes == BLANK, -1, codes.astype(np.int16))
    return Coded(shown.astype(np.int8), [False, True])


def _clauses(times: list[Times], names: Array, clause: Array) -> Coded:
    """The clause ids of several kinds of time, as one column."""
    ids = [[each.id for each in kind.clauses] for kind in times]
    shift = np.cumsum([0, *(len(each) for each in ids)])[:-1]
    return Coded(shift[names] + clause, [id for each in ids for id in each])
