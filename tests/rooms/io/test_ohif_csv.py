"""Exports of the OHIF viewer: what is read, asked and refused, and random files."""

from __future__ import annotations

import datetime
import tempfile
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mrecist.io import AskError, IntakeError, Study, read_ohif_csv

HEAD = "Patient ID,Patient Name,StudyInstanceUID,SeriesInstanceUID,SOPInstanceUID,Label"
NEW = f"{HEAD},AnnotationType,Length,Width,Unit"
OLD = f"{HEAD},AnnotationType,Length (mm),Width (mm)"
DATES = {"1.1": "2024-01-03", "1.2": datetime.date(2024, 3, 6)}


def row(label: str, *values: str, study: str = "1.1", patient: str = "P1") -> str:
    return ",".join([patient, "Never^Written", study, "1.9", "1.8", label, *values])


def read(folder: Path, *lines: str, **options: Any) -> Study:
    """The study of one file with these lines."""
    path = folder / "MeasurementReport.csv"
    path.write_text("\n".join(lines), "utf-8")
    settings = {"dates": DATES, "locations": "liver", "measures": "viable", "errors": "collect"}
    return read_ohif_csv(path, **settings | options)


def rows(study: Study, *names: str) -> list[tuple[Any, ...]]:
    return list(zip(*(study.findings[name].tolist() for name in names), strict=True))


def codes(study: Study) -> list[str]:
    return study.problems["code"].tolist()


def mistakes(study: Study) -> list[str]:
    return study.errors["code"].tolist()


class TestRead:
    """What becomes a finding."""

    def test_course(self, tmp_path: Path) -> None:
        """Two dates, judged; the name of the patient is kept nowhere."""
        study = read(
            tmp_path,
            NEW,
            row("S8", "Cornerstone:Length", "32.5", "", "mm"),
            row("S8", "Cornerstone:Bidirectional", "1.2", "2", "cm", study="1.2"),
        )
        assert rows(study, "lesion", "date", "viable_mm", "short_axis_mm") == [
            ("S8", datetime.date(2024, 1, 3), "32.5", None),
            ("S8", datetime.date(2024, 3, 6), "20", "12"),
        ]
        assert study.assess().timepoints["response"].tolist() == ["PR"]
        assert "Never" not in str(study.findings)
        assert repr(study).startswith("<Study from OHIF CSV: 1 patient")

    def test_old(self, tmp_path: Path) -> None:
        """The older form has the unit in its heads."""
        study = read(tmp_path, OLD, row("S8", "Length", "32", ""), row("S2", "Bidi", "20", "10"))
        assert rows(study, "viable_mm", "short_axis_mm") == [("32", None), ("20", "10")]

    def test_other_tools(self, tmp_path: Path) -> None:
        """An area or an arrow has no length, and is noted."""
        study = read(
            tmp_path,
            f"{NEW},Area",
            row("A", "Cornerstone:EllipticalROI", "", "", "mm\u00b2", "51"),
            row("B"),
            row("C", "Cornerstone:Length", "9", "", "mm", ""),
        )
        assert rows(study, "lesion") == [("C",)]
        assert study.problems["detail"].tolist() == [
            "Cornerstone:EllipticalROI has no length",
            "a measurement has no length",
        ]

    @pytest.mark.parametrize(("locations", "expected", "noted"), [
        ("liver", ("liver", "nodule", "viable_mm"), []),
        ({"A": "Segment 8"}, ("liver", "nodule", "viable_mm"), []),
        ({"A": ("liver", "infiltrative")}, ("liver", "infiltrative", "longest_mm"), []),
        ({"A": "porta hepatis lymph node"},
         ("porta hepatis lymph node", "node", "short_axis_mm"), ["DIAMETER_AXIS"]),
        ({"B": "lung", None: "liver"}, ("liver", "nodule", "viable_mm"), []),
        ({"B": "liver"}, ("unknown", "nodule", "longest_mm"), ["NO_LOCATION"]),
        (None, ("unknown", "nodule", "longest_mm"), ["NO_LOCATION"]),
    ])  # fmt: skip
    def test_locations(self, tmp_path: Path, locations: Any, expected: Any, noted: Any) -> None:
        """The file says no place: the caller does, or it is unknown."""
        study = read(tmp_path, NEW, row("A", "", "9", "", "mm"), locations=locations)
        organ, kind, column = expected
        assert rows(study, "organ", "kind", column) == [(organ, kind, "9")]
        assert codes(study) == noted

    def test_lesion_column(self, tmp_path: Path) -> None:
        """Another column may name the lesion."""
        line = row("x", "T1", "9", "", "mm")
        assert rows(read(tmp_path, NEW, line, lesion="annotationtype"), "lesion") == [("T1",)]
        assert mistakes(read(tmp_path, NEW, line, lesion="Name")) == ["NOT_A_TABLE"]

    def test_lines(self, tmp_path: Path) -> None:
        """Given lines are taken."""
        lines = {"patient": ["P1"], "start": ["2024-01-10"], "agents": ["sorafenib"]}
        study = read(tmp_path, NEW, row("A", "", "9", "", "mm"), lines=lines)
        assert study.lines == lines

    def test_folder(self, tmp_path: Path) -> None:
        """A folder, or several files: one file that is none costs no other."""
        one, two, three = (tmp_path / f"{at}.csv" for at in range(3))
        one.write_text("\n".join([NEW, row("A", "", "9", "", "mm")]))
        two.write_text("")
        three.write_text(
            "\ufeff" + "\n".join(["", NEW, "", row("A", "", "8", "", "mm", study="1.2")])
        )
        for path in (tmp_path, [one, two, three]):
            study = read_ohif_csv(path, dates=DATES, errors="collect")
            assert rows(study, "longest_mm", "source") == [("9", "0.csv"), ("8", "2.csv")]
            assert mistakes(study) == ["NOT_A_TABLE"]
        with pytest.raises(TypeError, match="path must be a path or several, got 3"):
            read_ohif_csv(3)


class TestAsked:
    """What the file does not say."""

    def test_dates(self, tmp_path: Path) -> None:
        """No date at all is a question that lists the studies."""
        with pytest.raises(AskError) as caught:
            read(tmp_path, NEW, row("A", "", "9", "", "mm"), dates=None)
        assert str(caught.value).endswith('say dates={"1.1": "YYYY-MM-DD"}')
        assert caught.value.on_command_line.endswith("say --study-date 1.1=YYYY-MM-DD")

    def test_measures(self, tmp_path: Path) -> None:
        """Nor what a diameter of a liver nodule measures."""
        with pytest.raises(AskError, match="1 liver nodule of 1 patient"):
            read(tmp_path, NEW, row("A", "", "9", "", "mm"), measures=None)

    def test_no_rows(self, tmp_path: Path) -> None:
        """A head alone asks nothing."""
        assert rows(read(tmp_path, NEW, dates=None), "lesion") == []


class TestRefused:
    """Mistakes, each with its cell; other rows are read."""

    @pytest.mark.parametrize(("values", "cell"), [
        (("64.4", "", "px"), "H2"), (("64.4", "", ""), "H2"), (("64.4", "10", "px"), "H2"),
        (("abc", "", "mm"), "H2"), (("9", "-1", "mm"), "I2"), (("1,5", "", "mm"), "A2"),
        (("", "", "", "", "9"), "A2"),
    ])  # fmt: skip
    def test_lengths(self, tmp_path: Path, values: Any, cell: str) -> None:
        """Pixels, no unit, no number, a comma too many."""
        lines = [NEW, row("A", "Length", *values), row("B", "Length", "9", "", "mm")]
        study = read(tmp_path, *lines)
        assert rows(study, "lesion") == [("B",)]
        assert study.errors["column"].tolist()[0] == f"MeasurementReport!{cell}"
        assert set(study.errors["patient"]) == {"P1"}
        with pytest.raises(IntakeError):
            read(tmp_path, *lines, errors="raise")

    def test_comma_in_a_label(self, tmp_path: Path) -> None:
        """Each row with more cells than the head says so; the others are read."""
        lines = [NEW, row("S8, old", "Length", "9", "", "mm"), row("A", "Length", "9", "", "mm")]
        study = read(tmp_path, *lines, f"{lines[2]},5")
        assert mistakes(study) == ["NOT_A_ROW"] * 2
        assert "has 11 values, the header 10: the viewer writes a comma" in study.errors["error"][0]
        assert study.errors["row"].tolist() == [1, 3]
        assert rows(study, "lesion") == [("A",)]
        with pytest.raises(IntakeError) as raised:
            read(tmp_path, *lines, f"{lines[2]},5", errors="raise")
        assert len(raised.value.rows) == 2

    def test_label(self, tmp_path: Path) -> None:
        """Without a label nobody knows which lesion it is."""
        study = read(tmp_path, NEW, row("", "Length", "9", "", "mm"))
        assert mistakes(study) == ["LESION_NOT_TRACKED"]
        assert study.errors["column"].tolist() == ["MeasurementReport!F2"]

    def test_patient(self, tmp_path: Path) -> None:
        """Nor whose."""
        study = read(tmp_path, NEW, row("A", "Length", "9", "", "mm", patient=""))
        assert (mistakes(study), rows(study, "lesion")) == (["NO_PATIENT"], [])

    def test_date(self, tmp_path: Path) -> None:
        """A study that `dates` lacks is one mistake, whatever the number of its rows."""
        lines = [row(name, "Length", "9", "", "mm", study="1.7") for name in "AB"]
        study = read(tmp_path, NEW, *lines, row("A", "Length", "9", "", "mm"))
        assert (mistakes(study), rows(study, "lesion")) == (["NO_DATE"], [("A",)])
        assert "the study 1.7" in study.errors["error"][0]

    def test_conflict(self, tmp_path: Path) -> None:
        """One lesion, two sizes on one day; the same size again is noted."""
        lines = [row("A", "Length", size, "", "mm") for size in ("9", "9.0", "8")]
        study = read(tmp_path, NEW, *lines)
        assert (codes(study), mistakes(study)) == (["DUPLICATE_RESULT"], ["CONFLICTING_RESULT"])

    def test_other_file(self, tmp_path: Path) -> None:
        """A table of another kind."""
        with pytest.raises(IntakeError, match="must have the columns Patient ID, StudyInstanceUID"):
            read(tmp_path, "patient,date,lesion", "P1,2024-01-03,S8", errors="raise")


class TestFuzz:
    """Any table, any bytes, ten thousand columns."""

    @settings(suppress_health_check=[HealthCheck.too_slow])
    @given(
        sizes=st.dictionaries(
            st.tuples(
                st.sampled_from("PQ"),
                st.sampled_from(["1.1", "1.2"]),
                st.sampled_from(["A", "B b", "C;c"]),
            ),
            st.tuples(st.decimals(0, 99, places=2), st.sampled_from(["mm", "cm", "px"])),
            max_size=8,
        )
    )
    def test_every_size(self, sizes: Any) -> None:
        """Each size in mm is found where it was put, and no other."""
        lines = [row(name, "L", f"{size:f}", "", unit, study=study, patient=patient)
                 for (patient, study, name), (size, unit) in sizes.items()]  # fmt: skip
        with tempfile.TemporaryDirectory() as folder:
            study = read(Path(folder), NEW, *lines)
        dates = {"1.1": datetime.date(2024, 1, 3), "1.2": datetime.date(2024, 3, 6)}
        expected = {
            (patient, dates[study], name, size * (10 if unit == "cm" else 1))
            for (patient, study, name), (size, unit) in sizes.items()
            if unit != "px"
        }
        got = rows(study, "patient", "date", "lesion", "viable_mm")
        assert {(*each[:3], Decimal(each[3])) for each in got} == expected
        assert mistakes(study) == ["NOT_A_LENGTH"] * sum(unit == "px" for _, unit in sizes.values())

    @settings(suppress_health_check=[HealthCheck.too_slow])
    @given(
        cells=st.lists(st.lists(
            st.sampled_from([*NEW.split(","), "1.1", "P1", "9", "mm", "", '"', "\n", "\u00e4"])
            | st.text(max_size=4), max_size=12), max_size=6),
        encoding=st.sampled_from(["utf-8", "utf-16", "latin-1"]),
        head=st.booleans(),
    )  # fmt: skip
    def test_any_cells(self, cells: Any, encoding: str, head: bool) -> None:
        """A study, a question or mistakes."""
        text = "\n".join([NEW] * head + [",".join(line) for line in cells])
        self.survives(text.encode(encoding, "replace"))

    @given(st.binary(max_size=300))
    def test_any_bytes(self, content: bytes) -> None:
        """Whatever the bytes."""
        self.survives(content)
        self.survives(NEW.encode() + b"\n" + content)

    def survives(self, content: bytes) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "a.csv"
            path.write_bytes(content)
            with suppress(AskError, IntakeError):
                study = read_ohif_csv(path, dates=DATES, errors="collect", measures="whole")
                study.assess("recist-1.1", errors="collect")

    def test_wide(self, tmp_path: Path) -> None:
        """Ten thousand columns more."""
        more = [f"c{at}" for at in range(10_000)]
        study = read(tmp_path, ",".join([NEW, *more]), row("A", "", "9", "", "mm", *more))
        assert rows(study, "viable_mm") == [("9",)]
