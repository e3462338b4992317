"""Documents: what is read, what is refused and how it is told, streams, and what is written."""

from __future__ import annotations

import copy
import io
import itertools
import json
import re
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

import jsonschema
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import mrecist
from mrecist import CaseError, DocumentError, InvalidCase, Patient
from mrecist._base import converters
from mrecist._base import json_text as _json
from mrecist.documents import streams
from mrecist.testing.strategies import case_documents

Document = dict[str, Any]
Path_ = tuple[str | int, ...]

VALIDATOR = jsonschema.Draft202012Validator(mrecist.schema("case"))

FULL: Document = {
    "format": "mrecist-case/1",
    "patient": "P-001",
    "lesions": [
        {
            "id": "S8", "organ": "liver", "kind": "nodule", "hilar": False,
            "enhancement": "arterial", "treated": False, "label": "segment VIII",
        },
        {"id": "S4", "organ": "liver", "kind": "nodule"},
        {"id": "E", "organ": "pleura", "kind": "effusion"},
        {"id": "E2", "organ": "pleura", "kind": "effusion", "part_of": "E"},
    ],
    "timepoints": [
        {
            "date": 0,
            "findings": [
                {
                    "lesion": "S8", "status": "measured", "viable_mm": 0, "longest_mm": 0,
                    "short_axis_mm": 0, "pattern": "typical", "cytology": "not done",
                    "biopsy": "negative", "equivocal": False, "masslike": "uncertain",
                    "aphe": "yes", "washout": "no", "like_before": "unknown",
                    "diffusion_restriction": "no", "t2_mild_moderate": "yes", "change": "new",
                    "viable_perp_mm": 0, "longest_perp_mm": 0, "margin": "enough",
                    "volume_viable_ml": 0,
                },
                {"lesion": "S4", "viable_mm": 20},
            ],
            "modality": "MRI",
            "visit": "baseline",
            "arterial_phase": True,
            "unmentioned": "unchanged",
            "reported": "SD",
            "note": "first scan",
        },
        {
            "date": 60,
            "findings": [
                {"lesion": "E", "status": "present"},
                {"lesion": "S8", "viable_mm": 30},
                {"lesion": "S4", "into": "S8"},
            ],
        },
    ],
    "lines": [
        {
            "agents": ["lenvatinib"], "start": 3, "stop": 50, "end_reason": "toxicity",
            "baseline": 0, "targets": ["S4"], "nontargets": ["E"],
            "doses": [{"date": 3, "text": "8 mg"}],
        },
        {"agents": ["sorafenib"], "start": 70},
    ],
    "markers": [{"date": 1, "name": "AFP", "value": 400, "unit": "ng/mL"}],
    "events": [{"date": 20, "text": "hold"}],
    "procedures": [{"date": 30, "kind": "RFA", "lesions": ["S4"], "text": "two probes"}],
    "death": 900,
    "last_contact": 800,
    "reader": "R1",
}  # fmt: skip

MINIMAL: Document = {
    "format": "mrecist-case/1", "patient": "P", "lesions": [], "timepoints": [], "lines": [],
}  # fmt: skip

# What the schema cannot see: these mistakes lie between values, not in one.
BETWEEN_VALUES = re.compile(
    r"must be unique, got|must be the id of a lesion of this case|must be the date of a time point"
    r"|must be (a study day|a calendar date) as|must not be before the start"
    r"|must not be a target as well"
    r"|must be (the id of another|a) lesion|must not be (a fragment|the lesion of which)"
    r"|must be recorded (once in a visit|at the same time point)|must not have merged itself"
    r"|must not lead back|of the same visit"
    # a day that no month has, or not this one: 2024-13-01 is refused by the schema as well
    r"|must be a date of the calendar, got '(?!0000)\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])'"
)


def mistakes(document: Any) -> list[tuple[str, str]]:
    """Every mistake of a document, read from its JSON text."""
    try:
        mrecist.from_case(_json.parse(json.dumps(document)))
    except CaseError as error:
        return list(error.mistakes)
    return []


def structural(document: Any) -> list[str]:
    """The paths of the mistakes that a schema can see."""
    return [path for path, message in mistakes(document) if not BETWEEN_VALUES.search(message)]


def valid(document: Any) -> bool:
    return bool(VALIDATOR.is_valid(json.loads(json.dumps(document))))


def told(path: Path_) -> str:
    """A path as a mistake names it: `lines[0].start`."""
    parts = [f"[{step}]" if isinstance(step, int) else f".{step}" for step in path]
    return "".join(parts).removeprefix(".")


def put(document: Any, path: Path_, value: Any) -> Any:
    """A document with another value in one place."""
    document = copy.deepcopy(document)
    place = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return document


def without(document: Any, path: Path_) -> Any:
    """A document without one key."""
    document = copy.deepcopy(document)
    place = document
    for step in path[:-1]:
        place = place[step]
    del place[path[-1]]
    return document


# ---- every field of the format: what it takes, and what it refuses


class Field:
    """A kind of field: good values, and bad ones with the place in the value that is refused."""

    def __init__(self, good: list[Any], bad: list[Any], items: list[tuple[Any, str]]) -> None:
        self.good = good
        self.bad = [(value, "") for value in bad] + items


NOT_TEXT: list[Any] = [0, 1.5, True, [], {}, ["a"]]
NAME = Field(["a", " ", "é", "\ud800", "\0", "x" * 10_000], ["", *NOT_TEXT], [])
TEXT = Field(["", "a", "\n"], NOT_TEXT, [])
FLAG = Field([True, False], [0, 1, 0.0, 1.5, "true", "", "True", [], {}], [])
DATE = Field(
    [0, 91, -91, 91.0, 3_652_058, -3_652_058, "2024-02-29", "9999-12-31", "0001-01-01"],
    [
        True, "", "91", "2024-1-3", "2024-13-01", "2024-00-10", "2024-01-00", "2024-01-32",
        "0000-01-01", "20240103", "2024-W01-3", "2024-01-03T00:00", "2024-01-03 ", " 2024-01-03",
        "2024-01-03\n", "+2024-01-03", "-2024-01-03", "٢٠٢٤-٠١-٠٣", "2024/01/03", "03.01.2024",
        1.5, 1e-9, 3_652_059, -3_652_059, 10**30, 1e30, [], {}, [91],
    ],
    [],
)  # fmt: skip
SIZE = Field(
    [
        0, 0.0, -0.0, 1000, 1000.0, 12.345, 1e-30, 1e2, "0", "41", "41.", "41.0", ".5", " 41 ",
        "\t41\n", "0041", "1000", "1000.000", "0001000.", "0" * 5000, "999.9999999",
    ],
    [
        -1, -0.001, -1e-9, 1000.001, 1001, 10**30, 1e300, True, False, "", " ", "-1", "+1", "-0",
        "1e1", "1E1", "1_0", "1,5", "1 0", "10 mm", "10mm", "1.2.3", ".", "1001", "1000.001",
        "1000.00000000000000001", "9" * 5000, "٤١", "４１", "NaN", "nan", "Infinity", "0x10", "1/2",
        [], {}, [41], "none",
    ],
    [],
)  # fmt: skip
VOLUME = Field(
    [
        0, 0.0, -0.0, 10000, 10000.0, 1001, 12.345, 1e-30, 1e2, "0", "41", "41.", "41.0", ".5",
        " 41 ", "\t41\n", "0041", "10000", "10000.000", "00010000.", "0" * 5000, "9999.9999999",
    ],
    [
        -1, -0.001, -1e-9, 10000.001, 10001, 10**30, 1e300, True, False, "", " ", "-1", "+1", "-0",
        "1e1", "1E1", "1_0", "1,5", "1 0", "10 ml", "10ml", "1.2.3", ".", "10001", "10000.001",
        "10000.00000000000000001", "9" * 5000, "٤١", "４１", "NaN", "nan", "Infinity", "0x10",
        "1/2", [], {}, [41], "none",
    ],
    [],
)  # fmt: skip
LESION_IDS = Field(
    [[], ["S8"]],
    ["S8", "", {}, 0, True, {"S8": 1}],
    [
        ([""], "[0]"), ([0], "[0]"), ([None], "[0]"), (["S8", True], "[1]"),
        (["S8", "S8"], "[1]"), ([["S8"]], "[0]"),
    ],
)  # fmt: skip
AGENTS = Field(
    [["a"], ["a", "a"], [" "]],
    [[], "sorafenib", "", {}, 0, True],
    [([""], "[0]"), (["a", 0], "[1]"), ([None], "[0]"), ([["a"]], "[0]")],
)
MARKER = Field(
    [1, 0.5, 1e15, 1e-15, "3", "<3", "<= 3", ">=3.5", "> .5", " 3 ", "<0.5", "0.05", "<3."],
    [
        0, 0.0, -1, -0.5, True, "", "<", "<0", "0", "0.0", ".", "-3", "~3", "3 ng", "< -3", "<<3",
        "=3", "1e3", "3<", "1,5", "< >3", [], {}, [3], "٣", "high",
    ],
    [],
)  # fmt: skip
FORMAT = Field(["mrecist-case/1"], ["", "mrecist-case/2", "mrecist-case", 1, True, [], {}], [])
RECORDS = Field([[]], ["", "x", {}, 0, 1, 1.5, True, False, {"0": {}}], [])
RECORD = Field([], [None, 0, "x", "", True, [], [[]]], [])


def words(*known: str) -> Field:
    wrong = [known[0].title() + "!", f" {known[0]}", f"{known[0]} ", "", "x", 0, True, [], {}]
    return Field(list(known), [*wrong, [known[0]]], [])


RESPONSES = words("CR", "PR", "SD", "NON-CR/NON-PD", "PD", "NE", "NED")
RESPONSES.bad = [(word, place) for word, place in RESPONSES.bad if word != {}]
RESPONSES.bad += [(word, "") for word in ("ND", "cr", "NON-CR", "icpd")]
RESPONSES.bad += [
    ({"mrecist": "ND"}, ".mrecist"),
    ({"": "CR"}, "['']"),
    ({"recist-1.1": 3}, "['recist-1.1']"),
    ({"mrecist": "CR", "x": {}}, ".x"),
]
RESPONSES.good += [
    {"mrecist": "CR"},
    {"mrecist": "CR", "recist-1.1": "SD"},
    {},
    {"mine": None},
    {" ": "NED"},
]
VISIT = Field(["a", " a ", "é", "x" * 10_000, "\ud800"], ["", " ", "\n\t", *NOT_TEXT], [])
PROOF = words("positive", "negative", "not done")
KINDS = words("nodule", "node", "infiltrative", "thrombus", "effusion", "other")
STATUS = words("measured", "absent", "too small", "present", "progressed", "not evaluable")
END = words("progression", "toxicity", "completed", "choice", "deterioration", "death", "other")

REQUIRED, OPTIONAL = True, False
L, T, F, LINE = ("lesions", 0), ("timepoints", 0), ("timepoints", 0, "findings", 0), ("lines", 0)
FRAGMENT, MERGED = ("lesions", 3), ("timepoints", 1, "findings", 2)
INTO = (*MERGED, "into")
ALIKE: dict[Path_, Path_] = {L: FRAGMENT, F: MERGED}
"""Records of one kind, the second with the keys that the first cannot have."""

ANSWER = words("yes", "no", "unknown")
CHANGE = words(
    "new",
    "increased",
    "stable",
    "decreased",
    "uncertain",
    "new or increased",
    "stable or decreased",
)

FIELDS: dict[Path_, tuple[Field, bool]] = {
    ("format",): (FORMAT, REQUIRED),
    ("patient",): (NAME, REQUIRED),
    ("lesions",): (RECORDS, REQUIRED),
    ("timepoints",): (RECORDS, REQUIRED),
    ("lines",): (RECORDS, REQUIRED),
    ("markers",): (RECORDS, OPTIONAL),
    ("events",): (RECORDS, OPTIONAL),
    ("procedures",): (RECORDS, OPTIONAL),
    ("death",): (DATE, OPTIONAL),
    ("last_contact",): (DATE, OPTIONAL),
    ("reader",): (VISIT, OPTIONAL),
    L: (RECORD, REQUIRED),
    (*L, "id"): (NAME, REQUIRED),
    (*L, "organ"): (TEXT, REQUIRED),
    (*L, "kind"): (KINDS, REQUIRED),
    (*L, "hilar"): (FLAG, OPTIONAL),
    (*L, "enhancement"): (words("arterial", "none"), OPTIONAL),
    (*L, "treated"): (FLAG, OPTIONAL),
    (*L, "label"): (TEXT, OPTIONAL),
    (*FRAGMENT, "part_of"): (NAME, OPTIONAL),
    T: (RECORD, REQUIRED),
    (*T, "date"): (DATE, REQUIRED),
    (*T, "findings"): (RECORDS, REQUIRED),
    (*T, "visit"): (VISIT, OPTIONAL),
    (*T, "arterial_phase"): (FLAG, OPTIONAL),
    (*T, "unmentioned"): (words("not evaluable", "unchanged"), OPTIONAL),
    (*T, "reported"): (RESPONSES, OPTIONAL),
    (*T, "note"): (TEXT, OPTIONAL),
    (*T, "modality"): (words("CT", "MRI"), OPTIONAL),
    F: (RECORD, REQUIRED),
    (*F, "lesion"): (NAME, REQUIRED),
    (*F, "status"): (STATUS, OPTIONAL),
    (*F, "viable_mm"): (SIZE, OPTIONAL),
    (*F, "longest_mm"): (SIZE, OPTIONAL),
    (*F, "short_axis_mm"): (SIZE, OPTIONAL),
    (*F, "viable_perp_mm"): (SIZE, OPTIONAL),
    (*F, "longest_perp_mm"): (SIZE, OPTIONAL),
    (*F, "volume_viable_ml"): (VOLUME, OPTIONAL),
    (*F, "pattern"): (words("typical", "atypical", "malignant", "unknown"), OPTIONAL),
    (*F, "cytology"): (PROOF, OPTIONAL),
    (*F, "biopsy"): (PROOF, OPTIONAL),
    (*F, "equivocal"): (FLAG, OPTIONAL),
    (*F, "masslike"): (words("present", "absent", "uncertain", "not evaluable"), OPTIONAL),
    (*F, "aphe"): (ANSWER, OPTIONAL),
    (*F, "washout"): (ANSWER, OPTIONAL),
    (*F, "like_before"): (ANSWER, OPTIONAL),
    (*F, "diffusion_restriction"): (ANSWER, OPTIONAL),
    (*F, "t2_mild_moderate"): (ANSWER, OPTIONAL),
    (*F, "change"): (CHANGE, OPTIONAL),
    (*F, "margin"): (words("enough", "not enough"), OPTIONAL),
    INTO: (NAME, REQUIRED),
    LINE: (RECORD, REQUIRED),
    (*LINE, "agents"): (AGENTS, REQUIRED),
    (*LINE, "start"): (DATE, REQUIRED),
    (*LINE, "stop"): (DATE, OPTIONAL),
    (*LINE, "end_reason"): (END, OPTIONAL),
    (*LINE, "baseline"): (DATE, OPTIONAL),
    (*LINE, "targets"): (LESION_IDS, OPTIONAL),
    (*LINE, "nontargets"): (LESION_IDS, OPTIONAL),
    (*LINE, "doses"): (RECORDS, OPTIONAL),
    (*LINE, "doses", 0): (RECORD, REQUIRED),
    (*LINE, "doses", 0, "date"): (DATE, REQUIRED),
    (*LINE, "doses", 0, "text"): (TEXT, REQUIRED),
    ("markers", 0): (RECORD, REQUIRED),
    ("markers", 0, "date"): (DATE, REQUIRED),
    ("markers", 0, "name"): (NAME, REQUIRED),
    ("markers", 0, "value"): (MARKER, REQUIRED),
    ("markers", 0, "unit"): (NAME, REQUIRED),
    ("events", 0): (RECORD, REQUIRED),
    ("events", 0, "date"): (DATE, REQUIRED),
    ("events", 0, "text"): (TEXT, REQUIRED),
    ("procedures", 0): (RECORD, REQUIRED),
    ("procedures", 0, "date"): (DATE, REQUIRED),
    ("procedures", 0, "kind"): (NAME, REQUIRED),
    ("procedures", 0, "lesions"): (LESION_IDS, OPTIONAL),
    ("procedures", 0, "text"): (TEXT, OPTIONAL),
}
FOLLOWS: dict[Path_, list[str]] = {
    (*L, "id"): [
        "timepoints[0].findings[0].lesion",
        "timepoints[1].findings[1].lesion",
        "timepoints[1].findings[2].into",
    ],
    (*T, "date"): ["lines[0].baseline"],
}
FOLLOWS |= {path[:-1]: where for path, where in FOLLOWS.items()}
"""What refers to what cannot be read, and is a mistake as well then."""


def followed(spoiled: dict[Path_, str]) -> list[str]:
    """The paths of all mistakes of a document in which these places are spoiled, sorted."""
    found = {told(path) + place for path, place in spoiled.items()}
    return sorted(found.union(*(FOLLOWS.get(path, []) for path in spoiled)))


KEYS = [path for path in FIELDS if isinstance(path[-1], str)]
OBJECTS: list[Path_] = [(), *(path for path, (field, _) in FIELDS.items() if field is RECORD)]

NEAR = {
    ("", "Patient"): "patient",
    ("timepoints[0].findings[0]", "viable"): "viable_mm",
}
"""Of the keys that are tried everywhere, those that are near to one that there is."""

every_field = pytest.mark.parametrize("path", FIELDS, ids=told)
every_key = pytest.mark.parametrize("path", KEYS, ids=told)
every_object = pytest.mark.parametrize("path", OBJECTS, ids=lambda path: told(path) or "case")


class TestEveryField:
    """Schema and reader take the same values for every field, and refuse the same."""

    def test_full_document(self) -> None:
        VALIDATOR.validate(FULL)
        assert mistakes(FULL) == []

    def test_no_field_is_forgotten(self) -> None:
        def keys(schema: Document) -> int:
            return len(schema.get("properties", {}))

        schema = mrecist.schema("case")
        records = ["lesion", "timepoint", "finding", "line", "marker", "note", "note", "procedure"]
        count = keys(schema) + sum(keys(schema["$defs"][name]) for name in records)
        assert len(KEYS) == count

    @every_field
    def test_good_values(self, path: Path_) -> None:
        field, required = FIELDS[path]
        for value in field.good + ([] if required else [None]):
            document = put(FULL, path, value)
            assert valid(document), value
            assert structural(document) == [], value

    @every_field
    def test_bad_values(self, path: Path_) -> None:
        """Exactly one mistake, in its place, and the value is told."""
        field, required = FIELDS[path]
        for value, place in field.bad:
            document = put(FULL, path, value)
            assert not valid(document), value
            found = mistakes(document)
            assert sorted(where for where, _ in found) == followed({path: place}), value
            assert all("got " in message for _, message in found)
        if required and field is not RECORD:
            document = put(FULL, path, None)
            assert not valid(document)
            assert sorted(where for where, _ in mistakes(document)) == self.left_out(path)

    @staticmethod
    def left_out(path: Path_) -> list[str]:
        """What is told where a required key is missing."""
        return [told(MERGED)] if path == INTO else followed({path: ""})

    @every_key
    def test_left_out(self, path: Path_) -> None:
        _, required = FIELDS[path]
        document = without(FULL, path)
        assert valid(document) == (not required)
        found = mistakes(document)
        assert sorted(where for where, _ in found) == (self.left_out(path) if required else [])
        if required and path != INTO:
            assert (told(path), "must be given") in found

    @every_object
    @pytest.mark.parametrize("key", ["unknown", "Patient", "viable", "", "a b", "x" * 100])
    def test_unknown_key(self, path: Path_, key: str) -> None:
        document = put(FULL, (*path, key), None)
        assert not valid(document)
        ((where, message),) = mistakes(document)
        plain = key.isidentifier() and len(key) < 60
        shown = told((*path, key)) if plain else f"{told(path)}[{converters.shown(key)}]"
        assert where == shown
        near = NEAR.get((told(path), key))
        if near is None:
            records = (path, ALIKE.get(path, path))
            keys = [told(each[-1:]) for each in KEYS if each[:-1] in records]
            keys += [] if path else ["format"]
            assert message.startswith("unknown key; known are ")
            known = message.removeprefix("unknown key; known are ").split(", ")
            assert sorted(known) == sorted(set(keys))
        else:
            assert message == f"unknown key; did you mean {near}?"

    @pytest.mark.parametrize(
        ("path", "key", "meant"),
        [
            ((), "patients", "patient"),
            ((), "time_points", "timepoints"),
            ((), "lastcontact", "last_contact"),
            (F, "Viable_mm", "viable_mm"),
            (F, "viable_cm", "viable_mm"),
            (F, "lesion_id", "lesion"),
            (LINE, "agent", "agents"),
            (LINE, "non_targets", "nontargets"),
            (T, "arterial-phase", "arterial_phase"),
        ],
    )
    def test_near_key(self, path: Path_, key: str, meant: str) -> None:
        """A slip of the pen is told what it was meant to be."""
        ((where, message),) = mistakes(put(FULL, (*path, key), None))
        shown = f".{key}" if key.isidentifier() else f"[{key!r}]"
        assert (where, message) == (
            f"{told(path)}{shown}".lstrip("."),
            f"unknown key; did you mean {meant}?",
        )

    @pytest.mark.parametrize("document", [None, 0, 1.5, "x", True, [], [FULL], {}])
    def test_not_a_case(self, document: Any) -> None:
        assert not valid(document)
        assert mistakes(document)
        if not isinstance(document, dict):
            ((path, message),) = mistakes(document)
            assert (path, message[:24]) == ("", "must be a JSON object, g")


class TestFindings:
    """A finding has a status or a size; what is absent or not evaluable has no size above 0."""

    SIZES = ("viable_mm", "longest_mm", "short_axis_mm")

    @pytest.mark.parametrize("status", [None, "measured", "absent", "not evaluable", "present"])
    @pytest.mark.parametrize("sizes", [*itertools.product([None, 0, "0.0", 0.1], repeat=3)])
    def test_status_and_sizes(self, status: str | None, sizes: tuple[Any, ...]) -> None:
        finding = {"lesion": "S8", "status": status} | dict(zip(self.SIZES, sizes, strict=True))
        document = put(FULL, F, finding)
        expected = []
        if status is None and not any(size is not None for size in sizes):
            expected = [told(F)]
        if status in ("absent", "not evaluable"):
            expected = [
                f"{told(F)}.{key}"
                for key, size in zip(self.SIZES, sizes, strict=True)
                if size == 0.1
            ]
        assert [path for path, _ in mistakes(document)] == expected
        assert valid(document) == (not expected)

    def test_neither(self) -> None:
        document = put(FULL, F, {"lesion": "S8", "pattern": "typical"})
        assert mistakes(document) == [(told(F), "must have a status or a size")]
        assert not valid(document)

    def test_viable_above_whole_is_no_mistake(self) -> None:
        document = put(FULL, F, {"lesion": "S8", "viable_mm": 30, "longest_mm": 20})
        assert mistakes(document) == []
        assert valid(document)


class TestMutations:
    """Schema and reader agree on any document near a valid one, in both directions."""

    @given(case=case_documents())
    def test_generated_documents(self, case: Document) -> None:
        VALIDATOR.validate(case)
        assert mistakes(case) == []

    @staticmethod
    def places(document: Any, path: Path_ = ()) -> Iterator[Path_]:
        """Every place in a document below the top."""
        items = document.items() if isinstance(document, dict) else enumerate(document)
        for step, value in items:
            yield (*path, step)
            if isinstance(value, (dict, list)):
                yield from TestMutations.places(value, (*path, step))

    near_values = st.sampled_from(
        [value for field, _ in FIELDS.values() for value in field.good]
        + [value for field, _ in FIELDS.values() for value, _ in field.bad]
    )
    values = st.one_of(
        near_values,
        st.none(),
        st.integers(-2, 1002),
        st.decimals(-1, 1001, places=3, allow_nan=False).map(float),
        st.text("0123456789.- <>=e", max_size=8),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=3),
            lambda inner: (
                st.lists(inner, max_size=2)
                | st.dictionaries(st.sampled_from(["id", "date", "lesion", "x"]), inner, max_size=2)
            ),
            max_leaves=4,
        ),
    )

    def mutated(self, document: Any, data: st.DataObject) -> Any:
        places = list(self.places(document))
        if not places:
            return document
        path = data.draw(st.sampled_from(places))
        how = data.draw(st.sampled_from(["put", "put", "drop", "null", "twice", "add", "swap"]))
        if how == "put":
            return put(document, path, data.draw(self.values))
        if how == "null":
            return put(document, path, None)
        if how == "drop":
            return without(document, path)
        document = copy.deepcopy(document)
        parent = document
        for step in path[:-1]:
            parent = parent[step]
        if how == "add" and isinstance(parent, dict):
            known = data.draw(st.sampled_from(["status", "hilar", "stop", "label", "x", "Date"]))
            parent[known] = data.draw(self.values)
        elif how == "twice" and isinstance(parent, list):
            parent.append(copy.deepcopy(parent[path[-1]]))
        elif how == "swap":
            other = data.draw(st.sampled_from(places))
            value: Any = document
            for step in other:
                value = value[step]
            parent[path[-1]] = copy.deepcopy(value)
        return document

    @settings(max_examples=4 * settings().max_examples)
    @given(
        case=case_documents(max_lesions=3, max_timepoints=3, max_lines=2) | st.just(FULL),
        count=st.integers(1, 3),
        data=st.data(),
    )
    def test_mutated_documents(self, case: Document, count: int, data: st.DataObject) -> None:
        for _ in range(count):
            case = self.mutated(case, data)
        found, expected = structural(case), not valid(case)
        assert bool(found) == expected, (found, mistakes(case))
        # ... and in the same places: each names what the other names, or what lies around it.
        wrong = {
            told(tuple(error.absolute_path))
            for error in VALIDATOR.iter_errors(json.loads(json.dumps(case)))
        }
        for path in wrong:
            assert any(one.startswith(path) for one in found), (path, found)
        for one in found:
            assert any(one.startswith(path) for path in wrong), (one, wrong)

    @given(case=case_documents(max_lesions=3, max_timepoints=3), data=st.data())
    def test_read_as_text_or_as_values(self, case: Document, data: st.DataObject) -> None:
        """`from_case` of parsed JSON and `parse_case` of its text come to the same."""
        text = json.dumps(self.mutated(case, data))
        try:
            by_values: Any = mrecist.from_case(json.loads(text))
        except CaseError as error:
            by_values = {line.split(": ")[0] for line in error.lines}
        by_text: Any = mrecist.parse_case(text)
        if isinstance(by_text, InvalidCase):
            by_text = {line.split(": ")[0] for line in by_text.errors}
        assert by_text == by_values


# ---- mistakes between values

BETWEEN: list[tuple[str, Path_, Any, str, str]] = [
    ("lesion of a finding", (*F, "lesion"), "S9", "timepoints[0].findings[0].lesion",
     "must be the id of a lesion of this case, got 'S9'"),
    ("target", (*LINE, "targets"), ["S4", "S9"], "lines[0].targets[1]",
     "must be the id of a lesion of this case, got 'S9'"),
    ("non-target", (*LINE, "nontargets"), ["S9"], "lines[0].nontargets[0]",
     "must be the id of a lesion of this case, got 'S9'"),
    ("target also non-target", (*LINE, "nontargets"), ["E", "S4"], "lines[0].nontargets[1]",
     "must not be a target as well, got 'S4'"),
    ("lesion twice", ("timepoints", 0, "findings", 1, "lesion"), "S8",
     "timepoints[0].findings[1].lesion", "must be unique, got 'S8' as in findings[0]"),
    ("id twice", ("lesions",), [*FULL["lesions"], {"id": "S8", "organ": "lung", "kind": "node"}],
     "lesions[4].id", "must be unique, got 'S8' as in lesions[0]"),
    ("date twice", ("timepoints", 1, "date"), 0, "timepoints[1].date",
     "must be unique, got 0 as in timepoints[0]"),
    ("start twice", ("lines", 1, "start"), 3, "lines[1].start",
     "must be unique, got 3 as in lines[0]"),
    ("baseline", (*LINE, "baseline"), 1, "lines[0].baseline",
     "must be the date of a time point, got 1"),
    ("stop before start", (*LINE, "stop"), 2, "lines[0].stop",
     "must not be before the start 3, got 2"),
    ("mixed time point", ("timepoints", 1, "date"), "2024-01-03", "timepoints[1].date",
     "must be a study day as timepoints[0].date is, got 2024-01-03"),
    ("mixed start", ("lines", 1, "start"), "2024-01-03", "lines[1].start",
     "must be a study day as timepoints[0].date is, got 2024-01-03"),
    ("mixed stop", (*LINE, "stop"), "2024-01-03", "lines[0].stop",
     "must be a study day as timepoints[0].date is, got 2024-01-03"),
    ("mixed dose", (*LINE, "doses", 0, "date"), "2024-01-03", "lines[0].doses[0].date",
     "must be a study day as timepoints[0].date is, got 2024-01-03"),
    ("mixed marker", ("markers", 0, "date"), "2024-01-03", "markers[0].date",
     "must be a study day as timepoints[0].date is, got 2024-01-03"),
    ("mixed event", ("events", 0, "date"), "2024-01-03", "events[0].date",
     "must be a study day as timepoints[0].date is, got 2024-01-03"),
    ("mixed death", ("death",), "2024-01-03", "death",
     "must be a study day as timepoints[0].date is, got 2024-01-03"),
    ("mixed last contact", ("last_contact",), "2024-01-03", "last_contact",
     "must be a study day as timepoints[0].date is, got 2024-01-03"),
    ("mixed procedure", ("procedures", 0, "date"), "2024-01-03", "procedures[0].date",
     "must be a study day as timepoints[0].date is, got 2024-01-03"),
    ("lesion of a procedure", ("procedures", 0, "lesions"), ["S4", "S9"],
     "procedures[0].lesions[1]", "must be the id of a lesion of this case, got 'S9'"),
    ("fragment of nothing", (*FRAGMENT, "part_of"), "S9", "lesions[3].part_of",
     "must be the id of a lesion of this case, got 'S9'"),
    ("fragment of itself", (*FRAGMENT, "part_of"), "E2", "lesions[3].part_of",
     "must be the id of another lesion, got 'E2'"),
    ("fragment of another kind", (*FRAGMENT, "part_of"), "S4", "lesions[3].part_of",
     "must be a lesion of the same kind, effusion: 'S4' is of kind nodule"),
    ("fragment of a fragment", ("lesions",),
     [*FULL["lesions"], {"id": "E3", "organ": "pleura", "kind": "effusion", "part_of": "E2"}],
     "lesions[4].part_of", "must not be a fragment itself: 'E2' is part of 'E'"),
    ("target fragment", (*LINE, "targets"), ["S4", "E2"], "lines[0].targets[1]",
     "must not be a fragment: 'E2' is part of 'E'"),
    ("non-target fragment", (*LINE, "nontargets"), ["E2"], "lines[0].nontargets[0]",
     "must not be a fragment: 'E2' is part of 'E'"),
    ("into nothing", INTO, "S9", "timepoints[1].findings[2].into",
     "must be the id of a lesion of this case, got 'S9'"),
    ("into itself", INTO, "S4", "timepoints[1].findings[2].into",
     "must be the id of another lesion, got 'S4'"),
    ("into what is not recorded", INTO, "E2", "timepoints[1].findings[2].into",
     "must be recorded at the same time point, got 'E2'"),
    ("into what has merged", ("timepoints", 1, "findings", 0), {"lesion": "E", "into": "S4"},
     "timepoints[1].findings[0].into",
     "must not have merged itself at the same time point, got 'S4'"),
    ("into its parent", MERGED, {"lesion": "E2", "into": "E"}, "timepoints[1].findings[2].into",
     "must not be the lesion of which 'E2' is a fragment, got 'E'"),
    ("into its fragment", ("timepoints", 1, "findings"),
     [{"lesion": "E2", "status": "present"}, {"lesion": "E", "into": "E2"}],
     "timepoints[1].findings[1].into", "must not be a fragment of 'E', got 'E2'"),
    ("recorded twice in a visit", ("timepoints", 1),
     {"date": 9, "visit": " baseline ", "findings": [
         {"lesion": "E", "status": "present"}, {"lesion": "S4", "status": "present"}]},
     "timepoints[1].findings[1].lesion",
     "must be recorded once in a visit, got 'S4' as in timepoints[0]"),
    ("two verdicts of a visit", ("timepoints", 1),
     {"date": 9, "visit": "baseline", "findings": [], "reported": "PR"},
     "timepoints[1].reported", "must be SD as in timepoints[0] of the same visit, got PR"),
    ("an object beside a word", ("timepoints", 1),
     {"date": 9, "visit": "baseline", "findings": [], "reported": {"mrecist": "SD"}},
     "timepoints[1].reported", "must be one word as in timepoints[0] of the same visit"),
    ("two words of a criteria", ("timepoints",),
     [{"date": 9, "visit": "a", "findings": [], "reported": {"recist-1.1": "SD", "x": "PR"}},
      {"date": 0, "visit": "a", "findings": [], "reported": {"recist-1.1": "PR", "y": "PD"}},
      {"date": 8, "visit": "a", "findings": [], "reported": None}],
     "timepoints[0].reported['recist-1.1']",
     "must be PR as in timepoints[1] of the same visit, got SD"),
    ("a word beside an object", ("timepoints",),
     [{"date": 9, "visit": "a", "findings": [], "reported": "SD"},
      {"date": 0, "visit": "a", "findings": [], "reported": {"recist-1.1": "PR"}}],
     "timepoints[0].reported", "must be an object as in timepoints[1] of the same visit"),
    ("30 February", ("timepoints", 1, "date"), "2024-02-30", "timepoints[1].date",
     "must be a date of the calendar, got '2024-02-30'"),
    ("29 February", ("death",), "2023-02-29", "death",
     "must be a date of the calendar, got '2023-02-29'"),
    ("31 April", ("lines", 1, "start"), "2024-04-31", "lines[1].start",
     "must be a date of the calendar, got '2024-04-31'"),
]  # fmt: skip


class TestBetweenValues:
    """Mistakes that lie between values are told by the reader alone, each with its path."""

    @pytest.mark.parametrize(
        ("path", "value", "where", "message"),
        [pytest.param(*each[1:], id=each[0]) for each in BETWEEN],
    )
    def test_one(self, path: Path_, value: Any, where: str, message: str) -> None:
        document = put(FULL, path, value)
        assert valid(document)
        assert mistakes(document) == [(where, message)]

    @pytest.mark.parametrize(
        ("merging", "told"),
        [
            # of each time point: which lesions are recorded, and what has merged into what
            ([("A A1 B B1", {})], []),
            ([("A A1 B B1", {"A1": "B"})], []),
            ([("A A1 B B1", {"A1": "B", "B1": "A"})], [(0, "A1"), (0, "B1")]),
            ([("A A1 B B1 C", {"A1": "B", "B1": "C"})], []),
            ([("A A1 B B1 C C1", {"A1": "B", "B1": "C", "C1": "A"})],
             [(0, "A1"), (0, "B1"), (0, "C1")]),
            ([("A A1 A2", {"A1": "A2"})], []),
            # what has merged once is merged as long as nothing is said of it
            ([("A A1 B", {"A1": "B"}), ("A B B1", {"B1": "A"})], [(1, "B1")]),
            ([("A A1 B", {"A1": "B"}), ("A A1 B B1", {"B1": "A"})], []),
            ([("A A1 B", {"A1": "B"}), ("A A1 B", {}), ("A B B1", {"B1": "A"})], []),
            ([("A A1 B", {"A1": "B"}), ("A A1? B", {}), ("A B B1", {"B1": "A"})], [(2, "B1")]),
            ([("A A1 B", {"A1": "B"}), ("A", {}), ("A B B1", {"B1": "A"})], [(2, "B1")]),
            ([("A A1 B", {"A1": "B"}), ("A B1", {"B1": "A"})], []),
        ],
    )  # fmt: skip
    @pytest.mark.parametrize("order", [1, -1])
    def test_merging(
        self, merging: list[tuple[str, dict[str, str]]], told: list[tuple[int, str]], order: int
    ) -> None:
        """Merging leads nowhere back, by way of fragments or of what has merged before."""
        names = ["A", "A1", "A2", "B", "B1", "C", "C1"]
        lesions = [{"id": name, "organ": "lung", "kind": "other"} for name in names]
        for lesion in lesions:
            if len(lesion["id"]) == 2:
                lesion["part_of"] = lesion["id"][0]
        timepoints = []
        expected = []
        for day, (recorded, into) in enumerate(merging):
            findings: list[Document] = []
            for name in recorded.split():
                status = "not evaluable" if name[-1] == "?" else "present"
                lesion_id = name.rstrip("?")
                if (day, lesion_id) in told:
                    place = day if order == 1 else len(merging) - 1 - day
                    expected.append(f"timepoints[{place}].findings[{len(findings)}].into")
                said = {"into": into[lesion_id]} if lesion_id in into else {"status": status}
                findings.append({"lesion": lesion_id, **said})
            timepoints.append({"date": day, "findings": findings})
        document = {**MINIMAL, "lesions": lesions, "timepoints": timepoints[::order]}
        found = mistakes(document)
        assert [path for path, _ in found] == expected
        assert all("must not lead back to" in message for _, message in found)

    def test_mixed_baseline(self) -> None:
        document = put(FULL, (*LINE, "baseline"), "2024-01-03")
        assert valid(document)
        assert {path for path, _ in mistakes(document)} == {"lines[0].baseline"}

    def test_mixed_the_other_way(self) -> None:
        """The first date says which kind all are to be."""
        document = {
            **MINIMAL,
            "timepoints": [{"date": "2024-01-03", "findings": []}],
            "lines": [{"agents": ["x"], "start": 7, "stop": 3}],
            "death": 900,
        }
        expected = "must be a calendar date as timepoints[0].date is, got "
        assert valid(document)
        found = dict(mistakes(document))
        assert found["lines[0].start"] == expected + "7"
        assert found["death"] == expected + "900"


FIRST = ("timepoints[0]", "timepoints[0].date")
FIRST_VISIT = (*FIRST, "timepoints[0].visit")
NEEDS: dict[str, Sequence[str]] = {
    **dict.fromkeys(
        ("lesion of a finding", "target", "non-target", "lesion of a procedure"), ("lesions",)
    ),
    **dict.fromkeys(
        ("target fragment", "non-target fragment", "into its parent", "into its fragment"),
        ("lesions", "lesions[3].part_of"),
    ),
    **dict.fromkeys(("date twice", "mixed time point"), FIRST),
    **dict.fromkeys(
        ("two verdicts of a visit", "an object beside a word"),
        (*FIRST_VISIT, "timepoints[0].reported"),
    ),
    "recorded twice in a visit": [
        *FIRST_VISIT, "timepoints[0].findings", "timepoints[0].findings[1].lesion",
    ],
    "lesion twice": ["timepoints[0].findings[0]", "timepoints[0].findings[0].lesion"],
    "into what has merged": [told(INTO)],
    "start twice": ["lines[0]", "lines[0].start"],
    "stop before start": ["lines[0].start"],
    "baseline": ["timepoints"],
    "target also non-target": ["lines[0].targets"],
}  # fmt: skip
"""What must be as it is for a mistake to be one, or to be told where it is."""


def apart(row: Any, path: Path_) -> bool:
    """Whether a mistake between values stays one where another place is spoiled."""
    name, where, *_ = row
    overlap = where[: len(path)] == path[: len(where)]
    return not overlap and told(path) not in NEEDS.get(name, [])


each_between = pytest.mark.parametrize("row", BETWEEN, ids=lambda row: row[0])


class TestInSpiteOfOthers:
    """A mistake never hides another."""

    @each_between
    def test_pairs(self, row: Any) -> None:
        """Any two mistakes between values, in places of their own."""
        _, path, value, where, _ = row
        for other in BETWEEN:
            if apart(row, other[1]) and apart(other, path):
                document = put(put(FULL, path, value), other[1], other[2])
                assert {where, other[3]} <= {each for each, _ in mistakes(document)}, other[0]

    @each_between
    def test_beside_any_field(self, row: Any) -> None:
        """A mistake between values, and any field that cannot be read in a place of its own."""
        _, path, value, where, _ = row
        for other, (field, _) in FIELDS.items():
            if apart(row, other):
                spoiled, place = field.bad[0]
                document = put(put(FULL, path, value), other, spoiled)
                found = {each for each, _ in mistakes(document)}
                assert {where, told(other) + place} <= found, other

    @each_between
    def test_beside_unreadable_items(self, row: Any) -> None:
        """A mistake between values, and an item that is none at the end of each list."""
        _, where, value, expected, _ = row
        document = put(FULL, where, value)
        lists = [
            ("lesions",), ("timepoints",), ("lines",), ("markers",), ("events",), ("procedures",),
            ("timepoints", 0, "findings"), ("timepoints", 1, "findings"), (*LINE, "doses"),
            (*LINE, "targets"), (*LINE, "nontargets"),
        ]  # fmt: skip
        nulls = set()
        for path in lists:
            place = document
            for step in path:
                place = place[step]
            nulls.add(f"{told(path)}[{len(place)}]")
            place.append(None)
        assert {path for path, _ in mistakes(document)} == nulls | {expected}

    def test_issue(self) -> None:
        """An entry that is null hides neither an undeclared lesion nor a misspelt target."""
        document = put(FULL, L, None)
        document = put(document, (*LINE, "targets"), ["s4"])
        assert {path for path, _ in mistakes(document)} == {
            "lesions[0]",
            "timepoints[0].findings[0].lesion",
            "timepoints[1].findings[1].lesion",
            "timepoints[1].findings[2].into",
            "lines[0].targets[0]",
        }

    @pytest.mark.parametrize(
        ("name", "hidden"),
        [
            ("lesions", {"timepoints[0].findings[0].lesion", "lines[0].targets[0]"}),
            ("timepoints", {"lines[0].baseline"}),
        ],
    )
    def test_unreadable_list(self, name: str, hidden: set[str]) -> None:
        """What refers into a list that cannot be read at all is not told as well."""
        document = put(FULL, (*F, "lesion"), "S9")
        document = put(document, (*LINE, "targets"), ["S9"])
        document = put(document, (*LINE, "baseline"), 1)
        found = {path for path, _ in mistakes(put(document, (name,), 7))}
        assert name in found
        assert not found & hidden

    def test_lists_of_names_in_part(self) -> None:
        """The names of a list that can be read are looked up, and compared with the other list."""
        document = put(FULL, (*LINE, "targets"), ["S4", 7, "S9", "S4"])
        document = put(document, (*LINE, "nontargets"), ["", "S4", None])
        assert {path for path, _ in mistakes(document)} == {
            "lines[0].targets[1]",
            "lines[0].targets[2]",
            "lines[0].targets[3]",
            "lines[0].nontargets[0]",
            "lines[0].nontargets[1]",
            "lines[0].nontargets[2]",
        }

    def test_verdicts_in_part(self) -> None:
        """The words of an object that can be read are compared within the visit."""
        said: list[Any] = [{"mrecist": "CR", "x": "none"}, {"mrecist": "PR", "": 3}]
        document = {
            **MINIMAL,
            "timepoints": [
                {"date": day, "visit": "a", "findings": [], "reported": said[day]}
                for day in range(2)
            ],
        }
        assert {path for path, _ in mistakes(document)} == {
            "timepoints[0].reported.x",
            "timepoints[1].reported['']",
            "timepoints[1].reported.mrecist",
        }

    @pytest.mark.parametrize(
        "spoiled",
        [{"visit": 7}, {"findings": 7}, {"findings": None}],
        ids=["visit", "findings", "no findings"],
    )
    @pytest.mark.parametrize("place", [0, 1])
    def test_unsure_visit(self, spoiled: Document, place: int) -> None:
        """Where a visit cannot be read in part, what has merged may have been recorded there."""
        timepoints: list[Document] = [
            {"date": 0, "visit": "a", "findings": [{"lesion": "S4", "into": "S8"}]},
            {"date": 1, "visit": "a", "findings": [{"lesion": "S8", "viable_mm": 30}]},
        ]
        timepoints[place] |= spoiled
        document = {**FULL, "timepoints": timepoints}
        key = next(iter(spoiled))
        found = {path for path, _ in mistakes(document)}
        assert found == {f"timepoints[{place}].{key}"}

    def test_visit_of_its_own(self) -> None:
        """A time point without a visit cannot be the examination whose visit is not read."""
        timepoints: list[Document] = [
            {"date": 0, "findings": [{"lesion": "S4", "into": "S8"}]},
            {"date": 1, "visit": "", "findings": [{"lesion": "S8", "viable_mm": 30}]},
        ]
        assert {path for path, _ in mistakes({**FULL, "timepoints": timepoints})} == {
            "timepoints[0].findings[0].into",
            "timepoints[1].visit",
        }

    def test_misspelt_size(self) -> None:
        """A key near to a size may have been one; any other unknown key says nothing of size."""
        document = put(FULL, F, {"lesion": "S8", "viable": 30})
        assert {path for path, _ in mistakes(document)} == {f"{told(F)}.viable"}
        document = put(FULL, F, {"lesion": "S8", "colour": "red"})
        assert {path for path, _ in mistakes(document)} == {told(F), f"{told(F)}.colour"}

    @pytest.mark.parametrize("beside", ["status", "viable_mm", "longest_mm", "short_axis_mm"])
    def test_beside_merging(self, beside: str) -> None:
        """No status and no size stands beside `into`."""
        document = put(FULL, (*MERGED, beside), "present" if beside == "status" else 0)
        assert not valid(document)
        where = f"{told(MERGED)}.{beside}"
        assert mistakes(document) == [(where, "must be left out where into is given")]

    def test_merging_without_lesions(self) -> None:
        """What a visit does not record is told even where no lesion can be read."""
        document = put(put(FULL, INTO, "E2"), ("lesions",), None)
        assert {path for path, _ in mistakes(document)} == {"lesions", told(INTO)}

    def test_verdict_given_twice(self) -> None:
        """Two words for one criteria in one object."""
        document = put(FULL, (*T, "reported"), {"mrecist": "CR"})
        text = json.dumps(document).replace('"mrecist": "CR"', '"mrecist": "CR", "mrecist": "PR"')
        where = "timepoints[0].reported.mrecist"
        assert errors_of(text) == (f"{where}: must be given once, is given twice",)


class TestAllAtOnce:
    """Every mistake of the document, each with its path; none of them spurious."""

    # Leaves only: a list or record that is refused hides the mistakes within.
    leaves = [path for path in KEYS if FIELDS[path][0] is not RECORDS]  # noqa: RUF012

    @given(data=st.data())
    def test_any_number(self, data: st.DataObject) -> None:
        paths = data.draw(st.lists(st.sampled_from(self.leaves), min_size=2, unique=True))
        document, spoiled, named = FULL, {}, set()
        for path in paths:
            value, spoiled[path] = data.draw(st.sampled_from(FIELDS[path][0].bad))
            document = put(document, path, value)
            if FIELDS[path][0] is LESION_IDS and isinstance(value, list):
                named |= {f"{told(path)}[0]"} if value[0] == "S8" else set()
        lost = named if (*L, "id") in spoiled else set()
        both = {f"{told((*LINE, name))}[0]" for name in ("targets", "nontargets")}
        if both <= named:  # of one lesion
            lost = lost | {f"{told((*LINE, 'nontargets'))}[0]"}
        found = [path for path, _ in mistakes(document)]
        assert sorted(set(found)) == sorted({*followed(spoiled), *lost})
        assert len(set(mistakes(document))) == len(found)

    def test_every_leaf(self) -> None:
        document, spoiled = FULL, {}
        for path in self.leaves:
            value, spoiled[path] = FIELDS[path][0].bad[-1]
            document = put(document, path, value)
        found = mistakes(document)
        assert sorted({path for path, _ in found}) == followed(spoiled)
        assert len(set(found)) == len(found)

    def test_of_all_sorts(self) -> None:
        document = copy.deepcopy(FULL)
        document["lesions"][1]["kind"] = "tumour"
        document["timepoints"][0]["findings"][1]["viable_mm"] = -3
        document["timepoints"][0]["findings"].append({"lesion": "S9", "status": "present"})
        document["timepoints"][1]["date"] = "2024-02-30"
        document["lines"][0]["stop"] = 1
        document["lines"][1]["start"] = 3
        document["lines"][1]["drug"] = "x"
        del document["markers"][0]["unit"]
        kinds = '"nodule", "node", "infiltrative", "thrombus", "effusion", "other"'
        assert sorted(mistakes(document)) == [
            ("lesions[1].kind", f"must be one of {kinds}, got 'tumour'"),
            ("lines[0].stop", "must not be before the start 3, got 1"),
            (
                "lines[1].drug",
                "unknown key; known are agents, start, stop, end_reason, baseline, targets, "
                "nontargets, doses",
            ),
            ("lines[1].start", "must be unique, got 3 as in lines[0]"),
            ("markers[0].unit", "must be given"),
            ("timepoints[0].findings[1].viable_mm", "must be at least 0, got -3"),
            (
                "timepoints[0].findings[2].lesion",
                "must be the id of a lesion of this case, got 'S9'",
            ),
            ("timepoints[1].date", "must be a date of the calendar, got '2024-02-30'"),
        ]

    def test_error_as_text(self) -> None:
        document = put(put(FULL, (*F, "viable_mm"), -3), ("death",), "soon")
        with pytest.raises(CaseError) as caught:
            mrecist.from_case(document)
        path = "timepoints[0].findings[0].viable_mm: must be at least 0, got -3"
        assert caught.value.lines[0] == path
        assert str(caught.value).splitlines()[0] == f"patient P-001: {path}"
        assert len(str(caught.value).splitlines()) == 2

    def test_long_values_are_cut(self) -> None:
        document = put(FULL, (*L, "kind"), "x" * 10_000)
        ((_, message),) = mistakes(document)
        assert len(message) < 200
        assert message.endswith("... (10002 characters)")


# ---- JSON that is hardly JSON


def text_of(document: Document, replaced: str = '"P"', by: str = '"P"') -> bytes:
    return json.dumps(document).replace(replaced, by).encode()


def errors_of(text: str | bytes) -> tuple[str, ...]:
    case = mrecist.parse_case(text)
    assert isinstance(case, InvalidCase), "was read"
    return case.errors


class TestDuplicateKeys:
    """Unknown keys are errors, and so are duplicate keys."""

    @pytest.mark.parametrize("value", ['"P-001"', '"other"', "null", "[]"])
    def test_top(self, value: str) -> None:
        text = json.dumps(FULL).replace('"patient": "P-001"', f'"patient": {value}, "patient": "Q"')
        assert errors_of(text) == ("patient: must be given once, is given twice",)

    @every_object
    def test_every_object(self, path: Path_) -> None:
        """Also where both values are the same, and last in the object."""
        marked = put(FULL, (*path, "@"), 0)
        record: Any = FULL
        for step in path:
            record = record[step]
        key, value = list(record.items())[-1]
        text = json.dumps(marked).replace('"@": 0', f'"{key}": {json.dumps(value)}')
        assert errors_of(text) == (f"{told((*path, key))}: must be given once, is given twice",)

    def test_several(self) -> None:
        text = (
            '{"patient": "P", "patient": "Q", "format": "mrecist-case/1", "lesions": [], '
            '"lesions": [], "timepoints": [{"date": 1, "date": 1, "findings": []}], "lines": []}'
        )
        assert sorted(errors_of(text)) == [
            "lesions: must be given once, is given twice",
            "patient: must be given once, is given twice",
            "timepoints[0].date: must be given once, is given twice",
        ]

    def test_unknown_twice(self) -> None:
        found = errors_of('{"x": 1, "x": 2}')
        assert "x: must be given once, is given twice" in found
        assert any(line.startswith("x: unknown key") for line in found)


class TestNumbers:
    """A JSON number is the decimal number that is written; NaN and Infinity are errors."""

    @pytest.mark.parametrize("name", ["NaN", "Infinity", "-Infinity"])
    @pytest.mark.parametrize(
        "path", [(*F, "viable_mm"), (*T, "date"), ("markers", 0, "value"), ("patient",),
                 (*L, "hilar"), (*L, "kind"), ("lesions",), (*LINE, "targets")], ids=told,
    )  # fmt: skip
    def test_not_a_number(self, path: Path_, name: str) -> None:
        text = json.dumps(put(FULL, path, "@")).replace('"@"', name)
        error = self.only_of(path, text)
        assert error.startswith(f"{told(path)}: must be ")
        assert error.endswith(f"got {name}")

    @staticmethod
    def only_of(path: Path_, text: str) -> str:
        """The error of one spoiled place; all others follow from it."""
        errors = {error.partition(":")[0]: error for error in errors_of(text)}
        assert sorted(errors) == followed({path: ""})
        return errors[told(path)]

    @pytest.mark.parametrize(
        "number",
        ["1" * 5001, "-" + "1" * 5001, "1e999999", "-1e999999", "1.5e300", "1e19", "1" * 20],
        ids=lambda number: number[:8],
    )
    @pytest.mark.parametrize("path", [(*F, "viable_mm"), (*T, "date"), ("patient",)], ids=told)
    def test_huge(self, path: Path_, number: str) -> None:
        text = json.dumps(put(FULL, path, "@")).replace('"@"', number)
        error = self.only_of(path, text)
        assert error.startswith(f"{told(path)}: must be ")
        assert len(error) < 200

    @pytest.mark.parametrize("number", ["1e99999999999999999999", "1e-99999999999999999999"])
    def test_out_of_all_bounds(self, number: str) -> None:
        text = json.dumps(put(FULL, (*F, "viable_mm"), "@")).replace('"@"', number)
        (error,) = errors_of(text)
        assert "number" in error

    @pytest.mark.parametrize("number", ["1e-999999", "0e999999", "0.0000", "-0", "-0.0"])
    def test_as_good_as_zero(self, number: str) -> None:
        text = json.dumps(put(FULL, (*F, "viable_mm"), "@")).replace('"@"', number)
        case = mrecist.parse_case(text)
        assert isinstance(case, Patient)
        assert case.timepoints[0].findings[0].viable_um == 0

    @pytest.mark.parametrize(
        ("number", "micrometres"),
        [
            ("1.0005", 1_000),
            ("1.00050000000000000001", 1_001),
            ("1.0015", 1_002),
            ("1.00149999999999999999", 1_001),
            ("9.8", 9_800),
            ("98e-1", 9_800),
            ("1000.000000000000000000", 1_000_000),
            ("0.1e4", 1_000_000),
        ],
    )
    def test_exact(self, number: str, micrometres: int) -> None:
        """As a number and as text alike: nothing passes through a float on its way."""
        forms = [number] if "e" in number else [number, f'"{number}"']
        for form in forms:
            text = json.dumps(put(FULL, (*F, "viable_mm"), "@")).replace('"@"', form)
            case = mrecist.parse_case(text)
            assert isinstance(case, Patient), form
            assert case.timepoints[0].findings[0].viable_um == micrometres

    @pytest.mark.parametrize("number", ["1000.00000000000000000001", "-0.00000000000000000001"])
    def test_exactly_out_of_range(self, number: str) -> None:
        text = json.dumps(put(FULL, (*F, "viable_mm"), "@")).replace('"@"', number)
        assert len(errors_of(text)) == 1

    @pytest.mark.parametrize("day", ["60.0", "6e1", "600e-1"])
    def test_whole_study_days(self, day: str) -> None:
        """A whole number, however it is written, is a whole study day."""
        text = json.dumps(put(FULL, ("timepoints", 1, "date"), "@")).replace('"@"', day)
        assert valid(json.loads(text))
        assert mrecist.parse_case(text) == mrecist.from_case(FULL)

    def test_whole_study_days_as_floats(self) -> None:
        """As the standard library's `json` gives them."""
        document = put(FULL, ("timepoints", 1, "date"), 60.0)
        assert mrecist.from_case(document) == mrecist.from_case(FULL)


class TestDepth:
    """Nesting is refused clearly, however deep."""

    @pytest.mark.parametrize(
        "depth", [10, 100, 500, 900, *range(940, 1010, 5), 2_000, 10_000, 100_000]
    )
    @pytest.mark.parametrize(("start", "end"), ["[]", ('{"a":', "}")])
    def test_value(self, depth: int, start: str, end: str) -> None:
        value = start * depth + "1" + end * depth
        (error,) = errors_of(text_of(MINIMAL, by=value))
        assert "nested" in error or error.startswith("patient: must be text, not empty, got ")
        assert len(error) < 200

    @pytest.mark.parametrize("depth", [1, 500, 985, 100_000])
    def test_top(self, depth: int, tmp_path: Path) -> None:
        path = tmp_path / "case.json"
        path.write_text("[" * depth + "]" * depth)
        with pytest.raises((DocumentError, CaseError), match=r"nested|must be a JSON object"):
            mrecist.read_case(path)

    @pytest.mark.parametrize("depth", [1, 100_000])
    def test_never_closed(self, depth: int) -> None:
        (error,) = errors_of("[" * depth)
        assert error.startswith(("not JSON: ", "not a case document: nested too deeply"))


BROKEN: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "not JSON: "),
    "blank lines": (b"\n \n\t\n\r\n", "not JSON: "),
    "half an object": (b'{"format": ', "not JSON: .* at line 1, column "),
    "trailing comma": (b'{"format": 1,}', "not JSON: .* at line 1, column "),
    "two documents": (b"{} {}", "not JSON: Extra data at line 1, column 4"),
    "single quotes": (b"{'format': 1}", "not JSON: "),
    "comment": (b"// a case\n{}", "not JSON: "),
    "control character": (b'{"a": "\x01"}', "not JSON: .* at line 1, column "),
    "leading zero": (b'{"a": 012}', "not JSON: "),
    "UTF-16": (json.dumps(FULL).encode("utf-16"), "UTF-16; save it as UTF-8$"),
    "UTF-16 without BOM": (json.dumps(FULL).encode("utf-16-le"), "not JSON: "),
    "invalid UTF-8": (b'{"patient": "\xff"}', "not UTF-8, at byte 13"),
    "surrogate in UTF-8": (b'{"patient": "\xed\xa0\x80"}', "not UTF-8, at byte 13"),
    "Latin-1": ('{"patient": "Müller"}'.encode("latin-1"), "not UTF-8, at byte 14"),
    "binary": (bytes(range(256)), "not "),
    "nothing but BOMs": (b"\xef\xbb\xbf\n\xef\xbb\xbf", "not JSON: nothing in it"),
    "BOM in the middle": (b'{"a":\xef\xbb\xbf1}', "not JSON: .* at line 1, column 6"),
    "BOM behind": (b"{}\xef\xbb\xbf", "not JSON: "),
}
every_broken = pytest.mark.parametrize(("text", "message"), BROKEN.values(), ids=list(BROKEN))


class TestBroken:
    """What is not JSON is told as that, whatever door it comes through."""

    @every_broken
    def test_parse_case(self, text: bytes, message: str) -> None:
        (error,) = errors_of(text)
        assert re.match(message, error)
        assert "\n" not in error

    @pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
    def test_line_that_breaks_off(self, end: bytes) -> None:
        """A line of a stream breaks off on its own line, not on the next."""
        assert errors_of(b'{"patient":' + end)[0].endswith("at line 1, column 12")

    @every_broken
    def test_single_document(self, text: bytes, message: str, tmp_path: Path) -> None:
        for name in ("case.json", "case", "case.txt", "CASE.JSON"):
            path = tmp_path / name
            path.write_bytes(text)
            with pytest.raises(DocumentError, match=message):
                mrecist.read_case(path)
            with pytest.raises(DocumentError, match=message):
                list(mrecist.read_cases(path))
        with pytest.raises(DocumentError, match=message):
            list(mrecist.read_cases(io.BytesIO(text)))

    @every_broken
    def test_in_a_stream(self, text: bytes, message: str, tmp_path: Path) -> None:
        """An invalid case in its place; the other cases are read all the same."""
        one_line = text.replace(b"\n", b" ").replace(b"\r", b" ")
        path = tmp_path / "cases.jsonl"
        path.write_bytes(b"\n".join([json.dumps(FULL).encode(), one_line, text_of(MINIMAL), b""]))
        read = list(mrecist.read_cases(path))
        assert [type(each) for each in read[:1] + read[-1:]] == [Patient, Patient]
        for each in read[1:-1]:
            assert isinstance(each, InvalidCase)
            assert each.patient is None
            assert len(each.errors) == 1
        assert len(read) == (3 if one_line.replace(b"\xef\xbb\xbf", b"").strip() else 2)

    @given(text=st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
    @example(text=b'{"format":"mrecist-case/1","patient":1e400}')
    def test_any_bytes(self, text: bytes) -> None:
        """Nothing but `InvalidCase`, `DocumentError` and `CaseError` ever comes out."""
        assert isinstance(mrecist.parse_case(text), InvalidCase)
        try:
            read = list(mrecist.read_cases(io.BytesIO(text)))
        except DocumentError:
            return
        assert all(isinstance(each, InvalidCase) for each in read)

    @pytest.mark.parametrize("value", ["[]", "1", "null", "true", '"x"', "[{}]", "1.5e3"])
    def test_not_an_object(self, value: str, tmp_path: Path) -> None:
        assert len(errors_of(value)) == 1
        for name in ("case.json", "case", "cases.jsonl"):
            path = tmp_path / name
            path.write_text(value)
            (read,) = mrecist.read_cases(path)
            assert isinstance(read, InvalidCase)
            assert read.patient is None
            assert read.errors[0].startswith("must be a JSON object, got ")
        with pytest.raises(CaseError, match=r"^must be a JSON object, got "):
            mrecist.read_case(path)

    def test_byte_order_mark(self, tmp_path: Path) -> None:
        text = b"\xef\xbb\xbf" + text_of(MINIMAL)
        expected = mrecist.from_case(MINIMAL)
        assert mrecist.parse_case(text) == expected
        for name in ("case.json", "case", "cases.jsonl"):
            path = tmp_path / name
            path.write_bytes(text)
            assert list(mrecist.read_cases(path)) == [expected]
        path.write_bytes(text + b"\n" + text_of(MINIMAL))
        assert list(mrecist.read_cases(path)) == [expected, expected]
        assert list(mrecist.read_cases(io.BytesIO(path.read_bytes()))) == [expected, expected]

    def test_lone_surrogates(self, tmp_path: Path) -> None:
        """JSON can escape them, so they are read, kept and written."""
        case = mrecist.parse_case(text_of(MINIMAL, by='"\\ud800"'))
        assert isinstance(case, Patient)
        assert case.id == "\ud800"
        path = tmp_path / "case.json"
        mrecist.write_documents([mrecist.to_case(case)], path)
        assert mrecist.read_case(path) == case
        (error,) = errors_of(json.dumps(put(FULL, (*L, "kind"), "\ud800")))
        assert error.endswith("got '\\ud800'")

    def test_no_such_file(self, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError):
            mrecist.read_case(tmp_path / "none.json")
        with pytest.raises(FileNotFoundError):
            list(mrecist.read_cases(tmp_path / "none.jsonl"))


# ---- streams


def line_of(number: int, **more: Any) -> bytes:
    return json.dumps({**MINIMAL, "patient": f"P{number}", **more}).encode()


def names(cases: Any) -> list[str | None]:
    """The patients of a stream in order; `None` for a case that is not valid."""
    return [case.id if isinstance(case, Patient) else None for case in cases]


class Endless(io.RawIOBase):
    """A stream made line by line, as it is read, that counts its lines."""

    def __init__(self, made: Callable[[int], bytes]) -> None:
        self.made, self.count, self.rest = made, 0, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self.rest:
            self.rest = self.made(self.count) + b"\n"
            self.count += 1
        part = self.rest[: len(buffer)]
        self.rest = self.rest[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)


class TestStreams:
    """An invalid case in its place, nothing dropped, the order kept, blank lines skipped."""

    LINES = (line_of(1), b"", b"{broken", line_of(2, lines="x"), b"  \t", line_of(3), b"7", b"")
    EXPECTED = ("P1", None, None, "P3", None)

    @pytest.mark.parametrize("end", [b"\n", b"\r\n"])
    @pytest.mark.parametrize("name", ["c.jsonl", "c.ndjson", "C.NDJSON", "c.txt", "c", "c.json.gz"])
    def test_order(self, tmp_path: Path, name: str, end: bytes) -> None:
        path = tmp_path / name
        path.write_bytes(end.join(self.LINES))
        read = list(mrecist.read_cases(path))
        assert tuple(names(read)) == self.EXPECTED
        assert tuple(names(mrecist.read_cases(str(path)))) == self.EXPECTED
        assert isinstance(read[2], InvalidCase)
        assert read[2] == InvalidCase("P2", ("lines: must be a list, got 'x'",))

    def test_binary_stream(self) -> None:
        assert tuple(names(mrecist.read_cases(io.BytesIO(b"\n".join(self.LINES))))) == self.EXPECTED

    def test_json_holds_one(self, tmp_path: Path) -> None:
        path = tmp_path / "case.json"
        path.write_bytes(b"\n".join([line_of(1), line_of(2)]))
        with pytest.raises(DocumentError, match="not JSON: Extra data at line 2"):
            list(mrecist.read_cases(path))

    @pytest.mark.parametrize("text", [b"", b"\n", b"\n \n\r\n\t"])
    def test_no_lines(self, tmp_path: Path, text: bytes) -> None:
        path = tmp_path / "cases.jsonl"
        path.write_bytes(text)
        assert list(mrecist.read_cases(path)) == []

    @pytest.mark.parametrize("around", [b"", b"\n", b"\n\n  \n"])
    @pytest.mark.parametrize("indent", [None, 1, 4])
    def test_looked_at_single(self, tmp_path: Path, indent: int | None, around: bytes) -> None:
        """One document, on one line or over many, blank lines before and after it."""
        text = around + json.dumps(FULL, indent=indent).encode() + around
        expected = [mrecist.from_case(FULL)]
        assert list(mrecist.read_cases(io.BytesIO(text))) == expected
        for name in ("case", "case.json", "case.txt"):
            (tmp_path / name).write_bytes(text)
            assert list(mrecist.read_cases(tmp_path / name)) == expected

    def test_looked_at_single_invalid(self) -> None:
        text = json.dumps(put(FULL, ("death",), "soon"), indent=2).encode()
        (read,) = mrecist.read_cases(io.BytesIO(text))
        assert isinstance(read, InvalidCase)
        assert (read.patient, len(read.errors)) == ("P-001", 1)

    @pytest.mark.parametrize("first", [b"{broken", b"not JSON at all", b"\xff\xfe", b"[1, 2"])
    def test_looked_at_first_line_broken(self, first: bytes) -> None:
        text = b"\n".join([first, line_of(1), b"", line_of(2)])
        assert names(mrecist.read_cases(io.BytesIO(text))) == [None, "P1", "P2"]

    @pytest.mark.parametrize("second", [b"{broken", b"7", b"[]"])
    def test_looked_at_second_line_broken(self, second: bytes) -> None:
        text = b"\n".join([b"", line_of(1), second, line_of(2)])
        assert names(mrecist.read_cases(io.BytesIO(text))) == ["P1", None, "P2"]

    @pytest.mark.parametrize("name", ["cases.jsonl", "cases"])
    def test_lazy(self, name: str) -> None:
        """A stream without end is read as far as it is asked for."""
        stream = Endless(line_of)
        buffered: IO[bytes] = io.BufferedReader(stream, 64)
        read = mrecist.read_cases(buffered)
        assert stream.count == 0
        assert names(itertools.islice(read, 5)) == [f"P{i}" for i in range(5)]
        assert stream.count <= 8
        assert names(itertools.islice(read, 5)) == [f"P{i}" for i in range(5, 10)]
        assert stream.count <= 13

    def test_lazy_file(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        parsed = []
        path = tmp_path / "cases.jsonl"
        path.write_bytes(b"\n".join(line_of(i) for i in range(1000)))
        parse = streams.parse
        monkeypatch.setattr(streams, "parse", lambda text: parsed.append(1) or parse(text))
        assert names(itertools.islice(mrecist.read_cases(path), 3)) == ["P0", "P1", "P2"]
        assert len(parsed) <= 4


class TestTooLong:
    """A document far longer than any chart is refused, and costs the others nothing."""

    LIMIT = 400

    @pytest.fixture(autouse=True)
    def _short(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(_json, "LONGEST_DOCUMENT", self.LIMIT)

    def long(self, length: int) -> bytes:
        line = line_of(0, events=[{"date": 0, "text": "@"}])
        return line.replace(b"@", b"x" * (length - len(line) + 1))

    def test_limit(self) -> None:
        assert isinstance(mrecist.parse_case(self.long(self.LIMIT)), Patient)
        assert errors_of(self.long(self.LIMIT + 1)) == (
            "longer than 400 bytes, which no case document is",
        )

    @pytest.mark.parametrize("length", [401, 402, 403, 800, 5000])
    def test_single_document(self, tmp_path: Path, length: int) -> None:
        for name in ("case.json", "case"):
            path = tmp_path / name
            path.write_bytes(self.long(length))
            for read in (mrecist.read_case, lambda path: list(mrecist.read_cases(path))):
                with pytest.raises(DocumentError, match="longer than 400 bytes"):
                    read(path)

    @pytest.mark.parametrize("length", [401, 402, 403, 404, 800, 802, 5000])
    @pytest.mark.parametrize("place", [0, 1, 2, 3])
    def test_line_of_a_file(self, tmp_path: Path, place: int, length: int) -> None:
        lines = [line_of(i) for i in range(1, 4)]
        lines.insert(place, self.long(length))
        for end in (b"", b"\n"):
            path = tmp_path / "cases.jsonl"
            path.write_bytes(b"\n".join(lines) + end)
            expected: list[str | None] = ["P1", "P2", "P3"]
            expected.insert(place, None)
            assert names(mrecist.read_cases(path)) == expected

    @pytest.mark.parametrize("length", [401, 402, 403, 404, 800, 802, 5000])
    @pytest.mark.parametrize("place", [1, 2, 3])
    def test_line_of_a_stream(self, place: int, length: int) -> None:
        lines = [line_of(i) for i in range(1, 4)]
        lines.insert(place, self.long(length))
        expected: list[str | None] = ["P1", "P2", "P3"]
        expected.insert(place, None)
        assert names(mrecist.read_cases(io.BytesIO(b"\n".join(lines)))) == expected

    def test_first_line_broken(self) -> None:
        """The stream goes on past what was looked at, and no line is cut in two."""
        lines = [b"{broken", *(line_of(i) for i in range(30))]
        expected = [None, *(f"P{i}" for i in range(30))]
        assert names(mrecist.read_cases(io.BytesIO(b"\n".join(lines)))) == expected


# ---- what is written


class TestWriteDocuments:
    """One a line for `.jsonl`, else the only one, indented."""

    def test_jsonl(self, tmp_path: Path) -> None:
        path = tmp_path / "out.jsonl"
        mrecist.write_documents([{"a": "ü"}, {"b": [1, 2]}], path)
        assert path.read_bytes() == b'{"a": "\\u00fc"}\n{"b": [1, 2]}\n'
        mrecist.write_documents([], str(path))
        assert path.read_bytes() == b""

    def test_json(self, tmp_path: Path) -> None:
        path = tmp_path / "out.json"
        mrecist.write_documents(iter([{"a": 1}]), path)
        assert path.read_bytes() == b'{\n  "a": 1\n}\n'

    @pytest.mark.parametrize("count", [0, 2, 3])
    def test_one_only(self, tmp_path: Path, count: int) -> None:
        path = tmp_path / "out.json"
        with pytest.raises(ValueError, match=rf"holds one document, got {count}; .*\.jsonl"):
            mrecist.write_documents([MINIMAL] * count, path)

    @pytest.mark.parametrize("name", ["out.json", "out.jsonl"])
    @pytest.mark.parametrize("value", [float("nan"), float("inf")])
    def test_not_a_number(self, tmp_path: Path, name: str, value: float) -> None:
        with pytest.raises(ValueError, match="not JSON compliant"):
            mrecist.write_documents([{"a": value}], tmp_path / name)

    def test_no_such_folder(self, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError):
            mrecist.write_documents([MINIMAL], tmp_path / "none" / "out.json")

    def test_answers_in_a_stream(self, tmp_path: Path) -> None:
        """Assessments and errors side by side, in the order of the cases."""
        path = tmp_path / "out.jsonl"
        source = io.BytesIO(b"\n".join([line_of(1), b"{", line_of(2, lines=1)]))
        mrecist.write_documents(
            (
                mrecist.to_error(case)
                if isinstance(case, InvalidCase)
                else mrecist.to_assessment(mrecist.assess(case))
                for case in mrecist.read_cases(source)
            ),
            path,
        )
        written = [json.loads(line) for line in path.read_text().splitlines()]
        assert [(each["format"], each["patient"]) for each in written] == [
            ("mrecist-assessment/1", "P1"),
            ("mrecist-error/1", None),
            ("mrecist-error/1", "P2"),
        ]
        assert written[2]["errors"] == ["lines: must be a list, got 1"]


class TestErrors:
    """Every kind of refusal becomes an error document."""

    @pytest.mark.parametrize("given", ["lesions[0]: bad", ValueError("bad"), None])
    def test_no_case(self, given: Any) -> None:
        """What is no invalid case, and no error of ours, is refused by its kind."""
        with pytest.raises(TypeError, match=f"CohortError\\), got {type(given).__name__}"):
            mrecist.to_error(given)

    def test_case_error(self) -> None:
        """A chart that cannot be: the patient that it names, and every mistake with its path."""
        lesion = mrecist.Lesion("S8", "liver", "nodule")
        with pytest.raises(mrecist.CaseError) as caught:
            mrecist.Patient("P-7", lesions=[lesion] * 2, timepoints=[], lines=[])
        document = mrecist.to_error(caught.value)
        assert document == {
            "format": "mrecist-error/1",
            "patient": "P-7",
            "errors": caught.value.lines,
        }
        assert len(document["errors"]) > 0
        jsonschema = pytest.importorskip("jsonschema")
        jsonschema.validate(document, mrecist.schema("error"))

    def test_of_a_part(self) -> None:
        """A record that no patient is named for."""
        with pytest.raises(mrecist.CaseError) as caught:
            mrecist.Lesion("", "liver", "nodule")
        assert mrecist.to_error(caught.value)["patient"] is None

    def test_cohort_error(self) -> None:
        """Of one patient its id; of several none, and each mistake names its own."""
        table = {"patient": ["a", "b"], "date": [0, 0], "lesion": ["L", "L"], "viable_mm": [-1, 2]}
        with pytest.raises(mrecist.CohortError) as caught:
            mrecist.assess_cohort(table)
        told = mrecist.to_error(caught.value)
        assert (told["patient"], told["errors"]) == (
            "a",
            ["row 0, viable_mm: must be at least 0, got -1"],
        )
        with pytest.raises(mrecist.CohortError) as caught:
            mrecist.assess_cohort(table | {"viable_mm": [-1, -1], "date": [0, "x"]})
        told = mrecist.to_error(caught.value)
        assert told["patient"] is None
        assert told["errors"][0] == "patient a, row 0, viable_mm: must be at least 0, got -1"
        with pytest.raises(mrecist.CohortError) as caught:
            mrecist.assess_cohort({"patient": ["a"]})
        assert mrecist.to_error(caught.value)["errors"][0] == "date: this column is required"


class TestSchema:
    """The library publishes a JSON Schema for each document."""

    @pytest.mark.parametrize("name", ["case", "assessment", "error"])
    def test_each(self, name: str) -> None:
        schema = mrecist.schema(name)
        jsonschema.Draft202012Validator.check_schema(schema)
        assert schema["$id"] == f"urn:mrecist:{name}:1"
        assert schema["properties"]["format"]["const"] == f"mrecist-{name}/1"

    def test_is_a_copy(self) -> None:
        mrecist.schema("case")["properties"].clear()
        assert mrecist.schema("case")["properties"]

    @pytest.mark.parametrize("name", ["", "Case", "case-1", "../case", "x" * 100])
    def test_no_such(self, name: str) -> None:
        with pytest.raises(ValueError, match=r'^schema must be "case", "assessment" or "error", '):
            mrecist.schema(name)


class TestManyKeys:
    """A document with very many keys is answered in the time that reading it takes."""

    MANY = ", ".join(f'"k{i}": {i}' for i in range(40_000))

    @pytest.mark.parametrize(
        "text",
        [
            '{"format": "mrecist-case/1", "patient": "P", "lesions": [], "timepoints": [], '
            f'"lines": [], {MANY}, "k7": 1}}',
            '{"format": "mrecist-case/1", "patient": "P", "timepoints": [], "lines": [], '
            f'"lesions": [{{"id": "A", "organ": "liver", "kind": "nodule", {MANY}, "k7": 1}}]}}',
        ],
        ids=["case", "lesion"],
    )
    def test_one_repeated(self, text: str) -> None:
        begun = time.perf_counter()
        found = mrecist.parse_case(text)
        seconds = time.perf_counter() - begun
        assert isinstance(found, InvalidCase)
        repeated = [error for error in found.errors if "twice" in error]
        assert len(repeated) == 1
        assert repeated[0].endswith("k7: must be given once, is given twice")
        assert seconds < 15  # not a measurement: quadratic code would take minutes

    def test_all_repeated(self) -> None:
        begun = time.perf_counter()
        found = mrecist.parse_case(f"{{{self.MANY}, {self.MANY}}}")
        assert isinstance(found, InvalidCase)
        assert time.perf_counter() - begun < 15
