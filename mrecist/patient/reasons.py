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
    Cause,
    NewLesion,
    Response,
)
from ..rulebook.best_response import ADEQUATE, is_progression
from ..rulebook.decision_table import Rule
from ..rulebook.new_lesions import BY_SAMPLE, MERELY_SEEN
from ..rulebook.overall import causes_of
from ..rulebook.readings import Reading
from .best_response import Course
from .exposure import ExposureFacts
from .facts import LineFacts, TimepointFacts
from .new_lesions import (
    NewLesionRecord,
    adjudication,
    detection,
    first_size,
    pattern_at,
    size_of,
)
from .numbers import (
    Numbers,
    criteria_numbers,
    ids,
    listed,
    seen_on,
    size_numbers,
    unseen_lesions,
)

__all__ = ["Reason", "candidate_numbers", "reason_of", "speaking"]


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


# ---- time points


def timepoint_rules(timepoint: TimepointFacts) -> Iterator[tuple[str, Rule[Any]]]:
    """Each step of the verdict with the rule that fired."""
    yield "target", timepoint.target_rule
    yield "non-target", timepoint.nontarget_rule
    for new in speaking(timepoint):
        yield "new lesion", _new_lesion_rule(timepoint, new)
    if timepoint.recurrences:
        yield "recurrence", timepoint.recurrence_rule
    yield "response", timepoint.overall_rule
    if timepoint.reported is not None:
        yield "reported", timepoint.standing


def speaking(timepoint: TimepointFacts) -> list[NewLesionRecord]:
    """The candidates that have a say at a time point, in the order of `timepoint_reasons`."""
    return [new for new in timepoint.line.news if new.speaks_at(timepoint.place)]


def _new_lesion_rule(timepoint: TimepointFacts, new: NewLesionRecord) -> Rule[Any]:
    """The rule that proved a candidate, or the one that holds it back at this time point."""
    at = timepoint.place if new.proved is None else new.proved
    return new.rules.get(at) or adjudication(timepoint.line.chart, new, at)


def timepoint_reasons(timepoint: TimepointFacts) -> tuple[Reason, ...]:
    """Each step of the verdict, with its sentence filled and its source."""
    return tuple(
        reason_of(step, str(verdict), rule, sentence)
        for step, verdict, rule, sentence in _told_steps(timepoint, timepoint_rules(timepoint))
    )


def _told_steps(
    timepoint: TimepointFacts, steps: Iterable[tuple[str, Rule[Any]]]
) -> Iterator[tuple[str, Any, Rule[Any], str]]:
    """Steps of the verdict, each with its verdict, its rule and the sentence, filled."""
    numbers = Numbers(timepoint)
    news = iter(speaking(timepoint))
    for step, rule in steps:
        if step == "new lesion":
            new = next(news)
            verdict = NewLesion.EQUIVOCAL if new.proved is None else NewLesion.YES
            yield step, verdict, rule, _new_lesion_sentence(timepoint, new)
        elif step == "recurrence":
            again = listed(timepoint.line.chart, timepoint.recurrences)
            yield step, NewLesion.YES, rule, f"{rule.sentence}: {again}"
        else:
            yield step, rule.verdict, rule, rule.sentence.format_map(numbers)


def reason_of(step: str, verdict: str, rule: Rule[Any], sentence: str) -> Reason:
    source = rule.source
    evidence = "reading" if isinstance(source, Reading) else source.evidence.name.lower()
    readings = tuple(str(reading) for reading in rule.readings)
    return Reason(step, verdict, rule.id, sentence, str(source), evidence, readings)


def _new_lesion_sentence(timepoint: TimepointFacts, new: NewLesionRecord) -> str:
    """What is told of a new lesion: once it is proved, the same at every time point."""
    words = timepoint.line.words
    key = new.lesion, timepoint.place if new.proved is None else new.proved
    if key not in words:
        words[key] = _told_of_new_lesion(timepoint, new)
    return words[key]


def _told_of_new_lesion(timepoint: TimepointFacts, new: NewLesionRecord) -> str:
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
    return f" ({rule.sentence.format_map(candidate_numbers(facts, new.lesion, new.first))})"


def candidate_numbers(facts: LineFacts, lesion: int, place: int) -> dict[str, Any]:
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
            **candidate_numbers(timepoint.line, new.lesion, at),
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
    steps = (step for step in timepoint_rules(timepoint) if step[0] != "response")
    told = [
        f"{step} {verdict}: {sentence} ({rule.id})"
        for step, verdict, rule, sentence in _told_steps(timepoint, steps)
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


# ---- lines


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
