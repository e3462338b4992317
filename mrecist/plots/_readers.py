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
]

MARKERS = "o^sDvP*X"


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


def reader_handles(readings: Readings) -> list[Any]:
    """What the colours and markers of readers stand for."""
    line = mpl("matplotlib.lines").Line2D
    return [
        line([], [], ls="", marker=marker, ms=4, mfc=colour, mec="white", mew=0.4, label=reader)
        for reader, (colour, marker) in _looks(readings).items()
    ]  # fmt: skip


def _keys(table: Table) -> list[tuple[str, int]]:
    return [*zip(map(str, table["patient"].tolist()), table["line"].tolist(), strict=True)]


def _points(
    axes: Any, readings: Readings, reader: Array, x: Array, y: Array, size: float, what: str
) -> None:
    """One marker for each reader at each place."""
    for name, (colour, marker) in _looks(readings).items():
        some = np.flatnonzero(reader == name)
        axes.plot(x[some], y[some], ls="", marker=marker, ms=size, mfc=colour, mec="white",
                  mew=0.4, zorder=7, clip_on=False, label=f"{what} by {name}")  # fmt: skip


def mark_changes(
    axes: Any, readings: Readings, bars: Table, *, line: int | None, cap: float
) -> None:
    """One marker for each reader at each bar of a waterfall."""
    table = readers_waterfall_data(readings, line=line)
    place = {key: i for i, key in enumerate(_keys(bars))}
    at = np.array([place.get(key, -1) for key in _keys(table)], np.int64)
    some = np.flatnonzero((at >= 0) & ~np.isnan(table["change_percent"]))
    shown = np.minimum(table["change_percent"][some], cap)
    size = 4.0 if len(place) <= 60 else 2.0
    _points(axes, readings, table["reader"][some], at[some], shown, size, "change")


def mark_threads(
    axes: Any, readings: Readings, opaque: float, *, line: int | None, cap: float
) -> Array:
    """One thin thread for each reader of each line of a spider; the changes that they show.

    `opaque` is how far threads hide each other, from 0 to 1.
    """
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
    _points(axes, readings, table["reader"][some], table["day"][some], row[some] + offset,
            max(size * 0.8, 1.5), "progression")  # fmt: skip


@drawing
def bland_altman(
    readings: Readings, one: str, other: str, *, at: Any = "baseline", ax: Axes | None = None,
    **points: Any,
) -> Axes:  # fmt: skip
    """The totals of two readers: their difference by their mean, with bias and limits of agreement.

    The difference is first less second; the dashed lines are the bias and 1.96 standard deviations
    either side of it. `at` is as for `Readings.sums`. Further keywords go to the points. Of
    `bland_altman_data`.
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
    for name, dashes, told in (("bias", (6, 0), "bias"), ("low", (4, 2), "−1.96 SD"),
                               ("high", (4, 2), "+1.96 SD")):  # fmt: skip
        if not np.isnan(limits[name]):
            axes.axhline(limits[name], color=GREYS["ink"], lw=0.8, dashes=dashes, label=name)
            axes.annotate(f"{told}\n{limits[name]:.1f} {unit}", (1, limits[name]), (4, 0),
                          xycoords=("axes fraction", "data"), textcoords="offset points",
                          va="center", fontsize=SMALL, annotation_clip=False)  # fmt: skip
    when = {"baseline": "baseline", "change": "best change"}.get(at, f"follow-up {at}")
    for name, room, text in (
        ("x", where(axes)[0], f"mean total of {{}} and {{}} ({when}), {unit}"),
        ("y", where(axes)[1], f"{{}} less {{}}, {unit}"),
    ):
        names = both_clipped(one, other, room - length_in(text.format("", "")))
        axes.set(**{f"{name}label": text.format(*names)})
    return axes
