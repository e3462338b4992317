"""Many baselines at once: `patient/baseline.py` judges one line, this the lines of many charts.

What each lesion is at the baseline of each line, which are targets and non-targets, and the totals
that follow-ups are compared with.
"""

from __future__ import annotations

import numpy as np

from .._base.arrays import NO_DAY, Array, all_at, of, ranges, runs, spread, sums
from .._base.errors import Problem
from .._base.exact import at_least, extent
from .._base.words import Role, Status, YesNo
from ..rulebook.baseline import BASELINE, TARGET_FIT
from ..rulebook.decision_table import firing, verdicts
from .chart import Charts

__all__ = ["CANDIDATE", "NONTARGET", "NO_PART", "TARGET", "Baselines"]

NO_PART, CANDIDATE, NONTARGET, TARGET = range(4)
"""What a lesion is to a line."""


class Baselines:
    """The lines of a block: what each lesion is to each of them, and their totals at baseline.

    The lesions of line `k` are the places `line_role[k]` onwards of `role`, `lesion` and `owner`.
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
        self.problems = np.where(self.has_baseline, 0, Problem.NO_BASELINE.value).astype(np.uint32)
        self._read_baselines()
        self._sum_baselines()

    def at(self, line: Array, lesion: Array, each: Array = slice(None)) -> Array:
        """The place of each lesion in a line: in `line[each]`, one for each lesion."""
        return lesion + self._shift[line][each] if self._shifted else lesion

    def _read_baselines(self) -> None:
        """Judge every lesion that a baseline records; give targets and non-targets."""
        charts, lines = self.charts, self.charts.lines
        line = np.flatnonzero(self.has_baseline)
        visit = charts.baseline[line]
        counts = charts.visit_row[visit + 1] - charts.visit_row[visit]
        rows = ranges(charts.visit_row[visit], counts)
        self.row_line, self.rows = np.repeat(line, counts), rows
        lesion = charts.place[rows]
        place = self.at(self.row_line, lesion)
        role, fit = _at_baseline(charts, rows)
        named_targets = self.at(*charts.named_targets)
        named_nontargets = self.at(*charts.named_nontargets)
        said = place[role != Role.NOT_DISEASED.code]
        names_nontargets = lines.nontargets >= 0
        self.role[said] = np.where(names_nontargets[self.owner[said]], NO_PART, NONTARGET)
        self.role[named_nontargets] = NONTARGET
        free = fit & (lines.targets < 0)[self.row_line]
        if len(named_nontargets):
            taken = np.zeros(len(self.role), np.bool_)
            taken[named_nontargets] = True
            free = free & ~taken[place]
        chosen = np.flatnonzero(free)
        chosen = chosen[_selected(charts, self.row_line[chosen], rows[chosen])]
        self.role[place[chosen]] = TARGET
        self.role[named_targets] = TARGET
        self.place = place
        if len(named_targets):
            self._note_named(named_targets, place[fit])
        if np.any(charts.odd_visit):
            odd = line[charts.odd_visit[visit]]
            self.problems[odd] |= Problem.VIABLE_EXCEEDS_WHOLE.value
        age = lines.start[line] - self.baseline_day[line]
        old = line[age > charts.criteria.baseline_days]
        self.problems[old] |= Problem.OLD_BASELINE.value

    def _note_named(self, named: Array, fit: Array) -> None:
        """What is odd about targets that the reader named: they are honoured all the same."""
        unfit = np.ones(len(self.role), np.bool_)
        unfit[fit] = False
        owner = self.owner[named]
        self.problems[owner[unfit[named] & self.has_baseline[owner]]] |= Problem.UNFIT_TARGET.value
        crowded = _crowded(self.charts, owner, self.lesion[named])
        self.problems[crowded & self.has_baseline] |= Problem.TOO_MANY_TARGETS.value

    def _sum_baselines(self) -> None:
        """The total of the targets at baseline, -1 where there is none to compare with."""
        charts = self.charts
        target = np.flatnonzero(self.role[self.place] == TARGET)
        line, row = self.row_line[target], self.rows[target]
        self.targets, self.nontargets = (
            np.bincount(self.owner[np.flatnonzero(self.role == role)], minlength=self.count)
            for role in (TARGET, NONTARGET)
        )
        total = _added(line, charts.um[row], self.count)
        known = np.broadcast_to(of(charts.known, row), line.shape)
        seen = np.bincount(line[known], minlength=self.count)
        sound = (seen == self.targets) & (total > 0)
        judged = self.has_baseline & (self.targets > 0)
        self.baseline_um = np.where(judged & sound, total, -1)
        self.problems[judged & ~sound] |= Problem.BASELINE_INCOMPLETE.value
        if charts.lacking:
            self.problems[line[charts.lacks_size(row)]] |= Problem.NO_SIZE.value


def _added(owner: Array, um: Array, count: int) -> Array:
    """Sums by owner; the rows of an owner lie together."""
    starts = runs(owner)
    total = np.zeros(count, np.int64)
    if len(starts):
        total[owner[starts]] = sums(um.astype(np.int64), starts)
    return total


def _at_baseline(charts: Charts, rows: Array) -> tuple[Array, Array]:
    """What the lesion of each row is at baseline, and whether it may be chosen as a target."""
    columns = charts.traits.columns
    trait = charts.trait[charts.place[rows]] if np.ndim(charts.trait) else charts.trait
    status = of(charts.status, rows)
    um, known = charts.um[rows], of(charts.known, rows)
    reach = extent(um, known, spread(columns.smallest_diseased_um, trait)).astype(np.uint8)
    group, strict = spread(columns.group, trait), spread(columns.strict_hilum, trait)
    proven = np.logical_not(charts.unproven(rows))
    rule = firing(BASELINE, True, status, group, reach, strict, proven)
    role = verdicts(BASELINE, rule)
    diseased = role == Role.DISEASED.code
    equivocal = charts.said("equivocal", rows)
    measured = known & (status == Status.MEASURED.code)
    large = at_least(um, spread(columns.smallest_target_um, trait))
    fit = firing(
        TARGET_FIT, spread(columns.kind, trait), diseased,
        False if equivocal is None else equivocal, measured, large, spread(columns.barred, trait),
    )  # fmt: skip
    return role, verdicts(TARGET_FIT, fit) == YesNo.YES.code


def _crowded(charts: Charts, line: Array, lesion: Array) -> Array:
    """Whether lines have more lesions than may be targets, in an organ or in all."""
    criteria, count = charts.criteria, len(charts.lines)
    crowded = np.bincount(line, minlength=count) > criteria.targets_in_all
    organ = spread(charts.traits.columns.organ, of(charts.trait, lesion))
    if np.ndim(organ) == 0:
        return crowded | (np.bincount(line, minlength=count) > criteria.targets_per_organ)
    keys, members = np.unique(line * (int(organ.max()) + 1 if len(organ) else 1) + organ,
                              return_counts=True)  # fmt: skip
    full = keys[members > criteria.targets_per_organ] // (int(organ.max()) + 1 if len(organ) else 1)
    crowded[full] = True
    return crowded


def _selected(charts: Charts, line: Array, rows: Array) -> Array:
    """Which of the rows that may be targets are: the largest of each organ first, then the next.

    Larger first, ties by lesion id. Where all of a line's may be targets, all are.
    """
    criteria = charts.criteria
    fewest = min(criteria.targets_per_organ, criteria.targets_in_all)
    many = (np.bincount(line, minlength=len(charts.lines)) > fewest)[line]
    if not many.any():
        return slice(None)
    some = all_at(many)
    line, lesion, um = line[some], charts.place[rows][some], charts.um[rows][some]
    organ = spread(charts.traits.columns.organ, of(charts.trait, lesion))
    in_organ = _packed(line, organ) if np.ndim(organ) else line
    key = _packed(MOST_UM - um, charts.traits.ranks(charts.lesion_code[lesion]))
    among = _before(line, in_organ, key)
    kept = among < criteria.targets_per_organ
    if np.bincount(line[kept]).max(initial=0) > criteria.targets_in_all:
        left = np.flatnonzero(kept)
        line, key = line[left], _packed(among[left], key[left])
        kept[left] = _before(line, line, key) < criteria.targets_in_all
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
    lengths = np.diff(np.append(starts, len(keys)))
    return np.arange(len(keys)) - np.repeat(starts, lengths)
