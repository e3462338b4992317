"""Why: the rule that fired, the sizes and totals it saw, by how much, and where the rule is from.

Nothing here decides anything. Sentences are the rules' own, filled with the numbers of the case;
this is the only place that divides, and a percentage is cut, never rounded, at two decimals.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import attrs

from ._doors import Date
from ._tables import Rule
from .codes import Cause, Measure, NewLesion, NonTarget, Response, Role, Standing, State, Target
from .criteria import Criteria
from .new_lesions import NewLesionRecord, adjudication, detection, whole_size
from .sources import Citation, Evidence, Reading

if TYPE_CHECKING:
    from .assessment import (
        Assessment,
        LineAssessment,
        LineFacts,
        TimepointAssessment,
    )
    from .chart import Chart

__all__ = ["LesionNote", "Reason", "explain"]


@attrs.frozen
class Reason:
    """One step of a verdict: which rule fired in which table, what it said, and its source.

    `evidence` tells how the source is known (`"verified"`, `"restated"`, `"recalled"`,
    `"derived"`); a decision of this project has the evidence `"reading"`.
    """

    step: str
    verdict: str
    rule: str
    sentence: str
    source: str
    evidence: str

    def __str__(self) -> str:
        return f"{self.step} {self.verdict}: {self.sentence} [{self.rule}; {self.source}]"


@attrs.frozen
class LesionNote:
    """One lesion at one time point (or at baseline): its role, its size, and what it counted for.

    `size_mm` is the size that the criteria measure, `None` where it is not known. `counted` tells
    whether it entered the verdict; `note` says how, or why not.
    """

    lesion: str
    role: str
    size_mm: float | None
    counted: bool
    note: str
    rule: str

    def __str__(self) -> str:
        return f"{self.lesion} ({self.role}): {self.note}"


def mm(um: int | None) -> str:
    """Micrometres as a person reads millimetres: at least one decimal, all that there are."""
    if um is None:
        return "none"
    text = f"{um / 1000:.3f}".rstrip("0")
    return f"{text}0 mm" if text.endswith(".") else f"{text} mm"


def percent(part: int, whole: int) -> str:
    """A share as a percentage, cut (not rounded) at two decimals."""
    if whole == 0:
        return "from nothing"
    hundredths = 10000 * part // whole
    return f"{hundredths // 100}.{hundredths % 100:02}".rstrip("0").rstrip(".") + " %"


def ids(chart: Chart, lesions: Iterable[int]) -> tuple[str, ...]:
    """The ids of lesions given by their places in the case."""
    return tuple(chart.patient.lesions[i].id for i in lesions)


def _listed(chart: Chart, lesions: Iterable[int]) -> str:
    return ", ".join(ids(chart, lesions)) or "none"


def response_limit(baseline: int, criteria: Criteria) -> int:
    """The largest total, in micrometres, that is a partial response."""
    share = criteria.response_share
    return baseline * (share.denominator - share.numerator) // share.denominator


def by_share(nadir: int, criteria: Criteria) -> int:
    """The smallest total, in micrometres, that has risen over the nadir by the share asked for."""
    share = criteria.progression_share
    return -(-nadir * (share.denominator + share.numerator) // share.denominator)


def progression_limit(nadir: int, criteria: Criteria) -> int:
    """The smallest total, in micrometres, that is a progression."""
    return max(by_share(nadir, criteria), nadir + criteria.progression_floor_um, nadir + 1)


# ---- time points


def timepoint_rules(timepoint: TimepointAssessment) -> Iterator[tuple[str, Rule[Any]]]:
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


def _speaking(timepoint: TimepointAssessment) -> list[NewLesionRecord]:
    return [new for new in timepoint.line.news if new.speaks_at(timepoint.place)]


def _new_lesion_rule(timepoint: TimepointAssessment, new: NewLesionRecord) -> Rule[Any]:
    """The rule that proved a candidate, or the one that holds it back at this time point."""
    at = timepoint.place if new.proved is None else new.proved
    return adjudication(timepoint.line.chart, new, at)


def timepoint_reasons(timepoint: TimepointAssessment) -> tuple[Reason, ...]:
    """Each step of the verdict, with its sentence filled and its source."""
    numbers = _Numbers(timepoint)
    news = iter(_speaking(timepoint))
    reasons = []
    for step, rule in timepoint_rules(timepoint):
        if step == "new lesion":
            new = next(news)
            verdict = NewLesion.EQUIVOCAL if new.proved is None else NewLesion.YES
            sentence = _new_lesion_sentence(timepoint, new)
        elif step == "recurrence":
            verdict = NewLesion.YES
            again = _listed(timepoint.line.chart, timepoint.recurrences)
            sentence = f"{rule.sentence}: {again}"
        else:
            verdict, sentence = rule.verdict, rule.sentence.format_map(numbers)
        reasons.append(_reason(step, str(verdict), rule, sentence))
    return tuple(reasons)


def _reason(step: str, verdict: str, rule: Rule[Any], sentence: str) -> Reason:
    source = rule.source
    evidence = "reading" if isinstance(source, Reading) else source.evidence.name.lower()
    return Reason(step, verdict, rule.id, sentence, str(source), evidence)


def _new_lesion_sentence(timepoint: TimepointAssessment, new: NewLesionRecord) -> str:
    chart = timepoint.line.chart
    lesion, first = chart.patient.lesions[new.lesion].id, chart.date(new.first)
    words = _new_lesion_words(timepoint, new)
    if new.proved is None:
        return f"{lesion}, detected on {first}: {words}"
    later = new.proved != new.first
    proof = f", as the scan of {chart.date(new.proved)} showed" if later else ""
    return f"{lesion}, new since {first}{proof}: {words}"


def _new_lesion_words(timepoint: TimepointAssessment, new: NewLesionRecord) -> str:
    """What the rule says that proved a candidate, or that holds it back."""
    chart = timepoint.line.chart
    at = timepoint.place if new.proved is None else new.proved
    return _new_lesion_rule(timepoint, new).sentence.format_map(
        {
            **_criteria_numbers(chart.criteria),
            "size": _size_words(chart, at, new.lesion),
            "first_size": _size_words(chart, new.first, new.lesion),
            "first_date": chart.date(new.first),
        }
    )


def new_lesions(timepoint: TimepointAssessment) -> dict[str, list[str]]:
    """The new lesions that count at a time point, by what made them new."""
    found: dict[str, list[str]] = {}
    for new in timepoint.line.news:
        if new.counts_at(timepoint.place):
            words = _new_lesion_words(timepoint, new)
            found.setdefault(words, []).extend(ids(timepoint.line.chart, [new.lesion]))
    return found


def _size_words(chart: Chart, place: int, lesion: int) -> str:
    um = whole_size(chart.criteria, chart.sights[place][lesion].finding)
    return "unknown size" if um is None else mm(um)


@lru_cache(maxsize=64)
def _criteria_numbers(criteria: Criteria) -> dict[str, Any]:
    """The numbers of the criteria, formatted; not to be changed by the caller."""
    floor_um = criteria.progression_floor_um
    return {
        "response_share": _share(criteria.response_share),
        "progression_share": _share(criteria.progression_share),
        "floor": f" and {mm(floor_um)}" if floor_um else "",
        "gone_node": mm(criteria.gone_node_um),
        "too_small": mm(criteria.too_small_um),
        "new_nodule": mm(criteria.new_nodule_um),
        "new_nodule_growth": mm(criteria.new_nodule_growth_um),
        "stable_days": criteria.stable_days,
        "confirmation_days": f"{criteria.confirmation_days} days",
    }


def _share(share: Fraction) -> str:
    return f"{float(share * 100):g} %"


class _Numbers(dict[str, Any]):
    """The numbers that a time point's sentences are filled with, each made when it is needed."""

    def __init__(self, timepoint: TimepointAssessment) -> None:
        super().__init__(_criteria_numbers(timepoint.line.chart.criteria))
        self.timepoint = timepoint

    def __missing__(self, name: str) -> Any:
        return _NUMBERS[name](self.timepoint)


def _unseen_targets(timepoint: TimepointAssessment) -> str:
    chart = timepoint.line.chart
    sights = chart.sights[timepoint.place]
    return _listed(chart, (i for i in timepoint.line.roles.targets if not sights[i].known))


def _in_state(state: State) -> Callable[[TimepointAssessment], str]:
    def nontargets(timepoint: TimepointAssessment) -> str:
        each = zip(timepoint.line.roles.nontargets, timepoint.states, strict=True)
        return _listed(timepoint.line.chart, (i for i, found in each if found is state))

    return nontargets


def _baseline(timepoint: TimepointAssessment) -> int:
    return timepoint.line.roles.baseline_um or 0


def _nadir(timepoint: TimepointAssessment) -> int:
    return timepoint.nadir_um or 0


def _total(timepoint: TimepointAssessment) -> int:
    return timepoint.total_um or 0


def _low(timepoint: TimepointAssessment) -> int:
    return response_limit(_baseline(timepoint), timepoint.line.chart.criteria)


def _high(timepoint: TimepointAssessment) -> int:
    return progression_limit(_nadir(timepoint), timepoint.line.chart.criteria)


def _change(um: int, reference: int) -> str:
    return f"{mm(um)} ({percent(um, reference)})"


def _floor_note(timepoint: TimepointAssessment) -> str:
    """That growth was enough in share, but not in millimetres."""
    criteria, nadir, total = timepoint.line.chart.criteria, _nadir(timepoint), _total(timepoint)
    if not by_share(nadir, criteria) <= total < _high(timepoint) or total <= nadir:
        return ""
    risen = f"risen {percent(total - nadir, nadir)} over the nadir {mm(nadir)}"
    return f"; {risen}, but by less than {mm(criteria.progression_floor_um)}"


def _date_of(place: int | None, timepoint: TimepointAssessment) -> str:
    return "" if place is None else str(timepoint.line.chart.date(place))


_NUMBERS: dict[str, Callable[[TimepointAssessment], Any]] = {
    "unseen": _unseen_targets,
    "persisting": _in_state(State.PERSISTS),
    "unseen_nontargets": _in_state(State.NOT_EVALUABLE),
    "progressed": _in_state(State.PROGRESSED),
    "target": lambda t: t.target,
    "nontarget": lambda t: t.nontarget,
    "new": lambda t: t.new_lesion,
    "computed": lambda t: t.computed,
    "reported": lambda t: t.reported,
    "total": lambda t: mm(t.total_um),
    "baseline": lambda t: mm(_baseline(t)),
    "baseline_date": lambda t: _date_of(t.line.baseline, t),
    "nadir": lambda t: mm(_nadir(t)),
    "nadir_date": lambda t: _date_of(t.nadir_place, t),
    "fall": lambda t: _change(_baseline(t) - _total(t), _baseline(t)),
    "rise": lambda t: _change(_total(t) - _nadir(t), _nadir(t)),
    "response_limit": lambda t: mm(_low(t)),
    "response_margin": lambda t: mm(abs(_low(t) - _total(t))),
    "progression_limit": lambda t: mm(_high(t)),
    "progression_margin": lambda t: mm(abs(_total(t) - _high(t))),
    "floor_note": _floor_note,
}


def timepoint_sentence(timepoint: TimepointAssessment) -> str:
    """A time point's verdict and its reasons in one paragraph."""
    told = [
        f"{reason.step} {reason.verdict}: {reason.sentence} ({reason.rule})"
        for reason in timepoint_reasons(timepoint)
        if reason.step != "response"
    ]
    overall = timepoint.overall_rule
    last = f"together {overall.verdict} ({overall.id})"
    return f"{timepoint.response}. " + "; ".join([*told, last]) + "."


def causes(timepoint: TimepointAssessment) -> tuple[Cause, ...]:
    """What a progression rests on."""
    if timepoint.response is not Response.PD:
        return ()
    news = any(new.counts_at(timepoint.place) for new in timepoint.line.news)
    holds = {
        Cause.TARGET: timepoint.target is Target.PD,
        Cause.NONTARGET: timepoint.nontarget is NonTarget.PD,
        Cause.NEW_LESION: news,
        Cause.RECURRENCE: bool(timepoint.recurrences),
        Cause.REPORTED: timepoint.standing.verdict is Standing.STANDS_IN,
    }
    return tuple(cause for cause, true in holds.items() if true)


def lesions(timepoint: TimepointAssessment) -> tuple[LesionNote, ...]:
    """Each lesion of the case at this time point: what it counted for, or why it did not."""
    count = len(timepoint.line.chart.patient.lesions)
    return tuple(_lesion_note(timepoint, i) for i in range(count))


def _lesion_note(timepoint: TimepointAssessment, i: int) -> LesionNote:
    facts, roles, chart = timepoint.line, timepoint.line.roles, timepoint.line.chart
    sight = chart.sights[timepoint.place][i]
    numbers = _size_numbers(chart, i, sight.um)
    rule: Rule[Any] = sight.rule
    role, counted, note = "not part of this line", False, rule.sentence.format_map(numbers)
    if i in roles.targets:
        role, counted = "target", sight.known
        note += ", gone" if sight.gone else ""
    elif i in roles.nontargets:
        state = timepoint.states[roles.nontargets.index(i)]
        said = f"recorded as {sight.status}" if sight.lacks_size else note
        role, counted, note = "non-target", state is not State.NOT_EVALUABLE, f"{state} ({said})"
    elif found := [new for new in _speaking(timepoint) if new.lesion == i]:
        counted = found[0].proved is not None
        role = "new lesion" if counted else "equivocal"
    elif i in roles.candidates and sight.recorded and facts.baseline is not None:
        rule = detection(chart, facts.baseline, timepoint.place, i)
        role, note = "not disease", rule.sentence.format_map(numbers)
    if facts.baseline is None:
        counted, note = False, f"{note}; this line has no baseline to compare with"
    if i in timepoint.recurrences:
        note += ", a recurrence after complete response"
    size = sight.um / 1000 if sight.known else None
    return LesionNote(chart.patient.lesions[i].id, role, size, counted, note, rule.id)


_SHORT = {
    Measure.VIABLE: "viable diameter",
    Measure.LONGEST: "longest diameter",
    Measure.SHORT: "short axis",
}


def _size_numbers(chart: Chart, lesion: int, um: int) -> dict[str, Any]:
    trait = chart.traits[lesion]
    return {
        **_criteria_numbers(chart.criteria),
        "measure": _SHORT[trait.measure],
        "size": mm(um),
        "diseased_node": mm(trait.smallest_diseased_um),
        "smallest_target": mm(trait.smallest_target_um),
    }


# ---- lines


def roles(facts: LineFacts) -> tuple[LesionNote, ...]:
    """What each lesion of the case is to a line, and the rule that made it so."""
    chart, roles = facts.chart, facts.roles
    if facts.baseline is None:
        return ()
    notes = []
    for i, lesion in enumerate(chart.patient.lesions):
        sight, role = chart.sights[facts.baseline][i], roles.at_baseline[i]
        numbers = _size_numbers(chart, i, sight.um)
        size = sight.um / 1000 if sight.known else None
        told = sight.rule.sentence.format_map(numbers)
        rule: Rule[Any] = role if role.verdict is not Role.DISEASED else roles.fitness[i]
        because = rule.sentence.format_map(numbers)
        if i in roles.targets:
            named = "named by the reader" if facts.line.targets is not None else because
            note, called = f"{told}; {named}", "target"
        elif i in roles.nontargets:
            fit = rule is roles.fitness[i] and rule.id == "TS-16"
            why = "named by the reader" if facts.line.nontargets is not None else because
            if fit and facts.line.nontargets is None:
                why = "measurable, but others were chosen as targets"
            note, called = f"{told}; {why}", "non-target"
        else:
            note, called = f"{told}; {because}", "no part"
        notes.append(LesionNote(lesion.id, called, size, called != "no part", note, rule.id))
    return tuple(notes)


def line_reasons(line: LineAssessment) -> tuple[Reason, ...]:
    """The rules behind a line's best responses and its exposure, with their sentences."""
    course, facts = line.course, line.facts
    common = {
        **_criteria_numbers(facts.chart.criteria),
        "nn_day": course.nn,
        "ned_day": course.ned,
        "pd_day": course.pd,
        "agents": " + ".join(line.line.agents),
        "earlier": line.rechallenge_of,
    }
    alone = common | {"cr_day": course.cr, "pr_day": course.pr, "sd_day": course.sd}
    confirmed = common | {
        "cr_day": course.from_cr,
        "cr_confirmed": course.confirmed_cr,
        "pr_day": course.from_pr,
        "pr_confirmed": course.confirmed_pr,
        "sd_day": course.lasting,
    }
    steps = (
        ("best response", line.best_rule, alone),
        ("confirmed best response", line.confirmed_rule, confirmed),
        ("exposure", line.exposure_rule, common),
    )
    return tuple(
        _reason(step, str(rule.verdict), rule, rule.sentence.format_map(numbers))
        for step, rule, numbers in steps
    )


# ---- text for people


def explain(
    assessment: Assessment, *, line: int | None = None, date: Date | str | None = None
) -> str:
    """The reasons for every verdict as text, or for one line (from 1), or for one date.

    For each verdict: the rule with its id, the sizes and totals it saw, the share that was
    reached or missed and by how many millimetres, and the source with its evidence level. The
    same facts as data: `reasons` and `lesions` of a line or a time point.
    """
    wanted = [each for each in assessment.lines if line in (None, each.number)]
    head = f"{assessment.patient.id}, by {assessment.criteria.title}"
    parts = [head, *_problem_lines(assessment.problems, "")]
    shown = 0
    for each in wanted:
        timepoints = [t for t in each.timepoints if date is None or str(t.date) == str(date)]
        shown += len(timepoints)
        if timepoints or date is None:
            parts += ["", *_line_text(each)]
            for timepoint in timepoints:
                parts += ["", *_timepoint_text(timepoint)]
    parts += ["", *_sources(wanted)]
    if (line is not None and not wanted) or (date is not None and not shown):
        where = "any line" if line is None else f"line {line}"
        raise KeyError(f"no follow-up of {where} on {'any date' if date is None else date}")
    return "\n".join(parts)


def _sources(lines: Iterable[LineAssessment]) -> list[str]:
    """The papers behind the reasons, in full, and what the levels of evidence mean."""
    rules = [rule for line in lines for rule in line_rules(line)]
    cited = [rule.source for rule in rules if isinstance(rule.source, Citation)]
    papers = sorted({str(citation.paper) for citation in cited})
    levels = sorted({citation.evidence for citation in cited}, key=list(Evidence).index)
    parts = ["Sources", *(f"  {paper}" for paper in papers)]
    parts += [f"  [{level.name.lower()}]: {level.value}" for level in levels]
    return [*parts, "  Reading: a decision of this project; all of them: mrecist rules --readings"]


def line_rules(line: LineAssessment) -> list[Rule[Any]]:
    """Every rule that fired for a line and its time points."""
    rules: list[Rule[Any]] = [line.best_rule, line.confirmed_rule, line.exposure_rule]
    for timepoint in line.timepoints:
        rules += [rule for _, rule in timepoint_rules(timepoint)]
    return rules


def _problem_lines(problems: Any, indent: str) -> list[str]:
    return [f"{indent}! {sentence}" for sentence in problems.sentences]


_NOTHING_THERE = {"BL-UNRECORDED", "BL-ABSENT"}


def _line_text(line: LineAssessment) -> list[str]:
    facts = line.facts
    told = f"Line {line.number}: {' + '.join(line.line.agents)}, from {line.line.start}"
    if line.baseline is None:
        parts = [told, "  no baseline"]
    else:
        total = line.baseline_total_um
        with_total = "" if total is None else f", total of the targets {mm(total)}"
        parts = [told, f"  baseline {line.baseline}{with_total}"]
        parts += [f"    {note}" for note in roles(facts) if note.rule not in _NOTHING_THERE]
    for reason in line_reasons(line):
        parts.append(f"  {reason.step}: {reason.verdict}")
        parts.append(f"    {reason.sentence} [{reason.rule}; {reason.source}]")
    if line.progression is not None:
        told = ", ".join(str(cause) for cause in line.progression.causes)
        parts.append(f"  progression on {line.progression.date}: {told}")
    return parts + _problem_lines(line.problems, "  ")


def _timepoint_text(timepoint: TimepointAssessment) -> list[str]:
    source = ", reported" if timepoint.standing.verdict is Standing.STANDS_IN else ""
    parts = [f"  {timepoint.date} (day {timepoint.day}): {timepoint.response}{source}"]
    for reason in timepoint_reasons(timepoint):
        parts.append(f"    {reason.step} {reason.verdict}: {reason.sentence}")
        parts.append(f"      [{reason.rule}; {reason.source}]")
    for note in lesions(timepoint):
        if note.counted or note.note != "not recorded":
            parts.append(f"    - {note}")
    return parts + _problem_lines(timepoint.problems, "    ")
