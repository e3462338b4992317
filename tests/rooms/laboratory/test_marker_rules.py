"""The published rules of marker response: each row as printed, with its study and evidence."""

from __future__ import annotations

import pickle
from fractions import Fraction
from typing import Any

import attrs
import pytest

from mrecist import MARKER_RULES, Cut, MarkerRule
from mrecist._base.errors import CriteriaError, NotThereError
from mrecist._base.words import Met
from mrecist.laboratory.marker_levels import Range, level
from mrecist.laboratory.marker_rules import ROSE, marker_rule_named
from mrecist.rulebook.papers import Evidence
from mrecist.rulebook.readings import READINGS

GRID = """
AFP-R20-W8: AFP response: a fall of 20 % or more, week 8 (cabozantinib, CELESTIAL)
AFP-CTRL-W8: AFP control: no rise, week 8 (cabozantinib, CELESTIAL)
AFP-R20-SOR: AFP response: a fall of more than 20 %, weeks 6 to 8 (sorafenib)
AFP-R20-SPIRA: marker PR: a fall of more than 20 %; marker PD: a rise of more than 30 %, \
best value of the line, from AFP >= 20 (sorafenib, with MRI)
AFP-R50-LRT: AFP response: a fall of more than 50 %, month 3, from AFP >= 200 \
(transarterial therapy)
AFP-R50-TACE: marker response: a fall of more than 50 %, month 1, from AFP >= 20, \
PIVKA-II >= 20 (TACE)
AFP-R75-W6: responder: a fall of 75 % or more; disease control: a fall, or a rise of at most \
10 %, week 6 (atezolizumab and bevacizumab)
AFP-R50R20-AB: as with objective response: a fall of 50 % or more; as with disease control: \
a fall of 20 % or more, lowest value of the line, from AFP >= 10 (atezolizumab and bevacizumab)
AFP-R20-W3: AFP response: a fall of more than 20 %, week 3 (predictor of complete response)
AFP-R10-DT: marker response: a fall of 10 % or more, week 4 (durvalumab and tremelimumab)
AFP-REACH: AFP response: a fall of 20 % or more, lowest value from 3 cycles of 2 weeks on \
(ramucirumab, REACH trials)
AFP-REACH-PD: AFP progression: a rise of 20 % or more, week 6, after 3 cycles of 2 weeks \
(ramucirumab, REACH trials)
AFP-CHAN: AFP response: a fall of more than 20 %, lowest value after 2 cycles or more, \
from AFP > 20 (chemotherapy)
"""

DAYS = {
    "AFP-R20-W8": (56, 56, 7),
    "AFP-CTRL-W8": (56, 56, 7),
    "AFP-R20-SOR": (42, 56, 7),
    "AFP-R20-SPIRA": (1, None, 7),
    "AFP-R50-LRT": (91, 91, 14),
    "AFP-R50-TACE": (30, 30, 14),
    "AFP-R75-W6": (42, 42, 7),
    "AFP-R50R20-AB": (1, None, 7),
    "AFP-R20-W3": (21, 21, 7),
    "AFP-R10-DT": (28, 28, 7),
    "AFP-REACH": (42, None, 7),
    "AFP-REACH-PD": (42, 42, 7),
    "AFP-CHAN": (42, None, 7),
}


def share(text: str) -> Range:
    return Range(Fraction(text), Fraction(text))


class TestRules:
    """Every row of the table is a value, with drop, day, floor, setting and source."""

    def test_grid(self) -> None:
        """The rows as they are printed."""
        rows = [str(rule).rpartition(" [")[0].rpartition(" [")[0] for rule in MARKER_RULES.values()]
        assert rows == GRID.strip().splitlines()

    def test_days(self) -> None:
        """The days of each rule."""
        found = {r.id: (r.first_day, r.last_day, r.window_days) for r in MARKER_RULES.values()}
        assert found == DAYS

    def test_markers(self) -> None:
        """TACE and durvalumab with tremelimumab judge PIVKA-II too, all others AFP alone."""
        both = {
            rule.id
            for rule in MARKER_RULES.values()
            if [name for name, _ in rule.floors] == ["AFP", "PIVKA-II"]
        }
        alone = {r.id for r in MARKER_RULES.values() if [n for n, _ in r.floors] == ["AFP"]}
        assert both == {"AFP-R50-TACE", "AFP-R10-DT"}
        assert alone == set(MARKER_RULES) - both

    def test_evidence(self) -> None:
        """The fall that REACH calls a response is recalled, the rest was read."""
        recalled = {r.id for r in MARKER_RULES.values() if r.source.evidence is Evidence.RECALLED}
        assert recalled == {"AFP-REACH"}
        others = {r.source.evidence for r in MARKER_RULES.values() if r.id not in recalled}
        assert others == {Evidence.VERIFIED}

    @pytest.mark.parametrize("rule", MARKER_RULES.values(), ids=str)
    def test_each(self, rule: MarkerRule) -> None:
        """A rule rests on readings of the list, and goes to another process as it is."""
        assert set(rule.readings) <= set(READINGS)
        assert pickle.loads(pickle.dumps(rule)) == rule
        assert hash(rule)
        assert repr(rule) == f"<MarkerRule {rule.id}>"
        assert rule.reference == "the value at the start of the line"

    def test_named(self) -> None:
        """By id, or given back as it is."""
        rule = MARKER_RULES["AFP-R20-W8"]
        assert marker_rule_named("AFP-R20-W8") is marker_rule_named(rule) is rule
        assert marker_rule_named("afp_r20_w8") is rule
        for wrong in ("AFP-R20", None):
            with pytest.raises(
                NotThereError, match=r'one of "AFP-R20-W8", .* or a MarkerRule, got'
            ):
                marker_rule_named(wrong)  # type: ignore[arg-type]


class TestOwnRule:
    """A rule of one's own is one of these, evolved."""

    def test_evolve(self) -> None:
        """Share, day and floor can be changed, and stay exact."""
        ours = attrs.evolve(
            MARKER_RULES["AFP-R20-W8"],
            id="OURS",
            cuts=[Cut("response", fall="1/3")],
            floors={"AFP": "12.5"},
        )
        assert str(ours).startswith("OURS: response: a fall of 33.333333 % or more, week 8, from ")
        assert ours.floors == (("AFP", Fraction(25, 2)),)

    @pytest.mark.parametrize(
        ("changes", "told"),
        [
            ({"cuts": []}, "marker rule AFP-R20-W8: give at least one cut and one marker"),
            ({"floors": {}}, "marker rule AFP-R20-W8: give at least one cut and one marker"),
            ({"last_day": 55}, "last_day must be at least first_day 56, got 55"),
            ({"first_day": -1}, "must be whole days, at least 0, got -1"),
            ({"window_days": 7.0}, "must be whole days, at least 0, got 7.0"),
            ({"floors": {"AFP": 20.5}}, 'must be exact, a Fraction or text like "1/5", got 20.5'),
            ({"floors": {"AFP": "twenty"}}, "must be a fraction like"),
        ],
    )
    def test_refused(self, changes: Any, told: str) -> None:
        """A rule that cannot be is refused."""
        with pytest.raises(CriteriaError, match=told):
            attrs.evolve(MARKER_RULES["AFP-R20-W8"], **changes)


class TestCut:
    """A cut is met on the one side of its share, and not on the other."""

    @pytest.mark.parametrize(
        ("cut", "met", "not_met"),
        [
            (Cut("c", fall="1/5"), ["-1/5", "-201/1000", "-1"], ["-199/1000", "0", "1"]),
            (Cut("c", fall="1/5", inclusive=False), ["-201/1000"], ["-1/5", "0"]),
            (Cut("c", rise="3/10"), ["3/10", "1"], ["299/1000", "-1"]),
            (ROSE, ["301/1000"], ["3/10", "-1"]),
            (Cut("c", rise_at_most=0), ["0", "-1"], ["1/1000"]),
            (Cut("c", rise_at_most=0, inclusive=False), ["-1/1000"], ["0"]),
            (Cut("c", rise_at_most="1/10"), ["1/10", "-1"], ["101/1000"]),
            (Cut("c", rise_at_most="1/10", inclusive=False), ["99/1000"], ["1/10"]),
            (Cut("c", rise=0, inclusive=False), ["1/1000"], ["0"]),
        ],
        ids=str,
    )
    def test_sides(self, cut: Cut, met: list[str], not_met: list[str]) -> None:
        """On the share itself, and a thousandth off; for a rise beside imaging RD-MARKER-ROSE."""
        assert [cut.judge(share(each)) for each in met] == [Met.MET] * len(met)
        assert [cut.judge(share(each)) for each in not_met] == [Met.NOT_MET] * len(not_met)

    def test_limit(self) -> None:
        """Where a limit of quantitation leaves it open, a cut is undetermined."""
        fell = level("<3").change_from(level("<30"))
        assert Cut("c", fall="1/5").judge(fell) is Met.UNDETERMINED
        assert ROSE.judge(fell) is Met.UNDETERMINED

    def test_text(self) -> None:
        """What is asked for, in words."""
        texts = [
            str(Cut("c", rise="3/10")),
            str(Cut("c", rise_at_most=0, inclusive=False)),
            str(Cut("c", rise_at_most="1/10", inclusive=False)),
            str(Cut("c", rise=0, inclusive=False)),
        ]
        assert texts == [
            "a rise of 30 % or more",
            "a fall",
            "a fall, or a rise of less than 10 %",
            "a rise of more than 0 %",
        ]

    @pytest.mark.parametrize(
        "given",
        [{}, {"fall": "1/5", "rise": "1/5"}, {"fall": 2}, {"fall": "-1/5"}, {"rise": "-1/5"}],
    )
    def test_one(self, given: Any) -> None:
        """One share, the right way round."""
        with pytest.raises(CriteriaError, match="cut c: give one of fall"):
            Cut("c", **given)

    @pytest.mark.parametrize("value", [0.2, True, "x", "1/0"])
    def test_exact(self, value: Any) -> None:
        """Floats and nonsense are refused."""
        with pytest.raises(CriteriaError, match="must be"):
            Cut("c", fall=value)
