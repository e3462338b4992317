"""Patients whose charts are read line by line, judged one by one.

Lesions that split, merge, are passed over in silence or are treated on study, and other tumour of
the liver as a target, are read by the line that they belong to. Few patients have any. These are
judged by the engine for one patient, and their answers put in place of those of the arrays.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs
import numpy as np

from .._base.arrays import Array
from .._base.words import Compartment, Sign, Unmentioned
from ..patient.assessment import Assessment, LineAssessment, TimepointAssessment
from ..patient.engine import assess
from ..patient.new_lesions import adjudication
from ..patient.signs import lesions_beyond, signs_of
from ..rulebook.best_response import BEST
from ..rulebook.confirmation import CONFIRMED
from ..rulebook.criteria import Criteria
from ..rulebook.decision_table import DecisionTable, Rule
from ..rulebook.overall import REPORTED
from ..rulebook.therapy import EXPOSURE
from ..tables.intake import Read
from .baseline import NONTARGET, TARGET
from .new_lesions import News
from .one_patient import patient_of
from .over_time import CAUSES
from .panel import Panel

__all__ = ["CAUSE_BITS", "compound_patients", "judged_one_by_one"]

CAUSE_BITS = {cause: 1 << bit for bit, cause in enumerate(CAUSES)}


def compound_patients(data: Read, panel: Panel) -> list[int]:
    """The patients of a panel whose charts use what is read line by line, as indices."""
    findings = data.findings
    rows = [
        np.flatnonzero(column >= 0)
        for column in (findings.part_of, findings.into)
        if column is not None
    ]
    if findings.unmentioned is not None:
        rows.append(np.flatnonzero(findings.unmentioned == Unmentioned.UNCHANGED.code))
    found = [panel.apart, *(data.owner("lesion", each) for each in rows if len(each))]
    if data.procedures is not None:
        found.append(data.procedures.patient[data.procedures.lesions >= 0])
    patients = np.unique(np.concatenate(found))
    patients = patients[np.isin(patients, panel.lines.patient)]
    each: list[int] = patients.tolist()
    return each


def judged_one_by_one(data: Read, criteria: Criteria, panel: Panel) -> Panel:
    """The panel with the answers for its compound patients in place."""
    patients = compound_patients(data, panel)
    if not patients:
        return panel
    answers = _Answers(data, criteria, panel)
    for patient in patients:
        answers.put(patient, assess(patient_of(data, patient), criteria=criteria))
    return answers.panel(patients)


def signs_one_by_one(
    data: Read, criteria: Criteria, panel: Panel
) -> Iterator[tuple[int, list[tuple[Compartment, Sign]], bool]]:
    """What shows each first progression of compound patients, by the place of the line.

    With it whether the baseline shows disease beyond the liver's own lesions.
    """
    begins = np.cumsum(panel.lines.timepoints) - panel.lines.timepoints
    for patient in compound_patients(data, panel):
        first = int(np.searchsorted(panel.lines.patient, patient))
        assessment = assess(patient_of(data, patient), criteria=criteria)
        for at, line in enumerate(assessment.lines, first):
            progression = int(panel.lines.progression[at])
            if progression >= 0:
                timepoint = line.timepoints[progression - int(begins[at])]
                places = [each.place for each in line.timepoints]
                shown = [(where, sign) for where, sign, _ in signs_of(timepoint, places)]
                yield at, shown, bool(lesions_beyond(line.facts))


def places_in(table: DecisionTable[Any]) -> dict[str, int]:
    """The place of each rule of a table, by its id."""
    return {rule.id: place for place, rule in enumerate(table.rules)}


class _Answers:
    """Answers of the engine for one patient, written into the columns of a panel."""

    def __init__(self, data: Read, criteria: Criteria, panel: Panel) -> None:
        self._panel = panel
        rules = criteria.rules
        self._new_rules = places_in(rules.new_lesion)
        self._line_rules = {
            "best_rule": places_in(BEST),
            "confirmed_rule": places_in(CONFIRMED),
            "exposure_rule": places_in(EXPOSURE),
        }
        self._timepoint_rules = {
            "target_rule": places_in(rules.target),
            "nontarget_rule": places_in(rules.nontarget),
            "overall_rule": places_in(rules.overall),
            "standing_rule": places_in(REPORTED),
        }
        self._code = {lesion: code for code, lesion in enumerate(data.findings.lesion_ids)}
        counts = panel.lines.timepoints
        self._begin = np.cumsum(counts) - counts
        self._news: list[tuple[int, int, int]] = []
        self._roles: list[tuple[int, int, int]] = []

    def put(self, patient: int, assessment: Assessment) -> None:
        """Write the answer for one patient."""
        first = int(np.searchsorted(self._panel.lines.patient, patient))
        for at, line in enumerate(assessment.lines, first):
            self._put_line(at, line, assessment.problem_bits)

    def panel(self, patients: list[int]) -> Panel:
        """The panel, with the new lesions and the roles of these patients in place."""
        panel = self._panel
        apart = np.isin(panel.lines.patient, patients)
        news, keep = panel.news, ~apart[panel.timepoints.line[panel.news.timepoint]]
        timepoint, lesion, rule = _columns(self._news)
        roles = tuple(
            np.append(column[~apart[panel.roles[0]]], more).astype(column.dtype)
            for column, more in zip(panel.roles, _columns(self._roles), strict=True)
        )
        return attrs.evolve(
            panel,
            news=News(
                timepoint=np.append(news.timepoint[keep], timepoint),
                lesion=np.append(news.lesion[keep], lesion).astype(news.lesion.dtype),
                rule=np.append(news.rule[keep], rule).astype(news.rule.dtype),
            ),
            roles=(roles[0], roles[1], roles[2]),
        )

    def _put_line(self, at: int, line: LineAssessment, problems: int) -> None:
        columns, begin = self._panel.lines, int(self._begin[at])
        rules: list[Rule[Any]] = [line.best_rule, line.confirmed_rule, line.re_exposure.rule]
        for (name, places), rule in zip(self._line_rules.items(), rules, strict=True):
            getattr(columns, name)[at] = places[rule.id]
        columns.baseline_um[at] = _or_none(line.baseline_total_um)
        columns.rechallenge_of[at] = _or_none(line.re_exposure.earlier)
        columns.problems[at] = line.problem_bits | problems
        columns.progression[at], columns.causes[at] = -1, 0
        progression = line.progression
        for place, timepoint in enumerate(line.timepoints, begin):
            self._put_timepoint(place, timepoint)
            if progression is not None and timepoint.date == progression.date:
                columns.progression[at] = place
                columns.causes[at] = sum(CAUSE_BITS[cause] for cause in progression.causes)
        for role, lesions in ((TARGET, line.targets), (NONTARGET, line.nontargets)):
            self._roles += [(at, self._code[lesion], role) for lesion in lesions]

    def _put_timepoint(self, at: int, timepoint: TimepointAssessment) -> None:
        columns = self._panel.timepoints
        for name, places in self._timepoint_rules.items():
            rule = timepoint.standing if name == "standing_rule" else getattr(timepoint, name)
            getattr(columns, name)[at] = places[rule.id]
        columns.total_um[at] = _or_none(timepoint.total_um)
        columns.nadir_um[at] = _or_none(timepoint.nadir_um)
        columns.complete[at] = timepoint.complete
        columns.partial[at] = timepoint.is_partial
        columns.new_lesion[at] = timepoint.new_lesion.code
        columns.computed[at] = timepoint.computed.code
        columns.response[at] = timepoint.response.code
        columns.recurrence[at] = bool(timepoint.recurrences)
        columns.problems[at] = timepoint.problem_bits
        chart = timepoint.line.chart
        for new in timepoint.line.news:
            if new.speaks_at(timepoint.place):
                decided = timepoint.place if new.proved is None else new.proved
                rule = adjudication(chart, new, decided)
                lesion = chart.traits[new.lesion].lesion.id
                self._news.append((at, self._code[lesion], self._new_rules[rule.id]))


def _columns(rows: list[tuple[int, int, int]]) -> Array:
    return np.array(rows, np.int64).reshape(-1, 3).T


def _or_none(value: int | None) -> int:
    return -1 if value is None else value
