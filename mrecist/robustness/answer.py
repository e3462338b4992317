"""How sure is this PR? A chart or a cohort read again and again, with the error of a reader.

    from mrecist.robustness import how_sure
    print(how_sure(patient, error="mrecist_nonexpert"))

`how_sure` takes the recorded sizes as true, reads them again some thousand times, each time with
an error drawn from an error model (`PRESETS`, each with the figure that it stands on), and judges
every copy by the rules of `assess`. It tells how often each response comes out: how well a verdict
can be reproduced, not how likely it is that the tumour responded.

What is decided here, because no paper says it:

- Only diameters carry an error. What was absent, too small to measure or not evaluable stays so;
  so do zeros, verdicts without a size, enhancement calls and reported verdicts.
- All diameters of one finding share one error: one reader, one image. So a viable diameter stays
  within the whole one.
- `rho` correlates the readings of one lesion at different time points, as those of a reader who
  has the earlier images beside him. Errors of different lesions are independent, unless the error
  is one of the total.
- Heavy tails come from lesions that are hard to read at every scan: a scale mixture, one scale for
  each lesion of each copy (a multivariate t over time points, which `rho` correlates). The
  logarithms of two readings then differ by a t of the same degrees, as published differences do.
- A size above zero stays above zero (a micrometre or more) and is at most 1000 mm. Only an error
  of the total may read nothing where something was.
- Targets are chosen anew in every copy, since sizes at baseline change; `hold_targets` keeps what
  each lesion was as recorded.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import attrs
import numpy as np

from .._base import converters
from .._base.arrays import BLANK, NO_DAY, Array, runs
from .._base.converters import shown, whole_from
from .._base.errors import NotThereError
from .._base.text import grid, wrapped
from .._base.words import Enhancement, Kind, Pattern, Proof, Response, Standing, Status
from ..cohort import tables_out
from ..cohort.baseline import NONTARGET, TARGET
from ..cohort.engine import assess_read, opened
from ..cohort.one_patient import read_of
from ..cohort.panel import Panel
from ..model import Patient
from ..rulebook.best_response import BEST, OBJECTIVE
from ..rulebook.confirmation import CONFIRMED
from ..rulebook.criteria import MRECIST, Criteria, criteria_named
from ..rulebook.decision_table import verdicts
from ..rulebook.overall import REPORTED
from ..rulebook.reader_variability import PRESETS, ReadingError, number_up_to
from ..tables.clean import Findings, Lines, Mistakes, Patients
from ..tables.reader import CohortError, Dates, Plain, Read, read, told

__all__ = ["Rate", "Robustness", "how_sure"]

RESPONSES = tuple(Response)
SIZES = ("viable_um", "longest_um", "short_axis_um")
LARGEST_UM = 1_000_000
_FAR = math.log(2 * LARGEST_UM)  # no reading within the span of sizes is further from another
MOST_ROWS = 1 << 18
"""About how many rows of copies are held at a time."""


# ---- what is asked


def how_sure(
    patient: Any,
    lines: Any = None,
    *,
    error: ReadingError | str = "mrecist_nonexpert",
    nodes: ReadingError | str | None = None,
    draws: int = 10_000,
    seed: int = 0,
    rho: float = 0.0,
    criteria: Criteria | str = MRECIST,
    hold_targets: bool = False,
) -> Robustness:
    """How often a re-reading with an error of the diameters gives each response.

    `patient` is a `Patient`, or the findings of a cohort as `assess_cohort` takes them, with its
    `lines`. `error` is one of `PRESETS` or a `ReadingError` of your own; `nodes` another one for
    lymph nodes. `draws` copies are judged. `rho`, from 0 to under 1, correlates the errors of a
    lesion at different time points (0: read afresh each time; side by side perhaps 0.5).

    The same `seed` gives the same answer (PCG64, one stream for each patient, seeded with `seed`
    and the patient's id; the same NumPy provided): a patient's answer does not depend on the
    others of the cohort, on the order of rows, or on how the work is divided.
    """
    criteria = criteria_named(criteria)
    asked = _Asked(
        error=_model("error", error), nodes=None if nodes is None else _model("nodes", nodes),
        draws=whole_from("draws", draws, 1), seed=whole_from("seed", seed, 0),
        rho=number_up_to("rho", rho, 1, _RHO_1), criteria=criteria,
        hold_targets=_flag("hold_targets", hold_targets),
    )  # fmt: skip
    data, restore = _data(patient, lines)
    panel = assess_read(data, criteria)
    if len(data.mistakes):
        raise CohortError(list(told(data)))
    counts = _counted(_Original(data, panel, asked), panel, asked)
    asked_for = attrs.asdict(asked, recurse=False)
    return Robustness(**asked_for, data=data, panel=panel, counts=counts, restore=restore)


@attrs.frozen(kw_only=True)
class _Asked:
    error: ReadingError
    nodes: ReadingError | None
    draws: int
    seed: int
    rho: float
    criteria: Criteria
    hold_targets: bool


def _model(name: str, value: Any) -> ReadingError:
    if not isinstance(value, ReadingError):
        value = converters.look_up(name, value, PRESETS, "a ReadingError", ValueError)
    model: ReadingError = value
    if name == "nodes" and model.total_sd_mm is not None:
        raise ValueError(
            f"nodes must be an error of single diameters, got {model.name}; give it as error"
        )
    return model


_RHO_1 = "; with 1, all readings of a lesion would share one error"


def _flag(name: str, value: Any) -> bool:
    if not isinstance(value, (bool, np.bool_)):
        raise ValueError(f"{name} must be true or false, got {shown(value)}")
    return bool(value)


def _data(patient: Any, lines: Any) -> tuple[Read, Callable[[Mapping[str, Any]], Any]]:
    """The chart or the tables as clean columns, and what makes a table of the caller's kind."""
    if isinstance(patient, Patient):
        if lines is not None:
            raise ValueError("lines must be left out for a Patient, whose chart holds its lines")
        return read_of(patient), tables_out.as_arrays
    findings, line_columns, restore = opened(patient, lines)
    data = read(findings, line_columns)
    if data.lines is None:
        data = attrs.evolve(data, lines=_one_line_each(data))
    return data, restore or tables_out.as_arrays


def _one_line_each(data: Read) -> Lines:
    """One line for each patient who has a row, from the first date on."""
    patients = data.patients
    day = data.findings.day[patients.rows(0, len(patients))]
    there = np.flatnonzero(np.diff(patients.bounds))
    starts = np.minimum.reduceat(day, patients.bounds[there]) if len(there) else day[:0]
    return Lines.plain(there, starts.astype(np.int64))


# ---- what is copied


_DEFAULTS: Mapping[str, frozenset[int]] = {
    "organ": frozenset({-1, 0}),
    "kind": frozenset({Kind.NODULE.code, BLANK}),
    "hilar": frozenset({0, BLANK}),
    "enhancement": frozenset({Enhancement.ARTERIAL.code, BLANK}),
    "treated": frozenset({0, BLANK}),
    "status": frozenset({BLANK}),
    **dict.fromkeys(SIZES, frozenset({-1})),
    "pattern": frozenset({Pattern.UNKNOWN.code}),
    "cytology": frozenset({Proof.NOT_DONE.code}),
    "biopsy": frozenset({Proof.NOT_DONE.code}),
    "equivocal": frozenset({0}),
    "arterial_phase": frozenset({1, BLANK}),
    "reported": frozenset({BLANK}),
}
"""What a column of findings says where it says nothing: it is then left out of the copies."""


class _Original:
    """What is copied: rows by patient, date and lesion id, and which of them carry an error.

    `lesion` and `visit` number the lesions and the time points of all patients through.
    """

    def __init__(self, data: Read, panel: Panel, asked: _Asked) -> None:
        patients, asked_lines = data.patients, data.lines
        assert asked_lines is not None
        self.patients = patients
        self.lines = asked_lines
        if asked.hold_targets:
            self.lines = _held(asked_lines, panel, data.findings.lesion_ids)
        rows, owner = self._order(data)
        self.columns = _taken(data.findings, rows)
        self.findings = data.findings
        self.bounds = patients.bounds
        self.follow_ups = np.concatenate([[0], np.cumsum(panel.lines.timepoints)])
        self.line_bounds = np.searchsorted(self.lines.patient, np.arange(len(patients) + 1))
        day = self.columns["day"]
        begins = np.zeros(len(day), np.int64)
        begins[runs(owner)] = 1
        begins[runs(day)] = 1
        self.visit = np.cumsum(begins) - 1
        self.low, self.span = int(day.min(initial=0)), int(np.ptp(day)) + 1 if len(day) else 1
        self.visits = self._key(owner[begins == 1], day[begins == 1])
        self._mark_readings(panel, asked)

    def _key(self, patient: Array, day: Array) -> Array:
        return patient * self.span + (day - self.low)

    def visit_on(self, patient: Array, day: Array) -> Array:
        """The time points of patients on days of which each is one of theirs."""
        return np.searchsorted(self.visits, self._key(patient, day))

    def readings(self, panel: Panel) -> Array:
        """How many findings are read again at each follow-up."""
        again = np.zeros(len(self.visits), np.int64)
        for _, some, _ in self.models:
            again += np.bincount(self.visit[some], minlength=len(again))
        found = panel.timepoints
        return again[self.visit_on(panel.lines.patient[found.line], found.day)]

    def _order(self, data: Read) -> tuple[Array, Array]:
        """The rows of all patients in order, and the patient of each."""
        patients, ids = data.patients, data.findings.lesion_ids
        owner = np.repeat(np.arange(len(patients)), np.diff(patients.bounds))
        rows = np.r_[patients.rows(0, len(patients))]
        rank = np.full(len(ids) + 1, -1)
        rank[sorted(range(len(ids)), key=ids.__getitem__)] = np.arange(len(ids))
        rank = rank[data.findings.lesion[rows]]
        order = np.lexsort((rank, data.findings.day[rows], owner))
        keys = owner[order] << 32 | (rank[order] + 1)
        self.lesion = np.unique(keys, return_inverse=True)[1].ravel()
        return rows[order], owner[order]

    def _mark_readings(self, panel: Panel, asked: _Asked) -> None:
        """Which rows are read again, which of them are nodes, and how far readings go astray."""
        columns = self.columns
        none = np.full(len(self.lesion), -1)
        sizes = np.max([columns.get(name, none) for name in SIZES], axis=0)
        read_again = (sizes > 0) & (columns["lesion"] >= 0)
        if "status" in columns:
            read_again &= columns["status"] != Status.TOO_SMALL.code
        node = np.zeros(int(self.lesion.max(initial=-1)) + 1, np.bool_)
        if "kind" in columns:
            node[self.lesion[columns["kind"] == Kind.NODE.code]] = True
        is_node = node[self.lesion]
        short = columns.get("short_axis_um", sizes)
        um = np.where(is_node & (short > 0), short, sizes)
        self.models: list[tuple[ReadingError, Array, Array]] = []
        for model, some in _shared_out(asked, read_again, is_node):
            spread = (
                model.spread(um) if model.total_sd_mm is None else self._of_totals(panel, model)
            )
            self.models.append((model, some, spread))

    def _of_totals(self, panel: Panel, model: ReadingError) -> Array:
        """The relative error of each row that gives the total of its time point its error.

        A time point may enter the totals of two lines: the larger one bears the whole error.
        """
        total = np.zeros(len(self.visits), np.int64)
        lines, found = panel.lines, panel.timepoints
        based = np.flatnonzero(lines.baseline != NO_DAY)
        for patient, day, um in (
            (lines.patient[found.line], found.day, found.total_um),
            (lines.patient[based], lines.baseline[based], lines.baseline_um[based]),
        ):
            np.maximum.at(total, self.visit_on(patient, day), um)
        sd_um = 1000 * (model.total_sd_mm or 0)
        return np.where(total > 0, sd_um / np.maximum(total, 1), 0.0)[self.visit]

    def groups(self, draws: int) -> Iterator[tuple[int, int, int]]:
        """Whole patients, and how many draws of them are judged at a time."""
        weight = self.bounds + self.line_bounds + np.arange(len(self.bounds))
        first = 0
        while first < len(self.patients):
            limit = weight[first] + MOST_ROWS // draws
            last = max(int(np.searchsorted(weight, limit, side="right")) - 1, first + 1)
            each = max(MOST_ROWS // int(weight[last] - weight[first]), 1)
            yield first, last, min(draws, each)
            first = last


def _taken(findings: Findings, rows: Array) -> dict[str, Array]:
    """Rows of the columns that say anything, by name."""
    taken = {}
    for field in attrs.fields(Findings):
        column = getattr(findings, field.name)
        if isinstance(column, np.ndarray) and field.name != "unreadable":
            taken[field.name] = column[rows]
    sized = np.zeros(len(rows), np.bool_)
    for name in SIZES:
        sized |= taken.get(name, -1) >= 0
    if "status" in taken:  # a finding with a size and no status is measured
        plain = sized & (taken["status"] == Status.MEASURED.code)
        taken["status"] = np.where(plain, np.uint8(BLANK), taken["status"])
    silent = [name for name, column in taken.items()
              if name in _DEFAULTS and np.isin(column, list(_DEFAULTS[name])).all()]  # fmt: skip
    return {name: column for name, column in taken.items() if name not in silent}


def _shared_out(
    asked: _Asked, read_again: Array, is_node: Array
) -> Iterator[tuple[ReadingError, Array]]:
    """Each error model with the rows that it is the error of."""
    others = asked.error.only_nodes
    if asked.nodes is None:
        yield asked.error, read_again & is_node if others else read_again
        return
    if not others:
        yield asked.error, read_again & ~is_node
    yield asked.nodes, read_again & is_node


def _held(lines: Lines, panel: Panel, ids: Sequence[str]) -> Lines:
    """The lines, naming the targets and non-targets that they had as recorded."""
    line, code, role = panel.roles
    count = len(lines)
    each = np.where(panel.lines.baseline != NO_DAY, np.arange(count), -1)
    named: list[Array] = []
    for wanted in (TARGET, NONTARGET):
        some = np.flatnonzero(role == wanted)
        some = some[np.argsort(line[some], kind="stable")]
        named += np.split(code[some], np.searchsorted(line[some], np.arange(1, count)))[:count]
    return attrs.evolve(
        lines, targets=each, nontargets=np.where(each < 0, -1, each + count), codes_named=named,
        lesions_named=[tuple(ids[code] for code in codes.tolist()) for codes in named],
    )  # fmt: skip


# ---- copies


class _Reader:
    """Reads some rows of one patient again and again, with an error of its own each time."""

    def __init__(
        self, original: _Original, asked: _Asked, patient: int, which: int, rows: Array
    ) -> None:
        self.model, _, spread = original.models[which]
        self.rho, self.rows, self.spread = asked.rho, rows, spread[rows]
        by_total = self.model.total_sd_mm is not None
        owner = original.visit if by_total else np.arange(len(spread))
        self.own = np.unique(owner[rows], return_inverse=True)[1].ravel()
        shared = np.zeros(len(rows)) if by_total else original.lesion[rows]
        self.lesion = np.unique(shared, return_inverse=True)[1].ravel()
        name = tuple(str(original.patients.ids[patient]).encode("utf-8", "surrogatepass"))
        seeds = np.random.SeedSequence(asked.seed, spawn_key=(*name, 256 + which)).spawn(3)
        self.streams = [np.random.Generator(np.random.PCG64(seed)) for seed in seeds]

    def factors(self, draws: int) -> Array:
        """What each size is multiplied with: one row a draw, one column a row of findings."""
        own, shared, scale = self.streams
        count = int(self.lesion.max(initial=-1)) + 1
        error = own.standard_normal((draws, int(self.own.max(initial=-1)) + 1))[:, self.own]
        if self.rho:
            error *= math.sqrt(1 - self.rho)
            error += math.sqrt(self.rho) * shared.standard_normal((draws, count))[:, self.lesion]
        if self.model.t_scale is not None:
            degrees = self.model.degrees
            error *= np.sqrt(degrees / scale.chisquare(degrees, (draws, count)))[:, self.lesion]
        error *= self.spread
        if self.model.total_sd_mm is not None:
            return error + 1
        np.clip(error, -_FAR, _FAR, out=error)
        return np.exp(error, out=error)

    @property
    def least_um(self) -> int:
        """The smallest size that a reading of something may give."""
        return 1 if self.model.total_sd_mm is None else 0


class _Copies:
    """Some whole patients, copied as often as is asked."""

    def __init__(self, original: _Original, asked: _Asked, first: int, last: int) -> None:
        self.original = original
        self.first, self.last = first, last
        begin, end = original.bounds[first], original.bounds[last]
        self.columns = {name: column[begin:end] for name, column in original.columns.items()}
        self.lines = _lines_of(original, first, last)
        self.readers = [
            _Reader(original, asked, patient, which, np.flatnonzero(some[b:e]) + b)
            for patient in range(first, last)
            for b, e in [(original.bounds[patient], original.bounds[patient + 1])]
            for which, (_, some, _) in enumerate(original.models)
        ]

    def judged(self, draws: int, criteria: Criteria) -> Panel:
        """The verdicts on the next `draws` copies, one copy of all patients after the other."""
        original, count = self.original, self.last - self.first
        columns = {name: np.tile(column, draws) for name, column in self.columns.items()}
        self._read_again(columns, draws)
        bounds = original.bounds[self.first : self.last + 1] - original.bounds[self.first]
        size = int(bounds[-1])
        copy = np.arange(draws)[:, None]
        lines: dict[str, Any] = {
            field.name: np.tile(column, draws)
            for field in attrs.fields(Lines)
            if isinstance(column := getattr(self.lines, field.name), np.ndarray)
        }
        lines["patient"] = (self.lines.patient + count * copy).ravel()
        data = Read(
            findings=Findings(
                **columns,
                lesion_ids=original.findings.lesion_ids,
                organs=original.findings.organs,
            ),
            lines=attrs.evolve(self.lines, **lines),
            patients=Patients(
                ids=np.arange(draws * count),
                bounds=np.append((bounds[:-1] + size * copy).ravel(), size * draws),
                refused=np.zeros(draws * count, np.bool_),
                calendar=np.tile(original.patients.calendar[self.first : self.last], draws),
            ),
            mistakes=Mistakes(), owner=lambda column, at: at, dates=Dates("", "number"),
        )  # fmt: skip
        return assess_read(data, criteria)

    def _read_again(self, columns: dict[str, Array], draws: int) -> None:
        begin = self.original.bounds[self.first]
        for reader in self.readers:
            if not len(reader.rows):
                continue
            factors, rows = reader.factors(draws), reader.rows - begin
            for name in SIZES:
                if name in columns:
                    um = self.columns[name][rows]
                    some = np.flatnonzero(um > 0)
                    read = np.rint(factors[:, some] * um[some])
                    np.clip(read, reader.least_um, LARGEST_UM, out=read)
                    columns[name].reshape(draws, -1)[:, rows[some]] = read


def _lines_of(original: _Original, first: int, last: int) -> Lines:
    """The lines of some patients, with no more names than they need."""
    begin, end = original.line_bounds[first], original.line_bounds[last]
    lines = original.lines.taken(slice(begin, end))
    nothing = np.full(len(lines), -1)  # agents: no response asks for them
    used = np.unique(np.concatenate([[-1], lines.targets, lines.nontargets]))[1:]

    def renumbered(places: Array) -> Array:
        return np.where(places < 0, -1, np.searchsorted(used, places))

    return attrs.evolve(
        lines, agents=nothing, patient=lines.patient - first,
        targets=renumbered(lines.targets), nontargets=renumbered(lines.nontargets),
        lesions_named=[lines.lesions_named[i] for i in used.tolist()],
        codes_named=[lines.codes_named[i] for i in used.tolist()],
    )  # fmt: skip


# ---- counts


@attrs.frozen(eq=False)
class _Counts:
    """How many copies gave each response.

    By follow-up, by line (best), by line (confirmed best): one row each, one column a response.
    `shares[confirmed, number - 1]` has a row a draw: how many lines of that number came to each.
    `readings` tells how many findings were read again at each follow-up.
    """

    readings: Array
    timepoints: Array
    best: Array
    confirmed: Array
    shares: Array


def _counted(original: _Original, panel: Panel, asked: _Asked) -> _Counts:
    words, numbers = len(RESPONSES), int(panel.lines.number.max(initial=0))
    lines, follow_ups = len(panel.lines.patient), len(panel.timepoints.line)
    counts = _Counts(
        original.readings(panel),
        np.zeros((follow_ups, words), np.int64),
        np.zeros((lines, words), np.int64),
        np.zeros((lines, words), np.int64),
        np.zeros((2, numbers, asked.draws, words), np.int32),
    )
    for first, last, some in original.groups(asked.draws):
        copies = _Copies(original, asked, first, last)
        on = slice(original.line_bounds[first], original.line_bounds[last])
        at = slice(original.follow_ups[on.start], original.follow_ups[on.stop])
        for begin in range(0, asked.draws, some):
            draws = min(some, asked.draws - begin)
            found = copies.judged(draws, asked.criteria)
            counts.timepoints[at] += _by_column(found.timepoints.response, draws)
            best = verdicts(BEST, found.lines.best_rule)
            confirmed = verdicts(CONFIRMED, found.lines.confirmed_rule)
            counts.best[on] += _by_column(best, draws)
            counts.confirmed[on] += _by_column(confirmed, draws)
            for which, codes in enumerate((best, confirmed)):
                _add_shares(counts.shares[which, :, begin : begin + draws], found, codes)
    return counts


def _by_column(codes: Array, draws: int) -> Array:
    """How often each response stands in each column of (draw, column)."""
    words, columns = len(RESPONSES), len(codes) // draws
    keys = codes.reshape(draws, columns) + words * np.arange(columns)
    return np.bincount(keys.ravel(), minlength=words * columns).reshape(columns, words)


def _add_shares(shares: Array, found: Panel, codes: Array) -> None:
    _, draws, words = shares.shape
    draw = np.repeat(np.arange(draws), len(codes) // draws)
    keys = ((found.lines.number - 1) * draws + draw) * words + codes
    shares += np.bincount(keys, minlength=shares.size).reshape(shares.shape)


# ---- the answer


@attrs.frozen(kw_only=True)
class Rate:
    """The share of lines with some best response: as recorded, and over the re-readings.

    `low` and `high` hold 95 % of the re-readings between them. They come from the error of reading
    alone: how few patients there are is not in them.
    """

    error: ReadingError
    responses: tuple[Response, ...]
    lines: int
    recorded: float
    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.told}; with {self.error}"

    @property
    def told(self) -> str:
        """The rate in words, for where the error model is told beside it."""
        words = "+".join(self.responses)
        return (
            f"{words} {100 * self.recorded:.1f} % as recorded ({self.lines} lines); re-read "
            f"{100 * self.mean:.1f} % on average, 95 % of re-readings {100 * self.low:.1f} to "
            f"{100 * self.high:.1f} %"
        )


@attrs.frozen(eq=False, repr=False, kw_only=True)
class Robustness:
    """How often each response comes out when sizes are read again with an error; `str` tells it.

    `timepoints` and `lines` are tables of the kind that came in (for a `Patient` a dict of NumPy
    arrays). `sure` is the share of copies that give the response as recorded (NaN where no
    size was read again and nothing changed), `standard_error` its Monte Carlo standard error; a
    column for each response holds the share that gives it.
    """

    criteria: Criteria
    error: ReadingError
    nodes: ReadingError | None
    draws: int
    seed: int
    rho: float
    hold_targets: bool
    _data: Read
    _panel: Panel
    _counts: _Counts
    _restore: Callable[[Mapping[str, Any]], Any]

    @cached_property
    def timepoints(self) -> Any:
        """One row a follow-up: patient, line, date, response and source as recorded, and shares."""
        table = tables_out.timepoint_columns(self._data, self.criteria, self._panel)
        kept = {name: table[name] for name in ("patient", "line", "date", "response", "source")}
        rested = self._counts.readings > 0
        shares = self._shares(self._counts.timepoints, self._panel.timepoints.response, rested)
        return self._restore(kept | shares)

    @cached_property
    def lines(self) -> Any:
        """One row a line: its best response as recorded, unconfirmed and confirmed, and shares."""
        table = tables_out.line_columns(self._data, self.criteria, self._panel)
        rules = self._panel.lines
        kept = {name: table[name] for name in ("patient", "line", "agents", "best_response")}
        rested = self._read_lines()
        kept |= self._shares(self._counts.best, verdicts(BEST, rules.best_rule), rested)
        kept["confirmed_best_response"] = table["confirmed_best_response"]
        recorded = verdicts(CONFIRMED, rules.confirmed_rule)
        shares = self._shares(self._counts.confirmed, recorded, rested)
        return self._restore(kept | {f"confirmed_{name}": each for name, each in shares.items()})

    def _read_lines(self) -> Array:
        """Whether some size was read again at some follow-up of each line."""
        line, count = self._panel.timepoints.line, len(self._panel.lines.patient)
        return np.bincount(line, self._counts.readings, minlength=count) > 0

    def _shares(self, counts: Array, recorded: Array, read_again: Array) -> dict[str, Any]:
        share = counts / self.draws
        unasked = ~read_again & (counts.max(axis=1, initial=0) == self.draws)
        sure = np.take_along_axis(share, recorded.astype(np.int64)[:, None], axis=1)[:, 0]
        error = np.sqrt(sure * (1 - sure) / self.draws)
        shares = {
            "sure": Plain(np.where(unasked, np.nan, sure), unasked),
            "standard_error": Plain(np.where(unasked, np.nan, error), unasked),
        }
        return shares | {str(word): Plain(share[:, word.code]) for word in RESPONSES}

    def rate(self, *responses: Response | str, line: int = 1, confirmed: bool = False) -> Rate:
        """The share of patients whose line of that number has one of these as best response.

        Left out, the responses are CR and PR: the objective response rate. Every line counts, one
        that cannot be judged as well.
        """
        words = tuple(map(_word, responses or sorted(OBJECTIVE, key=RESPONSES.index)))
        number = self._panel.lines.number
        some = np.flatnonzero(number == line)
        if not len(some):
            raise NotThereError(
                f"there is no line {line}; lines go up to {int(number.max(initial=0))}"
            )
        places = [word.code for word in words]
        rule = self._panel.lines.confirmed_rule if confirmed else self._panel.lines.best_rule
        recorded = verdicts(CONFIRMED if confirmed else BEST, rule)[some]
        shares = self._counts.shares[int(confirmed), line - 1][:, places].sum(axis=1) / len(some)
        low, high = np.quantile(shares, [0.025, 0.975]).tolist()
        as_recorded = float(np.isin(recorded, places).mean())
        return Rate(
            error=self.error, responses=words, lines=len(some), recorded=as_recorded,
            mean=float(shares.mean()), low=low, high=high,
        )  # fmt: skip

    def __str__(self) -> str:
        rows = [self._head()]
        one = len(self._data.patients) == 1
        rows += self._patient_rows() if one else self._cohort_rows()
        return "\n".join(text for row in [*rows, *self._foot()] for text in wrapped(row, "  "))

    def __repr__(self) -> str:
        return (
            f"<Robustness by {self.criteria.name}, {self.error.name}: "
            f"{len(self._data.patients)} patients, {self.draws} draws>"
        )

    def _head(self) -> str:
        ids = self._data.patients.ids
        who = str(ids[0]) if len(ids) == 1 else f"{len(ids)} patients"
        return f"{who}: {self.criteria.label}, {_number_told(self.draws)} re-readings"

    def _patient_rows(self) -> Iterator[str]:
        found, lines = self._panel.timepoints, self._panel.lines
        dates = self.timepoints["date"] if len(found.line) else []
        stands_in = verdicts(REPORTED, found.standing_rule) == Standing.STANDS_IN.code
        best = verdicts(BEST, lines.best_rule), verdicts(CONFIRMED, lines.confirmed_rule)
        for line in range(len(lines.patient)):
            yield ""
            yield f"Line {lines.number[line]}: {self._agents(line)}"
            rows = [("date", "response", "sure", "re-read as")]
            for at in np.flatnonzero(found.line == line).tolist():
                word = RESPONSES[found.response[at]]
                mark = "*" if stands_in[at] else ""
                counts, read_again = self._counts.timepoints[at], self._counts.readings[at] > 0
                rows.append((str(dates[at]), *self._told(word, mark, counts, read_again)))
            rested = self._read_lines()[line]
            for name, codes, each in (
                ("best", best[0], self._counts.best),
                ("confirmed", best[1], self._counts.confirmed),
            ):
                rows.append((name, *self._told(RESPONSES[codes[line]], "", each[line], rested)))
            yield from (f"  {row}" for row in grid(rows))

    def _agents(self, line: int) -> str:
        lines, place = self._data.lines, int(self._panel.lines.agents[line])
        return "" if lines is None or place < 0 else " + ".join(lines.agents_named[place])

    def _told(
        self, word: Response, mark: str, counts: Array, read_again: bool
    ) -> tuple[str, str, str]:
        """A response, how sure it is, and how often each came out, the commonest first."""
        if not read_again and counts[word.code] == self.draws:
            return f"{word}{mark}", "-", "no size to read again"
        each = sorted(zip(counts.tolist(), RESPONSES, strict=True), key=lambda pair: -pair[0])
        told = ", ".join(f"{other} {self._percent(count)}" for count, other in each if count)
        return f"{word}{mark}", self._percent(int(counts[word.code])), told

    def _percent(self, count: int) -> str:
        share = 100 * count / self.draws
        if 0 < share < 0.5:
            return "<1 %"
        return ">99 %" if 99.5 <= share < 100 else f"{share:.0f} %"

    def _cohort_rows(self) -> Iterator[str]:
        for number in range(1, int(self._panel.lines.number.max(initial=0)) + 1):
            yield ""
            yield f"Line {number}, best response"
            for name, confirmed in (("unconfirmed", False), ("confirmed", True)):
                yield f"  {name}: {self.rate(line=number, confirmed=confirmed).told}"
                yield f"  {name}: {self.rate('PD', line=number, confirmed=confirmed).told}"

    def _foot(self) -> Iterator[str]:
        yield ""
        what = "the diameters of nodes" if self.error.only_nodes else "every diameter"
        yield f"If the recorded sizes were true and {what} were read again with {self.error}."
        if self.nodes is not None:
            yield f"Nodes apart, with {self.nodes}."
        targets = "held as recorded" if self.hold_targets else "chosen anew in every re-reading"
        yield (
            f"Correlation of a lesion's readings {self.rho:g}; targets {targets}; seed "
            f"{self.seed}; Monte Carlo standard error at most "
            f"{50 / math.sqrt(self.draws):.2g} percentage points for a share."
        )
        yield (
            "Only diameters carry an error: lesions seen or missed, enhancement, verdicts without "
            "a size and reported verdicts are taken as recorded. How well a verdict can be "
            "reproduced, not how likely it is that the tumour responded."
        )
        standing = verdicts(REPORTED, self._panel.timepoints.standing_rule)
        if len(self._data.patients) == 1 and np.any(standing == Standing.STANDS_IN.code):
            yield "* as reported: the rules reach no graded verdict there, and no size decides."


def _word(value: Any) -> Response:
    try:
        return converters.word(Response)(value)
    except ValueError as error:
        raise ValueError(f"responses: each {error}") from None


def _number_told(number: int) -> str:
    return f"{number:,}".replace(",", " ")
