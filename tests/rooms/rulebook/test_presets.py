"""Presets of trials, and protocols that are registered by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs
import pytest

import mrecist
from mrecist import (
    CRITERIA,
    IMMUNE_CRITERIA,
    LESION_CRITERIA,
    MRECIST,
    CriteriaError,
    assess,
    register,
)
from mrecist.cli.parser import main
from mrecist.rulebook import criteria as room
from mrecist.rulebook.uses import USES

Document = dict[str, Any]


@pytest.fixture(autouse=True)
def _as_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a test registers is forgotten after it."""
    known = dict(room._KNOWN)
    yield
    room._KNOWN.clear()
    room._KNOWN.update(known)


def chart(scans: dict[int, Document], **lesions: str) -> mrecist.Patient:
    """One line from day 0; of each scan the findings by lesion."""
    return mrecist.from_case(
        {
            "format": "mrecist-case/1",
            "patient": "P",
            "lesions": [
                {"id": name, "organ": lesions.get(name, "liver"), "kind": "nodule"}
                for name in {each for scan in scans.values() for each in scan}
            ],
            "timepoints": [
                {"date": day, "findings": [{"lesion": name} | said for name, said in scan.items()]}
                for day, scan in scans.items()
            ],
            "lines": [{"agents": ["lenvatinib"], "start": 0}],
        }
    )


def one(size: float) -> Document:
    return {"T": {"viable_mm": size, "longest_mm": size}}


class TestRegister:
    """Explicit, and refused twice."""

    def test_by_name(self) -> None:
        ours = register(attrs.evolve(MRECIST, name="our-trial", stable_days=56))
        assert CRITERIA["our-trial"] is ours
        assessed = assess(chart({0: one(20), 49: one(20)}), criteria="OUR_TRIAL")
        assert assessed.criteria is ours
        assert assessed.lines[0].best_response == "NE"
        assert ours.label == "our-trial, after HCC mRECIST (Lencioni & Llovet 2010)"
        assert ours.reported_as == ("our-trial", "mrecist")

    def test_nothing_is_registered_on_the_way(self) -> None:
        attrs.evolve(MRECIST, name="unheard-of")
        assert "unheard-of" not in CRITERIA

    def test_twice(self) -> None:
        ours = register(attrs.evolve(MRECIST, name="our-trial"))
        with pytest.raises(CriteriaError, match="criteria our-trial: the name is taken"):
            register(ours)

    @pytest.mark.parametrize("name", [*CRITERIA, "Mrecist", "RECIST_1.1"])
    def test_published(self, name: str) -> None:
        """A published name is taken too, however it is spelt."""
        criteria = attrs.evolve(MRECIST, name=name)
        object.__setattr__(criteria, "name", name)
        with pytest.raises(CriteriaError, match="the name is taken; give the protocol another"):
            register(criteria)

    def test_amended(self) -> None:
        """What is evolved from registered criteria is not taken for them."""
        ours = register(attrs.evolve(MRECIST, name="our-trial", stable_days=56))
        assert attrs.evolve(ours, stable_days=57).name == "our-trial-amended"

    @pytest.mark.parametrize("value", ["mrecist", None, {}])
    def test_kind(self, value: Any) -> None:
        with pytest.raises(TypeError, match=r"register\(\) takes Criteria, got"):
            register(value)


class TestPresets:
    """What each preset changes, at its edge."""

    @pytest.mark.parametrize(
        ("name", "day", "best"),
        [
            ("mrecist", 41, "NE"), ("mrecist", 42, "SD"),
            ("mrecist-reflect", 48, "NE"), ("mrecist-reflect", 49, "SD"),
            ("mrecist-q6w", 34, "NE"), ("mrecist-q6w", 35, "SD"),
        ],
    )  # fmt: skip
    def test_stable(self, name: str, day: int, best: str) -> None:
        """STABLE-Q6W by RD-STABLE-Q6W, and REFLECT-SD: seven weeks."""
        line = assess(chart({0: one(20), day: one(20)}), criteria=name).lines[0]
        assert (line.best_response, line.confirmed_best_response) == (best, best)

    def test_unconfirmed(self) -> None:
        """REFLECT-UNCONFIRMED: a response needs no confirmation."""
        patient = chart({0: one(20), 50: one(14), 80: one(18)})
        found = {
            name: assess(patient, criteria=name).lines[0].confirmed_best_response
            for name in ("mrecist", "mrecist-reflect")
        }
        assert found == {"mrecist": "SD", "mrecist-reflect": "PR"}

    @pytest.mark.parametrize(
        ("said", "response"),
        [
            ({"longest_mm": 8, "pattern": "typical"}, "PD"),
            ({"longest_mm": 80, "pattern": "malignant", "biopsy": "positive"}, "SD"),
            ({"longest_mm": 80}, "SD"),
            ({"longest_mm": 80, "pattern": "typical", "equivocal": True}, "SD"),
        ],
    )
    def test_new_nodule(self, said: Document, response: str) -> None:
        """RD-LEAP-TYPICAL: the typical pattern counts (LEAP-NL-TYPICAL), and nothing else does.

        LEAP-NL-OTHER, LEAP-NL-EQUIVOCAL; where it is not seen (LEAP-NL-UNSEEN) nothing counts.
        """
        patient = chart({0: one(20), 60: one(20) | {"N": said}})
        assert assess(patient, criteria="recist-1.1-leap012").lines[0].timepoints[0].response == (
            response
        )

    def test_liver_targets(self) -> None:
        """LEAP-TARGETS: five in the liver, two in any other organ, five in all."""
        sizes = {f"S{i}": {"longest_mm": 20 + i} for i in range(6)}
        patient = chart({0: sizes | {"L": {"longest_mm": 12}}}, L="lung")
        found = {
            name: set(assess(patient, criteria=name).lines[0].targets)
            for name in ("recist-1.1", "recist-1.1-leap012")
        }
        assert found == {
            "recist-1.1": {"S5", "S4", "L"},
            "recist-1.1-leap012": {"S5", "S4", "S3", "S2", "L"},
        }


class TestUses:
    """`mrecist rules --criteria` lists what there is."""

    def test_every_one(self) -> None:
        assert list(USES) == [*CRITERIA, *IMMUNE_CRITERIA, *LESION_CRITERIA]
        assert all(USES[name].title == criteria.title for name, criteria in CRITERIA.items())

    def test_known(self) -> None:
        assert {name: use.known for name, use in USES.items()} == {
            "mrecist": "restated",
            "mrecist-5mm": "recalled",
            "recist-1.1": "verified",
            "recist-1.1-leap012": "verified",
            "mrecist-reflect": "recalled",
            "mrecist-q6w": "reading",
            "easl": "restated",
            "who": "restated",
            "irecist": "verified",
            "imrecist-hcc": "reading",
            "imrecist": "restated",
            "lr-tr-2018": "restated",
            "lr-tr-2024": "restated",
            "recicl": "restated",
        }

    def test_command(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["rules", "--criteria"]) == 0
        told = capsys.readouterr().out
        for name, use in USES.items():
            assert f"{name}: {use.title}\n  use: {use.used_for}\n  known: " in told
        assert "known: recalled, from memory; to be checked" in told
        assert "known: a decision of this project, RD-STABLE-Q6W: " in told
