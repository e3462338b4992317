"""The systemic drugs of hepatocellular carcinoma, by any of their names."""

from __future__ import annotations

import pytest

from mrecist.drugs import DRUGS, Drug, drug, inn


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
