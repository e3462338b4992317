"""What several readers saw, on the figures of the accepted readings; and two readers' totals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .._base.arrays import Array
from ..readers.readings import Readings
from ._canvas import (
    GREYS,
    SMALL,
    agent_looks,
    both_clipped,
    drawing,
    figure_of,
    length_in,
    mpl,
    said,
    where,
)
from ._page import MONTH
from .data import Table
from .readers_data import (
    bland_altman_data,
    readers_progression_data,
    readers_spider_data,
    readers_waterfall_data,
    readings_only,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "accepted_of",
    "bland_altman",
    "mark_changes",
    "mark_progressions",
    "mark_threads",
    "reader_handles",
    "told_of",
]

MARKERS = "o^sDvP*X"

CROWD = 100
"""Above so many lines of therapy, dots and threads are faint, and curves tell readers apart."""

FEWEST = 10
"""How many totals a point of a curve of medians stands for at least."""


def accepted_of(given: Any) -> Any:
    """The accepted readings of `Readings`; what is none comes back as it is."""
    return given.accepted if isinstance(given, Readings) else given


def _looks(readings: Readings) -> dict[str, tuple[str, str]]:
    """The colour and the marker of each reader."""
    colours = agent_looks(readings.readers)
    return {
        reader: (colours[reader], MARKERS[i % len(MARKERS)])
        for i, reader in enumerate(readings.readers)
    }


def reader_handles(readings: Readings, *, crowd: bool = False) -> list[Any]:
    """What the colours and markers of readers stand for; in a crowd they are curves."""
    line = mpl("matplotlib.lines").Line2D
    if crowd:
        return [
            line([], [], color=colour, lw=1.4, label=reader)
            for reader, (colour, _) in _looks(readings).items()
        ]
    return [
        line([], [], ls="", marker=marker, ms=4, mfc=colour, mec="white", mew=0.4, label=reader)
        for reader, (colour, marker) in _looks(readings).items()
    ]


def _keys(table: Table) -> list[tuple[str, int]]:
    return [*zip(map(str, table["patient"].tolist()), table["line"].tolist(), strict=True)]


def _points(
    axes: Any, readings: Readings, reader: Array, x: Array, y: Array, size: float, what: str
) -> None:
    """One marker for each reader at each place."""
    for name, (colour, marker) in _looks(readings).items():
        some = np.flatnonzero(reader == name)
        axes.plot(
            x[some],
            y[some],
            ls="",
            marker=marker,
            ms=size,
            mfc=colour,
            mec="white",
            mew=0.4,
            zorder=7,
            clip_on=False,
            label=f"{what} by {name}",
        )


def mark_changes(
    axes: Any, readings: Readings, bars: Table, *, line: int | None, cap: float
) -> None:
    """One marker for each reader at each bar of a waterfall."""
    table = readers_waterfall_data(readings, line=line)
    count = int((~np.isnan(bars["change_percent"])).sum())
    place = {key: i for i, key in enumerate(_keys(bars)[:count])}
    at = np.array([place.get(key, -1) for key in _keys(table)], np.int64)
    some = np.flatnonzero((at >= 0) & ~np.isnan(table["change_percent"]))
    shown = np.minimum(table["change_percent"][some], cap)
    reader, bar = table["reader"][some], at[some]
    if count <= CROWD:
        size = 4.0 if len(bars["patient"]) <= 60 else 2.0
        _points(axes, readings, reader, bar, shown, size, "change")
        return
    _faint(axes, readings, reader, bar, shown)
    curves = {
        name: _neighbours(bar[reader == name], shown[reader == name], count)
        for name in readings.readers
    }
    _curves(axes, readings, curves)


def told_of(bars: int) -> str:
    """What stands for readers over so many bars, in words; nothing where each has a marker."""
    if bars <= CROWD:
        return ""
    return f"dots: each reader, curves: medians of {_width(bars)} neighbouring bars"


def _width(bars: int) -> int:
    """How many neighbouring bars a median is of: a tenth of them and 15 at least, an odd number."""
    return max(bars // 10, 15) // 2 * 2 + 1


def _faint(axes: Any, readings: Readings, reader: Array, x: Array, y: Array) -> None:
    """One faint dot for each reader at each place: darker where there are more."""
    for name, (colour, _) in _looks(readings).items():
        some = np.flatnonzero(reader == name)
        axes.plot(
            x[some],
            y[some],
            ls="",
            marker="o",
            ms=1.6,
            mfc=colour,
            mec="none",
            alpha=0.5,
            zorder=5,
            clip_on=False,
            label=f"change by {name}",
        )


def _neighbours(bar: Array, shown: Array, bars: int) -> tuple[Array, Array]:
    """The median of the changes at each bar and its neighbours, as places and medians."""
    order = np.argsort(bar, kind="stable")
    bar, shown = bar[order], shown[order]
    half = _width(bars) // 2
    places = np.arange(bars)
    first = np.searchsorted(bar, places - half)
    last = np.searchsorted(bar, places + half, side="right")
    there = np.flatnonzero(last - first >= half)
    return places[there], np.array([np.median(shown[first[i] : last[i]]) for i in there])


def _months(day: Array, shown: Array) -> tuple[Array, Array]:
    """The median of the changes of each month that has enough, as days and medians."""
    month = np.rint(day / MONTH).astype(np.int64)
    used, place, counts = np.unique(month, return_inverse=True, return_counts=True)
    there = np.flatnonzero(counts >= FEWEST)
    of = [np.flatnonzero(place.ravel() == i) for i in there]
    medians = np.array([np.median(shown[some]) for some in of])
    return used[there] * MONTH, medians


def _curves(axes: Any, readings: Readings, curves: dict[str, tuple[Array, Array]]) -> None:
    """One curve of medians for each reader, with a white edge."""
    edge = [mpl("matplotlib.patheffects").withStroke(linewidth=2.6, foreground="white")]
    for name, (colour, _) in _looks(readings).items():
        axes.plot(
            *curves[name],
            color=colour,
            lw=1.4,
            zorder=8,
            path_effects=edge,
            label=f"median of {name}",
        )


def mark_threads(
    axes: Any, readings: Readings, crowd: bool, *, line: int | None, cap: float
) -> Array:
    """One thin thread for each reader of each line of a spider; the changes that they show.

    In a crowd threads are faint, and a curve for each reader has the median of every month.
    """
    opaque = 0.2 if crowd else 1.0
    table = readers_spider_data(readings, line=line)
    lines = mpl("matplotlib.collections").LineCollection
    shown = np.minimum(table["change_percent"], cap)
    keys = np.array([f"{each}\0{number}" for each, number in _keys(table)], object)
    for name, (colour, _) in _looks(readings).items():
        mine = (table["reader"] == name) & table["complete"]
        paths = []
        for key in dict.fromkeys(keys[mine].tolist()):
            some = np.flatnonzero(mine & (keys == key))
            paths.append(np.column_stack([table["day"][some], shown[some]]))
        axes.add_collection(
            lines(
                paths,
                colors=[colour],
                linewidths=0.6,
                alpha=opaque,
                zorder=1.5,
                label=f"read by {name}",
            ),
            autolim=False,
        )
    if crowd:
        later = table["complete"] & (table["day"] > 0)
        rows = {
            name: np.flatnonzero(later & (table["reader"] == name)) for name in readings.readers
        }
        _curves(
            axes,
            readings,
            {name: _months(table["day"][each], shown[each]) for name, each in rows.items()},
        )
    return shown


def mark_progressions(axes: Any, readings: Readings, rows: dict[str, float], size: float) -> None:
    """One marker for each reader's first progression in each line of a swimmer plot."""
    table = readers_progression_data(readings)
    row = np.array([rows.get(str(each), np.nan) for each in table["patient"].tolist()], float)
    some = np.flatnonzero(~np.isnan(row))
    # Readers of one row stand one above the other, so that markers of one day are seen.
    order = {name: i for i, name in enumerate(readings.readers)}
    step = np.array([order[name] for name in table["reader"][some].tolist()], float)
    offset = 0.5 * (step / max(len(order) - 1, 1) - 0.5)
    _points(
        axes,
        readings,
        table["reader"][some],
        table["day"][some],
        row[some] + offset,
        max(size * 0.8, 1.5),
        "progression",
    )


@drawing
def bland_altman(
    readings: Readings,
    one: str,
    other: str,
    *,
    at: Any = "baseline",
    ax: Axes | None = None,
    **points: Any,
) -> Axes:
    """The totals of two readers: their difference by their mean, with bias and limits of agreement.

    The difference is first less second; the dashed lines are the bias and 1.96 standard deviations
    either side of it.

    Args:
        readings: What `assess_readings` returns.
        one: The name of the first reader.
        other: The name of the second reader.
        at: Which totals, as for `Readings.sums`.
        ax: The axes to draw on; left out, those of a new figure.
        points: Further keywords of the points.

    Returns:
        The axes; the numbers are those of `bland_altman_data`.
    """
    tables = bland_altman_data(readings_only(readings), one, other, at=at)
    pairs, limits = tables["pairs"], {name: each[0] for name, each in tables["limits"].items()}
    if not len(pairs["mean"]):
        return said(figure_of(ax, 1.2), "no line of which both have a complete total")
    axes = figure_of(ax, 3.2, right=1.1)
    settings = {"ls": "", "marker": "o", "ms": 3.5, "mfc": "#4f9bd2", "mec": "white", "mew": 0.4,
                "label": f"{one} and {other}"} | points  # fmt: skip
    axes.plot(pairs["mean"], pairs["difference"], **settings)
    axes.axhline(0, color=GREYS["line"], lw=0.7, zorder=0)
    unit = "%" if at == "change" else "mm"
    for name, dashes, told in (
        ("bias", (6, 0), "bias"),
        ("low", (4, 2), "−1.96 SD"),
        ("high", (4, 2), "+1.96 SD"),
    ):
        if not np.isnan(limits[name]):
            axes.axhline(limits[name], color=GREYS["ink"], lw=0.8, dashes=dashes, label=name)
            axes.annotate(
                f"{told}\n{limits[name]:.1f} {unit}",
                (1, limits[name]),
                (4, 0),
                xycoords=("axes fraction", "data"),
                textcoords="offset points",
                va="center",
                fontsize=SMALL,
                annotation_clip=False,
            )
    when = {"baseline": "baseline", "change": "best change"}.get(at, f"follow-up {at}")
    for name, room, text in (
        ("x", where(axes)[0], f"mean total of {{}} and {{}} ({when}), {unit}"),
        ("y", where(axes)[1], f"{{}} less {{}}, {unit}"),
    ):
        names = both_clipped(one, other, room - length_in(text.format("", "")))
        axes.set(**{f"{name}label": text.format(*names)})
    return axes
