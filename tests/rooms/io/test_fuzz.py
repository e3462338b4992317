"""Readers of anything: a study, a question or mistakes, and nothing else."""

from __future__ import annotations

from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.sdtm_rows import ex, rs, tables, tr, tu

from mrecist import CohortError
from mrecist.io import AskError, IntakeError, read_sdtm
from mrecist.io.table_files import ENDINGS, read_table

READABLE = [
    end
    for end in ENDINGS
    if end not in (".xpt", ".sas7bdat") and (end != ".parquet" or find_spec("pyarrow"))
]
WHOLE = tables(
    tu=[tu("A"), tu("B", "LYMPH NODE", "NON-TARGET"), tu("C", role="NEW"), tu("C",
        TUTESTCD="TUMERGE")],
    tr=[tr("A", "VDIAM", 40, VISITNUM=1), tr("A", "VDIAM", 20, "2024-03", VISITNUM=2),
        tr("B", "DIAMETER", 20), tr("C", "TUMSTATE", "EQUIVOCAL", "2024-03-09", TRLNKGRP="A2"),
        tr(None, "SUMDIAM", 20)],
    rs=[rs("PR", "2024-03-06", "RECIST 1.1", RSLNKGRP="A2")],
    ex=[ex("sorafenib", "2024-01-10", "2024-05-01"), ex("PLACEBO", "2024-01-10")],
    dm=[{"USUBJID": "P1", "RFSTDTC": "2024-01-10", "DTHDTC": "2024-09-01"}],
    ds=[{"USUBJID": "P1", "DSCAT": "DISPOSITION EVENT", "DSDECOD": "COMPLETED",
        "DSSTDTC": "2024-05-01"}],
    pr=[{"USUBJID": "P1", "PRTRT": "TACE", "PRSTDTC": "2024-02-01"}],
    lb=[{"USUBJID": "P1", "LBTESTCD": "AFP", "LBSTRESN": 4, "LBDTC": "2024-02-01"}],
    supptr=[{"USUBJID": "P1", "QNAM": "TRBIOPSY", "IDVAR": "TRSEQ", "IDVARVAL": "1", "QVAL": "x"}],
)  # fmt: skip
CELLS = st.one_of(
    st.sampled_from([
        None, "", "NA", "P2", "A", "B", "TARGET", "LIVER", "VDIAM", "LDIAM", "TUMSTATE", "NE", "Y",
            "cm",
        "2024-02-30", "2024", "2024-01", "1e5", "-3", "99999", "NOT DONE", "TUSPLIT", "PD",
            "mRECIST",
        float("nan"), float("inf"), -1, 0, True, 10**30, [1], {"a": 1}, b"x", "\x00", "\ud800",
    ]),
    st.text(max_size=5), st.floats(), st.integers(),
)  # fmt: skip
SPOTS = st.tuples(st.integers(0, 99), st.integers(0, 99), st.integers(0, 99), CELLS)


def judged(study: Any) -> None:
    """Judge and convert what was read; mistakes that only charts show are fine."""
    with suppress(AskError):
        responses = study.assess(errors="collect")
        assert set(responses.errors["patient"].tolist()) >= {
            who for who in study.errors["patient"] if who in set(study.findings["patient"])
        }
    list(study.cases())


@settings(max_examples=settings().max_examples, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(SPOTS, max_size=6),
    st.sampled_from([None, "each", "INVESTIGATOR"]),
    st.lists(st.integers(0, 99), max_size=2),
)
def test_cells(spots: list[Any], reader: Any, lacking: list[int]) -> None:
    """Any cells, any columns missing."""
    made = {
        domain: {name: list(cells) for name, cells in table.items()}
        for domain, table in WHOLE.items()
    }
    for domain, column, row, cell in spots:
        table = list(made.values())[domain % len(made)]
        cells = table[list(table)[column % len(table)]]
        cells[row % len(cells)] = cell
    for at in lacking:
        table = list(made.values())[at % len(made)]
        table.pop(list(table)[at % len(table)], None)
    with suppress(AskError, IntakeError, CohortError):
        study = read_sdtm(made, measures="viable", errors="collect", reader=reader)
        judged(study if reader != "each" or not study.readers else study.reading(study.readers[0]))


@settings(
    max_examples=settings().max_examples,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.sampled_from(READABLE),
    st.binary(max_size=60) | st.text(alphabet='{}[]",:\n1a', max_size=60).map(str.encode),
)
def test_bytes(tmp_path: Path, ending: str, content: bytes) -> None:
    """Any bytes under any ending are a table or a mistake."""
    path = tmp_path / f"tr{ending}"
    path.write_bytes(content)
    with suppress(IntakeError):
        list(read_table(path).rows("USUBJID", "A"))


def test_wide(tmp_path: Path) -> None:
    """Ten thousand columns."""
    path = tmp_path / "tr.csv"
    names = ",".join(f"C{at}" for at in range(10_000))
    path.write_text(f"{names}\n" + "," * 9_999 + "\n")
    assert len(read_table(path)) == 1
