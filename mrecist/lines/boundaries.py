"""Raw administrations, and where one line of therapy ends and the next begins."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

import attrs

from .._base import converters
from .._base.converters import Date, day_number, shown
from .._base.errors import CaseError, CriteriaError
from .._base.text import when
from .._base.words import Beginning, repr_sorted
from ..model import TherapyLine
from ..rulebook.decision_table import Rule
from ..rulebook.drugs import inn

__all__ = ["LINE_BOUNDARIES", "Administration", "LineBeginning", "LineBoundaries"]


def _optional_date(value: Any) -> Date | None:
    return None if value is None else converters.date(value)


def _optional_name(value: Any) -> str | None:
    return None if value is None else converters.name(value)


def _refused(record: Any, alias: str, error: ValueError) -> CaseError:
    agent = getattr(record, "agent", None)
    where = "administration" if agent is None else f"administration of {agent}"
    return CaseError(where, converters.mistakes(alias, error))


@attrs.frozen(field_transformer=converters.named(_refused), repr=False)
class Administration:
    """An agent given from one day to another at one dose; no stop: it is still being given.

    The stop is the last day. A record of one day (`stop` equal to `start`) is an infusion. The
    dose is free text.
    """

    agent: str = attrs.field(converter=converters.name)
    start: Date = attrs.field(converter=converters.date)
    stop: Date | None = attrs.field(default=None, converter=_optional_date, kw_only=True)
    dose: str | None = attrs.field(default=None, converter=_optional_name, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if self.stop is None or isinstance(self.stop, int) != isinstance(self.start, int):
            return
        if day_number(self.stop) < day_number(self.start):
            told = f"must not be before the start {self.start}, got {self.stop}"
            raise CaseError(f"administration of {self.agent}", [("stop", told)])

    def __repr__(self) -> str:
        told = [repr(self.agent), _written(self.start)]
        told += [f"stop={_written(self.stop)}"] * (self.stop is not None)
        told += [f"dose={self.dose!r}"] * (self.dose is not None)
        return f"Administration({', '.join(told)})"


def _written(date: Date | None) -> str:
    return f'"{date}"' if isinstance(date, datetime.date) else repr(date)


# ---- the boundary


def _no_boundary(record: Any, alias: str, error: ValueError) -> CriteriaError:
    told = "; ".join(f"{path} {message}" for path, message in converters.mistakes(alias, error))
    return CriteriaError(f"line boundaries: {told}")


def _days(value: Any) -> int:
    return converters.whole(value, 0, must_be="a whole number of days, at least 0")


def _regimens(value: Any) -> tuple[frozenset[str], ...]:
    if isinstance(value, (str, bytes)) or not isinstance(value, Iterable):
        raise ValueError(f"must be a list of regimens, each a list of agents, got {shown(value)}")
    regimens = [sorted(each) if isinstance(each, (set, frozenset)) else each for each in value]
    return tuple(frozenset(map(inn, converters.names(each))) for each in regimens)


@attrs.frozen(kw_only=True, field_transformer=converters.named(_no_boundary))
class LineBoundaries:
    """Where one line of therapy ends and the next begins: the numbers of LINE-10.

    `max_gap_days`: the longest time without the regimen that stays inside a line (from stop to
    start). `joint_start_days`: how long after a line's start an agent may start and still belong
    to its regimen. `cycle_days`: how far an infusion, a record of one day, reaches to the next of
    its agent. `planned`: regimens whose agents may come one after the other inside a line, such as
    `[["tremelimumab", "durvalumab"]]`. A change: `attrs.evolve(LINE_BOUNDARIES, max_gap_days=28)`.
    """

    max_gap_days: int = attrs.field(default=60, converter=_days)
    joint_start_days: int = attrs.field(default=21, converter=_days)
    cycle_days: int = attrs.field(default=42, converter=_days)
    planned: tuple[frozenset[str], ...] = attrs.field(
        default=(), converter=_regimens, repr=repr_sorted
    )


LINE_BOUNDARIES = LineBoundaries()
"""The boundary by default: the Readings RD-LINE-BOUNDARY, RD-JOINT-START, RD-ADMINISTRATIONS."""


@attrs.frozen(repr=False)
class LineBeginning:
    """A line found in raw administrations, and why it began: the rule and its sentence."""

    line: TherapyLine
    rule: Rule[Beginning]
    why: str

    @property
    def word(self) -> Beginning:
        """Why the line began, in a word or two."""
        return self.rule.verdict

    def __str__(self) -> str:
        begun = f"{' + '.join(self.line.agents)} from {when(self.line.start)}"
        return f"{begun}: {self.word}; {self.why} [{self.rule.id}]"

    def __repr__(self) -> str:
        return f"<LineBeginning {'+'.join(self.line.agents)} {self.line.start}: {self.word}>"
