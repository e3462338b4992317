"""Reports: what a page says, that all of the document is escaped, what an index lists."""

from __future__ import annotations

import io
import json
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import attrs
import pytest
from support.lines import judged

import mrecist
from mrecist import report
from mrecist.cli.parser import main
from mrecist.model import Finding, Lesion, Marker, Patient, TherapyLine, Timepoint
from mrecist.report import _pages
from mrecist.report._contents import COLUMNS, contents

pytest.importorskip("jinja2", reason="pages need Jinja2: mrecist[report]")
pytest.importorskip("matplotlib", reason="pages need matplotlib: mrecist[report]")

DATA = Path(mrecist.__file__).parent / "data"
SYNTHETIC = (DATA / "synthetic.json").read_text("utf-8")
LINE = json.dumps(json.loads(SYNTHETIC))
BROKEN = LINE.replace('"viable_mm": 34.1', '"viable_mm": -3')
VOID = {"meta", "link", "br", "path", "use", "input"}
EVIL = '<script>alert(1)</script>"&\x00\u202e'


class Page(HTMLParser):
    """A page as its tags with their attributes, its text, and the tags left open at the end."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: Any) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.fixture(scope="module")
def synthetic() -> str:
    return report.page(mrecist.example_case("synthetic"))


@pytest.fixture(scope="module")
def published() -> str:
    return report.page(mrecist.assess(mrecist.example_case("ikeda-2021")))


def hard(visits: int = 3, **more: Any) -> Patient:
    """A patient whose every text tries to be more than text."""
    findings = [Finding(EVIL, viable_mm=30 + i) for i in range(visits + 1)]
    return Patient(
        EVIL,
        [Lesion(EVIL, organ="liver", kind="nodule", label=EVIL)],
        [Timepoint(30 * i, [each], note=EVIL) for i, each in enumerate(findings)],
        [TherapyLine([EVIL], 1, stop=400, end_reason="other")],
        **more,
    )


class TestPage:
    """One patient is one self-contained page."""

    def test_whole(self, synthetic: str) -> None:
        """Every tag is closed, every id is there once, every link inside leads to one of them."""
        page = Page(synthetic)
        assert page.open == []
        ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
        assert len(set(ids)) == len(ids)
        assert {a["href"] for a in page.all("a")} <= {f"#{each}" for each in ids}
        assert [page.all(tag)[0] for tag in ("html", "main", "header", "footer", "h1")]

    def test_self_contained(self, synthetic: str, published: str) -> None:
        """Nothing is asked for from elsewhere, and the page forbids it."""
        for text in (synthetic, published):
            page = Page(text)
            assert all("src" not in attrs for _, attrs in page.tags)
            assert [attrs["href"] for attrs in page.all("link")] == ["data:,"]
            assert "default-src 'none'" in text
            assert "@import" not in text
            assert "<!DOCTYPE svg" not in text

    def test_order(self, synthetic: str) -> None:
        """The answer stands first, then each line, criteria, patterns, markers, sources, limits."""
        headings = ["Verdict by line", "Times to events", "Problems", "Course<",
                    "Line 1: lenvatinib", "Line 3", "The same course by other criteria",
                    "Patterns of progression", "Tumour markers", "Doses, markers and events",
                    "Sources and readings", "Limits of use"]  # fmt: skip
        places = [synthetic.index(f">{heading}") for heading in headings]
        assert places == sorted(places)

    def test_procedures(self, published: str) -> None:
        """Procedures stand among doses, markers and events."""
        assert "drainage of EFF: thoracic (stated, between lines 1 and 2; " in published
        assert published.count("procedure</") == 7

    def test_headers(self, synthetic: str) -> None:
        """Every header of a table has a scope."""
        heads = Page(synthetic).all("th")
        assert {attrs.get("scope") for attrs in heads} == {"col", "row"}

    def test_figure(self, synthetic: str) -> None:
        """The figure is inline, an image with a name and a description in words."""
        assert Page(synthetic).all("svg")[0]["role"] == "img"
        assert "Course of Synthetic patient 1" in synthetic
        assert "line 1, lenvatinib, 2023-01-16 to 2023-09-20, best response PR" in synthetic

    def test_reasons(self, synthetic: str) -> None:
        """Every reason of every verdict is there with its rule and its source."""
        text = Page(synthetic).text
        for line in mrecist.assess(mrecist.example_case("synthetic")).lines:
            for told in (line, *line.timepoints):
                for reason in told.reasons:
                    assert f"{reason.verdict}: {reason.sentence}" in text
                    assert reason.rule in text
                    assert reason.source in text

    def test_readings(self, published: str) -> None:
        """A reading that a verdict rests on is told with its reason, and linked."""
        page = Page(published)
        assert "published cases print verdicts without sizes" in page.text
        assert {"href": "#RD-STAND-IN"} in page.all("a")

    def test_sizes(self, synthetic: str) -> None:
        """Sizes as they count; what did not count stands in brackets."""
        text = Page(synthetic).text
        assert "62.4" in text
        assert "(18.2)" in text
        assert "−43.69\u00a0%" in text
        assert "also recorded: longest 61.7 mm" in text

    def test_problems(self, synthetic: str, published: str) -> None:
        """What is odd is told with its place; where nothing is, that is told."""
        assert "the reader reported PR, the rules say PD, which stands here" in synthetic
        assert "OLD_BASELINE" in published
        sound = Patient(
            "P",
            [Lesion("A", "liver", "nodule")],
            [Timepoint(0, [Finding("A", viable_mm=30)])],
            [TherapyLine(["sorafenib"], 0)],
        )
        assert "None found." in report.page(sound)

    def test_criteria(self, synthetic: str) -> None:
        """Criteria stand side by side, those of the page first, and a protocol of one's own too."""
        columns = [f'<th scope="col">{name}</th>' for name in mrecist.CRITERIA]
        assert "".join(columns) in synthetic
        assert synthetic.count(columns[0]) == 1
        assert "<strong>differ</strong>" in synthetic
        import attrs

        ours = attrs.evolve(mrecist.MRECIST, name="ours", stable_days=49)
        patient = mrecist.example_case()
        text = report.page(patient, criteria=ours)
        assert "".join(['<th scope="col">ours</th>', *columns]) in text
        assert report.page(patient, criteria="recist-1.1") != synthetic

    def test_version(self, synthetic: str) -> None:
        """The version and the limits of use are told."""
        assert f"mrecist {mrecist.__version__}" in synthetic
        assert "not a medical device" in synthetic

    def test_same_bytes(self, synthetic: str) -> None:
        """The same input gives the same text, and no date of the making is in it."""
        assert report.page(mrecist.example_case("synthetic")) == synthetic

    def test_small(self, published: str) -> None:
        """The published case takes under 300 kB."""
        assert len(published.encode()) < 300_000

    def test_two_criteria(self) -> None:
        """An assessment has its criteria; others beside it are refused."""
        assessment = mrecist.assess(mrecist.example_case())
        with pytest.raises(TypeError, match="an Assessment has its criteria, mrecist"):
            report.page(assessment, criteria="recist-1.1")

    def test_script(self, synthetic: str) -> None:
        """The page allows the script that it holds, by its hash, and no other."""
        import base64
        import hashlib

        script = synthetic.partition("<script>")[2].partition("</script>")[0]
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"script-src 'sha256-{digest}'" in synthetic


class TestAnswer:
    """What stands on the first sheet beside the verdicts."""

    def test_times(self, synthetic: str) -> None:
        """Each line has the times of its course, in months, and why it ended."""
        course = mrecist.course(mrecist.assess(mrecist.example_case("synthetic")), mrecist.FDA_A)
        for line in course.lines:
            assert line.pfs is not None
            assert f">{line.pfs.short}</td>" in synthetic
            assert f"{line.pfs.reason} " in synthetic
            assert f"<code>{line.pfs.clause.id}</code>" in synthetic

    def test_patterns_and_markers(self, synthetic: str) -> None:
        """How it progressed, and each marker over each line beside the images."""
        assert "2023-07-17: NIH; BCLC upon progression: BCLCp-C1" in synthetic
        assert "PIVKA-II, mAU/mL" in synthetic
        assert "21.7" in synthetic
        assert "marker below its cut while imaging progressed" in synthetic

    def test_marker_before_the_line_only(self) -> None:
        """A marker without a value in the line has neither nadir nor last value there."""
        made = attrs.evolve(
            mrecist.example_case("synthetic"),
            lines=mrecist.example_case("synthetic").lines[:1],
            markers=[Marker(mrecist.example_case("synthetic").lines[0].start, "AFP", 5, "ng/mL")],
        )
        page = report.page(made)
        assert "AFP, ng/mL" in page

    def test_unreadable_marker(self) -> None:
        """A marker whose values cannot be compared is told, and the page is made."""
        made = attrs.evolve(
            mrecist.example_case("synthetic"),
            markers=[Marker("2023-01-09", "AFP", 5, "furlongs")],
        )
        assert "not read: " in report.page(made)

    def test_sentence_before_code(self, published: str) -> None:
        """A problem is told in words; its code word stands behind."""
        told = "the baseline is older than the criteria allow; it is used all the same"
        assert f"{told} <code>OLD_BASELINE</code>" in published

    def test_field_words(self, published: str) -> None:
        """Causes of progression are spelt as people write them."""
        assert "non-target, new lesion" in published
        assert "nontarget" not in published.partition("<svg")[2].partition("</svg>")[0]

    def test_brief(self) -> None:
        """One sheet has the verdicts, the times and the follow-ups, and no reasons."""
        patient = mrecist.example_case("synthetic")
        text = report.page(patient, brief=True)
        headings = ["Verdict by line", "Course<", "Follow-ups", "Problems"]
        places = [text.index(f">{heading}") for heading in headings]
        assert places == sorted(places)
        assert text.count("<tr><td>") == 9
        assert "<details" not in text
        assert '<body class="brief">' in text
        assert "6.0" in text
        empty = report.page(Patient("nobody", [], [], []), brief=True)
        assert "No line of therapy, so no verdict." in empty

    def test_whys(self, synthetic: str) -> None:
        """A page says whether its reasons are to be printed."""
        assert '<body class="whys">' in report.page(mrecist.example_case(), whys=True)
        assert "<body>" in synthetic


class TestEscaping:
    """Everything from the document stays text."""

    def test_texts(self) -> None:
        """A lesion named `<script>` is a lesion; what cannot be seen is written out."""
        text = report.page(
            hard(
                markers=[mrecist.Marker(3, EVIL, 5, EVIL)],
                events=[mrecist.Event(5, EVIL)],
                death=500,
            )
        )
        page = Page(text)
        assert len(page.all("script")) == 1
        assert page.open == []
        assert "alert(1)" in page.text
        assert not {"\x00", "\u202e"} & set(text)
        assert "\\u202e" in text
        assert "died day 500" in text

    def test_mathematics(self) -> None:
        """A name in dollars is a name."""
        patient = Patient(
            "$x^2$",
            [Lesion("$\\a{$", "liver", "nodule")],
            [Timepoint(0, [Finding("$\\a{$", viable_mm=30)])],
            [TherapyLine(["$\\frac$"], 0)],
        )
        assert "$\\frac$" in report.page(patient)

    def test_index(self, tmp_path: Path) -> None:
        """So it is in the index, for the valid and the invalid."""
        report.write_folder([hard(), mrecist.InvalidCase(EVIL, (EVIL,))], tmp_path)
        page = Page((tmp_path / "index.html").read_text("utf-8"))
        assert len(page.all("script")) == 1
        assert page.text.count("alert(1)") >= 3


class TestShapes:
    """Charts of every shape have a page."""

    def test_nothing(self) -> None:
        """A patient without lines, scans or lesions."""
        text = report.page(Patient("P", [], [], []))
        assert "No line of therapy, so no verdict." in text
        assert "The same course by other criteria" not in text
        assert "Sources and readings" not in text

    def test_no_baseline(self) -> None:
        """A line that has none says so."""
        patient = Patient(
            "P",
            [Lesion("A", "liver", "nodule")],
            [Timepoint(9, [Finding("A", viable_mm=30)])],
            [TherapyLine(["x"], 0)],
        )
        text = report.page(patient)
        assert "No baseline, so nothing can be computed." in text
        assert "NO_BASELINE" in text

    def test_no_scan(self) -> None:
        """A line without any scan has no table."""
        it = contents(mrecist.assess(Patient("P", [], [], [TherapyLine(["x"], 0)])))
        assert it.lines[0].blocks == ()
        assert "No follow-up." in _pages.patient_page(it)

    @pytest.mark.parametrize(("visits", "blocks"), [(COLUMNS, 1), (COLUMNS + 1, 2), (13, 3)])
    def test_many(self, visits: int, blocks: int) -> None:
        """Many follow-ups stand in tables no wider than a page, each with the baseline."""
        it = contents(mrecist.assess(hard(visits)))
        found = it.lines[0].blocks
        assert len(found) == blocks
        assert {block.visits[0].day for block in found} == {"baseline"}
        assert sum(len(block.visits) - 1 for block in found) == visits
        for block in found:
            assert {len(row.cells) for row in block.rows} == {len(block.visits)}

    def test_statuses(self) -> None:
        """A size, a word, both, or nothing: each as recorded."""
        findings = [
            Finding("A", viable_mm=30), Finding("A", status="too small"),
            Finding("A", status="absent"), Finding("A", status="not evaluable"),
            Finding("A", longest_mm=20),
        ]  # fmt: skip
        scans = [Timepoint(i, [each]) for i, each in enumerate(findings)]
        patient = Patient(
            "P",
            [Lesion("A", "liver", "nodule")],
            [*scans, Timepoint(9, [])],
            [TherapyLine(["x"], 0)],
        )
        it = contents(mrecist.assess(patient))
        row = next(row for row in it.lines[0].blocks[0].rows if row.head == "A")
        told = [cell.text for cell in row.cells]
        assert told == ["30.0", "5.0 too small", "absent", "(not evaluable)", "(no size)", "–"]
        assert it.problems[-1][0] == "note"

    def told(self, text: str, visit: str, lesion: str, **more: Any) -> str:
        """What the table prints of a lesion at a follow-up after a baseline."""
        it = contents(judged(text, {0: "A=40 B=20 V=present", 60: visit}, **more))
        (row,) = [row for row in it.lines[0].blocks[0].rows if row.head == lesion]
        return row.cells[1].text

    @pytest.mark.parametrize(
        ("visit", "lesion", "told"),
        [
            ("A=30 !blind", "A", "(no arterial phase)"),
            ("A=absent !blind", "A", "(no arterial phase)"),
            ("A=30 B=>A", "B", "in A"),
            ("A=absent B=>A", "B", "in A"),
            ("A=not_evaluable B=>A", "B", "(in A)"),
            ("V=12 B=>V", "B", "(in V)"),
            ("Aa=20 Ab=not_evaluable", "A", "(not evaluable)"),
            ("Aa=20 Ab=not_evaluable", "Aa", "(20.0)"),
            ("Aa=20 Ab=12", "A", "32.0"),
            ("Aa=20 Ab=12", "Ab", "12.0"),
            ("Aa=20 Ab=w12", "A", "(present)"),
            ("Aa=20 Ab=absent", "Ab", "absent"),
            ("!unchanged", "V", "unchanged"),
            ("V=progressed,12", "V", "12.0 progressed"),
            ("A=30", "V", "–"),
        ],
    )
    def test_words(self, visit: str, lesion: str, told: str) -> None:
        """Why there is no size, by what decided it; a fragment counts in its lesion."""
        text = "A:liver Aa:liver/A Ab:liver/A B:lung V:bone"
        assert self.told(text, visit, lesion, targets=["A", "B"], nontargets=["V"]) == told

    def test_treated(self) -> None:
        """A lesion that was treated on study is called so, recorded or not."""
        cut = (mrecist.Procedure(30, "RFA", lesions=["A", "V"]),)
        for visit in ("A=30 B=20 V=5", "B=20"):
            for lesion in "AV":
                said = self.told("A:liver B:lung V:bone", visit, lesion, procedures=cut)
                assert said == "(treated)"

    def test_fragments(self) -> None:
        """A fragment is not set aside where its lesion counted."""
        visits = {0: "A=40", 60: "Aa=20 Ab=12", 120: "Aa=20 Ab=not_evaluable"}
        it = contents(judged("A:liver Aa:liver/A Ab:liver/A", visits))
        first, second = it.lines[0].whys
        assert [each.counted for each in first.lesions] == [True, True, True]
        assert [each.counted for each in second.lesions] == [False, False, False]

    def test_unread(self) -> None:
        """The follow-ups before a progression that nobody could read are told."""
        told = "earlier follow-ups not evaluable: day 60 (B)"
        it = contents(judged("A:brain B:lung", {0: "A=40 B=20", 60: "A=40", 120: "A=80 B=20"}))
        page = _pages.patient_page(it)
        assert f"<small>{told}</small>" in page
        assert f"best response PD; {told}" in page
        it = contents(judged("A:brain B:lung", {0: "A=40 B=20", 120: "A=80 B=20"}))
        assert "earlier follow-ups" not in _pages.patient_page(it)

    def test_part_of_a_total(self) -> None:
        """The total of some targets says of which, and is no change from that of all."""
        found = judged("A:brain B:lung", {0: "A=40 B=20", 60: "A=10", 120: "A=10 B=5"})
        rows = {row.head: row for row in contents(found).lines[0].blocks[0].rows}
        assert [cell.text for cell in rows["Total"].cells] == ["60.0", "10.0 of A", "15.0"]
        for head in ("from baseline", "from nadir"):
            assert [cell.text for cell in rows[head].cells] == ["–", "–", "−75\u00a0%"]


class TestFolder:
    """Many patients are a page each, and an index that leads to them."""

    def test_index(self, tmp_path: Path) -> None:
        """The index links every page, in order; pages lead back."""
        cases = [
            mrecist.example_case("synthetic"),
            mrecist.assess(hard()),
            Patient("P", [], [], []),
        ]
        entries = report.write_folder(cases, tmp_path / "a" / "b")
        page = Page((tmp_path / "a/b/index.html").read_text("utf-8"))
        links = [entry.href for entry in entries]
        assert [link.partition("-")[0] for link in links] == [
            "patients/Synthetic",
            "patients/script",
            "patients/P.html",
        ]
        assert [a["href"] for a in page.all("a")] == ["#main", *links]
        assert "no line of therapy" in page.text
        assert "(again)" in page.text
        assert '"../index.html"' in (tmp_path / "a/b" / links[0]).read_text("utf-8")
        assert (entries[0].problems, entries[0].readers_differ, entries[0].criteria_differ) == (
            0,
            2,
            7,
        )

    def test_processes(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Several processes write the same bytes."""
        cases = [hard(i % 3 + 1) for i in range(9)]
        alone = report.write_folder(cases, tmp_path / "one")
        assert report.write_folder(iter(cases), tmp_path / "two", jobs=1) == alone
        monkeypatch.setattr(
            "mrecist.report._folders.CHUNK", 1
        )  # so that there are more parts than hands
        assert report.write_folder(cases, tmp_path / "three", jobs=2) == alone
        assert report.write_folder(cases[:1], tmp_path / "four", jobs=2) == alone[:1]
        for path in sorted((tmp_path / "one").rglob("*.html")):
            other = tmp_path / "three" / path.relative_to(tmp_path / "one")
            assert other.read_bytes() == path.read_bytes()

    def test_criteria(self, tmp_path: Path) -> None:
        """Patients are judged by the criteria asked for."""
        (entry,) = report.write_folder([mrecist.example_case()], tmp_path, criteria="recist-1.1")
        for name in ("index.html", entry.href):
            assert "RECIST 1.1 (Eisenhauer 2009)" in (tmp_path / name).read_text("utf-8")

    def test_none(self, tmp_path: Path) -> None:
        """An index without patients says so."""
        assert report.write_folder([], tmp_path) == ()
        assert "None could be judged." in (tmp_path / "index.html").read_text("utf-8")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


class TestCommand:
    """`mrecist report` writes a page, or a folder; messages and exit status as everywhere."""

    def test_one(self, here: Path, capsys: pytest.CaptureFixture[str], synthetic: str) -> None:
        """One case is one page, the one of the library."""
        (here / "case.json").write_text(SYNTHETIC, "utf-8")
        assert main(["report", "case.json", "-o", "out.html"]) == 0
        assert (here / "out.html").read_text("utf-8") == synthetic
        done = "1 patient, 3 lines, 9 time points; no errors, no notes; written to out.html"
        assert capsys.readouterr() == ("out.html\n", f"mrecist: case.json: {done}\n")

    def test_brief(self, here: Path) -> None:
        """`--brief` and `--whys` are those of the library, for one and for many."""
        (here / "case.json").write_text(SYNTHETIC, "utf-8")
        (here / "cases.jsonl").write_text(LINE + "\n", "utf-8")
        for flag in ("brief", "whys"):
            assert main(["report", "case.json", f"--{flag}"]) == 0
            assert main(["report", "cases.jsonl", f"--{flag}"]) == 0
            paths = [here / "report.html", *(here / "report/patients").iterdir()]
            assert len(paths) == 2
            assert all(f'<body class="{flag}">' in path.read_text("utf-8") for path in paths)

    def test_default(self, here: Path) -> None:
        """Without `-o` it is report.html."""
        (here / "case.json").write_text(SYNTHETIC, "utf-8")
        assert main(["report", "case.json", "--criteria", "recist-1.1"]) == 0
        assert "RECIST 1.1" in (here / "report.html").read_text("utf-8")

    def test_invalid(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """A case that is not valid has no page; every mistake is told, and the status is 1."""
        (here / "case.json").write_text(BROKEN, "utf-8")
        assert main(["report", "case.json"]) == 1
        told = capsys.readouterr()
        assert told.out == ""
        assert told.err.startswith("mrecist: case.json: patient Synthetic patient 1")
        assert "viable_mm: must be at least 0" in told.err
        assert not (here / "report.html").exists()

    def test_stream(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """A stream is a folder; what is invalid is told in the index, the others are done."""
        text = "\n".join([LINE, "", BROKEN, "[1]", "{", LINE]) + "\n"
        (here / "cases.jsonl").write_text(text, "utf-8")
        assert main(["report", "cases.jsonl", "-o", "out", "--jobs", "2", "-q"]) == 1
        told = capsys.readouterr()
        assert told.out == f"{Path('out', 'index.html')}\n"
        assert [line.partition(": must")[0].split(":")[2] for line in told.err.splitlines()] == [
            " case 2",
            " case 3",
            " case 4",
        ]
        index = Page((here / "out/index.html").read_text("utf-8")).text
        assert "3 cases not valid" in index
        assert "must be at least 0, got -3" in index
        stems = {path.stem for path in (here / "out/patients").iterdir()}
        (one,) = (stem for stem in stems if f"{stem}-2" in stems)
        assert stems == {one, f"{one}-2"}

    def test_stdin(self, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """`-` reads stdin."""
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(SYNTHETIC.encode())))
        assert main(["report", "-"]) == 0
        assert (here / "report.html").exists()

    def test_no_stdin(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Where there is no stdin, it says so."""
        monkeypatch.setattr(sys, "stdin", None)
        assert main(["report", "-"]) == 2

    def test_folder(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """All files of a folder in the order of their names; others are not looked at."""
        cases = here / "cases"
        (cases / "deeper.json").mkdir(parents=True)
        (cases / "b.json").write_text(SYNTHETIC, "utf-8")
        (cases / "a.jsonl").write_text(LINE + "\n" + BROKEN + "\n", "utf-8")
        (cases / "c.json").write_text("{", "utf-8")
        (cases / "notes.txt").write_text("x", "utf-8")
        assert main(["report", "cases", "--quiet"]) == 1
        told = capsys.readouterr().err.splitlines()
        assert told[0].startswith("mrecist: cases: a.jsonl, case 2: patient Synthetic")
        assert told[1].startswith("mrecist: cases: c.json: ")
        assert told[2:] == ["mrecist: cases: deeper.json: is no file on a disk, and was left out"]
        index = Page((here / "report/index.html").read_text("utf-8")).text
        assert "a.jsonl, case 1" in index
        assert "b.json" in index

    def test_folder_of_one(self, here: Path) -> None:
        """A folder with one case is a folder still."""
        (here / "cases").mkdir()
        (here / "cases/a.json").write_text(SYNTHETIC, "utf-8")
        assert main(["report", "cases", "-o", "out"]) == 0
        assert (here / "out/index.html").exists()

    def test_demo(self, here: Path, capsys: pytest.CaptureFixture[str], published: str) -> None:
        """`--demo` writes the published case and the invented patient."""
        assert main(["report", "--demo"]) == 0
        page = next((here / "report/patients").glob("Ikeda*")).read_text("utf-8")
        assert Page(page).text.count("Ikeda 2021") == Page(published).text.count("Ikeda 2021")
        assert "Synthetic patient 1" in (here / "report/index.html").read_text("utf-8")

    @pytest.mark.parametrize("arguments", [[], ["case.json", "--demo"]])
    def test_usage(self, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
        """A case or `--demo`, not both and not neither."""
        assert main(["report", *arguments]) == 2
        assert "give a case, or --demo" in capsys.readouterr().err

    def test_empty(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """A folder or a stream without a case is told, and nothing is written."""
        (here / "cases").mkdir()
        (here / "cases.jsonl").write_text("\n", "utf-8")
        assert main(["report", "cases"]) == 2
        assert main(["report", "cases.jsonl"]) == 2
        assert capsys.readouterr().err.count("there is no case in it") == 2
        assert not (here / "report").exists()

    def test_not_there(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """A file that is not there, or is not JSON, or cannot be written: status 2, one line."""
        (here / "bad.json").write_text("{", "utf-8")
        (here / "case.json").write_text(SYNTHETIC, "utf-8")
        assert main(["report", "nowhere.json"]) == 2
        assert main(["report", "bad.json"]) == 2
        assert main(["report", "case.json", "-o", "no/such/folder.html"]) == 2
        assert len(capsys.readouterr().err.splitlines()) == 3

    @pytest.mark.parametrize("module", ["jinja2", "matplotlib"])
    def test_without(
        self,
        here: Path,
        module: str,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        """Without an extra it says how to get it, and writes nothing."""
        _pages.templates.cache_clear()
        monkeypatch.setitem(sys.modules, module, None)
        assert main(["report", "--demo"]) == 2
        told = capsys.readouterr().err
        assert told == f'mrecist: a report needs {module}: pip install "mrecist[report]"\n'
        assert not (here / "report").exists()
