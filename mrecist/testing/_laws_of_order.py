"""Laws of what is no part of the verdict: the order of records, markers, notes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from ..rulebook.criteria import Criteria
from ._answers import lines_alike
from ._changes import Document, dates_of, with_timepoints
from ._law import Law, Trial, small_charts

__all__ = ["ORDER", "OUTSIDE"]


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
    for k, (then, now) in enumerate(zip(before["lines"], after["lines"], strict=True)):
        lines_alike(then, now, f"line {k + 1}")


@st.composite
def _tied_charts(draw: st.DrawFn) -> Document:
    """More lesions of one size than an organ may have targets, in any order of their ids."""
    ids = draw(st.permutations(["S1", "S2", "S3", "S4"]))[: draw(st.integers(3, 4))]
    organs = [draw(st.sampled_from(["lung", "kidney"])) for _ in ids]
    scans = [
        [{"lesion": lesion, "longest_mm": draw(st.sampled_from(sizes))} for lesion in ids]
        for sizes in ([20], [20, 14, 24])
    ]
    return {
        "format": "mrecist-case/1",
        "patient": "P-001",
        "lesions": [
            {"id": lesion, "organ": organ, "kind": "nodule"}
            for lesion, organ in zip(ids, organs, strict=True)
        ],
        "timepoints": [
            {"date": 60 * number, "findings": scan} for number, scan in enumerate(scans)
        ],
        "lines": [{"agents": ["lenvatinib"], "start": 0}],
    }


def _tied_and_any() -> st.SearchStrategy[Document]:
    return _tied_charts() | small_charts()


ORDER = Law(
    name="order does not matter",
    sentence="Dates order time points and lines; the order in which a chart lists them, or its "
    "lesions and findings, changes no verdict.",
    rules=("RD-SELECTION", "RD-TABLE-ORDER"),
    trials=_order,
    charts=_tied_and_any,
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
