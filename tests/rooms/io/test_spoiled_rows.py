"""A row of a data set that cannot be read costs its patient alone; text goes out and comes back."""

from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.sdtm_rows import ex, rs, tables, tr, tu

import mrecist
from mrecist.io import IntakeError, Study, read_sdtm
from mrecist.io.subjects import read_subjects

PATIENTS = [f"P{at}" for at in range(4)]
DOMAINS = ("TU", "TR", "RS", "EX", "LB", "SUPPTU")


def sound(names: list[str]) -> dict[str, list[list[str]]]:
    """The data sets of some patients: headers and rows of text."""
    made = tables(
        tu=[tu("A", USUBJID=who) for who in names],
        tr=[tr("A", "VDIAM", size, date, USUBJID=who) for who in names
            for size, date in ((40, "2024-01-03"), (20, "2024-03-06"))],
        rs=[rs("PR", "2024-03-06", "RECIST 1.1", USUBJID=who) for who in names],
        ex=[ex("sorafenib", "2024-01-10", USUBJID=who) for who in names],
        lb=[{"USUBJID": who, "LBTESTCD": "AFP", "LBSTRESN": 4, "LBDTC": "2024-02-01"}
            for who in names],
        supptu=[{"USUBJID": who, "QNAM": "TUX", "IDVAR": "TULNKID", "IDVARVAL": "A", "QVAL": "x"}
                for who in names],
    )  # fmt: skip
    return {
        name.upper(): [
            list(made[name]),
            *(
                [str("" if cell is None else cell) for cell in row]
                for row in zip(*made[name].values(), strict=True)
            ),
        ]
        for name in made
    }


def study(folder: Path, sets: dict[str, list[Any]], end: str = ".csv") -> Study:
    """The study of files; a row that is no list stands in its file as it is."""
    for name, rows in sets.items():
        text = b"\n".join(each if isinstance(each, bytes) else line(each) for each in rows)
        opened: Any = gzip.open if end.endswith("gz") else open
        with opened(folder / f"{name.lower()}{end}", "wb") as file:
            file.write(text + b"\n")
    return read_sdtm(folder, measures="viable", errors="collect")


def line(cells: list[str]) -> bytes:
    file = io.StringIO()
    csv.writer(file, lineterminator="").writerow(cells)
    return file.getvalue().encode()


def patients_in(row: list[str]) -> list[str]:
    return [each for each in row if each in PATIENTS]


SPOIL: dict[str, Any] = {
    "more": lambda row: line([*row, "x"]),
    "fewer": lambda row: line(row[: 1 + max(map(row.index, patients_in(row)))]),
    "no UTF-8": lambda row: line(row[:-1]) + b",\xff",
}


class TestRows:
    """Of every data set, in every way in which a row can be spoiled."""

    @pytest.mark.parametrize("domain", DOMAINS)
    @pytest.mark.parametrize("how", SPOIL)
    def test_others_are_judged(self, domain: str, how: str, tmp_path: Path) -> None:
        """The row is told with its line; the others come out as if it were not there."""
        sets = sound(PATIENTS)
        (tmp_path / "whole").mkdir()
        whole = study(tmp_path / "whole", sets).assess(errors="collect").lines
        where = next(at for at, row in enumerate(sets[domain]) if "P1" in row)
        sets[domain][where] = SPOIL[how](sets[domain][where])
        end = ".csv.gz" if how == "more" else ".csv"
        (tmp_path / "spoiled").mkdir()
        found = study(tmp_path / "spoiled", sets, end)
        names = ("patient", "source", "row", "code")
        assert list(zip(*(found.errors[name] for name in names), strict=True)) == [
            ("P1", f"{domain.lower()}{end}", where - 1, "NOT_A_ROW")
        ]
        assert found.errors["error"][0].endswith(f"(line {where + 1})")
        judged = found.assess(errors="collect")
        assert judged.lines["patient"].tolist() == ["P0", "P2", "P3"]
        others = [at for at, who in enumerate(whole["patient"].tolist()) if who != "P1"]
        for name in ("best_response", "start", "baseline", "agents"):
            assert judged.lines[name].tolist() == whole[name][others].tolist()
        assert {case["patient"] for case in found.cases()} == {"P0", "P2", "P3"}

    def test_places(self, tmp_path: Path) -> None:
        """A mistake behind a spoiled row is told by the row of the file; dates are known too."""
        sets = sound(PATIENTS[:3])
        sets["TR"][1] = SPOIL["more"](sets["TR"][1])
        sets["TR"][4][sets["TR"][0].index("TRSTRESC")] = "x"
        sets["TR"][6][sets["TR"][0].index("TRDTC")] = "2024-03"
        found = study(tmp_path, sets)
        assert found.errors["row"].tolist() == [0, 3]
        assert found.problems["row"][found.problems["code"] == "PARTIAL_DATE"].tolist() == [5]
        assert {who for who, _ in found.origin.imputed} == {"P2"}

    @pytest.mark.parametrize("mark", [";", "\t"])
    def test_separators(self, mark: str, tmp_path: Path) -> None:
        """A header without any comma says by itself what stands between the cells."""
        sets = sound(PATIENTS)
        (tmp_path / "commas").mkdir()
        whole = study(tmp_path / "commas", sets)
        for name, rows in sets.items():
            (tmp_path / f"{name.lower()}.csv").write_text("\n".join(map(mark.join, rows)))
        found = read_sdtm(tmp_path, measures="viable")
        for name, column in whole.findings.items():
            assert found.findings[name].tolist() == column.tolist()

    @pytest.mark.parametrize("door", ["csv", "ndjson", "columns", "frames"])
    def test_blank_rows(self, door: str, tmp_path: Path) -> None:
        """Rows in which no cell says anything are no rows; others keep their places."""
        sets: dict[str, Any] = sound(PATIENTS)
        (tmp_path / "whole").mkdir()
        whole = study(tmp_path / "whole", sets)
        for rows in sets.values():
            blank = ["" if door != "csv" else " "] * len(rows[0])
            rows[1:] = [blank, rows[1], blank, *rows[2:], blank]
        sets["TR"][5][sets["TR"][0].index("TRSTRESC")] = "x"
        if door in ("columns", "frames"):
            columns: dict[str, Any] = {
                name: {each: cells for each, *cells in zip(*rows, strict=True)}
                for name, rows in sets.items()
            }
            if door == "frames":
                pd = pytest.importorskip("pandas")
                pytest.importorskip("pyarrow")
                columns = {
                    name: pd.DataFrame(each).replace("", None).rename(index=lambda row: row % 2)
                    for name, each in columns.items()
                }
            found = read_sdtm(columns, measures="viable", errors="collect")
        else:
            opened: Any = study if door == "csv" else json_study
            found = opened(tmp_path, sets, f".{door}")
        assert found.errors["row"].tolist() == [4]
        assert found.problems["code"].tolist() == whole.problems["code"].tolist()
        assert found.lines is not None
        assert found.lines["patient"].tolist() == PATIENTS
        who = str(found.errors["patient"][0])
        own = [at for at, each in enumerate(whole.findings["patient"]) if each != who]
        same = [at for at, each in enumerate(found.findings["patient"]) if each != who]
        for name in ("patient", "date", "lesion", "viable_mm"):
            assert found.findings[name][same].tolist() == whole.findings[name][own].tolist()

    def test_nobody(self, tmp_path: Path) -> None:
        """Where not even the patient can be read, the row is of nobody."""
        sets = sound(PATIENTS[:2])
        sets["TR"].insert(2, b"\xff,1")
        found = study(tmp_path, sets)
        assert found.errors["patient"].tolist() == [None]
        assert found.assess(errors="collect").lines["patient"].tolist() == ["P0", "P1"]

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            (b'USUBJID,A\nP,"1\nQ,2\n', "a quote is not closed"),
            (b"USUBJID,\xff\nP,1\n", "not a sound CSV file in UTF-8: its header"),
            (b"\n\n", "the file is empty"),
            (b"A,a\n", "the column A is there twice"),
        ],
    )
    def test_file(self, text: bytes, told: str, tmp_path: Path) -> None:
        """What ends the run: a header, or a quote that takes all that follows."""
        sets: dict[str, Any] = sound(PATIENTS[:1])
        sets["TR"] = [text]
        with pytest.raises(IntakeError, match=told):
            study(tmp_path, sets)

    def test_quotes_inside(self, tmp_path: Path) -> None:
        """Letters behind a closing quote belong to the value."""
        sets: dict[str, Any] = sound(PATIENTS[:1])
        sets["LB"].append(b'P0,"A"FP,4,2024-02-01')
        assert len(study(tmp_path, sets).errors["row"]) == (len(sets["LB"][0]) != 4)

    def test_compressed(self, tmp_path: Path) -> None:
        """A compressed file that breaks off is no table."""
        sets: dict[str, Any] = sound(PATIENTS[:1])
        study(tmp_path, sets, ".csv.gz")
        path = tmp_path / "tr.csv.gz"
        path.write_bytes(path.read_bytes()[:-9])
        with pytest.raises(IntakeError, match="not a sound CSV file in UTF-8"):
            read_sdtm(tmp_path, measures="viable")

    def test_subjects(self, tmp_path: Path) -> None:
        """Of subjects every such row is told at once."""
        path = tmp_path / "adsl.csv"
        path.write_bytes(b"USUBJID,ARM\nP,A,x\nQ,B\nR\n")
        with pytest.raises(IntakeError) as error:
            read_subjects(path)
        assert [each[:3] for each in error.value.rows] == [
            ("P", "adsl.csv", 0),
            ("R", "adsl.csv", 2),
        ]


JSON_SPOIL: dict[str, Any] = {
    "more": lambda row: json.dumps([*row, "x"]),
    "fewer": lambda row: json.dumps(row[: 1 + max(map(row.index, patients_in(row)))]),
    "half a character": lambda row: json.dumps([*row[:-1], "\ud800"]),
    "no UTF-8": lambda row: json.dumps([*row[:-1], "\xff"], ensure_ascii=False),
    "no list": lambda row: json.dumps(dict(enumerate(row))),
    "no JSON": lambda row: json.dumps(row)[:-1],
}


def json_study(folder: Path, sets: dict[str, list[Any]], end: str) -> Study:
    """The study of data sets in Dataset-JSON; a row that is text is as it stands in the file."""
    for name, (head, *rows) in sets.items():
        told = json.dumps({"name": name, "columns": [{"name": each} for each in head]})
        lines = [each if isinstance(each, str) else json.dumps(each) for each in rows]
        text = "\n".join([told, *lines])
        if end == ".json":
            text = f'{told[:-1]}, "rows": [{", ".join(lines)}]}}'
        (folder / f"{name.lower()}{end}").write_bytes(text.encode("latin-1") + b"\n")
    return read_sdtm(folder, measures="viable", errors="collect")


class TestDatasetJson:
    """Of Dataset-JSON, as one document or line by line."""

    @pytest.mark.parametrize("domain", DOMAINS)
    @pytest.mark.parametrize(
        ("how", "end"),
        [(how, end) for how in JSON_SPOIL for end in (".json", ".ndjson")
         if (how, end) != ("no JSON", ".json")],
    )  # fmt: skip
    def test_others_are_judged(self, domain: str, how: str, end: str, tmp_path: Path) -> None:
        """The row is told by its place; the others come out as if it were not there."""
        sets = sound(PATIENTS)
        (tmp_path / "whole").mkdir()
        whole = json_study(tmp_path / "whole", sets, end).assess(errors="collect").lines
        where = next(at for at, row in enumerate(sets[domain]) if "P1" in row)
        width = len(sets[domain][0])
        sets[domain][where] = JSON_SPOIL[how](sets[domain][where])  # type: ignore[call-overload]
        found = json_study(tmp_path, sets, end)
        names = ("source", "row", "code")
        assert list(zip(*(found.errors[name] for name in names), strict=True)) == [
            (f"{domain.lower()}{end}", where - 1, "NOT_A_ROW")
        ]
        told = found.errors["error"][0]
        assert told.endswith(f"(line {where + 1})") == (end == ".ndjson")
        if how in ("more", "fewer", "no list"):
            assert str(width) in told
        known = how not in ("no list", "no JSON")
        assert found.errors["patient"].tolist() == ["P1" if known else None]
        judged = found.assess(errors="collect").lines
        keep = [who for who in PATIENTS if who != "P1" or not known]
        assert [who for who in judged["patient"].tolist() if who != "P1"] == ["P0", "P2", "P3"]
        assert set(judged["patient"].tolist()) <= set(keep)
        best = dict(zip(whole["patient"], whole["best_response"], strict=True))
        for who, word in zip(judged["patient"], judged["best_response"], strict=True):
            assert who == "P1" or word == best[who]

    @pytest.mark.parametrize("end", [".json", ".ndjson"])
    @pytest.mark.parametrize("records", [7, 8, 9])
    def test_records(self, end: str, records: int, tmp_path: Path) -> None:
        """A file that says how many rows it has, and has others, may have been cut short."""
        sets = sound(PATIENTS)
        json_study(tmp_path, sets, end)
        path = tmp_path / f"tr{end}"
        text = path.read_text()
        path.write_text(text.replace('"name": "TR"', f'"name": "TR", "records": {records}', 1))
        found = read_sdtm(tmp_path, measures="viable", errors="collect")
        told = [] if records == len(sets["TR"]) - 1 else [f"has {records} rows, and has 8"]
        assert len(found.errors["error"]) == len(told)
        assert all(each in error for each, error in zip(told, found.errors["error"], strict=True))
        assert found.assess(errors="collect").lines["patient"].tolist() == PATIENTS

    def test_all_at_once(self, tmp_path: Path) -> None:
        """Every such row is told, of all data sets."""
        sets: dict[str, Any] = sound(PATIENTS)
        sets["TR"][1], sets["TR"][4], sets["TU"][2] = "[1]", '["x", "P2"]', "3"
        json_study(tmp_path, sets, ".ndjson")
        with pytest.raises(IntakeError) as raised:
            read_sdtm(tmp_path, measures="viable")
        assert [(each[1], each[2]) for each in raised.value.rows] == [
            ("tr.ndjson", 0), ("tr.ndjson", 3), ("tu.ndjson", 1)
        ]  # fmt: skip

    def test_ends_of_lines(self, tmp_path: Path) -> None:
        """What Unicode calls the end of a line does not end a row."""
        sets: dict[str, Any] = sound(PATIENTS[:1])
        lesion = "A\x85b"
        for name in ("TU", "TR"):
            at = sets[name][0].index(f"{name}LNKID")
            for row in sets[name][1:]:
                row[at] = lesion
        sets = {
            name: [rows[0], *(json.dumps(row, ensure_ascii=False) for row in rows[1:])]
            for name, rows in sets.items()
        }
        for path, text in [(f"{name.lower()}.ndjson", sets[name]) for name in sets]:
            told = json.dumps({"columns": [{"name": each} for each in text[0]]})
            (tmp_path / path).write_text("\r\n".join([told, *text[1:]]), "utf-8", newline="")
        found = read_sdtm(tmp_path, measures="viable")
        assert set(found.findings["lesion"]) == {lesion}


BEGINS = ("=", "+", "-", "@", "\t", "\r")
IDS = st.builds(
    lambda first, text: f"{first}{text}".rstrip(),
    st.sampled_from(["=", "+", "-", "@", "x", "x'"]),
    st.text(st.sampled_from('=+-@1a."'), max_size=4),
).filter(lambda text: not text.lstrip("+-").replace(".", "").isdigit())


class TestFormulas:
    """Data sets in CSV hold no text that a spreadsheet would run, and read back equal."""

    @given(st.lists(IDS, min_size=2, max_size=2, unique=True), IDS, IDS)
    @settings(max_examples=settings().max_examples // 4, deadline=None)
    def test_sdtm(
        self, tmp_path_factory: pytest.TempPathFactory, patients: list[str], lesion: str, agent: str
    ) -> None:
        """Ids and agents through SDTM, and ADaM."""
        folder = tmp_path_factory.mktemp("out")
        rows = [(who, day, size) for who in patients
                for day, size in (("2024-01-03", 20), ("2024-03-06", 10))]  # fmt: skip
        who, date, size = map(list, zip(*rows, strict=True))
        findings = {"patient": who, "date": date, "viable_mm": size, "lesion": [lesion] * 4,
                    "organ": ["liver"] * 4}  # fmt: skip
        lines = {"patient": patients, "start": ["2024-01-04"] * 2, "agents": [agent] * 2}
        made = Study.of_tables(findings, lines)
        made.to_sdtm(study="=study").write(folder, "csv")
        mrecist.assess_cohort(findings, lines).to_adam().write(folder / "adam", "csv")
        cells = 0
        for path in folder.rglob("*.csv"):
            with path.open(encoding="utf-8", newline="") as file:
                for row in csv.reader(file, strict=True):
                    for cell in row:
                        cells += 1
                        assert not cell.startswith(BEGINS) or cell.lstrip("+-")[:1].isdigit()
        assert cells > 100
        back = read_sdtm(folder, measures="viable", errors="collect", reader="INVESTIGATOR")
        assert list(back.errors["error"]) == []
        assert set(back.findings["patient"]) == set(patients)
        assert set(back.findings["lesion"]) == {lesion}
