"""A small writer of SVG that takes the calls which the course makes of matplotlib's axes.

One layout serves both: a figure of matplotlib for print and scripts, and this for pages, where a
figure has to be quick, small, and follow the colours of the page. Units are points inside, inches
and data at the calls.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Sequence
from typing import Any

from ._canvas import DOUBLE_COLUMN_IN, POINTS, SMALL, length_in
from ._ink import Tint, colour_of, dashes_of, pt, sound
from ._pen_marks import marker

__all__ = ["Panel", "Sheet"]

POINTS_AN_INCH = 72.0
TICK, PAD = 2.0, 3.5
ASCENT, DESCENT, MIDDLE = 0.76, 0.21, 0.276
"""Where text stands, in its own size: above the base line, below it, and half of what is above."""
TICK_TEXT = POINTS - 0.5
THIN = 0.6


class Sheet:
    """A figure: panels over each other, and their SVG."""

    def __init__(self) -> None:
        self.width_in, self.height_in = DOUBLE_COLUMN_IN, 1.0
        self.panels: list[Panel] = []

    def get_size_inches(self) -> tuple[float, float]:
        """The width and the height."""
        return self.width_in, self.height_in

    def add_axes(self, box: tuple[float, float, float, float], label: str) -> Panel:
        """A panel in its place, given as shares of the width and the height."""
        left, low, width, height = box
        across, down = self.width_in * POINTS_AN_INCH, self.height_in * POINTS_AN_INCH
        panel = Panel(left * across, (1 - low - height) * down, width * across, height * down)
        self.panels.append(panel)
        return panel

    def svg(self, *, title: str, description: str) -> str:
        """One `<svg>` element: no date, text as text, `role="img"`, named and described.

        The same figure with the same words gives the same text, and ids that no other has.
        """
        across, down = (pt(each * POINTS_AN_INCH) for each in self.get_size_inches())
        body = "\n".join(panel.drawn(number) for number, panel in enumerate(self.panels))
        told = f"{title}\0{description}\0{across}\0{down}\0{body}"
        prefix = f"m{hashlib.sha256(told.encode('utf-8', 'surrogatepass')).hexdigest()[:10]}-"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {across} {down}" '
            f'width="{across}pt" height="{down}pt" role="img" '
            f'aria-labelledby="{prefix}title {prefix}desc" stroke-linejoin="round">\n'
            f'<title id="{prefix}title">{sound(title)}</title>\n'
            f'<desc id="{prefix}desc">{sound(description)}</desc>\n'
            f"{body.replace(_PREFIX, prefix)}\n</svg>\n"
        )


_PREFIX = "\0"
"""What stands for the prefix of ids until it is known: no text can hold it."""


class Panel:
    """One panel, with as much of the calls of axes as the course makes."""

    transAxes = "axes"  # noqa: N815

    def __init__(self, left: float, top: float, width: float, height: float) -> None:
        self.left, self.top, self.width, self.height = left, top, width, height
        self._x, self._y, self._log = (0.0, 1.0), (0.0, 1.0), False
        self._parts: list[tuple[float, str]] = []
        self._spines = {"left": True, "bottom": True}
        self._hatches: dict[str, str] = {}
        self._labels = 0.0

    # ---- the frame

    def set_xlim(self, first: float, last: float) -> None:
        """The days from the left edge to the right one."""
        self._x = (float(first), float(last))

    def set_ylim(self, low: float, high: float) -> None:
        """The heights at the bottom and at the top."""
        self._y = (float(low), float(high))

    def set_log(self) -> None:
        """Heights are logarithmic."""
        self._log = True

    def get_ylim(self) -> tuple[float, float]:
        """The heights at the bottom and at the top."""
        return self._y

    def hide(self, spine: str) -> None:
        """Leave out the line at the left, or at the bottom."""
        self._spines[spine] = False

    def set_axis_off(self) -> None:
        """Leave out all lines around the panel."""
        self._spines = {}

    # ---- where

    def at_x(self, x: float) -> float:
        """A day in points from the left of the sheet."""
        first, last = self._x
        return self.left + (float(x) - first) / ((last - first) or 1) * self.width

    def at_y(self, y: float) -> float:
        """A height in points from the top of the sheet."""
        low, high = self._y
        y = float(y)
        if self._log:
            low, high, y = math.log(low), math.log(high), math.log(y)
        return self.top + self.height * (1 - (y - low) / ((high - low) or 1))

    # ---- marks

    def axvspan(self, first: float, last: float, *, color: str, zorder: float, lw: float) -> None:
        """A band over some days."""
        self._add(zorder, self._box(first, last, self.top, self.height, fill=colour_of(color)))

    def axvline(self, x: float, *, color: str, lw: float, zorder: float = 2, ls: str = "-") -> None:
        """A line through a day."""
        at, ink = pt(self.at_x(x)), colour_of(color)
        dash = {":": ' stroke-dasharray="1 1.65"'}.get(ls, "")
        look = f'stroke="{ink}" stroke-width="{lw}"{dash}'
        self._add(zorder, f'<path d="M{at} {pt(self.top)}v{pt(self.height)}" {look}/>')

    def barh(
        self,
        y: float,
        width: float,
        *,
        left: float,
        height: float,
        facecolor: str | Tint,
        edgecolor: str,
        lw: float,
        zorder: float,
        hatch: str | None = None,
        ls: Any = None,
    ) -> None:
        """A bar; one that is tinted lies on paper."""
        low, high = sorted((self.at_y(y - height / 2), self.at_y(y + height / 2)))
        fill, opacity = facecolor if isinstance(facecolor, Tint) else (facecolor, 1.0)
        dash = dashes_of(lw, () if ls is None else ls[1])
        place = (left, left + width, low, high - low)
        if isinstance(facecolor, Tint):
            self._add(zorder, self._box(*place, fill=colour_of("white")))
        more = f' fill-opacity="{opacity}"' if opacity < 1 else ""
        line = f' stroke="{colour_of(edgecolor)}" stroke-width="{lw}"{dash}'
        fill = fill if fill == "none" else colour_of(fill)
        self._add(zorder, self._box(*place, fill=fill, more=more + ("" if hatch else line)))
        if hatch:
            self._add(zorder, self._box(*place, fill=self._hatch(edgecolor), more=line))

    def plot(
        self,
        x: Iterable[float],
        y: Iterable[float],
        look: str = "",
        *,
        color: str = "#222222",
        lw: float = 1.2,
        ls: str = "-",
        dashes: Sequence[float] = (),
        zorder: float = 2,
        marker: str = "",
        clip_on: bool = True,
        ms: float = 6,
        mfc: str | None = None,
        mec: str | None = None,
        mew: float = 0.6,
        label: str = "",
    ) -> None:
        """A line through points, markers on them, or both; NaN breaks the line."""
        marker = marker or look
        points = [(float(a), float(b)) for a, b in zip(x, y, strict=True)]
        if ls and not look:
            self._line(points, color, lw, dashes, zorder, clip_on)
        if marker:
            fill = colour_of(mfc or color)
            edge = colour_of(mec or color)
            for a, b in points:
                if a == a and b == b:
                    self._mark(marker, self.at_x(a), self.at_y(b), ms, fill, edge, mew, zorder)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        transform: str | None = None,
        ha: str = "left",
        va: str = "baseline",
        fontsize: float = POINTS,
        fontweight: str | None = None,
        style: str | None = None,
        color: str = "#222222",
        zorder: float = 3,
        clip_on: bool = False,
        bbox: Any = None,
    ) -> None:
        """A text at a day and height, or at shares of the panel."""
        if transform == self.transAxes:
            at, base = self.left + x * self.width, self.top + (1 - y) * self.height
        else:
            at, base = self.at_x(x), self.at_y(y)
        self._text(at, base, text, ha, va, fontsize, fontweight, style, color, zorder, bbox)

    def annotate(
        self,
        text: str,
        point: tuple[float, float],
        away: tuple[float, float],
        *,
        textcoords: str,
        ha: str,
        va: str,
        fontsize: float,
        zorder: float,
    ) -> None:
        """A text some points away from a day and height."""
        at, base = self.at_x(point[0]) + away[0], self.at_y(point[1]) - away[1]
        self._text(at, base, text, ha, va, fontsize, None, None, "#222222", zorder, None)

    # ---- axes

    def set_yticks(
        self, ticks: Iterable[float], labels: Iterable[str], length: float = TICK
    ) -> None:
        for tick, label in zip(ticks, labels, strict=True):
            y = self.at_y(tick)
            x = self.left - length - PAD
            self._labels = max(self._labels, length + PAD + self._wide(label, TICK_TEXT))
            self._text(x, y, label, "right", "center", TICK_TEXT)
            if length:
                self._stroke(f"M{pt(self.left)} {pt(y)}h{pt(-length)}")

    def set_ylabel(self, text: str) -> None:
        """The name of the heights, upright beside their numbers."""
        x, y = pt(self.left - self._labels - 4 - DESCENT * POINTS), pt(self.top + self.height / 2)
        look = f'font-size="{pt(POINTS)}" text-anchor="middle" fill="{colour_of("#222222")}"'
        turned = f'transform="translate({x} {y}) rotate(-90)"'
        self._add(3, f"<text {turned} {look}>{sound(text)}</text>")

    def ticks_below(self, ticks: Iterable[float], labels: Iterable[str], name: str = "") -> None:
        """Ticks on the line below the panel, and what they are of."""
        low = self.top + self.height
        for tick, label in zip(ticks, labels, strict=True):
            self._stroke(f"M{pt(self.at_x(tick))} {pt(low)}v{pt(TICK)}")
            self._text(self.at_x(tick), low + TICK + PAD, label, "center", "top", TICK_TEXT)
        if name:
            below = low + TICK + PAD + TICK_TEXT + 2
            self._text(self.left + self.width / 2, below, name, "center", "top", POINTS)
        self._spines["bottom"] = True

    def ticks_above(self, ticks: Iterable[float], labels: Iterable[str]) -> None:
        """Ticks above the panel."""
        for tick, label in zip(ticks, labels, strict=True):
            self._stroke(f"M{pt(self.at_x(tick))} {pt(self.top)}v{pt(-TICK)}")
            self._text(self.at_x(tick), self.top - TICK - PAD, label, "center", "bottom", TICK_TEXT)

    def legend(self, entries: Sequence[tuple[str, Any, str]], middle: float) -> None:
        """Marks and their words in a row, around `middle`, a share of the width.

        An entry is a kind (a marker, `"bar"` or `"hatch"`), its fill and its words.
        """
        handle, pad, apart = 1.4 * SMALL, 0.4 * SMALL, 1.0 * SMALL
        words = [self._wide(text, SMALL) for *_, text in entries]
        whole = sum(words) + len(entries) * (handle + pad) + apart * max(len(entries) - 1, 0)
        x, y = self.left + middle * self.width - whole / 2, self.top + self.height / 2
        ink = colour_of("#222222")
        for (kind, fill, text), wide in zip(entries, words, strict=True):
            if kind in ("bar", "hatch"):
                place = (
                    f'x="{pt(x)}" y="{pt(y - 0.35 * SMALL)}" width="{pt(handle)}" '
                    f'height="{pt(0.7 * SMALL)}" stroke="{colour_of("#555555")}" '
                    f'stroke-width="{THIN}"'
                )
                shown = self._hatch("#555555") if kind == "hatch" else colour_of("white")
                self._add(5, f'<rect {place} fill="{shown}"/>')
            else:
                fill = "none" if fill == "none" else colour_of(fill)
                self._mark(kind, x + handle / 2, y, 5.5, fill, ink, THIN, 5)
            self._text(x + handle + pad, y, text, "left", "center", SMALL)
            x += handle + pad + wide + apart

    # ---- as SVG

    def drawn(self, number: int) -> str:
        """All of the panel, in the order in which it lies over each other."""
        clip = f"{_PREFIX}clip{number}"
        defs = [
            f'<clipPath id="{clip}"><rect x="{pt(self.left)}" y="{pt(self.top)}" '
            f'width="{pt(self.width)}" height="{pt(self.height)}"/></clipPath>'
        ]
        defs += [
            f'<pattern id="{_PREFIX}{name}{number}" width="3.2" height="3.2" '
            f'patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M0 0V3.2" '
            f'stroke="{colour_of(colour)}" stroke-width="{2 * THIN}"/></pattern>'
            for colour, name in self._hatches.items()
        ]
        low, right = self.top + self.height, self.left + self.width
        if self._spines.get("left"):
            self._stroke(f"M{pt(self.left)} {pt(self.top)}V{pt(low)}")
        if self._spines.get("bottom"):
            self._stroke(f"M{pt(self.left)} {pt(low)}H{pt(right)}")
        parts = [text for _, text in sorted(self._parts, key=lambda part: part[0])]
        body = "\n".join(parts).replace(_CLIP, clip).replace(_NUMBER, str(number))
        return f"<g>\n<defs>{''.join(defs)}</defs>\n{body}\n</g>"

    def _add(self, zorder: float, text: str) -> None:
        self._parts.append((zorder, text))

    def _box(
        self, first: float, last: float, y: float, height: float, *, fill: str, more: str = ""
    ) -> str:
        x, end = self.at_x(first), self.at_x(last)
        place = f'x="{pt(x)}" y="{pt(y)}" width="{pt(max(end - x, 0))}" height="{pt(height)}"'
        return f'<rect {place} fill="{fill}"{more} clip-path="url(#{_CLIP})"/>'

    def _hatch(self, colour: str) -> str:
        name = self._hatches.setdefault(colour, f"hatch{len(self._hatches)}-")
        return f"url(#{_PREFIX}{name}{_NUMBER})"

    def _stroke(self, path: str) -> None:
        self._add(2.5, f'<path d="{path}" stroke="{colour_of("#222222")}" stroke-width="{THIN}"/>')

    def _line(
        self,
        points: Sequence[tuple[float, float]],
        colour: str,
        width: float,
        dashes: Sequence[float],
        zorder: float,
        clip: bool,
    ) -> None:
        path, pen = [], "M"
        for x, y in points:
            if math.isnan(y):
                pen = "M"
                continue
            path.append(f"{pen}{pt(self.at_x(x))} {pt(self.at_y(y))}")
            pen = "L"
        if path:
            more = dashes_of(width, dashes)
            more += f' clip-path="url(#{_CLIP})"' if clip else ""
            self._add(
                zorder,
                f'<path d="{"".join(path)}" fill="none" '
                f'stroke="{colour_of(colour)}" stroke-width="{width}"{more}/>',
            )

    def _mark(
        self,
        kind: str,
        x: float,
        y: float,
        size: float,
        fill: str,
        edge: str,
        width: float,
        zorder: float,
    ) -> None:
        look = f'fill="{fill}" stroke="{edge}" stroke-width="{width}"'
        self._add(zorder, marker(kind, x, y, size, look))

    def _text(
        self,
        x: float,
        y: float,
        text: str,
        ha: str,
        va: str,
        size: float,
        weight: str | None = None,
        style: str | None = None,
        colour: str = "#222222",
        zorder: float = 3,
        back: Any = None,
    ) -> None:
        y += size * {"center": MIDDLE, "top": ASCENT, "bottom": -DESCENT}.get(va, 0.0)
        anchor = {"center": "middle", "right": "end"}.get(ha)
        if back is not None:
            self._back(x, y, text, anchor, size, zorder)
        more = f' text-anchor="{anchor}"' if anchor else ""
        more += f' font-weight="{weight}"' if weight else ""
        more += f' font-style="{style}"' if style else ""
        self._add(
            zorder,
            f'<text x="{pt(x)}" y="{pt(y)}" font-size="{pt(size)}" '
            f'fill="{colour_of(colour)}"{more}>{sound(text)}</text>',
        )

    def _back(
        self, x: float, y: float, text: str, anchor: str | None, size: float, zorder: float
    ) -> None:
        """Paper behind a text, so that what lies under it does not cross it."""
        wide = self._wide(text, size)
        x -= {"middle": wide / 2, "end": wide}.get(anchor or "", 0.0)
        self._add(
            zorder,
            f'<rect x="{pt(x - THIN)}" y="{pt(y - ASCENT * size - THIN)}" '
            f'width="{pt(wide + 2 * THIN)}" height="{pt(size + 2 * THIN)}" '
            f'fill="{colour_of("white")}" fill-opacity="0.85"/>',
        )

    def _wide(self, text: str, size: float) -> float:
        return length_in(text, size) * POINTS_AN_INCH


_CLIP, _NUMBER = "\0\1", "\0\2"
"""What stands for the panel's clip and number until it is drawn."""
