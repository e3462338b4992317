"""A mistake to make in a case document, and where one can be made."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from hypothesis import strategies as st

from ._choices import Document, Draw

__all__ = ["LISTS", "Maker", "Mistake", "a_finding", "some"]

LISTS = ("lesions", "timepoints", "lines")


class Mistake(NamedTuple):
    """A mistake to make: the record it spoils, and its path.

    Where a list, or a date, cannot be read, other mistakes cannot be told: `hides` names what is no
    longer known, `needs` what must be.
    """

    record: str
    path: str
    make: Callable[[], object]
    hides: str = ""
    needs: str = ""


Maker = Callable[[Draw, Document], "Mistake | None"]
"""Draws a mistake, where the document has a place for it."""


def some(draw: Draw, document: Document) -> tuple[str, int, Document] | None:
    """A record of one of the lists, where there is one."""
    name = draw(st.sampled_from(LISTS))
    if not document[name]:
        return None
    place = draw(st.integers(0, len(document[name]) - 1))
    return name, place, document[name][place]


def a_finding(draw: Draw, document: Document) -> tuple[str, str, Document] | None:
    """A finding: the time point it belongs to, its path, and itself."""
    places = [
        (i, j)
        for i, each in enumerate(document["timepoints"])
        for j in range(len(each["findings"]))
    ]
    if not places:
        return None
    i, j = draw(st.sampled_from(places))
    where = f"timepoints[{i}]"
    return where, f"{where}.findings[{j}]", document["timepoints"][i]["findings"][j]
