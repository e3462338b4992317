"""REDCap in: rows, events, coded choices, decimal marks, and what is asked or refused."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.sdtm_rows import column, only

from mrecist import CohortError
from mrecist.io import AskError, IntakeError, Study, read_redcap

DAY = datetime.date.fromisoformat
NAMES = ["record_id", "redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance",
         "start_date", "drug", "scan_date", "overall", "les_id", "site", "les_type", "diam",
         "lesion_complete"]  # fmt: skip
FIELDS = {"lesion": "les_id", "organ": "site", "role": "les_type", "viable_mm": "diam",
          "date": "scan_date"}  # fmt: skip
HEAD = [
    "Variable / Field Name",
    "Form Name",
    "Field Type",
    "Field Label",
    "Choices, Calculations, OR Slider Labels",
    "Field Note",
    "Text Validation Type OR Show Slider Number",
]
DICTIONARY = [
    ["record_id", "base", "text", "Record", "", "", ""],
    ["site", "lesion", "dropdown", "Site", "1, Liver | 2, Lung | 3, Lymph node", "", ""],
    ["les_type", "lesion", "radio", "Role", "1, Target | 2, Non-target | 3, New, unequivocal",
     "", ""],
    ["diam", "lesion", "text", "Diameter", "", "", "number_comma_decimal"],
    ["seen", "lesion", "yesno", "Treated?", "", "", ""],
]  # fmt: skip


def event(name: str, date: str | None, record: str = "1", **more: Any) -> dict[str, Any]:
    """The row of an event."""
    return {"record_id": record, "redcap_event_name": name, "scan_date": date, **more}


def seen(
    name: str, at: int, lesion: Any, diam: Any, record: str = "1", **more: Any
) -> dict[str, Any]:
    """The row of a lesion."""
    return {
        "record_id": record,
        "redcap_event_name": name,
        "redcap_repeat_instrument": "lesion",
        "redcap_repeat_instance": at,
        "les_id": lesion,
        "site": 1,
        "les_type": 1,
        "diam": diam,
        "lesion_complete": 2,
        **more,
    }


ROWS = [
    event("base_arm_1", "2024-01-03", start_date="2024-01-10", drug="lenvatinib"),
    seen("base_arm_1", 1, "S8", "14,0"), seen("base_arm_1", 2, "L", "", site=2, les_type=2),
    event("v1_arm_1", "2024-03-06"), seen("v1_arm_1", 1, "S8", "9,8"),
]  # fmt: skip


def table(rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    """Rows as columns; all that REDCap exports, and whatever a row has besides."""
    names = dict.fromkeys([*NAMES, *(name for row in rows for name in row)])
    return {name: [row.get(name, "") for row in rows] for name in names}


def dictionary(*more: list[str], head: list[str] = HEAD) -> dict[str, list[str]]:
    rows = [*DICTIONARY, *more]
    return {name: [row[at] for row in rows] for at, name in enumerate(head)}


def read(
    rows: list[dict[str, Any]],
    *more: list[str],
    fields: Mapping[str, str] | None = None,
    **knobs: Any,
) -> Study:
    known = dictionary(*more)
    return read_redcap(
        table(rows),
        known,
        fields={**FIELDS, **(fields or {})},
        **({"instrument": "lesion"} | knobs),
    )


def codes(study: Study) -> list[str]:
    return column(study.problems, "code")


class TestRows:
    """Events and rows of the instrument."""

    def test_findings(self) -> None:
        """Dates of the event, decoded choices, decimal commas, roles and lines."""
        rows = [*ROWS[:2], seen("base_arm_1", 2, "L", "12,5", site=2, les_type=2), *ROWS[3:]]
        study = read(rows, fields={"start": "start_date", "agents": "drug"})
        assert column(
            study.findings, "patient", "date", "lesion", "organ", "viable_mm", "visit"
        ) == [
            ("1", DAY("2024-01-03"), "S8", "liver", "14", "base_arm_1"),
            ("1", DAY("2024-01-03"), "L", "lung", "12.5", "base_arm_1"),
            ("1", DAY("2024-03-06"), "S8", "liver", "9.8", "v1_arm_1"),
        ]
        assert column(study.lines, "start", "agents", "targets", "nontargets") == [
            (DAY("2024-01-10"), "lenvatinib", "S8", "L")
        ]
        assert codes(study) == []
        assert study.assess().lines["best_response"].tolist() == ["PR"]
        assert repr(study) == "<Study from REDCap export: 1 patient, 1 line, 2 time points>"

    def test_files(self, tmp_path: Path) -> None:
        """The same of files, in several encodings; patients of a field of their own."""
        columns = table(
            [
                row
                | {
                    "hospital_no": f"M{row['record_id']}" if not row.get("les_id") else "",
                    "note": "Größe",
                }
                for row in ROWS
            ]
        )
        known = dictionary()
        for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
            for name, each in (("export.csv", columns), ("dictionary.csv", known)):
                with (tmp_path / name).open("w", encoding=encoding, newline="") as file:
                    writer = csv.writer(file)
                    writer.writerow(each)
                    writer.writerows(zip(*each.values(), strict=True))
            study = read_redcap(
                tmp_path / "export.csv",
                str(tmp_path / "dictionary.csv"),
                fields=FIELDS | {"patient": "hospital_no"},
            )
            assert set(study.findings["patient"]) == {"M1"}
            assert study.assess().lines["best_response"].tolist() == ["PR"]
        assert only(study.problems, "TARGET_WITHOUT_RESULT", "row") == [2]

    def test_own_dates(self) -> None:
        """A date in the row of the lesion goes before that of the event."""
        rows = [event("a", "2024-01-03"), seen("a", 1, "S8", "14", scan_date="2024-01-05")]
        assert column(read(rows).findings, "date") == [DAY("2024-01-05")]

    @pytest.mark.parametrize(
        ("rows", "told"),
        [
            ([event("a", ""), seen("a", 1, "S8", "14")], "must be given, in the row or in the row"),
            ([event("b", "2024-01-03"), seen("a", 1, "S8", "14")], "must be given"),
            ([event("a", "2024-01-03"), event("a", "2024-01-04"), seen("a", 1, "S8", "14")],
             "must be one for the event, got 2024-01-03 and 2024-01-04"),
            ([event("a", "03/04/2024"), seen("a", 1, "S8", "14")], "must be a date like"),
            ([event("a", "2024-02-30"), seen("a", 1, "S8", "14")], "must be a date of the"),
        ],
    )  # fmt: skip
    def test_no_date(self, rows: Any, told: str) -> None:
        """What has no date is refused by record, event and field; other records are read."""
        sound = [event("a", "2024-01-03", "2"), seen("a", 1, "S8", "14", "2")]
        study = read([*rows, *sound], errors="collect")
        ((patient, where, code, error),) = column(
            study.errors, "patient", "column", "code", "error"
        )
        assert (patient, where, code) == ("1", "record 1, a, lesion 1, scan_date", "NO_DATE")
        assert told in error
        assert column(study.findings, "patient") == ["2"]
        with pytest.raises(IntakeError, match="NO_DATE"):
            read(rows)

    def test_repeating_events(self) -> None:
        """Repeats of an event are visits of their own."""
        rows = [
            {**event("more", date), **seen("more", at, "S8", diam), "scan_date": date,
             "redcap_repeat_instrument": ""}
            for at, (date, diam) in enumerate([("2024-01-03", "14"), ("2024-03-06", "9,8")], 1)
        ]  # fmt: skip
        study = read(rows, instrument=None)
        assert column(study.findings, "visit") == ["more 1", "more 2"]

    def test_visits(self) -> None:
        """Days of one event are one visit, unless a lesion stands on two of them."""
        apart = [seen("a", 1, "S8", "14", scan_date="2024-01-03"),
                 seen("a", 2, "L", "20", scan_date="2024-02-03")]  # fmt: skip
        study = read(apart)
        assert only(study.problems, "VISIT_SPREAD", "detail") == [
            "a: 2024-01-03 to 2024-02-03, 31 days"
        ]
        assert column(study.findings, "visit") == ["a", "a"]
        again = [seen("a", 1, "S8", "14", scan_date="2024-01-03"),
                 seen("a", 2, "S8", "20", scan_date="2024-01-04")]  # fmt: skip
        study = read(again)
        assert codes(study) == ["VISIT_SPLIT"]
        assert "visit" not in study.findings
        near = [seen("a", 1, "S8", "14", scan_date="2024-01-03"),
                seen("a", 2, "L", "20", scan_date="2024-01-04")]  # fmt: skip
        assert codes(read(near)) == []

    def test_examinations(self) -> None:
        """What an event says as a whole; events with a date and nothing else are named."""
        rows = [*ROWS[:2], event("v1", "2024-03-06", overall="PR"), event("v2", "2024-05-06"),
                seen("v3", 1, "", "")]  # fmt: skip
        study = read(rows, fields={"reported": "overall"})
        assert column(study.findings, "lesion", "reported") == [("S8", None), (None, "PR")]
        assert only(study.problems, "NOTHING_RECORDED", "detail") == [
            "record 1, v2, scan_date: no finding of 2024-05-06"
        ]
        rows = [event("a", "2024-01-03", overall="PR"), event("a", "", overall="PD"),
                seen("a", 1, "S8", "14")]  # fmt: skip
        study = read(rows, fields={"reported": "overall"}, errors="collect")
        assert "CONFLICTING_RESULT" in column(study.errors, "code")

    def test_unverified(self) -> None:
        """A form that is not complete is read, and named; by the instrument or the dictionary."""
        rows = [event("a", "2024-01-03"), seen("a", 1, "S8", "14", lesion_complete=0),
                seen("a", 2, "S4", "14", lesion_complete="")]  # fmt: skip
        study = read(rows)
        assert only(study.problems, "UNVERIFIED", "detail") == [
            "record 1, a, lesion 1, lesion_complete is 0"
        ]
        plain = {"record_id": 1, "les_id": "S8", "diam": "14", "scan_date": "2024-01-03",
                 "lesion_complete": 1}  # fmt: skip
        study = read([plain], ["les_id", "lesion", "text", "", "", "", ""], instrument=None)
        assert codes(study).count("UNVERIFIED") == 1


class TestCells:
    """What the cells of a field say."""

    @pytest.mark.parametrize(
        ("validation", "cell", "read_as"),
        [
            ("number_comma_decimal", "9,8", "9.8"), ("number_comma_decimal", "9", "9"),
            ("number_1dp_comma_decimal", "9,8", "9.8"), ("number", "9.8", "9.8"),
            ("", "9.8", "9.8"), ("number", "9,8", None), ("number_comma_decimal", "9.8", None),
            ("", "9,8", None), ("", "<10", None), ("", "-99", None), ("", "9 or so", None),
        ],
    )  # fmt: skip
    def test_decimals(self, validation: str, cell: str, read_as: str | None) -> None:
        """The dictionary says the mark; the other one is refused, never read as thousands."""
        rows = [event("a", "2024-01-03"), seen("a", 1, "S8", 40, mm=cell)]
        known = ["mm", "lesion", "text", "Diameter (mm)", "", "", validation]
        study = read(rows, known, fields={"viable_mm": "mm"}, errors="collect")
        if read_as is None:
            ((where, code),) = column(study.errors, "column", "code")
            assert (where, code) == ("record 1, a, lesion 1, mm", "NOT_A_LENGTH")
        else:
            assert column(study.findings, "viable_mm") == [read_as]

    @pytest.mark.parametrize(
        ("label", "note", "knob", "size"),
        [("Diameter (cm)", "", None, "25"), ("Diameter", "in cm", None, "25"),
         ("Diameter", "", "cm", "25"), ("Diameter (mm)", "", "cm", "2.5"), ("", "", "mm", "2.5")],
    )  # fmt: skip
    def test_units(self, label: str, note: str, knob: Any, size: str) -> None:
        """The unit of the label or the note, else the caller's."""
        rows = [event("a", "2024-01-03"), seen("a", 1, "S8", "", d="2.5")]
        known = ["d", "lesion", "text", label, "", note, ""]
        study = read(rows, known, fields={"viable_mm": "d"}, unit=knob)
        assert column(study.findings, "viable_mm") == [size]

    @pytest.mark.parametrize("unit", ["1", "2", "9", ""])
    def test_unit_of_a_row(self, unit: str) -> None:
        """A field of units says the unit of each row; another unit is refused."""
        rows = [event("a", "2024-01-03"), seen("a", 1, "S8", "", d="2.5", u=unit)]
        known = [["d", "lesion", "text", "Diameter", "", "", ""],
                 ["u", "lesion", "radio", "Unit", "1, mm | 2, cm | 9, px", "", ""]]  # fmt: skip
        study = read(
            rows, *known, fields={"viable_mm": "d", "unit": "u"}, unit="mm", errors="collect"
        )
        if unit == "9":
            (told,) = column(study.errors, "error")
            assert told == "NOT_A_LENGTH: must have one unit, mm or cm, got 'px' in the row"
        else:
            assert column(study.findings, "viable_mm") == ["25" if unit == "2" else "2.5"]

    def test_unit_asked(self) -> None:
        """Sizes that look like centimetres are a question."""
        rows = [event("a", "2024-01-03"), seen("a", 1, "S8", "2,5")]
        with pytest.raises(AskError, match="they may be in cm"):
            read(rows)

    def test_boxes(self) -> None:
        """Boxes: of one, yes or no; of several, the one that is ticked."""
        boxes = [["where", "lesion", "checkbox", "Where", "1, Liver | 2, Lung", "", ""],
                 ["done", "lesion", "checkbox", "Treated", "1, Yes", "", ""]]  # fmt: skip
        rows = [event("a", "2024-01-03")] + [
            seen("a", at, f"L{at}", "20", where___1=one, where___2=two, done___1=done)
            for at, (one, two, done) in enumerate([(1, 0, 1), (0, 1, 0), (0, 0, ""), (1, 1, 0)])
        ]  # fmt: skip
        fields = {"organ": "where", "treated": "done"}
        study = read(rows, *boxes, fields=fields, errors="collect")
        assert column(study.findings, "lesion", "organ", "treated") == [
            ("L0", "liver", True),
            ("L1", "lung", False),
            ("L2", "unknown", None),
            ("L3", "liver", False),
        ]
        assert "NOT_A_WORD: must be one choice, got 1, 2" in column(study.errors, "error")
        flags = read(rows[:2], fields={"treated": "done___1"})
        assert column(flags.findings, "treated") == [True]

    def test_choices(self) -> None:
        """Yes and no, labels as they are, codes for what is missing, text for all rows."""
        rows = [event("a", "2024-01-03"), seen("a", 1, "S8", "14", seen=1, les_type="Target"),
                seen("a", 2, "S4", "-99", seen=0, les_type=2)]  # fmt: skip
        study = read(rows, fields={"treated": "seen", "organ": "=liver"}, missing=["-99"])
        assert column(study.findings, "lesion", "treated") == [("S8", True), ("S4", False)]
        assert column(study.lines, "targets", "nontargets") == [("S8", "S4")]
        study = read([event("a", "2024-01-03"), seen("a", 1, "S8", "14", les_type=9)],
                     errors="collect")  # fmt: skip
        assert column(study.errors, "code") == ["NOT_A_WORD"]

    def test_measures(self) -> None:
        """What a plain size is of is asked, or stands in a field."""
        rows = [event("a", "2024-01-03"), seen("a", 1, "S8", "14", of="viable"),
                seen("a", 2, "S8", "20", of="whole")]  # fmt: skip
        plain = {name: field for name, field in FIELDS.items() if name != "viable_mm"}
        plain["size"] = "diam"

        def sized(**knobs: Any) -> Study:
            fields = plain | knobs.pop("fields", {})
            return read_redcap(table(rows), dictionary(), fields=fields, **knobs)

        with pytest.raises(AskError, match="of the enhancing part or of the whole"):
            sized()
        study = sized(fields={"measure": "of"})
        assert column(study.findings, "viable_mm", "longest_mm") == [("14", "20")]
        rows[1]["of"] = "?"
        study = sized(fields={"measure": "of"}, measures="whole", errors="collect")
        assert "must be viable, whole or short, got '?'" in column(study.errors, "error")[0]
        rows.pop()
        rows[1]["of"] = ""
        study = sized(measures="viable", fields={"measure": "of"})
        assert column(study.findings, "viable_mm") == ["14"]

    def test_segment(self) -> None:
        """A segment is one of the liver."""
        rows = [event("a", "2024-01-03"), seen("a", 1, "S8", "14", site="", seg="8")]
        study = read(rows, fields={"segment": "seg"})
        assert column(study.findings, "organ") == ["liver"]

    def test_lesions(self) -> None:
        """Sizes without a lesion, lesions that are lists, rows without a patient."""
        rows = [event("a", "2024-01-03"), seen("a", 1, "", "14"), seen("a", 2, "A;B", "14"),
                seen("a", 3, "C", "14", "")]  # fmt: skip
        study = read(rows, errors="collect")
        assert column(study.errors, "code") == [
            "LESION_NOT_TRACKED",
            "LESION_NOT_TRACKED",
            "NO_PATIENT",
        ]

    def test_survival(self) -> None:
        """Dates of the patient; what is none is refused."""
        rows = [event("a", "2024-01-03", died="2024-09-01", end="2024-05-01", why="toxicity"),
                seen("a", 1, "S8", "14")]  # fmt: skip
        fields = {"death": "died", "stop": "end", "end_reason": "why"}
        study = read(rows, fields=fields)
        assert column(study.lines, "start", "stop", "end_reason", "death", "last_contact") == [
            (DAY("2024-01-03"), DAY("2024-05-01"), "toxicity", DAY("2024-09-01"), None)
        ]
        rows[0]["died"] = "unknown"
        study = read(rows, fields=fields, errors="collect")
        assert column(study.errors, "column") == ["record 1, a, died"]

    def test_no_lines(self) -> None:
        """Without roles and treatment there is no table of lines."""
        fields = {name: field for name, field in FIELDS.items() if name != "role"}
        study = read_redcap(table(ROWS), dictionary(), fields=fields)
        assert study.lines is None

    def test_procedures(self) -> None:
        """Rows of another instrument are local treatment."""
        rows = [*ROWS, *(
            {"record_id": 1, "redcap_event_name": "v1_arm_1", "redcap_repeat_instrument": "local",
             "redcap_repeat_instance": at, "what": what, "when": when, "of": of}
            for at, (what, when, of) in enumerate([(1, "2024-02-01", "S8"), (2, "soon", ""),
                                                   ("", "2024-02-01", ""), (1, "03/04/2024", "")])
        )]  # fmt: skip
        known = ["what", "local", "radio", "", "1, TACE | 2, RFA | junk", "", ""]
        fields = {"kind": "what", "date": "when", "lesions": "of"}
        study = read(rows, known, procedures=fields, errors="collect")
        assert column(study.procedures, "date", "kind", "lesions") == [
            (DAY("2024-02-01"), "TACE", "S8")
        ]
        assert column(study.errors, "code") == ["NO_DATE", "NO_DATE"]
        with pytest.raises(ValueError, match="procedures must be named date, kind, lesions, text"):
            read(rows, procedures={"what": "what"})
        assert (
            read(ROWS, procedures={"kind": "drug", "date": "=soon"}, errors="collect").procedures
            is None
        )


class TestAsked:
    """What the export does not say."""

    @pytest.mark.parametrize(
        ("fields", "told"),
        [
            ({"lesion": "les_id", "size": "diam"}, "no field of export is named as our date"),
            ({"date": "scan_date", "size": "diam"}, "no field of export is named as our lesion"),
            ({"lesion": "les_id", "date": "scan_date"}, "no field says how large a lesion is"),
            (FIELDS | {"organ": "place"}, "export has no field 'place' for our organ, but record"),
        ],
    )  # fmt: skip
    def test_fields(self, fields: Any, told: str) -> None:
        """Fields that nobody names."""
        with pytest.raises(AskError) as raised:
            read_redcap(table(ROWS), fields=fields)
        assert told in str(raised.value)
        assert "say fields={" in str(raised.value)

    def test_instrument(self) -> None:
        """An instrument that is not there."""
        with pytest.raises(AskError, match="no repeating instrument 'nodules', but lesion"):
            read(ROWS, instrument="nodules")
        with pytest.raises(AskError, match="no repeating instrument 'lesion', but none"):
            read(ROWS[:1])
        fields = {"lesion": "les_id", "status": "site"}
        study = read_redcap(
            table(ROWS), dictionary(), date_field="scan_date", fields=fields, errors="collect"
        )
        assert len(study.errors["patient"]) > 0

    @pytest.mark.parametrize(
        ("knobs", "told"),
        [({"measures": "all"}, 'measures must be "viable" or "whole"'),
         ({"unit": "m"}, 'unit must be "mm" or "cm"'), ({"fields": {"x": "y"}}, "fields must be"),
         ({"errors": "no"}, "errors must be")],
    )  # fmt: skip
    def test_choices(self, knobs: Any, told: str) -> None:
        """Arguments that cannot be."""
        with pytest.raises(ValueError, match=told):
            read(ROWS, **knobs)


class TestFiles:
    """Files that are no raw export, or no dictionary."""

    @pytest.mark.parametrize(
        ("content", "told"),
        [
            ("", "the file is empty"),
            ("Record ID,Repeat Instrument,Repeat Instance\n1,Lesion,1\n", "export raw data"),
            ("Record ID,Event Name\n1,Baseline\n", "its columns are labels"),
            ("a,b,a\n1,2,3\n", "the column a is there twice"),
        ],
    )
    def test_unsound(self, tmp_path: Path, content: str, told: str) -> None:
        """Each says why."""
        path = tmp_path / "export.csv"
        path.write_text(content)
        with pytest.raises(IntakeError, match=told):
            read_redcap(path, fields=FIELDS)

    @pytest.mark.parametrize("subject", [False, True])
    def test_ragged(self, tmp_path: Path, subject: bool) -> None:
        """A row of more cells costs its record alone; blanks behind a row are nothing."""
        names = ["record_id", "subjid", "les_id", "site", "scan_date", "diam"]
        body = [[who, f"S{who}", "A", "liver", "2024-01-03", "20"] for who in "1234"]
        bad = [[*body[1], "x"], [*body[2], "", "", "x"]]
        written = [names, body[0], [], body[1], *bad, [*body[3], "", ""]]
        path = tmp_path / "export.csv"
        path.write_text("\n".join(map(",".join, written)))
        fields = {"lesion": "les_id", "organ": "site", "date": "scan_date", "viable_mm": "diam"}
        fields |= {"patient": "subjid"} if subject else {}
        study = read_redcap(path, fields=fields, errors="collect")
        told = study.errors["error"].tolist()
        assert [each.partition(":")[0] for each in told] == ["NOT_A_ROW"] * 2
        assert "has 7 values, the header 6 (row 5 of the sheet)" in told[0]
        assert "has 9 values, the header 6 (row 6 of the sheet)" in told[1]
        assert study.errors["row"].tolist() == [2, 3]
        assert study.errors["patient"].tolist() == (["S2", "3"] if subject else ["2", "3"])
        judged = study.assess(errors="collect").lines["patient"].tolist()
        assert judged == (["S1", "S4"] if subject else ["1", "4"])
        with pytest.raises(IntakeError) as raised:
            read_redcap(path, fields=fields)
        assert len(raised.value.rows) == 2

    def test_ragged_dictionary(self, tmp_path: Path) -> None:
        """A dictionary says of every such row what is wrong."""
        path = tmp_path / "dictionary.csv"
        long = ",".join("abcdefgh")
        path.write_text("\n".join([",".join(f'"{each}"' for each in HEAD), long, long]))
        with pytest.raises(IntakeError, match="NOT_A_ROW: has 8 values, the header 7") as raised:
            read_redcap(table(ROWS), path, fields=FIELDS)
        assert [each[2] for each in raised.value.rows] == [0, 1]

    def test_others(self, tmp_path: Path) -> None:
        """Workbooks, columns of two lengths, no column, a dictionary that is none."""
        with pytest.raises(IntakeError, match="must be a file of text ending in one of"):
            read_redcap(tmp_path / "export.xlsx", fields=FIELDS)
        for columns in ({}, {"a": [1], "b": [1, 2]}):
            with pytest.raises(IntakeError, match="must be of one length"):
                read_redcap(columns, fields=FIELDS)
        with pytest.raises(IntakeError, match="no data dictionary"):
            read_redcap(table(ROWS), table(ROWS), fields=FIELDS)
        short = "record_id,les_id,diam,scan_date,site\n1,S8,14,2024-01-03\n\n"
        (tmp_path / "a.csv").write_text(short)
        fields = {"lesion": "les_id", "viable_mm": "diam", "date": "scan_date", "organ": "site"}
        assert column(read_redcap(tmp_path / "a.csv", fields=fields).findings, "organ") == [
            "unknown"
        ]

    def test_dictionary_of_the_api(self) -> None:
        """The dictionary as the API gives it, with other names."""
        head = [
            "field_name",
            "form_name",
            "field_type",
            "field_label",
            "select_choices_or_calculations",
            "field_note",
            "text_validation_type_or_show_slider_number",
        ]
        study = read_redcap(
            table(ROWS), dictionary(["", "", "", "", "", "", ""], head=head), fields=FIELDS
        )
        assert column(study.findings, "viable_mm") == ["14", None, "9.8"]

    def test_frames(self) -> None:
        """Frames, whose numbers are numbers."""
        pl = pytest.importorskip("polars")
        pytest.importorskip("narwhals")
        frame = pl.DataFrame({"record_id": [1, 1], "les_id": ["S8", "S8"], "diam": [14.0, 9.8],
                              "scan_date": ["2024-01-03", "2024-03-06"]})  # fmt: skip
        fields = {"lesion": "les_id", "organ": "=liver", "viable_mm": "diam", "date": "scan_date"}
        study = read_redcap(frame, fields=fields)
        assert study.assess().lines["best_response"].tolist() == ["PR"]


TEXTS = st.one_of(
    st.sampled_from(["", "1", "2", "S8", "2024-01-03", "2024-13-01", "03/04/2024", "9,8", "9.8",
                     "-1", "lesion", "PR", "yes", "a;b", "\x00", "\ud800", "é", "99999999999"]),
    st.text(max_size=4), st.none(), st.integers(), st.floats(), st.booleans(),
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99), TEXTS), max_size=6),
    st.lists(st.integers(0, 99), max_size=2),
    st.booleans(),
)
def test_cells(spots: list[Any], lacking: list[int], known: bool) -> None:
    """Any cells, any columns missing: another record is judged all the same."""
    words = {"site": "liver", "les_type": "target"}
    sound = [event("a", "2024-01-03", "9"), seen("a", 1, "Z", "14", "9", **words),
             event("b", "2024-03-06", "9"), seen("b", 1, "Z", "9", "9", **words)]  # fmt: skip
    made = table([*ROWS, *sound])
    for at, row, cell in spots:
        made[list(made)[at % len(made)]][row % len(ROWS)] = cell
    for at in lacking:
        made.pop(list(made)[at % len(made)])
    fields = FIELDS | {"reported": "overall", "start": "start_date"}
    with suppress(AskError, IntakeError):
        study = read_redcap(made, dictionary() if known else None, fields=fields, errors="collect")
        with suppress(AskError, CohortError):
            found = study.assess(errors="collect").lines
            assert lacking or "9" in list(found["patient"])
            list(study.cases())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=80) | st.text(alphabet='a,b;"\n1', max_size=60).map(str.encode))
def test_bytes(tmp_path: Path, content: bytes) -> None:
    """Any bytes, as an export and as a dictionary."""
    (tmp_path / "a.csv").write_bytes(content)
    with suppress(AskError, IntakeError):
        read_redcap(tmp_path / "a.csv", fields=FIELDS)
    with suppress(AskError, IntakeError):
        read_redcap(table(ROWS), tmp_path / "a.csv", fields=FIELDS)


def test_wide() -> None:
    """Ten thousand fields."""
    text = io.StringIO()
    csv.writer(text).writerow(["record_id", *(f"f{at}" for at in range(10_000))])
    columns = {name: [""] * 3 for name in text.getvalue().strip().split(",")}
    fields = {"lesion": "f1", "size": "f2", "date": "f3"}
    assert len(read_redcap(columns, fields=fields).findings["patient"]) == 0


@given(
    st.lists(
        st.tuples(
            st.integers(1, 3),
            st.integers(1, 4),
            st.sampled_from("ABC"),
            st.integers(1000, 9999),
            st.booleans(),
        ),
        min_size=1,
        max_size=12,
        unique_by=lambda row: row[:3],
    ),
    st.randoms(use_true_random=False),
)
def test_any_rows(drawn: list[Any], order: Any) -> None:
    """Each size is that of its record, lesion and event, whatever the order of rows."""
    rows: list[dict[str, Any]] = []
    expected = set()
    for at, (record, visit, lesion, hundredths, own) in enumerate(drawn):
        date = f"2024-0{visit}-1{record}"
        text = f"{hundredths // 100},{hundredths % 100:02}"
        rows.append(seen(f"v{visit}", at, lesion, text, str(record), scan_date=date if own else ""))
        expected.add((str(record), date, lesion, hundredths))
    rows += [
        event(f"v{visit}", f"2024-0{visit}-1{record}", str(record))
        for record, visit in {row[:2] for row in drawn}
    ]
    order.shuffle(rows)
    found = read(rows).findings
    names = ("patient", "date", "lesion", "viable_mm")
    cells = zip(*(found[name] for name in names), strict=True)
    assert {(who, str(date), of, round(float(mm) * 100)) for who, date, of, mm in cells} == expected
