"""Errors tell what is wrong, where, and whose fault it is; problems are noted, not raised."""

from __future__ import annotations

import pickle

import pytest

from mrecist._base.errors import CaseError, CriteriaError, MrecistError, Problem, TableError
from mrecist._base.problems import PLACES, PROBLEMS, ProblemEntry

MISTAKES = [("timepoints[1].date", "must be unique"), ("", "must have a status or a size")]


class TestCaseError:
    """Every mistake is a line: where, its path, what is wrong."""

    def test_lines(self) -> None:
        """A mistake of the record as a whole has no path."""
        error = CaseError("patient P-001", MISTAKES)
        assert error.lines == ["timepoints[1].date: must be unique", "must have a status or a size"]
        assert str(error) == (
            "patient P-001: timepoints[1].date: must be unique\n"
            "patient P-001: must have a status or a size"
        )

    def test_nowhere(self) -> None:
        """A record that could not be named leaves no colon behind."""
        assert str(CaseError("", MISTAKES[:1])) == "timepoints[1].date: must be unique"

    def test_generator(self) -> None:
        """Mistakes may be any iterable, and are kept."""
        error = CaseError("patient P-001", iter(MISTAKES))
        assert error.mistakes == tuple(MISTAKES)

    def test_pickle(self) -> None:
        """The error survives the way between processes."""
        error = pickle.loads(pickle.dumps(CaseError("patient P-001", MISTAKES)))
        assert (error.where, error.mistakes) == ("patient P-001", tuple(MISTAKES))


class TestKinds:
    """One base for all; what a caller did wrong is a `ValueError`, a bug of ours is not."""

    @pytest.mark.parametrize("kind", [CaseError, CriteriaError, TableError])
    def test_base(self, kind: type[Exception]) -> None:
        """Each is an error of this library."""
        assert issubclass(kind, MrecistError)
        assert issubclass(kind, ValueError) is (kind is not TableError)


class TestProblem:
    """What is odd is a bit, with a name and a sentence."""

    @pytest.mark.parametrize("problem", Problem, ids=lambda problem: str(problem.name))
    def test_each(self, problem: Problem) -> None:
        """Each problem has one bit of its own and says what it means."""
        assert problem.value.bit_count() == 1
        assert problem.words == [problem.name]
        (sentence,) = problem.sentences
        name, _, meaning = sentence.partition(": ")
        assert (name, bool(meaning)) == (problem.name, True)

    def test_several(self) -> None:
        """Words are in alphabetical order, sentences in that of the words."""
        everything = ~Problem(0)
        assert everything.words == sorted(str(problem.name) for problem in Problem)
        assert [each.partition(":")[0] for each in everything.sentences] == everything.words
        assert Problem(0).words == Problem(0).sentences == []
        assert (Problem.OLD_BASELINE | Problem.NO_SIZE).words == ["NO_SIZE", "OLD_BASELINE"]

    def test_bits(self) -> None:
        """The bits are part of the interface: they never change."""
        assert {problem.name: problem.value for problem in Problem} == {
            "NO_BASELINE": 1,
            "OLD_BASELINE": 2,
            "UNFIT_TARGET": 4,
            "TOO_MANY_TARGETS": 8,
            "BASELINE_INCOMPLETE": 16,
            "NO_SIZE": 32,
            "RESPONSE_AFTER_CR": 64,
            "VIABLE_EXCEEDS_WHOLE": 128,
            "BASELINE_SPREAD": 256,
            "UNMENTIONED_AT_BASELINE": 512,
            "UNSIZED_NODE": 1024,
            "NO_ARTERIAL_BASELINE": 2048,
            "NO_DISEASE_AT_BASELINE": 4096,
            "RISE_UNDER_5MM": 8192,
            "NONTARGET_GREW": 16384,
            "PATTERN_WITHOUT_ARTERIAL": 32768,
            "BIOPSY_NEGATIVE": 65536,
            "CR_OVER_DISEASE": 131072,
            "TREATED_ON_STUDY": 262144,
            "PARTIAL_EXAMINATION": 524288,
            "VIABLE_OUTSIDE_LIVER": 1048576,
            "LR_TR_WITH_SYSTEMIC": 2097152,
            "ONE_SCAN_AFTER_RADIATION": 4194304,
            "NO_MASSLIKE": 8388608,
            "NO_PERP": 16777216,
            "PERP_EXCEEDS_LONGEST": 33554432,
            "LATE_CONFIRMATION": 67108864,
        }


class TestProblems:
    """The table of problems: an entry per bit, and nothing else."""

    def test_every_bit(self) -> None:
        """Each bit has its entry, in the order of the bits, under its own code."""
        assert list(PROBLEMS) == [problem.name for problem in Problem]
        assert all(entry.code == code for code, entry in PROBLEMS.items())

    @pytest.mark.parametrize("entry", PROBLEMS.values(), ids=lambda entry: str(entry.code))
    def test_each(self, entry: ProblemEntry) -> None:
        """Each says where it stands, what it means, what to do, and where that comes from."""
        assert entry.where == tuple(place for place in PLACES if place in entry.where) != ()
        assert all((entry.sentence, entry.cure, entry.source))
        assert {entry.sentence[-1], entry.cure[-1]}.isdisjoint(".;:")
        assert str(entry) == "\n".join(
            [
                f"{entry.code} ({' or '.join(entry.where)})",
                f"  {entry.sentence}",
                f"  do: {entry.cure}",
                f"  from {', '.join(entry.source)}",
            ]
        )

    def test_where(self) -> None:
        """What stands on a line and what on a time point; one code alone is of the case."""
        stands = {
            place: {code for code, entry in PROBLEMS.items() if place in entry.where}
            for place in PLACES
        }
        assert stands == {
            "case": {"VIABLE_OUTSIDE_LIVER"},
            "line": {
                "NO_BASELINE",
                "OLD_BASELINE",
                "BASELINE_SPREAD",
                "UNMENTIONED_AT_BASELINE",
                "UNSIZED_NODE",
                "NO_ARTERIAL_BASELINE",
                "BASELINE_INCOMPLETE",
                "NO_SIZE",
                "UNFIT_TARGET",
                "TOO_MANY_TARGETS",
                "NO_DISEASE_AT_BASELINE",
                "VIABLE_EXCEEDS_WHOLE",
                "NO_PERP",
                "PERP_EXCEEDS_LONGEST",
            },
            "time point": {
                "NO_SIZE",
                "UNSIZED_NODE",
                "VIABLE_EXCEEDS_WHOLE",
                "RISE_UNDER_5MM",
                "NONTARGET_GREW",
                "PATTERN_WITHOUT_ARTERIAL",
                "BIOPSY_NEGATIVE",
                "CR_OVER_DISEASE",
                "RESPONSE_AFTER_CR",
                "TREATED_ON_STUDY",
                "PARTIAL_EXAMINATION",
                "LR_TR_WITH_SYSTEMIC",
                "ONE_SCAN_AFTER_RADIATION",
                "NO_MASSLIKE",
                "NO_PERP",
                "PERP_EXCEEDS_LONGEST",
                "LATE_CONFIRMATION",
            },
        }
