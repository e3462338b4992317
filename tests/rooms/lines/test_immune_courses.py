"""One patient timed by criteria of immunotherapy: `course`, and the command of that name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mrecist import (
    Finding,
    ImmuneTimes,
    Lesion,
    Patient,
    TherapyLine,
    Timepoint,
    assess,
    assess_cohort,
    compare_policies,
    course,
    exposures_by_agent,
    sequence_text,
    time_to_untreatable,
    viable_volumes,
)
from mrecist._base.words import PendingIs
from mrecist.cli.parser import main
from mrecist.documents.case import to_case
from mrecist.endpoints.definitions import TIMES
from mrecist.lines.immune_timing import immune_times
from mrecist.rulebook.policies import FDA_A

LINES = [TherapyLine(["nivolumab"], 0)]


def chart(*scans: tuple[int, int], lines: Any = LINES, **more: Any) -> Patient:
    """A patient with one target: day and longest diameter at each scan."""
    timepoints = [Timepoint(day, [Finding("T", longest_mm=size)]) for day, size in scans]
    lesions = [Lesion("T", "liver", "nodule")]
    return Patient("P", lesions=lesions, timepoints=timepoints, lines=lines, **more)


CONFIRMED = ((0, 100), (56, 125), (84, 131))
CLEARED = ((0, 100), (56, 125), (84, 118), (112, 60))
PENDING = ((0, 100), (56, 125))
STILL = ((0, 100), (56, 125), (84, 126))


def progressed(patient: Patient, name: str = "ttp", **more: Any) -> tuple[int, bool]:
    found = immune_times(assess(patient, criteria="irecist"), FDA_A, **more).lines[0].times[name]
    return found.days, found.event


class TestTimes:
    """A confirmed progression is dated to the first scan of the unconfirmed one (RD-IR-DAY)."""

    def test_days(self) -> None:
        assert progressed(chart(*CONFIRMED)) == (56, True)
        assert progressed(chart(*CLEARED)) == (112, False)
        assert progressed(chart(*PENDING)) == (56, True)
        assert progressed(chart(*STILL)) == (56, False)
        assert progressed(chart(*STILL, death=99)) == (56, True)
        stopped = [TherapyLine(["nivolumab"], 0, stop=90)]
        assert progressed(chart(*STILL, lines=stopped)) == (56, True)

    @pytest.mark.parametrize("scans", [PENDING, STILL])
    def test_pending(self, scans: tuple[tuple[int, int], ...]) -> None:
        assert progressed(chart(*scans), pending=PendingIs.EVENT) == (56, True)
        assert progressed(chart(*scans), pending=PendingIs.CENSORED) == (56, False)

    def test_refuted(self) -> None:
        """By imRECIST the first PD that no later scan refutes counts."""
        cleared = course(assess(chart(*CLEARED), criteria="imrecist"))
        assert (cleared.lines[0].times["ttp"].days, cleared.lines[0].times["ttp"].event) == (
            112,
            False,
        )
        assert "progression is one that no later scan refutes" in str(cleared)

    def test_text(self) -> None:
        found = course(assess(chart(*CONFIRMED), criteria="irecist"), "ema-itt")
        assert isinstance(found, ImmuneTimes)
        assert repr(found) == "<ImmuneTimes P by ema-itt: 1 lines>"
        assert repr(found.lines[0]) == "<ImmuneLineTimes 1 nivolumab>"
        head, told, empty, columns, row, *_, why = str(found).splitlines()
        assert head == "P, iRECIST (Seymour 2017)"
        assert told.endswith("progression is what was confirmed; pending at the end: by course")
        assert not empty
        assert columns.split()[:4] == ["line", "agents", "best", "confirmed"]
        assert row.split()[:4] == ["1", "nivolumab", "iCPD", "iCPD"]
        assert why.startswith("line 1  PFS: progression on day 56 [")
        assert "<table" in found._repr_html_()
        assert found.lines[0].number == 1

    def test_others(self) -> None:
        """Policies are compared as they are of any course."""
        told = compare_policies(assess(chart(*CONFIRMED), criteria="irecist"))
        assert told == "the policies agree on every time of every line"

    def test_reported(self) -> None:
        """A reported verdict stands for a baseline in the sentences too (K3)."""
        words = [None, "iSD", "NE"]
        timepoints = [
            Timepoint(day, [], reported=said and {"irecist": said})
            for day, said in zip((0, 56, 84), words, strict=True)
        ]
        patient = Patient("P", lesions=[], timepoints=timepoints[1:], lines=LINES)
        reason = course(assess(patient, criteria="irecist")).lines[0].times["pfs"].reason
        plain = [Timepoint(each.date, []) for each in timepoints[1:]]
        bare = Patient("P", lesions=[], timepoints=plain, lines=LINES)
        other = course(assess(bare, criteria="irecist")).lines[0].times["pfs"].reason
        assert "no baseline" not in reason
        assert "no baseline" in other


class TestInstead:
    """What does not take such an assessment says what to give instead."""

    def test_functions(self) -> None:
        found: Any = assess(chart(*CONFIRMED), criteria="irecist")
        told = (
            "got ImmuneAssessment; give assess\\(\\) the criteria beneath, .*mrecist.course\\(\\)"
        )
        for function in (time_to_untreatable, sequence_text, exposures_by_agent, viable_volumes):
            with pytest.raises(TypeError, match=told):
                function(found)

    def test_figures(self) -> None:
        pytest.importorskip("matplotlib")
        from mrecist import plots

        found: Any = assess(chart(*CONFIRMED), criteria="irecist")
        table = {"patient": ["P"], "date": [0], "lesion": [None]}
        cohort: Any = assess_cohort(table, criteria="irecist")
        for figure in (plots.waterfall, plots.course, plots.forest):
            with pytest.raises(TypeError, match="got ImmuneAssessment; give assess"):
                figure(found)
        with pytest.raises(TypeError, match="got ImmuneResponses; give what assess_cohort"):
            plots.course(cohort)
        with pytest.raises(TypeError, match="got ImmuneAssessment; give assess"):
            plots.swimmer([found])

    def test_kaplan_meier(self) -> None:
        """Curves are of the times by what was confirmed."""
        pytest.importorskip("matplotlib")
        from mrecist import plots

        days, sizes = zip(*CONFIRMED, strict=True)
        table = {"patient": ["P"] * 3, "date": list(days), "lesion": ["T"] * 3,
                 "longest_mm": list(sizes)}  # fmt: skip
        responses = assess_cohort(table, criteria="irecist")
        found = plots.kaplan_meier_data(responses, "ttp")["groups"]
        assert (found["events"].tolist(), found["median_days"].tolist()) == ([1], [56.0])
        assert plots.kaplan_meier(responses).get_ylabel().startswith("progression")


class TestCommand:
    def test_course(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        case = tmp_path / "case.json"
        case.write_text(json.dumps(to_case(chart(*CONFIRMED))), "utf-8")
        assert main(["course", str(case), "--criteria", "irecist"]) == 0
        assert "progression on day 56 [TTE-FDA-02]" in capsys.readouterr().out


SIZES = st.lists(
    st.tuples(st.integers(20, 70), st.sampled_from([None, 0, 60, 80, 100, 119, 120, 125, 131])),
    max_size=6,
)
SAID = st.sampled_from([None, None, None, "iPR", "iUPD", "iCPD"])


class TestOfCohorts:
    """One patient is timed as the same patient is in a cohort."""

    @given(
        SIZES,
        st.lists(SAID, min_size=6, max_size=6),
        st.sampled_from(PendingIs),
        st.sampled_from(["irecist", "imrecist"]),
        st.booleans(),
    )
    @settings(deadline=None)
    def test_same(
        self, scans: Any, said: Any, pending: PendingIs, criteria: str, stops: bool
    ) -> None:
        days, day = [0], 0
        for gap, _ in scans:
            day += gap
            days.append(day)
        sizes = [100, *(size for _, size in scans)]
        words = [None, *said]
        timepoints, rows = [], []
        for each, size, word in zip(days, sizes, words, strict=False):
            findings = [] if size is None else [Finding("T", longest_mm=size)]
            timepoints.append(Timepoint(each, findings, reported=word and {"irecist": word}))
            rows.append((each, None if size is None else "T", size, word))
        line = TherapyLine(["nivolumab"], 0, stop=max(days) if stops else None)
        patient = Patient(
            "P", lesions=[Lesion("T", "liver", "nodule")], timepoints=timepoints, lines=[line]
        )
        table = {"patient": ["P"] * len(rows), "date": days, "lesion": [row[1] for row in rows],
                 "longest_mm": [row[2] for row in rows],
                 "reported:irecist": [row[3] for row in rows]}  # fmt: skip
        lines = {"patient": ["P"], "start": [0], "stop": [line.stop], "agents": ["nivolumab"]}
        cohort = assess_cohort(table, lines, criteria=criteria).endpoints(pending=pending).table
        found = immune_times(assess(patient, criteria=criteria), FDA_A, pending).lines[0].times
        for name in TIMES:
            own = (cohort[f"{name}_days"][0], cohort[f"{name}_event"][0], cohort[f"{name}_rule"][0])
            if name in found:
                assert own == (found[name].days, found[name].event, found[name].clause.id)
            else:
                assert own[2] is None
