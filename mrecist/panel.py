"""Many lines of therapy judged at once: what `engine.py` is for one patient, for a block of them.

The same tables, arithmetic and best responses as for one patient, looked up and run with arrays.
Only the plumbing is of its own: group, sum, the smallest so far. Follow-ups lie by line and date.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import attrs
import numpy as np

from . import endpoints
from ._arrays import (
    BLANK,
    NO_DAY,
    Array,
    all_at,
    distinct,
    firing,
    members,
    of,
    ranges,
    runs,
    spread,
    verdicts,
)
from ._exact import at_least, extent, fell_by, rise
from .charts import Charts, Traits
from .codes import (
    Cause,
    EndReason,
    NewLesion,
    NewRule,
    NonTarget,
    Pattern,
    Proof,
    Response,
    Role,
    Standing,
    State,
    Status,
    Target,
    Targets,
    Verdict,
    Watch,
    YesNo,
)
from .columns import Findings, Lines, Patients
from .criteria import Criteria
from .drugs import inn
from .errors import Problem
from .rules import (
    BASELINE,
    BEST,
    CONFIRMED,
    DETECTED,
    DOUBTFUL_AFTER_CR,
    EXPOSURE,
    NONTARGET_LESION,
    RECURRENCE,
    REPORTED,
    STILL_THERE,
    TARGET_FIT,
)

__all__ = [
    "CAUSES",
    "LineColumns",
    "News",
    "Panel",
    "TimepointColumns",
    "joined",
    "judged",
    "judged_span",
]

NO_PART, CANDIDATE, NONTARGET, TARGET = range(4)
"""What a lesion is to a line."""

NO_TOTAL = 1 << 60
"""Stands for a total that is not known, where the smallest is looked for."""

CAUSES = tuple(Cause)
"""The causes of a progression: bit `i` stands for `CAUSES[i]`."""

STATE_BIT = (1 << NONTARGET_LESION.verdicts).astype(np.uint8)
"""The state that each rule for a non-target gives, as a bit; the states of several are or-ed."""
WORST_OF = np.array([max(bits.bit_length() - 1, 0) for bits in range(1 << len(State))], np.uint8)
STILL_THERE_BITS = sum(1 << state.code for state in STILL_THERE)
IS_DOUBTFUL = members(Response, DOUBTFUL_AFTER_CR)
WATCH = RECURRENCE.verdicts[RECURRENCE.grid]
STARTS_WATCH = np.equal(WATCH, Watch.ON.code)


@attrs.frozen(eq=False, repr=False, kw_only=True)
class TimepointColumns:
    """One element a follow-up of a line; `line` is the line's place. -1: no total, no nadir.

    Rules are indices into their tables; `reported` is `BLANK` where no reader gave a verdict.
    """

    line: Array
    day: Array
    total_um: Array
    nadir_um: Array
    target_rule: Array
    nontarget_rule: Array
    overall_rule: Array
    standing_rule: Array
    new_lesion: Array
    computed: Array
    reported: Array
    response: Array
    recurrence: Array
    problems: Array


@attrs.frozen(eq=False, repr=False, kw_only=True)
class LineColumns:
    """One element a line of therapy. -1: no baseline total, no earlier line."""

    patient: Array
    number: Array
    row: Array
    agents: Array
    start: Array
    baseline: Array
    baseline_um: Array
    timepoints: Array
    best_rule: Array
    confirmed_rule: Array
    progression: Array
    causes: Array
    exposure_rule: Array
    rechallenge_of: Array
    problems: Array


@attrs.frozen(eq=False, repr=False, kw_only=True)
class News:
    """What each candidate that has a say does at a follow-up: the rule that decides there."""

    timepoint: Array
    lesion: Array
    rule: Array


@attrs.frozen(eq=False, repr=False, kw_only=True)
class Panel:
    """What a block of patients comes to. `roles` lists line, lesion code and role, in turn."""

    timepoints: TimepointColumns
    lines: LineColumns
    news: News
    roles: tuple[Array, Array, Array]


def judged(charts: Charts) -> Panel:
    """Judge every line of a block of charts that hold no mistake."""
    lines = _Lines(charts)
    follow_ups = _FollowUps(charts, lines)
    news = _new_lesions(charts, lines, follow_ups)
    timepoints, ends = _followed(charts, lines, follow_ups)
    exposure = _exposure(charts, ends.computed_pd)
    code = charts.lesion_code[lines.lesion]
    part = np.flatnonzero(lines.role >= NONTARGET)
    return Panel(
        timepoints=timepoints,
        lines=LineColumns(
            patient=charts.lines.patient,
            number=lines.number,
            row=charts.lines.row,
            agents=charts.lines.agents,
            start=charts.lines.start,
            baseline=lines.baseline_day,
            baseline_um=lines.baseline_um,
            timepoints=charts.follow_ups,
            best_rule=ends.best_rule,
            confirmed_rule=ends.confirmed_rule,
            progression=ends.progression,
            causes=ends.causes,
            exposure_rule=exposure[0],
            rechallenge_of=exposure[1],
            problems=lines.problems,
        ),
        news=news,
        roles=(lines.owner[part], code[part], lines.role[part]),
    )


def judged_span(
    findings: Findings, lines: Lines | None, patients: Patients, span: tuple[int, int],
    traits: Traits,
) -> tuple[Panel, list[Any]]:  # fmt: skip
    """Judge the patients of a span that hold no mistake; give what is wrong with the others."""
    charts = Charts(findings, lines, patients, span, traits)
    wrong = charts.wrong.found
    refused = patients.refused
    if wrong or refused[span[0] : span[1]].any():
        refused = refused.copy()
        for rows, column, _ in wrong:
            refused[_owners(lines, patients, span, rows, column)] = True
        charts = Charts(findings, lines, patients, span, traits, refused)
    return judged(charts), wrong


def _owners(
    lines: Lines | None, patients: Patients, span: tuple[int, int], rows: Array, column: str
) -> Array:
    """The patients of rows of a span."""
    if column.startswith("lines.") and lines is not None:
        return lines.patient[np.isin(lines.row, rows)]
    first, last = span
    there = patients.rows(first, last)
    places = np.arange(there.start, there.stop) if isinstance(there, slice) else there
    counts = np.diff(patients.bounds[first : last + 1])
    return np.repeat(np.arange(first, last), counts)[np.isin(places, rows)]


# ---- baseline and roles


class _Lines:
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
        self.number = (
            np.arange(count) - np.searchsorted(charts.line_patient, charts.line_patient) + 1
        )
        self.owner = np.repeat(np.arange(count), width)
        self.lesion = ranges(charts.patient_lesion[charts.line_patient], width)
        self.has_baseline = charts.baseline >= 0
        self.baseline_day = np.where(
            self.has_baseline, charts.visit_day[charts.baseline] if charts.visits else 0, NO_DAY
        )
        self.role = np.where(self.has_baseline, CANDIDATE, NO_PART).astype(np.uint8)[self.owner]
        self.problems = np.where(self.has_baseline, 0, Problem.NO_BASELINE.value).astype(np.uint8)
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
        self._place = place
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
        target = np.flatnonzero(self.role[self._place] == TARGET)
        line, row = self.row_line[target], self.rows[target]
        self.targets = np.bincount(self.owner[self.role == TARGET], minlength=self.count)
        self.nontargets = np.bincount(self.owner[self.role == NONTARGET], minlength=self.count)
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
        total[owner[starts]] = np.add.reduceat(um, starts, dtype=np.int64)
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
    lesion, criteria = charts.place[rows], charts.criteria
    crowded = _crowded(charts, line, lesion)[line]
    if not crowded.any():
        return slice(None)
    chosen = ~crowded
    some = np.flatnonzero(crowded)
    line, lesion, um = line[some], lesion[some], charts.um[rows[some]]
    organ = spread(charts.traits.columns.organ, of(charts.trait, lesion))
    organ = np.broadcast_to(organ, line.shape)
    rank = _ranks(charts, charts.lesion_code[lesion])
    order = _sorted_places(line, organ, MOST_UM - um, rank)
    among = _rank_in_run(_packed(line, organ)[order])
    kept = among < criteria.targets_per_organ
    order, among = order[kept], among[kept]
    if np.bincount(line[order]).max() > criteria.targets_in_all:
        again = _sorted_places(line[order], among, MOST_UM - um[order], rank[order])
        order = order[again]
        order = order[_rank_in_run(line[order]) < criteria.targets_in_all]
    chosen[some[order]] = True
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


def _ranks(charts: Charts, codes: Array) -> Array:
    """The rank of lesion ids in the order of text."""
    used, place = distinct(codes)
    ids = [charts.findings.lesion_ids[code] for code in used.tolist()]
    rank = np.empty(len(ids), np.int64)
    rank[sorted(range(len(ids)), key=ids.__getitem__)] = np.arange(len(ids))
    return rank[place]


def _rank_in_run(keys: Array) -> Array:
    """The place of each element within its run of equal keys."""
    starts = runs(keys)
    lengths = np.diff(np.append(starts, len(keys)))
    return np.arange(len(keys)) - np.repeat(starts, lengths)


# ---- follow-ups


class _FollowUps:
    """The follow-ups of the lines, and the rows of each: those of line `k` lie together."""

    def __init__(self, charts: Charts, lines: _Lines) -> None:
        self.begin = np.cumsum(charts.follow_ups) - charts.follow_ups
        self.count = int(charts.follow_ups.sum())
        self.line = np.repeat(np.arange(lines.count), charts.follow_ups)
        self.visit = ranges(charts.window, charts.follow_ups)
        begin = charts.visit_row[self.visit]
        counts = charts.visit_row[self.visit + 1] - begin
        self.rows = ranges(begin, counts)
        self.row_follow_up = np.repeat(np.arange(self.count), counts)
        self.place = lines.at(self.line, charts.place[self.rows], self.row_follow_up)
        self.role = lines.role[self.place]
        self.new_lesion = np.full(self.count, NewLesion.NO.code, np.uint8)
        self._see_targets(charts, lines)
        self._see_nontargets(charts, lines)

    def _see_targets(self, charts: Charts, lines: _Lines) -> None:
        """The total of the targets that are evaluable, how many are, whether some are left."""
        target = self.role == TARGET
        if not lines.has_baseline.all():
            target &= lines.has_baseline[self.line][self.row_follow_up]
        some = all_at(target)
        rows, at = self.rows[some], self.row_follow_up[some]
        starts = runs(at)
        self.total = np.full(self.count, -1)
        self.seen = np.zeros(self.count, np.int64)
        self.left = np.zeros(self.count, np.bool_)
        self.lacks_size = np.zeros(self.count, np.bool_)
        if len(starts):
            total, seen, left = charts.summed(rows, starts)
            at_start = at[starts]
            self.seen[at_start] = seen
            self.total[at_start] = np.where(seen > 0, total, -1)
            self.left[at_start] = left > 0
        if charts.lacking:
            self.lacks_size[at[charts.lacks_size(rows)]] = True
        self.complete = self.seen == lines.targets[self.line]

    def _see_nontargets(self, charts: Charts, lines: _Lines) -> None:
        """The state of the non-targets that is worst, and whether some are still there."""
        some = np.flatnonzero(self.role == NONTARGET)
        rows, at = self.rows[some], self.row_follow_up[some]
        rule = firing(
            NONTARGET_LESION, of(charts.size, rows), of(charts.status, rows), charts.gone[rows],
            charts.unproven(rows),
        )  # fmt: skip
        starts = runs(at)
        self.worst = np.full(self.count, State.NONE.code, np.uint8)
        self.left_beside = np.zeros(self.count, np.bool_)
        recorded = np.zeros(self.count, np.int64)
        if len(starts):
            states = np.bitwise_or.reduceat(STATE_BIT[rule], starts)
            at_start = at[starts]
            self.worst[at_start] = WORST_OF[states]
            self.left_beside[at_start] = states & STILL_THERE_BITS > 0
            recorded[at_start] = np.diff(np.append(starts, len(at)))
        silent = recorded < lines.nontargets[self.line]
        unseen = np.uint8(State.NOT_EVALUABLE.code)
        self.worst[silent] = np.maximum(self.worst[silent], unseen)
        self.worst[~lines.has_baseline[self.line]] = State.NO_BASELINE.code


# ---- new lesions


def _new_lesions(charts: Charts, lines: _Lines, follow_ups: _FollowUps) -> News:
    """Which candidates each line detects, which of them are proved, and from when they count."""
    some = np.flatnonzero(follow_ups.role == CANDIDATE)
    rows, at = follow_ups.rows[some], follow_ups.row_follow_up[some]
    place, line = follow_ups.place[some], follow_ups.line[at]
    detected = _detected(charts, lines, rows, line, place)
    found = np.flatnonzero(detected)[::-1]
    never = follow_ups.count
    first = np.full(len(lines.role), never)
    first[place[found]] = at[found]
    first_row = np.zeros(len(lines.role), np.int64)
    first_row[place[found]] = rows[found]

    speaks = np.flatnonzero(at >= first[place])
    rows, at, place, detected = rows[speaks], at[speaks], place[speaks], detected[speaks]
    rule = _adjudicated(charts, rows, first_row[place], detected)
    new = verdicts(charts.criteria.rules.new_lesion, rule) == Verdict.NEW.code
    proofs = np.flatnonzero(new)[::-1]
    proof = np.full(len(lines.role), -1)
    proof[place[proofs]] = rule[proofs]

    counting = np.flatnonzero(proof >= 0)
    begin, owner = first[counting], lines.owner[counting]
    length = follow_ups.begin[owner] + charts.follow_ups[owner] - begin
    counts_at = ranges(begin, length)
    held = np.flatnonzero(detected & (proof[place] < 0))
    follow_ups.new_lesion[at[held]] = NewLesion.EQUIVOCAL.code
    follow_ups.new_lesion[counts_at] = NewLesion.YES.code
    return News(
        timepoint=np.concatenate([counts_at, at[held]]),
        lesion=charts.lesion_code[
            lines.lesion[np.concatenate([np.repeat(counting, length), place[held]])]
        ],
        rule=np.concatenate([np.repeat(proof[counting], length), rule[held]]).astype(np.uint8),
    )


def _detected(charts: Charts, lines: _Lines, rows: Array, line: Array, place: Array) -> Array:
    """Whether each row detects a candidate."""
    columns = charts.traits.columns
    trait = of(charts.trait, charts.place[rows])
    old_effusion: Array = False
    if np.any(spread(columns.needs_cytology, trait)):
        status = of(charts.status, lines.rows)
        there = np.zeros(len(lines.role), np.bool_)
        there[lines._place] = status != Status.ABSENT.code
        old_effusion = spread(columns.needs_cytology, trait) & there[place]
    reach = extent(
        charts.um[rows], of(charts.known, rows), spread(columns.smallest_diseased_um, trait)
    ).astype(np.uint8)
    rule = firing(
        DETECTED, True, of(charts.status, rows), spread(columns.group, trait), reach,
        spread(columns.strict_hilum, trait), old_effusion,
    )  # fmt: skip
    return verdicts(DETECTED, rule) == YesNo.YES.code


def _adjudicated(charts: Charts, rows: Array, first_rows: Array, detected: Array) -> Array:
    """The rule that decides what each row says of its candidate, given its first detection."""
    criteria = charts.criteria

    def is_said(column: str, code: int) -> Array:
        said = charts.said(column, rows)
        return np.zeros(len(rows), np.bool_) if said is None else said == code

    new_rule = spread(charts.traits.columns.new_rule, of(charts.trait, charts.place[rows]))
    size, first_size = _whole_size(charts, rows), _whole_size(charts, first_rows)
    sized = (size >= 0) & (first_size >= 0)
    by_cytology = new_rule == NewRule.CYTOLOGY.code
    proven = np.where(
        by_cytology,
        is_said("cytology", Proof.POSITIVE.code),
        is_said("biopsy", Proof.POSITIVE.code),
    )
    return firing(
        criteria.rules.new_lesion, new_rule, detected, is_said("equivocal", True),
        is_said("pattern", Pattern.TYPICAL.code),
        (size >= 0) & at_least(size, criteria.new_nodule_um),
        sized & at_least(size - first_size, criteria.new_nodule_growth_um), proven,
    )  # fmt: skip


def _whole_size(charts: Charts, rows: Array) -> Array:
    """The size of a new liver nodule: the longest diameter, else the viable one; -1: neither."""
    longest, viable = charts.said("longest_um", rows), charts.said("viable_um", rows)
    none = np.full(len(rows), -1, np.int32)
    longest = none if longest is None else longest
    viable = none if viable is None else viable
    size = np.where(longest < 0, viable, longest)
    small = of(charts.status, rows) == Status.TOO_SMALL.code
    return np.where(small, charts.criteria.too_small_um, size)


# ---- responses in the order of dates


def _followed(
    charts: Charts, lines: _Lines, follow_ups: _FollowUps
) -> tuple[TimepointColumns, Any]:
    """Judge the follow-ups, lines of about the same number of them together."""
    count = follow_ups.count
    small = ("target_rule", "nontarget_rule", "overall_rule", "standing_rule", "new_lesion",
             "computed", "response", "problems")  # fmt: skip
    out = {name: np.zeros(count, np.uint8) for name in small}
    out["recurrence"] = np.zeros(count, np.bool_)
    out["nadir_um"] = np.full(count, -1)
    ends = SimpleNamespace(
        best_rule=np.zeros(lines.count, np.uint8),
        confirmed_rule=np.zeros(lines.count, np.uint8),
        progression=np.full(lines.count, -1),
        computed_pd=np.zeros(lines.count, np.bool_),
    )
    reported = charts.reported[follow_ups.visit] if np.ndim(charts.reported) else BLANK
    day = charts.visit_day[follow_ups.visit] - charts.lines.start[follow_ups.line]
    rule = charts.criteria.rules.nontarget
    nontarget_rule = firing(rule, follow_ups.worst)
    # Lines with few follow-ups are not padded to the length of those with many.
    length = np.frexp(charts.follow_ups - 0.5)[1] * (charts.follow_ups > 0)
    for each in np.unique(length):
        some = np.flatnonzero(length == each)
        grid = _Grid(follow_ups, some, charts.follow_ups[some])
        _judge(charts, lines, follow_ups, grid, nontarget_rule, reported, out)
        _conclude(charts, grid, out, day, ends)
    ends.causes = _causes(charts, follow_ups, out | {"nontarget_rule": nontarget_rule}, ends)
    return (
        TimepointColumns(
            line=follow_ups.line,
            day=charts.visit_day[follow_ups.visit] if count else np.zeros(0, np.int64),
            total_um=follow_ups.total,
            reported=np.broadcast_to(np.asarray(reported, np.uint8), count),
            **(out | {"nontarget_rule": nontarget_rule}),
        ),
        ends,
    )


class _Grid:
    """Follow-ups as (follow-up, line): `place` is where each lies, `there` whether it exists."""

    def __init__(self, follow_ups: _FollowUps, lines: Array, counts: Array) -> None:
        self.lines = lines
        step = np.arange(int(counts.max()) if len(counts) else 0)[:, None]
        self.there = step < counts
        self.full = bool(self.there.all())
        last = follow_ups.begin[lines] + np.maximum(counts - 1, 0)
        self.place = np.minimum(follow_ups.begin[lines] + step, last)
        np.minimum(self.place, follow_ups.count - 1, out=self.place)

    def of(self, values: Array) -> Array:
        """A column of follow-ups on the grid; places that do not exist repeat the last one."""
        return values[self.place] if np.ndim(values) else values

    def put(self, into: Array, values: Array) -> None:
        if self.full:
            into[self.place] = values
        else:
            into[self.place[self.there]] = values[self.there]


def _judge(
    charts: Charts, lines: _Lines, follow_ups: _FollowUps, grid: _Grid, nontarget_rule: Array,
    reported: Array, out: dict[str, Array],
) -> None:  # fmt: skip
    """Target, overall and reported response; nadir and recurrence look back within the line."""
    criteria = charts.criteria
    has_baseline = lines.has_baseline[grid.lines]
    baseline_um = lines.baseline_um[grid.lines]
    total, complete = grid.of(follow_ups.total), grid.of(follow_ups.complete)
    judged = baseline_um >= 0
    smallest = np.where(complete & judged, total, NO_TOTAL)
    nadir = np.empty_like(smallest)
    if len(nadir):
        nadir[0] = baseline_um
        np.minimum(smallest[:-1], baseline_um, out=nadir[1:])
        np.minimum.accumulate(nadir, axis=0, out=nadir)
    table = criteria.rules.target
    word = _targets_word(lines, grid.lines)
    words = np.where(judged, np.where(complete, Targets.ALL.code, Targets.IN_PART.code), word)
    now = np.maximum(total, 0)
    rose = rise(now, nadir, criteria.progression_share, criteria.progression_floor_um) * judged
    fell = fell_by(now, baseline_um, criteria.response_share) & judged
    gone = ~grid.of(follow_ups.left) & judged
    target_rule = firing(table, words.astype(np.uint8), gone, rose.astype(np.uint8), fell)
    target = verdicts(table, target_rule)
    nontarget = verdicts(criteria.rules.nontarget, grid.of(nontarget_rule))
    found = grid.of(follow_ups.new_lesion)
    said = grid.of(reported)

    def respond(new: Array, at: Any = slice(None)) -> tuple[Array, ...]:
        rule = firing(criteria.rules.overall, target[at], nontarget[at], new)
        computed = verdicts(criteria.rules.overall, rule)
        mine = said[at] if np.ndim(said) else said
        if np.ndim(said) == 0:
            standing = firing(REPORTED, False, computed, computed, True)
            return rule, computed, standing, computed
        given = mine != BLANK
        mine = np.where(given, mine, computed)
        standing = firing(REPORTED, given, computed, mine, mine == computed)
        stands_in = verdicts(REPORTED, standing) == Standing.STANDS_IN.code
        return rule, computed, standing, np.where(stands_in, mine, computed)

    answers = respond(found)
    left = (grid.of(follow_ups.left) | grid.of(follow_ups.left_beside)) & has_baseline
    recurrence = np.zeros(left.shape, np.bool_)
    watched = np.flatnonzero((STARTS_WATCH[answers[3]] & grid.there).any(axis=0) & left.any(axis=0))
    if len(watched):
        watch = np.full(len(watched), Watch.OFF.code, np.uint8)
        new = found.copy()
        for step in range(len(left)):
            at = (step, watched)
            again = (watch == Watch.ON.code) & left[at]
            recurrence[at] = again
            new[at] = np.where(again, NewLesion.YES.code, found[at])
            for answer, changed in zip(answers, respond(new[at], at), strict=True):
                answer[at] = changed
            after = WATCH[answers[3][at]]
            watch = np.where(after == Watch.UNCHANGED.code, watch, after)
        found = new
    rule, computed, standing, response = answers

    problems = np.zeros(left.shape, np.uint8)
    lacking = ~complete & grid.of(follow_ups.lacks_size)
    problems[lacking] |= Problem.NO_SIZE.value
    if np.any(charts.odd_visit):
        problems[charts.odd_visit[grid.of(follow_ups.visit)]] |= Problem.VIABLE_EXCEEDS_WHOLE.value
    if np.ndim(said):
        given = said != BLANK
        cr = np.zeros(left.shape, np.bool_)
        np.logical_or.accumulate(
            given[:-1] & STARTS_WATCH[np.where(given, said, Response.NE.code)][:-1], out=cr[1:]
        )
        stands_in = verdicts(REPORTED, standing) == Standing.STANDS_IN.code
        problems[stands_in & cr & IS_DOUBTFUL[response]] |= Problem.RESPONSE_AFTER_CR.value
    for name, values in (
        ("target_rule", target_rule), ("overall_rule", rule), ("standing_rule", standing),
        ("new_lesion", found), ("computed", computed), ("response", response),
        ("recurrence", recurrence), ("problems", problems),
        ("nadir_um", np.where(judged, nadir, -1)),
    ):  # fmt: skip
        grid.put(out[name], values)


def _targets_word(lines: _Lines, some: Array) -> Array:
    """Why the targets of a line cannot be compared, where they cannot."""
    none = np.where(lines.targets[some] > 0, Targets.NO_BASELINE_TOTAL.code, Targets.NONE.code)
    return np.where(lines.has_baseline[some], none, Targets.NO_BASELINE.code)


def _conclude(charts: Charts, grid: _Grid, out: dict[str, Array], day: Array, ends: Any) -> None:
    """Best responses, and the first progression."""
    response = np.where(grid.there, grid.of(out["response"]).view(np.int8), -1)
    days = grid.of(day).astype(np.int32)
    course = _course(response, days, charts.criteria)
    common = [course[name] < endpoints.NEVER for name in ("nn", "ned", "pd", "seen")]
    for name, table, firsts in (
        ("best_rule", BEST, ("cr", "pr", "sd")),
        ("confirmed_rule", CONFIRMED, ("confirmed_cr", "confirmed_pr", "lasting")),
    ):
        own = [course[first] < endpoints.NEVER for first in firsts]
        getattr(ends, name)[grid.lines] = firing(table, *own, *common)
    progressed = response == Response.PD.code
    if not len(progressed):
        return
    some = np.flatnonzero(progressed.any(axis=0))
    at = grid.place[progressed[:, some].argmax(axis=0), some]
    ends.progression[grid.lines[some]] = at
    computed = grid.there & (grid.of(out["computed"]) == Response.PD.code)
    ends.computed_pd[grid.lines] = computed.any(axis=0)


def _course(response: Array, days: Array, criteria: Criteria) -> dict[str, Array]:
    """The days on which each line came to something, from (follow-up, line) arrays."""
    follow_ups = list(zip(response, days, strict=True))
    course = endpoints.first_days(follow_ups, criteria, where=np.where, minimum=np.minimum)
    every = np.full(response.shape[1], endpoints.NEVER)
    course = {name: np.minimum(first, every) for name, first in course.items()}
    responders = np.flatnonzero(np.minimum(course["cr"], course["pr"]) < endpoints.NEVER)
    confirmed = endpoints.confirmations(
        list(zip(response[:, responders], days[:, responders], strict=True)),
        criteria,
        where=np.where,
        minimum=np.minimum,
    )
    for name, day in confirmed.items():
        course[name] = every.copy()
        course[name][responders] = day
    return course


def _causes(charts: Charts, follow_ups: _FollowUps, out: dict[str, Array], ends: Any) -> Array:
    """What the first progression of each line rests on, as bits."""
    some = np.flatnonzero(ends.progression >= 0)
    at = ends.progression[some]
    rules = charts.criteria.rules
    holds = {
        Cause.TARGET: verdicts(rules.target, out["target_rule"][at]) == Target.PD.code,
        Cause.NONTARGET: verdicts(rules.nontarget, out["nontarget_rule"][at]) == NonTarget.PD.code,
        Cause.NEW_LESION: follow_ups.new_lesion[at] == NewLesion.YES.code,
        Cause.RECURRENCE: out["recurrence"][at],
        Cause.REPORTED: verdicts(REPORTED, out["standing_rule"][at]) == Standing.STANDS_IN.code,
    }
    causes = np.zeros(len(ends.progression), np.uint8)
    for bit, cause in enumerate(CAUSES):
        causes[some] |= holds[cause].astype(np.uint8) << bit
    return causes


# ---- what a line is to its agents


def _exposure(charts: Charts, computed_pd: Array) -> tuple[Array, Array]:
    """The rule for each line, and the number of the latest earlier line that shares an agent."""
    lines = charts.lines
    earlier = _shared(charts)
    again = earlier >= 0
    reason = np.where(again, lines.end_reason[earlier], EndReason.OTHER.code)
    recorded = again & (reason != BLANK)
    reason = np.where(reason == BLANK, EndReason.PROGRESSION.code, reason).astype(np.uint8)
    rule = firing(EXPOSURE, again, recorded, reason, again & computed_pd[earlier])
    number = earlier - np.searchsorted(charts.line_patient, charts.line_patient) + 1
    return rule, np.where(again, number, -1)


def _shared(charts: Charts) -> Array:
    """The latest earlier line of the patient that has an agent of the line; -1: none."""
    lines, patient = charts.lines, charts.line_patient
    found = np.full(len(lines), -1)
    known = np.flatnonzero(lines.agents >= 0)
    patient, agents = patient[known], lines.agents[known]
    for gap in range(1, len(known)):
        later = np.flatnonzero(patient[gap:] == patient[:-gap]) + gap
        if not len(later):
            break
        later = later[found[known[later]] < 0]
        pairs = agents[later] * len(lines.agents_named) + agents[later - gap]
        used, place = distinct(pairs)
        each = [divmod(pair, len(lines.agents_named)) for pair in used.tolist()]
        share = np.array([_share(lines.agents_named, *pair) for pair in each], np.bool_)
        again = later[share[place]]
        found[known[again]] = known[again - gap]
    return found


def _share(agents_named: Any, one: int, other: int) -> bool:
    """Whether two lists of agents, by their places, have one in common."""
    had = {inn(agent) for agent in agents_named[other]}
    return any(inn(agent) in had for agent in agents_named[one])


def joined(panels: Sequence[Panel]) -> Panel:
    """The panels of blocks, one after the other, as one."""
    at = np.cumsum([0, *(len(panel.timepoints.line) for panel in panels)]).tolist()
    on = np.cumsum([0, *(len(panel.lines.patient) for panel in panels)]).tolist()
    shifts: dict[str, list[int]] = {"line": on, "timepoint": at, "progression": at}

    def columns(kind: Any, records: Sequence[Any]) -> Any:
        return kind(**{
            field.name: _end_to_end([getattr(record, field.name) for record in records],
                                    shifts.get(field.name))
            for field in attrs.fields(kind)
        })  # fmt: skip

    roles = tuple(
        _end_to_end([panel.roles[i] for panel in panels], on if i == 0 else None) for i in range(3)
    )
    return Panel(
        timepoints=columns(TimepointColumns, [panel.timepoints for panel in panels]),
        lines=columns(LineColumns, [panel.lines for panel in panels]),
        news=columns(News, [panel.news for panel in panels]),
        roles=(roles[0], roles[1], roles[2]),
    )


def _end_to_end(parts: Sequence[Array], shifts: Sequence[int] | None) -> Array:
    """Arrays end to end; places are moved on by what comes before, -1 stays."""
    if shifts is not None:
        parts = [np.where(part < 0, -1, part + shift)
                 for part, shift in zip(parts, shifts, strict=False)]  # fmt: skip
    return np.concatenate(parts) if parts else np.zeros(0, np.int64)
