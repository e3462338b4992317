"""The law of time: ten times as much of anything takes at most fifteen times as long."""

from __future__ import annotations

import contextlib
import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from support.profiles import thorough_only

import mrecist
from mrecist._base import converters, record_values
from mrecist.documents.streams import parse_case
from mrecist.laboratory import marker_levels
from mrecist.rulebook import drugs
from mrecist.tables import reader

Columns = dict[str, list[Any]]
Work = Callable[[int], object]

SHORT, LONG, MOST = 3_000, 30_000, 15
FLOOR = 0.02
"""Seconds of the processor below which nothing is compared: noise."""

TEXTS: dict[str, Callable[[int], str]] = {
    "digits": lambda n: "1" * n,
    "digits and a letter": lambda n: "1" * n + "x",
    "decimals and a letter": lambda n: "0." + "1" * n + "x",
    "spaces": lambda n: " " * n + "x",
    "a sign and spaces": lambda n: "<" + " " * n + "x",
    "words": lambda n: "a b " * (n // 4),
    "doses": lambda n: "1 mg / " * (n // 7),
    "pluses": lambda n: "a+" * (n // 2),
    "lines": lambda n: "\n" * n,
    "brackets": lambda n: "(" * n,
}
every_text = pytest.mark.parametrize("kind", TEXTS)


def taken(work: Work, amount: int, more: int = 0) -> float:
    """Seconds of the processor, the less of two amounts that differ (answers may be kept)."""
    times = []
    for each in (amount + more, amount + more + 7):
        begun = time.process_time()
        work(each)
        times.append(time.process_time() - begun)
    return min(times)


def check(work: Work, short: int = SHORT, long: int = LONG) -> None:
    """What grows faster does so each time it is measured; other work on the machine does not."""
    work(10)
    tries = ((taken(work, long, more), taken(work, short, more)) for more in (0, 14, 28))
    assert any(after <= MOST * max(before, FLOOR) for after, before in tries)


# ---- the doors


def judged(findings: Columns, lines: Columns | None = None, done: Columns | None = None) -> None:
    with contextlib.suppress(mrecist.CohortError):
        found = mrecist.assess_cohort(findings, lines, procedures=done, errors="collect")
        for name in ("timepoints", "lines", "errors", "notes"):
            getattr(found, name)


def findings(**columns: list[Any]) -> Columns:
    given = {"patient": ["P", "P"], "date": ["2024-01-03", "2024-03-06"], "lesion": ["A", "A"],
             "viable_mm": ["14", "9.8"]}  # fmt: skip
    return given | columns


def lines(**columns: list[Any]) -> Columns:
    return {"patient": ["P"], "start": ["2024-01-04"], **columns}


def read(document: dict[str, Any] | str) -> None:
    """A document through everything that is made of a case."""
    found = parse_case(document if isinstance(document, str) else json.dumps(document))
    if isinstance(found, mrecist.Patient):
        assessment = mrecist.assess(found)
        str(mrecist.explain(assessment))
        mrecist.to_assessment(assessment)
        mrecist.to_case(found)


def document(**keys: Any) -> dict[str, Any]:
    seen = [{"date": day, "findings": [{"lesion": "A", "viable_mm": 20}]} for day in (0, 50)]
    return {
        "format": "mrecist-case/1",
        "patient": "P",
        "timepoints": seen,
        "lesions": [{"id": "A", "organ": "liver", "kind": "nodule"}],
        "lines": [{"agents": ["lenvatinib"], "start": 1}],
        **keys,
    }


def of_findings(viable_mm: Any) -> dict[str, Any]:
    return document(timepoints=[{"date": 0, "findings": [{"lesion": "A", "viable_mm": viable_mm}]}])


FIELDS: dict[str, Callable[[str], dict[str, Any]]] = {
    "size": of_findings,
    "marker": lambda text: document(
        markers=[{"date": 0, "name": "AFP", "value": text, "unit": "ng/mL"}]
    ),
    "patient": lambda text: document(patient=text),
    "organ": lambda text: document(lesions=[{"id": "A", "organ": text, "kind": "nodule"}]),
    "agent": lambda text: document(lines=[{"agents": [text], "start": 1}]),
    "date": lambda text: document(death=text),
    "key": lambda text: document(**{text: 1}),
    "texts": lambda text: document(
        events=[{"date": 0, "text": text}], procedures=[{"date": 0, "kind": text, "text": text}]
    ),
}


class TestTexts:
    """Long text in any place of any door."""

    @thorough_only
    @every_text
    @pytest.mark.parametrize("name", [*findings(), "organ", "kind", "hilar", "visit", "reported"])
    def test_findings(self, name: str, kind: str) -> None:
        """In every kind of column of findings."""
        check(lambda n: judged(findings(**{name: [TEXTS[kind](n)] * 2})))

    @thorough_only
    @every_text
    @pytest.mark.parametrize("name", ["start", "end_reason", "agents", "targets"])
    def test_lines(self, name: str, kind: str) -> None:
        """In the columns of lines."""
        check(lambda n: judged(findings(), lines(**{name: [TEXTS[kind](n)]})))

    @every_text
    @pytest.mark.parametrize("field", FIELDS)
    def test_documents(self, field: str, kind: str) -> None:
        """In the fields of a case document."""
        check(lambda n: read(FIELDS[field](TEXTS[kind](n))))

    @every_text
    def test_worksheets(self, tmp_path: Path, kind: str) -> None:
        """In the cells and headings of a worksheet."""
        path = tmp_path / "sheet.csv"

        def work(rows: str) -> None:
            path.write_text(rows, "utf-8", newline="")
            with contextlib.suppress(mrecist.MrecistError):
                mrecist.io.read_worksheet(path, measures="viable", unit="mm", errors="collect")

        head = "patient,lesion,2024-01-03,"
        check(lambda n: work(f'{head}2024-03-06\nP,A,20,"{TEXTS[kind](n)}"\n'))
        check(lambda n: work(f'{head}2024-03-06\nP,"{TEXTS[kind](n)}",20,10\n'))
        check(lambda n: work(f'{head}"{TEXTS[kind](n)}"\nP,A,20,10\n'))

    @pytest.mark.parametrize("digits", ["1", "0.1", "1e9"])
    def test_numbers(self, digits: str) -> None:
        """Numbers of a document with many digits."""
        check(
            lambda n: read(json.dumps(of_findings(0)).replace(": 0}]", f": {digits}{'1' * n}}}]"))
        )


class TestCounts:
    """Many of anything."""

    def test_columns(self) -> None:
        """Columns that are not ours, and those of verdicts by criteria."""
        check(lambda n: judged(findings(**{f"k{at}": [1, 1] for at in range(n // 5)})))
        check(lambda n: judged(findings(**{f"reported:{at}": ["PR"] * 2 for at in range(n // 50)})))

    def test_columns_of_files(self, tmp_path: Path) -> None:
        """The same in a file."""
        pytest.importorskip("pyarrow")
        pytest.importorskip("narwhals")
        from mrecist.cohort.files import assess_files

        path = tmp_path / "findings.csv"

        def work(count: int) -> None:
            names = [f"k{at}" for at in range(count // 10)]
            head = ",".join(["patient", "date", "lesion", "viable_mm", *names])
            path.write_text(f"{head}\nP,0,A,20{',1' * len(names)}\n", "utf-8")
            assess_files(path, tmp_path / "out")

        check(work)

    def test_keys(self) -> None:
        """Keys that no record has, and keys given twice."""
        check(lambda n: read(document(**{f"k{at}": 1 for at in range(n // 5)})))
        twice = json.dumps(document())[:-1]
        check(lambda n: read(twice + "".join(f', "k{at % 7}": 1' for at in range(n // 5)) + "}"))

    @pytest.mark.parametrize("of", ["whole", "fragments", "merged"])
    def test_lesions(self, of: str) -> None:
        """Lesions, fragments, and lesions that have merged."""

        def work(count: int) -> None:
            names = [f"L{at}" for at in range(count // 25)]
            part = {"part_of": "A"} if of == "fragments" else {}
            known = [{"id": "A", "organ": "liver", "kind": "nodule"}]
            known += [{"id": each, "organ": "liver", "kind": "nodule", **part} for each in names]
            first = [{"lesion": each, "viable_mm": 20} for each in ("A", *names)]
            later = [
                {"lesion": each, **({"into": "A"} if of == "merged" else {"viable_mm": 10})}
                for each in names
            ]
            later = [{"lesion": "A", "viable_mm": 20}, *later] if of == "merged" else later
            first = first[:1] if of == "fragments" else first
            read(document(lesions=known, timepoints=[{"date": 0, "findings": first},
                                                     {"date": 50, "findings": later}]))  # fmt: skip

        check(work)

    @pytest.mark.parametrize("name", ["patient", "date", "lesion", "viable_mm", None])
    def test_rows(self, name: str | None) -> None:
        """Rows, sound ones and rows with a mistake in some column."""

        def work(count: int) -> None:
            rows = count // 5
            table: Columns = {"patient": [f"P{at // 4}" for at in range(rows)],
                              "date": [at % 4 for at in range(rows)], "lesion": ["A"] * rows,
                              "viable_mm": [20] * rows}  # fmt: skip
            wrong = {} if name is None else {name: [[]] * rows}
            judged(table | wrong)

        check(work)

    def test_visits(self) -> None:
        """Visits of one patient, with a target and a non-target, alone and in a table."""

        def columns(count: int) -> Columns:
            sizes = [30, *(10 + at % 7 for at in range(count - 1))]
            return {
                "patient": ["P"] * (2 * count),
                "date": [at // 2 for at in range(2 * count)],
                "lesion": ["A", "V"] * count,
                "kind": ["nodule", "thrombus"] * count,
                "viable_mm": [each for size in sizes for each in (size, None)],
                "longest_mm": [each for size in sizes for each in (None, size)],
            }

        def alone(count: int) -> None:
            seen = [{"date": at, "findings": [{"lesion": "A", "viable_mm": 20},
                                              {"lesion": "V", "longest_mm": 20 + at % 7}]}
                    for at in range(count // 10)]  # fmt: skip
            known = [{"id": "A", "organ": "liver", "kind": "nodule"},
                     {"id": "V", "organ": "portal vein", "kind": "thrombus"}]  # fmt: skip
            read(document(timepoints=seen, lesions=known))

        check(lambda count: alone(count // 3))
        check(lambda count: judged(columns(count // 3)))

    def test_back_by_turns(self) -> None:
        """Disease that is gone and back at every second visit."""

        def work(count: int) -> None:
            judged({"patient": ["P"] * count, "date": list(range(count)), "lesion": ["A"] * count,
                    "viable_mm": [20 * (at % 2 == 0) for at in range(count)]})  # fmt: skip

        check(work)

    def test_length_of_lines(self) -> None:
        """One long line beside many short ones, all with a response, takes no grid of both."""

        def work(count: int) -> None:
            short, long = count // 10, count
            patients = [f"P{at // 3}" for at in range(3 * short)] + ["Q"] * long
            days = [40 * (at % 3) for at in range(3 * short)] + [40 * at for at in range(long)]
            sizes = [(30, 15, 15)[at % 3] for at in range(3 * short)] + [30, *[15] * (long - 1)]
            rows = len(patients)
            judged({"patient": patients, "date": days, "lesion": ["A"] * rows, "viable_mm": sizes})

        check(work)

    def test_explained_lesions(self) -> None:
        """Lesions of one examination, each explained."""

        def work(count: int) -> None:
            names = [f"L{at}" for at in range(count // 10)]
            known = [{"id": each, "organ": "liver", "kind": "nodule"} for each in names]
            found = [{"lesion": each, "viable_mm": 20} for each in names]
            seen = [{"date": day, "findings": found} for day in (0, 50)]
            chart = mrecist.from_case(document(lesions=known, timepoints=seen))
            str(mrecist.explain(mrecist.assess(chart)))

        check(work)


MODULES = (converters, record_values, marker_levels, reader, drugs)


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    for module in MODULES:
        for name, value in vars(module).items():
            if isinstance(value, re.Pattern):
                yield f"{module.__name__}.{name}", value


@pytest.mark.parametrize("name", dict(patterns()))
@pytest.mark.parametrize("begin", ["1", " ", "a", ".", "-", "1 ", "<", "1."])
def test_patterns(name: str, begin: str) -> None:
    """Every pattern that values go through, against what nearly fits it."""
    pattern = dict(patterns())[name]
    check(lambda n: pattern.fullmatch(begin * (n // len(begin)) + "!"))
