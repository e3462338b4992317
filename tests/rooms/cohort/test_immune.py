"""iRECIST of a cohort: tables of words with an i, times to events, reported words in tables."""

from __future__ import annotations

from typing import Any

import pytest

import mrecist
from mrecist import ImmuneResponse, assess_cohort
from mrecist.rulebook.immune import COUNTS_FOR_TIMES
from mrecist.rulebook.immune_joined import REFUTED_COUNTS_AS

SIZES: dict[str, list[tuple[int, Any]]] = {
    "confirmed": [(0, 100), (56, 125), (84, 131)],
    "cleared": [(0, 100), (56, 125), (84, 118), (112, 60)],
    "pending": [(0, 100), (56, 125)],
    "pending on": [(0, 100), (56, 125), (84, 126)],
}


def findings(**more: list[Any]) -> dict[str, list[Any]]:
    rows = [(name, day, size) for name, scans in SIZES.items() for day, size in scans]
    return {
        "patient": [name for name, _, _ in rows],
        "date": [day for _, day, _ in rows],
        "lesion": ["T"] * len(rows),
        "longest_mm": [size for _, _, size in rows],
        **more,
    }


def lines(**more: Any) -> dict[str, list[Any]]:
    names = list(SIZES)
    return {
        "patient": names,
        "start": [0] * len(names),
        "agents": ["nivolumab"] * len(names),
        **{name: [more[name].get(each) for each in names] for name in more},
    }


class TestTimes:
    """A confirmed progression is dated to the first scan of the unconfirmed one (RD-IR-DAY)."""

    def days(self, pending: str = "by course", **more: Any) -> dict[str, tuple[int, bool]]:
        responses = assess_cohort(findings(), lines(**more), criteria="irecist")
        table = responses.endpoints(pending=pending).table
        return {
            str(name): (int(days), bool(event))
            for name, days, event in zip(
                table["patient"], table["ttp_days"], table["ttp_event"], strict=True
            )
        }

    def test_by_course(self) -> None:
        """Pending is an event where no later scan exists, else it censors on its day."""
        assert self.days() == {
            "confirmed": (56, True),
            "cleared": (112, False),
            "pending": (56, True),
            "pending on": (56, False),
        }

    def test_stopped(self) -> None:
        """Or where the line stopped, or the patient died."""
        assert self.days(stop={"pending on": 90})["pending on"] == (56, True)
        assert self.days(death={"pending on": 90})["pending on"] == (56, True)

    @pytest.mark.parametrize(("pending", "event"), [("event", True), ("censored", False)])
    def test_said(self, pending: str, event: bool) -> None:
        found = self.days(pending)
        assert found["pending"] == found["pending on"] == (56, event)
        assert found["confirmed"] == (56, True)

    def test_refused(self) -> None:
        responses = assess_cohort(findings(), criteria="irecist")
        with pytest.raises(ValueError, match='must be one of "by course", "event", "censored"'):
            responses.endpoints(pending="never")


class TestJoined:
    """imRECIST: totals with new lesions, and times to a progression that nothing refutes."""

    def test_times(self) -> None:
        """A refuted PD is no event, neither for progression nor for the response after it."""
        assert COUNTS_FOR_TIMES[ImmuneResponse.UPD] is REFUTED_COUNTS_AS
        responses = assess_cohort(findings(), lines(), criteria="imrecist")
        assert list(responses.lines["best_response"]) == ["PD", "PR", "PD", "PD"]
        assert list(responses.lines["progression_date"]) == [56, None, 56, 56]
        assert list(responses.lines["confirmed_date"]) == [84, None, None, 84]
        for pending in ("by course", "event", "censored"):
            table = responses.endpoints(pending=pending).table
            assert list(table["ttp_days"]) == [56, 112, 56, 56]
            assert list(table["ttp_event"]) == [True, False, True, True]

    def test_totals(self) -> None:
        table = {
            "patient": ["A"] * 4, "date": [0, 56, 56, 84], "lesion": ["T", "T", "N", "T"],
            "longest_mm": [100, 80, 12, 60],
        }  # fmt: skip
        responses = assess_cohort(table, criteria="imrecist")
        assert list(responses.timepoints["total_mm"]) == [92.0, 60.0]
        assert list(responses.timepoints["nadir_mm"]) == [100.0, 92.0]
        assert list(responses.timepoints["target"]) == ["SD", "NE"]
        assert list(responses.timepoints["response"]) == ["SD", "NE"]
        assert "IM-SD" in responses.why("A")


class TestTables:
    """What the tables hold."""

    def test_words(self) -> None:
        responses = assess_cohort(findings(), lines(), criteria="irecist")
        assert list(responses.lines["best_response"]) == ["iCPD", "iPR", "iUPD", "iUPD"]
        assert next(iter(responses.lines["confirmed_date"])) == 84
        assert list(responses.lines["pending_date"])[2:] == [56, 56]
        assert repr(responses) == "<ImmuneResponses by irecist: 4 patients>"
        assert "IR-CONFIRM-TARGET" in responses.why("confirmed", line=1)
        assert len(responses.patients) == 4
        assert len(responses.untreated) == len(responses.errors["row"]) == 0
        assert len(responses.notes["patient"]) == 0
        assert responses.patient("pending").id == "pending"

    def test_reported(self) -> None:
        """Words with an i stand in a column of their own name, and in `reported`."""
        table = {
            "patient": ["A", "A", "A", "B", "B", "B"],
            "date": [0, 56, 84] * 2,
            "lesion": [None] * 6,
            "reported": [None, None, None, None, "PD", "iCPD"],
            "reported:irecist": [None, "iUPD", "iPR", None, None, None],
        }
        responses = assess_cohort(table, criteria="irecist")
        assert list(responses.timepoints["response"]) == ["iUPD", "iPR", "iUPD", "iCPD"]
        plain = assess_cohort(table, criteria="recist-1.1")
        assert list(plain.timepoints["reported"]) == [None, None, "PD", None]
        assert plain.patient("B").timepoints[2].reported == "iCPD"

    def test_many_new_lesions(self) -> None:
        """A line with more new lesions than bits is judged as any other."""
        names = [f"N{i:03}" for i in range(70)]
        rows = [("P", 0, "T", 50), *(("P", 56, name, 12) for name in names),
                *(("P", 84, name, 12) for name in names), ("P", 84, "Z", 12)]  # fmt: skip
        names = ["patient", "date", "lesion", "longest_mm"]
        table = {name: [row[place] for row in rows] for place, name in enumerate(names)}
        assert list(assess_cohort(table, criteria="irecist").timepoints["response"]) == [
            "iUPD",
            "iCPD",
        ]

    @pytest.mark.parametrize("criteria", ["irecist", "imrecist-hcc"])
    def test_many_alike(self, criteria: str) -> None:
        """How many new lesions of an organ are measured is asked of each patient alone."""
        seen = [(0, "T", "liver", 50), (56, "T", "liver", 50)]
        seen += [(56, f"{organ}{at}", organ, 12 + at) for organ in ("kidney", "lung", "spleen")
                 for at in range(3)]  # fmt: skip
        columns = zip(*seen, strict=True)
        names = ("date", "lesion", "organ", "longest_mm")
        one = {name: list(column) for name, column in zip(names, columns, strict=True)}
        one["viable_mm"] = [50, 50, *[None] * 9]
        many = {name: column * 40 for name, column in one.items()}
        many["patient"] = [f"P{i:02}" for i in range(40) for _ in seen]
        alone = assess_cohort({**one, "patient": ["P"] * len(seen)}, criteria=criteria).timepoints
        together = assess_cohort(many, criteria=criteria).timepoints
        assert alone["new_total_mm"].tolist() == [14 + 13 + 14 + 13 + 14]
        for name in set(together) - {"patient"}:
            assert together[name].tolist() == alone[name].tolist() * 40, name

    def test_many_before(self) -> None:
        """Targets that are back one after the other, behind more lesions than a word has bits."""
        scans = [(0, 30, 30), (56, 0, 0), (112, 10, 0), (140, 10, 4)]
        own = [
            ("Z", day, lesion, size)
            for day, *sizes in scans
            for lesion, size in zip("ST", sizes, strict=True)
        ]
        others = [(f"A{i}", 0, "T", 30) for i in range(80)]
        told = []
        for rows in (own, [*others, *own]):
            columns = zip(*rows, strict=True)
            table = dict(zip(("patient", "date", "lesion", "longest_mm"), columns, strict=True))
            found = assess_cohort(table, criteria="irecist").timepoints
            told.append(found["response"].tolist()[-3:])
        assert told == [["iCR", "iUPD", "iCPD"]] * 2

    def test_empty(self) -> None:
        nothing = {"patient": [], "date": [], "lesion": []}
        for criteria in ("irecist", "imrecist"):
            responses = mrecist.assess_cohort(nothing, criteria=criteria)
            assert len(responses.timepoints["response"]) == len(responses.lines["line"]) == 0
            assert len(responses.endpoints().table["line"]) == 0
