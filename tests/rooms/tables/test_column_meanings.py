"""The lists of columns and words are those that are read and written, and say what is so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings

import mrecist
from mrecist.endpoints.definitions import TIMES
from mrecist.io import Study
from mrecist.readers.decisions import DECISION_COLUMNS
from mrecist.tables.column_meanings import INPUT_TABLES, INPUTS, MEANINGS
from mrecist.tables.column_schema import COLUMNS
from mrecist.tables.output_columns import NEVER_EMPTY, Output
from mrecist.tables.output_tables import OUTPUTS
from mrecist.tables.word_meanings import WORD_MEANINGS
from mrecist.testing.strategies import cohorts

FINDINGS: dict[str, list[Any]] = {
    "patient": ["P"] * 8,
    "reader": ["R1", "R1", "R2", "R2"] * 2,
    "date": [1, 57, 1, 57] * 2,
    "lesion": ["S8"] * 4 + ["S2"] * 4,
    "viable_mm": [30, 20, 30, 21, 14, 12, 15, 11],
}


def written(name: str) -> list[str]:
    """The columns that a table is said to have, written out."""
    return [each for column in OUTPUTS[name].columns for each in spelt(column.name)]


def spelt(name: str) -> Iterator[str]:
    if name.startswith("TIME_"):
        yield from (name.replace("TIME", time) for time in TIMES)
    elif name.endswith("_WORD"):
        yield from (name.replace("WORD", word) for word in ("CR", "PR", "SD", "PD"))
    else:
        yield name


def by_column(names: list[str], block: str) -> list[str]:
    """Names whose columns of one block come together for each, instead of one after the other."""
    inside = [name for name in names if block in name]
    if not inside:
        return names
    start = names.index(inside[0])
    kinds = TIMES if block == "TIME" else ("R1", "R2")
    put = [name.replace(block, kind) for kind in kinds for name in inside]
    return [*names[:start], *put, *names[start + len(inside) :]]


def of_responses(responses: Any) -> Mapping[str, Any]:
    """Every table that responses give, by the name under which its columns are listed."""
    endpoints = responses.endpoints("fda-a")
    return {
        "timepoints": responses.timepoints,
        "lines": responses.lines,
        "notes": responses.notes,
        "errors": responses.errors,
        "endpoints": endpoints.table,
        "adtte": endpoints.adtte,
        "medians": endpoints.medians("pfs", by=("line", "agents")),
        "patterns": responses.patterns(),
        "untreatable": responses.untreatable(),
        "rechallenges": responses.rechallenges(),
        "fired": responses.fired(),
        "rechallenge_rates": responses.rechallenge_rates(level=None),
        "rates": responses.rates(by=("line", "agents"), level=None),
        "subgroups": responses.subgroups("agents", line=1, level=None),
        "pattern_rates": responses.pattern_rates(by=("line", "agents"), level=None),
        "tidy": endpoints.tidy("pfs"),
        "lesions": responses.lesions,
    }


@cache
def published() -> Mapping[str, Any]:
    """The tables of the published case."""
    study = Study.of_cases([mrecist.to_case(mrecist.example_case("ikeda-2021"))])
    return of_responses(study.assess())


class TestWhatGoesOut:
    """Every table has the columns that are listed for it, in that order."""

    @pytest.mark.parametrize("name", [
        "timepoints", "lines", "notes", "errors", "endpoints", "adtte", "medians", "patterns",
        "untreatable", "rechallenges", "fired", "rechallenge_rates", "rates", "subgroups",
        "pattern_rates", "tidy", "lesions",
    ])  # fmt: skip
    def test_responses(self, name: str) -> None:
        """The tables of responses; intervals need SciPy, and are listed beside their shares."""
        table = published()[name]
        names = by_column([column.name for column in OUTPUTS[name].columns], "TIME")
        if name.endswith(("rates", "subgroups")):
            names = [each for each in names if not each.endswith(("_low", "_high"))]
        assert list(table) == names

    def test_intervals(self) -> None:
        """With SciPy the intervals stand where they are listed."""
        pytest.importorskip("scipy")
        responses = Study.of_cases([mrecist.to_case(mrecist.example_case())]).assess()
        assert list(responses.rates(by=("line", "agents"))) == written("rates")
        assert list(responses.rechallenge_rates()) == written("rechallenge_rates")
        assert list(responses.subgroups("agents", line=1)) == written("subgroups")
        assert list(responses.pattern_rates(by=("line", "agents"))) == written("pattern_rates")

    @pytest.mark.parametrize("name", ["readings.timepoints", "readings.lines", "discordance"])
    def test_readings(self, name: str) -> None:
        """The tables of several readers."""
        readings = mrecist.assess_readings(FINDINGS)
        table = getattr(readings, name.rpartition(".")[2])
        assert list(table) == by_column([each.name for each in OUTPUTS[name].columns], "READER")

    def test_agreement(self) -> None:
        """Each statistic of agreement with its error and limits."""
        pytest.importorskip("scipy")
        readings = mrecist.assess_readings(FINDINGS)
        assert list(readings.agreement("response").table) == written("agreement")

    @pytest.mark.parametrize("name", ["timepoints", "lines"])
    def test_immune(self, name: str) -> None:
        """The tables by iRECIST."""
        responses = mrecist.assess_cohort(FINDINGS, criteria="irecist", reader="R1")
        assert list(getattr(responses, name)) == written(f"immune_{name}")

    @pytest.mark.parametrize("name", ["reported", "status", "problems", "errors"])
    def test_study(self, name: str) -> None:
        """The tables beside a study."""
        assert list(getattr(Study.of_tables({"patient": []}), name)) == written(f"study.{name}")

    def test_all_are_tested(self) -> None:
        """No table is listed that no test here makes."""
        made = {*published()}
        others = {name for name in OUTPUTS if name.startswith(("readings.", "study.", "immune_"))}
        assert made | others | {"discordance", "agreement"} == set(OUTPUTS)

    @settings(max_examples=settings().max_examples // 2)
    @given(cohorts())
    def test_what_is_never_empty(self, tables: Any) -> None:
        """A column that is said to be always filled is; words are those of their list."""
        found = mrecist.assess_cohort(
            tables.findings, tables.lines, procedures=tables.procedures, errors="collect"
        )
        for name, table in of_responses(found).items():
            for column in OUTPUTS[name].columns:
                for each in spelt(column.name):
                    if each in table:
                        self.holds(column, list(table[each]))

    def holds(self, column: Output, cells: list[Any]) -> None:
        empty = [cell for cell in cells if cell is None or cell != cell or cell == ""]
        if column.empty == NEVER_EMPTY:
            assert empty == [], column
        words = set(map(str, column.words or ()))
        if words:
            texts = [part for cell in cells if cell not in (None, "") for part in cell.split(";")]
            assert set(texts) <= words, column


class TestWhatComesIn:
    """Every column of the schema has a meaning, and the other tables are those that are taken."""

    def test_schema(self) -> None:
        """Each column of the schema is listed, in its order, and each listed one has a meaning."""
        listed = [field for field in INPUTS if field in COLUMNS]
        assert listed == list(COLUMNS)
        assert [(field.table, field.name) for field in INPUTS] == list(MEANINGS)
        assert {field.table for field in INPUTS} == set(INPUT_TABLES)

    def test_tables_beside(self) -> None:
        """Decisions and markers are read by these columns."""
        names = {
            table: [each.name for each in INPUTS if each.table == table] for table in INPUT_TABLES
        }
        assert names["decisions"] == list(DECISION_COLUMNS)
        with pytest.raises(
            ValueError, match="(?s)" + ".*".join(f"markers.{each}" for each in names["markers"])
        ):
            mrecist.marker_changes({}, {"patient": [], "start": []})

    @pytest.mark.parametrize(
        "field",
        [each for each in INPUTS if each.required],
        ids=lambda each: f"{each.table}.{each.name}",
    )
    def test_required(self, field: Any) -> None:
        """Without it there is no table."""
        assert MEANINGS[field.table, field.name][1] != ""

    @settings(max_examples=settings().max_examples // 2)
    @given(cohorts())
    def test_defaults(self, tables: Any) -> None:
        """An empty cell means the default: written out, it changes nothing."""
        findings = {name: list(cells) for name, cells in tables.findings.items()}
        told: dict[Any, set[str]] = {}
        for field in COLUMNS:
            if field.table == "findings" and field.about == "finding" and field.default is not None:
                told[field.name] = {str(field.default)}
                cells = findings.get(field.name, [None] * len(findings["patient"]))
                findings[field.name] = [
                    field.default
                    if self.is_empty(cell) and self.has_lesion(findings, row)
                    else cell
                    for row, cell in enumerate(cells)
                ]
        assert len(told) == 9
        before, after = (
            mrecist.assess_cohort(
                each, tables.lines, procedures=tables.procedures, errors="collect"
            )
            for each in (tables.findings, findings)
        )
        for name in ("response", "rules"):
            assert before.timepoints[name].tolist() == after.timepoints[name].tolist()

    def is_empty(self, cell: Any) -> bool:
        return cell is None or cell != cell or (isinstance(cell, str) and not cell.strip())

    def has_lesion(self, findings: Mapping[str, Any], row: int) -> bool:
        return not self.is_empty(findings["lesion"][row])


class TestWords:
    """Every list of words that a column uses has a meaning for each word."""

    def test_each(self) -> None:
        """All words, in the order of their list."""
        for words, meanings in WORD_MEANINGS.items():
            assert list(meanings) == list(words)
            assert all(meanings.values())

    def test_no_list_is_left_out(self) -> None:
        """Words of columns in and out, and no others."""
        inside = {field.words for field in INPUTS if field.words}
        outside = {
            column.words
            for table in OUTPUTS.values()
            for column in table.columns
            if isinstance(column.words, type)
        }
        assert inside | outside == set(WORD_MEANINGS)
