"""One case document: JSON text into a chart, a verdict and back."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from typing import Any

import mrecist
from mrecist._base.converters import shown
from mrecist._base.errors import CaseError, DocumentError
from mrecist._base.json_text import dumps, parse
from mrecist.documents.answer import to_assessment
from mrecist.documents.case import from_case, to_case
from mrecist.rulebook.criteria import CRITERIA

SHARED_MEMORY = "/dev/shm" if os.path.isdir("/dev/shm") else None
"""Where the files of a check lie: in memory, if the machine has it so."""

_CRITERIA = tuple(CRITERIA.values())
STEP = re.compile(r"([^][.'\"]+)|\[(\d+)\]")
QUOTED = re.compile(r"""\[(?:'.*'|".*"|(?:'|").*\.\.\. \(\d+ characters\))\]""")
"""A key that is no name, or a long one, as an error message quotes it."""


def check(data: bytes) -> None:
    """Bytes are refused in one line, or the document with paths that are there, or it is a chart.

    A chart comes back equal from its own document, and is judged, by one of the criteria.
    """
    try:
        document = parse(data)
    except DocumentError as error:
        is_a_line(str(error))
        return
    try:
        patient = from_case(document)
    except CaseError as error:
        mistakes_are_sound(document, error)
        return
    back = to_case(patient)
    assert from_case(parse(dumps(back)) if len(data) & 2 else back) == patient
    criteria = _CRITERIA[len(data) % len(_CRITERIA)]
    answer = to_assessment(mrecist.assess(patient, criteria=criteria))
    assert len(answer["lines"]) == len(patient.lines)
    dumps(answer)


def mistakes_are_sound(document: Any, error: CaseError) -> None:
    """Every mistake is one line of text, and its path leads somewhere, or to what lacks."""
    assert error.mistakes
    assert len(set(error.mistakes)) == len(error.mistakes), "a mistake is told twice"
    for path, message in error.mistakes:
        is_a_line(message)
        leads_somewhere(document, path)
    for line in error.lines:
        is_a_line(line)


def are_lines(texts: Sequence[str]) -> None:
    """At least one text, each of which says something in one line."""
    assert texts, "no message"
    for text in texts:
        is_a_line(text)


def is_a_line(text: str) -> None:
    """Text that says something, in one line."""
    assert text.strip(), "an empty message"
    assert len(text.splitlines()) == 1, f"a message of several lines: {text!r}"


def leads_somewhere(document: Any, path: str) -> None:
    """Every step of a path but the last is in the document; the last may be what lacks.

    A key that is no name is quoted within brackets, and is the last step.
    """
    here, at = document, 0
    while at < len(path):
        at += path[at] == "." and at > 0
        step = STEP.match(path, at)
        if step is None:
            assert isinstance(here, Mapping), f"{path!r} leads nowhere"
            assert QUOTED.fullmatch(path, at), f"{path!r} is no path"
            assert path[at + 1 : -1] in map(shown, here), f"{path!r} leads nowhere"
            return
        at = step.end()
        if step[2] is not None:
            assert isinstance(here, list), f"{path!r} leads nowhere"
            assert int(step[2]) < len(here), f"{path!r} leads nowhere"
            here = here[int(step[2])]
        elif not isinstance(here, Mapping) or step[1] not in here:
            assert isinstance(here, Mapping), f"{path!r} leads nowhere"
            assert at == len(path) or here.get(step[1]) is None, f"{path!r} leads nowhere"
            return
        else:
            here = here[step[1]]
