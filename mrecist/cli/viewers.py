"""Measurements of viewers on the command line: DICOM reports and exports of OHIF."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from .options import takes_choice
from .sheets import lines_of

if TYPE_CHECKING:
    from pathlib import Path

    from ..io.study import Study

__all__ = ["FLAGS", "KINDS", "study_of_viewer", "takes_viewers", "viewer_kind"]

KINDS = {"dicom-sr": "reports of DICOM", "ohif-csv": "an export of OHIF"}
"""What is read here, as `--from` and as messages call it."""

FLAGS = {
    "dicom-sr": ("measures", "reader", "lesion_key", "study_date", "place"),
    "ohif-csv": ("measures", "column", "study_date", "place"),
}
"""The flags of each, by the names of their options."""

_KEYS = ("tracking-id", "tracking-uid", "finding")
_MOST_FILES = 1000
_PREAMBLE, _MARK = 128, b"DICM"
_OHIF = (b"patient id", b"studyinstanceuid", b"sopinstanceuid")


def takes_viewers(command: argparse.ArgumentParser, *, reader: bool) -> None:
    """Add the flags that answer what viewers do not say; `--reader` may be there."""
    group = command.add_argument_group(
        "DICOM SR and OHIF",
        "A structured report (TID 1500), a folder of them, or an export (.csv).",
    )
    if reader:
        group.add_argument(
            "--reader",
            metavar="R",
            help="The reader whose measurements "
            "are taken, or each. Default: it is asked for where there are "
            "several.",
        )
    takes_choice(
        group,
        "--lesion-key",
        _KEYS,
        "What names a lesion in reports: {known}. Default: it is asked for where it matters.",
        metavar="KEY",
    )
    group.add_argument(
        "--study-date",
        metavar="UID=DATE",
        action="append",
        default=[],
        type=_pair,
        help="The date of a study by its StudyInstanceUID; it may be repeated. Default: that of "
        "the report.",
    )
    group.add_argument(
        "--place",
        metavar="[LESION=]PLACE",
        action="append",
        default=[],
        type=_place,
        help="The place where a lesion lies; without LESION, every one of which nothing says it. "
        "It may be repeated. Default: it is asked for.",
    )


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals and value):
        raise argparse.ArgumentTypeError(f"must be UID=DATE, got {text!r}")
    return name, value


def _place(text: str) -> tuple[str | None, str]:
    name, equals, value = text.rpartition("=")
    if not value or (equals and not name):
        raise argparse.ArgumentTypeError(f"must be PLACE or LESION=PLACE, got {text!r}")
    return name or None, value


def viewer_kind(path: str) -> str | None:
    """What a file or a folder is: `"dicom-sr"`, `"ohif-csv"`; else nothing of these."""
    try:
        if os.path.isdir(path):
            return "dicom-sr" if any(map(_is_dicom, _inside(path))) else None
        if not os.path.isfile(path):
            return None
        if path.lower().endswith(".dcm") or _is_dicom(path):
            return "dicom-sr"
        return "ohif-csv" if path.lower().endswith(".csv") and _is_of_ohif(path) else None
    except OSError:
        return None


def _is_dicom(path: str | os.PathLike[str]) -> bool:
    with open(path, "rb") as file:
        return file.read(_PREAMBLE + len(_MARK))[_PREAMBLE:] == _MARK


def _is_of_ohif(path: str) -> bool:
    """Whether the first line has the columns of an export."""
    with open(path, "rb") as file:
        head = file.readline(1 << 16).lower()
    return all(name in head for name in _OHIF)


def _inside(folder: str) -> Iterator[Path]:
    """The first files of a folder, with those of folders inside."""
    from pathlib import Path  # few sources are folders

    files = (each for each in sorted(Path(folder).rglob("*")) if each.is_file())
    return islice(files, _MOST_FILES)


def study_of_viewer(options: argparse.Namespace, kind: str) -> Study:
    """The study of reports or of an export, its mistakes collected. Raises as its reader does."""
    from ..io.dicom_sr import read_dicom_sr
    from ..io.ohif_csv import read_ohif_csv

    settings: dict[str, Any] = {
        "measures": options.measures, "dates": dict(options.study_date), "lines": lines_of(options),
        "locations": _places(options.place), "errors": "collect",
    }  # fmt: skip
    if kind == "ohif-csv":
        lesion = dict(options.column).get("lesion", "Label")
        return read_ohif_csv(options.file, lesion=lesion, **settings)
    key = options.lesion_key and options.lesion_key.replace("-", "_")
    return read_dicom_sr(options.file, reader=options.reader, lesion_key=key, **settings)


def _places(given: list[tuple[str | None, str]]) -> dict[str | None, str]:
    """Places by lesion; that of all others under `None`."""
    return dict(given)
