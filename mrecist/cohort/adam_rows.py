"""What the ADaM data sets of a cohort share: their variables, and what stands in every row.

Rows are mappings of variables to values; days are ordinals of the calendar until they are written.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import Any

import attrs
import numpy as np

from .._base.arrays import Array
from ..rulebook.adam import Parameter, category
from ..rulebook.criteria import Criteria
from ..tables.column import Coded, Column, Plain
from ..tables.intake import Read
from .panel import Panel

__all__ = ["VARIABLES", "Frame", "Origin", "Result", "Row", "columns_of_rows", "numbered"]

Row = dict[str, Any]
Result = tuple[str, str, datetime.date, str | None]
"""Patient, lesion, date and test of a result of TR."""

VARIABLES: Mapping[str, tuple[str, str]] = MappingProxyType({
    "STUDYID": ("Study Identifier", "text"),
    "USUBJID": ("Unique Subject Identifier", "text"),
    "ASEQ": ("Analysis Sequence Number", "number"),
    "PARAM": ("Parameter", "text"),
    "PARAMCD": ("Parameter Code", "text"),
    "PARAMN": ("Parameter (N)", "number"),
    "PARCAT1": ("Parameter Category 1", "text"),
    "PARCAT2": ("Parameter Category 2", "text"),
    "PARCAT3": ("Parameter Category 3", "text"),
    "CRITNAME": ("Criteria of Response as Judged", "text"),
    "LINE": ("Number of the Line of Therapy", "number"),
    "AGENTS": ("Agents of the Line of Therapy", "text"),
    "STARTDT": ("Time-to-Event Origin Date for Subject", "date"),
    "ADT": ("Analysis Date", "date"),
    "ADY": ("Analysis Relative Day", "number"),
    "ADTF": ("Analysis Date Imputation Flag", "text"),
    "AVISIT": ("Analysis Visit", "text"),
    "AVISITN": ("Analysis Visit (N)", "number"),
    "AVAL": ("Analysis Value", "number"),
    "AVALC": ("Analysis Value (C)", "text"),
    "BASE": ("Baseline Value", "number"),
    "CHG": ("Change from Baseline", "number"),
    "PCHG": ("Percent Change from Baseline", "number"),
    "NADIR": ("Smallest Complete Sum Before", "number"),
    "CHGNAD": ("Change from Nadir", "number"),
    "PCHGNAD": ("Percent Change from Nadir", "number"),
    "ABLFL": ("Baseline Record Flag", "text"),
    "ANL01FL": ("Analysis Flag 01", "text"),
    "ANL02FL": ("Analysis Flag 02", "text"),
    "PDFL": ("Progression of Targets Flag", "text"),
    "CRFL": ("Complete Response of Targets Flag", "text"),
    "LSEXP": ("Lesions Expected at Visit", "text"),
    "LSASS": ("Lesions Assessed at Visit", "text"),
    "TRLNKID": ("Link ID of the Lesion", "text"),
    "TULOC": ("Location of the Lesion", "text"),
    "CNSR": ("Censor", "number"),
    "EVNTDESC": ("Event or Censoring Description", "text"),
    "CNSDTDSC": ("Censor Date Description", "text"),
    "RULES": ("Rules of the Response that Fired", "text"),
    "CLAUSE": ("Clause of the Censoring Policy", "text"),
    "SRCDOM": ("Source Data", "text"),
    "SRCVAR": ("Source Variable", "text"),
    "SRCSEQ": ("Source Sequence Number", "number"),
})  # fmt: skip
"""Label and kind (`text`, `number`, `date`) of every variable, in the order of the columns."""

_DAY_1970 = datetime.date(1970, 1, 1).toordinal()


@attrs.frozen(eq=False, kw_only=True)
class Origin:
    """What a study knows beyond the tables of a cohort.

    `study`: its identifier. `imputed`: patients with dates whose day was completed. `sequences`
    gives the sequence number of each result.
    """

    study: str | None = None
    imputed: frozenset[tuple[str, datetime.date]] = frozenset()
    sequences: Callable[[], Mapping[Result, int]] = dict


@attrs.frozen(eq=False, kw_only=True, slots=False)
class Frame:
    """The cohort that rows are made of, and what the caller said of it.

    `first`: the day that study days count from, by patient (the index); others count from the start
    of their first line.
    """

    data: Read
    criteria: Criteria
    panel: Panel
    origin: Origin
    reader: str
    rscat: str | None
    first: Mapping[int, int]

    @cached_property
    def _starts(self) -> dict[int, int]:
        lines = self.panel.lines
        starts = zip(lines.patient[::-1].tolist(), lines.start[::-1].tolist(), strict=True)
        return dict(starts) | dict(self.first)

    @cached_property
    def _visits(self) -> dict[tuple[int, int], str]:
        """The name of the visit of each patient and day."""
        found = self.data.findings
        if found.visit is None:
            return {}
        owner = self.data.owner("patient", np.arange(len(found.day)))
        keys = zip(owner.tolist(), found.day.tolist(), found.visit.tolist(), strict=True)
        return {(who, day): found.visits[visit] for who, day, visit in keys if visit >= 0}

    @cached_property
    def sequences(self) -> Mapping[Result, int]:
        """The sequence number of each result of the study."""
        return self.origin.sequences()

    @cached_property
    def ids(self) -> list[str]:
        """The ids of the patients as text."""
        return [str(each) for each in self.data.patients.ids.tolist()]

    @cached_property
    def agents(self) -> list[str | None]:
        """The agents of each line."""
        named = () if self.data.lines is None else self.data.lines.agents_named
        texts = [*("+".join(each) for each in named), None]
        return [texts[place] for place in self.panel.lines.agents.tolist()]

    def row(self, parameter: Parameter, patient: int, line: int | None = None) -> Row:
        """What every row of a parameter says; `line` is the index of the line."""
        own = self.panel.lines
        return {
            "USUBJID": self.ids[patient],
            "PARAM": parameter.text.format(reader=self.reader, n=""),
            "PARAMCD": parameter.code,
            "PARAMN": parameter.number,
            "PARCAT2": self.reader,
            "PARCAT3": self.rscat or category(self.criteria),
            "CRITNAME": self.criteria.name,
            "LINE": None if line is None else int(own.number[line]),
            "AGENTS": None if line is None else self.agents[line],
        }

    def dated(self, patient: int, day: int) -> Row:
        """The analysis date, the study day (there is no day 0), and whether a day was imputed."""
        since = day - self._starts[patient]
        date = datetime.date.fromordinal(day)
        return {
            "ADT": day,
            "ADY": since + (since >= 0),
            "ADTF": "D" if (self.ids[patient], date) in self.origin.imputed else None,
        }

    def visit(self, patient: int, day: int, number: int) -> Row:
        """The name of a visit, and its number within the line: 0 is the baseline."""
        plain = f"FOLLOW-UP {number}" if number else "BASELINE"
        return {"AVISIT": self._visits.get((patient, day), plain), "AVISITN": number}


def numbered(rows: Iterable[Row]) -> list[Row]:
    """The rows of each patient by parameter, line and date, with their sequence numbers."""
    ordered = sorted(rows, key=_place)
    counts: dict[str, int] = {}
    for row in ordered:
        row["ASEQ"] = counts[row["USUBJID"]] = counts.get(row["USUBJID"], 0) + 1
    return ordered


def _place(row: Row) -> tuple[str, int, int, int]:
    return row["USUBJID"], row["PARAMN"], row["LINE"] or 0, row.get("ADT") or 0


def columns_of_rows(rows: Sequence[Row], names: Iterable[str]) -> dict[str, Column]:
    """Variables as columns, each of its kind; a variable that a row lacks is empty there."""
    return {name: _column([row.get(name) for row in rows], VARIABLES[name][1]) for name in names}


def _column(cells: list[Any], kind: str) -> Column:
    null = np.array([cell is None for cell in cells], np.bool_)
    if kind == "text":
        place = {text: at for at, text in enumerate(dict.fromkeys(cells)) if text is not None}
        texts = list(place)
        codes = {text: at for at, text in enumerate(texts)}
        return Coded(np.array([codes.get(cell, -1) for cell in cells], np.int64), texts)
    if kind == "date":
        return Plain(_dates(cells), null)
    known = np.array([np.nan if cell is None else cell for cell in cells], np.float64)
    return Plain(known, null)


def _dates(cells: list[int | None]) -> Array:
    lost = np.iinfo(np.int64).min
    days = [lost if cell is None else cell - _DAY_1970 for cell in cells]
    return np.array(days, np.int64).view("datetime64[D]")
