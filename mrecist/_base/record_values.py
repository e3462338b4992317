"""What the fields of a chart's records take, as functions with names and types.

A type checker reads from them what a constructor accepts. A word left out takes its default.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from numbers import Real
from typing import TYPE_CHECKING, Any

from . import converters
from .converters import Date, Dated, Micrometres, Millimetres, shown
from .later import Later
from .reported import ReportedBy, Word, verdict
from .volumes import Microlitres, microlitres
from .words import (
    Answer,
    Change,
    EndReason,
    Enhancement,
    Kind,
    Margin,
    Masslike,
    Modality,
    Pattern,
    Proof,
    Status,
    Unmentioned,
)

if TYPE_CHECKING:
    import numpy as np
else:
    np = Later("numpy")  # what a constructor takes can be resolved at run time

__all__ = [
    "agents",
    "answer",
    "change",
    "date",
    "end_reason",
    "enhancement",
    "kind",
    "lesions",
    "margin",
    "marker_value",
    "masslike",
    "modality",
    "name",
    "no",
    "optional_date",
    "optional_name",
    "optional_names",
    "optional_size",
    "optional_text",
    "optional_volume",
    "pattern",
    "proof",
    "reported",
    "status",
    "text",
    "unmentioned",
    "visit",
    "yes",
]

_LEAST_MARKER, _LARGEST_MARKER = Decimal("1e-15"), Decimal("1e15")
_SIGNS = str.maketrans({"\u2264": "<=", "\u2265": ">="})
_MARKER_TEXT = re.compile(r"\s*+(?:[<>]=?)?\s*+([0-9]++\.?[0-9]*+|\.[0-9]++)\s*+")

_kinds = converters.word(Kind)
_enhancements = converters.word(Enhancement)
_statuses = converters.word(Status)
_patterns = converters.word(Pattern)
_proofs = converters.word(Proof)
_end_reasons = converters.word(EndReason)
_silences = converters.word(Unmentioned)
_margins = converters.word(Margin)
_masslike = converters.word(Masslike)
_answers = converters.word(Answer)
_changes = converters.word(Change)
_modalities = converters.word(Modality)


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


def optional_name(value: str | None) -> str | None:
    return None if value is None else converters.name(value)


def visit(value: str | None) -> str | None:
    """The name of a visit or of a reader, surrounding space ignored."""
    if value is None:
        return None
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"must be text, not empty, got {shown(value)}")
    return value.strip()


def optional_size(value: Millimetres | None) -> Micrometres | None:
    return None if value is None else converters.micrometres(value)


def optional_volume(value: Millimetres | None) -> Microlitres | None:
    return None if value is None else microlitres(value)


def optional_names(value: Iterable[str] | None) -> tuple[str, ...] | None:
    return None if value is None else converters.names(value)


def lesions(value: Iterable[str] | None) -> tuple[str, ...]:
    return () if value is None else converters.names(value)


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


def margin(value: Margin | str | None) -> Margin | None:
    return None if value is None else _margins(value)


def masslike(value: Masslike | str | None) -> Masslike | None:
    return None if value is None else _masslike(value)


def answer(value: Answer | str | None) -> Answer:
    return Answer.UNKNOWN if value is None else _answers(value)


def change(value: Change | str | None) -> Change | None:
    return None if value is None else _changes(value)


def modality(value: Modality | str | None) -> Modality | None:
    return None if value is None else _modalities(value)


def end_reason(value: EndReason | str | None) -> EndReason | None:
    return None if value is None else _end_reasons(value)


def unmentioned(value: Unmentioned | str | None) -> Unmentioned:
    return Unmentioned.NOT_EVALUABLE if value is None else _silences(value)


def reported(
    value: Word | str | Mapping[str, Word | str | None] | None,
) -> Word | ReportedBy | None:
    """A verdict, or verdicts by the names of criteria; `None` where no verdict is left."""
    if value is None:
        return None
    return _reported_by(value) if isinstance(value, Mapping) else verdict(value)


def _reported_by(value: Mapping[str, Word | str | None]) -> ReportedBy | None:
    given: dict[str, Word] = {}
    wrong = [
        (converters.key(name), "must be given once, is given twice")
        for name in getattr(value, "twice", ())
    ]
    for name, word in value.items():
        if not isinstance(name, str) or not name:
            told = f"must be the name of criteria, text that is not empty, got {shown(name)}"
            wrong.append((converters.key(name), told))
        try:
            if word is not None:
                given[name] = verdict(word, name)
        except ValueError as error:
            wrong.append((converters.key(name), str(error)))
    if wrong:
        raise converters.RefusedError(wrong)
    return ReportedBy(given) if given else None


def agents(value: Iterable[str]) -> tuple[str, ...]:
    agents = converters.names(value, unique=False)
    if not agents:
        raise ValueError("must name at least one agent, got an empty list")
    return agents


def marker_value(value: converters.Millimetres) -> Decimal | str:
    """A positive number, or text such as `"<3"` kept as it is (Reading RD-MARKER-TEXT).

    The signs ≤ and ≥ become `<=` and `>=`.
    """
    if isinstance(value, str):
        text = value.translate(_SIGNS)
        short = len(text) <= converters.LONGEST_NUMBER
        matched = _MARKER_TEXT.fullmatch(text) if short else None
        if not matched or not Decimal(matched[1]):
            raise ValueError(f'must be a number above 0 or text like "<3", got {shown(value)}')
        if "<" in text or ">" in text:
            return text
        value = Decimal(matched[1])
    if isinstance(value, bool) or not isinstance(value, (Decimal, Real)):
        raise ValueError(f'must be a number above 0 or text like "<3", got {shown(value)}')
    number: Decimal = value if isinstance(value, Decimal) else Decimal(str(value))
    if not number.is_finite() or number <= 0:
        raise ValueError(f"must be a number above 0, got {shown(value)}")
    if not _LEAST_MARKER <= number <= _LARGEST_MARKER:
        span = f"{_LEAST_MARKER} to {_LARGEST_MARKER}"
        raise ValueError(f"must be from {span}, got {shown(value)}")
    return number
