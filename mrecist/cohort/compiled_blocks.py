"""Blocks of plain charts by two compiled loops (`chart_loops.py`, `line_loops.py`).

A patient of whom something rare is known is left to the steps of `panel.py`: fragments, visits of
several dates, effusions that need proof, new liver nodules, and whatever may be a mistake.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np

from .._base.arrays import BLANK, Array, taken
from .._base.threads import shared
from .._base.words import (
    Targets,
)
from ..rulebook.criteria import Criteria
from ..tables.clean import Lines
from ..tables.intake import Read
from .chart_loops import ASKED, BlockColumns, ChartGrids, LesionColumns, SightColumns, VisitColumns
from .compiled_charts import SIZE_TABLES, Kernels, impossible, one_type
from .compiled_lines import CompiledSequences, share_of
from .exposure import exposures
from .follow_up_loops import FollowUpColumns, LineWindows
from .lesions import FEW_IDS, Traits
from .line_records import (
    AskedLines,
    Extras,
    JudgedLines,
    LineNumbers,
    LineScratch,
    Noted,
    SaidColumns,
)
from .new_lesions import News
from .packed import packed
from .panel import LineColumns, Panel, TimepointColumns, joined
from .plain_grids import AS_PLAIN_HERE, DEFAULTS, FACTS, line_grids, records_of, trait_columns
from .visits import ACROSS, SIZES

__all__ = ["PlainBlocks"]

MOST_LOOKED = 64
"""Patients with more lesions are left to arrays: the loops look at each with each."""

PROBED_ROWS = 1 << 14
"""The rows of the first patients, who show whether the loops pay."""

MOST_APART = 0.3
"""The share of patients that may be left to arrays: with more these judge all of them."""

RARE = ("visit", "part_of", "into", *ACROSS.values())
"""Columns of which every use is rare."""

COLUMNS: dict[str, Any] = {
    "day": np.int32, "lesion": np.int32, "organ": np.int32, "kind": np.uint8, "hilar": np.uint8,
    "enhancement": np.uint8, "treated": np.uint8, "status": np.uint8,
    **dict.fromkeys(SIZES.values(), np.int32),
    "arterial_phase": np.uint8, "reported": np.uint8, "unmentioned": np.uint8,
    "modality": np.uint8,
}  # fmt: skip
"""The columns of `BlockColumns`, in their order."""

SAID = ("equivocal", "pattern", "biopsy")


class PlainBlocks:
    """The blocks of a cohort, judged by compiled loops but for the patients in `apart`."""

    def __init__(self, data: Read, criteria: Criteria, kernels: Kernels) -> None:
        self.data, self.criteria, self.kernels = data, criteria, kernels
        self.apart = data.patients.refused | _uses_rare(data)
        self._findings = packed(data.findings, data.patients)
        self._list_begin, self._list_code = _lists(data.lines)
        self._own = threading.local()

    def pays(self) -> bool:
        """Whether most of the first patients are plain: to read the others twice takes longer."""
        patients, before = self.data.patients, self.apart.copy()
        if not len(patients):
            return False
        last = max(int(np.searchsorted(patients.bounds, PROBED_ROWS)), 1)
        self._block((0, min(last, len(patients))))
        apart, self.apart = self.apart[:last], before
        return bool(apart.mean() <= MOST_APART)

    def judged(self, spans: Sequence[tuple[int, int]]) -> Panel:
        """The panel of all patients but those in `apart`."""
        return joined(shared(lambda span: self._block(span).panel(), spans))

    def _block(self, span: tuple[int, int]) -> _Block:
        if not hasattr(self._own, "traits"):
            findings = self.data.findings
            self._own.traits = Traits(self.criteria, findings.organs, findings.lesion_ids)
            self._own.place_of = np.zeros(len(findings.lesion_ids), np.uint32)
        return _Block(self, span, self._own.traits, self._own.place_of)


def _uses_rare(data: Read) -> Array:
    """The patients with a cell in a column of which every use is rare."""
    uses = np.zeros(len(data.patients), np.bool_)
    for name in RARE:
        column = getattr(data.findings, name)
        if column is not None:
            owner = data.owner("lesion", np.flatnonzero(column >= 0))
            uses[owner[owner >= 0]] = True
    if data.findings.reported_by:
        uses[:] = True
    return uses


def _lists(lines: Lines | None) -> tuple[Array, Array]:
    """The lesions that lines name, list by list, end to end."""
    lists = [] if lines is None else lines.codes_named
    counts = [len(each) for each in lists]
    code = np.concatenate([np.zeros(0, np.int64), *lists])
    return np.cumsum([0, *counts]), code


class _Block:
    """A block of whole patients on its way through the loops."""

    def __init__(
        self, all_: PlainBlocks, span: tuple[int, int], traits: Traits, place_of: Array
    ) -> None:
        self.all, self.span, self.traits = all_, span, traits
        self._place_of = place_of
        data = all_.data
        self.first, count = span[0], span[1] - span[0]
        self.bounds = data.patients.bounds[span[0] : span[1] + 1]
        self.rows = data.patients.rows(*span)
        self.size = int(self.bounds[-1] - self.bounds[0])
        self._records = records_of(all_._findings, self.rows)
        self.apart = all_.apart[span[0] : span[1]].copy()
        self.patient_visit = np.empty(count + 1, np.int64)
        self.patient_lesion = np.empty(count + 1, np.int64)
        self._read()
        self._judge()

    def _column(self, name: str, kind: Any) -> Array:
        column = getattr(self.all.data.findings, name)
        if column is None:
            return np.zeros(0, kind)
        if self._records is not None and name in self._records.dtype.names:
            return one_type(self._records[name], kind)
        return one_type(taken(column, self.rows), kind)

    def _read(self) -> None:
        """Read the charts, again where traits are met for the first time."""
        size = self.size + 1
        bounds = one_type(self.bounds - self.bounds[0], np.uint32)
        columns = BlockColumns(bounds, *(self._column(*each) for each in COLUMNS.items()))
        self.viable = columns.viable
        self.visits = VisitColumns(
            *(np.empty(size, kind) for kind in (np.uint32, np.int64, np.bool_, np.uint8, np.bool_))
        )
        self.sights = SightColumns(
            *(
                np.empty(size, kind)
                for kind in (np.uint32, np.uint32, np.uint8, np.uint8, np.int32, np.uint8)
            )
        )
        kinds = (np.uint32, np.uint32, np.int64, np.int64)
        self.lesions = LesionColumns._make([
            *(np.empty(size, kind) for kind in kinds),
            np.empty((size, len(SIZES)), np.int32),
            self._place_of,
            np.empty(size, np.int32),
            *(np.empty(size, np.uint8) for _ in FACTS[1:]),
        ])  # fmt: skip
        apart = self.apart.copy()
        while not self.all.kernels["read_charts"](
            columns,
            self._chart_grids(),
            self.visits,
            self.lesions,
            self.sights,
            self.patient_visit,
            self.patient_lesion,
            self.apart,
            self.all.criteria.too_small_um,
        ):
            self._learn()
            self.apart[:] = apart

    def _learn(self) -> None:
        """Learn the traits of lesions that the loop has met for the first time."""
        grid = self.traits.places
        facts = np.nonzero(grid == ASKED)
        grid[facts] = -1
        self.traits.of(facts)

    def _chart_grids(self) -> ChartGrids:
        columns = self.traits.columns
        keeps = columns.measure != columns.measure_where_viable
        return ChartGrids(
            AS_PLAIN_HERE,
            self.traits.places,
            DEFAULTS,
            keeps | columns.needs_cytology,
            impossible(),
            *SIZE_TABLES,
            one_type(columns.measure, np.uint8),
            one_type(columns.measure_where_viable, np.uint8),
            one_type(columns.smallest_left_um, np.int32),
        )

    # ---- lines

    def _judge(self) -> None:
        """Judge the lines but for their responses."""
        size, count = self.size, self.span[1] - self.span[0]
        asked = self._asked(count)
        lines = len(asked.start) if len(asked.first) else count
        most = size + lines + 1
        self.judged = JudgedLines(*(np.empty(lines + 1, kind) for kind in (
            np.int64, np.int64, np.int64, np.int64, np.int64, np.bool_, np.int64, np.int64,
            np.int64, np.int64, np.uint32)))  # fmt: skip
        self.found = FollowUpColumns._make([
            *(np.empty(most, kind) for kind in (
                np.int64, np.int64, np.int64, np.bool_, np.bool_, np.bool_, np.uint8, np.bool_,
                np.bool_)),
            np.zeros(0, np.int64), np.empty(most, np.uint32),
        ])  # fmt: skip
        self.extras = Extras(
            *(np.empty(most, kind) for kind in (np.int64, np.int32, np.uint8, np.uint8, np.bool_))
        )
        self.noted = Noted(
            *(
                np.empty(most, kind)
                for kind in (np.int64, np.int64, np.uint8, np.int64, np.int64, np.uint8)
            )
        )
        criteria, traits = self.all.criteria, self.traits.columns
        numbers = LineNumbers(
            criteria.baseline_days,
            criteria.most_in_all,
            min(int(traits.most_targets.min()), criteria.most_in_all),
            MOST_LOOKED,
            share_of(criteria.growth_share),
            criteria.growth_um,
        )
        said = SaidColumns(self.viable, *(self._column(name, np.uint8) for name in SAID))
        self.counts = self.all.kernels["judge_lines"](
            asked,
            said,
            self.visits,
            self.lesions,
            self.sights,
            self.patient_visit,
            self.patient_lesion,
            trait_columns(traits),
            line_grids(criteria),
            numbers,
            self._scratch(),
            self.judged,
            self.found,
            self.extras,
            self.noted,
            self.apart,
        )
        self.all.apart[self.span[0] : self.span[1]] = self.apart

    def _asked(self, count: int) -> AskedLines:
        table, all_ = self.all.data.lines, self.all
        none = np.zeros(0, np.int64)
        if table is None:
            return AskedLines(none, none, none, none, none, all_._list_begin, all_._list_code)
        first = np.searchsorted(table.patient, np.arange(self.first, self.first + count + 1))
        self.lines = slice(int(first[0]), int(first[-1]))
        each = (
            getattr(table, name)[self.lines]
            for name in ("start", "baseline", "targets", "nontargets")
        )
        return AskedLines._make(
            [
                first - first[0],
                *(one_type(column, np.int64) for column in each),
                all_._list_begin,
                all_._list_code,
            ]
        )

    def _scratch(self) -> LineScratch:
        size, ids = self.size + 1, len(self.all.data.findings.lesion_ids)
        ranks = np.arange(ids if ids <= FEW_IDS else 0)
        ranks = one_type(self.traits.ranks(ranks), np.int64) if len(ranks) else ranks
        kinds = (np.uint8, np.bool_, np.bool_, np.int64, np.int64, np.int64)
        more = (np.int64, np.bool_, np.int32, np.int64, np.int64, np.int64)
        return LineScratch._make(
            [
                *(np.empty(size, kind) for kind in kinds),
                ranks,
                *(np.empty(size, kind) for kind in more),
            ]
        )

    # ---- what comes of it

    def panel(self) -> Panel:
        """The panel of the patients that are not apart."""
        lines, at, part, new = self.counts
        judged = JudgedLines(*(column[:lines] for column in self.judged))
        found = FollowUpColumns(*(column[:at] for column in self.found))
        extras = Extras(*(column[:at] for column in self.extras))
        table = self._lines_of(judged)
        charts: Any = SimpleNamespace(
            criteria=self.all.criteria,
            lines=table,
            line_patient=judged.patient,
            follow_ups=judged.follow_ups,
            odd_visit=False,
            wide_visit=False,
            reported=extras.reported
            if len(self._column("reported", np.uint8))
            else np.uint8(BLANK),
        )
        responses = self._responses(charts, judged, found, extras)
        exposure, rechallenge_of = exposures(charts, responses.progression >= 0)
        runs = np.searchsorted(judged.patient, judged.patient)
        return Panel(
            timepoints=TimepointColumns(
                line=np.repeat(np.arange(lines), judged.follow_ups),
                day=extras.day,
                total_um=found.total,
                complete=found.complete,
                partial=extras.partial,
                reported=extras.reported,
                **responses.columns,
            ),
            lines=LineColumns(
                patient=judged.patient + self.first,
                number=np.arange(lines) - runs + 1,
                row=table.row,
                agents=table.agents,
                start=table.start,
                baseline=judged.baseline_day,
                baseline_um=judged.baseline_um,
                timepoints=judged.follow_ups,
                best_rule=responses.best_rule,
                confirmed_rule=responses.confirmed_rule,
                progression=responses.progression,
                causes=responses.causes,
                exposure_rule=exposure,
                rechallenge_of=rechallenge_of,
                problems=judged.problems,
            ),
            news=News(
                timepoint=self.noted.new_at[:new],
                lesion=self.noted.new_code[:new],
                rule=self.noted.new_rule[:new],
            ),
            roles=(
                self.noted.part_line[:part],
                self.noted.part_code[:part],
                self.noted.part[:part],
            ),
            apart=np.zeros(0, np.int64),
        )

    def _lines_of(self, judged: JudgedLines) -> Lines:
        table = self.all.data.lines
        if table is None:
            return Lines.plain(judged.patient + self.first, judged.start)
        table = table.taken(self.lines)
        return table if len(judged.source) == len(table) else table.taken(judged.source)

    def _responses(
        self, charts: Any, judged: JudgedLines, found: FollowUpColumns, extras: Extras
    ) -> CompiledSequences:
        none = np.where(judged.targets > 0, Targets.NO_BASELINE_TOTAL.code, Targets.NONE.code)
        windows = LineWindows(
            begin=judged.begin,
            window=judged.begin,
            follow_ups=judged.follow_ups,
            shift=judged.begin,
            has_baseline=judged.has_baseline,
            targets=judged.targets,
            baseline_um=judged.baseline_um,
            not_compared=np.where(judged.has_baseline, none, Targets.NO_BASELINE.code),
        )
        follow_ups: Any = SimpleNamespace(
            windows=windows,
            columns=found,
            count=len(found.total),
            begin=judged.begin,
            problems=found.problems,
            worst=found.worst,
            new_lesion=extras.new_lesion,
            partial=extras.partial,
            since_start=extras.since_start,
            reported=extras.reported,
        )
        lines: Any = SimpleNamespace(count=len(judged.start))
        return CompiledSequences(charts, lines, follow_ups, self.all.kernels)


# ---- the tables as the loops take them
