"""One law over all fields: exact shares and whole numbers are taken and refused alike."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import numpy as np
import pytest

from mrecist._base.errors import CriteriaError
from mrecist.laboratory.gates import Check
from mrecist.laboratory.marker_levels import AFP
from mrecist.laboratory.marker_rules import AFP_R20_W8, Cut
from mrecist.lines.boundaries import LineBoundaries
from mrecist.rulebook.criteria import MRECIST
from mrecist.rulebook.policies import FDA_A, Schedule
from mrecist.rulebook.reader_variability import PRESETS

Build = Callable[[Any], Any]


def of(record: Any, field: str) -> Build:
    """What a field keeps of a value."""
    return lambda value: getattr(attrs.evolve(record, **{field: value}), field)


SHARES: dict[str, Build] = {
    **{f"criteria {name}": of(MRECIST, name) for name in ("response_share", "progression_share")},
    **{f"policy {name}": of(FDA_A, name) for name in ("growth_ratio", "early_share")},
    **{
        f"cut {name}": lambda value, name=name: getattr(Cut("c", **{name: value}), name)
        for name in ("fall", "rise", "rise_at_most")
    },
    "rule floors": lambda value: attrs.evolve(AFP_R20_W8, floors={"AFP": value}).floors[0][1],
    "check at_least": lambda value: Check("c", "fact", at_least=value).at_least,
    "unit factor": lambda value: AFP.with_unit("IU", value, source="assay").factor("IU"),
}
WHOLE: dict[str, Build] = {
    **{
        f"criteria {name}": of(MRECIST, name)
        for name in ("baseline_days", "stable_days", "confirmation_days", "confirmation_gaps")
    },
    "criteria targets_per_organ": of(attrs.evolve(MRECIST, targets_in_all=99), "targets_per_organ"),
    "criteria targets_in_all": of(MRECIST, "targets_in_all"),
    "policy missed": of(FDA_A, "missed"),
    "schedule window_days": of(Schedule.every(56), "window_days"),
    "schedule interval": lambda value: Schedule([(0, value)]).intervals[0][1],
    **{
        f"rule {name}": of(attrs.evolve(AFP_R20_W8, first_day=0, last_day=99), name)
        for name in ("first_day", "last_day", "window_days")
    },
    **{
        f"boundaries {name}": of(LineBoundaries(), name)
        for name in ("max_gap_days", "joint_start_days", "cycle_days")
    },
    "model degrees": of(PRESETS["repeat_scan_heavy"], "degrees"),
}


def refusal(build: Build, value: Any) -> str:
    with pytest.raises(ValueError, match=r".") as refused:
        build(value)
    return str(refused.value)


@pytest.mark.parametrize("field", SHARES)
class TestShares:
    """A share is kept exactly as it was written; what is not exact is refused by name and value."""

    @pytest.mark.parametrize(
        "value", [Fraction(3, 10), "3/10", "0.3", " 0.30 ", Decimal("0.3"), Decimal("3E-1")]
    )
    def test_taken(self, field: str, value: Any) -> None:
        kept = SHARES[field](value)
        assert type(kept) is Fraction
        assert kept == Fraction(3, 10)

    @pytest.mark.parametrize("kind", [int, np.int64, np.uint8])
    def test_whole(self, field: str, kind: Any) -> None:
        kept = SHARES[field](kind(1))
        assert type(kept) is Fraction
        assert type(kept.numerator) is int
        assert kept == 1

    @pytest.mark.parametrize(
        "value",
        [0.3, 1.0, True, np.True_, np.float64(0.3), np.float32(1), "x", "", "1/0", "nan", "inf",
         [1], Decimal("nan"), Decimal("inf"), 1j],
    )  # fmt: skip
    def test_refused(self, field: str, value: Any) -> None:
        told = refusal(SHARES[field], value)
        assert field.split()[1] in told
        assert "must be exact" in told or "must be a fraction like" in told
        shown = str(value) if isinstance(value, Decimal) else repr(value)
        assert told.endswith(f", got {shown}")


@pytest.mark.parametrize("field", WHOLE)
class TestWhole:
    """A whole number is Python's or NumPy's, and kept as Python's; all else is refused."""

    @pytest.mark.parametrize("kind", [int, np.int64, np.int32, np.uint8])
    def test_taken(self, field: str, kind: Any) -> None:
        kept = WHOLE[field](kind(12))
        assert type(kept) is int
        assert kept == 12

    @pytest.mark.parametrize(
        "value", [12.0, 1.5, True, np.True_, np.float64(12), "12", Fraction(12), Decimal(12), -1]
    )
    def test_refused(self, field: str, value: Any) -> None:
        told = refusal(WHOLE[field], value)
        assert field.split()[1] in told
        assert "whole" in told or "at least 1 day" in told
        shown = str(value) if isinstance(value, Decimal) else repr(value)
        assert shown in told


def test_of_a_protocol() -> None:
    """A share that no field takes is an error of the protocol, not a bare `ValueError`."""
    for field, build in SHARES.items():
        if field != "unit factor":
            with pytest.raises(CriteriaError):
                build(0.3)
