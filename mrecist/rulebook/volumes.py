"""What a change of diameter is in volume, for a sphere (Reading RD-VIABLE-VOLUME). Research only.

A sphere of 7/10 of the diameter has 343/1000 of the volume, one of 12/10 has 1728/1000.
"""

from __future__ import annotations

from fractions import Fraction

from .criteria import Criteria

__all__ = ["fall_of_sphere", "rise_of_sphere"]


def fall_of_sphere(criteria: Criteria) -> Fraction:
    """The share of its volume that a sphere loses with the share of diameter that is response."""
    return 1 - (1 - criteria.response_share) ** 3


def rise_of_sphere(criteria: Criteria) -> Fraction:
    """The share of its volume that a sphere gains with the share that is progression."""
    return (1 + criteria.progression_share) ** 3 - 1
