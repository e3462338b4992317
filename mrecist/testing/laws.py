"""The laws of tumour response, ready to try on an implementation of one's own, in any language.

`assess_like` is a callable from a case document (`mrecist-case/1`, a dict) to its assessment
document (`mrecist-assessment/1`); a tool in another language fits behind a few lines that run it.
With pytest the laws read as one test::

    @pytest.mark.parametrize("law", laws.LAWS, ids=str)
    def test_law(law):
        law(my_assess)

Each law changes charts in a way whose effect the specification fixes, whatever the chart says,
so that no expected answers are needed. Needs the extra `testing`.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from ..codes import NewRule
from ..criteria import Criteria
from ._changes import (
    Document,
    dates_of,
    day_of,
    finding_at,
    like,
    unused_id,
    until,
    with_finding,
    with_lesion,
    with_timepoints,
)
from ._law import AssessLike, BrokenLaw, Law, Trial, Wrong, small_charts

__all__ = [
    "AFTER_PROGRESSION",
    "BACK_DATING",
    "BEST_RESPONSE",
    "LARGER",
    "LAWS",
    "LOOK_AHEAD",
    "MISSING",
    "NADIR",
    "NEW_LESION",
    "ORDER",
    "OUTSIDE",
    "PARTS",
    "THRESHOLDS",
    "WINDOWS",
    "AssessLike",
    "BrokenLaw",
    "Law",
]

_SIZES = ("viable_mm", "longest_mm", "short_axis_mm")
_LARGEST = 1_000_000
_OF_TARGETS = ("date", "day", "total_mm", "nadir_mm", "target", "nontarget")
_OF_A_VERDICT = (*_OF_TARGETS, "new_lesion", "computed", "reported", "agrees", "response", "source")
_ROLES = ("start", "baseline", "targets", "nontargets", "baseline_total_mm")
_RESULTS = ("best_response", "confirmed_best_response")
_BEST_FIRST = ("CR", "PR", "SD", "NON-CR/NON-PD", "NED", "PD", "NE", "ND")
_RESPONDED = _BEST_FIRST[:5]
_WORSE = {"CR": 0, "PR": 1, "SD": 2, "PD": 3}


# --- places, and what is asked of them -----------------------------------------------------------


def _follow_ups(answer: Document, role: str | None = None) -> Iterator[tuple[int, int, Any]]:
    """Places of (line, follow-up), with each lesion of a role where one is asked for."""
    for k, line in enumerate(answer["lines"]):
        for t in range(len(line["timepoints"])):
            for lesion in [None] if role is None else line[role]:
                yield k, t, lesion


def _place(answer: Document, k: int, t: int) -> tuple[str, Document]:
    """A follow-up, and its name for a message."""
    row = answer["lines"][k]["timepoints"][t]
    return f"line {k + 1}, {row['date']}", row


def _alike(before: Document, after: Document, keys: tuple[str, ...], place: str) -> None:
    """Some keys of a line or a time point say the same in both answers."""
    for key in keys:
        if before.get(key) != after.get(key):
            must = f"{key} must stay {before.get(key)}, it is {after.get(key)}"
            raise Wrong(place, must, before, after)


def _lines_alike(before: Document, after: Document, place: str) -> None:
    """Two lines are the same but for what explains them."""
    _alike(before, after, _ROLES, place)
    _rows_alike(before["timepoints"], after["timepoints"], place)
    _alike(_dated(before), _dated(after), (*_RESULTS, "progression"), place)


def _dated(line: Document) -> Document:
    """A line whose progression is its date alone: causes are an explanation."""
    progression = line["progression"]
    return line | {"progression": None if progression is None else progression["date"]}


def _rows_alike(before: list[Document], after: list[Document], place: str) -> None:
    dates = [[row["date"] for row in rows] for rows in (before, after)]
    if dates[0] != dates[1]:
        raise AssertionError(f"{place}: follow-ups must be at {dates[0]}, they are at {dates[1]}")
    for one, other in zip(before, after, strict=True):
        _alike(one, other, _OF_A_VERDICT, f"{place}, {one['date']}")


def _um(millimetres: float) -> int:
    return round(millimetres * 1000)


def _mm(micrometres: int) -> float:
    return micrometres // 1000 if micrometres % 1000 == 0 else micrometres / 1000


# --- thresholds ----------------------------------------------------------------------------------


def _response_line(baseline: int, criteria: Criteria) -> int:
    """The largest total, in micrometres, that is a response."""
    return int(baseline * (1 - criteria.response_share))


def _progression_line(nadir: int, criteria: Criteria) -> int:
    """The smallest total that is a progression."""
    share = -int(-nadir * (1 + criteria.progression_share) // 1)
    return max(share, nadir + criteria.progression_floor_um, nadir + 1)


def _target_response(
    sizes: list[tuple[int, bool]], baseline: int, nadir: int, criteria: Criteria
) -> str:
    """Section 5, all targets evaluable: (size, whether it is a node) of each."""
    total = sum(size for size, _ in sizes)
    if all(size == 0 or (node and size < criteria.gone_node_um) for size, node in sizes):
        return "CR"
    if total >= _progression_line(nadir, criteria):
        return "PD"
    return "PR" if total <= _response_line(baseline, criteria) else "SD"


def _thresholds(case: Document, answer: Document, criteria: Criteria) -> Iterator[Trial]:
    nodes = {lesion["id"] for lesion in case["lesions"] if lesion["kind"] == "node"}
    for k, t, _ in _follow_ups(answer):
        line = answer["lines"][k]
        place, row = _place(answer, k, t)
        if not line["targets"] or None in (line["baseline_total_mm"], row["nadir_mm"]):
            continue
        baseline, nadir = _um(line["baseline_total_mm"]), _um(row["nadir_mm"])
        falls, rises = _response_line(baseline, criteria), _progression_line(nadir, criteria)
        for total in (falls, falls + 1, rises - 1, rises):
            each, rest = divmod(total, len(line["targets"]))
            if each + rest > _LARGEST:
                continue
            sizes = {lesion: each for lesion in line["targets"]}
            sizes[line["targets"][0]] += rest
            verdict = _target_response(
                [(size, lesion in nodes) for lesion, size in sizes.items()],
                baseline, nadir, criteria,
            )  # fmt: skip
            yield _total_becomes(case, (k, t), row, sizes, verdict)


def _total_becomes(
    case: Document, at: tuple[int, int], row: Document, sizes: dict[str, int], verdict: str
) -> Trial:
    """The targets of a follow-up get sizes, the same by every diameter, and so a verdict."""
    measured = [
        {"lesion": lesion} | dict.fromkeys(_SIZES, _mm(size)) for lesion, size in sizes.items()
    ]
    total = sum(sizes.values()) / 1000

    def check(before: Document, after: Document) -> None:
        place, now = _place(after, *at)
        then = _place(before, *at)[1]
        _alike(then, now, ("date", "nadir_mm"), place)
        if now["total_mm"] != total:
            raise Wrong(place, f"the total must be {total}, it is {now['total_mm']}", then, now)
        if now["target"] != verdict:
            raise Wrong(place, f"target must be {verdict}, it is {now['target']}", then, now)

    return Trial(
        changed=f"{row['date']}: all targets measured, a total of {total:.3f} mm "
        f"({', '.join(f'{lesion} {size / 1000:.3f}' for lesion, size in sizes.items())})",
        case=with_timepoints(
            case,
            lambda date: date == row["date"],
            lambda _: {"findings": measured, "arterial_phase": True},
        ),
        check=check,
    )


@st.composite
def _aimed_charts(draw: st.DrawFn) -> Document:
    """One to three nodules in whole and half millimetres, where floats miss the line most often."""
    halves = st.integers(20, 600)
    lesions = [f"S{number}" for number in range(1, draw(st.integers(1, 3)) + 1)]
    scans = [
        {lesion: draw(halves if day == 0 else st.just(0) | halves) for lesion in lesions}
        for day in range(draw(st.integers(2, 4)))
    ]
    return {
        "format": "mrecist-case/1",
        "patient": "P-001",
        "lesions": [{"id": lesion, "organ": "lung", "kind": "nodule"} for lesion in lesions],
        "timepoints": [
            {
                "date": 60 * number,
                "findings": [
                    {"lesion": lesion, "longest_mm": _mm(500 * size)}
                    for lesion, size in sizes.items()
                ],
            }
            for number, sizes in enumerate(scans)
        ],
        "lines": [{"agents": ["lenvatinib"], "start": 0, "targets": lesions}],
    }


def _aimed_and_any() -> st.SearchStrategy[Document]:
    return _aimed_charts() | small_charts()


THRESHOLDS = Law(
    name="thresholds are exact",
    sentence="On the line is over it and a micrometre short is not: a response has fallen from "
    "baseline, a progression risen from nadir by at least its share, and by the floor.",
    rules=("TL-CR-0", "TL-PR-30", "TL-PD-20", "TL-PD-5MM", "R11-TL-PR", "R11-TL-PD",
           "RD-ZERO-NADIR", "RD-NODE-CR"),
    trials=_thresholds,
    charts=_aimed_and_any,
)  # fmt: skip


# --- what follows from the answer itself ---------------------------------------------------------


def _overall(target: str, nontarget: str, new: str) -> str:
    """Section 7, the table."""
    if "PD" in (target, nontarget) or new == "YES":
        return "PD"
    if target == "CR":
        return "CR" if nontarget in ("CR", "NONE") else "PR"
    if target != "NONE":
        return target
    return "NED" if nontarget == "NONE" else nontarget


def _response(computed: str, reported: str | None) -> str:
    """Section 7: the verdict of a reader stands in where the rules reach no graded one."""
    if reported not in (None, "NE") and computed in ("NE", "NED", "NON-CR/NON-PD"):
        return str(reported)
    return computed


def _parts(case: Document, _: Document, __: Criteria) -> Iterator[Trial]:
    reported = {each["date"]: each.get("reported") for each in case["timepoints"]}

    def check(_: Document, answer: Document) -> None:
        for k, t, _ in _follow_ups(answer):
            place, row = _place(answer, k, t)
            computed = _overall(row["target"], row["nontarget"], row["new_lesion"])
            wanted = {
                "computed": computed, "response": _response(computed, reported[row["date"]])
            }  # fmt: skip
            for key, value in wanted.items():
                if row[key] != value:
                    raise Wrong(place, f"{key} must be {value}, it is {row[key]}", row, row)

    yield Trial(changed="nothing", check=check)


PARTS = Law(
    name="the response follows from its parts",
    sentence="Target, non-target and new lesions make the response by one table; a reported "
    "verdict stands in only where that gives NE, NED or NON-CR/NON-PD.",
    rules=("OR-01", "OR-02", "OR-03", "OR-04", "OR-05", "OR-06", "OR-07", "R11-OR-06",
           "REP-STANDS-IN", "RD-STAND-IN"),
    trials=_parts,
)  # fmt: skip


def _nadir(_: Document, __: Document, ___: Criteria) -> Iterator[Trial]:
    def check(_: Document, answer: Document) -> None:
        for line in answer["lines"]:
            nadir = line["baseline_total_mm"]
            for row in line["timepoints"]:
                if row["nadir_mm"] != nadir:
                    must = f"the nadir must be {nadir}, it is {row['nadir_mm']}"
                    raise Wrong(f"line {line.get('line')}, {row['date']}", must, row, row)
                if nadir is not None and row["target"] in ("CR", "PR", "SD"):
                    nadir = min(nadir, row["total_mm"])

    yield Trial(changed="nothing", check=check)


NADIR = Law(
    name="the nadir looks back",
    sentence="The nadir is the smallest total among the baseline and the earlier follow-ups of "
    "the line at which all targets were evaluable.",
    rules=("RD-NADIR-BASELINE", "RD-WINDOW", "NE-02", "NE-03"),
    trials=_nadir,
)


# --- best response -------------------------------------------------------------------------------


def _best(responses: list[str], late: list[str]) -> str:
    """Section 8, unconfirmed; `late` are the responses from the first day of stable disease."""
    for verdict in _BEST_FIRST[:-2]:
        if verdict in (late if verdict in ("SD", "NON-CR/NON-PD") else responses):
            return verdict
    return "NE" if responses else "ND"


def _confirmed(rows: list[Document], late: list[str], criteria: Criteria) -> str:
    """Section 8, confirmed: a late response that is not confirmed is stable disease."""
    pairs = [(t, u) for t in range(len(rows)) for u in range(t + 1, len(rows))]
    for verdict in ("CR", "PR"):
        if any(_confirms(verdict, rows[t : u + 1], criteria) for t, u in pairs):
            return verdict
    if {"CR", "PR"} & {*late}:
        return "SD"
    unconfirmed = {"CR": "NE", "PR": "NE"}
    return _best([unconfirmed.get(row["response"], row["response"]) for row in rows], late)


def _confirms(verdict: str, rows: list[Document], criteria: Criteria) -> bool:
    """Whether the last of some time points confirms the first, and none between is against it."""
    responses = [row["response"] for row in rows]
    as_good = _BEST_FIRST[: _BEST_FIRST.index(verdict) + 1]
    days = day_of(rows[-1]["date"]) - day_of(rows[0]["date"])
    return (
        responses[0] == verdict
        and responses[-1] in as_good
        and {*responses} <= {*as_good, "NE"}
        and responses.count("NE") <= criteria.confirmation_gaps
        and days >= criteria.confirmation_days
        and not ("CR" in responses and "PR" in responses[responses.index("CR") :])
    )


def _best_response(_: Document, __: Document, criteria: Criteria) -> Iterator[Trial]:
    def check(_: Document, answer: Document) -> None:
        for line in answer["lines"]:
            rows: list[Document] = line["timepoints"]
            responses = [row["response"] for row in rows]
            counted = rows[: responses.index("PD") + 1] if "PD" in responses else rows
            late = [
                row["response"] for row in counted
                if day_of(row["date"]) - day_of(line["start"]) >= criteria.stable_days
            ]  # fmt: skip
            wanted = {
                "best_response": _best([row["response"] for row in counted], late),
                "confirmed_best_response": _confirmed(counted, late, criteria),
                "progression": counted[-1]["date"] if "PD" in responses else None,
            }
            for key, value in wanted.items():
                if _dated(line)[key] != value:
                    told = ", ".join(f"{row['date']} {row['response']}" for row in rows)
                    must = f"{key} must be {value}, it is {_dated(line)[key]}, of {told}"
                    raise Wrong(f"line {line.get('line')}", must, line, line)

    yield Trial(changed="nothing", check=check)


BEST_RESPONSE = Law(
    name="best response counts to the first progression",
    sentence="The best response is the best one up to the first PD; stable disease counts from "
    "day 42, and a response is confirmed by one at least 28 days later.",
    rules=("BOR-03-CR", "BOR-03-PR", "BOR-04-SD", "BOR-04-NN", "BOR-05-CR", "BOR-05-PR",
           "BOR-05-PD", "BOR-05-ND", "BOR-T-SD", "RD-STABLE-42", "RD-NO-LATEST"),
    trials=_best_response,
)  # fmt: skip


# --- more disease, and less knowledge ------------------------------------------------------------


def _larger(case: Document, answer: Document, _: Criteria) -> Iterator[Trial]:
    for k, t, lesion in _follow_ups(answer, "targets"):
        date = answer["lines"][k]["timepoints"][t]["date"]
        finding = finding_at(case, date, lesion) or {}
        sizes = {key: float(finding[key]) for key in _SIZES if finding.get(key) is not None}
        if not sizes or finding.get("status") in ("absent", "not evaluable"):
            continue
        for more in (0.001, 1, 40):
            grown = {key: min(1000, round(size + more, 3)) for key, size in sizes.items()}
            yield Trial(
                changed=f"{date}: {lesion} larger by {more} mm",
                case=with_finding(case, date, lesion, finding | grown),
                check=_never_better(k, t),
            )


def _never_better(k: int, t: int) -> Any:
    def check(before: Document, after: Document) -> None:
        place, now = _place(after, k, t)
        then = _place(before, k, t)[1]
        _alike(then, now, ("date", "nadir_mm"), place)
        one, other = then["target"], now["target"]
        if one in _WORSE and other in _WORSE:
            worse = _WORSE[other] >= _WORSE[one]
        else:
            worse = one == other or (one, other) == ("NE", "PD")
        if not worse:
            raise Wrong(place, f"target must not turn from {one} to {other}", then, now)
        if then["computed"] == "PD" != now["computed"]:
            raise Wrong(place, f"PD must stay, it is {now['computed']}", then, now)

    return check


LARGER = Law(
    name="larger is never better",
    sentence="A target that is larger at one follow-up never gives a better target response "
    "there, and takes no progression away.",
    rules=("TL-CR-0", "TL-PD-20", "TL-PR-30", "TL-SD", "NE-03"),
    trials=_larger,
)


def _missing(case: Document, answer: Document, _: Criteria) -> Iterator[Trial]:
    ways = ("no finding", None), ("not evaluable", {"status": "not evaluable"})
    for role, check_of in (("targets", _target_unseen), ("nontargets", _nontarget_unseen)):
        for k, t, lesion in _follow_ups(answer, role):
            date = answer["lines"][k]["timepoints"][t]["date"]
            for told, finding in ways:
                yield Trial(
                    changed=f"{date}: {lesion}, one of the {role}, has {told}"
                    if finding is None else f"{date}: {lesion}, one of the {role}, is {told}",
                    case=with_finding(case, date, lesion, finding),
                    check=check_of(k, t),
                )  # fmt: skip
    for k, t, _ in _follow_ups(answer):
        date = answer["lines"][k]["timepoints"][t]["date"]
        yield Trial(
            changed=f"{date}: no finding at all",
            case=with_timepoints(case, lambda each, d=date: each == d, lambda _: {"findings": []}),
            check=_nothing_seen(k, t),
        )


def _target_unseen(k: int, t: int) -> Any:
    """NE, or a PD that is proven by what is left; CR may hide such a rise of normal nodes."""

    def check(before: Document, after: Document) -> None:
        place, now = _place(after, k, t)
        then = _place(before, k, t)[1]
        allowed = ("NE", "PD") if then["target"] in ("PD", "CR") else ("NE",)
        if now["target"] not in allowed:
            must = f"target must be {' or '.join(allowed)}, it is {now['target']}"
            raise Wrong(place, must, then, now)
        if now["computed"] not in ("NE", "PD"):
            raise Wrong(place, f"no response without it, it is {now['computed']}", then, now)
        if now["total_mm"] is not None and now["total_mm"] > (then["total_mm"] or 0):
            raise Wrong(place, "the total must not rise", then, now)
        for row in after["lines"][k]["timepoints"][t + 1 : t + 2]:
            if row["nadir_mm"] != now["nadir_mm"]:
                must = f"an incomplete total must not set the nadir of {row['date']}"
                raise Wrong(place, must, then, row)

    return check


def _nontarget_unseen(k: int, t: int) -> Any:
    def check(before: Document, after: Document) -> None:
        place, now = _place(after, k, t)
        then = _place(before, k, t)[1]
        allowed = ("NE", "PD") if then["nontarget"] == "PD" else ("NE",)
        if now["nontarget"] not in allowed:
            must = f"non-target must be {' or '.join(allowed)}, it is {now['nontarget']}"
            raise Wrong(place, must, then, now)
        if now["computed"] == "CR":
            raise Wrong(place, "no complete response without it", then, now)

    return check


def _nothing_seen(k: int, t: int) -> Any:
    def check(before: Document, after: Document) -> None:
        place, now = _place(after, k, t)
        then = _place(before, k, t)[1]
        line = after["lines"][k]
        if now["total_mm"] is not None:
            raise Wrong(place, f"there is no total, it is {now['total_mm']}", then, now)
        for role, part in (("targets", "target"), ("nontargets", "nontarget")):
            wanted = "NE" if line[role] or line["baseline"] is None else "NONE"
            if now[part] != wanted:
                raise Wrong(place, f"{part} must be {wanted}, it is {now[part]}", then, now)

    return check


MISSING = Law(
    name="missing is never zero",
    sentence="A lesion that a follow-up does not record, or calls not evaluable, is not evaluable: "
    "neither gone nor unchanged. What is left may prove progression, never a response.",
    rules=("NE-01", "SZ-NE", "NE-02", "NE-03", "NT-NE", "NTL-NE", "RD-SILENCE", "RD-PARTIAL-PD",
           "RD-UNSEEN-NONTARGET"),
    trials=_missing,
)  # fmt: skip


# --- new lesions ---------------------------------------------------------------------------------

_UNEQUIVOCAL: tuple[Document, ...] = (
    {"organ": "bone", "kind": "other"},
    {"organ": "portal vein", "kind": "thrombus"},
    {"organ": "liver", "kind": "infiltrative"},
    {"organ": "mediastinum", "kind": "node"},
    {"organ": "lung", "kind": "nodule"},
)


def _new_lesion(case: Document, answer: Document, _: Criteria) -> Iterator[Trial]:
    for k, t, _ in _follow_ups(answer):
        if answer["lines"][k]["baseline"] is None:
            continue
        date = answer["lines"][k]["timepoints"][t]["date"]
        for kind in _UNEQUIVOCAL:
            lesion = {"id": unused_id(case)} | kind
            yield Trial(
                changed=f"{date}: {lesion['id']} ({kind['kind']}, {kind['organ']}) is present",
                case=with_lesion(case, lesion, [(date, {"status": "present"})]),
                check=_new_from(k, t),
            )


def _new_from(k: int, t: int) -> Any:
    """A new lesion counts from a follow-up on, and changes nothing before it."""

    def check(before: Document, after: Document) -> None:
        old, line = before["lines"][k], after["lines"][k]
        place = f"line {k + 1}"
        _rows_alike(old["timepoints"][:t], line["timepoints"][:t], place)
        for then, now in zip(old["timepoints"][t:], line["timepoints"][t:], strict=True):
            for key, verdict in {"new_lesion": "YES", "computed": "PD", "response": "PD"}.items():
                if now[key] != verdict:
                    must = f"{key} must be {verdict}, it is {now[key]}"
                    raise Wrong(f"{place}, {now['date']}", must, then, now)
        dates = [row["date"] for row in old["timepoints"]]
        was, found = _dated(old)["progression"], _dated(line)["progression"]
        first = dates[t] if was is None else min(was, dates[t])
        if found != first:
            raise Wrong(place, f"progression must date from {first}, not {found}", old, line)
        for key in _RESULTS:
            if line[key] in _RESPONDED and _rank(old[key]) > _rank(line[key]):
                raise Wrong(place, f"{key} must not turn to {line[key]}", old, line)

    return check


def _rank(response: Any) -> int:
    return _BEST_FIRST.index(response) if response in _BEST_FIRST else -1


NEW_LESION = Law(
    name="a new lesion is never better",
    sentence="An unequivocal new lesion is progression at the follow-up that shows it and at all "
    "later ones of the line, and changes none before it.",
    rules=("OR-07", "R11-OR-07", "R11-NL-01"),
    trials=_new_lesion,
)


def _sightings(criteria: Criteria) -> Iterator[tuple[str, Document, Document, Document, bool]]:
    """What is seen, at first and later, of a candidate, and whether the later one proves it."""
    doubtful = {"status": "present", "equivocal": True}
    bone = {"organ": "bone", "kind": "other"}
    yield "equivocal, then not", bone, doubtful, {"status": "present"}, True
    yield "equivocal both times", bone, doubtful, doubtful, False
    yield "equivocal, then absent", bone, doubtful, {"status": "absent"}, False
    if criteria.new_liver_nodule is not NewRule.HCC:
        return
    liver = {"organ": "liver", "kind": "nodule"}
    limit, growth = criteria.new_nodule_um, criteria.new_nodule_growth_um
    small = _sized(6_000)
    for beside in (0, -1):
        grown, typical = _sized(6_000 + growth + beside), _sized(limit + beside)
        proven = beside == 0
        yield f"grown by {(growth + beside) / 1000} mm", liver, small, grown, proven
        typical = typical | {"pattern": "typical"}
        first = _sized(limit + beside)
        told = f"{(limit + beside) / 1000} mm, then typical"
        yield told, liver, first, typical, proven
    biopsy = {"status": "absent", "biopsy": "positive"}
    yield "then gone, with a positive biopsy", liver, small, biopsy, True
    yield "then not evaluable", liver, small, {"status": "not evaluable"}, False


def _sized(micrometres: int) -> Document:
    return {"viable_mm": _mm(micrometres), "longest_mm": _mm(micrometres)}


def _back_dating(case: Document, answer: Document, criteria: Criteria) -> Iterator[Trial]:
    for k, t, _ in _follow_ups(answer):
        line = answer["lines"][k]
        if line["baseline"] is None:
            continue
        dates = [row["date"] for row in line["timepoints"]]
        for u in sorted({t + 1, len(dates) - 1} & {*range(t + 1, len(dates))}):
            for told, kind, first, later, proves in _sightings(criteria):
                lesion = {"id": unused_id(case)} | kind
                yield Trial(
                    changed=f"{lesion['id']} ({kind['kind']}, {kind['organ']}) seen on {dates[t]} "
                    f"and {dates[u]}: {told}",
                    case=with_lesion(case, lesion, [(dates[t], first), (dates[u], later)]),
                    check=_new_from(k, t) if proves else _equivocal_at(k, t),
                )


def _equivocal_at(k: int, t: int) -> Any:
    """A candidate that was never proven changes no response."""

    def check(before: Document, after: Document) -> None:
        old, line = before["lines"][k], after["lines"][k]
        keys = tuple(key for key in _OF_A_VERDICT if key != "new_lesion")
        for then, now in zip(old["timepoints"], line["timepoints"], strict=True):
            _alike(then, now, keys, f"line {k + 1}, {now['date']}")
        place, now = _place(after, k, t)
        then = _place(before, k, t)[1]
        wanted = "EQUIVOCAL" if then["new_lesion"] == "NO" else then["new_lesion"]
        if now["new_lesion"] != wanted:
            must = f"new_lesion must be {wanted}, it is {now['new_lesion']}"
            raise Wrong(place, must, then, now)
        _alike(_dated(old), _dated(line), (*_RESULTS, "progression"), f"line {k + 1}")

    return check


BACK_DATING = Law(
    name="proof is dated back to the first sight",
    sentence="A candidate that is proven later is a new lesion from the follow-up that first "
    "showed it; one that never is stays equivocal and changes no response.",
    rules=("NL-HCC-10", "NL-HCC-GROW", "NL-HCC-BIOPSY", "NL-HCC-LT10", "NL-HCC-GREY", "R11-NL-02",
           "RD-GROWTH", "RD-BIOPSY"),
    trials=_back_dating,
)  # fmt: skip


# --- time ----------------------------------------------------------------------------------------


def _look_ahead(case: Document, _: Document, __: Criteria) -> Iterator[Trial]:
    for date in dates_of(case)[:-1]:
        shorter = until(case, date)
        if shorter is not None:
            yield Trial(
                changed=f"all time points after {date} left out",
                case=shorter,
                check=_known_then,
            )


def _known_then(before: Document, after: Document) -> None:
    """Earlier verdicts are the same but for a candidate that was proven later."""
    for k, (full, known) in enumerate(zip(before["lines"], after["lines"], strict=True)):
        if full["baseline"] != known["baseline"]:
            continue  # a later scan became its baseline
        place = f"line {k + 1}"
        _alike(full, known, _ROLES, place)
        shared = full["timepoints"][: len(known["timepoints"])]
        changed = False
        for then, now in zip(shared, known["timepoints"], strict=True):
            at = f"{place}, {now['date']}"
            _alike(then, now, _OF_TARGETS, at)
            differs = any(then.get(key) != now.get(key) for key in _OF_A_VERDICT)
            if differs and not changed and now["new_lesion"] != "EQUIVOCAL":
                must = "only what was equivocal may be judged anew, once it is proven later"
                raise Wrong(at, must, then, now)
            changed = changed or differs
            if changed and (then["new_lesion"], then["response"]) != ("YES", "PD"):
                raise Wrong(at, "what is judged anew must be a new lesion, and PD", then, now)


LOOK_AHEAD = Law(
    name="no look-ahead",
    sentence="A later time point changes no earlier verdict, except that a candidate which it "
    "proves to be a new lesion counts from the follow-up that first showed it.",
    rules=("RD-NADIR-BASELINE", "NL-HCC-10", "NL-HCC-GROW", "R11-NL-02", "RD-WINDOW"),
    trials=_look_ahead,
)


def _after_progression(case: Document, answer: Document, _: Criteria) -> Iterator[Trial]:
    for k, line in enumerate(answer["lines"]):
        date = _dated(line)["progression"]
        if date is None or date == dates_of(case)[-1]:
            continue
        shorter = until(case, date)
        if shorter is not None:
            yield Trial(
                changed=f"all time points after the progression of {date} left out",
                case=shorter,
                check=_same_results(k, back_dated=True),
            )
        for reported, status in (("CR", "absent"), ("PD", "present")):
            yield Trial(
                changed=f"after the progression of {date} all known lesions are {status}, "
                f"and {reported} is reported",
                case=with_timepoints(
                    case,
                    lambda each, d=date: each > d,
                    _rewritten([*line["targets"], *line["nontargets"]], status, reported),
                ),
                check=_same_results(k, back_dated=False),
            )


def _rewritten(lesions: list[str], status: str, reported: str) -> Any:
    """Time points at which some lesions have a status, and a reader gives a verdict."""

    def changed(timepoint: Document) -> Document:
        kept = [each for each in timepoint["findings"] if each["lesion"] not in lesions]
        findings = [*kept, *({"lesion": lesion, "status": status} for lesion in lesions)]
        return {"findings": findings, "reported": reported}

    return changed


def _same_results(k: int, *, back_dated: bool) -> Any:
    """The results of a line are the same, unless its progression was proven later."""

    def check(before: Document, after: Document) -> None:
        old, line = _dated(before["lines"][k]), _dated(after["lines"][k])
        causes = before["lines"][k]["progression"].get("causes", ["new lesion"])
        if back_dated and old["progression"] != line["progression"] and "new lesion" in causes:
            return
        _alike(old, line, (*_RESULTS, "progression"), f"line {k + 1}")

    return check


AFTER_PROGRESSION = Law(
    name="nothing after progression counts",
    sentence="What follows the first PD of a line moves neither its best response nor the date of "
    "its progression.",
    rules=("BOR-05-PD", "BOR-T-PD"),
    trials=_after_progression,
)


def _windows(case: Document, answer: Document, _: Criteria) -> Iterator[Trial]:
    lines = sorted(case["lines"], key=lambda line: day_of(line["start"]))
    lesions = [lesion["id"] for lesion in case["lesions"]]
    yield Trial(changed="nothing", check=_follow_ups_of(case, lines))
    for k, line in enumerate(answer["lines"]):
        window = {line["baseline"], *(row["date"] for row in line["timepoints"])}
        if window >= {*dates_of(case)}:
            continue
        for status in ("absent", "progressed", "not evaluable"):
            yield Trial(
                changed=f"outside {sorted(window - {None})}, the window of line {k + 1}, all "
                f"lesions are {status}, biopsies positive, and PD is reported",
                case=with_timepoints(
                    case, lambda date, w=window: date not in w, _all_lesions(lesions, status)
                ),
                check=_same_line(k, k),
            )
    for k in range(len(lines)):
        kept = lines[k : k + 2]
        if kept != lines:
            yield Trial(
                changed=f"all lines left out but line {k + 1} and the next",
                case=case | {"lines": kept},
                check=_same_line(k, 0),
            )
    days = [day_of(date) for date in dates_of(case)] + [day_of(line["start"]) for line in lines]
    more = {"agents": ["sorafenib"], "start": like(lines[0]["start"], max(days) + 7)}
    for k in range(len(lines)):
        yield Trial(
            changed=f"one more line, from {more['start']}",
            case=case | {"lines": [*case["lines"], more]},
            check=_same_line(k, k),
        )


def _all_lesions(lesions: list[str], status: str) -> Any:
    """Time points that say something else of everything; proof by cytology alone may matter."""

    def changed(timepoint: Document) -> Document:
        proofs = {each["lesion"]: each.get("cytology") for each in timepoint["findings"]}
        findings = [
            {"lesion": each, "status": status, "biopsy": "positive", "cytology": proofs.get(each)}
            for each in lesions
        ]
        return {"findings": findings, "reported": "PD"}

    return changed


def _follow_ups_of(case: Document, lines: list[Document]) -> Any:
    """Section 2: after the baseline, and up to the start of the next line."""

    def check(_: Document, answer: Document) -> None:
        for k, line in enumerate(answer["lines"]):
            ends = [day_of(following["start"]) for following in lines[k + 1 : k + 2]]
            begins = [] if line["baseline"] is None else [day_of(line["baseline"])]
            wanted = [
                date for date in dates_of(case)
                if all(day_of(date) <= end for end in ends)
                and all(day_of(date) > begin for begin in begins)
            ]  # fmt: skip
            found = [row["date"] for row in line["timepoints"]]
            if found != wanted:
                must = f"follow-ups must be at {wanted}, they are at {found}"
                raise Wrong(f"line {k + 1}", must, line, line)

    return check


def _same_line(k: int, then: int) -> Any:
    def check(before: Document, after: Document) -> None:
        _lines_alike(before["lines"][k], after["lines"][then], f"line {k + 1}")

    return check


WINDOWS = Law(
    name="windows do not leak",
    sentence="A line is judged by its baseline and the follow-ups up to the start of the next "
    "line; nothing else moves it, not nadir, not new lesions, but for proof by cytology.",
    rules=("RD-WINDOW", "RD-PROOF", "RD-SHARED-SCAN", "RD-NADIR-BASELINE"),
    trials=_windows,
)


# --- what is no part of the verdict --------------------------------------------------------------


def _order(case: Document, _: Document, __: Criteria) -> Iterator[Trial]:
    def findings(turn: Any) -> Document:
        return with_timepoints(
            case, lambda _: True, lambda each: {"findings": turn(each["findings"])}
        )

    def named(turn: Any) -> Document:
        lists = ("targets", "nontargets", "agents")
        turned = [
            line | {key: turn(line[key]) for key in lists if line.get(key)}
            for line in case["lines"]
        ]
        return case | {"lines": turned}

    ways: tuple[tuple[str, Any], ...] = (
        ("reversed", lambda records: records[::-1]),
        ("turned by one", lambda records: records[1:] + records[:1]),
    )
    for told, turn in ways:
        for key in ("timepoints", "lines", "lesions"):
            yield Trial(
                changed=f"{key} {told}", case=case | {key: turn(case[key])}, check=_same_lines
            )
        yield Trial(changed=f"findings {told}", case=findings(turn), check=_same_lines)
        yield Trial(changed=f"named lists {told}", case=named(turn), check=_same_lines)


def _same_lines(before: Document, after: Document) -> None:
    for k in range(len(before["lines"])):
        _same_line(k, k)(before, after)


ORDER = Law(
    name="order does not matter",
    sentence="Dates order time points and lines; the order in which a chart lists them, or its "
    "lesions and findings, changes no verdict.",
    rules=("RD-SELECTION", "RD-TABLE-ORDER"),
    trials=_order,
)


def _outside(case: Document, _: Document, __: Criteria) -> Iterator[Trial]:
    dates = dates_of(case) + [line["start"] for line in case["lines"]]
    values: tuple[tuple[float | str, ...], ...] = ((10, 400_000), (400_000, 3), ("<3", ">= 1000"))
    for first, later in values:
        markers = [
            {"date": date, "name": "AFP", "value": value, "unit": "ng/mL"}
            for date, value in ((min(dates), first), (max(dates), later))
        ]
        yield Trial(
            changed=f"AFP from {first} to {later} ng/mL",
            case=case | {"markers": markers},
            check=_same_lines,
        )
    yield Trial(
        changed="a death, events, doses, notes and labels",
        case=with_timepoints(case, lambda _: True, lambda _: {"note": "clear progression"})
        | {
            "death": max(dates),
            "events": [{"date": max(dates), "text": "decompensation"}],
            "lesions": [lesion | {"label": "progressed"} for lesion in case["lesions"]],
            "lines": [
                line | {"doses": [{"date": line["start"], "text": "hold"}]}
                for line in case["lines"]
            ],
        },
        check=_same_lines,
    )


OUTSIDE = Law(
    name="markers stay out of the verdict",
    sentence="AFP and every other marker, notes, doses, events and death change no response.",
    rules=("RD-MARKERS",),
    trials=_outside,
)


LAWS: tuple[Law, ...] = (
    THRESHOLDS, PARTS, NADIR, BEST_RESPONSE, LARGER, MISSING, NEW_LESION, BACK_DATING, LOOK_AHEAD,
    AFTER_PROGRESSION, WINDOWS, ORDER, OUTSIDE,
)  # fmt: skip
"""Every law, to parametrise a test with."""
