"""What the README, the pages of `docs` and the docstrings show is what happens."""

from __future__ import annotations

import doctest
import functools
import importlib
import json
import pkgutil
import re
from pathlib import Path

import hypothesis
import pytest
from hypothesis import Phase, settings
from support.pages import Session, blocks

import mrecist
from mrecist.cli.parser import main
from mrecist.rulebook import papers

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")


DOCS = ROOT / "docs"
PAGES = sorted(
    path
    for path in [ROOT / "README.md", *DOCS.rglob("*.md")]
    if not {"generated", "_build"} & set(path.relative_to(ROOT).parts)
)
NEEDS = {
    "README.md": ["matplotlib"],
    "docs/guide/figures.md": ["matplotlib", "jinja2"],
    "docs/howto/r.md": ["pyarrow", "narwhals"],
    "docs/start/table.md": ["pyarrow", "narwhals"],
}


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", PAGES, ids=_name)
def test_examples_of_pages(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The examples of a page run top to bottom, in an empty folder, and print what is shown."""
    for module in NEEDS.get(_name(path), ()):
        pytest.importorskip(module)
    monkeypatch.chdir(tmp_path)

    def command(words: list[str]) -> tuple[int, str]:
        capsys.readouterr()
        return main(words), capsys.readouterr().out

    session = Session(_name(path), tmp_path, command)
    for block in blocks(path.read_text("utf-8")):
        session.run(block)


def test_pages_needed() -> None:
    """Pages whose examples need a library exist."""
    assert NEEDS.keys() <= {_name(path) for path in PAGES}


def test_readme_is_short() -> None:
    """The README has examples of each kind, and at most 200 lines."""
    assert len(README.splitlines()) <= 200
    kinds = {block.language for block in blocks(README)}
    assert {"sh", "python", "text", "console"} <= kinds


def test_links_of_the_readme() -> None:
    """What the README links to in this repository is there."""
    targets = re.findall(r"\]\(([^)#:]+)[)#]", README)
    assert len(targets) > 10
    assert [target for target in targets if not (ROOT / target).exists()] == []


def test_error_record() -> None:
    """The error record that is shown is what such a case gives."""
    page = (DOCS / "guide" / "documents.md").read_text("utf-8")
    (shown,) = (json.loads(block.text) for block in blocks(page) if block.language == "json")
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
    commands = next(block.text for block in blocks(README) if block.language == "sh").splitlines()
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
def test_docstrings(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The examples in the docstrings hold; what they find is not made smaller, which takes long."""
    first = settings(max_examples=2_000, phases=[Phase.generate], derandomize=True)
    monkeypatch.setattr("hypothesis.find", functools.partial(hypothesis.find, settings=first))
    results = doctest.testmod(importlib.import_module(name))
    assert results.failed == 0
