"""The pages of the documentation that are made from the package say all that it knows."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import mrecist
from mrecist.rulebook.index import TABLES
from mrecist.rulebook.notes import NOTES

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def made() -> Iterator[ModuleType]:
    """The module that makes the pages: of the site, not of the package."""
    sys.path.insert(0, str(DOCS / "_ext"))
    try:
        import mrecist_pages

        yield mrecist_pages
    finally:
        sys.path.remove(str(DOCS / "_ext"))


@pytest.fixture(scope="module")
def pages(made: ModuleType) -> dict[str, str]:
    told: dict[str, str] = made.pages()
    return told


def test_every_rule(pages: dict[str, str]) -> None:
    """Each table is a grid on its page; each rule is told there with its source and mark."""
    for name, tables in TABLES.items():
        page = pages[f"rulebook/table-{name}.md"]
        assert page.count("| verdict | rule | mark |") == len(tables)
        for rule in (rule for table in tables for rule in table.rules):
            assert f"\n### {rule.id}\n" in page
            assert f" | {rule.id} | " in page
        assert page.count("Source: ") == sum(len(table.rules) for table in tables)
        assert f"table-{name}\n" in pages["rulebook/index.md"]


def test_every_reading_problem_and_note(pages: dict[str, str]) -> None:
    """Each has a section, with its reason, its cure, or what is probably meant."""
    for page, ids, word in (
        ("readings", [reading.id for reading in mrecist.READINGS], "*Because*"),
        ("problems", list(mrecist.PROBLEMS), "*What to do:*"),
        ("notes", list(NOTES), "*Probably meant:*"),
        ("to_check", list(mrecist.TO_CHECK), "Read:"),
    ):
        sections = pages[f"rulebook/{page}.md"].split("\n## ")[1:]
        assert [section.partition("\n")[0] for section in sections] == ids
        assert all(word in section for section in sections)


def test_criteria_and_policies(pages: dict[str, str]) -> None:
    """Each set of criteria shows every number, each policy every clause."""
    assert all(f"\n## {name}\n" in pages["rulebook/criteria.md"] for name in mrecist.CRITERIA)
    assert pages["rulebook/criteria.md"].count("| stable\\_days |") == len(mrecist.CRITERIA)
    for name, policy in mrecist.POLICIES.items():
        assert f"\n## {name}\n" in pages["rulebook/policies.md"]
        assert all(f"| {clause.id} |" in pages["rulebook/policies.md"] for clause in policy.clauses)


def test_every_public_name(pages: dict[str, str]) -> None:
    """Each public name is a section of one page."""
    headings = [
        line.removeprefix("## ")
        for name, page in pages.items()
        if name.startswith("api/") and not name.startswith("api/mrecist.")
        for line in page.splitlines()
        if line.startswith("## ")
    ]
    headings = [each for each in headings if each not in ("Names of `mrecist`", "Packages")]
    assert sorted(headings) == sorted(mrecist.__all__)


def test_every_argument(pages: dict[str, str]) -> None:
    """Each argument of each public function is defined in a list; no section is left as text."""
    api = "\n".join(page for name, page in pages.items() if name.startswith("api/"))
    for name in mrecist.__all__:
        function = getattr(mrecist, name)
        if inspect.isfunction(function):
            section = api.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
            defined = re.findall(r"^`(\w+)`\n: \S", section, re.MULTILINE)
            assert defined[: len(names := list(inspect.signature(function).parameters))] == names
            assert "**Returns**" in section or name == "write_documents"
            assert "**Example**\n\n```python\n" in section
    assert not re.search(r"^\W*(Args|Returns|Raises|Example):$", api, re.MULTILINE)


def test_every_key(pages: dict[str, str]) -> None:
    """Each key of each part of each document is a row, with what may stand there."""
    count = 0
    for name in ("case", "assessment", "error"):
        schema = mrecist.schema(name)
        for part in [schema, *schema.get("$defs", {}).values()]:
            count += len(part.get("properties", ()))
    rows = [line for line in pages["documents.md"].splitlines() if line.startswith("| `")]
    assert len(rows) == count
    assert not [row for row in rows if " |  | " in row]


def test_every_example(pages: dict[str, str]) -> None:
    """Each script is a page, whole, under a title and with what it is about."""
    for path in (DOCS.parent / "examples").rglob("*.py"):
        (page,) = (
            page
            for name, page in pages.items()
            if name.startswith("examples/") and f"/{path.name}`:" in page
        )
        assert path.read_text("utf-8").rstrip() in page
        assert len(page.split("\n\n")[1]) > 20


def test_links_between_pages(pages: dict[str, str]) -> None:
    """No blank of a sentence is left, and nothing that came in is read as markup."""
    assert not [name for name, page in pages.items() if "{total}" in page]


def test_written(made: ModuleType, pages: dict[str, str], tmp_path: Path) -> None:
    """What is written once is left alone the next time; what is no page any more goes."""
    old = tmp_path / "rulebook" / "gone.md"
    old.parent.mkdir()
    old.touch()
    made.write(tmp_path)
    times = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.md")}
    made.write(tmp_path)
    assert old not in times
    assert len(times) == len(pages)
    assert times == {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.md")}
