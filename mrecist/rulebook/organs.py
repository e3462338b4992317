"""The organ that a text names, by its words: sides, plurals, and what the liver is called."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import product

__all__ = ["LIVER", "organ", "spelling"]

LIVER = "liver"
"""The organ whose lesions have rules of their own."""

_PUNCTUATION = str.maketrans(dict.fromkeys(".,;:()-/_", " "))
_SIDES = frozenset({"left", "right", "both", "bilateral"})
_GLAND = re.compile(r"(?<!\S)adrenal glands?(?!\S)")
_SINGULAR = {
    "lungs": "lung",
    "kidneys": "kidney",
    "ovaries": "ovary",
    "breasts": "breast",
    "adrenals": "adrenal",
}

# ---- the liver (RD-LIVER-WORDS)

_NAMES = frozenset({"liver", "hepatic", "hepar"})
_SEGMENT = frozenset({"segment", "segments", "seg", "sgt"})
_NUMBERS = frozenset({
    "1", "2", "3", "4", "4a", "4b", "5", "6", "7", "8",
    "i", "ii", "iii", "iv", "iva", "ivb", "v", "vi", "vii", "viii",
})  # fmt: skip
_NUMBERED = frozenset("s" + number for number in _NUMBERS)
_LEVELS = frozenset({"upper", "lower"})
_PARTS = frozenset({
    "lobe", "lobes", "sector", "caudate", "quadrate", "dome", "parenchyma", "medial", "lateral",
    "anterior", "posterior", "superior", "inferior", "the", "of", "in", "and",
})  # fmt: skip
_OF_THE_LIVER = _NAMES | _SEGMENT | _NUMBERS | _NUMBERED | _LEVELS | _PARTS
_ENOUGH = (
    *({word} for word in sorted(_NAMES | _NUMBERED | {"caudate"})),
    *map(set, product(sorted(_SEGMENT), sorted(_NUMBERS))),
)
"""Words that, together in a text of such words only, say that it is the liver."""


@lru_cache(maxsize=4096)
def organ(text: str) -> str:
    """The organ that a text names: sides dropped, paired organs in the singular (TSEL-02).

    Every text that tells of the liver by its words is `LIVER` (Reading RD-LIVER-WORDS).
    """
    words = [word for word in text.lower().translate(_PUNCTUATION).split() if word not in _SIDES]
    if _is_liver(frozenset(words)):
        return LIVER
    singular = _GLAND.sub("adrenal", " ".join(words)).split()
    return " ".join(_SINGULAR.get(word, word) for word in singular)


def spelling(text: str) -> str:
    """A text of an organ by which its spellings compare: case, blanks and marks are no difference.

    Two texts that differ otherwise, such as `left lung` and `right lung`, name two places.
    """
    return " ".join(text.lower().translate(_PUNCTUATION).split())


def _is_liver(words: frozenset[str]) -> bool:
    """Whether these words, sides dropped, tell of the liver and of nothing else."""
    if not words <= _OF_THE_LIVER or (words & _LEVELS and not words & _NAMES):
        return False
    return any(enough <= words for enough in _ENOUGH)
