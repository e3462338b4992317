"""Raw administrations into lines of therapy, by a boundary that is stated and can be changed.

    from mrecist import Administration, lines_from_administrations
    lines_from_administrations([
        Administration("lenvatinib", 0, stop=91),
        Administration("sorafenib", 112, stop=264, dose="400 mg"),
    ])

A day on which something is given is held against the line so far: is there an agent that its
regimen does not have, does the regimen go on, how long was nothing of it given, was progression
documented? The table `rulebook.therapy.BEGINNING` says whether a line begins (LINE-10),
`LineBoundaries` holds the numbers. Changes of dose and holds stay inside a line, as its dose
events.
"""

from __future__ import annotations

import datetime
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from typing import Any, NamedTuple

import attrs

from .._base import converters
from .._base.converters import Date, day_number
from .._base.errors import CaseError
from .._base.words import Beginning, Newcomers, Pause
from ..model import Event, TherapyLine
from ..rulebook.decision_table import Rule
from ..rulebook.drugs import inn
from ..rulebook.therapy import BEGINNING
from .boundaries import LINE_BOUNDARIES, Administration, LineBeginning, LineBoundaries

__all__ = ["line_beginnings", "lines_from_administrations"]


def lines_from_administrations(
    administrations: Iterable[Administration],
    *,
    rule: LineBoundaries = LINE_BOUNDARIES,
    progressions: Iterable[Date | str] = (),
) -> tuple[TherapyLine, ...]:
    """The lines of therapy that raw administrations make up, in the order of their starts.

    A line has the agents of its regimen as first written, the day of its first and last
    administration (no stop where one goes on) and its changes of dose, holds and drugs stopped
    early as dose events; why it ended is not guessed.

    Args:
        administrations: Records of one patient, in any order.
        rule: Where a line ends and the next begins: gaps and joint starts, in days.
        progressions: Dates of documented progression.

    Returns:
        The lines, as `Patient` takes them.

    Raises:
        CaseError: Every mistake: two administrations of one agent that overlap, one that follows
            another without a stop, dates of two kinds.

    Example:
        >>> given = [Administration("lenvatinib", 0, stop=60), Administration("sorafenib", 70)]
        >>> lines_from_administrations(given)
        (TherapyLine(['lenvatinib'], 0, stop=60), TherapyLine(['sorafenib'], 70))
    """
    found = line_beginnings(administrations, rule=rule, progressions=progressions)
    return tuple(each.line for each in found)


def line_beginnings(
    administrations: Iterable[Administration],
    *,
    rule: LineBoundaries = LINE_BOUNDARIES,
    progressions: Iterable[Date | str] = (),
) -> tuple[LineBeginning, ...]:
    """The lines that `lines_from_administrations` gives, each with the reason why it began.

    Args:
        administrations: Records of one patient, in any order.
        rule: Where a line ends and the next begins.
        progressions: Dates of documented progression.

    Returns:
        Each line with the rule that fired and its sentence.

    Raises:
        CaseError: As for `lines_from_administrations`.

    Example:
        >>> print(line_beginnings([Administration("lenvatinib", 0, stop=60)])[0])
        lenvatinib from day 0: first line; nothing was given before [LINE-10-FIRST]
    """
    records, dates = _checked(administrations, progressions)
    calendar = any(isinstance(record.start, datetime.date) for record in records)
    written: Callable[[int], Date] = datetime.date.fromordinal if calendar else int
    parts = sorted(map(_part, records), key=_start)
    walk = _Walk(parts, rule, [day_number(date) for date in dates])
    return tuple(
        LineBeginning(each.line(written), each.rule, each.rule.sentence.format_map(each.numbers))
        for each in walk.lines()
    )


# ---- what cannot be


def _checked(
    administrations: Iterable[Administration], progressions: Iterable[Date | str]
) -> tuple[tuple[Administration, ...], list[Date]]:
    """The records and the dates of progression, or every mistake that they hold."""
    try:
        records = converters.several(Administration)(administrations)
    except ValueError as error:
        raise CaseError("", converters.mistakes("administrations", error)) from None
    mistakes: list[tuple[str, str]] = []
    dates: list[tuple[str, Date]] = []
    for i, record in enumerate(records):
        dates.append((f"administrations[{i}].start", record.start))
        if record.stop is not None:
            dates.append((f"administrations[{i}].stop", record.stop))
    progressed: list[Date] = []
    for i, value in enumerate(progressions):
        path = f"progressions[{i}]"
        try:
            progressed.append(converters.date(value))
            dates.append((path, progressed[-1]))
        except ValueError as error:
            mistakes += converters.mistakes(path, error)
    mixed = list(_mixed(dates))
    mistakes += mixed or _overlaps(records)
    if mistakes:
        raise CaseError("", mistakes)
    return records, progressed


def _mixed(dates: Sequence[tuple[str, Date]]) -> Iterator[tuple[str, str]]:
    """Dates that are not of the kind of the first one."""
    for path, date in dates:
        first, known = dates[0]
        if isinstance(date, int) != isinstance(known, int):
            kind = "a study day" if isinstance(known, int) else "a calendar date"
            yield path, f"must be {kind} as {first} is, got {date}"


def _overlaps(records: Sequence[Administration]) -> Iterator[tuple[str, str]]:
    """Administrations of an agent that begin before the one before has ended."""
    order = sorted(range(len(records)), key=lambda i: day_number(records[i].start))
    latest: dict[str, int] = {}
    for i in order:
        record, agent = records[i], inn(records[i].agent)
        before = latest.get(agent)
        latest[agent] = i
        if before is None:
            continue
        last, path = records[before], f"administrations[{i}].start"
        as_before = f"{agent} in administrations[{before}]"
        if record.start == last.start:
            yield path, f"must not be that of {as_before}, got {record.start}; give one record"
        elif last.stop is None:
            told = f"{record.start}; give that one its stop"
            yield path, f"must not follow {as_before}, which has no stop, got {told}"
        elif day_number(record.start) < day_number(last.stop):
            told = f"must not be before {last.stop}, the stop of {as_before}"
            yield path, f"{told}, got {record.start}"
            if record.stop is not None and day_number(record.stop) < day_number(last.stop):
                latest[agent] = before


# ---- from day to day


class _Part(NamedTuple):
    """An administration, or its share of one line, in whole days."""

    agent: str
    name: str
    start: int
    stop: int | None
    dose: str | None

    def reaches(self, day: int, cycle_days: int) -> bool:
        """Whether the agent was given up to a later day without a pause."""
        if self.stop is None:
            return True
        infusion = self.stop == self.start
        return day - self.stop <= max(1, cycle_days * infusion)


def _part(record: Administration) -> _Part:
    stop = None if record.stop is None else day_number(record.stop)
    return _Part(inn(record.agent), record.agent, day_number(record.start), stop, record.dose)


@attrs.define(eq=False)
class _Line:
    """A line while it is put together."""

    start: int
    rule: Rule[Beginning]
    numbers: dict[str, Any]
    carried: frozenset[str]
    """The agents that went on from the line before."""
    regimen: dict[str, str]
    """Each agent by nonproprietary name, with its name as first written."""
    parts: list[_Part]

    def add(self, parts: Iterable[_Part]) -> None:
        """Take administrations in, in the order of time."""
        for part in parts:
            self.regimen.setdefault(part.agent, part.name)
            self.parts.append(part)

    @property
    def stop(self) -> int | None:
        """The last day on which anything was given; `None` where something still is."""
        stops = [part.stop for part in self.parts]
        return None if None in stops else max(stop for stop in stops if stop is not None)

    def line(self, written: Callable[[int], Date]) -> TherapyLine:
        """The line as the chart has it."""
        stop = self.stop
        events = [event for agent in self.regimen for event in self._events(agent)]
        return TherapyLine(
            list(self.regimen.values()),
            written(self.start),
            stop=None if stop is None else written(stop),
            doses=[Event(written(day), text) for day, text in sorted(events, key=_by_day)],
        )

    def _events(self, agent: str) -> Iterator[tuple[int, str]]:
        """The doses, holds and the early stop of one agent."""
        parts = [part for part in self.parts if part.agent == agent]
        if not parts:
            return
        cycle_days: int = self.numbers["cycle_days"]
        first, last = parts[0], parts[-1]
        joined = first.start > self.start and agent not in self.carried
        if first.dose is not None or joined:
            yield first.start, f"{first.name} {first.dose or 'started'}"
        for before, part in pairwise(parts):
            if before.stop is not None and not before.reaches(part.start, cycle_days):
                yield before.stop, f"{part.name} held"
                yield part.start, " ".join(filter(None, (part.name, "again", part.dose)))
            elif part.dose is not None and part.dose != before.dose:
                yield part.start, f"{part.name} {part.dose}"
        if last.stop is not None and last.stop != self.stop:
            yield last.stop, f"{last.name} stopped"


def _start(part: _Part) -> int:
    return part.start


def _by_day(event: tuple[int, str]) -> int:
    return event[0]


class _Walk:
    """Administrations followed from day to day."""

    def __init__(
        self, parts: Sequence[_Part], rule: LineBoundaries, progressions: Sequence[int]
    ) -> None:
        self.parts = parts
        self.of: dict[str, list[_Part]] = {}
        for part in parts:
            self.of.setdefault(part.agent, []).append(part)
        self.rule = rule
        self.progressions = progressions

    def lines(self) -> list[_Line]:
        """Every line, in the order of time."""
        lines: list[_Line] = []
        for day, started in groupby(self.parts, key=_start):
            today = list(started)
            line = lines[-1] if lines else None
            rule, numbers = self._judged(line, day, today)
            if line is None or rule.verdict is not Beginning.SAME:
                names = {} if line is None else self._going_on(line, day)
                parts = self._divided(line, day)
                line = _Line(day, rule, numbers, frozenset(names), names, parts)
                lines.append(line)
            line.add(today)
        return lines

    def _judged(
        self, line: _Line | None, day: int, today: Sequence[_Part]
    ) -> tuple[Rule[Beginning], dict[str, Any]]:
        """The rule that fires on a day, and what its sentence is filled with."""
        regimen = {} if line is None else line.regimen
        start = day if line is None else line.start
        fresh = [part for part in today if part.agent not in regimen]
        going_on = [] if line is None else list(self._going_on(line, day).values())
        pause, days = (Pause.NONE, 0) if line is None else self._pause(line, day)
        rule = BEGINNING.decide(
            line is None,
            self._newcomers(regimen, fresh, day - start, bool(going_on) or len(fresh) < len(today)),
            bool(going_on),
            pause,
            any(start < progression <= day for progression in self.progressions),
        )
        return rule, {
            "newcomers": " + ".join(part.name for part in fresh),
            "going_on": " + ".join(going_on),
            "again": " + ".join(part.name for part in today),
            "days": days,
            "max_gap_days": self.rule.max_gap_days,
            "cycle_days": self.rule.cycle_days,
        }

    def _newcomers(
        self, regimen: Iterable[str], fresh: Sequence[_Part], days: int, given: bool
    ) -> Newcomers:
        """Whether agents that the regimen lacks were started, and whether they belong to it."""
        if not fresh:
            return Newcomers.NONE
        together = {*regimen, *(part.agent for part in fresh)}
        joins = given and days <= self.rule.joint_start_days
        planned = any(together <= known for known in self.rule.planned)
        return Newcomers.PLANNED if joins or planned else Newcomers.UNPLANNED

    def _pause(self, line: _Line, day: int) -> tuple[Pause, int]:
        """How long nothing of the regimen was given before a day, and the days."""
        latest = [self._latest(agent, day) for agent in line.regimen]
        # An infusion reaches to the next of its agent: one that is the last reaches nowhere.
        up_to_now = any(part.reaches(day, cycle_days=1) for part in latest)
        if up_to_now or any(self._goes_on(agent, day) for agent in line.regimen):
            return Pause.NONE, 0
        days = day - max(part.stop for part in latest if part.stop is not None)
        return (Pause.GAP if days > self.rule.max_gap_days else Pause.HOLD), days

    def _latest(self, agent: str, day: int) -> _Part:
        """The latest administration of an agent that began before a day."""
        return self.of[agent][self._next(agent, day) - 1]

    def _next(self, agent: str, day: int) -> int:
        """The place of its first administration that began on that day or later."""
        return bisect_left(self.of[agent], day, key=_start)

    def _going_on(self, line: _Line, day: int) -> dict[str, str]:
        """The agents of a line that are given past a day without a pause, by name."""
        return {agent: name for agent, name in line.regimen.items() if self._goes_on(agent, day)}

    def _goes_on(self, agent: str, day: int) -> bool:
        last = self._latest(agent, day)
        if last.stop is None or last.stop > day:
            return True
        at = self._next(agent, day)
        later = self.of[agent][at : at + 1]
        return any(last.reaches(part.start, self.rule.cycle_days) for part in later)

    def _divided(self, line: _Line | None, day: int) -> list[_Part]:
        """The rest of the administrations that go on, which end for their line on that day."""
        if line is None:
            return []
        over = [part for part in line.parts if part.stop is None or part.stop > day]
        line.parts = [part._replace(stop=day) if part in over else part for part in line.parts]
        return [part._replace(start=day) for part in over]
