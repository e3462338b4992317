"""Accepted records of several readers (--ACPTFL): decisions by date, or none, and never a guess."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.sdtm_rows import column, ex, only, read, rs, tr, tu

import mrecist
from mrecist import DOUBLE_READ, CohortError
from mrecist.io import Study, read_sdtm

DATES = ("2024-01-03", "2024-03-06", "2024-05-01", "2024-07-03")
SIZES = {"R1": (30, 20, 50, 50), "R2": (30, 29, 20, 40)}
BY_DATE = attrs.evolve(DOUBLE_READ, level="time point")
INDEPENDENT = "INDEPENDENT ASSESSOR"


def who(domain: str, reader: str) -> dict[str, str]:
    """Who read, as SDTM says it."""
    return {f"{domain}EVAL": INDEPENDENT, f"{domain}EVALID": reader}


def study(
    flags: Mapping[str, str],
    *,
    reader: str = "each",
    dates: Mapping[str, tuple[str, ...]] | None = None,
    doses: Any = None,
    **more: Any,
) -> Study:
    """One target, read at four visits by two readers; `flags` are Y or a dash of each visit."""
    rows = [
        tr(
            "T",
            "VDIAM",
            size,
            date,
            **who("TR", reader),
            VISIT=f"V{at}",
            TRACPTFL="Y" if flag == "Y" else None,
        )
        for reader, each in flags.items()
        for at, (flag, date, size) in enumerate(
            zip(each, (dates or {}).get(reader, DATES), SIZES[reader], strict=True)
        )
    ]
    lesions = [tu("T", **who("TU", reader)) for reader in flags]
    given = doses or [ex("sorafenib", "2024-01-10")]
    return read({"reader": reader}, tu=lesions, tr=rows, ex=given, **more)


def decisions(found: Study) -> list[Any]:
    names = ("line", "date", "accepted")
    return [(line, date and str(date), who) for line, date, who in column(found.decisions, *names)]


def judged(found: Study, review: Any = BY_DATE) -> Any:
    return mrecist.assess_readings(
        found.findings, found.lines, review=review, decisions=found.decisions
    )


def told(found: Study) -> list[Any]:
    return only(found.problems, "ACCEPTED_MIXED", "detail")


class TestByDate:
    """Of several readers, each follow-up is decided by the date of its reader."""

    def test_alternates(self) -> None:
        """R1 at the first and third visit, R2 at the second: each verdict is the accepted one's."""
        found = study({"R1": "YY-Y", "R2": "--Y-"})
        assert decisions(found) == [
            (1, "2024-03-06", "R1"),
            (1, "2024-05-01", "R2"),
            (1, "2024-07-03", "R1"),
        ]
        assert told(found) == ["line 1: R1, R2, by date"]
        accepted = judged(found).accepted
        assert accepted.timepoints["response"].tolist() == ["PR", "PR", "PD"]
        assert [str(each) for each in accepted.lines["progression_date"]] == ["2024-07-03"]
        with pytest.raises(CohortError, match='unless the review has level="time point"'):
            judged(found, DOUBLE_READ)

    def test_one(self) -> None:
        """All of one reader: the line as a whole, which any review takes."""
        found = study({"R1": "----", "R2": "YYYY"})
        assert decisions(found) == [(1, None, "R2")]
        assert told(found) == []
        assert judged(found, DOUBLE_READ).discordance["accepted"].tolist() == ["R2"]

    def test_baseline_differs(self) -> None:
        """An accepted baseline is no follow-up: it decides no date."""
        found = study({"R1": "Y---", "R2": "-YYY"})
        assert [row[1:] for row in decisions(found)] == [(date, "R2") for date in DATES[1:]]
        assert judged(found).discordance["accepted"].tolist() == ["R2"]

    def test_as_before(self) -> None:
        """A later follow-up of which nothing is accepted goes with the one before."""
        found = study({"R1": "YY--", "R2": "--Y-"})
        accepted = judged(found).accepted
        assert accepted.timepoints["response"].tolist() == ["PR", "PR", "PD"]
        assert len(decisions(found)) == 2

    def test_reported(self) -> None:
        """Flags of RS alone decide as well, by visit, though dated a day later."""
        said = [
            rs("PR", "2024-03-07", **who("RS", "R1"), VISIT="V1", RSACPTFL="Y"),
            rs("PR", "2024-05-02", **who("RS", "R2"), VISIT="V2", RSACPTFL="Y"),
            rs("PR", "2024-07-04", **who("RS", "R2"), VISIT="V3", RSACPTFL=None),
        ]
        found = study({"R1": "----", "R2": "----"}, rs=said)
        assert decisions(found) == [(1, "2024-03-06", "R1"), (1, "2024-05-01", "R2")]

    def test_lines(self) -> None:
        """The scan at the start of a line closes the line before, by its own reader."""
        doses = [ex("sorafenib", "2024-01-10", "2024-04-30"), ex("lenvatinib", "2024-05-01")]
        found = study({"R1": "YY--", "R2": "--YY"}, doses=doses)
        assert decisions(found) == [(1, None, "R1"), (2, None, "R2")]
        mixed = study({"R1": "Y-Y-", "R2": "-Y-Y"}, doses=doses)
        assert decisions(mixed) == [
            (1, "2024-03-06", "R2"),
            (1, "2024-05-01", "R1"),
            (2, "2024-07-03", "R2"),
        ]
        assert judged(mixed).discordance["state"].tolist() == ["adjudicated", "adjudicated"]

    def test_nothing_accepted(self) -> None:
        """A line, or a patient without an examination, of which nothing is accepted."""
        doses = [ex("sorafenib", "2024-01-10", "2024-04-30"), ex("lenvatinib", "2024-06-01")]
        said = rs("PR", DATES[3], **who("RS", "R1"), RSACPTFL="Y", RSDRVFL="Y", USUBJID="P9")
        found = study({"R1": "YY--", "R2": "----"}, doses=doses, rs=[said])
        assert decisions(found) == [(1, None, "R1")]

    def test_named_baseline(self) -> None:
        """A baseline after the first dose is no follow-up."""
        rows = [
            tr("T", "VDIAM", 30, date, **who("TR", reader), VISIT=visit, TRACPTFL=flag,
               TRBLFL="Y" if visit == "V0" else None)
            for reader, first, flags in (("R1", "Y", ("Y", None)), ("R2", None, (None, "Y")))
            for visit, date, flag in zip(("V0", "V1", "V2"), ("2024-01-12", *DATES[1:3]),
                                         (first, *flags), strict=True)
        ]  # fmt: skip
        lesions = [tu("T", **who("TU", reader)) for reader in ("R1", "R2")]
        found = read({"reader": "each"}, tu=lesions, tr=rows, ex=[ex("sorafenib", "2024-01-10")])
        assert [row[1] for row in decisions(found)] == ["2024-03-06", "2024-05-01"]
        judged(found)


class TestUndecided:
    """What the flags leave open is pending, and named."""

    def test_one_visit(self) -> None:
        """Two readers at one visit, also on dates of their own, decide nothing."""
        later = {"R2": (DATES[0], "2024-03-08", *DATES[2:])}
        for dates in (None, later):
            found = study({"R1": "YYY-", "R2": "-Y-Y"}, dates=dates)
            assert decisions(found) == []
            assert told(found) == ["line 1: R1, R2, undecided: R1 and R2 at V1"]
            readings = judged(found)
            assert readings.discordance["state"].tolist() == ["pending"]
            with pytest.raises(ValueError, match="1 line awaits adjudication"):
                readings.accepted.rates()

    def test_first(self) -> None:
        """Nobody at the first follow-up: it is not taken of the first reader."""
        found = study({"R1": "Y-Y-", "R2": "---Y"})
        assert decisions(found) == []
        assert told(found) == ["line 1: R1, R2, undecided: nobody at 2024-03-06"]
        assert judged(found).discordance["state"].tolist() == ["pending"]

    def test_no_follow_up(self) -> None:
        """Only baselines are accepted, and there is nothing else."""
        lesions = [tu("T", **who("TU", reader)) for reader in ("R1", "R2")]
        rows = [tr("T", "VDIAM", 30, **who("TR", each), TRACPTFL="Y") for each in ("R1", "R2")]
        found = read({"reader": "each"}, tu=lesions, tr=rows, ex=[ex("sorafenib", "2024-01-10")])
        assert decisions(found) == []
        assert told(found) == ["line 1: R1, R2, undecided: there is no follow-up"]

    def test_unread(self) -> None:
        """A verdict that is accepted, and of no criteria that are read, has no examination."""
        said = [rs("PR", "2024-09-04", "Deauville", **who("RS", "R2"), VISIT="V9", RSACPTFL="Y")]
        found = study({"R1": "YYYY", "R2": "----"}, rs=said)
        assert only(found.problems, "ACCEPTED_UNREAD", "detail") == ["R2 at V9"]
        assert [row[2] for row in decisions(found)] == ["R1"] * 3


@given(st.lists(st.sampled_from(["R1", "R2", "-", "both"]), min_size=3, max_size=3))
def test_never_silent(chosen: list[str]) -> None:
    """What is accepted is what the flags say; nothing else is, unless readers do not differ."""
    flags = {
        reader: "-" + "".join("Y" if each in (reader, "both") else "-" for each in chosen)
        for reader in ("R1", "R2")
    }
    found = study(flags)
    readings = judged(found)
    (state,) = readings.discordance["state"].tolist()
    said = {each for each in chosen if each != "-"}
    if said in ({"R1"}, {"R2"}):
        assert readings.discordance["accepted"].tolist() == [*said]
    elif not said or "both" in said or chosen[0] == "-":
        assert state == "pending"
    else:
        expected, whose = [], ""
        for each, date in zip(chosen, DATES[1:], strict=True):
            whose = whose if each == "-" else each
            expected.append((whose, date))
        names = ("reader", "date", "accepted")
        rows = column(readings.timepoints, *names)
        assert sorted((who, str(date)) for who, date, yes in rows if yes) == sorted(expected)


def test_written() -> None:
    """Written to SDTM and read again, the decisions are the same, records flagged by visit."""
    found = study({"R1": "YY-Y", "R2": "--Y-"})
    again = read_sdtm(found.to_sdtm().tables, reader="each")
    assert decisions(again) == decisions(found)
    rows = column(found.to_sdtm().tr, "TREVALID", "TRDTC", "TRACPTFL")
    assert [row[:2] for row in rows if row[2] == "Y"] == [
        ("R1", "2024-03-06"),
        ("R1", "2024-07-03"),
        ("R2", "2024-05-01"),
    ]
    assert {type(date) for date in found.decisions["date"]} == {datetime.date}


def test_by_name() -> None:
    """`reader="accepted"` is all readers with their decisions; without a decision it is asked."""
    flags = {"R1": "YYYY", "R2": "----"}
    accepted, each = study(flags, reader="accepted"), study(flags)
    assert decisions(accepted) == decisions(each) == [(1, None, "R1")]
    assert accepted.readers == each.readers == ("R1", "R2")
    assert column(accepted.findings, "reader") == column(each.findings, "reader")
    with pytest.raises(mrecist.io.AskError, match=r"--ACPTFL\): say reader=\"each\""):
        study({"R1": "----", "R2": "----"}, reader="accepted")
