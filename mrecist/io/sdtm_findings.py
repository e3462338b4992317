"""Findings as a table: each result with its lesion's place and role, and its examination."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

import attrs
import numpy as np

from .._base.arrays import Array
from .._base.record_values import kind as kind_of
from .._base.text import several
from .._base.words import Kind
from ..rulebook.organs import LIVER
from . import sdtm_values as values
from .columns import coded
from .errors import AskError
from .locations import Location, location
from .problems import Notes
from .sdtm_lesions import NEW, Key, Record, role_of
from .sdtm_results import Results

__all__ = ["COLUMNS", "Exam", "Facts", "facts_of", "finding_columns"]

COLUMNS = (
    "patient", "reader", "date", "lesion", "organ", "kind", "hilar", "enhancement", "treated",
    "part_of", "label", "status", "viable_mm", "longest_mm", "short_axis_mm", "viable_perp_mm",
    "longest_perp_mm", "volume_viable_ml", "pattern", "cytology", "biopsy", "equivocal", "into",
    "masslike", "aphe", "washout", "like_before", "diffusion_restriction", "t2_mild_moderate",
    "change", "margin",
    "visit", "arterial_phase", "unmentioned", "modality", "source",
)  # fmt: skip
Exam = tuple[str, str, datetime.date]

_WITH_PHASE = frozenset(
    {"TRIPLE-PHASE SPIRAL CT SCAN", "TRIPLE-PHASE MRI SCAN", "DYNAMIC CONTRAST ENHANCED MRI"}
)
_WITHOUT_PHASE = ("X-RAY", "PET")


@attrs.frozen(kw_only=True)
class Facts:
    """What holds of a lesion at all dates. `is_new`: it came as a new lesion."""

    place: Location
    kind: Kind
    is_new: bool
    part_of: str | None
    method: str | None
    benign: bool
    row: int | None


def facts_of(
    results: Results,
    records: Mapping[Key, Record],
    *,
    identified: bool,
    locations: Mapping[str, tuple[str, str]],
    kinds: Mapping[str, str],
    notes: Notes,
) -> list[Facts]:
    """The facts of each lesion that has results."""
    sized = _sized(results)
    first = dict(
        zip(results.lesion[::-1].tolist(), range(len(results.lesion) - 1, -1, -1), strict=True)
    )
    given = {
        term.upper(): Location(organ, kind_of(kind)) for term, (organ, kind) in locations.items()
    }
    found = []
    strangers = {key[1] for key in results.lesions} - {key[1] for key in records}
    refused: set[tuple[str, str]] = set()
    for at, key in enumerate(results.lesions):
        record = records.get(key)
        row = int(results.row[first[at]])
        if identified and key[1] in strangers:
            if key[:2] not in refused:
                told = f"{key[1]} has results in TR, and no lesion in TU"
                notes.refuse("UNKNOWN_READER", key[0], results.source, row, "TREVAL", told)
            refused.add(key[:2])
        elif record is None and identified:
            told = f"lesion {key[2]} has results but is not in TU"
            notes.note("NO_IDENTIFICATION", key[0], results.source, row, told)
        term = None if record is None else record.term
        place = given.get((term or "").upper()) or location(term)
        said = {} if record is None else record.said
        place = _as_said(place, said)
        role, nodal = role_of(results.group[first[at]])
        if record is not None:
            nodal = record.nodal
        found.append(
            Facts(
                place=place,
                kind=_kind(key[2], place, nodal, bool(sized[at]), kinds, said.get("kind")),
                is_new=record.is_new if record is not None and record.roles else role == NEW,
                part_of=None if record is None else record.part_of,
                method=None if record is None else record.method,
                benign=record is not None and record.benign,
                row=None if record is None else record.row,
            )
        )
        _note_place(key, term, place, found[-1], results, row, notes)
    return found


def _as_said(place: Location, said: Mapping[str, str]) -> Location:
    """A location with the organ and the hilum that qualifiers say."""
    if "organ" in said:
        place = attrs.evolve(place, organ=said["organ"])
    if "hilar" in said:
        place = attrs.evolve(place, hilar=said["hilar"].upper() == "Y", unsure=False)
    return place


def _note_place(
    key: Key,
    term: str | None,
    place: Location,
    facts: Facts,
    results: Results,
    row: int,
    notes: Notes,
) -> None:
    source, at = (results.source, row) if facts.row is None else ("tu", facts.row)
    if term is None:
        notes.note("NO_LOCATION", key[0], source, at, f"lesion {key[2]}")
    if place.unsure:
        notes.note("NODE_HILUM_UNSURE", key[0], source, at, f"lesion {key[2]}: {term}")


def _sized(results: Results) -> Array:
    """Which lesions have a size at any date."""
    sized = np.zeros(len(results.lesions), np.bool_)
    number = _is_number(results)
    sized[results.lesion[number[results.said[: values.STATE]].any(axis=0)]] = True
    return sized


def _is_number(results: Results) -> Array:
    """Which texts are sizes; the last is that of an empty slot, which is none."""
    return np.array([*(text[:1].isdigit() or text[:1] == "." for text in results.texts), False])


def _kind(
    name: str, place: Location, nodal: bool, sized: bool, kinds: Mapping[str, str], said: str | None
) -> Kind:
    if name in kinds:
        return kind_of(kinds[name])
    if said is not None:
        return kind_of(said)
    if place.kind is not None:
        return place.kind
    if nodal:
        return Kind.NODE
    return Kind.NODULE if sized else Kind.OTHER


def finding_columns(
    results: Results,
    facts: list[Facts],
    measures: str | None,
    arterial: Any,
    supplied: Sequence[tuple[str, Array, str]],
    notes: Notes,
) -> tuple[dict[str, Array], Array]:
    """The columns of findings, one row per finding, and which findings of the results these are.

    `supplied` are words that supplemental qualifiers give: the column, the findings, the word.
    """
    lesion, said = results.lesion, results.said.copy()
    number = _is_number(results)
    node = _of_each(facts, lesion, lambda each: each.kind is Kind.NODE)
    liver = _of_each(
        facts, lesion, lambda each: each.place.organ == LIVER and each.kind is Kind.NODULE
    )
    texts = np.array([*results.texts, None], object)
    small = (texts[said] == values.TOO_SMALL).any(axis=0)
    unclear = (texts[said] == values.NOT_EVALUABLE).any(axis=0) | results.not_done
    sizes = np.where(number[said[: values.STATE]] & ~small, said[: values.STATE], -1)
    viable, length, across, diameter = sizes
    perpendicular = np.where(node, -1, across)
    plain = (length < 0) & (across < 0) & (diameter >= 0)
    length = np.where(plain & ~node, diameter, length)
    across = np.where(plain & node, diameter, across)
    patients, readers, names = (
        np.array(each, object)[lesion]
        for each in zip(*(results.lesions or [("", "", "")]), strict=True)
    )
    for at in np.flatnonzero(plain & node).tolist():
        told = f"lesion {names[at]}: {texts[diameter[at]]} mm"
        notes.note("DIAMETER_AXIS", patients[at], results.source, int(results.row[at]), told)
    open_ones = liver & (length >= 0) & (viable < 0)
    if measures is None and open_ones.any():
        _ask(open_ones, lesion, patients)
    if measures == "viable":
        viable, length = np.where(open_ones, length, viable), np.where(open_ones, -1, length)
    _note_not_viable(patients, liver & (viable >= 0), liver & (length >= 0), results, notes)
    new = _of_each(facts, lesion, lambda each: each.is_new)
    fluid = _of_each(facts, lesion, lambda each: each.kind is Kind.EFFUSION)
    measured = (viable >= 0) | (length >= 0) | (across >= 0)
    _refuse_contradictions(
        sizes, said[values.STATE], texts, node, (patients, names), results, notes
    )
    status, unsure = _states(texts[said[values.STATE]], measured, small, unclear, new, fluid)
    count = len(lesion)
    made: dict[str, Array] = {name: np.full(count, None, object) for name in COLUMNS}
    made |= {
        "patient": patients,
        "reader": readers,
        "lesion": names,
        "date": results.date,
        "visit": results.visit,
        "status": status,
        "viable_mm": texts[viable],
        "longest_mm": texts[length],
        "short_axis_mm": texts[across],
        "longest_perp_mm": texts[np.where(length >= 0, perpendicular, -1)],
        "equivocal": np.array([None, True], object)[unsure.astype(np.int8)],
    }
    for name, read in (
        ("organ", lambda each: each.place.organ),
        ("kind", lambda each: str(each.kind)),
        ("hilar", lambda each: True if each.place.hilar and each.kind is Kind.NODE else None),
        ("part_of", lambda each: each.part_of),
        ("label", lambda each: each.place.label),
    ):
        column = np.empty(len(facts) + 1, object)
        column[:-1] = [read(each) for each in facts]
        made[name] = column[lesion]
    rows = results.row.tolist()
    made["source"] = np.array([*(f"{results.source}:{row}" for row in rows), ""], object)[:-1]
    made["arterial_phase"] = _phases(results, facts, liver, arterial, notes)
    for column_name, which, word in supplied:
        made[column_name][which] = word
    keep = ~_of_each(facts, lesion, lambda each: each.benign)
    return {name: column[keep] for name, column in made.items()}, keep


def _refuse_contradictions(
    sizes: Array,
    state: Array,
    texts: Array,
    node: Array,
    who: tuple[Array, Array],
    results: Results,
    notes: Notes,
) -> None:
    """Refuse a size of what is said to be absent, or not evaluable.

    A node that is not pathological has a size all the same.
    """
    zero = np.array([text is not None and set(text) <= set("0.") for text in texts.tolist()])
    some = ((sizes >= 0) & ~zero[sizes]).any(axis=0)
    odd = (texts[state] == values.NOT_EVALUABLE) | ((texts[state] == "absent") & ~node)
    for at in np.flatnonzero(some & odd & (state >= 0)).tolist():
        told = f"lesion {who[1][at]}: a size beside the state {texts[state[at]]}"
        row = int(results.row[at])
        notes.refuse("CONFLICTING_RESULT", who[0][at], results.source, row, "TRSTRESC", told)


def _note_not_viable(
    patients: Array, viable: Array, plain: Array, results: Results, notes: Notes
) -> None:
    """Name patients whose liver nodules have no viable size, where those of others have."""
    having = set(patients[viable].tolist())
    for patient in sorted(set(patients[plain].tolist()) - having) if having else ():
        notes.note("NO_VIABLE_SIZE", patient, results.source, None, "plain diameters only")


def _of_each(facts: list[Facts], lesion: Array, ask: Any) -> Array:
    return np.array([*map(ask, facts), False], np.bool_)[lesion]


def _ask(open_ones: Array, lesion: Array, patients: Array) -> None:
    nodules = len(np.unique(lesion[open_ones]))
    owners = len(set(patients[open_ones]))
    what = f"{several(nodules, 'liver nodule')} of {several(owners, 'patient')}"
    verb = "has a plain diameter" if nodules == 1 else "have plain diameters"
    raise AskError(
        f'{what} {verb}: "viable" if of the enhancing part, "whole" if of all',
        'measures="viable" or measures="whole"',
        "--measures viable or --measures whole",
    )


def _states(
    said: Array, measured: Array, small: Array, unclear: Array, new: Array, fluid: Array
) -> tuple[Array, Array]:
    """The status of each finding, and which are equivocal."""
    certain, equivocal = said == values.UNEQUIVOCAL, said == values.EQUIVOCAL
    status = said.copy()
    status[measured] = None
    status[certain & ~new] = "progressed"
    status[certain & new & ~measured] = "present"
    status[certain & new & fluid & ~measured] = "progressed"
    status[equivocal & ~measured] = "present"
    silent = ~measured & (said == np.array(None))
    status[silent & unclear] = values.NOT_EVALUABLE
    status[small] = values.TOO_SMALL
    return status, equivocal & new


def phase_of(method: str | None) -> bool | None:
    """Whether a method of imaging has an arterial phase; `None`: it does not say."""
    words = (method or "").upper()
    if words in _WITH_PHASE:
        return True
    if words.endswith("WITHOUT CONTRAST") or words.startswith(_WITHOUT_PHASE):
        return False
    return None


def _phases(
    results: Results, facts: list[Facts], liver: Array, arterial: Any, notes: Notes
) -> Array:
    """The arterial phase of each finding's examination, where the method tells it."""
    exam, count = results.exam, len(results.exams)
    if isinstance(arterial, bool):
        return np.full(len(exam), arterial, object)
    made = np.full(count + 1, None, object)
    given = np.full(count + 1, None, object)
    if isinstance(arterial, Mapping):
        for at, (patient, _, date) in enumerate(results.exams):
            phase = arterial.get((patient, date), arterial.get((patient, str(date))))
            given[at] = None if phase is None else bool(phase)
    own = np.array([*(each.method for each in facts), None], object)[results.lesion]
    method = coded(np.where(np.equal(results.method, np.array(None)), own, results.method).tolist())
    phase = np.array([*map(phase_of, method.values), None], object)[method.codes]
    having, lacking, silent, in_liver = (
        np.bincount(exam[which], minlength=count) > 0
        for which in (phase == np.True_, phase == np.False_, np.equal(phase, np.array(None)), liver)
    )
    told_of_liver, lacking_in_liver = (
        np.bincount(exam[liver & which], minlength=count) > 0
        for which in (phase != np.False_, phase == np.False_)
    )
    made[:-1][having] = True
    made[:-1][lacking & ~having & ~silent] = False
    # The lung by another method on the same day says nothing of the liver.
    made[:-1][lacking_in_liver & ~told_of_liver] = False
    assumed: dict[str, set[int]] = {}
    named: dict[str, set[str]] = {}
    is_given = np.not_equal(given[:-1], np.array(None)).astype(np.bool_)
    made[:-1][is_given] = given[:-1][is_given]
    open_ones = np.equal(made[:-1], np.array(None)).astype(np.bool_) & silent & in_liver
    for at in np.flatnonzero(open_ones[exam]).tolist():
        patient = results.exams[exam[at]][0]
        assumed.setdefault(patient, set()).add(int(exam[at]))
        code = method.codes[at]
        named.setdefault(patient, set()).add("no method" if code < 0 else method.values[code])
    for patient, exams in assumed.items():
        told = f"{several(len(exams), 'examination')}: {', '.join(sorted(named[patient]))}"
        notes.note("PHASE_ASSUMED", patient, results.source, None, told)
    return made[exam]
