"""Several readings of one cohort: each judged alone, then compared, then one accepted a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import attrs
import numpy as np

from .._base import html
from .._base.arrays import Array
from .._base.converters import Date
from .._base.errors import NotThereError
from .._base.pickling import own_state
from .._base.text import several
from ..cohort import tables_out
from ..cohort.responses import Responses
from ..tables.by_reading import ByReading, place_of_reader
from ..tables.intake import told
from .acceptance import PENDING, STATES, Accepted, accept, by_dates
from .by_date import accepted_lines, accepted_timepoints, mixtures
from .compared import Compared, compared, differences
from .cut import cut_panel, cut_patients
from .decisions import Decisions, read_decisions
from .notes import note_columns
from .readers_compared import ReadersCompared
from .review import Review
from .side_tables import discordance_columns, with_readers

__all__ = ["Readings"]


class Readings(ReadersCompared):
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
        asked = [place_of_reader(self.readers, name) for name in review.readers]
        primary = [place for place in asked if place >= 0]
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
        """What is probably misread, as `Responses.notes`; with the reader
        in whose reading it shows, none where it holds for several, or for all."""
        return self.notes_beside(self._whole._data.columns)

    def notes_beside(self, columns: Mapping[str, Sequence[str]]) -> Any:
        """The notes, given the names of all columns of each table, also of those left out.

        Args:
            columns: The names of the columns by table.

        Returns:
            One row per note, as `notes`.
        """
        return self._restore(
            note_columns(
                self._whole._data,
                self.criteria,
                self._parted.ids,
                self._patient,
                self._reader,
                self.readers,
                columns,
            )
        )

    @property
    def untreated(self) -> Array:
        """The ids of the patients who are sound but have no line of therapy."""
        lines = self._patient[self._whole.panel.lines.patient]
        idle = np.setdiff1d(np.arange(len(self._parted.ids)), np.append(lines, self._bad))
        return self._parted.ids[idle]

    def of(self, reader: str) -> Responses:
        """All that one reader read, exactly as `assess_cohort` judges the reader's rows.

        Args:
            reader: The name of the reader.

        Returns:
            The verdicts on the patients whom this reader read.

        Raises:
            NotThereError: There is no such reader.
        """
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

        Args:
            reader: The name of the reader.

        Returns:
            `triggers` are those of the review in which the two differ. Lines that either did not
            read are left out.

        Raises:
            NotThereError: There is no such reader.
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
            of,
            readers=(self.readers[self._place(reader)], "accepted"),
            patient=of.patient[rows],
            number=of.number[rows],
            donor=of.donor[rows],
            at=np.stack([own[rows], accepted[rows]], axis=1),
        )
        return pair, attrs.evolve(
            chosen,
            state=chosen.state[rows],
            reader=chosen.reader[rows],
            by=[chosen.by[row] for row in rows],
            reason=[chosen.reason[row] for row in rows],
            fired=differences(pair, (0, 1), self.review),
            unasked=chosen.unasked[rows],
            mixed={},
        )

    def why(
        self,
        patient: Any,
        line: int | None = None,
        date: Date | str | None = None,
        *,
        reader: str | None = None,
    ) -> str:
        """Every reason behind the verdicts of one reader, as `Responses.why`.

        Args:
            patient: The id, as it stands in the tables or as text.
            line: The number of the line, from 1; left out, all lines.
            date: The date of a time point; left out, all.
            reader: The name of the reader; left out, the accepted one.

        Returns:
            Text of several lines: how each line was decided, and the reasons.

        Raises:
            NotThereError: There is no such patient, line, date or reader, or the lines of the
                patient have no accepted reader, or several.
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


def _ordered(review: Review, readers: tuple[str, ...]) -> tuple[Array, tuple[str, ...]]:
    """The readers in the order of a review, as indices and by name: local ones come last."""
    adjudicator = [] if review.adjudicator is None else [review.adjudicator]
    asked = [place_of_reader(readers, name) for name in (*review.readers, *adjudicator)]
    local = [place_of_reader(readers, name) for name in review.local]
    local = [place for place in local if place >= 0]
    first = [place for place in asked if place >= 0]
    others = [place for place in range(len(readers)) if place not in (*first, *local)]
    order = np.array([*first, *others, *local], np.int64)
    return order, tuple(readers[place] for place in order.tolist())
