"""Change of the total over time in a cohort: one thread per line of therapy."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from .._base.arrays import Array
from ..readers.readings import Readings
from ._bars import (
    CAP,
    DASHES,
    LABEL_IN,
    NAMED,
    ROW,
    caption_of,
    legend_over,
    name_of,
    threshold_lines,
)
from ._canvas import (
    GREYS,
    LOOKS,
    SMALL,
    clipped,
    drawing,
    figure_of,
    mpl,
    said,
    spread,
    where,
)
from ._cohort import cohort_of
from ._page import whole_months
from ._readers import CROWD, accepted_of, mark_threads, reader_handles
from .data import spider_data

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["spider"]


@drawing
def spider(
    given: Any, *, line: int | None = None, ax: Axes | None = None, cap: float = CAP, **lines: Any
) -> Axes:
    """The change of the total over time, one thread for each line of a cohort.

    Threads bear the colour, and while there is room the letters and marker, of the best response;
    they start at the baseline and pass over totals of some targets only, which are hollow. More
    than a hundred threads are translucent, so that it is darker where more of them run, as the
    label below says. Of `Readings` each reader has a thin thread in a colour of the reader, and the
    accepted reading is the thick one; among more than a hundred, also a curve of the median in each
    month that has ten totals.

    Args:
        given: What `assess_cohort` or `assess_readings` returns, or assessments of patients.
        line: The number of the lines to draw; left out, all.
        ax: The axes to draw on; left out, those of a new figure.
        cap: The change in per cent at which larger ones are drawn, as triangles.
        lines: Further keywords of the threads.

    Returns:
        The axes; the numbers are those of `spider_data` and `readers_spider_data`.
    """
    readings = given if isinstance(given, Readings) else None
    given = accepted_of(given)
    table, criteria = spider_data(given, line=line), cohort_of(given).criteria
    many = readings is not None
    axes = figure_of(ax, 3.6, right=1.25, top=0.35 + 0.3 * many, bottom=0.5 + ROW * many)
    threads = _runs(table)
    if not threads:
        return said(axes, "no line of therapy with a total after its baseline")
    shown = np.minimum(table["change_percent"], cap)
    few = len(threads) <= NAMED
    crowd = len(threads) > CROWD
    seen = shown
    if readings is not None:
        lines = {"linewidths": 2.2 if few else 1.0} | lines
        read = mark_threads(axes, readings, crowd, line=line, cap=cap)
        seen = np.concatenate([shown, read])
    if crowd:
        lines = {"alpha": 0.3, "linestyles": "solid", "linewidths": 0.8} | lines
    _threads(axes, table, shown, threads, few, lines)
    axes.axhline(0, color=GREYS["ink"], lw=0.7)
    low, high = float(seen.min()), float(seen.max())
    axes.set_ylim(min(low - 8, -38), max(high + 8, 28))
    axes.set_xlim(table["day"].min() - 3, table["day"].max() * 1.02 + 3)
    whole_months(axes, table["day"].max(), 12)
    told = [f"{len(threads)} lines, darker where more run"] * crowd
    told += ["curves: medians by month of each reader"] * (crowd and readings is not None)
    axes.set_ylabel("change of the total from baseline, %")
    cut = np.flatnonzero(table["change_percent"] > cap)
    axes.plot(
        table["day"][cut],
        shown[cut],
        "^",
        ms=5 if few else 2.5,
        color=GREYS["ink"],
        zorder=6,
        label="cut",
    )
    told += [f"▲ above +{cap:g} %: {len(cut)}"] * (len(cut) > 0)
    caption_of(axes, ["months from the start of the line", *told])
    best = table["best_response"][[each.start for each in threads]]
    line2d = mpl("matplotlib.lines").Line2D
    legend_over(
        axes,
        [
            line2d(
                [],
                [],
                color=_ink(look.colour),
                lw=1.2,
                ms=4,
                mew=0.4,
                ls="-" if crowd else DASHES.get(word, "-"),
                marker=look.marker if few else None,
                mfc=look.colour,
                mec="#333333",
                label=f"{word} {int((best == word).sum())}",
            )
            for word, look in LOOKS.items()
            if (best == word).any()
        ]
        + ([] if readings is None else reader_handles(readings, crowd=crowd)),
    )
    fits = int(where(axes)[1] / LABEL_IN) - 4
    limits = threshold_lines(axes, criteria, named=len(threads) > fits)
    if len(threads) <= fits:
        _thread_names(axes, table, shown, threads, line, limits)
    return axes


def _runs(table: dict[str, Array]) -> list[slice]:
    """The rows of each line that has more than its baseline."""
    keys = list(zip(table["patient"].tolist(), table["line"].tolist(), strict=True))
    edges = [i for i in range(len(keys) + 1) if i in (0, len(keys)) or keys[i] != keys[i - 1]]
    runs = [slice(a, b) for a, b in pairwise(edges)]
    return [run for run in runs if run.stop - run.start > 1]


def _threads(
    axes: Any,
    table: dict[str, Array],
    shown: Array,
    threads: list[slice],
    few: bool,
    given: dict[str, Any],
) -> None:
    lines = mpl("matplotlib.collections").LineCollection
    best = table["best_response"]
    for word, look in LOOKS.items():
        paths, ends = [], []
        for each in threads:
            if best[each.start] == word:
                whole = np.flatnonzero(table["complete"][each]) + each.start
                paths.append(np.column_stack([table["day"][whole], shown[whole]]))
                ends += whole[1:].tolist()
        settings = {"colors": _ink(look.colour), "linewidths": 1.1 if few else 0.5,
                    "label": str(word), "linestyles": [DASHES.get(word, "solid")],
                    "zorder": 2} | given  # fmt: skip
        if paths:
            axes.add_collection(lines(paths, **settings), autolim=False)
        if few and ends:
            axes.plot(
                table["day"][ends],
                shown[ends],
                ls="",
                marker=look.marker,
                ms=3.6,
                mfc=look.colour,
                mec="#333333",
                mew=0.4,
                zorder=4,
            )
    part = np.flatnonzero(~table["complete"])
    axes.plot(
        table["day"][part],
        shown[part],
        ls="",
        marker="o",
        ms=3.5 if few else 2,
        mfc="white",
        mec="#555555",
        mew=0.6,
        zorder=3,
    )


def _ink(colour: str) -> str:
    """The colour of a response as a line on white."""
    return "#777777" if colour in {"#ffffff", "#d0d0d0", "#e9e2c0"} else colour


def _thread_names(
    axes: Any,
    table: dict[str, Array],
    shown: Array,
    threads: list[slice],
    line: int | None,
    limits: list[Any],
) -> None:
    """The names at the right edge, those of the thresholds too, moved apart, led to their ends."""
    low, high = axes.get_ylim()
    gap = LABEL_IN / where(axes)[1] * (high - low)
    right = axes.get_xlim()[1]
    ends = [
        (clipped(name_of(table, each.start, line), 0.95, SMALL),
         (float(table["day"][each.stop - 1]), float(shown[each.stop - 1])))
        for each in threads
    ]  # fmt: skip
    ends += [(name, (right, share)) for share, name in limits]
    moved = spread([end[1] for _, end in ends], gap, low + gap / 2, high)
    for (name, end), y in zip(ends, moved, strict=True):
        _led(axes, name, end, y, right)


def _led(axes: Any, name: str, end: tuple[float, float], y: float, right: float) -> None:
    span = right - axes.get_xlim()[0]
    axes.text(right + 0.022 * span, y, name, va="center", fontsize=SMALL)
    axes.plot(
        [end[0], right, right + 0.018 * span],
        [end[1], end[1], y],
        lw=0.35,
        color=GREYS["line"],
        clip_on=False,
        zorder=1,
    )
