"""Verdicts that readers gave by different criteria, as one value of a record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

from . import converters
from .errors import check_type
from .words import ImmuneResponse, Response, Said

__all__ = [
    "STABLE_WORDS",
    "VERDICTS",
    "ReportedBy",
    "Word",
    "call_stable",
    "said_code",
    "stable_cure",
    "verdict",
]

Word = Response | ImmuneResponse
"""A verdict that a reader may report."""

_PLAIN = {str(each): each for each in Response if each is not Response.ND}
_WITH_I: dict[str, ImmuneResponse] = {
    str(each): each for each in ImmuneResponse if str(each) not in tuple(Response)
}


VERDICTS: tuple[Word, ...] = tuple(
    _PLAIN.get(str(each)) or _WITH_I.get(str(each)) or Response.ND for each in Said
)
"""The verdict that each code of `Said` stands for."""


def said_code(word: Word) -> int:
    """The code of a verdict in tables."""
    return Said(str(word)).code  # type: ignore[call-arg, arg-type]


STABLE_WORDS: dict[str, str] = {"who": "NC"}
"""What criteria call stable disease, by their names, where it is not SD (Reading RD-WHO-NC)."""


def call_stable(criteria: str, word: str) -> None:
    """Make the word known that criteria of this name have for stable disease."""
    if word != Response.SD:
        STABLE_WORDS[criteria] = word


def stable_cure(value: Any) -> str:
    """What to do with a word that only some criteria have for stable disease; else empty."""
    folded = value.casefold() if isinstance(value, str) else None
    names = [name for name, word in STABLE_WORDS.items() if word.casefold() == folded]
    if not names:
        return ""
    return (
        f"; it is the word for SD of {' and '.join(names)} alone: report it by these criteria "
        f'({{"{names[0]}": "{STABLE_WORDS[names[0]]}"}}, in tables the column reported:{names[0]})'
    )


def verdict(value: Any, criteria: str | None = None) -> Word:
    """The converter of a word that a reader may report, by criteria of a name where it is given.

    A word with an i is that of iRECIST. What the criteria call stable disease is SD.
    """
    if isinstance(value, str):
        if criteria is not None and value == STABLE_WORDS.get(criteria):
            return Response.SD
        if (plain := _PLAIN.get(value)) is not None:
            return plain
        if (immune := _WITH_I.get(value)) is not None:
            return immune
    words = ", ".join(f'"{known}"' for known in (*_PLAIN, *_WITH_I))
    raise ValueError(f"must be one of {words}, got {converters.shown(value)}{stable_cure(value)}")


def _pairs(
    words: Mapping[str, Word | str] | Iterable[tuple[str, Word | str]],
) -> tuple[tuple[str, Word], ...]:
    check_type(words, Iterable, "ReportedBy() takes words by the names of criteria")
    pairs = words.items() if isinstance(words, Mapping) else words
    return tuple((criteria, verdict(word, criteria)) for criteria, word in pairs)


@attrs.frozen(eq=False, repr=False)
class ReportedBy(Mapping[str, Word]):
    """One reported verdict for each named criteria. Equal to any mapping of the same words."""

    _words: tuple[tuple[str, Word], ...] = attrs.field(converter=_pairs)

    def __getitem__(self, criteria: str) -> Word:
        return dict(self._words)[criteria]

    def __iter__(self) -> Iterator[str]:
        return (criteria for criteria, _ in self._words)

    def __len__(self) -> int:
        return len(self._words)

    def __hash__(self) -> int:
        return hash(frozenset(self._words))

    def __repr__(self) -> str:
        words = ", ".join(f'{name!r}: "{word}"' for name, word in self._words)
        return f"ReportedBy({{{words}}})"

    def __str__(self) -> str:
        return ", ".join(f"{name}: {word}" for name, word in self._words)
