"""A file of case documents, one a line or one alone, by its name or looked at."""

from __future__ import annotations

import io
from pathlib import Path
from tempfile import TemporaryDirectory

from mrecist._base.errors import DocumentError
from mrecist._base.json_text import dumps
from mrecist.documents.answer import to_error
from mrecist.documents.case import InvalidCase
from mrecist.documents.streams import parse_case, read_case, read_cases

from .documents import SHARED_MEMORY, is_a_line

MARK = "\ufeff".encode()
_FOLDER = TemporaryDirectory(prefix="mrecist-fuzz-", dir=SHARED_MEMORY)
_JSONL, _JSON = (Path(_FOLDER.name) / name for name in ("cases.jsonl", "case.json"))


def check(data: bytes) -> None:
    """Each line that is not blank has one answer, in order: that of the line read alone.

    A source whose name does not tell is read like the stream, or like the one document.
    """
    lines = [line for line in data.split(b"\n") if line.replace(MARK, b"").strip()]
    _JSONL.write_bytes(data)
    answers = list(read_cases(_JSONL))
    assert answers == [parse_case(line) for line in lines]
    for answer in answers:
        if isinstance(answer, InvalidCase):
            assert answer.errors
            for error in answer.errors:
                is_a_line(error)
            dumps(to_error(answer))
    looked_at(data, answers)


def looked_at(data: bytes, answers: list[object]) -> None:
    """Read a stream without a name, and as one document; whichever it is, the answer is one."""
    _JSON.write_bytes(data)
    try:
        one = list(read_cases(_JSON))
        assert len(one) == 1
    except DocumentError as error:
        is_a_line(str(error))
        one = []
    try:
        found = list(read_cases(io.BytesIO(data)))
    except DocumentError as error:
        is_a_line(str(error))
        assert not one, "a document is read by its name alone"
        return
    assert found in (one, answers)
    if one:
        assert found == one, "a document is taken for a stream"
        same_alone(one[0])


def same_alone(case: object) -> None:
    """`read_case` gives the chart of the one document, or raises."""
    try:
        assert read_case(_JSON) == case
    except ValueError:
        assert isinstance(case, InvalidCase)
