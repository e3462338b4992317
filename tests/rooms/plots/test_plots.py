"""The figures: what is drawn is what the tables say, and no text lies on another.

Looked at by structure (artists, labels, SVG elements), never by pixel.
"""

from __future__ import annotations

import pickle
import re
import subprocess
import sys
import warnings
from collections.abc import Callable
from functools import cache
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.plot_checks import cohort, outside, overlaps, texts

import mrecist
from mrecist import Event, Finding, Lesion, Marker, Patient, TherapyLine, Timepoint, plots
from mrecist.plots import _canvas, data, side_by_side
from mrecist.plots._colours import MOST, drug_looks
from mrecist.testing.strategies import timed_documents

matplotlib = pytest.importorskip(
    "matplotlib", reason='figures need matplotlib: pip install "mrecist[plots]"'
)
from matplotlib.collections import PolyCollection  # noqa: E402
from matplotlib.figure import Figure  # noqa: E402

SYNTHETIC = mrecist.example_case()
PUBLISHED = mrecist.example_case("ikeda-2021")
LONG = "P-{:03} of a hospital with a long name"
COHORTS = {n: cohort(n, seed=5) for n in (3, 30, 300)}
ND_ONLY = mrecist.assess_cohort({"patient": ["a"], "date": [0], "lesion": ["x"], "viable_mm": [20]})
SVG = "{http://www.w3.org/2000/svg}"


def said(axes: Any) -> list[str]:
    return [text.get_text() for text in texts(axes.figure)]


def crowd(patients: int) -> mrecist.Responses:
    """So many patients with one target and one follow-up: PR, SD and PD."""
    sizes = [
        (patient, day, 40 if day == 0 else 20 + patient % 31)
        for patient in range(patients)
        for day in (0, 56)
    ]
    patient, day, mm = map(list, zip(*sizes, strict=True))
    lesion = ["T1"] * len(mm)
    return mrecist.assess_cohort(
        {"patient": patient, "date": day, "lesion": lesion, "viable_mm": mm}
    )


def panels(axes: Any) -> dict[str, Any]:
    return {each.get_label(): each for each in axes.figure.axes}


def clean(axes: Any) -> None:
    assert overlaps(axes.figure) == []
    assert outside(axes.figure) == []


@cache
def course(case: str) -> Any:
    """The course of an example, drawn once."""
    return plots.course(mrecist.example_case(case), markers=("AFP", "PIVKA-II"))


def agreement(responses: mrecist.Responses, **named: Any) -> Any:
    return plots.agreement(responses, responses, **named)


def curves(responses: mrecist.Responses, **named: Any) -> Any:
    return plots.kaplan_meier(responses, line=1, **named)


def forest(responses: mrecist.Responses, **named: Any) -> Any:
    pytest.importorskip("scipy")
    return plots.forest(responses, "agents", line=1, **named)


OF_A_COHORT: list[Callable[..., Any]] = [
    plots.waterfall,
    plots.spider,
    plots.swimmer,
    curves,
    plots.sequence,
    agreement,
    forest,
]


class TestAll:
    """Every figure takes axes, gives them back, and leaves nothing behind."""

    @pytest.mark.parametrize("count", [3, 30, 300])
    @pytest.mark.parametrize("draw", OF_A_COHORT, ids=lambda draw: draw.__name__)
    def test_no_overlap(self, draw: Callable[..., Any], count: int) -> None:
        """No text lies on another or leaves the page with 3, 30 and 300 patients."""
        clean(draw(COHORTS[count]))

    @pytest.mark.parametrize("draw", OF_A_COHORT[:3], ids=lambda draw: draw.__name__)
    def test_long_names(self, draw: Callable[..., Any]) -> None:
        """Long names are cut with an ellipsis; the table has them whole."""
        responses = cohort(3, name=LONG)
        axes = draw(responses)
        clean(axes)
        assert any(text.startswith("P-001") and text.endswith("…") for text in said(axes))
        assert "P-001 of a hospital with a long name" in data.waterfall_data(responses)["patient"]

    @pytest.mark.parametrize("draw", OF_A_COHORT, ids=lambda draw: draw.__name__)
    def test_axes(self, draw: Callable[..., Any]) -> None:
        """Axes that are given are drawn on and given back."""
        axes = Figure().add_subplot()
        assert draw(COHORTS[3], ax=axes) is axes
        assert len(axes.figure.axes) == 1

    @pytest.mark.parametrize("draw", OF_A_COHORT, ids=lambda draw: draw.__name__)
    def test_empty(self, draw: Callable[..., Any]) -> None:
        """Without patients there is a plain sentence."""
        axes = draw(mrecist.assess_cohort({"patient": [], "date": [], "lesion": []}))
        assert len(said(axes)) == 1
        assert not axes.axison

    def test_nothing_to_draw(self) -> None:
        """Where lines have no total the sentence says so."""
        assert said(plots.waterfall(ND_ONLY)) == ["none of 1 line has a change of the total"]
        bare = mrecist.assess(PUBLISHED)
        assert said(plots.waterfall(bare)) == ["none of 5 lines have a change of the total"]
        assert said(plots.spider(ND_ONLY)) == ["no line of therapy with a total after its baseline"]
        assert said(plots.robustness([])) == ["no line of therapy to read again"]
        told = said(plots.kaplan_meier(ND_ONLY, "dor"))
        assert told == ["no line with a time: duration of response"]

    def test_keywords(self) -> None:
        """Keywords go on to the artists."""
        bars = plots.waterfall(COHORTS[30], linewidth=3).collections
        assert {float(each.get_linewidth()[0]) for each in bars} == {3}
        assert curves(COHORTS[3], lw=3).lines[0].get_linewidth() == 3
        totals = panels(plots.course(SYNTHETIC, lw=4))["sizes"].lines
        assert 4 in {line.get_linewidth() for line in totals}
        assert plots.sequence(COHORTS[3], alpha=0.9).collections[0].get_alpha() == 0.9
        assert plots.spider(COHORTS[3], alpha=0.9).collections[0].get_alpha() == 0.9
        assert plots.swimmer(COHORTS[3], alpha=0.9).collections[-1].get_alpha() is None
        assert agreement(COHORTS[3], alpha=0.9).collections[0].get_alpha() == 0.9

    @pytest.mark.parametrize("draw", OF_A_COHORT, ids=lambda draw: draw.__name__)
    def test_unknown_keyword(self, draw: Callable[..., Any]) -> None:
        """A keyword that nothing takes is told in our words, with those that there are."""
        with pytest.raises(TypeError, match=r"\(\) takes no keyword colour_of_money: its own key"):
            draw(COHORTS[3], colour_of_money="green")
        with pytest.raises(TypeError, match=r"takes no keyword axe: did you mean ax\?"):
            draw(COHORTS[3], axe=None)

    def test_other_faults(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Faults that are not of a keyword stay what they are."""
        with pytest.raises(TypeError, match="missing 1 required positional"):
            plots.waterfall()  # type: ignore[call-arg]
        with pytest.raises(TypeError, match="takes Responses, or Assessments, got int"):
            plots.waterfall([1])

    def test_no_trace(self) -> None:
        """pyplot is not loaded, and no setting changes."""
        script = (
            "import sys, mrecist, matplotlib; from mrecist import plots;"
            "told = lambda: {k: matplotlib.rcParams[k] for k in matplotlib.rcParams "
            "if k != 'backend'};"  # to ask for it would load pyplot
            "before = told();"
            "plots.svg(plots.course(mrecist.example_case()).figure, title='', description='');"
            "print('matplotlib.pyplot' in sys.modules, before == told())"
        )
        done = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=True
        )
        assert done.stdout == "False True\n"

    def test_settings(self) -> None:
        """A setting of the user's own holds."""
        with matplotlib.rc_context({"axes.linewidth": 3.0}):
            assert plots.waterfall(COHORTS[3]).spines["left"].get_linewidth() == 3
        assert plots.waterfall(COHORTS[3]).spines["left"].get_linewidth() == 0.6

    def test_notebook(self) -> None:
        """A notebook shows the axes, which can be pickled all the same."""
        axes = plots.waterfall(COHORTS[3])
        assert axes._repr_png_().startswith(b"\x89PNG")
        assert pickle.loads(pickle.dumps(axes)).get_ylabel() == axes.get_ylabel()

    def test_print_size(self) -> None:
        assert plots.waterfall(COHORTS[3]).figure.get_size_inches()[0] == 7.2
        assert plots.swimmer(COHORTS[300]).figure.get_size_inches()[1] < 10

    def test_absent(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Without matplotlib the error says how to get it."""
        monkeypatch.setitem(sys.modules, "matplotlib", None)
        with pytest.raises(ImportError, match=r'a plot needs matplotlib: pip install "mrecist\[pl'):
            plots.waterfall(COHORTS[3])

    def test_looks(self) -> None:
        """Every response has a look of its own: colour with hatch, and marker."""
        looks = _canvas.LOOKS
        assert set(looks) == set(mrecist.Response)
        assert len({look.marker for look in looks.values()}) == len(looks)
        assert len({(look.colour, look.hatch) for look in looks.values()}) >= len(looks)


class TestWaterfall:
    """The bars are the table, in collections; thresholds are named."""

    def heights(self, axes: Any) -> dict[int, float]:
        found = {}
        for bars in axes.collections:
            assert isinstance(bars, PolyCollection)
            for path in bars.get_paths():
                for left, right in zip(path.vertices[:-1], path.vertices[1:], strict=True):
                    if right[0] > left[0] and right[1] == left[1]:
                        found[round((left[0] + right[0]) / 2)] = float(left[1])
        return found

    @pytest.mark.parametrize("count", [30, 300])
    def test_bars(self, count: int) -> None:
        """Each bar has its change, cut at the cap, whether drawn singly or in an outline."""
        change = data.waterfall_data(COHORTS[count])["change_percent"]
        change = np.minimum(change[~np.isnan(change)], 100)
        found = self.heights(plots.waterfall(COHORTS[count]))
        flat = {i: value for i, value in found.items() if value}
        assert flat == pytest.approx({i: value for i, value in enumerate(change) if value})

    def test_few_artists(self) -> None:
        axes = plots.waterfall(COHORTS[300])
        assert len(axes.collections) <= len(_canvas.LOOKS)
        assert len(axes.get_children()) < 40

    def test_words(self) -> None:
        """Responses are lettered while there is room, and counted in the legend."""
        table = data.waterfall_data(COHORTS[3])
        best = table["best_response"][~np.isnan(table["change_percent"])].tolist()
        told = said(plots.waterfall(COHORTS[3]))
        for word in set(best):
            assert told.count(word) == best.count(word)
            assert f"{word} {best.count(word)}" in told

    def test_short(self) -> None:
        """A non-target response has a short letter; tiny letters are left out."""
        axes = Figure(figsize=(1, 1)).add_subplot()
        plots.waterfall(COHORTS[30], line=1, ax=axes)
        letters = {text.get_text() for text in axes.texts}
        assert not letters & {"PR", "SD", "PD"}

    def test_thresholds(self) -> None:
        told = said(plots.waterfall(COHORTS[3]))
        assert {"−30 %: PR", "+20 %\n(PD counts\nfrom the nadir)"} <= set(told)

    def test_own_criteria(self) -> None:
        """Thresholds are those of the criteria, not of the figure."""
        import attrs

        protocol = attrs.evolve(mrecist.MRECIST, name="mine", response_share="1/2")
        axes = plots.waterfall(mrecist.assess(SYNTHETIC, criteria=protocol))
        assert "−50 %: PR" in said(axes)

    def test_cap(self) -> None:
        """A bar that is cut says so, with its number where there is room."""
        few = plots.waterfall(cohort(6, seed=8), cap=10)
        assert any(re.fullmatch(r"\+\d+", text) for text in said(few))
        clean(few)
        many = said(plots.waterfall(COHORTS[300]))
        assert any(re.fullmatch(r"\d+ cut at \+100 %", text) for text in many)

    @pytest.mark.parametrize(("size", "cut"), [("40", 0), ("40.001", 1)])
    def test_at_the_cap(self, size: str, cut: int) -> None:
        """A rise of just the cap is whole; one micrometre more is cut."""
        rows = {"patient": ["a", "a"], "date": [0, 56], "lesion": ["x"] * 2}
        axes = plots.waterfall(mrecist.assess_cohort({**rows, "viable_mm": ["20", size]}))
        assert [line.get_label() for line in axes.lines].count("cut") == cut

    def test_left_out(self) -> None:
        """Lines without a total are counted under the axes."""
        none = int(np.isnan(data.waterfall_data(COHORTS[300])["change_percent"]).sum())
        assert (
            plots.waterfall(COHORTS[300])
            .get_xlabel()
            .endswith(f"; {none} without a total not shown")
        )

    def test_mathematics(self) -> None:
        """A name with dollar signs is a name."""
        axes = plots.waterfall(cohort(3, name="$x_{}$"))
        assert "$x_1$ L1" in [text.get_text().replace("\\", "") for text in axes.get_xticklabels()]


class TestSpider:
    """Threads are the totals over time."""

    def test_threads(self) -> None:
        table = data.spider_data(COHORTS[3], line=1)
        axes = plots.spider(COHORTS[3], line=1, cap=1000)
        drawn = {
            tuple(point)
            for each in axes.collections
            for path in each.get_paths()
            for point in path.vertices.tolist()
        }
        whole = table["complete"]
        told = set(zip(table["day"][whole], table["change_percent"][whole], strict=True))
        assert {point for point in drawn if point[0] > 0} == {
            point for point in told if point[0] > 0
        }

    def test_cut(self) -> None:
        table = data.spider_data(COHORTS[300])
        cut = int((table["change_percent"] > 100).sum())
        assert plots.spider(COHORTS[300]).get_xlabel().endswith(f"▲ above +100 %: {cut}")

    def test_single(self) -> None:
        clean(plots.spider(mrecist.assess(SYNTHETIC)))

    @pytest.mark.parametrize(("patients", "is_crowd"), [(100, False), (101, True), (400, True)])
    def test_crowd_of_a_spider(self, patients: int, is_crowd: bool) -> None:
        """Above a hundred threads it is darker where more run, and the label says so."""
        axes = plots.spider(crowd(patients))
        threads = [each for each in axes.collections if len(each.get_segments())]
        assert sum(len(each.get_segments()) for each in threads) == patients
        told = f"; {patients} lines, darker where more run"
        assert axes.get_xlabel() == "months from the start of the line" + told * is_crowd
        for each in threads:
            assert (each.get_alpha() is not None) == is_crowd
        clean(axes)

    def test_crowd_of_a_waterfall(self) -> None:
        """Bars of 400 lines touch, and are drawn by runs of one response; all are counted."""
        axes = plots.waterfall(crowd(400))
        assert axes.get_xlabel() == "400 lines of therapy"
        widths = [
            np.ptp(path.vertices[:, 0]) for each in axes.collections for path in each.get_paths()
        ]
        assert sum(widths) == 400
        clean(axes)


class TestSwimmer:
    """Rows are patients; what repeats is hatched."""

    def test_again(self) -> None:
        axes = plots.swimmer(mrecist.assess(SYNTHETIC))
        hatched = {each.get_label(): each.get_hatch() for each in axes.collections}
        assert hatched["lenvatinib"] is None
        assert hatched["lenvatinib again"]
        assert "again" in said(axes)

    def test_rows(self) -> None:
        """The longest followed stand on top."""
        names = data.swimmer_data(COHORTS[30])["patients"]["patient"].tolist()
        axes = plots.swimmer(COHORTS[30])
        assert [text.get_text() for text in axes.get_yticklabels()] == names

    def test_ends(self) -> None:
        tables = data.swimmer_data(COHORTS[30])
        axes = plots.swimmer(COHORTS[30])
        marks = {line.get_label(): len(line.get_xdata()) for line in axes.lines}
        assert marks["death"] == tables["patients"]["died"].sum()
        assert marks["treatment goes on"] == tables["bars"]["ongoing"].sum()
        begun = ~np.isnan(tables["bars"]["response_day"])
        assert marks["CR begins"] + marks["PR begins"] == begun.sum()

    def test_progression(self) -> None:
        """A triangle stands on the day of each first progression."""
        bars = data.swimmer_data(COHORTS[30])["bars"]
        marks = {line.get_label(): line.get_xdata() for line in plots.swimmer(COHORTS[30]).lines}
        days = bars["progression_day"][~np.isnan(bars["progression_day"])]
        assert sorted(marks["progression"].tolist()) == sorted(days.tolist())

    def test_sorted(self) -> None:
        """Who stands on top: the longest followed, the best response, or the first patient."""
        by_name = data.swimmer_data(COHORTS[30], sort="patient")["patients"]["patient"].tolist()
        assert by_name == [f"P-{number:03}" for number in range(30, 0, -1)]
        tables = data.swimmer_data(COHORTS[30], sort="response")
        best: dict[str, int] = {}
        for who, word in zip(
            *(tables["bars"][n] for n in ("patient", "best_response")), strict=True
        ):
            best[who] = min(best.get(who, 9), data.WORDS.index(word))
        order = [best[who] for who in tables["patients"]["patient"]]
        assert order == sorted(order, reverse=True)
        with pytest.raises(ValueError, match="sort must be one of followed, response, patient"):
            plots.swimmer(COHORTS[3], sort="size")

    def test_top(self) -> None:
        """So many from the top, and the figure says how many are left out."""
        tables = data.swimmer_data(COHORTS[300], top=20)
        whole = data.swimmer_data(COHORTS[300])
        assert tables["patients"]["patient"].tolist() == whole["patients"]["patient"][-20:].tolist()
        assert set(tables["bars"]["patient"]) == set(tables["patients"]["patient"])
        assert set(tables["responses"]["patient"]) <= set(tables["patients"]["patient"])
        axes = plots.swimmer(COHORTS[300], top=20)
        clean(axes)
        assert axes.get_xlabel().endswith("first line; 280 more patients not shown")
        assert "not shown" not in plots.swimmer(COHORTS[30], top=99).get_xlabel()
        with pytest.raises(ValueError, match="top must be a whole number"):
            plots.swimmer(COHORTS[3], top=0)

    def test_groups(self) -> None:
        """Each group under its heading, that of the first line."""
        axes = plots.swimmer(COHORTS[30], by="agents", sort="patient")
        clean(axes)
        tables = data.swimmer_data(COHORTS[30], by="agents", sort="patient")
        groups = tables["patients"]["group"].tolist()
        first = dict(
            zip(tables["bars"]["patient"][::-1], tables["bars"]["agents"][::-1], strict=True)
        )
        assert groups == [first[who] for who in tables["patients"]["patient"]]
        heads = list(dict.fromkeys(groups[::-1]))
        assert heads == sorted(heads)
        assert set(heads) <= set(said(axes))
        with pytest.raises(TypeError, match="this figure takes Responses"):
            plots.swimmer(mrecist.assess(SYNTHETIC), by="agents")

    def test_letters(self) -> None:
        """Drugs are told in short on their bars, but never where a symbol stands."""
        axes = plots.swimmer(mrecist.assess(SYNTHETIC))
        assert [text.get_text() for text in axes.texts] == ["LEN", "ATE+BEV", "LEN"]
        assert len(plots.swimmer(COHORTS[300]).texts) == 0
        told = len(plots.swimmer(COHORTS[30]).texts)
        assert 0 < told < len(data.swimmer_data(COHORTS[30])["bars"]["line"])

    def test_one_drug_by_many_names(self) -> None:
        """A brand name is the drug: one colour, one abbreviation, whatever the chart writes."""
        lines = [TherapyLine(["Nexavar"], 0, stop=90), TherapyLine([" Sorafenib "], 100, stop=200)]
        axes = plots.swimmer(mrecist.assess(Patient("P", [], [], lines)))
        assert [text.get_text() for text in axes.texts] == ["SOR", "SOR"]
        assert {each.get_label() for each in axes.collections} >= {"sorafenib", "sorafenib again"}

    def test_many_regimens(self) -> None:
        """Past eight regimens the rest is one grey."""
        assert any("other regimens" in text for text in said(plots.swimmer(COHORTS[30])))

    def test_nothing_happens(self) -> None:
        """Without responses, deaths or repeats the legend has the drug alone."""
        patient = Patient("P", [], [], [TherapyLine(["a"], 0, stop=30)])
        assert {"a", "P"} < set(said(plots.swimmer(mrecist.assess(patient))))


class TestKaplanMeier:
    """Curves and the numbers at risk are those of the estimate."""

    def test_curve(self) -> None:
        curve = data.kaplan_meier_data(COHORTS[30], "ttp", line=1)["curves"]
        line = curves(COHORTS[30], name="ttp").lines[0]
        assert line.get_xdata().tolist() == curve["day"].tolist()
        assert line.get_ydata().tolist() == curve["surviving"].tolist()

    def test_at_risk(self) -> None:
        """Under each tick stands how many are still at risk on that day."""
        days, _ = COHORTS[30].endpoints().of("pfs", line=1)
        axes = curves(COHORTS[30], name="pfs")
        ticks = axes.get_xticks()
        under = [text.get_text() for text in axes.texts if text.get_text().isdigit()]
        assert under == [str(int((days >= tick).sum())) for tick in ticks]

    def test_median(self) -> None:
        told = said(plots.kaplan_meier(COHORTS[300], "pfs", line=1))
        assert any(
            re.fullmatch(
                r"all lines: 300 lines, \d+ events, median [\d.]+ months "
                r"\([\d.]+ to [\d.]+\)",
                text,
            )
            for text in told
        )
        one = said(plots.kaplan_meier(ND_ONLY, "pfs"))
        assert "all lines: 1 line, 0 events, median not reached" in one

    def test_note(self) -> None:
        """A text of the caller's is shown as it is, in rows."""
        axes = curves(COHORTS[30], note="HR 0.71 (0.5 to 1.0)\n$p$ = 0.04")
        clean(axes)
        assert "HR 0.71 (0.5 to 1.0)\n\\$p\\$ = 0.04" in said(axes)

    def test_median_alone(self) -> None:
        """A median without bounds is told alone."""
        found = mrecist.assess_cohort(
            {"patient": ["a", "a"], "date": [0, 56], "lesion": ["x", "x"], "viable_mm": [20, 90]}
        )
        assert any(text.endswith("median 1.8 months") for text in said(plots.kaplan_meier(found)))

    def test_groups(self) -> None:
        axes = plots.kaplan_meier(COHORTS[30], by="line")
        clean(axes)
        assert {"line 1", "line 2"} <= {text.get_text() for text in axes.texts}
        with pytest.raises(ValueError, match="at most 8 curves can be told apart"):
            plots.kaplan_meier(COHORTS[300], by=("line", "agents"))


class TestForest:
    """Points and intervals are the rates of subgroups."""

    def test_rows(self) -> None:
        axes = forest(COHORTS[30], of="control", confirmed=True)
        table = data.forest_data(COHORTS[30], "agents", line=1, of="control", confirmed=True)
        some = table["lines"] > 0
        points = axes.collections[-1].get_offsets()
        assert np.allclose(sorted(points[:, 0]), sorted(100 * table["rate"][some]))
        told = said(axes)
        assert f"{table['hits'][0]}/30  {100 * table['rate'][0]:.0f} % " in " ".join(told)
        assert told[-1].startswith("confirmed disease control") or any(
            text.startswith("confirmed disease control") for text in told
        )
        assert {"all lines", "agents"} <= set(told)

    def test_alone(self) -> None:
        """Without columns there is one row; a keyword goes to the points."""
        pytest.importorskip("scipy")
        axes = plots.forest(COHORTS[30], line=1, marker="o")
        assert len(axes.collections[-1].get_offsets()) == 1
        assert said(plots.forest(COHORTS[30], line=99)) == ["no line of therapy with a rate"]

    def test_group_without_disease(self) -> None:
        """A group without a line that counts has its row, and no point."""
        pytest.importorskip("scipy")
        table = {"patient": ["a", "a", "b", "b"], "date": [0, 50] * 2, "lesion": ["L"] * 4,
                 "viable_mm": [30, 10, 0, 0]}  # fmt: skip
        arms = {"patient": ["a", "b"], "arm": ["x", None]}
        found = mrecist.assess_cohort(table, patients=arms, keep="arm")
        axes = plots.forest(found, "arm")
        clean(axes)
        assert {"not known", "0/0", "1/1  100 % (2 to 100)"} <= set(said(axes))
        assert len(axes.collections[-1].get_offsets()) == 2

    def test_refused(self) -> None:
        with pytest.raises(ValueError, match='of must be "response" or "control", got'):
            plots.forest(COHORTS[3], of="survival")


class TestSideBySide:
    """Flows, cells and shares carry their counts."""

    def test_sequence(self) -> None:
        nodes = data.sequence_data(COHORTS[30])["nodes"]
        axes = plots.sequence(COHORTS[30])
        told = [text.get_text() for text in axes.texts]
        for _, word, number in zip(*nodes.values(), strict=True):
            assert f"{word} {number}" in told
        patches = {patch.get_label(): patch.get_height() for patch in axes.patches}
        shares = [
            patches[f"{line} {word}"] / number
            for line, word, number in zip(*nodes.values(), strict=True)
        ]
        assert shares == pytest.approx([shares[0]] * len(shares))

    def test_agreement(self) -> None:
        other = cohort(30, seed=5, criteria="recist-1.1")
        found = COHORTS[30].crosstab(other)
        axes = plots.agreement(COHORTS[30], other)
        cells = [text.get_text() for text in axes.texts][: found.counts.size]
        assert cells == [str(count) for count in found.counts.ravel().tolist()]
        last = axes.texts[-1].get_text()
        assert last == (
            f"agreement {found.counts.trace()} of {found.matched} time points, "
            f"kappa {found.kappa:.2f}"
        )
        clean(plots.agreement(COHORTS[30], other, of="best_response"))
        assert "kappa" not in agreement(ND_ONLY, of="best_response").texts[-1].get_text()

    def test_robustness(self) -> None:
        several = [
            mrecist.how_sure(SYNTHETIC, draws=40, error=each)
            for each in ("mrecist_nonexpert", "independent_recist")
        ]
        axes = plots.robustness(several, only="best")
        clean(axes)
        table = data.robustness_data(several)
        best = np.isin(table["verdict"].astype(str), side_by_side.BEST_VERDICTS)
        widths: dict[str, float] = {}
        for bars in axes.containers:
            widths[bars.get_label()] = sum(bar.get_width() for bar in bars)
        for word, width in widths.items():
            assert width == pytest.approx(100 * table[word][best].sum())
        assert "line 1, best: PR" in said(axes)
        clean(plots.robustness(several[0], only="timepoints"))
        with pytest.raises(ValueError, match='only must be "timepoints", "best" or None, got'):
            plots.robustness(several, only="all")

    def test_reported(self) -> None:
        """A verdict without a size says so, and one that a reader gave bears a star."""
        told = said(plots.robustness(mrecist.how_sure(PUBLISHED, draws=2)))
        assert "no size" in told
        assert "line 2, 204: PR*" in told

    @pytest.mark.parametrize(
        ("share", "text"),
        [(0, "0 %"), (0.001, "<1 %"), (0.5, "50 %"), (0.999, ">99 %"), (1, "100 %")],
    )
    def test_percent(self, share: float, text: str) -> None:
        from mrecist.robustness.answer import whole_percent

        assert whole_percent(100 * share) == text


class TestCourse:
    """One patient on one page."""

    @pytest.mark.parametrize("case", ["ikeda-2021", "synthetic"])
    def test_examples(self, case: str) -> None:
        clean(course(case))

    def test_panels(self) -> None:
        """What has no numbers has no panel."""
        labels = ["lanes", "responses", "AFP", "events", "legend", "key"]
        axes = course("ikeda-2021")
        assert axes.get_label() == "lanes"
        assert list(panels(axes)) == labels
        assert list(panels(course("synthetic"))) == [
            *labels[:2],
            "sizes",
            "AFP",
            "PIVKA-II",
            *labels[3:],
        ]
        assert "AFP" not in panels(plots.course(SYNTHETIC, markers=()))

    def test_totals(self) -> None:
        totals = data.course_data(SYNTHETIC)["totals"]
        sizes = panels(course("synthetic"))["sizes"]
        thick = [line for line in sizes.lines if line.get_linewidth() == 1.8]
        drawn = [tuple(point) for line in thick for point in line.get_xydata()]
        assert drawn == list(zip(totals["day"], totals["total_mm"], strict=True))
        told = [text.get_text() for text in sizes.texts]
        assert {"PR: base −30 %", "PD: nadir +20 %", "total", "S8"} <= set(told)

    def test_steps(self) -> None:
        """Thresholds are steps, broken between lines of therapy."""
        limits = data.course_data(SYNTHETIC)["thresholds"]
        sizes = panels(course("synthetic"))["sizes"]
        for word in ("PR", "PD"):
            line = next(line for line in sizes.lines if line.get_label() == word)
            y = np.asarray(line.get_ydata(), float)
            some = limits["response"] == word
            assert y[~np.isnan(y)].tolist() == np.repeat(limits["total_mm"][some], 2).tolist()
            assert np.isnan(y).sum() == 2

    def test_reported(self) -> None:
        """Computed responses are filled, reported ones hollow."""
        table = data.course_data(PUBLISHED)["responses"]
        symbols = [
            line
            for line in panels(course("ikeda-2021"))["responses"].lines
            if len(line.get_xdata()) == 1
        ]
        hollow = {line.get_xdata()[0] for line in symbols if line.get_markerfacecolor() == "white"}
        assert hollow == set(table["day"][table["source"] == "reported"].tolist())

    def test_again(self) -> None:
        """A drug that comes again has its colour, a hatch and the word."""
        axes = course("ikeda-2021")
        bars = [bar for bar in axes.patches if bar.get_y() == pytest.approx(1 - 0.33)]
        assert len({bar.get_edgecolor() for bar in bars}) == 1
        assert {bar.get_hatch() for bar in bars} == {None, "/////"}
        assert [text.get_text() for text in axes.texts].count("rechallenge") == 2

    def test_word_has_no_room(self) -> None:
        """Where the word has no room beside its bar it stands on it; after it if there is."""
        close = [
            TherapyLine(["a"], 10 * i, stop=10 * i + 9, end_reason="progression") for i in range(40)
        ]
        last = [TherapyLine(["a"], 0, stop=9, end_reason="progression"),
                TherapyLine(["a"], 10, stop=19, end_reason="progression"),
                TherapyLine(["b"], 400, stop=500)]  # fmt: skip
        for lines in (close, last):
            told = said(plots.course(Patient("P", [], [], lines)))
            assert any(word in told for word in ("rechallenge", "resumption", "reintroduction"))

    def test_limit(self) -> None:
        """A limit of quantitation is a hollow triangle with its text."""
        afp = panels(course("synthetic"))["AFP"]
        down = next(line for line in afp.lines if line.get_marker() == "v")
        assert down.get_ydata().tolist() == [3]
        assert down.get_markerfacecolor() == "white"
        assert "<3" in [text.get_text() for text in afp.texts]

    def test_held(self) -> None:
        heights = {round(bar.get_height(), 2) for bar in course("ikeda-2021").patches}
        assert {0.24, 0.66} <= heights

    def test_unknown_end(self) -> None:
        """Until when a drug was perhaps given is an outline behind the days that are certain."""
        lines = [TherapyLine(["a"], 0), TherapyLine(["b"], 100, stop=160)]
        scan = Timepoint(40, [Finding("S8", viable_mm=20)])
        axes = plots.course(Patient("P", [Lesion("S8", "liver", "nodule")], [scan], lines))
        (outline,) = (bar for bar in axes.patches if bar.get_facecolor()[3] == 0)
        assert outline.get_x() + outline.get_width() == 100
        clean(axes)

    def test_key(self) -> None:
        """Words without room stand in the key; no more than there is room for."""
        events = [Event(day, f"event {day}") for day in range(60)]
        doses = [Event(day, f"a dose of some kind, number {day}") for day in range(60)]
        patient = Patient("P", [], [], [TherapyLine(["a"], 0, stop=60, doses=doses)], events=events)
        axes = plots.course(patient)
        told = [text.get_text() for text in panels(axes)["key"].texts]
        assert told[:2] == ["a", "day 0: a dose of some kind, number 0"]
        assert {"and 47 more", "day 0: event 0"} <= set(told)
        clean(axes)

    def test_key_of_one_kind(self) -> None:
        """Where there are few doses the events have the room that these leave."""
        doses = [Event(0, "a dose that has no room in its bar"), Event(1, "400 mg")]
        line = TherapyLine(["a"], 0, stop=60, doses=doses)
        events = [Event(day, f"event {day}") for day in range(60)]
        axes = plots.course(Patient("P", [], [], [line], events=events))
        told = [text.get_text() for text in panels(axes)["key"].texts]
        assert len(told) == 2 * 28
        assert told[-1] == "and 34 more"

    def test_large(self) -> None:
        """Many lines, lesions, doses and scans, long names, and marks of every kind."""
        names = [f"Lesion {i} in the right posterior section of the liver" for i in range(40)]
        random = np.random.default_rng(3)
        scans = [
            Timepoint(
                day,
                [Finding(name, viable_mm=round(random.uniform(3, 90), 1)) for name in names],
                reported=["PR", "SD", "PD", None][int(random.integers(4))],
            )
            for day in range(-7, 1200, 40)
        ]
        lines = [
            TherapyLine([["sorafenib", "x" * 60, "lenvatinib"][i % 3]], 120 * i, stop=120 * i + 99,
                        doses=[Event(120 * i, "400 mg"), Event(120 * i + 30, "held, <b>toxic</b>"),
                               Event(120 * i + 33, "200 mg")])
            for i in range(10)
        ]  # fmt: skip
        marks = [
            Marker(day, "AFP", "<3" if day % 4 else ">60000" if day % 8 else "77.5", "ng/mL")
            for day in range(-7, 1200, 19)
        ]
        patient = Patient(
            "a" * 200, [Lesion(name, "liver", "nodule") for name in names], scans, lines,
            markers=marks, death=1250, events=[Event(-900, "before"), Event(-800, "also")],
        )  # fmt: skip
        axes = plots.course(patient)
        clean(axes)
        told = said(axes)
        assert {"+30 lesions", "‹1–2", "death day 1250"} <= set(told)

    def test_small(self) -> None:
        """Charts with next to nothing, and dates at the ends of the calendar."""
        lesion = [Lesion("S", "liver", "nodule")]
        scan = [Timepoint(5, [Finding("S", viable_mm=20)])]
        clean(plots.course(Patient("P", lesion, scan, [])))
        assert "no line of therapy" in said(plots.course(Patient("P", lesion, scan, [])))
        assert said(plots.course(Patient("P", [], [], []))) == [
            "P: no line, scan or marker to show"
        ]
        for start in ("0001-01-01", "9999-12-31"):
            clean(plots.course(Patient("P", lesion, [], [TherapyLine(["a"], start)])))
        clean(plots.course(Patient("P", lesion, scan, [TherapyLine(["a"], 0)], death=0)))
        ends = TherapyLine(["a"], "0001-01-01", stop="9999-12-31")
        clean(plots.course(Patient("P", lesion, [], [ends])))

    def test_dates(self) -> None:
        """Calendar dates are months on the axis, study days days."""
        for start, tick in (("2024-01-10", r"2024-\d\d"), (10, r"\d+")):
            stop = 100 if start == 10 else "2024-06-01"
            axes = plots.course(Patient("P", [], [], [TherapyLine(["a"], start, stop=stop)]))
            labels = panels(axes)["events"].get_xticklabels()
            assert all(re.fullmatch(tick, label.get_text()) for label in labels)

    def test_crowded(self) -> None:
        """Events of one day stand one under the other, as many as have room."""
        events = [Event(20, f"event {i}") for i in range(9)]
        line = TherapyLine(["a"], 0, stop=40)
        axes = plots.course(Patient("P", [], [], [line], events=events))
        told = [text.get_text() for text in panels(axes)["events"].texts]
        assert told == [str(i) for i in range(1, 7)]
        clean(axes)

    def test_markers_alone(self) -> None:
        one = Patient("P", [], [], [TherapyLine(["a"], 3)], markers=[
            Marker(3, "AFP", 5, "ng/mL"), Marker(3, "AFP", 5, "IU/mL")
        ])  # fmt: skip
        labels = [each.get_label() for each in plots.course(one).figure.axes]
        assert labels == ["lanes", "AFP", "AFP", "events", "legend"]

    def test_zero(self) -> None:
        """Sizes that are all zero have an axis all the same."""
        scan = Timepoint(5, [Finding("S", viable_mm=0)])
        axes = plots.course(Patient("P", [Lesion("S", "liver", "nodule")], [scan], []))
        assert panels(axes)["sizes"].get_ylim() == (0, 1)

    def test_place(self) -> None:
        """Given axes, their place is taken, and no other."""
        figure = Figure(figsize=(14, 8))
        matplotlib.backends.backend_agg.FigureCanvasAgg(figure)
        left, right = figure.subplots(1, 2)
        plots.course(SYNTHETIC, ax=left)
        edge = right.get_position().x0
        assert all(each.get_position().x1 < edge for each in figure.axes if each is not right)

    def test_ticks(self) -> None:
        """Markers over many decades have a tick a decade, others also twos and fives."""
        from mrecist.plots._course_panels import value_ticks

        assert value_ticks(1, 1000) == [1, 10, 100, 1000]
        assert value_ticks(30, 300) == [50, 100, 200]
        assert len(value_ticks(1e-9, 1e9)) <= 7

    @settings(max_examples=max(settings().max_examples // 20, 1))
    @given(timed_documents())
    def test_any(self, document: Any) -> None:
        """Any chart gives a figure without a warning, and no text lies on another."""
        with warnings.catch_warnings():
            warnings.simplefilter("error", UserWarning)  # as of letters without a glyph
            clean(plots.course(mrecist.from_case(document)))


class TestSvg:
    """A figure as text that can stand in a page."""

    def picture(self, axes: Any = None, **words: str) -> str:
        told = {"title": "Course", "description": "One patient"} | words
        return plots.svg((axes or course("ikeda-2021")).figure, **told)

    def test_same(self) -> None:
        assert self.picture() == self.picture(plots.course(PUBLISHED))

    def test_element(self) -> None:
        root = ElementTree.fromstring(self.picture(title="<a> & b", description='"c"'))
        assert root.tag == f"{SVG}svg"
        assert root.get("role") == "img"
        by_id = {each.get("id"): each for each in root.iter() if each.get("id")}
        title, description = (root.get("aria-labelledby") or "").split()
        assert by_id[title].text == "<a> & b"
        assert by_id[description].text == '"c"'

    def test_text(self) -> None:
        """Text stays text, whatever it says, and is no mark-up."""
        name = 'id="x" <script>$\\frac$ href="#y" url(#z) 東京'
        words = self.picture(plots.course(attrs_evolved(name)))
        root = ElementTree.fromstring(words)
        assert name in [each.text for each in root.iter(f"{SVG}text")]
        assert "<script" not in words

    def test_nothing_of_the_day(self) -> None:
        words = self.picture()
        assert "<metadata" not in words
        assert "<style" not in words
        assert not re.search(r"\b20\d\d-\d\d-\d\dT", words)
        assert words.startswith("<svg ")
        assert words.endswith("</svg>\n")

    def test_ids(self) -> None:
        """Ids bear a prefix of their own, every reference leads to one, and two do not clash."""
        ids = []
        for words in (
            self.picture(),
            self.picture(title="other"),
            self.picture(course("synthetic")),
        ):
            mine = re.findall(r'\bid="([^"]*)"', words)
            assert len(mine) == len(set(mine))
            used = re.findall(r'url\(#([^)]*)\)|href="#([^"]*)"', words)
            assert {one or other for one, other in used} <= set(mine)
            ids.append(set(mine))
        assert not ids[0] & ids[1]
        assert not ids[0] & ids[2]

    def test_small(self) -> None:
        """The published case stays well under the size of a report."""
        assert len(self.picture()) < 120_000


def attrs_evolved(name: str) -> Patient:
    import attrs

    return attrs.evolve(PUBLISHED, id=name[:60], lines=PUBLISHED.lines[:1])


class TestColours:
    """A drug has one colour, whatever the cohort and whatever it is called."""

    FREQUENT = ("lenvatinib", "sorafenib", "regorafenib", "cabozantinib", "ramucirumab",
                "atezolizumab+bevacizumab", "durvalumab+tremelimumab",
                "nivolumab+ipilimumab")  # fmt: skip

    def test_by_name(self) -> None:
        alone = {name: drug_looks([name])[name] for name in (*self.FREQUENT, "TACE", "apatinib")}
        for names in (self.FREQUENT, self.FREQUENT[::-1], ("TACE", "sorafenib")):
            assert drug_looks(names) == {name: alone[name] for name in names}
        assert drug_looks(["T+A"])["T+A"] == alone["atezolizumab+bevacizumab"]
        assert drug_looks(["Nexavar"])["Nexavar"] == alone["sorafenib"]

    @settings(max_examples=settings().max_examples)
    @given(
        st.lists(
            st.sampled_from([*FREQUENT, "atezolizumab", "nivolumab", "durvalumab", ""])
            | st.text("ab", min_size=1),
            unique=True,
            max_size=12,
        )
    )
    def test_told_apart(self, names: list[str]) -> None:
        """No two of the first eight share one; all others are grey."""
        looks = drug_looks(names)
        assert list(looks) == names
        first = [looks[name] for name in names[:MOST]]
        assert len(set(first)) == len(first)
        assert _canvas.OTHER not in first
        assert {looks[name] for name in names[MOST:]} <= {_canvas.OTHER}


class TestText:
    """Texts are cut to the room there is, and moved apart."""

    def test_clipped(self) -> None:
        assert _canvas.clipped("short", 5) == "short"
        assert _canvas.clipped("a  b\nc\x07", 5) == "a b c"
        assert _canvas.clipped("a long name indeed", 0.6).endswith("…")
        assert _canvas.clipped("a long name indeed", 0.1) == ""

    def test_rows(self) -> None:
        assert _canvas.rows_for([(0, 2), (1, 3), (2, 4)], 2) == [0, 1, 0]
        assert _canvas.rows_for([(0, 2), (1, 3)], 1) == [0, -1]

    def test_spread(self) -> None:
        assert _canvas.spread([5, 5, 1], 1, 0, 10) == [5, 6, 1]
        assert _canvas.spread([9.5, 9.5], 1, 0, 10) == [9, 10]
        assert _canvas.spread([], 1, 0, 10) == []

    def test_looks(self) -> None:
        names = [str(i) for i in range(10)]
        assert _canvas.agent_looks(names)["9"] == _canvas.OTHER
