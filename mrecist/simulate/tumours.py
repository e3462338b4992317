"""The true course of tumours, and what each reader reads: no verdict, only sizes.

Lesions are numbered: first the nodules of baseline, then a new one for each line. Sizes are
diameters in mm, arrays of (patient, lesion).
"""

from __future__ import annotations

import math

import numpy as np

from .._base.arrays import Array
from ..rulebook.trial_designs import Arm, Design
from .numbers import Numbers

__all__ = ["Readers", "Tumours", "treatments"]

_LARGEST_MM = 400.0
_SMALLEST_MM = 10.0  # every nodule of baseline could be a target
_FASTEST = 0.03  # a day: a diameter grows by a half in two weeks


def treatments(design: Design) -> tuple[Arm, ...]:
    """All treatments of a design: the arms, then the next lines."""
    return (*design.arms, *design.next_lines)


class Tumours:
    """What the tumours of patients are: sizes at the start, growth, and what treatment does."""

    def __init__(self, design: Design, numbers: Numbers) -> None:
        nodules, lines = len(design.lesions), 1 + len(design.next_lines)
        self.design, self.nodules, self.count = design, nodules, nodules + lines
        several = np.searchsorted(np.cumsum(design.lesions), numbers.uniform("count"))
        self.exists = np.arange(nodules) <= np.minimum(several, nodules - 1)[:, None]
        spread = design.baseline_log_sd * numbers.normal("size", nodules)
        self.baseline = np.clip(design.baseline_mm * np.exp(spread), _SMALLEST_MM, _LARGEST_MM)
        share = design.viable_share + (1 - design.viable_share) * numbers.uniform("share", nodules)
        self.whole = self.baseline / share
        self.pace = numbers.normal("growth")
        doubling = design.doubling_days * np.exp(-design.doubling_log_sd * self.pace)
        self.growth = np.minimum(math.log(2) / (3 * doubling), _FASTEST)[:, None]
        self.sensitivity = numbers.normal("kill", lines)
        self.lesion_kill = np.exp(design.lesion_log_sd * numbers.normal("lesion kill", nodules))
        self.waits = -np.log(numbers.uniform("new", lines))
        self.typical = numbers.uniform("pattern", lines) < design.typical
        self.outside = numbers.uniform("place", lines) < design.outside
        self.thrombus = numbers.uniform("thrombus") < design.thrombus

    def kill(self, treatment: Array, first: Array, share: Array) -> Array:
        """The rate at which a treatment shrinks each nodule of each patient.

        `first` is the line of the first exposure to it, `share` what is left of that effect.
        """
        each = treatments(self.design)
        median = np.array([arm.kill_per_day for arm in each])[treatment]
        spread = np.array([arm.kill_log_sd for arm in each])[treatment]
        own = self.sensitivity[np.arange(len(first)), first]
        return (share * median * np.exp(spread * own))[:, None] * self.lesion_kill

    def ratio(self, days: Array, kill: Array, treatment: Array) -> Array:
        """The size after some days of treatment, as a share of that at its start."""
        since, each = np.maximum(days, 0)[:, None], treatments(self.design)
        growth = self.growth * np.array([arm.growth_share for arm in each])[treatment][:, None]
        if self.design.growth == "stein":
            return np.exp(-kill * since) + np.expm1(growth * since)
        rate = np.array([arm.wears_off_per_day for arm in each])[treatment]
        faded = np.expm1(-rate[:, None] * since) / rate[:, None]
        return np.exp(growth * since + kill * faded)

    def held(self, viable: Array) -> Array:
        """Nodules no larger than the largest, and 0 where there is none."""
        return np.where(self.exists, np.minimum(viable, _LARGEST_MM), 0.0)

    def whole_of(self, viable: Array) -> Array:
        """The whole diameters of nodules: they shrink less, since dead tissue stays."""
        share = np.maximum(viable / self.baseline, 0.02)
        return self.whole * np.where(share < 1, share**self.design.whole_power, share)

    def new(self, day: Array, onset: Array) -> Array:
        """The diameters of new nodules, which no treatment shrinks; 0 before they are there."""
        since = day[:, None] - onset
        grown = np.exp(self.growth * np.clip(since, 0, 1e5))
        return np.where(since >= 0, np.minimum(self.design.new_mm * grown, _LARGEST_MM), 0.0)


class Readers:
    """How several readers read sizes at each visit: arrays of (patient, reader, lesion)."""

    def __init__(self, design: Design, numbers: Numbers, count: int, visits: int) -> None:
        error = design.error
        self.error = None if error is None or error.only_nodes else error
        self.seen_mm, self.readers = design.seen_mm, len(design.readers)
        self.baseline = np.zeros(0)
        if self.error is None:
            return
        shape = (self.readers, visits, count)
        self.wrong = numbers.normal("reading", *shape)
        if self.error.t_scale is not None:
            normal = numbers.normal("tail", count, self.error.degrees)
            heavy = np.sqrt(self.error.degrees / np.square(normal).sum(axis=-1))
            self.wrong *= heavy[:, None, None]
        self.flips = numbers.uniform("flip", *shape) < self.error.flip
        self.flipped = self.error.flipped_share(numbers.normal("flip size", *shape))

    def read(self, visit: int, viable: Array, whole: Array) -> tuple[Array, Array]:
        """Viable and whole diameters of one visit as every reader reads them, to 0.1 mm."""
        shape = (len(viable), self.readers, viable.shape[1])
        viable, whole = (np.broadcast_to(each[:, None], shape) for each in (viable, whole))
        viable = np.where(viable < self.seen_mm, 0.0, viable)
        if self.error is None:
            return _rounded(viable), _rounded(whole)
        spread = self.error.spread(1000 * whole.ravel(), np.full(whole.size, visit > 0))
        factor = np.exp(np.clip(spread.reshape(shape) * self.wrong[:, :, visit], -5, 5))
        read, around = _rounded(viable * factor), _rounded(whole * factor)
        if visit == 0:
            self.baseline = read
        flips = self.flips[:, :, visit] & (viable == 0) & (visit > 0)
        again = np.minimum(self.flipped[:, :, visit] * self.baseline, around)
        return np.where(flips, _rounded(again), read), around


def _rounded(mm: Array) -> Array:
    """To 0.1 mm, and something stays something."""
    return np.where(mm > 0, np.clip(np.round(mm, 1), 0.1, 1000.0), 0.0)
