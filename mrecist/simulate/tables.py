"""The tables of a simulated trial, as `assess_cohort` takes them, and the truth beside them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np

from .._base.arrays import Array
from .._base.converters import shown, whole_from
from ..rulebook.trial_designs import REFLECT_LIKE, Design
from .courses import Courses, courses_of
from .numbers import Numbers
from .tumours import treatments

__all__ = ["Trial", "reflect_like", "trial"]

Table = dict[str, Array]


def trial(design: Design, patients: int, *, seed: int, first: int = 0) -> Trial:
    """A simulated trial of so many patients, numbered from `first` on.

    The same design, seed and number of a patient give the same course, however many patients there
    are beside. Nothing is computed before a table is asked for:
    `trial(design, 1_000_000, seed=1).chunks(10_000)` takes the memory of one chunk at a time.

    Args:
        design: The arms, tumours, effects, visits and readers.
        patients: How many patients, at least 1.
        seed: Which of the possible trials, from 0.
        first: The number of the first patient.

    Returns:
        The tables of the trial, and the truth beside them.

    Raises:
        ValueError: An argument that is not possible.

    Example:
        >>> trial(REFLECT_LIKE, 100, seed=1)
        <Trial reflect-like: patients 0 to 99, seed 1>
    """
    if not isinstance(design, Design):
        raise ValueError(f"design must be a Design, got {shown(design)}")
    count = whole_from("patients", patients, 1)
    return Trial(design, count, whole_from("seed", seed, 0), whole_from("first", first, 0))


def reflect_like(patients: int, *, seed: int, first: int = 0) -> Trial:
    """A simulated trial by `REFLECT_LIKE`: rates and medians near those of REFLECT.

    Args:
        patients: How many patients, at least 1.
        seed: Which of the possible trials, from 0.
        first: The number of the first patient.

    Returns:
        The tables of the trial, and the truth beside them.

    Raises:
        ValueError: An argument that is not possible.

    Example:
        >>> sorted(reflect_like(10, seed=1).findings)[:4]
        ['date', 'kind', 'lesion', 'longest_mm']
    """
    return trial(REFLECT_LIKE, patients, seed=seed, first=first)


class Trial:
    """The tables of a simulated trial: dicts of arrays, one row per finding, line or value.

    Dates are days from the start of the first line. `findings` has a column `reader` where the
    design has several readers, and is then for `assess_readings`. `lines` has a column `arm`.
    `truth` has the rows that a reader without error would record, with true sizes, the line that
    the patient was in, and the volume doubling time of the tumour.
    """

    def __init__(self, design: Design, patients: int, seed: int, first: int) -> None:
        self.design, self.patients, self.seed, self.first = design, patients, seed, first

    def chunks(self, size: int) -> Iterator[Trial]:
        """The same trial in parts of so many patients, one after the other.

        Args:
            size: How many patients a part has; the last one may have fewer.

        Returns:
            Trials, one at a time.

        Raises:
            ValueError: A size that is not a whole number from 1 on.
        """
        size = whole_from("size", size, 1)
        for begin in range(0, self.patients, size):
            count = min(size, self.patients - begin)
            yield Trial(self.design, count, self.seed, self.first + begin)

    @cached_property
    def _courses(self) -> Courses:
        return courses_of(self.design, Numbers(self.seed, self.first, self.patients))

    @cached_property
    def findings(self) -> Table:
        """What the readers recorded, grouped by patient, reader and date."""
        of = self._courses
        table = self._found(np.moveaxis(of.read, 2, 1), np.moveaxis(of.around, 2, 1))
        reader = table.pop("reader")
        if len(self.design.readers) > 1:
            table["reader"] = np.array(self.design.readers)[reader]
        del table["line"]
        return table

    @cached_property
    def truth(self) -> Table:
        """What there was to be recorded, by a reader without error."""
        of = self._courses
        viable = np.where(of.viable < self.design.seen_mm, 0.0, of.viable)
        table = self._found(viable[:, None], of.whole[:, None])
        del table["reader"]
        pace = of.tumours.pace[table["patient"] - self.first]
        days = self.design.doubling_days * np.exp(-self.design.doubling_log_sd * pace)
        return table | {"doubling_days": days}

    def _found(self, viable: Array, whole: Array) -> Table:
        """One row per lesion that is there at a visit; sizes are by (reader, visit, lesion)."""
        of, tumours = self._courses, self._courses.tumours
        there = (whole > 0) & of.seen[:, None, :, None]
        shape = whole.shape[:3]
        vein = np.broadcast_to((of.seen & tumours.thrombus[:, None])[:, None], shape)
        patient, reader, visit, lesion = np.nonzero(
            np.concatenate([there, vein[..., None]], axis=3)
        )
        nodules, last = tumours.nodules, tumours.count
        is_vein, number = lesion == last, np.maximum(lesion - nodules, 0)
        number = np.minimum(number, last - nodules - 1)
        new = (lesion >= nodules) & ~is_vein
        outside = new & tumours.outside[patient, number]
        at = patient, reader, visit, np.minimum(lesion, last - 1)
        names = [
            *(f"T{i + 1}" for i in range(nodules)),
            *(f"N{i + 1}" for i in range(last - nodules)),
            "PV",
        ]
        typical = np.where(tumours.typical[patient, number], "typical", "atypical")
        return {
            "patient": self.first + patient,
            "date": of.day[patient, visit],
            "lesion": np.array(names)[lesion],
            "organ": np.where(is_vein, "portal vein", np.where(outside, "lung", "liver")),
            "kind": np.where(is_vein, "thrombus", "nodule"),
            "status": np.where(is_vein, "present", ""),
            "viable_mm": np.where(is_vein | outside, np.nan, viable[at]),
            "longest_mm": np.where(is_vein, np.nan, whole[at]),
            "pattern": np.where(new & ~outside, typical, ""),
            "reader": reader,
            "line": of.line[patient, visit] + 1,
        }

    @cached_property
    def lines(self) -> Table:
        """The lines of treatment, with the arm, and death and last contact of the patient."""
        of, each = self._courses, treatments(self.design)
        patient, line = np.nonzero(of.treatment >= 0)
        arms = np.array([arm.name for arm in self.design.arms])
        stop = of.stop[patient, line]
        return {
            "patient": self.first + patient,
            "arm": arms[of.treatment[patient, 0]],
            "start": of.start[patient, line].astype(np.int64),
            "stop": stop,
            "end_reason": np.where(np.isnan(stop), "", "progression"),
            "agents": np.array([arm.agents for arm in each])[of.treatment[patient, line]],
            "death": of.death[patient],
            "last_contact": of.last[patient],
        }

    @cached_property
    def markers(self) -> Table:
        """AFP at every visit that took place, as `marker_changes` takes it."""
        of, design = self._courses, self.design
        numbers = Numbers(self.seed, self.first, self.patients)
        burden = of.viable.sum(axis=2)
        level = np.log(design.afp_median) + design.afp_log_sd * numbers.normal("afp")[:, None]
        level = level + design.afp_power * np.log(np.maximum(burden / burden[:, :1], 1e-3))
        level += design.afp_noise * numbers.normal("afp noise", burden.shape[1])
        patient, visit = np.nonzero(of.seen)
        return {
            "patient": self.first + patient,
            "date": of.day[patient, visit],
            "name": np.full(len(patient), "AFP"),
            "value": np.round(np.clip(np.exp(level[patient, visit]), 1, 1e6), 1),
            "unit": np.full(len(patient), "ng/mL"),
        }

    def __repr__(self) -> str:
        last = self.first + self.patients - 1
        return f"<Trial {self.design.name}: patients {self.first} to {last}, seed {self.seed}>"
