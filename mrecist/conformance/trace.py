"""Where every rule and reading stands: in the code, in the papers, in the tests, in the cases.

Nothing is listed by hand: ids come from the tables, places from the source of this package, cases
from the conformance suite, and tests from a record that `tests/support/traced_tests.py` writes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import TypeVar

import attrs

from .._base.errors import NotThereError
from .._base.text import wrapped
from .._base.words import Situation
from ..endpoints import definitions, untreatable
from ..laboratory import child_pugh_points, gates, liver_values, marker_rules
from ..rulebook import numbers_of_criteria, policies, reader_variability
from ..rulebook import readings as readings_
from ..rulebook.index import TABLES
from ..rulebook.papers import Citation
from ..rulebook.readings import READINGS, Reading
from .trace_code import ID, Place, mentioned, names_by_line, places_of, statements_of

__all__ = ["AREAS", "Source", "Trace", "once", "recorded", "traces", "traces_named"]

T = TypeVar("T")
Source = Citation | Reading

OUTSIDE_A_CASE = frozenset({"beginning"})
"""Tables of these steps that no case document asks: it says where its lines begin."""
NOT_RECORDED = "listed with the source of this package"
STEPS = frozenset(
    f"rulebook.{step}"
    for step in [
        "sizes",
        "parts",
        "examinations",
        "baseline",
        "targets",
        "nontargets",
        "new_lesions",
        "overall",
        "best_response",
        "confirmation",
        "therapy",
    ]
)
"""The steps of a verdict, which a case document can show."""


@attrs.frozen(kw_only=True)
class Trace:
    """One id of one area: what it says, where it stands, and what shows that it holds.

    `stands` are the definitions, `used` all other places that name it. `named_by` are the tests
    that name it, `fired_by` the most specific that make it fire; for a reading those of the rules
    that rest on it, which are in `rules`. `shown`: whether a case document can exercise it.
    """

    id: str
    area: str
    sentence: str
    sources: tuple[Source, ...]
    readings: tuple[Reading, ...] = ()
    rules: tuple[str, ...] = ()
    shown: bool = False
    stands: tuple[Place, ...] = ()
    used: tuple[Place, ...] = ()
    named_by: tuple[str, ...] = ()
    fired_by: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()

    @property
    def evidence(self) -> tuple[str, ...]:
        """How surely each source is known; `reading` for a decision of this project."""
        return tuple(dict.fromkeys(_evidence(source) for source in self.sources))

    @property
    def tests(self) -> tuple[str, ...]:
        """The tests that name it or make it fire."""
        return once(self.named_by, self.fired_by)

    @property
    def lacks(self) -> tuple[str, ...]:
        """What there must be and is not: a place, a source, a test, a case."""
        needed = {"place": self.stands, "source": self.sources, "test": self.tests}
        if self.area == "readings":
            needed["use in the code"] = self.used
        if self.shown:
            needed["case"] = self.cases
        return tuple(name for name, found in needed.items() if not found)

    def __str__(self) -> str:
        """All that is known of the id, one kind of thing after the other."""
        told = [
            ("stands in", [f"{place}, line {place.line}" for place in self.stands]),
            ("named in", [f"{place}, line {place.line}" for place in self.used]),
            ("source", [str(source) for source in self.sources]),
            ("rests on", [str(reading) for reading in self.readings]),
            ("rules", self.rules),
            ("named by", self.named_by),
            ("fired by", self.fired_by),
            ("cases", self.cases if self.cases or self.shown else ["outside the case document"]),
        ]
        rows = wrapped(f"{self.id} ({AREAS[self.area]}): {self.sentence}", "  ")
        for label, found in told:
            joiner = "\n" + " " * 13 if label.endswith(" by") else "; "
            text = joiner.join(found or ["none"])
            if found or label in {"stands in", "source", "cases"}:
                for line in f"  {label:10} {text}".split("\n"):
                    rows += wrapped(line, " " * 13)
        if not self.tests:
            rows.append(f"  tests      {'none' if recorded() else NOT_RECORDED}")
        return "\n".join(rows)


def _evidence(source: Source) -> str:
    return "reading" if isinstance(source, Reading) else source.evidence.name.lower()


# ---- which ids there are


AREAS: Mapping[str, str] = {
    **{name: tables[0].title.partition(" by ")[0] for name, tables in TABLES.items()},
    **{name: policy.title for name, policy in policies.POLICIES.items()},
    "criteria": "Numbers of the criteria that no table states",
    "times": "How times that no policy decides on end",
    "marker-rules": "Published rules of marker response",
    "liver": "Liver function",
    "reading-errors": "Errors of a reading, each with its published figure",
    "gates": "Entry conditions",
    "readings": "Decisions of this project where the papers are silent",
}
"""What ids are grouped by: every table and policy by its name, and what stands beside them."""


def _listed() -> Iterator[Trace]:
    """Every statement that bears an id, as often as it is made."""
    yield from _rows()
    yield from _clauses()
    for rule in marker_rules.MARKER_RULES.values():
        said = str(rule).removeprefix(f"{rule.id}: ").partition(" [")[0]
        yield Trace(
            id=rule.id,
            area="marker-rules",
            sentence=said,
            sources=(rule.source,),
            readings=rule.readings,
        )
    for item in child_pugh_points.child_pugh().items:
        yield Trace(
            id=item.id,
            area="liver",
            sentence=f"Child-Pugh points of {item.item}",
            sources=(liver_values.CHILD_PUGH_SOURCE,),
            readings=(readings_.CHILD_PUGH_UNITS,),
        )
    for id, (said, source) in liver_values.SOURCES.items():
        yield Trace(id=id, area="liver", sentence=said, sources=(source,))
    yield from _numbers()
    gate = gates.RAMUCIRUMAB
    yield Trace(
        id=gate.id,
        area="gates",
        sentence=gate.title,
        sources=(gate.source,),
        readings=gate.readings,
    )
    for reading in READINGS:
        yield Trace(id=reading.id, area="readings", sentence=reading.decision, sources=(reading,))


def _rows() -> Iterator[Trace]:
    for name, tables in TABLES.items():
        for rule in (rule for table in tables for rule in table.rules):
            yield Trace(
                id=rule.id,
                area=name,
                sentence=rule.sentence,
                sources=(rule.source,),
                readings=rule.readings,
            )


def _numbers() -> Iterator[Trace]:
    for number in numbers_of_criteria.NUMBERS:
        yield Trace(
            id=number.id, area="criteria", sentence=number.sentence, sources=(number.source,)
        )
    for preset in reader_variability.PRESETS.values():
        source = preset.source
        for id in ID.findall(source.where if source else ""):
            yield Trace(
                id=id,
                area="reading-errors",
                sentence=f"{preset.name}: {preset.figure}",
                sources=() if source is None else (source,),
            )


def _clauses() -> Iterator[Trace]:
    for name, policy in policies.POLICIES.items():
        for situation, clause in zip(Situation, policy.clauses, strict=True):
            said = f"{situation}: {clause.sentence}"
            yield Trace(id=clause.id, area=name, sentence=said, sources=(clause.source,))
    early = "a total that fell by the early share of the policy or more at the first follow-up"
    yield Trace(
        id="TTE-ETS",
        area="times",
        sentence=early,
        sources=(policies.EARLY_SHRINKAGE,),
        readings=(readings_.DEPTH,),
    )
    beside = (policies.TTP_DEATH, policies.WITHIN)
    for clause in (*definitions.DEFINITIONS, *untreatable.CLAUSES, *beside):
        yield Trace(id=clause.id, area="times", sentence=clause.sentence, sources=(clause.source,))


# ---- where they stand in the code


def _policy_place(area: str) -> tuple[Place, ...]:
    """The place of a published policy: the ids of its clauses are put together from numbers."""
    policy = policies.POLICIES[area]
    name = next(name for name, value in vars(policies).items() if value is policy)
    lines = names_by_line(statements_of("rulebook.policies"))
    return (Place("rulebook.policies", name, min(line for line in lines if lines[line] == name)),)


# ---- what shows that they hold


@cache
def _tests() -> Mapping[str, Mapping[str, list[str]]]:
    """The tests that name each id, and those that make it fire: as they were last recorded."""
    if not recorded():
        return {"named": {}, "fired": {}}
    tests: dict[str, dict[str, list[str]]] = json.loads(_record().read_bytes())
    return tests


def recorded() -> bool:
    """Whether the record of the tests is here: it comes with the source, not with a wheel."""
    return _record().is_file()


def _record() -> Traversable:
    return resources.files(__package__).joinpath("trace.json")


@cache
def _cases() -> Mapping[str, tuple[str, ...]]:
    """The conformance cases that exercise each id."""
    from . import cases  # hundreds of files' worth of text, only where asked for

    found: dict[str, list[str]] = {}
    for case in cases():
        for id in case.rules:
            found.setdefault(id, []).append(case.id)
    return {id: tuple(those) for id, those in found.items()}


# ---- all of it together


@cache
def traces() -> tuple[Trace, ...]:
    """The trace of every id, area by area, in the order in which the areas list them."""
    merged: dict[tuple[str, str], Trace] = {}
    for each in _listed():
        known = merged.get((each.area, each.id), each)
        merged[each.area, each.id] = attrs.evolve(
            known,
            sources=once(known.sources, each.sources),
            readings=once(known.readings, each.readings),
        )
    placed = [_placed(each) for each in merged.values() if each.area != "readings"]
    readings = [each for each in merged.values() if each.area == "readings"]
    return (*placed, *(_reading_placed(each, placed) for each in readings))


def _placed(trace: Trace) -> Trace:
    """With its places, tests and cases."""
    stands = places_of(trace.id)
    if trace.area in policies.POLICIES:
        stands = _policy_place(trace.area)
    stands = stands or mentioned().get(trace.id, ())
    in_rules = any(place.module in STEPS for place in stands)
    return attrs.evolve(
        trace,
        stands=stands,
        used=tuple(place for place in mentioned().get(trace.id, ()) if place not in stands),
        named_by=tuple(_tests()["named"].get(trace.id, ())),
        fired_by=tuple(_tests()["fired"].get(trace.id, ())),
        cases=_cases().get(trace.id, ()),
        shown=in_rules and trace.area in TABLES and trace.area not in OUTSIDE_A_CASE,
    )


def _reading_placed(trace: Trace, others: Iterable[Trace]) -> Trace:
    """With its places, and with the rules that rest on it: a test of each is one of its own."""
    resting = [each for each in others if trace.sources[0] in (*each.sources, *each.readings)]
    return attrs.evolve(
        _placed(trace),
        rules=tuple(dict.fromkeys(each.id for each in resting)),
        fired_by=once(*(each.tests[:1] for each in resting)),
        shown=any(each.shown for each in resting),
    )


def once(*several: Iterable[T]) -> tuple[T, ...]:
    """All values in their order, equal ones once."""
    return tuple(dict.fromkeys(each for some in several for each in some))


def traces_named(name: str | None = None) -> tuple[Trace, ...]:
    """The traces of an area, or of an id wherever it stands; without a name all of them.

    Raises `NotThereError` for a name that is neither.
    """
    found = tuple(each for each in traces() if name in (None, each.area, each.id))
    if not found:
        told = f"no table, rule, policy or reading {name!r}"
        raise NotThereError(f"{told}; the areas are {', '.join(AREAS)}")
    return found
