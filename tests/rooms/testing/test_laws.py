"""The laws: two sound implementations keep them, and each classic fault breaks one."""

from __future__ import annotations

import doctest
import functools
import json
import re
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import settings
from support.faulty import faulty
from support.law_faults import (
    CONFIRMS_PR,
    FAULTS,
    NADIR_LOWER,
)
from support.oracle import oracle
from support.profiles import thorough_only

import mrecist
from mrecist.rulebook import readings
from mrecist.rulebook.index import TABLES
from mrecist.testing import laws
from mrecist.testing.laws import LAWS, AssessLike, BrokenLaw, Law

Document = dict[str, Any]

NAMES = sorted(mrecist.CRITERIA)
LISTS = ("lesions", "timepoints", "lines")
EXAMPLES = 1_000  # the first that is caught ends the search: most are by the tenth chart
SEED = 20_240_103

every_law = pytest.mark.parametrize("law", LAWS, ids=str)
every_criteria = pytest.mark.parametrize("criteria", NAMES)


def reference(criteria: str = "mrecist") -> AssessLike:
    def assess(case: Document) -> Document:
        patient = mrecist.from_case(case)
        return mrecist.to_assessment(mrecist.assess(patient, criteria=mrecist.CRITERIA[criteria]))

    return assess


def broken_oracle(*changes: tuple[str, str], criteria: str = "mrecist") -> AssessLike:
    """The oracle with some places of its source changed."""
    return functools.partial(faulty(*changes), criteria=criteria)


@every_criteria
@every_law
class TestSound:
    """The laws follow from the specification: who implements it keeps them."""

    def test_reference(self, law: Law, criteria: str) -> None:
        law(reference(criteria), criteria=criteria, max_examples=settings().max_examples // 5)

    @thorough_only
    def test_oracle(self, law: Law, criteria: str) -> None:
        answers = functools.partial(oracle, criteria=criteria)
        law(answers, criteria=criteria, max_examples=settings().max_examples // 10)


# --- the faults

IDS = [f"{law}: {name}" for law, name, _, _ in FAULTS]


class TestFaulty:
    """Each law catches the faults that it is there for, within 1,000 charts."""

    @thorough_only
    @pytest.mark.parametrize(("law", "name", "criteria", "changes"), FAULTS, ids=IDS)
    def test_caught(
        self, law: Law, name: str, criteria: str, changes: list[tuple[str, str]]
    ) -> None:
        assess_like = broken_oracle(*changes, criteria=criteria)
        with pytest.raises(BrokenLaw) as broken:
            law(assess_like, criteria=criteria, max_examples=EXAMPLES, seed=SEED, shrink=False)
        assert broken.value.law is law
        assert str(broken.value).startswith(f"{law.name} ({criteria})\n")
        with pytest.raises(BrokenLaw):
            law.check(assess_like, broken.value.case, criteria=criteria)
        law.check(reference(criteria), broken.value.case, criteria=criteria)

    def test_every_law(self) -> None:
        assert {law.name for law, *_ in FAULTS} == {law.name for law in LAWS}


# --- how a law is told ---------------------------------------------------------------------------

SHRINKING: Document = {
    "format": "mrecist-case/1",
    "patient": "P-001",
    "lesions": [
        {"id": "S4", "organ": "liver", "kind": "nodule"},
        {"id": "S8", "organ": "liver", "kind": "nodule"},
    ],
    "timepoints": [
        {"date": 0, "findings": [{"lesion": "S4", "viable_mm": 40},
                                 {"lesion": "S8", "viable_mm": 40}]},
        {"date": 60, "reported": "PR", "findings": [{"lesion": "S4", "viable_mm": 20},
                                                    {"lesion": "S8", "viable_mm": 21}]},
    ],
    "lines": [{"agents": ["lenvatinib"], "start": 0}],
}  # fmt: skip
DROPPED = next(changes for law, name, _, changes in FAULTS if name == "a missing target is dropped")
TOLD = """\
missing is never zero (mrecist)
  A lesion that a follow-up does not record, or calls not evaluable, is not evaluable: neither
  gone nor unchanged. What is left may prove progression, never a response.
  [NE-01, SZ-NE, NE-02, NE-03, NT-NE, NTL-NE, RD-SILENCE, RD-PARTIAL-PD, RD-UNSEEN-NONTARGET]
changed: 60: S4, one of the targets, has no finding
line 1, 60: target must be NE, it is PR
  before  total 41, nadir 80: target PR, non-target NONE, new NO: PR
  after   total 21, nadir 80: target PR, non-target NONE, new NO: PR
chart before the change:
{"format": "mrecist-case/1", "patient": "P-001",
 "lesions": [
  {"id": "S4", "organ": "liver", "kind": "nodule"},
  {"id": "S8", "organ": "liver", "kind": "nodule"}],
 "timepoints": [
  {"date": 0, "findings": [{"lesion": "S4", "viable_mm": 40}, {"lesion": "S8", "viable_mm": 40}]},
  {"date": 60, "reported": "PR", "findings": [{"lesion": "S4", "viable_mm": 20}, \
{"lesion": "S8", "viable_mm": 21}]}],
 "lines": [
  {"agents": ["lenvatinib"], "start": 0}]}"""


class TestTelling:
    """A broken law tells what was changed, both verdicts, and a chart to try again."""

    def test_text(self) -> None:
        with pytest.raises(BrokenLaw) as broken:
            laws.MISSING.check(broken_oracle(*DROPPED), SHRINKING)
        assert str(broken.value) == TOLD
        assert json.loads(TOLD[TOLD.index("{") :]) == broken.value.case == SHRINKING

    def test_small(self) -> None:
        """Hypothesis shrinks the chart, and adds nothing of its own."""
        lowered = NADIR_LOWER.replace("min(nadir, ", "(")
        wrong = broken_oracle((NADIR_LOWER, lowered))
        found = []
        for shrink in (False, True):
            with pytest.raises(BrokenLaw) as broken:
                laws.NADIR(wrong, max_examples=EXAMPLES, seed=SEED, shrink=shrink)
            assert not getattr(broken.value, "__notes__", [])
            found.append(broken.value.case)
        first, small = ({key: len(case[key]) for key in LISTS} for case in found)
        assert all(small[key] <= first[key] for key in LISTS)
        assert len(json.dumps(found[1])) < len(json.dumps(found[0]))

    def test_one_answer(self) -> None:
        """A law that changes nothing tells the one answer, and a line where a line is wrong."""
        never = broken_oracle(
            (
                '    for best in ("CR", "PR"):\n        if best in words:',
                '    for best in ("CR",):\n        if best in words:',
            )
        )
        with pytest.raises(BrokenLaw) as broken:
            laws.BEST_RESPONSE.check(never, SHRINKING)
        told = str(broken.value)
        assert "changed: nothing\n" in told
        assert "line 1: best_response must be PR, it is NE, of 60 PR\n  answer  baseline 0" in told
        assert "\nchart:\n{" in told

    def test_stand_in(self) -> None:
        """A response that is not the computed one is told beside it."""
        bone = [{"lesion": "BONE", "status": "present"}]
        case = SHRINKING | {
            "lesions": [{"id": "BONE", "organ": "bone", "kind": "other"}],
            "timepoints": [
                {"date": 0, "findings": bone}, {"date": 60, "findings": bone, "reported": "NE"},
            ],
        }  # fmt: skip
        ne = broken_oracle(('        return computed == "NED"\n', "        return True\n"))
        with pytest.raises(BrokenLaw, match="new NO: NON-CR/NON-PD, reported NE") as broken:
            laws.PARTS.check(ne, case)
        assert "total none, nadir none" in str(broken.value)

    def test_reported_by(self) -> None:
        """Of a verdict by the names of criteria the word for the criteria is compared."""
        case = BONE | {"timepoints": [
            BONE["timepoints"][0],
            {"date": 60, "findings": [], "reported": {"recist-1.1": "CR", "mrecist": "PR"}},
            {"date": 90, "findings": [], "reported": {"easl": "CR"}},
        ]}  # fmt: skip
        for criteria in NAMES:
            assert laws.PARTS.check(reference(criteria), case, criteria=criteria) > 1
        first = broken_oracle(
            (
                "word = plain_word(self.words.get(criteria))",
                "word = plain_word(next(iter(self.words.values()), None))",
            )
        )
        with pytest.raises(BrokenLaw, match="line 1, 60: response must be PR, it is CR"):
            laws.PARTS.check(first, case)

    def test_names(self) -> None:
        assert str(laws.WINDOWS) == "windows do not leak"
        assert repr(laws.WINDOWS) == "<Law windows do not leak>"


class TestUse:
    """A law asks little of an implementation, and says what it lacks."""

    def test_counts(self) -> None:
        """`check` says how many changes it tried, none where the chart has no place for it."""
        assert laws.MISSING.check(reference(), SHRINKING) == 5
        assert laws.LARGER.check(reference(), SHRINKING | {"timepoints": []}) == 0

    def test_document_is_theirs(self) -> None:
        """An implementation may write into the document that it gets."""

        def spoils(case: Document) -> Document:
            answer = reference()(case)
            case["lines"].clear()
            case["timepoints"][0]["findings"].clear()
            return answer

        kept = json.dumps(SHRINKING)
        laws.MISSING.check(spoils, SHRINKING)
        assert json.dumps(SHRINKING) == kept

    def test_own_error(self) -> None:
        """An error of the implementation comes through."""

        def crashes(case: Document) -> Document:
            raise ZeroDivisionError("nadir")

        with pytest.raises(ZeroDivisionError, match="nadir"):
            laws.NADIR(crashes, max_examples=5)

    @pytest.mark.parametrize(
        ("answer", "told"),
        [
            (None, 'a dict with a list of "lines"'),
            ({"lines": None}, 'a dict with a list of "lines"'),
            ({"lines": []}, "the assessment has 0 lines, the chart 1"),
            ({"lines": [{"start": 0}]}, 'line 1 of the assessment lacks "baseline", "targets"'),
        ],
    )
    def test_no_answer(self, answer: Any, told: str) -> None:
        with pytest.raises(AssertionError, match=told):
            laws.PARTS.check(lambda _: answer, SHRINKING)

    def test_incomplete_answer(self) -> None:
        def partial(case: Document) -> Document:
            answer = reference()(case)
            del answer["lines"][0]["timepoints"][0]["nadir_mm"]
            return answer

        with pytest.raises(
            AssertionError, match='time point 60 of the assessment lacks "nadir_mm"'
        ):
            laws.PARTS.check(partial, SHRINKING)

    def test_visits_left_out(self) -> None:
        """Follow-ups that come and go with a change are told."""

        def skips(case: Document) -> Document:
            kept = [each for each in case["timepoints"] if each["findings"]]
            return reference()(case | {"timepoints": kept})

        with pytest.raises(BrokenLaw, match=r"follow-ups must be at \[60\], they are at \[\]"):
            laws.MISSING.check(skips, SHRINKING)

    def test_never_tried(self) -> None:
        """An implementation that names no targets cannot pass by that."""

        def nothing(case: Document) -> Document:
            answer = reference()(case)
            for line in answer["lines"]:
                line["targets"], line["nontargets"] = None, None
            return answer

        with pytest.raises(AssertionError, match="'larger is never better' could not be tried"):
            laws.LARGER(nothing, max_examples=1)

    def test_seed(self) -> None:
        """The same seed, the same charts."""

        def seen(seed: int) -> list[str]:
            cases: list[str] = []

            def assess(case: Document) -> Document:
                cases.append(json.dumps(case))
                return reference()(case)

            laws.ORDER(assess, max_examples=5, seed=seed)
            return cases

        assert seen(1) == seen(1) != seen(2)

    def test_profile(self) -> None:
        """The profile says how many charts; it stays as it is."""
        before = settings().max_examples
        count = 0

        def assess(case: Document) -> Document:
            nonlocal count
            count += 1
            return reference()(case)

        laws.PARTS(assess)
        assert count >= before == settings().max_examples

    def test_own_protocol(self) -> None:
        """A protocol of one's own has its own thresholds."""
        mine = attrs.evolve(mrecist.MRECIST, response_share="1/2", progression_floor_mm=3)

        def assess(case: Document) -> Document:
            return mrecist.to_assessment(mrecist.assess(mrecist.from_case(case), criteria=mine))

        laws.THRESHOLDS(assess, criteria=mine, max_examples=settings().max_examples // 3)
        with pytest.raises(BrokenLaw, match="mrecist-amended"):
            laws.THRESHOLDS(reference(), criteria=mine, seed=SEED, shrink=False)


class TestGrounds:
    """Each law rests on rules that the library knows."""

    def test_rules(self) -> None:
        tables = [table for tables in TABLES.values() for table in tables]
        known = {rule.id for table in tables for rule in table.rules}
        known |= {reading.id for reading in readings.READINGS}
        assert {rule for law in LAWS for rule in law.rules} <= known

    def test_names(self) -> None:
        assert len({law.name for law in LAWS}) == len(LAWS) == 20
        assert all(law.sentence.endswith(".") for law in LAWS)
        assert [*LAWS] == [getattr(laws, name) for name in _in_order(LAWS)]


def _in_order(known: tuple[Law, ...]) -> list[str]:
    names = {law: name for name, law in vars(laws).items() if isinstance(law, Law)}
    return [names[law] for law in known]


BONE: Document = SHRINKING | {
    "lesions": [
        {"id": "S4", "organ": "liver", "kind": "nodule"},
        {"id": "BONE", "organ": "bone", "kind": "other"},
        {"id": "N", "organ": "bone", "kind": "other"},
    ],
    "timepoints": [
        {"date": 0, "findings": [{"lesion": "S4", "viable_mm": 40},
                                 {"lesion": "BONE", "status": "present"}]},
        {"date": 60, "findings": [{"lesion": "S4", "viable_mm": 0},
                                  {"lesion": "BONE", "status": "absent"},
                                  {"lesion": "N", "status": "present", "equivocal": True}]},
        {"date": 120, "findings": [{"lesion": "S4", "viable_mm": 0},
                                   {"lesion": "BONE", "status": "absent"}]},
    ],
}  # fmt: skip


EARLY = BONE | {
    "timepoints": [
        BONE["timepoints"][0],
        {"date": 20, "findings": [{"lesion": "S4", "viable_mm": 40}]},
    ]
}


REPORTED = SHRINKING | {
    "lesions": [],
    "timepoints": [
        {"date": 0, "findings": []},
        *({"date": day, "findings": [], "reported": "PR"} for day in (14, 28, 42)),
    ],
}


class TestRareFaults:
    """Faults that need a chart of their own."""

    @pytest.mark.parametrize(
        ("law", "case", "change", "told"),
        [
            (
                laws.MISSING, SHRINKING,
                ('row["total_mm"] = in_mm(chart, total_of(chart, states))',
                 'row["total_mm"] = in_mm(chart, total_of(chart, states)) '
                 'if len(states) == len(line.targets) else 500.0'),
                "the total must not rise",
            ),
            (
                laws.MISSING, BONE,
                ('nontarget in ("CR", "NONE") else', 'nontarget in ("CR", "NONE", "NE") else'),
                "computed must not be CR",
            ),
            (
                laws.NEW_LESION, EARLY,
                ('    for best in ("CR", "PR"):\n',
                 '    if "PD" in words:\n        return "CR"\n    for best in ("CR", "PR"):\n'),
                "best_response must not turn to CR",
            ),
            (
                laws.LOOK_AHEAD, BONE,
                ("name, found in line.detections.items() if name not in line.new_from",
                 "name, found in line.detections.items() if name not in line.new_from "
                 "and name in line.followups[-1].findings"),
                "what is judged anew must be a new lesion, and PD",
            ),
            (
                laws.BEST_RESPONSE, REPORTED,
                (CONFIRMS_PR, CONFIRMS_PR.replace("words[0]", "len(words) > 2 or words[0]")),
                "confirmed_best_response must be PR, it is SD",
            ),
        ],
    )  # fmt: skip
    def test_caught(self, law: Law, case: Document, change: tuple[str, str], told: str) -> None:
        assert law.check(reference(), case) > 0
        with pytest.raises(BrokenLaw, match=told):
            law.check(broken_oracle(change), case)


def chart(*scans: tuple[int, Document], **more: Any) -> Document:
    """One liver nodule S4 of 40 mm throughout, and what else the scans say of a nodule S8."""
    timepoints = [
        {
            "date": date,
            "findings": [
                {"lesion": "S4", "viable_mm": more.get("size", 40)},
                *([{"lesion": "S8", **said}] if said else []),
            ],
        }
        for date, said in scans
    ]
    first = {"agents": ["lenvatinib"], "start": 0}
    return SHRINKING | {"timepoints": timepoints, "lines": [first, *more.get("lines", [])]}


class TestEdges:
    """Places that few charts have."""

    def test_no_longer_than_a_metre(self) -> None:
        """A total on a line is tried only where a lesion may be so long."""
        usual, long = (
            laws.THRESHOLDS.check(reference(), chart((0, {}), (60, {}), size=size))
            for size in (40, 999)
        )
        assert 0 < long < usual

    def test_progression_proven_later(self) -> None:
        """What is judged on the day of a progression need not know of it yet."""
        seen = {"longest_mm": 15}
        case = chart((0, {}), (60, seen), (120, seen | {"pattern": "typical"}), (180, seen))
        answer = reference()(case)["lines"][0]
        assert answer["progression"]["date"] == 60
        assert laws.AFTER_PROGRESSION.check(reference(), case) == 3

    def test_baseline_named_later(self) -> None:
        """A chart is not cut before a baseline that a line names."""
        later = {"agents": ["sorafenib"], "start": 125, "baseline": 120}
        case = chart(
            (0, {}), (60, {"longest_mm": 15, "pattern": "typical"}), (120, {}), lines=[later]
        )
        assert laws.AFTER_PROGRESSION.check(reference(), case) == 2

    def test_named_baseline(self) -> None:
        """A line that names its baseline is not cut elsewhere."""
        case = chart((0, {}), (60, {})) | {
            "lines": [{"agents": ["lenvatinib"], "start": 0, "baseline": 0}]
        }
        assert laws.LINES.check(reference(), case) == 1

    def test_verdict_by_criteria(self) -> None:
        """Of a verdict by criteria the word for these criteria is compared."""
        case = chart((0, {}), (60, {}), (120, {}))
        case["timepoints"][1]["reported"] = {"mrecist": "SD", "recist-1.1": "PR"}
        case["timepoints"][2]["reported"] = {"recist-1.1": "SD"}
        for criteria in ("mrecist", "recist-1.1"):
            assert laws.PARTS.check(reference(criteria), case, criteria=criteria) > 0

    def test_repr(self) -> None:
        assert repr(laws.LINES) == "<Law each line has its own time points>"

    def test_line_without_baseline(self) -> None:
        """Where no baseline is, nothing is new, and so nothing is dated back."""
        case = chart((30, {}), (60, {}), (90, {}))
        assert reference()(case)["lines"][0]["baseline"] is None
        assert laws.BACK_DATING.check(reference(), case) == 0
        assert laws.PARTS_OF_LESIONS.check(reference(), case) == 0
        assert laws.PARTS_OF_LESIONS.check(reference(), case | {"lines": []}) == 0

    def test_named_without_baseline(self) -> None:
        """Nothing is unchanged where no baseline said what it was."""
        line = {"agents": ["lenvatinib"], "start": 0, "nontargets": ["S8"]}
        case = chart((30, {"status": "present"}), (60, {"status": "present"})) | {"lines": [line]}
        assert laws.UNCHANGED.check(reference(), case) == 0

    def test_day_that_is_taken(self) -> None:
        """A visit is not split over a day that has a time point of its own."""
        assert laws.VISITS.check(reference(), chart((0, {}), (1, {}), (60, {}))) == 4


class TestPage:
    """What the page says of the laws is so."""

    TEXT = Path(laws.__file__).with_name("README.md").read_text("utf-8").partition("\n## Laws")[2]

    def test_session(self) -> None:
        """The session that is shown is what happens."""
        (session,) = re.findall(r"^```python\n(>>>.*?)^```$", self.TEXT, re.MULTILINE | re.DOTALL)
        example = doctest.DocTestParser().get_doctest(session, {}, "README.md", None, 0)
        assert doctest.DocTestRunner(verbose=False).run(example).failed == 0

    def test_table(self) -> None:
        """Every law is told, in their order."""
        told = re.findall(r"^\| `([A-Z_]+)` \|", self.TEXT, re.MULTILINE)
        assert tuple(getattr(laws, name) for name in told) == LAWS
