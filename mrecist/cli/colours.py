"""Colours of responses on a terminal."""

from __future__ import annotations

from .._base.words import Response
from ..patient.assessment import Style

__all__ = ["coloured"]

_COLOURS: dict[Style, str] = {
    "head": "1",
    Response.CR: "32",
    Response.PR: "32",
    Response.SD: "33",
    Response.NON_CR_NON_PD: "33",
    Response.PD: "31",
}


def coloured(text: str, style: Style) -> str:
    """Text in the colour of its style, for a terminal."""
    return f"\033[{_COLOURS[style]}m{text}\033[0m" if style in _COLOURS else text
