"""Cells of the domain TR: what one result says, by its test, its value, its unit, its status."""

from __future__ import annotations

import re
from decimal import Decimal
from types import MappingProxyType

import attrs

__all__ = ["DERIVED", "DIAMETER", "EQUIVOCAL", "LENGTH", "NOT_A_LENGTH", "NOT_DONE",
           "NOT_EVALUABLE", "OTHER", "PERPENDICULAR", "STATE", "TOO_SMALL",
           "UNEQUIVOCAL", "VIABLE", "Said", "is_undone", "said_by", "unit_as_written"]  # fmt: skip

VIABLE, LENGTH, PERPENDICULAR, DIAMETER, STATE = range(5)
"""The slots of a finding that a result fills."""
NOT_DONE, DERIVED, OTHER, NOT_A_LENGTH = range(5, 9)
"""What a result is otherwise."""

TOO_SMALL, NOT_EVALUABLE = "too small", "not evaluable"
UNEQUIVOCAL, EQUIVOCAL = "unequivocal", "equivocal"

_SLOTS = MappingProxyType({
    "VDIAM": VIABLE, "LDIAM": LENGTH, "LPERP": PERPENDICULAR, "DIAMETER": DIAMETER,
    "TUMSTATE": STATE, "LNSTATE": STATE,
})  # fmt: skip
_STATES = MappingProxyType({
    **dict.fromkeys((
        "PRESENT", "PATHOLOGICAL", "ENLARGEMENT", "UNCHANGED", "DECREASED", "INCREASED",
    ), "present"),
    **dict.fromkeys(("ABSENT", "NON-PATHOLOGICAL"), "absent"),
    **dict.fromkeys(("UNEQUIVOCAL", "UNEQUIVOCAL PROGRESSION"), UNEQUIVOCAL),
    "EQUIVOCAL": EQUIVOCAL,
    **dict.fromkeys(("NE", "NOT EVALUABLE"), NOT_EVALUABLE),
})  # fmt: skip
_SUMS = ("SUM", "PC", "AC")
_ALL = "TRALL"
_SMALL = "TOO SMALL"
_NUMBER = re.compile(r"\d++\.?\d*+|\.\d++", re.ASCII)


@attrs.frozen
class Said:
    """What a result says: the slot it fills, or what it is otherwise, and the value or a reason."""

    what: int
    value: str = ""


def said_by(
    test: str | None,
    text: str | None,
    number: str | None,
    unit: str | None,
    original: str | None,
    status: str | None,
) -> Said:
    """What one result says. `text` is TRSTRESC, `number` TRSTRESN, `original` TRORRES."""
    test = (test or "").upper()
    slot = _SLOTS.get(test)
    if test == _ALL and (status or "").upper() == "NOT DONE":
        return Said(NOT_DONE)
    if slot is None:
        return Said(DERIVED if test.startswith(_SUMS) else OTHER, test)
    words = (text or "").upper()
    if _SMALL in words or _SMALL in (original or "").upper():
        return Said(slot, TOO_SMALL)
    if is_undone(text, number, status):
        return Said(NOT_DONE)
    if text is None and number is None:
        return Said(OTHER, f"{test} without a result")
    state = _STATES.get(words)
    if slot == STATE:
        return Said(OTHER, f"{test} {text}") if state is None else Said(STATE, state)
    if state == NOT_EVALUABLE:
        return Said(slot, NOT_EVALUABLE)
    return _length(slot, test, text or number or "", unit)


def _length(slot: int, test: str, text: str, unit: str | None) -> Said:
    """A size as decimal text in mm."""
    if unit is None or unit.lower() not in ("mm", "cm"):
        told = f"{test} must be in mm or cm, got {text} {unit or 'without a unit'}"
        return Said(NOT_A_LENGTH, told)
    if not _NUMBER.fullmatch(text):
        return Said(NOT_A_LENGTH, f"{test} must be a number of mm or cm, got {text!r}")
    if unit.lower() == "cm":
        return Said(slot, f"{(Decimal(text) * 10).normalize():f}")
    return Said(slot, text)


def unit_as_written(unit: str | None, original: str | None, *standard: str | None) -> str | None:
    """The unit of a standard result without one of its own: that of the original, if it is that.

    `standard` are TRSTRESC and TRSTRESN. Ten times a size in cm is the same in mm; another number
    has a unit that nobody tells.
    """
    sizes = {Decimal(each) for each in standard if each is not None and _NUMBER.fullmatch(each)}
    if unit is None or original is None or not _NUMBER.fullmatch(original) or not sizes:
        return unit
    if sizes == {Decimal(original)}:
        return unit
    if unit.lower() == "cm" and sizes == {Decimal(original) * 10}:
        return "mm"
    return f"{unit} in TRORRESU of {original}"


def is_undone(text: str | None, number: str | None, status: str | None) -> bool:
    """Whether a result of any test was not done, and says no more."""
    return text is None and number is None and (status or "").upper() == "NOT DONE"
