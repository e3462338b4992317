"""Time to untreatable progression: what counts, for one patient and for a cohort."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import mrecist
from mrecist import UNTREATABLE, Assessment, CriteriaError, TimeToEvent, Untreatable
from mrecist.endpoints.untreatable import _in_any_later
from mrecist.lines.timing import _history

SIZES = {
    "grows": [("S8", 0, 30), ("S8", 60, 41)],
    "spreads": [("S8", 0, 30), ("S8", 60, 30), ("LUNG", 60, 12)],
    "stable": [("S8", 0, 30), ("S8", 60, 31)],
}
LINES: dict[str, list[Any]] = {
    "patient": ["P", "P"],
    "start": [0, 60],
    "stop": [50, None],
    "end_reason": ["toxicity", None],
}


def patient(
    what: str, *, death: int | None = None, last_contact: int | None = 90
) -> mrecist.Patient:
    """Two lines; in the first follow-up something happens, or nothing."""
    days = sorted({day for _, day, _ in SIZES[what]})
    organs = {"S8": "liver", "LUNG": "lung"}
    lesions = sorted({lesion for lesion, _, _ in SIZES[what]})
    return mrecist.Patient(
        "P",
        [mrecist.Lesion(lesion, organs[lesion], "nodule") for lesion in lesions],
        [
            mrecist.Timepoint(
                day,
                [
                    mrecist.Finding(lesion, viable_mm=mm, longest_mm=mm)
                    for lesion, on, mm in SIZES[what]
                    if on == day
                ],
            )
            for day in days
        ],
        [
            mrecist.TherapyLine(["lenvatinib"], 0, stop=50, end_reason="toxicity"),
            mrecist.TherapyLine(["sorafenib"], 60),
        ],
        death=death,
        last_contact=last_contact,
    )


def times(
    what: str, definition: Untreatable = UNTREATABLE, declined: Any = (), **facts: Any
) -> tuple[TimeToEvent, ...]:
    assessment: Assessment = mrecist.assess(patient(what, **facts))
    return mrecist.time_to_untreatable(assessment, definition=definition, declined=declined)


def told(found: tuple[TimeToEvent, ...]) -> list[tuple[int, bool, str]]:
    return [(time.days, time.event, time.reason) for time in found]


class TestIngredients:
    """Each ingredient ends the time, in the line or in a later one."""

    def test_spread(self) -> None:
        """A new extrahepatic lesion is untreatable; the later line has not shown one."""
        assert told(times("spreads")) == [
            (60, True, "untreatable progression on day 60"),
            (30, False, "none recorded: censored on the last day known, day 90"),
        ]

    def test_growth(self) -> None:
        """Growth in the liver is not, unless it is said to be."""
        assert not times("grows")[0].event
        own = attrs.evolve(UNTREATABLE, codes=["IHG"])
        assert told(times("grows", own))[0] == (60, True, "untreatable progression on day 60")

    def test_death(self) -> None:
        """Death ends it, unless it is left out."""
        assert told(times("stable", death=80)) == [
            (80, True, "death on day 80"),
            (20, True, "death on day 80"),
        ]
        assert not any(
            time.event
            for time in times(
                "stable", mrecist.Untreatable(codes=[], invasion=[], death=False), death=80
            )
        )

    @pytest.mark.parametrize("what", ["spreads", "stable"])
    @given(
        death=st.integers(40, 100),
        declined=st.lists(st.integers(0, 120), max_size=2),
        reasons=st.sets(st.sampled_from(["toxicity", "choice"])),
        counts=st.booleans(),
    )
    @example(death=55, declined=[], reasons={"toxicity"}, counts=False)
    @example(death=70, declined=[85], reasons=set(), counts=False)
    def test_within_survival(
        self, what: str, death: int, declined: list[int], reasons: set[str], counts: bool
    ) -> None:
        """Nothing dated after the death counts, whether the death is an event or not."""
        own = attrs.evolve(UNTREATABLE, reasons=reasons, death=counts)
        for start, time in zip(
            (0, 60), times(what, own, death=death, declined=declined), strict=True
        ):
            assert time.days <= max(death - start, 0)

    def test_line_after_death(self) -> None:
        """A line that begins after the death tells the day of the death, not of its start."""
        assert told(times("stable", death=55))[1] == (0, True, "death on day 55")

    def test_stop(self) -> None:
        """A stop for a reason that counts ends it, for this line and those before."""
        own = attrs.evolve(UNTREATABLE, reasons=["toxicity"])
        assert told(times("stable", own)) == [
            (50, True, "stopped on day 50 for a reason that counts"),
            (30, False, "none recorded: censored on the last day known, day 90"),
        ]

    def test_decline(self) -> None:
        """The first decline on or after the start of each line counts."""
        assert told(times("stable", declined=[85, 60, 59])) == [
            (59, True, "decline of liver or performance on day 59"),
            (0, True, "decline of liver or performance on day 60"),
        ]

    def test_told(self) -> None:
        """A time is told with its name, its months and its rule."""
        assert str(times("spreads")[0]) == (
            "time to untreatable progression: 60 days (2.0 months), event: untreatable "
            "progression on day 60 [TTE-TTUP]"
        )

    def test_tumour_in_vein(self) -> None:
        """Tumour in vein that grew counts."""
        found = mrecist.Patient(
            "P",
            [mrecist.Lesion("PV", "portal vein", "thrombus")],
            [
                mrecist.Timepoint(0, [mrecist.Finding("PV", status="present")]),
                mrecist.Timepoint(60, [mrecist.Finding("PV", status="progressed")]),
            ],
            [mrecist.TherapyLine(["lenvatinib"], 0)],
        )
        (time,) = mrecist.time_to_untreatable(mrecist.assess(found))
        assert (time.days, time.event) == (60, True)
        without = attrs.evolve(UNTREATABLE, invasion=[])
        (time,) = mrecist.time_to_untreatable(mrecist.assess(found), definition=without)
        assert not time.event

    def test_declined_dates(self) -> None:
        """Declines are dated as the lines are."""
        with pytest.raises(ValueError, match="declined must be study days as those of the lines"):
            times("stable", declined=["2024-05-01"])
        with pytest.raises(ValueError, match="declined must be calendar dates as those of the"):
            mrecist.time_to_untreatable(mrecist.assess(mrecist.example_case()), declined=[50])


class TestCohort:
    """A cohort is told the same."""

    @pytest.mark.parametrize("what", SIZES)
    @pytest.mark.parametrize("death", [None, 80])
    @pytest.mark.parametrize("declined", [None, [59, None]])
    @pytest.mark.parametrize("reasons", [[], ["toxicity"]])
    def test_agrees(self, what: str, death: int | None, declined: Any, reasons: list[str]) -> None:
        """Line by line, whatever the ingredients."""
        definition = attrs.evolve(UNTREATABLE, reasons=reasons)
        rows = SIZES[what]
        findings = {
            "patient": ["P"] * len(rows),
            "date": [day for _, day, _ in rows],
            "lesion": [lesion for lesion, _, _ in rows],
            "organ": ["lung" if lesion == "LUNG" else "liver" for lesion, _, _ in rows],
            "viable_mm": [mm for _, _, mm in rows],
            "longest_mm": [mm for _, _, mm in rows],
        }
        lines = LINES | {"death": [death, death], "last_contact": [90, None]}
        found = mrecist.assess_cohort(findings, lines).untreatable(definition, declined=declined)
        alone = times(what, definition, [59] if declined else (), death=death)
        assert found["ttup_days"].tolist() == [time.days for time in alone]
        assert found["ttup_event"].tolist() == [time.event for time in alone]
        assert found["ttup_end"].tolist() == [time.end for time in alone]
        words = {"untreatable": "progression", "stopped": "stop", "none": "censored"}
        first = [time.reason.partition(" ")[0] for time in alone]
        assert found["ttup_part"].tolist() == [words.get(word, word) for word in first]

    @pytest.mark.parametrize(
        ("declined", "told"),
        [
            ([59], "declined must have one date a line, 2, got 1"),
            ([None, 59], "declined must not be before the start of its line, row 1 is"),
            (["2024-05-01", None], "declined must be of the kind of the line's dates, row 0 is"),
        ],
    )
    def test_declined(self, declined: Any, told: str) -> None:
        """There is one decline a line, on or after its start."""
        findings = {"patient": ["P"], "date": [0], "lesion": ["S8"], "viable_mm": [30]}
        with pytest.raises(ValueError, match=told):
            mrecist.assess_cohort(findings, LINES).untreatable(declined=declined)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"codes": "NEH"}, "must be a set of words, got 'NEH'"),
        ({"codes": 5}, "must be a set of words, got 5"),
        ({"codes": ["EHX"]}, "must be one of"),
        ({"codes": ["unknown"]}, "must be one of"),
        ({"invasion": ["none"]}, "must be one of"),
        ({"reasons": ["because"]}, "must be one of"),
        ({"death": "no"}, "death must be True or False, got 'no'"),
    ],
)
def test_refused(changes: dict[str, Any], told: str) -> None:
    """A definition names what there is."""
    with pytest.raises(CriteriaError, match=f"untreatable: .*{told}"):
        attrs.evolve(UNTREATABLE, **changes)


def test_one_line_a_patient() -> None:
    """Without a later line of the patient there is nothing to look for after it."""
    history = attrs.evolve(_history(mrecist.assess(patient("grows"))), patient=np.array([0, 1]))
    assert _in_any_later(history, np.array([9, 3])).tolist() == [9, 3]
    one = attrs.evolve(history, patient=np.array([0, 0]))
    assert _in_any_later(one, np.array([9, 3])).tolist() == [3, 3]
