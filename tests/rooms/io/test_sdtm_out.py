"""SDTM out: what each thing becomes, and that what is read back gives the same verdicts."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.charts import chart
from support.cohort_tables import rows_of, sayable_cohort, sayable_documents
from support.dates import in_calendar
from support.profiles import thorough_only
from support.sdtm_rows import column, ex, rs, tables, tr, tu

import mrecist
from mrecist import Finding, Lesion, Marker, Patient, Procedure, TherapyLine, Timepoint
from mrecist.io import AskError, IntakeError, Study, read_sdtm
from mrecist.rulebook.adam import LENCIONI

CHARTS = in_calendar(
    [
        {**document, "patient": f"P{at}"}
        for at, document in enumerate(sayable_cohort([chart(Random(each)) for each in range(150)]))
    ]
)


def verdicts(study: Study, criteria: str) -> tuple[list[Any], list[Any]]:
    """Every row of the verdicts, but for how agents are written."""
    assert column(study.errors, "error") == []
    responses = mrecist.assess_cohort(
        study.findings, study.lines, procedures=study.procedures, criteria=criteria
    )
    lines = [{**row, "agents": None} for row in rows_of(responses.lines)]
    timepoints = map(_as_text, rows_of(responses.timepoints))
    return sorted(timepoints, key=str), sorted(map(_as_text, lines), key=str)


def _as_text(row: dict[str, Any]) -> dict[str, str]:
    return {name: str(cell) for name, cell in row.items()}


def again(study: Study, source: Any = None, **knobs: Any) -> Study:
    """The study as its own data sets tell it; a plain diameter there is of the whole lesion."""
    written = study.to_sdtm().tables if source is None else source
    return read_sdtm(written, measures="whole", **knobs)


class TestRoundTrip:
    """Chart, SDTM, study: the same verdicts, rules, sums and dates."""

    @pytest.mark.parametrize("criteria", sorted(mrecist.CRITERIA))
    def test_charts(self, criteria: str) -> None:
        """150 charts of every sort."""
        study = Study.of_cases(CHARTS)
        assert verdicts(again(study), criteria) == verdicts(study, criteria)

    @settings(max_examples=settings().max_examples)
    @given(documents=sayable_documents(max_patients=3, days="calendar"))
    def test_documents(self, documents: list[Any]) -> None:
        """Charts that the public strategies draw."""
        study = Study.of_cases(documents)
        written = study.to_sdtm()
        if "TR" in written.tables and not len(written.unsaid["patient"]):
            read = again(study)
            assert verdicts(read, "mrecist") == verdicts(study, "mrecist")

    @pytest.mark.parametrize("kind", ["xpt", "csv", "parquet", "json"])
    def test_files(self, tmp_path: Path, kind: str) -> None:
        """Through files of each kind."""
        pytest.importorskip({"xpt": "pyreadstat", "parquet": "pyarrow"}.get(kind, "csv"))
        plain = [each for each in CHARTS if str(each).isascii()][:60]
        study = Study.of_cases(plain)
        if kind == "json":  # which takes text in any script
            study = Study.of_cases(CHARTS)
        paths = study.to_sdtm(study="HCC-1").write(tmp_path, kind)
        assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
            Path(path).name for path in paths
        )
        read = again(study, tmp_path)
        assert read.origin.study == "HCC-1"
        assert verdicts(read, "mrecist") == verdicts(study, "mrecist")

    def test_readers(self) -> None:
        """Several readers, each with their own lesions and choices."""
        charts = CHARTS[:40]
        studies = {name: Study.of_cases(each) for name, each in
                   (("INVESTIGATOR", charts), ("RADIOLOGIST 1", charts[::-1]))}  # fmt: skip
        findings: dict[str, list[Any]] = {}
        names = dict.fromkeys(name for each in studies.values() for name in each.findings)
        for reader, each in studies.items():
            count = len(each.findings["patient"])
            for name in names:
                findings.setdefault(name, []).extend(each.findings.get(name, [None] * count))
            findings.setdefault("reader", []).extend([reader] * count)
        study = Study.of_tables(
            findings, studies["INVESTIGATOR"].lines, studies["INVESTIGATOR"].procedures
        )
        read = again(study, reader="each")
        assert set(read.readers) == set(studies)
        for reader in studies:
            assert verdicts(read.reading(reader), "mrecist") == verdicts(
                study.reading(reader), "mrecist"
            )

    def test_accepted(self) -> None:
        """The records of accepted readings are flagged, line by line."""
        rows = [
            {**row, "TREVAL": "INDEPENDENT ASSESSOR", "TREVALID": reader, "TRACPTFL": flag}
            for reader, flags in (("R1", ["Y", "Y", None]), ("R2", [None, None, "Y"]))
            for row, flag in zip(
                (tr("T", "VDIAM", 30, date) for date in ("2024-01-03", "2024-03-03", "2024-09-03")),
                flags, strict=True,
            )
        ]  # fmt: skip
        lesions = [tu("T", TUEVAL="INDEPENDENT ASSESSOR", TUEVALID=each) for each in ("R1", "R2")]
        doses = [ex("a", "2024-01-05", EXGRPID="LINE 1"), ex("b", "2024-08-05", EXGRPID="LINE 2")]
        study = read_sdtm(tables(tu=lesions, tr=rows, ex=doses), reader="each")
        assert column(study.decisions, "line", "accepted") == [(1, "R1"), (2, "R2")]
        read = again(study, reader="each")
        assert column(read.decisions, "line", "accepted") == [(1, "R1"), (2, "R2")]
        flagged = column(study.to_sdtm().tr, "TREVALID", "TRDTC", "TRACPTFL")
        assert [row[:2] for row in flagged if row[2] == "Y"] == [
            ("R1", "2024-01-03"),
            ("R1", "2024-03-03"),
            ("R2", "2024-09-03"),
        ]
        found = column(study.to_sdtm().tu, "TUEVALID", "TUDTC", "TUACPTFL")
        assert found == [("R1", "2024-01-03", "Y"), ("R2", "2024-01-03", None)]

    def test_organ(self) -> None:
        """An organ whose capitals are other letters is told in its own."""
        one = Patient(
            "A",
            [Lesion("T", "straße", "nodule")],
            [Timepoint("2024-01-01", [Finding("T", longest_mm=20)])],
            [TherapyLine(["x"], "2024-01-01")],
        )
        (back,) = again(Study.of_cases([one])).charts()
        assert back.lesions == one.lesions

    def test_alike(self) -> None:
        """Procedures that are alike are one."""
        tace = Procedure("2024-02-01", "TACE", lesions=["T"])
        one = Patient(
            "A",
            [Lesion("T", "liver", "nodule")],
            [Timepoint("2024-01-01", [Finding("T", viable_mm=20)])],
            [TherapyLine(["x"], "2024-01-01")],
            procedures=[tace, tace],
        )
        (back,) = again(Study.of_cases([one])).charts()
        assert back.procedures == (tace,)

    def test_facts(self) -> None:
        """What decides no verdict comes back as well: agents, reasons, death, markers, text."""
        read = again(Study.of_cases([PATIENT]))
        (back,) = read.charts()
        assert [line.agents for line in back.lines] == [("lenvatinib",), ("a", "b")]
        assert [line.end_reason for line in back.lines] == ["choice", "progression"]
        assert (str(back.death), str(back.last_contact)) == ("2024-09-01", "2024-08-01")
        assert back.markers == PATIENT.markers[:2]
        assert back.procedures == PATIENT.procedures
        assert [(each.organ, each.kind) for each in back.lesions] == [
            ("liver", "infiltrative"),
            ("lymph nodes", "node"),
            ("liver", "nodule"),
        ]


PATIENT = Patient(
    "P1",
    [
        Lesion("T1", "liver", "nodule"),
        Lesion("I", "liver", "infiltrative", treated=True, enhancement="none"),
        Lesion("N", "lymph nodes", "node", hilar=True),
    ],
    [
        Timepoint("2024-01-01", [
            Finding("T1", viable_mm=30, longest_mm="41.25"), Finding("I", status="present"),
        ], visit="SCREENING"),
        Timepoint("2024-03-01", [
            Finding("T1", status="too small"), Finding("I", status="progressed"),
            Finding("N", short_axis_mm=12, equivocal=True, biopsy="negative"),
        ], arterial_phase=False, reported={"mrecist": "SD", "recist-1.1": "PD", "mine": "PR"}),
        Timepoint("2024-05-01", [], unmentioned="unchanged", reported="NE", modality="MRI"),
        Timepoint("2024-07-01", [
            Finding("T1", status="absent"), Finding("I", into="T1"),
            Finding("N", status="not evaluable"),
        ]),
    ],
    [
        TherapyLine(["lenvatinib"], "2024-01-03", stop="2024-04-01", end_reason="choice",
                    targets=["T1"], nontargets=["I"]),
        TherapyLine(["a", "b"], "2024-05-02", end_reason="progression"),
    ],
    markers=[Marker("2024-01-02", "AFP", 400, "ng/mL"), Marker("2024-02-02", "AFP", "<3", "ng/mL"),
             Marker("2024-01-02", "GPC3", 2, "ng/mL")],
    procedures=[
        Procedure("2024-02-01", "TACE", lesions=["I", "T1"], text="segment 6"),
        Procedure("2024-02-03", "injection", lesions=["N"]),
        Procedure("2024-02-05", "RFA"),
    ],
    death="2024-09-01", last_contact="2024-08-01",
)  # fmt: skip


class TestComputed:
    """Computed responses beside the collected ones."""

    @thorough_only
    @pytest.mark.parametrize("criteria", sorted(mrecist.CRITERIA))
    def test_rows(self, criteria: str) -> None:
        """One derived row a follow-up, with the word, and what was collected as it was."""
        study = Study.of_cases(CHARTS[:50])
        plain, both = study.to_sdtm(), study.to_sdtm(computed_rs=True, criteria=criteria)
        rows = rows_of(both.rs)
        derived = [row for row in rows if row["RSDRVFL"] == "Y"]
        found = rows_of(study.assess(criteria).timepoints)
        told = ("USUBJID", "RSDTC", "RSGRPID", "RSSTRESC")
        assert sorted(tuple(row[name] for name in told) for row in derived) == sorted(
            (row["patient"], str(row["date"]), f"LINE {row['line']}", row["computed"])
            for row in found
        )
        category = {"mrecist": LENCIONI, "mrecist-5mm": LENCIONI, "recist-1.1": "RECIST 1.1"}
        own = "PROTOCOL DEFINED RESPONSE CRITERIA"
        assert {row["RSCAT"] for row in derived} == {category.get(criteria, own)}
        for name in ("RSORRES", "RSEVAL", "RSEVALID", "RSACPTFL"):
            assert {row[name] for row in derived} == {None}
        collected = [without_number(row) for row in rows if row["RSDRVFL"] is None]
        assert collected == [without_number(row) for row in rows_of(plain.rs)]
        assert not {"RSDRVFL", "RSGRPID"} & set(plain.rs)
        for name in ("dm", "ex", "tu", "tr", "supptu", "supptr", "unsaid"):
            assert rows_of(getattr(both, name)) == rows_of(getattr(plain, name))

    @thorough_only
    @pytest.mark.parametrize("criteria", sorted(mrecist.CRITERIA))
    def test_round_trip(self, criteria: str) -> None:
        """Nobody takes them for a reader's word: verdicts and what was reported are as before."""
        study = Study.of_cases(CHARTS[:50])
        plain = again(study)
        written = study.to_sdtm(computed_rs=True, criteria=criteria)
        read = read_sdtm(written.tables, measures="whole")
        assert verdicts(read, criteria) == verdicts(plain, criteria) == verdicts(study, criteria)
        told = ("patient", "date", "test", "criteria", "response")
        assert column(read.reported, *told) == column(plain.reported, *told)
        count = column(written.rs, "RSDRVFL").count("Y")
        assert column(read.problems, "code").count("DERIVED_ROW") == count > 0

    def test_of_a_reader(self) -> None:
        """Of one reader of several; those of all are nobody's."""
        studies = [{**each, "reader": reader} for each in CHARTS[:5] for reader in ("R1", "R2")]
        study = Study.of_cases(studies)
        with pytest.raises(AskError, match=r'one of them: say study.reading\("R1"\)$'):
            study.to_sdtm(computed_rs=True)
        written = study.reading("R2").to_sdtm(computed_rs=True)
        read = read_sdtm(written.tables, measures="whole")
        assert read.readers == ("R2",)
        assert verdicts(read, "mrecist") == verdicts(study.reading("R2"), "mrecist")
        assert set(column(read.problems, "code")) >= {"DERIVED_ROW"}

    def test_measures(self) -> None:
        """Plain diameters of liver nodules are asked about, as in judging."""
        one = Patient("A", [Lesion("T", "liver", "nodule")],
                      [Timepoint("2024-01-01", [Finding("T", longest_mm=20)]),
                       Timepoint("2024-03-01", [Finding("T", longest_mm=10)])],
                      [TherapyLine(["x"], "2024-01-01")])  # fmt: skip
        study = Study.of_cases([one])
        with pytest.raises(AskError, match='measures="viable"'):
            study.to_sdtm(computed_rs=True)
        rs = study.to_sdtm(computed_rs=True, criteria="RECIST-1.1").rs
        assert column(rs, "RSDTC", "RSSTRESC", "RSCAT") == [("2024-03-01", "PR", "RECIST 1.1")]

    def test_of_others(self) -> None:
        """Derived responses of these readers and of nobody are noted; of others, passed over."""
        said = {"RSSTRESC": "PD", "RSDRVFL": "Y"}
        rows = [
            rs("PR", "2024-03-03"),
            rs("PD", "2024-03-03", **said),
            rs("PD", "2024-03-03", **said, RSTESTCD="TRGRESP"),
            rs("PD", "2024-03-03", **said, RSEVAL="INVESTIGATOR"),
            rs("PD", "2024-03-03", **said, RSEVAL="INDEPENDENT ASSESSOR"),
            rs("9", "2024-03-03", **said, RSTESTCD="HAMD101", RSCAT="HAMD 17"),
        ]
        results = [tr("T", "VDIAM", 30, date) for date in ("2024-01-03", "2024-03-03")]
        study = read_sdtm(tables(tu=[tu("T")], tr=results, rs=rows))
        assert column(study.reported, "test", "response") == [("OVRLRESP", "PR")]
        assert column(study.problems, "code", "row", "detail") == [
            ("DERIVED_ROW", 1, "OVRLRESP PD"),
            ("DERIVED_ROW", 2, "TRGRESP PD"),
            ("DERIVED_ROW", 3, "OVRLRESP PD"),
            ("OTHER_CRITERIA", 5, "HAMD 17: HAMD101"),
        ]


_OF_DERIVED = ("RSSEQ", "RSGRPID", "RSDRVFL")


def without_number(row: dict[str, Any]) -> dict[str, Any]:
    return {name: cell for name, cell in row.items() if name not in _OF_DERIVED}


class TestRows:
    """What each thing becomes."""

    OUT = Study.of_cases([PATIENT]).to_sdtm(study="HCC-1")

    def test_repr(self) -> None:
        """The rows of each data set that has some, and how much is unsaid."""
        assert repr(self.OUT) == (
            "<Sdtm: DM 1 row, EX 3 rows, DS 2 rows, PR 4 rows, LB 2 rows, SS 1 row, TU 4 rows, "
            "TR 11 rows, RS 3 rows, SUPPTU 4 rows, SUPPTR 4 rows, 2 unsaid>"
        )

    def test_lesions(self) -> None:
        """Identified as what they are to a line, on the day of its scan; else as new; merged."""
        names = ("TUSEQ", "TULNKID", "TUTESTCD", "TUSTRESC", "TULOC", "TUEVAL", "VISIT", "TUDTC")
        assert column(self.OUT.tu, *names) == [
            (1, "I", "TUMIDENT", "NON-TARGET", "LIVER", None, None, "2024-01-01"),
            (2, "N", "TUMIDENT", "NEW", "LYMPH NODES", None, None, "2024-03-01"),
            (3, "T1", "TUMIDENT", "TARGET", "LIVER", None, None, "2024-01-01"),
            (4, "I", "TUMERGE", "T1", None, None, None, "2024-07-01"),
        ]
        assert set(column(self.OUT.tu, "STUDYID", "DOMAIN", "USUBJID")) == {("HCC-1", "TU", "P1")}
        assert column(self.OUT.supptu, "IDVAR", "IDVARVAL", "QNAM", "QVAL") == [
            ("TUSEQ", "1", "TUKIND", "INFILTRATIVE"),
            ("TUSEQ", "1", "TUENHANC", "NONE"),
            ("TUSEQ", "1", "TUTREATD", "Y"),
            ("TUSEQ", "2", "TUHILAR", "Y"),
        ]

    def test_results(self) -> None:
        """Sizes as decimal text and number, words, what was not done; no sum, no response."""
        names = ("TRLNKID", "TRTESTCD", "TRORRES", "TRSTRESN", "TRSTRESU", "TRSTAT", "TRREASND",
                 "VISIT", "TRDTC")  # fmt: skip
        first, second = ("SCREENING", "2024-01-01"), (None, "2024-03-01")
        last = (None, "2024-07-01")
        mm, word, undone = ("mm", None, None), (None,) * 4, (None, None, None, "NOT DONE")
        assert column(self.OUT.tr, *names) == [
            ("I", "TUMSTATE", "PRESENT", *word, *first),
            ("T1", "VDIAM", "30", 30.0, *mm, *first),
            ("T1", "LDIAM", "41.25", 41.25, *mm, *first),
            ("I", "TUMSTATE", "UNEQUIVOCAL PROGRESSION", *word, *second),
            ("N", "LPERP", "12", 12.0, *mm, *second),
            ("N", "LNSTATE", "EQUIVOCAL", *word, *second),
            ("T1", "LDIAM", "TOO SMALL TO MEASURE", *word, *second),
            (None, "TRALL", *undone, None, None, "2024-05-01"),
            ("I", "TUMSTATE", *undone, "MERGED INTO T1", *last),
            ("N", "LNSTATE", *undone, "NOT EVALUABLE", *last),
            ("T1", "TUMSTATE", "ABSENT", *word, *last),
        ]
        assert column(self.OUT.supptr, "QNAM", "QVAL") == [
            ("TRBIOPSY", "NEGATIVE"),
            ("TRARTPH", "N"),
            ("TRMODAL", "MRI"),
            ("TRUNMENT", "UNCHANGED"),
        ]

    def test_verdicts(self) -> None:
        """Those that a reader gave, by the names of CDISC; another is left out and listed."""
        assert column(self.OUT.rs, "RSCAT", "RSSTRESC", "RSDTC") == [
            ("MRECIST LENCIONI LIVER CANCER 2010", "SD", "2024-03-01"),
            ("RECIST 1.1", "PD", "2024-03-01"),
            (None, "NE", "2024-05-01"),
        ]
        assert column(self.OUT.unsaid, "patient", "what", "detail") == [
            ("P1", "marker", "GPC3 has no test of the terminology"),
            ("P1", "verdict", "2024-03-01: PR by mine, which is no RSCAT"),
        ]

    def test_treatment(self) -> None:
        """Lines by group; the reason in our word where CDISC's does not tell it."""
        assert column(self.OUT.ex, "EXGRPID", "EXTRT", "EXSTDTC", "EXENDTC") == [
            ("LINE 1", "lenvatinib", "2024-01-03", "2024-04-01"),
            ("LINE 2", "a", "2024-05-02", None),
            ("LINE 2", "b", "2024-05-02", None),
        ]
        assert column(self.OUT.ds, "DSGRPID", "DSTERM", "DSDECOD", "DSSTDTC") == [
            ("LINE 1", "CHOICE", "OTHER", "2024-04-01"),
            ("LINE 2", "PROGRESSION", "PROGRESSIVE DISEASE", None),
        ]
        assert column(self.OUT.pr, "PRLNKID", "PRTRT", "PRDECOD") == [
            ("I", "segment 6", "TACE"),
            ("T1", "segment 6", "TACE"),
            ("N", "injection", "injection"),
            (None, "RFA", "RFA"),
        ]
        assert column(self.OUT.lb, "LBTESTCD", "LBSTRESC", "LBSTRESN") == [
            ("AFP", "400", 400.0),
            ("AFP", "<3", None),
        ]
        assert column(self.OUT.dm, "RFXSTDTC", "DTHDTC", "DTHFL") == [
            ("2024-01-03", "2024-09-01", "Y")
        ]

    @pytest.mark.parametrize(
        ("reader", "told"),
        [
            ("INVESTIGATOR", ("INVESTIGATOR", None)),
            ("INDEPENDENT ASSESSOR", ("INDEPENDENT ASSESSOR", None)),
            ("RADIOLOGIST 1", ("INDEPENDENT ASSESSOR", "RADIOLOGIST 1")),
        ],
    )
    def test_reader(self, reader: str, told: tuple[Any, Any]) -> None:
        """Evaluator and identifier of the only reader."""
        findings = {"patient": ["A"], "date": ["2024-01-01"], "lesion": ["T"], "viable_mm": [30],
                    "reader": [reader]}  # fmt: skip
        out = Study.of_tables(findings).to_sdtm()
        assert column(out.tr, "TREVAL", "TREVALID") == [told]

    def test_lesions_of_nobody(self) -> None:
        """A choice of lesions where there is no lesion cannot be said; no line, no treatment."""
        line = TherapyLine(["x"], "2024-01-01", targets=[], nontargets=[])
        bare = Patient("A", [], [Timepoint("2024-01-01", [])], [line])
        out = Study.of_cases([bare, Patient("B", [], [Timepoint("2024-01-01", [])], [])]).to_sdtm()
        assert column(out.unsaid, "patient", "detail") == [
            ("A", "of a chart without lesions: LINE 1 TARGET NONE; LINE 1 NON-TARGET NONE"),
            ("B", "there is none: one is read, from the first date on"),
        ]
        assert len(column(out.ex, "EXTRT")) == 1

    def test_refused(self, tmp_path: Path) -> None:
        """SDTM has dates of the calendar; files are of some kinds."""
        charts = [Patient(name, [], [Timepoint(3, [])], [TherapyLine(["x"], 0)]) for name in "ABCD"]
        with pytest.raises(ValueError, match=r"4 patients have study days: A, B, C, \.\.\.$"):
            Study.of_cases(charts).to_sdtm()
        with pytest.raises(ValueError, match=r"1 patient has study days: A$"):
            Study.of_cases(charts[:1]).to_sdtm()
        with pytest.raises(ValueError, match='"parquet" or "json", got "xls"'):
            self.OUT.write(tmp_path, "xls")
        empty = Study.of_cases([]).to_sdtm()
        assert repr(empty) == "<Sdtm: no rows>"
        assert list(empty.tr)[:3] == ["STUDYID", "DOMAIN", "USUBJID"]


class TestQualifiers:
    """What the reader makes of the qualifiers that others may write."""

    def test_kind(self) -> None:
        """A kind that is none of ours is a mistake."""
        supp = {"USUBJID": ["P1"], "IDVAR": ["TUSEQ"], "IDVARVAL": ["1"], "QNAM": ["TUKIND"],
                "QVAL": ["CYST"]}  # fmt: skip
        made = tables(tu=[tu("T01", TUSEQ=1)], tr=[tr("T01", "VDIAM", 40)])
        with pytest.raises(IntakeError, match="NOT_A_WORD: must be one of EFFUSION, INFILTRATIVE"):
            read_sdtm(made | {"SUPPTU": supp})

    def test_undated(self) -> None:
        """A scan without a date is nobody's baseline."""
        supp = {"USUBJID": ["P1"], "IDVAR": ["TRSEQ"], "IDVARVAL": ["2"], "QNAM": ["TRBASEL"],
                "QVAL": ["LINE 1"]}  # fmt: skip
        made = tables(
            tu=[tu("T01")],
            tr=[tr("T01", "VDIAM", 40), tr(None, "TRALL", None, None, TRSEQ=2, TRSTAT="NOT DONE")],
        )
        study = read_sdtm(made | {"SUPPTR": supp})
        assert column(study.lines, "baseline") == [None]

    @settings(max_examples=2 * settings().max_examples)
    @given(
        name=st.sampled_from(["TUCHOICE", "TRBASEL", "TUHILAR", "TUORGAN", "TRSTATUS"]),
        value=st.sampled_from(["LINE 1", "LINE 1 TARGET OPEN", "LINE 9 NON-TARGET NONE", "LINE", "",
                               "LINE 1; x", "Y", "spleen", "present", "no word"]),
        number=st.sampled_from(["1", "2", "", None]),
        patient=st.sampled_from(["P1", "P2", None]),
        date=st.sampled_from(["2024-01-03", "2024", None]),
    )  # fmt: skip
    def test_odd(self, name: str, value: str, number: Any, patient: Any, date: Any) -> None:
        """Whatever stands in a qualifier, a study is read, or its mistakes are told."""
        domain = name[:2]
        supp = {"USUBJID": [patient], "IDVAR": [f"{domain}SEQ"], "IDVARVAL": [number],
                "QNAM": [name], "QVAL": [value]}  # fmt: skip
        made = tables(
            tu=[tu("T01", TUSEQ=1)],
            tr=[tr("T01", "VDIAM", 40, TRSEQ=1), tr(None, "TRALL", None, date, TRSEQ=2,
                                                    TRSTAT="NOT DONE")],
        )  # fmt: skip
        study = read_sdtm(made | {f"SUPP{domain}": supp}, errors="collect")
        assert study.assess(errors="collect") is not None
