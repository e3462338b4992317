"""A figure as SVG text: the same text for the same figure, fit to stand in a page."""

from __future__ import annotations

import hashlib
import io
import re
import warnings
from typing import Any
from xml.sax.saxutils import escape

from .._base.converters import is_sound
from ._canvas import mpl, style

__all__ = ["svg"]

_SETTINGS = {"svg.fonttype": "none", "svg.hashsalt": "mrecist"}
_NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}
_TAG = re.compile(r"<[^>]+>")
_REFERENCE = re.compile(r'(\bid="|url\(#|href="#)')


def svg(figure: Any, *, title: str, description: str) -> str:
    """The figure as one `<svg>` element: no date, text as text, `role="img"`, named and described.

    The same figure with the same words gives the same text. Ids bear a prefix made from all of it,
    so that several stand in one page; nothing in it styles the page around it.

    Args:
        figure: A figure of matplotlib, such as `ax.figure`.
        title: What the figure is called, as plain text.
        description: What it shows, as plain text, for those who do not see it.

    Returns:
        The element, to stand in a page.
    """
    _spell_halves(figure)
    drawn = _drawn(figure)
    head, _, rest = drawn[drawn.index("<svg") :].partition(">")
    body = re.sub(r"\s*<metadata>.*?</metadata>", "", rest, count=1, flags=re.DOTALL)
    body = re.sub(r"\s*<style[^>]*>.*?</style>", "", body, count=1, flags=re.DOTALL)
    told = f"{title}\0{description}\0{head}{body}"
    prefix = f"m{hashlib.sha256(told.encode('utf-8', 'surrogatepass')).hexdigest()[:10]}-"
    head = _REFERENCE.sub(rf"\g<1>{prefix}", head)
    body = _TAG.sub(lambda tag: _REFERENCE.sub(rf"\g<1>{prefix}", tag[0]), body)
    return (
        f'{head} role="img" aria-labelledby="{prefix}title {prefix}desc" '
        f'stroke-linejoin="round" stroke-linecap="butt">\n'
        f' <title id="{prefix}title">{_text(title)}</title>\n'
        f' <desc id="{prefix}desc">{_text(description)}</desc>{body.rstrip()}\n'
    )


def _spell_halves(figure: Any) -> None:
    """Write out halves of characters in the texts of a figure, which no file can hold."""
    from matplotlib.text import Text

    for each in figure.findobj(Text):
        if not is_sound(each.get_text()):
            told = each.get_text().encode("utf-8", "backslashreplace")
            each.set_text(told.decode("utf-8"))


def _drawn(figure: Any) -> str:
    held = io.BytesIO()
    with style(), mpl().rc_context(_SETTINGS), warnings.catch_warnings():
        # The text stays text: whoever reads it brings the letters.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        figure.savefig(held, format="svg", metadata=_NO_METADATA, dpi=72)
    return held.getvalue().decode("utf-8")


def _text(text: str) -> str:
    return escape("".join(c if c.isprintable() or c == "\n" else " " for c in text))
