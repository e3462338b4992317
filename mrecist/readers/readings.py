"""Several readings of one cohort: each judged alone, then compared, then one accepted a line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import attrs
import numpy as np

from .._base.arrays import Array
from .._base.converters import Date, look_up
from .._base.errors import NotThereError
from .._base.text import several
from ..cohort import tables_out
from ..cohort.engine import assess_read, opened
from ..cohort.responses import Responses
from ..rulebook.criteria import MRECIST, Criteria, criteria_named
from ..tables import intake
from ..tables.by_reading import ByReading, by_reading, place_of_reader, read_as
from ..tables.column_schema import READER
from ..tables.intake import Read, told
from ..tables.mistakes import CohortError
from .acceptance import NOBODY, PENDING, STATES, accept
from .accepted import AcceptedResponses
from .compared import compared
from .cut import cut_panel, cut_patients, table_rows, without_reading
from .decisions import DECISION_COLUMNS, Decisions, read_decisions
from .review import DOUBLE_READ, REVIEWS, Review
from .side_tables import discordance_columns, with_readers

__all__ = ["Readings", "assess_readings"]


def assess_readings(
    findings: Any,
    lines: Any = None,
    *,
    procedures: Any = None,
    review: Review | str = DOUBLE_READ,
    decisions: Any = None,
    criteria: Criteria | str = MRECIST,
    errors: str = "raise",
) -> Readings:
    """Judge the readings of several readers, and accept one a line as a review has it.

    `findings` name in the column `reader` who recorded each row. Each reader's chart of a patient
    is judged alone: nothing of one reader has any influence on another. Rows of `lines` and
    `procedures` without a reader are facts of the patient and hold for every reader; a row of
    `lines` with a reader repeats the start and gives the baseline and the targets of this reader.
    `decisions` have the columns `patient`, `line` (empty: all lines), `accepted` (a reader), `by`
    and `reason`.

    A line on which readers differ and nobody has decided is pending, and has no accepted reading.
    Otherwise as `assess_cohort`. A patient with a mistake in some reading has no accepted reading.

    >>> rows = [("R1", 0, 30), ("R1", 56, 15), ("R2", 0, 30), ("R2", 56, 30)]
    >>> readings = assess_readings({
    ...     "patient": ["P-001"] * 4, "lesion": ["S8"] * 4,
    ...     "reader": [row[0] for row in rows], "date": [row[1] for row in rows],
    ...     "viable_mm": [row[2] for row in rows],
    ... })
    >>> readings
    <Readings by mrecist: R1 and R2, 1 line: 1 pending>
    >>> readings.discordance["triggers"].tolist()
    ['best response']
    """
    criteria = criteria_named(criteria)
    if not isinstance(review, Review):
        review = look_up("review", review, REVIEWS, "a Review", ValueError)
    if errors not in ("raise", "collect"):
        raise ValueError(f'errors must be "raise" or "collect", got {errors!r}')
    tables, restore = opened(findings, lines, procedures)
    if READER not in tables[0]:
        raise CohortError([(None, None, READER, "this column is required")])
    parted = by_reading(tables)
    _refuse_unknown(review, parted.readers)
    data, reading = read_as(intake.read(*parted.tables), parted)
    panel = assess_read(data, criteria)
    given = decisions
    if decisions is not None and not isinstance(decisions, Mapping):
        from ..tables.frames_in import columns_of

        given = columns_of(decisions, DECISION_COLUMNS)
    whole = Responses(data, criteria, panel, restore)
    readings = Readings(whole, parted, reading, review, given)
    if errors == "raise" and readings.mistakes:
        raise CohortError(list(readings.mistakes))
    return readings


def _refuse_unknown(review: Review, readers: tuple[str, ...]) -> None:
    """Refuse a review by somebody who read nobody: a name that is misspelt, most likely."""
    for name in (*review.readers, *review.local):
        if place_of_reader(readers, name) < 0:
            told = f"the review names {name}, and the findings hold readings of"
            raise ValueError(f"{told} {', '.join(readers) or 'nobody'}")


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
            np.array([each[0] for each in parted.mistakes], np.int64),
        )
        owner = whole.panel.lines.patient
        self._compared = compared(
            whole.panel, self._patient[owner], self._reader[owner], self.readers, bad
        )
        self._bad = bad
        made = read_decisions(decisions, self._compared, parted.ids, review.adjudicator)
        self._decisions: Decisions = made
        primary = [self._place(name) for name in review.readers]
        third = place_of_reader(self.readers, review.adjudicator)
        self._accepted = accept(self._compared, review, primary, third, made.of_line)

    def _place(self, reader: Any) -> int:
        place = place_of_reader(self.readers, reader)
        if place < 0:
            raise NotThereError(f"there is no reader {reader} among {', '.join(self.readers)}")
        return place

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
        of, chosen = self._compared, self._accepted
        state, who = chosen.state, chosen.reader
        line = np.where(who < 0, of.donor, of.at[np.arange(len(who)), who])
        patient, owner = np.unique(of.patient, return_inverse=True)
        donors = self._representatives(patient, line, owner.ravel())
        data = self._whole._data
        idle = np.setdiff1d(np.arange(len(self._parted.ids)), patient)
        ids = np.concatenate([patient, idle])
        lines_of = owner.ravel()
        chart = np.append(donors, [self._any_reading(each) for each in idle.tolist()])
        order = np.argsort(ids)
        rank = np.argsort(order)
        rows = table_rows(data)
        cut = self._cut(data, chart[order].astype(np.int64), rank[lines_of], line, rows, ids[order])
        panel = cut_panel(self._whole.panel, line, rank[lines_of])
        bare = (state == PENDING) | (state == NOBODY)
        panel = without_reading(panel, np.flatnonzero(bare))
        full = Responses(cut, self.criteria, panel, self._restore)
        pending = state == PENDING
        bare_panel = without_reading(self._whole.panel, line[state == NOBODY])
        whole = Responses(data, self.criteria, bare_panel)
        return AcceptedResponses(whole, line[~pending], full, pending, self._mixed())

    def _cut(
        self, data: Read, chart: Array, owner: Array, line: Array, rows: Array, ids: Array
    ) -> Read:
        """The tables of the patients, each with the chart of one reader and the lines judged."""
        if data.lines is None:
            cut = cut_patients(data, chart)
        else:
            cut = cut_patients(data, chart, rows[line], owner)
        refused = np.isin(ids, self._bad)
        return attrs.evolve(cut, patients=attrs.evolve(cut.patients, refused=refused))

    def _representatives(self, patient: Array, line: Array, owner: Array) -> Array:
        """For each patient the reading of the first line."""
        first = np.full(len(patient), -1)
        back = np.arange(len(line))[::-1]
        first[owner[back]] = self._whole.panel.lines.patient[line[back]]
        return first

    def _any_reading(self, patient: int) -> int:
        """A reading of a patient, one with a mistake before others."""
        mine = np.flatnonzero(self._patient == patient)
        refused = self._whole._data.patients.refused[mine]
        return int(mine[np.argmax(refused)])

    def _mixed(self) -> dict[str, list[str]]:
        """The patients of whom readers are accepted who differ from line to line."""
        of, who = self._compared, self._accepted.reader
        readers: dict[int, dict[str, None]] = {}
        for row in np.flatnonzero(who >= 0).tolist():
            readers.setdefault(int(of.patient[row]), {})[self.readers[who[row]]] = None
        return {
            str(self._parted.ids[patient]): list(names)
            for patient, names in readers.items()
            if len(names) > 1
        }

    @cached_property
    def _is_accepted(self) -> Array:
        """Which judged lines are accepted."""
        chosen = np.zeros(len(self._whole.panel.lines.patient), np.bool_)
        row = np.flatnonzero(self._accepted.reader >= 0)
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
        return self._restore(
            with_readers(
                columns, self.readers, reader, self._is_accepted[line], np.arange(len(line))
            )
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
                self._whole._data, self.criteria, self._compared, self._accepted, self._parted.ids
            )
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
    first = [place for place in asked if place >= 0]
    others = [place for place in range(len(readers)) if place not in (*first, *local)]
    order = np.array([*first, *others, *local], np.int64)
    return order, tuple(readers[place] for place in order.tolist())
