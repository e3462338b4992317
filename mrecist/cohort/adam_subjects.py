"""The data set of subjects (ADSL), whose columns stand in every row of the other data sets."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs
import numpy as np

from .._base.arrays import Array
from .._base.text import several
from ..tables.column import Coded, Column, Plain
from .adam_rows import VARIABLES

__all__ = ["Subjects"]

_KEYS = ("STUDYID", "USUBJID")
_TREATED = "TRTSDT"
_LISTED = 3
"""How many patients a message names."""


@attrs.frozen(eq=False)
class Subjects:
    """Columns by name, the row of each patient, and the identifier of the study where none says
    it."""

    columns: Mapping[str, Sequence[Any]]
    row: Mapping[str, int]
    study: str | None

    @classmethod
    def read(
        cls, columns: Mapping[str, Any] | None, ids: Sequence[str], study: str | None
    ) -> Subjects:
        """The subjects of a table with one row each; `ids` are the patients who must be there.

        Raises `ValueError` with everything that is wrong.
        """
        if columns is None:
            return cls({}, {}, study)
        plain = {str(name).upper(): [*map(_plain, cells)] for name, cells in columns.items()}
        wrong = list(_mistakes(plain, ids))
        if wrong:
            raise ValueError(f"adsl: {'; '.join(wrong)}")
        names = [str(each) for each in plain["USUBJID"]]
        return cls(plain, {name: at for at, name in enumerate(names)}, study)

    def first_day(self, patient: str) -> int | None:
        """The day of the first treatment (TRTSDT), from which study days count."""
        if _TREATED not in self.columns or patient not in self.row:
            return None
        value = self.columns[_TREATED][self.row[patient]]
        return value.toordinal() if isinstance(value, datetime.date) else None

    def beside(self, own: Mapping[str, Column], patients: Sequence[str]) -> dict[str, Column]:
        """The columns of a data set: the keys, those of the subjects, and its own."""
        rows = [self.row.get(each, -1) for each in patients]
        study: Column = Coded(np.zeros(len(rows), np.int64), [self.study])
        if self.study is None:
            study = Coded(np.full(len(rows), -1), [])
        carried = {name: _column(cells, rows) for name, cells in self.columns.items()}
        keys = {"STUDYID": carried.pop("STUDYID", study), "USUBJID": own["USUBJID"]}
        return {
            **keys,
            **{name: each for name, each in carried.items() if name not in _KEYS},
            **{name: each for name, each in own.items() if name not in _KEYS},
        }


def _mistakes(columns: Mapping[str, Sequence[Any]], ids: Sequence[str]) -> Iterator[str]:
    made = sorted(set(columns) & set(VARIABLES) - set(_KEYS))
    if made:
        yield f"leave out {', '.join(made)}, which the data sets have of their own"
    if "USUBJID" not in columns:
        yield "the column USUBJID is required"
        return
    counts = Counter(map(str, columns["USUBJID"]))
    twice = [name for name, count in counts.items() if count - 1]
    if twice:
        yield f"one row for each patient is required, there are several of {_some(twice)}"
    lacking = [name for name in ids if name not in counts]
    if lacking:
        yield f"{several(len(lacking), 'judged patient')} must have a row: {_some(lacking)}"


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:_LISTED]) + ", ..." * bool(names[_LISTED:])


def _plain(value: Any) -> Any:
    """A value without the types of libraries; whatever says nothing is `None`."""
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or value != value or type(value).__name__ in ("NAType", "NaTType"):
        return None
    if isinstance(value, datetime.datetime):
        value = value.replace(tzinfo=None)
        return value if value.time() != datetime.time() else value.date()
    return (value.strip() or None) if isinstance(value, str) else value


def _column(cells: Sequence[Any], rows: Sequence[int]) -> Column:
    """A column of the subjects for some rows; -1: the patient has none."""
    taken = [None if row < 0 else cells[row] for row in rows]
    kinds = {type(cell) for cell in cells} - {type(None)}
    null = np.array([cell is None for cell in taken], np.bool_)
    if kinds and kinds <= {int, float, bool}:
        return Plain(np.array([np.nan if cell is None else cell for cell in taken], float), null)
    if kinds == {datetime.date}:
        return Plain(_times(taken, "datetime64[D]"), null)
    if kinds and kinds <= {datetime.date, datetime.datetime}:
        return Plain(_times(taken, "datetime64[s]"), null)
    texts = [None if cell is None else str(cell) for cell in taken]
    known = list(dict.fromkeys(text for text in texts if text is not None))
    place = {text: at for at, text in enumerate(known)}
    codes = [-1 if text is None else place[text] for text in texts]
    return Coded(np.array(codes, np.int64), known)


def _times(cells: Sequence[Any], kind: str) -> Array:
    return np.array([np.datetime64("NaT", "D") if cell is None else cell for cell in cells], kind)
