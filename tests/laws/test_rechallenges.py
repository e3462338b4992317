"""Rechallenges of a cohort are those of its patients; lines come out of administrations alike."""

from __future__ import annotations

import random
from collections import Counter
from itertools import pairwise, takewhile
from typing import Any

import attrs
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from support.cohort_tables import Cohort, Row, cohorts, rows_of

import mrecist
from mrecist import Administration, lines_from_administrations
from mrecist._base.words import Exposure
from mrecist.rulebook.best_response import CONTROLLED, OBJECTIVE, RESPONSE_GROUPS
from mrecist.rulebook.drugs import named

EXAMPLES = settings().max_examples // 2
any_criteria = st.sampled_from(list(mrecist.CRITERIA.values()))


def text(word: Any) -> str | None:
    return None if word is None else str(word)


def rows_of_patient(patient: mrecist.Patient, criteria: mrecist.Criteria) -> list[Row]:
    """The rows of a patient, from the exposures of its agents."""
    assessment = mrecist.assess(patient, criteria=criteria)
    each = [e for agent in mrecist.exposures_by_agent(assessment) for e in agent.again]
    rows = []
    for line in assessment.lines:
        shared = [e for e in each if e.line is line and e.earlier.number == line.rechallenge_of]
        if not shared:
            assert line.rechallenge_of is None
            continue
        drugs = [e for e in shared if e.exposure is not Exposure.REPEAT]
        found, before = (drugs or shared)[0], shared[0].earlier
        names = named(before.line.line.agents)
        written = named(line.line.agents)
        low = None if found.ratio is None else float(found.ratio.low)
        high = None if found.ratio is None or found.ratio.high is None else float(found.ratio.high)
        rows.append(
            {
                "patient": patient.id,
                "line": line.number,
                "agents": "+".join(
                    dict.fromkeys(written[name] for name in written if name in names)
                ),
                "exposure": str(found.exposure),
                "rule": found.rule.id,
                "earlier_line": before.number,
                "earlier_end_reason": text(found.earlier_end_reason),
                "end_reason_recorded": found.end_reason_recorded,
                "drug_free_days": found.drug_free_days,
                "lines_between": found.lines_between,
                "best_response_before": str(before.best_response),
                "best_response_again": str(found.best_response),
                "confirmed_best_response_before": str(before.confirmed_best_response),
                "confirmed_best_response_again": str(found.confirmed_best_response),
                "days_before_low": before.days.low,
                "days_before_high": before.days.high,
                "days_again_low": found.days.low,
                "days_again_high": found.days.high,
                "ratio_low": low,
                "ratio_high": high,
            }
        )
    return rows


class TestAgreement:
    """The table of a cohort holds what `exposures_by_agent` says of each patient."""

    @settings(max_examples=EXAMPLES)
    @given(cohort=cohorts(), criteria=any_criteria)
    def test_rows(self, cohort: Cohort, criteria: mrecist.Criteria) -> None:
        responses = mrecist.assess_cohort(**cohort.tables, criteria=criteria)
        found = rows_of(responses.rechallenges())
        patients = dict.fromkeys(str(row["patient"]) for row in rows_of(responses.lines))
        told = [
            row
            for patient in patients
            if cohort.lines is not None and "agents" in cohort.lines
            for row in rows_of_patient(responses.patient(patient), criteria)
        ]
        assert [{**row, "patient": str(row["patient"])} for row in found] == told

    @settings(max_examples=EXAMPLES)
    @given(data=st.data())
    def test_vital_dates(self, data: st.DataObject) -> None:
        """Death and last contact bound the days of lines without a stop."""
        rows = []
        for who in ("P-1", "P-2"):
            vital = [data.draw(st.none() | st.integers(-50, 400)) for _ in range(2)]
            for start in data.draw(st.sets(st.integers(0, 200), min_size=1, max_size=4)):
                stop = data.draw(st.none() | st.integers(start, start + 90))
                reason = data.draw(st.sampled_from([None, "progression", "toxicity"]))
                agents = data.draw(st.sampled_from(["sorafenib", "Nexavar+lenvatinib"]))
                rows.append((who, start, stop, reason, agents, *vital))
        names = ("patient", "start", "stop", "end_reason", "agents", "death", "last_contact")
        lines = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
        seen = data.draw(st.lists(st.integers(-20, 300), min_size=1, max_size=5, unique=True))
        findings = {
            "patient": ["P-1"] * len(seen), "date": seen, "lesion": ["S8"] * len(seen),
            "viable_mm": [20.0 + day for day in range(len(seen))],
        }  # fmt: skip
        responses = mrecist.assess_cohort(findings, lines)
        found = rows_of(responses.rechallenges())
        told = [
            row
            for who in ("P-1", "P-2")
            for row in rows_of_patient(responses.patient(who), mrecist.MRECIST)
        ]
        assert found == told

    @settings(max_examples=EXAMPLES)
    @given(
        cohort=cohorts(),
        confirmed=st.booleans(),
        words=st.sets(st.sampled_from(list(Exposure)[1:]), min_size=1),
    )
    def test_rates(self, cohort: Cohort, confirmed: bool, words: set[Exposure]) -> None:
        """The rates are those counted in the table, row by row."""
        responses = mrecist.assess_cohort(**cohort.tables)
        name = "confirmed_best_response" if confirmed else "best_response"
        healthy = {
            (row["patient"], row["line"])
            for row in rows_of(responses.lines)
            if "NO_DISEASE_AT_BASELINE" in (row["problems"] or "")
        }
        every = [row for row in rows_of(responses.rechallenges()) if row["exposure"] in words]
        rows = [row for row in every if (row["patient"], row["line"]) not in healthy]
        rates = responses.rechallenge_rates(exposures=words, confirmed=confirmed, level=None)
        for rate in rows_of(rates):
            group = RESPONSE_GROUPS.get(rate["response_before"])
            inside = [row for row in rows if group is None or row[f"{name}_before"] in group]
            all_inside = [row for row in every if group is None or row[f"{name}_before"] in group]
            assert rate["without_disease"] == len(all_inside) - len(inside)
            again = Counter(row[f"{name}_again"] for row in inside)
            assert rate["lines"] == len(inside)
            assert rate["patients"] == len({row["patient"] for row in inside})
            assert rate["responders"] == sum(again[word] for word in OBJECTIVE)
            assert rate["controlled"] == sum(again[word] for word in CONTROLLED)
            share = rate["responders"] / len(inside) if inside else None
            assert rate["response_rate"] == share

    @settings(max_examples=EXAMPLES)
    @given(cohort=cohorts())
    def test_sequence(self, cohort: Cohort) -> None:
        """Each line has its place in the sequence, `(re)` where an agent was given before."""
        responses = mrecist.assess_cohort(**cohort.tables)
        for patient in dict.fromkeys(row["patient"] for row in rows_of(responses.lines)):
            assessment = mrecist.assess(responses.patient(patient))
            told = mrecist.sequence_text(assessment).split(" > ")
            assert len(told) == len(assessment.lines)
            for text, line in zip(told, assessment.lines, strict=True):
                before = takewhile(lambda each: each.response != "PD", line.timepoints)
                unread = any(each.response == "NE" for each in before)
                marked = " (NE before)" if unread and line.best_response == "PD" else ""
                assert text.endswith(f" {line.best_response}{marked}")
                assert ("(re)" in text) is (line.rechallenge_of is not None)


@st.composite
def administrations(draw: Any) -> list[Administration]:
    """Intervals of up to three agents; those of one agent do not overlap."""
    records = []
    for agent in draw(st.sampled_from([["a"], ["a", "b"], ["a", "b", "c"]])):
        day = draw(st.integers(0, 40))
        for _ in range(draw(st.integers(1, 4))):
            stop = day + draw(st.integers(1, 80))
            records.append(Administration(agent, day, stop=stop))
            day = stop + draw(st.sampled_from([0, 1, 2, 14, 59, 60, 61, 90]))
    return records


days = st.integers(0, 400)


class TestLines:
    """What is true of lines, whatever was given."""

    @settings(max_examples=EXAMPLES)
    @given(records=administrations(), progressions=st.lists(days, max_size=3), seed=st.integers())
    def test_order(self, records: Any, progressions: Any, seed: int) -> None:
        """Records and progressions may come in any order."""
        found = lines_from_administrations(records, progressions=progressions)
        random.Random(seed).shuffle(records)
        again = lines_from_administrations(records, progressions=progressions[::-1])
        told = [(set(line.agents), line.start, line.stop) for line in found]
        assert [(set(line.agents), line.start, line.stop) for line in again] == told

    @settings(max_examples=EXAMPLES)
    @given(records=administrations(), progressions=st.lists(days, max_size=3))
    def test_divided(self, records: Any, progressions: Any) -> None:
        """A record divided in two, as a dose is changed, makes the same lines."""
        parts = []
        for record in records:
            middle = (record.start + record.stop) // 2
            if record.start < middle < record.stop - 1:
                parts += [attrs.evolve(record, stop=middle), attrs.evolve(record, start=middle)]
            else:
                parts.append(record)
        found = lines_from_administrations(records, progressions=progressions)
        # A first half of one day is an infusion, which reaches further than a day; it ends where
        # the second half begins, so that nothing of it is left to reach.
        again = lines_from_administrations(parts, progressions=progressions)
        assert [(line.agents, line.start, line.stop) for line in again] == [
            (line.agents, line.start, line.stop) for line in found
        ]

    @settings(max_examples=EXAMPLES)
    @given(records=administrations(), progressions=st.lists(days, max_size=3))
    def test_cover(self, records: Any, progressions: Any) -> None:
        """Each day of each record lies in a line with its agent; lines follow one another."""
        found = lines_from_administrations(records, progressions=progressions)
        for one, other in pairwise(found):
            assert one.start < other.start
            assert one.stop <= other.start
        for record in records:
            for day in range(record.start, record.stop):
                assert [
                    record.agent in line.agents for line in found if line.start <= day < line.stop
                ] == [True]
        assert sum(line.stop - line.start for line in found) >= 0
        assert found[0].start == min(record.start for record in records)
        assert found[-1].stop == max(record.stop for record in records)

    @settings(max_examples=EXAMPLES)
    @given(records=administrations(), gap=st.integers(0, 90))
    def test_gaps(self, records: Any, gap: int) -> None:
        """Inside a line nothing pauses for longer than the gap; a new line of the same agents
        comes only after longer."""
        rule = mrecist.LineBoundaries(max_gap_days=gap)
        for line in lines_from_administrations(records, rule=rule):
            inside = [r for r in records if r.start < line.stop and line.start < r.stop]
            reach = line.start
            for record in sorted(inside, key=lambda record: record.start):
                assert record.start - reach <= max(gap, 1)
                reach = max(reach, record.stop)
        for each in mrecist.line_beginnings(records, rule=rule):
            assert str(each.word) != "restart after progression"

    @settings(max_examples=EXAMPLES)
    @given(records=administrations(), by=st.integers(-1000, 1000))
    def test_shift(self, records: Any, by: int) -> None:
        """All dates moved by some days move the lines by as many."""
        found = lines_from_administrations(records, progressions=[70])
        moved = [attrs.evolve(r, start=r.start + by, stop=r.stop + by) for r in records]
        again = lines_from_administrations(moved, progressions=[70 + by])
        assert [(line.agents, line.start + by) for line in found] == [
            (line.agents, line.start) for line in again
        ]


def test_a_known_cohort() -> None:
    """The property is not empty: generated cohorts do have rechallenges."""
    first = settings(max_examples=100, derandomize=True, database=None, phases=[Phase.generate])
    assert find(cohorts(max_patients=2), has_a_rechallenge, settings=first)


def has_a_rechallenge(cohort: Cohort) -> bool:
    responses = mrecist.assess_cohort(**cohort.tables)
    return len(responses.rechallenges()["line"]) > 0
