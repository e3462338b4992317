"""ADTR: the sizes of the targets that counted, and their sums."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from typing import Any

import attrs

from .._base.arrays import NO_DAY
from .._base.converters import day_number
from .._base.words import Measure
from ..patient.assessment import Assessment, LineAssessment, TimepointAssessment
from ..patient.chart import RECORDED_UM
from ..patient.sights import Sight
from ..rulebook.adam import DIAMETERS, STATES, TARGET_FLAGS, TESTS, Parameter, sum_of
from .adam_rows import Frame, Row

__all__ = ["size_rows"]

_TARGETS = "Target Lesion(s)"


def size_rows(
    frame: Frame, patient: int, first: int, deepest: Sequence[int], assessment: Assessment
) -> Iterator[Row]:
    """The rows of one patient, whose lines have the indices from `first` on.

    `deepest` is for each line of the cohort the smallest complete sum up to the first progression,
    -1 without one.
    """
    for at, line in enumerate(assessment.lines, first):
        read = frame.panel.lines.baseline[at] != NO_DAY
        if read and line.baseline is not None and line.targets:
            begin = day_number(line.baseline)
            yield from _Line(frame, patient, at, line, begin).rows(deepest[at])


class _Line:
    """The rows of one line, which has a baseline and targets."""

    def __init__(
        self, frame: Frame, patient: int, at: int, line: LineAssessment, begin: int
    ) -> None:
        self._frame, self._patient, self._at, self._line = frame, patient, at, line
        facts = line.facts
        self._places = facts.roles.targets
        self._exams: list[tuple[int, list[Sight]]] = [
            (begin, [facts.at_baseline(each) for each in self._places])
        ]
        for timepoint in line.timepoints:
            sights = [facts.sights(timepoint.place, each) for each in self._places]
            self._exams.append((day_number(timepoint.date), sights))

    def rows(self, deepest: int) -> Iterator[Row]:
        """Those of each target, then those of the sum."""
        for n in range(1, len(self._places) + 1):
            yield from self._sizes(n)
        yield from self._sums(deepest)

    def _row(self, parameter: Parameter, number: int) -> Row:
        day, _ = self._exams[number]
        row = self._frame.row(parameter, self._patient, self._at)
        row |= self._frame.dated(self._patient, day)
        row |= self._frame.visit(self._patient, day, number)
        return row | {"PARCAT1": _TARGETS}

    # ---- single targets

    def _sizes(self, n: int) -> Iterator[Row]:
        """The diameters of target `n`: those recorded, and the one that counted."""
        trait = self._line.facts.chart.traits[self._places[n - 1]]
        counted = self._measure(n)
        for number, (day, sights) in enumerate(self._exams):
            sizes = _recorded(sights[n - 1]) | _counted(sights[n - 1], counted)
            for measure in sorted(sizes, key=lambda each: each.code):
                row = self._row(_of_target(DIAMETERS[measure], n), number)
                lesion = trait.lesion.id
                yield row | self._source(lesion, day, measure) | {
                    "AVAL": sizes[measure] / 1000, "TRLNKID": lesion,
                    "TULOC": trait.lesion.organ.upper(), "LSEXP": lesion, "LSASS": lesion,
                    "ANL01FL": "Y",
                }  # fmt: skip

    def _measure(self, n: int) -> Measure | None:
        """The measure that a target counts by, as the first examination with one says."""
        measures = (sights[n - 1].measures for _, sights in self._exams)
        return next((measure for each in measures for measure in each), None)

    def _source(self, lesion: str, day: int, measure: Measure) -> Row:
        """The result of TR that a size is, where the study came from SDTM."""
        who, date = self._frame.ids[self._patient], datetime.date.fromordinal(day)
        for variable, tests in (("TRSTRESN", TESTS[measure]), ("TRSTRESC", STATES)):
            for test in tests:
                number = self._frame.sequences.get((who, lesion, date, test))
                if number is not None:
                    return {"SRCDOM": "TR", "SRCVAR": variable, "SRCSEQ": number}
        return {}

    # ---- sums

    def _sums(self, deepest: int) -> Iterator[Row]:
        line = self._line
        if self._frame.criteria.area is not None:
            return
        expected = ", ".join(line.targets)
        base = line.baseline_total_um
        lowest_is_told = False
        for number, (_, sights) in enumerate(self._exams):
            timepoint = line.timepoints[number - 1] if number else None
            total = base if timepoint is None else timepoint.total_um
            if total is None:
                continue
            known = [name for name, sight in zip(line.targets, sights, strict=True) if sight.known]
            complete = len(known) == len(sights)
            row = self._row(sum_of(self._frame.criteria), number) | _changes(total, base, timepoint)
            row |= {
                "ABLFL": None if number else "Y",
                "ANL01FL": "Y" if complete else None,
                "LSEXP": expected,
                "LSASS": ", ".join(known),
            }
            if number and complete and total == deepest and not lowest_is_told:
                row["ANL02FL"] = "Y"
                lowest_is_told = True
            if timepoint is not None:
                row |= {
                    flag: "Y" for flag, target in TARGET_FLAGS.items() if timepoint.target is target
                }
            yield row


def _of_target(parameter: Parameter, n: int) -> Parameter:
    return attrs.evolve(
        parameter,
        code=parameter.code.format(n=n),
        text=parameter.text.format(n=n),
        number=parameter.number + n,
    )


def _recorded(sight: Sight) -> dict[Measure, int]:
    """The sizes that are recorded of a lesion itself."""
    if sight.finding is None:
        return {}
    sizes = {measure: size(sight.finding) for measure, size in RECORDED_UM.items()}
    return {measure: um for measure, um in sizes.items() if um is not None}


def _counted(sight: Sight, measure: Measure | None) -> dict[Measure, int]:
    """The size that counted, where it is known and of one measure; what is absent counts 0."""
    if measure is None or not sight.known or sight.measures - {measure}:
        return {}
    return {measure: sight.um}


def _changes(total: int, base: int | None, timepoint: TimepointAssessment | None) -> Row:
    """A sum in mm, its change from the baseline, and that from the smallest complete sum before."""
    row: dict[str, Any] = {"AVAL": total / 1000}
    references = {"BASE": ("CHG", base)}
    if timepoint is not None:
        references["NADIR"] = ("CHGNAD", timepoint.nadir_um)
    for name, (change, um) in references.items():
        if um is not None:
            row |= {name: um / 1000, change: (total - um) / 1000}
            if um:
                row[f"P{change}"] = 100 * (total - um) / um
    return row
