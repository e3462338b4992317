"""Exports of REDCap: raw CSV, or a table of any kind, as rows of text."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from typing import Any

import attrs

from ..tables.plain_columns import columns_of
from ..tables.ragged import width_fault
from .columns import Fault, coded, texts_of
from .errors import IntakeError
from .sheet_files import TEXT_ENDINGS, read_sheets
from .sheet_words import folded, is_known_word

__all__ = ["EVENT", "INSTANCE", "INSTRUMENT", "Export"]

EVENT, INSTRUMENT = "redcap_event_name", "redcap_repeat_instrument"
INSTANCE = "redcap_repeat_instance"
_LABELS = frozenset({"repeat instrument", "repeat instance", "event name"})
Row = Sequence[str | None]


@attrs.frozen(eq=False)
class Export:
    """The names of the columns and the rows of an export; an empty cell is `None`.

    `faults` are rows that have more cells than there are names: what stands in their place is
    empty, and their patient is the record.
    """

    source: str
    names: Sequence[str]
    rows: Sequence[Row]
    faults: Sequence[Fault] = ()

    @classmethod
    def read(cls, given: Any, name: str = "export") -> Export:
        """The rows of a file of text, of a mapping of columns, or of a frame."""
        if isinstance(given, (str, os.PathLike)):
            return cls._of_file(given)
        columns = {str(each): list(cells) for each, cells in columns_of(given).items()}
        lengths = sorted(set(map(len, columns.values())))
        if len(lengths) != 1:
            raise _fault(name, f"the columns must be of one length, got {lengths}")
        cells = [texts_of(coded(each)).tolist() for each in columns.values()]
        return cls._checked(name, list(columns), list(zip(*cells, strict=True)))

    @classmethod
    def _of_file(cls, path: str | os.PathLike[str]) -> Export:
        file = os.path.basename(os.fspath(path))
        if not file.lower().endswith(TEXT_ENDINGS):
            raise _fault(file, f"must be a file of text ending in one of {' '.join(TEXT_ENDINGS)}")
        read = read_sheets(path, is_known_word)
        numbered = [(at, row) for at, row in enumerate(read.sheets[0].rows, 1) if any(row)]
        (_, head), *rows = numbered or [(1, [])]
        names = [str(name or "") for name in head]
        faults = [
            Fault(row[0], at, f"{told} (row {place} of the sheet)")
            for at, (place, row) in enumerate(rows)
            if any(row[len(names) :]) and (told := width_fault(row, names)) is not None
        ]
        lost = {each.row for each in faults}
        kept = [
            _of_width([] if at in lost else row, len(names)) for at, (_, row) in enumerate(rows)
        ]
        return cls._checked(file, names, kept, faults)

    @classmethod
    def _checked(
        cls, source: str, names: Sequence[str], rows: Sequence[Row], faults: Sequence[Fault] = ()
    ) -> Export:
        counts = Counter(name for name in names if name)
        twice = sorted(name for name, count in counts.items() if count > 1)
        if {folded(name) for name in names} & _LABELS and INSTRUMENT not in names:
            raise _fault(source, "its columns are labels: export raw data, not labels")
        if twice:
            raise _fault(source, f"the column {twice[0]} is there twice")
        return cls(source, names, rows, faults)


def _of_width(row: Row, width: int) -> Row:
    """A row with as many cells as there are columns: what a row leaves out behind is empty."""
    return [*row[:width], *[None] * (width - len(row))]


def _fault(name: str, told: str, row: int | None = None) -> IntakeError:
    return IntakeError([(None, name, row, "", f"NOT_A_TABLE: {told}")])
