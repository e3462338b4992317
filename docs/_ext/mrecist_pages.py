"""Sphinx extension: pages made from the package when the site is built.

Writes `generated/` beside the other pages: the rulebook, the API, the documents,
the examples and the changelog. Files that
would not change are left alone, so that a second build is quick.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import api_pages
import example_pages
import rulebook_pages
import schema_pages

ROOT = Path(__file__).parents[2]


def pages() -> dict[str, str]:
    """The text of every generated page by its path under `generated/`."""
    return {
        **{f"rulebook/{name}.md": text for name, text in rulebook_pages.pages().items()},
        **{f"api/{name}.md": text for name, text in api_pages.pages().items()},
        **{f"examples/{name}.md": text for name, text in example_pages.pages().items()},
        "documents.md": schema_pages.page(),
        "changelog.md": (ROOT / "CHANGELOG.md").read_text("utf-8"),
    }


def write(folder: Path) -> None:
    """Write all pages into a folder, and remove Markdown files of an earlier build."""
    made = pages()
    for path in folder.rglob("*.md"):
        if path.relative_to(folder).as_posix() not in made:
            path.unlink()
    for name, text in made.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")


def setup(app: Any) -> dict[str, bool]:
    """Called by Sphinx."""
    app.connect("builder-inited", lambda app: write(Path(app.srcdir) / "generated"))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
