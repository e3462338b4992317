"""Case documents with mistakes, and where they are."""

from __future__ import annotations

from typing import Any, NamedTuple

from hypothesis import strategies as st

from ._case_documents import case_documents
from ._choices import Document, Draw, pick
from ._dangling import dangling
from ._mistake import LISTS, Maker, Mistake, a_finding, some
from ._odd_parts import odd_fragment, odd_merging, odd_procedure, odd_visit

__all__ = ["InvalidDocument", "invalid_case_documents"]


class InvalidDocument(NamedTuple):
    """A case document, and the paths of all its mistakes, each once, sorted."""

    document: Any
    paths: tuple[str, ...]


_NO_DATE = st.sampled_from(["2024-13-01", "3 Jan 2024", 0.5, True, "2023-02-29", [], 10**9])
_NO_FLAG = st.sampled_from(["yes", 1, 0, [], "false"])
_NO_WORD = st.sampled_from(["", "unknown word", 3, True, [], {}])
_NO_NAME = st.sampled_from(["", 3, True, [], {}])
_NO_VISIT = st.sampled_from(["", " ", 3, True, [], {}])
_NO_TEXT = st.sampled_from([3, True, [], {}])
_NO_SIZE = st.sampled_from([-3, "41 mm", True, 1001, "1e1", "-1", "", [], 1000.001])
_NO_LIST = st.sampled_from([1, {}, "S8", True])
_NO_RECORD: st.SearchStrategy[Any] = st.sampled_from([1, "S8", [], None])

_KNOWN = {"lesions": "ids", "timepoints": "dates", "lines": "starts"}
# Values that no door lets in: of lesions, time points, findings, lines.
_VALUES: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "lesions": {
        "id": _NO_NAME, "organ": _NO_TEXT, "kind": _NO_WORD, "hilar": _NO_FLAG,
        "enhancement": _NO_WORD, "treated": _NO_FLAG, "part_of": _NO_NAME, "label": _NO_TEXT,
    },
    "timepoints": {
        "date": _NO_DATE, "arterial_phase": _NO_FLAG, "note": _NO_TEXT,
        "reported": st.sampled_from(["ND", "complete", 1]), "visit": _NO_VISIT,
        "unmentioned": _NO_WORD, "findings": _NO_LIST,
    },
    "findings": {
        "lesion": _NO_NAME, "status": _NO_WORD, "viable_mm": _NO_SIZE, "longest_mm": _NO_SIZE,
        "short_axis_mm": _NO_SIZE, "pattern": _NO_WORD, "cytology": _NO_WORD, "biopsy": _NO_WORD,
        "equivocal": _NO_FLAG, "into": _NO_NAME,
    },
    "lines": {
        "agents": st.sampled_from([[], "sorafenib", 3]), "start": _NO_DATE, "stop": _NO_DATE,
        "end_reason": _NO_WORD, "targets": _NO_LIST, "nontargets": _NO_LIST, "doses": _NO_LIST,
        "baseline": _NO_DATE,
    },
}  # fmt: skip
_KEYS = {name: st.sampled_from(list(values)) for name, values in _VALUES.items()}
_REQUIRED = {
    "lesions": st.sampled_from(["id", "organ", "kind"]),
    "timepoints": st.sampled_from(["date", "findings"]),
    "lines": st.sampled_from(["agents", "start"]),
}
_FIRST_KEYS = {"lesions": "id", "timepoints": "date", "lines": "start"}
_UNKNOWN = st.sampled_from(["colour", "viable", "dates", "agent"])


def _hidden(name: str, key: str) -> str:
    """What is not known where this key cannot be read."""
    if key in ("part_of", "kind"):
        return key
    return "a date" if name != "lesions" and key == _FIRST_KEYS[name] else ""


def _bad_value(draw: Draw, document: Document) -> Mistake | None:
    found = some(draw, document)
    if found is None:
        return None
    name, place, record = found
    key = draw(_KEYS[name])
    value = draw(_VALUES[name][key])
    where = f"{name}[{place}]"
    return Mistake(where, f"{where}.{key}", lambda: record.update({key: value}), _hidden(name, key))


def _bad_value_of_finding(draw: Draw, document: Document) -> Mistake | None:
    found = a_finding(draw, document)
    if found is None:
        return None
    where, path, record = found
    key = draw(_KEYS["findings"])
    value = draw(_VALUES["findings"][key])
    return Mistake(where, f"{path}.{key}", lambda: record.update({key: value}))


def _left_out(draw: Draw, document: Document) -> Mistake | None:
    found = some(draw, document)
    if found is None:
        return None
    name, place, record = found
    key = draw(_REQUIRED[name])
    where = f"{name}[{place}]"
    return Mistake(where, f"{where}.{key}", lambda: record.pop(key), _hidden(name, key))


def _unknown_key(draw: Draw, document: Document) -> Mistake | None:
    found = some(draw, document)
    if found is None:
        return None
    name, place, record = found
    key, where = draw(_UNKNOWN), f"{name}[{place}]"
    return Mistake(where, f"{where}.{key}", lambda: record.update({key: 1}))


def _no_record(draw: Draw, document: Document) -> Mistake | None:
    found = some(draw, document)
    if found is None:
        return None
    name, place, _ = found
    where, value = f"{name}[{place}]", draw(_NO_RECORD)
    hides = "" if name == "lesions" else "a date"
    return Mistake(where, where, lambda: document[name].__setitem__(place, value), hides)


def _no_list(draw: Draw, document: Document) -> Mistake:
    name, value = draw(st.sampled_from(LISTS)), draw(_NO_LIST)
    return Mistake(name, name, lambda: document.update({name: value}), _KNOWN[name])


def _whole(draw: Draw, document: Document) -> Mistake:
    """A value of the document itself."""
    key, value = draw(
        st.sampled_from(
            [("patient", ""), ("patient", 7), ("patient", None), ("format", "mrecist-case/2"),
             ("format", None), ("death", "unknown"), ("last_contact", 1.5), ("events", 3),
             ("markers", "none"), ("timepoint", [])]
        )
    )  # fmt: skip
    return Mistake(key, key, lambda: document.update({key: value}))


def _twice(draw: Draw, document: Document) -> Mistake | None:
    """A second record of one id, date or start."""
    found = some(draw, document)
    if found is None:
        return None
    name, _, record = found
    last = f"{name}[{len(document[name])}]"
    more: Document = {"lesions": {}, "timepoints": {"findings": []}, "lines": {"agents": ["x"]}}
    key = _FIRST_KEYS[name]
    copy = {"organ": "liver", "kind": "other"} if name == "lesions" else more[name]
    copy = {key: record[key], **copy}
    needs = _KNOWN[name]
    return Mistake(name, f"{last}.{key}", lambda: document[name].append(copy), needs=needs)


def _sized_absent(draw: Draw, document: Document) -> Mistake | None:
    found = a_finding(draw, document)
    if found is None:
        return None
    where, path, record = found
    key = draw(st.sampled_from(["viable_mm", "longest_mm", "short_axis_mm"]))
    said = {
        "lesion": record["lesion"],
        "status": draw(st.sampled_from(["absent", "not evaluable"])),
    }
    said[key] = 12

    def make() -> None:
        record.clear()
        record.update(said)

    return Mistake(where, f"{path}.{key}", make)


def _says_nothing(draw: Draw, document: Document) -> Mistake | None:
    found = a_finding(draw, document)
    if found is None:
        return None
    where, path, record = found

    def make() -> None:
        for key in ("status", "viable_mm", "longest_mm", "short_axis_mm", "into"):
            record.pop(key, None)

    return Mistake(where, path, make)


def _recorded_twice(draw: Draw, document: Document) -> Mistake | None:
    found = a_finding(draw, document)
    if found is None:
        return None
    where, path, record = found
    findings = document["timepoints"][int(where[11:-1])]["findings"]
    again = {"lesion": record["lesion"], "status": "present"}
    path = f"{where}.findings[{len(findings)}].lesion"
    return Mistake(where, path, lambda: findings.append(again))


def _of_no_lesion(draw: Draw, document: Document) -> Mistake | None:
    """A reference to a lesion that there is not: in a finding, or in a line."""
    found = some(draw, document)
    if found is None or found[0] == "lesions":
        return None
    name, place, record = found
    where = f"{name}[{place}]"
    if name == "timepoints":
        path = f"{where}.findings[{len(record['findings'])}].lesion"
        stray = {"lesion": f"no such lesion {place}", "status": "present"}
        return Mistake(where, path, lambda: record["findings"].append(stray), needs="ids")
    ids = [*(record.get("targets") or []), "no such lesion"]
    path = f"{where}.targets[{len(ids) - 1}]"
    return Mistake(where, path, lambda: record.update(targets=ids), needs="ids")


def _named_twice(draw: Draw, document: Document) -> Mistake | None:
    """A lesion that a line names twice, or as target and as non-target."""
    whole = [each["id"] for each in document["lesions"] if not each.get("part_of")]
    if not whole or not document["lines"]:
        return None
    place = draw(st.integers(0, len(document["lines"]) - 1))
    line, name = document["lines"][place], whole[0]
    where = f"lines[{place}]"
    both = draw(st.booleans())
    named = {"targets": [name], "nontargets": [name]} if both else {"targets": [name, name]}
    path = f"{where}.nontargets[0]" if both else f"{where}.targets[1]"

    def make() -> None:
        line.pop("nontargets", None)
        line.update(named)

    return Mistake(where, path, make, needs="part_of")


def _no_such_day(draw: Draw, document: Document) -> Mistake | None:
    """A line that stops before it starts, or whose baseline is no time point."""
    if not document["lines"]:
        return None
    place = draw(st.integers(0, len(document["lines"]) - 1))
    line, where = document["lines"][place], f"lines[{place}]"
    early = -500 if isinstance(line["start"], int) else "2001-01-01"
    key = draw(st.sampled_from(["stop", "baseline"]))
    needs = "dates" if key == "baseline" else ""
    return Mistake(where, f"{where}.{key}", lambda: line.update({key: early}), needs=needs)


def _other_calendar(draw: Draw, document: Document) -> Mistake | None:
    """A death in the other kind of date than all else."""
    if not document["timepoints"]:
        return None
    day = document["timepoints"][0]["date"]
    other = "2031-01-01" if isinstance(day, int) else 3
    needs = "all dates"
    return Mistake("death", "death", lambda: document.update(death=other), needs=needs)


_MAKERS: st.SearchStrategy[Maker] = pick(
    (4, _bad_value),
    (5, _bad_value_of_finding),
    (4, _left_out),
    (2, _unknown_key),
    (2, _no_record),
    (2, _no_list),
    (2, _whole),
    (2, _twice),
    (2, _sized_absent),
    (2, _says_nothing),
    (2, _recorded_twice),
    (2, _of_no_lesion),
    (2, _named_twice),
    (2, _no_such_day),
    (1, _other_calendar),
    (2, odd_fragment),
    (3, odd_merging),
    (2, odd_procedure),
    (2, odd_visit),
)
_NO_DOCUMENT: st.SearchStrategy[Any] = st.sampled_from([None, None, [], "case", 3])
_ONCE = st.sampled_from([False] * 29 + [True])


_SMALL = case_documents(max_lesions=3, max_timepoints=4, max_lines=2)


@st.composite
def invalid_case_documents(
    draw: Draw,
    *,
    documents: st.SearchStrategy[Document] = _SMALL,
    max_mistakes: int = 4,
) -> InvalidDocument:
    """Case documents with mistakes, and the path of each.

    One mistake or several, never two in one record: values that no field takes, keys missing or
    unknown, records and lists that are none, ids, dates and names given twice, references to
    nothing, findings that say nothing or contradict themselves, fragments and merging that cannot
    be, visits that contradict themselves, dates of two kinds. What refers to a record that cannot
    be read is a mistake as well. The paths are those that `mrecist.from_case` and `mrecist check`
    report, no more and no fewer. `documents`: the valid ones to spoil.

        >>> from hypothesis import find
        >>> invalid = find(invalid_case_documents(), lambda invalid: len(invalid.paths) == 2)
        >>> invalid.paths == tuple(sorted(invalid.paths))
        True
    """
    if draw(_ONCE):
        return InvalidDocument(draw(_NO_DOCUMENT), ("",))
    document = draw(documents)
    made: list[Mistake] = []
    for _ in range(draw(st.integers(1, max_mistakes))):
        mistake = draw(_MAKERS)(draw, document)
        if mistake is not None and not any(_meddle(mistake, other) for other in made):
            made.append(mistake)
    if not made:
        made = [Mistake("patient", "patient", lambda: document.update(patient=""))]
    for mistake in made:
        mistake.make()
    paths = {mistake.path for mistake in made}
    return InvalidDocument(document, tuple(sorted(paths.union(dangling(document)))))


def _meddle(one: Mistake, other: Mistake) -> bool:
    """Whether one of two mistakes would hide or change what is told of the other."""
    records = one.record, other.record
    if records[0].startswith(records[1]) or records[1].startswith(records[0]):
        return True
    return _spoils(one, other) or _spoils(other, one)


def _spoils(one: Mistake, other: Mistake) -> bool:
    if not one.hides or not other.needs:
        return False
    return one.hides == other.needs or (other.needs == "all dates" and one.hides != "ids")
