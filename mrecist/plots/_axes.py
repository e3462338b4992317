"""What the course asks of a panel and matplotlib and the pen spell differently."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ._canvas import SMALL, mpl, tint
from ._ink import Tint
from ._pen import Panel

__all__ = [
    "legend",
    "log_heights",
    "no_line_at",
    "ticks_above",
    "ticks_at_left",
    "ticks_below",
    "tinted",
]

PATCHES = ("bar", "hatch")


def no_line_at(ax: Any, side: str) -> None:
    """Leave out the line at the left or at the bottom of a panel."""
    if isinstance(ax, Panel):
        ax.hide(side)
    else:
        ax.spines[side].set_visible(False)


def ticks_at_left(ax: Any, ticks: Sequence[float], labels: Sequence[str]) -> None:
    """Words at the left, without ticks and without a line."""
    no_line_at(ax, "left")
    if isinstance(ax, Panel):
        ax.set_yticks(ticks, labels, length=0)
    else:
        ax.set_yticks(ticks, labels)
        ax.tick_params(axis="y", length=0)


def log_heights(ax: Any) -> None:
    """Make heights logarithmic, without ticks between those that are set."""
    if isinstance(ax, Panel):
        ax.set_log()
    else:
        ax.set_yscale("log")
        ax.yaxis.set_minor_locator(mpl("matplotlib.ticker").NullLocator())


def ticks_below(ax: Any, ticks: Sequence[float], labels: Sequence[str], name: str) -> None:
    """The axis of time, under the last panel."""
    if isinstance(ax, Panel):
        ax.ticks_below(ticks, labels, name)
        return
    ax.set_xticks(ticks, labels)
    ax.tick_params(axis="x", bottom=True, labelbottom=True)
    ax.spines["bottom"].set_visible(True)
    if name:
        ax.set_xlabel(name, labelpad=2)


def ticks_above(ax: Any, ticks: Sequence[float], labels: Sequence[str]) -> None:
    """Months over the first panel."""
    if isinstance(ax, Panel):
        ax.ticks_above(ticks, labels)
        return
    ax.set_xticks(ticks, labels)
    ax.xaxis.tick_top()
    ax.tick_params(axis="x", top=True, labeltop=True)


def tinted(ax: Any, colour: str, share: float) -> Any:
    """A colour mixed with the paper."""
    return Tint((colour, share)) if isinstance(ax, Panel) else tint(colour, share)


def legend(ax: Any, entries: Sequence[tuple[str, str, str]], middle: float) -> None:
    """Marks and their words in one row around `middle`, a share of the width.

    An entry is a kind (a marker, `"bar"` or `"hatch"`), its fill and its words.
    """
    if isinstance(ax, Panel):
        ax.legend(entries, middle)
        return
    line = mpl("matplotlib.lines").Line2D
    patch = mpl("matplotlib.patches").Patch
    handles = [
        patch(fc=fill, ec="#555555", hatch="/////" if kind == "hatch" else None, label=text)
        if kind in PATCHES
        else line(
            [],
            [],
            ls="",
            marker=kind,
            ms=5.5 if fill not in ("none", "white") else 5,
            mfc=fill,
            mec="#222222",
            mew=0.6,
            label=text,
        )
        for kind, fill, text in entries
    ]
    ax.legend(
        handles=handles,
        ncols=max(len(handles), 1),
        loc="center",
        fontsize=SMALL,
        bbox_to_anchor=(middle, 0.5),
        borderaxespad=0,
        columnspacing=1.0,
        handletextpad=0.4,
    )
