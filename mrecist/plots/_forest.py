"""Rates by subgroup with their exact intervals: the forest plot."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from ..cohort.responses import Responses
from ._canvas import GREYS, POINTS, SMALL, clipped, drawing, figure_of, length_in, plain, said
from .data import forest_data

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["forest"]

ROW_IN, WIDEST_IN = 0.19, 2.2
TITLES = {"response": "objective response", "control": "disease control"}
_ALL = "all"


@drawing
def forest(
    given: Responses,
    by: Iterable[str] | str = (),
    *,
    of: str = "response",
    line: int | None = None,
    confirmed: bool = False,
    level: Any = "0.95",
    ax: Axes | None = None,
    **points: Any,
) -> Axes:
    """The rate of all lines and of each subgroup, with its exact interval.

    A point is as large as its group; the dashed line is the rate of all. At the right stand the
    counts, the rate and the interval.

    Args:
        given: What `assess_cohort` returns.
        by: Columns, as for `Responses.subgroups`.
        of: `"response"` or `"control"`.
        line: The number of the lines that count; left out, all.
        confirmed: Whether to count confirmed best responses.
        level: The level of the intervals, between 0 and 1.
        ax: The axes to draw on; left out, those of a new figure.
        points: Further keywords of the points.

    Returns:
        The axes; the numbers are those of `forest_data`.
    """
    table = forest_data(given, by, of=of, line=line, confirmed=confirmed, level=level)
    rows = _rows(table)
    texts = [_told(table, i) for _, i in rows]
    left = min(max(length_in(plain(label), SMALL) for label, _ in rows) + 0.35, WIDEST_IN)
    right = max(length_in(text, SMALL) for text in texts) + 0.25
    axes = figure_of(ax, ROW_IN * len(rows) + 0.75, left=left, right=right, top=0.2, bottom=0.55)
    if not table["lines"][0]:
        return said(axes, "no line of therapy with a rate")
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlim(0, 100)
    axes.axvline(100 * table["rate"][0], color=GREYS["line"], lw=0.8, ls=(0, (4, 3)), zorder=0)
    places = [(row, i) for row, (_, i) in enumerate(rows) if i is not None and table["lines"][i]]
    y, at = np.array(places).T
    rate, low, high = (100 * table[name][at] for name in ("rate", "low", "high"))
    axes.hlines(y, low, high, color=GREYS["ink"], lw=1, zorder=2)
    size = 8 + 40 * table["lines"][at] / table["lines"].max()
    looks: dict[str, Any] = {"marker": "s", "color": "#0072b2", "zorder": 3, "clip_on": False}
    axes.scatter(rate, y, s=size, **looks | points)
    for row, ((label, i), text) in enumerate(zip(rows, texts, strict=True)):
        inside = i is not None and table["subgroup"][i] != _ALL
        axes.annotate(
            clipped(label, left - 0.15, SMALL),
            (0, row),
            (-left * 72 + (12 if inside else 6), 0),
            xycoords=axes.get_yaxis_transform(),
            textcoords="offset points",
            va="center",
            fontsize=SMALL,
            weight="normal" if inside else "bold",
        )
        axes.annotate(
            text,
            (1, row),
            (6, 0),
            xycoords=axes.get_yaxis_transform(),
            textcoords="offset points",
            va="center",
            fontsize=SMALL,
        )
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    words = "confirmed " * confirmed + TITLES[of]
    axes.set_xlabel(f"{words}, % of lines, with exact intervals", fontsize=POINTS)
    return axes


def _rows(table: dict[str, Any]) -> list[tuple[str, int | None]]:
    """Labels from top to bottom, and the row of the table that each is of; a heading is of none."""
    rows: list[tuple[str, int | None]] = []
    head = _ALL
    for i, (name, value) in enumerate(
        zip(table["subgroup"].tolist(), table["value"].tolist(), strict=True)
    ):
        if name != head:
            rows.append((name, None))
        head = name
        rows.append(("all lines" if name == _ALL else value or "not known", i))
    return rows


def _told(table: dict[str, Any], i: int | None) -> str:
    """The counts, the rate and the interval of a row."""
    if i is None:
        return ""
    counts = f"{table['hits'][i]}/{table['lines'][i]}"
    if not table["lines"][i]:
        return counts
    rate, low, high = (f"{100 * table[name][i]:.0f}" for name in ("rate", "low", "high"))
    return f"{counts}  {rate} % ({low} to {high})"
