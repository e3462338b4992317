"""Columns that a caller declares: carried through every table, and what groups are made of."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from support.cohort_tables import rows_of

import mrecist
from mrecist import CohortError, Responses, assess_cohort, kaplan_meier
from mrecist.cohort.kept import _WRITTEN
from mrecist.tables.other_names import unread

# Twelve patients, one number each: what falls below 21 mm responds, what rises above 36 progresses.
SIZES = {
    "P1": [30, 15, 15], "P2": [30, 40], "P3": [30, 29, 40], "P4": [30, 20, 45], "P5": [30],
    "P6": [30, 10, 10], "P7": [30, 50], "P8": [30, 31, 32], "P9": [30, 15, 40], "Q1": [30, 0, 0],
    "Q2": [30, 38], "Q3": [30, 28, 28],
}  # fmt: skip
ARM = dict(zip(SIZES, ["TACE", "sham"] * 6, strict=True))
CAUSE: dict[str, str | None] = dict(zip(SIZES, ["HBV", "HCV", None, "MASH"] * 3, strict=True))
SCORE = dict(zip(SIZES, [5, 6, 7, 5, 6, 7] * 2, strict=True))


def findings() -> dict[str, list[Any]]:
    rows = [(p, 56 * i, "L", mm) for p, sizes in SIZES.items() for i, mm in enumerate(sizes)]
    names = ("patient", "date", "lesion", "viable_mm")
    return {name: [row[i] for row in rows] for i, name in enumerate(names)}


def lines(**columns: Any) -> dict[str, list[Any]]:
    """Two lines for P9, one for all others."""
    who = [*SIZES, "P9"]
    table: dict[str, Any] = {
        "patient": who,
        "start": [1] * len(SIZES) + [113],
        "agents": ["Sorafenib", "Nexavar", "lenvatinib", None] * 3 + ["SORAFENIB"],
        "death": [400 if p == "P2" else None for p in who],
        "last_contact": [300 + i for i in range(len(SIZES))] + [None],
    }
    each = {"arm": ARM, "cause": CAUSE, "score": SCORE}
    return table | {name: [each[name][p] for p in who] for name in columns if columns[name]}


def judged(**options: Any) -> Responses:
    given = lines(arm=True, cause=True, score=True)
    return assess_cohort(findings(), given, keep=["arm", "cause", "score"], **options)


class TestCarried:
    """Each table of lines, time points and times has the columns, last."""

    @pytest.mark.parametrize("name", ["lines", "timepoints"])
    def test_verdicts(self, name: str) -> None:
        rows = rows_of(getattr(judged(), name))
        assert list(rows[0])[-3:] == ["arm", "cause", "score"]
        for row in rows:
            who = row["patient"]
            assert (row["arm"], row["cause"], row["score"]) == (ARM[who], CAUSE[who], SCORE[who])

    def test_times(self) -> None:
        endpoints = judged().endpoints()
        for table in (endpoints.table, endpoints.tidy("pfs"), endpoints.tidy("dor")):
            assert all(row["arm"] == ARM[row["patient"]] for row in rows_of(table))
        for row in rows_of(endpoints.adtte):
            assert row["cause"] == CAUSE[row["USUBJID"]]

    def test_nothing_else_changes(self) -> None:
        """The verdicts are the ones without the columns."""
        bare = rows_of(assess_cohort(findings(), lines()).lines)
        kept = [
            {name: cell for name, cell in row.items() if name not in ("arm", "cause", "score")}
            for row in rows_of(judged().lines)
        ]
        assert kept == bare

    def test_of_patients(self) -> None:
        """A table of patients gives one value to all lines; who is not in it has none."""
        table = {"patient": ["Q3", "P9", "nobody", "P1"], "arm": ["a", " b ", "c", ""]}
        found = assess_cohort(findings(), lines(score=True), patients=table, keep=["score", "arm"])
        told = {(row["patient"], row["line"]): row["arm"] for row in rows_of(found.lines)}
        assert {who: arm for who, arm in told.items() if arm is not None} == {
            ("Q3", 1): "a",
            ("P9", 1): "b",
            ("P9", 2): "b",
        }
        assert list(rows_of(found.lines)[0])[-2:] == ["score", "arm"]

    @pytest.mark.parametrize("ages", [np.array([61, 50]), np.array([61.0, 50.0])])
    def test_numbers_of_patients(self, ages: Any) -> None:
        """Groups of numbers ascend; patients without one come last."""
        table = {"patient": ["P1", "P2"], "age": ages}
        found = assess_cohort(findings(), patients=table, keep="age")
        told = {row["patient"]: row["age"] for row in rows_of(found.lines)}
        assert (told["P1"], told["P2"], told["P3"]) == (61, 50, None)
        rates = rows_of(found.rates("age", level=None))
        assert [(row["age"], row["lines"]) for row in rates] == [(50, 1), (61, 1), (None, 10)]

    @pytest.mark.parametrize("kind", ["dict", "frame"])
    def test_unread_of_patients(self, kind: str) -> None:
        """Columns of the patients that nobody asked for are named, one that means ours as such."""
        table: Any = {"patient": ["P1"], "arm": ["a"], "site": ["x"], "drugs": ["y"]}
        if kind == "frame":
            table = pytest.importorskip("pandas").DataFrame(table)
            pytest.importorskip("narwhals")
        told = assess_cohort(findings(), patients=table, keep=["arm"]).notes
        seen = dict(zip(told["what"].tolist(), told["probably_meant"].tolist(), strict=True))
        assert seen == {
            'column "site" of the patients is not read': "the column organ of the findings",
            'column "drugs" of the patients is not read': "the column agents of the lines",
        }

    def test_dates_of_patients(self) -> None:
        born = np.array(["1950-03-01", "1961-04-02"], "datetime64[D]")
        table = {"patient": ["P1", "P2"], "born": born}
        found = assess_cohort(findings(), patients=table, keep="born")
        assert np.isnat(found.lines["born"]).tolist() == [False, False] + [True] * 10
        rates = found.rates("born", level=None)
        assert rates["lines"].tolist() == [1, 1, 10]
        assert rates["born"][:2].tolist() == born.tolist()
        assert np.isnat(rates["born"][2])

    def test_without_lines(self) -> None:
        table = {"patient": list(SIZES), "arm": list(ARM.values())}
        found = assess_cohort(findings(), patients=table, keep="arm")
        assert {row["patient"]: row["arm"] for row in rows_of(found.lines)} == ARM
        nobody = {"patient": [], "arm": []}
        found = assess_cohort(findings(), patients=nobody, keep="arm")
        assert set(rows_of(found.lines)[0]) >= {"arm"}
        assert {row["arm"] for row in rows_of(found.lines)} == {None}

    def test_shuffled(self) -> None:
        """Rows of lines in any order keep their own values."""
        given = lines(arm=True, score=True)
        order = np.random.default_rng(3).permutation(len(given["patient"])).tolist()
        mixed = {name: [cells[i] for i in order] for name, cells in given.items()}
        one, other = (
            assess_cohort(findings(), each, keep=["arm", "score"]) for each in (given, mixed)
        )
        assert rows_of(one.lines) == rows_of(other.lines)
        assert rows_of(one.rates(("arm", "line"), level=None)) == rows_of(
            other.rates(("arm", "line"), level=None)
        )

    def test_of_a_reader(self) -> None:
        """Of one reader among several, and of all that are accepted."""
        given = findings()
        both = {name: cells * 2 for name, cells in given.items()}
        both["reader"] = ["R1"] * len(given["date"]) + ["R2"] * len(given["date"])
        one = assess_cohort(both, lines(arm=True), reader="R2", keep=["arm"])
        assert {row["patient"]: row["arm"] for row in rows_of(one.lines)} == ARM
        readings = mrecist.assess_readings(both, lines(arm=True), keep=["arm"])
        for found in (readings.of("R1"), readings.accepted):
            assert {row["patient"]: row["arm"] for row in rows_of(found.lines)} == ARM
            assert found.rates("arm", line=1, level=None)["arm"].tolist() == ["TACE", "sham"]

    def test_mistakes(self) -> None:
        """A patient who is not judged leaves no gap in the columns."""
        given = lines(arm=True)
        given["start"][3] = "soon"
        found = assess_cohort(findings(), given, keep=["arm"], errors="collect")
        arms = {row["patient"]: row["arm"] for row in rows_of(found.lines)}
        assert arms == {who: arm for who, arm in ARM.items() if who != "P4"}


def as_pandas(table: dict[str, Any]) -> Any:
    return pytest.importorskip("pandas").DataFrame(table)


def as_polars(table: dict[str, Any]) -> Any:
    return pytest.importorskip("polars").DataFrame(table, strict=False)


def as_arrow(table: dict[str, Any]) -> Any:
    return pytest.importorskip("pyarrow").table(table)


class TestFrames:
    """Frames of every kind carry text, numbers, flags and dates."""

    VALUES = (
        ("arm", list(ARM.values())),
        ("score", list(SCORE.values())),
        ("ratio", [0.5 * i for i in range(12)]),
        ("first", [i % 2 == 0 for i in range(12)]),
        ("born", [datetime.date(1950, 1, 1 + i) for i in range(12)]),
    )

    @pytest.mark.parametrize("make", [as_pandas, as_polars, as_arrow])
    def test_kinds(self, make: Callable[[dict[str, Any]], Any]) -> None:
        pytest.importorskip("narwhals")
        table = {"patient": list(SIZES)} | dict(self.VALUES)
        keep = [name for name, _ in self.VALUES]
        found = assess_cohort(make(findings()), patients=make(table), keep=keep)
        cells_of: dict[Any, Callable[[str], list[Any]]] = {
            as_pandas: lambda name: found.lines[name].tolist(),
            as_polars: lambda name: found.lines[name].to_list(),
            as_arrow: lambda name: found.lines[name].to_pylist(),
        }
        for name, cells in self.VALUES:
            told = [
                cell.date() if isinstance(cell, datetime.datetime) else cell
                for cell in cells_of[make](name)
            ]
            assert told == cells

    def test_order_of_categories(self) -> None:
        """Groups come in the order of categories, else of numbers or text; the empty last."""
        pd = pytest.importorskip("pandas")
        pytest.importorskip("narwhals")
        values = ["high", "low", "medium"] * 4
        for column, expected in (
            (
                pd.Categorical(values, ["low", "medium", "high"], ordered=True),
                ["low", "medium", "high"],
            ),
            (values, ["high", "low", "medium"]),
            ([3.0, 1.0, 2.0] * 4, [1.0, 2.0, 3.0]),
            (pd.array([3, None, 2] * 4, dtype="Int64"), [2, 3, None]),
        ):
            table = pd.DataFrame({"patient": list(SIZES), "grade": column})
            found = assess_cohort(pd.DataFrame(findings()), patients=table, keep=["grade"])
            told = found.rates("grade", level=None)["grade"].tolist()
            assert [None if each is pd.NA else each for each in told] == expected

    def test_enum(self) -> None:
        pl = pytest.importorskip("polars")
        pytest.importorskip("narwhals")
        kind = pl.Enum(["low", "medium", "high"])
        table = pl.DataFrame(
            {"patient": list(SIZES), "grade": pl.Series(["high", "low", "medium"] * 4, dtype=kind)}
        )
        found = assess_cohort(pl.DataFrame(findings(), strict=False), patients=table, keep="grade")
        told = found.rates("grade", level=None)["grade"].to_list()
        assert told == ["low", "medium", "high"]

    def test_one_shot(self) -> None:
        """A stream that can be read only once is read once."""
        pa = pytest.importorskip("pyarrow")
        pytest.importorskip("narwhals")

        class Once:
            def __init__(self, table: Any) -> None:
                self.table = table

            def __arrow_c_stream__(self, schema: Any = None) -> Any:
                table, self.table = self.table, None
                return table.__arrow_c_stream__(schema)

        given = pa.table(lines(arm=True))
        found = assess_cohort(pa.table(findings()), Once(given), keep=["arm"])
        assert found.lines["arm"].to_pylist()[:2] == ["TACE", "sham"]


def groups_of(responses: Responses, *names: str) -> dict[Any, list[dict[str, Any]]]:
    """Rows of the lines table by group."""
    groups: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for row in rows_of(responses.lines):
        groups[tuple(row[name] for name in names)].append(row)
    return groups


class TestGroups:
    """What a group has is what its lines have by themselves."""

    @pytest.mark.parametrize("names", [("arm",), ("cause",), ("score",), ("arm", "score")])
    def test_rates(self, names: tuple[str, ...]) -> None:
        responses = judged()
        rates = rows_of(responses.rates(names, line=1, level=None))
        groups = groups_of(responses, *names)
        assert len(rates) == len(groups)
        for row in rates:
            best = [
                each["best_response"]
                for each in groups[tuple(row[name] for name in names)]
                if each["line"] == 1
            ]
            assert row["lines"] == len(best)
            assert row["responders"] == sum(word in ("CR", "PR") for word in best)

    def test_subgroups(self) -> None:
        """All lines, then what `rates` gives for each column, one under the other."""
        responses = judged()
        rows = rows_of(responses.subgroups(["arm", "score"], line=1, level=None))
        expected = [("all", "", row) for row in rows_of(responses.rates(line=1, level=None))]
        for name in ("arm", "score"):
            rates = rows_of(responses.rates(name, line=1, level=None))
            expected += [(name, str(row.pop(name)), row) for row in rates]
        for row, (subgroup, value, rates) in zip(rows, expected, strict=True):
            assert (row.pop("subgroup"), row.pop("value")) == (subgroup, value)
            assert row == rates
        causes = rows_of(responses.subgroups("cause", line=1, confirmed=True, level=None))
        assert [row["value"] for row in causes] == ["", "HBV", "HCV", "MASH", ""]

    def test_curves(self) -> None:
        """A mapping from group to curve, each that of its own lines."""
        endpoints = judged().endpoints()
        curves = endpoints.kaplan_meier("pfs", "arm", line=1)
        assert list(curves) == ["TACE", "sham"]
        table = rows_of(endpoints.table)
        for arm, curve in curves.items():
            own = [row for row in table if row["arm"] == arm and row["line"] == 1]
            alone = kaplan_meier(
                [row["pfs_days"] for row in own], [row["pfs_event"] for row in own]
            )
            assert curve.surviving.tolist() == alone.surviving.tolist()
        medians = rows_of(endpoints.medians("pfs", "arm", line=1))
        assert [row["arm"] for row in medians] == ["TACE", "sham"]
        for row in medians:
            curve = curves[row["arm"]]
            assert (row["lines"], row["events"]) == (curve.at_risk[0], curve.events.sum())
            assert row["median_days"] == curve.median_days

    def test_several_columns(self) -> None:
        curves = judged().endpoints().kaplan_meier("os", ("arm", "line"))
        assert list(curves) == [("TACE", 1), ("TACE", 2), ("sham", 1)]

    def test_patterns(self) -> None:
        responses = judged()
        table = rows_of(responses.pattern_rates("arm", line=1, level=None))
        told = {
            (row["patient"], row["line"]): row["codes"] for row in rows_of(responses.patterns())
        }
        for row in table:
            own = [
                codes
                for (who, line), codes in told.items()
                if ARM[who] == row["arm"] and line == 1 and codes is not None
            ]
            shown = [
                codes
                for codes in own
                if row["pattern"] in (codes.split(";") if codes else ["none"])
            ]
            assert (row["progressed"], row["shown"]) == (len(own), len(shown))
        assert [row["pattern"] for row in table] == ["IHG", "NIH", "EHG", "NEH", "none"] * 2

    def test_interval_of_patterns(self) -> None:
        pytest.importorskip("scipy")
        table = rows_of(judged().pattern_rates(line=1))
        assert {"pattern_rate", "pattern_low", "pattern_high"} <= set(table[0])
        (growth,) = (row for row in table if row["pattern"] == "IHG")
        assert growth["pattern_rate"] == growth["shown"] / growth["progressed"]

    def test_reported_without_a_lesion(self) -> None:
        """A PD that no lesion shows is of no pattern."""
        table = {"patient": ["a", "a"], "date": [0, 50], "lesion": ["L", "L"],
                 "viable_mm": [30, None], "reported": [None, "PD"],
                 "status": [None, "not evaluable"]}  # fmt: skip
        rows = rows_of(assess_cohort(table).pattern_rates(level=None))
        assert [(row["pattern"], row["shown"]) for row in rows if row["shown"]] == [("none", 1)]

    def test_rechallenges(self) -> None:
        """By a column of the later line, and all together."""
        given = lines(arm=True)
        given["agents"] = ["sorafenib"] * 13
        responses = assess_cohort(findings(), given, keep=["arm"])
        rows = rows_of(responses.rechallenge_rates(by="arm", level=None))
        assert {row["arm"] for row in rows} == {"TACE"}
        alone = rows_of(responses.rechallenge_rates(level=None))
        assert [{k: v for k, v in row.items() if k != "arm"} for row in rows] == alone
        assert [
            row["lines"] for row in rows_of(responses.rechallenge_rates(line=1, level=None))
        ] == [0] * 5
        assert rows_of(responses.rechallenge_rates(by="arm", line=1, level=None)) == []

    def test_spelling(self) -> None:
        """Agents are spelt as first written, whatever a drug is called on."""
        told = judged().rates("agents", line=1, level=None)["agents"].tolist()
        assert told == ["lenvatinib", "Sorafenib", None]

    def test_figure(self) -> None:
        pytest.importorskip("matplotlib")
        tables = mrecist.plots.data.kaplan_meier_data(judged(), "pfs", by=("arm", "score"), line=1)
        assert tables["groups"]["group"].tolist()[:2] == ["TACE, score 5", "TACE, score 6"]
        cause = mrecist.plots.data.kaplan_meier_data(judged(), "pfs", by="cause", line=1)
        assert cause["groups"]["group"].tolist() == ["HBV", "HCV", "MASH", "no cause"]


class TestOneLine:
    """A patient counts once in each group (RD-ONE-LINE)."""

    @pytest.mark.parametrize(
        "ask",
        [
            lambda r: r.rates(level=None),
            lambda r: r.rates("score", level=None),
            lambda r: r.endpoints().medians("pfs"),
            lambda r: r.endpoints().kaplan_meier("os"),
            lambda r: mrecist.plots.data.kaplan_meier_data(r),
        ],
    )
    def test_refused(self, ask: Callable[[Responses], Any]) -> None:
        told = r'patient P9 has 2 in one group: give line=1 \(or another\), or by=.*"line"'
        if "plots" in ask.__code__.co_names:
            pytest.importorskip("matplotlib")
        with pytest.raises(ValueError, match=told):
            ask(judged())

    def test_cure_with_groups(self) -> None:
        with pytest.raises(ValueError, match=r'or by=\("arm", "line"\)'):
            judged().rates("arm", level=None)
        assert judged().rates(("arm", "line"), level=None)["lines"].tolist() == [6, 1, 6]

    def test_patterns(self) -> None:
        """Two progressions of one patient, each on a line of its own."""
        table = {"patient": ["a"] * 3, "date": [0, 50, 100], "lesion": ["L"] * 3,
                 "viable_mm": [30, 50, 80]}  # fmt: skip
        found = assess_cohort(table, {"patient": ["a", "a"], "start": [1, 51]})
        with pytest.raises(ValueError, match="patient a has 2 in one group"):
            found.pattern_rates(level=None)
        assert found.pattern_rates("line", level=None)["progressed"].tolist() == [1] * 10

    def test_only_lines_with_the_time(self) -> None:
        """Lines without such a time do not count: one line of P9 has a response."""
        assert judged().endpoints().kaplan_meier("dor").at_risk[0] == 5

    @pytest.mark.parametrize("line", [0, -1, 1.5, "one", True])
    def test_line(self, line: Any) -> None:
        with pytest.raises(ValueError, match="line must be"):
            judged().rates(line=line, level=None)

    def test_no_such_line(self) -> None:
        (row,) = rows_of(judged().rates(line=9, level=None))
        assert (row["lines"], row["responders"]) == (0, 0)
        assert rows_of(judged().rates("arm", line=9, level=None)) == []


class TestRefused:
    """What cannot be kept, and why."""

    @pytest.mark.parametrize(
        ("options", "told"),
        [
            ({"keep": ["stage"]}, "keep must name columns of the lines, got 'stage'; there are "
                                  "patient, start, "),
            ({"keep": ["arm", "arm"]}, "keep must name each column once"),
            ({"keep": [3]}, "keep must name columns, got 3"),
            ({"keep": [""]}, "keep must name columns, got ''"),
            ({"keep": ["agents"]}, "keep must not name agents, a column that the tables write"),
            ({"keep": ["arm"], "patients": {"patient": ["P1"], "arm": ["x"]}},
             "the lines and the patients both have a column arm"),
            ({"patients": {"patient": ["P1"]}}, r"name them, like keep=\['arm'\]"),
            ({"keep": ["age"], "patients": {"age": [1]}},
             "patients.patient: this column is required"),
            ({"keep": ["age"], "patients": {"patient": ["P1"], "age": [1, 2]}},
             "patients.age: must be as long as the column patient, 1, got 2"),
            ({"keep": ["age"], "patients": {"patient": ["P1", "P1", "P1"], "age": [1, 1, 2]}},
             "patient P1, row 2, patients.age: must be the same in all rows of the patient"),
            ({"keep": ["age"], "patients": {"patient": ["P1"], "age": [[1]]}},
             "row 0, patients.age: must be text, a number, a flag or a date, got"),
        ],
    )  # fmt: skip
    def test_told(self, options: dict[str, Any], told: str) -> None:
        with pytest.raises(ValueError, match=told):
            assess_cohort(findings(), lines(arm=True), **options)

    def test_no_table(self) -> None:
        with pytest.raises(ValueError, match="there are no lines or patients to take 'arm' from"):
            assess_cohort(findings(), keep="arm")

    def test_unknown_group(self) -> None:
        told = r'by must be of "line", "agents", "arm", "cause", "score", several of these or None'
        with pytest.raises(ValueError, match=told):
            judged().rates("stage")

    def test_empty_patient(self) -> None:
        """A row of patients that names nobody is nobody's."""
        table = {"patient": [None, "P1"], "arm": ["x", "y"]}
        found = assess_cohort(findings(), patients=table, keep="arm")
        assert found.lines["arm"].tolist()[:2] == ["y", None]

    def test_cohort_error(self) -> None:
        with pytest.raises(CohortError):
            assess_cohort(findings(), patients={"arm": []}, keep="arm")

    def test_every_written_column(self) -> None:
        """No table has a column twice: each that one writes is refused as a kept one."""
        responses = judged()
        endpoints = responses.endpoints()
        readings = mrecist.assess_readings(
            findings() | {"reader": ["R1"] * len(findings()["date"])},
            review=mrecist.SINGLE_READ,
        )
        tables = [
            responses.lines, responses.timepoints, endpoints.table, endpoints.adtte,
            endpoints.tidy("os"), endpoints.medians("os", line=1),
            responses.rates(line=1, level=None) | dict.fromkeys(
                f"{name}_{end}" for name in ("response", "control") for end in ("low", "high")),
            responses.pattern_rates(line=1, level=None) | {"pattern_low": 0, "pattern_high": 0},
            responses.rechallenge_rates(level=None), readings.lines, readings.timepoints,
        ]  # fmt: skip
        written = {name for table in tables for name in table} - {"arm", "cause", "score"}
        assert written <= _WRITTEN
        assert written == _WRITTEN


class TestNotes:
    """What is not read is named."""

    def test_reader(self) -> None:
        """Readers are read where the findings name them, and only there."""
        told = {"findings": ["patient", "reader"], "lines": ["patient", "reader", "x"]}
        assert list(unread(told)) == [("x", "lines")]
        told = {"findings": ["patient"], "lines": ["patient", "reader"]}
        assert list(unread(told)) == [("reader", "lines")]

    def test_unread(self) -> None:
        given = lines(arm=True, score=True)
        notes = rows_of(assess_cohort(findings() | {"ward": [1] * 33}, given, keep=["arm"]).notes)
        told = [
            (row["what"], row["probably_meant"]) for row in notes if row["code"] == "UNREAD_COLUMN"
        ]
        assert told == [
            ('column "ward" of the findings is not read', "nothing that a verdict needs"),
            (
                'column "score" of the lines is not read',
                'nothing that a verdict needs; keep=["score"] carries it along',
            ),
        ]
