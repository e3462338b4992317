"""The organ that a text names: paired organs are one, and the liver is known by its words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mrecist.rulebook.organs import LIVER, organ

WORDS = [
    "liver", "hepatic", "hepar", "lobe", "lobes", "segment", "segments", "seg", "sgt", "sector",
    "caudate", "quadrate", "dome", "parenchyma", "medial", "lateral", "anterior", "posterior",
    "superior", "inferior", "upper", "lower", "left", "right", "the", "of", "in", "and",
]  # fmt: skip
NUMBERS = [
    "1", "2", "3", "4", "5", "6", "7", "8", "4a", "4b",
    "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "iva", "ivb",
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("both lungs", "lung"),
        ("Bilateral Lungs", "lung"),
        ("right lung", "lung"),
        ("lungs", "lung"),
        ("kidneys", "kidney"),
        ("ovaries", "ovary"),
        ("breasts", "breast"),
        ("adrenals", "adrenal"),
        ("left adrenal", "adrenal"),
        ("adrenal gland", "adrenal"),
        ("Both Adrenal Glands", "adrenal"),
        ("right adrenal  gland", "adrenal"),
        ("adrenal gland (left)", "adrenal"),
        ("adrenal/gland", "adrenal"),
        ("adrenal glandular tissue", "adrenal glandular tissue"),
        ("adrenal gland's hilum", "adrenal gland's hilum"),
        ("paraadrenal gland", "paraadrenal gland"),
        ("leftover", "leftover"),
        ("bones", "bones"),
        ("lung, upper lobe; (apex): a_b-c.", "lung upper lobe apex a b c"),
        ("", ""),
        ("left", ""),
        (".,;:()-/_", ""),
    ],
)
def test_organ(text: str, named: str) -> None:
    """Sides and punctuation do not matter, and paired organs are in the singular."""
    assert organ(text) == named


@pytest.mark.parametrize(
    "text",
    [
        "liver",
        " Liver ",
        "LEFT liver",
        "liver\tright",
        "left  lobe of  liver",
        "hepar",
        "hepatic dome",
        "caudate",
        "caudate lobe",
        "liver segment 8",
        "right hepatic lobe",
        "segment VIII",
        "segments 5 and 6",
        "Seg. IVa",
        "sgt 3",
        "S4/8",
        "S8",
        "sIVb",
        "(S2) left lateral sector",
        "4a, left medial segment",
        "liver_upper-lower",
        "the upper lobe of the liver",
        "hepar lower",
    ],
)
def test_liver(text: str) -> None:
    """RD-LIVER-WORDS: words of the liver only, one of which names it."""
    assert organ(text) == LIVER


@pytest.mark.parametrize(
    "text",
    [
        "hepatic vein",
        "hepatic flexure",
        "liver hilum",
        "right upper lobe segment 3",
        "lower lobe S8",
        "upper caudate",
        "8",
        "iv",
        "segment",
        "left medial segment",
        "quadrate lobe",
        "right posterior sector",
        "segment 9",
        "s9",
        "s4c",
        "the of in and",
        "",
    ],
)
def test_elsewhere(text: str) -> None:
    """A word of another organ, or none that names the liver."""
    assert organ(text) != LIVER


@pytest.mark.parametrize("number", NUMBERS)
def test_every_segment(number: str) -> None:
    """Every number with each word for a segment, wherever both stand, or with its letter."""
    assert organ("s" + number) == LIVER
    assert organ(number) == number
    for word in ("segment", "segments", "seg", "sgt"):
        assert organ(f"{word} {number}") == organ(f"{number} left lobe {word}") == LIVER


@pytest.mark.parametrize("word", WORDS)
def test_every_word(word: str) -> None:
    """Each of the words may stand beside the liver."""
    assert organ(f"liver {word}") == organ(f"{word.upper()}, hepatic") == LIVER


texts = st.lists(
    st.sampled_from([*WORDS, *NUMBERS, "s8", "siva", "both", "lungs", "adrenal", "glands", "vein"]),
    max_size=5,
).map(" ".join)


class TestSpelling:
    """How a text is written does not matter."""

    @given(texts, st.sampled_from(".,;:()-/_ "))
    def test_case_and_space(self, text: str, sign: str) -> None:
        """Case, space and punctuation for space."""
        written = f"{sign}{text.upper().replace(' ', f' {sign}')} "
        assert organ(written) == organ(text)

    @given(texts, st.sampled_from(["left", "right", "both", "bilateral"]))
    def test_side(self, text: str, side: str) -> None:
        """A side before or after."""
        assert organ(f"{side} {text}") == organ(f"{text} {side}") == organ(text)

    @given(texts, st.sampled_from(["vein", "hilum", "lung", "9"]))
    def test_another_word(self, text: str, word: str) -> None:
        """No text with a word of another organ is the liver."""
        assert organ(f"{text} {word}") != LIVER


def test_all_words_of_the_liver() -> None:
    """However many of its words a text has, all of them included."""
    assert organ(" ".join([*WORDS, *NUMBERS, *(f"s{number}" for number in NUMBERS)])) == LIVER
