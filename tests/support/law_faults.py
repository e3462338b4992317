"""Classic faults, as changes to the source of the oracle: the laws must catch each."""

from __future__ import annotations

from mrecist.testing import laws
from mrecist.testing.laws import Law

FELL = 'return "PR" if 10 * total <= 7 * baseline else "SD"'
HALF = 'return "PR" if 2 * total <= baseline else "SD"'
QUARTER = (
    "return 4 * area > 5 * before or (4 * area == 5 * before and not chart.criteria.more_than)"
)
ROSE = "rose = 5 * total >= 6 * nadir and grown > 0 and grown >= floor"
PERCENT = "float((total - baseline) / baseline * 100)"
PR_WHERE = 'return "PR" if {} else "SD"'
PROGRESSION_FIRST = f"""    if rose:
        return "PD"
    {FELL}
"""
RESPONSE_FIRST = """    if 10 * total <= 7 * baseline:
        return "PR"
    return "PD" if rose else "SD"
"""
NADIR_AT_BASELINE = "    baseline = nadir = baseline_total(chart, line)\n"
NADIR_LOWER = "            nadir = min(nadir, total_of(chart, states))\n"
ONLY_COMPLETE = "if baseline is not None and len(states) == len(line.targets):"
INCOMPLETE_TOO = "if baseline is not None and states:"
REFERENCE = '        row["nadir_mm"] = in_mm(chart, nadir)\n'
NADIR_OF_OTHERS = """    for visit in {}:
        states = states_of_targets(chart, line, visit, {{"problems": set()}})
        if nadir is not None and len(states) == len(line.targets) > 0 and {}:
            nadir = min(nadir, total_of(chart, states))
"""
UNSEEN = 'return "NE" if treated or not visit.unchanged else self.unchanged(name, visit, seen)'
IS_GONE = "return size == 0 or (self.is_node(name) and size < 10 * MM)"
STATES = "states = {name: judge.target(name, visit) for name in line.targets}\n"
STANDS_IN = 'return computed in ("NE", "NED", "NON-CR/NON-PD")'
PROVEN_AT = "            line.new_from[name] = found[0].day\n"
UP_TO_PD = """            if row["response"] == "PD":
                break
"""
FIRST_PD = """            line.progression = {"date": row["date"], "causes": row["causes"]}
            return
"""
CONFIRMS_PR = 'words[0] != "PR" or words[-1] not in ("PR", "CR"):'
CONFIRMS_AFTER = 'if span[-1][0] - span[0][0] < 28 or words[0] != "PR"'
NEXT_START = "(line.next_start is None or visit.day <= line.next_start)"
FOLLOWS = "        if visit.day > after and (line"
COMPUTED = 'row["computed"] = overall(row["target"], row["nontarget"], row["new_lesion"])\n'
LATER = "    later = [visit for visit in line.followups"
LARGE_ENOUGH = "if (size_of_nodule(finding, cavity) or 0) >= 10 * MM:"

FAULTS: list[tuple[Law, str, str, list[tuple[str, str]]]] = [
    # thresholds
    (laws.THRESHOLDS, "percentage in floats", "mrecist", [
        (FELL, PR_WHERE.format("(total / 1000 - baseline / 1000) / (baseline / 1000) * 100 <= -30"))
    ]),
    (laws.THRESHOLDS, "share in floats", "mrecist",
     [(FELL, PR_WHERE.format("total / 1000 <= baseline / 1000 * 0.7"))]),
    (laws.THRESHOLDS, "rise in floats", "mrecist", [
        (ROSE, "rose = grown > 0 and (nadir == 0 or "
               "(total / 1000 - nadir / 1000) / (nadir / 1000) * 100 >= 20)")
    ]),
    (laws.THRESHOLDS, "response: above, not at least", "mrecist",
     [(FELL, PR_WHERE.format("10 * total < 7 * baseline"))]),
    (laws.THRESHOLDS, "progression: above, not at least", "mrecist",
     [(ROSE, ROSE.replace(">= 6", "> 6"))]),
    (laws.THRESHOLDS, "rounded to whole percent", "mrecist",
     [(FELL, PR_WHERE.format(f"round({PERCENT}) <= -30"))]),
    (laws.THRESHOLDS, "rounded to one decimal", "mrecist",
     [(FELL, PR_WHERE.format(f"round({PERCENT}, 1) <= -30"))]),
    (laws.THRESHOLDS, "never PD after a nadir of zero", "mrecist",
     [(ROSE, ROSE.replace("rose = ", "rose = nadir > 0 and "))]),
    (laws.THRESHOLDS, "response before progression", "mrecist",
     [(PROGRESSION_FIRST, RESPONSE_FIRST)]),
    (laws.THRESHOLDS, "progression against baseline", "mrecist",
     [(ROSE, "rose = 5 * total >= 6 * baseline")]),
    (laws.THRESHOLDS, "the floor is forgotten", "recist-1.1",
     [('"recist-1.1": Criteria("recist-1.1", False, 5 * MM,',
       '"recist-1.1": Criteria("recist-1.1", False, 0,')]),
    (laws.THRESHOLDS, "the floor is above, not at least", "mrecist-5mm",
     [(ROSE, ROSE.replace("grown >= floor", "grown > floor"))]),
    (laws.THRESHOLDS, "half of an area: above, not at least", "easl",
     [(HALF, HALF.replace("<=", "<"))]),
    (laws.THRESHOLDS, "half of an area in floats", "who",
     [(HALF, 'return "PR" if total / 1e6 <= round(baseline / 1e6 * 0.5, 3) else "SD"')]),
    (laws.THRESHOLDS, "a quarter of an area: above, not at least", "easl",
     [(QUARTER, "return 4 * area > 5 * before")]),
    (laws.THRESHOLDS, "the share of lengths for areas", "who",
     [(QUARTER, "return 5 * area >= 6 * before")]),
    (laws.THRESHOLDS, "complete response asks for a total of zero", "mrecist",
     [(IS_GONE, "return size == 0")]),
    (laws.THRESHOLDS, "a node of 10 mm is gone", "mrecist",
     [(IS_GONE, IS_GONE.replace("size < 10", "size <= 10"))]),
    (laws.THRESHOLDS, "a rise cancels complete response", "mrecist",
     [('    if all(each.gone for each in states):\n        return "CR"\n',
       '    if not rose and all(each.gone for each in states):\n        return "CR"\n')]),
    # what follows from the parts
    (laws.PARTS, "CR in spite of an unseen non-target", "mrecist",
     [('nontarget in ("CR", "NONE") else', 'nontarget in ("CR", "NONE", "NE") else')]),
    (laws.PARTS, "CR in spite of a progressing non-target", "mrecist", [
        ('or "PD" in (target, nontarget):', 'or target == "PD":'),
        ('nontarget in ("CR", "NONE") else', 'nontarget in ("CR", "NONE", "PD") else'),
    ]),
    (laws.PARTS, "a reported verdict always wins", "mrecist", [(STANDS_IN, "return True")]),
    (laws.PARTS, "a reported NE stands in", "mrecist",
     [('    if reported == "NE":\n        return computed == "NED"\n', "")]),
    # the nadir
    (laws.NADIR, "the current visit is in it", "mrecist", [
        (REFERENCE, f"        {ONLY_COMPLETE}\n{NADIR_LOWER}{REFERENCE}")
    ]),
    (laws.NADIR, "an incomplete total lowers it", "mrecist", [(ONLY_COMPLETE, INCOMPLETE_TOO)]),
    (laws.NADIR, "the previous total", "mrecist",
     [(NADIR_LOWER, "            nadir = total_of(chart, states)\n")]),
    (laws.NADIR, "without the baseline", "mrecist", [
        (NADIR_LOWER, "            seen.append(total_of(chart, states))\n"
                      "            nadir = min(seen)\n"),
        (NADIR_AT_BASELINE, NADIR_AT_BASELINE + "    seen = []\n"),
    ]),
    # larger targets
    (laws.LARGER, "an implausible size is dropped", "mrecist",
     [("        size = finding.sizes[measure]\n",
       "        size = finding.sizes[measure]\n"
       "        size = None if size is not None and size >= 200 * MM else size\n")]),
    (laws.LARGER, "the sign of the change is lost", "mrecist", [
        (PROGRESSION_FIRST,
         RESPONSE_FIRST.replace("10 * total <= 7 * baseline",
                                "10 * abs(total - baseline) >= 3 * baseline"))
    ]),
    # missing
    (laws.MISSING, "a missing target counts as zero", "mrecist", [
        (STATES, "states = {name: judge.target(name, visit) or State(size=0, gone=True)"
                 " for name in line.targets}\n")
    ]),
    (laws.MISSING, "a missing target is dropped", "mrecist", [
        ("    if len(states) < targets:\n", "    if not states:\n")
    ]),
    (laws.MISSING, "an unseen non-target persists", "mrecist", [(UNSEEN, 'return "PERSISTS"')]),
    (laws.MISSING, "an unseen non-target is gone", "mrecist", [(UNSEEN, 'return "GONE"')]),
    (laws.MISSING, "a part that merged speaks for the rest", "mrecist",
     [('return own is None or own.into is not None or own.status == "absent"', "return True")]),
    (laws.MISSING, "an empty time point is left out", "mrecist",
     [(FOLLOWS, FOLLOWS.replace("if visit", "if visit.findings and visit"))]),
    (laws.MISSING, "an incomplete total lowers the nadir", "mrecist",
     [(ONLY_COMPLETE, INCOMPLETE_TOO)]),
    # new lesions
    (laws.NEW_LESION, "it counts only where it is seen first", "mrecist",
     [("new = any(day <= visit.day", "new = any(day == visit.day")]),
    (laws.NEW_LESION, "a responding patient keeps the response", "mrecist",
     [('    if new_lesion == "YES" or',
       '    if (new_lesion == "YES" and target not in ("CR", "PR")) or')]),
    (laws.NEW_LESION, "a new lesion enters the total", "mrecist",
     [("    return found[: chart.criteria.in_all]",
       '    return [name for name in chart.whole if chart.lesions[name].kind == "nodule"]')]),
    # back-dating
    (laws.BACK_DATING, "dated to the proof", "mrecist", [
        (PROVEN_AT, "            line.new_from[name] = max("
                    "each.day for each in line.followups if name in each.findings)\n")
    ]),
    (laws.BACK_DATING, "growth above, not at least", "mrecist",
     [("return now - first >= 10 * MM", "return now - first > 10 * MM")]),
    (laws.BACK_DATING, "a typical nodule above, not at least", "mrecist",
     [(LARGE_ENOUGH, LARGE_ENOUGH.replace(">=", ">"))]),
    (laws.BACK_DATING, "a typical nodule of any size", "mrecist", [(LARGE_ENOUGH, "if True:")]),
    (laws.BACK_DATING, "an equivocal lesion counts", "recist-1.1",
     [("return name in visit.findings and visit.findings[name].equivocal", "return False")]),
    (laws.BACK_DATING, "biopsies are not read", "mrecist",
     [('if finding.biopsy == "positive":', "if False:")]),
    # time
    (laws.LOOK_AHEAD, "the nadir of the whole line", "mrecist", [
        (NADIR_AT_BASELINE, NADIR_AT_BASELINE + NADIR_OF_OTHERS.format("line.followups", "True"))
    ]),
    (laws.LOOK_AHEAD, "targets are those measured to the end", "mrecist", [
        ("if is_fit(chart, line, name)}",
         "if is_fit(chart, line, name) and name in chart.visits[-1].findings}")
    ]),
    (laws.LOOK_AHEAD, "a response must be confirmed to count", "mrecist", [
        ("    past, stable = counted(line), chart.criteria.stable\n",
         "    for row, after in zip(line.timepoints, line.timepoints[1:]):\n"
         '        if row["response"] == "PR" and after["response"] not in ("PR", "CR"):\n'
         '            row["response"] = "SD"\n'
         "    past, stable = counted(line), chart.criteria.stable\n")
    ]),
    (laws.AFTER_PROGRESSION, "visits after PD count", "mrecist", [(UP_TO_PD, "")]),
    (laws.AFTER_PROGRESSION, "the last PD is the progression", "mrecist",
     [(FIRST_PD, FIRST_PD.replace("            return\n", ""))]),
    (laws.BEST_RESPONSE, "stable disease after day 42", "mrecist",
     [('word == "SD" and day >= stable', 'word == "SD" and day > stable')]),
    (laws.BEST_RESPONSE, "confirmed after more than 28 days", "mrecist",
     [(CONFIRMS_AFTER, CONFIRMS_AFTER.replace("< 28", "<= 28"))]),
    (laws.BEST_RESPONSE, "stable disease confirms a response", "mrecist", [
        (CONFIRMS_PR, CONFIRMS_PR.replace('("PR", "CR")', '("PR", "CR", "SD")')),
        ('set(words) <= {"CR", "PR", "NE"}', 'set(words[:-1]) <= {"CR", "PR", "NE"}'),
    ]),
    (laws.BEST_RESPONSE, "only the next visit confirms", "mrecist",
     [(CONFIRMS_PR, CONFIRMS_PR.replace("words[0]", "len(words) > 2 or words[0]"))]),
    (laws.BEST_RESPONSE, "visits after PD count", "mrecist", [(UP_TO_PD, "")]),
    (laws.WINDOWS, "the nadir of an earlier line", "mrecist", [
        (NADIR_AT_BASELINE,
         NADIR_AT_BASELINE + NADIR_OF_OTHERS.format("chart.visits", "visit.day < line.start"))
    ]),
    (laws.LINES, "the first scan of all is the baseline", "mrecist",
     [("return (showing or upto or [None])[-1]", "return (showing or upto or [None])[0]")]),
    (laws.LINES, "a line goes on into the next", "mrecist", [(NEXT_START, "True")]),
    (laws.LINES, "the scan that closes a line is the next one's", "mrecist",
     [(NEXT_START, NEXT_START.replace("<=", "<"))]),
    (laws.WINDOWS, "proof from after the window", "mrecist",
     [(LATER, LATER.replace("line.followups", "chart.visits"))]),
    # what is no part of the verdict
    (laws.ORDER, "the first row is the first visit", "mrecist",
     [("return sorted(visits, key=lambda visit: visit.day)", "return visits")]),
    (laws.ORDER, "ties go by the order of the chart", "mrecist", [
        ("return -View(chart).whole(name, line.base_record[name]).size, name",
         "return -View(chart).whole(name, line.base_record[name]).size, chart.whole.index(name)")
    ]),
    (laws.LINES, "lines in the order of the chart", "mrecist",
     [('written = sorted(case["lines"], key=lambda line: day_of(line["start"]))',
       'written = case["lines"]')]),
    (laws.OUTSIDE, "a rising marker is progression", "mrecist", [
        ("        self.visits = visits_of(case)\n",
         "        self.visits = visits_of(case)\n"
         '        values = [each["value"] for each in case.get("markers", [])]\n'
         "        self.rises = values[-1:] == [400_000]\n"),
        (COMPUTED, COMPUTED + "    if chart.rises:\n"
                              '        row["computed"] = "PD"\n'),
    ]),
    (laws.OUTSIDE, "death is progression", "mrecist", [
        ("        self.visits = visits_of(case)\n",
         "        self.visits = visits_of(case)\n"
         '        self.death = case.get("death")\n'),
        (COMPUTED, COMPUTED + '    if chart.death == row["date"]:\n'
                              '        row["computed"] = "PD"\n'),
    ]),
    # examinations
    (laws.VISITS, "each examination is a time point", "mrecist",
     [("            visit = named.setdefault(name.strip(), visit)\n", "            pass\n")]),
    (laws.PARTIAL, "a partial examination counts", "mrecist",
     [("    return not any(chart.root(name) in ours for name in visit.findings)\n",
       "    return False\n")]),
    (laws.UNCHANGED, "unchanged says nothing", "mrecist", [(UNSEEN, 'return "NE"')]),
    (laws.UNCHANGED, "what is unchanged is there", "mrecist",
     [('return "GONE" if self.nontarget(name, last) == "GONE" else "PERSISTS"',
       'return "PERSISTS"')]),
    (laws.PARTS_OF_LESIONS, "a fragment is a lesion by itself", "mrecist",
     [("part for part in self.fragments(name) if any(", "part for part in [] if any(")]),
    (laws.UNDER_TEST, "every procedure takes a lesion out", "mrecist",
     [("        and not procedure.kinds & line.names\n", "")]),
    (laws.OTHER_CRITERIA, "any word counts", "mrecist",
     [("word = plain_word(self.words.get(criteria))",
      "word = plain_word(next(iter(self.words.values()), None))")]),
]  # fmt: skip
