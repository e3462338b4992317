"""The smallest chart that still shows something: `smallest(chart, shows)`.

Greedy: a change is kept where the chart stays valid and still shows it, and all changes are tried
again until none is kept. Large changes come first.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from .chart_mistakes import mistakes
from .oracle_chart import day_of

Document = dict[str, Any]

OPTIONAL = ("markers", "events", "procedures", "death", "last_contact")
REQUIRED = {
    "lesions": ("id", "organ", "kind"),
    "timepoints": ("date", "findings"),
    "lines": ("agents", "start"),
    "procedures": ("date", "kind"),
}
SIZES = ("viable_mm", "longest_mm", "short_axis_mm")
ROUND = (20, 10, 30, 40, 15)


def smallest(chart: Document, shows: Callable[[Document], bool]) -> Document:
    """A smaller valid chart for which `shows` holds, as it must for the given one."""
    found = chart
    while True:
        better = next((each for each in simpler(found) if _sound(each) and shows(each)), None)
        if better is None:
            return found
        found = better


def _sound(chart: Document) -> bool:
    return bool(chart["lines"]) and not mistakes(chart)


def simpler(chart: Document) -> Iterator[Document]:
    """All charts one step simpler."""
    for change in (
        _without_top,
        _without_items,
        _without_lesions,
        _without_findings,
        _without_keys,
        _without_list_members,
        _with_study_days,
        _with_plain_values,
    ):
        yield from change(chart)


def _without_top(chart: Document) -> Iterator[Document]:
    for key in OPTIONAL:
        if key in chart:
            yield {name: copy.deepcopy(value) for name, value in chart.items() if name != key}


def _without_items(chart: Document) -> Iterator[Document]:
    for key in ("lines", "timepoints", "procedures"):
        for index in reversed(range(len(chart.get(key) or ()))):
            smaller = copy.deepcopy(chart)
            del smaller[key][index]
            yield smaller


def _without_lesions(chart: Document) -> Iterator[Document]:
    for lesion in chart["lesions"]:
        name = lesion["id"]
        smaller = copy.deepcopy(chart)
        smaller["lesions"] = [
            each
            for each in smaller["lesions"]
            if each["id"] != name and each.get("part_of") != name
        ]
        _forget(smaller, {each["id"] for each in smaller["lesions"]})
        yield smaller


def _forget(chart: Document, known: set[str]) -> None:
    """Drop what refers to other lesions than the known ones."""
    for timepoint in chart["timepoints"]:
        timepoint["findings"] = [
            each
            for each in timepoint["findings"]
            if each["lesion"] in known and (each.get("into") is None or each["into"] in known)
        ]
    for line in chart["lines"]:
        for key in ("targets", "nontargets"):
            if line.get(key):
                line[key] = [each for each in line[key] if each in known]
    for procedure in chart.get("procedures") or ():
        if procedure.get("lesions"):
            procedure["lesions"] = [each for each in procedure["lesions"] if each in known]


def _without_findings(chart: Document) -> Iterator[Document]:
    for place, timepoint in enumerate(chart["timepoints"]):
        for index in range(len(timepoint["findings"])):
            smaller = copy.deepcopy(chart)
            del smaller["timepoints"][place]["findings"][index]
            yield smaller


def _without_keys(chart: Document) -> Iterator[Document]:
    for key, required in REQUIRED.items():
        for index, item in enumerate(chart.get(key) or ()):
            for name in item:
                if name not in required:
                    smaller = copy.deepcopy(chart)
                    del smaller[key][index][name]
                    yield smaller
    for place, timepoint in enumerate(chart["timepoints"]):
        for index, finding in enumerate(timepoint["findings"]):
            for name in finding:
                if name != "lesion":
                    smaller = copy.deepcopy(chart)
                    del smaller["timepoints"][place]["findings"][index][name]
                    yield smaller


def _without_list_members(chart: Document) -> Iterator[Document]:
    for key, names in (
        ("lines", ("agents", "targets", "nontargets")),
        ("procedures", ("lesions",)),
    ):
        for index, item in enumerate(chart.get(key) or ()):
            for name in names:
                for place in range(len(item.get(name) or ())):
                    smaller = copy.deepcopy(chart)
                    del smaller[key][index][name][place]
                    if smaller[key][index]["agents" if key == "lines" else "kind"]:
                        yield smaller


def _with_study_days(chart: Document) -> Iterator[Document]:
    """Days counted from the first line's start, in the order of time."""
    start = min((day_of(line["start"]) for line in chart["lines"]), default=0)
    moved = _moved(chart, start)
    for key, date in (("timepoints", "date"), ("lines", "start")):
        moved[key].sort(key=lambda each, date=date: each[date])
    if moved != chart:
        yield moved


def _moved(value: Any, start: int) -> Any:
    if isinstance(value, list):
        return [_moved(each, start) for each in value]
    if not isinstance(value, dict):
        return value
    dates = ("date", "start", "stop", "baseline", "death", "last_contact")
    return {
        key: day_of(each) - start if key in dates and each is not None else _moved(each, start)
        for key, each in value.items()
    }


def _with_plain_values(chart: Document) -> Iterator[Document]:
    for index, lesion in enumerate(chart["lesions"]):
        if lesion["kind"] == "nodule" and lesion["organ"] not in ("liver", "lung"):
            for organ in ("liver", "lung"):
                smaller = copy.deepcopy(chart)
                smaller["lesions"][index]["organ"] = organ
                yield smaller
    for place, timepoint in enumerate(chart["timepoints"]):
        for index, finding in enumerate(timepoint["findings"]):
            for size in SIZES:
                for value in _rounder(finding.get(size)):
                    smaller = copy.deepcopy(chart)
                    smaller["timepoints"][place]["findings"][index][size] = value
                    yield smaller
    for index, line in enumerate(chart["lines"]):
        if line["agents"] != ["sorafenib"]:
            smaller = copy.deepcopy(chart)
            smaller["lines"][index]["agents"] = ["sorafenib"]
            yield smaller


def _rounder(size: Any) -> Iterator[int]:
    if size is None or any(type(size) is int and size == value for value in (0, *ROUND)):
        return
    number = Decimal(str(size).strip())
    if number == 0:
        yield 0
        return
    yield from ROUND
    if type(size) is not int:
        yield int(number)
