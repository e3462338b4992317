"""Every kind of file that the command line reads, small and sound, and values that are hostile."""

from __future__ import annotations

import copy
import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import attrs

import mrecist
from support.fhir_rows import bundle, dose, lesion, observation, response, size
from support.sdtm_rows import ex, rs, tables, tr, tu

HOSTILE: dict[str, str] = {
    "nothing": "",
    "blank": " ",
    "pandas' nothing": "NA",
    "escape": "\x1b[31mred\x1b[0m",
    "null character": "a\0b",
    "backspaces": "ok\b\b\b\rbad",
    "two lines": "a\nb",
    "other lines": "a\u2028b\u0085c",
    "turned": "\u202egnp.exe\u2066",
    "formula": '=HYPERLINK("x")',
    "plus": "+1+1",
    "at": "@SUM(1)",
    "tab": "\t=1",
    "long": "x" * 70_000,
    "many digits": "1" * 70_000 + "x",
    "large": str(2**63),
    "exponent": "1e300",
    "huge exponent": "1e999999999",
    "negative": "-3",
    "infinity": "inf",
    "no day": "2024-02-30",
    "year 0": "0000-01-01",
    "year 9999": "9999-12-31",
    "arabic digits": "\u0664\u0661",
    "full width": "\uff14\uff11",
    "quote": 'a"b',
    "path": "../../etc/passwd",
    "markup": "<script>alert(1)</script>",
    "separators": "a;b+c,d|e",
    "percent": "%s {0} {x!r} $HOME",
    "semicolon": ";",
    "astral": "\U0001f600",
    "apostrophe": "'=x",
}  # fmt: skip
VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 2**63, 10**400, 1e300, float("nan"), [], {}, [[]], [None], {"": {}},
    [1] * 50, "\ud800",
)  # fmt: skip
"""What a document may hold in the place of a text, beside all of `HOSTILE`."""


@attrs.frozen
class Input:
    """Files by name, and the commands that read them; `data` is spoiled, the rest is not."""

    data: str
    files: dict[str, Any]
    commands: tuple[str, ...]


def table(*rows: str) -> list[list[str]]:
    return [row.split(",") for row in rows]


def columns(made: dict[str, list[Any]]) -> list[list[str]]:
    cells = zip(*made.values(), strict=True)
    return [list(made), *([str("" if cell is None else cell) for cell in row] for row in cells)]


def sizes(name: str) -> list[Any]:
    subject = {"reference": f"Patient/{name}"}
    return [
        size("S8", value, date, subject=subject, id=f"{name}{date}")
        for value, date in ((14, "2024-01-03"), (9.8, "2024-03-06"))
    ]


def _case() -> dict[str, Any]:
    case = mrecist.to_case(mrecist.example_case("synthetic"))
    case["timepoints"] = case["timepoints"][:3]
    case["timepoints"][1]["reported"] = {"mrecist": "PR"}
    case["timepoints"][1]["visit"] = "V1"
    for line in case["lines"]:
        line.pop("baseline", None)
    case["procedures"] = [{"date": "2024-02-01", "kind": "TACE", "lesions": [], "text": "a"}]
    return json.loads(json.dumps(case))  # type: ignore[no-any-return]


def _domains() -> dict[str, Any]:
    made = tables(
        tu=[tu("A"), tu("C", role="NEW")],
        tr=[tr("A", "VDIAM", 40, VISITNUM=1), tr("A", "VDIAM", 20, "2024-03-06", VISITNUM=2)],
        rs=[rs("PR", "2024-03-06", "RECIST 1.1")],
        ex=[ex("sorafenib", "2024-01-10", "2024-05-01")],
        lb=[{"USUBJID": "P1", "LBTESTCD": "AFP", "LBSTRESN": 4, "LBDTC": "2024-02-01"}],
    )
    return {f"study/{name.lower()}.csv": columns(made[name]) for name in made}


_FINDINGS = table(
    "patient,date,lesion,organ,kind,viable_mm,visit,reported,note",
    "P1,2024-01-03,S8,liver,nodule,41,V0,,a",
    "P1,2024-03-06,S8,liver,nodule,20,V1,PR,b",
    "P2,2024-01-03,S8,liver,nodule,30,V0,,c",
)
_LINES = table(
    "patient,start,agents,stop,targets", "P1,2024-01-04,SOR,2024-05-01,S8", "P2,2024-01-04,LEN,,"
)
_PROCEDURES = table("patient,date,kind,lesions", "P1,2024-02-01,TACE,S8")
_READINGS = [
    [*row, reader]
    for reader in ("reader", "R1", "R2")
    for row in (_FINDINGS[:1] if reader == "reader" else _FINDINGS[1:])
]
_DECISIONS = table("patient,line,accepted,by,reason", "P1,1,R1,R3,x")
_SHEET = table(
    "Patient,Lesion,Organ,Role,2024-01-03,2024-03-06",
    "P1,S8,liver,target,41,20",
    "P2,S8,liver,target,30,12.5 mm",
)
_LONG = table(
    "Patient,Lesion,Date,Viable (mm),Organ,start,agents",
    "P1,S8,2024-01-03,41,liver,2024-01-04,SOR",
    "P1,S8,2024-03-06,20,liver,,",
)
_REDCAP = table(
    "record_id,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,day,les,mm",
    "1,a,,,2024-01-03,,",
    "1,a,lesion,1,,S8,14",
    "1,b,,,2024-03-06,,",
    "1,b,lesion,1,,S8,9.8",
)
_DICTIONARY = table(
    "Variable / Field Name,Form Name,Field Type,Field Label,"
    '"Choices, Calculations, OR Slider Labels",Field Note',
    "les,lesion,text,Lesion,,",
    "mm,lesion,text,Size,,",
)
_DICTIONARY = [list(next(csv.reader([",".join(row)]))) for row in _DICTIONARY]
_OHIF = table(
    "Patient ID,Patient Name,StudyInstanceUID,SeriesInstanceUID,SOPInstanceUID,Label,"
    "AnnotationType,Length,Unit",
    "P1,N,1.1,1.9,1.8,S8,Length,40,mm",
    "P1,N,1.2,1.9,1.8,S8,Length,20,mm",
)
_FHIR = bundle(
    lesion("S8"),
    *sizes("P1"),
    *sizes("P2"),
    response("PARTIAL-RESPONSE"),
    dose("MedicationAdministration", "sorafenib", "2024-01-10", "2024-05-01"),
    observation(
        "m",
        {"coding": [{"system": "http://loinc.org", "code": "1834-1"}]},
        valueQuantity={"value": 4, "unit": "ng/mL"},
    ),
)

_VIABLE = "--measures viable"
_OF_REDCAP = "--column lesion=les --column viable_mm=mm --column date=day --column organ==liver"
_OF_OHIF = f"--study-date 1.1=2024-01-03 --study-date 1.2=2024-03-06 --place liver {_VIABLE}"


def _of_cases(options: str, file: str) -> tuple[str, ...]:
    """What takes anything that becomes cases."""
    return (
        f"assess {file} {options}",
        f"assess {file} --json {options}",
        f"explain {file} {options}",
        f"course {file} {options}",
        f"check {file} {options}",
        f"report {file} {options} -o pages",
        f"convert {file} {options} --out out",
        f"convert {file} {options} --check",
        f"convert {file} {options} --as cases --out out",
        f"convert {file} {options} --to fhir --out out",
        f"convert {file} {options} --to sdtm --files csv --computed-rs --out out",
        f"cohort {file} {options} --out out",
    )


def _of_tables(words: str) -> tuple[str, ...]:
    return (
        f"cohort {words} --out out",
        f"endpoints {words} --policy fda-a --every 56 --window 14 --out out",
    )


_TABLES = {"findings.csv": _FINDINGS, "lines.csv": _LINES, "procedures.csv": _PROCEDURES}
_TABLE_WORDS = "findings.csv --lines lines.csv --procedures procedures.csv"
_BY = {"readings.csv": _READINGS, "lines.csv": _LINES, "decisions.csv": _DECISIONS}
_BY_WORDS = "readings readings.csv --lines lines.csv --decisions decisions.csv --out out"
_OF_STUDIES = (*_of_cases(_VIABLE, "study"), f"cohort study --sdtm {_VIABLE} --adam csv --out out")
INPUTS: dict[str, Input] = {
    "case": Input("case.json", {"case.json": _case()}, (
        *_of_cases("", "case.json")[:6], *_of_cases("", "case.json")[9:11],
        "readings case.json --review all --out out",
        "assess case.json --criteria recist-1.1")),
    "cases": Input("cases.jsonl", {"cases.jsonl": _case()}, (
        "assess cases.jsonl --json --jobs 2", "check cases.jsonl", "report cases.jsonl -o pages")),
    **{f"table of {name}": Input(name, _TABLES, _of_tables(_TABLE_WORDS)) for name in _TABLES},
    **{f"readings by {name}": Input(name, _BY, (_BY_WORDS, f"{_BY_WORDS} --review all"))
       for name in _BY},
    "worksheet": Input("sheet.csv", {"sheet.csv": _SHEET}, (
        *_of_cases(_VIABLE, "sheet.csv"), f"cohort sheet.csv {_VIABLE} --adam csv --out out")),
    "long worksheet": Input("long.csv", {"long.csv": _LONG}, _of_cases("", "long.csv")),
    **{f"SDTM {name}": Input(name, _domains(), _OF_STUDIES) for name in _domains()},
    "FHIR": Input("bundle.json", {"bundle.json": _FHIR}, _of_cases(_VIABLE, "bundle.json")),
    "REDCap": Input("red.csv", {"red.csv": _REDCAP}, _of_cases(_OF_REDCAP, "red.csv")),
    "dictionary": Input("dict.csv", {"red.csv": _REDCAP, "dict.csv": _DICTIONARY}, (
        *_of_cases(f"{_OF_REDCAP} --dictionary dict.csv --instrument lesion", "red.csv"),)),
    "OHIF": Input("ohif.csv", {"ohif.csv": _OHIF}, _of_cases(_OF_OHIF, "ohif.csv")),
    "settings": Input("map.json", {**_domains(), "map.json": {
        "names": {"TU": "tu"}, "locations": {"LIVER": "liver"}, "kinds": {}, "responses": {},
        "cm": [], "pr": {}}}, tuple(f"{each} --map map.json" for each in _OF_STUDIES)),
}  # fmt: skip


def text_of(name: str, content: Any) -> bytes:
    """A file of cells, or of a document."""
    if name.endswith((".json", ".jsonl")):
        return json.dumps(content).encode()
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator="\n").writerows(content)
    return file.getvalue().encode("utf-8", "surrogatepass")


def spots(content: Any) -> Iterator[tuple[Any, ...]]:
    """Where a value stands: row and column, or a path into a document."""
    if isinstance(content, list):
        for at, each in enumerate(content):
            yield from ((at, *rest) for rest in spots(each))
            if isinstance(each, (dict, list)):
                yield (at,)
    elif isinstance(content, dict):
        for key, each in content.items():
            yield from ((key, *rest) for rest in spots(each))
            if isinstance(each, (dict, list)):
                yield (key,)
    else:
        yield ()


def put(content: Any, spot: tuple[Any, ...], value: Any) -> Any:
    """The content with another value there."""
    if not spot:
        return value
    made = copy.deepcopy(content)
    inside = made
    for step in spot[:-1]:
        inside = inside[step]
    inside[spot[-1]] = value
    return made


def renamed(content: Any, spot: tuple[Any, ...], key: str) -> Any:
    """The document with another key there."""
    made = copy.deepcopy(content)
    inside = made
    for step in spot[:-1]:
        inside = inside[step]
    if isinstance(inside, dict):
        inside[key] = inside.pop(spot[-1])
    return made
