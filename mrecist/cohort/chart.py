"""Many charts as the criteria see them: what `patient/chart.py` is for one patient, for a block.

Rows, time points, lesions and lines of the block are spoken of by their places. Rows lie by
patient and date; those of time point `t` are `visit_row[t]` up to `visit_row[t + 1]`.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from .._base.arrays import BLANK, NO_DAY, Array, of, ranges, spread, sums, taken
from .._base.converters import Micrometres, shown
from .._base.exact import below
from .._base.words import Measure, Proof, Size, Status
from ..model import mistakes_in_finding
from ..rulebook.decision_table import firing, members, verdicts
from ..rulebook.sizes import KNOWN, SIZE
from ..tables.clean import Findings, Lines, Patients
from ..tables.column_schema import REPORTED_BY
from ..tables.mistakes import Mistakes
from .cells import agreed, blank, chosen, column_of, spelt
from .lesions import AS_ONE, FACT_DEFAULTS, Traits, lesion_places

__all__ = ["Charts"]

IS_KNOWN = members(Size, KNOWN)
SIZES = {
    Measure.VIABLE: "viable_um",
    Measure.LONGEST: "longest_um",
    Measure.SHORT: "short_axis_um",
}


class Charts:
    """A block of whole patients, every finding read once.

    `wrong` holds what no sound chart can contain, and `refused` tells whose charts: they must be
    left out (`without`) before anything is judged.
    """

    def __init__(
        self,
        findings: Findings,
        lines: Lines | None,
        patients: Patients,
        span: tuple[int, int],
        traits: Traits,
        without: Array = None,
    ) -> None:
        self.criteria = traits.criteria
        self.findings = findings
        self.traits = traits
        self.first = span[0]
        self.wrong = Mistakes()
        self.refused = np.zeros(span[1] - span[0], np.bool_)
        rows, patient = self._rows(patients, span, without)
        self._read_visits(rows, patient, span)
        self._read_lesions()
        self._read_sizes()
        self._read_proofs()
        self._read_lines(lines, span, without)

    # ---- rows and time points

    def _rows(self, patients: Patients, span: tuple[int, int], without: Array) -> tuple[Any, Array]:
        """The rows of the patients and the patient of each, from 0 within the block."""
        first, last = span
        rows = patients.rows(first, last)
        counts = np.diff(patients.bounds[first : last + 1])
        patient = np.repeat(np.arange(last - first, dtype=np.int32), counts)
        if without is not None and without[first:last].any():
            keep = np.flatnonzero(~without[first:last][patient])
            rows = keep + rows.start if isinstance(rows, slice) else rows[keep]
            patient = patient[keep]
        return rows, patient

    def _read_visits(self, rows: Any, patient: Array, span: tuple[int, int]) -> None:
        """Find the time points: rows of one patient and one date."""
        findings = self.findings
        day = taken(findings.day, rows)
        begins = np.ones(len(patient), np.bool_)
        np.not_equal(day[1:], day[:-1], out=begins[1:])
        begins[1:] |= patient[1:] != patient[:-1]
        firsts = np.flatnonzero(begins)
        self.visits = len(firsts)
        self.visit_patient, self.visit_day = patient[firsts], day[firsts].astype(np.int64)
        visit = np.cumsum(begins, dtype=np.int32)
        visit -= 1
        self.rows, self.row_patient, self.row_visit = rows, patient, visit
        self.arterial = self._of_visits("arterial_phase", True, begins, firsts)
        self.reported = self._of_visits("reported", BLANK, begins, firsts)
        self.visit_name = self._of_visits("visit", -1, begins, firsts)
        self.unmentioned = self._of_visits("unmentioned", BLANK, begins, firsts)
        self.reported_by = {
            name: self._of_visits(REPORTED_BY + name, BLANK, begins, firsts)
            for name in findings.reported_by
        }
        lesion = taken(findings.lesion, rows).astype(np.int32, copy=False)
        if len(lesion) and lesion.min() < 0:
            lesion, firsts = self._keep_findings(lesion, firsts)
        self.lesion = lesion
        self.visit_row = np.append(firsts, len(lesion))
        self.patient_visit = np.searchsorted(self.visit_patient, np.arange(span[1] - span[0] + 1))

    def _keep_findings(self, lesion: Array, firsts: Array) -> tuple[Array, Array]:
        """Leave out the rows that say only that there was a time point."""
        named = lesion >= 0
        empty = np.flatnonzero(~named)
        given = np.zeros(len(empty), np.bool_)
        for name in ("status", "into", *SIZES.values()):
            said = self.said(name, empty)
            if said is not None:
                given |= said != (BLANK if name == "status" else -1)
        odd = empty[given & self._readable(empty)]
        self._refuse(odd, "lesion", "must be given where the row has a finding")
        keep = np.flatnonzero(named)
        self.rows = self._at(keep)
        self.row_patient, self.row_visit = self.row_patient[keep], self.row_visit[keep]
        return lesion[keep], np.concatenate([[0], np.cumsum(named)])[firsts]

    def _at(self, places: Array) -> Array:
        """The rows of the table that rows of the block are."""
        return places + self.rows.start if isinstance(self.rows, slice) else self.rows[places]

    def _readable(self, places: Array) -> Array:
        """Whether every cell of the rows could be read: of others no further mistake is told."""
        unreadable = self.said("unreadable", places)
        return np.ones(len(places), np.bool_) if unreadable is None else ~unreadable

    def _refuse(self, places: Array, column: str, told: Any) -> None:
        """Note what is wrong with rows."""
        self.wrong.add(self._at(places), column, told)
        self.refused[self.row_patient[places]] = True

    def _refuse_lines(self, lines: Array, column: str, told: Any) -> None:
        self.wrong.add(self.lines.row[lines], f"lines.{column}", told)
        self.refused[self.line_patient[lines]] = True

    def _of_visits(self, name: str, default: Any, begins: Array, firsts: Array) -> Array:
        """What the rows of each time point say together."""
        said = self._column(name, None)
        if said is None:
            return default
        if not ((said[1:] != said[:-1]) & ~begins[1:]).any():
            # All rows of a time point say the same, as in most tables.
            said = said[firsts]
            return np.where(said == blank(said), said.dtype.type(default), said)
        together, wrong = agreed(said, self.row_visit, self.visits, default)
        self._disagree(wrong, name, "all rows of a date", said, together, self.row_visit)
        return together

    def _disagree(
        self, wrong: Array, name: str, where: str, said: Array, together: Array, owner: Array
    ) -> None:
        told = [
            f"must agree in {where}, got {spelt(self.findings, name, said[row])} and "
            f"{spelt(self.findings, name, together[owner[row]])}"
            for row in wrong
        ]
        self._refuse(wrong, name, told)

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
        self.trait = self.traits.of(self._facts())
        parent = self._column("part_of", None)
        self.part_of = None if parent is None else self._of_lesions("part_of", parent, -1)

    def _facts(self) -> tuple[Array, ...]:
        """What the rows of each lesion say of it together, in the order of `FACT_DEFAULTS`."""
        said = {name: column for name in FACT_DEFAULTS
                if (column := self._column(name, None)) is not None}  # fmt: skip
        same = self._said_together(said) if said else None
        if same is not None:
            said = {name: same[name] for name in said}
            return tuple(
                np.where(said[name] == blank(said[name]), default, said[name])
                if name in said else default
                for name, default in FACT_DEFAULTS.items()
            )  # fmt: skip
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
        self._disagree(wrong, name, "all rows of a lesion", said, together, self.place)
        return together

    def of_lesion(self, name: str) -> Array:
        """A column of traits, for each lesion of the block; one value where all have it."""
        return spread(getattr(self.traits.columns, name), self.trait)

    def of_row(self, name: str) -> Array:
        """A column of traits, for each row of the block; one value where all have it."""
        return spread(self.of_lesion(name), self.place)

    def said(self, name: str, rows: Array) -> Array:
        """A column of findings for some rows of the block; `None` where the table lacks it."""
        column = column_of(self.findings, name)
        return None if column is None else taken(column, self._at(rows))

    def _find_repeats(self) -> None:
        """A lesion is recorded once a time point."""
        place, visit = self.place, self.row_visit
        if not np.any((visit[1:] == visit[:-1]) & (place[1:] <= place[:-1])):
            return
        order = np.lexsort((place, visit))
        again = (np.diff(place[order]) == 0) & (np.diff(visit[order]) == 0)
        before = self._at(order[:-1][again])
        told = [f"must be recorded once a date, is in row {row} as well" for row in before]
        self._refuse(order[1:][again], "lesion", told)

    # ---- sizes

    def _read_sizes(self) -> None:
        """What every finding says about size."""
        columns = {
            measure: self._column(name, -1) for measure, name in SIZES.items()
        }  # fmt: skip
        measure = self.of_row("measure")
        recorded = chosen(measure, [columns[each] for each in Measure])
        self.status = self._read_status(list(columns.values()))
        arterial = spread(self.arterial, self.row_visit)
        sized = recorded >= 0
        rule = firing(SIZE, True, self.status, measure, arterial, spread(sized, slice(None)))
        # One value where every row says the same, as in most tables of plain measurements.
        self.size = spread(verdicts(SIZE, rule), slice(None))
        self.um = recorded
        if np.ndim(self.size) or self.size != Size.RECORDED.code:
            self.um = np.where(self.size == Size.RECORDED.code, recorded, 0)
            small = self.size == Size.SMALL.code
            if np.any(small):
                self.um = np.where(small, self.criteria.too_small_um, self.um)
        self.um = np.broadcast_to(self.um, len(self.place)).astype(np.int32, copy=False)
        self.lacking = bool(np.any(self.size == Size.UNKNOWN.code))
        self.known = IS_KNOWN[self.size]
        self.gone = self.known & below(self.um, self.of_row("smallest_left_um"))
        viable, longest = columns[Measure.VIABLE], columns[Measure.LONGEST]
        self.odd_visit: Array = False
        if isinstance(viable, np.ndarray) and isinstance(longest, np.ndarray):
            odd = (viable > longest) & (longest >= 0)
            self.odd_visit = np.zeros(self.visits, np.bool_)
            self.odd_visit[self.row_visit[odd]] = True

    def lacks_size(self, rows: Array) -> Array:
        """Whether rows record a lesion without the size that counts."""
        return np.broadcast_to(of(self.size, rows) == Size.UNKNOWN.code, rows.shape)

    def summed(self, rows: Array, starts: Array) -> tuple[Array, Array, Array]:
        """Sums over runs of rows: the sizes, how many are known, how many of these are not gone."""
        known = of(self.known, rows)
        left = sums(known & ~self.gone[rows], starts)
        seen = sums(np.broadcast_to(known, rows.shape), starts)
        return sums(self.um[rows].astype(np.int64), starts), seen, left

    def _column(self, name: str, absent: Any) -> Array:
        column = column_of(self.findings, name)
        return absent if column is None else taken(column, self.rows)

    def _read_status(self, sizes: list[Array]) -> Array:
        """The status of every row; a finding with a size and none given is measured."""
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
            silent = silent & (into < 0)
        if isinstance(status, np.ndarray):
            nothing = (status == Status.ABSENT.code) | (status == Status.NOT_EVALUABLE.code)
            for size in sizes:
                positive = positive | (nothing & (size > 0))
            status = np.where(status == BLANK, np.uint8(Status.MEASURED.code), status)
        else:
            status = Status.MEASURED.code
        impossible = silent | positive
        if np.any(impossible):
            wrong = np.flatnonzero(np.broadcast_to(impossible, self.place.shape))
            self._add_impossible(wrong, sizes)
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
            for name, column in zip(SIZES.values(), sizes, strict=True):
                size = int(column[row]) if isinstance(column, np.ndarray) else -1
                setattr(finding, name, None if size < 0 else Micrometres(size))
            for column, told in mistakes_in_finding(finding):
                self._refuse(np.array([row]), column or "status", told)

    def _read_proofs(self) -> None:
        """The first time point at which cytology proved each lesion, in any line."""
        self.proven_from: Array = self.visits
        cytology = self._column("cytology", None)
        if cytology is not None:
            positive = np.flatnonzero(cytology == Proof.POSITIVE.code)[::-1]
            self.proven_from = np.full(self.lesions, self.visits)
            self.proven_from[self.place[positive]] = self.row_visit[positive]

    def unproven(self, rows: Array) -> Array:
        """Whether rows speak of an effusion that cytology had to prove and has not yet."""
        needs = self.of_lesion("needs_cytology")
        if not np.any(needs):
            return False
        place = self.place[rows]
        from_ = self.proven_from if np.ndim(self.proven_from) == 0 else self.proven_from[place]
        return spread(needs, place) & (self.row_visit[rows] < from_)

    # ---- lines

    def _read_lines(self, lines: Lines | None, span: tuple[int, int], without: Array) -> None:
        """The lines of the patients, each with its baseline and its window of time points."""
        if lines is None:
            self.lines = self._one_line_each()
        else:
            first, last = np.searchsorted(lines.patient, span)
            self.lines = lines.taken(slice(first, last))
            if without is not None:
                self.lines = self.lines.taken(~without[self.lines.patient])
        patient = self.lines.patient - self.first
        self.line_patient = patient
        begin, end = self.patient_visit[patient], self.patient_visit[patient + 1]
        self.baseline = begin.copy()
        if lines is not None:
            self.baseline = self._visit_by(patient, self.lines.start)
            self.baseline[self.baseline < begin] = -1
        named = np.flatnonzero(self.lines.baseline != NO_DAY)
        if len(named):
            self._read_named_baselines(named)
        place = np.flatnonzero(patient[1:] == patient[:-1])
        if len(place):
            end[place] = self._visit_by(patient[place], self.lines.start[place + 1]) + 1
        self.window = np.where(self.baseline < 0, begin, self.baseline + 1)
        self.follow_ups = np.maximum(end - self.window, 0)
        width = np.diff(self.patient_lesion)[patient]
        self.line_role = np.cumsum(width) - width
        self.named_targets = self._read_named("targets")
        self.named_nontargets = self._read_named("nontargets")

    def _one_line_each(self) -> Lines:
        """One line for each patient, from the first time point on."""
        starts = np.flatnonzero(np.diff(self.patient_visit) > 0)
        return Lines.plain(starts + self.first, self.visit_day[self.patient_visit[starts]])

    def _visit_by(self, patient: Array, day: Array) -> Array:
        """The last time point by a day; that of an earlier patient where there is none."""
        low = int(self.visit_day.min()) if self.visits else 0
        high = int(self.visit_day.max()) if self.visits else 0
        span = high - low + 2
        visits = self.visit_patient.astype(np.int64) * span + (self.visit_day - low + 1)
        asked = patient.astype(np.int64) * span + np.clip(day - low + 1, 0, span - 1)
        return np.searchsorted(visits, asked, side="right") - 1

    def _read_named_baselines(self, named: Array) -> None:
        patient, day = self.line_patient[named], self.lines.baseline[named]
        visit = self._visit_by(patient, day)
        there = (visit >= self.patient_visit[patient]) & (visit >= 0)
        there &= self.visit_day[np.maximum(visit, 0)] == day if self.visits else False
        self._refuse_lines(named[~there], "baseline", "must be the date of a time point")
        self.baseline[named] = np.where(there, visit, -1)

    def _read_named(self, name: str) -> tuple[Array, Array]:
        """The lesions that lines name, as lines and lesions."""
        lines, named = self.lines, getattr(self.lines, name)
        naming = np.flatnonzero(named >= 0)
        if not len(naming):
            return naming, naming
        codes = lines.codes_named
        counts = np.array([len(each) for each in codes])
        begins = np.cumsum(counts) - counts
        line = np.repeat(naming, counts[named[naming]])
        place = ranges(begins[named[naming]], counts[named[naming]])
        lesion = self.lesion_of(self.line_patient[line], np.concatenate(codes)[place])
        ids = [each for text in lines.lesions_named for each in text]
        lost = np.flatnonzero(lesion < 0)
        told = [f"must be the id of a lesion of this patient, got {shown(ids[place[i]])}"
                for i in lost]  # fmt: skip
        self._refuse_lines(line[lost], name, told)
        return line, lesion

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
