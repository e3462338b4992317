"""Who was on what for how long, and responded when: the swimmer plot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .._arrays import Array
from ..codes import Response
from ..policies import FDA_A, Policy
from ._bars import legend_over
from ._canvas import (
    GREYS,
    LOOKS,
    OTHER,
    SMALL,
    agent_looks,
    clipped,
    drawing,
    figure_of,
    length_in,
    mpl,
    plain,
    said,
    where,
)
from ._page import MONTH
from .data import swimmer_data

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["swimmer"]

NAMED, TALLEST_IN = 60, 8.6
"""Up to how many patients have names; how tall the figure may become, in inches."""

MOST_REGIMENS = 8
Tables = dict[str, dict[str, Array]]


@drawing
def swimmer(
    given: Any, *, policy: Policy | str = FDA_A, ax: Axes | None = None, **bars: Any
) -> Axes:
    """One row a patient: the lines of therapy as bars from the first line's start.

    Bars bear the colour of the regimen, hatched where an earlier line had one of its agents. A
    symbol marks the day on which the response begins, a black line how long it lasts, a stroke
    its end; an arrow treatment that goes on, a cross death. The longest followed stand on top.
    `policy` is that of `Responses.endpoints`. Further keywords go to the bars. Of `swimmer_data`.
    """
    tables = swimmer_data(given, policy=policy)
    names = tables["patients"]["patient"].tolist()
    count = len(names)
    few = count <= NAMED
    tall = min(max(0.19 * count, 0.6), TALLEST_IN - 1.3)
    longest = max([0.0, *(length_in(plain(name), SMALL) for name in names)]) if few else 0.2
    room = min(longest, 1.2)
    axes = figure_of(ax, tall + 1.3, left=0.25 + room, top=0.8)
    if not count:
        return said(axes, "no line of therapy to show")
    row = {name: i for i, name in enumerate(names)}
    rows = np.array([row[name] for name in tables["bars"]["patient"].tolist()])
    axes.set_ylim(-0.7, count - 0.3)
    slot = where(axes)[1] / (count + 0.4)
    size = min(max(slot * 72 * 0.62, 1.2), 6.0)
    handles = _bars(axes, tables["bars"], rows, slot, bars)
    handles += _responses(axes, tables["bars"], rows, size)
    handles += _ends(axes, tables, rows, size)
    if few:
        small = min(SMALL, slot * 72 * 0.95)
        axes.set_yticks(range(count), [clipped(name, room + 0.01, SMALL) for name in names],
                        fontsize=small)  # fmt: skip
    else:
        axes.set_yticks([])
        axes.set_ylabel(f"{count} patients")
    axes.tick_params(axis="y", length=0)
    _months(axes, tables)
    legend_over(axes, handles, 1 + 0.08 / where(axes)[1])
    return axes


def _months(axes: Any, tables: Tables) -> None:
    last = max(int(tables["patients"]["last_day"].max()), 1)
    axes.set_xlim(-0.005 * last, last * 1.035)
    steps = (1, 2, 3, 6, 12, 24, 60, 120, 600)
    step = next(step for step in steps if last / MONTH / step <= 12)
    ticks = np.arange(0, last / MONTH + 0.01, step)
    axes.set_xticks(ticks * MONTH, [f"{tick:g}" for tick in ticks])
    axes.set_xlabel("months from the start of the first line")


def _bars(
    axes: Any, bars: dict[str, Array], rows: Array, slot: float, given: dict[str, Any]
) -> list[Any]:
    """One collection of bars for each regimen, first or again; and its handles."""
    poly, patch = mpl("matplotlib.collections").PolyCollection, mpl("matplotlib.patches").Patch
    regimens, counts = np.unique(bars["agents"].astype(str), return_counts=True)
    by_use = regimens[np.argsort(-counts, kind="stable")].tolist()
    colours = agent_looks(by_use)
    handles = []
    for name in by_use:
        for again in (False, True):
            some = np.flatnonzero((bars["agents"] == name) & (bars["again"] == again))
            if not len(some):
                continue
            first, last = bars["day"][some], bars["end_day"][some]
            low, high = rows[some] - 0.36, rows[some] + 0.36
            settings = {
                "facecolor": _tint(colours[name]), "edgecolor": colours[name],
                "linewidth": 0.6 if slot > 0.08 else 0.15,
                "hatch": ("//////" if slot > 0.05 else None) if again else None,
                "label": name + " again" * again,
            } | given  # fmt: skip
            corners = np.stack([first, first, last, last, low, high, high, low], axis=1)
            paths = corners.reshape(-1, 2, 4).swapaxes(1, 2)
            axes.add_collection(poly(paths, **settings), autolim=False)
    shown = by_use[:MOST_REGIMENS]
    for name in shown:
        handles.append(patch(fc=_tint(colours[name]), ec=colours[name],
                             label=clipped(name or "no agents", 1.5, SMALL + 0.5)))  # fmt: skip
    if len(by_use) > len(shown):
        more = len(by_use) - len(shown)
        handles.append(patch(fc=_tint(OTHER), ec=OTHER, label=f"{more} other regimens"))
    if bars["again"].any():
        handles.append(patch(fc="white", ec="#555555", hatch="//////", label="again (rechallenge)"))
    return handles


def _tint(colour: str) -> tuple[float, ...]:
    return tuple(0.5 * each + 0.5 for each in mpl("matplotlib.colors").to_rgb(colour))


def _responses(axes: Any, bars: dict[str, Array], rows: Array, size: float) -> list[Any]:
    """Where a response begins, how long it lasts, and whether its end is known."""
    lines = mpl("matplotlib.collections").LineCollection
    held = np.flatnonzero(~np.isnan(bars["response_day"]))
    if not len(held):
        return []
    first, last, y = bars["response_day"][held], bars["response_end_day"][held], rows[held]
    paths = np.stack([np.stack([first, y], axis=1), np.stack([last, y], axis=1)], axis=1)
    axes.add_collection(lines(paths, colors="black", linewidths=max(size / 4, 0.4), zorder=3),
                        autolim=False)  # fmt: skip
    ended = bars["response_ended"][held]
    axes.plot(last[ended], y[ended], "|", ms=size, mew=max(size / 5, 0.5), color="black", zorder=4)
    handles = []
    for word in (Response.CR, Response.PR):
        some = bars["best_response"][held] == word
        look = LOOKS[word]
        if some.any():
            big = size * (1.25 if look.marker == "*" else 1)
            handles += axes.plot(first[some], y[some], ls="", marker=look.marker, ms=big,
                                 mfc=look.colour, mec="black", mew=0.4, zorder=5,
                                 label=f"{word} begins")  # fmt: skip
    line = mpl("matplotlib.lines").Line2D
    return [*handles, line([], [], color="black", lw=1.4, marker="|", ms=5, markevery=[1],
                           label="response, its end")]  # fmt: skip


def _ends(axes: Any, tables: Tables, rows: Array, size: float) -> list[Any]:
    bars, patients = tables["bars"], tables["patients"]
    handles: list[Any] = []
    on = bars["ongoing"]
    if on.any():
        handles += axes.plot(bars["end_day"][on], rows[on], ls="", marker=">", ms=size,
                             color=GREYS["ink"], clip_on=False, zorder=6,
                             label="treatment goes on")  # fmt: skip
    dead = np.flatnonzero(patients["died"])
    if len(dead):
        handles += axes.plot(patients["last_day"][dead], dead, ls="", marker="x", ms=size * 0.9,
                             mew=1.2 if size > 3 else 0.6, color=GREYS["ink"], clip_on=False,
                             zorder=6, label="death")  # fmt: skip
    return handles
