"""Formats of others on the command line: how they are known, their flags, and bundles out."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from .._base.errors import CaseError, DocumentError, MrecistError
from .._base.json_text import dumps
from ..documents.case import InvalidCase
from ..documents.streams import read_cases
from ..model import Patient
from ..patient.engine import assess
from ..rulebook.criteria import CRITERIA
from .messages import COULD_NOT_RUN, FINE, INVALID, say
from .options import may_write
from .sheets import cases_of_sheet, is_sheet, study_of_sheet
from .summaries import Counts, tell
from .viewers import FLAGS, KINDS, study_of_viewer, takes_viewers, viewer_kind

if TYPE_CHECKING:
    from ..io.study import Study

__all__ = ["kind_of", "study_of", "takes_exchange", "write_bundles"]

_JSON = (".json", ".ndjson", ".jsonl")
_TEXT = (".csv", ".tsv", ".txt")
_REDCAP = (b"redcap_repeat_instrument", b"redcap_event_name")
_LOOKED_AT = 1 << 16
_MAPPED = {
    "fhir": ("drugs", "kinds", "locations", "procedures"),
    "redcap": ("fields", "missing", "procedures"),
}
_FLAGS = {
    **FLAGS,
    "fhir": ("measures", "dates", "responses", "map"),
    "redcap": ("measures", "unit", "column", "map", "dictionary", "instrument"),
    "worksheet": ("measures", "sheet", "unit", "decimal", "date_format", "column"),
}
_EVERY = ("reader", "names", "dates", "responses", "map", "sheet", "unit", "decimal", "date_format",
          "column", "dictionary", "instrument", "lesion_key", "study_date", "place")  # fmt: skip
_NAMES = {**KINDS, "fhir": "FHIR", "redcap": "an export of REDCap", "worksheet": "a worksheet"}


def takes_exchange(command: argparse.ArgumentParser, *, responses: bool = True) -> None:
    """Add the flags that answer what these formats do not say.

    `responses` tells whether `--responses` and `--reader` are still to be added.
    """
    group = command.add_argument_group(
        "FHIR and REDCap", "A Bundle, .ndjson or a folder; a raw export (.csv) by --column."
    )
    if responses:
        group.add_argument(
            "--responses",
            metavar="FHIR=CRITERIA",
            action="append",
            default=[],
            type=_criteria,
            help="The criteria of verdicts that name none themselves, or none to leave them out. "
            "Default: it is asked for.",
        )
    group.add_argument(
        "--dictionary",
        metavar="FILE.csv",
        help="The data dictionary of the REDCap "
        "project. Default: none, and coded answers are asked for.",
    )
    group.add_argument(
        "--instrument",
        metavar="NAME",
        help="The instrument of REDCap whose rows "
        "are lesions. Default: the one that has their fields.",
    )
    takes_viewers(command, reader=responses)


def _criteria(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    if name.upper() != "FHIR" or not value:
        raise argparse.ArgumentTypeError(f"must be FHIR=CRITERIA, got {text!r}")
    return name, value


def kind_of(path: str) -> str | None:
    """What a file or a folder is.

    `"fhir"`, `"redcap"`, `"dicom-sr"`, `"ohif-csv"`, `"worksheet"`; else nothing of these.
    """
    if os.path.isdir(path):
        inside = sorted(name for name in os.listdir(path) if name.lower().endswith(_JSON))
        is_fhir = any(_is_fhir(os.path.join(path, name)) for name in inside)
        return "fhir" if is_fhir else viewer_kind(path)
    if not os.path.isfile(path):  # what is read from a pipe to know it would be lost
        return None
    lower = path.lower()
    if lower.endswith(_JSON):
        return "fhir" if _is_fhir(path) else None
    if lower.endswith(_TEXT) and any(mark in _head(path) for mark in _REDCAP):
        return "redcap"
    return viewer_kind(path) or ("worksheet" if is_sheet(path) else None)


def _is_fhir(path: str) -> bool:
    return b'"resourceType"' in _head(path)


def _head(path: str) -> bytes:
    """The beginning of a file, without the zeros of UTF-16."""
    if not os.path.isfile(path):
        return b""
    try:
        with open(path, "rb") as file:
            return file.read(_LOOKED_AT).replace(b"\0", b"")
    except OSError:
        return b""


def study_of(options: argparse.Namespace, kind: str | None = None) -> Study:
    """The study of a worksheet, or of one of these formats, its mistakes collected.

    Raises `DocumentError` where it cannot be read: a question, whose flag is named, a source that
    is none, or a flag that is not of its kind.
    """
    from ..io.errors import AskError, IntakeError

    kind = kind or kind_of(options.file) or "worksheet"
    foreign = [
        f"--{name.replace('_', '-')}"
        for name in _EVERY
        if name not in _FLAGS[kind] and getattr(options, name, None)
    ]
    if foreign:
        told = f"this is read as {_NAMES[kind]}, which has no {', '.join(foreign)}"
        raise DocumentError(told)
    if kind == "worksheet":
        return study_of_sheet(options)
    try:
        if kind in KINDS:
            return study_of_viewer(options, kind)
        return _of_fhir(options) if kind == "fhir" else _of_redcap(options)
    except AskError as error:
        raise DocumentError(error.on_command_line) from None
    except IntakeError as error:
        raise DocumentError("; ".join(error.lines)) from None
    except (MrecistError, ValueError, ImportError) as error:
        raise DocumentError(" ".join(str(error).split())) from None


def _of_fhir(options: argparse.Namespace) -> Study:
    from ..io.fhir import read_fhir

    settings = _mapped(options, "fhir")
    said = {name.upper(): criteria for name, criteria in options.responses}
    if "FHIR" in said:
        settings["responses"] = None if said["FHIR"] == "none" else said["FHIR"]
    dates = getattr(options, "dates", None) or "last"
    return read_fhir(
        options.file, measures=options.measures, dates=dates, errors="collect", **settings
    )


def _of_redcap(options: argparse.Namespace) -> Study:
    from ..io.redcap import read_redcap

    settings = _mapped(options, "redcap")
    fields = {**settings.pop("fields", {}), **dict(options.column)}
    return read_redcap(
        options.file,
        options.dictionary,
        fields=fields,
        instrument=options.instrument,
        measures=options.measures,
        unit=options.unit,
        errors="collect",
        **settings,
    )


def _mapped(options: argparse.Namespace, kind: str) -> dict[str, Any]:
    """The settings of `--map`, as far as a reader has them."""
    path = getattr(options, "map", None)
    if path is None:
        return {}
    try:
        with open(path, encoding="utf-8") as file:
            settings = json.load(file)
    except (ValueError, RecursionError) as error:
        raise DocumentError(f"{path}: not JSON: {error}") from None
    known = _MAPPED[kind]
    if not isinstance(settings, dict) or not settings.keys() <= set(known):
        raise DocumentError(f"{path}: must be an object with some of {', '.join(known)}")
    for name, value in settings.items():
        if not isinstance(value, list if name == "missing" else Mapping):
            raise DocumentError(f"{path}: {name} must be an object")
    return settings


# ---- out


def write_bundles(options: argparse.Namespace, read: Callable[[], Study | None]) -> int:
    """Write the bundle of each patient: bundle-1.json and so on, and errors.csv.

    `read` gives the study of what is not a file of case documents, or `None` where it cannot be
    read, which has been said.
    """
    from .._base.outputs import together  # only where files are written

    with together():
        return _write_bundles(options, read)


def _write_bundles(options: argparse.Namespace, read: Callable[[], Study | None]) -> int:
    from ..io.tables_out import write_tables

    charts = _charts(options, read)
    if charts is None:
        return COULD_NOT_RUN
    names = [os.path.join(options.out, f"bundle-{at}.json") for at in range(1, len(charts) + 1)]
    listed = os.path.join(options.out, "errors.csv")
    if not may_write([*names, listed], [options.file]):
        return COULD_NOT_RUN
    os.makedirs(options.out, exist_ok=True)
    errors: list[tuple[str | None, str]] = []
    for path, chart in zip(names, charts, strict=True):
        errors += _written(path, chart, options.criteria)
    columns = zip(*errors, strict=True) if errors else ((), ())
    write_tables({listed: dict(zip(("patient", "error"), columns, strict=True))})
    for who, error in errors:
        say(f"{options.file}: {'' if who is None else f'patient {who}: '}{error}")
    tell(options, Counts(patients=len(charts), errors=len(errors)), written=options.out)
    return INVALID if errors else FINE


def _charts(
    options: argparse.Namespace, read: Callable[[], Study | None]
) -> list[Patient | InvalidCase] | None:
    """The charts of a source of any kind."""
    is_file = os.path.isfile(options.file) and options.file.lower().endswith(_JSON)
    if is_file and options.kind is None and kind_of(options.file) is None:
        return list(read_cases(options.file))
    study = read()
    return None if study is None else list(cases_of_sheet(options, study))


def _written(
    path: str, chart: Patient | InvalidCase, criteria: str
) -> list[tuple[str | None, str]]:
    """Write the bundle of a chart; the mistakes for which it has none."""
    from .._base.outputs import write_text
    from ..io.fhir_out import fhir_bundles

    if isinstance(chart, InvalidCase):
        return [(chart.patient, error) for error in chart.errors]
    try:
        (bundle,) = fhir_bundles(assess(chart, criteria=CRITERIA[criteria]))
    except CaseError as error:
        return [(chart.id, f"{path}: {told}") for path, told in error.mistakes]
    write_text(path, dumps(bundle, indent=1) + "\n")
    return []
