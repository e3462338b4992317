"""Which measurements of several dates are of one lesion, by what reports say to track them.

A tracking identifier names a lesion unless it names the tool of a viewer, or several things at one
date. A tracking unique identifier does where it recurs on another date (viewers make a new one at
each export), unless a report gives it to several things.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from .._base.converters import shown
from .dicom_content import MeasurementGroup

__all__ = ["KEYS", "LesionKey", "lesions_of"]

LesionKey = str | Callable[[MeasurementGroup], "str | None"]
"""What names the lesion of a group: a field of it, or a function."""

KEYS = ("tracking_id", "tracking_uid", "finding")
"""The fields that may name the lesion."""

_TOOL = re.compile(r"cornerstone|@[~^]?[0-9]+\.", re.IGNORECASE)

Owner = tuple[str | None, str | None]


def lesions_of(
    groups: Iterable[MeasurementGroup], key: LesionKey | None
) -> dict[MeasurementGroup, str | None]:
    """The id of the lesion of each group; `None` where nothing tells it."""
    if key is not None:
        return {group: _keyed(group, key) for group in groups}
    each = list(groups)
    owned: dict[Owner, list[MeasurementGroup]] = defaultdict(list)
    for group in each:
        owned[group.patient, group.reader].append(group)
    names = {owner: _names(own) for owner, own in owned.items()}
    return {group: names[group.patient, group.reader](group) for group in each}


def _keyed(group: MeasurementGroup, key: LesionKey) -> str | None:
    value: Any = getattr(group, key) if isinstance(key, str) else key(group)
    if value is None or isinstance(value, str):
        return (value or "").strip() or None
    raise TypeError(f"lesion_key must give text or None, got {shown(value)}")


def _names(groups: list[MeasurementGroup]) -> Callable[[MeasurementGroup], str | None]:
    """The names of the lesions of one patient, as one reader tracked them."""
    labels, several = _labels(groups), _shared(groups)
    dates: dict[str, set[Any]] = defaultdict(set)
    first: dict[str, str] = {}
    for group in sorted(groups, key=lambda each: str(each.date)):
        if group.tracking_uid is not None and group.tracking_uid not in several:
            dates[group.tracking_uid].add(group.date)
            if group.tracking_id in labels:
                first.setdefault(group.tracking_uid, group.tracking_id)

    def name(group: MeasurementGroup) -> str | None:
        uid = group.tracking_uid
        if uid is not None and len(dates[uid]) > 1:
            return first.get(uid, uid)
        return group.tracking_id if group.tracking_id in labels else None

    return name


def _shared(groups: list[MeasurementGroup]) -> set[str | None]:
    """The unique identifiers that a report gives to several things: they track none of them."""
    counts = Counter((group.tracking_uid, group.source) for group in groups)
    return {uid for (uid, _), count in counts.items() if count > 1}


def _labels(groups: list[MeasurementGroup]) -> set[str]:
    """The tracking identifiers that name one lesion: no tool, and one thing at each date.

    Two reports of one date may both measure it, under one unique identifier or under none.
    """
    uids: dict[tuple[str, Any], list[tuple[str | None, str]]] = defaultdict(list)
    for group in groups:
        if group.tracking_id is not None and not _TOOL.search(group.tracking_id):
            uids[group.tracking_id, group.date].append((group.tracking_uid, group.source))
    several = {label for (label, _), own in uids.items() if _are_several(own)}
    return {label for label, _ in uids} - several


def _are_several(own: list[tuple[str | None, str]]) -> bool:
    """Whether a report has the label twice, or two reports have it for different things."""
    sources = [source for _, source in own]
    return len(set(sources)) < len(sources) and len({uid for uid, _ in own} - {None}) != 1
