"""Sizes and changes as the tables of a page print them."""

from __future__ import annotations

from .._base.text import mm, mm2, percent
from .._base.words import Status
from ..patient.assessment import LineAssessment
from ..patient.sights import Sight
from ..rulebook.parts import CALLED

__all__ = ["NOTHING", "bare", "change", "size_text", "total_text"]

NOTHING = "–"


def size_text(sight: Sight) -> str:
    """A size, a word where there is none, or both; empty where nothing is recorded."""
    if sight.rule.id in CALLED:
        return CALLED[sight.rule.id].format_map(sight.numbers)
    if not sight.recorded:
        return ""
    word = "" if sight.status is Status.MEASURED else str(sight.status)
    if not sight.known:
        return word or "no size"
    if word and not sight.um:
        return word
    return bare(sight.um) + (f" {word}" if word else "")


def bare(um: int | None) -> str:
    """Millimetres without their unit, which stands in the head of the table."""
    return NOTHING if um is None else mm(um).removesuffix(" mm")


def total_text(line: LineAssessment, total: int | None) -> str:
    """A total without its unit: of lengths in mm, of areas in mm2."""
    if line.facts.chart.criteria.area is None:
        return bare(total)
    return NOTHING if total is None else mm2(total).removesuffix(" mm2")


def change(um: int | None, reference: int | None) -> str:
    """A change against a reference as a signed percentage, cut, for display."""
    if um is None or not reference:
        return NOTHING
    sign = "−" if um < reference else "+"
    return sign + percent(abs(um - reference), reference).replace(" ", "\u00a0")
