"""Policies to draw: in words for the oracle, and as the package has them; courses in words."""

from __future__ import annotations

import datetime
from fractions import Fraction
from typing import Any

import attrs
from hypothesis import strategies as st

import mrecist
from mrecist._base.words import Effect, Situation
from support.oracle_times import PUBLISHED, Words, day_of, in_words

Document = dict[str, Any]

EFFECTS = {
    "event": Effect.EVENT,
    "censored at last": Effect.LAST,
    "censored at start": Effect.START,
    "passed over": Effect.PASSED_OVER,
}
MAY = {
    "clinical_progression": ["event", "censored at last"],
    "new_therapy": ["censored at last", "passed over", "event"],
    "no_baseline": ["censored at start"],
    "no_assessment": ["censored at start"],
    "stopped": ["censored at last"],
    "ongoing": ["censored at last"],
}
"""What the effects of clauses may be; of those not named here, an event or censored at last."""


def as_policy(words: Words) -> mrecist.Policy:
    """The policy that the words describe."""
    clauses = {
        situation: mrecist.Clause(id, EFFECTS[effect], "{first} {end}", mrecist.FDA_A.death.source)
        for situation, (effect, id) in words["clauses"].items()
    }
    schedule = None
    if words["intervals"] is not None:
        schedule = mrecist.Schedule(words["intervals"], window_days=words["window"])
    published = next((name for name, rest in PUBLISHED.items() if rest == words["clauses"]), None)
    if published is not None:
        clauses = {}
    return attrs.evolve(
        mrecist.POLICIES[published or "fda-a"],
        **clauses,
        schedule=schedule,
        missed=words["missed"],
        missed_by=words["missed_by"],
        scheduled_dates=words["scheduled_dates"],
        confirmed=words["confirmed"],
        growth_ratio=words["growth"],
        early_share=words["early"],
    )


@st.composite
def policies_for(draw: Any, case: Document, *, published: bool = False) -> Words:
    """A policy in words, whose schedule makes gaps of just so many days as the case has."""
    name = draw(st.sampled_from(["fda-a", "ema-itt", "own"]))
    clauses: dict[str, Any] = {}
    if name == "own" and not published:
        for situation in Situation:
            key = situation.name.lower()
            effect = draw(st.sampled_from(MAY.get(key, ["event", "censored at last"])))
            clauses[key] = (effect, f"OWN-{key}")
    missed = draw(st.sampled_from([2, 1, 3])) if not published else 2
    window, intervals = 0, None
    if draw(st.integers(0, 2)):
        window = draw(st.sampled_from([0, 7, 3]))
        intervals = _intervals(draw, case, missed, window)
    numbers: dict[str, Any] = {}
    if not published:
        numbers["growth"] = draw(
            st.sampled_from([Fraction(133, 100), Fraction(1), Fraction(3, 2), Fraction(1, 2)])
        )
        numbers["early"] = draw(st.sampled_from([Fraction(1, 5), Fraction(1, 10), Fraction(3, 10)]))
        numbers["scheduled_dates"] = intervals is not None and draw(st.booleans())
        numbers["confirmed"] = draw(st.booleans())
        numbers["missed_by"] = draw(st.sampled_from(["days", "visits"]))
    name = "fda-a" if name == "own" else name
    return in_words(name, intervals, window, missed=missed, **numbers, **clauses)


def _intervals(draw: Any, case: Document, missed: int, window: int) -> list[tuple[int, int]]:
    days = {day_of(timepoint["date"]) for timepoint in case["timepoints"]}
    days |= {day_of(line["start"]) for line in case["lines"]} | {day_of(case.get("death"))} - {None}
    days = sorted(days)
    gaps = sorted({b - a for i, a in enumerate(days) for b in days[i + 1 : i + 4]} - {0}) or [56]

    def every() -> int:
        # The gap is exactly what may be, or a day or so more.
        gap = draw(st.sampled_from(gaps))
        return max(1, (gap - window) // missed - draw(st.sampled_from([0, 1])))

    intervals = [(0, every())]
    for _ in range(draw(st.sampled_from([0, 1, 2]))):
        step = draw(st.sampled_from([*gaps, 1]))
        intervals.append((intervals[-1][0] + step, every()))
    return intervals


def told(course: mrecist.Course) -> list[Document]:
    """A course in the words of the oracle."""
    return [
        {
            "times": {
                name: (day(time.start), day(time.end), time.event, time.clause.id)
                for name, time in line.times.items()
            },
            "objective_response": line.objective_response,
            "confirmed_objective_response": line.confirmed_objective_response,
            "disease_control": line.disease_control,
            "confirmed_disease_control": line.confirmed_disease_control,
            "depth": line.depth,
            "early": line.early_shrinkage,
            "problems": [problem.name for problem in line.problems],
            "growth": line.growth and (str(line.growth.verdict), line.growth.rule.id),
        }
        for line in course.lines
    ]


def day(date: Any) -> int:
    """A date of any form as a whole day."""
    return date.toordinal() if isinstance(date, datetime.date) else int(day_of(date))


def verdicts_only(scans: dict[int, str | None], *lines: Any, **dates: int) -> mrecist.Assessment:
    """A patient of whom only readers' verdicts are known, by day; lines by their starts.

    The first day is a scan without a verdict, for a baseline, unless `scans` gives it. A line is
    its start, or a dict with its start and what else is known of it.
    """
    told = [{"start": line} if isinstance(line, int) else line for line in lines]
    scans = {min(line["start"] for line in told): None} | scans
    # What is not evaluable takes a lesion: without any, there is no evidence of disease.
    seen = {"NE": "not evaluable", "CR": "absent"}
    with_lesion = "NE" in scans.values()
    case = {
        "format": "mrecist-case/1",
        "patient": "P-001",
        "lesions": [{"id": "BONE", "organ": "bone", "kind": "other"}] * with_lesion,
        "timepoints": [
            {
                "date": date,
                "findings": [{"lesion": "BONE", "status": seen.get(verdict or "", "present")}]
                * with_lesion,
                "reported": verdict,
            }
            for date, verdict in scans.items()
        ],
        "lines": [{"agents": [f"drug {i}"], **line} for i, line in enumerate(told)],
        **dates,
    }
    return mrecist.assess(mrecist.from_case(case))
