"""Several readings of one cohort: each judged alone, then compared, then one accepted a line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

import attrs
import numpy as np

from .._base import html
from .._base.arrays import Array
from .._base.converters import Date, whole_from
from .._base.errors import NotThereError
from .._base.pickling import own_state
from .._base.text import several
from ..cohort import tables_out
from ..cohort.groups import line_groups
from ..cohort.rates import tail_of
from ..cohort.responses import Responses
from ..tables.by_reading import ByReading, coded, place_of_reader
from ..tables.column import Coded
from ..tables.intake import told
from .acceptance import PENDING, STATES, Accepted, accept, by_dates
from .accepted import AcceptedResponses
from .agreement import Agreement, agreement
from .by_date import accepted_lines, accepted_timepoints, mixtures
from .compared import Compared, compared, differences
from .cut import cut_panel, cut_patients
from .decisions import Decisions, read_decisions
from .discrepancies import date_columns, discrepancy_columns, later_ratios, log_ratios, sum_columns
from .notes import note_columns
from .review import Review
from .side_tables import discordance_columns, with_readers
from .standing import standing

__all__ = ["Readings"]


class Readings:
    """The readings of a cohort side by side, and the accepted ones.

    `readers` are those of the review in its order, then all others.
    """

    def __init__(
        self,
        whole: Responses,
        parted: ByReading,
        reading: Array,
        review: Review,
        decisions: Mapping[str, Any] | None,
    ) -> None:
        self.review, self.criteria = review, whole.criteria
        self._whole, self._parted = whole, parted
        order, self.readers = _ordered(review, parted.readers)
        data = whole._data
        ranks = np.append(np.argsort(order), -1)
        self._reader = ranks[parted.reader[reading]]
        self._patient = parted.patient[reading]
        bad = np.union1d(
            self._patient[data.patients.refused],
            np.array([each[0] for each in parted.mistakes if each[0] >= 0], np.int64),
        )
        owner = whole.panel.lines.patient
        self._compared = compared(
            whole.panel, self._patient[owner], self._reader[owner], self.readers, bad
        )
        self._bad = bad
        made = read_decisions(decisions, self._compared, parted.ids, review, bad)
        self._decisions: Decisions = made
        primary = [self._place(name) for name in review.readers]
        third = place_of_reader(self.readers, review.adjudicator)
        accepted = accept(self._compared, review, primary, third, made.of_line)
        some = mixtures(self._compared, made.readers_by_date, made.readers, primary, self.criteria)
        self._accepted = by_dates(accepted, some, made.of_date)

    def __getstate__(self) -> dict[str, Any]:
        return own_state(self)

    def _place(self, reader: Any) -> int:
        place = place_of_reader(self.readers, reader)
        if place < 0:
            raise NotThereError(f"there is no reader {reader} among {', '.join(self.readers)}")
        return place

    @property
    def central(self) -> tuple[str, ...]:
        """The readers who are not local."""
        local = {name.casefold() for name in self.review.local}
        return tuple(name for name in self.readers if name.casefold() not in local)

    @property
    def patients(self) -> Array:
        """The ids of all patients."""
        return self._parted.ids

    @property
    def refused(self) -> Array:
        """The ids of patients with a mistake in some reading, of whom none is accepted."""
        return self._parted.ids[self._bad]

    @property
    def pending(self) -> int:
        """The number of lines that await adjudication."""
        return int((self._accepted.state == PENDING).sum())

    @property
    def _restore(self) -> Callable[[Mapping[str, Any]], Any]:
        return self._whole._restore

    @property
    def mistakes(self) -> tuple[tuple[Any, int | None, str, str], ...]:
        """Every mistake in the tables: patient, row, column and message."""
        each = [*told(self._whole._data), *self._parted.told(), *self._decisions.mistakes]
        return tuple(each)

    @cached_property
    def errors(self) -> Any:
        """One row per mistake: patient, row, column, error. No reading is accepted of the
        patients; a decision with a mistake is not taken."""
        return self._restore(tables_out.error_columns(self._whole._data, self.mistakes))

    @cached_property
    def notes(self) -> Any:
        """What is probably meant otherwise than it is read, as `Responses.notes`; with the reader
        in whose reading it shows, none where it holds for several, or for all."""
        return self.notes_beside(self._whole._data.columns)

    def notes_beside(self, columns: Mapping[str, Sequence[str]]) -> Any:
        """The same, given the names of all columns of each table, also of those left out."""
        return self._restore(
            note_columns(
                self._whole._data, self.criteria, self._parted.ids, self._patient, self._reader,
                self.readers, columns,
            )
        )  # fmt: skip

    @property
    def untreated(self) -> Array:
        """The ids of the patients who are sound but have no line of therapy."""
        lines = self._patient[self._whole.panel.lines.patient]
        idle = np.setdiff1d(np.arange(len(self._parted.ids)), np.append(lines, self._bad))
        return self._parted.ids[idle]

    def of(self, reader: str) -> Responses:
        """All that one reader read, exactly as `assess_cohort` judges the reader's rows."""
        place = self._place(reader)
        data, panel = self._whole._data, self._whole.panel
        mine = np.flatnonzero(self._reader == place)
        rows = [np.r_[data.patients.rows(each, each + 1)] for each in mine.tolist()]
        first = [int(each.min()) if len(each) else len(data.findings) for each in rows]
        mine = mine[np.argsort(first, kind="stable")]
        owner = np.full(len(data.patients), -1)
        owner[mine] = np.arange(len(mine))
        lines = np.flatnonzero(owner[panel.lines.patient] >= 0)
        lines = lines[np.argsort(owner[panel.lines.patient[lines]], kind="stable")]
        cut = cut_panel(panel, lines, owner[panel.lines.patient[lines]])
        return Responses(cut_patients(data, mine), self.criteria, cut, self._restore)

    @cached_property
    def accepted(self) -> AcceptedResponses:
        """The accepted readings as one cohort, one reading a line.

        A line that no primary reader read has the best response ND. A pending line has none, and
        is in no table; rates and times ask what to do with it.
        """
        return standing(
            self._whole, self._compared, self._accepted, self._parted.ids, self._patient, self._bad
        )

    @cached_property
    def _is_accepted(self) -> Array:
        """Which judged lines are accepted."""
        chosen = np.zeros(len(self._whole.panel.lines.patient), np.bool_)
        whole = self._accepted.reader >= 0
        whole[[line for line, each in self._accepted.mixed.items() if each.is_mixed]] = False
        row = np.flatnonzero(whole)
        chosen[self._compared.at[row, self._accepted.reader[row]]] = True
        return chosen

    @cached_property
    def lines(self) -> Any:
        """One row per line and reader, as `Responses.lines`; `accepted` marks what stands."""
        panel, whole = self._whole.panel, self._whole
        columns = tables_out.line_columns(whole._data, self.criteria, panel)
        reader = self._reader[panel.lines.patient]
        rows = np.flatnonzero(reader >= 0)
        return self._restore(with_readers(columns, self.readers, reader, self._is_accepted, rows))

    @cached_property
    def timepoints(self) -> Any:
        """One row per follow-up and reader, as `Responses.timepoints`."""
        panel, whole = self._whole.panel, self._whole
        columns = tables_out.timepoint_columns(whole._data, self.criteria, panel)
        line = panel.timepoints.line
        reader = self._reader[panel.lines.patient[line]]
        mixed = self._accepted.mixed.values()
        accepted = accepted_timepoints(self._compared, self._is_accepted, mixed)
        return self._restore(
            with_readers(columns, self.readers, reader, accepted, np.arange(len(line)))
        )

    @cached_property
    def discordance(self) -> Any:
        """One row per line: its state, whose reading is accepted, and what each reading says.

        `state` is `none` (no primary reader read the line), `one reader`, `agreed`, `adjudicated`
        or `pending`; `triggers` are those that fired. For each reader there are the best response,
        unconfirmed and confirmed, the dates of progression and of response, the targets and their
        total at baseline. `problems` are `NOT_ADJUDICATED`, and `DECISION_UNASKED` of a decision
        that no trigger called for; it stands.
        """
        return self._restore(
            discordance_columns(
                self._whole._data,
                self.criteria,
                self._compared,
                self._accepted,
                self._parted.ids,
                self.readers,
            )
        )

    def against(self, reader: str) -> Any:
        """One row per line as `discordance`, of one reader against the accepted reading.

        `triggers` are those of the review in which the two differ. Lines that either did not read
        are left out.
        """
        columns, pair = self._pair(reader)
        return self._restore(
            discordance_columns(
                self._whole._data, self.criteria, columns, pair, self._parted.ids, self.readers
            )
        )

    def _pair(self, reader: str) -> tuple[Compared, Accepted]:
        """One reader beside the accepted one, on the lines that both read."""
        chosen = self._accepted
        own = self._compared.at[:, self._place(reader)]
        of, accepted = accepted_lines(self._compared, chosen.reader, chosen.mixed, self.criteria)
        rows = np.flatnonzero((own >= 0) & (accepted >= 0))
        pair = attrs.evolve(
            of, readers=(self.readers[self._place(reader)], "accepted"), patient=of.patient[rows],
            number=of.number[rows], donor=of.donor[rows],
            at=np.stack([own[rows], accepted[rows]], axis=1),
        )  # fmt: skip
        return pair, attrs.evolve(
            chosen, state=chosen.state[rows], reader=chosen.reader[rows],
            by=[chosen.by[row] for row in rows], reason=[chosen.reason[row] for row in rows],
            fired=differences(pair, (0, 1), self.review), unasked=chosen.unasked[rows], mixed={},
        )  # fmt: skip

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

        `of` is `"best_response"` or `"confirmed_best_response"` of lines, or `"response"`,
        `"target"`, `"nontarget"` or `"new_lesion"` of time points, matched by line and date up to
        and including each reader's first progression. `readers` are all but local ones unless
        given. `words` is the scale, in order, fixed before the data are seen; a row with another
        word is left out and counted. `complete`: of rows that all readers read, and no others.
        `interval` is `"exact"` (default for lines) or `"bootstrap"` over patients (default for
        time points, of which a patient has several), by so many `draws`.
        """
        places = [self._place(name) for name in readers or self.central]
        return agreement(
            self._compared, self.criteria, of, places, words=words, complete=complete,
            interval=interval, level=level, draws=whole_from("draws", draws, 2),
            seed=whole_from("seed", seed, 0), restore=self._restore,
        )  # fmt: skip

    def dates(self, of: str, one: str, other: str) -> Any:
        """One row per line that both readers read: two dates, and the days from second to first.

        `of` is `"progression"`, `"response"` (the first CR or PR before it) or `"new_lesion"`.
        """
        pair = self._place(one), self._place(other)
        data = self._whole._data
        return self._restore(date_columns(data, self._compared, of, pair, self._parted.ids))

    def sums(self, one: str, other: str, at: Any = "baseline") -> Any:
        """Bias (first less second), limits of agreement and concordance of the totals, one row.

        `at` is `"baseline"`, the number of a follow-up from 1 on, or `"change"`: the deepest change
        from baseline up to progression, in per cent. `low` and `high` are in mm; `ratio_low` and
        `ratio_high` are limits of the ratio of totals above 0. `split_zero` counts pairs of which
        one total is 0 and the other not.
        """
        pair = self._place(one), self._place(other)
        return self._restore(sum_columns(self._compared, at, pair))

    def log_ratios(self, at: Any = "baseline") -> tuple[Array, tuple[str, ...]]:
        """The logarithms of the ratios of the totals of any two central readers, and who they are.

        `at` is `"baseline"` or the number of a follow-up; totals of 0 have no logarithm. Errors of
        readers are fitted to them: `ReaderVariability.fitted`.
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

        `central` is a reader; left out, the accepted one of each line. Counted are the lines that
        both read: `a1` progression on one date (within the window of the review), `a2` local later,
        `a3` local earlier, `b` by local alone, `c` by central alone, `d` by neither. `edr` is
        (b + a3) / (a + b), `ldr` (c + a2) / (b + c + a2 + a3), with exact intervals. Of two groups
        the first row has the differences, first less second. `days_q1`, `days_median` and `days_q3`
        are of local less central, where both have a progression. `by` is a column that was kept,
        whose groups come as they first occur, or as for `rates`.
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
            day[at[:, 0]], day[at[:, 1]], used, names, self.review.window_days,
            1 - 2 * tail_of(level),
        )  # fmt: skip
        return self._restore(table)

    def why(
        self,
        patient: Any,
        line: int | None = None,
        date: Date | str | None = None,
        *,
        reader: str | None = None,
    ) -> str:
        """Every reason behind the verdicts of one reader, as `Responses.why`.

        Left out, the reader is the accepted one. Raises `NotThereError` where the patient's lines
        have none, or several.
        """
        of, chosen = self._compared, self._accepted
        known = {str(each): i for i, each in enumerate(self._parted.ids.tolist())}
        rows = np.flatnonzero(of.patient == known.get(str(patient), -1))
        if line is not None:
            rows = rows[of.number[rows] == line]
        if reader is None:
            names = {self.readers[each] for each in chosen.reader[rows].tolist() if each >= 0}
            if len(names) != 1:
                states = ", ".join(
                    f"line {of.number[row]} {STATES[chosen.state[row]]}" for row in rows.tolist()
                )
                what = f"patient {patient} has no one accepted reader ({states or 'no line'})"
                raise NotThereError(f"{what}: name one of {', '.join(self.readers)}")
            (reader,) = names
        told = [self._state_told(row) for row in rows.tolist()]
        return "\n".join([*told, "", self.of(reader).why(patient, line, date)])

    def _state_told(self, row: int) -> str:
        """The state of a line in a sentence."""
        chosen = self._accepted
        text = f"Line {self._compared.number[row]}: {STATES[chosen.state[row]]}"
        fired = [name for name, each in chosen.fired.items() if each[row]]
        if fired:
            text += f", readers differ in {' and '.join(fired)}"
        if chosen.reader[row] >= 0:
            text += f"; {self.readers[chosen.reader[row]]} accepted"
        if chosen.by[row]:
            text += f", by {chosen.by[row]}"
        return f"{text} ({chosen.reason[row]})" if chosen.reason[row] else text

    def _repr_html_(self) -> str:
        count = np.bincount(self._accepted.state, minlength=len(STATES)).tolist()
        rows = [(state, str(n)) for n, state in zip(count, STATES, strict=True)]
        return html.table(repr(self)[1:-1], ("", "lines"), rows)

    def __repr__(self) -> str:
        count = np.bincount(self._accepted.state, minlength=len(STATES)).tolist()
        states = ", ".join(f"{n} {state}" for n, state in zip(count, STATES, strict=True) if n)
        lines = several(len(self._compared.donor), "line")
        return (
            f"<Readings by {self.criteria.name}: {' and '.join(self.readers)}, "
            f"{lines}: {states or 'none'}>"
        )


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


def _ordered(review: Review, readers: tuple[str, ...]) -> tuple[Array, tuple[str, ...]]:
    """The readers in the order of a review, as indices and by name: local ones come last."""
    adjudicator = [] if review.adjudicator is None else [review.adjudicator]
    asked = [place_of_reader(readers, name) for name in (*review.readers, *adjudicator)]
    local = [place_of_reader(readers, name) for name in review.local]
    first = [place for place in asked if place >= 0]
    others = [place for place in range(len(readers)) if place not in (*first, *local)]
    order = np.array([*first, *others, *local], np.int64)
    return order, tuple(readers[place] for place in order.tolist())
