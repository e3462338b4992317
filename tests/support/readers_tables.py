"""Tables of several readers, by the words that each reader's sizes come to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

DAYS = (56, 112, 168)
SIZES = {"CR": 0, "PR": 20, "SD": 22, "PD": 60}
"""Sizes of the one target, 30 mm at baseline, that give each word, also after a PR."""

Words = Mapping[str, Mapping[str, str]]


def readings_of(charts: Words, days: Mapping[str, tuple[int, ...]] | None = None) -> dict[str, Any]:
    """One row per finding. `charts` gives by patient and reader the words of the follow-ups.

    `-` is no follow-up. `days` are those of a reader's follow-ups, left out `DAYS`.
    """
    rows: list[tuple[Any, ...]] = []
    for patient, readers in charts.items():
        for reader, words in readers.items():
            rows.append((patient, reader, 0, "T1", 30, None))
            for day, word in zip((days or {}).get(reader, DAYS), words.split(), strict=False):
                if word == "NE":
                    rows.append((patient, reader, day, "T1", None, "not evaluable"))
                elif word != "-":
                    rows.append((patient, reader, day, "T1", SIZES[word], None))
    names = ("patient", "reader", "date", "lesion", "viable_mm", "status")
    return {name: list(cells) for name, cells in zip(names, zip(*rows, strict=True), strict=True)}
