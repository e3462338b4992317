"""The lesions of a block of charts: where each lies, and what the criteria make of it."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import attrs
import numpy as np

from .._base.arrays import Array, distinct, ranges, runs
from .._base.words import Enhancement, Kind
from ..model import Lesion
from ..patient.chart import Trait
from ..rulebook.criteria import Criteria

__all__ = ["AS_ONE", "FACT_DEFAULTS", "FEW_IDS", "Traits", "lesion_places", "ranked"]

FACT_DEFAULTS: dict[str, int] = {
    "organ": 0, "kind": Kind.NODULE.code, "hilar": 0,
    "enhancement": Enhancement.ARTERIAL.code, "treated": 0,
}  # fmt: skip
"""What is true of a lesion of which no row says otherwise (RD-TABLE-LIVER, RD-TABLE-EMPTY)."""

AS_ONE = np.dtype([(name, np.int32 if name == "organ" else np.uint8) for name in FACT_DEFAULTS])
"""All facts of a lesion side by side, in the 8 bytes of one number; all bits set: nothing given."""

FEW_IDS = 1 << 12
"""Up to how many lesion ids of a cohort are ranked once for all blocks."""


class Traits:
    """What the criteria make of each combination of facts that occurs, as columns.

    Made by `Trait.of`, the reader that serves one patient. `columns` has one element a trait.
    """

    def __init__(self, criteria: Criteria, organs: Any, lesion_ids: Sequence[str]) -> None:
        self.criteria = criteria
        self.organs = organs
        self._lesion_ids = lesion_ids
        self._ranked: Array = None
        self.columns: Any = None
        self._place = np.full((len(organs), len(Kind), 2, len(Enhancement), 2), -1, np.int32)
        self._traits: list[Trait] = []
        self._learn({(0, 0, 0, 0, 0)})

    @property
    def places(self) -> Array:
        """The place of the trait of each combination of facts; -1 where it is not known yet."""
        return self._place

    @property
    def lesions(self) -> list[Lesion]:
        """A lesion of each trait: its facts, whatever its id."""
        return [trait.lesion for trait in self._traits]

    def of(self, facts: tuple[Array, ...]) -> Array:
        """The trait of each lesion, as its place; from the codes of its facts."""
        places: Array = self._place[facts]
        new = places < 0
        if np.any(new):
            each = [np.broadcast_to(codes, np.shape(places))[new] for codes in facts]
            cells, _ = distinct(np.atleast_1d(np.ravel_multi_index(each, self._place.shape)))
            new_facts = np.unravel_index(cells, self._place.shape)
            self._learn(set(zip(*(codes.tolist() for codes in new_facts), strict=True)))
            places = self._place[facts]
        return places

    def ranks(self, codes: Array) -> Array:
        """The rank of lesion ids in the order of text, among those that are asked for."""
        if len(self._lesion_ids) <= FEW_IDS:
            if self._ranked is None:
                self._ranked = ranked(self._lesion_ids)
            return self._ranked[codes]
        used, place = distinct(codes)
        return ranked([self._lesion_ids[code] for code in used.tolist()])[place]

    def _learn(self, new: set[tuple[int, ...]]) -> None:
        kinds, enhancements = tuple(Kind), tuple(Enhancement)
        for facts in sorted(new):
            organ, kind, hilar, enhancement, treated = facts
            lesion = Lesion(
                "lesion",
                self.organs[organ],
                kinds[kind],
                hilar=bool(hilar),
                enhancement=enhancements[enhancement],
                treated=bool(treated),
            )
            self._place[facts] = len(self._traits)
            self._traits.append(Trait.of(lesion, lesion, self.criteria))
        organs = {organ: i for i, organ in enumerate({trait.organ for trait in self._traits})}
        named = SimpleNamespace(organs=len(organs))
        for field in attrs.fields(Trait):
            if field.name not in {"lesion", "organ"}:
                values = [getattr(trait, field.name) for trait in self._traits]
                setattr(named, field.name, np.array([getattr(v, "code", v) for v in values]))
        for name in ("group", "measure", "measure_where_viable", "new_rule"):
            setattr(named, name, getattr(named, name).astype(np.uint8))
        for name in ("smallest_diseased_um", "smallest_target_um", "smallest_left_um"):
            setattr(named, name, getattr(named, name).astype(np.int32))
        named.kind = np.array([trait.lesion.kind.code for trait in self._traits], np.uint8)
        named.treated = np.array([trait.lesion.treated for trait in self._traits])
        named.outside = (named.kind == Kind.NODULE.code) & ~named.is_liver_nodule
        named.organ = np.array([organs[trait.organ] for trait in self._traits])
        self.columns = named


def ranked(ids: Sequence[str]) -> Array:
    """The rank of each id in the order of text, in which lesions are taken (RD-TABLE-ORDER)."""
    rank = np.empty(len(ids), np.int64)
    rank[sorted(range(len(ids)), key=ids.__getitem__)] = np.arange(len(ids))
    return rank


def lesion_places(
    patient: Array, lesion: Array, count: int, codes: int
) -> tuple[Array, Array, Array]:
    """The lesion of each row, where the lesions of each patient begin, and the code of each."""
    if 0 < codes * count <= 2 * len(lesion):
        # Few lesion ids, shared by all patients: each patient has a place for each of them.
        place = patient.astype(np.int64) * codes
        place += lesion
        return place, np.arange(count + 1) * codes, np.tile(np.arange(codes), count)
    starts = runs(patient)
    width, low = np.zeros(count, np.int64), np.zeros(count, np.int64)
    if len(starts):
        owner = patient[starts]
        low[owner] = np.minimum.reduceat(lesion, starts)
        width[owner] = np.maximum.reduceat(lesion, starts) - low[owner] + 1
    bounds = np.concatenate([[0], np.cumsum(width)])
    if bounds[-1] <= 2 * len(lesion):
        # Most lesion ids recur from patient to patient, or begin with the patient: a place for
        # each code between the lowest and the highest of a patient costs little.
        return lesion + (bounds[:-1] - low)[patient], bounds, ranges(low, width)
    keys, place = np.unique(patient.astype(np.int64) << 32 | lesion, return_inverse=True)
    bounds = np.searchsorted(keys, np.arange(count + 1) << 32)
    return place, bounds, keys & (1 << 32) - 1
