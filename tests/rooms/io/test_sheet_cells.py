"""Cells of worksheets: what a size, a word or a date may be written as, and what is refused."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from mrecist.io.sheet_cells import SizeCell, size_cell
from mrecist.io.sheet_dates import AmbiguousDateError, DateReader
from mrecist.io.sheet_words import heading_meaning, is_known_word, organ_named, unit_said


def mm(cell: SizeCell | None) -> tuple[str, ...]:
    """The lengths of a cell as text."""
    assert cell is not None
    return tuple(f"{each:f}" for each in (cell.mm, cell.second_mm) if each is not None)


class TestSizes:
    """A number is a size; a unit in the cell decides, else that of the sheet."""

    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            (32, ("32",)),
            (32.5, ("32.5",)),
            (0, ("0",)),
            ("32", ("32",)),
            (" 32 mm ", ("32",)),
            ("3.2 cm", ("32.0",)),
            ("3.2CM", ("32.0",)),
            (".5", ("0.5",)),
            ("32x21", ("32", "21")),
            ("21 X 32 mm", ("32", "21")),
            ("3.2 × 2.1 cm", ("32.0", "21.0")),
            ("3.2cm x 21mm", ("32.0", "21")),
            ("1000", ("1000",)),
        ],
    )
    def test_read(self, value: Any, expected: tuple[str, ...]) -> None:
        """Sizes are exact, the larger first."""
        assert mm(size_cell(value)) == expected

    def test_unit(self) -> None:
        """A number without a unit has that of the sheet, and is marked as such."""
        assert mm(size_cell("3.2", "cm")) == ("32.0",)
        assert mm(size_cell("3.2 mm", "cm")) == ("3.2",)
        assert size_cell("3.2") == SizeCell(mm=size_cell(3.2).mm, bare=True)  # type: ignore[union-attr]
        assert not size_cell("3 mm").bare  # type: ignore[union-attr]

    def test_decimal_mark(self) -> None:
        """The other mark is refused with the argument to give."""
        assert mm(size_cell("3,2", "mm", ",")) == ("3.2",)
        with pytest.raises(ValueError, match='say decimal=","'):
            size_cell("3,2")
        with pytest.raises(ValueError, match='say decimal="\\."'):
            size_cell("3.2", "mm", ",")

    @pytest.mark.parametrize("value", [None, "", "  ", "-", "–"])
    def test_nothing(self, value: Any) -> None:
        """An empty cell and a dash record nothing."""
        assert size_cell(value) is None

    @pytest.mark.parametrize(
        ("text", "status"),
        [
            ("NE", "not evaluable"),
            ("N.D.", "not evaluable"),
            ("not done", "not evaluable"),
            ("nicht beurteilbar", "not evaluable"),
            ("gone", "absent"),
            ("CR", "absent"),
            ("消失", "absent"),
            ("TSTM", "too small"),
            ("<5", "too small"),
            ("zu klein", "too small"),
            ("stable", "present"),
            ("non-CR/non-PD", "present"),
            ("Présente", "present"),
            ("PD", "progressed"),
            ("progredient", "progressed"),
        ],
    )
    def test_words(self, text: str, status: str) -> None:
        """Words of seven languages, without case, accents and punctuation."""
        assert size_cell(text) == SizeCell(status=status)

    @pytest.mark.parametrize(
        ("value", "told"),
        [
            ("<10", "not a bound"),
            ("≥20", "not a bound"),
            ("32?", "without a doubt"),
            ("~32", "without a doubt"),
            ("ca 32", "without a doubt"),
            ("32/20", '"32x20"'),
            ("32 (viable 20)", "two rows"),
            ("12+8", "part_of"),
            ("31*", 'size like "32"'),
            ("٣٢", "digits 0 to 9"),
            ("３２", "digits 0 to 9"),
            ("1e2", 'size like "32"'),
            ("-5", 'size like "32"'),
            (-5, "from 0 to 1000"),
            (1001, "from 0 to 1000"),
            ("200 cm", "from 0 to 1000"),
            (float("nan"), "from 0 to 1000"),
            (float("inf"), "from 0 to 1000"),
            (True, "tick box"),
            (datetime.date(2024, 3, 6), "format the column as text"),
            (datetime.time(5), "format the column as text"),
            ("SD", "one of: absent"),
        ],
    )
    def test_refused(self, value: Any, told: str) -> None:
        """What says more or less than a size is refused, with what to write instead."""
        with pytest.raises(ValueError, match=f"(?s).*{told.replace('(', '.')}"):
            size_cell(value)


DAY = datetime.date(2024, 6, 3)


class TestDates:
    """A date is read where nobody can read it otherwise."""

    @pytest.mark.parametrize(
        "value",
        [
            DAY,
            datetime.datetime(2024, 6, 3),
            datetime.datetime(2024, 6, 3, 10, 30),
            "2024-06-03",
            "2024/6/3",
            "2024.06.03",
            "2024-06-03T10:30:00",
            "2024年6月3日",
            "3 Jun 2024",
            "03-JUN-2024",
            "3. Juni 2024",
            "3 juin 2024",
            "June 3, 2024",
        ],
    )
    def test_read(self, value: Any) -> None:
        """Date cells, ISO text, and months by name."""
        assert DateReader()(value) == DAY

    @pytest.mark.parametrize(
        ("text", "expected"),
        [("25/06/2024", (2024, 6, 25)), ("06-25-2024", (2024, 6, 25)), ("5.5.2024", (2024, 5, 5))],
    )
    def test_one_way(self, text: str, expected: tuple[int, int, int]) -> None:
        """Numbers that can be read in one way only are."""
        assert DateReader()(text) == datetime.date(*expected)

    @pytest.mark.parametrize("text", ["03/06/2024", "03.06.2024", "25/06/24"])
    def test_question(self, text: str) -> None:
        """Anything else of three numbers is a question, which a format answers."""
        with pytest.raises(AmbiguousDateError):
            DateReader()(text)

    def test_format(self) -> None:
        """The format is tried first; other text is read as ever."""
        reader = DateReader("%d/%m/%Y")
        assert reader("03/06/2024") == DAY
        assert reader("2024-06-03") == DAY

    @pytest.mark.parametrize("text", ["2024-13-01", "31/02/2024", "45/60/2024", "0000-01-01"])
    def test_no_date(self, text: str) -> None:
        """What looks like a date and is none is refused."""
        with pytest.raises(ValueError, match="date of the calendar"):
            DateReader()(text)

    @pytest.mark.parametrize(
        "value", [None, True, 45000, 3.5, "Baseline", "T1", "3 Foo 2024", "Foo 3, 2024"]
    )
    def test_none(self, value: Any) -> None:
        """What does not look like a date is none."""
        assert DateReader()(value) is None

    def test_study_days(self) -> None:
        """`Day 56` is a study day, and a plain number only where days are expected."""
        assert DateReader()("Day 56") == 56
        assert DateReader()("Tag -7") == -7
        assert DateReader()("56") is None
        assert DateReader()("56", days=True) == 56
        assert DateReader()(56, days=True) == 56
        assert DateReader()(10**30, days=True) is None
        for number in (45294, "45294"):
            with pytest.raises(ValueError, match="45294 is how a spreadsheet keeps 2024-01-03"):
                DateReader()(number, days=True)

    def test_inside(self) -> None:
        """A date is found in a heading, with the rest of it."""
        assert DateReader().inside("CT 2024-06-03 (mm)") == (DAY, "CT   (mm)")
        assert DateReader().inside("2024-06-03") == (DAY, "")
        assert DateReader().inside("Week 8") == (None, "Week 8")


class TestWords:
    """Headings and places are known by their words."""

    @pytest.mark.parametrize(
        ("text", "means"),
        [
            ("Patient ID", "patient"),
            ("Läsion", "lesion"),
            ("病変番号", "lesion"),
            ("Localización", "organ"),
            ("part_of", "part_of"),
            ("viable_mm", "viable_mm"),
            ("Viable (mm)", "viable_mm"),
            ("Kurzachse [mm]", "short_axis_mm"),
            ("Size 2 (cm)", "size"),
            ("Date 3", "date"),
            ("Lesion 3", None),
            ("Comment", None),
        ],
    )
    def test_headings(self, text: str, means: str | None) -> None:
        """A unit is left out, and a number behind a date or a size."""
        assert heading_meaning(text) == means

    @pytest.mark.parametrize(
        ("text", "unit"), [("Size (cm)", "cm"), ("size_mm", "mm"), ("in cm", "cm"), ("Size", None)]
    )
    def test_unit(self, text: str, unit: str | None) -> None:
        """A heading may say its unit."""
        assert unit_said(text) == unit

    @pytest.mark.parametrize(
        ("text", "organ", "kind", "hilar"),
        [
            ("S8", "liver", "nodule", False),
            ("segment IVa", "liver", "nodule", False),
            ("Leber", "liver", "nodule", False),
            ("Porta hepatis lymph node", "porta hepatis lymph node", "node", True),
            ("LN", "lymph node", "node", False),
            ("Pfortader", "portal vein", "thrombus", False),
            ("Aszites", "ascites", "effusion", False),
            ("肺", "lung", "None", False),
        ],
    )
    def test_places(self, text: str, organ: str, kind: str, hilar: bool) -> None:
        """A place may tell the kind of lesion."""
        named = organ_named(text)
        assert named is not None
        assert (named[0], str(named[1]), named[2]) == (organ, kind, hilar)

    def test_unknown_place(self) -> None:
        """A place that no table knows is none."""
        assert organ_named("left big toe") is None

    def test_known_words(self) -> None:
        """Only words outside ASCII tell code pages apart."""
        assert is_known_word("Läsion")
        assert is_known_word("肝臓")
        assert is_known_word("標的")
        assert is_known_word("消失")
        assert is_known_word("合計")
        assert not is_known_word("Lesion")
        assert not is_known_word("Größenwahn")
