"""Notes: what a chart probably means otherwise than it is read."""

from __future__ import annotations

from typing import Any

import pytest

from mrecist import Finding, Lesion, Patient, TherapyLine, Timepoint, assess


def notes(lesion: Lesion, finding: Finding, agent: str = "sorafenib", **more: Any) -> list[str]:
    """The notes on a chart of one lesion, one time point and one line."""
    patient = Patient("P", [lesion], [Timepoint(0, [finding])], [TherapyLine([agent], 0)])
    return list(assess(patient, **more).notes)


@pytest.mark.parametrize(
    ("organ", "noted"),
    [
        ("liver", False),
        ("left liver", False),
        ("liver segment 8", False),
        ("Left liver lobe", False),
        ("hepatic", False),
        ("hepatic hilum", True),
        ("lung", False),
        ("delivery", False),
    ],
)
def test_organ(organ: str, noted: bool) -> None:
    """A liver nodule whose organ is not read as the liver."""
    found = notes(Lesion("A", organ, "nodule"), Finding("A", viable_mm=20, longest_mm=20))
    told = (
        f'lesion A: organ "{organ}" is not read as the liver; write "liver", and the rest as label'
    )
    assert found == ([told] if noted else [])


@pytest.mark.parametrize(
    ("organ", "hilar", "noted"),
    [("Porta hepatis", False, True), ("porta hepatis", True, False), ("axilla", False, False)],
)
def test_hilar(organ: str, hilar: bool, noted: bool) -> None:
    """A porta hepatis node that is not said to be one."""
    found = notes(Lesion("N", organ, "node", hilar=hilar), Finding("N", short_axis_mm=20))
    assert found == (
        [
            f'lesion N: organ "{organ}" is taken as any other node; '
            "a porta hepatis node says hilar: true"
        ]
        if noted
        else []
    )


def test_sizes() -> None:
    """A size that is not used where the one that counts is missing, by the criteria."""
    lesion, finding = Lesion("A", "liver", "nodule"), Finding("A", longest_mm=20, short_axis_mm=9)
    told = "time point 0, lesion A: {} is not used, viable_mm counts and is not recorded"
    assert notes(lesion, finding) == [told.format("longest_mm"), told.format("short_axis_mm")]
    assert notes(lesion, finding, criteria="recist-1.1") == []
    assert notes(lesion, Finding("A", status="present")) == []


@pytest.mark.parametrize(
    ("agent", "noted"),
    [
        ("sorafenib", False),
        (" NEXAVAR ", False),
        ("Sorafenib 400 mg", True),
        ("donafenib", False),
    ],
)
def test_agents(agent: str, noted: bool) -> None:
    """An agent that holds a known name and more is not read as that drug."""
    found = notes(Lesion("A", "liver", "nodule"), Finding("A", viable_mm=20), agent)
    assert found == ([f'line of 0: agent "{agent}" is not read as sorafenib'] if noted else [])
