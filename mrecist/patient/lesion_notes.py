"""What is said of each lesion: at a time point what it counted for, and what it is to a line.

No response is decided here. Sentences are the rules' own, filled with the numbers of the case.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

from .._base.text import mm, when
from .._base.words import Category, NewRule, Role, State, YesNo
from ..model import Finding
from ..rulebook.decision_table import Rule
from ..rulebook.nontargets import PROVED_LATE
from .baseline import KNOWN_ROLES, removal
from .facts import LineFacts, TimepointFacts
from .new_lesions import NewLesionRecord, candidate, detection
from .numbers import examined, growth_words, is_equivocal, seen_on, size_numbers
from .reasons import candidate_numbers, speaking

__all__ = ["LesionNote"]


@attrs.frozen
class LesionNote:
    """One lesion at one time point (or at baseline): its role, its size, and what it counted for.

    `size_mm` is the size that the criteria measure, `None` where it is not known. `counted` tells
    whether it entered the verdict; `note` says how, or why not. `lr_tr_2018` and `lr_tr_2024` are
    the LI-RADS treatment response of a lesion that a procedure treated; they enter no verdict.
    `area_mm2` is the area, under criteria that sum areas.
    """

    lesion: str
    role: str
    size_mm: float | None
    counted: bool
    note: str
    rule: str
    lr_tr_2018: Category | None = None
    lr_tr_2024: Category | None = None
    lr_tr_flags: tuple[str, ...] = ()
    area_mm2: float | None = None

    def __str__(self) -> str:
        return "; ".join(filter(None, [f"{self.lesion} ({self.role}): {self.note}", self.graded]))

    @property
    def graded(self) -> str:
        """The LI-RADS treatment response of a treated lesion as text; empty where it has none."""
        versions = (("v2018", self.lr_tr_2018), ("v2024", self.lr_tr_2024))
        told = [f"{name} {category}" for name, category in versions if category is not None]
        flags = f" ({', '.join(self.lr_tr_flags)})" if self.lr_tr_flags else ""
        return f"LI-RADS treatment response {', '.join(told)}{flags}" if told else ""


def lesions(timepoint: TimepointFacts) -> tuple[LesionNote, ...]:
    """Each lesion of the case at this time point: what it counted for, or why it did not."""
    chart, groups = timepoint.line.chart, _Groups.of(timepoint)
    notes = [_lesion_note(timepoint, groups, i) for i in range(len(chart.patient.lesions))]
    return tuple(notes if not chart.patient.procedures else _with_grades(timepoint, notes))


def _with_grades(timepoint: TimepointFacts, notes: Iterable[LesionNote]) -> Iterator[LesionNote]:
    """Notes on lesions, treated ones with their LI-RADS treatment response."""
    from .treated_lesions import beside  # few charts have treated lesions

    found = beside(timepoint.line.chart, timepoint.place)
    for note in notes:
        by_version = found.get(note.lesion, {})
        each: dict[str, Any] = {
            name.replace("-", "_"): grade.category for name, grade in by_version.items()
        }
        flags = tuple(flag for grade in by_version.values() for flag in grade.flags)
        yield attrs.evolve(note, lr_tr_flags=flags, **each) if each else note


@attrs.frozen(eq=False)
class _Groups:
    """The lesions of a time point by what they are, to be looked up one by one."""

    targets: frozenset[int]
    candidates: frozenset[int]
    recurrences: frozenset[int]
    nontargets: Mapping[int, Rule[State]]
    speaking: Mapping[int, NewLesionRecord]
    counting: frozenset[int]

    @classmethod
    def of(cls, timepoint: TimepointFacts) -> _Groups:
        """The groups of one time point."""
        roles, news = timepoint.line.roles, timepoint.line.news
        each = zip(timepoint.nontargets, timepoint.nontarget_lesion_rules, strict=True)
        return cls(
            targets=frozenset(roles.targets),
            candidates=frozenset(roles.candidates),
            recurrences=frozenset(timepoint.recurrences),
            nontargets=dict(each),
            speaking={new.lesion: new for new in reversed(speaking(timepoint))},
            counting=frozenset(new.lesion for new in news if new.counts_at(timepoint.place)),
        )


def _lesion_note(timepoint: TimepointFacts, groups: _Groups, i: int) -> LesionNote:
    facts, roles, chart = timepoint.line, timepoint.line.roles, timepoint.line.chart
    sight = facts.sights(timepoint.place, i)
    numbers = size_numbers(chart, sight, i)
    rule: Rule[Any] = sight.rule
    role, counted, end = "not part of this line", False, ""
    if i in groups.targets:
        role, counted, end = "target", sight.summed, numbers["area_words"]
        if sight.gone and not numbers["says"].endswith("gone"):
            end += ", gone"
    elif i in groups.nontargets:
        rule = groups.nontargets[i]
        role, counted = "non-target", rule.verdict is not State.NOT_EVALUABLE
        if words := growth_words(timepoint, i):
            end = f", {words}"
        if rule.verdict is State.PROGRESSED and is_equivocal(timepoint, i):
            end += ", flagged equivocal"
        if i in groups.counting:
            end += ", and new in this line"
    elif i in groups.speaking:
        new = groups.speaking[i]
        counted = new.proved is not None
        role = "new lesion" if counted else "equivocal"
        end = _size_of_new(new, sight.finding) if sight.lacks_size else ""
    elif i in groups.candidates and sight.recorded and facts.baseline is not None:
        before = candidate(chart, facts.plain, roles, i)
        role, rule = "not disease", detection(chart, facts.plain, before, timepoint.place)
        numbers = candidate_numbers(facts, i, timepoint.place)
    elif chart.root[i] != i:
        role = f"part of {chart.patient.lesions[chart.root[i]].id}"
    if dates := examined(chart, timepoint.place, i):
        end += f", examined on {dates}"
    if facts.baseline is None:
        counted, end = False, "; this line has no baseline to compare with"
    if i in groups.recurrences:
        end += ", a recurrence after complete response"
    if i in roles.proved and i in groups.nontargets:
        end += f"; {_proved_late(facts, i)}"
    size = sight.um / 1000 if sight.known else None
    note = rule.sentence.format_map(numbers) + end
    named, area = chart.patient.lesions[i].id, sight.area_mm2
    return LesionNote(named, role, size, counted, note, rule.id, area_mm2=area)


def _proved_late(facts: LineFacts, lesion: int) -> str:
    """That and when an effusion became a non-target by its proof."""
    date = seen_on(facts.chart, facts.roles.proved[lesion], lesion)
    return PROVED_LATE.format(date=date)


def _size_of_new(new: NewLesionRecord, finding: Finding | None) -> str:
    """The whole diameter that tells whether a liver nodule is new, though it is not its size."""
    longest = None if finding is None else finding.longest_um
    if longest is None or new.candidate.cavity or new.candidate.rule is not NewRule.HCC:
        return ""
    return f"; to tell whether it is new, its longest diameter {mm(longest)} counts"


def roles(facts: LineFacts) -> tuple[LesionNote, ...]:
    """What each lesion of the case is to a line, and the rule that made it so."""
    if facts.baseline is None:
        return ()
    nontargets = frozenset(facts.roles.nontargets)
    return tuple(_role_note(facts, facts.baseline, nontargets, i) for i in facts.places)


def _role_note(facts: LineFacts, baseline: int, nontargets: frozenset[int], i: int) -> LesionNote:
    chart, roles = facts.chart, facts.roles
    place, prior = roles.records.baseline[i], roles.records.prior[i]
    sight = facts.at_baseline(i)
    numbers = size_numbers(chart, sight, i)
    if prior is not None and (prior != baseline or examined(chart, prior, i)):
        before = sight if place is not None else facts.plain(prior, i)
        said = size_numbers(chart, before, i)["says"]
        numbers["says"] = f"{said} on {seen_on(chart, prior, i)}"
    removed = None if prior is None else removal(chart, baseline, prior, i)
    if removed is not None:
        numbers |= {"procedure": removed.kind, "procedure_date": when(removed.date)}
    diseased = roles.at_baseline[i].verdict is Role.DISEASED
    rule: Rule[Any] = roles.fitness[i] if diseased else roles.at_baseline[i]
    fit = roles.fitness[i].verdict is YesNo.YES
    called, why = "no part", rule.sentence.format_map(numbers)
    if chart.root[i] != i:
        why = f"part of {chart.patient.lesions[chart.root[i]].id}"
    elif i in roles.targets:
        called = "target"
        if facts.line.targets is not None:
            why = "named by the reader" + ("" if fit else f", though {why}")
    elif i in nontargets:
        called = "non-target"
        if facts.line.nontargets is not None:
            why = "named by the reader"
        elif fit:
            why = "measurable, but other lesions were chosen or named as targets"
    elif roles.at_baseline[i].verdict in KNOWN_ROLES:
        why = "not among the non-targets that the reader named"
    says = numbers["says"]
    note = why if says in why or not sight.recorded else f"{says}; {why}"
    size = sight.um / 1000 if sight.known else None
    lesion = chart.patient.lesions[i].id
    counts, area = called != "no part", sight.area_mm2
    return LesionNote(lesion, called, size, counts, note, rule.id, area_mm2=area)
