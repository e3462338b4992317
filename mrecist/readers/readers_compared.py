"""How readers differ, in numbers: what `Readings` says of agreement, dates and sums."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

import attrs
import numpy as np

from .._base.arrays import Array
from .._base.converters import whole_from
from ..cohort import tables_out
from ..cohort.groups import line_groups
from ..cohort.rates import tail_of
from ..cohort.responses import Responses
from ..rulebook.criteria import Criteria
from ..tables.by_reading import ByReading, coded
from ..tables.column import Coded
from .acceptance import Accepted
from .accepted import AcceptedResponses
from .agreement import Agreement, agreement
from .compared import Compared
from .discrepancies import date_columns, discrepancy_columns, later_ratios, log_ratios, sum_columns
from .review import Review
from .standing import standing

__all__ = ["ReadersCompared"]


class ReadersCompared:
    """Readings of one cohort side by side, and the statistics of how they differ."""

    criteria: Criteria
    readers: tuple[str, ...]
    review: Review
    _compared: Compared
    _parted: ByReading
    _place: Callable[[Any], int]
    _pair: Callable[[str], tuple[Compared, Accepted]]
    _whole: Responses
    _accepted: Accepted
    _patient: Array
    _bad: Array

    @property
    def _restore(self) -> Callable[[Mapping[str, Any]], Any]:
        return self._whole._restore

    @cached_property
    def accepted(self) -> AcceptedResponses:
        """The accepted readings as one cohort, one reading per line.

        A line that no primary reader read has the best response ND. A pending line has none, and
        is in no table; rates and times ask what to do with it.
        """
        return standing(
            self._whole, self._compared, self._accepted, self._parted.ids, self._patient, self._bad
        )

    @property
    def central(self) -> tuple[str, ...]:
        """The readers who are not local."""
        local = {name.casefold() for name in self.review.local}
        return tuple(name for name in self.readers if name.casefold() not in local)

    def agreement(
        self,
        of: str = "best_response",
        *,
        readers: Sequence[str] | None = None,
        words: Sequence[str] | None = None,
        complete: bool = False,
        interval: str | None = None,
        level: Any = "0.95",
        draws: int = 1000,
        seed: int = 0,
    ) -> Agreement:
        """How far readers agree on one kind of verdict, beyond chance.

        Args:
            of: `"best_response"` or `"confirmed_best_response"` of lines, or `"response"`,
                `"target"`, `"nontarget"` or `"new_lesion"` of time points, matched by line and date
                up to and including each reader's first progression.
            readers: Two or more names; left out, all but local ones.
            words: The scale, in order, fixed before the data are seen; a row with another word is
                left out and counted.
            complete: Whether to take only rows that all readers read.
            interval: `"exact"` (default for lines) or `"bootstrap"` over patients (default for time
                points, of which a patient has several).
            level: The level of the intervals, between 0 and 1.
            draws: How many samples of patients the bootstrap draws.
            seed: Where the random numbers of the bootstrap begin.

        Returns:
            Agreement, kappa and Gwet's coefficients of every pair and of all; printed, a table.

        Raises:
            NotThereError: There is no such reader.
            ValueError: Fewer than two readers, or an argument that is not possible.
        """
        places = [self._place(name) for name in readers or self.central]
        return agreement(
            self._compared,
            self.criteria,
            of,
            places,
            words=words,
            complete=complete,
            interval=interval,
            level=level,
            draws=whole_from("draws", draws, 2),
            seed=whole_from("seed", seed, 0),
            restore=self._restore,
        )

    def dates(self, of: str, one: str, other: str) -> Any:
        """One row per line that both readers read: two dates, and the days from second to first.

        Args:
            of: `"progression"`, `"response"` (the first CR or PR before it) or `"new_lesion"`.
            one: The name of the first reader.
            other: The name of the second reader.

        Returns:
            The dates, empty where a reader has none, and their difference in days.

        Raises:
            NotThereError: There is no such reader.
            ValueError: Another word for `of`.
        """
        pair = self._place(one), self._place(other)
        data = self._whole._data
        return self._restore(date_columns(data, self._compared, of, pair, self._parted.ids))

    def sums(self, one: str, other: str, at: Any = "baseline") -> Any:
        """Bias (first less second), limits of agreement and concordance of the totals, one row.

        Args:
            one: The name of the first reader.
            other: The name of the second reader.
            at: `"baseline"`, the number of a follow-up from 1 on, or `"change"`: the deepest change
                from baseline up to progression, in per cent.

        Returns:
            `low` and `high` are in mm; `ratio_low` and `ratio_high` are limits of the ratio of
            totals above 0. `split_zero` counts pairs of which one total is 0 and the other not.

        Raises:
            NotThereError: There is no such reader.
            ValueError: Another word for `at`.
        """
        pair = self._place(one), self._place(other)
        return self._restore(sum_columns(self._compared, at, pair))

    def log_ratios(self, at: Any = "baseline") -> tuple[Array, tuple[str, ...]]:
        """The logarithms of the ratios of the totals of any two central readers, and who they are.

        Errors of readers are fitted to them: `ReaderVariability.fitted`.

        Args:
            at: `"baseline"` or the number of a follow-up.

        Returns:
            The logarithms, and the names of the readers; totals of 0 have no logarithm.

        Raises:
            ValueError: Another word for `at`.
        """
        if at == "change":
            raise ValueError('at must be "baseline" or the number of a follow-up, got "change"')
        places = [self._place(name) for name in self.central]
        return log_ratios(self._compared, at, places), self.central

    def later_ratios(self) -> tuple[Array, Array]:
        """`log_ratios` of all follow-ups, and what one reader sees where another reads 0.

        The second array has one element for each follow-up and ordered pair of readers of which the
        first reads a total of 0: the total of the second as a share of the second's baseline.
        """
        places = [self._place(name) for name in self.central]
        return later_ratios(self._compared, places)

    def discrepancy(
        self,
        local: str,
        central: str | None = None,
        *,
        by: str | Iterable[str] | None = None,
        pending: str = "refuse",
        level: Any = "0.95",
    ) -> Any:
        """How often a local reader calls progression earlier and later, one row per group.

        Args:
            local: The name of the local reader.
            central: The name of the other; left out, the accepted reader of each line.
            by: A column that was kept, whose groups come as they first occur, or as for
                `Responses.rates`.
            pending: `"refuse"` or `"leave out"`: what to do with lines that await adjudication.
            level: The level of the intervals, between 0 and 1.

        Returns:
            Counts of the lines that both read: `a1` progression on one date (within the window of
            the review), `a2` local later, `a3` local earlier, `b` by local alone, `c` by central
            alone, `d` by neither. `edr` is (b + a3) / (a + b), `ldr` (c + a2) / (b + c + a2 + a3),
            with exact intervals. Of two groups the first row has the differences, first less
            second. `days_q1`, `days_median` and `days_q3` are of local less central, where both
            have a progression.

        Raises:
            NotThereError: There is no such reader.
            ValueError: Lines await adjudication, or an argument is not possible.
        """
        of = self._compared
        if central is None:
            self.accepted.ask(pending)
            pair, _ = self._pair(local)
        else:
            pair = attrs.evolve(of, at=of.at[:, [self._place(local), self._place(central)]])
        keep = np.flatnonzero((pair.at >= 0).all(axis=1))
        at = pair.at[keep]
        panel = self._whole.panel
        if isinstance(by, str) and by in panel.kept:
            used, names = _in_order(coded(panel.kept[by]), at[:, 0])
        else:
            groups = line_groups(self._whole._data, panel, by)
            names = _named(groups.columns, groups.number) if groups.columns else ["all"]
            used = groups.group[at[:, 0]]
        day = pair.facts.progression
        table = discrepancy_columns(
            day[at[:, 0]],
            day[at[:, 1]],
            used,
            names,
            self.review.window_days,
            1 - 2 * tail_of(level),
        )
        return self._restore(table)


def _in_order(column: Coded, rows: Array) -> tuple[Array, list[str]]:
    """The group of each of some lines, and the names of the groups as they first occur."""
    values = [*column.values, None]
    names = ["" if values[code] is None else str(values[code]) for code in column.codes.tolist()]
    place = {name: i for i, name in enumerate(dict.fromkeys(names))}
    return np.array([place[names[row]] for row in rows.tolist()], np.int64), list(place)


def _named(columns: Mapping[str, Any], count: int) -> list[str]:
    """The names of groups of lines: what they have in common, joined by `;`."""
    each = [map(str, tables_out.as_arrays(columns)[name].tolist()) for name in columns]
    names = [";".join(parts) for parts in zip(*each, strict=True)]
    return names[:count]
