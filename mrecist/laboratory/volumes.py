"""Viable volumes beside the verdicts of a patient, as they were recorded: for research.

No verdict reads them (Reading RD-VIABLE-VOLUME). What a response or a progression of diameters is
in volume is shown for a sphere, and decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

import attrs

from .._base import html
from .._base.converters import Date
from .._base.errors import check_type
from .._base.text import grid, when
from .._base.volumes import Microlitres
from .._base.words import Status
from ..patient.assessment import Assessment, LineAssessment
from ..patient.sights import Sight
from ..rulebook.readings import VIABLE_VOLUME
from ..rulebook.volumes import fall_of_sphere, rise_of_sphere
from .marker_levels import Range, number, signed

__all__ = ["LineVolumes", "ViableVolumes", "VolumePoint", "viable_volumes"]

NOTHING = "-"


@attrs.frozen(kw_only=True)
class VolumePoint:
    """A follow-up: the viable volume of all targets, and what it is compared with, in microlitres.

    `total_ul` is `None` where a target has no volume of its own. `nadir_ul` is the smallest total
    of the baseline and the earlier follow-ups.
    """

    date: Date
    day: int
    total_ul: int | None
    baseline_ul: int | None
    nadir_ul: int | None

    @property
    def total_ml(self) -> float | None:
        """The total in millilitres."""
        return None if self.total_ul is None else self.total_ul / 1000

    @property
    def change(self) -> Fraction | None:
        """The change from the baseline as an exact share of it; `None` where it is not known."""
        return _change(self.total_ul, self.baseline_ul)

    @property
    def from_nadir(self) -> Fraction | None:
        """The change from the nadir as an exact share of it; `None` where it is not known."""
        return _change(self.total_ul, self.nadir_ul)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class LineVolumes:
    """The viable volumes over one line; `baseline_ul` is that at its baseline."""

    assessed: LineAssessment
    baseline_ul: int | None
    points: tuple[VolumePoint, ...]

    @property
    def number(self) -> int:
        """The place of the line in the sequence of therapies, from 1."""
        return self.assessed.number

    @property
    def baseline_ml(self) -> float | None:
        """The total at the baseline in millilitres."""
        return None if self.baseline_ul is None else self.baseline_ul / 1000

    def __repr__(self) -> str:
        return f"<LineVolumes {self.number}: {len(self.points)} time points>"


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ViableVolumes:
    """The viable volumes of a patient: recorded numbers for research, never part of a verdict.

    `fall` and `rise` are what the response and the progression of diameters are in the volume of a
    sphere: 657/1000 and 728/1000 for 30 and 20 per cent.
    """

    assessment: Assessment
    fall: Fraction
    rise: Fraction
    lines: tuple[LineVolumes, ...]

    def __repr__(self) -> str:
        return f"<ViableVolumes {self.assessment.patient.id}: {len(self.lines)} lines>"

    def __str__(self) -> str:
        rows = [*self._head]
        for line in self.lines:
            rows += ["", self._told(line), *(f"  {row}" for row in grid(list(_rows(line))))]
        return "\n".join(rows)

    def _repr_html_(self) -> str:
        return html.of_text(str(self), heads=("date",))

    @property
    def _head(self) -> list[str]:
        criteria = self.assessment.criteria
        fell, rose = (_percent(-criteria.response_share), _percent(criteria.progression_share))
        return [
            f"{self.assessment.patient.id}: viable volumes, for research; no verdict reads them "
            f"[{VIABLE_VOLUME.id}]",
            f"of a sphere {fell} in diameter is {_percent(-self.fall)} in volume, {rose} is "
            f"{_percent(self.rise)}",
        ]

    def _told(self, line: LineVolumes) -> str:
        agents = " + ".join(line.assessed.line.agents)
        told = f"line {line.number}: {agents} from {when(line.assessed.line.start)}"
        if line.baseline_ul is None:
            return f"{told}; no total at the baseline"
        as_response = line.baseline_ul * (1 - self.fall)
        return (
            f"{told}; baseline {_ml(line.baseline_ul)} ml, of which {_percent(-self.fall)} is "
            f"{number(as_response / 1000)} ml"
        )


def viable_volumes(assessment: Assessment) -> ViableVolumes:
    """The recorded viable volumes of the targets, line by line, summed: for research.

    A total is that of all targets of the line: each must record `volume_viable_ml`, or be absent at
    an examination with an arterial phase. A target in parts, or one that merged, has none, and
    nothing is taken from a diameter (Reading RD-VIABLE-VOLUME).

    Args:
        assessment: What `assess` returns.

    Returns:
        The totals and their changes, with what the thresholds of diameters are for a sphere;
        printed, a table per line.

    Raises:
        TypeError: Anything but an assessment.

    Example:
        >>> from mrecist import Finding, Lesion, Patient, TherapyLine, Timepoint, assess
        >>> patient = Patient(
        ...     "P-001", [Lesion("S8", "liver", "nodule")],
        ...     [Timepoint(0, [Finding("S8", viable_mm=40, volume_viable_ml=32)]),
        ...      Timepoint(60, [Finding("S8", viable_mm=28, volume_viable_ml=12)])],
        ...     [TherapyLine(["TACE"], 1)],
        ... )
        >>> print(viable_volumes(assess(patient)))
        P-001: viable volumes, for research; no verdict reads them [RD-VIABLE-VOLUME]
        of a sphere -30 % in diameter is -65.7 % in volume, +20 % is +72.8 %
        <BLANKLINE>
        line 1: TACE from day 1; baseline 32 ml, of which -65.7 % is 10.976 ml
          date    volume, ml  change   from nadir
          day 60  12          -62.5 %  -62.5 %
    """
    check_type(assessment, Assessment, "viable_volumes() takes what assess() gives")
    criteria = assessment.criteria
    return ViableVolumes(
        assessment=assessment,
        fall=fall_of_sphere(criteria),
        rise=rise_of_sphere(criteria),
        lines=tuple(map(_line, assessment.lines)),
    )


def _line(line: LineAssessment) -> LineVolumes:
    facts = line.facts
    targets = facts.roles.targets
    baseline = _total(line, (facts.at_baseline(i) for i in targets))
    nadir, points = baseline, []
    for timepoint in line.timepoints:
        total = _total(line, (facts.sights(timepoint.place, i) for i in targets))
        points.append(
            VolumePoint(
                date=timepoint.date,
                day=timepoint.day,
                total_ul=total,
                baseline_ul=baseline,
                nadir_ul=nadir,
            )
        )
        nadir = min((each for each in (nadir, total) if each is not None), default=None)
    return LineVolumes(assessed=line, baseline_ul=baseline, points=tuple(points))


def _total(line: LineAssessment, sights: Iterable[Sight]) -> int | None:
    """The volume of all targets, where each has one; a line without targets has none."""
    volumes = [_volume(line, sight) for sight in sights]
    known = [each for each in volumes if each is not None]
    return sum(known) if known and len(known) == len(volumes) else None


def _volume(line: LineAssessment, sight: Sight) -> int | None:
    """What the lesion's own record says of its viable volume; in parts it has none."""
    record = sight.record
    if record is None or _is_in_parts(line, record.finding.lesion):
        return None
    recorded: Microlitres | None = record.finding.volume_viable_ul
    if recorded is not None:
        return recorded
    return 0 if record.finding.status is Status.ABSENT and record.arterial else None


def _is_in_parts(line: LineAssessment, lesion: str) -> bool:
    return any(each.part_of == lesion for each in line.facts.chart.patient.lesions)


def _change(total: int | None, reference: int | None) -> Fraction | None:
    if total is None or not reference:
        return None
    return Fraction(total - reference, reference)


def _percent(share: Fraction) -> str:
    return signed(Range(share, share))


def _ml(microlitres: int | None) -> str:
    return NOTHING if microlitres is None else number(Fraction(microlitres, 1000))


def _rows(line: LineVolumes) -> Iterable[tuple[str, ...]]:
    yield "date", "volume, ml", "change", "from nadir"
    for each in line.points:
        changes = (each.change, each.from_nadir)
        told = (NOTHING if change is None else _percent(change) for change in changes)
        yield when(each.date), _ml(each.total_ul), *told
