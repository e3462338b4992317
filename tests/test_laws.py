"""The laws: two sound implementations keep them, and each classic fault breaks one."""

from __future__ import annotations

import doctest
import functools
import json
import re
import types
from pathlib import Path
from typing import Any

import attrs
import oracle as sound
import pytest
from hypothesis import settings

import mrecist
from mrecist.rulebook import readings
from mrecist.rulebook.index import TABLES
from mrecist.testing import laws
from mrecist.testing.laws import LAWS, AssessLike, BrokenLaw, Law

Document = dict[str, Any]

ORACLE = Path(sound.__file__).read_text("utf-8")
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


def faulty(*changes: tuple[str, str], criteria: str = "mrecist") -> AssessLike:
    """The oracle with some places of its source changed; each occurs once."""
    source = ORACLE
    for right, wrong in changes:
        assert source.count(right) == 1, right
        source = source.replace(right, wrong)
    module = types.ModuleType("faulty")
    exec(compile(source, "faulty oracle", "exec"), module.__dict__)
    return functools.partial(module.oracle, criteria=criteria)


@every_criteria
@every_law
class TestSound:
    """The laws follow from the specification: who implements it keeps them."""

    def test_reference(self, law: Law, criteria: str) -> None:
        law(reference(criteria), criteria=criteria, max_examples=settings().max_examples // 5)

    def test_oracle(self, law: Law, criteria: str) -> None:
        oracle = functools.partial(sound.oracle, criteria=criteria)
        law(oracle, criteria=criteria, max_examples=settings().max_examples // 10)


# --- the faults: law, name, criteria, right and wrong source -------------------------------------

FELL = "fell = 10 * total <= 7 * baseline_total"
ROSE = (
    "rose = 5 * total >= 6 * nadir and total > nadir "
    "and total - nadir >= progression_floor(criteria)"
)
PERCENT = "float((total - baseline_total) / baseline_total * 100)"
TARGET = "target = target_response(targets, timepoint, baseline_total, nadir, criteria)\n"
INDENT = " " * 12
PROGRESSION_FIRST = """    if rose:
        return "PD"
    if fell:
        return "PR"
    return "SD"
"""
RESPONSE_FIRST = """    if fell:
        return "PR"
    if rose:
        return "PD"
    return "SD"
"""
NADIR_AT_BASELINE = "    nadir = baseline_total\n\n    # 6"
NEW_SINCE = 'new_since.append(day_of(first["date"]))'
SUM_OF_KNOWN = """        if word == "known":
            sizes.append(size)
    if not sizes:"""
UNSEEN = """    if finding is None or word == "not evaluable":
        return "not evaluable"
    # 3.5: without the size"""

FAULTS: list[tuple[Law, str, str, list[tuple[str, str]]]] = [
    # thresholds
    (laws.THRESHOLDS, "percentage in floats", "mrecist", [
        (FELL, "fell = (float(total) - float(baseline_total)) / float(baseline_total) * 100 <= -30")
    ]),
    (laws.THRESHOLDS, "share in floats", "mrecist",
     [(FELL, "fell = float(total) <= float(baseline_total) * 0.7")]),
    (laws.THRESHOLDS, "rise in floats", "mrecist", [
        (ROSE, "rose = total > nadir and (nadir == 0 or "
               "(float(total) - float(nadir)) / float(nadir) * 100 >= 20)")
    ]),
    (laws.THRESHOLDS, "response: above, not at least", "mrecist",
     [(FELL, "fell = 10 * total < 7 * baseline_total")]),
    (laws.THRESHOLDS, "progression: above, not at least", "mrecist",
     [("rose = 5 * total >= 6 * nadir", "rose = 5 * total > 6 * nadir")]),
    (laws.THRESHOLDS, "rounded to whole percent", "mrecist",
     [(FELL, f"fell = round({PERCENT}) <= -30")]),
    (laws.THRESHOLDS, "rounded to one decimal", "mrecist",
     [(FELL, f"fell = round({PERCENT}, 1) <= -30")]),
    (laws.THRESHOLDS, "never PD after a nadir of zero", "mrecist",
     [("rose = 5 * total", "rose = nadir > 0 and 5 * total")]),
    (laws.THRESHOLDS, "response before progression", "mrecist",
     [(PROGRESSION_FIRST, RESPONSE_FIRST)]),
    (laws.THRESHOLDS, "progression against baseline", "mrecist",
     [(ROSE, "rose = 5 * total >= 6 * baseline_total")]),
    (laws.THRESHOLDS, "the floor is forgotten", "recist-1.1",
     [("    return Fraction(5)\n\n\ndef is_hilar", "    return Fraction(0)\n\n\ndef is_hilar")]),
    (laws.THRESHOLDS, "the floor is above, not at least", "mrecist-5mm",
     [("total - nadir >= progression_floor", "total - nadir > progression_floor")]),
    (laws.THRESHOLDS, "complete response asks for a total of zero", "mrecist",
     [("return is_node(lesion) and size < 10", "return False")]),
    (laws.THRESHOLDS, "a node of 10 mm is gone", "mrecist",
     [("is_node(lesion) and size < 10", "is_node(lesion) and size <= 10")]),
    (laws.THRESHOLDS, "a rise cancels complete response", "mrecist",
     [("    all_gone = True\n", "    if rose:\n        return 'PD'\n    all_gone = True\n")]),
    # what follows from the parts
    (laws.PARTS, "CR in spite of an unseen non-target", "mrecist",
     [('nontarget in ("CR", "NONE"):', 'nontarget in ("CR", "NONE", "NE"):')]),
    (laws.PARTS, "CR in spite of a progressing non-target", "mrecist", [
        ('    if nontarget == "PD":\n        return "PD"\n', ""),
        ('nontarget in ("CR", "NONE"):', 'nontarget in ("CR", "NONE", "PD"):'),
    ]),
    (laws.PARTS, "a reported verdict always wins", "mrecist",
     [('and computed in ("NE", "NED", "NON-CR/NON-PD")', "")]),
    (laws.PARTS, "a reported NE stands in", "mrecist",
     [('if reported != "NE" and computed', "if computed")]),
    # the nadir
    (laws.NADIR, "the current visit is in it", "mrecist", [
        (TARGET, "nadir = min(nadir, total) if nadir is not None and complete else nadir\n"
                 + INDENT + TARGET)
    ]),
    (laws.NADIR, "an incomplete total lowers it", "mrecist",
     [("nadir is not None and total is not None and complete", "None not in (nadir, total)")]),
    (laws.NADIR, "the previous total", "mrecist",
     [("nadir = min(nadir, total)\n", "nadir = total\n")]),
    (laws.NADIR, "without the baseline", "mrecist",
     [("nadir = min(nadir, total)\n", "nadir = min([total, *seen]); seen.append(total)\n"),
      (NADIR_AT_BASELINE, "    nadir, seen = baseline_total, []\n\n    # 6")]),
    # larger targets
    (laws.LARGER, "an implausible size is dropped", "mrecist",
     [('    return "known", size\n', '    return ("known" if size < 200 else "unknown"), size\n')]),
    (laws.LARGER, "the sign of the change is lost", "mrecist", [
        (FELL, "fell = 10 * abs(total - baseline_total) >= 3 * baseline_total"),
        (PROGRESSION_FIRST, RESPONSE_FIRST),
    ]),
    # missing
    (laws.MISSING, "a missing target counts as zero", "mrecist", [
        (SUM_OF_KNOWN, "        sizes.append(size if word == 'known' else Fraction(0))\n"
                       "    if not sizes:"),
        ("if not is_gone(lesion, size_at(lesion, timepoint, criteria)[1]):",
         "if not is_gone(lesion, size_at(lesion, timepoint, criteria)[1] or Fraction(0)):"),
    ]),
    (laws.MISSING, "a missing target is dropped", "mrecist", [
        ("len(sizes) == len(targets)", "True"),
        ("if not is_gone(lesion, size_at(lesion, timepoint, criteria)[1]):",
         "if not is_gone(lesion, size_at(lesion, timepoint, criteria)[1] or Fraction(0)):"),
    ]),
    (laws.MISSING, "an unseen non-target persists", "mrecist",
     [(UNSEEN, UNSEEN.replace('return "not evaluable"', 'return "persisting"'))]),
    (laws.MISSING, "an unseen non-target is gone", "mrecist",
     [(UNSEEN, UNSEEN.replace('return "not evaluable"', 'return "gone"'))]),
    (laws.MISSING, "an empty time point is left out", "mrecist",
     [("        followups.append(timepoint)\n    return",
       "        if timepoint['findings']:\n            followups.append(timepoint)\n    return")]),
    (laws.MISSING, "an incomplete total lowers the nadir", "mrecist",
     [("nadir is not None and total is not None and complete", "None not in (nadir, total)")]),
    # new lesions
    (laws.NEW_LESION, "it counts only where it is seen first", "mrecist",
     [("if since <= today:", "if since == today:")]),
    (laws.NEW_LESION, "a responding patient keeps the response", "mrecist",
     [('    if new_lesion == "YES":\n',
       '    if new_lesion == "YES" and target not in ("CR", "PR"):\n')]),
    (laws.NEW_LESION, "a new lesion enters the total", "mrecist",
     [("    return [lesion[\"id\"] for lesion in (leaders + seconds)[:5]]",
       "    return [lesion[\"id\"] for lesion in among if lesion['kind'] == 'nodule']")]),
    # back-dating
    (laws.BACK_DATING, "dated to the proof", "mrecist", [
        (NEW_SINCE, "new_since.append(max(day_of(each['date']) for each in followups "
                    "if finding_of(each, lesion)))")
    ]),
    (laws.BACK_DATING, "growth above, not at least", "mrecist",
     [("size - size_at_first >= 10", "size - size_at_first > 10")]),
    (laws.BACK_DATING, "a typical nodule above, not at least", "mrecist",
     [('size >= 10 and finding.get("pattern")', 'size > 10 and finding.get("pattern")')]),
    (laws.BACK_DATING, "a typical nodule of any size", "mrecist",
     [('size >= 10 and finding.get("pattern")', 'finding.get("pattern")')]),
    (laws.BACK_DATING, "an equivocal lesion counts", "recist-1.1",
     [('if finding.get("equivocal") is True:\n                continue', "pass")]),
    (laws.BACK_DATING, "biopsies are not read", "mrecist",
     [('if finding.get("biopsy") == "positive":', "if False:")]),
    # time
    (laws.LOOK_AHEAD, "the nadir of the whole line", "mrecist", [
        (NADIR_AT_BASELINE,
         "    nadir = baseline_total\n"
         "    for each in followups:\n"
         "        total, complete = total_of(targets, each, criteria)\n"
         "        if nadir is not None and complete:\n"
         "            nadir = min(nadir, total)\n\n    # 6")
    ]),
    (laws.LOOK_AHEAD, "targets are those measured to the end", "mrecist", [
        ("        if is_fit_target(lesion, baseline, timepoints, criteria):\n            fit",
         "        if is_fit_target(lesion, baseline, timepoints, criteria) and finding_of("
         "timepoints[-1], lesion):\n            fit")
    ]),
    (laws.LOOK_AHEAD, "a response must be confirmed to count", "mrecist", [
        ("    counted = up_to_first_pd(rows)\n",
         "    for i, row in enumerate(rows[:-1]):\n"
         "        if row['response'] == 'PR' and rows[i + 1]['response'] not in ('PR', 'CR'):\n"
         "            row['response'] = 'SD'\n"
         "    counted = up_to_first_pd(rows)\n")
    ]),
    (laws.AFTER_PROGRESSION, "visits after PD count", "mrecist",
     [('        if row["response"] == "PD":\n            break\n', "")]),
    (laws.AFTER_PROGRESSION, "the last PD is the progression", "mrecist",
     [('if response == "PD" and first_pd is None:', 'if response == "PD":')]),
    (laws.BEST_RESPONSE, "stable disease after day 42", "mrecist",
     [('row["day"] >= 42]\n    if "CR" in responses:',
       'row["day"] > 42]\n    if "CR" in responses:')]),
    (laws.BEST_RESPONSE, "confirmed after more than 28 days", "mrecist",
     [('if rows[u]["day"] < rows[t]["day"] + 28:\n        return False\n'
       '    between = [row["response"] for row in rows[t + 1 : u]]\n'
       '    for response in between:\n        if response not in ("CR", "PR", "NE"):',
       'if rows[u]["day"] <= rows[t]["day"] + 28:\n        return False\n'
       '    between = [row["response"] for row in rows[t + 1 : u]]\n'
       '    for response in between:\n        if response not in ("CR", "PR", "NE"):')]),
    (laws.BEST_RESPONSE, "stable disease confirms a response", "mrecist",
     [('not in ("PR", "CR"):\n        return False',
       'not in ("PR", "CR", "SD"):\n        return False')]),
    (laws.BEST_RESPONSE, "only the next visit confirms", "mrecist",
     [("if confirms_pr(rows, t, u):", "if u == t + 1 and confirms_pr(rows, t, u):")]),
    (laws.BEST_RESPONSE, "visits after PD count", "mrecist",
     [('        if row["response"] == "PD":\n            break\n', "")]),
    (laws.WINDOWS, "the nadir of an earlier line", "mrecist", [
        (NADIR_AT_BASELINE,
         "    nadir = baseline_total\n"
         "    for each in timepoints:\n"
         "        total, complete = total_of(targets, each, criteria)\n"
         "        if nadir is not None and complete and day_of(each['date']) < start:\n"
         "            nadir = min(nadir, total)\n\n    # 6")
    ]),
    (laws.LINES, "the first scan of all is the baseline", "mrecist",
     [("elif day_of(timepoint[\"date\"]) <= day_of(line[\"start\"]):",
       "elif baseline is None and day_of(timepoint[\"date\"]) <= day_of(line[\"start\"]):")]),
    (laws.LINES, "a line goes on into the next", "mrecist",
     [("        if not last and day_of", "        if False and day_of")]),
    (laws.LINES, "the scan that closes a line is the next one's", "mrecist",
     [('> day_of(lines[index + 1]["start"])', '>= day_of(lines[index + 1]["start"])')]),
    (laws.WINDOWS, "proof from after the window", "mrecist",
     [("if becomes_new(lesion, first, followups, baseline",
       "if becomes_new(lesion, first, timepoints, baseline")]),
    # what is no part of the verdict
    (laws.ORDER, "the first row is the first visit", "mrecist", [
        ("timepoints = sorted(case[\"timepoints\"], "
         "key=lambda timepoint: day_of(timepoint[\"date\"]))", "timepoints = case['timepoints']")
    ]),
    (laws.ORDER, "ties go by the order of the chart", "mrecist", [
        ("fit.sort(key=lambda lesion: (-size_at(lesion, baseline, criteria)[1], lesion[\"id\"]))",
         "fit.sort(key=lambda lesion: -size_at(lesion, baseline, criteria)[1])")
    ]),
    (laws.LINES, "lines in the order of the chart", "mrecist",
     [('lines = sorted(case["lines"], key=lambda line: day_of(line["start"]))',
       "lines = case['lines']")]),
    (laws.OUTSIDE, "a rising marker is progression", "mrecist", [
        ("            computed = combined_response(target, nontarget, new_lesion)\n",
         "            computed = combined_response(target, nontarget, new_lesion)\n"
         "            values = [each['value'] for each in case.get('markers', [])]\n"
         "            if values and values[-1] == 400_000:\n"
         "                computed = 'PD'\n")
    ]),
    (laws.OUTSIDE, "death is progression", "mrecist",
     [("        response = computed\n",
       "        response = 'PD' if case.get('death') == timepoint['date'] else computed\n")]),
]  # fmt: skip
IDS = [f"{law}: {name}" for law, name, _, _ in FAULTS]


class TestFaulty:
    """Each law catches the faults that it is there for, within 1,000 charts."""

    @pytest.mark.parametrize(("law", "name", "criteria", "changes"), FAULTS, ids=IDS)
    def test_caught(
        self, law: Law, name: str, criteria: str, changes: list[tuple[str, str]]
    ) -> None:
        assess_like = faulty(*changes, criteria=criteria)
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
            laws.MISSING.check(faulty(*DROPPED), SHRINKING)
        assert str(broken.value) == TOLD
        assert json.loads(TOLD[TOLD.index("{") :]) == broken.value.case == SHRINKING

    def test_small(self) -> None:
        """Hypothesis shrinks the chart, and adds nothing of its own."""
        wrong = faulty(("nadir = min(nadir, total)\n", "nadir = total\n"))
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
        never = faulty(('    if "PR" in responses:\n        return "PR"\n', ""))
        with pytest.raises(BrokenLaw) as broken:
            laws.BEST_RESPONSE.check(never, SHRINKING)
        told = str(broken.value)
        assert "changed: nothing\n" in told
        assert "line 1: best_response must be PR, it is NE, of 60 PR\n  answer  baseline 0" in told
        assert "\nchart:\n{" in told

    def test_stand_in(self) -> None:
        """A response that is not the computed one is told beside it."""
        case = SHRINKING | {"lesions": [], "timepoints": [
            {"date": 0, "findings": []}, {"date": 60, "findings": [], "reported": "NE"},
        ]}  # fmt: skip
        ne = faulty(('if reported != "NE" and computed', "if computed"))
        with pytest.raises(BrokenLaw, match="new NO: NED, reported NE") as broken:
            laws.PARTS.check(ne, case)
        assert "total none, nadir none" in str(broken.value)

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
        assert len({law.name for law in LAWS}) == len(LAWS) == 14
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
                ('"total_mm": as_number(total)',
                 '"total_mm": as_number(total if complete else 500)'),
                "the total must not rise",
            ),
            (
                laws.MISSING, BONE,
                ('nontarget in ("CR", "NONE"):', 'nontarget in ("CR", "NONE", "NE"):'),
                "computed must not be CR",
            ),
            (
                laws.NEW_LESION, EARLY,
                ('    if "CR" in responses:\n        return "CR"\n    if "PR" in responses:',
                 '    if "PD" in responses:\n        return "CR"\n    if "PR" in responses:'),
                "best_response must not turn to CR",
            ),
            (
                laws.LOOK_AHEAD, BONE,
                ("                never_new.append(lesion)",
                 "                if finding_of(followups[-1], lesion):\n"
                 "                    never_new.append(lesion)"),
                "what is judged anew must be a new lesion, and PD",
            ),
            (
                laws.BEST_RESPONSE, REPORTED,
                ("if confirms_pr(rows, t, u):", "if u == t + 1 and confirms_pr(rows, t, u):"),
                "confirmed_best_response must be PR, it is SD",
            ),
        ],
    )  # fmt: skip
    def test_caught(self, law: Law, case: Document, change: tuple[str, str], told: str) -> None:
        assert law.check(reference(), case) > 0
        with pytest.raises(BrokenLaw, match=told):
            law.check(faulty(change), case)


def chart(*scans: tuple[int, Document], **more: Any) -> Document:
    """One liver nodule S4 of 40 mm throughout, and what else the scans say of a nodule S8."""
    timepoints = [
        {"date": date, "findings": [{"lesion": "S4", "viable_mm": more.get("size", 40)},
                                    *([{"lesion": "S8", **said}] if said else [])]}
        for date, said in scans
    ]  # fmt: skip
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
        case = chart((0, {}), (60, {"longest_mm": 15, "pattern": "typical"}), (120, {}),
                     lines=[later])  # fmt: skip
        assert laws.AFTER_PROGRESSION.check(reference(), case) == 2

    def test_line_without_baseline(self) -> None:
        """Where no baseline is, nothing is new, and so nothing is dated back."""
        case = chart((30, {}), (60, {}), (90, {}))
        assert reference()(case)["lines"][0]["baseline"] is None
        assert laws.BACK_DATING.check(reference(), case) == 0


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
