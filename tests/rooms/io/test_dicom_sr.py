"""Structured reports of DICOM: what becomes a finding, what is asked, what is refused."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

pydicom = pytest.importorskip("pydicom")

from support.dicom_reports import (  # noqa: E402
    DIAMETER,
    LENGTH,
    LIVER,
    LONG,
    NODE,
    NODULE,
    SHORT,
    code_item,
    container,
    group,
    item,
    num,
    report,
    save,
)

from mrecist.io import (  # noqa: E402
    AskError,
    IntakeError,
    MeasurementGroup,
    Study,
    read_dicom_sr,
)

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")
ROLE = ("112016", "DCM", "Baseline Category")
TARGET = ("112074", "DCM", "Target Lesion at Baseline")
NONTARGET = ("112075", "DCM", "Non-Target Lesion at Baseline")
RESPONSE = ("112048", "DCM", "Current Response")
CATEGORY = ("276214006", "SCT", "Finding category")
TOOL = "cornerstoneTools@^4.0.0:Length"
FREE = ("CORNERSTONEFREETEXT", "CORNERSTONEJS", "Lesion 1")


def read(folder: Path, *made: Any, **options: Any) -> Study:
    """The study of some reports, each a file."""
    for at, each in enumerate(made):
        save(folder / f"{at}.dcm", each)
    return read_dicom_sr(folder, **{"measures": "viable", "errors": "collect"} | options)


def rows(study: Study, *names: str) -> list[tuple[Any, ...]]:
    """Some columns of the findings, row by row."""
    return list(zip(*(study.findings[name].tolist() for name in names), strict=True))


def codes(study: Study) -> list[str]:
    return study.problems["code"].tolist()


def mistakes(study: Study) -> list[str]:
    return study.errors["code"].tolist()


class TestFindings:
    """A group of measurements is a finding."""

    def test_course(self, tmp_path: Path) -> None:
        """Two lesions at three dates, judged."""
        made = [
            report(
                group("S8", num(LONG, size)),
                group("N1", num(SHORT, short), finding=NODE, site=NODE),
                date=date,
            )
            for date, size, short in (
                ("20240103", "32", "21.5"), ("20240306", "20", "14"), ("20240508", "9", "9.5"))
        ]  # fmt: skip
        study = read(tmp_path, *made)
        assert repr(study) == "<Study from DICOM SR: 1 patient, 3 time points>"
        assert rows(study, "lesion", "organ", "kind", "viable_mm", "short_axis_mm")[:2] == [
            ("S8", "liver", "nodule", "32", None),
            ("N1", "lymph node", "node", None, "21.5"),
        ]
        judged = study.assess()
        assert judged.timepoints["total_mm"].tolist() == [34.0, 18.5]
        assert judged.timepoints["response"].tolist() == ["PR", "PR"]

    def test_source(self, tmp_path: Path) -> None:
        """Each finding keeps its file and its group; no name of a person is kept."""
        study = read(tmp_path, report(group("S8", num(LONG, "32")), group("S2", num(LONG, "11"))))
        assert rows(study, "source", "row") == [("0.dcm", 0), ("0.dcm", 1)]
        assert "Never" not in str(study.findings)

    @pytest.mark.parametrize(("measures", "column"), [
        ("viable", "viable_mm"), ("whole", "longest_mm"),
    ])  # fmt: skip
    def test_measures(self, tmp_path: Path, measures: str, column: str) -> None:
        """Only of a nodule of the liver somebody must say what a diameter measures."""
        lung = ("39607008", "SCT", "Lung")
        study = read(
            tmp_path,
            report(group("A", num(LONG, "32")), group("B", num(LONG, "20"), site=lung)),
            measures=measures,
        )
        assert study.findings[column].tolist()[0] == "32"
        assert rows(study, "organ", "longest_mm")[1] == ("lung", "20")

    def test_measures_must_be(self, tmp_path: Path) -> None:
        """One of two words."""
        with pytest.raises(ValueError, match='measures must be "viable" or "whole", got \'all\''):
            read(tmp_path, measures="all")

    def test_measures_asked(self, tmp_path: Path) -> None:
        """Nobody says it: a question that ends in its answer."""
        with pytest.raises(AskError) as caught:
            read(tmp_path, report(group("A", num(LONG, "32"))), measures=None)
        assert str(caught.value).endswith('say measures="viable" or measures="whole"')
        assert caught.value.on_command_line.endswith("--measures viable or --measures whole")

    @pytest.mark.parametrize(("lengths", "expected"), [
        ([num(LONG, "32")], ("32", None, [])),
        ([num(("G-A185", "SRT", "Long Axis"), "3.25", "cm")], ("32.5", None, [])),
        ([num(LENGTH, "12.50")], ("12.5", None, [])),
        ([num(("G-D7FE", "SRT", "Length"), "1E1")], ("10", None, [])),
        ([num(("M-02550", "SRT", "Diameter"), "0")], ("0", None, [])),
        ([num(LONG, "32"), num(SHORT, "21")], ("32", "21", [])),
        ([num(LONG, "32"), num(DIAMETER, "30")], ("32", None, ["SECOND_DIAMETER"])),
        ([num(("121206", "DCM", "Distance"), "5"), num(LONG, "32")], ("32", None, [])),
    ])  # fmt: skip
    def test_lengths(self, tmp_path: Path, lengths: list[Any], expected: Any) -> None:
        """Long axis, length and diameter, by new codes and old, in mm or cm, exactly as written."""
        study = read(tmp_path, report(group("A", *lengths)))
        assert (*rows(study, "viable_mm", "short_axis_mm")[0], codes(study)) == expected

    @pytest.mark.parametrize(("lengths", "expected"), [
        ([num(SHORT, "15")], (None, "15", [])),
        ([num(LONG, "25"), num(SHORT, "15")], ("25", "15", [])),
        ([num(LONG, "25")], ("25", None, [])),
        ([num(DIAMETER, "15")], (None, "15", ["DIAMETER_AXIS"])),
        ([num(LENGTH, "15"), num(SHORT, "14")], (None, "14", ["SECOND_DIAMETER"])),
    ])  # fmt: skip
    def test_nodes(self, tmp_path: Path, lengths: list[Any], expected: Any) -> None:
        """A diameter of a node of which nobody says which is its short axis, and noted."""
        study = read(tmp_path, report(group("N", *lengths, finding=NODE, site=NODE)))
        assert (*rows(study, "longest_mm", "short_axis_mm")[0], codes(study)) == expected

    @pytest.mark.parametrize(("value", "unit"), [
        ("64.45", "1"), ("123", "mm2"), ("5", "[px]"), ("-3", "mm"), ("1001", "mm"),
        ("101", "cm"), ("1E9", "mm"),
    ])  # fmt: skip
    def test_not_a_length(self, tmp_path: Path, value: str, unit: str) -> None:
        """Pixels, an area, less than nothing, more than a metre."""
        study = read(
            tmp_path, report(group("A", num(LONG, value, unit)), group("B", num(LONG, "9")))
        )
        assert mistakes(study) == ["NOT_A_LENGTH"]
        assert rows(study, "lesion") == [("B",)]
        assert study.errors["row"].tolist() == [0]
        assert repr(value) in study.errors["error"][0]

    def test_no_value(self, tmp_path: Path) -> None:
        """A number without a value is no finding, and noted."""
        study = read(tmp_path, report(group("A", num(LONG, None)), group("B")))
        assert (codes(study), rows(study, "lesion")) == (["NO_LENGTH"] * 2, [])

    def test_no_groups(self, tmp_path: Path) -> None:
        """A report without measurements, or of another template."""
        other = report(date="20240301")
        other.ContentSequence = [item("TEXT", RESPONSE, TextValue="fine")]
        study = read(tmp_path, report(), other, measures=None)
        assert codes(study) == ["NO_LENGTH"] * 2
        assert "no group" in study.problems["detail"][0]
        assert "TID 1500" in study.problems["detail"][1]


class TestDate:
    """The date is that of the study."""

    def library(self, *dates: str | None, uids: tuple[str, ...] = ("1.9", "1.8")) -> Any:
        """An image library with a group of images for each date."""
        groups = []
        for date, uid in zip(dates, uids, strict=False):
            image = pydicom.Dataset()
            image.ReferencedSOPClassUID, image.ReferencedSOPInstanceUID = "1.2", uid
            content = [item("IMAGE", None, ReferencedSOPSequence=[image])]
            if date is not None:
                content.insert(0, item("DATE", ("111060", "DCM", "Study Date"), Date=date))
            groups.append(container(("126200", "DCM", "Image Library Group"), content))
        return container(("111028", "DCM", "Image Library"), groups)

    def days(self, study: Study) -> list[str]:
        return [str(each) for each in study.findings["date"]]

    def test_study_date(self, tmp_path: Path) -> None:
        """Never the date of the content or of the series, which lie years later."""
        assert self.days(read(tmp_path, report(group("A", num(LONG, "9"))))) == ["2024-01-03"]

    def test_library(self, tmp_path: Path) -> None:
        """The image library says it before the header."""
        made = report(
            group("A", num(LONG, "9")), before=[self.library("20231224")], date="20240103"
        )
        assert self.days(read(tmp_path, made)) == ["2023-12-24"]

    def test_library_without_dates(self, tmp_path: Path) -> None:
        """A library that says no date leaves it to the header."""
        library = self.library(None)
        image = library.ContentSequence[0].ContentSequence[0].ReferencedSOPSequence[0]
        del image.ReferencedSOPInstanceUID
        made = report(group("A", num(LONG, "9")), before=[library, self.library(None)])
        assert self.days(read(tmp_path, made)) == ["2024-01-03"]

    def test_library_of_two_studies(self, tmp_path: Path) -> None:
        """The images that were measured tell which of two studies it was; else nobody does."""
        image = pydicom.Dataset()
        image.ReferencedSOPClassUID, image.ReferencedSOPInstanceUID = "1.2", "1.8"
        seen = item("IMAGE", None, ReferencedSOPSequence=[image])
        library = self.library("20231224", "20240224")
        made = report(
            group("A", num(LONG, "9", content=[seen])), group("B", num(LONG, "8")), before=[library]
        )
        study = read(tmp_path, made)
        assert (self.days(study), mistakes(study)) == (["2024-02-24"], ["NO_DATE"])

    @pytest.mark.parametrize("date", [None, "2024", "20241301", "2024010", "20240103-20240105"])
    def test_no_date(self, tmp_path: Path, date: str | None) -> None:
        """None, or no date: a mistake that names the study; `dates` gives it."""
        made = report(group("A", num(LONG, "9")), date=None)
        if date is not None:
            with pydicom.config.disable_value_validation():
                made.StudyDate = date
        study = read(tmp_path, made)
        assert mistakes(study) == ["NO_DATE"]
        assert "1.3.0" in study.errors["error"][0]
        assert self.days(read(tmp_path, made, dates={"1.3.0": "2024-02-02"})) == ["2024-02-02"]

    def test_dates_given(self, tmp_path: Path) -> None:
        """They must be dates of the calendar."""
        for value in ("soon", 3):
            with pytest.raises(ValueError, match=r"dates\['1.3'\] must be a date"):
                read(tmp_path, dates={"1.3": value})


class TestPatient:
    """Whose report it is."""

    @pytest.mark.parametrize("patient", [None, "", "  "])
    def test_nobody(self, tmp_path: Path, patient: str | None) -> None:
        """A mistake; other reports are read."""
        study = read(
            tmp_path,
            report(group("A", num(LONG, "9")), patient=patient),
            report(group("A", num(LONG, "9")), patient="P2"),
        )
        assert (mistakes(study), rows(study, "patient")) == (["NO_PATIENT"], [("P2",)])

    def test_raises(self, tmp_path: Path) -> None:
        """All mistakes come together, each with its file and group."""
        with pytest.raises(IntakeError) as caught:
            read(
                tmp_path,
                report(group("A", num(LONG, "9", "1")), patient=None, date=None),
                errors="raise",
            )
        assert [row[4].partition(":")[0] for row in caught.value.rows] == [
            "NO_PATIENT",
            "NO_DATE",
            "NOT_A_LENGTH",
        ]
        assert "0.dcm, row 0, Long axis" in str(caught.value)


class TestLesions:
    """What is a lesion, and what is not."""

    @pytest.mark.parametrize("finding", [
        NODULE, ("4147007", "SCT", "Mass"), ("52988006", "SCT", "Lesion"),
        ("108369006", "SCT", "Neoplasm"), ("M-03010", "SRT", "Nodule"),
    ])  # fmt: skip
    def test_findings(self, tmp_path: Path, finding: Any) -> None:
        """Nodule, mass, lesion, neoplasm, by codes new and old."""
        assert rows(read(tmp_path, report(group("A", num(LONG, "9"), finding=finding))), "lesion")

    def test_category(self, tmp_path: Path) -> None:
        """What is morphologically abnormal is a lesion, whatever the finding."""
        more = [code_item(CATEGORY, ("49755003", "SCT", "Morphologically abnormal structure"))]
        cyst = ("12494005", "SCT", "Cyst")
        made = report(group("A", num(LONG, "9"), finding=cyst, more=more))
        assert rows(read(tmp_path, made), "lesion") == [("A",)]

    def test_aorta(self, tmp_path: Path) -> None:
        """An aorta of 20 mm is no lesion, by its category or its finding alone."""
        aorta = ("15825003", "SCT", "Aorta")
        anatomy = [code_item(CATEGORY, ("91723000", "SCT", "Anatomical structure"))]
        study = read(
            tmp_path,
            report(
                group("Aorta", num(DIAMETER, "20"), finding=aorta, site=None, more=anatomy),
                group("Cord", num(DIAMETER, "8"), finding=("T-A7010", "SRT", "Spinal cord")),
                group("Ruler", num(DIAMETER, "8"), finding=NODULE, more=anatomy),
                group(
                    "No lesion",
                    num(DIAMETER, "8"),
                    more=[code_item(ROLE, ("112076", "DCM", "Non-Lesion at Baseline"))],
                ),
                group("A", num(LONG, "9")),
            ),
        )
        assert rows(study, "lesion") == [("A",)]
        assert codes(study) == ["NOT_A_LESION"] * 4
        assert study.problems["row"].tolist() == [0, 1, 2, 3]

    def test_without_a_finding(self, tmp_path: Path) -> None:
        """Nothing says what was measured: it is left out beside others, asked where it is all."""
        plain = report(group("A", num(LONG, "9"), finding=None))
        lost = read(tmp_path, report(group("A", num(LONG, "9", "1"), finding=None)))
        assert (mistakes(lost), codes(lost)) == (["NOT_A_LENGTH"], [])
        named = report(group("B", num(LONG, "9")), group("A", num(LONG, "9"), finding=FREE))
        study = read(tmp_path, named)
        assert (rows(study, "lesion"), codes(study)) == ([("B",)], ["NOT_A_LESION"])
        with pytest.raises(AskError, match=r"1 measurement .*lesion_key=") as caught:
            read(tmp_path, plain)
        assert caught.value.on_command_line.endswith("--lesion-key finding")

    def test_lesion_key(self, tmp_path: Path) -> None:
        """A field, or a function, names the lesion; an aorta stays none."""
        made = report(
            group(TOOL, num(LONG, "9"), finding=FREE),
            group(TOOL, num(LONG, "9"), finding=("15825003", "SCT", "Aorta")),
        )
        by_field = read(tmp_path, made, lesion_key="finding")
        assert (rows(by_field, "lesion"), codes(by_field)) == ([("Lesion 1",)], ["NOT_A_LESION"])
        given: list[MeasurementGroup] = []

        def key(group: MeasurementGroup) -> str:
            given.append(group)
            return "T1"

        assert rows(read(tmp_path, made, lesion_key=key), "lesion") == [("T1",)]
        assert [each.finding for each in given] == ["Lesion 1"]
        assert given[0].lengths[0].value == "9"

    def test_key_says_nothing(self, tmp_path: Path) -> None:
        """A function that gives nothing leaves the lesion without a name, which is a mistake."""
        made = report(group("A", num(LONG, "9")), group("B", num(LONG, "8")))
        study = read(tmp_path, made, lesion_key=lambda each: each.tracking_id[: each.row])
        assert (mistakes(study), rows(study, "lesion")) == (["LESION_NOT_TRACKED"], [("B",)])
        with pytest.raises(TypeError, match="lesion_key must give text or None, got 3"):
            read(tmp_path, made, lesion_key=lambda each: 3)
        with pytest.raises(ValueError, match="tracking_id, tracking_uid, finding"):
            read(tmp_path, made, lesion_key="label")

    def test_keep(self, tmp_path: Path) -> None:
        """`keep` decides, whatever the finding is."""
        made = report(
            group("Fluid", num(LONG, "9"), finding=("1", "SCT", "Fluid")),
            group("A", num(LONG, "9")),
        )
        study = read(tmp_path, made, keep=lambda each: each.tracking_id == "Fluid")
        assert (rows(study, "lesion"), codes(study)) == ([("Fluid",)], ["NOT_A_LESION"])


class TestTracking:
    """Which measurements of several dates are of one lesion."""

    def test_tool_names(self, tmp_path: Path) -> None:
        """A tool names no lesion, and a unique identifier that does not recur tracks nothing."""
        made = [
            report(group(TOOL, num(LONG, "9"), uid=f"1.2.{at}"), date=f"2024010{at}")
            for at in (1, 2)
        ]
        study = read(tmp_path, *made)
        assert (mistakes(study), rows(study, "lesion")) == (["LESION_NOT_TRACKED"] * 2, [])
        assert 'say lesion_key="finding"' in study.errors["error"][0]

    def test_unique_identifier(self, tmp_path: Path) -> None:
        """One that recurs on another date does, under the first label that is no tool's."""
        made = [
            report(
                group(TOOL, num(LONG, "9"), uid="1.2.1"),
                group(label, num(LONG, "8"), uid="1.2.2"), date=date,
            )
            for date, label in (("20240101", TOOL), ("20240301", "S8"), ("20240501", "S8 bis"))
        ]  # fmt: skip
        study = read(tmp_path, *made)
        assert rows(study, "lesion") == [("1.2.1",), ("S8",)] * 3
        assert mistakes(study) == []

    def test_label_of_several(self, tmp_path: Path) -> None:
        """A label that a report gives to two things names none of them."""
        made = report(
            *(group("Planar ROI", num(LONG, "9"), uid=f"1.2.{at}") for at in (1, 2)),
            group("S2", num(LONG, "5")),
        )
        study = read(tmp_path, made)
        assert (mistakes(study), rows(study, "lesion")) == (["LESION_NOT_TRACKED"] * 2, [("S2",)])

    def test_unique_identifier_of_several(self, tmp_path: Path) -> None:
        """One that a report gives to two things tracks none of them; labels do."""
        made = [
            report(
                group("S8", num(LONG, "9"), uid="1.2.1"),
                group("S2", num(LONG, "9"), uid="1.2.1"),
                group(TOOL, num(LONG, "9"), uid="1.2.1"),
                date=date,
            )
            for date in ("20240101", "20240301")
        ]
        study = read(tmp_path, *made)
        assert rows(study, "lesion") == [("S8",), ("S2",)] * 2
        assert mistakes(study) == ["LESION_NOT_TRACKED"] * 2

    def test_no_label(self, tmp_path: Path) -> None:
        """Neither identifier."""
        study = read(tmp_path, report(group(None, num(LONG, "9"))))
        assert mistakes(study) == ["LESION_NOT_TRACKED"]

    def test_two_reports_of_a_date(self, tmp_path: Path) -> None:
        """The same size again is noted; another one is a mistake, of that patient only."""
        made = [
            report(group("A", num(LONG, "9"))),
            report(group("A", num(LONG, "9.0")), group("B", num(LONG, "7"))),
            report(group("A", num(LONG, "8")), patient="P2"),
            report(group("A", num(LONG, "8.5")), patient="P2", reader=None,
                   header={"SOPInstanceUID": "1.2.3.4"}),
        ]  # fmt: skip
        study = read(tmp_path, *made)
        assert (codes(study), mistakes(study)) == (["DUPLICATE_RESULT"], ["CONFLICTING_RESULT"])
        assert study.errors["patient"].tolist() == ["P2"]
        judged = study.assess(errors="collect")
        assert set(judged.errors["patient"].tolist()) == {"P2"}

    def test_without_an_id(self, tmp_path: Path) -> None:
        """Reports without a SOPInstanceUID are never the same."""
        made = [report(group("A", num(LONG, "9")), date=date) for date in ("20240101", "20240301")]
        for at, each in enumerate(made):
            path = save(tmp_path / f"{at}.dcm", each)
            whole = pydicom.dcmread(path)
            del whole.SOPInstanceUID
            whole.save_as(path, enforce_file_format=False)
        assert len(read_dicom_sr(tmp_path, measures="viable").findings["date"]) == 2

    def test_same_file_twice(self, tmp_path: Path) -> None:
        """A copy of a report counts once."""
        made = report(group("A", num(LONG, "9")))
        study = read(tmp_path, made, made)
        assert (len(rows(study, "lesion")), codes(study)) == (1, ["DUPLICATE_RESULT"])


class TestPlaces:
    """Where a lesion lies."""

    @pytest.mark.parametrize(("site", "expected"), [
        (("277962002", "SCT", "Couinaud hepatic segment VIII"), ("liver", "nodule", False)),
        (("71133005", "SCT", "Structure of caudate lobe of liver"), ("liver", "nodule", False)),
        (("T-62000", "SRT", "Liver"), ("liver", "nodule", False)),
        (("1", "99X", "Right lobe of liver"), ("liver", "nodule", False)),
        (("73931004", "SCT", "Right Main Branch of Portal Vein"),
         ("portal vein, right branch", "thrombus", False)),
        (("39607008", "SCT", "Lung structure (body structure)"), ("lung", "nodule", False)),
        (("48338005", "SCT", "Hepatic flexure of colon"),
         ("hepatic flexure of colon", "nodule", False)),
    ])  # fmt: skip
    def test_sites(self, tmp_path: Path, site: Any, expected: Any) -> None:
        """By code, else by meaning."""
        study = read(tmp_path, report(group("A", num(LONG, "9"), site=site)))
        assert rows(study, "organ", "kind", "hilar") == [expected]

    @pytest.mark.parametrize(("site", "expected", "noted"), [
        (("1", "SCT", "Porta hepatis"), ("porta hepatis lymph node", True), []),
        (("61492009", "SCT", "Hepatic lymph node"), ("hepatic lymph node", False),
         ["NODE_HILUM_UNSURE"]),
        (("53074004", "SCT", "Structure of hilar lymph node"), ("hilar lymph node", False), []),
        (None, ("lymph node", False), []),
    ])  # fmt: skip
    def test_node_sites(self, tmp_path: Path, site: Any, expected: Any, noted: list[str]) -> None:
        """A lymph node, wherever it lies."""
        study = read(tmp_path, report(group("A", num(SHORT, "9"), finding=NODE, site=site)))
        assert rows(study, "kind", "organ", "hilar") == [("node", *expected)]
        assert codes(study) == noted

    def test_unknown(self, tmp_path: Path) -> None:
        """No site is not the liver; it is noted once."""
        made = [report(group("A", num(LONG, "9"), site=None), date=f"2024010{at}") for at in (1, 2)]
        study = read(tmp_path, *made)
        assert rows(study, "organ", "longest_mm") == [("unknown", "9")] * 2
        assert codes(study) == ["NO_LOCATION"]

    def test_changes(self, tmp_path: Path) -> None:
        """The first place stays."""
        lung = ("39607008", "SCT", "Lung")
        made = [
            report(group("A", num(LONG, "9"), site=site), date=date)
            for date, site in (("20240101", LIVER), ("20240301", lung), ("20240501", None))
        ]
        study = read(tmp_path, *made)
        assert rows(study, "organ") == [("liver",)] * 3
        assert codes(study) == ["LOCATION_CHANGES"]

    @pytest.mark.parametrize(("options", "organ"), [
        ({"sites": {"SCT:77": "liver"}}, "liver"),
        ({"sites": {"77": ("liver", "nodule")}}, "liver"),
        ({"sites": {"FLECK": "Segment 4"}}, "liver"),
        ({"locations": {"A": "lung"}}, "lung"),
        ({"locations": "lung"}, "fleck"),
        ({}, "fleck"),
    ])  # fmt: skip
    def test_given(self, tmp_path: Path, options: Any, organ: str) -> None:
        """The caller's places by code, by meaning, by lesion; one of all where there is none."""
        made = report(group("A", num(LONG, "9"), site=("77", "SCT", "Fleck")))
        assert rows(read(tmp_path, made, **options), "organ") == [(organ,)]

    def test_given_for_all(self, tmp_path: Path) -> None:
        """One place of all lesions without a site."""
        study = read(tmp_path, report(group("A", num(LONG, "9"), site=None)), locations="liver")
        assert rows(study, "organ", "viable_mm") == [("liver", "9")]
        with pytest.raises(ValueError, match="a kind must be nodule, node"):
            read(tmp_path, locations={"A": ("liver", "spot")})


class TestRoles:
    """Targets, non-targets, and what is reported."""

    def test_lines(self, tmp_path: Path) -> None:
        """Roles make a line from the first date on."""
        made = [
            report(
                group("T", num(LONG, "32"), more=[code_item(ROLE, TARGET)]),
                group("N", num(LONG, "12"), more=[code_item(ROLE, NONTARGET)]),
                date=date,
            )
            for date in ("20240301", "20240101")
        ]
        study = read(tmp_path, *made)
        assert study.lines is not None
        assert [str(cells[0]) for cells in study.lines.values()] == ["P1", "2024-01-01", "T", "N"]

    def test_lines_given(self, tmp_path: Path) -> None:
        """They go into the line that is given; into none of several."""
        made = report(group("T", num(LONG, "32"), more=[code_item(ROLE, TARGET)]))
        study = read(tmp_path, made, lines={"patient": ["P1"], "start": ["2024-01-10"]})
        assert study.lines is not None
        assert study.lines["targets"].tolist() == ["T"]
        assert study.lines["nontargets"].tolist() == [";"]
        two = {"patient": ["P1", "P1"], "start": ["2024-01-10", "2024-05-10"]}
        study = read(tmp_path, made, lines=two)
        assert (study.lines or {})["targets"].tolist() == [None, None]
        assert codes(study) == ["ROLES_NOT_READ"]
        assert "targets" not in (read(tmp_path, made, lines={"start": ["2024-01-10"]}).lines or {})
        named = {"patient": ["P1"], "start": ["2024-01-10"], "targets": ["X"]}
        assert (read(tmp_path, made, lines=named).lines or {})["targets"] == ["X"]

    def test_lines_without_roles(self, tmp_path: Path) -> None:
        """Given lines are taken as they are; without roles there are none."""
        made = report(group("T", num(LONG, "32")))
        assert read(tmp_path, made).lines is None
        lines = {"patient": ["P1"], "start": ["2024-01-10"]}
        assert read(tmp_path, made, lines=lines).lines == lines

    def test_role_changes(self, tmp_path: Path) -> None:
        """The first role stays."""
        made = [report(group("T", num(LONG, "32"), more=[code_item(ROLE, role)]), date=date)
                for date, role in (("20240101", TARGET), ("20240301", NONTARGET))]  # fmt: skip
        study = read(tmp_path, *made)
        assert (study.lines or {})["targets"].tolist() == ["T"]
        assert codes(study) == ["ROLE_CHANGES"]

    @pytest.mark.parametrize(("code", "status", "response"), [
        ("112045", "absent", "CR"), ("112046", "present", "IR/SD"), ("112047", "progressed", "PD"),
    ])  # fmt: skip
    def test_nontargets(self, tmp_path: Path, code: str, status: str, response: str) -> None:
        """A response of a non-target says how it is, and is kept as reported."""
        more = [code_item(ROLE, NONTARGET), code_item(RESPONSE, (code, "DCM", "Response"))]
        study = read(tmp_path, report(group("N", more=more)))
        assert rows(study, "lesion", "status") == [("N", status)]
        assert study.reported["test"].tolist() == ["lesion N"]
        assert study.reported["response"].tolist() == [response]

    def test_state_beside_size(self, tmp_path: Path) -> None:
        """A size says more than the word present."""
        more = [code_item(RESPONSE, ("112046", "DCM", "IR/SD"))]
        study = read(tmp_path, report(group("N", num(LONG, "12"), more=more)))
        assert rows(study, "viable_mm", "status") == [("12", None)]

    def test_overall(self, tmp_path: Path) -> None:
        """A response outside of groups, and the criteria it is by, are kept and not judged by."""
        said = [
            code_item(("112021", "DCM", "Method"), ("126081", "DCM", "RECIST 1.1")),
            code_item(RESPONSE, ("112042", "DCM", "Target Lesion Partial Response")),
        ]
        study = read(tmp_path, report(group("A", num(LONG, "9")), before=said))
        kept = study.reported
        assert [kept[name][0] for name in ("test", "criteria", "response", "row")] == [
            "Current Response",
            "RECIST 1.1",
            "PR",
            None,
        ]
        assert "reported" not in study.findings

    def test_target_without_result(self, tmp_path: Path) -> None:
        """A target without any size is not evaluable; one that has one elsewhere is left alone."""
        role = [code_item(ROLE, TARGET)]
        made = [
            report(group("T", more=role), group("U", more=role)),
            report(group("T", num(LONG, "9"), more=role), date="20240301"),
        ]
        study = read(tmp_path, *made)
        assert rows(study, "lesion", "status") == [("U", "not evaluable"), ("T", None)]
        assert codes(study) == ["NO_LENGTH", "TARGET_WITHOUT_RESULT"]


class TestReaders:
    """Who measured."""

    def two(self) -> list[Any]:
        return [
            report(group("A", num(LONG, size)), date=date, reader=name)
            for date, name, size in (
                ("20240101", "Ada", "30"),
                ("20240101", "Bob", "31"),
                ("20240301", "Ada", "20"),
                ("20240301", "Bob", "22"),
            )
        ]

    def test_asked(self, tmp_path: Path) -> None:
        """Two of one date are a question."""
        with pytest.raises(AskError, match=r"Ada \(2\), Bob \(2\).*reader=\"Ada\"") as caught:
            read(tmp_path, *self.two())
        assert caught.value.on_command_line.endswith("--reader 'Ada'")

    def test_one(self, tmp_path: Path) -> None:
        """One is taken; a name that nobody has is refused."""
        study = read(tmp_path, *self.two(), reader="Bob")
        assert rows(study, "viable_mm") == [("31",), ("22",)]
        assert "reader" not in study.findings
        with pytest.raises(ValueError, match="Ada, Bob, or \"each\", got 'Cy'"):
            read(tmp_path, reader="Cy")

    def test_each(self, tmp_path: Path) -> None:
        """Each has a column, and one is taken out of the study."""
        study = read(tmp_path, *self.two(), reader="each")
        assert study.findings["reader"].tolist() == ["Ada", "Bob", "Ada", "Bob"]
        assert study.reading("Ada").assess().timepoints["response"].tolist() == ["PR"]
        assert study.readers == ["Ada", "Bob"]

    def test_each_of_one(self, tmp_path: Path) -> None:
        """Where there is one, no column says so."""
        assert "reader" not in read(tmp_path, *self.two()[::2], reader="each").findings

    def test_one_after_the_other(self, tmp_path: Path) -> None:
        """Two who measured on different dates are one reading."""
        study = read(tmp_path, *self.two()[::3])
        assert rows(study, "viable_mm") == [("30",), ("22",)]

    def test_roles(self, tmp_path: Path) -> None:
        """Roles of several readers are not those of one line."""
        made = [
            report(group("A", num(LONG, "9"), more=[code_item(ROLE, TARGET)]), reader=name)
            for name in ("Ada", "Bob")
        ]
        study = read(tmp_path, *made, reader="each")
        assert (study.lines, codes(study)) == (None, ["ROLES_NOT_READ"])


class TestFiles:
    """Files, folders, and what is not read."""

    def test_paths(self, tmp_path: Path) -> None:
        """A file, a folder with folders in it, or several."""
        inner = tmp_path / "a" / "b"
        inner.mkdir(parents=True)
        one = save(inner / "1", report(group("A", num(LONG, "9"))))
        two = save(tmp_path / "2.dcm", report(group("A", num(LONG, "8")), date="20240301"))
        for paths in (tmp_path, str(tmp_path), [inner, two], [one, str(two)]):
            assert len(read_dicom_sr(paths, measures="viable").findings["date"]) == 2
        study = read_dicom_sr(tmp_path, measures="viable")
        assert rows(study, "source") == [("a/b/1",), ("2.dcm",)]

    @pytest.mark.parametrize("paths", [[], 3])
    def test_no_paths(self, paths: Any) -> None:
        """Nothing to read."""
        with pytest.raises((TypeError, ValueError), match="paths must"):
            read_dicom_sr(paths)

    def test_not_there(self, tmp_path: Path) -> None:
        """As Python says it."""
        with pytest.raises(FileNotFoundError):
            read_dicom_sr(tmp_path / "nothing.dcm")

    @pytest.mark.parametrize(("storage", "told"), [
        ("1.2.840.10008.5.1.4.1.1.66.4", "a segmentation (SEG)"),
        ("1.2.840.10008.5.1.4.1.1.481.3", "a structure set (RTSTRUCT)"),
        ("1.2.840.10008.5.1.4.1.1.2", "of the storage class 1.2.840.10008.5.1.4.1.1.2"),
    ])  # fmt: skip
    def test_other_kinds(self, tmp_path: Path, storage: str, told: str) -> None:
        """Refused by name; in a folder counted and noted."""
        other = report(header={"SOPClassUID": storage})
        save(tmp_path / "x.dcm", other)
        save(tmp_path / "y.dcm", other)
        with pytest.raises(IntakeError, match=r"x\.dcm") as caught:
            read_dicom_sr(tmp_path / "x.dcm")
        assert told in str(caught.value)
        study = read(tmp_path, report(group("A", num(LONG, "9"))))
        assert codes(study) == ["OTHER_FILE"]
        assert study.problems["detail"][0] == f"it is {told}, and 1 more"

    def test_large(self, tmp_path: Path) -> None:
        """An image is passed over by its first bytes."""
        image = report(header={"SOPClassUID": "1.2.840.10008.5.1.4.1.1.2"})
        image.add_new(0x00091010, "OB", b"\0" * (1 << 20))
        path = save(tmp_path / "x.dcm", image)
        path.write_bytes(path.read_bytes()[:-10])
        with pytest.raises(IntakeError, match="is of the storage class"):
            read_dicom_sr(path)

    def test_no_dicom(self, tmp_path: Path) -> None:
        """A text; also an XML of AIM."""
        (tmp_path / "aim.xml").write_text("<ImageAnnotation/>")
        with pytest.raises(
            IntakeError, match="must be a structured report of DICOM, is not a file"
        ):
            read_dicom_sr(tmp_path / "aim.xml")
        study = read(tmp_path, report(group("A", num(LONG, "9"))))
        assert study.problems["detail"].tolist() == ["it is not a file of DICOM"]

    def test_extra(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Without pydicom: one message that says what to install."""
        monkeypatch.setitem(sys.modules, "pydicom", None)
        with pytest.raises(ImportError, match=r'pip install "mrecist\[dicom\]"'):
            read_dicom_sr(tmp_path)

    @pytest.mark.parametrize(
        "syntax",
        [
            "1.2.840.10008.1.2",
            "1.2.840.10008.1.2.1",
            "1.2.840.10008.1.2.2",
            "1.2.840.10008.1.2.1.99",
        ],
    )
    def test_syntaxes(self, tmp_path: Path, syntax: str) -> None:
        """Implicit, explicit, big endian, deflated."""
        path = save(tmp_path / "a.dcm", report(group("A", num(LONG, "9"))), syntax)
        assert read_dicom_sr(path, measures="viable").findings["viable_mm"].tolist() == ["9"]
