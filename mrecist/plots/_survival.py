"""Kaplan-Meier curves with the numbers at risk."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from .._base.arrays import Array
from .._base.text import months, several
from ..cohort.endpoints import Endpoints
from ..cohort.immune_responses import ImmuneResponses
from ..cohort.responses import Responses
from ..endpoints.definitions import TIMES
from ..rulebook.policies import FDA_A, Policy
from ._canvas import (
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
from ._page import MONTH, whole_months
from .data import kaplan_meier_data

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["kaplan_meier"]

NOT_REACHED = "not reached"
ROW_IN, MOST_GROUPS = 0.15, 8
DASHES = ("-", (0, (5, 1.5)), (0, (1, 1)), (0, (5, 1, 1, 1)), (0, (3, 3)), (0, (8, 2)),
          (0, (2, 1, 2, 3)), (0, (1, 3)))  # fmt: skip


@drawing
def kaplan_meier(
    given: Responses | ImmuneResponses | Endpoints,
    name: str = "pfs",
    *,
    line: int | None = None,
    by: str | Iterable[str] | None = None,
    policy: Policy | str = FDA_A,
    level: float = 0.95,
    note: str | None = None,
    ax: Axes | None = None,
    **curves: Any,
) -> Axes:
    """The product-limit estimate of a time of `Responses.endpoints`, with the numbers at risk.

    One curve for each group of lines, told apart by colour and dashes; strokes where a time is
    censored, the interval as a band. The legend gives lines, events and the median in months.

    Args:
        given: What `assess_cohort` returns, or its endpoints.
        name: The kind of time, such as `"pfs"`.
        line: The number of the lines that count; left out, all.
        by: The groups, as for `Endpoints.medians`.
        policy: When a time ends; not for endpoints, which have their own.
        level: The level of the bands, between 0 and 1.
        note: A text of the caller's at the top right, such as a hazard ratio.
        ax: The axes to draw on; left out, those of a new figure.
        curves: Further keywords of the curves.

    Returns:
        The axes; the numbers are those of `kaplan_meier_data`.

    Raises:
        ValueError: More groups than can be told apart, or as for `Endpoints.kaplan_meier`.
    """
    tables = kaplan_meier_data(given, name, line=line, by=by, policy=policy, level=level)
    groups, found = tables["groups"], tables["curves"]
    names = groups["group"].tolist()
    if len(names) > MOST_GROUPS:
        told = f"at most {MOST_GROUPS} curves can be told apart, got {len(names)} groups"
        raise ValueError(f"{told}; take one line, or other groups")
    shown = [clipped(each, 1.3, SMALL) for each in names]
    left = 0.35 + max([0.45, *(length_in(each, SMALL) for each in shown)])
    risk = ROW_IN * (len(names) + 1) + 0.42
    over = 0.1 + 0.16 * len(names)
    axes = figure_of(ax, 2.8 + risk + over, left=left, bottom=risk + 0.1, top=over)
    if not names:
        return said(axes, f"no line with a time: {TIMES[name]}")
    colours = list(agent_looks([f"{i}" for i in range(len(names))]).values())
    handles = []
    for i, group in enumerate(names):
        some = found["group"] == group
        curve = {column: each[some] for column, each in found.items()}
        look = {"color": colours[i], "ls": DASHES[i], "lw": 1.4} | curves
        axes.fill_between(
            curve["day"],
            curve["low"],
            curve["high"],
            step="post",
            alpha=0.12,
            color=colours[i],
            lw=0,
        )
        axes.step(curve["day"], curve["surviving"], where="post", label=group, **look)
        out = curve["censored"] > 0
        axes.plot(curve["day"][out], curve["surviving"][out], "|", ms=5, mew=0.8, color=colours[i])
        handles.append(
            mpl("matplotlib.lines").Line2D(
                [], [], color=look["color"], ls=look["ls"], lw=look["lw"], label=_told(groups, i)
            )
        )
    last = max(float(found["day"].max()), 1.0)
    axes.set_xlim(0, last * 1.01)
    axes.set_ylim(0, 1.02)
    axes.set_yticks(np.linspace(0, 1, 6), ["0", "20", "40", "60", "80", "100"])
    axes.set_ylabel(f"{_wrapped(TIMES[name])}, %")
    axes.axhline(0.5, color="#aaaaaa", lw=0.5, zorder=0)
    ticks = whole_months(axes, last, 10)
    axes.set_xlabel("months")
    axes.legend(
        handles=handles,
        loc="lower left",
        bbox_to_anchor=(0, 1 + 0.04 / where(axes)[1]),
        fontsize=SMALL,
        borderaxespad=0,
        borderpad=0,
        labelspacing=0.35,
        handlelength=2.4,
    )
    _at_risk(axes, found, names, shown, ticks * MONTH)
    if note is not None:
        axes.text(
            0.99,
            0.98,
            "\n".join(map(plain, str(note).splitlines())),
            ha="right",
            va="top",
            transform=axes.transAxes,
            fontsize=SMALL,
        )
    return axes


def _wrapped(name: str) -> str:
    return name.partition(" (")[0]


def _told(groups: dict[str, Array], i: int) -> str:
    """A group in the legend: lines, events, median with its interval."""
    lines, events = int(groups["lines"][i]), int(groups["events"][i])
    low, high = (_months(groups[f"median_days_{end}"][i]) for end in ("low", "high"))
    median = _months(groups["median_days"][i])
    if median != NOT_REACHED:
        median += " months"
        if {low, high} != {NOT_REACHED}:
            median += f" ({low} to {high})"
    return (
        f"{clipped(groups['group'][i], 2.6, SMALL)}: {several(lines, 'line')}, "
        f"{several(events, 'event')}, median {median}"
    )


def _months(days: float) -> str:
    return NOT_REACHED if np.isnan(days) else str(months(round(days)))


def _at_risk(
    axes: Any, found: dict[str, Array], names: list[str], shown: list[str], days: Array
) -> None:
    """Under the axes the number at risk of each group at each tick."""
    height = where(axes)[1]
    width = where(axes)[0]
    top = -0.46 / height
    axes.text(
        -0.2 / width,
        top,
        "at risk",
        transform=axes.transAxes,
        ha="right",
        va="center",
        fontsize=SMALL,
        style="italic",
    )
    mixed = axes.get_xaxis_transform()
    for i, group in enumerate(names):
        some = found["group"] == group
        y = top - (i + 1) * ROW_IN / height
        axes.text(
            -0.2 / width,
            y,
            shown[i],
            transform=axes.transAxes,
            ha="right",
            va="center",
            fontsize=SMALL,
        )
        at = np.searchsorted(found["day"][some], days)
        risk = np.append(found["at_risk"][some], 0)[at]
        for day, number in zip(days.tolist(), risk.tolist(), strict=True):
            axes.text(
                day, y, str(number), transform=mixed, ha="center", va="center", fontsize=SMALL
            )
