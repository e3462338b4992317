"""The columns of findings side by side, for tables whose rows lie in another order.

A block reads its rows wherever they lie. From records that is one access of memory a row, from
columns one a row and column.
"""

from __future__ import annotations

import attrs
import numpy as np

from .._base.arrays import Array, slices
from .._base.threads import shared
from ..tables.clean import Findings, Patients
from .lesions import FACT_DEFAULTS
from .visits import ACROSS, SIZES

__all__ = ["packed"]

PACKED = (
    "day", "lesion", "visit", "status", "into", "part_of", "cytology", "reported",
    "arterial_phase", "unmentioned", "modality",
    *SIZES.values(), *ACROSS.values(), *FACT_DEFAULTS,
)  # fmt: skip
"""The columns of which a block reads every row."""


def packed(findings: Findings, patients: Patients) -> Findings:
    """The same findings, with their `records` where rows are read out of order."""
    if patients.order is None:
        return findings
    columns = {name: getattr(findings, name) for name in PACKED}
    columns = {name: column for name, column in columns.items() if column is not None}
    wide_first = sorted(columns, key=lambda name: -columns[name].dtype.itemsize)
    records = np.empty(len(findings), [(name, columns[name].dtype) for name in wide_first])

    def fill(part: slice) -> None:
        for name, column in columns.items():
            records[name][part] = column[part]

    shared(fill, slices(len(findings), 1 << 14))
    return attrs.evolve(findings, records=records)
