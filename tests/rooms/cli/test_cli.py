"""The command line: what it prints, where, and with which exit status."""

from __future__ import annotations

import contextlib
import errno
import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest

import mrecist
from mrecist.cli import cases
from mrecist.cli.parser import main

DATA = Path(mrecist.__file__).parent / "data"
SYNTHETIC = str(DATA / "synthetic.json")
LINE = json.dumps(json.loads((DATA / "synthetic.json").read_text("utf-8")))
BROKEN = LINE.replace('"viable_mm": 34.1', '"viable_mm": -3')


@pytest.fixture
def stream(tmp_path: Path) -> str:
    """Five lines: fine, blank, invalid, not an object, not JSON, fine."""
    path = tmp_path / "cases.jsonl"
    path.write_text("\n".join([LINE, "", BROKEN, "[1]", "{", LINE]) + "\n", "utf-8")
    return str(path)


def documents(text: str) -> list[dict[str, Any]]:
    """The documents of JSON Lines."""
    return [json.loads(line) for line in text.splitlines()]


class TestAssess:
    """`assess` gives a table, or with `--json` the document."""

    def test_table(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Without `--json` a table a person reads."""
        assert main(["assess", SYNTHETIC]) == 0
        printed = capsys.readouterr()
        assert "2023-03-13  56   52.7   -43.69%  93.6   -43.69%     PR" in printed.out
        assert "\033" not in printed.out
        counts = "1 patient, 3 lines, 9 time points; no errors, no notes"
        assert printed.err == f"mrecist: {SYNTHETIC}: {counts}\n"
        assert main(["assess", SYNTHETIC, "--quiet"]) == 0
        assert capsys.readouterr() == (printed.out, "")

    def test_one_document(self, capsys: pytest.CaptureFixture[str]) -> None:
        """One case gives one document that is the one of the library."""
        assert main(["assess", SYNTHETIC, "--json"]) == 0
        expected = mrecist.to_assessment(mrecist.assess(mrecist.read_case(SYNTHETIC)))
        assert json.loads(capsys.readouterr().out) == json.loads(json.dumps(expected))

    def test_criteria(self, capsys: pytest.CaptureFixture[str]) -> None:
        """`--criteria` chooses."""
        assert main(["assess", SYNTHETIC, "--json", "--criteria", "recist-1.1"]) == 0
        document = json.loads(capsys.readouterr().out)
        assert document["criteria"] == "recist-1.1"
        assert document["lines"][0]["best_response"] == "SD"

    @pytest.mark.parametrize("jobs", ["1", "2"])
    def test_stream(
        self,
        stream: str,
        jobs: str,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """An invalid case gives an error record in its place; order is kept, nothing dropped."""
        monkeypatch.setattr(cases, "CHUNK", 2)
        assert main(["assess", stream, "--json", "--jobs", jobs]) == 1
        printed = capsys.readouterr()
        found = documents(printed.out)
        assert [each["format"].split("/")[0] for each in found] == [
            "mrecist-assessment",
            "mrecist-error",
            "mrecist-error",
            "mrecist-error",
            "mrecist-assessment",
        ]
        path = "timepoints[1].findings[0].viable_mm"
        assert found[1]["errors"] == [f"{path}: must be at least 0, got -3"]
        assert found[1]["patient"] == found[0]["patient"]
        assert [each["patient"] for each in found[2:4]] == [None, None]
        assert "case 2: patient Synthetic" in printed.err
        *mistakes, summary = printed.err.splitlines()
        assert len(mistakes) == 3
        assert summary == (
            f"mrecist: {stream}: 5 patients, 6 lines, 18 time points; 3 errors, no notes"
        )

    def test_invalid_case_among_tables(
        self, stream: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Without `--json` mistakes go to stderr, one line each, and the others are shown."""
        assert main(["assess", stream]) == 1
        printed = capsys.readouterr()
        assert printed.out.count("Line 1: lenvatinib") == 2
        assert all(line.startswith("mrecist: ") for line in printed.err.splitlines())

    def test_stdin(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """`-` reads stdin: one case over many lines, or one a line."""
        pretty = json.dumps(json.loads(LINE), indent=1)
        for text, count in ((pretty, 1), (LINE + "\n" + LINE, 2)):
            monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
            assert main(["check", "-"]) == 0
            monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
            assert main(["assess", "-"]) == 0
            assert capsys.readouterr().out.count("Line 1: lenvatinib") == count

    def test_empty_stream(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """A stream without a case is fine and says nothing."""
        path = tmp_path / "none.jsonl"
        path.write_text("\n\n", "utf-8")
        assert main(["assess", str(path), "--json"]) == 0
        assert capsys.readouterr().out == ""

    def test_braces_in_a_file_name(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """A message names the file as it is."""
        path = tmp_path / "{a}.json"
        path.write_text(BROKEN, "utf-8")
        assert main(["check", str(path)]) == 1
        assert "{a}.json: patient" in capsys.readouterr().err

    def test_colour(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Colour only on a terminal, and never when `NO_COLOR` is set."""
        monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
        monkeypatch.delenv("NO_COLOR", raising=False)
        assert main(["assess", SYNTHETIC]) == 0
        assert "\033[31m" in capsys.readouterr().out
        monkeypatch.setenv("NO_COLOR", "1")
        assert main(["assess", SYNTHETIC]) == 0
        assert "\033" not in capsys.readouterr().out

    def test_progress(
        self,
        stream: str,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        """A progress line on stderr, on a terminal only, and only when it takes long."""
        clock = iter(range(0, 1000, 3))
        monkeypatch.setattr("time.monotonic", lambda: float(next(clock)))
        assert main(["assess", stream, "--json"]) == 1
        assert "a second" not in capsys.readouterr().err
        monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
        assert main(["assess", stream, "--json"]) == 1
        assert "\r5 cases" in capsys.readouterr().err


class TestExplainAndCheck:
    """`explain` gives the reasons; `check` mistakes and problems only."""

    def test_explain(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Each reason has its rule and source."""
        assert main(["explain", SYNTHETIC]) == 0
        out = capsys.readouterr().out
        assert "[NL-HCC-10; Lencioni & Llovet 2010, new lesions [recalled]; Reading RD-" in out
        assert "Line 3" in out

    def test_explain_one_verdict(self, capsys: pytest.CaptureFixture[str]) -> None:
        """`--line` and `--date` narrow it down; what is not there is said."""
        assert main(["explain", SYNTHETIC, "--line", "1", "--date", "2023-03-13"]) == 0
        out = capsys.readouterr().out
        assert "2023-03-13 (day 56 of the line): PR" in out
        assert "2023-05-15 (day" not in out
        assert "best response" not in out
        assert main(["explain", SYNTHETIC, "--line", "9"]) == 1
        assert "there is no line 9; there are 1, 2, 3" in capsys.readouterr().err

    def test_check(self, stream: str, capsys: pytest.CaptureFixture[str]) -> None:
        """Nothing to say is status 0; a problem or a mistake is status 1."""
        assert main(["check", SYNTHETIC]) == 0
        printed = capsys.readouterr()
        assert printed.out == ""
        assert printed.err.endswith(
            ": 1 patient, 3 lines, 9 time points; no errors, no problems, no notes\n"
        )
        assert main(["check", str(DATA / "ikeda-2021.json")]) == 1
        printed = capsys.readouterr()
        assert "line 5: OLD_BASELINE: " in printed.out
        assert f"; no errors, {len(printed.out.splitlines())} problems" in printed.err
        assert main(["check", stream]) == 1

    def test_check_notes(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Notes are printed, and do not change the exit status."""
        timepoints = [mrecist.Timepoint(0, [mrecist.Finding("S8", viable_mm=30, longest_mm=30)])]
        lesions = [mrecist.Lesion("S8", "segment 8", "nodule")]
        lines = [mrecist.TherapyLine(["sorafenib"], 1)]
        path = tmp_path / "case.json"
        case = mrecist.to_case(mrecist.Patient("P", lesions, timepoints, lines))
        mrecist.write_documents([case], path)
        assert main(["check", str(path), "--quiet"]) == 0
        what = "lesion S8: organ 'segment 8' is read as the liver by its words"
        told = f"patient P: note: {what}; probably meant: the liver\n"
        assert capsys.readouterr() == (told, "")

    def test_check_names_time_points_and_charts(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """A problem is told where it is: at a time point, or of the patient."""
        lesions = [mrecist.Lesion("S8", "liver", "nodule"), mrecist.Lesion("L", "lung", "nodule")]
        odd = [mrecist.Finding("S8", viable_mm=30, longest_mm=20)]
        fine = [mrecist.Finding(id, viable_mm=30, longest_mm=30) for id in ("S8", "L")]
        timepoints = [mrecist.Timepoint(0, fine), mrecist.Timepoint(60, odd)]
        patient = mrecist.Patient("P", lesions, timepoints, [mrecist.TherapyLine(["sorafenib"], 1)])
        path = tmp_path / "case.json"
        mrecist.write_documents([mrecist.to_case(patient)], path)
        assert main(["check", str(path)]) == 1
        told = capsys.readouterr().out
        assert told.count("patient P, line 1, 60: VIABLE_EXCEEDS_WHOLE: ") == 1
        assert told.count("patient P: VIABLE_OUTSIDE_LIVER: ") == 1


class TestCourse:
    """`course` puts a patient's lines on one screen."""

    def case(self, tmp_path: Path, name: str) -> str:
        path = tmp_path / "case.json"
        path.write_text(json.dumps(mrecist.to_case(mrecist.example_case(name))), "utf-8")
        return str(path)

    def test_published_case(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """The published case: sequence, times, ratios, patterns, rechallenge, AFP."""
        assert main(["course", self.case(tmp_path, "ikeda-2021")]) == 0
        shown = capsys.readouterr().out
        for told in (
            "LEN PD > SOR PR > REG PD (NE before) > SOR(re) PR > REG(re) NE",
            "sorafenib    PR    SD         -      3.0          2.0       5.0   5.0   11.0  5.0",
            "growth modulation index met: 1.67 reaches 1.33 [TTE-GMI]",
            "PD day 91: EHG + NEH (NEH dominant); BCLC upon progression: BCLCp-C2",
            "ratio 61/152 (0.40)",
            "line 1  379, 117 (-69.12 %), 1089 (+187.33 %), 1891 (+398.94 %); day 91: marker had",
        ):
            assert told in shown

    def test_policy(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """The policy and its schedule are named."""
        case = self.case(tmp_path, "synthetic")
        options = ["--policy", "ema-itt", "--every", "56", "--window", "14", "--confirmed"]
        assert main(["course", case, *options]) == 0
        head = capsys.readouterr().out.splitlines()[2]
        assert head == (
            "times in months of 30.4375 days by ema-itt-amended (+ censored); assessments: "
            "every 56 days, 14 days late at most"
        )

    @pytest.mark.parametrize(
        ("options", "told"),
        [
            (["--every", "0"], "schedule: an interval must be at least 1 day, got [0]"),
            (["--every", "x"], "must be a whole number of days, got 'x'"),
            (["--policy", "mine"], "'mine'"),
            (["--window", "14"], "--window needs --every"),
        ],
    )
    def test_refused(
        self, options: list[str], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """A schedule or policy that cannot be is refused in one line."""
        try:
            status = main(["course", self.case(tmp_path, "synthetic"), *options])
        except SystemExit as error:
            status = int(str(error.code))
        assert status == 2
        assert told in capsys.readouterr().err

    def test_rules(self, capsys: pytest.CaptureFixture[str]) -> None:
        """A policy is printed like a table, and so are the tables behind it."""
        assert main(["rules", "fda-a"]) == 0
        assert capsys.readouterr().out == f"{mrecist.FDA_A}\n"
        assert main(["rules", "TTE-FDA-08"]) == 0
        shown = capsys.readouterr().out
        assert shown.startswith("TTE-FDA-08: death after a gap, censored at the last adequate")
        for name, told in (("TTE-OS", "death on {first}"), ("TTE-TTUP", "untreatable progression")):
            assert main(["rules", name]) == 0
            assert told in capsys.readouterr().out
        assert main(["rules", "AFP-R20-W8"]) == 0
        assert "AFP-R20-W8" in capsys.readouterr().out
        assert main(["rules", "situation"]) == 0
        assert "SIT-PD-GAP" in capsys.readouterr().out


class TestRules:
    """`rules` prints the decision tables and the readings."""

    def test_tables(self, capsys: pytest.CaptureFixture[str]) -> None:
        """All of them, or the one that is named."""
        assert main(["rules"]) == 0
        everything = capsys.readouterr().out
        assert main(["rules", "overall"]) == 0
        one = capsys.readouterr().out
        assert "OR-07" in one
        assert one in everything
        assert "TL-PR-30" not in one

    def test_readings(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Every reading with its reason."""
        assert main(["rules", "--readings"]) == 0
        out = capsys.readouterr().out
        for reading in mrecist.READINGS:
            assert reading.id in out
            assert reading.reason in out

    def test_one_rule(self, capsys: pytest.CaptureFixture[str]) -> None:
        """A rule or a reading is found by the id that every explanation shows."""
        assert main(["rules", "OR-07"]) == 0
        assert capsys.readouterr().out.startswith("OR-07: PD\n")
        assert main(["rules", "RD-SILENCE"]) == 0
        assert "because silence could mean gone" in capsys.readouterr().out

    def test_problems(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Every problem and note with its code, place, sentence and cure; one by its code."""
        assert main(["rules", "--problems"]) == 0
        out = capsys.readouterr().out
        assert out.startswith("\n\n".join(map(str, mrecist.PROBLEMS.values())) + "\n\n")
        assert main(["rules", "--notes"]) == 0
        assert out.endswith("\n\n" + capsys.readouterr().out)
        assert "NO_SIZE (line or time point)\n  a target, or at baseline" in out
        assert max(map(len, out.splitlines())) <= 160
        assert main(["rules", "NO_SIZE"]) == 0
        assert capsys.readouterr().out == f"{mrecist.PROBLEMS['NO_SIZE']}\n"

    def test_to_check(self, capsys: pytest.CaptureFixture[str]) -> None:
        """What to read in the papers, with the rules that hang on it."""
        assert main(["rules", "--to-check"]) == 0
        out = capsys.readouterr().out
        assert out == "\n\n".join(map(str, mrecist.TO_CHECK.values())) + "\n"
        assert "hangs on it: PVT-NT, tumour in vein is not measurable" in out

    def test_unknown_table(self, capsys: pytest.CaptureFixture[str]) -> None:
        """A table that is not there is a usage error that names those that are."""
        assert main(["rules", "nonsense"]) == 2
        assert "the tables and policies are sort, size, unmentioned" in capsys.readouterr().err


class TestDemo:
    """`demo` tells the published case on one screen."""

    def test_one_screen(self, capsys: pytest.CaptureFixture[str]) -> None:
        """At most 80 columns and 50 rows, with the verdicts of the published case."""
        assert main(["demo"]) == 0
        out = capsys.readouterr().out
        assert max(len(line) for line in out.splitlines()) <= 80
        assert len(out.splitlines()) <= 50
        for told in (
            "PD on day 91, computed: LUNG progressed; EFF new (positive cytology)",
            "before  HCC at age 66, moderately differentiated, with steatohepatitis;",
            "then drainage of EFF: thoracic; pleurodesis of EFF: with the drainage",
            "PR on day 204, reported: the rules alone reach NE (EFF not evaluable)",
            "PD on day 264, computed",
            "NE on day 386, computed: EFF not evaluable; written: lung metastases",
            "PD on day 447, computed",
            "line 4  sorafenib, AGAIN",
            "rechallenge of line 2, 211 days off it",
            "PR on day 506, reported",
            "line 5  regorafenib, AGAIN",
            "rechallenge of line 3, 89 days off it",
            "NE on day 597, computed",
            "AFP 379 117 1089 1891 ng/mL",
        ):
            assert told in out

    def test_plain_terminal(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """A terminal without Unicode gets no bars."""
        monkeypatch.setattr("mrecist.cli.demo._encoding", lambda: "ascii")
        assert main(["demo"]) == 0
        assert capsys.readouterr().out.isascii()

    def test_synthetic(self, capsys: pytest.CaptureFixture[str]) -> None:
        """The second patient is plainly labelled."""
        assert main(["demo", "--synthetic"]) == 0
        out = capsys.readouterr().out
        assert "invented patient" in out
        assert max(len(line) for line in out.splitlines()) <= 80

    def test_case_and_why(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """`--case` is a document to start from; `--why` gives the reasons."""
        assert main(["demo", "--case"]) == 0
        path = tmp_path / "case.json"
        path.write_text(capsys.readouterr().out, "utf-8")
        assert mrecist.read_case(path) == mrecist.read_case(DATA / "ikeda-2021.json")
        assert main(["demo", "--why"]) == 0
        assert "[RC-RECHALLENGE; " in capsys.readouterr().out


class TestCouldNotRun:
    """Status 2, one line on stderr, never a traceback."""

    @pytest.mark.parametrize(
        ("content", "told"),
        [
            (b"not json", " at line 1, column 1"),
            (b"", "not JSON"),
            (b"\xff\xfe{", "UTF-16; save it as UTF-8"),
            (b"{\xff", "not UTF-8, at byte 1"),
            (b"[" * 100_000, "nested too deeply"),
            ((LINE + "\n" + LINE).encode(), "not JSON: Extra data at line 2"),
        ],
        ids=["text", "empty", "UTF-16", "encoding", "deep", "two"],
    )
    def test_not_a_document(
        self, content: bytes, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """A file that is not JSON."""
        path = tmp_path / "case.json"
        path.write_bytes(content)
        assert main(["assess", str(path)]) == 2
        printed = capsys.readouterr()
        assert printed.out == ""
        assert printed.err.startswith(f"mrecist: {path}: ")
        assert told in printed.err
        assert len(printed.err.splitlines()) == 1

    def test_files(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """No such file; a folder; nothing on stdin."""
        assert main(["assess", str(tmp_path / "none.json")]) == 2
        assert os.strerror(errno.ENOENT) in capsys.readouterr().err
        assert main(["assess", str(tmp_path)]) == 2
        assert "is a folder; a study of SDTM" in capsys.readouterr().err
        path = tmp_path / "blank"
        path.write_bytes(b"\n \n")
        assert main(["assess", str(path)]) == 2

    @pytest.mark.parametrize(
        "words",
        [
            ["frob"],
            ["help", "frob"],
            ["assess", "x", "--frob"],
            ["assess"],
            ["assess", "x", "--criteria", "y"],
            ["assess", "x", "--jobs", "-1"],
            ["rules", "overall", "a\nb\x1b[31m"],
        ],
        ids=["unknown", "help", "option", "no file", "criteria", "jobs", "line end"],
    )
    def test_usage(self, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
        """A usage error in one line that tells where help is."""
        with pytest.raises(SystemExit) as stop:
            main(words)
        assert stop.value.code == 2
        err = capsys.readouterr().err
        assert len(err.splitlines()) == 1
        assert err[:-1].isprintable()
        assert "--help" in err

    @pytest.mark.parametrize("words", [["assess"], ["cohort", "--out", "o"], ["rules"]])
    def test_names_of_many_lines(
        self, words: list[str], capsys: pytest.CaptureFixture[str]
    ) -> None:
        """A name is told in one line, and no terminal obeys it."""
        if words[0] == "cohort":
            pytest.importorskip("pyarrow")
        assert main([*words, "a\nb\rc\x1b[31m\u2028.csv"]) == 2
        err = capsys.readouterr().err
        assert len(err.splitlines()) == 1
        assert err[:-1].isprintable()

    def test_jobs_zero_is_all_cores(self, stream: str) -> None:
        """`--jobs 0` takes every core."""
        assert main(["assess", stream, "--jobs", "0"]) == 1


CONTROLS = "\x1b]0;title\x07\x1b[2J\x08\x7f\x9b1m\r\x00"


def with_id(patient: str, text: str = LINE) -> str:
    """A case document under another patient id."""
    return json.dumps(json.loads(text) | {"patient": patient})


class TestHostileNames:
    """What a document calls its patient is shown, and never obeyed by a terminal."""

    @pytest.mark.parametrize("words", [["assess"], ["explain"], ["check"], ["assess", "--json"]])
    @pytest.mark.parametrize("case", [LINE, BROKEN], ids=["fine", "invalid"])
    def test_controls(
        self, words: list[str], case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """No control character but the line end reaches stdout or stderr raw."""
        path = tmp_path / "case.json"
        path.write_text(with_id(f"P{CONTROLS}Q", case), "utf-8")
        assert main([*words, str(path)]) == (0 if case is LINE else 1)
        printed = capsys.readouterr()
        for text in (printed.out, printed.err):
            raw = {letter for letter in text if unicodedata.category(letter) == "Cc"}
            assert raw <= {"\n"}
        if words == ["assess", "--json"]:
            assert json.loads(printed.out)["patient"] == f"P{CONTROLS}Q"
        elif case is BROKEN:
            assert r"patient P\x1b" in printed.err
        elif words != ["check"]:
            assert printed.out.startswith(r"P\x1b")

    @pytest.mark.parametrize("case", [LINE, BROKEN], ids=["fine", "invalid"])
    @pytest.mark.parametrize("colour", ["\x1b[31m", "\x1b[8m"], ids=["red", "concealed"])
    def test_colours(
        self, colour: str, case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """A colour is ours or none: one in an id could conceal all that is printed after it."""
        path = tmp_path / "case.json"
        path.write_text(with_id(f"P{colour}Q", case), "utf-8")
        assert main(["assess", str(path)]) == (0 if case is LINE else 1)
        printed = capsys.readouterr()
        assert "\x1b" not in printed.out + printed.err

    def test_every_control(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Each of them, of both blocks; one is one of no colour sequence either."""
        path = tmp_path / "case.json"
        everything = "".join(map(chr, [*range(32), *range(127, 160)]))
        path.write_text(with_id(f"P{everything}"), "utf-8")
        assert main(["assess", str(path)]) == 0
        out = capsys.readouterr().out
        raw = {letter for letter in out if unicodedata.category(letter) == "Cc"}
        assert raw <= {"\n", "\t"}

    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x0b", "\u2028", "\x85"])
    def test_line_ends(self, end: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """A message on stderr stays on one line, whatever the id holds."""
        path = tmp_path / "cases.jsonl"
        hostile = with_id(f"P{end}mrecist: all is well", BROKEN)
        path.write_text(f"{hostile}\n{hostile}\n", "utf-8")
        assert main(["assess", str(path), "--json", "--quiet"]) == 1
        err = capsys.readouterr().err
        assert len(err.splitlines()) == 2
        assert all(line.startswith(f"mrecist: {path}: case ") for line in err.splitlines())
        path.write_text(with_id(f"P{end}Q") + "\n", "utf-8")
        assert main(["explain", str(path), "--line", "9", "--quiet"]) == 1
        assert len(capsys.readouterr().err.splitlines()) == 1


class TestUnforeseen:
    """What should never happen is status 2 and one line too, never a traceback."""

    @pytest.mark.parametrize("command", ["assess", "explain", "check"])
    def test_no_stdin(
        self, command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """`-` without a standard input, as under a service manager."""
        monkeypatch.setattr("sys.stdin", None)
        assert main([command, "-"]) == 2
        assert capsys.readouterr() == ("", "mrecist: -: there is no standard input\n")

    @pytest.mark.parametrize("stream", ["stdout", "stderr"])
    def test_no_output(self, stream: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """Without a place to print, nothing is run."""
        monkeypatch.setattr(f"sys.{stream}", None)
        assert main(["demo"]) == 2

    @pytest.mark.parametrize("error", [ZeroDivisionError("by nothing"), RecursionError()])
    @pytest.mark.parametrize(
        ("words", "name", "where"),
        [
            (["assess", SYNTHETIC], "cli.cases.assess", SYNTHETIC),
            (["check", SYNTHETIC], "cli.cases.assess", SYNTHETIC),
            (["explain", SYNTHETIC], "patient.explanation.explain", SYNTHETIC),
            (["demo"], "cli.demo.assess", "demo"),
        ],
        ids=lambda value: value[0] if isinstance(value, list) else "",
    )
    def test_bug(
        self,
        words: list[str],
        name: str,
        where: str,
        error: Exception,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        """An exception that no one foresaw is named in one line."""

        def broken(*_: Any, **__: Any) -> None:
            raise error

        monkeypatch.setattr(f"mrecist.{name}", broken)
        assert main(words) == 2
        printed = capsys.readouterr()
        assert printed.out == ""
        assert len(printed.err.splitlines()) == 1
        assert printed.err.startswith(f"mrecist: {where}: unexpected {type(error).__name__}: ")
        assert printed.err.endswith("; please report it\n")

    def test_case_refused_late(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Mistakes that only the work comes upon are told a line each."""

        def refusing(*_: Any, **__: Any) -> None:
            raise mrecist.CaseError("", [("lines", "must be one"), ("patient", "must be text")])

        monkeypatch.setattr("mrecist.cli.cases.assess", refusing)
        assert main(["assess", SYNTHETIC]) == 2
        told = capsys.readouterr().err.splitlines()
        assert told == [
            f"mrecist: {SYNTHETIC}: lines: must be one",
            f"mrecist: {SYNTHETIC}: patient: must be text",
        ]

    def test_bug_told_in_many_lines(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """A message of several lines, such as that of an attrs error, is told in one."""

        def broken(*_: Any, **__: Any) -> None:
            raise ValueError("first\nsecond")

        monkeypatch.setattr(cases, "assess", broken)
        assert main(["assess", SYNTHETIC]) == 2
        assert len(capsys.readouterr().err.splitlines()) == 1

    def test_dead_worker(
        self, stream: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """A worker that was killed ends the run with a hint, not with a traceback."""

        class Dead:
            def result(self) -> None:
                raise BrokenProcessPool("a process was terminated abruptly")

        class Pool:
            def __init__(self, *_: Any, **__: Any) -> None:
                pass

            def submit(self, *_: Any) -> Dead:
                return Dead()

            def shutdown(self, **_: Any) -> None:
                pass

        monkeypatch.setattr(cases, "CHUNK", 2)
        monkeypatch.setattr("concurrent.futures.ProcessPoolExecutor", Pool)
        before = signal.getsignal(signal.SIGTERM)
        assert main(["assess", stream, "--json", "--jobs", "2"]) == 2
        assert capsys.readouterr() == ("", "mrecist: a worker process died; try fewer jobs\n")
        assert signal.getsignal(signal.SIGTERM) is before

    @pytest.mark.parametrize("jobs", ["99999999999", "9" * 400, "62", "1000"])
    def test_too_many_jobs(
        self, jobs: str, stream: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """A short stream needs no worker, however many are asked for."""
        assert main(["assess", stream, "--json", "--jobs", jobs]) == 1
        assert len(documents(capsys.readouterr().out)) == 5

    def test_jobs_are_capped(
        self, stream: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """No more workers are started than a process pool can have anywhere."""
        asked: list[int] = []

        class Pool(ThreadPoolExecutor):
            def __init__(self, jobs: int, **_: Any) -> None:
                asked.append(jobs)
                super().__init__(1)

        monkeypatch.setattr(cases, "CHUNK", 2)
        monkeypatch.setattr("concurrent.futures.ProcessPoolExecutor", Pool)
        for jobs, most in (("99999999999", 61), ("61", 61), ("3", 3)):
            assert main(["assess", stream, "--json", "--jobs", jobs]) == 1
            assert asked.pop() == most
            assert len(documents(capsys.readouterr().out)) == 5

    @pytest.mark.parametrize("jobs", ["-1", "1.5", "two", "", "²", "１"])
    def test_no_number_of_jobs(self, jobs: str, capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit) as stop:
            main(["assess", SYNTHETIC, "--jobs", jobs])
        assert stop.value.code == 2
        assert "must be a whole number, 0 for all cores, got " in capsys.readouterr().err


def test_help_teaches_by_example(capsys: pytest.CaptureFixture[str]) -> None:
    """`--help` shows commands to copy and the meaning of the exit status."""
    with pytest.raises(SystemExit):
        main(["--help"])
    out = capsys.readouterr().out
    assert "mrecist demo --synthetic --case > case.json" in out
    assert "exit status" in out


def test_any_stdout() -> None:
    """In a notebook or a test stdout may be any text stream."""
    with contextlib.redirect_stdout(io.StringIO()) as out:
        assert main(["rules", "recurrence"]) == 0
    assert "BOR-09" in out.getvalue()


def test_line_is_a_number(capsys: pytest.CaptureFixture[str]) -> None:
    """`--line` counts from 1."""
    for line in ("0", "x", "-1"):
        with pytest.raises(SystemExit) as stop:
            main(["explain", SYNTHETIC, f"--line={line}"])
        assert stop.value.code == 2
        assert "must be a whole number from 1" in capsys.readouterr().err


class TestAsAProcess:
    """What only shows from outside: `python -m mrecist`, pipes and Ctrl-C."""

    @staticmethod
    def run(*words: str, **keywords: Any) -> subprocess.CompletedProcess[bytes]:
        """Run the command line in a process of its own."""
        command = [sys.executable, "-m", "mrecist", *words]
        return subprocess.run(command, capture_output=True, check=False, **keywords)

    def test_module(self) -> None:
        """`python -m mrecist` is the command line."""
        done = self.run("--version")
        assert (done.returncode, done.stderr) == (0, b"")
        assert done.stdout.decode().splitlines()[0] == f"mrecist {mrecist.__version__}"

    def test_names_that_no_terminal_can_show(self, tmp_path: Path) -> None:
        """Any text of a document is shown somehow, whatever the terminal's encoding."""
        path = tmp_path / "case.json"
        path.write_text(LINE.replace("Synthetic", "\\ud800\\u00e9\\u6f22"), "utf-8")
        environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
        assert self.run("assess", str(path), env=environment).returncode == 0
        done = self.run("assess", "--json", str(path), env=environment)
        assert json.loads(done.stdout)["patient"].startswith("\ud800\u00e9\u6f22")

    def _long_stream(self, tmp_path: Path) -> str:
        path = tmp_path / "many.jsonl"
        path.write_text((LINE + "\n") * 3000, "utf-8")
        return str(path)

    @pytest.mark.parametrize("jobs", ["1", "2"])
    def test_broken_pipe(self, tmp_path: Path, jobs: str) -> None:
        """A reader that goes away ends the run quietly, with the usual status."""
        words = ["assess", self._long_stream(tmp_path), "--json", "--jobs", jobs]
        with subprocess.Popen(
            [sys.executable, "-m", "mrecist", *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            assert process.stdout.readline().startswith(b"{")
            process.stdout.close()
            assert process.stderr.read() == b""
            assert process.wait(timeout=60) == 141

    @pytest.mark.parametrize("words", ["--version", "--help"])
    @pytest.mark.parametrize(
        ("error", "status", "told"),
        [
            (OSError(28, "No space left on device"), 2, "mrecist: stdout: No space left on device"),
            (BrokenPipeError(32, "Broken pipe"), 141, ""),
        ],
    )
    def test_not_printed(
        self,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
        words: str,
        error: OSError,
        status: int,
        told: str,
    ) -> None:
        """What argparse prints and cannot be written is told as any other output."""

        class Full(io.StringIO):
            def write(self, text: str) -> int:
                if words == "--version":
                    raise error
                return len(text)

            def flush(self) -> None:
                raise error

        monkeypatch.setattr("sys.stdout", Full())
        monkeypatch.setattr("mrecist.cli.parser._broken_pipe", lambda: 141)
        try:
            found = main([words])
        except SystemExit as end:
            found = end.code  # type: ignore[assignment]
        assert found == status
        assert capsys.readouterr().err.strip() == told

    def test_terminated(self, tmp_path: Path) -> None:
        """SIGTERM ends the run and its workers."""
        words = ["assess", self._long_stream(tmp_path), "--json", "--jobs", "2"]
        with subprocess.Popen(
            [sys.executable, "-m", "mrecist", *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process:
            assert process.stdout is not None
            process.stdout.readline()
            process.terminate()
            process.stdout.read()
            assert process.wait(timeout=60) == 128 + signal.SIGTERM

    @pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
    def test_killed(self, tmp_path: Path) -> None:
        """Workers end with a parent that is killed: nobody who reads their output waits on them."""
        words = ["assess", self._long_stream(tmp_path), "--json", "--jobs", "2"]
        with subprocess.Popen(
            [sys.executable, "-m", "mrecist", *words],
            stdout=subprocess.PIPE,
            start_new_session=True,
        ) as process:
            assert process.stdout is not None
            process.stdout.readline()
            process.kill()
            rest = threading.Thread(target=process.stdout.read, daemon=True)
            rest.start()  # the end of the output comes when its last holder, a worker, has ended
            rest.join(timeout=30)
            left = rest.is_alive()
            if left:
                os.killpg(process.pid, signal.SIGKILL)
        assert not left

    @pytest.mark.parametrize("jobs", ["1", "2"])
    def test_interrupt(self, tmp_path: Path, jobs: str) -> None:
        """Ctrl-C ends the run quietly, with the usual status."""
        words = ["assess", self._long_stream(tmp_path), "--json", "--jobs", jobs]
        with subprocess.Popen(
            [sys.executable, "-m", "mrecist", *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        ) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            process.stdout.readline()
            os.killpg(process.pid, signal.SIGINT)
            deadline = time.monotonic() + 60
            while process.poll() is None and time.monotonic() < deadline:
                process.stdout.read(65536)
            assert process.wait(timeout=60) == 130
            assert process.stderr.read() == b""
