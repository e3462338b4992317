"""What a record of a chart cannot say by itself.

Each function takes a record, or what a reader could make out of one: a value that was refused is
`MISSING`, and no further mistake follows from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import attrs

from .._base.converters import shown
from .._base.words import Status

__all__ = [
    "MISSING",
    "Mistakes",
    "comparable",
    "mistakes_in_finding",
    "mistakes_in_line",
    "mistakes_in_timepoint",
    "read",
    "twice",
]

MISSING: Any = attrs.NOTHING
"""Stands for a value that was itself refused: no further mistake follows from it."""

Mistakes = Iterator[tuple[str, str]]
"""Where a mistake lies, and what it is."""


def read(records: Any) -> Any:
    """The records of a list; none where the list could not be read."""
    return () if records is MISSING else records


def mistakes_in_finding(finding: Any) -> Mistakes:
    """What a finding cannot say of one lesion at once."""
    status, into = finding.status, finding.into
    if into is not None and into is not MISSING:
        for alias, value in (("status", status), *_lengths(finding)):
            if value is not None and value is not MISSING:
                yield alias, "must be left out where into is given"
    elif status is Status.ABSENT or status is Status.NOT_EVALUABLE:
        for alias, size in _lengths(finding):
            if size is not None and size is not MISSING and size > 0:
                yield (
                    alias,
                    f'must be 0 or left out where status is "{status}", got {size / 1000:g}',
                )
    elif status is None and into is None and not _has_size(finding):
        yield "", "must have a status or a size"


def _has_size(finding: Any) -> bool:
    """Whether a finding gives a size, or one that was refused."""
    return (
        finding.viable_um is not None
        or finding.longest_um is not None
        or finding.short_axis_um is not None
    )


def _lengths(finding: Any) -> list[tuple[str, Any]]:
    """The sizes, widths and volume of a finding, as a document calls them."""
    return [
        ("viable_mm", finding.viable_um),
        ("longest_mm", finding.longest_um),
        ("short_axis_mm", finding.short_axis_um),
        ("viable_perp_mm", finding.viable_perp_um),
        ("longest_perp_mm", finding.longest_perp_um),
        ("volume_viable_ml", finding.volume_viable_ul),
    ]


def mistakes_in_timepoint(timepoint: Any) -> Mistakes:
    """Lesions that a time point records twice."""
    yield from twice(read(timepoint.findings), "lesion", "findings")


def mistakes_in_line(line: Any) -> Mistakes:
    """What a line of therapy cannot say by itself."""
    if comparable(line.start, line.stop) and line.stop < line.start:
        yield "stop", f"must not be before the start {line.start}, got {line.stop}"
    if line.targets and line.nontargets:
        targets = set(line.targets)
        for i, lesion in enumerate(line.nontargets):
            if lesion in targets and lesion is not MISSING:
                yield f"nontargets[{i}]", f"must not be a target as well, got {shown(lesion)}"


def twice(records: Sequence[Any], name: str, path: str) -> Mistakes:
    """Records of a list that share what no two may share."""
    if len({getattr(record, name) for record in records}) == len(records):
        return
    seen: dict[Any, int] = {}
    for i, record in enumerate(records):
        value = getattr(record, name)
        if value is MISSING:
            continue
        first = seen.setdefault(value, i)
        if first != i:
            told = shown(value) if isinstance(value, str) else value
            yield f"{path}[{i}].{name}", f"must be unique, got {told} as in {path}[{first}]"


def comparable(one: Any, other: Any) -> bool:
    """Whether two dates are both there and of one kind."""
    if one is None or other is None or one is MISSING or other is MISSING:
        return False
    return isinstance(one, int) == isinstance(other, int)
