"""The rules: frozen as printed tables, and held against if-ladders written from the procedure.

Each file of `grids/` holds one table as text: its rows, then every cell with the rule that fires.
A changed rule shows in review as a changed table. To write the files anew:

    MRECIST_WRITE_GRIDS=1 python -m pytest tests/rooms/rulebook/test_rules.py
"""

from __future__ import annotations

import functools
import os
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from string import Formatter
from typing import Any

import attrs
import pytest
from support.profiles import thorough_only

from mrecist import (
    CRITERIA,
    MRECIST,
    MRECIST_5MM,
    RECIST_1_1,
    assess,
    conformance,
    explain,
    from_case,
)
from mrecist._base.errors import TableError
from mrecist._base.words import (
    Answer,
    BclcProgression,
    Beginning,
    Category,
    Compartment,
    Discordance,
    EndReason,
    Enhancement,
    Exposure,
    Extent,
    First,
    Flare,
    Further,
    Group,
    Growth,
    Imaging,
    ImmuneResponse,
    Invasion,
    Kind,
    Last,
    Masslike,
    Measure,
    Met,
    Move,
    Newcomers,
    NewLesion,
    NewRule,
    NonTarget,
    Pause,
    ProgressionCode,
    Response,
    Rise,
    Role,
    Shared,
    Sign,
    Signal,
    Situation,
    Size,
    StageBefore,
    Standing,
    State,
    Status,
    Stopped,
    Target,
    Targets,
    TherapeuticEffect,
    Trend,
    Verdict,
    Watch,
    YesNo,
)
from mrecist.patient.assessment import Assessment, LineAssessment, TimepointAssessment
from mrecist.rulebook.best_response import ADEQUATE, CONTROLLED, OBJECTIVE, RESPONSE_GROUPS
from mrecist.rulebook.criteria import Rulebook
from mrecist.rulebook.decision_table import DecisionTable, Rule
from mrecist.rulebook.index import TABLES
from mrecist.rulebook.lesions import Sort
from mrecist.rulebook.nontargets import STILL_THERE
from mrecist.rulebook.overall import DOUBTFUL_AFTER_CR
from mrecist.rulebook.readings import READINGS, Reading

HERE = Path(__file__).parents[2]
WRITE = "MRECIST_WRITE_GRIDS"
MOST_CELLS = 400
BOOKS = ("mrecist", "mrecist-5mm", "recist-1.1")
TWO = ("mrecist", "recist-1.1")

Table = DecisionTable[Any]

NAMED: dict[str, Table] = {
    key if len(tables) == 1 else f"{key}-{book}": table
    for key, tables in TABLES.items()
    for table, book in zip(tables, BOOKS if len(tables) == 3 else TWO, strict=False)
}
each_table = pytest.mark.parametrize("table", NAMED.values(), ids=NAMED)
each_row = pytest.mark.parametrize(
    ("table", "at"),
    [
        pytest.param(table, at, id=f"{name}, {rule.id}")
        for name, table in NAMED.items()
        for at, rule in enumerate(table.rules)
    ],
)


def cells(table: Table) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Each cell as text: its facts, the rule that fires, the verdict."""
    for facts, rule in table:
        told = (
            ("yes" if word else "no") if isinstance(word, bool) else str(word)
            for word in facts.values()
        )
        yield tuple(told), rule.id, str(rule.verdict)


def printed(table: Table) -> str:
    """A table as its file holds it; one with very many cells by its rows only."""
    lines = [str(table)]
    if table.grid.size <= MOST_CELLS:
        lines += ["", f"every cell: {', '.join(table.inputs)} -> rule, verdict", ""]
        lines += [f"{', '.join(facts)} -> {id}, {verdict}" for facts, id, verdict in cells(table)]
    return "\n".join(lines) + "\n"


class TestFrozen:
    """No rule changes unseen: every table is kept as text."""

    @pytest.mark.parametrize("name", NAMED)
    def test_printed(self, name: str) -> None:
        """The table prints as its file says, row by row and cell by cell."""
        path = HERE / "grids" / f"{name}.txt"
        if os.environ.get(WRITE):
            path.parent.mkdir(exist_ok=True)
            path.write_text(printed(NAMED[name]), "utf-8", newline="\n")
        assert printed(NAMED[name]).split("\n") == path.read_text("utf-8").split("\n")

    def test_files(self) -> None:
        """There is one file a table, and none of a table that is gone."""
        assert {path.stem for path in (HERE / "grids").glob("*.txt")} == set(NAMED)

    def test_names(self) -> None:
        """Tables are found under the name that they bear, and none is left out."""
        assert [table.name for tables in TABLES.values() for table in tables] == [
            key for key, tables in TABLES.items() for _ in tables
        ]
        assert len(NAMED) == sum(len(tables) for tables in TABLES.values())


def rebuilt(table: Table, rules: tuple[Rule[Any], ...]) -> list[Any] | None:
    """The cells of a table with other rules, `None` where it is refused."""
    try:
        changed = DecisionTable(table.name, table.title, inputs=table.inputs, rules=rules)
    except TableError:
        return None
    return list(cells(changed))


class TestEveryRowCounts:
    """No row of any table can be taken away or turned without a trace."""

    @each_row
    def test_removed(self, table: Table, at: int) -> None:
        """Without the row the table is unsound, or its cells change."""
        assert rebuilt(table, table.rules[:at] + table.rules[at + 1 :]) != list(cells(table))

    @each_row
    def test_swapped(self, table: Table, at: int) -> None:
        """With any other verdict in the row the table is unsound, or its cells change."""
        rule = table.rules[at]
        for other in type(rule.verdict):
            if other is not rule.verdict:
                swapped = attrs.evolve(rule, verdict=other)
                rules = (*table.rules[:at], swapped, *table.rules[at + 1 :])
                assert rebuilt(table, rules) != list(cells(table))


def book_tables(book: Rulebook) -> list[Table]:
    """The tables that one set of criteria is judged by."""
    own = [getattr(book, field.name) for field in attrs.fields(Rulebook)]
    common = [
        tables[0]
        for name, tables in TABLES.items()
        if len(tables) == 1 and not name.startswith("new-lesion")
    ]
    return own + [table for table in common if table not in own]


class TestBooks:
    """The two rulebooks differ in their sources, not in their verdicts."""

    @pytest.mark.parametrize("criteria", [MRECIST, RECIST_1_1], ids=lambda c: c.name)
    def test_ids(self, criteria: Any) -> None:
        """A rule id is used once among all the tables of a rulebook and those common to all."""
        tables = book_tables(criteria.rules)
        assert len(tables) == len(TABLES) - 1  # that of LEAP-012 stands for another
        counted = Counter(rule.id for table in tables for rule in table.rules)
        assert [id for id, times in counted.items() if times > 1] == []

    def test_shared_ids(self) -> None:
        """A rule id that stands in both rulebooks means the same in both."""
        known: dict[str, Rule[Any]] = {}
        for table in NAMED.values():
            for rule in table.rules:
                first = known.setdefault(rule.id, rule)
                assert (first.when, first.verdict) == (rule.when, rule.verdict)

    @pytest.mark.parametrize("key", [key for key, tables in TABLES.items() if len(tables) > 1])
    def test_same_verdicts(self, key: str) -> None:
        """HCC mRECIST and RECIST 1.1 say the same, cell for cell."""
        first, *others = TABLES[key]
        for other in others:
            assert first.inputs == other.inputs
            for (facts, one), (_, same) in zip(first, other, strict=True):
                assert one.verdict is same.verdict, facts

    def test_books_hold_their_tables(self) -> None:
        """Each rulebook holds the tables of its own paper."""
        for place, criteria in ((0, MRECIST), (-1, RECIST_1_1)):
            for field in ("target", "nontarget", "overall"):
                assert getattr(criteria.rules, field) is TABLES[field][place]
            assert criteria.rules.new_lesion is TABLES["new-lesion"][0]
        assert attrs.evolve(MRECIST_5MM.rules, target=MRECIST.rules.target) == MRECIST.rules
        assert MRECIST_5MM.rules.target is TABLES["target"][1]


class TestSources:
    """Every rule says where it is from; what the papers leave open is listed."""

    @each_table
    def test_readings(self, table: Table) -> None:
        """A rule that rests on a decision of this project rests on one of `READINGS`."""
        for rule in table.rules:
            if isinstance(rule.source, Reading):
                assert rule.source in READINGS

    @each_table
    def test_texts(self, table: Table) -> None:
        """Every rule has an id, a sentence and a source; every table a title."""
        assert table.title
        for rule in table.rules:
            assert rule.id
            assert rule.sentence
            assert str(rule.source)


# ---- every cell, against the procedure written out


def sort(kind: Kind, liver: bool, hilar: bool, enhancement: Enhancement, cytology: bool) -> Sort:
    """Section 3: what a lesion is taken for."""
    enhancing = enhancement is Enhancement.ARTERIAL
    if kind is Kind.NODE:
        return Sort.HILAR_NODE if hilar else Sort.NODE
    if kind is Kind.EFFUSION:
        return Sort.EFFUSION_TO_PROVE if cytology else Sort.EFFUSION
    if kind is Kind.NODULE and liver:
        return Sort.ENHANCING_NODULE if enhancing else Sort.LIVER_NODULE
    if kind is Kind.NODULE or not enhancing:
        return Sort.OTHER
    return Sort.LIVER_TUMOUR if liver or kind is Kind.THROMBUS else Sort.OTHER


def size(status: Status, measure: Measure, arterial: bool, sized: bool) -> Size:
    """Section 3, in its order."""
    if status is Status.NOT_EVALUABLE:
        return Size.NOT_EVALUABLE
    if measure is Measure.VIABLE and not arterial:
        return Size.NOT_EVALUABLE
    if status is Status.ABSENT:
        return Size.ZERO
    if status is Status.TOO_SMALL:
        return Size.SMALL
    return Size.RECORDED if sized else Size.UNKNOWN


def unmentioned(unchanged: bool, nontarget: bool, last: Last) -> Size:
    """Section 3, step 1: silence, and what an examination calls unchanged."""
    if not unchanged or not nontarget:
        return Size.NOT_EVALUABLE
    if last is Last.MERGED:
        return Size.MERGED
    return Size.ZERO if last is Last.GONE else Size.UNKNOWN


def merged(target: bool, in_sum: bool, size: Size, gone: bool) -> Size:
    """Section 3, step 2: a lesion that merged, by the one that holds its tissue."""
    if size is Size.NOT_EVALUABLE or (target and not in_sum):
        return Size.NOT_EVALUABLE
    if size is Size.UNKNOWN:
        return Size.NOT_EVALUABLE if target else Size.MERGED
    return Size.ZERO if gone else Size.MERGED


def parts(unseen: bool, unsized: bool) -> Size:
    """Section 3, fragments: all parts must be seen, and then all must have a size."""
    if unseen:
        return Size.NOT_EVALUABLE
    return Size.UNKNOWN if unsized else Size.RECORDED


def treated(under_test: bool, target: bool, progressed: bool) -> YesNo:
    """Section 3, local treatment on study: a target always, a non-target unless it progressed."""
    if under_test:
        return YesNo.NO
    return YesNo.YES if target or not progressed else YesNo.NO


def partial(
    lesions: bool, findings: bool, ours: bool, reported: bool, unchanged: bool, detected: bool
) -> YesNo:
    """Section 2, K4: it has findings, and nothing in it speaks of the line."""
    if not lesions or not findings:
        return YesNo.NO
    return YesNo.NO if ours or reported or unchanged or detected else YesNo.YES


def baseline(
    recorded: bool,
    merged: bool,
    status: Status,
    group: Group,
    extent: Extent,
    blind: bool,
    strict_hilum: bool,
    proven: bool,
) -> Role:
    """Section 4: diseased, or known but unseen, or known and no part of the line."""
    if not recorded:
        return Role.NOT_DISEASED
    if merged:
        return Role.MERGED
    if status is Status.NOT_EVALUABLE:
        return Role.NOT_EVALUABLE
    if status is Status.ABSENT or extent is Extent.ZERO:
        return Role.NOT_EVALUABLE if blind else Role.NOT_DISEASED
    if group is Group.NODE and extent is Extent.UNKNOWN:
        if strict_hilum:
            return Role.NO_PART
        there = status is Status.PRESENT or status is Status.PROGRESSED
        return Role.DISEASED if there else Role.NOT_EVALUABLE
    if group is Group.NODE and extent is Extent.BELOW:
        return Role.NOT_DISEASED
    if group is Group.EFFUSION and not proven:
        return Role.UNPROVEN
    return Role.DISEASED


def known(reads: Role, removed: bool) -> Role:
    """Section 4: a lesion that the baseline does not record, by how its prior record reads."""
    if reads in (Role.NOT_DISEASED, Role.UNPROVEN, Role.MERGED):
        return reads
    if removed:
        return Role.NOT_DISEASED
    return Role.NO_PART if reads is Role.NO_PART else Role.NOT_EVALUABLE


def target_fit(
    kind: Kind,
    diseased: bool,
    equivocal: bool,
    measured: bool,
    large: bool,
    barred: bool,
    unsuited: bool,
) -> YesNo:
    """Section 4: what may be a target."""
    if kind is not Kind.NODULE and kind is not Kind.NODE:
        return YesNo.NO
    if equivocal or barred or unsuited:
        return YesNo.NO
    return YesNo.YES if diseased and measured and large else YesNo.NO


def target(targets: Targets, gone: bool, rise: Rise, fell: bool) -> Target:
    """Section 5, the table; a rise under the floor is not one that counts."""
    rose = rise is Rise.YES
    if targets is Targets.NONE:
        return Target.NONE
    if targets in {Targets.NO_BASELINE_TOTAL, Targets.NO_BASELINE}:
        return Target.NE
    if targets is Targets.IN_PART:
        return Target.PD if rose and not gone else Target.NE
    if gone:
        return Target.CR
    if rose:
        return Target.PD
    return Target.PR if fell else Target.SD


def nontarget_lesion(size: Size, status: Status, gone: bool, unproven: bool) -> State:
    """Section 5: each non-target, the first that holds; section 3 for an unknown size."""
    said = status in (Status.PRESENT, Status.PROGRESSED)
    if size is Size.NOT_EVALUABLE or (size is Size.UNKNOWN and not said):
        return State.NOT_EVALUABLE
    if size is not Size.UNKNOWN and gone:
        return State.GONE
    if status is Status.PROGRESSED and not unproven:
        return State.PROGRESSED
    return State.PERSISTS


def nontarget_lesion_easl(
    size: Size, status: Status, gone: bool, unproven: bool, back: bool
) -> State:
    """A non-target nodule that is known, not gone, and had no viable tissue before progressed."""
    if back and not gone and size not in (Size.NOT_EVALUABLE, Size.UNKNOWN):
        return State.PROGRESSED
    return nontarget_lesion(size, status, gone, unproven)


def target_easl(targets: Targets, gone: bool, rise: Rise, fell: bool, back: bool) -> Target:
    """New enhancement of a target is progression, whatever the areas; else as any total."""
    if back and targets in {Targets.ALL, Targets.IN_PART}:
        return Target.PD
    return target(targets, gone, rise, fell)


def area(status: Status, sized: bool, nothing: bool, across: bool) -> Size:
    """A product needs both diameters; a diameter of 0 is an area of 0."""
    if status is Status.NOT_EVALUABLE:
        return Size.NOT_EVALUABLE
    if status is Status.ABSENT:
        return Size.ZERO
    if status is Status.TOO_SMALL or not sized:
        return Size.UNKNOWN
    if nothing:
        return Size.ZERO
    return Size.RECORDED if across else Size.UNKNOWN


def recicl(
    single: bool,
    arterial: bool,
    whole: bool,
    viable: bool,
    enlarged: bool,
    none_left: bool,
    necrotic: bool,
    shrunk: bool,
    margin: Answer,
) -> TherapeuticEffect:
    """Enlarged whatever the necrosis; else nothing left, half of it, or neither."""
    if not (single and arterial and whole):
        return TherapeuticEffect.NE
    if enlarged:
        return TherapeuticEffect.TE1
    if not viable:
        return TherapeuticEffect.NE
    if none_left:
        return TherapeuticEffect.TE4A if margin is Answer.YES else TherapeuticEffect.TE4B
    return TherapeuticEffect.TE3 if necrotic or shrunk else TherapeuticEffect.TE2


def enters(enters: bool) -> YesNo:
    """Only what the total takes in may be a target."""
    return YesNo.YES if enters else YesNo.NO


def nontarget(worst: State) -> NonTarget:
    """Section 5: any progressed, else any not evaluable, else any persisting, else CR."""
    if worst is State.NONE:
        return NonTarget.NONE
    if worst is State.PROGRESSED:
        return NonTarget.PD
    if worst in {State.NOT_EVALUABLE, State.NO_BASELINE}:
        return NonTarget.NE
    return NonTarget.NON_CR_NON_PD if worst is State.PERSISTS else NonTarget.CR


def detected(
    merged: bool,
    status: Status,
    group: Group,
    extent: Extent,
    strict_hilum: bool,
    old_effusion: bool,
    grew: bool,
) -> YesNo:
    """Section 6: detected at a follow-up."""
    if merged or status in (Status.ABSENT, Status.NOT_EVALUABLE):
        return YesNo.NO
    if extent is Extent.ZERO:
        return YesNo.NO
    if group is Group.NODE:
        there = status is Status.PRESENT or status is Status.PROGRESSED
        unsized = extent is Extent.UNKNOWN and there and not strict_hilum
        return YesNo.YES if extent is Extent.ENOUGH or unsized else YesNo.NO
    if group is Group.EFFUSION and old_effusion:
        return YesNo.YES if status is Status.PROGRESSED or grew else YesNo.NO
    return YesNo.YES


def new_lesion(
    rule: NewRule,
    detected: bool,
    equivocal: bool,
    typical: bool,
    cavity: bool,
    large: bool,
    grown: bool,
    proven: bool,
    again: bool,
) -> Verdict:
    """Section 6, the table; in its first two rows status and flag do not matter."""
    if rule is NewRule.HCC:
        new = (large and (typical or cavity)) or grown or proven
    elif rule is NewRule.CYTOLOGY:
        new = proven
    else:
        new = detected and not equivocal
    if rule is NewRule.NODE:
        new = new and grown and (large or again)
    return Verdict.NEW if new else Verdict.NOT_YET


def new_lesion_leap012(
    rule: NewRule, detected: bool, equivocal: bool, typical: bool, **others: bool
) -> Verdict:
    """A liver nodule counts where it is seen, unflagged and typical; else as above."""
    if rule is NewRule.HCC:
        return Verdict.NEW if detected and typical and not equivocal else Verdict.NOT_YET
    return new_lesion(rule, detected, equivocal, typical, **others)


def overall(target: Target, nontarget: NonTarget, new: NewLesion) -> Response:
    """Section 7, the table."""
    if new is NewLesion.YES or target is Target.PD or nontarget is NonTarget.PD:
        return Response.PD
    if target is Target.CR:
        clear = nontarget in (NonTarget.CR, NonTarget.NONE)
        return Response.CR if clear else Response.PR
    if target is Target.PR:
        return Response.PR
    if target is Target.SD:
        return Response.SD
    if target is Target.NE:
        return Response.NE
    if nontarget is NonTarget.CR:
        return Response.CR
    if nontarget is NonTarget.NON_CR_NON_PD:
        return Response.NON_CR_NON_PD
    return Response.NE if nontarget is NonTarget.NE else Response.NED


def reported(
    given: bool, computed: Response, reported: Response, same: bool, disease: bool
) -> Standing:
    """Section 7: a reported verdict stands in where no graded one is reached, with exceptions."""
    if not given:
        return Standing.ALONE
    if same:
        return Standing.AGREES
    if computed not in (Response.NE, Response.NED, Response.NON_CR_NON_PD):
        return Standing.DIFFERS
    if reported is Response.NE:
        return Standing.STANDS_IN if computed is Response.NED else Standing.DIFFERS
    if disease and reported in (Response.CR, Response.NED):
        return Standing.OVER_DISEASE
    return Standing.STANDS_IN


def recurrence(response: Response) -> Watch:
    """Section 6: some earlier response was CR, and none since was PD."""
    if response is Response.CR:
        return Watch.ON
    return Watch.OFF if response is Response.PD else Watch.UNCHANGED


def recurs(state: State, node: bool, since_proof: bool) -> YesNo:
    """Section 6: a non-target that is seen after CR; a node only when it progressed."""
    if not since_proof:
        return YesNo.NO
    if state is State.PERSISTS:
        return YesNo.NO if node else YesNo.YES
    return YesNo.YES if state is State.PROGRESSED else YesNo.NO


def best(cr: bool, pr: bool, sd: bool, nn: bool, ned: bool, pd: bool, any: bool) -> Response:
    """Section 8: the first that holds, unconfirmed and confirmed alike."""
    if cr:
        return Response.CR
    if pr:
        return Response.PR
    if sd:
        return Response.SD
    if nn:
        return Response.NON_CR_NON_PD
    if ned:
        return Response.NED
    if pd:
        return Response.PD
    return Response.NE if any else Response.ND


def exposure(shared: Shared, recorded: bool, reason: EndReason, progressed: bool) -> Exposure:
    """Section 9: by how the latest line with one of the drugs ended."""
    if shared is Shared.NOTHING:
        return Exposure.FIRST
    if shared is Shared.PROCEDURES:
        return Exposure.REPEAT
    if progressed and not recorded:
        return Exposure.RECHALLENGE
    if recorded and reason is EndReason.PROGRESSION:
        return Exposure.RECHALLENGE
    if recorded and reason is EndReason.TOXICITY:
        return Exposure.RESUMPTION
    return Exposure.REINTRODUCTION


def compartment(kind: Kind, liver: bool) -> Compartment:
    """Nodes and effusions are outside the liver, tumour in vein apart, the rest by organ."""
    if kind is Kind.THROMBUS:
        return Compartment.VASCULAR
    inside = liver and kind is not Kind.NODE and kind is not Kind.EFFUSION
    return Compartment.INTRAHEPATIC if inside else Compartment.EXTRAHEPATIC


def pattern(compartment: Compartment, sign: Sign) -> ProgressionCode:
    """New tumour in vein goes with new extrahepatic lesions, old one with the liver."""
    if sign is Sign.NEW:
        inside = compartment is Compartment.INTRAHEPATIC
        return ProgressionCode.NIH if inside else ProgressionCode.NEH
    outside = compartment is Compartment.EXTRAHEPATIC
    return ProgressionCode.EHG if outside else ProgressionCode.IHG


def dominant(ihg: bool, nih: bool, ehg: bool, neh: bool) -> ProgressionCode:
    """NEH > EHG > NIH > IHG."""
    if neh:
        return ProgressionCode.NEH
    if ehg:
        return ProgressionCode.EHG
    if nih:
        return ProgressionCode.NIH
    return ProgressionCode.IHG if ihg else ProgressionCode.UNKNOWN


def invasion(grown: bool, new: bool) -> Invasion:
    """New outranks grown."""
    return Invasion.NEW if new else Invasion.GROWN if grown else Invasion.NONE


def upon_progression(
    dominant: ProgressionCode, invasion: Invasion, before: StageBefore
) -> BclcProgression:
    """C2 by a new site; else C1 of C, B of B; the pattern must be known, and the stage before."""
    if dominant is ProgressionCode.NEH or invasion is Invasion.NEW:
        return BclcProgression.C2
    if dominant is ProgressionCode.UNKNOWN:
        return BclcProgression.UNKNOWN
    there_before = dominant is ProgressionCode.EHG or invasion is Invasion.GROWN
    if there_before or before is StageBefore.C:
        return BclcProgression.C1
    return BclcProgression.B if before is StageBefore.B else BclcProgression.UNKNOWN


def beginning(
    first: bool, newcomers: Newcomers, goes_on: bool, pause: Pause, progressed: bool
) -> Beginning:
    """LINE-10 and LINE-08: where a line of therapy begins."""
    if first:
        return Beginning.FIRST
    if newcomers is Newcomers.UNPLANNED:
        return Beginning.ADDED if goes_on else Beginning.REGIMEN
    if pause is Pause.GAP:
        return Beginning.GAP
    if pause is Pause.HOLD and progressed:
        return Beginning.PROGRESSION
    return Beginning.SAME


def situation(
    first: First, gap: bool, assessed: bool, baseline: bool, switched: bool, stopped: Stopped
) -> Situation:
    """What a policy decides on: what came first, or why nothing has."""
    if first is First.PROGRESSION:
        return Situation.PROGRESSION_AFTER_GAP if gap else Situation.PROGRESSION
    if first is First.DEATH and gap:
        return Situation.DEATH_AFTER_GAP
    if first is First.DEATH:
        return Situation.DEATH if assessed else Situation.DEATH_UNASSESSED
    if first is not First.NOTHING:
        is_clinical = first is First.CLINICAL
        return Situation.CLINICAL_PROGRESSION if is_clinical else Situation.NEW_THERAPY
    if not baseline:
        return Situation.NO_BASELINE
    if not assessed:
        return Situation.NO_ASSESSMENT
    if switched:
        return Situation.NEW_THERAPY
    if stopped is Stopped.CLINICAL:
        return Situation.CLINICAL_PROGRESSION
    return Situation.ONGOING if stopped is Stopped.NO else Situation.STOPPED


def growth(event: bool, event_before: bool, reached: bool) -> Growth:
    """TTE-GMI: a censored line bounds the ratio, and is never a failure."""
    if not event_before:
        return Growth.UNDETERMINED
    if reached:
        return Growth.MET
    return Growth.NOT_MET if event else Growth.UNDETERMINED


def marker_imaging(imaging: Imaging, now: Move, before: Met) -> Discordance:
    """AFP-NOTPD: marker and imaging beside each other, never one from the other."""
    if imaging is Imaging.NOT_JUDGED:
        return Discordance.NOT_JUDGED
    if imaging is Imaging.NOT_PROGRESSED:
        return {
            Move.FELL: Discordance.AGREE,
            Move.NEITHER: Discordance.NEITHER,
            Move.ROSE: Discordance.ROSE_WITHOUT_PD,
            Move.UNKNOWN: Discordance.UNDETERMINED,
        }[now]
    if now is Move.FELL:
        return Discordance.FALLEN_AT_PD
    if before is Met.MET:
        return Discordance.FELL_BEFORE_PD
    if before is Met.UNDETERMINED or now is Move.UNKNOWN:
        return Discordance.UNDETERMINED
    return Discordance.AGREE if now is Move.ROSE else Discordance.NEITHER


def marker_flare(rose: Met, later: bool, below: Met) -> Flare:
    """AFP-FLARE: one early rise is no progression before the next value."""
    if rose is Met.NOT_MET:
        return Flare.NO_RISE
    if rose is not Met.MET or (later and below is Met.UNDETERMINED):
        return Flare.UNDETERMINED
    if not later:
        return Flare.NEXT_VALUE_NEEDED
    return Flare.FLARE if below is Met.MET else Flare.STANDS


def lr_tr_2018(
    masslike: Masslike, arterial: bool, aphe: Answer, washout: Answer, like_before: Answer
) -> Category:
    """The first that holds."""
    if masslike is Masslike.NOT_EVALUABLE or not arterial:
        return Category.NONEVALUABLE
    if masslike is Masslike.PRESENT:
        viable = Answer.YES in (aphe, washout, like_before)
        return Category.VIABLE if viable else Category.EQUIVOCAL
    return Category.EQUIVOCAL if masslike is Masslike.UNCERTAIN else Category.NONVIABLE


def lr_tr_2024(masslike: Masslike, mri: bool, diffusion: Answer, t2: Answer) -> Category:
    """Not radiation: a sign on MRI decides only what is uncertain."""
    if masslike is Masslike.UNCERTAIN:
        decided = mri and Answer.YES in (diffusion, t2)
        return Category.VIABLE if decided else Category.EQUIVOCAL
    return {
        Masslike.PRESENT: Category.VIABLE,
        Masslike.ABSENT: Category.NONVIABLE,
        Masslike.NOT_EVALUABLE: Category.NONEVALUABLE,
    }[masslike]


def lr_tr_radiation(masslike: Masslike, change: Trend, newly: bool) -> Category:
    """Radiation: what grows is viable, what is there and does not is nonprogressing."""
    if masslike is Masslike.NOT_EVALUABLE:
        return Category.NONEVALUABLE
    if masslike is Masslike.ABSENT:
        return Category.NONVIABLE
    viable = change is Trend.UP or (change is Trend.DOWN and newly)
    if masslike is Masslike.PRESENT and viable:
        return Category.VIABLE
    return Category.NONPROGRESSING


def lr_tr_aphe(said: Answer, viable: bool) -> Answer:
    """Unknown and a viable size in the arterial phase reads as yes."""
    return Answer.YES if said is Answer.UNKNOWN and viable else said


def lr_tr_change(said: Trend, absent_before: bool, size: Move) -> Trend:
    """The reader's word outranks sizes."""
    if said is not Trend.NOT_SAID:
        return said
    if absent_before or size is Move.ROSE:
        return Trend.UP
    return Trend.UNCERTAIN if size is Move.UNKNOWN else Trend.DOWN


def lr_tr_newly(now: Answer, before: Answer) -> YesNo:
    """There now, and looked for and not there before."""
    return YesNo.YES if (now, before) == (Answer.YES, Answer.NO) else YesNo.NO


def immune(
    confirmed: bool, response: Response, pending: bool, late: bool, further: Further
) -> ImmuneResponse:
    """iRECIST: a first progression is unconfirmed, what is further 28 days later confirms it."""
    if confirmed:
        return ImmuneResponse.CPD
    if response is Response.PD:
        confirms = pending and late and further is not Further.NO
        return ImmuneResponse.CPD if confirms else ImmuneResponse.UPD
    return {
        Response.CR: ImmuneResponse.CR,
        Response.PR: ImmuneResponse.PR,
        Response.SD: ImmuneResponse.SD,
        Response.NON_CR_NON_PD: ImmuneResponse.NON_CR_NON_UPD,
        Response.NED: ImmuneResponse.NED,
    }.get(response, ImmuneResponse.NE)


def immune_signal(now: bool, pending: bool, further: bool) -> Signal:
    """A kind of progression beside the one that is pending."""
    if not now:
        return Signal.NO
    if not pending:
        return Signal.OTHER
    return Signal.FURTHER if further else Signal.SAME


def immune_further(target: Signal, nontarget: Signal, new: Signal) -> Further:
    """What is further confirms; else a kind that was not pending."""
    kinds = (target, nontarget, new)
    if Signal.FURTHER in kinds:
        return tuple(Further)[1 + kinds.index(Signal.FURTHER)]
    return Further.OTHER if Signal.OTHER in kinds else Further.NO


def immune_new_further(more: bool, grew: bool, progressed: bool) -> YesNo:
    """Any of the three."""
    return YesNo.YES if more or grew or progressed else YesNo.NO


def immune_new_target(measurable: bool, room: bool) -> YesNo:
    """Both."""
    return YesNo.YES if measurable and room else YesNo.NO


def immune_best(**facts: bool) -> ImmuneResponse:
    """The best that occurred; progression only where nothing better did."""
    words = {
        "cr": ImmuneResponse.CR, "pr": ImmuneResponse.PR, "sd": ImmuneResponse.SD,
        "nn": ImmuneResponse.NON_CR_NON_UPD, "ned": ImmuneResponse.NED, "cpd": ImmuneResponse.CPD,
        "upd": ImmuneResponse.UPD, "any": ImmuneResponse.NE,
    }  # fmt: skip
    return next((word for name, word in words.items() if facts[name]), ImmuneResponse.ND)


def immune_joins(measurable: bool) -> YesNo:
    """Any new lesion that can be measured joins the total."""
    return YesNo.YES if measurable else YesNo.NO


def immune_joined(target: Target, nontarget: NonTarget, new: NewLesion) -> Response:
    """Neither non-targets nor new lesions are progression; both withhold CR."""
    left = new is NewLesion.YES or nontarget not in (NonTarget.CR, NonTarget.NONE)
    if target is Target.CR:
        return Response.PR if left else Response.CR
    if target is not Target.NONE:
        return Response(str(target))
    if nontarget is NonTarget.NONE:
        return Response.NE if new is NewLesion.YES else Response.NED
    if nontarget is NonTarget.NE:
        return Response.NE
    return Response.NON_CR_NON_PD if left else Response.CR


def immune_upheld(later: bool, progressive: bool) -> YesNo:
    """A PD stands unless the scan that decides is none."""
    return YesNo.NO if later and not progressive else YesNo.YES


LADDERS: dict[str, Callable[..., Any]] = {
    "immune-joins": immune_joins,
    "immune-joined": immune_joined,
    "immune-upheld": immune_upheld,
    "immune": immune,
    "immune-signal": immune_signal,
    "immune-further": immune_further,
    "immune-new-further": immune_new_further,
    "immune-new-target": immune_new_target,
    "immune-best": immune_best,
    "sort": sort,
    "marker-imaging": marker_imaging,
    "marker-flare": marker_flare,
    "situation": situation,
    "growth": growth,
    "size": size,
    "unmentioned": unmentioned,
    "merged": merged,
    "parts": parts,
    "treated": treated,
    "partial": partial,
    "baseline": baseline,
    "known": known,
    "target-fit": target_fit,
    "target": target,
    "nontarget-lesion": nontarget_lesion,
    "nontarget": nontarget,
    "detected": detected,
    "new-lesion": new_lesion,
    "new-lesion-leap012": new_lesion_leap012,
    "overall": overall,
    "reported": reported,
    "recurrence": recurrence,
    "recurs": recurs,
    "best": best,
    "confirmed": best,
    "exposure": exposure,
    "lr-tr-2018": lr_tr_2018,
    "lr-tr-2024": lr_tr_2024,
    "lr-tr-2024-radiation": lr_tr_radiation,
    "lr-tr-aphe": lr_tr_aphe,
    "lr-tr-change": lr_tr_change,
    "lr-tr-newly": lr_tr_newly,
    "compartment": compartment,
    "pattern": pattern,
    "pattern-dominant": dominant,
    "pattern-vein": invasion,
    "pattern-bclc": upon_progression,
    "beginning": beginning,
    "recicl": recicl,
    "area": area,
    "target-fit-area": enters,
    "target-easl": target_easl,
    "target-who": target,
    "nontarget-lesion-easl": nontarget_lesion_easl,
    "nontarget-easl": nontarget,
    "nontarget-who": nontarget,
    "overall-easl": overall,
    "overall-who": overall,
}


class TestLadders:
    """Every cell of every table says what the written procedure says."""

    @each_table
    def test_every_cell(self, table: Table) -> None:
        """The table and the if-ladder agree, whatever the facts."""
        for facts, rule in table:
            assert rule.verdict is LADDERS[table.name](**facts), facts

    def test_states_rank(self) -> None:
        """Any progressed outranks any not evaluable, that any persisting, that all gone."""
        ranked = [State.GONE, State.PERSISTS, State.NOT_EVALUABLE, State.PROGRESSED]
        assert sorted(ranked, key=lambda state: state.code) == ranked
        assert State.NONE.code == 0

    def test_recurrence_sets(self) -> None:
        """A non-target that persists or progressed recurs; PR and SD are doubtful after CR."""
        assert {State.PERSISTS, State.PROGRESSED} == STILL_THERE
        assert {Response.PR, Response.SD} == DOUBTFUL_AFTER_CR

    def test_sets_of_responses(self) -> None:
        """What is objective, controlled and adequate, word by word."""
        assert {"CR", "PR"} == OBJECTIVE
        assert {"CR", "PR", "SD", "NON-CR/NON-PD"} == CONTROLLED
        assert {"CR", "PR", "SD", "NON-CR/NON-PD", "PD", "NED"} == ADEQUATE
        assert {
            "CR/PR": {"CR", "PR"},
            "SD": {"SD"},
            "PD": {"PD"},
            "other": {"NON-CR/NON-PD", "NE", "NED", "ND"},
        } == RESPONSE_GROUPS


# ---- sentences


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


@functools.cache
def worked_cases() -> tuple[conformance.Case, ...]:
    return tuple(case for case in conformance.cases() if case.valid)


def rich_assessment(criteria: Any = MRECIST) -> Assessment:
    """One chart with a target, a non-target, a proven new nodule, a response and a rechallenge."""
    return assess(
        from_case(
            {
                "format": "mrecist-case/1",
                "patient": "P-001",
                "lesions": [
                    {"id": "S8", "organ": "liver", "kind": "nodule"},
                    {"id": "PV", "organ": "portal vein", "kind": "thrombus"},
                    {"id": "S2", "organ": "liver", "kind": "nodule"},
                ],
                "timepoints": [
                    {
                        "date": day,
                        "reported": "PR",
                        "findings": [
                            {"lesion": "S8", "viable_mm": viable, "longest_mm": 50},
                            {"lesion": "PV", "status": "present"},
                            *new,
                        ],
                    }
                    for day, viable, new in (
                        (0, 40, []),
                        (50, 20, []),
                        (80, 20, [{"lesion": "S2", "longest_mm": 9}]),
                        (120, 26, [{"lesion": "S2", "longest_mm": 20, "pattern": "typical"}]),
                    )
                ],
                "lines": [
                    {"agents": ["sorafenib"], "start": 0},
                    {"agents": ["sorafenib"], "start": 130},
                ],
            }
        ),
        criteria=criteria,
    )


LINE_RULES = {"best": "best_rule", "confirmed": "confirmed_rule", "exposure": "re_exposure"}
TIMEPOINT_RULES = {
    "target": "target_rule",
    "nontarget": "nontarget_rule",
    "overall": "overall_rule",
    "reported": "standing",
    **{f"target-{name}": "target_rule" for name in ("easl", "who")},
    **{f"nontarget-{name}": "nontarget_rule" for name in ("easl", "who")},
    **{f"overall-{name}": "overall_rule" for name in ("easl", "who")},
}
LINE_NUMBERS = ("newcomers", "going_on", "again", "days", "max_gap_days")
LESION_TABLES = {
    "size", "unmentioned", "merged", "parts", "treated", "baseline", "known", "target-fit",
    "nontarget-lesion", "detected", "area", "target-fit-area", "nontarget-lesion-easl",
}  # fmt: skip
SILENT_TABLES = {"sort", "partial", "recurs"}
"""Tables whose sentences are not told of a patient, but shown beside the table."""


def told_by_line(line: LineAssessment, field: str, rule: Rule[Any]) -> list[str]:
    new = attrs.evolve(line.re_exposure, rule=rule) if field == "re_exposure" else rule
    changes: dict[str, Any] = {field: new}
    return [reason.sentence for reason in attrs.evolve(line, **changes).reasons]


def told_by_timepoint(timepoint: TimepointAssessment, field: str, rule: Rule[Any]) -> list[str]:
    changes: dict[str, Any] = {field: rule}
    changed = attrs.evolve(timepoint, **changes)
    return [changed.why, *(reason.sentence for reason in changed.reasons)]


NUMBERS = {
    "situation": (),
    "growth": ("ratio", "threshold"),
    "marker-imaging": ("response", "value", "change", "earlier"),
    "marker-flare": ("early", "reference", "risen"),
    **dict.fromkeys(("lr-tr-2018", "lr-tr-2024", "lr-tr-aphe", "lr-tr-change", "lr-tr-newly"), ()),
    "lr-tr-2024-radiation": ("change",),
    "immune": (
        "clears",
        "keeps",
        "confirmed_date",
        "confirmation_days",
        "pending_date",
        "further_words",
    ),
    "immune-further": ("target_reference", "target_total", "further", "new_words"),
    "immune-new-further": ("more_new", "new_reference", "new_total", "further"),
    "immune-best": ("confirmed", "stable_days"),
    **dict.fromkeys(("immune-signal", "immune-new-target", "immune-joins"), ()),
    "immune-joined": ("target", "nontarget", "new"),
    "immune-upheld": ("confirmation_days",),
    "recicl": ("now", "before", "left"),
}
"""What the sentences of tables beside the verdicts ask for."""


class TestSentences:
    """Every sentence can be filled from what is known where it is spoken."""

    @thorough_only
    @pytest.mark.parametrize("criteria", CRITERIA.values(), ids=CRITERIA)
    def test_worked_cases(self, criteria: Any) -> None:
        """Every worked case is explained under every criteria, and no brace is left over."""
        assert worked_cases()
        for case in worked_cases():
            assessment = assess(from_case(case.document), criteria=criteria)
            told = [explain(assessment)]
            told += [timepoint.why for line in assessment.lines for timepoint in line.timepoints]
            assert not set("{}") & set("".join(told)), case.id

    @each_row
    def test_every_rule(self, table: Table, at: int) -> None:
        """Each rule, set into a chart that knows every number, is told without a gap."""
        rule, first = table.rules[at], rich_assessment().lines[0]
        before, last = first.timepoints[0], first.timepoints[-1]
        if table.name in LINE_RULES:
            told = told_by_line(first, LINE_RULES[table.name], rule)
        elif table.name in TIMEPOINT_RULES:
            told = told_by_timepoint(before, TIMEPOINT_RULES[table.name], rule)
        elif table.name.startswith("new-lesion"):
            news = (
                attrs.evolve(each, rules=dict.fromkeys(each.rules, rule)) for each in last.line.news
            )
            facts = attrs.evolve(last.line, news=tuple(news), words={})
            told = [reason.sentence for reason in attrs.evolve(last, line=facts).reasons]
        elif table.name in LESION_TABLES:
            told = [rule.sentence.format_map(dict.fromkeys(LESION_NUMBERS | SIGHT_NUMBERS, "1"))]
        elif table.name in PATTERN_TABLES:  # told in test_patterns.py, each by a chart of its own
            told = [rule.sentence.format_map(dict.fromkeys(PATTERN_NUMBERS, "1"))]
        elif table.name in NUMBERS:  # told in test_courses.py and test_markers.py
            told = [rule.sentence.format_map(dict.fromkeys(NUMBERS[table.name], "1"))]
        elif table.name in SILENT_TABLES:
            told = [rule.sentence]
        elif table.name == "beginning":
            told = [rule.sentence.format_map(dict.fromkeys(LINE_NUMBERS, "1"))]
        else:
            assert table.name == "recurrence"
            told = [rule.sentence]
        assert any(plain(rule.sentence) in plain_text for plain_text in told)
        assert not set("{}") & set("".join(told))

    def test_lesion_numbers(self) -> None:
        """What the sentences about one lesion ask for is supplied for every lesion."""
        asked = {
            name
            for table in NAMED.values()
            if table.name in LESION_TABLES
            for rule in table.rules
            for name in placeholders(rule.sentence)
        }
        assert asked == LESION_NUMBERS | SIGHT_NUMBERS


PATTERN_TABLES = {"compartment", "pattern", "pattern-dominant", "pattern-vein", "pattern-bclc"}
PATTERN_NUMBERS = {
    "lesions", "how", "nadir", "nadir_date", "total", "change", "unseen", "progression_share",
    "floor", "codes", "stage_known_from",
}  # fmt: skip
LESION_NUMBERS = {
    "measure", "size", "diseased_node", "smallest_target", "status", "says", "growth", "before",
    "diameter", "area",
}  # fmt: skip
"""What the size of a lesion, its role and its fitness may be told with."""
SIGHT_NUMBERS = {"other", "unseen_parts", "unsized_parts", "procedure", "procedure_date"}
"""What a lesion that merged, split or was treated on study is told with beside it."""


def plain(sentence: str) -> str:
    """The longest stretch of a sentence between two numbers."""
    return max((text for text, *_ in Formatter().parse(sentence)), key=len)
