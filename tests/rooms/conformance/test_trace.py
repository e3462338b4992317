"""Every rule and reading stands in the code, has a source, and is shown by tests and cases.

The record of the tests and the page are files of the package. To write them anew:

    MRECIST_WRITE_TRACE=1 python -m pytest tests/rooms/conformance/test_trace.py  (names, cases)
    python tests/support/traced_tests.py   (also which rules fire, slowly)
"""

from __future__ import annotations

import ast
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest
from support import traced_tests
from support.profiles import thorough_only
from support.traced_tests import FOLDER

import mrecist
from mrecist._base.errors import NotThereError
from mrecist.cli import parser
from mrecist.conformance import trace, trace_code, trace_page
from mrecist.conformance.trace import AREAS, Trace, traces, traces_named
from mrecist.conformance.trace_code import Place
from mrecist.conformance.trace_page import told
from mrecist.endpoints import engine
from mrecist.rulebook.index import TABLES
from mrecist.rulebook.papers import Citation, Evidence, Paper
from mrecist.rulebook.readings import READINGS

WRITE = "MRECIST_WRITE_TRACE"
ROOT = Path(__file__).parents[3]
CODE = {module: trace_code.source_of(module).splitlines() for module in trace_code.MODULES}


@pytest.fixture(scope="module", autouse=True)
def written() -> None:
    if os.environ.get(WRITE):
        traced_tests.write()


def one(id: str) -> Trace:
    (found,) = traces_named(id)
    return found


class TestNothingLacks:
    """A rule or reading without a place, a source, a test or, where one can be, a case is none."""

    def test_each(self) -> None:
        assert {each.id: each.lacks for each in traces() if each.lacks} == {}

    def test_every_id(self) -> None:
        """Every rule of every table and every reading is traced, once an area."""
        ids = {(each.area, each.id) for each in traces()}
        assert len(ids) == len(traces())
        rows = {
            (name, rule.id)
            for name, tables in TABLES.items()
            for table in tables
            for rule in table.rules
        }
        assert rows <= ids
        assert {("readings", reading.id) for reading in READINGS} <= ids
        assert {area for area, _ in ids} == set(AREAS)

    def test_what_lacks_is_told(self) -> None:
        """Each kind of thing that there must be is missed by its name."""
        nothing = Trace(id="TL-X", area="target", sentence="x", sources=())
        assert nothing.lacks == ("place", "source", "test")
        assert attrs.evolve(nothing, shown=True).lacks[-1] == "case"
        assert attrs.evolve(nothing, area="readings").lacks[-1] == "use in the code"
        assert one("TL-PD-20").lacks == ()

    def test_what_a_case_can_show(self) -> None:
        """All tables of verdicts, and the readings that they rest on; not times or patterns."""
        by_area = {area: {each.shown for each in traces_named(area)} for area in AREAS}
        shown = {area for area, found in by_area.items() if found == {True}}
        assert shown == {
            "size",
            "unmentioned",
            "merged",
            "parts",
            "treated",
            "partial",
            "baseline",
            "known",
            "target-fit",
            "target",
            "nontarget-lesion",
            "nontarget",
            "detected",
            "new-lesion",
            "new-lesion-leap012",
            "overall",
            "reported",
            "recurrence",
            "recurs",
            "best",
            "confirmed",
            "exposure",
        }
        assert by_area["readings"] == {True, False}


class TestPlaces:
    """A place is where the source of this package says the id."""

    def test_lines(self) -> None:
        """The line that is told names the id, or puts it together."""
        for each in traces():
            for place in (*each.stands, *each.used):
                line = CODE[place.module][place.line - 1]
                whole = each.id in line or "readings" in line or "{" in line
                assert whole or each.area in mrecist.POLICIES, (each.id, place)

    def test_definitions(self) -> None:
        """In the table, policy, list or function that holds it."""
        assert list(map(str, one("TL-PD-20").stands)) == ["rulebook.targets.MRECIST_TARGET"]
        assert "rulebook.criteria.MRECIST" in map(str, one("TL-PD-20").used)
        assert list(map(str, one("TTE-FDA-02").stands)) == ["rulebook.policies.FDA_A"]
        assert list(map(str, one("PAT-IHG-AGAIN").stands)) == ["rulebook.patterns._growth"]
        assert list(map(str, one("RD-NODE-CR").stands)) == ["rulebook.readings.NODE_CR"]

    def test_texts(self) -> None:
        """A text below a definition is its own; a decorator belongs to what it decorates."""
        source = '"""Text."""\n\nA: int = 1\n"""Of A."""\nA += 1\n\n@b\ndef f(): ...\n# end\n'
        names = trace_code.names_by_line(ast.parse(source).body)
        assert [names[line] for line in range(1, 10)] == ["", "", "A", "A", "A", "", "f", "f", ""]
        assert str(Place("rules", "", 1)) == "rules"


class TestRecord:
    """The record of the tests is as the tests are."""

    @thorough_only
    def test_fresh(self) -> None:
        """The names are those of today, and every test that is recorded is there."""
        assert json.loads((FOLDER / "trace.json").read_text("utf-8")) == traced_tests.record()

    def test_page(self) -> None:
        """So is the page."""
        assert (FOLDER / "TRACE.md").read_text("utf-8").split("\n") == trace_page.page().split("\n")

    def test_named(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """An id counts in a test, its class, its parameters, and what they take from the module."""
        (tmp_path / "tests").mkdir()
        (tmp_path / "tests" / "test_a.py").write_text(
            'CASES = ["A-1"]\n\n@each(CASES)\ndef test_one(): "A-2"\n\n'
            'class TestB:\n    """A-3."""\n    def test_two(self): "A-4 and A-5-6"\n'
            "    def help(self): ...\n\nclass Other: ...\n",
            "utf-8",
        )
        monkeypatch.setattr(traced_tests, "TESTS", tmp_path / "tests")
        one, two = "tests/test_a.py::test_one", "tests/test_a.py::TestB::test_two"
        assert traced_tests.named(["A-1", "A-2", "A-3", "A-4", "A-5", "A-6"]) == {
            "A-1": [one],
            "A-2": [one],
            "A-3": [two],
            "A-4": [two],
        }
        assert traced_tests.existing() == {one, two}

    def test_fired(self) -> None:
        """Deciding for one patient and for arrays is noted, by the most specific tests."""
        recorder, firing = traced_tests.Recorder(), engine.firing
        with recorder:
            assessed = mrecist.assess(mrecist.example_case("ikeda-2021"), criteria="mrecist")
            assert "REP-STANDS-IN" in recorder.now
            recorder.now.clear()
            mrecist.course(assessed)
            assert {"SIT-PD", "TTE-GMI-BELOW"} <= recorder.now
        assert engine.firing is firing
        recorder.fired = {"t::a[1]": {"A", "B"}, "t::a[2]": {"A"}, "t::b": {"A", "B", "C"}}
        assert recorder.most_specific() == {
            "A": ["t::a", "t::b"],
            "B": ["t::a", "t::b"],
            "C": ["t::b"],
        }


class TestCases:
    """What cases say that they exercise is there; that it fires is tested with the cases."""

    def test_ids(self) -> None:
        """Every rule and reading that a case names is traced; the rest are problems, mistakes."""
        known = {each.id for each in traces()} | {problem.name for problem in mrecist.Problem}
        assert {id for id in trace._cases() if not id.startswith("DOC-")} <= known


class TestDocs:
    """An id that a text of this project names is there."""

    SPEC = re.compile(r"\b(?:RD|TTE|AFP|PAT|TL|R11|OR|NT|BOR|REP|SIT|LINE|LF)(?:-[A-Z0-9]+)+\b")

    def texts(self) -> Iterator[tuple[str, str]]:
        for path in [*ROOT.glob("*.md"), *ROOT.glob("examples/**/*"), *ROOT.glob("mrecist/*/*.md")]:
            if path.suffix in {".md", ".py", ".ipynb"} and path.name != "TRACE.md":
                yield path.name, path.read_text("utf-8")

    def test_docs(self) -> None:
        """Of the rules, one or a family (LINE-10: LINE-10-JOINT and others)."""
        known = " ".join(f"{each.id}- " for each in traces())
        assert {
            (name, id)
            for name, text in self.texts()
            for id in self.SPEC.findall(text)
            if f"{id}-" not in known
        } == set()


class TestTold:
    """`mrecist rules --trace` prints tables of 100 columns, and everything on one id."""

    def test_id(self) -> None:
        text = told("TL-PD-20")
        assert "stands in  rulebook.targets.MRECIST_TARGET, line " in text
        assert "source     Lencioni & Llovet 2010, target lesion response [restated]" in text
        assert "named by   tests/" in text
        assert "fired by   tests/" in text
        assert "rests on   Reading RD-NADIR-BASELINE; Reading RD-ZERO-NADIR" in text

    def test_reading(self) -> None:
        assert "rules      TL-CR-0" in told("RD-NODE-CR")
        assert "cases      outside the case document" in told("RD-GATE")

    def test_area(self) -> None:
        text = told("gates")
        assert text.startswith("gates: Entry conditions\nid          stands in")
        assert "AFP-RAM400  laboratory.gates.RAMUCIRUMAB  verified" in text

    def test_width(self) -> None:
        """Nothing is wider than the page; ids of several areas are told one below the other."""
        assert max(map(len, told().split("\n"))) <= 100
        assert all(f"{area}: {title[:80]}" in told() for area, title in AREAS.items())

    def test_unknown(self) -> None:
        with pytest.raises(NotThereError, match="no table, rule, policy or reading 'TL-XX'; the"):
            traces_named("TL-XX")

    def test_none(self) -> None:
        """What there is none of is told as none, where there should be some."""
        source = Citation(Paper("A", "B"), "here", Evidence.DERIVED)
        bare = Trace(id="TL-X", area="target", sentence="x", sources=(source,), shown=True)
        assert str(bare).split("\n")[1:] == [
            "  stands in  none",
            "  source     A, here [derived]",
            "  cases      none",
            "  tests      none",
        ]
        assert trace_page._row(bare).endswith("| A, here | derived |  |  |")

    def test_not_recorded(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A wheel comes without the record of the tests: all the rest is told."""
        monkeypatch.setattr(trace, "_record", lambda: tmp_path / "trace.json")
        for cached in (trace._tests, trace.traces):
            cached.cache_clear()
        try:
            rows = told("TL-PD-20").split("\n")
            assert rows[-1] == "  tests      listed with the source of this package"
            assert any(row.startswith("  stands in  ") for row in rows)
            assert {row.split()[-2] for row in told("gates").split("\n")[2:]} >= {"-"}
        finally:
            monkeypatch.undo()
            for cached in (trace._tests, trace.traces):
                cached.cache_clear()

    def test_command(self, capsys: pytest.CaptureFixture[str]) -> None:
        """An id, an area, the readings; what is not there is said."""
        for arguments, said in ((["TL-PD-20"], "TL-PD-20 ("), (["--readings"], "readings: ")):
            assert parser.main(["rules", "--trace", *arguments]) == 0
            assert capsys.readouterr().out.startswith(said)
        assert parser.main(["rules", "--trace", "TL-XX"]) == 2
        assert "no table, rule, policy or reading 'TL-XX'" in capsys.readouterr().err
