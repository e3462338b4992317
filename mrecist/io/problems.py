"""What a reader notes: rows that it does not use or that it reads in a way to know of."""

from __future__ import annotations

import datetime
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np

from .._base.arrays import Array
from .columns import Table
from .dates import Dated
from .errors import IntakeError

__all__ = ["MISTAKES", "PROBLEMS", "Notes", "table"]

PROBLEMS = MappingProxyType({
    "ACCEPTED_MIXED": "results of several readers were accepted in one line: it is decided by date",
    "ACCEPTED_UNREAD": "a result was accepted of a reader who has no examination at its date",
    "AGENT_UNKNOWN": "a treatment without a name is left out",
    "COLUMN_NOT_READ": "a column of a worksheet has no known heading",
    "DERIVED_ROW": "a sum, a percentage or a computed response is left out",
    "DIAMETER_AXIS": "the plain diameter of a node is read as its short axis",
    "DUPLICATE_RESULT": "a result is recorded again with the same value",
    "LOCATION_CHANGES": "a lesion has several locations: the first is read",
    "NEW_WITHOUT_RESULT": "a new lesion has no result: it is present on the date of its "
    "identification, if the patient was examined then",
    "NODE_HILUM_UNSURE": "a node near the porta hepatis is read as any other node",
    "NOTHING_RECORDED": "nothing is recorded of a lesion, or at a visit, that has a cell for it",
    "NOT_A_LESION": "what is no lesion, or is said to be benign, is left out",
    "NO_LENGTH": "a report, or a group of its measurements, holds no length",
    "NO_EXAMINATION": "a patient has treatment but no examination, and is not judged",
    "NO_IDENTIFICATION": "a result belongs to no lesion that is identified",
    "NO_LOCATION": "a lesion has no location: its organ is unknown",
    "NO_VIABLE_SIZE": "no liver nodule of the patient has a viable diameter, those of others have",
    "ORDER_LEFT_OUT": "an order or a statement is left out: doses of the drug are recorded",
    "OTHER_CRITERIA": "a verdict is of a classification that is no tumour response",
    "OTHER_FILE": "a file of a folder is of another kind",
    "OTHER_PROCEDURE": "a procedure is not known as local treatment of a tumour",
    "OTHER_TEST": "a test has no place in the tables",
    "PARTIAL_DATE": "a date without a day is completed inside its month",
    "PATHOLOGY_SIZE": "a size is of tissue that was taken out, not of an image",
    "PHASE_ASSUMED": "a method of imaging leaves the arterial phase open: it is taken as there",
    "PLACEBO_LEFT_OUT": "a placebo is no treatment",
    "READ_AS": "how a worksheet is laid out and written",
    "ROLES_NOT_READ": "lesions have roles, and the patient several lines",
    "ROLE_CHANGES": "a lesion is a target and a non-target of a line: the first role is read",
    "ROW_NOT_READ": "a row of a worksheet is no lesion's",
    "SECOND_DIAMETER": "a second diameter has no place in the tables",
    "SHEET_NOT_READ": "a sheet of a workbook holds something, and no known headings",
    "STATUS_NOT_A_VERDICT": "a clinician's judgement of the course is no verdict by criteria",
    "TARGET_WITHOUT_RESULT": "a target without any result is not evaluable at the baseline",
    "TWO_VISITS_ONE_DATE": "examinations of two visits have one date: they are read as one visit",
    "UNREAD_DATE": "a date that is not known to the month is left out",
    "UNIT_SUSPECT": "sizes without a unit may be in cm, though others are in mm",
    "UNREAD_MARKER": "a laboratory value has no date, or is no amount",
    "UNREAD_RESPONSE": "a verdict is not one of the words that are read",
    "UNVERIFIED": "a form is not marked as complete: it is read all the same",
    "VISIT_SPLIT": "a visit holds a lesion on two dates: its dates are visits of their own",
    "VISIT_SPREAD": "the examinations of one visit lie far apart",
    "WITHDRAWN": "a record says that it was an error, or that nothing was done",
    "WORD_BESIDE_SIZE": "a size stands beside the word present: the size counts",
})  # fmt: skip
"""Every problem by its code. What is noted is kept beside the tables; the rest is read on."""

MISTAKES = MappingProxyType({
    "CONFLICTING_RESULT": "one lesion has two values of one test at one visit",
    "DATE_OUT_OF_ORDER": "a completed date lies outside those of the visits beside it",
    "LESION_NOT_TRACKED": "a size is of no lesion that can be named again",
    "NOT_A_CASE": "a case is not valid, is there twice, or names a lesion that it never records",
    "NOT_A_LENGTH": "a size is not a number of mm or cm",
    "NOT_A_ROW": "a row of a file has more cells than the header (in data sets: or fewer), or is "
    "not UTF-8; or a file says that it has other rows",
    "NOT_A_TABLE": "a file cannot be read as the table it should be",
    "NOT_A_WORD": "a cell is none of the words of its column",
    "NO_DATE": "a result, or a dose, has no date",
    "NO_PATIENT": "a row names no patient",
    "OVERLAPPING_DOSES": "the records of one drug overlap",
    "SEVERAL_READERS": "a worksheet holds rows of several readers of one patient",
    "UNKNOWN_READER": "a reader has results but has identified no lesion",
    "UNMATCHED_ROW": "a row of the table of extras is of no finding",
    "WRONG_MRECIST": "a verdict is of the mesothelioma or thymic mRECIST",
})  # fmt: skip
"""Every mistake by its code: a patient with one is not judged."""

Row = tuple[Any, ...]


class Notes:
    """Problems and mistakes as they are found."""

    def __init__(self) -> None:
        self.problems: list[Row] = []
        self.mistakes: list[tuple[str | None, str, int | None, str, str]] = []
        self.imputed: set[tuple[str, datetime.date]] = set()
        """Dates of patients, beside those of results, whose day was completed."""
        self._places: dict[str, Sequence[int]] = {}

    def of_file(self, read: Table) -> None:
        """Note the rows that a file has and its table has not; others are told by their place."""
        if read.places is not None:
            self._places[read.source] = read.places
        for each in read.faults:
            told = f"NOT_A_ROW: {each.told}"
            self.mistakes.append((each.patient, read.source, each.row, "", told))

    def _place(self, source: str, row: int | None) -> int | None:
        """Where a row of a table stands in its file."""
        return self._places[source][row] if row is not None and source in self._places else row

    def row(self, source: str, place: int) -> int:
        """The row of a table that stands there in its file."""
        return bisect_left(self._places[source], place) if source in self._places else place

    def note(
        self, code: str, patient: str | None, source: str, row: int | None, detail: str
    ) -> None:
        """Note a problem of `PROBLEMS`."""
        self.problems.append((patient, source, self._place(source, row), code, detail))

    def dated(
        self,
        read: Dated,
        patient: str | None,
        source: str,
        row: int | None,
        column: str | None = None,
    ) -> datetime.date | None:
        """A date that is read; noted where its day was completed, or nothing could be read."""
        where = f"{column} " if column else ""
        if read.partial:
            self.note("PARTIAL_DATE", patient, source, row, f"{where}read as {read.date}")
        elif read.date is None and read.is_written:
            self.note("UNREAD_DATE", patient, source, row, f"{where}{read.told}")
        return read.date

    def refuse(
        self, code: str, patient: str | None, source: str, row: int | None, column: str, told: str
    ) -> None:
        """Note a mistake of `MISTAKES`."""
        place = self._place(source, row)
        self.mistakes.append((patient, source, place, column, f"{code}: {told}"))

    def settle(self, errors: str) -> None:
        """Raise every mistake together, or leave them to the caller."""
        if errors not in ("raise", "collect"):
            raise ValueError(f'errors must be "raise" or "collect", got {errors!r}')
        if errors == "raise" and self.mistakes:
            raise IntakeError(self.mistakes)

    def problem_table(self) -> dict[str, Array]:
        """The problems as a table, one row a problem."""
        return table(("patient", "source", "row", "code", "detail"), self.problems)

    def error_table(self) -> dict[str, Array]:
        """The mistakes as a table, one row per mistake."""
        rows = [(*row[:4], row[4].partition(":")[0], row[4]) for row in self.mistakes]
        return table(("patient", "source", "row", "column", "code", "error"), rows)


def table(names: Iterable[str], rows: Iterable[Row] = ()) -> dict[str, Array]:
    """Rows as a table of columns; `None` is an empty cell."""
    names, rows = list(names), list(rows)
    made = {name: np.empty(len(rows), object) for name in names}
    for place, name in enumerate(names):
        made[name][:] = [row[place] for row in rows]
    return made
