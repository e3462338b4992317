"""The lesions of a block of charts, and what every finding says of their size."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from .._base.arrays import BLANK, Array, first_by, of, spread, sums
from .._base.converters import Micrometres
from .._base.exact import below, extent
from .._base.words import Extent, Measure, Proof, Size, Status
from ..model import mistakes_in_finding
from ..rulebook.decision_table import firing, members, verdicts
from ..rulebook.sizes import KNOWN, SAYS_A_SIZE, SIZE
from ..tables.clean import Findings, Patients
from .areas import areas_of
from .cells import agreed, blank, chosen, elsewhere
from .lesions import AS_ONE, FACT_DEFAULTS, Traits, lesion_places
from .visits import ACROSS, BESIDE, SIZES, Visits

__all__ = ["RECORDED_TWICE", "Sights"]

RECORDED_TWICE = "must be recorded once a date, is in row {} as well"
"""A lesion recorded twice, with the row where it stands first."""

IS_KNOWN = members(Size, KNOWN)
SAYS_SIZE = members(Status, SAYS_A_SIZE)


class Sights(Visits):
    """The lesions of a block of whole patients, every finding read once.

    Of each row: `measure` and `um`, the size that counts and by which measure; `size` and `known`,
    what the finding says of it; `gone`; `blind`, read without the arterial phase that it needs.
    `in_total`: it has the size that a total is made of, and `summand` is what it adds: the area,
    where the criteria sum areas.
    """

    def __init__(
        self,
        findings: Findings,
        patients: Patients,
        span: tuple[int, int],
        traits: Traits,
        without: Array = None,
    ) -> None:
        super().__init__(traits.criteria, findings, patients, span, without)
        self.traits = traits
        self._read_lesions()
        self._read_sizes()
        self._read_proofs()

    # ---- lesions

    def _read_lesions(self) -> None:
        """Find the lesions of each patient, and what the criteria make of them."""
        count = len(self.patient_visit) - 1
        place, self.patient_lesion, self.lesion_code = lesion_places(
            self.row_patient, self.lesion, count, len(self.findings.lesion_ids)
        )
        self.place = place
        self.lesions = len(self.lesion_code)
        self._find_repeats()
        self.own_trait = self.trait = self.traits.of(self._facts())
        parent = self._column("part_of", None)
        self.part_of = None if parent is None else self._of_lesions("part_of", parent, -1)
        if self.part_of is not None and np.ndim(self.trait):
            self.trait = self._of_parents(self.part_of)

    def _of_parents(self, part_of: Array) -> Array:
        """The trait of each lesion, of a fragment that of its parent."""
        patient = np.repeat(np.arange(len(self.patient_visit) - 1), np.diff(self.patient_lesion))
        keys = patient << 32 | self.lesion_code
        wanted = patient << 32 | part_of.astype(np.int64)
        at = np.minimum(np.searchsorted(keys, wanted), max(len(keys) - 1, 0))
        found = (part_of >= 0) & (keys[at] == wanted)
        return np.where(found, self.own_trait[at], self.own_trait)

    def _facts(self) -> tuple[Array, ...]:
        """What the rows of each lesion say of it together, in the order of `FACT_DEFAULTS`."""
        said = {
            name: column
            for name in FACT_DEFAULTS
            if (column := self._column(name, None)) is not None
        }
        same = self._said_together(said) if said else None
        if same is not None:
            said = {name: same[name] for name in said}
            return tuple(
                np.where(said[name] == blank(said[name]), default, said[name])
                if name in said
                else default
                for name, default in FACT_DEFAULTS.items()
            )
        return tuple(
            self._of_lesions(name, said[name], default) if name in said else default
            for name, default in FACT_DEFAULTS.items()
        )

    def _said_together(self, said: dict[str, Array]) -> Array:
        """All facts of each lesion at once; `None` where its rows do not all say the same."""
        of_rows = np.zeros(len(self.place), AS_ONE)
        for name, column in said.items():
            of_rows[name] = column
        rows, together = of_rows.view(np.int64), np.full(self.lesions, -1, np.int64)
        together[self.place] = rows
        return None if (together[self.place] != rows).any() else together.view(AS_ONE)

    def _of_lesions(self, name: str, said: Array, default: Any) -> Array:
        """What the rows of each lesion say together of one fact, whether all of them say it."""
        together, wrong = agreed(said, self.place, self.lesions, default)
        if name == "organ" and len(wrong):
            wrong = wrong[elsewhere(self.findings, said[wrong], together[self.place[wrong]])]
        self._disagree(wrong, name, "all rows of a lesion", said, together, self.place)
        return together

    def trait_of(self, rows: Array) -> Array:
        """The trait of the lesion of each row; one value where all have it."""
        return self.trait[self.place[rows]] if np.ndim(self.trait) else self.trait

    def of_lesion(self, name: str) -> Array:
        """A column of traits, for each lesion of the block; one value where all have it."""
        return spread(getattr(self.traits.columns, name), self.trait)

    def of_row(self, name: str) -> Array:
        """A column of traits, for each row of the block; one value where all have it."""
        return spread(self.of_lesion(name), self.place)

    def _find_repeats(self) -> None:
        """A lesion is recorded once a time point."""
        place, visit = self.place, self.row_visit
        if not np.any((visit[1:] == visit[:-1]) & (place[1:] <= place[:-1])):
            return
        order = np.lexsort((place, visit))
        again = (np.diff(place[order]) == 0) & (np.diff(visit[order]) == 0)
        if self.examinations is not None:
            again &= np.diff(self.said("day", order)) == 0
        before = self._at(order[:-1][again])
        told = [RECORDED_TWICE.format(row) for row in before]
        self._refuse(order[1:][again], "lesion", told)

    def lesion_of(self, patient: Array, code: Array) -> Array:
        """The lesion of a patient (from 0 within the block) by its code; -1 where not recorded."""
        begin, end = self.patient_lesion[patient], self.patient_lesion[patient + 1]
        owner = np.repeat(np.arange(len(self.patient_lesion) - 1), np.diff(self.patient_lesion))
        keys = owner << 32 | self.lesion_code
        place = np.searchsorted(keys, patient.astype(np.int64) << 32 | code)
        seen = np.zeros(self.lesions + 1, np.bool_)
        seen[self.place] = True
        inside = (place >= begin) & (place < end)
        place = np.where(inside, place, 0)
        here = inside & seen[place]
        here[here] = self.lesion_code[place[here]] == code[here]
        return np.where(here, place, -1)

    # ---- sizes

    def _read_sizes(self) -> None:
        """What every finding says about size."""
        columns = {measure: self._column(name, -1) for measure, name in SIZES.items()}
        viable, longest = columns[Measure.VIABLE], columns[Measure.LONGEST]
        self.measure = self._measured(viable)
        recorded = chosen(self.measure, [columns[each] for each in Measure])
        self.recorded = recorded
        self.status = self._read_status(list(columns.values()))
        sized = spread(recorded >= 0, slice(None))
        rule = firing(SIZE, self.status, self.measure, self.arterial, sized)
        # One value where every row says the same, as in most tables of plain measurements.
        self.size = spread(verdicts(SIZE, rule), slice(None))
        self.um = recorded
        if np.ndim(self.size) or self.size != Size.RECORDED.code:
            self.um = np.where(self.size == Size.RECORDED.code, recorded, 0)
        self.um = np.broadcast_to(self.um, len(self.place)).astype(np.int32, copy=False)
        small = np.flatnonzero(np.broadcast_to(self.size == Size.SMALL.code, len(self.place)))
        if len(small):
            um = self._too_small(small)
            self.um = self.um.copy()
            self.um[small] = um
        self.lacking = bool(np.any(self.size == Size.UNKNOWN.code))
        self.known = IS_KNOWN[self.size]
        self.gone = self.known & below(self.um, self.of_row("smallest_left_um"))
        self.blind: Array = False
        self.hidden: Array = False
        if not np.all(self.arterial):
            self.blind = (self.measure == Measure.VIABLE.code) & np.logical_not(self.arterial)
            # Nothing left of it, though the examination cannot tell.
            self.hidden = self.blind & (recorded == 0) & SAYS_SIZE[self.status]
        self.odd: Array = False
        self.odd_visit: Array = False
        if isinstance(viable, np.ndarray) and isinstance(longest, np.ndarray):
            self.odd = (viable > longest) & (longest >= 0)
            self.odd_visit = np.zeros(self.visits, np.bool_)
            self.odd_visit[self.row_visit[self.odd]] = True
        self._read_areas(columns)

    def _read_areas(self, columns: dict[Measure, Array]) -> None:
        """What every finding says about area; the sizes themselves make the totals of lengths."""
        across = {measure: self._column(name, -1) for measure, name in ACROSS.items()}
        self.wide: Array = False
        self.wide_visit: Array = False
        for measure, column in across.items():
            if isinstance(column, np.ndarray) and isinstance(columns[measure], np.ndarray):
                self.wide = self.wide | ((column > columns[measure]) & (columns[measure] >= 0))
        if np.any(self.wide):
            self.wide_visit = np.zeros(self.visits, np.bool_)
            self.wide_visit[self.row_visit[self.wide]] = True
        self.summand, self.in_total = self.um, self.known
        by = self.criteria.area
        if by is None:
            return
        self.summand, told = areas_of(self.status, columns[by], across[by], len(self.place))
        self.in_total = self.known & self.of_row("enters_total") & told
        self.gone = self.gone | (self.in_total & (self.summand == 0))

    def _measured(self, viable: Array) -> Array:
        """The measure of each row, by whether a viable size is recorded."""
        columns = self.traits.columns
        measure = self.of_row("measure")
        if np.ndim(viable) == 0 or (columns.measure == columns.measure_where_viable).all():
            return measure
        return np.where(viable < 0, measure, self.of_row("measure_where_viable"))

    def _too_small(self, rows: Array) -> Array:
        """The sizes of lesions too small to measure: never above their last one (RD-TOO-SMALL)."""
        um = np.full(len(rows), self.criteria.too_small_um, np.int32)
        sized = (self.size == Size.RECORDED.code) & (self.um > 0)
        place, visit, by = self.place[rows], self.row_visit[rows], of(self.measure, rows)
        for measure in Measure:
            here = np.flatnonzero(np.broadcast_to(by == measure.code, len(rows)))
            if len(here):
                same = sized & (self.measure == measure.code)
                last = self.latest(place[here], visit[here], same)
                um[here] = np.where(last < 0, um[here], np.minimum(um[here], self.um[last]))
        return um

    def latest(self, lesion: Array, visit: Array, where: Array) -> Array:
        """The latest row of each lesion before a time point, of the rows `where`; -1: none."""
        asked = np.zeros(self.lesions, np.bool_)
        asked[lesion] = True
        rows = np.flatnonzero(asked[self.place] & where)
        span = self.visits + 1
        keys = self.place[rows].astype(np.int64) * span + self.row_visit[rows]
        order = np.argsort(keys)
        rows = np.append(rows[order], -1)
        at = np.searchsorted(keys[order], lesion.astype(np.int64) * span + visit) - 1
        found = rows[at]  # the last one, -1, where all keys are larger
        same = found >= 0
        same[same] = self.place[found[same]] == lesion[same]
        return np.where(same, found, -1)

    def reach(self, rows: Array) -> Array:
        """How the size of each row compares with the smallest that is disease (`Extent`)."""
        smallest = spread(self.of_lesion("smallest_diseased_um"), self.place[rows])
        reach = extent(self.um[rows], of(self.known, rows), smallest).astype(np.uint8)
        if np.any(self.hidden):
            reach[self.hidden[rows]] = Extent.ZERO.code
        return reach

    def lacks_size(self, rows: Array) -> Array:
        """Whether rows record a lesion without the size that counts."""
        return np.broadcast_to(of(self.size, rows) == Size.UNKNOWN.code, rows.shape)

    def lacks_perpendicular(self, rows: Array) -> Array:
        """Whether rows record the diameter of a lesion, and not the area that is summed."""
        lacks = of(self.known, rows) & ~np.asarray(of(self.in_total, rows))
        return np.broadcast_to(lacks, rows.shape)

    def summed(self, rows: Array, starts: Array) -> tuple[Array, Array, Array]:
        """Sums over runs of rows: the sizes, how many are known, how many of these are not gone."""
        known = of(self.in_total, rows)
        left = sums(known & ~self.gone[rows], starts)
        seen = sums(np.broadcast_to(known, rows.shape), starts)
        return sums(self.summand[rows].astype(np.int64), starts), seen, left

    def _read_status(self, sizes: list[Array]) -> Array:
        """The status of every row; a finding with a size and none given is measured."""
        across = [self._column(name, -1) for name in BESIDE]
        unsized: Any = True
        for size in sizes:
            if np.ndim(size):
                unsized = size < 0 if unsized is True else unsized & (size < 0)
        status = self._column("status", BLANK)
        silent = unsized if np.ndim(status) == 0 else unsized & (status == BLANK)
        positive = np.False_
        into = self._column("into", None)
        if into is not None:
            positive = (into >= 0) & ~np.asarray(silent)
            for size in across:
                positive = positive | ((into >= 0) & (size >= 0))
            silent = silent & (into < 0)
        if isinstance(status, np.ndarray):
            nothing = (status == Status.ABSENT.code) | (status == Status.NOT_EVALUABLE.code)
            for size in (*sizes, *across):
                positive = positive | (nothing & (size > 0))
            status = np.where(status == BLANK, np.uint8(Status.MEASURED.code), status)
        else:
            status = Status.MEASURED.code
        impossible = silent | positive
        if np.any(impossible):
            wrong = np.flatnonzero(np.broadcast_to(impossible, self.place.shape))
            self._add_impossible(wrong, [*sizes, *across])
        return status

    def _add_impossible(self, wrong: Array, sizes: list[Array]) -> None:
        """What no finding can say, in the words of the scalar model."""
        words = (*Status, *[None] * (BLANK + 1 - len(Status)))
        for row in wrong[self._readable(wrong)]:
            status = self.said("status", np.array([row]))
            into = self.said("into", np.array([row]))
            finding = SimpleNamespace(
                status=None if status is None else words[int(status[0])],
                into=None if into is None or into[0] < 0 else int(into[0]),
            )
            for name, column in zip((*SIZES.values(), *BESIDE), sizes, strict=True):
                size = int(column[row]) if isinstance(column, np.ndarray) else -1
                setattr(finding, name, None if size < 0 else Micrometres(size))
            for column, told in mistakes_in_finding(finding):
                self._refuse(np.array([row]), column or "status", told)

    def _read_proofs(self) -> None:
        """The first time point at which cytology proved each lesion, in any line."""
        self.proven_from: Array = self.visits
        cytology = self._column("cytology", None)
        if cytology is not None:
            positive = np.flatnonzero(cytology == Proof.POSITIVE.code)
            self.proven_from = first_by(
                self.place[positive], self.row_visit[positive], self.lesions, self.visits
            )

    def unproven(self, rows: Array, visit: Array = None) -> Array:
        """Whether rows are of effusions that cytology has to prove and has not by a time point.

        By `visit`; left out, by that of each row.
        """
        needs = self.of_lesion("needs_cytology")
        if not np.any(needs):
            return False
        place = self.place[rows]
        visit = self.row_visit[rows] if visit is None else visit
        return spread(needs, place) & (visit < of(self.proven_from, place))
