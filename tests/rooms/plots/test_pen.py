"""The small writer of SVG: the course of a page says what matplotlib's figure says."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mrecist
from mrecist.model import Event, Finding, Lesion, Patient, TherapyLine, Timepoint

pytest.importorskip("matplotlib", reason="figures need matplotlib: mrecist[plots]")
from mrecist import plots
from mrecist.plots import _canvas
from mrecist.plots._course import Drawn, course_drawn
from mrecist.plots._course_panels import size_ticks
from mrecist.plots._ink import PAGE_COLOURS, Tint
from mrecist.plots._pen import Panel, Sheet
from mrecist.plots._pen_marks import marker

CASES = ("ikeda-2021", "synthetic")
SVG = "{http://www.w3.org/2000/svg}"


def drawn(patient: Patient) -> Drawn:
    return course_drawn(mrecist.assess(patient), title="Course", description="All of it.")


def texts(svg: str) -> list[str]:
    return ["".join(each.itertext()) for each in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def of_matplotlib(patient: Patient) -> list[str]:
    """The words of the same figure as matplotlib draws it, without its key."""
    figure = plots.course(patient).figure
    found = []
    for ax in figure.axes:
        if ax.get_label() != "key":
            ticks = [*ax.get_xticklabels(), *ax.get_yticklabels()]
            words = [*ax.texts, *ticks, ax.xaxis.label, ax.yaxis.label]
            legend = ax.get_legend()
            words += legend.get_texts() if legend else []
            found += [each.get_text() for each in words if each.get_visible()]
    return [text.replace(r"\$", "$") for text in found if text.strip()]


class TestCourse:
    """One layout, two writers."""

    @pytest.mark.parametrize("case", CASES)
    def test_same_words(self, case: str) -> None:
        patient = mrecist.example_case(case)
        told = sorted(texts(drawn(patient).svg))
        theirs = of_matplotlib(patient)
        hidden = set(theirs) - set(told)
        assert set(told) <= set(theirs)
        assert all(re.fullmatch(r"[\d−-]+", text) for text in hidden), hidden

    @pytest.mark.parametrize("case", CASES)
    def test_key_is_whole(self, case: str) -> None:
        """The key stands apart, in full; every mark of it stands in the figure or beside others."""
        made = drawn(mrecist.example_case(case))
        assert not any(text.endswith("…") for _, text in made.key)
        lettered = [mark for mark, _ in made.key if mark.isalpha()]
        assert set(lettered) <= set(texts(made.svg))

    def test_same_text(self) -> None:
        """The same patient gives the same text; ids of two figures differ."""
        first, second = (drawn(mrecist.example_case(case)).svg for case in CASES)
        assert first == drawn(mrecist.example_case(CASES[0])).svg
        ids = [set(re.findall(r'id="([^"]*)"', svg)) for svg in (first, second)]
        assert ids[0] & ids[1] == set()
        for svg, own in zip((first, second), ids, strict=True):
            assert set(re.findall(r"url\(#([^)]*)\)", svg)) <= own
            assert "\0" not in svg

    def test_follows_the_page(self) -> None:
        """Black, white and grey are those of the page, with what they are without one."""
        svg = drawn(mrecist.example_case()).svg
        assert 'fill="var(--ink, #222222)"' in svg
        assert not re.search(r'(fill|stroke)="(white|#222222|#ffffff|#555555)"', svg)

    def test_hostile(self) -> None:
        """Names are text: nothing of them is markup, mathematics or a control character."""
        evil = '<script>"&$x^2$\x1b\u202e\ud800'
        patient = Patient(
            evil,
            [Lesion(evil, "liver", "nodule")],
            [Timepoint(56 * i, [Finding(evil, viable_mm=40 - i)]) for i in range(3)],
            [TherapyLine([evil], 1)],
            events=[Event(5, evil)],
        )
        svg = drawn(patient).svg
        ElementTree.fromstring(svg)
        assert "<script" not in svg
        assert "$x^2$" in svg
        assert not set("\x1b\u202e\ud800") & set(svg)

    def test_nothing(self) -> None:
        """Where there is nothing to show it says so."""
        made = drawn(Patient("nobody", [], [], []))
        assert texts(made.svg) == ["no line, scan or marker to show"]
        assert made.key == ()

    @pytest.mark.parametrize("name", ["A short one", "Patient " * 12, "W" * 300])
    def test_title_is_whole(self, name: str) -> None:
        """A long name goes on in further rows; only one that has no end is cut."""
        rows = texts(drawn(Patient(name, [], [], [TherapyLine(["sorafenib"], 0)])).svg)
        letters = "".join(name.split())
        title = "".join("".join(row.split()) for row in reversed(rows) if row[:1] in name[:1])
        assert letters.startswith(title.rstrip("…")) or letters in title
        if len(name) < 200:
            assert "…" not in "".join(rows)


class TestPanel:
    """The calls of axes that the course makes."""

    def panel(self) -> Panel:
        panel = Sheet().add_axes((0.25, 0.25, 0.5, 0.5), "one")
        panel.set_xlim(0, 10)
        panel.set_ylim(1, 100)
        return panel

    def test_places(self) -> None:
        panel = self.panel()
        assert panel.at_x(5) == pytest.approx(panel.left + panel.width / 2)
        assert panel.at_y(100) == pytest.approx(panel.top)
        panel.set_log()
        assert panel.at_y(10) == pytest.approx(panel.top + panel.height / 2)
        assert panel.get_ylim() == (1, 100)

    def test_line_breaks_at_nan(self) -> None:
        panel = self.panel()
        panel.plot([0, 1, 2, 3], [1, 2, float("nan"), 4], color="#0072b2", dashes=(4, 1))
        assert panel.drawn(0).count("M") >= 2
        panel = self.panel()
        panel.set_axis_off()
        panel.plot([0], [float("nan")], "o")
        panel.plot([], [])
        assert "<circle" not in panel.drawn(0)

    def test_bar_without_tint(self) -> None:
        """An open bar is its hatching; only one that is tinted lies on paper."""
        panel, place = self.panel(), {"left": 1, "height": 0.5, "lw": 1, "zorder": 2}
        panel.barh(5, 3, facecolor="none", edgecolor="#0072b2", hatch="///", **place)
        open_bar = panel.drawn(0)
        panel.barh(7, 3, facecolor=Tint(("#0072b2", 0.5)), edgecolor="#0072b2", **place)
        paper = "var(--paper"
        assert panel.drawn(0).count(paper) == open_bar.count(paper) + 1

    @pytest.mark.parametrize("kind", [*"osD^v>*PX."])
    def test_markers(self, kind: str) -> None:
        """Every marker lies within its size around its point."""
        text = marker(kind, 10, 20, 6, 'fill="none"')
        ElementTree.fromstring(text)
        for x, y in re.findall(r"(-?[\d.]+),(-?[\d.]+)", text):
            assert abs(float(x) - 10) <= 4.3
            assert abs(float(y) - 20) <= 4.3

    def test_page_colours_are_light_too(self) -> None:
        assert all(re.fullmatch(r"white|#[0-9a-f]{6}", name) for name in PAGE_COLOURS)


class TestText:
    """Text that fits, and is not cut where there is room."""

    @given(st.text("abc de", max_size=80), st.floats(0.3, 3))
    def test_rows_of(self, text: str, room: float) -> None:
        """Every letter is there, in order, in rows that fit."""
        rows = _canvas.rows_of(text, room, 100)
        assert "".join("".join(rows).split()) == "".join(text.split())
        assert all(_canvas.length_in(row) <= room + 1e-9 for row in rows)

    def test_last_is_cut(self) -> None:
        assert _canvas.rows_of("word " * 50, 1.0, 2)[-1].endswith("…")
        assert _canvas.rows_of("", 1.0, 2) == []

    @given(st.floats(0.001, 10_000))
    def test_size_ticks(self, top: float) -> None:
        """From nothing up to the top, in at most six equal round steps."""
        ticks = size_ticks(top)
        assert ticks[0] == 0
        assert 3 <= len(ticks) <= 7
        assert ticks[-1] <= top * (1 + 1e-6)


def test_stable_word() -> None:
    """Stable disease is called as its criteria call it: NC under WHO."""
    patient = Patient(
        "P",
        [Lesion("S8", "liver", "nodule")],
        [
            Timepoint(day, [Finding("S8", longest_mm=40, longest_perp_mm=30, viable_mm=40)])
            for day in (0, 56)
        ],
        [TherapyLine(["TACE"], 0)],
    )
    drawing = course_drawn(mrecist.assess(patient, criteria="who"), title="Course", description="-")
    assert texts(drawing.svg).count("NC") == 2
    assert "SD" not in texts(drawing.svg)
    assert texts(drawn(patient).svg).count("SD") == 2
