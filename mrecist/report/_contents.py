"""What a page says of one patient, as plain records: no HTML, and nothing decided here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import attrs

from .._base.converters import Date, day_number
from .._base.text import mm, several, when
from .._base.words import Exposure, NewLesion
from ..model import Finding, TherapyLine
from ..patient import assessment as assessment_
from ..patient.assessment import Assessment, LineAssessment, TimepointAssessment
from ..patient.chart import Chart
from ..patient.comparison import Comparison, compare
from ..patient.immune_assessment import ImmuneAssessment
from ..patient.lesion_notes import LesionNote
from ..patient.numbers import of_part
from ..patient.reasons import timepoint_rules, unread
from ..patient.sights import Sight
from ..rulebook.criteria import CRITERIA, Criteria
from ..rulebook.decision_table import Rule
from ..rulebook.immune_criteria import IMMUNE_CRITERIA, ImmuneCriteria
from ..rulebook.index import TABLES
from ..rulebook.papers import Citation, Paper
from ..rulebook.readings import Reading
from ._immune import Beside, beside_of, both, label_of, sources_beside, summary_beside
from ._outcomes import Outcomes, outcomes
from ._sizes import NOTHING, change, size_text, total_text

__all__ = [
    "COLUMNS",
    "Contents",
    "LinePart",
    "contents",
    "criteria_differ",
    "readers_differ",
    "side_by_side",
]

COLUMNS = 6
"""Follow-ups side by side in one table: as many as an A4 page takes beside the baseline."""


@attrs.frozen(kw_only=True)
class Cell:
    """A cell of a table: its text, what more is to be said of it, and what kind it is."""

    text: str
    note: str = ""
    kind: str = ""


@attrs.frozen(kw_only=True)
class Row:
    """A row of a table: how it is called, what more is said of that, and its cells."""

    head: str
    detail: str = ""
    kind: str
    cells: tuple[Cell, ...]


@attrs.frozen(kw_only=True)
class Visit:
    """A column: a scan of a line, at its baseline or later."""

    date: Date
    day: str
    anchor: str


@attrs.frozen(kw_only=True)
class Block:
    """As many follow-ups as fit side by side, with the baseline before them."""

    visits: tuple[Visit, ...]
    rows: tuple[Row, ...]


@attrs.frozen(kw_only=True)
class Told:
    """What a scan says of a lesion: the note of the verdict, and sizes that it did not use."""

    note: LesionNote
    counted: bool
    label: str
    unused: str


@attrs.frozen(kw_only=True)
class Why:
    """The reasons of one verdict."""

    anchor: str
    assessed: TimepointAssessment
    lesions: tuple[Told, ...]
    remark: str


@attrs.frozen(kw_only=True)
class LinePart:
    """One line of therapy: its tables, and the reasons behind them."""

    assessed: LineAssessment
    anchor: str
    exposure: str
    roles: tuple[Told, ...]
    blocks: tuple[Block, ...]
    whys: tuple[Why, ...]
    unread: str


@attrs.frozen(kw_only=True)
class Contents:
    """A page about one patient."""

    assessment: Assessment
    summary: tuple[str, ...]
    problems: tuple[tuple[str, str], ...]
    outcomes: Outcomes
    lines: tuple[LinePart, ...]
    comparison: Comparison
    beside: Beside | None
    label: str
    history: tuple[tuple[Date, str, str], ...]
    papers: tuple[Paper, ...]
    levels: tuple[str, ...]
    readings: tuple[Reading, ...]


def contents(found: Assessment | ImmuneAssessment) -> Contents:
    """All that a page says of one patient, with criteria of immunotherapy beside."""
    assessment, immune = both(found)
    lines = tuple(_line_part(line) for line in assessment.lines)
    sources = _sources(assessment) | (set() if immune is None else {*sources_beside(immune)})
    by = None if immune is None else immune.criteria
    cited = [source for source in sources if isinstance(source, Citation)]
    return Contents(
        assessment=assessment,
        summary=(*_summary(assessment), *summary_beside(immune)),
        problems=tuple(odd(assessment)),
        outcomes=outcomes(assessment),
        lines=lines,
        comparison=side_by_side(assessment, by),
        beside=None if immune is None else beside_of(immune),
        label=label_of(assessment.criteria, by),
        history=tuple(_history(assessment)),
        papers=tuple(sorted({each.paper for each in cited}, key=str)),
        levels=tuple(sorted({each.evidence.name.lower() for each in cited})),
        readings=tuple(
            sorted(
                (each for each in sources if isinstance(each, Reading)),
                key=lambda reading: reading.id,
            )
        ),
    )


def side_by_side(assessment: Assessment, first: ImmuneCriteria | None = None) -> Comparison:
    """The patient by the criteria that were asked for, and by all the published ones."""
    known = [each for each in CRITERIA.values() if each != assessment.criteria]
    others: list[Criteria | ImmuneCriteria] = [] if first is None else [first]
    others += [*known, *(each for each in IMMUNE_CRITERIA.values() if each != first)]
    rest = compare(assessment.patient, *others).assessments
    return Comparison((assessment, *rest))


def criteria_differ(comparison: Comparison) -> int:
    """On how many follow-ups the criteria disagree."""
    return sum(row.differ for row in comparison.rows if row.date is not None)


def readers_differ(assessment: Assessment) -> int:
    """On how many follow-ups the reader and the rules disagree."""
    return sum(t.agrees is False for line in assessment.lines for t in line.timepoints)


def _summary(assessment: Assessment) -> Iterator[str]:
    """A patient in a few short sentences."""
    lines = assessment.lines
    visits = [timepoint for line in lines for timepoint in line.timepoints]
    counted = f"{several(len(lines), 'line')} of therapy, {several(len(visits), 'follow-up')}"
    dates = sorted((each.date for each in visits), key=day_number)
    yield f"{counted}, {when(dates[0])} to {when(dates[-1])}" if len(dates) > 1 else counted
    if visits:
        last = max(visits, key=lambda each: day_number(each.date))
        at = f"line {last.line.number}, {' + '.join(last.line.line.agents)}"
        yield f"latest verdict {_response(last)} on {when(last.date)} ({at})"
    if assessment.patient.death is not None:
        yield f"died {when(assessment.patient.death)}"


def _response(timepoint: TimepointAssessment) -> str:
    reported = ", as reported" if timepoint.source == "reported" else ""
    return f"{timepoint.response_word}{reported}"


# ---- what is odd


def odd(assessment: Assessment) -> Iterator[tuple[str, str]]:
    """Where something is odd, and what: problems, readers who differ, notes."""
    yield from (("chart", sentence) for sentence in assessment.problems.sentences)
    for line in assessment.lines:
        where = f"line {line.number}"
        yield from ((where, sentence) for sentence in line.problems.sentences)
        for timepoint in line.timepoints:
            at = f"{where}, {when(timepoint.date)}"
            yield from ((at, sentence) for sentence in timepoint.problems.sentences)
            if timepoint.agrees is False:
                told = f"the reader reported {timepoint.reported}, the rules say"
                yield at, f"{told} {timepoint.computed}, which stands here"
    yield from (("note", note) for note in assessment.notes)


# ---- one line


def _line_part(line: LineAssessment) -> LinePart:
    facts, notes = line.facts, line.lesions
    roles = [
        _told(facts.chart, notes, i, facts.at_baseline(i))
        for i, note in enumerate(notes)
        if facts.at_baseline(i).recorded or note.counted
    ]
    return LinePart(
        assessed=line,
        anchor=_anchor(line.number),
        exposure="" if line.exposure is Exposure.FIRST else assessment_.exposure_words(line),
        roles=tuple(roles),
        blocks=tuple(_blocks(line)),
        whys=tuple(_why(timepoint) for timepoint in line.timepoints),
        unread=unread(line.best_response, line.timepoints),
    )


def _anchor(line: int, timepoint: TimepointAssessment | None = None) -> str:
    """An anchor on the page: made of numbers only, never of words of the document."""
    place = "" if timepoint is None else f"-{timepoint.place}"
    return f"line-{line}{place}"


def _why(timepoint: TimepointAssessment) -> Why:
    chart = timepoint.line.chart
    facts = timepoint.line
    notes = timepoint.lesions
    told = [
        _told(chart, notes, i, sight)
        for i, note in enumerate(notes)
        for sight in [facts.sights(timepoint.place, i)]
        if note.counted or sight.recorded or note.role in {"target", "non-target"}
    ]
    return Why(
        anchor=_anchor(timepoint.line.number, timepoint),
        assessed=timepoint,
        lesions=tuple(told),
        remark=chart.visits[timepoint.place].note or "",
    )


def _told(chart: Chart, notes: Sequence[LesionNote], i: int, sight: Sight) -> Told:
    note, lesion, counted = notes[i], chart.patient.lesions[i], _counts(chart, notes, i)
    unused = "" if sight.finding is None else ", ".join(_unused(sight.finding, sight.um))
    return Told(note=note, counted=counted, label=lesion.label or lesion.organ, unused=unused)


_SIZES = {"viable_um": "viable", "longest_um": "longest", "short_axis_um": "short axis"}


def _unused(finding: Finding, used: int) -> Iterator[str]:
    """The sizes of a finding other than the one that counts."""
    for name, called in _SIZES.items():
        size = getattr(finding, name)
        if size is not None and size != used:
            yield f"{called} {mm(size)}"


# ---- the tables of a line


def _blocks(line: LineAssessment) -> Iterator[Block]:
    """The follow-ups of a line in tables that are no wider than a page."""
    rows = [row for row in _rows(line) if any(cell.text != NOTHING for cell in row.cells)]
    visits = list(_visits(line))
    first = int(line.baseline is not None)
    for at in range(first, max(len(visits), first + 1), COLUMNS):
        part = slice(at, at + COLUMNS)
        shown = (*visits[:first], *visits[part])
        cells = [attrs.evolve(row, cells=(*row.cells[:first], *row.cells[part])) for row in rows]
        if shown:
            yield Block(visits=shown, rows=tuple(cells))


def _visits(line: LineAssessment) -> Iterator[Visit]:
    if line.baseline is not None:
        yield Visit(date=line.baseline, day="baseline", anchor=f"{_anchor(line.number)}-baseline")
    for timepoint in line.timepoints:
        anchor = _anchor(line.number, timepoint)
        yield Visit(date=timepoint.date, day=f"line day {timepoint.day}", anchor=anchor)


def _rows(line: LineAssessment) -> Iterator[Row]:
    """What each scan of a line came to: the verdict, each lesion, the sums, the parts."""
    each = line.timepoints
    yield _row(line, "Response", "verdict", [_verdict_cell(t) for t in each])
    yield from _lesion_rows(line)
    word = line.facts.chart.criteria.word
    total, area = partial(total_text, line), line.facts.chart.criteria.area
    first = total(line.baseline_total_um)
    head = "Total" if area is None else "Total, mm2"
    yield _row(line, head, "sum", [Cell(text=total(t.total_um) + of_part(t)) for t in each], first)
    yield _row(
        line,
        "from baseline",
        "change",
        [Cell(text=change(_whole(t), line.baseline_total_um)) for t in each],
    )
    yield _row(line, "Nadir before", "sum", [Cell(text=total(t.nadir_um)) for t in each])
    yield _row(
        line, "from nadir", "change", [Cell(text=change(_whole(t), t.nadir_um)) for t in each]
    )
    yield _row(line, "Targets", "part", [Cell(text=str(t.target)) for t in each])
    yield _row(line, "Non-targets", "part", [Cell(text=str(t.nontarget)) for t in each])
    yield _row(line, "New lesion", "part", [Cell(text=_new(t)) for t in each])
    yield _row(line, "By the rules", "part", [Cell(text=word(t.computed)) for t in each])
    yield _row(line, "By the reader", "part", [_reported_cell(t) for t in each])


def _whole(timepoint: TimepointAssessment) -> int | None:
    """The total where it is that of all targets, so that it can be compared."""
    return timepoint.total_um if timepoint.complete else None


def _row(
    line: LineAssessment, head: str, kind: str, cells: Sequence[Cell], baseline: str = NOTHING
) -> Row:
    first = () if line.baseline is None else (Cell(text=baseline),)
    return Row(head=head, kind=kind, cells=(*first, *cells))


def _verdict_cell(timepoint: TimepointAssessment) -> Cell:
    note = "as reported" if timepoint.source == "reported" else ""
    return Cell(text=timepoint.response_word, note=note, kind="response")


def _reported_cell(timepoint: TimepointAssessment) -> Cell:
    if timepoint.reported is None:
        return Cell(text=NOTHING)
    return Cell(text=str(timepoint.reported), note="differs" if timepoint.agrees is False else "")


def _new(timepoint: TimepointAssessment) -> str:
    """`no` where there is none, so that a reader sees that it was looked for."""
    found = timepoint.new_lesion
    return "no" if found is NewLesion.NO else str(found).lower()


def _lesion_rows(line: LineAssessment) -> Iterator[Row]:
    """One row per lesion that the line speaks of, targets first, then non-targets, then others."""
    facts, places = line.facts, [t.place for t in line.timepoints]
    has_baseline = facts.baseline is not None
    notes = [line.lesions] if has_baseline else []
    notes += [t.lesions for t in line.timepoints]
    order = {"target": 0, "non-target": 1}
    rows = []
    for i, lesion in enumerate(facts.chart.patient.lesions):
        told = [each[i] for each in notes]
        sights = [facts.at_baseline(i)] if has_baseline else []
        sights += [facts.sights(place, i) for place in places]
        if any(sight.recorded for sight in sights) or any(note.counted for note in told):
            role = _role(told)
            counted = [_counts(facts.chart, each, i) for each in notes]
            cells = tuple(map(_size_cell, told, sights, counted))
            row = Row(head=lesion.id, detail=role, kind="lesion", cells=cells)
            rows.append((order.get(role, 2), i, row))
    yield from (row for _, _, row in sorted(rows, key=lambda each: each[:2]))


def _counts(chart: Chart, notes: Sequence[LesionNote], lesion: int) -> bool:
    """Whether a lesion counted, a fragment in the lesion that it is a part of."""
    return notes[lesion].counted or notes[chart.root[lesion]].counted


def _role(notes: Sequence[LesionNote]) -> str:
    """What a lesion is to a line: the first role by which it counted, or else the last."""
    counted = [note.role for note in notes if note.counted]
    return counted[0] if counted else notes[-1].role


def _size_cell(note: LesionNote, sight: Sight, counted: bool) -> Cell:
    """A size as it counts, in brackets where it did not; a word where there is none."""
    text = size_text(sight)
    if not text:
        return Cell(text=NOTHING, note="not recorded", kind="silent")
    text = text if counted else f"({text})"
    return Cell(text=text, note=f"{note.role}: {note.note} [{note.rule}]", kind="size")


# ---- what happened beside the scans


def _history(assessment: Assessment) -> Iterator[tuple[Date, str, str]]:
    """Doses, markers, events, procedures, notes of readers, in the order of their days."""
    patient = assessment.patient
    rows: list[tuple[Date, str, str]] = []
    for line in assessment.lines:
        rows += _of_therapy(line.number, line.line)
    rows += [(each.date, each.name, f"{each.value} {each.unit}") for each in patient.markers]
    rows += [(each.date, "event", each.text) for each in patient.events]
    rows += [(each.date, "procedure", str(each)) for each in patient.procedures]
    rows += [(each.date, "scan", each.note) for each in patient.timepoints if each.note]
    for name, date in (("death", patient.death), ("last contact", patient.last_contact)):
        rows += [] if date is None else [(date, name, "")]
    yield from sorted(rows, key=lambda row: day_number(row[0]))


def _of_therapy(number: int, line: TherapyLine) -> Iterator[tuple[Date, str, str]]:
    where, agents = f"line {number}", " + ".join(line.agents)
    yield line.start, where, f"{agents} started"
    yield from ((dose.date, where, f"{agents}: {dose.text}") for dose in line.doses)
    if line.stop is not None:
        why = "" if line.end_reason is None else f": {line.end_reason}"
        yield line.stop, where, f"{agents} stopped{why}"


# ---- sources


_RULES: dict[str, Rule[Any]] = {
    rule.id: rule for tables in TABLES.values() for table in tables for rule in table.rules
}


def _sources(assessment: Assessment) -> set[Citation | Reading]:
    """Every paper and reading that a verdict of the page rests on."""
    rules = [rule for line in assessment.lines for rule in _rules(line)]
    return {source for rule in rules for source in (rule.source, *rule.readings)}


def _rules(line: LineAssessment) -> Iterator[Rule[Any]]:
    yield from (line.best_rule, line.confirmed_rule, line.re_exposure.rule)
    noted = [note.rule for note in line.lesions]
    for timepoint in line.timepoints:
        yield from (rule for _, rule in timepoint_rules(timepoint))
        noted += [note.rule for note in timepoint.lesions]
    yield from (_RULES[rule] for rule in noted if rule in _RULES)
