"""Resources of FHIR: from bundles, lists, files and folders, and what they refer to.

A resource is known by its place (the file, or "FHIR", and its number there) and by its reference,
such as `Observation/o1`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs

from .._base.converters import shown
from .._base.errors import DocumentError
from .._base.json_text import LONGEST_DOCUMENT, parse
from .errors import IntakeError
from .fhir_values import Element, items, text
from .problems import Notes

__all__ = ["ENDINGS", "Resource", "Resources"]

ENDINGS = (".json", ".ndjson", ".jsonl")
"""The files of a folder that are read, by their ending."""

_LEFT_OUT = frozenset({
    "entered-in-error", "cancelled", "not-done", "not-taken", "abandoned", "intended", "draft",
    "preparation",
})  # fmt: skip
"""What a status is of a record that is withdrawn, or of what was not or not yet done."""
_BEFORE = b"\xef\xbb\xbf \t\r\n"
_REFERENCE = re.compile(r"(?:.*/)?([A-Z][A-Za-z]+)/([^/]+?)(?:/_history/.*)?")
_MOST_NESTED = 20


@attrs.frozen(eq=False)
class Resource:
    """One resource, with the place that it stands in."""

    kind: str
    body: Element
    source: str
    row: int
    url: str | None = None

    @property
    def id(self) -> str | None:
        """The logical id."""
        return text(self.body.get("id"))

    @property
    def is_left_out(self) -> bool:
        """Whether the record is withdrawn, or says that something was not, or not yet, done."""
        forbidden = self.body.get("doNotPerform") is True
        return forbidden or text(self.body.get("status")) in _LEFT_OUT

    @property
    def name(self) -> str:
        """What others refer to it by, else its place."""
        return f"{self.kind}/{self.id}" if self.id else f"{self.source}:{self.row}"


class Resources:
    """All resources of a source, in their order; what cannot be read stands in `notes`."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self.every: list[Resource] = []
        self.files: list[str] = []
        self._by_reference: dict[str, Resource] = {}

    @classmethod
    def read(cls, source: Any, notes: Notes) -> Resources:
        """The resources of a bundle, a list of resources, a file, a folder, or several files."""
        made = cls(notes)
        if isinstance(source, (str, os.PathLike)):
            made._read_path(Path(source))
        else:
            made._take(source, "FHIR", [0])
        if not made.every and notes.mistakes:
            raise IntakeError(notes.mistakes)
        if not made.every:
            raise _fault("FHIR", "there is no resource of FHIR in it")
        return made

    def of(self, *kinds: str) -> Iterator[Resource]:
        """The resources of some kinds, without those that say that nothing was done."""
        for each in self.every:
            if each.kind in kinds and not each.is_left_out:
                yield each

    def left_out(self, *kinds: str) -> Iterator[Resource]:
        """The resources of some kinds that are withdrawn, or say that nothing was done."""
        for each in self.every:
            if each.kind in kinds and each.is_left_out:
                yield each

    # ---- references

    def referred(self, reference: Any, within: Resource) -> Resource | None:
        """The resource that a reference names, if it is there."""
        target = _target(reference)
        if target is None:
            return None
        if target.startswith("#"):
            for each in items(within.body.get("contained")):
                if text(each.get("id")) == target[1:]:
                    kind = text(each.get("resourceType")) or ""
                    return Resource(kind, each, within.source, within.row)
            return None
        found = self._by_reference.get(target)
        match = _REFERENCE.fullmatch(target)
        if found is None and match is not None:
            found = self._by_reference.get(f"{match[1]}/{match[2]}")
        return found

    def named(self, reference: Any, within: Resource) -> tuple[str | None, str | None]:
        """The kind and the id of what a reference names, whether it is there or not."""
        found = self.referred(reference, within)
        if found is not None and found.id is not None:
            return found.kind, found.id
        target = _target(reference)
        if target is None:
            identifier = reference.get("identifier") if isinstance(reference, Mapping) else None
            value = text(identifier.get("value")) if isinstance(identifier, Mapping) else None
            kind = text(reference.get("type")) if isinstance(reference, Mapping) else None
            return kind, value
        match = _REFERENCE.fullmatch(target)
        if match is not None:
            return match[1], match[2]
        return (None if found is None else found.kind), target.removeprefix("urn:uuid:")

    # ---- read

    def _read_path(self, path: Path) -> None:
        if path.is_dir():
            inside = sorted(each for each in path.iterdir() if each.name.lower().endswith(ENDINGS))
            if not inside:
                raise _fault(path.name, f"no file in it ends in {' or '.join(ENDINGS)}")
            for each in inside:
                if each.exists() and not each.is_file():
                    raise _fault(each.name, "no regular file")
                self._read_file(each)
        else:
            self._read_file(path)

    def _read_file(self, path: Path) -> None:
        content = path.read_bytes()
        self.files.append(str(path))
        if path.name.lower().endswith(".json") and len(content) > LONGEST_DOCUMENT:
            told = f"longer than {LONGEST_DOCUMENT} bytes: give it as .ndjson, a resource a line"
            self._refuse(path.name, None, told)
        elif path.name.lower().endswith(".json"):
            try:
                self._take(parse(content), path.name, [0])
            except DocumentError as error:
                self._refuse(path.name, None, str(error))
        elif path.name.lower().endswith(ENDINGS) or content.lstrip(_BEFORE)[:1] == b"{":
            self._read_lines(path, content)
        else:
            self._refuse(path.name, None, "not JSON: FHIR in XML or in Shorthand is not read")

    def _read_lines(self, path: Path, content: bytes) -> None:
        counter = [0]
        for line in content.removeprefix(b"\xef\xbb\xbf").splitlines():
            if not line.strip():
                continue
            try:
                self._take(parse(line), path.name, counter)
            except DocumentError as error:
                self._refuse(path.name, counter[0], str(error))
                counter[0] += 1

    def _refuse(self, source: str, row: int | None, told: str) -> None:
        self.notes.refuse("NOT_A_TABLE", None, source, row, "", told)

    def _take(self, given: Any, source: str, counter: list[int], nested: int = 0) -> None:
        """Take what is given in: a bundle, a resource, or many; `counter` numbers resources."""
        given = _plain(given)
        if isinstance(given, Mapping) and given.get("resourceType") == "Bundle":
            self._take_bundle(given, source, counter, nested)
        elif isinstance(given, Mapping):
            self._keep(given, source, counter, None)
        elif isinstance(given, (str, os.PathLike)) and nested == 1:
            self._read_path(Path(given))
        elif isinstance(given, Iterable) and not isinstance(given, (str, bytes)) and nested < 2:
            for each in given:
                self._take(each, source, counter, nested + 1)
        else:
            self._refuse(source, counter[0], f"must be a resource of FHIR, got {shown(given)}")
            counter[0] += 1

    def _take_bundle(self, bundle: Element, source: str, counter: list[int], nested: int) -> None:
        entries = bundle.get("entry")
        for entry in entries if isinstance(entries, list) else []:
            resource = entry.get("resource") if isinstance(entry, Mapping) else entry
            if resource is None and isinstance(entry, Mapping):
                continue
            if not isinstance(resource, Mapping) or not isinstance(entry, Mapping):
                self._refuse(source, counter[0], f"must be an entry, got {shown(entry)}")
                counter[0] += 1
            elif resource.get("resourceType") == "Bundle" and nested < _MOST_NESTED:
                self._take_bundle(resource, source, counter, nested + 1)
            else:
                self._keep(resource, source, counter, text(entry.get("fullUrl")))

    def _keep(self, body: Element, source: str, counter: list[int], url: str | None) -> None:
        row = counter[0]
        counter[0] += 1
        kind = text(body.get("resourceType"))
        if kind is None:
            self._refuse(source, row, "must be a resource of FHIR: it has no resourceType")
            return
        made = Resource(kind, body, source, row, url)
        self.every.append(made)
        if url is not None:
            self._by_reference.setdefault(url, made)
        if made.id is not None:
            self._by_reference.setdefault(f"{kind}/{made.id}", made)


def _plain(given: Any) -> Any:
    """A resource of `fhir.resources` as plain values."""
    dump = getattr(given, "model_dump", None)
    return dump() if callable(dump) else given


def _target(reference: Any) -> str | None:
    return text(reference.get("reference")) if isinstance(reference, Mapping) else None


def _fault(name: str, told: str) -> IntakeError:
    return IntakeError([(None, name, None, "", f"NOT_A_TABLE: {told}")])
