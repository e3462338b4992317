"""Numbers, texts and colours as SVG writes them."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

from ._canvas import GREYS

__all__ = ["PAGE_COLOURS", "Tint", "colour_of", "dashes_of", "pt", "sound"]


PAGE_COLOURS = {
    "white": "paper", "#ffffff": "paper", GREYS["ink"]: "ink", "#222222": "ink", "#444444": "soft",
    "#555555": "soft", GREYS["faint"]: "faint", GREYS["line"]: "rule", GREYS["band"]: "tint",
    "#1f6aa5": "pr", "#d55e00": "pd", "#08306b": "cr", "#332288": "indigo", "#117733": "forest",
    "#882255": "wine", "#661100": "umber", "#7a5195": "plum",
}  # fmt: skip
"""Colours that a page has of its own, light or dark; without a page they are as they are here."""


class Tint(tuple[str, float]):
    """A colour mixed with the paper: its name, and the share that is left of it."""


def colour_of(name: str) -> str:
    """A colour as SVG: that of the page where it has one."""
    own = PAGE_COLOURS.get(name)
    return name if own is None else f"var(--{own}, {name})"


def pt(value: float) -> str:
    """A number in a hundredth of a point."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def dashes_of(width: float, dashes: Sequence[float]) -> str:
    told = " ".join(pt(width * each) for each in dashes)
    return f' stroke-dasharray="{told}"' if told else ""


def sound(text: str) -> str:
    """Text as XML can hold it."""
    told = text.replace(r"\$", "$").encode("utf-8", "backslashreplace").decode("utf-8")
    return escape("".join(c if c.isprintable() else " " for c in told))
