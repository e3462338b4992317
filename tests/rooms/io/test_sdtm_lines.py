"""Lines of therapy, death, last contact, local treatment and markers out of SDTM."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from support.sdtm_rows import column, ex, only, read, tr, tu

from mrecist import LINE_BOUNDARIES
from mrecist.io import IntakeError, Study

D = datetime.date.fromisoformat
SIZES = (
    tr("A", "VDIAM", 40),
    tr("A", "VDIAM", 20, "2024-03-06"),
    tr("A", "VDIAM", 50, "2024-07-06"),
)


def study(*, tr: Any = SIZES, lesions: Any = (), knobs: Any = None, **domains: Any) -> Any:
    """The sizes of one target with what else the study holds."""
    return read(knobs, tu=[tu("A"), *lesions], tr=tr, **domains)


def of(domain: str, **cells: Any) -> dict[str, Any]:
    """A row of a domain, its variables without their prefix."""
    return {"USUBJID": "P1"} | {
        name if name in ("EPOCH", "USUBJID") else f"{domain}{name}": value
        for name, value in cells.items()
    }


def lines(of_study: Any, *names: str) -> list[Any]:
    return column(of_study.lines, *(names or ("start", "stop", "agents")))


class TestLines:
    """Exposure as lines of therapy."""

    def test_exposure(self) -> None:
        """Doses by their boundaries; the last is given on."""
        made = study(ex=[
            ex("Nexavar", "2024-01-10", "2024-02-10"), ex("Nexavar", "2024-02-11", "2024-03-20", 4),
            ex("LENVATINIB", "2024-06-01", dose=None),
        ])  # fmt: skip
        assert lines(made) == [
            (D("2024-01-10"), D("2024-03-20"), "sorafenib"),
            (D("2024-06-01"), None, "lenvatinib"),
        ]
        wide = study(knobs={"boundaries": LINE_BOUNDARIES}, ex=[ex("sorafenib", "2024-01-10")])
        assert lines(wide, "agents") == ["sorafenib"]

    def test_collected(self) -> None:
        """EC stands in for EX; what did not occur, or was planned, is not given."""
        rows = [of("EC", TRT="sorafenib", STDTC="2024-01-10", **more)
                for more in ({"DOSE": 8}, {"OCCUR": "N"}, {"MOOD": "SCHEDULED"})]  # fmt: skip
        assert lines(study(ec=rows), "agents") == ["sorafenib"]
        assert lines(study(ec=rows, ex=[ex("lenvatinib", "2024-01-10")]), "agents") == [
            "lenvatinib"
        ]

    def test_placebo(self) -> None:
        """Placebo is no treatment, but begins a line where nothing else does."""
        rows = [
            ex("PLACEBO", "2024-01-12", dose=0),
            ex("PLACEBO", "2024-01-10"),
            ex("XYZ", "2024-01-14", dose=0),
        ]
        made = study(ex=rows)
        assert lines(made) == [(D("2024-01-10"), None, "placebo")]
        assert len(only(made.problems, "PLACEBO_LEFT_OUT", "row")) == 3
        dm = [of("", RFXSTDTC="2024-01-09", RFSTDTC="2024-01-01")]
        assert lines(study(ex=rows, dm=dm), "start") == [D("2024-01-09")]
        assert lines(study(ex=[*rows, ex("sorafenib", "2024-01-10")]), "agents") == ["sorafenib"]

    def test_none(self) -> None:
        """Without exposure a line starts with treatment, the reference, or the first scan."""
        dm = [of("", RFXSTDTC=None, RFSTDTC="2024-01-11"), of("", USUBJID=None,
            RFSTDTC="2024-01-11"),
              of("", USUBJID="P2")]  # fmt: skip
        assert lines(study(dm=dm)) == [(D("2024-01-11"), None, None)]
        assert lines(study(), "start") == [D("2024-01-03")]

    def test_without_results(self) -> None:
        """Patients who have doses alone are counted, and the first of them named."""
        made = study(ex=[ex("a", "2024-01-10", USUBJID=f"P{at}") for at in (None, *range(10, 40))])
        (told,) = only(made.problems, "NO_EXAMINATION", "detail")
        assert told.startswith("31 patients with doses and without results: PNone, P10, P11, ")
        assert told.endswith(", P27, P28, ...")
        nobody = study(ex=[ex("a", "2024-01-10", USUBJID=None)])
        assert not only(nobody.problems, "NO_EXAMINATION", "detail")

    def test_unsound(self) -> None:
        """Doses without a date, that end before they start, or that overlap are mistakes."""
        with pytest.raises(IntakeError) as raised:
            study(ex=[
                ex("a", None), ex("b", "2024-02-01", "2024-01-01"), ex("c", "2024-01-10",
                    "2024-02-10"),
                ex("c", "2024-01-20", "2024-02-20"),
            ])  # fmt: skip
        assert [row[4].partition(":")[0] for row in raised.value.rows] == [
            "NO_DATE",
            "OVERLAPPING_DOSES",
            "OVERLAPPING_DOSES",
        ]

    def test_named(self) -> None:
        """What has no name is left out; patients without results have no line."""
        made = study(
            ex=[ex(None, "2024-01-10"), ex("a", "2024-01-10", USUBJID="P7"), ex("b", "2024-01")]
        )
        assert lines(made) == [(D("2024-01-31"), None, "b")]
        assert only(made.problems, "AGENT_UNKNOWN", "row") == [0]
        told = "1 patient with doses and without results: P7"
        assert only(made.problems, "NO_EXAMINATION", "patient", "detail") == [(None, told)]
        assert only(made.problems, "PARTIAL_DATE", "row") == [2]

    def test_further(self) -> None:
        """Further therapy is what the caller selects in CM."""
        rows = [of("CM", CAT="Subsequent", TRT="Stivarga", DECOD="regorafenib", STDTC="2024-06-01",
                   ENDTC="2024-08-01"),
                of("CM", CAT="OTHER", TRT="aspirin", STDTC="2024-06-01"),
                of("CM", CAT="SUBSEQUENT", TRT="cabozantinib", STDTC="2024-09-01")]  # fmt: skip
        made = study(
            knobs={"cm": {"CMCAT": "SUBSEQUENT"}},
            cm=rows,
            ex=[ex("sorafenib", "2024-01-10", "2024-05-10")],
        )
        assert lines(made, "agents") == ["sorafenib", "regorafenib", "cabozantinib"]
        assert lines(study(cm=rows), "agents") == [None]

    def test_targets_of_lines(self) -> None:
        """Lesions are identified for the next line; after all starts, for the last."""
        made = study(
            lesions=[tu("B", TUDTC="2024-05-20"), tu("C", TUDTC="2024-09-01"), tu("D", TUDTC=None)],
            tr=[*SIZES, *(tr(each, "VDIAM", 20, "2024-05-20") for each in "BCD")],
            ex=[ex("sorafenib", "2024-01-10", "2024-05-10"), ex("lenvatinib", "2024-06-01")],
        )  # fmt: skip
        assert lines(made, "targets") == ["A;D", "B;C"]

    @pytest.mark.parametrize("flag", ["TRBLFL", "TRLOBXFL"])
    def test_baseline(self, flag: str) -> None:
        """The flag of baseline rows names the baseline of its line."""
        rows = [tr("A", "VDIAM", 40, "2023-12-01"), tr("A", "VDIAM", 41, **{flag: "Y"}),
                tr("A", "LDIAM", 41, **{flag: "N"}), tr("A", "VDIAM", 20,
                    "2024-03-06")]  # fmt: skip
        made = study(tr=rows, ex=[ex("sorafenib", "2024-01-10")])
        assert lines(made, "baseline") == [D("2024-01-03")]
        undated = study(
            tr=[tr("A", "VDIAM", 9, None, **{flag: "Y"}), *SIZES], knobs={"errors": "collect"}
        )
        assert lines(undated, "baseline") == [None]


FURTHER = {"cm": {"CMCAT": "SUBSEQUENT"}}
AFTER = (of("CM", CAT="SUBSEQUENT", TRT="sorafenib", STDTC="2024-06-01"),)


class TestStudyTreatment:
    """The line that the study began stands, whatever therapy follows it."""

    def test_placebo(self) -> None:
        """Placebo alone in EX is a line also where CM tells what was given after it."""
        made = study(knobs=FURTHER, cm=AFTER, ex=[ex("PLACEBO", "2024-01-10", dose=0)])
        assert lines(made, "start", "agents", "targets") == [
            (D("2024-01-10"), "placebo", "A"),
            (D("2024-06-01"), "sorafenib", None),
        ]
        earlier = of(
            "CM", CAT="SUBSEQUENT", TRT="lenvatinib", STDTC="2023-06-01", ENDTC="2023-08-01"
        )
        before = (earlier, *AFTER)
        made = study(knobs=FURTHER, cm=before, ex=[ex("PLACEBO", "2024-01-10", dose=0)])
        assert lines(made, "agents") == ["lenvatinib", "placebo", "sorafenib"]

    def test_no_exposure(self) -> None:
        """Without EX the line of DM stands before what CM tells, if it does begin before."""
        dm = [of("", RFXSTDTC="2024-01-10")]
        made = study(knobs=FURTHER, cm=AFTER, dm=dm)
        assert lines(made) == [(D("2024-01-10"), None, None), (D("2024-06-01"), None, "sorafenib")]
        for reference in ("2024-06-01", "2024-07-01"):
            dm = [of("", RFSTDTC=reference)]
            made = study(knobs=FURTHER, cm=AFTER, dm=dm)
            assert lines(made, "agents") == ["sorafenib"]

    @pytest.mark.parametrize(
        ("agent", "dose", "read"),
        [
            ("Placebo tablet", 8, "placebo"), ("sorafenib placebo", 8, "placebo"),
            ("PLACEBO TO SORAFENIB + PLACEBO TO LENVATINIB", 8, "placebo"),
            ("XYZ", "0.00", "placebo"), ("XYZ", 0.0, "placebo"), ("XYZ", "0.05", "xyz"),
            ("sorafenib + placebo", 8, "sorafenib + placebo"),
        ],
    )  # fmt: skip
    def test_what_is_placebo(self, agent: str, dose: Any, read: str) -> None:
        """A placebo by any name is one; a drug beside a placebo is not."""
        (found,) = lines(study(ex=[ex(agent, "2024-01-10", dose=dose)]), "agents")
        assert found.lower() == read


DATED = {
    "tu": ("TUDTC", tu("A", TUDTC="2024-01-03")),
    "ex": ("EXSTDTC", ex("sorafenib", "2024-01-10", "2024-02-10")),
    "ex end": ("EXENDTC", ex("sorafenib", "2024-01-10", "2024-02-10")),
    "named end": ("EXENDTC", ex("sorafenib", "2024-01-10", "2024-02-10", EXGRPID="LINE 1")),
    "cm": ("CMSTDTC", of("CM", TRT="lenvatinib", STDTC="2024-03-01")),
    "cm end": ("CMENDTC", of("CM", TRT="lenvatinib", STDTC="2024-03-01", ENDTC="2024-04-01")),
    "dm": ("RFXSTDTC", of("", RFXSTDTC="2024-01-10")),
    "dm death": ("DTHDTC", of("", DTHDTC="2024-11-10")),
    "ds": ("DSSTDTC", of("DS", DECOD="COMPLETED", STDTC="2024-10-10")),
    "ds reason": ("DSDTC", of("DS", CAT="DISPOSITION EVENT", DECOD="COMPLETED", DTC="2024-02-10")),
    "ds death": ("DSSTDTC", of("DS", DECOD="DEATH", STDTC="2024-10-10")),
    "ss": ("SSDTC", of("SS", TESTCD="SURVSTAT", STRESC="ALIVE", DTC="2024-10-10")),
    "ss dead": ("SSDTC", of("SS", TESTCD="SURVSTAT", STRESC="DEAD", DTC="2024-10-10")),
    "ss contact": ("SSSTRESC", of("SS", TESTCD="LSCFADTC", STRESC="2024-10-10")),
    "lb": ("LBDTC", of("LB", TESTCD="AFP", STRESC="4", STRESU="ug/L", DTC="2024-10-10")),
    "pr": ("PRSTDTC", of("PR", TRT="TACE", STDTC="2024-02-10")),
    "rs": ("RSDTC", {"USUBJID": "P1", "RSTESTCD": "OVRLRESP", "RSSTRESC": "PD",
                     "RSDTC": "2024-10-10"}),
}  # fmt: skip
"""A row of each kind that has a date, and the variable that holds it."""


class TestNoDateInSilence:
    """What a date that is not whole changes is told, with its row."""

    @pytest.mark.parametrize("kind", DATED)
    @pytest.mark.parametrize("cut", [len("2024-10"), len("2024")])
    @pytest.mark.parametrize("dates", ["last", "first", "refuse"])
    def test_told(self, kind: str, cut: int, dates: str) -> None:
        """Either nothing changes, or a problem or a mistake names the row."""
        column_of, row = DATED[kind]
        domain = kind.split()[0].replace("named", "ex")
        knobs = {"cm": {}, "dates": dates, "errors": "collect"}
        others = {
            "ex": [ex("sorafenib", "2024-01-10", "2024-02-12"), ex("regorafenib", "2024-02-20")]
        }
        others = others if domain in ("tu", "ds") else {}

        def told(date: str) -> tuple[Any, set[tuple[str, int]]]:
            rows = {domain: [row | {column_of: date}]}
            own = rows.pop("tu", [tu("A")])
            made = read(knobs, tu=own, tr=SIZES, **rows, **others)
            named = {
                (source, at)
                for table in (made.problems, made.errors)
                for source, at in column(table, "source", "row")
            }
            parts = (made.findings, made.lines, made.procedures, made.markers)
            return [
                None if each is None else {n: list(c) for n, c in each.items()} for each in parts
            ], named

        whole, _ = told(row[column_of])
        less, named = told(row[column_of][:cut])
        assert less == whole or (domain, 0) in named

    def test_roles_of_a_month(self) -> None:
        """A lesion identified in the month of a line's start is of the line its scan is for."""
        rows = [ex("sorafenib", "2024-01-10", "2024-05-10"), ex("lenvatinib", "2024-06-01")]
        made = read(tu=[tu("A", TUDTC="2024-01")], tr=SIZES, ex=rows)
        assert lines(made, "targets") == ["A", None]
        assert not only(made.problems, "PARTIAL_DATE", "row")
        unseen = read(tu=[tu("A", TUDTC="2024-04")], tr=SIZES, ex=rows)
        assert lines(unseen, "targets") == [None, "A"]
        assert only(unseen.problems, "PARTIAL_DATE", "detail") == ["read as 2024-04-30"]

    @pytest.mark.parametrize(("death", "flag"), [("2024-11", "D"), ("2024-11-30", None)])
    def test_flagged_in_adam(self, death: str, flag: str | None) -> None:
        """A death, a contact and a visit of which the month alone is known are flagged in ADaM."""
        made = study(dm=[of("", DTHDTC=death)]).assess().to_adam()
        (row,) = [at for at, name in enumerate(made.adrs["PARAMCD"]) if name == "DEATH"]
        assert (str(made.adrs["ADT"][row]), made.adrs["ADTF"][row]) == ("2024-11-30", flag)
        (row,) = [at for at, name in enumerate(made.adtte["PARAMCD"]) if name == "OS"]
        assert (str(made.adtte["ADT"][row]), made.adtte["ADTF"][row]) == ("2024-11-30", flag)
        alive = [of("SS", TESTCD="SURVSTAT", STRESC="ALIVE", DTC=death)]
        made = study(ss=alive).assess().to_adam()
        (row,) = [at for at, name in enumerate(made.adtte["PARAMCD"]) if name == "OS"]
        assert (str(made.adtte["ADT"][row]), made.adtte["ADTF"][row]) == ("2024-11-30", flag)
        for domains in (
            {"rs": [{"USUBJID": "P1", "RSTESTCD": "OVRLRESP", "RSSTRESC": "NE", "RSDTC": death}]},
            {"tr": [*SIZES, tr(None, "TRALL", None, death, TRSTAT="NOT DONE")]},
        ):
            made = study(**domains).assess().to_adam()
            flags = {
                str(date): each
                for date, each in zip(made.adrs["ADT"], made.adrs["ADTF"], strict=True)
            }
            assert flags["2024-11-30"] == flag

    def test_dead_since(self) -> None:
        """A death that nothing dates is told; one that another data set dates is not lost."""
        undated = of("", DTHDTC=None, DTHFL="Y")
        made = study(dm=[undated])
        assert only(made.problems, "OTHER_TEST", "detail") == ["dead, but nobody says since when"]
        assert lines(made, "death") == [None]
        made = study(dm=[undated], ds=[of("DS", DECOD="DEATH", STDTC="2024-10-10")])
        assert lines(made, "death") == [D("2024-10-10")]
        assert not only(made.problems, "OTHER_TEST", "detail")


class TestEnds:
    """Why lines end, and when patients die or were last seen."""

    def test_reasons(self) -> None:
        """Dispositions of treatment end the line that was going on."""

        def ds(word: Any, date: Any, **more: Any) -> dict[str, Any]:
            return of("DS", **{"CAT": "DISPOSITION EVENT", "DECOD": word, "STDTC": date} | more)

        made = study(
            ex=[ex("sorafenib", "2024-01-10", "2024-05-10"), ex("lenvatinib", "2024-06-01")],
            ds=[ds("PROGRESSIVE DISEASE", "2024-05-12"), ds("LOST TO FOLLOW-UP", None,
                DTC="2024-08-01"),
                ds("COMPLETED", "2024-08-02", EPOCH="FOLLOW-UP"), ds("COMPLETED", "2024-08-03",
                    CAT="OTHER EVENT"),
                ds(None, "2024-08-04"), ds("COMPLETED", "2024-08-05", USUBJID=None),
                ds("COMPLETED", "2024-08-05", USUBJID="P8")],
        )  # fmt: skip
        assert lines(made, "end_reason") == ["progression", "other"]
        made = study(ex=[ex("sorafenib", "2024-01-10")],
                     ds=[ds("ADVERSE EVENT", None, EPOCH="TREATMENT"), ds("COMPLETED",
                         "2023-01-01")])  # fmt: skip
        assert lines(made, "end_reason") == ["toxicity"]

    def test_vital(self) -> None:
        """Death from DM, else from what else tells of it; the last contact from everything."""
        ss = [of("SS", TESTCD="SURVSTAT", STRESC="ALIVE", DTC="2024-09-01"),
              of("SS", TESTCD="LSCFADTC", STRESC="2024-10-01", DTC="2025-01-01"),
              of("SS", TESTCD="SURVSTAT", STRESC="DEAD", DTC="2024-11-01"),
              of("SS", TESTCD="SURVSTAT", STRESC="DEAD", DTC=None)]  # fmt: skip
        ds = [of("DS", DECOD="DEATH", STDTC="2024-11-02"), of("DS", DECOD="DEATH"),
              of("DS", DECOD="X", STDTC="2024-10-05"), of("DS", DECOD="X", USUBJID="P8",
                  STDTC="2024-10-05")]  # fmt: skip
        assert lines(study(ss=ss), "death", "last_contact") == [(D("2024-11-01"), D("2024-10-01"))]
        assert lines(study(ds=ds), "death", "last_contact") == [(D("2024-11-02"), D("2024-10-05"))]
        dm = [
            of("", DTHDTC="2024-11-03"),
            of("", USUBJID=None, DTHDTC="2024-11-03"),
            of("", USUBJID="P2"),
        ]
        assert lines(study(dm=dm, ss=ss, ds=ds), "death") == [D("2024-11-03")]
        lb = [of("LB", TESTCD="ALT", DTC="2024-12-01T10:00"), of("LB", TESTCD="ALT")]
        assert lines(study(lb=lb), "last_contact") == [D("2024-12-01")]


class TestBeside:
    """Local treatment and markers."""

    def test_procedures(self) -> None:
        """Those known by name, else those that the caller selects."""
        rows = [of("PR", TRT="TACE of segment 8", DECOD="DEB-TACE", STDTC="2024-02-01"),
                of("PR", TRT="appendectomy", STDTC="2024-02-02", CAT="LOCAL"),
                of("PR", TRT="RFA", OCCUR="N"), of("PR", TRT=None), of("PR", TRT="RFA",
                    USUBJID="P8")]  # fmt: skip
        made = study(pr=rows)
        assert column(made.procedures, "date", "kind", "text") == [
            (D("2024-02-01"), "TACE", "TACE of segment 8")
        ]
        assert only(made.problems, "OTHER_PROCEDURE", "detail") == ["appendectomy", "no name"]
        chosen = study(knobs={"pr": {"PRCAT": "local"}}, pr=rows)
        assert column(chosen.procedures, "kind") == ["appendectomy"]
        assert study().procedures is None
        with pytest.raises(IntakeError, match="PRSTDTC: NO_DATE: must be given"):
            study(pr=[of("PR", TRT="RFA")])

    def test_markers(self) -> None:
        """AFP and PIVKA-II; a count of dendritic cells is no marker."""
        rows = [of("LB", TESTCD="AFP", STRESC="410", STRESN=410.0, STRESU="ug/L", DTC="2024-01-03"),
                of("LB", TESTCD="PIVKAII", STRESC="<3", STRESN=3, DTC="2024-01-03"),
                of("LB", TESTCD="DCP", STRESN=3, DTC="2024-01-03"), of("LB", TESTCD="AFP",
                    STRESN=3),
                of("LB", TESTCD="AFP", DTC="2024-01-03"),
                of("LB", TESTCD="AFP", STRESN=3, DTC="2024-01-03", USUBJID="P8")]  # fmt: skip
        made = study(lb=rows)
        assert column(made.markers, "name", "value", "unit") == [
            ("AFP", "410", "ug/L"),
            ("PIVKA-II", "<3", "1"),
        ]
        assert only(made.problems, "UNREAD_MARKER", "row") == [3, 4]
        (case,) = made.cases()
        assert [marker["name"] for marker in case["markers"]] == ["AFP", "PIVKA-II"]

    @pytest.mark.parametrize("sign", ["<", ">", "<=", ">=", "\u2264", "\u2265"])
    def test_limits(self, sign: str) -> None:
        """A limit is told by the text: the number beside it says less, and out it goes so."""
        row = of("LB", TESTCD="AFP", STRESC=f"{sign}400", STRESN=400, STRESU="ug/L",
                 DTC="2024-01-03")  # fmt: skip
        made = study(lb=[row])
        assert column(made.markers, "value") == [f"{sign}400"]
        (case,) = made.cases()
        plain = {"\u2264": "<=", "\u2265": ">="}.get(sign, sign)
        assert case["markers"][0]["value"] == f"{plain}400"
        out = Study.of_cases([case]).to_sdtm(study="S").tables["LB"]
        assert (out["LBSTRESC"][0], out["LBSTRESN"][0]) == (f"{plain}400", None)
