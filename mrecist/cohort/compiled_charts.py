"""Charts of a block with sizes read by a compiled loop (`row_loops.py`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from itertools import product
from types import SimpleNamespace
from typing import Any

import numpy as np

from .._base.arrays import Array
from .._base.words import Measure, Size, Status
from ..model import mistakes_in_finding
from ..rulebook.sizes import SIZE
from .chart import Charts
from .row_loops import SizeColumns, SizeGrids
from .sights import IS_KNOWN, SAYS_SIZE
from .visits import BESIDE, SIZES

__all__ = ["SIZE_TABLES", "CompiledCharts", "Kernels", "find_none", "impossible", "one_type"]

Kernels = Mapping[str, Callable[..., Any]]
"""The loops by name, compiled or not."""


def one_type(values: Any, kind: Any) -> Array:
    """A column as the kernels take it: of one type, writable, of one element where it is one."""
    return np.array(values, kind, ndmin=1, copy=None if _is_own(values) else True)


def _is_own(values: Any) -> bool:
    return isinstance(values, np.ndarray) and values.flags.carray


NONE = np.zeros(0)
"""Stands for a column that the table lacks."""


@cache
def impossible() -> Array:
    """Whether no finding can have a status (the last: none) with such sizes, by their kinds."""
    kinds = (None, 0, 1)  # lacking, zero, above: as `kind_of` counts them
    shape = (len(Status) + 1, *[len(kinds)] * len(SIZES))
    cells = [
        any(
            mistakes_in_finding(
                SimpleNamespace(
                    status=status,
                    into=None,
                    **dict.fromkeys(BESIDE),
                    **dict(zip(SIZES.values(), sizes, strict=True)),
                )
            )
        )
        for status in (*Status, None)
        for sizes in product(kinds, repeat=len(SIZES))
    ]
    return np.array(cells, np.bool_).reshape(shape)


def find_none(kernels: Kernels) -> None:
    """Find no lesion: the loop that finds them is compiled, though few lines name any."""
    none = np.zeros(0, np.int64)
    kernels["find_lesions"](none, none, none, none, np.zeros(0, np.bool_), none)


class CompiledCharts(Charts):
    """`Charts` with sizes read by a compiled loop, where no chart holds what only arrays name."""

    def __init__(self, *table: Any, kernels: Kernels) -> None:
        self._kernels = kernels
        super().__init__(*table)

    def _read_sizes(self) -> None:
        """What every finding says about size."""
        rare = any(np.any(self._column(name, NONE) >= 0) for name in ("into", *BESIDE))
        if self.examinations is not None or rare:
            super()._read_sizes()
            return
        found = self._sizes_to_fill()
        columns = self.traits.columns
        grids = SizeGrids(
            impossible(),
            *SIZE_TABLES,
            measure=one_type(columns.measure, np.uint8),
            measure_where_viable=one_type(columns.measure_where_viable, np.uint8),
            smallest_left_um=one_type(columns.smallest_left_um, np.int32),
            last_um=np.full((self.lesions, len(Measure)), -1, np.int32),
        )
        if not self._kernels["read_sizes"](found, grids, self.criteria.too_small_um):
            super()._read_sizes()
            return
        self._take_sizes(found)

    def _sizes_to_fill(self) -> SizeColumns:
        none, count = np.zeros(0, np.bool_), len(self.place)
        viable, longest, short = (
            one_type(self._column(name, NONE), np.int32) for name in SIZES.values()
        )
        blind = none if np.all(self.arterial) else np.empty(count, np.bool_)
        return SizeColumns(
            place=one_type(self.place, np.int64),
            trait=one_type(self.trait, np.int64),
            arterial=one_type(self.arterial, np.bool_),
            given=one_type(self._column("status", NONE), np.uint8),
            viable=viable,
            longest=longest,
            short=short,
            measure=np.empty(count, np.uint8),
            recorded=np.empty(count, np.int32),
            status=np.empty(count, np.uint8),
            size=np.empty(count, np.uint8),
            um=np.empty(count, np.int32),
            known=np.empty(count, np.bool_),
            gone=np.empty(count, np.bool_),
            blind=blind,
            hidden=np.empty(len(blind), np.bool_),
            odd=np.empty(count, np.bool_) if len(viable) and len(longest) else none,
        )

    def _take_sizes(self, found: SizeColumns) -> None:
        for name in ("measure", "recorded", "status", "size", "um", "known", "gone"):
            setattr(self, name, getattr(found, name))
        self.lacking = bool((self.size == Size.UNKNOWN.code).any())
        self.blind, self.hidden = (
            each if len(each) else False for each in (found.blind, found.hidden)
        )
        self.odd = self.odd_visit = False
        if len(found.odd):
            self.odd = found.odd
            self.odd_visit = np.zeros(self.visits, np.bool_)
            self.odd_visit[self.row_visit[self.odd]] = True
        self._read_areas({measure: self._column(name, -1) for measure, name in SIZES.items()})

    def lesion_of(self, patient: Array, code: Array) -> Array:
        """The lesion of a patient (from 0 within the block) by its code; -1 where not recorded."""
        seen = np.zeros(self.lesions, np.bool_)
        seen[self.place] = True
        at = np.empty(len(patient), np.int64)
        self._kernels["find_lesions"](
            *(
                one_type(each, np.int64)
                for each in (patient, code, self.patient_lesion, self.lesion_code)
            ),
            seen,
            at,
        )
        return at


SIZE_TABLES = (np.array(SIZE.grid), np.array(SIZE.verdicts), IS_KNOWN, SAYS_SIZE)
