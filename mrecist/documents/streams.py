"""Case documents from files and streams, one a file or one a line, and documents into files.

However many there are, one is held at a time.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import IO, Any

import attrs

from .._base import json_text
from .._base.errors import CaseError, DocumentError, check_type
from .._base.json_text import dumps, is_blank, parse
from ..model import Patient
from .case import InvalidCase, from_case

__all__ = [
    "Whole",
    "checked",
    "documents",
    "parse_case",
    "read_case",
    "read_cases",
    "write_documents",
]


def parse_case(text: str | bytes) -> Patient | InvalidCase:
    """One case from JSON text; one that is not valid, or not JSON, comes back as `InvalidCase`.

    Args:
        text: One document; bytes are read as UTF-8.

    Returns:
        The chart, or every mistake of the document.

    Raises:
        TypeError: Neither text nor bytes.

    Example:
        >>> parse_case('{"format": "mrecist-case/1", "patient": "P-001"}').errors
        ('lesions: must be given', 'timepoints: must be given', 'lines: must be given')
    """
    check_type(text, (str, bytes), "parse_case() takes JSON text")
    if isinstance(text, bytes) and len(text) <= json_text.LONGEST_DOCUMENT:
        text = text.rstrip(b"\r\n")  # so that a line which breaks off does so on line 1
    try:
        document = parse(text)
    except DocumentError as error:
        return InvalidCase(None, (str(error),))
    return checked(document)


def checked(document: Any) -> Patient | InvalidCase:
    try:
        return from_case(document)
    except CaseError as error:
        patient = document.get("patient") if isinstance(document, Mapping) else None
        return InvalidCase(patient if isinstance(patient, str) else None, tuple(error.lines))


def read_case(path: str | os.PathLike[str]) -> Patient:
    """The one case of a JSON file.

    Args:
        path: The file.

    Returns:
        The chart.

    Raises:
        CaseError: Every mistake of the document.
        DocumentError: The file is not JSON.
        OSError: The file cannot be read.

    Example:
        patient = mrecist.read_case("case.json")
        print(mrecist.assess(patient))
    """
    with open(os.fspath(path), "rb") as file:
        return from_case(parse(file.read(json_text.LONGEST_DOCUMENT + 1)))


def read_cases(source: str | os.PathLike[str] | IO[bytes]) -> Iterator[Patient | InvalidCase]:
    """The cases of a file or a binary stream in turn, however many there are.

    Args:
        source: A name that ends in `.jsonl` or `.ndjson` holds one case per line, `.json` one case;
            any other source is looked at.

    Returns:
        Charts, one at a time; a case that is not valid comes in its place as an `InvalidCase`.

    Raises:
        DocumentError: A single document is not JSON.
        OSError: The file cannot be read.
        TypeError: Neither a path nor a binary stream.

    Example:
        >>> stream = io.BytesIO(b'{"format": "mrecist-case/1"}')
        >>> [type(case).__name__ for case in read_cases(stream)]
        ['InvalidCase']
    """
    for text in documents(source):
        yield parse_case(text) if isinstance(text, bytes) else checked(text.document)


@attrs.frozen
class Whole:
    """A document that was the only one of its source, parsed."""

    document: Any


def documents(source: str | os.PathLike[str] | IO[bytes]) -> Iterator[bytes | Whole]:
    """The lines of a stream of documents, blank ones left out; or its one document, parsed."""
    if isinstance(source, (str, os.PathLike)):
        with open(source, "rb") as file:
            name = str(source).lower()
            if name.endswith((".jsonl", ".ndjson")):
                yield from _lines(file)
            elif name.endswith(".json"):
                yield Whole(parse(file.read(json_text.LONGEST_DOCUMENT + 1)))
            else:
                yield from _looked_at(file)
    elif hasattr(source, "readline"):
        yield from _looked_at(source)
    else:
        told = "cases are read from the path of a file, or from a binary stream"
        raise TypeError(f"{told}, got {type(source).__name__}")


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    """The lines of a stream that are not blank."""
    line = _next_line(file)
    while line:
        if not is_blank(line):
            yield line
        line = _next_line(file)


def _next_line(file: IO[bytes]) -> bytes:
    """One line; of one that is too long only as much as shows it, the rest is passed over."""
    line = part = file.readline(json_text.LONGEST_DOCUMENT + 2)
    while len(line) > json_text.LONGEST_DOCUMENT and part and not part.endswith(b"\n"):
        part = file.readline(2**20)
    return line


def _looked_at(file: IO[bytes]) -> Iterator[bytes | Whole]:
    """Documents of a source whose name does not tell: one a line, or one over many lines."""
    lines = _lines(file)
    first = next(lines, b"")
    try:
        whole = parse(first)
    except DocumentError:
        if len(first) <= json_text.LONGEST_DOCUMENT:
            yield from _over_many_lines(first, file)
            return
    second = next(lines, None)
    if second is not None:
        yield from (first, second)
        yield from lines
    elif len(first) > json_text.LONGEST_DOCUMENT:
        parse(first)
    else:
        yield Whole(whole)


def _over_many_lines(first: bytes, file: IO[bytes]) -> Iterator[bytes | Whole]:
    """One document that began with a line that is none; or else a stream whose first is broken."""
    text = first + file.read(json_text.LONGEST_DOCUMENT + 1)
    try:
        yield Whole(parse(text))
    except DocumentError:
        if not _has_a_document_line(text):
            raise
        yield from _lines(_rejoined(text, file))


def _rejoined(head: bytes, file: IO[bytes]) -> IO[bytes]:
    """A stream whose beginning has been read, whole again."""

    class Rejoined(io.RawIOBase):
        rest = head

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            part = self.rest[: len(buffer)] or file.readline(len(buffer))
            self.rest = self.rest[len(buffer) :]
            buffer[: len(part)] = part
            return len(part)

    return io.BufferedReader(Rejoined())


def _has_a_document_line(text: bytes) -> bool:
    """Whether some line of a text is a whole JSON object: then it is one document a line."""
    for line in text.splitlines():
        try:
            if isinstance(parse(line), dict) and line.strip() != b"{}":
                return True
        except DocumentError:
            continue
    return False


def write_documents(documents: Iterable[Mapping[str, Any]], path: str | os.PathLike[str]) -> None:
    """Write documents to a file: one per line for `.jsonl`, else the only one, indented.

    The file is replaced once all is written, so that it may be the one that documents come from.

    Args:
        documents: What `to_case`, `to_assessment` and `to_error` return; taken one at a time.
        path: A file; `.jsonl` and `.ndjson` hold any number of documents, others hold one.

    Raises:
        ValueError: More than one document, or none, for a file of one; the file is not touched.
        OSError: The file cannot be written.
        TypeError: `documents` is no iterable.

    Example:
        assessments = map(mrecist.assess, patients)
        mrecist.write_documents(map(mrecist.to_assessment, assessments), "assessments.jsonl")
    """
    from .._base.outputs import replacing, write_text  # few runs write files

    check_type(documents, Iterable, "write_documents() takes several documents")
    if str(path).lower().endswith((".jsonl", ".ndjson")):
        with replacing(path) as new, new.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(dumps(document) + "\n" for document in documents)
        return
    each: Sequence[Mapping[str, Any]] = list(documents)
    if len(each) != 1:
        raise ValueError(f"{path} holds one document, got {len(each)}; end its name in .jsonl")
    write_text(path, dumps(each[0], indent=2) + "\n")
