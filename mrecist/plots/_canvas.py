"""What all figures share: a figure of its own, the style, the colours, text that fits.

matplotlib is loaded when a figure is drawn, and pyplot never: nothing global changes, no figure
is left open by a script, and a notebook shows the axes that a call gives back.
"""

from __future__ import annotations

import io
import os
import re
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache, partial, wraps
from inspect import signature
from itertools import accumulate
from typing import Any, NamedTuple, ParamSpec, TypeVar

from .._base.extras import extra
from .._base.nearest import nearest
from .._base.words import Response

__all__ = [
    "DOUBLE_COLUMN_IN",
    "GREYS",
    "LOOKS",
    "OTHER",
    "POINTS",
    "SMALL",
    "Look",
    "agent_looks",
    "bare",
    "both_clipped",
    "clipped",
    "defaults",
    "drawing",
    "figure_of",
    "folded",
    "length_in",
    "mpl",
    "new_figure",
    "plain",
    "rows_for",
    "rows_of",
    "said",
    "shown",
    "spread",
    "style",
    "tint",
    "where",
]

DOUBLE_COLUMN_IN = 7.2
"""The width of a figure across two columns of a journal, in inches."""

POINTS, SMALL = 8.0, 6.5
"""The sizes of text, in points."""

GREYS = {"ink": "#222222", "faint": "#8a8a8a", "line": "#c4c4c4", "band": "#f3f3f3"}

_STYLE = {
    "font.size": POINTS,
    "axes.titlesize": POINTS,
    "axes.labelsize": POINTS,
    "xtick.labelsize": POINTS - 0.5,
    "ytick.labelsize": POINTS - 0.5,
    "legend.fontsize": POINTS - 0.5,
    "legend.frameon": False,
    "legend.handlelength": 1.4,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.6,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "lines.linewidth": 1.2,
    "hatch.linewidth": 0.6,
    "axes.edgecolor": GREYS["ink"],
    "text.color": GREYS["ink"],
}


class Look(NamedTuple):
    """How a response or a drug is told: by colour, and by hatch and marker beside it."""

    colour: str
    hatch: str
    marker: str
    text: str = "#000000"


# Blues for response, grey for stable, vermilion for progression: told apart with every kind of
# colour vision, and in grey by lightness, hatch and marker.
LOOKS: dict[str, Look] = {
    Response.CR: Look("#08306b", "", "*", "#ffffff"),
    Response.PR: Look("#4f9bd2", "", "v"),
    Response.SD: Look("#d0d0d0", "", "s"),
    Response.NON_CR_NON_PD: Look("#e9e2c0", "....", "D"),
    Response.PD: Look("#d55e00", "////", "^"),
    Response.NE: Look("#ffffff", "xxxx", "X"),
    Response.NED: Look("#009e73", "++", "P"),
    Response.ND: Look("#ffffff", "", "o"),
}

_AGENTS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#b8a800", "#7a5195")
OTHER = "#9a9a9a"


def agent_looks(names: Sequence[str]) -> dict[str, str]:
    """A colour for each drug or regimen, in the order given; past the palette all are grey."""
    return {name: _AGENTS[i] if i < len(_AGENTS) else OTHER for i, name in enumerate(names)}


def tint(colour: str, share: float) -> tuple[float, ...]:
    """A colour mixed with white; `share` is what is left of it."""
    rgb = mpl("matplotlib.colors").to_rgb(colour)
    return tuple(share * each + 1 - share for each in rgb)


def mpl(module: str = "matplotlib", *, of: str = "plots", purpose: str = "a plot needs") -> Any:
    """A module of matplotlib, the extra `plots`.

    `MPLBACKEND` in the environment is left out where it names none that there is: a figure that
    goes into a file needs no backend.
    """
    needed = partial(extra, module, of=of, purpose=purpose)
    try:
        return needed()
    except ValueError:
        named = os.environ.pop("MPLBACKEND", None)
        if named is None:
            raise
        for each in [name for name in sys.modules if name.split(".")[0] == "matplotlib"]:
            del sys.modules[each]  # half loaded
        try:
            return needed()
        finally:
            os.environ["MPLBACKEND"] = named


@contextmanager
def defaults() -> Iterator[None]:
    """Draw as matplotlib does where nobody has set anything, for pages of ours."""
    library = mpl()
    with library.rc_context(
        {
            name: value
            for name, value in library.rcParamsDefault.items()
            if not name.startswith("backend")
        }
    ):
        yield


@contextmanager
def style() -> Iterator[None]:
    """The style, for as long as a figure is drawn; what the user has set of his own stays."""
    library = mpl()
    usual, now = library.rcParamsDefault, library.rcParams
    ours = {name: value for name, value in _STYLE.items() if now[name] == usual[name]}
    with library.rc_context(ours):
        yield


Given = ParamSpec("Given")
Drawn = TypeVar("Drawn")


def drawing(draw: Callable[Given, Drawn]) -> Callable[Given, Drawn]:
    """A drawing function with the style around it; keywords that nothing takes are told."""

    @wraps(draw)
    def styled(*given: Given.args, **named: Given.kwargs) -> Drawn:
        with style():
            try:
                return draw(*given, **named)
            except (AttributeError, TypeError) as error:
                told = _refused(draw, named, str(error))
                if told is None:
                    raise
                raise TypeError(told) from None

    return styled


def _refused(draw: Callable[..., Any], named: Mapping[str, Any], error: str) -> str | None:
    """What to say of a keyword that matplotlib refused; `None` where the fault is another."""
    found = re.search(r"^(?:(\w+)\.set\(\) )?.*unexpected keyword argument '(\w+)'", error)
    if found is None or found[2] not in named:
        return None
    own = [
        each.name for each in signature(draw).parameters.values() if each.kind is each.KEYWORD_ONLY
    ]
    near = nearest(found[2], own)
    cure = f"did you mean {near}?" if near else f"its own keywords are {', '.join(own)}"
    others = f"; all others go to matplotlib's {found[1]}, which has no such property"
    return f"{draw.__name__}() takes no keyword {found[2]}: {cure}{others if found[1] else ''}"


def figure_of(
    ax: Any,
    height_in: float,
    width_in: float = DOUBLE_COLUMN_IN,
    *,
    left: float = 0.6,
    right: float = 0.15,
    top: float = 0.25,
    bottom: float = 0.5,
) -> Any:
    """The axes given, or those of a new figure with margins in inches."""
    if ax is not None:
        return ax
    figure = new_figure(width_in, height_in)
    box = (
        left / width_in,
        bottom / height_in,
        1 - (left + right) / width_in,
        1 - (top + bottom) / height_in,
    )
    return shown(figure.add_axes(box))


def new_figure(width_in: float, height_in: float) -> Any:
    """A figure that pyplot does not know."""
    figure = mpl("matplotlib.figure").Figure(figsize=(width_in, height_in), dpi=150)
    mpl("matplotlib.backends.backend_agg").FigureCanvasAgg(figure)
    return figure


def shown(ax: Any) -> Any:
    """The axes of a figure of ours, as a notebook shows them."""
    for each in (ax, ax.figure):
        each._repr_png_ = partial(_png, ax.figure)
    return ax


def _png(figure: Any) -> bytes:
    held = io.BytesIO()
    figure.savefig(held, format="png")
    return held.getvalue()


# ---- text


def plain(text: Any) -> str:
    """A text of the user's in one row, for matplotlib: nothing in it is mathematics."""
    return bare(text).replace("$", r"\$")


LONGEST = 1000
"""More letters than any row of a figure has room for."""


def bare(text: Any) -> str:
    """A text in one row, with nothing in it that cannot be printed; of a long one the beginning."""
    row = str(text)[:LONGEST]
    return " ".join("".join(c if c.isprintable() else " " for c in row).split())


def length_in(text: str, points: float = POINTS) -> float:
    """How long a text is, in inches: the sum of its letters, without kerning."""
    return sum(_letter_in(letter) for letter in text) * points / _MEASURED


_MEASURED = 100.0
"""The size at which letters are measured, in points."""


@lru_cache(maxsize=4096)
def _letter_in(letter: str) -> float:
    path, fonts = mpl("matplotlib.textpath"), mpl("matplotlib.font_manager")
    font = fonts.FontProperties(size=_MEASURED)
    with warnings.catch_warnings():  # letters that the font has not are told of when drawn
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        width, _, _ = path.text_to_path.get_text_width_height_descent(letter, font, False)
    return float(width) / 72


def clipped(text: Any, room_in: float, points: float = POINTS) -> str:
    """A text in one row, cut with an ellipsis where it is longer than the room there is.

    Empty where not even three letters fit.
    """
    whole = bare(text)
    if length_in(whole, points) <= room_in:
        return plain(whole)
    low, high = 0, len(whole)
    while low < high:
        middle = (low + high + 1) // 2
        if length_in(whole[:middle].rstrip() + "…", points) <= room_in:
            low = middle
        else:
            high = middle - 1
    return plain(whole[:low].rstrip() + "…") if low >= 3 else ""


def rows_of(text: Any, room_in: float, most: int, points: float = POINTS) -> list[str]:
    """A text in rows of a width, at most so many; only what has no room there is cut.

    A word that is longer than a row is broken.
    """
    left, rows = bare(text), list[str]()
    while left and len(rows) < most - 1 and length_in(left, points) > room_in:
        fits = _letters_that_fit(left, room_in, points)
        cut = left.rfind(" ", 0, fits + 1)
        head = left[: cut if cut > 0 else fits]
        rows.append(plain(head))
        left = left[len(head) :].strip()
    last = clipped(left, room_in, points) if left else ""
    return [*rows, last] if last else rows


def _letters_that_fit(text: str, room_in: float, points: float) -> int:
    ends = accumulate(length_in(letter, points) for letter in text)
    return max(sum(end <= room_in for end in ends), 1)


def both_clipped(one: Any, other: Any, room_in: float, points: float = POINTS) -> tuple[str, str]:
    """Two texts that share the room of a row: one is cut only where the other needs its half."""
    lengths = [min(length_in(bare(text), points), room_in / 2) for text in (one, other)]
    return (
        clipped(one, room_in - lengths[1], points),
        clipped(other, room_in - lengths[0], points),
    )


def folded(parts: Sequence[str], room_in: float, points: float = POINTS) -> str:
    """Parts of a caption in as few rows as their room allows; none is cut."""
    rows = [""]
    for part in parts:
        longer = f"{rows[-1]} {part}".lstrip()
        if length_in(longer, points) <= room_in:
            rows[-1] = longer
        else:
            rows.append(part)
    return "\n".join(filter(None, rows))


def rows_for(spans: Sequence[tuple[float, float]], most: int) -> list[int]:
    """A row for each span so that none overlap in a row; -1 where `most` rows are not enough."""
    ends: list[float] = []
    rows = [-1] * len(spans)
    for i in sorted(range(len(spans)), key=spans.__getitem__):
        first, last = spans[i]
        free = [row for row, end in enumerate(ends) if end <= first]
        if free:
            rows[i] = free[0]
            ends[free[0]] = last
        elif len(ends) < most:
            rows[i] = len(ends)
            ends.append(last)
    return rows


def spread(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Places moved apart to at least `gap`, in order, within `low` and `high` where they fit."""
    order = sorted(range(len(places)), key=places.__getitem__)
    moved = [min(max(places[i], low), high) for i in order]
    for i in range(1, len(moved)):
        moved[i] = max(moved[i], moved[i - 1] + gap)
    if moved and moved[-1] > high:
        moved[-1] = high
        for i in range(len(moved) - 2, -1, -1):
            moved[i] = min(moved[i], moved[i + 1] - gap)
    found = [0.0] * len(places)
    for i, place in zip(order, moved, strict=True):
        found[i] = place
    return found


def said(ax: Any, sentence: str) -> Any:
    """Axes that hold one plain sentence, where there is nothing to draw."""
    ax.set_axis_off()
    ax.text(
        0.5, 0.5, sentence, ha="center", va="center", transform=ax.transAxes, color=GREYS["ink"]
    )
    return ax


def where(ax: Any) -> tuple[float, float]:
    """The width and the height of axes, in inches."""
    width, height = ax.figure.get_size_inches()
    box = ax.get_position()
    return float(width * box.width), float(height * box.height)
