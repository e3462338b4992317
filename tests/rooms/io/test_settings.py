"""What is given to the readers beside the data: sources, settings and formats of a wrong shape."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.sdtm_rows import tables, tr, tu

from mrecist.io import read_sdtm, read_worksheet
from mrecist.io.errors import IntakeError
from mrecist.io.sdtm_settings import SettingsError

STUDY = tables(tu=[tu("T1")], tr=[tr("T1", "LDIAM", 40)])


class TestSource:
    """What is no source is said, in our words."""

    @pytest.mark.parametrize("source", [None, 5, b"study", ["tr.csv", 5]])
    def test_no_source(self, source: Any, tmp_path: Path, monkeypatch: Any) -> None:
        """No folder, no tables, no files."""
        with pytest.raises(TypeError, match="source must be a folder, tables by domain, or files"):
            read_sdtm(source)

    @pytest.mark.parametrize("path", [None, 5, ["lesions.csv"]])
    def test_no_path(self, path: Any) -> None:
        """A worksheet is one file."""
        with pytest.raises(TypeError, match="path must be that of a file, got"):
            read_worksheet(path)

    @pytest.mark.parametrize("name", ["study", "tr.csv", "tr.doc"])
    def test_not_there(self, name: str, tmp_path: Path) -> None:
        """A file that is not there is looked for, whatever its name ends in."""
        for source in (str(tmp_path / name), [tmp_path / name]):
            with pytest.raises(FileNotFoundError, match=name):
                read_sdtm(source)

    def test_what_was_found(self, tmp_path: Path) -> None:
        """Where there are no results, the folder is named, and what lies in it."""
        with pytest.raises(IntakeError) as error:
            read_sdtm(tmp_path)
        assert f"no data set TR among those of {tmp_path}: none; in the folder: nothing" in (
            str(error.value)
        )
        for number in range(21):
            (tmp_path / f"{number:02}.txt").touch()
        with pytest.raises(IntakeError, match=r"in the folder: 00\.txt, .*, 19\.txt, \.\.\.$"):
            read_sdtm(tmp_path)
        with pytest.raises(IntakeError, match=r"among those of .*00\.txt: none$"):
            read_sdtm(str(tmp_path / "00.txt"))


class TestSettings:
    """Shape and words of each, by its key."""

    @pytest.mark.parametrize(
        ("settings", "told"),
        [
            ({"names": ["TR"]}, "names: must be a mapping, got ['TR']"),
            ({"names": {"XX": "a"}}, "names.XX: must be named by one of TU, TR, "),
            ({"names": {"tr": 5}}, "names.tr: must be a text, got 5"),
            ({"names": {5: "tr"}}, "names.5: must be named by a text, got 5"),
            ({"locations": {"S8": "ok"}}, "locations.S8: must be a pair of organ and kind"),
            ({"locations": {"S8": 5}}, "locations.S8: must be a pair of organ and kind, got 5"),
            ({"locations": {"S8": ["liver"]}}, "locations.S8: must be a pair of organ and kind"),
            ({"locations": {"S8": [5, "node"]}}, "locations.S8: must begin with an organ, got 5"),
            ({"locations": {"S8": ["liver", "lump"]}}, "locations.S8: must be one of"),
            ({"kinds": {"T1": "lump"}}, "kinds.T1: must be one of"),
            ({"kinds": {"T1": ["node"]}}, "kinds.T1: must be one of"),
            ({"kinds": "node"}, "kinds: must be a mapping, got 'node'"),
            ({"responses": 5}, "responses: must be a text, a list of texts, or a mapping, got 5"),
            ({"responses": [5]}, "responses: must be a text, a list of texts, or a mapping"),
            ({"responses": {"mRECIST": None}}, "responses.mRECIST: must be a text, got None"),
            ({"cm": {"CMCAT": 5}}, "cm.CMCAT: must be a text, got 5"),
            ({"pr": []}, "pr: must be a mapping, got []"),
            ({"arterial_phase": "yes"}, "arterial_phase: must be True, False, 'method', or a"),
            ({"arterial_phase": None}, "arterial_phase: must be True, False, 'method', or a"),
            ({"arterial_phase": 1}, "arterial_phase: must be True, False, 'method', or a"),
            ({"arterial_phase": {("P1", "2024-01-03"): "yes"}}, "arterial_phase.('P1', "),
            ({"arterial_phase": {"P1": True}}, "arterial_phase: must be named by (patient, date)"),
        ],
    )  # fmt: skip
    def test_refused(self, settings: dict[str, Any], told: str) -> None:
        """A fault names its key."""
        with pytest.raises(SettingsError) as error:
            read_sdtm(STUDY, measures="viable", **settings)
        (line,) = error.value.lines
        assert line.replace('"', "'").startswith(told)

    def test_all_at_once(self) -> None:
        """Every fault is told."""
        with pytest.raises(SettingsError) as error:
            read_sdtm(STUDY, cm=5, pr={"A": 1, "B": 2})  # type: ignore[arg-type, dict-item]
        assert str(error.value).splitlines() == [
            "cm: must be a mapping, got 5",
            "pr.A: must be a text, got 1",
            "pr.B: must be a text, got 2",
        ]

    @pytest.mark.parametrize("responses", [None, "all", "mRECIST", ["mRECIST"], {"A": "mrecist"}])
    def test_sound(self, responses: Any) -> None:
        """What can be meant is read."""
        study = read_sdtm(
            STUDY,
            measures="viable",
            responses=responses,
            locations={"S8": ("liver", "nodule")},
            kinds={"T1": "nodule"},
            names={"tr": "tr"},
            cm={"CMCAT": "A"},
            pr={"PRCAT": "B"},
        )
        assert len(study.findings["patient"]) == 1


class TestDateFormat:
    """A format that cannot be read by is refused, not passed over at every cell."""

    @pytest.mark.parametrize("given", ["%Q", "%", "", "%d/%m", "%Y", "day", "%d\0%m%Y%%Q%", 5])
    def test_refused(self, given: Any, tmp_path: Path) -> None:
        """It must tell the whole date."""
        path = tmp_path / "lesions.csv"
        path.write_text("Patient,Lesion,Organ,2024-01-03\nP,T,S8,40\n")
        with pytest.raises(ValueError, match="date_format must write day, month and year as"):
            read_worksheet(path, measures="viable", date_format=given)

    @pytest.mark.parametrize("given", ["%d/%m/%Y", "%d.%m.%y", "%Y %j", "%d %b %Y %H:%M"])
    def test_sound(self, given: str, tmp_path: Path) -> None:
        """Any that does is taken."""
        path = tmp_path / "lesions.csv"
        path.write_text("Patient,Lesion,Organ,2024-01-03\nP,T,S8,40\n")
        assert read_worksheet(path, measures="viable", date_format=given).findings
