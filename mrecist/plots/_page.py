"""Panels over one axis of time: placed in inches, so that texts are known to fit."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from .._base.arrays import Array
from .._base.text import DAYS_A_MONTH
from ._axes import no_line_at
from ._canvas import (
    DOUBLE_COLUMN_IN,
    GREYS,
    SMALL,
    bare,
    length_in,
    new_figure,
    plain,
    rows_for,
    rows_of,
    shown,
    where,
)
from ._pen import Panel, Sheet

__all__ = [
    "MONTH",
    "ROW_IN",
    "Page",
    "key",
    "key_rows",
    "month_ticks",
    "time_ticks",
    "whole_months",
]

MONTH = float(DAYS_A_MONTH)
_DAY_STEPS = tuple(base * 10**power for power in range(12) for base in (1, 2, 5))
_MONTH_STEPS = (1, 2, 3, 6, 12, 24, 36, 60, 120, 240, 600, 1200, 6000, 12000, 120000)
ROW_IN = 0.125
"""The height of a row of small text."""


class Page:
    """Where panels go, one under the other, over days from `first` to `last`.

    Without axes given it is a new figure; of axes given, their place; or a sheet of the pen.
    """

    def __init__(
        self,
        ax: Any,
        days: tuple[int, int],
        heights: Sequence[float],
        *,
        left: float,
        right: float,
        top: float,
    ) -> None:
        whole = sum(heights) + top
        if isinstance(ax, Sheet):
            self.figure, ax.height_in = ax, whole
            self.width, self.height, self.at = ax.width_in, whole, (0.0, 0.0)
        elif ax is None:
            self.figure = new_figure(DOUBLE_COLUMN_IN, whole)
            self.width, self.height, self.at = DOUBLE_COLUMN_IN, whole, (0.0, 0.0)
        else:
            ax.set_axis_off()
            self.figure = ax.figure
            self.width, self.height = where(ax)
            corner = ax.get_position()
            page = self.figure.get_size_inches()
            self.at = (corner.x0 * page[0], corner.y0 * page[1])
        self.own = ax is None
        self.scale = self.height / whole
        self.left, self.panel_in = left, self.width - left - right
        self.below = top * self.scale
        pad = 0.022 * max(days[1] - days[0], 1)
        self.days = (days[0] - pad, days[1] + pad)

    def panel(self, name: str, height: float) -> Any:
        """The next panel."""
        height *= self.scale
        page = self.figure.get_size_inches()
        low = self.at[1] + self.height - self.below - height
        box = (
            (self.at[0] + self.left) / page[0],
            low / page[1],
            self.panel_in / page[0],
            height / page[1],
        )
        ax = self.figure.add_axes(box, label=name)
        self.below += height
        ax.set_xlim(*self.days)
        no_line_at(ax, "bottom")
        if isinstance(ax, Panel):
            return ax
        ax.tick_params(axis="both", which="both", length=2)
        ax.tick_params(axis="x", bottom=False, labelbottom=False)
        if self.own:
            shown(ax)
        return ax

    def skip(self, height: float) -> None:
        """Leave room between panels."""
        self.below += height * self.scale

    def x_in(self, day: float) -> float:
        """A day as inches from the left edge of the panels."""
        first, last = self.days
        return (day - first) / (last - first) * self.panel_in

    def day(self, inches: float) -> float:
        """Inches from the left edge of the panels as a day."""
        first, last = self.days
        return first + inches / self.panel_in * (last - first)

    def rows(
        self, days: Sequence[float], texts: Sequence[str], most: int, points: float = SMALL
    ) -> list[int]:
        """A row for each text centred on its day, so that none overlap."""
        spans = []
        for day, text in zip(days, texts, strict=True):
            half = length_in(text, points) / 2 + 0.03
            centre = self.x_in(self.centre(day, text, points))
            spans.append((centre - half, centre + half))
        return rows_for(spans, most)

    def centre(self, day: float, text: str, points: float = SMALL) -> float:
        """The day on which a text is centred: its own, or the nearest that keeps it in view."""
        half = length_in(text, points) / 2
        low, high = half - self.left / 2, self.panel_in + 0.1 - half
        return self.day(max(min(self.x_in(day), high), low))


def time_ticks(page: Page, calendar: bool) -> tuple[list[float], list[str], str]:
    """Ticks in whole months, or in study days, as many as have room; and what they are."""
    first, last = page.days
    if not calendar:
        step = next(step for step in _DAY_STEPS if (last - first) / step * 0.55 <= page.panel_in)
        days = [float(day) for day in range(_up(first, step), int(last) + 1, step)]
        return days, [f"{day:g}" for day in days], "study day"
    step = next(
        step for step in _MONTH_STEPS if (last - first) / (MONTH * step) * 0.6 <= page.panel_in
    )
    starts = list(_months(first, last, step))
    return [float(day.toordinal()) for day in starts], [f"{day:%Y-%m}" for day in starts], ""


def _up(value: float, step: int) -> int:
    return -int(-value // step) * step


def _months(first: float, last: float, step: int) -> Iterator[datetime.date]:
    begin = datetime.date.fromordinal(max(int(first), 1))
    month = begin.year * 12 + begin.month - 1
    month += -month % step
    while (year := month // 12) < datetime.MAXYEAR:
        day = datetime.date(year, month % 12 + 1, 1)
        if day.toordinal() > last:
            return
        if day.toordinal() >= first:
            yield day
        month += step


def month_ticks(page: Page, start: float) -> tuple[list[float], list[str]]:
    """Whole months before and after a start."""
    first, last = page.days
    room = max(0.3, length_in(str(int((last - start) / MONTH))) + 0.14)
    step = next(
        step for step in _MONTH_STEPS if (last - first) / (MONTH * step) * room <= page.panel_in
    )
    low = _up((first - start) / MONTH, step)
    count = range(low, int((last - start) // MONTH) + 1, step)
    return [start + month * MONTH for month in count], [str(month) for month in count]


def whole_months(axes: Any, last: float, most: int) -> Array:
    """Mark whole months from day 0 to the last day, at most so many; the months marked."""
    months = last / MONTH
    step = next(step for step in _MONTH_STEPS if months / step <= most)
    ticks = np.arange(0, months + 0.01, step)
    axes.set_xticks(ticks * MONTH, [f"{tick:g}" for tick in ticks])
    return ticks


KEY_MARK_IN = 0.34
KeyRow = tuple[str, str]


def key_rows(page: Page, entries: Sequence[tuple[str, str]]) -> tuple[list[KeyRow], list[KeyRow]]:
    """Marks and what they stand for as rows of two columns.

    A text that has no room in a row is told without what stands in brackets, in as many rows as it
    needs.
    """
    room = (page.panel_in + page.left) / 2 - KEY_MARK_IN
    told = [_entry_rows(text, room) for _, text in entries]
    half = -(-sum(map(len, told)) // 2)
    columns: tuple[list[KeyRow], list[KeyRow]] = ([], [])
    for (mark, _), rows in zip(entries, told, strict=True):
        column = columns[len(columns[0]) >= half]
        column += zip([mark, *[""] * (len(rows) - 1)], rows, strict=True)
    return columns


MOST_ROWS_OF_AN_ENTRY = 4


def _entry_rows(text: str, room: float) -> list[str]:
    short = text if length_in(bare(text), SMALL) <= room else text.partition(" (")[0]
    return rows_of(short, room, MOST_ROWS_OF_AN_ENTRY, SMALL) or [""]


def key(page: Page, columns: Sequence[Sequence[KeyRow]], rows: int) -> None:
    """Marks and what they stand for, in two columns under the panels."""
    ax = page.panel("key", rows * ROW_IN)
    ax.set_axis_off()
    ax.set_xlim(0, 1)
    ax.set_ylim(rows, 0)
    room = (page.panel_in + page.left) / 2
    left = -page.left / page.panel_in
    for column, entries in enumerate(columns):
        x = left + (column * room + 0.06) / page.panel_in
        for row, (mark, text) in enumerate(entries):
            ax.text(
                x + 0.12 / page.panel_in,
                row + 0.5,
                plain(mark),
                ha="right",
                va="center",
                fontsize=SMALL,
                fontweight="bold",
            )
            ax.text(
                x + 0.18 / page.panel_in,
                row + 0.5,
                text,
                va="center",
                fontsize=SMALL,
                color=GREYS["ink"],
            )
