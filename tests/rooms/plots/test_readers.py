"""Figures of several readers say what their readings say."""

from __future__ import annotations

import math
import statistics
from typing import Any

import attrs
import numpy as np
import pytest

import mrecist
from mrecist import ALL_READERS, assess_readings, simulate

pytest.importorskip("matplotlib")
pytest.importorskip("scipy")

from support.plot_checks import outside, overlaps

from mrecist import plots
from mrecist.plots._canvas import agent_looks, both_clipped, folded, length_in, plain

DESIGN = attrs.evolve(
    simulate.REFLECT_LIKE,
    readers=["R1", "R2", "INV"],
    error="mrecist_nonexpert",
    follow_up_days=300,
)


def read(patients: int, **review: Any) -> Any:
    """Readings of a simulated trial, R1 accepted where readers differ."""
    of = simulate.trial(DESIGN, patients, seed=1)
    decisions = {"patient": list(range(patients)), "accepted": ["R1"] * patients}
    made = attrs.evolve(mrecist.DOUBLE_READ, local=["INV"], **review)
    return assess_readings(of.findings, of.lines, review=made, decisions=decisions)


READINGS = read(12)


def lines_of(axes: Any, label: str) -> Any:
    """The one line of the axes with a label."""
    (found,) = [each for each in axes.lines if each.get_label() == label]
    return found


def legend(axes: Any) -> list[str]:
    return [text.get_text() for text in axes.get_legend().get_texts()]


class TestWaterfall:
    """One marker for each reader at each bar."""

    def test_markers(self) -> None:
        """Each at the change that the reader saw; the bars are those of the accepted readings."""
        axes = plots.waterfall(READINGS, readers=True, line=1)
        bars = plots.waterfall_data(READINGS.accepted, line=1)
        place = {patient: i for i, patient in enumerate(bars["patient"].tolist())}
        for reader in READINGS.readers:
            own = plots.waterfall_data(READINGS.of(reader), line=1)
            there = ~np.isnan(own["change_percent"])
            cells = zip(own["patient"].tolist(), own["change_percent"].tolist(), strict=True)
            seen = {
                place[patient]: min(change, 100.0)
                for (patient, change), has in zip(cells, there.tolist(), strict=True)
                if has
            }
            marks = lines_of(axes, f"change by {reader}")
            drawn = zip(marks.get_xdata().tolist(), marks.get_ydata().tolist(), strict=True)
            assert dict(drawn) == pytest.approx(seen)
            assert reader in legend(axes)

    def test_accepted(self) -> None:
        """Without `readers` the figure is that of the accepted readings."""
        one, other = (plots.waterfall(given, line=1) for given in (READINGS, READINGS.accepted))
        assert not [each for each in one.lines if str(each.get_label()).startswith("change by")]
        assert legend(one) == legend(other)

    def test_many(self) -> None:
        """Of many lines markers are small."""
        axes = plots.waterfall(read(70), readers=True, line=1)
        assert lines_of(axes, "change by R1").get_markersize() == 2

    def test_crowd(self) -> None:
        """Over hundreds of bars dots are faint, and the curves are medians, as the label says."""
        readings = read(400)
        axes = plots.waterfall(readings, readers=True, line=1)
        bars = plots.waterfall_data(readings.accepted, line=1)
        count = int((~np.isnan(bars["change_percent"])).sum())
        wide = count // 10 // 2 * 2 + 1
        assert f"curves: medians of {wide} neighbouring bars" in axes.get_xlabel()
        assert f"{count} lines of therapy" in axes.get_xlabel()
        place = {patient: i for i, patient in enumerate(bars["patient"][:count].tolist())}
        for reader in readings.readers:
            own = plots.waterfall_data(readings.of(reader), line=1)
            by_place = {
                place[who]: min(change, 100)
                for who, change in zip(
                    own["patient"].tolist(), own["change_percent"].tolist(), strict=True
                )
                if who in place and not math.isnan(change)
            }
            dots = lines_of(axes, f"change by {reader}")
            assert dict(zip(dots.get_xdata().tolist(), dots.get_ydata().tolist(), strict=True)) == (
                pytest.approx(by_place)
            )
            assert dots.get_alpha() < 1
            curve = lines_of(axes, f"median of {reader}")
            assert len(curve.get_xdata()) > 0.9 * count
            for x, y in zip(curve.get_xdata()[::37], curve.get_ydata()[::37], strict=True):
                near = [value for at, value in by_place.items() if abs(at - x) <= wide // 2]
                assert y == pytest.approx(statistics.median(near))
        assert legend(axes)[-3:] == [*readings.readers]
        assert outside(axes.figure, 0.5) == []
        assert overlaps(axes.figure) == []

    def test_refused(self) -> None:
        """Readers are those of readings."""
        with pytest.raises(TypeError, match="readers are drawn of Readings, got AcceptedResponses"):
            plots.waterfall(READINGS.accepted, readers=True)
        of = simulate.trial(DESIGN, 12, seed=1)
        undecided = assess_readings(of.findings, of.lines)
        with pytest.raises(ValueError, match=r"await adjudication: see readings\.discordance"):
            plots.waterfall(undecided, readers=True)


class TestSpider:
    """A thin thread for each reader, the accepted one thick."""

    def test_crowd(self) -> None:
        """Where there are many the threads of readers are fainter than the accepted ones."""
        axes = plots.spider(read(150), line=1)
        by = {each.get_label(): each.get_alpha() for each in axes.collections}
        readers = {alpha for name, alpha in by.items() if name.startswith("read by")}
        accepted = {alpha for name, alpha in by.items() if not name.startswith("read by")}
        assert max(readers) < min(accepted) < 1
        assert outside(axes.figure, 0.5) == []

    def test_medians(self) -> None:
        """Curves of a crowd are the medians of the months that have enough totals."""
        readings = read(250)
        axes = plots.spider(readings, line=1)
        assert "curves: medians by month of each reader" in axes.get_xlabel()
        for reader in readings.readers:
            table = plots.spider_data(readings.of(reader), line=1)
            months: dict[int, list[float]] = {}
            for day, change, whole in zip(
                table["day"].tolist(),
                table["change_percent"].tolist(),
                table["complete"].tolist(),
                strict=True,
            ):
                if whole and day > 0:
                    months.setdefault(round(day / 30.4375), []).append(min(change, 100))
            expected = {
                month * 30.4375: statistics.median(each)
                for month, each in sorted(months.items())
                if len(each) >= 10
            }
            curve = lines_of(axes, f"median of {reader}")
            drawn = dict(zip(curve.get_xdata().tolist(), curve.get_ydata().tolist(), strict=True))
            assert drawn == pytest.approx(expected)
        assert outside(axes.figure, 0.5) == []
        assert overlaps(axes.figure) == []

    @pytest.mark.parametrize("patients", [12, 60])
    def test_threads(self, patients: int) -> None:
        readings = READINGS if patients == 12 else read(patients)
        axes = plots.spider(readings, line=1)
        colours = agent_looks(readings.readers)
        for reader in readings.readers:
            (thin,) = [c for c in axes.collections if c.get_label() == f"read by {reader}"]
            table = plots.spider_data(readings.of(reader), line=1)
            whole = table["complete"]
            assert len(thin.get_segments()) == len(set(table["patient"][whole].tolist()))
            drawn = np.concatenate(thin.get_segments())
            assert sorted(drawn[:, 0].tolist()) == sorted(table["day"][whole].tolist())
            assert thin.get_linewidths()[0] == pytest.approx(0.6)
            from matplotlib.colors import to_rgba

            assert tuple(thin.get_colors()[0]) == pytest.approx(to_rgba(colours[reader]))
            assert reader in legend(axes)
        thick = [c for c in axes.collections if c.get_label() in map(str, mrecist.Response)]
        assert {float(each.get_linewidths()[0]) for each in thick} == {
            2.2 if len(thick[0].get_segments()) and patients == 12 else 1.0
        }


class TestSwimmer:
    """The first progression of each reader in each line."""

    def test_markers(self) -> None:
        axes = plots.swimmer(READINGS)
        tables = plots.swimmer_data(READINGS.accepted)
        rows = {name: i for i, name in enumerate(tables["patients"]["patient"].tolist())}
        table = READINGS.lines
        first: dict[Any, int] = {}
        for patient, start in zip(table["patient"].tolist(), table["start"].tolist(), strict=True):
            first[patient] = min(start, first.get(patient, start))
        for reader in READINGS.readers:
            seen = sorted(
                (date - first[patient], rows[patient])
                for patient, who, date in zip(
                    table["patient"].tolist(),
                    table["reader"].tolist(),
                    table["progression_date"].tolist(),
                    strict=True,
                )
                if who == reader and date is not None
            )
            marks = lines_of(axes, f"progression by {reader}")
            rows_of = np.rint(marks.get_ydata()).astype(int).tolist()
            drawn = sorted(zip(marks.get_xdata().tolist(), rows_of, strict=True))
            assert drawn == seen
            assert reader in legend(axes)

    def test_accepted(self) -> None:
        """Of the accepted readings alone there are none."""
        axes = plots.swimmer(READINGS.accepted)
        assert not [each for each in axes.lines if "progression by" in str(each.get_label())]

    def test_one_reader(self) -> None:
        """Of one reader markers stand on the bars."""
        of = simulate.trial(attrs.evolve(DESIGN, readers=["R1", "R2"]), 6, seed=1)
        mine = of.findings["reader"] == "R1"
        findings = {name: column[mine] for name, column in of.findings.items()}
        readings = assess_readings(findings, of.lines, review="single")
        marks = lines_of(plots.swimmer(readings), "progression by R1")
        assert (marks.get_ydata() % 1 == 0.75).all() or len(marks.get_ydata()) > 0


class TestAgreement:
    """The table of two readers, titled by them."""

    @pytest.mark.parametrize("of", ["response", "best_response"])
    def test_table(self, of: str) -> None:
        axes = plots.agreement(READINGS, of=of)
        found = READINGS.agreement(of, readers=["R1", "R2"], interval="exact")
        assert axes.get_title() == "R1 by R2"
        assert (axes.get_ylabel(), axes.get_xlabel()) == ("R1", "R2")
        size = len(found.words)
        texts = [text.get_text() for text in axes.texts]
        assert [int(text) for text in texts[: size * size]] == found.crosstab(
            "R1", "R2"
        ).ravel().tolist()
        row = {name: column[0] for name, column in found.table.items()}
        caption = " ".join(texts[-1].split())
        unit = "time points" if of == "response" else "lines"
        assert caption.startswith(
            f"agreement {row['agree']} of {row['n']} {unit} of {row['patients']} patients, "
            f"kappa {row['kappa']:.2f} (95 % {row['kappa_low']:.2f} to {row['kappa_high']:.2f}), "
            f"as if {unit} of a patient were independent"
        )

    def test_independent(self) -> None:
        """Where each patient has one line, nothing has to be taken as independent."""
        low = {(0, "R1"), (0, "R2"), (1, "R1"), (1, "R2"), (3, "R1")}
        rows = [(p, r, d, "T1", mm) for p in range(4) for r in ("R1", "R2")
                for d, mm in ((0, 30), (56, 10 if (p, r) in low else 31))]  # fmt: skip
        names = ("patient", "reader", "date", "lesion", "viable_mm")
        table = {n: list(each) for n, each in zip(names, zip(*rows, strict=True), strict=True)}
        axes = plots.agreement(assess_readings(table, review=ALL_READERS), of="best_response")
        assert " ".join(axes.texts[-1].get_text().split()) == (
            "agreement 3 of 4 lines of 4 patients, kappa 0.50 (95 % -0.23 to 1.00)"
        )

    def test_pair(self) -> None:
        """Any two readers; what is off the scale is told."""
        axes = plots.agreement(READINGS, of="best_response", readers=["INV", "R2"])
        assert axes.get_title() == "INV by R2"

    def test_no_kappa(self) -> None:
        """Where readers give one word there is no kappa, and words off the scale are counted."""
        rows = [(p, r, d, "T1", mm) for p in range(3) for r in ("R1", "R2")
                for d, mm in ((0, 30), (56, 29 if p else None))]  # fmt: skip
        names = ("patient", "reader", "date", "lesion", "viable_mm")
        table = {n: list(each) for n, each in zip(names, zip(*rows, strict=True), strict=True)}
        table["status"] = [None if mm else "not evaluable" for mm in table["viable_mm"]]
        axes = plots.agreement(assess_readings(table, review=ALL_READERS))
        assert axes.texts[-1].get_text() == (
            "agreement 2 of 2 time points of 2 patients;\n1 left out"
        )

    def test_refused(self) -> None:
        with pytest.raises(TypeError, match="agreement takes two Responses, or Readings"):
            plots.agreement(READINGS.of("R1"))
        with pytest.raises(TypeError, match="agreement takes readers only with Readings"):
            plots.agreement(READINGS.of("R1"), READINGS.of("R2"), readers=["R1", "R2"])
        with pytest.raises(ValueError, match="two readers are compared, got R1, R2, INV"):
            plots.agreement(READINGS, readers=READINGS.readers)
        with pytest.raises(ValueError, match="two readers are compared, got R1"):
            plots.agreement(READINGS, readers=["R1"])


class TestBlandAltman:
    """Difference by mean, with the limits of `Readings.sums`."""

    @pytest.mark.parametrize(("at", "unit"), [("baseline", "mm"), (1, "mm"), ("change", "%")])
    def test_points(self, at: Any, unit: str) -> None:
        axes = plots.bland_altman(READINGS, "R1", "R2", at=at, color="red")
        tables = plots.bland_altman_data(READINGS, "R1", "R2", at=at)
        pairs, sums = tables["pairs"], READINGS.sums("R1", "R2", at)
        points = lines_of(axes, "R1 and R2")
        assert points.get_color() == "red"
        assert points.get_xdata().tolist() == pairs["mean"].tolist()
        assert points.get_ydata().tolist() == pairs["difference"].tolist()
        assert len(pairs["mean"]) == sums["n"][0] > 5
        assert pairs["difference"].mean() == pytest.approx(sums["bias"][0])
        for name in ("bias", "low", "high"):
            assert lines_of(axes, name).get_ydata()[0] == pytest.approx(sums[name][0])
        assert axes.get_ylabel() == f"R1 less R2, {unit}"

    def test_totals(self) -> None:
        """The totals are those of each reader's own tables."""
        pairs = plots.bland_altman_data(READINGS, "R1", "R2")["pairs"]
        for name, reader in (("first", "R1"), ("second", "R2")):
            own = READINGS.of(reader).endpoints().table
            there = {
                (p, k): mm
                for p, k, mm in zip(
                    own["patient"].tolist(),
                    own["line"].tolist(),
                    own["baseline_total_mm"].tolist(),
                    strict=True,
                )
            }
            keys = zip(pairs["patient"].tolist(), pairs["line"].tolist(), strict=True)
            assert pairs[name].tolist() == [there[key] for key in keys]

    def test_few(self) -> None:
        """One pair has no limits; none says so."""
        rows = [("P", r, 0, "T1", mm) for r, mm in (("R1", 30), ("R2", 33))]
        names = ("patient", "reader", "date", "lesion", "viable_mm")
        table = {n: list(each) for n, each in zip(names, zip(*rows, strict=True), strict=True)}
        readings = assess_readings(table, review=ALL_READERS)
        assert math.isnan(plots.bland_altman_data(readings, "R1", "R2")["limits"]["low"][0])
        axes = plots.bland_altman(readings, "R1", "R2")
        assert not [each for each in axes.lines if each.get_label() == "low"]
        axes = plots.bland_altman(readings, "R1", "R2", at=1)
        assert axes.texts[0].get_text() == "no line of which both have a complete total"

    def test_refused(self) -> None:
        with pytest.raises(ValueError, match="two readers must be given, got 'R1' twice"):
            plots.bland_altman(READINGS, "R1", "r1")
        with pytest.raises(TypeError, match="readers are drawn of Readings, got Responses"):
            plots.bland_altman(READINGS.of("R1"), "R1", "R2")


LONG = ("RADIOLOGIST 1 OF THE INDEPENDENT REVIEW, $10", "INDEPENDENT ASSESSOR, RADIOLOGIST 2")


class TestCaptions:
    """No text leaves the page of a figure of ours, nor lies on another, whoever reads."""

    @pytest.mark.parametrize("names", [("R1", "R2"), LONG, ("R1", LONG[1]), (LONG[0], "R2")])
    def test_of_readers(self, names: tuple[str, str]) -> None:
        design = attrs.evolve(DESIGN, readers=names, error="mrecist_tace_readers")
        of = simulate.trial(design, 150, seed=2)
        review = attrs.evolve(ALL_READERS, readers=names)
        readings = assess_readings(of.findings, of.lines, review=review)
        drawn = [
            plots.agreement(readings, of=each)
            for each in ("response", "best_response", "new_lesion")
        ]
        drawn += [plots.bland_altman(readings, *names, at=at) for at in ("baseline", 1, "change")]
        for axes in drawn:
            assert outside(axes.figure, 0.5) == []
            assert overlaps(axes.figure) == []
        title, (first, second) = drawn[0].get_title(), names
        if names == ("R1", "R2"):
            assert title == "R1 by R2"
            assert len(drawn[1].texts[-1].get_text().splitlines()) == 3
        for part, name in zip(title.split(" by "), (first, second), strict=True):
            whole = part.replace("\\$", "$")
            assert whole == name or (whole.endswith("…") and name.startswith(whole[:-1]))

    def test_of_criteria(self) -> None:
        """One word for all, so a table of one cell: its caption has room."""
        table = {"patient": ["a"] * 2, "date": [0, 56], "lesion": ["x"] * 2, "viable_mm": [20] * 2}
        one = mrecist.assess_cohort(table)
        axes = plots.agreement(one, one)
        assert outside(axes.figure, 0.5) == []
        assert axes.texts[-1].get_text() == "agreement 1 of 1 time points"

    @pytest.mark.parametrize("room", [0.5, 1.0, 2.0, 8.0])
    def test_both_clipped(self, room: float) -> None:
        """Two texts never take more than their room, and a short one is never cut for a long."""
        for one, other in ((LONG[0], LONG[1]), ("R1", LONG[1]), (LONG[0], "R2"), ("R1", "R2")):
            cut = both_clipped(one, other, room)
            assert sum(map(length_in, cut)) <= room
            for text, whole in zip(cut, (one, other), strict=True):
                if length_in(whole) <= room / 2:
                    assert text == plain(whole)

    def test_folded(self) -> None:
        """Parts are cut into rows only where they have no room; a part is never cut."""
        parts = ["agreement 3 of 4,", "kappa 0.12;", "5 left out"]
        assert folded(parts, 9) == " ".join(parts)
        assert folded(parts, length_in(" ".join(parts[:2]))) == f"{' '.join(parts[:2])}\n{parts[2]}"
        assert folded(parts, 0.1) == "\n".join(parts)


def test_tables() -> None:
    """Each table of readers is that of the readers one after the other."""
    for ours, one in (
        (plots.readers_waterfall_data, plots.waterfall_data),
        (plots.readers_spider_data, plots.spider_data),
    ):
        table = ours(READINGS)
        for reader in READINGS.readers:
            mine = table["reader"] == reader
            for name, column in one(READINGS.of(reader)).items():
                assert list(map(str, table[name][mine])) == list(map(str, column))
