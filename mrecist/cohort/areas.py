"""The areas of many findings: what `patient/areas.py` is for one."""

from __future__ import annotations

import numpy as np

from .._base.arrays import Array
from .._base.exact import area
from .._base.words import Size
from ..rulebook.areas import AREA
from ..rulebook.decision_table import firing, verdicts

__all__ = ["areas_of"]


def areas_of(status: Array, long: Array, across: Array, count: int) -> tuple[Array, Array]:
    """The area of each row in square micrometres, 0 where none is told, and whether one is.

    By its status, a diameter and the one across it (-1: not recorded), in micrometres.
    """
    rule = firing(AREA, status, long >= 0, long == 0, across >= 0)
    says = np.broadcast_to(verdicts(AREA, rule), count)
    recorded = says == Size.RECORDED.code
    product = area(np.asarray(long, np.int64), np.asarray(across, np.int64))
    return np.where(recorded, product, 0), recorded | (says == Size.ZERO.code)
