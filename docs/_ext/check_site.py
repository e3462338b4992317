"""Check a built site without network: python docs/_ext/check_site.py docs/_build/html

Every link inside the site leads to a page and to a place on it, and no page loads anything from
elsewhere. Links to other sites are left to the reader.
"""

from __future__ import annotations

import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

LOADS = {"script": "src", "img": "src", "iframe": "src", "source": "src", "object": "data"}


class Page(HTMLParser):
    """Links, places and loaded files of one page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.places: set[str] = set()
        self.loads: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        self.places |= {told[name] for name in ("id", "name") if name in told}
        if tag == "a" and "href" in told:
            self.links.append(told["href"])
        if tag == "link" and told.get("rel") in ("stylesheet", "icon", "preload"):
            self.loads.append(told["href"])
        if tag in LOADS and LOADS[tag] in told:
            self.loads.append(told[LOADS[tag]])


def faults(site: Path) -> list[str]:
    """What is wrong with the links of a site."""
    pages = {path: Page(path.read_text("utf-8")) for path in sorted(site.rglob("*.html"))}
    return [fault for path, page in pages.items() for fault in _faults(site, path, page, pages)]


def _faults(site: Path, path: Path, page: Page, pages: dict[Path, Page]) -> list[str]:
    name = path.relative_to(site)
    told = [f"{name}: loads {link}" for link in page.loads if urlsplit(link).netloc]
    for link in [*page.links, *page.loads]:
        parts = urlsplit(link)
        if parts.scheme or parts.netloc or link == "#":
            continue
        target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
        if not target.exists():
            told.append(f"{name}: {link} leads to no file")
        elif parts.fragment and target in pages and parts.fragment not in pages[target].places:
            told.append(f"{name}: {link} leads to no place")
    return told


def main() -> int:
    site = Path(sys.argv[1]).resolve()
    told = faults(site)
    print("\n".join(told) or f"{len(list(site.rglob('*.html')))} pages, every link leads somewhere")
    return bool(told)


if __name__ == "__main__":
    sys.exit(main())
