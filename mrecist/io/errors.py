"""What stops a reader: a question that no format answers, or mistakes in the data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .._base.errors import CaseError, MrecistError

__all__ = ["AskError", "IntakeError", "not_a_table"]


class AskError(MrecistError, ValueError):
    """A question about the data that the data do not answer; the caller answers by an argument.

    `argument` is what to write in Python, `flag` what to add on the command line.
    """

    def __init__(self, question: str, argument: str, flag: str | None = None) -> None:
        self.question, self.argument, self.flag = question, argument, flag or argument
        super().__init__(question, argument, self.flag)

    def __str__(self) -> str:
        return f"{self.question}: say {self.argument}"

    @property
    def on_command_line(self) -> str:
        """The question, with the flag that answers it."""
        return f"{self.question}: say {self.flag}"


class IntakeError(CaseError):
    """Data with mistakes: `rows` holds `(patient, source, row, column, message)` for each.

    Every message begins with a code such as `NOT_A_LENGTH`. `source` names the file or the table,
    `row` counts from 0.
    """

    def __init__(self, rows: Sequence[tuple[str | None, str, int | None, str, str]]) -> None:
        self.rows = tuple(rows)
        super().__init__("", [(_where(*row[:4]), row[4]) for row in self.rows])

    def __reduce__(self) -> Any:
        return type(self), (self.rows,)


def not_a_table(source: str, told: str, row: int | None = None) -> IntakeError:
    """What stops a reader at a file that is no such table."""
    return IntakeError([(None, source, row, "", f"NOT_A_TABLE: {told}")])


def _where(patient: str | None, source: str, row: int | None, column: str) -> str:
    """The record that a mistake is in: who, which table, which row, which column."""
    parts = [f"patient {patient}"] * (patient is not None)
    parts += [source] + [f"row {row}"] * (row is not None) + [column] * bool(column)
    return ", ".join(parts)
