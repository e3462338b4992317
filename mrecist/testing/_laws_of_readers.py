"""Laws of several readers: what holds of any readings, any review and any statistic."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from ._reader_law import Answer, ReaderLaw, ReaderTrial, differ
from ._reader_requests import TRIGGERS, Request

__all__ = [
    "ACCEPTED_READ",
    "CELLS",
    "IDENTICAL_READINGS",
    "LOCAL_READERS",
    "MORE_TRIGGERS",
    "ONE_STATE",
    "READER_ORDER",
    "READING_ALONE",
    "WORD_ORDER",
]

STATES = ("none", "one reader", "agreed", "adjudicated", "pending")
STANDS = ("one reader", "agreed", "adjudicated")
_FREE = ("agreement", "kappa", "ac1", "fleiss")
_WEIGHTED = ("kappa_linear", "kappa_quadratic")
_EXCHANGED = {"a1": "a1", "a2": "a3", "a3": "a2", "b": "c", "c": "b", "d": "d", "n": "n"}


def _by_line(answer: Answer) -> dict[tuple[str, int], dict[str, Any]]:
    return {(str(line["patient"]), int(line["line"])): line for line in answer["lines"]}


def _with(request: Request, **review: Any) -> Request:
    return request | {"review": request["review"] | review}


def _rows(request: Request, keep: Callable[[str], bool]) -> Request:
    """The request with the rows of some readers only."""
    findings = request["findings"]
    kept = [i for i, reader in enumerate(findings["reader"]) if keep(reader)]
    return request | {
        "findings": {name: [column[i] for i in kept] for name, column in findings.items()}
    }


def _renamed(request: Request, names: dict[str, str]) -> Request:
    """The request with readers called otherwise."""
    findings = request["findings"]
    reader = [names.get(each, each) for each in findings["reader"]]
    review = request["review"]
    parts = {
        part: [names.get(each, each) for each in review[part]] for part in ("readers", "local")
    }
    return _with(request, **parts) | {"findings": findings | {"reader": reader}}


def _same(before: Answer, after: Answer, *keys: str) -> Iterator[str]:
    """The same lines, alike in some keys."""
    then, now = _by_line(before), _by_line(after)
    yield from differ("the lines", sorted(then), sorted(now))
    for place, line in then.items():
        for key in keys:
            yield from differ(f"{_told(place)}: {key}", _plain(line[key]), _plain(now[place][key]))


def _plain(value: Any) -> Any:
    """Triggers in any order, and readers who did not read left out."""
    if isinstance(value, list):
        return sorted(value)
    if isinstance(value, dict):
        return {key: each for key, each in value.items() if each is not None}
    return value


def _told(place: tuple[str, int]) -> str:
    return f"{place[0]}, line {place[1]}"


# ---- readings


def _alone(request: Request) -> Iterator[ReaderTrial]:
    for reader in sorted(set(request["findings"]["reader"])):
        alone = _rows(request, reader.__eq__)
        yield ReaderTrial(
            changed=f"{reader} alone",
            request=_with(alone, readers=[reader], local=[], triggers=[]),
            check=partial(_as_in_the_set, reader),
        )


def _as_in_the_set(reader: str, before: Answer, after: Answer) -> Iterator[str]:
    now = _by_line(after)
    for place, line in _by_line(before).items():
        for key in ("best_response", "progression"):
            must = line[key].get(reader)
            found = now[place][key].get(reader) if place in now else None
            yield from differ(f"{_told(place)}: {key} by {reader}", must, found)


READING_ALONE = ReaderLaw(
    id="RL-1",
    name="a reading alone is as it is in a set",
    sentence="Each reader's chart is judged alone: no verdict of one depends on what others read.",
    rules=("RD-READER-LESIONS",),
    trials=_alone,
)


def _order(request: Request) -> Iterator[ReaderTrial]:
    def facts(before: Answer, after: Answer) -> Iterator[str]:
        yield from _same(before, after, "state", "triggers", "best_response", "progression")
        for key in (*_FREE, *_WEIGHTED):
            yield from differ(key, before["agreement"].get(key), after["agreement"].get(key))

    def exchanged(before: Answer, after: Answer) -> Iterator[str]:
        yield from facts(before, after)
        for key, other in _EXCHANGED.items():
            found = after["discrepancy"].get(other)
            yield from differ(f"{other} of exchanged readers", before["discrepancy"][key], found)

    def called_otherwise(before: Answer, after: Answer) -> Iterator[str]:
        yield from _same(before, after, "state", "triggers")
        yield from differ("discrepancy", before["discrepancy"], after["discrepancy"])

    findings = request["findings"]
    turned = {name: column[::-1] for name, column in findings.items()}
    yield ReaderTrial(changed="rows reversed", request=request | {"findings": turned}, check=facts)
    readers = request["review"]["readers"]
    if len(readers) == 2:
        yield ReaderTrial(
            changed="readers of the review reversed",
            request=_with(request, readers=readers[::-1]),
            check=exchanged,
        )
    yield ReaderTrial(
        changed="readers called Z and A",
        request=_renamed(request, {"R1": "Z", "R2": "A"}),
        check=called_otherwise,
    )


READER_ORDER = ReaderLaw(
    id="RL-2",
    name="the order of readers does not matter",
    sentence="The order of rows and of readers, and what readers are called, change no verdict, no "
    "trigger and no statistic; of exchanged readers a2 and a3, and b and c, are exchanged.",
    rules=("RD-READER-FIRST",),
    trials=_order,
)


def _identical(request: Request) -> Iterator[ReaderTrial]:
    readers = request["review"]["readers"]
    for reader in readers if len(readers) > 1 else ():
        mine = _rows(request, reader.__eq__)["findings"]
        copies = {name: column * len(readers) for name, column in mine.items()}
        copies["reader"] = [each for each in readers for _ in mine["reader"]]
        yield ReaderTrial(
            changed=f"all read as {reader}",
            request=_with(request, local=[]) | {"findings": copies},
            check=_none_differs,
        )


def _none_differs(_: Answer, after: Answer) -> Iterator[str]:
    for place, line in _by_line(after).items():
        yield from differ(f"{_told(place)}: triggers", [], line["triggers"])
        yield from differ(f"{_told(place)}: state", "agreed", line["state"])
    agreement = after["agreement"].get("agreement")
    if agreement is not None:
        yield from differ("agreement", 1.0, agreement)


IDENTICAL_READINGS = ReaderLaw(
    id="RL-3",
    name="identical readings agree",
    sentence="Where all readers recorded the same, no trigger fires and agreement is 1.",
    trials=_identical,
)

# ---- the review


def _triggers(request: Request) -> Iterator[ReaderTrial]:
    asked = request["review"]["triggers"]
    if len(request["review"]["readers"]) < 2:
        return
    for more in TRIGGERS:
        if more not in asked:
            yield ReaderTrial(
                changed=f"{more} is a trigger too",
                request=_with(request, triggers=[*asked, more]),
                check=_no_fewer,
            )
    both = ["progression", "progression date"]
    yield ReaderTrial(changed="nothing", check=_no_fewer)
    yield ReaderTrial(
        changed="progression and its date are the triggers",
        request=_with(request, triggers=both),
        check=_has_a_date,
    )


def _no_fewer(before: Answer, after: Answer) -> Iterator[str]:
    now = _by_line(after)
    for place, line in _by_line(before).items():
        lost = sorted(set(line["triggers"]) - set(now[place]["triggers"]))
        yield from differ(f"{_told(place)}: triggers that no longer fire", [], lost)


def _has_a_date(_: Answer, after: Answer) -> Iterator[str]:
    for place, line in _by_line(after).items():
        if "progression" in line["triggers"] and "progression date" not in line["triggers"]:
            yield f"{_told(place)}: progression fires, and progression date does not"


MORE_TRIGGERS = ReaderLaw(
    id="RL-4",
    name="more triggers never find less",
    sentence="A larger set of triggers never makes fewer lines discordant, and a progression that "
    "one reader has alone is also a date of progression that differs.",
    trials=_triggers,
)


def _unchanged(check: Callable[[Request, Answer], Iterator[str]]) -> Any:
    def trials(request: Request) -> Iterator[ReaderTrial]:
        yield ReaderTrial(changed="nothing", check=lambda answer, _: check(request, answer))

    return trials


def _one_state(request: Request, answer: Answer) -> Iterator[str]:
    places = [(str(line["patient"]), line["line"]) for line in answer["lines"]]
    yield from differ("lines told twice", [], sorted({p for p in places if places.count(p) > 1}))
    patients = sorted(set(map(str, request["findings"]["patient"])))
    yield from differ("the patients", patients, sorted({place[0] for place in places}))
    for place, line in _by_line(answer).items():
        read = [name for name in request["review"]["readers"] if line["best_response"].get(name)]
        if line["state"] not in STATES:
            yield f"{_told(place)}: state must be one of {', '.join(STATES)}, it is {line['state']}"
        elif (line["state"] == "none") != (not read):
            yield f"{_told(place)}: state is {line['state']}, and {len(read)} primary readers read"
        elif line["state"] == "agreed" and (len(read) < 2 or line["triggers"]):
            yield f"{_told(place)}: agreed, and {len(read)} read and {line['triggers']} fired"


ONE_STATE = ReaderLaw(
    id="RL-5",
    name="every line is in one state",
    sentence="Each line of each patient is in exactly one of the states none, one reader, agreed, "
    "adjudicated and pending.",
    rules=("RD-READER-READ",),
    trials=_unchanged(_one_state),
)


def _accepted(_: Request, answer: Answer) -> Iterator[str]:
    for place, line in _by_line(answer).items():
        read = [name for name, word in line["best_response"].items() if word is not None]
        if line["state"] in STANDS and line["accepted"] not in read:
            yield f"{_told(place)}: accepted must be one of {read}, it is {line['accepted']}"
        elif line["state"] not in STANDS and line["accepted"] is not None:
            yield f"{_told(place)}: {line['state']}, and {line['accepted']} is accepted"


ACCEPTED_READ = ReaderLaw(
    id="RL-6",
    name="what is accepted was read",
    sentence="The accepted reading of a line is always one of a reader who read it; a line that is "
    "pending, or that nobody read, has none.",
    rules=("RD-READER-READ",),
    trials=_unchanged(_accepted),
)


def _local(request: Request) -> Iterator[ReaderTrial]:
    for reader in sorted(set(request["findings"]["reader"])):
        mine = _rows(request, reader.__eq__)["findings"]
        added = {name: [*column, *mine[name]] for name, column in request["findings"].items()}
        added["reader"] = [*request["findings"]["reader"], *["LOCAL"] * len(mine["reader"])]
        local = [*request["review"]["local"], "LOCAL"]
        yield ReaderTrial(
            changed=f"a local reader reads as {reader}",
            request=_with(request, local=local) | {"findings": added},
            check=lambda before, after: _same(before, after, "state", "accepted", "triggers"),
        )


LOCAL_READERS = ReaderLaw(
    id="RL-7",
    name="local readers decide nothing",
    sentence="A local reader more changes neither what is accepted nor what awaits adjudication.",
    trials=_local,
)

# ---- statistics


def _words(request: Request) -> Iterator[ReaderTrial]:
    first, second, *others = words = request["words"]
    for scale in (words[::-1], [second, first, *others], [*others, first, second]):
        kept = _FREE + (_WEIGHTED if scale == words[::-1] else ())
        yield ReaderTrial(
            changed=f"the scale is {', '.join(scale)}",
            request=request | {"words": scale},
            check=partial(_statistics, kept),
        )


def _statistics(kept: tuple[str, ...], before: Answer, after: Answer) -> Iterator[str]:
    for key in kept:
        yield from differ(key, before["agreement"].get(key), after["agreement"].get(key))


WORD_ORDER = ReaderLaw(
    id="RL-8",
    name="words are only words",
    sentence="The order of the words is nothing to unweighted kappa, AC1 and Fleiss' kappa, and "
    "its direction nothing to weighted kappa.",
    trials=_words,
)


def _cells(request: Request, answer: Answer) -> Iterator[str]:
    cells = answer["discrepancy"]
    total = sum(cells[key] for key in ("a1", "a2", "a3", "b", "c", "d"))
    yield from differ("a1 + a2 + a3 + b + c + d", cells["n"], total)
    first, second = (*request["review"]["readers"], None, None)[:2]
    both = [
        line
        for line in answer["lines"]
        if line["best_response"].get(first) and line["best_response"].get(second)
    ]
    yield from differ("n", len(both), cells["n"])
    for key, has in (("b", (True, False)), ("c", (False, True)), ("d", (False, False))):
        found = [
            tuple(line["progression"].get(each) is not None for each in (first, second))
            for line in both
        ]
        yield from differ(key, found.count(has), cells[key])


CELLS = ReaderLaw(
    id="RL-9",
    name="every line is in one cell",
    sentence="Of the lines that two readers read, each is counted once in a1, a2, a3, b, c or d.",
    trials=_unchanged(_cells),
)
