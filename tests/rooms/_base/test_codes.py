"""The words of the field: spelt as documents spell them, coded as grids index them."""

from __future__ import annotations

import copy
import json
import pickle

import pytest

from mrecist._base import words as codes
from mrecist._base.words import Code, Extent, NonTarget, Response, Rise, Status, Target

CODES: list[type[Code]] = [getattr(codes, name) for name in codes.__all__]
each_code = pytest.mark.parametrize("code", CODES, ids=lambda code: code.__name__)


@each_code
class TestEachCode:
    """A code is a small integer with a word."""

    def test_values(self, code: type[Code]) -> None:
        """Codes count from 0, so that each is its own place in a grid."""
        assert [member.code for member in code] == list(range(len(code)))

    def test_words(self, code: type[Code]) -> None:
        """A member is equal to its word and hashes like it; the word finds the member."""
        for member in code:
            word = str(member)
            assert type(word) is str
            assert member == word == f"{member}"
            assert {member: 1}[word] == 1
            assert code(word) is member
            assert json.dumps(member) == json.dumps(word)
            assert bool(member)

    def test_identity(self, code: type[Code]) -> None:
        """A member stays the same object through copies and pickles."""
        for member in code:
            assert copy.deepcopy(member) is member
            assert pickle.loads(pickle.dumps(member)) is member


def test_not_by_letters() -> None:
    """Words of different meaning are never equal, and PD of one code is PD of another."""
    assert Response.PD != Target.NE
    assert Response.PD == Target.PD == "PD"
    assert "Response.PD" not in f"{Response.PD}"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (Response, "CR PR SD NON-CR/NON-PD PD NE NED ND"),
        (Target, "CR PR SD PD NE NONE"),
        (NonTarget, "CR NON-CR/NON-PD PD NE NONE"),
        (codes.NewLesion, "NO EQUIVOCAL YES"),
        (codes.Kind, "nodule node infiltrative thrombus effusion other"),
        (codes.EndReason, "progression toxicity completed choice other deterioration death"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_spelling(code: type[Code], words: str) -> None:
    """The words and their order are part of the interface: they never change."""
    assert [*code] == words.split()


class TestOrder:
    """Where the order of codes carries a meaning, this is it."""

    def test_arithmetic(self) -> None:
        """`Extent` and `Rise` are coded as the arithmetic gives them."""
        extents = [Extent.UNKNOWN, Extent.ZERO, Extent.BELOW, Extent.ENOUGH]
        assert [extent.code for extent in extents] == [0, 1, 2, 3]
        assert [rise.code for rise in (Rise.NO, Rise.UNDER_FLOOR, Rise.YES)] == [0, 1, 2]

    def test_status_words(self) -> None:
        """A status of two words is spelt with a space."""
        assert [str(Status.TOO_SMALL), str(Status.NOT_EVALUABLE)] == ["too small", "not evaluable"]
