"""Gates: each check by its name, unknowns kept unknown, the whole never better than its parts."""

from __future__ import annotations

import pickle
from typing import Any

import attrs
import numpy as np
import pytest

from mrecist import RAMUCIRUMAB, Check, Gate, assess, child_pugh, example_case, marker_course
from mrecist._base.errors import CriteriaError, NotThereError
from mrecist._base.words import Met
from mrecist.laboratory.gates import CheckResult
from mrecist.rulebook.papers import Evidence
from mrecist.rulebook.readings import GATE_WHOLE

FIT: dict[str, Any] = {
    "afp_ng_ml": 400, "prior_agents": ["sorafenib"], "child_pugh": "A", "ecog": 1, "bclc": "C",
}  # fmt: skip
NAMES = ["AFP at least 400 ng/mL", "prior sorafenib", "Child-Pugh A", "ECOG 0 or 1", "BCLC B or C"]


class TestSeed:
    """SEED-C: AFP 439 passes the check at 400, and the whole is not passed for that."""

    def test_unknown(self) -> None:
        """What the report does not say is unknown, check by check."""
        lines = assess(example_case("ikeda-2021")).lines
        last = marker_course(lines[2]).last
        assert last is not None
        agents = [agent for line in lines[:3] for agent in line.line.agents]
        result = RAMUCIRUMAB.judge(afp_ng_ml=last.value.level, prior_agents=agents)
        assert str(result).splitlines() == [
            "AFP-RAM400 undetermined: five of the entry conditions of REACH-2 (ramucirumab) "
            "[REACH-2, eligibility [verified]]",
            "  AFP at least 400 ng/mL: met (afp_ng_ml is 439 ng/mL)",
            "  prior sorafenib: met (prior_agents is lenvatinib, sorafenib, regorafenib)",
            "  Child-Pugh A: undetermined (child_pugh is not known)",
            "  ECOG 0 or 1: undetermined (ecog is not known)",
            "  BCLC B or C: undetermined (bclc is not known)",
        ]

    def test_not_given_for_ileus(self) -> None:
        """With the checks that failed in the report, the whole is not met, and AFP still is."""
        local = RAMUCIRUMAB.with_checks(
            Check("no ileus", "ileus", one_of=[False]),
            Check("no proteinuria", "proteinuria", one_of=[False]),
        )
        result = local.judge(afp_ng_ml=439, prior_agents=["sorafenib"], ileus=True)
        assert result.verdict is Met.NOT_MET
        assert result.checks_met == ("AFP at least 400 ng/mL", "prior sorafenib")
        assert result.checks_not_met == ("no ileus",)
        assert result.checks_unknown == (
            "Child-Pugh A",
            "ECOG 0 or 1",
            "BCLC B or C",
            "no proteinuria",
        )
        assert local.id == "AFP-RAM400-amended"
        assert RAMUCIRUMAB.with_checks(local.checks[-1], id="OURS").id == "OURS"


class TestRamucirumab:
    """AFP-RAM400: AFP of 400 or more, prior sorafenib, Child-Pugh A, ECOG 0-1, BCLC B or C."""

    def test_data(self) -> None:
        """The gate, its checks and its source."""
        assert [check.name for check in RAMUCIRUMAB.checks] == NAMES
        assert RAMUCIRUMAB.source.evidence is Evidence.VERIFIED  # type: ignore[union-attr]
        assert RAMUCIRUMAB.readings == (GATE_WHOLE,)
        assert repr(RAMUCIRUMAB) == "<Gate AFP-RAM400, 5 checks>"
        assert str(RAMUCIRUMAB) == (
            "AFP-RAM400: five of the entry conditions of REACH-2 (ramucirumab): "
            f"{'; '.join(NAMES)} [REACH-2, eligibility [verified]]"
        )
        assert pickle.loads(pickle.dumps(RAMUCIRUMAB)) == RAMUCIRUMAB

    def test_fit(self) -> None:
        """All checks met, the whole is."""
        result = RAMUCIRUMAB.judge(FIT)
        assert (result.verdict, list(result.checks_met)) == (Met.MET, NAMES)
        assert result["Child-Pugh A"].why == "child_pugh is A"

    @pytest.mark.parametrize(
        ("fact", "value", "verdict"),
        [
            ("afp_ng_ml", 400, "met"), ("afp_ng_ml", "399.999", "not met"),
            ("afp_ng_ml", ">400", "met"), ("afp_ng_ml", "<400", "not met"),
            ("afp_ng_ml", "<=400", "undetermined"), ("afp_ng_ml", ">300", "undetermined"),
            ("afp_ng_ml", None, "undetermined"), ("prior_agents", [], "not met"),
            ("prior_agents", ["lenvatinib", "Nexavar"], "met"),
            ("prior_agents", ["regorafenib"], "not met"), ("prior_agents", None, "undetermined"),
            ("child_pugh", "A", "met"), ("child_pugh", "B", "not met"),
            ("child_pugh", "C", "not met"), ("child_pugh", " a ", "met"),
            ("ecog", 0, "met"), ("ecog", 1, "met"), ("ecog", 2, "not met"),
            ("ecog", 5, "not met"), ("ecog", np.int64(1), "met"),
            ("bclc", "0", "not met"), ("bclc", "A", "not met"), ("bclc", "B", "met"),
            ("bclc", "c", "met"), ("bclc", "D", "not met"),
        ],
    )  # fmt: skip
    def test_each(self, fact: str, value: Any, verdict: str) -> None:
        """Each check by itself, on either side, and the whole with it (RD-GATE)."""
        result = RAMUCIRUMAB.judge(FIT, **{fact: value})
        [check] = [each for each in result.checks if each.check.fact == fact]
        assert check.verdict == verdict
        assert result.verdict == verdict

    @pytest.mark.parametrize(
        ("given", "verdict", "told"),
        [
            ({"bilirubin_mg_dl": 1, "albumin_g_dl": 4, "inr": 1, "ascites": "none",
              "encephalopathy": 1}, "met", "Child-Pugh A"),
            ({"bilirubin_mg_dl": 1, "albumin_g_dl": 4, "inr": 1, "ascites": "none"},
             "undetermined", "Child-Pugh A to B"),
            ({"bilirubin_mg_dl": 5, "albumin_g_dl": 2}, "not met", "Child-Pugh B to C"),
            ({}, "undetermined", "Child-Pugh A to C"),
        ],
    )  # fmt: skip
    def test_child_pugh(self, given: dict[str, Any], verdict: str, told: str) -> None:
        """A class that is known in part decides only where all that is possible agrees."""
        check = RAMUCIRUMAB.judge(child_pugh=child_pugh(**given))["Child-Pugh A"]
        assert (check.verdict, check.why) == (verdict, f"child_pugh is {told}")

    @pytest.mark.parametrize(
        ("facts", "told"),
        [
            ({"bclc": "C2"}, "bclc must be one of '0', 'A', 'B', 'C', 'D', got 'C2'"),
            ({"child_pugh": "A5"}, "child_pugh must be one of 'A', 'B', 'C', got 'A5'"),
            ({"ecog": True}, "ecog must be one of 0, 1, 2, 3, 4, 5, got True"),
            ({"ecog": "1"}, "ecog must be one of 0, 1, 2, 3, 4, 5, got '1'"),
            ({"ecog": 6}, "ecog must be one of 0, 1, 2, 3, 4, 5, got 6"),
            ({"afp_ng_ml": "high"}, "afp_ng_ml must be a number above 0 or text like"),
            ({"afp_ng_ml": -1}, "afp_ng_ml must be a number above 0, got -1"),
            ({"prior_agents": "sorafenib"}, "prior_agents must be a list of drugs, got"),
            ({"afp": 500}, "gate AFP-RAM400: facts are afp_ng_ml, prior_agents, child_pugh, ecog, "
             "bclc, got 'afp'"),
        ],
    )  # fmt: skip
    def test_refused(self, facts: dict[str, Any], told: str) -> None:
        """A fact of the wrong kind is an error, never a failed check."""
        with pytest.raises(ValueError, match=told):
            RAMUCIRUMAB.judge(facts)

    def test_no_such_check(self) -> None:
        """A check that is not there is named with those there are."""
        with pytest.raises(NotThereError, match="checks are AFP at least 400 ng/mL, prior"):
            RAMUCIRUMAB.judge()["AFP"]


class TestOwn:
    """Checks and gates of one's own."""

    def test_exclusive(self) -> None:
        """More than a limit is not the limit itself."""
        check = Check("platelets above 60", "platelets", at_least="60", inclusive=False)
        assert [check.judge(value).verdict for value in (60, "60.1")] == [Met.NOT_MET, Met.MET]
        assert check.judge(61).why == "platelets is 61"
        assert check.judge() == CheckResult(check, Met.UNDETERMINED, "platelets is not known")

    def test_kinds(self) -> None:
        """Without a list of all words, a fact must be of the kind of those asked for."""
        check = Check("no ileus", "ileus", one_of=[False])
        assert check.judge(np.bool_(False)).verdict is Met.MET
        with pytest.raises(ValueError, match="ileus must be of the kind of False, got 'no'"):
            check.judge("no")
        assert str(check) == "no ileus"

    @pytest.mark.parametrize("given", [{}, {"at_least": 1, "names": "sorafenib"}])
    def test_one_condition(self, given: dict[str, Any]) -> None:
        """A check asks for one thing."""
        with pytest.raises(CriteriaError, match="check c: give one of at_least, one_of and names"):
            Check("c", "fact", **given)

    @pytest.mark.parametrize("limit", [0.5, True])
    def test_exact(self, limit: Any) -> None:
        """A limit is exact."""
        with pytest.raises(CriteriaError, match="at_least must be exact"):
            Check("c", "fact", at_least=limit)

    @pytest.mark.parametrize("times", [0, 2])
    def test_names(self, times: int) -> None:
        """A gate has checks, each name once."""
        with pytest.raises(CriteriaError, match="gate G: give at least one check, none of them"):
            Gate(id="G", title="", checks=RAMUCIRUMAB.checks[:1] * times, source=GATE_WHOLE)


def test_one_of_is_several() -> None:
    """A text is not taken for its letters."""
    with pytest.raises(CriteriaError, match="one_of must be several values, got 'none'"):
        Check("no ascites", "ascites", one_of="none")


def test_gate_refused() -> None:
    """A gate whose id cannot be read says so; there is no name yet to tell it by."""
    with pytest.raises(CriteriaError, match="gate: id must be text, not empty, got 3"):
        attrs.evolve(RAMUCIRUMAB, id=3)
