"""The trace as text: what `mrecist rules --trace` prints, and the page `TRACE.md`."""

from __future__ import annotations

from collections.abc import Iterable

from .._base.text import grid, wrapped
from ..rulebook.readings import Reading
from .trace import AREAS, Source, Trace, once, recorded, traces, traces_named
from .trace_code import Place

__all__ = ["page", "told"]

WIDTH = 100


def told(name: str | None = None) -> str:
    """What `mrecist rules --trace` prints: an id in full, an area or everything as tables."""
    found = traces_named(name)
    if name is not None and name not in AREAS:
        return "\n\n".join(map(str, found))
    areas = dict.fromkeys(each.area for each in found)
    return "\n\n".join(
        _table(area, [each for each in found if each.area == area]) for area in areas
    )


def _table(area: str, found: Iterable[Trace]) -> str:
    head = ("id", "stands in", "evidence", "tests", "cases", "source")
    rows = [head] + [
        (each.id, str(_places(each)[0]), "; ".join(each.evidence),
         str(len(each.tests)) if recorded() else "-",
         str(len(each.cases)) if each.cases or each.shown else "-", _key(each.sources[0]))
        for each in found
    ]  # fmt: skip
    title = wrapped(f"{area}: {AREAS[area]}", "  ")
    return "\n".join([*title, *(row[:WIDTH].rstrip() for row in grid(rows))])


def _places(trace: Trace) -> tuple[Place, ...]:
    """Where the id works: for a reading where it is used, not the list that states it."""
    return trace.used or trace.stands if trace.area == "readings" else trace.stands


def _key(source: Source) -> str:
    return source.id if isinstance(source, Reading) else source.paper.key


# ---- the page


PREFACE = """\
# Where every rule stands, and what shows that it holds

Written by `python tests/support/traced_tests.py`, never by hand. `mrecist rules --trace ID` tells
all of one id, with line numbers, every test and every case.

Tests are those that name the id and, of those that make it fire, the three that make the fewest
others fire (properties left out); for a reading one of each rule that rests on it. Cases are those
of the conformance suite; a dash: outside the case document. Evidence: verified (read in the
source), restated (read in later works), recalled (from memory, to be checked), derived (follows
from the cited rules), reading (decided by this project).
"""
COLUMNS = ("ID", "Rule", "Stands in", "Source", "Evidence", "Tests", "Cases")


def page() -> str:
    """The page `conformance/TRACE.md`: one table an area, one row an id."""
    parts = [PREFACE, _counted()]
    for area, title in AREAS.items():
        rows = [_row(each) for each in traces_named(area)]
        parts += [f"## {area}: {title}\n", "\n".join([_line(COLUMNS), "|---" * 7 + "|", *rows, ""])]
    return "\n".join(parts)


def _counted() -> str:
    every = traces()
    shown = [each for each in every if each.shown]
    level = {
        name: sum(name in each.evidence for each in every)
        for name in ("verified", "restated", "recalled", "derived", "reading")
    }
    by_level = ", ".join(f"{count} {name}" for name, count in level.items())
    return f"{len(every)} ids ({by_level}); {len(shown)} of them can be shown by a case.\n"


def _row(each: Trace) -> str:
    tests, cases = (_first(found) for found in (each.tests, each.cases))
    is_reading = each.area == "readings"
    places = once(map(str, _places(each)))
    rules = f"rules {', '.join(each.rules)}" if each.rules else "of this project"
    source = rules if is_reading else "; ".join(map(_cited, each.sources))
    cells = (each.id, each.sentence, ", ".join(places), source, ", ".join(each.evidence), tests,
             cases if cases or each.shown else "-")  # fmt: skip
    return _line(cells)


def _cited(source: Source) -> str:
    return source.id if isinstance(source, Reading) else f"{source.paper.key}, {source.where}"


def _first(found: tuple[str, ...]) -> str:
    return "" if not found else f"{len(found)}: {found[0]}"


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
