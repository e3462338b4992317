"""Worksheets: wide and long, in any order of columns, and what is asked and refused."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import Any

import pytest

from mrecist.io import AskError, IntakeError, Study, read_worksheet
from mrecist.io import problems as known

WIDE = """\
Study X,,,,
Patient,Lesion,Organ,Role,2024-01-03,2024-03-06
P1,T1,S8,target,41,20
,T2,liver,target,30 mm,15
,N1,Porta hepatis node,non-target,18x12,present
,Sum,,,71,35
P2,A,Leber,target,2.5 cm,PD
,B,lung,NT,present,
"""
LONG = """\
patient,date,lesion,site,viable_mm,longest_mm,status,comment
1,2024-01-03,a,liver,20,30,,x
1,2024-03-03,a,liver,0,30,,
1,2024-03-03,b,lung,,12,,
"""


@pytest.fixture
def read(tmp_path: Path) -> Any:
    """Read a text as a worksheet."""

    def reading(text: str, *, encoding: str = "utf-8", **options: Any) -> Study:
        path = tmp_path / "lesions.csv"
        path.write_bytes(text.encode(encoding))
        return read_worksheet(path, **options)

    return reading


def rows(study: Study, *names: str) -> list[tuple[Any, ...]]:
    """Some columns of the findings, row by row."""
    return table(study.findings, *names)


def table(columns: Any, *names: str) -> list[tuple[Any, ...]]:
    """Some columns of a table, row by row, with dates as ISO text."""
    return [
        tuple(str(cell) if isinstance(cell, datetime.date) else cell for cell in row)
        for row in zip(*(columns[name] for name in names), strict=True)
    ]


def sizes(study: Study) -> list[tuple[Any, ...]]:
    """The sizes, or the status, of each finding."""
    return [
        (patient, date, lesion, next((each for each in cells if each is not None), None))
        for patient, date, lesion, *cells in rows(
            study, "patient", "date", "lesion", "viable_mm", "short_axis_mm", "longest_mm", "status"
        )
    ]


def problems(study: Study) -> list[str]:
    """The codes of problems, but for how the sheet was read."""
    return [code for code in study.problems["code"] if code != "READ_AS"]


def details(study: Study, code: str) -> list[str]:
    """What is told of the problems of one code."""
    told = zip(study.problems["code"], study.problems["detail"], strict=True)
    return [detail for each, detail in told if each == code]


def refused(error: pytest.ExceptionInfo[IntakeError]) -> list[tuple[Any, ...]]:
    """Patient, cell and code of each mistake."""
    return [(row[0], row[3], row[4].partition(":")[0]) for row in error.value.rows]


class TestWide:
    """A row a lesion, a column a visit."""

    def test_whole(self, read: Any) -> None:
        """Lines above the header, repeated patients, roles, units, words and a row of sums."""
        study = read(WIDE, measures="viable")
        assert sizes(study) == [
            ("P1", "2024-01-03", "T1", "41"),
            ("P1", "2024-01-03", "T2", "30"),
            ("P1", "2024-01-03", "N1", "12"),
            ("P1", "2024-03-06", "T1", "20"),
            ("P1", "2024-03-06", "T2", "15"),
            ("P1", "2024-03-06", "N1", "present"),
            ("P2", "2024-01-03", "A", "25"),
            ("P2", "2024-01-03", "B", "present"),
            ("P2", "2024-03-06", "A", "progressed"),
        ]
        assert problems(study) == ["DERIVED_ROW", "NOTHING_RECORDED"]
        assert study.problems["detail"][-1] == ("lesions!F8: B on 2024-03-06 becomes not evaluable")
        lines = study.lines
        assert lines is not None
        assert list(lines["targets"]) == ["T1;T2", "A"]
        assert list(lines["nontargets"]) == ["N1", "B"]
        assert list(study.assess("mrecist").lines["best_response"]) == ["PR", "NE"]

    def test_source(self, read: Any) -> None:
        """Every finding keeps its file and row."""
        study = read(WIDE, measures="viable")
        assert rows(study, "source", "row")[0] == ("lesions.csv", 2)

    def test_whole_size(self, read: Any) -> None:
        """A plain diameter may be that of the whole nodule; the other of a node is its length."""
        study = read(WIDE, measures="whole")
        assert rows(study, "viable_mm", "longest_mm", "short_axis_mm")[0] == (None, "41", None)
        assert rows(study, "viable_mm", "longest_mm", "short_axis_mm")[2] == (None, "18", "12")

    def test_question_of_the_measure(self, read: Any) -> None:
        """Nobody has said what plain diameters measure."""
        with pytest.raises(AskError) as error:
            read(WIDE)
        assert str(error.value) == (
            "3 liver nodules of 2 patients have plain diameters (first in lesions!E3): of the "
            'enhancing part or of the whole: say measures="viable" or measures="whole"'
        )
        assert error.value.on_command_line.endswith("say --measures viable or --measures whole")

    def test_no_question(self, read: Any) -> None:
        """Without a liver nodule there is none."""
        study = read("patient,lesion,organ,2024-01-03\n1,a,lung,20\n1,b,,12\n")
        assert rows(study, "organ", "longest_mm") == [("lung", "20"), ("unknown", "12")]
        assert problems(study) == ["NO_LOCATION"]

    def test_above_the_header(self, read: Any) -> None:
        """The lines above may name the patient, the unit and what sizes measure."""
        text = (
            "Patient: P-7,,\nUnits,cm,\nSizes measure: whole,,\nLesion,Site,2024-01-03,2024-03-05\n"
            "a,liver,3,2\n"
        )
        study = read(text)
        assert sizes(study) == [("P-7", "2024-01-03", "a", "30"), ("P-7", "2024-03-05", "a", "20")]
        assert rows(study, "longest_mm")[0] == ("30",)

    def test_two_rows_of_sizes(self, read: Any) -> None:
        """A column says what each row measures."""
        study = read(
            "Patient,Lesion,Site,Measure,2024-01-03\nP,a,liver,viable,30\nP,a,liver,whole,40\n"
            "P,b,liver,short axis,7\nP,c,lung,size,50\n"
        )
        assert rows(study, "viable_mm", "longest_mm", "short_axis_mm") == [
            ("30", "40", None),
            (None, None, "7"),
            (None, "50", None),
        ]

    def test_unknown_measure(self, read: Any) -> None:
        """A word for a measure that is none is refused."""
        with pytest.raises(IntakeError) as error:
            read("Patient,Lesion,Site,Measure,2024-01-03\nP,a,lung,volume,30\n")
        assert refused(error) == [("P", "lesions!D2", "NOT_A_WORD")]

    def test_measures_in_headings(self, read: Any) -> None:
        """A heading may hold the date and the measure; or two rows do."""
        one = read("patient,lesion,organ,2024-01-03 viable,2024-01-03 whole (cm)\n1,a,liver,30,4\n")
        two = read(
            ",,,2024-01-03,,2024-03-03,\npatient,lesion,organ,viable,whole,viable,whole\n"
            "1,a,liver,30,40,20,35\n"
        )
        assert rows(one, "date", "viable_mm", "longest_mm") == [("2024-01-03", "30", "40")]
        assert rows(two, "date", "viable_mm", "longest_mm") == [
            ("2024-01-03", "30", "40"),
            ("2024-03-03", "20", "35"),
        ]

    def test_a_row_of_dates(self, read: Any) -> None:
        """Dates may stand in a row below the header, in any language, and name the visits."""
        study = read(
            "Patient;Läsion;Organ;Baseline;Woche 8;Notiz\n;Datum;;2024-01-03;2024-03-06\n"
            "P1;H1;Leber;3,2;2,8;gut\n",
            encoding="cp1252",
            unit="cm",
            measures="viable",
        )
        assert sizes(study) == [("P1", "2024-01-03", "H1", "32"), ("P1", "2024-03-06", "H1", "28")]
        assert list(study.findings["visit"]) == ["Baseline", "Woche 8"]
        assert problems(study) == ["COLUMN_NOT_READ"]
        assert study.problems["detail"][0] == (
            "lesions: one row per lesion, one column per visit, header in row 1, decimal mark ',', "
            "separator ';', cp1252"
        )

    def test_dates_of_each_patient(self, read: Any) -> None:
        """A row of dates below a patient is of that patient alone."""
        study = read(
            "Patient,Lesion,Organ,Baseline,FU 1,FU 1\nP1,Date of scan,,2024-01-03,2024-03-06,\n"
            ",a,lung,41,20,\nP2,Scan date,,2024-02-03,2024-04-06,2024-06-06\n,a,lung,30,,-\n"
        )
        assert sizes(study)[:3] == [
            ("P1", "2024-01-03", "a", "41"),
            ("P1", "2024-03-06", "a", "20"),
            ("P2", "2024-02-03", "a", "30"),
        ]
        assert rows(study, "date", "lesion")[-2:] == [("2024-04-06", None), ("2024-06-06", None)]
        assert list(study.findings["visit"]) == ["Baseline", None, "Baseline", None, None]

    def test_pairs_of_columns(self, read: Any) -> None:
        """Dates may stand in a column before each column of sizes."""
        text = (
            "Patient,Lesion,Site,Date 1,Size 1,Date 2,Size 2\nP1,a,lung,2024-01-03,41,2024-03-05,2"
            "\nP2,a,lung,2024-02-03,41,,\n"
        )
        named = text.replace(
            "Date 1,Size 1,Date 2,Size 2", "Baseline date,Baseline size,FU date,FU size"
        )
        for each in (text, named):
            assert sizes(read(each)) == [
                ("P1", "2024-01-03", "a", "41"),
                ("P1", "2024-03-05", "a", "2"),
                ("P2", "2024-02-03", "a", "41"),
            ]

    def test_one_wrong_date(self, read: Any) -> None:
        """A date of several sizes that is none is one mistake."""
        with pytest.raises(IntakeError) as error:
            read(
                "Patient,Lesion,Site,Baseline date,Baseline viable,Baseline whole\n"
                "P1,a,liver,2024-13-03,41,50\n"
            )
        assert [each[1] for each in refused(error)] == ["lesions!D2"]
        with pytest.raises(IntakeError, match="lesions!G2: NO_DATE: has no date"):
            read("Patient,Lesion,Site,Date 1,Size 1,Date 2,Size 2\nP1,a,lung,5,41,,20\n")

    def test_several_columns_of_dates(self, read: Any) -> None:
        """Which of several dates is that of the scan is a question."""
        text = "Patient,Lesion,Site,CT date,MRI date,Size\nP,a,lung,2024-01-03,2024-01-05,30\n"
        with pytest.raises(AskError, match=r'CT date, MRI date: say columns={"date": "CT date"}'):
            read(text)
        study = read(text, columns={"date": "MRI date"})
        assert sizes(study) == [("P", "2024-01-05", "a", "30")]

    def test_study_days(self, read: Any) -> None:
        """Headings may be study days."""
        assert rows(read("patient,lesion,organ,Day 0,Day 56\n1,a,lung,20,10\n"), "date") == [
            (0,),
            (56,),
        ]

    def test_study_days_below(self, read: Any) -> None:
        """Numbers in a row of dates are study days."""
        study = read("patient,lesion,organ,BL,FU\n,date,,0,56\n1,a,lung,20,10\n")
        assert rows(study, "date") == [(0,), (56,)]

    def test_undated(self, read: Any) -> None:
        """A size without a date is a mistake, told once for each patient and column."""
        with pytest.raises(IntakeError) as error:
            read("patient,lesion,organ,BL,FU\n1,a,lung,20,\n1,b,lung,20,10\n")
        assert refused(error) == [("1", "lesions!D2", "NO_DATE"), ("1", "lesions!E3", "NO_DATE")]

    def test_no_visit(self, read: Any) -> None:
        """A heading that may name a visit is none where nothing below it is a size."""
        study = read("patient,lesion,organ,Scan 1,2024-01-03,M\n1,a,lung,CT abdomen,20,\n")
        assert sizes(study) == [("1", "2024-01-03", "a", "20")]
        assert problems(study) == ["COLUMN_NOT_READ"]

    @pytest.mark.parametrize("cell", ["later", "2024-02-31"])
    def test_no_date(self, read: Any, cell: str) -> None:
        """A cell of a row of dates that is none is a mistake."""
        with pytest.raises(IntakeError) as error:
            read(f"patient,lesion,organ,BL,FU\n,date,,2024-01-03,{cell}\n1,a,lung,20,10\n")
        assert refused(error)[0] == (None, "lesions!E2", "NO_DATE")

    def test_no_date_in_a_heading(self, read: Any) -> None:
        """A heading that looks like a date and is none is a mistake: a visit would be lost."""
        with pytest.raises(IntakeError, match=r"lesions!E1: NO_DATE: must be a date of the cal"):
            read("patient,lesion,organ,2024-01-03,2024-02-31\n1,a,lung,20,10\n")

    def test_dates_above_the_visits(self, read: Any) -> None:
        """Dates may stand above the names of the visits."""
        study = read(
            ",,,2024-01-03,2024-03-03\npatient,lesion,organ,Baseline,Week 8\n1,a,lung,20,10\n"
        )
        assert rows(study, "date", "visit") == [
            ("2024-01-03", "Baseline"),
            ("2024-03-03", "Week 8"),
        ]

    def test_a_question_of_dates(self, read: Any) -> None:
        """Which number is the month is a question, wherever the date stands."""
        wide = "patient,lesion,organ,{}\n1,a,lung,20\n"
        below = "patient,lesion,organ,BL\n,date,,{}\n1,a,lung,20\n"
        for text in (wide, below, LONG.replace("2024-01-03", "{}")):
            with pytest.raises(AskError, match=r"lesions!.*03/06/2024.*date_format=\"%d/%m/%Y\""):
                read(text.format("03/06/2024"))
        with pytest.raises(
            AskError, match=r'date_format="%d\.%m\.%y" or date_format="%m\.%d\.%y"$'
        ):
            read(wide.format("03.06.24"))
        study = read(wide.format("03/06/2024"), date_format="%d/%m/%Y")
        assert rows(study, "date") == [("2024-06-03",)]

    def test_word_of_no_day(self, read: Any) -> None:
        """Beside columns of visits, a column that speaks of one examination is noted."""
        study = read(
            "Patient,Lesion,Organ,status,equivocal,2024-01-03,2024-03-06\n"
            "1,a,liver,absent,,40,\n1,b,liver,,,20,20\n",
            measures="viable",
        )
        noted = [
            detail
            for _, _, _, code, detail in zip(*study.problems.values(), strict=True)
            if code == "COLUMN_NOT_READ"
        ]
        assert noted == ["lesions!D1 'status'"]


class TestLong:
    """A row a lesion and day."""

    def test_whole(self, read: Any) -> None:
        """Columns that are named as ours are taken as they are."""
        study = read(LONG)
        assert rows(study, "date", "lesion", "viable_mm", "longest_mm") == [
            ("2024-01-03", "a", "20", "30"),
            ("2024-03-03", "a", "0", "30"),
            ("2024-03-03", "b", None, "12"),
        ]
        assert study.lines is None
        assert problems(study) == ["COLUMN_NOT_READ"]

    def test_all_columns(self, read: Any) -> None:
        """Words and flags of an examination and of a lesion."""
        study = read(
            "patient,date,lesion,organ,kind,hilar,treated,size,status,pattern,equivocal,visit,"
            "arterial phase,cytology,part_of\n"
            "1,2024-01-03,a,liver,nodule,no,Ja,30,,Typical,yes,V1,no,,\n"
            "1,2024-01-03,b,liver,,,,12,,,,V1,no,,a\n"
            "1,2024-01-03,c,ascites,,,,,Not evaluable,,,V1,no,not done,\n",
            measures="viable",
        )
        found = rows(study, "kind", "hilar", "treated", "status", "pattern", "equivocal", "visit")
        assert found == [
            ("nodule", False, True, None, "typical", True, "V1"),
            ("nodule", False, None, None, None, None, "V1"),
            ("effusion", False, None, "not evaluable", None, None, "V1"),
        ]
        assert rows(study, "arterial_phase", "cytology", "part_of") == [
            (False, None, None),
            (False, None, "a"),
            (False, "not done", None),
        ]

    def test_words_refused(self, read: Any) -> None:
        """What is no word of its column is refused with its cell."""
        with pytest.raises(IntakeError) as error:
            read(
                "patient,date,lesion,organ,kind,role,size,equivocal,treated,type\n"
                "1,2024-01-03,a,lung,cloud,maybe,30,perhaps,often,round\n"
            )
        assert {each[1] for each in refused(error)} == {
            "lesions!E2",
            "lesions!F2",
            "lesions!H2",
            "lesions!I2",
            "lesions!J2",
        }
        assert {each[2] for each in refused(error)} == {"NOT_A_WORD"}

    def test_type(self, read: Any) -> None:
        """A column `type` may hold roles, or kinds."""
        head = "patient,date,lesion,organ,type,size\n"
        roles = read(head + "1,2024-01-03,a,lung,T,30\n1,2024-01-03,b,lung,new,30\n")
        kinds = read(head + "1,2024-01-03,a,lung,infiltrative,30\n")
        assert roles.lines is not None
        assert (roles.lines["targets"][0], roles.lines["nontargets"][0]) == ("a", ";")
        assert rows(kinds, "kind") == [("infiltrative",)]

    def test_no_date(self, read: Any) -> None:
        """Each row needs its date, also one without a lesion."""
        with pytest.raises(IntakeError, match="lesions!B3: NO_DATE"):
            read("patient,date,lesion,organ,size\n1,5,a,lung,30\n1,soon,,,\n")
        with pytest.raises(IntakeError) as error:
            read("patient,date,lesion,organ,size\n1,,a,lung,3\n1,soon,a,lung,3\n")
        assert refused(error) == [("1", "lesions!B2", "NO_DATE"), ("1", "lesions!B3", "NO_DATE")]

    @pytest.mark.parametrize("head", ["2024-01-03,2024-03-06", "2024-01-03,2024-03-06,,"])
    def test_ragged(self, read: Any, head: str) -> None:
        """A cell too many may have pushed the others aside: its patient is not judged."""
        text = (
            f"patient,lesion,organ,{head}\n1,a,liver,30,5,20{{}}\n2,a,liver,30,20\n3,a,liver,30\n"
        )
        knobs = {"measures": "viable", "errors": "collect"}
        study = read(text.format(",,x" if head.endswith(",") else ""), **knobs)
        wide = 7 if head.endswith(",") else 5
        (told,) = study.errors["error"]
        assert told.startswith(f"NOT_A_ROW: has {wide + 1} values, the header {wide}: quote a cell")
        assert study.errors["patient"].tolist() == ["1"]
        judged = study.assess(errors="collect").lines
        assert judged["best_response"].tolist() == ["PR", "ND"]
        assert judged["patient"].tolist() == ["2", "3"]

    def test_no_heading(self, read: Any) -> None:
        """What stands in a column without a heading is noted as not read."""
        study = read("patient,lesion,organ,2024-01-03,\n1,a,lung,30,\n1,b,lung,30,see note\n")
        assert details(study, "COLUMN_NOT_READ") == ["lesions!E1 without a heading"]

    def test_open_quote(self, read: Any) -> None:
        """A quote that is not closed would take all rows that follow."""
        with pytest.raises(IntakeError, match="a quote is not closed"):
            read('patient,lesion,organ,2024-01-03\n1,"a,lung,30\n2,a,lung,20\n')

    def test_same_again(self, read: Any) -> None:
        """The same value again is noted, another one refused."""
        text = "patient,date,lesion,organ,size\n1,2024-01-03,a,lung,30\n1,2024-01-03,a,lung,30\n"
        assert problems(read(text)) == ["DUPLICATE_RESULT"]
        with pytest.raises(IntakeError, match="CONFLICTING_RESULT: longest_mm of a on 2024-01-03 "):
            read(text + "1,2024-01-03,a,lung,31\n")

    def test_same_word_again(self, read: Any) -> None:
        """One word in both of its cells is one status."""
        study = read("patient,date,lesion,organ,viable,whole\n1,2024-01-03,a,liver,NE,n.d.\n")
        assert rows(study, "status") == [("not evaluable",)]
        assert problems(study) == []

    def test_facts_that_differ(self, read: Any) -> None:
        """Places and roles that differ are noted, the first is read; other facts are refused."""
        head = "patient,date,lesion,organ,role,treated,kind,size\n"
        text = head + "1,2024-01-03,a,lung,T,no,nodule,30\n1,2024-03-03,a,LN,NT,{},nodule,30\n"
        study = read(text.format(""))
        assert problems(study) == ["LOCATION_CHANGES", "ROLE_CHANGES"]
        assert rows(study, "organ", "kind", "hilar")[1] == ("lung", "nodule", False)
        odd = read(text.format("").replace("lung", "Xylo  phone").replace("LN", "other place"))
        (told,) = details(odd, "LOCATION_CHANGES")
        assert told == "organ of a is xylo phone, and other place in lesions!D3"
        with pytest.raises(IntakeError, match="CONFLICTING_RESULT: treated of a is False"):
            read(text.format("yes"))

    def test_a_kind_that_is_said(self, read: Any) -> None:
        """A cell for the kind, or the hilum, weighs more than what the place tells."""
        study = read(
            "patient,date,lesion,organ,kind,hilar,size\n1,2024-01-03,a,LN,other,,30\n"
            "1,2024-01-03,b,porta hepatis,,no,30\n1,2024-01-03,c,porta hepatis,other,,30\n"
        )
        assert rows(study, "kind", "hilar") == [("other", False), ("node", False), ("other", False)]

    def test_patterns(self, read: Any) -> None:
        """How a lesion enhances may change from day to day."""
        head = "patient,date,lesion,organ,viable,pattern\n"
        study = read(head + "1,2024-01-03,a,liver,9,unknown\n1,2024-03-03,a,liver,12,typical\n")
        assert rows(study, "pattern") == [("unknown",), ("typical",)]

    def test_no_findings(self, read: Any) -> None:
        """A row with a date and no lesion is an examination without findings."""
        study = read(
            "patient,date,lesion,organ,size,visit,reported,reported:mrecist\n"
            "1,2024-01-03,a,lung,30,V1,,\n,2024-03-03,,,,V2,PD,pd\n,2024-05-03,a,lung,20,V3,,\n"
        )
        told = rows(study, "date", "lesion", "organ", "visit", "reported", "reported:mrecist")
        assert told == [
            ("2024-01-03", "a", "lung", "V1", None, None),
            ("2024-03-03", None, None, "V2", "PD", "PD"),
            ("2024-05-03", "a", "lung", "V3", None, None),
        ]
        assert problems(study) == []

    def test_word_beside_a_size(self, read: Any) -> None:
        """`present` gives way to a size, except in our column; `absent` contradicts a size."""
        head = "patient,date,lesion,organ,size,Status\n"
        text = head + "1,2024-01-03,a,lung,30,present\n1,2024-03-03,a,lung,0,absent\n"
        study = read(text)
        assert rows(study, "longest_mm", "status") == [("30", None), ("0", "absent")]
        assert problems(study) == ["WORD_BESIDE_SIZE"]
        ours = read(text.replace("Status", "status"))
        assert rows(ours, "longest_mm", "status") == [("30", "present"), ("0", "absent")]
        with pytest.raises(IntakeError, match="CONFLICTING_RESULT: a on 2024-01-03 is absent"):
            read(head + "1,2024-01-03,a,lung,30,absent\n")

    def test_merged(self, read: Any) -> None:
        """A lesion that has merged into another has neither a size nor a status."""
        study = read(
            "patient,date,lesion,organ,size,into\n1,2024-01-03,a,lung,30,\n1,2024-03-03,a,lung,,b\n"
        )
        assert rows(study, "into") == [(None,), ("b",)]

    @pytest.mark.parametrize(("heading", "first", "second"), [
        ("Baseline", "yes", "no"), ("C1", "", ""), ("Week 8", "see letter", ""),
    ])  # fmt: skip
    def test_flag_named_as_a_visit(self, read: Any, heading: str, first: str, second: str) -> None:
        """A column named as a visit that holds no size makes no columns of visits."""
        study = read(
            f"patient,date,lesion,organ,size,status,{heading}\n1,2024-01-03,a,liver,20,,{first}\n"
            f"1,2024-03-03,a,liver,,absent,{second}\n",
            measures="viable",
        )
        assert rows(study, "date", "viable_mm", "status") == [
            ("2024-01-03", "20", None),
            ("2024-03-03", None, "absent"),
        ]


class TestRows:
    """Every row is read, noted or refused."""

    def test_not_lesions(self, read: Any) -> None:
        """Sums and percentages, the header again, a comment, a row that only names a patient."""
        study = read(
            "patient,lesion,organ,2024-01-03\nP1,,,\n,a,lung,30\n,SLD (mm),,30\nTotal,,,30\n"
            ",% change,,-3\n,best response,,PR\npatient,lesion,organ,2024-01-03\n,,see above,\n\n"
        )
        assert sizes(study) == [("P1", "2024-01-03", "a", "30")]
        assert problems(study) == ["DERIVED_ROW"] * 4 + ["ROW_NOT_READ"] * 2

    def test_refused(self, read: Any) -> None:
        """A size without a lesion or a patient, and an id that a list could not hold."""
        with pytest.raises(IntakeError) as error:
            read(
                "patient,lesion,organ,2024-01-03\n,a,lung,3\nP,,,30\nP,a;b,lung,30\nP,c,lung,32?\n"
            )
        assert refused(error) == [
            (None, "lesions!A2", "NO_PATIENT"),
            ("P", "lesions!B3", "LESION_NOT_TRACKED"),
            ("P", "lesions!B4", "LESION_NOT_TRACKED"),
            ("P", "lesions!D5", "NOT_A_LENGTH"),
        ]

    def test_collected(self, read: Any) -> None:
        """One bad patient never costs another."""
        text = "patient,lesion,organ,2024-01-03,2024-03-03\nP,a,lung,30,31*\nQ,a,lung,30,20\n"
        study = read(text, errors="collect")
        assert list(study.errors["code"]) == ["NOT_A_LENGTH"]
        responses = study.assess("recist-1.1", errors="collect")
        assert list(responses.lines["patient"]) == ["Q"]

    def test_without_a_result(self, read: Any) -> None:
        """A lesion without any result: with a role it is not evaluable, else it is left out."""
        study = read(
            "patient,lesion,organ,role,2024-01-03,2024-03-03\nP,a,lung,T,30,20\nP,b,lung,T,,\n"
            "P,c,lung,,,\nP,d,lung,new,,12\nP,e,lung,NT,,present\nQ,a,lung,T,,\n"
        )
        assert ("P", "2024-01-03", "b", "not evaluable") in sizes(study)
        assert [each for each in sizes(study) if each[2] == "c" or each[0] == "Q"] == []
        assert problems(study) == [
            "NOTHING_RECORDED",
            "TARGET_WITHOUT_RESULT",
            "NOTHING_RECORDED",
            "NOTHING_RECORDED",
        ]
        assert list(study.problems["detail"][1:]) == [
            "lesions!E6: e on 2024-01-03 becomes not evaluable",
            "b has no result: it is not evaluable at the first examination",
            "c has no result at any examination",
            "a has no result at any examination",
        ]

    def test_no_examination(self, read: Any) -> None:
        """A date of all patients at which one has no cell filled is no examination of this one."""
        study = read(
            "patient,lesion,organ,2024-01-03,2024-03-03\nP,a,lung,30,20\nQ,a,lung,30,\nQ,b,lung,9,\n"
        )
        assert len(sizes(study)) == 4
        assert problems(study) == ["NOTHING_RECORDED"]

    def test_second_diameters(self, read: Any) -> None:
        """The smaller of two diameters is a node's short axis, else the perpendicular."""
        study = read(
            "patient,lesion,organ,2024-01-03\nP,a,lung,30x20\nP,n,LN,20 x 30\nP,m,LN,15\nP,s,LN,0\n"
        )
        assert rows(study, "longest_mm", "short_axis_mm", "longest_perp_mm") == [
            ("30", None, "20"),
            ("30", "20", None),
            (None, "15", None),
            (None, "0", None),
        ]
        assert problems(study) == ["DIAMETER_AXIS", "DIAMETER_AXIS"]

    def test_second_of_a_short_axis(self, read: Any) -> None:
        """A second diameter in a column of short axes has no place but a node's, and is told."""
        study = read("patient,lesion,organ,date,short_axis_mm\nP,a,lung,2024-01-03,30 x 20\n")
        assert rows(study, "short_axis_mm") == [("30",)]
        assert problems(study) == ["SECOND_DIAMETER"]

    def test_viable_areas(self, read: Any) -> None:
        """Two diameters of a liver nodule are those that its measure names."""
        study = read("patient,lesion,organ,2024-01-03\nP,a,liver,40x30\n", measures="viable")
        assert rows(study, "viable_mm", "viable_perp_mm") == [("40", "30")]
        assert not problems(study)

    def test_treated_lesions(self, read: Any) -> None:
        """What a treated lesion looks like, and a perpendicular, are columns of a long sheet."""
        study = read(
            "patient,lesion,organ,date,viable_mm,viable_perp_mm,masslike,margin,modality\n"
            "P,a,liver,2024-01-03,40,30,,,MRI\nP,a,liver,2024-04-03,12,8,present,not enough,MRI\n"
        )
        assert rows(study, "viable_perp_mm", "masslike", "margin", "modality") == [
            ("30", None, None, "MRI"),
            ("8", "present", "not enough", "MRI"),
        ]

    def test_length_beside_a_short_axis(self, read: Any) -> None:
        """A plain diameter beside the short axis of a node is its length."""
        study = read(
            "patient,lesion,organ,date,LD,SAD\nP,n,LN,2024-01-03,30,20\nP,m,LN,2024-01-03,15,\n"
        )
        assert rows(study, "longest_mm", "short_axis_mm") == [("30", "20"), (None, "15")]
        assert problems(study) == ["DIAMETER_AXIS"]

    def test_places(self, read: Any) -> None:
        """An unknown place is taken as it is, with a problem; a segment is in the liver."""
        study = read(
            "patient,lesion,site,segment,2024-01-03\nP,a,Left  Big Toe,,30\nP,b,,8,30\nP,c,,,30\n"
            "P,d,lung,,30\n",
            measures="viable",
        )
        assert rows(study, "organ") == [("left big toe",), ("liver",), ("unknown",), ("lung",)]
        assert problems(study) == ["NO_LOCATION", "NO_LOCATION"]

    def test_a_kind_without_a_place(self, read: Any) -> None:
        """A node without a place is noted too; its kind stays."""
        study = read("patient,lesion,kind,2024-01-03\nP,a,node,30\n")
        assert rows(study, "organ", "kind") == [("unknown", "node")]
        assert problems(study) == ["NO_LOCATION", "DIAMETER_AXIS"] or "NO_LOCATION" in problems(
            study
        )


class TestBlocks:
    """A block of rows for each patient, with dates of its own."""

    def test_headers(self, read: Any) -> None:
        """A header with other dates begins a new block."""
        study = read(
            "Patient,Lesion,Organ,2024-01-03,2024-03-06\nP1,a,lung,30,20\n"
            "Patient,Lesion,Organ,2024-02-03,2024-04-06\nP2,a,lung,40,10\n"
        )
        assert sizes(study) == [
            ("P1", "2024-01-03", "a", "30"),
            ("P1", "2024-03-06", "a", "20"),
            ("P2", "2024-02-03", "a", "40"),
            ("P2", "2024-04-06", "a", "10"),
        ]

    def test_lines_with_patients(self, read: Any) -> None:
        """A line may name the patient of the rows below it, in one cell or two."""
        study = read(
            "Patient: P1,,,\nLesion,Organ,2024-01-03,2024-03-06\na,lung,30,20\n\nPatient: P2,,,\n"
            "Lesion,Organ,2024-02-03,\na,lung,40,\nPatient,P3,,\nb,lung,41,\n"
        )
        assert sizes(study) == [
            ("P1", "2024-01-03", "a", "30"),
            ("P1", "2024-03-06", "a", "20"),
            ("P2", "2024-02-03", "a", "40"),
            ("P3", "2024-02-03", "b", "41"),
        ]

    def test_no_such_line(self, read: Any) -> None:
        """A label without a patient, or with more, is none."""
        study = read("Lesion,Organ,Patient,2024-01-03\na,lung,P1,30\nPatient,,,\nPatient: P2,x,,\n")
        assert {patient for patient, *_ in sizes(study)} == {"P1"}


class TestUnits:
    """Numbers that may be centimetres are a question."""

    HEAD = "patient,lesion,organ,2024-01-03,2024-03-03\n"

    def test_question(self, read: Any) -> None:
        """All sizes are below 10 and some not whole."""
        text = self.HEAD + "P,a,lung,3.2,2.1\n"
        with pytest.raises(AskError, match=r"smallest in lesions!E2.*unit=\"cm\""):
            read(text)
        assert sizes(read(text, unit="cm"))[0][3] == "32"
        assert sizes(read(text, unit="mm"))[0][3] == "3.2"

    def test_several_whole(self, read: Any) -> None:
        """Or there are several; two whole numbers ask nothing, nor does a unit that is said."""
        with pytest.raises(AskError):
            read(self.HEAD + "P,a,lung,3,2\nP,b,lung,4,2\n")
        assert sizes(read(self.HEAD + "P,a,lung,3,0\nP,b,lung,4,\n"))[0][3] == "3"
        assert sizes(read(self.HEAD + "P,a,lung,3.1 mm,\n"))[0][3] == "3.1"
        assert sizes(read("patient,date,lesion,organ,size (mm)\nP,2024-01-03,a,lung,3.1\n"))

    def test_problems(self, read: Any) -> None:
        """A patient, or a column, that differs from the others is noted."""
        study = read(self.HEAD + "P,a,lung,3.2,2.1\nQ,a,lung,30,2\nQ,b,lung,120,3\nR,a,lung,30,2\n")
        assert problems(study) == ["UNIT_SUSPECT", "UNIT_SUSPECT"]
        assert list(study.problems["patient"][1:]) == ["P", None]


class TestUnitOfARow:
    """A column of units says the unit of each row."""

    @pytest.mark.parametrize("heading", ["Unit", "units", "Einheit", "Unité", "Unidad", "単位"])
    def test_each_row(self, read: Any, heading: str) -> None:
        """Millimetres and centimetres side by side, wide and long; a cell's own unit holds."""
        wide = f"patient,lesion,organ,{heading},2024-01-03,2024-03-03\n"
        study = read(wide + "P,a,lung,cm,3.2,21 mm\nP,b,lung,mm,32,2.1cm\n")
        assert [row[3] for row in sizes(study)] == ["32", "32", "21", "21"]
        assert problems(study) == []
        long = f"patient,date,lesion,organ,size,{heading}\n"
        study = read(long + "P,2024-01-03,a,lung,3.2,cm\nP,2024-03-03,a,lung,21,\n")
        assert [row[3] for row in sizes(study)] == ["32", "21"]
        columns = {"unit": "mass"}
        study = read(
            long.replace(heading, "Mass") + "P,2024-01-03,a,lung,3.2,cm\n", columns=columns
        )
        assert sizes(study)[0][3] == "32"

    def test_no_unit_of_length(self, read: Any) -> None:
        """Pixels are refused, and so is a row against its heading; a ward is no unit."""
        head = "patient,date,lesion,organ,size (mm),unit\n"
        rows_of = "P,2024-01-03,a,lung,32,mm\nP,2024-03-03,a,lung,32,{}\n"
        for wrong in ("px", "cm"):
            with pytest.raises(IntakeError, match="must have one unit, mm or cm") as raised:
                read(head + rows_of.format(wrong))
            assert refused(raised) == [("P", "lesions!E3", "NOT_A_LENGTH")]
        study = read(head + "P,2024-01-03,a,lung,32,ICU\n")
        assert problems(study) == ["COLUMN_NOT_READ"]


class TestNothingLost:
    """A column of sizes, or a row, is read, refused or told, whatever its heading."""

    @pytest.mark.parametrize(
        "heading",
        ["2024-01", "01/2024", "1-2024", "Jan 2024", "Jan. 24", "Januar 2024", "janv 2024"],
    )
    def test_month(self, read: Any, heading: str) -> None:
        """Sizes under a month without a day have no date; a row of dates gives it."""
        text = f"patient,lesion,organ,{heading},2024-03-03\nP,a,lung,32,21\n"
        with pytest.raises(IntakeError, match="has no date: write it in the heading") as raised:
            read(text)
        assert refused(raised) == [("P", "lesions!D2", "NO_DATE")]
        dated = text.replace("P,a", ",Date of scan,,2024-01-09,2024-03-03\nP,a")
        assert [row[1] for row in sizes(read(dated))] == ["2024-01-09", "2024-03-03"]

    @pytest.mark.parametrize("heading", ["Target", "Cible", "Diana"])
    def test_target_as_the_lesion(self, read: Any, heading: str) -> None:
        """A column Target names the lesions where no other does; beside one it holds roles."""
        text = f"patient,{heading},organ,2024-01-03,2024-03-03\nP,S8,liver,32,21\n"
        assert [row[2] for row in sizes(read(text, measures="viable"))] == ["S8", "S8"]
        with pytest.raises(IntakeError, match="no column names the lesion"):
            read(text.replace("S8", "yes"))
        both = text.replace("organ", "lesion,organ").replace("S8,", "yes,S8,")
        study = read(both, measures="viable")
        assert table(study.lines, "targets") == [("S8",)]

    @pytest.mark.parametrize(
        "name", ["AFP", "AFP (ng/mL)", "PIVKA-II", "DCP [mAU/mL]", "Child-Pugh"]
    )
    def test_laboratory(self, read: Any, name: str) -> None:
        """A value of the laboratory among the lesions is no lesion of 400 mm."""
        study = read(WIDE.replace("Sum,,,71,35", f"{name},,,400,20"), measures="viable")
        assert name not in study.findings["lesion"]
        assert problems(study)[0] == "ROW_NOT_READ"

    @pytest.mark.parametrize("name", ["mRECIST", "HCC mRECIST", "RECIST 1.1", "Best response"])
    def test_verdicts(self, read: Any, name: str) -> None:
        """A row of verdicts among the lesions is computed of them."""
        study = read(WIDE.replace("Sum,,,71,35", f"{name},,,,PR"), measures="viable")
        assert "DERIVED_ROW" in problems(study)
        assert read(WIDE.replace("Sum,,,71,35", "RECIST 1,lung,,9,9"), measures="viable")

    def test_remark(self, read: Any) -> None:
        """A remark in the column of patients is told; a patient above the lesions is not."""
        study = read(WIDE + ",,,,\nmeasured by X,,,,\n", measures="viable")
        told = [text for text in study.problems["detail"] if "measured by X" in text]
        assert told == ["lesions: a row of 'measured by X' alone, who has no lesion"]
        above = WIDE.replace("P1,T1", "P1,,,,\n,T1")
        assert "ROW_NOT_READ" not in problems(read(above, measures="viable"))


class TestDecimals:
    """The decimal mark is told apart only where a file of text says it."""

    def test_semicolons(self, read: Any) -> None:
        """Commas in a file separated by semicolons, unless there are points too."""
        text = "patient;lesion;organ;2024-01-03\nP;a;lung;30,5\nP;b;lung;{}\n"
        assert sizes(read(text.format("12")))[0][3] == "30.5"
        with pytest.raises(IntakeError, match=r'say decimal=","'):
            read(text.format("12.5"))

    def test_others(self, read: Any) -> None:
        """Elsewhere the comma must be asked for."""
        text = 'patient,lesion,organ,2024-01-03\nP,a,lung,"30,5"\n'
        with pytest.raises(IntakeError, match=r"lesions!D2: NOT_A_LENGTH.*decimal=\",\""):
            read(text)
        assert sizes(read(text, decimal=","))[0][3] == "30.5"


class TestColumns:
    """Headings that no table knows are given by the caller."""

    def test_given(self, read: Any) -> None:
        """Our name to theirs; `=liver` is a place for all rows."""
        text = "Nr,What,2024-01-03\nP,a,30\n"
        study = read(text, columns={"patient": "Nr", "lesion": "what", "organ": "=lung"})
        assert rows(study, "patient", "lesion", "organ") == [("P", "a", "lung")]
        constant = read(
            "What,2024-01-03\na,30\n", columns={"lesion": "What", "patient": "=P", "organ": "=lung"}
        )
        assert rows(constant, "patient") == [("P",)]

    def test_a_size(self, read: Any) -> None:
        """A column of sizes in a long sheet may be named too."""
        text = "patient,date,lesion,organ,cranio-caudal\nP,2024-01-03,a,lung,30\n"
        assert sizes(read(text, columns={"size": "cranio-caudal"}))[0][3] == "30"

    def test_refused(self, read: Any) -> None:
        """A name that is not ours, and a heading that is not there."""
        with pytest.raises(ValueError, match=r"columns must be named .*, got 'lesoin'"):
            read(LONG, columns={"lesoin": "x"})
        with pytest.raises(ValueError, match="columns: no heading is 'x' among patient, date"):
            read(LONG, columns={"organ": "x"})

    @pytest.mark.parametrize(
        ("name", "value"), [("measures", "both"), ("unit", "m"), ("decimal", ";")]
    )
    def test_choices(self, read: Any, name: str, value: str) -> None:
        """Arguments are one of few words."""
        with pytest.raises(ValueError, match=f"{name} must be"):
            read(LONG, **{name: value})
        with pytest.raises(ValueError, match='errors must be "raise" or "collect"'):
            read(LONG, errors="ignore")

    def test_no_header(self, read: Any) -> None:
        """Without a header the headings are asked for."""
        with pytest.raises(AskError, match="no row of headings"):
            read("a,b\n1,2\n")

    def test_no_patient(self, read: Any) -> None:
        """Without a column of patients that is asked for."""
        with pytest.raises(AskError, match="names the patient"):
            read("lesion,organ,2024-01-03\na,lung,30\n")

    def test_no_rows(self, read: Any) -> None:
        """A sheet without rows is refused."""
        with pytest.raises(IntakeError, match="no row below the headings holds anything"):
            read("patient,lesion,organ,2024-01-03\n,date,,\n")

    def test_no_sizes(self, read: Any) -> None:
        """So is one without sizes; a status alone is enough."""
        with pytest.raises(IntakeError, match="no column holds sizes"):
            read("patient,lesion,organ\n1,a,lung\n")
        study = read("patient,date,lesion,organ,status\n1,2024-01-03,a,lung,present\n")
        assert rows(study, "status") == [("present",)]

    def test_totals_of_patients(self, read: Any) -> None:
        """A table with a row a patient and its totals holds no lesions."""
        with pytest.raises(IntakeError, match="one row per patient and its totals"):
            read(
                "patient,site,1_mRECIST_BL,1_mRECIST_FU,type,response\nhcc_001,liver,44.5,0,T,CR\n"
            )


class TestLines:
    """Roles and treatment go into one line of therapy a patient."""

    HEAD = "patient,date,lesion,organ,role,size,treatment start,drugs\n"

    def test_start_and_drugs(self, read: Any) -> None:
        """Once a patient is enough; without a start the line begins at the first time point."""
        study = read(
            self.HEAD
            + "P,2024-01-03,a,lung,T,30,2024-01-10,sorafenib\nP,2024-03-03,a,lung,T,20,,\n"
            "Q,5,a,lung,,30,,\n"
        )
        lines = study.lines
        assert lines is not None
        told = ("patient", "start", "agents", "targets", "nontargets")
        assert table(lines, *told) == [
            ("P", "2024-01-10", "sorafenib", "a", ";"),
            ("Q", 5, None, None, None),
        ]
        assert list(study.assess("recist-1.1").lines["best_response"]) == ["PR", "ND"]

    def test_refused(self, read: Any) -> None:
        """Two drugs, and a start that is no date or can be read in two ways."""
        row = "P,2024-01-03,{},lung,T,30,{},{}\n"
        with pytest.raises(IntakeError) as error:
            read(self.HEAD + row.format("a", "soon", "x") + row.format("b", "2024-02-31", "y"))
        assert [each[1:] for each in refused(error)] == [
            ("lesions!G2", "NO_DATE"),
            ("lesions!G3", "NO_DATE"),
            ("lesions!H3", "CONFLICTING_RESULT"),
        ]
        with pytest.raises(AskError):
            read(self.HEAD + row.format("a", "03/06/2024", "x"))

    def test_given(self, read: Any) -> None:
        """The caller's lines are taken, with the roles of the sheet where they name none."""
        one = {"patient": ["P1", "P2"], "start": ["2024-01-05", "2024-01-05"]}
        study = read(WIDE, measures="viable", lines=one)
        assert list(study.lines["targets"]) == ["T1;T2", "A"]
        named = read(WIDE, measures="viable", lines={**one, "targets": ["T1", "A"]})
        assert list(named.assess().lines["targets"]) == ["T1", "A"]
        two = {"patient": ["P1", "P1", "P2"], "start": ["2024-01-05", "2024-02-05", "2024-01-05"]}
        several = read(WIDE, measures="viable", lines=two)
        assert list(several.lines["targets"]) == [None, None, "A"]
        assert "ROLES_NOT_READ" in problems(several)
        plain = read(LONG, lines={"patient": ["1"], "start": ["2024-01-05"]})
        assert list(plain.lines["start"]) == ["2024-01-05"]


class TestBooks:
    """Workbooks of several sheets."""

    HEAD = ("Patient", "Lesion", "Organ", datetime.date(2024, 1, 3))

    @pytest.fixture
    def book(self, tmp_path: Path) -> Any:
        """Write sheets of rows into a workbook."""
        writer = pytest.importorskip("xlsxwriter")
        pytest.importorskip("python_calamine")

        def write(**sheets: Any) -> Path:
            path = tmp_path / "lesions.xlsx"
            with writer.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as made:
                for name, table in sheets.items():
                    sheet = made.add_worksheet(name)
                    for at, cells in enumerate(table):
                        sheet.write_row(at, 0, cells)
            return path

        return write

    def test_addresses(self, book: Any) -> None:
        """Mistakes name the cell as the spreadsheet does; date cells are dates."""
        path = book(Notes=[("nothing",)], Lesions=[(), (), self.HEAD, (7, "a", "lung", "32?")])
        with pytest.raises(IntakeError, match="Lesions!D4: NOT_A_LENGTH"):
            read_worksheet(path)
        study = read_worksheet(book(Lesions=[self.HEAD, (7, 1, "lung", 32.5)]))
        assert sizes(study) == [("7", "2024-01-03", "1", "32.5")]

    def test_several(self, book: Any) -> None:
        """Several sheets with lesions are a question; each may be one patient."""
        head = self.HEAD[1:]
        path = book(P1=[head, ("a", "lung", 30)], P2=[head, ("a", "lung", 20)], Empty=[head])
        with pytest.raises(AskError, match='several sheets with lesions: P1, P2: say sheet="P1"'):
            read_worksheet(path)
        assert [each[0] for each in sizes(read_worksheet(path, sheet="each"))] == ["P1", "P2"]
        with pytest.raises(AskError, match="names the patient"):
            read_worksheet(path, sheet="P2")
        with pytest.raises(ValueError, match="sheet must be one of P1, P2, Empty or 'each'"):
            read_worksheet(path, sheet="P3")

    def test_without_headings(self, book: Any) -> None:
        """A sheet that is not read, a patient whose headings are misspelt say, is told."""
        head = self.HEAD[1:]
        path = book(P1=[head, ("a", "lung", 30)], P2=[("Leison", "Orgn"), ("a", "lung", 20)],
                    Blank=[], Headings=[head])  # fmt: skip
        for name, told in (
            ("each", ["P2: no row has three known headings, among them the lesion"]),
            ("P1", []),
        ):
            study = read_worksheet(
                path, sheet=name, columns={"patient": "=P"} if name == "P1" else {}
            )
            found = zip(study.problems["code"], study.problems["detail"], strict=True)
            assert [each for code, each in found if code == "SHEET_NOT_READ"] == told

    def test_each_names_its_patient(self, book: Any) -> None:
        """Sheets that name their patient are read together."""
        head = self.HEAD[1:]
        path = book(
            A=[("Patient", "P1"), head, ("a", "lung", 30)],
            B=[("Patient: P2",), head, ("a", "lung", 20)],
        )
        assert [each[0] for each in sizes(read_worksheet(path))] == ["P1", "P2"]


class TestCodes:
    """Every code stands in the tables of problems and mistakes."""

    def test_known(self) -> None:
        """No file of worksheets notes or refuses what is not described."""
        folder = Path(known.__file__).parent
        text = "".join(path.read_text("utf-8") for path in folder.glob("*sheet*.py"))
        found = set(re.findall(r'(?:note|refuse)\(\s*"([A-Z_]+)"', text))
        assert len(found) > 10
        assert found <= {*known.PROBLEMS, *known.MISTAKES}


class TestReaders:
    """Who measured: one reader of an examination, as the sizes of two are no one course."""

    ROWS = (
        "patient,{head},date,lesion,organ,viable_mm\n"
        "P,R1,2024-01-01,T1,liver,50\nP,R1,2024-03-01,T1,liver,30\n"
        "P,{other},2024-01-01,X1,liver,40\nP,{other},2024-03-01,X1,liver,60\n"
        "Q,A,2024-01-01,X1,liver,40\nQ,B,2024-03-01,X1,liver,20\n"
    )

    @pytest.mark.parametrize("head", ["reader", "Reader ID", "Radiologist", "Befunder", "阅片者"])
    def test_several(self, read: Any, head: str) -> None:
        """The patient is not judged; whose next scan another reader reads is."""
        study = read(self.ROWS.format(head=head, other="R2"), errors="collect")
        assert study.errors["patient"].tolist() == ["P"]
        assert study.errors["code"].tolist() == ["SEVERAL_READERS"]
        assert "rows of 'R1' and 'R2' on one date" in study.errors["error"][0]
        assert study.assess(errors="collect").timepoints["patient"].tolist() == ["Q"]

    @pytest.mark.parametrize(
        ("head", "other"), [("reader", "r1 "), ("reader", ""), ("comment", "R2")]
    )
    def test_one(self, read: Any, head: str, other: str) -> None:
        """The same reader in another spelling, nobody, or a column that says something else."""
        assert len(read(self.ROWS.format(head=head, other=other)).errors["patient"]) == 0

    def test_wide(self, read: Any) -> None:
        text = (
            "Patient,Reader,Lesion,Organ,2024-01-03,2024-03-06\nP1,R1,T1,S8,41,20\n,R2,T1,S8,4,2\n"
        )
        study = read(text, errors="collect", measures="viable")
        assert "SEVERAL_READERS" in study.errors["code"].tolist()


@pytest.mark.parametrize(
    ("place", "kind", "organ"),
    [
        ("paraaortic lymph node", "node", "lymph node"),
        ("LK paraaortal", "node", "lymph node"),
        ("enlarged porta hepatis lymph node", "node", "porta hepatis lymph node"),
        ("LN near portal vein", "node", "lymph node"),
        ("Leber S8", "nodule", "liver"),
        ("Lebersegment 8", "nodule", "liver"),
        ("Hígado S4", "nodule", "liver"),
        ("rechter Leberlappen S8", "nodule", "liver"),
        ("肝S8", "nodule", "liver"),
        ("Pfortader rechts", "thrombus", "portal vein"),
        ("pleural effusion left", "effusion", "pleural effusion"),
        ("S8 near portal vein", "nodule", "s8 near portal vein"),
        ("hepatic artery", "nodule", "hepatic artery"),
    ],
)
def test_words_with_others(read: Any, place: str, kind: str, organ: str) -> None:
    """A node is a node wherever it lies; what lies near a vein is no thrombus in it."""
    study = read(f"Patient,Lesion,Organ,2024-01-03\nP,T1,{place},20\n", measures="viable")
    assert [(str(study.findings[name][0] or "")).lower() for name in ("kind", "organ")] == [
        kind,
        organ,
    ]
