"""New lesions: what a line detects, what proves it, and from when on it counts."""

from __future__ import annotations

import pytest
from support.lines import judged, line, news, noted, problems, responses

from mrecist import RECIST_1_1, Procedure, TherapyLine

ANCHOR = "A:brain"


def new(lesion: str, *visits: str, baseline: str = "", **more: object) -> str:
    """What follow-ups every 60 days say of new lesions; `X` is the candidate."""
    said = {0: f"A=30 {baseline}"} | {60 * i: f"A=30 {each}" for i, each in enumerate(visits, 1)}
    return news(line(f"{ANCHOR} X:{lesion}", said, **more))  # type: ignore[arg-type]


class TestNodules:
    """A liver nodule is new by 10 mm with a pattern, by growth of 10 mm, or by biopsy."""

    @pytest.mark.parametrize(
        ("visits", "told"),
        [
            (["X=w10,typical"], "YES"),
            (["X=10,malignant"], "YES"),
            (["X=w10,atypical"], "EQUIVOCAL"),
            (["X=w9.999,typical"], "EQUIVOCAL"),
            (["X=w40"], "EQUIVOCAL"),
            (["X=present,typical"], "EQUIVOCAL"),
            (["X=present,biopsy"], "YES"),
            (["X=0,w40,typical"], "NO"),
            (["X=0,w40,malignant !blind"], "NO"),
            (["X=equivocal,w10,typical"], "YES"),
            (["X=w12,typical !blind"], "EQUIVOCAL"),
            (["X=w12,atypical !blind"], "EQUIVOCAL"),
            (["X=w12,malignant !blind"], "YES"),
            (["X=12,typical !blind"], "EQUIVOCAL"),
            (["X=12,malignant !blind"], "EQUIVOCAL"),
        ],
    )
    def test_at_once(self, visits: list[str], told: str) -> None:
        assert new("liver", *visits) == told

    @pytest.mark.parametrize(
        ("visits", "told"),
        [
            (["X=9.6,typical", "X=11", "X=18"], "YES YES YES"),
            (["X=9,typical", "X=9,atypical", "X=12"], "EQUIVOCAL EQUIVOCAL EQUIVOCAL"),
            (["X=9,typical", "X=9,atypical", "X=12,malignant"], "YES YES YES"),
            (["X=12,typical", "X=12,atypical"], "YES YES"),
            (["X=absent,typical", "X=12"], "NO EQUIVOCAL"),
            (["X=9,typical", "X=absent", "X=12"], "YES YES YES"),
            (["X=9", "X=12 !blind", "X=12,typical"], "YES YES YES"),
            (["X=9,typical !blind", "X=12"], "EQUIVOCAL EQUIVOCAL"),
        ],
    )
    def test_pattern_holds(self, visits: list[str], told: str) -> None:
        """The latest that was recorded since the first detection."""
        assert new("liver", *visits) == told

    @pytest.mark.parametrize(
        ("visits", "told"),
        [
            (["X=w8", "X=w18"], "YES YES"),
            (["X=w8", "X=w17.999"], "EQUIVOCAL EQUIVOCAL"),
            (["X=8", "X=8,w20"], "EQUIVOCAL EQUIVOCAL"),
            (["X=8,w9", "X=18"], "YES YES"),
            (["X=8,w9", "X=20,w18"], "EQUIVOCAL EQUIVOCAL"),
            (["X=present", "X=w25", "X=w36"], "YES YES YES"),
            (["X=present", "X=w25", "X=w34"], "EQUIVOCAL EQUIVOCAL EQUIVOCAL"),
            (["X=w8", "X=w5", "X=w16"], "EQUIVOCAL EQUIVOCAL EQUIVOCAL"),
            (["X=too_small", "X=15"], "YES YES"),
            (["X=too_small", "X=w14.999"], "EQUIVOCAL EQUIVOCAL"),
            (["X=w30", "X=too_small"], "EQUIVOCAL EQUIVOCAL"),
            (["X=w8", "X=not_evaluable,w0"], "EQUIVOCAL NO"),
            (["X=w8", "X=absent"], "EQUIVOCAL NO"),
            (["X=w8", "", "X=w18"], "YES YES YES"),
            (["X=8", "X=18 !blind"], "EQUIVOCAL EQUIVOCAL"),
        ],
    )
    def test_growth(self, visits: list[str], told: str) -> None:
        """Like with like, from the first detection that has the measure."""
        assert new("liver", *visits) == told

    @pytest.mark.parametrize(
        ("visits", "told", "odd"),
        [
            (["X=w8,benign", "X=w18"], "YES YES", "BIOPSY_NEGATIVE"),
            (["X=w8", "X=w18,benign"], "YES YES", "BIOPSY_NEGATIVE"),
            (["X=w8", "X=w18"], "YES YES", ""),
            (["X=absent,benign", "X=w8", "X=w18"], "NO YES YES", ""),
            (["X=w12,typical,benign"], "YES", ""),
            (["X=w8,benign", "X=w18,typical"], "YES YES", ""),
            (["X=w8", "X=w18", "X=absent,benign"], "YES YES YES", "BIOPSY_NEGATIVE"),
        ],
    )
    def test_biopsy(self, visits: list[str], told: str, odd: str) -> None:
        """A negative one changes nothing, but is told where growth alone makes a nodule new."""
        said = {0: "A=30"} | {60 * i: f"A=30 {each}" for i, each in enumerate(visits, 1)}
        found = line(f"{ANCHOR} X:liver", said)
        assert news(found) == told
        assert problems(found) == odd

    def test_biopsy_before_it_counts(self) -> None:
        """Nothing is odd before the nodule counts."""
        visits = {0: "A=30", 60: "A=30", 120: "A=30 X=w8,benign", 180: "A=30 X=w18"}
        found = line(f"{ANCHOR} X:liver", visits)
        assert [problems(found, at) for at in range(3)] == ["", *["BIOPSY_NEGATIVE"] * 2]

    def test_biopsy_of_what_is_gone(self) -> None:
        """A biopsy proves a nodule that is no longer seen, from its first detection on."""
        assert new("liver", "X=w8", "X=absent,biopsy") == "YES YES"
        assert new("liver", "X=absent,biopsy", "X=w8") == "NO EQUIVOCAL"

    def test_recist(self) -> None:
        assert new("liver", "X=w3", criteria=RECIST_1_1) == "YES"
        assert new("liver", "X=w3,equivocal", criteria=RECIST_1_1) == "EQUIVOCAL"

    def test_merged(self) -> None:
        """A candidate that merged is none; what it was measured before is compared no more."""
        assert new("liver", "X=>A") == "NO"
        assert new("liver", "X=w8", "X=>A", "X=w18") == "YES YES YES"
        assert new("liver", "X=w8", "X=>A") == "EQUIVOCAL NO"

    def test_pattern_without_arterial(self) -> None:
        for said, odd in (("typical", True), ("atypical", True), ("malignant", False)):
            found = line(f"{ANCHOR} X:liver", {0: "A=30", 60: f"A=30 X=w12,{said} !blind"})
            assert ("PATTERN_WITHOUT_ARTERIAL" in problems(found)) is odd
        found = line("X:lung A:brain", {0: "A=30", 60: "A=30 X=w12,typical !blind"})
        assert problems(found) == ""


class TestCavity:
    """Of a treated cavity the viable diameter counts alone, and needs no pattern."""

    @pytest.mark.parametrize(
        ("lesion", "baseline", "visits", "told"),
        [
            ("liver", "X=0,w40", ["X=12,w40"], "YES"),
            ("liver", "X=0,w40", ["X=9.999,w40,typical"], "EQUIVOCAL"),
            ("liver", "X=0,w40", ["X=3", "X=13"], "YES YES"),
            ("liver", "X=0,w40", ["X=w60,typical"], "EQUIVOCAL"),
            ("liver", "X=absent", ["X=12,w40"], "EQUIVOCAL"),
            ("liver", "", ["X=12,w40"], "EQUIVOCAL"),
            ("liver+treated", "", ["X=12,w40"], "YES"),
            ("liver+treated", "X=absent", ["X=12,w40"], "YES"),
            ("liver+treated", "X=absent", ["X=9,w40,typical"], "EQUIVOCAL"),
        ],
    )
    def test_cavity(self, lesion: str, baseline: str, visits: list[str], told: str) -> None:
        assert new(lesion, *visits, baseline=baseline) == told


class TestNodes:
    """A node that was normal is new by 5 mm, at 15 mm or seen twice."""

    @pytest.mark.parametrize(
        ("lesion", "baseline", "visits", "told"),
        [
            ("node", "X=9.5", ["X=10.5"], "EQUIVOCAL"),
            ("node", "X=9", ["X=14.5"], "EQUIVOCAL"),
            ("node", "X=9", ["X=14.5", "X=14.5"], "YES YES"),
            ("node", "X=9", ["X=15"], "YES"),
            ("node", "X=9", ["X=13.999", "X=13.999"], "EQUIVOCAL EQUIVOCAL"),
            ("node", "X=9", ["X=15,equivocal"], "EQUIVOCAL"),
            ("node", "X=9", ["X=15,equivocal", "X=14"], "YES YES"),
            ("node", "X=9", ["X=14.5", "X=9", "X=14.5"], "YES YES YES"),
            ("node", "X=9", ["X=14.5", "X=present"], "EQUIVOCAL EQUIVOCAL"),
            ("node", "X=too_small", ["X=10", "X=10"], "YES YES"),
            ("node", "X=absent", ["X=10"], "YES"),
            ("node", "", ["X=10"], "YES"),
            ("node", "", ["X=9.999"], "NO"),
            ("node", "", ["X=present"], "YES"),
            ("node", "", ["X=w30"], "NO"),
            ("hilar", "X=19", ["X=23", "X=23"], "EQUIVOCAL EQUIVOCAL"),
            ("hilar", "X=19", ["X=23", "X=24"], "YES YES"),
            ("hilar", "X=19", ["X=24"], "YES"),
            ("hilar", "X=14", ["X=19", "X=19"], "NO NO"),
            ("hilar", "", ["X=20"], "YES"),
            ("hilar", "", ["X=present"], "NO"),
        ],
    )
    def test_nodes(self, lesion: str, baseline: str, visits: list[str], told: str) -> None:
        assert new(lesion, *visits, baseline=baseline) == told

    def test_unsized(self) -> None:
        found = line(f"{ANCHOR} X:node", {0: "A=30", 60: "A=30 X=w30"})
        assert problems(found) == "UNSIZED_NODE"
        found = line(f"{ANCHOR} X:node", {0: "A=30", 60: "A=30 X=present"})
        assert problems(found) == ""

    def test_merged_before(self) -> None:
        """A node that merged before is known, and no part of the line."""
        lines = TherapyLine(["a"], 0), TherapyLine(["b"], 61)
        visits = {0: "A=30 X=12", 60: "A=30 X=>A", 120: "A=30 X=30"}
        assert news(line(f"{ANCHOR} X:node", visits, *lines)) == "NO"


class TestEffusions:
    """An effusion counts with positive cytology; an old one must have grown, unless proved."""

    @pytest.mark.parametrize(
        ("baseline", "visits", "told"),
        [
            ("", ["X=present"], "EQUIVOCAL"),
            ("", ["X=present,cytology"], "YES"),
            ("", ["X=present", "X=present,cytology"], "YES YES"),
            ("X=absent", ["X=present,cytology"], "YES"),
            ("X=0", ["X=present,cytology"], "YES"),
            ("X=present", ["X=present,cytology"], "NO"),
            ("X=present", ["X=progressed"], "EQUIVOCAL"),
            ("X=present", ["X=progressed,cytology"], "YES"),
            ("X=present", ["X=progressed", "X=present,cytology"], "YES YES"),
            ("X=present", ["X=60,cytology"], "NO"),
            ("X=10", ["X=60,cytology"], "YES"),
            ("X=20", ["X=25,cytology"], "YES"),
            ("X=20", ["X=24.999,cytology"], "NO"),
            ("X=30", ["X=35,cytology"], "NO"),
            ("X=30", ["X=36,cytology"], "YES"),
            ("X=30", ["X=present,cytology"], "NO"),
            ("X=10", ["X=60"], "EQUIVOCAL"),
        ],
    )
    def test_effusions(self, baseline: str, visits: list[str], told: str) -> None:
        assert new("effusion", *visits, baseline=baseline) == told

    def test_recist(self) -> None:
        assert new("effusion", "X=present", criteria=RECIST_1_1) == "YES"

    def test_late_proof(self) -> None:
        """From its proof on it is a non-target, unless the line names those."""
        visits = {0: "A=30 X=present", 60: "A=0", 120: "A=0 X=present,cytology", 180: "A=0"}
        found = line(f"{ANCHOR} X:effusion", visits)
        assert found.nontargets == ()
        assert responses(found) == "CR PR PR"
        assert [len(each.nontargets) for each in found.timepoints] == [0, 1, 1]
        late = "proved by cytology on day 120: a non-target from then on (Reading RD-EFF-LATE)"
        assert noted(found, "X", 1) == f"non-target: persists, not measured; {late}"
        assert noted(found, "X", 2).endswith(f"; {late}")
        assert late not in noted(found, "X", 0)
        named = line(f"{ANCHOR} X:effusion", visits, nontargets=[])
        assert responses(named) == "CR CR CR"

    def test_grown_and_proved(self) -> None:
        """The follow-up that proves it may count it as new, and as a non-target too."""
        found = line(f"{ANCHOR} X:effusion", {0: "A=30 X=10", 60: "A=30 X=60,cytology"})
        assert (responses(found), str(found.timepoints[0].nontarget)) == ("PD", "NON-CR/NON-PD")
        assert problems(found) == "NONTARGET_GREW"
        assert noted(found, "X") == (
            "non-target: persists (longest diameter 60.0 mm), grown from 10.0 mm on day 0 to "
            "60.0 mm, and new in this line; proved by cytology on day 60: a non-target from then "
            "on (Reading RD-EFF-LATE)"
        )

    def test_not_a_candidate_after_proof(self) -> None:
        """What grows after its proof is a non-target's growth, and no new lesion."""
        visits = {0: "A=30 X=10", 60: "A=30 X=10,cytology", 120: "A=30 X=progressed"}
        found = line(f"{ANCHOR} X:effusion", visits)
        assert news(found) == "NO NO"
        assert responses(found) == "SD PD"

    def test_recurrence(self) -> None:
        """It can recur only after a CR that came at or after its proof."""
        visits = {0: "A=30 X=present", 60: "A=0", 120: "A=0 X=present,cytology"}
        assert responses(line(f"{ANCHOR} X:effusion", visits)) == "CR PR"
        visits = {0: "A=30 X=present", 60: "A=0 X=absent,cytology", 120: "A=0 X=present"}
        found = line(f"{ANCHOR} X:effusion", visits)
        assert responses(found) == "CR PD"
        assert ", a recurrence after complete response; proved by" in noted(found, "X")


class TestKnown:
    """A lesion that an earlier visit recorded is known at a baseline that is silent on it."""

    LINES = TherapyLine(["a"], 0), TherapyLine(["b"], 101)

    @pytest.mark.parametrize(
        ("lesion", "before", "rule", "told"),
        [
            ("lung", "X=15", "KN-UNSEEN", "NO"),
            ("lung", "X=absent", "KN-SHOWN-NOTHING", "YES"),
            ("lung", "X=0", "KN-SHOWN-NOTHING", "YES"),
            ("lung", "X=not_evaluable", "KN-UNSEEN", "NO"),
            ("lung", "X=>A", "KN-MERGED", "NO"),
            ("node", "X=9", "KN-SHOWN-NOTHING", "EQUIVOCAL"),
            ("node", "X=10", "KN-UNSEEN", "NO"),
            ("node", "X=w30", "KN-UNSEEN", "NO"),
            ("hilar", "X=w30", "KN-NO-PART", "NO"),
            ("effusion", "X=present", "KN-UNPROVEN", "NO"),
            ("effusion", "X=present,cytology", "KN-UNSEEN", "NO"),
        ],
    )
    def test_known(self, lesion: str, before: str, rule: str, told: str) -> None:
        visits = {0: "A=30", 60: f"A=30 {before}", 100: "A=30", 160: "A=30 X=12"}
        found = line(f"{ANCHOR} X:{lesion}", visits, *self.LINES)
        assert found.facts.roles.at_baseline[1].id == rule
        assert news(found) == told
        unmentioned = rule in ("KN-UNSEEN", "KN-NO-PART")
        assert ("UNMENTIONED_AT_BASELINE" in found.problems.words) is unmentioned

    @pytest.mark.parametrize(
        ("lesion", "before", "rule", "told"),
        [
            ("lung", "X=15", "KN-REMOVED", "YES"),
            ("hilar", "X=w30", "KN-REMOVED", "YES"),
            ("node", "X=w30", "KN-REMOVED", "YES"),
            ("lung", "X=>A", "KN-MERGED", "NO"),
            ("effusion", "X=present", "KN-UNPROVEN", "NO"),
        ],
    )
    def test_resected(self, lesion: str, before: str, rule: str, told: str) -> None:
        """What was resected since may be new, whatever was known of its size."""
        cut = Procedure(70, "resection", lesions=["X"])
        visits = {0: "A=30", 60: f"A=30 {before}", 100: "A=30", 160: "A=30 X=25"}
        found = line(f"{ANCHOR} X:{lesion}", visits, *self.LINES, procedures=(cut,))
        assert found.facts.roles.at_baseline[1].id == rule
        assert news(found) == told
        assert "UNMENTIONED_AT_BASELINE" not in found.problems.words

    @pytest.mark.parametrize("silent", [(), (70,), (70, 80)])
    def test_long_before(self, silent: tuple[int, ...]) -> None:
        """However many visits lie between."""
        visits = {0: "A=30", 60: "A=30 X=15"} | dict.fromkeys([*silent, 100], "A=30")
        found = line(f"{ANCHOR} X:lung", visits | {160: "A=30 X=15"}, *self.LINES)
        assert (found.nontargets, news(found)) == (("X",), "NO")

    @pytest.mark.parametrize(
        ("day", "kind", "lesion", "removed"),
        [
            (80, "resection", "X", True),
            (100, "transplantation", "X", True),
            (61, "resection", "X", True),
            (60, "resection", "X", False),
            (101, "resection", "X", False),
            (80, "RFA", "X", False),
            (80, "resection", "A", False),
        ],
    )
    def test_removed(self, day: int, kind: str, lesion: str, removed: bool) -> None:
        """What was removed since its prior record may be new again."""
        visits = {0: "A=30", 60: "A=30 X=12", 100: "A=30", 160: "A=30 X=12"}
        found = line(
            f"{ANCHOR} X:lung",
            visits,
            *self.LINES,
            procedures=(Procedure(day, kind, lesions=[lesion]),),
        )
        assert (news(found) == "YES") is removed
        assert ("UNMENTIONED_AT_BASELINE" in found.problems.words) is not removed

    def test_removed_nodule(self) -> None:
        """Where a nodule with viable tissue was removed, no treated cavity was left."""
        visits = {0: "A=30", 60: "A=30 X=12,w40", 100: "A=30", 160: "A=30 X=12,w40"}
        cut = Procedure(80, "resection", lesions=["X"])
        assert news(line(f"{ANCHOR} X:liver", visits, *self.LINES, procedures=(cut,))) == (
            "EQUIVOCAL"
        )

    def test_first_seen_by_a_part(self) -> None:
        """Growth is measured from the first record of the nodule itself."""
        found = line(
            f"{ANCHOR} X:liver Y:liver/X", {0: "A=30", 60: "A=30 Y=8", 120: "A=30 X=20 Y=8"}
        )
        assert [str(each.new_lesion) for each in found.timepoints] == ["EQUIVOCAL"] * 2

    def test_in_the_work_up(self) -> None:
        """A record of the last 28 days is part of the baseline, and told (RD-WORKUP)."""
        for day, spread in ((-28, True), (-29, False)):
            found = line(f"{ANCHOR} X:lung", {day: "X=15", -1: "A=30", 60: "A=30 X=15"})
            assert (found.targets == ("A", "X")) is spread
            assert ("BASELINE_SPREAD" in found.problems.words) is spread
            assert found.nontargets == (() if spread else ("X",))
            assert found.problems.words[-1:] == (
                ["BASELINE_SPREAD"] if spread else ["UNMENTIONED_AT_BASELINE"]
            )

    def test_baseline_before_its_work_up(self) -> None:
        """What the baseline records, in whole or in part, no earlier record replaces."""
        found = line(f"{ANCHOR} X:lung Xa:lung/X", {-9: "X=15", -1: "A=30 X=20"})
        assert (found.baseline_total_mm, found.problems.words) == (50, [])
        found = line(f"{ANCHOR} X:lung Xa:lung/X", {-9: "Xa=5 X=5", -1: "A=30 X=20 Xa=5"})
        assert (found.baseline_total_mm, found.problems.words) == (55, [])

    def test_work_up_in_place_of_what_was_not_evaluable(self) -> None:
        visits = {-9: "X=15", -5: "X=not_evaluable", -1: "A=30 X=not_evaluable"}
        found = line(f"{ANCHOR} X:lung", visits)
        assert (found.targets, found.baseline_total_mm) == (("A", "X"), 45)

    def test_candidates_of_fragments(self) -> None:
        """A fragment is never a candidate, whatever it does."""
        found = line("A:lung B:lung/A", {0: "A=30", 60: "A=20 B=10"})
        assert news(found) == "NO"


class TestRecurrence:
    """After a CR, and no PD since, disease of the line is a recurrence."""

    @pytest.mark.parametrize(
        ("visits", "told"),
        [
            (["A=0 X=absent", "A=0", "A=0 X=present"], "CR PR PD"),
            (["A=0 X=absent", "A=1 X=absent"], "CR PD"),
            (["A=0 X=absent", "A=0 X=absent Y=9", "A=1 X=absent"], "CR PD PD"),
            (["A=0 X=absent", "", "A=1 X=absent"], "CR NE PD"),
        ],
    )
    def test_watch(self, visits: list[str], told: str) -> None:
        said = {0: "A=30 X=present"} | {60 * i: each for i, each in enumerate(visits, 1)}
        found = line("A:brain X:bone Y:lung", said)
        assert responses(found) == told

    def test_ends_with_progression(self) -> None:
        visits = {0: "A=30", 60: "A=0", 120: "A=0 Y=9", 180: "A=0", 240: "A=1"}
        found = line("A:brain Y:lung", visits)
        assert [str(cause) for cause in found.timepoints[-1].causes] == ["target", "new lesion"]

    def test_nodes(self) -> None:
        """A non-target node recurs once it is said to have progressed, a target node by size."""
        for said, told in (("X=12", "CR PR"), ("X=12,progressed", "CR PD")):
            visits = {0: "A=30 X=12", 60: "A=0 X=9", 120: f"A=0 {said}"}
            assert responses(line("A:brain X:node", visits)) == told
        visits = {0: "A=30 X=20", 60: "A=0 X=9", 120: "A=0 X=10"}
        assert responses(line("A:brain X:node", visits)) == "CR PD"

    def test_partial_examination(self) -> None:
        """It is passed over."""
        visits = {0: "A=30", 60: "A=0", 70: "Y=absent", 120: "A=1"}
        found = line("A:brain Y:lung", visits)
        assert responses(found) == "CR NE PD"
        assert problems(found, 1) == "PARTIAL_EXAMINATION"


class TestReaders:
    """A reader's CR over disease does not stand; a PR or SD after a CR stands, and is told."""

    @pytest.mark.parametrize(
        ("said", "told", "odd"),
        [
            ("X=present !reported=CR", "NON-CR/NON-PD", "CR_OVER_DISEASE"),
            ("X=present !reported=NED", "NON-CR/NON-PD", "CR_OVER_DISEASE"),
            ("X=present Y=absent !reported=CR", "NON-CR/NON-PD", "CR_OVER_DISEASE"),
            ("X=present !reported=PR", "PR", ""),
            ("X=not_evaluable !reported=CR", "CR", ""),
            ("!reported=CR", "CR", ""),
            ("!reported=NE", "NE", ""),
        ],
    )
    def test_nontarget(self, said: str, told: str, odd: str) -> None:
        lesions = "X:bone Y:bone" if "Y" in said else "X:bone"
        found = line(lesions, {0: "X=present" + " Y=present" * ("Y" in said), 60: said})
        assert (responses(found), problems(found)) == (told, odd)

    @pytest.mark.parametrize(
        ("said", "told", "odd"),
        [
            ("A=9 !reported=CR", "NE", "CR_OVER_DISEASE"),
            ("A=0 !reported=CR", "CR", ""),
            ("A=9 !reported=PR", "PR", ""),
        ],
    )
    def test_target(self, said: str, told: str, odd: str) -> None:
        found = line("A:brain B:lung", {0: "A=30 B=30", 60: said})
        assert (responses(found), problems(found)) == (told, odd)

    @pytest.mark.parametrize(
        ("word", "odd"), [("PR", True), ("SD", True), ("CR", False), ("PD", False)]
    )
    def test_after_complete_response(self, word: str, odd: bool) -> None:
        visits = {0: "A=30", 60: "A=0", 120: f"!reported={word}"}
        found = line(ANCHOR, visits)
        assert responses(found) == f"CR {word}"
        assert problems(found) == ("RESPONSE_AFTER_CR" if odd else "")
        visits[60] = "A=10"
        assert problems(line(ANCHOR, visits)) == ""


class TestPartial:
    """A follow-up that records nothing of the line is passed over, unless it says more."""

    @pytest.mark.parametrize(
        ("said", "rule"),
        [
            ("Y=absent", "K4-PARTIAL"),
            ("Y=not_evaluable", "K4-PARTIAL"),
            ("", "K4-EMPTY"),
            ("A=30", "K4-OURS"),
            ("Aa=30", "K4-OURS"),
            ("Y=absent !reported=SD", "K4-SAID"),
            ("Y=absent !unchanged", "K4-UNCHANGED"),
            ("Y=9", "K4-NEW"),
        ],
    )
    def test_rules(self, said: str, rule: str) -> None:
        found = line("A:brain Aa:brain/A Y:lung", {0: "A=30", 60: said})
        assert found.timepoints[0].partial.id == rule
        assert ("PARTIAL_EXAMINATION" in problems(found)) is (rule == "K4-PARTIAL")

    def test_line_without_lesions(self) -> None:
        found = line("A:brain Y:lung", {0: "A=absent", 60: "Y=absent"})
        assert found.timepoints[0].partial.id == "K4-NOTHING"
        found = line("A:brain Y:lung", {60: "Y=absent"}, targets=["A"])
        assert found.timepoints[0].partial.id == "K4-NOTHING"

    def test_best_response(self) -> None:
        """Two between two PR do not stop the confirmation; alone they are no data."""
        visits = {0: "A=30", 60: "A=20", 65: "Y=absent", 70: "Y=absent", 120: "A=20"}
        found = line("A:brain Y:lung", visits)
        assert (str(found.best_response), str(found.confirmed_best_response)) == ("PR", "PR")
        found = line("A:brain Y:lung", {0: "A=30", 60: "Y=absent"})
        assert str(found.best_response) == "ND"

    def test_of_either_criteria(self) -> None:
        """A verdict for other criteria is none for these."""
        said = {0: "A=30", 60: "Y=absent"}
        assert judged("A:brain Y:lung", said, criteria=RECIST_1_1).lines[0].timepoints[0].is_partial
