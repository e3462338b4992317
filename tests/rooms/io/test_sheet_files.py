"""Sheets out of files: workbooks, and text in any encoding and with any separator."""

from __future__ import annotations

import datetime
import zipfile
from pathlib import Path

import pytest

from mrecist.io.errors import IntakeError
from mrecist.io.sheet_files import Sheet, column_letters, read_sheets
from mrecist.io.sheet_words import is_known_word

TEXT = "Patient,Läsion,Organ\nP1,A,Leber\n"


def written(folder: Path, content: bytes, name: str = "lesions.csv") -> Path:
    """A file with some bytes."""
    path = folder / name
    path.write_bytes(content)
    return path


class TestText:
    """The encoding and the separator are told apart."""

    @pytest.mark.parametrize(
        ("encoding", "named"),
        [
            ("utf-8", "utf-8"),
            ("utf-8-sig", "utf-8"),
            ("utf-16", "utf-16"),
            ("utf-16-le", "utf-16-le"),
            ("utf-16-be", "utf-16-be"),
            ("cp1252", "cp1252"),
        ],
    )
    def test_encodings(self, tmp_path: Path, encoding: str, named: str) -> None:
        """Unicode with and without a mark, and the code page of Western Windows."""
        file = read_sheets(written(tmp_path, TEXT.encode(encoding)), is_known_word)
        assert file.encoding == named
        assert file.sheets[0].rows == [["Patient", "Läsion", "Organ"], ["P1", "A", "Leber"]]

    @pytest.mark.parametrize(
        ("encoding", "text"),
        [
            ("cp932", "患者,病変,部位\n1,A,肝臓\n"),
            ("gb18030", "患者,病灶,部位\n1,A,肝脏\n"),
        ],
    )
    def test_by_words(self, tmp_path: Path, encoding: str, text: str) -> None:
        """A code page is that in which most words are known."""
        file = read_sheets(written(tmp_path, text.encode(encoding)), is_known_word)
        assert file.encoding == encoding
        assert file.sheets[0].rows[0][0] == "患者"

    def test_no_code_page(self, tmp_path: Path) -> None:
        """Bytes that no code page holds are read one by one: nothing stops a file of text."""
        pages = read_sheets(written(tmp_path, b"a,\x81\xff\x98\n1,\xff\x8d\n"), is_known_word)
        assert pages.encoding in ("latin-1", "cp1250", "cp1251")

    @pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
    def test_separators(self, tmp_path: Path, mark: str) -> None:
        """The separator is that which most rows have."""
        text = f'a{mark}b{mark}c\n1{mark}"x, y; z"{mark}2\n'
        file = read_sheets(written(tmp_path, text.encode()), is_known_word)
        assert file.separator == mark
        assert file.sheets[0].rows[1] == ["1", "x, y; z", "2"]

    def test_one_column(self, tmp_path: Path) -> None:
        """Text without any separator is one column; `.tsv` is separated by tabs."""
        assert read_sheets(written(tmp_path, b"a\nb\n"), is_known_word).separator == ","
        tabs = read_sheets(written(tmp_path, b"a;b;c\n", "x.TSV"), is_known_word)
        assert tabs.sheets[0].rows == [["a;b;c"]]

    @pytest.mark.parametrize(
        ("content", "name", "told"),
        [
            (b"", "a.csv", "the file is empty"),
            (b"\0\0 \n", "a.xlsx", "the file is empty"),
            (b"PK\x03\x04 and on", "a.csv", "this is a workbook"),
            (b"x" * 200_000, "a.csv", "not a sound table of text"),
            (b"," * 20_000, "a.csv", "at most 16384 columns"),
            (b"{}", "a.json", "must end in one of .xlsx"),
        ],
    )
    def test_refused(self, tmp_path: Path, content: bytes, name: str, told: str) -> None:
        """What is no table is refused in one sentence."""
        with pytest.raises(IntakeError, match=told):
            read_sheets(written(tmp_path, content, name), is_known_word)

    def test_no_file(self, tmp_path: Path) -> None:
        """A file that is not there is an error of the system."""
        with pytest.raises(FileNotFoundError):
            read_sheets(tmp_path / "none.csv", is_known_word)


class TestAddresses:
    """Cells are named as spreadsheets name them."""

    def test_letters(self) -> None:
        """A to Z, then AA."""
        assert [column_letters(at) for at in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]

    def test_cells(self) -> None:
        """A cell outside of the sheet is empty."""
        sheet = Sheet("S", [["a"], []])
        assert sheet.address(6, 3) == "S!D7"
        assert [sheet.cell(0, 0), sheet.cell(1, 0), sheet.cell(5, 0), sheet.cell(-1, 0)] == [
            "a",
            None,
            None,
            None,
        ]


_NAMES = "urn:oasis:names:tc:opendocument:xmlns"
ODS = (
    f'<office:document-content xmlns:office="{_NAMES}:office:1.0" '
    f'xmlns:table="{_NAMES}:table:1.0" xmlns:text="{_NAMES}:text:1.0">'
    '<office:body><office:spreadsheet><table:table table:name="Lesions"><table:table-row>'
    '<table:table-cell office:value-type="string"><text:p>Patient</text:p></table:table-cell>'
    '<table:table-cell office:value-type="float" office:value="41.5"><text:p>41.5</text:p>'
    "</table:table-cell></table:table-row></table:table></office:spreadsheet></office:body>"
    "</office:document-content>"
)
MANIFEST = (
    f'<manifest:manifest xmlns:manifest="{_NAMES}:manifest:1.0">'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)


class TestWorkbooks:
    """Workbooks keep the places of their cells and the types of these."""

    def test_types(self, tmp_path: Path) -> None:
        """Whole numbers are int, days are dates, text is stripped; a chart sheet is no sheet."""
        writer = pytest.importorskip("xlsxwriter")
        pytest.importorskip("python_calamine")
        path = tmp_path / "a.xlsx"
        with writer.Workbook(path) as book:
            sheet = book.add_worksheet("Lesions")
            day = book.add_format({"num_format": "yyyy-mm-dd"})
            sheet.write_row(1, 1, [" x ", 41, 41.5, True, "  "])
            sheet.write_datetime(2, 1, datetime.datetime(2024, 1, 3), day)
            sheet.write_datetime(2, 2, datetime.datetime(2024, 1, 3, 10, 30), day)
            chart = book.add_chart({"type": "line"})
            chart.add_series({"values": "=Lesions!$C$2:$D$2"})
            book.add_chartsheet("Chart").set_chart(chart)
        (sheet,) = read_sheets(path, is_known_word).sheets
        assert sheet.name == "Lesions"
        assert sheet.rows[1] == [None, "x", 41, 41.5, True, None]
        assert sheet.rows[2][1:3] == [
            datetime.date(2024, 1, 3),
            datetime.datetime(2024, 1, 3, 10, 30),
        ]

    def test_ods(self, tmp_path: Path) -> None:
        """OpenDocument sheets are read alike."""
        pytest.importorskip("python_calamine")
        path = tmp_path / "a.ods"
        with zipfile.ZipFile(path, "w") as book:
            book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
            book.writestr("META-INF/manifest.xml", MANIFEST)
            book.writestr("content.xml", ODS)
        (sheet,) = read_sheets(path, is_known_word).sheets
        assert (sheet.name, sheet.rows) == ("Lesions", [["Patient", 41.5]])

    @pytest.mark.parametrize("content", [b"hello", b"PK\x03\x04 and on", b"\xd0\xcf\x11\xe0junk"])
    @pytest.mark.parametrize("ending", ["xlsx", "xls", "ods"])
    def test_broken(self, tmp_path: Path, content: bytes, ending: str) -> None:
        """A workbook that is none is refused in one sentence."""
        pytest.importorskip("python_calamine")
        with pytest.raises(IntakeError, match="NOT_A_TABLE: not a sound workbook"):
            read_sheets(written(tmp_path, content, f"a.{ending}"), is_known_word)

    def test_without_the_extra(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Where the extra is absent the message says how to get it."""
        monkeypatch.setitem(__import__("sys").modules, "python_calamine", None)
        with pytest.raises(ImportError, match=r'pip install "mrecist\[excel\]"'):
            read_sheets(written(tmp_path, b"PK", "a.xlsx"), is_known_word)
