"""Copies of a chart, each read again with an error: their verdicts, and how many gave each.

Whole patients are copied. One copy of all of them follows the other, so that arrays of rows are
reshaped to (draw, row).
"""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np

from .._base.arrays import Array
from ..cohort.engine import assess_read
from ..cohort.panel import Panel
from ..rulebook.best_response import BEST
from ..rulebook.confirmation import CONFIRMED
from ..rulebook.criteria import Criteria
from ..rulebook.decision_table import verdicts
from ..tables.clean import Findings, Lines, Patients, Procedures
from ..tables.column_schema import REPORTED_BY
from ..tables.intake import Dates, Read
from ..tables.mistakes import Mistakes
from .rereading import LARGEST_UM, RESPONSES, SIZES, Asked, Original, Reader

__all__ = ["Counts", "counted"]


class _Copies:
    """Some whole patients, copied as often as is asked."""

    def __init__(self, original: Original, asked: Asked, first: int, last: int) -> None:
        self.original = original
        self.first, self.last = first, last
        begin, end = original.bounds[first], original.bounds[last]
        self.columns = {name: column[begin:end] for name, column in original.columns.items()}
        self.lines = _lines_of(original, first, last)
        self.readers = [
            Reader(
                original,
                asked,
                patient,
                which,
                np.flatnonzero(some[b:e]) + b,
                np.flatnonzero((which == 0) & (original.flips[b:e] >= 0)) + b,
            )
            for patient in range(first, last)
            for b, e in [(original.bounds[patient], original.bounds[patient + 1])]
            for which, (_, some, _) in enumerate(original.models)
        ]

    def judged(self, draws: int, criteria: Criteria) -> Panel:
        """The verdicts on the next `draws` copies, one copy of all patients after the other."""
        original, count = self.original, self.last - self.first
        columns: dict[str, Any] = {
            name: np.tile(column, draws) for name, column in self.columns.items()
        }
        self._read_again(columns, draws)
        bounds = original.bounds[self.first : self.last + 1] - original.bounds[self.first]
        size = int(bounds[-1])
        copy = np.arange(draws)[:, None]
        lines: dict[str, Any] = {
            field.name: np.tile(column, draws)
            for field in attrs.fields(Lines)
            if isinstance(column := getattr(self.lines, field.name), np.ndarray)
        }
        lines["patient"] = (self.lines.patient + count * copy).ravel()
        by_criteria = [name for name in columns if name.startswith(REPORTED_BY)]
        verdicts = {name.removeprefix(REPORTED_BY): columns.pop(name) for name in by_criteria}
        data = Read(
            findings=Findings(
                **columns,
                reported_by=verdicts,
                lesion_ids=original.findings.lesion_ids,
                organs=original.findings.organs,
                visits=original.findings.visits,
            ),
            lines=attrs.evolve(self.lines, **lines),
            procedures=_procedures_of(original, self.first, self.last, draws),
            checked=True,
            patients=Patients(
                ids=np.arange(draws * count),
                bounds=np.append((bounds[:-1] + size * copy).ravel(), size * draws),
                refused=np.zeros(draws * count, np.bool_),
                calendar=np.tile(original.patients.calendar[self.first : self.last], draws),
            ),
            mistakes=Mistakes(),
            dates=Dates("", "number"),
            owner=lambda column, rows: self._owner(rows),
        )
        return assess_read(data, criteria)

    def _owner(self, rows: Array) -> Array:
        """The patient of rows of findings, in one copy after the other."""
        bounds = self.original.bounds[self.first : self.last + 1]
        copy, row = np.divmod(rows, max(int(bounds[-1] - bounds[0]), 1))
        own = np.searchsorted(bounds - bounds[0], row, side="right") - 1
        return own + (self.last - self.first) * copy

    def _read_again(self, columns: dict[str, Array], draws: int) -> None:
        begin = self.original.bounds[self.first]
        for reader in self.readers:
            self._scale(columns, reader, draws, begin)
            if len(reader.zeros):
                _flip(columns, reader, draws, begin)

    def _scale(self, columns: dict[str, Array], reader: Reader, draws: int, begin: int) -> None:
        """Read the sizes of some rows again."""
        if not len(reader.rows):
            return
        factors, rows = reader.factors(draws), reader.rows - begin
        for name in SIZES:
            if name in columns:
                um = self.columns[name][rows]
                some = np.flatnonzero(um > 0)
                read = np.rint(factors[:, some] * um[some])
                np.clip(read, reader.least_um, LARGEST_UM, out=read)
                columns[name].reshape(draws, -1)[:, rows[some]] = read


def _flip(columns: dict[str, Array], reader: Reader, draws: int, begin: int) -> None:
    """Read some sizes of 0 as something, never as more than the whole diameter."""
    hits, shares = reader.flips(draws)
    viable = columns["viable_um"].reshape(draws, -1)
    rows = reader.zeros - begin
    read = np.clip(np.rint(shares * viable[:, reader.before - begin]), 1, LARGEST_UM)
    if "longest_um" in columns:
        whole = columns["longest_um"].reshape(draws, -1)[:, rows]
        read = np.where(whole > 0, np.minimum(read, whole), read)
    viable[:, rows] = np.where(hits, read, 0)


def _lines_of(original: Original, first: int, last: int) -> Lines:
    """The lines of some patients, with no more names than they need."""
    begin, end = original.line_bounds[first], original.line_bounds[last]
    lines = original.lines.taken(slice(begin, end))
    agents = lines.agents
    if original.procedures is None:  # nothing else asks for them
        agents = np.full(len(lines), -1)
    used = np.unique(np.concatenate([[-1], lines.targets, lines.nontargets]))[1:]

    def renumbered(places: Array) -> Array:
        return np.where(places < 0, -1, np.searchsorted(used, places))

    return attrs.evolve(
        lines,
        agents=agents,
        patient=lines.patient - first,
        targets=renumbered(lines.targets),
        nontargets=renumbered(lines.nontargets),
        lesions_named=[lines.lesions_named[i] for i in used.tolist()],
        codes_named=[lines.codes_named[i] for i in used.tolist()],
    )


def _procedures_of(original: Original, first: int, last: int, draws: int) -> Procedures | None:
    """The procedures of some patients, for one copy after the other."""
    done = original.procedures
    if done is None:
        return None
    begin, end = np.searchsorted(done.patient, [first, last])
    columns: dict[str, Any] = {
        field.name: np.tile(column[begin:end], draws)
        for field in attrs.fields(Procedures)
        if isinstance(column := getattr(done, field.name), np.ndarray)
    }
    copy = np.repeat(np.arange(draws), end - begin)
    columns["patient"] = columns["patient"] - first + (last - first) * copy
    return attrs.evolve(done, unread=None, **columns)


# ---- counts


@attrs.frozen(eq=False)
class Counts:
    """How many copies gave each response.

    By follow-up, by line (best), by line (confirmed best): one row each, one column per response.
    `shares[confirmed, number - 1]` has one row per draw: how many lines of that number had each.
    `readings` tells how many findings were read again at each follow-up.
    """

    readings: Array
    timepoints: Array
    best: Array
    confirmed: Array
    shares: Array


def counted(original: Original, panel: Panel, asked: Asked) -> Counts:
    """Judge the copies of an original, block by block, and count what they gave."""
    words, numbers = len(RESPONSES), int(panel.lines.number.max(initial=0))
    lines, follow_ups = len(panel.lines.patient), len(panel.timepoints.line)
    counts = Counts(
        original.readings(panel),
        np.zeros((follow_ups, words), np.int64),
        np.zeros((lines, words), np.int64),
        np.zeros((lines, words), np.int64),
        np.zeros((2, numbers, asked.draws, words), np.int32),
    )
    for first, last, some in original.groups(asked.draws):
        copies = _Copies(original, asked, first, last)
        on = slice(original.line_bounds[first], original.line_bounds[last])
        at = slice(original.follow_ups[on.start], original.follow_ups[on.stop])
        for begin in range(0, asked.draws, some):
            draws = min(some, asked.draws - begin)
            found = copies.judged(draws, asked.criteria)
            counts.timepoints[at] += _by_column(found.timepoints.response, draws)
            best = verdicts(BEST, found.lines.best_rule)
            confirmed = verdicts(CONFIRMED, found.lines.confirmed_rule)
            counts.best[on] += _by_column(best, draws)
            counts.confirmed[on] += _by_column(confirmed, draws)
            for which, codes in enumerate((best, confirmed)):
                _add_shares(counts.shares[which, :, begin : begin + draws], found, codes)
    return counts


def _by_column(codes: Array, draws: int) -> Array:
    """How often each response stands in each column of (draw, column)."""
    words, columns = len(RESPONSES), len(codes) // draws
    keys = codes.reshape(draws, columns) + words * np.arange(columns)
    return np.bincount(keys.ravel(), minlength=words * columns).reshape(columns, words)


def _add_shares(shares: Array, found: Panel, codes: Array) -> None:
    """Add the lines of each (number, draw, response) to `shares`."""
    _, draws, words = shares.shape
    draw = np.repeat(np.arange(draws), len(codes) // draws)
    keys = ((found.lines.number - 1) * draws + draw) * words + codes
    shares += np.bincount(keys, minlength=shares.size).reshape(shares.shape)
