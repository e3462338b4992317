"""Why: the rule that fired, the sizes and totals it saw, by how much, and where the rule is from.

No response is decided here. Sentences are the rules' own, filled with the numbers of the case.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile
from typing import Any

import attrs

from .._base.text import mm, when
from .._base.words import (
    Category,
    Cause,
    NewLesion,
    NewRule,
    Response,
    Role,
    State,
    YesNo,
)
from ..model import Finding
from ..rulebook.best_response import ADEQUATE, is_progression
from ..rulebook.decision_table import Rule
from ..rulebook.new_lesions import BY_SAMPLE, MERELY_SEEN
from ..rulebook.nontargets import PROVED_LATE
from ..rulebook.overall import causes_of
from ..rulebook.readings import Reading
from .baseline import KNOWN_ROLES, removal
from .best_response import Course
from .exposure import ExposureFacts
from .facts import LineFacts, TimepointFacts
from .new_lesions import (
    NewLesionRecord,
    adjudication,
    candidate,
    detection,
    first_size,
    pattern_at,
    size_of,
)
from .numbers import (
    Numbers,
    criteria_numbers,
    examined,
    growth_words,
    ids,
    is_equivocal,
    listed,
    seen_on,
    size_numbers,
    unseen_lesions,
)

__all__ = ["LesionNote", "Reason", "reason_of"]


@attrs.frozen
class Reason:
    """One step of a verdict: which rule fired in which table, what it said, and its source.

    `evidence` tells how the source is known (`"verified"`, `"restated"`, `"recalled"`,
    `"derived"`; `"reading"` for a decision of this project). `readings` are the decisions of this
    project that the rule rests on.
    """

    step: str
    verdict: str
    rule: str
    sentence: str
    source: str
    evidence: str
    readings: tuple[str, ...]

    @property
    def reference(self) -> str:
        """The rule with all that it rests on."""
        return "; ".join((self.rule, self.source, *self.readings))

    def __str__(self) -> str:
        return f"{self.step} {self.verdict}: {self.sentence} [{self.reference}]"


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


# ---- time points


def timepoint_rules(timepoint: TimepointFacts) -> Iterator[tuple[str, Rule[Any]]]:
    """Each step of the verdict with the rule that fired."""
    yield "target", timepoint.target_rule
    yield "non-target", timepoint.nontarget_rule
    for new in _speaking(timepoint):
        yield "new lesion", _new_lesion_rule(timepoint, new)
    if timepoint.recurrences:
        yield "recurrence", timepoint.recurrence_rule
    yield "response", timepoint.overall_rule
    if timepoint.reported is not None:
        yield "reported", timepoint.standing


def _speaking(timepoint: TimepointFacts) -> list[NewLesionRecord]:
    return [new for new in timepoint.line.news if new.speaks_at(timepoint.place)]


def _new_lesion_rule(timepoint: TimepointFacts, new: NewLesionRecord) -> Rule[Any]:
    """The rule that proved a candidate, or the one that holds it back at this time point."""
    at = timepoint.place if new.proved is None else new.proved
    return adjudication(timepoint.line.chart, new, at)


def timepoint_reasons(timepoint: TimepointFacts) -> tuple[Reason, ...]:
    """Each step of the verdict, with its sentence filled and its source."""
    numbers = Numbers(timepoint)
    news = iter(_speaking(timepoint))
    reasons = []
    for step, rule in timepoint_rules(timepoint):
        if step == "new lesion":
            new = next(news)
            verdict = NewLesion.EQUIVOCAL if new.proved is None else NewLesion.YES
            sentence = _new_lesion_sentence(timepoint, new)
        elif step == "recurrence":
            verdict = NewLesion.YES
            again = listed(timepoint.line.chart, timepoint.recurrences)
            sentence = f"{rule.sentence}: {again}"
        else:
            verdict, sentence = rule.verdict, rule.sentence.format_map(numbers)
        reasons.append(reason_of(step, str(verdict), rule, sentence))
    return tuple(reasons)


def reason_of(step: str, verdict: str, rule: Rule[Any], sentence: str) -> Reason:
    source = rule.source
    evidence = "reading" if isinstance(source, Reading) else source.evidence.name.lower()
    readings = tuple(str(reading) for reading in rule.readings)
    return Reason(step, verdict, rule.id, sentence, str(source), evidence, readings)


def _new_lesion_sentence(timepoint: TimepointFacts, new: NewLesionRecord) -> str:
    chart = timepoint.line.chart
    found, first = _detected(timepoint.line, new), when(chart.date(new.first))
    lesion = f"{chart.patient.lesions[new.lesion].id}{found}"
    words = _new_lesion_words(timepoint, new)
    if new.proved is None:
        return f"{lesion}, detected on {first}: {words}"
    proof = ""
    if _new_lesion_rule(timepoint, new).id in BY_SAMPLE:
        proof = f", proved on {seen_on(chart, new.proved, new.lesion)}"
    elif new.proved != new.first:
        proof = f", as the scan of {when(chart.date(new.proved))} showed"
    return f"{lesion}, new since {first}{proof}: {words}"


def _detected(facts: LineFacts, new: NewLesionRecord) -> str:
    """What detected a candidate, where that is more than being seen."""
    rule = detection(facts.chart, facts.plain, new.candidate, new.first)
    if rule.id in MERELY_SEEN:
        return ""
    return f" ({rule.sentence.format_map(_candidate_numbers(facts, new.lesion, new.first))})"


def _candidate_numbers(facts: LineFacts, lesion: int, place: int) -> dict[str, Any]:
    """What a visit says of a candidate, whatever the line, and what was said before the line."""
    chart, prior = facts.chart, facts.roles.records.prior[lesion]
    before = ""
    if prior is not None:
        said = size_numbers(chart, facts.plain(prior, lesion), lesion)["says"]
        before = f"{said} on {seen_on(chart, prior, lesion)}"
    return size_numbers(chart, facts.plain(place, lesion), lesion) | {"before": before}


def _new_lesion_words(timepoint: TimepointFacts, new: NewLesionRecord) -> str:
    """What the rule says that proved a candidate, or that holds it back."""
    chart = timepoint.line.chart
    at = timepoint.place if new.proved is None else new.proved
    return _new_lesion_rule(timepoint, new).sentence.format_map(
        {
            **_candidate_numbers(timepoint.line, new.lesion, at),
            **_growth_words(timepoint.line, new, at),
            "size": _size_words(size_of(chart, new, at)),
            "pattern": pattern_at(chart, new, at),
            "smallest_target": mm(chart.traits[new.lesion].smallest_target_um),
        }
    )


def _growth_words(facts: LineFacts, new: NewLesionRecord, at: int) -> dict[str, Any]:
    """What the growth of a candidate was measured from."""
    chart, prior = facts.chart, facts.roles.records.prior[new.lesion]
    found = first_size(chart, new, at)
    then, where = (None, new.first) if found is None else found[1:]
    return {
        "first_size": _size_words(then),
        "first_date": when(chart.date(where)),
        "prior_size": _size_words(new.candidate.was_normal_um),
        "prior_date": "" if prior is None else when(chart.date(prior)),
    }


def new_lesions(timepoint: TimepointFacts) -> dict[str, list[str]]:
    """The new lesions that count at a time point, by what made them new."""
    found: dict[str, list[str]] = {}
    for new in timepoint.line.news:
        if new.counts_at(timepoint.place):
            words = _new_lesion_words(timepoint, new)
            found.setdefault(words, []).extend(ids(timepoint.line.chart, [new.lesion]))
    return found


def _size_words(um: int | None) -> str:
    return "unknown size" if um is None else mm(um)


def timepoint_sentence(timepoint: TimepointFacts) -> str:
    """A time point's verdict and its reasons in one paragraph."""
    told = [
        f"{reason.step} {reason.verdict}: {reason.sentence} ({reason.rule})"
        for reason in timepoint_reasons(timepoint)
        if reason.step != "response"
    ]
    overall = timepoint.overall_rule
    last = f"together {overall.verdict} ({overall.id})"
    return f"{timepoint.response}. " + "; ".join([*told, last]) + "."


def unread(best: Response, timepoints: Iterable[TimepointFacts]) -> str:
    """The follow-ups before a progression that nobody could read, where it is the best response."""
    if not is_progression(best.code):
        return ""
    before = takewhile(lambda each: not is_progression(each.response.code), timepoints)
    days = [_unread_day(each) for each in before if each.response not in ADEQUATE]
    return f"earlier follow-ups not evaluable: {', '.join(days)}" if days else ""


def _unread_day(timepoint: TimepointFacts) -> str:
    unseen = unseen_lesions(timepoint)
    return when(timepoint.date) + (f" ({', '.join(unseen)})" if unseen else "")


def causes(timepoint: TimepointFacts) -> tuple[Cause, ...]:
    """What a progression rests on."""
    if not is_progression(timepoint.response.code):
        return ()
    news = any(new.counts_at(timepoint.place) for new in timepoint.line.news)
    holds = causes_of(
        target=timepoint.target.code,
        nontarget=timepoint.nontarget.code,
        new_lesion=(NewLesion.YES if news else NewLesion.NO).code,
        recurrence=bool(timepoint.recurrences),
        standing=timepoint.standing.verdict.code,
    )
    return tuple(cause for cause, true in holds.items() if true)


def lesions(timepoint: TimepointFacts) -> tuple[LesionNote, ...]:
    """Each lesion of the case at this time point: what it counted for, or why it did not."""
    chart = timepoint.line.chart
    notes = [_lesion_note(timepoint, i) for i in range(len(chart.patient.lesions))]
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


def _lesion_note(timepoint: TimepointFacts, i: int) -> LesionNote:
    facts, roles, chart = timepoint.line, timepoint.line.roles, timepoint.line.chart
    sight = facts.sights(timepoint.place, i)
    numbers = size_numbers(chart, sight, i)
    rule: Rule[Any] = sight.rule
    role, counted, end = "not part of this line", False, ""
    if i in roles.targets:
        role, counted, end = "target", sight.summed, numbers["area_words"]
        if sight.gone and not numbers["says"].endswith("gone"):
            end += ", gone"
    elif i in timepoint.nontargets:
        rule = timepoint.nontarget_lesion_rules[timepoint.nontargets.index(i)]
        role, counted = "non-target", rule.verdict is not State.NOT_EVALUABLE
        if words := growth_words(timepoint, i):
            end = f", {words}"
        if rule.verdict is State.PROGRESSED and is_equivocal(timepoint, i):
            end += ", flagged equivocal"
        if any(new.lesion == i and new.counts_at(timepoint.place) for new in facts.news):
            end += ", and new in this line"
    elif found := [new for new in _speaking(timepoint) if new.lesion == i]:
        counted = found[0].proved is not None
        role = "new lesion" if counted else "equivocal"
        end = _size_of_new(found[0], sight.finding) if sight.lacks_size else ""
    elif i in roles.candidates and sight.recorded and facts.baseline is not None:
        before = candidate(chart, facts.plain, roles, i)
        role, rule = "not disease", detection(chart, facts.plain, before, timepoint.place)
        numbers = _candidate_numbers(facts, i, timepoint.place)
    elif chart.root[i] != i:
        role = f"part of {chart.patient.lesions[chart.root[i]].id}"
    if dates := examined(chart, timepoint.place, i):
        end += f", examined on {dates}"
    if facts.baseline is None:
        counted, end = False, "; this line has no baseline to compare with"
    if i in timepoint.recurrences:
        end += ", a recurrence after complete response"
    if i in roles.proved and i in timepoint.nontargets:
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


# ---- lines


def roles(facts: LineFacts) -> tuple[LesionNote, ...]:
    """What each lesion of the case is to a line, and the rule that made it so."""
    if facts.baseline is None:
        return ()
    return tuple(_role_note(facts, facts.baseline, i) for i in facts.places)


def _role_note(facts: LineFacts, baseline: int, i: int) -> LesionNote:
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
    elif i in roles.nontargets:
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


def line_reasons(
    facts: LineFacts,
    course: Course,
    *,
    best: Rule[Response],
    confirmed: Rule[Response],
    exposure: ExposureFacts,
    timepoints: Sequence[TimepointFacts],
) -> tuple[Reason, ...]:
    """The rules behind a line's best responses and its exposure, with their sentences."""
    common = {
        **criteria_numbers(facts.chart.criteria),
        "nn_day": course.nn,
        "ned_day": course.ned,
        "pd_day": course.pd,
        "agents": " + ".join(exposure.agents),
        "earlier": exposure.earlier,
    }
    alone = common | {"cr_day": course.cr, "pr_day": course.pr, "sd_day": course.sd}
    twice = common | {
        "cr_day": course.from_cr,
        "cr_confirmed": course.confirmed_cr,
        "pr_day": course.from_pr,
        "pr_confirmed": course.confirmed_pr,
        "sd_day": course.lasting,
        "lasting": next((each.response for each in timepoints if each.day == course.lasting), ""),
    }
    steps = (
        ("best response", best, alone),
        ("confirmed best response", confirmed, twice),
        ("exposure", exposure.rule, common),
    )
    return tuple(
        reason_of(step, str(rule.verdict), rule, rule.sentence.format_map(numbers))
        for step, rule, numbers in steps
    )
