"""Many baselines at once: `patient/baseline.py` judges one line, this the lines of many charts.

What each lesion is at the baseline of each line, which are targets and non-targets, and the totals
that follow-ups are compared with.
"""

from __future__ import annotations

import numpy as np

from .._base.arrays import NO_DAY, Array, all_at, of, ranges, run_lengths, runs, spread, sums
from .._base.exact import at_least
from .._base.words import Pattern, Role, Status, YesNo
from ..rulebook.baseline import BASELINE, KNOWN, TARGET_FIT, UNMENTIONED_BUT_KNOWN, UNSIZED
from ..rulebook.decision_table import firing, verdicts
from .chart import Charts
from .records import Records

__all__ = ["CANDIDATE", "NONTARGET", "NO_PART", "TARGET", "Baselines"]

NO_PART, CANDIDATE, NONTARGET, TARGET = range(4)
"""What a lesion is to a line."""

_PARTS = {
    Role.NOT_DISEASED: CANDIDATE,
    Role.NOT_EVALUABLE: NONTARGET,
    Role.DISEASED: NONTARGET,
    Role.NO_PART: NO_PART,
    Role.UNPROVEN: CANDIDATE,
    Role.MERGED: NO_PART,
}
PART = np.array([_PARTS[role] for role in Role], np.uint8)
"""What each role at baseline makes a lesion to a line that names none, targets apart."""

IS_KNOWN = np.array([rule.id in UNMENTIONED_BUT_KNOWN for rule in KNOWN.rules])

IS_UNSIZED = np.array([rule.id in UNSIZED for rule in BASELINE.rules])


class Baselines:
    """The lines of a block: what each lesion is to each of them, and their totals at baseline.

    The lesions of line `k` are the places `line_role[k]` onwards of `role`, `lesion` and `owner`.
    `known_as` gives the places of lesions known at baseline with their `Role` there.
    `unproven` are the places of effusions known without proof; of those in `late` proof came at
    the follow-up of the line that `late_at` counts from 0, and makes them non-targets from there.
    """

    def __init__(self, charts: Charts) -> None:
        self.charts = charts
        count = len(charts.lines)
        width = np.diff(charts.patient_lesion)[charts.line_patient]
        self.count = count
        self._shift = charts.line_role - charts.patient_lesion[charts.line_patient]
        self._shifted = bool(self._shift.any())
        self.number = _rank_in_run(charts.line_patient) + 1
        self.owner = np.repeat(np.arange(count), width)
        self.lesion = ranges(charts.patient_lesion[charts.line_patient], width)
        self.has_baseline = charts.baseline >= 0
        self.baseline_day = np.where(
            self.has_baseline, charts.visit_day[charts.baseline] if charts.visits else 0, NO_DAY
        )
        self.role = np.where(self.has_baseline, CANDIDATE, NO_PART).astype(np.uint8)[self.owner]
        self.records = Records(charts, self.owner, self.lesion)
        self.row_line, self.rows = self.records.line, self.records.rows
        self.place = self.records.place
        self.unproven = self.late = self.late_at = np.zeros(0, np.int64)
        self.known_as: list[tuple[Array, Array]] = []
        self._prior: Array = None
        self._read_baselines()
        self._sum_baselines()
        self._find_late_proofs()

    def at(self, line: Array, lesion: Array, each: Array = slice(None)) -> Array:
        """The place of each lesion in a line: in `line[each]`, one for each lesion."""
        return lesion + self._shift[line][each] if self._shifted else lesion

    def prior_rows(self, places: Array) -> Array:
        """The prior record of lesions, as rows; -1: none."""
        if self._prior is None:
            self._prior = np.full(len(self.role), -1)
            self._prior[self.place] = self.rows
            self._prior[self.records.prior_place] = self.records.prior_rows
        return self._prior[places]

    def _read_baselines(self) -> None:
        """Judge every lesion that is known at a baseline; give targets and non-targets."""
        charts, lines, records = self.charts, self.charts.lines, self.records
        self.named_targets = self.at(*charts.named_targets)
        named = self.at(*charts.named_nontargets)
        rule = _read_as(charts, self.rows, charts.baseline[self.row_line])
        role = verdicts(BASELINE, rule)
        self.unsized = self.row_line[IS_UNSIZED[rule]]
        self._take_part(self.place, role)
        self.unmentioned = records.prior_line
        if len(records.prior_rows):
            rule = _read_as(charts, records.prior_rows, charts.baseline[records.prior_line])
            known = firing(KNOWN, verdicts(BASELINE, rule), False)
            self._take_part(records.prior_place, verdicts(KNOWN, known))
            self.unmentioned = records.prior_line[IS_KNOWN[known]]
        fit = _is_fit(charts, self.rows, role == Role.DISEASED.code)
        self.fit = self.place[fit]
        self.role[named] = NONTARGET
        free = fit & (lines.targets < 0)[self.row_line]
        if len(named):
            taken = np.zeros(len(self.role), np.bool_)
            taken[named] = True
            free = free & ~taken[self.place]
        chosen = np.flatnonzero(free)
        chosen = chosen[_selected(charts, self.row_line[chosen], self.rows[chosen])]
        self.role[self.place[chosen]] = TARGET
        self.role[self.named_targets] = TARGET
        self._put_beside(self.named_targets)

    def _put_beside(self, named: Array) -> None:
        """Make named targets that no total takes in non-targets (Reading RD-AREA-REST)."""
        enters = of(self.charts.of_lesion("enters_total"), self.lesion[named])
        beside = named[~np.broadcast_to(enters, named.shape) & self.has_baseline[self.owner[named]]]
        self.role[beside] = NONTARGET

    def _take_part(self, places: Array, role: Array) -> None:
        """Give known lesions the part that they have in lines that do not name it."""
        some = np.flatnonzero(role != Role.NOT_DISEASED.code)
        places, role = places[some], role[some]
        self.known_as.append((places, role))
        part = PART[role]
        passed_over = (part == NONTARGET) & (self.charts.lines.nontargets >= 0)[self.owner[places]]
        self.role[places] = np.where(passed_over, NO_PART, part)
        unproven = places[part == CANDIDATE]
        if len(unproven):
            self.unproven = np.append(self.unproven, unproven)

    def _find_late_proofs(self) -> None:
        """Find the effusions known without proof that are proved at a follow-up."""
        charts = self.charts
        free = self.role[self.unproven] == CANDIDATE
        places = self.unproven[free & (charts.lines.nontargets < 0)[self.owner[self.unproven]]]
        if len(places):
            line = self.owner[places]
            step = of(charts.proven_from, self.lesion[places]) - charts.window[line]
            some = (step >= 0) & (step < charts.follow_ups[line])
            self.late, self.late_at = places[some], step[some]

    def _sum_baselines(self) -> None:
        """The total of the targets at baseline, -1 where there is none to compare with."""
        charts = self.charts
        self.target = np.flatnonzero(self.role[self.place] == TARGET)
        line, row = self.row_line[self.target], self.rows[self.target]
        self.targets, self.nontargets = (
            np.bincount(self.owner[np.flatnonzero(self.role == role)], minlength=self.count)
            for role in (TARGET, NONTARGET)
        )
        total = _added(line, charts.summand[row], self.count)
        known = np.broadcast_to(of(charts.in_total, row), line.shape)
        seen = np.bincount(line[known], minlength=self.count)
        sound = (seen == self.targets) & (total > 0)
        judged = self.has_baseline & (self.targets > 0)
        self.baseline_um = np.where(judged & sound, total, -1)
        self.incomplete = judged & ~sound


def _added(owner: Array, um: Array, count: int) -> Array:
    """Sums by owner; the rows of an owner lie together."""
    starts = runs(owner)
    total = np.zeros(count, np.int64)
    if len(starts):
        total[owner[starts]] = sums(um.astype(np.int64), starts)
    return total


def _read_as(charts: Charts, rows: Array, baseline: Array) -> Array:
    """The rule of `BASELINE` by which each row is read at the baseline of a line."""
    columns = charts.traits.columns
    trait = charts.trait_of(rows)
    proven = np.logical_not(charts.unproven(rows, baseline))
    return firing(
        BASELINE,
        True,
        False,
        of(charts.status, rows),
        spread(columns.group, trait),
        charts.reach(rows),
        of(charts.blind, rows),
        spread(columns.strict_hilum, trait),
        proven,
    )


def _is_fit(charts: Charts, rows: Array, diseased: Array) -> Array:
    """Whether the lesion of each row may be chosen as a target."""
    columns = charts.traits.columns
    trait = charts.trait_of(rows)
    equivocal = charts.said("equivocal", rows)
    measured = of(charts.known, rows) & (of(charts.status, rows) == Status.MEASURED.code)
    unsuited: Array = False
    pattern = charts.said("pattern", rows)
    if pattern is not None and columns.treated.any():
        atypical = (pattern == Pattern.ATYPICAL.code) & of(charts.arterial, rows)
        unsuited = spread(columns.treated, trait) & atypical
    fit = firing(
        TARGET_FIT,
        spread(columns.kind, trait),
        diseased,
        False if equivocal is None else equivocal,
        measured,
        at_least(charts.um[rows], spread(columns.smallest_target_um, trait)),
        spread(columns.barred, trait),
        unsuited,
    )
    fits = verdicts(TARGET_FIT, fit) == YesNo.YES.code
    return fits & spread(columns.enters_total, trait) if charts.criteria.area else fits


def _selected(charts: Charts, line: Array, rows: Array) -> Array:
    """Which of the rows that may be targets are: the largest of each organ first, then the next.

    Larger first, ties by lesion id. Where all of a line's may be targets, all are.
    """
    criteria = charts.criteria
    most = charts.traits.columns.most_targets
    fewest = min(int(most.min()), criteria.most_in_all)
    many = (np.bincount(line, minlength=len(charts.lines)) > fewest)[line]
    if not many.any():
        return slice(None)
    some = all_at(many)
    line, lesion, um = line[some], charts.place[rows][some], charts.um[rows][some]
    organ = spread(charts.traits.columns.organ, of(charts.trait, lesion))
    in_organ = _packed(line, organ) if np.ndim(organ) else line
    key = _packed(MOST_UM - um, charts.traits.ranks(charts.lesion_code[lesion]))
    among = _before(line, in_organ, key)
    kept = among < spread(most, of(charts.trait, lesion))
    if np.bincount(line[kept]).max(initial=0) > criteria.most_in_all:
        left = np.flatnonzero(kept)
        line, key = line[left], _packed(among[left], key[left])
        kept[left] = _before(line, line, key) < criteria.most_in_all
    chosen = ~many
    chosen[some] = kept
    return chosen


MOST_UM = 1_000_000
"""The largest size there is: 1000 mm."""


def _packed(*keys: Array) -> Array:
    """Several keys of non-negative integers as one that sorts alike."""
    packed = np.zeros(len(keys[0]), np.int64)
    for key in keys:
        packed <<= int(key.max(initial=0)).bit_length()
        packed |= key
    return packed


def _sorted_places(*keys: Array) -> Array:
    """The places of rows in the order of the first key, then of the second, and so on."""
    count = len(keys[0])
    bits = sum(int(key.max(initial=0)).bit_length() for key in keys) + count.bit_length()
    if bits > 63:
        return np.lexsort(keys[::-1])
    packed = _packed(*keys, np.arange(count))
    packed.sort()
    packed &= (1 << int(count - 1).bit_length()) - 1
    return packed


FEW = 16
"""Up to how many lesions of a line are compared each with each: sorting takes as long."""


def _before(line: Array, group: Array, key: Array) -> Array:
    """How many rows of its group go before each, by key; a group is of one line.

    The rows of a line lie together.
    """
    most = int(np.bincount(line).max(initial=0))
    if most > FEW:
        order = _sorted_places(group, key)
        before = np.empty(len(key), np.int64)
        before[order] = _rank_in_run(group[order])
        return before
    before = np.zeros(len(key), np.uint8)
    for gap in range(1, most):
        together = group[gap:] == group[:-gap]
        first = key[:-gap] < key[gap:]
        before[gap:] += together & first
        before[:-gap] += together & ~first
    return before


def _rank_in_run(keys: Array) -> Array:
    """The place of each element within its run of equal keys."""
    starts = runs(keys)
    lengths = run_lengths(starts, len(keys))
    return np.arange(len(keys)) - np.repeat(starts, lengths)
