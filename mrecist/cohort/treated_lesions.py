"""Grades of treated lesions over arrays: what `patient/treated_lesions.py` is for one patient.

Rows are those of the findings that record a lesion with a treatment, by patient, lesion and date.
Nothing is read before it is asked for: most cohorts have no treated lesion.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs
import numpy as np

from .._base.arrays import BLANK, NO_DAY, Array, ranges, runs
from .._base.errors import Problem
from .._base.exact import at_least, below
from .._base.words import (
    Answer,
    Category,
    Change,
    Masslike,
    Modality,
    Move,
    Status,
    Treatment,
    Trend,
    YesNo,
)
from ..rulebook.decision_table import DecisionTable, firing, members, verdicts
from ..rulebook.drugs import drug, named
from ..rulebook.lesion_criteria import LesionCriteria
from ..rulebook.treated_lesions import (
    APHE,
    BY_ANCILLARY,
    CHANGE,
    EVALUABLE,
    LR_TR_2018_TABLE,
    NEEDS_TWO_SCANS,
    NEWLY,
    RADIATION_TABLE,
    RANKED,
    SIZED,
    TABLES_OF,
    TREND_OF,
    is_comparable,
    is_unassessable,
    treatment_of,
)
from ..tables.clean import Findings, Procedures
from ..tables.intake import Read
from .panel import Panel

__all__ = ["Grades", "Treated", "at_follow_ups", "systemic_lines"]

IS_EVALUABLE = members(Masslike, EVALUABLE)
IS_SIZED = members(Category, SIZED)
NEEDS_TWO = members(Category, NEEDS_TWO_SCANS)
TRENDS = np.array([TREND_OF[word].code for word in Change], np.uint8)
"""What each word of a reader on change says, by its code."""
_CODE = (1 << 32) - 1
"""The bits of a code beside a patient."""
_DAY_BITS = 33
"""Days, counted from `NO_DAY`, take so many bits."""


@attrs.frozen(eq=False, kw_only=True)
class Grades:
    """What one version says of each row: `category` (`BLANK`: none) and the rule, by table.

    `graded`: the version has a table for the treatment. `problems` are bits of `Problem`.
    """

    graded: Array
    category: Array
    ancillary: Array
    size_um: Array
    problems: Array


class Treated:
    """The rows of treated lesions, by patient, lesion and date, with what each is graded by.

    `treatment` is the latest treatment on or before the row, as a procedure of the table; rows
    before any (-1) are kept to compare with. `before` is the row that a change is measured from,
    -1: none. `visit_day` is the date of the time point that the row belongs to.
    """

    def __init__(self, data: Read) -> None:
        self.data = data
        done = data.procedures
        self.rows = self.patient = self.lesion = self.day = np.zeros(0, np.int64)
        self.treatment = self.kind = self.since = self.before = self.visit_day = self.rows
        self.arterial, self.mri = np.zeros(0, np.bool_), np.zeros(0, np.bool_)
        if done is not None:
            self._read(data.findings, done)

    def _read(self, findings: Findings, done: Procedures) -> None:
        patients = self.data.patients
        rows = np.r_[patients.rows(0, len(patients))]
        patient = np.repeat(np.arange(len(patients)), np.diff(patients.bounds))
        treated = np.zeros(len(patients), np.bool_)
        treated[done.patient] = True
        some = (treated & ~patients.refused)[patient]
        rows, patient = rows[some], patient[some]
        day = findings.day[rows].astype(np.int64)
        arterial, mri, visit_day = self._of_dates(findings, rows, patient, day)
        lesion = findings.lesion[rows].astype(np.int64)
        own = _of(patient, lesion)
        root = _roots(findings, rows, own)
        keys, of_treatment, which = _treatments(done, own, root)
        wanted = _of(patient, root)
        at: Array = np.searchsorted(keys, wanted)
        at[at == len(keys)] = 0
        into = np.full(len(rows), -1) if findings.into is None else findings.into[rows]
        keep = np.flatnonzero((lesion >= 0) & (into < 0))
        if not len(keys):
            return
        keep = keep[keys[at[keep]] == wanted[keep]]
        keep = keep[np.lexsort((day[keep], own[keep]))]
        self.rows, self.patient, self.lesion = rows[keep], patient[keep], lesion[keep]
        self.day, self.visit_day = day[keep], visit_day[keep]
        self.arterial, self.mri = arterial[keep], mri[keep]
        latest = np.searchsorted(of_treatment, _packed(at[keep], self.day), side="right") - 1
        there = (latest >= 0) & (of_treatment[latest] >> _DAY_BITS == at[keep])
        self.treatment = np.where(there, which[latest], -1)
        kinds = np.array([treatment_of(text).code for text in done.kinds_named], np.uint8)
        self.kind = np.where(there, kinds[done.kind[self.treatment]], Treatment.NONE.code)
        self.since = np.where(there, done.day[self.treatment].astype(np.int64), NO_DAY)
        self.before = self._compared(own[keep])

    def _of_dates(
        self, findings: Findings, rows: Array, patient: Array, day: Array
    ) -> tuple[Array, Array, Array]:
        """Of each row: the arterial phase, whether an MRI, and the date of its time point."""
        starts = runs(patient << _DAY_BITS | (day - NO_DAY))
        each = np.zeros(len(rows), np.int64)
        each[starts[1:]] = 1
        each = np.cumsum(each)

        def said(column: Array, blank: int) -> Array:
            if column is None or not len(rows):
                return np.full(len(starts), -1)
            codes = column[rows].astype(np.int64)
            return np.maximum.reduceat(np.where(codes == blank, -1, codes), starts)

        arterial = said(findings.arterial_phase, BLANK) != 0
        mri = said(findings.modality, BLANK) == Modality.MRI.code
        visit, date, owner = said(findings.visit, -1), day[starts], patient[starts]
        key = np.where(visit >= 0, _of(owner, visit), -1 - np.arange(len(starts)))
        _, first, place = np.unique(key, return_index=True, return_inverse=True)
        return arterial[each], mri[each], date[first[place.ravel()]][each]

    def _compared(self, own: Array) -> Array:
        """The last evaluable row since the treatment, else the last one before it; -1: none."""
        place = np.arange(len(own))
        if not len(own):
            return place
        masslike, unseen = self.masslike(), Masslike.NOT_EVALUABLE.code
        unsaid, sized = masslike == BLANK, self.viable_um() >= 0
        evaluable = IS_EVALUABLE[np.where(unsaid, unseen, masslike)]
        last = _last_before(is_comparable(evaluable, unsaid, sized))
        first = np.searchsorted(own, own)
        after = (last >= first) & at_least(self.day[last], self.since)
        number = np.cumsum(np.append(0, own[1:] != own[:-1]))
        until = np.searchsorted(_packed(number, self.day), _packed(number, self.since))
        shown = self._said("status") != Status.NOT_EVALUABLE.code
        shown = np.maximum.accumulate(np.where(shown, place, -1))
        earlier = np.append(-1, shown)[until]
        return np.where(after, last, np.where(earlier >= first, earlier, -1))

    def _said(self, name: str, blank: int = BLANK) -> Array:
        column = getattr(self.data.findings, name)
        return np.full(len(self.rows), blank) if column is None else column[self.rows]

    def masslike(self) -> Array:
        """Whether mass-like enhancement is there; `BLANK`: not recorded."""
        word, unseen = self._said("masslike"), self._said("status") == Status.NOT_EVALUABLE.code
        return np.where(is_unassessable(word == BLANK, unseen), Masslike.NOT_EVALUABLE.code, word)

    def viable_um(self) -> Array:
        """The viable diameter of each row, of any phase; absent is 0, -1: none."""
        status = self._said("status")
        unread = (status == Status.TOO_SMALL.code) | (status == Status.NOT_EVALUABLE.code)
        um = np.where(unread, -1, self._said("viable_um", -1).astype(np.int64))
        return np.where(status == Status.ABSENT.code, 0, um)

    # ---- the grades

    def grades(self, criteria: LesionCriteria) -> Grades:
        """What one version says of each row."""
        masslike, tables = self.masslike(), TABLES_OF[criteria.name]
        category = np.full(len(self.rows), BLANK, np.uint8)
        graded, ancillary = np.zeros((2, len(self.rows)), np.bool_)
        problems = np.zeros(len(self.rows), np.int64)
        for kind, table in tables.items():
            mine = self.kind == kind.code
            graded |= mine
            some = np.flatnonzero(mine & (masslike != BLANK))
            rule = firing(table, *(_taken(each, some) for each in self._inputs(table)))
            rule = np.broadcast_to(rule, some.shape)
            category[some] = verdicts(table, rule)
            ancillary[some] = _by_ancillary(table)[rule]
            if table is RADIATION_TABLE:
                problems[self._first_of_two(some[NEEDS_TWO[category[some]]])] |= (
                    Problem.ONE_SCAN_AFTER_RADIATION.value
                )
        problems[graded & (masslike == BLANK)] |= Problem.NO_MASSLIKE.value
        told = category != BLANK
        told &= IS_SIZED[np.where(told, category, 0)]
        size = np.where(told, self._said("viable_um", -1).astype(np.int64), -1)
        return Grades(
            graded=graded, category=category, ancillary=ancillary, size_um=size, problems=problems
        )

    def _inputs(self, table: DecisionTable[Any]) -> tuple[Array, ...]:
        """What a table asks of each row."""
        masslike, unknown = self.masslike(), Answer.UNKNOWN.code
        if table is LR_TR_2018_TABLE:
            viable = self.arterial & below(0, self.viable_um())
            aphe = verdicts(APHE, firing(APHE, self._said("aphe", unknown), viable))
            others = (self._said(name, unknown) for name in ("washout", "like_before"))
            return (masslike, self.arterial, aphe, *others)
        if table is RADIATION_TABLE:
            return masslike, self._change(), self._newly()
        signs = (self._said(name, unknown) for name in _SIGNS)
        return (masslike, self.mri, *signs)

    def _change(self) -> Array:
        """How mass-like enhancement changed since the row before."""
        word, now = self._said("change"), self.viable_um()
        said = np.where(
            word == BLANK, Trend.NOT_SAID.code, TRENDS[np.where(word == BLANK, 0, word)]
        )
        known = self.before >= 0
        then = np.where(known, now[self.before], -1) if len(now) else now
        absent = known & (self.masslike()[self.before] == Masslike.ABSENT.code)
        move = np.where(below(then, now), Move.ROSE.code, Move.NEITHER.code)
        move = np.where(below(now, then), Move.FELL.code, move)
        move = np.where(below(now, 0) | below(then, 0), Move.UNKNOWN.code, move)
        return verdicts(CHANGE, firing(CHANGE, said.astype(np.uint8), absent, move))

    def _newly(self) -> Array:
        """Whether a sign on MRI is new since the row before."""
        newly, unknown = np.zeros(len(self.rows), np.bool_), Answer.UNKNOWN.code
        for name in _SIGNS:
            now = np.where(self.mri, self._said(name, unknown), unknown)
            then = np.where(self.before >= 0, now[self.before], unknown)
            newly |= verdicts(NEWLY, firing(NEWLY, now, then)) == YesNo.YES.code
        return newly

    def _first_of_two(self, some: Array) -> Array:
        """The first of these rows after each treatment of each lesion."""
        own = _of(self.patient[some], self.lesion[some])
        first = np.ones(len(some), np.bool_)
        first[1:] = (own[1:] != own[:-1]) | (self.since[some][1:] != self.since[some][:-1])
        return some[first]


_SIGNS = ("diffusion_restriction", "t2_mild_moderate")


def _taken(column: Array, some: Array) -> Array:
    return np.asarray(column)[some]


def _by_ancillary(table: DecisionTable[Any]) -> Array:
    return np.array([rule.id in BY_ANCILLARY for rule in table.rules])


def _packed(place: Array, day: Array) -> Array:
    """A place and a day as one number that sorts alike."""
    return place.astype(np.int64) << _DAY_BITS | (day - NO_DAY)


def _of(patient: Array, code: Array) -> Array:
    """A patient and a code as one number that sorts alike."""
    return patient.astype(np.int64) << _CODE.bit_length() | code


def _last_before(where: Array) -> Array:
    """The latest place before each at which a column is true; -1: none."""
    at = np.maximum.accumulate(np.where(where, np.arange(len(where)), -1))
    return np.append(-1, at)[: len(where)]


def _roots(findings: Findings, rows: Array, own: Array) -> Array:
    """The lesion that the lesion of each row is a part of: itself, unless some row says which."""
    lesion = own & _CODE
    if findings.part_of is None:
        return lesion
    _, place = np.unique(own, return_inverse=True)
    part_of = findings.part_of[rows].astype(np.int64)
    root = np.full(len(rows), -1)
    root[place[part_of >= 0]] = part_of[part_of >= 0]
    return np.where(root[place] >= 0, root[place], lesion)


def _treatments(done: Procedures, own: Array, root: Array) -> tuple[Array, Array, Array]:
    """The lesions treated, their treatments in order of place and day, and the procedure of each.

    A lesion is a patient and a root. The last treatment of a day is the one that a lesion is graded
    by: of the kind that ranks first, and of several the first of the table.
    """
    rank = {kind: place for place, kind in enumerate(RANKED)}
    ranks = np.array([rank.get(treatment_of(text), -1) for text in done.kinds_named], np.int64)
    read = np.flatnonzero((done.lesions >= 0) & (ranks[done.kind] >= 0))
    lengths = np.array([len(each) for each in done.codes_named], np.int64)
    starts = np.append(0, np.cumsum(lengths))
    flat = np.concatenate([np.zeros(0, np.int64), *done.codes_named])
    counts = lengths[done.lesions[read]]
    code = flat[ranges(starts[done.lesions[read]], counts)]
    which = np.repeat(read, counts)
    which, code = which[code >= 0], code[code >= 0]
    patient = done.patient[which].astype(np.int64)
    key = _of(patient, _root_of(_of(patient, code), own, root))
    keys, place = np.unique(key, return_inverse=True)
    place = place.ravel()
    day = done.day[which].astype(np.int64)
    order = np.lexsort((-which, -ranks[done.kind[which]], day, place))
    return keys, _packed(place[order], day[order]), which[order]


def _root_of(lesions: Array, own: Array, root: Array) -> Array:
    """The root of each lesion that a procedure names; one without rows is its own."""
    order = np.argsort(own, kind="stable")
    at: Array = np.searchsorted(own[order], lesions)
    at[at == len(own)] = 0
    code = lesions & _CODE
    if not len(own):
        return code
    return np.where(own[order][at] == lesions, root[order][at], code)


def at_follow_ups(treated: Treated, panel: Panel, some: Array) -> tuple[Array, Array]:
    """The follow-ups of a panel with each of some rows that it records: both as places."""
    found = panel.timepoints
    owner = panel.lines.patient[found.line].astype(np.int64)
    wanted = _packed(owner, found.day.astype(np.int64))
    key = _packed(treated.patient[some], treated.visit_day[some])
    order = np.argsort(key, kind="stable")
    begin = np.searchsorted(key[order], wanted)
    counts = np.searchsorted(key[order], wanted, side="right") - begin
    return np.repeat(np.arange(len(wanted)), counts), some[order[ranges(begin, counts)]]


def systemic_lines(panel: Panel, agents_named: Sequence[tuple[str, ...]]) -> Array:
    """Whether each line has a drug among its agents."""
    has = [any(drug(name) is not None for name in named(agents)) for agents in agents_named]
    return np.array([*has, False])[panel.lines.agents]
