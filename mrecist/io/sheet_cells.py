"""What a cell for a size says: a length, two of them, or a word; anything else is refused.

A refusal says what to write instead: it is never guessed what `32?` or `<10` may have meant.
"""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from functools import lru_cache
from typing import Any

import attrs

from .._base.converters import shown
from .sheet_words import STATUSES, folded

__all__ = ["NOTHING", "SizeCell", "size_cell"]

_MOST_MM = 1000
_LENGTH = r"([0-9]+(?:[.,][0-9]+)?|[.,][0-9]+)\s*(mm|cm)?"
_ONE = re.compile(rf"{_LENGTH}", re.I)
_TWO = re.compile(rf"{_LENGTH}\s*[x×]\s*{_LENGTH}", re.I)
NOTHING = frozenset({"", "-", "–", "—"})
"""Texts of a cell in which nothing is recorded."""
_TEN = Decimal(10)


@attrs.frozen
class SizeCell:
    """A cell that was read: sizes in mm, the larger first, or the word of a status.

    `bare`: the size stood without a unit.
    """

    mm: Decimal | None = None
    second_mm: Decimal | None = None
    status: str | None = None
    bare: bool = False


def size_cell(value: Any, unit: str = "mm", decimal: str = ".") -> SizeCell | None:
    """Read a cell; `None` where nothing is recorded. `ValueError` says why it cannot be read.

    `unit` is that of numbers without one.
    """
    if value is None:
        return None
    if isinstance(value, (bool, datetime.date, datetime.time, datetime.timedelta)):
        raise ValueError(_of_another_type(value))
    if isinstance(value, (int, float)):
        return _sized([(Decimal(repr(value)), "")], unit, value)
    return _of_text(str(value).strip(), unit, decimal)


@lru_cache(maxsize=1 << 16)
def _of_text(text: str, unit: str, decimal: str) -> SizeCell | None:
    if text in NOTHING:
        return None
    status = STATUSES.get(folded(text))
    if status is not None:
        return SizeCell(status=status)
    found = _ONE.fullmatch(text) or _TWO.fullmatch(text)
    if found is None:
        raise ValueError(f"{_cure(text)}, got {shown(text)}")
    parts = found.groups()
    lengths = [(_number(parts[at], decimal, text), parts[at + 1]) for at in range(0, len(parts), 2)]
    if len(lengths) > 1 and not lengths[0][1]:
        lengths[0] = (lengths[0][0], lengths[1][1])
    return _sized(lengths, unit, text)


def _number(text: str, decimal: str, whole: str) -> Decimal:
    """A number with the decimal mark of the sheet; the other mark is refused."""
    other = "," if decimal == "." else "."
    if other in text:
        raise ValueError(
            f"must have the decimal mark {decimal!r}: if {other!r} is that of the sheet, "
            f'say decimal="{other}" (--decimal "{other}"), got {shown(whole)}'
        )
    return Decimal(text.replace(",", "."))


def _sized(lengths: list[tuple[Decimal, str | None]], unit: str, value: Any) -> SizeCell:
    mm = sorted(
        (number * (_TEN if (said or unit).lower() == "cm" else 1) for number, said in lengths),
        reverse=True,
    )
    if not all(each.is_finite() and 0 <= each <= _MOST_MM for each in mm):
        raise ValueError(f"must be from 0 to {_MOST_MM} mm, got {shown(value)}")
    return SizeCell(mm[0], mm[1] if mm[1:] else None, bare=not lengths[-1][1])


def _of_another_type(value: Any) -> str:
    if isinstance(value, bool):
        return f"must be a size or a word, not a tick box, got {shown(value)}"
    return (
        "must be a size or a word: the spreadsheet has made a date or a time of it, so format the "
        f"column as text and type it again, got {shown(str(value))}"
    )


def _cure(text: str) -> str:
    """What to write instead of a text that says more, or less, than a size."""
    if any(mark in text for mark in "<>≤≥"):
        return 'must be a size, "too small" or "not evaluable", not a bound'
    if re.search(r"[?~≈±]|ca\b|approx", text, re.I):
        return 'must be the size that counts, without a doubt (doubts go into a comment), or "NE"'
    if re.search(r"[0-9]\s*\+", text):
        return "must be one size: fragments are lesions of their own, with part_of"
    if re.search(r"[0-9]\s*/\s*[0-9]", text):
        return 'must be one size, or two as "32x20"; viable and whole go into two rows or columns'
    if "(" in text or "viable" in text.lower():
        return "must be one size: viable and whole go into two rows, told apart by a column measure"
    if any(each.isdigit() and not each.isascii() for each in text):
        return "must be written with the digits 0 to 9"
    return (
        'must be a size like "32", "32 mm", "3.2 cm" or "32x21", or one of: absent, too small, '
        "present, progressed, NE"
    )
