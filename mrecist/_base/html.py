"""Tables for a notebook: plain HTML that takes the style of the page around it, all text escaped.

For pages that stand alone see `mrecist.report`; this needs nothing but the standard library.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

__all__ = ["harmless", "paragraphs", "table"]

# What steers a parser, and what turns the direction of the text around it.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def harmless(text: str) -> str:
    """Text in which control characters and such as turn its direction are written out."""
    return _UNSEEN.sub(lambda found: ascii(found[0])[1:-1], text)


def table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table whose rows begin with their heading; `head` empty leaves the column heads out."""
    heads = "".join(f'<th scope="col">{_text(each)}</th>' for each in head)
    body = "".join(f"<tr>{_row(row)}</tr>" for row in rows)
    top = f"<thead><tr>{heads}</tr></thead>" if head else ""
    told = f'<caption style="text-align:left">{_text(caption)}</caption>'
    return f"<table>{told}{top}<tbody>{body}</tbody></table>"


def paragraphs(texts: Iterable[str]) -> str:
    """Texts below each other."""
    return "".join(f"<p>{_text(text)}</p>" for text in texts)


def _row(cells: Sequence[str]) -> str:
    first, *others = cells
    return f'<th scope="row">{_text(first)}</th>' + "".join(
        f"<td>{_text(each)}</td>" for each in others
    )


def _text(text: str) -> str:
    return escape(harmless(str(text)))
