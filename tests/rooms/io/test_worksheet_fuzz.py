"""Whatever stands in a sheet, it becomes a study or a refusal, never a traceback."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path
from typing import Any

import attrs
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from mrecist.io import AskError, IntakeError, Study, read_worksheet
from mrecist.testing.strategies import case_documents

WORDS = (
    "Patient", "Lesion", "Organ", "Role", "Type", "Measure", "Date", "Visit", "Size", "size (cm)",
    "viable_mm", "short axis", "status", "start", "agents", "segment", "Baseline", "Week 8",
    "2024-01-03", "2024-03-06", "03/06/2024", "Day 56", "P1", "P2", "T1", "N1", "liver", "LN",
    "S8", "target", "NT", "new", "viable", "whole", "41", "32x21", "3.2 cm", "2,5", "<10", "NE",
    "absent", "PD", "present", "sum", "% change", "-", "", "", "a;b", "Patient: P7", "unit", "cm",
    "equivocal", "yes", "no", "kind", "node", "part_of", "into", "2024-02-31",
    "\u00e4", "0", "1001",
)  # fmt: skip
cells = st.sampled_from(WORDS) | st.text(max_size=6)
HEADS = (
    ["Patient", "Lesion", "Organ", "Role", "Measure", "2024-01-03", "2024-03-06"],
    ["Patient", "Lesion", "Date", "Size", "status", "Organ", "start", "agents", "equivocal"],
    ["Patient", "Lesion", "Date 1", "Size 1", "Date 2", "Size 2", "segment", "Type"],
    ["Patient", "Lesion", "Baseline", "Week 8", "kind", "part_of", "into"],
)
tables = st.lists(st.lists(cells, max_size=9), max_size=9)
headed = st.builds(
    lambda above, head, rows: [*above, head, *rows],
    st.lists(st.lists(cells, max_size=3), max_size=2),
    st.sampled_from(HEADS),
    tables,
)


def answer(content: bytes, **options: str | None) -> Study | None:
    """The study of a file with these bytes, or `None` where it is refused or asked about."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_bytes(content)
        try:
            return read_worksheet(path, errors="collect", **options)  # type: ignore[arg-type]
        except (AskError, IntakeError):
            return None


class TestFuzz:
    """Random tables, and random bytes."""

    @settings(
        max_examples=2 * settings().max_examples,
        suppress_health_check=[HealthCheck.too_slow],
        deadline=None,
    )
    @given(
        rows=tables | headed,
        encoding=st.sampled_from(["utf-8", "utf-16", "utf-16-le"]),
        separator=st.sampled_from(",;\t"),
        measures=st.sampled_from([None, "viable", "whole"]),
    )
    def test_tables(
        self, rows: list[list[str]], encoding: str, separator: str, measures: str | None
    ) -> None:
        """A study is judged, or refused as tables are."""
        text = io.StringIO()
        csv.writer(text, delimiter=separator).writerows(rows)
        content = text.getvalue().encode(encoding, "replace")
        study = answer(content, measures=measures, date_format="%d/%m/%Y", unit="mm")
        if study is not None and len(study.findings["patient"]):
            try:
                study.assess("recist-1.1", errors="collect")
            except AskError as error:
                raise AssertionError("RECIST 1.1 asks nothing") from error

    @settings(max_examples=2 * settings().max_examples, deadline=None)
    @given(content=st.binary(max_size=200))
    def test_bytes(self, content: bytes) -> None:
        """Bytes of any kind are read as some text."""
        answer(content)


class TestRoundTrip:
    """A chart goes into a worksheet with our columns, and comes back with the same verdicts."""

    @settings(
        max_examples=settings().max_examples, suppress_health_check=list(HealthCheck), deadline=None
    )
    @given(document=case_documents())
    def test_same_verdicts(self, document: dict[str, Any]) -> None:
        """Every finding is read as it was; lines are given beside the sheet."""
        study = Study.of_cases([document])
        assume(len(study.findings["patient"]))
        with tempfile.TemporaryDirectory() as folder:
            study.write(folder)
            path = Path(folder) / "findings.csv"
            again = read_worksheet(path, unit="mm", lines=study.lines)
        again = attrs.evolve(again, procedures=study.procedures)
        expected, found = (each.assess("recist-1.1", errors="collect") for each in (study, again))
        for table in ("timepoints", "lines"):
            for name, cells in getattr(expected, table).items():
                assert list(map(str, getattr(found, table)[name])) == list(map(str, cells))
