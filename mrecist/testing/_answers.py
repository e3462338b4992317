"""Places of an assessment document, and what laws ask of two answers there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ._changes import Document
from ._law import Wrong

__all__ = [
    "OF_A_VERDICT",
    "OF_TARGETS",
    "RESULTS",
    "ROLES",
    "alike",
    "dated",
    "follow_ups",
    "lines_alike",
    "must_be",
    "pair",
    "pairs",
    "rows_alike",
]

OF_TARGETS = ("date", "day", "total_mm", "nadir_mm", "target", "nontarget")
OF_A_VERDICT = (*OF_TARGETS, "new_lesion", "computed", "reported", "agrees", "response", "source")
ROLES = ("start", "baseline", "targets", "nontargets", "baseline_total_mm")
RESULTS = ("best_response", "confirmed_best_response", "progression")


def follow_ups(answer: Document, role: str | None = None) -> Iterator[tuple[int, int, Any]]:
    """Places of (line, follow-up) after its start, with each lesion of a role if one is given.

    What is recorded up to the start may change the baseline, and with it the whole line.
    """
    for k, line in enumerate(answer["lines"]):
        for t, row in enumerate(line["timepoints"]):
            if row["date"] <= line["start"]:
                continue
            for lesion in [None] if role is None else line[role]:
                yield k, t, lesion


def pairs(before: Document, after: Document, place: str) -> list[tuple[Document, Document]]:
    """The follow-ups of a line in both answers, which must have the same dates."""
    dates, found = ([row["date"] for row in line["timepoints"]] for line in (before, after))
    if dates != found:
        raise Wrong(place, f"follow-ups must be at {dates}, they are at {found}", before, after)
    return list(zip(before["timepoints"], after["timepoints"], strict=True))


def pair(before: Document, after: Document, k: int, t: int) -> tuple[str, Document, Document]:
    """The name of a follow-up, and what it says in both answers."""
    then, now = pairs(before["lines"][k], after["lines"][k], f"line {k + 1}")[t]
    return f"line {k + 1}, {now['date']}", then, now


def must_be(key: str, wanted: Any, place: str, then: Document, now: Document) -> None:
    """A key of a follow-up is one of the words that it may be."""
    allowed = wanted if isinstance(wanted, tuple) else (wanted,)
    if now[key] not in allowed:
        words = " or ".join(map(str, allowed))
        raise Wrong(place, f"{key} must be {words}, it is {now[key]}", then, now)


def alike(before: Document, after: Document, keys: tuple[str, ...], place: str) -> None:
    """Some keys of a line or a time point say the same in both answers."""
    for key in keys:
        if before.get(key) != after.get(key):
            must = f"{key} must stay {before.get(key)}, it is {after.get(key)}"
            raise Wrong(place, must, before, after)


def rows_alike(before: Document, after: Document, place: str, *, up_to: int | None = None) -> None:
    """The follow-ups of a line, or the first of them, are the same but for what explains them."""
    for then, now in pairs(before, after, place)[:up_to]:
        alike(then, now, OF_A_VERDICT, f"{place}, {now['date']}")


def lines_alike(before: Document, after: Document, place: str) -> None:
    """Two lines are the same but for what explains them."""
    alike(before, after, ROLES, place)
    rows_alike(before, after, place)
    alike(dated(before), dated(after), RESULTS, place)


def dated(line: Document) -> Document:
    """A line whose progression is its date alone: causes are an explanation."""
    progression = line["progression"]
    return line | {"progression": None if progression is None else progression["date"]}
