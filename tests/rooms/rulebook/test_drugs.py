"""Agents by all their names: drugs, codes, short forms, doses, combinations, procedures."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mrecist.rulebook.drugs import (
    DRUGS,
    PROCEDURES,
    Drug,
    abbreviations,
    agents_of,
    drug,
    inn,
    is_known,
    named,
    procedure_kinds,
)


def names_of(known: Drug) -> tuple[str, ...]:
    return (known.inn, *known.brands, *known.codes, *known.shorts)


@pytest.mark.parametrize("known", DRUGS, ids=lambda known: known.inn)
def test_each_name(known: Drug) -> None:
    """A drug is known by each of its names, case and surrounding space ignored."""
    assert drug(known.inn) is known
    for name in names_of(known):
        for spelt in (name, name.upper(), name.lower(), f"  {name} "):
            assert agents_of(spelt) == (known.inn,)
            assert is_known(spelt)


def test_names_are_unique() -> None:
    """No name belongs to two drugs, and nonproprietary names are in lower case."""
    names = [name.lower() for known in DRUGS for name in names_of(known)]
    assert len(set(names)) == len(names)
    assert all(known.inn == known.inn.lower() and known.drug_class for known in DRUGS)


ATEZO_BEV, STRIDE = ("atezolizumab", "bevacizumab"), ("durvalumab", "tremelimumab")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Nexavar", ("sorafenib",)),
        ("Tevimbra", ("tislelizumab",)),
        ("Tyvyt", ("sintilimab",)),
        ("Zepsun", ("donafenib",)),
        ("BAY 43-9006", ("sorafenib",)),
        ("bay43-9006", ("sorafenib",)),
        ("BAY 73-4506", ("regorafenib",)),
        ("E-7080", ("lenvatinib",)),
        ("XL184 60 mg", ("cabozantinib",)),
        ("IMC-1121B", ("ramucirumab",)),
        ("MPDL3280A", ("atezolizumab",)),
        ("MEDI4736", ("durvalumab",)),
        # doses
        ("Lenvima 12mg qd", ("lenvatinib",)),
        ("sorafenib 400 mg twice daily", ("sorafenib",)),
        ("sorafenib400mg", ("sorafenib",)),
        ("sorafenib (400 mg)", ("sorafenib",)),
        ("sorafenib [400 mg]", ("sorafenib",)),
        ("ramucirumab 8 mg/kg", ("ramucirumab",)),
        ("ramucirumab 8 MG / KG q2w", ("ramucirumab",)),
        ("doxorubicin 50 mg/m2", ("doxorubicin",)),
        ("doxorubicin 50 mg/m\u00b2 d1", ("doxorubicin",)),
        ("lenvatinib 8 mg/day", ("lenvatinib",)),
        ("lenvatinib 8-12 mg", ("lenvatinib",)),
        ("capecitabine 1.5 g", ("capecitabine",)),
        ("everolimus 10 ug", ("everolimus",)),
        ("everolimus 10mcg", ("everolimus",)),
        ("everolimus 10 \u00b5g", ("everolimus",)),
        ("everolimus 10 \u03bcg", ("everolimus",)),
        ("atezolizumab 1,200 mg", ("atezolizumab",)),
        ("sorafenib .4 g", ("sorafenib",)),
        ("TACE 50 mg doxorubicin", ("TACE",)),
        ("sorafenib 400 mg + herbs", ("sorafenib",)),
        # combinations
        ("atezolizumab+bevacizumab", ATEZO_BEV),
        ("Tecentriq 1200 mg + Avastin 15 mg/kg", ATEZO_BEV),
        ("atezolizumab 1,200 mg, bevacizumab 15 mg/kg", ATEZO_BEV),
        ("atezo/bev", ATEZO_BEV),
        ("Atezo 1200 mg/BEVA", ATEZO_BEV),
        ("T+A", ATEZO_BEV),
        ("a + b", ATEZO_BEV),
        ("T+A q3w", ("t+a q3w",)),
        ("T+A 1200 mg", ATEZO_BEV),
        ("T+A + TACE", (*ATEZO_BEV, "TACE")),
        ("lenvatinib, A+B", ("lenvatinib", *ATEZO_BEV)),
        ("T+A+X", ("t+a+x",)),
        ("at+a", ("at+a",)),
        ("STRIDE", STRIDE),
        ("stride / SIRT", (*STRIDE, "TARE")),
        ("durvalumab and tremelimumab", STRIDE),
        ("Durva AND Treme", STRIDE),
        ("NIVO & IPI", ("nivolumab", "ipilimumab")),
        ("nivolumab, ipilimumab", ("nivolumab", "ipilimumab")),
        ("camrelizumab + rivoceranib", ("camrelizumab", "rivoceranib")),
        ("camrelizumab/apatinib", ("camrelizumab", "apatinib")),
        ("sorafenib + Nexavar", ("sorafenib",)),
        ("TACE + lenvatinib", ("TACE", "lenvatinib")),
        # unknown: kept whole
        ("Trial  drug 7 ", ("trial drug 7",)),
        ("sorafenib x", ("sorafenib x",)),
        ("sorafenib + herbs", ("sorafenib + herbs",)),
        ("sorafenib +", ("sorafenib +",)),
        ("brand and hand", ("brand and hand",)),
        ("sorafenibandlenvatinib", ("sorafenibandlenvatinib",)),
        ("400 mg", ("400 mg",)),
        ("400 mg sorafenib", ("400 mg sorafenib",)),
        ("SBRT 50 Gy", ("sbrt 50 gy",)),
        ("", ("",)),
        # procedures
        ("cTACE", ("TACE",)),
        ("DEB-TACE", ("TACE",)),
        ("deb tace", ("TACE",)),
        ("TAE", ("TAE",)),
        ("SIRT", ("TARE",)),
        ("Y-90", ("TARE",)),
        ("y 90", ("TARE",)),
        ("Radioembolization", ("TARE",)),
        ("radio\u2010embolisation", ("TARE",)),
        ("Cryo-ablation", ("cryoablation",)),
        ("resection", ("resection",)),
        ("Transplantation", ("transplantation",)),
        ("drainage", ("drainage",)),
    ],
)
def test_agents(text: str, names: tuple[str, ...]) -> None:
    """RD-DRUG-NAMES: what a text names."""
    assert agents_of(text) == names
    assert procedure_kinds(text) == frozenset(names)
    assert inn(text) == "+".join(names)
    known = [known.inn for known in DRUGS]
    assert is_known(text) == all(name in known or name in PROCEDURES for name in names)


@pytest.mark.parametrize("kind", PROCEDURES)
def test_procedures(kind: str) -> None:
    """A procedure has one canonical name, however it is spelt; it is no drug."""
    assert drug(kind) is None
    for name in PROCEDURES[kind]:
        for spelt in (name, name.upper(), f" {name.lower()} ", "-".join(name), name + " 3 mg"):
            assert agents_of(spelt) == (kind,)
        assert agents_of(name.replace("s", "z")) == (kind,)


KNOWN = [name for known in DRUGS for name in names_of(known)]
KNOWN += [name for names in PROCEDURES.values() for name in names] + ["STRIDE", "T+A", "A + B"]
DOSES = ["", " 400 mg", " 8 mg/kg q2w", " 1,200 mg", " 5 mg/m2", " 1.5g bid"]


class TestReading:
    """A text is read part by part."""

    @given(
        st.lists(
            st.tuples(
                st.sampled_from(KNOWN),
                st.sampled_from(DOSES),
                st.sampled_from(["+", " / ", "&", ", ", " and "]),
            ),
            min_size=1,
        )
    )
    def test_joined(self, parts: list[tuple[str, str, str]]) -> None:
        """Known agents are read as each alone, whatever their doses and the signs between."""
        text = "".join(name + dose + joint for name, dose, joint in parts)
        text = text[: -len(parts[-1][2])]
        alone = dict.fromkeys(each for name, _, _ in parts for each in agents_of(name))
        assert agents_of(text) == tuple(alone)
        assert is_known(text)

    @given(st.text() | st.sampled_from(KNOWN))
    @example("4" * 5000 + "-")
    def test_again(self, text: str) -> None:
        """Each name is read as itself."""
        assert all(agents_of(name) == (name,) for name in agents_of(text))

    @given(st.text(st.characters(codec="ascii")) | st.sampled_from(KNOWN))
    def test_case_and_space(self, text: str) -> None:
        """Case and space do not matter."""
        spelt = f" {text.upper()}  ".replace(" ", "  ")
        assert agents_of(spelt) == agents_of(text)


@pytest.mark.parametrize(
    ("agents", "names"),
    [
        (["Tecentriq", "BEV"], {"atezolizumab": "Tecentriq", "bevacizumab": "BEV"}),
        (["Nexavar", "sorafenib"], {"sorafenib": "Nexavar"}),
        (["STRIDE"], {"durvalumab": "STRIDE", "tremelimumab": "STRIDE"}),
        (["T", "A"], {"atezolizumab": "T+A", "bevacizumab": "T+A"}),
        (["TACE", "a", "b"], {"TACE": "TACE", "atezolizumab": "a+b", "bevacizumab": "a+b"}),
        (["T", "B"], {"t": "T", "b": "B"}),
        ([], {}),
    ],
)
def test_named(agents: list[str], names: dict[str, str]) -> None:
    """The agents of a line, each as the line first names it."""
    assert named(agents) == names


class TestAbbreviations:
    """Each agent has a short form of its own; a drug of the table always the same."""

    def test_known(self) -> None:
        """Three capital letters, no two drugs the same."""
        shorts = [known.short for known in DRUGS]
        assert " ".join(shorts[:12]) == "SOR LEN REG CAB RAM BEV ATE DUR NIV PEM TRE IPI"
        assert len(set(shorts)) == len(shorts)

    @pytest.mark.parametrize(
        ("names", "shorts"),
        [
            (["Nexavar", "SORAFENIB"], {"sorafenib": "SOR"}),
            (["trial drug 7"], {"trial drug 7": "TRI"}),
            (["sorafenib x"], {"sorafenib x": "SORA"}),
            (["apatinib", "apalutamide"], {"apatinib": "APA", "apalutamide": "APAL"}),
            (["octreotide", "octreolin"], {"octreotide": "OCTREOT", "octreolin": "OCTREOL"}),
            (["STRIDE"], {"durvalumab": "DUR", "tremelimumab": "TRE"}),
            (["DEB-TACE", "TAE", "SIRT"], {"TACE": "TACE", "TAE": "TAE", "TARE": "TARE"}),
            (["ablation", "taex"], {"ablation": "ABLA", "taex": "TAEX"}),
            (["dru", "drug"], {"dru": "DRU", "drug": "DRUG"}),
            (["x7", "x72"], {"x7": "X7", "x72": "X72"}),
            (
                ["drug-a", "drug a", "drug"],
                {"drug-a": "drug-a", "drug a": "drug a", "drug": "DRUG"},
            ),
            (["sor"], {"sorafenib": "SOR"}),
            (["sor!"], {"sor!": "sor!"}),
            (["-"], {"-": "-"}),
            ([" "], {"": "?"}),
            ([], {}),
        ],
    )
    def test_each(self, names: list[str], shorts: dict[str, str]) -> None:
        """RD-ABBREVIATIONS: as many letters as tell an agent from the rest, or its whole name."""
        assert abbreviations(names) == shorts

    @given(
        st.lists(
            (st.text("sorSORaA-7 \u00df", min_size=1, max_size=6) | st.text(min_size=1)).filter(
                str.strip
            )
        )
    )
    def test_unique(self, names: list[str]) -> None:
        """No short form stands for two agents, nor for a drug of the table that is not there."""
        found = abbreviations(names)
        assert found.keys() == {each for name in names for each in agents_of(name)}
        assert len(set(found.values())) == len(found)
        taken = {known.short: known.inn for known in DRUGS}
        assert all(taken.get(short, name) == name for name, short in found.items())

    @given(st.lists(st.sampled_from(["abc", "abcd", "abd", "xy", "Nexavar"]), min_size=1))
    def test_order(self, names: list[str]) -> None:
        """The order of the agents does not matter."""
        assert abbreviations(names) == abbreviations(sorted(names))
