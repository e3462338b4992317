"""The arithmetic of the criteria, on whole micrometres and whole days, without a branch.

One body serves one patient (`int`) and a cohort (`int64` array). A share is a `Fraction` and is
compared by cross-multiplication, so a change of exactly thirty per cent is exactly that.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

__all__ = ["area", "at_least", "below", "extent", "fell_by", "reaches", "rise"]

# int, or int64 array: the same operators either way. Any keeps one body for both.
Number = Any


def area(long: Number, across: Number) -> Number:
    """The product of two perpendicular diameters, in square micrometres."""
    return long * across


def at_least(value: Number, limit: Number) -> Number:
    """Whether `value` reaches `limit`, the limit included."""
    return value >= limit


def below(value: Number, limit: Number) -> Number:
    """Whether `value` stays under `limit`."""
    return value < limit


def fell_by(now: Number, reference: Number, share: Fraction) -> Number:
    """Whether `now` is lower than `reference` by `share` of it or more."""
    return (reference - now) * share.denominator >= reference * share.numerator


def rise(
    now: Number, reference: Number, share: Fraction, floor: Number, above: Number = 0
) -> Number:
    """How far `now` rose over `reference`, as a `Rise` code.

    0: not at all, or by less than `share` of the reference; 1: by that, but by less than `floor`;
    2: by both. From a reference of zero any rise is enough in share. `above` is 1 where exactly
    `share` is not enough.
    """
    enough = (now - reference) * share.denominator >= reference * share.numerator + above
    return (enough & (now > reference)) * (1 + (now - reference >= floor))


def extent(size: Number, known: Number, smallest: Number) -> Number:
    """How a size compares with the smallest that counts, as an `Extent` code.

    0: unknown; 1: zero; 2: above zero and under `smallest`; 3: at least `smallest`.
    """
    return known * (1 + (size > 0) * (1 + (size >= smallest)))


def reaches(time: Number, before: Number, ratio: Fraction) -> Number:
    """Whether `time` is `ratio` times `before` or more."""
    return time * ratio.denominator >= before * ratio.numerator
