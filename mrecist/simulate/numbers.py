"""Random numbers of which a patient always gets the same, whatever the others are.

Philox is counter-based: the numbers of a patient begin at a counter that follows from the index of
the patient alone. Each purpose has a key of its own, so that a change of, say, the error of readers
leaves every tumour as it is.
"""

from __future__ import annotations

import math

import attrs
import numpy as np

from .._base.arrays import Array

__all__ = ["Numbers"]

_PURPOSES = (
    "calendar", "missed", "death", "lost", "next line", "rechallenge", "count", "size", "share",
    "growth", "kill", "lesion kill", "new", "pattern", "place", "thrombus", "afp", "afp noise",
    "reading", "tail", "flip", "flip size",
)  # fmt: skip
_A_COUNTER = 4  # numbers that Philox draws for each


@attrs.frozen
class Numbers:
    """The random numbers of some patients, from `first` on: arrays of (patient, ...)."""

    seed: int
    first: int
    patients: int

    def uniform(self, purpose: str, *shape: int) -> Array:
        """Numbers between 0 and 1, neither of them included."""
        wanted = math.prod(shape)
        width = -(-wanted // _A_COUNTER)
        root = np.random.SeedSequence(self.seed, spawn_key=(_PURPOSES.index(purpose),))
        stream = np.random.Philox(key=root.generate_state(2, np.uint64), counter=self.first * width)
        raw = stream.random_raw(self.patients * width * _A_COUNTER)
        raw = raw.reshape(self.patients, width * _A_COUNTER)[:, :wanted]
        return ((raw >> np.uint64(11)) + 0.5).reshape(self.patients, *shape) * 2.0**-53

    def normal(self, purpose: str, *shape: int) -> Array:
        """Standard normal numbers (Box and Muller)."""
        wanted = math.prod(shape)
        one, other = np.moveaxis(self.uniform(purpose, 2, -(-wanted // 2)), 1, 0)
        radius, angle = np.sqrt(-2 * np.log(one)), 2 * np.pi * other
        both = np.concatenate([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
        return both[:, :wanted].reshape(self.patients, *shape)
