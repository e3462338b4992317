"""SDTM in: what each row becomes, what is asked, what is named as left out."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from support.sdtm_rows import column, ex, only, read, rs, tables, tr, tu

import mrecist
from mrecist import Review
from mrecist.io import AskError, IntakeError, read_sdtm

D = datetime.date.fromisoformat
BASELINE, WEEK_8 = "2024-01-03", "2024-03-06"


def pair(*more: Any, **knobs: Any) -> Any:
    """A study of one target with two sizes."""
    rows = [tr("T01", "VDIAM", 40), tr("T01", "VDIAM", 20, WEEK_8)]
    return read(knobs, tu=[tu("T01")], tr=[*rows, *more])


class TestSizes:
    """Section by section: sizes, states, and both together."""

    def test_whole(self) -> None:
        """A study reads and is judged in two calls."""
        study = pair()
        assert repr(study) == "<Study from SDTM: 1 patient, 1 line, 2 time points>"
        assert study.assess("mrecist").lines["best_response"].tolist() == ["PR"]
        assert column(study.findings, "source") == ["tr:0", "tr:1"]

    @pytest.mark.parametrize(
        ("term", "rows", "sizes"),
        [
            ("LIVER", [("VDIAM", "4.0")], ("4.0", None, None)),
            ("LIVER", [("LDIAM", "41")], ("41", None, None)),
            ("LIVER", [("VDIAM", "30"), ("LDIAM", "41")], ("30", "41", None)),
            ("LUNG", [("LDIAM", "41")], (None, "41", None)),
            ("LUNG", [("LDIAM", "41"), ("LPERP", "9")], (None, "41", "9")),
            ("LUNG", [("DIAMETER", "41")], (None, "41", None)),
            ("LUNG", [("DIAMETER", "41"), ("LDIAM", "40")], (None, "40", None)),
            ("LYMPH NODE", [("LPERP", "16"), ("DIAMETER", "17")], (None, None, "16")),
            ("LYMPH NODE", [("DIAMETER", "17")], (None, None, "17")),
            ("LIVER", [("VDIAM", ".5")], (".5", None, None)),
        ],
    )
    def test_sizes(self, term: str, rows: list[tuple[str, str]], sizes: tuple[Any, ...]) -> None:
        """Which diameter goes where."""
        study = read(tu=[tu("T01", term)], tr=[tr("T01", *row) for row in rows])
        names = ("viable_mm", "longest_mm", "short_axis_mm")
        found = tuple(study.findings[name][0] if name in study.findings else None for name in names)
        assert found == sizes
        axis = only(study.problems, "DIAMETER_AXIS", "detail")
        assert axis == ["lesion T01: 17 mm"] * (rows == [("DIAMETER", "17")])

    def test_number_and_units(self) -> None:
        """TRSTRESN stands in for text; centimetres are ten millimetres."""
        study = read(tu=[tu("T01")], tr=[
            tr("T01", "VDIAM", None, TRSTRESN=41.0), tr("T01", "VDIAM", "3.25", WEEK_8,
                TRSTRESU="cm"),
        ])  # fmt: skip
        assert column(study.findings, "viable_mm") == ["41", "32.5"]

    def test_units_elsewhere(self) -> None:
        """Without TRSTRESU the unit is TRORRESU, without that mm."""
        row = tr("T01", "VDIAM", 4)
        row.pop("TRSTRESU")
        assert column(read(tu=[tu("T01")], tr=[row]).findings, "viable_mm") == ["4"]
        study = read(tu=[tu("T01")], tr=[row | {"TRORRESU": "CM"}])
        assert column(study.findings, "viable_mm") == ["40"]

    @pytest.mark.parametrize(
        ("written", "unit", "standard", "mm"),
        [
            ("4.0", "cm", "40", "40"),
            ("4.0", "cm", "4", "40"),
            ("48", "mm", "48.0", "48.0"),
            (None, "cm", "4", "40"),
            ("4.0", "cm", "39", None),
            ("4.0", "mm", "40", None),
        ],
    )
    def test_unit_of_original(self, written: Any, unit: str, standard: str, mm: Any) -> None:
        """TRORRESU is the unit of TRORRES, and of TRSTRESC where that is the same size."""
        row = tr("T01", "VDIAM", standard) | {"TRORRES": written, "TRORRESU": unit}
        row.pop("TRSTRESU")
        study = read({"errors": "collect"}, tu=[tu("T01")], tr=[row])
        if mm is None:
            assert study.errors["code"].tolist() == ["NOT_A_LENGTH"]
        else:
            assert column(study.findings, "viable_mm") == [mm]

    @pytest.mark.parametrize(
        ("value", "unit", "told"),
        [
            ("41", "in", "VDIAM must be in mm or cm, got 41 in"),
            ("41", None, "VDIAM must be in mm or cm, got 41 without a unit"),
            ("<5", "mm", "VDIAM must be a number of mm or cm, got '<5'"),
        ],
    )
    def test_no_length(self, value: str, unit: str | None, told: str) -> None:
        """What is no length is a mistake; the other patients are judged."""
        rows = [tr("T01", "VDIAM", value, TRSTRESU=unit), tr("T01", "VDIAM", 20, WEEK_8)]
        more = [tr("T01", "VDIAM", 40, USUBJID="P2"), tr("T01", "VDIAM", 20, WEEK_8, USUBJID="P2")]
        with pytest.raises(IntakeError) as raised:
            read(tu=[tu("T01")], tr=rows)
        assert str(raised.value) == f"patient P1, tr, row 0, TRSTRESC: NOT_A_LENGTH: {told}"
        study = read({"errors": "collect"}, tu=[tu("T01"), tu("T01", USUBJID="P2")], tr=rows + more)
        assert column(study.errors, "patient", "code") == [("P1", "NOT_A_LENGTH")]
        with pytest.raises(mrecist.CohortError, match="NOT_A_LENGTH"):
            study.assess()
        responses = study.assess(errors="collect")
        assert responses.lines["patient"].tolist() == ["P2"]
        assert column(responses.errors, "error") == [f"NOT_A_LENGTH: {told} (tr row 0)"]
        assert [case["patient"] for case in study.cases()] == ["P2"]
        assert "1 error" in repr(study)

    @pytest.mark.parametrize(
        ("role", "term", "rows", "status", "equivocal"),
        [
            ("NON-TARGET", "LIVER", [("TUMSTATE", "PRESENT")], "present", None),
            ("NON-TARGET", "LIVER", [("TUMSTATE", "Unchanged")], "present", None),
            ("NON-TARGET", "LYMPH NODE", [("LNSTATE", "NON-PATHOLOGICAL")], "absent", None),
            ("NON-TARGET", "LIVER", [("TUMSTATE", "UNEQUIVOCAL")], "progressed", None),
            ("NON-TARGET", "LIVER", [("TUMSTATE", "EQUIVOCAL")], "present", None),
            ("NON-TARGET", "LIVER", [("TUMSTATE", "NE")], "not evaluable", None),
            ("NEW", "LIVER", [("TUMSTATE", "UNEQUIVOCAL")], "present", None),
            ("NEW", "PLEURAL FLUID", [("TUMSTATE", "UNEQUIVOCAL")], "progressed", None),
            ("NEW", "LIVER", [("TUMSTATE", "EQUIVOCAL")], "present", True),
            ("NEW", "LIVER", [("TUMSTATE", "EQUIVOCAL"), ("VDIAM", 12)], None, True),
            ("NEW", "LIVER", [("TUMSTATE", "UNEQUIVOCAL"), ("VDIAM", 12)], None, None),
            ("TARGET", "LIVER", [("TUMSTATE", "UNEQUIVOCAL"), ("VDIAM", 12)], "progressed", None),
            ("TARGET", "LIVER", [("VDIAM", "NE")], "not evaluable", None),
            ("TARGET", "LIVER", [("VDIAM", "TOO SMALL TO MEASURE")], "too small", None),
            (
                "TARGET",
                "LIVER",
                [("VDIAM", 5, {"TRORRES": "Too small to measure"})],
                "too small",
                None,
            ),
            ("TARGET", "LIVER", [("VDIAM", None, {"TRORRES": "Too small"})], "too small", None),
            ("TARGET", "LIVER", [("VDIAM", None, {"TRSTAT": "NOT DONE"})], "not evaluable", None),
            (
                "TARGET",
                "LIVER",
                [("VDIAM", None, {"TRSTAT": "NOT DONE", "TRORRES": "Too small to measure"})],
                "too small",
                None,
            ),
            ("TARGET", "LIVER", [("TUMSTATE", "TOO SMALL TO MEASURE")], "too small", None),
            ("TARGET", "LIVER", [("VDIAM", 5), ("TUMSTATE", "Too small")], "too small", None),
            ("TARGET", "LIVER", [("TUMSTATE", "NOT EVALUABLE")], "not evaluable", None),
        ],
    )
    def test_states(
        self, role: str, term: str, rows: list[Any], status: Any, equivocal: Any
    ) -> None:
        """What a state says depends on whether the lesion is new, and on a size beside it."""
        made = [tr("L1", test, value, WEEK_8, **dict(*more)) for test, value, *more in rows]
        study = read(tu=[tu("L1", term, role)], tr=[tr("T01", "VDIAM", 30), *made])
        at = column(study.findings, "lesion").index("L1")
        said = [study.findings.get(name, [None] * 2)[at] for name in ("status", "equivocal")]
        assert said == [status, equivocal]

    def test_left_out(self) -> None:
        """Sums, tests that are not known and rows without a lesion are named."""
        study = pair(
            tr(None, "SUMDIAM", 40),
            tr("T01", "PCBSD", 40),
            tr("T01", "NEWCONF", "Y"),
            tr(None, "LDIAM", 3),
            tr("T01", "TUMSTATE", "PALPABLE"),
            tr("T01", "LDIAM", None),
        )
        codes = column(study.problems, "code", "row")
        assert codes == [
            ("DERIVED_ROW", 2),
            ("DERIVED_ROW", 3),
            ("OTHER_TEST", 4),
            ("OTHER_TEST", 6),
            ("OTHER_TEST", 7),
            ("NO_IDENTIFICATION", 5),
        ]
        assert len(study.findings["lesion"]) == 2

    def test_repeated(self) -> None:
        """The same value twice is named, another value is a mistake."""
        study = pair(tr("T01", "VDIAM", 40))
        assert only(study.problems, "DUPLICATE_RESULT", "detail") == ["lesion T01, VDIAM: 40"]
        with pytest.raises(IntakeError, match="CONFLICTING_RESULT: lesion T01, VDIAM: 41 at the"):
            pair(tr("T01", "VDIAM", 41))

    @pytest.mark.parametrize(
        ("value", "unit"), [("40.0", "mm"), ("040", "mm"), ("4", "cm"), ("4.000", "cm")]
    )
    @pytest.mark.parametrize("date", ["2024-01-03", "2024-01-04"])
    def test_repeated_otherwise_written(self, value: str, unit: str, date: str) -> None:
        """A size is the same however it is written, and one visit on two days stays one."""
        again = tr("T01", "VDIAM", value, date, TRSTRESU=unit, VISIT="V 2024-01-03")
        study = pair(again)
        assert only(study.problems, "DUPLICATE_RESULT", "row") == [2]
        assert set(study.problems["code"]) == {"DUPLICATE_RESULT"}
        assert column(study.findings, "viable_mm")[0] == "40"

    def test_nobody(self) -> None:
        """A row that names no patient is a mistake of nobody."""
        study = pair(tr("T01", "VDIAM", 40, USUBJID=None), errors="collect")
        assert column(study.errors, "patient", "code") == [(None, "NO_PATIENT")]
        assert study.assess(errors="collect").lines["patient"].tolist() == ["P1"]


class TestLesions:
    """Who a lesion is: its place, its role, its parts."""

    def test_roles(self) -> None:
        """Targets and non-targets are those of TU; a new lesion is neither."""
        study = read(
            tu=[tu("T01"), tu("N01", "BONE", "NON-TARGET"), tu("X1", "LUNG", "NEW"),
                tu("B1", role="BENIGN"), tu("Q1", "LUNG", "PRIMARY")],
            tr=[tr("T01", "VDIAM", 30), tr("N01", "TUMSTATE", "PRESENT"),
                tr("X1", "TUMSTATE", "PRESENT", WEEK_8), tr("B1", "VDIAM", 9),
                tr("Q1", "LDIAM", 9)],
        )  # fmt: skip
        assert column(study.lines, "targets", "nontargets") == [("T01", "N01")]
        assert column(study.findings, "lesion", "kind") == [
            ("T01", "nodule"),
            ("N01", "other"),
            ("Q1", "nodule"),
            ("X1", "other"),
        ]
        assert only(study.problems, "NOT_A_LESION", "detail") == ["lesion B1 is benign"]
        assert only(study.problems, "OTHER_TEST", "detail") == [
            "lesion Q1: its role PRIMARY is not read"
        ]

    def test_no_target(self) -> None:
        """None named a target: the line has none, rather than a choice of the criteria."""
        study = read(tu=[tu("N1", role="NON-TARGET")], tr=[tr("N1", "TUMSTATE", "PRESENT")])
        assert column(study.lines, "targets", "nontargets") == [(";", "N1")]

    def test_indicators(self) -> None:
        """TIND gives the role where the identification has none, and only where it says Y."""
        study = read(
            tu=[tu("A", role=None), tu("A", role="Y", TUTESTCD="TIND"), tu("B", role="NON-TARGET"),
                tu("B", role="Y", TUTESTCD="TIND"), tu("C", role=None),
                tu("C", role="N", TUTESTCD="NTIND"), tu("Z", role="Y", TUTESTCD="TIND")],
            tr=[tr(each, "VDIAM", 20) for each in "ABC"],
        )  # fmt: skip
        assert column(study.lines, "targets", "nontargets") == [("A", "B")]
        told = only(study.problems, "NO_IDENTIFICATION", "detail")
        assert told == ["lesion Z has TIND but is not identified"]

    def test_changes(self) -> None:
        """Another role or place is named; the first is read."""
        study = read(
            tu=[tu("A", None), tu("A", "LUNG", "NON-TARGET"), tu("A", "BONE")],
            tr=[tr("A", "LDIAM", 20)],
        )  # fmt: skip
        assert only(study.problems, "ROLE_CHANGES", "detail") == [
            "lesion A: target, then non-target"
        ]
        assert only(study.problems, "LOCATION_CHANGES", "detail") == ["lesion A: LUNG, then BONE"]
        assert column(study.findings, "organ") == ["lung"]

    def test_parts(self) -> None:
        """A fragment is of the lesion whose id its own begins with; a merged one has a survivor."""
        study = read(
            tu=[tu("T1"), tu("T2"), tu("T1.1", role=None), tu("T1.1", TUTESTCD="TUSPLIT"),
                tu("S", role=None), tu("S", TUTESTCD="TUSPLIT"),
                tu("T2", role="T1", TUTESTCD="TUMERGE", TUDTC=WEEK_8),
                tu("T1", role="T9", TUTESTCD="TUMERGE"), tu("T1", role="T1", TUTESTCD="TUMERGE")],
            tr=[tr(each, "VDIAM", 20) for each in ("T1", "T2")]
            + [tr(each, "VDIAM", 25, WEEK_8) for each in ("T1", "T2", "T1.1", "S")],
        )  # fmt: skip
        rows = column(study.findings, "lesion", "part_of", "into", "viable_mm")
        assert ("T1.1", "T1", None, "25") in rows
        assert ("T2", None, "T1", None) in rows
        told = only(study.problems, "OTHER_TEST", "detail")
        assert told == [
            "lesion T1.1: its role None is not read",
            "lesion S: its role None is not read",
            "lesion S: TUSPLIT TARGET",
            "lesion T1: TUMERGE T9",
            "lesion T1: TUMERGE T1",
        ]
        assert study.assess().lines["targets"].tolist() == ["T1;T2"]

    @pytest.mark.parametrize("date", [WEEK_8, "2024-03-08", "2024-03"])
    @pytest.mark.parametrize("still", [True, False])
    def test_merged(self, date: str, still: bool) -> None:
        """A merging is of the examination that shows the survivor, also of a lesion that it does
        not record any more, and wherever in the visit its date lies."""
        study = read(
            tu=[tu("T1"), tu("T2"), tu("T2", role="T1", TUTESTCD="TUMERGE", TUDTC=date)],
            tr=[tr("T1", "VDIAM", 20), tr("T2", "VDIAM", 20), tr("T1", "VDIAM", 30, WEEK_8)]
            + [tr("T2", "VDIAM", 9, WEEK_8)] * still,
        )  # fmt: skip
        rows = column(study.findings, "lesion", "date", "organ", "into", "visit")
        assert ("T2", D(WEEK_8), "liver", "T1", f"V {WEEK_8}") in rows
        assert len(rows) == 4
        assert study.assess().timepoints["response"].tolist() == ["SD"]

    @pytest.mark.parametrize(
        ("date", "of"), [("2024-06-06", "T1"), (None, "T1"), (WEEK_8, "T3"), (WEEK_8, "T4")]
    )
    def test_merged_unseen(self, date: str | None, of: str) -> None:
        """A merging that no examination shows is told, never lost."""
        study = read(
            tu=[tu("T1"), tu("T2"), tu("T3", role="NEW"), tu("T4", role="NEW"),
                tu("T4" if of == "T4" else "T2", role="T1" if of == "T4" else of,
                   TUTESTCD="TUMERGE", TUDTC=date)],
            tr=[tr("T1", "VDIAM", 20), tr("T2", "VDIAM", 20), tr("T1", "VDIAM", 30, WEEK_8)],
        )  # fmt: skip
        (told,) = only(study.problems, "OTHER_TEST", "row", "detail")
        assert told[0] == 4
        assert "no examination near" in told[1]
        assert "into" not in study.findings

    def test_unidentified(self) -> None:
        """Without TU the group tells the role; with it a lesion that it lacks is named."""
        rows = [
            tr("A", "VDIAM", 20, TRGRPID="TARGET"),
            tr("B", "LPERP", 20, TRGRPID="NON-TARGET NODAL"),
        ]
        study = read(tr=rows)
        assert column(study.lines, "targets", "nontargets") == [("A", "B")]
        assert column(study.findings, "organ", "kind") == [
            ("unknown", "nodule"),
            ("unknown", "node"),
        ]
        assert only(study.problems, "NO_LOCATION", "detail") == ["lesion A", "lesion B"]
        study = read(tu=[tu("A"), tu(None), tu("C", USUBJID=None)], tr=[*rows, tr("D", "LDIAM", 9)])
        told = only(study.problems, "NO_IDENTIFICATION", "source", "row")
        assert told == [("tu", 1), ("tu", 2), ("tr", 1), ("tr", 2)]
        assert column(study.lines, "targets", "nontargets") == [("A", "B")]

    def test_without_result(self) -> None:
        """A target of which nothing is recorded is not evaluable at the baseline."""
        study = read(
            tu=[tu("A"), tu("B"), tu("C", USUBJID="P9")],
            tr=[tr("A", "VDIAM", 20), tr("A", "VDIAM", 20, WEEK_8)],
            ex=[ex("sorafenib", "2024-01-10")],
        )  # fmt: skip
        assert column(study.findings, "lesion", "date", "status")[1] == (
            "B",
            D(BASELINE),
            "not evaluable",
        )
        assert only(study.problems, "TARGET_WITHOUT_RESULT", "patient") == ["P9", "P1"]
        assert study.assess(errors="collect").lines["targets"].tolist() == ["A;B"]
        assert column(study.findings, "organ") == ["liver"] * 3

    def test_without_result_elsewhere(self) -> None:
        """Another reader's dates are not one's own: the patient's first date is taken."""
        study = read(
            {"reader": "each", "errors": "collect"},
            tu=[tu("A"), tu("B", "PORTAL LYMPH NODE", TUEVAL="X"),
                tu("C", TUEVAL="X", TUSTRESC=None)],
            tr=[tr("A", "VDIAM", 20), tr("C", "VDIAM", 20, None, TREVAL="X", VISIT="Q")],
        )  # fmt: skip
        rows = column(study.findings, "lesion", "reader", "date", "kind", "hilar")
        assert ("B", "X", D(BASELINE), "node", True) in rows

    def test_parts_have_no_role(self) -> None:
        """A benign lesion, or a fragment, that is named a target is none."""
        study = read(
            tu=[tu("T1"), tu("T1.1"), tu("T1.1", TUTESTCD="TUSPLIT"), tu("B"),
                tu("B", role="BENIGN")],
            tr=[tr(each, "VDIAM", 20) for each in ("T1", "T1.1", "B")],
        )  # fmt: skip
        assert column(study.lines, "targets") == ["T1"]

    def test_places_given(self) -> None:
        """The caller's places and kinds come before those of the table."""
        study = read(
            {"locations": {"segment 8": ("liver", "nodule")}, "kinds": {"N1": "infiltrative"}},
            tu=[tu("A", "SEGMENT 8"), tu("N1", role="NON-TARGET"),
                tu("H", "HEPATIC LYMPH NODE"), tu("P", "PORTA HEPATIS LYMPH NODE")],
            tr=[tr("A", "VDIAM", 20), tr("N1", "TUMSTATE", "PRESENT"), tr("H", "LPERP", 16),
                tr("P", "LPERP", 22)],
        )  # fmt: skip
        assert column(study.findings, "lesion", "organ", "kind", "hilar") == [
            ("A", "liver", "nodule", None),
            ("N1", "liver", "infiltrative", None),
            ("H", "hepatic lymph node", "node", None),
            ("P", "porta hepatis lymph node", "node", True),
        ]
        assert only(study.problems, "NODE_HILUM_UNSURE", "detail") == [
            "lesion H: HEPATIC LYMPH NODE"
        ]

    def test_supplied(self) -> None:
        """Supplemental qualifiers give what SDTM has no variable for."""

        def supp(domain: str, name: str, at: Any, value: Any, **more: Any) -> dict[str, Any]:
            return {
                "USUBJID": "P1",
                "RDOMAIN": domain,
                "QNAM": name,
                "IDVAR": f"{domain}SEQ",
                "IDVARVAL": at,
                "QVAL": value,
                **more,
            }

        study = read(
            tu=[tu("A", TUSEQ=1), tu("N", role="NEW", TUSEQ=2), tu("Z", TUSEQ=3)],
            tr=[tr("A", "VDIAM", 20, TRSEQ=1), tr("A", "VDIAM", 20, WEEK_8, TRSEQ=2),
                tr("N", "VDIAM", 12, WEEK_8, TRSEQ=3), tr(None, "SUMDIAM", 1, TRSEQ=4)],
            suppTU=[supp("TU", "TUTREATD", "1", "true"), supp("TU", "TUTREATD", "3", "true")],
            suppTR=[supp("TR", "TRPATTRN", "3", "ATYPICAL"), supp("TR", "TRPATTRN", "9", "typical"),
                    supp("TR", "TRBIOPSY", "3", None), supp("TR", "OTHER", "3", "x"),
                    supp("TR", "TRBIOPSY", "3", "positive", IDVAR="TRLNKID")],
        )  # fmt: skip
        names = ("lesion", "treated", "pattern")
        assert column(study.findings, *names) == [
            ("A", "true", None),
            ("Z", None, None),
            ("A", "true", None),
            ("N", None, "atypical"),
        ]
        assert "biopsy" not in study.findings
        assert read(
            tu=[tu("A")], tr=[tr("A", "VDIAM", 9)], suppTU=[supp("TU", "X", "1", "y")]
        ).findings

    def test_extra_column(self) -> None:
        """A column of extras that is none is refused: a word misspelt is not lost."""
        with pytest.raises(IntakeError, match=r"extra has columns .*, and no biospy"):
            read(
                {"extra": {"patient": ["P1"], "lesion": ["A"], "biospy": ["positive"]}},
                tu=[tu("A")],
                tr=[tr("A", "VDIAM", 20)],
            )

    def test_extra(self) -> None:
        """A table of the caller's gives the same, by patient, lesion, date and reader."""
        table = {
            "patient": ["P1", "P1", "P1"], "lesion": ["A", "N", "N"], "date": [None, WEEK_8,
                D(WEEK_8)],
            "treated": [True, None, None], "pattern": [None, "Atypical", None],
            "biopsy": [None, None, "positive"], "reader": [None, "INVESTIGATOR", None],
        }  # fmt: skip
        rows = [tr("A", "VDIAM", 20), tr("A", "VDIAM", 20, WEEK_8), tr("N", "VDIAM", 12, WEEK_8)]
        study = read({"extra": table}, tu=[tu("A"), tu("N", role="NEW")], tr=rows)
        assert column(study.findings, "lesion", "treated", "pattern", "biopsy") == [
            ("A", "true", None, None),
            ("A", "true", None, None),
            ("N", None, "atypical", "positive"),
        ]
        for wrong in (
            {"lesion": ["Z"]},
            {"patient": [None]},
            {"date": ["2024-01-04"]},
            {"reader": ["X"]},
        ):
            made = {"patient": ["P1"], "lesion": ["A"], "treated": ["true"]} | wrong
            with pytest.raises(IntakeError, match=r"UNMATCHED_ROW: no finding of lesion . on "):
                read({"extra": made}, tu=[tu("A")], tr=rows[:1])


class TestMeasures:
    """What a plain diameter of a liver nodule is of is asked, never guessed."""

    ROWS = (tr("A", "LDIAM", 20), tr("A", "LDIAM", 10, WEEK_8))

    def test_asked(self) -> None:
        """The question ends in the argument."""
        with pytest.raises(AskError) as raised:
            read({"measures": None}, tu=[tu("A")], tr=self.ROWS)
        told = str(raised.value)
        assert told.startswith("1 liver nodule of 1 patient has a plain diameter")
        assert told.endswith('say measures="viable" or measures="whole"')
        with pytest.raises(AskError, match="2 liver nodules of 1 patient have plain diameters"):
            read({"measures": None}, tu=[tu("A"), tu("B")], tr=[*self.ROWS, tr("B", "LDIAM", 9)])
        with pytest.raises(ValueError, match=r'measures must be "viable" or "whole", got \'all\''):
            read({"measures": "all"}, tr=[])

    def test_whole(self) -> None:
        """Whole diameters are judged by RECIST 1.1, and asked about by mRECIST."""
        study = read({"measures": "whole"}, tu=[tu("A")], tr=self.ROWS)
        assert study.assess("recist-1.1").lines["best_response"].tolist() == ["PR"]
        with pytest.raises(AskError) as raised:
            study.assess()
        assert raised.value.on_command_line.endswith("say --measures viable")
        assert "1 liver nodule of 1 patient has a plain diameter only" in str(raised.value)

    def test_some(self) -> None:
        """A patient without viable sizes among others that have them is named."""
        study = read(
            {"measures": "whole"}, tu=[tu("A"), tu("A", USUBJID="P2")],
            tr=[*self.ROWS, tr("A", "VDIAM", 20, USUBJID="P2")],
        )  # fmt: skip
        assert only(study.problems, "NO_VIABLE_SIZE", "patient") == ["P1"]


class TestReaders:
    """Whose reading is taken is asked; lesions of two readers are two lesions."""

    @staticmethod
    def study(reader: Any = None, **knobs: Any) -> Any:
        whose = [
            {"TREVAL": "INVESTIGATOR"},
            *({"TREVAL": "INDEPENDENT ASSESSOR", "TREVALID": f"R {at}"} for at in (1, 2)),
        ]
        lesions = [
            tu("T", **{name.replace("TR", "TU"): value for name, value in one.items()})
            for one in whose
        ]
        rows = [tr("T", "VDIAM", 20 + at, **one) for at, one in enumerate(whose)]
        later = [tr("T", "VDIAM", 10 + at, WEEK_8, **one) for at, one in enumerate(whose)]
        return read(
            {"reader": reader} | knobs,
            tu=lesions,
            tr=rows + later,
            ex=[ex("sorafenib", "2024-01-10")],
        )

    def test_asked(self) -> None:
        """Several readers are a question, with their counts."""
        with pytest.raises(AskError) as raised:
            self.study()
        assert str(raised.value) == (
            "the study has several readers: INVESTIGATOR (2 results), R 1 (2 results), "
            'R 2 (2 results): say reader="INVESTIGATOR"'
        )
        with pytest.raises(AskError, match="no one reader is 'independent assessor'"):
            self.study("independent assessor")
        with pytest.raises(AskError, match="no one reader is 'R 9'"):
            self.study("R 9")

    @pytest.mark.parametrize("reader", ["r 2", ("independent  assessor", "R 2")])
    def test_one(self, reader: Any) -> None:
        """A reader by name, or by role and name; case and space are ignored."""
        study = self.study(reader)
        assert column(study.findings, "viable_mm") == ["22", "12"]
        assert study.readers == ("R 2",)
        assert "reader" not in study.findings

    def test_each(self) -> None:
        """All readers in a column; each is judged alone."""
        study = self.study("each")
        assert column(study.findings, "reader") == ["INVESTIGATOR", "R 1", "R 2"] * 2
        with pytest.raises(
            AskError, match=r'assess_readings, or one of them: say study.reading\("INVESTIGATOR"\)'
        ):
            study.assess()
        one = study.reading("R 1")
        assert column(one.lines, "targets", "agents") == [("T", "sorafenib")]
        assert column(one.findings, "viable_mm") == ["21", "11"]
        assert one.assess().lines["best_response"].tolist() == ["PR"]
        with pytest.raises(
            ValueError, match="there is no reader 'R 9' among INVESTIGATOR, R 1, R 2"
        ):
            study.reading("R 9")
        with pytest.raises(ValueError, match="the study has one reader"):
            one.reading("R 1")

    def test_accepted(self) -> None:
        """Accepted results of one reader decide a line; two at one visit decide nothing."""

        def one(line: str, date: Any, reader: str, flag: Any, **more: Any) -> dict[str, Any]:
            return tr("T", "VDIAM", 20, date, TREVAL=reader, TRACPTFL=flag, **more)

        study = read(
            {"reader": "each", "errors": "collect"},
            tu=[tu("T", TUEVAL=each) for each in "AB"],
            tr=[one("T", BASELINE, "A", "Y"), one("T", BASELINE, "B", None), one("T", WEEK_8, "A",
                "Y"),
                one("T", "2024-06-06", "A", "Y"), one("T", None, "B", "Y", VISIT="Q")],
            rs=[rs("PD", "2024-06-06", RSEVAL="B", RSACPTFL="Y"),
                rs("PD", "2024-06-06", RSEVAL="B", RSACPTFL="Y", USUBJID="P9")],
            ex=[ex("sorafenib", "2024-01-10", "2024-05-10"), ex("lenvatinib", "2024-06-01")],
        )  # fmt: skip
        assert column(study.decisions, "patient", "line", "accepted") == [
            ("P1", 1, "A"),
            ("P9", 1, "B"),
        ]
        assert only(study.problems, "ACCEPTED_MIXED", "detail") == [
            "line 2: A, B, undecided: A and B at V 2024-06-06"
        ]
        sound = self.study("each")
        readings = mrecist.assess_readings(
            sound.findings,
            sound.lines,
            review=Review(readers=("R 1", "R 2"), local=("INVESTIGATOR",)),
        )
        assert readings.lines["best_response"].tolist() == ["PR", "PR", "PR"]

    def test_stranger(self) -> None:
        """A reader with results who identified nothing is a mistake, once a patient."""
        study = read({"reader": "each", "errors": "collect"}, tu=[tu("T")], tr=[
            tr("T", "VDIAM", 20), tr("T", "VDIAM", 20, TREVAL="X"), tr("S", "VDIAM", 20,
                TREVAL="X"),
        ])  # fmt: skip
        assert column(study.errors, "patient", "code") == [("P1", "UNKNOWN_READER")]


class TestReadersOfOneName:
    """A radiologist of the site and one of the centre are two readers, whatever they are called."""

    @staticmethod
    def study(reader: Any) -> Any:
        roles = ("INVESTIGATOR", "Independent Assessor")
        return read(
            {"reader": reader},
            tu=[tu("A", TUEVAL=role, TUEVALID="RADIOLOGIST") for role in roles],
            tr=[
                tr("A", "VDIAM", size, TREVAL=role, TREVALID="RADIOLOGIST")
                for role, size in zip(roles, (20, 30), strict=True)
            ],
            rs=[
                rs(word, "2024-01-03", RSEVAL=role, RSEVALID="RADIOLOGIST")
                for role, word in zip(roles, ("SD", "PD"), strict=True)
            ],
        )

    @pytest.mark.parametrize(
        ("reader", "size", "word"),
        [
            ("INVESTIGATOR", "20", "SD"), (("INVESTIGATOR", "RADIOLOGIST"), "20", "SD"),
            ("RADIOLOGIST", "30", "PD"), ("independent assessor", "30", "PD"),
        ],
    )  # fmt: skip
    def test_apart(self, reader: Any, size: str, word: str) -> None:
        """Each is read alone."""
        made = self.study(reader)
        assert column(made.findings, "viable_mm", "reported") == [(size, word)]

    def test_asked(self) -> None:
        """Both are asked for, read together under names of their own, and written back."""
        with pytest.raises(AskError, match="INVESTIGATOR RADIOLOGIST \\(1 result\\), RADIOLOGIST"):
            self.study(None)
        both = self.study("each")
        assert both.readers == ("INVESTIGATOR RADIOLOGIST", "RADIOLOGIST")
        written = both.to_sdtm().tr
        assert column(written, "TREVAL", "TREVALID") == [
            ("INVESTIGATOR", "RADIOLOGIST"),
            ("INDEPENDENT ASSESSOR", "RADIOLOGIST"),
        ]


class TestQualifiers:
    """What supplemental qualifiers say is read, or told as unread."""

    @staticmethod
    def of(domain: str, name: str, seq: Any, word: str, variable: str | None = None) -> Any:
        row = {"USUBJID": "P1", "QNAM": name, "IDVAR": variable or f"{domain}SEQ",
               "IDVARVAL": seq, "QVAL": word}  # fmt: skip
        lesions = [tu("A", TUSEQ=1), tu("A", None, None, TUTESTCD="TIND", TUORRES="Y", TUSEQ=2)]
        return read(
            tu=lesions, tr=[tr("A", "VDIAM", 20, TRSEQ=1)], **{f"supp{domain.lower()}": [row]}
        )

    @pytest.mark.parametrize("seq", [1, "2"])
    def test_any_record_of_a_lesion(self, seq: Any) -> None:
        """A qualifier of whichever record of TU speaks of the lesion."""
        made = self.of("TU", "TUENHANC", seq, "NONE")
        assert column(made.findings, "enhancement") == ["none"]
        made = self.of("TU", "TUKIND", seq, "INFILTRATIVE")
        assert column(made.findings, "kind") == ["infiltrative"]
        assert not only(made.problems, "NO_IDENTIFICATION", "row")

    @pytest.mark.parametrize(
        ("domain", "name", "seq", "variable"),
        [
            ("TU", "TUENHANC", 3, None), ("TU", "TUKIND", 3, None),
            ("TU", "TUTREATD", 1, "TULNKID"),
            ("TR", "TRPATTRN", 2, None), ("TR", "TRCYTOL", 1, "TRLNKID"),
        ],
    )  # fmt: skip
    def test_of_no_record(self, domain: str, name: str, seq: Any, variable: Any) -> None:
        """A qualifier of no record is told, and changes nothing."""
        made = self.of(domain, name, seq, "NONE", variable)
        (told,) = only(made.problems, "NO_IDENTIFICATION", "source", "row", "detail")
        assert told[:2] == (f"supp{domain.lower()}", 0)
        assert told[2].startswith(f"{name} NONE: there is no record with")


class TestDates:
    """Dates without a day, visits of several dates, dates of several visits."""

    def test_partial(self) -> None:
        """A day is completed inside its month, and named."""
        study = pair(tr("T01", "VDIAM", 15, "2024-04", VISIT="W12"))
        assert only(study.problems, "PARTIAL_DATE", "detail") == ["read as 2024-04-30"]
        study = pair(tr("T01", "VDIAM", 15, "2024-04", VISIT="W12"), dates="first")
        assert column(study.findings, "date")[-1] == D("2024-04-01")
        with pytest.raises(IntakeError, match="NO_DATE: must have a day, got '2024-04'"):
            pair(tr("T01", "VDIAM", 15, "2024-04"), dates="refuse")
        with pytest.raises(ValueError, match=r'dates must be "last", "first" or "refuse"'):
            pair(dates="middle")

    @pytest.mark.parametrize(
        ("written", "told"),
        [
            (None, "must be given"),
            ("2024", "must be a date, at least"),
            ("2024-02-30", "must be a date of"),
        ],
    )
    def test_no_date(self, written: Any, told: str) -> None:
        """A result without a date refuses the patient."""
        study = pair(tr("T01", "VDIAM", 15, written, VISIT="W12"), errors="collect")
        assert str(study.errors["error"][0]).startswith(f"NO_DATE: {told}")
        assert len(study.assess(errors="collect").lines["patient"]) == 0

    def test_order(self) -> None:
        """A completed date outside its neighbours by visit number is a mistake."""
        rows = [tr("T01", "VDIAM", 9, date, VISITNUM=number)
                for number, date in [(1, BASELINE), (2, "2024-03"), (3, "2024-03-20"), ("x",
                    "2024-01"),
                                     (None, "2024-01-05"), (4, "2024-01")]]  # fmt: skip
        with pytest.raises(IntakeError) as raised:
            read(tu=[tu("T01")], tr=rows)
        assert [row[2] for row in raised.value.rows] == [1, 5]
        assert "DATE_OUT_OF_ORDER: 2024-03-31, completed, lies outside" in str(raised.value)
        read(tu=[tu("T01")], tr=rows[:2])

    def test_visit(self) -> None:
        """The scans of a visit have one text; far apart, they are named."""
        study = read(
            tu=[tu("A"), tu("B", "BONE", "NON-TARGET")],
            tr=[tr("A", "VDIAM", 20, VISIT="SCREENING"),
                tr("B", "TUMSTATE", "PRESENT", "2024-01-30", VISIT="SCREENING"),
                tr("A", "VDIAM", 20, WEEK_8, VISIT="WEEK 8", TRLNKGRP="R1-NA"),
                tr("B", "TUMSTATE", "PRESENT", WEEK_8, VISIT="WEEK 8", TRLNKGRP="R1-NA"),
                tr("A", "VDIAM", 20, "2024-05-06", VISIT="W", TRLNKGRP="A3")],
        )  # fmt: skip
        assert column(study.findings, "visit") == ["SCREENING"] * 2 + ["WEEK 8"] * 2 + ["A3"]
        told = only(study.problems, "VISIT_SPREAD", "detail")
        assert told == ["visit SCREENING: 2024-01-03 to 2024-01-30, 27 days"]

    def test_names_of_visits(self) -> None:
        """Several numbers of one name are told apart; a number or a date alone names a visit."""
        study = read(tu=[tu("A")], tr=[
            tr("A", "VDIAM", 20, f"2024-0{at}-03", VISIT=visit, VISITNUM=number)
            for at, (number, visit) in enumerate(
                [(1, "UNS"), (1.1, "UNS"), (2, None), (None, "END"), (None, None)], 1)
        ])  # fmt: skip
        assert column(study.findings, "visit") == ["UNS 1", "UNS 1.1", "2", "END", None]

    def test_split(self) -> None:
        """A visit that holds a lesion with two values on two dates is two visits."""
        study = read(tu=[tu("A")], tr=[
            tr("A", "VDIAM", 40, VISIT="SCR"), tr("A", "VDIAM", 30, WEEK_8, VISIT="UNS"),
            tr("A", "VDIAM", 20, "2024-03-09", VISIT="UNS"),
        ], rs=[rs("SD", "2024-03-09", VISIT="UNS")])  # fmt: skip
        assert column(study.findings, "visit") == ["SCR", "UNS 2024-03-06", "UNS 2024-03-09"]
        assert column(study.findings, "reported") == [None, None, "SD"]
        told = only(study.problems, "VISIT_SPLIT", "detail")
        assert told == ["visit UNS: a lesion has several values, on dates of its own"]

    def test_one_date(self) -> None:
        """Two visits on one date are one, and named; rows without a visit join their date."""
        study = read(tu=[tu("A"), tu("B"), tu("C")], tr=[
            tr("A", "VDIAM", 20, VISIT=None), tr("B", "VDIAM", 20, VISIT="V1"),
            tr("C", "VDIAM", 20, VISIT="V2"),
        ])  # fmt: skip
        assert column(study.findings, "visit") == ["V1"] * 3
        assert only(study.problems, "TWO_VISITS_ONE_DATE", "detail") == ["V1 and V2"]

    def test_undone(self) -> None:
        """An assessment that was not done is a time point without findings."""
        undone = {"TRSTAT": "NOT DONE"}
        study = pair(
            tr(None, "VDIAM", None, "2024-05-06", **undone),
            tr(None, "VDIAM", None, WEEK_8, **undone),
            tr(None, "VDIAM", None, None, **undone),
        )
        assert column(study.findings, "lesion", "date")[2:] == [(None, D("2024-05-06"))]
        assert study.assess().timepoints["response"].tolist() == ["PR", "NE"]
        (told,) = column(study.problems, "code", "row", "detail")
        assert told == ("UNREAD_DATE", 4, "V None was not done, on no date")
        bare = {"VISIT": None, "VISITNUM": None, "TRLNKGRP": None}
        (told,) = only(
            pair(tr(None, "VDIAM", None, None, **undone, **bare)).problems, "UNREAD_DATE", "detail"
        )
        assert told == "an assessment was not done, on no date"

    @pytest.mark.parametrize("test", ["TRALL", "SUMDIAM", "PCBSD", "LDIAM", "TUMSTATE", "X", None])
    def test_undone_by_any_test(self, test: str | None) -> None:
        """Whichever test the row of an assessment that was not done is filed under."""
        undone = {"TRSTAT": "NOT DONE", "TRTESTCD": test}
        study = pair(tr(None, "", None, "2024-05-06", **undone))
        assert column(study.findings, "lesion", "date")[2:] == [(None, D("2024-05-06"))]
        assert len(study.problems["code"]) == 0

    def test_missed(self) -> None:
        """A visit of SV that did not take place, on a date, is a time point without findings."""

        def sv(visit: Any, date: Any, occurred: Any = "N", patient: Any = "P1") -> dict[str, Any]:
            return {"USUBJID": patient, "SVOCCUR": occurred, "SVSTDTC": date, "VISIT": visit}

        study = read(
            tu=[tu("A")], tr=[tr("A", "VDIAM", 20), tr("A", "VDIAM", 20, WEEK_8)],
            sv=[sv("W16", "2024-05-06"), sv(f"V {WEEK_8}", "2024-03-08"), sv("W24", None), sv(None,
                "2024-08-01"),
                sv("W20", "2024-06-01", "Y"), sv("W16", "2024-05-06", "N", None), sv("W16",
                    "2024-05-06", "N", "P2")],
        )  # fmt: skip
        assert column(study.findings, "lesion", "date", "visit")[2:] == [
            (None, D("2024-05-06"), "W16"),
            (None, D("2024-08-01"), None),
        ]


class TestPhases:
    """The arterial phase by the method of imaging."""

    @pytest.mark.parametrize(
        ("method", "phase", "assumed"),
        [
            ("TRIPLE-PHASE MRI SCAN", True, False),
            ("CT SCAN WITHOUT CONTRAST", False, False),
            ("PET/CT SCAN", False, False),
            ("CT SCAN", None, True),
            (None, None, True),
        ],
    )
    def test_method(self, method: Any, phase: Any, assumed: bool) -> None:
        """What the method says; where it leaves it open the phase is taken as there, and named."""
        study = read(tu=[tu("A")], tr=[tr("A", "VDIAM", 20, TRMETHOD=method)])
        assert study.findings.get("arterial_phase", [None])[0] is phase
        told = only(study.problems, "PHASE_ASSUMED", "detail")
        assert told == [f"1 examination: {method or 'no method'}"] * assumed
        row = tr("A", "VDIAM", 20, TRMETHOD=None)
        by_lesion = read(tu=[tu("A", TUMETHOD=method)], tr=[row])
        assert by_lesion.findings.get("arterial_phase", [None])[0] is phase

    @pytest.mark.parametrize("liver", [False, True])
    def test_another_method(self, liver: bool) -> None:
        """The lung by a scan with contrast on the same day does not lend the liver its phase."""
        rows = [
            tr("A", "VDIAM", 20, TRMETHOD="CT SCAN WITHOUT CONTRAST"),
            tr("B", "VDIAM" if liver else "LDIAM", 20, TRMETHOD="CONTRAST ENHANCED CT SCAN"),
        ]
        study = read(tu=[tu("A"), tu("B", "LIVER" if liver else "LUNG")], tr=rows)
        phases = {*study.findings.get("arterial_phase", [None])}
        assert phases == ({None} if liver else {False})

    def test_elsewhere(self) -> None:
        """Where no liver nodule is seen, nothing is assumed."""
        study = read(tu=[tu("A", "LUNG")], tr=[tr("A", "LDIAM", 20, TRMETHOD="CT SCAN")])
        assert only(study.problems, "PHASE_ASSUMED", "detail") == []

    @pytest.mark.parametrize(
        ("given", "said"),
        [
            (False, [False, False]),
            ({("P1", D(BASELINE)): True, ("P1", WEEK_8): False}, [True, False]),
        ],
    )
    def test_given(self, given: Any, said: list[Any]) -> None:
        """The caller may say it."""
        assert column(pair(arterial_phase=given).findings, "arterial_phase") == said

    def test_given_in_part(self) -> None:
        """An examination of which the caller says nothing is as its method says, or assumed."""
        rows = [tr("T01", "VDIAM", 40, TRMETHOD=None), tr("T01", "VDIAM", 30, WEEK_8,
                TRMETHOD="CT SCAN WITHOUT CONTRAST"), tr("T01", "VDIAM", 20, "2024-06-01",
                TRMETHOD=None)]  # fmt: skip
        given = {("P1", "2024-06-01"): False, ("P2", "2024-06-01"): True}
        study = read({"arterial_phase": given}, tu=[tu("T01")], tr=rows)
        assert column(study.findings, "arterial_phase") == [None, False, False]
        assert only(study.problems, "PHASE_ASSUMED", "detail") == ["1 examination: no method"]


class TestReported:
    """Verdicts that came with the data."""

    def test_plain_and_by_criteria(self) -> None:
        """A verdict without a category is plain, others go by the name of their criteria."""
        rows = [rs("pr", WEEK_8), rs("SD", "2024-05-06")]
        study = read(tu=[tu("A")], tr=[tr("A", "VDIAM", 40), tr("A", "VDIAM", 20, WEEK_8)], rs=rows)
        assert column(study.findings, "date", "lesion", "reported") == [
            (D(BASELINE), "A", None),
            (D(WEEK_8), "A", "PR"),
            (D("2024-05-06"), None, "SD"),
        ]
        assert study.assess().timepoints["agrees"].tolist() == [True, None]
        both = [rs("PR", WEEK_8, "MRECIST LENCIONI LIVER CANCER 2010"), rs("SD", WEEK_8,
            "RECIST 1.1"),
                rs("SD", WEEK_8, "RECICL"), rs("SD", WEEK_8, "RECIST 1.1",
                    RSTESTCD="TRGRESP"),
                rs("PD", WEEK_8, "EASL Bruix Liver Cancer 2001")]  # fmt: skip
        study = read(tu=[tu("A")], tr=[tr("A", "VDIAM", 20, WEEK_8)], rs=both)
        named = [name for name in study.findings if name.startswith("reported")]
        assert named == [
            "reported:easl",
            "reported:mrecist",
            "reported:recicl",
            "reported:recist-1.1",
        ]
        assert column(study.reported, "test", "criteria", "response")[3] == (
            "TRGRESP",
            "recist-1.1",
            "SD",
        )
        assert (
            "reported" not in read({"responses": None}, tr=[tr("A", "VDIAM", 9)], rs=rows).findings
        )

    def test_joined(self) -> None:
        """By link group, then by visit and the nearest date; to the first date of the visit."""
        study = read(
            tu=[tu("A"), tu("B", "BONE", "NON-TARGET")],
            tr=[tr("A", "VDIAM", 40, VISIT="S"), tr("A", "VDIAM", 20, WEEK_8, TRLNKGRP="A2",
                VISIT="W"),
                tr("B", "TUMSTATE", "PRESENT", "2024-03-09", TRLNKGRP="A2", VISIT="W"),
                tr("A", "VDIAM", 20, "2024-05-06", TRLNKGRP="A3", VISIT="W")],
            rs=[rs("PR", "2024-03-12", RSLNKGRP="A2"), rs("SD", "2024-05-04", VISIT="W"),
                rs("PD", None, VISIT="S")],
        )  # fmt: skip
        said = dict(column(study.findings, "date", "reported"))
        assert said == {
            D(BASELINE): "PD",
            D(WEEK_8): "PR",
            D("2024-03-09"): None,
            D("2024-05-06"): "SD",
        }

    def test_not_read(self) -> None:
        """What is no verdict of ours is named, never read."""
        study = pair_with(
            rs("CHECK", WEEK_8),
            rs(None, WEEK_8),
            rs(None, WEEK_8, RSSTAT="NOT DONE"),
            rs("1", WEEK_8, "HAMD 17", RSTESTCD="HAMD101"),
            rs("PR", WEEK_8, "CHILD-PUGH"),
            rs("X", WEEK_8, "RECIST 1.1", RSTESTCD="TUMRESP"),
            rs("PR", WEEK_8, USUBJID=None),
        )
        assert only(study.problems, "UNREAD_RESPONSE", "detail") == ["CHECK", "no result"]
        assert only(study.problems, "OTHER_CRITERIA", "detail") == [
            "HAMD 17: HAMD101",
            "CHILD-PUGH",
        ]
        assert only(study.problems, "OTHER_TEST", "detail") == ["RECIST 1.1: TUMRESP"]
        assert only(study.problems, "NO_IDENTIFICATION", "row") == [6]
        assert "reported" not in study.findings

    def test_chosen(self) -> None:
        """The caller names the categories, or says what they are of."""
        rows = [rs("PR", WEEK_8, "RECIST 1.1"), rs("SD", WEEK_8, "iRECIST")]
        for chosen in ("recist 1.1", ["RECIST 1.1"]):
            study = pair_with(*rows, responses=chosen)
            assert only(study.problems, "OTHER_CRITERIA", "detail") == ["iRECIST"]
            assert "reported:irecist" not in study.findings
        study = pair_with(rs("PR", WEEK_8, "mRECIST"), responses={"mRECIST": "mrecist"})
        assert column(study.findings, "reported:mrecist") == [None, "PR"]

    def test_wrong(self) -> None:
        """mRECIST of mesothelioma is a mistake, mRECIST alone a question."""
        with pytest.raises(
            IntakeError, match="WRONG_MRECIST: MRECIST BYRNE MESOTHELIOMA 2004 is not"
        ):
            pair_with(rs("PR", WEEK_8, "MRECIST BYRNE MESOTHELIOMA 2004"))
        with pytest.raises(
            AskError, match=r'mesothelioma: say responses=\{"mRECIST": "mrecist"\}$'
        ):
            pair_with(rs("PR", WEEK_8, "mRECIST"))
        with pytest.raises(IntakeError, match="CONFLICTING_RESULT: SD, and PR at the same visit"):
            pair_with(rs("PR", WEEK_8), rs("SD", WEEK_8))
        with pytest.raises(IntakeError, match="RSDTC: NO_DATE: must be given"):
            pair_with(rs("PR", None, VISIT="NEVER"))

    def test_partial(self) -> None:
        """A completed date of a verdict is named."""
        study = pair_with(rs("PD", "2024-05"))
        assert only(study.problems, "PARTIAL_DATE", "detail") == ["read as 2024-05-31"]

    def test_other_reader(self) -> None:
        """Verdicts of readers who are not read stay outside."""
        study = pair_with(rs("PR", WEEK_8, RSEVAL="X"))
        assert len(study.reported["patient"]) == 0


def pair_with(*verdicts: Any, **knobs: Any) -> Any:
    """A study of one target with two sizes, and verdicts."""
    rows = [tr("T01", "VDIAM", 40), tr("T01", "VDIAM", 20, WEEK_8)]
    return read(knobs, tu=[tu("T01")], tr=rows, rs=verdicts)


class TestFrames:
    """Tables of other kinds, and data sets that are not what they should be."""

    def test_frames(self) -> None:
        """Frames and lazy frames of any library."""
        pl = pytest.importorskip("polars")
        pytest.importorskip("narwhals")
        made = tables(tu=[tu("T01")], tr=[tr("T01", "VDIAM", 40), tr("T01", "VDIAM", 20, WEEK_8)])
        for kind in (pl.DataFrame, pl.LazyFrame):
            study = read_sdtm({name: kind(table) for name, table in made.items()} | {"RS": None})
            assert column(study.findings, "viable_mm") == ["40", "20"]

        class Stream:
            def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
                return pl.DataFrame(made["TR"]).__arrow_c_stream__(requested_schema)

        study = read_sdtm({"TU": made["TU"], "TR": Stream()})
        assert column(study.findings, "viable_mm") == ["40", "20"]

    @pytest.mark.parametrize(
        ("given", "told"),
        [
            ({}, "study: NOT_A_TABLE: no data set TR among those of the study: none"),
            ({"TR": {"USUBJID": []}}, "TRTESTCD: NOT_A_TABLE: this column is required"),
            ({"TR": {}}, "TRLNKGRP: NOT_A_TABLE: one of TRLNKGRP, VISITNUM, VISIT is required"),
            (
                {"TR": {"USUBJID": [], "X": [1]}},
                "NOT_A_TABLE: the columns must be of one length, got",
            ),
            (tables(tr=[tr("A", "VDIAM", 1)]) | {"TU": {"X": []}}, "TU.USUBJID: NOT_A_TABLE: this"),
        ],
    )
    def test_unsound(self, given: Any, told: str) -> None:
        """What lacks is named."""
        with pytest.raises(IntakeError) as raised:
            read_sdtm(given)
        assert told in str(raised.value)

    def test_empty(self) -> None:
        """No rows at all are no study to judge, and no fault."""
        names = ("USUBJID", "TRTESTCD", "TRLNKID", "TRDTC", "TRSTRESC", "VISIT")
        study = read_sdtm({"TR": {name: [] for name in names}})
        assert repr(study) == "<Study from SDTM: 0 patients, 0 time points>"
        assert len(study.assess().lines["patient"]) == 0

    def test_errors_word(self) -> None:
        """Only the two words are taken."""
        with pytest.raises(ValueError, match='errors must be "raise" or "collect", got \'ignore\''):
            pair(errors="ignore")
        with pytest.raises(ValueError, match='errors must be "raise" or "collect", got \'ignore\''):
            pair().assess(errors="ignore")


class TestNewWithoutResult:
    """A lesion that TU names as new, and TR does not hold."""

    @pytest.mark.parametrize(
        ("date", "told", "response"),
        [(WEEK_8, "lesion N1: present", "PD"), ("2024-05-09", "lesion N1: left out, as no result "
         "has its date 2024-05-09", "PR"), (None, "lesion N1: left out, as no result has its date",
         "PR")],
    )  # fmt: skip
    def test_only_in_tu(self, date: Any, told: str, response: str) -> None:
        """It is present where it was identified, and named."""
        lesions = [tu("T01"), tu("N1", "LUNG", "NEW", TUDTC=date)]
        rows = [tr("T01", "VDIAM", 40), tr("T01", "VDIAM", 20, WEEK_8)]
        study = read(tu=lesions, tr=rows, ex=[ex("sorafenib", BASELINE)])
        assert only(study.problems, "NEW_WITHOUT_RESULT", "detail") == [told]
        assert study.assess().timepoints["response"].tolist() == [response]


@pytest.mark.parametrize(
    ("test", "size", "state", "term", "refused"),
    [
        ("TUMSTATE", 12, "ABSENT", "LIVER", True),
        ("TUMSTATE", "12.0", "NE", "LUNG", True),
        ("TUMSTATE", 0, "ABSENT", "LIVER", False),
        ("TUMSTATE", 12, "PRESENT", "LIVER", False),
        ("LNSTATE", 8, "NON-PATHOLOGICAL", "LYMPH NODE", False),
        ("LNSTATE", 8, "NE", "LYMPH NODE", True),
    ],
)
def test_size_and_state(test: str, size: Any, state: str, term: str, refused: bool) -> None:
    """A size of what is absent or not evaluable is a contradiction; a normal node has one."""
    length = "LPERP" if test == "LNSTATE" else "LDIAM"
    rows = [tr("T01", length, size), tr("T01", test, state, TRSTRESU=None)]
    options = {"errors": "collect", "measures": "whole"}
    study = read(options, tu=[tu("T01", term)], tr=rows)
    assert study.errors["code"].tolist() == ["CONFLICTING_RESULT"] * refused


def test_contact_by_a_sum() -> None:
    """A row of TR that makes no finding is a contact all the same."""
    rows = [tr("T01", "VDIAM", 20), tr(None, "SUMDIAM", 20, WEEK_8)]
    study = read(tu=[tu("T01")], tr=rows, ex=[ex("sorafenib", BASELINE)])
    assert study.lines is not None
    assert str(study.lines["last_contact"][0]) == WEEK_8
