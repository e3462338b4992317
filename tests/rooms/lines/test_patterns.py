"""How a line progressed: each code by a chart of its own, and the published case."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from support.pattern_charts import LUNG, NEW, S8, Said, chart, finding

import mrecist
from mrecist import (
    BclcProgression,
    Criteria,
    Invasion,
    Patient,
    ProgressionCode,
    ProgressionPattern,
    TherapyLine,
    Timepoint,
    assess,
    progression_pattern,
)
from mrecist._base.words import Response
from mrecist.rulebook.papers import REIG_2013, Citation, Evidence
from mrecist.rulebook.patterns import (
    CODES,
    COMPARTMENT,
    DOMINANT,
    INVASION,
    PATTERN,
    UPON_PROGRESSION,
    stage_given,
)
from mrecist.rulebook.readings import Reading


def pattern(
    *scans: Said,
    criteria: str | Criteria = "mrecist",
    stage_before: str | None = None,
    reported: str | None = None,
    **line: Any,
) -> ProgressionPattern:
    """How the one line of a chart progressed."""
    assessed = assess(chart(*scans, reported=reported, **line), criteria=criteria)
    found = progression_pattern(assessed.lines[0], stage_before=stage_before)
    assert found is not None
    return found


def area(long: float, across: float) -> Said:
    """The diameters of a lesion, all of it viable."""
    return {
        "viable_mm": long,
        "viable_perp_mm": across,
        "longest_mm": long,
        "longest_perp_mm": across,
    }


def said(found: ProgressionPattern, rule: str) -> str:
    """The sentence of a rule that fired."""
    (sentence,) = [reason.sentence for reason in found.reasons if reason.rule == rule]
    return sentence


class TestGrowth:
    """Growth is a rise by a fifth over the compartment's own nadir, baseline included."""

    def test_intrahepatic(self) -> None:
        """PAT-IHG, with its numbers."""
        found = pattern({"S8": 50, "S5": 10}, {"S8": 20, "S5": 10}, {"S8": 31, "S5": 10})
        assert found.codes == ("IHG",)
        assert found.dominant is ProgressionCode.IHG
        assert said(found, "PAT-IHG") == (
            "intrahepatic growth: S8, S5 from 30.0 mm (day 56) to 41.0 mm, +36.66 % over the "
            "compartment's nadir; growth needs 20 %"
        )
        assert (found.line, found.date, found.day) == (1, 112, 112)

    def test_extrahepatic(self) -> None:
        """PAT-EHG; liver targets that shrank do not matter."""
        found = pattern({"S8": 30, "LUNG": 20}, {"S8": 30, "LUNG": 30})
        assert found.codes == ("EHG",)
        assert said(found, "PAT-EHG") == (
            "extrahepatic growth: LUNG from 20.0 mm (day 0) to 30.0 mm, +50 % over the "
            "compartment's nadir; growth needs 20 %"
        )

    @pytest.mark.parametrize(("mm", "codes"), [("36.000", ("IHG", "NEH")), ("35.999", ("NEH",))])
    def test_boundary(self, mm: str, codes: tuple[str, ...]) -> None:
        """A fifth exactly is growth, one micrometre less is not."""
        assert pattern({"S8": 30}, {"S8": mm, "LUNG": 10}).codes == codes

    @pytest.mark.parametrize(("mm", "codes"), [("17.000", ("IHG", "NEH")), ("16.999", ("NEH",))])
    def test_floor(self, mm: str, codes: tuple[str, ...]) -> None:
        """Criteria that ask for 5 mm ask for it in each compartment."""
        found = pattern({"S8": 12}, {"S8": mm, "LUNG": 10}, criteria="mrecist-5mm")
        assert found.codes == codes
        if "IHG" in codes:
            assert said(found, "PAT-IHG").endswith("growth needs 20 % and 5.0 mm")

    def test_own_nadir(self) -> None:
        """Each compartment has its own nadir, here of different scans; the total rose by less."""
        found = pattern(
            {"S8": 50, "LUNG": 50},
            {"S8": 20, "LUNG": 50},
            {"S8": 50, "LUNG": 40, "AX": 30},
        )
        assert found.codes == ("IHG", "NEH")
        found = pattern(
            {"S8": 50, "LUNG": 20}, {"S8": 50, "LUNG": 10}, {"S8": 50, "LUNG": 12, "S2": NEW}
        )
        assert found.codes == ("NIH", "EHG")
        assert "from 10.0 mm (day 56) to 12.0 mm, +20 %" in said(found, "PAT-EHG")

    def test_nadir_of_the_compartment_alone(self) -> None:
        """A scan that misses the other compartment sets the nadir of this one, not the total's."""
        scans = ({"S8": 50, "LUNG": 50}, {"S8": 30}, {"S8": 36, "LUNG": 50, "AX": 30})
        assert pattern(*scans).codes == ("IHG", "NEH")
        found = pattern(
            {"S8": 50, "S5": 20}, {"S8": 10}, {"S8": 30, "S5": 20, "LUNG": 10}
        )  # incomplete: no nadir
        assert found.codes == ("NEH",)

    def test_single_lesion(self) -> None:
        """Under WHO one lesion that grows is growth where it is, though the sum fell by half."""
        found = pattern(
            {"S8": area(40, 40), "S5": area(10, 20), "LUNG": area(20, 20)},
            {"S8": area(20, 30), "S5": area(10, 25), "LUNG": area(20, 20)},
            criteria="who",
        )
        assert found.codes == ("IHG",)
        assert said(found, "PAT-IHG") == (
            "intrahepatic growth: S8, S5 from 1800 mm2 (day 0) to 850 mm2, S5 250 mm2 is "
            "50 mm2 (25 %) above its smallest, 200 mm2 on day 0; -52.77 % against the "
            "compartment's nadir; growth needs 25 %"
        )

    def test_enhances_again(self) -> None:
        """Under EASL viable tissue where there was none is growth, though the area fell."""
        found = pattern(
            {"S8": area(40, 40), "S5": area(10, 20)},
            {"S8": area(40, 40), "S5": 0},
            {"S8": area(30, 30), "S5": area(4, 3)},
            criteria="easl",
        )
        assert found.codes == ("IHG",)
        assert said(found, "PAT-IHG") == (
            "intrahepatic growth: S8, S5 from 1600 mm2 (day 56) to 912 mm2, S5 enhances again; "
            "-43 % against the compartment's nadir; growth needs 25 %"
        )

    def test_last_scan_is_no_nadir(self) -> None:
        """The nadir looks back from the progression: a later scan does not move it."""
        patient = chart({"S8": 30, "LUNG": 20}, {"S8": 30, "LUNG": 30}, {"S8": 3, "LUNG": 3})
        found = progression_pattern(assess(patient).lines[0])
        assert found is not None
        assert found.date == 56
        assert found.codes == ("EHG",)

    def test_first_nadir(self) -> None:
        """Of equal totals the first is named."""
        found = pattern({"S8": 40}, {"S8": 30}, {"S8": 30}, {"S8": 36})
        assert "from 30.0 mm (day 56) to 36.0 mm" in said(found, "PAT-IHG")

    def test_in_part(self) -> None:
        """What is seen of a compartment proves growth when it rose enough alone."""
        found = pattern({"S8": 20, "S5": 10}, {"S8": 36})
        assert "to 36.0 mm, +20 % over the compartment's nadir (S5 not evaluable)" in said(
            found, "PAT-IHG"
        )
        assert pattern({"S8": 20, "S5": 10}, {"S8": 35.9, "LUNG": 12}).codes == ("NEH",)

    def test_from_nothing(self) -> None:
        """After a nadir of nothing any rise is growth."""
        found = pattern(
            {"S8": 20, "LUNG": 20}, {"S8": "absent", "LUNG": 20}, {"S8": 6, "LUNG": 20, "AX": 20}
        )
        assert found.codes == ("IHG", "NEH")
        assert said(found, "PAT-IHG").startswith(
            "intrahepatic growth: S8 from 0.0 mm (day 56) to 6.0 mm, up from nothing, the "
            "compartment's nadir"
        )

    def test_normal_nodes(self) -> None:
        """Normal nodes do not grow, however much they rise under the limit."""
        scans = {"AX": 20, "S8": 30}, {"AX": 5, "S8": 30}, {"AX": "9.999", "S8": 30, "LUNG": 9}
        assert pattern(*scans).codes == ("NEH",)
        grown = {"AX": 20, "S8": 30}, {"AX": 5, "S8": 30}, {"AX": 10, "S8": 30, "LUNG": 9}
        assert pattern(*grown).codes == ("EHG", "NEH")

    def test_normal_nodes_in_part(self) -> None:
        """As for all targets, what is seen in part proves growth if it rose and is not gone."""
        scans = {"AX": 20, "HIL": 20}, {"AX": 2, "HIL": 2}, {"AX": 10, "LUNG": 9}
        assert pattern(*scans).codes == ("EHG", "NEH")
        assert pattern(*scans[:2], {"AX": 9, "LUNG": 9}).codes == ("NEH",)
        assert pattern(*scans[:2], {"AX": 9, "HIL": 2, "LUNG": 9}).codes == ("NEH",)

    def test_no_baseline_size(self) -> None:
        """A compartment whose baseline lacks a size is not compared."""
        found = pattern(
            {"S8": "present", "LUNG": 20},
            {"S8": 50, "LUNG": 24},
            targets=["S8", "LUNG"],
            nontargets=[],
            reported="PD",
        )
        assert found.codes == ("EHG",)

    def test_protocol(self) -> None:
        """A protocol of one's own brings its own share."""
        mine = attrs.evolve(mrecist.MRECIST, progression_share="1/2")
        line = assess(chart({"S8": 20}, {"S8": 29, "LUNG": 10}), criteria=mine).lines[0]
        found = progression_pattern(line)
        assert found is not None
        assert found.codes == ("NEH",)


class TestTogether:
    """A progression of all targets that no compartment reaches names those that rose at all."""

    def test_floor(self) -> None:
        """3 mm in each of two compartments are 6 mm together."""
        scans = {"S8": 15, "LUNG": 10}, {"S8": 18, "LUNG": 13}
        found = pattern(*scans, criteria="mrecist-5mm")
        assert found.codes == ("IHG", "EHG")
        assert found.rules[:2] == ("PAT-IHG-TOGETHER", "PAT-EHG-TOGETHER")
        assert said(found, "PAT-EHG-TOGETHER") == (
            "extrahepatic growth: LUNG from 10.0 mm (day 0) to 13.0 mm, +30 % over the "
            "compartment's nadir, no progression by itself, but one of all targets together"
        )
        assert pattern(*scans).rules[:2] == ("PAT-IHG", "PAT-EHG")

    def test_vein(self) -> None:
        """A named thrombus is a compartment of its own."""
        found = pattern(
            {"S8": 15, "PV": 10, "LUNG": 10},
            {"S8": 18, "PV": 14, "LUNG": 10},
            targets=["S8", "PV", "LUNG"],
            criteria="mrecist-5mm",
        )
        assert found.rules[:2] == ("PAT-IHG-TOGETHER", "PAT-VEIN-G-TOGETHER")
        assert found.codes == ("IHG",)
        assert found.invasion is Invasion.GROWN

    def test_normal_nodes(self) -> None:
        """Where only normal nodes rose, the progression lies there."""
        found = pattern({"AX": 20, "S8": 10}, {"AX": 4, "S8": 10}, {"AX": 9, "S8": 10})
        assert found.codes == ("EHG",)
        assert found.rules[0] == "PAT-EHG-TOGETHER"

    def test_alone_is_enough(self) -> None:
        """Where one compartment progressed alone, one that only rose is not named."""
        assert pattern({"S8": 30, "LUNG": 30}, {"S8": 40, "LUNG": 35}).codes == ("IHG",)


class TestNonTargets:
    """Unequivocal progression of a non-target is growth of its compartment."""

    @pytest.mark.parametrize(
        ("lesion", "code", "rule"),
        [
            ("INF", "IHG", "PAT-IHG-NT"),
            ("LUNG", "EHG", "PAT-EHG-NT"),
            ("AX", "EHG", "PAT-EHG-NT"),
            ("PV", "IHG", "PAT-VEIN-G-NT"),
        ],
    )
    def test_progressed(self, lesion: str, code: str, rule: str) -> None:
        found = pattern({"S8": 30, lesion: "present"}, {"S8": 30, lesion: "progressed"})
        assert found.codes == (code,)
        assert found.rules[0] == rule
        assert said(found, rule).endswith(f"{lesion} recorded as progressed")

    def test_several(self) -> None:
        """One reason a compartment, with all its lesions."""
        scan = dict.fromkeys(("LUNG", "AX", "INF"), "present")
        found = pattern({"S8": 30, **scan}, {"S8": 30, **dict.fromkeys(scan, "progressed")})
        assert found.codes == ("IHG", "EHG")
        assert said(found, "PAT-EHG-NT") == ("extrahepatic growth: LUNG, AX recorded as progressed")

    def test_no_baseline(self) -> None:
        """Without a baseline nothing is read from lesions."""
        patient = Patient(
            "P",
            [S8, LUNG],
            [Timepoint(60, [finding("LUNG", "progressed"), finding("S8", 50)], reported="PD")],
            [TherapyLine(["sorafenib"], 0, targets=["S8"], nontargets=["LUNG"])],
        )
        found = progression_pattern(assess(patient).lines[0], stage_before="B")
        assert found is not None
        assert (found.codes, found.bclc) == ((), BclcProgression.UNKNOWN)
        assert found.stage_before == "B"


class TestRecurrence:
    """A known lesion that is back after complete response is growth."""

    def test_target(self) -> None:
        """By its total and as a recurrence."""
        found = pattern({"S8": 30}, {"S8": "absent"}, {"S8": 8})
        assert found.codes == ("IHG",)
        assert found.rules[:2] == ("PAT-IHG", "PAT-IHG-AGAIN")
        assert said(found, "PAT-IHG-AGAIN") == (
            "intrahepatic growth: S8 back after complete response"
        )

    def test_node(self) -> None:
        """A node that is no longer normal, by less than a fifth."""
        found = pattern({"AX": 20}, {"AX": 9}, {"AX": 10})
        assert found.rules[0] == "PAT-EHG-AGAIN"
        assert found.codes == ("EHG",)

    @pytest.mark.parametrize(("lesion", "rule"), [("INF", "PAT-IHG"), ("PV", "PAT-VEIN-G")])
    def test_nontarget(self, lesion: str, rule: str) -> None:
        """Persisting after it was gone is enough."""
        gone = {"S8": "absent", lesion: "absent"}
        found = pattern({"S8": 30, lesion: "present"}, gone, gone | {lesion: "present"})
        assert found.rules[0] == f"{rule}-AGAIN"
        assert found.codes == ("IHG",)


class TestNew:
    """New is what the criteria count as a new lesion at the progression."""

    def test_intrahepatic(self) -> None:
        found = pattern({"S8": 30}, {"S8": 30, "S2": NEW})
        assert found.codes == ("NIH",)
        assert said(found, "PAT-NIH") == "new intrahepatic lesion: S2"

    @pytest.mark.parametrize(
        ("lesion", "how"),
        [
            ("LUNG", 8),
            ("AX", 10),
            ("HIL", 20),
            ("EFF", {"status": "present", "cytology": "positive"}),
        ],
    )
    def test_extrahepatic(self, lesion: str, how: Any) -> None:
        """Nodes of the porta hepatis and effusions too, even recorded under the liver."""
        found = pattern({"S8": 30}, {"S8": 30, lesion: how})
        assert found.codes == ("NEH",)
        assert said(found, "PAT-NEH") == f"new extrahepatic lesion: {lesion}"

    def test_unproven(self) -> None:
        """What does not count for the verdict does not count here."""
        atypical = {"longest_mm": 12, "pattern": "atypical"}
        found = pattern({"S8": 30}, {"S8": 36, "S2": atypical, "EFF": "present", "HIL": 19})
        assert found.codes == ("IHG",)
        found = pattern(
            {"S8": 30}, {"S8": 36, "S2": atypical, "EFF": "present"}, criteria="recist-1.1"
        )
        assert found.codes == ("IHG", "NIH", "NEH")

    def test_backdated(self) -> None:
        """A nodule that a later scan proves is new from its first detection on."""
        first = {"longest_mm": 9, "pattern": "atypical"}
        found = pattern({"S8": 30}, {"S8": 30, "S2": first}, {"S8": 30, "S2": NEW})
        assert (found.date, found.codes) == (56, ("NIH",))

    def test_later(self) -> None:
        """What appears after the progression is not part of it."""
        found = pattern({"S8": 30}, {"S8": 40}, {"S8": 40, "LUNG": 20})
        assert (found.date, found.codes) == (56, ("IHG",))


class TestVein:
    """New tumour in vein goes with NEH, tumour in vein that grew with IHG; a flag tells either."""

    def test_new(self) -> None:
        found = pattern({"S8": 30}, {"S8": 30, "PV": "present"})
        assert (found.codes, found.invasion, found.vascular) == (("NEH",), Invasion.NEW, True)
        assert found.bclc is BclcProgression.C2
        assert "PAT-BCLCP-C2-VEIN" in found.rules
        assert said(found, "PAT-VEIN-N") == (
            "new tumour in vein: PV, grouped with new extrahepatic lesions"
        )
        assert said(found, "PAT-VI-NEW") == "tumour in vein is new"

    def test_grown(self) -> None:
        found = pattern({"S8": 30, "PV": "present"}, {"S8": 30, "PV": "progressed"})
        assert (found.codes, found.invasion, found.vascular) == (("IHG",), Invasion.GROWN, True)
        assert "PAT-VI-GROWN" in found.rules
        assert "PAT-BCLCP-C1-VEIN" in found.rules

    def test_target(self) -> None:
        """A thrombus that the reader named as a target."""
        found = pattern({"S8": 30, "PV": 10}, {"S8": 30, "PV": 18}, targets=["S8", "PV"])
        assert found.rules[0] == "PAT-VEIN-G"
        assert (found.codes, found.invasion) == (("IHG",), Invasion.GROWN)

    def test_none(self) -> None:
        """Tumour in vein that persists is none of it."""
        found = pattern({"S8": 30, "PV": "present"}, {"S8": 40, "PV": "present"})
        assert (found.invasion, found.vascular) == (Invasion.NONE, False)
        assert "PAT-VI-NONE" in found.rules


class TestSet:
    """Several codes hold at once; NEH dominates, then EHG, NIH, IHG."""

    def test_all(self) -> None:
        found = pattern({"S8": 30, "LUNG": 20}, {"S8": 40, "LUNG": 40, "S2": NEW, "AX": 20})
        assert found.codes == CODES
        assert found.dominant is ProgressionCode.NEH
        assert said(found, "PAT-MULTI-NEH") == "of IHG, NIH, EHG, NEH"
        assert str(found) == (
            "day 56: IHG + NIH + EHG + NEH (NEH dominant); BCLC upon progression: BCLCp-C2"
        )

    @pytest.mark.parametrize(
        ("scan", "codes", "dominant"),
        [
            ({"S8": 40, "LUNG": 40, "S2": NEW}, "IHG NIH EHG", "EHG"),
            ({"S8": 40, "LUNG": 20, "S2": NEW}, "IHG NIH", "NIH"),
            ({"S8": 40, "LUNG": 20}, "IHG", "IHG"),
        ],
    )
    def test_dominant(self, scan: Said, codes: str, dominant: str) -> None:
        found = pattern({"S8": 30, "LUNG": 20}, scan)
        assert (" ".join(found.codes), found.dominant) == (codes, dominant)
        assert f"PAT-MULTI-{dominant}" in found.rules

    def test_reported(self) -> None:
        """A PD that was only reported has an unknown pattern, and says so."""
        found = pattern({"PV": "present"}, {"PV": "present"}, reported="PD")
        assert found.codes == ()
        assert found.dominant is ProgressionCode.UNKNOWN
        assert found.bclc is BclcProgression.UNKNOWN
        assert said(found, "PAT-UNKNOWN") == (
            "PD was reported, and no lesion on record tells where"
        )
        assert said(found, "PAT-BCLCP-UNKNOWN") == "the pattern of progression is unknown"
        assert str(found) == "day 56: pattern unknown; BCLC upon progression: unknown"
        assert repr(found) == "<ProgressionPattern line 1, 56: unknown, unknown>"

    def test_reported_with_lesions(self) -> None:
        """A reported PD beside targets seen in part: what grew by itself is told."""
        scans = {"S8": 50, "LUNG": 20}, {"LUNG": 30}
        assert pattern(*scans, reported="PD").codes == ("EHG",)

    def test_no_progression(self) -> None:
        assert progression_pattern(assess(chart({"S8": 30}, {"S8": 35.9})).lines[0]) is None


class TestStage:
    """C2 by a new site; else C1 of stage C and B of stage B, which the caller must tell."""

    GROWS = {"S8": 30}, {"S8": 40}

    @pytest.mark.parametrize(
        ("stage", "bclc", "rule"),
        [
            (None, "unknown", "PAT-BCLCP-STAGE"),
            ("B", "BCLCp-B", "PAT-BCLCP-B"),
            ("C", "BCLCp-C1", "PAT-BCLCP-C1"),
        ],
    )
    def test_given(self, stage: str | None, bclc: str, rule: str) -> None:
        found = pattern(*self.GROWS, stage_before=stage)
        assert (found.bclc, found.rules[-1]) == (bclc, rule)
        assert found.stage_before == (stage or "unknown")
        if stage:
            assert said(found, rule) == f"no new site; stage {stage} before (as given)"

    @pytest.mark.parametrize("stage", [None, "B", "C"])
    def test_new_site(self, stage: str | None) -> None:
        """A new extrahepatic lesion is C2 whatever the stage was."""
        found = pattern({"S8": 30}, {"S8": 30, "LUNG": 9}, stage_before=stage)
        assert (found.bclc, found.rules[-1]) == ("BCLCp-C2", "PAT-BCLCP-C2")

    @pytest.mark.parametrize(
        ("lesion", "how"), [("LUNG", 9), ("PV", "present"), ("AX", 12), ("HIL", 20)]
    )
    def test_shown(self, lesion: str, how: Any) -> None:
        """Disease beyond the liver at baseline is stage C."""
        found = pattern({"S8": 30, lesion: how}, {"S8": 40, lesion: how})
        assert (found.bclc, found.stage_before) == ("BCLCp-C1", "C")
        assert said(found, "PAT-BCLCP-C1") == (
            f"no new site; stage C before (at baseline: {lesion})"
        )

    @pytest.mark.parametrize(
        ("lesion", "how"),
        [("LUNG", "not evaluable"), ("AX", 9), ("HIL", 19), ("EFF", "present"), ("INF", "present")],
    )
    def test_not_shown(self, lesion: str, how: Any) -> None:
        """A normal node, an unproven effusion, and what was not evaluable show no stage."""
        found = pattern({"S8": 30, lesion: how}, {"S8": 40, lesion: how})
        assert (found.bclc, found.stage_before) == ("unknown", "unknown")
        found = pattern({"S8": 30, lesion: how}, {"S8": 40, lesion: how}, stage_before="B")
        assert found.bclc == "BCLCp-B"

    def test_left_out(self) -> None:
        """Disease that the reader's lists leave out is there all the same."""
        found = pattern({"S8": 30, "LUNG": 9}, {"S8": 40}, targets=["S8"], nontargets=[])
        assert found.bclc == "BCLCp-C1"

    def test_extrahepatic_growth(self) -> None:
        found = pattern({"S8": 30, "LUNG": 20}, {"S8": 30, "LUNG": 40})
        assert (found.bclc, found.rules[-1]) == ("BCLCp-C1", "PAT-BCLCP-C1-EHG")

    def test_what_grew_was_there(self) -> None:
        """What was not evaluable at baseline and then grew was there before, whatever is given."""
        for lesion, rule in (("PV", "PAT-BCLCP-C1-VEIN"), ("LUNG", "PAT-BCLCP-C1-EHG")):
            found = pattern(
                {"S8": 30, lesion: "not evaluable"},
                {"S8": 30, lesion: "progressed"},
                stage_before="B",
            )
            assert (found.bclc, found.rules[-1]) == ("BCLCp-C1", rule)

    def test_contradicted(self) -> None:
        with pytest.raises(
            ValueError, match=r'stage_before must be "C" or left out .* \(LUNG\), got'
        ):
            pattern({"S8": 30, "LUNG": 20}, {"S8": 60}, stage_before="B")

    @pytest.mark.parametrize("stage", ["A", "b", "", "unknown", 2, True, b"B"])
    def test_refused(self, stage: Any) -> None:
        with pytest.raises(ValueError, match='stage_before must be "B" or "C"'):
            stage_given(stage)

    def test_refused_without_progression(self) -> None:
        with pytest.raises(ValueError, match="got 'D'"):
            progression_pattern(assess(chart({"S8": 30})).lines[0], stage_before="D")

    def test_type(self) -> None:
        with pytest.raises(TypeError, match=r"takes a LineAssessment, got Assessment; take one of"):
            progression_pattern(assess(chart({"S8": 30})))  # type: ignore[arg-type]


class TestPublishedCase:
    """SEED-D: line 1 EHG and a new effusion, line 2 EHG, line 3 EHG and NEH."""

    @pytest.mark.parametrize("criteria", ["mrecist", "recist-1.1"])
    def test_lines(self, criteria: str) -> None:
        lines = assess(mrecist.example_case("ikeda-2021"), criteria=criteria).lines
        found = [progression_pattern(line) for line in lines]
        told = [None if each is None else (each.codes, each.bclc) for each in found]
        assert told == [
            (("EHG", "NEH"), "BCLCp-C2"),
            (("EHG",), "BCLCp-C1"),
            (("EHG", "NEH"), "BCLCp-C2"),
            None,
            None,
        ]
        first, second, third = (each for each in found if each is not None)
        assert said(first, "PAT-NEH") == "new extrahepatic lesion: EFF"
        assert said(second, "PAT-EHG-NT").endswith("LUNG, EFF recorded as progressed")
        assert said(third, "PAT-NEH") == "new extrahepatic lesion: MED, AX, PER"
        assert str(third) == ("day 447: EHG + NEH (NEH dominant); BCLC upon progression: BCLCp-C2")


class TestValue:
    """A pattern is a plain value that tells where it is from."""

    def test_equal(self) -> None:
        scans = {"S8": 30}, {"S8": 40}
        assert pattern(*scans) == pattern(*scans)
        assert pattern(*scans) != pattern(*scans, stage_before="B")

    def test_text(self) -> None:
        """One line, the reasons one a line, with rule, source and evidence."""
        found = pattern({"S8": 30}, {"S8": 30, "PV": "present"})
        assert str(found) == "day 56: NEH, tumour in vein new; BCLC upon progression: BCLCp-C2"
        assert repr(found) == "<ProgressionPattern line 1, 56: NEH, BCLCp-C2>"
        assert found.why.splitlines()[0] == (
            "pattern NEH: new tumour in vein: PV, grouped with new extrahepatic lesions "
            "[PAT-VEIN-N; Reig 2013, patterns of progression [recalled]; Reading RD-PAT-NEW; "
            "Reading RD-PAT-VEIN]"
        )
        assert [reason.step for reason in found.reasons] == [
            "pattern",
            "dominant",
            "tumour in vein",
            "BCLC upon progression",
        ]
        assert [reason.evidence for reason in found.reasons] == [
            "recalled",
            "reading",
            "recalled",
            "recalled",
        ]

    def test_evidence(self) -> None:
        """No rule of these claims more than memory."""
        assert REIG_2013.doi == "10.1002/hep.26586"
        for table in (COMPARTMENT, PATTERN, DOMINANT, INVASION, UPON_PROGRESSION):
            for rule in table.rules:
                if isinstance(rule.source, Citation):
                    assert rule.source.evidence is Evidence.RECALLED
                    assert rule.source.paper is REIG_2013
                    assert rule.readings
                assert all(each.id.startswith("RD-PAT-") for each in rule.readings)
                if isinstance(rule.source, Reading):
                    assert rule.source.id.startswith("RD-PAT-")

    def test_no_part_in_verdicts(self) -> None:
        """Asking for the pattern changes nothing."""
        assessed = assess(chart({"S8": 30}, {"S8": 40}))
        before = mrecist.to_assessment(assessed)
        progression_pattern(assessed.lines[0], stage_before="B")
        assert mrecist.to_assessment(assessed) == before
        assert assessed.lines[0].timepoints[0].response is Response.PD
