"""Loops over findings and follow-ups, written so that a compiler can take them (`mrecist[fast]`).

Each gives what the arrays of its sibling give: `see_follow_ups` those of `follow_ups.py`,
`respond` those of `over_time.py`. They look verdicts up in the grids of the rulebook and call the
arithmetic of `_base/exact.py`; nothing clinical is stated here. They run without a compiler too.

Columns that are one value for all rows have one element. A grid is indexed with whole numbers:
a flag as an index would select, so it is made a number first.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from .._base.arrays import BLANK, Array
from .._base.errors import Problem
from .._base.exact import at_least, below, fell_by, rise
from .._base.words import Measure, NewLesion, Size, Standing, State, Status, Targets, Watch
from ..rulebook.best_response import is_objective, is_progression
from .baseline import CANDIDATE, NONTARGET, TARGET

__all__ = [
    "CALLED",
    "KERNELS",
    "RECORDS",
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
UNKNOWN, RECORDED, SMALL = Size.UNKNOWN.code, Size.RECORDED.code, Size.SMALL.code
VIABLE, LONGEST = Measure.VIABLE.code, Measure.LONGEST.code
MEASURED = Status.MEASURED.code
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


class SizeColumns(NamedTuple):
    """What each row records, and what `read_sizes` fills in of `Sights`.

    `viable`, `longest` and `short` are empty where the table lacks them; `blind` and `hidden`
    where every row has its arterial phase, `odd` where one of the sizes is lacking.
    """

    place: Array
    trait: Array
    arterial: Array
    given: Array
    viable: Array
    longest: Array
    short: Array
    measure: Array
    recorded: Array
    status: Array
    size: Array
    um: Array
    known: Array
    gone: Array
    blind: Array
    hidden: Array
    odd: Array


class SizeGrids(NamedTuple):
    """The tables for one finding, and what the criteria make of each trait.

    `impossible`: no finding can have the status (the last: none) with such sizes, by whether each
    is lacking, zero or above. `last_um` holds the latest size of each lesion in each measure.
    """

    impossible: Array
    sizes: Array
    size_of: Array
    is_known: Array
    says_size: Array
    measure: Array
    measure_where_viable: Array
    smallest_left_um: Array
    last_um: Array


def read_sizes(found: SizeColumns, grids: SizeGrids, too_small_um: int) -> bool:
    """Fill in what each row says of size; false where some row cannot be."""
    lesion_of, traits, arterials, given, viables, longests, shorts, measures = found[:8]
    recordeds, statuses, sizes, ums, knowns, gones, blinds, hiddens, odds = found[8:]
    impossible, grid, size_of, is_known, says_size, measure_of, measure_where_viable = grids[:7]
    smallest_left_um, last_um = grids[7:]
    has_viable, has_longest, has_short = len(viables) > 0, len(longests) > 0, len(shorts) > 0
    has_status, sees, compares = len(given) > 0, len(blinds) > 0, len(odds) > 0
    unstated = len(impossible) - 1
    for row in range(len(lesion_of)):
        lesion = lesion_of[row]
        trait = of(traits, lesion)
        viable = viables[row] if has_viable else -1
        longest = longests[row] if has_longest else -1
        short = shorts[row] if has_short else -1
        status = given[row] if has_status else BLANK
        word = unstated if status == BLANK else status
        if impossible[word, kind_of(viable), kind_of(longest), kind_of(short)]:
            return False
        if status == BLANK:
            status = MEASURED
        measure = measure_of[trait] if viable < 0 else measure_where_viable[trait]
        recorded = short
        if measure == VIABLE:
            recorded = viable
        elif measure == LONGEST:
            recorded = longest
        arterial = bool(of(arterials, row))
        size = size_of[grid[status, measure, int(arterial), int(recorded >= 0)]]
        um = 0
        if size == RECORDED:
            um = recorded
            if um > 0:
                last_um[lesion, measure] = um
        elif size == SMALL:
            um = too_small_um
            if last_um[lesion, measure] >= 0:
                um = min(um, last_um[lesion, measure])
        known = is_known[size]
        measures[row] = measure
        recordeds[row] = recorded
        statuses[row] = status
        sizes[row] = size
        ums[row] = um
        knowns[row] = known
        gones[row] = known and below(um, smallest_left_um[trait])
        if sees:
            blind = measure == VIABLE and not arterial
            blinds[row] = blind
            hiddens[row] = blind and recorded == 0 and says_size[status]
        if compares:
            odds[row] = longest >= 0 and viable > longest
    return True


def kind_of(um: int) -> int:
    """Whether a size is lacking (0), zero (1) or above (2)."""
    return int(um >= 0) + int(um > 0)


def find_lesions(
    patient: Array, code: Array, patient_lesion: Array, lesion_code: Array, seen: Array, at: Array
) -> None:
    """Fill in the lesion of each patient by its code; -1 where none is seen.

    The codes of a patient ascend.
    """
    for k in range(len(patient)):
        low, high = patient_lesion[patient[k]], patient_lesion[patient[k] + 1]
        end = high
        while low < high:
            middle = (low + high) >> 1
            if lesion_code[middle] < code[k]:
                low = middle + 1
            else:
                high = middle
        there = low < end and lesion_code[low] == code[k] and seen[low]
        at[k] = low if there else -1


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
    # Each is taken out once: what is taken out of a record within a loop is counted there.
    lesion_of, um, size, status, known, gone = rows
    begin, window, follow_ups, shift, has_baseline, targets, _, _ = lines
    role_of, proved, unproven_until, is_node = places
    grid, states, recurs_in, is_still_there = codes
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


def of(values: Array, place: int) -> int:
    """An element of a column, or the one that stands for all."""
    value: int = values[place] if len(values) > 1 else values[0]
    return value


class Numbers(NamedTuple):
    """The numbers of the criteria, in whole micrometres and days.

    The shares are `Share`s. `floor_um` is that of the criteria with one, for criteria without: zero where not asked.
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


CALLED = (at_least, below, fell_by, rise, is_objective, is_progression, kind_of, of)
"""What the kernels call: compiled from where it is written."""

KERNELS = (read_sizes, find_lesions, see_follow_ups, respond)

RECORDS = (
    SizeColumns, SizeGrids, RowColumns, LineWindows, Places, Codes, FollowUpColumns, Seen,
    Numbers, Share, ResponseGrids, ResponseColumns,
)  # fmt: skip
"""What the kernels take."""
