"""Change of the total in a cohort: waterfall and spider."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from .._base.arrays import Array
from .._base.words import Response
from ..readers.readings import Readings
from ..rulebook.criteria import Criteria
from ._canvas import (
    DOUBLE_COLUMN_IN,
    GREYS,
    LOOKS,
    SMALL,
    clipped,
    drawing,
    figure_of,
    folded,
    length_in,
    mpl,
    plain,
    said,
    spread,
    where,
)
from ._cohort import cohort_of
from ._page import whole_months
from ._readers import CROWD, accepted_of, mark_changes, mark_threads, reader_handles, told_of
from .data import spider_data, waterfall_data
from .readers_data import readings_only

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["legend_over", "room_over", "spider", "waterfall"]

NAMED, LETTERED = 40, 60
"""Up to how many lines each has a name, and a bar with letters of its own."""

ROW = 0.135
"""The height of a further row of a caption, in inches."""

CAP = 100.0
LABEL_IN = 0.115
DASHES: dict[str, Any] = {
    Response.SD: (0, (3, 1.5)),
    Response.PD: (0, (1, 0.8)),
    Response.NE: (0, (1, 2)),
}
SHORT = {Response.NON_CR_NON_PD: "nn"}


@drawing
def waterfall(
    given: Any, *, line: int | None = None, readers: bool = False, ax: Axes | None = None,
    cap: float = CAP, **bars: Any,
) -> Axes:  # fmt: skip
    """The best change of the total of each line of a cohort, the largest rise first.

    Bars bear the colour and hatch of the best response, and its letters while there is room. One
    that rises above the cap says by a triangle (and, with room, its number) that it is cut. Lines
    without a total have no bar: their number stands below. Of `Readings` the bars are those of the
    accepted readings. Over more than a hundred bars a reader's change is a faint dot, and a curve
    for each reader the median of neighbouring bars, as the label below says.

    Args:
        given: What `assess_cohort` or `assess_readings` returns, or assessments of patients.
        line: The number of the lines to draw; left out, all.
        readers: Whether each reader's change is a marker at the bar; needs `Readings`.
        ax: The axes to draw on; left out, those of a new figure.
        cap: The change in per cent at which a bar is cut.
        bars: Further keywords of the collections of bars.

    Returns:
        The axes; the numbers are those of `waterfall_data` and `readers_waterfall_data`.
    """
    readings = readings_only(given) if readers else None
    given = accepted_of(given)
    table, criteria = waterfall_data(given, line=line), cohort_of(given).criteria
    there = ~np.isnan(table["change_percent"])
    count, none = int(there.sum()), int((~there).sum())
    names = [_name(table, i, line) for i in range(count)]
    tilt = count <= NAMED
    longest = max([0.0, *(length_in(plain(name), SMALL) for name in names)]) if tilt else 0.0
    room = min(longest, 1.1)
    best = table["best_response"][:count]
    words = {str(word): int((best == word).sum()) for word in LOOKS if (best == word).any()}
    told = [f"{count} lines of therapy"] * (not tilt) + [_note(none)] * (none > 0)
    told += [told_of(count)] * (readings is not None and count > CROWD)
    more = folded(_parts(told), DOUBLE_COLUMN_IN - 1.55).count("\n")
    bottom = room + 0.12 + 0.2 * bool(told) + ROW * more
    handles = response_handles(words)
    if readings is not None:
        handles += reader_handles(readings, crowd=count > CROWD)
    axes = figure_of(ax, 3.2 + bottom, right=0.95, bottom=bottom,
                     top=room_over(handles, 1.55))  # fmt: skip
    if not count:
        return said(axes, _nothing(len(there), "a change of the total"))
    change = table["change_percent"][:count]
    shown = np.minimum(change, cap)
    axes.set_xlim(-0.5 - 0.01 * count, count - 0.5 + 0.01 * count)
    axes.set_ylim(min(-1.15 * max(-shown.min(), 30), -35), max(1.15 * shown.max(), 35))
    _collections(axes, shown, best, bars)
    threshold_lines(axes, criteria)
    axes.axhline(0, color=GREYS["ink"], lw=0.7)
    _letters(axes, shown, best)
    if readings is not None:
        mark_changes(axes, readings, table, line=line, cap=cap)
    _caps(axes, change, cap)
    axes.set_ylabel("best change of the total, %")
    if tilt:
        axes.set_xticks(range(count), [clipped(name, room + 0.01, SMALL) for name in names],
                        rotation=90, fontsize=SMALL)  # fmt: skip
        axes.tick_params(axis="x", length=0)
    else:
        axes.set_xticks([])
    _caption(axes, told)
    legend_over(axes, handles)
    return axes


def _name(table: dict[str, Array], i: int, line: int | None) -> str:
    """A line by its patient, and by its number where lines of several numbers are shown."""
    several = line is None and bool((table["line"] > 1).any())
    return f"{table['patient'][i]}" + (f" L{table['line'][i]}" if several else "")


def _nothing(lines: int, what: str) -> str:
    if not lines:
        return "no line of therapy to show"
    return f"none of {lines} {'line has' if lines == 1 else 'lines have'} {what}"


def _caption(axes: Any, parts: Sequence[str]) -> None:
    """Parts of a caption under the axes, in as few rows as they fit into."""
    axes.set_xlabel(folded(_parts(parts), where(axes)[0]))


def _parts(parts: Sequence[str]) -> list[str]:
    return [*(f"{each};" for each in parts[:-1]), *parts[-1:]]


def _note(none: int) -> str:
    return f"{none} without a total not shown"


def _collections(axes: Any, shown: Array, best: Array, bars: dict[str, Any]) -> None:
    """One collection of bars for each response."""
    poly = mpl("matplotlib.collections").PolyCollection
    count = len(shown)
    for word, look in LOOKS.items():
        some = np.flatnonzero(best == word)
        if not len(some):
            continue
        paths = _bar_paths(some, shown) if count <= LETTERED else _run_paths(some, shown)
        settings = {
            "facecolor": look.colour, "edgecolor": "#333333",
            "linewidth": 0.5 if count <= LETTERED else 0,
            "hatch": look.hatch, "label": str(word),
        } | bars  # fmt: skip
        axes.add_collection(poly(paths, **settings), autolim=False)


def _bar_paths(some: Array, shown: Array) -> list[Array]:
    """Each bar by itself."""
    corners = ((-0.4, 0), (-0.4, 1), (0.4, 1), (0.4, 0))
    return [np.array([(i + x, y * shown[i]) for x, y in corners]) for i in some.tolist()]


def _run_paths(some: Array, shown: Array) -> list[Array]:
    """Neighbouring bars as one outline: they touch where there are many."""
    paths = []
    for run in np.split(some, np.flatnonzero(np.diff(some) > 1) + 1):
        x = np.repeat(np.append(run, run[-1] + 1) - 0.5, 2)
        paths.append(np.column_stack([x, np.concatenate([[0], np.repeat(shown[run], 2), [0]])]))
    return paths


def _letters(axes: Any, shown: Array, best: Array) -> None:
    """The letters of each response at the end of its bar, as small as the bars ask for."""
    count = len(shown)
    if count > LETTERED:
        return
    slot = where(axes)[0] / (1.02 * count)
    for i, (height, word) in enumerate(zip(shown.tolist(), best.tolist(), strict=True)):
        text = SHORT.get(word, word)
        size = min(SMALL, 0.92 * slot / length_in(text, SMALL) * SMALL)
        if size >= 3.5:
            axes.annotate(text, (i, height), (0, 1.5 if height >= 0 else -1.5),
                          textcoords="offset points", ha="center", fontsize=size,
                          va="bottom" if height >= 0 else "top",
                          bbox={"fc": "white", "ec": "none", "pad": 0.2, "alpha": 0.8})  # fmt: skip


def _caps(axes: Any, change: Array, cap: float) -> None:
    """A triangle over each bar that is cut, and its number while there are few."""
    cut = np.flatnonzero(change > cap)
    if not len(cut):
        return
    low, high = axes.get_ylim()
    above = 0.09 * (high - low)
    axes.set_ylim(low, cap + 2.6 * above)
    axes.plot(cut, np.full(len(cut), cap + above), "^", ms=4, color=GREYS["ink"], label="cut")
    slot = where(axes)[0] / (1.02 * len(change))
    texts = [f"+{change[i]:.0f}" for i in cut]
    if slot > max(length_in(text, SMALL) for text in texts) * 1.02:
        for i, text in zip(cut.tolist(), texts, strict=True):
            axes.text(i, cap + 1.4 * above, text, ha="center", va="bottom", fontsize=SMALL)
    else:
        axes.text(len(cut) + 0.015 * len(change), cap + above, f"{len(cut)} cut at +{cap:g} %",
                  va="center", fontsize=SMALL)  # fmt: skip
    axes.set_yticks([tick for tick in axes.get_yticks() if low <= tick <= cap])


def threshold_lines(axes: Any, criteria: Criteria, *, named: bool = True) -> list[Any]:
    """The shares of the criteria as lines, named at the right edge; each with its short name."""
    fall = -float(criteria.response_share * 100)
    rise = float(criteria.progression_share * 100)
    shares = ((fall, (4, 1.5), f"−{-fall:g} %: PR", ""),
              (rise, (1, 1), f"+{rise:g} %", "\n(PD counts\nfrom the nadir)"))  # fmt: skip
    for share, dashes, name, more in shares:
        axes.axhline(share, color="#333333", lw=0.8, dashes=dashes, zorder=3)
        if named:
            axes.annotate(name + more, (1, share), (4, 0), xycoords=("axes fraction", "data"),
                          textcoords="offset points", va="center" if share < 0 else "top",
                          fontsize=SMALL, annotation_clip=False)  # fmt: skip
    return [(share, name) for share, _, name, _ in shares]


def response_handles(words: dict[str, int]) -> list[Any]:
    """What colours and hatches stand for, with counts."""
    patch = mpl("matplotlib.patches").Patch
    return [
        patch(fc=LOOKS[word].colour, ec="#333333", lw=0.5,
              hatch=LOOKS[word].hatch * 2, label=f"{word} {number}")
        for word, number in words.items()
    ]  # fmt: skip


def columns_over(handles: list[Any], width_in: float) -> int:
    """How many columns of a legend have room in a width."""
    widest = max((length_in(each.get_label(), SMALL + 0.5) for each in handles), default=0.0)
    return max(min(len(handles), int(width_in / (widest + 0.42))), 1)


def room_over(handles: list[Any], margins_in: float) -> float:
    """The room that a legend over the axes of a figure of our width needs, in inches."""
    return 0.16 + 0.155 * -(-len(handles) // columns_over(handles, DOUBLE_COLUMN_IN - margins_in))


def legend_over(axes: Any, handles: list[Any]) -> None:
    """A legend over the axes, in as many columns as their width has room for."""
    width, height = where(axes)
    axes.legend(handles=handles, loc="lower left", bbox_to_anchor=(0, 1 + 0.06 / height),
                borderaxespad=0, borderpad=0, ncols=columns_over(handles, width),
                columnspacing=1.0, handletextpad=0.4, labelspacing=0.3,
                fontsize=SMALL + 0.5)  # fmt: skip


# ---- spider


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
    axes = figure_of(ax, 3.6, right=1.25, top=0.35 + 0.3 * many,
                     bottom=0.5 + ROW * many)  # fmt: skip
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
    _caption(axes, ["months from the start of the line", *told])
    best = table["best_response"][[each.start for each in threads]]
    line2d = mpl("matplotlib.lines").Line2D
    legend_over(axes, [
        line2d([], [], color=_ink(look.colour), lw=1.2, ms=4, mew=0.4,
               ls="-" if crowd else DASHES.get(word, "-"), marker=look.marker if few else None,
               mfc=look.colour, mec="#333333", label=f"{word} {int((best == word).sum())}")
        for word, look in LOOKS.items() if (best == word).any()
    ] + ([] if readings is None else reader_handles(readings, crowd=crowd)))  # fmt: skip
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
    axes: Any, table: dict[str, Array], shown: Array, threads: list[slice], few: bool,
    given: dict[str, Any],
) -> None:  # fmt: skip
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
            axes.plot(table["day"][ends], shown[ends], ls="", marker=look.marker, ms=3.6,
                      mfc=look.colour, mec="#333333", mew=0.4, zorder=4)  # fmt: skip
    part = np.flatnonzero(~table["complete"])
    axes.plot(table["day"][part], shown[part], ls="", marker="o", ms=3.5 if few else 2,
              mfc="white", mec="#555555", mew=0.6, zorder=3)  # fmt: skip


def _ink(colour: str) -> str:
    """The colour of a response as a line on white."""
    return "#777777" if colour in {"#ffffff", "#d0d0d0", "#e9e2c0"} else colour


def _thread_names(
    axes: Any, table: dict[str, Array], shown: Array, threads: list[slice], line: int | None,
    limits: list[Any],
) -> None:  # fmt: skip
    """The names at the right edge, those of the thresholds too, moved apart, led to their ends."""
    low, high = axes.get_ylim()
    gap = LABEL_IN / where(axes)[1] * (high - low)
    right = axes.get_xlim()[1]
    ends = [
        (clipped(_name(table, each.start, line), 0.95, SMALL),
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
    axes.plot([end[0], right, right + 0.018 * span], [end[1], end[1], y], lw=0.35,
              color=GREYS["line"], clip_on=False, zorder=1)  # fmt: skip
