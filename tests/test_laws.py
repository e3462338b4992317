"""The laws: two sound implementations keep them, and each classic fault breaks one."""

from __future__ import annotations

import functools
import types
from pathlib import Path
from typing import Any

import attrs
import oracle as sound
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mrecist
from mrecist import rules, sources
from mrecist.testing import laws
from mrecist.testing.laws import LAWS, AssessLike, BrokenLaw, Law
from mrecist.testing.strategies import case_documents

Document = dict[str, Any]

ORACLE = Path(sound.__file__).read_text("utf-8")
NAMES = sorted(mrecist.CRITERIA)
EXAMPLES = 100
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
        law(reference(criteria), criteria=criteria)

    def test_oracle(self, law: Law, criteria: str) -> None:
        law(functools.partial(sound.oracle, criteria=criteria), criteria=criteria)


# --- the faults: law, name, criteria, right and wrong source ---------------------------------------

FELL = "fell = 10 * total <= 7 * baseline_total"
ROSE = "rose = 5 * total >= 6 * nadir and total > nadir and total - nadir >= progression_floor(criteria)"
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
UNSEEN_NONTARGET = """    if finding is None or word == "not evaluable":
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
     [(UNSEEN_NONTARGET, UNSEEN_NONTARGET.replace('return "not eval', 'return "persisting" or "'))]),
    (laws.MISSING, "an unseen non-target is gone", "mrecist",
     [(UNSEEN_NONTARGET, UNSEEN_NONTARGET.replace('return "not eval', 'return "gone" or "'))]),
    (laws.MISSING, "an empty time point is left out", "mrecist",
     [("        followups.append(timepoint)\n    return",
       "        if timepoint['findings']:\n            followups.append(timepoint)\n    return")]),
    (laws.MISSING, "an incomplete total lowers the nadir", "mrecist",
     [("nadir is not None and total is not None and complete", "None not in (nadir, total)")]),
    # new lesions
    (laws.NEW_LESION, "it counts only where it is seen first", "mrecist",
     [("if since <= today:", "if since == today:")]),
    (laws.NEW_LESION, "a responding patient keeps the response", "mrecist",
     [('    if new_lesion == "YES":\n', '    if new_lesion == "YES" and target not in ("CR", "PR"):\n')]),
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
     [('    late = [row["response"] for row in rows if row["day"] >= 42]\n    if "CR" in responses:',
       '    late = [row["response"] for row in rows if row["day"] > 42]\n    if "CR" in responses:')]),
    (laws.BEST_RESPONSE, "confirmed after more than 28 days", "mrecist",
     [('if rows[u]["day"] < rows[t]["day"] + 28:\n        return False\n'
       '    between = [row["response"] for row in rows[t + 1 : u]]\n'
       '    for response in between:\n        if response not in ("CR", "PR", "NE"):',
       'if rows[u]["day"] <= rows[t]["day"] + 28:\n        return False\n'
       '    between = [row["response"] for row in rows[t + 1 : u]]\n'
       '    for response in between:\n        if response not in ("CR", "PR", "NE"):')]),
    (laws.BEST_RESPONSE, "stable disease confirms a response", "mrecist",
     [('rows[u]["response"] not in ("PR", "CR")', 'rows[u]["response"] not in ("PR", "CR", "SD")')]),
    (laws.BEST_RESPONSE, "only the next visit confirms", "mrecist",
     [("            if confirms_pr(rows, t, u):", "            if u == t + 1 and confirms_pr(rows, t, u):")]),
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
    """Each law catches the faults that it is there for, within 100 charts."""

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
