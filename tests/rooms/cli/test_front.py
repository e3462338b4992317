"""The front of the command line: help, versions, nearest names, completion, and what it loads."""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mrecist.cli import completion, parser, versions
from mrecist.cli.parser import COMMANDS, main, parser_of_all
from mrecist.rulebook.edition import UNKNOWN, edition


def stopped(*words: str) -> int:
    """The status with which the command line ends at once."""
    with pytest.raises(SystemExit) as stop:
        main(words)
    return int(stop.value.code or 0)


def commands() -> dict[str, argparse.ArgumentParser]:
    """Every command with its arguments."""
    (choices,) = (each.choices for each in parser_of_all()._actions if each.choices)
    assert isinstance(choices, dict)
    return choices


def arguments() -> Iterator[tuple[str, argparse.Action]]:
    for name, command in commands().items():
        for action in command._actions:
            if action.dest != "help":
                yield f"{name} {'/'.join(action.option_strings) or action.metavar}", action


class TestHelp:
    """Whoever asks is told; whoever mistypes is helped."""

    def test_alone(self, capsys: pytest.CaptureFixture[str]) -> None:
        """No word at all, `help` and `--help` are one."""
        told = set()
        for words in ([], ["help"], ["--help"], ["-h"]):
            assert stopped(*words) == 0
            told.add(capsys.readouterr())
        (only,) = told
        assert only.err == ""
        assert set(COMMANDS) <= set(re.findall(r"(?m)^    (\w+)  ", only.out))

    @pytest.mark.parametrize("command", COMMANDS)
    @pytest.mark.parametrize("columns", ["80", "200"])
    def test_of_a_command(
        self,
        command: str,
        columns: str,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        """`help COMMAND` is its `--help`; no row is wider than the terminal."""
        monkeypatch.setenv("COLUMNS", columns)
        assert stopped("help", command) == 0
        out = capsys.readouterr().out
        assert stopped(command, "--help") == 0
        assert out == capsys.readouterr().out
        assert [row for row in out.splitlines() if len(row) > int(columns)] == []

    @pytest.mark.parametrize(
        ("named", "action"), list(arguments()), ids=lambda value: str(value)[:40]
    )
    def test_sentences(self, named: str, action: argparse.Action) -> None:
        """Every argument is explained in full sentences; an option says what it is left out."""
        told = action.help or ""
        assert re.match(r"[A-Z]", told), named
        assert told.endswith("."), named
        if action.option_strings:
            assert "Default: " in told or "must be given" in told, named

    @pytest.mark.parametrize(
        ("words", "told"),
        [
            (["asess"], "there is no command 'asess'; did you mean \"assess\"? See mrecist --help"),
            (["help", "corse"], 'did you mean "course"? See'),
            (["assess", "x", "--critera=y"], 'did you mean "--criteria"? See mrecist assess'),
            (["assess", "x", "--criteria", "mrecits"], 'did you mean "mrecist"? See'),
            (["course", "x", "--policy", "fda"], "must be one of fda-a, ema-itt, got 'fda'"),
            (["template", "x", "--layout", "wiede"], 'did you mean "wide"?'),
            (["convert", "x", "--check", "--from", "sdmt"], 'did you mean "sdtm"?'),
            (["xyzzy"], "there is no command 'xyzzy'; see mrecist --help"),
        ],
    )
    def test_nearest(self, words: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
        """A slip in a command, an option or a name is told in a line with the nearest."""
        assert stopped(*words) == 2
        err = capsys.readouterr().err
        assert len(err.splitlines()) == 1
        assert told.replace("See", "see") in err.replace("See", "see")

    @pytest.mark.parametrize(
        ("words", "near"),
        [
            (["rules", "overal"], "overall"), (["rules", "TL-PR-3"], "TL-PR-30"),
            (["rules", "RD-SILENC"], "RD-SILENCE"), (["rules", "no-baseline"], "NO_BASELINE"),
            (["columns", "viable"], "viable_mm"), (["columns", "finding"], "findings"),
        ],
    )  # fmt: skip
    def test_nearest_of_a_rule_or_a_column(
        self, words: list[str], near: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(words) == 2
        assert capsys.readouterr().err.endswith(f'; did you mean "{near}"?\n')


class TestVersions:
    """What a verdict depends on, by name and version."""

    @pytest.mark.parametrize("flag", ["-V", "--version"])
    def test_flag(self, flag: str, capsys: pytest.CaptureFixture[str]) -> None:
        assert stopped(flag) == 0
        printed = capsys.readouterr()
        names = [row.split(" ")[0] for row in printed.out.splitlines()]
        assert names == ["mrecist", "rulebook", "python", "numpy", "attrs"]
        assert printed.err == ""
        assert re.search(r"(?m)^rulebook [0-9a-f]{8}$", printed.out)

    def test_unknown(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A package without its record has no version."""
        monkeypatch.setattr(versions, "_NEEDED", ("no-such-package",))
        assert dict(versions.versions())["no-such-package"] == "unknown"

    def test_edition(self, tmp_path: Path) -> None:
        """It changes with any letter of any file, not with line ends, and needs a source."""
        assert edition(tmp_path) == UNKNOWN
        (tmp_path / "a.py").write_bytes(b"X = 1\n")
        (tmp_path / "b.py").write_bytes(b"Y = 2\n")
        first = edition(tmp_path)
        (tmp_path / "a.py").write_bytes(b"X = 1\r\n")
        assert edition(tmp_path) == first
        (tmp_path / "a.py").write_bytes(b"X = 3\n")
        assert edition(tmp_path) != first
        (tmp_path / "a.py").write_bytes(b"X = 1\n")
        (tmp_path / "b.py").rename(tmp_path / "c.py")
        assert edition(tmp_path) != first
        assert edition() == edition() != UNKNOWN


class TestCompletion:
    """The script of a shell, by a library of its own."""

    @pytest.mark.parametrize("shell", completion.SHELLS)
    def test_script(self, shell: str, capsys: pytest.CaptureFixture[str]) -> None:
        """Every command and its options stand in it."""
        pytest.importorskip("shtab", reason="completion needs shtab: mrecist[completion]")
        assert main(["completion", shell]) == 0
        out = capsys.readouterr().out
        for word in (*COMMANDS, "criteria", "recist-1.1", "missed-by", "lesion-key"):
            assert word in out

    def test_files(self) -> None:
        """Arguments that are files are completed as files, folders as folders."""
        shtab = pytest.importorskip("shtab", reason="completion needs shtab: mrecist[completion]")
        made = parser_of_all()
        completion._complete_files(made, shtab)
        (choices,) = (each.choices for each in made._actions if each.choices)
        assert isinstance(choices, dict)
        found = {
            action.dest: getattr(action, "complete", None) for action in choices["cohort"]._actions
        }
        assert found["file"] == found["lines"] == found["map"] == shtab.FILE
        assert found["out"] == shtab.DIRECTORY
        assert found["criteria"] is found["sdtm"] is None

    def test_absent(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Without the library one line says how to get it."""
        monkeypatch.setitem(sys.modules, "shtab", None)
        assert main(["completion", "bash"]) == 2
        assert capsys.readouterr().err == (
            'mrecist: the completion of a shell needs shtab: pip install "mrecist[completion]"\n'
        )


@pytest.mark.parametrize(
    ("words", "absent"),
    [
        (["--version"], {"numpy", "mrecist.rulebook.criteria", "shtab", "difflib"}),
        (["--help"], {"numpy", "mrecist.rulebook.criteria", "shtab", "difflib"}),
        (["rules", "overall"], {"mrecist.cohort.engine", "mrecist.report", "matplotlib"}),
        (["columns", "findings"], {"mrecist.cohort.engine", "mrecist.report", "matplotlib"}),
    ],
)
def test_loads_little(words: list[str], absent: set[str]) -> None:
    """A command imports what it needs, and nothing of the others."""
    script = (
        "import sys\nfrom mrecist.cli.parser import main\n"
        "try:\n    main(sys.argv[1:])\nexcept SystemExit:\n    pass\n"
        "print('\\n'.join(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *words], capture_output=True, check=True, encoding="utf-8"
    )
    assert absent & set(done.stderr.splitlines()) == set()


def test_every_command_is_there() -> None:
    assert list(commands()) == list(parser.COMMANDS)


def test_scorecard_is_summed_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A scorecard ends with how many cases passed; copies with where they are."""
    assert main(["conformance", "--rule", "OR-07", "--parts", "target", "--json"]) == 0
    (told,) = capsys.readouterr().err.splitlines()
    assert re.fullmatch(r"mrecist: conformance: \d+ cases: \d+ passed, 0 .*", told)
    assert main(["conformance", "--copy", str(tmp_path / "suite")]) == 0
    assert capsys.readouterr().err == f"mrecist: conformance: written to {tmp_path / 'suite'}\n"
    assert main(["conformance", "--rule", "OR-07", "--parts", "target", "-q"]) == 0
    assert capsys.readouterr().err == ""
