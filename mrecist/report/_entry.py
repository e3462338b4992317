"""One row of the index of a report."""

from __future__ import annotations

import hashlib
import re

import attrs

__all__ = ["INDEX", "PATIENTS", "Entry", "PageNames"]

INDEX, PATIENTS = "index.html", "patients"
"""The page that leads to all others, and the folder that they lie in."""

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)*")
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9_-]+")
_OF_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)")
_LONGEST = 60


class PageNames:
    """The names of pages: each that of its patient, as far as every system takes it for a file.

    Any other id is what can be kept of it and a digest of all of it. No two pages share a name,
    not even where case is ignored.
    """

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def of(self, patient: str) -> str:
        """The name of one more page."""
        plain = len(patient) <= _LONGEST and _PLAIN.fullmatch(patient)
        stem = patient if plain and not _OF_DEVICES.match(patient) else _digested(patient)
        if stem.casefold() in self._taken:
            stem = _digested(patient)
        name, count = stem, 1
        while name.casefold() in self._taken:
            count += 1
            name = f"{stem}-{count}"
        self._taken.add(name.casefold())
        return f"{name}.html"


def _digested(patient: str) -> str:
    kept = _NOT_PLAIN.sub("-", patient[:_LONGEST]).strip("-")
    digest = hashlib.sha256(patient.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"{kept or 'patient'}-{digest}"


@attrs.frozen(kw_only=True)
class Entry:
    """A patient in the index: where the page is and what it comes to, or every mistake."""

    where: str
    patient: str | None
    href: str = ""
    errors: tuple[str, ...] = ()
    lines: tuple[tuple[str, bool, str], ...] = ()
    latest: tuple[str, str] | None = None
    follow_ups: int = 0
    problems: int = 0
    readers_differ: int = 0
    criteria_differ: int = 0
