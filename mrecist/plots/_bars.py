"""Change of the total in a cohort: waterfall and spider."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .._base.arrays import Array
from .._base.words import Response
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
    where,
)
from ._cohort import cohort_of
from ._readers import CROWD, accepted_of, mark_changes, reader_handles, told_of
from .data import waterfall_data
from .readers_data import readings_only

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["legend_over", "room_over", "waterfall"]

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
    given: Any,
    *,
    line: int | None = None,
    readers: bool = False,
    ax: Axes | None = None,
    cap: float = CAP,
    **bars: Any,
) -> Axes:
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
    names = [name_of(table, i, line) for i in range(count)]
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
    axes = figure_of(ax, 3.2 + bottom, right=0.95, bottom=bottom, top=room_over(handles, 1.55))
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
        axes.set_xticks(
            range(count),
            [clipped(name, room + 0.01, SMALL) for name in names],
            rotation=90,
            fontsize=SMALL,
        )
        axes.tick_params(axis="x", length=0)
    else:
        axes.set_xticks([])
    caption_of(axes, told)
    legend_over(axes, handles)
    return axes


def name_of(table: dict[str, Array], i: int, line: int | None) -> str:
    """A line by its patient, and by its number where lines of several numbers are shown."""
    several = line is None and bool((table["line"] > 1).any())
    return f"{table['patient'][i]}" + (f" L{table['line'][i]}" if several else "")


def _nothing(lines: int, what: str) -> str:
    if not lines:
        return "no line of therapy to show"
    return f"none of {lines} {'line has' if lines == 1 else 'lines have'} {what}"


def caption_of(axes: Any, parts: Sequence[str]) -> None:
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
        axes.text(
            len(cut) + 0.015 * len(change),
            cap + above,
            f"{len(cut)} cut at +{cap:g} %",
            va="center",
            fontsize=SMALL,
        )
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
            axes.annotate(
                name + more,
                (1, share),
                (4, 0),
                xycoords=("axes fraction", "data"),
                textcoords="offset points",
                va="center" if share < 0 else "top",
                fontsize=SMALL,
                annotation_clip=False,
            )
    return [(share, name) for share, _, name, _ in shares]


def response_handles(words: dict[str, int]) -> list[Any]:
    """What colours and hatches stand for, with counts."""
    patch = mpl("matplotlib.patches").Patch
    return [
        patch(
            fc=LOOKS[word].colour,
            ec="#333333",
            lw=0.5,
            hatch=LOOKS[word].hatch * 2,
            label=f"{word} {number}",
        )
        for word, number in words.items()
    ]


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
    axes.legend(
        handles=handles,
        loc="lower left",
        bbox_to_anchor=(0, 1 + 0.06 / height),
        borderaxespad=0,
        borderpad=0,
        ncols=columns_over(handles, width),
        columnspacing=1.0,
        handletextpad=0.4,
        labelspacing=0.3,
        fontsize=SMALL + 0.5,
    )


# ---- spider
