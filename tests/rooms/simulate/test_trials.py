"""Simulated trials: closed forms, shares within their binomial error, and tables that are sound."""

from __future__ import annotations

import math
import tracemalloc
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mrecist
from mrecist.rulebook.papers import Citation
from mrecist.simulate import CHOICE, REFLECT_LIKE, Arm, Design, Trial, reflect_like, trial

NEVER = 1e12
"""So many days that nothing happens within a trial."""


def still(**how: Any) -> Design:
    """A design in which nothing grows, shrinks or ends, but what is asked for."""
    arm = {name: how.pop(name) for name in list(how) if name in attrs.fields_dict(Arm)}
    none: dict[str, Any] = {
        "kill_per_day": 0, "kill_log_sd": 0, "new_lesions_per_year": 0,
        "median_survival_days": NEVER,
    }  # fmt: skip
    calm: dict[str, Any] = {
        "error": None, "missed": 0, "lost_per_year": 0, "doubling_days": NEVER,
        "doubling_log_sd": 0, "lesion_log_sd": 0, "next_line": 0, "thrombus": 0, "jitter_days": 0,
        "survival_slope": 0, "lesions": (1,),
    }  # fmt: skip
    one = Arm(name="A", agents="sorafenib", **none | arm)
    return Design(name="still", arms=[one], **calm | how)


def near(share: float, count: int) -> Any:
    """A share as it comes out of so many patients: within five standard errors."""
    return pytest.approx(share, abs=5 * math.sqrt(share * (1 - share) / count))


def sizes(of: Trial, table: str = "truth", column: str = "viable_mm") -> dict[int, np.ndarray]:
    """By patient the sizes of the one nodule over the visits."""
    found = getattr(of, table)
    mine = found["lesion"] == "T1"
    patients = found["patient"][mine]
    return {each: found[column][mine][patients == each] for each in np.unique(patients).tolist()}


class TestGrowth:
    """Tumours follow the two published models."""

    @pytest.mark.parametrize("growth", ["claret", "stein"])
    def test_growth(self, growth: str) -> None:
        """Without treatment a volume doubles in the time that `truth` tells."""
        of = trial(still(growth=growth, doubling_days=167, doubling_log_sd=0.5), 20, seed=3)
        table = of.truth
        for patient, mm in sizes(of).items():
            mine = table["patient"] == patient
            day, doubling = table["date"][mine], table["doubling_days"][mine]
            volume = 2 ** (np.maximum(day, 0) / doubling)
            seen = mm < 400
            assert (mm / mm[0])[seen] ** 3 == pytest.approx(volume[seen])

    @pytest.mark.parametrize(("growth", "rate"), [("claret", 0.01), ("stein", 0.02)])
    def test_shrinking(self, growth: str, rate: float) -> None:
        """By Claret the effect wears off, by Stein it does not."""
        design = still(growth=growth, kill_per_day=rate, wears_off_per_day=0.02, seen_mm=0)
        of = trial(design, 5, seed=1)
        day = np.maximum(np.unique(of.truth["date"]), 0)
        day = np.unique(day)
        faded = rate / 0.02 * (1 - np.exp(-0.02 * day)) if growth == "claret" else rate * day
        for mm in sizes(of).values():
            assert mm / mm[0] == pytest.approx(np.exp(-faded), abs=1e-8)

    def test_growth_is_slowed(self) -> None:
        """A treatment may leave a share of the growth."""
        fast, slow = (
            sizes(trial(still(doubling_days=200, growth_share=share), 1, seed=1))[0]
            for share in (1, 0.5)
        )
        grown = (fast / fast[0])[: len(slow)]
        assert len(grown) > 2
        assert (slow / slow[0])[: len(grown)] ** 2 == pytest.approx(grown)

    def test_doubling_times(self) -> None:
        """A third doubles within three months, over a third takes more than nine (Nathani)."""
        of = trial(attrs.evolve(REFLECT_LIKE, lesions=(1,), thrombus=0), 4000, seed=2)
        first = np.unique(of.truth["patient"], return_index=True)[1]
        months = of.truth["doubling_days"][first] / 30.4375
        assert np.median(np.log(months)) == pytest.approx(math.log(5.5), abs=0.12)
        assert (months < 3).mean() == near(0.35, 4000)
        assert (months > 9).mean() == near(0.374, 4000)

    def test_whole(self) -> None:
        """Whole diameters hold the viable ones, and shrink less."""
        of = trial(still(kill_per_day=0.01, seen_mm=0), 50, seed=1)
        whole = sizes(of, column="longest_mm")
        for patient, viable in sizes(of).items():
            assert (whole[patient] >= viable).all()
            fell, whole_fell = viable[-1] / viable[0], whole[patient][-1] / whole[patient][0]
            assert whole_fell == pytest.approx(max(fell, 0.02) ** 0.78)

    def test_not_seen(self) -> None:
        """Where too little is left nothing viable is seen, and the whole is."""
        of = trial(still(kill_per_day=0.2), 5, seed=1)
        assert [mm[-1] for mm in sizes(of).values()] == [0] * 5
        assert (of.findings["longest_mm"] > 0).all()


class TestShares:
    """What a design says is what comes out, within the binomial error."""

    def test_missed(self) -> None:
        """Visits are missed, the first never."""
        of = trial(still(missed=0.2), 400, seed=1)
        assert len(of.truth["date"]) == len(of.markers["date"])
        share = (len(of.truth["date"]) - 400) / (400 * 13)
        assert share == near(0.8, 400 * 13)
        assert (of.truth["date"] <= 0).sum() == 400

    def test_death(self) -> None:
        """Half are dead by the median, and nobody is seen after."""
        of = trial(still(median_survival_days=300), 1000, seed=1)
        dead = of.lines["death"] <= 300
        assert dead.mean() == near(0.5, 1000)
        last = of.lines["last_contact"][of.truth["patient"]]
        assert (of.truth["date"] <= last).all()
        gone = ~np.isnan(of.lines["death"])
        assert (of.lines["death"][gone] == of.lines["last_contact"][gone]).all()

    def test_lost(self) -> None:
        """Loss is exponential."""
        of = trial(still(lost_per_year=0.5), 1000, seed=1)
        assert (of.lines["last_contact"] < 365).mean() == near(1 - math.exp(-0.5), 1000)
        assert np.isnan(of.lines["death"]).all()

    def test_new_lesions(self) -> None:
        """New nodules come with their hazard, their pattern and their place; that ends the line."""
        of = trial(still(new_lesions_per_year=1.0), 2000, seed=1)
        table = of.truth
        new = table["lesion"] == "N1"
        early = np.unique(table["patient"][new & (table["date"] <= 336)])
        assert len(early) / 2000 == near(1 - math.exp(-336 / 365.25), 2000)
        first = np.unique(table["patient"][new], return_index=True)[1]
        lung = table["organ"][new][first] == "lung"
        assert lung.mean() == near(0.3, len(first))
        pattern = table["pattern"][new][first][~lung]
        assert set(pattern.tolist()) == {"typical", "atypical"}
        assert (pattern == "typical").mean() == near(0.8, len(pattern))
        assert np.isnan(table["viable_mm"][new & (table["organ"] == "lung")]).all()
        responses = mrecist.assess_cohort(of.findings, of.lines)
        judged = set(responses.lines["patient"][responses.lines["best_response"] == "PD"].tolist())
        typical = table["patient"][new][first][lung | (table["pattern"][new][first] == "typical")]
        ended = of.lines["patient"][of.lines["end_reason"] == "progression"]
        assert set(typical.tolist()) == set(ended.tolist()) >= judged

    def test_next_lines(self) -> None:
        """Some go on, some of those to the first drug again, and no line begins after the last."""
        lines = reflect_like(4000, seed=4).lines
        number = np.bincount(lines["patient"])[lines["patient"]]
        assert set(number.tolist()) == {1, 2, 3}
        again = lines["agents"] == lines["arm"]
        starts = lines["start"] > 0
        third = number == 3
        assert (again & starts).sum() / (third.sum() / 3) == near(0.2, int(third.sum() / 3))
        assert (lines["start"] < lines["last_contact"]).all()
        ended = ~np.isnan(lines["stop"])
        assert (lines["stop"][ended] > lines["start"][ended]).all()
        assert (lines["end_reason"][ended] == "progression").all()
        assert (lines["end_reason"][~ended] == "").all()
        exposures = mrecist.assess_cohort(reflect_like(4000, seed=4).findings, lines).lines
        assert (exposures["exposure"] == "rechallenge").sum() == (again & starts).sum()

    def test_rechallenge_shrinks_less(self) -> None:
        """What is left of the effect is the share that the design says."""
        arm = Arm(
            name="A",
            agents="sorafenib",
            kill_per_day=0.002,
            kill_log_sd=0,
            wears_off_per_day=1e-6,
            new_lesions_per_year=2,
            median_survival_days=NEVER,
        )
        idle = attrs.evolve(arm, name="B", agents="regorafenib", kill_per_day=0)
        design = attrs.evolve(
            still(new_mm=12, seen_mm=0),
            arms=[arm],
            next_lines=[idle, idle],
            next_line=1,
            rechallenge=1,
            outside=0,
            typical=1,
        )
        of = trial(design, 40, seed=1)
        table, seen = of.truth, 0
        for patient in range(40):
            mine = (table["patient"] == patient) & (table["lesion"] == "T1")
            for line, share in ((1, 1), (2, 0), (3, 0.5)):
                day, mm = table["date"][mine], np.log(table["viable_mm"][mine])
                within = np.flatnonzero((table["line"][mine] == line) & (day > 0))[1:]
                if len(within) > 1:
                    slope = (mm[within[-1]] - mm[within[0]]) / (day[within[-1]] - day[within[0]])
                    assert slope == pytest.approx(-0.002 * share, rel=0.01, abs=1e-9)
                    seen += line == 3
        assert seen > 3

    def test_thrombus(self) -> None:
        """Some have tumour in the portal vein, a lesion without a size."""
        of = trial(still(thrombus=0.4), 500, seed=1)
        vein = of.findings["lesion"] == "PV"
        assert len(np.unique(of.findings["patient"][vein])) / 500 == near(0.4, 500)
        assert set(of.findings["kind"][vein].tolist()) == {"thrombus"}
        assert np.isnan(of.findings["longest_mm"][vein]).all()

    def test_lesions(self) -> None:
        """How many nodules patients have."""
        of = trial(still(lesions=(0.2, 0.5, 0.3)), 1000, seed=1)
        base = of.truth["date"] <= 0
        count = np.bincount(np.bincount(of.truth["patient"][base]), minlength=4)[1:] / 1000
        assert count.tolist() == [near(share, 1000) for share in (0.2, 0.5, 0.3)]

    def test_calendar(self) -> None:
        """Visits are on their days, give or take a few; arms take turns."""
        of = trial(attrs.evolve(still(jitter_days=3), arms=REFLECT_LIKE.arms, missed=0), 50, seed=1)
        off = of.markers["date"] - 56 * np.round(of.markers["date"] / 56)
        later = of.markers["date"] > 0
        assert set(off[later].tolist()) == set(range(-3, 4))
        assert set((-of.markers["date"][~later]).tolist()) <= set(range(15))
        assert of.lines["arm"][of.lines["start"] == 0].tolist() == ["lenvatinib", "sorafenib"] * 25


class TestMarkers:
    """AFP goes with the tumour."""

    def test_power(self) -> None:
        """Without noise AFP follows the sum of diameters by its power."""
        design = still(doubling_days=900, afp_noise=0, afp_log_sd=0.5, lesions=(0, 1))
        of = trial(design, 20, seed=1)
        for patient in range(20):
            mine = of.markers["patient"] == patient
            value, day = of.markers["value"][mine], of.markers["date"][mine]
            grown = 2 ** (np.maximum(day, 0) / 2700)
            assert value / value[0] == pytest.approx(grown**2, rel=0.05)
        changes = mrecist.marker_changes(of.markers, of.lines)
        assert (changes.reference_row >= 0).all()


class TestReaders:
    """Readers err as the error model says, each for himself, and leave the truth as it is."""

    def test_without_error(self) -> None:
        """A reader without error records the truth to 0.1 mm."""
        of = trial(attrs.evolve(REFLECT_LIKE, error=None), 200, seed=1)
        for name in of.findings:
            if name.endswith("_mm"):
                assert of.findings[name] == pytest.approx(of.truth[name], abs=0.0501, nan_ok=True)
            else:
                assert (of.findings[name] == of.truth[name]).all()

    @pytest.mark.parametrize(
        "error", [{"log_sd": 0.1}, {"t_scale": 0.1}, {"log_sd": {10: 0.1, 20: 0.1}}]
    )
    def test_error(self, error: dict[str, Any]) -> None:
        """Logarithms of the ratios of two readers are spread by the root of two."""
        model = mrecist.ReaderVariability(name="test", figure="none", **error)
        of = trial(still(error=model, readers=["A", "B"]), 3000, seed=1)
        table = of.findings
        base = table["date"] <= 0
        one, two = (np.log(table["viable_mm"][base & (table["reader"] == r)]) for r in "AB")
        apart = (one - two) / (0.1 * math.sqrt(2))
        median = {"log_sd": 0.6745, "t_scale": 0.7649}["log_sd" if "log_sd" in error else "t_scale"]
        assert np.median(np.abs(apart)) == pytest.approx(median, rel=0.06)
        ratio = table["longest_mm"] / table["viable_mm"]
        true = np.concatenate([of.truth["longest_mm"] / of.truth["viable_mm"]] * 2)
        assert np.sort(ratio) == pytest.approx(np.sort(true), rel=0.03)

    def test_later(self) -> None:
        """The error after the first visit may be another one."""
        model = mrecist.ReaderVariability(name="x", figure="y", t_scale=0, later_t_scale=0.3)
        of = trial(still(error=model), 50, seed=1)
        base = of.truth["date"] <= 0
        off = np.abs(np.log(of.findings["viable_mm"] / of.truth["viable_mm"]))
        assert off[base].max() < 0.01 < 0.1 < np.median(off[~base])

    def test_flips(self) -> None:
        """What is gone is now and then read as something, about half of what it was."""
        model = mrecist.ReaderVariability(name="x", figure="y", t_scale=0, flip=0.27)
        of = trial(
            still(
                error=model, kill_per_day=0.2, viable_share=0.1, lesions=(0, 1), whole_power=0.01
            ),
            500,
            seed=1,
        )
        gone, read = of.truth["viable_mm"] == 0, of.findings["viable_mm"]
        assert (read[gone] > 0).mean() == near(0.27, int(gone.sum()))
        assert ((read > 0) == (of.truth["viable_mm"] > 0))[~gone].all()
        keys = {
            (p, v): mm
            for p, v, d, mm in zip(
                of.truth["patient"].tolist(),
                of.truth["lesion"].tolist(),
                of.truth["date"].tolist(),
                of.truth["viable_mm"].tolist(),
                strict=True,
            )
            if d <= 0
        }
        share = [
            mm / keys[p, v]
            for p, v, mm, g in zip(
                of.truth["patient"].tolist(),
                of.truth["lesion"].tolist(),
                read.tolist(),
                gone.tolist(),
                strict=True,
            )
            if g and mm > 0
        ]
        assert np.quantile(share, [0.25, 0.75]) == pytest.approx([0.39, 0.74], rel=0.1)

    def test_only_nodes(self) -> None:
        """An error of nodes alone leaves nodules as they are."""
        of = trial(still(error="node_short_axis"), 20, seed=1)
        assert of.findings["viable_mm"] == pytest.approx(of.truth["viable_mm"], abs=0.0501)

    def test_same_tumours(self) -> None:
        """Whoever reads, the tumours are the same."""
        truths = [
            trial(still(error=error, new_lesions_per_year=0), 50, seed=1).truth
            for error in (None, "mrecist_nonexpert")
        ]
        base = truths[0]["date"] <= 0
        assert (
            truths[0]["viable_mm"][base] == truths[1]["viable_mm"][truths[1]["date"] <= 0]
        ).all()

    def test_several(self) -> None:
        """Tables of two readers go into `assess_readings`, and the error is found again."""
        model = mrecist.ReaderVariability(name="x", figure="y", t_scale=0.12)
        design = attrs.evolve(REFLECT_LIKE, readers=["R1", "R2"], error=model, lesions=(1,))
        of = trial(design, 600, seed=1)
        readings = mrecist.assess_readings(of.findings, of.lines, review=mrecist.ALL_READERS)
        assert readings.readers == ("R1", "R2")
        fitted = mrecist.ReaderVariability.fitted(readings)
        assert fitted.t_scale == pytest.approx(0.12, rel=0.15)


def rows_of(table: dict[str, np.ndarray]) -> list[tuple[Any, ...]]:
    """A table row by row, as text: NaN equals NaN."""
    return list(zip(*(map(repr, column.tolist()) for column in table.values()), strict=True))


TABLES = ("findings", "lines", "markers", "truth")


class TestSeeds:
    """A seed and the number of a patient make a course, whatever else there is."""

    @given(st.integers(0, 2**64), st.integers(0, 10**6), st.integers(1, 40), st.integers(0, 30))
    @settings(max_examples=settings().max_examples // 3)
    def test_any_size(self, seed: int, first: int, patients: int, more: int) -> None:
        """Some patients of a larger trial are those patients alone."""
        whole = reflect_like(patients + more, seed=seed, first=first)
        some = reflect_like(patients, seed=seed, first=first + more)
        for name in TABLES:
            table, mine = getattr(whole, name), getattr(some, name)
            kept = table["patient"] >= first + more
            assert rows_of({key: each[kept] for key, each in table.items()}) == rows_of(mine)

    @pytest.mark.parametrize("size", [1, 7, 40, 100])
    def test_chunks(self, size: int) -> None:
        """Chunks one after the other are the whole."""
        whole = reflect_like(40, seed=5, first=3)
        parts = list(whole.chunks(size))
        assert sum(part.patients for part in parts) == 40
        for name in TABLES:
            rows = [row for part in parts for row in rows_of(getattr(part, name))]
            assert rows == rows_of(getattr(whole, name))

    def test_seeds_differ(self) -> None:
        """Another seed, other patients; patients of one seed differ too."""
        one, other = (reflect_like(50, seed=seed).truth["viable_mm"] for seed in (1, 2))
        assert not set(one.tolist()) & set(other.tolist()) - {0.0, *one[np.isnan(one)].tolist()}

    def test_memory(self) -> None:
        """Chunks take the memory of one chunk, and a trial nothing before it is asked."""
        peaks = []
        for patients in (200, 1000):
            tracemalloc.start()
            for part in reflect_like(patients, seed=1).chunks(100):
                assert len(part.findings["patient"]) > 100
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
        assert peaks[1] < 1.3 * peaks[0]
        tracemalloc.start()
        reflect_like(10**9, seed=1).chunks(10)
        assert tracemalloc.get_traced_memory()[1] < 100_000
        tracemalloc.stop()

    def test_repr(self) -> None:
        assert repr(reflect_like(5, seed=2)) == "<Trial reflect-like: patients 0 to 4, seed 2>"


designs = st.builds(
    attrs.evolve,
    st.just(REFLECT_LIKE),
    readers=st.sampled_from([("R1",), ("R1", "R2"), ("A", "B", "C")]),
    error=st.sampled_from([None, "independent_recist", "repeat_scan_heavy", "mrecist_nonexpert"]),
    growth=st.sampled_from(["claret", "stein"]),
    every_days=st.integers(41, 120),
    jitter_days=st.integers(0, 6),
    follow_up_days=st.integers(14, 800),
    missed=st.floats(0, 1),
    lost_per_year=st.floats(0, 10),
    next_line=st.floats(0, 1),
    gap_days=st.integers(1, 28),
    rechallenge=st.floats(0, 1),
    lesions=st.sampled_from([(1,), (0, 0, 1), (0.5, 0.5), (0.2, 0.2, 0.2, 0.2, 0.2)]),
    doubling_days=st.floats(1, 1000),
    seen_mm=st.floats(0, 10),
    outside=st.floats(0, 1),
    next_lines=st.sampled_from([(), REFLECT_LIKE.next_lines, REFLECT_LIKE.next_lines * 2]),
)


class TestSound:
    """Whatever the design, the tables are sound."""

    @given(designs, st.integers(0, 10**6))
    @settings(max_examples=settings().max_examples // 2)
    def test_judged(self, design: Design, seed: int) -> None:
        """Every patient is judged, without a mistake."""
        of = trial(design, 12, seed=seed)
        if len(design.readers) > 1:
            found = mrecist.assess_readings(of.findings, of.lines, review=mrecist.ALL_READERS)
            assert len(found.errors["patient"]) == 0
        else:
            responses = mrecist.assess_cohort(of.findings, of.lines)
            assert sorted(set(responses.lines["patient"].tolist())) == list(range(12))
        truth = {n: c for n, c in of.truth.items() if n not in ("line", "doubling_days")}
        assert len(mrecist.assess_cohort(truth, of.lines).errors["patient"]) == 0

    @pytest.mark.parametrize("value", [REFLECT_LIKE, *REFLECT_LIKE.arms])
    def test_sources(self, value: Any) -> None:
        """Every default has a source, or is marked as a choice, and is printed with it."""
        told = str(REFLECT_LIKE)
        for field in attrs.fields(type(value)):
            if field.name not in ("name", "agents", "arms", "next_lines"):
                source = field.metadata["source"]
                assert source == CHOICE or isinstance(source, Citation)
                assert f"    {field.name} " in told
                assert field.metadata["says"] in told

    @pytest.mark.parametrize(
        ("how", "told"),
        [
            ({"missed": 1.2}, "design x: missed must be a number from 0 to 1, got 1.2"),
            ({"every_days": 1.5}, "every_days must be a whole number from 14, got 1.5"),
            ({"missed": True, "new_mm": "a"}, "missed .* got True; design x: new_mm must be"),
            ({"doubling_days": math.inf}, "doubling_days must be a number from 1, got inf"),
            ({"readers": []}, "readers must be there, each once, got"),
            ({"arms": []}, "arms must hold 1 Arm or more, got"),
            ({"arms": ["A"]}, "arms must hold 1 Arm or more, got"),
            ({"arms": [REFLECT_LIKE.arms[0]] * 2}, "names of arms must be there, each once, got"),
            ({"lesions": (0.5, 0.2)}, "lesions must be shares of patients that add to 1, got"),
            ({"every_days": 30, "gap_days": 24}, "gap_days must be below every_days less twice"),
            ({"growth": "gompertz"}, "growth must be claret or stein, got 'gompertz'"),
            ({"error": "nobody"}, "error must be one of"),
            ({"error": "mrecist_tace_additive"}, "error must be one of single diameters, got mrec"),
        ],
    )
    def test_refused(self, how: dict[str, Any], told: str) -> None:
        """A design that cannot be, with every mistake of it."""
        with pytest.raises(ValueError, match=told):
            Design(**{"name": "x", "arms": REFLECT_LIKE.arms} | how)

    def test_arm_refused(self) -> None:
        with pytest.raises(ValueError, match="arm A: kill_per_day must be a number from 0 to 1, g"):
            Arm(name="A", agents="sorafenib", kill_per_day=-1)

    @pytest.mark.parametrize(
        ("how", "told"),
        [
            ({"design": "reflect"}, "design must be a Design, got 'reflect'"),
            ({"patients": 0}, "patients must be a whole number from 1, got 0"),
            ({"seed": -1}, "seed must be a whole number from 0, got -1"),
            ({"first": 0.5}, "first must be a whole number from 0, got 0.5"),
        ],
    )
    def test_trial_refused(self, how: dict[str, Any], told: str) -> None:
        with pytest.raises(ValueError, match=told):
            trial(**{"design": REFLECT_LIKE, "patients": 5, "seed": 1} | how)
        with pytest.raises(ValueError, match="size must be a whole number from 1, got 0"):
            next(reflect_like(5, seed=1).chunks(0))


class TestReflect:
    """`reflect_like` is like REFLECT: 24.1 and 9.2 % respond, for 7.4 and 3.7 months."""

    def test_acceptance(self) -> None:
        """Response rates within 3 points, median progression-free survival within 0.7 months."""
        of = reflect_like(20_000, seed=2018)
        responses = mrecist.assess_cohort(of.findings, of.lines)
        first = responses.lines["line"] == 1
        arm = of.lines["arm"][of.lines["start"] == 0]
        best = responses.lines["best_response"][first]
        times = responses.endpoints("fda-a").table
        for name, rate, months in (("lenvatinib", 0.241, 7.4), ("sorafenib", 0.092, 3.7)):
            mine = arm == name
            assert np.isin(best[mine], ["CR", "PR"]).mean() == pytest.approx(rate, abs=0.03)
            days = np.array(times["pfs_days"][first][mine], float)
            event = np.array(times["pfs_event"][first][mine], bool)
            median = mrecist.kaplan_meier(days, event).median_days
            assert median is not None
            assert median / 30.4375 == pytest.approx(months, abs=0.7)

    def test_by_arm(self) -> None:
        """The column `arm` is one to group by."""
        of = reflect_like(400, seed=1)
        responses = mrecist.assess_cohort(of.findings, of.lines, keep=["arm"])
        rates = responses.rates(by="arm", line=1, level=None)
        assert rates["arm"].tolist() == ["lenvatinib", "sorafenib"]
        assert rates["lines"].tolist() == [200, 200]
        medians = responses.endpoints().medians("pfs", by="arm", line=1)["median_days"]
        assert medians[0] > medians[1]
