"""Mistakes in the tables: collected row by row, and raised together as `CohortError`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .._base.errors import CaseError

if TYPE_CHECKING:
    import numpy as np

    from .._base.arrays import Array

__all__ = ["TABLES", "CohortError", "Mistakes", "table_of", "where_in"]

TABLES = ("findings", "lines", "procedures")
"""The tables of a cohort. Columns of the second and third are told as `lines.start` and so on."""


def table_of(column: str) -> str:
    """The table that a mistake's column is of."""
    for table in TABLES[1:]:
        if column.startswith(f"{table}."):
            return table
    return TABLES[0]


class Mistakes:
    """Every mistake in the tables: its row, its column and the message."""

    def __init__(self) -> None:
        self.found: list[tuple[np.ndarray[Any, Any], str, Sequence[str] | str]] = []

    def add(self, rows: Array, column: str, told: Sequence[str] | str) -> None:
        """Record a mistake in each of these rows; `told` is one message for all, or one per row."""
        if len(rows):
            import numpy as np  # the errors of one patient take no arrays

            self.found.append((np.asarray(rows, np.int64), column, told))

    def __len__(self) -> int:
        return sum(len(rows) for rows, _, _ in self.found)


class CohortError(CaseError):
    """Tables with mistakes: `mistakes` holds `(patient, row, column, message)` for each.

    Rows count from 0. A column of the lines table is written `lines.start`, one of procedures
    `procedures.date`; the row is then one of that table.
    """

    def __init__(self, mistakes: Sequence[tuple[Any, int | None, str, str]]) -> None:
        self.rows = tuple(mistakes)
        told = [(where_in(row, column), message) for _, row, column, message in self.rows]
        super().__init__("", told)

    def __reduce__(self) -> Any:
        return type(self), (self.rows,)

    def __str__(self) -> str:
        shown_lines = [
            f"patient {patient}, {line}" if patient is not None else line
            for (patient, *_), line in zip(self.rows[:20], self.lines[:20], strict=True)
        ]
        more = len(self.rows) - len(shown_lines)
        return "\n".join([*shown_lines, *([f"... and {more} more"] if more else [])])


def where_in(row: int | None, column: str) -> str:
    """The path of a cell in the tables."""
    return column if row is None else f"row {row}, {column}"
