"""How sure is this PR? Re-readings against closed forms, published figures and `assess`."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Sequence
from statistics import NormalDist
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import assume, given, settings
from support.profiles import thorough_only

import mrecist
from mrecist import (
    MRECIST,
    RECIST_1_1,
    CohortError,
    Finding,
    Lesion,
    NotThereError,
    Patient,
    Procedure,
    TherapyLine,
    Timepoint,
    assess,
)
from mrecist.cohort.one_patient import patient_of
from mrecist.robustness import copies, rereading
from mrecist.robustness.answer import PRESETS, ReaderVariability, how_sure
from mrecist.testing.strategies import case_documents

PHI = NormalDist().cdf
RESPONSES = [str(response) for response in mrecist.Response]


def error(**how: Any) -> ReaderVariability:
    """An error model for a test."""
    return ReaderVariability(name="test", figure="none", **how)


NONE = error(log_sd=0)


def chart(*sizes: float | Sequence[float], patient: str = "P", **named: Any) -> Patient:
    """One line whose time points, 60 days apart, hold viable sizes of liver nodules A, B, ..."""
    rows = [[each] if isinstance(each, (int, float)) else list(each) for each in sizes]
    ids = "ABCDEFG"[: max(map(len, rows))]
    timepoints = [
        Timepoint(60 * i, [Finding(x, viable_mm=mm) for x, mm in zip(ids, row, strict=False)])
        for i, row in enumerate(rows)
    ]
    lesions = [Lesion(x, "liver", "nodule") for x in ids]
    return Patient(patient, lesions, timepoints, [TherapyLine(["x"], 0, **named)])


def table(*rows: tuple[Any, ...]) -> dict[str, list[Any]]:
    """Findings from (patient, date, lesion, viable_mm)."""
    names = ("patient", "date", "lesion", "viable_mm")
    return {name: list(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}


def near(share: float, draws: int) -> Any:
    """A share as it comes out of draws: within five standard errors and a thousandth."""
    return pytest.approx(share, abs=5 * math.sqrt(share * (1 - share) / draws) + 0.001)


FALLS = (0, -20, -25, -35, -40)
RISES = (0, 10, 15, 25, 30)
CLOSED = {
    0.04: ((0.000, 0.009, 0.111, 0.905, 0.997), (0.001, 0.062, 0.226, 0.765, 0.921)),
    0.058: ((0.000, 0.052, 0.200, 0.817, 0.970), (0.013, 0.144, 0.302, 0.691, 0.835)),
    0.07: ((0.000, 0.089, 0.243, 0.773, 0.940), (0.033, 0.190, 0.334, 0.660, 0.791)),
    0.086: ((0.002, 0.136, 0.285, 0.729, 0.898), (0.067, 0.237, 0.363, 0.631, 0.745)),
    0.18: ((0.081, 0.300, 0.393, 0.615, 0.728), (0.237, 0.366, 0.434, 0.564, 0.623)),
    0.26: ((0.166, 0.358, 0.426, 0.580, 0.662), (0.310, 0.406, 0.454, 0.544, 0.586)),
}
"""By the error of a reading: how often a fall of 30 % and a rise of 20 % is read, by the truth."""


class TestClosedForm:
    """One lesion, one follow-up: the change has the log-SD of one reading times the root of two."""

    @pytest.mark.parametrize("sd", CLOSED)
    def test_table(self, sd: float) -> None:
        """The closed-form check values of the specification, section 9.3."""
        draws = 40_000
        changes = (*FALLS, *RISES)
        rows = [
            (p, day, "A", 50 + day * 0.5 * change)
            for p, change in enumerate(changes)
            for day in (0, 1)
        ]
        found = how_sure(table(*rows), error=error(log_sd=sd), draws=draws).timepoints
        told = [*found["PR"][: len(FALLS)], *found["PD"][len(FALLS) :]]
        for share, closed in zip(told, (*CLOSED[sd][0], *CLOSED[sd][1]), strict=True):
            assert share == near(closed, draws)

    def test_exact(self) -> None:
        """The same from the normal distribution, closer."""
        draws = 200_000
        found = how_sure(chart(50, 36), error=error(log_sd=0.18), draws=draws).timepoints
        assert found["PR"][0] == near(PHI(math.log(0.7 / 0.72) / (0.18 * math.sqrt(2))), draws)
        assert found["PD"][0] == near(PHI(-math.log(1.2 / 0.72) / (0.18 * math.sqrt(2))), draws)

    @pytest.mark.parametrize("rho", [0.0, 0.5, 0.9])
    def test_rho(self, rho: float) -> None:
        """Correlated readings differ by the root of 2 (1 - rho)."""
        draws = 40_000
        found = how_sure(chart(50, 36), error=error(log_sd=0.18), draws=draws, rho=rho).timepoints
        sd = 0.18 * math.sqrt(2 * (1 - rho))
        assert found["PR"][0] == near(PHI(math.log(0.7 / 0.72) / sd), draws)

    @pytest.mark.parametrize("name", ["mrecist_nonexpert", "repeat_scan_heavy"])
    @pytest.mark.parametrize(("now", "response"), [(34.5, "PR"), (35.5, "SD"), (60.5, "PD")])
    def test_rho_near_one(self, name: str, now: float, response: str) -> None:
        """With rho near 1 a lesion is read too large or too small alike: no percentage moves."""
        found = how_sure(chart(50, now), error=name, draws=2_000, rho=1 - 1e-12).timepoints
        assert found[response].tolist() == [1.0]

    def test_lesions_are_independent(self) -> None:
        """Errors of lesions are independent: the total of two equal ones is known better."""
        draws = 40_000
        one = how_sure(chart(100, 77), error=error(log_sd=0.05), draws=draws).timepoints
        two = how_sure(
            chart([50, 50], [38.5, 38.5]), error=error(log_sd=0.05), draws=draws
        ).timepoints
        assert one["PR"][0] == near(PHI(math.log(0.7 / 0.77) / (0.05 * math.sqrt(2))), draws)
        assert two["PR"][0] == pytest.approx(PHI(math.log(0.7 / 0.77) / 0.05), abs=0.006)

    def test_nadir(self) -> None:
        """The nadir is a minimum of noisy values: progression is over-called in time."""
        found = how_sure(chart(*[50] * 6), error="independent_recist").timepoints["PD"]
        assert found[0] == near(0.067, 10_000)
        assert (np.diff(found) > 0).all()


class TestPublished:
    """The presets give back the figures that they stand on."""

    @pytest.mark.parametrize(
        ("name", "id", "shares"),
        [
            ("same_reader_recist", "VAR-Y2", [0.06]),
            ("independent_recist", "VAR-Y1", [0.086]),
            ("node_short_axis", "VAR-MC", [0.033, 0.02]),
            ("mrecist_nonexpert", "VAR-BE", [0.18]),
            ("mrecist_nonexpert_high", "VAR-BE", [0.26]),
        ],
    )
    def test_scales(self, name: str, id: str, shares: list[float]) -> None:
        """The error of a reading is that of the id which its source names."""
        preset = PRESETS[name]
        assert str(preset.source).partition(" [")[0].endswith(id)
        assert [sd for _, sd in preset.log_sd or ()] == shares

    def test_repeat_scan(self) -> None:
        """VAR-OX: 84 % of same-day differences within 10 %, about 3 % of 20 % growth or more.

        They are differences of two readings (RD-REPEAT-SCALE).
        """
        draws = 100_000
        tenth = attrs.evolve(MRECIST, name="tenth", response_share="1/10", progression_share="1/10")
        same = chart(50, 50)
        within = how_sure(same, error="repeat_scan_heavy", draws=draws, criteria=tenth).timepoints
        assert within["SD"][0] == pytest.approx(0.84, abs=0.01)
        grown = how_sure(same, error="repeat_scan_heavy", draws=draws).timepoints["PD"][0]
        assert 0.015 < grown < 0.03
        normal = error(log_sd=0.071 / math.sqrt(2))
        assert how_sure(same, error=normal, draws=draws).timepoints["PD"][0] < grown / 2

    def test_additive(self) -> None:
        """VAR-CH-I: the total of the targets carries exactly 10 mm, whatever lesions share it."""
        draws = 40_000
        closed = PHI(-10 / (10 * math.sqrt(1 + 0.7**2)))
        for then, now in (([100], [80]), ([70, 30], [50, 30])):
            patient = chart(then, now)
            found = how_sure(patient, error="mrecist_tace_additive", draws=draws).timepoints
            assert found["PR"][0] == near(closed, draws)

    def test_additive_floor(self) -> None:
        """A total of 10 mm is read as nothing in about one of six."""
        draws = 40_000
        patient = chart(100, 10)
        found = how_sure(patient, error="mrecist_tace_additive", draws=draws).timepoints
        assert found["CR"][0] == near(PHI(-1), draws)

    def test_additive_two_lines(self) -> None:
        """A scan that enters the totals of two lines gives the larger of them its whole error."""
        seen = [
            Timepoint(0, [Finding("A", viable_mm=100)]),
            Timepoint(60, [Finding("A", viable_mm=80), Finding("B", longest_mm=20)]),
            Timepoint(120, [Finding("A", viable_mm=60), Finding("B", longest_mm=20)]),
        ]
        lesions = [Lesion("A", "liver", "nodule"), Lesion("B", "lung", "nodule")]
        lines = [TherapyLine(["x"], 0), TherapyLine(["y"], 60)]
        patient = Patient("P", lesions, seen, lines)
        draws = 40_000
        found = how_sure(patient, error="mrecist_tace_additive", draws=draws).timepoints
        assert found["PR"][1] == near(PHI(-10 / (10 * math.sqrt(1 + 0.7**2))), draws)

    @pytest.mark.parametrize(("then", "now", "sd"), [(20, 25, (0.02, 0.02)),
                                                     (20, 14.5, (0.02, 0.02715))])  # fmt: skip
    def test_nodes(self, then: float, now: float, sd: tuple[float, float]) -> None:
        """VAR-MC: the error of a short axis falls from 3.3 % at 10 mm to 2 % at 20 mm."""
        draws = 40_000
        patient = Patient(
            "P",
            [Lesion("N", "node", "node")],
            [Timepoint(d, [Finding("N", short_axis_mm=mm)]) for d, mm in ((0, then), (60, now))],
            [TherapyLine(["x"], 0)],
        )
        spread = math.hypot(*sd)
        response, limit = ("PD", 1.2) if now > then else ("PR", 0.7)
        share = PHI(abs(math.log(limit * then / now)) / spread)
        for how in ({"error": "node_short_axis"}, {"error": NONE, "nodes": "node_short_axis"}):
            found = how_sure(patient, draws=draws, **how).timepoints[response][0]
            assert found == near(share if now > then else 1 - share, draws)

    def test_only_nodes(self) -> None:
        """An error of nodes leaves nodules alone, and `nodes` leaves nodes to it."""
        assert np.isnan(how_sure(chart(50, 36), error="node_short_axis").timepoints["sure"][0])
        assert how_sure(chart(50, 36), error="node_short_axis").timepoints["SD"][0] == 1
        found = how_sure(
            chart(50, 36), error="mrecist_nonexpert", nodes="node_short_axis"
        ).timepoints
        assert 0.3 < found["PR"][0] < 0.6
        both = how_sure(chart(50, 36), error="node_short_axis", nodes="same_reader_recist", draws=9)
        assert both.timepoints["SD"][0] == 1
        said = " ".join(str(both).split())
        assert (
            f"and the diameters of nodes were read again with {PRESETS['node_short_axis']}" in said
        )
        assert f"Nodes apart, with {PRESETS['same_reader_recist']}" in said

    @pytest.mark.parametrize("name", PRESETS)
    def test_anchor(self, name: str) -> None:
        """Every preset says its error, its figure and its source, and every answer says its own."""
        preset = PRESETS[name]
        assert preset.name == name
        assert preset.source is not None
        assert "VAR-" in str(preset)
        assert preset.source.paper.key in str(preset)
        said = " ".join(str(how_sure(chart(50, 30), error=preset, draws=10)).split())
        assert str(preset) in said


class TestKept:
    """What carries no error stays as it was recorded."""

    def seen(self, monkeypatch: pytest.MonkeyPatch, *asked: Any, **how: Any) -> Any:
        """The findings of the copies."""
        reads = []
        plain = copies.assess_read
        monkeypatch.setattr(
            copies,
            "assess_read",
            lambda read, *rest: (reads.append(read), plain(read, *rest))[1],
        )
        how_sure(*asked, **how)
        monkeypatch.undo()
        return reads[0].findings

    def test_zeros_and_words(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Zeros, too small, absent and not evaluable stay; sizes change, and never to zero."""
        said: list[dict[str, Any]] = [
            {"viable_mm": 20, "longest_mm": 30},
            {"viable_mm": 0, "longest_mm": 30},
            {"status": "too small", "viable_mm": 4},
            {"status": "absent", "viable_mm": 0},
            {"status": "not evaluable"},
            {"viable_mm": 0.001},
            {"viable_mm": 1000},
        ]
        timepoints = [Timepoint(day, [Finding("A", **each)]) for day, each in enumerate(said)]
        patient = Patient(
            "P", [Lesion("A", "liver", "nodule")], timepoints, [TherapyLine(["x"], 0)]
        )
        found = self.seen(monkeypatch, patient, error=error(t_scale=0.9, degrees=1), draws=500)
        viable = found.viable_um.reshape(500, -1)
        longest = found.longest_um.reshape(500, -1)
        assert (viable[:, 1] == 0).all()
        assert (viable[:, 2] == 4000).all()
        assert (viable[:, 3] == 0).all()
        assert (viable[:, 4] == -1).all()
        assert viable[:, [0, 5, 6]].min() == 1
        assert viable.max() == 1_000_000
        assert len(np.unique(viable[:, 0])) > 250
        assert (longest[:, 4:] == -1).all()
        status = found.status.reshape(500, -1)
        assert (status == status[0]).all()

    def test_one_error_a_finding(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Viable and whole diameter of a finding share one error."""
        sizes = {"viable_mm": 20, "longest_mm": 40}
        timepoints = [Timepoint(day, [Finding("A", **sizes)]) for day in (0, 60)]
        patient = Patient(
            "P", [Lesion("A", "liver", "nodule")], timepoints, [TherapyLine(["x"], 0)]
        )
        found = self.seen(monkeypatch, patient, draws=500)
        assert (abs(found.longest_um - 2 * found.viable_um) <= 1).all()

    def test_no_error(self) -> None:
        """Without an error every copy is the chart itself."""
        for name in ("synthetic", "ikeda-2021"):
            patient = mrecist.example_case(name)
            for hold in (False, True):
                found = how_sure(patient, error=NONE, draws=3, hold_targets=hold)
                sure = found.timepoints["sure"]
                assert set(sure[~np.isnan(sure)].tolist()) <= {1.0}
                for word in RESPONSES:
                    told = found.timepoints["response"] == word
                    assert (found.timepoints[word] == told).all()

    def test_no_size(self) -> None:
        """A verdict without a size is not called sure."""
        found = how_sure(mrecist.example_case("ikeda-2021"), draws=10)
        assert np.isnan(found.timepoints["sure"]).all()
        assert np.isnan(found.lines["sure"]).all()
        said = str(found)
        assert "PR*       -     no size to read again" in said
        assert "* as reported" in said
        assert "100 %" not in said

    def test_reported_with_sizes(self) -> None:
        """A reported verdict that stands in is marked."""
        seen = [
            Timepoint(0, [Finding("A", viable_mm=50)]),
            Timepoint(60, [Finding("A", longest_mm=20)], reported="PR"),
        ]
        patient = Patient("P", [Lesion("A", "liver", "nodule")], seen, [TherapyLine(["x"], 0)])
        found = how_sure(patient, draws=10)
        assert found.timepoints["source"].tolist() == ["reported"]
        assert "PR*" in str(found)


class TestTargets:
    """Targets are chosen anew in every copy, or held."""

    def test_held(self) -> None:
        """A lesion of 10.2 mm is too small for a target in some readings, unless it is held."""
        patient = chart(10.2, 10.2)
        word = "NON-CR/NON-PD"
        free = how_sure(patient, error="same_reader_recist").timepoints
        assert free[word][0] == near(PHI(math.log(10 / 10.2) / 0.06), 10_000)
        held = how_sure(patient, error="same_reader_recist", hold_targets=True).timepoints
        assert held[word][0] == 0

    def test_third_lesion(self) -> None:
        """Of three lesions the two largest count: a third of about their size may take a place."""
        patient = chart([30, 29, 28.9], [30, 29, 1])
        held = how_sure(patient, error="same_reader_recist", hold_targets=True).timepoints
        free = how_sure(patient, error="same_reader_recist").timepoints
        assert held["PR"][0] < 0.001
        assert free["PR"][0] > 0.4

    def test_held_nontargets(self) -> None:
        """A node that was normal as recorded becomes no non-target where roles are held."""
        seen = [
            Timepoint(day, [Finding("A", viable_mm=mm), Finding("N", short_axis_mm=axis)])
            for day, mm, axis in ((0, 50, 9.9), (60, 0, 16))
        ]
        lesions = [Lesion("A", "liver", "nodule"), Lesion("N", "node", "node")]
        patient = Patient("P", lesions, seen, [TherapyLine(["x"], 0)])
        assert how_sure(patient, error="node_short_axis").timepoints["PR"][0] > 0.1
        held = how_sure(patient, error="node_short_axis", hold_targets=True).timepoints
        assert held["PR"][0] == 0
        assert held["PD"][0] > 0.1

    def test_held_cohort(self) -> None:
        """Roles are held patient by patient, line by line."""
        rows = [(p, day, x, mm) for p in range(30) for day in (0, 60)
                for x, mm in ((f"{p}A", 30 + p), (f"{p}B", 10.1), (f"{p}C", 10.2))]  # fmt: skip
        lines = {"patient": [p for p in range(30) for _ in "ab"], "start": [0, 60] * 30}
        found = how_sure(table(*rows), lines, error=NONE, draws=40, hold_targets=True)
        assert (found.timepoints["sure"] == 1).all()


class TestAgreement:
    """A copy is judged as `assess` judges the chart that it stands for."""

    @given(case_documents())
    @settings(max_examples=max(settings().max_examples // 2, 1))
    def test_as_recorded(self, document: dict[str, Any]) -> None:
        """Without an error the answer is that of `assess`, whatever the chart holds."""
        patient = mrecist.from_case(document)
        try:
            found = how_sure(patient, error=NONE, draws=2)
        except CohortError:  # a line names a lesion that no time point records, or it has parts
            recorded = {f.lesion for t in patient.timepoints for f in t.findings}
            named = {
                x for line in patient.lines for x in (line.targets or ()) + (line.nontargets or ())
            }
            named |= {each.part_of for each in patient.lesions if each.part_of is not None}
            assert named - recorded
            assume(False)
        told = assess(patient)
        each = [t for line in told.lines for t in line.timepoints]
        assert found.timepoints["response"].tolist() == [t.response for t in each]
        assert found.timepoints["date"].tolist() == [t.date for t in each]
        assert found.lines["best_response"].tolist() == [line.best_response for line in told.lines]
        for row, timepoint in enumerate(each):
            assert found.timepoints[str(timepoint.response)][row] == 1
        for row, line in enumerate(told.lines):
            assert found.lines[str(line.best_response)][row] == 1
            assert found.lines[f"confirmed_{line.confirmed_best_response}"][row] == 1
        assert str(found).startswith(f"{patient.id}: "[:5])

    def test_treatment_of_the_line(self) -> None:
        """A procedure that is an agent of the line is under test in every copy too."""
        patient = Patient(
            "P",
            [Lesion("A", "liver", "nodule")],
            [Timepoint(day, [Finding("A", viable_mm=30)]) for day in (0, 60)],
            [TherapyLine(["SIRT & RFA"], 1)],
            procedures=[Procedure(10, "RFA", lesions=["A"])],
        )
        assert how_sure(patient, error=NONE, draws=2).timepoints["SD"].tolist() == [1]

    @pytest.mark.parametrize("hold", [False, True])
    @pytest.mark.parametrize("criteria", [MRECIST, RECIST_1_1], ids=lambda each: each.name)
    def test_copies(
        self, monkeypatch: pytest.MonkeyPatch, criteria: mrecist.Criteria, hold: bool
    ) -> None:
        """Copies, written down as charts and judged one by one, come to the same counts."""
        reads = []
        plain = copies.assess_read
        monkeypatch.setattr(
            copies,
            "assess_read",
            lambda read, *rest: (reads.append(read), plain(read, *rest))[1],
        )
        patient = mrecist.example_case()
        draws = 40
        found = how_sure(
            patient,
            draws=draws,
            criteria=criteria,
            hold_targets=hold,
            rho=0.3,
            nodes="repeat_scan_heavy",
        )
        counts = {
            (line.number, t.date.toordinal()): dict.fromkeys(RESPONSES, 0)
            for line in assess(patient).lines
            for t in line.timepoints
        }
        for copy in range(draws):
            for line in assess(patient_of(reads[0], copy), criteria=criteria).lines:
                for timepoint in line.timepoints:
                    counts[line.number, timepoint.date.toordinal()][timepoint.response] += 1
        told = found.timepoints
        for row, (line, date) in enumerate(zip(told["line"], told["date"], strict=True)):
            each = counts[line, date.toordinal()]
            assert {word: round(told[word][row] * draws) for word in RESPONSES} == each


class TestSeeds:
    """The same seed gives the same answer, however the work is divided."""

    ROWS = tuple(
        (f"P{p}", day, x, mm)
        for p, now in enumerate((36, 30, 60, 50, 35.5))
        for day, sizes in ((0, (50, 20)), (60, (now, 20)), (120, (now, 15)))
        for x, mm in zip("AB", sizes, strict=True)
    )

    @staticmethod
    def shares(found: Any) -> Any:
        """Every share that an answer gives, and its rates."""
        names = [name for word in RESPONSES for name in (word, f"confirmed_{word}")]
        rates = [found.rate(), found.rate(confirmed=True)]
        each = [found.timepoints[word].tolist() for word in RESPONSES]
        return each + [found.lines[name].tolist() for name in names] + rates

    @thorough_only
    @pytest.mark.parametrize("how", [{}, {"error": "repeat_scan_heavy", "rho": 0.5},
                                     {"error": "mrecist_tace_additive", "rho": 0.2}])  # fmt: skip
    def test_division(self, monkeypatch: pytest.MonkeyPatch, how: dict[str, Any]) -> None:
        """Blocks of any size, rows in any order."""
        asked = {"draws": 60, "seed": 7} | how
        whole = self.shares(how_sure(table(*self.ROWS), **asked))
        assert whole == self.shares(how_sure(table(*self.ROWS), **asked))
        assert whole != self.shares(how_sure(table(*self.ROWS), **asked | {"seed": 8}))
        for rows in (1, 50, 1000, 5000):
            monkeypatch.setattr(rereading, "MOST_ROWS", rows)
            assert whole == self.shares(how_sure(table(*self.ROWS), **asked))
        shuffled = sorted(self.ROWS, key=lambda row: (row[0], row[2], -row[1]))
        assert whole == self.shares(how_sure(table(*shuffled), **asked))

    @pytest.mark.parametrize("hold", [False, True])
    def test_cohort(self, hold: bool) -> None:
        """A cohort says of each patient what is said of it alone, as rows or as a chart."""
        asked = {"draws": 200, "hold_targets": hold}
        whole = how_sure(table(*self.ROWS), **asked)
        for p in range(5):
            mine = [row for row in self.ROWS if row[0] == f"P{p}"]
            sizes = [[row[3] for row in mine if row[1] == day] for day in (0, 60, 120)]
            for alone in (
                how_sure(table(*mine), **asked),
                how_sure(chart(*sizes, patient=f"P{p}"), **asked),
            ):
                for word in ("sure", *RESPONSES):
                    at = whole.timepoints["patient"] == f"P{p}"
                    assert whole.timepoints[word][at].tolist() == alone.timepoints[word].tolist()
                    at = whole.lines["patient"] == f"P{p}"
                    assert whole.lines[word][at].tolist() == alone.lines[word].tolist()

    def test_patients_differ(self) -> None:
        """Patients with the same sizes have errors of their own."""
        rows = [(p, day, "A", mm) for p in range(6) for day, mm in ((0, 50), (60, 35.5))]
        found = how_sure(table(*rows), draws=1000).timepoints["PR"]
        assert len(set(found.tolist())) > 3


class TestCohort:
    """Rates over the re-readings of a cohort."""

    def cohort(self, count: int = 40) -> dict[str, list[Any]]:
        sizes = [20 + 40 * i / count for i in range(count)]
        return table(
            *[
                (p, day, "A", mm)
                for p, now in enumerate(sizes)
                for day, mm in ((0, 50), (60, now), (120, now))
            ]
        )

    def test_rate(self) -> None:
        """The mean of the rate is the mean of the shares; as recorded is what was recorded."""
        found = how_sure(self.cohort(), draws=2000, error="independent_recist")
        rate = found.rate()
        lines = found.lines
        recorded = np.isin(lines["best_response"], ["CR", "PR"]).mean()
        assert rate.lines == 40
        assert rate.recorded == recorded
        assert rate.mean == pytest.approx((lines["CR"] + lines["PR"]).mean())
        assert rate.low <= rate.mean <= rate.high
        assert rate.low < rate.high
        confirmed = found.rate("CR", mrecist.Response.PR, confirmed=True)
        assert confirmed.mean == pytest.approx(
            (lines["confirmed_CR"] + lines["confirmed_PR"]).mean()
        )
        assert confirmed.mean < rate.mean
        assert confirmed.recorded == np.isin(lines["confirmed_best_response"], ["CR", "PR"]).mean()
        assert str(rate).endswith(f"; with {found.error}")
        assert found.rate("PD").mean == pytest.approx(lines["PD"].mean())

    def test_spread(self) -> None:
        """The spread of the rate is that of independent patients."""
        found = how_sure(self.cohort(), draws=4000)
        share = found.lines["CR"] + found.lines["PR"]
        sd = math.sqrt((share * (1 - share)).sum()) / 40
        rate = found.rate()
        assert (rate.high - rate.low) / 3.92 == pytest.approx(sd, rel=0.15)

    def test_no_error(self) -> None:
        """Without an error the rate is the recorded one in every copy."""
        rate = how_sure(self.cohort(), draws=20, error=NONE).rate()
        assert rate.recorded == rate.low == rate.high == pytest.approx(rate.mean)

    def test_no_such_line(self) -> None:
        """A line that is not there is not there."""
        found = how_sure(self.cohort(3), draws=5)
        with pytest.raises(NotThereError, match="no line 2; lines go up to 1"):
            found.rate(line=2)
        with pytest.raises(ValueError, match=r"responses: each must be one of .*got 'ORR'"):
            found.rate("ORR")

    def test_text(self) -> None:
        """A cohort is told by its rates."""
        said = str(how_sure(self.cohort(), draws=100))
        assert said.startswith("40 patients: HCC mRECIST (Lencioni & Llovet 2010), 100 re-readings")
        assert "unconfirmed: CR+PR 40.0 % as recorded (40 lines); re-read" in said

    def test_frames(self) -> None:
        """Tables of the kind that came in."""
        pandas = pytest.importorskip("pandas")
        found = how_sure(pandas.DataFrame(self.cohort(4)), draws=20)
        assert isinstance(found.timepoints, pandas.DataFrame)
        assert list(found.timepoints["sure"]) == pytest.approx(
            list(how_sure(self.cohort(4), draws=20).timepoints["sure"])
        )

    def test_rare_columns(self) -> None:
        """What is rare goes into every copy: verdicts by criteria, visits, procedures."""
        rows = [
            (p, day, lesion, 30)
            for p in (1, 2)
            for day in (0, 60, 62)
            for lesion in ("A", "B")
            if day != 60 or lesion == "A"
            if day != 62 or lesion == "B"
        ]
        cohort = table(*rows)
        count = len(cohort["patient"])
        cohort["visit"] = [None if day == 0 else "second" for day in cohort["date"]]
        cohort["unmentioned"] = ["unchanged"] * count
        cohort["reported:recist-1.1"] = ["PR" if day == 60 else None for day in cohort["date"]]
        done = {"patient": [2, 2], "date": [30, 31], "kind": ["RFA"] * 2, "lesions": ["A", None]}
        found = how_sure(cohort, procedures=done, draws=50, error=NONE)
        recorded = mrecist.assess_cohort(cohort, procedures=done)
        assert list(found.timepoints["response"]) == list(recorded.timepoints["response"])
        assert list(found.timepoints["sure"]) == [1.0] * len(found.timepoints["sure"])

    def test_mistakes(self) -> None:
        """A mistake in the tables is told as `assess_cohort` tells it."""
        with pytest.raises(CohortError, match="row 1, viable_mm: must be at least 0, got -3"):
            how_sure(table((1, 0, "A", 50), (1, 60, "A", -3)))


class TestText:
    """`str` is what a hepatologist reads: every number with its error and its source."""

    def test_patient(self) -> None:
        """One line, one follow-up."""
        found = how_sure(chart(50, 33, patient="P-001"))
        assert str(found).splitlines() == [
            "P-001: HCC mRECIST (Lencioni & Llovet 2010), 10 000 re-readings",
            "",
            "Line 1: x",
            "  date       response  sure  re-read as",
            *str(found).splitlines()[4:7],
            "",
            *str(found).splitlines()[8:],
        ]
        share = PHI(math.log(0.7 / 0.66) / (0.18 * math.sqrt(2)))
        row = str(found).splitlines()[4]
        assert row.startswith("  60         PR        ")
        assert abs(int(row.split()[2]) - 100 * share) < 3
        assert "standard error at most 0.5 percentage points" in str(found)
        assert "not how likely it is that the tumour responded" in " ".join(str(found).split())
        assert repr(found) == "<Robustness by mrecist, mrecist_nonexpert: 1 patients, 10000 draws>"

    def test_small_shares(self) -> None:
        """A share near nothing or near all is not rounded to it."""
        said = str(how_sure(chart(50, 20), error="independent_recist", draws=5000))
        found = how_sure(chart(50, 50), error=error(log_sd=0.05), draws=5000)
        assert ">99 %" in str(found) or "<1 %" in str(found)
        assert "PR 100 %" in said

    def test_no_line(self) -> None:
        """A chart without a line, without a time point, has nothing to be sure of."""
        patient = Patient("P", [], [], [])
        found = how_sure(patient, draws=5)
        assert len(found.timepoints["sure"]) == 0
        assert str(found).startswith("P: ")
        patient = Patient("P", [], [Timepoint(0, [])], [TherapyLine(["x"], 3)])
        assert "NE" in str(how_sure(patient, draws=5)) or "ND" in str(how_sure(patient, draws=5))


class TestRefused:
    """A bad argument is named, with its value and what would do."""

    @pytest.mark.parametrize(
        ("how", "told"),
        [
            ({"error": "nonexpert"}, "error must be one of .*same_reader_recist.*got 'nonexpert'"),
            ({"error": 0.18}, "error must be one of .* or a ReaderVariability, got 0.18"),
            ({"nodes": "mrecist_tace_additive"}, "nodes must be an error of single diameters"),
            ({"draws": 0}, "draws must be a whole number from 1, got 0"),
            ({"draws": 1.5}, "draws must be a whole number from 1, got 1.5"),
            ({"draws": True}, "draws must be a whole number from 1, got True"),
            ({"seed": -1}, "seed must be a whole number from 0, got -1"),
            ({"rho": 1}, "rho must be a number from 0 to under 1, got 1; with 1, all readings"),
            ({"rho": -0.1}, "rho must be a number from 0 to under 1, got -0.1"),
            ({"rho": float("nan")}, "rho must be a number from 0 to under 1, got nan"),
            ({"rho": "0"}, "rho must be a number from 0 to under 1, got '0'"),
            ({"hold_targets": 1}, "hold_targets must be true or false, got 1"),
            ({"lines": {}}, "lines must be left out for a Patient"),
            ({"procedures": {}}, "procedures must be left out for a Patient"),
            ({"criteria": "recist"}, "criteria must be one of"),
        ],
    )
    def test_arguments(self, how: dict[str, Any], told: str) -> None:
        """The argument, its value, the cure."""
        with pytest.raises(ValueError, match=told):
            how_sure(chart(50, 30), **how)

    @pytest.mark.parametrize(
        ("how", "told"),
        [
            ({}, "give exactly one of log_sd, t_scale and total_sd_mm"),
            ({"log_sd": 0.1, "t_scale": 0.1}, "give exactly one of"),
            ({"log_sd": 18}, "log_sd must be a number from 0 to 1, got 18"),
            ({"log_sd": "0.1"}, "log_sd must be a number or a mapping by size in mm, got '0.1'"),
            ({"log_sd": (1, 2)}, "log_sd must be a number or a mapping by size in mm, got"),
            ({"log_sd": {10: 2}}, "log_sd must be a number from 0 to 1, got 2"),
            ({"log_sd": {}}, "log_sd must be a number or a mapping by size in mm, got {}"),
            ({"t_scale": -1}, "t_scale must be a number from 0 to 1, got -1"),
            ({"t_scale": 0.1, "degrees": 0}, "degrees must be a whole number from 1, got 0"),
            ({"total_sd_mm": 5000}, "total_sd_mm must be a number from 0 to 1000, got 5000"),
        ],
    )
    def test_models(self, how: dict[str, Any], told: str) -> None:
        """An error model that cannot be."""
        with pytest.raises(ValueError, match=told):
            error(**how)

    def test_own_model(self) -> None:
        """A preset with another number is a model of one's own."""
        own = attrs.evolve(PRESETS["node_short_axis"], name="own", log_sd=0.5)
        assert str(own).startswith("a log-normal error of SD 50 % [own: ")
        again = attrs.evolve(PRESETS["node_short_axis"], name="own")
        assert str(again).startswith(
            "a log-normal error of SD 3.3 % at 10 mm and 2 % at 20 mm [own:"
        )


def test_loaded_when_asked_for() -> None:
    """`import mrecist` does not load it."""
    script = "import mrecist, sys; sys.exit('mrecist.robustness.answer' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
