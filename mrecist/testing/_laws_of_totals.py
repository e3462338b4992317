"""Laws of totals: thresholds, nadir, larger targets, and what was not seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import strategies as st

from ..rulebook.criteria import Criteria
from ._answers import alike, follow_ups, must_be, pair
from ._changes import (
    Document,
    finding_at,
    lesion_of,
    mm,
    on,
    unused_id,
    with_finding,
    with_lesion,
    with_timepoints,
)
from ._law import Law, Trial, Wrong, small_charts

__all__ = ["LARGER", "MISSING", "NADIR", "THRESHOLDS"]

_SIZES = ("viable_mm", "longest_mm", "short_axis_mm")
_PERPENDICULARS = ("viable_perp_mm", "longest_perp_mm")
_LARGEST = 1_000_000
_WORSE = {"CR": 0, "PR": 1, "SD": 2, "PD": 3}


# --- thresholds, in micrometres ------------------------------------------------------------------


def _response_line(baseline: int, criteria: Criteria) -> int:
    """The largest total that is a response."""
    return int(baseline * (1 - criteria.response_share))


def _progression_line(nadir: int, criteria: Criteria) -> int:
    """The smallest total that is a progression."""
    limit = nadir * (1 + criteria.progression_share)
    risen = int(limit) + 1 if criteria.above else -int(-limit // 1)
    return max(risen, nadir + criteria.progression_floor_um, nadir + 1)


def _target_response(
    sizes: dict[str, int], nodes: set[str], baseline: int, nadir: int, criteria: Criteria
) -> str:
    """Section 5 of the specification, all targets evaluable."""
    total = sum(sizes.values())
    limits = {lesion: criteria.gone_node_um if lesion in nodes else 1 for lesion in sizes}
    if all(size < limits[lesion] for lesion, size in sizes.items()):
        return "CR"
    if total >= _progression_line(nadir, criteria):
        return "PD"
    return "PR" if total <= _response_line(baseline, criteria) else "SD"


def _sizes_on_the_lines(
    targets: list[str], nodes: set[str], baseline: int, nadir: int, criteria: Criteria
) -> Iterator[dict[str, int]]:
    """Sizes of the targets whose total lies on a line, or a micrometre short of it."""
    falls, rises = _response_line(baseline, criteria), _progression_line(nadir, criteria)
    for total in (falls, falls + 1, rises - 1, rises):
        each, rest = divmod(total, len(targets))
        if each + rest <= _LARGEST:
            yield dict.fromkeys(targets, each) | {targets[0]: each + rest}
    gone = {lesion: criteria.gone_node_um - 1 if lesion in nodes else 0 for lesion in targets}
    yield gone
    for lesion in targets:
        yield gone | {lesion: gone[lesion] + 1}


def _thresholds(case: Document, answer: Document, criteria: Criteria) -> Iterator[Trial]:
    nodes = {lesion["id"] for lesion in case["lesions"] if lesion["kind"] == "node"}
    for k, t, _ in follow_ups(answer):
        line = answer["lines"][k]
        row = line["timepoints"][t]
        if not line["targets"] or not _is_compared(line, nodes, criteria):
            continue
        baseline, nadir = _total(line, "baseline_total", criteria), _total(row, "nadir", criteria)
        if baseline is None or nadir is None:
            continue
        for sizes in _sizes_on_the_lines(line["targets"], nodes, baseline, nadir, criteria):
            verdict = _target_response(sizes, nodes, baseline, nadir, criteria)
            yield _total_becomes(case, (k, t), row["date"], sizes, verdict, criteria)


def _is_compared(line: Document, nodes: set[str], criteria: Criteria) -> bool:
    """Whether the verdict on the targets is that on their total.

    Criteria of areas also look at each lesion by itself, which of one alone is the same.
    """
    alone = len(line["targets"]) == 1 and nodes.isdisjoint(line["targets"])
    return criteria.area is None or alone


def _unit(criteria: Criteria) -> tuple[str, int]:
    """What totals are told in, and how many of what they are counted in that is."""
    return ("mm", 1000) if criteria.area is None else ("mm2", 1_000_000)


def _total(record: Document, name: str, criteria: Criteria) -> int | None:
    """A total of a line or a time point in whole micrometres, or square micrometres."""
    unit, times = _unit(criteria)
    found = record[f"{name}_{unit}"]
    return None if found is None else round(found * times)


def _total_becomes(
    case: Document,
    at: tuple[int, int],
    date: Any,
    sizes: dict[str, int],
    verdict: str,
    criteria: Criteria,
) -> Trial:
    """The targets of a follow-up get sizes, the same by every diameter, and so a verdict.

    Areas are those of nodules that are a micrometre wide.
    """
    wide: Document = {} if criteria.area is None else dict.fromkeys(_PERPENDICULARS, mm(1))
    measured = [
        {"lesion": lesion} | dict.fromkeys(_SIZES, mm(size)) | wide
        for lesion, size in sizes.items()
    ]
    unit, times = _unit(criteria)
    total = sum(sizes.values()) / times

    def check(before: Document, after: Document) -> None:
        place, then, now = pair(before, after, *at)
        alike(then, now, (f"nadir_{unit}",), place)
        must_be(f"total_{unit}", total, place, then, now)
        must_be("target", verdict, place, then, now)

    amount = f"{total:.{len(str(times)) - 1}f} {unit}"
    told = ", ".join(f"{lesion} {size / 1000:.3f}" for lesion, size in sizes.items())
    return Trial(
        changed=f"{date}: all targets measured, a total of {amount} ({told})",
        case=with_timepoints(case, on(date), _becomes(measured)),
        check=check,
    )


@st.composite
def _aimed_charts(draw: st.DrawFn) -> Document:
    """One to three targets in whole and half millimetres, where floats miss a line most often."""
    halves = st.integers(20, 600)
    lesions = [f"S{number}" for number in range(1, draw(st.integers(1, 3)) + 1)]
    scans = [
        {lesion: draw(halves if day == 0 else st.just(0) | halves) for lesion in lesions}
        for day in range(draw(st.integers(2, 4)))
    ]
    kind, size_key = draw(
        st.sampled_from([("nodule", "longest_mm")] * 3 + [("node", "short_axis_mm")])
    )
    return {
        "format": "mrecist-case/1",
        "patient": "P-001",
        "lesions": [{"id": lesion, "organ": "lung", "kind": kind} for lesion in lesions],
        "timepoints": [
            {
                "date": 60 * number,
                "findings": [
                    {"lesion": lesion, size_key: mm(500 * size)} for lesion, size in scan.items()
                ],
            }
            for number, scan in enumerate(scans)
        ],
        "lines": [{"agents": ["lenvatinib"], "start": 0, "targets": lesions}],
    }


@st.composite
def _aimed_areas(draw: st.DrawFn) -> Document:
    """One nodule of the liver, long and a micrometre wide: any total of areas can be one's own."""
    halves = st.integers(20, 600)
    scans = [draw(halves), *draw(st.lists(st.just(0) | halves, min_size=1, max_size=3))]
    return {
        "format": "mrecist-case/1",
        "patient": "P-001",
        "lesions": [{"id": "S1", "organ": "liver", "kind": "nodule"}],
        "timepoints": [
            {
                "date": 60 * number,
                "findings": [
                    {"lesion": "S1", "viable_mm": mm(500 * size), "longest_mm": mm(500 * size)}
                    | dict.fromkeys(_PERPENDICULARS, mm(1))
                ],
            }
            for number, size in enumerate(scans)
        ],
        "lines": [{"agents": ["lenvatinib"], "start": 0, "targets": ["S1"]}],
    }


def _aimed_and_any() -> st.SearchStrategy[Document]:
    return _aimed_charts() | _aimed_areas() | small_charts()


THRESHOLDS = Law(
    name="thresholds are exact",
    sentence="On the line is over it and a micrometre short is not: a response has fallen from "
    "baseline, a progression risen from nadir by at least its share, and by the floor; complete "
    "response has every target gone, nodes below their limit.",
    rules=("TL-CR-0", "TL-PR-30", "TL-PD-20", "TL-PD-5MM", "TL-SD", "R11-TL-CR", "R11-TL-PR",
           "R11-TL-PD", "R11-TL-SD", "RD-FLOOR", "RD-ZERO-NADIR", "RD-NODE-CR"),
    trials=_thresholds,
    charts=_aimed_and_any,
)  # fmt: skip


# --- the nadir -----------------------------------------------------------------------------------


def _nadir(case: Document, answer: Document, _: Criteria) -> Iterator[Trial]:
    yield Trial(changed="nothing", check=_looks_back)
    for k, t, lesion in follow_ups(answer, "targets"):
        line = answer["lines"][k]
        date = line["timepoints"][t]["date"]
        small = [{"lesion": each} | dict.fromkeys(_SIZES, 1) for each in line["targets"]]
        for told, seen in (
            (f"{lesion} unseen, all other", [each for each in small if each["lesion"] != lesion]),
            ("all", small),
        ):
            yield Trial(
                changed=f"{date}: {told} targets 1 mm",
                case=with_timepoints(case, on(date), _becomes(seen)),
                check=_looks_back,
            )


def _becomes(findings: list[Document]) -> Callable[[Document], Document]:
    return lambda _: {"findings": findings, "arterial_phase": True}


def _looks_back(_: Document, answer: Document) -> None:
    for k, line in enumerate(answer["lines"]):
        nadir = line["baseline_total_mm"]
        for row in line["timepoints"]:
            must_be("nadir_mm", nadir, f"line {k + 1}, {row['date']}", row, row)
            if nadir is not None and row["target"] in ("CR", "PR", "SD"):
                nadir = min(nadir, row["total_mm"])


NADIR = Law(
    name="the nadir looks back",
    sentence="The nadir is the smallest total among the baseline and the earlier follow-ups of "
    "the line at which all targets were evaluable.",
    rules=("RD-NADIR-BASELINE", "RD-WINDOW", "NE-02", "NE-03", "NUM-05"),
    trials=_nadir,
)


# --- more disease, and less knowledge ------------------------------------------------------------


def _larger(case: Document, answer: Document, _: Criteria) -> Iterator[Trial]:
    for k, t, lesion in follow_ups(answer, "targets"):
        date = answer["lines"][k]["timepoints"][t]["date"]
        finding = finding_at(case, date, lesion) or {}
        sizes = {key: float(finding[key]) for key in _SIZES if finding.get(key) is not None}
        if not sizes or finding.get("status") in ("absent", "not evaluable"):
            continue
        for more in (0.001, 1, 40, 300):
            grown = {key: min(1000, round(size + more, 3)) for key, size in sizes.items()}
            yield Trial(
                changed=f"{date}: {lesion} larger by {more} mm",
                case=with_finding(case, date, lesion, finding | grown),
                check=_never_better(k, t),
            )


def _never_better(k: int, t: int) -> Any:
    def check(before: Document, after: Document) -> None:
        place, then, now = pair(before, after, k, t)
        alike(then, now, ("nadir_mm",), place)
        one, other = then["target"], now["target"]
        if one in _WORSE and other in _WORSE:
            worse = _WORSE[other] >= _WORSE[one]
        else:
            worse = one == other or (one, other) == ("NE", "PD")
        if not worse:
            raise Wrong(place, f"target must not turn from {one} to {other}", then, now)
        if then["computed"] == "PD":
            must_be("computed", "PD", place, then, now)

    return check


LARGER = Law(
    name="larger is never better",
    sentence="A target that is larger at one follow-up never gives a better target response "
    "there, and takes no progression away.",
    rules=("TL-CR-0", "TL-PD-20", "TL-PR-30", "TL-SD", "NE-03", "RD-ZERO-NADIR"),
    trials=_larger,
)


def _missing(case: Document, answer: Document, _: Criteria) -> Iterator[Trial]:
    ways = ("has no finding", None), ("is not evaluable", {"status": "not evaluable"})
    for role, check_of in (("targets", _target_unseen), ("nontargets", _nontarget_unseen)):
        for k, t, lesion in follow_ups(answer, role):
            date = answer["lines"][k]["timepoints"][t]["date"]
            for told, finding in ways:
                yield Trial(
                    changed=f"{date}: {lesion}, one of the {role}, {told}",
                    case=with_finding(case, date, lesion, finding),
                    check=check_of(k, t),
                )
    yield from _beside_a_merged_part(case, answer)
    for k, t, _ in follow_ups(answer):
        date = answer["lines"][k]["timepoints"][t]["date"]
        yield Trial(
            changed=f"{date}: no finding at all",
            case=with_timepoints(case, on(date), lambda _: {"findings": []}),
            check=_nothing_seen(k, t, proofs=any(map(_may_be_proved, case["lesions"]))),
        )


def _beside_a_merged_part(case: Document, answer: Document) -> Iterator[Trial]:
    """A part of a target has merged into another one, beside what is left; that is passed over."""
    for k, t, lesion in follow_ups(answer, "targets"):
        line = answer["lines"][k]
        before, date = (line["timepoints"][max(i, 0)]["date"] for i in (t - 1, t))
        if not line["start"] < before < date or not _is_there(case, before, lesion):
            continue
        for other in line["targets"]:
            if other != lesion and all(_is_there(case, each, other) for each in (before, date)):
                part = lesion_of(case, lesion) | {"id": unused_id(case), "part_of": lesion}
                merged = with_lesion(case, part, [(before, {"into": other})])
                yield Trial(
                    changed=f"{before}: a part of {lesion} has merged into {other}; "
                    f"{date}: {lesion} has no finding",
                    case=with_finding(merged, date, lesion, None),
                    check=_target_unseen(k, t),
                )


def _is_there(case: Document, date: Any, lesion: str) -> bool:
    """Whether a date records a lesion by itself, as anything but absent."""
    finding = finding_at(case, date, lesion) or {"status": "absent"}
    return finding.get("status") != "absent" and finding.get("into") is None


def _target_unseen(k: int, t: int) -> Any:
    """NE, or a PD that is proven by what is left; CR may hide such a rise of normal nodes."""

    def check(before: Document, after: Document) -> None:
        place, then, now = pair(before, after, k, t)
        may_be_pd = then["target"] in ("PD", "CR")
        must_be("target", ("NE", "PD") if may_be_pd else "NE", place, then, now)
        must_be("computed", ("NE", "PD"), place, then, now)
        if now["total_mm"] is not None and now["total_mm"] > (then["total_mm"] or 0):
            raise Wrong(place, "the total must not rise", then, now)
        for row in after["lines"][k]["timepoints"][t + 1 : t + 2]:
            told = f"line {k + 1}, {row['date']}, after an incomplete total"
            must_be("nadir_mm", now["nadir_mm"], told, now, row)

    return check


def _nontarget_unseen(k: int, t: int) -> Any:
    def check(before: Document, after: Document) -> None:
        place, then, now = pair(before, after, k, t)
        may_be_pd = then["nontarget"] == "PD"
        must_be("nontarget", ("NE", "PD") if may_be_pd else "NE", place, then, now)
        if now["computed"] == "CR":
            raise Wrong(place, "computed must not be CR", then, now)

    return check


def _may_be_proved(lesion: Document) -> bool:
    """Whether a lesion may become a non-target later, unlisted."""
    return bool(lesion["kind"] == "effusion")


def _nothing_seen(k: int, t: int, *, proofs: bool) -> Any:
    def check(before: Document, after: Document) -> None:
        place, then, now = pair(before, after, k, t)
        line = after["lines"][k]
        must_be("total_mm", None, place, then, now)
        for role, part in (("targets", "target"), ("nontargets", "nontarget")):
            none = ("NONE", "NE") if proofs and role == "nontargets" else "NONE"
            wanted = "NE" if line[role] or line["baseline"] is None else none
            must_be(part, wanted, place, then, now)

    return check


MISSING = Law(
    name="missing is never zero",
    sentence="A lesion that a follow-up does not record, or calls not evaluable, is not evaluable: "
    "neither gone nor unchanged. What is left may prove progression, never a response.",
    rules=("NE-01", "SZ-NE", "NE-02", "NE-03", "NT-NE", "NTL-NE", "RD-SILENCE", "RD-PARTIAL-PD",
           "RD-UNSEEN-NONTARGET"),
    trials=_missing,
)  # fmt: skip
