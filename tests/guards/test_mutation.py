"""The driver of the mutation tests: what it changes and leaves out, and who it says noticed."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path
from typing import Any, ClassVar

import pytest
from mutation import explained, operators, table_mutants
from mutation.__main__ import MODULES
from mutation.check import _found, _parsed, _tests_of, holds
from mutation.operators import ROOT, Draw, Outcome
from mutation.table_mutants import LADDER, REFUSED, RULE, TEXT, UNNOTICED, mutants, noticed

from mrecist._base.words import NonTarget, State, YesNo
from mrecist.rulebook.decision_table import DecisionTable, Rule
from mrecist.rulebook.index import TABLES
from mrecist.rulebook.readings import READINGS

SOURCE = READINGS[0]


def row(id: str, verdict: YesNo, **when: Any) -> Rule[YesNo]:
    return Rule(id, verdict, when=when, sentence="", source=SOURCE)


SMALL = DecisionTable(
    "small",
    "Both",
    inputs={"one": bool, "two": bool},
    rules=(
        row("NO-ONE", YesNo.NO, one=False),
        row("NO-TWO", YesNo.NO, two=False),
        row("BOTH", YesNo.YES, one=True, two=True),
    ),
)


def both(one: bool, two: bool) -> YesNo:
    return YesNo.YES if one and two else YesNo.NO


class TestTables:
    """Every table mutant is noticed."""

    def test_all(self) -> None:
        """Of every table of the package: no change goes unnoticed."""
        counted, unnoticed = table_mutants.judged()
        assert [mutant.name for mutant in unnoticed] == []
        assert counted.keys() <= {REFUSED, LADDER, RULE, TEXT}
        assert counted.total() > 5000

    def test_changes(self) -> None:
        """A row is dropped, its verdict swapped, and each input dropped, turned or narrowed."""
        assert [(each.rule, each.change) for each in mutants(SMALL)] == [
            ("NO-ONE", "row dropped"),
            ("NO-ONE", "verdict yes"),
            ("NO-ONE", "one dropped"),
            ("NO-ONE", "one yes"),
            ("NO-ONE", "two but no"),
            ("NO-ONE", "two but yes"),
            ("NO-TWO", "row dropped"),
            ("NO-TWO", "verdict yes"),
            ("NO-TWO", "one but no"),
            ("NO-TWO", "one but yes"),
            ("NO-TWO", "two dropped"),
            ("NO-TWO", "two yes"),
            ("BOTH", "row dropped"),
            ("BOTH", "verdict no"),
            ("BOTH", "one dropped"),
            ("BOTH", "one no"),
            ("BOTH", "two dropped"),
            ("BOTH", "two no"),
        ]

    def test_sets_of_words(self) -> None:
        """A word is added to a set and taken from it, and the set turned into all other words."""
        (table, _) = TABLES["nontarget"]
        changes = {each.change for each in mutants(table) if each.rule == table.rules[0].id}
        (word,) = table.rules[0].when.values()
        assert isinstance(word, State)
        (name,) = table.inputs
        others = [state for state in State if state is not word]
        assert changes == {
            "row dropped",
            f"{name} dropped",
            f"{name} flipped",
            *(f"{name} also {state}" for state in others),
            *(f"{name} {state}" for state in others),
            *(f"verdict {each}" for each in NonTarget if each is not table.rules[0].verdict),
        }

    @pytest.mark.parametrize(
        ("rule", "change", "who"),
        [
            ("BOTH", "row dropped", REFUSED),
            ("BOTH", "verdict no", LADDER),
            ("NO-ONE", "two but no", RULE),
            ("NO-TWO", "one but no", TEXT),
        ],
    )
    def test_who_notices(self, rule: str, change: str, who: str) -> None:
        """The table itself, its verdicts, the rules that fire, or only its text."""
        (mutant,) = (each for each in mutants(SMALL) if (each.rule, each.change) == (rule, change))
        assert noticed(mutant, both, f"{SMALL}\n") == who
        told = DecisionTable(SMALL.name, SMALL.title, inputs=SMALL.inputs, rules=SMALL.rules)
        if who == TEXT:
            changed = [mutant.rules[i] for i in range(len(told.rules))]
            text = DecisionTable(SMALL.name, SMALL.title, inputs=SMALL.inputs, rules=changed)
            assert noticed(mutant, both, f"{text}\n") == UNNOTICED


class TestMutants:
    """What is no mutant of the program is left out, and only that."""

    @pytest.mark.parametrize(
        ("before", "after", "same"),
        [
            (
                "def f(a: int | None) -> int: return a",
                "def f(a: int & None) -> int: return a",
                True,
            ),
            ("a: int | str = 1", "a: int + str = 1", True),
            ("a = 1 | 2", "a = 1 + 2", False),
            ("a: int = 1", "a: int = 2", False),
            ("a is YesNo.YES", "a == YesNo.YES", True),
            ("a is not YesNo.YES", "a != YesNo.YES", True),
            ("a is YesNo.YES", "a is not YesNo.YES", False),
            ("a is YesNo.YES", "a >= YesNo.YES", False),
            ("a == YesNo.YES.code", "a is YesNo.YES.code", False),
            ("a == b", "a is b", False),
            ("a == exact.NEVER", "a is exact.NEVER", False),
        ],
    )
    def test_annotations(self, tmp_path: Path, before: str, after: str, same: bool) -> None:
        """A change of an annotation is none of the program; a change beside it is one.

        Nor is whether a word is a member of an enumeration or equals it.
        """
        dumped = []
        for text in (before, after):
            path = tmp_path / "module.py"
            path.write_text(text, "utf-8")
            tree = _parsed(path)
            assert tree is not None
            dumped.append(ast.dump(tree))
        assert (dumped[0] == dumped[1]) is same

    @pytest.mark.parametrize("text", ["def f(+, a): pass", "f(/a)", "return"])
    def test_not_python(self, tmp_path: Path, text: str) -> None:
        """What does not compile is no program."""
        path = tmp_path / "module.py"
        path.write_text(text, "utf-8")
        assert _parsed(path) is None

    def test_diff(self) -> None:
        """Of a diff the changed lines are kept, without indentation."""
        diff = "--- a\n+++ b\n@@ -1,2 +1,2 @@\n def f():\n-    return a < b\n+    return a <= b"
        assert operators.changed_lines(diff) == ("return a < b", "return a <= b")

    @pytest.mark.parametrize(
        ("output", "told"),
        [
            ("..F\n\ntests 3.50\n", ("tests", 3.5)),
            ("nobody 1.00", ("nobody", 1.0)),
            ("not Python 0.01", ("not Python", 0.01)),
            ("timeout", ("broken off", 0.0)),
            ("", ("broken off", 0.0)),
        ],
    )
    def test_who(self, output: str, told: tuple[str, float]) -> None:
        """The last line says who noticed; what never came to it was noticed by breaking off."""
        assert operators.told_by(output) == told


class TestAnswers:
    """What is expected must stand in what is found; what stands there beside it may."""

    def test_holds(self) -> None:
        assert holds({"a": [1, {"b": 2}]}, {"a": [1, {"b": 2, "c": 3}], "d": 4})
        for found in ({"a": [1]}, {"a": [1, {"b": 3}]}, {"b": 2}, {"a": [1, {"b": 2}, 3]}):
            assert not holds({"a": [1, {"b": 2}]}, found)


def outcome(who: str, now: str) -> Outcome:
    return Outcome(
        module="_base/exact",
        operator="core/X",
        line=1,
        was="return value >= limit",
        now=now,
        noticed=who,
        seconds=1.0,
    )


NOT_MUTATED = {
    "rulebook": """adam criteria_fields edition markers notes numbers_of_criteria papers
        reader_variability readings rulebooks to_check trial_designs uses""",
    "patient": """assessment comparison explanation immune_assessment immune_reasons
        joined_reasons lesion_assessment lesion_notes notes numbers reasons""",
    "cohort": """adam adam_responses adam_rows adam_sizes adam_subjects adam_times agreement asked
        beside cells chart_loops chart_mistakes choice compiled compiled_blocks compiled_charts
        compiled_lines endpoints file_columns files fired follow_up_loops groups history
        immune_responses kept lesion_responses lesion_table line_loops line_records nodule_table
        notes one_patient packed pattern_rates plain_grids rates rates_of responses row_loops
        subgroups tables_out target_loops""",
    "endpoints": "definitions descriptions history",
}
"""Words and texts, tables that go out, counts of verdicts, and the compiled loops."""


class TestDraw:
    """Which mutants are taken."""

    FOUND: ClassVar = [(module, f"{module}{i}") for module in "ab" for i in range(40)]

    def test_all(self) -> None:
        names = [name for _, name in self.FOUND]
        assert Draw().is_all
        assert sorted(Draw().names(self.FOUND)) == sorted(names)

    def test_total(self) -> None:
        names = Draw(total=10).names(self.FOUND)
        assert len(set(names)) == 10
        with_others = Draw(total=90).names([*self.FOUND, *(("c", f"c{i}") for i in range(9))])
        assert [name for name in with_others if name[0] != "c"][:10] == names
        assert not Draw(total=10).is_all

    def test_each(self) -> None:
        """So many of each module, the same ones whichever other modules there are."""
        names = Draw(each=7).names(self.FOUND)
        assert Counter(name[0] for name in names) == {"a": 7, "b": 7}
        assert Draw(each=7).names(self.FOUND[40:]) == [name for name in names if name[0] == "b"]
        assert len(Draw(each=100).names(self.FOUND)) == 80


class TestModules:
    """What is mutated: each module of the rooms that judge, but those named above."""

    def test_each_once(self) -> None:
        assert len(set(MODULES)) == len(MODULES)

    def test_there(self) -> None:
        assert [each for each in MODULES if not (ROOT / "mrecist" / f"{each}.py").is_file()] == []

    def test_tests_there(self) -> None:
        """Each module's mutants meet tests that are there."""
        assert [each for each in MODULES if not list(map(_found, _tests_of(each)))] == []

    @pytest.mark.parametrize("room", ["rulebook", "patient", "cohort", "endpoints"])
    def test_every_module(self, room: str) -> None:
        """A new module is mutated, or named above as one that does not judge."""
        there = {path.stem for path in (ROOT / "mrecist" / room).glob("*.py")} - {"__init__"}
        mutated = {name.split("/")[1] for name in MODULES if name.startswith(f"{room}/")}
        assert there - mutated == {*NOT_MUTATED[room].split()}


class TestExplanations:
    """Every survivor is explained, and every explanation is of a survivor."""

    def test_none_is_stale(self) -> None:
        """Every explained line still stands in its module, and no change is explained twice."""
        known = explained.survivors()
        assert explained.stale(known) == []
        assert all(each.why.strip() for each in known)
        times = Counter((each.module, each.was, each.now) for each in known)
        assert [key for key, count in times.items() if count > 1] == []

    def test_wrong(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A survivor that is not explained is told, and an explanation that explains nothing."""
        path = tmp_path / "survivors.toml"
        path.write_text(
            '[[survivor]]\nmodule = "_base/exact"\nwas = "return value >= limit"\n'
            'now = ["return value is limit"]\nwhy = "none"\n',
            "utf-8",
        )
        monkeypatch.setattr(explained, "FILE", path)
        known, other = outcome("nobody", "return value is limit"), outcome("nobody", "return 1")
        killed = outcome("tests", "return value < limit")
        assert explained.wrong([known, killed], ["_base/exact"], complete=True) == []
        (told,) = explained.wrong([known, other], ["_base/exact"], complete=True)
        assert told.startswith("survived: _base/exact.py:1")
        (told,) = explained.wrong([killed], ["_base/exact"], complete=True)
        assert "noticed after all" in told
        assert explained.wrong([killed], ["_base/exact"], complete=False) == []
        path.write_text(path.read_text("utf-8").replace("limit", "line"), "utf-8")
        (told,) = explained.wrong([], ["_base/exact"], complete=False)
        assert "no line" in told
