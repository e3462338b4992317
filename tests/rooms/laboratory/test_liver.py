"""Liver function of one patient: every boundary of the tables, and bounds for what is missing."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from mrecist import albi, child_pugh
from mrecist._base.words import Ascites
from mrecist.laboratory.albi_score import ALBI_CUTS, Albi
from mrecist.laboratory.child_pugh_points import CLASSES, CUTS, WORDS, ChildPugh
from mrecist.rulebook.papers import Evidence

WELL: dict[str, Any] = {
    "bilirubin_mg_dl": 1, "albumin_g_dl": 4, "inr": 1, "ascites": "none", "encephalopathy": 0,
}  # fmt: skip


def points(name: str, value: Any) -> int | None:
    """The points of one item."""
    [known] = [item for item in child_pugh(**{name: value}).items if item.points is not None]
    return known.points


class TestChildPughItems:
    """LF-CP: boundary values belong to the middle column."""

    @pytest.mark.parametrize(
        ("name", "values"),
        [
            ("bilirubin_mg_dl", {"1.99": 1, "2": 2, "3": 2, "3.01": 3}),
            ("bilirubin_umol_l", {"33.9": 1, "34": 2, "34.1": 2, "51": 2, "51.1": 3}),
            ("albumin_g_dl", {"3.51": 1, "3.5": 2, "2.8": 2, "2.79": 3}),
            ("albumin_g_l", {"35.1": 1, "35": 2, "28": 2, "27.9": 3}),
            ("inr", {"1.69": 1, "1.7": 2, "2.3": 2, "2.31": 3}),
            ("encephalopathy", {0: 1, 1: 2, 2: 2, 3: 3, 4: 3}),
            ("ascites", {"none": 1, "mild": 2, "controlled": 2, "moderate": 3, "severe": 3,
                         "refractory": 3}),
        ],
    )  # fmt: skip
    def test_columns(self, name: str, values: dict[Any, int]) -> None:
        """Each column of the table, its ends and what lies beyond."""
        assert {value: points(name, value) for value in values} == values

    @pytest.mark.parametrize("kind", [str, float, Decimal, np.float64])
    def test_kinds(self, kind: Any) -> None:
        """A float stands for the decimal that it prints as."""
        assert points("albumin_g_dl", kind("2.8")) == 2
        assert points("inr", kind("1.7")) == points("inr", kind("2.3")) == 2

    def test_units(self) -> None:
        """RD-CHILD-PUGH-UNITS: each unit in its own column, 2 mg/dL being 34.2 umol/L."""
        assert points("bilirubin_umol_l", "34.1") == 2
        assert points("bilirubin_mg_dl", Decimal("34.1") / Decimal("17.1")) == 1

    def test_words_and_ids(self) -> None:
        """Every word of ascites has points; every item has its rule."""
        assert set(WORDS["ascites"]) == set(Ascites)
        assert [item.id for item in child_pugh(**WELL).items] == [
            "LF-CP-BILI",
            "LF-CP-ALB",
            "LF-CP-INR",
            "LF-CP-ASC",
            "LF-CP-HE",
        ]
        assert {cuts.item for cuts in CUTS.values()} == {"bilirubin", "albumin", "INR"}

    @pytest.mark.parametrize(
        ("given", "told"),
        [
            ({"bilirubin_mg_dl": 1, "bilirubin_umol_l": 17},
             "give only one of bilirubin_mg_dl and bilirubin_umol_l"),
            ({"inr": 0}, "inr must be a number above 0, got 0"),
            ({"inr": -1.5}, "inr must be a number above 0, got -1.5"),
            ({"inr": float("nan")}, "inr must be a number above 0, got nan"),
            ({"inr": True}, "inr must be a number above 0, got True"),
            ({"inr": "normal"}, "inr must be a number above 0, got 'normal'"),
            ({"inr": [1]}, "inr must be a number above 0"),
            ({"inr": np.array(2.8)}, "inr must be a number above 0"),
            ({"inr": Fraction(1, 3)}, "inr must be a number above 0"),
            ({"ascites": "some"}, 'ascites must be one of "none", "mild"'),
            ({"encephalopathy": 5}, "encephalopathy must be a grade from 0 to 4, got 5"),
            ({"encephalopathy": True}, "encephalopathy must be a grade from 0 to 4, got True"),
            ({"encephalopathy": 1.5}, "encephalopathy must be a grade from 0 to 4, got 1.5"),
        ],
    )  # fmt: skip
    def test_refused(self, given: dict[str, Any], told: str) -> None:
        """Two units, no number, no word: refused with the name of the item."""
        with pytest.raises(ValueError, match=told):
            child_pugh(**given)


class TestChildPugh:
    """LF-CP-CLASS: A 5-6, B 7-9, C 10-15."""

    def test_classes(self) -> None:
        """Every sum of points has its class."""
        assert CLASSES == (("A", 6), ("B", 9), ("C", 15))
        steps = [
            ("bilirubin_mg_dl", (1, 2, 4)), ("albumin_g_dl", (4, 3, 2)), ("inr", (1, 2, 3)),
            ("ascites", ("none", "mild", "severe")), ("encephalopathy", (0, 1, 3)),
        ]  # fmt: skip
        given, found = dict(WELL), {}
        for name, values in steps:
            for value in values:
                given[name] = value
                result = child_pugh(**given)
                found[result.points] = result.grade
        assert found == {
            5: "A",
            6: "A",
            7: "B",
            8: "B",
            9: "B",
            10: "C",
            11: "C",
            12: "C",
            13: "C",
            14: "C",
            15: "C",
        }

    def test_missing(self) -> None:
        """An item that is not known bounds the answer, and may leave the class decided."""
        known = {name: value for name, value in WELL.items() if name != "inr"}
        result = child_pugh(**known)
        assert (result.least, result.most, result.points) == (5, 7, None)
        assert (result.best_grade, result.worst_grade, result.grade) == ("A", "B", None)
        sick = child_pugh(**{**known, "ascites": "severe"})
        assert (sick.points, sick.grade) == (None, "B")
        assert (child_pugh().least, child_pugh().most) == (5, 15)

    def test_text(self) -> None:
        """The class, the points, and each item with its points and column."""
        assert str(child_pugh(**{**WELL, "bilirubin_mg_dl": "2.0", "albumin_g_dl": "2.7"})) == (
            "Child-Pugh B, 8 points: bilirubin 2.0 mg/dL: 2 (2 to 3 mg/dL); albumin 2.7 g/dL: 3 "
            "(below 2.8 g/dL); INR 1: 1 (below 1.7); ascites none: 1 (none); encephalopathy 0: 1 "
            "(0) [Pugh 1973, Child-Pugh table [restated]]"
        )
        bounded = str(child_pugh(albumin_g_l=36, ascites="mild"))
        assert bounded == (
            "Child-Pugh A to C, 6 to 12 points: bilirubin not known (1 to 3); albumin 36 g/L: 1 "
            "(above 35 g/L); INR not known (1 to 3); ascites mild: 2 (mild or controlled); "
            "encephalopathy not known (1 to 3) [Pugh 1973, Child-Pugh table [restated]]"
        )
        assert "INR 2.4: 3 (above 2.3)" in str(child_pugh(inr=2.4))
        assert isinstance(child_pugh(), ChildPugh)


class TestAlbi:
    """LF-ALBI, LF-ALBI-GRADE, LF-ALBI-M: a score, and its grades decided in decimals."""

    def test_vector(self) -> None:
        """VEC-LF1: 20.52 umol/L and 35 g/L give -2.109, grade 2, in either unit."""
        result = albi(bilirubin_umol_l="20.52", albumin_g_l=35)
        assert round(result.score, 3) == Decimal("-2.109")
        assert (result.grade, result.modified_grade) == ("2", "2b")
        assert albi(bilirubin_mg_dl="1.2", albumin_g_dl="3.5") == result
        assert str(result) == (
            "ALBI -2.109, grade 2 (modified 2b) "
            "[Johnson 2015, ALBI [restated]; Hiraoka 2017, grades 2a and 2b [recalled]]"
        )

    @pytest.mark.parametrize(
        ("bilirubin", "albumin", "score", "on", "above"),
        [
            ("1e11", "116", "-2.60", "1", "2a"),
            ("1e3", "50", "-2.27", "2a", "2b"),
            ("1e10", "94", "-1.39", "2b", "3"),
        ],
    )
    def test_boundaries(
        self, bilirubin: str, albumin: str, score: str, on: str, above: str
    ) -> None:
        """A score exactly on the boundary belongs to the better grade; a hair above does not."""
        exact = albi(bilirubin_umol_l=bilirubin, albumin_g_l=albumin)
        assert exact.score == Decimal(score)
        assert exact.modified_grade == on
        hair = albi(bilirubin_umol_l=bilirubin, albumin_g_l=Decimal(albumin) - Decimal("1e-20"))
        assert hair.modified_grade == above
        assert hair.grade == above[0]

    def test_shown(self) -> None:
        """A score is never rounded into another grade."""
        near = albi(bilirubin_umol_l=1000, albumin_g_l="49.9999")
        assert str(near).startswith("ALBI -2.26999, grade 2 (modified 2b)")
        assert str(albi(bilirubin_umol_l=1000, albumin_g_l="50.001")).startswith("ALBI -2.270,")
        beyond = Albi(score=Decimal(f"-2.26{'9' * 70}"))
        assert str(beyond).startswith(f"ALBI {beyond.score}, grade 2 (modified 2b)")

    def test_cuts(self) -> None:
        """The grades as printed; the split of grade 2 is recalled."""
        assert [(grade, modified, top and str(top)) for grade, modified, top in ALBI_CUTS] == [
            ("1", "1", "-2.60"),
            ("2", "2a", "-2.270"),
            ("2", "2b", "-1.39"),
            ("3", "3", None),
        ]
        result = albi(bilirubin_umol_l=10, albumin_g_l=40)
        assert result.source.evidence is Evidence.RESTATED
        assert result.modified_source.evidence is Evidence.RECALLED

    @pytest.mark.parametrize(
        ("given", "told"),
        [
            ({"albumin_g_l": 35}, "give one of bilirubin_umol_l and bilirubin_mg_dl"),
            ({"bilirubin_mg_dl": 1}, "give one of albumin_g_l and albumin_g_dl"),
            ({"bilirubin_mg_dl": 1, "albumin_g_l": 35, "albumin_g_dl": 3.5}, "give only one of"),
            ({"bilirubin_mg_dl": 0, "albumin_g_l": 35}, "bilirubin_mg_dl must be a number above 0"),
        ],
    )
    def test_refused(self, given: dict[str, Any], told: str) -> None:
        """Nothing is guessed."""
        with pytest.raises(ValueError, match=told):
            albi(**given)


def test_units_that_were_mixed_up() -> None:
    """An albumin of 35 g/dL is one of 35 g/L in the wrong place."""
    told = "albumin_g_dl must be at most 10, got 35; g/L go into albumin_g_l"
    with pytest.raises(ValueError, match=told):
        child_pugh(albumin_g_dl=35)
    with pytest.raises(ValueError, match=told):
        albi(bilirubin_mg_dl=1, albumin_g_dl=35)
