"""Text that no spreadsheet takes for a formula, and back: an apostrophe before it.

A spreadsheet that opens a file of text runs a cell that begins with `=`, `+`, `-`, `@` or a tab.
Written with an apostrophe before it, it is text; every table is read without it.
"""

from __future__ import annotations

import re
from typing import Any

from .._base.extras import extra

__all__ = ["WRITTEN", "as_meant", "inert", "inert_table"]

WRITTEN = r"^'('*[=+\-@\t\r])"
"""What is written for text that could be a formula, for `re` and for Arrow."""

_MEANT = re.compile(WRITTEN)
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_FIRST = (b"'", b"=", b"+", b"-", b"@", b"\t", b"\r")
"""What a text may begin with that is a formula."""

_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")


def inert(text: str) -> str:
    """Text as it is written; a number is none that could do harm."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def as_meant(text: str) -> str:
    """Text as it was before it was written."""
    return text[1:] if text.startswith("'") and _MEANT.match(text) else text


def inert_table(table: Any) -> Any:
    """A table of Arrow with its texts as they are written."""
    pa, pc = _arrow("pyarrow"), _arrow("pyarrow.compute")
    for at, field in enumerate(table.schema):
        if pa.types.is_large_string(field.type) or pa.types.is_string(field.type):
            column = table.column(at)
            first = pc.binary_slice(column.cast(pa.large_binary()), 0, 1)
            if pc.any(pc.is_in(first, value_set=pa.array(_FIRST, first.type))).as_py():
                texts = [each if each is None else inert(each) for each in column.to_pylist()]
                table = table.set_column(at, field, pa.array(texts, field.type))
    return table


def _arrow(module: str) -> Any:
    return extra(module, of="tables", purpose="tables in files need")
