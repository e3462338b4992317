"""How wide the terminal is, and text that fits it.

What goes to a file or a pipe is not folded: it stays as wide as its rows are.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence

__all__ = ["close_table", "columns", "flowed", "folded", "help_columns", "show"]

NARROWEST, WIDEST_HELP = 40, 100
_INDENT, _BELOW = 2, 14
"""The spaces before a table of a line, and before what stands below one of its rows."""
_LAST_COLUMN = 26
"""The columns that the last column of a table needs for the rest of a row to hang under it."""


def columns() -> int | None:
    """The columns of the terminal that stdout is, or `None` where it is none."""
    if not sys.stdout.isatty():
        return None
    return max(shutil.get_terminal_size().columns, NARROWEST)


def help_columns() -> int:
    """The columns of help: those of the terminal, 80 without one, at most 100."""
    found = shutil.get_terminal_size().columns - 2
    return min(max(found, NARROWEST), WIDEST_HELP)


def show(text: str, end: str = "\n") -> None:
    """Print a text for people, its long rows folded where the terminal is narrower."""
    width = columns()
    print(text if width is None else "\n".join(folded(text.split("\n"), width)), end=end)


def folded(rows: Iterable[str], width: int) -> Iterator[str]:
    """Rows no wider than `width`, the rest of a long one below its last column.

    A word that is longer than the room is left whole.
    """
    from textwrap import wrap  # only where something is shown

    for row in rows:
        if len(row) <= width or not row.strip("- "):
            yield row[:width]
            continue
        hanging = " " * _hanging(row, width)
        yield from wrap(
            row, width, subsequent_indent=hanging, break_long_words=False, break_on_hyphens=False
        )


def _hanging(row: str, width: int) -> int:
    """Where the rest of a row stands: below its last column, or two behind its beginning."""
    begin = len(row) - len(row.lstrip(" "))
    last = row.rfind("  ", begin, width - _LAST_COLUMN + 2)
    return last + 2 if last > begin else begin + 2


def close_table(cells: Sequence[Sequence[str]], width: int | None) -> list[str]:
    """The table of a line as aligned rows; where it is wider, closer and without the day.

    What a reader reported then stands below the response.
    """
    from .._base.text import grid  # only where something is shown

    rows = grid(cells)
    if width is None or max(map(len, rows)) + _INDENT <= width:
        return rows
    day, from_nadir = cells[0].index("day"), cells[0].index("from nadir")
    head = ["change" if i == from_nadir else each for i, each in enumerate(cells[0])]
    kept = [[*row[:day], *row[day + 1 : -1]] for row in (head, *cells[1:])]
    told = [f"\n{'':>{_BELOW}}{row[-1]}" if row[-1] else "" for row in cells]
    return [row + more for row, more in zip(grid(kept, " "), told, strict=True)]


def flowed(text: str, width: int) -> str:
    """Prose in rows of `width`; rows that begin with two spaces are those of a list."""
    from textwrap import fill

    parts: list[str] = []
    prose: list[str] = []
    for row in [*text.strip("\n").split("\n"), ""]:
        if row and not row.startswith("  "):
            prose.append(row)
            continue
        if prose:
            parts.append(fill(" ".join(prose), width, break_on_hyphens=False))
            prose = []
        parts += folded([row], width)
    return "\n".join(parts).rstrip("\n") + "\n"
