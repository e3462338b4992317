"""The signs of a course, and what its key has room for."""

from __future__ import annotations

import string
from collections.abc import Iterable
from typing import Any

from ..model import Patient
from ._canvas import LOOKS

__all__ = ["fill_of", "has_dates", "in_room", "marks", "symbol"]

MOST_KEY_ROWS = 14


def in_room(doses: list[tuple[str, str]], events: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The entries of the key: all, or as many of each as there is room for."""
    most = 2 * MOST_KEY_ROWS
    if len(doses) + len(events) <= most:
        return doses + events
    half = MOST_KEY_ROWS
    share = max(half, most - len(events))
    return _first(doses, share) + _first(events, most - min(len(doses), share))


def _first(entries: list[tuple[str, str]], most: int) -> list[tuple[str, str]]:
    if len(entries) <= most:
        return entries
    return [*entries[: most - 1], ("…", f"and {len(entries) - most + 1} more")]


def has_dates(patient: Patient) -> bool:
    """Whether the dates of a patient are calendar dates, not study days."""
    dated = [line.start for line in patient.lines]
    dated += [timepoint.date for timepoint in patient.timepoints]
    dated += [marker.date for marker in patient.markers]
    return any(not isinstance(date, int) for date in dated)


def marks() -> Iterable[str]:
    letters = string.ascii_lowercase
    yield from letters
    number = 1
    while True:
        yield from (f"{letter}{number}" for letter in letters)
        number += 1


def symbol(ax: Any, day: float, y: float, response: str, hollow: bool) -> None:
    """A response at its day: filled as computed, hollow as reported."""
    look = LOOKS[response]
    ax.plot(
        [day],
        [y],
        look.marker,
        ms=7.5 if look.marker == "*" else 6,
        mew=1.1 if hollow else 0.6,
        mfc="white" if hollow else fill_of(response),
        mec=fill_of(response, line=True) if hollow else "#222222",
        zorder=4,
    )


def fill_of(response: str, *, line: bool = False) -> str:
    colour = LOOKS[response].colour
    return "#222222" if line and colour in {"#ffffff", "#d0d0d0", "#e9e2c0"} else colour
