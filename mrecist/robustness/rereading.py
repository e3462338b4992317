"""Which sizes of a chart a reader reads again, and with what error.

What is decided here, because no paper says it:

- Only diameters carry an error. What was absent, too small to measure or not evaluable stays so;
  so do zeros, verdicts without a size, enhancement calls and reported verdicts.
- Where the error model has flips, a viable size recorded as 0 after the first baseline may be read
  as something, if the lesion had a viable size at that baseline; never as more than the whole.
- All diameters of one finding share one error: one reader, one image. So a viable diameter stays
  within the whole one.
- Where an error is another one at follow-up, that is after the first baseline of the patient:
  untreated tumour is easier to measure. Later baselines are follow-ups in this.
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
from collections.abc import Iterator, Mapping, Sequence

import attrs
import numpy as np

from .._base.arrays import BLANK, NO_DAY, Array, runs
from .._base.words import (
    Answer,
    Enhancement,
    Kind,
    Pattern,
    Proof,
    Response,
    Status,
    Unmentioned,
)
from ..cohort.baseline import NONTARGET, TARGET
from ..cohort.panel import Panel
from ..rulebook.criteria import Criteria
from ..rulebook.reader_variability import ReaderVariability
from ..tables.clean import Findings, Lines
from ..tables.column_schema import REPORTED_BY
from ..tables.intake import Read

__all__ = ["LARGEST_UM", "RESPONSES", "SIZES", "Asked", "Original", "Reader"]

RESPONSES = tuple(Response)
SIZES = ("viable_um", "longest_um", "short_axis_um")
LARGEST_UM = 1_000_000
_FAR = math.log(2 * LARGEST_UM)  # no reading within the span of sizes is further from another
MOST_ROWS = 1 << 18
"""About how many rows of copies are held at a time."""


@attrs.frozen(kw_only=True)
class Asked:
    """The arguments of `how_sure`, checked."""

    error: ReaderVariability
    nodes: ReaderVariability | None
    draws: int
    seed: int
    rho: float
    criteria: Criteria
    hold_targets: bool


# ---- what is copied


_DEFAULTS: Mapping[str, frozenset[int]] = {
    "organ": frozenset({-1, 0}),
    "kind": frozenset({Kind.NODULE.code, BLANK}),
    "hilar": frozenset({0, BLANK}),
    "enhancement": frozenset({Enhancement.ARTERIAL.code, BLANK}),
    "treated": frozenset({0, BLANK}),
    "status": frozenset({BLANK}),
    **dict.fromkeys(
        (*SIZES, "viable_perp_um", "longest_perp_um", "volume_viable_ul"), frozenset({-1})
    ),
    "pattern": frozenset({Pattern.UNKNOWN.code}),
    "cytology": frozenset({Proof.NOT_DONE.code}),
    "biopsy": frozenset({Proof.NOT_DONE.code}),
    "equivocal": frozenset({0}),
    "arterial_phase": frozenset({1, BLANK}),
    "reported": frozenset({BLANK}),
    "visit": frozenset({-1}),
    "unmentioned": frozenset({Unmentioned.NOT_EVALUABLE.code, BLANK}),
    "part_of": frozenset({-1}),
    "into": frozenset({-1}),
    **dict.fromkeys(("masslike", "change", "margin", "modality"), frozenset({BLANK})),
    **dict.fromkeys(
        ("aphe", "washout", "like_before", "diffusion_restriction", "t2_mild_moderate"),
        frozenset({Answer.UNKNOWN.code}),
    ),
}
"""What a column of findings says where it says nothing: it is then left out of the copies."""


class Original:
    """What is copied: rows by patient, date and lesion id, and which of them carry an error.

    `lesion` and `visit` number the lesions and the time points of all patients through.
    """

    def __init__(self, data: Read, panel: Panel, asked: Asked) -> None:
        patients, asked_lines = data.patients, data.lines
        assert asked_lines is not None
        self.patients = patients
        self.lines = asked_lines
        if asked.hold_targets:
            self.lines = _held(asked_lines, panel, data.findings.lesion_ids)
        rows, owner = self._order(data)
        self.columns = _taken(data.findings, rows)
        self.findings = data.findings
        self.procedures = data.procedures
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
        self.later = day > self._first_baselines(panel)[owner]
        self._mark_readings(panel, asked)

    def _key(self, patient: Array, day: Array) -> Array:
        return patient * self.span + (day - self.low)

    def visit_on(self, patient: Array, day: Array) -> Array:
        """The time points of patients on days of which each is one of theirs."""
        return np.searchsorted(self.visits, self._key(patient, day))

    def _first_baselines(self, panel: Panel) -> Array:
        """The day of the first baseline of each patient; without one, that of the first start."""
        based = panel.lines.baseline
        day = np.where(based == NO_DAY, self.lines.start, based)
        first = np.full(len(self.patients), np.iinfo(np.int64).max)
        np.minimum.at(first, panel.lines.patient, day)
        return first

    def readings(self, panel: Panel) -> Array:
        """How many findings are read again at each follow-up."""
        some = self.flips >= 0
        for _, each, _ in self.models:
            some = some | each
        again = np.bincount(self.visit[some], minlength=len(self.visits))
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

    def _mark_readings(self, panel: Panel, asked: Asked) -> None:
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
        self.models: list[tuple[ReaderVariability, Array, Array]] = []
        for model, some in _shared_out(asked, read_again, is_node):
            by_total = model.total_sd_mm is not None
            spread = self._of_totals(panel, model) if by_total else model.spread(um, self.later)
            self.models.append((model, some, spread))
        self.flips = self._flips(asked)

    def _flips(self, asked: Asked) -> Array:
        """For each row that may be read as something instead of 0 the row of its baseline, else -1.

        That is the lesion's latest row with a viable size up to the first baseline.
        """
        none = np.full(len(self.lesion), -1)
        viable = self.columns.get("viable_um", none)
        if not asked.error.flip or asked.error.only_nodes:
            return none
        before = np.full(int(self.lesion.max(initial=-1)) + 1, -1)
        based = np.flatnonzero((viable > 0) & ~self.later)
        before[self.lesion[based]] = based
        status = self.columns.get("status", np.full(len(none), BLANK))
        measured = np.isin(status, (BLANK, Status.MEASURED.code))
        some = (viable == 0) & self.later & measured & (self.columns["lesion"] >= 0)
        return np.where(some, before[self.lesion], -1)

    def _of_totals(self, panel: Panel, model: ReaderVariability) -> Array:
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
    for name, column in findings.reported_by.items():
        taken[REPORTED_BY + name] = column[rows]
    sized = np.zeros(len(rows), np.bool_)
    for name in SIZES:
        sized |= taken.get(name, -1) >= 0
    if "status" in taken:  # a finding with a size and no status is measured
        plain = sized & (taken["status"] == Status.MEASURED.code)
        taken["status"] = np.where(plain, np.uint8(BLANK), taken["status"])
    silent = [
        name
        for name, column in taken.items()
        if name in _DEFAULTS and np.isin(column, list(_DEFAULTS[name])).all()
    ]
    return {name: column for name, column in taken.items() if name not in silent}


def _shared_out(
    asked: Asked, read_again: Array, is_node: Array
) -> Iterator[tuple[ReaderVariability, Array]]:
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
        lines,
        targets=each,
        nontargets=np.where(each < 0, -1, each + count),
        codes_named=named,
        lesions_named=[tuple(ids[code] for code in codes.tolist()) for codes in named],
    )


# ---- copies


class Reader:
    """Reads some rows of one patient again and again, with an error of its own each time."""

    def __init__(
        self, original: Original, asked: Asked, patient: int, which: int, rows: Array, zeros: Array
    ) -> None:
        self.model, _, spread = original.models[which]
        self.zeros, self.before = zeros, original.flips[zeros]
        self.rho, self.rows, self.spread = asked.rho, rows, spread[rows]
        by_total = self.model.total_sd_mm is not None
        owner = original.visit if by_total else np.arange(len(spread))
        self.own = np.unique(owner[rows], return_inverse=True)[1].ravel()
        shared = np.zeros(len(rows)) if by_total else original.lesion[rows]
        self.lesion = np.unique(shared, return_inverse=True)[1].ravel()
        name = tuple(str(original.patients.ids[patient]).encode("utf-8", "surrogatepass"))
        seeds = np.random.SeedSequence(asked.seed, spawn_key=(*name, 256 + which)).spawn(5)
        self.streams = [np.random.Generator(np.random.PCG64(seed)) for seed in seeds]

    def factors(self, draws: int) -> Array:
        """What each size is multiplied with: one row per draw, one column per row of findings."""
        own, shared, scale, *_ = self.streams
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

    def flips(self, draws: int) -> tuple[Array, Array]:
        """Which of `zeros` are read as something in each draw, and then how large.

        Sizes are shares of those in the rows `before`.
        """
        *_, hit, size = self.streams
        shape = draws, len(self.zeros)
        hits = hit.random(shape) < self.model.flip
        return hits, self.model.flipped_share(size.standard_normal(shape))

    @property
    def least_um(self) -> int:
        """The smallest size that a reading of something may give."""
        return 1 if self.model.total_sd_mm is None else 0
