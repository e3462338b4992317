"""The doors of tables: what a column may be, and what is said of one that may not."""

from __future__ import annotations

import datetime
import math
import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mrecist
from mrecist import CohortError, assess_cohort
from mrecist._base import arrays
from mrecist._base import threads as workers
from mrecist._base.arrays import first_rows, sorted_rows
from mrecist._base.threads import shared
from mrecist.cohort.baseline import _sorted_places
from mrecist.tables import grouping, intake
from mrecist.tables.clean import Findings
from mrecist.tables.column_schema import BY_NAME
from mrecist.tables.grouping import Grouped, ordered
from mrecist.tables.reader import Reader

PLAIN: dict[str, Any] = {
    "patient": ["P", "P"],
    "date": [0, 56],
    "lesion": ["S8", "S8"],
    "viable_mm": [14.0, 9.8],
}


def told(**columns: Any) -> list[tuple[Any, int, str, str]]:
    """The mistakes of the plain table with some columns replaced."""
    table = assess_cohort(PLAIN | columns, errors="collect").errors
    return list(zip(*(column.tolist() for column in table.values()), strict=True))


def response(**columns: Any) -> list[str]:
    words: list[str] = assess_cohort(PLAIN | columns).timepoints["response"].tolist()
    return words


class TestSizes:
    """Sizes come as numbers or as decimal text; a float is the decimal that is written."""

    @pytest.mark.parametrize(
        "sizes",
        [
            np.array([14.0, 9.8]),
            ["14.0", "9.8"],
            [Decimal("14"), Decimal("9.8")],
            [Fraction(14), Fraction(98, 10)],
            np.array(["14", "9.8"]),
            np.array([14, "9.8"], object),
            np.array([20.0, 14.0], np.float32),
            np.array([10, 7], np.uint8),
            np.array([10, 7], np.int64),
            np.ma.array([10, 7]),
            [np.float64(10), np.int64(7)],
        ],
        ids=repr,
    )
    def test_exactly_minus_thirty(self, sizes: Any) -> None:
        assert response(viable_mm=sizes) == ["PR"]

    def test_a_micrometre_more(self) -> None:
        assert response(viable_mm=["14.000", "9.801"]) == ["SD"]

    @pytest.mark.parametrize("nothing", [None, "", float("nan"), np.ma.masked])
    def test_nothing(self, nothing: Any) -> None:
        """A finding with neither status nor size is a mistake, whatever stands for nothing."""
        sizes = np.ma.array([14, 9]) if nothing is np.ma.masked else [14, nothing]
        if nothing is np.ma.masked:
            sizes[1] = nothing
        assert told(viable_mm=sizes) == [("P", 1, "status", "must have a status or a size")]

    @pytest.mark.parametrize(
        ("size", "message"),
        [
            (-3.0, "must be at least 0, got -3.0"),
            (np.inf, "must be at most 1000 mm, got inf"),
            (1000.1, "must be at most 1000 mm, got 1000.1"),
        ],
    )
    def test_refused(self, size: float, message: str) -> None:
        assert told(viable_mm=np.array([14, size])) == [("P", 1, "viable_mm", message)]
        assert told(viable_mm=[14, size]) == [("P", 1, "viable_mm", message)]

    @pytest.mark.parametrize("size", ["ten", True, [1], {"mm": 1}, datetime.date(2024, 1, 1)])
    def test_no_size(self, size: Any) -> None:
        ((_, row, column, message),) = told(viable_mm=[14, size])
        assert (row, column) == (1, "viable_mm")
        assert message.startswith("must be mm as a number or as text")

    @pytest.mark.parametrize("status", ["absent", "not evaluable"])
    def test_of_nothing(self, status: str) -> None:
        """What is absent, or cannot be seen, has no size."""
        wrong = f'must be 0 or left out where status is "{status}", got 9.8'
        assert told(status=[None, status]) == [("P", 1, "viable_mm", wrong)]

    def test_of_another_kind(self) -> None:
        dates = np.array(["2024-01-03", "2024-03-06"], "datetime64[D]")
        assert [row for _, row, _, _ in told(viable_mm=dates)] == [0, 1]

    def test_booleans(self) -> None:
        assert [row for _, row, _, _ in told(viable_mm=np.array([True, False]))] == [0, 1]


class TestMasked:
    """What a mask hides gives nothing, whatever stands there."""

    @pytest.mark.parametrize(
        "sizes",
        [
            np.ma.masked_equal([30.0, 10.0], 10.0),
            np.ma.array(np.array([30, 10], np.int8), mask=[False, True]),
            np.ma.array([30, 10], mask=[False, True], fill_value=10),
            np.ma.array([30.0, math.nan], mask=[False, False]),
            np.ma.array([30, 10], object, mask=[False, True]),
        ],
        ids=repr,
    )
    def test_sizes(self, sizes: Any) -> None:
        assert response(viable_mm=sizes, status=["measured", "present"]) == ["NE"]

    def test_dates(self) -> None:
        days = np.array(["2024-01-03", "2024-03-06"], "datetime64[D]")
        hidden = np.ma.array(days, mask=[False, True], fill_value=np.datetime64("2024-05-05"))
        ((_, row, column, message),) = told(date=hidden)
        assert (row, column, message) == (1, "date", "must be given")

    def test_flags_words_and_numbers(self) -> None:
        flags = np.ma.array([True, False], mask=[True, True])
        organs = np.ma.array(["lung", "bone"], mask=[True, True])
        assert response(treated=flags, organ=organs) == response()
        hidden = told(lesion=np.ma.array([1, 1], mask=[False, True]))
        assert [mistake[1:] for mistake in hidden] == [
            (1, "lesion", "must be given where the row has a finding")
        ]

    def test_two_axes(self) -> None:
        with pytest.raises(CohortError, match="must be a column of one axis"):
            assess_cohort(PLAIN | {"viable_mm": np.ma.array([[30, 10]])})


class TestDates:
    """Dates come as dates, ISO text, `datetime64` or study days, and go out as they came."""

    @pytest.mark.parametrize(
        "dates",
        [
            ["2024-01-03", "2024-03-06"],
            [datetime.date(2024, 1, 3), datetime.date(2024, 3, 6)],
            np.array(["2024-01-03", "2024-03-06"], "datetime64[D]"),
            np.array(["2024-01-03", "2024-03-06"], "datetime64[ns]"),
            [0, 63],
            np.array([0, 63]),
            ["0", " 63"],
            np.array([0.0, 63.0]),
        ],
        ids=repr,
    )
    def test_day(self, dates: Any) -> None:
        out = assess_cohort(PLAIN | {"date": dates})
        assert out.timepoints["day"].tolist() == [63]
        assert str(out.lines["start"][0]) in {"2024-01-03", "0"}

    @pytest.mark.parametrize(
        "dates",
        [
            ["2024-01-03", "2024-02-30"],
            ["2024-01-03", None],
            ["2024-01-03", 56],
            [0, 4_000_000],
            np.array([0, 4_000_000]),
            [0, 1.5],
            np.array(["2024-01-03", "2024-03-06T12"], "datetime64[h]"),
            np.array(["2024-01-03", "NaT"], "datetime64[D]"),
            np.array(["2024-01-03", "10000-01-01"], "datetime64[D]"),
            np.array(["2024-01-03", "0000-12-31"], "datetime64[s]"),
        ],
        ids=repr,
    )
    def test_refused(self, dates: Any) -> None:
        """The patient is not judged, and the cell is named."""
        mistakes = told(date=dates)
        assert {(patient, column) for patient, _, column, _ in mistakes} == {("P", "date")}

    def test_every_date(self) -> None:
        """Each date for its own reason, and the first and the last day of the calendar for none."""
        dates = ["0001-01-01", "9999-12-31", "NaT", "2024-03-06T12", "0000-12-31", "10000-01-01"]
        table = {
            "patient": list("ABCDEF"), "date": np.array(dates, "datetime64[h]"),
            "lesion": ["S8"] * 6, "viable_mm": [20] * 6,
        }  # fmt: skip
        out = assess_cohort(table, errors="collect")
        found = zip(out.errors["patient"].tolist(), out.errors["error"].tolist(), strict=True)
        assert [(patient, error.partition(", got")[0]) for patient, error in found] == [
            ("C", "must be given"),
            ("D", "must be a date without a time of day"),
            ("E", "must be a date of the years 1 to 9999"),
            ("F", "must be a date of the years 1 to 9999"),
        ]
        assert [str(out.patient(each).timepoints[0].date) for each in "AB"] == dates[:2]


class TestNames:
    """Lesions and patients are text, or whole numbers as their text."""

    @pytest.mark.parametrize(
        "lesions",
        [[1, 1], np.array([1, 1]), np.array([7, 7], np.uint8), np.array([1 << 40, 1 << 40])],
    )
    def test_numbers(self, lesions: Any) -> None:
        out = assess_cohort(PLAIN | {"lesion": lesions})
        assert out.lines["targets"].tolist() == [str(int(lesions[0]))]

    def test_far_apart(self) -> None:
        sizes = {"viable_mm": [20, 15, 20, 15]}
        four = {name: list(column) * 2 for name, column in PLAIN.items()} | sizes
        out = assess_cohort(four | {"lesion": np.array([5, 5, 1 << 40, 1 << 40])})
        assert out.lines["targets"].tolist() == ["1099511627776;5"]

    @pytest.mark.parametrize("kind", [np.int8, np.int16, np.int64, np.uint8, np.uint64])
    def test_ends_of_a_type(self, kind: Any) -> None:
        """The least and the greatest number of a type, side by side, as lesions and as patients."""
        ends = [np.iinfo(kind).min, np.iinfo(kind).max]
        numbers = np.array(ends * 2, kind)
        two = {name: [each for each in column for _ in ends] for name, column in PLAIN.items()}
        out = assess_cohort(two | {"lesion": numbers})
        assert out.lines["targets"].tolist() == [";".join(sorted(map(str, ends)))]
        out = assess_cohort(two | {"patient": numbers})
        assert out.patients.tolist() == ends
        assert all(out.patient(end).id == str(end) for end in ends)

    @pytest.mark.parametrize("wrong", [1.5, True, b"S8", ("S8",)])
    def test_refused(self, wrong: Any) -> None:
        ((_, _, column, message),) = told(lesion=["S8", wrong])
        assert column == "lesion"
        assert message.startswith("must be text, not empty")

    def test_nobody(self) -> None:
        assert told(patient=["P", None]) == [(None, 1, "patient", "must be given")]

    def test_a_finding_of_no_lesion(self) -> None:
        message = "must be given where the row has a finding"
        assert told(lesion=["S8", None]) == [("P", 1, "lesion", message)]

    def test_numbers_come_out_as_numbers(self) -> None:
        """Also in the list of mistakes, where one row may belong to nobody."""
        table = {"patient": np.array([7, 7, 8, 8]), "date": [0, 56, 0, 56], "lesion": [1] * 4}
        out = assess_cohort(table | {"viable_mm": [20, 10, 20, -1]}, errors="collect")
        assert out.timepoints["patient"].tolist() == [7]
        assert out.errors["patient"].tolist() == [8]
        assert out.patient(7) == out.patient("7")
        with pytest.raises(KeyError, match="there is no patient 9 among 2"):
            out.patient(9)


class TestFlags:
    """Flags come as true and false, as 1 and 0, or as these in text."""

    @pytest.mark.parametrize("no", [False, "false", "FALSE", 0, "0", 0.0, np.False_])
    def test_no(self, no: Any) -> None:
        assert response(arterial_phase=[True, no]) == ["NE"]

    @pytest.mark.parametrize("yes", [True, "True", 1, "1", None, ""])
    def test_yes(self, yes: Any) -> None:
        assert response(arterial_phase=["true", yes]) == ["PR"]

    def test_array(self) -> None:
        assert response(arterial_phase=np.array([True, False])) == ["NE"]

    @pytest.mark.parametrize("wrong", ["ja", 2, "T"])
    def test_refused(self, wrong: Any) -> None:
        ((_, row, column, message),) = told(equivocal=[False, wrong])
        assert (row, column) == (1, "equivocal")
        assert message.startswith("must be true or false")


class TestOrderOfMistakes:
    """Mistakes come by row, those of a row by column, in every process the same."""

    def test_of_a_row(self) -> None:
        wrong = {name: ["x", None] for name in ("status", "biopsy", "kind", "hilar", "treated")}
        found = [column for _, row, column, _ in told(**wrong, viable_mm=[-1, 10]) if row == 0]
        assert found == ["kind", "status", "biopsy", "hilar", "treated", "viable_mm"]


class TestWords:
    """Every column of words takes them in any case, with `_` or other blanks between."""

    @pytest.mark.parametrize("name", [each for each, field in BY_NAME.items() if field.words])
    def test_spellings(self, name: str) -> None:
        field = BY_NAME[name]
        words = [each for each in field.words or () if each not in field.without]
        for change in (str.upper, str.lower, str.title):
            for blank in (" ", "_", "  ", "\u00a0", " _ "):
                told = [f"\t{change(str(word)).replace(' ', blank)} " for word in words]
                if "None" in map(str.strip, told):
                    continue  # as pandas has it, an empty cell
                reader = Reader({"patient": ["P"] * len(told), name: told}, ["patient", name])
                assert reader.words(name).tolist() == [word.code for word in words]
                assert not len(reader.mistakes)


class TestContradictions:
    """RD-TABLE-EMPTY: facts of a lesion and of a time point agree in all rows that say some."""

    @pytest.mark.parametrize(
        ("column", "one", "other", "message"),
        [
            (
                "organ",
                "lung",
                "liver",
                "must agree in all rows of a lesion, got 'lung' and 'liver'",
            ),
            ("kind", "node", "other", 'must agree in all rows of a lesion, got "node" and "other"'),
            ("hilar", True, False, "must agree in all rows of a lesion, got true and false"),
        ],
    )
    def test_lesion(self, column: str, one: Any, other: Any, message: str) -> None:
        assert told(**{column: [one, other]}) == [("P", 0, column, message)]
        assert told(**{column: [one, None]}) == []

    @given(
        place=st.sampled_from(["liver", "left lung", "liver, segment 8", "Colon/Rectum"]),
        data=st.data(),
    )
    @settings(max_examples=settings().max_examples // 2)
    def test_spellings(self, place: str, data: st.DataObject) -> None:
        """An organ is one in whatever case, with whichever blanks and marks between its words."""

        def spelt() -> str:
            blank = data.draw(st.sampled_from([" ", "  ", "\u00a0", ", ", " / ", "\t"]))
            case = data.draw(st.sampled_from([str.lower, str.upper, str.title]))
            return f" {blank.join(map(case, re.split('[ ,/]+', place)))} "

        organs = [spelt(), spelt()]
        assert told(organ=organs) == []
        sizes = {"viable_mm": [None] * 2, "longest_mm": [14.0, 9.8]}
        expected = response(organ=[place] * 2, **sizes)
        assert response(organ=organs, **sizes) == expected
        other = data.draw(st.sampled_from(["lung", "right lung", "liver segment 5", "colon"]))
        assert [row[2] for row in told(organ=[organs[0], other], **sizes)] == ["organ"]

    def test_spelt_of_one_patient(self) -> None:
        """What one patient is explained by agrees with the table, row by row."""
        rows = {"organ": ["LIVER", "liver"], "patient": ["P", "P"]}
        made = assess_cohort(PLAIN | rows)
        assert mrecist.assess(made.patient("P")).lines[0].best_response == "PR"
        assert [lesion.id for lesion in made.patient("P").lesions] == ["S8"]

    def test_time_point(self) -> None:
        four = {name: [*column, *column] for name, column in PLAIN.items()}
        four |= {"lesion": ["A", "A", "B", "B"], "reported": ["PR", "SD", "PR", "PD"]}
        ((_, row, column, message),) = zip(
            *(each.tolist() for each in assess_cohort(four, errors="collect").errors.values()),
            strict=True,
        )
        assert (column, message) == (
            "reported",
            'must agree in all rows of a date, got "SD" and "PD"',
        )
        assert row in (1, 3)


class TestLeftOut:
    """What a table leaves out is read as the readings of tables say."""

    @pytest.mark.parametrize("organ", [["liver", "liver"], [None, None], ["", None]])
    def test_liver(self, organ: list[str | None]) -> None:
        """RD-TABLE-LIVER: a lesion without an organ is of the liver, so its viable size counts."""
        assert response(organ=organ) == ["PR"]
        assert response(organ=["lung", "lung"]) == ["NE"]

    def test_order(self) -> None:
        """RD-TABLE-ORDER: lesions by their ids, patients by their first rows."""
        rows = {"patient": ["Q", "P", "P", "Q"], "lesion": ["b", "b", "a", "a"]}
        lines = assess_cohort(rows | {"date": [0] * 4, "viable_mm": [20] * 4}).lines
        assert lines["patient"].tolist() == ["Q", "P"]
        assert lines["targets"].tolist() == ["a;b", "a;b"]


class TestTables:
    """A table that is none is refused as a whole."""

    def test_columns(self) -> None:
        with pytest.raises(CohortError, match="lesion: this column is required"):
            assess_cohort({"patient": [], "date": []}, errors="collect")
        with pytest.raises(CohortError, match="viable: unknown column; did you mean viable_mm"):
            assess_cohort({"viable": [1, 2]} | {k: PLAIN[k] for k in list(PLAIN)[:3]})
        with pytest.raises(CohortError, match=r"lines\.start: this column is required"):
            assess_cohort(PLAIN, {"patient": ["P"]})
        for change in (str.upper, str.title, " {} ".format):
            with pytest.raises(CohortError) as raised:
                assess_cohort({change(name): column for name, column in PLAIN.items()})
            for name in PLAIN:
                assert f"{change(name)}: unknown column; did you mean {name}?" in str(raised.value)

    def test_other_columns_are_left_alone(self) -> None:
        assert response(site=["Kobe", "Kobe"], room=[1, 2]) == ["PR"]

    @pytest.mark.parametrize("column", ["PP", 7, {"P": 1}, np.array([["P"], ["P"]])])
    def test_no_column(self, column: Any) -> None:
        with pytest.raises(CohortError, match="patient: must be a column"):
            assess_cohort(PLAIN | {"patient": column})

    def test_lengths(self) -> None:
        with pytest.raises(CohortError, match="of one length, got patient 2, date 3"):
            assess_cohort(PLAIN | {"date": [1, 2, 3]})

    def test_many_mistakes(self) -> None:
        """All are there; the text of the error shows the first twenty."""
        many = {"patient": ["P"] * 30, "date": range(30), "lesion": ["L"] * 30}
        with pytest.raises(CohortError) as caught:
            assess_cohort(many | {"viable_mm": [-1.0] * 30})
        assert len(caught.value.rows) == 30
        assert len(caught.value.lines) == 30
        assert str(caught.value).endswith("... and 10 more")

    def test_target_and_nontarget(self) -> None:
        lines = {"patient": ["P"], "start": [0], "targets": ["S8"], "nontargets": ["S8"]}
        errors = assess_cohort(PLAIN, lines, errors="collect").errors
        assert errors["column"].tolist() == ["lines.nontargets"]
        assert errors["error"].tolist() == ["must not be a target as well, got 'S8'"]

    def test_untreated(self) -> None:
        """A patient without a line in the lines table is sound, and named."""
        out = assess_cohort(PLAIN, {"patient": ["Q"], "start": [0]})
        assert out.untreated.tolist() == ["P"]
        assert out.lines["best_response"].tolist() == ["ND"]
        assert len(out.timepoints["patient"]) == 0
        assert isinstance(out.patient("P"), mrecist.Patient)


class TestMany:
    """Many ids, organs and lesions take other ways through the same code."""

    def test_own_ids(self) -> None:
        """Lesions whose ids no two patients share, in rows that lie anyhow."""
        patients, visits = 400, 3
        patient = np.repeat(np.arange(patients), 2 * visits)
        lesion = np.array([f"{p}-{i % 2}" for i, p in enumerate(patient)])
        date = np.tile(np.repeat(np.arange(visits) * 56, 2), patients)
        size = np.where(date == 112, 10.0, 20.0)
        shuffled = np.random.default_rng(0).permutation(len(patient))
        table = {"patient": patient, "date": date, "lesion": lesion, "viable_mm": size}
        out = assess_cohort({name: column[shuffled] for name, column in table.items()})
        assert set(out.lines["best_response"]) == {"PR"}
        by_id = dict(zip(out.lines["patient"], out.lines["targets"], strict=True))
        assert by_id[7] == "7-0;7-1"

    def test_more_patients_than_sixteen_bits(self) -> None:
        patient = np.tile(np.arange(70_000), 2)
        table = {"patient": patient, "date": np.repeat([0, 56], 70_000), "lesion": patient % 3}
        out = assess_cohort(table | {"viable_mm": np.repeat([20.0, 10.0], 70_000)})
        assert out.lines["patient"].tolist() == list(range(70_000))
        assert set(out.lines["best_response"]) == {"PR"}

    def test_many_named(self) -> None:
        """Named lesions too many to be told by one number."""
        ids = [f"L{i:02}" for i in range(40)]
        table = {"patient": ["P"] * 80, "date": [0] * 40 + [56] * 40, "lesion": ids * 2}
        lines = {"patient": ["P"], "start": [0], "targets": [";".join(reversed(ids))]}
        out = assess_cohort(table | {"viable_mm": [20] * 80}, lines)
        assert out.lines["targets"].tolist() == [";".join(ids)]
        assert out.lines["problems"].tolist() == ["TOO_MANY_TARGETS"]

    def test_far_dates(self) -> None:
        """Days and lesions too many to sort by one small number."""
        days = [3_000_000, -3_000_000, 0]
        table = {"patient": ["P"] * 3, "date": days, "lesion": ["a"] * 3}
        out = assess_cohort(table | {"viable_mm": [10, 20, 13]})
        assert out.timepoints["response"].tolist() == ["PR", "PR"]
        assert out.timepoints["day"].tolist() == [3_000_000, 6_000_000]

    def test_wide_keys(self) -> None:
        """What does not fit into one number is sorted key by key, to the same end."""
        rng = np.random.default_rng(0)
        day, lesion = rng.integers(0, 1 << 40, 60), rng.integers(0, 1 << 30, 60)
        findings = Findings(day=day, lesion=lesion.astype(np.int32))
        groups = Grouped.scattered(np.arange(3), np.arange(60) % 4 - 1)
        assert ordered(findings, groups).tolist() == sorted(
            (row for row in range(60) if row % 4), key=lambda row: (row % 4, day[row], lesion[row])
        )
        small = rng.integers(0, 3, 60)
        narrow = _sorted_places(small, lesion)
        wide = _sorted_places(small, lesion, day)
        assert narrow.tolist() == wide.tolist()


class TestKeys:
    """Rows are put together and in order by integers, without a comparison where it can be."""

    @pytest.mark.parametrize("spread", [None, 0, 1, 1 << 40], ids=str)
    @pytest.mark.parametrize("count", [0, 1, 7, 3000, 150_000])
    def test_first_rows(
        self, count: int, spread: int | None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Equal keys are found together, also where all, or many, meet in one slot of the table."""
        if spread is not None:
            monkeypatch.setattr(arrays, "_SPREAD", spread)
        keys = np.random.default_rng(count).integers(-50, 900, count) << 20
        first, place = first_rows(keys)
        _, rows = np.unique(keys, return_index=True)
        assert first.tolist() == sorted(rows.tolist())
        assert np.array_equal(keys[first][place], keys)

    @pytest.mark.parametrize("bits", [1, 16, 17, 40, 64])
    @pytest.mark.parametrize("kind", [np.uint8, np.uint32, np.uint64])
    def test_sorted_rows(self, bits: int, kind: Any) -> None:
        """Keys ascend, and equal ones lie as before."""
        bits = min(bits, 8 * np.dtype(kind).itemsize)
        high = (1 << bits) - 1
        keys = np.random.default_rng(bits).integers(0, high, 500, kind, endpoint=True)
        assert sorted_rows(keys, bits).tolist() == np.argsort(keys, kind="stable").tolist()

    @pytest.mark.parametrize("cores", [1, 2])
    def test_shared(self, cores: int, monkeypatch: pytest.MonkeyPatch) -> None:
        """The answers come in the order of the parts, whoever has made them."""
        monkeypatch.setattr(workers, "CORES", cores)
        assert shared(lambda part: -part, range(9)) == [-part for part in range(9)]

    def test_many_rows(self) -> None:
        """More rows than are moved at a time come to the same verdicts in any order."""
        patients, visits = 30_000, 5
        rng = np.random.default_rng(3)
        table = {
            "patient": np.repeat(np.arange(patients), visits),
            "date": np.tile(np.arange(visits) * 56, patients),
            "lesion": np.zeros(patients * visits, np.int64),
            "viable_mm": rng.integers(10, 40, patients * visits),
        }
        grouped = assess_cohort(table)
        # The first row of each patient stays before its others, so patients keep their order.
        mixed = np.append(
            np.arange(0, patients * visits, visits),
            rng.permutation(np.flatnonzero(table["date"] > 0)),
        )
        moved = assess_cohort({name: column[mixed] for name, column in table.items()})
        for name, column in grouped.timepoints.items():
            assert np.array_equal(
                moved.timepoints[name], column, equal_nan=column.dtype.kind == "f"
            ), name

    @pytest.mark.parametrize("count", [0, 1, 5, 100, 2000])
    @pytest.mark.parametrize("nobody", [0, 1])
    def test_ordered(self, count: int, nobody: int, monkeypatch: pytest.MonkeyPatch) -> None:
        """By one number each, rows come to lie as a comparison of all columns puts them."""
        monkeypatch.setattr(arrays, "_SLICE_ROWS", 32)
        rng = np.random.default_rng(count)
        day = rng.integers(-500, 500, count) * 300
        findings = Findings(day=day, lesion=rng.integers(0, 9, count, np.int32))
        for people in (1, 3, 400):
            owner = rng.integers(-nobody, people, count)
            scattered = Grouped.scattered(np.arange(people), owner)
            bounds = np.sort([0, *rng.integers(0, count + 1, people - 1), count])
            for groups in (scattered, Grouped(scattered.ids, bounds)):
                rows = grouping._compared(findings, groups).tolist()
                order = ordered(findings, groups)
                assert (rows if order is None else order.tolist()) == rows

    def test_rows_of_nobody(self) -> None:
        """Numbers with holes as patients: a row may lack its patient and its date at once."""
        table = {
            "patient": np.array([7, np.nan, 7, np.nan]), "date": [0, None, 56, 56],
            "lesion": ["S8"] * 4, "viable_mm": [20, 20, 10, 20],
        }  # fmt: skip
        out = assess_cohort(table, errors="collect")
        found = zip(out.errors["row"].tolist(), out.errors["column"].tolist(), strict=True)
        assert list(found) == [(1, "patient"), (1, "date"), (3, "patient")]
        assert out.patients.tolist() == [7]
        assert out.timepoints["response"].tolist() == ["PR"]

    def test_first_patients_without_dates(self) -> None:
        """Patients of whom no row has a date do not shift the rows of the others."""
        table = {
            "patient": ["A", "B", "C", "D", "D", "C", "A", "E", "E"],
            "date": [None, None, 56, 0, 56, 0, None, 56, 0],
            "lesion": ["S8"] * 9,
            "viable_mm": [20, 20, 10, 20, 26, 20, 20, 20, 20],
        }
        out = assess_cohort(table, errors="collect")
        assert out.errors["row"].tolist() == [0, 1, 6]
        assert out.timepoints["patient"].tolist() == ["C", "D", "E"]
        assert out.timepoints["response"].tolist() == ["PR", "PD", "SD"]

    @pytest.mark.parametrize("mask", [None, 0, 1])
    def test_lines_of_patients(self, mask: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
        """Lines find their patients by text, whatever the hashes of texts are."""
        if mask is not None:
            monkeypatch.setattr(intake, "hash", lambda text: hash(text) & mask, raising=False)
        known = [f"P-{number}" for number in range(40)]
        texts = ["P-7", "P-40", "P-39", "P-0", "P-41", "P-1"]
        assert intake._places(known, texts).tolist() == [7, -1, 39, 0, -1, 1]
        assert intake._places([], texts).tolist() == [-1] * 6
        assert intake._places(known, []).tolist() == []


class TestTargetsAmongMany:
    """However the largest lesions are found, they are those that `assess` takes."""

    @pytest.mark.parametrize("few", [0, 3, 64])
    @pytest.mark.parametrize("few_ids", [0, 4096])
    def test_same(self, monkeypatch: pytest.MonkeyPatch, few: int, few_ids: int) -> None:
        monkeypatch.setattr("mrecist.cohort.baseline.FEW", few)
        monkeypatch.setattr("mrecist.cohort.lesions.FEW_IDS", few_ids)
        rng = np.random.default_rng(1)
        counts = [1, 2, 3, 4, 30, 7, 60, 2]
        patient = np.repeat(np.arange(len(counts)), counts)
        ids = [f"L{i}" for i in rng.permutation(len(patient))]
        out = assess_cohort({
            "patient": patient,
            "date": np.zeros(len(patient), np.int64),
            "lesion": ids,
            "organ": rng.choice(["liver", "lung", "adrenal"], len(patient)).tolist(),
            "viable_mm": rng.integers(10, 14, len(patient)),
            "longest_mm": rng.integers(14, 17, len(patient)),
        })  # fmt: skip
        for each, targets in enumerate(out.lines["targets"].tolist()):
            assert targets == ";".join(mrecist.assess(out.patient(each)).lines[0].targets)
