"""Loops over findings and follow-ups, written so that a compiler can take them (`mrecist[fast]`).

Each gives what the arrays of its sibling give: `see_follow_ups` those of `follow_ups.py`,
`respond` those of `over_time.py`. They look verdicts up in the grids of the rulebook and call the
arithmetic of `_base/exact.py`; nothing clinical is stated here. They run without a compiler too.

Columns that are one value for all rows have one element. A grid is indexed with whole numbers:
a flag as an index would select, so it is made a number first.
"""

from __future__ import annotations

from typing import NamedTuple

from .._base.arrays import BLANK, Array
from .._base.errors import Problem
from .._base.exact import at_least, below, fell_by, rise
from .._base.words import NewLesion, Size, Standing, State, Targets, Watch
from ..rulebook.best_response import is_objective, is_progression
from .baseline import CANDIDATE, NONTARGET, TARGET

__all__ = [
    "CALLED",
    "KERNELS",
    "Codes",
    "FollowUpColumns",
    "LineWindows",
    "Numbers",
    "Places",
    "ResponseColumns",
    "ResponseGrids",
    "RowColumns",
    "Seen",
    "Share",
    "respond",
    "see_follow_ups",
]

NO_SIZE = Problem.NO_SIZE.value
RESPONSE_AFTER_CR = Problem.RESPONSE_AFTER_CR.value
CR_OVER_DISEASE = Problem.CR_OVER_DISEASE.value
RISE_UNDER_5MM = Problem.RISE_UNDER_5MM.value
UNKNOWN = Size.UNKNOWN.code
NOT_EVALUABLE, NO_BASELINE = State.NOT_EVALUABLE.code, State.NO_BASELINE.code
ALL, IN_PART = Targets.ALL.code, Targets.IN_PART.code
STANDS_IN, OVER_DISEASE = Standing.STANDS_IN.code, Standing.OVER_DISEASE.code
OFF, ON, UNCHANGED = Watch.OFF.code, Watch.ON.code, Watch.UNCHANGED.code
YES = NewLesion.YES.code


class Share(NamedTuple):
    """A share as `_base/exact.py` takes it: a `Fraction` is not for compilers."""

    numerator: int
    denominator: int


class RowColumns(NamedTuple):
    """What each row of a block says: `place` is its lesion, the others are those of `Sights`."""

    place: Array
    um: Array
    size: Array
    status: Array
    known: Array
    gone: Array


class LineWindows(NamedTuple):
    """The lines: their follow-ups from time point `window` on, and what they are compared with.

    `shift` leads from a lesion to its place in the line. `not_compared` is why the targets cannot
    be compared, where they cannot.
    """

    begin: Array
    window: Array
    follow_ups: Array
    shift: Array
    has_baseline: Array
    targets: Array
    baseline_um: Array
    not_compared: Array


class Places(NamedTuple):
    """What each lesion is: its `role` in each line, and the time point of its proof.

    `proved` is the follow-up from which an effusion is a non-target. `proved` and `unproven_until`
    are empty where there are none of these.
    """

    role: Array
    proved: Array
    unproven_until: Array
    is_node: Array


class Codes(NamedTuple):
    """The tables for one non-target: the rules by cell, their states, and what each state means."""

    grid: Array
    states: Array
    recurs: Array
    still_there: Array


class FollowUpColumns(NamedTuple):
    """One element per follow-up: what `see_follow_ups` fills in, `nontargets` apart."""

    nontargets: Array
    total: Array
    seen: Array
    left: Array
    ours: Array
    complete: Array
    worst: Array
    left_beside: Array
    recurs: Array
    recurs_since: Array
    problems: Array


class Seen(NamedTuple):
    """Rows that are looked at again: those of non-targets and candidates, with their `state`."""

    row: Array
    at: Array
    place: Array
    state: Array


def see_follow_ups(
    rows: RowColumns,
    visit_row: Array,
    lines: LineWindows,
    places: Places,
    codes: Codes,
    found: FollowUpColumns,
    nontargets: Seen,
    candidates: Seen,
) -> tuple[int, int]:
    """Fill in what each follow-up says of targets and non-targets; count the rows noted."""
    some = others = 0
    late = len(places.proved) > 0
    for line in range(len(lines.window)):
        at = lines.begin[line]
        first = lines.window[line]
        judged = lines.has_baseline[line]
        for visit in range(first, first + lines.follow_ups[line]):
            total = seen = recorded = 0
            ours = left = False
            worst = 0
            for row in range(visit_row[visit], visit_row[visit + 1]):
                lesion = rows.place[row]
                place = lesion + lines.shift[line]
                role = places.role[place]
                if role == TARGET:
                    if judged:
                        ours = True
                        total += rows.um[row]
                        if of(rows.known, row):
                            seen += 1
                            left = left or not rows.gone[row]
                        if of(rows.size, row) == UNKNOWN:
                            found.problems[at] |= NO_SIZE
                    continue
                proof = -1
                if role == CANDIDATE:
                    proof = places.proved[place] if late else len(found.total)
                    if at <= proof:
                        candidates.row[others] = row
                        candidates.at[others] = at
                        candidates.place[others] = place
                        others += 1
                    if at < proof:
                        continue
                elif role != NONTARGET:
                    continue
                unproven = len(places.unproven_until) > 0 and visit < places.unproven_until[lesion]
                rule = codes.grid[
                    of(rows.size, row),
                    of(rows.status, row),
                    int(rows.gone[row]),
                    int(unproven),
                ]
                state = codes.states[rule]
                nontargets.row[some] = row
                nontargets.at[some] = at
                nontargets.place[some] = place
                nontargets.state[some] = state
                some += 1
                recorded += 1
                worst = max(worst, state)
                if codes.still_there[state]:
                    found.left_beside[at] = True
                if codes.recurs[state, int(of(places.is_node, lesion))]:
                    if proof < 0:
                        found.recurs[at] = True
                    else:
                        found.recurs_since[at] = min(found.recurs_since[at], proof)
            if ours:
                found.left[at] = left
                found.seen[at] = seen
                if seen:
                    found.total[at] = total
            if recorded < found.nontargets[at]:
                worst = max(worst, NOT_EVALUABLE)
            found.worst[at] = worst if judged else NO_BASELINE
            found.ours[at] = ours or recorded > 0
            found.complete[at] = seen == lines.targets[line]
            at += 1
    return some, others


def of(values: Array, place: int) -> int:
    """An element of a column, or the one that stands for all."""
    value: int = values[place] if len(values) > 1 else values[0]
    return value


class Numbers(NamedTuple):
    """The numbers of the criteria, in whole micrometres and days.

    `floor_um` is that of the criteria with one, for criteria without: zero where not asked.
    """

    response_share: Share
    progression_share: Share
    progression_floor_um: int
    floor_um: int
    stable_days: int


class ResponseGrids(NamedTuple):
    """The tables of a time point, as rules by cell and verdicts by rule, and what follows."""

    target: Array
    target_verdicts: Array
    nontarget: Array
    nontarget_verdicts: Array
    overall: Array
    overall_verdicts: Array
    reported: Array
    reported_verdicts: Array
    watch: Array
    is_grown: Array
    is_doubtful: Array
    counts_as: Array


class ResponseColumns(NamedTuple):
    """One element per follow-up: what `respond` fills in, and what it reads."""

    reported: Array
    partial: Array
    days: Array
    new_lesion: Array
    target_rule: Array
    nontarget_rule: Array
    overall_rule: Array
    standing_rule: Array
    computed: Array
    response: Array
    recurrence: Array
    nadir_um: Array
    occurred: Array
    objective: Array
    progression: Array


def respond(
    lines: LineWindows,
    seen: FollowUpColumns,
    grids: ResponseGrids,
    numbers: Numbers,
    found: ResponseColumns,
) -> None:
    """Fill in the responses of each line in the order of dates, and what it came to.

    Of each line: `occurred`, what it came to up to its first progression, as bits; `objective`, how
    many responses could be confirmed; `progression`, its first one.
    """
    looks_late = len(seen.recurs_since) > 0
    for line in range(len(lines.window)):
        judged = lines.baseline_um[line] >= 0
        nadir, baseline = lines.baseline_um[line], lines.baseline_um[line]
        watch, since = OFF, -1
        begin = lines.begin[line]
        for at in range(begin, begin + lines.follow_ups[line]):
            now = max(seen.total[at], 0)
            words, gone, rose, fell = lines.not_compared[line], False, 0, False
            if judged:
                words = ALL if seen.complete[at] else IN_PART
                gone = not seen.left[at]
                rose = rise(now, nadir, numbers.progression_share, numbers.progression_floor_um)
                fell = fell_by(now, baseline, numbers.response_share)
            target_rule = grids.target[words, int(gone), rose, int(fell)]
            target = grids.target_verdicts[target_rule]
            nontarget_rule = grids.nontarget[seen.worst[at]]
            nontarget = grids.nontarget_verdicts[nontarget_rule]
            found.target_rule[at] = target_rule
            found.nontarget_rule[at] = nontarget_rule
            found.nadir_um[at] = nadir if judged else -1

            counts = not found.partial[at]
            disease = (seen.left[at] or seen.left_beside[at]) and lines.has_baseline[line]
            back = counts and lines.has_baseline[line] and (seen.left[at] or seen.recurs[at])
            if looks_late and counts and lines.has_baseline[line]:
                back = back or seen.recurs_since[at] <= since
            if watch == ON and back:
                found.recurrence[at] = True
                found.new_lesion[at] = YES
            rule = grids.overall[target, nontarget, found.new_lesion[at]]
            computed = grids.overall_verdicts[rule]
            given = of(found.reported, at) != BLANK
            reported = of(found.reported, at) if given else computed
            standing_rule = grids.reported[
                int(given), computed, reported, int(reported == computed), int(disease)
            ]
            standing = grids.reported_verdicts[standing_rule]
            response = reported if standing == STANDS_IN else computed
            found.overall_rule[at] = rule
            found.computed[at] = computed
            found.standing_rule[at] = standing_rule
            found.response[at] = response
            if standing == OVER_DISEASE:
                seen.problems[at] |= CR_OVER_DISEASE
            if watch == ON and standing == STANDS_IN and grids.is_doubtful[response]:
                seen.problems[at] |= RESPONSE_AFTER_CR
            if grids.is_grown[target] and below(now - nadir, numbers.floor_um):
                seen.problems[at] |= RISE_UNDER_5MM

            after = grids.watch[response]
            if counts and after != UNCHANGED:
                watch, since = after, at
            if judged and seen.complete[at]:
                nadir = min(nadir, seen.total[at])
            if counts:
                if found.progression[line] < 0:
                    late = at_least(found.days[at], numbers.stable_days)
                    found.occurred[line] |= grids.counts_as[int(late), response]
                    if is_progression(response):
                        found.progression[line] = at
                if is_objective(response):
                    found.objective[line] += 1


CALLED = (at_least, below, fell_by, rise, is_objective, is_progression, of)
"""What the kernels call: compiled from where it is written."""

KERNELS = (see_follow_ups, respond)
