"""Words that every page says: the limits of use, what evidence levels mean, text made harmless."""

from __future__ import annotations

import re

from ..sources import Evidence

__all__ = ["LEVELS", "LIMITS", "harmless"]

LIMITS = (
    "Research software, not a medical device. It does not replace a reader or a tumour board, and "
    "nothing on this page is advice on treatment.",
    "Verdicts follow from the findings as they were recorded; what was not recorded is not guessed "
    "and counts as not evaluable.",
    "HCC mRECIST of Lencioni and Llovet (2010), not the mesothelioma or the mouse rules that go by "
    "the same name. Rules marked recalled were not checked against the paper.",
    "Tumour markers, liver function, symptoms and doses stand beside the verdicts and never enter "
    "them.",
)

LEVELS = {level.name.lower(): level.value for level in Evidence}

# What steers a terminal or a parser, and what turns the direction of the text around it.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def harmless(text: str) -> str:
    """Text in which control characters and such as turn its direction are written out."""
    return _UNSEEN.sub(lambda found: ascii(found[0])[1:-1], text)
