"""The edition of the rulebook: a short name that changes when any of its files does.

Two installations that print the same edition decide by the same tables, numbers and readings.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

__all__ = ["edition"]

DIGITS = 8
UNKNOWN = "unknown"


def edition(folder: Path | None = None) -> str:
    """The first digits of the SHA-256 of the rulebook's source, or `unknown` where it has none.

    Line ends do not matter. Nothing of the rulebook is imported: it is fast.
    """
    digest = sha256()
    paths = sorted((folder or Path(__file__).parent).glob("*.py"), key=lambda path: path.name)
    for path in paths:
        digest.update(path.name.encode())
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:DIGITS] if paths else UNKNOWN
