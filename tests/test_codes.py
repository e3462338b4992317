"""The words of the field: spelt as documents spell them, coded as grids index them."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest

from mrecist import codes
from mrecist.codes import Code, Extent, NonTarget, Response, Rise, Size, State, Status, Target

CODES: list[type[Code]] = [getattr(codes, name) for name in codes.__all__]
each_code = pytest.mark.parametrize("code", CODES, ids=lambda code: code.__name__)


@each_code
class TestEachCode:
    """A code is a small integer with a word."""

    def test_values(self, code: type[Code]) -> None:
        """Codes count from 0, so that each is its own place in a grid."""
        assert [int(member) for member in code] == list(range(len(code)))

    def test_words(self, code: type[Code]) -> None:
        """`str` gives the word, no word is there twice, and `of` finds the member by it."""
        assert len({member.word for member in code}) == len(code)
        for member in code:
            assert str(member) == f"{member}" == member.word
            assert code.of(member.word) is member
            assert code.of(member) is member

    def test_identity(self, code: type[Code]) -> None:
        """A member stays the same object through copies and pickles."""
        for member in code:
            assert copy.deepcopy(member) is member
            assert pickle.loads(pickle.dumps(member)) is member


@pytest.mark.parametrize("value", ["cr", "", 0, None, Target.CR], ids=repr)
def test_refused(value: Any) -> None:
    """What is no word is refused with the words that there are."""
    with pytest.raises(ValueError, match=r"^must be one of ") as refused:
        Response.of(value)
    words = '"CR", "PR", "SD", "NON-CR/NON-PD", "PD", "NE", "NED", "ND"'
    assert str(refused.value) == f"must be one of {words}"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (Response, "CR PR SD NON-CR/NON-PD PD NE NED ND"),
        (Target, "CR PR SD PD NE NONE"),
        (NonTarget, "CR NON-CR/NON-PD PD NE NONE"),
        (codes.NewLesion, "NO EQUIVOCAL YES"),
        (codes.Kind, "nodule node infiltrative thrombus effusion other"),
        (codes.EndReason, "progression toxicity completed choice other"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_spelling(code: type[Code], words: str) -> None:
    """The words and their order are part of the interface: they never change."""
    assert [member.word for member in code] == words.split()


class TestOrder:
    """Where the order of codes carries a meaning, this is it."""

    def test_sizes(self) -> None:
        """`ZERO` and above are known sizes."""
        assert [size for size in Size if size >= Size.ZERO] == [
            Size.ZERO,
            Size.SMALL,
            Size.RECORDED,
        ]

    def test_states(self) -> None:
        """Of several non-targets the highest decides."""
        states = [State.PERSISTS, State.PROGRESSED, State.GONE, State.NOT_EVALUABLE]
        assert max(states) is State.PROGRESSED
        assert max(states[0], *states[2:]) is State.NOT_EVALUABLE

    def test_arithmetic(self) -> None:
        """`Extent` and `Rise` are coded as the arithmetic gives them."""
        assert [Extent.UNKNOWN, Extent.ZERO, Extent.BELOW, Extent.ENOUGH] == [0, 1, 2, 3]
        assert [Rise.NO, Rise.UNDER_FLOOR, Rise.YES] == [0, 1, 2]

    def test_status_words(self) -> None:
        """A status of two words is spelt with a space."""
        assert [str(Status.TOO_SMALL), str(Status.NOT_EVALUABLE)] == ["too small", "not evaluable"]
