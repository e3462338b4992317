"""Words that every page says: the limits of use, what evidence levels mean, text made harmless."""

from __future__ import annotations

from .._base.html import harmless
from ..rulebook.papers import Evidence

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
