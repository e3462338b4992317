"""Table mutants: each row dropped, each verdict swapped, each input of each `when` turned.

Built and judged in this process. A mutant is noticed when the table refuses to be built (a hole, a
contradiction, a row that never fires), when a cell differs in verdict from the if-ladder of
`test_rules.py`, or when another rule fires in a cell than did. What changes no cell, since a row
above of the same verdict fires there first, is the same table in other words: only its frozen text
(`tests/grids`) notices, and it is counted apart.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import attrs

from mrecist._base.errors import TableError
from mrecist.rulebook.decision_table import DecisionTable, Rule

TESTS = Path(__file__).parents[1]

Table = DecisionTable[Any]

REFUSED, LADDER, RULE, TEXT = "the table refused", "a verdict", "a rule that fires", "its text only"
UNNOTICED = "nobody"


@attrs.frozen(kw_only=True)
class TableMutant:
    """A table with one change: in which row, and what it is."""

    table: Table
    rule: str
    change: str
    rules: tuple[Rule[Any], ...]

    @property
    def name(self) -> str:
        return f"{self.table.title} / {self.rule} / {self.change}"


def mutants(table: Table) -> Iterator[TableMutant]:
    """Every small change of a table."""
    for at, rule in enumerate(table.rules):
        before, after = table.rules[:at], table.rules[at + 1 :]
        yield TableMutant(table=table, rule=rule.id, change="row dropped", rules=(*before, *after))
        for change, other in _other_rules(table, rule):
            yield TableMutant(
                table=table, rule=rule.id, change=change, rules=(*before, other, *after)
            )


def _other_rules(table: Table, rule: Rule[Any]) -> Iterator[tuple[str, Rule[Any]]]:
    for verdict in type(rule.verdict):
        if verdict is not rule.verdict:
            yield f"verdict {verdict}", attrs.evolve(rule, verdict=verdict)
    for name, kind in table.inputs.items():
        domain = {False, True} if issubclass(kind, bool) else set(kind)
        words = rule.when.get(name, domain)
        words = set(words) if isinstance(words, (set, frozenset)) else {words}
        for change, others in _other_words(name, words, domain):
            yield change, attrs.evolve(rule, when={**rule.when, name: others})


def _other_words(name: str, words: set[Any], domain: set[Any]) -> Iterator[tuple[str, set[Any]]]:
    """Other words for one input of a `when`: any, all others, one more, one less."""
    if words != domain:
        yield f"{name} dropped", domain
        if len(domain) > 2:
            yield f"{name} flipped", domain - words
    for word in domain - words:
        if len(domain - words) > 1:
            yield f"{name} also {_told(word)}", words | {word}
        if len(words) == 1:
            yield f"{name} {_told(word)}", {word}
    for word in words:
        if len(words) > 1:
            yield f"{name} but {_told(word)}", words - {word}


def _told(word: Any) -> str:
    return ("yes" if word else "no") if isinstance(word, bool) else str(word)


def noticed(mutant: TableMutant, ladder: Callable[..., Any], frozen: str) -> str:
    """Who notices the mutant: `ladder` gives a verdict by the facts, `frozen` is the text."""
    table = mutant.table
    try:
        changed: Table = DecisionTable(
            table.name, table.title, inputs=table.inputs, rules=mutant.rules
        )
    except TableError:
        return REFUSED
    if any(rule.verdict is not ladder(**facts) for facts, rule in changed):
        return LADDER
    if [rule.id for _, rule in changed] != [rule.id for _, rule in table]:
        return RULE
    return TEXT if not frozen.startswith(f"{changed}\n") else UNNOTICED


def judged() -> tuple[Counter[str], list[TableMutant]]:
    """How many mutants each noticed, and those that nobody did."""
    sys.path.insert(0, str(TESTS))
    from rooms.rulebook.test_rules import LADDERS, NAMED

    counted: Counter[str] = Counter()
    unnoticed = []
    for name, table in NAMED.items():
        frozen = (TESTS / "grids" / f"{name}.txt").read_text("utf-8")
        for mutant in mutants(table):
            who = noticed(mutant, LADDERS[table.name], frozen)
            counted[who] += 1
            if who == UNNOTICED:
                unnoticed.append(mutant)
    return counted, unnoticed
