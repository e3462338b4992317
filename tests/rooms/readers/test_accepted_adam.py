"""ADaM of the accepted readings: one reading a line, pending lines refused or left out."""

from __future__ import annotations

from typing import Any

import pytest

from mrecist import assess_readings

DATES = ("2024-01-01", "2024-03-01", "2024-05-01", "2024-07-01")
LINES = {"patient": ["A", "A", "B"], "start": ["2024-01-02", "2024-05-02", "2024-01-02"]}


def findings(**sizes: dict[str, list[float]]) -> dict[str, list[Any]]:
    """One target of each patient, as each reader measures it."""
    rows = [
        (patient, reader, date, "T", size)
        for reader, of in sizes.items()
        for patient, each in of.items()
        for date, size in zip(DATES, each, strict=True)
    ]
    names = ("patient", "reader", "date", "lesion", "viable_mm")
    return {name: [row[at] for row in rows] for at, name in enumerate(names)}


SAME = [30.0, 20, 20, 20]
PENDING = findings(R1={"A": [30, 20, 20, 40], "B": SAME}, R2={"A": [30, 20, 20, 20], "B": SAME})


def column(table: Any, *names: str) -> list[Any]:
    rows = list(zip(*(table[name].tolist() for name in names), strict=True))
    return [row for row in rows if row[0] == "OVR"]


def test_pending() -> None:
    """A line that awaits adjudication is refused, or has no row, and none before it PFS2."""
    accepted = assess_readings(PENDING, LINES).accepted
    with pytest.raises(ValueError, match="1 line awaits adjudication"):
        accepted.to_adam()
    made = accepted.to_adam(pending="leave out")
    assert column(made.adrs, "PARAMCD", "USUBJID", "LINE", "AVALC", "PARCAT2") == [
        ("OVR", "A", 1, "PR", "BICR"),
        ("OVR", "A", 1, "PR", "BICR"),
        ("OVR", "B", 1, "PR", "BICR"),
        ("OVR", "B", 1, "PR", "BICR"),
        ("OVR", "B", 1, "PR", "BICR"),
    ]
    for table in (made.adrs, made.adtr, made.adtte):
        pairs = {
            (patient, line)
            for patient, line in zip(table["USUBJID"].tolist(), table["LINE"].tolist(), strict=True)
            if line == line
        }
        assert pairs == {("A", 1), ("B", 1)}
    times = set(zip(made.adtte["USUBJID"].tolist(), made.adtte["PARAMCD"].tolist(), strict=True))
    assert ("A", "PFS2") not in times
    assert {("A", "PFS"), ("B", "PFS2")} <= times


def test_decided() -> None:
    """The accepted reader's sizes are those of ADTR."""
    decisions = {"patient": ["A", "A"], "line": [1, 2], "accepted": ["R2", "R2"]}
    made = assess_readings(PENDING, LINES, decisions=decisions).accepted.to_adam(reader="Central")
    sizes = [
        size
        for patient, line, size in zip(
            *(made.adtr[name].tolist() for name in ("USUBJID", "LINE", "AVAL")), strict=True
        )
        if (patient, line) == ("A", 2)
    ]
    assert sizes == [20, 20, 20, 20]


def test_mixed() -> None:
    """Lines of one patient that are of several readers have no one chart."""
    decisions = {"patient": ["A", "A"], "line": [1, 2], "accepted": ["R1", "R2"]}
    accepted = assess_readings(PENDING, LINES, decisions=decisions).accepted
    with pytest.raises(ValueError, match="1 patient are of several readers, who have no one chart"):
        accepted.to_adam()


def test_unread() -> None:
    """A line that no reader read has no sizes, and a best response MISSING."""
    told = findings(R1={"A": [30, 20, 20, 40], "B": SAME}, R2={"A": [30, 20, 20, 40]})
    made = assess_readings(told, LINES).accepted.to_adam(pending="leave out")
    assert {row[1] for row in column(made.adrs, "PARAMCD", "USUBJID")} >= {"A"}
