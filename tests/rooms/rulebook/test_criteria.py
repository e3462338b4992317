"""The criteria: the numbers of the papers, and protocols of one's own."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from fractions import Fraction
from typing import Any

import attrs
import pytest

from mrecist import (
    CRITERIA,
    EASL,
    MRECIST,
    MRECIST_5MM,
    MRECIST_Q6W,
    MRECIST_REFLECT,
    RECIST_1_1,
    RECIST_1_1_LEAP_012,
    WHO,
    Criteria,
    CriteriaError,
    Patient,
    TherapyLine,
    assess,
    to_assessment,
)
from mrecist._base.words import Measure, NewRule
from mrecist.rulebook.criteria import (
    MRECIST_5MM_RULES,
    MRECIST_RULES,
    RECIST_RULES,
    Rulebook,
    criteria_named,
)
from mrecist.rulebook.numbers_of_criteria import NUMBERS as SOURCED

NUMBERS: dict[str, tuple[Any, Any, Any]] = {
    # field: mrecist, mrecist-5mm, recist-1.1
    "name": ("mrecist", "mrecist-5mm", "recist-1.1"),
    "rules": (MRECIST_RULES, MRECIST_5MM_RULES, RECIST_RULES),
    "liver_nodule_size": (Measure.VIABLE, Measure.VIABLE, Measure.LONGEST),
    "response_share": (Fraction(3, 10), Fraction(3, 10), Fraction(3, 10)),
    "progression_share": (Fraction(1, 5), Fraction(1, 5), Fraction(1, 5)),
    "progression_floor_um": (0, 5_000, 5_000),
    "target_nodule_um": (10_000, 10_000, 10_000),
    "target_node_um": (15_000, 15_000, 15_000),
    "target_hilar_node_um": (20_000, 20_000, 15_000),
    "diseased_node_um": (10_000, 10_000, 10_000),
    "diseased_hilar_node_um": (20_000, 20_000, 10_000),
    "gone_node_um": (10_000, 10_000, 10_000),
    "too_small_um": (5_000, 5_000, 5_000),
    "new_liver_nodule": (NewRule.HCC, NewRule.HCC, NewRule.UNEQUIVOCAL),
    "new_nodule_um": (10_000, 10_000, 10_000),
    "new_nodule_growth_um": (10_000, 10_000, 10_000),
    "new_node_growth_um": (5_000, 5_000, 5_000),
    "growth_share": (Fraction(1, 5), Fraction(1, 5), Fraction(1, 5)),
    "growth_um": (5_000, 5_000, 5_000),
    "effusions_need_cytology": (True, True, False),
    "treated_targets": (True, True, False),
    "targets_per_organ": (2, 2, 2),
    "targets_in_all": (5, 5, 5),
    "targets_in_liver": (None, None, None),
    "baseline_days": (28, 28, 28),
    "confirmation_days": (28, 28, 28),
    "stable_days": (42, 42, 42),
    "confirmation_gaps": (1, 1, 1),
    "pd_operator": (">=", ">=", ">="),
    "area": (None, None, None),
    "progression_by_lesion": (False, False, False),
    "stable_word": ("SD", "SD", "SD"),
}

OTHERS: dict[str, Any] = {
    "name": "my protocol",
    "title": "My protocol",
    "rules": RECIST_RULES,
    "liver_nodule_size": Measure.LONGEST,
    "too_small_mm": 4,
    "gone_node_mm": "9.5",
    "diseased_node_mm": 12,
    "diseased_hilar_node_mm": 10,
    "target_nodule_mm": 20,
    "target_node_mm": 16.5,
    "target_hilar_node_mm": 25,
    "treated_targets": False,
    "effusions_need_cytology": False,
    "targets_per_organ": 3,
    "targets_in_all": 10,
    "targets_in_liver": 4,
    "response_share": "1/2",
    "progression_share": Fraction(1, 4),
    "progression_floor_mm": 5,
    "new_liver_nodule": NewRule.UNEQUIVOCAL,
    "new_nodule_mm": 15,
    "new_nodule_growth_mm": 5,
    "new_node_growth_mm": 6,
    "growth_share": "1/4",
    "growth_mm": 7,
    "baseline_days": 35,
    "stable_days": 49,
    "confirmation_days": 21,
    "confirmation_gaps": 0,
    "pd_operator": ">",
    "area": Measure.LONGEST,
    "progression_by_lesion": True,
    "stable_word": "NC",
}
KEPT: dict[str, Any] = {
    "too_small_mm": 4_000,
    "gone_node_mm": 9_500,
    "diseased_node_mm": 12_000,
    "diseased_hilar_node_mm": 10_000,
    "target_nodule_mm": 20_000,
    "target_node_mm": 16_500,
    "target_hilar_node_mm": 25_000,
    "progression_floor_mm": 5_000,
    "new_nodule_mm": 15_000,
    "new_nodule_growth_mm": 5_000,
    "new_node_growth_mm": 6_000,
    "growth_share": Fraction(1, 4),
    "growth_mm": 7_000,
    "response_share": Fraction(1, 2),
}
PUBLISHED = ["mrecist", "mrecist-5mm", "recist-1.1",
             "recist-1.1-leap012", "mrecist-reflect", "mrecist-q6w", "easl", "who"]  # fmt: skip


def quoted(name: str) -> str:
    return f'"{name}"'


ALIASES = [field.alias for field in attrs.fields(Criteria)]


class TestNumbers:
    """The three named criteria hold the numbers of the first section's table."""

    @pytest.mark.parametrize("field", NUMBERS)
    def test_number(self, field: str) -> None:
        """The field is exactly this under each of them."""
        found = tuple(getattr(criteria, field) for criteria in (MRECIST, MRECIST_5MM, RECIST_1_1))
        assert found == NUMBERS[field]

    def test_every_field(self) -> None:
        """No field is left out of the table above."""
        assert {field.name for field in attrs.fields(Criteria)} == {*NUMBERS, "title"}

    @pytest.mark.parametrize(
        ("criteria", "id", "numbers"),
        [
            (MRECIST, "TS-10", {"targets_per_organ": 2, "targets_in_all": 5}),
            (MRECIST, "TS-12", {"treated_targets": True}),
            (MRECIST, "EH-SUM", {"liver_nodule_size": Measure.VIABLE}),
            (MRECIST, "EFF-WORSENS", {"effusions_need_cytology": True}),
            (MRECIST, "V20-02", {"progression_floor_um": 0}),
            (MRECIST, "LN-OTHER-15", {"target_node_um": 15_000}),
            (MRECIST, "TL-LN-CR", {"gone_node_um": 10_000}),
            (MRECIST, "MEAS-15", {"baseline_days": 28}),
            (MRECIST, "BOR-03", {"confirmation_days": 28}),
            (MRECIST, "BOR-04", {"stable_days": 42}),
            (MRECIST, "BOR-08", {"confirmation_gaps": 1}),
            (RECIST_1_1, "R11-TS-00",
             {"targets_per_organ": 2, "targets_in_all": 5, "baseline_days": 28}),
            (RECIST_1_1_LEAP_012, "LEAP-TARGETS", {"targets_in_liver": 5}),
            (MRECIST_REFLECT, "REFLECT-SD", {"stable_days": 49}),
            (MRECIST_REFLECT, "REFLECT-UNCONFIRMED", {"confirmation_days": 0}),
            (MRECIST_Q6W, "STABLE-Q6W", {"stable_days": 35}),
            (EASL, "EASL-AREA", {"area": Measure.VIABLE}),
            (EASL, "EASL-TARGETS", {"targets_per_organ": 2}),
            (EASL, "EASL-NO-FLOOR", {"progression_floor_um": 0}),
            (EASL, "AREA-OPERATOR", {"pd_operator": ">="}),
            (EASL, "AREA-DIAMETERS", {"target_nodule_um": 10_000, "gone_node_um": 10_000}),
            (WHO, "WHO-AREA", {"area": Measure.LONGEST}),
            (WHO, "WHO-ALL", {"targets_per_organ": None, "targets_in_all": None}),
            (RECIST_1_1, "R11-MEAS-04", {"treated_targets": False}),
            (RECIST_1_1, "EFF-RECIST", {"effusions_need_cytology": False}),
        ],
    )  # fmt: skip
    def test_with_id(self, criteria: Criteria, id: str, numbers: dict[str, Any]) -> None:
        """Numbers that no table states have an id and a source of their own."""
        (number,) = (each for each in SOURCED if each.id == id)
        assert {field: getattr(criteria, field) for field in number.fields} == numbers

    def test_by_name(self) -> None:
        """The criteria are found by their names, in this order."""
        assert {
            "mrecist": MRECIST,
            "mrecist-5mm": MRECIST_5MM,
            "recist-1.1": RECIST_1_1,
            "recist-1.1-leap012": RECIST_1_1_LEAP_012,
            "mrecist-reflect": MRECIST_REFLECT,
            "mrecist-q6w": MRECIST_Q6W,
            "easl": EASL,
            "who": WHO,
        } == CRITERIA
        assert [*CRITERIA] == PUBLISHED

    def test_titles(self) -> None:
        """Each title says which paper is meant."""
        assert MRECIST.title == "HCC mRECIST (Lencioni & Llovet 2010)"
        assert MRECIST_5MM.title == "HCC mRECIST with an absolute floor of 5 mm for progression"
        assert RECIST_1_1.title == "RECIST 1.1 (Eisenhauer 2009)"

    @pytest.mark.parametrize(
        ("criteria", "differ"),
        [
            (MRECIST, True),
            (RECIST_1_1, False),
            (attrs.evolve(MRECIST, diseased_hilar_node_mm="10.001"), True),
            (attrs.evolve(MRECIST, diseased_node_mm=12, diseased_hilar_node_mm=11), False),
        ],
        ids=["mrecist", "recist-1.1", "one micrometre", "smaller ones do"],
    )
    def test_hilar_nodes_differ(self, criteria: Criteria, differ: bool) -> None:
        """Nodes at the porta hepatis differ where they must be larger to be disease."""
        assert criteria.hilar_nodes_differ is differ


class TestProtocols:
    """A protocol changes any field, and stays a value."""

    @pytest.mark.parametrize("alias", ALIASES)
    def test_evolve(self, alias: str) -> None:
        """One field is changed and all others are kept."""
        changed = attrs.evolve(MRECIST, **{alias: OTHERS[alias]})
        for field in attrs.fields(Criteria):
            value = getattr(changed, field.name)
            if field.alias == alias:
                assert value == KEPT.get(alias, OTHERS[alias])
                assert value != getattr(MRECIST, field.name)
            elif field.name == "name":
                assert value == "mrecist-amended"  # never taken for the published criteria
            else:
                assert value == getattr(MRECIST, field.name)

    def test_value(self) -> None:
        """Criteria are frozen, hashable and equal by what they hold."""
        same = attrs.evolve(MRECIST)
        assert same is not MRECIST
        assert same == MRECIST
        assert hash(same) == hash(MRECIST)
        assert len({MRECIST, same, MRECIST_5MM, RECIST_1_1}) == 3
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            MRECIST.stable_days = 49  # type: ignore[misc]

    def test_repr(self) -> None:
        """The short form is the name."""
        assert repr(attrs.evolve(MRECIST, name="P 7")) == "<Criteria P 7>"

    def test_str(self) -> None:
        """The long form is every number, one a line, lengths in millimetres."""
        own = attrs.evolve(MRECIST_5MM, name="P 7", gone_node_mm="9.5")
        assert str(own).splitlines() == [
            "P 7, after HCC mRECIST with an absolute floor of 5 mm for progression",
            "  liver_nodule_size = longest viable diameter",
            "  too_small_mm = 5",
            "  gone_node_mm = 9.5",
            "  diseased_node_mm = 10",
            "  diseased_hilar_node_mm = 20",
            "  target_nodule_mm = 10",
            "  target_node_mm = 15",
            "  target_hilar_node_mm = 20",
            "  treated_targets = True",
            "  effusions_need_cytology = True",
            "  targets_per_organ = 2",
            "  targets_in_all = 5",
            "  response_share = 3/10",
            "  progression_share = 1/5",
            "  progression_floor_mm = 5",
            "  new_liver_nodule = new liver nodule",
            "  new_nodule_mm = 10",
            "  new_nodule_growth_mm = 10",
            "  new_node_growth_mm = 5",
            "  growth_share = 1/5",
            "  growth_mm = 5",
            "  baseline_days = 28",
            "  stable_days = 42",
            "  confirmation_days = 28",
            "  confirmation_gaps = 1",
        ]
        assert str(MRECIST).splitlines()[0] == "HCC mRECIST (Lencioni & Llovet 2010)"


class TestRefusals:
    """A protocol that cannot be is refused, and the error names criteria and field."""

    @pytest.mark.parametrize(
        ("alias", "value", "message"),
        [
            ("response_share", 0.3, 'must be exact, a Fraction or text like "3/10", got 0.3'),
            ("response_share", True, 'must be exact, a Fraction or text like "3/10", got True'),
            ("response_share", None, 'must be exact, a Fraction or text like "3/10", got None'),
            ("response_share", "1.3", "must be above 0 and at most 1, got 13/10"),
            ("response_share", 0, "must be above 0 and at most 1, got 0"),
            ("progression_share", Fraction(-1, 5), "must be above 0 and at most 1, got -1/5"),
            ("progression_share", "nan", "must be a fraction like \"3/10\", got 'nan'"),
            ("progression_share", "1/0", "must be a fraction like \"3/10\", got '1/0'"),
            ("progression_floor_mm", -5, "must be at least 0, got -5"),
            ("progression_floor_mm", float("nan"), "must be a number, got nan"),
            ("progression_floor_mm", 1001, "must be at most 1000 mm, got 1001"),
            (
                "target_nodule_mm",
                True,
                'must be mm as a number or as text like "41.5", got True',
            ),
            (
                "too_small_mm",
                None,
                'must be mm as a number or as text like "41.5", got None',
            ),
            ("stable_days", 42.0, "must be a whole number, at least 0, got 42.0"),
            ("stable_days", True, "must be a whole number, at least 0, got True"),
            ("stable_days", -1, "must be a whole number, at least 0, got -1"),
            ("baseline_days", "28", "must be a whole number, at least 0, got '28'"),
            ("confirmation_days", -1, "must be a whole number, at least 0, got -1"),
            ("targets_in_liver", 0, "must be a whole number, at least 1, got 0"),
            ("confirmation_gaps", -1, "must be a whole number, at least 0, got -1"),
            ("targets_per_organ", 0, "must be a whole number, at least 1, got 0"),
            ("targets_in_all", 0, "must be a whole number, at least 1, got 0"),
            ("treated_targets", 1, "must be a bool, got 1"),
            ("effusions_need_cytology", "yes", "must be a bool, got 'yes'"),
            ("liver_nodule_size", 0, "must be a Measure, got 0"),
            ("liver_nodule_size", "viable", "must be a Measure, got 'viable'"),
            ("new_liver_nodule", True, "must be a NewRule, got True"),
            ("rules", {}, "must be a Rulebook, got {}"),
            ("title", "", "must be text, not empty, got ''"),
        ],
    )
    def test_value(self, alias: str, value: Any, message: str) -> None:
        """The value is refused at its door, in these words."""
        with pytest.raises(CriteriaError) as refused:
            attrs.evolve(MRECIST, **{alias: value})
        assert str(refused.value) == f"criteria mrecist: {alias} {message}"

    @pytest.mark.parametrize("name", ["", None, 7])
    def test_name(self, name: Any) -> None:
        """Criteria without a name are refused without one."""
        with pytest.raises(CriteriaError) as refused:
            attrs.evolve(MRECIST, name=name)
        assert str(refused.value) == f"name must be text, not empty, got {name!r}"

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            (
                {"liver_nodule_size": Measure.SHORT},
                "liver_nodule_size must be a diameter, not the short axis",
            ),
            (
                {"new_liver_nodule": NewRule.CYTOLOGY},
                "new_liver_nodule must be HCC or UNEQUIVOCAL",
            ),
            (
                {"gone_node_mm": "10.001"},
                "gone_node_mm must not exceed diseased_node_mm: a node cannot be both",
            ),
            (
                {"diseased_hilar_node_mm": 9},
                "gone_node_mm must not exceed diseased_node_mm: a node cannot be both",
            ),
            ({"target_node_mm": "9.999"}, "target_node_mm must be at least diseased_node_mm"),
            (
                {"target_hilar_node_mm": "19.999"},
                "target_hilar_node_mm must be at least diseased_hilar_node_mm",
            ),
            ({"targets_per_organ": 6}, "targets_in_all must be at least targets_per_organ"),
            ({"targets_in_liver": 6}, "targets_in_all must be at least targets_in_liver"),
        ],
    )
    def test_together(self, changes: dict[str, Any], message: str) -> None:
        """Fields that cannot stand together are refused in these words."""
        with pytest.raises(CriteriaError) as refused:
            attrs.evolve(MRECIST, **changes)
        assert str(refused.value) == f"criteria mrecist: {message}"

    def test_on_the_edge(self) -> None:
        """Limits that meet exactly are no contradiction."""
        attrs.evolve(
            MRECIST,
            gone_node_mm=10,
            target_node_mm=10,
            target_hilar_node_mm=20,
            targets_per_organ=5,
            response_share=1,
        )

    def test_all_at_once(self) -> None:
        """Every contradiction is named, not just the first."""
        with pytest.raises(CriteriaError) as refused:
            attrs.evolve(MRECIST, target_node_mm=9, targets_per_organ=6)
        assert str(refused.value) == (
            "criteria mrecist: target_node_mm must be at least diseased_node_mm; "
            "criteria mrecist: targets_in_all must be at least targets_per_organ"
        )

    def test_by_position(self) -> None:
        """Two dozen numbers in a row say nothing: each is given by its name."""
        values = {field.alias: getattr(MRECIST, field.name) for field in attrs.fields(Criteria)}
        with pytest.raises(TypeError, match="positional"):
            Criteria(*values.values())
        with pytest.raises(TypeError, match="positional"):
            Rulebook(MRECIST_RULES.target, MRECIST_RULES.nontarget, MRECIST_RULES.overall)  # type: ignore[misc]

    def test_kind(self) -> None:
        """The error is a `ValueError`, for callers that know nothing of this library."""
        assert issubclass(CriteriaError, ValueError)


LOADED_ELSEWHERE = """
import pickle, sys, mrecist
loaded = pickle.load(sys.stdin.buffer)
print([name for name, criteria in mrecist.CRITERIA.items() if loaded[name] == criteria])
print([name for name, criteria in mrecist.CRITERIA.items() if {criteria: 1}.get(loaded[name])])
"""


class TestCopies:
    """Criteria are values: copied, pickled and sent to another process they are the same."""

    @pytest.mark.parametrize("criteria", CRITERIA.values(), ids=lambda each: each.name)
    def test_published(self, criteria: Criteria) -> None:
        for same in (pickle.loads(pickle.dumps(criteria)), copy.deepcopy(criteria)):
            assert same == criteria
            assert hash(same) == hash(criteria)
            assert (same.name, str(same)) == (criteria.name, str(criteria))
            assert same.rules == criteria.rules
            for field in attrs.fields(type(criteria.rules)):
                table = getattr(criteria.rules, field.name)
                assert getattr(same.rules, field.name) is table

    @pytest.mark.parametrize("name", [None, "my protocol"])
    def test_of_ones_own(self, name: str | None) -> None:
        changes: dict[str, Any] = {"stable_days": 49} | ({"name": name} if name else {})
        own = attrs.evolve(MRECIST, **changes)
        assert own.name == (name or "mrecist-amended")
        for same in (pickle.loads(pickle.dumps(own)), copy.deepcopy(own)):
            assert same == own
            assert hash(same) == hash(own)
            assert same.name == own.name

    def test_in_another_process(self) -> None:
        """Hashes differ from process to process, and none is carried along."""
        assert len({hash(criteria) for criteria in CRITERIA.values()}) == len(PUBLISHED)
        command = [sys.executable, "-c", LOADED_ELSEWHERE]
        sent = pickle.dumps(dict(CRITERIA))
        done = subprocess.run(command, input=sent, capture_output=True, check=True)
        assert done.stdout.decode().splitlines() == [str(list(CRITERIA))] * 2


class TestAmended:
    """No answer is taken for that of the published criteria."""

    @pytest.mark.parametrize("criteria", CRITERIA.values(), ids=lambda each: each.name)
    def test_without_a_name(self, criteria: Criteria) -> None:
        """Evolved without a name, criteria are called amended; evolved by nothing, they are not."""
        amended = attrs.evolve(criteria, baseline_days=21)
        assert amended.name == f"{criteria.name}-amended"
        assert attrs.evolve(amended, stable_days=49).name == amended.name
        assert attrs.evolve(criteria).name == criteria.name
        assert attrs.evolve(criteria) == criteria

    def test_in_the_answer(self) -> None:
        amended = attrs.evolve(MRECIST, stable_days=49)
        assessment = assess(Patient("P", [], [], []), criteria=amended)
        assert to_assessment(assessment)["criteria"] == "mrecist-amended"
        assert repr(assessment).startswith("<Assessment P by mrecist-amended: ")


class TestByName:
    """Published criteria may be given by their names."""

    PATIENT = Patient("P", [], [], [TherapyLine(["x"], 0)])

    @pytest.mark.parametrize("name", CRITERIA)
    def test_known(self, name: str) -> None:
        found = assess(self.PATIENT, criteria=name)
        assert found.criteria is CRITERIA[name]
        assert found == assess(self.PATIENT, criteria=CRITERIA[name])

    def test_recist(self) -> None:
        assert assess(self.PATIENT, criteria="recist-1.1").criteria is RECIST_1_1

    @pytest.mark.parametrize("name", ["mRECIST", "MRECIST", "MRECIST_5MM", "RECIST_1.1"])
    def test_folded(self, name: str) -> None:
        """Case does not matter, nor whether words are joined by `_` or `-`."""
        assert criteria_named(name) is CRITERIA[name.lower().replace("_", "-")]

    @pytest.mark.parametrize(
        ("name", "near"),
        [("recist", "mrecist"), ("RECIST 1.1", "recist-1.1"), ("RECIST_1_1", "recist-1.1"),
         ("mrecist-amended", "mrecist-5mm"), ("choi", ""), ("", ""), (1, ""), (None, "")],
    )  # fmt: skip
    def test_unknown(self, name: Any, near: str) -> None:
        """Any other name is refused with those that there are, and the nearest of them."""
        with pytest.raises(CriteriaError) as refused:
            assess(self.PATIENT, criteria=name)
        assert str(refused.value) == (
            f"criteria must be one of {', '.join(map(quoted, PUBLISHED))} or Criteria, "
            f"got {name!r}" + f'; did you mean "{near}"?' * bool(near)
        )


def test_whose_verdicts_count_elsewhere() -> None:
    """A protocol sent to another process uses the rules that it used."""
    sent = pickle.loads(pickle.dumps(attrs.evolve(MRECIST, name="P 7")))
    assert sent.reported_as == ("P 7", "mrecist")
