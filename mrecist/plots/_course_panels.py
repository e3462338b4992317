"""The panels of a course that hold numbers: sizes with their thresholds, and markers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from .._base.arrays import Array
from ..rulebook.criteria import Criteria
from ._axes import log_heights
from ._canvas import GREYS, LOOKS, SMALL, clipped, length_in, plain, spread
from ._page import Page

__all__ = ["marker_panel", "marker_panels", "size_panel", "size_ticks", "value_ticks"]

LABEL_IN = 0.115
ROOM_IN = 0.2
Table = dict[str, Array]


def size_panel(
    page: Page, height: float, tables: dict[str, Table], criteria: Criteria, given: dict[str, Any]
) -> Any:
    """Totals between their thresholds, over the lesions."""
    ax = page.panel("sizes", height)
    totals, limits, lesions = (tables[name] for name in ("totals", "thresholds", "lesions"))
    top = max(each.max(initial=0) for each in (totals["total_mm"], lesions["size_mm"]))
    top = max(top, limits["total_mm"].max(initial=0)) * 1.06 or 1
    ax.set_ylim(0, top)
    ticks = size_ticks(top)
    ax.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    ax.set_ylabel("mm")
    ends = _lesion_lines(ax, lesions)
    labels = [(y, name, "#555555", day) for name, day, y in ends]
    labels += _limits(ax, limits, criteria)
    for line in dict.fromkeys(totals["line"].tolist()):
        _totals(ax, {name: each[totals["line"] == line] for name, each in totals.items()}, given)
    if len(totals["day"]):
        labels.append((totals["total_mm"][-1], "total", GREYS["ink"], totals["day"][-1]))
    _right_labels(page, ax, labels, height, top)
    return ax


def _totals(ax: Any, totals: Table, given: dict[str, Any]) -> None:
    look = {"color": GREYS["ink"], "lw": 1.8, "zorder": 5} | given
    ax.plot(totals["day"], totals["total_mm"], **look)
    for some, marker, fill in (
        (totals["baseline"], "s", "#222222"),
        (~totals["baseline"] & totals["complete"], "o", "#222222"),
        (~totals["complete"], "o", "white"),
    ):
        ax.plot(
            totals["day"][some],
            totals["total_mm"][some],
            ls="",
            marker=marker,
            ms=4.5,
            mfc=fill,
            mec="#222222",
            zorder=6,
        )


def _limits(ax: Any, limits: Table, criteria: Criteria) -> list[tuple[float, str, str, float]]:
    """The thresholds as steps; what they are is told where the last ones end."""
    told = []
    names = {
        "PR": f"PR: base -{float(criteria.response_share * 100):g} %",
        "PD": f"PD: nadir +{float(criteria.progression_share * 100):g} %",
    }
    for word, dashes in (("PR", (4, 1.5)), ("PD", (1, 1))):
        some = np.flatnonzero(limits["response"] == word)
        colour = "#1f6aa5" if word == "PR" else LOOKS[word].colour
        x: list[float] = []
        y: list[float] = []
        before = None
        for i in some.tolist():
            if before not in (None, limits["line"][i]):
                x.append(limits["day"][i])
                y.append(math.nan)
            before = limits["line"][i]
            x += [limits["day"][i], limits["end_day"][i]]
            y += [limits["total_mm"][i]] * 2
        ax.plot(x, y, color=colour, lw=1, dashes=dashes, zorder=3, label=word)
        if x:
            told.append((y[-1], names[word].replace("-", "−"), colour, x[-1]))
    return told


def _lesion_lines(ax: Any, lesions: Table) -> list[tuple[str, float, float]]:
    """Each lesion as a thin line; where each ends, the largest last sizes first."""
    ends = []
    for lesion in dict.fromkeys(lesions["lesion"].tolist()):
        some = lesions["lesion"] == lesion
        day, size = lesions["day"][some], lesions["size_mm"][some]
        ax.plot(day, size, color=GREYS["faint"], lw=0.7, marker=".", ms=2.5, zorder=2)
        ends.append((lesion, float(day[-1]), float(size[-1])))
    return sorted(ends, key=lambda end: -end[2])


def _right_labels(
    page: Page, ax: Any, labels: Sequence[tuple[float, str, str, float]], height: float, top: float
) -> None:
    """Names at the right edge, moved apart, each led to where its line ends."""
    gap = LABEL_IN / (height * page.scale) * top
    most = max(int(top / gap) - 1, 4)
    kept = sorted(labels, key=lambda each: each[2] == "#555555")[:most]
    if len(labels) > most:
        kept[-1] = (kept[-1][0], f"+{len(labels) - most + 1} lesions", "#555555", kept[-1][3])
    room = page.width - page.left - page.panel_in - 0.12
    x = page.day(page.panel_in + 0.1)
    for (y, name, colour, day), at in zip(
        kept, spread([each[0] for each in kept], gap, 0, top), strict=True
    ):
        ax.text(
            x,
            at,
            clipped(name, room, SMALL),
            va="center",
            fontsize=SMALL,
            color=colour,
            clip_on=False,
        )
        ax.plot(
            [day, page.days[1], page.day(page.panel_in + 0.08)],
            [y, y, at],
            lw=0.35,
            color=GREYS["line"],
            clip_on=False,
            zorder=1,
        )


# ---- markers


def marker_panels(markers: Table) -> list[tuple[str, Table]]:
    """One panel for each marker and unit, with its name."""
    names = list(zip(markers["marker"].tolist(), markers["unit"].tolist(), strict=True))
    panels = []
    for name in dict.fromkeys(names):
        some = np.array([each == name for each in names], np.bool_)
        told = f"{name[0]}, {name[1]}"
        panels.append((told, {column: each[some] for column, each in markers.items()}))
    return panels


def marker_panel(page: Page, height: float, name: str, values: Table) -> Any:
    """A marker on a logarithmic axis, limits of quantitation as hollow triangles."""
    ax = page.panel(name.partition(",")[0], height)
    low, high = float(values["value"].min()), float(values["value"].max())
    log_heights(ax)
    inches = height * page.scale
    pad = max(math.log(high / low), 1) * ROOM_IN / max(inches - 2 * ROOM_IN, ROOM_IN)
    ax.set_ylim(low / math.exp(pad), high * math.exp(pad))
    ticks = value_ticks(low / math.exp(pad / 2), high * math.exp(pad / 2))
    ax.set_yticks(ticks, [f"{tick:.10g}" for tick in ticks])
    ax.set_ylabel(clipped(name, inches))
    ax.plot(values["day"], values["value"], color="#444444", lw=1.1, zorder=3)
    for sign, marker, fill in (("", "o", "#444444"), ("<", "v", "white"), (">", "^", "white")):
        some = values["sign"] == sign
        ax.plot(
            values["day"][some],
            values["value"][some],
            ls="",
            marker=marker,
            ms=3.5 if not sign else 5.5,
            mfc=fill,
            mec="#222222",
            zorder=4,
        )
    _values(page, ax, values, inches)
    return ax


def size_ticks(top: float) -> list[float]:
    """Round numbers from nothing to the top, at most six steps."""
    power = 10.0 ** math.floor(math.log10(top))
    step = next(each * power for each in (0.1, 0.2, 0.5, 1, 2) if top / (each * power) <= 6)
    return [i * step for i in range(int(top / step + 1e-9) + 1)]


def value_ticks(low: float, high: float) -> list[float]:
    """Decades from low to high; with fewer than three of them also their twos and fives."""
    decades = range(math.floor(math.log10(low)) - 1, math.ceil(math.log10(high)) + 1)
    whole = [10.0**power for power in decades if low <= 10.0**power <= high]
    if len(whole) >= 3:
        return whole[:: -(-len(whole) // 6)]
    return [
        base * 10.0**power
        for power in decades
        for base in (1, 2, 5)
        if low <= base * 10.0**power <= high
    ]


def _values(page: Page, ax: Any, values: Table, height: float) -> None:
    """The values as numbers, above or below their points, where there is room."""
    low, high = (math.log(each) for each in ax.get_ylim())
    points = [
        (page.x_in(day), (math.log(value) - low) / (high - low) * height)
        for day, value in zip(values["day"].tolist(), values["value"].tolist(), strict=True)
    ]
    taken = [(x - 0.035, y - 0.035, x + 0.035, y + 0.035) for x, y in points]
    for i, ((x, y), text) in enumerate(zip(points, values["text"].tolist(), strict=True)):
        half = length_in(text, SMALL) / 2 + 0.015
        around = [points[j][1] for j in (i - 1, i + 1) if 0 <= j < len(points)]
        up = 1 if sum(each > y for each in around) * 2 <= len(around) else -1
        aside = half + 0.06
        ways = [(0, up), (0, -up), (aside, up * 0.6), (-aside, up * 0.6), (aside, -up * 0.6),
                (-aside, -up * 0.6), (aside, 0), (-aside, 0)]  # fmt: skip
        for dx, dy in ways:
            at, middle = x + dx, y + dy * LABEL_IN
            box = (at - half, middle - 0.05, at + half, middle + 0.05)
            inside = box[1] >= 0 and box[3] <= height and box[0] >= -0.02
            clear = not any(_overlap(box, other) for j, other in enumerate(taken) if j != i)
            if inside and clear and not _crossed(box, points):
                taken.append(box)
                ax.annotate(
                    plain(text),
                    (values["day"][i], values["value"][i]),
                    (dx * 72, dy * LABEL_IN * 72),
                    textcoords="offset points",
                    ha="center",
                    va="center",
                    fontsize=SMALL,
                    zorder=6,
                )
                break


def _overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _crossed(box: tuple[float, ...], points: Sequence[tuple[float, float]]) -> bool:
    """Whether the line through the points runs through a box."""
    x = np.linspace(box[0] + 0.02, box[2] - 0.02, 7)
    xs, ys = zip(*points, strict=True)
    y = np.interp(x, xs, ys, left=math.nan, right=math.nan)
    return bool(((y > box[1]) & (y < box[3])).any())
