"""What the written pages name is there, and what they count is so many."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mrecist import conformance
from mrecist.testing import laws

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "mrecist"
MADE = {"generated", "_build"}
PAGES = (
    ROOT / "README.md",
    *sorted((ROOT / ".github").glob("*.md")),
    *(page for page in sorted((ROOT / "docs").rglob("*.md")) if not MADE & set(page.parts)),
    *sorted((ROOT / "examples").rglob("*.md")),
    PACKAGE / "testing" / "README.md",
    PACKAGE / "conformance" / "README.md",
)
FIRST = {"tests", "examples", "docs", "mrecist", *(each.name for each in PACKAGE.iterdir())}
NAMED = re.compile(r"(?<![\w/.-])(?P<path>[\w.]+(?:/[\w.-]+)+\.(?:py|md|toml))\b")
PLACEHOLDER = re.compile(r"/(?:X|NAME)\.")


def named(page: Path) -> set[str]:
    """The files of this project that a page names by their path."""
    found = {each["path"] for each in NAMED.finditer(page.read_text("utf-8"))}
    return {path for path in found if path.split("/")[0] in FIRST and not PLACEHOLDER.search(path)}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_named_files(page: Path) -> None:
    """A path stands from the root, or from the package as CONTRIBUTING has it."""
    lost = {
        path
        for path in named(page)
        if not any((start / path).is_file() for start in (ROOT, PACKAGE, page.parent))
    }
    assert lost == set()


def test_some() -> None:
    """The pages are found, and name files."""
    assert len(PAGES) > 30
    assert sum(len(named(page)) for page in PAGES) > 40


def test_counted() -> None:
    """Cases and laws are counted as they are."""
    cases = f"{len(conformance.cases())} "
    assert cases + "cases are JSON files" in read("docs/tutorials/property_testing.md")
    assert cases + "conformance cases name the rule" in read("docs/how_it_works.md")
    assert (len(laws.LAWS), len(laws.READER_LAWS)) == (20, 9)
    told = "There are twenty, and nine more for several readers."
    assert told in read("docs/tutorials/property_testing.md")


def read(path: str) -> str:
    """The text of a page."""
    return (ROOT / path).read_text("utf-8")
