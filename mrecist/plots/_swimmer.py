"""Who was on what for how long, and responded when: the swimmer plot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .._base.arrays import Array
from .._base.words import Response
from ..readers.readings import Readings
from ..rulebook.drugs import abbreviations
from ..rulebook.policies import FDA_A, Policy
from ._bars import legend_over, room_over
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
    tint,
    where,
)
from ._page import whole_months
from ._readers import accepted_of, mark_progressions, reader_handles
from .data import swimmer_data

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["swimmer"]

NAMED, TALLEST_IN = 60, 8.6
"""Up to how many patients have names; how tall the figure may become, in inches."""

MOST_REGIMENS = 8
TINY, LETTERED_IN = 5.0, 0.11
"""The size of letters on bars in points, and how far apart rows are that have them."""

Tables = dict[str, dict[str, Array]]


@drawing
def swimmer(
    given: Any, *, policy: Policy | str = FDA_A, ax: Axes | None = None, **bars: Any
) -> Axes:
    """One row a patient: the lines of therapy as bars from the first line's start.

    Bars bear the colour of the regimen and, while there is room, its letters; they are hatched
    where an earlier line had one of its agents. A symbol marks the day on which the response
    begins, a black line how long it lasts, a stroke its end; an arrow treatment that goes on, a
    cross death. A grey line leads to the last day known. The longest followed stand on top.
    `policy` is that of `Responses.endpoints`. Of `Readings` the bars are those of the accepted
    readings, and each reader's first progression in each line is a marker. Further keywords go to
    the bars. Of `swimmer_data` and `readers_progression_data`.
    """
    readings = given if isinstance(given, Readings) else None
    tables = swimmer_data(accepted_of(given), policy=policy)
    names = tables["patients"]["patient"].tolist()
    count = len(names)
    few = count <= NAMED
    tall = min(max(0.19 * count, 0.6), TALLEST_IN - 1.3)
    longest = max([0.0, *(length_in(plain(name), SMALL) for name in names)]) if few else 0.2
    room = min(longest, 1.2)
    if not count:
        return said(figure_of(ax, 1.2), "no line of therapy to show")
    handles = _handles(tables) + ([] if readings is None else reader_handles(readings))
    over = room_over(handles, 0.4 + room)
    axes = figure_of(ax, tall + 0.5 + over, left=0.25 + room, top=over)
    row = {name: i for i, name in enumerate(names)}
    rows = np.array([row[name] for name in tables["bars"]["patient"].tolist()])
    axes.set_ylim(-0.7, count - 0.3)
    last = tables["patients"]["last_day"]
    slot = where(axes)[1] / (count + 0.4)
    size = min(max(slot * 72 * 0.62, 1.2), 6.0)
    axes.hlines(np.arange(count), 0, last, color=GREYS["line"], lw=max(size / 6, 0.3), zorder=1)
    _bars(axes, tables["bars"], rows, slot, bars)
    if few and slot > LETTERED_IN:
        _letters(axes, tables["bars"], rows, last)
    _responses(axes, tables["bars"], rows, size)
    _ends(axes, tables, rows, size)
    if readings is not None:
        places = {str(name): i for name, i in row.items()}
        mark_progressions(axes, readings, places, size)
    if few:
        small = min(SMALL, slot * 72 * 0.95)
        axes.set_yticks(range(count), [clipped(name, room + 0.01, SMALL) for name in names],
                        fontsize=small)  # fmt: skip
    else:
        axes.set_yticks([])
        axes.set_ylabel(f"{count} patients")
    axes.tick_params(axis="y", length=0)
    _months(axes, tables)
    legend_over(axes, handles)
    return axes


def _letters(axes: Any, bars: dict[str, Array], rows: Array, last: Array) -> None:
    """The drugs in short at the left of their bars, where no response begins there."""
    agents = [each.split("+") for each in bars["regimen"].tolist()]
    short = abbreviations(name for each in agents for name in each if name)
    inch = 1.04 * max(int(last.max()), 1) / where(axes)[0]
    for i, each in enumerate(agents):
        text = "+".join(short[name] for name in each if name)
        first, end = bars["day"][i], bars["day"][i] + (length_in(text, TINY) + 0.06) * inch
        begun = bars["response_day"][rows == rows[i]]
        if end <= bars["end_day"][i] and not ((begun > first) & (begun < end + 0.05 * inch)).any():
            axes.text(first + 0.03 * inch, rows[i], plain(text), va="center_baseline",
                      fontsize=TINY, zorder=3, bbox=_BACK)  # fmt: skip


_BACK = {"facecolor": "white", "edgecolor": "none", "pad": 0.2, "alpha": 0.6}


def _months(axes: Any, tables: Tables) -> None:
    last = max(int(tables["patients"]["last_day"].max()), 1)
    axes.set_xlim(-0.005 * last, last * 1.035)
    whole_months(axes, last, 12)
    axes.set_xlabel("months from the start of the first line")


def _handles(tables: Tables) -> list[Any]:
    """What stands for what, in sizes that can be read whatever those of the figure are."""
    line, patch = mpl("matplotlib.lines").Line2D, mpl("matplotlib.patches").Patch
    bars = tables["bars"]
    regimens = _by_use(bars)
    colours = agent_looks(regimens)
    handles = [
        patch(fc=tint(colours[name], 0.5), ec=colours[name],
              label=clipped(name or "no agents", 1.5, SMALL + 0.5))
        for name in regimens[:MOST_REGIMENS]
    ]  # fmt: skip
    if len(regimens) > MOST_REGIMENS:
        more = len(regimens) - MOST_REGIMENS
        handles.append(patch(fc=tint(OTHER, 0.5), ec=OTHER, label=f"{more} other regimens"))
    if bars["again"].any():
        handles.append(patch(fc="white", ec="#555555", hatch="//////", label="again"))
    for word in (Response.CR, Response.PR):
        if (~np.isnan(bars["response_day"]) & (bars["best_response"] == word)).any():
            handles.append(_mark(line, LOOKS[word].marker, f"{word} begins", LOOKS[word].colour))
    if not np.isnan(bars["response_day"]).all():
        handles.append(line([], [], color="black", lw=1.4, marker="|", ms=5, markevery=[1],
                            label="response, its end"))  # fmt: skip
    if bars["ongoing"].any():
        handles.append(_mark(line, ">", "treatment goes on"))
    if tables["patients"]["died"].any():
        handles.append(_mark(line, "x", "death"))
    return handles


def _mark(line: Any, marker: str, label: str, colour: str = GREYS["ink"]) -> Any:
    return line([], [], ls="", marker=marker, ms=5, mfc=colour, mec="black", label=label)


def _by_use(bars: dict[str, Array]) -> list[str]:
    """The regimens, the commonest first."""
    regimens, counts = np.unique(bars["regimen"].astype(str), return_counts=True)
    found: list[str] = regimens[np.argsort(-counts, kind="stable")].tolist()
    return found


def _bars(
    axes: Any, bars: dict[str, Array], rows: Array, slot: float, given: dict[str, Any]
) -> None:
    """One collection of bars for each regimen, first or again."""
    poly = mpl("matplotlib.collections").PolyCollection
    colours = agent_looks(_by_use(bars))
    for name, colour in colours.items():
        for again in (False, True):
            some = np.flatnonzero((bars["regimen"] == name) & (bars["again"] == again))
            if not len(some):
                continue
            first, last = bars["day"][some], bars["end_day"][some]
            low, high = rows[some] - 0.36, rows[some] + 0.36
            settings = {
                "facecolor": tint(colour, 0.5), "edgecolor": colour,
                "linewidth": 0.6 if slot > 0.08 else 0.15,
                "hatch": "//////" if again else None,
                "label": name + " again" * again,
            } | given  # fmt: skip
            corners = np.stack([first, first, last, last, low, high, high, low], axis=1)
            paths = corners.reshape(-1, 2, 4).swapaxes(1, 2)
            axes.add_collection(poly(paths, **settings), autolim=False)


def _responses(axes: Any, bars: dict[str, Array], rows: Array, size: float) -> None:
    """Where a response begins, how long it lasts, and whether its end is known."""
    lines = mpl("matplotlib.collections").LineCollection
    held = np.flatnonzero(~np.isnan(bars["response_day"]))
    first, last, y = bars["response_day"][held], bars["response_end_day"][held], rows[held]
    paths = np.stack([np.stack([first, y], axis=1), np.stack([last, y], axis=1)], axis=1)
    axes.add_collection(lines(paths, colors="black", linewidths=max(size / 4, 0.4), zorder=3),
                        autolim=False)  # fmt: skip
    ended = bars["response_ended"][held]
    axes.plot(last[ended], y[ended], "|", ms=size, mew=max(size / 5, 0.5), color="black", zorder=4)
    for word in (Response.CR, Response.PR):
        some = bars["best_response"][held] == word
        look = LOOKS[word]
        axes.plot(first[some], y[some], ls="", marker=look.marker,
                  ms=size * (1.25 if look.marker == "*" else 1), mfc=look.colour, mec="black",
                  mew=0.4 if size > 3 else 0.1, zorder=5, label=f"{word} begins")  # fmt: skip


def _ends(axes: Any, tables: Tables, rows: Array, size: float) -> None:
    bars, patients = tables["bars"], tables["patients"]
    on, dead = bars["ongoing"], np.flatnonzero(patients["died"])
    axes.plot(bars["end_day"][on], rows[on], ls="", marker=">", ms=size, color=GREYS["ink"],
              clip_on=False, zorder=6, label="treatment goes on")  # fmt: skip
    axes.plot(patients["last_day"][dead], dead, ls="", marker="x", ms=size * 0.9,
              mew=1.2 if size > 3 else 0.6, color=GREYS["ink"], clip_on=False, zorder=6,
              label="death")  # fmt: skip
