"""Charts side by side: each patient and reader once, and what all readers share."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any

from .._base.converters import shown
from .._base.errors import CaseError
from ..documents.case import plain_value
from ..model import Patient, TherapyLine

__all__ = ["facts_and_readings", "odd_charts", "refuse_odd_charts", "unrecorded"]

_OF_A_LINE = ("agents", "stop", "end_reason", "doses")
_OF_THE_PATIENT = ("death", "last_contact", "markers", "events")
Mistake = tuple[str, str]


def refuse_odd_charts(charts: Iterable[Patient]) -> None:
    """Refuse charts that cannot stand together, as `odd_charts` finds them.

    Raises `CaseError` with every mistake, each with its path in the later chart.
    """
    wrong = []
    for chart, path, told in odd_charts(charts):
        reader = "" if chart.reader is None else f", reader {chart.reader}"
        wrong.append((f"patient {chart.id}{reader}{path and ', '}{path}", told))
    if wrong:
        raise CaseError("", wrong)


def odd_charts(charts: Iterable[Patient]) -> Iterator[tuple[Patient, str, str]]:
    """What keeps charts from standing together: the later chart, the path in it, and a sentence.

    Each patient is there once or, where some chart names its reader, each patient and reader; and
    the facts of the patient are those of the first chart of the patient: lines of therapy (start,
    stop, agents, reason of end, doses), death, last contact, markers, events, and the dates and
    kinds of procedures.
    """
    charts = list(charts)
    readers = any(chart.reader is not None for chart in charts)
    first: dict[str, Patient] = {}
    seen: set[tuple[str, str]] = set()
    for chart in charts:
        if readers and chart.reader is None:
            yield chart, "", _LACKING
            continue
        key = chart.id, (chart.reader or "").casefold()
        if key in seen:
            yield chart, "", "must be there once, is there twice"
        else:
            earlier = first.setdefault(chart.id, chart)
            yield from ((chart, path, told) for path, told in _differences(earlier, chart))
        seen.add(key)


_LACKING = "reader: must be given in every case where one gives it"


def _differences(first: Patient, chart: Patient) -> Iterator[Mistake]:
    """The facts of a later chart that are not those of the first, each with its path."""
    for name in _OF_THE_PATIENT:
        yield from _differs(name, getattr(first, name), getattr(chart, name), first)
    done, now = (sorted((str(p.date), p.kind) for p in each.procedures) for each in (first, chart))
    yield from _differs("procedures", done, now, first)
    lines = {line.start: line for line in first.lines}
    for place, line in enumerate(chart.lines):
        path = f"lines[{place}]"
        if line.start in lines:
            yield from _line_differs(path, lines.pop(line.start), line, first)
        else:
            yield f"{path}.start", f"must be that of a line of {first.reader}, got {line.start}"
    for start in lines:
        yield "lines", f"must have the line of {start}, as by {first.reader}"


def _line_differs(
    path: str, then: TherapyLine, line: TherapyLine, first: Patient
) -> Iterator[Mistake]:
    for name in _OF_A_LINE:
        yield from _differs(f"{path}.{name}", getattr(then, name), getattr(line, name), first)


def unrecorded(chart: Patient) -> Iterator[Mistake]:
    """The lesions that are named and have no finding, each with its path and a sentence.

    A table knows a lesion by its rows, so that it cannot name them.
    """
    recorded = {each.lesion for timepoint in chart.timepoints for each in timepoint.findings}
    for path, lesion in _named(chart, recorded):
        if lesion not in recorded:
            yield path, f"must be a lesion with a finding, to stand in a table, got {lesion!r}"


def _named(chart: Patient, recorded: Container[str]) -> Iterator[tuple[str, str]]:
    """The references of a chart to lesions, but those of lesions without a finding."""
    for place, lesion in enumerate(chart.lesions):
        if lesion.part_of is not None and lesion.id in recorded:
            yield f"lesions[{place}].part_of", lesion.part_of
    for place, line in enumerate(chart.lines):
        for name in ("targets", "nontargets"):
            for at, lesion_id in enumerate(getattr(line, name) or ()):
                yield f"lines[{place}].{name}[{at}]", lesion_id
    for place, done in enumerate(chart.procedures):
        for at, lesion_id in enumerate(done.lesions):
            yield f"procedures[{place}].lesions[{at}]", lesion_id


def _differs(path: str, then: Any, now: Any, first: Patient) -> Iterator[Mistake]:
    if then != now:
        must, got = (shown(plain_value(each)) for each in (then, now))
        yield path, f"must be as by {first.reader}, {must}, got {got}"


def facts_and_readings(
    whose: Mapping[str, Any], line: Mapping[str, Any], is_first: bool
) -> Iterator[dict[str, Any]]:
    """The rows of a line: what all readers share, once, and what this reader says of it."""
    own = {name: line[name] for name in ("baseline", "targets", "nontargets")}
    if is_first:
        yield {name: cell for name, cell in line.items() if name not in own}
    if any(cell is not None for cell in own.values()):
        yield {**whose, "start": line["start"], **own}
