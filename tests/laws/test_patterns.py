"""How a line progressed: one patient, a cohort and the oracle say the same."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import reach
from support.cohort_tables import Cohort, cohort_of, cohorts, rows_of, sayable_cohort
from support.pattern_oracle import patterns_of

import mrecist
from mrecist import progression_pattern
from mrecist._base.arrays import BLANK
from mrecist._base.words import BclcProgression, Cause, Invasion, ProgressionCode
from mrecist.cohort.engine import assess_read
from mrecist.cohort.patterns import SIGNS, pattern_columns, pattern_table
from mrecist.cohort.tables_out import as_arrays
from mrecist.lines.patterns import ProgressionPattern
from mrecist.rulebook.criteria import Criteria
from mrecist.rulebook.patterns import CODES, PATTERN
from mrecist.tables import intake
from mrecist.testing.strategies import case_documents

EXAMPLES = settings().max_examples // 2

CRITERIA = tuple(mrecist.CRITERIA.values())
AMENDED = attrs.evolve(
    mrecist.MRECIST, name="my-trial", progression_share="1/10", progression_floor_mm=3
)
any_criteria = st.sampled_from(CRITERIA)
Document = dict[str, Any]
Row = dict[str, Any]


def patterns(document: Document, criteria: Criteria) -> list[ProgressionPattern | None]:
    assessed = mrecist.assess(mrecist.from_case(document), criteria=criteria)
    return [progression_pattern(line) for line in assessed.lines]


def facts(pattern: ProgressionPattern | None) -> Row | None:
    """A pattern as the oracle tells it."""
    if pattern is None:
        return None
    return {
        "date": str(pattern.date) if not isinstance(pattern.date, int) else pattern.date,
        "codes": list(map(str, pattern.codes)),
        "dominant": str(pattern.dominant),
        "vein": str(pattern.invasion),
        "bclc": str(pattern.bclc),
        "advanced": pattern.stage_before == "C",
    }


class TestOracle:
    """`progression_pattern` says what the if-ladders say."""

    @pytest.mark.parametrize("criteria", CRITERIA, ids=lambda each: each.name)
    @settings(max_examples=EXAMPLES)
    @given(case=case_documents())
    def test_agree(self, criteria: Criteria, case: Document) -> None:
        assert [facts(each) for each in patterns(case, criteria)] == patterns_of(
            case, criteria.name
        )

    @settings(max_examples=EXAMPLES)
    @given(case=case_documents(), stage=st.sampled_from(["B", "C"]))
    def test_stage(self, case: Document, stage: str) -> None:
        """A stage that is given counts, and one that the baseline contradicts is refused."""
        assessed = mrecist.assess(mrecist.from_case(case))
        for line, wanted in zip(assessed.lines, patterns_of(case, stage_before=stage), strict=True):
            if wanted is not None and wanted["advanced"] and stage == "B":
                with pytest.raises(ValueError, match="or left out where the baseline shows"):
                    progression_pattern(line, stage_before=stage)
            elif wanted is not None:
                found = progression_pattern(line, stage_before=stage)
                assert found is not None
                assert str(found.bclc) == wanted["bclc"]
                assert found.stage_before == stage


class TestEveryPattern:
    """What holds of any pattern of progression."""

    @settings(max_examples=EXAMPLES)
    @given(case=case_documents(), criteria=any_criteria)
    def test_sound(self, case: Document, criteria: Criteria) -> None:
        for line in mrecist.assess(mrecist.from_case(case), criteria=criteria).lines:
            found = progression_pattern(line)
            assert (found is None) == (line.progression is None)
            if found is None or line.progression is None:
                continue
            assert (found.date, found.day) == (line.progression.date, line.progression.day)
            if not found.codes:
                assert line.progression.causes == (Cause.REPORTED,)
            assert found.dominant.code == max((code.code for code in found.codes), default=0)
            if Cause.NEW_LESION in line.progression.causes:
                assert {"NIH", "NEH"} & set(found.codes)
            else:
                assert not {"NIH", "NEH"} & set(found.codes)
            for reason in found.reasons:
                assert reason.evidence in ("recalled", "reading")
                assert "{" not in reason.sentence
                assert "None" not in reason.sentence
            assert len(str(found)) <= 100
            assert "\n" not in str(found)

    @settings(max_examples=EXAMPLES)
    @given(case=case_documents(), days=st.integers(-3000, 3000))
    def test_invariant(self, case: Document, days: int) -> None:
        """Names of lesions and the calendar do not matter, as long as ties of size go alike."""
        patient = mrecist.from_case(case)
        names = {lesion.id: f"X {lesion.id}" for lesion in patient.lesions}
        moved = renamed(patient, names)
        for one, other in zip(
            mrecist.assess(patient).lines, mrecist.assess(moved).lines, strict=True
        ):
            told, again = progression_pattern(one), progression_pattern(other)
            assert (told is None) == (again is None)
            if told is not None and again is not None:
                assert (told.codes, told.invasion, told.bclc, told.rules, told.day) == (
                    again.codes,
                    again.invasion,
                    again.bclc,
                    again.rules,
                    again.day,
                )
        if all(isinstance(each.date, int) for each in patient.timepoints):
            shifted = mrecist.from_case(shift(case, days))
            for one, other in zip(
                mrecist.assess(patient).lines, mrecist.assess(shifted).lines, strict=True
            ):
                told, again = progression_pattern(one), progression_pattern(other)
                assert (told and (told.codes, told.rules, told.bclc)) == (
                    again and (again.codes, again.rules, again.bclc)
                )


def renamed(patient: mrecist.Patient, names: dict[str, str]) -> mrecist.Patient:
    def listed(ids: tuple[str, ...] | None) -> list[str] | None:
        return None if ids is None else [names[each] for each in ids]

    return attrs.evolve(
        patient,
        lesions=[
            attrs.evolve(each, id=names[each.id], part_of=each.part_of and names[each.part_of])
            for each in patient.lesions
        ],
        timepoints=[
            attrs.evolve(
                timepoint,
                findings=[
                    attrs.evolve(
                        each, lesion=names[each.lesion], into=each.into and names[each.into]
                    )
                    for each in timepoint.findings
                ],
            )
            for timepoint in patient.timepoints
        ],
        procedures=[
            attrs.evolve(each, lesions=listed(each.lesions)) for each in patient.procedures
        ],
        lines=[
            attrs.evolve(line, targets=listed(line.targets), nontargets=listed(line.nontargets))
            for line in patient.lines
        ],
    )


def shift(record: Any, days: int) -> Any:
    """A document with study days, all of them moved."""
    if isinstance(record, list):
        return [shift(each, days) for each in record]
    if not isinstance(record, dict):
        return record
    dates = ("date", "start", "stop", "baseline", "death", "last_contact")
    return {
        key: value + days if key in dates and isinstance(value, int) else shift(value, days)
        for key, value in record.items()
    }


def judged(cohort: Cohort, criteria: Criteria) -> tuple[Any, Any]:
    data = intake.read(**cohort.tables)
    return data, assess_read(data, criteria)


def told_by_single(cohort: Cohort, criteria: Criteria) -> list[ProgressionPattern | None]:
    return [each for document in cohort.told for each in patterns(document, criteria)]


class TestCohort:
    """The columns say of every line what `progression_pattern` says of it."""

    @settings(max_examples=2 * EXAMPLES)
    @given(cohort=cohorts(), criteria=st.sampled_from([*CRITERIA, AMENDED]))
    def test_agree(self, cohort: Cohort, criteria: Criteria) -> None:
        data, panel = judged(cohort, criteria)
        found = pattern_columns(data, criteria, panel)
        wanted = told_by_single(cohort, criteria)
        assert len(wanted) == len(panel.lines.patient)
        ids = [PATTERN.decide(*shown).id for shown in SIGNS]
        for i, pattern in enumerate(wanted):
            assert found.progressed[i] == (pattern is not None)
            if pattern is None:
                assert (found.signs[i], found.codes[i]) == (0, 0)
                assert {found.dominant[i], found.invasion[i], found.bclc[i]} == {BLANK}
                continue
            bits = int(found.codes[i])
            assert tuple(c for bit, c in enumerate(CODES) if bits >> bit & 1) == pattern.codes
            assert tuple(ProgressionCode)[found.dominant[i]] is pattern.dominant
            assert tuple(Invasion)[found.invasion[i]] is pattern.invasion
            assert tuple(BclcProgression)[found.bclc[i]] is pattern.bclc
            rules = {id for bit, id in enumerate(ids) if int(found.signs[i]) >> bit & 1}
            assert rules == {each.rule for each in pattern.reasons if each.step == "pattern"}

    @settings(max_examples=EXAMPLES)
    @given(cohort=cohorts(), rows=st.sampled_from([1, 5, 20]), criteria=any_criteria)
    def test_blocks(self, cohort: Cohort, rows: int, criteria: Criteria) -> None:
        """It does not matter how many patients are read at a time."""
        data, panel = judged(cohort, criteria)
        whole = pattern_columns(data, criteria, panel)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("mrecist.cohort.patterns.SPAN_ROWS", rows)
            parts = pattern_columns(data, criteria, panel)
        for name in ("progressed", "signs", "codes", "dominant", "invasion", "bclc"):
            assert np.array_equal(getattr(whole, name), getattr(parts, name)), name

    @settings(max_examples=EXAMPLES)
    @given(cohort=cohorts(), data=st.data())
    def test_stage(self, cohort: Cohort, data: st.DataObject) -> None:
        """A stage for each line, C where the baseline shows it."""
        read, panel = judged(cohort, mrecist.MRECIST)
        wanted = told_by_single(cohort, mrecist.MRECIST)
        stages = [
            data.draw(
                st.sampled_from(["C", None] if each and each.stage_before == "C" else ["B", "C"])
            )
            for each in wanted
        ]
        found = pattern_columns(read, mrecist.MRECIST, panel, stage_before=stages)
        lines = [
            line
            for document in cohort.told
            for line in mrecist.assess(mrecist.from_case(document)).lines
        ]
        told = [
            progression_pattern(line, stage_before=stage)
            for line, stage in zip(lines, stages, strict=True)
        ]
        assert found.bclc.tolist() == [BLANK if each is None else each.bclc.code for each in told]

    @settings(max_examples=EXAMPLES)
    @given(cohort=cohorts(), criteria=any_criteria)
    def test_table(self, cohort: Cohort, criteria: Criteria) -> None:
        """One row a line, in the order of the table of lines, in words."""
        data, panel = judged(cohort, criteria)
        rows = rows_of(as_arrays(pattern_table(data, criteria, panel)))
        lines = rows_of(mrecist.assess_cohort(**cohort.tables, criteria=criteria).lines)
        for row, line, pattern in zip(rows, lines, told_by_single(cohort, criteria), strict=True):
            for name in ("patient", "line", "progression_date"):
                assert row[name] == line[name]
            told = (row["codes"], row["dominant"], row["tumour_in_vein"], row["bclc"])
            if pattern is None:
                assert told == (None, None, None, None)
            else:
                wanted = (pattern.dominant, pattern.invasion, pattern.bclc)
                assert told == (";".join(pattern.codes), *map(str, wanted))


def test_reports_are_drawn() -> None:
    """The generators reach every sign of progression."""
    rare = {id for rule in PATTERN.rules if "VEIN-G" in (id := rule.id) or "TOGETHER" in id}
    left = {rule.id for rule in PATTERN.rules} - rare

    def look(case: Document) -> None:
        if left:
            for each in patterns(case, mrecist.MRECIST):
                left.difference_update(() if each is None else each.rules)

    for batch in range(60):
        reach.examples(case_documents(), 20, look, batch)
        if not left:
            break
    assert not left


def test_worked_cohort() -> None:
    """Patients without a progression, and those with a mistake, cost and change nothing."""
    case = mrecist.to_case(mrecist.example_case())
    cohort = cohort_of(sayable_cohort([case, case | {"lines": []}]))
    data, panel = judged(cohort, mrecist.MRECIST)
    found = pattern_columns(data, mrecist.MRECIST, panel)
    assert found.progressed.tolist() == [each is not None for each in patterns(case, CRITERIA[0])]
