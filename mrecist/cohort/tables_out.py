"""Write verdicts as columns of words, numbers and dates, in the words of the documents."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .._base.arrays import BLANK, NO_DAY, Array, distinct, frozen, runs
from .._base.errors import Problem
from .._base.words import Code, NewLesion, Response, Standing
from ..endpoints.best import BestDays
from ..rulebook.best_response import BEST
from ..rulebook.confirmation import CONFIRMED
from ..rulebook.criteria import Criteria
from ..rulebook.decision_table import verdicts
from ..rulebook.new_lesions import IS_RECURRENCE
from ..rulebook.overall import REPORTED
from ..rulebook.therapy import EXPOSURE
from ..tables.by_reading import taken_rows
from ..tables.column import Coded, Plain
from ..tables.intake import Dates, Read
from .baseline import NONTARGET, TARGET
from .history import history_of
from .lesions import ranked
from .over_time import CAUSES
from .panel import Panel

__all__ = [
    "as_arrays",
    "dates",
    "error_columns",
    "kept_of",
    "line_columns",
    "millimetres",
    "patients",
    "problems_of",
    "ranks_of",
    "rules_fired",
    "timepoint_columns",
    "totals",
    "used",
    "words",
]

_DAY_1970 = datetime.date(1970, 1, 1).toordinal()
AGREES = {Standing.AGREES: 1, Standing.DIFFERS: 0, Standing.OVER_DISEASE: 0}
"""Whether a reported verdict agrees with the computed one that it is compared with."""


def timepoint_columns(data: Read, criteria: Criteria, panel: Panel) -> dict[str, Any]:
    """The table of time points: one row per follow-up of a line."""
    found, lines, rules = panel.timepoints, panel.lines, criteria.rules
    line = found.line
    standing = verdicts(REPORTED, found.standing_rule)
    agrees = np.array([AGREES.get(word, -1) for word in Standing])[standing]
    called = tuple(criteria.word(each) for each in Response)
    return {
        "patient": patients(data, lines.patient[line]),
        "line": Plain(lines.number[line]),
        "date": dates(data, found.day, lines.patient[line]),
        "day": Plain(found.day - lines.start[line]),
        "total_mm": totals(criteria, found.total_um),
        "nadir_mm": totals(criteria, found.nadir_um),
        "baseline_total_mm": totals(criteria, lines.baseline_um[line]),
        **({} if criteria.area is None else _areas(panel)),
        "target": words(table_verdicts(rules.target), verdicts(rules.target, found.target_rule)),
        "nontarget": words(
            table_verdicts(rules.nontarget), verdicts(rules.nontarget, found.nontarget_rule)
        ),
        "new_lesion": words(tuple(NewLesion), found.new_lesion),
        "computed": words(called, found.computed),
        "reported": words(called, found.reported),
        "agrees": Coded(agrees, [False, True]),
        "response": words(called, found.response),
        "source": Coded(
            (standing == Standing.STANDS_IN.code).astype(np.int8), ["computed", "reported"]
        ),
        "rules": _rules(data, criteria, panel),
        "problems": problems_of(found.problems),
        **kept_of(panel, line),
    }


def line_columns(data: Read, criteria: Criteria, panel: Panel) -> dict[str, Any]:
    """The table of lines: one row per line of therapy.

    The date of a best response is that of the first follow-up that shows it; of a confirmed CR or
    PR that of the response that a later one confirmed.
    """
    lines, found = panel.lines, panel.timepoints
    agents = [] if data.lines is None else ["+".join(each) for each in data.lines.agents_named]
    progressed = lines.progression >= 0
    on = np.full(len(progressed), NO_DAY)
    on[progressed] = found.day[lines.progression[progressed]]
    best = BestDays(history_of(data, criteria, panel))
    causes = [
        ";".join(cause for bit, cause in enumerate(CAUSES) if bits >> bit & 1)
        for bits in range(1 << len(CAUSES))
    ]
    return {
        "patient": patients(data, lines.patient),
        "line": Plain(lines.number),
        "agents": Coded(lines.agents, agents),
        "start": dates(data, lines.start, lines.patient),
        "baseline": dates(data, lines.baseline, lines.patient),
        "targets": _named(data, panel, TARGET),
        "nontargets": _named(data, panel, NONTARGET),
        "best_response": words(tuple(Response), verdicts(BEST, lines.best_rule)),
        "confirmed_best_response": words(
            tuple(Response), verdicts(CONFIRMED, lines.confirmed_rule)
        ),
        "best_response_date": dates(data, best.best, lines.patient),
        "confirmed_best_response_date": dates(data, best.confirmed, lines.patient),
        "progression_date": dates(data, on, lines.patient),
        "progression_causes": used(Coded(lines.causes, causes)),
        "exposure": words(table_verdicts(EXPOSURE), verdicts(EXPOSURE, lines.exposure_rule)),
        "rechallenge_of": Plain(lines.rechallenge_of, lines.rechallenge_of < 0),
        "problems": problems_of(lines.problems),
        **panel.kept,
    }


def kept_of(panel: Panel, line: Array) -> dict[str, Any]:
    """The kept columns of some lines."""
    return {name: taken_rows(column, line) for name, column in panel.kept.items()}


def error_columns(
    data: Read, mistakes: Sequence[tuple[Any, int | None, str, str]]
) -> dict[str, Any]:
    """The table of mistakes."""
    each: list[Any] = list(zip(*mistakes, strict=True)) or [(), (), (), ()]
    codes = np.arange(len(mistakes))
    lost = np.array([patient is None for patient in each[0]], np.bool_)
    ids = data.patients.ids
    numbers = ids.dtype.kind in "iu"
    patients: Any = Coded(np.where(lost, -1, codes), list(each[0]))
    if numbers:
        patients = Plain(np.array([0 if p is None else p for p in each[0]], ids.dtype), lost)
    return {
        "patient": patients,
        "row": Plain(np.array(each[1], np.int64)),
        "column": Coded(codes, list(each[2])),
        "error": Coded(codes, list(each[3])),
    }


def as_arrays(columns: Mapping[str, Any]) -> dict[str, Array]:
    """Columns as read-only NumPy arrays: text as objects; empty cells are `None`, NaN in floats."""
    return {name: frozen(_array(column).view()) for name, column in columns.items()}


def _array(column: Any) -> Array:
    if isinstance(column, Coded):
        values = np.empty(len(column.values) + 1, object)
        values[:-1] = column.values
        return values[column.codes]
    values, null = column.values, column.null
    if null is None or (values.dtype.kind not in "fM" and not null.any()):
        return values
    if values.dtype.kind in "fM":
        return values
    values = values.astype(object)
    values[null] = None
    return values


# ---- columns


def table_verdicts(table: Any) -> tuple[Code, ...]:
    """The words that a table's verdicts are."""
    kind: type[Code] = type(table.rules[0].verdict)
    return tuple(kind)


def words(kind: Sequence[Code | str], codes: Array) -> Coded:
    """Codes as the words that they stand for."""
    blank = codes == BLANK
    return Coded(
        np.where(blank, -1, codes.astype(np.int16)) if blank.any() else codes,
        [str(word) for word in kind],
    )


def patients(data: Read, patient: Array) -> Any:
    """Patients by their ids."""
    ids = data.patients.ids
    return Plain(ids[patient]) if ids.dtype.kind in "iu" else Coded(patient, ids)


def millimetres(um: Array) -> Plain:
    """Micrometres as millimetres; -1 becomes null."""
    null = um < 0
    return Plain(np.where(null, np.nan, um / 1000), null)


def totals(criteria: Criteria, um: Array) -> Plain:
    """Totals as millimetres; null where there is none, and where the criteria sum areas."""
    return millimetres(um if criteria.area is None else np.full_like(um, -1))


def _areas(panel: Panel) -> dict[str, Plain]:
    """The totals of criteria that sum areas, in mm2."""
    found, lines = panel.timepoints, panel.lines
    every = {
        "total_mm2": found.total_um,
        "nadir_mm2": found.nadir_um,
        "baseline_total_mm2": lines.baseline_um[found.line],
    }
    return {
        name: Plain(np.where(um2 < 0, np.nan, um2 / 1_000_000), um2 < 0)
        for name, um2 in every.items()
    }


def dates(data: Read, day: Array, patient: Array) -> Any:
    """Days in the form of the dates read: study days, calendar dates or text."""
    null = day == NO_DAY
    style, calendar = data.dates, data.patients.calendar == 1
    if style.days == "number" and not calendar.any():
        return Plain(np.where(null, 0, day), null)
    if style.calendar == "datetime64" and not style.days:
        shifted = np.where(null, np.iinfo(np.int64).min, day.astype(np.int64) - _DAY_1970)
        return Plain(shifted.view("datetime64[D]"), null)
    calendar = calendar[patient]
    keys = np.where(null, -1, 2 * (day.astype(np.int64) - NO_DAY) + calendar)
    used, codes = distinct(keys)
    days = [(int(key) >> 1) + NO_DAY for key in used]
    told = [
        None if key < 0 else _date(value, bool(key & 1), style)
        for key, value in zip(used.tolist(), days, strict=True)
    ]
    if len(told) and told[0] is None:
        return Coded(codes - 1, told[1:])
    return Coded(codes, told)


def _date(day: int, calendar: bool, style: Dates) -> Any:
    if calendar:
        date = datetime.date.fromordinal(day)
        return date.isoformat() if style.calendar == "text" else date
    return str(day) if style.days == "text" else day


def used(column: Coded) -> Coded:
    """The column without values that do not occur."""
    used, codes = distinct(column.codes.astype(np.int64))
    return Coded(codes, [column.values[place] for place in used.tolist()])


def problems_of(bits: Array) -> Coded:
    used, codes = distinct(bits.astype(np.int64))
    return Coded(codes, [";".join(Problem(each).words) for each in used.tolist()])


def rules_fired(data: Read, criteria: Criteria, panel: Panel) -> list[str]:
    """The ids of the rules that fired at each time point, joined by `;`."""
    column = _rules(data, criteria, panel)
    return [column.values[code] for code in column.codes.tolist()]


def _rules(data: Read, criteria: Criteria, panel: Panel) -> Coded:
    """The ids of the rules that fired, in the order of the steps."""
    found, rules = panel.timepoints, criteria.rules
    news, said = _news(data, criteria, panel)
    axes = (len(rules.target.rules), len(rules.nontarget.rules), len(said), 2,
            len(rules.overall.rules), len(REPORTED.rules))  # fmt: skip
    each = (
        found.target_rule,
        found.nontarget_rule,
        news,
        found.recurrence,
        found.overall_rule,
        found.standing_rule,
    )
    keys = np.zeros(len(news), np.int64)
    for size, codes in zip(axes, each, strict=True):
        keys *= size
        keys += codes
    used, codes = distinct(keys)
    again = IS_RECURRENCE.id
    texts = []
    for target, nontarget, new, recurred, overall, standing in zip(
        *(place.tolist() for place in np.unravel_index(used, axes)), strict=True
    ):
        reported = REPORTED.rules[standing]
        ids = [rules.target.rules[target].id, rules.nontarget.rules[nontarget].id, *said[new]]
        ids += [again] * recurred + [rules.overall.rules[overall].id]
        ids += [reported.id] * (reported.verdict is not Standing.ALONE)
        texts.append(";".join(ids))
    return Coded(codes, texts)


def _news(data: Read, criteria: Criteria, panel: Panel) -> tuple[Array, list[tuple[str, ...]]]:
    """For each time point the rules of its new lesions, as an index into the distinct sequences."""
    news, table = panel.news, criteria.rules.new_lesion
    place = np.zeros(len(panel.timepoints.line), np.int64)
    said: list[tuple[str, ...]] = [(), *((rule.id,) for rule in table.rules)]
    starts = np.sort(news.timepoint)
    alone = np.bincount(starts, minlength=len(place)) == 1 if len(starts) else place > 0
    single = alone[news.timepoint] if len(starts) else np.zeros(0, np.bool_)
    place[news.timepoint[single]] = news.rule[single] + 1
    several = np.flatnonzero(~single)
    order = several[np.lexsort((ranks_of(data, news.lesion[several]), news.timepoint[several]))]
    known = {each: i for i, each in enumerate(said)}
    at = news.timepoint[order]
    begins = runs(at)
    ends = begins + np.diff(np.append(begins, len(at)))
    for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
        ids = tuple(table.rules[rule].id for rule in news.rule[order[begin:end]].tolist())
        place[at[begin]] = known.setdefault(ids, len(known))
    return place, list(known)


def ranks_of(data: Read, codes: Array) -> Array:
    """The rank of lesion ids in the order of text."""
    used, place = distinct(codes)
    return ranked([data.findings.lesion_ids[code] for code in used.tolist()])[place]


def _named(data: Read, panel: Panel, role: int) -> Coded:
    """The lesions that have a role in each line, joined by `;` in the order of their ids."""
    line, code, roles = panel.roles
    some = np.flatnonzero(roles == role)
    line, code = line[some], code[some]
    used, place = distinct(code)
    names = [data.findings.lesion_ids[each] for each in used.tolist()]
    ranks = ranked(names)
    of_rank = dict(zip(ranks.tolist(), names, strict=True))
    rank, bits = ranks.take(place), len(names).bit_length()
    keys = (line.astype(np.int64) << bits) | rank
    keys.sort()
    line, rank = keys >> bits, keys & ((1 << bits) - 1)
    begins = runs(line)
    counts = np.diff(np.append(begins, len(line)))
    longest, base = int(counts.max(initial=0)), int(rank.max(initial=0)) + 2
    if base ** min(max(longest, 1), 62) >= 1 << 62:
        return _named_one_by_one(len(panel.lines.patient), line, rank, of_rank)
    keys = np.zeros(len(panel.lines.patient), np.int64)
    place = np.arange(len(line)) - np.repeat(begins, counts)
    for step in range(longest):
        at = place == step
        keys[line[at]] = keys[line[at]] * base + rank[at] + 1
    used, codes = distinct(keys)
    ids = {each + 1: name for each, name in of_rank.items()}
    return Coded(codes, [_spelt(int(key), base, ids) for key in used])


def _spelt(key: int, base: int, ids: Mapping[int, str]) -> str:
    names = []
    while key:
        key, name = divmod(key, base)
        names.append(ids[name])
    return ";".join(reversed(names))


def _named_one_by_one(count: int, line: Array, rank: Array, ids: Mapping[int, str]) -> Coded:
    texts = [""] * count
    begins = runs(line)
    ends = begins + np.diff(np.append(begins, len(line)))
    for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
        texts[int(line[begin])] = ";".join(ids[each] for each in rank[begin:end].tolist())
    return Coded(np.arange(count), texts)
