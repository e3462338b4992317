"""Liver function of a cohort: the same answers as for one patient, row by row."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from mrecist import CohortError, albi, albi_columns, child_pugh, child_pugh_columns
from mrecist.laboratory.child_pugh_points import CUTS, WORDS

NAN = float("nan")
NUMBERS = {
    "bilirubin_mg_dl": [1.9, 2.0, 3.0, 3.1, NAN],
    "bilirubin_umol_l": [33.9, 34.0, 51.0, 51.1, NAN],
    "albumin_g_dl": [3.6, 3.5, 2.8, 2.7, NAN],
    "albumin_g_l": [36.0, 35.0, 28.0, 27.9, NAN],
    "inr": [1.6, 1.7, 2.3, 2.4, NAN],
}


def known(**given: Any) -> dict[str, Any]:
    return {name: None if value != value or value == "" else value for name, value in given.items()}


class TestChildPugh:
    """Each row is what `child_pugh` says of it."""

    @pytest.mark.parametrize(
        ("bilirubin", "albumin"),
        [("bilirubin_mg_dl", "albumin_g_dl"), ("bilirubin_umol_l", "albumin_g_l")],
    )
    def test_agrees(self, bilirubin: str, albumin: str) -> None:
        """Every combination of columns, missing items among them."""
        rows = list(
            itertools.product(
                NUMBERS[bilirubin],
                NUMBERS[albumin],
                NUMBERS["inr"],
                [*WORDS["ascites"], ""],
                [*WORDS["encephalopathy"], NAN],
            )
        )
        names = (bilirubin, albumin, "inr", "ascites", "encephalopathy")
        columns = {
            name: np.array(each) for name, each in zip(names, zip(*rows, strict=True), strict=True)
        }
        found = child_pugh_columns(**columns)
        chosen = range(0, len(rows), 7)
        for i in chosen:
            given = known(**dict(zip(names, rows[i], strict=True)))
            if given["encephalopathy"] is not None:
                given["encephalopathy"] = int(given["encephalopathy"])
            one = child_pugh(**given)
            answer = (found.least[i], found.most[i], found.best_grade[i], found.worst_grade[i])
            assert answer == (one.least, one.most, one.best_grade, one.worst_grade)
            assert found.known[i] == (one.points is not None)
        assert found.least.dtype == found.most.dtype == np.int8

    def test_left_out(self) -> None:
        """A column that is left out is not known; whole numbers and None in objects are taken."""
        found = child_pugh_columns(
            bilirubin_mg_dl=np.array([1, 4]), ascites=np.array(["mild", None], object)
        )
        assert [found.least.tolist(), found.most.tolist()] == [[6, 7], [12, 15]]
        assert repr(found) == "<ChildPughColumns 2 rows, 0 complete>"

    @pytest.mark.parametrize("name", CUTS)
    def test_each_unit(self, name: str) -> None:
        """The ends of each middle column, as floats, are in the middle."""
        found = child_pugh_columns(**{name: np.array(NUMBERS[name])})
        assert (found.least - 4).tolist() == [1, 2, 2, 3, 1]

    @pytest.mark.parametrize(
        ("given", "told"),
        [
            ({}, "give at least one column"),
            ({"inr": np.array([1.0, 0.0])}, r"row 1, inr: must be a number above 0, got 0.0"),
            ({"inr": np.array([np.inf])}, r"row 0, inr: must be a number above 0, got inf"),
            ({"inr": np.array([-1.5], np.float32)}, "row 0, inr: must be a number above 0, got"),
            ({"inr": ["1.7", "much"]}, "row 1, inr: must be a number above 0, got 'much'"),
            ({"inr": [True]}, "row 0, inr: must be a number above 0, got True"),
            ({"inr": np.ones((2, 2))}, "inr: must be a column of one axis"),
            ({"inr": 1.7}, "inr: must be a column, got 1.7"),
            ({"inr": np.ones(2), "ascites": ["none"]}, "ascites must have 2 rows as inr has"),
            ({"ascites": ["none", "some"]}, "row 1, ascites: must be one of none, mild"),
            ({"encephalopathy": [0, 5]}, "row 1, encephalopathy: must be one of 0, 1, 2, 3, 4"),
            ({"encephalopathy": [True]}, "row 0, encephalopathy: must be one of 0, 1, 2, 3"),
            ({"ascites": [["none"]]}, "row 0, ascites: must be one of none"),
            ({"inr": np.ones(1), "albumin_g_l": np.ones(1), "albumin_g_dl": np.ones(1)},
             "give only one of albumin_g_dl and albumin_g_l"),
        ],
    )  # fmt: skip
    def test_refused(self, given: dict[str, Any], told: str) -> None:
        """What cannot be is named by column and row."""
        with pytest.raises(ValueError, match=told):
            child_pugh_columns(**given)


class TestCells:
    """Cells are read as in the tables of a cohort."""

    def test_all_mistakes(self) -> None:
        """Every one is told at once, by row."""
        with pytest.raises(CohortError) as caught:
            child_pugh_columns(
                inr=np.array([-1, 1, -2]), ascites=["no", "none", ""], albumin_g_l=["x", "35", None]
            )
        assert [each[1:3] for each in caught.value.rows] == [
            (0, "albumin_g_l"),
            (0, "inr"),
            (0, "ascites"),
            (2, "inr"),
        ]

    def test_as_they_print(self) -> None:
        """A number of few bits, or text, is what it prints as: 1.7 is in the middle."""
        for each in (np.array([1.7, NAN], np.float32), ["1.7", " "], [Decimal("1.7"), None]):
            found = child_pugh_columns(inr=each)
            assert (found.least.tolist(), found.most.tolist()) == ([6, 5], [14, 15])
        assert child_pugh_columns(ascites=["Mild ", "NA"]).least.tolist() == [6, 5]

    @pytest.mark.parametrize("library", ["pandas", "polars"])
    def test_frames(self, library: str) -> None:
        """Columns of a frame, with cells that are null."""
        series = pytest.importorskip(library).Series
        found = child_pugh_columns(
            inr=series([1.7, None]), ascites=series(["mild", None]), encephalopathy=series([0, 4])
        )
        assert (found.least.tolist(), found.most.tolist()) == ([7, 7], [11, 15])
        score = albi_columns(bilirubin_umol_l=series([20, None]), albumin_g_l=series(["35", "40"]))
        assert score.grade.tolist() == ["2", ""]


class TestAlbi:
    """Each row is graded as `albi` grades it, on the boundary too."""

    def test_agrees(self) -> None:
        """A grid of values, and exact boundaries that floats would miss."""
        grid = itertools.product(np.linspace(3, 300, 23), np.linspace(15, 55, 23))
        rows = [*grid, (1000.0, 50.0), (1e11, 116.0), (1e10, 94.0)]
        bilirubin, albumin = (np.array(each) for each in zip(*rows, strict=True))
        found = albi_columns(bilirubin_umol_l=bilirubin, albumin_g_l=albumin)
        for i, (one, other) in enumerate(rows):
            single = albi(bilirubin_umol_l=one, albumin_g_l=other)
            assert found.grade[i] == single.grade
            assert found.modified_grade[i] == single.modified_grade
            assert found.score[i] == pytest.approx(float(single.score))
        assert found.modified_grade[-3:].tolist() == ["2a", "1", "2b"]

    def test_units_and_missing(self) -> None:
        """mg/dL and g/dL convert; a missing item leaves the grade empty."""
        found = albi_columns(
            bilirubin_mg_dl=np.array([1.2, NAN]), albumin_g_dl=np.array([3.5, 4.0])
        )
        assert found.score[0] == pytest.approx(-2.109, abs=5e-4)
        assert np.isnan(found.score[1])
        assert [found.grade.tolist(), found.modified_grade.tolist()] == [["2", ""], ["2b", ""]]
        assert repr(found) == "<AlbiColumns 2 rows>"

    @pytest.mark.parametrize(
        ("given", "told"),
        [
            ({"albumin_g_l": np.ones(1)}, "give one of bilirubin_umol_l and bilirubin_mg_dl"),
            ({"bilirubin_umol_l": np.ones(2), "albumin_g_l": np.ones(1)},
             "albumin_g_l must have 2 rows as bilirubin_umol_l has, got 1"),
            ({"bilirubin_umol_l": -np.ones(1), "albumin_g_l": np.ones(1)},
             "row 0, bilirubin_umol_l: must be a number above 0, got -1.0"),
        ],
    )  # fmt: skip
    def test_refused(self, given: dict[str, Any], told: str) -> None:
        """What cannot be is named by column and row."""
        with pytest.raises(ValueError, match=told):
            albi_columns(**given)


def test_units_that_were_mixed_up() -> None:
    """An albumin of 35 g/dL is one of 35 g/L in the wrong place."""
    told = "row 1, albumin_g_dl: must be at most 10, got 35.0; g/L go into albumin_g_l"
    with pytest.raises(ValueError, match=told):
        albi_columns(bilirubin_mg_dl=np.array([1.0, 1.0]), albumin_g_dl=np.array([3.5, 35.0]))
