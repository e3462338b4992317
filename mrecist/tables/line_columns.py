"""Read the tables of lines and of procedures into clean columns, by patient and date."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .._base.arrays import BLANK, NO_DAY, Array, distinct, first_by, sorted_rows
from .._base.converters import shown
from .clean import Lines, Procedures
from .column_schema import LESION_LISTS, LINE_DATES, VITAL_DATES
from .reader import Reader, text_of

__all__ = ["Kinds", "read_lines", "read_procedures"]


class Kinds:
    """Whether a patient's dates are calendar dates; a patient may not mix them with study days."""

    def __init__(self, count: int) -> None:
        self.of_patient = np.full(count, -1, np.int8)

    def add(
        self, rows: Reader, name: str, calendar: Array, owner: Callable[[], Array], day: Array
    ) -> None:
        """Record the dates of one more column; those of another kind than before are mistakes."""
        place = np.flatnonzero((day != NO_DAY) & (owner() >= 0))
        who, here = owner()[place], np.broadcast_to(calendar, len(day))[place]
        new = np.flatnonzero(self.of_patient[who] < 0)[::-1]
        self.of_patient[who[new]] = here[new]
        wrong = self.of_patient[who] != here
        told = [
            f"must be a {'study day' if is_date else 'calendar date'} as the other dates of "
            "the patient are"
            for is_date in here[wrong]
        ]
        rows.refuse(place[wrong], name, told)


def read_lines(rows: Reader, patient: Array, lesion_ids: Sequence[str], kinds: Kinds) -> Lines:
    """The clean lines by patient and start."""
    dates = {}
    for name in LINE_DATES:
        if name in rows.columns:
            day, calendar = rows.dates(name)
            dates[name] = day.astype(np.int64, copy=False)
            kinds.add(rows, name, calendar, lambda: patient, dates[name])
        else:
            dates[name] = np.full(rows.count, NO_DAY)
    rows.require("start", dates["start"] == NO_DAY)
    start, stop = dates["start"], dates["stop"]
    early = (stop != NO_DAY) & (start != NO_DAY) & (stop < start)
    rows.refuse(np.flatnonzero(early), "stop", "must not be before the start")
    none = np.full(rows.count, -1)
    reason = (
        rows.words("end_reason")
        if "end_reason" in rows.columns
        else np.full(rows.count, BLANK, np.uint8)
    )
    agents, agents_named = rows.lists("agents", "+") if "agents" in rows.columns else (none, [])
    named: list[tuple[str, ...]] = []
    lists = {}
    for name in LESION_LISTS:
        lists[name] = none
        if name in rows.columns:
            codes, texts = rows.lists(name, ";")
            lists[name] = np.where(codes < 0, -1, codes + len(named))
            named += texts
    _refuse_overlap(rows, lists["targets"], lists["nontargets"], named)
    order = _by_patient(patient, start)
    again = (np.diff(patient[order]) == 0) & (np.diff(start[order]) == 0)
    rows.refuse(order[1:][again], "start", "must be unique among the lines of the patient")
    order = order[np.append([True], ~again)] if len(order) else order
    death, last_contact = (_of_patient(rows, patient, name, dates[name]) for name in VITAL_DATES)
    return Lines(
        death=death[order],
        last_contact=last_contact[order],
        patient=patient[order],
        start=start[order],
        stop=stop[order],
        end_reason=reason[order],
        baseline=dates["baseline"][order],
        agents=agents[order],
        targets=lists["targets"][order],
        nontargets=lists["nontargets"][order],
        row=order,
        agents_named=agents_named,
        lesions_named=named,
        codes_named=_codes(named, lesion_ids),
    )


def read_procedures(
    rows: Reader, patient: Array, lesion_ids: Sequence[str], kinds: Kinds
) -> Procedures:
    """The clean procedures by patient and date; those of one date as they lie in the table."""
    days, calendar = rows.dates("date")
    day = days.astype(np.int64, copy=False)
    kinds.add(rows, "date", calendar, lambda: patient, day)
    rows.require("date", day == NO_DAY)
    kind, kinds_named = rows.names("kind")
    rows.require("kind", kind < 0)
    lesions = text = np.full(rows.count, -1)
    named: list[tuple[str, ...]] = []
    texts_named: list[str] = []
    if "lesions" in rows.columns:
        lesions, named = rows.lists("lesions", ";")
    if "text" in rows.columns:
        text, texts_named = _texts(rows)
    order = _by_patient(patient, day)
    order = order[kind[order] >= 0]
    unread = np.setdiff1d(np.flatnonzero((patient >= 0) & (lesions >= 0)), order)
    return Procedures(
        patient=patient[order],
        day=day[order],
        kind=kind[order],
        lesions=lesions[order],
        text=text[order],
        row=order,
        kinds_named=kinds_named,
        texts_named=texts_named,
        lesions_named=named,
        codes_named=_codes(named, lesion_ids),
        unread=(patient[unread], unread, lesions[unread]),
    )


def _texts(rows: Reader) -> tuple[Array, list[str]]:
    """Free texts, as they are written, as indices into a list of them."""
    texts: dict[str, int] = {}

    def door(value: Any) -> int:
        return texts.setdefault(text_of(value), len(texts))

    return rows.places("text", door), list(texts)


def _by_patient(patient: Array, day: Array) -> Array:
    """The rows that have a patient and a date, in that order."""
    sound = np.flatnonzero((patient >= 0) & (day != NO_DAY))
    if not len(sound):
        return sound
    ahead = day[sound] - int(day[sound].min())
    of_day, last = int(ahead.max()).bit_length(), int(patient.max())
    keys = (patient[sound] << of_day) | ahead
    return sound[sorted_rows(keys, of_day + last.bit_length())]


def _codes(named: Sequence[tuple[str, ...]], lesion_ids: Sequence[str]) -> list[Array]:
    """Lists of lesions as indices into all lesion ids; -1: absent."""
    place = {name: i for i, name in enumerate(lesion_ids)}
    return [np.array([place.get(each, -1) for each in ids], np.int64) for ids in named]


def _of_patient(rows: Reader, patient: Array, name: str, day: Array) -> Array:
    """A date of the patient, copied to all lines of the patient; those that give it must agree."""
    given = np.flatnonzero((day != NO_DAY) & (patient >= 0))
    if not len(given):
        return day
    first = first_by(patient[given], day[given], int(patient.max()) + 1, NO_DAY)
    wrong = given[day[given] != first[patient[given]]]
    rows.refuse(wrong, name, "must be the same in all lines of the patient")
    return np.where(patient >= 0, first[patient], NO_DAY)


def _refuse_overlap(
    rows: Reader, targets: Array, nontargets: Array, named: Sequence[tuple[str, ...]]
) -> None:
    """A lesion is a target or a non-target of a line, never both."""
    both = np.flatnonzero((targets >= 0) & (nontargets >= 0))
    count = max(len(named), 1)
    pairs, place = distinct(targets[both] * count + nontargets[both])
    shared = [set(named[pair // count]) & set(named[pair % count]) for pair in pairs.tolist()]
    for pair, lesions in enumerate(shared):
        if lesions:
            told = f"must not be a target as well, got {shown(min(lesions))}"
            rows.refuse(both[place == pair], "nontargets", told)
