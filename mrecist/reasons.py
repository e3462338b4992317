"""Why: the rule that fired, the sizes and totals it saw, by how much, and where the rule is from.

Nothing here decides anything. Sentences are the rules' own, filled with the numbers of the case;
this is the only place that divides, and a percentage is cut, never rounded, at two decimals.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import attrs

from . import _doors
from ._doors import Date
from ._tables import Rule
from .codes import (
    Cause,
    Measure,
    NewLesion,
    NonTarget,
    Response,
    Role,
    Standing,
    State,
    Status,
    Target,
    YesNo,
)
from .criteria import MRECIST_5MM, Criteria
from .errors import NotThereError, Problem
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
    readings = tuple(str(reading) for reading in rule.readings)
    return Reason(step, verdict, rule.id, sentence, str(source), evidence, readings)


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


def _small_rise_note(timepoint: TimepointAssessment) -> str:
    """A caution: growth that RECIST 1.1 would not call progression."""
    floor = MRECIST_5MM.progression_floor_um
    risen = _total(timepoint) - _nadir(timepoint)
    return f"; under {mm(floor)}, so not by mrecist-5mm or RECIST 1.1" if risen < floor else ""


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
    "total": lambda t: "nothing" if t.total_um is None else mm(t.total_um),
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
    "small_rise_note": _small_rise_note,
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
    numbers = _size_numbers(chart, timepoint.place, i)
    rule: Rule[Any] = sight.rule
    role, counted, end = "not part of this line", False, ""
    if i in roles.targets:
        role, counted, end = "target", sight.known, ", gone" if sight.gone else ""
    elif i in roles.nontargets:
        rule = timepoint.nontarget_lesion_rules[roles.nontargets.index(i)]
        role, counted = "non-target", rule.verdict is not State.NOT_EVALUABLE
    elif found := [new for new in _speaking(timepoint) if new.lesion == i]:
        counted = found[0].proved is not None
        role = "new lesion" if counted else "equivocal"
    elif i in roles.candidates and sight.recorded and facts.baseline is not None:
        role, rule = "not disease", detection(chart, facts.baseline, timepoint.place, i)
    if facts.baseline is None:
        counted, end = False, "; this line has no baseline to compare with"
    if i in timepoint.recurrences:
        end += ", a recurrence after complete response"
    size = sight.um / 1000 if sight.known else None
    note = rule.sentence.format_map(numbers) + end
    return LesionNote(chart.patient.lesions[i].id, role, size, counted, note, rule.id)


_SHORT = {
    Measure.VIABLE: "viable diameter",
    Measure.LONGEST: "longest diameter",
    Measure.SHORT: "short axis",
}


def _size_numbers(chart: Chart, place: int, lesion: int) -> dict[str, Any]:
    """The numbers that the sentences about one lesion at one time point are filled with."""
    trait, sight = chart.traits[lesion], chart.sights[place][lesion]
    numbers = {
        **_criteria_numbers(chart.criteria),
        "measure": _SHORT[trait.measure],
        "size": mm(sight.um),
        "status": f"recorded as {sight.status}",
        "diseased_node": mm(trait.smallest_diseased_um),
        "smallest_target": mm(trait.smallest_target_um),
    }
    return numbers | {"says": sight.rule.sentence.format_map(numbers)}


# ---- lines


def roles(facts: LineFacts) -> tuple[LesionNote, ...]:
    """What each lesion of the case is to a line, and the rule that made it so."""
    if facts.baseline is None:
        return ()
    return tuple(_role_note(facts, facts.baseline, i) for i in range(len(facts.chart.traits)))


def _role_note(facts: LineFacts, baseline: int, i: int) -> LesionNote:
    chart, roles = facts.chart, facts.roles
    sight, numbers = chart.sights[baseline][i], _size_numbers(chart, baseline, i)
    diseased = roles.at_baseline[i].verdict is Role.DISEASED
    rule: Rule[Any] = roles.fitness[i] if diseased else roles.at_baseline[i]
    fit = roles.fitness[i].verdict is YesNo.YES
    called, why = "no part", rule.sentence.format_map(numbers)
    if i in roles.targets:
        called = "target"
        if facts.line.targets is not None:
            why = "named by the reader" + ("" if fit else f", though {why}")
    elif i in roles.nontargets:
        called = "non-target"
        if facts.line.nontargets is not None:
            why = "named by the reader"
        elif fit:
            why = "measurable, but other lesions were chosen or named as targets"
    says = numbers["says"]
    note = why if says in why or not sight.recorded else f"{says}; {why}"
    size = sight.um / 1000 if sight.known else None
    lesion = chart.patient.lesions[i].id
    return LesionNote(lesion, called, size, called != "no part", note, rule.id)


def line_reasons(line: LineAssessment) -> tuple[Reason, ...]:
    """The rules behind a line's best responses and its exposure, with their sentences."""
    course, facts = line.course, line.facts
    common = {
        **_criteria_numbers(facts.chart.criteria),
        "nn_day": course.nn,
        "ned_day": course.ned,
        "pd_day": course.pd,
        "agents": " + ".join(line.re_exposure.agents),
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
        ("exposure", line.re_exposure.rule, common),
    )
    return tuple(
        _reason(step, str(rule.verdict), rule, rule.sentence.format_map(numbers))
        for step, rule, numbers in steps
    )


# ---- text for people

WIDTH = 100


def explain(
    assessment: Assessment, *, line: int | None = None, date: Date | str | None = None
) -> str:
    """The reasons for every verdict as text, or for one line (from 1), or for one date.

    For each verdict: the rule with its id, the sizes and totals it saw, the share that was
    reached or missed and by how many millimetres, and the source with its evidence level. The
    same facts as data: `reasons` and `lesions` of a line or a time point. Raises `NotThereError`
    (a `KeyError`) naming what there is where there is no such line or date.
    """
    if not hasattr(assessment, "criteria"):
        told = type(assessment).__name__
        raise TypeError(f"explain() takes an Assessment, got {told}; call assess() first")
    parts = [f"{assessment.patient.id}, by {assessment.criteria.label}"]
    parts += _problem_lines(assessment.problems, "")
    wanted = [each for each in assessment.lines if line in (None, each.number)]
    rules: list[Rule[Any]] = []
    for each in wanted:
        timepoints = [t for t in each.timepoints if date is None or is_on(t, date)]
        if date is None:
            parts += ["", *_line_text(each)]
            rules += [each.best_rule, each.confirmed_rule, each.re_exposure.rule]
        elif timepoints:
            parts += ["", _line_head(each)]
        for timepoint in timepoints:
            parts += ["", *_timepoint_text(timepoint)]
            rules += [rule for _, rule in timepoint_rules(timepoint)]
    if (line is not None and not wanted) or (date is not None and not rules):
        raise NotThereError(not_there(assessment, line, date))
    return "\n".join(_wrapped([*parts, "", *_sources(rules)]))


def is_on(timepoint: TimepointAssessment, date: Date | str) -> bool:
    """Whether a time point is the one of a date, given as any door of the library takes it."""
    try:
        wanted = _doors.date(date)
    except ValueError:
        return str(timepoint.date) == date
    return wanted == timepoint.date


def not_there(assessment: Assessment, line: int | None, date: Date | str | None) -> str:
    """That there is no such line or date, and what there is."""
    numbers = [each.number for each in assessment.lines]
    if line is not None and line not in numbers:
        return f"there is no line {line}; there are {', '.join(map(str, numbers)) or 'none'}"
    asked = [each for each in assessment.lines if line in (None, each.number)]
    dates = [str(timepoint.date) for each in asked for timepoint in each.timepoints]
    where = "any line" if line is None else f"line {line}"
    return f"no follow-up of {where} on {date}; there are {', '.join(dates) or 'none'}"


def wrapped(text: str, indent: str) -> list[str]:
    """Text in rows of at most 100 columns, words left whole where they can be."""
    rows = textwrap.wrap(text, WIDTH, subsequent_indent=indent, break_on_hyphens=False)
    return rows or [""]


def _wrapped(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        indent = " " * (len(line) - len(line.lstrip()) + 2)
        yield from wrapped(line, indent)


def _sources(rules: Iterable[Rule[Any]]) -> list[str]:
    """The papers and readings behind some rules in full, and what the evidence levels mean."""
    found = dict.fromkeys(source for rule in rules for source in (rule.source, *rule.readings))
    cited = [source for source in found if isinstance(source, Citation)]
    papers = sorted({str(citation.paper) for citation in cited})
    levels = sorted({citation.evidence for citation in cited}, key=list(Evidence).index)
    parts = ["Sources", *(f"  {paper}" for paper in papers)]
    parts += [f"  [{level.name.lower()}]: {level.value}" for level in levels]
    readings = sorted((each.id, each.decision) for each in found if isinstance(each, Reading))
    return [*parts, *(f"  Reading {name}, a decision of this project: {told}"
                      for name, told in readings)]  # fmt: skip


def _problem_lines(problems: Problem, indent: str) -> list[str]:
    return [f"{indent}! {sentence}" for sentence in problems.sentences]


def when(date: Date) -> str:
    """A date as a person says it."""
    return f"day {date}" if isinstance(date, int) else str(date)


def _recorded(chart: Chart, place: int | None) -> list[bool]:
    """Which lesions a time point records as anything but absent."""
    sights = [] if place is None else chart.sights[place]
    return [sight.recorded and sight.status is not Status.ABSENT for sight in sights]


def _line_head(line: LineAssessment) -> str:
    return f"Line {line.number}: {' + '.join(line.line.agents)}, from {when(line.line.start)}"


def _line_text(line: LineAssessment) -> list[str]:
    parts = [_line_head(line), "  no baseline"]
    if line.baseline is not None:
        total = line.baseline_total_um
        with_total = "" if total is None else f", total of the targets {mm(total)}"
        parts[-1] = f"  baseline {when(line.baseline)}{with_total}"
        there = _recorded(line.facts.chart, line.facts.baseline)
        parts += [f"    {note}" for note, told in zip(line.lesions, there, strict=True) if told]
    for reason in line_reasons(line):
        parts += [f"  {reason.step}: {reason.verdict}; {reason.sentence}"]
        parts += [f"    [{reason.reference}]"]
    if line.progression is not None:
        causes = ", ".join(str(cause) for cause in line.progression.causes)
        at = f"{when(line.progression.date)}, day {line.progression.day} of the line"
        parts.append(f"  progression on {at}: {causes}")
    return parts + _problem_lines(line.problems, "  ")


def _timepoint_text(timepoint: TimepointAssessment) -> list[str]:
    source = ", reported" if timepoint.standing.verdict is Standing.STANDS_IN else ""
    at = f"{when(timepoint.date)} (day {timepoint.day} of the line)"
    parts = [f"  {at}: {timepoint.response}{source}"]
    for reason in timepoint_reasons(timepoint):
        parts.append(f"    {reason.step} {reason.verdict}: {reason.sentence}")
        parts.append(f"      [{reason.reference}]")
    sights = timepoint.line.chart.sights[timepoint.place]
    for note, sight in zip(lesions(timepoint), sights, strict=True):
        if note.counted or sight.recorded or note.role in {"target", "non-target"}:
            parts.append(f"    - {note}")
    return parts + _problem_lines(timepoint.problems, "    ")
