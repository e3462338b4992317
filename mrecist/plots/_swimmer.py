"""Who was on what for how long, and responded when: the swimmer plot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .._base.arrays import Array
from .._base.text import several
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
from ._cohort import cohort_of
from ._colours import MOST, drug_looks
from ._page import whole_months
from ._readers import accepted_of, mark_progressions, reader_handles
from .data import swimmer_data

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["swimmer"]

NAMED, TALLEST_IN, HEAD = 60, 8.6, 1.2
"""Up to how many patients have names; how tall the figure may become, in inches; the height of a
heading, in rows of patients."""

TINY, LETTERED_IN = 5.0, 0.11
"""The size of letters on bars in points, and how far apart rows are that have them."""

Tables = dict[str, dict[str, Array]]


@drawing
def swimmer(
    given: Any,
    *,
    policy: Policy | str = FDA_A,
    sort: str = "followed",
    top: int | None = None,
    by: str | None = None,
    ax: Axes | None = None,
    **bars: Any,
) -> Axes:
    """One row per patient: the lines of therapy as bars from the first line's start.

    Bars bear the colour of the regimen and, while there is room, its letters; they are hatched
    where an earlier line had one of its agents. A symbol marks the day on which the response
    begins, a black line how long it lasts, a stroke its end; a triangle progression; an arrow
    treatment that goes on, a cross death. A grey line leads to the last day known. Of `Readings`
    the bars are those of the accepted readings, and each reader's first progression in each line is
    a marker.

    Args:
        given: What `assess_cohort` or `assess_readings` returns, or assessments of patients.
        policy: When a response ends, as for `Responses.endpoints`.
        sort: Who stands on top: those longest `"followed"`, those of the best `"response"`, or the
            first `"patient"`.
        top: How many patients are drawn; left out, all.
        by: The column that groups patients, as in `Responses.rates`.
        ax: The axes to draw on; left out, those of a new figure.
        bars: Further keywords of the bars.

    Returns:
        The axes; the numbers are those of `swimmer_data` and `readers_progression_data`.
    """
    readings = given if isinstance(given, Readings) else None
    tables = swimmer_data(accepted_of(given), policy=policy, sort=sort, top=top, by=by)
    names = tables["patients"]["patient"].tolist()
    count = len(names)
    few = count <= NAMED
    place, heads = _places(tables["patients"], count)
    high = count + HEAD * len(heads)
    tall = min(max(0.19 * high, 0.6), TALLEST_IN - 1.3)
    longest = max([0.0, *(length_in(plain(name), SMALL) for name in names)]) if few else 0.2
    room = min(longest, 1.2)
    if not count:
        return said(figure_of(ax, 1.2), "no line of therapy to show")
    handles = _handles(tables) + ([] if readings is None else reader_handles(readings))
    over = room_over(handles, 0.4 + room)
    axes = figure_of(ax, tall + 0.5 + over, left=0.25 + room, top=over)
    row = dict(zip(names, place.tolist(), strict=True))
    rows = np.array([row[name] for name in tables["bars"]["patient"].tolist()])
    axes.set_ylim(-0.7, high - 0.3)
    last = tables["patients"]["last_day"]
    slot = where(axes)[1] / (high + 0.4)
    size = min(max(slot * 72 * 0.62, 1.2), 6.0)
    for head, y in heads:
        axes.annotate(
            clipped(head, 3, SMALL),
            (0, y),
            (2, 0),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            va="center",
            fontsize=SMALL,
            weight="bold",
        )
    axes.hlines(place, 0, last, color=GREYS["line"], lw=max(size / 6, 0.3), zorder=1)
    _bars(axes, tables["bars"], rows, slot, bars)
    if few and slot > LETTERED_IN:
        _letters(axes, tables["bars"], rows, last)
    _responses(axes, tables["bars"], rows, size)
    _ends(axes, tables, rows, place, size)
    if readings is not None:
        places = {str(name): y for name, y in row.items()}
        mark_progressions(axes, readings, places, size)
    if few:
        small = min(SMALL, slot * 72 * 0.95)
        axes.set_yticks(
            place, [clipped(name, room + 0.01, SMALL) for name in names], fontsize=small
        )
    else:
        axes.set_yticks([])
        axes.set_ylabel(several(count, "patient"))
    axes.tick_params(axis="y", length=0)
    _months(axes, tables, "" if top is None else _left_out(given, count))
    legend_over(axes, handles)
    return axes


def _places(patients: dict[str, Array], count: int) -> tuple[Array, list[tuple[str, float]]]:
    """Where each patient stands, from 0 at the bottom, and the heading over each group."""
    place = np.arange(count, dtype=float)
    groups = patients.get("group")
    if groups is None or not count:
        return place, []
    starts = np.flatnonzero(np.append(True, groups[1:] != groups[:-1]))
    block = np.cumsum(np.append(False, groups[1:] != groups[:-1]))
    place += HEAD * block
    ends = np.append(starts[1:], count) - 1
    return place, [(groups[end], place[end] + (1 + HEAD) / 2) for end in ends.tolist()]


def _left_out(given: Any, count: int) -> str:
    """How many patients are not drawn, in words."""
    more = cohort_of(given).patients - count
    return f"; {several(more, 'more patient')} not shown" if more else ""


def _letters(axes: Any, bars: dict[str, Array], rows: Array, last: Array) -> None:
    """The drugs in short at the left of their bars, where no symbol stands there."""
    agents = [each.split("+") for each in bars["regimen"].tolist()]
    short = abbreviations(name for each in agents for name in each if name)
    inch = 1.04 * max(int(last.max()), 1) / where(axes)[0]
    for i, each in enumerate(agents):
        text = "+".join(short[name] for name in each if name)
        first, end = bars["day"][i], bars["day"][i] + (length_in(text, TINY) + 0.06) * inch
        here = rows == rows[i]
        begun = np.append(bars["response_day"][here], bars["progression_day"][here])
        if end <= bars["end_day"][i] and not ((begun > first) & (begun < end + 0.05 * inch)).any():
            axes.text(
                first + 0.03 * inch,
                rows[i],
                plain(text),
                va="center_baseline",
                fontsize=TINY,
                zorder=3,
                bbox=_BACK,
            )


_BACK = {"facecolor": "white", "edgecolor": "none", "pad": 0.2, "alpha": 0.6}


def _months(axes: Any, tables: Tables, left_out: str) -> None:
    last = max(int(tables["patients"]["last_day"].max()), 1)
    axes.set_xlim(-0.005 * last, last * 1.035)
    whole_months(axes, last, 12)
    axes.set_xlabel(f"months from the start of the first line{left_out}")


def _handles(tables: Tables) -> list[Any]:
    """What stands for what, in sizes that can be read whatever those of the figure are."""
    line, patch = mpl("matplotlib.lines").Line2D, mpl("matplotlib.patches").Patch
    bars = tables["bars"]
    regimens = _by_use(bars)
    colours = drug_looks(regimens)
    handles = [
        patch(
            fc=tint(colours[name], 0.5),
            ec=colours[name],
            label=clipped(name or "no agents", 1.5, SMALL + 0.5),
        )
        for name in regimens[:MOST]
    ]
    if len(regimens) > MOST:
        more = len(regimens) - MOST
        handles.append(patch(fc=tint(OTHER, 0.5), ec=OTHER, label=f"{more} other regimens"))
    if bars["again"].any():
        handles.append(patch(fc="white", ec="#555555", hatch="//////", label="again"))
    for word in (Response.CR, Response.PR):
        if (~np.isnan(bars["response_day"]) & (bars["best_response"] == word)).any():
            handles.append(_mark(line, LOOKS[word].marker, f"{word} begins", LOOKS[word].colour))
    if not np.isnan(bars["response_day"]).all():
        handles.append(
            line(
                [],
                [],
                color="black",
                lw=1.4,
                marker="|",
                ms=5,
                markevery=[1],
                label="response, its end",
            )
        )
    if not np.isnan(bars["progression_day"]).all():
        look = LOOKS[Response.PD]
        handles.append(_mark(line, look.marker, "progression", look.colour))
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
    colours = drug_looks(_by_use(bars))
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
    axes.add_collection(
        lines(paths, colors="black", linewidths=max(size / 4, 0.4), zorder=3), autolim=False
    )
    ended = bars["response_ended"][held]
    axes.plot(last[ended], y[ended], "|", ms=size, mew=max(size / 5, 0.5), color="black", zorder=4)
    for word in (Response.CR, Response.PR):
        some = bars["best_response"][held] == word
        look = LOOKS[word]
        axes.plot(
            first[some],
            y[some],
            ls="",
            marker=look.marker,
            ms=size * (1.25 if look.marker == "*" else 1),
            mfc=look.colour,
            mec="black",
            mew=0.4 if size > 3 else 0.1,
            zorder=5,
            label=f"{word} begins",
        )


def _ends(axes: Any, tables: Tables, rows: Array, place: Array, size: float) -> None:
    bars, patients = tables["bars"], tables["patients"]
    on, dead = bars["ongoing"], np.flatnonzero(patients["died"])
    look, progressed = LOOKS[Response.PD], ~np.isnan(bars["progression_day"])
    axes.plot(
        bars["progression_day"][progressed],
        rows[progressed],
        ls="",
        marker=look.marker,
        ms=size * 0.9,
        mfc=look.colour,
        mec="black",
        mew=0.4 if size > 3 else 0.1,
        zorder=5,
        label="progression",
    )
    axes.plot(
        bars["end_day"][on],
        rows[on],
        ls="",
        marker=">",
        ms=size,
        color=GREYS["ink"],
        clip_on=False,
        zorder=6,
        label="treatment goes on",
    )
    axes.plot(
        patients["last_day"][dead],
        place[dead],
        ls="",
        marker="x",
        ms=size * 0.9,
        mew=1.2 if size > 3 else 0.6,
        color=GREYS["ink"],
        clip_on=False,
        zorder=6,
        label="death",
    )
