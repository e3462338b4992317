"""Ways that charts and files of the other tests seldom take."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, find, settings
from hypothesis import strategies as st

import mrecist
from mrecist import Timepoint
from mrecist._base import outputs
from mrecist.cli import exchange, sheets, viewers
from mrecist.cli.parser import main
from mrecist.testing._odd_parts import odd_merging


class TestOutputs:
    """Files that are made aside."""

    @pytest.mark.parametrize("make", [outputs.replacing, outputs.work_folder])
    def test_error_of_another_place(self, make: Any, tmp_path: Path) -> None:
        """An error over some other file keeps the name of that file."""
        path = tmp_path / "a.txt" if make is outputs.replacing else tmp_path
        elsewhere = str(tmp_path / "other" / "deep" / "b.txt")

        def fail() -> None:
            with make(path):
                raise OSError(5, "no", elsewhere)

        with pytest.raises(OSError, match="no") as error:
            fail()
        if make is outputs.replacing:
            assert error.value.filename == elsewhere

    def test_process_of_another(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A process that we may not ask about is taken to go on."""

        def refuse(process: int, signal: int) -> None:
            raise PermissionError

        with outputs.work_folder(tmp_path) as mine:
            monkeypatch.setattr(outputs.os, "kill", refuse)
            outputs.sweep(tmp_path)
            assert mine.is_dir()


class TestLooks:
    """What a file is, is seen by its beginning."""

    def test_unreadable(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A file that may not be read is none of these: the reader then says why."""
        paths = [tmp_path / name for name in ("a.json", "a.csv", "a.dcm")]
        for path in paths:
            path.touch()

        def refuse(*_: Any, **__: Any) -> Any:
            raise PermissionError

        for module in (exchange, sheets, viewers):
            monkeypatch.setattr(module, "open", refuse, raising=False)
        assert [exchange.kind_of(str(path)) for path in paths] == [None, None, "dicom-sr"]
        assert not sheets.is_sheet(str(paths[1]))

    def test_named_as_dicom(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """What is called a file of DICOM and is none is told so, not that it is no JSON."""
        pytest.importorskip("pydicom")
        path = tmp_path / "a.dcm"
        path.write_bytes(b"\0\1")
        assert main(["assess", str(path)]) == 1
        assert "not a file of DICOM" in capsys.readouterr().err

    def test_not_there(self, tmp_path: Path) -> None:
        assert viewers.viewer_kind(str(tmp_path / "a.dcm")) is None


class TestCommands:
    """Commands with flags that few give."""

    def test_missed_by(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Visits are counted by a schedule."""
        path = tmp_path / "in.csv"
        path.write_text("patient,date,lesion,viable_mm\nP,0,S8,20\n", "utf-8")
        out = str(tmp_path / "out")
        flags = ["--policy", "fda-a", "--missed-by", "visits", "--out", out]
        assert main(["endpoints", str(path), *flags]) == 2
        assert "--missed-by needs --every" in capsys.readouterr().err

    def test_without_library(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """What a format needs is told in a line."""
        monkeypatch.setitem(sys.modules, "pyreadstat", None)
        (tmp_path / "tr.xpt").touch()
        out = str(tmp_path / "out")
        assert main(["convert", str(tmp_path), "--from", "sdtm", "--out", out]) == 2
        (told,) = capsys.readouterr().err.splitlines()
        assert 'pip install "mrecist[sas]"' in told

    def test_columns_of_one_table(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Times are explained where there are some."""
        assert main(["columns", "procedures", "--format", "markdown"]) == 0
        assert "Times to events" not in capsys.readouterr().out

    def test_interrupted(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        """A program under test does not outlive the run."""
        killed: list[Any] = []
        kill, wait = subprocess.Popen.kill, subprocess.Popen.wait

        def interrupted(process: Any, timeout: float | None = None) -> int:
            if process not in killed:
                raise KeyboardInterrupt
            return int(wait(process, timeout))

        def told(process: Any) -> None:
            killed.append(process)
            kill(process)

        monkeypatch.setattr(subprocess.Popen, "wait", interrupted)
        monkeypatch.setattr(subprocess.Popen, "kill", told)
        assert main(["conformance", "--command", "sleep {case}"]) == 130
        assert killed


def test_reported_by_criteria() -> None:
    """Verdicts by criteria are rebuilt from their text."""
    record = Timepoint(0, [], reported={"mrecist": "CR"})
    assert eval(repr(record), vars(mrecist).copy()) == record


class TestPlots:
    """Figures of odd texts and settings."""

    def test_halves(self) -> None:
        """Halves of characters are written out."""
        pytest.importorskip("matplotlib")
        from matplotlib.figure import Figure

        from mrecist import plots

        figure = Figure()
        figure.text(0.5, 0.5, "a\ud800")
        assert "ud800" in plots.svg(figure, title="t", description="d")

    def test_no_backend_to_blame(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """An error that no setting explains is told as it is."""
        from mrecist.plots import _canvas

        def refuse(*_: Any, **__: Any) -> Any:
            raise ValueError("odd")

        monkeypatch.delenv("MPLBACKEND", raising=False)
        monkeypatch.setattr(_canvas, "extra", refuse)
        with pytest.raises(ValueError, match="odd"):
            _canvas.mpl()


class TestReaders:
    """Files that are spoiled where nobody expects it."""

    def test_report(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A report that cannot be made out is one mistake."""
        from mrecist.io import dicom_sr
        from mrecist.io.dicom_files import Opened

        def refuse(opened: Any) -> Any:
            raise KeyError("odd")

        monkeypatch.setattr(dicom_sr, "report_of", refuse)
        monkeypatch.setattr(
            dicom_sr, "reports", lambda paths, notes: iter([Opened("a", "a", None)])
        )
        study = dicom_sr.read_dicom_sr(tmp_path, errors="collect")
        assert "NOT_A_TABLE" in study.errors["code"]

    def test_pipe_in_a_folder(self, tmp_path: Path) -> None:
        """What is no file is refused by name, and never waited for."""
        import os

        os.mkfifo(tmp_path / "a.json")
        with pytest.raises(mrecist.io.IntakeError, match=r"a\.json.*no regular file"):
            mrecist.io.read_fhir(tmp_path)

    def test_page_without_memory(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        """Without memory no page is made, and none is blamed."""
        pytest.importorskip("matplotlib")
        pytest.importorskip("jinja2")
        from mrecist.report import _folders

        def refuse(*_: Any) -> Any:
            raise MemoryError

        monkeypatch.setattr(_folders, "contents", refuse)
        with pytest.raises(MemoryError):
            mrecist.report.write_folder([mrecist.example_case("synthetic")], tmp_path / "out")


class TestRows:
    """Files read row by row."""

    def test_batches(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        """Rows come in batches; a file that ends with a batch has no empty one."""
        pytest.importorskip("pyarrow")
        pytest.importorskip("narwhals")
        from mrecist.cohort.files import assess_files
        from mrecist.tables import ragged

        monkeypatch.setattr(ragged, "BATCH_ROWS", 1)
        path = tmp_path / "in.csv"
        path.write_text("patient,date,lesion,viable_mm\nP,0,S8,20\nQ,0,S8\nR,0,S8,20\n", "utf-8")
        assert assess_files(path, tmp_path / "out").mistakes == 1

    def test_fault(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        """A row that cannot be split at all ends the run, with the file's name."""
        pytest.importorskip("pyarrow")
        pytest.importorskip("narwhals")
        from mrecist.cohort.files import assess_files
        from mrecist.tables import files

        def refuse(*_: Any) -> Any:
            raise csv.Error("odd")

        monkeypatch.setattr(files, "row_by_row", refuse)
        path = tmp_path / "in.csv"
        path.write_text("patient,date,lesion,viable_mm\nP,0,S8,20\nQ,0,S8\n", "utf-8")
        with pytest.raises(files.TableFileError, match=r"in\.csv"):
            assess_files(path, tmp_path / "out")


def test_merged_with_a_size() -> None:
    """A merged lesion that has a size or a status too is among the mistakes drawn."""
    document: dict[str, Any] = {
        "lesions": [{"id": "A", "kind": "nodule"}, {"id": "B", "kind": "nodule"}],
        "timepoints": [{"date": 0, "findings": [{"lesion": "B", "into": "A"}]}],
        "lines": [],
    }
    drawn = st.composite(odd_merging)(document)
    search = settings(max_examples=200, derandomize=True, database=None, phases=[Phase.generate])
    found = find(
        drawn, lambda each: each is not None and each.path.endswith("_mm"), settings=search
    )
    assert found is not None
    assert "findings[0]" in found.path
