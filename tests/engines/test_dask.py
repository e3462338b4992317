"""Dask says what `assess_cohort` says: `pytest tests/engines`, with `mrecist[dask]`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs
import pytest
from engines.worked import KEPT, RARE, Answers, answers, ordered, tables, with_kept
from support.cohort_tables import DATES

import mrecist
from mrecist.distributed import TABLES, Judged, dask_cohort

pytest.importorskip("dask.dataframe")
pytest.importorskip("distributed")
pytestmark = pytest.mark.filterwarnings("default")


@pytest.fixture(scope="module", params=["cluster", "threads"])
def client(request: pytest.FixtureRequest) -> Iterator[Any]:
    """A cluster of two processes on this machine, and none: Dask's own threads."""
    if request.param == "threads":
        yield None
        return
    from distributed import Client, LocalCluster

    options = {"dashboard_address": None, "host": "127.0.0.1", "silence_logs": 50}
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, **options) as cluster,
        Client(cluster) as c,
    ):
        yield c


def frame(columns: dict[str, list[Any]], dates: str = "date", npartitions: int = 4) -> Any:
    """A Dask DataFrame of partitions that patients straddle."""
    import dask.dataframe as dd
    import pandas as pd

    table = pd.DataFrame({name: _typed(pd, name, cells) for name, cells in columns.items()})
    for name in table.columns.intersection(list(DATES)):
        if dates == "date":
            table[name] = pd.to_datetime(table[name])
        elif dates == "day":
            table[name] = table[name].astype("Int64")
    return dd.from_pandas(table, npartitions=npartitions, sort=False)


def born(patients: dict[str, list[Any]]) -> Any:
    """The table of patients, whose dates are such."""
    import dask.dataframe as dd
    import pandas as pd

    table = pd.DataFrame({name: _typed(pd, name, cells) for name, cells in patients.items()})
    table["born"] = pd.to_datetime(table["born"])
    return dd.from_pandas(table, npartitions=3, sort=False)


def _typed(pd: Any, name: str, cells: list[Any]) -> Any:
    kinds = {type(cell) for cell in cells} - {type(None)}
    if name.endswith("_mm"):
        return pd.Series(cells, dtype=float)
    if name in ("hilar", "treated", "equivocal", "arterial_phase"):
        return pd.Series(cells, dtype="boolean")
    return pd.Series(cells, dtype=str if not kinds or kinds == {str} else None)


def collected(judged: Judged) -> Answers:
    """All three tables; errors without the date and lesion, which tell the row."""
    import dask

    timepoints, lines, errors = dask.compute(judged.timepoints, judged.lines, judged.errors)
    errors = errors[["patient", "column", "error"]]
    return ordered(
        *(each.astype(object).itertuples(index=False) for each in (timepoints, lines, errors))
    )


class TestSameAnswers:
    """What comes out of Dask is what comes out in one process."""

    @pytest.mark.parametrize("dates", ["date", "day", "text"])
    def test_kinds_of_dates(self, client: Any, dates: str) -> None:
        """Patients that straddle partitions, patients with mistakes, dates of every kind."""
        findings, lines = tables(dates)
        judged = dask_cohort(frame(findings, dates), frame(lines, dates, 2))
        assert collected(judged) == answers(findings, lines)

    @pytest.mark.parametrize("criteria", ["irecist"])
    def test_immune(self, client: Any, criteria: str) -> None:
        """Criteria of immunotherapy, with their own words and columns."""
        findings, lines = tables()
        judged = dask_cohort(frame(findings), frame(lines), criteria=criteria)
        assert collected(judged) == answers(findings, lines, criteria=criteria)

    def test_without_lines(self, client: Any) -> None:
        """No lines table: one line a patient."""
        findings, _ = tables()
        assert collected(dask_cohort(frame(findings))) == answers(findings, None)

    @pytest.mark.parametrize("partitions", [1, 7])
    def test_partitions(self, client: Any, partitions: int) -> None:
        """However many partitions; also those into which no line of therapy falls."""
        findings, lines = tables()
        lines = {name: cells[:3] for name, cells in lines.items()}
        judged = dask_cohort(frame(findings), frame(lines, npartitions=1), partitions=partitions)
        assert collected(judged) == answers(findings, lines)
        assert judged.timepoints.npartitions == partitions

    @pytest.mark.parametrize("rows", ["findings", "lines", "neither"])
    def test_empty(self, client: Any, rows: str) -> None:
        """Tables without rows."""
        findings, lines = tables()
        findings = findings if rows == "findings" else {name: [] for name in findings}
        lines = lines if rows == "lines" else {name: [] for name in lines}
        judged = dask_cohort(frame(findings, npartitions=1), frame(lines, npartitions=1))
        assert collected(judged) == answers(findings, lines)

    @pytest.mark.parametrize("criteria", ["mrecist", "recist-1.1"])
    def test_procedures(self, client: Any, criteria: str) -> None:
        """Procedures go with their patients, space around an id or not."""
        findings, done = RARE
        judged = dask_cohort(frame(findings), procedures=frame(done), criteria=criteria)
        assert collected(judged) == answers(findings, procedures=done, criteria=criteria)

    def test_criteria(self, client: Any) -> None:
        """Criteria of one's own go to the workers."""
        findings, lines = tables(bad=False)
        mine = attrs.evolve(mrecist.MRECIST, name="mine", response_share="1/2", stable_days=7)
        judged = dask_cohort(frame(findings), frame(lines), criteria=mine)
        assert collected(judged) == answers(findings, lines, criteria=mine)

    @pytest.mark.parametrize("partitions", [1, 7])
    def test_kept(self, client: Any, partitions: int) -> None:
        """Columns of the lines and of the patients go with them, of every type."""
        findings, lines = tables()
        lines, patients = with_kept(findings, lines)
        judged = dask_cohort(
            frame(findings),
            frame(lines, npartitions=2),
            partitions=partitions,
            keep=KEPT,
            patients=born(patients),
        )
        assert collected(judged) == answers(findings, lines, keep=KEPT, patients=patients)
        assert list(judged.timepoints.columns)[-6:] == [*KEPT]

    def test_kept_refused(self, client: Any) -> None:
        """What cannot be kept is refused before anything runs."""
        findings, lines = tables(bad=False)
        lines, patients = with_kept(findings, lines)
        one = frame(findings)
        with pytest.raises(ValueError, match="columns of the lines or patients, got 'arms'"):
            dask_cohort(one, frame(lines), keep=["arms"], patients=frame(patients))
        with pytest.raises(ValueError, match="name them, like keep"):
            dask_cohort(one, frame(lines), patients=frame(patients))

    def test_patients_as_numbers(self, client: Any) -> None:
        """Patients as whole numbers stay such."""
        findings, lines = tables(bad=False)
        number = {name: place for place, name in enumerate(dict.fromkeys(findings["patient"]))}
        for columns in (findings, lines):
            columns["patient"] = [
                number.setdefault(each, len(number)) for each in columns["patient"]
            ]
        judged = dask_cohort(frame(findings), frame(lines))
        assert judged.timepoints.dtypes["patient"] == "int64"
        told = collected(judged)
        texts = [{**each, "patient": list(map(str, each["patient"]))} for each in (findings, lines)]
        plain = answers(texts[0], texts[1])
        assert ordered(*([(str(row[0]), *row[1:]) for row in rows] for rows in told)) == plain


class TestTables:
    """The tables of Dask: their columns, where a mistake is, and what is refused."""

    def test_types(self, client: Any) -> None:
        """What is promised is what comes; the columns are those of `Responses`."""
        findings, lines = tables()
        judged = dask_cohort(frame(findings), frame(lines))
        told = mrecist.assess_cohort(findings, lines, errors="collect")
        for name, columns in TABLES.items():
            table = getattr(judged, name)
            assert table.compute().dtypes.to_dict() == table.dtypes.to_dict()
            assert list(table.columns) == list(columns)
        assert list(TABLES["timepoints"]) == list(told.timepoints)
        assert list(TABLES["lines"]) == list(told.lines)

    def test_places_of_mistakes(self, client: Any) -> None:
        """A mistake tells the date and the lesion of its row, or the start of its line."""
        findings, lines = tables()
        errors = dask_cohort(frame(findings), frame(lines)).errors.compute()
        told = {
            (patient, column): places
            for patient, column, *places, _ in errors.astype(object).itertuples(index=False)
        }
        assert told["bad size", "viable_mm"] == ["2024-03-01", "S8"]
        assert len(told) == 5

    def test_misspelt(self, client: Any) -> None:
        """A misspelt column is refused at once."""
        findings, _ = tables()
        wrong = frame(findings).rename(columns={"viable_mm": "viable_m"})
        with pytest.raises(mrecist.CohortError, match="did you mean viable_mm"):
            dask_cohort(wrong)

    def test_unlike_patients(self, client: Any) -> None:
        """Patients that are text here and numbers there would not meet."""
        findings, lines = tables(bad=False)
        lines["patient"] = list(range(len(lines["patient"])))
        with pytest.raises(TypeError, match="patient must be of one type in all tables"):
            dask_cohort(frame(findings), frame(lines))
