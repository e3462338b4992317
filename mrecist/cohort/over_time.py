"""Many lines followed at once: responses in the order of dates, and what each line comes to.

Nadir, recurrence and best response look back within a line, so lines with about as many follow-ups
are laid side by side: one row per follow-up, one column per line.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .._base.arrays import BLANK, Array, running, switched_on
from .._base.errors import Problem
from .._base.exact import at_least, below, fell_by, rise
from .._base.words import Cause, NewLesion, Response, Rise, Standing, Target, Targets, Watch
from ..endpoints.confirming import alike, confirmed_together
from ..rulebook.best_response import BEST, COUNTABLE, is_objective, is_progression
from ..rulebook.best_response import COUNTS_AS as NAMES
from ..rulebook.confirmation import CONFIRMED, NEVER, responses_to_confirm
from ..rulebook.criteria import MRECIST_5MM, Criteria
from ..rulebook.decision_table import firing, members, verdicts
from ..rulebook.new_lesions import RECURRENCE
from ..rulebook.overall import DOUBTFUL_AFTER_CR, REPORTED, causes_of
from ..rulebook.patterns import GROWN
from .baseline import Baselines
from .chart import Charts
from .follow_ups import FollowUps

__all__ = [
    "CAUSES",
    "Sequences",
    "best_rules",
    "causes_at",
    "concluded",
    "confirmed",
    "not_compared",
]

CAUSES = tuple(Cause)
"""The causes of a progression: bit `i` stands for `CAUSES[i]`."""

NO_TOTAL = 1 << 60
"""Stands for a total that is not known, where the smallest is looked for."""

IS_GROWN = members(Target, GROWN)
IS_DOUBTFUL = members(Response, DOUBTFUL_AFTER_CR)
WATCH = RECURRENCE.verdicts[RECURRENCE.grid]
STARTS_WATCH = np.equal(WATCH, Watch.ON.code)

RESPONSES = np.arange(len(Response), dtype=np.uint8)
ALONE = firing(REPORTED, False, RESPONSES, RESPONSES, True, False)
"""For each computed response, the rule for it where no reader gave another."""

BIT = {name: 1 << place for place, name in enumerate(COUNTABLE)}
"""What a response can count as, each as a bit."""

COUNTS_AS = np.array(
    [[sum(BIT[name] for name in names) for names in NAMES[late]] for late in (False, True)],
    np.uint8,
)
"""What each response counts as, early and late, as bits."""


class Sequences:
    """The responses of all follow-ups (`columns`), and what each line comes to.

    `progression` is the follow-up of the first PD of a line, -1 without; `causes` are its causes as
    bits.
    """

    def __init__(self, charts: Charts, lines: Baselines, follow_ups: FollowUps) -> None:
        self.criteria = charts.criteria
        self.follow_ups = follow_ups
        count = follow_ups.count
        rules = ("target_rule", "nontarget_rule", "overall_rule", "standing_rule")
        words = ("new_lesion", "computed", "response")
        # What is zero all over, such as the problems of sound charts, is not put in.
        self.columns: dict[str, Array] = {name: np.zeros(count, np.uint8) for name in rules + words}
        self.columns["problems"] = follow_ups.problems
        if np.any(charts.odd_visit):
            odd = charts.odd_visit[follow_ups.visit]
            follow_ups.problems[odd] |= Problem.VIABLE_EXCEEDS_WHOLE.value
        if np.any(charts.wide_visit):
            wide = charts.wide_visit[follow_ups.visit]
            follow_ups.problems[wide] |= Problem.PERP_EXCEEDS_LONGEST.value
        self.columns["recurrence"] = np.zeros(count, np.bool_)
        self.columns["nadir_um"] = np.zeros(count, np.int64)
        self.columns["nontarget_rule"] = firing(self.criteria.rules.nontarget, follow_ups.worst)
        self.best_rule = np.zeros(lines.count, np.uint8)
        self.confirmed_rule = np.zeros(lines.count, np.uint8)
        self.progression = np.full(lines.count, -1)
        self._conclude_all(charts, lines)
        self.causes = self._causes()

    def _conclude_all(self, charts: Charts, lines: Baselines) -> None:
        """Lines with few follow-ups are not padded to the length of those with many."""
        for some in alike(charts.follow_ups):
            self._conclude(_Side(self, charts, lines, some))

    def _conclude(self, side: _Side) -> None:
        """Best responses and the first progression of lines that lie side by side."""
        days = side.of(self.follow_ups.since_start)
        best, confirmed, first = concluded(side.response, side.counts, days, self.criteria)
        self.best_rule[side.lines], self.confirmed_rule[side.lines] = best, confirmed
        some = np.flatnonzero(first >= 0)
        self.progression[side.lines[some]] = side.place[first[some], some]

    def _causes(self) -> Array:
        """What the first progression of each line rests on, as bits."""
        some = np.flatnonzero(self.progression >= 0)
        columns = self.columns | {"new_lesion": self.follow_ups.new_lesion}
        causes = np.zeros(len(self.progression), np.uint8)
        causes[some] = causes_at(columns, self.progression[some], self.criteria)
        return causes


def causes_at(columns: Mapping[str, Array], at: Array, criteria: Criteria) -> Array:
    """What progressions at some follow-ups rest on, as bits."""
    rules = criteria.rules
    holds = causes_of(
        target=verdicts(rules.target, columns["target_rule"][at]),
        nontarget=verdicts(rules.nontarget, columns["nontarget_rule"][at]),
        new_lesion=columns["new_lesion"][at],
        recurrence=columns["recurrence"][at],
        standing=verdicts(REPORTED, columns["standing_rule"][at]),
    )
    causes = np.zeros(len(at), np.uint8)
    for bit, cause in enumerate(CAUSES):
        causes |= holds[cause].astype(np.uint8) << bit
    return causes


def concluded(
    response: Array, counts: Array, days: Array, criteria: Criteria
) -> tuple[Array, Array, Array]:
    """The rules of best response, unconfirmed and confirmed, and the first progression (-1: none).

    Of (follow-up, line) arrays: response codes, whether each counts, and days since the start.
    """
    occurred = _occurred(response, counts, days, criteria)
    came = {name: occurred & bit > 0 for name, bit in BIT.items()}
    came |= confirmed(came, response, counts, days, criteria)
    best, sure = best_rules(came)
    first = np.full(response.shape[1], -1)
    some = np.flatnonzero(came["pd"])
    if len(some):
        progressed = is_progression(response[:, some]) & counts[:, some]
        first[some] = progressed.argmax(axis=0)
    return best, sure, first


def best_rules(came: Mapping[str, Array]) -> tuple[Array, Array]:
    """The rules of best response, unconfirmed and confirmed, from what each line came to."""
    rules = [
        firing(table, *(came[name] for name in (*firsts, "nn", "ned", "pd", "seen")))
        for table, firsts in (
            (BEST, ("cr", "pr", "sd")),
            (CONFIRMED, ("confirmed_cr", "confirmed_pr", "lasting")),
        )
    ]
    return rules[0], rules[1]


def _occurred(response: Array, there: Array, days: Array, criteria: Criteria) -> Array:
    """What each line came to up to its first progression, as bits, from (follow-up, line) arrays.

    Nothing counts where no follow-up is `there` to count.
    """
    late = at_least(days, criteria.stable_days)
    bits = COUNTS_AS.ravel().take(response + late * np.uint8(len(RESPONSES))) * there
    progressed = running(np.logical_or, bits & BIT["pd"] > 0)
    bits[1:] *= ~progressed[:-1]
    return np.bitwise_or.reduce(bits, axis=0)


def confirmed(
    came: dict[str, Array], response: Array, there: Array, days: Array, criteria: Criteria
) -> dict[str, Array]:
    """Which lines have a CR and a PR that was confirmed; asked of those that can have one."""
    responds = there & is_objective(response)
    before = running(np.logical_or, responds)[:-1]
    enough = came["cr"] | came["pr"]
    if responses_to_confirm(criteria) > 1:
        enough &= (before & responds[1:]).any(axis=0)
    some = np.flatnonzero(enough)
    there, response, days = there[:, some], response[:, some], days[:, some]
    if (there[1:] & ~there[:-1]).any():
        # What does not count lies between others: it is moved behind them.
        order = np.argsort(~there, axis=0, kind="stable")
        there, response, days = (
            np.take_along_axis(each, order, axis=0) for each in (there, response, days)
        )
    ends = np.where(there, response.view(np.int8), np.int8(-1))
    found = confirmed_together(ends, days, criteria)
    answers = {}
    for name in ("confirmed_cr", "confirmed_pr"):
        answers[name] = np.zeros(len(enough), np.bool_)
        answers[name][some] = found[name] < NEVER
    return answers


class _Side:
    """Lines side by side, judged: arrays of one row per follow-up, one column per line.

    `place` is where each follow-up lies, `there` whether it exists: a line with fewer than the
    others repeats its last one, and nothing is taken from there. `counts` leaves out those of
    partial examinations too.
    """

    def __init__(self, all_: Sequences, charts: Charts, lines: Baselines, some: Array) -> None:
        self.criteria, self.follow_ups, self.lines = charts.criteria, all_.follow_ups, some
        counts, begin = charts.follow_ups[some], all_.follow_ups.begin[some]
        step = np.arange(int(counts.max(initial=0)))[:, None]
        self.there = step < counts
        self.full = bool(self.there.all())
        last = begin + np.maximum(counts - 1, 0)
        self.place = np.minimum(np.minimum(begin + step, last), all_.follow_ups.count - 1)
        partial = self.follow_ups.partial
        self.counts = self.there & ~self.of(partial) if partial.any() else self.there
        self.has_baseline = lines.has_baseline[some]
        self.baseline_um = lines.baseline_um[some]
        self.complete = self.of(self.follow_ups.complete)
        self.left = self.of(self.follow_ups.left)
        self.target_rule = self._judge_targets(lines)
        rules = self.criteria.rules
        self.target = verdicts(rules.target, self.target_rule)
        self.nontarget = verdicts(rules.nontarget, self.of(all_.columns["nontarget_rule"]))
        self.new_lesion = self.of(self.follow_ups.new_lesion)
        self.reported = self.of(self.follow_ups.reported)
        self.reports = bool((self.reported != BLANK).any())
        self.disease = self.there
        if self.reports:
            left = self.left | self.of(self.follow_ups.left_beside)
            self.disease = left & self.has_baseline
        self.overall_rule, self.computed, self.standing_rule, self.response = self._respond()
        self._look_back()
        self._flag_rises()
        if self.reports:
            over = verdicts(REPORTED, self.standing_rule) == Standing.OVER_DISEASE.code
            self._flag(over, Problem.CR_OVER_DISEASE)
        for name, into in all_.columns.items():
            if name not in ("nontarget_rule", "problems") and getattr(self, name).any():
                self._put(into, getattr(self, name))

    def of(self, values: Array) -> Array:
        """A column of follow-ups, side by side."""
        return values[self.place]

    def _put(self, into: Array, values: Array) -> None:
        if self.full:
            into[self.place] = values
        else:
            into[self.place[self.there]] = values[self.there]

    def _judge_targets(self, lines: Baselines) -> Array:
        """The targets together, against baseline and nadir."""
        criteria, judged = self.criteria, self.baseline_um >= 0
        total = self.of(self.follow_ups.total)
        smallest = np.where(self.complete & judged, total, NO_TOTAL)
        nadir = np.empty_like(smallest)
        if len(nadir):
            nadir[0] = self.baseline_um
            np.minimum(smallest[:-1], self.baseline_um, out=nadir[1:])
        nadir = running(np.minimum, nadir)
        self.nadir_um = np.where(judged, nadir, -1)
        seen = np.where(self.complete, Targets.ALL.code, Targets.IN_PART.code)
        words = np.where(judged, seen, not_compared(lines, self.lines))
        now = np.maximum(total, 0)
        share, floor = criteria.progression_share, criteria.progression_floor_um
        rose = rise(now, nadir, share, floor, criteria.above)
        if criteria.progression_by_lesion:
            rose = self.of(self.follow_ups.grown) * np.uint8(Rise.YES.code)
        fell = fell_by(now, self.baseline_um, criteria.response_share)
        back = (self.of(self.follow_ups.back),) if criteria.new_enhancement else ()
        return firing(
            criteria.rules.target, words, ~self.left & judged, rose * judged, fell & judged, *back
        )

    def _respond(self, at: Any = slice(None), new_lesion: Any = None) -> tuple[Array, ...]:
        """Overall rule, computed response, standing of the reported one, and the response."""
        table = self.criteria.rules.overall
        new_lesion = self.new_lesion[at] if new_lesion is None else new_lesion
        rule = firing(table, self.target[at], self.nontarget[at], new_lesion)
        computed = verdicts(table, rule)
        if not self.reports:
            return rule, computed, ALONE.take(computed), computed
        given = self.reported[at] != BLANK
        reported = np.where(given, self.reported[at], computed)
        same = reported == computed
        standing = firing(REPORTED, given, computed, reported, same, self.disease[at])
        stands_in = verdicts(REPORTED, standing) == Standing.STANDS_IN.code
        return rule, computed, standing, np.where(stands_in, reported, computed)

    def _look_back(self) -> None:
        """Find what comes back after complete response, and verdicts that do not go with one.

        What is left or back is a recurrence, and a new lesion.
        """
        begins = STARTS_WATCH.take(self.response) & self.counts
        begun = running(np.logical_or, begins)[:-1]
        odd = back = self._recurring(begins)
        if self.reports:
            odd = odd | (IS_DOUBTFUL[self.response] & self._stands_in())
        self.recurrence = np.zeros(back.shape, np.bool_)
        some = np.flatnonzero((begun & odd[1:]).any(axis=0))
        if len(some):
            on = self._recur(back, some)
            if self.reports:
                doubtful = np.zeros(back.shape, np.bool_)
                doubtful[:, some] = on & IS_DOUBTFUL[self.response[:, some]]
                self._flag(doubtful & self._stands_in(), Problem.RESPONSE_AFTER_CR)

    def _recurring(self, begins: Array) -> Array:
        """Where disease is a recurrence if the watch for one is on.

        What was proved late is one if the latest response that begins a watch is of its proof or
        later.
        """
        follow_ups = self.follow_ups
        judged = self.counts & self.has_baseline
        again: Array = (self.left | self.of(follow_ups.recurs)) & judged
        if follow_ups.recurs_since is not None:
            latest = running(np.maximum, np.where(begins, self.place, -1))[:-1]
            again[1:] |= (self.of(follow_ups.recurs_since)[1:] <= latest) & judged[1:]
        return again

    def _recur(self, back: Array, some: Array) -> Array:
        """Count what is back while the watch is on as a new lesion, and respond again.

        Whether it is on before each follow-up of `some` lines is returned. It may go off with the
        response to a recurrence, which therefore is computed for all that could be one.
        """
        step, line = np.nonzero(back[:, some])
        at = step, some[line]
        answers = self._respond(at, NewLesion.YES.code)
        after = WATCH.take(self.response[:, some])
        after[~self.counts[:, some]] = Watch.UNCHANGED.code
        begins = after == Watch.ON.code
        after[step, line] = WATCH.take(answers[-1])
        on = switched_on(begins, after != Watch.OFF.code)
        recurs = on[step, line]
        at = at[0][recurs], at[1][recurs]
        self.recurrence[at] = True
        self.new_lesion[at] = NewLesion.YES.code
        kept = (self.overall_rule, self.computed, self.standing_rule, self.response)
        for into, answer in zip(kept, answers, strict=True):
            into[at] = answer[recurs]
        return on

    def _stands_in(self) -> Array:
        """Whether a reported verdict stands in for the computed one."""
        return verdicts(REPORTED, self.standing_rule) == Standing.STANDS_IN.code

    def _flag(self, where: Array, problem: Problem) -> None:
        """Flag follow-ups where something is odd."""
        self.follow_ups.problems[self.place[where & self.there]] |= problem.value

    def _flag_rises(self) -> None:
        """Flag progressions of the targets that are too small for criteria with a floor."""
        floor = MRECIST_5MM.progression_floor_um
        if self.criteria.area is None and self.criteria.progression_floor_um < floor:
            at = np.nonzero(IS_GROWN[self.target] & self.there)
            place = self.place[at]
            rose = np.maximum(self.follow_ups.total[place], 0) - self.nadir_um[at]
            little = place[below(rose, floor)]
            self.follow_ups.problems[little] |= Problem.RISE_UNDER_5MM.value


def not_compared(lines: Baselines, some: Array) -> Array:
    """Why the targets of a line cannot be compared, where they cannot."""
    none = np.where(lines.targets[some] > 0, Targets.NO_BASELINE_TOTAL.code, Targets.NONE.code)
    return np.where(lines.has_baseline[some], none, Targets.NO_BASELINE.code)
