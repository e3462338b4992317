"""The settings of `read_sdtm` that tables are given for: their shape, and the words in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from .._base.converters import shown
from .._base.errors import MrecistError
from .._base.record_values import kind as kind_of
from .sdtm_files import DOMAINS

__all__ = ["SETTINGS", "SettingsError", "check_phase", "check_settings", "check_texts"]

SETTINGS = ("cm", "kinds", "locations", "names", "pr", "responses")
"""The settings that are checked here."""


class SettingsError(MrecistError, ValueError):
    """Settings of the wrong shape; `lines` says why, one line each."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = tuple(lines)
        super().__init__(self.lines)

    def __str__(self) -> str:
        return "\n".join(self.lines)


def check_settings(settings: Mapping[str, Any]) -> None:
    """Refuse settings by the path of each fault; `None` is a setting that is not given."""
    wrong: list[str] = []
    for name in SETTINGS:
        value = settings.get(name)
        if value is None or (name == "responses" and not isinstance(value, Mapping)):
            wrong += _of_list(name, value)
        elif not isinstance(value, Mapping):
            wrong.append(f"{name}: must be a mapping, got {shown(value)}")
        else:
            for key, cell in value.items():
                wrong += _of_entry(name, key, cell)
    if wrong:
        raise SettingsError(wrong)


def _of_list(name: str, value: Any) -> Iterator[str]:
    """What is wrong with a setting that is one text or a list of them."""
    texts = [] if value is None else [value] if isinstance(value, str) else value
    if not isinstance(texts, Iterable) or not all(isinstance(each, str) for each in texts):
        yield f"{name}: must be a text, a list of texts, or a mapping, got {shown(value)}"


def _of_entry(name: str, key: Any, cell: Any) -> Iterator[str]:
    """What is wrong with one entry of a mapping."""
    where = f"{name}.{key}"
    if not isinstance(key, str):
        yield f"{where}: must be named by a text, got {shown(key)}"
    elif name == "names" and key.upper() not in DOMAINS:
        yield f"{where}: must be named by one of {', '.join(DOMAINS)}, got {shown(key)}"
    if name == "locations":
        if isinstance(cell, str) or not isinstance(cell, Sequence) or len(cell) != 2:
            yield f"{where}: must be a pair of organ and kind, got {shown(cell)}"
            return
        organ, cell = cell
        if not isinstance(organ, str):
            yield f"{where}: must begin with an organ, got {shown(organ)}"
    if name in ("kinds", "locations"):
        try:
            kind_of(cell)
        except ValueError as error:
            yield f"{where}: {error}"
    elif not isinstance(cell, str):
        yield f"{where}: must be a text, got {shown(cell)}"


def check_phase(arterial: Any) -> None:
    """Refuse an `arterial_phase` that is no flag, no mapping of flags, and not "method"."""
    if isinstance(arterial, Mapping):
        wrong = [
            f"arterial_phase: must be named by (patient, date), got {shown(key)}"
            for key in arterial
            if not isinstance(key, tuple) or len(key) != len(("patient", "date"))
        ]
        wrong += [
            f"arterial_phase.{key}: must be True or False, got {shown(each)}"
            for key, each in arterial.items()
            if not isinstance(each, (bool, np.bool_))
        ]
        if wrong:
            raise SettingsError(wrong)
    elif not isinstance(arterial, bool) and arterial != "method":
        known = 'True, False, "method", or a mapping of (patient, date) to flags'
        raise SettingsError([f"arterial_phase: must be {known}, got {shown(arterial)}"])


def check_texts(settings: Mapping[str, Any]) -> None:
    """Refuse settings that are no mappings of texts to texts; `None` is one that is not given."""
    wrong: list[str] = []
    for name, value in settings.items():
        if value is not None and not isinstance(value, Mapping):
            wrong.append(f"{name}: must be a mapping, got {shown(value)}")
        for key, cell in value.items() if isinstance(value, Mapping) else ():
            if not isinstance(key, str) or not isinstance(cell, str):
                told = f"must be a text by a text, got {shown(cell)} by {shown(key)}"
                wrong.append(f"{name}: {told}")
    if wrong:
        raise SettingsError(wrong)
