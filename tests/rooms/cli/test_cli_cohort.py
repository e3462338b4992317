"""`mrecist cohort`: files of tables in, files of verdicts out, and what it says of them."""

from __future__ import annotations

import contextlib
import csv
import errno
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from mrecist.cli.cohort import _Ended
from mrecist.cli.parser import main
from mrecist.cohort import compiled

ROWS = "P-1,2024-01-01,S8,40\nP-1,2024-03-01,S8,20\nP-2,2024-01-01,S8,30\nP-2,2024-03-01,S8,50\n"
FINDINGS = f"patient,date,lesion,viable_mm\n{ROWS}"
LINES = "patient,start,agents\nP-1,2024-01-02,lenvatinib\n"


class Files:
    """A folder with a table of findings, one of lines, and the folder for what comes out."""

    def __init__(self, folder: Path, findings: str = FINDINGS, lines: str = LINES) -> None:
        self.findings = str(folder / "findings.csv")
        self.lines = str(folder / "lines.csv")
        self.out = folder / "out"
        Path(self.findings).write_text(findings, "utf-8")
        Path(self.lines).write_text(lines, "utf-8")

    def run(self, *options: str) -> int:
        return main(["cohort", self.findings, "--out", str(self.out), *options])

    def rows(self, name: str) -> list[dict[str, str]]:
        with (self.out / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))


def without(*modules: str) -> Any:
    """A test that is left out where a module lacks."""
    for module in modules:
        pytest.importorskip(module)


def judging() -> None:
    without("pyarrow", "narwhals")


class TestExtra:
    """Without the extra the command says how to get it."""

    def test_message(
        self,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        """One line, and nothing is made."""
        monkeypatch.setitem(sys.modules, "pyarrow", None)
        files = Files(tmp_path)
        assert files.run() == 2
        told = 'mrecist: tables in files need pyarrow: pip install "mrecist[tables]"\n'
        assert capsys.readouterr().err == told
        assert not files.out.exists()

    def test_usage(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """The folder must be given."""
        with pytest.raises(SystemExit) as raised:
            main(["cohort", str(tmp_path)])
        assert raised.value.code == 2
        assert "--out" in capsys.readouterr().err

    def test_help(self, capsys: pytest.CaptureFixture[str]) -> None:
        """The help tells of the columns, of what comes out and in which order."""
        with pytest.raises(SystemExit) as raised:
            main(["cohort", "--help"])
        assert raised.value.code == 0
        told = " ".join(capsys.readouterr().out.split())
        for words in ("viable_mm", "errors.csv", "in the order of their first rows", "--jobs"):
            assert words in told


class TestEngine:
    """The engine is chosen as in `assess_cohort`."""

    @pytest.mark.parametrize("engine", ["numpy", "auto"])
    def test_same(self, tmp_path: Path, engine: str) -> None:
        judging()
        files = Files(tmp_path)
        assert files.run("--engine", engine) == 0
        assert [row["response"] for row in files.rows("timepoints.csv")] == ["PR", "PD"]

    def test_absent(
        self,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        """Without numba the command says how to get it, before anything is read."""
        judging()
        monkeypatch.setitem(sys.modules, "numba", None)
        monkeypatch.setattr(compiled.COMPILER, "_compiled", None)
        files = Files(tmp_path)
        assert files.run("--engine", "numba") == 2
        told = 'mrecist: engine="numba" needs numba: pip install "mrecist[fast]"\n'
        assert capsys.readouterr().err == told
        assert not files.out.exists()

    def test_of_a_study(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Studies are short: none is asked for."""
        files = Files(tmp_path)
        assert files.run("--sdtm", "--engine", "numpy") == 2
        assert "--engine is for tables of findings" in capsys.readouterr().err

    def test_unknown(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit) as raised:
            Files(tmp_path).run("--engine", "cuda")
        assert raised.value.code == 2
        assert "cuda" in capsys.readouterr().err


class TestCohort:
    """Exit status 0: every patient was judged."""

    @pytest.mark.parametrize("jobs", ["1", "2"])
    def test_fine(self, tmp_path: Path, jobs: str, capsys: pytest.CaptureFixture[str]) -> None:
        """Three files, and what was done in one line on stderr."""
        judging()
        files = Files(tmp_path)
        assert files.run("--jobs", jobs) == 0
        done = "2 patients, 2 lines, 2 time points; no errors, no notes; written to"
        told = f"mrecist: {files.findings}: {done} {files.out}\n"
        assert capsys.readouterr() == ("", told)
        found = [
            (row["patient"], row["date"], row["response"]) for row in files.rows("timepoints.csv")
        ]
        assert found == [("P-1", "2024-03-01", "PR"), ("P-2", "2024-03-01", "PD")]
        assert [row["best_response"] for row in files.rows("lines.csv")] == ["PR", "PD"]
        assert files.rows("errors.csv") == []

    @pytest.mark.parametrize("jobs", ["1", "2"])
    def test_notes(self, tmp_path: Path, jobs: str, capsys: pytest.CaptureFixture[str]) -> None:
        """A fourth file with rows of the files, and one line that says how many; status 0."""
        judging()
        findings = "patient,date,lesion,viable_mm,size\np,45000,S8,40,\nP,0,S8,20,\nP,90,S8,2,\n"
        lines = "patient,start,agents,dod\nP,1,lenvatinb,\np,45000,TACE,\n"
        files, done = Files(tmp_path, findings, lines), tmp_path / "procedures.csv"
        done.write_text("patient,date,kind,lesions\np,8,RFA,S8\nP,46000,RFA,S8\n")
        beside = ("--lines", files.lines, "--procedures", str(done))
        assert files.run(*beside, "--jobs", jobs, "--quiet") == 0
        notes = files.out / "notes.csv"
        told = f"7 notes on what is probably misread: see {notes}"
        assert capsys.readouterr() == ("", f"mrecist: {files.findings}: {told}\n")
        found = [(row["patient"], row["rows"], row["code"]) for row in files.rows("notes.csv")]
        assert found == [
            ("p", "0", "SPREADSHEET_DAY"),
            ("P", "1;2", "TEN_FOLD_JUMP"),
            ("P", "procedures.1", "SPREADSHEET_DAY"),
            ("P", "lines.0", "UNKNOWN_AGENT"),
            ("p", "", "SIMILAR_PATIENTS"),
            ("", "", "LIKE_A_COLUMN"),
            ("", "", "LIKE_A_COLUMN"),
        ]

    def test_criteria(self, tmp_path: Path) -> None:
        """`--criteria` chooses: without a whole diameter RECIST finds nothing to measure."""
        judging()
        files = Files(tmp_path)
        assert files.run("--criteria", "recist-1.1") == 0
        assert {row["response"] for row in files.rows("timepoints.csv")} == {"NE"}

    def test_procedures(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """`--procedures` brings local treatment; a mistake in it is one of the patient."""
        judging()
        files = Files(tmp_path)
        path = tmp_path / "procedures.csv"
        path.write_text("patient,date,kind,lesions\nP-1,2024-02-01,RFA,S9\n", "utf-8")
        assert files.run("--procedures", str(path)) == 1
        assert [row["column"] for row in files.rows("errors.csv")] == ["procedures.lesions"]
        assert "1 of 2 patients invalid" in capsys.readouterr().err
        path.write_text("patient,date,kind\nP-1,2024-02-01,drainage\n", "utf-8")
        assert files.run("--procedures", str(path)) == 0

    def test_untreated(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Patients without a line are told of: they come out nowhere."""
        judging()
        files = Files(tmp_path)
        assert files.run("--lines", files.lines, "--quiet") == 0
        assert [row["agents"] for row in files.rows("lines.csv")] == ["lenvatinib"]
        told = "1 of 2 patients without a line of therapy, so without a verdict"
        assert capsys.readouterr().err == f"mrecist: {files.findings}: {told}\n"

    def test_invalid(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Exit status 1: who is invalid is counted, every mistake listed, the others judged."""
        judging()
        files = Files(tmp_path, FINDINGS.replace("S8,20", "S8,-20") + ",2024-01-01,S8,1\n")
        assert files.run("--quiet") == 1
        errors = files.out / "errors.csv"
        assert capsys.readouterr().err.splitlines() == [
            f"mrecist: {files.findings}: 1 of 2 patients invalid, so not assessed: "
            f"every mistake is in {errors}",
            f"mrecist: {files.findings}: 1 mistake in rows that name no patient: see {errors}",
        ]
        assert errors.read_text("utf-8").splitlines() == [
            "patient,row,column,error",
            'P-1,1,viable_mm,"must be mm as a number or as text like ""41.5"", got \'-20\'"',
            ",4,patient,must be given",
        ]
        assert [row["patient"] for row in files.rows("timepoints.csv")] == ["P-2"]


class TestCouldNotRun:
    """Exit status 2: one line a reason, on stderr, never a traceback."""

    def told(self, files: Files, capsys: pytest.CaptureFixture[str], *options: str) -> list[str]:
        judging()
        assert files.run(*options) == 2
        printed = capsys.readouterr()
        assert printed.out == ""
        return printed.err.splitlines()

    def test_no_such_file(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """The file that lacks is named, be it the one or the other."""
        files = Files(tmp_path)
        told = self.told(files, capsys, "--lines", "none.csv")
        assert told == [f"mrecist: none.csv: {os.strerror(errno.ENOENT)}"]
        Path(files.findings).unlink()
        told = self.told(files, capsys)
        assert told == [f"mrecist: {files.findings}: {os.strerror(errno.ENOENT)}"]

    def test_columns(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Every column that lacks or is misspelt, a line each."""
        files = Files(tmp_path, FINDINGS.replace("lesion,viable", "leison,viabel"))
        assert self.told(files, capsys) == [
            f"mrecist: {files.findings}: lesion: this column is required",
            f"mrecist: {files.findings}: leison: unknown column; did you mean lesion?",
            f"mrecist: {files.findings}: viabel_mm: unknown column; did you mean viable_mm?",
        ]
        assert not files.out.exists()

    def test_unreadable(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Rows that nobody can tell apart are told; no results are left."""
        files = Files(tmp_path, FINDINGS + 'P-3,2024-01-03,"S8,40\n')
        told = self.told(files, capsys)
        assert told == [f"mrecist: {files.findings}: row 4 (line 6): a quote is not closed"]
        assert list(files.out.iterdir()) == []

    def test_out(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """A folder that cannot be made is named."""
        files = Files(tmp_path)
        files.out.write_text("a file", "utf-8")
        assert self.told(files, capsys) == [f"mrecist: {files.out}: File exists"]

    def test_a_full_disk(
        self,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        """An error of the system that names no file names the folder."""
        judging()

        def full(*arguments: object, **options: object) -> None:
            raise OSError("no space left")

        monkeypatch.setattr("mrecist.cohort.files.assess_files", full)
        files = Files(tmp_path)
        assert self.told(files, capsys) == [f"mrecist: {files.out}: no space left"]

    def test_names_that_no_terminal_can_show(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """A terminal is not given anything to obey."""
        files = Files(tmp_path, FINDINGS.replace("viable_mm", "viable_m\x1b"))
        assert "\x1b" not in "".join(self.told(files, capsys))


class TestProgress:
    """A bar on a terminal, and only when it takes long."""

    @pytest.mark.parametrize("terminal", [True, False])
    def test_bar(
        self,
        terminal: bool,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        """The rows counted, then the share of those done; then it is wiped."""
        judging()
        monkeypatch.setattr("sys.stderr.isatty", lambda: terminal, raising=False)
        now = iter(range(0, 1000, 3))
        monkeypatch.setattr("mrecist.cli.meter.time.monotonic", lambda: next(now))
        files = Files(tmp_path)
        assert files.run() == 0
        told = capsys.readouterr().err
        if not terminal:
            assert "\r" not in told
            return
        first, *shown, last = [each.strip() for each in told.split("\r")]
        assert (first, shown) == ("", ["4 rows, 1 a second", "#" * 30 + " 4 of 4 rows", ""])
        assert "2 patients" in last
        assert files.run("--quiet") == 0
        assert capsys.readouterr().err == ""

    def test_quick(
        self,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        """Nothing is shown in the first two seconds."""
        judging()
        monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
        monkeypatch.setattr("mrecist.cli.meter.time.monotonic", lambda: 0)
        assert Files(tmp_path).run() == 0
        assert "\r" not in capsys.readouterr().err


class TestEndpoints:
    """`mrecist endpoints` writes the times of every line, by a policy."""

    LINES = (
        "patient,start,stop,agents,death,last_contact\n"
        "P-1,2024-01-02,,lenvatinib,,2024-04-01\nP-2,2024-01-02,,lenvatinib,2024-05-01,\n"
    )

    def run(self, files: Files, *options: str) -> int:
        told = ["endpoints", files.findings, "--lines", files.lines, "--out", str(files.out)]
        return main([*told, *options])

    def test_table(self, tmp_path: Path) -> None:
        """One row a line; the table of mistakes beside it, and no verdicts."""
        judging()
        files = Files(tmp_path, lines=self.LINES)
        assert self.run(files) == 0
        names = ["adtte.csv", "endpoints.csv", "errors.csv", "notes.csv"]
        assert sorted(path.name for path in files.out.iterdir()) == names
        assert files.rows("notes.csv") == []
        rows = files.rows("endpoints.csv")
        assert [
            (row["patient"], row["pfs_days"], row["pfs_event"], row["pfs_rule"]) for row in rows
        ] == [("P-1", "59", "0", "TTE-FDA-03"), ("P-2", "59", "1", "TTE-FDA-02")]
        assert [row["os_end"] for row in rows] == ["2024-04-01", "2024-05-01"]

    @pytest.mark.parametrize("jobs", ["1", "2"])
    def test_adtte(self, tmp_path: Path, jobs: str) -> None:
        """One row a line and time, with the columns that are kept."""
        judging()
        lines = 'patient,start,arm,"a ""b"""\nP-1,2024-01-02,TACE,x\nP-2,2024-01-02,,\n'
        files = Files(tmp_path, lines=lines)
        assert self.run(files, "--keep", 'arm,a "b"', "--jobs", jobs) == 0
        assert [row['a "b"'] for row in files.rows("endpoints.csv")] == ["x", ""]
        rows = files.rows("adtte.csv")
        names = ("USUBJID", "AVAL", "CNSR", "arm")
        told = [tuple(row[name] for name in names) for row in rows if row["PARAMCD"] == "PFS"]
        assert told == [("P-1", "59", "1", "TACE"), ("P-2", "59", "0", "")]
        assert [row["arm"] for row in files.rows("endpoints.csv")] == ["TACE", ""]
        assert files.run("--lines", files.lines, "--keep", "arm", "--jobs", jobs) == 0
        assert [row["arm"] for row in files.rows("timepoints.csv")] == ["TACE", ""]
        assert [row["code"] for row in files.rows("notes.csv")] == ["UNREAD_COLUMN"]

    @pytest.mark.parametrize(
        ("names", "told"),
        [
            (
                "agents",
                "argument --keep: keep must not name agents, a column that the tables write",
            ),
            ("arm", "lines.csv: lines.arm: this column, to be kept, is not there"),
        ],
    )
    def test_keep_refused(
        self, tmp_path: Path, names: str, told: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        judging()
        files = Files(tmp_path, lines=self.LINES)
        with contextlib.suppress(SystemExit):
            assert self.run(files, "--keep", names) == 2
        assert told in capsys.readouterr().err

    def test_keep_misspelt(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """What is asked to be kept and misspelt is named, not the column that is there."""
        judging()
        files = Files(tmp_path, lines="patient,start,arm\nP-1,2024-01-02,TACE\n")
        told = 'armm: this column, to be kept, is not there; did you mean "arm"?\n'
        assert self.run(files, "--keep", "armm") == 2
        assert capsys.readouterr().err == f"mrecist: {files.lines}: lines.{told}"

    def test_keep_near_a_known_column(self, tmp_path: Path) -> None:
        """A column that is kept may be nearly one of ours, like in a call."""
        judging()
        files = Files(tmp_path, lines="patient,start,baselin\nP-1,2024-01-02,TACE\n")
        assert self.run(files, "--keep", "baselin") == 0
        assert [row["baselin"] for row in files.rows("endpoints.csv")] == ["TACE"]

    def test_keep_of_nothing(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Without lines there is nothing to keep."""
        judging()
        files = Files(tmp_path)
        assert files.run("--keep", "arm") == 2
        assert "and there are no lines" in capsys.readouterr().err
        assert files.run("--keep", "arm", "--sdtm") == 2
        assert "--keep names columns of LINES, which a study" in capsys.readouterr().err

    @pytest.mark.parametrize("jobs", ["1", "2"])
    def test_patients(self, tmp_path: Path, jobs: str) -> None:
        """A table of patients gives columns too; those that nobody asked for are named."""
        judging()
        lines = "patient,start,arm\nP-1,2024-01-02,TACE\nP-2,2024-01-02,\n"
        files = Files(tmp_path, lines=lines)
        who = tmp_path / "who.csv"
        who.write_text("patient,age,sex\nP-2,61,F\nP-9,50,M\n", "utf-8")
        options = ["--patients", str(who), "--keep", "arm,age", "--jobs", jobs]
        assert self.run(files, *options) == 0
        for name in ("endpoints.csv", "adtte.csv"):
            rows = {tuple(row[each] for each in ("arm", "age")) for row in files.rows(name)}
            assert rows == {("TACE", ""), ("", "61")}
        assert files.run("--patients", str(who), "--keep", "age", "--jobs", jobs) == 0
        assert [row["age"] for row in files.rows("lines.csv")] == ["", "61"]
        told = [row["what"] for row in files.rows("notes.csv")]
        assert told == ['column "sex" of the patients is not read']

    @pytest.mark.parametrize(
        ("table", "keep", "told"),
        [
            ("patient,sex\nP-1,F\n", ["--keep", "arm"], "got 'arm'; there are patient, start"),
            ("patient,arm\nP-1,F\n", [], "who.csv: holds columns to carry on: name them, like"),
            ("patient,sex\nP-1,F\nP-1,M\n", ["--keep", "sex"],
             "who.csv: patient P-1, row 1, patients.sex: must be the same in all rows of the pat"),
            ("name,sex\nP-1,F\n", ["--keep", "sex"], "patients.patient: this column is required"),
            ("patient,agents,site\n", ["--keep", "site"], "both have a column site; leave one out"),
        ],
    )  # fmt: skip
    def test_patients_refused(
        self,
        tmp_path: Path,
        table: str,
        keep: list[str],
        told: str,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        judging()
        files = Files(tmp_path, lines="patient,start,site\nP-1,2024-01-02,A\n")
        who = tmp_path / "who.csv"
        who.write_text(table, "utf-8")
        assert files.run("--lines", files.lines, "--patients", str(who), *keep) == 2
        assert told in capsys.readouterr().err

    def test_in_r(self, tmp_path: Path) -> None:
        """R's `Surv` takes the columns as they are."""
        judging()
        script = tmp_path / "check.R"
        script.write_text(
            "library(survival)\n"
            "d <- read.csv(commandArgs(TRUE)[1]); f <- survfit(Surv(pfs_days, pfs_event) ~ 1, d)\n"
            "a <- read.csv(commandArgs(TRUE)[2]); a <- a[a$PARAMCD == 'PFS', ]\n"
            "g <- survfit(Surv(AVAL, 1 - CNSR) ~ 1, a)\n"
            "cat(f$n, sum(f$n.event), f$surv, identical(f$surv, g$surv))\n",
            "utf-8",
        )
        files = Files(tmp_path, lines=self.LINES)
        assert self.run(files) == 0
        if shutil.which("Rscript") is None:
            pytest.skip("R is not here")
        tables = [str(files.out / name) for name in ("endpoints.csv", "adtte.csv")]
        made = subprocess.run(["Rscript", str(script), *tables], capture_output=True, text=True)
        if made.returncode and "survival" in made.stderr:
            pytest.skip("R has no package survival")
        assert made.stdout == "2 1 0.5 TRUE"

    def test_notes(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """A column that is not read, though its name means one of ours, is told."""
        judging()
        files = Files(tmp_path, lines=self.LINES.replace("death,", "death_date,"))
        assert self.run(files) == 0
        notes = files.out / "notes.csv"
        assert f"1 note on what is probably misread: see {notes}" in (capsys.readouterr().err)
        (note,) = files.rows("notes.csv")
        assert (note["patient"], note["code"]) == ("", "LIKE_A_COLUMN")
        assert '"death_date"' in note["what"]

    def test_policy(self, tmp_path: Path) -> None:
        """The policy, the schedule and what counts as a response are asked for."""
        judging()
        files = Files(tmp_path, lines=self.LINES)
        assert self.run(files, "--policy", "ema-itt", "--confirmed") == 0
        first, second = files.rows("endpoints.csv")
        assert (first["pfs_rule"], first["dor_days"], second["pfs_rule"]) == (
            "TTE-EMA-03",
            "",
            "TTE-EMA-01",
        )
        assert self.run(files, "--every", "14", "--window", "2") == 0
        assert files.rows("endpoints.csv")[1]["pfs_rule"] == "TTE-FDA-09"

    def test_mistakes(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """A mistake in one patient leaves the others; a schedule that cannot be, none."""
        judging()
        lines = self.LINES.replace("2024-05-01", "May")
        files = Files(tmp_path, lines=lines)
        assert self.run(files) == 1
        assert [row["column"] for row in files.rows("errors.csv")] == ["lines.death"]
        assert [row["patient"] for row in files.rows("endpoints.csv")] == ["P-1"]
        capsys.readouterr()
        assert self.run(files, "--every", "0") == 2
        assert capsys.readouterr().err == (
            f"mrecist: {files.findings}: schedule: an interval must be at least 1 day, got [0]\n"
        )


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
class TestSignals:
    """A run that is ended leaves nothing behind, and says nothing."""

    @pytest.mark.parametrize(
        ("number", "status", "jobs"),
        [(signal.SIGINT, 130, "1"), (signal.SIGINT, 130, "2"), (signal.SIGTERM, 143, "2")],
    )
    def test_ended(self, tmp_path: Path, number: int, status: int, jobs: str) -> None:
        """Ctrl-C reaches the whole group; SIGTERM this process alone."""
        judging()
        many = [ROWS.replace("P-", f"P-{each}-") for each in range(300_000)]
        files = Files(tmp_path, "patient,date,lesion,viable_mm\n" + "".join(many))
        command = [sys.executable, "-m", "mrecist", "cohort", files.findings, "--jobs", jobs]
        process = subprocess.Popen(
            [*command, "--out", str(files.out)], stderr=subprocess.PIPE, start_new_session=True
        )
        while not (files.out.exists() and any(files.out.glob(".mrecist-*/errors.csv"))):
            assert process.poll() is None
            time.sleep(0.02)
        if number == signal.SIGINT:
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)
        _, told = process.communicate(timeout=60)
        assert (process.returncode, told) == (status, b"")
        assert list(files.out.iterdir()) == []

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_second(self, number: int) -> None:
        """The first signal waits for a place where the work can be left; the second does not."""
        outside = signal.signal(number, signal.SIG_DFL)  # a shell's background ignores SIGINT
        before = signal.getsignal(number)
        with _Ended() as ended:
            ended.check()
            signal.raise_signal(number)
            with pytest.raises(SystemExit) as first:
                ended.check()
            with pytest.raises(SystemExit) as second:
                signal.raise_signal(number)
        after = signal.signal(number, outside)
        assert first.value.code == second.value.code == 128 + number
        assert after is before

    def test_ignored(self) -> None:
        """A signal that was to be ignored (`nohup`) is ignored."""
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            with _Ended() as ended:
                signal.raise_signal(signal.SIGINT)
                ended.check()
        finally:
            signal.signal(signal.SIGINT, before)
