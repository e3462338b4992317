"""Reports that are generated, cut short, spoiled or of wrong types: never a traceback."""

from __future__ import annotations

import datetime
import tempfile
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pydicom = pytest.importorskip("pydicom")

from support.dicom_reports import (  # noqa: E402
    DIAMETER,
    LENGTH,
    LONG,
    NODE,
    SHORT,
    code,
    code_item,
    container,
    group,
    num,
    report,
    save,
)

from mrecist.io import AskError, IntakeError, Study, read_dicom_sr  # noqa: E402
from mrecist.io.dicom_whole import is_whole  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")
LUNG = ("39607008", "SCT", "Lung")
DAYS = st.dates(datetime.date(2020, 1, 1), datetime.date(2020, 3, 1))
SIZES = st.decimals(0, 100, places=3)
QUIET = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])


def read(made: list[Any], **options: Any) -> Study:
    with tempfile.TemporaryDirectory() as folder:
        for at, each in enumerate(made):
            save(Path(folder) / f"{at:03}.dcm", each)
        return read_dicom_sr(folder, **{"measures": "viable", "errors": "collect"} | options)


# ---- sound reports: each size is found where it was put

lesions = st.dictionaries(
    st.sampled_from(["S8", "S2", "N1", "L1"]),
    st.tuples(
        SIZES, st.sampled_from(["mm", "cm"]), st.sampled_from([LONG, SHORT, LENGTH, DIAMETER])
    ),
    max_size=4,
)
examinations = st.dictionaries(st.tuples(st.sampled_from("PQ"), DAYS), lesions, max_size=5)


@settings(QUIET, max_examples=settings().max_examples // 3)
@given(examinations)
def test_every_size_is_found(written: Any) -> None:
    """In the column for what was measured of what, in mm, at the date of the study."""
    made, expected = [], set()
    for (patient, date), found in written.items():
        groups = []
        for name, (size, unit, axis) in found.items():
            node, lung = name.startswith("N"), name.startswith("L")
            where = {"finding": NODE, "site": NODE} if node else {"site": LUNG} if lung else {}
            groups.append(
                group(
                    name, num(axis, f"{size:f}", unit), uid=f"1.2.{ord(name[0])}.{name[1]}", **where
                )
            )
            short = axis == SHORT or (node and axis != LONG)
            column = "short_axis_mm" if short else ("longest_mm" if node or lung else "viable_mm")
            mm = size * 10 if unit == "cm" else size
            expected.add((patient, date, name, column, mm))
        made.append(report(*groups, patient=patient, date=f"{date:%Y%m%d}"))
    study = read(made)
    columns = ("viable_mm", "longest_mm", "short_axis_mm")
    table = study.findings
    got = {
        (patient, date, lesion, name, Decimal(table[name][row]))
        for row, (patient, date, lesion) in enumerate(
            zip(table["patient"], table["date"], table["lesion"], strict=True)
        )
        for name in columns
        if table[name][row] is not None
    }
    assert got == expected
    assert study.errors["code"].tolist() == []
    study.assess(errors="collect")


# ---- files that are not whole


WHOLE = report(
    group("A", num(LONG, "32"), uid="1.2.3"), group("N", num(SHORT, "12"), finding=NODE, site=NODE)
)


@pytest.fixture(
    scope="module",
    params=[
        "1.2.840.10008.1.2",
        "1.2.840.10008.1.2.1",
        "1.2.840.10008.1.2.2",
        "1.2.840.10008.1.2.1.99",
    ],
)
def content(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A whole report, in each way of writing it."""
    return save(tmp_path_factory.mktemp("whole") / "a.dcm", WHOLE, request.param).read_bytes()


def test_whole(content: bytes) -> None:
    """A whole file is, also with zeros behind its end."""
    assert is_whole(content)
    assert is_whole(content + b"\0" * 6)


@settings(QUIET)
@given(data=st.data())
def test_cut_short(content: bytes, tmp_path: Path, data: st.DataObject) -> None:
    """A file that was cut short gives no finding, and costs no other file."""
    folder = tmp_path / "cut"
    folder.mkdir(exist_ok=True)
    end = data.draw(st.integers(0, len(content.rstrip(b"\0")) - 1))
    (folder / "a.dcm").write_bytes(content[:end])
    save(folder / "b.dcm", report(group("B", num(LONG, "9")), patient="P2"))
    study = read_dicom_sr(folder, measures="viable", errors="collect")
    assert study.findings["lesion"].tolist() == ["B"]
    told = [*study.errors["code"], *study.problems["code"]]
    assert told in (["NOT_A_TABLE"], ["OTHER_FILE"])
    assert told == ["NOT_A_TABLE"] or end < 132


def test_undefined_lengths(tmp_path: Path) -> None:
    """Sequences may end with a mark in place of a length, also inside each other."""
    made = report(group("A", num(LONG, "9")))
    made["ContentSequence"].is_undefined_length = True
    for item in made.ContentSequence:
        item.is_undefined_length_sequence_item = True
        if "ContentSequence" in item:
            item["ContentSequence"].is_undefined_length = True
    content = save(tmp_path / "a.dcm", made).read_bytes()
    assert is_whole(content)
    start = content.index(b"\x40\x00\x30\xa7")
    assert not any(is_whole(content[:end]) for end in range(start + 1, len(content)))


@settings(QUIET)
@given(
    spots=st.lists(
        st.tuples(st.integers(132, 10_000), st.binary(min_size=1, max_size=4)), max_size=4
    )
)
def test_spoiled(content: bytes, tmp_path: Path, spots: Any) -> None:
    """Any bytes changed: a study, mistakes or a question."""
    spoiled = bytearray(content)
    for at, value in spots:
        place = 132 + at % (len(content) - 132)
        spoiled[place : place + len(value)] = value
    (tmp_path / "a.dcm").write_bytes(bytes(spoiled))
    with suppress(AskError):
        study = read_dicom_sr(tmp_path / "a.dcm", errors="collect")
        study.assess("recist-1.1", errors="collect")


@settings(QUIET)
@given(st.binary(max_size=200))
def test_any_bytes(rest: bytes) -> None:
    """Whatever stands behind the mark."""
    is_whole(b"\0" * 128 + b"DICM" + rest)


# ---- reports of wrong types, with what must be there missing


def spots(data: Any) -> list[tuple[Any, str]]:
    """Every place of a report where a value stands, with its owner."""
    found = []
    for element in data:
        if element.keyword:
            found.append((data, element.keyword))
        if element.VR == "SQ":
            for item in element.value:
                found += spots(item)
    return found


VALUES = st.sampled_from([
    None, "", "x", "1", "-1", "NaN", "1e400", "20240231", "\u00e4", ["1", "2"], [], "DCM", "mm",
    "112040", "125007", "121071", "363698007", "NUM", "CODE", "\\", "^", "0" * 70,
])  # fmt: skip


@settings(QUIET)
@given(data=st.data())
def test_wrong_values(data: st.DataObject) -> None:
    """Values replaced, emptied, removed: never a traceback, and the other report is read."""
    made = report(
        group(
            "A",
            num(LONG, "32"),
            uid="1.2.3",
            more=[code_item(("112016", "DCM", "Role"), ("112074", "DCM", "Target"))],
        ),
        group("N", num(SHORT, "12"), finding=NODE, site=NODE),
        reader="Ada",
    )
    for _ in range(data.draw(st.integers(1, 4))):
        places = spots(made)
        owner, keyword = places[data.draw(st.integers(0, len(places) - 1))]
        if keyword in ("SOPClassUID", "SOPInstanceUID"):
            continue
        value = data.draw(VALUES)
        with suppress(Exception), pydicom.config.disable_value_validation():
            if value is None:
                delattr(owner, keyword)
            else:
                setattr(owner, keyword, value)
    other = report(group("B", num(LONG, "9")), patient="P2", date="20240105")
    with tempfile.TemporaryDirectory() as folder:
        with suppress(Exception), pydicom.config.disable_value_validation():
            save(Path(folder) / "a.dcm", made)
        save(Path(folder) / "b.dcm", other)
        with suppress(AskError):
            study = read_dicom_sr(folder, measures="viable", errors="collect")
            kept = zip(study.findings["patient"], study.findings["viable_mm"], strict=True)
            assert ("P2", "9") in kept
            study.assess(errors="collect")


def test_long_values(tmp_path: Path) -> None:
    """Values of four-byte lengths, of unknown kind, and with items of their own."""
    made = report(group("A", num(LONG, "9")))
    made.add_new(0x00091010, "LO", "private")
    made.add_new(0x00091011, "UN", b"\xfe\xff\x00\xe0\x04\x00\x00\x00abcd")
    content = save(tmp_path / "a.dcm", made).read_bytes()
    assert is_whole(content)
    at = content.index(b"\x09\x00\x11\x10UN")
    items = b"\xfe\xff\x00\xe0\xff\xff\xff\xff\x08\0\x60\0\x02\0\0\0SR\xfe\xff\x0d\xe0\0\0\0\0"
    end = b"\xfe\xff\xdd\xe0\0\0\0\0"
    unknown = b"\x09\x00\x11\x10UN\0\0\xff\xff\xff\xff"
    rest = content[at + 12 + 12 :]
    assert is_whole(content[:at] + unknown + items + end + rest)
    assert not is_whole(content[:at] + unknown + items + rest)
    assert not is_whole(content[:at] + unknown + b"\xfe\xff\x00\xe0\xff\xff\xff\xff" * 200)
    deep = (unknown + b"\xfe\xff\x00\xe0\xff\xff\xff\xff") + (
        b"\x09\x00\x11\x10\xff\xff\xff\xff\xfe\xff\x00\xe0\xff\xff\xff\xff" * 200
    )
    assert not is_whole(content[:at] + deep)


def test_deep(tmp_path: Path) -> None:
    """Groups inside groups: each is one; what lies too deep is not followed."""
    inner = group("B", num(LONG, "9"))
    path = save(tmp_path / "a.dcm", report(group("A", num(LONG, "8"), more=[inner])))
    study = read_dicom_sr(path, measures="viable")
    assert study.findings["lesion"].tolist() == ["A", "B"]
    assert study.findings["viable_mm"].tolist() == ["8", "9"]
    nest = container(("1", "99X", "Box"))
    for _ in range(200):
        nest = container(("1", "99X", "Box"), [nest])
    path = save(tmp_path / "b.dcm", report(group("A", num(LONG, "8")), before=[nest]))
    with suppress(IntakeError):
        assert read_dicom_sr(path, measures="viable").findings["lesion"].tolist() == ["A"]


def test_codes_in_other_places(tmp_path: Path) -> None:
    """Long codes, codes without a scheme, and a name that is no sequence of codes."""
    finding = group("A", num(LONG, "9"))
    long = pydicom.Dataset()
    long.LongCodeValue, long.CodingSchemeDesignator = "27925004", "SCT"
    finding.ContentSequence[1].ConceptCodeSequence = [long]
    bare = code(("5", "", "Something"))
    del bare.CodingSchemeDesignator
    other = group("B", num(LONG, "9"))
    other.ContentSequence[1].ConceptCodeSequence = [bare]
    path = save(tmp_path / "a.dcm", report(finding, other))
    study = read_dicom_sr(path, measures="viable")
    assert study.findings["lesion"].tolist() == ["A"]
    assert study.problems["code"].tolist() == ["NOT_A_LESION"]
