"""Seeded synthetic cohorts: the same facts as an analyst's tables and as findings and lines.

    python tests/benchmarks/cohort_data.py FOLDER [PATIENTS]

writes `cohort(PATIENTS)` to FOLDER as Parquet. `cohort` has two layouts of one truth, for which
hand-written RECIST 1.1 scripts and the specification must come to equal counts; `full` has the
whole semantics in play and no peer; `arrays` is grouped integers without any text.

So that both can agree on `cohort`: a new lesion, once seen, stays `Y` in `vis` to the end; every
target is measured at baseline, and named in the lines table; sizes are whole millimetres, exact in
floats; a time point is never without findings; there is a follow-up in every line. A lesion that
is back after a complete response is left in: the peers know that it is progression.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import polars as pl

__all__ = ["SEED", "VISITS", "Cohort", "Full", "arrays", "cohort", "full"]

Ints: TypeAlias = "np.ndarray[Any, np.dtype[np.integer[Any]]]"
Floats: TypeAlias = "np.ndarray[Any, np.dtype[np.floating[Any]]]"
Flags: TypeAlias = "np.ndarray[Any, np.dtype[np.bool_]]"

SEED = 20100210
VISITS, TARGETS = 8, 4
EPOCH = np.datetime64("2020-01-01")


class Cohort(NamedTuple):
    """One truth, twice: `tr`, `vis` and `adsl` as an analyst has them; `findings` and `lines`."""

    tr: pl.DataFrame
    vis: pl.DataFrame
    adsl: pl.DataFrame
    findings: pl.DataFrame
    lines: pl.DataFrame


class Full(NamedTuple):
    """Findings and lines only."""

    findings: pl.DataFrame
    lines: pl.DataFrame


# ---- the truth: arrays of patients x visits x targets


class _Truth(NamedTuple):
    """`size` is NaN where a target was not evaluable; `other` is the non-target's state or ''."""

    ids: pl.Series
    start: Any
    date: Any
    nodal: Flags
    size: Floats
    other: Any
    new: Flags


def _course(rng: np.random.Generator, patients: int) -> tuple[Ints, Floats]:
    """A class for each patient (0 complete responder ... 3 progressor) and its share of baseline.

    Responders shrink towards a rest and may grow again from some visit on.
    """
    visit = np.arange(VISITS)
    kind = rng.choice(4, patients, p=[0.10, 0.25, 0.35, 0.30])
    rest = np.array([0.0, 0.45, 0.9, 1.0])[kind][:, None]
    share = rest + (1 - rest) * np.exp(-visit)
    share[kind == 3] = 1 + 0.09 * visit
    turn = rng.integers(3, 9, (patients, 1))
    again = rng.random((patients, 1)) < np.where(kind == 0, 0.4, 0.7)[:, None]
    grows = again & (kind != 3)[:, None]
    share += 0.18 * np.clip(visit - turn, 0, None) * grows
    return kind, share


def _sizes(rng: np.random.Generator, nodal: Flags, share: Floats, cleared: Flags) -> Floats:
    """Whole millimetres; NaN for 1.2 % of lesion-visits and all of 1 % of visits, never before."""
    patients = len(nodal)
    shape = (patients, VISITS, TARGETS)
    first = np.where(
        nodal, rng.integers(15, 41, nodal.shape), rng.integers(10, 81, nodal.shape)
    ).astype(float)
    size = first[:, None, :] * share[:, :, None] * rng.normal(1, 0.04, shape)
    size[:, 0] = first
    left = np.where(nodal[:, None, :], rng.integers(4, 10, shape), 0)
    size = np.where(cleared[:, :, None], left, np.round(size))
    missing = (rng.random(shape) < 0.012) | (rng.random((patients, VISITS, 1)) < 0.01)
    missing[:, 0] = False
    return np.where(missing, np.nan, size)


def _other(rng: np.random.Generator, cleared: Flags) -> Any:
    """The state of the non-target lesion that 60 % of patients have; there at baseline."""
    shape = cleared.shape
    state = np.where(rng.random(shape) < 0.02, "not evaluable", "present")
    state = np.where(cleared, "absent", state)
    state = np.where(rng.random(shape) < 0.015, "progressed", state)
    state[:, 0] = "present"
    return np.where(rng.random((shape[0], 1)) < 0.6, state, "")


def _truth(patients: int, seed: int) -> _Truth:
    rng = np.random.default_rng(seed)
    start = rng.integers(0, 700, patients)
    nodal = rng.random((patients, TARGETS)) < 0.25
    nodal[:, 0] = False
    kind, share = _course(rng, patients)
    cleared = (kind == 0)[:, None] & (share < 0.12)
    size = _sizes(rng, nodal, share, cleared)
    new = rng.random((patients, VISITS)) < 0.02
    new[:, 0] = False
    date = start[:, None] + 42 * np.arange(VISITS) + rng.integers(-3, 4, (patients, VISITS))
    date[:, 0] = start - 7
    ids = _ids("S", patients)
    other = _other(rng, cleared)
    return _Truth(ids, _dates(start), _dates(date), nodal, size, other, new)


def _ids(letter: str, patients: int) -> pl.Series:
    number = pl.int_range(patients).cast(pl.String).str.zfill(7)
    return pl.select(patient=pl.format(letter + "-{}", number)).to_series()


def _dates(days: Ints) -> Any:
    return EPOCH + days.astype("timedelta64[D]")


def _words(words: list[str | None], index: Any) -> pl.Series:
    """The words at these places, as text."""
    return pl.Series(words, dtype=pl.String).gather(np.asarray(index, dtype=np.uint32).ravel())


def _arranged(frame: pl.DataFrame, keys: list[str] | None, rng: np.random.Generator) -> Any:
    """Sorted by the keys, or shuffled without."""
    if keys is not None:
        return frame.sort(keys, maintain_order=True)
    return frame[rng.permutation(len(frame))]


# ---- the analyst's layout


def _tr(truth: _Truth) -> pl.DataFrame:
    """One row a target and visit, one measurement each."""
    patients = len(truth.ids)
    rows = patients * VISITS * TARGETS
    node = np.broadcast_to(truth.nodal[:, None, :], truth.size.shape)
    return pl.DataFrame(
        {
            "USUBJID": truth.ids.gather(np.arange(rows) // (VISITS * TARGETS)),
            "VISITNUM": (np.arange(rows) // TARGETS % VISITS).astype(np.int32),
            "ADT": np.repeat(truth.date.ravel(), TARGETS),
            "TRLNKID": _words(["T01", "T02", "T03", "T04"], np.arange(rows) % TARGETS),
            "TRTESTCD": _words(["LDIAM", "LPERP"], node),
            "TULOC": _words(["LUNG", "LYMPH NODE"], node),
            "TRSTRESN": pl.Series(truth.size.ravel()).fill_nan(None),
        }
    )


_NTRGRESP = {
    "": "",
    "absent": "CR",
    "present": "NON-CR/NON-PD",
    "not evaluable": "NE",
    "progressed": "PD",
}


def _vis(truth: _Truth) -> pl.DataFrame:
    """One row a follow-up; a new lesion stays one."""
    patients = len(truth.ids)
    state, place = np.unique(truth.other[:, 1:], return_inverse=True)
    later = VISITS - 1
    return pl.DataFrame(
        {
            "USUBJID": truth.ids.gather(np.arange(patients * later) // later),
            "VISITNUM": np.tile(np.arange(1, VISITS, dtype=np.int32), patients),
            "ADT": truth.date[:, 1:].ravel(),
            "NTRGRESP": _words([_NTRGRESP[word] for word in state], place),
            "NEWL": _words(["N", "Y"], np.logical_or.accumulate(truth.new, axis=1)[:, 1:]),
        }
    )


# ---- the layout of the documents


def _target_findings(truth: _Truth) -> pl.DataFrame:
    shape = truth.size.shape
    rows = truth.size.size
    node = np.broadcast_to(truth.nodal[:, None, :], shape).ravel()
    size = truth.size.ravel()
    seen = ~np.isnan(size) & (size > 0)
    status = np.where(np.isnan(size), 2, np.where(seen, 0, 1))
    return pl.DataFrame(
        {
            "patient": truth.ids.gather(np.arange(rows) // (VISITS * TARGETS)),
            "date": np.repeat(truth.date.ravel(), TARGETS),
            "lesion": _words(["T01", "T02", "T03", "T04"], np.arange(rows) % TARGETS),
            "organ": _words(["lung", "lymph node"], node),
            "kind": _words(["nodule", "node"], node),
            "status": _words(["measured", "absent", "not evaluable"], status),
            "longest_mm": pl.Series(np.where(seen & ~node, size, np.nan)).fill_nan(None),
            "short_axis_mm": pl.Series(np.where(seen & node, size, np.nan)).fill_nan(None),
        }
    )


def _unmeasured(truth: _Truth, where: Flags, lesion: pl.Series, status: Any) -> pl.DataFrame:
    """One row for each place in patients x visits: a lesion elsewhere, without a size."""
    patient, visit = np.nonzero(where)
    size = pl.Series([None], dtype=pl.Float64).new_from_index(0, len(patient))
    return pl.DataFrame(
        {
            "patient": truth.ids.gather(patient),
            "date": truth.date[patient, visit],
            "lesion": lesion.gather(visit),
            "organ": _words(["bone"], np.zeros(len(patient))),
            "kind": _words(["other"], np.zeros(len(patient))),
            "status": pl.Series(status[where].astype(object), dtype=pl.String),
            "longest_mm": size,
            "short_axis_mm": size,
        }
    )


def _findings(truth: _Truth) -> pl.DataFrame:
    """Targets, the non-target, and a lesion of its own for every visit that shows a new one."""
    nontarget = pl.Series(["NT"]).new_from_index(0, VISITS)
    new = pl.Series([f"NEW{visit}" for visit in range(VISITS)])
    present = np.broadcast_to(np.array("present"), truth.new.shape)
    frames = [
        _target_findings(truth),
        _unmeasured(truth, truth.other != "", nontarget, truth.other),
        _unmeasured(truth, truth.new, new, present),
    ]
    return pl.concat(frames).rechunk()


def _lines(truth: _Truth) -> pl.DataFrame:
    ids = len(truth.ids)
    return pl.DataFrame(
        {
            "patient": truth.ids,
            "start": truth.start,
            "agents": _words(["lenvatinib"], np.zeros(ids)),
            "targets": _words(["T01;T02;T03;T04"], np.zeros(ids)),
            "nontargets": _words([None, "NT"], truth.other[:, 0] != ""),
        }
    )


def cohort(patients: int, *, grouped: bool = False, seed: int = SEED) -> Cohort:
    """8 visits x 4 targets a patient, about 37 findings; rows shuffled unless grouped."""
    truth = _truth(patients, seed)
    rng = np.random.default_rng([seed, 1])
    return Cohort(
        _arranged(_tr(truth), ["USUBJID", "VISITNUM"] if grouped else None, rng),
        _vis(truth),
        pl.DataFrame({"USUBJID": truth.ids, "RANDDT": truth.start}),
        _arranged(_findings(truth), ["patient", "date"] if grouped else None, rng),
        _lines(truth),
    )


# ---- the whole semantics

FULL_VISITS = 9
_AGENTS: list[str | None] = ["lenvatinib", "sorafenib", "atezolizumab+bevacizumab", "regorafenib"]


class _Chart(NamedTuple):
    """What the findings of one lesion need to know, each an array of patients x visits."""

    rng: np.random.Generator
    share: Floats
    unseen: Flags
    bare: Flags


def _lesion(chart: _Chart, name: str, organ: str, kind: str, has: Flags, **more: Any) -> Any:
    """One lesion of the patients that have it: a column an entry, a row a patient and visit."""
    shape = chart.share.shape
    has = np.broadcast_to(has if has.ndim == 2 else has[:, None], shape) & ~chart.bare
    patient, visit = np.nonzero(has)
    columns: dict[str, Any] = {"patient": patient, "visit": visit}
    for column, value in more.items():
        taken = np.broadcast_to(value if np.ndim(value) != 1 else value[:, None], shape)[has]
        if column.endswith("_mm"):
            columns[column] = pl.Series(taken).fill_nan(None)
        else:
            columns[column] = pl.Series(taken) if taken.dtype == bool else _text(taken)
    frame = pl.DataFrame(columns)
    return frame.with_columns(lesion=pl.lit(name), organ=pl.lit(organ), kind=pl.lit(kind))


def _text(values: Any) -> pl.Series:
    """Text, null where it is empty."""
    words, place = np.unique(values, return_inverse=True)
    return _words([str(word) or None for word in words], place)


def _measured(chart: _Chart, least: int, most: int) -> tuple[Floats, Any]:
    """Sizes to a tenth of a millimetre, NaN where the status says it all, and that status."""
    first = chart.rng.uniform(least, most, (len(chart.share), 1))
    noise = chart.rng.normal(1, 0.05, chart.share.shape)
    size = np.round(first * chart.share * noise, 1)
    status = np.where(size < 1, "absent", np.where(size < 5, "too small", ""))
    status = np.where(chart.unseen, "not evaluable", status)
    return np.where(status == "", size, np.nan), status


def _liver_nodules(chart: _Chart, patients: int) -> list[pl.DataFrame]:
    """S8 everywhere; S4 sometimes without arterial enhancement, sometimes treated."""
    rng = chart.rng
    everyone = np.ones(patients, bool)
    frames = []
    for name, plain, treated in (("S8", 0.02, 0.02), ("S4", 0.15, 0.10)):
        viable, status = _measured(chart, 18, 60)
        longest = np.round(viable * rng.uniform(1, 1.4, viable.shape), 1)
        unsized = rng.random(viable.shape) < 0.03
        more = {
            "enhancement": np.where(rng.random(patients) < plain, "none", "arterial"),
            "treated": rng.random(patients) < treated,
            "status": status,
            "viable_mm": np.where(unsized, np.nan, viable),
            "longest_mm": longest,
        }
        frames.append(_lesion(chart, name, "liver", "nodule", everyone, **more))
    return frames


def _elsewhere(chart: _Chart, patients: int) -> list[pl.DataFrame]:
    """A lung nodule in 40 %, a node in 60 %, in one of three of these at the porta hepatis."""
    rng = chart.rng
    lung, lung_status = _measured(chart, 10, 40)
    axis, axis_status = _measured(chart, 12, 35)
    has_lung, has_node, hilar = (rng.random(patients) < share for share in (0.4, 0.6, 0.33))
    node = {"hilar": hilar, "status": axis_status, "short_axis_mm": axis}
    return [
        _lesion(chart, "L1", "lung", "nodule", has_lung, status=lung_status, longest_mm=lung),
        _lesion(chart, "N1", "lymph node", "node", has_node, **node),
    ]


def _nontargets(chart: _Chart, patients: int) -> list[pl.DataFrame]:
    """Tumour in the portal vein, infiltrative tumour, ascites with cytology."""
    rng, shape = chart.rng, chart.share.shape
    chosen = (("PV", "portal vein", "thrombus", 0.35), ("INF", "liver", "infiltrative", 0.15))
    frames = []
    for name, organ, kind, how_many in chosen:
        status = np.where(rng.random(shape) < 0.02, "progressed", "present")
        status = np.where(chart.share < 0.12, "absent", status)
        status = np.where(rng.random(shape) < 0.03, "not evaluable", status)
        has = rng.random(patients) < how_many
        frames.append(_lesion(chart, name, organ, kind, has, status=status))
    ascites = {
        "status": rng.choice(["present", "progressed", "absent"], shape, p=[0.88, 0.06, 0.06]),
        "cytology": rng.choice(["positive", "negative", "not done"], shape, p=[0.1, 0.2, 0.7]),
    }
    has = rng.random(patients) < 0.25
    return [*frames, _lesion(chart, "ASC", "peritoneum", "effusion", has, **ascites)]


def _new_nodules(chart: _Chart, patients: int) -> pl.DataFrame:
    """A liver nodule that comes later in 30 %: small, growing, of some pattern, rarely biopsied."""
    rng, shape = chart.rng, chart.share.shape
    since = np.arange(FULL_VISITS) - rng.integers(1, FULL_VISITS, (patients, 1))
    has = (since >= 0) & (rng.random((patients, 1)) < 0.3)
    growth = rng.choice([0.0, 1.5, 4.0], (patients, 1)) * np.clip(since, 0, None)
    longest = np.round(rng.uniform(6, 13, (patients, 1)) + growth, 1)
    more = {
        "viable_mm": np.round(longest * rng.uniform(0.7, 1, shape), 1),
        "longest_mm": longest,
        "pattern": rng.choice(["typical", "atypical", "unknown"], shape, p=[0.3, 0.3, 0.4]),
        "biopsy": rng.choice(["positive", "negative", "not done"], shape, p=[0.02, 0.03, 0.95]),
        "equivocal": rng.random(shape) < 0.1,
    }
    return _lesion(chart, "NEW", "liver", "nodule", has, **more)


def _full_lines(rng: np.random.Generator, ids: pl.Series, date: Ints) -> pl.DataFrame:
    """Two lines, a third for half; each stops three days before the next; a fifth name targets."""
    patients = len(ids)
    starts = np.column_stack([date[:, 0] + 7, date[:, 3] + 5, date[:, 6] + 5])
    there = np.column_stack([np.ones((patients, 2), bool), rng.random(patients) < 0.5])
    goes_on = np.column_stack([there[:, 1:], np.zeros(patients, bool)])
    after = np.column_stack([starts[:, 1:] - 3, starts[:, -1]])
    patient, number = np.nonzero(there)
    stop = np.where(goes_on, _dates(after), np.datetime64("NaT", "D"))
    reasons: list[str | None] = [None, "progression", "toxicity", "choice"]
    reason = np.where(goes_on, rng.integers(0, 4, there.shape), 0)
    return pl.DataFrame(
        {
            "patient": ids.gather(patient),
            "start": _dates(starts)[patient, number],
            "stop": pl.Series(stop[patient, number]).cast(pl.Date),
            "end_reason": _words(reasons, reason[patient, number]),
            "agents": _words(_AGENTS, rng.integers(0, len(_AGENTS), len(patient))),
            "targets": _words([None, "S8;S4"], rng.random(len(patient)) < 0.2),
        }
    )


def _full_timepoints(rng: np.random.Generator, ids: pl.Series, date: Ints) -> pl.DataFrame:
    """What describes a time point: 5 % lack the arterial phase, 20 % have a reader's verdict."""
    shape = date.shape
    patient, visit = np.indices(shape)
    verdicts = ["", "CR", "PR", "SD", "NON-CR/NON-PD", "PD", "NE"]
    reported = rng.choice(verdicts, shape, p=[0.8, 0.01, 0.05, 0.06, 0.03, 0.04, 0.01])
    return pl.DataFrame(
        {
            "patient": patient.ravel(),
            "visit": visit.ravel(),
            "id": ids.gather(patient.ravel()),
            "date": _dates(date).ravel(),
            "arterial_phase": (rng.random(shape) >= 0.05).ravel(),
            "reported": _text(reported.ravel()),
        }
    )


def full(patients: int, *, grouped: bool = False, seed: int = SEED) -> Full:
    """The whole semantics: about 35 findings a patient, 9 visits, 2 or 3 lines.

    Viable size of liver nodules, thrombi, infiltrative tumour, porta hepatis nodes, new nodules
    with a pattern or a biopsy, ascites with cytology, reported verdicts, scans without arterial
    phase or without a finding.
    """
    rng = np.random.default_rng([seed, 2])
    ids = _ids("P", patients)
    shape = (patients, FULL_VISITS)
    kind, share = _course(rng, patients)
    share = np.column_stack([share, share[:, -1] * np.where(kind == 3, 1.08, 1.0)])
    start = rng.integers(0, 700, (patients, 1))
    date = start + 42 * np.arange(FULL_VISITS) + rng.integers(-3, 4, shape)
    bare = (rng.random(shape) < 0.01) & (np.arange(FULL_VISITS) > 0)
    chart = _Chart(rng, share, rng.random(shape) < 0.02, bare)
    frames = [
        *_liver_nodules(chart, patients),
        *_elsewhere(chart, patients),
        *_nontargets(chart, patients),
        _new_nodules(chart, patients),
        pl.DataFrame(dict(zip(("patient", "visit"), np.nonzero(bare), strict=True))),
    ]
    rows = pl.concat(frames, how="diagonal").rechunk()
    findings = (
        rows.join(_full_timepoints(rng, ids, date), on=["patient", "visit"], maintain_order="left")
        .drop("patient", "visit")
        .select(pl.col("id").alias("patient"), "date", "lesion", pl.exclude("id", "date", "lesion"))
    )
    keys = ["patient", "date"] if grouped else None
    return Full(_arranged(findings, keys, rng), _full_lines(rng, ids, date))


# ---- arrays


def arrays(patients: int, *, seed: int = SEED) -> Mapping[str, Any]:
    """Grouped integers, no text: patient, study day and lesion numbers, viable millimetres."""
    rng = np.random.default_rng([seed, 3])
    _, share = _course(rng, patients)
    first = rng.integers(12, 81, (patients, 1, TARGETS))
    noise = rng.normal(1, 0.04, (patients, VISITS, TARGETS))
    day = 42 * np.arange(VISITS) + rng.integers(-3, 4, (patients, VISITS))
    rows = patients * VISITS * TARGETS
    return {
        "patient": np.arange(rows) // (VISITS * TARGETS),
        "date": np.repeat(day.ravel(), TARGETS),
        "lesion": np.arange(rows) % TARGETS,
        "viable_mm": np.round(first * share[:, :, None] * noise).ravel(),
    }


def main() -> None:
    """Write a cohort as Parquet, a file a table."""
    folder, patients = Path(sys.argv[1]), int((*sys.argv[2:], "1000")[0])
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in cohort(patients)._asdict().items():
        frame.write_parquet(folder / f"{name}.parquet")
        print(f"{name:9} {frame.height:9} rows")


if __name__ == "__main__":
    main()
