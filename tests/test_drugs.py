"""The systemic drugs of hepatocellular carcinoma, by any of their names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mrecist.rulebook.drugs import DRUGS, Drug, abbreviations, drug, inn


@pytest.mark.parametrize("known", DRUGS, ids=lambda known: known.inn)
def test_each_name(known: Drug) -> None:
    """A drug is found by its nonproprietary name and each brand, case and space ignored."""
    for name in (known.inn, *known.brands):
        for spelt in (name, name.upper(), name.lower(), f"  {name} "):
            assert drug(spelt) is known
            assert inn(spelt) == known.inn


def test_names_are_unique() -> None:
    """No name belongs to two drugs, and nonproprietary names are in lower case."""
    names = [name.lower() for known in DRUGS for name in (known.inn, *known.brands)]
    assert len(set(names)) == len(names)
    assert all(known.inn == known.inn.lower() and known.drug_class for known in DRUGS)


@pytest.mark.parametrize(
    ("brand", "name"),
    [("Nexavar", "sorafenib"), ("Lenvima", "lenvatinib"), ("kisplyx", "lenvatinib")],
)
def test_brands(brand: str, name: str) -> None:
    """Brands stand for their drugs."""
    assert inn(brand) == name


@pytest.mark.parametrize(
    ("name", "kept"),
    [("TACE", "tace"), (" Trial drug 7 ", "trial drug 7"), ("sorafenib x", "sorafenib x")],
)
def test_unknown(name: str, kept: str) -> None:
    """A name that is not known is kept, in lower case."""
    assert drug(name) is None
    assert inn(name) == kept


class TestAbbreviations:
    """Each agent has a short form of its own; a drug of the table always the same."""

    def test_known(self) -> None:
        """Three capital letters, no two drugs the same."""
        shorts = [known.short for known in DRUGS]
        assert " ".join(shorts) == "SOR LEN REG CAB RAM BEV ATE DUR NIV PEM TRE IPI"
        assert len(set(shorts)) == len(shorts)

    @pytest.mark.parametrize(
        ("names", "shorts"),
        [
            (["Nexavar", "SORAFENIB"], {"sorafenib": "SOR"}),
            (["trial drug 7"], {"trial drug 7": "TRI"}),
            (["sorafenib x"], {"sorafenib x": "SORA"}),
            (["apatinib", "apalutamide"], {"apatinib": "APAT", "apalutamide": "APAL"}),
            (["dru", "drug"], {"dru": "DRU", "drug": "DRUG"}),
            (["x7", "x72"], {"x7": "X7", "x72": "X72"}),
            (
                ["drug-a", "drug a", "drug"],
                {"drug-a": "drug-a", "drug a": "drug a", "drug": "DRUG"},
            ),
            (["sor"], {"sor": "sor"}),
            (["-"], {"-": "-"}),
            ([" "], {"": "?"}),
            ([], {}),
        ],
    )
    def test_each(self, names: list[str], shorts: dict[str, str]) -> None:
        """RD-ABBREVIATIONS: as many letters as tell an agent from the rest, or its whole name."""
        assert abbreviations(names) == shorts

    @given(st.lists(st.text("sorSORaA-7 \u00df", min_size=1, max_size=6) | st.text(min_size=1)))
    def test_unique(self, names: list[str]) -> None:
        """No short form stands for two agents, nor for a drug of the table that is not there."""
        found = abbreviations(names)
        assert found.keys() == set(map(inn, names))
        assert len(set(found.values())) == len(found)
        taken = {known.short: known.inn for known in DRUGS}
        assert all(taken.get(short, name) == name for name, short in found.items())

    @given(st.lists(st.sampled_from(["abc", "abcd", "abd", "xy", "Nexavar"]), min_size=1))
    def test_order(self, names: list[str]) -> None:
        """The order of the agents does not matter."""
        assert abbreviations(names) == abbreviations(sorted(names))
