"""Notes: what a chart probably means otherwise than it is read."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from typing import Any

import pytest

import mrecist
from mrecist import CRITERIA, Finding, Lesion, Patient, TherapyLine, Timepoint, assess
from mrecist.cli.parser import main
from mrecist.patient.chart import Chart
from mrecist.patient.notes import notes as notes_on
from mrecist.rulebook.notes import (
    NOTES,
    Note,
    about_tenfold,
    agent_meant,
    is_early,
    is_future,
    is_scaled_down,
    is_small,
    is_spreadsheet_day,
    listed,
    similar,
    spreadsheet_date,
)

TODAY = datetime.date(2026, 2, 28)
NODULE = Lesion("A", "liver", "nodule")


def told(patient: Patient, criteria: str = "mrecist") -> list[Note]:
    """The notes on a chart, as of `TODAY`."""
    return list(notes_on(Chart(patient, CRITERIA[criteria]), TODAY))


def one(
    lesion: Lesion = NODULE,
    *findings: Finding,
    agent: str = "sorafenib",
    criteria: str = "mrecist",
    first: Any = 0,
    **more: Any,
) -> list[str]:
    """The notes on a chart of one lesion, a time point every 30 days, and one line."""
    found = findings or (Finding(lesion.id, viable_mm=20, longest_mm=20, short_axis_mm=20),)
    step = 30 if isinstance(first, int) else datetime.timedelta(30)
    timepoints = [Timepoint(first + i * step, [each]) for i, each in enumerate(found)]
    patient = Patient("P", [lesion], timepoints, [TherapyLine([agent], first)], **more)
    return list(map(str, told(patient, criteria)))


@pytest.mark.parametrize(
    ("organ", "how"),
    [
        ("liver", None),
        (" Left LIVER", None),
        ("liver segment 8", "is read as the liver by its words"),
        ("segment VIII", "is read as the liver by its words"),
        ("hepatic", "is read as the liver by its words"),
        ("Hepatic hilum", "is not read as the liver"),
        ("lung", None),
        ("delivery", None),
    ],
)
@pytest.mark.parametrize("kind", ["nodule", "thrombus"])
def test_organ(organ: str, how: str | None, kind: str) -> None:
    """A lesion whose organ is read as the liver by its words; a nodule whose organ is not."""
    found = one(Lesion("A", organ, kind))
    meant = 'the organ "liver", and the rest as label' if how and "not" in how else "the liver"
    expected = [f"lesion A: organ {organ!r} {how}; probably meant: {meant}"]
    assert found == (expected if how and (kind == "nodule" or "not" not in how) else [])


@pytest.mark.parametrize(
    ("organ", "hilar", "noted"),
    [("Porta hepatis", False, True), ("porta hepatis", True, False), ("axilla", False, False)],
)
@pytest.mark.parametrize("kind", ["node", "other"])
def test_hilar(organ: str, hilar: bool, noted: bool, kind: str) -> None:
    """A porta hepatis node that is not said to be one."""
    found = one(Lesion("N", organ, kind, hilar=hilar))
    what = f"lesion N: organ {organ!r} is taken as any other node"
    expected = [f"{what}; probably meant: a porta hepatis node, hilar: true"]
    assert found == (expected if noted and kind == "node" else [])


class TestSizes:
    """A size that is not used where the one that counts is missing, by the criteria."""

    TOLD = (
        "lesion A: {} is not used at {} ({} on {}){}, as viable_mm counts and is not recorded; "
        "probably meant: viable_mm"
    )
    NEW = ", except to tell whether it is new"

    def test_each(self) -> None:
        """Both sizes of a time point, and only under the criteria that use neither."""
        finding = Finding("A", longest_mm=20, short_axis_mm=9)
        assert one(NODULE, finding) == [
            self.TOLD.format("longest_mm", "1 time point", "20.0 mm", "day 0", self.NEW),
            self.TOLD.format("short_axis_mm", "1 time point", "9.0 mm", "day 0", ""),
        ]
        assert one(NODULE, finding, criteria="recist-1.1") == []
        assert one(NODULE, Finding("A", status="present")) == []

    def test_several(self) -> None:
        """One note for a lesion, with the first time point; those that have it are not counted."""
        sizes = [{"viable_mm": 25, "longest_mm": 25}, {"longest_mm": 22}, {"longest_mm": 21}]
        findings = [Finding("A", **each) for each in sizes]
        told = "longest_mm", "2 time points", "22.0 mm", "2024-02-02", self.NEW
        expected = self.TOLD.format(*told)
        assert one(NODULE, *findings, first=datetime.date(2024, 1, 3)) == [expected]


class TestJumps:
    """A size about ten times the one before or after."""

    @pytest.mark.parametrize(
        ("sizes", "jump"),
        [
            ((41, 4.1), (0, 1)),
            ((4.1, 41, 4), (0, 1)),
            ((20, 25, 3, 2.4), (1, 2)),
            ((40, None, 4.4), (0, 2)),
            ((40, 0, 4), (0, 2)),
            ((5, 40), (0, 1)),
            ((5, 39.9), None),
            ((5, 60), (0, 1)),
            ((5, 60.1), None),
            ((0, 0), None),
            ((40, 20, 10), None),
        ],
    )
    def test_each(self, sizes: Sequence[float | None], jump: tuple[int, int] | None) -> None:
        """By a factor of 8 to 12, from one recorded size above 0 to the next; the first one."""
        given = [{"status": "present"} if mm is None else {"viable_mm": mm} for mm in sizes]
        found = one(NODULE, *(Finding("A", **each) for each in given))
        if jump is None:
            assert found == []
            return
        before, after = ((float(sizes[i] or 0), 30 * i) for i in jump)
        small, day = min(before, after)
        what = (
            f"lesion A: viable_mm is {before[0]} mm on day {before[1]} and {after[0]} mm on "
            f"day {after[1]}, about ten times apart"
        )
        meant = f"{round(small * 10, 3)} mm on day {day}, if it was given in centimetres"
        assert found == [f"{what}; probably meant: {meant}"]

    def test_measures(self) -> None:
        """Each measure by itself."""
        findings = Finding("A", viable_mm=40, longest_mm=41), Finding("A", viable_mm=4)
        later = Finding("A", viable_mm=4, longest_mm=4.1)
        assert [note.split()[2] for note in one(NODULE, *findings, later)] == [
            "viable_mm",
            "longest_mm",
        ]


class TestDates:
    """Dates that are no likely dates, one note a kind."""

    @pytest.mark.parametrize(
        ("first", "what"),
        [
            (45294, "time point 45294: hardly a study day, but the number of a date in spread"
                    "sheets; probably meant: 2024-01-03"),
            (40000, "time point 40000: hardly a study day, but the number of a date in spread"
                    "sheets; probably meant: 2009-07-06"),
            (39999, None), (60001, None), (0, None),
            (datetime.date(1989, 12, 31),
             "time point 1989-12-31: before 1990; probably meant: a later year"),
            (datetime.date(1990, 1, 1), None),
            (TODAY, None),
            (datetime.date(2026, 3, 1),
             "time point 2026-03-01: in the future; probably meant: an earlier date"),
        ],
    )  # fmt: skip
    def test_each(self, first: Any, what: str | None) -> None:
        """Spreadsheet days, early years, the future."""
        assert one(first=first) == ([] if what is None else [what])

    def test_records(self) -> None:
        """The first date is named, different ones are counted; death and last contact are dates."""
        early, later = datetime.date(1924, 1, 3), datetime.date(2024, 1, 3)
        lines = [TherapyLine(["sorafenib"], later, stop=datetime.date(2026, 12, 1))]
        patient = Patient("P", [], [], lines, death=datetime.date(2027, 1, 1), last_contact=early)
        assert [note.what for note in told(patient)] == [
            "last contact, 1924-01-03: before 1990",
            "stop of line 1, 2026-12-01 and 1 other date: in the future",
        ]
        lines = [TherapyLine(["sorafenib"], 0), TherapyLine(["lenvatinib"], 45000)]
        patient = Patient("P", [], [], lines, death=45000, last_contact=45002)
        start = "start of line 2, 45000 and 1 other date: hardly"
        assert [note.what[: len(start)] for note in told(patient)] == [start]
        assert told(Patient("P", [], [], [])) == []

    def test_clock(self) -> None:
        """Without a day given, today is the clock's."""
        day = datetime.date.today()
        for ahead, noted in ((0, False), (40, True)):
            first = day + datetime.timedelta(ahead)
            patient = Patient("P", [], [Timepoint(first, [])], [])
            assert bool(assess(patient).notes) is noted


@pytest.mark.parametrize(
    ("agent", "meant"),
    [
        ("sorafenib", None),
        (" NEXAVAR ", None),
        ("Sorafenib 400 mg", None),
        ("TACE", None),
        ("line 1", None),
        ("line 2", "an agent of its own, as written"),
        ("sorafnib", "sorafenib"),
        ("Nexavr", "sorafenib"),
        ("resecton", "resection"),
        ("namodenoson", "an agent of its own, as written"),
    ],
)
def test_agents(agent: str, meant: str | None) -> None:
    """An agent that is no known drug or procedure; without one a line is called by its number."""
    what = f"line of 0: agent {agent!r} is no known drug or procedure; probably meant: {meant}"
    assert one(agent=agent) == ([what] if meant else [])


class TestVerdicts:
    """A verdict reported on a baseline is not used."""

    def noted(self, *starts: int, reported: Sequence[str | None]) -> list[str]:
        timepoints = [
            Timepoint(60 * i, [Finding("A", viable_mm=20)], reported=word)
            for i, word in enumerate(reported)
        ]
        lines = [TherapyLine(["sorafenib"], start) for start in starts]
        return [note.what for note in told(Patient("P", [NODULE], timepoints, lines))]

    def test_each(self) -> None:
        """On the baseline alone, not on what follows or went before."""
        what = "time point 60: the reported SD is not used, as the time point is the baseline of"
        assert self.noted(60, reported=["PR", "SD", "PD"]) == [f"{what} line 1"]
        assert self.noted(60, reported=["PR", None, "PD"]) == []
        assert self.noted(-1, reported=["PR"]) == []

    def test_lines(self) -> None:
        """Not where the baseline is a follow-up of an earlier line; once for two lines."""
        assert self.noted(0, 60, reported=[None, "SD"]) == []
        what = "time point 0: the reported CR is not used, as the time point is the baseline of"
        assert self.noted(0, 10, reported=["CR", None]) == [f"{what} line 1"]


class TestIds:
    """Ids that differ only by case, space or encoding."""

    def test_lesions(self) -> None:
        """One note a group, ids in order."""
        names = ["S8", "T 1", "s8", "t1", "S 8", "PV"]
        lesions = [Lesion(name, "lung", "nodule") for name in names]
        what = [note.what for note in told(Patient("P", lesions, [], []))]
        assert what == [
            "lesions 'S 8', 'S8' and 's8' differ only by case, space or encoding",
            "lesions 'T 1' and 't1' differ only by case, space or encoding",
        ]

    def test_similar(self) -> None:
        """Places of like texts; none where all differ."""
        assert similar(["a", "b", "A", " B", "c"]) == [[0, 2], [1, 3]]
        assert similar(["a", "b"]) == similar([]) == []
        numbers = ["007", "7", "0x7", "x7", "x07", "\uff17", "70", "00", "0"]
        assert similar(numbers) == [[1, 5]]
        assert similar(numbers, of_numbers=True) == [[0, 1, 5], [7, 8]]

    @pytest.mark.parametrize(
        "other",
        ["s8", " S8", "S 8", "S8\u00a0", "S\u200b8", "S\u00ad8", "\ufeffS8", "\uff338", "S\uff18",
         "S8\u200e", "S8\ufe0f", "S\u034f8", "S\u30008", "S8\x00"],
        ids=ascii,
    )  # fmt: skip
    def test_looks(self, other: str) -> None:
        """Whatever nobody sees, and however letters are encoded; at each door."""
        assert similar(["S8", "x", other]) == [[0, 2]]
        assert similar(["\u00c4", "a\u0308"]) == [[0, 1]]
        assert similar(["S8", "S\u0412", "S-8", "S_8", "S8."]) == []
        lesions = [Lesion("S8", "lung", "nodule"), Lesion(other, "lung", "nodule")]
        codes = [note.code for note in told(Patient("P", lesions, [], []))]
        assert codes == ["SIMILAR_IDS"]
        cohort = {"patient": ["S8", "S8", other], "date": [0] * 3, "lesion": ["S8", other, "x"],
                  "viable_mm": [20] * 3}  # fmt: skip
        found = mrecist.assess_cohort(cohort, errors="collect").notes["code"].tolist()
        if other == other.strip():
            assert found == ["SIMILAR_IDS", "SIMILAR_PATIENTS"]
        else:  # tables drop the space around an id, so that it is the same one
            assert "SIMILAR_IDS" not in found
        assert listed(["a", "b", "c"]) == "'a', 'b' and 'c'"


class TestTable:
    """The table of kinds."""

    def test_order(self) -> None:
        """Notes come in the order of the table."""
        lesions = [Lesion("A", "segment 8", "nodule"), Lesion("a", "liver", "nodule")]
        timepoints = [
            Timepoint(45000, [Finding("a", longest_mm=40)], reported="SD"),
            Timepoint(45100, [Finding("a", longest_mm=4)]),
        ]
        found = told(Patient("P", lesions, timepoints, [TherapyLine(["x"], 45000)]))
        codes = [note.code for note in found]
        assert len(codes) == 7
        assert codes == sorted(codes, key=list(NOTES).index)

    def test_strings(self) -> None:
        """An assessment gives them as sentences."""
        patient = Patient("P", [NODULE, Lesion("a", "lung", "node")], [], [])
        sentence = "lesions 'A' and 'a' differ only by case, space or encoding"
        assert assess(patient).notes == (f"{sentence}; probably meant: one lesion, under one id",)

    @pytest.mark.parametrize("code", NOTES)
    def test_kinds(self, code: str) -> None:
        """Each kind has a code in capitals, a sentence, and what is meant."""
        kind = NOTES[code]
        assert code == kind.code
        assert re.fullmatch("[A-Z_]+", code)
        names = dict.fromkeys(re.findall(r"{(\w+)}", kind.what + kind.meant), "x")
        assert "{" not in str(kind.note(**names))

    def test_command(self, capsys: pytest.CaptureFixture[str]) -> None:
        """`mrecist rules --notes` prints every kind."""
        assert main(["rules", "--notes"]) == 0
        printed = capsys.readouterr().out
        assert printed == "\n\n".join(map(str, NOTES.values())) + "\n"
        assert (
            "SIMILAR_IDS, of a chart\n  lesions {ids} differ only by case, space or encoding\n"
            in printed
        )
        assert "LOOKS_LIKE_CM, of a table\n" in printed


class TestLimits:
    """What is taken as likely, one step either side of every line."""

    def test_factor(self) -> None:
        """A factor of 8 to 12, either way."""
        for one_um, other_um, near in (
            (1000, 8000, 1),
            (1000, 7999, 0),
            (1000, 12000, 1),
            (1000, 12001, 0),
            (1000, 1000, 0),
        ):
            assert about_tenfold(one_um, other_um) == near == about_tenfold(other_um, one_um)

    def test_small(self) -> None:
        """Below 10 mm, and a fifth of the others or less."""
        assert (is_small(9_999), is_small(10_000)) == (True, False)
        assert is_scaled_down(8_000, 40_000)
        assert not is_scaled_down(8_001, 40_000)
        assert is_scaled_down(9_999, 90_000)
        assert not is_scaled_down(10_000, 90_000)

    def test_days(self) -> None:
        """Days of spreadsheets count from the end of 1899."""
        days = (39_999, 40_000, 60_000, 60_001)
        assert [bool(is_spreadsheet_day(day)) for day in days] == [False, True, True, False]
        assert spreadsheet_date(45_294) == datetime.date(2024, 1, 3)
        first = datetime.date(1990, 1, 1).toordinal()
        assert (is_early(first - 1), is_early(first)) == (True, False)
        assert (is_future(5, 5), is_future(6, 5)) == (False, True)

    def test_agent(self) -> None:
        """The closest name, if any is close."""
        assert agent_meant("lenvatinb ") == "lenvatinib"
        assert agent_meant("xyz") == "an agent of its own, as written"
