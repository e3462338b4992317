"""What the fields of a chart's records take, as functions with names and types.

A type checker reads from them what a constructor accepts. A word left out takes its default.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np  # noqa: TC002 - resolved at run time

from . import converters
from .converters import Date, Dated, Micrometres, Millimetres, shown
from .words import EndReason, Enhancement, Kind, Pattern, Proof, Response, Status

__all__ = [
    "agents",
    "date",
    "end_reason",
    "enhancement",
    "kind",
    "marker_value",
    "name",
    "no",
    "optional_date",
    "optional_names",
    "optional_size",
    "optional_text",
    "pattern",
    "proof",
    "reported",
    "status",
    "text",
    "yes",
]

_LEAST_MARKER, _LARGEST_MARKER = Decimal("1e-15"), Decimal("1e15")
_MARKER_TEXT = re.compile(r"\s*(?:[<>]=?)?\s*([0-9]+\.?[0-9]*|\.[0-9]+)\s*")

_kinds = converters.word(Kind)
_enhancements = converters.word(Enhancement)
_statuses = converters.word(Status)
_patterns = converters.word(Pattern)
_proofs = converters.word(Proof)
_end_reasons = converters.word(EndReason)
_verdicts = converters.word(Response, without=(Response.NED, Response.ND))


def name(value: str) -> str:
    return converters.name(value)


def text(value: str) -> str:
    return converters.text(value)


def date(value: Dated) -> Date:
    return converters.date(value)


def optional_date(value: Dated | None) -> Date | None:
    return None if value is None else converters.date(value)


def optional_text(value: str | None) -> str | None:
    return None if value is None else converters.text(value)


def optional_size(value: Millimetres | None) -> Micrometres | None:
    return None if value is None else converters.micrometres(value)


def optional_names(value: Iterable[str] | None) -> tuple[str, ...] | None:
    return None if value is None else converters.names(value)


def no(value: bool | np.bool_ | None) -> bool:
    return False if value is None else converters.flag(value)


def yes(value: bool | np.bool_ | None) -> bool:
    return True if value is None else converters.flag(value)


def kind(value: Kind | str) -> Kind:
    return _kinds(value)


def enhancement(value: Enhancement | str | None) -> Enhancement:
    return Enhancement.ARTERIAL if value is None else _enhancements(value)


def status(value: Status | str | None) -> Any:
    return None if value is None else _statuses(value)


def pattern(value: Pattern | str | None) -> Pattern:
    return Pattern.UNKNOWN if value is None else _patterns(value)


def proof(value: Proof | str | None) -> Proof:
    return Proof.NOT_DONE if value is None else _proofs(value)


def end_reason(value: EndReason | str | None) -> EndReason | None:
    return None if value is None else _end_reasons(value)


def reported(value: Response | str | None) -> Response | None:
    return None if value is None else _verdicts(value)


def agents(value: Iterable[str]) -> tuple[str, ...]:
    agents = converters.names(value, unique=False)
    if not agents:
        raise ValueError("must name at least one agent, got an empty list")
    return agents


def marker_value(value: converters.Millimetres) -> Decimal | str:
    """A positive number, or text such as `"<3"` kept as it is (Reading RD-MARKER-TEXT)."""
    if isinstance(value, str):
        matched = _MARKER_TEXT.fullmatch(value)
        if not matched or not Decimal(matched[1]):
            raise ValueError(f'must be a number above 0 or text like "<3", got {shown(value)}')
        if "<" in value or ">" in value:
            return value
        value = Decimal(matched[1])
    if isinstance(value, bool) or not isinstance(value, (Real, Decimal)):
        raise ValueError(f'must be a number above 0 or text like "<3", got {shown(value)}')
    number: Decimal = value if isinstance(value, Decimal) else Decimal(str(value))
    if not number.is_finite() or number <= 0:
        raise ValueError(f"must be a number above 0, got {shown(value)}")
    if not _LEAST_MARKER <= number <= _LARGEST_MARKER:
        span = f"{_LEAST_MARKER} to {_LARGEST_MARKER}"
        raise ValueError(f"must be from {span}, got {shown(value)}")
    return number
