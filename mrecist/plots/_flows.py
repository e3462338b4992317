"""Responses side by side: from line to line, and by two criteria."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from .._base.arrays import Array
from .._base.text import several
from ..cohort.responses import Responses
from ..readers.readings import Readings
from ._canvas import (
    GREYS,
    LOOKS,
    SMALL,
    both_clipped,
    clipped,
    drawing,
    figure_of,
    folded,
    length_in,
    mpl,
    said,
    spread,
    where,
)
from .side_by_side import WORDS, agreement_data, responses_of, sequence_data

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["agreement", "sequence"]

NODE = 0.07
"""The half width of a node, where lines are one apart."""

LABEL_IN = 0.115
LEAST_IN = 1.5
"""The least width of a table of agreement, so that its caption has room."""

NONE = ""
_ORDER = [*WORDS, NONE]


@drawing
def sequence(given: Any, *, confirmed: bool = False, ax: Axes | None = None, **flows: Any) -> Axes:
    """How best responses flow from each line of therapy to the next, as widths of bands.

    A node is a response in a line, as tall as its patients are many; the white node is of those who
    have no further line. Counts stand on nodes that have room for them.

    Args:
        given: What `assess_cohort` returns, or assessments of patients.
        confirmed: Whether to draw confirmed best responses.
        ax: The axes to draw on; left out, those of a new figure.
        flows: Further keywords of the bands.

    Returns:
        The axes; the numbers are those of `sequence_data`.
    """
    tables = sequence_data(given, confirmed=confirmed)
    nodes, bands = tables["nodes"], tables["flows"]
    axes = figure_of(ax, 3.5, left=0.3, right=1.0, bottom=0.1, top=0.35)
    if not len(nodes["line"]):
        return said(axes, "no line of therapy to show")
    total = int(nodes["patients"][nodes["line"] == 1].sum())
    last = int(nodes["line"].max())
    places = _places(nodes, bands, total)
    axes.set_axis_off()
    axes.set_xlim(1 - NODE, last + NODE)
    axes.set_ylim(1, 0)
    _bands(axes, bands, places, total, flows)
    height = where(axes)[1]
    rectangle = mpl("matplotlib.patches").Rectangle
    for (line, word), (top, size, _) in places.items():
        colour, hatch = ("white", "") if word == NONE else LOOKS[word][:2]
        axes.add_patch(
            rectangle(
                (line - NODE, top),
                2 * NODE,
                size,
                facecolor=colour,
                lw=0.6,
                edgecolor="#333333",
                hatch=hatch,
                zorder=3,
                clip_on=False,
                label=f"{line} {word}",
            )
        )
    for line in range(1, last + 1):
        some = {word: place for (at, word), place in places.items() if at == line}
        middles = [top + size / 2 for top, size, _ in some.values()]
        moved = spread(middles, LABEL_IN / height, 0, 1)
        for (word, (_, _, count)), y in zip(some.items(), moved, strict=True):
            axes.text(
                line + NODE * 1.25,
                y,
                f"{word or 'no further line'} {count}",
                va="center",
                fontsize=SMALL,
                zorder=5,
                bbox=_BACK,
            )
    for line in range(1, last + 1):
        number = int(nodes["patients"][nodes["line"] == line].sum())
        axes.text(
            line,
            -0.06 / height,
            f"line {line}: {number}",
            ha="center",
            va="bottom",
            fontweight="bold",
        )
    return axes


_BACK = {"facecolor": "white", "edgecolor": "none", "pad": 0.5, "alpha": 0.7}
Places = dict[tuple[int, str], tuple[float, float, int]]


def _places(nodes: dict[str, Array], bands: dict[str, Array], total: int) -> Places:
    """The top and the height of each node, and its patients; line by line from above."""
    counts = {
        (line, word): number
        for line, word, number in zip(*(each.tolist() for each in nodes.values()), strict=True)
    }
    last = max(line for line, _ in counts)
    for line, _, following, number in zip(*(each.tolist() for each in bands.values()), strict=True):
        if following == NONE and line < last:
            counts[line + 1, NONE] = counts.get((line + 1, NONE), 0) + number
    gap, places = 0.022, {}
    most = max(sum(at == line for at, _ in counts) for line in range(1, last + 1))
    scale = (1 - gap * (most - 1)) / total
    for line in range(1, last + 1):
        words = [word for word in _ORDER if (line, word) in counts]
        top = 0.0
        for word in words:
            size = counts[line, word] * scale
            places[line, word] = (top, size, counts[line, word])
            top += size + gap
    return places


def _bands(
    axes: Any, bands: dict[str, Array], places: Places, total: int, given: dict[str, Any]
) -> None:
    """One band for each flow, from the right of a node to the left of one in the next line."""
    poly = mpl("matplotlib.collections").PolyCollection
    used: dict[tuple[str, int, str], float] = {}
    rows = list(zip(*(each.tolist() for each in bands.values()), strict=True))
    rows.sort(key=lambda row: (row[0], _ORDER.index(row[1]), _ORDER.index(row[2])))
    t = np.linspace(0, 1, 24)
    ease = t * t * (3 - 2 * t)
    by_word: dict[str, list[Array]] = {}
    for line, word, following, number in rows:
        if (line + 1, following) not in places:
            continue
        top, size, count = places[line, word]
        end, end_size, end_count = places[line + 1, following]
        out, into = ("out", line, word), ("in", line + 1, following)
        start = top + used.get(out, 0.0)
        stop = end + used.get(into, 0.0)
        width, end_width = number * size / count, number * end_size / end_count
        used[out] = used.get(out, 0.0) + width
        used[into] = used.get(into, 0.0) + end_width
        x = line + NODE + t * (1 - 2 * NODE)
        upper = start + ease * (stop - start)
        lower = start + width + ease * (stop + end_width - start - width)
        path = np.concatenate([np.column_stack([x, upper]), np.column_stack([x, lower])[::-1]])
        by_word.setdefault(word, []).append(path)
    for word, paths in by_word.items():
        colour = LOOKS[word].colour
        settings = {"facecolor": "#eeeeee" if colour == "#ffffff" else colour, "alpha": 0.4,
                    "edgecolor": "#777777", "linewidth": 0.3, "zorder": 1} | given  # fmt: skip
        axes.add_collection(poly(paths, **settings), autolim=False)


@drawing
def agreement(
    given: Responses | Readings,
    other: Responses | None = None,
    *,
    of: str = "response",
    readers: Sequence[str] | None = None,
    ax: Axes | None = None,
    **cells: Any,
) -> Axes:
    """How two judgements of one cohort agree: counts of each response by each, as a heat table.

    The first judgement downwards, the second across; cells on which both agree are framed. Under it
    the agreement and Cohen's kappa of `Responses.crosstab`, or of `Readings.agreement` with its 95
    % interval, which takes time points of one patient as if they were independent.

    Args:
        given: What `assess_cohort` returns, or `assess_readings`.
        other: The second judgement; left out for `Readings`.
        of: The verdict, as for `Responses.crosstab`.
        readers: The two readers of `Readings` to compare; left out, the first two.
        ax: The axes to draw on; left out, those of a new figure.
        cells: Further keywords of the mesh.

    Returns:
        The axes; the numbers are those of `agreement_data`.

    Raises:
        TypeError: One `Responses` alone, or readers without `Readings`.
        ValueError: Not two readers, or two cohorts that share no patient.
    """
    if isinstance(given, Readings):
        return _drawn(_of_readers(given, of, readers), ax, cells)
    if other is None or readers is not None:
        told = "two Responses, or Readings" if other is None else "readers only with Readings"
        raise TypeError(f"agreement takes {told}")
    if not (len(responses_of(given).patients) and len(responses_of(other).patients)):
        return said(figure_of(ax, 1.2), "no patients to compare")
    table = agreement_data(given, other, of=of)
    found = given.crosstab(other, of)
    words = list(dict.fromkeys(table["row"].tolist()))
    first, second = (each.name for each in found.criteria)
    unit = "time points" if of == "response" else "lines"
    counts = table["count"].reshape(len(words), len(words))
    caption = [f"agreement {int(counts.trace())} of {found.matched} {unit}"]
    if not np.isnan(found.kappa):
        caption = [f"{caption[0]},", f"kappa {found.kappa:.2f}"]
    return _drawn(_Heat(words, counts, first, second, caption), ax, cells)


class _Heat(NamedTuple):
    """A table of counts, who gave its rows and its columns, and what stands under it."""

    words: list[str]
    counts: Array
    first: str
    second: str
    told: list[str]
    titled: bool = False


def _of_readers(readings: Readings, of: str, readers: Sequence[str] | None) -> _Heat:
    """The words of two readers, on the scale that is fixed beforehand."""
    pair = tuple(readers or readings.central)[:2]
    if len(pair) < 2 or len(readers or pair) > 2:
        raise ValueError(f"two readers are compared, got {', '.join(readers or pair) or 'none'}")
    found = readings.agreement(of, readers=pair, interval="exact")
    row = {name: next(iter(column)) for name, column in found.table.items()}
    counts = found.crosstab(*pair)
    unit = "line" if "best" in of else "time point"
    of_patients = f"of {several(row['patients'], 'patient')}"
    told = [f"agreement {row['agree']} of {several(row['n'], unit)}", of_patients]
    if row["kappa"] is not None and not np.isnan(row["kappa"]):
        interval = f"(95 % {row['kappa_low']:.2f} to {row['kappa_high']:.2f}),"
        told = [told[0], f"{told[1]},", f"kappa {row['kappa']:.2f}", interval]
        if row["n"] > row["patients"]:
            told += [f"as if {unit}s", "of a patient", "were independent"]
        else:
            told[-1] = told[-1].removesuffix(",")
    if row["left_out"]:
        told = [*told[:-1], f"{told[-1]};", f"{row['left_out']} left out"]
    return _Heat([str(word) for word in found.words], counts, pair[0], pair[1], told, True)


def _drawn(heat: _Heat, ax: Axes | None, cells: dict[str, Any]) -> Axes:
    """The table as a figure; whose the judgements are stands at its sides."""
    words, counts = heat.words, heat.counts
    size = len(words)
    longest = max([0.3, *(length_in(word, SMALL + 1) for word in words)])
    cell = max(longest + 0.1, 0.5, LEAST_IN / size)
    over = 0.55 + 0.2 * heat.titled
    rows = folded(heat.told, cell * size + 0.35, SMALL + 0.5).count("\n") + 1
    under = max(0.55, 0.22 + 0.125 * rows)
    room = {"left": longest + 0.42, "bottom": under, "top": over, "right": 0.25}
    axes = figure_of(ax, 0.42 * size + under + over, cell * size + longest + 0.67, **room)
    width, height = where(axes)
    across = width + 2 * room["right"] - 0.15  # what is centred on the axes stays on the page
    if heat.titled:
        names = both_clipped(heat.first, heat.second, across - length_in(" by "))
        axes.set_title(" by ".join(names), pad=32)
    settings = {"cmap": "Blues", "vmin": 0, "vmax": max(counts.max(), 1) * 1.15,
                "edgecolors": "white", "linewidth": 1} | cells  # fmt: skip
    axes.pcolormesh(counts, **settings)
    axes.invert_yaxis()
    rectangle = mpl("matplotlib.patches").Rectangle
    for i in range(size):
        axes.add_patch(
            rectangle((i, i), 1, 1, fill=False, ec=GREYS["ink"], lw=1.2, zorder=3, clip_on=False)
        )
        for j in range(size):
            dark = counts[i, j] > 0.7 * counts.max()
            axes.text(
                j + 0.5,
                i + 0.5,
                str(counts[i, j]),
                ha="center",
                va="center",
                color="white" if dark else "#222222",
            )
    axes.set_xticks(np.arange(size) + 0.5, words)
    axes.set_yticks(np.arange(size) + 0.5, words)
    axes.tick_params(length=0, labeltop=True, labelbottom=False)
    for side in axes.spines.values():
        side.set_visible(False)
    axes.xaxis.set_label_position("top")
    axes.set_xlabel(clipped(heat.second, across))
    axes.set_ylabel(clipped(heat.first, height))
    axes.text(
        0.5,
        -0.12 / height,
        folded(heat.told, across, SMALL + 0.5),
        ha="center",
        va="top",
        fontsize=SMALL + 0.5,
        transform=axes.transAxes,
    )
    return axes
