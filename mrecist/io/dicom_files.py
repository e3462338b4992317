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

__all__ = ["Opened", "reports"]

_PREAMBLE = 128
_MARK = b"DICM"
_LARGE = 1 << 20
"""Bytes of a file that is not looked at to its end if it says that it is no report."""
_NOT_READ = {
    "1.2.840.10008.5.1.4.1.1.66.4": "a segmentation (SEG)",
    "1.2.840.10008.5.1.4.1.1.481.3": "a structure set (RTSTRUCT)",
    "1.2.840.10008.1.3.10": "a directory (DICOMDIR)",
}
"""What is no report, by its storage class."""


@attrs.frozen(eq=False)
class Opened:
    """A structured report: its file, the name of it in messages, and what it holds."""

    path: str
    name: str
    data: Any


def _is_dicom(path: Path) -> bool:
    """Whether a file is one of DICOM, by its first bytes."""
    with path.open("rb") as file:
        return file.read(_PREAMBLE + len(_MARK))[_PREAMBLE:] == _MARK


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
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            kind, data = _read(dicom, path)
    except OSError:
        raise
    except Exception as error:
        told = f"not a sound file: {' '.join(str(error).split())[:200]}"
        notes.refuse("NOT_A_TABLE", None, name, None, "", told)
        return
    if kind is None:
        yield Opened(os.fspath(path), name, data)
    elif passed is not None:
        passed.append(kind)
    else:
        told = f"must be a structured report of DICOM, is {kind}"
        notes.refuse("NOT_A_TABLE", None, name, None, "", told)


def _read(dicom: Any, path: Path) -> tuple[str | None, Any]:
    """What a file is that is no report; else what it holds. Raises whatever is wrong with it."""
    if not _is_dicom(path):
        return "not a file of DICOM", None
    head = dicom.dcmread(path, stop_before_pixels=True, specific_tags=["SOPClassUID"])
    kind = _kind(_storage(head))
    if kind is not None and path.stat().st_size > _LARGE:
        return kind, None
    content = path.read_bytes()
    if not is_whole(content):
        raise ValueError("it was cut short: it ends inside an element")
    if kind is not None:
        return kind, None
    data = dicom.dcmread(io.BytesIO(content))
    if "ContentSequence" not in data:
        raise ValueError("it has no content")
    return None, data


def _storage(head: Any) -> str:
    """The storage class of a file."""
    storage = text_of(head, "SOPClassUID") or text_of(head.file_meta, "MediaStorageSOPClassUID")
    if storage is None:
        raise ValueError("it has no storage class")
    return storage


def _kind(storage: str) -> str | None:
    """What a file is that is no report."""
    if storage in REPORT_CLASSES:
        return None
    return _NOT_READ.get(storage, f"of the storage class {storage}")
