"""All readers alike: files empty, cut, wide, of mixed encodings; one bad patient of two."""

from __future__ import annotations

import csv
import datetime
import io
import json
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from support.sdtm_rows import ex, rs, tr, tu

from mrecist import CohortError
from mrecist.io import (
    AskError,
    IntakeError,
    Study,
    read_fhir,
    read_ohif_csv,
    read_redcap,
    read_sdtm,
    read_worksheet,
)

QUIET = settings(
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], deadline=None
)
PATIENTS = ("P1", "P2")
Files = dict[str, bytes]
Rows = list[list[str]]


@attrs.frozen
class Format:
    """A format: how it is read, and a sound study of two patients, as rows of text by file."""

    read: Callable[[Path], Study]
    tables: Mapping[str, Rows]
    owner: int = 0
    """The column that names the patient."""

    def files(self, tables: Mapping[str, Rows] | None = None) -> Files:
        return {name: text_of(rows) for name, rows in (tables or self.tables).items()}


def text_of(rows: Rows) -> bytes:
    made = io.StringIO(newline="")
    csv.writer(made, lineterminator="\n").writerows(rows)
    return made.getvalue().encode("utf-8", "surrogatepass")


def of_dicts(rows: list[dict[str, Any]]) -> Rows:
    """Rows of an SDTM domain for both patients, as text."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    made = [["" if row.get(name) is None else str(row[name]) for name in names] for row in rows]
    both = [[patient, *row[1:]] for patient in PATIENTS for row in made]
    assert names[0] == "USUBJID"
    return [names, *both]


WIDE = [
    ["Patient", "Lesion", "Organ", "Role", "2024-01-03", "2024-03-06"],
    ["P1", "S8", "liver", "target", "41", "22"],
    ["P1", "N", "lymph node", "non-target", "12", "NE"],
    ["P2", "S2", "liver", "target", "30 mm", "absent"],
    ["P2", "L", "lung", "target", "18", "18"],
]  # fmt: skip
LONG = [
    ["Patient", "Date", "Lesion", "Organ", "Size", "status", "start", "agents"],
    ["P1", "2024-01-03", "S8", "liver", "41", "", "2024-01-10", "sorafenib"],
    ["P1", "2024-03-06", "S8", "liver", "22", "", "", ""],
    ["P2", "2024-02-03", "S2", "liver", "41", "", "2024-02-10", "sorafenib"],
    ["P2", "2024-04-06", "S2", "liver", "", "absent", "", ""],
]  # fmt: skip
SDTM = {
    "tu.csv": of_dicts([tu("A"), tu("B", "LYMPH NODE", "NON-TARGET")]),
    "tr.csv": of_dicts([
        tr("A", "VDIAM", 40), tr("B", "DIAMETER", 20), tr("A", "VDIAM", 20, "2024-03-06"),
        tr("B", "TUMSTATE", "PRESENT", "2024-03-06"),
    ]),
    "rs.csv": of_dicts([rs("PR", "2024-03-06", "RECIST 1.1")]),
    "ex.csv": of_dicts([ex("sorafenib", "2024-01-10", "2024-05-01")]),
}  # fmt: skip
REDCAP = [
    ["record_id", "redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance",
     "scan", "les", "site", "diam", "lesion_complete"],
    *([patient, event, instrument, number, scan, lesion, site, size, "2"]
      for patient in PATIENTS
      for event, instrument, number, scan, lesion, site, size in (
          ("base", "", "", "2024-01-03", "", "", ""),
          ("base", "lesion", "1", "", "S8", "liver", "30"),
          ("fu", "", "", "2024-03-03", "", "", ""),
          ("fu", "lesion", "1", "", "S8", "liver", "20"))),
]  # fmt: skip
OHIF = [
    ["Patient ID", "Patient Name", "StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID",
     "Label", "AnnotationType", "Length", "Width", "Unit"],
    *([patient, "", uid, "1.9", "1.8", "S8", "Length", size, "", "mm"]
      for patient in PATIENTS for uid, size in (("1.1", "40"), ("1.2", "20"))),
]  # fmt: skip
DATES = {"1.1": "2024-01-03", "1.2": "2024-03-06"}

FORMATS = {
    "wide": Format(lambda path: read_worksheet(path / "a.csv", measures="viable", errors="collect"),
                   {"a.csv": WIDE}),
    "long": Format(lambda path: read_worksheet(path / "a.csv", measures="viable", errors="collect"),
                   {"a.csv": LONG}),
    "sdtm": Format(lambda path: read_sdtm(path, measures="viable", errors="collect"), SDTM),
    "redcap": Format(
        lambda path: read_redcap(
            path / "a.csv", measures="viable", unit="mm", errors="collect",
            fields={"lesion": "les", "organ": "site", "size": "diam", "date": "scan"},
        ), {"a.csv": REDCAP}),
    "ohif": Format(
        lambda path: read_ohif_csv(
            path, dates=DATES, measures="viable", locations="liver", errors="collect"
        ), {"a.csv": OHIF}),
}  # fmt: skip
NAMES = sorted(FORMATS)


def read(form: Format, files: Files) -> Study | None:
    """The study of some files, judged; nothing where they are refused or asked about."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            (Path(folder) / name).write_bytes(content)
        try:
            study = form.read(Path(folder))
        except (AskError, IntakeError):
            return None
    with suppress(AskError):
        study.assess(errors="collect")
        list(study.cases())
    return study


def said_of(study: Study, patient: str) -> dict[str, Any]:
    """All that a study says of a patient, in any order: findings, lines, verdicts."""
    found: dict[str, Any] = {}
    for name in ("findings", "lines"):
        columns = getattr(study, name)
        if columns is not None:
            cells = {each: list(columns[each]) for each in columns if each not in ("source", "row")}
            own = [at for at, who in enumerate(cells["patient"]) if str(who) == patient]
            rows = [
                {each: cells[each][at] for each in cells if cells[each][at] is not None}
                for at in own
            ]
            texts = [{each: str(value) for each, value in row.items()} for row in rows]
            found[name] = sorted(texts, key=repr)
    responses = study.assess(errors="collect").timepoints
    own = [at for at, who in enumerate(responses["patient"]) if str(who) == patient]
    found["response"] = [responses["response"][at] for at in own]
    return found


@pytest.mark.parametrize("name", NAMES)
def test_sound(name: str) -> None:
    """The studies that are spoiled below are sound: two patients, each with a verdict."""
    study = read(FORMATS[name], FORMATS[name].files())
    assert study is not None
    assert study.errors["code"].tolist() == []
    assert {str(who) for who in study.findings["patient"]} == set(PATIENTS)
    for patient in PATIENTS:
        assert len(said_of(study, patient)["response"]) == 1


CELLS = st.sampled_from([
    "", "P2", "P3", "S8", "x", "-1", "0", "1001", "1e400", "NaN", "41", "3,2", "<5", "32x21", "cm",
    "2024-02-31", "2025-01-01", "soon", "absent", "PD", "target", "\u00e4", "\udcff", "\0", "[1]",
    "9" * 50, "=1+1", "TUMIDENT", "VDIAM", "none", "true", '"', "a\nb", "\u3000", "\u0661\u0662",
]) | st.text(max_size=6)  # fmt: skip


@settings(QUIET, max_examples=settings().max_examples // 2)
@given(data=st.data())
@pytest.mark.parametrize("name", NAMES)
def test_one_bad_patient(name: str, data: st.DataObject) -> None:
    """Whatever stands in the cells of one patient, all that is said of the other stays.

    A question may be asked instead, of whatever the cells say; a patient's id is not spoiled here.
    """
    form = FORMATS[name]
    sound = read(form, form.files())
    assert sound is not None
    tables = {each: [list(row) for row in rows] for each, rows in form.tables.items()}
    for _ in range(data.draw(st.integers(1, 4))):
        rows = tables[data.draw(st.sampled_from(sorted(tables)))]
        own = [row for row in rows[1:] if row[form.owner] == "P1"]
        row = data.draw(st.sampled_from(own))
        at = data.draw(st.integers(1, len(row) - 1))
        row[at] = data.draw(CELLS)
    study = read(form, form.files(tables))
    assume(study is not None)
    assert study is not None
    assert said_of(study, "P2") == said_of(sound, "P2")


@pytest.mark.parametrize(
    "content", [b"", b"\n", b" \t\r\n", b"\0\0\0", b"\xef\xbb\xbf", b"\xff\xfe", b"a", b",,,\n,,,"]
)
@pytest.mark.parametrize("name", NAMES)
def test_empty(name: str, content: bytes) -> None:
    """Files that hold nothing, or next to it."""
    form = FORMATS[name]
    for each in form.tables:
        study = read(form, {**form.files(), each: content})
        assert study is None or name in ("sdtm", "ohif")


@pytest.mark.parametrize("name", NAMES)
def test_head_alone(name: str) -> None:
    """Tables without a row."""
    form = FORMATS[name]
    study = read(form, form.files({each: rows[:1] for each, rows in form.tables.items()}))
    assert study is None or len(study.findings["patient"]) == 0


@settings(QUIET, max_examples=settings().max_examples // 2)
@given(data=st.data())
@pytest.mark.parametrize("name", NAMES)
def test_cut_short(name: str, data: st.DataObject) -> None:
    """A file cut anywhere, in any encoding."""
    form = FORMATS[name]
    files = form.files()
    each = data.draw(st.sampled_from(sorted(files)))
    encoding = data.draw(st.sampled_from(["utf-8", "utf-16", "utf-16-be", "utf-8-sig", "cp1252"]))
    content = files[each].decode().encode(encoding)
    read(form, {**files, each: content[: data.draw(st.integers(0, len(content)))]})


@settings(QUIET, max_examples=settings().max_examples // 2)
@given(data=st.data())
@pytest.mark.parametrize("name", NAMES)
def test_mixed_encodings(name: str, data: st.DataObject) -> None:
    """Lines of one file in several encodings, and bytes of none."""
    form = FORMATS[name]
    files = form.files()
    each = data.draw(st.sampled_from(sorted(files)))
    lines = files[each].decode().replace("liver", "l\u00e9sion").split("\n")
    encodings = st.sampled_from(["utf-8", "utf-16-le", "cp1252", "utf-8-sig", "cp932"])
    mixed = b"\n".join(line.encode(data.draw(encodings), "replace") for line in lines)
    at = data.draw(st.integers(0, len(mixed)))
    read(form, {**files, each: mixed[:at] + data.draw(st.binary(max_size=3)) + mixed[at:]})


@pytest.mark.parametrize("name", NAMES)
def test_wide(name: str) -> None:
    """Ten thousand columns more: what stood there is read as before, or the file is refused."""
    form = FORMATS[name]
    sound = read(form, form.files())
    tables = {
        each: [
            [*row, *(f"c{at}" if not number else "" for at in range(10_000))]
            for number, row in enumerate(rows)
        ]
        for each, rows in form.tables.items()
    }
    study = read(form, form.files(tables))
    assert study is not None
    assert sound is not None
    for patient in PATIENTS:
        assert said_of(study, patient) == said_of(sound, patient)


@pytest.mark.parametrize("name", NAMES)
def test_long_cells(name: str) -> None:
    """A cell of a million letters in each column."""
    form = FORMATS[name]
    for each, rows in form.tables.items():
        for at in range(len(rows[0])):
            changed = [list(row) for row in rows]
            changed[1][at] = "9" * 1_000_000
            read(form, form.files({**form.tables, each: changed}))


def test_many_rows() -> None:
    """Rows that repeat each other many times are noted, not refused one by one."""
    rows = [WIDE[0], *(WIDE[1:] * 50)]
    form = FORMATS["wide"]
    study = read(form, form.files({"a.csv": rows}))
    assert study is not None
    assert len(study.findings["patient"]) == 8


# ---- FHIR, whose patients stand in resources


def bundle(*, spoiled: Callable[[dict[str, Any]], None] | None = None) -> dict[str, Any]:
    """Two patients with a size at two dates; what `spoiled` does is done to the first one's."""
    entries = []
    for patient in PATIENTS:
        resources: list[dict[str, Any]] = [
            {"resourceType": "Patient", "id": patient},
            {"resourceType": "BodyStructure", "id": f"{patient}-S8",
             "identifier": [{"value": "S8"}],
             "location": {"coding": [{"system": "http://snomed.info/sct", "code": "10200004"}]},
             "patient": {"reference": f"Patient/{patient}"}},
            *({"resourceType": "Observation", "id": f"{patient}-{date}", "status": "final",
               "code": {"coding": [{"system": "http://loinc.org", "code": "21889-1"}]},
               "subject": {"reference": f"Patient/{patient}"}, "effectiveDateTime": date,
               "focus": [{"reference": f"BodyStructure/{patient}-S8"}],
               "component": [{
                   "code": {"coding": [{"system": "http://loinc.org", "code": "33728-7"}]},
                   "valueQuantity": {"value": size, "unit": "mm",
                                     "system": "http://unitsofmeasure.org", "code": "mm"}}]}
              for date, size in (("2024-01-03", 40), ("2024-03-06", 20))),
        ]  # fmt: skip
        if patient == "P1" and spoiled is not None:
            for resource in resources[1:]:
                spoiled(resource)
        entries += [{"resource": resource} for resource in resources]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every place inside a value of JSON, with its owner."""
    keys = list(value) if isinstance(value, dict) else range(len(value))
    found: list[tuple[Any, Any]] = []
    for key in keys:
        found.append((value, key))
        if isinstance(value[key], (dict, list)):
            found += places(value[key])
    return found


JSON = st.sampled_from([
    None, "", "x", 0, -1, 1e300, True, [], {}, [None], [{}], {"a": 1}, "2024-02-31", "2024", "cm",
    "http://loinc.org", "Patient/P3", [[]], 10**40, "\ud800",
])  # fmt: skip


@QUIET
@given(data=st.data())
def test_one_bad_patient_of_fhir(data: st.DataObject) -> None:
    """Whatever the resources of one patient hold, what is said of the other stays."""

    def spoiled(resource: dict[str, Any]) -> None:
        for _ in range(data.draw(st.integers(0, 2))):
            owner, key = data.draw(st.sampled_from(places(resource)))
            with suppress(KeyError, IndexError, TypeError):
                owner[key] = data.draw(JSON)

    sound = read_fhir(bundle(), measures="viable", errors="collect")
    assert len(said_of(sound, "P2")["response"]) == 1
    with suppress(AskError, IntakeError, CohortError):
        study = read_fhir(bundle(spoiled=spoiled), measures="viable", errors="collect")
        assert said_of(study, "P2") == said_of(sound, "P2")


@QUIET
@given(data=st.data())
def test_fhir_cut_short(data: st.DataObject) -> None:
    """A Bundle cut anywhere, in any encoding; another file of the folder is read all the same."""
    encoding = data.draw(st.sampled_from(["utf-8", "utf-16", "utf-8-sig", "cp1252"]))
    content = json.dumps(bundle()).encode(encoding)
    with tempfile.TemporaryDirectory() as folder:
        end = data.draw(st.integers(0, len(content)))
        (Path(folder) / "a.json").write_bytes(content[:end])
        with suppress(AskError, IntakeError):
            read_fhir(folder, measures="viable", errors="collect")


# ---- workbooks


@pytest.fixture(scope="module")
def workbook() -> bytes:
    """The wide sheet as a workbook."""
    xlsxwriter = pytest.importorskip("xlsxwriter")
    pytest.importorskip("python_calamine")
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Lesions")
        for at, row in enumerate(WIDE):
            sheet.write_row(at, 0, row)
        sheet.write(1, 6, datetime.date(2024, 1, 1).toordinal())
    return made.getvalue()


@QUIET
@given(data=st.data())
def test_workbooks(workbook: bytes, data: st.DataObject) -> None:
    """A workbook cut short or spoiled."""
    spoiled = bytearray(workbook[: data.draw(st.integers(0, len(workbook)))])
    for at, value in data.draw(
        st.lists(st.tuples(st.integers(0), st.binary(max_size=3)), max_size=3)
    ):
        if spoiled:
            place = at % len(spoiled)
            spoiled[place : place + len(value)] = value
    ending = data.draw(st.sampled_from([".xlsx", ".ods", ".xls", ".csv", ".tsv"]))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a{ending}"
        path.write_bytes(bytes(spoiled))
        with suppress(AskError, IntakeError):
            read_worksheet(path, measures="viable", errors="collect").assess(errors="collect")
