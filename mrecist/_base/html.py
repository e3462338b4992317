"""Tables for a notebook: plain HTML that takes the style of the page around it, all text escaped.

For pages that stand alone see `mrecist.report`; this needs nothing but the standard library.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

__all__ = ["harmless", "of_text", "paragraphs", "preformatted", "table"]

# What steers a parser, and what turns the direction of the text around it.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


_SOLID = {
    "CR": "#08306b", "PR": "#1f6fa8", "SD": "#6b6b6b", "NON-CR/NON-PD": "#7a6a1d", "PD": "#b34700",
    "NED": "#00704f",
}  # fmt: skip
"""Verdicts and the colours that reports give them, dark enough for white letters."""
_OPEN = ("NE", "ND")
_BADGE = "display:inline-block;padding:0 .4em;border-radius:.3em;font-weight:700;"


def _cell(text: str) -> str:
    """A cell: a verdict as a badge of its word, its colour and its border; any other text as text.

    No verdict is told by colour alone.
    """
    word, mark = text.rstrip("*~?"), text[len(text.rstrip("*~?")) :]
    if word in _SOLID:
        style = f"{_BADGE}color:#fff;background:{_SOLID[word]};"
        style += "border:3px double #fff" if word == "CR" else f"border:1.5px solid {_SOLID[word]}"
    elif word in _OPEN:
        style = f"{_BADGE}border:1.5px dashed currentColor"
    else:
        return _text(text)
    return f'<span style="{style}">{word}</span>{_text(mark)}'


def harmless(text: str) -> str:
    """Text in which control characters and such as turn its direction are written out."""
    return _UNSEEN.sub(lambda found: ascii(found[0])[1:-1], text)


def table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table whose rows begin with their heading; `head` empty leaves the column heads out."""
    heads = "".join(f'<th scope="col">{_text(each)}</th>' for each in head)
    body = "".join(f"<tr>{_row(row)}</tr>" for row in rows)
    top = f"<thead><tr>{heads}</tr></thead>" if head else ""
    told = f'<caption style="text-align:left">{_text(caption)}</caption>' if caption else ""
    return f"<table>{told}{top}<tbody>{body}</tbody></table>"


def paragraphs(texts: Iterable[str]) -> str:
    """Texts below each other."""
    return "".join(f"<p>{_text(text)}</p>" for text in texts)


def preformatted(text: str) -> str:
    """Text as it is laid out."""
    return f"<pre>{_text(text)}</pre>"


_GAP = re.compile(r"\s{2,}")


def of_text(text: str, heads: Sequence[str] = ()) -> str:
    """Text with aligned columns as tables: its first row as a heading, rows of prose as such.

    Columns are two spaces apart, and no cell is empty. A row that begins with one of `heads` has
    the heads of the columns.
    """
    first, *rows = text.split("\n")
    parts = [paragraphs([first])]
    held: list[list[str]] = []
    for row in [*rows, ""]:
        cells = _GAP.split(row.strip())
        if len(cells) > 1 and (not held or len(cells) == len(held[0])):
            held.append(cells)
            continue
        parts.append(_held(held, heads))
        held = [cells] if len(cells) > 1 else []
        parts += [paragraphs([row.strip()])] if len(cells) == 1 and row.strip() else []
    return "".join([*parts, _held(held, heads)])


def _held(rows: Sequence[Sequence[str]], heads: Sequence[str]) -> str:
    if not rows:
        return ""
    has_head = rows[0][0] in heads
    return table("", rows[0] if has_head else (), rows[1:] if has_head else rows)


def _row(cells: Sequence[str]) -> str:
    first, *others = cells
    return f'<th scope="row">{_text(first)}</th>' + "".join(
        f"<td>{_cell(each)}</td>" for each in others
    )


def _text(text: str) -> str:
    from html import escape  # only a notebook asks for it

    return escape(harmless(str(text)))
