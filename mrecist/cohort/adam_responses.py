"""ADRS: the response at every time point, and what each line comes to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from .._base.arrays import NO_DAY, Array
from .._base.words import Response, Standing
from ..endpoints.best import BestDays
from ..rulebook.adam import AVAL, AVALC, RESPONSES
from ..rulebook.best_response import ADEQUATE, BEST, OBJECTIVE
from ..rulebook.confirmation import CONFIRMED
from ..rulebook.decision_table import members, verdicts
from ..rulebook.overall import REPORTED
from . import tables_out
from .adam_rows import Frame, Row
from .baseline import TARGET
from .history import history_of

__all__ = ["ResponseRows"]

IS_ADEQUATE = members(Response, ADEQUATE)
IS_OBJECTIVE = members(Response, OBJECTIVE)
_WORDS = tuple(Response)
_TAKEN = ("ADT", "ADY", "ADTF", "AVISIT", "AVISITN", "ANL02FL")
"""What a row that rests on the response at a time point takes from its row."""


class ResponseRows:
    """The rows of ADRS, and where to find some of them.

    `at` are those of time points by line and day, `seen` the same by patient and day, `progression`
    those of lines, `death` those of patients, all by their indices.
    """

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._panel = panel = frame.panel
        self.at: dict[tuple[int, int], Row] = {}
        self.seen: dict[tuple[int, int], Row] = {}
        self.progression: dict[int, Row] = {}
        self.death: dict[int, Row] = {}
        self._best = BestDays(history_of(frame.data, frame.criteria, panel))
        self._verdicts = {
            "BOR": verdicts(BEST, panel.lines.best_rule),
            "CBOR": verdicts(CONFIRMED, panel.lines.confirmed_rule),
        }
        self._rules = tables_out.rules_fired(frame.data, frame.criteria, panel)
        self.rows = [*self._timepoints(), *self._lines(), *self._deaths()]

    # ---- time points

    def _timepoints(self) -> Iterator[Row]:
        found, lines = self._panel.timepoints, self._panel.lines
        begin = np.cumsum(lines.timepoints) - lines.timepoints
        number = np.arange(len(found.line)) - begin[found.line] + 1
        stands_in = verdicts(REPORTED, found.standing_rule) == Standing.STANDS_IN.code
        last = lines.progression[found.line]
        counts = ((last < 0) | (np.arange(len(last)) <= last)) & ~found.partial
        columns = (found.line, found.day, found.response, number, stands_in, counts)
        for place, cells in enumerate(zip(*(each.tolist() for each in columns), strict=True)):
            yield self._timepoint(place, *cells)

    def _timepoint(
        self,
        place: int,
        line: int,
        day: int,
        response: int,
        number: int,
        reported: bool,
        counts: bool,
    ) -> Row:
        patient = int(self._panel.lines.patient[line])
        row = self._new("OVR", patient, line) | self._frame.dated(patient, day)
        row |= self._frame.visit(patient, day, number) | _response(response)
        row["ANL02FL"] = "Y" if counts else None
        row["RULES"] = ";".join(dict.fromkeys(self._rules[place].split(";")))
        if reported:
            row |= {"SRCDOM": "RS", "SRCVAR": "RSSTRESC"}
        self.at[line, day] = row
        self.seen.setdefault((patient, day), row)
        return row

    def _new(self, code: str, patient: int, line: int | None) -> Row:
        row = self._frame.row(RESPONSES[code], patient, line)
        return row | {"PARCAT1": "Tumor Response", "ANL01FL": "Y"}

    # ---- lines

    def _lines(self) -> Iterator[Row]:
        best, panel = self._best, self._panel
        on = np.full(len(panel.lines.patient), NO_DAY)
        some = panel.lines.progression >= 0
        on[some] = panel.timepoints.day[panel.lines.progression[some]]
        for line, row in self._yes("PD", on):
            self.progression[line] = row
            yield row
        for code, days in (
            ("RSP", best.response),
            ("CRSP", best.confirmed_response),
            ("CB", best.benefit),
            ("CCB", best.confirmed_benefit),
        ):
            yield from (row for _, row in self._yes(code, days))
        for code, responders, days in (("BOR", "BCP", best.best), ("CBOR", "CBCP", best.confirmed)):
            verdict = self._verdicts[code]
            for line, (response, day) in enumerate(_pairs(verdict, days)):
                yield self._derived(code, line, day) | _response(response)
            of_responders = np.where(IS_OBJECTIVE[verdict], days, NO_DAY)
            yield from (row for _, row in self._yes(responders, of_responders))
        yield from self._last()
        yield from self._measurable()

    def _yes(self, code: str, days: Array) -> Iterator[tuple[int, Row]]:
        """A row of yes or no for each line; the day is that of yes."""
        for line, day in enumerate(days.tolist()):
            yield line, self._derived(code, line, day) | _flag(day != NO_DAY)

    def _derived(self, code: str, line: int, day: int) -> Row:
        """A row that rests on the response of a line on a day, if there is a day."""
        row = self._new(code, int(self._panel.lines.patient[line]), line)
        if day == NO_DAY:
            return row
        of = self.at[line, day]
        source = {"SRCDOM": "ADRS", "SRCVAR": "ADT", "OF": of}
        return row | {name: of[name] for name in _TAKEN} | source

    def _last(self) -> Iterator[Row]:
        """The last adequate assessment of each line, also after progression."""
        found = self._panel.timepoints
        last = np.full(len(self._panel.lines.patient), -1)
        some = np.flatnonzero(IS_ADEQUATE[found.response] & ~found.partial)
        last[found.line[some]] = some
        for line, place in enumerate(last.tolist()):
            day = NO_DAY if place < 0 else int(found.day[place])
            row = self._derived("LSTA", line, day)
            yield row if place < 0 else row | _response(int(found.response[place]))

    def _measurable(self) -> Iterator[Row]:
        lines, _, roles = self._panel.roles
        having = set(lines[roles == TARGET].tolist())
        for line, patient in enumerate(self._panel.lines.patient.tolist()):
            yield self._new("MDIS", patient, line) | {"PARCAT1": None} | _flag(line in having)

    # ---- patients

    def _deaths(self) -> Iterator[Row]:
        lines = self._panel.lines
        death = self._frame.data.judged_lines(lines.patient, lines.start).death
        for patient, day in dict(_pairs(lines.patient, death)).items():
            row = self._new("DEATH", patient, None) | _flag(day != NO_DAY)
            row |= {"PARCAT1": "Reference Event", "PARCAT2": None, "PARCAT3": None}
            if day != NO_DAY:
                row |= self._frame.dated(patient, day)
            self.death[patient] = row
            yield row


def _pairs(*columns: Array) -> Iterable[Any]:
    return zip(*(each.tolist() for each in columns), strict=True)


def _response(code: int) -> Row:
    word = _WORDS[code]
    return {"AVALC": AVALC[word], "AVAL": AVAL[word]}


def _flag(yes: bool) -> Row:
    return {"AVALC": "Y" if yes else "N", "AVAL": int(yes)}
