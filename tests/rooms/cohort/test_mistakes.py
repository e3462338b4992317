"""What no chart can say of merging and visits, where other things of it cannot be read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fuzz.documents import mistakes_are_sound

from mrecist import CaseError, from_case
from mrecist._base.converters import shown
from mrecist._base.json_text import parse


def mistakes(
    lesions: str, *timepoints: list[dict[str, Any]], visit: str | None = None
) -> list[str]:
    """The mistakes of a document; `Xa` and `Xb` are fragments of `X`."""
    document = {
        "format": "mrecist-case/1",
        "patient": "P",
        "lesions": [
            {"id": id, "organ": "lung", "kind": "nodule"}
            | ({"part_of": id[0]} if len(id) > 1 else {})
            for id in lesions.split()
        ],
        "timepoints": [
            {"date": day, "findings": findings} | ({"visit": visit} if visit else {})
            for day, findings in enumerate(timepoints)
        ],
        "lines": [],
    }
    try:
        from_case(document)
    except CaseError as error:
        return [f"{path}: {told}" for path, told in error.mistakes]
    return []


def there(*lesions: str) -> list[dict[str, Any]]:
    return [{"lesion": id, "status": "present"} for id in lesions]


def into(**pairs: str) -> list[dict[str, Any]]:
    return [{"lesion": id, "into": other} for id, other in pairs.items()]


class TestMerging:
    """A lesion merges into another that the visit records; never in a circle."""

    @pytest.mark.parametrize(
        ("more", "path"), [({"status": "present"}, "status"), ({"longest_mm": 9}, "longest_mm")]
    )
    def test_nothing_beside(self, more: dict[str, Any], path: str) -> None:
        finding = {"lesion": "A", "into": "B", **more}
        assert mistakes("A B", [finding, *there("B")]) == [
            f"timepoints[0].findings[0].{path}: must be left out where into is given"
        ]

    def test_not_recorded(self) -> None:
        told = "must be recorded at the same time point, got 'B'"
        path = "timepoints[0].findings[0].into"
        assert mistakes("A B", into(A="B")) == [f"{path}: {told}"]

    def test_unsure(self) -> None:
        """Where the visit cannot be read, another examination may have recorded it."""
        (told,) = mistakes("A B", into(A="B"), visit=7)
        assert told.startswith("timepoints[0].visit: must be text")

    def test_diamond(self) -> None:
        """Two parts of what a lesion merged into may merge into the same other one."""
        found = [*into(A="P", Pa="Q", Pb="Q"), *there("P", "Q")]
        assert mistakes("A P Pa Pb Q", found) == []

    def test_circle(self) -> None:
        found = [*into(A="P", Pa="Q", Qa="A"), *there("P", "Q")]
        assert mistakes("A P Pa Q Qa", found) == [
            "timepoints[0].findings[2].into: must not have merged itself at the same time point, "
            "got 'A'"
        ]
        found = [*into(Aa="P", Pa="A"), *there("P", "A")]
        told = "must not lead back to {} through fragments"
        assert mistakes("A Aa P Pa", found) == [
            "timepoints[0].findings[0].into: " + told.format("'Aa'"),
            "timepoints[0].findings[1].into: " + told.format("'Pa'"),
        ]


class TestVisits:
    """Two examinations of a visit record no lesion twice, as far as they can be read."""

    def test_twice(self) -> None:
        told = "must be recorded once in a visit, got 'A' as in timepoints[0]"
        assert mistakes("A", there("A"), there("A"), visit="V") == [
            f"timepoints[1].findings[0].lesion: {told}"
        ]
        assert mistakes("A", there("A"), there("A")) == []

    def test_without_lesion(self) -> None:
        """A finding whose lesion is missing is not the same as another such one."""
        lost = [{"status": "present"}]
        found = mistakes("A", lost, lost, visit="V")
        assert found == [f"timepoints[{i}].findings[0].lesion: must be given" for i in range(2)]


class TestPaths:
    """Every mistake's path is of one grammar: names behind points, places and texts in brackets."""

    ODD = ("", " ", "a b", "a.b", "[0]", "'", '"', "é", "1", "\ufeff", "x" * 100, "recist-1.1")

    @pytest.mark.parametrize("key", ODD)
    @pytest.mark.parametrize("where", ["", "lesions", "timepoints", "findings", "reported"])
    def test_one_grammar(self, where: str, key: str) -> None:
        """Whether a key is unknown, given twice, or a name of criteria of an unknown word."""
        document = f'{{{json.dumps(key)}: "?", {json.dumps(key)}: "?"}}'
        record = {
            "": document,
            "lesions": f'{{"lesions": [{document}]}}',
            "timepoints": f'{{"timepoints": [{document}]}}',
            "findings": f'{{"timepoints": [{{"findings": [{document}]}}]}}',
            "reported": f'{{"timepoints": [{{"reported": {document}}}]}}',
        }[where]
        with pytest.raises(CaseError) as error:
            from_case(parse(record))
        leads = f".{key}" if key.isidentifier() and len(key) <= 60 else f"[{shown(key)}]"
        ending = [path for path, _ in error.value.mistakes if path.endswith(leads.lstrip("."))]
        assert ending
        mistakes_are_sound(parse(record), error.value)
