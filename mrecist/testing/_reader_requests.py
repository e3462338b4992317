"""Requests to whoever puts readings side by side: tables of several readers, and a review."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

__all__ = ["TRIGGERS", "Request", "requests"]

Request = dict[str, Any]

_DAYS = (56, 112, 168)
_SIZES = {"CR": 0, "PR": 20, "SD": 30, "PD": 60}
_NOTHING = "-"
TRIGGERS = (
    "progression", "progression date", "best response", "objective response", "response date",
    "time point", "eligibility", "new lesion",
)  # fmt: skip


def requests() -> st.SearchStrategy[Request]:
    """Requests of a few patients, read by two primary readers, and perhaps by others."""
    return _requests()


@st.composite
def _requests(draw: st.DrawFn) -> Request:
    readers = ["R1", "R2", *["R3"] * draw(st.booleans())]
    local = ["INV"] * draw(st.booleans())
    rows = []
    for patient in ("P1", "P2", "P3", "P4")[: draw(st.integers(1, 4))]:
        some = draw(st.lists(st.sampled_from([*readers, *local]), min_size=1, unique=True))
        for reader in sorted(some):
            rows += [(patient, reader, *row) for row in draw(_readings())]
    names = ("patient", "reader", "date", "lesion", "organ", "viable_mm", "longest_mm", "status")
    columns = [list(column) for column in zip(*rows, strict=True)]
    primary = [each for each in readers if any(row[1] == each for row in rows)]
    triggers = draw(st.lists(st.sampled_from(TRIGGERS), min_size=1, unique=True))
    return {
        "findings": dict(zip(names, columns, strict=True)),
        "review": {
            "readers": primary,
            "local": [each for each in local if any(row[1] == each for row in rows)],
            "triggers": triggers if len(primary) > 1 else [],
            "window_days": draw(st.sampled_from([0, 60])),
            "one_reader": draw(st.sampled_from(["accept", "pending"])),
        },
        "words": ["CR", "PR", "SD", "PD"],
    }


@st.composite
def _readings(draw: st.DrawFn) -> list[tuple[Any, ...]]:
    """What one reader recorded of one patient: a nodule of 30 mm, and perhaps a new one."""
    first = draw(st.sampled_from([30, 30, 30, 8]))
    rows: list[tuple[Any, ...]] = [(0, "T1", "liver", first, first, None)]
    words = st.sampled_from([*_SIZES, "SD", "NE", _NOTHING])
    for day in _DAYS:
        word = draw(words)
        if word == "NE":
            rows.append((day, "T1", "liver", None, None, "not evaluable"))
        elif word != _NOTHING:
            rows.append((day, "T1", "liver", _SIZES[word], max(_SIZES[word], 8), None))
            if draw(st.integers(0, 7)) == 0:
                rows.append((day, "N1", "lung", None, 20, None))
    return rows
