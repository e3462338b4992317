"""Mistakes with fragments, merging, procedures and visits."""

from __future__ import annotations

from hypothesis import strategies as st

from ._choices import Document, Draw
from ._mistake import Mistake, a_finding, some

__all__ = ["odd_fragment", "odd_merging", "odd_procedure", "odd_visit"]

_NEVER_ELSE = 3_000_000


def odd_fragment(draw: Draw, document: Document) -> Mistake | None:
    """A fragment of nothing, of itself, of a lesion of another kind, or one that a line names."""
    if not document["lesions"] or _merged(document):
        return None
    place = draw(st.integers(0, len(document["lesions"]) - 1))
    lesion, where = document["lesions"][place], f"lesions[{place}]"
    others = [
        each["id"]
        for each in document["lesions"]
        if each["kind"] != lesion["kind"] and not each.get("part_of")
    ]
    if any(each.get("part_of") == lesion["id"] for each in document["lesions"]):
        return None
    if lesion.get("part_of") and document["lines"]:
        line = document["lines"][0]
        more = {"targets": [lesion["id"]], "nontargets": []}
        return Mistake("lines[0]", "lines[0].targets[0]", lambda: line.update(more), "", "part_of")
    if _is_named(document, lesion["id"]):
        return None
    of = draw(st.sampled_from(["no such lesion", lesion["id"], *others[:1]]))
    path = f"{where}.part_of"
    return Mistake(where, path, lambda: lesion.update(part_of=of), "part_of", "kind")


def _merged(document: Document) -> set[str]:
    """The lesions into which others have merged."""
    findings = [each for timepoint in document["timepoints"] for each in timepoint["findings"]]
    return {each["into"] for each in findings if each.get("into") is not None}


def _is_named(document: Document, lesion: str) -> bool:
    """Whether a line names a lesion."""
    lists = [line.get(key) or [] for line in document["lines"] for key in ("targets", "nontargets")]
    return any(lesion in names for names in lists)


def odd_merging(draw: Draw, document: Document) -> Mistake | None:
    """A lesion merged into itself, into nothing, into what is not recorded, or with a size."""
    found = a_finding(draw, document)
    if found is None or found[2]["lesion"] in _merged(document):
        return None
    where, path, record = found
    how = draw(st.sampled_from(["itself", "nothing", "unrecorded", "sized"]))
    said = {"lesion": record["lesion"], "into": record["lesion"]}
    if how == "nothing":
        said["into"] = "no such lesion"
    elif how == "unrecorded":
        recorded = {
            each["lesion"] for timepoint in document["timepoints"] for each in timepoint["findings"]
        }
        never = [each["id"] for each in document["lesions"] if each["id"] not in recorded]
        said["into"] = never[0] if never else "no such lesion"
    elif how == "sized":
        if record.get("into") is None:
            return None
        key = draw(st.sampled_from(["viable_mm", "longest_mm", "short_axis_mm", "status"]))
        value = "present" if key == "status" else 12
        return Mistake(where, f"{path}.{key}", lambda: record.update({key: value}))

    def make() -> None:
        record.clear()
        record.update(said)

    return Mistake(where, f"{path}.into", make, needs="ids")


def odd_procedure(draw: Draw, document: Document) -> Mistake | None:
    """A procedure that cannot be read in one place, or that names no lesion of the case."""
    key, value, place = draw(
        st.sampled_from(
            [("kind", "", ""), ("kind", 3, ""), ("kind", None, ""), ("text", 3, ""),
             ("lesions", "S8", ""), ("lesions", ["no such lesion"], "[0]"), ("note", "x", "")]
        )
    )  # fmt: skip
    date = document["lines"][0]["start"] if document["lines"] else None
    if date is None or document.get("procedures"):
        return None
    said = {"date": date, "kind": "RFA"} | {key: value}
    path = f"procedures[0].{key}{place}"
    needs = "ids" if place else ""
    return Mistake("procedures", path, lambda: document.update(procedures=[said]), "", needs)


def odd_visit(draw: Draw, document: Document) -> Mistake | None:
    """A second examination of a visit that repeats a lesion, or differs in the verdict."""
    found = some(draw, document)
    if found is None or found[0] != "timepoints":
        return None
    record = found[2]
    last = f"timepoints[{len(document['timepoints'])}]"
    if record.get("visit") is not None or not record["findings"]:
        return None
    date = _NEVER_ELSE if isinstance(record["date"], int) else "2099-12-31"
    more: Document = {"date": date, "visit": "again", "findings": []}
    verdict = draw(st.booleans())
    if verdict:
        more["reported"] = "PD"
    else:
        more["findings"] = [{"lesion": record["findings"][0]["lesion"], "status": "present"}]
    path = f"{last}.reported" if verdict else f"{last}.findings[0].lesion"

    def make() -> None:
        record["visit"] = "again"
        if verdict:
            record["reported"] = "SD"
        document["timepoints"].append(more)

    return Mistake("timepoints", path, make)
