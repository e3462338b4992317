"""Hypothesis strategies: valid by default, in every corner, small when they shrink."""

from __future__ import annotations

import datetime
import doctest
import importlib.metadata
import json
import re
import statistics
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import attrs
import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from support import reach
from support.profiles import thorough_only

import mrecist
from mrecist.testing import _hypothesis_plugin, strategies
from mrecist.testing._document_tables import sayable, sayable_cohort
from mrecist.testing._draft_additions import ADDITIONS
from mrecist.testing._draft_findings import Writer
from mrecist.testing._invalid_documents import _other_calendar
from mrecist.testing._odd_parts import odd_fragment
from mrecist.testing.strategies import (
    InvalidDocument,
    SumCourse,
    Tables,
    case_documents,
    cohorts,
    criteria,
    findings,
    invalid_case_documents,
    lesions,
    patients,
    sum_courses,
    therapy_lines,
    timepoints,
)

README = Path(strategies.__file__).with_name("README.md").read_text("utf-8")
PLUGIN = "mrecist.testing._hypothesis_plugin"
NAMES = [name for name in strategies.__all__ if name.islower()]


UNSHRUNK = settings(max_examples=10_000, database=None, phases=[Phase.generate])


def yields(strategy: st.SearchStrategy[Any], condition: Callable[[Any], bool]) -> None:
    """Fail where no example meets the condition; none is made smaller, which takes long."""
    find(strategy, condition, settings=UNSHRUNK)


def empty() -> dict[str, Any]:
    """A case without any record."""
    lists: dict[str, Any] = {"lesions": [], "timepoints": [], "lines": []}
    return {"format": "mrecist-case/1", "patient": "P-001", **lists}


class TestRecords:
    """Every record is one that the constructors accept, and can be rebuilt from its repr."""

    @given(st.one_of(lesions(), findings(), timepoints(), therapy_lines(), patients()))
    def test_rebuilt(self, record: Any) -> None:
        names = {name: getattr(mrecist, name) for name in mrecist.__all__}
        assert eval(repr(record), {**names, "Decimal": Decimal}) == record

    @given(timepoints(dates=st.just(7), lesions=st.just([mrecist.Lesion("X", "lung", "node")])))
    def test_timepoint_of_own_lesions(self, timepoint: mrecist.Timepoint) -> None:
        assert timepoint.date == 7
        assert {finding.lesion for finding in timepoint.findings} <= {"X"}

    @given(findings(lesions=st.just(mrecist.Lesion("N", "axilla", "node"))))
    def test_finding_of_own_lesion(self, finding: mrecist.Finding) -> None:
        assert finding.lesion == "N"

    @given(st.data())
    def test_line_names_own_lesions(self, data: st.DataObject) -> None:
        start = datetime.date(2024, 1, 3)
        known = [mrecist.Lesion("A", "lung", "node"), mrecist.Lesion("B", "lung", "node")]
        line = data.draw(
            therapy_lines(starts=st.just(start), agents=st.just(["x"]), lesions=st.just(known))
        )
        assert (line.start, line.agents) == (start, ("x",))
        assert {*(line.targets or ()), *(line.nontargets or ())} <= {"A", "B"}

    @pytest.mark.parametrize(
        ("strategy", "condition"),
        [
            *(
                (findings(), lambda each, status=status: each.status is status)
                for status in mrecist.Status
            ),
            *((lesions(), lambda each, kind=kind: each.kind is kind) for kind in mrecist.Kind),
            (findings(), lambda each: each.longest_um == 9_999 or each.viable_um == 10_001),
            (findings(), lambda each: each.biopsy == "positive"),
            (findings(), lambda each: each.cytology == "positive"),
            (timepoints(), lambda each: isinstance(each.date, datetime.date)),
            (timepoints(), lambda each: each.reported == "CR"),
            (therapy_lines(), lambda each: each.baseline is not None),
            (therapy_lines(), lambda each: each.stop == each.start),
        ],
    )
    def test_reach(self, strategy: st.SearchStrategy[Any], condition: Callable[..., bool]) -> None:
        """Every kind, every status, sizes beside a limit."""
        yields(strategy, condition)


class TestPatients:
    """Charts within the limits that are asked for."""

    @given(patients(max_lesions=2, max_timepoints=3, max_lines=1, reported=False, named=False))
    def test_limits(self, patient: mrecist.Patient) -> None:
        assert len(patient.lesions) <= 2
        assert len(patient.timepoints) <= 3
        assert len(patient.lines) == 1
        assert not any(timepoint.reported for timepoint in patient.timepoints)
        assert not any(line.baseline or line.targets for line in patient.lines)

    @given(patients(iso_dates=True), patients(iso_dates=False))
    def test_dates(self, calendar: mrecist.Patient, study: mrecist.Patient) -> None:
        assert all(isinstance(line.start, datetime.date) for line in calendar.lines)
        assert all(isinstance(line.start, int) for line in study.lines)

    @thorough_only
    def test_reach(self) -> None:
        """Every rule a verdict can rest on, every problem, every reading: in 6,000 examples.

        That is the long search; two thousand reach all but a few.
        """
        long = settings().max_examples >= 5_000
        _, left = reach.examples_until_all_reached(6_000 if long else 2_000)
        assert len(left) <= (0 if long else 6), left

    def test_speed(self) -> None:
        """Quick enough to be used at large; the figure itself stands in the README."""
        assert reach.per_second(patients(), 200) > 50


def timepoints_of(patient: mrecist.Patient) -> list[mrecist.TimepointAssessment]:
    return [each for line in mrecist.assess(patient).lines for each in line.timepoints]


def records(patient: mrecist.Patient) -> int:
    """How many records a chart has."""
    kinds = (patient.lesions, patient.timepoints, patient.lines, patient.markers, patient.events)
    return sum(map(len, kinds)) + sum(len(each.findings) for each in patient.timepoints)


def is_rechallenge(patient: mrecist.Patient) -> bool:
    return any(line.exposure == "rechallenge" for line in mrecist.assess(patient).lines)


class TestShrinking:
    """What fails is shown on few records; on how few, each release of Hypothesis says anew."""

    @thorough_only
    @pytest.mark.parametrize(
        "condition",
        [
            lambda each: any(t.computed == "PR" for t in timepoints_of(each)),
            lambda each: any("new lesion" in t.causes for t in timepoints_of(each)),
            is_rechallenge,
        ],
        ids=["partial response", "new lesion", "rechallenge"],
    )
    def test_fewer_records(self, condition: Callable[[mrecist.Patient], bool]) -> None:
        """Fewer than most charts have that meet the condition too."""
        drawn: list[int] = []
        small = patients(max_lesions=5, max_timepoints=5, max_lines=2, extras=False)
        for start in range(100, 106):
            reach.examples(
                small, 50, lambda each: condition(each) and drawn.append(records(each)), start
            )
        tries = settings(max_examples=1_000, database=None, deadline=None)
        searches = (find(small, condition, settings=tries, random=Random(k)) for k in range(3))
        assert any(
            condition(shown) and records(shown) < statistics.median(drawn) for shown in searches
        )

    def test_of_an_invalid_document(self) -> None:
        """One mistake, in a document of few records."""
        few = case_documents(max_lesions=2, max_timepoints=2, max_lines=1, extras=False)
        several = invalid_case_documents(documents=few)
        tries = settings(max_examples=5_000, database=None, derandomize=True, deadline=None)
        invalid = find(several, lambda each: "viable_mm" in each.paths[0], settings=tries)
        assert len(invalid.paths) <= 2  # of four at most


class TestCriteria:
    """Sound protocols, some of them the published ones."""

    @given(criteria())
    def test_sound(self, protocol: mrecist.Criteria) -> None:
        assert attrs.evolve(protocol) == protocol
        published = mrecist.CRITERIA.get(protocol.name, protocol)
        assert published == protocol

    @given(criteria(), patients(max_timepoints=4, max_lines=2))
    def test_serve(self, protocol: mrecist.Criteria, patient: mrecist.Patient) -> None:
        assert mrecist.assess(patient, criteria=protocol).criteria == protocol

    @pytest.mark.parametrize(
        "field",
        [
            each.name
            for each in attrs.fields(mrecist.Criteria)
            if each.name not in ("title", "rules", "area", "progression_by_lesion", "stable_word")
        ],
    )
    def test_every_number_varies(self, field: str) -> None:
        """Every number of criteria that sum lengths; those of areas have tables of their own."""
        start = getattr(mrecist.MRECIST, field)
        only = criteria(named=st.just(mrecist.MRECIST))
        yields(only, lambda each: getattr(each, field) != start)


class TestSumCourses:
    """Totals on the thresholds and one micrometre beside them."""

    @given(sum_courses(max_totals=3))
    def test_exact(self, course: SumCourse) -> None:
        assert course.baseline_mm > 0
        assert 1 <= len(course.totals_mm) <= 3
        for total in (course.baseline_mm, *course.totals_mm):
            assert total.as_tuple().exponent == -3
            assert 0 <= total <= 1000

    @pytest.mark.parametrize("beside", [0, 1, -1])
    @pytest.mark.parametrize("line", ["fell", "rose", "floor"])
    def test_reach(self, line: str, beside: int) -> None:
        def on(course: SumCourse) -> bool:
            baseline, *totals = (int(total * 1000) for total in (course[0], *course[1]))
            if baseline < 1000:
                return False
            nadir = min([baseline, *totals[:-1]])
            aim = {"fell": baseline * Fraction(7, 10), "rose": nadir * Fraction(6, 5)}
            return totals[-1] == aim.get(line, nadir + 5_000) + beside

        yields(sum_courses(criteria=mrecist.RECIST_1_1), on)

    def test_zero_nadir(self) -> None:
        yields(sum_courses(), lambda each: 0 in each.totals_mm[:-1] and each.totals_mm[-1] > 0)


class TestCohorts:
    """Tables that `assess_cohort` takes."""

    @given(cohorts(max_patients=1))
    def test_somebody(self, tables: Tables) -> None:
        """Every cohort has a patient, also where none has a scan and no table tells of lines."""
        assert {*tables.findings["patient"], *(tables.lines or {"patient": []})["patient"]}

    @settings(max_examples=settings().max_examples // 2)
    @given(cohorts(max_patients=3))
    def test_assessed(self, tables: Tables) -> None:
        mrecist.assess_cohort(**tables._asdict())

    @given(cohorts(max_patients=1, days="calendar", make=lambda **_: case_documents(max_lines=1)))
    def test_of_own_documents(self, tables: Tables) -> None:
        assert tables.lines is None or len(tables.lines["start"]) <= 1


class TestWritten:
    """What documents and tables write in more than one way."""

    @pytest.mark.parametrize(
        ("form", "micrometres", "written"),
        [(0, 500, 0.5), (0, 5_000, 5), (1, 5_000, 5.0), (2, 41_500, "41.5"), (3, 500, ".500"),
         (3, 5_000, "5."), (3, 41_500, " 41.500 "), (4, 500, "0.5005"), (4, 501, "0.50149")],
    )  # fmt: skip
    def test_sizes(self, form: int, micrometres: int, written: Any) -> None:
        assert Writer([form])(micrometres) == written
        assert mrecist.Finding("X", longest_mm=written).longest_um == micrometres

    def test_sayable(self) -> None:
        """Ids that a list in a cell cannot hold are changed, and stay apart; a blank organ too."""
        case = empty() | {
            "lesions": [
                {"id": name, "organ": " ", "kind": "nodule"} for name in ("a;b", "a,b", "unseen")
            ],
            "timepoints": [
                {
                    "date": 0,
                    "findings": [{"lesion": name, "viable_mm": 20} for name in ("a;b", "a,b")],
                }
            ],
        }
        told = sayable(case)
        assert [each["id"] for each in told["lesions"]] == ["a,b", "a,b_"]
        assert {each["organ"] for each in told["lesions"]} == {"liver"}
        again = sayable_cohort([case, empty(), case])
        assert [each["patient"] for each in again] == ["P-001", "P-001'"]


class TestWithoutPlace:
    """What a document has no place for is not drawn."""

    @pytest.mark.parametrize("name", sorted({*ADDITIONS} - {"procedures"}))
    @given(data=st.data())
    def test_additions(self, name: str, data: st.DataObject) -> None:
        case = empty()
        ADDITIONS[name](data.draw, case)
        assert case == empty()

    @given(data=st.data())
    def test_mistakes(self, data: st.DataObject) -> None:
        for maker in (_other_calendar, odd_fragment):
            assert maker(data.draw, empty()) is None

    def test_named_fragment(self) -> None:
        """A fragment is spoilt by a line that names it; a lesion with fragments is not."""
        parts = [{"id": "T", "kind": "nodule"}, {"id": "Ta", "kind": "nodule", "part_of": "T"}]
        document = empty() | {"lesions": parts, "lines": [{"agents": ["sorafenib"], "start": 0}]}
        assert odd_fragment(lambda strategy: 0, document) is None
        mistake = odd_fragment(lambda strategy: 1, document)
        assert mistake is not None
        mistake.make()
        assert mistake.path == "lines[0].targets[0]"
        assert document["lines"][0]["targets"] == ["Ta"]

    def test_no_words(self) -> None:
        """Tables say no verdict of nobody's."""
        chart = empty() | {
            "timepoints": [{"date": 0, "findings": [], "reported": {"mrecist": None}}]
        }
        assert "reported" not in sayable(chart)["timepoints"][0]


class TestInvalidDocuments:
    """The mistakes are those that are reported, no more and no fewer."""

    @settings(max_examples=3 * settings().max_examples)
    @given(invalid_case_documents())
    def test_exactly_those(self, invalid: InvalidDocument) -> None:
        with pytest.raises(mrecist.CaseError) as refused:
            mrecist.from_case(invalid.document)
        assert tuple(sorted({path for path, _ in refused.value.mistakes})) == invalid.paths
        assert len(set(refused.value.mistakes)) == len(refused.value.mistakes)

    @settings(max_examples=4 * settings().max_examples)
    @given(invalid_case_documents(documents=st.builds(empty)))
    def test_of_an_empty_case(self, invalid: InvalidDocument) -> None:
        """Where there is no record to spoil, something else is."""
        with pytest.raises(mrecist.CaseError) as refused:
            mrecist.from_case(invalid.document)
        assert tuple(sorted({path for path, _ in refused.value.mistakes})) == invalid.paths
        assert len(set(refused.value.mistakes)) == len(refused.value.mistakes)

    @given(invalid_case_documents(max_mistakes=1))
    def test_one(self, invalid: InvalidDocument) -> None:
        """All but one refer to what can no longer be read."""
        refers = re.compile(r"\.(lesion|into|part_of|baseline|lesions\[\d+]|(non)?targets\[\d+])$")
        assert invalid.paths
        assert len([path for path in invalid.paths if not refers.search(path)]) <= 1

    def test_reach(self) -> None:
        """Every kind of mistake, by the last word of its path."""
        left = {
            "id", "date", "start", "kind", "status", "viable_mm", "lesion", "nontargets[0]",
            "death", "targets[1]", "stop", "baseline", "format", "patient", "colour", "lesions",
            "timepoints", "findings", "agents", "findings[0]", "lines[0]", "",
        }  # fmt: skip
        for batch in range(100):
            reach.examples(
                invalid_case_documents(),
                50,
                lambda each: left.difference_update(path.split(".")[-1] for path in each.paths),
                batch,
            )
            if not left:
                break
        assert left == set()

    def test_several(self) -> None:
        yields(invalid_case_documents(), lambda each: len(each.paths) >= 3)

    def test_as_json(self) -> None:
        """The documents are plain JSON values."""

        @settings(max_examples=20)
        @given(invalid_case_documents())
        def each(invalid: InvalidDocument) -> None:
            assert json.loads(json.dumps(invalid.document)) == invalid.document

        each()


def fresh(script: str) -> list[str]:
    """The words that a script prints in a fresh interpreter."""
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.split()


OURS = "print(*(n for n in sys.modules if n.startswith('mrecist.') or n == 'numpy'))"
KINDS = ("Criteria", "Finding", "Lesion", "Patient", "TherapyLine", "Timepoint")


class TestPlugin:
    """`st.from_type` knows the records, and whoever does not ask for them does not pay."""

    def test_import_of_hypothesis(self) -> None:
        """It brings in neither NumPy nor a module of ours but the plugin, installed or not."""
        told = set(fresh(f"import sys, hypothesis; {OURS}"))
        assert told <= {"mrecist.testing", PLUGIN}

    def test_entry_point(self) -> None:
        """Where the package is installed, Hypothesis finds the plugin by itself."""
        entries = importlib.metadata.entry_points(group="hypothesis", name="mrecist")
        for entry in entries:
            assert entry.value == f"{PLUGIN}:register"
            assert entry.load() is _hypothesis_plugin.register

    @pytest.mark.parametrize(
        "order", ["plugin mrecist records", "mrecist plugin records", "mrecist records plugin"]
    )
    def test_from_type(self, order: str) -> None:
        """Every record is made by its strategy, whichever of the two was imported first."""
        steps = {
            "plugin": f"import hypothesis; importlib.import_module({PLUGIN!r}).register()\n",
            "mrecist": "import mrecist\n",
            "records": f"for name in {KINDS}: getattr(mrecist, name)\n",
        }
        told = fresh(
            "import importlib, os; os.environ['HYPOTHESIS_NO_PLUGINS'] = '1'\n"
            + "".join(steps[step] for step in order.split())
            + "from hypothesis import Phase, find, settings, strategies as st\n"
            f"for name in {KINDS}:\n"
            "    kind, first = getattr(mrecist, name), settings(phases=[Phase.generate])\n"
            "    found = find(st.from_type(kind), lambda each: True, settings=first)\n"
            "    print(type(found).__name__)\n"
        )
        assert told == list(KINDS)

    def test_registered_here(self) -> None:
        _hypothesis_plugin.register()
        assert isinstance(find(st.from_type(mrecist.Lesion), lambda each: True), mrecist.Lesion)


class TestWithoutHypothesis:
    """The rest of the package does without Hypothesis, and the strategies say what they lack."""

    def test_message(self) -> None:
        told = fresh(
            "import sys; sys.modules['hypothesis'] = None\n"
            "import mrecist, mrecist.testing\n"
            "try:\n    import mrecist.testing.strategies\n"
            "except ImportError as error:\n    print(error)\n"
        )
        assert " ".join(told) == (
            'the strategies of mrecist.testing need hypothesis: pip install "mrecist[testing]"'
        )

    def test_import_of_mrecist(self) -> None:
        assert "hypothesis" not in fresh("import sys, mrecist; print(*sys.modules)")


class TestDocumentation:
    """What the docstrings and the page say is so."""

    @pytest.mark.parametrize("name", NAMES)
    def test_docstrings(self, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """Each strategy promises what it yields and shows it; what is shown happens.

        It happens whatever example Hypothesis comes upon: none is made smaller here.
        """
        monkeypatch.setattr("hypothesis.find", partial(find, settings=UNSHRUNK))
        text = getattr(strategies, name).__doc__
        names = {each: getattr(strategies, each) for each in strategies.__all__}
        example = doctest.DocTestParser().get_doctest(text, names, name, None, 0)
        assert doctest.DocTestRunner(verbose=False).run(example).failed == 0

    def test_examples_of_the_page(self) -> None:
        """The Python of the page runs top to bottom, tests and all."""
        _hypothesis_plugin.register()  # as Hypothesis does where the package is installed
        names: dict[str, Any] = {"__name__": "page"}
        text = README.partition("\n## Laws")[0]
        blocks = re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
        assert blocks
        for block in blocks:
            exec(compile(block, "<the page>", "exec"), names)
        tests = [value for name, value in names.items() if name.startswith("test_")]
        assert tests
        for test in tests:
            settings(max_examples=20)(test)()

    def test_table_of_reach(self) -> None:
        """The page tells of every table, rule, reading and problem, and of none besides."""
        part = README.partition("## How often each rule is reached")[2].partition("\n## ")[0]
        cells = [row.split("|")[2] for row in part.splitlines() if row.startswith("|")]
        told = set(re.findall(r"([A-Z][A-Z0-9_-]+) \d", " ".join(cells)))
        assert {name for _, name in reach.EVERYTHING} == told
