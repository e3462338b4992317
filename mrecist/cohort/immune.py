"""Many lines followed by iRECIST at once: what `patient/immune.py` does for one.

Lines without any progression by the criteria beneath have the same words with an i. The others, and
those with reported verdicts, are followed side by side, one step a follow-up. What rests on charts
that are read line by line is told as `apart`, for the engine for one patient.
"""

from __future__ import annotations

import attrs
import numpy as np

from .._base.arrays import BLANK, Array, distinct, of, spread
from .._base.errors import Problem
from .._base.exact import at_least
from .._base.words import (
    Group,
    ImmuneResponse,
    NewLesion,
    Standing,
    YesNo,
)
from ..rulebook.best_response import is_progression
from ..rulebook.decision_table import firing, verdicts
from ..rulebook.immune import (
    FURTHER_NEW,
    FURTHER_WORDS,
    IMMUNE,
    IMMUNE_REPORTED,
    SIGNAL,
    signs_of,
)
from ..rulebook.immune_criteria import ImmuneCriteria
from ..rulebook.overall import REPORTED, causes_of
from .baseline import TARGET, Baselines
from .chart import Charts
from .exposure import exposures
from .follow_ups import RECURS_AS, FollowUps
from .immune_lines import best_rules, side_by_side
from .immune_news import MOST_NEW, NewLesions
from .over_time import CAUSES, Sequences

__all__ = ["ImmuneLines", "ImmuneTimepoints", "immune_columns", "no_immune_columns"]

UPD, CPD, NE, CR = (
    word.code
    for word in (ImmuneResponse.UPD, ImmuneResponse.CPD, ImmuneResponse.NE, ImmuneResponse.CR)
)
NO_TOTAL = -(1 << 60)
COMES_BACK = np.array(RECURS_AS)
"""Whether a non-target in a state is back after iCR, and whether a node is."""
_PLAIN = np.array([IMMUNE_REPORTED[word].code for word in ImmuneResponse], np.uint8)
_AGREES = np.full(len(Standing), -1, np.int8)
_AGREES[[Standing.AGREES.code, Standing.DIFFERS.code, Standing.OVER_DISEASE.code]] = 1, 0, 0


@attrs.frozen(eq=False, repr=False, kw_only=True)
class ImmuneTimepoints:
    """One element per follow-up: its rule and word, whether a new lesion is there, what is odd.

    `reported` is `BLANK` where no reader gave a verdict, `agrees` -1 where none is compared.
    """

    rule: Array
    computed: Array
    response: Array
    new_lesion: Array
    new_um: Array
    reported: Array
    agrees: Array
    stands_in: Array
    partial: Array
    problems: Array


@attrs.frozen(eq=False, repr=False, kw_only=True)
class ImmuneLines:
    """One element per line. `progression`, `confirmed_at`, `pending` are follow-ups, -1: none."""

    best_rule: Array
    confirmed_rule: Array
    progression: Array
    confirmed_at: Array
    pending: Array
    causes: Array
    exposure_rule: Array
    rechallenge_of: Array
    apart: Array


def no_immune_columns() -> tuple[ImmuneTimepoints, ImmuneLines]:
    """The columns of a cohort without patients."""
    none = np.zeros(0, np.int64)
    return tuple(  # type: ignore[return-value]
        kind(**{field.name: none for field in attrs.fields(kind)})
        for kind in (ImmuneTimepoints, ImmuneLines)
    )


def immune_columns(
    charts: Charts,
    lines: Baselines,
    follow_ups: FollowUps,
    beneath: Sequences,
    said: Array,
    criteria: ImmuneCriteria,
) -> tuple[ImmuneTimepoints, ImmuneLines]:
    """The words of all follow-ups by iRECIST, and what each line comes to.

    `said` is the word of a reader at each follow-up, `BLANK` where none gave one.
    """
    return _Followed(charts, lines, follow_ups, beneath, said, criteria).columns()


class _Followed:
    """All lines of a block by iRECIST."""

    def __init__(
        self,
        charts: Charts,
        lines: Baselines,
        follow_ups: FollowUps,
        beneath: Sequences,
        said: Array,
        criteria: ImmuneCriteria,
    ) -> None:
        self.charts, self.lines, self.follow_ups = charts, lines, follow_ups
        self.by, self.criteria = charts.criteria, criteria
        self.news = NewLesions(charts, lines, follow_ups, criteria)
        columns, rules = beneath.columns, self.by.rules
        self.target = verdicts(rules.target, columns["target_rule"])
        self.nontarget = verdicts(rules.nontarget, columns["nontarget_rule"])
        self.recurs = np.zeros(follow_ups.count, np.bool_)
        self.new_lesion = np.full(follow_ups.count, NewLesion.NO.code, np.uint8)
        if follow_ups.news is not None:
            self.new_lesion[follow_ups.news.held] = NewLesion.EQUIVOCAL.code
        self.new_lesion[self.news.mask != 0] = NewLesion.YES.code
        self.problems = columns["problems"].copy()
        self.partial = follow_ups.partial & (said == BLANK)
        self.problems[follow_ups.partial & ~self.partial] &= ~np.uint32(
            Problem.PARTIAL_EXAMINATION.value
        )
        self.said, self.given = said, said != BLANK
        overall = firing(rules.overall, self.target, self.nontarget, self.new_lesion)
        self.beneath = verdicts(rules.overall, overall)
        self.rule = firing(IMMUNE, False, self.beneath, False, False, 0)
        self.computed = verdicts(IMMUNE, self.rule)
        self.word = self.computed.copy()
        self.agrees = np.full(follow_ups.count, -1, np.int8)
        self.stands_in = np.zeros(follow_ups.count, np.bool_)
        self.left = (follow_ups.left | follow_ups.left_beside) & lines.has_baseline[follow_ups.line]
        count = lines.count
        self.first, self.confirmed = np.full(count, -1), np.full(count, -1)
        self.pending = np.full(count, -1)
        some = np.zeros(count, np.bool_)
        some[follow_ups.line[is_progression(self.beneath) | self.given]] = True
        some[follow_ups.line[self.left & self._after_complete()]] = True
        self.back = self.back_from(some)
        self._step_through(np.flatnonzero(some))

    def columns(self) -> tuple[ImmuneTimepoints, ImmuneLines]:
        """What was found, as columns."""
        best, confirmed = best_rules(
            self.word, ~self.partial, self.confirmed, self.follow_ups, self.charts
        )
        exposure, rechallenge_of = exposures(self.charts, self.confirmed >= 0)
        causes = np.zeros(self.lines.count, np.uint8)
        begun = np.where(self.confirmed >= 0, self.first, self.pending)
        some = np.flatnonzero(begun >= 0)
        causes[some] = self._causes(begun[some])
        return ImmuneTimepoints(
            rule=self.rule,
            computed=self.computed,
            response=self.word,
            new_lesion=self.new_lesion,
            new_um=self.news.um,
            reported=np.array(self.said),
            agrees=self.agrees,
            stands_in=self.stands_in,
            partial=self.partial,
            problems=self.problems,
        ), ImmuneLines(
            best_rule=best,
            confirmed_rule=confirmed,
            progression=np.where(self.confirmed >= 0, self.first, -1),
            confirmed_at=self.confirmed,
            pending=self.pending,
            causes=causes,
            exposure_rule=exposure,
            rechallenge_of=rechallenge_of,
            apart=distinct(self.charts.lines.patient[self.news.apart])[0],
        )

    def _causes(self, at: Array) -> Array:
        """The signs of progression at some follow-ups, as bits."""
        there = np.where(self.news.mask[at] != 0, NewLesion.YES.code, NewLesion.NO.code)
        standing = np.where(self.stands_in[at], Standing.STANDS_IN.code, Standing.ALONE.code)
        holds = causes_of(
            target=self.target[at],
            nontarget=self.nontarget[at],
            new_lesion=there,
            recurrence=self.recurs[at],
            standing=standing,
        )
        causes = np.zeros(len(at), np.uint8)
        for bit, cause in enumerate(CAUSES):
            causes |= holds[cause].astype(np.uint8) << bit
        return causes

    # ---- one step a follow-up

    def _step_through(self, some: Array) -> None:
        """Follow lines that have a sign of progression, those with as many follow-ups together."""
        counts = self.charts.follow_ups[some]
        length = np.frexp(counts - 0.5)[1] * (counts > 0)
        for each in np.unique(length):
            _Steps(self, some[length == each]).run()

    def _after_complete(self) -> Array:
        """The follow-ups after one at which all disease is gone, as computed or as reported."""
        line, count = self.follow_ups.line, self.follow_ups.count
        complete = ((self.word == CR) | (self.said == CR)) & ~self.partial
        first = np.full(self.lines.count, count)
        at = np.flatnonzero(complete)[::-1]
        first[line[at]] = at
        self.complete = first < count
        found: Array = np.arange(count) > first[line]
        return found

    def back_from(self, some: Array) -> Array:
        """By follow-up, the targets and non-targets that are there, each as a bit.

        They are back where iCR came before: given for lines of `some` that may have it.
        """
        follow_ups, charts = self.follow_ups, self.charts
        back = np.zeros(follow_ups.count, np.uint64)
        here = (some & self.complete & self.lines.has_baseline)[follow_ups.line]
        if not here.any():
            return back
        at = follow_ups.row_follow_up
        target = np.flatnonzero((follow_ups.role == TARGET) & here[at])
        rows = follow_ups.rows[target]
        target = target[of(charts.known, rows) & ~charts.gone[rows]]
        beside = np.flatnonzero(here[follow_ups.nontarget_at])
        node = np.broadcast_to(
            spread(charts.traits.columns.group, charts.trait_of(follow_ups.nontarget_rows[beside]))
            == Group.NODE.code,
            beside.shape,
        )
        beside = beside[COMES_BACK[follow_ups.state[beside], node.astype(np.uint8)]]
        rows = np.append(target, follow_ups.nontarget[beside])
        begin = np.searchsorted(self.lines.owner, follow_ups.line[at[rows]])
        place = follow_ups.place[rows] - begin
        self.news.apart = np.append(self.news.apart, follow_ups.line[at[rows[place >= MOST_NEW]]])
        bit = np.left_shift(np.uint64(1), np.minimum(place, MOST_NEW).astype(np.uint64))
        np.bitwise_or.at(back, at[rows], bit)
        return back


class _Steps:
    """What earlier follow-ups of some lines leave behind, line by line."""

    def __init__(self, all_: _Followed, some: Array) -> None:
        self.all, self.some = all_, some
        count = len(some)
        self.confirmed = np.full(count, -1)
        self.first = np.full(count, -1)
        self.complete = np.zeros(count, np.bool_)
        self.kinds: list[Array] = [np.zeros(count, np.bool_) for _ in range(3)]
        self.total = np.full(count, NO_TOTAL)
        self.new_um = np.full(count, NO_TOTAL)
        self.mask, self.back = np.zeros(count, np.uint64), np.zeros(count, np.uint64)
        self.compares = bool(all_.given.any())

    def run(self) -> None:
        """Step through the follow-ups."""
        places, there = side_by_side(self.all.charts, self.all.follow_ups, self.some)
        for each in zip(places, there, strict=True):
            self._step(*each)
        all_, confirmed = self.all, self.confirmed >= 0
        all_.confirmed[self.some] = self.confirmed
        all_.first[self.some] = self.first
        all_.pending[self.some] = np.where(confirmed, -1, self.first)

    def _step(self, at: Array, there: Array) -> None:
        """Judge one follow-up of each line."""
        all_, criteria = self.all, self.all.criteria
        self._recur(at, there)
        pending = self.first >= 0
        days = all_.follow_ups.since_start
        since = days[at].astype(np.int64) - days[np.maximum(self.first, 0)]
        late = pending & at_least(since, criteria.confirmation_days)
        now = signs_of(all_.target[at], all_.nontarget[at], all_.new_lesion[at])
        done = self.confirmed >= 0
        rule = firing(IMMUNE, done, all_.beneath[at], pending, late, self._further(at, now))
        put = at[there]
        all_.rule[put] = rule[there]
        all_.computed[put] = all_.word[put] = verdicts(IMMUNE, rule[there])
        if self.compares:
            self._report(put)
        word = all_.word[at]
        counts = there & ~all_.partial[at] & ~done
        confirms = counts & (word == CPD)
        self.confirmed[confirms] = at[confirms]
        tardy = confirms & pending & at_least(since, criteria.late_days + 1)
        all_.problems[at[tardy]] |= Problem.LATE_CONFIRMATION.value
        stays = counts & (word == UPD)
        begins = (stays | confirms) & ~pending
        self._begin(begins, at, now)
        self._move(begins | (stays & late & ~all_.stands_in[at]), at)
        self.first[counts & ~confirms & ~stays & (word != NE)] = -1
        self.complete = (self.complete | (counts & (word == CR))) & ~confirms

    def _recur(self, at: Array, there: Array) -> None:
        """What is back after iCR is a new lesion."""
        all_ = self.all
        back = self.complete & there & ~all_.partial[at] & (all_.back[at] != 0)
        put = at[back]
        if len(put):
            all_.recurs[put] = True
            all_.new_lesion[put] = NewLesion.YES.code
            table = all_.by.rules.overall
            rule = firing(table, all_.target[put], all_.nontarget[put], all_.new_lesion[put])
            all_.beneath[put] = verdicts(table, rule)

    def _report(self, at: Array) -> None:
        """Hold the words of readers against the computed ones."""
        all_ = self.all
        at = at[all_.given[at]]
        computed, said = all_.computed[at], all_.said[at]
        rule = firing(
            REPORTED, True, _PLAIN[computed], _PLAIN[said], computed == said, all_.left[at]
        )
        standing = verdicts(REPORTED, rule)
        stands_in = standing == Standing.STANDS_IN.code
        all_.word[at] = np.where(stands_in, said, computed)
        all_.stands_in[at], all_.agrees[at] = stands_in, _AGREES[standing]
        over = at[standing == Standing.OVER_DISEASE.code]
        all_.problems[over] |= Problem.CR_OVER_DISEASE.value

    def _further(self, at: Array, now: tuple[Array, ...]) -> Array:
        """What confirms a pending progression of each line, if anything does."""
        news, least = self.all.news, self.all.criteria.further_um
        total = np.maximum(self.all.follow_ups.total[at], 0)
        grew = at_least(total - self.total, least) & (self.total != NO_TOTAL)
        new_grew = at_least(news.um[at] - self.new_um, least) & (self.new_um != NO_TOTAL)
        back = np.where(self.all.recurs[at], self.all.back[at], np.uint64(0))
        more = ((news.mask[at] & ~self.mask) | (back & ~self.back)) != 0
        rule = firing(FURTHER_NEW, more, new_grew, news.progressed[at])
        new = np.equal(verdicts(FURTHER_NEW, rule), YesNo.YES.code)
        signals = [
            verdicts(SIGNAL, firing(SIGNAL, here, kind, much))
            for here, kind, much in zip(now, self.kinds, (grew, True, new), strict=True)
        ]
        return verdicts(FURTHER_WORDS, firing(FURTHER_WORDS, *signals))

    def _begin(self, some: Array, at: Array, now: tuple[Array, ...]) -> None:
        """Begin a block at the follow-up of each of some lines; a reader's word has no kind."""
        self.first[some] = at[some]
        own = ~self.all.stands_in[at]
        for kind, here in zip(self.kinds, now, strict=True):
            kind[some] = (here & own)[some]
        self.total[some] = self.new_um[some] = NO_TOTAL

    def _move(self, some: Array, at: Array) -> None:
        """Move what later follow-ups are compared with."""
        all_ = self.all
        targets = all_.lines.targets[all_.follow_ups.line[at]] > 0
        total = all_.follow_ups.total[at]
        whole = some & all_.follow_ups.complete[at] & targets & (total >= 0)
        self.total[whole] = total[whole]
        sized = some & all_.news.complete[at]
        self.new_um[sized] = all_.news.um[at][sized]
        self.mask[some] = all_.news.mask[at][some]
        back = np.where(all_.recurs[at], all_.back[at], np.uint64(0))
        self.back[some] = back[some]
