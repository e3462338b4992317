"""The panel of the drugs of a course: a lane for each agent, with its exposures and doses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from .._base.arrays import Array
from .._base.words import Exposure
from ._axes import ticks_at_left, tinted
from ._canvas import SMALL, clipped, length_in, spread
from ._page import Page

__all__ = ["BACK", "NAME_IN", "Lanes"]

NAME_IN = 1.15
"""The widest name of an agent beside its lane, in inches."""

BACK = {"facecolor": "white", "edgecolor": "none", "pad": 0.6, "alpha": 0.85}
"""Paper behind a text, so that what lies under it does not cross it."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Lanes:
    """The drugs of one patient: their tables, looks, and the text on the bar of each dose.

    `doses` has of each dose the mark of the key, the text of the key, and what stands on its bar.
    """

    page: Page
    tables: Mapping[str, Mapping[str, Array]]
    agents: Sequence[str]
    colours: Mapping[str, str]
    doses: Sequence[tuple[str, str, str]]

    def draw(self, ax: Any) -> Any:
        """Draw every bar and the doses on it, and return the panel."""
        lanes = self.tables["lanes"]
        ax.set_ylim(max(len(self.agents), 1) - 0.5, -0.5)
        labels = [clipped(agent, NAME_IN - 0.12) for agent in self.agents]
        ticks_at_left(ax, range(len(self.agents)), labels)
        if not len(lanes["agent"]):
            ax.text(
                0.5, 0.5, "no line of therapy", transform=ax.transAxes, ha="center", va="center"
            )
        for i in range(len(lanes["agent"])):
            self._lane(ax, i, self.agents.index(lanes["agent"][i]))
        self._dose_texts(ax)
        return ax

    def _lane(self, ax: Any, i: int, row: int) -> None:
        lanes = self.tables["lanes"]
        day, end, latest = (int(lanes[name][i]) for name in ("day", "end_day", "latest_end_day"))
        colour = self.colours[lanes["agent"][i]]
        again = lanes["exposure"][i] != Exposure.FIRST
        for first, last, held in self._stretches(i):
            ax.barh(
                row,
                last - first,
                left=first,
                height=0.24 if held else 0.66,
                facecolor=tinted(ax, colour, 0.42),
                edgecolor=colour,
                lw=0.9,
                hatch="/////" if again else None,
                zorder=2,
            )
        if latest > end:
            ax.barh(
                row,
                latest - end,
                left=end,
                height=0.66,
                facecolor="none",
                edgecolor=colour,
                lw=0.8,
                ls=(0, (2, 2)),
                zorder=1,
            )
        if lanes["ongoing"][i]:
            x = self.page.day(self.page.x_in(latest) + 0.045)
            ax.plot([x], [row], ">", ms=6, color=colour, clip_on=False, zorder=3)
        if again:
            self._again(ax, i, row, day, latest)

    def _again(self, ax: Any, i: int, row: int, day: int, end: int) -> None:
        """The word for a repeated exposure: before its bar, after it, or on it."""
        lanes, page = self.tables["lanes"], self.page
        same = lanes["agent"] == lanes["agent"][i]
        before = lanes["latest_end_day"][same & (lanes["day"] < day)].max(initial=page.days[0])
        after = lanes["day"][same & (lanes["day"] > day)].min(initial=page.days[1])
        text = str(lanes["exposure"][i])
        room = length_in(text, SMALL) + 0.1
        edge = 0.1 if lanes["ongoing"][i] else 0.05
        if page.x_in(day) - page.x_in(before) >= room:
            x, ha = page.day(page.x_in(day) - 0.05), "right"
        elif page.x_in(after) - page.x_in(end) >= room + edge:
            x, ha = page.day(page.x_in(end) + edge), "left"
        else:
            ax.text(
                (day + end) / 2,
                row - 0.5,
                text,
                ha="center",
                va="center",
                fontsize=SMALL - 1,
                style="italic",
                bbox=BACK,
                zorder=6,
            )
            return
        ax.text(x, row, text, ha=ha, va="center", fontsize=SMALL, style="italic", zorder=5)

    def _stretches(self, i: int) -> list[tuple[int, int, bool]]:
        """The parts of a bar, each with whether its dose was held."""
        lanes, doses = self.tables["lanes"], self.tables["doses"]
        day, end = int(lanes["day"][i]), int(lanes["end_day"][i])
        some = doses["line"] == lanes["line"][i]
        held = False
        parts: list[tuple[int, int, bool]] = []
        for at, hold in zip(doses["day"][some].tolist(), doses["hold"][some].tolist(), strict=True):
            at = min(max(at, day), end)
            if at > day:
                parts.append((day, at, held))
            day, held = at, hold
        return [*parts, (day, end, held)]

    def _dose_texts(self, ax: Any) -> None:
        """What was given, on the bars of each line's first agent; marks moved apart in a lane."""
        doses, lanes, page = self.tables["doses"], self.tables["lanes"], self.page
        lane_of = {line: i for i, line in reversed(list(enumerate(lanes["line"].tolist())))}
        rows: dict[int, list[tuple[float, str, str]]] = {}
        for j, line in enumerate(doses["line"].tolist()):
            i = lane_of[line]
            mark, _, text = self.doses[j]
            until = [*doses["day"][j + 1 :][doses["line"][j + 1 :] == line], lanes["end_day"][i]][0]
            middle = page.x_in((doses["day"][j] + until) / 2)
            rows.setdefault(self.agents.index(lanes["agent"][i]), []).append((middle, mark, text))
        for row, told in rows.items():
            marks = [each for each in told if each[1]]
            apart = 0.02 + max([0.0, *(1.15 * length_in(mark, SMALL) for _, mark, _ in marks)])
            moved = iter(spread([x for x, _, _ in marks], apart, 0, page.panel_in))
            taken = [
                (x - length_in(text, SMALL) / 2, x + length_in(text, SMALL) / 2)
                for x, mark, text in told
                if not mark
            ]
            for x, mark, text in told:
                x = next(moved) if mark else x
                near = any(low - apart / 2 < x < high + apart / 2 for low, high in taken)
                if mark and (near or not 0 <= x <= page.panel_in):
                    continue  # the key has it
                at = page.day(x)
                ax.text(
                    at,
                    row,
                    text,
                    ha="center",
                    va="center",
                    fontsize=SMALL,
                    zorder=4,
                    fontweight="bold" if mark else None,
                    bbox=BACK,
                )
