"""The loops that numba compiles, as Python runs them: they say what the arrays say.

With `mrecist[fast]` the same properties hold of machine code: tests/fast, and any test of cohorts
with `--engine numba`.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from typing import Any, ClassVar

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.cohort_tables import Cohort, cohort_of, cohorts, sayable_cohort
from support.engines import agree, differences
from support.profiles import thorough_only

import mrecist
from mrecist import conformance
from mrecist._base import exact
from mrecist.cohort import (
    chart_loops,
    choice,
    compiled,
    compiled_blocks,
    follow_up_loops,
    line_loops,
    row_loops,
    target_loops,
)
from mrecist.cohort.engine import read_of_one
from mrecist.cohort.panel import BY_ARRAYS
from mrecist.rulebook import best_response

CRITERIA = tuple(mrecist.CRITERIA.values())
LOOPS = (row_loops, follow_up_loops, chart_loops, line_loops, target_loops)


@pytest.fixture(autouse=True, scope="module")
def _interpreted() -> Iterator[None]:
    """Loops are run by Python: here nothing needs numba."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiled.COMPILER, "compiled", lambda: compiled.INTERPRETED)
        patch.setattr(compiled.COMPILER, "keep", lambda: None)
        yield


@pytest.mark.usefixtures("plain_apart")
class TestAgreement:
    """Every column, every problem, every new lesion, every mistake and note is the same."""

    @given(cohorts(), st.sampled_from(CRITERIA))
    @settings(max_examples=settings().max_examples * 4)
    def test_drawn(self, cohort: Cohort, criteria: mrecist.Criteria) -> None:
        agree(cohort.tables, criteria)

    @thorough_only
    @pytest.mark.parametrize("criteria", CRITERIA, ids=lambda each: each.name)
    def test_worked_cases(self, criteria: mrecist.Criteria) -> None:
        documents = [case.document for case in conformance.cases() if case.valid]
        agree(cohort_of(sayable_cohort(documents)).tables, criteria)

    @given(cohorts(), st.sampled_from([0, 1, 2]), st.sampled_from([0, 14]))
    @settings(max_examples=settings().max_examples)
    def test_amended(self, cohort: Cohort, gaps: int, days: int) -> None:
        """Numbers are those of the criteria."""
        criteria = attrs.evolve(
            mrecist.MRECIST,
            name="my-trial",
            response_share="1/2",
            progression_share="1/10",
            progression_floor_mm=3,
            too_small_mm=3,
            gone_node_mm=8,
            stable_days=49,
            confirmation_days=days,
            confirmation_gaps=gaps,
        )
        agree(cohort.tables, criteria)

    @given(cohorts(), st.data())
    @settings(max_examples=settings().max_examples // 2)
    def test_spellings(self, cohort: Cohort, data: st.DataObject) -> None:
        """Organs in any case, with other blanks, are the same organs: so are all verdicts."""
        plain = agree(cohort.tables)
        organs = cohort.findings.get("organ")
        if organs is None:
            return
        change = st.sampled_from([str.upper, str.title, lambda text: f" {text}  "])
        cohort.findings["organ"] = [
            data.draw(change)(each) if isinstance(each, str) else each for each in organs
        ]
        other = agree(cohort.tables)
        for name in ("lines", "timepoints"):
            assert differences(getattr(plain, name), getattr(other, name)) == []

    @given(cohorts(), st.data())
    @settings(max_examples=settings().max_examples * 2)
    def test_spoiled(self, cohort: Cohort, data: st.DataObject) -> None:
        """Cells that change places make rows contradict each other: the mistakes are the same."""
        for table in (cohort.findings, cohort.lines):
            names = [] if table is None else [name for name in table if name != "patient"]
            for name in data.draw(st.lists(st.sampled_from(names), max_size=2)) if names else []:
                assert table is not None
                column = list(table[name])
                some = st.integers(0, len(column) - 1)
                one, other = (data.draw(some) for _ in range(2)) if column else (0, 0)
                if column:
                    column[one], column[other] = column[other], column[one]
                table[name] = column
        agree(cohort.tables)

    @pytest.mark.parametrize("rows", [20, 1000])
    def test_blocks(self, monkeypatch: pytest.MonkeyPatch, rows: int) -> None:
        """Blocks follow one another, on two threads."""
        monkeypatch.setattr("mrecist.cohort.engine.BLOCK_ROWS", rows)
        trial = mrecist.simulate.reflect_like(40, seed=7)
        responses = agree({"findings": trial.findings, "lines": trial.lines}, workers=2)
        assert len(responses.timepoints["response"]) > 40

    def test_nobody(self) -> None:
        agree({"findings": {"patient": [], "date": [], "lesion": [], "viable_mm": []}})

    def test_too_small(self) -> None:
        """The size before counts: of the same measure, and where there is one."""
        findings = {
            "patient": ["P"] * 6, "date": [0, 30, 60, 0, 30, 60], "lesion": ["A"] * 3 + ["B"] * 3,
            "longest_mm": [12, 3, None, 20, None, None],
            "status": [None, None, "too small", None, "too small", "absent"],
        }  # fmt: skip
        agree({"findings": findings}, mrecist.RECIST_1_1)

    @pytest.mark.parametrize(
        ("status", "size"), [("absent", 5), (None, None), ("not evaluable", 1), ("absent", 0)]
    )
    def test_impossible(self, status: str | None, size: int | None) -> None:
        """What no finding can say is told by the arrays, of the patient alone that has it."""
        findings = {
            "patient": ["P", "P", "Q", "Q"], "date": [0, 30, 0, 30], "lesion": ["A"] * 4,
            "viable_mm": [30, size, 30, 20], "status": [None, status, None, None],
        }  # fmt: skip
        responses = agree({"findings": findings})
        assert responses.lines["patient"].tolist() == (["P", "Q"] if size == 0 else ["Q"])

    def test_proved_late(self) -> None:
        """An effusion is a non-target from the time point of its proof on."""
        findings = {
            "patient": ["P"] * 10, "date": [0, 0, 30, 30, 60, 60, 90, 90, 120, 120],
            "lesion": ["A", "E"] * 5, "kind": ["nodule", "effusion"] * 5,
            "organ": ["liver", "peritoneum"] * 5, "viable_mm": [30, None] * 2 + [0, None] * 3,
            "status": [None, "present"] * 4 + [None, "absent"],
            "cytology": [None] * 5 + ["positive"] + [None] * 4,
        }  # fmt: skip
        for criteria in CRITERIA:
            agree({"findings": findings}, criteria)

    def test_partial_examination(self) -> None:
        """A scan of the bones alone is passed over."""
        findings = {
            "patient": ["P"] * 4, "date": [0, 30, 60, 90], "lesion": ["A", "B", "A", "A"],
            "organ": ["lung", "bone", "lung", "lung"],
            "kind": ["nodule", "other", "nodule", "nodule"],
            "longest_mm": [30, None, 20, 20], "status": [None, "absent", None, None],
        }  # fmt: skip
        responses = agree({"findings": findings})
        assert responses.timepoints["problems"].tolist()[0] == "PARTIAL_EXAMINATION"

    def test_equivocal_beside_new(self) -> None:
        """One that is never proved counts as equivocal until another is new."""
        findings = {
            "patient": ["P"] * 6, "date": [0, 30, 30, 60, 60, 60],
            "lesion": ["A", "A", "B", "A", "B", "C"],
            "organ": ["lung", "lung", "bone", "lung", "bone", "lung"],
            "kind": ["nodule", "nodule", "other", "nodule", "other", "nodule"],
            "longest_mm": [30, 28, None, 28, None, 12],
            "status": [None, None, "present", None, "present", None],
            "equivocal": [None, None, True, None, True, None],
        }  # fmt: skip
        responses = agree({"findings": findings})
        assert responses.timepoints["new_lesion"].tolist() == ["EQUIVOCAL", "YES"]

    def test_many_new(self) -> None:
        """New lesions count at every later time point, more often than there are rows."""
        new = ["N1", "N2", "N3", "N4"]
        later = list(range(60, 300, 30))
        findings = {
            "patient": ["P"] * (6 + len(later)), "date": [0, *[30] * 5, *later],
            "lesion": ["A", "A", *new, *["A"] * len(later)],
            "organ": ["lung"] * (6 + len(later)), "longest_mm": [30] * (6 + len(later)),
        }  # fmt: skip
        responses = agree({"findings": findings})
        assert set(responses.timepoints["new_lesion"].tolist()) == {"YES"}

    def test_hidden_nodule(self) -> None:
        """A nodule with nothing viable is not detected where no arterial phase shows it."""
        findings = {
            "patient": ["P"] * 4, "date": [0, 30, 30, 60], "lesion": ["A", "A", "N", "A"],
            "organ": ["lung", "lung", "liver", "lung"], "longest_mm": [30, 20, None, 20],
            "viable_mm": [None, None, 0, None], "arterial_phase": [True, False, False, True],
        }  # fmt: skip
        responses = agree({"findings": findings})
        assert responses.timepoints["new_lesion"].tolist() == ["NO", "NO"]

    @pytest.mark.parametrize("many", [False, True])
    def test_ties(self, many: bool, monkeypatch: pytest.MonkeyPatch) -> None:
        """Of lesions of one size the first ids are targets, however many ids there are."""
        if many:
            monkeypatch.setattr("mrecist.cohort.compiled_blocks.FEW_IDS", 2)
        names = ["d", "b", "c", "a", "e"]
        findings = {
            "patient": ["P"] * 10, "date": [0] * 5 + [60] * 5, "lesion": names * 2,
            "organ": ["liver"] * 10, "viable_mm": [20] * 5 + [10, 5, 8, 2, 10],
        }  # fmt: skip
        responses = agree({"findings": findings})
        assert responses.lines["targets"].tolist() == ["a;b"]

    def test_several_lists(self) -> None:
        """Criteria take the verdict that is reported by their name."""
        findings = {
            "patient": ["P"] * 3, "date": [0, 30, 60], "lesion": ["A"] * 3,
            "viable_mm": [0, 0, 0], "reported:mrecist": [None, "PD", "CR"],
        }  # fmt: skip
        agree({"findings": findings})


@pytest.mark.usefixtures("plain_apart")
class TestParts:
    """Patients of whom something rare is known are judged apart, unless they are many."""

    FINDINGS: ClassVar[dict[str, list[Any]]] = {
        "patient": ["P"] * 3 + ["Q"] * 4 + ["R"] * 2, "date": [0, 30, 60, 0, 0, 30, 30, 0, 30],
        "lesion": ["A", "A", "A", "A", "E", "A", "E", "A", "A"],
        "kind": ["nodule"] * 4 + ["effusion", "nodule", "effusion"] + ["nodule"] * 2,
        "organ": ["liver"] * 4 + ["peritoneum", "liver", "peritoneum"] + ["liver"] * 2,
        "viable_mm": [30, 20, 10, 30, None, 20, None, 30, 40],
        "status": [None] * 4 + ["present", None, "present", None, None],
    }  # fmt: skip

    @pytest.mark.parametrize("most", [0.3, 0.5, 1])
    @pytest.mark.parametrize("rows", [1, 5, 100])
    def test_order(self, most: float, rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
        """The answers stand by patient, whoever was judged apart and in whatever blocks."""
        monkeypatch.setattr(compiled_blocks, "MOST_APART", most)
        monkeypatch.setattr("mrecist.cohort.engine.BLOCK_ROWS", rows)
        responses = agree({"findings": self.FINDINGS})
        assert responses.lines["patient"].tolist() == ["P", "Q", "R"]
        assert responses.timepoints["response"].tolist() == ["PR", "PR", "PR", "PD"]

    @pytest.mark.parametrize(("most", "parts"), [(0.3, False), (0.4, True)])
    def test_pays(self, most: float, parts: bool, monkeypatch: pytest.MonkeyPatch) -> None:
        """One of three is more than three tenths."""
        monkeypatch.setattr(compiled_blocks, "MOST_APART", most)
        data = read_of_one([self.FINDINGS, None, None])
        plain = compiled_blocks.PlainBlocks(data, mrecist.MRECIST, compiled.INTERPRETED)
        assert plain.pays() == parts
        assert plain.apart.tolist() == [False] * 3

    def test_no_trait_twice(self) -> None:
        """A trait that is met for the first time is learnt, whoever has it."""
        data = read_of_one([self.FINDINGS, None, None])
        plain = compiled_blocks.PlainBlocks(data, mrecist.MRECIST, compiled.INTERPRETED)
        panel = plain.judged([(0, 1), (1, 2), (2, 3)])
        assert plain.apart.tolist() == [False, True, False]
        assert panel.lines.patient.tolist() == [0, 2]

    @pytest.mark.parametrize("criteria", CRITERIA, ids=lambda each: each.name)
    def test_odd(self, criteria: mrecist.Criteria) -> None:
        """What is odd, blind or without a size, at a baseline and after."""
        rows = [
            ("P", 0, "A", "liver", "nodule", 30, 20, None, None, True),
            ("P", 0, "N", "lung", "nodule", 12, 30, None, None, True),
            ("P", 0, "K", "lymph node", "node", None, None, None, "measured", True),
            ("P", 30, "A", "liver", "nodule", 0, None, None, None, False),
            ("P", 30, "K", "lymph node", "node", None, None, None, "measured", False),
            ("P", 60, "A", "liver", "nodule", 0, None, None, None, True),
            ("Q", 0, "A", "liver", "nodule", 0, None, None, None, False),
            ("Q", 0, "B", "liver", "nodule", 30, None, None, "present", False),
            ("Q", 30, "A", "liver", "nodule", 20, 20, None, None, False),
            ("R", 0, "A", "liver", "nodule", None, None, None, "present", True),
            ("R", 30, "A", "liver", "nodule", 20, None, None, None, True),
            ("R", 30, "X", "bone", "other", 20, 30, None, "present", True),
            ("R", 60, "X", "bone", "other", None, None, None, "present", True),
        ]
        names = ("patient", "date", "lesion", "organ", "kind", "viable_mm", "longest_mm",
                 "short_axis_mm", "status", "arterial_phase")  # fmt: skip
        findings = {
            name: list(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)
        }
        lines = {"patient": ["P", "Q", "R"], "start": [0, 0, 0], "targets": [None, "A;B", "A"]}
        agree({"findings": findings}, criteria)
        agree({"findings": findings, "lines": lines}, criteria)
        agree({"findings": findings | {"biopsy": ["negative"] * len(rows)}}, criteria)

    @pytest.mark.parametrize(
        ("targets", "nontargets"),
        [("L0;L1;L2;L3;L4;L5", None), ("L0;Z", None), ("L0", "Z"), ("L0", "L1;L2"), (None, "L3")],
    )
    def test_named(self, targets: str | None, nontargets: str | None) -> None:
        """Too many targets, lesions that nobody records, and equal sizes among which to choose."""
        lesions = [f"L{place}" for place in range(6)]
        findings = {
            "patient": ["P"] * 12, "date": [0] * 6 + [30] * 6, "lesion": lesions[::-1] * 2,
            "longest_mm": [30, 30, 20, 30, 40, 30] * 2,
        }  # fmt: skip
        lines = {
            "patient": ["P"], "start": [0], "targets": [targets], "nontargets": [nontargets],
        }  # fmt: skip
        agree({"findings": findings, "lines": lines}, mrecist.RECIST_1_1)
        agree({"findings": findings}, mrecist.RECIST_1_1)

    @pytest.mark.parametrize(("baseline", "days"), [(None, 1), (0, 200)])
    @pytest.mark.parametrize("kind", ["nodule", "other"])
    def test_more_than_rows(self, baseline: int | None, days: int, kind: str) -> None:
        """Lines that share time points or lesions, and news, beyond what the rows make likely."""
        dates = [0, *range(30, 120, 10)]
        findings = {
            "patient": ["P"] * 12, "date": [*dates, 30, 0], "lesion": ["A"] * 10 + ["B", "C"],
            "kind": ["nodule"] * 10 + [kind, "nodule"], "longest_mm": [30] * 12,
        }  # fmt: skip
        lines = {
            "patient": ["P"] * 20,
            "start": [days + place for place in range(20)],
            "baseline": [baseline] * 20,
        }
        agree({"findings": findings, "lines": lines}, mrecist.RECIST_1_1)

    def test_many_lesions(self) -> None:
        """Patients with very many lesions are left to arrays."""
        count = compiled_blocks.MOST_LOOKED + 1
        findings = {
            "patient": ["P"] * 2 * count, "date": [0] * count + [30] * count,
            "lesion": list(range(count)) * 2, "longest_mm": [20] * 2 * count,
        }  # fmt: skip
        agree({"findings": findings}, mrecist.RECIST_1_1)

    def test_several_lists_apart(self) -> None:
        """Verdicts by criteria are read by arrays."""
        findings = self.FINDINGS | {"reported:mrecist": [None] * 9}
        plain = compiled_blocks.PlainBlocks(
            read_of_one([findings, None, None]), mrecist.MRECIST, compiled.INTERPRETED
        )
        assert plain.apart.all()


class TestSameSource:
    """Nothing clinical is stated a second time: rules are grids, numbers are those of criteria."""

    @pytest.mark.parametrize("module", LOOPS, ids=lambda each: each.__name__)
    def test_numbers(self, module: Any) -> None:
        """No number stands in the loops but 0, 1 and -1 (and how many columns a record has)."""
        tree = ast.parse(inspect.getsource(module))
        places = {
            id(each)
            for node in ast.walk(tree)
            if isinstance(node, ast.Slice)
            for each in ast.walk(node)
        }
        numbers = {
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and id(node) not in places
            and isinstance(node.value, (int, float))
        }
        assert numbers <= {0, 1, 2}

    @pytest.mark.parametrize("module", LOOPS, ids=lambda each: each.__name__)
    def test_comparisons(self, module: Any) -> None:
        """What is compared by size is plumbing; a size and a day are compared by `exact`."""
        tree = ast.parse(inspect.getsource(module))
        by_size = {
            ast.unparse(node)
            for node in ast.walk(tree)
            if isinstance(node, ast.Compare)
            and any(isinstance(each, (ast.Lt, ast.LtE, ast.Gt, ast.GtE)) for each in node.ops)
        }
        assert by_size <= PLUMBING[module]

    @pytest.mark.parametrize("module", LOOPS, ids=lambda each: each.__name__)
    def test_words(self, module: Any) -> None:
        """No response of a table is named: words are those of plumbing between the tables."""
        source = inspect.getsource(module)
        named = {
            ast.unparse(node)
            for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Attribute)
            and node.attr == "code"
        }
        assert named == WORDS[module]

    @pytest.mark.parametrize("module", LOOPS, ids=lambda each: each.__name__)
    def test_arithmetic(self, module: Any) -> None:
        """What the loops call is the function of the rulebook itself, and is compiled from it."""
        named = {name: value for name, value in vars(module).items() if inspect.isfunction(value)}
        others = {
            value for value in named.values() if value.__module__ not in {module.__name__, "typing"}
        }
        assert others <= set(compiled.CALLED)
        assert {each.__module__ for each in others} <= {
            exact.__name__,
            best_response.__name__,
            *(each.__name__ for each in LOOPS),
        }

    def test_every_loop(self) -> None:
        """Every function of the modules is compiled, or called by what is."""
        own = {
            value
            for module in LOOPS
            for value in vars(module).values()
            if inspect.isfunction(value) and value.__module__ == module.__name__
        }
        assert own <= {*compiled.KERNELS, *compiled.CALLED}

    def test_every_record(self) -> None:
        """Every record that a loop takes counts where machine code is looked for."""
        records = {
            value
            for module in LOOPS
            for value in vars(module).values()
            if inspect.isclass(value) and issubclass(value, tuple) and hasattr(value, "_fields")
        }
        assert records == set(compiled.RECORDS)


PLUMBING = {
    row_loops: {
        "len(viables) > 0", "len(longests) > 0", "len(shorts) > 0", "len(given) > 0",
        "len(blinds) > 0", "len(odds) > 0", "viable < 0", "recorded >= 0", "um > 0", "um >= 0",
        "last < 0", "longest >= 0", "viable > longest", "low < high",
        "lesion_code[middle] < code[k]", "low < end", "len(values) > 1",
    },
    follow_up_loops: {
        "len(proved) > 0", "len(unproven_until) > 0", "at <= proof", "at < proof", "proof < 0",
        "visit < unproven_until[lesion]", "recorded < listed[at]", "recorded > 0",
        "len(late_recurs) > 0", "baseline >= 0", "late_recurs[at] <= since",
        "progression[line] < 0",
        "proof < count",
        "before < 0", "before >= 0",
    },
    chart_loops: {
        "at < begin_lesion", "at >= place", "code < 0", "len(arterial) > 0",
        "len(enhancement) > 0", "len(hilar) > 0", "len(kind) > 0", "len(longest) > 0",
        "len(modality) > 0", "len(organ) > 0", "len(reported) > 0", "len(short) > 0",
        "len(status) > 0", "len(treated) > 0", "len(unmentioned) > 0", "len(viable) > 0",
        "recorded < 0", "recorded >= 0", "trait < 0", "um > 0", "um_longest >= 0",
        "um_viable < 0", "um_viable > um_longest",
    },
    line_loops: {
        "asked_line + 1 < own1", "at + count > len(totals)", "back < visit0", "back >= visit0",
        "base < visit0", "base > visit0", "base >= visit0", "baseline_row[lesion] >= 0",
        "before < 0", "beside >= 0", "end_list - begin_list > most_in_all",
        "first_visit[lesion] < base", "firsts[lesion] < 0", "firsts[lesion] >= 0", "known > 0",
        "len(biopsy) > 0", "len(equivocal) > 0", "len(first_line) > 0",
        "len(pattern) > 0", "len(ranks) > 0", "len(viable) > 0", "lesion < 0",
        "lesion1 - lesion0 > most_looked", "line >= len(sources)", "new < len(new_at)",
        "new >= len(new_at)", "nontargets_named >= 0", "own1 > own",
        "part + lesion1 - lesion0 > len(parts)", "part_code[slot - 1] > code_of[lesion]",
        "proofs[held_lesion[k]] < 0", "proofs[lesion] < 0", "proofs[lesion] >= 0",
        "recorded < nontargets", "recorded > 0", "row >= 0", "says & BLIND > 0",
        "says & GONE > 0", "seen > 0", "slot > first_part", "some <= fewest", "some > fewest",
        "targets + nontargets > 0", "targets > 0", "targets_named < 0",
        "together > most_targets[trait]", "total > 0", "viable[sight_row[sight]] >= 0",
        "visit1 > visit0", "visit_row[visit + 1] > visit_row[visit]",
        "visit_row[visit1] > visit_row[visit0]",
    },
    target_loops: {
        "before < most_targets[trait]", "left > 0", "low < high",
        "ranks[code_of[lesion_of[other]]] < rank", "remaining > 0", "slot > 0",
        "ums[other] > ums[row]",
    },
}  # fmt: skip
"""Whether something is there, how many there may be, and which of two comes first."""

WORDS = {
    row_loops: {
        "Size.RECORDED.code", "Size.SMALL.code", "Measure.VIABLE.code", "Measure.LONGEST.code",
        "Status.MEASURED.code",
    },
    follow_up_loops: {
        "Size.UNKNOWN.code", "State.NOT_EVALUABLE.code", "State.NO_BASELINE.code",
        "Targets.ALL.code", "Targets.IN_PART.code", "Standing.STANDS_IN.code",
        "Standing.OVER_DISEASE.code", "Watch.OFF.code", "Watch.ON.code", "Watch.UNCHANGED.code",
        "NewLesion.YES.code",
        "Status.ABSENT.code",
        "Rise.YES.code",
        "State.PROGRESSED.code",
    },
    chart_loops: {"Measure.VIABLE.code", "Size.RECORDED.code", "Status.MEASURED.code"},
    line_loops: {
        "Extent.ZERO.code", "NewLesion.EQUIVOCAL.code", "NewLesion.YES.code", "Size.UNKNOWN.code",
        "State.NOT_EVALUABLE.code", "State.NO_BASELINE.code", "State.PROGRESSED.code",
        "Status.MEASURED.code", "Status.NOT_EVALUABLE.code",
    },
    target_loops: set(),
}  # fmt: skip
"""What leads from one table to the next, as in the array engine."""


class TestDifferences:
    """The comparison itself finds what differs."""

    @pytest.mark.parametrize("other", [[1, 3], [1, 2, 3], [1.0, 2.0], ["1", "2"]])
    def test_arrays(self, other: Any) -> None:
        assert differences({"a": np.array([1, 2])}, {"a": np.array(other)}) == [".a"]

    def test_names(self) -> None:
        assert differences({"a": 1}, {"b": 1}) == [""]

    def test_none(self) -> None:
        assert differences((np.array([1]), {"a": "b"}), (np.array([1]), {"a": "b"})) == []


class TestChoice:
    """Loops judge where they are asked for, or are at hand and there is much to do."""

    @pytest.mark.parametrize("engine", ["cuda", "", None])
    def test_unknown(self, engine: Any) -> None:
        with pytest.raises(ValueError, match='engine must be "auto", "numpy" or "numba", got'):
            mrecist.assess_cohort({"patient": []}, engine=engine)

    @pytest.mark.parametrize(
        ("ready", "kept", "rows", "pays"),
        [
            (True, False, choice.ROWS_WHEN_READY, True),
            (True, True, choice.ROWS_WHEN_READY - 1, False),
            (False, True, choice.ROWS_WHEN_READY, False),
            (False, True, choice.ROWS_WHEN_KEPT, True),
            (False, False, choice.ROWS_WHEN_KEPT, False),
        ],
    )
    def test_auto(
        self, ready: bool, kept: bool, rows: int, pays: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(type(compiled.COMPILER), "is_ready", ready)
        monkeypatch.setattr(type(compiled.COMPILER), "is_kept", kept)
        assert (choice.steps_by("auto", rows) is not BY_ARRAYS) == pays

    def test_arrays(self) -> None:
        assert choice.steps_by("numpy", 1 << 40) is BY_ARRAYS

    def test_numba_that_fails(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Where numba cannot be loaded, arrays judge, unless it was asked for."""

        def fails() -> Any:
            raise ImportError("numba needs another NumPy")

        monkeypatch.setattr(compiled.COMPILER, "compiled", fails)
        monkeypatch.setattr(choice, "_pays", lambda rows: True)
        assert choice.steps_by("auto", 1) is BY_ARRAYS
        with pytest.raises(ImportError, match="another NumPy"):
            choice.steps_by("numba", 1)
