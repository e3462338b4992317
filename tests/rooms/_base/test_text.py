"""Text for people is laid out as the standard library lays it out."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mrecist._base.text import wrapped

TEXTS = st.one_of(st.text(), st.text("ab -\t\n\u00a0\u2003"), st.just(""))


@given(text=TEXTS, width=st.integers(3, 12))
def test_wrapped(text: str, width: int) -> None:
    """Rows are those of `textwrap`, whatever spaces a text has; none at all is an empty row."""
    rows = textwrap.wrap(text, width, subsequent_indent="  ", break_on_hyphens=False)
    assert wrapped(text, "  ", width) == (rows or [""])


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("  a b", ["  a b"]), ("a  ", ["a"]), ("   ", [""]), ("a\tb", ["a       b"]),
        ("a\nb", ["a b"]), ("a" * 100, ["a" * 100]), ("a" * 99 + " b", ["a" * 99, "  b"]),
    ],
    ids=repr,
)  # fmt: skip
def test_rows(text: str, rows: list[str]) -> None:
    """Leading space stays, trailing space goes; a row has at most 100 columns."""
    assert wrapped(text, "  ") == rows
