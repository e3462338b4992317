"""The cases of the suite, as the files of the package hold them."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import attrs

from .._base.errors import NotThereError
from .._base.json_text import parse
from .._base.outputs import replacing, together

__all__ = ["Case", "cases", "copy"]


@attrs.frozen(kw_only=True, repr=False, eq=False)
class Case:
    """One case: a document, the criteria, and what an implementation must make of it.

    `rules` are the ids that it exercises: of rules, readings, problems and mistakes. A valid case
    has `expect`, part of an assessment document; an invalid one `errors`, the paths of all its
    mistakes. `text` is the document as JSON text; only there is a key seen that is given twice.
    """

    id: str
    topic: str
    reason: str
    source: str
    criteria: str
    rules: tuple[str, ...]
    document: Any
    text: str
    only_text: bool
    expect: dict[str, Any] | None
    errors: tuple[str, ...] | None

    @property
    def valid(self) -> bool:
        """Whether the document is a sound case, to be assessed."""
        return self.errors is None

    def __repr__(self) -> str:
        return f"<Case {self.id}: {self.reason}>"

    @classmethod
    def of(cls, topic: str, entry: dict[str, Any]) -> Case:
        """A case as an entry of a file gives it."""
        only_text = "text" in entry
        text = entry["text"] if only_text else json.dumps(entry["case"], ensure_ascii=False)
        errors = entry.get("errors")
        return cls(
            id=entry["id"],
            topic=topic,
            reason=entry["reason"],
            source=entry["source"],
            criteria=entry["criteria"],
            rules=tuple(entry["rules"]),
            document=parse(text) if only_text else entry["case"],
            text=text,
            only_text=only_text,
            expect=entry.get("expect"),
            errors=None if errors is None else tuple(errors),
        )


def cases(*, rules: Collection[str] = ()) -> tuple[Case, ...]:
    """Every case of the suite, in a fixed order; with `rules` those that exercise one of them.

    Raises `NotThereError` for an id that no case exercises.
    """
    every = _all()
    unknown = [rule for rule in rules if not any(rule in case.rules for case in every)]
    if unknown:
        raise NotThereError(f"no case exercises {', '.join(unknown)}")
    return tuple(case for case in every if not rules or not set(rules).isdisjoint(case.rules))


@cache
def _all() -> tuple[Case, ...]:
    return tuple(
        Case.of(file.name.removesuffix(".json"), entry)
        for file in _files()
        if file.name.endswith(".json")
        for entry in json.loads(file.read_bytes())
    )


def _files() -> Iterator[Traversable]:
    """The files of cases, by name, and the page that describes them."""
    package = resources.files(__package__)
    yield from sorted(package.joinpath("cases").iterdir(), key=lambda file: file.name)
    yield package.joinpath("README.md")


@together()
def copy(folder: str | os.PathLike[str]) -> list[Path]:
    """Copy the files of cases and their description into a folder; returns what was written.

    The folder is made where it is not there; files of the same names are replaced.
    """
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    written = []
    for file in _files():
        path = target / file.name
        with replacing(path) as new:
            new.write_bytes(file.read_bytes())
        written.append(path)
    return written
