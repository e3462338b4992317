"""What the README and the docstrings show is what happens."""

from __future__ import annotations

import doctest
import importlib
import json
import pkgutil
import re
import shlex
from pathlib import Path

import pytest

import mrecist
from mrecist.cli.parser import main
from mrecist.rulebook import papers

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def _blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def test_python_examples_of_the_readme() -> None:
    """The examples run top to bottom as one session and print what is shown."""
    text = "\n".join(_blocks("python"))
    example = doctest.DocTestParser().get_doctest(text, {}, "README.md", "README.md", 0)
    assert len(example.examples) > 5
    results = doctest.DocTestRunner(verbose=False).run(example)
    assert results.failed == 0


def test_scripts_of_the_readme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is shown without its output runs."""
    pytest.importorskip("matplotlib")
    monkeypatch.chdir(tmp_path)
    (script,) = (block for block in _blocks("python") if ">>>" not in block)
    exec(compile(script, "README.md", "exec"), {"mrecist": mrecist})
    assert [path.name for path in tmp_path.iterdir()] == ["course.pdf"]


def test_commands_of_the_readme(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every command of the README runs, in order, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cases.jsonl").touch()
    commands = [line for line in "".join(_blocks("console")).splitlines() if line]
    assert len(commands) > 5
    for command in commands:
        words = shlex.split(command.removeprefix("$ mrecist "), comments=True)
        target = words.pop() if ">" in words else None
        status = main([word for word in words if word != ">"])
        output = capsys.readouterr().out
        assert status == 0, command
        if target:
            Path(target).write_text(output, "utf-8")


def test_error_record_of_the_readme() -> None:
    """The error record that is shown is what such a case gives."""
    (shown,) = (json.loads(block) for block in _blocks("json"))
    case = mrecist.to_case(
        mrecist.Patient(
            "P-7",
            [mrecist.Lesion("S8", "liver", "nodule")],
            [
                mrecist.Timepoint(day, [mrecist.Finding("S8", viable_mm=day + 1)])
                for day in range(2)
            ],
            [],
        )
    )
    case["timepoints"][1]["findings"][0]["viable_mm"] = -3
    invalid = mrecist.parse_case(json.dumps(case))
    assert isinstance(invalid, mrecist.InvalidCase)
    assert mrecist.to_error(invalid) == shown


def test_ci_runs_the_commands_of_the_readme() -> None:
    """CI runs the very two commands that the README gives, as somebody does who is new here."""
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    commands = _blocks("sh")[0].splitlines()
    assert len(commands) == 2
    assert all(f"\nnewcomer '{command}'\n" in script for command in commands)


def test_papers_to_cite() -> None:
    """The papers to cite are papers of the rulebook, with their identifiers."""
    citation = (ROOT / "CITATION.cff").read_text("utf-8")
    identifiers = re.findall(r"^ +doi: (.+)$", citation, re.MULTILINE)
    cited = papers.LENCIONI_LLOVET_2010, papers.EISENHAUER_2009, papers.IKEDA_2021
    assert identifiers == [paper.doi for paper in cited]


def test_version_to_cite() -> None:
    """The version to cite is the version there is, and the CHANGELOG knows it."""
    citation = (ROOT / "CITATION.cff").read_text("utf-8").splitlines()
    assert [line for line in citation if line.startswith("version:")] == [
        f"version: {mrecist.__version__}"
    ]
    assert f"## {mrecist.__version__}" in (ROOT / "CHANGELOG.md").read_text("utf-8")


@pytest.mark.parametrize(
    "name",
    [
        module.name
        for module in pkgutil.walk_packages(mrecist.__path__, "mrecist.")
        if module.name != "mrecist.__main__"
    ],
)
def test_docstrings(name: str) -> None:
    """The examples in the docstrings hold."""
    results = doctest.testmod(importlib.import_module(name))
    assert results.failed == 0
