"""Verdicts that readers gave by different criteria, as one value of a record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import attrs

from . import converters
from .errors import check_type
from .words import Response

__all__ = ["ReportedBy", "verdict"]

verdict = converters.word(Response, without=(Response.ND,))
"""The converter of a word that a reader may report."""


def _pairs(
    words: Mapping[str, Response | str] | Iterable[tuple[str, Response | str]],
) -> tuple[tuple[str, Response], ...]:
    check_type(words, Iterable, "ReportedBy() takes words by the names of criteria")
    pairs = words.items() if isinstance(words, Mapping) else words
    return tuple((criteria, verdict(word)) for criteria, word in pairs)


@attrs.frozen(eq=False, repr=False)
class ReportedBy(Mapping[str, Response]):
    """One reported verdict for each named criteria. Equal to any mapping of the same words."""

    _words: tuple[tuple[str, Response], ...] = attrs.field(converter=_pairs)

    def __getitem__(self, criteria: str) -> Response:
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
