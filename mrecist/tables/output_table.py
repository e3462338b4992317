"""What one column of a table that goes out is described by."""

from __future__ import annotations

import attrs

from .._base.words import Code

__all__ = ["NEVER_EMPTY", "Output", "OutputTable"]

NEVER_EMPTY = "never"
"""When a cell is empty, of a column that is always filled."""


@attrs.frozen
class Output:
    """One column: its name, what kind of value it holds, its meaning, and when it is empty.

    `kind` is `id`, `number`, `days`, `mm`, `percent`, `share`, `date`, `flag`, `word`, `words`
    (several, joined by `;`), `lesions`, `agents`, `codes` or `text`. `words` is the closed list.
    """

    name: str
    kind: str
    meaning: str
    empty: str = NEVER_EMPTY
    words: type[Code] | tuple[str, ...] | None = attrs.field(default=None, kw_only=True)


@attrs.frozen
class OutputTable:
    """A table that goes out: where it comes from, what one row is, and its columns."""

    source: str
    row: str
    columns: tuple[Output, ...]
