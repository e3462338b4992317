"""Patients through a trial, one visit after the other: lines of treatment, loss and death.

The investigator changes treatment when the two largest nodules have grown from their nadir, or a
new one is there. That is a look at sizes which stands for a decision at the bedside, no verdict.
"""

from __future__ import annotations

import attrs
import numpy as np

from .._base.arrays import Array
from ..rulebook.criteria import MRECIST
from ..rulebook.trial_designs import Design
from .numbers import Numbers
from .tumours import Readers, Tumours, treatments

__all__ = ["Courses", "courses_of"]

_YEAR = 365.25
_LOOKED_AT = 2
_NEVER = np.inf


@attrs.frozen(kw_only=True, eq=False)
class Courses:
    """What happened: arrays of (patient, ...); days count from the start of the first line.

    `viable` and `whole` are true sizes by (visit, lesion), `read` and `around` the same by (visit,
    reader, lesion) as read. `seen` marks the visits that took place, `line` tells in which line.
    `start`, `stop` (NaN: none) and `treatment` (-1: none) are by line.
    """

    tumours: Tumours
    day: Array
    seen: Array
    line: Array
    viable: Array
    whole: Array
    read: Array
    around: Array
    start: Array
    stop: Array
    treatment: Array
    death: Array
    last: Array


def courses_of(design: Design, numbers: Numbers) -> Courses:
    """The courses of all patients of some random numbers."""
    walk = _Walk(design, numbers)
    for visit in range(walk.visits):
        walk.go(visit)
    kept = {name: np.stack(each, axis=1) for name, each in walk.kept.items()}
    return Courses(
        tumours=walk.tumours,
        day=walk.day,
        start=walk.start,
        stop=walk.stop,
        last=walk.last,
        treatment=np.where(np.isnan(walk.start), -1, walk.given),
        death=np.where(walk.death <= walk.last, walk.death, np.nan),
        **kept,
    )


class _Walk:
    """All patients on their way; `now` is the line of each, `on` whether visits go on."""

    def __init__(self, design: Design, numbers: Numbers) -> None:
        self.design, self.each = design, np.arange(numbers.patients)
        self.tumours, lines = Tumours(design, numbers), 1 + len(design.next_lines)
        self.visits = 1 + design.follow_up_days // design.every_days
        self.readers = Readers(design, numbers, self.tumours.count, self.visits)
        self.day = self._calendar(numbers)
        self.given = self._given(numbers, lines)
        self.death, self.last = self._ends(numbers)
        attended = numbers.uniform("missed", self.visits) >= design.missed
        attended[:, 0] = True
        self.attended = attended & (self.day <= self.last[:, None])
        self.goes_on = numbers.uniform("next line", lines) < design.next_line
        self.goes_on[:, -1] = False
        self.start, self.stop = np.full((2, numbers.patients, lines), np.nan)
        self.onset = np.full(self.start.shape, _NEVER)
        self.now, self.on = np.zeros_like(self.each), np.ones(numbers.patients, np.bool_)
        self.base, self.looked = self.tumours.baseline, np.zeros((1, 1), np.bool_)
        self.nadir = np.full(numbers.patients, _NEVER)
        self.kept: dict[str, list[Array]] = {}
        self._begin(self.on, np.zeros_like(self.each))

    def _calendar(self, numbers: Numbers) -> Array:
        """The days of the visits; the first is up to two weeks before the start."""
        chance, jitter = numbers.uniform("calendar", self.visits), self.design.jitter_days
        day = self.design.every_days * np.arange(self.visits)
        day = day + np.floor((2 * jitter + 1) * chance).astype(np.int64) - jitter
        day[:, 0] = -np.floor(15 * chance[:, 0])
        return day

    def _given(self, numbers: Numbers, lines: int) -> Array:
        """The treatment of each line: the arms in turn, then the next lines, or the arm's again."""
        arms = len(self.design.arms)
        given = np.tile(np.arange(lines) + arms - 1, (numbers.patients, 1))
        given[:, 0] = (numbers.first + self.each) % arms
        again = numbers.uniform("rechallenge", lines) < self.design.rechallenge
        again[:, :2] = False
        return np.where(again, given[:, :1], given)

    def _ends(self, numbers: Numbers) -> tuple[Array, Array]:
        """The day of death and the last day on which something is known of a patient."""
        months = np.array([arm.median_survival_days for arm in treatments(self.design)])
        median = months[self.given[:, 0]] * np.exp(-self.design.survival_slope * self.tumours.pace)
        death = 1 + np.floor(-np.log2(numbers.uniform("death")) * median)
        with np.errstate(divide="ignore", over="ignore"):
            lost = -np.log(numbers.uniform("lost")) * _YEAR / np.float64(self.design.lost_per_year)
        last = np.minimum(1 + np.floor(np.minimum(lost, 1e6)), self.design.follow_up_days)
        return death, np.minimum(death, last)

    def go(self, visit: int) -> None:
        """One visit of all patients, and what follows from it."""
        viable, whole = self._sizes(visit)
        read, around = self.readers.read(visit, viable, whole)
        seen = self.attended[:, visit] & self.on
        for name, value in (
            ("seen", seen),
            ("line", self.now),
            ("viable", viable),
            ("whole", whole),
            ("read", read),
            ("around", around),
        ):
            self.kept.setdefault(name, []).append(value)
        own = read[:, 0]
        if visit == 0:
            self._look(self.on, own)
            return
        ends = seen & self._has_grown(own, seen)
        self._change(visit, ends, viable[:, : self.tumours.nodules], own)

    def _sizes(self, visit: int) -> tuple[Array, Array]:
        """True viable and whole diameters; 0 where there is no lesion."""
        day, tumours = self.day[:, visit], self.tumours
        drug = self.given[self.each, self.now]
        again = (self.now > 0) & (drug == self.given[:, 0])
        first = np.where(again, 0, self.now)
        kill = tumours.kill(drug, first, np.where(again, self.design.retained, 1.0))
        old = self.base * tumours.ratio(day - self.start[self.each, self.now], kill, drug)
        old, new = tumours.held(old), tumours.new(day, self.onset)
        whole = np.where(tumours.exists, tumours.whole_of(old), 0.0)
        return np.concatenate([old, new], axis=1), np.concatenate([whole, new], axis=1)

    def _has_grown(self, own: Array, seen: Array) -> Array:
        """Whether the investigator sees growth from the nadir or a new nodule."""
        share = MRECIST.progression_share
        total = np.where(self.looked, own, 0.0).sum(axis=1)
        grown = total * share.denominator >= self.nadir * (share.denominator + share.numerator)
        self.nadir = np.where(seen, np.minimum(self.nadir, total), self.nadir)
        new = own[:, self.tumours.nodules :] >= MRECIST.new_nodule_um / 1000
        new &= self.tumours.typical | self.tumours.outside
        return (grown & (total > 0)) | new[self.each, self.now]

    def _change(self, visit: int, ends: Array, nodules: Array, own: Array) -> None:
        """Stop the line of those who progressed, and begin the next of those who have one."""
        day, gap = self.day[:, visit], self.design.gap_days
        self.stop[ends, self.now[ends]] = day[ends] + 1
        self.onset[ends[:, None] & (self.onset > day[:, None])] = _NEVER
        goes = ends & self.goes_on[self.each, self.now] & (day + gap < self.last)
        self.on = self.on & (~ends | goes)
        grown = self.tumours.held(nodules * np.exp(self.tumours.growth * gap))
        self.base = np.where(goes[:, None], grown, self.base)
        self.now = self.now + goes
        self._begin(goes, day + gap)
        self._look(goes, own)

    def _begin(self, some: Array, day: Array) -> None:
        """Begin a line of some patients; a new nodule waits in each."""
        at = some, self.now[some]
        yearly = np.array([arm.new_lesions_per_year for arm in treatments(self.design)])
        self.start[at] = day[some]
        with np.errstate(divide="ignore", over="ignore"):
            self.onset[at] = day[some] + self.tumours.waits[at] * _YEAR / yearly[self.given[at]]

    def _look(self, some: Array, own: Array) -> None:
        """The largest nodules are those that the investigator follows in a line."""
        largest = np.argsort(np.argsort(-own, axis=1, kind="stable"), axis=1) < _LOOKED_AT
        looked = largest & (own >= MRECIST.target_nodule_um / 1000)
        self.looked = np.where(some[:, None], looked, self.looked)
        total = np.where(looked, own, 0.0).sum(axis=1)
        self.nadir = np.where(some, total, self.nadir)
