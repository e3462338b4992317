"""Decision tables: refused when unsound, and one answer whichever way they are asked."""

from __future__ import annotations

import copy
import inspect
import pickle
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from mrecist._base.errors import MrecistError, TableError
from mrecist._base.words import Code, Kind, Proof, YesNo
from mrecist.rulebook.decision_table import DecisionTable, Rule
from mrecist.rulebook.index import TABLES
from mrecist.rulebook.new_lesions import RECURRENCE
from mrecist.rulebook.papers import EISENHAUER_2009, Evidence
from mrecist.rulebook.readings import SILENCE

SOURCE = EISENHAUER_2009.at("somewhere", Evidence.VERIFIED)
INPUTS: dict[str, Any] = {"kind": Proof, "seen": bool}
EVERY_TABLE = [table for tables in TABLES.values() for table in tables]


def row(id: str, verdict: YesNo, **when: Any) -> Rule[YesNo]:
    return Rule(id, verdict, when=when, sentence="so it is", source=SOURCE)


def table(*rules: Rule[YesNo], inputs: dict[str, Any] | None = None) -> DecisionTable[YesNo]:
    return DecisionTable("toy", "A toy", inputs=inputs or INPUTS, rules=rules)


SOUND = (
    row("T-1", YesNo.YES, kind=Proof.POSITIVE),
    row("T-2", YesNo.YES, kind={Proof.POSITIVE, Proof.NEGATIVE}, seen=True),
    row("T-3", YesNo.NO, kind=Proof.NEGATIVE, seen=False),
    row("T-4", YesNo.NO, kind=Proof.NOT_DONE),
)


def code_of(word: Code | bool) -> int:
    """The place of a word in a grid."""
    return int(word) if isinstance(word, bool) else word.code


class TestRefusals:
    """A table that is not sound cannot be built, and the error names the table and the place."""

    @pytest.mark.parametrize(
        ("rules", "message"),
        [
            pytest.param(
                SOUND[:2],
                "table toy: no rule for kind=negative, seen=no",
                id="hole",
            ),
            pytest.param(
                (*SOUND, row("T-5", YesNo.NO, kind=Proof.POSITIVE, seen=True)),
                "table toy: T-1 and T-5 contradict each other for kind=positive, seen=yes",
                id="contradiction",
            ),
            pytest.param(
                (row("T-0", YesNo.NO, kind=Proof.POSITIVE, seen=True), *SOUND),
                "table toy: T-0 and T-1 contradict each other for kind=positive, seen=yes",
                id="contradiction, the other way round",
            ),
            pytest.param(
                (*SOUND, row("T-5", YesNo.NO, kind=Proof.NEGATIVE, seen=False)),
                "table toy: rule T-5 never fires",
                id="dead row",
            ),
            pytest.param(
                (row("T-0", YesNo.NO, kind=frozenset()), *SOUND),
                "table toy: rule T-0 never fires",
                id="row without a word",
            ),
            pytest.param(
                (*SOUND[:3], row("T-3", YesNo.NO, kind=Proof.NOT_DONE)),
                "table toy: two rules share one id",
                id="duplicate ids",
            ),
            pytest.param(
                (*SOUND, row("T-5", YesNo.NO, size=Proof.POSITIVE)),
                "table toy, rule T-5: no input 'size'",
                id="unknown input",
            ),
            pytest.param(
                (*SOUND, row("T-5", YesNo.NO, kind=Kind.NODULE)),
                f"table toy, rule T-5: kind is never {Kind.NODULE!r}",
                id="word of another code",
            ),
            pytest.param(
                (*SOUND, row("T-5", YesNo.NO, seen={1})),
                "table toy, rule T-5: seen is never 1",
                id="integer for yes or no",
            ),
            pytest.param(
                (*SOUND, row("T-5", YesNo.NO, kind=True)),
                "table toy, rule T-5: kind is never True",
                id="yes or no for a word",
            ),
            pytest.param(
                (*SOUND, row("T-5", YesNo.NO, kind={0})),
                "table toy, rule T-5: kind is never 0",
                id="integer for a word",
            ),
        ],
    )
    def test_unsound(self, rules: tuple[Rule[YesNo], ...], message: str) -> None:
        """The message is exactly this, and the error is one of ours."""
        with pytest.raises(TableError) as refused:
            table(*rules)
        assert str(refused.value) == message
        assert isinstance(refused.value, MrecistError)

    def test_empty(self) -> None:
        """A table without rules is a hole like any other."""
        with pytest.raises(TableError, match=r"^table toy: no rules$"):
            table()


class TestArguments:
    """What is easily mixed up is told by name."""

    def test_rule(self) -> None:
        with pytest.raises(TypeError, match="positional argument"):
            Rule("T-1", YesNo.YES, {}, "", SILENCE)  # type: ignore[misc]
        for name in ("when", "sentence", "source", "readings"):
            assert inspect.signature(Rule).parameters[name].kind is inspect.Parameter.KEYWORD_ONLY

    def test_table(self) -> None:
        with pytest.raises(TypeError, match="positional argument"):
            DecisionTable("toy", "A toy", INPUTS, SOUND)  # type: ignore[misc]
        DecisionTable(name="toy", title="A toy", inputs=INPUTS, rules=SOUND)

    def test_a_rule_is_hashable(self) -> None:
        """What it asks for, a mapping, takes no part in it."""
        assert len({*SOUND, *SOUND}) == len(SOUND)


class TestOverlap:
    """Rows that overlap may agree; then the first of them fires."""

    def test_first_fires(self) -> None:
        """The shared cell belongs to whichever row stands first."""
        shared = (Proof.POSITIVE, True)
        assert table(*SOUND).decide(*shared).id == "T-1"
        assert table(SOUND[1], SOUND[0], *SOUND[2:]).decide(*shared).id == "T-2"

    def test_same_verdicts(self) -> None:
        """Order changes which row speaks, never the verdict."""
        for one, other in zip(table(*SOUND), table(*reversed(SOUND)), strict=True):
            assert one[0] == other[0]
            assert one[1].verdict is other[1].verdict


class TestGrid:
    """The grid holds the index of the rule that fires, small and read-only."""

    @pytest.mark.parametrize("each", EVERY_TABLE, ids=lambda each: each.title)
    def test_shape(self, each: DecisionTable[Any]) -> None:
        """One axis an input, one place a word, `uint8`, and no writing to it."""
        sizes = tuple(2 if kind is bool else len(kind) for kind in each.inputs.values())
        assert each.grid.shape == sizes
        assert each.verdicts.shape == (len(each.rules),)
        for array in (each.grid, each.verdicts):
            assert array.dtype == np.uint8
            with pytest.raises(ValueError, match="read-only"):
                array[...] = 0

    @pytest.mark.parametrize("each", EVERY_TABLE, ids=lambda each: each.title)
    def test_one_answer(self, each: DecisionTable[Any]) -> None:
        """`decide`, iteration and the arrays agree on every cell, and iteration meets them all."""
        cells = list(each)
        assert len(cells) == each.grid.size
        columns = [np.array([code_of(facts[name]) for facts, _ in cells]) for name in each.inputs]
        indices = each.grid[tuple(columns)]
        verdicts = each.verdicts[indices]
        seen = set()
        for (facts, rule), index, verdict in zip(cells, indices, verdicts, strict=True):
            words = tuple(facts.values())
            seen.add(words)
            assert each.decide(*words) is rule
            assert each.rules[index] is rule
            assert rule.verdict.code == verdict
        assert len(seen) == len(cells)

    @pytest.mark.parametrize("each", EVERY_TABLE, ids=lambda each: each.title)
    def test_fires_where_it_says(self, each: DecisionTable[Any]) -> None:
        """The rule that fires is the first whose `when` holds."""
        for facts, fired in each:
            holding = [rule for rule in each.rules if holds(rule, facts)]
            assert fired is holding[0]


def holds(rule: Rule[Any], facts: dict[str, Any]) -> bool:
    for name, words in rule.when.items():
        wanted = words if isinstance(words, (set, frozenset)) else {words}
        if facts[name] not in wanted:
            return False
    return True


class TestText:
    """A table prints as the grid that a reader knows."""

    def test_str(self) -> None:
        """A title, a head, one line a row; a name left out is `any`, a set is joined by `or`."""
        kinds: dict[str, Any] = {"kind": Kind, "seen": bool}
        rules = (
            row("K-1", YesNo.YES, kind={Kind.NODE, Kind.NODULE}, seen=True),
            row("K-2", YesNo.NO, kind=set(Kind) - {Kind.NODE}, seen=False),
            Rule(
                "K-3", YesNo.NO, when={"kind": Kind.NODE, "seen": False},
                sentence="", source=SILENCE,
            ),
            row("K-4", YesNo.NO, kind=set(Kind) - {Kind.NODE, Kind.NODULE}),
        )  # fmt: skip
        lines = str(table(*rules, inputs=kinds)).split("\n")
        assert [line.rstrip() for line in lines] == lines
        assert [line.split("  ")[0] for line in lines[:1]] == ["A toy"]
        told = [[cell.strip() for cell in line.split("  ") if cell] for line in lines[1:]]
        assert told[0] == ["kind", "seen", "verdict", "rule", "source"]
        assert all(set(cell) == {"-"} for cell in told[1])
        assert [cells[:4] for cells in told[2:]] == [
            ["nodule or node", "yes", "yes", "K-1"],
            ["not node", "no", "no", "K-2"],
            ["node", "no", "no", "K-3"],
            ["infiltrative or thrombus or effusion or other", "any", "no", "K-4"],
        ]
        assert [cells[4] for cells in told[2:]] == [str(rule.source) for rule in rules]

    def test_every_word(self) -> None:
        """A row that names all words names them all."""
        rules = (row("K-1", YesNo.YES, seen=True), row("K-2", YesNo.NO, kind=set(Kind), seen=False))
        told = str(table(*rules, inputs={"kind": Kind, "seen": bool})).split("\n")[-1]
        words = "nodule or node or infiltrative or thrombus or effusion or other"
        assert told.startswith(f"{words}  no")

    def test_repr(self) -> None:
        """The short form names the table and its size."""
        assert repr(table(*SOUND)) == "<DecisionTable toy, 4 rules, 6 cells>"


def cells(found: DecisionTable[Any]) -> list[tuple[tuple[str, ...], str, str, str]]:
    """Every cell of a table with the rule that fires, in plain text."""
    return [
        (tuple(map(str, facts.values())), rule.id, str(rule.verdict), str(rule.source))
        for facts, rule in found
    ]


LOADED_ELSEWHERE = """
import pickle, sys
found = pickle.load(sys.stdin.buffer)
for facts, rule in found:
    print(*facts.values(), rule.id, rule.verdict, rule.source, sep="|")
"""


class TestCopies:
    """A table of ours is one object, however it is copied; one of one's own keeps its cells."""

    @pytest.mark.parametrize("each", EVERY_TABLE, ids=lambda each: each.title)
    def test_ours(self, each: DecisionTable[Any]) -> None:
        """Copied and pickled it comes back as itself."""
        assert pickle.loads(pickle.dumps(each)) is each
        assert copy.deepcopy(each) is each
        assert copy.copy(each) is each

    @pytest.mark.parametrize("title", ["A table of one's own", RECURRENCE.title])
    def test_of_ones_own(self, title: str) -> None:
        """Cell by cell the same, even under the title of one of ours."""
        own = DecisionTable("toy", title, inputs=INPUTS, rules=SOUND)
        for same in (pickle.loads(pickle.dumps(own)), copy.deepcopy(own)):
            assert (same.name, same.title, same.inputs) == (own.name, own.title, own.inputs)
            assert np.array_equal(same.grid, own.grid)
            assert np.array_equal(same.verdicts, own.verdicts)
            assert cells(same) == cells(own)
            assert str(same) == str(own)

    @pytest.mark.parametrize("title", ["A table for elsewhere", RECURRENCE.title])
    def test_in_another_process(self, title: str) -> None:
        """A worker that never built a table of one's own gets every cell of it."""
        own = DecisionTable("toy", title, inputs=INPUTS, rules=SOUND)
        command = [sys.executable, "-c", LOADED_ELSEWHERE]
        done = subprocess.run(command, input=pickle.dumps(own), capture_output=True, check=False)
        assert done.stderr.decode() == ""
        told = ["|".join((*words, *rest)) for words, *rest in cells(own)]
        assert done.stdout.decode().splitlines() == told
