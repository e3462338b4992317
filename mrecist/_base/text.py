"""Text for people: millimetres, percentages, plurals, dates and aligned columns.

Nothing here decides anything. A percentage is cut, never rounded, at two decimals.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

from .converters import Date

__all__ = [
    "DAYS_A_MONTH", "Text", "grid", "mm", "mm2", "months", "percent", "several", "when", "wrapped",
]  # fmt: skip


WIDTH = 100

DAYS_A_MONTH = Decimal("30.4375")
"""The one convention by which days are shown as months (DATE-04); nothing is decided in months."""


class Text(str):
    """Text that shows itself, line by line, where it is the last expression of a cell."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(str(self))

    def _repr_html_(self) -> str:
        from . import html  # only a notebook asks

        return html.preformatted(self)


@lru_cache(maxsize=1 << 12)
def mm(um: int | None) -> str:
    """Micrometres as a person reads millimetres: at least one decimal, all that there are."""
    if um is None:
        return "none"
    text = f"{um / 1000:.3f}".rstrip("0")
    return f"{text}0 mm" if text.endswith(".") else f"{text} mm"


def mm2(um2: int | None) -> str:
    """Square micrometres as a person reads square millimetres, with all decimals that there are."""
    if um2 is None:
        return "none"
    whole, rest = divmod(um2, 1_000_000)
    return f"{whole}.{rest:06}".rstrip("0").rstrip(".") + " mm2"


def percent(part: int, whole: int) -> str:
    """A share as a percentage, cut (not rounded) at two decimals."""
    if whole == 0:
        return "from nothing"
    hundredths = 10000 * part // whole
    return f"{hundredths // 100}.{hundredths % 100:02}".rstrip("0").rstrip(".") + " %"


def months(days: int) -> Decimal:
    """Days as months with one decimal, for display; halves are rounded up."""
    return (Decimal(days) / DAYS_A_MONTH).quantize(Decimal("0.1"), ROUND_HALF_UP)


def when(date: Date) -> str:
    """A date as a person says it."""
    return f"day {date}" if isinstance(date, int) else str(date)


def several(count: int, noun: str) -> str:
    """So many of something."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def wrapped(text: str, indent: str, width: int = WIDTH) -> list[str]:
    """Text in rows of at most 100 columns, or as many, words left whole where they can be."""
    from textwrap import wrap  # only where text is asked for

    if len(text) <= width and text.isprintable():
        return [text.rstrip()]
    rows = wrap(text, width, subsequent_indent=indent, break_on_hyphens=False)
    return rows or [""]


def grid(rows: Sequence[Sequence[str]], gap: str = "  ") -> list[str]:
    """Rows as aligned columns, `gap` between them."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [
        gap.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
