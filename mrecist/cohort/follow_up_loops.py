"""Loops over follow-ups and lines, written so that a compiler can take them (`mrecist[fast]`).

Each gives what the arrays of its sibling give: `see_follow_ups` those of `follow_ups.py`, `respond`
those of `over_time.py`. See `row_loops.py`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from .._base.arrays import BLANK, Array
from .._base.errors import Problem
from .._base.exact import at_least, below, fell_by, rise
from .._base.words import NewLesion, Rise, Size, Standing, State, Status, Targets, Watch
from ..rulebook.best_response import is_objective, is_progression
from .baseline import CANDIDATE, NONTARGET, TARGET
from .row_loops import of

__all__ = [
    "Codes",
    "FollowUpColumns",
    "Growth",
    "LineWindows",
    "Numbers",
    "Places",
    "ResponseColumns",
    "ResponseGrids",
    "RowColumns",
    "Seen",
    "Share",
    "grew_over",
    "has_grown",
    "respond",
    "see_follow_ups",
]

NO_SIZE = Problem.NO_SIZE.value
RESPONSE_AFTER_CR = Problem.RESPONSE_AFTER_CR.value
CR_OVER_DISEASE = Problem.CR_OVER_DISEASE.value
NONTARGET_GREW = Problem.NONTARGET_GREW.value
RISE_UNDER_5MM = Problem.RISE_UNDER_5MM.value
UNKNOWN, ABSENT, ROSE = Size.UNKNOWN.code, Status.ABSENT.code, Rise.YES.code
NOT_EVALUABLE, NO_BASELINE = State.NOT_EVALUABLE.code, State.NO_BASELINE.code
PROGRESSED = State.PROGRESSED.code
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


class Growth(NamedTuple):
    """What non-targets are compared with: the smallest size so far of each lesion of each line.

    There is one of each measure for lesions that `keep` theirs; other lesions use the first only.
    Where none is known it is -1.
    """

    smallest: Array
    measure: Array
    keeps: Array
    share: Any
    least_um: int


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
    growth: Growth,
    found: FollowUpColumns,
    nontargets: Seen,
    candidates: Seen,
) -> tuple[int, int]:
    """Fill in what each follow-up says of targets and non-targets; count the rows noted."""
    # Each is taken out once: what is taken out of a record within a loop is counted there.
    lesion_of, um, size, status, known, gone = rows
    begin, window, follow_ups, shift, has_baseline, targets, _, _ = lines
    role_of, proved, unproven_until, is_node = places
    grid, states, recurs_in, is_still_there = codes
    _, measures, keeps, _, _ = growth
    (
        listed,
        totals,
        seens,
        lefts,
        ours_at,
        completes,
        worsts,
        besides,
        recurs,
        late_recurs,
        problems,
    ) = found
    some_row, some_at, some_place, some_state = nontargets
    other_row, other_at, other_place, _ = candidates
    some = others = 0
    late, needs_proof, count = len(proved) > 0, len(unproven_until) > 0, len(totals)
    for line in range(len(window)):
        at = begin[line]
        judged = has_baseline[line]
        for visit in range(window[line], window[line] + follow_ups[line]):
            total = seen = recorded = 0
            ours = left = False
            worst = 0
            for row in range(visit_row[visit], visit_row[visit + 1]):
                lesion = lesion_of[row]
                place = lesion + shift[line]
                role = role_of[place]
                if role == TARGET:
                    if judged:
                        ours = True
                        total += um[row]
                        if of(known, row):
                            seen += 1
                            left = left or not gone[row]
                        if of(size, row) == UNKNOWN:
                            problems[at] |= NO_SIZE
                    continue
                proof = -1
                if role == CANDIDATE:
                    proof = proved[place] if late else count
                    if at <= proof:
                        other_row[others] = row
                        other_at[others] = at
                        other_place[others] = place
                        others += 1
                    if at < proof:
                        if judged and proof < count and of(known, row):
                            absent = of(status, row) == ABSENT
                            kept = bool(of(keeps, lesion))
                            has_grown(growth, place, um[row], of(measures, row), kept, absent)
                        continue
                elif role != NONTARGET:
                    continue
                unproven = needs_proof and visit < unproven_until[lesion]
                rule = grid[of(size, row), of(status, row), int(gone[row]), int(unproven)]
                state = states[rule]
                some_row[some] = row
                some_at[some] = at
                some_place[some] = place
                some_state[some] = state
                some += 1
                recorded += 1
                worst = max(worst, state)
                if judged and of(known, row):
                    absent = of(status, row) == ABSENT
                    kept = bool(of(keeps, lesion))
                    grew = has_grown(growth, place, um[row], of(measures, row), kept, absent)
                    if grew and state != PROGRESSED:
                        problems[at] |= NONTARGET_GREW
                if is_still_there[state]:
                    besides[at] = True
                if recurs_in[state, int(of(is_node, lesion))]:
                    if proof < 0:
                        recurs[at] = True
                    else:
                        late_recurs[at] = min(late_recurs[at], proof)
            if ours:
                lefts[at] = left
                seens[at] = seen
                if seen:
                    totals[at] = total
            if recorded < listed[at]:
                worst = max(worst, NOT_EVALUABLE)
            worsts[at] = worst if judged else NO_BASELINE
            ours_at[at] = ours or recorded > 0
            completes[at] = seen == targets[line]
            at += 1
    return some, others


def has_grown(growth: Growth, place: int, um: int, measure: int, keeps: bool, absent: bool) -> bool:
    """Whether a size is above the smallest before by enough; it is noted for those after it."""
    grew = False
    for kind in range(growth.smallest.shape[1] if keeps else 1):
        if keeps and kind != measure and not absent:
            continue
        before = growth.smallest[place, kind]
        grew = grew or grew_over(um, before, growth.share, growth.least_um)
        growth.smallest[place, kind] = um if before < 0 else min(before, um)
    return grew


def grew_over(um: int, before: int, share: Any, least_um: int) -> bool:
    """Whether a size is above another by enough; -1 where that is not known."""
    return before >= 0 and rise(um, before, share, least_um) == ROSE


class Numbers(NamedTuple):
    """The numbers of the criteria, in whole micrometres and days.

    The shares are `Share`s. `floor_um` is that of the criteria with one, for criteria without one;
    zero for the others.
    """

    response_share: Any
    progression_share: Any
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
    begin, _, follow_ups, _, has_baseline, _, baseline_um, not_compared = lines
    _, totals, _, lefts, _, completes, worsts, besides, recurs, late_recurs, problems = seen
    target_grid, target_of, nontarget_grid, nontarget_of, overall_grid, response_of = grids[:6]
    reported_grid, standing_of, watch_after, is_grown, is_doubtful, counts_as = grids[6:]
    reports, partials, days, news, target_rules, nontarget_rules, overall_rules = found[:7]
    standing_rules, computeds, responses, recurrences, nadirs, occurred, objective = found[7:14]
    progression = found.progression
    looks_late = len(late_recurs) > 0
    for line in range(len(begin)):
        baseline, based = baseline_um[line], has_baseline[line]
        judged, nadir = baseline >= 0, baseline
        watch, since = OFF, -1
        for at in range(begin[line], begin[line] + follow_ups[line]):
            now = max(totals[at], 0)
            words, gone, rose, fell = not_compared[line], False, 0, False
            if judged:
                words = ALL if completes[at] else IN_PART
                gone = not lefts[at]
                rose = rise(now, nadir, numbers.progression_share, numbers.progression_floor_um)
                fell = fell_by(now, baseline, numbers.response_share)
            target_rule = target_grid[words, int(gone), rose, int(fell)]
            target = target_of[target_rule]
            nontarget_rule = nontarget_grid[worsts[at]]
            target_rules[at] = target_rule
            nontarget_rules[at] = nontarget_rule
            nadirs[at] = nadir if judged else -1

            counts = not partials[at]
            if watch == ON and counts and based:
                back = lefts[at] or recurs[at]
                if back or (looks_late and late_recurs[at] <= since):
                    recurrences[at] = True
                    news[at] = YES
            rule = overall_grid[target, nontarget_of[nontarget_rule], news[at]]
            computed = response_of[rule]
            given = of(reports, at) != BLANK
            reported = of(reports, at) if given else computed
            disease = based and (lefts[at] or besides[at])
            standing_rule = reported_grid[
                int(given), computed, reported, int(reported == computed), int(disease)
            ]
            standing = standing_of[standing_rule]
            response = reported if standing == STANDS_IN else computed
            overall_rules[at] = rule
            computeds[at] = computed
            standing_rules[at] = standing_rule
            responses[at] = response
            if standing == OVER_DISEASE:
                problems[at] |= CR_OVER_DISEASE
            if watch == ON and standing == STANDS_IN and is_doubtful[response]:
                problems[at] |= RESPONSE_AFTER_CR
            if is_grown[target] and below(now - nadir, numbers.floor_um):
                problems[at] |= RISE_UNDER_5MM

            if judged and completes[at]:
                nadir = min(nadir, totals[at])
            if not counts:
                continue
            after = watch_after[response]
            if after != UNCHANGED:
                watch, since = after, at
            if progression[line] < 0:
                late = at_least(days[at], numbers.stable_days)
                occurred[line] |= counts_as[int(late), response]
                if is_progression(response):
                    progression[line] = at
            if is_objective(response):
                objective[line] += 1
