"""The parts of readers: locations, dates, columns, errors, files."""

from __future__ import annotations

import datetime
import gc
import gzip
import json
import pickle
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support.sdtm_rows import column, rs, tables, tr, tu

from mrecist.io import AskError, IntakeError, read_sdtm
from mrecist.io.columns import Table, coded, first_of, joint, texts_of, uncollected
from mrecist.io.dates import Completion
from mrecist.io.errors import _where
from mrecist.io.locations import location
from mrecist.io.problems import MISTAKES, PROBLEMS
from mrecist.io.sdtm_lesions import role_of
from mrecist.io.table_files import read_table, stem_of


class TestLocations:
    """Terms of TULOC; what a term is named after is not what it is."""

    @pytest.mark.parametrize(
        ("term", "organ", "kind", "hilar"),
        [
            ("LIVER", "liver", "nodule", False),
            ("Liver, left lobe", "liver", "nodule", False),
            ("LIVER LOBE", "liver", "nodule", False),
            ("segment VIII", "liver", "nodule", False),
            ("LIVER FISSURE", "liver fissure", None, False),
            ("PORTAL LYMPH NODE", "portal lymph node", "node", True),
            ("PORTACAVAL LYMPH NODE", "portacaval lymph node", "node", False),
            ("HILAR LYMPH NODE", "hilar lymph node", "node", False),
            ("SPLENIC HILAR LYMPH NODE", "splenic hilar lymph node", "node", False),
            ("LYMPH NODES", "lymph nodes", "node", False),
            ("PORTAL VEIN, LEFT BRANCH", "portal vein, left branch", "thrombus", False),
            ("INFERIOR VENA CAVA", "inferior vena cava", "thrombus", False),
            ("PLEURAL FLUID", "pleural fluid", "effusion", False),
            ("malignant ascites", "malignant ascites", "effusion", False),
            ("PLEURA", "pleura", None, False),
            ("COLON, HEPATIC FLEXURE", "colon, hepatic flexure", None, False),
            ("HEPATIC ARTERY", "hepatic artery", None, False),
            ("BILE DUCT", "bile duct", None, False),
            (None, "unknown", None, False),
        ],
    )
    def test_terms(self, term: Any, organ: str, kind: Any, hilar: bool) -> None:
        """Organ, kind, hilum."""
        found = location(term)
        assert (found.organ, found.kind, found.hilar) == (organ, kind, hilar)

    @pytest.mark.parametrize(
        ("word", "hilar", "unsure"),
        [
            ("PORTA HEPATIS", True, False), ("PORTAL", True, False), ("PERIPORTAL", True, False),
            ("HEPATIC", False, True), ("PORTACAVAL", False, True), ("HILAR", False, False),
            ("SPLENIC HILAR", False, False), ("PARA-AORTIC", False, False),
        ],
    )  # fmt: skip
    def test_nodes_however_written(self, word: str, hilar: bool, unsure: bool) -> None:
        """A node is one in singular and plural, with its place before or behind."""
        for written in (
            "{} LYMPH NODE",
            "{} LYMPH NODES",
            "LYMPH NODE, {}",
            "Lymph nodes, {}",
            "LYMPH NODE - {}",
            "{} lymphnode",
        ):
            found = location(written.format(word))
            assert (found.kind, found.hilar, found.unsure) == ("node", hilar, unsure), written

    @pytest.mark.parametrize("side", ["", "LEFT ", "RIGHT ", "MAIN ", "RIGHT INTRAHEPATIC "])
    @pytest.mark.parametrize("vein", ["PORTAL VEIN", "HEPATIC VEIN", "INFERIOR VENA CAVA"])
    def test_veins_of_a_side(self, side: str, vein: str) -> None:
        """A vein with its side is that vein; what lies behind it is not."""
        assert location(side + vein).kind == "thrombus"
        assert location(f"RETRO{vein}").kind is None
        assert location(f"{vein} LYMPH NODE").kind == "node"

    @pytest.mark.parametrize(
        ("word", "role", "nodal"),
        [
            ("TARGET NODAL", "target", True), ("TARGET EXTRA NODAL", "target", False),
            ("TARGET EXTRANODAL", "target", False), ("TARGET NON-NODAL", "target", False),
            ("TARGET NODULE", "target", False), ("NON-TARGET NODAL", "non-target", True),
            ("Non target", "non-target", False), ("NONTARGET", "non-target", False),
            ("NEW NON-TARGET", "new", False), ("NEW NODAL", "new", True),
            ("BENIGN", "benign", False),
            ("T", None, False), (None, None, False),
        ],
    )  # fmt: skip
    def test_roles(self, word: Any, role: Any, nodal: bool) -> None:
        """Role and node by the words of TUSTRESC and TRGRPID."""
        assert role_of(word) == (role, nodal)

    def test_label(self) -> None:
        """A term that says more than the organ is kept as it is written."""
        assert location("LIVER, LEFT LOBE").label == "LIVER, LEFT LOBE"
        assert location("LIVER").label is None


class TestColumns:
    """Cells as text, and columns together."""

    def test_texts(self) -> None:
        """Whole numbers lose their point; nothing is a cell without text."""
        cells = [" a ", "", None, float("nan"), 3.0, 4.95, 7, datetime.date(2024, 1, 3), "a"]
        assert texts_of(coded(cells)).tolist() == [
            "a",
            None,
            None,
            None,
            "3",
            "4.95",
            "7",
            "2024-01-03",
            "a",
        ]
        assert len(coded(cells).values) == 5

    def test_joint(self) -> None:
        """Columns as tuples; empty cells are None, in few and in many distinct values."""
        one, two = coded(["a", None, "a"]), coded([None, "x", None])
        assert [joint(one, two).values[at] for at in joint(one, two).codes] == [
            ("a", None),
            (None, "x"),
            ("a", None),
        ]
        many = coded(list(range(400)))
        both = joint(many, many)
        assert [both.values[at] for at in both.codes[:2]] == [("0", "0"), ("1", "1")]

    def test_first(self) -> None:
        """The first row of each group, -1 for one without."""
        assert first_of(np.array([2, 0, 2]), 3).tolist() == [1, -1, 0]

    def test_uncollected(self) -> None:
        """Garbage is collected again afterwards, if it was before."""
        gc.disable()
        with uncollected():
            pass
        assert not gc.isenabled()
        gc.enable()
        with suppress(KeyError), uncollected():
            assert not gc.isenabled()
            raise KeyError
        assert gc.isenabled()

    def test_table(self) -> None:
        """A column that lacks is empty; names are read in any case."""
        table = Table("x", 2, {"usubjid ": lambda: coded(["a", "b"])})
        assert list(table.rows("USUBJID", "OTHER")) == [("a", None), ("b", None)]
        assert "USUBJID" in table
        assert len(table) == 2


class TestDates:
    """What dates are completed to."""

    @pytest.mark.parametrize(
        ("text", "date"),
        [
            ("2024-02", "2024-02-29"),
            ("2024-02-03T10:15", "2024-02-03"),
            ("2024-02-03 00:00:00", "2024-02-03"),
            ("2024-02-03", "2024-02-03"),
        ],
    )
    def test_read(self, text: str, date: str) -> None:
        """Whole, with a time, without a day."""
        assert str(Completion("last").date(text)) == date


class TestErrors:
    """Questions and mistakes."""

    def test_question(self) -> None:
        """A question ends in its answer, also on the command line."""
        error = AskError("which", "reader='A'", "--reader A")
        assert str(error) == "which: say reader='A'"
        assert error.on_command_line == "which: say --reader A"
        assert str(pickle.loads(pickle.dumps(error))) == str(error)
        assert AskError("which", "x").flag == "x"

    def test_mistakes(self) -> None:
        """Where a mistake is, as far as it is known."""
        error = IntakeError(
            [("P1", "tr.csv", 3, "TRDTC", "NO_DATE: must be given"), (None, "x", None, "", "Y: z")]
        )
        assert str(error) == "patient P1, tr.csv, row 3, TRDTC: NO_DATE: must be given\nx: Y: z"
        assert pickle.loads(pickle.dumps(error)).rows == error.rows
        assert _where(None, "x", 0, "") == "x, row 0"

    def test_codes(self) -> None:
        """Every code has a sentence, no code is of both."""
        assert not PROBLEMS.keys() & MISTAKES.keys()
        assert all(map(str.isupper, PROBLEMS))


ROWS = (tr("T1", "VDIAM", 40), tr("T1", "VDIAM", "20.50", "2024-03-06"))
MADE = tables(tu=[tu("T1")], tr=ROWS, rs=[rs("PR", "2024-03-06")])


def csv_text(table: dict[str, list[Any]], empty: str = "") -> str:
    rows = zip(*table.values(), strict=True)
    lines = [",".join(empty if cell is None else str(cell) for cell in row) for row in rows]
    return "\n".join([",".join(table), *lines, "", ""])


def dataset(name: str, table: dict[str, list[Any]]) -> dict[str, Any]:
    return {
        "datasetJSONVersion": "1.1.0",
        "name": name,
        "columns": [{"name": each} for each in table],
        "rows": [list(row) for row in zip(*table.values(), strict=True)],
    }


def write(folder: Path, ending: str) -> None:
    """The data sets in a folder, in a format."""
    for name, table in MADE.items():
        path = folder / f"{name.lower()}{ending}"
        if ending == ".csv":
            path.write_text("\ufeff" + csv_text(table, "NA"), "utf-8")
        elif ending == ".csv.gz":
            path.write_bytes(gzip.compress(csv_text(table).encode()))
        elif ending == ".json":
            path.write_text(json.dumps(dataset(name, table)), "utf-8")
        elif ending == ".ndjson":
            made = dataset(name, table)
            rows = made.pop("rows")
            path.write_text("\n".join(map(json.dumps, [made, *rows])) + "\n\n", "utf-8")
        elif ending == ".parquet":
            pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
            pq.write_table(pa.table(table), path)
        else:
            pytest.importorskip("pandas")
            sas = pytest.importorskip("pyreadstat")
            import pandas as pd

            sas.write_xport(pd.DataFrame(table).fillna(""), str(path), file_format_version=5)


class TestFiles:
    """Every format gives the same study."""

    @pytest.mark.parametrize("ending", [".csv", ".csv.gz", ".json", ".ndjson", ".parquet", ".xpt"])
    def test_formats(self, tmp_path: Path, ending: str) -> None:
        """A folder of data sets; other files are passed over."""
        write(tmp_path, ending)
        (tmp_path / "define.xml").write_text("<x/>")
        (tmp_path / "adsl.csv").write_text("x")
        study = read_sdtm(tmp_path)
        assert column(study.findings, "viable_mm", "reported") == [("40", None), ("20.50", "PR")]
        assert column(study.findings, "source")[0] == f"tr{ending}:0"
        one = read_sdtm([tmp_path / f"tr{ending}", str(tmp_path / f"tu{ending}")])
        assert column(one.findings, "viable_mm") == ["40", "20.50"]
        alone = read_sdtm(tmp_path / f"tr{ending}", names={"tu": "none"})
        assert column(alone.findings, "organ") == ["unknown"] * 2
        by_domain = read_sdtm({"TR": tmp_path / f"tr{ending}", "TU": MADE["TU"], "XX": [1]})
        assert column(by_domain.findings, "organ") == ["liver"] * 2

    def test_names(self, tmp_path: Path) -> None:
        """A data set is known by its name, by its DOMAIN, or as the caller names it."""
        for name, said in (("tr_onco", "TR"), ("trash", "XX"), ("tr_two", "TR")):
            text = csv_text({"DOMAIN": [None, said], **MADE["TR"]})
            (tmp_path / f"{name}.csv").write_text(text)
        (tmp_path / "lesions.csv").write_text(csv_text(MADE["TU"]))
        with pytest.raises(AskError) as raised:
            read_sdtm(tmp_path)
        assert str(raised.value) == (
            '2 files are of domain TR: tr_onco.csv, tr_two.csv: say names={"TR": "tr_onco"}'
        )
        study = read_sdtm(tmp_path, names={"TR": "tr_two", "tu": "lesions.csv"})
        assert column(study.findings, "organ") == ["liver"] * 2
        (tmp_path / "tr.csv").write_text("x")
        assert column(read_sdtm(tmp_path, names={"TR": "tr_two"}).findings, "viable_mm") == [
            "40",
            "20.50",
        ]
        with pytest.raises(FileNotFoundError):
            read_sdtm(tmp_path / "none.csv")
        with pytest.raises(FileNotFoundError):
            read_sdtm(tmp_path / "define.xml")
        (tmp_path / "define.xml").touch()
        with pytest.raises(IntakeError, match="no data set TR"):
            read_sdtm(tmp_path / "define.xml")

    def test_domain_before_name(self, tmp_path: Path) -> None:
        """The column DOMAIN holds, whatever the file is called; qualifiers have RDOMAIN."""
        nodal = {"RDOMAIN": ["TU"], "QNAM": ["TUKIND"], "USUBJID": ["P1"], "IDVAR": ["TUSEQ"],
                 "IDVARVAL": ["1"], "QVAL": ["NODE"]}  # fmt: skip
        files = {
            "sizes": {"DOMAIN": ["TR", "TR"], **MADE["TR"]},
            "tr": {
                "DOMAIN": ["TU"] * len(MADE["TU"]["USUBJID"]),
                **MADE["TU"],
                "TUSEQ": [*map(str, range(1, 1 + len(MADE["TU"]["USUBJID"])))],
            },
            "more": nodal,
        }
        paths = []
        for name, cells in files.items():
            paths.append(tmp_path / f"{name}.csv")
            paths[-1].write_text(csv_text(cells))
        study = read_sdtm(paths)
        assert column(study.findings, "organ", "kind") == [("liver", "node")] * 2

    def test_one_name_two_kinds(self, tmp_path: Path) -> None:
        """Where two files differ in their ending alone, the answer names the ending."""
        write(tmp_path, ".csv")
        write(tmp_path, ".json")
        with pytest.raises(AskError) as raised:
            read_sdtm(tmp_path)
        told = str(raised.value).rpartition("names=")[2]
        assert told == '{"RS": "rs.csv"}'
        names = {domain: f"{domain}.csv" for domain in ("RS", "TR", "TU")}
        assert column(read_sdtm(tmp_path, names=names).findings, "source")[0] == "tr.csv:0"

    @pytest.mark.parametrize(
        ("name", "content", "told"),
        [
            ("tr.csv", b"", "tr.csv: NOT_A_TABLE: the file is empty"),
            ("tr.csv", b"a,a\n", "the column A is there twice"),
            ("tr.csv", b"\xff\xfe\n", "not a sound CSV file in UTF-8"),
            ("tr.csv.gz", b"no", "not a sound CSV file in UTF-8"),
            ("tr.json", b"{", "not a sound Dataset-JSON file"),
            ("tr.json", b"[]", "it names no columns"),
            ("tr.json", b'{"columns": [1]}', "it names no columns"),
            ("tr.json", b'{"columns": [{"name": "A"}]}', '"rows" must be a list of rows, got None'),
            ("tr.json", b'{"columns": [{"name": "A\xff"}], "rows": []}', "its names of columns"),
            ("tr.ndjson", b"", "it names no columns"),
            ("tr.ndjson", b'{"columns"\n[1]', "not a sound Dataset-JSON file"),
            ("tr.dsjc", b"", "compressed Dataset-JSON is not read"),
            ("tr.txt", b"", "must end in one of .csv.gz .csv"),
        ],
    )  # fmt: skip
    def test_unsound(self, tmp_path: Path, name: str, content: bytes, told: str) -> None:
        """What is no table is one mistake, in a line."""
        (tmp_path / name).write_bytes(content)
        with pytest.raises(IntakeError) as raised:
            read_table(tmp_path / name)
        assert told in str(raised.value)

    @pytest.mark.parametrize(("name", "module"), [("tr.parquet", "pyarrow"), ("tr.xpt",
        "pyreadstat"),
                                                  ("tr.sas7bdat", "pyreadstat")])  # fmt: skip
    def test_unsound_binary(self, tmp_path: Path, name: str, module: str) -> None:
        """Files of the libraries as well."""
        pytest.importorskip(module)
        (tmp_path / name).write_bytes(b"nothing of the kind")
        with pytest.raises(IntakeError, match=f"{name}: NOT_A_TABLE: not a sound"):
            read_table(tmp_path / name)

    def test_kinds_of_arrow(self, tmp_path: Path) -> None:
        """Columns of Arrow of any type."""
        pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
        columns = {
            "A": pa.array(["x", None, "x"]).dictionary_encode(), "B": [[1], [2], None],
            "C": [1.0, None, 2.5], "D": pa.array([datetime.date(2024, 1, 3)] * 3),
        }  # fmt: skip
        pq.write_table(pa.table(columns), tmp_path / "tr.parquet")
        table = read_table(tmp_path / "tr.parquet")
        assert list(table.rows("A", "B", "C", "D")) == [
            ("x", "[1]", "1", "2024-01-03"),
            (None, "[2]", None, "2024-01-03"),
            ("x", None, "2.5", "2024-01-03"),
        ]

    def test_without_extra(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """What is lacking is said, with how to get it."""
        monkeypatch.setitem(sys.modules, "pyreadstat", None)
        (tmp_path / "tr.xpt").write_bytes(b"")
        with pytest.raises(ImportError, match=r'need pyreadstat: pip install "mrecist\[sas\]"'):
            read_table(tmp_path / "tr.xpt")

    def test_stem(self) -> None:
        """The longest ending counts."""
        assert stem_of("a/TR.CSV.GZ") == "tr"
        assert stem_of("a/tr.pdf") is None


class TestImports:
    """The package is light."""

    def test_no_extra(self) -> None:
        """Importing the formats imports no library of an extra."""
        import subprocess

        script = (
            "import sys, mrecist.io; print(*{'pyarrow', 'pandas', 'pyreadstat', 'narwhals', "
            "'pydicom', 'python_calamine'} & set(sys.modules))"
        )
        done = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=True
        )
        assert done.stdout.split() == []
