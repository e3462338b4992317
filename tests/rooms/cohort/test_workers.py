"""Several threads give what one gives, in the same order."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from support.cohort_tables import cohort_of, rows_of, sayable_cohort

import mrecist
from mrecist import conformance
from mrecist._base.threads import shared, threads
from mrecist.cohort import engine as cohort


@pytest.fixture(scope="module")
def tables() -> tuple[Any, Any]:
    """The worked cases as one cohort, with one patient who cannot be judged."""
    cases = [case.document for case in conformance.cases() if case.valid]
    made = cohort_of(sayable_cohort(cases))
    findings = {name: list(column) for name, column in made.findings.items()}
    findings["viable_mm"][10] = -1
    return findings, made.lines


class TestWorkers:
    """The work is shared by patients; the answer is the same."""

    @pytest.mark.parametrize("count", [2, 3])
    def test_same(
        self, tables: tuple[Any, Any], count: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(cohort, "BLOCK_ROWS", 200)
        one = mrecist.assess_cohort(*tables, errors="collect", workers=1)
        several = mrecist.assess_cohort(*tables, errors="collect", workers=count)
        for name in ("timepoints", "lines", "errors"):
            assert rows_of(getattr(several, name)) == rows_of(getattr(one, name))
        assert len(one.errors["row"]) == 1

    def test_more_workers_than_work(self, tables: tuple[Any, Any]) -> None:
        """A cohort of one block is judged here."""
        alone = mrecist.assess_cohort(*tables, errors="collect", workers=9)
        assert repr(alone) == repr(mrecist.assess_cohort(*tables, errors="collect"))

    @pytest.mark.parametrize(("given", "rows", "begun"), [
        (None, 10, False), (None, 0, True), (2, 10, True), (1, 0, False)
    ], ids=str)  # fmt: skip
    def test_unasked(
        self,
        tables: tuple[Any, Any],
        given: int | None,
        rows: int,
        begun: bool,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """Without a number, a second thread is begun only where rows are worth it."""
        monkeypatch.setattr("mrecist._base.threads.CORES", 2)
        monkeypatch.setattr(cohort, "BLOCK_ROWS", 200)
        monkeypatch.setattr(cohort, "WORTH_SHARING", len(tables[0]["patient"]) + rows)
        names: set[str] = set()
        judged_span = cohort.judged_span
        monkeypatch.setattr(
            cohort,
            "judged_span",
            lambda *each: (names.add(threading.current_thread().name), judged_span(*each))[1],
        )
        mrecist.assess_cohort(*tables, errors="collect", workers=given)
        assert any(name.startswith("mrecist") for name in names) is begun

    def test_unknown_length(self) -> None:
        """A table that does not tell its length is taken for a large one."""
        frame = pytest.importorskip("polars").DataFrame({"patient": ["P"]})
        assert cohort._is_small(frame)
        assert not cohort._is_small(frame.lazy())
        assert cohort._is_small({})

    @pytest.mark.parametrize("count", [1, 2])
    def test_any_order_of_rows(
        self, tables: tuple[Any, Any], count: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Blocks of rows that lie in another order are shared as well."""
        findings, lines = tables
        ordered = mrecist.assess_cohort(findings, lines, errors="collect")
        monkeypatch.setattr(cohort, "BLOCK_ROWS", 200)
        backwards = {name: column[::-1] for name, column in findings.items()}
        mixed = mrecist.assess_cohort(backwards, lines, errors="collect", workers=count)
        for name in ("timepoints", "lines"):
            one, other = (rows_of(getattr(each, name)) for each in (ordered, mixed))
            assert sorted(map(repr, other)) == sorted(map(repr, one))
        last = len(findings["patient"]) - 1
        assert mixed.errors["row"].tolist() == [last - ordered.errors["row"][0]]

    def test_in_their_order(self) -> None:
        """Whichever part is ready first."""
        ready = threading.Event()

        def work(part: int) -> int:
            if part:
                ready.set()
            else:
                ready.wait(10)
            return part

        with threads(2):
            assert shared(work, [0, 1, 2]) == [0, 1, 2]

    @pytest.mark.parametrize("count", [1, 2, 3])
    def test_no_more_than_asked(self, count: int) -> None:
        """Work within shared work is not shared again; one worker is the thread that asks."""

        def within(_: int) -> set[str]:
            return set(shared(lambda _: threading.current_thread().name, range(20)))

        with threads(count):
            names = shared(within, range(20))
        assert all(len(each) == 1 for each in names)
        assert 1 <= len(set[str]().union(*names)) <= count
        here = threading.current_thread().name
        assert (names == [{here}] * 20) == (count == 1)

    @pytest.mark.parametrize("count", [1, 2])
    def test_failure(
        self, tables: tuple[Any, Any], count: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What goes wrong in one part is raised as it is."""
        begun: list[tuple[int, int]] = []

        def fails(*facts: Any) -> Any:
            begun.append(facts[3])
            raise MemoryError("no room")

        monkeypatch.setattr(cohort, "BLOCK_ROWS", 1)
        monkeypatch.setattr(cohort, "judged_span", fails)
        with pytest.raises(MemoryError, match="no room"):
            mrecist.assess_cohort(*tables, errors="collect", workers=count)
        assert begun

    def test_as_many_as_around(self) -> None:
        """Who asks for no number of threads gets as many as are asked for around it."""
        with threads(1), threads(None):
            assert (
                shared(lambda _: threading.current_thread().name, [0, 1])
                == [threading.current_thread().name] * 2
            )

    def test_one_thread_for_all(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """One worker reads, judges and writes without another thread."""
        polars = pytest.importorskip("polars")
        pytest.importorskip("narwhals")
        table = {"patient": ["A", "B"], "date": [0, 0], "lesion": ["S8"] * 2, "viable_mm": [20] * 2}

        def refuses(*_: Any, **__: Any) -> None:
            raise AssertionError("a pool of threads")

        monkeypatch.setattr(cohort, "BLOCK_ROWS", 1)
        monkeypatch.setattr("concurrent.futures.ThreadPoolExecutor", refuses)
        alone = mrecist.assess_cohort(polars.DataFrame(table), workers=1)
        assert len(alone.lines) == 2
        assert len(alone.timepoints) == 0
        with pytest.raises(AssertionError, match="a pool of threads"):
            mrecist.assess_cohort(polars.DataFrame(table), workers=2)

    @pytest.mark.parametrize("wrong", [0, -1, 1.0, True, "2"])
    def test_number(self, wrong: Any) -> None:
        with pytest.raises(ValueError, match="workers must be a whole number from 1"):
            mrecist.assess_cohort({}, workers=wrong)

    def test_errors_word(self) -> None:
        with pytest.raises(ValueError, match='errors must be "raise" or "collect"'):
            mrecist.assess_cohort({}, errors="ignore")
