"""Records that are built from documents in one pass are those that constructors make."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from hypothesis import given

import mrecist
from mrecist.documents.case import CASE
from mrecist.documents.trusted import Builder, trusted
from mrecist.model import Event, Finding, Lesion, Marker, Procedure, TherapyLine, Timepoint
from mrecist.testing.strategies import case_documents, invalid_case_documents

KINDS = (Event, Finding, Lesion, Marker, Procedure, TherapyLine, Timepoint, mrecist.Patient)


def constructed(document: dict[str, Any]) -> mrecist.Patient:
    """The chart by the constructors alone."""
    given = {key: value for key, value in document.items() if key not in ("format", "patient")}
    for name, kind in (
        ("lesions", Lesion),
        ("markers", Marker),
        ("events", Event),
        ("procedures", Procedure),
    ):
        if given.get(name) is not None:
            given[name] = [kind(**each) for each in given[name]]
    given["timepoints"] = [
        Timepoint(**{**each, "findings": [Finding(**one) for one in each["findings"]]})
        for each in given["timepoints"]
    ]
    given["lines"] = [
        TherapyLine(**{**each, "doses": [Event(**one) for one in each.get("doses") or ()]})
        for each in given["lines"]
    ]
    return mrecist.Patient(document["patient"], **given)


class TestTrusted:
    """A sound document gives the same chart; any other is refused, and read again."""

    @given(document=case_documents())
    def test_sound(self, document: dict[str, Any]) -> None:
        """Equal charts, to the last field."""
        chart = trusted(document, CASE)
        assert chart == constructed(document)
        assert repr(chart) == repr(constructed(document))

    @given(document=invalid_case_documents())
    def test_refused(self, document: Any) -> None:
        """No document with a mistake is built."""
        with pytest.raises((ValueError, TypeError, KeyError, AttributeError)):
            trusted(document.document, CASE)

    @pytest.mark.parametrize("key", ["id", "k", "format"])
    def test_keys(self, key: str) -> None:
        """A document has no key `id`, no unknown one, and the right format."""
        with pytest.raises(KeyError):
            trusted(mrecist.to_case(mrecist.example_case()) | {key: "P"}, CASE)


class TestBuilder:
    @pytest.mark.parametrize("equivocal", [1, "true", 1.0], ids=repr)
    def test_remembered(self, equivocal: Any) -> None:
        """What was read before lets nothing pass that is equal to it and of another type."""
        build = Builder(Finding)
        seen = {"lesion": "S8", "status": "present", "equivocal": True}
        assert build(seen) == build(seen) == Finding("S8", status="present", equivocal=True)
        with pytest.raises(ValueError, match="true or false"):
            build(seen | {"equivocal": equivocal})
        with pytest.raises(ValueError, match="true or false"):
            build(seen | {"equivocal": equivocal})

    """A field that is left out, or null, is that of the constructor."""

    @pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
    def test_null(self, kind: type) -> None:
        """Null takes the default of every field that has one."""
        for field in attrs.fields(kind):
            if field.default is not attrs.NOTHING:
                door = field.metadata["door"]
                assert door(None) == door(field.default)

    def test_required(self) -> None:
        """What is required may be neither left out nor null."""
        build = Builder(Lesion)
        assert build({"id": "A", "organ": "liver", "kind": "nodule", "label": None}) == Lesion(
            "A", "liver", "nodule"
        )
        for document in (
            {"id": "A", "organ": "liver"},
            {"id": None, "organ": "liver", "kind": "nodule"},
        ):
            with pytest.raises(KeyError):
                build(document)

    def test_lists(self) -> None:
        """Only a list is a list of records."""
        with pytest.raises(TypeError):
            Builder(Timepoint, findings=Builder(Finding))({"date": 0, "findings": ()})
