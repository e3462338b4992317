"""One row of the index of a report."""

from __future__ import annotations

import attrs

__all__ = ["Entry"]

PATIENTS = "patients"


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
