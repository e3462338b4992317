"""iRECIST of one patient: what the worked cases do not show."""

from __future__ import annotations

import json
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import mrecist
from mrecist import (
    CriteriaError,
    Finding,
    ImmuneResponse,
    Lesion,
    NotThereError,
    Patient,
    TherapyLine,
    Timepoint,
    assess,
    compare,
    explain,
)
from mrecist.cli.parser import main

LESIONS = [Lesion("T", "liver", "nodule"), Lesion("N", "lung", "nodule")]
LINE = TherapyLine(["nivolumab"], "2024-01-05")
SEEN_AGAIN: tuple[dict[str, Any] | None, ...] = (
    {"status": "present"}, {"viable_mm": 20}, {"status": "absent"}, {"viable_mm": 0}, None,
    {"status": "not evaluable"},
)  # fmt: skip
"""What a scan may say of a new lesion; the first two show it."""


def patient(*scans: tuple[str, float | None, float | None], **more: object) -> Patient:
    """A patient with a target and a new lesion by their sizes; `None` leaves one out."""
    return Patient(
        "P",
        LESIONS,
        [
            Timepoint(
                date,
                [
                    Finding(name, longest_mm=size)
                    for name, size in (("T", target), ("N", new))
                    if size is not None
                ],
            )
            for date, target, new in scans
        ],
        [LINE],
        **more,  # type: ignore[arg-type]
    )


PSEUDO = patient(("2024-01-03", 60, None), ("2024-02-28", 58, 14), ("2024-04-10", 40, 0))
CONFIRMED = patient(("2024-01-03", 60, None), ("2024-02-28", 80, None), ("2024-04-24", 90, None))


class TestOne:
    """The answer as values."""

    def test_pseudoprogression(self) -> None:
        line = assess(PSEUDO, criteria="irecist").lines[0]
        assert [each.response for each in line.timepoints] == ["iUPD", "iPR"]
        assert (line.best_response, line.progression, line.pending) == ("iPR", None, None)
        assert line.timepoints[0].causes == ("new lesion",)
        assert line.timepoints[1].causes == ()
        assert "new lesion" not in [each.step for each in line.timepoints[1].reasons]

    def test_confirmed(self) -> None:
        """Dated to the first scan, with the day and the reason of the confirmation."""
        line = assess(CONFIRMED, criteria=mrecist.IRECIST).lines[0]
        assert line.progression is not None
        assert (str(line.progression.date), str(line.progression.confirmed)) == (
            "2024-02-28",
            "2024-04-24",
        )
        assert [each.confirmed_by for each in line.timepoints] == [None, "target"]
        assert line.progressed

    def test_silence(self) -> None:
        """A new lesion that nobody mentions is still a sign; one that is gone is none
        (RD-IR-STILL-THERE)."""
        scans = ("2024-01-03", 60, None), ("2024-02-28", 58, 14)
        for later, word in ((None, "iUPD"), (14, "iUPD"), (0, "iSD")):
            line = assess(patient(*scans, ("2024-04-10", 55, later)), criteria="irecist").lines[0]
            assert line.timepoints[1].response == word

    @given(
        between=st.lists(st.tuples(st.sampled_from(SEEN_AGAIN), st.booleans()), max_size=3),
        last=st.sampled_from(SEEN_AGAIN[:2]),
        arterial=st.booleans(),
    )
    def test_seen_again(
        self,
        between: list[tuple[dict[str, Any] | None, bool]],
        last: dict[str, Any],
        arterial: bool,
    ) -> None:
        """Whatever came between, a scan that would detect a new lesion at first shows it again."""
        said: list[tuple[dict[str, Any] | None, bool]] = [
            (None, True),
            ({"viable_mm": 20, "pattern": "typical"}, True),
            *between,
            (last, arterial),
        ]
        scans = [
            Timepoint(
                60 * place,
                [Finding("T", longest_mm=0 if place else 40)]
                + ([] if each is None else [Finding("N", **each)]),
                arterial_phase=phase,
            )
            for place, (each, phase) in enumerate(said)
        ]
        lesions = [Lesion("T", "lung", "nodule"), Lesion("N", "liver", "nodule")]
        found = Patient("P", lesions, scans, [TherapyLine(["nivolumab"], 0)])
        line = assess(found, criteria="imrecist-hcc").lines[0]
        assert line.timepoints[-1].response in ("iUPD", "iCPD")

    def test_over_mrecist(self) -> None:
        """The same confirmation, over viable sizes (RD-IR-OVER-MRECIST)."""
        scans = [(0, 60), (56, 80), (112, 86)]
        grown = Patient(
            "P",
            LESIONS[:1],
            [Timepoint(day, [Finding("T", viable_mm=size, longest_mm=60)]) for day, size in scans],
            [TherapyLine(["nivolumab"], 0)],
        )
        line = assess(grown, criteria="imrecist-hcc").lines[0]
        assert [each.response for each in line.timepoints] == ["iUPD", "iCPD"]
        plain = assess(grown, criteria="irecist").lines[0]
        assert [each.response for each in plain.timepoints] == ["iSD", "iSD"]

    def test_no_line(self) -> None:
        answer = assess(attrs.evolve(PSEUDO, lines=[]), criteria="irecist")
        assert (answer.lines, "no line of therapy" in str(answer)) == ((), True)

    def test_at(self) -> None:
        answer = assess(PSEUDO, criteria="irecist")
        assert answer.at(1, "2024-04-10").response is ImmuneResponse.PR
        assert "iPR" in str(answer.at(1, "2024-04-10"))
        assert [each.lesion for each in answer.at(1, "2024-04-10").lesions] == ["T", "N"]
        for ask in (lambda: answer.at(2, "2024-04-10"), lambda: explain(answer, line=3)):
            with pytest.raises(NotThereError):
                ask()
        assert "2024-04-10" not in explain(answer, line=1, date="2024-02-28")

    def test_shown(self) -> None:
        answer = assess(CONFIRMED, criteria="irecist")
        assert repr(answer) == "<ImmuneAssessment P by irecist: nivolumab iCPD>"
        assert repr(answer.lines[0]) == "<ImmuneLine 1 nivolumab iCPD>"
        assert repr(answer.lines[0].timepoints[0]) == "<ImmuneTimepoint 2024-02-28 iUPD>"
        assert "confirmed on 2024-04-24" in str(answer)
        assert "iCPD" in answer._repr_html_()

    def test_reported(self) -> None:
        """A word with an i answers for iRECIST, and for no other criteria (RD-IR-REPORTED)."""
        said = Patient(
            "P",
            [],
            [Timepoint("2024-01-03", []), Timepoint("2024-03-01", [], reported="iPR")],
            [LINE],
        )
        assert assess(said, criteria="irecist").lines[0].best_response == "iPR"
        assert assess(said, criteria="imrecist-hcc").lines[0].best_response == "iPR"
        assert assess(said).lines[0].timepoints[0].reported is None
        assert mrecist.from_case(mrecist.to_case(said)) == said

    def test_out(self) -> None:
        """Formats that have no code for a word with an i carry its text."""
        said = attrs.evolve(
            PSEUDO, timepoints=[attrs.evolve(each, reported="iPR") for each in PSEUDO.timepoints]
        )
        assert "iPR" in str(mrecist.io.to_fhir(assess(said)))
        assert "iPR" in str(mrecist.io.Study.of_cases([mrecist.to_case(said)]).to_sdtm().rs)

    def test_refused(self) -> None:
        with pytest.raises(ValueError, match=r'"iCPD", got .iMR'):
            Timepoint("2024-03-01", [], reported="iMR")


class TestJoined:
    """imRECIST: new lesions in the total, and progression that a later scan refutes."""

    def test_refuted(self) -> None:
        """The PD stays at its time point, counts as SD, and is no progression (RD-IM-REFUTED)."""
        answer = assess(PSEUDO, criteria="imrecist")
        line = answer.lines[0]
        assert [each.response for each in line.timepoints] == ["PD", "PR"]
        assert [each.total_mm for each in line.timepoints] == [72.0, 40.0]
        assert (line.best_response, line.confirmed_best_response) == ("PR", "SD")
        assert (line.progression, line.pending, line.progressed) == (None, None, False)
        assert line.timepoints[0].causes == ("target",)
        assert line.reasons[-1].rule == "IM-REFUTED"
        assert "progression on" not in str(answer)

    def test_confirmed(self) -> None:
        line = assess(CONFIRMED, criteria=mrecist.IMRECIST).lines[0]
        assert line.progression is not None
        assert (str(line.progression.date), str(line.progression.confirmed)) == (
            "2024-02-28",
            "2024-04-24",
        )
        assert line.reasons[-1].rule == "IM-CONFIRMED"

    def test_last(self) -> None:
        """At the last scan nothing confirms a progression, and it is one."""
        case = patient(("2024-01-03", 60, None), ("2024-02-28", 58, 14))
        answer = assess(case, criteria="imrecist")
        found = answer.lines[0].progression
        assert found is not None
        assert (str(found.date), found.confirmed, found.confirmed_day) == ("2024-02-28", None, None)
        assert "progression on 2024-02-28 (target)" in str(answer)
        assert "confirmed on" not in str(answer)
        written = mrecist.to_assessment(answer)["lines"][0]["progression"]
        assert written == {"date": "2024-02-28", "causes": ["target"], "confirmed": None}

    def test_unseen(self) -> None:
        """A new lesion that has joined is named where the total lacks it."""
        case = patient(("2024-01-03", 60, None), ("2024-02-28", 40, 14), ("2024-04-10", 39, None))
        last = assess(case, criteria="imrecist").lines[0].timepoints[-1]
        assert last.response == "NE"
        assert last.why.startswith(
            "NE. target NE: N not evaluable; the total of the others, 39.0 mm"
        )

    def test_partial(self) -> None:
        """A partial examination is no progression, unless a reader gives it a verdict."""
        case = patient(("2024-01-03", 60, None), ("2024-02-28", 58, None))
        scan = Timepoint("2024-04-10", [Finding("N", status="not evaluable")])
        silent = attrs.evolve(case, timepoints=[*case.timepoints, scan])
        last = assess(silent, criteria="imrecist").lines[0].timepoints[-1]
        assert (last.is_partial, last.problems.words) == (True, ["PARTIAL_EXAMINATION"])
        scan = attrs.evolve(scan, reported={"imrecist": "PD"})
        line = assess(
            attrs.evolve(case, timepoints=[*case.timepoints, scan]), criteria="imrecist"
        ).lines[0]
        assert line.timepoints[-1].problems.words == []
        assert line.progression is not None
        assert line.progression.causes == ("reported",)

    def test_shown(self) -> None:
        answer = assess(CONFIRMED, criteria="imRECIST")
        assert repr(answer) == "<ImmuneAssessment P by imrecist: nivolumab PD>"
        found = compare(PSEUDO, "recist-1.1", "irecist", "imrecist")
        assert [row.responses[2] for row in found.rows] == ["PD", "PR", "PR"]
        with pytest.raises(CriteriaError, match=r"imrecist give totals .*take assess\(\)"):
            mrecist.how_sure(PSEUDO, criteria="imrecist")

    def test_commands(self, tmp_path: object, capsys: pytest.CaptureFixture[str]) -> None:
        path = f"{tmp_path}/case.json"
        with open(path, "w", encoding="utf-8") as file:
            json.dump(mrecist.to_case(PSEUDO), file)
        assert main(["assess", path, "--criteria", "imrecist", "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["lines"][0]["progression"] is None
        assert main(["explain", path, "--criteria", "imrecist"]) == 0
        assert "IM-REFUTED" in capsys.readouterr().out


class TestOthers:
    """Beside the other criteria, never in their place."""

    def test_compare(self) -> None:
        """iUPD agrees with PD, iPR does not."""
        found = compare(PSEUDO, "recist-1.1", "irecist")
        assert [row.differ for row in found.rows] == [False, True, True]
        assert "iPR" in str(found)

    def test_plain_doors(self) -> None:
        """What takes criteria of responses says where these go."""
        with pytest.raises(CriteriaError, match=r"beside recist-1\.1; take assess\(\)"):
            mrecist.how_sure(PSEUDO, criteria="irecist")
        with pytest.raises(CriteriaError, match="the name is taken"):
            mrecist.register(attrs.evolve(mrecist.RECIST_1_1, name="iRECIST"))

    def test_commands(self, tmp_path: object, capsys: pytest.CaptureFixture[str]) -> None:
        """`assess`, `why` and `check` take them."""
        path = f"{tmp_path}/case.json"
        with open(path, "w", encoding="utf-8") as file:
            json.dump(mrecist.to_case(CONFIRMED), file)
        assert main(["assess", path, "--criteria", "irecist", "--json"]) == 0
        document = json.loads(capsys.readouterr().out)
        assert document["lines"][0]["progression"]["confirmed"] == "2024-04-24"
        assert main(["assess", path, "--criteria", "irecist"]) == 0
        assert "iCPD" in capsys.readouterr().out
        assert main(["explain", path, "--criteria", "irecist", "--date", "2024-04-24"]) == 0
        assert "IR-CONFIRM-TARGET" in capsys.readouterr().out
        assert main(["check", path, "--criteria", "irecist"]) in (0, 1)
