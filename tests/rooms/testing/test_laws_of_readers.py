"""The laws of several readers: this package keeps them, and each classic fault breaks one."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import settings
from support.profiles import thorough_only

import mrecist
from mrecist.rulebook.readings import READINGS
from mrecist.testing import laws
from mrecist.testing.laws import READER_LAWS, BrokenLaw, ReaderLaw

Answer = dict[str, Any]
Request = dict[str, Any]
KEYS = ("agreement", "kappa", "kappa_linear", "kappa_quadratic", "ac1", "fleiss")
CELLS = ("a1", "a2", "a3", "b", "c", "d", "n")
EXAMPLES = 400
SEED = 20_240_103

every_law = pytest.mark.parametrize("law", READER_LAWS, ids=lambda law: law.id)


def plain(value: Any) -> Any:
    """A cell as plain Python, `None` where it is empty."""
    value = value.item() if isinstance(value, np.generic) else value
    return None if value is None or value != value else value


def read(request: Request) -> Answer:
    """This package as an implementation of several readers."""
    review = mrecist.Review(**request["review"])
    readings = mrecist.assess_readings(request["findings"], review=review)
    table, read_by = readings.discordance, request["review"]["readers"]
    lines = [
        {
            "patient": plain(table["patient"][row]), "line": plain(table["line"][row]),
            "state": plain(table["state"][row]), "accepted": plain(table["accepted"][row]),
            "triggers": [each for each in table["triggers"][row].split(";") if each],
            "best_response": {r: plain(table[f"best_response_{r}"][row]) for r in readings.readers},
            "progression": {
                r: plain(table[f"progression_date_{r}"][row]) for r in readings.readers
            },
        }
        for row in range(len(table["patient"]))
    ]  # fmt: skip
    answer: Answer = {"lines": lines, "agreement": {}, "discrepancy": dict.fromkeys(CELLS, 0)}
    if len(read_by) > 1:
        pair = read_by[:2]
        found = readings.agreement(
            "best_response", readers=pair, words=request["words"], interval="exact"
        ).table
        answer["agreement"] = {key: plain(found[key][0]) for key in KEYS}
        cells = readings.discrepancy(*pair)
        answer["discrepancy"] = {key: int(cells[key][0]) for key in CELLS}
    return answer


# ---- faults


def each_line(change: Callable[[Request, Answer], None]) -> Callable[[Request], Answer]:
    """An implementation that tells every line otherwise."""

    def broken(request: Request) -> Answer:
        answer = read(request)
        for line in answer["lines"]:
            change(request, line)
        return answer

    return broken


def pooled(request: Request) -> Answer:
    """Reads the rows of all readers as those of each: the first PD of any is one of all."""
    answer = read(request)
    for line in answer["lines"]:
        days = [day for day in line["progression"].values() if day is not None]
        for name, word in line["best_response"].items():
            if days and word:
                line["progression"][name] = min(days)
    return answer


def by_rows(request: Request) -> Answer:
    """Takes the first row's reader for the first reader."""
    answer = read(request)
    cells = answer["discrepancy"]
    if request["findings"]["reader"][0] != min(request["findings"]["reader"]):
        cells["b"], cells["c"] = cells["c"] + 1, cells["b"]
        for line in answer["lines"]:
            line["state"] = "pending"
    return answer


def by_names(request: Request) -> Answer:
    """Sorts readers by name before they are compared."""
    review = request["review"]
    return read(request | {"review": review | {"readers": sorted(review["readers"])}})


def one_sided(request: Request) -> Answer:
    """Counts what exchanged readers do not exchange."""
    answer = read(request)
    answer["discrepancy"]["a3"] += answer["discrepancy"]["a2"]
    return answer


def nervous(_: Request, line: Answer) -> None:
    if line["state"] == "agreed":
        line["triggers"] = ["best response"]


def calm(request: Request) -> Answer:
    """Stops at the second trigger."""
    answer = read(request)
    for line in answer["lines"]:
        line["triggers"] = sorted(line["triggers"])[:1]
    return answer


def no_date(_: Request, line: Answer) -> None:
    if "progression" in line["triggers"]:
        line["triggers"] = [each for each in line["triggers"] if each != "progression date"]


def state_of(word: str, other: str) -> Callable[[Request, Answer], None]:
    def change(_: Request, line: Answer) -> None:
        line["state"] = other if line["state"] == word else line["state"]

    return change


def first_stands(request: Request, line: Answer) -> None:
    """Silently takes the first reader for the accepted one."""
    line["accepted"] = line["accepted"] or next(iter(request["review"]["readers"]), None)


def not_read(_: Request, line: Answer) -> None:
    if line["state"] == "agreed":
        line["accepted"] = "R9"


def twice(request: Request) -> Answer:
    answer = read(request)
    answer["lines"] += answer["lines"][:1]
    return answer


def local_too(request: Request) -> Answer:
    """Takes local readers for primary ones."""
    review = request["review"]
    both = [*review["readers"], *review["local"]]
    if len(both) < 2 or not review["triggers"]:
        return read(request)
    return read(request | {"review": review | {"readers": both, "local": []}})


def weighted(request: Request) -> Answer:
    """Gives the weighted kappa for the unweighted one."""
    answer = read(request)
    answer["agreement"]["kappa"] = answer["agreement"].get("kappa_linear")
    return answer


def lopsided(request: Request) -> Answer:
    """Weighs by the place of one word, and so by the direction of the scale."""
    answer = read(request)
    if request["words"][0] == "PD" and answer["agreement"].get("kappa_quadratic") is not None:
        answer["agreement"]["kappa_quadratic"] /= 2
    return answer


def lost(request: Request) -> Answer:
    answer = read(request)
    answer["discrepancy"]["d"] = 0
    return answer


def all_lines(request: Request) -> Answer:
    """Takes lines that one reader read for lines without a progression by the other."""
    answer = read(request)
    cells = answer["discrepancy"]
    if len(request["review"]["readers"]) > 1:
        more = len(answer["lines"]) - cells["n"]
        cells["n"], cells["d"] = cells["n"] + more, cells["d"] + more
    return answer


def exchanged_cells(request: Request) -> Answer:
    answer = read(request)
    cells = answer["discrepancy"]
    cells["b"], cells["c"] = cells["c"], cells["b"]
    return answer


FAULTS: list[tuple[ReaderLaw, Callable[[Request], Answer]]] = [
    (laws.READING_ALONE, pooled),
    (laws.READER_ORDER, by_rows),
    (laws.READER_ORDER, by_names),
    (laws.READER_ORDER, one_sided),
    (laws.IDENTICAL_READINGS, each_line(nervous)),
    (laws.IDENTICAL_READINGS, each_line(state_of("agreed", "pending"))),
    (laws.MORE_TRIGGERS, calm),
    (laws.MORE_TRIGGERS, each_line(no_date)),
    (laws.ONE_STATE, each_line(state_of("none", "pending"))),
    (laws.ONE_STATE, each_line(state_of("pending", "agreed"))),
    (laws.ONE_STATE, each_line(state_of("one reader", "single"))),
    (laws.ONE_STATE, twice),
    (laws.ACCEPTED_READ, each_line(first_stands)),
    (laws.ACCEPTED_READ, each_line(not_read)),
    (laws.LOCAL_READERS, local_too),
    (laws.WORD_ORDER, weighted),
    (laws.WORD_ORDER, lopsided),
    (laws.CELLS, lost),
    (laws.CELLS, all_lines),
    (laws.CELLS, exchanged_cells),
]


class TestLaws:
    """RL-1 to RL-9."""

    @every_law
    def test_kept(self, law: ReaderLaw) -> None:
        """This package keeps every one."""
        law(read, max_examples=settings().max_examples // 4)

    @thorough_only
    @pytest.mark.parametrize(("law", "fault"), FAULTS)
    def test_caught(self, law: ReaderLaw, fault: Callable[[Request], Answer]) -> None:
        """Each law catches the faults that it is there for."""
        with pytest.raises(BrokenLaw) as broken:
            law(fault, max_examples=EXAMPLES, seed=SEED, shrink=False)
        assert broken.value.law is law
        assert str(broken.value).startswith(f"{law.id} {law.name}\n")
        with pytest.raises(BrokenLaw):
            law.check(fault, broken.value.case)
        assert law.check(read, broken.value.case) > 0

    def test_every_law(self) -> None:
        """Every law has a fault; names and ids are told once, in order; readings are known."""
        assert {law.id for law, _ in FAULTS} == {law.id for law in READER_LAWS}
        assert [law.id for law in READER_LAWS] == [f"RL-{i}" for i in range(1, 10)]
        assert len({law.name for law in READER_LAWS}) == 9
        assert all(law.sentence.endswith(".") for law in READER_LAWS)
        known = {reading.id for reading in READINGS}
        assert {rule for law in READER_LAWS for rule in law.rules} <= known

    def test_told(self) -> None:
        """A broken law tells the law, the change, what is wrong, and the request to try again."""
        with pytest.raises(BrokenLaw) as broken:
            laws.ONE_STATE(each_line(state_of("one reader", "single")), seed=1, max_examples=200)
        head, *_, last = str(broken.value).splitlines()
        assert head == "RL-5 every line is in one state"
        assert "  [RD-READER-READ]\nchanged: nothing\n" in str(broken.value)
        assert "state must be one of none, one reader, agreed, adjudicated, pending, it is" in str(
            broken.value
        )
        assert json.loads(last) == broken.value.case
        assert "\nrequest:\n" in str(broken.value)
        with pytest.raises(BrokenLaw, match="\nrequest before the change:\n"):
            laws.LOCAL_READERS(local_too, seed=1, max_examples=200)
        assert repr(laws.CELLS) == "<ReaderLaw RL-9 every line is in one cell>"
        assert str(laws.CELLS) == "every line is in one cell"

    @pytest.mark.parametrize(
        ("answer", "told"),
        [
            (None, "the answer must be a dict, got None"),
            ({"lines": []}, 'the answer lacks "agreement", "discrepancy"'),
            ({"lines": [{}], "agreement": {}, "discrepancy": {}}, 'of the answer lacks "patient"'),
        ],
    )
    def test_no_answer(self, answer: Any, told: str) -> None:
        """What an answer lacks is told."""
        with pytest.raises(AssertionError, match=told):
            laws.CELLS(lambda _: answer, max_examples=1)

    def test_request_is_theirs(self) -> None:
        """An implementation may write into its request."""

        def spoils(request: Request) -> Answer:
            answer = read(request)
            request["findings"].clear()
            return answer

        laws.READER_ORDER(spoils, max_examples=5)


def test_page() -> None:
    """The page tells every law with its id, in order."""
    page = Path(laws.__file__).with_name("README.md").read_text("utf-8")
    told = re.findall(r"^\| (RL-\d) \| `([A-Z_]+)` \|", page, re.MULTILINE)
    assert [(law.id, law) for law in READER_LAWS] == [(i, getattr(laws, name)) for i, name in told]
