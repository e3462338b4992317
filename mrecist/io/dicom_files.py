"""Files of DICOM, found and opened: structured reports are read, all else is named."""

from __future__ import annotations

import io
import os
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import attrs

from .._base.converters import shown
from .._base.extras import extra
from .dicom_codes import REPORT_CLASSES, text_of
from .dicom_whole import is_whole
from .problems import Notes

__all__ = ["Opened", "is_dicom", "reports"]

_PREAMBLE = 128
_MARK = b"DICM"
_NOT_READ = {
    "1.2.840.10008.5.1.4.1.1.66.4": "a segmentation (SEG)",
    "1.2.840.10008.5.1.4.1.1.481.3": "a structure set (RTSTRUCT)",
    "1.2.840.10008.1.3.10": "a directory (DICOMDIR)",
}
"""What is no report, by its storage class."""


@attrs.frozen(eq=False)
class Opened:
    """A structured report: the name of its file and what it holds."""

    name: str
    data: Any


def is_dicom(path: str | os.PathLike[str]) -> bool:
    """Whether a file is one of DICOM, by its first bytes; `OSError` where it cannot be read."""
    with open(path, "rb") as file:
        return file.read(_PREAMBLE + len(_MARK)).endswith(_MARK)


def reports(paths: Any, notes: Notes) -> Iterator[Opened]:
    """Each structured report of some files and folders, in the order of their names.

    A file that is named must be one; in a folder other files are counted, and noted by their kind.
    Raises `OSError` for a path that is not there.
    """
    dicom = extra("pydicom", of="dicom", purpose="DICOM files need")
    others: Counter[str] = Counter()
    first: dict[str, str] = {}
    for path in _paths(paths):
        if not path.is_dir():
            yield from _report(dicom, path, path.name, notes, None)
            continue
        for each in sorted(each for each in path.rglob("*") if each.is_file()):
            name = each.relative_to(path).as_posix()
            passed: list[str] = []
            yield from _report(dicom, each, name, notes, passed)
            others.update(passed)
            for kind in passed:
                first.setdefault(kind, name)
    for kind, count in others.items():
        more = f", and {count - 1} more" if count > 1 else ""
        notes.note("OTHER_FILE", None, first[kind], None, f"it is {kind}{more}")


def _paths(paths: Any) -> list[Path]:
    if isinstance(paths, (str, os.PathLike)):
        return [Path(paths)]
    if not isinstance(paths, Iterable):
        raise TypeError(f"paths must be a path or several, got {shown(paths)}")
    found = [Path(each) for each in paths]
    if not found:
        raise ValueError("paths must name a file or a folder, got none")
    return found


def _report(
    dicom: Any, path: Path, name: str, notes: Notes, passed: list[str] | None
) -> Iterator[Opened]:
    """A file if it is a report; else a mistake, or, where `passed` is a list, its kind."""
    kind: str | None = "not a file of DICOM"
    data = told = None
    if is_dicom(path):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                head = dicom.dcmread(path, stop_before_pixels=True, specific_tags=["SOPClassUID"])
                kind = _kind(text_of(head, "SOPClassUID"))
                if kind is None:
                    content = path.read_bytes()
                    data = dicom.dcmread(io.BytesIO(content))
                    told = _fault(data, content)
        except Exception as error:
            told = f"not a sound file: {' '.join(str(error).split())[:200]}"
    if told is not None:
        notes.refuse("NOT_A_TABLE", None, name, None, "", told)
        return
    if kind is None:
        yield Opened(name, data)
    elif passed is not None:
        passed.append(kind)
    else:
        told = f"must be a structured report of DICOM, is {kind}"
        notes.refuse("NOT_A_TABLE", None, name, None, "", told)


def _fault(data: Any, content: bytes) -> str | None:
    """What is wrong with the file of a report."""
    if not is_whole(content):
        return "the file was cut short: it ends inside an element"
    return None if "ContentSequence" in data else "the report has no content"


def _kind(storage: str | None) -> str | None:
    """What a file is that is no report."""
    if storage in REPORT_CLASSES:
        return None
    return _NOT_READ.get(storage or "", f"of the storage class {storage or 'unknown'}")
