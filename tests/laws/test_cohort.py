"""`assess_cohort` says of every patient of a cohort what `assess` and the oracle say of one."""

from __future__ import annotations

import copy
import datetime
import json
import math
from collections.abc import Callable
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.cohort_tables import (
    DATES,
    FINDINGS,
    FORMS,
    LINE_TABLES,
    LINES,
    LINES_OUT,
    PROCEDURES,
    SIZES,
    TIMEPOINTS_OUT,
    Cohort,
    Document,
    Form,
    Row,
    cohort_of,
    cohorts,
    columns_of,
    documents_of,
    expected,
    expected_by_assess,
    finding_names,
    finding_rows,
    line_rows,
    procedure_rows,
    procedures_of,
    rows_of,
    sayable,
    sayable_cohort,
    sayable_documents,
)
from support.oracle import oracle
from support.profiles import thorough_only

import mrecist
from mrecist import conformance
from mrecist.testing._choices import tellable

EXAMPLES = settings().max_examples // 4

CRITERIA = tuple(mrecist.CRITERIA.values())
AMENDED = attrs.evolve(
    mrecist.MRECIST,
    name="my-trial",
    response_share="1/2",
    progression_share="1/10",
    progression_floor_mm=3,
    target_nodule_mm=12,
    targets_in_all=3,
    new_nodule_mm=8,
    stable_days=49,
    confirmation_days=14,
    confirmation_gaps=2,
)
every_criteria = pytest.mark.parametrize("criteria", CRITERIA, ids=lambda each: each.name)
any_criteria = st.sampled_from(CRITERIA)

Tables = tuple[list[Row], list[Row]]


def assessed(
    cohort: Cohort, criteria: mrecist.Criteria | str = mrecist.MRECIST, **options: Any
) -> Any:
    return mrecist.assess_cohort(**cohort.tables, criteria=criteria, **options)


def out(responses: Any) -> Tables:
    return rows_of(responses.timepoints), rows_of(responses.lines)


def without_rules(tables: Tables) -> Tables:
    timepoints, lines = tables
    return [{key: row[key] for key in row if key != "rules"} for row in timepoints], lines


def without_agents(tables: Tables) -> Tables:
    timepoints, lines = tables
    return timepoints, [{key: row[key] for key in row if key != "agents"} for row in lines]


def by_patient(tables: Tables) -> dict[str, Tables]:
    """The rows of each patient, in their order."""
    patients: dict[str, Tables] = {}
    for place, rows in enumerate(tables):
        for row in rows:
            patients.setdefault(row["patient"], ([], []))[place].append(row)
    return patients


def same(one: Any, other: Any) -> None:
    """Equal, and of equal types: 1, 1.0 and True are three values. Keys come in any order."""
    assert one == other
    told = (json.dumps(each, sort_keys=True, default=repr) for each in (one, other))
    assert next(told) == next(told)


def worked_cases() -> Cohort:
    cases = [case.document for case in conformance.cases() if case.valid]
    return cohort_of(sayable_cohort(cases))


def told_by_oracle(cohort: Cohort, criteria: mrecist.Criteria) -> Tables:
    return cohort.out(lambda document: expected(document, criteria.name, cohort.form))


def told_by_assess(cohort: Cohort, criteria: mrecist.Criteria) -> Tables:
    return cohort.out(lambda document: expected_by_assess(document, criteria, cohort.form))


class TestTables:
    """A table says what the documents say that it was made of, whatever its form."""

    @settings(max_examples=EXAMPLES)
    @given(cohort=cohorts(), criteria=any_criteria)
    def test_read_again(self, cohort: Cohort, criteria: mrecist.Criteria) -> None:
        read = {each["patient"]: each for each in documents_of(**cohort.tables)}
        assert read.keys() == {document["patient"] for document in cohort.documents}
        for document in cohort.documents:
            mrecist.from_case(document)
            again = oracle(read[document["patient"]], criteria.name)
            assert again == oracle(document, criteria.name)

    @settings(max_examples=EXAMPLES)
    @given(documents=sayable_documents())
    def test_sayable_is_said(self, documents: list[Document]) -> None:
        cohort = cohort_of(documents)
        assert documents_of(**cohort.tables) == sorted(
            documents, key=lambda document: not document["timepoints"]
        )
        assert [sayable(document) for document in documents] == documents


@every_criteria
class TestAgreement:
    """Two independent people who implement the page must agree on every case."""

    @settings(max_examples=EXAMPLES)
    @given(cohort=cohorts())
    def test_cohort_is_oracle(self, criteria: mrecist.Criteria, cohort: Cohort) -> None:
        responses = assessed(cohort, criteria)
        same(without_rules(out(responses)), told_by_oracle(cohort, criteria))
        assert rows_of(responses.errors) == []

    @settings(max_examples=EXAMPLES)
    @given(cohort=cohorts())
    def test_cohort_is_assess(self, criteria: mrecist.Criteria, cohort: Cohort) -> None:
        same(out(assessed(cohort, criteria)), told_by_assess(cohort, criteria))

    @thorough_only
    def test_worked_cases(self, criteria: mrecist.Criteria) -> None:
        cohort = worked_cases()
        responses = assessed(cohort, criteria)
        same(without_rules(out(responses)), told_by_oracle(cohort, criteria))
        same(out(responses), told_by_assess(cohort, criteria))


class TestProtocol:
    """A protocol changes any field."""

    @settings(max_examples=EXAMPLES)
    @given(cohort=cohorts())
    def test_amended(self, cohort: Cohort) -> None:
        same(out(assessed(cohort, AMENDED)), told_by_assess(cohort, AMENDED))

    @settings(max_examples=max(EXAMPLES // 5, 1))
    @given(cohort=cohorts(), criteria=any_criteria)
    def test_named(self, cohort: Cohort, criteria: mrecist.Criteria) -> None:
        same(out(assessed(cohort, criteria.name)), out(assessed(cohort, criteria)))


class TestBatches:
    """Patients have nothing to do with each other: a cohort is its parts put together."""

    @settings(max_examples=EXAMPLES)
    @given(documents=sayable_documents(), criteria=any_criteria, data=st.data())
    def test_parts(
        self, documents: list[Document], criteria: mrecist.Criteria, data: st.DataObject
    ) -> None:
        form = data.draw(FORMS)
        lines = data.draw(LINE_TABLES)
        at = data.draw(st.integers(0, len(documents)))
        whole = by_patient(out(assessed(cohort_of(documents, form, lines=lines), criteria)))
        parts = [cohort_of(part, form, lines=lines) for part in (documents[:at], documents[at:])]
        first, second = (by_patient(out(assessed(part, criteria))) for part in parts)
        assert not first.keys() & second.keys()
        same({name: (first | second)[name] for name in whole}, whole)
        assert len(whole) == len(first) + len(second)

    @settings(max_examples=EXAMPLES)
    @given(documents=sayable_documents(), criteria=any_criteria, form=FORMS, lines=LINE_TABLES)
    def test_one_by_one(
        self,
        documents: list[Document],
        criteria: mrecist.Criteria,
        form: Form,
        lines: str,
    ) -> None:
        cohort = cohort_of(documents, form, lines=lines)
        whole = by_patient(out(assessed(cohort, criteria)))
        for document in documents:
            one = assessed(cohort_of([document], form, lines=lines), criteria)
            rows = whole.pop(document["patient"], ([], []))
            same(out(one), rows)
        assert not whole

    @settings(max_examples=EXAMPLES)
    @given(cohort=cohorts(), criteria=any_criteria, rows=st.sampled_from([1, 5, 20]))
    def test_blocks(self, cohort: Cohort, criteria: mrecist.Criteria, rows: int) -> None:
        whole = assessed(cohort, criteria)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("mrecist.cohort.engine.BLOCK_ROWS", rows)
            parts = assessed(cohort, criteria)
        same(out(parts), out(whole))
        assert list(parts.untreated) == list(whole.untreated)

    def test_worked_cases_on_two_cores(self, monkeypatch: pytest.MonkeyPatch) -> None:
        cohort = worked_cases()
        whole = out(assessed(cohort))
        monkeypatch.setattr("mrecist.cohort.engine.BLOCK_ROWS", 100)
        same(out(assessed(cohort, workers=2)), whole)

    @settings(max_examples=EXAMPLES)
    @given(documents=sayable_documents(max_patients=1), criteria=any_criteria, form=FORMS)
    def test_cohort_of_one(
        self, documents: list[Document], criteria: mrecist.Criteria, form: Form
    ) -> None:
        cohort = cohort_of(documents, form)
        same(out(assessed(cohort, criteria)), told_by_assess(cohort, criteria))

    @pytest.mark.parametrize("lines", [True, False])
    def test_cohort_of_none(self, lines: bool) -> None:
        responses = mrecist.assess_cohort(columns_of([], FINDINGS), columns_of([], LINES))
        if not lines:
            responses = mrecist.assess_cohort(columns_of([], FINDINGS))
        assert out(responses) == ([], [])
        assert tuple(responses.timepoints) == TIMEPOINTS_OUT
        assert tuple(responses.lines) == LINES_OUT


class TestOrder:
    """Row order is free."""

    @settings(max_examples=EXAMPLES)
    @given(documents=sayable_documents(), criteria=any_criteria, form=FORMS, data=st.data())
    def test_of_rows(
        self,
        documents: list[Document],
        criteria: mrecist.Criteria,
        form: Form,
        data: st.DataObject,
    ) -> None:
        findings = finding_rows(documents, form)
        lines = line_rows(documents, form)
        names, procedures = finding_names(findings), procedures_of(documents, form)
        before = mrecist.assess_cohort(
            columns_of(findings, names, form),
            columns_of(lines, LINES, form),
            procedures=procedures,
            criteria=criteria,
        )
        findings = data.draw(st.permutations(findings))
        lines = data.draw(st.permutations(lines))
        after = mrecist.assess_cohort(
            columns_of(findings, names, form),
            columns_of(lines, LINES, form),
            procedures=procedures,
            criteria=criteria,
        )
        assert by_patient(out(after)) == by_patient(out(before))

    @settings(max_examples=EXAMPLES)
    @given(cohort=cohorts())
    def test_of_columns(self, cohort: Cohort) -> None:
        tables = {
            name: None if table is None else dict(reversed(table.items()))
            for name, table in cohort.tables.items()
        }
        same(out(mrecist.assess_cohort(**tables)), out(assessed(cohort)))

    @settings(max_examples=EXAMPLES)
    @given(cohort=cohorts())
    def test_of_the_tables_that_come_out(self, cohort: Cohort) -> None:
        """Patients in order of first appearance, lines by start, time points by date."""
        timepoints, lines = out(assessed(cohort))
        patients = [document["patient"] for document in cohort.told]
        assert list(dict.fromkeys(row["patient"] for row in lines)) == patients
        places = {patient: place for place, patient in enumerate(patients)}
        for rows in (timepoints, lines):
            keys = [(places[row["patient"]], row["line"], row.get("day", 0)) for row in rows]
            assert keys == sorted(set(keys))


class TestNames:
    """Patients are what they are, whatever they are called."""

    @settings(max_examples=EXAMPLES)
    @given(documents=sayable_documents(), criteria=any_criteria, data=st.data())
    def test_of_patients(
        self, documents: list[Document], criteria: mrecist.Criteria, data: st.DataObject
    ) -> None:
        names = data.draw(
            st.lists(
                # NumPy drops the NUL at the end of a text.
                st.text(min_size=1, max_size=4)
                .map(lambda name: name.strip("\0 \t\n"))
                .filter(lambda name: bool(name.strip()) and name == name.strip())
                .map(tellable),
                min_size=len(documents),
                max_size=len(documents),
                unique=True,
            )
        )
        renamed = [
            document | {"patient": name} for document, name in zip(documents, names, strict=True)
        ]
        old, new = (
            [
                [{key: row[key] for key in row if key != "patient"} for row in rows]
                for rows in out(assessed(cohort_of(each), criteria))
            ]
            for each in (documents, renamed)
        )
        assert new == old
        lines = assessed(cohort_of(renamed), criteria).lines
        assert set(lines["patient"]) == {each["patient"] for each in renamed if each["lines"]}


class TestDates:
    """Dates come out as they went in: ISO text, study days, dates, null where there is none."""

    @settings(max_examples=EXAMPLES)
    @given(cohort=cohorts(days="mixed"), criteria=any_criteria)
    def test_mixed(self, cohort: Cohort, criteria: mrecist.Criteria) -> None:
        same(out(assessed(cohort, criteria)), told_by_assess(cohort, criteria))

    @settings(max_examples=max(EXAMPLES // 4, 1))
    @given(documents=sayable_documents(days="calendar"), form=FORMS)
    def test_calendar(self, documents: list[Document], form: Form) -> None:
        form = attrs.evolve(form, dates="datetime64", columns="arrays")
        cohort = cohort_of(documents, form)
        for table in (assessed(cohort).timepoints, assessed(cohort).lines):
            for name in DATES & table.keys():
                kind = table[name].dtype.kind
                assert kind == "M" or all(date is None for date in table[name])


class TestCells:
    """Words are text or `None`, numbers floats or NaN, days and lines whole numbers."""

    @settings(max_examples=EXAMPLES)
    @given(cohort=cohorts())
    def test_of_the_tables_that_come_out(self, cohort: Cohort) -> None:
        responses = assessed(cohort)
        assert tuple(responses.timepoints) == TIMEPOINTS_OUT
        assert tuple(responses.lines) == LINES_OUT
        for table in (responses.timepoints, responses.lines):
            for name, column in table.items():
                assert isinstance(column, np.ndarray)
                assert len(column) == len(table["patient"])
                if name in {"line", "day"}:
                    assert column.dtype.kind == "i"
                elif name.endswith("_mm"):
                    assert column.dtype == np.float64
                elif name == "agrees":
                    assert all(cell in (True, False, None) for cell in column)
                elif name == "rechallenge_of":
                    assert all(cell is None or isinstance(cell, int) for cell in column)
                elif name not in DATES:
                    assert column.dtype == object
                    assert all(type(cell) in (str, type(None)) for cell in column)
                elif column.dtype == object:
                    types = (str, int, datetime.date, type(None))
                    assert all(type(cell) in types for cell in column)


class TestWhy:
    """`why` says what `explain` says, and `patient` gives the chart that the tables tell."""

    @settings(max_examples=EXAMPLES)
    @given(cohort=cohorts(), criteria=any_criteria)
    def test_why(self, cohort: Cohort, criteria: mrecist.Criteria) -> None:
        responses = assessed(cohort, criteria)
        timepoints, _ = out(responses)
        for row in timepoints[:6]:
            patient = responses.patient(row["patient"])
            assessment = mrecist.assess(patient, criteria=criteria)
            place = {"line": row["line"], "date": row["date"]}
            told = responses.why(row["patient"], **place)
            assert told == mrecist.explain(assessment, **place)

    @settings(max_examples=EXAMPLES)
    @given(documents=sayable_documents(), form=FORMS)
    def test_patient(self, documents: list[Document], form: Form) -> None:
        responses = assessed(cohort_of(documents, form))
        for document in documents:
            told = mrecist.to_case(responses.patient(document["patient"]))
            same(sayable(told), sayable(mrecist.to_case(mrecist.from_case(document))))

    @settings(max_examples=EXAMPLES)
    @given(cohort=cohorts(), criteria=any_criteria)
    def test_patient_is_assessed_alike(self, cohort: Cohort, criteria: mrecist.Criteria) -> None:
        responses = assessed(cohort, criteria)
        tables = by_patient(out(responses))
        for document in cohort.told:
            own = mrecist.to_case(responses.patient(document["patient"]))
            again = expected_by_assess(own, criteria, cohort.form)
            same(without_agents(again), without_agents(tables[document["patient"]]))


FINDING_MISTAKES = [
    ("date", None),
    ("date", "2024-02-30"),
    ("date", "yesterday"),
    ("date", 1.5),
    ("kind", "tumour"),
    ("hilar", "perhaps"),
    ("enhancement", "strong"),
    ("treated", 2),
    ("status", "gone"),
    ("viable_mm", -3),
    ("viable_mm", "12 mm"),
    ("longest_mm", 1000.5),
    ("short_axis_mm", math.inf),
    ("pattern", "typically"),
    ("cytology", "yes"),
    ("biopsy", 1),
    ("equivocal", "maybe"),
    ("arterial_phase", "late"),
    ("reported", "Partial"),
    ("reported", "ND"),
]
LINE_MISTAKES = [
    ("start", None),
    ("start", "2024-13-01"),
    ("stop", "before the start"),
    ("end_reason", "died"),
    ("baseline", "no time point"),
    ("targets", "no such lesion"),
    ("nontargets", "no such lesion;none such"),
]
OTHER_MISTAKES = [
    "absent with a size",
    "unseen with a size",
    "no word of it",
    "other organ",
    "other phase",
    "other days",
    "other days in lines",
    "recorded twice",
    "started twice",
    "named twice",
    "named in both lists",
]

Mistake = tuple[set[int], str]
"""The rows of which one is to be reported, and the column."""


def other_date(date: Any, days: int) -> Any:
    """A date some days on, in the same form."""
    if isinstance(date, str):
        return str(datetime.date.fromisoformat(date) + datetime.timedelta(days))
    return date + (days if isinstance(date, int) else datetime.timedelta(days))


def spoil_finding(
    rows: list[Row], own: list[int], mistake: tuple[str, Any], draw: Callable[[Any], Any]
) -> Mistake | None:
    """Write a mistake into one cell of a patient's findings."""
    own = [place for place in own if rows[place]["lesion"]]
    if not own:
        return None
    place = draw(st.sampled_from(own))
    rows[place][mistake[0]] = mistake[1]
    return {place}, mistake[0]


def spoil_line(
    rows: list[Row], own: list[int], mistake: tuple[str, Any], draw: Callable[[Any], Any]
) -> Mistake | None:
    """Write a mistake into one cell of a patient's lines."""
    if not own:
        return None
    place = draw(st.sampled_from(own))
    column, value = mistake
    if column == "stop":
        value = other_date(rows[place]["start"], -1)
    elif column == "baseline":
        value = other_date(rows[place]["start"], 100_000)
    rows[place][column] = value
    return {place}, f"lines.{column}"


def spoil_otherwise(
    findings: list[Row], lines: list[Row], own: list[int], own_lines: list[int], mistake: str
) -> Mistake | None:
    """Let rows of a patient contradict each other."""
    own = [place for place in own if findings[place]["lesion"]]
    if mistake == "started twice" and own_lines:
        lines.append(copy.copy(lines[own_lines[0]]))
        return {own_lines[0], len(lines) - 1}, "lines.start"
    if mistake == "recorded twice" and own:
        findings.append(copy.copy(findings[own[0]]))
        return {own[0], len(findings) - 1}, "lesion"
    if mistake in {"named twice", "named in both lists"} and own and own_lines:
        lesion, row = findings[own[0]]["lesion"], lines[own_lines[0]]
        if mistake == "named twice":
            row |= {"targets": f"{lesion};{lesion}", "nontargets": None}
            return {own_lines[0]}, "lines.targets"
        row |= {"targets": lesion, "nontargets": lesion}
        return {own_lines[0]}, "lines.nontargets"
    if own and mistake in {"absent with a size", "unseen with a size", "no word of it"}:
        row = findings[own[0]]
        row |= dict.fromkeys(("status", "into", *SIZES))
        if mistake == "no word of it":
            return {own[0]}, "status"
        row["status"] = "absent" if mistake == "absent with a size" else "not evaluable"
        row["short_axis_mm"] = 0.001
        return {own[0]}, "short_axis_mm"
    if mistake == "other days in lines" and own and own_lines:
        row = lines[own_lines[0]]
        row["start"] = "2024-01-03" if isinstance(row["start"], int) else 0
        return {*own_lines}, "lines.start"
    if mistake == "other days" and len({findings[place]["date"] for place in own}) > 1:
        row = findings[own[0]]
        row["date"] = "2024-01-03" if isinstance(row["date"], int) else 0
        return {*own}, "date"
    column, key, value = "arterial_phase", "date", None
    if mistake == "other organ":
        column, key, value = "organ", "lesion", "another organ"
    alike = [place for place in own if findings[place][key] == findings[own[0]][key]]
    if mistake in {"other organ", "other phase"} and len(alike) > 1:
        row = findings[alike[0]]
        row[column] = value or not row[column]
        return set(alike), column
    return None


class TestNothingIsDropped:
    """Every mistake is reported; the other patients are assessed all the same."""

    @settings(max_examples=2 * EXAMPLES)
    @given(documents=sayable_documents(), form=FORMS, data=st.data())
    def test_mistakes(self, documents: list[Document], form: Form, data: st.DataObject) -> None:
        form = attrs.evolve(form, columns="lists", defaults="written", facts="in all rows")
        findings, lines = finding_rows(documents, form), line_rows(documents, form)
        bad: set[str] = set()
        mistakes: list[tuple[str, Mistake]] = []
        for document in documents:
            if data.draw(st.booleans()):
                patient = document["patient"]
                mistake = self.spoil(findings, lines, patient, data.draw)
                if mistake is not None:
                    mistakes.append((patient, mistake))
                    bad.add(patient)
        told = {
            "": (findings, finding_names(findings)),
            "lines": (lines, LINES),
            "procedures": (procedure_rows(documents, form), PROCEDURES),
        }
        tables: dict[str, Any] = {
            "findings": columns_of(findings, finding_names(findings), form),
            "lines": columns_of(lines, LINES, form),
            "procedures": procedures_of(documents, form),
        }
        responses = mrecist.assess_cohort(**tables, errors="collect")
        errors = rows_of(responses.errors)
        assert tuple(responses.errors) == ("patient", "row", "column", "error")
        assert {error["patient"] for error in errors} == bad
        for patient, (rows, column) in mistakes:
            assert any(
                error["patient"] == patient and error["row"] in rows and error["column"] == column
                for error in errors
            )
        for error in errors:
            table, _, column = error["column"].rpartition(".")
            rows, names = told[table]
            assert rows[error["row"]]["patient"] == error["patient"]
            assert column in names
            assert error["error"]
        healthy = [document for document in documents if document["patient"] not in bad]
        answers = by_patient(out(responses))
        for document in healthy:
            if document["lines"]:
                wanted = expected_by_assess(document, mrecist.MRECIST, form)
                same(answers.pop(document["patient"]), wanted)
        assert not answers
        assert list(responses.untreated) == [
            patient
            for patient in dict.fromkeys(row["patient"] for row in findings)
            if patient in {each["patient"] for each in healthy if not each["lines"]}
        ]
        if bad:
            with pytest.raises(mrecist.CohortError) as caught:
                mrecist.assess_cohort(**tables)
            assert isinstance(caught.value, mrecist.CaseError)
            assert len(caught.value.mistakes) == len(errors)
        else:
            same(out(mrecist.assess_cohort(**tables)), out(responses))

    def spoil(
        self, findings: list[Row], lines: list[Row], patient: str, draw: Callable[[Any], Any]
    ) -> Mistake | None:
        own = [place for place, row in enumerate(findings) if row["patient"] == patient]
        own_lines = [place for place, row in enumerate(lines) if row["patient"] == patient]
        table = draw(st.sampled_from(["findings", "lines", "both"]))
        if table == "findings":
            return spoil_finding(findings, own, draw(st.sampled_from(FINDING_MISTAKES)), draw)
        if table == "lines":
            return spoil_line(lines, own_lines, draw(st.sampled_from(LINE_MISTAKES)), draw)
        mistake = draw(st.sampled_from(OTHER_MISTAKES))
        return spoil_otherwise(findings, lines, own, own_lines, mistake)

    @settings(max_examples=EXAMPLES)
    @given(documents=sayable_documents(), data=st.data())
    def test_row_without_patient(self, documents: list[Document], data: st.DataObject) -> None:
        findings, lines = finding_rows(documents), line_rows(documents)
        wanted = cohort_of(documents).out(
            lambda document: expected_by_assess(document, mrecist.MRECIST)
        )
        place = data.draw(st.integers(0, len(findings)))
        findings.insert(place, dict.fromkeys(FINDINGS) | {"date": 0, "lesion": "L1"})
        tables: dict[str, Any] = {
            "findings": columns_of(findings, finding_names(findings)),
            "lines": columns_of(lines, LINES),
            "procedures": procedures_of(documents),
        }
        responses = mrecist.assess_cohort(**tables, errors="collect")
        same(out(responses), wanted)
        (error,) = rows_of(responses.errors)
        assert (error["patient"], error["row"], error["column"]) == (None, place, "patient")
        with pytest.raises(mrecist.CohortError):
            mrecist.assess_cohort(**tables)

    @settings(max_examples=EXAMPLES)
    @given(cohort=cohorts())
    def test_every_row_is_spoken_for(self, cohort: Cohort) -> None:
        responses = assessed(cohort)
        rows = rows_of(cohort.findings)
        if cohort.lines is not None:
            rows += rows_of(cohort.lines)
        patients = {row["patient"] for row in rows_of(responses.lines)}
        assert not patients & set(responses.untreated)
        assert patients | set(responses.untreated) == {row["patient"] for row in rows}


class TestIds:
    """A patient is the same wherever the text of the id is the same."""

    def test_number_and_text(self) -> None:
        findings = {
            "patient": [1, "1", 2.0, 2],
            "date": [0, 56, 0, 70],
            "lesion": ["a"] * 4,
            "viable_mm": [20, 10, 30, 40],
        }
        lines = {"patient": ["1", 2], "start": [0, 0]}
        responses = mrecist.assess_cohort(findings, lines)
        assert responses.patients.tolist() == [1, 2]
        assert responses.timepoints["response"].tolist() == ["PR", "PD"]
        assert responses.patient("1").id == "1"
