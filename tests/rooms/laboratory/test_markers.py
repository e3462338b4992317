"""A marker beside the images of a line: the published case to the digit, and every boundary."""

from __future__ import annotations

import doctest
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import pytest

from mrecist import Finding, Lesion, Marker, Patient, TherapyLine, Timepoint, assess, example_case
from mrecist._base.errors import CriteriaError
from mrecist._base.words import Discordance, Flare, Imaging, Met, Move, Response
from mrecist.laboratory import markers as module
from mrecist.laboratory.marker_levels import AFP, Range
from mrecist.laboratory.marker_rules import MARKER_RULES, Cut
from mrecist.laboratory.markers import MarkerCourse, marker_course
from mrecist.rulebook.markers import DISCORDANCE, DISCORDANT, FLARE, IMAGING
from mrecist.rulebook.readings import READINGS, Reading

SEED = [marker_course(line) for line in assess(example_case("ikeda-2021")).lines]
DATE = {"before": -10}


def course(
    *values: tuple[int, Any],
    stop: int | None = None,
    then: int | None = None,
    name: str = "AFP",
    reports: dict[int, str] | None = None,
    **knobs: Any,
) -> MarkerCourse:
    """A line from day 0 with markers, with reported responses, perhaps with a line after it."""
    unit = "ng/mL" if name == "AFP" else "mAU/mL"
    lines = [TherapyLine(["lenvatinib"], 0, stop=stop)]
    if then is not None:
        lines.append(TherapyLine(["sorafenib"], then))
    scans = [Timepoint(0, [Finding("L", status="present")])]
    scans += [Timepoint(day, [], reported=word) for day, word in (reports or {}).items()]
    records = [Marker(day, name, value, unit) for day, value in values]
    patient = Patient("P-1", [Lesion("L", "lung", "nodule")], scans, lines, markers=records)
    return marker_course(assess(patient).lines[0], name, **knobs)


def percents(changes: list[Range | None]) -> list[int | float]:
    """Exact shares as per cent to one decimal."""
    exact = [change.exact for change in changes if change is not None]
    return [round(float(100 * each), 1) for each in exact if each is not None]


class TestSeed:
    """Section 10.9: the AFP arithmetic of each line, to the printed digit."""

    @pytest.mark.parametrize(
        ("line", "from_start", "from_nadir"),
        [
            (1, [-69.1, 187.3, 398.9], [-69.1, 830.8, 1516.2]),
            (2, [-97.0, -66.6], [-97.0, 1015.2]),
            (3, [-86.0, -76.1], [-86.0, 70.8]),
            (4, [-76.9, -65.0], [-76.9, 51.7]),
            (5, [-21.7], [-21.7]),
        ],
    )
    def test_shares(self, line: int, from_start: list[float], from_nadir: list[float]) -> None:
        """L1 -69.1, +187, +399; L2 -97.0, -66.6, +1015; L3 -86.0, -76.1, +70.8; and so on."""
        points = SEED[line - 1].points
        assert percents([point.change for point in points]) == from_start
        assert percents([point.change_from_nadir for point in points]) == from_nadir

    def test_exact(self) -> None:
        """The shares behind the digits are exact."""
        first = SEED[0].points[0].change
        assert first is not None
        assert first.exact == Fraction(117 - 379, 379)
        whole = [SEED[0].points[1].change, SEED[0].points[2].change]
        assert [round(100 * change.exact) for change in whole if change and change.exact] == [
            187,
            399,
        ]

    @pytest.mark.parametrize(
        ("line", "days"),
        [(1, [-17, 10, 38]), (2, [-18, 17]), (3, [-32, 119]), (4, [-15, 50]), (5, [-85])],
    )
    def test_doubling(self, line: int, days: list[int]) -> None:
        """Doubling (halving) times on the whole days of the chart: 30 days give 50, not 51."""
        found = [point.doubling_days for point in SEED[line - 1].points]
        assert [round(each) for each in found if each is not None] == days

    def test_references(self) -> None:
        """The reference is the value at the start of the line, not the last of the line before."""
        told = [str(course.reference) for course in SEED]
        assert told == [
            "379 ng/mL on day 0",
            "5505 ng/mL on day 112",
            "1840 ng/mL on day 264",
            "2991 ng/mL on day 475",
            "1048 ng/mL on day 536",
        ]
        assert [course.reference_age_days for course in SEED] == [0] * 5

    def test_discordance(self) -> None:
        """SEED-A: line 1 falls by 69 % and is PD; line 3 is PD with AFP 76 % under its start."""
        found = [[each.verdict for each in course.beside_imaging()] for course in SEED]
        assert found == [
            [Discordance.FELL_BEFORE_PD],
            [Discordance.AGREE, Discordance.FALLEN_AT_PD],
            [Discordance.NOT_JUDGED, Discordance.FALLEN_AT_PD, Discordance.FELL_BEFORE_PD],
            [Discordance.AGREE],
            [Discordance.NOT_JUDGED],
        ]
        assert str(SEED[0].beside_imaging()[0]) == (
            "day 91: marker had fallen before imaging progressed: imaging progressed after a "
            "marker response (AFP 117 ng/mL (day 28 of the line), -69.12 %); now AFP 1891 ng/mL "
            "(day 91 of the line), +398.94 % from the reference "
            "[AFP-R50R20-AB: a fall of 50 % or more]"
        )
        assert SEED[2].beside_imaging()[1].why == (
            "imaging progressed with AFP 439 ng/mL (day 183 of the line), -76.14 % from the "
            "reference [AFP-R50R20-AB: a fall of 50 % or more]"
        )

    def test_a_50_per_cent_rule(self) -> None:
        """Line 1 passes a 50 % rule at 4 weeks."""
        response = SEED[0].response("AFP-R50-TACE")
        assert (response.verdict, response.word) == (Met.MET, "marker response")
        assert str(response) == (
            "AFP-R50-TACE met: AFP 117 ng/mL (day 28 of the line) is -69.12 % from the reference "
            "379 ng/mL; marker response (a fall of more than 50 %): met "
            "[TACE, AFP and DCP 2013, AFP and DCP response [verified]]"
        )
        assert response.source.paper.key == "TACE, AFP and DCP 2013"

    def test_all_rules(self) -> None:
        """Line 4 by each rule of the list."""
        words = {each.rule.id: each.word for each in SEED[3].responses()}
        assert words == {
            "AFP-R20-W8": "AFP response",
            "AFP-CTRL-W8": "AFP control",
            "AFP-R20-SOR": "AFP response",
            "AFP-R20-SPIRA": "marker PR",
            "AFP-R50-LRT": None,
            "AFP-R50-TACE": "marker response",
            "AFP-R75-W6": None,
            "AFP-R50R20-AB": "as with objective response",
            "AFP-R20-W3": None,
            "AFP-R10-DT": "marker response",
            "AFP-REACH": "AFP response",
            "AFP-REACH-PD": None,
            "AFP-CHAN": "AFP response",
        }

    def test_verdicts_stay(self) -> None:
        """AFP-NOTPD: without its markers the case has the same responses."""
        patient = example_case("ikeda-2021")
        bare = attrs.evolve(patient, markers=())
        both = [
            [t.response for line in assess(p).lines for t in line.timepoints]
            for p in (patient, bare)
        ]
        assert both[0] == both[1]

    def test_text(self) -> None:
        """The example of the docstring."""
        assert doctest.testmod(module).failed == 0
        assert repr(SEED[3]) == "<MarkerCourse line 4 AFP, 2>"


class TestReference:
    """AFP-REF: the latest value on or before the start, and no older than stated."""

    @pytest.mark.parametrize(
        ("day", "knobs", "age"),
        [
            (0, {}, 0), (-28, {}, 28), (-29, {}, None), (1, {}, None),
            (-29, {"reference_days": 29}, 29), (-1, {"reference_days": 0}, None),
        ],
    )  # fmt: skip
    def test_age(self, day: int, knobs: dict[str, int], age: int | None) -> None:
        """28 days are young enough, 29 are not, unless it is said."""
        assert course((day, 100), (30, 50), **knobs).reference_age_days == age

    def test_latest(self) -> None:
        """Of two the later."""
        assert str(course((-20, 100), (-3, 80), (30, 50)).reference) == "80 ng/mL on day -3"

    def test_none(self) -> None:
        """Without one there is no change, and the nadir starts with the line's first value."""
        bare = course((10, 100), (20, 80), (30, 90))
        assert [point.change for point in bare.points] == [None] * 3
        assert bare.points[0].nadir is None
        assert percents([point.change_from_nadir for point in bare.points]) == [-20.0, 12.5]
        assert str(bare).splitlines() == [
            "line 1 (lenvatinib), AFP: no reference within 28 days before the start",
            "  day 10: 100 ng/mL",
            "  day 20: 80 ng/mL, -20 % from the nadir 100, halving in 31 days",
            "  day 30: 90 ng/mL, +12.5 % from the nadir 80, doubling in 59 days",
        ]
        assert bare.response("AFP-R20-W3").why == "no AFP within 28 days before the start"
        assert bare.response("AFP-R20-W3").verdict is Met.UNDETERMINED

    def test_unchanged(self) -> None:
        """A value that did not change has no doubling time to tell."""
        assert str(course((0, 100), (20, 100)).points[0]) == (
            "day 20: 100 ng/mL, 0 %, 0 % from the nadir 100"
        )

    @pytest.mark.parametrize("days", [-1, 28.0, True])
    def test_refused(self, days: Any) -> None:
        """Days are whole and not negative."""
        with pytest.raises(ValueError, match="reference_days must be whole days from 0, got"):
            course((0, 1), reference_days=days)

    def test_line(self) -> None:
        """It takes a line, not a whole assessment."""
        with pytest.raises(TypeError, match="takes one line, got Assessment; such as"):
            marker_course(assess(example_case("ikeda-2021")))  # type: ignore[arg-type]


class TestLine:
    """A value belongs to a line up to the next one's start; on that day while the line went on."""

    @pytest.mark.parametrize(
        ("stop", "last"), [(None, 60), (60, 60), (70, 60), (59, 59), (30, 59)]
    )  # fmt: skip
    def test_last(self, stop: int | None, last: int) -> None:
        """The day of the next start counts where the line had not stopped before."""
        values = [(0, 100), (59, 90), (60, 80), (61, 70)]
        points = course(*values, stop=stop, then=60).points
        assert points[-1].day == last

    def test_open(self) -> None:
        """The last line goes on; its first day is the reference's."""
        open_line = course((0, 100), (1, 90), (5000, 80), stop=30)
        assert [point.day for point in open_line.points] == [1, 5000]

    def test_ends(self) -> None:
        """Nadir and last value of a line; a line without values has neither."""
        line = course((0, 100), (10, 50), (20, 50), (30, 70))
        assert line.nadir is line.points[0]
        assert line.last is line.points[2]
        empty = course((0, 100))
        assert (empty.nadir, empty.last) == (None, None)

    def test_nadir_with_limits(self) -> None:
        """The lowest is the one that lies surely lowest; an open end is the lowest of none."""
        values = [(0, 100), (10, ">500"), (20, "<3"), (30, "<=3"), (40, 3)]
        line = course(*values)
        assert line.nadir is line.points[1]
        assert course((0, 9), (10, ">500"), (20, 600)).nadir.day == 20  # type: ignore[union-attr]
        assert str(line.points[-1].nadir) == "<3"
        assert course((0, 9), (10, "<3"), (20, 2)).nadir.day == 20  # type: ignore[union-attr]

    def test_nearest(self) -> None:
        """RD-MARKER-PAIR: the value nearest to a date, within the days; of equals the earlier."""
        line = course((0, 100), (10, 50), (20, 40), (60, 30))
        days = {date: line.at(date) for date in (14, 15, 16, 34, 35, 46, 74, 75)}
        assert {date: point and point.day for date, point in days.items()} == {
            14: 10,
            15: 10,
            16: 20,
            34: 20,
            35: None,
            46: 60,
            74: 60,
            75: None,
        }
        assert line.at(35, within_days=15) is line.points[1]


class TestResponse:
    """A rule is met, not met, undetermined or not applicable, and says why."""

    @pytest.mark.parametrize(
        ("day", "met"), [(48, False), (49, True), (56, True), (63, True), (64, False)]
    )
    def test_window(self, day: int, met: bool) -> None:
        """Week 8 is day 56, 7 days either way."""
        response = course((0, 100), (day, 10)).response("AFP-R20-W8")
        assert (response.verdict is Met.MET) is met
        if not met:
            assert response.verdict is Met.UNDETERMINED
            assert response.why == "no AFP of this line at week 8"
            assert (response.point, response.word, response.cuts) == (None, None, ())

    @pytest.mark.parametrize(
        ("day", "verdict"), [(34, "undetermined"), (35, "met"), (63, "met"), (64, "undetermined")]
    )
    def test_span(self, day: int, verdict: str) -> None:
        """Weeks 6 to 8 begin 7 days before day 42 and end 7 days after day 56."""
        assert course((0, 100), (day, 10)).response("AFP-R20-SOR").verdict == verdict

    def test_nearest(self) -> None:
        """The value nearest to the day counts; of equally near ones the earlier."""
        values = [(0, 100), (50, 50), (55, 60), (57, 70), (58, 80)]
        point = course(*values).response("AFP-R20-W8").point
        assert point is not None
        assert point.day == 55
        inside = course((0, 100), (41, 10), (43, 20), (55, 30)).response("AFP-R20-SOR").point
        assert inside is not None
        assert inside.day == 43

    @pytest.mark.parametrize(
        ("value", "verdicts"),
        [
            ("79.999", "met met met"), (80, "met not_met met"), ("80.001", "not_met not_met met"),
            (100, "not_met not_met met"), ("100.001", "not_met not_met not_met"),
        ],
    )  # fmt: skip
    def test_sides(self, value: Any, verdicts: str) -> None:
        """At least 20 % against more than 20 % against no rise, on either side."""
        line = course((0, 100), (56, value))
        found = [
            line.response(rule).verdict for rule in ("AFP-R20-W8", "AFP-R20-SOR", "AFP-CTRL-W8")
        ]
        assert [each.name.lower() for each in found] == verdicts.split()

    @pytest.mark.parametrize(
        ("value", "word"),
        [(25, "responder"), ("25.1", "disease control"), (110, "disease control"),
         ("110.1", "none of these")],
    )  # fmt: skip
    def test_two_cuts(self, value: Any, word: str) -> None:
        """A fall of 75 % responds, a rise of up to 10 % is controlled."""
        response = course((0, 100), (42, value)).response("AFP-R75-W6")
        assert response.word == word
        assert str(response).startswith(f"AFP-R75-W6 {word}: AFP ")
        assert (response.verdict is Met.MET) is (word == "responder")

    @pytest.mark.parametrize(
        ("value", "word"),
        [("79.9", "marker PR"), (80, "marker SD"), (130, "marker SD"), ("130.1", "marker PD")],
    )
    def test_spira(self, value: Any, word: str) -> None:
        """More than 20 % down is PR, more than 30 % up is PD, between is SD."""
        assert course((0, 100), (9, value)).response("AFP-R20-SPIRA").word == word

    def test_best(self) -> None:
        """Where a rule names no last day the lowest value counts, from its first day on."""
        line = course((0, 100), (41, 10), (42, 90), (70, 80), (90, 95))
        reach, ab = line.response("AFP-REACH"), line.response("AFP-R50R20-AB")
        assert reach.point is line.points[2]
        assert ab.point is line.points[0]

    @pytest.mark.parametrize(
        ("rule", "floor", "inclusive"),
        [("AFP-R20-SPIRA", 20, True), ("AFP-R50-LRT", 200, True), ("AFP-R50-TACE", 20, True),
         ("AFP-R50R20-AB", 10, True), ("AFP-CHAN", 20, False)],
    )  # fmt: skip
    def test_floor(self, rule: str, floor: int, inclusive: bool) -> None:
        """Under the floor a rule is not applicable; on it as printed."""
        day = MARKER_RULES[rule].first_day
        under, on, over = (
            course((0, floor + Decimal(step)), (day, 1)).response(rule).verdict
            for step in ("-0.001", "0", "0.001")
        )
        assert (under, over) == (Met.NOT_APPLICABLE, Met.MET)
        assert on is (Met.MET if inclusive else Met.NOT_APPLICABLE)

    def test_floor_told(self) -> None:
        """The floor is told with the reference that misses it."""
        response = course((0, "19.5"), (30, 1)).response("AFP-R50-TACE")
        assert response.why == "the reference is 19.5 ng/mL, the rule asks for >= 20"
        assert str(response).startswith("AFP-R50-TACE not applicable: the reference is 19.5")
        assert "asks for > 20" in course((0, 20), (50, 1)).response("AFP-CHAN").why
        limit = course((0, "<30"), (30, 1)).response("AFP-R50-TACE")
        assert limit.verdict is Met.UNDETERMINED

    def test_marker(self) -> None:
        """PIVKA-II is judged by the rules that say so, with their floor."""
        line = course((0, 100), (30, 10), name="PIVKA-II")
        assert line.response("AFP-R50-TACE").verdict is Met.MET
        assert line.response("AFP-R10-DT").verdict is Met.MET
        other = line.response("AFP-R20-W8")
        assert other.verdict is Met.NOT_APPLICABLE
        assert other.why == "a rule for AFP, not for PIVKA-II"

    def test_limits(self) -> None:
        """A limit of quantitation decides where every level under it does."""
        sure = course((0, 379), (56, "<3")).response("AFP-R20-W8")
        assert sure.verdict is Met.MET
        assert "is a fall of more than 99.2 % from the reference 379 ng/mL" in sure.why
        open_ = course((0, "<3"), (56, "<3")).response("AFP-R20-W8")
        assert (open_.verdict, open_.word) == (Met.UNDETERMINED, None)
        mixed = course((0, 10), (20, ">9"), (30, "<9")).response("AFP-R20-SPIRA")
        assert mixed.verdict is Met.NOT_APPLICABLE
        lowest = course((0, 30), (20, ">9"), (30, "<29")).response("AFP-R20-SPIRA")
        assert (lowest.verdict, lowest.word) == (Met.UNDETERMINED, None)

    def test_own_rule(self) -> None:
        """A rule of one's own, by value."""
        ours = attrs.evolve(MARKER_RULES["AFP-R20-W8"], id="OURS", window_days=0)
        line = course((0, 100), (55, 10))
        assert line.response(ours).verdict is Met.UNDETERMINED
        assert [each.rule.id for each in line.responses([ours, "AFP-R20-W8"])] == [
            "OURS",
            "AFP-R20-W8",
        ]
        assert len(line.responses()) == len(MARKER_RULES)


class TestFlare:
    """AFP-FLARE: an early rise is not called progression before the next value."""

    @pytest.mark.parametrize(
        ("values", "verdict"),
        [
            ([(0, 100), (14, 130), (28, 80)], Flare.FLARE),
            ([(0, 100), (14, 130), (28, 120), (42, 99)], Flare.FLARE),
            ([(0, 100), (14, 130), (28, 100)], Flare.STANDS),
            ([(0, 100), (14, 130), (28, 150)], Flare.STANDS),
            ([(0, 100), (14, 130)], Flare.NEXT_VALUE_NEEDED),
            ([(0, 100), (14, 100), (28, 90)], Flare.NO_RISE),
            ([(0, 100), (56, 101), (70, 90)], Flare.FLARE),
            ([(0, 100), (14, 90), (57, 101), (70, 90)], Flare.NO_RISE),
            ([(0, 100), (57, 101), (70, 90)], Flare.UNDETERMINED),
            ([(0, 100), (14, 130), (28, "<150")], Flare.UNDETERMINED),
            ([(0, 100), (14, "<150")], Flare.UNDETERMINED),
            ([(0, 100), (14, "<150"), (20, 110), (28, 90)], Flare.FLARE),
            ([(14, 130), (28, 80)], Flare.UNDETERMINED),
        ],
    )
    def test_each(self, values: list[tuple[int, Any]], verdict: Flare) -> None:
        """Rise and fall, either side of the reference and of day 56."""
        assert course(*values).flare().verdict is verdict

    def test_told(self) -> None:
        """The sentence names the value that rose; the days can be set."""
        line = course((0, 100), (14, 130), (28, 80))
        assert str(line.flare()) == (
            "flare: 130 ng/mL on day 14 rose above the reference 100 ng/mL, and a later value "
            "fell below it [Reading RD-MARKER-FLARE]"
        )
        assert line.flare(early_days=13).verdict is Flare.UNDETERMINED
        assert line.flare(early_days=0).verdict is Flare.UNDETERMINED
        assert line.flare(early_days=14).verdict is Flare.FLARE
        assert "reference (none) is not known" in course((9, 5)).flare().why
        for wrong in (-1, 2.0):
            with pytest.raises(ValueError, match="early_days must be whole days from 0, got"):
                line.flare(early_days=wrong)  # type: ignore[arg-type]


class TestBesideImaging:
    """AFP-NOTPD: marker and imaging are compared, and neither changes the other."""

    @pytest.mark.parametrize(
        ("values", "report", "verdict"),
        [
            ([(0, 100), (60, 50)], "PD", Discordance.FALLEN_AT_PD),
            ([(0, 100), (60, 51)], "PD", Discordance.NEITHER),
            ([(0, 100), (30, 50), (60, 51)], "PD", Discordance.FELL_BEFORE_PD),
            ([(0, 100), (30, 50), (60, 200)], "PD", Discordance.FELL_BEFORE_PD),
            ([(0, 100), (30, 50)], "PD", Discordance.FELL_BEFORE_PD),
            ([(0, 100), (61, 130), (75, 50)], "PD", Discordance.NEITHER),
            ([(0, 100), (60, 131)], "PD", Discordance.AGREE),
            ([(0, 100), (60, 131)], "PR", Discordance.ROSE_WITHOUT_PD),
            ([(0, 100), (60, 131)], "CR", Discordance.ROSE_WITHOUT_PD),
            ([(0, 100), (60, 131)], "SD", Discordance.ROSE_WITHOUT_PD),
            ([(0, 100), (60, 130)], "PR", Discordance.NEITHER),
            ([(0, 100), (60, 50)], "PR", Discordance.AGREE),
            ([(0, 100), (60, 50)], "NE", Discordance.NOT_JUDGED),
            ([(0, 100), (30, 50)], "PR", Discordance.UNDETERMINED),
            ([(0, 100)], "PD", Discordance.UNDETERMINED),
            ([(60, 100)], "PD", Discordance.UNDETERMINED),
            ([(0, 100), (60, "<60")], "PD", Discordance.UNDETERMINED),
            ([(0, 100), (60, "<60")], "PR", Discordance.UNDETERMINED),
            ([(0, 9), (60, 1)], "PD", Discordance.NEITHER),
            ([(0, 9), (60, 1)], "PR", Discordance.NEITHER),
            ([(0, 9), (60, 90)], "PR", Discordance.ROSE_WITHOUT_PD),
            ([(0, "<20"), (60, "<2")], "PD", Discordance.UNDETERMINED),
            ([(0, 9)], "PD", Discordance.UNDETERMINED),
        ],
    )
    def test_each(self, values: list[tuple[int, Any]], report: str, verdict: Discordance) -> None:
        """Both directions, either side of both cuts, known or not, above or under the floor."""
        compared = course(*values, reports={60: report}).beside_imaging()[0]
        assert compared.verdict is verdict
        assert compared.response == report
        assert compared.discordant is (verdict in DISCORDANT)

    def test_days(self) -> None:
        """A value within 14 days of the scan is compared, unless other days are given."""
        line = course((0, 100), (74, 131), reports={60: "PR"})
        assert line.beside_imaging()[0].discordant
        assert not line.beside_imaging(within_days=13)[0].discordant
        assert "(no AFP within 13 days)" in line.beside_imaging(within_days=13)[0].why

    def test_rule(self) -> None:
        """The cut is that of the rule that is named, on whatever day."""
        line = course((0, 100), (60, 79), reports={60: "PD"})
        assert line.beside_imaging()[0].verdict is Discordance.NEITHER
        assert line.beside_imaging("AFP-R20-W3")[0].verdict is Discordance.FALLEN_AT_PD

    def test_rise(self) -> None:
        """The rise is more than 30 %, unless another is given, such as that of REACH."""
        line = course((0, 100), (60, 120), reports={60: "PR"})
        assert line.beside_imaging()[0].verdict is Discordance.NEITHER
        reach = MARKER_RULES["AFP-REACH-PD"]
        (found,) = line.beside_imaging(rose=reach.cuts[0])
        assert found.verdict is Discordance.ROSE_WITHOUT_PD
        with pytest.raises(CriteriaError, match="AFP-REACH-PD: its first cut is a rise of 20 % or"):
            line.beside_imaging(reach)
        with pytest.raises(CriteriaError, match="AFP response: rose must be a rise, got a fall of"):
            line.beside_imaging(rose=MARKER_RULES["AFP-R20-W8"].cuts[0])

    @pytest.mark.parametrize(("value", "verdict"), [(119.999, Met.NOT_MET), (120, Met.MET)])
    def test_progression(self, value: float, verdict: Met) -> None:
        """REACH prints a rise of 20 % or more as AFP progression."""
        found = course((0, 100), (42, str(value))).response("AFP-REACH-PD")
        assert found.verdict is verdict

    def test_imaging(self) -> None:
        """PD progressed; NE and ND say nothing; all others did not progress."""
        found = {each: IMAGING.get(each, Imaging.NOT_PROGRESSED) for each in Response}
        assert [each for each, says in found.items() if says is Imaging.PROGRESSED] == ["PD"]
        assert [e for e, says in found.items() if says is Imaging.NOT_JUDGED] == ["NE", "ND"]


class TestTables:
    """The two tables, cell by cell where a chart cannot reach, and sound in their sources."""

    @pytest.mark.parametrize("table", [DISCORDANCE, FLARE], ids=str)
    def test_sources(self, table: Any) -> None:
        """A decision of this project is one of the list."""
        for rule in table.rules:
            named = [each for each in (rule.source, *rule.readings) if isinstance(each, Reading)]
            assert named
            assert set(named) <= set(READINGS)

    @pytest.mark.parametrize(
        ("imaging", "now", "before", "verdict"),
        [
            ("PROGRESSED", "ROSE", "UNDETERMINED", "UNDETERMINED"),
            ("PROGRESSED", "NEITHER", "UNDETERMINED", "UNDETERMINED"),
            ("PROGRESSED", "ROSE", "NOT_APPLICABLE", "AGREE"),
            ("PROGRESSED", "UNKNOWN", "NOT_APPLICABLE", "UNDETERMINED"),
            ("PROGRESSED", "UNKNOWN", "NOT_MET", "UNDETERMINED"),
            ("PROGRESSED", "NEITHER", "NOT_APPLICABLE", "NEITHER"),
            ("NOT_PROGRESSED", "FELL", "UNDETERMINED", "AGREE"),
            ("NOT_JUDGED", "ROSE", "MET", "NOT_JUDGED"),
        ],
    )
    def test_cells(self, imaging: str, now: str, before: str, verdict: str) -> None:
        """What a response before the scan leaves open stays open."""
        rule = DISCORDANCE.decide(Imaging[imaging], Move[now], Met[before])
        assert rule.verdict is Discordance[verdict]

    def test_flare_cells(self) -> None:
        """What cannot be told stays open."""
        assert FLARE.decide(Met.NOT_APPLICABLE, True, Met.MET).verdict is Flare.UNDETERMINED
        assert FLARE.decide(Met.MET, True, Met.NOT_APPLICABLE).verdict is Flare.STANDS


def test_names() -> None:
    """A marker is asked for by a synonym, or as a value with a unit of one's own."""
    patient = Patient(
        "P-1",
        [Lesion("L", "lung", "nodule")],
        [Timepoint(0, [Finding("L", longest_mm=20)])],
        [TherapyLine(["lenvatinib"], 0)],
        markers=[Marker(0, "afp", 100, "IU/mL")],
    )
    line = assess(patient).lines[0]
    ours = AFP.with_unit("IU/mL", "1.21", source="our assay")
    assert str(marker_course(line, ours).reference) == "121 ng/mL on day 0"
    assert marker_course(line, "DCP").reference is None
    assert Cut("c", fall=1).judge(Range(Fraction(-1), Fraction(-1))) is Met.MET
