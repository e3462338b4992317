"""What a chart probably means otherwise than it is read: never a verdict, never an error.

`notes` tells it of one patient. The sentences are built by functions that `cohort/notes.py`, which
finds the same in tables, fills as well.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from operator import attrgetter

from .._base.converters import Date, day_number, shown
from .._base.text import mm, several, when
from .._base.words import Kind, Measure, Response
from ..model import Lesion
from ..rulebook.drugs import is_known
from ..rulebook.notes import (
    FIRST_YEAR,
    NOTES,
    Note,
    about_tenfold,
    agent_meant,
    is_by_words,
    is_early,
    is_future,
    is_like_hilar,
    is_like_liver,
    is_spreadsheet_day,
    listed,
    similar,
    spreadsheet_date,
)
from ..rulebook.organs import LIVER, organ
from .chart import Chart, Record
from .sights import lacks_own_size

__all__ = [
    "GIVEN",
    "NEEDED",
    "note_on_agent",
    "note_on_dates",
    "note_on_ids",
    "note_on_jump",
    "note_on_size",
    "note_on_verdict",
    "notes",
    "notes_on_organ",
    "odd_dates",
]

GIVEN = {"viable_um": "viable_mm", "longest_um": "longest_mm", "short_axis_um": "short_axis_mm"}
"""The sizes of a finding, and how a chart calls them."""

NEEDED = {
    Measure.VIABLE: "viable_mm",
    Measure.LONGEST: "longest_mm",
    Measure.SHORT: "short_axis_mm",
}
"""The size that counts, as a chart calls it."""

GIVEN_OF_NEW = ("longest_mm", Measure.VIABLE)
"""The size that tells of a nodule measured otherwise whether it is new."""


def notes(chart: Chart, today: datetime.date | None = None) -> tuple[Note, ...]:
    """Every note on a chart, in the order of `NOTES`. A later date than `today` is in the future;
    left out, it is that of the clock."""
    now = (today or datetime.date.today()).toordinal()
    records = [_records(chart, i) for i in range(len(chart.traits))]
    found = [
        *_on_ids(chart),
        *_on_lesions(chart),
        *_on_sizes(chart, records),
        *_on_jumps(chart, records),
        *_on_dates(chart, now),
        *_on_agents(chart),
        *_on_verdicts(chart),
    ]
    rank = {code: place for place, code in enumerate(NOTES)}
    return tuple(sorted(found, key=lambda note: rank[note.code]))


# ---- the sentences, for one patient and for many


def note_on_ids(ids: Iterable[str]) -> Note:
    """Ids of lesions that are alike."""
    return NOTES["SIMILAR_IDS"].note(ids=listed(ids))


def notes_on_organ(lesion: Lesion, name: str) -> Iterator[Note]:
    """How the organ of a lesion was read. `name` is the lesion's id."""
    text = lesion.organ
    if organ(text) == LIVER:
        codes = ["LIVER_BY_WORDS"] * is_by_words(text)
    else:
        codes = ["NOT_THE_LIVER"] * (lesion.kind is Kind.NODULE and is_like_liver(text))
    codes += ["HILAR_NODE"] * (
        lesion.kind is Kind.NODE and not lesion.hilar and is_like_hilar(text)
    )
    for code in codes:
        yield NOTES[code].note(lesion=name, organ=shown(text))


def note_on_size(
    lesion: str, given: str, measure: Measure, size: tuple[Date, int], times: int
) -> Note:
    """A size that is not used, first at some date, at so many time points."""
    date, um = size
    # The whole diameter of a candidate decides whether it is large enough, or grew.
    but = ", except to tell whether it is new" if (given, measure) == GIVEN_OF_NEW else ""
    return NOTES["SIZE_NOT_USED"].note(
        lesion=lesion,
        given=given,
        needed=NEEDED[measure],
        date=when(date),
        size=mm(um),
        times=several(times, "time point"),
        but=but,
    )


def note_on_jump(
    lesion: str, given: str, before: tuple[Date, int], after: tuple[Date, int]
) -> Note:
    """Two sizes in turn that are about ten times apart: the smaller one in centimetres."""
    date, um = min(before, after, key=lambda each: each[1])
    return NOTES["TEN_FOLD_JUMP"].note(
        lesion=lesion,
        given=given,
        size=mm(before[1]),
        date=when(before[0]),
        later_size=mm(after[1]),
        later=when(after[0]),
        meant_size=mm(10 * um),
        meant_date=when(date),
    )


def note_on_dates(code: str, record: str, date: Date, count: int) -> Note:
    """A date that is odd, and how many different ones are with it; `record` names the first."""
    others = f" and {several(count - 1, 'other date')}" if count > 1 else ""
    meant = spreadsheet_date(date) if isinstance(date, int) else None
    return NOTES[code].note(
        record=record, date=date, others=others, meant_date=meant, first_year=FIRST_YEAR
    )


def note_on_agent(start: Date, agent: str) -> Note:
    """An agent that is neither a known drug nor a known procedure."""
    return NOTES["UNKNOWN_AGENT"].note(
        start=start, agent=shown(agent), meant_agent=agent_meant(agent)
    )


def note_on_verdict(date: Date, response: Response, line: int) -> Note:
    """A verdict reported on the baseline of a line."""
    return NOTES["REPORTED_ON_BASELINE"].note(date=date, response=response, line=line)


def odd_dates(calendar: bool, today: int) -> dict[str, Callable[..., bool]]:
    """For each kind of odd date whether a day is one, for calendar dates or study days."""
    if calendar:
        return {"ODD_YEAR": is_early, "FUTURE_DATE": lambda day: is_future(day, today)}
    return {"SPREADSHEET_DAY": is_spreadsheet_day}


# ---- one patient


def _on_ids(chart: Chart) -> Iterator[Note]:
    ids = [trait.lesion.id for trait in chart.traits]
    for group in similar(ids):
        yield note_on_ids(sorted(ids[place] for place in group))


def _on_lesions(chart: Chart) -> Iterator[Note]:
    for trait in chart.traits:
        yield from notes_on_organ(trait.lesion, trait.lesion.id)


def _on_sizes(chart: Chart, records: Sequence[Sequence[Record]]) -> Iterator[Note]:
    for i, (trait, own) in enumerate(zip(chart.traits, records, strict=True)):
        lacking = [each for each in own if lacks_own_size(chart, i, each)]
        for name, given in GIVEN.items() if lacking else ():
            sizes = _sizes(lacking, name)
            if sizes:
                measure = trait.measure_of(lacking[0].finding)
                first = _dated(chart, sizes[0])
                yield note_on_size(trait.lesion.id, given, measure, first, len(sizes))


def _on_jumps(chart: Chart, records: Sequence[Sequence[Record]]) -> Iterator[Note]:
    for trait, own in zip(chart.traits, records, strict=True):
        for name, given in GIVEN.items():
            sizes = [size for size in _sizes(own, name) if size[1] > 0]
            for before, after in pairwise(sizes):
                if about_tenfold(before[1], after[1]):
                    both = _dated(chart, before), _dated(chart, after)
                    yield note_on_jump(trait.lesion.id, given, *both)
                    break


def _records(chart: Chart, lesion: int) -> list[Record]:
    """The records of a lesion, in the order of visits."""
    each = (visit.records.get(lesion) for visit in chart.visits)
    return [record for record in each if record is not None]


def _sizes(records: Iterable[Record], name: str) -> list[tuple[int, int]]:
    """The sizes of that name that findings record, with the days of their examinations."""
    size_of = attrgetter(name)
    return [(each.day, um) for each in records if (um := size_of(each.finding)) is not None]


def _dated(chart: Chart, size: tuple[int, int]) -> tuple[Date, int]:
    """A size with the date of its day, as the chart gives dates."""
    day, um = size
    return day if isinstance(chart.date(0), int) else datetime.date.fromordinal(day), um


def _on_dates(chart: Chart, today: int) -> Iterator[Note]:
    dates = [(record, date) for record, date in _dates(chart) if date is not None]
    if not dates:
        return
    for code, is_odd in odd_dates(not isinstance(dates[0][1], int), today).items():
        odd = [(record, date) for record, date in dates if is_odd(day_number(date))]
        if odd:
            yield note_on_dates(code, *odd[0], len({date for _, date in odd}))


def _dates(chart: Chart) -> Iterator[tuple[str, Date | None]]:
    """The dates of a chart that a table holds too, and how their records are called."""
    each = sorted((timepoint.date for timepoint in chart.patient.timepoints), key=day_number)
    yield from (("time point", date) for date in each)
    lines = list(enumerate(chart.lines, 1))
    yield from ((f"start of line {number},", line.start) for number, line in lines)
    yield from ((f"stop of line {number},", line.stop) for number, line in lines)
    yield "death,", chart.patient.death
    yield "last contact,", chart.patient.last_contact
    days = sorted((done.date for done in chart.patient.procedures), key=day_number)
    yield from (("procedure,", date) for date in days)


def _on_agents(chart: Chart) -> Iterator[Note]:
    for number, line in enumerate(chart.lines, 1):
        for agent in line.agents:
            # A line whose agents a table does not tell is called by its number.
            if not is_known(agent) and agent != f"line {number}":
                yield note_on_agent(line.start, agent)


def _on_verdicts(chart: Chart) -> Iterator[Note]:
    baselines = [chart.baseline(line) for line in chart.lines]
    windows = (chart.window(number, place) for number, place in enumerate(baselines))
    told = {place for window in windows for place in window}
    for number, place in enumerate(baselines, 1):
        if place is None or place in told:
            continue
        told.add(place)
        visit = chart.visits[place]
        if visit.reported is not None:
            yield note_on_verdict(visit.date, visit.reported, number)
