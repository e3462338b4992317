"""What the examinations of one visit cannot say together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs

from .._base import converters
from .._base.converters import shown
from .record_mistakes import MISSING, Mistakes, read

__all__ = ["Visit", "mistakes_in_visits", "visits_of"]


@attrs.frozen
class Visit:
    """The examinations of one visit, each with its index in the chart."""

    examinations: tuple[tuple[int, Any], ...]

    def findings(self) -> Iterator[tuple[int, int, Any]]:
        """The findings of its examinations, each with its two indices."""
        for i, examination in self.examinations:
            for j, finding in enumerate(read(examination.findings)):
                yield i, j, finding

    @property
    def found(self) -> list[Any]:
        return [finding for _, each in self.examinations for finding in read(each.findings)]

    @property
    def is_named(self) -> bool:
        """Whether it may have more examinations than are known."""
        return any(each.visit is not None for _, each in self.examinations)

    @property
    def is_unsure(self) -> bool:
        """Whether its findings, or what belongs to it, could not be read."""
        return any(MISSING in (each.visit, each.findings) for _, each in self.examinations)


def visits_of(timepoints: Sequence[Any]) -> list[Visit]:
    """The visits of a chart, in the order of their dates; those without a date come last."""
    groups: dict[Any, list[tuple[int, Any]]] = {}
    for i, timepoint in sorted(enumerate(timepoints), key=lambda entry: _day(entry[1])):
        own = timepoint.visit is None or timepoint.visit is MISSING
        groups.setdefault(i if own else timepoint.visit, []).append((i, timepoint))
    return [Visit(tuple(group)) for group in groups.values()]


def _day(timepoint: Any) -> tuple[bool, int]:
    missing = timepoint.date is MISSING
    return missing, 0 if missing else converters.day_number(timepoint.date)


def mistakes_in_visits(visits: Sequence[Visit]) -> Mistakes:
    """Lesions that two examinations of a visit record, and verdicts that differ within one."""
    for visit in visits:
        if len(visit.examinations) > 1:
            yield from _recorded_again(visit)
            yield from _verdicts(visit)


def _recorded_again(visit: Visit) -> Mistakes:
    seen: dict[str, int] = {}
    for i, j, finding in visit.findings():
        if finding.lesion is not MISSING:
            first = seen.setdefault(finding.lesion, i)
            if first != i:
                told = f"got {shown(finding.lesion)} as in timepoints[{first}]"
                path = f"timepoints[{i}].findings[{j}].lesion"
                yield path, f"must be recorded once in a visit, {told}"


def _verdicts(visit: Visit) -> Mistakes:
    """A verdict that differs from that of an earlier examination, or is of another form."""
    given = [
        (i, examination.reported)
        for i, examination in visit.examinations
        if examination.reported is not None and examination.reported is not MISSING
    ]
    words: dict[str, tuple[int, str]] = {}
    for i, reported in given:
        path = f"timepoints[{i}].reported"
        first, other = given[0]
        if isinstance(reported, Mapping) is not isinstance(other, Mapping):
            form = "an object" if isinstance(other, Mapping) else "one word"
            yield path, f"must be {form} as in timepoints[{first}] of the same visit"
            continue
        named = reported.items() if isinstance(reported, Mapping) else [("", reported)]
        for criteria, word in named:
            first, other = words.setdefault(criteria, (i, word))
            if word != other:
                where = f"{path}{converters.key(criteria)}" if criteria else path
                told = f"{other} as in timepoints[{first}] of the same visit"
                yield where, f"must be {told}, got {word}"
