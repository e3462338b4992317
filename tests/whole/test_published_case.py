"""The published case (Ikeda 2021): what the report says, and what the rules make of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest

import mrecist
from mrecist import Problem

CASE = mrecist.example_case("ikeda-2021")
ASSESSMENT = mrecist.assess(CASE)
LINES = ASSESSMENT.lines

STANDING = re.compile(r"\b(stated|reconstructed|inferred)\b")


def texts() -> Iterator[tuple[str, str]]:
    """Every free text of the case, with its place."""
    yield from ((f"lesion {each.id}", str(each.label)) for each in CASE.lesions)
    yield from ((f"time point {each.date}", str(each.note)) for each in CASE.timepoints)
    for number, line in enumerate(CASE.lines, 1):
        yield from ((f"line {number}, dose {dose.date}", dose.text) for dose in line.doses)
    for i, done in enumerate(CASE.procedures):
        yield f"procedure {i}, day {done.date}", str(done.text)
    yield from ((f"event {i}, day {each.date}", each.text) for i, each in enumerate(CASE.events))


class TestFacts:
    """What the case says of itself."""

    @pytest.mark.parametrize(("place", "text"), list(texts()))
    def test_standing(self, place: str, text: str) -> None:
        """Every fact says whether it is stated, reconstructed or inferred."""
        assert STANDING.search(text), place

    def test_no_refusal(self) -> None:
        """Ramucirumab was not given, twice; nobody refused it."""
        document = json.dumps(mrecist.to_case(CASE))
        assert document.count("ramucirumab") == document.count("ramucirumab not given") == 2
        assert "refus" not in document

    def test_history(self) -> None:
        """Partial resection with ablation, two recurrences, each ablated."""
        before = [
            (each.date, str(each).partition(" (")[0])
            for each in CASE.procedures
            if isinstance(each.date, int) and each.date < 0
        ]
        assert before == [
            (-1309, "resection: partial, of the liver"),
            (-1309, "RFA: with the resection"),
            (-578, "RFA: of the first recurrence"),
            (-213, "RFA: of the second recurrence"),
        ]
        assert "moderately differentiated, with steatohepatitis" in CASE.events[0].text

    def test_doses(self) -> None:
        """Increases of dose are dated by when they had happened."""
        told = [
            [(dose.date, dose.text.partition(" (")[0]) for dose in line.doses]
            for line in CASE.lines[1:3]
        ]
        assert told == [
            [(112, "400 mg/day"), (204, "800 mg/day by day 204")],
            [(264, "80 mg/day, 21 days on and 7 off"), (355, "160 mg/day by day 355")],
        ]

    def test_no_notes(self) -> None:
        """Nothing of it is probably meant otherwise than it is read."""
        assert ASSESSMENT.notes == ()


class TestVerdicts:
    """VEC-SEED-1 to 5: line by line the verdicts of the authors, and why."""

    def test_verdicts(self) -> None:
        """Where the report has a verdict it is the response; where it has none there is none."""
        told = [[(t.date, str(t.response), t.source, str(t.computed)) for t in line.timepoints]
                for line in LINES]  # fmt: skip
        assert told == [
            [(91, "PD", "computed", "PD")],
            [(204, "PR", "reported", "NE"), (264, "PD", "computed", "PD")],
            [
                (386, "NE", "computed", "NE"),
                (447, "PD", "computed", "PD"),
                (470, "PD", "computed", "PD"),
            ],
            [(506, "PR", "reported", "NE")],
            [(597, "NE", "computed", "NE")],
        ]
        assert all(t.agrees is not False for line in LINES for t in line.timepoints)
        assert [str(line.best_response) for line in LINES] == ["PD", "PR", "PD", "PR", "NE"]
        confirmed = [str(line.confirmed_best_response) for line in LINES]
        assert confirmed == ["PD", "SD", "PD", "NE", "NE"]

    def test_progressions(self) -> None:
        dates = [None if line.progression is None else line.progression.date for line in LINES]
        assert dates == [91, 264, 447, None, None]

    def test_drained_effusion(self) -> None:
        """An effusion that was drained shows no response; that it grows again is progression."""
        response, progression = LINES[1].timepoints
        assert response.problems & Problem.TREATED_ON_STUDY
        told = mrecist.explain(ASSESSMENT, date=204)
        assert "EFF (non-target): not evaluable (treated on day 112 (drainage)" in told
        assert "LUNG, EFF recorded as progressed" in str(progression.reasons)

    def test_lung_shrank(self) -> None:
        """Regorafenib: the lung shrank, the effusion is not mentioned, so NE; all of it is told."""
        told = " ".join(mrecist.explain(ASSESSMENT, line=3).split())
        assert "earlier follow-ups not evaluable: day 386 (EFF)" in told
        assert "remark: lung metastases shrunk (stated, " in told
        assert "no verdict is stated, and the effusion is not mentioned" in told
        assert "REG PD (NE before)" in mrecist.sequence_text(ASSESSMENT)

    def test_resected_dissemination(self) -> None:
        """Resected between lines 3 and 4 it plays no part in the lines; what was left does."""
        (done,) = (each for each in CASE.procedures if each.lesions == ("DIS",))
        assert (done.date, done.kind) == (456, "resection")
        for line in LINES[3:]:
            assert "DIS" not in line.targets + line.nontargets
            assert {"MED", "AX", "PER"} <= set(line.nontargets)


class TestFigure:
    """The figure of its course."""

    def test_key(self) -> None:
        """Events and procedures are numbered together; a text without room drops its brackets."""
        pytest.importorskip("matplotlib")
        axes = mrecist.plots.course(ASSESSMENT).figure.axes
        (key,) = (each for each in axes if each.get_label() == "key")
        told = [text.get_text() for text in key.texts]
        assert "day 112: drainage of EFF: thoracic" in told
        assert "day 456: resection of DIS: with all drugs off (stated; day inferred)" in told
        assert "day 450: ileus, and ramucirumab not given because of it" in told
        assert told[told.index("16") + 1].startswith("day 597: last imaging")
        (events,) = (each for each in axes if each.get_label() == "events")
        assert {"\u20391\u20135", "7", "8", "12"} <= {text.get_text() for text in events.texts}
