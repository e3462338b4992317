"""How the generators choose: words with weights, the simplest first.

Every list to draw from begins with its simplest member, since Hypothesis shrinks towards the first:
the one that asks for the fewest further draws. What belongs to one record is drawn in one go, so
that leaving the record out leaves one run of draws out. A choice among few values is one draw, and
the number of draws is what an example costs.
"""

from __future__ import annotations

from typing import Any, TypeVar

from hypothesis import strategies as st

__all__ = [
    "EVENLY",
    "INDICES",
    "MORE",
    "NOTHING",
    "ONE_IN_4",
    "ONE_IN_6",
    "ONE_IN_12",
    "Document",
    "Draw",
    "pick",
    "rarely",
    "tellable",
]  # fmt: skip

T = TypeVar("T")

Document = dict[str, Any]
"""A JSON object."""

Draw = st.DrawFn


def pick(*weighted: tuple[int, T]) -> st.SearchStrategy[T]:
    """One of the values, each as often as its weight says; shrinks to the first."""
    return st.sampled_from([value for weight, value in weighted for _ in range(weight)])


def rarely(one_in: int) -> st.SearchStrategy[bool]:
    """True about once in so many draws; shrinks to False."""
    return st.sampled_from([False] * (one_in - 1) + [True])


MORE = [st.sampled_from([False] + [True] * go) for go in range(16)]
"""Whether one more record follows: `MORE[3]` says so three times in four; drawn before each."""

EVENLY, ONE_IN_4, ONE_IN_6, ONE_IN_12 = rarely(2), rarely(4), rarely(6), rarely(12)

INDICES = [st.integers(0, last) for last in range(20)]
"""A place in a list of so many and one: `INDICES[2]` is 0, 1 or 2."""

NOTHING = frozenset((
    "", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN",
    "<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null",
))  # fmt: skip
"""What a table takes for an empty cell."""


def tellable(name: str) -> str:
    """A name as tables can tell it: no surrounding space, no empty cell, no quoted formula."""
    name = name.strip()
    after = name.lstrip("'")[:1]
    name = f"_{name}" if name[:1] == "'" and after and after in "=+-@\t\r" else name
    return f"{name}_" if name in NOTHING else name
