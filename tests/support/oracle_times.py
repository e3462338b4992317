"""Times to events of one patient, worked out by hand from documents.

`oracle_times(case, assessment, policy)` reads a case document, the assessment document of it, and a
policy in plain words and numbers (`policy_in_words`), and gives for each line what `course` is to
say of it, one line at a time, in ladders of conditions over lists. It shares neither code nor shape
with the package: everything below is from the specification's sections on durations, endpoints and
censoring, and from the package's published readings (`RD-...`).
"""

from __future__ import annotations

import datetime
import itertools
from fractions import Fraction
from typing import Any

from support.best_dates import numbers_of

Document = dict[str, Any]
Words = dict[str, Any]
"""A policy: `clauses` (situation: (effect, id)), `intervals` and `window` (`intervals` is `None`
without a schedule), `missed`, `scheduled_dates`, `confirmed`, `growth`, `early`."""

FOREVER = 10**9
RESPONSES = ("CR", "PR")
CLINICAL = ("progression", "deterioration")

Time = tuple[int, int, bool, str]
"""Start, end, whether an event, id of the clause."""


def oracle_times(case: Document, assessment: Document, policy: Words) -> list[Document]:
    """What each line of a patient comes to."""
    patient = _read(case, assessment)
    lines = patient["lines"]
    told = []
    for line in lines:
        pfs = _time_to_progression(line, lines, patient, policy, deaths_count=True)
        ttp = _time_to_progression(line, lines, patient, policy, deaths_count=False)
        censors = policy["clauses"] | {"new_therapy": ("censored at last", "TTE-GMI")}
        within = _time_to_progression(
            line, lines, patient, policy | {"clauses": censors}, deaths_count=False
        )
        times: dict[str, Time] = {"pfs": pfs, "ttp": ttp}
        _add_responses(times, line, policy)
        _add_treatment(times, line, patient)
        _add_survival(times, line, lines, patient, policy)
        told.append({
            "times": {name: _no_less_than_nothing(time) for name, time in times.items()},
            "within": _no_less_than_nothing(within),
            "objective_response": line["best"] in RESPONSES,
            "confirmed_objective_response": line["confirmed"] in RESPONSES,
            "disease_control": line["best"] in CONTROL,
            "confirmed_disease_control": line["confirmed"] in CONTROL,
            "depth": _depth(line),
            "early": _early(line, policy["early"]),
            "problems": _problems(line, patient),
        })  # fmt: skip
    for before, now in itertools.pairwise(told):
        now["growth"] = _growth(now["within"], before["within"], policy["growth"])
    for first in told[:1]:
        first["growth"] = None
    for each in told:
        del each["within"]
    return told


def _no_less_than_nothing(time: Time) -> Time:
    """A time, no days long where its end comes before its start.

    So it may where dates are odd, or where a baseline is named long before the start.
    """
    start, end, event, clause = time
    return start, max(start, end), event, clause


CONTROL = ("CR", "PR", "SD", "NON-CR/NON-PD")


# --- reading -------------------------------------------------------------------------------------


def day_of(date: Any) -> int | None:
    """A date of a document as a whole day."""
    if isinstance(date, str):
        return datetime.date.fromisoformat(date).toordinal()
    return date


def of_either(record: Document, name: str) -> Any:
    """A total in millimetres, or, of criteria that sum areas, in square millimetres."""
    found = record[f"{name}_mm"]
    return record.get(f"{name}_mm2") if found is None else found


def _read(case: Document, assessment: Document) -> Document:
    """Days and responses of a patient, line by line in order of their starts."""
    told = {day_of(line["start"]): line for line in case["lines"]}
    lines = []
    for each in assessment["lines"]:
        start = day_of(each["start"])
        line = told[start]
        scans = []
        for timepoint in each["timepoints"]:
            if "PARTIAL_EXAMINATION" in timepoint["problems"]:
                continue
            # A target response that is not NE was reached with every target seen, but for the
            # progression of a part of them.
            seen = timepoint["target"] in ("CR", "PR", "SD", "PD")
            seen = seen and not any(
                rule.endswith(("NE-03", "PART-PD")) for rule in timepoint["rules"]
            )
            total = of_either(timepoint, "total") if seen else None
            scans.append({
                "day": day_of(timepoint["date"]),
                "response": "SD" if timepoint["response"] == "NC" else timepoint["response"],
                "said": timepoint["reported"] not in (None, "NE"),
                "total": None if total is None else Fraction(str(total)),
            })  # fmt: skip
        baseline = of_either(each, "baseline_total")
        lines.append({
            "start": start,
            "stop": day_of(line.get("stop")),
            "reason": line.get("end_reason"),
            "seen": day_of(each["baseline"]),
            "has_baseline": each["baseline"] is not None or any(scan["said"] for scan in scans),
            "baseline": Fraction(str(baseline)) if baseline else None,
            "best": each["best_response"],
            "confirmed": each["confirmed_best_response"],
            "gap": numbers_of(assessment["criteria"])[1],
            "scans": sorted(scans, key=lambda scan: scan["day"]),
            "next": None,
        })  # fmt: skip
    for before, now in itertools.pairwise(lines):
        before["next"] = now["start"]
    known = [day_of(case.get("last_contact")), day_of(case.get("death"))]
    for line in lines:
        known += [
            line["start"],
            line["stop"],
            line["seen"],
            *(scan["day"] for scan in line["scans"]),
        ]
    return {
        "lines": lines,
        "death": day_of(case.get("death")),
        "contact": day_of(case.get("last_contact")),
        "known": max((day for day in known if day is not None), default=None),
    }


def _first_pd(line: Document) -> int | None:
    for scan in line["scans"]:
        if scan["response"] == "PD":
            return scan["day"]
    return None


# --- progression ---------------------------------------------------------------------------------


def _time_to_progression(
    line: Document, lines: list[Document], patient: Document, policy: Words, *, deaths_count: bool
) -> Time:
    """Progression-free survival; time to progression where deaths do not count."""
    clauses = dict(policy["clauses"])
    if not deaths_count:
        for situation in ("death", "death_unassessed", "death_after_gap"):
            clauses[situation] = ("censored at last", "TTE-TTP")
    therapy = clauses["new_therapy"][0]
    start, following, death = line["start"], line["next"], patient["death"]

    # Which scans belong: those of the line, and of all later ones where therapy is passed over,
    # line by line in their order: what an earlier line says of a day goes first.
    scans = list(line["scans"])
    if therapy == "passed over":
        for later in lines:
            if later["start"] > start:
                scans += later["scans"]
    progression = next((scan["day"] for scan in scans if scan["response"] == "PD"), None)

    # What came first: on one day an image goes before death, death before a stop, all before
    # therapy.
    what, when = None, FOREVER
    if progression is not None:
        what, when = "progression", progression
    if death is not None and death < when:
        what, when = "death", death
    if clauses["clinical_progression"][0] == "event" and line["reason"] in CLINICAL:
        stop = line["stop"]
        if stop is not None and stop < when:
            what, when = "clinical", stop
    if therapy != "passed over" and following is not None and following < when:
        if therapy == "event":
            what, when = "new therapy", following
        else:
            what, when = None, FOREVER

    # The last adequate assessment before, or on the day of, what came first.
    last = None
    for scan in scans:
        if (scan["response"] == "NE" and not scan["said"]) or scan["day"] > when:
            continue
        if what != "progression" or scan["day"] < when:
            last = scan["day"] if last is None else max(last, scan["day"])

    gap = False
    if policy["intervals"] is not None and what in ("progression", "death"):
        since = start if last is None else max(start, last)
        every = None
        for begin, days in policy["intervals"]:
            if every is None or begin <= since - start:
                every = days
        gap = when - since > policy["missed"] * every + policy["window"]
        if policy["missed_by"] == "visits":
            gap = missed_visits(policy, since - start, when - start) >= policy["missed"]

    if what == "progression":
        situation = "progression_after_gap" if gap else "progression"
    elif what == "death" and gap:
        situation = "death_after_gap"
    elif what == "death":
        situation = "death" if last is not None else "death_unassessed"
    elif what == "clinical":
        situation = "clinical_progression"
    elif what == "new therapy":
        situation = "new_therapy"
    elif not line["has_baseline"]:
        situation = "no_baseline"
    elif last is None:
        situation = "no_assessment"
    elif therapy != "passed over" and following is not None:
        situation = "new_therapy"
    elif line["stop"] is not None and line["reason"] in CLINICAL:
        situation = "clinical_progression"
    elif line["stop"] is not None:
        situation = "stopped"
    else:
        situation = "ongoing"

    effect, clause = clauses[situation]
    if effect == "event":
        if what == "progression" and policy["scheduled_dates"]:
            visit = start + _due(policy["intervals"], when - start - policy["window"])
            limits = [visit, patient["known"] if death is None else death]
            if therapy != "passed over" and following is not None:
                limits.append(following)
            when = max(min(limits), start if last is None else last)
        return _no_less_than_nothing((start, when, True, clause))
    if effect == "censored at start" or last is None:
        return start, start, False, clause
    return _no_less_than_nothing((start, last, False, clause))


def _due(intervals: list[tuple[int, int]], day: int) -> int:
    """The first day, from a day on, on which an assessment is due."""
    due = 0
    while due < day:
        ahead = [begin for begin, _ in intervals if begin > due]
        every = [days for begin, days in intervals if begin <= due][-1]
        due = min([due + every, *ahead])
    return due


# --- response ------------------------------------------------------------------------------------


def _add_responses(times: dict[str, Time], line: Document, policy: Words) -> None:
    pfs, ttp = times["pfs"], times["ttp"]
    until = []
    for scan in line["scans"]:
        if scan["response"] == "PD":
            break
        until.append(scan)
    responded = [
        scan["day"]
        for i, scan in enumerate(until)
        if scan["response"] in RESPONSES
        and (not policy["confirmed"] or _is_confirmed(until, i, line["gap"]))
    ]
    complete = [
        scan["day"]
        for i, scan in enumerate(until)
        if scan["response"] == "CR"
        and (not policy["confirmed"] or _is_confirmed(until, i, line["gap"]))
    ]
    if responded:
        first = responded[0]
        times["ttr"] = (line["start"], first, True, "TTE-TTR")
        times["dor"] = (first, pfs[1], pfs[2], pfs[3])
    if complete:
        times["docr"] = (complete[0], pfs[1], pfs[2], pfs[3])
    if line["confirmed" if policy["confirmed"] else "best"] == "SD":
        times["dosd"] = ttp


def _is_confirmed(scans: list[Document], i: int, gap: int) -> bool:
    """Whether the response of one of the scans up to progression is confirmed by a later one."""
    what = scans[i]["response"]
    if gap == 0:
        return True
    unseen, complete = 0, False
    for scan in scans[i + 1 :]:
        response = scan["response"]
        if response == "NE":
            unseen += 1
            if unseen > 1:
                return False
            continue
        if what == "CR" and response != "CR":
            return False
        if what == "PR" and response not in RESPONSES:
            return False
        if what == "PR" and response == "PR" and complete:
            return False
        complete = complete or response == "CR"
        if scan["day"] - scans[i]["day"] >= gap:
            return True
    return False


def _depth(line: Document) -> Fraction | None:
    """The largest fall up to and including the first progression, as a share."""
    if line["baseline"] is None:
        return None
    falls = []
    for scan in line["scans"]:
        if scan["total"] is not None:
            falls.append((line["baseline"] - scan["total"]) / line["baseline"])
        if scan["response"] == "PD":
            break
    return max(falls, default=None)


def _early(line: Document, share: Fraction) -> bool | None:
    if line["baseline"] is None or not line["scans"] or line["scans"][0]["total"] is None:
        return None
    return bool(line["baseline"] - line["scans"][0]["total"] >= share * line["baseline"])


# --- treatment and survival ----------------------------------------------------------------------


def _add_treatment(times: dict[str, Time], line: Document, patient: Document) -> None:
    start, stop, following, death = line["start"], line["stop"], line["next"], patient["death"]
    # The next line ends only one of which no stop is recorded; death ends each.
    ends = [stop, death, following if stop is None else None]
    end = min((day for day in ends if day is not None), default=None)
    if end is None:
        times["tot"] = (start, patient["known"], False, "TTE-TOT")
    else:
        times["tot"] = (start, end, True, "TTE-TOT")
    end = min((day for day in (following, death) if day is not None), default=None)
    if end is None:
        times["ttnt"] = (start, patient["known"], False, "TTE-TTNT")
    else:
        times["ttnt"] = (start, end, True, "TTE-TTNT")
    failures = [_first_pd(line), stop, death, following if stop is None else None]
    end = min((day for day in failures if day is not None), default=None)
    if end is None:
        times["ttf"] = (start, patient["known"], False, "TTE-TTF")
    else:
        times["ttf"] = (start, end, True, "TTE-TTF")


def _add_survival(
    times: dict[str, Time], line: Document, lines: list[Document], patient: Document, policy: Words
) -> None:
    start, death = line["start"], patient["death"]
    survived = (patient["known"], False) if death is None else (death, True)
    times["os"] = (start, *survived, "TTE-OS")
    if _first_pd(line) is not None and (death is None or _first_pd(line) <= death):
        times["pps"] = (_first_pd(line), *survived, "TTE-PPS")
    for following in lines:
        if following["start"] == line["next"]:
            pfs = _time_to_progression(following, lines, patient, policy, deaths_count=True)
            end = pfs[1] if death is None else min(pfs[1], death)
            times["pfs2"] = (start, end, *pfs[2:])
            break
    else:
        times["pfs2"] = (start, *survived, "TTE-PFS2")


def _growth(now: Time, before: Time, threshold: Fraction) -> tuple[str, str] | None:
    """The verdict on the ratio of two times to progression, and the id of its rule."""
    days, days_before = now[1] - now[0], before[1] - before[0]
    if days_before <= 0:
        return None
    reached = Fraction(days, days_before) >= threshold
    if now[2] and before[2]:
        return ("met", "TTE-GMI") if reached else ("not met", "TTE-GMI-BELOW")
    if before[2]:
        return ("met", "TTE-GMI-LOWER") if reached else ("undetermined", "TTE-GMI-OPEN")
    return ("undetermined", "TTE-GMI-BEFORE" if now[2] else "TTE-GMI-BOTH")


# --- odd dates -----------------------------------------------------------------------------------


def _problems(line: Document, patient: Document) -> list[str]:
    stop, following = line["stop"], line["next"]
    death, contact = patient["death"], patient["contact"]
    odd = []
    if stop is not None and following is not None and stop > following:
        odd.append("STOP_AFTER_NEXT_START")
    if death is None:
        return odd
    if stop is not None and stop > death:
        odd.append("STOP_AFTER_DEATH")
    if line["start"] > death:
        odd.append("START_AFTER_DEATH")
    if any(scan["day"] > death for scan in line["scans"]):
        odd.append("SCAN_AFTER_DEATH")
    if contact is not None and contact > death:
        odd.append("CONTACT_AFTER_DEATH")
    return odd


# --- policies in words ---------------------------------------------------------------------------

_FDA_A = {
    "progression": ("event", "TTE-FDA-02"),
    "progression_after_gap": ("censored at last", "TTE-FDA-09"),
    "death": ("event", "TTE-FDA-07"),
    "death_unassessed": ("event", "TTE-FDA-10"),
    "death_after_gap": ("censored at last", "TTE-FDA-08"),
    "clinical_progression": ("censored at last", "TTE-FDA-04"),
    "new_therapy": ("censored at last", "TTE-FDA-06"),
    "no_baseline": ("censored at start", "TTE-FDA-01"),
    "no_assessment": ("censored at start", "TTE-FDA-01"),
    "stopped": ("censored at last", "TTE-FDA-05"),
    "ongoing": ("censored at last", "TTE-FDA-03"),
}
_EMA_ITT = {
    "progression": ("event", "TTE-EMA-01"),
    "progression_after_gap": ("event", "TTE-EMA-01"),
    "death": ("event", "TTE-EMA-02"),
    "death_unassessed": ("event", "TTE-EMA-02"),
    "death_after_gap": ("event", "TTE-EMA-02"),
    "clinical_progression": ("censored at last", "TTE-EMA-03"),
    "new_therapy": ("passed over", "TTE-EMA-04"),
    "no_baseline": ("censored at start", "TTE-EMA-03"),
    "no_assessment": ("censored at start", "TTE-EMA-03"),
    "stopped": ("censored at last", "TTE-EMA-03"),
    "ongoing": ("censored at last", "TTE-EMA-03"),
}
PUBLISHED = {"fda-a": _FDA_A, "ema-itt": _EMA_ITT}


def missed_visits(policy: Words, last: int, day: int) -> int:
    """The visits whose window closed before a day, after the visit that the last scan was of."""
    window, due = policy["window"], set()
    begins = [begin for begin, _ in policy["intervals"]]
    for place, (begin, every) in enumerate(policy["intervals"]):
        end = begins[place + 1] if place + 1 < len(begins) else max(begin, last, day) + 2 * every
        due |= set(range(begin, end, every))
    of_last = min(visit for visit in due if visit + window >= last)
    return sum(visit > of_last and visit + window < day for visit in due)


def in_words(
    name: str,
    intervals: list[tuple[int, int]] | None = None,
    window: int = 0,
    *,
    missed: int = 2,
    missed_by: str = "days",
    scheduled_dates: bool = False,
    confirmed: bool = False,
    growth: Fraction = Fraction(133, 100),
    early: Fraction = Fraction(1, 5),
    **clauses: tuple[str, str],
) -> Words:
    """A published policy in words, with other clauses or numbers."""
    return {
        "clauses": PUBLISHED[name] | clauses,
        "intervals": intervals,
        "window": window,
        "missed": missed,
        "missed_by": missed_by,
        "scheduled_dates": scheduled_dates,
        "confirmed": confirmed,
        "growth": growth,
        "early": early,
    }
