"""ADaM out: responses, sizes and times of a cohort, with the columns of its subjects."""

from __future__ import annotations

import datetime
from pathlib import Path
from random import Random
from typing import Any

import attrs
import numpy as np
import pytest
from support.best_dates import best_dates, counted, numbers_of
from support.charts import chart
from support.cohort_tables import sayable_cohort
from support.dates import in_calendar
from support.profiles import thorough_only
from support.sdtm_rows import tables, tr, tu

import mrecist
from mrecist import FDA_A, assess_cohort
from mrecist.cohort.adam import Adam
from mrecist.cohort.adam_rows import VARIABLES
from mrecist.io import Study, read_sdtm
from mrecist.io.columns import texts_of
from mrecist.io.table_files import read_table

D = datetime.date.fromisoformat
FINDINGS: dict[str, Any] = {
    "patient": ["A"] * 8 + ["B"] * 2 + ["C"],
    "date": ["2024-01-01"] * 2 + ["2024-02-15"] * 2 + ["2024-04-01"] * 2
    + ["2024-06-01"] * 2 + ["2024-01-01", "2024-03-01", "2024-01-01"],
    "lesion": ["S8", "N"] * 4 + ["S8", "S8", "S8"],
    "kind": ["nodule", "node"] * 4 + ["nodule"] * 3,
    "organ": ["liver", "lymph node"] * 4 + ["liver"] * 3,
    "viable_mm": [40, None, 20, None, None, None, 45, None, 30, 29, 30],
    "longest_mm": [None, 30, None, 20, None, None, 50, None, None, None, None],
    "short_axis_mm": [None, 20, None, 10, None, 8, None, 9, None, None, None],
    "status": [None] * 4 + ["absent"] + [None] * 6,
    "reported": [None] * 8 + [None, "SD", None],
    "visit": ["SCREENING"] * 2 + [None] * 6 + [None] * 3,
}  # fmt: skip
LINES: dict[str, Any] = {
    "patient": ["A", "A", "B", "C"],
    "start": ["2024-01-03", "2024-06-03", "2024-01-03", "2024-01-03"],
    "agents": ["lenvatinib", "sorafenib", None, "sorafenib"],
    "death": [None, None, "2024-04-01", None],
    "last_contact": ["2024-07-01", None, None, "2024-05-01"],
}


def changed(**cells: dict[int, Any]) -> dict[str, Any]:
    """The findings with other cells, by column and row; rows may be added at the end."""
    made = {name: list(column) for name, column in FINDINGS.items()}
    added = max(at + 1 for each in cells.values() for at in each) - len(FINDINGS["patient"])
    for name, column in made.items():
        column += [None] * added
        for at, value in cells.get(name, {}).items():
            column[at] = value
    return made


def adam(adsl: Any = None, **knobs: Any) -> Adam:
    """The data sets of the small cohort."""
    return assess_cohort(FINDINGS, LINES).to_adam(adsl, **knobs)


def rows(table: Any, *names: str, **where: Any) -> list[Any]:
    """Some cells of the rows of a data set that say something."""
    columns = [_cells(table[name]) for name in (*where, *names)]
    found = zip(*columns, strict=True)
    told = [row[len(where) :] for row in found if row[: len(where)] == tuple(where.values())]
    return [row[0] for row in told] if len(names) == 1 else told


def _cells(column: Any) -> list[Any]:
    cells = column.tolist()
    return [None if cell is None or cell != cell else cell for cell in cells]


def of_line(table: Any, code: str, *names: str, line: float = 1, patient: str = "A") -> Any:
    (row,) = rows(table, *names, USUBJID=patient, PARAMCD=code, LINE=line)
    return row


class TestResponses:
    """ADRS."""

    def test_repr(self) -> None:
        """How many rows each data set has."""
        assert repr(adam()) == "<Adam: ADRS 51 rows, ADTR 24 rows, ADTTE 22 rows>"

    def test_timepoints(self) -> None:
        """Terms, numbers, dates, study days, visits, flags, rules."""
        names = ("AVALC", "AVAL", "ADT", "ADY", "AVISIT", "AVISITN", "ANL01FL", "ANL02FL")
        assert rows(adam().adrs, *names, USUBJID="A", PARAMCD="OVR", LINE=1) == [
            ("PR", 2, D("2024-02-15"), 44, "FOLLOW-UP 1", 1, "Y", "Y"),
            ("CR", 1, D("2024-04-01"), 90, "FOLLOW-UP 2", 2, "Y", "Y"),
            ("PD", 5, D("2024-06-01"), 151, "FOLLOW-UP 3", 3, "Y", "Y"),
        ]
        (rules,) = set(rows(adam().adrs, "RULES", USUBJID="A", PARAMCD="OVR", AVALC="PR"))
        assert rules == "TL-PR-30;NTL-NONE;OR-05" or rules.startswith("TL-PR-30;")

    @pytest.mark.parametrize(
        ("code", "told", "date"),
        [
            ("PD", "Y", "2024-06-01"), ("RSP", "Y", "2024-02-15"), ("CRSP", "Y", "2024-02-15"),
            ("CB", "Y", "2024-02-15"), ("CCB", "Y", "2024-02-15"), ("BOR", "CR", "2024-04-01"),
            ("CBOR", "PR", "2024-02-15"), ("BCP", "Y", "2024-04-01"), ("CBCP", "Y", "2024-02-15"),
            ("LSTA", "PD", "2024-06-01"), ("MDIS", "Y", None),
        ],
    )  # fmt: skip
    def test_line(self, code: str, told: str, date: str | None) -> None:
        """What a line comes to, on the date of the time point that it rests on."""
        table = adam().adrs
        assert of_line(table, code, "AVALC", "ADT") == (told, date and D(date))
        domain, variable, number = of_line(table, code, "SRCDOM", "SRCVAR", "SRCSEQ")
        if date is None:
            assert (domain, variable, number) == (None, None, None)
        else:
            assert (domain, variable) == ("ADRS", "ADT")
            source = rows(table, "PARAMCD", "ADT", USUBJID="A", ASEQ=number)
            assert source == [("OVR", D(date))]

    def test_nothing(self) -> None:
        """A line without a follow-up has rows of no, without a date."""
        table = adam().adrs
        for code, told, value in (("BOR", "MISSING", 7), ("CBCP", "N", 0), ("LSTA", None, None)):
            found = of_line(table, code, "AVALC", "AVAL", "ADT", "ANL02FL", patient="C")
            assert found == (told, value, None, None)

    def test_patient(self) -> None:
        """Death is of the patient, and of no line and no reader."""
        names = ("AVALC", "ADT", "LINE", "AGENTS", "PARCAT1", "PARCAT2", "PARCAT3")
        found = rows(adam().adrs, *names, PARAMCD="DEATH")
        plain = (None, None, "Reference Event", None, None)
        assert found == [("N", None, *plain), ("Y", D("2024-04-01"), *plain), ("N", None, *plain)]

    def test_reported(self) -> None:
        """A verdict that stands in for a computed one is of RS."""
        findings = changed(viable_mm={9: None}, status={9: "not evaluable"})
        table = assess_cohort(findings, LINES).to_adam().adrs
        found = of_line(table, "OVR", "AVALC", "SRCDOM", "SRCVAR", patient="B")
        assert found == ("SD", "RS", "RSSTRESC")

    def test_words(self) -> None:
        """Parameters name the reader, and the criteria are those of CDISC's terminology."""
        table = adam(reader="Central Reader").adrs
        (text,) = set(rows(table, "PARAM", PARAMCD="BOR"))
        assert text == "Best Overall Response by Central Reader (confirmation not required)"
        assert set(rows(table, "PARCAT2")) == {"Central Reader", None}
        responses = assess_cohort(FINDINGS, LINES, criteria="recist-1.1", errors="collect")
        assert set(rows(responses.to_adam().adrs, "PARCAT3", PARAMCD="OVR")) == {"RECIST 1.1"}

    @pytest.mark.parametrize(
        ("criteria", "rscat", "told"),
        [
            ("mrecist", None, "MRECIST LENCIONI LIVER CANCER 2010"),
            ("mrecist-5mm", None, "MRECIST LENCIONI LIVER CANCER 2010"),
            (attrs.evolve(mrecist.MRECIST, name="own", stable_days=49), None,
             "PROTOCOL DEFINED RESPONSE CRITERIA"),
            ("mrecist", "UNSPECIFIED", "UNSPECIFIED"),
        ],
    )  # fmt: skip
    def test_category(self, criteria: Any, rscat: Any, told: str) -> None:
        """RSCAT of each criteria."""
        responses = assess_cohort(FINDINGS, LINES, criteria=criteria)
        table = responses.to_adam(rscat=rscat).adrs
        assert set(rows(table, "PARCAT3", PARAMCD="OVR")) == {told}
        assert set(rows(table, "CRITNAME")) == {responses.criteria.name}


class TestSizes:
    """ADTR."""

    def test_targets(self) -> None:
        """Each target by the diameters recorded, and by the one that counted."""
        names = ("PARAMCD", "AVAL", "TRLNKID", "TULOC", "AVISITN")
        found = rows(adam().adtr, *names, USUBJID="A", LINE=1)
        assert [row for row in found if row[0][:5] not in ("SVDIA",)] == [
            ("VDIAM2", 40, "S8", "LIVER", 0),
            ("VDIAM2", 20, "S8", "LIVER", 1),
            ("VDIAM2", 0, "S8", "LIVER", 2),
            ("VDIAM2", 45, "S8", "LIVER", 3),
            ("LDIAM1", 30, "N", "LYMPH NODE", 0),
            ("LDIAM1", 20, "N", "LYMPH NODE", 1),
            ("LDIAM2", 50, "S8", "LIVER", 3),
            ("NLDIAM1", 20, "N", "LYMPH NODE", 0),
            ("NLDIAM1", 10, "N", "LYMPH NODE", 1),
            ("NLDIAM1", 8, "N", "LYMPH NODE", 2),
            ("NLDIAM1", 9, "N", "LYMPH NODE", 3),
        ]

    def test_sums(self) -> None:
        """The sum, its references and its flags."""
        names = ("AVAL", "BASE", "CHG", "NADIR", "CHGNAD", "ABLFL", "ANL01FL", "ANL02FL",
                 "PDFL", "CRFL")  # fmt: skip
        table = adam().adtr
        assert rows(table, *names, USUBJID="A", PARAMCD="SVDIAM", LINE=1) == [
            (60, 60, 0, None, None, "Y", "Y", None, None, None),
            (30, 60, -30, 60, -30, None, "Y", None, None, None),
            (8, 60, -52, 30, -22, None, "Y", "Y", None, "Y"),
            (54, 60, -6, 8, 46, None, "Y", None, "Y", None),
        ]
        change, grown = rows(table, "PCHG", "PCHGNAD", USUBJID="A", PARAMCD="SVDIAM", LINE=1)[3]
        assert (change, grown) == (pytest.approx(-10), pytest.approx(575))
        (text,) = set(rows(table, "PARAM", PARAMCD="SVDIAM"))
        assert text == "Target Lesions Sum of Viable and Other Diameters by Investigator"

    def test_lesions_seen(self) -> None:
        """A sum without a target is flagged by the lesions that it lacks."""
        findings = changed(
            status={3: "not evaluable"}, longest_mm={3: None}, short_axis_mm={3: None}
        )
        table = assess_cohort(findings, LINES).to_adam().adtr
        names = ("AVAL", "LSEXP", "LSASS", "ANL01FL")
        found = rows(table, *names, USUBJID="A", PARAMCD="SVDIAM", LINE=1)
        assert found[1] == (20, "N, S8", "S8", None)

    def test_whole(self) -> None:
        """By RECIST 1.1 the sum is of plain diameters."""
        responses = assess_cohort(
            {"patient": ["A"] * 2, "date": ["2024-01-01", "2024-03-01"], "lesion": ["T"] * 2,
             "longest_mm": [30, 0]},
            criteria="recist-1.1",
        )  # fmt: skip
        assert rows(responses.to_adam().adtr, "PARAMCD", "AVAL") == [
            ("SDIAM", 30),
            ("SDIAM", 0),
            ("LDIAM1", 30),
            ("LDIAM1", 0),
        ]

    def test_from_nothing(self) -> None:
        """There is no per cent of a reference of 0 mm."""
        responses = assess_cohort(
            {"patient": ["A"] * 3, "date": ["2024-01-01", "2024-03-01", "2024-05-01"],
             "lesion": ["T"] * 3, "viable_mm": [30, 0, 12]},
        )  # fmt: skip
        found = rows(responses.to_adam().adtr, "NADIR", "CHGNAD", "PCHGNAD", PARAMCD="SVDIAM")
        assert found[2] == (0, 12, None)


class TestTimes:
    """ADTTE."""

    def test_events(self) -> None:
        """Days count the first and the last; why a time ended, in words."""
        names = ("STARTDT", "ADT", "AVAL", "CNSR", "EVNTDESC", "CNSDTDSC", "CLAUSE")
        table = adam().adtte
        assert of_line(table, "PFS", *names) == (
            D("2024-01-03"),
            D("2024-06-01"),
            151,
            0,
            "Disease Progression",
            None,
            "TTE-FDA-02",
        )
        assert of_line(table, "OS", *names) == (
            D("2024-01-03"),
            D("2024-07-01"),
            181,
            1,
            "Alive",
            "Last Known Alive",
            "TTE-OS",
        )
        assert of_line(table, "OS", *names[1:5], patient="B") == (D("2024-04-01"), 90, 0, "Death")
        found = of_line(table, "PFS", *names[1:], line=1, patient="C")
        assert found[1:5] == (1, 1, "No Adequate Assessment", "Start of Line")

    def test_unassessed(self) -> None:
        """A death before any assessment censors the time to progression at the start."""
        lines = LINES | {"death": [None, None, None, "2024-02-01"]}
        table = assess_cohort(FINDINGS, lines).to_adam().adtte
        found = of_line(table, "TTP", "AVAL", "EVNTDESC", "CNSDTDSC", patient="C")
        assert found == (1, "Death", "Start of Line")

    def test_sources(self) -> None:
        """Each end is a row of ADRS, where one says it."""
        made = adam()
        for patient, code, of in (("A", "PFS", "PD"), ("B", "OS", "DEATH"), ("B", "TTP", "OVR")):
            number, end = of_line(made.adtte, code, "SRCSEQ", "ADT", patient=patient)
            source = rows(made.adrs, "PARAMCD", "ADT", USUBJID=patient, ASEQ=number)
            assert source == [(of, end)]
        assert of_line(made.adtte, "OS", "SRCDOM", "SRCSEQ", patient="C") == (None, None)

    def test_later_line(self) -> None:
        """A time that a later line ends rests on a row of that line."""
        findings = changed(
            patient={11: "A"},
            date={11: "2024-08-01"},
            lesion={11: "S8"},
            kind={11: "nodule"},
            organ={11: "liver"},
            viable_mm={11: 90},
        )
        made = assess_cohort(findings, LINES).to_adam()
        end, number = of_line(made.adtte, "PFS2", "ADT", "SRCSEQ")
        assert rows(made.adrs, "PARAMCD", "LINE", USUBJID="A", ASEQ=number) == [("OVR", 2)]
        assert end == D("2024-08-01")

    def test_duration(self) -> None:
        """RSD counts from the first response, confirmed or not, unless asked."""
        own = attrs.evolve(FDA_A, confirmed=True)
        findings = changed(date=dict.fromkeys((4, 5), "2024-02-25"))
        responses = assess_cohort(findings, LINES)
        for policy in (FDA_A, own):
            first = responses.to_adam(policy=policy).adtte
            assert of_line(first, "RSD", "STARTDT") == D("2024-02-15")
            made = responses.to_adam(policy=policy, duration_of="confirmed response").adtte
            assert rows(made, "STARTDT", PARAMCD="RSD", USUBJID="A") == []
        with pytest.raises(ValueError, match='duration_of must be "first response" or "confirmed'):
            responses.to_adam(duration_of="response")

    def test_gaps(self) -> None:
        """Missed assessments are named where they censor, and not where they do not."""
        schedule = mrecist.Schedule.every(14)
        strict = adam(policy=attrs.evolve(FDA_A, schedule=schedule)).adtte
        told = of_line(strict, "PFS", "EVNTDESC", "CNSDTDSC")
        assert told == ("Disease Progression After Missed Assessments", "Last Adequate Assessment")
        loose = adam(policy=attrs.evolve(mrecist.EMA_ITT, schedule=schedule)).adtte
        assert of_line(loose, "PFS", "EVNTDESC", "CNSDTDSC") == ("Disease Progression", None)


ADSL = {
    "STUDYID": ["HCC-1"] * 4, "USUBJID": ["A", "B", "C", "Z"], "AGE": [61, 70, None, 50],
    "ARM": ["X", " Y ", None, "X"],
    "TRTSDT": [D("2024-01-02"), np.datetime64("2024-01-03"), None, None],
    "TRTSDTM": [datetime.datetime(2024, 1, 2, 8, tzinfo=datetime.UTC), None, None, None],
    "NONE": [None] * 4,
}  # fmt: skip


class TestSubjects:
    """ADSL: carried along, and the first day."""

    def test_carried(self) -> None:
        """Its columns come first, each of its kind; the study day counts from its first dose."""
        made = adam(ADSL)
        names = list(made.adrs)
        assert names[:7] == ["STUDYID", "USUBJID", "AGE", "ARM", "TRTSDT", "TRTSDTM", "NONE"]
        assert names[7:] == [
            name for name in VARIABLES if name in names and name not in ("STUDYID", "USUBJID")
        ]
        cells = rows(made.adtte, "STUDYID", "AGE", "ARM", "TRTSDT", "NONE", USUBJID="B")
        assert set(cells) == {("HCC-1", 70, "Y", D("2024-01-03"), None)}
        assert of_line(made.adrs, "OVR", "ADY", patient="B") == 59
        assert set(rows(made.adrs, "ADY", USUBJID="A", PARAMCD="RSP", LINE=1)) == {45}
        assert made.adtr["TRTSDTM"].dtype == np.dtype("datetime64[s]")

    def test_before(self) -> None:
        """There is no day 0: the day before the first is -1."""
        assert rows(adam().adtr, "ADY", USUBJID="A", PARAMCD="SVDIAM", LINE=1)[0] == -2

    def test_without(self) -> None:
        """The study has no identifier where nobody gives one."""
        assert set(rows(adam().adrs, "STUDYID")) == {None}
        without = {name: cells for name, cells in ADSL.items() if name != "STUDYID"}
        assert set(rows(adam(without).adrs, "STUDYID")) == {None}

    @pytest.mark.parametrize(
        ("change", "told"),
        [
            ({"USUBJID": None}, "adsl: the column USUBJID is required"),
            ({"ADT": [1] * 4}, "adsl: leave out ADT, which the data sets have of their own"),
            (
                {"USUBJID": ["A", "A", "x", "y"]},
                "adsl: one row for each patient is required, there are several of A; "
                "2 judged patients must have a row: B, C",
            ),
        ],
    )
    def test_refused(self, change: dict[str, Any], told: str) -> None:
        """Everything that is wrong is told at once."""
        table = {name: cells for name, cells in (ADSL | change).items() if cells is not None}
        with pytest.raises(ValueError) as raised:  # noqa: PT011
            adam(table)
        assert str(raised.value) == told

    def test_study_days(self) -> None:
        """ADaM has dates of the calendar."""
        findings = {"patient": ["A", "B", "C", "D"], "date": [0] * 4, "lesion": ["T"] * 4,
                    "viable_mm": [30] * 4}  # fmt: skip
        with pytest.raises(ValueError, match=r"4 patients have study days: A, B, C, \.\.\."):
            assess_cohort(findings).to_adam()
        one = {name: cells[:1] for name, cells in findings.items()}
        with pytest.raises(ValueError, match=r"1 patient has study days: A$"):
            assess_cohort(one).to_adam()

    def test_empty(self) -> None:
        """A cohort without lines has data sets without rows."""
        made = assess_cohort({name: [] for name in ("patient", "date", "lesion")}).to_adam()
        assert repr(made) == "<Adam: ADRS 0 rows, ADTR 0 rows, ADTTE 0 rows>"
        assert list(made.adrs) == list(adam().adrs)

    def test_frames(self) -> None:
        """The data sets are of the kind that came in, and so may the subjects be."""
        pd = pytest.importorskip("pandas")
        pytest.importorskip("narwhals")
        pytest.importorskip("pyarrow")
        frame = pd.DataFrame({name: pd.Series(cells) for name, cells in FINDINGS.items()})
        responses = assess_cohort(frame, pd.DataFrame(LINES))
        made = responses.to_adam(pd.DataFrame(ADSL).drop(columns="TRTSDT"))
        assert isinstance(made.adtte, pd.DataFrame)
        assert made.adtte.loc[made.adtte["PARAMCD"] == "PFS", "AVAL"].tolist()[0] == 151
        assert set(made.adrs["ARM"].dropna()) == {"X", "Y"}


class TestOrigin:
    """A study that came from SDTM: its identifier, its results, its completed dates."""

    def test_results(self) -> None:
        """Each size names the result of TR that it is; so does what is absent."""
        seqs: list[Any] = [{"TRSEQ": 11, "STUDYID": "HCC-1"}, {"TRSEQ": "12"}, {"TRSEQ": "x"}]
        results = [
            tr("T1", "VDIAM", 30, **seqs[0]), tr("T1", "VDIAM", 20, "2024-03", **seqs[1]),
            tr("T1", "VDIAM", 20, "2024-05-02", **seqs[2]),
            tr("T1", "TUMSTATE", "ABSENT", "2024-07-02", TRSEQ=14),
        ]  # fmt: skip
        study = read_sdtm(tables(tu=[tu("T1")], tr=results))
        table = study.assess().to_adam().adtr
        names = ("AVAL", "SRCDOM", "SRCVAR", "SRCSEQ", "ADT", "ADTF", "STUDYID")
        assert rows(table, *names, PARAMCD="VDIAM1") == [
            (30, "TR", "TRSTRESN", 11, D("2024-01-03"), None, "HCC-1"),
            (20, "TR", "TRSTRESN", 12, D("2024-03-31"), "D", "HCC-1"),
            (20, None, None, None, D("2024-05-02"), None, "HCC-1"),
            (0, "TR", "TRSTRESC", 14, D("2024-07-02"), None, "HCC-1"),
        ]


def _texts(path: str) -> dict[str, list[Any]]:
    """The cells of a file as text."""
    table = read_table(path)
    return {name: texts_of(table.column(name)).tolist() for name in table.names}


class TestWritten:
    """Files."""

    @pytest.mark.parametrize("kind", ["xpt", "csv", "parquet", "json"])
    def test_kinds(self, tmp_path: Path, kind: str) -> None:
        """Three files of a kind; CSV writes dates as text and whole numbers without a point."""
        if kind == "parquet":
            pytest.importorskip("pyarrow")
        paths = adam(ADSL).write(tmp_path / "out", kind)
        assert [Path(path).name for path in paths] == [
            f"adrs.{kind}",
            f"adtr.{kind}",
            f"adtte.{kind}",
        ]
        assert all(Path(path).stat().st_size for path in paths)
        if kind == "csv":
            text = Path(paths[2]).read_text("utf-8").splitlines()
            assert text[0].startswith("STUDYID,USUBJID,AGE,ARM,TRTSDT,TRTSDTM,NONE,ASEQ,PARAM")
            assert text[1].startswith("HCC-1,A,61,X,2024-01-02,2024-01-02T08:00:00,,1,Overall Surv")
        if kind == "json":
            for path, other in zip(paths, adam(ADSL).write(tmp_path / "csv", "csv"), strict=True):
                assert _texts(path) == _texts(other)

    def test_unknown(self, tmp_path: Path) -> None:
        """Any other kind is refused."""
        with pytest.raises(ValueError, match='must be "xpt", "csv", "parquet" or "json"'):
            adam().write(tmp_path, "sas7bdat")


TERMS = {"ND": "MISSING", "NC": "SD"}
DRAWN = sayable_cohort([chart(Random(seed)) for seed in range(120)])


@thorough_only
@pytest.mark.parametrize("criteria", sorted(mrecist.CRITERIA))
def test_charts(criteria: str) -> None:
    """Charts of every sort: what each row says is what one patient's document says.

    The terms are those of ADaM, whatever the criteria call stable disease.
    """
    documents = {
        each["patient"]: each
        for each in in_calendar(
            [{**document, "patient": f"P{at}"} for at, document in enumerate(DRAWN)]
        )
    }
    study = Study.of_cases(documents.values())
    made = study.assess(criteria, errors="collect").to_adam()
    told = rows(made.adrs, "USUBJID", "LINE", "PARAMCD", "AVALC", "ADT")
    answers: dict[Any, Any] = {}
    for patient, line, code, word, date in told:
        if code != "OVR":
            answers[patient, line, code] = (word, date and str(date))
    sums = rows(made.adtr, "USUBJID", "LINE", "PARAMCD", "AVISITN", "AVAL")
    totals = {(*row[:2], row[3]): row[4] for row in sums if row[2] in ("SDIAM", "SVDIAM")}
    for patient, document in documents.items():
        answer = mrecist.to_assessment(
            mrecist.assess(mrecist.from_case(document), criteria=criteria)
        )
        for line in answer["lines"]:
            key, past = (patient, line["line"]), counted(line)
            days = numbers_of(criteria)
            best, confirmed = best_dates(line, *days)
            for code, word, date in (
                ("BOR", line["best_response"], best),
                ("CBOR", line["confirmed_best_response"], confirmed),
            ):
                assert answers[*key, code] == (TERMS.get(word, word), date)
            responses = [date for _, word, date in past if word in ("CR", "PR")]
            controlled = ("CR", "PR", "SD", "NON-CR/NON-PD")
            lasting = [date for day, word, date in past if word in controlled and day >= days[0]]
            progression = line["progression"]
            for code, dates in (
                ("RSP", responses),
                ("CB", [*responses, *lasting]),
                ("PD", [progression["date"]] if progression else []),
            ):
                expected = ("Y", min(dates)) if dates else ("N", None)
                assert answers[*key, code] == expected
            said = [(row[3], str(row[4])) for row in told if row[:3] == (*key, "OVR")]
            assert said == [
                (TERMS.get(each["response"], each["response"]), each["date"])
                for each in line["timepoints"]
            ]
            if line["targets"] and line["baseline"] is not None:
                for number, each in enumerate(line["timepoints"], 1):
                    assert totals.get((*key, number)) == each["total_mm"]
