"""Patterns of progression of a cohort, with the tables that `lines/patterns.py` uses for one line.

This is a second pass over the patients who progressed, so that judging a cohort does not pay for
it. Charts, baselines and follow-ups are read again; the verdicts are taken from the panel.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs
import numpy as np

from .._base.arrays import BLANK, NO_DAY, Array, of, runs, spread
from .._base.exact import rise
from .._base.words import (
    BclcProgression,
    Compartment,
    Group,
    Invasion,
    ProgressionCode,
    Rise,
    Role,
    Sign,
    StageBefore,
    State,
    Target,
    Targets,
    Verdict,
    YesNo,
)
from ..rulebook.criteria import Criteria
from ..rulebook.decision_table import firing, members, verdicts
from ..rulebook.nontargets import RECURS
from ..rulebook.patterns import (
    CODES,
    CONTRADICTED,
    DOMINANT,
    GROWN,
    INVASION,
    PATTERN,
    UPON_PROGRESSION,
    stage_given,
)
from ..tables.clean import Patients
from ..tables.column import Coded, Plain
from ..tables.intake import Read
from .baseline import CANDIDATE, TARGET, Baselines
from .chart import Charts
from .follow_ups import FollowUps
from .lesions import Traits
from .over_time import STARTS_WATCH
from .panel import Panel, is_compound
from .tables_out import dates, patients, words

__all__ = ["SIGNS", "PatternColumns", "pattern_columns", "pattern_table"]

SIGNS = tuple((compartment, sign) for compartment in Compartment for sign in Sign)
"""What a progression shows: bit `i` of `signs` stands for `SIGNS[i]`."""

SPAN_ROWS = 1 << 17
"""Approximate rows per span."""

NO_TOTAL = 1 << 60
"""Stands for an unknown total in a search for the smallest."""

IS_GROWN = members(Target, GROWN)
IS_NOT_SEEN = members(Role, {Role.NOT_EVALUABLE, Role.NO_PART, Role.MERGED})
"""The roles of lesions that a baseline does not show."""


def _codes_of_signs() -> Array:
    """The codes that hold, as bits, for every combination of signs."""
    signs = np.arange(1 << len(SIGNS))
    codes = np.zeros(len(signs), np.uint8)
    for bit, shown in enumerate(SIGNS):
        code = CODES.index(PATTERN.decide(*shown).verdict)
        codes |= ((signs >> bit & 1) << code).astype(np.uint8)
    return codes


def _bits(shown: Iterator[bool]) -> int:
    return sum(1 << bit for bit, true in enumerate(shown) if true)


CODES_OF = _codes_of_signs()
VEIN_NEW = _bits(shown == (Compartment.VASCULAR, Sign.NEW) for shown in SIGNS)
VEIN_GROWN = _bits(where is Compartment.VASCULAR for where, _ in SIGNS) - VEIN_NEW


@attrs.frozen(eq=False, repr=False, kw_only=True)
class PatternColumns:
    """One element per line of therapy, in the order of `panel.lines`.

    `signs` and `codes` are bits (of `SIGNS`, of `CODES`), 0 without a progression;
    `dominant` (`ProgressionCode`), `invasion` (`Invasion`) and `bclc` (`BclcProgression`) are
    codes, `BLANK` without one.
    """

    progressed: Array
    signs: Array
    codes: Array
    dominant: Array
    invasion: Array
    bclc: Array


def pattern_columns(
    data: Read, criteria: Criteria, panel: Panel, *, stage_before: Any = None
) -> PatternColumns:
    """How every line of a cohort progressed at its first PD, as `progression_pattern` says it.

    `stage_before` is the BCLC stage at the baseline of the lines, `"B"`, `"C"` or `None`: one for
    all, or one per line in the order of `panel.lines`. Raises `ValueError` for another stage, for
    another number of them, and for a B that a baseline contradicts.
    """
    count = len(panel.lines.patient)
    given = _stages_given(stage_before, count)
    signs, advanced = np.zeros(count, np.uint16), np.zeros(count, np.bool_)
    progressed = panel.lines.progression >= 0
    idle = np.ones(len(data.patients), np.bool_)
    idle[panel.lines.patient[progressed]] = False
    traits = Traits(criteria, data.findings.organs, data.findings.lesion_ids)
    new = _NewLesions(criteria, panel)
    for span in _spans(data.patients, idle):
        charts = Charts(data.findings, data.lines, data.patients, span, traits, idle)
        first, last = np.searchsorted(panel.lines.patient, span)
        places = first + np.flatnonzero(~idle[panel.lines.patient[first:last]])
        block = _Block(charts, panel, places, new)
        signs[places], advanced[places] = block.signs, block.advanced
    _see_one_by_one(data, criteria, panel, signs, advanced)
    _refuse_contradicted(data, panel, progressed & advanced & (given == StageBefore.B.code))
    return _concluded(progressed, signs, np.where(advanced, StageBefore.C.code, given))


def _see_one_by_one(
    data: Read, criteria: Criteria, panel: Panel, signs: Array, advanced: Array
) -> None:
    """Put the signs of patients who are judged one by one in place."""
    if is_compound(data, panel):
        from .compound import signs_one_by_one

        for line, shown, beyond in signs_one_by_one(data, criteria, panel):
            signs[line] = sum({1 << SIGNS.index(each) for each in shown})
            advanced[line] = beyond


def pattern_table(
    data: Read, criteria: Criteria, panel: Panel, *, stage_before: Any = None
) -> dict[str, Any]:
    """The table of patterns: one row per line of therapy, nothing but its name where it has no PD.

    `codes` are joined by `;`, empty where a PD was reported and no lesion tells where.
    """
    found = pattern_columns(data, criteria, panel, stage_before=stage_before)
    lines, progressed = panel.lines, found.progressed
    day = np.full(len(progressed), NO_DAY)
    day[progressed] = panel.timepoints.day[lines.progression[progressed]]
    texts = [
        ";".join(code for bit, code in enumerate(CODES) if bits >> bit & 1)
        for bits in range(1 << len(CODES))
    ]
    return {
        "patient": patients(data, lines.patient),
        "line": Plain(lines.number),
        "progression_date": dates(data, day, lines.patient),
        "codes": Coded(np.where(progressed, found.codes.astype(np.int8), -1), texts),
        "dominant": words(tuple(ProgressionCode), found.dominant),
        "tumour_in_vein": words(tuple(Invasion), found.invasion),
        "bclc": words(tuple(BclcProgression), found.bclc),
    }


def _stages_given(stage_before: Any, count: int) -> Array:
    """The codes of the stages that a caller gives, one per line."""
    if stage_before is None or isinstance(stage_before, str):
        return np.full(count, stage_given(stage_before).code, np.uint8)
    stages = list(stage_before)
    if len(stages) != count:
        raise ValueError(
            f"stage_before must have one stage for each of {count} lines, got {len(stages)}"
        )
    return np.array([stage_given(stage).code for stage in stages], np.uint8)


def _refuse_contradicted(data: Read, panel: Panel, contradicted: Array) -> None:
    wrong = np.flatnonzero(contradicted)
    if len(wrong):
        patient = data.patients.ids[panel.lines.patient[wrong[0]]]
        raise ValueError(
            f'{CONTRADICTED}, got "B" for {len(wrong)} such lines, the first of them line '
            f"{panel.lines.number[wrong[0]]} of patient {patient}"
        )


def _spans(patients: Patients, idle: Array) -> Iterator[tuple[int, int]]:
    """Whole patients, about as many as `SPAN_ROWS` rows of those who are not idle at a time."""
    ends = np.cumsum(np.where(idle, 0, np.diff(patients.bounds)))
    total = int(ends[-1]) if len(ends) else 0
    first, done = 0, 0
    while done < total:
        last = int(np.searchsorted(ends, done + SPAN_ROWS)) + 1
        last = min(last, len(ends))
        yield first, last
        first, done = last, int(ends[last - 1])


def _concluded(progressed: Array, signs: Array, before: Array) -> PatternColumns:
    """What the signs of each line come to."""
    codes = CODES_OF[signs]
    dominant = verdicts(DOMINANT, firing(DOMINANT, *(codes >> i & 1 for i in range(len(CODES)))))
    vein = firing(INVASION, signs & VEIN_GROWN > 0, signs & VEIN_NEW > 0)
    invasion = verdicts(INVASION, vein)
    stage = firing(UPON_PROGRESSION, dominant, invasion, before)

    def of_progressed(words: Array) -> Array:
        return np.where(progressed, words, BLANK).astype(np.uint8)

    return PatternColumns(
        progressed=progressed,
        signs=signs,
        codes=codes,
        dominant=of_progressed(dominant),
        invasion=of_progressed(invasion),
        bclc=of_progressed(verdicts(UPON_PROGRESSION, stage)),
    )


class _NewLesions:
    """The new lesions that count at the first progression of each line, by line."""

    def __init__(self, criteria: Criteria, panel: Panel) -> None:
        news, table = panel.news, criteria.rules.new_lesion
        line = panel.timepoints.line[news.timepoint]
        counts = verdicts(table, news.rule) == Verdict.NEW.code
        some = np.flatnonzero(counts & (news.timepoint == panel.lines.progression[line]))
        order = some[np.argsort(line[some], kind="stable")]
        self.line, self.lesion = line[order], news.lesion[order]

    def of(self, places: Array) -> tuple[Array, Array]:
        """Those of some lines in ascending order: the line, by its place among them, and lesion."""
        begin, end = np.searchsorted(self.line, [places[0], places[-1] + 1])
        return np.searchsorted(places, self.line[begin:end]), self.lesion[begin:end]


class _Block:
    """The lines of a block of patients who progressed: what shows it, and the stage before.

    `signs` are bits of `SIGNS`; `advanced` tells whether the baseline shows extrahepatic disease or
    tumour in vein.
    """

    def __init__(self, charts: Charts, panel: Panel, places: Array, new: _NewLesions) -> None:
        self.charts, self.lines = charts, Baselines(charts)
        self.follow_ups = FollowUps(charts, self.lines)
        self.where = charts.of_lesion("compartment")
        progression = panel.lines.progression[places]
        begins = np.cumsum(panel.lines.timepoints) - panel.lines.timepoints
        judged = (progression >= 0) & self.lines.has_baseline
        # The follow-up of the first PD of each line; -1 where nothing is read from it.
        self.last = np.where(judged, self.follow_ups.begin + progression - begins[places], -1)
        self.judged = np.flatnonzero(judged)
        self.signs = np.zeros(self.lines.count, np.uint16)
        at = progression[self.judged]
        target = verdicts(charts.criteria.rules.target, panel.timepoints.target_rule[at])
        self._see_growth(IS_GROWN[target])
        self._see_others(panel.timepoints.recurrence[at], self._responded(panel, begins[places]))
        self._see_new(*new.of(places))
        self.advanced = self._is_advanced()

    def _responded(self, panel: Panel, begins: Array) -> Array:
        """The last complete response before the progression of each line; -1: none."""
        if self.follow_ups.proved is None:
            return self.judged[:0]
        step = np.arange(self.follow_ups.count) - self.follow_ups.begin[self.follow_ups.line]
        at = begins[self.follow_ups.line] + step
        found = panel.timepoints
        response = STARTS_WATCH[found.response[at]] & ~found.partial[at]
        last = np.maximum.accumulate(np.where(response, np.arange(len(at)), -1))
        last = np.append(last, -1)[self.last[self.judged] - 1]
        return np.where(last < self.follow_ups.begin[self.judged], -1, last)

    def _mark(self, line: Array, rows: Array, sign: Sign) -> None:
        """Note a sign in lines, each in the compartment of a row's lesion."""
        lesions = self.charts.place[rows]
        for compartment in Compartment:
            self._note(line[self._in(lesions, compartment)], compartment, sign)

    def _note(self, line: Array, compartment: Compartment, sign: Sign) -> None:
        self.signs[line] |= np.uint16(1 << SIGNS.index((compartment, sign)))

    def _see_growth(self, target_progressed: Array) -> None:
        """Compare the targets of each compartment with their own nadir."""
        alone = np.zeros(len(self.judged), np.bool_)
        rose = {}
        for compartment, *sums in self._sums():
            grown, rose[compartment] = self._compared(compartment, *sums)
            self._note(self.judged[grown], compartment, Sign.TOTAL)
            alone |= grown
        for compartment, risen in rose.items():
            together = target_progressed & ~alone & risen
            self._note(self.judged[together], compartment, Sign.TOGETHER)

    def _sums(self) -> Iterator[tuple[Any, ...]]:
        """The compartments with targets: how many, and their sums at baseline and follow-ups."""
        charts, lines, follow_ups = self.charts, self.lines, self.follow_ups
        line = follow_ups.line[follow_ups.row_follow_up]
        some = (follow_ups.role == TARGET) & (follow_ups.row_follow_up <= self.last[line])
        rows, at = follow_ups.rows[some], follow_ups.row_follow_up[some]
        some = lines.role[lines.place] == TARGET
        first_rows, first_line = lines.rows[some], lines.row_line[some]
        owned = np.flatnonzero(lines.role == TARGET)
        for compartment in Compartment:
            own = self._in(lines.lesion[owned], compartment)
            wanted = np.bincount(lines.owner[owned[own]], minlength=lines.count)
            if wanted.any():
                first = self._in(charts.place[first_rows], compartment)
                here = self._in(charts.place[rows], compartment)
                yield (
                    compartment,
                    wanted,
                    _summed(charts, first_rows[first], first_line[first], lines.count),
                    _summed(charts, rows[here], at[here], follow_ups.count),
                )

    def _in(self, lesions: Array, compartment: Compartment) -> Array:
        """Which of the lesions are in a compartment."""
        return np.broadcast_to(of(self.where, lesions) == compartment.code, lesions.shape)

    def _some_target(self, rows: Array, compartment: Compartment) -> Array:
        """Whether some of the rows are of a target of a compartment at the progression."""
        charts, follow_ups = self.charts, self.follow_ups
        line = follow_ups.line[follow_ups.row_follow_up]
        now = follow_ups.row_follow_up == self.last[line]
        some = np.flatnonzero(rows & now & (follow_ups.role == TARGET))
        found = np.zeros(self.lines.count, np.bool_)
        found[line[some[self._in(charts.place[follow_ups.rows[some]], compartment)]]] = True
        return found[self.judged]

    def _compared(
        self,
        compartment: Compartment,
        wanted: Array,
        baseline: tuple[Array, ...],
        now: tuple[Array, ...],
    ) -> tuple[Array, Array]:
        """Whether the targets of a compartment progressed by themselves, and whether they rose."""
        criteria, follow_ups = self.charts.criteria, self.follow_ups
        total, seen, left = now
        complete = seen == wanted[follow_ups.line]
        earlier = np.arange(follow_ups.count) < self.last[follow_ups.line]
        smallest = np.where(complete & earlier, total, NO_TOTAL)
        nadir = baseline[0].copy()
        starts = runs(follow_ups.line)  # never empty: some line of the block progressed
        line = follow_ups.line[starts]
        nadir[line] = np.minimum(nadir[line], np.minimum.reduceat(smallest, starts))
        comparable = ((wanted > 0) & (baseline[1] == wanted))[self.judged]
        at, nadir = self.last[self.judged], nadir[self.judged]
        table = criteria.rules.target
        share, floor = criteria.progression_share, criteria.progression_floor_um
        rose = rise(total[at], nadir, share, floor, criteria.above)
        if follow_ups.row_grown is not None:
            rose = self._some_target(follow_ups.row_grown, compartment) * np.uint8(Rise.YES.code)
        words = np.where(complete[at], Targets.ALL.code, Targets.IN_PART.code)
        back: tuple[Array, ...] = ()
        if follow_ups.row_back is not None:
            back = (self._some_target(follow_ups.row_back, compartment),)
        rule = firing(table, words, left[at] == 0, rose, False, *back)
        return comparable & IS_GROWN[verdicts(table, rule)], comparable & (total[at] > nadir)

    def _see_others(self, recurrence: Array, since: Array) -> None:
        """Find non-targets that progressed, and what is back after complete response.

        `since` is the follow-up of that response, for each line that is judged.
        """
        charts, follow_ups = self.charts, self.follow_ups
        last, again = self.last[follow_ups.line], np.zeros(self.lines.count, np.bool_)
        again[self.judged] = recurrence
        at = follow_ups.nontarget_at
        now = np.flatnonzero(at == last[at])
        line, rows = follow_ups.line[at[now]], follow_ups.nontarget_rows[now]
        state = follow_ups.state[now]
        worse = state == State.PROGRESSED.code
        self._mark(line[worse], rows[worse], Sign.NONTARGET)
        group = spread(charts.traits.columns.group, charts.trait_of(rows))
        proved: Array = True
        if follow_ups.proved is not None:
            responded = np.full(self.lines.count, -1)
            responded[self.judged] = since
            proof = follow_ups.proved[follow_ups.place[follow_ups.nontarget[now]]]
            proved = (proof == follow_ups.count) | (proof <= responded[line])
        rule = firing(RECURS, state, group == Group.NODE.code, proved)
        back = (verdicts(RECURS, rule) == YesNo.YES.code) & again[line]
        self._mark(line[back], rows[back], Sign.AGAIN)
        now = follow_ups.row_follow_up == last[follow_ups.row_follow_up]
        line = follow_ups.line[follow_ups.row_follow_up]
        some = np.flatnonzero(now & (follow_ups.role == TARGET) & again[line])
        rows = follow_ups.rows[some]
        left = of(charts.in_total, rows) & ~charts.gone[rows]
        self._mark(line[some[left]], rows[left], Sign.AGAIN)

    def _see_new(self, line: Array, code: Array) -> None:
        """Tell where new lesions are."""
        lesion = self.charts.lesion_of(self.charts.line_patient[line], code)
        for compartment in Compartment:
            self._note(line[self._in(lesion, compartment)], compartment, Sign.NEW)

    def _is_advanced(self) -> Array:
        """Whether the baseline of each line shows disease beyond the liver's own lesions."""
        lines = self.lines
        beyond = np.zeros(len(lines.role), np.bool_)
        beyond[lines.place] = lines.role[lines.place] != CANDIDATE
        for places, role in lines.known_as:
            beyond[places[IS_NOT_SEEN[role]]] = False
        beyond &= of(self.where, lines.lesion) != Compartment.INTRAHEPATIC.code
        return lines.has_baseline & (np.bincount(lines.owner[beyond], minlength=lines.count) > 0)


def _summed(charts: Charts, rows: Array, owner: Array, count: int) -> tuple[Array, Array, Array]:
    """Sums by owner: the sizes, how many are known, how many of these are not gone."""
    sums = tuple(np.zeros(count, np.int64) for _ in range(3))
    starts = runs(owner)
    if len(starts):
        for into, each in zip(sums, charts.summed(rows, starts), strict=True):
            into[owner[starts]] = each
    return sums[0], sums[1], sums[2]
